use proptest::prelude::*;

use super::*;
use crate::kernels::{Csr, never};

type Edge = (u32, u32, f64, u32);

fn csr(nodes: usize, edges: &[Edge]) -> Csr {
    let source: Vec<u32> = edges.iter().map(|e| e.0).collect();
    let target: Vec<u32> = edges.iter().map(|e| e.1).collect();
    let weight: Vec<f64> = edges.iter().map(|e| e.2).collect();
    let lag: Vec<u32> = edges.iter().map(|e| e.3).collect();
    Csr::from_edges(nodes, &source, &target, &weight, &lag).unwrap()
}

fn plan(chance: &[f64], runs: u32) -> Plan<'_> {
    Plan { chance, held_off: &[], runs, seed: 5, max_steps: 1000, keep_steps: false }
}

fn independent(net: &Csr, plan: &Plan<'_>) -> Tally {
    Independent::new(net, &never).unwrap().run(plan, &never).unwrap()
}

fn threshold(net: &Csr, shares: Shares, thresholds: &[Option<f64>], plan: &Plan<'_>) -> Tally {
    Thresholds::new(net, shares, thresholds, &never).unwrap().run(plan, &never).unwrap()
}

/// Nodes reached from the start along the edges that are there.
fn reached(nodes: usize, start: &[bool], edges: impl Iterator<Item = (u32, u32)> + Clone) -> Vec<bool> {
    let mut on = start.to_vec();
    for _ in 0..nodes {
        for (i, j) in edges.clone() {
            on[j as usize] |= on[i as usize];
        }
    }
    on
}

/// Chances of being on, over every world of edges that carry or do not.
fn every_world(nodes: usize, edges: &[Edge], start: &[bool]) -> Vec<f64> {
    let mut chances = vec![0.0; nodes];
    for world in 0u32..1 << edges.len() {
        let live = |at: usize| world >> at & 1 == 1;
        let chance: f64 = edges.iter().enumerate().map(|(at, e)| if live(at) { e.2 } else { 1.0 - e.2 }).product();
        let there = edges.iter().enumerate().filter(|(at, _)| live(*at)).map(|(_, e)| (e.0, e.1));
        for (total, on) in chances.iter_mut().zip(reached(nodes, start, there)) {
            *total += if on { chance } else { 0.0 };
        }
    }
    chances
}

/// Chances of being on under drawn thresholds: each node takes one edge that comes in with its share as the chance, or none (Kempe et al. 2003, theorem 2.5).
fn every_choice(nodes: usize, edges: &[Edge], share: &[f64], start: &[bool]) -> Vec<f64> {
    let into: Vec<Vec<usize>> = (0..nodes).map(|j| (0..edges.len()).filter(|at| edges[*at].1 as usize == j).collect()).collect();
    let mut chances = vec![0.0; nodes];
    let worlds: usize = into.iter().map(|row| row.len() + 1).product();
    for world in 0..worlds {
        let (mut left, mut chance, mut taken) = (world, 1.0, Vec::new());
        for row in &into {
            let choice = left % (row.len() + 1);
            left /= row.len() + 1;
            match row.get(choice) {
                Some(at) => {
                    chance *= share[*at];
                    taken.push((edges[*at].0, edges[*at].1));
                }
                None => chance *= 1.0 - row.iter().map(|at| share[*at]).sum::<f64>(),
            }
        }
        for (total, on) in chances.iter_mut().zip(reached(nodes, start, taken.iter().copied())) {
            *total += if on { chance } else { 0.0 };
        }
    }
    chances
}

