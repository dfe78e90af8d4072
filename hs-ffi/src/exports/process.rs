//! Questions about how it is done: who acts, who takes part, what the framework asks.

use std::ffi::c_char;

use hs_core::analyses::process::{
    ActionPlan, Independence, Ownership, Participation, PhaseGates, Principles, ProgrammeStages, Relevance, Representativeness, Screens,
    SharedIndicators, Stakeholders,
};

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make, read_settings};
use crate::status::hs_status;

/// Who does what, when, and where does the plan not hold?
///
/// settings: ActionPlan.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_action_plan(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<ActionPlan>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Who stands where among those who act, who protects and endangers at once, and who was not considered?
///
/// settings: Stakeholders.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_stakeholders(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Stakeholders>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Is anyone's independence at risk, and do those who act get in each other's way?
///
/// settings: Independence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_independence(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Independence>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which indicators could agencies report together, and what stands in the way?
///
/// settings: SharedIndicators.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_shared_indicators(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<SharedIndicators>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// How can people take part here, at what risk, and are they answered?
///
/// settings: Participation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_participation(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Participation>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which of the five stages of participatory implementation is reached, on what evidence, and is the work shared fairly?
///
/// settings: ProgrammeStages.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_programme_stages(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<ProgrammeStages>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Does a committee look like the people it speaks for?
///
/// settings: Representativeness.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_representativeness(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Representativeness>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// How far do those concerned own the programme, as several raters see it?
///
/// settings: Ownership.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_local_ownership(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Ownership>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// What is done towards each of the five principles, on what evidence, and what is missing?
///
/// settings: Principles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_principles(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Principles>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which tasks of the three phases are done, on what evidence, and which phase may be left?
///
/// settings: PhaseGates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_phase_gates(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<PhaseGates>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Is it the right thing: does what is done answer what people put first?
///
/// settings: Relevance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_relevance(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Relevance>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which measures call for a closer look, and why?
///
/// settings: Screens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_screens(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Screens>(settings, length)?.run(&assessment)?.outcome()
    })
}
