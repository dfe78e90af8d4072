//! Variance of linearised estimators under strata, primary sampling units (PSUs) and a finite population.
//!
//! An estimator is linearised outside: every PSU has a score z, the sum of its rows' influences. Here the scores of a stratum are
//! compared with their mean, PSUs without a score counting as 0, with factor (1 - f) n/(n - 1) (Binder 1983; Wolter 2007).

use crate::{Error, Result};

/// What a stratum with a single PSU adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lonely {
    /// Its squared distance from the mean of all PSUs.
    Adjust,
    /// Nothing.
    Certainty,
    /// Refused.
    Error,
}

/// A stratum as given: its PSUs in the sample, and the finite population: PSUs in it where above 1, else the fraction sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// PSUs in the sample, also those without a score.
    pub psus: u64,
    /// PSUs in the population, or fraction.
    pub fpc: Option<f64>,
}

/// A design: what turns scores into a variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// PSUs and 1 - f of each stratum.
    strata: Vec<(f64, f64)>,
    lonely: Lonely,
    lonely_strata: u64,
    psus: u64,
}

/// Sum and sum of squares of the scores of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    /// Σ z
    pub sum: f64,
    /// Σ z²
    pub squares: f64,
    /// Magnitude of what `squares` was made of, which is more than itself where terms cancelled: what it is exact to.
    pub magnitude: f64,
}

impl Moments {
    /// Moments whose squares are a sum of squares.
    pub fn new(sum: f64, squares: f64) -> Self {
        Moments { sum, squares, magnitude: squares }
    }
}

impl Plan {
    /// A design from its strata; those without a PSU count for nothing.
    ///
    /// # Errors
    /// A population smaller than its sample, or a fraction outside 0 to 1; a lonely PSU under [`Lonely::Error`].
    pub fn new(strata: &[Stratum], lonely: Lonely) -> Result<Plan> {
        let mut plan = Plan { strata: Vec::with_capacity(strata.len()), lonely, lonely_strata: 0, psus: 0 };
        for stratum in strata {
            let sampled = stratum.psus as f64;
            let fraction = match stratum.fpc {
                None => 0.0,
                Some(population) if population > 1.0 => sampled / population,
                Some(fraction) => fraction,
            };
            if !(0.0..=1.0 + 1e-9).contains(&fraction) {
                return Err(Error::argument(
                    "`fpc`: found a stratum whose finite population is smaller than its sample, wanted its number of PSUs or a fraction from 0 to 1",
                ));
            }
            plan.strata.push((sampled, (1.0 - fraction).max(0.0)));
            plan.psus += stratum.psus;
            plan.lonely_strata += u64::from(stratum.psus == 1);
        }
        if lonely == Lonely::Error && plan.lonely_strata > 0 {
            return Err(Error::argument(format!(
                "`lonely_psu`: {} of {} strata have a single PSU; wanted two or more in each, or `adjust` or `certainty`",
                plan.lonely_strata,
                plan.strata.len()
            )));
        }
        Ok(plan)
    }

    /// PSUs in the sample.
    pub fn psus(&self) -> u64 {
        self.psus
    }

    /// Strata with a PSU.
    pub fn strata(&self) -> u64 {
        self.strata.iter().filter(|(n, _)| *n > 0.0).count() as u64
    }

    /// Strata with one PSU.
    pub fn lonely_strata(&self) -> u64 {
        self.lonely_strata
    }

    /// PSUs - strata.
    pub fn degrees_of_freedom(&self) -> u64 {
        self.psus - self.strata()
    }

    /// Whether there is any variance to speak of: with a single PSU there is none.
    pub fn has_variance(&self) -> bool {
        self.psus > 1
    }

    /// What multiplies the squared distances of a stratum, and the mean they are from, given the sum of its scores.
    fn scale(&self, stratum: u32, sum: f64, grand_mean: f64) -> (f64, f64) {
        match self.strata.get(stratum as usize) {
            Some((n, rest)) if *n > 1.0 => (rest * n / (n - 1.0), sum / n),
            Some((_, rest)) if self.lonely == Lonely::Adjust => (*rest, grand_mean),
            _ => (0.0, 0.0),
        }
    }

    /// What the lonely strata that have no score add.
    fn absent_lonely(&self, present: &[u32], grand_mean: f64) -> f64 {
        if self.lonely != Lonely::Adjust || grand_mean == 0.0 || self.lonely_strata == 0 {
            return 0.0;
        }
        let absent = |(at, (n, _)): &(usize, &(f64, f64))| *n == 1.0 && present.binary_search(&(*at as u32)).is_err();
        self.strata.iter().enumerate().filter(absent).map(|(_, (_, rest))| rest * grand_mean * grand_mean).sum()
    }

    /// The scores of `scores` about their means, each times the square root of its stratum's factor: their products are (co)variances.
    pub fn centred(&self, scores: &[(u32, f64)]) -> Vec<f64> {
        let grand = self.grand_mean(scores.iter().map(|s| s.1));
        let mut centred = Vec::with_capacity(scores.len());
        for chunk in scores.chunk_by(|a, b| a.0 == b.0) {
            let stratum = chunk.first().map_or(0, |s| s.0);
            let (factor, mean) = self.scale(stratum, chunk.iter().map(|s| s.1).sum(), grand);
            centred.extend(chunk.iter().map(|(_, z)| factor.sqrt() * (z - mean)));
        }
        centred
    }

    fn grand_mean(&self, scores: impl Iterator<Item = f64>) -> f64 {
        scores.sum::<f64>() / (self.psus.max(1) as f64)
    }

    /// Variance of the sum of scores: one (stratum, score) a PSU, by stratum; PSUs that are not named score 0.
    pub fn variance(&self, scores: &[(u32, f64)]) -> f64 {
        let grand = self.grand_mean(scores.iter().map(|s| s.1));
        let (mut variance, mut present) = (0.0, Vec::new());
        for chunk in scores.chunk_by(|a, b| a.0 == b.0) {
            let stratum = chunk.first().map_or(0, |s| s.0);
            present.push(stratum);
            let (factor, mean) = self.scale(stratum, chunk.iter().map(|s| s.1).sum(), grand);
            let n = self.strata.get(stratum as usize).map_or(0.0, |s| s.0);
            let squares: f64 = chunk.iter().map(|(_, z)| (z - mean) * (z - mean)).sum();
            variance += factor * (squares + (n - chunk.len() as f64).max(0.0) * mean * mean);
        }
        variance + self.absent_lonely(&present, grand)
    }

    /// The same from sums: one (stratum, moments), by stratum, of scores of which those that are not counted are 0.
    ///
    /// What is left of Σz² - (Σz)²/n under 1e-14 of its terms is rounding, and 0.
    pub fn variance_of_moments(&self, moments: &[(u32, Moments)]) -> f64 {
        let grand = self.grand_mean(moments.iter().map(|m| m.1.sum));
        let (mut variance, mut present) = (0.0, Vec::new());
        for (stratum, Moments { sum, squares, magnitude }) in moments {
            present.push(*stratum);
            let (factor, mean) = self.scale(*stratum, *sum, grand);
            let n = self.strata.get(*stratum as usize).map_or(0.0, |s| s.0);
            let about = squares - 2.0 * mean * sum + n * mean * mean;
            if about > 1e-14 * magnitude {
                variance += factor * about;
            }
        }
        variance + self.absent_lonely(&present, grand)
    }
}
