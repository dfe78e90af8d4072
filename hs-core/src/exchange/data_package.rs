//! A Frictionless Data Package folder: `datapackage.json` and one CSV or Parquet file per array, the same assessment without loss.

use std::collections::HashSet;
use std::path::Path;

use super::assemble::{Faults, Sheet, SheetRow, assemble};
use super::csv_text::{Fault, Records, write_record};
use super::descriptor::{self, DESCRIPTOR, Declared};
use super::{cells, formula};
use crate::assessment::{Assessment, Limits, Node, parse};
#[cfg(feature = "parquet")]
use crate::tables::entity_table;
use crate::tables::{Column, Layout, Part, Resource, columns, rows};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, files, nearest, shown};

/// How the tables of a package are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableFormat {
    /// For spreadsheets, editors and version control.
    #[default]
    Csv,
    /// For programs: typed columns, lists as lists. Needs the feature `parquet`.
    Parquet,
}

impl TableFormat {
    /// The name of a resource's file.
    pub(super) fn file(self, resource: &str) -> String {
        match self {
            TableFormat::Csv => format!("{resource}.csv"),
            TableFormat::Parquet => format!("{resource}.parquet"),
        }
    }
}

/// A file of a package: its name and bytes.
pub(super) type PackageFile = (String, Vec<u8>);

/// Reads the data package in a folder.
///
/// Every path is relative and stays inside the folder, links followed. All files together count against `limits.bytes`.
///
/// # Errors
/// One error with every problem of every resource, each with resource, row and column; `Unsupported` where a resource is neither
/// CSV nor Parquet, or Parquet without the feature `parquet`; `File` where the folder has no readable `datapackage.json`.
pub fn read_data_package(folder: &Path, limits: &Limits) -> Result<Assessment> {
    let text = files::read_bounded(&folder.join(DESCRIPTOR), limits)?;
    let mut left = limits.bytes.saturating_sub(text.len());
    let layout = Layout::new()?;
    let mut faults = Faults::default();
    let declaration = descriptor::read(parse(&text, limits)?, &layout, &mut faults);
    let mut sheets = Vec::new();
    for declared in &declaration.resources {
        let Some(resource) = layout.resources.get(declared.resource) else { continue };
        let path = match files::inside(folder, &declared.path) {
            Ok(path) => path,
            Err(refused) => {
                let problem = Problem::new(ProblemKind::Resource, "", refused.message, "a file inside the folder");
                faults.add(problem, &resource.name, None, None);
                faults.lost = true;
                continue;
            }
        };
        let within = Limits { bytes: left, ..*limits };
        #[cfg(feature = "parquet")]
        if declared.format == TableFormat::Parquet {
            match parquet_sheet(&layout, declared.resource, &path, &within, &mut faults) {
                Ok((sheet, bytes)) => {
                    left = left.saturating_sub(bytes);
                    sheets.push(sheet);
                }
                Err(refused) if matches!(refused.kind, ErrorKind::Syntax | ErrorKind::Document) => {
                    refused.problems.into_iter().for_each(|problem| {
                        let field = problem.field.clone();
                        faults.add(problem, &resource.name, None, field.as_deref());
                    });
                    faults.lost = true;
                }
                Err(refused) => return Err(of_whole_package(refused, &resource.name, limits)),
            }
            continue;
        }
        let bytes = files::read_bounded(&path, &within).map_err(|e| of_whole_package(e, &resource.name, limits))?;
        left = left.saturating_sub(bytes.len());
        sheets.push(sheet(resource, declared, &bytes, limits, &mut faults)?);
    }
    for (position, resource) in layout.resources.iter().enumerate() {
        let forms = [TableFormat::Csv, TableFormat::Parquet].map(|format| format.file(&resource.name));
        let Some(file) = forms.into_iter().find(|file| files::inside(folder, file).is_ok()) else { continue };
        let listed = declaration.resources.iter().any(|d| d.resource == position || d.path == file);
        // a resource that is refused is not listed either, but it is spoken of already
        let spoken = faults.kept.iter().any(|p| p.resource.as_deref() == Some(&resource.name));
        if !listed && !spoken {
            let problem =
                Problem::new(ProblemKind::Resource, "", format!("`{file}`, which {DESCRIPTOR} does not list"), "every table listed");
            faults.add(problem.mend("list it under `resources`, or take it out of the folder"), &resource.name, None, None);
        }
    }
    if declaration.unsupported {
        return Err(faults
            .into_error()
            .map_or_else(|| Error::internal("a refusal without a reason"), |e| Error { kind: ErrorKind::Unsupported, ..e }));
    }
    assemble(&layout, declaration.root, sheets, faults, limits)
}

