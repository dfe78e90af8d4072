//! Columns by name: a mapping, a pandas data frame or a NumPy record array, column by column, a batch of rows at a time.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{Field, Schema};
use hs_core::{Error, Result};
use numpy::{PyArrayDescrMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::memory::Memory;
use super::objects::Objects;
use super::{Fault, module};
use crate::crossing::values::type_name;
use crate::crossing::{arrow, refused, wrong_type};

/// Rows of a batch where something must be converted; what lies in place is handed out in longer ones.
const CONVERTED: usize = 1 << 16;
const IN_PLACE: usize = 1 << 20;

/// Columns of one length, each in the form it came in.
pub(super) struct Columns {
    names: Vec<String>,
    columns: Vec<Column>,
    pub(super) rows: usize,
    pub(super) copied: Vec<String>,
    at: usize,
    done: bool,
}

struct Column {
    form: Form,
    place: String,
}

enum Form {
    /// Arrow arrays one after the other, as they lie.
    Arrow(Vec<ArrayRef>),
    /// An array in place, and where it is missing.
    Masked(ArrayRef, Memory),
    /// Numbers that do not lie one after the other, and where they are missing.
    Strided(Memory, Option<Memory>),
    Booleans(Memory, Option<Memory>),
    Texts(Memory),
    /// Codes into categories, below 0 where missing.
    Coded(Memory, ArrayRef),
    Objects(Objects),
}

impl Columns {
    /// The columns of these names. `get` gives a column by its name.
    pub(super) fn new<'py>(names: Vec<String>, get: impl Fn(&str) -> PyResult<Bound<'py, PyAny>>) -> PyResult<Self> {
        let mut columns: Vec<Column> = Vec::with_capacity(names.len());
        let mut copied = Vec::new();
        for name in &names {
            let value = get(name)?;
            let column = Column::new(&value, format!("column `{}`", hs_core::shown(name)))?;
            if let Some(first) = columns.first()
                && first.len() != column.len()
            {
                let message = format!("{}: found {} values, wanted {} as {} has", column.place, column.len(), first.len(), first.place);
                return Err(refused(value.py(), message));
            }
            if matches!(column.form, Form::Strided(..)) {
                copied.push(name.clone());
            }
            columns.push(column);
        }
        let rows = columns.first().map_or(0, Column::len);
        Ok(Columns { names, columns, rows, copied, at: 0, done: false })
    }

    /// The next batch; `None` at the end. There is always one, if only of no rows.
    pub(super) fn next(&mut self) -> std::result::Result<Option<RecordBatch>, Fault> {
        if self.done {
            return Ok(None);
        }
        let most = if self.columns.iter().all(|column| matches!(column.form, Form::Arrow(_))) { IN_PLACE } else { CONVERTED };
        let left = self.rows - self.at;
        let count = self.columns.iter().map(|column| column.run(self.at)).min().unwrap_or(0).min(most).min(left);
        let arrays = self.columns.iter().map(|column| column.part(self.at, count)).collect::<std::result::Result<Vec<_>, Fault>>()?;
        self.at += count;
        self.done = self.at == self.rows;
        let fields = self.names.iter().zip(&arrays).map(|(name, array)| Field::new(name, array.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(schema, arrays, &options);
        batch.map(Some).map_err(|e| Fault::Core(Error::internal(e.to_string())))
    }
}

impl Column {
    fn new(value: &Bound<'_, PyAny>, place: String) -> PyResult<Self> {
        let form = form(value, &place)?;
        Ok(Column { form, place })
    }

    fn len(&self) -> usize {
        match &self.form {
            Form::Arrow(arrays) => arrays.iter().map(|array| array.len()).sum(),
            Form::Masked(array, _) => array.len(),
            Form::Strided(memory, _) | Form::Booleans(memory, _) | Form::Texts(memory) | Form::Coded(memory, _) => memory.len(),
            Form::Objects(objects) => objects.len(),
        }
    }

    /// How many rows from `at` on can be handed out as one array.
    fn run(&self, at: usize) -> usize {
        let Form::Arrow(arrays) = &self.form else { return usize::MAX };
        locate(arrays, at).map_or(usize::MAX, |(array, within)| array.len() - within)
    }

    fn part(&self, start: usize, count: usize) -> std::result::Result<ArrayRef, Fault> {
        let wrong = || Fault::Core(Error::internal(format!("{}: no such part of it", self.place)));
        let unread = || Fault::Core(unread(&self.place, "values of another type"));
        Ok(match &self.form {
            Form::Arrow(arrays) => match locate(arrays, start) {
                Some((array, within)) => array.slice(within, count),
                None => arrays.first().ok_or_else(wrong)?.slice(0, 0),
            },
            Form::Masked(array, mask) => masked(&array.slice(start, count), Some(mask), start)?,
            Form::Strided(memory, mask) => masked(&memory.numbers(start, count).ok_or_else(unread)?, mask.as_ref(), start)?,
            Form::Booleans(memory, mask) => masked(&memory.booleans(start, count), mask.as_ref(), start)?,
            Form::Texts(memory) => memory.texts(start, count, &self.place)?,
            Form::Coded(memory, values) => memory.coded(start, count, values, &self.place)?,
            Form::Objects(objects) => {
                let part = Python::try_attach(|py| objects.part(py, start, count));
                part.unwrap_or_else(|| Err(pyo3::exceptions::PySystemError::new_err("the interpreter ends"))).map_err(Fault::Python)?
            }
        })
    }
}

/// The array that holds a row, and where in it.
fn locate(arrays: &[ArrayRef], row: usize) -> Option<(&ArrayRef, usize)> {
    let mut start = 0;
    arrays.iter().find_map(|array| {
        let within = row.checked_sub(start).filter(|within| *within < array.len());
        start += array.len();
        within.map(|within| (array, within))
    })
}

/// The array with what the mask says missing as null.
fn masked(array: &ArrayRef, mask: Option<&Memory>, start: usize) -> Result<ArrayRef> {
    let Some(mask) = mask else { return Ok(array.clone()) };
    let nulls = NullBuffer::new(!&mask.bits(start, array.len()));
    let data = array.to_data().into_builder().nulls(Some(nulls)).build();
    data.map(make_array).map_err(|e| Error::argument(format!("found a mask of another length than its values: {e}")))
}

fn unread(place: &str, found: &str) -> Error {
    Error::argument(format!("{place}: found {found}, wanted numbers, texts, or yes and no"))
}

/// What form one column comes in.
fn form(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Form> {
    if value.is_instance_of::<PyString>() {
        return Err(wrong_type(value.py(), format!("{place}: found one text, wanted a sequence of values")));
    }
    if let Ok(array) = value.cast::<PyUntypedArray>() {
        return numpy_form(array, place);
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return Ok(Form::Objects(Objects::new(value, place)?));
    }
    if module(value) == "pandas" && value.hasattr("dtype")? {
        return pandas_form(value, place);
    }
    if let Some(arrays) = arrow::column_in(value)? {
        return Ok(Form::Arrow(arrays));
    }
    if value.hasattr("__array__")? {
        let array = value.py().import("numpy")?.call_method1("asarray", (value,))?;
        return numpy_form(array.cast::<PyUntypedArray>()?, place);
    }
    if value.hasattr("__len__")? && value.hasattr("__getitem__")? && !value.hasattr("keys")? {
        let list = PyList::new(value.py(), value.try_iter()?.collect::<PyResult<Vec<_>>>()?)?;
        return Ok(Form::Objects(Objects::new(list.as_any(), place)?));
    }
    Err(wrong_type(value.py(), format!("{place}: found `{}`, wanted a sequence of values", type_name(value))))
}

fn numpy_form(array: &Bound<'_, PyUntypedArray>, place: &str) -> PyResult<Form> {
    let py = array.py();
    if array.ndim() != 1 {
        return Err(refused(py, format!("{place}: found an array of {} axes, wanted one", array.ndim())));
    }
    if array.hasattr("mask")? && array.hasattr("filled")? {
        let ma = py.import("numpy")?.getattr("ma")?;
        let mask = Memory::new(ma.call_method1("getmaskarray", (array,))?.cast::<PyUntypedArray>()?);
        return with_mask(numpy_form(ma.call_method1("getdata", (array,))?.cast::<PyUntypedArray>()?, place)?, mask, py, place);
    }
    let dtype = array.dtype();
    let kind = dtype.kind();
    if dtype.is_native_byteorder() == Some(false) {
        let native = array.call_method1("astype", (dtype.call_method1("newbyteorder", ("=",))?,))?;
        return numpy_form(native.cast::<PyUntypedArray>()?, place);
    }
    let memory = Memory::new(array);
    Ok(match (kind, dtype.itemsize()) {
        (b'f' | b'i' | b'u', 1 | 4 | 8) | (b'i' | b'u', 2) => match memory.in_place() {
            Some(array) => Form::Arrow(vec![array]),
            None => Form::Strided(memory, None),
        },
        (b'f', _) => return numpy_form(array.call_method1("astype", ("float64",))?.cast::<PyUntypedArray>()?, place),
        (b'b', 1) => Form::Booleans(memory, None),
        (b'U', _) => Form::Texts(memory),
        (b'O' | b'T', _) => Form::Objects(Objects::new(array.as_any(), place)?),
        _ => {
            let message = format!("{place}: found values of type {}, wanted numbers, texts, or yes and no", dtype.str()?);
            return Err(wrong_type(py, message));
        }
    })
}

fn with_mask(form: Form, mask: Memory, py: Python<'_>, place: &str) -> PyResult<Form> {
    Ok(match form {
        Form::Arrow(mut arrays) if arrays.len() == 1 => Form::Masked(arrays.swap_remove(0), mask),
        Form::Strided(memory, None) => Form::Strided(memory, Some(mask)),
        Form::Booleans(memory, None) => Form::Booleans(memory, Some(mask)),
        _ => return Err(refused(py, format!("{place}: found masked values that are neither numbers nor yes and no"))),
    })
}

/// A pandas series or index, by what its values are kept in.
fn pandas_form(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Form> {
    let py = value.py();
    let axes: usize = value.getattr("ndim")?.extract()?;
    if axes != 1 {
        return Err(refused(py, format!("{place}: found it more than once, wanted one column of that name")));
    }
    let dtype = value.getattr("dtype")?;
    let numpy = |array: Bound<'_, PyAny>| numpy_form(array.cast::<PyUntypedArray>()?, place);
    if dtype.hasattr("categories")? {
        let array = value.getattr("array")?;
        let codes = array.getattr("codes")?;
        let categories = whole(&array.getattr("categories")?, place)?;
        return Ok(Form::Coded(Memory::new(codes.cast::<PyUntypedArray>()?), categories));
    }
    let in_arrow = dtype.hasattr("pyarrow_dtype")? || (dtype.hasattr("storage")? && dtype.getattr("storage")?.eq("pyarrow")?);
    if in_arrow && value.getattr("array")?.hasattr("__arrow_array__")? {
        match value.getattr("array")?.call_method0("__arrow_array__") {
            Ok(array) => {
                if let Some(arrays) = arrow::column_in(&array)? {
                    return Ok(Form::Arrow(arrays));
                }
            }
            Err(error) if error.is_instance_of::<PyImportError>(py) => {}
            Err(error) => return Err(error),
        }
    }
    if dtype.hasattr("numpy_dtype")? && !in_arrow {
        let own = dtype.getattr("numpy_dtype")?;
        let keywords = pyo3::types::PyDict::new(py);
        keywords.set_item("dtype", &own)?;
        let missing = value.call_method0("isna")?.call_method0("to_numpy")?;
        if missing.call_method0("any")?.is_truthy()? {
            keywords.set_item("na_value", own.getattr("type")?.call1((0,))?)?;
            let form = numpy(value.call_method("to_numpy", (), Some(&keywords))?)?;
            return with_mask(form, Memory::new(missing.cast::<PyUntypedArray>()?), py, place);
        }
        return numpy(value.call_method("to_numpy", (), Some(&keywords))?);
    }
    numpy(value.call_method0("to_numpy")?)
}

/// A column as one Arrow array.
fn whole(value: &Bound<'_, PyAny>, place: &str) -> PyResult<ArrayRef> {
    let column = Column::new(value, place.to_owned())?;
    let length = column.len();
    if column.run(0) < length {
        // More than one array, as pyarrow may keep its texts: by way of Python's own values.
        let list = value.call_method0("tolist")?;
        return Objects::new(&list, place)?.part(value.py(), 0, length);
    }
    column.part(0, length).map_err(|fault| fault.raised(value.py()))
}
