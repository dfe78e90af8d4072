//! Numbers of an index: moments, outliers, ranks, means of several kinds.
//!
//! NaN stands for missing throughout; infinite values are refused before they come here.
// Loops run over lengths taken from the slices themselves.
#![allow(clippy::indexing_slicing)]

/// Values that rank as equal: those closer than this share of the greatest magnitude.
const TIE: f64 = 1e-12;

/// The first moments of what is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many values there are.
    pub count: usize,
    /// Their mean; NaN for none.
    pub mean: f64,
    /// Root of the mean squared distance from it.
    pub deviation: f64,
    /// Sample skewness `G1`; NaN below 3 values or without spread.
    pub skewness: f64,
    /// Sample excess kurtosis `G2`; NaN below 4 values or without spread.
    pub kurtosis: f64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
}

/// Moments of a column.
///
/// `G1 = √(n(n-1)) / (n-2) · m3 / m2^1.5`, `G2 = (n-1) / ((n-2)(n-3)) · ((n+1) (m4 / m2² - 3) + 6)`.
pub fn moments(column: &[f64]) -> Moments {
    let there = || column.iter().copied().filter(|x| !x.is_nan());
    let count = there().count();
    let n = count as f64;
    let (least, greatest) = (there().fold(f64::NAN, f64::min), there().fold(f64::NAN, f64::max));
    // from the middle of the range, and in its units, so that large offsets and tiny spreads lose nothing
    let half = (greatest / 2.0 - least / 2.0).max(0.0);
    let middle = least + half;
    let unit = if half > 0.0 { half } else { 1.0 };
    let first = there().map(|x| (x - middle) / unit).sum::<f64>() / n;
    let power = |p: i32| there().map(|x| ((x - middle) / unit - first).powi(p)).sum::<f64>() / n;
    let (m2, m3, m4) = (power(2), power(3), power(4));
    let spread = half > 0.0 && m2 > 0.0;
    let skewness = if count >= 3 && spread { (n * (n - 1.0)).sqrt() / (n - 2.0) * m3 / m2.powf(1.5) } else { f64::NAN };
    let kurtosis =
        if count >= 4 && spread { (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (m4 / (m2 * m2) - 3.0) + 6.0) } else { f64::NAN };
    let mean = if count == 0 { f64::NAN } else { (middle + first * unit).clamp(least, greatest) };
    Moments { count, mean, deviation: m2.sqrt() * unit, skewness, kurtosis, least, greatest }
}

/// Winsorises in place and tells how many points were moved; none where `limit` points did not bring skewness or kurtosis within its bound
/// (then nothing is moved).
pub fn winsorise(column: &mut [f64], skewness: f64, kurtosis: f64, limit: usize) -> Option<usize> {
    let past = |m: &Moments| m.skewness.abs() > skewness && m.kurtosis > kurtosis;
    let mut now = moments(column);
    if !past(&now) {
        return Some(0);
    }
    let mut sorted: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut low, mut high) = (0, 0);
    let mut moved = column.to_vec();
    while past(&now) {
        if now.skewness > 0.0 {
            high += 1
        } else {
            low += 1
        }
        if low + high > limit || low + high >= sorted.len() {
            return None;
        }
        let (floor, ceiling) = (sorted[low], sorted[sorted.len() - 1 - high]);
        // clamp leaves NaN as it is
        moved.iter_mut().zip(&*column).for_each(|(m, x)| *m = x.clamp(floor, ceiling));
        now = moments(&moved);
    }
    column.copy_from_slice(&moved);
    Some(low + high)
}

/// Ranks from 1 for the least, ties averaged; NaN where missing. Values closer than 1e-12 of the greatest magnitude to the next tie with it.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).filter(|&i| !values[i as usize].is_nan()).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
    let slack = TIE * order.iter().map(|&i| values[i as usize].abs()).fold(0.0, f64::max);
    let mut ranks = vec![f64::NAN; values.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        while to < order.len() && values[order[to] as usize] - values[order[to - 1] as usize] <= slack {
            to += 1;
        }
        // the mean of from + 1 ..= to
        let rank = (from + to + 1) as f64 / 2.0;
        order[from..to].iter().for_each(|&i| ranks[i as usize] = rank);
        from = to;
    }
    ranks
}

