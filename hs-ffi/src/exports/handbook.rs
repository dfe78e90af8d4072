//! What the library brings along: the cases of the handbook, its tables, the schema of the format.

use std::ffi::c_char;
use std::path::Path;

use hs_core::tables::Outcome;
use hs_core::{assessment, examples, exchange, framework};
use serde_json::json;

use super::types::{hs_assessment, hs_error, hs_result, hs_text};
use crate::boundary::{cross, make, name};
use crate::status::hs_status;

/// One of the embedded cases, as in "ituri"; hs_example_names lists them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example(name: *const c_char, out: *mut hs_assessment, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(examples::load(self::name(name, "name")?)?.into()))
}

/// The names of the embedded cases as a JSON list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example_names(out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(json!(examples::names()).to_string().into()))
}

/// What the handbook fixes, as the tables of one result: components, strategies, externalities, principles, phases, tasks, questions,
/// stages and the lists they rest on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_framework(out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(Outcome { tables: framework::tables()?, ..Outcome::new("framework", &json!({}))? }))
}

/// The JSON Schema of human-security/1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_schema(out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(assessment::schema().to_string().into()))
}

/// Writes an empty data package into a new folder, with its columns explained: a start for data of one's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_template(folder: *const c_char, error: *mut hs_error) -> hs_status {
    cross(error, || exchange::template(Path::new(name(folder, "folder")?)))
}
