//! Questions: one function an analysis, all of one shape, and reports.

use std::ffi::c_char;

use hs_core::analyses::thresholds::{Criticality, Phases};
use hs_core::reports::Report;

use super::types::{hs_assessment, hs_error, hs_result, hs_text};
use crate::boundary::{Handle, make, read_settings};
use crate::status::hs_status;

/// What is thin or missing in an assessment, and what share of it is stated, inferred, measured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_check(assessment: hs_assessment, out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || assessment.open()?.check()?.outcome())
}

/// Where are threats critical, where pervasive, and for how many persons?
///
/// settings: Criticality.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_criticality(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Criticality>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// In which of five phases of severity is each cell, and which phase does an area take from the people in each?
///
/// settings: Phases.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_phases(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Phases>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// A report as one HTML page that needs no network and no script.
///
/// settings: ReportSettings. A restricted or strict assessment asks for an acknowledgement that names its class.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_report(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_text,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        Ok(Report::new(&assessment, &read_settings(settings, length)?)?.html().into())
    })
}

/// A report as plain text for a terminal of 80 columns.
///
/// settings: ReportSettings, as for hs_report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_text_report(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_text,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        Ok(Report::new(&assessment, &read_settings(settings, length)?)?.text().into())
    })
}
