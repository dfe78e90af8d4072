use super::*;
use crate::ErrorKind;
use crate::network::{DominoNetwork, EdgeList, Expansion};

/// Edges between `a`, `b`, `c`, `d`: from, to, weight, lag.
fn network(edges: &[(u32, u32, f64, u32)]) -> DominoNetwork {
    let list = EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        lag: Some(edges.iter().map(|e| e.3).collect()),
        names: Some(["a", "b", "c", "d"].map(String::from).to_vec()),
        ..EdgeList::default()
    };
    DominoNetwork::from_edges(list).unwrap()
}

fn from_a(model: impl Into<Model>) -> Propagation {
    Propagation { model: model.into(), start: Some([("a", 1.0)].into()), ..Propagation::default() }
}

fn refusal(network: &DominoNetwork, propagation: Propagation) -> String {
    let error = propagation.run(network).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Argument, "{}", error.message);
    error.message
}

fn models() -> [Model; 3] {
    [LinearThreshold::default().into(), Watts::default().into(), IndependentCascade::default().into()]
}

#[test]
fn a_linear_threshold_by_hand() {
    let net = network(&[(0, 2, 3.0, 0), (1, 2, 1.0, 0), (2, 3, 2.0, 0)]);
    let given = LinearThreshold { threshold: Some(0.7.into()), ..LinearThreshold::default() };
    let run = from_a(&given).run(&net).unwrap();
    assert_eq!((run.state.as_slice(), run.iterations, run.status), ([1.0, 0.0, 1.0, 1.0].as_slice(), 3, Status::Converged));
    assert_eq!((run.size, run.size_standard_error, run.runs), (Some(3.0), Some(0.0), Some(1)));
    assert_eq!(run.standard_error, Some(vec![0.0; 4]));
    assert!(run.notes.iter().any(|note| note.code == "deterministic"));
    let from_b = Propagation { start: Some([("b", 1.0)].into()), ..from_a(&given) }.run(&net).unwrap();
    assert_eq!(from_b.state, [0.0, 1.0, 0.0, 0.0]);
    let drawn = from_a(LinearThreshold { runs: 20_000, ..LinearThreshold::default() }).run(&net).unwrap();
    let error = drawn.size_standard_error.unwrap();
    assert!((drawn.size.unwrap() - 2.5).abs() < 4.0 * error && (error - (0.75f64 / 20_000.0).sqrt()).abs() < 1e-4);
    // a threshold by name for some, drawn for the others
    let some = LinearThreshold { threshold: Some(PerNode::Each([("c", 0.75)].into())), ..LinearThreshold::default() };
    assert_eq!(from_a(some).run(&net).unwrap().state[2..], [1.0, 1.0]);
    let none = LinearThreshold { threshold: Some(PerNode::Each([("c", 0.76)].into())), ..LinearThreshold::default() };
    assert_eq!(from_a(none).run(&net).unwrap().state[2..], [0.0, 0.0]);
}

#[test]
fn an_independent_cascade_by_hand() {
    let net = network(&[(0, 1, 0.5, 0), (1, 2, 0.4, 0), (0, 2, 0.2, 0)]);
    let run = from_a(IndependentCascade { runs: 20_000, seed: 3 }).run(&net).unwrap();
    let errors = run.standard_error.clone().unwrap();
    for (j, chance) in [1.0, 0.5, 0.36, 0.0].into_iter().enumerate() {
        assert!((run.state[j] - chance).abs() <= 4.0 * errors[j], "node {j}: {} ± {}", run.state[j], errors[j]);
        assert!((errors[j] - (chance * (1.0 - chance) / 19_999f64).sqrt()).abs() < 1e-4);
    }
    assert!((run.size.unwrap() - 1.86).abs() < 4.0 * run.size_standard_error.unwrap());
    let outcome = run.outcome().unwrap();
    assert_eq!(outcome.facts["runs"], 20_000);
    assert_eq!(outcome.tables[0].1.number("standard_error").unwrap()[1], Some(errors[1]));
    assert!(outcome.arrays.iter().any(|(name, _)| *name == "standard_error"));
    // one run of something drawn tells nothing of scatter
    let once = from_a(IndependentCascade { runs: 1, seed: 3 }).run(&net).unwrap();
    assert_eq!((once.standard_error.clone(), once.size_standard_error, once.runs), (None, None, Some(1)));
    assert!(once.notes.iter().any(|note| note.code == "undefined-standard-error"));
    assert_eq!(once.outcome().unwrap().tables[0].1.number("standard_error").unwrap(), [None; 4]);
}

