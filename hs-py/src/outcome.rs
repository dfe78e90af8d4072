//! What an analysis returned, held once and read piece by piece.

use hs_core::tables::{Note, Outcome};
use pyo3::prelude::*;

use crate::crossing::{numbers, raised, values};
use crate::table::PyTable;

/// Settings, facts, arrays, tables and notes of one run.
#[pyclass(name = "Outcome", module = "human_security._core", frozen)]
pub(crate) struct PyOutcome {
    outcome: Outcome,
}

impl PyOutcome {
    pub(crate) fn new(outcome: Outcome) -> Self {
        PyOutcome { outcome }
    }

    /// With what is to be said of how the data came in.
    pub(crate) fn with_notes(mut outcome: Outcome, notes: Vec<Note>) -> Self {
        outcome.notes.extend(notes);
        PyOutcome { outcome }
    }
}

#[pymethods]
impl PyOutcome {
    #[getter]
    fn analysis(&self) -> &'static str {
        self.outcome.analysis
    }

    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &self.outcome.settings)
    }

    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &serde_json::Value::Object(self.outcome.facts.clone()))
    }

    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &serde_json::to_value(&self.outcome.notes).unwrap_or_default())
    }

    #[getter]
    fn array_names(&self) -> Vec<&'static str> {
        self.outcome.arrays.iter().map(|(name, _)| *name).collect()
    }

    #[getter]
    fn table_names(&self) -> Vec<&'static str> {
        self.outcome.tables.iter().map(|(name, _)| *name).collect()
    }

    /// A read-only view of a dense array.
    fn array<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let arrays = &slf.get().outcome.arrays;
        let Some((_, array)) = arrays.iter().find(|(own, _)| *own == name) else {
            return Err(raised(slf.py(), &hs_core::Error::not_found("array", name, arrays.iter().map(|(own, _)| *own))));
        };
        // SAFETY: the outcome is frozen inside the Python object that the view keeps alive.
        unsafe { numbers::view(slf.clone().into_any(), &array.shape, &array.data) }
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<PyTable> {
        let tables = &self.outcome.tables;
        match self.outcome.table(name) {
            Some(table) => Ok(PyTable::new(table)),
            None => Err(raised(py, &hs_core::Error::not_found("table", name, tables.iter().map(|(own, _)| *own)))),
        }
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &self.outcome.to_json())
    }

    fn to_json(&self) -> String {
        self.outcome.to_json().to_string()
    }
}
