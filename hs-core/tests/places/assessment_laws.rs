//! Laws of phases, and of criticality from observations, on random small assessments.

use std::collections::BTreeMap;

use hs_core::Assessment;
use hs_core::analyses::thresholds::{Criticality, Observations, Phases, PhasesResult};
use proptest::prelude::*;
use serde_json::{Value, json};

const GROUPS: [&str; 3] = ["women", "men", "old"];

fn share() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 4 => (0..=20_u32).prop_map(|n| Some(f64::from(n) / 20.0))]
}

fn group() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![1 => Just(None), 3 => (0..GROUPS.len()).prop_map(Some)]
}

/// Conditions of one threat in one place, each cell once.
fn conditions() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec((group(), share(), share()), 0..4).prop_map(|rows| {
        let stated = rows.into_iter().filter(|(_, severity, prevalence)| severity.is_some() || prevalence.is_some());
        let cells: BTreeMap<Option<usize>, (Option<f64>, Option<f64>)> = stated.map(|(group, s, p)| (group, (s, p))).collect();
        let row = |(group, (severity, prevalence)): (Option<usize>, (Option<f64>, Option<f64>))| {
            let mut row = json!({"threat": "war", "place": "A"});
            let mut set = |field: &str, value: Option<Value>| value.into_iter().for_each(|v| row[field] = v);
            set("group", group.map(|g| json!(GROUPS[g])));
            set("severity", severity.map(|s| json!(s)));
            set("prevalence", prevalence.map(|p| json!(p)));
            row
        };
        cells.into_iter().map(row).collect()
    })
}

/// Values of a food score by group.
fn observations() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec((group(), 0..=112_u32, 0..2_u32), 0..5).prop_map(|rows| {
        let cells: BTreeMap<(Option<usize>, u32), u32> = rows.into_iter().map(|(group, value, year)| ((group, year), value)).collect();
        let row = |((group, year), value): ((Option<usize>, u32), u32)| {
            let mut row = json!({"indicator": "score", "place": "A", "period": format!("200{year}"), "value": value});
            group.into_iter().for_each(|g| row["group"] = json!(GROUPS[g]));
            row
        };
        cells.into_iter().map(row).collect()
    })
}

fn read(conditions: &[Value], observations: &[Value], persons: [Option<u32>; 2]) -> Assessment {
    let people = persons.iter().zip(GROUPS).filter_map(|(n, group)| n.map(|n| json!({"place": "A", "group": group, "persons": n})));
    let document = json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "A", "name": "A", "level": "district"}],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}, {"id": "old", "name": "Old"}],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "populations": people.collect::<Vec<_>>(),
        "threats": [{"id": "war", "name": "War", "component": "personal"}],
        "indicators": [{"id": "score", "name": "Score", "threat": "war", "component": "food", "phases": [42, 35, 28, 21], "minimum": 0, "maximum": 112}],
        "conditions": conditions, "observations": observations
    });
    Assessment::from_json(&document.to_string()).unwrap()
}

fn run(settings: &Phases, assessment: &Assessment) -> PhasesResult {
    settings.run(assessment).unwrap()
}

/// The area by hand: counts of people in twentieths of a person, no sum of floats.
fn by_hand(conditions: &[Value], persons: [u32; 2]) -> Option<u8> {
    let whole = |x: &Value, of: f64| x.as_f64().map(|v| (v * of).round() as u32);
    let mut at = [0_u32; 5];
    for (group, persons) in ["women", "men"].into_iter().zip(persons) {
        let row = conditions.iter().find(|c| c["group"] == group)?;
        let affected = whole(&row["prevalence"], 20.0)?;
        let phase = if affected == 0 { 0 } else { (whole(&row["severity"], 20.0)? / 4).min(4) };
        at[phase as usize] += affected * persons;
        at[0] += (20 - affected) * persons;
    }
    let all: u32 = at.iter().sum();
    (all > 0).then(|| (2..=5_u8).rev().find(|p| at[usize::from(*p) - 1..].iter().sum::<u32>() * 5 >= all).unwrap_or(1))
}

