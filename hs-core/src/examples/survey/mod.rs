//! A survey to practise on: invented households of Ituri, clustered, weighted, with answers missing, and the truth they come from.
//!
//! It says nothing about real people of Ituri. `docs/reference/ituri_survey.md` gives every column, the model and its truth.

mod draw;
mod model;
mod scheme;
#[cfg(test)]
mod tests;
mod truth;

pub use draw::{LEAST_HOUSEHOLDS, MOST_HOUSEHOLDS};
pub use truth::SurveyTruth;
#[cfg(test)]
pub(crate) use truth::complete_patterns;

use crate::analyses::thresholds::scoring::{DeprivationScheme, Score};
use crate::tables::Table;
use crate::{Error, Result};

const NAMES: &[&str] = &["ituri"];

/// Invented rows, one a household.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticSurvey {
    /// The data, as an interviewer would hand them in.
    pub table: Table,
}

/// Names of the surveys.
pub fn survey_names() -> &'static [&'static str] {
    NAMES
}

/// A survey of `n` households: the same bytes for the same `n` and seed, on every platform.
///
/// Every stratum is there, with two villages or more. Some answers are missing and some are the code 98, "don't know".
///
/// # Errors
/// No survey of that name; `Argument` for fewer than [`LEAST_HOUSEHOLDS`] households or more than [`MOST_HOUSEHOLDS`]; `Memory`.
///
/// # Examples
/// ```
/// let survey = hs_core::examples::survey("ituri", 2000, 0)?;
/// assert_eq!(survey.table.rows(), 2000);
/// # Ok::<(), hs_core::Error>(())
/// ```
pub fn survey(name: &str, n: usize, seed: u64) -> Result<SyntheticSurvey> {
    known(name)?;
    Ok(SyntheticSurvey { table: draw::survey(n, seed)? })
}

/// The deprivation scheme that goes with the survey; its indicators name threats of the case.
///
/// # Errors
/// No survey of that name.
pub fn survey_scheme(name: &str) -> Result<DeprivationScheme> {
    known(name)?;
    Ok(scheme::scheme())
}

/// A score of the survey by that scheme, as its design asks for: weights, household sizes, strata and villages.
///
/// # Errors
/// No survey of that name.
pub fn survey_score(name: &str) -> Result<Score> {
    known(name)?;
    Ok(scheme::score())
}

/// What the scheme's measures are in the population that the survey is drawn from: computed from the model, not estimated.
///
/// # Errors
/// No survey of that name.
pub fn survey_truth(name: &str) -> Result<SurveyTruth> {
    known(name)?;
    truth::truth()
}

fn known(name: &str) -> Result<()> {
    if NAMES.contains(&name) { Ok(()) } else { Err(Error::not_found("survey", name, NAMES.iter().copied())) }
}
