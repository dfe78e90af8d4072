//! Programmes and searches against every subset.

use proptest::prelude::*;

use super::{Answer, Effort, Judged, Programme, Row, Search, conflict};
use crate::kernels::never;

const EFFORT: Effort = Effort { nodes: 100_000 };

fn knapsack(gains: &[f64], costs: &[f64], budget: f64) -> Programme {
    let mut programme = Programme::default();
    for &gain in gains {
        programme.column(gain, 0.0, 1.0, true);
    }
    programme.rows.push(Row::at_most(costs.iter().copied().enumerate().collect(), budget));
    programme
}

fn every(programme: &Programme) -> Option<f64> {
    let n = programme.columns.len();
    let values = |mask: usize| (0..n).map(|i| (mask >> i & 1) as f64).collect::<Vec<f64>>();
    (0..1_usize << n)
        .map(values)
        .filter(|v| programme.rows.iter().all(|row| row.holds(v)))
        .map(|v| v.iter().zip(&programme.columns).map(|(v, c)| v * c.gain).sum())
        .max_by(f64::total_cmp)
}

fn solved(programme: &Programme) -> Option<f64> {
    match programme.solve(EFFORT, None, &never).unwrap() {
        Answer::Solved(solved) => {
            assert!(solved.proven && solved.bound >= solved.gain);
            assert!(programme.rows.iter().all(|row| row.holds(&solved.values)));
            Some(solved.gain)
        }
        Answer::Infeasible => None,
        Answer::Open => panic!("open"),
    }
}

#[test]
fn fifteen_whole_columns_equal_every_subset() {
    let number = |i: usize, m: usize, k: usize| ((i * m + 7) % k) as f64 + 1.0;
    let gains: Vec<f64> = (0..15).map(|i| number(i, 37, 23)).collect();
    let costs: Vec<f64> = (0..15).map(|i| number(i, 29, 17)).collect();
    let mut programme = knapsack(&gains, &costs, 60.0);
    programme.rows.push(Row::at_most(vec![(3, 1.0), (5, 1.0)], 1.0));
    programme.rows.push(Row::at_most(vec![(2, 1.0), (9, -1.0)], 0.0));
    assert!((solved(&programme).unwrap() - every(&programme).unwrap()).abs() < 1e-9);
}

#[test]
fn a_stop_before_the_proof_keeps_a_true_bound() {
    let gains: Vec<f64> = (0..30).map(|i| 50.0 + ((i * 37) % 23) as f64).collect();
    let costs: Vec<f64> = (0..30).map(|i| 50.0 + ((i * 29) % 19) as f64).collect();
    let programme = knapsack(&gains, &costs, 777.5);
    let full = solved(&programme).unwrap();
    let start: Vec<(usize, f64)> = (0..30).map(|i| (i, 0.0)).collect();
    if let Answer::Solved(stopped) = programme.solve(Effort { nodes: 1 }, Some(&start), &never).unwrap() {
        assert!(stopped.bound >= full - 1e-6 && stopped.gain <= full + 1e-6);
    }
}

#[test]
fn rows_that_conflict_are_told_and_no_others() {
    let mut programme = knapsack(&[1.0, 1.0, 1.0], &[5.0, 5.0, 5.0], 4.0);
    programme.rows.push(Row::at_least(vec![(0, 1.0)], 1.0));
    programme.rows.push(Row::at_most(vec![(1, 1.0), (2, 1.0)], 1.0));
    assert_eq!(solved(&programme), None);
    let groups = [vec![0], vec![1], vec![2]];
    assert_eq!(conflict(&programme, &groups, EFFORT, &never).unwrap(), [0, 1]);
    programme.rows.remove(1);
    assert_eq!(conflict(&programme, &[vec![0]], EFFORT, &never).unwrap(), [0_usize; 0]);
}

#[test]
fn a_search_is_stopped_by_its_tick() {
    let search = Search { states: vec![vec![0.0, 1.0]; 4], rows: Vec::new(), most: 100 };
    let mut judge = |v: &[f64]| Ok(Judged { value: v.iter().sum(), excess: 0.0 });
    let error = search.run(&[], &mut judge, &mut |_| Ok(f64::INFINITY), &|at| at < 3).unwrap_err();
    assert_eq!(error.kind, crate::ErrorKind::Cancelled);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn programmes_equal_every_subset(
        gains in prop::collection::vec(-2.0..10.0_f64, 1..9),
        costs in prop::collection::vec(0.1..5.0_f64, 9),
        budget in 0.0..15.0_f64,
        floor in prop::collection::vec(-1.0..1.0_f64, 9),
    ) {
        let n = gains.len();
        let mut programme = knapsack(&gains, &costs[..n], budget);
        programme.rows.push(Row::at_least(floor[..n].iter().copied().enumerate().collect(), 0.0));
        let (found, best) = (solved(&programme).unwrap(), every(&programme).unwrap());
        prop_assert!((found - best).abs() < 1e-6, "{found} {best}");
    }

    #[test]
    fn searches_equal_every_subset(
        weights in prop::collection::vec(0.0..3.0_f64, 7),
        costs in prop::collection::vec(0.1..5.0_f64, 7),
        harms in prop::collection::vec(-0.5..1.0_f64, 7),
        budget in 0.0..12.0_f64,
    ) {
        // a value that does not add up, and a ceiling that holds because it only rises
        let value = |v: &[f64]| { let sum: f64 = v.iter().zip(&weights).map(|(v, w)| v * w).sum(); sum.powf(1.5) };
        let excess = |v: &[f64]| (v.iter().zip(&harms).map(|(v, h)| v * h).sum::<f64>() - 0.5).max(0.0);
        let row = Row::at_most((0..7).map(|i| (7 + i, costs[i])).collect(), budget);
        let search = Search { states: vec![vec![0.0, 1.0]; 7], rows: vec![row], most: 1000 };
        let mut judge = |v: &[f64]| Ok(Judged { value: value(v), excess: excess(v) });
        let found = search.run(&[], &mut judge, &mut |v| Ok(value(v)), &never).unwrap();
        let best = (0..128_usize)
            .map(|mask| (0..7).map(|i| (mask >> i & 1) as f64).collect::<Vec<f64>>())
            .filter(|v| search.keeps(v) && excess(v) <= 0.0)
            .map(|v| value(&v))
            .max_by(f64::total_cmp).unwrap();
        prop_assert!(found.complete && (found.best.unwrap().1 - best).abs() < 1e-6);
    }
}
