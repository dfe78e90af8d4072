//! Krippendorff's alpha: how far several coders agree beyond chance, with gaps and any difference between values.
#![allow(clippy::indexing_slicing)] // categories are positions in a list that is made here

use super::counter::Counter;
use super::tails::tails;
use super::{Tick, cancelled};
use crate::Result;

/// How far two values lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Difference<'a> {
    /// 0 if equal, else 1.
    Nominal,
    /// By how many values stand between them, ends counted half.
    Ordinal,
    /// `(c - k)²`.
    Interval,
    /// `((c - k)/(c + k))²`.
    Ratio,
    /// A table, row by row, symmetric with zeros on its diagonal.
    Given(&'a [f64]),
}

/// Values that can be paired, by unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// The distinct values, rising; positions where a table of differences is given.
    values: Vec<f64>,
    /// How often each value was given, unit by unit; in an order of its own, so that no order of the input matters.
    units: Vec<Vec<(usize, f64)>>,
}

/// Agreement and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// `1 - observed/expected`; none where all values are equal, or nothing can be paired.
    pub alpha: Option<f64>,
    /// Observed disagreement.
    pub observed: f64,
    /// Disagreement by chance.
    pub expected: f64,
}

impl Coded {
    /// From the values of each unit, missing ones left out beforehand; units of fewer than two values cannot be paired and are passed over.
    pub fn new<'a>(units: impl IntoIterator<Item = &'a [f64]>) -> Self {
        let kept: Vec<&[f64]> = units.into_iter().filter(|unit| unit.len() > 1).collect();
        // -0 and 0 are one value
        let mut values: Vec<f64> = kept.iter().flat_map(|unit| unit.iter().map(|v| v + 0.0)).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let place = |value: f64| values.partition_point(|v| *v < value);
        let mut units: Vec<Vec<(usize, f64)>> = kept.iter().map(|unit| counted(unit.iter().map(|v| place(*v)).collect())).collect();
        units.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        Coded { values, units }
    }

    /// From positions in a table of differences.
    pub fn of_positions(count: usize, units: &[Vec<usize>]) -> Self {
        let mut units: Vec<Vec<(usize, f64)>> = units.iter().filter(|u| u.len() > 1).map(|u| counted(u.clone())).collect();
        units.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        Coded { values: (0..count).map(|v| v as f64).collect(), units }
    }

    /// Units that can be paired.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// Alpha over all units.
    pub fn alpha(&self, difference: Difference<'_>) -> Alpha {
        self.alpha_of(difference, &mut (0..self.units.len()))
    }

    /// Disagreement within units given as values, each: `Σ δ²(i, j)/(m - 1)` over ordered pairs, with the marginals of all units.
    pub fn disagreement<'a>(&'a self, difference: Difference<'a>) -> impl Fn(&[f64]) -> f64 + 'a {
        let scale = self.scale(difference, &self.marginals(&mut (0..self.units.len())));
        move |unit| {
            let counts = counted(unit.iter().map(|v| self.values.partition_point(|w| w < v)).collect());
            self.within(difference, &scale, &counts)
        }
    }

    /// Percentile interval of alpha when units are drawn anew, with the share of draws in which alpha was not defined.
    ///
    /// # Errors
    /// `Cancelled` where `tick` says so.
    pub fn bootstrap(
        &self,
        difference: Difference<'_>,
        draws: u32,
        seed: u64,
        level: f64,
        tick: Tick<'_>,
    ) -> Result<Option<([f64; 2], f64)>> {
        let many = self.units.len();
        let mut found = Vec::with_capacity(draws as usize);
        for draw in 0..draws {
            if draw % 64 == 0 && !tick(u64::from(draw)) {
                return Err(cancelled());
            }
            let pick = |unit: usize| {
                let uniform = Counter::new(seed, unit as u64).uniform(u64::from(draw));
                ((uniform * many as f64) as usize).min(many.saturating_sub(1))
            };
            found.extend(self.alpha_of(difference, &mut (0..many).map(pick)).alpha);
        }
        let undefined = 1.0 - found.len() as f64 / f64::from(draws.max(1));
        // a percentile needs draws on either side of it
        if many < 2 || found.len() < 20 {
            return Ok(None);
        }
        Ok(tails(&mut found, (1.0 - level) / 2.0, &mut Vec::new()).map(|ends| (ends, undefined)))
    }

    fn marginals(&self, units: &mut dyn Iterator<Item = usize>) -> Vec<f64> {
        let mut marginals = vec![0.0; self.values.len()];
        for unit in units {
            for (value, count) in &self.units[unit] {
                marginals[*value] += count;
            }
        }
        marginals
    }

    /// Where values stand on a straight scale: themselves, or the middle of their ranks.
    fn scale(&self, difference: Difference<'_>, marginals: &[f64]) -> Vec<f64> {
        match difference {
            Difference::Ordinal => {
                let mut before = 0.0;
                let middle = |n: &f64| {
                    before += n;
                    before - n / 2.0
                };
                marginals.iter().map(middle).collect()
            }
            _ => self.values.clone(),
        }
    }

    fn within(&self, difference: Difference<'_>, scale: &[f64], counts: &[(usize, f64)]) -> f64 {
        let many: f64 = counts.iter().map(|(_, n)| n).sum();
        let mut sum = 0.0;
        for (at, (c, n)) in counts.iter().enumerate() {
            for (k, m) in &counts[at + 1..] {
                sum += 2.0 * n * m * apart(difference, scale, *c, *k);
            }
        }
        if many > 1.0 { sum / (many - 1.0) } else { 0.0 }
    }

    fn alpha_of(&self, difference: Difference<'_>, units: &mut dyn Iterator<Item = usize>) -> Alpha {
        let chosen: Vec<usize> = units.collect();
        let marginals = self.marginals(&mut chosen.iter().copied());
        let scale = self.scale(difference, &marginals);
        let n: f64 = marginals.iter().sum();
        if n < 2.0 {
            return Alpha { alpha: None, observed: 0.0, expected: 0.0 };
        }
        let observed = chosen.iter().map(|unit| self.within(difference, &scale, &self.units[*unit])).sum::<f64>() / n;
        let present: Vec<usize> = (0..marginals.len()).filter(|v| marginals[*v] > 0.0).collect();
        let sum = match difference {
            Difference::Nominal => n * n - marginals.iter().map(|m| m * m).sum::<f64>(),
            Difference::Ordinal | Difference::Interval => {
                let mean = present.iter().map(|v| marginals[*v] * scale[*v]).sum::<f64>() / n;
                2.0 * n * present.iter().map(|v| marginals[*v] * (scale[*v] - mean).powi(2)).sum::<f64>()
            }
            Difference::Ratio | Difference::Given(_) => {
                let row = |(at, c): (usize, &usize)| -> f64 {
                    present[at + 1..].iter().map(|k| 2.0 * marginals[*c] * marginals[*k] * apart(difference, &scale, *c, *k)).sum()
                };
                present.iter().enumerate().map(row).sum()
            }
        };
        let expected = sum / (n * (n - 1.0));
        let alpha = (present.len() > 1 && expected > 0.0).then(|| 1.0 - observed / expected);
        Alpha { alpha, observed, expected }
    }
}

