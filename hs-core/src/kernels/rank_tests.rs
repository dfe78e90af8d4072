//! How often chance alone brings as much: two orders side by side, and differences about 0.
//!
//! Exact distributions are conditional on the ties that are there; all chances are two-sided.
// positions run below the lengths they were made from
#![allow(clippy::indexing_slicing)]

use super::concordance::arrangements;
use super::quantiles::{normal_upper, student_upper};
use super::ranks::{TIE, from_greatest, kendall_tau_b, spearman};

/// Items up to which tau with ties is exact.
const TIED_TAU: usize = 8;
/// Items up to which tau without ties is exact.
const PLAIN_TAU: usize = 60;
/// Items up to which Spearman's correlation is exact.
const SPEARMAN: usize = 9;
/// Differences up to which the signed ranks are exact.
const SIGNED: usize = 50;

/// A chance, and whether it is exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// Two-sided.
    pub p_value: f64,
    /// Whether it was counted, not approached.
    pub exact: bool,
}

/// The balance of pairs: concordant less discordant.
fn balance(x: &[f64], y: &[f64]) -> i64 {
    let order = |a: f64, b: f64| if (a - b).abs() <= TIE { 0 } else { 2 * i64::from(a > b) - 1 };
    let pairs = (0..x.len()).flat_map(|i| (i + 1..x.len()).map(move |j| (i, j)));
    pairs.map(|(i, j)| order(x[i], x[j]) * order(y[i], y[j])).sum()
}

/// Sizes of the ties of a list.
fn ties(values: &[f64]) -> Vec<f64> {
    let mut ranks = from_greatest(values);
    ranks.sort_by(f64::total_cmp);
    ranks.chunk_by(|a, b| a == b).map(|t| t.len() as f64).collect()
}

/// The chance of a Kendall's tau-b as far from 0; none where tau is undefined.
///
/// # Method
/// Without ties by the numbers of orders of each balance (to 60 items), with ties by every arrangement of one side (to 8), else normal with
/// the variance for ties (Kendall 1970).
pub fn kendall_p(x: &[f64], y: &[f64]) -> Option<Chance> {
    kendall_tau_b(x, y)?;
    let n = x.len();
    let observed = balance(x, y).abs();
    let (of_x, of_y) = (ties(x), ties(y));
    if of_x.len() == n && of_y.len() == n && n <= PLAIN_TAU {
        // orders of n items by discordant pairs, as shares
        let most = n * (n - 1) / 2;
        let mut shares = vec![1.0];
        for k in 2..=n {
            let mut next = vec![0.0; shares.len() + k - 1];
            for (at, share) in shares.iter().enumerate() {
                next[at..at + k].iter_mut().for_each(|slot| *slot += share / k as f64);
            }
            shares = next;
        }
        let far = shares.iter().enumerate().filter(|(discordant, _)| (most as i64 - 2 * *discordant as i64).abs() >= observed);
        return Some(Chance { p_value: far.map(|(_, share)| share).sum::<f64>().min(1.0), exact: true });
    }
    if n <= TIED_TAU {
        let doubled = |v: &[f64]| from_greatest(v).iter().map(|r| (2.0 * r).round() as i64).collect::<Vec<_>>();
        let (rx, ry) = (doubled(x), doubled(y));
        // pairs that x orders, the higher first
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| rx[*i] > rx[*j]).collect();
        let all = arrangements(&ry, 50_000)?;
        let of = |row: &Vec<i64>| pairs.iter().map(|(i, j)| (row[*i] - row[*j]).signum()).sum::<i64>().abs();
        let far = all.iter().filter(|row| of(row) >= observed).count();
        return Some(Chance { p_value: far as f64 / all.len() as f64, exact: true });
    }
    let count = n as f64;
    let sum = |of: &[f64], f: fn(f64) -> f64| of.iter().map(|t| f(*t)).sum::<f64>();
    let cubic = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    let (pairs, triples) = (|t: f64| t * (t - 1.0), |t: f64| t * (t - 1.0) * (t - 2.0));
    let variance = (cubic(count) - sum(&of_x, cubic) - sum(&of_y, cubic)) / 18.0
        + sum(&of_x, triples) * sum(&of_y, triples) / (9.0 * triples(count))
        + sum(&of_x, pairs) * sum(&of_y, pairs) / (2.0 * pairs(count));
    Some(Chance { p_value: (2.0 * normal_upper(observed as f64 / variance.sqrt())).min(1.0), exact: false })
}

