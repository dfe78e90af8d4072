//! Laws of the questions by group: order, names, what is missing, what is suppressed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::situation::{CapacityProfile, ChronicAndSudden, Course, GenderGaps, SecurityInfrastructure, VitalCore};
use hs_core::tables::Outcome;
use hs_core::{Assessment, examples};
use serde_json::{Value, json};

fn read(document: &Value) -> Assessment {
    Assessment::from_json(&document.to_string()).unwrap()
}

fn all(assessment: &Assessment) -> Vec<Outcome> {
    vec![
        GenderGaps::default().run(assessment).unwrap().outcome().unwrap(),
        VitalCore::default().run(assessment).unwrap().outcome().unwrap(),
        ChronicAndSudden::default().run(assessment).unwrap().outcome().unwrap(),
        CapacityProfile { draws: 64, ..Default::default() }.run(assessment).unwrap().outcome().unwrap(),
        SecurityInfrastructure::default().run(assessment).unwrap().outcome().unwrap(),
    ]
}

fn profile(assessment: &Assessment) -> hs_core::analyses::situation::CapacityProfileResult {
    CapacityProfile { draws: 64, ..Default::default() }.run(assessment).unwrap()
}

/// Women and men, girls and boys, their margins and everyone, each with a sample.
fn sampled(girls: u64, boys: u64) -> Value {
    let group = |id: &str, gender: &str, age: Option<&str>| json!({"id": id, "name": id, "gender": gender, "age": age});
    let sizes = [
        (None, 1000 + girls + boys),
        (Some("female"), 500 + girls),
        (Some("male"), 500 + boys),
        (Some("women"), 500),
        (Some("men"), 500),
        (Some("girls"), girls),
        (Some("boys"), boys),
    ];
    let observations: Vec<Value> = sizes
        .iter()
        .map(|(group, n)| json!({"indicator": "score", "place": "A", "group": group, "period": "2008", "value": 40, "standard_error": 2, "n": n}))
        .collect();
    json!({"schema": "human-security/1", "id": "s", "title": "S", "places": [{"id": "A", "name": "A", "level": "district"}],
        "groups": [group("female", "female", None), group("male", "male", None), group("women", "female", Some("adult")),
                   group("men", "male", Some("adult")), group("girls", "female", Some("child")), group("boys", "male", Some("child"))],
        "partitions": [{"id": "gender", "groups": ["female", "male"]}, {"id": "both", "groups": ["women", "men", "girls", "boys"]}],
        "threats": [{"id": "hunger", "name": "Hunger", "component": "food"}],
        "indicators": [{"id": "score", "name": "Score", "threat": "hunger", "component": "food", "better": "lower", "minimum": 0, "maximum": 100,
                        "phases": [20, 40, 60, 80]}],
        "observations": observations})
}

#[test]
fn a_small_cell_takes_another_with_it_so_that_no_margin_gives_it_away() {
    let result = GenderGaps::default().run(&read(&sampled(10, 300))).unwrap();
    let state = |group: &str| result.intersections.iter().find(|r| r.group == group).unwrap();
    assert_eq!((state("girls").state, state("girls").severity, state("girls").n), ("suppressed", None, None));
    // girls = female - women: something in that line must be kept back beside them
    let margin = result.gaps.iter().find(|g| g.within.is_none()).unwrap();
    let female_shown = margin.first.severity.is_some();
    assert!(!(female_shown && state("women").severity.is_some()), "girls can be worked out");
    // girls = everyone - the three others is no way either, for one of these is hidden too
    let others = ["women", "men", "boys"].iter().filter(|g| state(g).severity.is_none()).count();
    assert!(others >= 1);
    let children = result.gaps.iter().find(|g| g.within.as_deref() == Some("age child")).unwrap();
    assert_eq!((children.state, children.severity), ("suppressed", None));
    assert_eq!(GenderGaps::default().run(&read(&sampled(200, 300))).unwrap().suppressed, 0);
    let open = GenderGaps { min_n: 0, ..Default::default() }.run(&read(&sampled(10, 300))).unwrap();
    assert!(open.suppressed == 0 && open.intersections.iter().all(|r| r.severity.is_some()));
}

/// Whether the first of the unknowns follows from equations, each a list of coefficients over them: elimination, then a row for it alone.
fn determined(mut rows: Vec<Vec<f64>>, wanted: usize) -> bool {
    let width = rows.first().map_or(0, Vec::len);
    // the one in question last, so that it is eliminated from nothing but stands alone where it is fixed
    let order: Vec<usize> = (0..width).filter(|c| *c != wanted).collect();
    let mut used = 0;
    for column in order {
        let Some(pivot) = (used..rows.len()).find(|r| rows[*r][column].abs() > 1e-9) else { continue };
        rows.swap(used, pivot);
        let base = rows[used].clone();
        for row in rows.iter_mut().skip(used + 1) {
            let factor = row[column] / base[column];
            row.iter_mut().zip(&base).for_each(|(x, b)| *x -= factor * b);
        }
        used += 1;
    }
    rows.iter().skip(used).any(|row| row[wanted].abs() > 1e-9)
}