proptest! {
    #[test]
    fn an_area_is_its_groups_people_counted(conditions in conditions(), women in 1..50_u32, men in 1..50_u32) {
        let result = run(&Phases::default(), &read(&conditions, &[], [Some(women), Some(men)]));
        let Some(area) = result.areas.first() else { return Ok(()) };
        if area.partition.is_some() {
            prop_assert_eq!(area.phase, by_hand(&conditions, [women, men]));
        }
        prop_assert_eq!(area.phase.is_none(), area.reason.is_some());
        if let (Some(phase), Some(low), Some(high)) = (area.phase, area.phase_low, area.phase_high) {
            prop_assert_eq!((low, high), (phase, phase));
        }
        if let Some(shares) = area.shares {
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn whatever_becomes_known_stays_between_the_bounds(conditions in conditions(), filled in (0..=20_u32, 0..=20_u32), persons in (1..50_u32, 1..50_u32)) {
        let unknown = run(&Phases { groups: Some("gender".into()), ..Default::default() }, &read(&conditions, &[], [None, None]));
        let mut known: Vec<Value> = conditions.clone();
        for group in [None, Some("women"), Some("men")] {
            let found = known.iter_mut().find(|c| c.get("group").and_then(Value::as_str) == group);
            let fill = |row: &mut Value| {
                if row.get("severity").is_none() { row["severity"] = json!(f64::from(filled.0) / 20.0); }
                if row.get("prevalence").is_none() { row["prevalence"] = json!(f64::from(filled.1) / 20.0); }
            };
            match found {
                Some(row) if group.is_none() => fill(row),
                Some(_) => {}
                None if group.is_none() => known.push(json!({"threat": "war", "place": "A", "severity": f64::from(filled.0) / 20.0, "prevalence": f64::from(filled.1) / 20.0})),
                None => {}
            }
        }
        let now = run(&Phases { groups: Some("gender".into()), ..Default::default() }, &read(&known, &[], [Some(persons.0), Some(persons.1)]));
        let (Some(before), Some(after)) = (unknown.areas.first(), now.areas.first()) else { return Ok(()) };
        if let (Some(low), Some(high), Some(phase)) = (before.phase_low, before.phase_high, after.phase) {
            prop_assert!(low <= phase && phase <= high, "{low} {phase} {high}");
        }
    }

    #[test]
    fn worse_never_lowers_a_phase(conditions in conditions(), at in any::<prop::sample::Index>(), more in 0.0..=1.0_f64) {
        prop_assume!(!conditions.is_empty());
        let mut worse = conditions.clone();
        let row = &mut worse[at.index(conditions.len())];
        for field in ["severity", "prevalence"] {
            if let Some(value) = row.get(field).and_then(Value::as_f64) { row[field] = json!(value.max(more)); }
        }
        let people = [Some(30), Some(20)];
        let (before, after) = (run(&Phases::default(), &read(&conditions, &[], people)), run(&Phases::default(), &read(&worse, &[], people)));
        for (one, other) in before.cells.iter().zip(&after.cells) {
            prop_assert!(other.phase >= one.phase);
        }
        for (one, other) in before.areas.iter().zip(&after.areas) {
            // a threat that begins to affect a group may lack a severity there
            prop_assert!(other.phase.is_none() || other.phase >= one.phase || one.partition != other.partition);
        }
    }

    #[test]
    fn missing_is_never_zero(conditions in conditions()) {
        let result = run(&Phases::default(), &read(&conditions, &[], [Some(30), Some(20)]));
        for cell in &result.cells {
            prop_assert_eq!(cell.phase.is_none(), cell.figures.severity.is_none());
            prop_assert_eq!(cell.figures.persons.is_none() && cell.group.as_deref() != Some("old"), cell.figures.prevalence.is_none() && cell.group.as_deref() != Some("old"));
        }
    }

    #[test]
    fn order_and_names_change_nothing(conditions in conditions(), observations in observations()) {
        let settings = Phases { observations: Observations::Fill, ..Default::default() };
        let people = [Some(30), Some(20)];
        let one = run(&settings, &read(&conditions, &observations, people));
        let turned = |rows: &[Value]| rows.iter().rev().cloned().collect::<Vec<_>>();
        let other = run(&settings, &read(&turned(&conditions), &turned(&observations), people));
        prop_assert_eq!((&one.cells, &one.areas), (&other.cells, &other.areas));
        let text = serde_json::to_string(&read(&conditions, &observations, people)).unwrap().replace("\"war\"", "\"zzz\"");
        let renamed = run(&settings, &Assessment::from_json(&text).unwrap());
        let phases = |result: &PhasesResult| result.cells.iter().map(|c| (c.phase, c.group.clone())).collect::<Vec<_>>();
        prop_assert_eq!(phases(&one), phases(&renamed));
    }

    #[test]
    fn observations_fill_and_never_replace(conditions in conditions(), observations in observations()) {
        let assessment = read(&conditions, &observations, [Some(30), Some(20)]);
        let none = run(&Phases::default(), &assessment);
        let fill = run(&Phases { observations: Observations::Fill, ..Default::default() }, &assessment);
        for cell in &none.cells {
            let filled = fill.cells.iter().find(|c| c.name() == cell.name()).unwrap();
            if cell.figures.severity.is_some() {
                prop_assert_eq!((filled.figures.severity, filled.severity_from), (cell.figures.severity, Some("condition")));
            }
            prop_assert_eq!(filled.figures.prevalence, cell.figures.prevalence);
        }
        // a severity read from an indicator is in the phase of the indicator
        for cell in fill.cells.iter().filter(|c| c.severity_from == Some("observation")) {
            let last = fill.observed.iter().filter(|o| o.group == cell.group).max_by_key(|o| o.period.clone()).unwrap();
            prop_assert_eq!(cell.phase, Some(last.phase));
            prop_assert!(last.used);
        }
        let noted: usize = fill.notes.iter().filter(|n| n.code == "severity-observed").map(|n| n.subjects.len()).sum();
        prop_assert_eq!(noted, fill.cells.iter().filter(|c| c.severity_from == Some("observation")).count());
        // one evidence, one number: criticality reads the same severities
        let critical = Criticality { observations: Observations::Fill, ..Default::default() }.run(&assessment).unwrap();
        let severities = |names: Vec<(String, Option<f64>)>| names.into_iter().collect::<BTreeMap<_, _>>();
        prop_assert_eq!(
            severities(critical.cells.iter().map(|c| (c.name(), c.severity)).collect()),
            severities(fill.cells.iter().map(|c| (c.name(), c.figures.severity)).collect())
        );
    }

    #[test]
    fn a_worse_observation_never_lowers_a_severity(one in 0..=1120_u32, other in 0..=1120_u32) {
        let settings = Phases { observations: Observations::Fill, ..Default::default() };
        let severity = |value: u32| {
            let row = json!({"indicator": "score", "place": "A", "period": "2008", "value": f64::from(value) / 10.0});
            run(&settings, &read(&[], &[row], [None, None])).cells[0].figures.severity.unwrap()
        };
        // a higher score is better
        prop_assert!(severity(one.min(other)) >= severity(one.max(other)));
    }
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let assessment = read(&[], &[], [None, None]);
    let refused = |settings: Phases| settings.run(&assessment).unwrap_err().message;
    assert!(refused(Phases { bounds: [0.2, 0.2, 0.6, 0.8], ..Default::default() }).starts_with("`bounds`: found [0.2, 0.2, 0.6, 0.8]"));
    assert!(refused(Phases { bounds: [0.0, 0.2, 0.6, 0.8], ..Default::default() }).starts_with("`bounds`"));
    assert!(refused(Phases { bounds: [0.2, 0.4, 0.6, f64::NAN], ..Default::default() }).starts_with("`bounds`"));
    assert!(refused(Phases { share: 0.0, ..Default::default() }).starts_with("`share`"));
    assert!(refused(Phases { prevalence_from: vec!["score".into()], ..Default::default() }).contains("`observations` of `fill`"));
    let fill = Phases { observations: Observations::Fill, ..Default::default() };
    assert!(refused(Phases { prevalence_from: vec!["scoer".into()], ..fill.clone() }).contains("did you mean `score`"));
    assert!(refused(Phases { kinds: vec![], ..fill.clone() }).contains("kind `indicator`"));
    assert!(refused(Phases { groups: Some("age".into()), ..fill.clone() }).contains("no partition `age`"));
    assert!(refused(Phases { period: Some("soon".into()), ..fill }).contains("`period`"));
}

#[test]
fn phases_that_end_nowhere_give_their_middle_and_their_whole_range() {
    let mut document = serde_json::to_value(read(&[], &[], [None, None])).unwrap();
    document["indicators"][0].as_object_mut().unwrap().retain(|field, _| field != "minimum" && field != "maximum");
    document["observations"] = json!([{"indicator": "score", "place": "A", "period": "2008", "value": 3},
                                      {"indicator": "score", "place": "A", "group": "old", "period": "2008", "value": 35, "standard_error": 2}]);
    let assessment = Assessment::from_json(&document.to_string()).unwrap();
    let result = run(&Phases { observations: Observations::Fill, ..Default::default() }, &assessment);
    let (all, old) = (&result.cells[0].figures, &result.cells[1]);
    assert!((all.severity.unwrap() - 0.9).abs() < 1e-12 && all.severity_range == Some((0.8, 1.0)));
    // 35 stands on the bound: phase 3; two standard errors either side reach phases 2 and 3
    assert_eq!((old.phase, old.phase_low, old.phase_high), (Some(3), Some(2), Some(3)));
    assert_eq!((result.observed[1].phase_low, result.observed[1].phase_high), (Some(2), Some(3)));
    assert!((old.figures.severity.unwrap() - 0.4).abs() < 1e-12);
}

#[test]
fn every_case_of_the_handbook_has_its_phases() {
    for name in hs_core::examples::names() {
        let assessment = hs_core::examples::load(name).unwrap();
        for observations in [Observations::None, Observations::Fill] {
            let result = run(&Phases { observations, ..Default::default() }, &assessment);
            for area in &result.areas {
                assert_eq!(area.phase.is_none(), area.reason.is_some(), "{name}: {area:?}");
                if let (Some(low), Some(phase), Some(high)) = (area.phase_low, area.phase, area.phase_high) {
                    assert!(low <= phase && phase <= high, "{name}: {area:?}");
                }
            }
            let outcome = result.outcome().unwrap();
            assert_eq!(outcome.tables.iter().map(|(table, _)| *table).collect::<Vec<_>>(), ["phases", "areas", "observations"]);
        }
    }
}

/// Two indicators of one threat, with observations of groups and of everyone.
fn measured(conditions: &Value, observations: &Value) -> Assessment {
    let mut document = serde_json::to_value(read(&[], &[], [Some(30), Some(10)])).unwrap();
    document["indicators"] = json!([
        {"id": "score", "name": "Score", "threat": "war", "component": "food", "phases": [40, 30, 20, 10], "minimum": 0, "maximum": 50},
        {"id": "deaths", "name": "Deaths", "threat": "war", "component": "health", "better": "lower", "phases": [1, 2, 3, 4], "minimum": 0, "maximum": 5, "weight": 3},
        {"id": "water", "name": "Share with water", "threat": "war", "component": "health", "minimum": 0, "maximum": 100},
        {"id": "loose", "name": "Of no threat", "component": "food", "phases": [40, 30, 20, 10]},
        {"id": "barred", "name": "Without phases", "threat": "war", "component": "food", "threshold": 5}
    ]);
    document["conditions"] = conditions.clone();
    document["observations"] = observations.clone();
    Assessment::from_json(&document.to_string()).unwrap()
}

fn seen(indicator: &str, group: Option<&str>, period: &str, value: f64) -> Value {
    let mut row = json!({"indicator": indicator, "place": "A", "period": period, "value": value});
    group.into_iter().for_each(|g| row["group"] = json!(g));
    row
}

#[test]
fn several_indicators_weigh_and_the_latest_period_counts() {
    let observations = json!([
        seen("score", None, "2008", 25.0),
        seen("deaths", None, "2008", 3.5),
        seen("deaths", None, "2007", 0.0),
        seen("water", None, "2008", 75.0)
    ]);
    let assessment = measured(&json!([]), &observations);
    let fill = Criticality { observations: Observations::Fill, prevalence_from: vec!["water".into()], ..Default::default() };
    let cell = &fill.run(&assessment).unwrap().cells[0];
    // score 25 is at 0.5, deaths 3.5 at 0.7: (0.5 + 3 x 0.7) / 4; a quarter has no water
    assert!((cell.severity.unwrap() - 0.65).abs() < 1e-12 && cell.prevalence == Some(0.25));
    assert_eq!((cell.period.as_deref(), cell.persons), (Some("2008"), Some(10.0)));
    // a period asked for is strict, and what it leaves out is listed
    let early = Criticality { period: Some("2007".into()), ..fill.clone() }.run(&assessment).unwrap();
    assert_eq!((early.cells[0].severity, early.cells[0].prevalence), (Some(0.0), None));
    let unused = early.notes.iter().find(|n| n.code == "observation-not-used").unwrap();
    assert_eq!(unused.subjects, ["score/A 2008", "deaths/A 2008", "water/A 2008"]);
    // an indicator that is no share of persons fills no prevalence
    let refused = Criticality { prevalence_from: vec!["barred".into()], ..fill }.run(&assessment).unwrap_err();
    assert!(refused.message.contains("`barred`") && refused.message.contains("its minimum"), "{}", refused.message);
}

#[test]
fn a_group_believes_its_own_condition_then_its_own_observation_then_everyones() {
    let at = |group: Option<&str>, severity: f64| {
        let mut row = json!({"threat": "war", "place": "A", "severity": severity});
        group.into_iter().for_each(|g| row["group"] = json!(g));
        row
    };
    let settings = Phases { groups: Some("gender".into()), observations: Observations::Fill, ..Default::default() };
    let women = |conditions: Value, observations: Value| {
        let result = run(&settings, &measured(&conditions, &observations));
        let cell = result.cells.iter().find(|c| c.group.as_deref() == Some("women")).unwrap();
        ((cell.figures.severity.unwrap() * 1e9).round() / 1e9, cell.severity_from.unwrap())
    };
    let (own, everyone) = (seen("score", Some("women"), "2008", 25.0), seen("score", None, "2008", 5.0));
    let all = json!([own.clone(), everyone.clone()]);
    assert_eq!(women(json!([at(Some("women"), 0.1), at(None, 0.3)]), all.clone()), (0.1, "condition"));
    assert_eq!(women(json!([at(None, 0.3)]), all), (0.5, "observation"));
    assert_eq!(women(json!([at(None, 0.3)]), json!([everyone.clone()])), (0.3, "condition"));
    assert_eq!(women(json!([at(Some("men"), 0.3)]), json!([everyone])), (0.9, "observation"));
    // for everyone, the groups' observations are weighed by persons
    let whole = Phases { whole_population: true, observations: Observations::Fill, ..Default::default() };
    let both = json!([own, seen("score", Some("men"), "2008", 5.0)]);
    let result = run(&whole, &measured(&json!([]), &both));
    assert!((result.cells[0].figures.severity.unwrap() - (30.0 * 0.5 + 10.0 * 0.9) / 40.0).abs() < 1e-12);
    assert_eq!((result.cells[0].group.as_deref(), result.cells[0].coverage), (None, Some(1.0)));
    assert!(result.notes.iter().all(|n| n.code != "observation-not-used"));
}

#[test]
fn indicators_that_say_nothing_of_a_severity_are_listed_and_their_phases_shown() {
    let observations = json!([seen("loose", None, "2008", 10.0), seen("barred", None, "2008", 4.0), seen("water", None, "2008", 4.0)]);
    let result = run(&Phases { observations: Observations::Fill, ..Default::default() }, &measured(&json!([]), &observations));
    assert!(result.cells.is_empty() && result.areas.is_empty());
    let note = result.notes.iter().find(|n| n.code == "indicator-not-read").unwrap();
    assert_eq!(note.subjects, ["water", "loose", "barred"]);
    // on the last bound, higher being better: past it
    assert_eq!(result.observed.iter().map(|o| (o.indicator.as_str(), o.phase, o.used)).collect::<Vec<_>>(), [("loose", 5, false)]);
}

#[test]
fn the_most_recent_evidence_that_decides_stands_for_an_area() {
    let at = |group: Option<&str>, period: &str, severity: f64| {
        let mut row = json!({"threat": "war", "place": "A", "period": period, "severity": severity, "prevalence": 1.0});
        group.into_iter().for_each(|g| row["group"] = json!(g));
        row
    };
    let area = |conditions: Value| {
        let mut areas = run(&Phases::default(), &measured(&conditions, &json!([]))).areas;
        (areas.remove(0), areas.len())
    };
    let groups = |year: &str| [at(Some("women"), year, 0.5), at(Some("men"), year, 0.9)];
    let [women, men] = groups("2008");
    let (same, rest) = area(json!([at(None, "2008", 0.3), women.clone(), men.clone()]));
    assert_eq!((same.partition.as_deref(), same.phase, rest), (Some("gender"), Some(5), 0));
    let (later, _) = area(json!([at(None, "2009", 0.3), women.clone(), men]));
    assert_eq!((later.partition, later.phase), (None, Some(2)));
    // part of a partition decides nothing; everyone's condition does
    let (part, _) = area(json!([at(None, "2005", 0.3), women]));
    assert_eq!((part.partition, part.phase, part.period.as_deref()), (None, Some(2), Some("2005")));
}
