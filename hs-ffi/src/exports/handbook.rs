//! What the library brings along: the cases of the handbook, its tables, the schema of the format.

use std::ffi::c_char;

use hs_core::examples;
use serde_json::json;

use super::types::{hs_assessment, hs_error, hs_text};
use crate::boundary::{make, name};
use crate::status::hs_status;

/// One of the embedded cases, as in "ituri"; hs_example_names lists them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example(name: *const c_char, out: *mut hs_assessment, error: *mut hs_error) -> hs_status {
    make(out, error, || examples::load(self::name(name, "name")?))
}

/// The names of the embedded cases as a JSON list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example_names(out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(json!(examples::names()).to_string().into()))
}
