//! Every question of an assessment by its name; and people moved.

use std::sync::Arc;

use hs_core::analyses::process::{
    ActionPlan, Independence, Ownership, Participation, PhaseGates, Principles, ProgrammeStages, Relevance, Representativeness, Screens,
    SharedIndicators, Stakeholders,
};
use hs_core::analyses::responses::{
    Externalities, HarmRegister, PeopleMoved, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};
use hs_core::analyses::situation::{CapacityProfile, ChronicAndSudden, Explain, GenderGaps, Matrix, SecurityInfrastructure, VitalCore};
use hs_core::analyses::voices::{Agreement, Consensus, Mismatch, Perceptions, ProblemDefinitions, Reliability, Stories};
use hs_core::{Assessment, Error};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::people::Data;
use crate::crossing::{raised, run_free, run_long, values};
use crate::outcome::PyOutcome;

macro_rules! analyses {
    (long { $($long:literal => $watched:ty;)* } short { $($short:literal => $settings:ty;)* }) => {
        const KNOWN: &[&str] = &[$($long,)* $($short,)*];

        pub(crate) fn ask(assessment: &Arc<Assessment>, name: &str, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
            let py = given.py();
            match name {
                $($long => {
                    let settings: $watched = values::settings(given)?;
                    let result = run_long(py, |tick| settings.run_with(assessment, tick))?;
                    Ok(PyOutcome::later(move || result.outcome()))
                })*
                $($short => {
                    let settings: $settings = values::settings(given)?;
                    let assessment = Arc::clone(assessment);
                    let result = run_free(py, move || settings.run(&assessment))?;
                    Ok(PyOutcome::later(move || result.outcome()))
                })*
                _ => Err(raised(py, &Error::not_found("analysis", name, KNOWN.iter().copied()))),
            }
        }
    };
}

analyses! {
    long {
        // voices and the matrix
        "matrix" => Matrix;
        "explain" => Explain;
        "gender_gaps" => GenderGaps;
        "capacity_profile" => CapacityProfile;
        "agreement" => Agreement;
        "consensus" => Consensus;
        "mismatch" => Mismatch;
        "story_coding" => Stories;
        "action_plan" => ActionPlan;
        // responses
        "externalities" => Externalities;
        "harm_register" => HarmRegister;
        "policy_coherence" => PolicyCoherence;
        "portfolio" => Portfolio;
        "seven_questions" => SevenQuestions;
        "synergies" => Synergies;
    }
    short {
        // voices and the matrix
        "vital_core" => VitalCore;
        "chronic_and_sudden" => ChronicAndSudden;
        "security_infrastructure" => SecurityInfrastructure;
        "perception_gaps" => Perceptions;
        "reliability" => Reliability;
        "problem_definitions" => ProblemDefinitions;
        "stakeholders" => Stakeholders;
        "independence" => Independence;
        "shared_indicators" => SharedIndicators;
        "participation" => Participation;
        "programme_stages" => ProgrammeStages;
        "representativeness" => Representativeness;
        "local_ownership" => Ownership;
        "principles" => Principles;
        "phase_gates" => PhaseGates;
        "relevance" => Relevance;
        "screens" => Screens;
        // responses
        "pillar_balance" => PillarBalance;
        "pillar_gaps" => PillarGaps;
    }
}

/// Persons lifted above the threshold and pushed below it; without rows the prevalence of conditions moves.
pub(crate) fn people(
    assessment: &Arc<Assessment>,
    given: &Bound<'_, PyDict>,
    data: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyOutcome> {
    let py = given.py();
    let settings: PeopleMoved = values::settings(given)?;
    let Some(data) = data else {
        let result = run_long(py, |tick| settings.run_with(assessment, tick))?;
        return Ok(PyOutcome::later(move || result.outcome()));
    };
    settings.check().map_err(|error| raised(py, &error))?;
    let data = Data::open(data, Some(&settings.columns()))?;
    let notes = data.notes();
    let assessment = Arc::clone(assessment);
    let outcome = data.over(py, progress, move |rows, tick| settings.run_on(&assessment, rows, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}
