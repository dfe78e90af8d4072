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

fn lagged(nodes: usize, edges: &[(u32, u32, f64, u32)]) -> DominoNetwork {
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

#[test]
fn settings_cross_as_json() {
    let text = r#"{"model": {"model": "fuzzy-cognitive-map", "rule": "kosko", "transfer": "tanh", "steepness": 2},
        "start": [1, null], "shocks": {"1": 0.2}, "clamp": [[0, 1]], "keep": "trajectory"}"#;
    let settings: Propagation = crate::settings_from_json(text).unwrap();
    let model = FuzzyCognitiveMap { rule: Rule::Kosko, transfer: Transfer::Tanh, steepness: 2.0 };
    assert_eq!(settings.model, Model::from(model));
    assert_eq!(settings.start, Some(Values::List(vec![Some(1.0), None])));
    assert_eq!(settings.clamp, Some(Values::Positions(vec![(0, 1.0)])));
    let written = serde_json::to_string(&settings).unwrap();
    assert_eq!(crate::settings_from_json::<Propagation>(&written).unwrap(), settings);
    for bad in [
        r#"{"model": {"model": "noisy"}}"#,
        r#"{"model": {"model": "noisy-or", "cap": 1}}"#,
        r#"{"model": {"model": "linear", "normalise": "rows"}}"#,
        r#"{"shock": {"0": 1}}"#,
    ] {
        assert_eq!(crate::settings_from_json::<Propagation>(bad).unwrap_err().kind, ErrorKind::Argument, "{bad}");
    }
    let outcome = settings.run(&net_of_two()).unwrap().outcome().unwrap();
    let json = outcome.to_json();
    assert_eq!(json["settings"]["model"]["model"], "fuzzy-cognitive-map");
    assert_eq!(outcome.tables[0].1.columns(), ["node", "threat", "place", "group", "state"]);
    assert_eq!(json["trajectory"].as_array().unwrap().len() as u64, json["iterations"].as_u64().unwrap() + 1);
    let bad = |settings: Propagation| settings.run(&net_of_two()).unwrap_err().kind;
    let start = Some(Values::from(&[0.1, 0.1][..]));
    assert_eq!(bad(Propagation { max_steps: 0, start: start.clone(), ..Default::default() }), ErrorKind::Argument);
    assert_eq!(bad(Propagation { tolerance: f64::NAN, start: start.clone(), ..Default::default() }), ErrorKind::Argument);
    let flat = FuzzyCognitiveMap { steepness: 0.0, ..FuzzyCognitiveMap::default() };
    assert_eq!(bad(Propagation { model: flat.into(), start, ..Default::default() }), ErrorKind::Argument);
    let twice = Some(Values::Positions(vec![(0, 0.1), (0, 0.2)]));
    assert_eq!(bad(Propagation { shocks: twice, ..Default::default() }), ErrorKind::Argument);
}

/// One node's states over time.
fn path(run: &PropagationResult, node: usize) -> Vec<f64> {
    run.trajectory.as_ref().unwrap().chunks(run.state.len()).map(|state| state[node]).collect()
}

#[test]
fn a_lag_delays_shocks_and_clamps_and_a_quiet_step_is_not_the_end() {
    let net = lagged(2, &[(0, 1, 0.5, 3)]);
    let keep = Keep::Trajectory;
    let shocked = Propagation { shocks: Some([("0", 0.8)].into()), keep, ..Default::default() }.run(&net).unwrap();
    assert_eq!(path(&shocked, 0)[..3], [0.0, 0.8, 0.8]);
    assert_eq!(path(&shocked, 1)[..6], [0.0, 0.0, 0.0, 0.0, 0.0, 0.4]);
    assert_eq!((shocked.status, shocked.state[1]), (Status::Converged, 0.4));
    let start = Some(Values::from(&[0.2, 0.0][..]));
    let clamped = Propagation { start: start.clone(), clamp: Some([("0", 1.0)].into()), keep, ..Default::default() }.run(&net).unwrap();
    // before step 0 stands the start; the clamp holds from step 0 on
    assert_eq!(path(&clamped, 0)[..3], [1.0, 1.0, 1.0]);
    let wanted = [0.0, 0.1, 0.1, 0.1, 0.5, 0.5];
    assert!(path(&clamped, 1).iter().zip(wanted).all(|(x, w)| (x - w).abs() < 1e-15));
    let pulse = Propagation { shocks: Some([("0", 0.8)].into()), pulse: true, keep, ..Default::default() }.run(&net).unwrap();
    assert_eq!(path(&pulse, 0)[..3], [0.0, 0.8, 0.0]);
    assert_eq!(path(&pulse, 1)[4..7], [0.0, 0.4, 0.0]);
}

