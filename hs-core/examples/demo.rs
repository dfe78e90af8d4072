//! `make demo`: from a situation on file to findings, on the Ituri case.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use hs_core::examples;
use hs_core::reports::{Report, ReportSettings};

fn main() -> hs_core::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let name = std::env::args().nth(2).unwrap_or_else(|| "ituri".into());
    let report = Report::new(&examples::load(&name)?, &ReportSettings::default())?;
    let page = folder.join(format!("{name}.html"));
    report.write(&page)?;
    hs_core::files::write_atomic(&folder.join(format!("{name}.txt")), report.text().as_bytes())?;
    println!("{}", report.brief());
    println!("The whole report, with its picture and tables: {}", page.canonicalize().unwrap_or(page).display());
    Ok(())
}
