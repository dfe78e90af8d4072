//! The parts of a portfolio that no case file shows.

use serde_json::{Value, json};

use super::*;
use crate::ErrorKind;

fn assessment(interventions: Value, linkages: Value) -> Assessment {
    let document = json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "A", "name": "A", "level": "district"}, {"id": "B", "name": "B", "level": "district"}],
        "populations": [{"place": "A", "persons": 1000}, {"place": "B", "persons": 500}],
        "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "hunger", "name": "Hunger", "component": "food"}],
        "actors": [{"id": "state", "name": "State", "kind": "state"}],
        "conditions": [
            {"threat": "war", "place": "A", "severity": 0.6, "prevalence": 0.4},
            {"threat": "hunger", "place": "A", "severity": 0.5, "prevalence": 0.3},
            {"threat": "war", "place": "B", "severity": 0.4, "prevalence": 0.2},
            {"threat": "hunger", "place": "B", "severity": 0.7, "prevalence": 0.6}],
        "linkages": linkages, "interventions": interventions
    });
    serde_json::from_str(&document.to_string()).unwrap()
}

fn effect(threat: &str, place: &str, change: f64, worse: bool) -> Value {
    json!({"threat": threat, "place": place, "change": change, "outcome": if worse { "worse" } else { "better" }})
}

fn intervention(id: &str, cost: f64, pillar: &str, effects: Vec<Value>) -> Value {
    json!({"id": id, "name": id, "component": "personal", "cost": cost, "pillar": pillar, "effects": effects})
}

fn four() -> Assessment {
    let all = json!([
        intervention("patrol", 10.0, "protection", vec![effect("war", "A", 0.2, false)]),
        intervention("market", 10.0, "empowerment", vec![effect("hunger", "A", 0.1, false)]),
        intervention("school", 5.0, "empowerment", vec![effect("hunger", "B", 0.3, false)]),
        intervention("raid", 1.0, "protection", vec![effect("war", "B", 0.35, false), effect("hunger", "A", 0.1, true)]),
    ]);
    assessment(all, json!([]))
}

fn ids(result: &PortfolioResult) -> Vec<&str> {
    result.interventions.iter().filter(|i| i.chosen).map(|i| i.intervention.as_str()).collect()
}

#[test]
fn a_small_choice_by_hand() {
    for model in [Model::default(), Model::Linear(Default::default())] {
        let settings = Portfolio { budget: Some(20.0), model, ..Portfolio::default() };
        let found = settings.run(&four()).unwrap();
        // patrol 200 (10), market 100 (10), school 150 (5), raid 175 (1) but hunger in A worse by 0.1: only beside market it harms nobody
        // patrol + school = 350 for 15; market + school + raid = 425 for 16, net hunger in A = 0
        assert_eq!(ids(&found), ["market", "school", "raid"]);
        assert!((found.objective - 425.0).abs() < 1e-6, "{}", found.objective);
        assert_eq!(found.status, PortfolioStatus::Optimal);
        assert!(found.gap.unwrap() < 1e-6 && found.bound.unwrap() >= found.objective);
        let gross = HarmSettings { harm: HarmCounted::Gross, ..HarmSettings::default() };
        let found = Portfolio { do_no_harm: DoNoHarm::Rule(gross), ..settings.clone() }.run(&four()).unwrap();
        assert_eq!(ids(&found), ["patrol", "school"]);
        let found = Portfolio { do_no_harm: DoNoHarm::Asked(false), ..settings }.run(&four()).unwrap();
        assert_eq!(ids(&found), ["patrol", "school", "raid"]);
        assert!((found.objective - 525.0).abs() < 1e-6);
    }
}

#[test]
fn what_conflicts_is_said() {
    let settings = Portfolio { budget: Some(4.0), fixed: vec!["patrol".into()], most: Some(3), ..Portfolio::default() };
    let error = settings.run(&four()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Argument);
    let pointers: Vec<&str> = error.problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/fixed", "/budget"]);
    assert!(error.problems.iter().all(|p| p.mend.is_some()));
    let settings = Portfolio { fixed: vec!["raid".into()], forbidden: vec!["market".into()], ..Portfolio::default() };
    for model in [Model::default(), Model::Linear(Default::default())] {
        let error = Portfolio { model, ..settings.clone() }.run(&four()).unwrap_err();
        assert!(error.problems.iter().any(|p| p.pointer == "/do_no_harm"), "{error}");
    }
}
