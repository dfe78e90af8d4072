//! What runs promise beside their last state, and models that move at their own pace.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::network::{DominoNetwork, EdgeList};
use crate::{ErrorKind, Result};

fn network(nodes: usize, edges: &[(u32, u32, f64)]) -> DominoNetwork {
    DominoNetwork::from_edges(EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        nodes: Some(nodes),
        ..EdgeList::default()
    })
    .unwrap()
}

fn dynamic(resilience: impl Into<PerNode>) -> Model {
    DynamicInoperability { resilience: resilience.into(), ..Default::default() }.into()
}

/// Lian and Haimes 2006 through the tests of diim: a perturbation over periods 0 to 30, the inoperability summed over 100 rows by the trapezoid rule.
#[test]
fn total_impact_of_a_perturbation_that_ends() {
    let net = network(2, &[(0, 0, 0.15), (1, 0, 0.5), (0, 1, 0.1), (1, 1, 0.05)]);
    let run = |start: &[f64], base: Option<Values>, max_steps| {
        let settings =
            Propagation { model: dynamic(0.2), start: Some(start.into()), base, max_steps, tolerance: 0.0, ..Default::default() };
        Propagation { keep: Keep::Trajectory, ..settings }.run(&net).unwrap()
    };
    let active = run(&[0.0, 0.0], Some([0.0, 0.1][..].into()), 30);
    let after = run(&active.state, None, 69);
    let rows: Vec<f64> = active.trajectory.unwrap().into_iter().chain(after.trajectory.unwrap().into_iter().skip(2)).collect();
    assert_eq!(rows.len(), 200);
    for (node, wanted) in [1.980_144_35, 3.366_317_449].into_iter().enumerate() {
        let column: Vec<f64> = rows.iter().skip(node).step_by(2).copied().collect();
        let impact = column.iter().sum::<f64>() - 0.5 * (column[0] + column[99]);
        assert!((impact - wanted).abs() < 1e-6, "{impact}, wanted {wanted}");
    }
}

#[test]
fn each_node_follows_at_its_own_pace_and_rests_where_the_linear_model_does() {
    let net = network(2, &[(0, 1, 0.4), (1, 0, 0.5)]);
    let base = Some(Values::from(&[0.8, 0.0][..]));
    let one = |model: Model| Propagation { model, base: base.clone(), ..Default::default() }.run(&net).unwrap();
    let rest = one(Linear { cap: Some(1.0), normalise: None }.into());
    for resilience in [PerNode::from(1.0), PerNode::from(0.3), PerNode::Each([("1", 0.25)].into()), PerNode::from(&[0.9, 0.1][..])] {
        let run = one(dynamic(resilience));
        assert_eq!(run.status, Status::Converged);
        let error = run.error_bound.unwrap() + rest.error_bound.unwrap();
        assert!(run.state.iter().zip(&rest.state).all(|(a, b)| (a - b).abs() <= error), "{:?} {:?}", run.state, rest.state);
    }
    let first =
        Propagation { model: dynamic(PerNode::Each([("1", 0.25)].into())), base, max_steps: 2, ..Default::default() }.run(&net).unwrap();
    // node 0 jumps to 0.8; node 1 goes a quarter of the way to 0.4 * 0.8
    assert!((first.state[0] - 0.8).abs() < 1e-15 && (first.state[1] - 0.08).abs() < 1e-15);
}

#[test]
fn resilience_out_of_its_domain_and_growing_loops_are_refused() {
    let net = network(2, &[(0, 1, 1.0), (1, 0, 1.0)]);
    let run = |model: Model| Propagation { model, base: Some([0.1, 0.0][..].into()), ..Default::default() }.run(&net);
    let kind = |result: Result<PropagationResult>| result.unwrap_err().kind;
    for bad in [0.0, 1.5, -0.1, f64::NAN] {
        assert_eq!(kind(run(dynamic(bad))), ErrorKind::Argument);
    }
    assert_eq!(kind(run(dynamic(&[0.5][..]))), ErrorKind::Argument);
    assert_eq!(kind(run(dynamic(PerNode::Each([("nobody", 0.5)].into())))), ErrorKind::NotFound);
    let growing = run(dynamic(0.5)).unwrap_err();
    assert_eq!(growing.kind, ErrorKind::Diverging);
    assert!(growing.message.contains("`0` -> `1` -> `0`"), "{}", growing.message);
    // a swing of gain 1.44 does not settle by whole steps; a fifth of the way it does
    let swing = network(2, &[(0, 1, 1.2), (1, 0, -1.2)]);
    let run =
        |resilience: f64| Propagation { model: dynamic(resilience), base: Some([0.1, 0.05][..].into()), ..Default::default() }.run(&swing);
    assert_eq!(kind(run(1.0)), ErrorKind::Diverging);
    assert_eq!(run(0.2).unwrap().status, Status::Converged);
}

#[test]
fn what_was_observed_stays_under_a_pace() {
    let csr = crate::kernels::Csr::from_edges(3, &[0, 1], &[1, 2], &[0.4, 0.5], &[0, 1]).unwrap();
    let observed = [Some(0.5), Some(0.6), None];
    let anchored = Anchored::on_rows(&csr, &observed, &[], &dynamic(0.5), &AnchorSettings::default(), &crate::kernels::never).unwrap();
    assert!((anchored.base()[1] - 0.4).abs() < 1e-15 && (anchored.baseline()[2] - 0.3).abs() < 1e-12);
    let none = anchored.effect(&[], &[], &crate::kernels::never).unwrap().rest.unwrap();
    assert_eq!(none, [0.0; 3]);
    let held = anchored.effect(&[], &[Some(0.0), None, None], &crate::kernels::never).unwrap();
    let rest = held.rest.unwrap();
    assert!((rest[1] + 0.2).abs() < 1e-10 && (rest[2] + 0.1).abs() < 1e-10);
    // one period: half of the way
    assert!((held.horizons[0].as_ref().unwrap()[1] + 0.1).abs() < 1e-12);
}
