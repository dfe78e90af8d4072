#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::parameters::{Parameters, Random};
use super::runs::Runs;
use super::*;
use crate::kernels::never;
use crate::network::{DominoNetwork, EdgeList, Expansion};
use crate::propagation::{
    AlternatingRenewal, DebtRank, DynamicInoperability, FuzzyCognitiveMap, IndependentCascade, Linear, LinearThreshold, Model, NoisyOr,
    Normalise, Propagation, Rule, Transfer, Values, Watts,
};
use crate::{ErrorKind, settings_from_json};

type Ranged = (u32, u32, f64, f64, f64);

fn network(nodes: usize, edges: &[Ranged]) -> DominoNetwork {
    DominoNetwork::from_edges(EdgeList {
        source: edges.iter().map(|e| e.0).collect(),
        target: edges.iter().map(|e| e.1).collect(),
        weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
        low: Some(edges.iter().map(|e| Some(e.3)).collect()),
        high: Some(edges.iter().map(|e| Some(e.4)).collect()),
        nodes: Some(nodes),
        ..EdgeList::default()
    })
    .unwrap()
}

fn codes(notes: &[crate::tables::Note]) -> Vec<&'static str> {
    notes.iter().map(|n| n.code).collect()
}

fn sure(result: &SimulateResult) -> bool {
    result.nodes.iter().all(|n| n.median == n.point && n.mean == n.point && n.lower == n.point && n.upper == n.point && n.point.is_some())
}

#[test]
fn without_ranges_every_interval_is_the_point() {
    let points = [(0, 1, 0.5, 0.5, 0.5), (1, 2, 0.4, 0.4, 0.4), (2, 0, 0.3, 0.3, 0.3)];
    let models: [Model; 5] = [
        NoisyOr {}.into(),
        Linear::default().into(),
        FuzzyCognitiveMap::default().into(),
        DynamicInoperability::default().into(),
        DebtRank::default().into(),
    ];
    for model in models {
        let start = Some(Values::from(&[0.6, 0.2, 0.1][..]));
        let simulate = Simulate { model, start, draws: 30, ..Simulate::default() };
        let result = simulate.run(&network(3, &points)).unwrap();
        assert!(sure(&result), "{:?}", result.nodes);
        assert_eq!(result.ends[0], 30);
    }
}

#[test]
fn models_with_runs_of_their_own_are_drawn_too_and_say_so() {
    let net = network(3, &[(0, 1, 0.5, 0.3, 0.7), (1, 2, 0.5, 0.2, 0.6)]);
    let rates = AlternatingRenewal { external: 0.5.into(), recovery: 0.5.into(), periods: 20, runs: 20, ..AlternatingRenewal::default() };
    let models: [Model; 4] = [
        LinearThreshold { runs: 40, ..LinearThreshold::default() }.into(),
        Watts { runs: 40, ..Watts::default() }.into(),
        IndependentCascade { runs: 40, seed: 0 }.into(),
        rates.into(),
    ];
    for model in models {
        let start = Some(Values::from(&[1.0, 0.0, 0.0][..]));
        let simulate = Simulate { model: model.clone(), start, draws: 20, ..Simulate::default() };
        let result = simulate.run(&net).unwrap();
        assert!(codes(&result.notes).contains(&"runs-within-draws"), "{model:?}");
        assert!(result.excluded.is_empty() && result.nodes[1].lower <= result.nodes[1].upper, "{model:?} {:?}", result.excluded);
        assert_eq!(result.nodes, simulate.run(&net).unwrap().nodes);
    }
}

