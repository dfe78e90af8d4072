//! Questions: one function an analysis, all of one shape.

use super::types::{hs_assessment, hs_error, hs_result};
use crate::boundary::{Handle, make};
use crate::status::hs_status;

/// What is thin or missing in an assessment, and what share of it is stated, inferred, measured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_check(assessment: hs_assessment, out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || assessment.open()?.check()?.outcome())
}
