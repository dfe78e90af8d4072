//! Replicates of a survey: its primary sampling units drawn again, stratum by stratum, with their weights rescaled.
// strata and slots are checked once when the replicates are made
#![allow(clippy::indexing_slicing)]

use super::counter::Counter;
use super::sampling::Draw;
use crate::{Error, Result};

/// Keeps these random numbers apart from all others of the same seed.
const APART: u64 = 0x5b0f_7d1c_93a2_e64d;

/// Rows that are PSUs themselves, of one slot of one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// Where their weight is summed.
    pub slot: u32,
    /// Number of rows.
    pub rows: u64,
    /// Σ v.
    pub weight: f64,
    /// Σ v².
    pub squares: f64,
}

/// The PSUs of one stratum.
#[derive(Debug, Clone, PartialEq)]
pub enum Units {
    /// By PSU, the weight it gives to each slot; a PSU without one stays in the design.
    Psus(Vec<Vec<(u32, f64)>>),
    /// Every row a PSU: how many there are in all, and those that count by slot.
    Rows(u64, Vec<Alike>),
}

/// A stratum: its PSUs, and what share of all PSUs of the population they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The PSUs.
    pub units: Units,
    /// 0 where the population is taken as endless.
    pub fraction: f64,
}

/// A survey, ready to be drawn again.
///
/// # Method
/// Rao and Wu (1988), Rao, Wu and Yue (1992): of n PSUs, n - 1 are drawn with replacement; a PSU drawn t times weighs
/// `1 + sqrt(1 - f) (t n/(n - 1) - 1)` times as much. Where every row is a PSU, rows of one slot are drawn together: their number is
/// multinomial, and their weights, where they differ, sum to a gamma number of the right mean and variance. PSUs that stand alone in their
/// stratum are drawn as one stratum (`pooled`), or left as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    strata: Vec<Drawn>,
    slots: usize,
    seed: u64,
}

impl Replicates {
    /// Replicates of weights summed in some slots.
    ///
    /// # Errors
    /// `Argument` for a slot that is not there.
    pub fn new(strata: Vec<Drawn>, slots: usize, seed: u64, pooled: bool) -> Result<Self> {
        let fits = |slot: u32| (slot as usize) < slots;
        let fine = strata.iter().all(|stratum| match &stratum.units {
            Units::Psus(psus) => psus.iter().flatten().all(|(slot, _)| fits(*slot)),
            Units::Rows(_, alike) => alike.iter().all(|a| fits(a.slot)),
        });
        if !fine {
            return Err(Error::internal("a slot past the last"));
        }
        let strata = if pooled { pool(strata) } else { strata };
        Ok(Replicates { strata, slots, seed: seed ^ APART })
    }

    /// The weight of each slot in one replicate.
    pub fn replicate(&self, draw: u32) -> Vec<f64> {
        let mut sums = vec![0.0; self.slots];
        for (at, stratum) in self.strata.iter().enumerate() {
            let spread = (1.0 - stratum.fraction).max(0.0).sqrt();
            match &stratum.units {
                Units::Psus(psus) => self.of_psus(psus, at, draw, spread, &mut sums),
                Units::Rows(n, alike) => self.of_rows(*n, alike, at, draw, spread, &mut sums),
            }
        }
        sums
    }

    fn of_psus(&self, psus: &[Vec<(u32, f64)>], stratum: usize, draw: u32, spread: f64, sums: &mut [f64]) {
        let n = psus.len();
        let mut factors = vec![1.0; n];
        if n > 1 {
            let mut times = vec![0u32; n];
            let numbers = Counter::new(self.seed, stratum as u64);
            for pick in 0..n - 1 {
                let number = numbers.uniform(u64::from(draw) * n as u64 + pick as u64);
                times[((number * n as f64) as usize).min(n - 1)] += 1;
            }
            let more = n as f64 / (n as f64 - 1.0);
            factors.iter_mut().zip(&times).for_each(|(factor, times)| *factor = 1.0 + spread * (more * f64::from(*times) - 1.0));
        }
        for (psu, factor) in psus.iter().zip(&factors) {
            psu.iter().for_each(|(slot, weight)| sums[*slot as usize] += factor * weight);
        }
    }

