//! What the register says, on small assessments.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use serde_json::{Value, json};

use super::*;
use crate::analyses::responses::HorizonWord;

fn document() -> Value {
    json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "A", "name": "A", "level": "district"}],
        "populations": [{"place": "A", "persons": 1000}],
        "threats": [{"id": "a", "name": "a", "component": "economic"}, {"id": "b", "name": "b", "component": "food"},
                    {"id": "c", "name": "c", "component": "personal"}],
        "conditions": [{"threat": "a", "place": "A", "severity": 0.5, "prevalence": 0.4}, {"threat": "b", "place": "A", "severity": 0.4},
                       {"threat": "c", "place": "A", "severity": 0.3}],
        "linkages": [{"id": "l1", "from": "a", "to": "b", "effect": "feeds", "weight": 0.4, "lag": 2, "evidence": "said so", "basis": "stated"},
                     {"id": "l2", "from": "b", "to": "c", "effect": "dampens", "weight": 0.5}],
        "interventions": [
            {"id": "levy", "name": "Levy", "component": "economic", "externalities": [{"threat": "a", "outcome": "worse", "change": 0.2}]},
            {"id": "aid", "name": "Aid", "component": "food", "effects": [{"threat": "b", "change": 0.3}]},
            {"id": "talk", "name": "Talk", "component": "economic", "externalities": [{"component": "community", "outcome": "worse"}]}
        ],
        "judgements": [
            {"subject": {"kind": "harm", "id": "levy/b"}, "question": "decision", "answer": "go", "date": "2008", "by": "finance"},
            {"subject": {"kind": "harm", "id": "levy/b/A"}, "question": "decision", "answer": "stop", "reason": "too hard", "date": "2009"},
            {"subject": {"kind": "harm", "id": "levy/c"}, "question": "decision", "answer": "go"},
            {"subject": {"kind": "harm", "id": "lewy/b"}, "question": "decision", "answer": "go"}
        ]
    })
}

fn run(document: &Value) -> HarmRegisterResult {
    HarmRegister::default().run(&serde_json::from_str(&document.to_string()).unwrap()).unwrap()
}

#[test]
fn harms_their_pathways_and_what_was_decided() {
    let found = run(&document());
    let b = found.harms.iter().find(|h| h.intervention == "levy" && h.threat == "b").unwrap();
    assert_eq!((b.horizon, b.route.clone()), (HorizonWord::Medium, vec!["propagated"]));
    assert_eq!((b.verdicts.decision.as_deref(), b.verdicts.reason.as_deref()), (Some("stop"), Some("too hard")));
    assert_eq!(b.verdicts.earlier, ["decision: go, by finance, 2008"]);
    let ways: Vec<_> = found.pathways.iter().filter(|p| p.intervention == "levy" && p.threat == "b").collect();
    assert_eq!((ways.len(), ways[0].links.clone(), ways[0].lag, ways[0].basis.as_str()), (1, vec!["l1".to_owned()], 2, "stated"));
    // an improvement of what dampens is a harm of what it dampened
    let c = found.pathways.iter().find(|p| p.intervention == "aid" && p.threat == "c").unwrap();
    assert_eq!((c.sign, c.starts_from, c.evidence.as_slice()), ("dampens", "better", &["no evidence recorded".to_owned()][..]));
    let stated = found.pathways.iter().find(|p| p.intervention == "levy" && p.threat == "a").unwrap();
    assert_eq!((stated.sign, stated.statements.as_slice()), ("stated", &["levy/externalities/0".to_owned()][..]));
    let why: Vec<_> = found.unmatched.iter().map(|u| u.why.as_str()).collect();
    assert!(why.iter().any(|w| w.contains("did you mean `levy`")) && why.iter().any(|w| w.starts_with("no harm found there")), "{why:?}");
}

#[test]
fn nothing_without_a_number_is_called_low() {
    let found = run(&document());
    let states: Vec<_> = found.assessed.iter().map(|a| (a.intervention.as_str(), a.state)).collect();
    assert_eq!(states, [("levy", AssessedState::Assessed), ("aid", AssessedState::Assessed), ("talk", AssessedState::NotAssessed)]);
    assert_eq!(found.assessed[2].why, "no effect or externality has a number; 1 worsening is declared without a number");
    let table: Vec<_> = found.prompts.iter().filter(|p| p.intervention == "talk" && p.source == PromptSource::TableIii).collect();
    assert_eq!(
        table.iter().map(|p| (p.id.as_str(), p.to)).collect::<Vec<_>>(),
        [("X03", crate::framework::Component::Community), ("X04", crate::framework::Component::Personal)]
    );
}
