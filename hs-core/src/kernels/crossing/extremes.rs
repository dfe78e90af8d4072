//! The most and the least that can cross, when as many rows lose and gain each bit as by chance, but which ones is chosen.

use std::collections::BTreeMap;

use super::{Crosser, Moves, SAME};

/// Which rows are counted: those that start over the bar, or those that do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Rows over the bar, that end under it.
    Over,
    /// Rows under it, that end over.
    Under,
}

/// Rows that are told apart on the way: where they started, and the pattern they have by now.
type State = (bool, u64);

/// Weight that crosses from one side where each bit's moves go first to the rows they help most across (`most`), or least.
///
/// # Method
/// Bits are taken one at a time, the weightiest first. Of each, rows are ranked by how much moving it now raises their chance of crossing,
/// the bits not yet taken moving at random; among equals by how near their sum is to the bar (nearest first for the most, farthest first
/// for the least); rows equal in both share in proportion to weight, and so does the marginal row. At each bit the best (worst) choice is
/// at least (most) what chance would give, so the result is never on the wrong side of [`Moves::crosses`] summed over the rows.
pub fn extreme(rows: &[(u64, f64)], moves: &Moves, side: Side, most: bool) -> f64 {
    let mut states: BTreeMap<State, f64> = BTreeMap::new();
    for (pattern, weight) in rows.iter().filter(|(_, weight)| *weight > 0.0) {
        *states.entry((moves.is_over(*pattern), *pattern)).or_default() += weight;
    }
    let counted = |state: &State| state.0 == (side == Side::Over);
    // what is still to move by chance
    let mut rest = Moves { comonotone: false, ..moves.clone() };
    let mut order: Vec<usize> = (0..moves.bits()).filter(|bit| moves.lose[*bit] > 0.0 || moves.gain[*bit] > 0.0).collect();
    order.sort_by(|a, b| moves.weights[*b].total_cmp(&moves.weights[*a]).then(a.cmp(b)));
    for bit in order {
        let (lose, gain) = (rest.lose[bit], rest.gain[bit]);
        rest.lose[bit] = 0.0;
        rest.gain[bit] = 0.0;
        for (has, chance) in [(true, lose), (false, gain)] {
            if chance > 0.0 {
                states = moved(&states, &rest, Turn { bit, has, chance, most }, &counted);
            }
        }
    }
    states.iter().filter(|(state, _)| counted(state) && state.0 != moves.is_over(state.1)).map(|(_, weight)| weight).sum()
}

#[derive(Clone, Copy)]
struct Turn {
    bit: usize,
    /// Whether those who have the bit move.
    has: bool,
    chance: f64,
    most: bool,
}

fn moved(states: &BTreeMap<State, f64>, rest: &Moves, turn: Turn, counted: &impl Fn(&State) -> bool) -> BTreeMap<State, f64> {
    let mut next: BTreeMap<State, f64> = BTreeMap::new();
    let mut ranked: Vec<((i64, i64), State, f64)> = Vec::new();
    let mut crosser = Crosser::new(rest);
    for (state, weight) in states {
        if (state.1 >> turn.bit & 1 == 1) == turn.has {
            ranked.push((rank(state, rest, &mut crosser, turn, counted(state)), *state, *weight));
        } else {
            *next.entry(*state).or_default() += weight;
        }
    }
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut left = turn.chance * ranked.iter().map(|(_, _, weight)| weight).sum::<f64>();
    for equal in ranked.chunk_by(|a, b| a.0 == b.0) {
        let weight: f64 = equal.iter().map(|(_, _, weight)| weight).sum();
        let share = if weight <= left { 1.0 } else { left.max(0.0) / weight };
        left -= share * weight;
        for (_, state, weight) in equal {
            if share > 0.0 {
                *next.entry((state.0, state.1 ^ 1 << turn.bit)).or_default() += share * weight;
            }
            if share < 1.0 {
                *next.entry(*state).or_default() += (1.0 - share) * weight;
            }
        }
    }
    next
}

/// What comes first: by the gain in the chance of crossing, then by distance from the bar; whole numbers, so that rounding makes no order.
fn rank(state: &State, rest: &Moves, crosser: &mut Crosser<'_>, turn: Turn, counted: bool) -> (i64, i64) {
    let mut crossed = |pattern: u64| {
        let chance = crosser.crosses(pattern);
        // from where it is now to the other side, told from where it started
        if rest.is_over(pattern) == state.0 { chance } else { 1.0 - chance }
    };
    let gain = if counted { crossed(state.1 ^ 1 << turn.bit) - crossed(state.1) } else { 0.0 };
    let distance = (rest.sum(state.1) - rest.bar).abs();
    let whole = |x: f64| (x / SAME).round() as i64;
    if turn.most { (-whole(gain), whole(distance)) } else { (whole(gain), -whole(distance)) }
}
