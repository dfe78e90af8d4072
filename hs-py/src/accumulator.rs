//! Rows scored as they come, on one machine or on many.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hs_core::analyses::thresholds::scoring::ScoreAccumulator;
use hs_core::tables::Note;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::crossing::people::Data;
use crate::crossing::{raised, run, run_free, values};
use crate::outcome::PyOutcome;
use crate::scoring::settings;

/// Rows scored as they come.
#[pyclass(name = "ScoreAccumulator", module = "human_security._core", frozen)]
pub(crate) struct PyAccumulator {
    inner: Mutex<(ScoreAccumulator, Vec<Note>)>,
}

impl PyAccumulator {
    fn with(accumulator: ScoreAccumulator) -> Self {
        PyAccumulator { inner: Mutex::new((accumulator, Vec::new())) }
    }

    /// Held for short work with the lock released, so that nobody waits for two locks.
    fn held(&self) -> MutexGuard<'_, (ScoreAccumulator, Vec<Note>)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl PyAccumulator {
    #[new]
    fn new(given: &Bound<'_, PyDict>) -> PyResult<Self> {
        let score = settings(given)?;
        ScoreAccumulator::new(score).map(Self::with).map_err(|error| raised(given.py(), &error))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        run(py, || ScoreAccumulator::from_bytes(bytes)).map(Self::with)
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        run(py, || self.held().0.to_bytes()).map(|bytes| PyBytes::new(py, &bytes))
    }

    /// Takes in rows, all of them or none.
    #[pyo3(signature = (data, progress=None))]
    fn update(&self, data: &Bound<'_, PyAny>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let py = data.py();
        let score = py.detach(|| self.held().0.settings().clone());
        let data = Data::open(data, Some(&score.columns()))?;
        let notes = data.notes();
        let fresh = data.over(py, progress, move |rows, tick| {
            let mut fresh = ScoreAccumulator::new(score)?;
            for batch in rows {
                fresh.update_with(&batch?, tick)?;
            }
            Ok(fresh)
        })?;
        run(py, move || {
            let mut held = self.held();
            held.0.merge(&fresh)?;
            for note in notes {
                if !held.1.contains(&note) {
                    held.1.push(note);
                }
            }
            Ok(())
        })
    }

    /// Takes in what another has seen; the other stays as it is.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<()> {
        run(py, || {
            let other = other.held().0.clone();
            self.held().0.merge(&other)
        })
    }

    fn finish(&self, py: Python<'_>) -> PyResult<PyOutcome> {
        let (accumulator, notes) = py.detach(|| self.held().clone());
        let outcome = run_free(py, move || accumulator.finish()?.outcome())?;
        Ok(PyOutcome::with_notes(outcome, notes))
    }

    #[getter]
    fn rows(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.held().0.rows())
    }

    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let score = py.detach(|| self.held().0.settings().clone());
        values::to_python(py, &serde_json::to_value(&score).unwrap_or_default())
    }
}
