//! Eight funded projects of the 2009 handbook as embedded assessments, ready to load; an invented situation and an invented survey to practise on.
//!
//! What the text says is `stated` and carries its lines; every number it does not give is illustrative, `inferred`
//! and says so in its note. `docs/guide/cases.md` tells what each case shows.
//!
//! # Examples
//! ```
//! let ituri = hs_core::examples::load("ituri")?;
//! assert_eq!(ituri.threats.len(), 11);
//! assert!(hs_core::examples::load("iturri").unwrap_err().message.contains("`ituri`"));
//! # Ok::<(), hs_core::Error>(())
//! ```

mod survey;

#[cfg(test)]
pub(crate) use survey::complete_patterns;

pub use survey::{
    LEAST_HOUSEHOLDS, MOST_HOUSEHOLDS, SurveyTruth, SyntheticSurvey, survey, survey_names, survey_scheme, survey_score, survey_truth,
};

use crate::{Assessment, Error, Result};

macro_rules! cases {
    ($($name:literal),+ $(,)?) => {
        const NAMES: &[&str] = &[$($name),+];
        const TEXTS: &[&str] = &[$(include_str!(concat!($name, ".json"))),+];
    };
}
cases!("ituri", "sonsonate", "semipalatinsk", "mitrovica", "liberia", "moldova", "shan", "quispicanchis");

/// An invented situation that has something of everything; it is no case of the handbook.
const INVENTED: (&str, &str) = ("demo", include_str!("demo.json"));

/// Names of the cases, in the handbook's order; `demo`, which is invented, loads too and is not among them.
pub fn names() -> &'static [&'static str] {
    NAMES
}

/// The document of a case, as JSON of the format `human-security/1`.
///
/// # Errors
/// Not found, with the nearest name.
pub fn text(name: &str) -> Result<&'static str> {
    let known = || NAMES.iter().copied().zip(TEXTS.iter().copied()).chain([INVENTED]);
    known()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| text)
        .ok_or_else(|| Error::not_found("example", name, known().map(|(known, _)| known)))
}

/// A case, read and checked like any other document.
///
/// # Errors
/// Not found, with the nearest name.
pub fn load(name: &str) -> Result<Assessment> {
    Assessment::from_json(text(name)?)
}

#[cfg(test)]
mod tests;
