//! Externalities: the example worked by hand on the methods page, and laws.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use hs_core::Assessment;
use hs_core::analyses::responses::{CellEffect, Externalities, ExternalitiesResult, Horizons, Ranges};
use hs_core::tables::{Outcome, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "schema": "human-security/1", "id": "t", "title": "Two threats",
        "places": [{"id": "p", "name": "P", "level": "district"}],
        "threats": [
            {"id": "a", "name": "A", "component": "economic"},
            {"id": "b", "name": "B", "component": "personal"}
        ],
        "populations": [{"place": "p", "persons": 1000.0}],
        "conditions": [
            {"threat": "a", "place": "p", "severity": 0.5, "prevalence": 0.4},
            {"threat": "b", "place": "p", "severity": 0.4, "prevalence": 0.2}
        ],
        "linkages": [{"id": "l", "from": "a", "to": "b", "effect": "feeds", "weight": 0.4}],
        "interventions": [{
            "id": "aid", "name": "Aid", "component": "economic",
            "effects": [{"threat": "a", "change": 0.2}],
            "externalities": [{"threat": "b", "outcome": "worse", "change": 0.1, "likelihood": 0.5}]
        }]
    })
}

fn run(document: &Value, settings: &Externalities) -> ExternalitiesResult {
    settings.run(&Assessment::from_json(&document.to_string()).unwrap()).unwrap()
}

fn outcome(document: &Value) -> Outcome {
    run(document, &Externalities::default()).outcome().unwrap()
}