#[test]
fn lags_clamps_shocks_and_steps() {
    let net = network(&[(0, 1, 1.0, 2), (1, 2, 1.0, 0), (0, 3, 1.0, 0)]);
    for model in models() {
        let kept = Propagation { keep: Keep::Trajectory, ..from_a(model.clone()) };
        let run = kept.run(&net).unwrap();
        let sizes: Vec<f64> = run.trajectory.clone().unwrap().chunks(4).map(|row| row.iter().sum()).collect();
        assert_eq!(sizes, [1.0, 2.0, 2.0, 3.0, 4.0, 4.0], "{}", model.word());
        assert_eq!((run.iterations, run.state.as_slice()), (5, [1.0; 4].as_slice()));
        let short = Propagation { max_steps: 2, ..kept.clone() }.run(&net).unwrap();
        assert_eq!((short.status, short.state.as_slice()), (Status::NotConverged, [1.0, 0.0, 0.0, 1.0].as_slice()));
        let held = Propagation { clamp: Some([("b", 0.0)].into()), ..kept.clone() }.run(&net).unwrap();
        assert_eq!(held.state, [1.0, 0.0, 0.0, 1.0]);
        let removed = Propagation { shocks: Some([("a", -1.0)].into()), ..kept.clone() }.run(&net).unwrap();
        assert_eq!((removed.state.as_slice(), removed.iterations), ([0.0; 4].as_slice(), 0));
        let by_shock = Propagation { start: None, shocks: Some([("a", 1.0)].into()), ..kept.clone() }.run(&net).unwrap();
        assert_eq!(by_shock.state, run.state);
        let by_clamp = Propagation { start: None, clamp: Some([("b", 1.0)].into()), ..kept.clone() }.run(&net).unwrap();
        assert_eq!(by_clamp.state, [0.0, 1.0, 1.0, 0.0]);
        let half = Propagation { shocks: Some([("a", -0.5)].into()), ..kept }.run(&net).unwrap();
        let error = half.standard_error.unwrap();
        assert!((half.state[0] - 0.5).abs() < 4.0 * error[0] && half.state[3] == half.state[0] && error[0] > 0.0);
    }
}

