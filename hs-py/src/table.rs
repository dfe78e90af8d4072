//! A table of the core, handed to Python column by column or whole.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use hs_core::tables::Table;
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList, PyTuple};

use crate::crossing::{arrow, look, numbers, raised};

/// A table of named columns, held in Arrow memory.
#[pyclass(name = "Table", module = "human_security._core", frozen)]
pub(crate) struct PyTable {
    batch: RecordBatch,
}

impl PyTable {
    pub(crate) fn new(table: &Table) -> Self {
        PyTable { batch: table.batch().clone() }
    }

    fn column(&self, py: Python<'_>, name: &str) -> PyResult<&ArrayRef> {
        self.batch.column_by_name(name).ok_or_else(|| {
            let schema = self.batch.schema_ref();
            raised(py, &hs_core::Error::not_found("column", name, schema.fields().iter().map(|field| field.name().as_str())))
        })
    }
}

#[pymethods]
impl PyTable {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The kind of a column: "text", "number", "integer", "boolean" or "list".
    fn kind(&self, py: Python<'_>, name: &str) -> PyResult<&'static str> {
        use arrow_schema::DataType;
        Ok(match self.column(py, name)?.data_type() {
            DataType::Utf8 => "text",
            DataType::Float64 => "number",
            DataType::Int64 => "integer",
            DataType::Boolean => "boolean",
            _ => "list",
        })
    }

    /// How many values of a column are missing.
    fn missing(&self, py: Python<'_>, name: &str) -> PyResult<usize> {
        Ok(self.column(py, name)?.null_count())
    }

    /// Numbers or whole numbers as a read-only NumPy view where none is missing; missing ones make it a copy with NaN.
    fn array<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let column = slf.get().column(py, name)?;
        if let Some(column) = column.as_primitive_opt::<Float64Type>() {
            if column.null_count() == 0 {
                // SAFETY: the batch is frozen inside the Python object that the view keeps alive.
                return unsafe { numbers::view(slf.clone().into_any(), &[column.len()], column.values()) };
            }
            return Ok(PyArray1::from_iter(py, column.iter().map(|value| value.unwrap_or(f64::NAN))).into_any());
        }
        if let Some(column) = column.as_primitive_opt::<Int64Type>() {
            if column.null_count() == 0 {
                // SAFETY: as above.
                return unsafe { numbers::view(slf.clone().into_any(), &[column.len()], column.values()) };
            }
            return Ok(PyArray1::from_iter(py, column.iter().map(|value| value.map_or(f64::NAN, |whole| whole as f64))).into_any());
        }
        if let Some(column) = column.as_boolean_opt()
            && column.null_count() == 0
        {
            return Ok(PyArray1::from_iter(py, column.values().iter()).into_any());
        }
        let objects = PyList::new(py, Self::values(slf, name)?)?;
        let empty = py.import("numpy")?.call_method1("empty", (objects.len(), "object"))?;
        // Assigned one by one: NumPy would make a second axis of lists of equal length.
        for (at, object) in objects.iter().enumerate() {
            empty.set_item(at, object)?;
        }
        Ok(empty)
    }

    /// The values of a column as plain Python, None where missing.
    fn values<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let py = slf.py();
        let column = slf.get().column(py, name)?;
        (0..column.len()).map(|row| look(py, row).and_then(|()| cell(py, column, row))).collect()
    }

    /// The first rows as lists of plain values.
    fn rows<'py>(&self, py: Python<'py>, start: usize, stop: usize) -> PyResult<Vec<Vec<Bound<'py, PyAny>>>> {
        let rows = start.min(self.batch.num_rows())..stop.min(self.batch.num_rows());
        rows.map(|row| self.batch.columns().iter().map(|column| cell(py, column, row)).collect()).collect()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::stream_out(py, &self.batch, requested_schema.as_ref())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyTuple>> {
        arrow::array_out(py, &self.batch, requested_schema.as_ref())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema_out(py, &self.batch)
    }
}

fn cell<'py>(py: Python<'py>, column: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if column.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    if let Some(text) = column.as_string_opt::<i32>() {
        return Ok(text.value(row).into_pyobject(py)?.into_any());
    }
    if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
        return Ok(numbers.value(row).into_pyobject(py)?.into_any());
    }
    if let Some(wholes) = column.as_primitive_opt::<Int64Type>() {
        return Ok(wholes.value(row).into_pyobject(py)?.into_any());
    }
    if let Some(yes) = column.as_boolean_opt() {
        return Ok(yes.value(row).into_pyobject(py)?.to_owned().into_any());
    }
    if let Some(lists) = column.as_list_opt::<i32>() {
        let inner = lists.value(row);
        let items = (0..inner.len()).map(|at| cell(py, &inner, at)).collect::<PyResult<Vec<_>>>()?;
        return Ok(PyList::new(py, items)?.into_any());
    }
    Err(raised(py, &hs_core::Error::internal(format!("a column of type {} has no Python form", column.data_type()))))
}
