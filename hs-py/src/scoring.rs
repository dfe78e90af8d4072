//! Thresholds on people: schemes, scores of streams of rows, what stands beside them.

use hs_core::analyses::thresholds::scoring::{DeprivationScheme, Robustness, Score, ScoreChange, SurveyMean};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::people::Data;
use crate::crossing::{raised, run, values};
use crate::outcome::PyOutcome;

/// A deprivation scheme that makes sense.
#[pyclass(name = "Scheme", module = "human_security._core", frozen)]
pub(crate) struct PyScheme {
    scheme: DeprivationScheme,
}

#[pymethods]
impl PyScheme {
    #[new]
    fn new(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let scheme: DeprivationScheme = values::settings(given)?;
        scheme.check().map_err(|error| raised(given.py(), &error))?;
        Ok(PyScheme { scheme })
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        run(py, || DeprivationScheme::from_json(text)).map(|scheme| PyScheme { scheme })
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || self.scheme.to_json())
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &serde_json::to_value(&self.scheme).unwrap_or_default())
    }

    #[getter]
    fn hash(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || self.scheme.hash())
    }

    /// Weight of each indicator over all, in order.
    #[getter]
    fn weights(&self, py: Python<'_>) -> PyResult<Vec<f64>> {
        run(py, || self.scheme.weights())
    }

    #[getter]
    fn is_cardinal(&self) -> bool {
        self.scheme.is_cardinal()
    }
}

/// The settings of a score, looked at before any data is.
pub(crate) fn settings(given: &Bound<'_, PyDict>) -> PyResult<Score> {
    let score: Score = values::settings(given)?;
    score.check().map_err(|error| raised(given.py(), &error))?;
    Ok(score)
}

/// Scores rows.
#[pyfunction]
#[pyo3(signature = (given, data, progress=None))]
pub(crate) fn score(given: &Bound<'_, PyDict>, data: &Bound<'_, PyAny>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<PyOutcome> {
    let score = settings(given)?;
    let data = Data::open(data, Some(&score.columns()))?;
    let notes = data.notes();
    let outcome = data.over(given.py(), progress, move |rows, tick| score.run(rows, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}

/// The columns that a score reads.
#[pyfunction]
pub(crate) fn score_columns(given: &Bound<'_, PyDict>) -> PyResult<Vec<String>> {
    Ok(settings(given)?.columns().into_iter().map(|column| column.name).collect())
}

/// What changed between two rounds.
#[pyfunction]
#[pyo3(signature = (given, first, second, progress=None))]
pub(crate) fn score_change(
    given: &Bound<'_, PyDict>,
    first: &Bound<'_, PyAny>,
    second: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyOutcome> {
    let py = given.py();
    let change: ScoreChange = values::settings(given)?;
    change.check().map_err(|error| raised(py, &error))?;
    let needed = change.columns();
    let (first, second) = (Data::open(first, Some(&needed))?, Data::open(second, Some(&needed))?);
    let mut notes = first.notes();
    notes.extend(second.notes().into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>());
    let outcome = Data::over_both(first, second, py, progress, move |first, second, tick| change.run(first, second, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}

/// How far ranks hang on cut-offs and weights.
#[pyfunction]
#[pyo3(signature = (given, data, progress=None))]
pub(crate) fn robustness(given: &Bound<'_, PyDict>, data: &Bound<'_, PyAny>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<PyOutcome> {
    let robustness: Robustness = values::settings(given)?;
    robustness.score.check().map_err(|error| raised(given.py(), &error))?;
    let data = Data::open(data, Some(&robustness.columns()))?;
    let notes = data.notes();
    let outcome = data.over(given.py(), progress, move |rows, tick| robustness.run(rows, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}

/// The mean, total, ratio or proportion of a column.
#[pyfunction]
#[pyo3(signature = (given, data, progress=None))]
pub(crate) fn survey_mean(given: &Bound<'_, PyDict>, data: &Bound<'_, PyAny>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<PyOutcome> {
    let mean: SurveyMean = values::settings(given)?;
    mean.check().map_err(|error| raised(given.py(), &error))?;
    let data = Data::open(data, Some(&mean.columns()))?;
    let notes = data.notes();
    let outcome = data.over(given.py(), progress, move |rows, tick| mean.run(rows, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}
