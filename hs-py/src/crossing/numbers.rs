//! Numbers in from any sequence or NumPy array, numbers out as read-only NumPy views.

use numpy::ndarray::{ArrayView, IxDyn};
use numpy::{Element, PyArray, PyArray1, PyArray2, PyArrayDescrMethods, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyList, PyModule, PyString, PyTuple};

use super::values::type_name;
use super::{refused, wrong_type};

fn numpy_module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    static NUMPY: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    Ok(NUMPY.get_or_try_init(py, || Ok::<_, PyErr>(py.import("numpy")?.unbind()))?.bind(py).clone())
}

/// Numbers as they were given: all there, or some missing.
pub(crate) enum Numbers {
    /// Every one is a number.
    All(Vec<f64>),
    /// `None` where nothing was given.
    Some(Vec<Option<f64>>),
}

impl Numbers {
    /// One option for each.
    pub(crate) fn optional(self) -> Vec<Option<f64>> {
        match self {
            Numbers::All(all) => all.into_iter().map(Some).collect(),
            Numbers::Some(some) => some,
        }
    }

    /// NaN where nothing was given.
    pub(crate) fn or_nan(self) -> Vec<f64> {
        match self {
            Numbers::All(all) => all,
            Numbers::Some(some) => some.into_iter().map(|number| number.unwrap_or(f64::NAN)).collect(),
        }
    }
}

