//! Known answers of Sobol indices: `cases/sobol`, each on a function that its case names.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::doubt::Sobol;
use hs_core::settings_from_json;
use serde_json::Value;

fn function(name: &str) -> fn(&[f64]) -> f64 {
    match name {
        "ishigami" => |x| x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin(),
        "g" => |x| {
            let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
            x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
        },
        "straight" => |x| x[0] - 2.0 * x[1] + 0.5 * x[2],
        other => panic!("no function `{other}`"),
    }
}

fn near(case: &str, found: &Value, wanted: &Value, tolerance: f64) {
    match (found.as_f64(), wanted.as_f64()) {
        (Some(f), Some(w)) => assert!((f - w).abs() <= tolerance, "{case}: {f}, wanted {w} within {tolerance}"),
        _ => assert_eq!(found, wanted, "{case}"),
    }
}

#[test]
fn every_case_is_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sobol");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        let (inputs, expected) = (&document["inputs"], &document["expected"]);
        let case = inputs["function"].as_str().unwrap();
        let sobol: Sobol = settings_from_json(&inputs["settings"].to_string()).unwrap();
        let outcome = sobol.run(function(case)).unwrap().outcome().unwrap();
        let tolerance = document["tolerance"].as_f64().unwrap();
        let rows = |table: &str| outcome.table(table).unwrap_or_else(|| panic!("{case}: no table {table}")).to_json();
        let columns = |table: &str, columns: &Value| {
            let rows = rows(table);
            for (column, wanted) in columns.as_object().unwrap() {
                for (row, wanted) in rows.as_array().unwrap().iter().zip(wanted.as_array().unwrap()) {
                    near(case, &row[column], wanted, tolerance);
                }
            }
        };
        columns("indices", &expected["columns"]);
        for (table, wanted) in expected["tables"].as_object().into_iter().flatten() {
            columns(table, wanted);
        }
        for (name, wanted) in expected["facts"].as_object().into_iter().flatten() {
            near(case, &outcome.facts[name], wanted, tolerance);
        }
        count += 1;
    }
    assert!(count >= 3, "found {count} cases");
}
