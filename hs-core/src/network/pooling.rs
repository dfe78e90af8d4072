//! Several statements of one link become one edge: pooled by confidence, never summed, and disputed where their signs differ.

/// One statement, already multiplied by its reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Statement {
    pub(crate) dampens: bool,
    /// Magnitude; none for a link without a number.
    pub(crate) weight: Option<f64>,
    /// Ends of the magnitude, where it has a range.
    pub(crate) range: Option<(f64, f64)>,
    /// How sure; 1 where it is not said.
    pub(crate) confidence: f64,
    /// Position of the statement among those it comes from.
    pub(crate) linkage: u32,
    pub(crate) factor: f64,
}

/// What several statements come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pooled {
    pub(crate) dampens: bool,
    /// Signed.
    pub(crate) weight: Option<f64>,
    /// Signed, low before high.
    pub(crate) range: Option<(f64, f64)>,
    /// Sums of confidence of those who say feeds and of those who say dampens, where both are there.
    pub(crate) dispute: Option<(f64, f64)>,
    /// Statements that were passed over because they have no number.
    pub(crate) passed_over: usize,
}

/// Mean of `values` by `weights`, in an order of its own so that the order of the rows cannot move the last bit.
///
/// Equal weights where all are 0.
pub(crate) fn weighted_mean(pairs: &mut [(f64, f64)]) -> Option<f64> {
    if let [(value, _)] = pairs {
        return Some(*value);
    }
    if pairs.iter().all(|(_, w)| *w == 0.0) {
        for pair in pairs.iter_mut() {
            pair.1 = 1.0;
        }
    }
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (low, high) = (pairs.first()?.0, pairs.last()?.0);
    // shares of the greatest weight cannot overflow
    let most = pairs.iter().map(|(_, w)| *w).fold(0.0, f64::max);
    let total: f64 = pairs.iter().map(|(_, w)| w / most).sum();
    let sum: f64 = pairs.iter().map(|(v, w)| v * (w / most)).sum();
    Some((sum / total).clamp(low, high))
}

/// Pools the statements of one edge and keeps in `statements` those it rests on.
///
/// Links without a number are passed over where others have one. Where signs differ, the side with the larger sum of confidence is kept
/// (a tie feeds), and the mean is over that side.
pub(crate) fn pool(statements: &mut Vec<Statement>) -> Pooled {
    if let [one] = statements.as_slice() {
        let signed = |v: f64| if one.dampens { 0.0 - v } else { v };
        let range = one.range.map(|(low, high)| if one.dampens { (signed(high), signed(low)) } else { (low, high) });
        return Pooled { dampens: one.dampens, weight: one.weight.map(signed), range, dispute: None, passed_over: 0 };
    }
    let before = statements.len();
    if statements.iter().any(|s| s.weight.is_some()) {
        statements.retain(|s| s.weight.is_some());
    }
    let passed_over = before - statements.len();
    let side = |dampens: bool| {
        let mut sums: Vec<f64> = statements.iter().filter(|s| s.dampens == dampens).map(|s| s.confidence).collect();
        sums.sort_unstable_by(f64::total_cmp);
        (!sums.is_empty()).then(|| sums.iter().sum::<f64>())
    };
    let (feeds, dampening) = (side(false), side(true));
    let dispute = feeds.zip(dampening);
    let dampens = match (feeds, dampening) {
        // equal but for rounding is a tie
        (Some(feeds), Some(dampening)) => dampening > feeds + 1e-9,
        (None, _) => true,
        _ => false,
    };
    statements.retain(|s| s.dampens == dampens);
    let mean = |end: fn(&Statement) -> Option<f64>| {
        let mut pairs: Vec<(f64, f64)> = statements.iter().filter_map(|s| end(s).map(|v| (v, s.confidence))).collect();
        weighted_mean(&mut pairs).map(|v| if dampens { 0.0 - v } else { v })
    };
    let weight = mean(|s| s.weight);
    let ranged = statements.iter().any(|s| s.range.is_some());
    let low = mean(|s| s.range.map(|r| r.0).or(s.weight));
    let high = mean(|s| s.range.map(|r| r.1).or(s.weight));
    let range = low.zip(high).filter(|_| ranged).map(|(a, b)| if dampens { (b, a) } else { (a, b) });
    Pooled { dampens, weight, range, dispute, passed_over }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(dampens: bool, weight: f64, confidence: f64) -> Statement {
        Statement { dampens, weight: Some(weight), range: None, confidence, linkage: 0, factor: 1.0 }
    }

    #[test]
    fn statements_of_one_sign_are_averaged_by_confidence() {
        // (0.8 x 1 + 0.4 x 0.5) / 1.5
        let pooled = pool(&mut vec![says(false, 0.8, 1.0), says(false, 0.4, 0.5)]);
        assert!((pooled.weight.unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(pooled.dispute, None);
        let none = pool(&mut vec![says(true, 0.8, 0.0), says(true, 0.4, 0.0)]);
        assert!((none.weight.unwrap() + 0.6).abs() < 1e-15);
    }

    #[test]
    fn a_disputed_sign_goes_to_the_surer_side_and_a_tie_feeds() {
        let mut both = vec![says(false, 0.9, 0.5), says(true, 0.2, 0.4), says(true, 0.4, 0.4)];
        let pooled = pool(&mut both);
        assert!((pooled.weight.unwrap() + 0.3).abs() < 1e-15);
        assert_eq!(pooled.dispute, Some((0.5, 0.8)));
        assert_eq!(both.len(), 2);
        assert_eq!(pool(&mut vec![says(false, 0.1, 1.0), says(true, 0.9, 1.0)]).weight, Some(0.1));
        // 0.1 + 0.2 against 0.3 is a tie, whatever the last bit says
        assert_eq!(pool(&mut vec![says(true, 0.5, 0.1), says(true, 0.5, 0.2), says(false, 0.5, 0.3)]).weight, Some(0.5));
    }

    #[test]
    fn a_link_without_a_number_is_passed_over_and_never_zero() {
        let empty = Statement { weight: None, ..says(true, 0.0, 1.0) };
        let pooled = pool(&mut vec![empty, says(false, 0.6, 0.2)]);
        assert_eq!((pooled.weight, pooled.passed_over, pooled.dispute), (Some(0.6), 1, None));
        let alone = pool(&mut vec![empty]);
        assert_eq!((alone.weight, alone.dampens), (None, true));
    }

    #[test]
    fn ranges_travel_and_turn_round_with_the_sign() {
        let ranged = Statement { range: Some((0.2, 0.8)), ..says(true, 0.5, 1.0) };
        assert_eq!(pool(&mut vec![ranged]).range, Some((-0.8, -0.2)));
        let pooled = pool(&mut vec![ranged, says(true, 0.7, 1.0)]);
        let (low, high) = pooled.range.unwrap();
        assert!((low + 0.75).abs() < 1e-15 && (high + 0.45).abs() < 1e-15);
    }
}
