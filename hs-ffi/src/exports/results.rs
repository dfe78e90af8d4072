//! Versions, errors, texts and results.

use std::ffi::{CStr, c_char};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use hs_core::Error;
use serde_json::json;

use super::types::{hs_error, hs_result, hs_text};
use crate::boundary::{Handle, cross, free, make, name, put, required, stream_of};
use crate::status::hs_status;

/// The number that changes when a program compiled against an older header no longer works with this library.
pub const HS_ABI_VERSION: u32 = 0;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// The version of the library, as in "0.1.0". The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn hs_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the binary interface; compare it with HS_ABI_VERSION of the header a program was compiled with.
#[unsafe(no_mangle)]
pub extern "C" fn hs_abi_version() -> u32 {
    HS_ABI_VERSION
}

/// A status as one word, as in "not-found"; "unknown" for a number that is no status. The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn hs_status_word(status: i32) -> *const c_char {
    let known = hs_status::ALL.into_iter().find(|known| *known as i32 == status);
    known.map_or(c"unknown", hs_status::word).as_ptr()
}

/// The status an error came with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_error_status(error: hs_error, out: *mut hs_status) -> hs_status {
    cross(std::ptr::null_mut(), || {
        required(out, "out")?;
        put(out, error.open()?.status);
        Ok(())
    })
}

/// One line that says what was found and what was wanted; it lives until hs_error_free. A zero byte follows the text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_error_message(error: hs_error, data: *mut *const c_char, length: *mut usize) -> hs_status {
    cross(std::ptr::null_mut(), || {
        required(data, "data")?;
        required(length, "length")?;
        let (address, bytes) = error.open()?.message.parts();
        put(data, address);
        put(length, bytes);
        Ok(())
    })
}

/// Every problem as a JSON list of objects with kind, pointer, found, wanted and, where there is one, mend; it lives until
/// hs_error_free. A zero byte follows the text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_error_problems(error: hs_error, data: *mut *const c_char, length: *mut usize) -> hs_status {
    cross(std::ptr::null_mut(), || {
        required(data, "data")?;
        required(length, "length")?;
        let (address, bytes) = error.open()?.problems.parts();
        put(data, address);
        put(length, bytes);
        Ok(())
    })
}

/// Frees an error.
#[unsafe(no_mangle)]
pub extern "C" fn hs_error_free(error: hs_error) -> hs_status {
    free(error)
}

/// The bytes of a text, in UTF-8; they live until hs_text_free. A zero byte follows them, not counted in the length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_text_data(text: hs_text, data: *mut *const c_char, length: *mut usize) -> hs_status {
    cross(std::ptr::null_mut(), || {
        required(data, "data")?;
        required(length, "length")?;
        let (address, bytes) = text.open()?.parts();
        put(data, address);
        put(length, bytes);
        Ok(())
    })
}

/// Frees a text.
#[unsafe(no_mangle)]
pub extern "C" fn hs_text_free(text: hs_text) -> hs_status {
    free(text)
}

/// A whole result as one JSON object: analysis, settings, the facts, arrays as nested lists, tables as lists of rows, notes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_result_json(result: hs_result, out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(result.open()?.to_json().to_string().into()))
}

/// What a result says in single values, as one JSON object: analysis, settings, facts, notes, and the names of its arrays and tables.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_result_facts(result: hs_result, out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || {
        let result = result.open()?;
        let arrays: Vec<&str> = result.arrays.iter().map(|(name, _)| *name).collect();
        let tables: Vec<&str> = result.tables.iter().map(|(name, _)| *name).collect();
        let facts = json!({
            "analysis": result.analysis,
            "settings": result.settings,
            "facts": result.facts,
            "notes": result.notes,
            "arrays": arrays,
            "tables": tables,
        });
        Ok(facts.to_string().into())
    })
}

/// The names of a result's tables as a JSON list, the main one first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_result_tables(result: hs_result, out: *mut hs_text, error: *mut hs_error) -> hs_status {
    make(out, error, || {
        let names: Vec<&str> = result.open()?.tables.iter().map(|(name, _)| *name).collect();
        Ok(json!(names).to_string().into())
    })
}

/// A table as a stream of Arrow record batches (the Arrow C stream interface), without a copy.
///
/// The stream belongs to the caller, who calls its release member once; it outlives the result. What stood in out before is
/// overwritten, not released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_result_table(
    result: hs_result,
    name: *const c_char,
    out: *mut FFI_ArrowArrayStream,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        required(out, "out")?;
        let result = result.open()?;
        let wanted = self::name(name, "name")?;
        let known = result.tables.iter().map(|(name, _)| *name);
        let table = result.table(wanted).ok_or_else(|| Error::not_found("table", wanted, known))?;
        put(out, stream_of(table.batch()));
        Ok(())
    })
}

/// An array of numbers in row-major order and the length of each axis; both live until hs_result_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_result_array(
    result: hs_result,
    name: *const c_char,
    data: *mut *const f64,
    shape: *mut *const usize,
    axes: *mut usize,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        required(data, "data")?;
        required(shape, "shape")?;
        required(axes, "axes")?;
        let result = result.open()?;
        let wanted = self::name(name, "name")?;
        let known = result.arrays.iter().map(|(name, _)| *name);
        let array = result.arrays.iter().find(|(name, _)| *name == wanted).map(|(_, array)| array);
        let array = array.ok_or_else(|| Error::not_found("array", wanted, known))?;
        put(data, array.data.as_ptr());
        put(shape, array.shape.as_ptr());
        put(axes, array.shape.len());
        Ok(())
    })
}

/// Frees a result. Arrow streams taken from it live on.
#[unsafe(no_mangle)]
pub extern "C" fn hs_result_free(result: hs_result) -> hs_status {
    free(result)
}

/// A call that panics, so that a test can see that no panic leaves the library; in no release build and in no header.
/// cbindgen:ignore
#[cfg(debug_assertions)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_planted_panic(error: *mut hs_error) -> hs_status {
    #[allow(clippy::panic)]
    cross(error, || -> hs_core::Result<()> { panic!("a planted fault") })
}
