//! Known answers from outside: every file of `cases/` for the analyses of a network from arrays.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::domino::{
    Attribution, Blocks, Chains, Clusters, ExpertRootCauses, ImpactDiffusion, Indices, Influence, Loops, RenewalRates, Roles, RootCauses,
    TotalEffects,
};
use hs_core::analyses::doubt::{Sensitivity, Simulate};
use hs_core::analyses::voices::{CompareMaps, PoolLinkages};
use hs_core::network::{DominoNetwork, EdgeList, Weights};
use hs_core::propagation::Propagation;
use hs_core::settings_from_json;
use hs_core::tables::Outcome;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}")).iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Weights; null is a link without a number.
fn weight(value: &Value) -> Weights {
    let weights: Vec<Option<f64>> = value.as_array().unwrap().iter().map(Value::as_f64).collect();
    if weights.iter().any(Option::is_none) { weights.into() } else { numbers(value).into() }
}

/// Ends of ranges, where a case has them.
fn bounds(value: &Value) -> Option<Vec<Option<f64>>> {
    value.as_array().map(|list| list.iter().map(Value::as_f64).collect())
}

fn network(inputs: &Value) -> DominoNetwork {
    let positions = |name: &str| numbers(&inputs["edges"][name]).into_iter().map(|v| v as u32).collect::<Vec<u32>>();
    DominoNetwork::from_edges(EdgeList {
        source: positions("source"),
        target: positions("target"),
        weight: weight(&inputs["edges"]["weight"]),
        lag: Some(positions("lag")),
        low: bounds(&inputs["edges"]["low"]),
        high: bounds(&inputs["edges"]["high"]),
        names: Some(inputs["nodes"].as_array().unwrap().iter().map(|n| n.as_str().unwrap().to_owned()).collect()),
        ..EdgeList::default()
    })
    .unwrap()
}

/// How a case of an analysis runs: one arm an analysis. None for those that another harness runs.
fn runs(analysis: &str) -> Option<fn(&DominoNetwork, &str) -> hs_core::Result<Outcome>> {
    let run: fn(&DominoNetwork, &str) -> hs_core::Result<Outcome> = match analysis {
        "propagate" => |network, settings| settings_from_json::<Propagation>(settings)?.run(network)?.outcome(),
        "total_effects" => |network, settings| settings_from_json::<TotalEffects>(settings)?.run(network)?.outcome(),
        "attribution" => |network, settings| settings_from_json::<Attribution>(settings)?.run(network)?.outcome(),
        "blocks" => |network, settings| settings_from_json::<Blocks>(settings)?.run(network)?.outcome(),
        "root_causes" => |network, settings| settings_from_json::<RootCauses>(settings)?.run(network)?.outcome(),
        "influence" => |network, settings| settings_from_json::<Influence>(settings)?.run(network)?.outcome(),
        "roles" => |network, settings| settings_from_json::<Roles>(settings)?.run(network)?.outcome(),
        "indices" => |network, settings| settings_from_json::<Indices>(settings)?.run(network)?.outcome(),
        "loops" => |network, settings| settings_from_json::<Loops>(settings)?.run(network)?.outcome(),
        "chains" => |network, settings| settings_from_json::<Chains>(settings)?.run(network)?.outcome(),
        "clusters" => |network, settings| settings_from_json::<Clusters>(settings)?.run(network)?.outcome(),
        "impact_diffusion" => |network, settings| settings_from_json::<ImpactDiffusion>(settings)?.run(network)?.outcome(),
        "simulate" => |network, settings| settings_from_json::<Simulate>(settings)?.run(network)?.outcome(),
        "sensitivity" => |network, settings| settings_from_json::<Sensitivity>(settings)?.run(network)?.outcome(),
        "renewal_rates" => |network, settings| settings_from_json::<RenewalRates>(settings)?.run(network)?.outcome(),
        _ => return None,
    };
    Some(run)
}

/// A run on several networks, with settings.
type Several = fn(&[&DominoNetwork], &str) -> hs_core::Result<Outcome>;

/// How a case of an analysis of several networks runs.
fn runs_several(analysis: &str) -> Option<Several> {
    let run: Several = match analysis {
        "expert_root_causes" => |networks, settings| settings_from_json::<ExpertRootCauses>(settings)?.run(networks)?.outcome(),
        "pool_linkages" => |networks, settings| settings_from_json::<PoolLinkages>(settings)?.run(networks)?.outcome(),
        "compare_maps" => |networks, settings| settings_from_json::<CompareMaps>(settings)?.run(networks)?.outcome(),
        _ => return None,
    };
    Some(run)
}