#[test]
fn noisy_or_by_hand() {
    // 1 - (1-0.1)(1-0.5*0.6)(1-0.4*0.5) = 0.496; dampened by (1-0.3*0.7) = 0.79
    let net = network(4, &[(0, 3, 0.5), (1, 3, 0.4), (2, 3, -0.3)]);
    let base = Some(Values::from(&[0.6, 0.5, 0.7, 0.1][..]));
    let run = Propagation { base, ..Default::default() }.run(&net).unwrap();
    assert!((run.state[3] - 0.496 * 0.79).abs() < 1e-12);
    assert!(run.error_bound.unwrap() < 1e-12);
    let past = network(2, &[(0, 1, 1.5)]);
    let refused = Propagation { base: Some([("0", 0.5)].into()), ..Default::default() }.run(&past).unwrap_err();
    assert!(refused.kind == ErrorKind::Argument && refused.message.contains("`0` -> `1`"), "{}", refused.message);
    let beyond = Propagation { start: Some([0.5, 1.5][..].into()), ..Default::default() }.run(&net_of_two()).unwrap_err();
    assert_eq!(beyond.kind, ErrorKind::Argument);
}

fn net_of_two() -> DominoNetwork {
    network(2, &[(0, 1, 0.5)])
}

#[test]
fn linear_runs_free_on_arrays_and_holds_a_cap_inside_the_map() {
    // Two feed a third: 0.8 + 0.9 > 1, and the fourth sees the capped figure.
    let net = network(4, &[(0, 2, 1.0), (1, 2, 1.0), (2, 3, 0.5)]);
    let base = Some(Values::from([("0", 0.8), ("1", 0.9)]));
    let run =
        |cap| Propagation { model: Linear { cap, normalise: None }.into(), base: base.clone(), ..Default::default() }.run(&net).unwrap();
    assert!((run(None).state[2] - 1.7).abs() < 1e-12 && (run(None).state[3] - 0.85).abs() < 1e-12);
    assert!((run(Some(1.0)).state[2] - 1.0).abs() < 1e-12 && (run(Some(1.0)).state[3] - 0.5).abs() < 1e-12);
    let shocks = Some(Values::from([("0", -2.0)]));
    let below = Propagation { model: Linear::default().into(), shocks, ..Default::default() }.run(&net).unwrap();
    assert_eq!(below.state, [-2.0, 0.0, -2.0, -1.0]);
}

#[test]
fn a_run_out_of_steps_says_so_and_its_bound_still_holds() {
    let net = network(1, &[(0, 0, 0.99)]);
    let base = Some(Values::from([("0", 1.0)]));
    let run = Propagation { model: Linear::default().into(), base, max_steps: 10, ..Default::default() }.run(&net).unwrap();
    assert_eq!((run.status, run.iterations), (Status::NotConverged, 10));
    assert!((100.0 - run.state[0]).abs() <= run.error_bound.unwrap());
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_stopping_when_asked() {
    let nodes = 20_000u32;
    let edges: Vec<(u32, u32, f64)> = (0..140_000u32)
        .map(|e| (e.wrapping_mul(7919) % nodes, e.wrapping_mul(104_729) % nodes, f64::from(e % 200) / 200.0 - 0.5))
        .collect();
    let net = network(nodes as usize, &edges);
    let settings = Propagation {
        model: FuzzyCognitiveMap::default().into(),
        start: Some(Values::List(vec![Some(0.3); nodes as usize])),
        ..Default::default()
    };
    let runs = [1, 2, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| settings.run(&net).unwrap())
    });
    assert!(runs.windows(2).all(|pair| pair[0].state == pair[1].state && pair[0].iterations == pair[1].iterations));
    assert_eq!(settings.run_with(&net, &|_| false).unwrap_err().kind, ErrorKind::Cancelled);
}

