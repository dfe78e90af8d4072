//! Do counts fit shares? Exact chances where all outcomes can be gone through, chi-squared beyond.
// positions stay below the number of categories, checked on entry
#![allow(clippy::indexing_slicing)]

use super::quantiles::chi_squared_tail;

/// Outcomes that count as no likelier than the one found, though the last bits differ.
const SLACK: f64 = 1e-7;
/// Most categories of an exact test.
const MOST_CATEGORIES: usize = 64;

/// Ways to share `n` things among `k` categories, as a float: it is compared with a bound.
pub fn outcomes(n: u64, k: usize) -> f64 {
    (1..k).fold(1.0, |ways, i| ways * (n as f64 + i as f64) / i as f64)
}

/// Logarithms of the factorials of 0 to `n`.
fn factorials(n: u64) -> Vec<f64> {
    let mut sum = 0.0;
    let mut table = vec![0.0];
    table.extend((1..=n).map(|i| {
        sum += (i as f64).ln();
        sum
    }));
    table
}

/// Sum of the chances of all outcomes that are no likelier than `found`: `term` gives the logarithm of a category's part.
fn no_likelier(n: u64, ends: &[u64], found: f64, constant: f64, term: &dyn Fn(usize, u64) -> f64) -> f64 {
    let last = ends.len() - 1;
    // what the categories after each one can hold
    let mut room = vec![0_u64; ends.len()];
    for at in (0..last).rev() {
        room[at] = room[at + 1].saturating_add(ends[at + 1]);
    }
    struct Rule<'a> {
        ends: &'a [u64],
        room: &'a [u64],
        bound: f64,
        term: &'a dyn Fn(usize, u64) -> f64,
    }
    fn walk(at: usize, left: u64, sum: f64, rule: &Rule<'_>, total: &mut f64) {
        let Rule { ends, room, bound, term } = *rule;
        if at + 1 == ends.len() {
            let log = sum + term(at, left);
            if left <= ends[at] && log <= bound {
                *total += log.exp();
            }
            return;
        }
        for count in left.saturating_sub(room[at])..=left.min(ends[at]) {
            walk(at + 1, left - count, sum + term(at, count), rule, total);
        }
    }
    let mut total = 0.0;
    walk(0, n, constant, &Rule { ends, room: &room, bound: found + SLACK, term }, &mut total);
    total.min(1.0)
}

/// The chance of an outcome that is no likelier than `counts`, were each drawn by itself with these shares (exact multinomial test).
///
/// Shares are taken relative to their sum. None where there is nothing to test: no counts, fewer than two categories with a share, a
/// share that is no number, or more outcomes than `most`.
///
/// # References
/// Read & Cressie, *Goodness-of-Fit Statistics for Discrete Multivariate Data*, 1988.
pub fn multinomial(counts: &[u64], shares: &[f64], most: f64) -> Option<f64> {
    let mut sorted = shares.to_vec();
    sorted.sort_by(f64::total_cmp);
    let total: f64 = sorted.iter().sum();
    if counts.len() != shares.len() || !(total > 0.0 && total.is_finite()) || shares.iter().any(|s| *s < 0.0) {
        return None;
    }
    if counts.iter().zip(shares).any(|(c, s)| *c > 0 && *s <= 0.0) {
        return Some(0.0);
    }
    let mut pairs: Vec<(u64, f64)> = counts.iter().copied().zip(shares.iter().map(|s| s / total)).filter(|(_, s)| *s > 0.0).collect();
    let n: u64 = counts.iter().try_fold(0_u64, |sum, c| sum.checked_add(*c))?;
    if n == 0 || pairs.len() < 2 || pairs.len() > MOST_CATEGORIES || outcomes(n, pairs.len()) > most {
        return None;
    }
    // one order of adding, whatever the order of the categories
    pairs.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let logs: Vec<f64> = pairs.iter().map(|(_, s)| s.ln()).collect();
    let factorial = factorials(n);
    let term = |at: usize, count: u64| count as f64 * logs[at] - factorial[count as usize];
    let found = factorial[n as usize] + pairs.iter().enumerate().map(|(at, (c, _))| term(at, *c)).sum::<f64>();
    Some(no_likelier(n, &vec![n; pairs.len()], found, factorial[n as usize], &term))
}

/// The chance of an outcome that is no likelier than `counts`, were they drawn without putting back from a population with so many of
/// each category (exact multivariate hypergeometric test).
///
/// None where there is nothing to test, where more are counted than there are, or where there are more outcomes than `most`.
///
/// # References
/// Fisher, *The Design of Experiments*, 1935; Freeman & Halton, Biometrika 38, 1951.
pub fn hypergeometric(counts: &[u64], population: &[u64], most: f64) -> Option<f64> {
    if counts.len() != population.len() || counts.iter().zip(population).any(|(c, p)| c > p) {
        return None;
    }
    let mut pairs: Vec<(u64, u64)> = counts.iter().copied().zip(population.iter().copied()).filter(|(_, p)| *p > 0).collect();
    let n: u64 = counts.iter().try_fold(0_u64, |sum, c| sum.checked_add(*c))?;
    let everyone: u64 = population.iter().try_fold(0_u64, |sum, c| sum.checked_add(*c))?;
    // the table of factorials is as long as the population
    if n == 0 || everyone > 1_000_000 || pairs.len() < 2 || pairs.len() > MOST_CATEGORIES || outcomes(n, pairs.len()) > most {
        return None;
    }
    pairs.sort_by_key(|(c, p)| (*p, *c));
    let factorial = factorials(everyone);
    let choose = |all: u64, some: u64| factorial[all as usize] - factorial[some as usize] - factorial[(all - some) as usize];
    let ends: Vec<u64> = pairs.iter().map(|(_, p)| (*p).min(n)).collect();
    let term = |at: usize, count: u64| if count > pairs[at].1 { f64::NEG_INFINITY } else { choose(pairs[at].1, count) };
    let constant = -choose(everyone, n);
    let found = constant + pairs.iter().map(|(c, p)| choose(*p, *c)).sum::<f64>();
    Some(no_likelier(n, &ends, found, constant, &term))
}

