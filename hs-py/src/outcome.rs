//! What an analysis returned, held once and read piece by piece; tables, settings and notes are made when somebody asks for them.

use std::sync::{Mutex, OnceLock, PoisonError};

use hs_core::propagation::PropagationResult;
use hs_core::tables::{Note, Outcome};
use hs_core::{Error, Result};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use serde::Serialize;

use crate::crossing::{numbers, raised, run, values};
use crate::table::PyTable;

type Maker = Box<dyn FnOnce() -> Result<Outcome> + Send>;

/// Settings, facts, arrays, tables and notes of one run.
#[pyclass(name = "Outcome", module = "human_security._core", frozen)]
pub(crate) struct PyOutcome {
    made: OnceLock<Result<Outcome>>,
    maker: Mutex<Option<Maker>>,
    /// A run of a model, whose state is read without anything else being made.
    run: Option<Box<PropagationResult>>,
}

impl PyOutcome {
    pub(crate) fn new(outcome: Outcome) -> Self {
        PyOutcome { made: OnceLock::from(Ok(outcome)), maker: Mutex::new(None), run: None }
    }

    /// With what is to be said of how the data came in.
    pub(crate) fn with_notes(mut outcome: Outcome, notes: Vec<Note>) -> Self {
        outcome.notes.extend(notes);
        PyOutcome::new(outcome)
    }

    /// Made on first use, from a result that is let go of then.
    pub(crate) fn later(make: impl FnOnce() -> Result<Outcome> + Send + 'static) -> Self {
        PyOutcome { made: OnceLock::new(), maker: Mutex::new(Some(Box::new(make))), run: None }
    }

    pub(crate) fn of_run(run: PropagationResult) -> Self {
        PyOutcome { made: OnceLock::new(), maker: Mutex::new(None), run: Some(Box::new(run)) }
    }

    fn make(&self) -> Result<Outcome> {
        if let Some(run) = &self.run {
            return run.outcome();
        }
        let maker = self.maker.lock().unwrap_or_else(PoisonError::into_inner).take();
        maker.map_or_else(|| Err(Error::internal("a result that is made twice")), |make| make())
    }

    fn outcome(&self, py: Python<'_>) -> PyResult<&Outcome> {
        if self.made.get().is_none() {
            // Without the lock: whoever waits here for another thread must not hold what that thread needs.
            run(py, || {
                self.made.get_or_init(|| self.make());
                Ok(())
            })?;
        }
        match self.made.get() {
            Some(Ok(outcome)) => Ok(outcome),
            Some(Err(error)) => Err(raised(py, error)),
            None => Err(raised(py, &Error::internal("a result that was never made"))),
        }
    }

    /// A fact of a run, before the rest is made.
    fn ready<'py>(&self, py: Python<'py>, name: &str) -> Option<PyResult<Bound<'py, PyAny>>> {
        let run = self.run.as_ref()?;
        let python = |value: serde_json::Value| Some(values::to_python(py, &value));
        match name {
            "status" => python(written(&run.status)),
            "iterations" => python(written(&run.iterations)),
            "period" => python(written(&run.period)),
            "error_bound" => python(written(&run.error_bound)),
            _ => None,
        }
    }
}

fn written(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[pymethods]
impl PyOutcome {
    #[getter]
    fn analysis(&self, py: Python<'_>) -> PyResult<&'static str> {
        Ok(self.outcome(py)?.analysis)
    }

    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &self.outcome(py)?.settings)
    }

    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &serde_json::Value::Object(self.outcome(py)?.facts.clone()))
    }

    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &written(&self.outcome(py)?.notes))
    }

    #[getter]
    fn array_names(&self, py: Python<'_>) -> PyResult<Vec<&'static str>> {
        Ok(self.outcome(py)?.arrays.iter().map(|(name, _)| *name).collect())
    }

    #[getter]
    fn table_names(&self, py: Python<'_>) -> PyResult<Vec<&'static str>> {
        Ok(self.outcome(py)?.tables.iter().map(|(name, _)| *name).collect())
    }

    /// A fact, an array or a table, whichever has that name.
    fn attribute<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        if let Some(ready) = this.ready(py, name) {
            return ready;
        }
        if this.run.is_some()
            && matches!(name, "state" | "trajectory")
            && let Ok(array) = Self::array(slf, name)
        {
            return Ok(array);
        }
        let outcome = this.outcome(py)?;
        if outcome.arrays.iter().any(|(own, _)| *own == name) {
            return Self::array(slf, name);
        }
        // a count of its rows never stands in the way of a table
        if let Some(table) = outcome.table(name) {
            return Ok(PyTable::new(table).into_pyobject(py)?.into_any());
        }
        match outcome.facts.get(name) {
            Some(fact) => values::to_python(py, fact),
            None => Err(PyKeyError::new_err(name.to_owned())),
        }
    }

    /// A read-only view of a dense array.
    fn array<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let this = slf.get();
        if let Some(run) = &this.run {
            let nodes = run.state.len();
            let found = match (name, &run.trajectory) {
                ("state", _) => Some((vec![nodes], &run.state)),
                ("trajectory", Some(all)) => Some((vec![all.len().checked_div(nodes).unwrap_or(0), nodes], all)),
                _ => None,
            };
            if let Some((shape, data)) = found {
                // SAFETY: the run is frozen inside the Python object that the view keeps alive.
                return unsafe { numbers::view(slf.clone().into_any(), &shape, data) };
            }
        }
        let arrays = &this.outcome(slf.py())?.arrays;
        let Some((_, array)) = arrays.iter().find(|(own, _)| *own == name) else {
            return Err(raised(slf.py(), &Error::not_found("array", name, arrays.iter().map(|(own, _)| *own))));
        };
        // SAFETY: the outcome is made once, and frozen inside the Python object that the view keeps alive.
        unsafe { numbers::view(slf.clone().into_any(), &array.shape, &array.data) }
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<PyTable> {
        let outcome = self.outcome(py)?;
        match outcome.table(name) {
            Some(table) => Ok(PyTable::new(table)),
            None => Err(raised(py, &Error::not_found("table", name, outcome.tables.iter().map(|(own, _)| *own)))),
        }
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &self.outcome(py)?.to_json())
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.outcome(py)?.to_json().to_string())
    }
}