    fn of_rows(&self, n: u64, alike: &[Alike], stratum: usize, draw: u32, spread: f64, sums: &mut [f64]) {
        if n < 2 {
            alike.iter().for_each(|a| sums[a.slot as usize] += a.weight);
            return;
        }
        let mut numbers = Draw::new(self.seed, draw, stratum as u32);
        let more = n as f64 / (n as f64 - 1.0);
        let (mut picks, mut rows) = (n - 1, n);
        for a in alike.iter().filter(|a| a.rows > 0) {
            let times = if rows == 0 { 0 } else { numbers.binomial(picks, (a.rows as f64 / rows as f64).min(1.0)) };
            picks -= times.min(picks);
            rows = rows.saturating_sub(a.rows);
            let (count, mean) = (times as f64, a.weight / a.rows as f64);
            let variance = a.squares / a.rows as f64 - mean * mean;
            let drawn = if times == 0 || mean <= 0.0 {
                0.0
            } else if variance <= 1e-12 * mean * mean {
                count * mean
            } else {
                numbers.gamma(count * mean * mean / variance) * variance / mean
            };
            sums[a.slot as usize] += a.weight + spread * (more * drawn - a.weight);
        }
    }
}

/// PSUs that stand alone in their stratum, as one stratum of their own.
fn pool(strata: Vec<Drawn>) -> Vec<Drawn> {
    let lonely = |stratum: &Drawn| match &stratum.units {
        Units::Psus(psus) => psus.len() == 1,
        Units::Rows(n, _) => *n == 1,
    };
    let (alone, mut kept): (Vec<Drawn>, Vec<Drawn>) = strata.into_iter().partition(lonely);
    let (mut psus, mut rows, mut alike) = (Vec::new(), 0, Vec::new());
    for stratum in alone {
        match stratum.units {
            Units::Psus(own) => psus.extend(own),
            Units::Rows(n, own) => {
                rows += n;
                alike.extend(own);
            }
        }
    }
    if !psus.is_empty() {
        kept.push(Drawn { units: Units::Psus(psus), fraction: 0.0 });
    }
    if rows > 0 {
        kept.push(Drawn { units: Units::Rows(rows, alike), fraction: 0.0 });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of the sum over many replicates.
    fn moments(units: Units, fraction: f64) -> (f64, f64) {
        let replicates = Replicates::new(vec![Drawn { units, fraction }], 2, 7, true).unwrap();
        let all: Vec<f64> = (0..20_000).map(|draw| replicates.replicate(draw)[0]).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        (mean, all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / all.len() as f64)
    }

    #[test]
    fn the_spread_is_that_of_the_total() {
        // n/(n-1) Σ(y - mean)² of 1, 2, 3, 4 is 4/3 · 5
        let psus = Units::Psus([1.0, 2.0, 3.0, 4.0].map(|y| vec![(0, y)]).to_vec());
        for (fraction, wanted) in [(0.0, 20.0 / 3.0), (0.5, 10.0 / 3.0)] {
            let (mean, variance) = moments(psus.clone(), fraction);
            assert!((mean - 10.0).abs() < 0.1 && (variance / wanted - 1.0).abs() < 0.05, "{mean} {variance}");
        }
    }

    #[test]
    fn rows_of_one_slot_spread_as_they_would_one_by_one() {
        // the same rows, and two more of another slot
        let alike = vec![Alike { slot: 0, rows: 4, weight: 10.0, squares: 30.0 }, Alike { slot: 1, rows: 2, weight: 2.0, squares: 2.0 }];
        let (mean, variance) = moments(Units::Rows(6, alike), 0.0);
        let one_by_one = 6.0 / 5.0 * (30.0 - 100.0 / 6.0);
        assert!((mean - 10.0).abs() < 0.1 && (variance / one_by_one - 1.0).abs() < 0.05, "{mean} {variance} {one_by_one}");
    }

    #[test]
    fn lonely_units_are_pooled_or_stand() {
        let one = |y: f64| Drawn { units: Units::Psus(vec![vec![(0, y)]]), fraction: 0.0 };
        let pooled = Replicates::new(vec![one(1.0), one(3.0)], 1, 1, true).unwrap();
        let totals: Vec<f64> = (0..8).map(|draw| pooled.replicate(draw)[0]).collect();
        assert!(totals.iter().all(|t| *t == 2.0 || *t == 6.0) && totals.contains(&2.0) && totals.contains(&6.0));
        let stands = Replicates::new(vec![one(1.0), one(3.0)], 1, 1, false).unwrap();
        assert_eq!(stands.replicate(5), [4.0]);
    }
}