fn assert_near(tally: &Tally, wanted: &[f64], what: &str) {
    let runs = f64::from(tally.runs);
    for (j, wanted) in wanted.iter().map(|chance| chance.min(1.0)).enumerate() {
        let (found, error) = tally.share(j);
        let scatter = (wanted * (1.0 - wanted) / runs).sqrt();
        assert!((found - wanted).abs() <= 4.5 * scatter + 1e-12, "{what}, node {j}: {found}, wanted {wanted} ± {scatter}");
        assert!((error.unwrap() - scatter).abs() <= 0.1 * scatter + 1e-3, "{what}, node {j}: error {error:?}, wanted {scatter}");
    }
    let size: f64 = wanted.iter().sum();
    assert!((tally.size() - size).abs() <= 4.5 * tally.size_error().unwrap() + 1e-9, "{what}: size {}, wanted {size}", tally.size());
}

/// Small networks with parallel edges, self-loops, chances of 0 and 1.
fn small(seed: u32, edges: usize) -> (usize, Vec<Edge>) {
    let key = Key::new(77, 7, seed);
    let mut stream = key.stream(0);
    let mut below = |n: u64| (stream.bits() % n) as u32;
    let nodes = 5;
    let chances = [0.0, 0.1, 0.3, 0.5, 0.8, 1.0];
    let edges = (0..edges).map(|_| (below(nodes), below(nodes), chances[below(6) as usize], below(3))).collect();
    (nodes as usize, edges)
}

#[test]
fn independent_cascades_meet_every_world() {
    for seed in 0..12 {
        let (nodes, edges) = small(seed, 10);
        let start = [true, false, seed % 2 == 0, false, false];
        let chance: Vec<f64> = start.iter().map(|on| f64::from(u8::from(*on))).collect();
        let wanted = every_world(nodes, &edges, &start);
        assert_near(&independent(&csr(nodes, &edges), &plan(&chance, 20_000)), &wanted, &format!("world {seed}"));
    }
}

#[test]
fn drawn_thresholds_meet_every_choice() {
    for seed in 20..32 {
        let (nodes, edges) = small(seed, 9);
        let start = [true, false, false, seed % 2 == 0, false];
        let chance: Vec<f64> = start.iter().map(|on| f64::from(u8::from(*on))).collect();
        let into = |j: u32| edges.iter().filter(move |e| e.1 == j);
        let normal: Vec<f64> = edges.iter().map(|e| if e.2 > 0.0 { e.2 / into(e.1).map(|e| e.2).sum::<f64>() } else { 0.0 }).collect();
        let net = csr(nodes, &edges);
        let plan = plan(&chance, 20_000);
        assert_near(&threshold(&net, Shares::Normalised, &[], &plan), &every_choice(nodes, &edges, &normal, &start), "normalised");
        let equal: Vec<f64> = edges.iter().map(|e| 1.0 / into(e.1).count() as f64).collect();
        assert_near(&threshold(&net, Shares::Equal, &[], &plan), &every_choice(nodes, &edges, &equal, &start), "equal");
        let small: Vec<Edge> = edges.iter().zip(&normal).map(|(e, share)| (e.0, e.1, 0.7 * share, e.3)).collect();
        let given: Vec<f64> = small.iter().map(|e| e.2).collect();
        assert_near(&threshold(&csr(nodes, &small), Shares::AsGiven, &[], &plan), &every_choice(nodes, &small, &given, &start), "kempe");
    }
}

#[test]
fn a_drawn_start_is_a_chance() {
    let edges = [(0, 1, 0.5, 0), (1, 2, 1.0, 2)];
    let tally = independent(&csr(3, &edges), &plan(&[0.3, 0.2, 0.0], 40_000));
    let second = 1.0 - 0.8 * (1.0 - 0.3 * 0.5);
    assert_near(&tally, &[0.3, second, second], "start");
}

