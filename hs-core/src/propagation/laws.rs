//! What holds for every network, tried on many.

use proptest::prelude::*;

use super::anchoring::Equations;
use super::run::{Inputs, run_bare};
use super::*;
use crate::kernels::radius::{Values as RadiusValues, magnitudes};
use crate::kernels::{Csr, never};

type Edges = Vec<(usize, usize, f64, u32)>;

fn csr(nodes: usize, edges: &Edges) -> Csr {
    let source: Vec<u32> = edges.iter().map(|e| e.0 as u32).collect();
    let target: Vec<u32> = edges.iter().map(|e| e.1 as u32).collect();
    let weight: Vec<f64> = edges.iter().map(|e| e.2).collect();
    let lag: Vec<u32> = edges.iter().map(|e| e.3).collect();
    Csr::from_edges(nodes, &source, &target, &weight, &lag).unwrap()
}

fn edges(nodes: usize, lowest: f64, most: usize, lag: u32) -> impl Strategy<Value = Edges> {
    prop::collection::vec((0..nodes, 0..nodes, lowest..=1.0, 0..=lag), 0..most)
}

fn severities(nodes: usize) -> impl Strategy<Value = Vec<Option<f64>>> {
    let one = prop_oneof![6 => (0.0..=1.0f64).prop_map(Some), 1 => Just(Some(0.0)), 1 => Just(Some(1.0)), 2 => Just(None)];
    prop::collection::vec(one, nodes)
}

fn models() -> impl Strategy<Value = Model> {
    let map = |rule, transfer| Model::from(FuzzyCognitiveMap { rule, transfer, steepness: 1.0 });
    prop_oneof![
        3 => Just(Model::default()),
        2 => Just(Model::from(Linear { normalise: Some(Normalise::MaxRowColumn), cap: None })),
        1 => Just(map(Rule::ModifiedKosko, Transfer::Sigmoid)),
        1 => Just(map(Rule::Kosko, Transfer::Tanh)),
        1 => Just(map(Rule::Rescaled, Transfer::Sigmoid)),
        1 => Just(map(Rule::Kosko, Transfer::Clamp)),
    ]
}

fn anchored(net: &Csr, observed: &[Option<f64>], model: &Model) -> Option<Anchored> {
    // A ring of equal weights stays at a radius of 1 after normalisation: refused, which other tests look at.
    Anchored::on_rows(net, observed, &[], model, &AnchorSettings::default(), &never).ok()
}

fn bare(net: &Csr, model: &Model, base: &[f64], shocks: &[f64], start: &[f64]) -> crate::Result<super::run::Ran> {
    let inputs = Inputs { start, shocks, clamp: &[], pulse: false, max_steps: 5000, tolerance: 1e-12, keep_trajectory: true };
    run_bare(net, model, base.to_vec(), false, &inputs, &|j| j.to_string(), &never).map(|(ran, ..)| ran)
}

