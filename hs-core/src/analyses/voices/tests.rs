use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::assessment::Assessment;
use crate::network::{DominoNetwork, EdgeList};
use crate::propagation::{Linear, Propagation};

fn map(names: &[&str], edges: &[(u32, u32, f64)]) -> DominoNetwork {
    DominoNetwork::from_edges(EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        names: Some(names.iter().map(|n| (*n).to_owned()).collect()),
        ..EdgeList::default()
    })
    .unwrap()
}

fn assessment(linkages: &str) -> Assessment {
    let text = format!(
        r#"{{"schema": "human-security/1", "id": "valley", "title": "Valley",
            "places": [{{"id": "P", "name": "P", "level": "local"}}],
            "threats": [{{"id": "drought", "name": "Drought", "component": "environmental"}},
                        {{"id": "hunger", "name": "Hunger", "component": "food"}},
                        {{"id": "flight", "name": "Flight", "component": "community"}}],
            "linkages": [{linkages}]}}"#
    );
    Assessment::from_json(&text).unwrap()
}

#[test]
fn linkages_of_one_assessment_are_voices_too() {
    let said = assessment(
        r#"{"id": "l1", "from": "drought", "to": "hunger", "effect": "feeds", "weight": 0.8, "confidence": 0.5, "stakeholder": "farmers"},
           {"id": "l2", "from": "drought", "to": "hunger", "effect": "feeds", "weight": 0.3, "stakeholder": "women"},
           {"id": "l3", "from": "drought", "to": "hunger", "effect": "dampens", "strength": "very-strong", "confidence": 0.9, "stakeholder": "elders"},
           {"id": "l4", "from": "drought", "to": "hunger", "effect": "feeds", "stakeholder": "youth"},
           {"id": "l5", "from": "drought", "to": "hunger", "effect": "feeds", "weight": 0.2, "lag": 2, "places": ["P"]},
           {"id": "l6", "from": "hunger", "to": "flight", "effect": "feeds"}"#,
    );
    let found = PoolLinkages::default().run_assessments(&[&said]).unwrap();
    // the worked example of the page on pooling
    let first = &found.links[0];
    assert!((first.weight.unwrap() - 0.7 / 1.5).abs() < 1e-12);
    assert_eq!((first.n, first.passed_over, first.conflict, first.confidence), (2, 1, true, (Some(1.5), Some(0.9))));
    assert_eq!(first.sides, (vec!["l1".into(), "l2".into(), "l4".into()], vec!["l3".to_owned()]));
    assert_eq!((found.links[1].lag, found.links[1].weight), (2, Some(0.2)));
    let numberless = &found.links[2];
    assert_eq!((numberless.weight, numberless.n, numberless.passed_over, numberless.method), (None, 0, 1, None));
    let code = |code| found.notes.iter().any(|n| n.code == code);
    assert!(code("bound-linkage") && code("disputed-link") && code("passed-over") && code("unweighted-link"));
    // the same rule as an expansion's
    let network = DominoNetwork::expand(&assessment_with_condition(&said), &crate::Expansion::default()).unwrap();
    assert_eq!(network.edges().find(|e| e.lag == 0).unwrap().weight, first.weight);
    let compared = CompareMaps::default().run_assessments(&[&said]).unwrap();
    assert_eq!(compared.maps, ["farmers", "women", "elders", "youth"]);
    assert_eq!(compared.disputed[0].dampens, ["elders"]);
    assert!(compared.notes.iter().any(|n| n.code == "linkage-without-stakeholder" && n.subjects == ["l5", "l6"]));
}

fn assessment_with_condition(said: &Assessment) -> Assessment {
    let mut document: serde_json::Value = serde_json::to_value(said).unwrap();
    document["conditions"] = serde_json::json!([{"threat": "drought", "place": "P", "severity": 0.5}]);
    Assessment::from_json(&document.to_string()).unwrap()
}

