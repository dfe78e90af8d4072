//! Known answers from outside: every file of `cases/` for the analyses of a network from arrays.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::domino::{RootCauses, TotalEffects};
use hs_core::network::{DominoNetwork, EdgeList};
use hs_core::propagation::Propagation;
use hs_core::settings_from_json;
use hs_core::tables::Outcome;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}")).iter().map(|v| v.as_f64().unwrap()).collect()
}

fn network(inputs: &Value) -> DominoNetwork {
    let positions = |name: &str| numbers(&inputs["edges"][name]).into_iter().map(|v| v as u32).collect::<Vec<u32>>();
    DominoNetwork::from_edges(EdgeList {
        source: positions("source"),
        target: positions("target"),
        weight: numbers(&inputs["edges"]["weight"]).into(),
        lag: Some(positions("lag")),
        names: Some(inputs["nodes"].as_array().unwrap().iter().map(|n| n.as_str().unwrap().to_owned()).collect()),
        ..EdgeList::default()
    })
    .unwrap()
}

fn run(analysis: &str, network: &DominoNetwork, settings: &str) -> hs_core::Result<Outcome> {
    match analysis {
        "propagate" => settings_from_json::<Propagation>(settings)?.run(network)?.outcome(),
        "total_effects" => settings_from_json::<TotalEffects>(settings)?.run(network)?.outcome(),
        "root_causes" => settings_from_json::<RootCauses>(settings)?.run(network)?.outcome(),
        other => panic!("no analysis `{other}`"),
    }
}

fn array<'a>(outcome: &'a Outcome, name: &str) -> &'a [f64] {
    &outcome.arrays.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no array {name}")).1.data
}

fn compare(case: &str, what: &str, found: &[f64], wanted: &[f64], tolerance: f64) {
    assert_eq!(found.len(), wanted.len(), "{case}: length of {what}");
    for (i, (f, w)) in found.iter().zip(wanted).enumerate() {
        assert!((f - w).abs() <= tolerance, "{case}: {what}[{i}] is {f}, wanted {w} within {tolerance}");
    }
}

fn check(case: &str, document: &Value) {
    let outcome = run(document["analysis"].as_str().unwrap(), &network(&document["inputs"]), &document["inputs"]["settings"].to_string())
        .unwrap_or_else(|e| panic!("{case}: {e}"));
    let tolerance = document["tolerance"].as_f64().unwrap();
    for (key, wanted) in document["expected"].as_object().unwrap() {
        match key.as_str() {
            "state" | "matrix" => compare(case, key, array(&outcome, key), &numbers(wanted), tolerance),
            "direction" => {
                let state = array(&outcome, "state");
                let norm = state.iter().map(|x| x * x).sum::<f64>().sqrt();
                let direction: Vec<f64> = state.iter().map(|x| x / norm).collect();
                compare(case, key, &direction, &numbers(wanted), tolerance);
            }
            "columns" => {
                let (_, main) = &outcome.tables[0];
                for (column, wanted) in wanted.as_object().unwrap() {
                    let found: Vec<f64> = main.number(column).unwrap().into_iter().map(Option::unwrap).collect();
                    compare(case, column, &found, &numbers(wanted), tolerance);
                }
            }
            "scale" => compare(case, key, &[outcome.facts[key].as_f64().unwrap()], &[wanted.as_f64().unwrap()], tolerance),
            "status" | "iterations" | "period" => assert_eq!(&outcome.facts[key], wanted, "{case}: {key}"),
            other => panic!("{case}: nothing compares `{other}`"),
        }
    }
}

#[test]
fn every_case_is_met() {
    let mut count = 0;
    for analysis in ["propagate", "total_effects", "root_causes"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            for field in ["analysis", "source", "quality", "inputs", "expected", "tolerance", "notes"] {
                assert!(!document[field].is_null(), "{}: no {field}", file.display());
            }
            assert_eq!(document["analysis"], analysis, "{}", file.display());
            check(&file.file_stem().unwrap().to_string_lossy(), &document);
            count += 1;
        }
    }
    assert!(count >= 27, "found {count} cases");
}
