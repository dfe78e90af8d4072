//! What each player adds to the value of all together: Shapley values, exactly or over sampled orders.
// Positions are below the number of players everywhere.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use super::sampling::Draw;
use super::{Tick, cancelled, filled, never};
use crate::{Error, Result};

/// Most players for which all coalitions are valued.
pub const MOST_EXACT: usize = 20;

/// Values of players, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// Mean of what each adds.
    pub values: Vec<f64>,
    /// Standard error of each value; 0 where it is exact.
    pub standard_errors: Vec<f64>,
    /// Value of nobody and of everybody.
    pub none: f64,
    /// Value of everybody.
    pub all: f64,
}

/// Shapley values from the value of every coalition: bit i of a mask says that player i is in it.
///
/// Coalitions are valued `block` at a time, side by side; between blocks the tick is looked at. Where a block holds one, the tick is handed on.
///
/// # Errors
/// `Limit` past 20 players; what a coalition gives; `Memory`, `Cancelled`.
pub fn exact(players: usize, block: usize, value: &(impl Fn(u32, Tick<'_>) -> Result<f64> + Sync), tick: Tick<'_>) -> Result<Shares> {
    if players > MOST_EXACT {
        return Err(Error::new(crate::ErrorKind::Limit, format!("found {players} players, wanted at most {MOST_EXACT}")));
    }
    let coalitions = 1usize << players;
    let mut worth = filled(coalitions, 0.0)?;
    for (at, part) in worth.chunks_mut(block.max(1)).enumerate() {
        if !tick(at as u64) {
            return Err(cancelled());
        }
        let first = at * block.max(1);
        let made: Result<Vec<f64>> = if part.len() > 1 {
            (0..part.len()).into_par_iter().map(|i| value((first + i) as u32, &never)).collect()
        } else {
            value(first as u32, tick).map(|v| vec![v])
        };
        part.copy_from_slice(&made?);
    }
    // |S|! (n-|S|-1)! / n! = 1 / (n · C(n-1, |S|))
    let mut weight = filled(players, 0.0)?;
    let mut binomial = 1.0;
    for (size, weight) in weight.iter_mut().enumerate() {
        *weight = 1.0 / (players as f64 * binomial);
        binomial = binomial * (players - 1 - size) as f64 / (size + 1) as f64;
    }
    let values = (0..players).map(|i| {
        let without = (0..coalitions).filter(|mask| mask >> i & 1 == 0);
        without.map(|mask| weight[mask.count_ones() as usize] * (worth[mask | 1 << i] - worth[mask])).sum()
    });
    Ok(Shares { values: values.collect(), standard_errors: filled(players, 0.0)?, none: worth[0], all: worth[coalitions - 1] })
}

/// Shapley values over `pairs` orders drawn at random, each also read backwards.
///
/// `chain` values the coalitions along an order: nobody, the first, the first two, ..., everybody. What a player adds is averaged over an
/// order and its reverse, and the standard error is that of the mean of those pairs. What all add together is exact.
///
/// # Errors
/// What a chain gives, `Memory`, `Cancelled`.
pub fn sampled(
    players: usize,
    pairs: u32,
    seed: u64,
    block: usize,
    chain: &(impl Fn(&[u32], Tick<'_>) -> Result<Vec<f64>> + Sync),
    tick: Tick<'_>,
) -> Result<Shares> {
    let mut mean = filled(players, 0.0)?;
    let mut squares = filled(players, 0.0)?;
    let (mut none, mut all) = (0.0, 0.0);
    let one = |pair: u32, tick: Tick<'_>| -> Result<(Vec<f64>, f64, f64)> {
        let mut order = order(players, seed, pair)?;
        let mut added = filled(players, 0.0)?;
        let mut ends = (0.0, 0.0);
        for _ in 0..2 {
            let values = chain(&order, tick)?;
            for (step, player) in values.windows(2).zip(&order) {
                added[*player as usize] += 0.5 * (step[1] - step[0]);
            }
            ends = (values[0], values[players]);
            order.reverse();
        }
        Ok((added, ends.0, ends.1))
    };
    let mut from = 0;
    while from < pairs {
        if !tick(u64::from(from)) {
            return Err(cancelled());
        }
        let to = pairs.min(from.saturating_add(block.max(1) as u32));
        let made: Result<Vec<_>> = if to - from > 1 {
            (from..to).into_par_iter().map(|pair| one(pair, &never)).collect()
        } else {
            (from..to).map(|pair| one(pair, tick)).collect()
        };
        for (at, (added, of_none, of_all)) in (from..to).zip(made?) {
            (none, all) = (of_none, of_all);
            // Welford: means and squares without cancellation
            for (i, x) in added.iter().enumerate() {
                let before = x - mean[i];
                mean[i] += before / f64::from(at + 1);
                squares[i] += before * (x - mean[i]);
            }
        }
        from = to;
    }
    let n = f64::from(pairs);
    let error = |s: &f64| if pairs > 1 { (s / (n * (n - 1.0))).sqrt() } else { f64::NAN };
    Ok(Shares { standard_errors: squares.iter().map(error).collect(), values: mean, none, all })
}

/// A random order of the players, by seed and pair alone.
fn order(players: usize, seed: u64, pair: u32) -> Result<Vec<u32>> {
    let mut order = filled(players, 0u32)?;
    let mut draw = Draw::new(seed, pair, 0);
    for i in 0..players {
        let j = draw.below(i + 1);
        order[i] = order[j];
        order[j] = i as u32;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left glove, left glove, right glove: a pair is worth 1. Shapley values 1/6, 1/6, 4/6 (Shapley 1953; the glove game).
    fn gloves(mask: u32) -> Result<f64> {
        Ok(f64::from(u8::from(mask & 0b11 != 0 && mask & 0b100 != 0)))
    }

    fn along(order: &[u32], value: impl Fn(u32) -> Result<f64>) -> Result<Vec<f64>> {
        let masks = std::iter::once(0).chain(order.iter().scan(0, |mask, p| {
            *mask |= 1 << p;
            Some(*mask)
        }));
        masks.map(value).collect()
    }

    #[test]
    fn the_glove_game() {
        let shares = exact(3, 4, &|mask, _: Tick<'_>| gloves(mask), &never).unwrap();
        for (found, wanted) in shares.values.iter().zip([1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0]) {
            assert!((found - wanted).abs() < 1e-15);
        }
        assert_eq!((shares.none, shares.all), (0.0, 1.0));
        let drawn = sampled(3, 2000, 7, 64, &|order: &[u32], _: Tick<'_>| along(order, gloves), &never).unwrap();
        for ((found, wanted), error) in drawn.values.iter().zip(&shares.values).zip(&drawn.standard_errors) {
            assert!((found - wanted).abs() < 4.0 * error, "{found} for {wanted} within {error}");
        }
        assert!((drawn.values.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn orders_hang_on_seed_and_pair_alone() {
        let value = |mask: u32| Ok(f64::from(mask).sqrt());
        let run = |block, seed| sampled(9, 40, seed, block, &|order: &[u32], _: Tick<'_>| along(order, value), &never).unwrap();
        assert_eq!(run(1, 3), run(16, 3));
        assert_ne!(run(1, 3), run(1, 4));
        let mut sorted = order(50, 1, 2).unwrap();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<u32>>());
    }

    #[test]
    fn what_only_adds_up_is_exact_in_any_order() {
        let value = |mask: u32| Ok((0..5).filter(|i| mask >> i & 1 == 1).map(|i| f64::from(i) - 1.0).sum());
        let drawn = sampled(5, 3, 0, 2, &|order: &[u32], _: Tick<'_>| along(order, value), &never).unwrap();
        for (i, (found, error)) in drawn.values.iter().zip(&drawn.standard_errors).enumerate() {
            assert!((found - (i as f64 - 1.0)).abs() < 1e-12 && *error < 1e-12);
        }
    }

    #[test]
    fn nobody_and_too_many() {
        let none = exact(0, 8, &|_, _: Tick<'_>| Ok(0.5), &never).unwrap();
        assert_eq!((none.values.len(), none.none, none.all), (0, 0.5, 0.5));
        assert!(exact(21, 8, &|_, _: Tick<'_>| Ok(0.0), &never).is_err());
        assert!(exact(3, 1, &|mask, _: Tick<'_>| gloves(mask), &|_| false).is_err());
    }
}
