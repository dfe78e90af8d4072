//! Level, shock and recovery of one series: median and MAD, cumulative sums, area under a loss.

use super::ranks::quantile;

/// MAD of a normal in standard deviations.
const MAD_OF_NORMAL: f64 = 0.6745;
/// Mean absolute deviation in standard deviations, the other way round.
const MEAN_DEVIATION: f64 = 1.253_314;
/// What is no spread.
const NOTHING: f64 = 1e-12;

/// The median; none where there is no value.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&mut values.to_vec(), 0.5)
}

/// The median of the absolute deviations from the median.
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    median(&values.iter().map(|v| (v - centre).abs()).collect::<Vec<_>>())
}

/// Centre and scale of a baseline, robust against what stands out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// The median.
    pub level: f64,
    /// MAD / 0.6745, else 1.253314 x the mean absolute deviation; none where the baseline does not move.
    pub scale: Option<f64>,
}

impl Baseline {
    /// The baseline of some values; none where there are none.
    pub fn of(values: &[f64]) -> Option<Baseline> {
        let level = median(values)?;
        let mad = median_absolute_deviation(values)?;
        let mean = values.iter().map(|v| (v - level).abs()).sum::<f64>() / values.len() as f64;
        let most = values.iter().fold(0.0f64, |most, v| most.max(v.abs())).max(1.0);
        let is_some = |deviation: f64| deviation > NOTHING * most;
        let scale = if is_some(mad) { Some(mad / MAD_OF_NORMAL) } else { is_some(mean).then_some(MEAN_DEVIATION * mean) };
        Some(Baseline { level, scale })
    }

    /// The modified z-score (Iglewicz and Hoaglin 1993).
    pub fn z(&self, value: f64) -> Option<f64> {
        self.scale.map(|scale| (value - self.level) / scale)
    }
}

/// Upper and lower cumulative sums, value by value, from 0: max(0, S + x - target - k) and max(0, S + target - k - x).
pub fn cusum(values: &[f64], target: f64, k: f64) -> Vec<[f64; 2]> {
    let mut sums = [0.0f64; 2];
    let step = |value: &f64| {
        sums = [(sums[0] + value - target - k).max(0.0), (sums[1] + target - k - value).max(0.0)];
        sums
    };
    values.iter().map(step).collect()
}

/// A rise above the baseline and what became of it, by position in the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shock {
    /// Where it stands highest.
    pub peak: usize,
    /// How far above the baseline that is.
    pub size: f64,
    /// First value after the peak that is back; none while none is.
    pub back: Option<usize>,
    /// Area between the values and the baseline, from the value before the rise to the return (or the end), by the trapezoid rule with
    /// steps of one.
    pub loss: f64,
}

/// The greatest rise whose modified z-score reaches `z` and whose size reaches `least`; the first of equals. `tolerated` is the share of
/// the shock that may be left, or one robust standard deviation where that is more.
pub fn shock(values: &[f64], baseline: &Baseline, z: f64, least: f64, tolerated: f64) -> Option<Shock> {
    let scale = baseline.scale?;
    let above: Vec<f64> = values.iter().map(|v| v - baseline.level).collect();
    let (peak, size) = above.iter().copied().enumerate().fold(None, |best: Option<(usize, f64)>, (at, x)| match best {
        Some((_, most)) if x <= most => best,
        _ => Some((at, x)),
    })?;
    if size <= 0.0 || size / scale < z - 1e-9 || size < least - 1e-9 {
        return None;
    }
    let band = (tolerated * size).max(scale).min(0.5 * size);
    let calm = |x: &f64| *x <= band + 1e-9;
    let back = above.iter().enumerate().skip(peak + 1).find(|(_, x)| calm(x)).map(|(at, _)| at);
    let from = above.iter().take(peak).rposition(calm).unwrap_or(0);
    let to = back.unwrap_or(above.len() - 1);
    let lost: Vec<f64> = above.iter().skip(from).take(to + 1 - from).map(|x| x.max(0.0)).collect();
    let loss = lost.iter().zip(lost.iter().skip(1)).map(|(a, b)| 0.5 * (a + b)).sum();
    Some(Shock { peak, size, back, loss })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabular_cusum_of_the_nist_handbook() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3.1: target 325, k = 0.3175, h = 4.1959; the printed table
        let values = [
            324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600, 324.625, 325.150, 328.325, 327.250,
            327.825, 328.500, 326.675, 327.775, 326.875, 328.350,
        ];
        let upper = [0.0, 0.0, 0.0, 0.0, 0.03, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04];
        let lower = [0.0, 0.01, 0.0, 0.33, 0.0, 0.0, 0.56, 0.72, 0.17, 0.25, 0.31, 0.0];
        let sums = cusum(&values, 325.0, 0.3175);
        assert!(sums.iter().zip(upper).all(|(s, u)| (s[0] - u).abs() < 0.0101), "{sums:?}");
        assert!(sums.iter().zip(lower).all(|(s, l)| (s[1] - l).abs() < 0.0101), "{sums:?}");
        assert_eq!(sums.iter().position(|s| s[0] > 4.1959), Some(13));
    }

    #[test]
    fn median_absolute_deviation_as_the_manual_of_r_has_it() {
        // R, help page of stats::mad: mad(c(1:9), constant = 1) and mad(c(1:8, 100), constant = 1) are both 2
        let whole: Vec<f64> = (1..=9).map(f64::from).collect();
        let mut odd = whole.clone();
        odd[8] = 100.0;
        assert_eq!((median_absolute_deviation(&whole), median_absolute_deviation(&odd)), (Some(2.0), Some(2.0)));
        let z = Baseline::of(&odd).unwrap().z(100.0).unwrap();
        assert!((z - 0.6745 * 95.0 / 2.0).abs() < 1e-12, "{z}");
    }

    #[test]
    fn a_constant_series_has_no_shock_and_a_rise_is_measured() {
        let flat = Baseline::of(&[0.3; 8]).unwrap();
        assert_eq!((flat.scale, shock(&[0.3; 8], &flat, 3.5, 0.0, 0.1)), (None, None));
        let values = [0.2, 0.22, 0.18, 0.2, 0.8, 0.5, 0.21, 0.2];
        let baseline = Baseline::of(&values).unwrap();
        let found = shock(&values, &baseline, 3.5, 0.05, 0.1).unwrap();
        assert_eq!((found.peak, found.back), (4, Some(6)));
        // the median is 0.205: trapezoid over 0, 0.595, 0.295, 0.005
        assert!((baseline.level - 0.205).abs() < 1e-12 && (found.loss - 0.8925).abs() < 1e-12, "{found:?}");
        let lasting = shock(&[0.2, 0.22, 0.18, 0.2, 0.21, 0.2, 0.8, 0.8], &baseline, 3.5, 0.05, 0.1).unwrap();
        assert_eq!((lasting.peak, lasting.back), (6, None));
    }
}