fn of_whole_package(refused: Error, resource: &str, limits: &Limits) -> Error {
    if refused.kind != ErrorKind::Limit {
        return refused;
    }
    let problem = Problem::new(ProblemKind::Limit, "", "files of too many bytes", format!("at most {} bytes in all", limits.bytes));
    let mut problem = problem.mend("split the package, or raise the reader's limit");
    problem.resource = Some(resource.into());
    Error::with_problems(ErrorKind::Limit, vec![problem])
}

/// The rows of one Parquet file, and its bytes.
#[cfg(feature = "parquet")]
fn parquet_sheet(layout: &Layout, position: usize, path: &Path, limits: &Limits, faults: &mut Faults) -> Result<(Sheet, usize)> {
    use super::parquet_file::{Batches, Wanted};
    let name = layout.resources.get(position).map_or("", |resource| resource.name.as_str());
    let wanted = Wanted { columns: None, rows: 1024, noted_types: true };
    let mut batches = Batches::open(files::open(path)?, name, wanted)?;
    let over = |found: &str, wanted: String| {
        let mut problem = Problem::new(ProblemKind::Limit, "", found, wanted).mend("split the package, or raise the reader's limit");
        problem.resource = Some(name.into());
        Err(Error::with_problems(ErrorKind::Limit, vec![problem]))
    };
    let bytes = usize::try_from(batches.bytes()).unwrap_or(usize::MAX);
    if bytes > limits.bytes {
        return over("a file of too many bytes, unpacked", format!("at most {}", limits.bytes));
    }
    if usize::try_from(batches.total()).map_or(true, |rows| rows > limits.objects) {
        return over("too many rows", format!("at most {}", limits.objects));
    }
    // a file without rows still has its columns
    let columns = Ok(arrow_array::RecordBatch::new_empty(batches.schema()));
    let rows = std::iter::once(columns).chain(std::iter::from_fn(|| batches.batch().transpose()));
    Ok((super::frames::sheet(layout, position, rows, limits, Some(limits.bytes), faults)?, bytes))
}

/// The rows of one CSV file.
fn sheet(resource: &Resource, declared: &Declared, bytes: &[u8], limits: &Limits, faults: &mut Faults) -> Result<Sheet> {
    let name = resource.name.as_str();
    let mut sheet = Sheet { resource: declared.resource, rows: Vec::new() };
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        let problem = Problem::new(ProblemKind::Encoding, "", "UTF-16 text", "UTF-8 text").mend("save the file as UTF-8");
        faults.add(problem, name, None, None);
        faults.lost = true;
        return Ok(sheet);
    }
    let mut records = Records::new(bytes);
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(fault)) => {
            broken(&fault, 0, name, faults);
            return Ok(sheet);
        }
        None => {
            faults.add(
                Problem::new(ProblemKind::Column, "", "an empty file", "a header line with the names of the columns"),
                name,
                None,
                None,
            );
            return Ok(sheet);
        }
    };
    if let Some((found, mend)) = other_separator(&header.cells) {
        let problem = Problem::new(ProblemKind::Syntax, "", found, "cells parted by commas").at(header.line, 1);
        faults.add(problem.mend(mend), name, None, None);
        faults.lost = true;
        return Ok(sheet);
    }
    let columns = header_columns(resource, &header.cells, faults);
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(fault) => {
                broken(&fault, header.number, name, faults);
                break;
            }
        };
        if record.cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if sheet.rows.len() >= limits.objects {
            let problem = Problem::new(ProblemKind::Limit, "", "one row more", format!("at most {} rows", limits.objects));
            let mut problem = problem.mend("split the package, or raise the reader's limit");
            problem.resource = Some(name.into());
            return Err(Error::with_problems(ErrorKind::Limit, vec![problem]));
        }
        let number = record.number - header.number;
        if record.cells.len() != columns.len() {
            let found = format!("{} cells", record.cells.len());
            let problem = Problem::new(ProblemKind::Column, "", found, format!("{} cells, as the header has", columns.len()));
            let problem = problem.mend("put a text that holds a comma in double quotes").at(record.line, 1);
            faults.add(problem, name, Some(number), None);
        }
        let cells = columns.iter().zip(&record.cells).filter_map(|(column, bytes)| {
            let column = column.as_ref()?;
            let text = match std::str::from_utf8(bytes) {
                Ok(text) => text,
                Err(fault) => {
                    let byte = bytes.get(fault.valid_up_to()).copied().unwrap_or_default();
                    let problem = Problem::new(ProblemKind::Encoding, "", format!("byte 0x{byte:02X}"), "UTF-8 text");
                    faults.add(problem.mend("save the file as UTF-8").at(record.line, 1), name, Some(number), Some(&column.name));
                    faults.lost = true;
                    return None;
                }
            };
            if declared.missing.contains(text) {
                return Some((column, None));
            }
            match cells::read(column.kind, text, limits) {
                Ok(node) => Some((column, Some(node))),
                Err(problem) => {
                    faults.add(*problem, name, Some(number), Some(&column.name));
                    None
                }
            }
        });
        let cells: Vec<_> = cells.collect();
        sheet.rows.push(SheetRow::new(number, name, cells, faults));
    }
    Ok(sheet)
}

