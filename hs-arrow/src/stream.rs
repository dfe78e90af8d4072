//! A stream of batches, read one by one.

use std::ffi::CStr;
use std::mem;

use arrow_array::RecordBatch;
use arrow_array::ffi::FFI_ArrowArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_schema::SchemaRef;
use arrow_schema::ffi::FFI_ArrowSchema;
use hs_core::{Error, Result};

use crate::{batch, schema};

/// A stream that is owned: it is released at its end, at its first failure, or when it is dropped, and once.
///
/// As an iterator it gives each batch, checked; nothing is read ahead, and nothing after a failure.
#[derive(Debug)]
pub struct Stream {
    stream: Option<FFI_ArrowArrayStream>,
    schema: SchemaRef,
}

impl Stream {
    /// Moves a stream out of where it lies, which is left released, and reads its schema.
    ///
    /// # Errors
    /// [`hs_core::ErrorKind::Argument`] for NULL, a misaligned pointer, a stream that was read before, one that lacks a function or that
    /// fails, and a schema that is no table's. The stream is released then too.
    ///
    /// # Safety
    /// A pointer that is not NULL may be read and written; the stream there keeps to the C stream interface, its functions return, and
    /// it may be moved to another thread.
    pub unsafe fn take(place: *mut FFI_ArrowArrayStream) -> Result<Stream> {
        // SAFETY: the caller's.
        let (stream, given) = unsafe { open(place) }?;
        // SAFETY: the caller's.
        let schema = unsafe { schema(&given) }?;
        Ok(Stream { stream: Some(stream), schema })
    }

    /// The columns of every batch.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn read(stream: &mut FFI_ArrowArrayStream, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
        let Some(get_next) = stream.get_next() else {
            return Err(Error::argument("found an Arrow stream that let go of its functions, wanted a whole one"));
        };
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as for the schema.
        let code = unsafe { get_next(&raw mut *stream, &raw mut array) };
        if code != 0 {
            mem::forget(array);
            return Err(failure(stream, code));
        }
        if array.is_released() {
            return Ok(None);
        }
        // SAFETY: whoever made this stream says so.
        unsafe { batch(array, schema) }.map(Some)
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let outcome = Self::read(self.stream.as_mut()?, &self.schema);
        if !matches!(outcome, Ok(Some(_))) {
            self.stream = None;
        }
        outcome.transpose()
    }
}

/// Moves a stream out of where it lies, and asks it for its schema.
///
/// # Safety
/// As for [`Stream::take`].
pub(crate) unsafe fn open(place: *mut FFI_ArrowArrayStream) -> Result<(FFI_ArrowArrayStream, FFI_ArrowSchema)> {
    if place.is_null() || !place.is_aligned() {
        let found = if place.is_null() { "NULL" } else { "a misaligned pointer" };
        return Err(Error::argument(format!("found {found} for an Arrow stream, wanted a stream")));
    }
    // SAFETY: not NULL, aligned, and the caller's.
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(place) };
    if stream.release().is_none() {
        return Err(Error::argument("found an Arrow stream that was already read, wanted a fresh one"));
    }
    let (Some(get_schema), Some(_)) = (stream.get_schema(), stream.get_next()) else {
        return Err(Error::argument("found an Arrow stream without its functions, wanted a whole one"));
    };
    let mut given = FFI_ArrowSchema::empty();
    // SAFETY: the function is the stream's own and is called with the stream it came from.
    let code = unsafe { get_schema(&raw mut stream, &raw mut given) };
    if code != 0 {
        // What a function that failed left there is nobody's.
        mem::forget(given);
        return Err(failure(&mut stream, code));
    }
    Ok((stream, given))
}

/// The failure of a stream in its own words.
pub(crate) fn failure(stream: &mut FFI_ArrowArrayStream, code: i32) -> Error {
    // SAFETY: asked of a live stream right after its failure; the text is read before any other call.
    let text = stream.get_last_error().map(|get| unsafe { get(&raw mut *stream) }).filter(|text| !text.is_null());
    // SAFETY: not NULL; that it ends is the stream's part of the interface.
    let text = text.map(|text| line(&unsafe { CStr::from_ptr(text) }.to_string_lossy())).filter(|text| !text.is_empty());
    Error::argument(format!("the Arrow stream failed: {}", text.unwrap_or_else(|| format!("code {code}"))))
}

/// A stranger's text as one line of bounded length.
fn line(text: &str) -> String {
    text.trim().chars().take(400).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
