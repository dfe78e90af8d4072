//! Arrow tables across the PyCapsule interface, both ways.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use hs_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use super::{raised, refused, wrong_type};

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// Hands a batch out as a stream; the buffers stay where they are.
pub(crate) fn stream_out<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
    requested: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let batch = as_requested(py, batch, requested)?;
    let schema = batch.schema();
    let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
    PyCapsule::new_with_value(py, stream, STREAM)
}

/// Hands a batch out as one struct array with its schema.
pub(crate) fn array_out<'py>(py: Python<'py>, batch: &RecordBatch, requested: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyTuple>> {
    let batch = as_requested(py, batch, requested)?;
    let data = StructArray::from(batch).into_data();
    let (array, schema) = arrow_array::ffi::to_ffi(&data).map_err(|e| raised(py, &Error::internal(e.to_string())))?;
    let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
    let array = PyCapsule::new_with_value(py, array, ARRAY)?;
    PyTuple::new(py, [schema, array])
}

/// The schema alone.
pub(crate) fn schema_out<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(batch.schema_ref().as_ref()).map_err(|e| raised(py, &Error::internal(e.to_string())))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// Text is handed out with 64-bit offsets where the consumer asks for them; any other wish is the consumer's own to cast.
fn as_requested(py: Python<'_>, batch: &RecordBatch, requested: Option<&Bound<'_, PyAny>>) -> PyResult<RecordBatch> {
    let Some(requested) = requested.filter(|wish| !wish.is_none()) else { return Ok(batch.clone()) };
    let wish = schema_in(requested)?;
    let schema = batch.schema();
    if wish.fields().len() != schema.fields().len() {
        let message = format!("found a requested schema of {} columns, wanted {}", wish.fields().len(), schema.fields().len());
        return Err(refused(py, message));
    }
    let mut fields = Vec::with_capacity(schema.fields().len());
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for ((wish, field), column) in wish.fields().iter().zip(schema.fields()).zip(batch.columns()) {
        match (wish.data_type(), column.as_string_opt::<i32>()) {
            (DataType::LargeUtf8, Some(text)) => {
                fields.push(Field::new(field.name(), DataType::LargeUtf8, true));
                columns.push(Arc::new(text.iter().collect::<LargeStringArray>()));
            }
            _ => {
                fields.push(field.as_ref().clone());
                columns.push(column.clone());
            }
        }
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map_err(|e| raised(py, &Error::internal(e.to_string())))
}

fn capsule<'py>(value: Bound<'py, PyAny>, wanted: &str) -> PyResult<Bound<'py, PyCapsule>> {
    let py = value.py();
    value.cast_into::<PyCapsule>().map_err(|_| wrong_type(py, format!("found no capsule, wanted an `{wanted}`")))
}

fn schema_in(value: &Bound<'_, PyAny>) -> PyResult<SchemaRef> {
    let py = value.py();
    let capsule = capsule(value.clone(), "arrow_schema")?;
    let pointer = capsule.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    // SAFETY: the capsule's name says that it holds an ArrowSchema; it is only read, and checked before.
    unsafe { hs_arrow::schema(pointer.as_ref()) }.map_err(|error| raised(py, &error))
}

/// Batches of rows from outside, one after the other; every one is checked through and through.
pub(crate) enum Batches {
    Stream(hs_arrow::Stream),
    Array(Option<FFI_ArrowArray>, SchemaRef),
}

fn stream_of<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyCapsule>>> {
    if !value.hasattr("__arrow_c_stream__")? {
        return Ok(None);
    }
    capsule(value.call_method0("__arrow_c_stream__")?, "arrow_array_stream").map(Some)
}

/// The schema's capsule and the array, moved out of its own.
fn array_of<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<(Bound<'py, PyAny>, FFI_ArrowArray)>> {
    if !value.hasattr("__arrow_c_array__")? {
        return Ok(None);
    }
    let pair = value.call_method0("__arrow_c_array__")?;
    let array = capsule(pair.get_item(1)?, "arrow_array")?;
    let pointer = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: the capsule's name says that it holds an ArrowArray; moving it out leaves the capsule a released one.
    let array = unsafe { FFI_ArrowArray::from_raw(pointer.as_ptr()) };
    Ok(Some((pair.get_item(0)?, array)))
}

impl Batches {
    /// `None` where the value does not speak the interface.
    pub(crate) fn open(value: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        if let Some(capsule) = stream_of(value)? {
            let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
            // SAFETY: the capsule's name says that it holds an ArrowArrayStream; taking it leaves the capsule a released one.
            let stream = unsafe { hs_arrow::Stream::take(pointer.as_ptr()) }.map_err(|error| raised(value.py(), &error))?;
            return Ok(Some(Batches::Stream(stream)));
        }
        let Some((schema, array)) = array_of(value)? else { return Ok(None) };
        Ok(Some(Batches::Array(Some(array), schema_in(&schema)?)))
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        match self {
            Batches::Stream(stream) => stream.schema().clone(),
            Batches::Array(_, schema) => schema.clone(),
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Batches::Stream(stream) => stream.next(),
            // SAFETY: pointers are trusted as the C data interface demands; what they point at is checked there.
            Batches::Array(array, schema) => Some(unsafe { hs_arrow::batch(array.take()?, schema) }),
        }
    }
}

/// All batches of what speaks Arrow, at least one.
pub(crate) fn batches_in(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<RecordBatch>>> {
    let Some(batches) = Batches::open(value)? else { return Ok(None) };
    let schema = batches.schema();
    let mut read = Vec::new();
    for batch in batches {
        read.push(batch.map_err(|error| raised(value.py(), &error))?);
        value.py().check_signals()?;
    }
    if read.is_empty() {
        read.push(RecordBatch::new_empty(schema));
    }
    Ok(Some(read))
}

/// One column that speaks the interface, as the arrays it comes in.
pub(crate) fn column_in(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    let py = value.py();
    if let Some(capsule) = stream_of(value)? {
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: as in `open`.
        return unsafe { hs_arrow::columns(pointer.as_ptr()) }.map(Some).map_err(|error| raised(py, &error));
    }
    let Some((schema, array)) = array_of(value)? else { return Ok(None) };
    let capsule = capsule(schema, "arrow_schema")?;
    let pointer = capsule.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    // SAFETY: as in `schema_in`, and as for a batch.
    let column = unsafe { hs_arrow::kind(pointer.as_ref()).and_then(|kind| hs_arrow::column(array, &kind)) };
    column.map(|column| Some(vec![column])).map_err(|error| raised(py, &error))
}
