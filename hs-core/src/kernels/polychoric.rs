//! Correlation of two answers given in steps, as if each cut a normal one into pieces: polychoric correlation.
// positions run below the lengths they were made from
#![allow(clippy::indexing_slicing)]

use std::f64::consts::PI;

use super::quantiles::{normal, normal_upper};

/// The correlation is sought between minus this and this.
const MOST: f64 = 0.9995;
/// Pieces that the way to a correlation is cut into, so that the quadrature stays exact near 1.
const PIECES: usize = 6;

/// Nodes and weights of Gauss and Legendre, 12 on -1 to 1; the half above 0.
const NODES: [(f64, f64); 6] = [
    (0.125_233_408_511_468_9, 0.249_147_045_813_402_8),
    (0.367_831_498_998_180_2, 0.233_492_536_538_354_8),
    (0.587_317_954_286_617_4, 0.203_167_426_723_065_9),
    (0.769_902_674_194_304_7, 0.160_078_328_543_346_2),
    (0.904_117_256_370_474_9, 0.106_939_325_995_318_4),
    (0.981_560_634_246_719_3, 0.047_175_336_386_511_8),
];

/// The z below which a share of the normal lies.
fn quantile(share: f64) -> f64 {
    match share {
        s if s <= 0.0 => f64::NEG_INFINITY,
        s if s >= 1.0 => f64::INFINITY,
        s if s < 0.5 => -normal(1.0 - 2.0 * s).unwrap_or(0.0),
        s => normal(2.0 * s - 1.0).unwrap_or(0.0),
    }
}

/// P(X <= h, Y <= k) of two normals of correlation r: the product of the two and Plackett's integral, taken over the angle whose sine is r.
fn below(h: f64, k: f64, r: f64) -> f64 {
    let (low, high) = (normal_upper(-h), normal_upper(-k));
    if !h.is_finite() || !k.is_finite() {
        // at plus infinity the other alone decides, at minus infinity nothing is left
        return low * high;
    }
    let end = r.asin();
    let half = end / (2.0 * PIECES as f64);
    let mut sum = 0.0;
    for piece in 0..PIECES {
        let middle = half * (2.0 * piece as f64 + 1.0);
        for (node, weight) in NODES.iter().flat_map(|(x, w)| [(-x, *w), (*x, *w)]) {
            let (sine, cosine) = (middle + half * node).sin_cos();
            sum += weight * (-(h * h + k * k - 2.0 * h * k * sine) / (2.0 * cosine * cosine)).exp();
        }
    }
    low * high + sum * half / (2.0 * PI)
}

/// The polychoric correlation of a table of counts (`rows` x `columns`), in two steps (Olsson 1979): cuts from the margins, then the correlation of greatest
/// likelihood. None where a margin has one step alone, or where the likelihood rises to the very end of the range.
///
/// # Complexity
/// Cells times some sixty looks at a double integral.
pub fn polychoric(counts: &[f64], rows: usize, columns: usize) -> Option<f64> {
    if counts.len() != rows * columns {
        return None;
    }
    let total: f64 = counts.iter().sum();
    let steps = |sums: Vec<f64>| -> Vec<f64> {
        let mut seen = 0.0;
        sums.iter()
            .map(|n| {
                seen += n;
                quantile((seen / total).min(1.0))
            })
            .collect()
    };
    let of_rows: Vec<f64> = (0..rows).map(|i| counts[i * columns..(i + 1) * columns].iter().sum()).collect();
    let of_columns: Vec<f64> = (0..columns).map(|j| (0..rows).map(|i| counts[i * columns + j]).sum()).collect();
    let several = |sums: &[f64]| sums.iter().filter(|n| **n > 0.0).count() > 1;
    if total <= 0.0 || !several(&of_rows) || !several(&of_columns) {
        return None;
    }
    let (h, mut k) = (steps(of_rows), steps(of_columns));
    let h: Vec<f64> = h.iter().take(rows - 1).copied().chain([f64::INFINITY]).collect();
    if let Some(last) = k.last_mut() {
        *last = f64::INFINITY;
    }
    let likelihood = |r: f64| {
        let mut sum = 0.0;
        let mut before = vec![0.0; columns + 1];
        for i in 0..rows {
            let mut here = vec![0.0; columns + 1];
            for j in 0..columns {
                here[j + 1] = below(h[i], k[j], r);
                let cell = here[j + 1] - here[j] - before[j + 1] + before[j];
                if counts[i * columns + j] > 0.0 {
                    sum += counts[i * columns + j] * cell.max(1e-300).ln();
                }
            }
            before = here;
        }
        sum
    };
    // thirds by the golden section: the likelihood has one top
    let share = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-MOST, MOST);
    let (mut a, mut b) = (high - share * (high - low), low + share * (high - low));
    let (mut at_a, mut at_b) = (likelihood(a), likelihood(b));
    while high - low > 1e-9 {
        if at_a < at_b {
            (low, a, at_a) = (a, b, at_b);
            b = low + share * (high - low);
            at_b = likelihood(b);
        } else {
            (high, b, at_b) = (b, a, at_a);
            a = high - share * (high - low);
            at_a = likelihood(a);
        }
    }
    let found = 0.5 * (low + high);
    (found.abs() < MOST - 1e-6).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_in_halves_the_correlation_is_a_sine() {
        // Sheppard 1899: both cut at the middle, P(both below) = 1/4 + asin(r) / 2π
        for share in [0.05, 0.2, 0.3, 0.4, 0.45] {
            let counts = [share, 0.5 - share, 0.5 - share, share].map(|p| 1000.0 * p);
            let wanted = (2.0 * PI * (share - 0.25)).sin();
            assert!((polychoric(&counts, 2, 2).unwrap() - wanted).abs() < 1e-7, "{share}");
        }
        assert!(polychoric(&[5.0; 4], 2, 2).unwrap().abs() < 1e-7);
    }

    #[test]
    fn steps_cut_from_a_known_correlation_give_it_back() {
        // cells of a normal pair of correlation 0.6 cut at -1, 0.3 and at -0.5, 0.8
        let (h, k) = ([-1.0, 0.3, f64::INFINITY], [-0.5, 0.8, f64::INFINITY]);
        let under = |i: usize, j: usize| if i == 0 || j == 0 { 0.0 } else { below(h[i - 1], k[j - 1], 0.6) };
        let counts: Vec<f64> =
            (0..9).map(|c| (c / 3, c % 3)).map(|(i, j)| under(i + 1, j + 1) - under(i, j + 1) - under(i + 1, j) + under(i, j)).collect();
        assert!((polychoric(&counts, 3, 3).unwrap() - 0.6).abs() < 1e-6);
        let turned: Vec<f64> = counts.chunks(3).rev().flatten().copied().collect();
        assert!((polychoric(&turned, 3, 3).unwrap() + 0.6).abs() < 1e-6);
    }

    #[test]
    fn one_step_or_full_agreement_has_no_correlation() {
        assert_eq!(polychoric(&[3.0, 4.0], 1, 2), None);
        assert_eq!(polychoric(&[3.0, 0.0, 4.0, 0.0], 2, 2), None);
        assert_eq!(polychoric(&[5.0, 0.0, 0.0, 5.0], 2, 2), None);
        assert_eq!(polychoric(&[0.0; 4], 2, 2), None);
    }
}
