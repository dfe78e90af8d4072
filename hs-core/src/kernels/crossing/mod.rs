//! Who crosses a bar when bits of patterns are lost and gained by chance: exact expectations, and the most and the least that can cross.
//!
//! A pattern of bits has a sum of weights, and is *over* where that sum reaches the bar. Each moving bit is lost by a share of those who
//! have it, or gained by a share of those who have it not.
// bits are below the number of weights everywhere, lists of moves are made here
#![allow(clippy::indexing_slicing)]

mod extremes;
mod shares;

pub use extremes::{Side, extreme};
pub use shares::{MOST_SHARED, Shares};

/// Moving bits of one pattern up to which every outcome is looked at one by one; beyond, outcomes of equal sums are joined.
pub const MOST_ENUMERATED: usize = 12;
/// Sums that are told apart beyond that.
const MOST_SUMS: usize = 1 << 16;
/// Sums this near are the same.
const SAME: f64 = 1e-12;

/// Which bits move, by what chance, and what the bar is.
#[derive(Debug, Clone, PartialEq)]
pub struct Moves {
    weights: Vec<f64>,
    /// Chance that one who has the bit loses it.
    lose: Vec<f64>,
    /// Chance that one who has it not gains it.
    gain: Vec<f64>,
    bar: f64,
    comonotone: bool,
}

/// A bit of one pattern that may move: its number, what the sum changes by, and the chance.
#[derive(Debug, Clone, Copy)]
struct Move {
    bit: usize,
    step: f64,
    chance: f64,
}

impl Moves {
    /// Nothing moves yet. A sum at or above `bar` is over; with `comonotone` one rank decides all bits of a row, else each its own.
    pub fn new(weights: Vec<f64>, bar: f64, comonotone: bool) -> Self {
        let none = vec![0.0; weights.len()];
        Moves { weights, lose: none.clone(), gain: none, bar, comonotone }
    }

    /// Lets a share of those who have a bit lose it.
    pub fn lose(&mut self, bit: usize, chance: f64) {
        if let Some(own) = self.lose.get_mut(bit) {
            *own = chance.clamp(0.0, 1.0);
        }
    }

    /// Lets a share of those who have it not gain a bit.
    pub fn gain(&mut self, bit: usize, chance: f64) {
        if let Some(own) = self.gain.get_mut(bit) {
            *own = chance.clamp(0.0, 1.0);
        }
    }

    /// Whether no bit moves.
    pub fn is_still(&self) -> bool {
        self.lose.iter().chain(&self.gain).all(|chance| *chance == 0.0)
    }

    /// Number of bits.
    pub fn bits(&self) -> usize {
        self.weights.len()
    }

    /// The sum of weights of a pattern.
    pub fn sum(&self, pattern: u64) -> f64 {
        self.weights.iter().enumerate().map(|(bit, weight)| if pattern >> bit & 1 == 1 { *weight } else { 0.0 }).sum()
    }

    /// Whether a pattern is over the bar.
    pub fn is_over(&self, pattern: u64) -> bool {
        self.sum(pattern) >= self.bar
    }

    /// The chance that a row of that pattern ends on the other side of the bar.
    pub fn crosses(&self, pattern: u64) -> f64 {
        Crosser::new(self).crosses(pattern)
    }

    /// Moving bits, the largest steps first.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.bits()).filter(|bit| self.weights[*bit] != 0.0 && (self.lose[*bit] > 0.0 || self.gain[*bit] > 0.0)).collect();
        order.sort_by(|a, b| self.weights[*b].total_cmp(&self.weights[*a]).then(a.cmp(b)));
        order
    }

    /// What of a pattern may move.
    fn fill(&self, order: &[usize], pattern: u64, moves: &mut Vec<Move>) {
        moves.clear();
        for &bit in order {
            let has = pattern >> bit & 1 == 1;
            let chance = if has { self.lose[bit] } else { self.gain[bit] };
            if chance > 0.0 {
                moves.push(Move { bit, step: if has { -self.weights[bit] } else { self.weights[bit] }, chance });
            }
        }
    }

    fn of(&self, pattern: u64) -> Vec<Move> {
        let mut moves = Vec::new();
        self.fill(&self.order(), pattern, &mut moves);
        moves
    }

    /// One rank u, even on 0 to 1, moves every bit whose chance it is below.
    fn by_rank(&self, moves: &[Move], start: f64) -> f64 {
        let over = start >= self.bar;
        let mut ordered: Vec<&Move> = moves.iter().collect();
        // at the lowest ranks all move, then ever fewer
        ordered.sort_by(|a, b| a.chance.total_cmp(&b.chance).then(a.bit.cmp(&b.bit)));
        let (mut crossing, mut from) = (0.0, 0.0);
        for (at, step) in ordered.iter().enumerate() {
            let sum = start + ordered[at..].iter().map(|m| m.step).sum::<f64>();
            if (sum >= self.bar) != over {
                crossing += step.chance - from;
            }
            from = step.chance;
        }
        crossing.clamp(0.0, 1.0)
    }
}

