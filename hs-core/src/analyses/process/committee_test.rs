//! How often a draw by lot would look as unlike the population as a committee does.

use serde::Serialize;

use crate::kernels::goodness::{chi_squared, hypergeometric, multinomial};

/// Outcomes that an exact test goes through at the most.
const MOST_OUTCOMES: f64 = 200_000.0;

/// A committee's fit to its population.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The chance of one as unlike the population, or more; none where nothing could be tested.
    pub p_value: Option<f64>,
    /// `exact-multinomial`, `exact-hypergeometric`, `chi-squared` or `none`.
    pub method: &'static str,
    /// Pearson's statistic, whatever the method.
    pub chi_squared: Option<f64>,
    /// The smallest number of seats expected.
    pub smallest_expected: Option<f64>,
    /// Whether chi-squared could be relied on: at most a fifth of the numbers expected below 5, none below 1.
    pub condition_met: Option<bool>,
}

impl Default for Fit {
    fn default() -> Self {
        Fit { p_value: None, method: "none", chi_squared: None, smallest_expected: None, condition_met: None }
    }
}

/// Whole persons, where the counts are such.
fn whole(persons: &[f64]) -> Option<Vec<u64>> {
    // whole numbers below 2^53 are exact
    persons.iter().map(|p| (p.fract() == 0.0 && *p >= 0.0 && *p < 9e15).then_some(*p as u64)).collect()
}

fn exact(counts: &[u64], persons: &[f64], fraction: f64) -> Option<(f64, &'static str)> {
    let n: f64 = counts.iter().map(|c| *c as f64).sum();
    let everyone: f64 = persons.iter().sum();
    if n > fraction * everyone
        && let Some(p) = whole(persons).and_then(|whole| hypergeometric(counts, &whole, MOST_OUTCOMES))
    {
        return Some((p, "exact-hypergeometric"));
    }
    multinomial(counts, persons, MOST_OUTCOMES).map(|p| (p, "exact-multinomial"))
}

/// Seats by group against persons by group.
pub(super) fn fit(counts: &[u64], persons: &[f64], fraction: f64) -> Fit {
    let approximate = chi_squared(counts, persons);
    let exact = exact(counts, persons, fraction);
    let (p_value, method) = match (exact, approximate) {
        (Some((p, method)), _) => (Some(p), method),
        (None, Some(found)) if found.reliable => (Some(found.p_value), "chi-squared"),
        _ => (None, "none"),
    };
    Fit {
        p_value,
        method,
        chi_squared: approximate.map(|c| c.statistic),
        smallest_expected: approximate.map(|c| c.smallest),
        condition_met: approximate.map(|c| c.reliable),
    }
}

/// The chance for one group against all others together.
pub(super) fn one_against_the_rest(counts: &[u64], persons: &[f64], at: usize, fraction: f64) -> Option<f64> {
    let split = |own: f64, all: f64| [own, all - own];
    let (own, all) = (*counts.get(at)?, counts.iter().sum::<u64>());
    let persons = split(*persons.get(at)?, persons.iter().sum());
    exact(&[own, all - own], &persons, fraction).map(|(p, _)| p)
}
