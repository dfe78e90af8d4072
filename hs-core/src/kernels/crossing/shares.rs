//! Which bit made rows cross: Shapley values within one pattern.

use super::{Move, Moves};

/// Moving bits of one pattern up to which values are shared out.
pub const MOST_SHARED: usize = 12;

/// What each moving bit of a pattern adds to the chance of crossing.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// Number of the bit, its Shapley value, the chance were it the only one to move, and what would be lost without it.
    pub bits: Vec<(usize, f64, f64, f64)>,
}

impl Moves {
    /// The shares of a pattern, which sum to [`Moves::crosses`]; none where more than [`MOST_SHARED`] of its bits move.
    ///
    /// A bit that stands in the way of crossing (one gained by a pattern that is over) has a share below 0.
    pub fn shares(&self, pattern: u64) -> Option<Shares> {
        let moves = self.of(pattern);
        if moves.len() > MOST_SHARED {
            return None;
        }
        let values = self.values(pattern, &moves);
        let n = moves.len();
        // |S|! (n-|S|-1)! / n! = 1 / (n · C(n-1, |S|))
        let mut weight = vec![0.0; n];
        let mut binomial = 1.0;
        for (size, weight) in weight.iter_mut().enumerate() {
            *weight = 1.0 / (n as f64 * binomial);
            binomial = binomial * (n - 1 - size) as f64 / (size + 1) as f64;
        }
        let all = values.len() - 1;
        let bits = moves.iter().enumerate().map(|(i, step)| {
            let without = (0..values.len()).filter(|set| set >> i & 1 == 0);
            let share = without.map(|set| weight[set.count_ones() as usize] * (values[set | 1 << i] - values[set])).sum();
            (step.bit, share, values[1 << i], values[all] - values[all & !(1 << i)])
        });
        Some(Shares { bits: bits.collect() })
    }

    /// The chance of crossing when only the bits of a set move, for every set.
    fn values(&self, pattern: u64, moves: &[Move]) -> Vec<f64> {
        let start = self.sum(pattern);
        let over = start >= self.bar;
        let sets = 1usize << moves.len();
        if self.comonotone {
            let chosen = |set: usize| moves.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, m)| *m).collect::<Vec<_>>();
            return (0..sets).map(|set| self.by_rank(&chosen(set), start)).collect();
        }
        let outcome = |set: usize| {
            let moved: f64 = moves.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, m)| m.step).sum();
            if (start + moved >= self.bar) == over { 0.0 } else { 1.0 }
        };
        let mut values: Vec<f64> = (0..sets).map(outcome).collect();
        // from "exactly these have moved" to "these may move", one bit after the other
        for (i, step) in moves.iter().enumerate() {
            for set in (0..sets).filter(|set| set >> i & 1 == 1) {
                values[set] = step.chance * values[set] + (1.0 - step.chance) * values[set & !(1 << i)];
            }
        }
        values
    }
}
