//! Rows of people's data from CSV, a batch at a time.

use std::io::{Cursor, Read};
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use super::gate::Gate;
use super::{Reading, damaged};
use crate::tables::{Needed, Sort};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// Rows and bytes of text after which a batch is handed on.
pub(super) const ROWS: usize = 65_536;
const BYTES: usize = 32 << 20;
/// The header must be found within so many bytes.
const HEAD: usize = 1 << 20;

type Source = Gate<Box<dyn Read + Send>>;

/// A CSV file that is being read.
pub(super) struct CsvRows {
    reader: csv::Reader<Source>,
    record: csv::ByteRecord,
    file: String,
    columns: Vec<Column>,
    /// Cells of the header.
    width: usize,
    /// Rows read so far; lines without a cell are none.
    rows: u64,
    missing: Vec<String>,
    schema: Arc<Schema>,
}

struct Column {
    name: String,
    /// Position of its cell in a row.
    at: usize,
    cells: Cells,
}

/// What is read of a column of this batch.
enum Cells {
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Text(StringDictionaryBuilder<Int32Type>),
}

impl Cells {
    fn new(sort: Sort) -> Cells {
        match sort {
            Sort::Number => Cells::Number(Float64Builder::new()),
            Sort::Boolean => Cells::Boolean(BooleanBuilder::new()),
            Sort::Text => Cells::Text(StringDictionaryBuilder::new()),
        }
    }

    fn kind(&self) -> DataType {
        match self {
            Cells::Number(_) => DataType::Float64,
            Cells::Boolean(_) => DataType::Boolean,
            Cells::Text(_) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Cells::Number(cells) => Arc::new(cells.finish()),
            Cells::Boolean(cells) => Arc::new(cells.finish()),
            Cells::Text(cells) => Arc::new(cells.finish()),
        }
    }

    fn missing(&mut self) {
        match self {
            Cells::Number(cells) => cells.append_null(),
            Cells::Boolean(cells) => cells.append_null(),
            Cells::Text(cells) => cells.append_null(),
        }
    }

    /// Takes a cell that is not missing; what it cannot be is said without what it holds.
    fn take(&mut self, cell: &str) -> Result<(), (&'static str, &'static str, &'static str)> {
        match self {
            Cells::Number(cells) => cells.append_value(number(cell)?),
            Cells::Boolean(cells) => cells.append_value(yes_or_no(cell)?),
            Cells::Text(cells) => {
                let full = ("more different words than a batch holds", "words that repeat", "leave the column out");
                cells.append(cell).map_err(|_| full)?;
            }
        }
        Ok(())
    }
}

/// Found, wanted and mend of a cell that is no number.
fn number(cell: &str) -> Result<f64, (&'static str, &'static str, &'static str)> {
    let trimmed = cell.trim();
    let numeral = trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-' | b'e' | b'E'));
    if (numeral || matches!(trimmed, "NaN" | "nan"))
        && let Ok(value) = trimmed.parse::<f64>()
        && !value.is_infinite()
    {
        return Ok(value);
    }
    let wanted = "a number, such as 0.5";
    let comma = trimmed.contains(',') && trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.' | b'-' | b'+'));
    if comma {
        return Err(("a number written with a comma", wanted, "write a decimal point, and no separators of thousands"));
    }
    if numeral {
        return Err(("digits that are no finite number", wanted, "write a decimal point, and no separators of thousands"));
    }
    Err(("text that is no number", wanted, "leave the cell empty where the value is missing, or name the word that stands for missing"))
}

fn yes_or_no(cell: &str) -> Result<bool, (&'static str, &'static str, &'static str)> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => {
            Err(("text that is neither yes nor no", "true or false, yes or no, 1 or 0", "leave the cell empty where the value is missing"))
        }
    }
}

