//! Questions about responses: what interventions do, to whom, and which set to choose.

use std::ffi::c_char;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use hs_core::analyses::responses::{
    Externalities, HarmRegister, PeopleMoved, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make, make_of, read_settings};
use crate::status::hs_status;

/// What does each intervention do beyond its target, for better and for worse, and whom may it harm?
///
/// settings: Externalities.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_externalities(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Externalities>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// What may get worse for whom, by which chains, and what was decided about it? Nothing without a number is called low.
///
/// settings: HarmRegister.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_harm_register(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<HarmRegister>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which interventions and policies work against each other, double each other, or stand in for the state?
///
/// settings: PolicyCoherence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_policy_coherence(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<PolicyCoherence>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which interventions do more together than apart, and which less?
///
/// settings: Synergies.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_synergies(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Synergies>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which of the handbook's seven questions on protection and empowerment are answered, and what would answer the others?
///
/// settings: SevenQuestions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_seven_questions(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<SevenQuestions>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Where is protection or empowerment missing against what is critical or pervasive?
///
/// settings: PillarGaps.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_pillar_gaps(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<PillarGaps>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// How are budget, persons and interventions spread over pillars, horizons and stages? There is no pass mark.
///
/// settings: PillarBalance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_pillar_balance(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<PillarBalance>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which set of interventions does most within a budget, and harms nobody more than is allowed?
///
/// settings: Portfolio.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_portfolio(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Portfolio>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Whom do interventions lift above the threshold, and whom do they push below? rows, as of hs_score, is read batch by batch; it may be NULL
/// where the settings hold no score: then the prevalence of conditions moves.
///
/// settings: PeopleMoved, with the score's settings under `score`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_people(
    assessment: hs_assessment,
    rows: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    if rows.is_null() {
        return make(out, error, || {
            let assessment = assessment.open()?;
            read_settings::<PeopleMoved>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
        });
    }
    make_of([rows], out, error, |[rows]| {
        let assessment = assessment.open()?;
        read_settings::<PeopleMoved>(settings, length)?.run_on(&assessment, rows?, &assessment.tick())?.outcome()
    })
}
