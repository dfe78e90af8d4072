//! The framework's counts and cells, by numbers written here and against the coded handbook where it is at hand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::tables;
use crate::framework::components::{COMPONENTS, FREEDOMS, MATRIX_DIMENSIONS, MATRIX_LEVELS, VITAL_CORE, facts};
use crate::framework::externalities::{ClaimCount, ClaimOutcome, EXTERNALITIES, cell, matrix};
use crate::framework::phases::PHASES;
use crate::framework::principles::PRINCIPLES;
use crate::framework::questions::QUESTIONS;
use crate::framework::stages::STAGES;
use crate::framework::strategies::{CAPACITIES, STRATEGIES};
use crate::framework::{Component, Pillar};

#[test]
fn counts() {
    assert_eq!(COMPONENTS.iter().map(|c| c.threats.len()).sum::<usize>(), 22);
    assert_eq!(STRATEGIES.len(), 17);
    assert_eq!(CAPACITIES.len(), 27);
    assert_eq!(CAPACITIES.iter().filter(|c| c.shared_with().next().is_some()).count(), 8);
    assert_eq!(PHASES.map(|p| p.tasks.len()), [8, 3, 3]);
    assert_eq!(PHASES.map(|p| p.goals.len()), [4, 1, 3]);
    assert_eq!(PRINCIPLES.map(|p| p.approach.len()), [3, 3, 4, 4, 2]);
    assert_eq!(PRINCIPLES.map(|p| p.analysis.len()), [4, 3, 3, 4, 3]);
    assert_eq!(QUESTIONS.map(|q| q.number), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(STAGES.map(|s| s.asks.len()), [3, 2, 2, 2, 3]);
    assert_eq!((FREEDOMS.len(), VITAL_CORE.len()), (3, 3));
    // 7 x (3 x 3) need cells and 7 capacity cells
    assert_eq!(7 * (MATRIX_LEVELS.len() * MATRIX_DIMENSIONS.len() + 1), 70);
    assert_eq!(VITAL_CORE.map(|v| v.name).as_slice(), crate::assessment::VitalCore::ALL.iter().map(|v| v.word()).collect::<Vec<_>>());
}

#[test]
fn order_and_ids() {
    let components: Vec<Component> = COMPONENTS.iter().map(|c| c.component).collect();
    assert_eq!(components, Component::ALL);
    assert!(Component::ALL.iter().all(|c| facts(*c).component == *c));
    let ids: BTreeSet<&str> =
        STRATEGIES.iter().map(|s| s.id).chain(CAPACITIES.iter().map(|c| c.id)).chain(EXTERNALITIES.iter().map(|e| e.id)).collect();
    assert_eq!(ids.len(), 17 + 27 + 43);
    for s in STRATEGIES {
        assert!(s.id.contains(s.component.word()), "{}", s.id);
    }
    for (e, n) in EXTERNALITIES.iter().zip(1..) {
        assert_eq!(e.id, format!("X{n:02}"));
    }
}

#[test]
fn claims_of_table_three() {
    let better = EXTERNALITIES.iter().filter(|e| e.outcome == ClaimOutcome::Better).count();
    assert_eq!((EXTERNALITIES.len(), better, 43 - better), (43, 28, 15));
    assert_eq!(EXTERNALITIES.iter().filter(|e| e.broad).count(), 14);
    assert_eq!(EXTERNALITIES.iter().filter(|e| e.basis == "inferred").map(|e| e.id).collect::<Vec<_>>(), ["X37"]);
    assert_eq!(cell(Component::Economic, Component::Personal), Some(ClaimCount { better: 0, worse: 1, broad: 0 }));
    assert_eq!(cell(Component::Personal, Component::Economic), Some(ClaimCount { better: 2, worse: 0, broad: 1 }));
    assert_eq!(cell(Component::Food, Component::Economic), Some(ClaimCount { better: 1, worse: 1, broad: 0 }));
    assert_eq!(cell(Component::Economic, Component::Economic), None);
    let cells: Vec<_> = matrix().collect();
    assert_eq!(cells.len(), 49);
    // the two broad rows are full; the others hold 4, 3, 5, 3 and 4 cells
    assert_eq!(cells.iter().filter(|(_, _, count)| count.is_none()).count(), 49 - (7 + 7 + 4 + 3 + 5 + 3 + 4));
    let sum = cells.iter().filter_map(|(_, _, count)| *count).fold((0, 0), |(b, w), c| (b + c.better, w + c.worse));
    assert_eq!(sum, (28, 15));
}

#[test]
fn tables_are_named_and_no_claim_is_apart_from_zero() {
    let tables = tables().unwrap();
    let shape: Vec<(&str, usize)> = tables.iter().map(|(name, table)| (*name, table.rows())).collect();
    assert_eq!(
        shape,
        [
            ("components", 7),
            ("threats", 22),
            ("strategies", 17),
            ("capacities", 27),
            ("externalities", 43),
            ("externality_matrix", 49),
            ("principles", 5),
            ("phases", 3),
            ("tasks", 14),
            ("questions", 7),
            ("stages", 5),
            ("freedoms", 3),
            ("vital_core", 3),
        ]
    );
    let view = &tables.iter().find(|(name, _)| *name == "externality_matrix").unwrap().1;
    let rows = view.to_json();
    for row in rows.as_array().unwrap() {
        let missing = row["state"] == "no claim";
        assert_eq!(row["better"].is_null() && row["worse"].is_null() && row["broad"].is_null(), missing);
    }
    assert_eq!(
        rows[4],
        serde_json::json!({"component": "economic", "target": "personal", "state": "claim", "better": 0, "worse": 1, "broad": 0})
    );
    for (name, table) in &tables {
        assert!(table.columns().contains(&"locator") || *name == "externality_matrix", "{name}");
    }
}

fn coded(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/casestudies").join(file);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: no ../shared/casestudies/{file} beside the project");
    }
    text.map(|text| serde_json::from_str(&text).unwrap())
}