impl CsvRows {
    /// Opens what has been found to be CSV; `needed` columns are found in the header.
    pub(super) fn open(mut source: impl Read + Send + 'static, file: String, needed: &[Needed], reading: &Reading) -> Result<CsvRows> {
        let mut head = Vec::new();
        source.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|_| damaged(&file, "it cannot be read to its end"))?;
        if matches!(head.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
            let problem = Problem::new(ProblemKind::Encoding, "", "UTF-16 text", "UTF-8 text");
            return Err(fault(&file, problem.mend("save the file as UTF-8")));
        }
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        let (delimiter, names) = header(&head, &file, needed, reading)?;
        let mut columns = Vec::with_capacity(needed.len());
        for column in needed {
            let mut found = names.iter().enumerate().filter(|(_, name)| **name == column.name);
            let Some((at, _)) = found.next() else {
                return Err(Error::not_found("column", &column.name, names.iter().map(String::as_str)));
            };
            if found.next().is_some() {
                let problem = Problem::new(ProblemKind::Duplicate, "", "a column of that name a second time", "each column once");
                return Err(fault(&file, Problem { field: Some(shown(&column.name)), ..problem }));
            }
            columns.push(Column { name: column.name.clone(), at, cells: Cells::new(column.sort) });
        }
        let fields: Vec<Field> = columns.iter().map(|column| Field::new(&column.name, column.cells.kind(), true)).collect();
        let whole: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(source));
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(Gate::new(whole, delimiter));
        let mut missing = reading.missing.clone();
        missing.push(String::new());
        let schema = Arc::new(Schema::new(fields));
        let mut rows = CsvRows { reader, record: csv::ByteRecord::new(), file, columns, width: names.len(), rows: 0, missing, schema };
        rows.record()?;
        rows.rows = 0;
        Ok(rows)
    }

    /// Reads the next row; whether there is one.
    fn record(&mut self) -> Result<bool> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(more) => {
                self.rows += u64::from(more);
                Ok(more)
            }
            Err(_) => Err(match self.reader.get_ref().fault() {
                Some(broken) => {
                    let problem = Problem::new(ProblemKind::Syntax, "", broken.found, broken.wanted).at(broken.line, 1);
                    fault(&self.file, Problem { row: Some(self.rows + 1), ..problem })
                }
                None => damaged(&self.file, "it cannot be read to its end"),
            }),
        }
    }

    /// A problem of the row that was read last.
    fn refuse(&self, problem: Problem, column: Option<&str>) -> Error {
        fault(&self.file, Problem { row: Some(self.rows), field: column.map(shown), ..problem })
    }

    /// The next batch; `None` at the end.
    pub(super) fn batch(&mut self) -> Result<Option<RecordBatch>> {
        let mut rows = 0;
        let mut bytes = 0;
        while rows < ROWS && bytes < BYTES && self.record()? {
            self.row()?;
            rows += 1;
            bytes += self.record.as_slice().len();
        }
        if rows == 0 {
            return Ok(None);
        }
        let arrays = self.columns.iter_mut().map(|column| column.cells.finish()).collect();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options);
        batch.map(Some).map_err(|e| Error::internal(format!("a batch of CSV rows: {e}")))
    }

    fn row(&mut self) -> Result<()> {
        if self.record.len() != self.width {
            let found = format!("{} cells", self.record.len());
            let problem = Problem::new(ProblemKind::Column, "", found, format!("{} cells, as the header has", self.width));
            return Err(self.refuse(problem.mend("put a text that holds a separator in double quotes"), None));
        }
        let mut broken = None;
        for column in &mut self.columns {
            let cell = std::str::from_utf8(self.record.get(column.at).unwrap_or_default());
            let problem = match cell {
                Ok(text) if self.missing.iter().any(|word| word == text) => {
                    column.cells.missing();
                    continue;
                }
                Ok(text) if text.trim().is_empty() && !matches!(column.cells, Cells::Text(_)) => {
                    column.cells.missing();
                    continue;
                }
                Ok(text) => match column.cells.take(text) {
                    Ok(()) => continue,
                    Err((found, wanted, mend)) => Problem::new(ProblemKind::WrongType, "", found, wanted).mend(mend),
                },
                Err(_) => Problem::new(ProblemKind::Encoding, "", "bytes that are no UTF-8", "UTF-8 text").mend("save the file as UTF-8"),
            };
            broken = Some((problem, column.name.clone()));
            break;
        }
        broken.map_or(Ok(()), |(problem, column)| Err(self.refuse(problem, Some(&column))))
    }
}

/// The separator and the names of the columns: as given, else the separator by which most needed columns are found.
fn header(head: &[u8], file: &str, needed: &[Needed], reading: &Reading) -> Result<(u8, Vec<String>)> {
    let candidates = match reading.delimiter {
        Some(given) => {
            vec![u8::try_from(given).ok().filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n')).ok_or_else(|| {
                Error::argument("the delimiter is no single ASCII character, or one that CSV needs for itself; wanted `,`, `;` or a tab")
            })?]
        }
        None => vec![b',', b';', b'\t'],
    };
    let mut best: Option<(usize, usize, u8, Vec<String>)> = None;
    for delimiter in candidates {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(head);
        let mut record = csv::ByteRecord::new();
        let Ok(true) = reader.read_byte_record(&mut record) else { continue };
        if head.len() >= HEAD && reader.position().byte() >= HEAD as u64 {
            let problem =
                Problem::new(ProblemKind::Limit, "", "no end of the header in 1 MiB", "a first line with the names of the columns");
            return Err(fault(file, problem));
        }
        let mut names = Vec::with_capacity(record.len());
        for cell in &record {
            let Ok(name) = std::str::from_utf8(cell) else {
                let problem = Problem::new(ProblemKind::Encoding, "", "a header that is no UTF-8 text", "UTF-8 text");
                return Err(fault(file, problem.mend("save the file as UTF-8")));
            };
            names.push(name.to_owned());
        }
        let found = needed.iter().filter(|column| names.contains(&column.name)).count();
        if best.as_ref().is_none_or(|(most, cells, ..)| (found, names.len()) > (*most, *cells)) {
            best = Some((found, names.len(), delimiter, names));
        }
    }
    let nothing = || {
        let problem = Problem::new(ProblemKind::Column, "", "an empty file", "a first line with the names of the columns");
        fault(file, problem)
    };
    best.map(|(_, _, delimiter, names)| (delimiter, names)).ok_or_else(nothing)
}

/// One problem of a file of people's data.
fn fault(file: &str, problem: Problem) -> Error {
    let kind = match problem.kind {
        ProblemKind::Limit => ErrorKind::Limit,
        ProblemKind::Syntax | ProblemKind::Encoding => ErrorKind::Syntax,
        _ => ErrorKind::Document,
    };
    Error::with_problems(kind, vec![Problem { resource: Some(file.into()), ..problem }])
}
