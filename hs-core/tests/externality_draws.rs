//! Externalities over draws: intervals, chances, packages, dividers, borders, models that start from given states, and laws.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use hs_core::analyses::responses::{Externalities, ExternalitiesResult, Horizons, Ranges};
use hs_core::propagation::{DebtRank, IndependentCascade, Linear};
use hs_core::tables::{Outcome, Table};
use hs_core::{Assessment, ErrorKind};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "schema": "human-security/1", "id": "t", "title": "Two threats",
        "places": [{"id": "p", "name": "P", "level": "district", "parent": "n"}, {"id": "n", "name": "N", "level": "national"},
                   {"id": "m", "name": "M", "level": "national"}, {"id": "q", "name": "Q", "level": "local", "parent": "m"}],
        "threats": [
            {"id": "a", "name": "A", "component": "economic"},
            {"id": "b", "name": "B", "component": "personal"}
        ],
        "conditions": [
            {"threat": "a", "place": "p", "severity": 0.5, "severity_range": [0.4, 0.6]},
            {"threat": "b", "place": "p", "severity": 0.4}
        ],
        "linkages": [{"id": "l", "from": "a", "to": "b", "effect": "feeds", "weight": 0.4, "range": [0.2, 0.5]}],
        "interventions": [
            {"id": "aid", "name": "Aid", "component": "economic", "effects": [{"threat": "a", "change": 0.2, "range": [0.1, 0.3], "likelihood": 0.8}],
             "externalities": [{"threat": "b", "outcome": "worse", "change": 0.1, "likelihood": 0.5}]},
            {"id": "road", "name": "Road", "component": "economic", "effects": [{"threat": "a", "outcome": "worse", "change": 0.1, "range": [0.05, 0.2], "likelihood": 0.5}]}
        ]
    })
}

fn run(document: &Value, settings: &Externalities) -> ExternalitiesResult {
    settings.run(&Assessment::from_json(&document.to_string()).unwrap()).unwrap()
}

fn outcome(document: &Value, settings: &Externalities) -> Outcome {
    run(document, settings).outcome().unwrap()
}

/// The row with these words.
fn row(table: &Table, words: &[(&str, &str)]) -> usize {
    let holds = |row: usize| words.iter().all(|(c, w)| table.text(c).unwrap()[row] == Some(w));
    (0..table.rows()).find(|row| holds(*row)).unwrap()
}

fn number(table: &Table, column: &str, words: &[(&str, &str)]) -> f64 {
    table.number(column).unwrap()[row(table, words)].unwrap()
}

#[test]
fn intervals_carry_what_they_are_told_to() {
    let width = |ranges| {
        let settings = Externalities { ranges, draws: 400, ..Default::default() };
        let outcome = outcome(&document(), &settings);
        let effects = outcome.table("effects").unwrap();
        let of = [("intervention", "aid"), ("threat", "b"), ("route", "propagated"), ("outcome", "better")];
        let (lower, change, upper) = (number(effects, "lower", &of), number(effects, "change", &of), number(effects, "upper", &of));
        assert!(lower < change && change < upper && upper <= 0.0, "{lower} {change} {upper}");
        (upper - lower, change)
    };
    let (all, effects) = (width(Ranges::All), width(Ranges::Effects));
    assert_eq!(all.1, effects.1, "the expectation leaves linkages at their values");
    assert!((all.0 - effects.0).abs() > 1e-4);
    let settings = Externalities { draws: 400, ..Default::default() };
    let outcome = outcome(&document(), &settings);
    let harms = outcome.table("harms").unwrap();
    let of = [("intervention", "aid"), ("threat", "b")];
    let [p, low, high] = ["probability", "probability_lower", "probability_upper"].map(|column| number(harms, column, &of));
    assert!(low < p && p < high && (p - 0.5).abs() < 0.1, "{low} {p} {high}");
    assert!(outcome.notes.iter().any(|n| n.code == "drawn-worlds"));
}

#[test]
fn a_package_is_cut_and_told_as_one() {
    let packages = [("both".to_owned(), vec!["aid".to_owned(), "road".to_owned()])].into();
    let settings = Externalities { packages, draws: 50, ..Default::default() };
    let outcome = outcome(&document(), &settings);
    assert_eq!((outcome.facts["interventions"].clone(), outcome.facts["packages"].clone()), (json!(2), json!(1)));
    let effects = outcome.table("effects").unwrap();
    let of = |i, side| number(effects, "change", &[("intervention", i), ("threat", "a"), ("outcome", side), ("route", "direct")]);
    assert_eq!(of("both", "better"), of("aid", "better"), "the same draws for every option");
    assert_eq!(of("both", "worse"), of("road", "worse"));
}

