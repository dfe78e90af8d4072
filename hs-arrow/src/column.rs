//! One column from outside: a single array, or a stream of them.

use std::mem;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, NullArray, make_array, new_empty_array};
use arrow_schema::DataType;
use arrow_schema::ffi::FFI_ArrowSchema;
use hs_core::{Result, shown};

use crate::batch::{guarded, reason};
use crate::plausible;
use crate::stream::{failure, open};

/// The type of one column from its C schema.
///
/// # Errors
/// [`hs_core::ErrorKind::Argument`] where it was released or contradicts itself.
///
/// # Safety
/// Pointers of the schema that are not NULL point to what the C data interface says.
pub unsafe fn kind(schema: &FFI_ArrowSchema) -> Result<DataType> {
    guarded(|| {
        // SAFETY: the caller's.
        unsafe { plausible::schema(schema) }?;
        DataType::try_from(schema).map_err(|e| shown(&e.to_string()))
    })
}

/// One array of this type; its buffers stay where they are, and are released with the last that holds them.
///
/// # Errors
/// As for a batch.
///
/// # Safety
/// As for a batch.
pub unsafe fn column(array: FFI_ArrowArray, kind: &DataType) -> Result<ArrayRef> {
    guarded(|| {
        // SAFETY: the caller's.
        unsafe { plausible::array(&array, kind) }?;
        if *kind == DataType::Null {
            // It has no values, and some producers give it buffers that the import would refuse.
            return Ok(Arc::new(NullArray::new(array.len())) as ArrayRef);
        }
        // SAFETY: counts and outer offsets were looked at; what they lead to is validated in full below.
        let data = unsafe { from_ffi_and_data_type(array, kind.clone()) }.map_err(|e| shown(&e.to_string()))?;
        data.validate_full().map_err(|e| reason(&e.to_string()).to_owned())?;
        Ok(make_array(data))
    })
}

/// All arrays of a stream of one column, at least one.
///
/// # Errors
/// As for a stream of batches.
///
/// # Safety
/// As for a stream of batches.
pub unsafe fn columns(place: *mut FFI_ArrowArrayStream) -> Result<Vec<ArrayRef>> {
    // SAFETY: the caller's, for all that follow.
    let (mut stream, schema) = unsafe { open(place) }?;
    let kind = unsafe { kind(&schema) }?;
    let mut arrays = Vec::new();
    while let Some(get_next) = stream.get_next() {
        let mut array = FFI_ArrowArray::empty();
        let code = unsafe { get_next(&raw mut stream, &raw mut array) };
        if code != 0 {
            mem::forget(array);
            return Err(failure(&mut stream, code));
        }
        if array.is_released() {
            break;
        }
        let array = unsafe { column(array, &kind) }?;
        if !array.is_empty() {
            arrays.push(array);
        }
    }
    if arrays.is_empty() {
        arrays.push(new_empty_array(&kind));
    }
    Ok(arrays)
}
