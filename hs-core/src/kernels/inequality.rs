//! How unequal a distribution is, and how much of it lies between groups and how much within them.
// Positions are those of slices that were checked to be of one length.
#![allow(clippy::indexing_slicing)]

/// Parts of an index over groups.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Of everyone.
    pub total: f64,
    /// Within groups.
    pub within: f64,
    /// Between the means of groups.
    pub between: f64,
    /// What is neither: where the ranges of groups overlap. 0 where the index has no such part.
    pub overlap: f64,
}

/// One group of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Its share of the weights.
    pub share: f64,
    /// Mean within it.
    pub mean: f64,
    /// Theil's T within it; none where the mean is 0.
    pub theil: Option<f64>,
    /// Gini within it; none where the mean is 0.
    pub gini: Option<f64>,
}

/// Weighted mean; none where the weights sum to 0.
fn mean(values: &[(f64, f64)]) -> Option<f64> {
    let weight: f64 = values.iter().map(|(_, w)| w).sum();
    (weight > 0.0).then(|| values.iter().map(|(x, w)| x * w).sum::<f64>() / weight)
}

/// Pairs of value and weight, in an order that does not hang on that of the rows.
fn ordered(values: &[f64], weights: &[f64]) -> Vec<(f64, f64)> {
    let mut pairs: Vec<(f64, f64)> = (0..values.len()).filter(|at| weights[*at] > 0.0).map(|at| (values[at], weights[at])).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    pairs
}

/// The pairs of each group, in such an order.
fn grouped(values: &[f64], weights: &[f64], groups: &[u32], count: usize) -> Vec<Vec<(f64, f64)>> {
    let mut own = vec![Vec::new(); count];
    for at in (0..values.len()).filter(|at| weights[*at] > 0.0) {
        own[groups[at] as usize].push((values[at], weights[at]));
    }
    for pairs in &mut own {
        pairs.sort_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    }
    own
}

/// Whether all are alike: then nothing is unequal, whatever rounding says.
fn alike(pairs: &[(f64, f64)]) -> bool {
    pairs.first().zip(pairs.last()).is_some_and(|(first, last)| first.0 == last.0)
}

/// A sum in an order that does not hang on that of the groups.
fn sum(mut terms: Vec<f64>) -> f64 {
    terms.sort_unstable_by(f64::total_cmp);
    terms.iter().sum()
}

fn theil_of(pairs: &[(f64, f64)]) -> Option<f64> {
    let middle = mean(pairs).filter(|m| *m > 0.0)?;
    if alike(pairs) {
        return Some(0.0);
    }
    let weight: f64 = pairs.iter().map(|(_, w)| w).sum();
    // 0 ln 0 is 0
    let total = pairs.iter().filter(|(x, _)| *x > 0.0).map(|(x, w)| w * (x / middle) * (x / middle).ln()).sum::<f64>() / weight;
    Some(total.max(0.0))
}

fn gini_of(pairs: &[(f64, f64)]) -> Option<f64> {
    let middle = mean(pairs).filter(|m| *m > 0.0)?;
    if alike(pairs) {
        return Some(0.0);
    }
    let weight: f64 = pairs.iter().map(|(_, w)| w).sum();
    // Σ_i w_i x_i (2 W_i - w_i - W) / (μ W²), W_i the weights up to i in rising order; ties come to the same
    let mut below = 0.0;
    let mut sum = 0.0;
    for (x, w) in pairs {
        sum += w * x * (2.0 * below + w - weight);
        below += w;
    }
    Some((sum / (middle * weight * weight)).max(0.0))
}

/// Theil's T of everyone, within groups and between them; none where the mean is 0.
pub fn theil(values: &[f64], weights: &[f64], groups: &[u32], count: usize) -> Option<Parts> {
    let all = ordered(values, weights);
    let (total, middle) = (theil_of(&all)?, mean(&all)?);
    let weight: f64 = all.iter().map(|(_, w)| w).sum();
    if alike(&all) {
        return Some(Parts::default());
    }
    let (mut within, mut between) = (Vec::new(), Vec::new());
    for own in grouped(values, weights, groups, count) {
        let Some(own_mean) = mean(&own).filter(|m| *m > 0.0) else { continue };
        let share = own.iter().map(|(_, w)| w).sum::<f64>() / weight * own_mean / middle;
        within.push(share * theil_of(&own).unwrap_or(0.0));
        between.push(share * (own_mean / middle).ln());
    }
    Some(Parts { total, within: sum(within), between: sum(between).max(0.0), overlap: 0.0 })
}

/// Gini of everyone, and its parts: within (weighted by shares of people and of what they have), between the means, and overlap, the rest.
pub fn gini(values: &[f64], weights: &[f64], groups: &[u32], count: usize) -> Option<Parts> {
    let all = ordered(values, weights);
    let (total, middle) = (gini_of(&all)?, mean(&all)?);
    let weight: f64 = all.iter().map(|(_, w)| w).sum();
    if alike(&all) {
        return Some(Parts::default());
    }
    let mut means = Vec::new();
    let mut within = Vec::new();
    for own in grouped(values, weights, groups, count) {
        let Some(own_mean) = mean(&own) else { continue };
        let people = own.iter().map(|(_, w)| w).sum::<f64>() / weight;
        within.push(people * people * own_mean / middle * gini_of(&own).unwrap_or(0.0));
        means.push((own_mean, people));
    }
    means.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let between = gini_of(&means).unwrap_or(0.0);
    let within = sum(within);
    let rest = total - within - between;
    Some(Parts { total, within, between, overlap: if rest.abs() < 1e-12 { 0.0 } else { rest } })
}

