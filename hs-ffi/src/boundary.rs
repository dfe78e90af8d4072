//! The only crossing between C and Rust: pointers come in and go out here, and panics stop here.
//!
//! A pointer from C is NULL or what the header says it is; that a length is true is the caller's word. NULL, a misaligned pointer and
//! a length no object can have are refused. Outputs are looked at before any work is done and written after all of it succeeded.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use hs_core::tables::Rows;
use hs_core::{Error, ErrorKind, Result, settings_from_json};
use serde::de::DeserializeOwned;

use crate::exports::types::{hs_assessment, hs_bytes, hs_error, hs_function, hs_network, hs_result, hs_scorer, hs_text, hs_tick};
use crate::handles::Table;
use crate::scorer::Scorer;
use crate::status::hs_status;

/// A handle of the C interface and what it stands for.
pub(crate) trait Handle: Copy {
    type Value: Send + Sync + 'static;

    fn table() -> &'static Table<Self::Value>;
    fn id(self) -> u64;
    fn with_id(id: u64) -> Self;

    /// What the handle stands for, held for as long as the call needs it.
    fn open(self) -> Result<Arc<Self::Value>> {
        Self::table().open(self.id())
    }
}

macro_rules! handles {
    ($($handle:ident: $value:ty, $name:literal, $kind:literal);+ $(;)?) => { $(
        impl Handle for $handle {
            type Value = $value;

            fn table() -> &'static Table<$value> {
                static TABLE: Table<$value> = Table::new($name, $kind);
                &TABLE
            }

            fn id(self) -> u64 {
                self.id
            }

            fn with_id(id: u64) -> Self {
                $handle { id }
            }
        }
    )+ };
}

handles! {
    hs_assessment: Watched<hs_core::Assessment>, "assessment", 1;
    hs_network: Watched<hs_core::DominoNetwork>, "network", 2;
    hs_result: hs_core::tables::Outcome, "result", 3;
    hs_text: Text, "text", 4;
    hs_error: Failure, "error", 5;
    hs_scorer: Watched<Scorer>, "scorer", 6;
    hs_bytes: Box<[u8]>, "bytes", 7;
}

/// What long calls work on, and the caller's function they look at on their way.
pub(crate) struct Watched<T> {
    value: Arc<T>,
    watch: Option<Watch>,
}

#[derive(Clone, Copy)]
struct Watch {
    tick: unsafe extern "C" fn(*mut c_void, u64) -> c_int,
    context: *mut c_void,
}

// SAFETY: the header says that whoever watches a handle may be called on any thread that the handle is used on.
unsafe impl Send for Watch {}
// SAFETY: as above.
unsafe impl Sync for Watch {}

impl<T> From<T> for Watched<T> {
    fn from(value: T) -> Self {
        Watched { value: Arc::new(value), watch: None }
    }
}

impl<T> std::ops::Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Watched<T> {
    /// The same value, watched by another function or by none.
    ///
    /// # Safety
    /// `tick` may be called with `context` on any thread for as long as the handle lives.
    pub(crate) unsafe fn watched_by(&self, tick: hs_tick, context: *mut c_void) -> Self {
        Watched { value: Arc::clone(&self.value), watch: tick.map(|tick| Watch { tick, context }) }
    }

    /// What the core looks at: `false` asks it to stop.
    pub(crate) fn tick(&self) -> impl Fn(u64) -> bool {
        let watch = self.watch;
        // SAFETY: promised where the handle was made.
        move |step| watch.is_none_or(|watch| unsafe { (watch.tick)(watch.context, step) } == 0)
    }
}

/// A function of the caller's, asked at many points at a time.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    function: unsafe extern "C" fn(*mut c_void, *const f64, usize, usize, *mut f64) -> c_int,
    context: *mut c_void,
}

impl Function {
    /// # Safety
    /// `function` may be called with `context` until the call ends.
    pub(crate) unsafe fn new(function: hs_function, context: *mut c_void) -> Result<Function> {
        let function = function.ok_or_else(|| Error::argument("found NULL for `function`, wanted a function"))?;
        Ok(Function { function, context })
    }

    /// Its figures at rows of points, `inputs` numbers a row; what it does not write is not finite and refused later on.
    pub(crate) fn figures(&self, points: &[f64], inputs: usize) -> Result<Vec<f64>> {
        let rows = points.len().checked_div(inputs).unwrap_or(0);
        let mut figures = Vec::new();
        figures.try_reserve_exact(rows).map_err(|_| Error::new(ErrorKind::Memory, format!("no memory for {rows} figures")))?;
        figures.resize(rows, f64::NAN);
        for (points, figures) in points.chunks(ROWS * inputs.max(1)).zip(figures.chunks_mut(ROWS)) {
            // SAFETY: promised where it was made; both buffers hold what their lengths say.
            let stopped = unsafe { (self.function)(self.context, points.as_ptr(), figures.len(), inputs, figures.as_mut_ptr()) };
            if stopped != 0 {
                return Err(Error::new(ErrorKind::Cancelled, "stopped as asked"));
            }
        }
        Ok(figures)
    }
}

