//! Questions about the situation, by level and by group.

use std::ffi::c_char;

use hs_core::analyses::situation::{CapacityProfile, ChronicAndSudden, Explain, GenderGaps, Matrix, SecurityInfrastructure, VitalCore};

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make, read_settings};
use crate::status::hs_status;

/// What threatens whom, at which level, and what stands against it?
///
/// settings: Matrix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_matrix(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Matrix>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// What stands behind a cell?
///
/// settings: Explain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_explain(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<Explain>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Where do women and men, girls and boys, face different threats, and where does nobody say?
///
/// settings: GenderGaps.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_gender_gaps(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<GenderGaps>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// What of the vital core, and which freedom, is at stake, where and for how many?
///
/// settings: VitalCore.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_vital_core(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<VitalCore>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// Which threats stand high all the time, which strike suddenly, and who recovers?
///
/// settings: ChronicAndSudden.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_chronic_and_sudden(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<ChronicAndSudden>(settings, length)?.run(&assessment)?.outcome()
    })
}

/// What is there to build on, what is neglected, what is only a signal of stress, and where does need meet no capacity?
///
/// settings: CapacityProfile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_capacity_profile(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<CapacityProfile>(settings, length)?.run_with(&assessment, &assessment.tick())?.outcome()
    })
}

/// Which norms, institutions, processes and services protect people from what is critical or pervasive, and which are not there?
///
/// settings: SecurityInfrastructure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_security_infrastructure(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        read_settings::<SecurityInfrastructure>(settings, length)?.run(&assessment)?.outcome()
    })
}
