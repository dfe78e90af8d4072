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

fn run(net: &DominoNetwork, model: impl Into<Model>, start: &[f64], base: &[f64]) -> PropagationResult {
    let base = Some(base.into());
    Propagation { model: model.into(), start: Some(start.into()), base, ..Default::default() }.run(net).unwrap()
}

#[test]
fn a_gentle_map_has_one_state_at_rest_and_a_steep_one_may_have_several() {
    let ring = network(2, &[(0, 1, 0.8), (1, 0, 0.8)]);
    let gentle = FuzzyCognitiveMap { rule: Rule::Kosko, ..Default::default() };
    let found = run(&ring, gentle, &[0.1, 0.9], &[0.0, 0.0]);
    // the sigmoid rises by a quarter at most: 0.8 / 4
    assert_eq!((found.unique, found.spread), (Some(true), None));
    assert!((found.contraction.unwrap() - 0.2).abs() < 1e-9);
    // x = f(10 (x - 0.5) 0.8) rests low, high and, unstably, in the middle
    let steep = FuzzyCognitiveMap { rule: Rule::Kosko, steepness: 10.0, ..Default::default() };
    let found = run(&ring, steep, &[0.1, 0.1], &[-0.4, -0.4]);
    assert_eq!(found.unique, Some(false));
    let other = run(&ring, steep, &[0.9, 0.9], &[-0.4, -0.4]);
    assert!((found.spread.unwrap() - (other.state[0] - found.state[0])).abs() < 1e-6);
    assert!(found.contraction.unwrap() > 1.0 && found.notes.iter().any(|n| n.code == "several-states-at-rest"));
    let never = Propagation { certify: Some(false), start: Some([0.1, 0.1][..].into()), model: steep.into(), ..Default::default() };
    let never = never.run(&ring).unwrap();
    assert_eq!((never.unique, never.contraction, never.spread), (None, None, None));
}

#[test]
fn noisy_or_from_both_ends() {
    // 1 and 1 rest at 0 and at 1
    let sure = network(2, &[(0, 1, 1.0), (1, 0, 1.0)]);
    let found = run(&sure, NoisyOr {}, &[0.0, 0.0], &[0.0, 0.0]);
    assert_eq!((found.unique, found.spread), (Some(false), Some(1.0)));
    // past 1 in sum, with a base: one state at rest, shown from both ends
    let fed = network(2, &[(0, 1, 0.9), (1, 0, 0.9), (0, 0, 0.5)]);
    let found = run(&fed, NoisyOr {}, &[0.0, 0.0], &[0.3, 0.2]);
    assert!(found.unique == Some(true) && found.contraction.unwrap() >= 1.0 && found.spread.unwrap() < 1e-6);
    // each dampens the other wholly: the ends stay apart, and the run swings
    let rivals = network(2, &[(0, 1, -1.0), (1, 0, -1.0)]);
    let found = run(&rivals, NoisyOr {}, &[0.0, 0.0], &[1.0, 1.0]);
    assert_eq!((found.status, found.unique, found.spread), (Status::Cycle, None, Some(1.0)));
    // from what was seen, feeds alone: a shock upward comes to the nearest state at rest above
    let up = Propagation { shocks: Some([("0", 0.2)].into()), ..Default::default() }.run(&sure).unwrap();
    assert!(up.state.iter().all(|x| (x - 1.0).abs() < 1e-9));
}

#[test]
fn a_linear_model_solved_is_the_one_stepped() {
    let edges: Vec<(u32, u32, f64)> = (0..6000u32).map(|e| (e * 7 % 1000, e * 13 % 997, f64::from(e % 11) / 80.0 - 0.04)).collect();
    let net = network(1000, &edges);
    let base: Vec<f64> = (0..1000).map(|j| f64::from(j % 7)).collect();
    let shocks = Some(Values::from([("5", 2.0)]));
    let clamp = Some(Values::from([("7", 0.5)]));
    let settings = Propagation { model: Linear::default().into(), base: Some((&base[..]).into()), shocks, clamp, ..Default::default() };
    let stepped = settings.run(&net).unwrap();
    let solved = Propagation { method: Method::Solve, ..settings.clone() }.run(&net).unwrap();
    let error = stepped.error_bound.unwrap() + solved.error_bound.unwrap();
    assert!(solved.status == Status::Converged && error < 1e-6);
    assert!(stepped.state.iter().zip(&solved.state).all(|(a, b)| (a - b).abs() <= error));
    assert!(solved.iterations < stepped.iterations && solved.unique == Some(true));
    let refused = |settings: Propagation| Propagation { method: Method::Solve, ..settings }.run(&net).unwrap_err().kind;
    assert_eq!(
        refused(Propagation { model: Linear { cap: Some(1.0), normalise: None }.into(), ..settings.clone() }),
        ErrorKind::Unsupported
    );
    assert_eq!(refused(Propagation { model: FuzzyCognitiveMap::default().into(), ..settings.clone() }), ErrorKind::Unsupported);
    assert_eq!(refused(Propagation { keep: Keep::Trajectory, ..settings }), ErrorKind::Unsupported);
}