fn outcome(case: &str, analysis: &str, inputs: &Value) -> hs_core::Result<Outcome> {
    let settings = inputs["settings"].to_string();
    if let Some(run) = runs_several(analysis) {
        let networks: Vec<DominoNetwork> = inputs["networks"].as_array().unwrap().iter().map(network).collect();
        return run(&networks.iter().collect::<Vec<_>>(), &settings);
    }
    let run = runs(analysis).unwrap_or_else(|| panic!("{case}: no arm for `{analysis}`"));
    run(&network(inputs), &settings)
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

/// Numbers within the tolerance, lists and objects part by part, everything else exactly.
fn agree(found: &Value, wanted: &Value, tolerance: f64) -> bool {
    match (found, wanted) {
        (Value::Number(f), Value::Number(w)) => (f.as_f64().unwrap() - w.as_f64().unwrap()).abs() <= tolerance,
        (Value::Array(f), Value::Array(w)) => f.len() == w.len() && f.iter().zip(w).all(|(f, w)| agree(f, w, tolerance)),
        (Value::Object(f), Value::Object(w)) => {
            f.len() == w.len() && w.iter().all(|(key, w)| f.get(key).is_some_and(|f| agree(f, w, tolerance)))
        }
        _ => found == wanted,
    }
}

fn check(case: &str, document: &Value) {
    let analysis = document["analysis"].as_str().unwrap();
    let outcome = outcome(case, analysis, &document["inputs"]).unwrap_or_else(|e| panic!("{case}: {e}"));
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
            "tables" => {
                for (name, columns) in wanted.as_object().unwrap() {
                    let found = outcome.table(name).unwrap_or_else(|| panic!("{case}: no table {name}")).to_json();
                    let rows = found.as_array().unwrap();
                    for (column, wanted) in columns.as_object().unwrap() {
                        let wanted = wanted.as_array().unwrap();
                        assert_eq!(rows.len(), wanted.len(), "{case}: rows of {name}");
                        for (i, (row, wanted)) in rows.iter().zip(wanted).enumerate() {
                            let found = row.get(column).unwrap_or_else(|| panic!("{case}: no column {column}"));
                            assert!(agree(found, wanted, tolerance), "{case}: {name}.{column}[{i}] is {found}, wanted {wanted}");
                        }
                    }
                }
            }
            "facts" => {
                for (name, wanted) in wanted.as_object().unwrap() {
                    let found = outcome.facts.get(name).unwrap_or_else(|| panic!("{case}: no fact {name}"));
                    assert!(agree(found, wanted, tolerance), "{case}: {name} is {found}, wanted {wanted}");
                }
            }
            "arrays" => {
                for (name, wanted) in wanted.as_object().unwrap() {
                    compare(case, name, array(&outcome, name), &numbers(wanted), tolerance);
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
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<_> = std::fs::read_dir(cases).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_dir()).collect();
    folders.sort();
    for folder in folders {
        let analysis = folder.file_name().unwrap().to_string_lossy().into_owned();
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            // a case on a network from arrays is one of ours, so that none is left out in silence
            if runs(&analysis).is_none() && runs_several(&analysis).is_none() && document["inputs"]["nodes"].is_null() {
                continue;
            }
            for field in ["analysis", "source", "quality", "inputs", "expected", "tolerance", "notes"] {
                assert!(!document[field].is_null(), "{}: no {field}", file.display());
            }
            assert_eq!(document["analysis"], analysis, "{}", file.display());
            check(&file.file_stem().unwrap().to_string_lossy(), &document);
            count += 1;
        }
    }
    assert!(count >= 40, "found {count} cases");
}

#[test]
fn what_differs_is_seen() {
    let table: Value = serde_json::from_str(r#"[1.0, "a", null, ["a", "b"], {"x": 2}]"#).unwrap();
    assert!(agree(&table, &serde_json::from_str(r#"[1.0005, "a", null, ["a", "b"], {"x": 2.0}]"#).unwrap(), 1e-3));
    for other in ["[1.1]", r#"[1.0, "b", null, ["a", "b"], {"x": 2}]"#, r#"[1.0, "a", 0, ["a", "b"], {"x": 2}]"#] {
        assert!(!agree(&table, &serde_json::from_str(other).unwrap(), 1e-3), "{other}");
    }
}