#[test]
fn packages_that_make_no_sense_are_refused() {
    let mut exclusive = document();
    exclusive["interventions"][0]["excludes"] = json!(["road"]);
    exclusive["interventions"][1]["requires"] = json!(["aid"]);
    let assessment = Assessment::from_json(&exclusive.to_string()).unwrap();
    for (name, ids, kind) in [
        ("aid", vec!["road"], ErrorKind::Argument),
        ("x", vec!["aid", "road"], ErrorKind::Argument),
        ("x", vec!["aid", "aid"], ErrorKind::Argument),
        ("x", vec![], ErrorKind::Argument),
        ("x", vec!["roads"], ErrorKind::NotFound),
    ] {
        let packages = [(name.to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())].into();
        assert_eq!(Externalities { packages, ..Default::default() }.run(&assessment).unwrap_err().kind, kind, "{name} {ids:?}");
    }
    let packages = [("x".to_owned(), vec!["road".to_owned()])].into();
    let result = Externalities { packages, draws: 20, ..Default::default() }.run(&assessment).unwrap();
    assert!(result.notes.iter().any(|n| n.code == "package-requires"));
}

#[test]
fn what_crosses_a_border_is_told() {
    let mut two = document();
    two["conditions"].as_array_mut().unwrap().push(json!({"threat": "b", "place": "q", "severity": 0.3}));
    two["linkages"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "x", "from": "a", "to": "b", "effect": "feeds", "weight": 0.3, "reach": "neighbours"}));
    two["places"][0]["neighbours"] = json!([{"place": "q"}]);
    two["interventions"].as_array_mut().unwrap().truncate(1);
    two["interventions"][0]["externalities"] = json!([]);
    two["interventions"][0]["effects"][0]["place"] = json!("p");
    let outcome = outcome(&two, &Externalities { draws: 50, ..Default::default() });
    let spill = outcome.table("spill_overs").unwrap();
    let at = row(spill, &[("intervention", "aid"), ("from", "p"), ("to", "q")]);
    assert_eq!(spill.cell(at, 3), json!(true), "p lies in n and q in m");
    assert!(spill.number("better").unwrap()[at].unwrap() < 0.0 && spill.number("worse").unwrap()[at] == Some(0.0));
    assert!(spill.number("better_lower").unwrap()[at].unwrap() < spill.number("better_upper").unwrap()[at].unwrap());
}

#[test]
fn models_from_given_states_move_the_chance_of_starting() {
    let mut plain = document();
    plain["interventions"] = json!([{"id": "aid", "name": "Aid", "component": "economic", "effects": [{"threat": "a", "change": 0.2}]}]);
    let none = Externalities { ranges: Ranges::None, horizon: Horizons::All, ..Default::default() };
    let moved = |model: hs_core::propagation::Model, horizon: &str| {
        let outcome = outcome(&plain, &Externalities { model, ..none.clone() });
        let effects = outcome.table("effects").unwrap();
        number(effects, "change", &[("threat", "b"), ("horizon", horizon), ("route", "propagated")])
    };
    // distress of b is 0.4 + 0.4 x 0.5, and with less at a 0.4 + 0.4 x 0.3
    assert!((moved(DebtRank::default().into(), "rest") + 0.08).abs() < 1e-12);
    assert!((moved(DebtRank::default().into(), "short") + 0.08).abs() < 1e-12);
    // b stays off with 0.6 (1 - 0.4 x 0.5), and with less at a with 0.6 (1 - 0.4 x 0.3)
    let cascade = IndependentCascade { runs: 20_000, ..IndependentCascade::default() };
    assert!((moved(cascade.into(), "rest") + 0.048).abs() < 0.005, "{}", moved(cascade.into(), "rest"));
    plain["linkages"][0]["effect"] = json!("dampens");
    let assessment = Assessment::from_json(&plain.to_string()).unwrap();
    let error = Externalities { model: DebtRank::default().into(), ..none }.run(&assessment).unwrap_err();
    assert!(error.kind == ErrorKind::Argument && error.message.contains("dampening"), "{error}");
}

#[test]
fn the_eight_cases_run_and_read_sensibly() {
    for name in hs_core::examples::names() {
        let assessment = hs_core::examples::load(name).unwrap();
        let result = Externalities { draws: 100, ..Default::default() }.run(&assessment).unwrap();
        let outcome = result.outcome().unwrap();
        let effects = outcome.table("effects").unwrap();
        let [lower, upper] = ["lower", "upper"].map(|column| effects.number(column).unwrap());
        assert!(lower.iter().zip(&upper).all(|(low, high)| low.is_some() && low <= high), "{name}");
        let harms = outcome.table("harms").unwrap();
        let [p, low, high] = ["probability", "probability_lower", "probability_upper"].map(|column| harms.number(column).unwrap());
        assert!((0..harms.rows()).all(|r| p[r] >= Some(0.05) && low[r] <= p[r] && p[r] <= high[r]), "{name}");
        assert_eq!(outcome.table("components").unwrap().rows(), 49);
    }
}