/// The change of the first row with these words.
fn change(table: &Table, words: &[(&str, &str)]) -> Option<f64> {
    let row = (0..table.rows()).find(|&row| words.iter().all(|(c, w)| table.text(c).unwrap()[row] == Some(w)))?;
    table.number("change").unwrap()[row]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn example_of_the_methods_page() {
    let outcome = outcome(&document());
    let effects = outcome.table("effects").unwrap();
    let at = |threat, route, sign| change(effects, &[("threat", threat), ("route", route), ("outcome", sign)]);
    assert!(close(at("a", "direct", "better").unwrap(), -0.2));
    assert!(close(at("b", "propagated", "better").unwrap(), -0.06));
    assert!(close(at("b", "declared", "worse").unwrap(), 0.05));
    assert_eq!(at("b", "propagated", "worse"), None);
    let harms = outcome.table("harms").unwrap();
    assert_eq!(harms.rows(), 1);
    assert!(close(change(harms, &[("threat", "b")]).unwrap(), 0.05));
    assert!(close(harms.number("net").unwrap()[0].unwrap(), -0.01));
    assert_eq!(harms.number("persons").unwrap(), vec![Some(200.0)]);
    // the one uncertain effect is enumerated: it happens or not, and the chance is known
    for column in ["probability", "probability_lower", "probability_upper"] {
        assert_eq!(harms.number(column).unwrap(), vec![Some(0.5)], "{column}");
    }
    assert!(close(harms.number("lower").unwrap()[0].unwrap(), 0.0) && close(harms.number("upper").unwrap()[0].unwrap(), 0.1));
    let row = (0..effects.rows()).find(|&r| effects.text("route").unwrap()[r] == Some("declared")).unwrap();
    assert_eq!((effects.number("lower").unwrap()[row], effects.number("upper").unwrap()[row]), (Some(0.0), Some(0.1)));
    let none = Externalities { ranges: Ranges::None, ..Default::default() };
    let point = run(&document(), &none).outcome().unwrap();
    assert_eq!(point.table("harms").unwrap().number("probability").unwrap(), vec![None]);
    assert!(point.notes.iter().any(|n| n.code == "point-run"));
}

#[test]
fn seven_by_seven_keeps_no_claim_apart_from_nothing_found() {
    let outcome = outcome(&document());
    let table = outcome.table("components").unwrap();
    assert_eq!(table.rows(), 49);
    let word = |from: &str, to: &str, column: &str| {
        let at = |r: usize| table.text("from").unwrap()[r] == Some(from) && table.text("to").unwrap()[r] == Some(to);
        table.text(column).unwrap()[(0..49).find(|&r| at(r)).unwrap()].unwrap().to_owned()
    };
    assert_eq!(word("economic", "personal", "handbook"), "worse");
    assert_eq!(word("economic", "personal", "declared"), "worse");
    assert_eq!(word("economic", "personal", "network"), "better");
    assert_eq!(word("economic", "health", "handbook"), "no claim");
    assert_eq!(word("economic", "health", "network"), "not assessed");
    assert_eq!(word("economic", "economic", "network"), "no effect found");
    assert_eq!(word("food", "political", "handbook"), "both");
    assert_eq!(word("food", "economic", "declared"), "not assessed");
}

#[test]
fn a_claim_without_a_number_is_listed_and_moves_nothing() {
    let mut document = document();
    document["interventions"][0]["externalities"] = json!([{"component": "political", "outcome": "worse", "evidence": "said so"}]);
    let outcome = outcome(&document);
    assert_eq!(outcome.table("claims").unwrap().rows(), 1);
    assert_eq!(outcome.table("harms").unwrap().rows(), 0);
}

#[test]
fn an_improvement_that_travels_along_a_dampening_link_is_a_harm() {
    let mut document = document();
    document["linkages"][0]["effect"] = json!("dampens");
    document["interventions"][0]["externalities"] = json!([]);
    let outcome = outcome(&document);
    let moved = change(outcome.table("effects").unwrap(), &[("threat", "b"), ("outcome", "better")]).unwrap();
    // b = 0.4/(1 - 0.4*0.5) = 0.5; with a at 0.3: 0.5 * (1 - 0.12) - 0.4
    assert!(close(moved, 0.04), "{moved}");
    assert_eq!(outcome.table("harms").unwrap().rows(), 1);
}

#[test]
fn improvements_are_cut_together_and_listed() {
    let mut document = document();
    document["interventions"][0]["effects"] = json!([{"threat": "a", "change": 0.6}, {"threat": "a", "change": 0.4}]);
    let outcome = outcome(&document);
    assert!(close(change(outcome.table("effects").unwrap(), &[("threat", "a"), ("route", "direct")]).unwrap(), -0.5));
    let cuts = outcome.table("cuts").unwrap();
    assert!(close(cuts.number("asked").unwrap()[0].unwrap(), 1.0) && close(cuts.number("realised").unwrap()[0].unwrap(), 0.5));
}

#[test]
fn a_lag_moves_the_effect_and_not_what_it_comes_to() {
    let mut document = document();
    document["linkages"][0]["lag"] = json!(3);
    document["interventions"][0]["externalities"] = json!([]);
    let outcome = run(&document, &Externalities { horizon: Horizons::All, ..Default::default() }).outcome().unwrap();
    let at = |horizon| change(outcome.table("effects").unwrap(), &[("threat", "b"), ("horizon", horizon)]).unwrap();
    assert_eq!(at("short"), 0.0);
    assert!(close(at("long"), -0.06) && close(at("rest"), -0.06));
}

#[test]
fn groups_of_a_partition_divide_and_the_whole_counts_by_share() {
    let mut document = document();
    document["groups"] = json!([{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}]);
    document["partitions"] = json!([{"id": "gender", "groups": ["women", "men"]}]);
    document["populations"] = json!([{"place": "p", "group": "women", "persons": 600.0}, {"place": "p", "group": "men", "persons": 400.0}]);
    document["interventions"][0]["externalities"] = json!([{"threat": "b", "group": "women", "outcome": "worse", "change": 0.2}]);
    document["linkages"] = json!([]);
    let whole = outcome(&document);
    assert!(close(change(whole.table("harms").unwrap(), &[("threat", "b")]).unwrap(), 0.12));
    let split = run(&document, &Externalities { groups: Some("gender".into()), ..Default::default() }).outcome().unwrap();
    let harms = split.table("harms").unwrap();
    assert_eq!(harms.rows(), 1);
    assert!(close(change(harms, &[("group", "women")]).unwrap(), 0.2));
    assert_eq!(harms.text("divider").unwrap(), vec![Some("unequal-harm")]);
    assert_eq!(harms.number("persons").unwrap(), vec![Some(120.0)]);
}

#[test]
fn bad_settings_and_unknown_ids_are_typed() {
    let assessment = Assessment::from_json(&document().to_string()).unwrap();
    let asked = Externalities { interventions: Some(vec!["aids".into()]), ..Default::default() };
    let error = asked.run(&assessment).unwrap_err();
    assert_eq!(error.kind, hs_core::ErrorKind::NotFound);
    assert!(error.message.contains("did you mean `aid`"), "{error}");
    for settings in [
        Externalities { harm: f64::NAN, ..Default::default() },
        Externalities { draws: 0, ..Default::default() },
        Externalities { phases: [0.2, 0.2, 0.6, 0.8], ..Default::default() },
    ] {
        assert_eq!(settings.run(&assessment).unwrap_err().kind, hs_core::ErrorKind::Argument);
    }
}

#[test]
fn stops_when_asked() {
    let assessment = Assessment::from_json(&document().to_string()).unwrap();
    let error = Externalities::default().run_with(&assessment, &|_| false).unwrap_err();
    assert_eq!(error.kind, hs_core::ErrorKind::Cancelled);
}

#[test]
fn the_same_draws_whatever_else_runs() {
    let assessment = hs_core::examples::load("shan").unwrap();
    let settings = Externalities { draws: 20, ..Default::default() };
    let all = settings.run(&assessment).unwrap();
    let one = Externalities { interventions: Some(vec!["irrigation".into()]), ..settings }.run(&assessment).unwrap();
    let among = all.interventions.iter().find(|i| i.id == "irrigation").unwrap();
    let known = |result: &ExternalitiesResult, cells: &[CellEffect]| {
        let mut known: Vec<_> = cells.iter().map(|c| (result.nodes[c.position].name.to_string(), c.net.map(f64::to_bits))).collect();
        known.sort();
        known
    };
    assert_eq!(known(&one, &one.interventions[0].cells), known(&all, &among.cells));
}

#[test]
fn eradication_feeds_the_risk_of_conflict() {
    let assessment = hs_core::examples::load("shan").unwrap();
    let asked = Externalities { interventions: Some(vec!["eradication-plan".into()]), draws: 100, ..Default::default() };
    let outcome = asked.run(&assessment).unwrap().outcome().unwrap();
    let harms = outcome.table("harms").unwrap();
    for threat in ["income-drop", "debt", "basic-needs", "resistance", "tension", "renewed-conflict"] {
        assert!(change(harms, &[("threat", threat)]).is_some_and(|c| c > 0.01), "{threat}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// An intervention without effects moves nothing; a worsening beside an improvement never touches it; severity stays within 0 and 1.
    #[test]
    fn laws(weight in 0.0..1.0f64, xa in 0.0..1.0f64, xb in 0.0..1.0f64, better in 0.0..1.0f64, worse in 0.0..1.0f64, dampens: bool) {
        let mut both = document();
        both["linkages"][0]["weight"] = json!(weight);
        both["linkages"][0]["effect"] = json!(if dampens { "dampens" } else { "feeds" });
        both["conditions"][0]["severity"] = json!(xa);
        both["conditions"][1]["severity"] = json!(xb);
        both["interventions"][0]["effects"] = json!([{"threat": "a", "change": better}]);
        both["interventions"][0]["externalities"] = json!([{"threat": "a", "outcome": "worse", "change": worse}]);
        let mut nothing = both.clone();
        nothing["interventions"][0]["effects"] = json!([]);
        nothing["interventions"][0]["externalities"] = json!([]);
        let mut only_better = both.clone();
        only_better["interventions"][0]["externalities"] = json!([]);
        let settings = Externalities::default();
        let still = run(&nothing, &settings);
        prop_assert!(still.interventions[0].cells.iter().all(|c| c.net == Some(0.0) && c.worse == Some(0.0) && c.better == Some(0.0)));
        let (all, part) = (run(&both, &settings), run(&only_better, &settings));
        for (a, b) in all.interventions[0].cells.iter().zip(&part.interventions[0].cells) {
            prop_assert_eq!(a.better, b.better);
            let end = all.baseline[a.position] + a.net.unwrap();
            prop_assert!((-1e-9..=1.0 + 1e-9).contains(&end));
        }
    }

    /// Neither the order of effects nor names matter.
    #[test]
    fn order_and_names_do_not_matter(first in 0.01..0.3f64, second in 0.01..0.3f64) {
        let mut one = document();
        one["interventions"][0]["effects"] = json!([{"threat": "a", "change": first}, {"threat": "b", "change": second}]);
        let mut two = one.clone();
        two["interventions"][0]["effects"].as_array_mut().unwrap().reverse();
        let renamed: Value = serde_json::from_str(&two.to_string().replace("\"a\"", "\"zz\"").replace("\"b\"", "\"yy\"")).unwrap();
        let nets = |document: &Value| -> Vec<f64> {
            run(document, &Externalities::default()).interventions[0].cells.iter().map(|c| c.net.unwrap()).collect()
        };
        for ((a, b), c) in nets(&one).iter().zip(nets(&two)).zip(nets(&renamed)) {
            prop_assert!(close(*a, b) && close(b, c));
        }
    }
}
