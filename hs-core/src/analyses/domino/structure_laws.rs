//! Laws of influence, roles, indices, loops, chains and clusters, on random small networks.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::network::{DominoNetwork, EdgeList};
use crate::tables::Outcome;

/// From, to, weight (none: no number), lag, whether it dampens where it has no number.
type Row = (u32, u32, Option<f64>, u32, bool);

const NODES: u32 = 7;

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let weight = prop_oneof![1 => Just(None), 12 => (-200..=200_i32).prop_map(|w| Some(f64::from(w) / 100.0))];
    prop::collection::vec((0..NODES, 0..NODES, weight, 0..3_u32, any::<bool>()), 0..18)
}

/// A network of nodes `a`, `b` and so on, node k of the rows at position `place[k]`.
fn network(rows: &[Row], place: &[u32]) -> DominoNetwork {
    let mut names = vec![String::new(); place.len()];
    for (letter, &at) in ('a'..).zip(place) {
        names[at as usize] = letter.to_string();
    }
    let list = EdgeList {
        source: rows.iter().map(|r| place[r.0 as usize]).collect(),
        target: rows.iter().map(|r| place[r.1 as usize]).collect(),
        weight: rows.iter().map(|r| r.2).collect::<Vec<_>>().into(),
        lag: Some(rows.iter().map(|r| r.3).collect()),
        dampens: Some(rows.iter().map(|r| r.2.map_or(r.4, |w| w < 0.0)).collect()),
        names: Some(names),
        ..EdgeList::default()
    };
    DominoNetwork::from_edges(list).unwrap()
}

fn plain(rows: &[Row]) -> DominoNetwork {
    network(rows, &(0..NODES).collect::<Vec<_>>())
}

fn chains() -> Chains {
    Chains { source: "a".into(), target: "b".into(), k: 8, max_length: Some(6), ..Chains::default() }
}

/// Main tables of the analyses that tell of each node, then of those that tell of walks.
fn outcomes(network: &DominoNetwork) -> (Vec<Outcome>, Vec<Outcome>) {
    let by_node = vec![
        Influence { order: 4, ..Default::default() }.run(network).unwrap().outcome().unwrap(),
        Roles { power: 3, cut: Cut::Half }.run(network).unwrap().outcome().unwrap(),
        Indices {}.run(network).unwrap().outcome().unwrap(),
        Clusters::default().run(network).unwrap().outcome().unwrap(),
    ];
    let by_walk = vec![
        Loops { max_length: 5, ..Default::default() }.run(network).unwrap().outcome().unwrap(),
        chains().run(network).unwrap().outcome().unwrap(),
    ];
    (by_node, by_walk)
}

fn main(outcome: &Outcome) -> Vec<Value> {
    outcome.tables[0].1.to_json().as_array().unwrap().clone()
}

fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-11 * (1.0 + a.abs())
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| alike(a, b))),
        _ => a == b,
    }
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(|row| row["node"].to_string());
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_nodes_and_rows_changes_nothing(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        place in Just((0..NODES).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (nodes, walks) = outcomes(&plain(&rows));
        let (other_nodes, other_walks) = outcomes(&network(&shuffled, &place));
        for (one, other) in nodes.iter().zip(&other_nodes) {
            let (a, b) = (sorted(main(one)), sorted(main(other)));
            prop_assert!(alike(&Value::Array(a.clone()), &Value::Array(b.clone())), "{}: {a:?} {b:?}", one.analysis);
            prop_assert!(alike(&Value::Object(one.facts.clone()), &Value::Object(other.facts.clone())));
        }
        for (one, other) in walks.iter().zip(&other_walks) {
            // to the last bit: both run in the order of the names
            prop_assert_eq!(main(one), main(other));
        }
    }

    #[test]
    fn a_node_without_links_adds_itself_alone(rows in rows()) {
        let (nodes, walks) = outcomes(&plain(&rows));
        let (more_nodes, more_walks) = outcomes(&network(&rows, &(0..=NODES).collect::<Vec<_>>()));
        for (one, other) in walks.iter().zip(&more_walks) {
            prop_assert_eq!(main(one), main(other));
        }
        let last = |at: usize| main(&more_nodes[at]).pop().unwrap();
        prop_assert_eq!((&last(0)["direct"], &last(0)["total"]), (&0.0.into(), &0.0.into()));
        prop_assert!(last(1)["driving"].is_null() || last(1)["driving"] == 0.0);
        prop_assert_eq!(&last(2)["kind"], "isolated");
        prop_assert_eq!((&last(3)["stability"], &more_nodes[3].facts["modularity"]), (&1.0.into(), &nodes[3].facts["modularity"]));
        let stability = |rows: Vec<Value>| rows.iter().map(|row| row["stability"].clone()).collect::<Vec<_>>();
        prop_assert_eq!(&stability(main(&more_nodes[3]))[..NODES as usize], &stability(main(&nodes[3]))[..]);
        let without = |rows: Vec<Value>, column: &str| rows.iter().map(|row| row[column].clone()).collect::<Vec<_>>();
        for (at, column) in [(0, "total"), (1, "driving_indirect"), (2, "centrality")] {
            let mut all = without(main(&more_nodes[at]), column);
            all.pop();
            prop_assert_eq!(without(main(&nodes[at]), column), all);
        }
    }

    #[test]
    fn lags_delay_and_change_no_size(rows in rows()) {
        let still: Vec<Row> = rows.iter().map(|r| (r.0, r.1, r.2, 0, r.4)).collect();
        let (one, other) = (outcomes(&plain(&rows)), outcomes(&plain(&still)));
        for (a, b) in one.0.iter().zip(&other.0) {
            prop_assert!(alike(&Value::Array(main(a)), &Value::Array(main(b))), "{}", a.analysis);
        }
        for (a, b) in one.1.iter().zip(&other.1) {
            let gains = |rows: Vec<Value>| rows.iter().map(|row| row["gain"].clone()).collect::<Vec<_>>();
            prop_assert_eq!(gains(main(a)), gains(main(b)));
            prop_assert!(main(b).iter().all(|row| row["lag"] == 0));
        }
    }

    #[test]
    fn turned_signs_turn_what_is_odd(rows in rows()) {
        let turned: Vec<Row> = rows.iter().map(|r| (r.0, r.1, r.2.map(|w| -w), r.3, !r.4)).collect();
        let (one, other) = (outcomes(&plain(&rows)), outcomes(&plain(&turned)));
        for at in [1, 2, 3] {
            prop_assert_eq!(main(&one.0[at]), main(&other.0[at]));
        }
        let count = |outcome: &Outcome, sign: &str, odd: i64| {
            main(outcome).iter().filter(|row| row["sign"] == sign && row["length"].as_i64().unwrap() % 2 == odd).count()
        };
        for (here, there, odd) in [("reinforcing", "reinforcing", 0), ("reinforcing", "balancing", 1), ("balancing", "reinforcing", 1)] {
            prop_assert_eq!(count(&one.1[0], here, odd), count(&other.1[0], there, odd));
        }
    }

    #[test]
    fn short_loops_are_the_traces_of_the_matrix(rows in rows()) {
        let n = NODES as usize;
        let mut w = vec![0.0; n * n];
        let known: Vec<Row> = rows.into_iter().filter(|r| r.2.is_some()).collect();
        known.iter().for_each(|r| w[r.0 as usize * n + r.1 as usize] += r.2.unwrap());
        let found = Loops { max_length: 2, ..Default::default() }.run(&plain(&known)).unwrap();
        let signed = |length: usize| -> f64 {
            let loops = found.loops().filter(|l| l.length == length);
            loops.map(|l| if l.balancing { -l.gain.unwrap() } else { l.gain.unwrap() }).sum()
        };
        let once: f64 = (0..n).map(|i| w[i * n + i]).sum();
        let twice: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| w[i * n + j] * w[j * n + i]).sum();
        prop_assert!((signed(1) - once).abs() < 1e-9 && (signed(2) - twice).abs() < 1e-9);
    }
}

#[test]
fn threads_change_no_byte() {
    let rows: Vec<Row> = (0..NODES).flat_map(|i| (0..NODES).map(move |j| (i, j, Some(0.1 + f64::from(i * j % 5)), j % 2, false))).collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let all = outcomes(&plain(&rows));
            let cut = Loops { max_length: 7, limit: 100 }.run(&plain(&rows)).unwrap().outcome().unwrap();
            all.0.iter().chain(&all.1).chain([&cut]).map(|outcome| outcome.to_json().to_string()).collect::<String>()
        })
    };
    let one = run(1);
    assert!([2, 3, 8].into_iter().all(|threads| run(threads) == one));
}