/// Numbers in rows and columns, last axis fastest; NaN where missing.
pub(crate) struct Table {
    pub(crate) data: Vec<f64>,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// Whether a value is numbers in rows and columns without names: an array, or a list of lists.
pub(crate) fn is_table(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let bare = value.cast::<PyUntypedArray>().is_ok_and(|array| !array.dtype().has_fields());
    Ok(bare || value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>())
}

/// Numbers in rows and columns, from an array, nested lists or a data frame; None and masked values are missing.
pub(crate) fn table(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Table> {
    let py = value.py();
    if value.is_instance_of::<PyString>() || value.is_none() {
        return Err(wrong_type(py, format!("`{place}`: found `{}`, wanted numbers in rows and columns", type_name(value))));
    }
    let numpy = numpy_module(py)?;
    let value = if value.hasattr("filled")? && value.hasattr("mask")? {
        &value.call_method1("astype", ("float64",))?.call_method1("filled", (f64::NAN,))?
    } else {
        value
    };
    let array = numpy.call_method1("asarray", (value,)).map_err(|error| {
        let ragged = error.is_instance_of::<pyo3::exceptions::PyValueError>(py);
        if ragged { refused(py, format!("`{place}`: found rows of different length, wanted rows and columns")) } else { error }
    })?;
    let shape: Vec<usize> = array.getattr("shape")?.extract()?;
    let [rows, columns] = shape[..] else {
        return Err(refused(py, format!("`{place}`: found an array of {} axes, wanted rows and columns", shape.len())));
    };
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    let dtype = array.getattr("dtype")?.str()?;
    let wrong = || wrong_type(py, format!("`{place}`: found values of type {dtype}, wanted numbers"));
    if !matches!(kind.as_str(), "i" | "u" | "f" | "O") {
        return Err(wrong());
    }
    let cast = array.call_method1("astype", ("float64",)).map_err(|_| wrong())?.cast_into::<PyArray2<f64>>()?;
    let data = cast.try_readonly()?.as_array().iter().copied().collect();
    Ok(Table { data, rows, columns })
}

/// One axis of values as a NumPy array of any type; text, dates, yes-and-no and tables are named and refused.
fn one_axis<'py>(value: &Bound<'py, PyAny>, place: &str) -> PyResult<(Bound<'py, PyAny>, String)> {
    let py = value.py();
    if value.is_instance_of::<PyString>() || value.is_none() {
        return Err(wrong_type(py, format!("`{place}`: found `{}`, wanted a sequence of numbers", type_name(value))));
    }
    let array = numpy_module(py)?.call_method1("asarray", (value,)).map_err(|error| {
        if error.is_instance_of::<pyo3::exceptions::PyValueError>(py) {
            return refused(py, format!("`{place}`: found a ragged sequence, wanted one number after the other"));
        }
        error
    })?;
    let axes: usize = array.getattr("ndim")?.extract()?;
    if axes != 1 {
        let message = format!("`{place}`: found {} with {axes} axes, wanted a sequence of numbers", type_name(value));
        return Err(if axes == 0 { wrong_type(py, message) } else { refused(py, message) });
    }
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    if !matches!(kind.as_str(), "i" | "u" | "f" | "O") {
        let dtype = array.getattr("dtype")?.str()?;
        return Err(wrong_type(py, format!("`{place}`: found values of type {dtype}, wanted numbers")));
    }
    Ok((array, kind))
}

fn as_f64(array: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let cast = array.call_method1("astype", ("float64",))?;
    let cast = cast.cast_into::<PyArray1<f64>>()?;
    let read = cast.try_readonly()?;
    Ok(read.as_array().iter().copied().collect())
}

/// One number of a mixed sequence; `None`, and what pandas writes for a missing value, is none.
fn one(item: &Bound<'_, PyAny>, place: &str, at: usize) -> PyResult<Option<f64>> {
    let missing = item.is_none() || matches!(type_name(item).as_str(), "NAType" | "NaTType");
    if missing {
        return Ok(None);
    }
    if item.is_instance_of::<PyBool>() || item.is_instance_of::<PyString>() {
        return Err(wrong_type(item.py(), format!("`{place}`[{at}]: found `{}`, wanted a number", type_name(item))));
    }
    item.extract::<f64>()
        .map(Some)
        .map_err(|_| wrong_type(item.py(), format!("`{place}`[{at}]: found `{}`, wanted a number", type_name(item))))
}

/// Numbers of any type and stride. What they may be is the core's to say; NaN crosses as it is.
pub(crate) fn numbers(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Numbers> {
    if let Ok(array) = value.cast::<PyArray1<f64>>()
        && let Ok(read) = array.try_readonly()
        && let Ok(slice) = read.as_slice()
    {
        return Ok(Numbers::All(slice.to_vec()));
    }
    let (array, kind) = one_axis(value, place)?;
    if kind != "O" {
        return Ok(Numbers::All(as_f64(&array)?));
    }
    let items: Vec<Option<f64>> = array.try_iter()?.enumerate().map(|(at, item)| one(&item?, place, at)).collect::<PyResult<_>>()?;
    if items.iter().all(Option::is_some) {
        return Ok(Numbers::All(items.into_iter().flatten().collect()));
    }
    Ok(Numbers::Some(items))
}

/// Numbers none of which may be missing.
pub(crate) fn all_numbers(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Vec<f64>> {
    match numbers(value, place)? {
        Numbers::All(all) => Ok(all),
        Numbers::Some(some) => {
            let at = some.iter().position(Option::is_none).unwrap_or_default();
            Err(refused(value.py(), format!("`{place}`[{at}]: found None, wanted a number")))
        }
    }
}

/// Whole numbers from 0 to 2^32 - 1, from integers of any type or floats that are whole.
pub(crate) fn positions(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Vec<u32>> {
    let py = value.py();
    let wrong = |at: usize, found: String| refused(py, format!("`{place}`[{at}]: found {found}, wanted a whole number of 0 or more"));
    if let Ok(array) = value.cast::<PyArray1<i64>>()
        && let Ok(read) = array.try_readonly()
    {
        return read
            .as_array()
            .iter()
            .enumerate()
            .map(|(at, whole)| u32::try_from(*whole).map_err(|_| wrong(at, whole.to_string())))
            .collect();
    }
    // Every whole number that fits is exact as a float, so one road serves all other types.
    all_numbers(value, place)?
        .into_iter()
        .enumerate()
        .map(|(at, number)| {
            let whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
            if whole { Ok(number as u32) } else { Err(wrong(at, number.to_string())) }
        })
        .collect()
}

/// A read-only NumPy view of numbers that `owner` keeps alive and never changes.
///
/// # Safety
/// `data` lives in `owner`, and stays where it is, unchanged, as long as `owner` lives.
pub(crate) unsafe fn view<'py, T: Element>(owner: Bound<'py, PyAny>, shape: &[usize], data: &[T]) -> PyResult<Bound<'py, PyAny>> {
    let py = owner.py();
    let view = ArrayView::from_shape(IxDyn(shape), data).map_err(|e| super::raised(py, &hs_core::Error::internal(e.to_string())))?;
    // SAFETY: the caller's promise.
    let array = unsafe { PyArray::borrow_from_array(&view, owner) };
    array.try_readwrite()?.make_nonwriteable();
    Ok(array.into_any())
}

/// Names: any sequence of text, one after the other.
pub(crate) fn texts(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Vec<String>> {
    let py = value.py();
    if value.is_instance_of::<PyString>() {
        return Err(wrong_type(py, format!("`{place}`: found one text, wanted a sequence of texts")));
    }
    let items =
        value.try_iter().map_err(|_| wrong_type(py, format!("`{place}`: found `{}`, wanted a sequence of texts", type_name(value))))?;
    items
        .enumerate()
        .map(|(at, item)| {
            let item = item?;
            let text = item.cast::<PyString>().ok().and_then(|text| text.to_str().ok().map(str::to_owned));
            text.ok_or_else(|| wrong_type(py, format!("`{place}`[{at}]: found `{}`, wanted text", type_name(&item))))
        })
        .collect()
}

/// Yes or no, one after the other.
pub(crate) fn signs(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Vec<bool>> {
    let found = type_name(value);
    value.extract().map_err(|_| wrong_type(value.py(), format!("`{place}`: found `{found}`, wanted a sequence of true and false")))
}

/// One whole number of 0 or more.
pub(crate) fn whole(value: &Bound<'_, PyAny>, place: &str) -> PyResult<usize> {
    let py = value.py();
    if !value.is_instance_of::<PyBool>()
        && let Ok(index) = value.call_method0("__index__")
    {
        return index.extract::<usize>().map_err(|_| refused(py, format!("`{place}`: found {index}, wanted a whole number of 0 or more")));
    }
    Err(wrong_type(py, format!("`{place}`: found `{}`, wanted a whole number of 0 or more", type_name(value))))
}