/// The chance of a Spearman's correlation as far from 0; none where it is undefined.
///
/// # Method
/// To 9 items by the distribution of Σ rank x rank over all arrangements, over subsets; else Student's t of n - 2 degrees of freedom.
pub fn spearman_p(x: &[f64], y: &[f64]) -> Option<Chance> {
    let found = spearman(x, y)?;
    let n = x.len();
    if n > SPEARMAN {
        let t = found.abs() * ((n as f64 - 2.0) / (1.0 - found * found).max(f64::MIN_POSITIVE)).sqrt();
        return Some(Chance { p_value: (2.0 * student_upper(t, n as f64 - 2.0)).min(1.0), exact: false });
    }
    let doubled = |v: &[f64]| from_greatest(v).iter().map(|r| (2.0 * r).round() as i64).collect::<Vec<_>>();
    let (a, b) = (doubled(x), doubled(y));
    // the first k of a against every subset of k of b: how many ways give which sum, which is at most Σ of the squares
    let most = a.iter().map(|r| r * r).sum::<i64>().max(b.iter().map(|r| r * r).sum()) as usize;
    let width = most + 1;
    let mut ways = vec![0.0; width << n];
    ways[0] = 1.0;
    for subset in 1..1_usize << n {
        let rank = a[subset.count_ones() as usize - 1];
        let (before, own) = ways.split_at_mut(subset * width);
        for (j, other) in b.iter().enumerate().filter(|(j, _)| subset >> j & 1 == 1) {
            let from = &before[(subset & !(1 << j)) * width..][..width];
            let by = (rank * other) as usize;
            own[by..width].iter_mut().zip(from).for_each(|(slot, ways)| *slot += ways);
        }
    }
    // Σ ranks is known, so the correlation is as far from 0 as the sum from its mean; n times as much stays whole
    let middle: i64 = a.iter().sum::<i64>() * b.iter().sum::<i64>();
    let far = |sum: i64| (n as i64 * sum - middle).abs();
    let observed = far(a.iter().zip(&b).map(|(a, b)| a * b).sum());
    let all = &ways[((1 << n) - 1) * width..];
    let total: f64 = all.iter().sum();
    let hit: f64 = all.iter().enumerate().filter(|(sum, _)| far(*sum as i64) >= observed).map(|(_, ways)| ways).sum();
    Some(Chance { p_value: hit / total, exact: true })
}

/// The chance of signed ranks as far from balance, were the differences even about 0 (Wilcoxon 1945); differences of 0 are left out. None where none
/// is left.
///
/// # Method
/// To 50 differences by the distribution over all signs, ties at mean ranks; else normal with the variance for ties.
pub fn signed_rank_p(differences: &[f64]) -> Option<Chance> {
    let left: Vec<f64> = differences.iter().copied().filter(|d| d.abs() > TIE).collect();
    if left.is_empty() {
        return None;
    }
    // from the least magnitude up
    let ranks = from_greatest(&left.iter().map(|d| -d.abs()).collect::<Vec<_>>());
    let doubled: Vec<usize> = ranks.iter().map(|r| (2.0 * r).round() as usize).collect();
    let total: usize = doubled.iter().sum();
    let plus: usize = doubled.iter().zip(&left).filter(|(_, d)| **d > 0.0).map(|(r, _)| *r).sum();
    let off = (2 * plus).abs_diff(total);
    if left.len() > SIGNED {
        let variance = ranks.iter().map(|r| r * r).sum::<f64>() / 4.0;
        return Some(Chance { p_value: (2.0 * normal_upper(off as f64 / 4.0 / variance.sqrt())).min(1.0), exact: false });
    }
    let mut shares = vec![0.0; total + 1];
    shares[0] = 1.0;
    for rank in doubled {
        for at in (0..=total).rev() {
            let with = if at >= rank { shares[at - rank] } else { 0.0 };
            shares[at] = 0.5 * (shares[at] + with);
        }
    }
    let far = shares.iter().enumerate().filter(|(sum, _)| (2 * sum).abs_diff(total) >= off);
    Some(Chance { p_value: far.map(|(_, share)| share).sum::<f64>().min(1.0), exact: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_chances_as_another_program_gives_them() {
        // scipy.stats.kendalltau([1..5], [1, 3, 2, 5, 4]): tau 0.6, exact p 0.23333
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let y = [1.0, 3.0, 2.0, 5.0, 4.0];
        assert!((kendall_p(&x, &y).unwrap().p_value - 0.233_333_333_333_333_3).abs() < 1e-12);
        // one mind: 2 of 5! orders
        assert!((kendall_p(&x, &x).unwrap().p_value - 2.0 / 120.0).abs() < 1e-15);
        assert!((spearman_p(&x, &x).unwrap().p_value - 2.0 / 120.0).abs() < 1e-15);
        // six differences of one sign: 2 of 2⁶
        assert!((signed_rank_p(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).unwrap().p_value - 2.0 / 64.0).abs() < 1e-15);
        assert_eq!(signed_rank_p(&[0.0, 0.0]), None);
        // scipy.stats.wilcoxon(.., mode="exact")
        assert!((signed_rank_p(&[1.0, -2.0, 3.0, 4.0, -5.0, 6.0, 7.5]).unwrap().p_value - 0.296_875).abs() < 1e-15);
        assert_eq!(kendall_p(&x, &[1.0; 5]), None);
        // ties: one side 1, 1, 2, the other 1, 2, 3: two of the three places of the lone one lie at an end
        assert!((kendall_p(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]).unwrap().p_value - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn where_counting_ends_the_approximation_is_near() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let y: Vec<f64> = [2, 1, 4, 3, 6, 5, 0, 9, 11, 7, 10, 8].iter().map(|v| f64::from(*v)).collect();
        let exact = kendall_p(&x, &y).unwrap();
        let mut tied = y.clone();
        tied[0] = tied[1];
        let near = kendall_p(&x, &tied).unwrap();
        // scipy.stats.kendalltau(.., method="asymptotic"), spearmanr
        assert!((near.p_value - 0.010_985_158_972_948_494).abs() < 1e-12, "{near:?}");
        assert!((spearman_p(&x, &tied).unwrap().p_value - 0.005_329_434_752_570_12).abs() < 1e-12);
        assert!(exact.exact && !near.exact && (exact.p_value - near.p_value).abs() < 0.02, "{exact:?} {near:?}");
    }
}