/// Pearson's chi-squared of counts against shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom: categories with a share, less one.
    pub degrees: u32,
    /// The chance of one as great.
    pub p_value: f64,
    /// The smallest count expected.
    pub smallest: f64,
    /// Whether at most a fifth of the counts expected are below 5 and none below 1 (Cochran 1954): else the chance cannot be relied on.
    pub reliable: bool,
}

/// Pearson's chi-squared; none where there is nothing to test or something was counted that has no share.
///
/// # References
/// Pearson 1900; Cochran, *Some methods for strengthening the common χ² tests*, Biometrics 10, 1954.
pub fn chi_squared(counts: &[u64], shares: &[f64]) -> Option<ChiSquared> {
    let total: f64 = shares.iter().sum();
    let n = counts.iter().map(|c| *c as f64).sum::<f64>();
    if counts.len() != shares.len() || !(total > 0.0 && total.is_finite() && n > 0.0) || shares.iter().any(|s| *s < 0.0) {
        return None;
    }
    if counts.iter().zip(shares).any(|(c, s)| *c > 0 && *s <= 0.0) {
        return None;
    }
    let mut cells: Vec<(f64, f64)> =
        counts.iter().zip(shares).filter(|(_, s)| **s > 0.0).map(|(c, s)| (n * s / total, *c as f64)).collect();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let degrees = u32::try_from(cells.len().checked_sub(1)?).ok().filter(|d| *d > 0)?;
    let statistic = cells.iter().map(|(e, c)| (c - e) * (c - e) / e).sum::<f64>();
    let smallest = cells[0].0;
    let below = cells.iter().filter(|(e, _)| *e < 5.0).count();
    let reliable = smallest >= 1.0 && below * 5 <= cells.len();
    Some(ChiSquared { statistic, degrees, p_value: chi_squared_tail(statistic, degrees), smallest, reliable })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: f64 = 1e6;

    #[test]
    fn nine_things_in_three_categories() {
        // R package EMT, multinomial.test(c(5, 2, 2), rep(1/3, 3)): 55 outcomes, p = 0.5306
        // (http://rinterested.github.io/statistics/multinomial_exact.html)
        assert_eq!(outcomes(9, 3), 55.0);
        let p = multinomial(&[5, 2, 2], &[1.0; 3], MOST).unwrap();
        assert!((p - 0.5306).abs() < 5e-5, "{p}");
        // two of ten paws, half and half: McDonald, Handbook of Biological Statistics, exact test of goodness-of-fit, P = 0.109
        let p = multinomial(&[2, 8], &[1.0, 1.0], MOST).unwrap();
        assert!((p - 0.109375).abs() < 1e-12, "{p}");
    }

    #[test]
    fn the_lady_tasting_tea() {
        // R, ?fisher.test, TeaTasting: three of four right, two-sided p = 0.4857; all right: 2 of 70
        let p = hypergeometric(&[3, 1], &[4, 4], MOST).unwrap();
        assert!((p - 34.0 / 70.0).abs() < 1e-12, "{p}");
        let p = hypergeometric(&[4, 0], &[4, 4], MOST).unwrap();
        assert!((p - 2.0 / 70.0).abs() < 1e-12, "{p}");
    }

    #[test]
    fn mendels_peas() {
        // 315, 108, 101, 32 against 9:3:3:1: chi-squared 0.470, p = 0.925
        let found = chi_squared(&[315, 108, 101, 32], &[9.0, 3.0, 3.0, 1.0]).unwrap();
        assert!((found.statistic - 0.470).abs() < 5e-4 && (found.p_value - 0.9254).abs() < 5e-5, "{found:?}");
        assert!(found.reliable && found.degrees == 3 && (found.smallest - 34.75).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_tested() {
        assert_eq!(multinomial(&[0, 0], &[1.0, 1.0], MOST), None);
        assert_eq!(multinomial(&[3], &[1.0], MOST), None);
        assert_eq!(multinomial(&[3, 1], &[1.0, 0.0], MOST), Some(0.0));
        assert_eq!(multinomial(&[500, 500, 500], &[1.0; 3], 1e5), None);
        assert_eq!(multinomial(&[1, 1], &[f64::NAN, 1.0], MOST), None);
        assert_eq!(hypergeometric(&[3, 1], &[2, 5], MOST), None);
        assert!(chi_squared(&[0, 0], &[1.0, 1.0]).is_none());
        assert!(!chi_squared(&[1, 2, 3], &[1.0, 1.0, 1.0]).unwrap().reliable);
    }

    #[test]
    fn order_does_not_matter_and_large_populations_are_as_with_putting_back() {
        let forth = multinomial(&[4, 1, 0, 2], &[0.1, 0.2, 0.3, 0.4], MOST).unwrap();
        let back = multinomial(&[2, 0, 1, 4], &[0.4, 0.3, 0.2, 0.1], MOST).unwrap();
        assert_eq!(forth.to_bits(), back.to_bits());
        let without = hypergeometric(&[4, 1, 0, 2], &[10_000, 20_000, 30_000, 40_000], MOST).unwrap();
        assert!((forth - without).abs() < 1e-3, "{forth} {without}");
    }
}
