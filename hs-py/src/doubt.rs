//! Sobol indices of a function of the caller's: points out, figures in; the function itself is called by Python.

use hs_core::analyses::doubt::Sobol;
use numpy::{PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::numbers::all_numbers;
use crate::crossing::{run, run_long, values};
use crate::outcome::PyOutcome;

/// The points at which the function is wanted, shape (rows, inputs).
#[pyfunction]
pub(crate) fn sobol_points<'py>(given: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let py = given.py();
    let settings: Sobol = values::settings(given)?;
    let inputs = settings.bounds.len();
    let points = run(py, || settings.points())?;
    let rows = points.data.len().checked_div(inputs).unwrap_or(0);
    numpy::PyArray1::from_vec(py, points.data).reshape([rows, inputs])
}

/// Indices from the figures at those points.
#[pyfunction]
pub(crate) fn sobol_estimate(given: &Bound<'_, PyDict>, figures: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: Sobol = values::settings(given)?;
    let figures = all_numbers(figures, "function")?;
    let result = run_long(given.py(), |tick| settings.estimate_with(&figures, tick))?;
    Ok(PyOutcome::later(move || result.outcome()))
}