fn counted(mut values: Vec<usize>) -> Vec<(usize, f64)> {
    values.sort_unstable();
    let mut counts: Vec<(usize, f64)> = Vec::new();
    for value in values {
        match counts.last_mut() {
            Some((last, count)) if *last == value => *count += 1.0,
            _ => counts.push((value, 1.0)),
        }
    }
    counts
}

fn apart(difference: Difference<'_>, scale: &[f64], c: usize, k: usize) -> f64 {
    match difference {
        Difference::Nominal => f64::from(u8::from(c != k)),
        Difference::Ordinal | Difference::Interval => (scale[c] - scale[k]).powi(2),
        Difference::Ratio => {
            let sum = scale[c] + scale[k];
            if sum == 0.0 { 0.0 } else { ((scale[c] - scale[k]) / sum).powi(2) }
        }
        Difference::Given(table) => table.get(c * scale.len() + k).copied().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    const GAP: f64 = f64::NAN;
    /// Krippendorff 2011, section D.
    const CODED: [[f64; 12]; 4] = [
        [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 4.0, 1.0, 2.0, GAP, GAP, GAP],
        [1.0, 2.0, 3.0, 3.0, 2.0, 2.0, 4.0, 1.0, 2.0, 5.0, GAP, 3.0],
        [GAP, 3.0, 3.0, 3.0, 2.0, 3.0, 4.0, 2.0, 2.0, 5.0, 1.0, GAP],
        [1.0, 2.0, 3.0, 3.0, 2.0, 4.0, 4.0, 1.0, 2.0, 5.0, 1.0, GAP],
    ];

    fn coded() -> Coded {
        let units: Vec<Vec<f64>> = (0..12).map(|u| CODED.iter().map(|row| row[u]).filter(|v| !v.is_nan()).collect()).collect();
        Coded::new(units.iter().map(Vec::as_slice))
    }

    #[test]
    fn published_values_at_four_levels() {
        let of = |difference| (coded().alpha(difference).alpha.unwrap() * 1000.0).round() / 1000.0;
        assert_eq!(of(Difference::Nominal), 0.743);
        assert_eq!(of(Difference::Ordinal), 0.815);
        assert_eq!(of(Difference::Interval), 0.849);
        assert_eq!(of(Difference::Ratio), 0.797);
        assert_eq!(coded().units(), 11);
    }

    #[test]
    fn a_table_of_ones_is_nominal() {
        let table: Vec<f64> = (0..25).map(|at| f64::from(u8::from(at / 5 != at % 5))).collect();
        assert!(
            (coded().alpha(Difference::Given(&table)).alpha.unwrap() - coded().alpha(Difference::Nominal).alpha.unwrap()).abs() < 1e-12
        );
    }

    #[test]
    fn unanimous_is_one_and_nothing_varied_is_undefined() {
        let same = [vec![1.0, 1.0], vec![2.0, 2.0, 2.0]];
        for difference in [Difference::Nominal, Difference::Ordinal, Difference::Interval, Difference::Ratio] {
            assert_eq!(Coded::new(same.iter().map(Vec::as_slice)).alpha(difference).alpha, Some(1.0));
        }
        let constant = [vec![1.0, 1.0], vec![1.0, 1.0]];
        assert_eq!(Coded::new(constant.iter().map(Vec::as_slice)).alpha(Difference::Nominal).alpha, None);
        assert_eq!(Coded::new([]).alpha(Difference::Nominal).alpha, None);
    }

    #[test]
    fn the_interval_holds_alpha_and_is_repeatable() {
        let draw = || coded().bootstrap(Difference::Nominal, 500, 7, 0.9, &never).unwrap().unwrap();
        let ([low, high], undefined) = draw();
        assert!(low < 0.743 && 0.743 < high && high <= 1.0, "{low} {high}");
        assert_eq!(undefined, 0.0);
        assert_eq!(draw(), draw());
    }
}