#[test]
fn claims_agree_with_the_coded_table() {
    let Some(coded) = coded("externalities.json") else { return };
    let edges = coded["edges"].as_array().unwrap();
    assert_eq!(edges.len(), EXTERNALITIES.len());
    let broad: BTreeSet<&str> = coded["broad_claims"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for (edge, claim) in edges.iter().zip(&EXTERNALITIES) {
        assert_eq!(edge["id"], claim.id);
        assert_eq!(edge["source"], claim.component.word(), "{}", claim.id);
        assert_eq!(edge["target"], claim.target.word(), "{}", claim.id);
        let better = claim.outcome == ClaimOutcome::Better;
        assert_eq!(edge["effect_on_security"] == 1, better, "{}", claim.id);
        assert_eq!(edge["target_basis"], claim.basis, "{}", claim.id);
        assert_eq!(broad.contains(claim.id), claim.broad, "{}", claim.id);
        assert_eq!(format!("lines {}", edge["lines"].as_str().unwrap()), claim.locator, "{}", claim.id);
    }
    for (from, to, count) in matrix() {
        let cell = &coded["matrix"][from.word()][to.word()];
        let count = count.unwrap_or_default();
        assert_eq!((cell["pos"].as_u64(), cell["neg"].as_u64()), (Some(u64::from(count.better)), Some(u64::from(count.worse))));
    }
}

#[test]
fn strategies_and_capacities_agree_with_the_coded_table() {
    let Some(coded) = coded("strategies.json") else { return };
    for row in coded["rows"].as_array().unwrap() {
        let component = Component::from_word(row["component"].as_str().unwrap()).unwrap();
        let pillars: Vec<Pillar> = STRATEGIES.iter().filter(|s| s.component == component).map(|s| s.pillar).collect();
        let wanted: Vec<Pillar> =
            row["strategies"].as_array().unwrap().iter().map(|s| Pillar::from_word(s["type"].as_str().unwrap()).unwrap()).collect();
        assert_eq!(pillars, wanted, "{component}");
        let capacities = CAPACITIES.iter().filter(|c| c.component == component).count();
        assert_eq!(capacities, row["capacities"].as_array().unwrap().len(), "{component}");
    }
    for (_, components) in coded["shared_capacities"].as_object().unwrap() {
        assert_eq!(components.as_array().unwrap().len(), 2);
    }
}

#[test]
fn components_agree_with_the_coded_taxonomy() {
    let Some(coded) = coded("taxonomy.json") else { return };
    for (row, facts) in coded["components"].as_array().unwrap().iter().zip(&COMPONENTS) {
        assert_eq!(row["code"], facts.component.word());
        assert_eq!(row["label"], facts.label);
        let threats: Vec<&str> = row["threats"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(threats, facts.threats);
    }
    for (row, phase) in coded["phases"].as_array().unwrap().iter().zip(&PHASES) {
        assert_eq!((row["n"].as_u64(), row["tasks"].as_u64()), (Some(u64::from(phase.number)), Some(phase.tasks.len() as u64)));
        assert_eq!(row["name"], phase.name);
    }
    let principles: Vec<&str> = coded["principles"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(principles, PRINCIPLES.map(|p| p.id));
    let freedoms: Vec<&str> = coded["freedoms"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(freedoms, FREEDOMS.map(|f| f.name));
}
