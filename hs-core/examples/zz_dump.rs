use hs_core::{DominoNetwork, Expansion};
fn main() {
    for name in hs_core::examples::names() {
        let a = hs_core::examples::load(name).unwrap();
        let axes = std::iter::once(None).chain(a.partitions.iter().map(|p| Some(p.id.clone())));
        for groups in axes {
            for fold_places in [false, true] {
                for (unweighted, with) in [(None, false), (Some(0.4), true)] {
                    let interventions = with.then(|| a.interventions.iter().map(|i| i.id.clone()).collect());
                    let s = Expansion { groups: groups.clone(), fold_places, unweighted, interventions, ..Default::default() };
                    match DominoNetwork::expand(&a, &s) {
                        Ok(n) => {
                            println!("{}", serde_json::to_string(&n.outcome().unwrap().to_json()).unwrap());
                            for e in 0..n.edge_count() {
                                println!("{:?} {:?}", n.edge(e), n.contributions(e).collect::<Vec<_>>());
                            }
                            println!("{:?}", n.csr());
                            println!("{:?}", n.disputes());
                            for m in ["noisy-or", "linear", "fuzzy-cognitive-map"] {
                                let p: hs_core::propagation::Propagation =
                                    hs_core::settings_from_json(&format!("{{\"model\":{{\"model\":\"{m}\"}}}}")).unwrap();
                                match p.run(&n) {
                                    Ok(r) => println!("{}", r.outcome().unwrap().to_json()),
                                    Err(e) => println!("{e}"),
                                }
                            }
                        }
                        Err(e) => println!("{name} {e}"),
                    }
                }
            }
        }
    }
}
