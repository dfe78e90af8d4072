use serde_json::json;

use super::*;
use crate::tables::Table;

pub(super) fn score(value: serde_json::Value) -> Score {
    serde_json::from_value(value).unwrap()
}

/// Four persons and four indicators, of which the second and third are below the bar (Alkire & Foster 2011).
#[test]
fn four_persons() {
    let rows = Table::builder()
        .number("income", [13.1, 15.2, 12.5, 20.0].map(Some))
        .number("schooling", [14.0, 7.0, 10.0, 11.0].map(Some))
        .number("health", [4.0, 5.0, 1.0, 3.0].map(Some))
        .number("services", [1.0, 0.0, 0.0, 1.0].map(Some))
        .build()
        .unwrap();
    let settings = score(json!({"scheme": {"cutoff": 0.5, "indicators": [
        {"name": "income", "below": 13.0}, {"name": "schooling", "below": 12.0},
        {"name": "health", "below": 3.0}, {"name": "services", "below": 1.0}]}, "min_n": 0}));
    let result = settings.run([Ok(Rows::from(&rows))], &never).unwrap().outcome().unwrap();
    let table = result.table("groups").unwrap();
    assert_eq!(table.number("H").unwrap(), [Some(0.5)]);
    assert_eq!(table.number("A").unwrap(), [Some(0.75)]);
    assert_eq!(table.number("M0").unwrap(), [Some(0.375)]);
}

mod laws;
mod refusals;
