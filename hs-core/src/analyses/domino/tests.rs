use super::*;
use crate::ErrorKind;
use crate::network::{DominoNetwork, EdgeList, Expansion};
use crate::propagation::Normalise;

fn network(nodes: usize, edges: &[(u32, u32, f64)]) -> DominoNetwork {
    let list = EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        nodes: Some(nodes),
        ..EdgeList::default()
    };
    DominoNetwork::from_edges(list).unwrap()
}

#[test]
fn paths_add_up_by_hand() {
    // W: 0 -> 1 with 0.8, 1 -> 2 with 0.5, 0 -> 2 with -0.2; row sums 1.0, 0.5, 0; column sums 0, 0.8, 0.7
    let net = network(3, &[(0, 1, 0.8), (1, 2, 0.5), (0, 2, -0.2)]);
    let run = TotalEffects::default().run(&net).unwrap();
    assert_eq!((run.scale, run.spectral_radius), (1.0, 0.0));
    let wanted = [0.0, 0.8, -0.2 + 0.4, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0];
    assert!(run.matrix.iter().zip(wanted).all(|(t, w)| (t - w).abs() < 1e-15));
    // apart: 0.4 by the path over 1, 0.2 by the dampening link
    assert!((run.gross_positive.unwrap()[2] - 0.4).abs() < 1e-15 && (run.gross_negative.unwrap()[2] - 0.2).abs() < 1e-15);
    let rows = TotalEffects { normalise: Normalise::MaxRow, damping: 0.5, ..Default::default() }.run(&net).unwrap();
    assert!((rows.matrix[2] - (-0.1 + 0.4 * 0.25)).abs() < 1e-15);
    // no loop: the radius is 0, and with it the divisor
    let spectral = TotalEffects { normalise: Normalise::Spectral, ..Default::default() }.run(&net).unwrap();
    assert!(spectral.scale == 0.0 && spectral.matrix.iter().all(|t| *t == 0.0) && spectral.notes.iter().any(|n| n.code == "zero-scale"));
    assert!(TotalEffects { damping: 1.5, ..Default::default() }.run(&net).is_err());
    assert_eq!(TotalEffects::default().run(&network(0, &[])).unwrap().matrix.len(), 0);
}

#[test]
fn a_closed_ring_is_refused_by_name_and_damping_mends_it() {
    let ring = network(3, &[(0, 1, 0.7), (1, 2, 0.7), (2, 0, 0.7)]);
    for normalise in [Normalise::MaxRowColumn, Normalise::MaxRow] {
        let refused = RootCauses { normalise, ..Default::default() }.run(&ring).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Diverging);
        assert!(refused.message.contains("`0` -> `1` -> `2` -> `0`") && refused.message.contains("`damping`"), "{}", refused.message);
    }
    let damped = RootCauses { damping: 0.5, ..Default::default() }.run(&ring).unwrap();
    // 0.5 + 0.25 + 0.125 + ... = 1 given and received, all alike
    assert!(damped.causes.iter().all(|c| (c.given - 1.0).abs() < 1e-12 && c.relation.abs() < 1e-12 && c.rank == 2.0));
    let spectral = RootCauses { normalise: Normalise::Spectral, ..Default::default() }.run(&ring).unwrap();
    assert!((spectral.spectral_radius - 0.9).abs() < 1e-9 && (spectral.causes[0].given - 9.0).abs() < 1e-6);
}

#[test]
fn signs_are_kept_and_split() {
    let net = network(3, &[(0, 1, 0.6), (0, 2, -0.4)]);
    let run = RootCauses::default().run(&net).unwrap();
    let split = run.causes[0].split.unwrap();
    assert!((run.causes[0].given - 0.2).abs() < 1e-15);
    assert!((split.given_positive - 0.6).abs() < 1e-15 && (split.given_negative + 0.4).abs() < 1e-15);
    assert_eq!(run.causes[2].split.unwrap().received_positive, 0.0);
    let columns = run.table().unwrap();
    assert_eq!(columns.columns()[..6], ["node", "given", "received", "prominence", "relation", "rank"]);
    assert_eq!(columns.columns().len(), 10);
    assert_eq!(RootCauses::default().run(&network(2, &[(0, 1, 0.3)])).unwrap().table().unwrap().columns().len(), 6);
}

#[test]
fn beyond_two_thousand_nodes_the_sums_are_the_same() {
    let n = 2100u32;
    let edges: Vec<(u32, u32, f64)> = (0..n).flat_map(|k| [(k, (k + 1) % n, 0.5), (k, (k * 7 + 3) % n, 0.3)]).collect();
    let run = RootCauses { damping: 0.5, ..Default::default() }.run(&network(n as usize, &edges)).unwrap();
    let given: f64 = run.causes.iter().map(|c| c.given).sum();
    let received: f64 = run.causes.iter().map(|c| c.received).sum();
    assert!((given - received).abs() < 1e-6 * given);
    let too_many = TotalEffects::default().run(&network(n as usize, &edges)).unwrap_err();
    assert_eq!(too_many.kind, ErrorKind::Limit);
}

#[test]
fn threats_are_ranked_by_means_over_places_not_by_sums() {
    // poverty feeds hunger in three places, flight in one: hunger must not count three times
    let mut text = String::from(r#"{"schema":"human-security/1","id":"t","title":"t","places":["#);
    text +=
        r#"{"id":"a","name":"A","level":"district"},{"id":"b","name":"B","level":"district"},{"id":"c","name":"C","level":"district"}],"#;
    text +=
        r#""threats":[{"id":"poverty","name":"P","component":"economic"},{"id":"hunger","name":"H","component":"food"}],"conditions":["#;
    let cells = ["a", "b", "c"]
        .map(|p| format!(r#"{{"threat":"poverty","place":"{p}","severity":0.5}},{{"threat":"hunger","place":"{p}","severity":0.4}}"#));
    text += &cells.join(",");
    text += r#"],"linkages":[{"id":"l","from":"poverty","to":"hunger","effect":"feeds","weight":0.6,"lag":1},
        {"id":"m","from":"hunger","to":"poverty","effect":"feeds","weight":0.2,"places":["a"]}]}"#;
    let assessment = crate::Assessment::from_json(&text).unwrap();
    let net = DominoNetwork::expand(&assessment, &Expansion::default()).unwrap();
    let run = RootCauses::default().run(&net).unwrap();
    assert_eq!(run.causes.iter().map(|c| c.node.as_str()).collect::<Vec<_>>(), ["poverty", "hunger"]);
    // A = [[0, 0.6], [0.2/3, 0]], s = 0.6: X = [[0, 1], [1/9, 0]], T = [[1/8, 9/8], [1/8, 1/8]]
    assert!((run.scale - 0.6).abs() < 1e-12);
    assert!((run.causes[0].given - 1.25).abs() < 1e-12 && (run.causes[0].received - 0.25).abs() < 1e-12);
    assert!((run.causes[1].given - 0.25).abs() < 1e-12 && (run.causes[1].received - 1.25).abs() < 1e-12);
    assert!(run.causes.iter().all(|c| c.rank == 1.5));
}
