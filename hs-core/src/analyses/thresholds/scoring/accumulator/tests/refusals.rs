//! Bad input: each is a typed error that names the column and counts rows, and never quotes a value.

use serde_json::{Value, json};

use super::super::*;
use super::score;
use crate::tables::{Table, TableBuilder};

/// A value that must never be seen in a message.
const CANARY: f64 = 7654.125;

fn people() -> TableBuilder {
    Table::builder().number("food", [20.0, 30.0, CANARY].map(Some)).text("water", ["river", "tap", "canary"].map(Some))
}

fn settings(more: Value) -> Score {
    let mut settings =
        json!({"scheme": {"cutoff": 0.5, "indicators": [{"name": "food", "below": 28}, {"name": "water", "among": ["river"]}]}});
    if let (Some(settings), Value::Object(more)) = (settings.as_object_mut(), more) {
        settings.extend(more);
    }
    score(settings)
}

/// The error of those settings on those rows, at once or when all rows are in.
fn refused(more: Value, rows: TableBuilder) -> Error {
    let rows = Rows::from(&rows.build().unwrap());
    let mut accumulator = ScoreAccumulator::new(settings(more)).unwrap();
    let before = format!("{:?}", accumulator.tallies());
    let error = match accumulator.update(&rows) {
        Ok(()) => accumulator.finish().unwrap_err(),
        Err(error) => {
            assert_eq!(format!("{:?}", accumulator.tallies()), before);
            assert_eq!(accumulator.rows(), 0);
            error
        }
    };
    let said = serde_json::to_string(&error).unwrap();
    assert!(!said.contains("7654") && !said.contains("canary"), "{said}");
    error
}

#[test]
fn columns_that_are_not_there_or_do_not_fit() {
    let error = refused(json!({"by": ["distrct"], "weight": "wt"}), people().text("district", ["a", "b", "c"].map(Some)));
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.total, 2);
    assert_eq!(error.problems[0].mend.as_deref(), Some("did you mean `district`?"));
    let error = refused(json!({"weight": "water"}), people());
    assert_eq!(error.message, "/water: found text, wanted numbers: survey weights");
    let scheme =
        json!({"scheme": {"cutoff": 1, "indicators": [{"name": "water", "below": 28}, {"name": "food", "among": ["river", true]}]}});
    let error = refused(scheme, people());
    assert_eq!(error.total, 2);
    assert!(error.problems[1].found.contains("1 value of another type"), "{error}");
    assert_eq!(refused(json!({"by": ["food"]}), people()).problems[0].found, "1 number that is not whole");
    let error = refused(json!({"domain": "water"}), people());
    assert!(error.message.contains("neither yes and no nor 0 and 1"), "{error}");
    assert!(refused(json!({"domain": "food"}), people()).message.contains("3 numbers other than 0 and 1"));
}

#[test]
fn weights_that_cannot_be() {
    for (weights, said) in [
        ([Some(1.0), Some(-CANARY), Some(-1.0)], "2 values below 0"),
        ([Some(1.0), None, Some(1.0)], "1 value missing"),
        ([Some(0.0), Some(0.0), Some(0.0)], "weights that sum to 0"),
        ([Some(1e200), Some(1.0), Some(1.0)], "1 value infinite or too large"),
    ] {
        for role in ["weight", "size"] {
            let error = refused(json!({role: "wt"}), people().number("wt", weights));
            assert!(error.problems[0].found.contains(said), "{error}");
            assert_eq!(error.problems[0].field.as_deref(), Some("wt"));
        }
    }
    let error =
        refused(json!({"weight": "wt", "size": "n"}), people().number("wt", [1e100; 3].map(Some)).number("n", [1e100; 3].map(Some)));
    assert!(error.problems[0].found.contains("3 products"), "{error}");
}

#[test]
fn designs_that_cannot_be() {
    let design = || people().integer("stratum", [1, 1, 2].map(Some)).integer("psu", [1, 2, 3].map(Some));
    let gap = people().integer("stratum", [Some(1), None, Some(2)]);
    assert!(refused(json!({"strata": "stratum"}), gap).problems[0].found.contains("1 value missing"));
    let gap = people().text("psu", [Some("a"), None, None]);
    assert!(refused(json!({"cluster": "psu"}), gap).problems[0].found.contains("2 values missing"));
    let with = |fpc: [f64; 3]| refused(json!({"strata": "stratum", "cluster": "psu", "fpc": "of"}), design().number("of", fpc.map(Some)));
    assert!(with([10.0, 11.0, 9.0]).problems[0].found.contains("more than one value in 1 strata"));
    assert!(with([1.5, 1.5, 9.0]).problems[0].found.contains("below the number of PSUs in 1 strata"));
    assert!(with([0.0, -1.0, 9.0]).problems[0].found.contains("2 values that cannot be"));
    let inside = design().boolean("inside", [Some(true), None, Some(false)]);
    assert!(refused(json!({"domain": "inside"}), inside).problems[0].found.contains("1 value missing"));
    let nobody = refused(json!({"domain": "inside"}), design().boolean("inside", [Some(false); 3]));
    assert_eq!(nobody.kind, ErrorKind::Undefined);
}

