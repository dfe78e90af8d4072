//! Other people's files in and out: one assessment as a JSON file, as a data package folder, or as frames; networks in the files of other programs.

mod assemble;
mod cells;
mod csv_text;
mod data_package;
mod descriptor;
mod formula;
mod frames;
mod network_file;
#[cfg(feature = "parquet")]
mod parquet_file;
mod people;
mod template;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use data_package::{TableFormat, read_data_package, write_data_package, write_data_package_as};
pub use frames::{Root, from_tables};
pub use network_file::{NetworkFormat, Orientation, ReadNetwork, network_text, read_network, write_network};
pub use people::{Reading, RowStream, open_rows, open_rows_as, rows_total};
pub use template::template;

use crate::assessment::{Assessment, Limits};
use crate::{Error, ErrorKind, Result, files};

/// Endings of files that an assessment is not written to; a folder of such a name would be a slip.
const OF_OTHER_FILES: [&str; 16] =
    ["csv", "tsv", "txt", "md", "html", "pdf", "xls", "xlsx", "ods", "zip", "gz", "parquet", "arrow", "feather", "yaml", "yml"];

/// Loads an assessment from a JSON file, or from a data package: its folder or its `datapackage.json`.
///
/// # Errors
/// One error with every problem of what is loaded; `File` where it cannot be read.
pub fn load(path: impl AsRef<Path>, limits: &Limits) -> Result<Assessment> {
    let path = path.as_ref();
    if files::is_folder(path) {
        return read_data_package(path, limits);
    }
    if path.file_name().is_some_and(|name| name == descriptor::DESCRIPTOR) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return read_data_package(folder, limits);
    }
    Assessment::from_slice(&files::read_bounded(path, limits)?, limits)
}

/// Saves as a JSON file where the path ends in `.json`, else as a data package folder; whole or not at all.
///
/// A restricted or strict assessment asks for an acknowledgement that names its class.
///
/// # Errors
/// `Sensitivity` without that acknowledgement; `Argument` for a path that ends like another kind of file; `Document` where the
/// assessment, changed by hand, breaks a rule; `File` where it cannot be written.
pub fn save(assessment: &Assessment, path: impl AsRef<Path>, acknowledgement: Option<&str>) -> Result<()> {
    save_as(assessment, path, TableFormat::Csv, acknowledgement)
}

/// As [`save`], with the tables of a data package in the format that is asked for.
///
/// # Errors
/// As [`save`]; `Argument` for Parquet where the path names a JSON file; `Unsupported` for Parquet without the feature `parquet`.
pub fn save_as(assessment: &Assessment, path: impl AsRef<Path>, format: TableFormat, acknowledgement: Option<&str>) -> Result<()> {
    let path = path.as_ref();
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    if files::is_folder(path) {
        write_data_package_as(assessment, path, format, acknowledgement)
    } else if ending == "json" && !ends_in_separator(path) {
        if path.file_name().is_some_and(|name| name == descriptor::DESCRIPTOR) {
            let message = format!("`{}` would be a data package without its tables; name its folder, or another file", path.display());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        if format == TableFormat::Parquet {
            let message = format!("`{}` is one document; Parquet tables are saved to a folder", path.display());
            return Err(Error::new(ErrorKind::Argument, message));
        }
        assessment.save(path, acknowledgement)
    } else if OF_OTHER_FILES.contains(&ending.as_str()) && !ends_in_separator(path) {
        let message = format!("cannot save an assessment as `.{ending}`; wanted a file that ends in `.json`, or a folder");
        Err(Error::new(ErrorKind::Argument, message))
    } else {
        write_data_package_as(assessment, path, format, acknowledgement)
    }
}

fn ends_in_separator(path: &Path) -> bool {
    path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Loads one form and saves as the other, by what the paths name.
///
/// # Errors
/// As [`load`] and [`save`].
pub fn convert(input: impl AsRef<Path>, output: impl AsRef<Path>, limits: &Limits, acknowledgement: Option<&str>) -> Result<()> {
    save(&load(input, limits)?, output, acknowledgement)
}