/// Points that a caller's function is asked at a time.
const ROWS: usize = 1024;

/// Text as C reads it: a zero byte follows the last one.
pub(crate) struct Text(Box<[u8]>);

impl From<String> for Text {
    fn from(mut text: String) -> Self {
        text.push('\0');
        Text(text.into_bytes().into())
    }
}

impl Text {
    /// Address and length in bytes, the closing zero not counted.
    pub(crate) fn parts(&self) -> (*const c_char, usize) {
        (self.0.as_ptr().cast(), self.0.len().saturating_sub(1))
    }
}

/// What an error handle stands for.
pub(crate) struct Failure {
    pub(crate) status: hs_status,
    pub(crate) message: Text,
    pub(crate) problems: Text,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let problems = serde_json::to_string(&error.problems).unwrap_or_else(|_| "[]".into());
        Failure { status: hs_status::of(error.kind), message: error.message.into(), problems: problems.into() }
    }
}

/// Runs a call: what fails becomes a status and, where the caller wants it, an error handle; a panic becomes a fault of this library.
///
/// # Safety
/// `error` is NULL or may be written.
pub(crate) unsafe fn cross(error: *mut hs_error, work: impl FnOnce() -> Result<()>) -> hs_status {
    quiet();
    let whole = || {
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(fault(payload.as_ref())));
        let Err(failure) = outcome else { return hs_status::HS_OK };
        let status = hs_status::of(failure.kind);
        if required(error, "error").is_ok()
            && let Ok(id) = hs_error::table().insert(failure.into())
        {
            // SAFETY: not NULL and aligned, and the caller lets it be written.
            unsafe { error.write(hs_error::with_id(id)) };
        }
        status
    };
    catch_unwind(AssertUnwindSafe(whole)).unwrap_or(hs_status::HS_INTERNAL)
}

/// Runs a call that makes something new and hands out a handle of it.
///
/// # Safety
/// `out` and `error` are NULL or may be written.
pub(crate) unsafe fn make<H: Handle>(out: *mut H, error: *mut hs_error, work: impl FnOnce() -> Result<H::Value>) -> hs_status {
    let whole = || {
        required(out, "out")?;
        let id = H::table().insert(work()?)?;
        // SAFETY: not NULL and aligned, and the caller lets it be written.
        unsafe { out.write(H::with_id(id)) };
        Ok(())
    };
    // SAFETY: the caller's.
    unsafe { cross(error, whole) }
}

/// Frees what a handle stands for.
pub(crate) fn free<H: Handle>(handle: H) -> hs_status {
    // SAFETY: NULL is allowed.
    unsafe { cross(std::ptr::null_mut(), || H::table().free(handle.id())) }
}

/// Refuses a pointer that cannot be written or read through.
pub(crate) fn required<T>(pointer: *const T, name: &str) -> Result<()> {
    match () {
        () if pointer.is_null() => Err(Error::argument(format!("found NULL for `{name}`, wanted a pointer"))),
        () if !pointer.is_aligned() => Err(Error::argument(format!("found a misaligned pointer for `{name}`, wanted an aligned one"))),
        () => Ok(()),
    }
}

/// Writes an output.
///
/// # Safety
/// `out` may be written.
pub(crate) unsafe fn put<T>(out: *mut T, value: T) {
    // SAFETY: the caller's.
    unsafe { out.write(value) };
}

/// The caller's buffer.
///
/// # Safety
/// A `pointer` that is not NULL may be read for `length` values until the call ends.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, length: usize, name: &str) -> Result<&'a [T]> {
    required(pointer, name)?;
    in_range::<T>(length, name)?;
    // SAFETY: not NULL, aligned, of a size an object can have; that it may be read is the caller's word.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// A copy of the caller's buffer; the pointer may be NULL where the length is 0, as that of an empty vector is.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn copy<T: Copy>(pointer: *const T, length: usize, name: &str) -> Result<Vec<T>> {
    // SAFETY: the caller's.
    let values = if length == 0 { &[] } else { unsafe { slice(pointer, length, name) }? };
    let mut copy = Vec::new();
    copy.try_reserve_exact(length)
        .map_err(|_| Error::new(ErrorKind::Memory, format!("found {length} values of `{name}`, wanted no more than memory holds")))?;
    copy.extend_from_slice(values);
    Ok(copy)
}

