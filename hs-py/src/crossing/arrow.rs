//! Arrow tables across the PyCapsule interface, both ways.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use hs_core::Error;
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

/// Takes in anything that speaks the Arrow PyCapsule interface, as batches that are checked through and through.
/// `None` where the value does not speak it.
pub(crate) fn batches_in(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<RecordBatch>>> {
    if value.hasattr("__arrow_c_stream__")? {
        let given = value.call_method0("__arrow_c_stream__")?;
        let capsule = capsule(given, "arrow_array_stream")?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: the capsule's name says that it holds an ArrowArrayStream; taking it leaves the capsule a released one.
        let stream = unsafe { hs_arrow::Stream::take(pointer.as_ptr()) }.map_err(|error| raised(value.py(), &error))?;
        return read_stream(value.py(), stream).map(Some);
    }
    if value.hasattr("__arrow_c_array__")? {
        let pair = value.call_method0("__arrow_c_array__")?;
        let schema = schema_in(&pair.get_item(0)?)?;
        let array = capsule(pair.get_item(1)?, "arrow_array")?;
        let pointer = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: as above, for an ArrowArray.
        let array = unsafe { FFI_ArrowArray::from_raw(pointer.as_ptr()) };
        // SAFETY: as above; what it points at is checked there.
        let batch = unsafe { hs_arrow::batch(array, &schema) }.map_err(|error| raised(value.py(), &error))?;
        return Ok(Some(vec![batch]));
    }
    Ok(None)
}

fn read_stream(py: Python<'_>, stream: hs_arrow::Stream) -> PyResult<Vec<RecordBatch>> {
    let schema = stream.schema().clone();
    let mut batches = Vec::new();
    for batch in stream {
        batches.push(batch.map_err(|error| raised(py, &error))?);
        py.check_signals()?;
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}
