//! Arrow tables across the PyCapsule interface, both ways.

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema};
use hs_core::Error;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use super::{plausible, raised, refused, wrong_type};

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

fn schema_in(value: &Bound<'_, PyAny>) -> PyResult<Schema> {
    let py = value.py();
    let capsule = capsule(value.clone(), "arrow_schema")?;
    let pointer = capsule.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    // SAFETY: the capsule's name says that it holds a live ArrowSchema; it is only read.
    let schema = unsafe { pointer.as_ref() };
    guarded(py, || Schema::try_from(schema).map_err(|e| e.to_string()))
}

/// Takes in anything that speaks the Arrow PyCapsule interface, as batches that are checked through and through.
/// `None` where the value does not speak it.
pub(crate) fn batches_in(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<RecordBatch>>> {
    if value.hasattr("__arrow_c_stream__")? {
        let given = value.call_method0("__arrow_c_stream__")?;
        let capsule = capsule(given, "arrow_array_stream")?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: the capsule's name says that it holds an ArrowArrayStream; moving it out leaves the capsule a released one.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
        return read_stream(value.py(), stream).map(Some);
    }
    if value.hasattr("__arrow_c_array__")? {
        let pair = value.call_method0("__arrow_c_array__")?;
        let schema = schema_in(&pair.get_item(0)?)?;
        let array = capsule(pair.get_item(1)?, "arrow_array")?;
        let pointer = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: as above, for an ArrowArray.
        let array = unsafe { FFI_ArrowArray::from_raw(pointer.as_ptr()) };
        return guarded(value.py(), || checked(array, &Arc::new(schema))).map(|batch| Some(vec![batch]));
    }
    Ok(None)
}

fn read_stream(py: Python<'_>, mut stream: FFI_ArrowArrayStream) -> PyResult<Vec<RecordBatch>> {
    let (Some(get_schema), Some(get_next), Some(_)) = (stream.get_schema(), stream.get_next(), stream.release()) else {
        return Err(refused(py, "found an Arrow stream that was already read, wanted a fresh one"));
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the callback is the stream's own and is called with the stream it came from; the same below.
    let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
    if code != 0 {
        return Err(said(py, &mut stream, code));
    }
    let schema = Arc::new(guarded(py, || Schema::try_from(&schema).map_err(|e| e.to_string()))?);
    let mut batches = Vec::new();
    loop {
        let mut array = FFI_ArrowArray::empty();
        let code = unsafe { get_next(&raw mut stream, &raw mut array) };
        if code != 0 {
            return Err(said(py, &mut stream, code));
        }
        if array.is_released() {
            break;
        }
        batches.push(guarded(py, || checked(array, &schema))?);
        py.check_signals()?;
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

fn said(py: Python<'_>, stream: &mut FFI_ArrowArrayStream, code: i32) -> PyErr {
    // SAFETY: asked of a live stream right after its failure; the text is read before any other call.
    let text = stream.get_last_error().map(|get| unsafe { get(&raw mut *stream) }).filter(|text| !text.is_null());
    let text = text.map(|text| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned());
    refused(py, format!("the Arrow stream failed: {}", text.unwrap_or_else(|| format!("code {code}"))))
}

/// One struct array as a batch. Offsets, lengths and text from outside may lie, so everything is validated before anything is read.
fn checked(array: FFI_ArrowArray, schema: &Arc<Schema>) -> Result<RecordBatch, String> {
    let kind = DataType::Struct(schema.fields().clone());
    plausible::check(&array, &kind)?;
    // SAFETY: pointers are trusted as the C data interface demands; what they point at is validated in full below.
    let data = unsafe { from_ffi_and_data_type(array, kind) }.map_err(|e| e.to_string())?;
    data.validate_full().map_err(|e| e.to_string())?;
    let rows = StructArray::from(data);
    if rows.null_count() > 0 {
        return Err(format!("found {} rows that are null as a whole, wanted nulls in columns", rows.null_count()));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema.clone(), rows.columns().to_vec(), &options).map_err(|e| e.to_string())
}

fn guarded<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, String>) -> PyResult<T> {
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(String::from("its layout contradicts itself")));
    outcome.map_err(|why| refused(py, format!("not a sound Arrow table: {why}")))
}
