//! An empty data package that explains its columns.

use std::path::Path;

use super::data_package::{PackageFile, TableFormat, known_files, package_files};
use super::descriptor::{DESCRIPTOR, explained};
use super::frames::{Root, from_tables};
use crate::assessment::Limits;
use crate::tables::{Column, Kind, Layout, Part};
use crate::{Error, ErrorKind, Result, files};

const INTRODUCTION: &str = "\
# A human-security assessment, to be filled in

This folder is a data package: `datapackage.json` describes it, and each CSV file holds one kind of thing, one row each. Open
the files in any spreadsheet or editor and fill in what you know; keep the header lines.

- Set `id` and `title` in `datapackage.json` first. An id is letters, digits, `.`, `_` and `-`, and starts with a letter or digit.
- An empty cell means *missing*, never zero. Leave out what is not known.
- Rows name each other by id: a condition's `threat` is the `id` of a row in `threats.csv`.
- Shares, severities and weights run from 0 to 1; a higher severity is worse.
- Save as CSV with commas, in UTF-8. Write a decimal point, no thousands separator.
- Do not use names of persons, phone numbers or exact points of incidents.
- Texts that would start a formula in a spreadsheet (`=`, `+`, `-`, `@`) are written with an apostrophe before them, which is
  taken away on reading. Such a text typed by hand is read as it is.
- Files of no use may be deleted, together with their entry under `resources` in `datapackage.json`.

Columns marked * are required in each row.
";

/// Writes an empty data package: every table with its header, and a README.md that explains every column in plain words.
///
/// It loads as it is, as an assessment without rows, and again once it is filled in. The folder must be new or empty.
///
/// # Errors
/// `File` where the folder holds anything already or cannot be written.
pub fn template(folder: &Path) -> Result<()> {
    if files::is_folder(folder) && !files::is_empty(folder)? {
        let message = format!("cannot write a template to `{}`: it is not empty; name a new folder", folder.display());
        return Err(Error::new(ErrorKind::File, message));
    }
    files::write_folder(folder, &template_files()?, &known_files()?)
}

fn template_files() -> Result<Vec<PackageFile>> {
    let root = Root { id: "my-assessment".into(), title: "Title of the assessment".into(), ..Root::default() };
    let empty = from_tables(root, Vec::new(), &Limits::default())?;
    let mut files = vec![("README.md".into(), readme()?.into_bytes())];
    files.extend(package_files(&empty, true, TableFormat::Csv)?);
    Ok(files)
}

fn readme() -> Result<String> {
    let layout = Layout::new()?;
    let mut text = String::from(INTRODUCTION);
    text.push_str(&format!("\n## {DESCRIPTOR}\n\n| field | what it is |\n|---|---|\n"));
    for column in &layout.root {
        text.push_str(&line(column));
    }
    for resource in &layout.resources {
        text.push_str(&format!("\n## {}.csv\n\n{}\n\n| column | what it is |\n|---|---|\n", resource.name, resource.description));
        for column in &resource.columns {
            text.push_str(&line(column));
        }
    }
    Ok(text)
}

fn line(column: &Column) -> String {
    let mark = if column.required { " *" } else { "" };
    let mut words = explained(column, TableFormat::Csv);
    if column.part == Part::AnyMember {
        words.push_str(" One column for each system of codes, with its name in place of NAME, as in `codes.pcode`.");
    }
    if let Some(target) = column.refers_to.filter(|_| column.kind == Kind::Text) {
        words.push_str(&format!(" See {target}.csv."));
    }
    format!("| `{}`{mark} | {} |\n", column.name, words.replace('|', "\\|"))
}