/// Ranks from 1 for the greatest, ties averaged.
pub fn ranks_from_the_top(values: &[f64]) -> Vec<f64> {
    let turned: Vec<f64> = values.iter().map(|x| -x).collect();
    ranks(&turned)
}

/// A way to make one number of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mean {
    /// `Σ w x`.
    Arithmetic,
    /// `Π x^w`.
    Geometric,
    /// `1 / Σ (w / x)`.
    Harmonic,
    /// `m ± v / m` with mean m and variance v.
    MeanVariance {
        /// Whether the penalty is added.
        plus: bool,
    },
    /// Geometric from the upper end: `high - (Π s^w - 1) / 9 (high - low)`, `s = 1 + 9 (high - x) / (high - low)`.
    Reversed {
        /// Lower end of the scale.
        low: f64,
        /// Upper end of the scale.
        high: f64,
    },
}

/// Why there is no such mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoMean {
    /// A part is missing.
    Missing,
    /// What is there weighs too little.
    TooLittle,
    /// A value is 0 or below.
    NotPositive,
    /// A value lies off the scale.
    OffScale,
    /// The mean is 0 or below, so that nothing can be taken in proportion to it.
    MeanNotPositive,
    /// It is past what floating-point numbers hold.
    Overflow,
}

impl Mean {
    /// The mean of values that are there, with weights above 0 that sum to 1.
    pub fn of(self, values: &[f64], weights: &[f64]) -> Result<f64, NoMean> {
        let pairs = || values.iter().copied().zip(weights.iter().copied());
        let positive = || if values.iter().all(|&x| x > 0.0) { Ok(()) } else { Err(NoMean::NotPositive) };
        let arithmetic = || pairs().map(|(x, w)| w * x).sum::<f64>();
        let mean = match self {
            Mean::Arithmetic => Ok(arithmetic()),
            Mean::Geometric => positive().map(|()| pairs().map(|(x, w)| w * x.ln()).sum::<f64>().exp()),
            Mean::Harmonic => positive().map(|()| 1.0 / pairs().map(|(x, w)| w / x).sum::<f64>()),
            Mean::MeanVariance { plus } => {
                let mean = arithmetic();
                if mean <= 0.0 {
                    return Err(NoMean::MeanNotPositive);
                }
                let penalty = pairs().map(|(x, w)| w * (x - mean).powi(2)).sum::<f64>() / mean;
                Ok(if plus { mean + penalty } else { mean - penalty })
            }
            Mean::Reversed { low, high } => {
                let width = high - low;
                let slack = 1e-9 * width;
                if values.iter().any(|&x| x < low - slack || x > high + slack) {
                    return Err(NoMean::OffScale);
                }
                let turned = pairs().map(|(x, w)| w * (9.0 * (high - x) / width).ln_1p()).sum::<f64>();
                Ok(high - turned.exp_m1() / 9.0 * width)
            }
        };
        mean.and_then(|x| if x.is_finite() { Ok(x) } else { Err(NoMean::Overflow) })
    }
}

/// Pearson's correlation over the rows that have both; NaN below two rows or without spread.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (x, y): (Vec<f64>, Vec<f64>) = a.iter().copied().zip(b.iter().copied()).filter(|(x, y)| !x.is_nan() && !y.is_nan()).unzip();
    let (mx, my) = (moments(&x), moments(&y));
    let (sx, sy) = (mx.deviation, my.deviation);
    if x.len() < 2 || sx <= 1e-14 * mx.mean.abs() || sy <= 1e-14 * my.mean.abs() || sx <= 0.0 || sy <= 0.0 {
        return f64::NAN;
    }
    let product: f64 = x.iter().zip(&y).map(|(x, y)| (x - mx.mean) / sx * ((y - my.mean) / sy)).sum();
    (product / x.len() as f64).clamp(-1.0, 1.0)
}

