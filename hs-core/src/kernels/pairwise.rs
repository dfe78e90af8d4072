//! Two measurements of the same things: weighted kappa, and the limits within which they agree.
// categories index tables of their own number
#![allow(clippy::indexing_slicing)]

use super::quantiles::{normal, student};

/// How much a disagreement by some categories counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighing {
    /// Every disagreement alike.
    None,
    /// By categories apart.
    Linear,
    /// By the square of it.
    Quadratic,
}

/// Cohen's weighted kappa of categories 0, 1, ..: `1 - Σ v o / Σ v e`, v the weight of a disagreement, o and e what was found and what the
/// margins lead one to expect. None where nothing is expected to differ, or nothing was measured.
pub fn kappa(first: &[usize], second: &[usize], categories: usize, weighing: Weighing) -> Option<f64> {
    if first.len() != second.len() || first.is_empty() || first.iter().chain(second).any(|c| *c >= categories) {
        return None;
    }
    let (mut a, mut b) = (vec![0.0; categories], vec![0.0; categories]);
    let weight = |i: usize, j: usize| {
        let apart = i.abs_diff(j) as f64;
        match weighing {
            Weighing::None => f64::from(u8::from(i != j)),
            Weighing::Linear => apart,
            Weighing::Quadratic => apart * apart,
        }
    };
    let mut found = 0.0;
    for (i, j) in first.iter().zip(second) {
        a[*i] += 1.0;
        b[*j] += 1.0;
        found += weight(*i, *j);
    }
    let cells = a.iter().enumerate().flat_map(|(i, x)| b.iter().enumerate().map(move |(j, y)| (i, j, x * y)));
    let expected = cells.map(|(i, j, product)| weight(i, j) * product).sum::<f64>() / first.len() as f64;
    (expected > 0.0).then(|| 1.0 - found / expected)
}

/// A number with the ends of its interval.
pub type Ends = (f64, Option<(f64, f64)>);

/// How far apart two measurements lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Mean difference.
    pub bias: Ends,
    /// Its standard deviation.
    pub deviation: Option<f64>,
    /// Bias less `multiple` deviations.
    pub lower: Option<Ends>,
    /// Bias plus as much.
    pub upper: Option<Ends>,
}

/// Limits of agreement (Bland and Altman 1986, 1999): `d ± z s`, the standard error of the mean `s/√n`, that of a limit
/// `s √(1/n + z²/(2(n-1)))`, by t of n - 1. None without differences.
pub fn limits(differences: &[f64], multiple: Option<f64>, level: f64) -> Option<Limits> {
    if differences.is_empty() {
        return None;
    }
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    if differences.len() < 2 {
        return Some(Limits { bias: (mean, None), deviation: None, lower: None, upper: None });
    }
    let deviation = (differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0)).sqrt();
    let z = multiple.or_else(|| normal(0.95))?;
    let t = student(level, n - 1.0)?;
    let about = |value: f64, error: f64| (value, Some((value - t * error, value + t * error)));
    let wide = deviation * (1.0 / n + z * z / (2.0 * (n - 1.0))).sqrt();
    Some(Limits {
        bias: about(mean, deviation / n.sqrt()),
        deviation: Some(deviation),
        lower: Some(about(mean - z * deviation, wide)),
        upper: Some(about(mean + z * deviation, wide)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_by_hand() {
        // 2 of 3 alike; margins 1/3 each: expected 2/3 differ, found 1/3
        assert!((kappa(&[0, 1, 2], &[0, 1, 1], 3, Weighing::None).unwrap() - (1.0 - (1.0 / 3.0) / (2.0 / 3.0))).abs() < 1e-15);
        assert_eq!(kappa(&[1, 1], &[1, 1], 2, Weighing::Linear), None);
        assert_eq!(kappa(&[0, 2, 1], &[0, 2, 1], 3, Weighing::Quadratic), Some(1.0));
        assert_eq!(kappa(&[0, 3], &[0, 1], 3, Weighing::Linear), None);
    }
}