#[test]
fn an_empty_network_has_no_structure() {
    let empty = DominoNetwork::from_edges(EdgeList::default()).unwrap();
    assert!(Influence::default().run(&empty).unwrap().nodes.is_empty());
    assert!(Roles::default().run(&empty).unwrap().nodes.is_empty());
    assert_eq!(Loops::default().run(&empty).unwrap().count(), 0);
    let indices = Indices {}.run(&empty).unwrap();
    assert_eq!((indices.density, indices.complexity), (None, None));
    let clusters = Clusters::default().run(&empty).unwrap();
    assert_eq!((clusters.members.len(), clusters.modularity, clusters.clusters), (0, None, 0));
    assert_eq!(chains().run(&empty).unwrap_err().kind, crate::ErrorKind::NotFound);
}

#[test]
fn settings_outside_their_domain_are_refused() {
    use crate::ErrorKind::{Argument, Diverging, NotFound};
    let net = plain(&[(0, 1, Some(0.5), 0, false), (1, 0, Some(2e200), 0, false), (0, 0, Some(2e200), 0, false)]);
    assert_eq!(Influence { order: 0, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Influence { damping: f64::NAN, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Influence { order: 5, ..Default::default() }.run(&net).unwrap_err().kind, Diverging);
    assert_eq!(Roles { power: 0, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Loops { max_length: 0, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Clusters { resolution: 0.0, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Clusters { runs: 0, ..Default::default() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Chains { k: 0, ..chains() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Chains { target: "a".into(), ..chains() }.run(&net).unwrap_err().kind, Argument);
    assert_eq!(Chains { target: "zz".into(), ..chains() }.run(&net).unwrap_err().kind, NotFound);
    let none = Loops { limit: 0, ..Default::default() }.run(&net).unwrap();
    assert!(none.count() == 0 && none.truncated);
    let steep = plain(&[(0, 2, Some(1e200), 0, false), (2, 1, Some(1e200), 0, false), (1, 0, Some(1.0), 0, false)]);
    assert_eq!(Loops::default().run(&steep).unwrap_err().kind, Diverging);
    assert_eq!(chains().run(&steep).unwrap_err().kind, Diverging);
    // shares have no scale: a power as high as one likes
    assert_eq!(Roles { power: 10_000, ..Default::default() }.run(&steep).unwrap().nodes[0].indirect.unwrap().driving, 0.5);
}

#[test]
fn chains_between_threats_run_between_any_of_their_nodes() {
    let text = r#"{"schema":"human-security/1","id":"t","title":"t",
        "places":[{"id":"x","name":"X","level":"district","neighbours":[{"place":"y"}]},
                  {"id":"y","name":"Y","level":"district","neighbours":[{"place":"x"}]}],
        "threats":[{"id":"war","name":"W","component":"personal"},{"id":"flight","name":"F","component":"community"}],
        "conditions":[{"threat":"war","place":"x","severity":0.5},{"threat":"war","place":"y","severity":0.1}],
        "linkages":[{"id":"l","from":"war","to":"flight","effect":"feeds","weight":0.6,"lag":1},
                    {"id":"m","from":"war","to":"war","effect":"feeds","weight":0.5,"reach":"neighbours"}]}"#;
    let assessment = crate::Assessment::from_json(text).unwrap();
    let net = DominoNetwork::expand(&assessment, &crate::Expansion::default()).unwrap();
    let between = |source: &str, target: &str| {
        let asked = Chains { source: source.into(), target: target.into(), ..Chains::default() };
        asked.run(&net).unwrap().chains.iter().map(|c| (c.nodes.join(" "), c.gain.unwrap(), c.lag)).collect::<Vec<_>>()
    };
    // between threats no chain meets the first threat again
    assert_eq!(between("war", "flight"), [("war/x flight/x".into(), 0.6, 1), ("war/y flight/y".into(), 0.6, 1)]);
    assert_eq!(between("war/y", "flight/x"), [("war/y war/x flight/x".into(), 0.3, 1)]);
    assert_eq!(Loops::default().run(&net).unwrap().loops().map(|l| l.nodes.join(" ")).collect::<Vec<_>>(), ["war/x war/y"]);
}
