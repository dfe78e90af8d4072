//! A table as a Parquet file.

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::tables::Table;
use crate::{Error, Result};

/// The bytes of a file that holds the table: the same for the same table.
pub(in super::super) fn write(table: &Table) -> Result<Vec<u8>> {
    let fault = |fault: parquet::errors::ParquetError| Error::internal(format!("a table cannot be written as Parquet: {fault}"));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("human-security ", env!("CARGO_PKG_VERSION")).into())
        .build();
    // the columns say their types in Parquet's own words
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, table.batch().schema(), options).map_err(fault)?;
    writer.write(table.batch()).map_err(fault)?;
    writer.close().map_err(fault)?;
    Ok(bytes)
}
