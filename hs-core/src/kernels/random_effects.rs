//! Several estimates of one quantity, each with a variance of its own, that also differ among themselves.

use crate::{Error, Result};

use super::quantiles::student;

/// How the variance τ² between estimates is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// `Σ (y-μ)²/(v+τ²) = k-1`, solved for τ².
    PauleMandel,
    /// The method of moments with weights `1/v`.
    DerSimonianLaird,
    /// The greatest of the restricted likelihood.
    Reml,
}

/// What several estimates come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// `μ = Σ w y / Σ w` with `w = 1/(v+τ²)`.
    pub estimate: f64,
    /// Standard error after Hartung and Knapp: `√(Σ w (y-μ)² / ((k-1) Σ w))`.
    pub standard_error: f64,
    /// Lower end of the interval with Student's t on k-1 degrees of freedom.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Variance between estimates.
    pub tau_squared: f64,
    /// `τ²/(τ²+s²)`, s² a typical variance within: the share of the spread that is between.
    pub i_squared: f64,
    /// Cochran's `Q = Σ (y-μ₀)²/v` about the mean with τ² = 0.
    pub q: f64,
}

/// The sums at one τ².
struct At {
    mean: f64,
    /// Σw, Σw², Σw³ and Σw(y-μ)², Σw²(y-μ)².
    w: [f64; 3],
    spread: [f64; 2],
}

fn at(values: &[f64], variances: &[f64], tau_squared: f64) -> At {
    let weights = || variances.iter().map(|v| 1.0 / (v + tau_squared));
    let power = |p: i32| weights().map(|w| w.powi(p)).sum::<f64>();
    let total = power(1);
    let mean = values.iter().zip(weights()).map(|(y, w)| w * y).sum::<f64>() / total;
    let spread = |p: i32| values.iter().zip(weights()).map(|(y, w)| w.powi(p) * (y - mean).powi(2)).sum::<f64>();
    At { mean, w: [total, power(2), power(3)], spread: [spread(1), spread(2)] }
}

/// Weights `1/(v+τ²)` that a joint estimate was made with.
pub fn weights(variances: &[f64], tau_squared: f64) -> impl Iterator<Item = f64> + '_ {
    variances.iter().map(move |v| 1.0 / (v + tau_squared))
}

/// Joins estimates with a variance each, at a level of confidence; none for fewer than two.
///
/// # Errors
/// `Argument` for lists of different length, an estimate that is not finite, a variance that is not above 0, a level outside (0, 1).
///
/// # Examples
/// ```
/// use hs_core::kernels::random_effects::{Between, join};
/// // weights 1 and 1: mean 0.4, Q = 0.02/0.01 = 2, τ² = 0.01
/// let joint = join(&[0.3, 0.5], &[0.01, 0.01], Between::PauleMandel, 0.95)?.unwrap();
/// assert!((joint.estimate - 0.4).abs() < 1e-12 && (joint.tau_squared - 0.01).abs() < 1e-12);
/// # Ok::<(), hs_core::Error>(())
/// ```
pub fn join(values: &[f64], variances: &[f64], between: Between, level: f64) -> Result<Option<Joint>> {
    if values.len() != variances.len() {
        return Err(Error::argument(format!("found {} estimates and {} variances", values.len(), variances.len())));
    }
    if values.iter().any(|y| !y.is_finite()) || variances.iter().any(|v| !(v.is_finite() && *v > 0.0)) {
        return Err(Error::argument("estimates must be finite numbers and variances finite numbers above 0"));
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::argument(format!("`level` is {level}, wanted above 0 and below 1")));
    }
    let k = values.len();
    if k < 2 {
        return Ok(None);
    }
    let degrees = (k - 1) as f64;
    let fixed = at(values, variances, 0.0);
    let [w1, w2, _] = fixed.w;
    let q = fixed.spread[0];
    // the same for all: τ² = max(0, (Q - (k-1)) / C) where every variance is the same
    let moments = ((q - degrees) / (w1 - w2 / w1)).max(0.0);
    let tau_squared = match between {
        Between::DerSimonianLaird => moments,
        Between::PauleMandel => falling_root(moments, |t| at(values, variances, t).spread[0] - degrees),
        Between::Reml => falling_root(moments, |t| {
            // the derivative of the restricted log-likelihood, twice over
            let At { w: [w1, w2, _], spread: [_, spread], .. } = at(values, variances, t);
            spread - w1 + w2 / w1
        }),
    };
    let made = at(values, variances, tau_squared);
    let standard_error = (made.spread[0] / (degrees * made.w[0])).sqrt();
    let t = student(level, degrees).ok_or_else(|| Error::internal("no quantile of Student's t"))?;
    let typical = degrees * w1 / (w1 * w1 - w2);
    Ok(Some(Joint {
        estimate: made.mean,
        standard_error,
        lower: made.mean - t * standard_error,
        upper: made.mean + t * standard_error,
        tau_squared,
        i_squared: tau_squared / (tau_squared + typical),
        q,
    }))
}

