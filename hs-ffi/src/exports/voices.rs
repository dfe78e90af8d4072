//! Questions about what people themselves say.

use std::ffi::c_char;

use hs_core::analyses::voices::{Agreement, Consensus, Mismatch, Perceptions, ProblemDefinitions, Reliability, Stories};

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make, read_settings};
use crate::status::hs_status;

/// Where do people see more, or less, than the indicators show?
///
/// settings: Perceptions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_perception_gaps(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Perceptions>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// How far do people agree on what comes first?
///
/// settings: Agreement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_agreement(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Agreement>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which order do people agree on, and who sees it otherwise?
///
/// settings: Consensus.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_consensus(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Consensus>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Do policies put first what people put first?
///
/// settings: Mismatch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_mismatch(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Mismatch>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// How well does a scale of several items measure one thing, and what does it say by place and group?
///
/// settings: Reliability.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_reliability(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Reliability>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Do stakeholders see the same problem?
///
/// settings: ProblemDefinitions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_problem_definitions(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<ProblemDefinitions>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// What do people's stories tell of, and how far do those who coded them agree?
///
/// settings: Stories.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_story_coding(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Stories>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}