#[test]
fn no_small_cell_follows_from_what_is_shown() {
    // female = women + girls, male = men + boys, everyone = the four; everyone is known from elsewhere
    let names = ["female", "male", "women", "men", "girls", "boys"];
    let margins = [
        [1.0, 0.0, -1.0, 0.0, -1.0, 0.0],
        [0.0, 1.0, 0.0, -1.0, 0.0, -1.0],
        [0.0, 0.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    ];
    for (girls, boys) in [(10, 300), (300, 10), (10, 12), (24, 25), (1, 26)] {
        for composed in [false, true] {
            let mut document = sampled(girls, boys);
            if composed {
                document["observations"].as_array_mut().unwrap().retain(|o| o["group"] != "female" && o["group"] != "male");
            }
            let result = GenderGaps::default().run(&read(&document)).unwrap();
            let margin = result.gaps.iter().find(|g| g.within.is_none()).unwrap();
            let shown = |name: &str| match name {
                "female" => margin.first.severity.is_some(),
                "male" => margin.second.severity.is_some(),
                _ => result.intersections.iter().any(|r| r.group == name && r.severity.is_some()),
            };
            let unknown: Vec<usize> = (0..names.len()).filter(|at| !shown(names[*at])).collect();
            let rows = || margins.iter().map(|row| unknown.iter().map(|at| row[*at]).collect::<Vec<f64>>()).collect::<Vec<_>>();
            for (name, n) in [("girls", girls), ("boys", boys)].into_iter().filter(|(_, n)| *n < 25) {
                let at = unknown.iter().position(|at| names[*at] == name);
                assert!(at.is_some_and(|at| !determined(rows(), at)), "{name} of {n} can be worked out ({girls}, {boys}, {composed})");
            }
        }
    }
}

#[test]
fn what_is_missing_is_listed_and_is_not_zero() {
    let mut document = sampled(200, 300);
    document["observations"].as_array_mut().unwrap().retain(|o| o["group"] == "female" || o["group"] == "girls");
    let result = GenderGaps::default().run(&read(&document)).unwrap();
    let margin = result.gaps.iter().find(|g| g.within.is_none()).unwrap();
    assert_eq!((margin.state, margin.second.severity, margin.severity), ("one-sided", None, None));
    assert!(result.missing.iter().any(|m| m.wanted == "gender male"));
    let nobody = read(&json!({"schema": "human-security/1", "id": "e", "title": "E"}));
    for outcome in all(&nobody) {
        assert!(outcome.tables.iter().all(|(name, table)| table.rows() == 0 || ["vital_core", "transitions"].contains(name)));
    }
}

#[test]
fn the_order_of_rows_moves_nothing() {
    for name in examples::names() {
        let assessment = examples::load(name).unwrap();
        let first = all(&assessment);
        let mut turned = assessment.clone();
        turned.conditions.reverse();
        turned.observations.reverse();
        turned.linkages.reverse();
        turned.populations.reverse();
        for (a, b) in first.iter().zip(all(&turned)) {
            for ((table, x), (_, y)) in a.tables.iter().zip(&b.tables) {
                assert_eq!(x.to_json(), y.to_json(), "{name}: {table} of {}", a.analysis);
            }
        }
    }
}

#[test]
fn renaming_changes_names_alone() {
    let document = sampled(200, 300);
    let renamed: Value =
        serde_json::from_str(&document.to_string().replace("\"hunger\"", "\"zz-threat\"").replace("\"girls\"", "\"aa-g\"")).unwrap();
    let figures = |d: &Value| {
        let gaps = GenderGaps::default().run(&read(d)).unwrap().gaps;
        gaps.iter().map(|g| (g.within.clone(), g.severity, g.state)).collect::<Vec<_>>()
    };
    assert_eq!(figures(&document), figures(&renamed));
}

#[test]
fn a_constant_series_has_no_shock_and_a_gap_in_time_is_no_zero() {
    let series = |values: &[(u32, f64)]| {
        let conditions: Vec<Value> =
            values.iter().map(|(y, s)| json!({"threat": "t", "place": "A", "period": y.to_string(), "severity": s})).collect();
        read(&json!({"schema": "human-security/1", "id": "c", "title": "C", "places": [{"id": "A", "name": "A", "level": "district"}],
            "threats": [{"id": "t", "name": "T", "component": "food"}], "conditions": conditions}))
    };
    let flat = ChronicAndSudden::default().run(&series(&[(2001, 0.3), (2002, 0.3), (2003, 0.3), (2007, 0.3)])).unwrap();
    assert_eq!((flat.rows[0].class, flat.rows[0].shock, flat.rows[0].periods, flat.rows[0].level), (Course::Neither, None, 4, Some(0.3)));
    let short = ChronicAndSudden::default().run(&series(&[(2001, 0.3), (2002, 0.9)])).unwrap();
    assert_eq!((short.rows[0].class, short.rows[0].recovered), (Course::NotAssessed, None));
}

#[test]
fn harmful_coping_stands_in_its_own_table_alone() {
    for name in examples::names() {
        let assessment = examples::load(name).unwrap();
        let mut without = assessment.clone();
        without.capacities.retain(|c| c.kind != Some(hs_core::assessment::CapacityKind::HarmfulCoping));
        let (with, none) = (profile(&assessment), profile(&without));
        assert_eq!(with.hot_spots, none.hot_spots, "{name}");
        assert_eq!(with.resilience, none.resilience, "{name}");
        assert_eq!(with.inventory, none.inventory, "{name}");
        let infrastructure = |a: &Assessment| SecurityInfrastructure::default().run(a).unwrap().rows;
        assert_eq!(infrastructure(&assessment), infrastructure(&without), "{name}");
    }
}
