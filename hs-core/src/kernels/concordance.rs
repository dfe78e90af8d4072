//! Kendall's coefficient of concordance W, and how often chance alone brings as much.
//!
//! Ranks come by row, one row a rater, each row with the ranks of `items` items, ties at the mean of their places.
// rows are taken by chunks of `items`, which is checked once
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use super::counter::Counter;
use super::quantiles::chi_squared_tail;
use super::{Tick, cancelled};
use crate::Result;

/// W and its chi-squared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// `12 S / (m²(n³ - n) - m T)`, 0 to 1.
    pub w: f64,
    /// `m (n - 1) W`.
    pub chi_squared: f64,
    /// Chance of as much by chi-squared of `n - 1` degrees of freedom.
    pub p_value: f64,
}

/// Arrangements of one row that the exact distribution goes through at the most.
const MOST_ARRANGEMENTS: usize = 5040;
/// Items up to which an exact distribution is tried.
pub const EXACT_ITEMS: usize = 7;
/// Sums of ranks that are looked up, and comparisons of the last row.
const MOST_STATES: u64 = 150_000;
const MOST_LAST: u64 = 3_000_000;

/// W with ties corrected; none below 2 raters or 2 items, or where every row is one tie.
pub fn concordance(ranks: &[f64], raters: usize, items: usize) -> Option<Concordance> {
    if raters < 2 || items < 2 || ranks.len() != raters * items {
        return None;
    }
    let (m, n) = (raters as f64, items as f64);
    let mean = m * (n + 1.0) / 2.0;
    let spread: f64 = sums(ranks, items).iter().map(|r| (r - mean) * (r - mean)).sum();
    let ties: f64 = ranks.chunks_exact(items).map(tied).sum();
    let most = m * m * (n * n * n - n) - m * ties;
    if most <= 1e-9 {
        return None;
    }
    let w = (12.0 * spread / most).clamp(0.0, 1.0);
    let chi_squared = m * (n - 1.0) * w;
    let degrees = u32::try_from(items - 1).ok()?;
    Some(Concordance { w, chi_squared, p_value: chi_squared_tail(chi_squared, degrees) })
}

/// Sum of the ranks of each item.
pub fn sums(ranks: &[f64], items: usize) -> Vec<f64> {
    let mut sums = vec![0.0; items];
    for row in ranks.chunks_exact(items) {
        sums.iter_mut().zip(row).for_each(|(s, r)| *s += r);
    }
    sums
}

/// Σ (t³ - t) over the ties of a row.
fn tied(row: &[f64]) -> f64 {
    let mut sorted = row.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|t| t.len() as f64).map(|t| t * t * t - t).sum()
}

/// Twice the ranks, which are whole numbers.
fn doubled(ranks: &[f64]) -> Vec<i64> {
    ranks.iter().map(|r| (2.0 * r).round() as i64).collect()
}

/// Every different arrangement of a row, one after the other; none where there are too many.
pub(super) fn arrangements(row: &[i64], most: usize) -> Option<Vec<Vec<i64>>> {
    let mut now = row.to_vec();
    now.sort_unstable();
    let mut all = vec![now.clone()];
    // the next one in the order of a dictionary
    while let Some(at) = (1..now.len()).rev().find(|&i| now[i - 1] < now[i]) {
        let with = (at..now.len()).rev().find(|&i| now[i] > now[at - 1])?;
        now.swap(at - 1, with);
        now[at..].reverse();
        if all.len() >= most {
            return None;
        }
        all.push(now.clone());
    }
    Some(all)
}