/// A copy of the caller's buffer, or none where the pointer is NULL.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn copy_or_none<T: Copy>(pointer: *const T, length: usize, name: &str) -> Result<Option<Vec<T>>> {
    // SAFETY: the caller's.
    if pointer.is_null() { Ok(None) } else { unsafe { copy(pointer, length, name) }.map(Some) }
}

/// The caller's numbers in rows and columns; the pointer may be NULL where there are none.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn grid<'a>(pointer: *const f64, rows: usize, columns: usize, name: &str) -> Result<&'a [f64]> {
    let length = rows.checked_mul(columns);
    let length =
        length.ok_or_else(|| Error::argument(format!("found {rows} rows of {columns} for `{name}`, wanted what memory can hold")))?;
    // SAFETY: the caller's.
    if length == 0 { Ok(&[]) } else { unsafe { slice(pointer, length, name) } }
}

/// The caller's numbers, or none where the pointer is NULL.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn numbers_or_none<'a>(pointer: *const f64, length: usize, name: &str) -> Result<Option<&'a [f64]>> {
    // SAFETY: the caller's.
    if pointer.is_null() { Ok(None) } else { unsafe { slice(pointer, length, name) }.map(Some) }
}

/// A table as a stream of one batch, without a copy.
pub(crate) fn stream_of(table: &RecordBatch) -> FFI_ArrowArrayStream {
    let (batch, schema) = (table.clone(), table.schema());
    FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)))
}

/// Copies numbers into the caller's buffer, which must have been looked at by [`required`].
///
/// # Safety
/// `out` may be written for as many values as `values` has, which do not lie inside it.
pub(crate) unsafe fn fill(out: *mut f64, values: &[f64]) {
    // SAFETY: the caller's.
    unsafe { out.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
}

/// Refuses a length no object can have.
pub(crate) fn in_range<T>(length: usize, name: &str) -> Result<()> {
    let bytes = length.checked_mul(size_of::<T>()).filter(|bytes| isize::try_from(*bytes).is_ok());
    bytes.map(drop).ok_or_else(|| Error::argument(format!("found a length of {length} for `{name}`, wanted one that memory can hold")))
}

/// Bytes of a text with its length; they need not be UTF-8.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn bytes<'a>(text: *const c_char, length: usize, name: &str) -> Result<&'a [u8]> {
    // SAFETY: the caller's.
    unsafe { slice(text.cast(), length, name) }
}

/// A text that ends with a zero byte.
///
/// # Safety
/// `text` is NULL or ends with a zero byte and may be read until the call ends.
pub(crate) unsafe fn name<'a>(text: *const c_char, name: &str) -> Result<&'a str> {
    required(text, name)?;
    // SAFETY: not NULL; that it ends is the caller's word.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|_| Error::argument(format!("found bytes that are not UTF-8 for `{name}`, wanted UTF-8")))
}

/// Texts that end with a zero byte, one for each of `count`.
///
/// # Safety
/// As for [`slice`] and [`name`].
pub(crate) unsafe fn names(list: *const *const c_char, count: usize, what: &str) -> Result<Vec<String>> {
    // SAFETY: the caller's.
    unsafe { slice(list, count, what)?.iter().map(|text| Ok(name(*text, what)?.to_owned())).collect() }
}

/// A text that ends with a zero byte, or none where the pointer is NULL.
///
/// # Safety
/// As for [`name`].
pub(crate) unsafe fn name_or_none<'a>(text: *const c_char, name: &str) -> Result<Option<&'a str>> {
    // SAFETY: the caller's.
    if text.is_null() { Ok(None) } else { unsafe { self::name(text, name) }.map(Some) }
}

/// What several handles stand for, in order, each held for as long as the call needs it.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn open_all<H: Handle>(handles: *const H, count: usize, name: &str) -> Result<Vec<Arc<H::Value>>> {
    // SAFETY: the caller's.
    unsafe { slice(handles, count, name) }?.iter().map(|handle| handle.open()).collect()
}

/// A tick that asks to stop where any of several values is asked to.
pub(crate) fn ticks<T>(values: &[Arc<Watched<T>>]) -> impl Fn(u64) -> bool {
    let ticks: Vec<_> = values.iter().map(|value| value.tick()).collect();
    move |step| ticks.iter().all(|tick| tick(step))
}

/// The settings of an analysis: its defaults where `text` is NULL.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn read_settings<S: Default + DeserializeOwned>(text: *const c_char, length: usize) -> Result<S> {
    if text.is_null() {
        return Ok(S::default());
    }
    // SAFETY: the caller's.
    unsafe { read_required(text, length) }
}

/// Settings without which there is no question, such as a scheme.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn read_required<S: DeserializeOwned>(text: *const c_char, length: usize) -> Result<S> {
    // SAFETY: the caller's.
    settings_from_json(unsafe { utf8(text, length, "settings") }?)
}

