//! Questions about ratings, answers and shares, from the caller's own numbers.

use hs_core::analyses::situation::Inequality;
use hs_core::analyses::voices::{Agreement, CompareRatings, Consensus, KrippendorffAlpha, Reliability};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::numbers::{self, Numbers, Table};
use crate::crossing::{run_free, run_long, values};
use crate::outcome::PyOutcome;

/// How far raters agree on the order of items.
#[pyfunction]
pub(crate) fn agreement(given: &Bound<'_, PyDict>, ratings: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: Agreement = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(ratings, "ratings")?;
    run_long(given.py(), |tick| settings.run_ratings_with(&data, rows, columns, tick)?.outcome()).map(PyOutcome::new)
}

/// Which order raters would agree on.
#[pyfunction]
pub(crate) fn consensus(given: &Bound<'_, PyDict>, ratings: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: Consensus = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(ratings, "ratings")?;
    run_long(given.py(), |tick| settings.run_ratings_with(&data, rows, columns, tick)?.outcome()).map(PyOutcome::new)
}

/// Whether two ratings of the same things agree.
#[pyfunction]
pub(crate) fn compare_ratings(given: &Bound<'_, PyDict>, first: &Bound<'_, PyAny>, second: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: CompareRatings = values::settings(given)?;
    let list = |value: &Bound<'_, PyAny>, name| numbers::numbers(value, name).map(Numbers::or_nan);
    let (first, second) = (list(first, "first")?, list(second, "second")?);
    run_free(given.py(), move || settings.run(&first, &second)?.outcome()).map(PyOutcome::new)
}

/// Whether the items of a scale measure one thing.
#[pyfunction]
pub(crate) fn reliability(given: &Bound<'_, PyDict>, answers: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: Reliability = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(answers, "answers")?;
    run_free(given.py(), move || settings.run_items(&data, rows, columns)?.outcome()).map(PyOutcome::new)
}

/// How far coders agree.
#[pyfunction]
pub(crate) fn krippendorff_alpha(given: &Bound<'_, PyDict>, codes: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: KrippendorffAlpha = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(codes, "codes")?;
    run_long(given.py(), |tick| settings.run_with(&data, rows, columns, tick)?.outcome()).map(PyOutcome::new)
}

/// How unequal values are, within groups and between them.
#[pyfunction]
#[pyo3(signature = (given, values, weights=None, groups=None))]
pub(crate) fn inequality(
    given: &Bound<'_, PyDict>,
    values: &Bound<'_, PyAny>,
    weights: Option<&Bound<'_, PyAny>>,
    groups: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyOutcome> {
    let settings: Inequality = values::settings(given)?;
    let numbers = |list: &Bound<'_, PyAny>, name| numbers::numbers(list, name).map(Numbers::or_nan);
    let (list, weights) = (numbers(values, "values")?, weights.map(|w| numbers(w, "weights")).transpose()?);
    let groups = groups.map(|g| numbers::texts(g, "groups")).transpose()?;
    run_free(given.py(), move || settings.run(&list, weights.as_deref(), groups.as_deref())?.outcome()).map(PyOutcome::new)
}
