//! Laws of the matrix, of what stands behind a cell, and of inequality on arrays: what is kept back stays so, what is missing is not zero,
//! order and names move nothing, parts make the whole.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::situation::{Explain, Inequality, Matrix};
use hs_core::tables::Outcome;
use hs_core::{Assessment, examples};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(document: &Value) -> Assessment {
    Assessment::from_json(&document.to_string()).unwrap()
}

fn matrix(assessment: &Assessment) -> Outcome {
    Matrix { draws: 64, ..Matrix::default() }.run(assessment).unwrap().outcome().unwrap()
}

/// Every pair of a place (or all) and a group (or everyone).
fn asked() -> Vec<(Option<&'static str>, Option<&'static str>)> {
    let places = [None, Some("A"), Some("B")];
    places.into_iter().flat_map(|p| [None, Some("women"), Some("men")].map(|g| (p, g))).collect()
}

fn explain(assessment: &Assessment, settings: Explain) -> Outcome {
    settings.run(assessment).unwrap().outcome().unwrap()
}

fn rows(outcome: &Outcome, table: &str) -> Vec<Value> {
    outcome.table(table).unwrap().to_json().as_array().unwrap().clone()
}

/// A village in a district: an indicator of hunger, of everyone, women and men, with sample sizes.
fn sampled(women: u64, men: u64) -> Value {
    let sizes = [("A", None, women + men), ("A", Some("women"), women), ("A", Some("men"), men), ("B", None, 900)];
    let observations: Vec<Value> = sizes
        .iter()
        .map(|(place, group, n)| json!({"indicator": "score", "place": place, "group": group, "period": "2008", "value": 55, "standard_error": 2, "n": n}))
        .collect();
    json!({"schema": "human-security/1", "id": "s", "title": "S",
        "places": [{"id": "D", "name": "D", "level": "district"}, {"id": "A", "name": "A", "level": "local", "parent": "D"},
                   {"id": "B", "name": "B", "level": "local", "parent": "D"}],
        "groups": [{"id": "women", "name": "Women", "gender": "female"}, {"id": "men", "name": "Men", "gender": "male"}],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "populations": [{"place": "A", "persons": 1000}, {"place": "A", "group": "women", "persons": 520}, {"place": "A", "group": "men", "persons": 480},
                        {"place": "B", "persons": 3000}],
        "threats": [{"id": "hunger", "name": "Hunger", "component": "food"}],
        "indicators": [{"id": "score", "name": "Score", "threat": "hunger", "component": "food", "better": "lower", "minimum": 0, "maximum": 100,
                        "phases": [20, 40, 60, 80]}],
        "observations": observations})
}

#[test]
fn what_the_matrix_keeps_back_is_not_told_by_its_explanation() {
    let assessment = read(&sampled(10, 400));
    let result = matrix(&assessment);
    let women = |r: &&Value| r["place"] == "A" && r["component"] == "food" && r["value"] == "female";
    let cell = rows(&result, "matrix").iter().find(women).cloned().unwrap();
    assert_eq!((&cell["state"], &cell["severity"], &cell["n"]), (&json!("suppressed"), &Value::Null, &Value::Null));
    let told = explain(
        &assessment,
        Explain { threat: "hunger".into(), place: Some("A".into()), group: Some("women".into()), ..Explain::default() },
    );
    assert_eq!(told.facts["severity"], Value::Null, "a sample of 10");
    for row in rows(&told, "evidence") {
        assert!(row["value"].is_null() && row["severity"].is_null() && row["n"].is_null(), "{row}");
    }
    // nor by anyone else in the line: what the matrix hides of men and of everyone, the explanation hides too
    for group in [None, Some("men")] {
        let shown = rows(&result, "cells").iter().any(|r| {
            r["place"] == "A" && r["state"] != "suppressed" && r["group"] == json!(group) && (group.is_some() || r["dimension"] == "all")
        });
        let settings = Explain { threat: "hunger".into(), place: Some("A".into()), group: group.map(str::to_owned), ..Explain::default() };
        assert_eq!(!explain(&assessment, settings).facts["severity"].is_null(), shown, "{group:?}");
    }
}