#[test]
fn both_sides_of_a_dispute_make_two_networks() {
    let (a, b) = (map(&["x", "y"], &[(0, 1, 0.5)]), map(&["x", "y"], &[(0, 1, -0.4)]));
    let pool = PoolLinkages { disputed: Disputed::Both, ..PoolLinkages::default() };
    let networks = pool.run(&[&a, &b]).unwrap().networks().unwrap();
    assert_eq!(networks.iter().map(|n| n.edge(0).unwrap().weight.unwrap()).collect::<Vec<_>>(), [0.5, -0.4]);
    assert_eq!(PoolLinkages::default().run(&[&a, &b]).unwrap().networks().unwrap().len(), 1);
    // what is pooled runs as any other network
    let run = Propagation {
        model: Linear::default().into(),
        start: Some([("x", 1.0)].into()),
        shocks: Some([("x", 1.0)].into()),
        ..Propagation::default()
    };
    assert_eq!(run.run(&networks[0]).unwrap().state, [1.0, 0.5]);
}

#[test]
fn ranges_give_random_effects_and_keep_their_sign() {
    let ranged = |w: f64, low: f64, high: f64| {
        DominoNetwork::from_edges(EdgeList {
            source: vec![0],
            target: vec![1],
            weight: vec![w].into(),
            low: Some(vec![Some(low)]),
            high: Some(vec![Some(high)]),
            ..EdgeList::default()
        })
        .unwrap()
    };
    // the page's example, turned round: -0.3 ± 0.3 and -0.5 ± 0.3
    let found = PoolLinkages::default().run(&[&ranged(-0.3, -0.6, 0.0), &ranged(-0.5, -0.8, -0.2)]).unwrap();
    let link = &found.links[0];
    let joint = link.joint.unwrap();
    assert!(
        (link.weight.unwrap() + 0.4).abs() < 1e-12
            && (joint.tau_squared - 0.01).abs() < 1e-12
            && (joint.standard_error - 0.1).abs() < 1e-12
    );
    let (low, high) = link.range.unwrap();
    assert!((low + 0.7).abs() < 1e-12 && (high + 0.1).abs() < 1e-12 && link.dampens);
    assert_eq!(found.networks().unwrap()[0].edge(0).unwrap().low, Some(low));
    // one range is not enough
    let bare = map(&["0", "1"], &[(0, 1, -0.5)]);
    let mixed = PoolLinkages::default().run(&[&ranged(-0.3, -0.6, 0.0), &bare]).unwrap();
    assert_eq!((mixed.links[0].method, mixed.links[0].weight), (Some(PoolingMethod::Confidence), Some(-0.4)));
    assert!(mixed.notes.iter().any(|n| n.code == "ranges-incomplete"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let a = map(&["x", "y"], &[(0, 1, 0.5)]);
    let kind = |result: crate::Result<PoolLinkagesResult>| result.unwrap_err().kind;
    assert_eq!(kind(PoolLinkages::default().run(&[])), ErrorKind::Argument);
    assert_eq!(kind(PoolLinkages { level: 1.0, ..Default::default() }.run(&[&a])), ErrorKind::Argument);
    assert_eq!(kind(PoolLinkages { confidence: Some(vec![1.0, 1.0]), ..Default::default() }.run(&[&a])), ErrorKind::Argument);
    assert_eq!(kind(PoolLinkages { confidence: Some(vec![-1.0]), ..Default::default() }.run(&[&a])), ErrorKind::Argument);
    assert_eq!(kind(PoolLinkages { names: Some(vec!["m".into(); 2]), ..Default::default() }.run(&[&a, &a])), ErrorKind::Argument);
    let kind = |result: crate::Result<CompareMapsResult>| result.unwrap_err().kind;
    assert_eq!(kind(CompareMaps::default().run(&[&a])), ErrorKind::Argument);
    assert_eq!(kind(CompareMaps { by: Some(MapsBy::Stakeholder), ..Default::default() }.run(&[&a, &a])), ErrorKind::Argument);
    let groups = [("nobody".to_owned(), "g".to_owned())].into();
    assert_eq!(kind(CompareMaps { groups, ..Default::default() }.run(&[&a, &a])), ErrorKind::NotFound);
}

#[test]
fn maps_of_a_group_are_pooled_before_they_are_compared() {
    let maps = [map(&["x", "y"], &[(0, 1, 0.5)]), map(&["x", "z"], &[(0, 1, 0.5)]), map(&["x", "y", "w"], &[(0, 1, 0.5)])];
    let groups = [("1", "us"), ("2", "us"), ("3", "them")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    let found = CompareMaps { groups, ..CompareMaps::default() }.run(&maps.iter().collect::<Vec<_>>()).unwrap();
    let pair = &found.pairs[0];
    assert_eq!((found.maps.len(), pair.shared, pair.link_edits, pair.node_edits, pair.distance), (2, 1, 1, 2, 3));
    // a lag makes another link, or not
    let late = DominoNetwork::from_edges(EdgeList {
        source: vec![0],
        target: vec![1],
        weight: vec![0.5].into(),
        lag: Some(vec![3]),
        names: Some(vec!["x".into(), "y".into()]),
        ..EdgeList::default()
    })
    .unwrap();
    assert_eq!(CompareMaps::default().run(&[&maps[0], &late]).unwrap().pairs[0].distance, 2);
    assert_eq!(CompareMaps { lags: false, ..CompareMaps::default() }.run(&[&maps[0], &late]).unwrap().pairs[0].distance, 0);
    // nothing drawn: nothing to agree on
    let empty = map(&["x"], &[]);
    let pair = &CompareMaps::default().run(&[&empty, &empty]).unwrap().pairs[0];
    assert_eq!((pair.jaccard, pair.sign_agreement, pair.normalised_distance), (None, None, Some(0.0)));
}

fn maps() -> impl Strategy<Value = Vec<Vec<(u32, u32, f64)>>> {
    prop::collection::vec(prop::collection::vec((0u32..4, 0u32..4, -0.9f64..0.9), 0..6), 2..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_maps_changes_nothing(edges in maps()) {
        let names = ["a", "b", "c", "d"];
        let networks: Vec<DominoNetwork> = edges.iter().map(|e| map(&names, e)).collect();
        let forward: Vec<&DominoNetwork> = networks.iter().collect();
        let backward: Vec<&DominoNetwork> = networks.iter().rev().collect();
        let pool = PoolLinkages::default();
        let (one, other) = (pool.run(&forward).unwrap(), pool.run(&backward).unwrap());
        for (a, b) in one.links.iter().zip(&other.links) {
            prop_assert_eq!((&a.from, &a.to, a.weight.map(f64::to_bits), a.range, a.n), (&b.from, &b.to, b.weight.map(f64::to_bits), b.range, b.n));
        }
        // a pooled weight lies among those of its side
        for link in &one.links {
            let own = edges.iter().flatten().filter(|e| names[e.0 as usize] == link.from && names[e.1 as usize] == link.to && (e.2 < 0.0) == link.dampens);
            let (low, high) = own.fold((f64::MAX, f64::MIN), |(l, h), e| (l.min(e.2), h.max(e.2)));
            prop_assert!(link.weight.unwrap() >= low && link.weight.unwrap() <= high);
        }
        let compared = CompareMaps::default().run(&forward).unwrap();
        let turned = CompareMaps::default().run(&backward).unwrap();
        let sum = |r: &CompareMapsResult| r.pairs.iter().map(|p| p.distance).sum::<usize>();
        prop_assert_eq!((sum(&compared), compared.disputed.len(), compared.agreed), (sum(&turned), turned.disputed.len(), turned.agreed));
        // a distance is one: from a map to itself none, and no shorter way round
        let n = networks.len();
        let array = &compared.outcome().unwrap().arrays[1].1.data;
        for i in 0..n {
            prop_assert_eq!(array[i * n + i], 0.0);
            for j in 0..n {
                for k in 0..n {
                    prop_assert!(array[i * n + j] <= array[i * n + k] + array[k * n + j]);
                }
            }
        }
    }
}
