//! Questions about how it is done: who acts, who takes part, what the framework asks.

use std::ffi::c_char;

use hs_core::analyses::process::{PhaseGates, Principles};

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make, read_settings};
use crate::status::hs_status;

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