#[test]
fn what_has_no_meaning_is_refused_with_its_place() {
    let net = network(&[(0, 1, 0.5, 0), (1, 2, 0.8, 0), (0, 2, 0.3, 0)]);
    let dampened = network(&[(0, 1, 0.5, 0), (1, 2, -0.8, 0)]);
    for model in models() {
        let word = model.word();
        let with = |change: &dyn Fn(&mut Propagation)| {
            let mut propagation = from_a(model.clone());
            change(&mut propagation);
            propagation
        };
        let told = refusal(&dampened, with(&|_| {}));
        assert!(told.contains("`b` -> `c` is -0.8") && told.contains(word), "{told}");
        assert!(refusal(&net, with(&|p| p.base = Some([("a", 0.1)].into()))).contains("`base` has no meaning"));
        assert!(refusal(&net, with(&|p| p.start = None)).contains("no `start`"));
        assert!(refusal(&net, with(&|p| p.start = Some([("a", 1.5)].into()))).contains("`start` of `a` is 1.5, wanted 0 to 1"));
        assert!(refusal(&net, with(&|p| p.start = Some([("a", -0.5)].into()))).contains("wanted 0 to 1"));
        assert!(refusal(&net, with(&|p| p.shocks = Some([("b", -0.5)].into()))).contains("removed seed"));
        assert!(refusal(&net, with(&|p| p.clamp = Some([("b", 0.5)].into()))).contains("`clamp` of `b` is 0.5, wanted 0"));
        assert!(refusal(&net, with(&|p| p.max_steps = 0)).contains("max_steps"));
        let unknown = with(&|p| p.start = Some([("z", 1.0)].into())).run(&net).unwrap_err();
        assert_eq!(unknown.kind, ErrorKind::NotFound);
        let empty = DominoNetwork::from_edges(EdgeList::default()).unwrap();
        let nothing = Propagation { start: Some(Values::List(Vec::new())), ..from_a(model.clone()) }.run(&empty).unwrap();
        assert_eq!((nothing.state.len(), nothing.size), (0, Some(0.0)));
    }
    let past = network(&[(0, 1, 1.5, 0)]);
    assert!(refusal(&past, from_a(IndependentCascade::default())).contains("`a` -> `b` is 1.5, wanted 0 to 1"));
    let kempe = LinearThreshold { rule: ThresholdRule::Kempe, ..LinearThreshold::default() };
    assert!(refusal(&net, from_a(&kempe)).contains("into `c` sum to 1.1"));
    assert!(from_a(LinearThreshold::default()).run(&past).is_ok() && from_a(Watts::default()).run(&past).is_ok());
    let wrong = LinearThreshold { threshold: Some(PerNode::Each([0.5, 0.5][..].into())), ..LinearThreshold::default() };
    assert!(refusal(&net, from_a(wrong)).contains("`threshold` has 2 values, wanted 4"));
    let nan = LinearThreshold { threshold: Some(f64::NAN.into()), ..LinearThreshold::default() };
    assert!(refusal(&net, from_a(nan)).contains("`threshold` is NaN"));
    assert!(refusal(&net, from_a(IndependentCascade { runs: 0, seed: 0 })).contains("`runs` is 0"));
}

#[test]
fn a_network_from_an_assessment_needs_a_start() {
    let text = r#"{"schema": "human-security/1", "id": "x", "title": "x",
        "places": [{"id": "p", "name": "p", "level": "district"}],
        "threats": [{"id": "s", "name": "s", "component": "food"}, {"id": "t", "name": "t", "component": "health"}],
        "conditions": [{"threat": "s", "place": "p", "severity": 0.5}],
        "linkages": [{"id": "l", "from": "s", "to": "t", "effect": "feeds", "weight": 1.0}]}"#;
    let assessment = crate::Assessment::from_json(text).unwrap();
    let net = DominoNetwork::expand(&assessment, &Expansion::default()).unwrap();
    for model in models() {
        let error = net.propagate(&model).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Argument);
        assert!(error.message.contains("no `start`"), "{}", error.message);
        let run = Propagation { model, start: Some([("s", 1.0)].into()), ..Propagation::default() }.run(&net).unwrap();
        assert_eq!((run.state.as_slice(), run.size), ([1.0, 1.0].as_slice(), Some(2.0)));
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_stopping_when_asked() {
    let edges: Vec<(u32, u32, f64, u32)> = (0..12).map(|k| (k % 4, (k * 7 + 1) % 4, 0.1 + 0.05 * f64::from(k % 3), k % 2)).collect();
    let net = network(&edges);
    for model in models() {
        let run = Propagation { keep: Keep::Trajectory, ..from_a(model) };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            serde_json::to_string(&pool.install(|| run.run(&net)).unwrap()).unwrap()
        };
        let one = on(1);
        assert!([2, 3, 8].into_iter().all(|threads| on(threads) == one));
        assert_eq!(run.run_with(&net, &|_| false).unwrap_err().kind, ErrorKind::Cancelled);
    }
}
