//! Laws of the analyses of areas given as arrays.

use hs_core::analyses::thresholds::{AreaPhase, AreaPhaseRow, Grid, IntersectoralRow, IntersectoralSeverity, NeedRow, PeopleInNeed};
use proptest::prelude::*;

/// Shares in twentieths that sum to 1, as published tables have them.
fn shares() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0..=20_u32, 4).prop_map(|mut cuts| {
        cuts.sort_unstable();
        let mut ends = vec![0];
        ends.extend(cuts);
        ends.push(20);
        ends.windows(2).map(|pair| f64::from(pair[1] - pair[0]) / 20.0).collect()
    })
}

/// Severities in halves; some missing.
fn sectors() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![1 => Just(f64::NAN), 4 => (2..=10_u32).prop_map(|n| f64::from(n) / 2.0)], 1..10)
}

fn counts() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![1 => Just(f64::NAN), 4 => (0..2000_u32).prop_map(f64::from)], 1..8)
}

fn area(share: f64, shares: &[f64]) -> AreaPhaseRow {
    AreaPhase { share }.run(&Grid::new(shares, 1, 5).unwrap()).unwrap().rows.remove(0)
}

fn severe(sectors: &[f64]) -> IntersectoralRow {
    IntersectoralSeverity::default().run(&Grid::new(sectors, 1, sectors.len()).unwrap()).unwrap().rows.remove(0)
}

fn need(counts: &[f64], population: f64) -> NeedRow {
    PeopleInNeed::default().run(&Grid::new(counts, 1, counts.len()).unwrap(), Some(&[population]), None).unwrap().rows.remove(0)
}

