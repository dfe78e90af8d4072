//! Known answers for people moved: every file of `cases/people`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::responses::PeopleMoved;
use hs_core::tables::{Outcome, Rows, Table};
use hs_core::{Assessment, settings_from_json};
use serde_json::Value;

/// The data of a case: a list a column.
fn rows(columns: &Value) -> Rows {
    let mut table = Table::builder();
    for (name, cells) in columns.as_object().unwrap() {
        let cells = cells.as_array().unwrap();
        table = if cells.iter().any(Value::is_boolean) {
            table.boolean(name, cells.iter().map(Value::as_bool))
        } else if cells.iter().any(Value::is_string) {
            table.text(name, cells.iter().map(Value::as_str))
        } else {
            table.number(name, cells.iter().map(Value::as_f64))
        };
    }
    Rows::from(&table.build().unwrap())
}

fn run(document: &Value) -> hs_core::Result<Outcome> {
    let assessment = Assessment::from_json(&document["inputs"]["assessment"].to_string())?;
    let settings: PeopleMoved = settings_from_json(&document["inputs"]["settings"].to_string())?;
    match document["inputs"].get("columns") {
        Some(columns) => settings.run_on(&assessment, [Ok(rows(columns))], &|_| true)?.outcome(),
        None => settings.run(&assessment)?.outcome(),
    }
}

#[test]
fn every_case_is_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/people");
    let mut count = 0;
    for file in std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let case = file.file_stem().unwrap().to_string_lossy().into_owned();
        let outcome = run(&document).unwrap_or_else(|e| panic!("{case}: {e}"));
        let tolerance = document["tolerance"].as_f64().unwrap();
        for (name, columns) in document["expected"]["tables"].as_object().unwrap() {
            let found = outcome.table(name).unwrap_or_else(|| panic!("{case}: no table {name}")).to_json();
            let found = found.as_array().unwrap();
            for (column, wanted) in columns.as_object().unwrap() {
                let wanted = wanted.as_array().unwrap();
                assert_eq!(found.len(), wanted.len(), "{case}: rows of {name}");
                for (row, wanted) in found.iter().zip(wanted) {
                    let found = row.get(column).unwrap_or_else(|| panic!("{case}: no column {column}"));
                    let close = found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance);
                    assert!(close || found == wanted, "{case}: {name}.{column} is {found}, wanted {wanted}");
                }
            }
        }
        count += 1;
    }
    assert!(count >= 4, "found {count} cases");
}