#[test]
fn side_by_side_and_apart_are_the_same() {
    let edges = [(0, 1, 0.5, 0.1, 0.7), (1, 2, -0.4, -0.6, 0.1), (2, 0, 0.3, 0.2, 0.4), (0, 2, 0.2, 0.1, 0.5), (1, 2, 0.1, 0.1, 0.1)];
    let models: [Model; 4] =
        [NoisyOr {}.into(), Linear::default().into(), FuzzyCognitiveMap::default().into(), DynamicInoperability::default().into()];
    for model in models {
        let net = network(3, &edges);
        let start = Some(Values::from(&[0.6, 0.2, 0.1][..]));
        let (shocks, clamp) = (Some([("1", 0.1)].into()), Some([("0", 0.7)].into()));
        let propagation = Propagation { model: model.clone(), start, shocks, clamp, ..Propagation::default() };
        let parameters = Parameters::new(&net, Distribution::Pert, None, &model).unwrap();
        let mut runs = Runs::new(&net, &propagation, &parameters, &never).unwrap();
        let random = Random { seed: 4, parameters: &parameters };
        assert!(runs.side_by_side.is_some());
        let mut together = vec![0.0; 3 * 13];
        let went = runs.make(&random, 0, &mut together, &never).unwrap();
        runs.side_by_side = None;
        let mut apart = vec![0.0; 3 * 13];
        assert_eq!(went, runs.make(&random, 0, &mut apart, &never).unwrap());
        assert!(together.iter().zip(&apart).all(|(a, b)| (a - b).abs() < 1e-12), "{model:?}");
    }
}