#[test]
fn long_rows_are_cut_where_products_grow_too_small() {
    // 3,000 edges of 0.6 multiply to 1e-1194; every edge is a try of its own
    let edges: Vec<Edge> = (1..3001).map(|j| (0, j, if j % 1000 == 0 { 1.0 } else { 0.6 }, 0)).collect();
    let mut chance = vec![0.0; 3001];
    chance[0] = 1.0;
    let tally = independent(&csr(3001, &edges), &plan(&chance, 400));
    let (mean, variance) = (1.0 + 3.0 + 2997.0 * 0.6, 2997.0 * 0.24);
    assert!((tally.size() - mean).abs() < 4.5 * (variance / 400.0f64).sqrt(), "{}", tally.size());
    let found = tally.size_error().unwrap().powi(2) * 400.0;
    assert!((found / variance - 1.0).abs() < 4.5 * (2.0f64 / 399.0).sqrt(), "{found}, wanted {variance}");
    let worst = (1..3001).map(|j| (tally.share(j).0 - edges[j - 1].2).abs()).fold(0.0, f64::max);
    assert!(worst < 5.0 * (0.24f64 / 400.0).sqrt(), "{worst}");
    assert!([1000, 2000, 3000].iter().all(|j| tally.on[*j] == 400));
}

#[test]
fn watts_by_hand() {
    // 3 has four in-edges, two of them from 0; 4 has one of two on
    let edges = [(0, 3, 9.0, 0), (0, 3, 0.1, 0), (1, 3, 0.0, 0), (2, 3, 5.0, 0), (3, 4, 1.0, 0), (2, 4, 1.0, 0)];
    let on = |theta: f64| {
        let tally = threshold(&csr(5, &edges), Shares::Equal, &[Some(theta); 5], &plan(&[1.0, 0.0, 0.0, 0.0, 0.0], 1));
        tally.on
    };
    assert_eq!(on(0.5), [1, 0, 0, 1, 1]);
    assert_eq!(on(0.500_001), [1, 0, 0, 0, 0]);
    // nothing comes into 1 and 2: they never turn on
    assert_eq!(on(0.0), [1, 0, 0, 1, 1]);
    assert_eq!(on(1.0), [1, 0, 0, 0, 0]);
}

#[test]
fn sums_at_a_threshold_reach_it() {
    // a third three times is one, a tenth ten times too, whatever rounding says
    for parts in [3u32, 7, 10, 49] {
        let edges: Vec<Edge> = (0..parts).map(|i| (i, parts, 1.0 / f64::from(parts), 0)).collect();
        let mut chance = vec![1.0; parts as usize + 1];
        chance[parts as usize] = 0.0;
        for shares in [Shares::Normalised, Shares::AsGiven, Shares::Equal] {
            let net = csr(parts as usize + 1, &edges);
            assert_eq!(threshold(&net, shares, &vec![Some(1.0); parts as usize + 1], &plan(&chance, 1)).on[parts as usize], 1);
            chance[0] = 0.0;
            assert_eq!(threshold(&net, shares, &vec![Some(1.0); parts as usize + 1], &plan(&chance, 1)).on[parts as usize], 0);
            chance[0] = 1.0;
        }
    }
}

#[test]
fn steps_are_told_and_a_run_out_of_them_says_so() {
    let edges = [(0, 1, 1.0, 0), (1, 2, 1.0, 3), (2, 3, 1.0, 0)];
    let plan = Plan { keep_steps: true, ..plan(&[1.0, 0.0, 0.0, 0.0], 2) };
    let tally = independent(&csr(4, &edges), &plan);
    assert_eq!((tally.steps, tally.ended), (7, true));
    let shares = tally.shares_by_step().unwrap().unwrap();
    let sizes: Vec<f64> = shares.chunks(4).map(|row| row.iter().sum()).collect();
    assert_eq!(sizes, [1.0, 2.0, 2.0, 2.0, 2.0, 3.0, 4.0, 4.0]);
    let short = independent(&csr(4, &edges), &Plan { max_steps: 4, ..plan });
    assert_eq!((short.steps, short.ended, short.on[2]), (4, false, 0));
    // the edge that was still under way in the first run is not met in the second
    let (first, second) = (short.on.clone(), independent(&csr(4, &edges), &Plan { max_steps: 4, runs: 1, ..plan }).on);
    assert_eq!(first, second.iter().map(|on| 2 * on).collect::<Vec<_>>());
    let line: Vec<Edge> = (0..50).map(|i| (i, i + 1, 1.0, 0)).collect();
    let mut chance = vec![0.0; 51];
    chance[0] = 1.0;
    let tally = independent(&csr(51, &line), &Plan { chance: &chance, ..plan });
    assert_eq!((tally.steps, tally.ended, tally.size()), (51, true, 51.0));
}

