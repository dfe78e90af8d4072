//! Laws of distress and alternating renewal, and what has no meaning in them.

use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::network::{DominoNetwork, EdgeList};

type Edges = Vec<(u32, u32, f64, u32)>;

fn network(nodes: usize, edges: &Edges) -> DominoNetwork {
    let list = EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        lag: Some(edges.iter().map(|e| e.3).collect()),
        nodes: Some(nodes),
        ..EdgeList::default()
    };
    DominoNetwork::from_edges(list).unwrap()
}

/// Six nodes, weights to 0.3, lags to 2, a start for each.
fn situations() -> impl Strategy<Value = (Edges, Vec<f64>)> {
    let edge = (0..6u32, 0..6u32, 0.0..0.3f64, 0..3u32);
    (prop::collection::vec(edge, 0..14), prop::collection::vec(0.0..1.0f64, 6))
}

fn run(model: impl Into<Model>, nodes: usize, edges: &Edges, start: &[f64]) -> PropagationResult {
    let settings = Propagation { model: model.into(), start: Some(start.into()), tolerance: 1e-13, ..Propagation::default() };
    settings.run(&network(nodes, edges)).unwrap()
}

fn linear() -> DebtRank {
    DebtRank { variant: DebtRankVariant::Linear, value: None }
}

fn mean_field() -> AlternatingRenewal {
    AlternatingRenewal {
        internal: 0.05.into(),
        external: 0.4.into(),
        recovery: 0.3.into(),
        method: RenewalMethod::MeanField,
        ..AlternatingRenewal::default()
    }
}

fn models() -> [Model; 3] {
    [DebtRank::default().into(), linear().into(), mean_field().into()]
}

fn near(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn renaming_and_lonely_nodes_change_nothing((edges, start) in situations()) {
        for model in models() {
            let plain = run(model.clone(), 6, &edges, &start);
            let turned: Edges = edges.iter().map(|(i, j, w, lag)| (5 - i, 5 - j, *w, *lag)).collect();
            let mut reversed = start.clone();
            reversed.reverse();
            let mut other = run(model.clone(), 6, &turned, &reversed).state;
            other.reverse();
            prop_assert!(near(&plain.state, &other));
            let lonely = run(model, 7, &edges, &[start.as_slice(), &[0.0]].concat());
            prop_assert!(near(&plain.state, &lonely.state[..6]));
        }
    }

    #[test]
    fn a_lag_moves_and_never_changes_the_total((edges, start) in situations()) {
        let at_once: Edges = edges.iter().map(|(i, j, w, _)| (*i, *j, *w, 0)).collect();
        for model in [Model::from(linear()), mean_field().into()] {
            prop_assert!(near(&run(model.clone(), 6, &edges, &start).state, &run(model, 6, &at_once, &start).state));
        }
    }

    #[test]
    fn more_at_the_start_is_never_less_at_the_end((edges, start) in situations(), node in 0..6usize) {
        let mut more = start.clone();
        more[node] = 1.0;
        let (less, more) = (run(linear(), 6, &edges, &start), run(linear(), 6, &edges, &more));
        prop_assert!(less.state.iter().zip(&more.state).all(|(a, b)| *a <= b + 1e-9));
        prop_assert!(less.state.iter().zip(&start).all(|(end, start)| end >= start && *end <= 1.0));
    }
}

fn kind(settings: Propagation, edges: &Edges) -> ErrorKind {
    settings.run(&network(2, edges)).unwrap_err().kind
}

#[test]
fn what_has_no_meaning_is_a_typed_error() {
    let edges = vec![(0, 1, 0.5, 0)];
    let some = || Some(Values::from([("0", 0.5)]));
    for model in [Model::from(DebtRank::default()), AlternatingRenewal::default().into()] {
        let with = |change: fn(&mut Propagation, Option<Values>)| {
            let mut settings = Propagation { model: model.clone(), start: some(), ..Propagation::default() };
            change(&mut settings, some());
            settings
        };
        assert_eq!(kind(with(|_, _| {}), &vec![(0, 1, -0.5, 0)]), ErrorKind::Argument);
        assert_eq!(kind(with(|s, some| s.base = some), &edges), ErrorKind::Argument);
        assert_eq!(kind(with(|s, _| s.start = None), &edges), ErrorKind::Argument);
        assert_eq!(kind(with(|s, _| s.start = Some([("0", 1.5)].into())), &edges), ErrorKind::Argument);
        assert_eq!(kind(with(|s, _| s.clamp = Some([("1", 1.5)].into())), &edges), ErrorKind::Argument);
        // relief where nothing is
        assert_eq!(kind(with(|s, _| s.shocks = Some([("1", -0.5)].into())), &edges), ErrorKind::Argument);
        let stopped = with(|_, _| {}).run_with(&network(2, &edges), &|_| false).unwrap_err();
        assert_eq!(stopped.kind, ErrorKind::Cancelled);
    }
    let short = DebtRank { value: Some(PerNode::from(&[1.0][..])), ..DebtRank::default() };
    assert_eq!(kind(Propagation { model: short.into(), start: some(), ..Propagation::default() }, &edges), ErrorKind::Argument);
}

#[test]
fn notes_say_what_was_assumed() {
    let edges = vec![(0, 1, 1.5, 0)];
    let codes = |run: &PropagationResult| run.notes.iter().map(|n| n.code).collect::<Vec<_>>();
    let equal = run(DebtRank::default(), 2, &edges, &[0.5, 0.0]);
    assert_eq!((codes(&equal), equal.value), (vec!["equal-value", "weight-past-one"], Some(0.375)));
    let one = DebtRank { value: Some(Values::from([("1", 2.0)]).into()), ..DebtRank::default() };
    let one = run(one, 2, &edges, &[0.5, 0.0]);
    assert_eq!((codes(&one)[0], one.value), ("default-value", Some(1.5)));
    let once = AlternatingRenewal { runs: 1, periods: 3, internal: Values::from([("0", 0.1)]).into(), ..AlternatingRenewal::default() };
    let once = run(once, 2, &edges, &[0.0, 0.0]);
    assert!(codes(&once).contains(&"undefined-standard-error") && codes(&once).contains(&"default-rate"));
    assert_eq!((once.runs, once.standard_error.is_none(), once.size_standard_error), (Some(1), true, None));
}

#[test]
fn a_simulation_tells_its_errors_and_its_path() {
    let model = AlternatingRenewal { internal: 0.2.into(), recovery: 0.5.into(), runs: 400, periods: 20, ..AlternatingRenewal::default() };
    let settings = Propagation { model: model.into(), start: Some([("0", 1.0)].into()), keep: Keep::Trajectory, ..Propagation::default() };
    let ran = settings.run(&network(2, &vec![(0, 1, 0.5, 1)])).unwrap();
    let path = ran.trajectory.as_ref().unwrap();
    assert_eq!((path.len(), &path[..2], &path[40..]), (42, &[1.0, 0.0][..], &ran.state[..]));
    let errors = ran.standard_error.as_ref().unwrap();
    let p = ran.state[0];
    assert!((errors[0] - (p * (1.0 - p) / 399.0).sqrt()).abs() < 1e-15);
    assert!((ran.size.unwrap() - ran.state.iter().sum::<f64>()).abs() < 1e-12 && ran.size_standard_error.unwrap() > 0.0);
    // in balance: p_int / (p_int + p_rec)
    let (on, off) = (1.0 - (-0.2f64).exp(), 1.0 - (-0.5f64).exp());
    assert!((p - on / (on + off)).abs() < 4.5 * errors[0]);
    assert_eq!((ran.status, ran.iterations), (Status::NotConverged, 20));
}