mod anchored {
    use super::super::*;
    use crate::kernels::{Csr, never};

    fn anchor(nodes: usize, edges: &[(u32, u32, f64, u32)], observed: &[Option<f64>], model: impl Into<Model>) -> crate::Result<Anchored> {
        let column = |f: fn(&(u32, u32, f64, u32)) -> u32| edges.iter().map(f).collect::<Vec<u32>>();
        let weights: Vec<f64> = edges.iter().map(|e| e.2).collect();
        let csr = Csr::from_edges(nodes, &column(|e| e.0), &column(|e| e.1), &weights, &column(|e| e.3)).unwrap();
        Anchored::on_rows(&csr, observed, &[], &model.into(), &AnchorSettings::default(), &never)
    }

    fn codes(a: &Anchored) -> Vec<&'static str> {
        a.notes().iter().map(|n| n.code).collect()
    }

    #[test]
    fn a_cap_below_what_was_seen_is_said_and_a_divided_loop_is_not_told_to_divide() {
        let capped = anchor(2, &[(0, 1, 0.2, 0)], &[Some(0.5), Some(0.2)], Linear { cap: Some(0.3), normalise: None }).unwrap();
        assert_eq!(codes(&capped), ["above-cap"]);
        let ring = Linear { cap: None, normalise: Some(Normalise::MaxRow) };
        let error = anchor(2, &[(0, 1, 0.5, 0), (1, 0, 0.5, 0)], &[None, None], ring).unwrap_err();
        assert!(error.message.ends_with("weights were divided already"), "{error}");
    }

    #[test]
    fn noisy_or_by_hand() {
        // 0.5 seen, 0.4 * 0.5 = 0.2 explained: 1-b = 0.5/0.8, b = 0.375. Cutting the source by 0.5 leaves b.
        let a = anchor(2, &[(0, 1, 0.4, 2)], &[Some(0.5), Some(0.5)], NoisyOr {}).unwrap();
        assert!((a.base()[1] - 0.375).abs() < 1e-15 && codes(&a).is_empty());
        let effect = a.effect(&[-0.5, 0.0], &[], &never).unwrap();
        let rest = effect.rest.unwrap();
        assert!((rest[0] + 0.5).abs() < 1e-12 && (rest[1] + 0.125).abs() < 1e-12);
        // the lag of 2 shows the change from period 4 on
        let at = |h: usize| effect.horizons[h].as_ref().unwrap()[1];
        assert_eq!(at(0), 0.0);
        assert!((at(1) + 0.125).abs() < 1e-12 && (at(2) + 0.125).abs() < 1e-12);
        assert!(effect.error_bound.unwrap() < 1e-12);
    }

    #[test]
    fn a_map_that_claims_more_than_was_seen_is_scaled_and_told() {
        // 0.9 * 1 claims 0.9 where 0.5 was seen: scaled to 0.45
        let a = anchor(2, &[(0, 1, 0.9, 0)], &[Some(1.0), Some(0.5)], NoisyOr {}).unwrap();
        assert!((a.factors(1).unwrap().0 - 0.5).abs() < 1e-12);
        assert_eq!(codes(&a), ["over-explained"]);
        assert!(a.notes()[0].message.contains("1 x 0.500"), "{}", a.notes()[0].message);
        // nothing dampens what was seen at its worst
        let a = anchor(2, &[(0, 1, -0.9, 0)], &[Some(1.0), Some(1.0)], NoisyOr {}).unwrap();
        assert_eq!((a.factors(1).unwrap().1, codes(&a)), (0.0, vec!["undamped"]));
        // Linear never scales dampening
        let a = anchor(2, &[(0, 1, -0.9, 0)], &[Some(1.0), Some(0.4)], Linear::default()).unwrap();
        assert_eq!(a.factors(1), Some((1.0, 1.0)));
        assert!((a.base()[1] - 1.3).abs() < 1e-15);
    }

    #[test]
    fn what_was_not_yet_seen_can_be_brought_about() {
        let a = anchor(2, &[(0, 1, 0.5, 0)], &[Some(0.4), Some(0.0)], NoisyOr {}).unwrap();
        assert_eq!(a.treatment(1), Some(Treatment::Residual));
        let up = a.effect(&[0.2, 0.0], &[], &never).unwrap().rest.unwrap();
        assert!((up[1] - 0.1).abs() < 1e-12);
        let down = a.effect(&[-0.2, 0.0], &[], &never).unwrap().rest.unwrap();
        assert_eq!(down[1], 0.0);
    }

    #[test]
    fn unobserved_nodes_pass_on() {
        // 0 (seen) -> 1 (not seen) -> 2 (seen)
        let edges = [(0, 1, 0.5, 0), (1, 2, 0.5, 0)];
        let a = anchor(3, &edges, &[Some(0.8), None, Some(0.6)], NoisyOr {}).unwrap();
        assert!((a.baseline()[1] - 0.4).abs() < 1e-12 && a.base()[1] == 0.0);
        assert_eq!((a.treatment(1), codes(&a)), (Some(Treatment::Unobserved), vec!["unobserved"]));
        let rest = a.effect(&[-0.4, 0.0, 0.0], &[], &never).unwrap().rest.unwrap();
        assert!((rest[1] + 0.2).abs() < 1e-12 && (rest[2] + 0.5 * 0.1).abs() < 1e-12);
        let map = anchor(3, &edges, &[Some(0.8), None, Some(0.0)], FuzzyCognitiveMap::default()).unwrap();
        assert_eq!(map.baseline(), [0.8, 1e-3, 1e-3]);
        assert_eq!(codes(&map), ["squeezed", "unobserved"]);
    }

    #[test]
    fn unstable_baselines_have_no_effects_and_half_steps_mend_swings() {
        let steep = FuzzyCognitiveMap { rule: Rule::Kosko, transfer: Transfer::Sigmoid, steepness: 10.0 };
        // derivative at 0.5: 10/4 * 0.9 = 2.25 either way
        let growing = anchor(1, &[(0, 0, 0.9, 0)], &[Some(0.5)], steep).unwrap();
        assert!(!growing.is_defined() && codes(&growing).contains(&"unstable-baseline"));
        let effect = growing.effect(&[0.1], &[], &never).unwrap();
        assert!(effect.rest.is_none() && effect.horizons.iter().all(Option::is_none));
        assert!(effect.notes[0].message.contains("unstable baseline"));
        let swinging = anchor(1, &[(0, 0, -0.9, 0)], &[Some(0.5)], steep).unwrap();
        assert_eq!(*swinging.stability(), Stability::Halved);
        let effect = swinging.effect(&[0.1], &[], &never).unwrap();
        let x = 0.5 + effect.rest.as_ref().unwrap()[0];
        // x = f(bias - 0.9 x) + 0.1 with the bias 0.45
        let again = 1.0 / (1.0 + (-10.0 * (0.45 - 0.9 * x)).exp()) + 0.1;
        assert!((x - again).abs() < 1e-9);
        assert!(effect.horizons.iter().all(Option::is_none));
    }

    #[test]
    fn linear_with_a_loop_of_the_unseen_is_refused() {
        let refused = anchor(2, &[(0, 1, 1.0, 0), (1, 0, 1.0, 0)], &[Some(0.0), Some(0.0)], Linear::default()).unwrap_err();
        assert_eq!(refused.kind, crate::ErrorKind::Diverging);
        assert!(refused.message.contains("`0` -> `1` -> `0`"), "{}", refused.message);
    }

    #[test]
    fn a_clamp_moves_like_a_shock_held() {
        let a = anchor(2, &[(0, 1, 0.4, 1)], &[Some(0.5), Some(0.5)], NoisyOr {}).unwrap();
        let effect = a.effect(&[], &[Some(0.0), None], &never).unwrap();
        let rest = effect.rest.unwrap();
        assert!((rest[0] + 0.5).abs() < 1e-15 && (rest[1] + 0.125).abs() < 1e-12);
        assert_eq!(effect.horizons[0].as_ref().unwrap()[1], 0.0);
        assert!(a.effect(&[], &[Some(2.0), None], &never).is_err());
        assert!(a.effect(&[0.1], &[], &never).is_err());
        assert!(a.effect(&[f64::NAN, 0.0], &[], &never).is_err());
    }
}

