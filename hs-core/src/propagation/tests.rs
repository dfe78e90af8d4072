use super::*;
use crate::ErrorKind;
use crate::network::{DominoNetwork, EdgeList};

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
fn a_bare_run_needs_something_to_start_from() {
    let net = network(2, &[(0, 1, 0.5)]);
    assert_eq!(net.propagate(&NoisyOr {}).unwrap_err().kind, ErrorKind::Argument);
    let with = |p: Propagation| p.run(&net);
    assert!(with(Propagation { shocks: Some([("0", 0.5)].into()), ..Default::default() }).is_ok());
    assert!(with(Propagation { start: Some([0.1, 0.2][..].into()), ..Default::default() }).is_ok());
    assert!(with(Propagation { base: Some([("0", 0.5)].into()), ..Default::default() }).is_ok());
    let unknown = with(Propagation { shocks: Some([("zz", 0.5)].into()), ..Default::default() }).unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::NotFound);
    let long = with(Propagation { start: Some([0.1, 0.2, 0.3][..].into()), ..Default::default() }).unwrap_err();
    assert_eq!(long.kind, ErrorKind::Argument);
}

#[test]
fn linear_refuses_a_radius_of_one_and_names_the_loop() {
    let net = network(4, &[(0, 1, 0.1), (1, 2, 2.0), (2, 1, 0.5), (2, 3, 1.0)]);
    let run = |model: Linear| Propagation { model: model.into(), base: Some([("0", 0.5)].into()), ..Default::default() }.run(&net);
    let refused = run(Linear::default()).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Diverging);
    assert!(refused.message.contains("`1` -> `2` -> `1`"), "{}", refused.message);
    let divided = run(Linear { normalise: Some(Normalise::MaxRowColumn), cap: None }).unwrap();
    assert_eq!((divided.status, divided.scale), (Status::Converged, Some(2.0)));
}

#[test]
fn a_bivalent_ring_cycles_and_a_negative_loop_in_a_linear_map_settles() {
    let net = network(2, &[(0, 1, 1.0), (1, 0, 1.0)]);
    let model = FuzzyCognitiveMap { rule: Rule::Kosko, transfer: Transfer::Bivalent, steepness: 1.0 };
    let run = Propagation { model: model.into(), start: Some([1.0, 0.0][..].into()), ..Default::default() }.run(&net).unwrap();
    assert_eq!((run.status, run.period, run.error_bound), (Status::Cycle, Some(2), None));
    let net = network(2, &[(0, 1, -0.9), (1, 0, 0.9)]);
    let run = Propagation { model: Linear::default().into(), base: Some([1.0, 0.0][..].into()), ..Default::default() }.run(&net).unwrap();
    assert_eq!(run.status, Status::Converged);
    assert!((run.state[0] - 1.0 / 1.81).abs() <= run.error_bound.unwrap());
}
