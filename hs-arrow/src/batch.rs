//! A schema from outside, and one struct array as a batch, validated in full.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use arrow_array::{Array, RecordBatch, RecordBatchOptions, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use hs_core::{Error, Result, shown};

use crate::plausible;

/// The columns of a table from its C schema.
///
/// # Errors
/// [`hs_core::ErrorKind::Argument`] where it was released, contradicts itself, or is no struct of columns.
///
/// # Safety
/// Pointers of the schema that are not NULL point to what the C data interface says.
pub unsafe fn schema(schema: &FFI_ArrowSchema) -> Result<SchemaRef> {
    guarded(|| {
        // SAFETY: the caller's.
        unsafe { plausible::schema(schema) }?;
        if schema.format() != "+s" || schema.dictionary().is_some() {
            return Err(String::from("a single column, wanted a struct of columns"));
        }
        let field = |column: &FFI_ArrowSchema| {
            let kind = DataType::try_from(column).map_err(|e| shown(&e.to_string()))?;
            let field = Field::new(column.name().unwrap_or_default(), kind, column.nullable());
            // Notes to others in bytes that are no text do not concern us.
            Ok(field.with_metadata(column.metadata().unwrap_or_default()))
        };
        Ok(Arc::new(Schema::new(schema.children().map(field).collect::<Result<Vec<_>, String>>()?)))
    })
}

/// One struct array of these columns as a batch; its buffers stay where they are, and are released with the last column that holds them.
///
/// # Errors
/// [`hs_core::ErrorKind::Argument`] where lengths, offsets, keys or text contradict each other, or a row is null as a whole. No value is
/// quoted.
///
/// # Safety
/// Pointers of the array that are not NULL point to what the C data interface says, for as many values as it says.
pub unsafe fn batch(array: FFI_ArrowArray, schema: &SchemaRef) -> Result<RecordBatch> {
    guarded(|| {
        let kind = DataType::Struct(schema.fields().clone());
        // SAFETY: the caller's.
        unsafe { plausible::array(&array, &kind) }?;
        // SAFETY: counts and outer offsets were looked at; what they lead to is validated in full below.
        let data = unsafe { from_ffi_and_data_type(array, kind) }.map_err(|e| shown(&e.to_string()))?;
        if let Err(first) = data.validate_full() {
            let mut columns = schema.fields().iter().zip(data.child_data());
            let said = columns.find_map(|(field, column)| column.validate_full().err().map(|e| (field.name(), e.to_string())));
            return Err(match said {
                Some((name, said)) => format!("column `{}` has {}", shown(name), reason(&said)),
                None => reason(&first.to_string()).into(),
            });
        }
        let rows = StructArray::from(data);
        if rows.null_count() > 0 {
            return Err(format!("found {} rows that are null as a whole, wanted nulls in columns", rows.null_count()));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(schema.clone(), rows.columns().to_vec(), &options).map_err(|e| reason(&e.to_string()).into())
    })
}

/// What validation said, without the values it may quote.
pub(crate) fn reason(said: &str) -> &'static str {
    let said = said.to_lowercase();
    match () {
        () if said.contains("utf8") || said.contains("utf-8") => "text that is not UTF-8",
        () if said.contains("null_count") => "a count of missing values that is not true",
        () if said.contains("non-nullable") => "missing values where its schema says there are none",
        () if said.contains("offset") => "offsets that go back or past the end",
        () if said.contains("dict") || said.contains("out of bounds") => "dictionary keys that are out of bounds",
        () => "lengths, offsets or values that contradict its type",
    }
}

pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T> {
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(String::from("its layout contradicts itself")));
    outcome.map_err(|why| Error::argument(format!("not a sound Arrow table: {why}")))
}