#[test]
fn models_that_start_from_given_states_cross_as_json() {
    let read = |text: &str| crate::settings_from_json::<Propagation>(&format!(r#"{{"model": {text}}}"#));
    let each = |pairs: Vec<(u64, f64)>| Some(PerNode::Each(Values::Positions(pairs)));
    let texts: [(&str, Model); 8] = [
        (r#"{"model": "linear-threshold"}"#, LinearThreshold::default().into()),
        (
            r#"{"model": "linear-threshold", "threshold": 1, "runs": 5, "seed": 7, "rule": "kempe"}"#,
            LinearThreshold { threshold: Some(PerNode::All(1.0)), runs: 5, seed: 7, rule: ThresholdRule::Kempe }.into(),
        ),
        (r#"{"model": "watts", "threshold": [[0, 0.5]]}"#, Watts { threshold: each(vec![(0, 0.5)]), ..Default::default() }.into()),
        (r#"{"model": "watts", "threshold": null}"#, Watts::default().into()),
        (r#"{"model": "independent-cascade", "runs": 10}"#, IndependentCascade { runs: 10, seed: 0 }.into()),
        (r#"{"model": "debt-rank", "variant": "linear"}"#, DebtRank { variant: DebtRankVariant::Linear, value: None }.into()),
        (
            r#"{"model": "dynamic-inoperability", "resilience": [0.5, null]}"#,
            DynamicInoperability { resilience: PerNode::Each(Values::List(vec![Some(0.5), None])), cap: 1.0 }.into(),
        ),
        (
            r#"{"model": "alternating-renewal", "internal": {"a": 0.1}, "method": "mean-field"}"#,
            AlternatingRenewal {
                internal: PerNode::Each([("a", 0.1)].into()),
                method: RenewalMethod::MeanField,
                ..AlternatingRenewal::default()
            }
            .into(),
        ),
    ];
    for (text, model) in texts {
        let settings = read(text).unwrap();
        assert_eq!(settings.model, model, "{text}");
        assert!(settings.model.check().is_ok(), "{text}");
        let written = serde_json::to_string(&settings).unwrap();
        assert_eq!(crate::settings_from_json::<Propagation>(&written).unwrap(), settings);
    }
    for bad in [
        r#"{"model": "linear-threshold", "threshold": 1.5}"#,
        r#"{"model": "linear-threshold", "threshold": {"a": -0.1}}"#,
        r#"{"model": "linear-threshold", "runs": 0}"#,
        r#"{"model": "watts", "rule": "kempe"}"#,
        r#"{"model": "watts", "threshold": "half"}"#,
        r#"{"model": "independent-cascade", "runs": -1}"#,
        r#"{"model": "independent-cascade", "runs": 1.5}"#,
        r#"{"model": "debt-rank", "value": -1}"#,
        r#"{"model": "dynamic-inoperability", "resilience": 0}"#,
        r#"{"model": "dynamic-inoperability", "resilience": [1, 1.1]}"#,
        r#"{"model": "dynamic-inoperability", "cap": 0}"#,
        r#"{"model": "alternating-renewal", "step": 0}"#,
        r#"{"model": "alternating-renewal", "recovery": -1}"#,
        r#"{"model": "alternating-renewal", "periods": 0}"#,
    ] {
        let refused = read(bad).and_then(|settings| settings.model.check());
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Argument, "{bad}");
    }
}

#[test]
fn models_that_start_from_given_states_are_not_anchored() {
    let net = network(2, &[(0, 1, 0.5)]);
    for model in [
        Model::from(LinearThreshold::default()),
        Watts::default().into(),
        IndependentCascade::default().into(),
        DebtRank::default().into(),
        AlternatingRenewal::default().into(),
    ] {
        let observed = [Some(0.5), Some(0.5)];
        let refused = Anchored::on_rows(net.csr(), &observed, &[], &model, &AnchorSettings::default(), &|_| true).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Unsupported);
        assert!(refused.message.contains("removed seed"), "{}", refused.message);
    }
}