proptest! {
    #[test]
    fn moving_people_to_a_worse_phase_never_lowers_the_area(shares in shares(), from in 0..5_usize, to in 0..5_usize, part in 0.0..=1.0_f64) {
        let (from, to) = (from.min(to), from.max(to));
        let mut worse = shares.clone();
        let moved = shares[from] * part;
        worse[from] -= moved;
        worse[to] += moved;
        prop_assert!(area(0.2, &worse).phase >= area(0.2, &shares).phase);
    }

    #[test]
    fn asking_for_a_larger_share_never_raises_the_phase(shares in shares(), small in 0.01..=1.0_f64, large in 0.01..=1.0_f64) {
        let (small, large) = (small.min(large), small.max(large));
        prop_assert!(area(large, &shares).phase <= area(small, &shares).phase);
    }

    #[test]
    fn the_phase_is_the_worst_whose_share_suffices(shares in shares(), twentieths in 1..=20_u32) {
        let whole: Vec<u32> = shares.iter().map(|s| (s * 20.0).round() as u32).collect();
        let worst = (2..=5_u8).rev().find(|p| whole[usize::from(*p) - 1..].iter().sum::<u32>() >= twentieths).unwrap_or(1);
        let found = area(f64::from(twentieths) / 20.0, &shares);
        prop_assert_eq!(found.phase, Some(worst));
        let reached = f64::from(whole[usize::from(worst) - 1..].iter().sum::<u32>()) / 20.0;
        prop_assert!((found.share_at_or_above.unwrap() - reached).abs() < 1e-12);
    }

    #[test]
    fn a_missing_share_is_never_nobody(shares in shares(), at in 0..5_usize) {
        let mut missing = shares.clone();
        missing[at] = f64::NAN;
        let row = area(0.2, &missing);
        prop_assert_eq!((row.phase, row.share_at_or_above, row.reason), (None, None, Some("a share is missing")));
    }

    #[test]
    fn order_of_rows_changes_nothing(rows in prop::collection::vec(shares(), 1..6)) {
        let phases = |rows: &[Vec<f64>]| {
            let flat = rows.concat();
            AreaPhase::default().run(&Grid::new(&flat, rows.len(), 5).unwrap()).unwrap().rows
        };
        let forward = phases(&rows);
        let mut backward = phases(&rows.iter().rev().cloned().collect::<Vec<_>>());
        backward.reverse();
        prop_assert_eq!(forward, backward);
    }

    #[test]
    fn a_worse_sector_never_lowers_the_severity(sectors in sectors(), at in any::<prop::sample::Index>(), worse in 0.0..=5.0_f64) {
        let at = at.index(sectors.len());
        let mut raised = sectors.clone();
        raised[at] = sectors[at].max(worse);
        let (before, after) = (severe(&sectors), severe(&raised));
        prop_assert!(after.lower >= before.lower);
        // what a missing sector turns out to be stays inside the bounds
        if sectors[at].is_nan() {
            prop_assert!((before.lower..=before.upper).contains(&after.lower) && after.upper <= before.upper);
        }
    }

    #[test]
    fn order_of_sectors_changes_nothing_and_bounds_hold_the_severity(sectors in sectors()) {
        let mut turned = sectors.clone();
        turned.reverse();
        let (one, other) = (severe(&sectors), severe(&turned));
        prop_assert_eq!((one.severity, one.lower, one.upper, &one.flags), (other.severity, other.lower, other.upper, &other.flags));
        prop_assert!(one.severity.is_none_or(|s| s == one.lower) && one.lower <= one.upper);
        prop_assert_eq!(one.insufficient, one.sectors < 4);
        prop_assert_eq!(one.severity.is_none(), one.sectors == 0);
    }

    #[test]
    fn the_joint_figure_is_the_largest_and_never_the_sum(counts in counts(), population in 2000.0..9000.0_f64) {
        let row = need(&counts, population);
        let known: Vec<f64> = counts.iter().copied().filter(|n| !n.is_nan()).collect();
        let largest = known.iter().copied().reduce(f64::max);
        prop_assert_eq!((row.joint, row.lower), (largest, largest));
        if let Some(joint) = row.joint {
            let upper = row.upper.unwrap();
            prop_assert!(joint <= upper && upper <= population);
            if known.len() == counts.len() {
                prop_assert!(upper <= known.iter().sum::<f64>());
            } else {
                prop_assert_eq!(upper, population);
            }
        }
        let mut turned = counts.clone();
        turned.reverse();
        let other = need(&turned, population);
        prop_assert_eq!((row.joint, row.upper, row.flags), (other.joint, other.upper, other.flags));
    }

    #[test]
    fn a_missing_sector_is_not_an_empty_one(counts in counts(), at in any::<prop::sample::Index>()) {
        let at = at.index(counts.len());
        let (mut missing, mut zero) = (counts.clone(), counts);
        (missing[at], zero[at]) = (f64::NAN, 0.0);
        let (missing, zero) = (need(&missing, 5000.0), need(&zero, 5000.0));
        prop_assert!(missing.flags.contains(&"sector-missing") && missing.upper == Some(5000.0));
        prop_assert!(zero.flags.contains(&"sector-zero"));
        prop_assert!(missing.upper >= zero.upper);
    }

    #[test]
    fn totals_are_of_disjoint_rows_alone(rows in prop::collection::vec(counts(), 1..4)) {
        let columns = rows.iter().map(Vec::len).max().unwrap();
        let flat: Vec<f64> = rows.iter().flat_map(|row| row.iter().copied().chain(std::iter::repeat(f64::NAN)).take(columns)).collect();
        let run = |disjoint| {
            let settings = PeopleInNeed { disjoint, ..Default::default() };
            settings.run(&Grid::new(&flat, rows.len(), columns).unwrap(), None, None).unwrap()
        };
        let (apart, maybe) = (run(true), run(false));
        let joints: Option<f64> = apart.rows.iter().map(|r| r.joint).sum();
        prop_assert_eq!(apart.total, joints);
        prop_assert_eq!(maybe.total, None);
        prop_assert_eq!(apart.total_upper, maybe.total_upper);
        if let Some(total) = apart.total {
            prop_assert!(apart.total_lower.unwrap() <= total + 1e-9 && apart.total_upper.is_none_or(|upper| upper + 1e-9 >= total));
        }
        prop_assert!(maybe.total_lower <= apart.total_lower);
    }
}
