//! Ranks, and how far two orders agree.

/// Values nearer than this are tied.
pub const TIE: f64 = 1e-9;

/// Sign of a - b; 0 where they are tied.
fn order(a: f64, b: f64) -> i32 {
    if (a - b).abs() <= TIE {
        0
    } else if a > b {
        1
    } else {
        -1
    }
}

/// Ranks from the greatest (1) down; ties share the mean of their places.
pub fn from_greatest(values: &[f64]) -> Vec<f64> {
    within(values, TIE)
}

/// As [`from_greatest`], values tied where they are equal to nine digits of the greatest magnitude.
pub fn from_greatest_by_size(values: &[f64]) -> Vec<f64> {
    within(values, TIE * values.iter().fold(0.0f64, |most, v| most.max(v.abs())))
}

fn within(values: &[f64], tie: f64) -> Vec<f64> {
    let mut sorted: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in sorted.chunk_by(|a, b| (a.0 - b.0).abs() <= tie) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        for (_, at) in tied {
            if let Some(own) = ranks.get_mut(*at) {
                *own = rank;
            }
        }
        before += tied.len();
    }
    ranks
}

/// The sample quantile of type 7 (Hyndman and Fan 1996): straight between the order statistics about `(n - 1)·share`; the order of the
/// values is changed. None where there are none.
pub fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let below = (at.floor() as usize).min(last);
    let (_, lower, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let lower = *lower;
    let upper = above.iter().copied().min_by(f64::total_cmp).unwrap_or(lower);
    // ends that are equal give themselves, to the last bit
    Some(if upper > lower { lower + (at - below as f64) * (upper - lower) } else { lower })
}

/// Kendall's tau-b: (concordant - discordant) / √((pairs - tied in x)(pairs - tied in y)).
///
/// None where all values of one side are tied, or the sides differ in length.
pub fn kendall_tau_b(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    let (mut balance, mut of_x, mut of_y) = (0_i64, 0_u64, 0_u64);
    for (at, (a, b)) in x.iter().zip(y).enumerate() {
        for (c, d) in x.iter().zip(y).skip(at + 1) {
            let (s, t) = (order(*a, *c), order(*b, *d));
            balance += i64::from(s * t);
            of_x += u64::from(s != 0);
            of_y += u64::from(t != 0);
        }
    }
    let scale = (of_x as f64).sqrt() * (of_y as f64).sqrt();
    (scale > 0.0).then(|| (balance as f64 / scale).clamp(-1.0, 1.0))
}

/// Spearman's correlation: Pearson's of the ranks.
///
/// None where all values of one side are tied, or the sides differ in length.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    let (x, y) = (from_greatest(x), from_greatest(y));
    let mean = (x.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let scale = (product(&x, &x) * product(&y, &y)).sqrt();
    (scale > 0.0).then(|| (product(&x, &y) / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_share_ties() {
        assert_eq!(from_greatest(&[0.1, 0.4, 0.4 + 1e-12, 0.3]), [4.0, 1.5, 1.5, 3.0]);
        assert!(from_greatest(&[]).is_empty());
        // the size of the numbers decides what is a tie
        assert_eq!(from_greatest_by_size(&[1e-12, 2e-12]), [2.0, 1.0]);
        assert_eq!(from_greatest_by_size(&[-1e6, -1e6 + 1e-4]), [1.5, 1.5]);
    }

    #[test]
    fn quantiles_of_type_7() {
        // numpy.quantile([3, 1, 4, 1, 5], q)
        for (share, wanted) in [(0.0, 1.0), (0.05, 1.0), (0.3, 1.4), (0.5, 3.0), (0.95, 4.8), (1.0, 5.0)] {
            assert!((quantile(&mut [3.0, 1.0, 4.0, 1.0, 5.0], share).unwrap() - wanted).abs() < 1e-12, "{share}");
        }
        assert_eq!(quantile(&mut [], 0.5), None);
    }

    #[test]
    fn agreement_by_hand() {
        // one of six pairs is turned round: (5 - 1)/6; ranks differ by 1 twice: 1 - 6·2/60
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]);
        assert!((kendall_tau_b(&x, &y).unwrap() - 4.0 / 6.0).abs() < 1e-15);
        assert!((spearman(&x, &y).unwrap() - 0.8).abs() < 1e-15);
        // scipy.stats.kendalltau([1, 2, 2, 3], [1, 2, 3, 3]) = 0.8
        assert!((kendall_tau_b(&[1.0, 2.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 3.0]).unwrap() - 0.8).abs() < 1e-15);
        assert_eq!(kendall_tau_b(&x, &[4.0, 3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(kendall_tau_b(&x, &[1.0; 4]), None);
        assert_eq!(spearman(&x, &[1.0; 4]), None);
        assert_eq!(spearman(&x, &[1.0]), None);
    }
}