#[test]
fn draws_without_an_answer_are_counted_and_never_hidden() {
    // The loop grows from 1 on: a third of an even range of [0.6, 1.2]
    let net = network(1, &[(0, 0, 0.9, 0.6, 1.2)]);
    let base = Some(Values::from(&[1.0][..]));
    let simulate =
        Simulate { model: Linear::default().into(), base, distribution: Distribution::Uniform, draws: 300, ..Simulate::default() };
    let result = simulate.run(&net).unwrap();
    let undefined = result.ends[4];
    assert!((70..130).contains(&undefined) && result.ends.iter().sum::<u32>() == 300, "{:?}", result.ends);
    // those just below 1 do not come to rest in the steps they have
    let excluded = result.excluded.len();
    assert_eq!(excluded, 300 - result.ends[0] as usize);
    assert!(result.nodes[0].median.is_none() && codes(&result.notes).contains(&"undefined-figures"));
    let outcome = result.outcome().unwrap();
    assert_eq!(outcome.facts["excluded"], excluded);
    assert_eq!(outcome.table("excluded").unwrap().batch().num_rows(), excluded);
    let lenient = Simulate { most_excluded: 0.5, keep: KeepDraws::States, ..simulate };
    let result = lenient.run(&net).unwrap();
    assert!(result.nodes[0].median.unwrap() > 2.5 && codes(&result.notes).contains(&"draws-left-out"));
    let states = result.states.unwrap();
    assert_eq!(states.iter().filter(|x| x.is_nan()).count(), excluded);
    // a ring that turns about swings for ever
    let swinging = network(2, &[(0, 1, -0.9, -3.0, -0.5), (1, 0, 0.9, 0.9, 0.9)]);
    let model = FuzzyCognitiveMap { rule: Rule::Kosko, transfer: Transfer::Trivalent, steepness: 1.0 };
    let start = Some(Values::from(&[1.0, 1.0][..]));
    let result = Simulate { model: model.into(), start, draws: 50, max_steps: 50, ..Simulate::default() }.run(&swinging).unwrap();
    assert_eq!(result.ends, [0, 50, 0, 0, 0]);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let refused = |simulate: Simulate, net: &DominoNetwork| simulate.run(net).unwrap_err();
    let net = network(2, &[(0, 1, 0.9, 0.5, 1.5)]);
    let base = Some(Values::from(&[1.0, 0.0][..]));
    let with = || Simulate { base: base.clone(), draws: 10, ..Simulate::default() };
    let past = refused(with(), &net);
    assert!(past.kind == ErrorKind::Argument && past.message.contains("`0 -> 1`"), "{}", past.message);
    let net = network(2, &[(0, 1, 0.9, 0.5, 1.0)]);
    for bad in [
        Simulate { draws: 0, ..with() },
        Simulate { level: 1.0, ..with() },
        Simulate { interval: Some(1.0), ..with() },
        Simulate { most_excluded: -0.1, ..with() },
        Simulate { interval: Some(0.9), distribution: Distribution::Beta, ..with() },
    ] {
        assert_eq!(refused(bad, &net).kind, ErrorKind::Argument);
    }
    assert_eq!(with().run_with(&net, &|_| false).unwrap_err().kind, ErrorKind::Cancelled);
    assert!(settings_from_json::<Simulate>(r#"{"draw": 3}"#).is_err());
    let settings: Simulate =
        settings_from_json(r#"{"distribution": "triangular", "keep": "states", "model": {"model": "linear"}}"#).unwrap();
    assert_eq!((settings.keep, settings.distribution), (KeepDraws::States, Distribution::Triangular));
}

#[test]
fn a_central_interval_is_fitted_and_held_within_bounds() {
    let base = Some(Values::from(&[1.0, 0.0][..]));
    let simulate = Simulate {
        model: Linear::default().into(),
        base: base.clone(),
        draws: 4000,
        interval: Some(0.9),
        level: 0.9,
        ..Simulate::default()
    };
    let target = simulate.run(&network(2, &[(0, 1, 0.5, 0.3, 0.6)])).unwrap().nodes.remove(1);
    assert!((target.lower.unwrap() - 0.3).abs() < 0.01 && (target.upper.unwrap() - 0.6).abs() < 0.01, "{target:?}");
    let near = Simulate { model: NoisyOr {}.into(), ..simulate }.run(&network(2, &[(0, 1, 0.9, 0.6, 1.0)])).unwrap();
    assert!(codes(&near.notes).contains(&"support-past-bounds") && near.nodes[1].upper <= Some(1.0));
}

fn assessment() -> crate::Assessment {
    crate::Assessment::from_json(
        r#"{"schema": "human-security/1", "id": "a", "title": "A",
        "places": [{"id": "A", "name": "A", "level": "local"}, {"id": "B", "name": "B", "level": "local"}],
        "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "hunger", "name": "Hunger", "component": "food"}],
        "conditions": [{"threat": "war", "place": "A", "severity": 0.5, "severity_range": [0.3, 0.8]},
                       {"threat": "war", "place": "B", "severity": 0.5},
                       {"threat": "hunger", "place": "A", "severity": 0.4}, {"threat": "hunger", "place": "B", "severity": 0.4}],
        "linkages": [{"id": "l", "from": "war", "to": "hunger", "effect": "feeds", "weight": 0.5, "range": [0.2, 0.7]}]}"#,
    )
    .unwrap()
}

#[test]
fn each_draw_is_anchored_anew_and_a_linkage_moves_all_its_edges() {
    let net = DominoNetwork::expand(&assessment(), &Expansion::default()).unwrap();
    let at = |name: &str| net.position(name).unwrap();
    // Nothing pushed: the state of a draw is what was drawn.
    let simulate = Simulate { draws: 200, keep: KeepDraws::States, ..Simulate::default() };
    let result = simulate.run(&net).unwrap();
    assert_eq!((result.parameters, result.ends[0]), (2, 200));
    let node = &result.nodes[at("war/A")];
    assert!(node.lower > Some(0.3) && node.upper < Some(0.8) && node.lower < Some(0.45) && node.point == Some(0.5), "{node:?}");
    assert_eq!((result.nodes[at("hunger/A")].lower, result.nodes[at("war/B")].upper), (Some(0.4), Some(0.5)));
    // War in B pushed: hunger there rises by what the drawn linkage carries, A stays as drawn.
    let shocks = Some([("war/B", 0.3)].into());
    let pushed = Simulate { shocks, ..simulate }.run(&net).unwrap();
    let (states, still) = (pushed.states.unwrap(), result.states.unwrap());
    let risen = &pushed.nodes[at("hunger/B")];
    assert!(risen.lower > Some(0.4) && risen.upper > risen.lower, "{risen:?}");
    for draw in 0..200 {
        let a = draw * 4 + at("war/A");
        assert_eq!(states[a], still[a], "the same random numbers whatever is asked");
        // w from the drawn rise: 1 - b = (1 - 0.4)/(1 - 0.5 w), then x = 1 - (1 - b)(1 - 0.8 w)
        let rise = states[draw * 4 + at("hunger/B")];
        let w = (rise - 0.4) / (0.6 * 0.8 - (1.0 - rise) * 0.5);
        assert!((0.2..=0.7).contains(&w), "{w}");
    }
}

#[test]
fn sensitivity_of_a_threat_names_linkages_and_conditions() {
    let net = DominoNetwork::expand(&assessment(), &Expansion::default()).unwrap();
    let shocks = Some([("war", 0.1)].into());
    let sensitivity = Sensitivity { outcome: Some("hunger".into()), shocks, n: 64, resamples: 100, ..Sensitivity::default() };
    let result = sensitivity.run(&net).unwrap();
    let names: Vec<&str> = result.shares.iter().map(|s| s.parameter.as_str()).collect();
    assert_eq!((names, result.nodes, result.runs), (vec!["l", "war/A"], 2, 256));
    assert!(result.shares[0].first.unwrap().value > 0.8, "{:?}", result.shares);
    assert_eq!(result.ranges, [(0.5, 0.2, 0.7), (0.5, 0.3, 0.8)]);
    let missing = Sensitivity { outcome: Some("hungre".into()), ..sensitivity.clone() }.run(&net).unwrap_err();
    assert!(missing.kind == ErrorKind::NotFound && missing.message.contains("hunger"));
    let sum = Sensitivity { over: Over::Sum, n: 64, ..sensitivity.clone() }.run(&net).unwrap();
    assert!((sum.mean.unwrap() - 2.0 * result.mean.unwrap()).abs() < 1e-12);
    let still = Sensitivity { shocks: None, n: 60, ..sensitivity.clone() }.run(&net).unwrap();
    assert!(still.shares[0].first.is_none());
    assert!(codes(&still.notes).contains(&"undefined-indices") && codes(&still.notes).contains(&"not-a-power-of-two"));
    let screened = Sensitivity { method: SensitivityMethod::Morris, ..sensitivity.clone() }.run(&net).unwrap();
    assert!(screened.screened[0].mu_star > screened.screened[1].mu_star && screened.runs == 60);
    assert_eq!(
        screened.outcome().unwrap().tables[0].1.columns(),
        ["parameter", "mu", "mu_star", "mu_star_lower", "mu_star_upper", "sigma"]
    );
    for bad in [
        Sensitivity { n: 1, ..sensitivity.clone() },
        Sensitivity { n: 70_000, ..sensitivity.clone() },
        Sensitivity { levels: 3, ..sensitivity.clone() },
        Sensitivity { resamples: 0, ..sensitivity.clone() },
    ] {
        assert_eq!(bad.run(&net).unwrap_err().kind, ErrorKind::Argument);
    }
    let sure = network(2, &[]);
    let base = Some(Values::from(&[1.0, 0.0][..]));
    assert_eq!(Sensitivity { base, ..Sensitivity::default() }.run(&sure).unwrap_err().kind, ErrorKind::Undefined);
}

#[test]
fn runs_without_rest_leave_their_base_points_out() {
    let net = network(1, &[(0, 0, 0.9, 0.6, 1.02)]);
    let base = Some(Values::from(&[1.0][..]));
    let model: Model = Linear::default().into();
    let sensitivity =
        Sensitivity { model, base, distribution: Distribution::Uniform, n: 128, most_excluded: 0.2, ..Sensitivity::default() };
    let result = sensitivity.run(&net).unwrap();
    assert!(result.failed > 0 && result.excluded > 0 && result.shares[0].total.is_some(), "{result:?}");
    let strict = Sensitivity { most_excluded: 0.0, ..sensitivity }.run(&net).unwrap();
    assert!(strict.shares[0].total.is_none() && codes(&strict.notes).contains(&"undefined-figures"));
}

#[test]
fn divided_weights_are_divided_draw_by_draw() {
    let net = network(2, &[(0, 1, 0.5, 0.2, 0.9), (1, 0, 2.0, 2.0, 2.0)]);
    let model: Model = Linear { normalise: Some(Normalise::MaxRowColumn), cap: None }.into();
    let base = Some(Values::from(&[1.0, 0.0][..]));
    let result = Simulate { model, base, draws: 100, ..Simulate::default() }.run(&net).unwrap();
    // x1 = w/2 · x0, x0 = 1 + x1: x0 = 1/(1 - w/2)
    assert!(result.nodes[0].lower > Some(1.0 / 0.9) && result.nodes[0].upper < Some(1.0 / 0.55), "{:?}", result.nodes);
}

#[test]
fn functions_are_told_by_points_and_figures() {
    let sobol = Sobol { bounds: vec![(0.0, 2.0), (-1.0, 1.0)], n: 64, names: Some(vec!["a".into(), "b".into()]), ..Sobol::default() };
    let points = sobol.points().unwrap();
    assert_eq!(points.shape, [256, 2]);
    assert!(points.data.chunks(2).all(|p| (0.0..=2.0).contains(&p[0]) && (-1.0..=1.0).contains(&p[1])));
    let figures: Vec<f64> = points.data.chunks(2).map(|p| p[0] * p[1]).collect();
    let result = sobol.estimate(&figures).unwrap();
    assert_eq!(result, sobol.run(|p| p[0] * p[1]).unwrap());
    assert_eq!(result.shares[0].parameter, "a");
    // x y: x alone does nothing, for y has mean 0
    assert!(!result.shares[0].first.unwrap().distinguishable() && result.shares[0].total.unwrap().distinguishable());
    assert!(codes(&result.notes).contains(&"not-distinguishable"));
    let refused = |sobol: Sobol| sobol.points().unwrap_err().kind;
    assert_eq!(refused(Sobol { bounds: Vec::new(), ..sobol.clone() }), ErrorKind::Argument);
    assert_eq!(refused(Sobol { bounds: vec![(1.0, 1.0); 2], ..sobol.clone() }), ErrorKind::Argument);
    assert_eq!(refused(Sobol { bounds: vec![(0.0, f64::NAN); 2], ..sobol.clone() }), ErrorKind::Argument);
    assert_eq!(refused(Sobol { names: Some(Vec::new()), ..sobol.clone() }), ErrorKind::Argument);
    assert_eq!(refused(Sobol { n: 1, ..sobol.clone() }), ErrorKind::Argument);
    assert!(sobol.estimate(&figures[1..]).is_err());
    let mut bad = figures;
    bad[3] = f64::NAN;
    assert!(sobol.estimate(&bad).unwrap_err().message.contains("row 3"));
    let many = Sobol { bounds: vec![(0.0, 1.0); 130], n: 4, resamples: 10, ..Sobol::default() };
    assert!(codes(&many.run(|x| x.iter().sum()).unwrap().notes).contains(&"random-points"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn threads_change_nothing_and_intervals_hold_within_ranges(
        weights in prop::collection::vec((0u32..5, 0u32..5, -0.9f64..0.9, 0.0f64..0.1, 0.0f64..0.1), 1..12),
        seed in any::<u64>(),
    ) {
        let edges: Vec<Ranged> = weights.iter().map(|(a, b, w, less, more)| (*a, *b, *w, w - less, w + more)).collect();
        let net = network(5, &edges);
        let start = Some(Values::List(vec![Some(0.4); 5]));
        let simulate =
            Simulate { model: FuzzyCognitiveMap::default().into(), start, draws: 50, seed, keep: KeepDraws::States, ..Simulate::default() };
        let runs = [1, 3].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| simulate.run(&net).unwrap())
        });
        prop_assert_eq!(&runs[0], &runs[1]);
        for node in &runs[0].nodes {
            prop_assert!(node.lower <= node.median && node.median <= node.upper);
            prop_assert!(node.rank_lower <= node.rank && node.rank <= node.rank_upper);
        }
        let wider = Simulate { level: 0.99, ..simulate }.run(&net).unwrap();
        for (narrow, wide) in runs[0].nodes.iter().zip(&wider.nodes) {
            prop_assert!(wide.lower <= narrow.lower && narrow.upper <= wide.upper && wide.median == narrow.median);
        }
    }
}
