//! Assessments in and out.

use std::ffi::c_char;

use hs_core::Assessment;

use super::types::{hs_assessment, hs_error, hs_result, hs_text};
use crate::boundary::{Handle, bytes, free, make};
use crate::status::hs_status;

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
    make(out, error, || {
        let text = bytes(text, length, "text")?;
        serde_json::from_slice::<Assessment>(text).map_err(|e| hs_core::Error::new(hs_core::ErrorKind::Document, e.to_string()))
    })
}

/// Frees an assessment.
#[unsafe(no_mangle)]
pub extern "C" fn hs_assessment_free(assessment: hs_assessment) -> hs_status {
    free(assessment)
}
