//! Assessments in and out.

use std::ffi::{c_char, c_void};

use hs_core::{Assessment, Limits, Result, exchange};

use super::types::{hs_assessment, hs_error, hs_limits, hs_text, hs_tick};
use crate::boundary::{Handle, bytes, cross, free, make, name, name_or_none, put, required};
use crate::status::hs_status;

/// Writes the limits a reader keeps by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_limits_default(out: *mut hs_limits, error: *mut hs_error) -> hs_status {
    cross(error, || {
        required(out, "out")?;
        let Limits { bytes, objects, text } = Limits::default();
        put(out, hs_limits { bytes, objects, text });
        Ok(())
    })
}

/// The caller's limits, the defaults where it gives none.
pub(super) unsafe fn limits_or_default(limits: *const hs_limits) -> Result<Limits> {
    if limits.is_null() {
        return Ok(Limits::default());
    }
    required(limits, "limits")?;
    let hs_limits { bytes, objects, text } = limits.read();
    Ok(Limits { bytes, objects, text })
}

/// Reads an assessment from a JSON document of human-security/1 in UTF-8.
///
/// A document that breaks the format is refused with every problem in hs_error_problems, each with its place and how to mend it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_from_json(
    text: *const c_char,
    length: usize,
    out: *mut hs_assessment,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(Assessment::from_slice(bytes(text, length, "text")?, &Limits::default())?.into()))
}

/// Reads an assessment as hs_assessment_from_json does, within the caller's limits (NULL for the defaults).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_from_json_within(
    text: *const c_char,
    length: usize,
    limits: *const hs_limits,
    out: *mut hs_assessment,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(Assessment::from_slice(bytes(text, length, "text")?, &limits_or_default(limits)?)?.into()))
}

/// The assessment as JSON text: the same bytes for equal assessments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_to_json(assessment: hs_assessment, out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(assessment.open()?.to_json()?.into()))
}

/// Loads an assessment from a path in UTF-8, within the caller's limits (NULL for the defaults): a JSON file, or a data package by its
/// folder or its datapackage.json.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_load(
    path: *const c_char,
    limits: *const hs_limits,
    out: *mut hs_assessment,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(exchange::load(name(path, "path")?, &limits_or_default(limits)?)?.into()))
}

/// Saves an assessment at a path in UTF-8, whole or not at all: as a JSON file where the path ends in .json, else as the folder of a
/// data package.
///
/// An assessment whose sensitivity is restricted or strict asks for an acknowledgement that names its class; else NULL will do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_save(
    assessment: hs_assessment,
    path: *const c_char,
    acknowledgement: *const c_char,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        let assessment = assessment.open()?;
        exchange::save(&assessment, name(path, "path")?, name_or_none(acknowledgement, "acknowledgement")?)
    })
}

/// The same assessment under a handle of its own, whose long calls look at tick on their way (NULL for none).
///
/// tick and context must stay good until that handle is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_assessment_watched(
    assessment: hs_assessment,
    tick: hs_tick,
    context: *mut c_void,
    out: *mut hs_assessment,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(assessment.open()?.watched_by(tick, context)))
}

/// Frees an assessment.
#[unsafe(no_mangle)]
pub extern "C" fn hs_assessment_free(assessment: hs_assessment) -> hs_status {
    free(assessment)
}