/// The chance that ranks handed out evenly within each row (its ties kept) agree as much or more; none where the work would be too much.
///
/// # Complexity
/// The different sums of ranks times the arrangements of a row, at most some million steps.
pub fn exact(ranks: &[f64], raters: usize, items: usize) -> Option<f64> {
    if raters < 2 || !(2..=EXACT_ITEMS).contains(&items) || ranks.len() != raters * items {
        return None;
    }
    let doubled = doubled(ranks);
    let observed: i64 = (0..items).map(|i| doubled.iter().skip(i).step_by(items).sum::<i64>()).map(|s| s * s).sum();
    let mut rows = doubled.chunks_exact(items).map(|row| arrangements(row, MOST_ARRANGEMENTS)).collect::<Option<Vec<_>>>()?;
    // the first row may stay as it is, for only how the others lie to it counts: it is the dearest
    rows.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let first = rows.first()?.first()?.clone();
    let last = rows.last()?;
    let mut states: BTreeMap<Vec<i64>, f64> = [(first, 1.0)].into();
    let mut work = 0_u64;
    for row in rows.get(1..raters - 1)? {
        work += states.len() as u64 * row.len() as u64;
        if work > MOST_STATES {
            return None;
        }
        let chance = 1.0 / row.len() as f64;
        let mut next = BTreeMap::new();
        for (state, weight) in &states {
            for arrangement in row {
                let mut sum: Vec<i64> = state.iter().zip(arrangement).map(|(s, r)| s + r).collect();
                sum.sort_unstable();
                *next.entry(sum).or_insert(0.0) += weight * chance;
            }
        }
        states = next;
    }
    if states.len() as u64 * last.len() as u64 > MOST_LAST {
        return None;
    }
    let own: i64 = last.first()?.iter().map(|r| r * r).sum();
    let mut chance = 0.0;
    for (state, weight) in &states {
        let fixed = own + state.iter().map(|s| s * s).sum::<i64>();
        let reach = |row: &&Vec<i64>| fixed + 2 * state.iter().zip(*row).map(|(s, r)| s * r).sum::<i64>() >= observed;
        chance += weight * last.iter().filter(reach).count() as f64 / last.len() as f64;
    }
    Some(chance.min(1.0))
}

/// The same chance from `draws` random arrangements: (1 + as many as agree as much) / (1 + draws).
///
/// # Errors
/// `Cancelled`.
pub fn permutation(ranks: &[f64], raters: usize, items: usize, draws: u64, seed: u64, tick: Tick<'_>) -> Result<Option<f64>> {
    if raters < 2 || items < 2 || ranks.len() != raters * items || draws == 0 {
        return Ok(None);
    }
    let mut rows = doubled(ranks);
    // rows in an order of their own, so that the order of raters changes nothing
    let mut sorted: Vec<Vec<i64>> = rows.chunks_exact(items).map(<[i64]>::to_vec).collect();
    let square = |rows: &[i64]| -> i64 { (0..items).map(|i| rows.iter().skip(i).step_by(items).sum::<i64>()).map(|s| s * s).sum() };
    let observed = square(&rows);
    sorted.iter_mut().for_each(|row| row.sort_unstable());
    sorted.sort();
    let mut reached = 0_u64;
    for draw in 0..draws {
        if draw % 256 == 0 && !tick(draw) {
            return Err(cancelled());
        }
        for (rater, (row, from)) in rows.chunks_exact_mut(items).zip(&sorted).enumerate() {
            row.copy_from_slice(from);
            let numbers = Counter::new(seed, rater as u64);
            for at in (1..items).rev() {
                let other = (numbers.uniform(draw * items as u64 + at as u64) * (at + 1) as f64) as usize;
                row.swap(at, other.min(at));
            }
        }
        reached += u64::from(square(&rows) >= observed);
    }
    Ok(Some((1 + reached) as f64 / (1 + draws) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn by_hand() {
        // three raters of one mind: W = 1; of 6² arrangements beside the first row one agrees as much
        let ranks = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
        let found = concordance(&ranks, 3, 3).unwrap();
        assert!((found.w - 1.0).abs() < 1e-15 && (found.chi_squared - 6.0).abs() < 1e-12);
        assert!((exact(&ranks, 3, 3).unwrap() - 1.0 / 36.0).abs() < 1e-15);
        assert_eq!(concordance(&[1.5, 1.5, 1.5, 1.5], 2, 2), None);
        assert_eq!(concordance(&[1.0, 2.0], 1, 2), None);
        assert!(exact(&[1.0; 16], 2, 8).is_none());
    }

    #[test]
    fn random_arrangements_come_near_the_exact_chance() {
        let ranks = [1.0, 2.0, 3.5, 3.5, 2.0, 1.0, 3.0, 4.0, 1.0, 3.0, 2.0, 4.0];
        let (exact, drawn) = (exact(&ranks, 3, 4).unwrap(), permutation(&ranks, 3, 4, 4000, 1, &never).unwrap().unwrap());
        assert!((exact - drawn).abs() < 4.0 * (exact * (1.0 - exact) / 4000.0_f64).sqrt(), "{exact} {drawn}");
    }
}
