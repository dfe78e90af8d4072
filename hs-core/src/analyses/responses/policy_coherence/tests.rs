//! What coherence says, on small assessments and on the eight cases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use serde_json::{Value, json};

use super::*;

fn document() -> Value {
    json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "A", "name": "A", "level": "district"}],
        "populations": [{"place": "A", "persons": 1000}],
        "threats": [{"id": "a", "name": "a", "component": "economic"}, {"id": "b", "name": "b", "component": "food"}],
        "conditions": [{"threat": "a", "place": "A", "severity": 0.5, "prevalence": 0.4}, {"threat": "b", "place": "A", "severity": 0.4}],
        "interventions": [
            {"id": "up", "name": "Up", "component": "economic", "effects": [{"threat": "a", "change": 0.2}]},
            {"id": "down", "name": "Down", "component": "food", "effects": [{"threat": "b", "change": 0.2}],
             "externalities": [{"threat": "a", "outcome": "worse", "change": 0.1}]},
            {"id": "talk", "name": "Talk", "component": "personal"}
        ],
        "priorities": [{"policy": "plan", "place": "A", "threat": "a", "rank": 1}]
    })
}

fn run(document: &Value) -> PolicyCoherenceResult {
    PolicyCoherence::default().run(&serde_json::from_str(&document.to_string()).unwrap()).unwrap()
}

#[test]
fn one_pushes_up_what_another_pushes_down() {
    let found = run(&document());
    assert_eq!(found.conflicts.len(), 8, "four horizons, and the policy at each");
    let first = &found.conflicts[0];
    assert_eq!((first.better_by.as_str(), first.worse_by.as_str(), first.persons), ("up", "down", Some(400.0)));
    assert!((first.better.unwrap() + 0.2).abs() < 1e-9 && (first.worse - 0.1).abs() < 1e-9);
    let policy = &found.conflicts[4];
    assert_eq!((policy.better_by.as_str(), policy.kind, policy.better), ("plan", "priority", None));
    assert!(found.duplicates.is_empty() && found.tensions.is_empty());
    let flags: Vec<_> = found.substitution.iter().map(|s| (s.intervention.as_str(), s.flag)).collect();
    assert_eq!(flags, [("down", SubstitutionFlag::NoActorNamed), ("talk", SubstitutionFlag::NoActorNamed)]);
}