fn near(a: &[f64], b: &[f64], within: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= within)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_was_observed_is_a_fixed_point(e in edges(6, -1.0, 18, 3), observed in severities(6), model in models()) {
        let net = csr(6, &e);
        let settings = AnchorSettings::default();
        let seen: Vec<f64> = observed.iter().map(|s| s.unwrap_or(f64::NAN)).collect();
        let Ok(made) = Equations::new(&net, &seen, (&model, 0.0), &settings, &|j| j.to_string(), &never) else { return Ok(()) };
        if matches!(made.stability, Stability::Unstable(_)) { return Ok(()) }
        let map = made.map();
        for (j, x) in made.baseline.iter().enumerate() {
            let next = map.clip(map.formula_still(j, &made.baseline) + made.offset.get(j).copied().unwrap_or(0.0));
            prop_assert!((next - x).abs() <= 1e-12, "node {j}: {next} {x}");
            prop_assert!((0.0..=1.0).contains(x));
            if let Some(severity) = observed[j] {
                prop_assert!(made.squeezed.contains(&j) || severity == *x);
            }
        }
    }

    #[test]
    fn no_shock_does_nothing_and_shocks_stay_within_bounds(
        e in edges(6, -1.0, 18, 3), observed in severities(6), model in models(), d in prop::collection::vec(-1.0..=1.0f64, 6)
    ) {
        let net = csr(6, &e);
        let Some(a) = anchored(&net, &observed, &model) else { return Ok(()) };
        let nothing = a.effect(&[], &[], &never).unwrap();
        for delta in nothing.rest.iter().chain(nothing.horizons.iter().flatten()) {
            prop_assert!(delta.iter().all(|x| *x == 0.0));
        }
        let zeros = a.effect(&[0.0; 6], &[], &never).unwrap();
        prop_assert_eq!(&zeros.rest, &nothing.rest);
        let moved = a.effect(&d, &[], &never).unwrap();
        prop_assert_eq!(moved.rest.is_none() && a.is_defined(), moved.status.is_some_and(|s| s != Status::Converged));
        for delta in moved.rest.iter().chain(moved.horizons.iter().flatten()) {
            for (x, delta) in a.baseline().iter().zip(delta) {
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&(x + delta)));
            }
        }
    }

    #[test]
    fn names_and_order_do_not_matter(
        e in edges(6, -1.0, 16, 2), observed in severities(6), model in models(),
        d in prop::collection::vec(-0.3..=0.3f64, 6), order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()
    ) {
        let net = csr(6, &e);
        let relabelled: Edges = e.iter().rev().map(|&(i, j, w, lag)| (order[i], order[j], w, lag)).collect();
        let mut observed_there = vec![None; 6];
        let mut d_there = vec![0.0; 6];
        for k in 0..6 {
            observed_there[order[k]] = observed[k];
            d_there[order[k]] = d[k];
        }
        let (here, there) = (anchored(&net, &observed, &model), anchored(&csr(6, &relabelled), &observed_there, &model));
        prop_assert_eq!(here.is_some(), there.is_some());
        let (Some(here), Some(there)) = (here, there) else { return Ok(()) };
        let (one, other) = (here.effect(&d, &[], &never).unwrap(), there.effect(&d_there, &[], &never).unwrap());
        prop_assert_eq!(one.rest.is_some(), other.rest.is_some());
        if let (Some(one), Some(other)) = (one.rest, other.rest) {
            let back: Vec<f64> = order.iter().map(|&k| other[k]).collect();
            prop_assert!(near(&one, &back, 1e-7), "{one:?} {back:?}");
        }
    }

    #[test]
    fn isolated_nodes_change_nothing(
        e in edges(5, -1.0, 14, 2), observed in severities(5), model in models(), d in prop::collection::vec(-0.3..=0.3f64, 5)
    ) {
        let (small, large) = (csr(5, &e), csr(6, &e));
        let mut more = observed.clone();
        more.push(Some(0.4));
        let (Some(small), Some(large)) = (anchored(&small, &observed, &model), anchored(&large, &more, &model)) else { return Ok(()) };
        let mut wider = d.clone();
        wider.push(0.0);
        let (one, other) = (small.effect(&d, &[], &never).unwrap(), large.effect(&wider, &[], &never).unwrap());
        // The stopping step can differ where the extra node is the last to settle.
        if let (Some(one), Some(other)) = (one.rest, other.rest) {
            prop_assert!(near(&one, &other[..5], 1e-9));
            prop_assert!(other[5].abs() <= 1e-12);
        }
    }

    #[test]
    fn linear_adds_up(e in edges(6, -0.3, 10, 2), b in prop::collection::vec(-1.0..=1.0f64, 6), c in prop::collection::vec(-1.0..=1.0f64, 6)) {
        let net = csr(6, &e);
        let model = Model::from(Linear { normalise: Some(Normalise::MaxRowColumn), cap: None });
        let both: Vec<f64> = b.iter().zip(&c).map(|(b, c)| b + c).collect();
        let zero = [0.0; 6];
        let runs = [&b, &c, &both].map(|base| bare(&net, &model, base, &[], &zero));
        let [Ok(one), Ok(other), Ok(sum)] = runs else { return Ok(()) };
        if [&one, &other, &sum].iter().any(|r| Status::from(r.end) != Status::Converged) { return Ok(()) }
        let added: Vec<f64> = one.state.iter().zip(&other.state).map(|(a, b)| a + b).collect();
        prop_assert!(near(&added, &sum.state, 1e-8));
    }

    #[test]
    fn a_lag_moves_and_never_changes_what_comes_to_rest(
        e in edges(5, -1.0, 12, 4), observed in severities(5), model in models(), d in prop::collection::vec(-0.3..=0.3f64, 5)
    ) {
        let at_once: Edges = e.iter().map(|&(i, j, w, _)| (i, j, w, 0)).collect();
        let (Some(late), Some(now)) = (anchored(&csr(5, &e), &observed, &model), anchored(&csr(5, &at_once), &observed, &model)) else {
            return Ok(());
        };
        let (late, now) = (late.effect(&d, &[], &never).unwrap(), now.effect(&d, &[], &never).unwrap());
        if let (Some(late), Some(now)) = (late.rest, now.rest) {
            prop_assert!(near(&late, &now, 1e-12));
        }
    }

    #[test]
    fn more_seeds_never_mean_less_where_nothing_dampens(
        e in edges(6, 0.0, 18, 3), b in prop::collection::vec(0.0..=1.0f64, 6), more in prop::collection::vec(0.0..=1.0f64, 6)
    ) {
        let net = csr(6, &e);
        let raised: Vec<f64> = b.iter().zip(&more).map(|(b, m)| b + (1.0 - b) * m).collect();
        let zero = [0.0; 6];
        let (low, high) = (bare(&net, &Model::default(), &b, &[], &zero).unwrap(), bare(&net, &Model::default(), &raised, &[], &zero).unwrap());
        let steps = low.trajectory.as_ref().unwrap().chunks(6).zip(high.trajectory.as_ref().unwrap().chunks(6));
        for (low, high) in steps {
            prop_assert!(low.iter().zip(high).all(|(l, h)| *l <= h + 1e-12 && (0.0..=1.0).contains(l)));
        }
    }

    #[test]
    fn noisy_or_stays_a_chance(e in edges(6, -1.0, 18, 3), x in prop::collection::vec(0.0..=1.0f64, 6), d in prop::collection::vec(-2.0..=2.0f64, 6)) {
        let ran = bare(&csr(6, &e), &Model::default(), &[], &d, &x).unwrap();
        prop_assert!(ran.trajectory.unwrap().iter().all(|x| (0.0..=1.0).contains(x)));
    }

    #[test]
    fn feeds_alone_leave_a_radius_of_at_most_kappa(
        e in edges(6, 0.0, 24, 2), observed in prop::collection::vec(0.01..=1.0f64, 6), linear in any::<bool>()
    ) {
        let observed: Vec<Option<f64>> = observed.into_iter().map(Some).collect();
        let model = if linear { Model::from(Linear::default()) } else { Model::default() };
        let a = anchored(&csr(6, &e), &observed, &model).expect("never refused");
        let (_, upper) = a.radius().unwrap();
        prop_assert!(upper <= 0.9 + 1e-9, "{upper}");
        prop_assert!(matches!(a.stability(), Stability::Stable));
    }

    #[test]
    fn over_explained_feeds_explain_just_their_share(e in edges(4, -1.0, 12, 0), observed in prop::collection::vec(0.05..=0.95f64, 4)) {
        let observed: Vec<Option<f64>> = observed.into_iter().map(Some).collect();
        let net = csr(4, &e);
        let Some(a) = anchored(&net, &observed, &Model::default()) else { return Ok(()) };
        for j in 0..4 {
            let (feeds, dampens) = a.factors(j).unwrap();
            let product = |sign: f64| -> f64 {
                a.rows().incoming(j).filter(|(_, w, _)| w * sign > 0.0).map(|(i, w, _)| 1.0 - w.abs() * a.baseline()[i]).product()
            };
            let (without, left) = (1.0 - product(1.0), product(-1.0));
            let x = a.baseline()[j];
            prop_assert!(without * left <= 0.9 * x + 1e-9);
            prop_assert!(1.0 - left <= 0.9 * (1.0 - x) + 1e-9);
            if feeds < 1.0 { prop_assert!((without * left - 0.9 * x).abs() < 1e-9); }
            if dampens < 1.0 { prop_assert!((1.0 - left - 0.9 * (1.0 - x)).abs() < 1e-9); }
        }
    }

    #[test]
    fn an_error_bound_holds(e in edges(5, -1.0, 14, 0), x in prop::collection::vec(0.0..=1.0f64, 5), b in prop::collection::vec(0.0..=0.6f64, 5), model in models()) {
        let net = csr(5, &e);
        let run = |tolerance: f64, max_steps: u64| {
            let inputs = Inputs { start: &x, shocks: &[], clamp: &[], pulse: false, max_steps, tolerance, keep_trajectory: false };
            run_bare(&net, &model, b.clone(), false, &inputs, &|j| j.to_string(), &never)
        };
        let (Ok((rough, ..)), Ok((fine, ..))) = (run(1e-2, 1000), run(0.0, 20_000)) else { return Ok(()) };
        // Without lags: a bound speaks of the fixed point near by, and with lags the run may go on to another.
        let (Some(bound), Some(rest)) = (rough.error_bound, fine.error_bound) else { return Ok(()) };
        if bound > 0.5 { return Ok(()) }
        let off = rough.state.iter().zip(&fine.state).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        prop_assert!(off <= bound + rest, "{off} {bound} {rest}");
    }

    #[test]
    fn a_radius_made_to_measure_is_found(
        n in 2usize..7, raw in prop::collection::vec(0.05..=1.0f64, 49), d in prop::collection::vec(0.2..=5.0f64, 7), rho in 0.1..=3.0f64
    ) {
        // rows of P sum to 1, so D P D^{-1} rho has the radius rho
        let mut e: Edges = Vec::new();
        for i in 0..n {
            let sum: f64 = raw[i * 7..i * 7 + n].iter().sum();
            e.extend((0..n).map(|j| (i, j, rho * d[i] / d[j] * raw[i * 7 + j] / sum, 0)));
        }
        let net = csr(n, &e);
        let found = magnitudes(&RadiusValues { csr: &net, edges: net.weights(), own: &[], held: &[] }, &never).unwrap();
        prop_assert!(found.lower <= rho * (1.0 + 1e-12) && rho * (1.0 - 1e-12) <= found.upper, "{found:?} {rho}");
        prop_assert!(found.upper - found.lower <= 1e-9 * rho);
    }

    #[test]
    fn on_off_maps_end_where_every_state_followed_by_hand_ends(
        w in prop::collection::vec(-1i8..=1, 9), own in any::<bool>(), start in 0usize..8
    ) {
        let e: Edges = (0..9).filter(|k| w[*k] != 0).map(|k| (k / 3, k % 3, f64::from(w[k]), 0)).collect();
        let on = |state: usize, i: usize| (state >> i & 1) as i8;
        let next = |state: usize| (0..3).filter(|&j| {
            let sum: i8 = (0..3).map(|i| w[3 * i + j] * on(state, i)).sum();
            sum + if own { on(state, j) } else { 0 } > 0
        }).map(|j| 1 << j).sum::<usize>();
        // all eight states followed: after eight steps every walk is on its cycle
        let settled = (0..8).fold(start, |state, _| next(state));
        let period = (1..=8).find(|&p| (0..p).fold(settled, |state, _| next(state)) == settled).unwrap();
        let rule = if own { Rule::ModifiedKosko } else { Rule::Kosko };
        let model = Model::from(FuzzyCognitiveMap { rule, transfer: Transfer::Bivalent, steepness: 1.0 });
        let x: Vec<f64> = (0..3).map(|i| f64::from(on(start, i))).collect();
        let ran = bare(&csr(3, &e), &model, &[], &[], &x).unwrap();
        match ran.end {
            crate::kernels::fixpoint::End::Cycle(found) => prop_assert_eq!(found, period),
            end => prop_assert!(period == 1 && Status::from(end) == Status::Converged),
        }
        let last: usize = (0..3).filter(|&i| ran.state[i] == 1.0).map(|i| 1 << i).sum();
        let on_cycle = std::iter::successors(Some(settled), |state| Some(next(*state))).take(8).any(|state| state == last);
        prop_assert!(on_cycle);
    }
}
