//! What responses do: every analysis of an assessment about its interventions, by its name; and people moved.

use std::sync::Arc;

use hs_core::analyses::responses::{
    Externalities, HarmRegister, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};
use hs_core::{Assessment, Error};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::{raised, run_long, values};
use crate::outcome::PyOutcome;

macro_rules! analyses {
    ($($name:literal => $settings:ty;)*) => {
        const KNOWN: &[&str] = &[$($name),*];

        pub(crate) fn respond(assessment: &Arc<Assessment>, name: &str, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
            let py = given.py();
            match name {
                $($name => {
                    let settings: $settings = values::settings(given)?;
                    let result = run_long(py, |tick| settings.run_with(assessment, tick))?;
                    Ok(PyOutcome::later(move || result.outcome()))
                })*
                _ => Err(raised(py, &Error::not_found("analysis", name, KNOWN.iter().copied()))),
            }
        }
    };
}

analyses! {
    "externalities" => Externalities;
    "harm_register" => HarmRegister;
    "pillar_balance" => PillarBalance;
    "pillar_gaps" => PillarGaps;
    "policy_coherence" => PolicyCoherence;
    "portfolio" => Portfolio;
    "seven_questions" => SevenQuestions;
    "synergies" => Synergies;
}
