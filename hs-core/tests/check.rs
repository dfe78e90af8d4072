//! What `check` finds in small assessments.
// helpers of tests fail as the tests do
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use hs_core::Assessment;
use hs_core::assessment::{CheckResult, Node};
use serde_json::{Value, json};

fn check(mut parts: Value) -> CheckResult {
    for (field, value) in [("schema", "human-security/1"), ("id", "a"), ("title", "A")] {
        parts[field] = json!(value);
    }
    Assessment::from_document(Node::from(parts), &Default::default()).unwrap().check().unwrap()
}

/// The findings on one subject and id.
fn of<'a>(result: &'a CheckResult, subject: &str, id: &str) -> Vec<&'a str> {
    let rows = result.findings.iter().filter(|row| row.subject == subject && row.id.as_deref() == Some(id));
    rows.map(|row| row.finding.as_str()).collect()
}

#[test]
fn an_empty_assessment_lacks_everything() {
    let result = check(json!({}));
    let components: Vec<&str> =
        result.findings.iter().filter(|row| row.subject == "component").filter_map(|row| row.id.as_deref()).collect();
    assert_eq!(components, ["economic", "food", "health", "environmental", "personal", "community", "political"]);
    assert_eq!(result.statements.statements, 0);
    let whole: Vec<&str> = result.findings.iter().filter(|row| row.id.is_none()).map(|row| row.finding.as_str()).collect();
    assert!(
        whole.contains(&"No place is named.") && whole.contains(&"No intervention is named.") && whole.contains(&"Nothing is stated yet.")
    );
}

#[test]
fn a_thin_assessment() {
    let result = check(json!({
        "places": [{"id": "p", "name": "Plain", "level": "district"}, {"id": "q", "name": "Quay", "level": "district"}],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}, {"id": "elderly", "name": "The elderly"}],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "populations": [{"place": "p", "persons": 100, "basis": "measured"}, {"place": "p", "group": "women", "persons": 60},
                        {"place": "p", "group": "men", "persons": 50}, {"place": "q", "group": "men", "persons": 50}],
        "threats": [{"id": "hunger", "name": "Hunger", "component": "food", "also": ["health"], "basis": "stated"},
                    {"id": "war", "name": "War", "component": "personal", "basis": "inferred"}, {"id": "flood", "name": "Flood", "component": "environmental"}],
        "conditions": [{"threat": "hunger", "place": "p", "prevalence": 0.2, "kind": "perception", "confidence": 0.4, "group": "women"}],
        "linkages": [{"id": "l", "from": "war", "to": "hunger", "effect": "feeds"},
                     {"id": "m", "from": "hunger", "to": "war", "effect": "dampens", "weight": 0.5, "reach": "neighbours", "confidence": 0.2}],
        "interventions": [
            {"id": "aid", "name": "Aid", "component": "food", "requires": ["patrol"], "actors": ["state"], "externalities": [{"component": "economic", "outcome": "better"}]},
            {"id": "patrol", "name": "Patrol", "component": "personal", "excludes": ["aid"], "horizon": "short", "pillar": "protection",
             "effects": [{"threat": "war", "change": 0.1}]}],
        "actors": [{"id": "state", "name": "The state", "kind": "state", "protects_from": ["hunger"], "threatens": ["war"]}, {"id": "idle", "name": "Idle", "kind": "other"}],
        "responsibilities": [{"actor": "state", "intervention": "aid", "role": "consulted"}],
        "indicators": [{"id": "i", "name": "Index", "component": "food"}]
    }));
    assert_eq!(of(&result, "component", "health"), ["No threat belongs to health security; one of another component touches it."]);
    assert!(of(&result, "component", "food").is_empty());
    assert_eq!(of(&result, "threat", "war"), ["Nothing says how bad “War” is, in any place."]);
    assert_eq!(
        of(&result, "threat", "hunger"),
        [
            "How widespread “Hunger” is stands there, how severe it is does not.",
            "How bad it is rests on perceptions alone.",
            "1 condition of it is given with a confidence below 0.5."
        ]
    );
    assert_eq!(of(&result, "threat", "flood").len(), 2);
    assert_eq!(of(&result, "linkage", "l"), ["That “war” feeds “hunger” has no number."]);
    assert_eq!(of(&result, "linkage", "m").len(), 2);
    assert_eq!(of(&result, "indicator", "i").len(), 2);
    assert_eq!(of(&result, "place", "p"), ["In Plain, the groups of “gender” add up to 110 persons, the whole population is 100."]);
    assert_eq!(
        of(&result, "place", "q"),
        ["How many people live in Quay is not said.", "Of the 2 groups of “gender”, one has a population in Quay."]
    );
    assert!(of(&result, "group", "women").is_empty());
    assert_eq!(of(&result, "group", "men"), ["“Men” are counted in 2 places, but nothing is said of how they live."]);
    assert!(of(&result, "group", "elderly")[0].starts_with("There is no data on “The elderly”"));
    let aid = of(&result, "intervention", "aid");
    for part in [
        "its own target",
        "Only good side effects",
        "no number",
        "When “Aid”",
        "protects people or empowers",
        "which excludes it",
        "Nobody is responsible",
        "Nobody answers",
    ] {
        assert!(aid.iter().any(|finding| finding.contains(part)), "{part}: {aid:?}");
    }
    let patrol = of(&result, "intervention", "patrol");
    assert_eq!(patrol, ["No effect of “Patrol” beyond its target is declared.", "Nobody is named who carries out “Patrol”."]);
    assert_eq!(of(&result, "actor", "state"), ["The state is a source of threat and also protects from threats."]);
    assert_eq!(of(&result, "actor", "idle").len(), 1);
    let counts = result.statements;
    assert_eq!((counts.statements, counts.stated, counts.inferred, counts.measured, counts.unsaid), (17, 1, 1, 1, 14));
    assert_eq!(of(&result, "basis", "stated"), ["1 of 17 statements (6 %) are stated in their source."]);
    assert_eq!(of(&result, "evidence", "threats"), ["None of the 3 threats names a source."]);
}

#[test]
fn the_table_has_its_four_columns() {
    let outcome = check(json!({})).outcome().unwrap();
    let (name, table) = &outcome.tables[0];
    assert_eq!((outcome.analysis, *name, table.columns()), ("check", "findings", vec!["subject", "id", "finding", "advice"]));
    assert_eq!(outcome.facts["statements"], 0);
}