/// Mean log deviation; none where a value is 0.
pub fn mean_log_deviation(values: &[f64], weights: &[f64]) -> Option<f64> {
    let all = ordered(values, weights);
    let middle = mean(&all)?;
    if all.iter().any(|(x, _)| *x <= 0.0) {
        return None;
    }
    if alike(&all) {
        return Some(0.0);
    }
    let weight: f64 = all.iter().map(|(_, w)| w).sum();
    Some((all.iter().map(|(x, w)| w * (middle / x).ln()).sum::<f64>() / weight).max(0.0))
}

/// Atkinson's index, 1 minus the equally distributed equivalent over the mean; none where the mean is 0, or a value is where `epsilon` is 1 or more.
pub fn atkinson(values: &[f64], weights: &[f64], epsilon: f64) -> Option<f64> {
    let all = ordered(values, weights);
    let middle = mean(&all).filter(|m| *m > 0.0)?;
    let weight: f64 = all.iter().map(|(_, w)| w).sum();
    if epsilon >= 1.0 && all.iter().any(|(x, _)| *x <= 0.0) {
        return None;
    }
    if alike(&all) {
        return Some(0.0);
    }
    // past 1 the least value is the unit, else the mean: no power overflows
    let unit = if epsilon > 1.0 { all.first().map_or(middle, |(x, _)| *x) } else { middle };
    let over = |f: &dyn Fn(f64) -> f64| all.iter().map(|(x, w)| w * f(*x)).sum::<f64>() / weight;
    let equivalent = if (epsilon - 1.0).abs() < 1e-12 {
        over(&|x| (x / unit).ln()).exp()
    } else {
        over(&|x| (x / unit).powf(1.0 - epsilon)).powf(1.0 / (1.0 - epsilon))
    };
    Some((1.0 - equivalent * (unit / middle)).clamp(0.0, 1.0))
}

/// Each group by itself, in the order of their numbers; none for a group without weight.
pub fn members(values: &[f64], weights: &[f64], groups: &[u32], count: usize) -> Vec<Option<Member>> {
    let total: f64 = ordered(values, weights).iter().map(|(_, w)| w).sum();
    let one = |own: Vec<(f64, f64)>| {
        let share = own.iter().map(|(_, w)| w).sum::<f64>() / total;
        mean(&own).map(|mean| Member { share, mean, theil: theil_of(&own), gini: gini_of(&own) })
    };
    grouped(values, weights, groups, count).into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_by_hand() {
        let (x, w, g) = ([1.0, 1.0, 3.0, 3.0], [1.0; 4], [0, 0, 1, 1]);
        let found = theil(&x, &w, &g, 2).unwrap();
        // 1/4 · 2 · (1/2 ln 1/2 + 3/2 ln 3/2)
        let wanted = 0.5 * (0.5 * 0.5f64.ln() + 1.5 * 1.5f64.ln());
        assert!((found.total - wanted).abs() < 1e-15 && found.within == 0.0 && (found.between - wanted).abs() < 1e-15);
        let found = gini(&x, &w, &g, 2).unwrap();
        assert!((found.total - 0.25).abs() < 1e-15 && (found.between - 0.25).abs() < 1e-15 && found.overlap == 0.0);
        assert!((atkinson(&[1.0, 3.0], &[1.0, 1.0], 1.0).unwrap() - (1.0 - 3.0f64.sqrt() / 2.0)).abs() < 1e-15);
        assert_eq!(mean_log_deviation(&[0.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(theil(&[0.0, 0.0], &[1.0, 1.0], &[0, 0], 1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn parts_add_up_and_nothing_hangs_on_order_scale_or_copies(
            rows in prop::collection::vec((0.0f64..10.0, 0.1f64..5.0, 0u32..4), 2..12),
            scale in 0.1f64..20.0,
        ) {
            let take = |rows: &[(f64, f64, u32)]| -> (Vec<f64>, Vec<f64>, Vec<u32>) {
                (rows.iter().map(|r| r.0).collect(), rows.iter().map(|r| r.1).collect(), rows.iter().map(|r| r.2).collect())
            };
            let (x, w, g) = take(&rows);
            prop_assume!(x.iter().any(|x| *x > 1e-3));
            let (t, k) = (theil(&x, &w, &g, 4).unwrap(), gini(&x, &w, &g, 4).unwrap());
            prop_assert!((t.within + t.between - t.total).abs() < 1e-12, "{t:?}");
            prop_assert!((k.within + k.between + k.overlap - k.total).abs() < 1e-12 && k.overlap > -1e-12, "{k:?}");
            prop_assert!((0.0..=1.0).contains(&k.total) && t.total > -1e-12);
            let mut turned = rows.clone();
            turned.reverse();
            let (x2, w2, g2) = take(&turned);
            prop_assert_eq!(theil(&x2, &w2, &g2, 4).unwrap().total, t.total);
            let larger: Vec<f64> = x.iter().map(|x| x * scale).collect();
            prop_assert!((theil(&larger, &w, &g, 4).unwrap().total - t.total).abs() < 1e-9);
            let twice: Vec<_> = rows.iter().chain(&rows).copied().collect();
            let (x3, w3, g3) = take(&twice);
            prop_assert!((gini(&x3, &w3, &g3, 4).unwrap().total - k.total).abs() < 1e-9);
        }
    }
}
