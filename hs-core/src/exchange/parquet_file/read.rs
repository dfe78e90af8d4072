//! Record batches of a checked file.

use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader as _};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::column::page::{Page, PageReader as _};
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use super::footer::{Footer, footer};
use super::pages::{Fault, walk};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// Footers are of kilobytes; a table of ten thousand columns has some megabytes.
const LARGEST_FOOTER: u64 = 64 << 20;
/// What the pages that are open at one time may take, unpacked.
const MOST_MEMORY: u64 = 2 << 30;
/// What the texts of a batch may take where they are stored once and repeated.
const MOST_TEXT: u64 = 64 << 20;
/// Of columns of fixed length: nothing that can be read is longer.
const LONGEST_VALUE: i64 = 32;

/// What is wanted of a file.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Wanted<'a> {
    /// The columns; all of them where absent.
    pub(in super::super) columns: Option<&'a [&'a str]>,
    /// Rows of a batch.
    pub(in super::super) rows: usize,
    /// The types of Arrow that a writer noted are taken up; texts come as dictionaries where they are not.
    pub(in super::super) noted_types: bool,
}

/// The batches of a file, in order.
pub(in super::super) struct Batches {
    reader: ParquetRecordBatchReader,
    file: String,
    total: u64,
    seen: u64,
    /// Bytes of the wanted columns, unpacked.
    bytes: u64,
}

impl Batches {
    /// Opens a file whose every needed column has been walked.
    pub(in super::super) fn open(mut source: impl ChunkReader + Read + Seek + 'static, file: &str, wanted: Wanted<'_>) -> Result<Self> {
        let footer = checked_footer(&mut source, file)?;
        let roots = wanted_roots(&footer, file, wanted.columns)?;
        let checked = checked_pages(&mut source, &footer, &roots, file, wanted)?;
        let source = Arc::new(source);
        let damaged = || broken(file, "a dictionary that is damaged");
        let longest = fenced(|| longest_word(&source, &checked.repeated)).ok_or_else(damaged)?.map_err(|_| damaged())?;
        let source = Arc::into_inner(source).ok_or_else(|| Error::internal("a file is read twice"))?;
        let fitting = |most: u64| usize::try_from(most).unwrap_or(usize::MAX).clamp(1, wanted.rows);
        let rows = MOST_TEXT.checked_div(longest.max(checked.longest)).map_or(wanted.rows, fitting);
        let reader = fenced(|| reader(source, &roots, rows, wanted.noted_types))
            .ok_or_else(|| broken(file, "a footer that no reader can follow"))?
            .map_err(|_| broken(file, "a footer that no reader can follow"))?;
        Ok(Batches { reader, file: file.to_owned(), total: footer.rows.unsigned_abs(), seen: 0, bytes: checked.bytes })
    }