/// Moves made ready for many patterns.
#[derive(Debug)]
pub struct Crosser<'a> {
    moves: &'a Moves,
    order: Vec<usize>,
    walk: Walk,
}

impl<'a> Crosser<'a> {
    /// Moves made ready.
    pub fn new(moves: &'a Moves) -> Self {
        Crosser { moves, order: moves.order(), walk: Walk::default() }
    }

    /// As [`Moves::crosses`].
    pub fn crosses(&mut self, pattern: u64) -> f64 {
        let sum = self.moves.sum(pattern);
        self.moves.fill(&self.order, pattern, &mut self.walk.moves);
        if self.moves.comonotone {
            return self.moves.by_rank(&self.walk.moves, sum);
        }
        self.walk.begin(self.moves.bar, sum >= self.moves.bar);
        if self.walk.moves.len() <= MOST_ENUMERATED { self.walk.from(0, sum) } else { self.walk.by_sums(sum) }
    }
}

/// The outcomes of one pattern, one moving bit after the other.
#[derive(Debug, Default)]
struct Walk {
    bar: f64,
    over: bool,
    moves: Vec<Move>,
    /// By move: the least and the most that it and those after it can add.
    least: Vec<f64>,
    most: Vec<f64>,
}

impl Walk {
    /// Sets out from one side with the moves as they stand.
    fn begin(&mut self, bar: f64, over: bool) {
        (self.bar, self.over) = (bar, over);
        for ends in [&mut self.least, &mut self.most] {
            ends.clear();
            ends.resize(self.moves.len() + 1, 0.0);
        }
        for at in (0..self.moves.len()).rev() {
            self.least[at] = self.least[at + 1] + self.moves[at].step.min(0.0);
            self.most[at] = self.most[at + 1] + self.moves[at].step.max(0.0);
        }
    }

    /// Whether the outcome stands already: 1 where it has crossed for good, 0 where it cannot.
    fn settled(&self, at: usize, sum: f64) -> Option<f64> {
        let yes = |crossed: bool| Some(if crossed { 1.0 } else { 0.0 });
        if at == self.moves.len() {
            return yes((sum >= self.bar) != self.over);
        }
        // a hair of room: sums are added up in another order along each path
        if sum + self.least[at] >= self.bar + SAME {
            return yes(!self.over);
        }
        if sum + self.most[at] < self.bar - SAME {
            return yes(self.over);
        }
        None
    }

    fn from(&self, at: usize, sum: f64) -> f64 {
        if let Some(known) = self.settled(at, sum) {
            return known;
        }
        let Move { step, chance, .. } = self.moves[at];
        let moved = chance * self.from(at + 1, sum + step);
        if chance >= 1.0 { moved } else { moved + (1.0 - chance) * self.from(at + 1, sum) }
    }

    /// The same by the distribution of sums: equal ones are joined, past [`MOST_SUMS`] neighbours too, at their mean.
    fn by_sums(&self, start: f64) -> f64 {
        let mut crossing = 0.0;
        let mut sums = vec![(start, 1.0)];
        for (at, step) in self.moves.iter().enumerate() {
            let mut next: Vec<(f64, f64)> = Vec::with_capacity(2 * sums.len());
            for (sum, chance) in sums {
                match self.settled(at, sum) {
                    Some(known) => crossing += known * chance,
                    None => next.extend([(sum, chance * (1.0 - step.chance)), (sum + step.step, chance * step.chance)]),
                }
            }
            sums = joined(next);
        }
        let end = self.moves.len();
        crossing + sums.iter().map(|(sum, chance)| chance * self.settled(end, *sum).unwrap_or_default()).sum::<f64>()
    }
}

fn joined(mut sums: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    sums.retain(|(_, chance)| *chance > 0.0);
    sums.sort_by(|a, b| a.0.total_cmp(&b.0));
    let width = sums.last().zip(sums.first()).map_or(0.0, |(last, first)| last.0 - first.0);
    let close = |sums: Vec<(f64, f64)>, width: f64| {
        let mut found: Vec<(f64, f64, f64)> = Vec::with_capacity(sums.len());
        for (sum, chance) in sums {
            match found.last_mut() {
                Some((first, mean, all)) if sum - *first <= width => {
                    *mean = (*mean * *all + sum * chance) / (*all + chance);
                    *all += chance;
                }
                _ => found.push((sum, sum, chance)),
            }
        }
        found.into_iter().map(|(_, mean, all)| (mean, all)).collect::<Vec<_>>()
    };
    let sums = close(sums, SAME);
    if sums.len() > MOST_SUMS { close(sums, width / MOST_SUMS as f64) } else { sums }
}

#[cfg(test)]
mod tests;