/// A header of one cell that holds the separator of other spreadsheets: nothing in the file can be split.
fn other_separator(header: &[std::borrow::Cow<'_, [u8]>]) -> Option<(&'static str, &'static str)> {
    let [only] = header else { return None };
    let held = |byte| only.contains(&byte);
    if held(b';') {
        Some(("cells parted by semicolons", "save as CSV with the comma as field separator and the point as decimal sign"))
    } else if held(b'\t') {
        Some(("cells parted by tabs", "save as CSV with the comma as field separator"))
    } else {
        None
    }
}

/// A file that cannot be split into cells any further: what follows is unknown.
fn broken(fault: &Fault, header: u64, resource: &str, faults: &mut Faults) {
    let problem = Problem::new(ProblemKind::Syntax, "", fault.found, fault.wanted).at(fault.line, 1);
    let row = fault.number.checked_sub(header).filter(|row| *row > 0);
    faults.add(problem, resource, row, None);
    faults.lost = true;
}

/// The column of each header cell; `None` where it is refused.
fn header_columns(resource: &Resource, header: &[std::borrow::Cow<'_, [u8]>], faults: &mut Faults) -> Vec<Option<Column>> {
    let mut found: Vec<Option<Column>> = Vec::with_capacity(header.len());
    let mut before = HashSet::new();
    for cell in header {
        let column = match std::str::from_utf8(cell) {
            Ok(name) => known_column(resource, &formula::unguard(name), &mut before, faults),
            Err(_) => {
                let problem = Problem::new(ProblemKind::Encoding, "", "a header that is no UTF-8 text", "UTF-8 text");
                faults.add(problem.mend("save the file as UTF-8"), &resource.name, None, None);
                faults.lost = true;
                None
            }
        };
        found.push(column);
    }
    absent_columns(resource, &found, faults);
    found
}

/// Says which required columns a table lacks.
pub(super) fn absent_columns(resource: &Resource, found: &[Option<Column>], faults: &mut Faults) {
    for column in resource.columns.iter().filter(|c| c.required) {
        if !found.iter().flatten().any(|c| c.name == column.name) {
            faults.absent_column(&resource.name, column);
        }
    }
}

/// The column of that name, unless it is unknown or stands there already.
pub(super) fn known_column(resource: &Resource, name: &str, before: &mut HashSet<String>, faults: &mut Faults) -> Option<Column> {
    let Some(column) = resource.resolve(name) else {
        let mut problem =
            Problem::new(ProblemKind::UnknownField, "", format!("column `{}`", shown(name)), format!("a column of `{}`", resource.name));
        problem.mend = match name {
            "" => Some("name the column, or take it out".into()),
            "effects" | "externalities" | "neighbours" => Some(format!("give these rows as a table `{name}` of their own")),
            name => {
                let ends = resource.columns.iter().find(|c| c.field == name).map(|c| c.name.as_str());
                let near = ends.or_else(|| nearest(name, resource.names()));
                near.map(|near| format!("did you mean `{near}`? the user's own fields stand in `extra`"))
            }
        };
        faults.add(problem, &resource.name, None, Some(name));
        return None;
    };
    if !before.insert(column.name.clone()) {
        let problem = Problem::new(ProblemKind::Duplicate, "", format!("column `{}` a second time", shown(name)), "each column once");
        faults.add(problem, &resource.name, None, Some(name));
        return None;
    }
    Some(column)
}

/// The files of a package that holds the assessment.
pub(super) fn package_files(assessment: &Assessment, every_resource: bool, format: TableFormat) -> Result<Vec<PackageFile>> {
    let layout = Layout::new()?;
    let document = assessment.to_document()?;
    let mut files = Vec::new();
    let mut written = Vec::new();
    for resource in &layout.resources {
        let rows = rows(&document, resource);
        if rows.is_empty() && !every_resource {
            continue;
        }
        let mut columns = columns(resource, &rows);
        if rows.is_empty() {
            // an example of a code, for whoever fills the template in
            let codes = resource.columns.iter().filter(|c| c.part == Part::AnyMember).map(|c| c.of_member("pcode"));
            columns.extend(codes);
        }
        if format == TableFormat::Parquet {
            files.push((format.file(&resource.name), parquet_bytes(&document, resource)?));
            written.push((resource, columns));
            continue;
        }
        let mut text = String::new();
        write_record(&mut text, columns.iter().map(|c| formula::guard(&c.name)));
        for row in &rows {
            let cells: Result<Vec<String>> =
                columns.iter().map(|column| row.cell(column).map_or(Ok(String::new()), cells::write)).collect();
            write_record(&mut text, cells?);
        }
        files.push((format.file(&resource.name), text.into_bytes()));
        written.push((resource, columns));
    }
    let descriptor = descriptor::write(&document, &layout, &written, format);
    let mut text =
        serde_json::to_string_pretty(&descriptor).map_err(|e| Error::internal(format!("a descriptor does not serialise: {e}")))?;
    text.push('\n');
    files.push((DESCRIPTOR.into(), text.into_bytes()));
    Ok(files)
}

/// The Parquet file of a resource.
fn parquet_bytes(document: &Node, resource: &Resource) -> Result<Vec<u8>> {
    #[cfg(feature = "parquet")]
    return super::parquet_file::write(&entity_table(document, resource)?);
    #[cfg(not(feature = "parquet"))]
    {
        let _ = (document, resource);
        Err(super::people::without_parquet("writes", "save the tables as CSV"))
    }
}

/// Saves as a data package folder of CSV files, whole or not at all: whoever reads it finds the old package or the new one.
///
/// An existing folder must hold nothing but a data package (and a README.md, which stays); it is replaced in one step. A
/// restricted or strict assessment asks for an acknowledgement that names its class.
///
/// # Errors
/// `Sensitivity` without that acknowledgement; `Document` where the assessment, changed by hand, breaks a rule; `File` where the
/// folder holds other things or cannot be written.
pub fn write_data_package(assessment: &Assessment, folder: &Path, acknowledgement: Option<&str>) -> Result<()> {
    write_data_package_as(assessment, folder, TableFormat::Csv, acknowledgement)
}

/// As [`write_data_package`], with tables in the format that is asked for. Either is read back as an equal assessment.
///
/// # Errors
/// As [`write_data_package`]; `Unsupported` for Parquet without the feature `parquet`, or where a whole number is past 64 bits with
/// a sign.
pub fn write_data_package_as(assessment: &Assessment, folder: &Path, format: TableFormat, acknowledgement: Option<&str>) -> Result<()> {
    assessment.allow_export(acknowledgement)?;
    assessment.validate()?;
    files::write_folder(folder, &package_files(assessment, false, format)?, &known_files()?)
}

/// Names that a package of ours may hold.
pub(super) fn known_files() -> Result<Vec<String>> {
    let layout = Layout::new()?;
    Ok(layout
        .names()
        .flat_map(|name| [TableFormat::Csv, TableFormat::Parquet].map(|format| format.file(name)))
        .chain([DESCRIPTOR.into()])
        .collect())
}