    /// Bytes of the wanted columns, unpacked.
    pub(in super::super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The columns of every batch.
    pub(in super::super) fn schema(&self) -> Arc<Schema> {
        self.reader.schema()
    }

    /// Rows in all.
    pub(in super::super) fn total(&self) -> u64 {
        self.total
    }

    /// The next batch; none at the end. Nothing may be asked for after an error.
    pub(in super::super) fn batch(&mut self) -> Result<Option<RecordBatch>> {
        // what a decoder says may quote what it decodes
        let damaged = |seen: u64| broken(&self.file, format!("damaged pages behind row {seen}"));
        match fenced(|| self.reader.next()) {
            None | Some(Some(Err(_))) => Err(damaged(self.seen)),
            Some(Some(Ok(batch))) => {
                self.seen = self.seen.saturating_add(batch.num_rows() as u64);
                if self.seen > self.total { Err(damaged(self.total)) } else { Ok(Some(batch)) }
            }
            Some(None) if self.seen == self.total => Ok(None),
            Some(None) => Err(damaged(self.seen)),
        }
    }
}

/// Runs a decoder; none where it panics, as some do on bytes made to mislead them.
fn fenced<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

fn broken(file: &str, found: impl Into<String>) -> Error {
    refused(ErrorKind::Syntax, file, Problem::new(ProblemKind::Syntax, "", found, "a whole Parquet file"))
}

fn refused(kind: ErrorKind, file: &str, problem: Problem) -> Error {
    Error::with_problems(kind, vec![Problem { resource: Some(file.into()), ..problem }])
}

fn checked_footer(source: &mut (impl Read + Seek), file: &str) -> Result<Footer> {
    let unread = |_| Error::new(ErrorKind::File, format!("cannot read `{file}`"));
    let size = source.seek(SeekFrom::End(0)).map_err(unread)?;
    if size < 12 {
        return Err(broken(file, "a few bytes"));
    }
    let mut end = [0; 8];
    source.seek(SeekFrom::Start(size - 8)).map_err(unread)?;
    source.read_exact(&mut end).map_err(unread)?;
    let [a, b, c, d, mark @ ..] = end;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    match &mark {
        b"PAR1" => {}
        b"PARE" => {
            let problem = Problem::new(ProblemKind::Resource, "", "an encrypted Parquet file", "one that is not encrypted");
            return Err(refused(ErrorKind::Unsupported, file, problem));
        }
        _ => return Err(broken(file, "a file that is cut off: it does not end as Parquet does")),
    }
    if length > size - 12 {
        return Err(broken(file, "a footer longer than the file"));
    }
    if length > LARGEST_FOOTER {
        let problem = Problem::new(ProblemKind::Limit, "", format!("a footer of {length} bytes"), format!("at most {LARGEST_FOOTER}"));
        return Err(refused(ErrorKind::Limit, file, problem.mend("write fewer columns, or larger row groups")));
    }
    let start = size - 8 - length;
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(start)).map_err(unread)?;
    source.by_ref().take(length).read_to_end(&mut bytes).map_err(unread)?;
    let footer = footer(&bytes).map_err(|_| broken(file, "a footer that is damaged"))?;
    let mut rows = 0i64;
    for group in &footer.groups {
        rows = rows.checked_add(group.rows).filter(|_| group.rows >= 0).ok_or_else(|| broken(file, "row groups of no number of rows"))?;
        if group.chunks.len() != footer.leaves.len() {
            return Err(broken(file, "a row group with other columns than the table"));
        }
        for chunk in &group.chunks {
            let ends = chunk.start().checked_add(chunk.bytes).and_then(|end| u64::try_from(end).ok());
            let inside = chunk.start() >= 4 && chunk.data >= chunk.start() && chunk.bytes >= 0 && ends.is_some_and(|end| end <= start);
            if !inside || chunk.elsewhere {
                return Err(broken(file, "a column that lies outside the file"));
            }
        }
    }
    if rows != footer.rows {
        return Err(broken(file, "row groups of another number of rows than the table"));
    }
    Ok(footer)
}

/// Positions of the wanted columns in the table.
fn wanted_roots(footer: &Footer, file: &str, wanted: Option<&[&str]>) -> Result<Vec<usize>> {
    let Some(wanted) = wanted else { return Ok((0..footer.roots.len()).collect()) };
    let mut roots = Vec::with_capacity(wanted.len());
    for name in wanted {
        let mut found = footer.roots.iter().enumerate().filter(|(_, root)| root == name);
        let Some((root, _)) = found.next() else {
            return Err(Error::not_found("column", name, footer.roots.iter().map(String::as_str)));
        };
        let column = |kind, found: &str, wanted: &str| {
            let problem = Problem { field: Some(shown(name)), ..Problem::new(kind, "", found, wanted) };
            refused(ErrorKind::Document, file, problem)
        };
        if found.next().is_some() {
            return Err(column(ProblemKind::Duplicate, "a column of that name a second time", "each column once"));
        }
        if footer.leaves.iter().any(|leaf| leaf.root == root && !leaf.flat) {
            return Err(column(ProblemKind::Column, "a column of lists or structures", "a column with one value a row"));
        }
        roots.push(root);
    }
    roots.sort_unstable();
    Ok(roots)
}

/// What the pages of the wanted columns ask for.
#[derive(Debug, Default)]
struct Checked {
    /// Bytes of all pages, unpacked.
    bytes: u64,
    /// Most bytes of a text that is stored by what it shares with the one before.
    longest: u64,
    /// Row groups and columns whose dictionary may be written out once a row.
    repeated: Vec<(usize, usize)>,
}