#[test]
fn every_state_at_rest_lies_within_the_spread() {
    use proptest::prelude::*;
    let edges = proptest::collection::vec((0u32..5, 0u32..5, -1.0f64..1.0), 1..14);
    let starts = proptest::collection::vec(0.0f64..1.0, 15);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() });
    let tried = runner.run(&(edges, starts, 1.0f64..12.0), |(edges, starts, steepness)| {
        let net = network(5, &edges);
        let map: Model = FuzzyCognitiveMap { rule: Rule::Kosko, steepness, ..Default::default() }.into();
        for model in [map, NoisyOr {}.into()] {
            let runs: Vec<PropagationResult> = starts.chunks(5).map(|start| run(&net, model.clone(), start, &[0.1; 5])).collect();
            let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            for (a, b) in runs.iter().zip(runs.iter().skip(1)) {
                prop_assert_eq!((a.unique, a.spread), (b.unique, b.spread));
                if a.status != Status::Converged || b.status != Status::Converged {
                    continue;
                }
                let Some(slack) = a.error_bound.zip(b.error_bound).map(|(a, b)| a + b) else { continue };
                let most = a.spread.unwrap_or(if a.unique == Some(true) { 0.0 } else { f64::INFINITY });
                prop_assert!(apart(&a.state, &b.state) <= most + slack + 1e-12);
                if a.unique == Some(true) {
                    prop_assert!(apart(&a.state, &b.state) <= 1e-6 + slack);
                }
            }
        }
        Ok(())
    });
    tried.unwrap();
}

#[test]
fn large_networks_give_the_same_bytes_on_any_number_of_threads_and_row_by_row() {
    let nodes = 9_000u32;
    let edges: Vec<(u32, u32, f64)> = (0..150_000u32)
        .map(|e| (e.wrapping_mul(7919) % nodes, e.wrapping_mul(104_729) % nodes, f64::from(e % 200) / 3000.0 - 0.033))
        .collect();
    let net = network(nodes as usize, &edges);
    let start = Some(Values::List(vec![Some(0.3); nodes as usize]));
    let models: [Model; 2] = [FuzzyCognitiveMap::default().into(), NoisyOr {}.into()];
    for model in models {
        let settings = Propagation { model, start: start.clone(), max_steps: 3, certify: Some(false), ..Default::default() };
        let runs = [1, 8].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| settings.run(&net).unwrap())
        });
        let bits = |run: &PropagationResult| run.state.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        assert!(runs.windows(2).all(|pair| bits(&pair[0]) == bits(&pair[1]) && pair[0].error_bound == pair[1].error_bound));
        // Without its eight-row layout a small part of the network gives the same: an isolated node more changes nothing.
        let more = network(nodes as usize + 1, &edges);
        let mut longer = settings.clone();
        longer.start = Some(Values::List([vec![Some(0.3); nodes as usize], vec![Some(0.0)]].concat()));
        assert_eq!(bits(&longer.run(&more).unwrap())[..nodes as usize], bits(&runs[0])[..]);
    }
}

/// On large networks the quick bound takes the place of the near one: it holds all the same, and a linear run says what was shown of its radius.
#[test]
fn the_quick_bound_of_a_large_network_holds() {
    let (nodes, degree) = (20_000u32, 7u32);
    let share = |w: f64| {
        let pairs = (0..nodes).flat_map(|j| (1..=degree).map(move |k| ((j + k * k * 37 + k) % nodes, j)));
        network(nodes as usize, &pairs.enumerate().map(|(e, (i, j))| (i, j, if e % 3 == 0 { -w } else { w })).collect::<Vec<_>>())
    };
    for (model, weight) in [
        (Model::from(Linear { cap: None, normalise: None }), 0.12),
        (Model::from(Linear { cap: Some(1.0), normalise: None }), 0.12),
        (Model::from(FuzzyCognitiveMap { rule: Rule::Kosko, ..Default::default() }), 0.3),
        (Model::from(NoisyOr {}), 0.13),
    ] {
        let net = share(weight);
        let base: Vec<f64> = (0..nodes).map(|j| f64::from(j % 10) / 20.0).collect();
        let run = |tolerance: f64| {
            let base = (!matches!(model, Model::FuzzyCognitiveMap(_))).then(|| Values::from(&base[..]));
            Propagation { model: model.clone(), base, start: Some(vec![0.2; nodes as usize][..].into()), tolerance, ..Default::default() }
                .run(&net)
                .unwrap()
        };
        let (rough, fine) = (run(1e-3), run(1e-13));
        let off = rough.state.iter().zip(&fine.state).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let bound = rough.error_bound.unwrap();
        assert!(off <= bound + fine.error_bound.unwrap() && bound < 0.1, "{}: {off} {bound}", model.word());
        assert_eq!(rough.unique, Some(true));
        let linear = matches!(model, Model::Linear(_));
        assert_eq!(rough.notes.iter().any(|n| n.code == "radius-shown"), linear);
        assert!(!linear || rough.spectral_radius.is_none() && rough.contraction.is_some_and(|c| c < 1.0));
    }
}
