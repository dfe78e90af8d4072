//! The matrix: laws, suppression over every margin, the embedded cases; answers on arrays of what people have.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::situation::{Explain, Inequality, Matrix, MatrixResult};
use hs_core::{Assessment, examples};
use serde_json::{Value, json};

fn loaded(document: &Value) -> Assessment {
    Assessment::from_json(&document.to_string()).unwrap()
}

fn valley() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/matrix/two_villages.json");
    serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap()["inputs"]["assessment"].clone()
}

fn cell<'a>(found: &'a MatrixResult, component: &str, place: &str, value: Option<&str>) -> &'a hs_core::analyses::situation::MatrixCell {
    found.cells.iter().find(|c| c.component.word() == component && c.place == place && c.value.as_deref() == value).unwrap()
}

#[test]
fn a_cell_shows_its_worst_threat_and_never_a_sum() {
    let found = Matrix { thin: 1, ..Matrix::default() }.run(&loaded(&valley())).unwrap();
    let food = cell(&found, "food", "hill", None);
    assert!((food.severity.unwrap() - 0.52).abs() < 1e-12 && (food.prevalence.unwrap() - 0.4).abs() < 1e-12);
    assert_eq!((food.worst.as_deref(), food.state), (Some("hunger"), "value"));
    assert_eq!((food.persons, food.persons_low.map(f64::round), food.persons_high.map(f64::round)), (None, Some(160.0), Some(320.0)));
    assert!((food.capacity.unwrap() - 0.6).abs() < 1e-12);
    let women = cell(&found, "food", "hill", Some("female"));
    assert_eq!((women.severity, women.persons, women.groups.as_slice()), (Some(0.6), Some(120.0), ["women".to_owned()].as_slice()));
    // nobody spoke of health: empty, never 0
    let health = cell(&found, "health", "hill", None);
    assert_eq!((health.state, health.severity, health.persons), ("empty", None, None));
    // no group has an age
    assert!(found.cells.iter().any(|c| c.dimension == "age" && c.state == "not-applicable"));
    let up = found.roll_up.iter().find(|r| r.component.word() == "food" && r.level.word() == "local" && r.dimension == "all").unwrap();
    assert!((up.severity.unwrap() - (0.52 * 400.0 + 0.3 * 600.0) / 1000.0).abs() < 1e-12 && up.coverage == Some(1.0));
}

#[test]
fn what_is_thin_says_so() {
    let found = Matrix::default().run(&loaded(&valley())).unwrap();
    assert_eq!(cell(&found, "personal", "hill", None).state, "thin");
}

#[test]
fn need_comes_first_and_what_drops_out_stays() {
    let found = Matrix::default().run(&loaded(&valley())).unwrap();
    let first = &found.priorities[0];
    assert_eq!((first.threat.as_str(), first.feasibility, first.dropped, first.rank_feasible), ("raids", "none", true, None));
    assert!(found.priorities.iter().filter(|p| p.dropped).all(|p| !p.why.is_empty()));
}

#[test]
fn order_of_rows_and_names_do_not_matter() {
    let document = valley();
    let plain = Matrix::default().run(&loaded(&document)).unwrap();
    let mut turned = document.clone();
    for array in ["conditions", "threats", "capacities", "populations", "interventions"] {
        turned[array].as_array_mut().unwrap().reverse();
    }
    let again = Matrix::default().run(&loaded(&turned)).unwrap();
    assert_eq!(plain.cells, again.cells);
    assert_eq!(plain.priorities, again.priorities);
    let renamed = loaded(&serde_json::from_str(&document.to_string().replace("\"hunger\"", "\"zz-hunger\"")).unwrap());
    let renamed = Matrix::default().run(&renamed).unwrap();
    let figures = |found: &MatrixResult| found.cells.iter().map(|c| (c.severity, c.prevalence, c.state, c.persons_low)).collect::<Vec<_>>();
    assert_eq!(figures(&plain), figures(&renamed));
}