/// The root at or above 0 of a function that is above 0 before it and below after it; 0 where it is not above 0 there.
fn falling_root(guess: f64, f: impl Fn(f64) -> f64) -> f64 {
    if f(0.0) <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, guess.max(f64::MIN_POSITIVE));
    // a bracket: doubling reaches any finite root
    for _ in 0..2100 {
        if f(high) <= 0.0 {
            break;
        }
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Log relative risks and their variances of 13 trials of BCG vaccine: cases and others among the vaccinated, then among controls.
    /// Colditz et al. 1994, JAMA 271: 698-702, as in `dat.bcg` of metafor (Viechtbauer 2010).
    fn bcg() -> (Vec<f64>, Vec<f64>) {
        let trials = [
            (4, 119, 11, 128),
            (6, 300, 29, 274),
            (3, 228, 11, 209),
            (62, 13536, 248, 12619),
            (33, 5036, 47, 5761),
            (180, 1361, 372, 1079),
            (8, 2537, 10, 619),
            (505, 87886, 499, 87892),
            (29, 7470, 45, 7232),
            (17, 1699, 65, 1600),
            (186, 50448, 141, 27197),
            (5, 2493, 3, 2338),
            (27, 16886, 29, 17825),
        ];
        let of = |(a, b, c, d): (i32, i32, i32, i32)| {
            let [a, b, c, d] = [a, b, c, d].map(f64::from);
            (((a / (a + b)) / (c / (c + d))).ln(), 1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d))
        };
        trials.into_iter().map(of).unzip()
    }

    #[test]
    fn thirteen_trials_as_metafor_has_them() {
        let (y, v) = bcg();
        // metafor prints -0.7141, -0.7145 and -0.7150 with τ² 0.3088, 0.3132 and 0.3181; more digits from numpy and scipy
        for (between, tau, mean, error, lower, upper, share) in [
            (
                Between::DerSimonianLaird,
                0.3087602628623764,
                -0.7141172220732271,
                0.18069662833554748,
                -1.1078213541683288,
                -0.32041308997812545,
                0.9211734685456207,
            ),
            (
                Between::PauleMandel,
                0.3180684522050242,
                -0.7149681534934442,
                0.18089219153762356,
                -1.1090983812022401,
                -0.32083792578464837,
                0.9233033795415325,
            ),
            (
                Between::Reml,
                0.31324325813648124,
                -0.7145323421581393,
                0.18079174409284796,
                -1.108443713685551,
                -0.3206209706307278,
                0.9222138452126897,
            ),
        ] {
            let joint = join(&y, &v, between, 0.95).unwrap().unwrap();
            let found = [joint.tau_squared, joint.estimate, joint.standard_error, joint.lower, joint.upper, joint.i_squared, joint.q];
            for (found, wanted) in found.into_iter().zip([tau, mean, error, lower, upper, share, 152.2330080823734]) {
                assert!((found - wanted).abs() < 1e-10, "{between:?}: {found} for {wanted}");
            }
        }
    }

    #[test]
    fn agreement_leaves_no_variance_between() {
        for between in [Between::PauleMandel, Between::DerSimonianLaird, Between::Reml] {
            let joint = join(&[0.5, 0.5, 0.5], &[0.01, 0.04, 0.02], between, 0.9).unwrap().unwrap();
            assert_eq!((joint.tau_squared, joint.i_squared, joint.lower, joint.upper), (0.0, 0.0, 0.5, 0.5));
            // far apart: τ² is nearly the variance of the estimates
            let joint = join(&[-1e6, 0.0, 1e6], &[1e-9; 3], between, 0.9).unwrap().unwrap();
            assert!((joint.tau_squared / 1e12 - 1.0).abs() < 1e-9, "{}", joint.tau_squared);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(join(&[1.0], &[1.0], Between::Reml, 0.9).unwrap(), None);
        assert!(join(&[1.0, 2.0], &[1.0], Between::Reml, 0.9).is_err());
        assert!(join(&[1.0, 2.0], &[1.0, 0.0], Between::Reml, 0.9).is_err());
        assert!(join(&[1.0, f64::NAN], &[1.0, 1.0], Between::Reml, 0.9).is_err());
        assert!(join(&[1.0, 2.0], &[1.0, 1.0], Between::Reml, 1.0).is_err());
    }
}