#[test]
fn bad_plans_and_weights_are_refused() {
    let net = csr(2, &[(0, 1, 0.5, 0)]);
    let model = Independent::new(&net, &never).unwrap();
    let refused = |plan: Plan<'_>| model.run(&plan, &never).unwrap_err().kind;
    use crate::ErrorKind::{Argument, Cancelled};
    assert_eq!(refused(plan(&[1.0], 1)), Argument);
    assert_eq!(refused(plan(&[1.0, 1.5], 1)), Argument);
    assert_eq!(refused(plan(&[1.0, f64::NAN], 1)), Argument);
    assert_eq!(refused(plan(&[1.0, 0.0], 0)), Argument);
    assert_eq!(refused(plan(&[1.0, 0.0], u32::MAX)), Argument);
    assert_eq!(refused(Plan { held_off: &[true], ..plan(&[1.0, 0.0], 1) }), Argument);
    assert_eq!(Independent::new(&csr(2, &[(0, 1, 1.5, 0)]), &never).unwrap_err().kind, Argument);
    assert_eq!(Thresholds::new(&csr(2, &[(0, 1, -0.5, 0)]), Shares::Normalised, &[], &never).unwrap_err().kind, Argument);
    assert_eq!(Thresholds::new(&csr(2, &[(0, 1, 1.5, 0)]), Shares::AsGiven, &[], &never).unwrap_err().kind, Argument);
    assert_eq!(Thresholds::new(&net, Shares::Equal, &[None], &never).unwrap_err().kind, Argument);
    assert_eq!(Thresholds::new(&net, Shares::Equal, &[None, Some(-0.1)], &never).unwrap_err().kind, Argument);
    assert_eq!(model.run(&plan(&[1.0, 0.0], 1000), &|_| false).unwrap_err().kind, Cancelled);
    assert_eq!(Independent::new(&net, &|_| false).unwrap_err().kind, Cancelled);
    // sums of great weights do not overflow
    let great = csr(3, &[(0, 2, f64::MAX, 0), (1, 2, f64::MAX, 0)]);
    assert_eq!(threshold(&great, Shares::Normalised, &[Some(0.5); 3], &plan(&[1.0, 0.0, 0.0], 1)).on, [1, 0, 1]);
}

fn edges() -> impl Strategy<Value = Vec<Edge>> {
    prop::collection::vec((0..12u32, 0..12u32, prop_oneof![1 => Just(0.0), 1 => Just(1.0), 6 => 0.01..1.0f64], 0..4u32), 0..40)
}

fn starts() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![4 => Just(0.0), 1 => Just(1.0), 1 => 0.1..0.9f64], 12)
}

fn thresholds() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop_oneof![2 => Just(None), 1 => (0..=8u8).prop_map(|t| Some(f64::from(t) / 8.0))], 12)
}