#[test]
fn a_handful_of_respondents_is_not_counted_out() {
    let mut document = sampled(300, 400);
    let said = |who: String, group: &str| json!({"respondent": who, "place": "A", "group": group, "threat": "hunger", "rank": 1});
    let mut perceptions: Vec<Value> = (0..8).map(|i| said(format!("m{i}"), "men")).collect();
    perceptions.extend((0..2).map(|i| said(format!("w{i}"), "women")));
    document["perceptions"] = json!(perceptions);
    let assessment = read(&document);
    let count = |group: Option<&str>| {
        let settings = Explain { threat: "hunger".into(), place: Some("A".into()), group: group.map(str::to_owned), ..Explain::default() };
        rows(&explain(&assessment, settings), "voices").iter().find(|r| r["kind"] == "respondents").unwrap()["count"].as_i64()
    };
    assert_eq!(count(Some("women")), None, "two women");
    // everyone less the men would be the women
    assert!(count(None).is_none() || count(Some("men")).is_none(), "{:?} {:?}", count(None), count(Some("men")));
}

#[test]
fn everyone_that_the_matrix_puts_together_from_groups_can_be_explained() {
    let mut document = sampled(300, 400);
    let kept: Vec<Value> = document["observations"].as_array().unwrap().iter().filter(|o| !o["group"].is_null()).cloned().collect();
    document["observations"] = json!(kept);
    let assessment = read(&document);
    let everyone = |r: &&Value| r["place"] == "A" && r["component"] == "food" && r["dimension"] == "all";
    let cell = rows(&matrix(&assessment), "matrix").iter().find(everyone).cloned().unwrap();
    assert!(!cell["severity"].is_null());
    let told = explain(&assessment, Explain { threat: "hunger".into(), place: Some("A".into()), ..Explain::default() });
    let (a, b) = (told.facts["severity"].as_f64(), cell["severity"].as_f64());
    assert!(a.zip(b).is_some_and(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
    assert_eq!(rows(&told, "evidence").iter().filter(|r| r["used"] == true).count(), 2);
}

#[test]
fn values_put_together_from_groups_keep_their_intervals() {
    let result = matrix(&examples::load("demo").unwrap());
    let within: Vec<Value> =
        rows(&result, "differences").into_iter().filter(|r| r["across"] == "within" && r["dimension"] == "gender").collect();
    assert!(!within.is_empty());
    let known = |r: &Value| !r["difference_lower"].is_null() && !r["difference_upper"].is_null();
    // the demonstration states ranges: what is put together from ranged figures is ranged
    let ranged = examples::load("demo").unwrap().conditions.iter().any(|c| c.group.is_some() && c.severity_range.is_some());
    assert!(!ranged || within.iter().any(known), "no interval in {} differences", within.len());
}

fn stated(places: Value, populations: Value, conditions: Value) -> Assessment {
    read(&json!({"schema": "human-security/1", "id": "t", "title": "T", "places": places, "populations": populations,
        "groups": [{"id": "women", "name": "W", "gender": "female", "age": "adult"}, {"id": "girls", "name": "G", "gender": "female", "age": "child"},
                   {"id": "men", "name": "M", "gender": "male", "age": "adult"}],
        "partitions": [{"id": "all", "groups": ["women", "girls", "men"]}],
        "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "raids", "name": "Raids", "component": "personal"}],
        "conditions": conditions}))
}

#[test]
fn ranges_of_parts_reach_the_difference() {
    let of = |group: &str, severity: f64| json!({"threat": "war", "place": "A", "group": group, "severity": severity, "severity_range": [severity - 0.1, severity + 0.1]});
    let assessment = stated(
        json!([{"id": "A", "name": "A", "level": "local"}]),
        json!([{"place": "A", "group": "women", "persons": 300}, {"place": "A", "group": "girls", "persons": 100}, {"place": "A", "group": "men", "persons": 400}]),
        json!([of("women", 0.6), of("girls", 0.8), of("men", 0.4)]),
    );
    let rows = rows(&matrix(&assessment), "differences");
    let gender = rows.iter().find(|r| r["dimension"] == "gender" && r["measure"] == "severity").unwrap();
    // (0.6 · 300 + 0.8 · 100) / 400 - 0.4
    assert!((gender["difference"].as_f64().unwrap().abs() - 0.25).abs() < 1e-12);
    assert!(gender["difference_lower"].as_f64().unwrap() < gender["difference"].as_f64().unwrap(), "{gender}");
}

#[test]
fn a_place_within_another_of_its_level_is_counted_once() {
    let assessment = stated(
        json!([{"id": "A", "name": "A", "level": "district"}, {"id": "B", "name": "B", "level": "district", "parent": "A"}]),
        json!([{"place": "A", "persons": 1000}, {"place": "B", "persons": 400}]),
        json!([{"threat": "war", "place": "A", "severity": 0.5, "prevalence": 0.5}, {"threat": "war", "place": "B", "severity": 0.9, "prevalence": 1.0}]),
    );
    let rows = rows(&matrix(&assessment), "roll_up");
    let all = rows.iter().find(|r| r["component"] == "personal" && r["level"] == "district" && r["dimension"] == "all").unwrap();
    assert!(all["persons_low"].as_f64().unwrap() <= 500.0 + 1e-9, "{all}");
    assert_eq!(all["severity"].as_f64(), Some(0.5), "{all}");
}

#[test]
fn at_most_so_many_counts_those_nobody_spoke_of() {
    let assessment = stated(
        json!([{"id": "A", "name": "A", "level": "local"}, {"id": "B", "name": "B", "level": "local"}]),
        json!([{"place": "A", "persons": 1000}, {"place": "B", "persons": 400}]),
        json!([{"threat": "war", "place": "A", "severity": 0.5, "prevalence": 0.5}]),
    );
    let rows = rows(&matrix(&assessment), "roll_up");
    let all = rows.iter().find(|r| r["component"] == "personal" && r["dimension"] == "all").unwrap();
    assert_eq!((all["persons_low"].as_f64(), all["persons_high"].as_f64()), (Some(500.0), Some(900.0)), "{all}");
}

#[test]
fn a_cell_takes_its_worst_threat_and_never_a_sum() {
    let assessment = stated(
        json!([{"id": "A", "name": "A", "level": "local"}]),
        json!([{"place": "A", "persons": 1000}]),
        json!([{"threat": "war", "place": "A", "severity": 0.5, "prevalence": 0.6}, {"threat": "raids", "place": "A", "severity": 0.7, "prevalence": 0.3}]),
    );
    let rows = rows(&matrix(&assessment), "matrix");
    let cell = rows.iter().find(|r| r["component"] == "personal" && r["dimension"] == "all").unwrap();
    assert_eq!((cell["severity"].as_f64(), cell["prevalence"].as_f64(), &cell["worst"]), (Some(0.7), Some(0.3), &json!("raids")));
    // the same people may meet both
    assert_eq!((cell["persons"].as_f64(), cell["persons_low"].as_f64(), cell["persons_high"].as_f64()), (None, Some(600.0), Some(900.0)));
    let empty = rows.iter().find(|r| r["component"] == "food" && r["dimension"] == "all").unwrap();
    assert_eq!((&empty["state"], &empty["severity"], &empty["persons"]), (&json!("empty"), &Value::Null, &Value::Null));
}

#[test]
fn what_does_nothing_makes_no_need_feasible() {
    let mut document = sampled(300, 400);
    let effect = |change: f64, likelihood: f64| json!([{"threat": "hunger", "place": "B", "change": change, "likelihood": likelihood}]);
    let priority = |document: &Value| {
        let rows = rows(&matrix(&read(document)), "priorities");
        rows.into_iter().find(|r| r["place"] == "B").unwrap()
    };
    for (change, likelihood, dropped) in [(0.2, 0.5, false), (0.0, 1.0, true), (0.2, 0.0, true)] {
        document["interventions"] = json!([{"id": "aid", "name": "Aid", "component": "food", "effects": effect(change, likelihood)}]);
        assert_eq!(priority(&document)["dropped"], json!(dropped), "change {change}, likelihood {likelihood}");
    }
}

/// The rows of every table, in an order of their own.
fn sorted(outcome: &Outcome) -> Vec<(String, Vec<String>)> {
    let table = |name: &&'static str| {
        let mut lines: Vec<String> = rows(outcome, name).iter().map(Value::to_string).collect();
        lines.sort();
        ((*name).to_owned(), lines)
    };
    outcome.tables.iter().map(|(name, _)| name).map(table).collect()
}

#[test]
fn what_a_level_above_tells_does_not_give_away_a_small_group() {
    // of village A only women and men are known, of B and the district everyone: district - B - men would be the women
    let mut document = sampled(10, 400);
    let mut observations: Vec<Value> =
        document["observations"].as_array().unwrap().iter().filter(|o| o["place"] != "A" || !o["group"].is_null()).cloned().collect();
    observations.push(json!({"indicator": "score", "place": "D", "period": "2008", "value": 55, "standard_error": 2, "n": 1310}));
    document["observations"] = json!(observations);
    let cells = rows(&matrix(&read(&document)), "cells");
    let shown = |place: &str, group: Option<&str>| {
        cells.iter().any(|r| {
            r["place"] == place && r["state"] != "suppressed" && r["group"] == json!(group) && (group.is_some() || r["dimension"] == "all")
        })
    };
    assert!(!shown("A", Some("women")));
    let everyone = shown("A", None) || (shown("D", None) && shown("B", None));
    assert!(!(shown("A", Some("men")) && everyone), "women = everyone - men");
}

#[test]
fn order_of_rows_moves_nothing() {
    for name in ["demo", "ituri", "shan"] {
        let mut assessment = examples::load(name).unwrap();
        let before = sorted(&matrix(&assessment));
        assessment.conditions.reverse();
        assessment.observations.reverse();
        assessment.populations.reverse();
        assessment.capacities.reverse();
        assessment.perceptions.reverse();
        assessment.judgements.sort_by(|a, b| a.subject.id.cmp(&b.subject.id));
        assert_eq!(before, sorted(&matrix(&assessment)), "{name}");
    }
}

#[test]
fn renaming_a_place_renames_it_and_nothing_else() {
    let text = examples::text("liberia").unwrap();
    let renamed = text.replace("\"rural-communities\"", "\"rural-renamed\"");
    assert_ne!(text, renamed);
    let (a, b) = (matrix(&Assessment::from_json(text).unwrap()), matrix(&Assessment::from_json(&renamed).unwrap()));
    for table in ["matrix", "cells", "roll_up", "inequality"] {
        let told = rows(&a, table).iter().map(|r| r.to_string().replace("rural-communities", "rural-renamed")).collect::<Vec<_>>();
        let again = rows(&b, table).iter().map(Value::to_string).collect::<Vec<_>>();
        assert_eq!(told, again, "{table}");
    }
}

#[test]
fn every_example_fills_its_matrix() {
    for name in examples::names().iter().chain(&["demo"]) {
        let assessment = examples::load(name).unwrap();
        let result = matrix(&assessment);
        let cells = rows(&result, "matrix");
        assert!(cells.iter().any(|r| !r["severity"].is_null()), "{name}");
        for cell in &cells {
            let none = matches!(cell["state"].as_str().unwrap(), "empty" | "suppressed" | "not-applicable");
            assert!(!none || cell["severity"].is_null() && cell["persons"].is_null() && cell["persons_high"].is_null(), "{name}: {cell}");
            if let (Some(low), Some(high)) = (cell["persons_low"].as_f64(), cell["persons_high"].as_f64()) {
                assert!(low <= high + 1e-9, "{name}: {cell}");
            }
        }
        let by_need: Vec<f64> = rows(&result, "priorities").iter().map(|r| r["rank_need"].as_f64().unwrap()).collect();
        assert!(by_need.windows(2).all(|w| w[0] <= w[1]), "{name}");
        for row in rows(&result, "inequality") {
            let part = |name: &str| row[name].as_f64();
            if let (Some(t), Some(w), Some(b)) = (part("theil"), part("theil_within"), part("theil_between")) {
                assert!((t - w - b).abs() < 1e-12, "{name}: {row}");
            }
        }
    }
}

#[test]
fn what_is_all_alike_is_not_unequal_at_all() {
    for (value, count) in [(0.1, 3), (0.3, 7), (1e-300, 4), (1.0 / 3.0, 11)] {
        let groups: Vec<String> = (0..count).map(|i| (i % 2).to_string()).collect();
        let found = Inequality::default().run(&vec![value; count], None, Some(&groups)).unwrap().outcome().unwrap();
        for fact in [
            "theil",
            "theil_within",
            "theil_between",
            "gini",
            "gini_within",
            "gini_between",
            "gini_overlap",
            "mean_log_deviation",
            "atkinson",
        ] {
            assert_eq!(found.facts[fact].as_f64(), Some(0.0), "{count} times {value}: {fact}");
        }
    }
}

#[test]
fn a_great_aversion_looks_at_the_least_alone() {
    let found = Inequality { epsilon: 900.0 }.run(&[2.0, 4.0, 6.0], None, None).unwrap();
    assert!((found.atkinson.unwrap() - 0.5).abs() < 1e-2, "{:?}", found.atkinson);
}

#[test]
fn many_groups_take_no_longer_than_few() {
    let values: Vec<f64> = (0..20_000).map(|i| f64::from(i % 97 + 1)).collect();
    let groups: Vec<String> = (0..20_000).map(|i| (i / 2).to_string()).collect();
    let start = std::time::Instant::now();
    let found = Inequality::default().run(&values, None, Some(&groups)).unwrap().outcome().unwrap();
    assert_eq!(found.table("groups").unwrap().rows(), 10_000);
    assert!(start.elapsed().as_secs_f64() < 3.0, "{:?} for 10,000 groups", start.elapsed());
}

/// Whether numbers of four cells (A women, A men, B women, B men) that agree with every shown sum may differ in a cell.
fn is_open(truth: [i64; 4], sums: &[([bool; 4], i64)], cell: usize) -> bool {
    let most = truth.iter().sum::<i64>();
    let mut seen = std::collections::BTreeSet::new();
    for a in 0..=most {
        for b in 0..=most {
            for c in 0..=most {
                for d in 0..=most {
                    let guess = [a, b, c, d];
                    let agrees =
                        |(of, sum): &([bool; 4], i64)| guess.iter().zip(of).filter(|(_, o)| **o).map(|(n, _)| n).sum::<i64>() == *sum;
                    if sums.iter().all(agrees) {
                        seen.insert(guess[cell]);
                    }
                }
            }
        }
    }
    seen.len() > 1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_count_of_one_or_two_voices_follows_from_those_told(numbers in prop::array::uniform4(0_i64..6)) {
        let mut document = sampled(300, 400);
        let cells = [("A", "women"), ("A", "men"), ("B", "women"), ("B", "men")];
        let mut perceptions = Vec::new();
        for ((place, group), n) in cells.iter().zip(numbers) {
            perceptions.extend((0..n).map(|i| json!({"respondent": format!("{place}{group}{i}"), "place": place, "group": group, "threat": "hunger", "rank": 1})));
        }
        document["perceptions"] = json!(perceptions);
        let assessment = read(&document);
        let mut sums = Vec::new();
        for (place, group) in asked() {
            let settings = Explain { threat: "hunger".into(), place: place.map(str::to_owned), group: group.map(str::to_owned), ..Explain::default() };
            let told = rows(&explain(&assessment, settings), "voices").iter().find(|r| r["kind"] == "respondents").unwrap()["count"].as_i64();
            let of = cells.map(|(p, g)| place.is_none_or(|own| own == p) && group.is_none_or(|own| own == g));
            let truth: i64 = numbers.iter().zip(of).filter(|(_, o)| *o).map(|(n, _)| n).sum();
            if let Some(told) = told {
                prop_assert_eq!(told, truth);
                sums.push((of, told));
            }
        }
        for (cell, n) in numbers.iter().enumerate().filter(|(_, n)| **n == 1 || **n == 2) {
            prop_assert!(is_open(numbers, &sums, cell), "{n} of {:?} follows from {sums:?}", cells[cell]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_suppressed_can_be_worked_out_from_what_is_shown(women in 1_u64..60, men in 1_u64..60) {
        let assessment = read(&sampled(women, men));
        let cells = rows(&matrix(&assessment), "cells");
        let shown = |group: Option<&str>| {
            let is = |r: &&Value| r["place"] == "A" && r["group"] == json!(group) && (group.is_some() || r["dimension"] == "all");
            cells.iter().find(is).is_some_and(|r| r["state"] != "suppressed")
        };
        let open = [shown(None), shown(Some("women")), shown(Some("men"))];
        for (n, own) in [(women, 1), (men, 2), (women + men, 0)] {
            prop_assert!(n >= 25 || !open[own], "{n} shown");
        }
        // everyone = women + men: any two give the third
        prop_assert!(open.iter().filter(|o| **o).count() != 2, "{open:?} of {women} and {men}");
    }

    #[test]
    fn replication_scale_and_names_move_no_measure(
        drawn in prop::collection::vec((0.0_f64..10.0, 0.1_f64..5.0, 0_u8..4), 2..14), scale in 0.1_f64..20.0,
    ) {
        prop_assume!(drawn.iter().any(|r| r.0 > 1e-3));
        let run = |rows: &[(f64, f64, u8)], scale: f64, prefix: &str| {
            let (x, w): (Vec<f64>, Vec<f64>) = rows.iter().map(|r| (r.0 * scale, r.1)).unzip();
            let groups: Vec<String> = rows.iter().map(|r| format!("{prefix}{}", r.2)).collect();
            let outcome = Inequality::default().run(&x, Some(&w), Some(&groups)).unwrap().outcome().unwrap();
            ["theil", "theil_within", "theil_between", "gini", "gini_within", "gini_between", "gini_overlap", "atkinson"].map(|f| outcome.facts[f].as_f64().unwrap())
        };
        let once = run(&drawn, 1.0, "g");
        prop_assert!((once[0] - once[1] - once[2]).abs() < 1e-12 && once.iter().all(|x| *x >= 0.0), "{once:?}");
        let twice: Vec<_> = drawn.iter().chain(&drawn).copied().collect();
        let turned: Vec<_> = drawn.iter().rev().copied().collect();
        for (what, other) in [("twice", run(&twice, 1.0, "g")), ("scaled", run(&drawn, scale, "g")), ("renamed", run(&drawn, 1.0, "h")), ("turned", run(&turned, 1.0, "g"))] {
            for (a, b) in once.iter().zip(&other) {
                prop_assert!((a - b).abs() < 1e-9, "{what}: {once:?} {other:?}");
            }
        }
    }
}
