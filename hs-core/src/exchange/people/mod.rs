//! People's data from a file, a batch of rows at a time: CSV, and Parquet with the feature `parquet`.

mod comma;
mod gate;
#[cfg(test)]
mod tests;

use std::io::{Read as _, Seek as _};
use std::path::Path;

use arrow_array::RecordBatch;
use comma::CsvRows;

use crate::tables::{Needed, Rows};
use crate::{Error, ErrorKind, Result, files};

/// How a CSV file is written, where it does not show it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands between cells; where absent, that of `,`, `;` and tab by which the needed columns are found in the header.
    pub delimiter: Option<char>,
    /// Words that stand for missing, such as `NA`; the empty cell always does.
    pub missing: Vec<String>,
}

/// Rows of a file, a batch at a time; nothing comes after an error.
pub struct RowStream {
    source: Option<Source>,
    total: Option<u64>,
}

enum Source {
    Csv(Box<CsvRows>),
    #[cfg(feature = "parquet")]
    Parquet(Box<super::parquet_file::Batches>),
}

impl std::fmt::Debug for RowStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowStream").field("total", &self.total).finish_non_exhaustive()
    }
}

impl RowStream {
    /// Rows in all, where that is known before they are read: in Parquet, not in CSV.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    fn batch(&mut self) -> Option<Result<RecordBatch>> {
        let batch = match self.source.as_mut()? {
            Source::Csv(rows) => rows.batch(),
            #[cfg(feature = "parquet")]
            Source::Parquet(batches) => batches.batch(),
        };
        if !matches!(batch, Ok(Some(_))) {
            self.source = None;
        }
        batch.transpose()
    }
}

impl Iterator for RowStream {
    type Item = Result<Rows>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.batch()?.map(Rows::from))
    }
}

/// Reads the needed columns of a file of people's data, a batch at a time: memory does not grow with the rows.
///
/// The content says whether it is CSV or Parquet. CSV: UTF-8, separated as the header shows, one row a line; an empty cell is
/// missing; numbers with a decimal point. Parquet: columns keep their types, words their dictionaries.
///
/// # Errors
/// `File` where it cannot be read; `NotFound` for a column that is not there; `Unsupported` for another kind of file. While it is
/// read: `Syntax` or `Document` with row and column, never with what a cell holds.
pub fn open_rows(path: impl AsRef<Path>, columns: &[Needed]) -> Result<RowStream> {
    open_rows_as(path, columns, &Reading::default())
}

/// As [`open_rows`], with what the file does not show itself.
///
/// # Errors
/// As [`open_rows`]; `Argument` for a delimiter that is none.
pub fn open_rows_as(path: impl AsRef<Path>, columns: &[Needed], reading: &Reading) -> Result<RowStream> {
    let path = path.as_ref();
    let mut file = files::open(path)?;
    let name = path.file_name().map(|name| crate::shown(&name.to_string_lossy())).unwrap_or_default();
    let unread = |_| damaged(&name, "it cannot be read");
    let mut start = Vec::new();
    file.by_ref().take(8).read_to_end(&mut start).map_err(unread)?;
    file.rewind().map_err(unread)?;
    match content(&start, path)? {
        Content::Csv => {
            let rows = CsvRows::open(file, name, columns, reading)?;
            Ok(RowStream { source: Some(Source::Csv(Box::new(rows))), total: None })
        }
        #[cfg(feature = "parquet")]
        Content::Parquet => {
            use super::parquet_file::{Batches, Wanted};
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let batches = Batches::open(file, &name, Wanted { columns: Some(&names), rows: comma::ROWS, noted_types: false })?;
            let total = Some(batches.total());
            Ok(RowStream { source: Some(Source::Parquet(Box::new(batches))), total })
        }
        #[cfg(not(feature = "parquet"))]
        Content::Parquet => Err(without_parquet("reads", "save the data as CSV")),
    }
}

/// Rows of a file in all, where that is known without reading it: in Parquet, not in CSV.
///
/// # Errors
/// As [`open_rows`].
pub fn rows_total(path: impl AsRef<Path>) -> Result<Option<u64>> {
    open_rows(path, &[]).map(|rows| rows.total())
}

#[derive(Debug, PartialEq)]
enum Content {
    Csv,
    Parquet,
}

/// What a file holds, by its first bytes.
fn content(start: &[u8], path: &Path) -> Result<Content> {
    let other = |found: &str| {
        let name = crate::shown(&path.to_string_lossy());
        Err(Error::new(ErrorKind::Unsupported, format!("`{name}` is {found}; wanted CSV or Parquet: save it as one of them")))
    };
    match start {
        [b'P', b'A', b'R', b'1', ..] => Ok(Content::Parquet),
        [b'P', b'A', b'R', b'E', ..] => other("an encrypted Parquet file"),
        [b'P', b'K', 3, 4, ..] => other("a zip archive, as spreadsheets are"),
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => other("compressed as a whole"),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => other("an Arrow file"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => other("an old spreadsheet"),
        _ if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) => other("named as Parquet and is none"),
        _ => Ok(Content::Csv),
    }
}

#[cfg(not(feature = "parquet"))]
pub(super) fn without_parquet(does: &str, instead: &str) -> Error {
    let message = format!("this build of hs-core {does} no Parquet: its feature `parquet` is off; turn it on, or {instead}");
    Error::new(ErrorKind::Unsupported, message)
}

/// A file that is broken as a whole.
fn damaged(file: &str, why: &str) -> Error {
    Error::new(ErrorKind::File, format!("cannot read `{file}`: {why}"))
}