#[test]
fn nothing_to_go_by() {
    let none = ScoreAccumulator::new(settings(json!({}))).unwrap().finish().unwrap_err();
    assert_eq!(none.kind, ErrorKind::Undefined);
    let empty = Table::builder().number("food", []).text("water", [None::<&str>; 0]);
    assert_eq!(refused_rows(empty), ErrorKind::Undefined);
    let error = refused(json!({}), Table::builder().number("food", [None, Some(f64::NAN)]).text("water", [Some("tap"), None]));
    assert_eq!(error.problems[0].found, "no value for indicator `food` in any of 2 rows");
    let error = refused(json!({"by": ["place"]}), people().text("place", [None::<&str>; 3]));
    assert_eq!(error.problems[0].found, "no value in any of 3 rows");
}

fn refused_rows(rows: TableBuilder) -> ErrorKind {
    let rows = Rows::from(&rows.build().unwrap());
    settings(json!({})).run([Ok(rows)], &never).unwrap_err().kind
}

#[test]
fn batches_and_accumulators_that_do_not_go_together() {
    let batch = |rows: TableBuilder| Rows::from(&rows.build().unwrap());
    let by = settings(json!({"by": ["place"]}));
    let mut accumulator = ScoreAccumulator::new(by.clone()).unwrap();
    accumulator.update(&batch(people().integer("place", [1, 2, 3].map(Some)))).unwrap();
    let error = accumulator.update(&batch(people().text("place", ["1", "2", "3"].map(Some)))).unwrap_err();
    assert_eq!(error.problems[0].found, "text here and numbers before");
    // whole floats are the same keys
    accumulator.update(&batch(people().number("place", [1.0, 2.0, 3.0].map(Some)))).unwrap();
    assert_eq!(accumulator.tallies().unwrap().groups.len(), 3);
    let mut other = ScoreAccumulator::new(by).unwrap();
    other.update(&batch(people().text("place", ["1", "2", "3"].map(Some)))).unwrap();
    assert_eq!(accumulator.merge(&other).unwrap_err().kind, ErrorKind::Argument);
    let plain = ScoreAccumulator::new(settings(json!({}))).unwrap();
    assert!(accumulator.merge(&plain).unwrap_err().message.contains("different settings"));
    assert_eq!(accumulator.rows(), 6);
}

#[test]
fn schemes_that_cannot_be_say_so_all_at_once() {
    let scheme = json!({"cutoff": 1.5, "indicators": [
        {"name": "a", "below": 1, "weight": 0.5}, {"name": "a", "weight": 0.2}, {"name": " ", "below": 1, "above": 2, "maximum": 1},
        {"name": "b", "among": []}, {"name": "c", "above": 3, "maximum": 3}]});
    let error = crate::analyses::thresholds::scoring::DeprivationScheme::from_json(&scheme.to_string()).unwrap_err();
    let places: Vec<&str> = error.problems.iter().map(|p| p.pointer.as_str()).collect();
    for place in [
        "/indicators/1/name",
        "/indicators/1",
        "/indicators/2/name",
        "/indicators/2",
        "/indicators/3/among",
        "/indicators/4/maximum",
        "/cutoff",
        "/indicators/2/weight",
        "/indicators/3/weight",
        "/indicators/4/weight",
    ] {
        assert!(places.contains(&place), "{place} is not among {places:?}");
    }
    let sums = |weights: [f64; 2]| {
        let indicators: Vec<Value> =
            weights.iter().enumerate().map(|(j, w)| json!({"name": j.to_string(), "below": 1, "weight": w})).collect();
        score(json!({"scheme": {"cutoff": 1, "indicators": indicators}})).check()
    };
    assert!(sums([0.5, 0.5 + 5e-10]).is_ok());
    assert!(sums([0.5, 0.5 + 5e-9]).is_err());
    assert!(sums([1.5, -0.5]).is_err());
}

#[test]
fn weights_of_components_then_of_indicators() {
    let scheme = json!({"cutoff": 0.5, "components": {"food": 0.25, "health": 0.75}, "indicators": [
        {"name": "a", "below": 1, "component": "food"}, {"name": "b", "below": 1, "component": "health", "weight": 0.4},
        {"name": "c", "below": 1, "component": "health", "weight": 0.6}]});
    let scheme: crate::analyses::thresholds::scoring::DeprivationScheme = serde_json::from_value(scheme).unwrap();
    let weights = scheme.weights().unwrap();
    assert!(weights.iter().zip([0.25, 0.3, 0.45]).all(|(a, b)| (a - b).abs() < 1e-15), "{weights:?}");
    let mut broken = scheme.clone();
    broken.indicators[2].weight = Some(0.5);
    assert_eq!(broken.check().unwrap_err().problems[0].pointer, "/indicators/2/weight");
    broken.indicators[2].component = None;
    assert!(broken.check().is_err());
    assert_eq!(scheme.hash().unwrap().len(), 64);
    assert_ne!(scheme.hash().unwrap(), broken.hash().unwrap());
    assert_eq!(crate::analyses::thresholds::scoring::DeprivationScheme::from_json(&scheme.to_json().unwrap()).unwrap(), scheme);
}

#[test]
fn settings_beside_the_scheme() {
    let check = |more: Value| settings(more).check();
    assert!(check(json!({"by": ["a", "a"]})).is_err());
    assert!(check(json!({"by": ["H"]})).is_err());
    assert!(check(json!({"level": 1.0})).is_err());
    assert!(check(json!({"cutoffs": []})).is_err());
    assert!(check(json!({"cutoffs": [0.5, 0.5]})).is_err());
    let error = check(json!({"weightings": {"w": {"food": 0.5, "watr": 0.4}}})).unwrap_err();
    assert_eq!(error.total, 3, "{error}");
    assert!(check(json!({"weightings": {"w": {"food": 0.5, "water": 0.5}}, "cutoffs": [0.5, 1.0]})).is_ok());
}