/// A text with its length in UTF-8.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn utf8<'a>(text: *const c_char, length: usize, name: &str) -> Result<&'a str> {
    // SAFETY: the caller's.
    let text = unsafe { bytes(text, length, name) }?;
    std::str::from_utf8(text).map_err(|_| Error::argument(format!("found {name} that are not UTF-8, wanted JSON in UTF-8")))
}

/// Rows that a caller streams: read batch by batch, each checked before it is read, and released when the call ends, however it ends.
pub(crate) struct RowStream(hs_arrow::Stream);

impl Iterator for RowStream {
    type Item = Result<Rows>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map(Rows::from))
    }
}

/// Runs a call that consumes streams: they are taken before anything else can fail, so that a stream is never the caller's again.
///
/// # Safety
/// Streams are NULL or keep to the C stream interface; `error` is NULL or may be written.
pub(crate) unsafe fn consume<const N: usize>(
    streams: [*mut FFI_ArrowArrayStream; N],
    error: *mut hs_error,
    work: impl FnOnce([Result<RowStream>; N]) -> Result<()>,
) -> hs_status {
    // SAFETY: the caller's.
    let whole = || work(streams.map(|stream| unsafe { hs_arrow::Stream::take(stream) }.map(RowStream)));
    // SAFETY: the caller's.
    unsafe { cross(error, whole) }
}

/// Runs a call that consumes streams and makes something new of them.
///
/// # Safety
/// As for [`consume`]; `out` is NULL or may be written.
pub(crate) unsafe fn make_of<H: Handle, const N: usize>(
    streams: [*mut FFI_ArrowArrayStream; N],
    out: *mut H,
    error: *mut hs_error,
    work: impl FnOnce([Result<RowStream>; N]) -> Result<H::Value>,
) -> hs_status {
    let whole = |streams| {
        required(out, "out")?;
        let id = H::table().insert(work(streams)?)?;
        // SAFETY: not NULL and aligned, and the caller lets it be written.
        unsafe { out.write(H::with_id(id)) };
        Ok(())
    };
    // SAFETY: the caller's.
    unsafe { consume(streams, error, whole) }
}

/// A panic prints its message by default; a library in someone else's process must not. The runtime this speaks to is the library's own.
fn quiet() {
    static QUIET: Once = Once::new();
    if cfg!(not(test)) {
        QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    }
}

fn fault(payload: &(dyn std::any::Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::internal(format!("a fault of this library: {}", text.unwrap_or("a panic without a message")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_with_its_message() {
        let mut error = hs_error { id: 0 };
        // SAFETY: a local variable.
        let status = unsafe { cross(&mut error, || panic!("a planted fault")) };
        assert_eq!(status, hs_status::HS_INTERNAL);
        let failure = error.open().unwrap();
        assert_eq!(failure.message.0.as_ref(), b"a fault of this library: a planted fault\0");
        assert_eq!(free(error), hs_status::HS_OK);
        assert_eq!(free(error), hs_status::HS_HANDLE);
    }

    #[test]
    fn an_output_is_written_on_success_alone() {
        let (mut out, mut error) = (hs_text { id: 7 }, hs_error { id: 9 });
        // SAFETY: local variables.
        let status = unsafe { make(&mut out, &mut error, || Err(Error::argument("no"))) };
        assert_eq!((status, out.id), (hs_status::HS_ARGUMENT, 7));
        assert_eq!(free(error), hs_status::HS_OK);
        let mut error = hs_error { id: 9 };
        // SAFETY: local variables.
        let status = unsafe { make(&mut out, &mut error, || Ok(String::from("yes").into())) };
        assert_eq!((status, error.id), (hs_status::HS_OK, 9));
        assert_eq!(out.open().unwrap().parts().1, 3);
        assert_eq!(free(out), hs_status::HS_OK);
    }

    #[test]
    fn no_work_is_done_without_an_output() {
        // SAFETY: NULL is allowed.
        let status = unsafe { make::<hs_text>(std::ptr::null_mut(), std::ptr::null_mut(), || unreachable!()) };
        assert_eq!(status, hs_status::HS_ARGUMENT);
    }

    #[test]
    fn lengths_and_alignment_are_looked_at() {
        let numbers = [1.0, 2.0];
        // SAFETY: refused before anything is read.
        unsafe {
            assert!(slice(numbers.as_ptr(), usize::MAX, "x").is_err());
            assert!(slice(numbers.as_ptr().cast::<u8>().add(1).cast::<f64>(), 1, "x").is_err());
            assert!(slice::<f64>(std::ptr::null(), 0, "x").is_err());
            assert_eq!(slice(numbers.as_ptr(), 2, "x").unwrap(), numbers);
        }
    }
}