/// Walks the pages of the wanted columns.
fn checked_pages(source: &mut (impl Read + Seek), footer: &Footer, roots: &[usize], file: &str, wanted: Wanted<'_>) -> Result<Checked> {
    let mut memory = 0u64;
    let mut checked = Checked::default();
    for (position, leaf) in footer.leaves.iter().enumerate().filter(|(_, leaf)| roots.binary_search(&leaf.root).is_ok()) {
        let column = footer.roots.get(leaf.root).map_or("", String::as_str);
        let refuse = |kind, found: &str, wanted: &str| {
            let of_kind = match kind {
                ProblemKind::Syntax => ErrorKind::Syntax,
                ProblemKind::Limit => ErrorKind::Limit,
                ProblemKind::Column => ErrorKind::Document,
                _ => ErrorKind::Unsupported,
            };
            refused(of_kind, file, Problem { field: Some(shown(column)), ..Problem::new(kind, "", found, wanted) })
        };
        if !(0..=LONGEST_VALUE).contains(&leaf.length) {
            return Err(refuse(ProblemKind::Column, "values of bytes", "numbers, yes and no, or text"));
        }
        let mut most = 0;
        for (at, group) in footer.groups.iter().enumerate() {
            let Some(chunk) = group.chunks.get(position) else { continue };
            if let 3 | 4 = chunk.codec {
                let codec = if chunk.codec == 3 { "pages packed with LZO" } else { "pages packed with Brotli" };
                return Err(refuse(ProblemKind::Resource, codec, "Snappy, Zstandard, gzip, LZ4 or no compression"));
            }
            let needs = walk(source, chunk, leaf, group.rows, !wanted.noted_types).map_err(|fault| match fault {
                Fault::Unreadable => Error::new(ErrorKind::File, format!("cannot read `{file}`")),
                Fault::Lie(found) => refuse(ProblemKind::Syntax, found, "pages that are what they say"),
            })?;
            checked.bytes = checked.bytes.saturating_add(needs.all);
            checked.longest = checked.longest.max(needs.longest);
            most = needs.memory.max(most);
            if needs.repeated {
                checked.repeated.push((at, position));
            }
        }
        memory = memory.saturating_add(most);
        if memory > MOST_MEMORY {
            let found = format!("pages of {memory} bytes that are open at one time");
            return Err(refuse(ProblemKind::Limit, &found, "at most 2 GiB: write the file with smaller pages"));
        }
    }
    Ok(checked)
}

/// The longest word of some dictionaries, which are read for it.
fn longest_word<R: ChunkReader + 'static>(source: &Arc<R>, dictionaries: &[(usize, usize)]) -> Result<u64, parquet::errors::ParquetError> {
    if dictionaries.is_empty() {
        return Ok(0);
    }
    let metadata = ParquetMetaDataReader::new().parse_and_finish(source.as_ref())?;
    let mut longest = 0;
    for (group, column) in dictionaries {
        let group = metadata.row_group(*group);
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let mut pages = SerializedPageReader::new(source.clone(), group.column(*column), rows, None)?;
        if let Some(Page::DictionaryPage { buf, .. }) = pages.get_next_page()? {
            // words stand one behind the other, each with its length before it
            let mut rest = buf.as_ref();
            while let Some((length, words)) = rest.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*length);
                longest = longest.max(u64::from(length));
                rest = words.get(length as usize..).unwrap_or_default();
            }
        }
    }
    Ok(longest)
}

type Made = Result<ParquetRecordBatchReader, parquet::errors::ParquetError>;

fn reader(source: impl ChunkReader + 'static, roots: &[usize], rows: usize, noted_types: bool) -> Made {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(!noted_types);
    let mut metadata = ArrowReaderMetadata::load(&source, options)?;
    if !noted_types {
        let fields: Vec<Field> = metadata
            .schema()
            .fields()
            .iter()
            .enumerate()
            .map(|(position, field)| match field.data_type() {
                // raw bytes are text in files of older writers; that they are UTF-8 is checked
                DataType::Utf8 | DataType::Binary if roots.binary_search(&position).is_ok() => {
                    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                    Field::new(field.name(), kind, field.is_nullable())
                }
                _ => field.as_ref().clone(),
            })
            .collect();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)?;
    }
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots.iter().copied());
    ParquetRecordBatchReaderBuilder::new_with_metadata(source, metadata).with_projection(mask).with_batch_size(rows).build()
}
