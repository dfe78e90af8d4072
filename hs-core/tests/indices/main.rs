//! Composite indices and years of individual security: answers from outside, laws, odd inputs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod cases;
mod laws;
mod odd;
mod years;

use hs_core::analyses::thresholds::{CompositeIndex, CompositeIndexResult, IndicatorTable};
use hs_core::settings_from_json;
use serde_json::Value;

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{prefix}{i}")).collect()
}

/// A table from rows, with names of its own.
fn table(rows: &[Vec<f64>]) -> IndicatorTable {
    let wide = rows.first().map_or(0, Vec::len);
    IndicatorTable::new(names("u", rows.len()), names("x", wide), &rows.concat()).unwrap()
}

fn settings(json: Value) -> CompositeIndex {
    settings_from_json(&json.to_string()).unwrap()
}

fn run(json: Value, rows: &[Vec<f64>]) -> CompositeIndexResult {
    settings(json).run(&table(rows)).unwrap()
}

fn values(result: &CompositeIndexResult) -> Vec<Option<f64>> {
    result.units.iter().map(|unit| unit.value).collect()
}

fn noted(result: &CompositeIndexResult, code: &str) -> bool {
    result.notes.iter().any(|note| note.code == code)
}
