//! Quantiles at both ends of a column, and the interval of a counted share.

use super::ranks::quantile;

/// Columns shorter than this are selected as they are.
const SHORT: usize = 256;
/// Values looked at to guess where a tail begins.
const SAMPLE: usize = 64;

/// Quantiles of type 7 (Hyndman and Fan 1996) at `tail` and `1 - tail`, with `scratch` as room; none where there is no value.
///
/// The order of the values is changed. A sample guesses where each tail begins, so that only the few values beyond are put in order; a guess
/// that falls short changes the pace and not the answer.
pub fn tails(values: &mut [f64], tail: f64, scratch: &mut Vec<f64>) -> Option<[f64; 2]> {
    let tail = tail.clamp(0.0, 0.5);
    let last = values.len().checked_sub(1)?;
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (x.min(a), x.max(b)));
    if least == most {
        return Some([least, most]);
    }
    let at = tail * last as f64;
    if values.len() >= SHORT && tail < 0.25 {
        let mut sample: Vec<f64> = values.iter().copied().step_by(values.len() / SAMPLE).collect();
        let n = sample.len() as f64;
        let within = ((tail * n + 3.0 * (tail * (1.0 - tail) * n).sqrt()).ceil() as usize).min(sample.len() - 1);
        sample.sort_unstable_by(f64::total_cmp);
        let below = sample.get(within).copied().unwrap_or(most);
        let above = sample.get(sample.len() - 1 - within).copied().unwrap_or(least);
        let wanted = at.floor() as usize + 2;
        let lower = end(values, scratch, wanted, at, |x| x <= below, |x| x);
        let upper = end(values, scratch, wanted, at, |x| x >= above, |x| -x).map(|x| -x);
        if let (Some(lower), Some(upper)) = (lower, upper) {
            return Some([lower, upper]);
        }
    }
    Some([quantile(values, tail)?, quantile(values, 1.0 - tail)?])
}

/// The quantile among the values of one end; none where too few were taken for it.
fn end(
    values: &[f64],
    scratch: &mut Vec<f64>,
    wanted: usize,
    at: f64,
    takes: impl Fn(f64) -> bool,
    turned: impl Fn(f64) -> f64,
) -> Option<f64> {
    scratch.clear();
    scratch.resize(values.len() + 1, 0.0);
    let mut taken = 0;
    for &x in values {
        // written first and kept by moving on: no branch to guess
        if let Some(slot) = scratch.get_mut(taken) {
            *slot = turned(x);
        }
        taken += usize::from(takes(x));
    }
    let few = scratch.get_mut(..taken)?;
    if taken < wanted {
        return None;
    }
    let below = wanted - 2;
    let (_, lower, above) = few.select_nth_unstable_by(below, f64::total_cmp);
    let lower = *lower;
    let upper = above.iter().copied().min_by(f64::total_cmp).unwrap_or(lower);
    Some(if upper > lower { lower + (at - below as f64) * (upper - lower) } else { lower })
}

/// The least value that at least a share `tail` of the weight does not exceed, and the same at `1 - tail`; none where there is no weight.
///
/// Weights are the whole distribution, not a sample of it, so nothing is put between two values.
pub fn weighted_tails(values: &[f64], weights: &[f64], tail: f64) -> Option<[f64; 2]> {
    let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = weights.iter().sum();
    let at = |share: f64| {
        let mut sum = 0.0;
        let found = pairs.iter().find(|(_, weight)| {
            sum += weight;
            sum >= (share - 1e-9) * total
        });
        found.or(pairs.last()).map(|(value, _)| *value)
    };
    Some([at(tail)?, at(1.0 - tail)?])
}

/// Wilson's interval of a share counted over `n` draws, `z` standard errors wide.
pub fn wilson(share: f64, n: f64, z: f64) -> [f64; 2] {
    let square = z * z;
    let middle = (share + 0.5 * square / n) / (1.0 + square / n);
    let half = z / (1.0 + square / n) * (share * (1.0 - share) / n + 0.25 * square / (n * n)).sqrt();
    // at the edges the ends are the edges, whatever the last bits
    let lower = if share <= 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let upper = if share >= 1.0 { 1.0 } else { (middle + half).min(1.0) };
    [lower, upper]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::counter::Counter;

    #[test]
    fn the_same_as_putting_all_in_order() {
        let mut scratch = Vec::new();
        for (n, power) in [(3, 1), (255, 1), (256, 3), (1000, 1), (1000, 9), (5000, 2)] {
            let numbers = Counter::new(3, n);
            let mut values: Vec<f64> = (0..n).map(|d| numbers.uniform(d).powi(power) - 0.3).collect();
            if power == 9 {
                values.iter_mut().for_each(|x| *x = (*x * 50.0).round() / 50.0);
            }
            for tail in [0.0, 0.01, 0.05, 0.2, 0.4] {
                let (mut low, mut high) = (values.clone(), values.clone());
                let known = [quantile(&mut low, tail).unwrap(), quantile(&mut high, 1.0 - tail).unwrap()];
                let found = tails(&mut values.clone(), tail, &mut scratch).unwrap();
                assert!(found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12), "{n} {tail}: {found:?} {known:?}");
            }
        }
        assert_eq!(tails(&mut [], 0.1, &mut scratch), None);
        assert_eq!(tails(&mut [2.0; 300], 0.1, &mut scratch), Some([2.0, 2.0]));
    }

    #[test]
    fn sorted_columns_do_not_fool_the_sample() {
        let mut rising: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(tails(&mut rising, 0.05, &mut Vec::new()).map(|t| t.map(|x| (x * 100.0).round())), Some([4995.0, 94905.0]));
    }

    #[test]
    fn ends_of_a_distribution_are_values_of_it() {
        assert_eq!(weighted_tails(&[0.1, 0.0], &[0.5, 0.5], 0.05), Some([0.0, 0.1]));
        assert_eq!(weighted_tails(&[0.3, 0.0, 0.1], &[0.02, 0.9, 0.08], 0.05), Some([0.0, 0.1]));
        assert_eq!(weighted_tails(&[], &[], 0.05), None);
    }

    #[test]
    fn wilson_as_in_textbooks() {
        // 1 of 10 at 95 %: 0.0179 to 0.4042
        let [lower, upper] = wilson(0.1, 10.0, 1.959_963_984_540_054);
        assert!((lower - 0.017_876_2).abs() < 1e-6 && (upper - 0.404_150).abs() < 1e-6, "{lower} {upper}");
        assert_eq!(wilson(0.0, 10.0, 1.96)[0], 0.0);
        assert_eq!(wilson(1.0, 10.0, 1.96)[1], 1.0);
    }
}