fn unlagged(edges: &[Edge]) -> Vec<Edge> {
    edges.iter().map(|e| (e.0, e.1, e.2, 0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn more_seeds_never_mean_less_and_holding_off_never_more(e in edges(), s in starts(), t in thresholds(), extra in 0..12usize) {
        let net = csr(12, &e);
        let (mut more, mut held) = (s.clone(), vec![false; 12]);
        more[extra] = 1.0;
        held[extra] = true;
        let (mut without, plan) = (s.clone(), plan(&s, 40));
        without[extra] = 0.0;
        let most = Plan { chance: &more, ..plan };
        let least = Plan { chance: &without, held_off: &held, ..plan };
        let model = Independent::new(&net, &never).unwrap();
        let thresholds = Thresholds::new(&net, Shares::Normalised, &t, &never).unwrap();
        type Go<'a> = &'a dyn Fn(&Plan<'_>) -> Tally;
        let runs: [Go<'_>; 2] = [&|p| model.run(p, &never).unwrap(), &|p| thresholds.run(p, &never).unwrap()];
        for run in runs {
            let (low, middle, high) = (run(&least), run(&plan), run(&most));
            prop_assert!((0..12).all(|j| low.on[j] <= middle.on[j] && middle.on[j] <= high.on[j]));
            prop_assert!(low.on[extra] == 0 && high.on[extra] == 40);
        }
    }

    #[test]
    fn lags_move_and_never_change_who_is_on(e in edges(), s in starts(), t in thresholds()) {
        let (lagged, still) = (csr(12, &e), csr(12, &unlagged(&e)));
        let plan = plan(&s, 40);
        let (with, without) = (independent(&lagged, &plan), independent(&still, &plan));
        prop_assert_eq!((&with.on, with.squares), (&without.on, without.squares));
        prop_assert!(with.steps >= without.steps);
        let (with, without) = (threshold(&lagged, Shares::Normalised, &t, &plan), threshold(&still, Shares::Normalised, &t, &plan));
        prop_assert_eq!((&with.on, with.squares), (&without.on, without.squares));
        prop_assert!(with.steps >= without.steps);
    }

    #[test]
    fn names_and_the_order_of_edges_do_not_matter_where_thresholds_are_given(e in edges(), s in starts(), turn in 1..12u32, level in 0.0..=1.0f64) {
        let s: Vec<f64> = s.iter().map(|x| x.round()).collect();
        let name = |i: u32| (i * 5 + turn) % 12;
        let mut renamed: Vec<Edge> = e.iter().map(|e| (name(e.0), name(e.1), e.2, e.3)).collect();
        renamed.reverse();
        let mut moved = vec![0.0; 12];
        (0..12).for_each(|i| moved[name(i) as usize] = s[i as usize]);
        for shares in [Shares::Normalised, Shares::Equal] {
            let given = [Some(level); 12];
            let one = threshold(&csr(12, &e), shares, &given, &plan(&s, 1));
            let other = threshold(&csr(12, &renamed), shares, &given, &plan(&moved, 1));
            prop_assert!((0..12).all(|i| one.on[i as usize] == other.on[name(i) as usize]));
            prop_assert_eq!((one.steps, one.sizes), (other.steps, other.sizes));
        }
    }

    #[test]
    fn the_same_counts_on_any_number_of_threads(e in edges(), s in starts(), t in thresholds()) {
        let net = csr(12, &e);
        let plan = Plan { keep_steps: true, ..plan(&s, 700) };
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (mut cascades, mut levels) = (Vec::new(), Vec::new());
        for threads in [1, 2, 3, 8] {
            cascades.push(pool(threads).install(|| independent(&net, &plan)));
            levels.push(pool(threads).install(|| threshold(&net, Shares::Normalised, &t, &plan)));
        }
        prop_assert!(cascades.iter().all(|c| c == &cascades[0]) && levels.iter().all(|l| l == &levels[0]));
    }

    #[test]
    fn chances_of_nothing_and_of_certainty(e in edges(), s in starts()) {
        let with = |p: f64| e.iter().map(|e| (e.0, e.1, p, e.3)).collect::<Vec<Edge>>();
        let start: Vec<f64> = s.iter().map(|x| x.round()).collect();
        let on: Vec<bool> = start.iter().map(|x| *x == 1.0).collect();
        let plan = plan(&start, 2);
        let (none, all) = (independent(&csr(12, &with(0.0)), &plan), independent(&csr(12, &with(1.0)), &plan));
        let far = reached(12, &on, e.iter().map(|e| (e.0, e.1)));
        prop_assert!((0..12).all(|j| none.on[j] == 2 * u32::from(on[j]) && all.on[j] == 2 * u32::from(far[j])));
    }
}