#[test]
fn threads_do_not_matter() {
    let assessment = hs_core::examples::load("shan").unwrap();
    let settings = Externalities { draws: 24, ..Default::default() };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| settings.run(&assessment).unwrap().outcome().unwrap().to_json().to_string())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_stop_is_heard_among_the_draws() {
    let assessment = hs_core::examples::load("shan").unwrap();
    for after in [3, 40] {
        let calls = std::cell::Cell::new(0);
        let tick = |_: u64| {
            calls.set(calls.get() + 1);
            calls.get() < after
        };
        assert_eq!(Externalities::default().run_with(&assessment, &tick).unwrap_err().kind, ErrorKind::Cancelled);
    }
}

#[test]
fn another_intervention_beside_it_changes_no_figure() {
    let assessment = hs_core::examples::load("shan").unwrap();
    let settings = Externalities { draws: 16, ..Default::default() };
    let rows = |ids: Option<Vec<String>>| {
        let result = Externalities { interventions: ids, ..settings.clone() }.run(&assessment).unwrap();
        let of = result.interventions.iter().find(|i| i.id == "irrigation").unwrap().clone();
        let row = |c: &hs_core::analyses::responses::CellEffect| {
            let spread = of.spread(c).unwrap();
            (result.nodes[c.position].name.to_string(), c.net.map(f64::to_bits), spread.worse, spread.better, spread.probability.to_bits())
        };
        let mut rows: Vec<_> = of.cells.iter().map(row).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    };
    let alone = rows(Some(vec!["irrigation".into()]));
    let among = rows(None);
    assert!(alone.iter().all(|row| among.contains(row)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Under Linear the halves of an effect add up to the whole, in every cell.
    #[test]
    fn halves_add_up_under_linear(weight in 0.0..0.8f64, xa in 0.2..1.0f64, xb in 0.2..1.0f64, change in 0.0..0.2f64, worse: bool) {
        let outcome = if worse { "worse" } else { "better" };
        let with = |effects: Value| {
            let mut document = document();
            document["conditions"][0]["severity"] = json!(xa);
            document["conditions"][1]["severity"] = json!(xb);
            document["conditions"][0].as_object_mut().unwrap().remove("severity_range");
            document["linkages"][0] = json!({"id": "l", "from": "a", "to": "b", "effect": "feeds", "weight": weight});
            document["interventions"] = json!([{"id": "i", "name": "I", "component": "food", "effects": effects}]);
            run(&document, &Externalities { model: Linear::default().into(), ..Default::default() })
        };
        let whole = with(json!([{"threat": "a", "outcome": outcome, "change": change}]));
        let half = json!({"threat": "a", "outcome": outcome, "change": change / 2.0});
        let (halves, one) = (with(json!([half, half])), with(json!([half])));
        for ((whole, halves), one) in whole.interventions[0].cells.iter().zip(&halves.interventions[0].cells).zip(&one.interventions[0].cells) {
            prop_assert!((whole.net.unwrap() - halves.net.unwrap()).abs() < 1e-9);
            let room = if worse { 1.0 - xa } else { xa };
            if change <= room && xb + one.net.unwrap() * 2.0 < 1.0 {
                prop_assert!((whole.net.unwrap() - 2.0 * one.net.unwrap()).abs() < 1e-9);
            }
        }
    }

    /// An improvement beside a worsening takes nothing from the chance of harm or from what worsens.
    #[test]
    fn better_never_hides_worse(change in 0.02..0.3f64, better in 0.0..0.5f64, likelihood in 0.06..1.0f64) {
        let with = |effects: Value| {
            let mut document = document();
            document["interventions"] = json!([{"id": "i", "name": "I", "component": "food", "effects": effects}]);
            run(&document, &Externalities { ranges: Ranges::Effects, ..Default::default() })
        };
        let harm = json!({"threat": "a", "outcome": "worse", "change": change, "likelihood": likelihood});
        let (alone, beside) = (with(json!([harm])), with(json!([harm, {"threat": "a", "change": better}, {"threat": "b", "change": better}])));
        let [alone, beside] = [&alone.interventions[0], &beside.interventions[0]];
        for (a, b) in alone.cells.iter().zip(&beside.cells) {
            prop_assert_eq!(a.worse, b.worse);
            let (a, b) = (alone.spread(a).unwrap(), beside.spread(b).unwrap());
            prop_assert!(b.probability >= a.probability - 1e-12);
            prop_assert_eq!(a.worse, b.worse);
        }
    }

    /// What has no effect moves nothing, and has intervals of nothing.
    #[test]
    fn no_effect_has_no_spread(likelihood in 0.0..1.0f64) {
        let mut document = document();
        document["interventions"] = json!([{"id": "i", "name": "I", "component": "food", "effects": [{"threat": "a", "change": 0.0, "likelihood": likelihood}]}]);
        let result = run(&document, &Externalities { draws: 10, ..Default::default() });
        for cell in &result.interventions[0].cells {
            let spread = result.interventions[0].spread(cell).unwrap();
            prop_assert!(cell.net == Some(0.0) && spread.worse == [0.0; 2] && spread.better == [0.0; 2] && spread.probability == 0.0);
        }
    }
}
