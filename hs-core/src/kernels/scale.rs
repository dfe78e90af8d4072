//! How far several items measure one thing: alpha, its interval, and omega of a model with one factor.
//!
//! Rows are complete; columns are items.
// positions run below the lengths they were made from
#![allow(clippy::indexing_slicing)]

use super::quantiles::beta;

/// Steps of the factor model at the most.
const MOST_STEPS: usize = 20_000;
/// Least share of an item's variance that is its own.
const LEAST_OWN: f64 = 1e-4;

/// Means and covariances (divided by n - 1) of the columns; none below 2 rows.
pub fn covariances(rows: &[f64], items: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let n = rows.len() / items.max(1);
    if n < 2 || items == 0 {
        return None;
    }
    let mut mean = vec![0.0; items];
    rows.chunks_exact(items).for_each(|row| mean.iter_mut().zip(row).for_each(|(m, x)| *m += x / n as f64));
    let mut covariance = vec![0.0; items * items];
    for row in rows.chunks_exact(items) {
        for i in 0..items {
            for j in 0..items {
                covariance[i * items + j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (n as f64 - 1.0);
            }
        }
    }
    Some((mean, covariance))
}

/// Cronbach's alpha, `k/(k-1) (1 - Σ variances / variance of the sum)`, over the columns that are kept; none below 2 items or without spread.
pub fn alpha(covariance: &[f64], items: usize, kept: impl Fn(usize) -> bool) -> Option<f64> {
    let kept: Vec<usize> = (0..items).filter(|i| kept(*i)).collect();
    let k = kept.len() as f64;
    let own: f64 = kept.iter().map(|i| covariance[i * items + i]).sum();
    let all: f64 = kept.iter().flat_map(|i| kept.iter().map(move |j| (i, j))).map(|(i, j)| covariance[i * items + j]).sum();
    (kept.len() > 1 && all > 1e-12 * own.max(f64::MIN_POSITIVE)).then(|| k / (k - 1.0) * (1.0 - own / all))
}

/// Feldt's interval of alpha (Feldt 1965; Feldt, Woodruff and Salih 1987): `1 - (1 - alpha) F`, F of n - 1 and (n - 1)(k - 1) degrees of freedom.
pub fn feldt(alpha: f64, rows: usize, items: usize, level: f64) -> Option<(f64, f64)> {
    let (a, b) = (rows.checked_sub(1)? as f64, (rows.checked_sub(1)? * items.checked_sub(1)?) as f64);
    let tail = 0.5 * (1.0 - level);
    // F from the beta: x of I_x(a/2, b/2), F = (b/a) x/(1-x)
    let f = |share: f64| beta(share, a / 2.0, b / 2.0).map(|x| b / a * x / (1.0 - x));
    Some((1.0 - (1.0 - alpha) * f(1.0 - tail)?, 1.0 - (1.0 - alpha) * f(tail)?))
}

/// One factor behind all items.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Loading of each item, in its own units.
    pub loadings: Vec<f64>,
    /// Variance each item has of its own.
    pub own: Vec<f64>,
    /// Whether some item's own variance fell to nothing (a Heywood case): the model does not fit.
    pub improper: bool,
    /// Whether the steps came to rest.
    pub converged: bool,
}

impl Factor {
    /// McDonald's omega: `(Σλ)² / ((Σλ)² + Σψ)`.
    pub fn omega(&self) -> f64 {
        let sum: f64 = self.loadings.iter().sum();
        let own: f64 = self.own.iter().sum();
        sum * sum / (sum * sum + own)
    }
}

/// The factor model of greatest likelihood; none below 3 items or where an item does not vary.
///
/// # Method
/// Expectation and maximisation on the correlations (Rubin and Thayer 1982), which never lowers the likelihood; loadings are brought back to the items' units,
/// which this model allows. Turned so that they sum to 0 or more.
///
/// # Complexity
/// Items² a step.
pub fn one_factor(covariance: &[f64], items: usize) -> Option<Factor> {
    let deviation: Vec<f64> = (0..items).map(|i| covariance[i * items + i].max(0.0).sqrt()).collect();
    if items < 3 || deviation.iter().any(|d| *d <= 1e-12) {
        return None;
    }
    let r: Vec<f64> = (0..items * items).map(|at| covariance[at] / (deviation[at / items] * deviation[at % items])).collect();
    // from what each item shares with the others on the mean
    let sum: f64 = r.iter().sum::<f64>().max(1e-9);
    let row = |i: usize| r[i * items..(i + 1) * items].iter().sum::<f64>();
    let mut loading: Vec<f64> = (0..items).map(|i| (row(i) / sum.sqrt()).clamp(-0.95, 0.95)).collect();
    let mut own: Vec<f64> = loading.iter().map(|l| 1.0 - l * l).collect();
    let mut converged = false;
    for _ in 0..MOST_STEPS {
        let scale = 1.0 + loading.iter().zip(&own).map(|(l, p)| l * l / p).sum::<f64>();
        let weight: Vec<f64> = loading.iter().zip(&own).map(|(l, p)| l / p / scale).collect();
        let with: Vec<f64> = (0..items).map(|i| (0..items).map(|j| r[i * items + j] * weight[j]).sum()).collect();
        let square = 1.0 / scale + weight.iter().zip(&with).map(|(w, c)| w * c).sum::<f64>();
        let mut moved = 0.0_f64;
        for i in 0..items {
            let next = with[i] / square;
            moved = moved.max((next - loading[i]).abs());
            loading[i] = next;
            own[i] = (1.0 - next * with[i]).max(LEAST_OWN);
        }
        if moved < 1e-12 {
            converged = true;
            break;
        }
    }
    let turn = if loading.iter().zip(&deviation).map(|(l, d)| l * d).sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
    let improper = own.iter().any(|p| *p <= 10.0 * LEAST_OWN);
    Some(Factor {
        loadings: loading.iter().zip(&deviation).map(|(l, d)| turn * l * d).collect(),
        own: own.iter().zip(&deviation).map(|(p, d)| p * d * d).collect(),
        improper,
        converged,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feldts_interval_as_another_program_prints_it() {
        // MRC Cognition and Brain Sciences Unit, alpha 0.913 of 20 items and 873 persons: 0.9044024 to 0.9211588
        let (lower, upper) = feldt(0.913, 873, 20, 0.95).unwrap();
        assert!((lower - 0.904_402_4).abs() < 1e-7 && (upper - 0.921_158_8).abs() < 1e-7, "{lower} {upper}");
    }

    #[test]
    fn a_factor_is_found_again() {
        // correlations made of loadings 0.9, 0.8, 0.7, 0.6: omega = 3²/(3² + 0.19 + 0.36 + 0.51 + 0.64)
        let loadings = [0.9, 0.8, 0.7, 0.6];
        let r: Vec<f64> = (0..16).map(|at| if at / 4 == at % 4 { 1.0 } else { loadings[at / 4] * loadings[at % 4] }).collect();
        let found = one_factor(&r, 4).unwrap();
        assert!(found.converged && !found.improper);
        assert!((found.omega() - 9.0 / 10.7).abs() < 1e-8, "{}", found.omega());
        assert!((alpha(&r, 4, |_| true).unwrap() - 4.0 / 3.0 * (1.0 - 4.0 / r.iter().sum::<f64>())).abs() < 1e-12);
        assert_eq!(one_factor(&r[..4], 2), None);
    }
}
