//! Answers from outside, and published rows where they are at hand.

use std::path::Path;

use hs_core::analyses::thresholds::{CompositeIndex, IndicatorTable};
use hs_core::settings_from_json;
use serde_json::Value;

pub(crate) fn cases(analysis: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path: &Path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    files.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

pub(crate) fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|x| x.as_str().unwrap().to_owned()).collect()
}

pub(crate) fn compare(case: &str, what: &str, found: &[Option<f64>], wanted: &[f64], tolerance: f64) {
    assert_eq!(found.len(), wanted.len(), "{case}: length of {what}");
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let found = found.unwrap_or(f64::NAN);
        assert!((found - wanted).abs() <= tolerance, "{case}: {what}[{i}] is {found}, wanted {wanted} within {tolerance}");
    }
}

#[test]
fn every_index_is_met() {
    let cases = cases("composite_index");
    assert!(cases.len() >= 8);
    for (name, case) in cases {
        for field in ["analysis", "source", "quality", "inputs", "expected", "tolerance", "notes"] {
            assert!(!case[field].is_null(), "{name}: no {field}");
        }
        let inputs = &case["inputs"];
        let rows: Vec<f64> = inputs["values"].as_array().unwrap().iter().flat_map(numbers).collect();
        let data = IndicatorTable::new(texts(&inputs["units"]), texts(&inputs["indicators"]), &rows).unwrap();
        let result = settings_from_json::<CompositeIndex>(&inputs["settings"].to_string()).unwrap().run(&data).unwrap();
        let tolerance = case["tolerance"].as_f64().unwrap();
        for (key, wanted) in case["expected"].as_object().unwrap() {
            match key.as_str() {
                "values" => compare(&name, key, &super::values(&result), &numbers(wanted), tolerance),
                "ranks" => compare(&name, key, &result.units.iter().map(|u| u.rank).collect::<Vec<_>>(), &numbers(wanted), 0.0),
                "coverage" => {
                    compare(&name, key, &result.units.iter().map(|u| Some(u.coverage)).collect::<Vec<_>>(), &numbers(wanted), 1e-12);
                }
                "nodes" => {
                    for (node, wanted) in wanted.as_object().unwrap() {
                        let found: Vec<_> = result.nodes.iter().filter(|n| n.node == *node).map(|n| n.value).collect();
                        compare(&name, node, &found, &numbers(wanted), tolerance);
                    }
                }
                "tables" => {
                    let outcome = result.outcome().unwrap();
                    for (table, columns) in wanted.as_object().unwrap() {
                        let table = outcome.table(table).unwrap();
                        for (column, wanted) in columns.as_object().unwrap() {
                            match table.number(column) {
                                Some(found) => compare(&name, column, &found, &numbers(wanted), tolerance),
                                None => {
                                    let found: Vec<_> = table.text(column).unwrap().into_iter().flatten().collect();
                                    assert_eq!(found, texts(wanted), "{name}: {column}");
                                }
                            }
                        }
                    }
                }
                other => panic!("{name}: nothing compares `{other}`"),
            }
        }
    }
}

#[test]
fn every_published_risk_is_the_cube_root_of_its_dimensions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/golden/inform_golden.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("the published rows are not here: skipped");
        return;
    };
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("iso3,year,HA,VU,CC,INFORM"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 1910);
    let units = rows.iter().map(|row| format!("{}-{}", row[0], row[1])).collect();
    let values: Vec<f64> = rows.iter().flat_map(|row| row[2..5].iter().map(|x| x.parse::<f64>().unwrap())).collect();
    let data = IndicatorTable::new(units, ["HA", "VU", "CC"].map(String::from).to_vec(), &values).unwrap();
    let result = super::settings(serde_json::json!({"normalise": null, "aggregate": "geometric"})).run(&data).unwrap();
    let near = |(unit, row): &(Option<f64>, &Vec<&str>)| (unit.unwrap() - row[5].parse::<f64>().unwrap()).abs() < 0.05;
    assert_eq!(super::values(&result).into_iter().zip(&rows).filter(near).count(), 1910);
}