/// The least value of a sorted list that at least a share `p` of it does not exceed.
pub fn order_quantile(sorted: &[f32], p: f64) -> Option<f64> {
    let at = (p * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(at - 1).map(|&x| f64::from(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12 * b.abs().max(1.0), "{a} {b}");
    }

    #[test]
    fn moments_of_a_small_sample() {
        // 1, 2, 3, 10: mean 4, m2 12.5, m3 45, m4 348.5; G1 = √12/2 · 45/12.5^1.5, G2 = 3/2 · (5 (348.5/156.25 - 3) + 6)
        let m = moments(&[1.0, f64::NAN, 2.0, 3.0, 10.0]);
        assert_eq!((m.count, m.mean, m.least, m.greatest), (4, 4.0, 1.0, 10.0));
        close(m.deviation, 12.5f64.sqrt());
        close(m.skewness, 12f64.sqrt() / 2.0 * 45.0 / 12.5f64.powf(1.5));
        close(m.kurtosis, 1.5 * (5.0 * (348.5 / 156.25 - 3.0) + 6.0));
        let constant = moments(&[0.1; 7]);
        assert_eq!((constant.mean, constant.deviation), (0.1, 0.0));
        close(moments(&[1e-200, 3e-200]).deviation * 1e200, 1.0);
        assert!(constant.skewness.is_nan() && moments(&[]).mean.is_nan());
    }

    #[test]
    fn winsorising_moves_points_to_the_next_or_none() {
        let mut column: Vec<f64> = (1..=20).map(f64::from).collect();
        column.push(1000.0);
        assert_eq!(winsorise(&mut column, 2.0, 3.5, 5), Some(1));
        assert_eq!(column[20], 20.0);
        let mut hopeless = vec![0.0; 40];
        hopeless.extend([90.0, 95.0, 100.0]);
        let before = hopeless.clone();
        assert_eq!(winsorise(&mut hopeless, 2.0, 3.5, 2), None);
        assert_eq!(hopeless, before);
    }

    #[test]
    fn ranks_average_ties_and_skip_what_is_missing() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        let from_the_top = ranks_from_the_top(&[0.3, f64::NAN, 0.1 + 0.2, 0.1]);
        assert_eq!((from_the_top[0], from_the_top[2], from_the_top[3]), (1.5, 1.5, 3.0));
        assert!(from_the_top[1].is_nan());
    }

    #[test]
    fn means_of_two_numbers() {
        let of = |mean: Mean, values: &[f64]| mean.of(values, &[0.5, 0.5]);
        close(of(Mean::Arithmetic, &[2.0, 8.0]).unwrap(), 5.0);
        close(of(Mean::Geometric, &[2.0, 8.0]).unwrap(), 4.0);
        close(of(Mean::Harmonic, &[2.0, 8.0]).unwrap(), 3.2);
        close(of(Mean::MeanVariance { plus: false }, &[90.0, 110.0]).unwrap(), 99.0);
        close(of(Mean::MeanVariance { plus: true }, &[90.0, 110.0]).unwrap(), 101.0);
        // INFORM: s(8.8) = 2.08, s(4) = 6.4; (10 - √13.312)/9 · 10
        close(of(Mean::Reversed { low: 0.0, high: 10.0 }, &[8.8, 4.0]).unwrap(), (10.0 - 13.312f64.sqrt()) / 9.0 * 10.0);
        assert_eq!(of(Mean::Geometric, &[0.0, 1.0]), Err(NoMean::NotPositive));
        assert_eq!(of(Mean::Reversed { low: 0.0, high: 10.0 }, &[10.1, 1.0]), Err(NoMean::OffScale));
        assert_eq!(of(Mean::MeanVariance { plus: true }, &[-1.0, 1.0]), Err(NoMean::MeanNotPositive));
    }

    #[test]
    fn quantiles_are_values_of_the_list() {
        let sorted: Vec<f32> = (1..=20).map(|x| x as f32).collect();
        assert_eq!([0.05, 0.5, 0.95, 0.0, 1.0].map(|p| order_quantile(&sorted, p)), [1.0, 10.0, 19.0, 1.0, 20.0].map(Some));
        assert_eq!(order_quantile(&[], 0.5), None);
    }
}
