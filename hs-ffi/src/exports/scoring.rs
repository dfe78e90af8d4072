//! Thresholds on people: rows that stream in, scorers that take them in bit by bit, and survey estimates.

use std::ffi::c_char;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use hs_core::analyses::thresholds::YearsOfIndividualSecurity;
use hs_core::analyses::thresholds::scoring::{DeprivationScheme, Robustness, Score, ScoreChange, SurveyMean};
use hs_core::{Result, examples, settings_from_json};
use serde::de::IgnoredAny;
use serde_json::json;

use super::types::{hs_error, hs_result, hs_text};
use crate::boundary::{cross, make, make_of, name, put, read_required, read_settings, required, stream_of, utf8};
use crate::status::hs_status;

/// These calls hold nothing that could be watched; whoever hands rows over can stop them by failing.
fn never(_: u64) -> bool {
    true
}

#[derive(serde::Deserialize)]
struct Peek {
    scheme: Option<IgnoredAny>,
    indicators: Option<IgnoredAny>,
}

/// Settings of a score: those of `Score`, or a scheme alone and the defaults beside it.
pub(super) unsafe fn score(text: *const c_char, length: usize, name: &str) -> Result<Score> {
    let text = utf8(text, length, name)?;
    if serde_json::from_str::<Peek>(text).is_ok_and(|peek| peek.indicators.is_some() && peek.scheme.is_none()) {
        let scheme = DeprivationScheme::from_json(text)?;
        return settings_from_json(&format!("{{\"scheme\": {}}}", scheme.to_json()?));
    }
    settings_from_json(text)
}

/// Who is below the bar, in how many ways, where, in which group, and how sure are we? rows is read batch by batch, in memory that does
/// not grow with them.
///
/// settings: Score, or a DeprivationScheme alone; without a scheme there is no score, so NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_score(
    rows: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make_of([rows], out, error, |[rows]| score(settings, length, "settings")?.run(rows?, &never)?.outcome())
}

/// What changed between two rounds of a survey, by how much of it in how many and how deep, in which indicators and groups?
///
/// settings: ScoreChange, which holds a Score; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_score_change(
    first: *mut FFI_ArrowArrayStream,
    second: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make_of([first, second], out, error, |[first, second]| {
        read_required::<ScoreChange>(settings, length)?.run(first?, second?, &never)?.outcome()
    })
}

/// Does the order of groups hold under other cut-offs and weights?
///
/// settings: Robustness, which holds a Score with columns to split by; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_robustness(
    rows: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make_of([rows], out, error, |[rows]| read_required::<Robustness>(settings, length)?.run(rows?, &never)?.outcome())
}

/// How high is a mean, total, ratio or proportion in the population that a sample stands for, and how sure are we?
///
/// settings: SurveyMean, which names a column; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_survey_mean(
    rows: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make_of([rows], out, error, |[rows]| read_required::<SurveyMean>(settings, length)?.run(rows?, &never)?.outcome())
}

/// How many years of a life are lived in security, and how many below the threshold? rows holds the ages of a life table.
///
/// settings: YearsOfIndividualSecurity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_years_of_individual_security(
    rows: *mut FFI_ArrowArrayStream,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make_of([rows], out, error, |[rows]| read_settings::<YearsOfIndividualSecurity>(settings, length)?.run_rows(rows?)?.outcome())
}

/// An invented survey to try things on, as in "ituri": n households, the same for the same seed. out is written as hs_result_table
/// writes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example_survey(
    name: *const c_char,
    n: usize,
    seed: u64,
    out: *mut FFI_ArrowArrayStream,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        required(out, "out")?;
        put(out, stream_of(examples::survey(self::name(name, "name")?, n, seed)?.table.batch()));
        Ok(())
    })
}

/// The settings of a score that go with an invented survey, as JSON for hs_score: its scheme and its design.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_example_survey_settings(name: *const c_char, out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(json!(examples::survey_score(self::name(name, "name")?)?).to_string().into()))
}
