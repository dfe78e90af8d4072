//! How far apart two numbers are, as a difference and as a ratio, with the interval that their doubt allows.

use super::counter::Counter;
use super::quantiles;
use super::spread::Spread;
use super::tails::tails;

/// How sure a number is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// Nobody says.
    None,
    /// A standard error.
    StandardError(f64),
    /// Lower and upper end of its support.
    Range(f64, f64),
}

/// What an interval rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing: there is no interval.
    None,
    /// Standard errors alone, by the delta method.
    StandardError,
    /// Draws over ranges (and normal draws where one side has a standard error).
    Draws,
}

/// Difference and ratio of two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// First - second.
    pub difference: f64,
    /// Its interval.
    pub difference_ends: Option<(f64, f64)>,
    /// First / second; none unless both are above 0.
    pub ratio: Option<f64>,
    /// Its interval, on the logarithm.
    pub ratio_ends: Option<(f64, f64)>,
    /// What the intervals rest on.
    pub basis: Basis,
}

/// How intervals are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Probability between the ends.
    pub level: f64,
    /// Draws, where there are ranges.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// A number with its doubt as draws from it.
fn drawn(value: f64, doubt: Doubt, interval: &Interval, parameter: u64) -> Vec<f64> {
    let numbers = Counter::new(interval.seed, parameter);
    let shares = (0..u64::from(interval.draws)).map(|draw| numbers.uniform(draw));
    match doubt {
        Doubt::None => shares.map(|_| value).collect(),
        Doubt::Range(low, high) => {
            let spread = Spread::pert(low, value.clamp(low, high), high);
            shares.map(|share| spread.quantile(share)).collect()
        }
        // two-sided level of a share: normal() gives the half-width of a central interval
        Doubt::StandardError(error) => shares
            .map(|share| {
                let half = quantiles::normal((2.0 * share - 1.0).abs()).unwrap_or(0.0);
                value + error * if share < 0.5 { -half } else { half }
            })
            .collect(),
    }
}

/// Difference and ratio of two independent numbers.
///
/// # Method
/// With standard errors alone: difference ± z √(s₁² + s₂²), and ln ratio ± z √((s₁/x₁)² + (s₂/x₂)²). Where either side has a range: PERT draws
/// over the range, normal ones where there is a standard error, and quantiles of difference and ratio. A side without doubt counts as exact.
pub fn contrast(first: (f64, Doubt), second: (f64, Doubt), interval: &Interval, parameters: (u64, u64)) -> Contrast {
    let ((x, x_doubt), (y, y_doubt)) = (first, second);
    let ratio = (x > 0.0 && y > 0.0).then(|| x / y);
    let mut found = Contrast { difference: x - y, difference_ends: None, ratio, ratio_ends: None, basis: Basis::None };
    let error = |doubt: Doubt| match doubt {
        Doubt::None => Some(0.0),
        Doubt::StandardError(error) => Some(error),
        Doubt::Range(..) => None,
    };
    if x_doubt == Doubt::None && y_doubt == Doubt::None {
        return found;
    }
    if let Some((s, t)) = error(x_doubt).zip(error(y_doubt)) {
        let Some(z) = quantiles::normal(interval.level) else { return found };
        let half = z * s.hypot(t);
        found.basis = Basis::StandardError;
        found.difference_ends = Some((found.difference - half, found.difference + half));
        found.ratio_ends = ratio.map(|r| {
            let factor = (z * (s / x).hypot(t / y)).exp();
            (r / factor, r * factor)
        });
        return found;
    }
    found.basis = Basis::Draws;
    let (first, second) = (drawn(x, x_doubt, interval, parameters.0), drawn(y, y_doubt, interval, parameters.1));
    let tail = 0.5 * (1.0 - interval.level);
    let mut scratch = Vec::new();
    let mut ends = |mut row: Vec<f64>| tails(&mut row, tail, &mut scratch).map(|[low, high]| (low, high));
    found.difference_ends = ends(first.iter().zip(&second).map(|(a, b)| a - b).collect());
    let logs: Vec<f64> = first.iter().zip(&second).filter(|(a, b)| **a > 0.0 && **b > 0.0).map(|(a, b)| (a / b).ln()).collect();
    // a draw without a ratio would cut the interval short
    found.ratio_ends = if ratio.is_some() && logs.len() == first.len() { ends(logs).map(|(a, b)| (a.exp(), b.exp())) } else { None };
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Interval = Interval { level: 0.95, draws: 4000, seed: 0 };

    #[test]
    fn standard_errors_by_the_delta_method() {
        let found = contrast((0.4, Doubt::StandardError(0.03)), (0.2, Doubt::StandardError(0.04)), &INTERVAL, (0, 1));
        let (low, high) = found.difference_ends.unwrap();
        // 0.2 ± 1.959964 x 0.05
        assert!((low - 0.102_001_8).abs() < 1e-6 && (high - 0.297_998_2).abs() < 1e-6, "{low} {high}");
        let (low, high) = found.ratio_ends.unwrap();
        // 2 x exp(± 1.959964 x √(0.075² + 0.2²))
        assert!((low - 1.315_871).abs() < 1e-6 && (high - 3.039_812).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn draws_hold_the_point_and_agree_with_the_normal() {
        let found = contrast((0.4, Doubt::Range(0.3, 0.5)), (0.2, Doubt::None), &INTERVAL, (0, 1));
        let (low, high) = found.difference_ends.unwrap();
        assert!(low > 0.1 && low < 0.2 && high > 0.2 && high < 0.3 && found.basis == Basis::Draws);
        assert!((low + high - 0.4).abs() < 5e-3);
        let normal = drawn(0.0, Doubt::StandardError(1.0), &INTERVAL, 3);
        let mean = normal.iter().sum::<f64>() / normal.len() as f64;
        let square = normal.iter().map(|x| x * x).sum::<f64>() / normal.len() as f64;
        assert!(mean.abs() < 0.05 && (square - 1.0).abs() < 0.07, "{mean} {square}");
    }

    #[test]
    fn without_doubt_there_is_no_interval_and_of_nothing_no_ratio() {
        let found = contrast((0.4, Doubt::None), (0.0, Doubt::None), &INTERVAL, (0, 1));
        assert_eq!((found.difference_ends, found.ratio, found.ratio_ends, found.basis), (None, None, None, Basis::None));
    }
}