#[test]
fn a_small_sample_cannot_be_worked_out_from_its_margins() {
    let mut document = valley();
    document["indicators"] = json!([{"id": "cases", "name": "Cases", "threat": "fever", "component": "health", "better": "lower", "phases": [0.2, 0.4, 0.6, 0.8], "minimum": 0.0, "maximum": 1.0}]);
    document["threats"].as_array_mut().unwrap().push(json!({"id": "fever", "name": "Fever", "component": "health"}));
    let seen = |group: Option<&str>, value: f64, n: u64| json!({"indicator": "cases", "place": "hill", "group": group, "period": "2008", "value": value, "n": n});
    document["observations"] = json!([seen(None, 0.5, 200), seen(Some("women"), 0.4, 190), seen(Some("men"), 0.7, 10)]);
    let found = Matrix { dimensions: Some(vec!["gender".into()]), ..Matrix::default() }.run(&loaded(&document)).unwrap();
    let men = cell(&found, "health", "hill", Some("male"));
    assert_eq!((men.state, men.severity, men.n), ("suppressed", None, None));
    // with everyone and the women shown, the men could be had by subtraction
    let shown = [None, Some("female")].iter().filter(|v| cell(&found, "health", "hill", **v).severity.is_some()).count();
    assert!(shown <= 1, "{shown} of the other two are shown");
    assert!(found.suppressed >= 2 && found.notes.iter().any(|n| n.code == "suppressed"));
    let table = found.outcome().unwrap().table("cells").unwrap().to_json();
    for row in table.as_array().unwrap().iter().filter(|r| r["state"] == "suppressed") {
        assert!(row["severity"].is_null() && row["persons"].is_null() && row["n"].is_null());
    }
    let open = Matrix { min_n: 0, ..Matrix::default() }.run(&loaded(&document)).unwrap();
    assert_eq!(cell(&open, "health", "hill", Some("male")).n, Some(10));
}

#[test]
fn every_embedded_situation_fills_a_matrix_and_explains_its_cells() {
    for name in examples::names().iter().copied().chain(["demo"]) {
        let assessment = examples::load(name).unwrap();
        let found = Matrix::default().run(&assessment).unwrap();
        assert!(found.cells.iter().any(|c| c.severity.is_some()), "{name}");
        assert!(found.cells.iter().all(|c| c.state != "empty" || (c.severity.is_none() && c.persons_high.is_none())), "{name}");
        found.outcome().unwrap();
        for u in &found.inequality {
            let [total, within, between] = u.theil.unwrap_or_default();
            assert!((within + between - total).abs() < 1e-12, "{name}");
        }
        for condition in assessment.conditions.iter().take(5) {
            let explained = Explain {
                threat: condition.threat.clone(),
                place: Some(condition.place.clone()),
                group: condition.group.clone(),
                ..Explain::default()
            };
            let explained = explained.run(&assessment).unwrap();
            assert!(explained.evidence.iter().any(|e| e.used), "{name}");
            explained.outcome().unwrap();
        }
    }
}

#[test]
fn what_is_not_there_is_met_with_the_nearest() {
    let assessment = loaded(&valley());
    let error = Explain { threat: "hungr".into(), ..Explain::default() }.run(&assessment).unwrap_err();
    assert!(error.message.contains("`hunger`"), "{}", error.message);
    assert!(Matrix { severity: 2.0, ..Matrix::default() }.run(&assessment).is_err());
    assert!(Inequality::default().run(&[-1.0], None, None).is_err());
}

#[test]
fn answers_on_inequality_are_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/inequality");
    for file in std::fs::read_dir(folder).unwrap() {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        let list = |name: &str| -> Option<Vec<f64>> {
            Some(case["inputs"][name].as_array()?.iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect())
        };
        let groups: Option<Vec<String>> =
            case["inputs"]["groups"].as_array().map(|g| g.iter().map(|v| v.as_str().unwrap().to_owned()).collect());
        let settings: Inequality = hs_core::settings_from_json(&case["inputs"]["settings"].to_string()).unwrap();
        let found = settings.run(&list("values").unwrap(), list("weights").as_deref(), groups.as_deref()).unwrap().outcome().unwrap();
        for (name, wanted) in case["expected"]["facts"].as_object().unwrap() {
            let close =
                found.facts[name].as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= case["tolerance"].as_f64().unwrap());
            assert!(close || found.facts[name] == *wanted, "{name} is {}, wanted {wanted}", found.facts[name]);
        }
    }
}
