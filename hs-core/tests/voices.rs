//! What people themselves say: known values, laws, and what may not be told.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

#[path = "subtraction/mod.rs"]
mod subtraction;

use std::collections::BTreeSet;
use std::path::Path;

use hs_core::analyses::voices::{
    Agreement, AgreementTest, CompareRatings, Consensus, Mismatch, MissingRatings, Perceptions, ProblemDefinitions, RatersBy, RatingValues,
    Reliability, Stories,
};
use hs_core::tables::Outcome;
use hs_core::{Assessment, settings_from_json};
use proptest::prelude::*;
use serde_json::{Value, json};
use subtraction::singled_out;

/// Two places, three threats, respondents as given: name, stakeholder, place, group, ranks (or nothing).
fn situation(voices: &[(&str, &str, &str, &str, [f64; 3])]) -> Assessment {
    let perceptions: Vec<Value> = voices
        .iter()
        .flat_map(|(who, stakeholder, place, group, ranks)| {
            ["hunger", "flight", "violence"].into_iter().zip(ranks).filter(|(_, r)| !r.is_nan()).map(move |(threat, rank)| {
                json!({"respondent": who, "stakeholder": stakeholder, "place": place, "group": group, "threat": threat, "rank": rank})
            })
        })
        .collect();
    let document = json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "land", "name": "Land", "level": "national"}, {"id": "hill", "name": "Hill", "level": "district", "parent": "land"}, {"id": "coast", "name": "Coast", "level": "district", "parent": "land"}],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
        "threats": [
            {"id": "hunger", "name": "Hunger", "component": "food"},
            {"id": "flight", "name": "Flight", "component": "community"},
            {"id": "violence", "name": "Violence", "component": "personal"}
        ],
        "perceptions": perceptions
    });
    Assessment::from_json(&document.to_string()).unwrap()
}

const NAN: f64 = f64::NAN;

#[test]
fn concordance_as_nag_prints_it() {
    // NAG Library, g08daf, example: W 0.828 and p 0.008, to three places; chi-squared is m(n-1)W of the unrounded W
    let scores = [
        1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0, 2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5, 2.0, 1.0, 4.5, 4.5, 4.5, 4.5,
        8.0, 8.0, 8.0, 10.0,
    ];
    for values in [RatingValues::Ratings, RatingValues::Ranks] {
        let found = Agreement { values, ..Default::default() }.run_ratings(&scores, 3, 10).unwrap();
        let row = &found.rows[0];
        assert!((row.w.unwrap() - 0.828).abs() < 5e-4 && (row.p_value.unwrap() - 0.008).abs() < 5e-4, "{row:?}");
        assert!((row.chi_squared.unwrap() - 22.349).abs() < 5e-4 && row.method == Some("chi-squared"));
    }
    let drawn = Agreement { test: AgreementTest::Permutation, draws: 500, ..Default::default() }.run_ratings(&scores, 3, 10).unwrap();
    assert!(drawn.rows[0].p_value.unwrap() < 0.01);
}

#[test]
fn agreement_leaves_out_who_does_not_speak_of_all() {
    let values = [3.0, 2.0, 1.0, 3.0, 2.0, 1.0, 1.0, NAN, 3.0];
    let found = Agreement::default().run_ratings(&values, 3, 3).unwrap();
    assert_eq!((found.w(), found.rows[0].raters, found.rows[0].raters_left_out), (Some(1.0), Some(2), 1));
    assert!(found.notes.iter().any(|n| n.code == "incomplete-ratings"));
    // everyone ties everything: no number, and it is said
    let tied = Agreement::default().run_ratings(&[1.0; 6], 2, 3).unwrap();
    assert_eq!((tied.w(), tied.rows[0].state), (None, "undefined"));
    assert!(Agreement::default().run_ratings(&[1.0; 5], 2, 3).is_err());
}

#[test]
fn agreement_of_an_assessment_by_place_and_stakeholder() {
    let of = |stakeholder, place, ranks| (stakeholder, place, "women", ranks);
    let rows = [
        of("farmers", "hill", [1.0, 2.0, 3.0]),
        of("farmers", "hill", [1.0, 2.0, 3.0]),
        of("farmers", "hill", [1.0, 3.0, 2.0]),
        of("fishers", "coast", [3.0, 2.0, 1.0]),
        of("fishers", "coast", [3.0, 2.0, 1.0]),
        of("fishers", "coast", [3.0, 2.0, 1.0]),
    ];
    let names = ["a", "b", "c", "d", "e", "f"];
    let voices: Vec<_> = rows.iter().zip(names).map(|(r, n)| (n, r.0, r.1, r.2, r.3)).collect();
    let found = Agreement::default().run(&situation(&voices)).unwrap();
    let row =
        |scope: &str, place: Option<&str>| found.rows.iter().find(|r| r.scope == scope && r.place.as_deref() == place).unwrap().clone();
    assert_eq!(row("place", Some("coast")).w, Some(1.0));
    assert!((row("place", Some("hill")).w.unwrap() - 14.0 / 18.0).abs() < 1e-12);
    assert!((row("place", Some("coast")).p_value.unwrap() - 1.0 / 36.0).abs() < 1e-12);
    assert_eq!(row("all", None).raters, Some(6));
    // the order of respondents and their names change nothing
    let mut turned: Vec<_> = voices.iter().rev().copied().collect();
    turned.iter_mut().zip(["z", "y", "x", "w", "v", "u"]).for_each(|(v, n)| v.0 = n);
    assert_eq!(Agreement::default().run(&situation(&turned)).unwrap().rows, found.rows);
}

/// The numbers of a case, row by row; null is missing.
fn numbers(rows: &Value) -> (Vec<f64>, usize, usize) {
    let rows = rows.as_array().unwrap();
    let values = rows.iter().flat_map(|r| r.as_array().unwrap()).map(|x| x.as_f64().unwrap_or(f64::NAN)).collect();
    (values, rows.len(), rows[0].as_array().unwrap().len())
}

fn list(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn run(analysis: &str, inputs: &Value) -> Outcome {
    let settings = inputs["settings"].to_string();
    if inputs["rows"].is_array() {
        let (values, rows, columns) = numbers(&inputs["rows"]);
        return match analysis {
            "agreement" => settings_from_json::<Agreement>(&settings).unwrap().run_ratings(&values, rows, columns).unwrap().outcome(),
            "consensus" => settings_from_json::<Consensus>(&settings).unwrap().run_ratings(&values, rows, columns).unwrap().outcome(),
            "reliability" => settings_from_json::<Reliability>(&settings).unwrap().run_items(&values, rows, columns).unwrap().outcome(),
            other => panic!("no array analysis `{other}`"),
        }
        .unwrap();
    }
    if analysis == "compare_ratings" {
        let of = settings_from_json::<CompareRatings>(&settings).unwrap();
        return of.run(&list(&inputs["first"]), &list(&inputs["second"])).unwrap().outcome().unwrap();
    }
    let assessment = Assessment::from_json(&inputs["assessment"].to_string()).unwrap_or_else(|e| panic!("{e}"));
    match analysis {
        "mismatch" => settings_from_json::<Mismatch>(&settings).unwrap().run(&assessment).unwrap().outcome(),
        "perception_gaps" => settings_from_json::<Perceptions>(&settings).unwrap().run(&assessment).unwrap().outcome(),
        "problem_definitions" => settings_from_json::<ProblemDefinitions>(&settings).unwrap().run(&assessment).unwrap().outcome(),
        other => panic!("no analysis `{other}`"),
    }
    .unwrap()
}

fn agree(found: &Value, wanted: &Value, tolerance: f64) -> bool {
    found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance) || found == wanted
}

#[test]
fn every_case_is_met() {
    let mut count = 0;
    for analysis in ["agreement", "consensus", "reliability", "compare_ratings", "mismatch", "perception_gaps", "problem_definitions"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files {
            let case = file.display().to_string();
            let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            assert_eq!(document["analysis"], analysis, "{case}");
            let outcome = run(analysis, &document["inputs"]);
            let tolerance = document["tolerance"].as_f64().unwrap();
            for (name, wanted) in document["expected"]["facts"].as_object().into_iter().flatten() {
                let found = outcome.facts.get(name).unwrap_or_else(|| panic!("{case}: no fact {name}"));
                assert!(agree(found, wanted, tolerance), "{case}: {name} is {found}, wanted {wanted}");
            }
            for (name, columns) in document["expected"]["tables"].as_object().into_iter().flatten() {
                let rows = outcome.table(name).unwrap_or_else(|| panic!("{case}: no table {name}")).to_json();
                for (column, wanted) in columns.as_object().unwrap() {
                    let found: Vec<&Value> = rows
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|r| r.get(column).unwrap_or_else(|| panic!("{case}: no column {column}")))
                        .collect();
                    let wanted = wanted.as_array().unwrap();
                    let met = found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| agree(f, w, tolerance));
                    assert!(met, "{case}: {name}.{column} is {found:?}, wanted {wanted:?}");
                }
            }
            count += 1;
        }
    }
    assert!(count >= 15, "found {count} cases");
}

/// Eight voices of two stakeholders in two places; the order of the last two is their own.
fn eight() -> Vec<(&'static str, &'static str, &'static str, &'static str, [f64; 3])> {
    vec![
        ("a", "farmers", "hill", "women", [1.0, 2.0, 3.0]),
        ("b", "farmers", "hill", "women", [1.0, 2.0, 3.0]),
        ("c", "farmers", "hill", "men", [1.0, 2.0, 3.0]),
        ("d", "farmers", "coast", "men", [1.0, 2.0, 3.0]),
        ("e", "farmers", "coast", "men", [1.0, 3.0, 2.0]),
        ("f", "union", "coast", "women", [3.0, 2.0, 1.0]),
        ("g", "union", "coast", "women", [3.0, 2.0, 1.0]),
        ("h", "union", "hill", "women", [3.0, 1.0, 2.0]),
    ]
}

#[test]
fn a_minority_is_heard() {
    let found = Consensus::default().run(&situation(&eight())).unwrap();
    let order: Vec<_> = found.rows.iter().map(|r| (r.item.as_str(), r.kemeny_rank.unwrap(), r.n)).collect();
    // 5 of 8 put hunger before flight, and 5 flight before violence
    assert_eq!(order, [("hunger", 1.0, 8), ("flight", 2.0, 8), ("violence", 3.0, 8)]);
    // two put violence first: who says so is told by those large enough to be shown, how many is not
    let violence = &found.minority[0];
    assert_eq!((violence.item.as_str(), violence.last, violence.voters), ("violence", true, None));
    let union = found.dissent.iter().find(|d| d.name == "union").unwrap();
    assert_eq!((union.n, union.state), (Some(3), "thin"));
    assert!(union.tau.unwrap() < 0.0 && union.differs_most.contains(&"hunger".to_owned()));
    assert_eq!(found.exact, Some(true));
    // one vote a stakeholder: the two orders are opposite, so everything is tied
    let even = Consensus { by: RatersBy::Stakeholder, ..Default::default() }.run(&situation(&eight())).unwrap();
    assert_eq!(even.voters, Some(2));
}

#[test]
fn what_is_hidden_cannot_be_worked_out() {
    // farmers: 3 on the hill and 2 at the coast, the union 2 and 1: nothing small, and nothing that gives it away
    let found = Agreement::default().run(&situation(&eight())).unwrap();
    let hidden: Vec<_> = found.rows.iter().filter(|r| r.state == "suppressed").collect();
    assert!(hidden.iter().all(|r| r.raters.is_none() && r.w.is_none() && r.p_value.is_none()));
    let inner = hidden.iter().filter(|r| r.scope == "place-and-stakeholder").count();
    assert_eq!(inner, 4, "{:?}", found.rows);
    assert!(found.mean_ranks.iter().all(|m| m.raters >= 3));
    // of 0 nothing is hidden
    let open = Agreement { min_n: 0, ..Default::default() }.run(&situation(&eight())).unwrap();
    assert!(open.rows.iter().all(|r| r.state != "suppressed"));
    // two respondents in all: nothing is told
    let two: Vec<_> = eight().into_iter().take(2).collect();
    assert_eq!(Consensus::default().run(&situation(&two)).unwrap().rows, []);
    assert_eq!(Agreement::default().run(&situation(&two)).unwrap().rows[0].state, "suppressed");
}

#[test]
fn stakeholders_of_few_people_are_hidden_too() {
    let of = situation(&eight().into_iter().filter(|v| v.0 != "e" && v.0 != "f").collect::<Vec<_>>());
    let found = Agreement { by: RatersBy::Stakeholder, ..Default::default() }.run(&of).unwrap();
    let hidden: Vec<_> = found.rows.iter().filter(|r| r.state == "suppressed").map(|r| r.place.as_deref()).collect();
    // one farmer and one of the union at the coast: six less the four of the hill
    assert_eq!(hidden, [Some("hill"), Some("coast")]);
    let two = situation(&eight().into_iter().filter(|v| v.0 == "a" || v.0 == "f").collect::<Vec<_>>());
    assert_eq!(Consensus { by: RatersBy::Stakeholder, ..Default::default() }.run(&two).unwrap().rows, []);
}

#[test]
fn lists_of_the_first_few() {
    // everyone names two of three: no one is complete, no threat is named by all
    let values = [2.0, 1.0, NAN, 2.0, NAN, 1.0, 2.0, 1.0, NAN];
    let of = |missing| Agreement { missing, ..Default::default() }.run_ratings(&values, 3, 3).unwrap();
    assert_eq!(of(MissingRatings::CompleteRaters).rows[0].state, "undefined");
    assert_eq!(of(MissingRatings::Behind).rows[0].raters, Some(3));
    assert!((of(MissingRatings::Behind).w().unwrap() - 14.0 / 18.0).abs() < 1e-12);
}

/// Scales of trust and legitimacy: five respondents in one place, two periods.
fn scales() -> Assessment {
    let mut answers = Vec::new();
    for (who, (group, values)) in [
        ("women", [4.0, 5.0, 1.0, 2.0]),
        ("women", [3.0, 4.0, 2.0, 3.0]),
        ("women", [2.0, 2.0, 4.0, 4.0]),
        ("men", [5.0, 4.0, 1.0, 1.0]),
        ("men", [1.0, 2.0, 5.0, 5.0]),
    ]
    .into_iter()
    .enumerate()
    {
        for (item, value) in ["t1", "t2", "t3", "justice"].into_iter().zip(values) {
            answers.push(
                json!({"respondent": format!("r{who}"), "item": item, "place": "valley", "group": group, "period": "2009", "value": value}),
            );
        }
        answers.push(
            json!({"respondent": format!("r{who}"), "item": "t1", "place": "valley", "group": group, "period": "2008", "value": 1.0}),
        );
    }
    let item = |id: &str, scale: &str, about: &str, aspect: Value, better: &str| json!({"id": id, "scale": scale, "about": about, "aspect": aspect, "minimum": 1, "maximum": 5, "better": better});
    let document = json!({
        "schema": "human-security/1", "id": "t", "title": "T", "places": [{"id": "valley", "name": "Valley", "level": "district"}],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
        "items": [item("t1", "trust", "trust", Value::Null, "higher"), item("t2", "trust", "trust", Value::Null, "higher"), item("t3", "trust", "trust", Value::Null, "lower"),
            item("justice", "right", "legitimacy", json!("justice"), "lower")],
        "answers": answers
    });
    Assessment::from_json(&document.to_string()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn scales_by_place_and_group() {
    let found = Reliability::default().run(&scales()).unwrap();
    let trust = &found.rows[0];
    assert_eq!((trust.scale.as_str(), trust.items, trust.respondents), ("trust", 3, Some(5)));
    // as an array with the third item turned
    let rows = [4.0, 5.0, 1.0, 3.0, 4.0, 2.0, 2.0, 2.0, 4.0, 5.0, 4.0, 1.0, 1.0, 2.0, 5.0];
    let array = Reliability { reversed: vec![2], ..Default::default() }.run_items(&rows, 5, 3).unwrap();
    assert_eq!((trust.alpha, trust.omega), (array.rows[0].alpha, array.rows[0].omega));
    // one item: no reliability
    assert_eq!((found.rows[1].alpha, found.rows[1].omega, found.rows[1].state), (None, None, "undefined"));
    let score = |scale: &str, group: Option<&str>| {
        found.scores.iter().find(|s| s.scale == scale && s.place.is_some() && s.group.as_deref() == group).unwrap()
    };
    // shares 0.75 + 1 + 1, 0.5 + 0.75 + 0.75, 0.25 + 0.25 + 0.25, 1 + 0.75 + 1, 0 + 0.25 + 0, over 15
    assert!((score("trust", None).score.unwrap() - 8.5 / 15.0).abs() < 1e-12 && score("trust", None).n == Some(5));
    // two men are too few, and three women would tell them
    assert_eq!((score("trust", Some("men")).state, score("trust", Some("women")).state), ("suppressed", "suppressed"));
    assert!(score("trust", Some("women")).score.is_none());
    // legitimacy by its source alone, no total
    assert!(found.scores.iter().filter(|s| s.scale == "right").all(|s| s.aspect.is_some()));
    // all said 1 in 2008: an item alone is not half of the scale, so the trend has no such point
    assert!(found.trend.iter().all(|t| t.period.as_deref() != Some("2008")));
    let all = Reliability { answered: 0.0, ..Default::default() }.run(&scales()).unwrap();
    assert_eq!(all.trend.iter().find(|t| t.period.as_deref() == Some("2008")).unwrap().score, Some(0.0));
}

#[test]
fn every_example_is_told_whatever_it_holds() {
    for name in hs_core::examples::names() {
        let of = Assessment::from_json(hs_core::examples::text(name).unwrap()).unwrap();
        let outcomes = [
            Agreement::default().run(&of).unwrap().outcome().unwrap(),
            Consensus::default().run(&of).unwrap().outcome().unwrap(),
            Mismatch::default().run(&of).unwrap().outcome().unwrap(),
            Perceptions::default().run(&of).unwrap().outcome().unwrap(),
            Reliability::default().run(&of).unwrap().outcome().unwrap(),
            ProblemDefinitions::default().run(&of).unwrap().outcome().unwrap(),
        ];
        assert!(outcomes.iter().all(|o| o.tables[0].0 == o.analysis), "{name}");
    }
}

#[test]
fn settings_out_of_their_domain_are_refused() {
    let of = situation(&eight());
    assert!(Consensus { level: 1.0, ..Default::default() }.run(&of).is_err());
    assert!(Consensus { place: Some("hil".into()), ..Default::default() }.run(&of).unwrap_err().message.contains("`hill`"));
    assert!(Mismatch { policies: Some(vec!["x".into()]), ..Default::default() }.run(&of).is_err());
    assert!(Agreement { period: Some("soon".into()), ..Default::default() }.run(&of).is_err());
    assert!(CompareRatings::default().run(&[1.0], &[1.0, 2.0]).is_err());
    assert!(CompareRatings { bounds: Some(vec![0.5, 0.2]), ..Default::default() }.run(&[1.0], &[1.0]).is_err());
    assert!(Reliability { reversed: vec![3], ..Default::default() }.run_items(&[1.0; 6], 2, 3).is_err());
    assert!(Perceptions { kinds: vec![hs_core::assessment::ConditionKind::Perception], ..Default::default() }.run(&of).is_err());
    // nothing said: empty tables and a note
    let empty = situation(&[]);
    assert!(Consensus::default().run(&empty).unwrap().notes.iter().any(|n| n.code == "no-voices"));
    assert!(Mismatch::default().run(&empty).unwrap().outcome().unwrap().notes.iter().any(|n| n.code == "no-policies"));
    assert!(ProblemDefinitions::default().run(&empty).unwrap().outcome().unwrap().notes.iter().any(|n| n.code == "too-few-maps"));
    assert!(Perceptions::default().run(&empty).unwrap().outcome().unwrap().notes.iter().any(|n| n.code == "no-perceptions"));
    assert!(Reliability::default().run(&empty).unwrap().outcome().unwrap().notes.iter().any(|n| n.code == "no-scales"));
    assert_eq!(Agreement::default().run(&empty).unwrap().rows[0].state, "undefined");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn unanimity_is_kept_and_order_changes_nothing(
        values in proptest::collection::vec(proptest::collection::vec(0_u8..5, 4), 2..6), turn in 0_usize..5, place in 0_usize..4
    ) {
        let items = 4;
        let flat = |rows: &[Vec<u8>]| rows.iter().flatten().map(|v| f64::from(*v)).collect::<Vec<_>>();
        let of = |rows: &[Vec<u8>]| Consensus { draws: 20, ..Default::default() }.run_ratings(&flat(rows), rows.len(), items).unwrap();
        let found = of(&values);
        // what everyone puts before another stays before it; what everyone ties stays tied
        for i in 0..items {
            for j in 0..items {
                let rank = |at: usize| found.rows[at].kemeny_rank.unwrap();
                if values.iter().all(|r| r[i] > r[j]) {
                    prop_assert!(rank(i) < rank(j) && found.rows[i].borda_rank < found.rows[j].borda_rank);
                }
                if values.iter().all(|r| r[i] == r[j]) {
                    prop_assert_eq!(rank(i), rank(j));
                }
            }
        }
        // raters in another order
        let mut turned = values.clone();
        turned.rotate_left(turn % values.len());
        prop_assert_eq!(&of(&turned).rows, &found.rows);
        let w = |rows: &[Vec<u8>]| Agreement::default().run_ratings(&flat(rows), rows.len(), items).unwrap().rows;
        prop_assert_eq!(w(&turned), w(&values));
        // items in another order: ranks and W go with them
        let moved: Vec<Vec<u8>> = values.iter().map(|r| { let mut r = r.clone(); r.rotate_left(place); r }).collect();
        let there = of(&moved);
        for at in 0..items {
            prop_assert_eq!(there.rows[at].kemeny_rank, found.rows[(at + place) % items].kemeny_rank);
            prop_assert_eq!(there.rows[at].borda_rank, found.rows[(at + place) % items].borda_rank);
        }
        prop_assert_eq!(there.kemeny_distance, found.kemeny_distance);
        let (a, b) = (w(&moved)[0].w, w(&values)[0].w);
        prop_assert!(a.is_some() == b.is_some() && (a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-12);
    }

    #[test]
    fn missing_is_not_zero(values in proptest::collection::vec(0_u8..6, 9), at in 0_usize..9) {
        let mut rows: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
        rows[at] = f64::NAN;
        let found = Reliability::default().run_items(&rows, 3, 3).unwrap();
        prop_assert_eq!(found.rows[0].respondents, Some(2));
        let kept: Vec<f64> = rows.chunks(3).filter(|r| r.iter().all(|x| !x.is_nan())).flatten().copied().collect();
        prop_assert_eq!(found.rows[0].alpha, Reliability::default().run_items(&kept, 2, 3).unwrap().rows[0].alpha);
        let pairs = CompareRatings::default().run(&rows[..4], &rows[5..]).unwrap();
        prop_assert!(pairs.n + pairs.missing == 4);
    }
}

/// Someone asked: stakeholder, place, group, ranks of three threats or nothing.
type Person = (Option<&'static str>, &'static str, Option<&'static str>, [Option<u8>; 3]);

const THREATS: [&str; 3] = ["hunger", "flight", "violence"];

/// Two districts and a third of which no policy speaks, in one land; policies of land, hill and coast.
fn asked(people: &[Person]) -> Assessment {
    let mut rows = Vec::new();
    for (at, (stakeholder, place, group, ranks)) in people.iter().enumerate() {
        for (threat, rank) in THREATS.into_iter().zip(ranks).filter(|(_, rank)| rank.is_some()) {
            let mut row = json!({"respondent": format!("r{at}"), "place": place, "threat": threat, "rank": rank.map(|r| r + 1)});
            for (name, value) in [("stakeholder", stakeholder), ("group", group)] {
                value.iter().for_each(|v| row[name] = json!(v));
            }
            rows.push(row);
        }
    }
    let district = |id: &str| json!({"id": id, "name": id, "level": "district", "parent": "land"});
    let policy = |place: &str| {
        THREATS.iter().zip(1..).map(|(t, k)| json!({"policy": "plan", "place": place, "threat": t, "rank": k})).collect::<Vec<_>>()
    };
    let document = json!({"schema": "human-security/1", "id": "t", "title": "T",
        "places": [{"id": "land", "name": "Land", "level": "national"}, district("hill"), district("coast"), district("delta")],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
        "threats": (THREATS.map(|t| json!({"id": t, "name": t, "component": "food"}))),
        "priorities": (["land", "hill", "coast"].map(policy).concat()), "perceptions": rows});
    Assessment::from_json(&document.to_string()).unwrap()
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let ranks = proptest::array::uniform3(proptest::option::weighted(0.9, 0_u8..3));
    let one = |words: Vec<Option<&'static str>>| proptest::sample::select(words);
    let stakeholder = one(vec![Some("farmers"), Some("farmers"), Some("union"), None]);
    let place = proptest::sample::select(vec!["hill", "hill", "coast", "delta"]);
    proptest::collection::vec((stakeholder, place, one(vec![Some("women"), Some("men"), Some("women"), None]), ranks), 3..16)
        .prop_map(|people| people.into_iter().filter(|p| p.3.iter().any(Option::is_some)).collect())
}

fn rows(outcome: &Outcome, table: &str) -> Vec<Value> {
    outcome.table(table).unwrap().to_json().as_array().unwrap().clone()
}

/// A set that holds so many as a table says, as someone who knows the people sees it.
fn set(inside: impl Iterator<Item = bool>, told: &Value) -> Vec<bool> {
    let set: Vec<bool> = inside.collect();
    assert_eq!(told.as_u64(), Some(set.iter().filter(|x| **x).count() as u64), "the attacker knows the sets");
    set
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_sets_of_raters_tell_one_or_two(people in people()) {
        let outcome = Agreement::default().run(&asked(&people)).unwrap().outcome().unwrap();
        let mut shown = Vec::new();
        for row in rows(&outcome, "agreement") {
            if row["state"] == "suppressed" {
                prop_assert!(["raters", "w", "chi_squared", "p_value", "raters_left_out"].iter().all(|c| row[c].is_null()));
                continue;
            }
            let inside = |p: &Person| (row["place"].is_null() || row["place"] == p.1) && (row["stakeholder"].is_null() || p.0.is_some_and(|s| row["stakeholder"] == s));
            let own: Vec<&Person> = people.iter().filter(|p| inside(p)).collect();
            let named: Vec<usize> = (0..3).filter(|t| own.iter().any(|p| p.3[*t].is_some())).collect();
            let whole = |p: &Person| named.iter().all(|t| p.3[*t].is_some());
            // fewer than two are complete: everyone counts, over what all name
            let all = own.iter().filter(|p| whole(p)).count() < 2 && own.len() >= 2;
            shown.push(set(people.iter().map(|p| inside(p) && (all || whole(p))), &row["raters"]));
            if row["left_out_state"] == "value" {
                shown.push(set(people.iter().map(|p| inside(p) && !all && !whole(p)), &row["raters_left_out"]));
            }
        }
        let told = singled_out(people.len(), &shown);
        prop_assert!(told.is_none(), "{told:?} of {people:?}");
        let ranks = rows(&outcome, "mean_ranks");
        prop_assert!(ranks.iter().all(|r| r["raters"].as_u64() >= Some(3)));
        prop_assert!(rows(&outcome, "agreement").iter().all(|r| r["state"] != "suppressed") || outcome.notes.iter().any(|n| n.code == "suppressed"));
    }

    #[test]
    fn no_parts_of_a_consensus_tell_one_or_two(people in people()) {
        let outcome = Consensus { draws: 0, ..Default::default() }.run(&asked(&people)).unwrap().outcome().unwrap();
        if outcome.facts["voters"].is_null() {
            prop_assert!(outcome.notes.iter().any(|n| n.code == "suppressed") && rows(&outcome, "dissent").is_empty());
            return Ok(());
        }
        let voters = set(people.iter().map(|_| true), &outcome.facts["voters"]);
        let mut shown = vec![voters.clone()];
        for row in rows(&outcome, "dissent") {
            let name = |p: &Person| match row["kind"].as_str().unwrap() { "stakeholder" => p.0, "group" => p.2, _ => Some(p.1) };
            let value = &row[row["kind"].as_str().unwrap()];
            if row["state"] == "suppressed" {
                prop_assert!(row["n"].is_null() && row["tau"].is_null() && row["first"] == json!([]));
                let subject = format!("{} {}", row["kind"].as_str().unwrap(), value.as_str().unwrap());
                prop_assert!(outcome.notes.iter().any(|n| n.code == "suppressed" && n.subjects.contains(&subject)));
            } else {
                shown.push(set(people.iter().map(|p| name(p).is_some_and(|n| value == n)), &row["n"]));
            }
        }
        let told = singled_out(people.len(), &shown);
        prop_assert!(told.is_none(), "{told:?} of {people:?}");
        // who puts what first: those who put another threat first are what is left of all
        let first = |p: &Person, threat: usize| {
            let best = p.3.iter().flatten().min();
            let named = p.3.iter().flatten().collect::<BTreeSet<_>>();
            p.3[threat].as_ref() == best && named.len() > 1 && p.3[threat].is_some()
        };
        let mut shown = vec![voters];
        for row in rows(&outcome, "minority").iter().filter(|r| !r["voters"].is_null()) {
            let threat = THREATS.iter().position(|t| row["threat"] == *t).unwrap();
            shown.push(set(people.iter().map(|p| first(p, threat)), &row["voters"]));
        }
        let every: Vec<Vec<bool>> = (0..3).map(|t| people.iter().map(|p| first(p, t)).collect()).collect();
        // voters alike in what they put first cannot be told apart by these sets
        let told = singled_out(people.len(), &shown);
        prop_assert!(told.is_none(), "{told:?} of {people:?} {every:?}");
        for row in rows(&outcome, "consensus").iter().filter(|r| r["state"] == "suppressed") {
            prop_assert!(["n", "borda", "mean_rank", "rank_lower"].iter().all(|c| row[c].is_null()) && !row["kemeny_rank"].is_null());
        }
        prop_assert!(rows(&outcome, "consensus").iter().all(|r| r["n"].is_null() || r["n"].as_u64() >= Some(3)));
    }

    #[test]
    fn no_places_with_policies_tell_one_or_two(people in people()) {
        let outcome = Mismatch { draws: 0, ..Default::default() }.run(&asked(&people)).unwrap().outcome().unwrap();
        let mut shown = Vec::new();
        for row in rows(&outcome, "tau") {
            if row["state"] == "suppressed" {
                prop_assert!(row["respondents"].is_null() && row["tau"].is_null());
                let ranks = rows(&outcome, "mismatch");
                prop_assert!(ranks.iter().filter(|r| r["place"] == row["place"]).all(|r| r["people_rank"].is_null()));
            } else {
                shown.push(set(people.iter().map(|p| row["place"] == "land" || row["place"] == p.1), &row["respondents"]));
            }
        }
        let told = singled_out(people.len(), &shown);
        prop_assert!(told.is_none(), "{told:?} of {people:?}");
    }

    #[test]
    fn no_codes_of_stories_tell_one_or_two(stories in proptest::collection::vec((proptest::sample::select(vec!["elders", "elders", "youth"]), 0_u8..8), 1..14)) {
        let threats = [("hunger", "food"), ("drought", "food"), ("flight", "community")];
        let told: Vec<Value> = stories.iter().enumerate().map(|(at, (who, codes))| {
            let own: Vec<&str> = threats.iter().enumerate().filter(|(t, _)| codes >> t & 1 == 1).map(|(_, t)| t.0).collect();
            let linkages: Vec<&str> = Some("l").filter(|_| codes & 3 == 3).into_iter().collect();
            json!({"id": format!("i{at}"), "story": format!("s{at}"), "stakeholder": who, "threats": own, "linkages": linkages})
        }).collect();
        let document = json!({"schema": "human-security/1", "id": "t", "title": "T", "stories": told,
            "threats": (threats.map(|(id, component)| json!({"id": id, "name": id, "component": component}))),
            "linkages": [{"id": "l", "from": "drought", "to": "hunger", "effect": "feeds", "weight": 0.5}]});
        let outcome = Stories { draws: 0, ..Default::default() }.run(&Assessment::from_json(&document.to_string()).unwrap()).unwrap().outcome().unwrap();
        prop_assert_eq!(outcome.facts["stories"].is_null(), stories.len() < 3);
        let holds = |mask: u8| stories.iter().map(move |(_, codes)| codes & mask != 0);
        let mut shown = vec![Vec::new(), Vec::new()];
        for row in rows(&outcome, "story_coding") {
            let hidden = row["state"] == "suppressed";
            prop_assert!(!hidden || ["stories", "segments", "alpha", "double_coded", "agreed"].iter().all(|c| row[c].is_null()) && row["stakeholders"] == json!([]));
            if let Some(threat) = threats.iter().position(|t| row["id"] == t.0).filter(|_| !hidden) {
                shown[threat / 2].push(set(holds(1 << threat), &row["stories"]));
            }
            let few = |who: &str| stories.iter().filter(|s| s.0 == who).count() < 3;
            prop_assert!(row["stakeholders"].as_array().unwrap().iter().all(|who| !few(who.as_str().unwrap())));
        }
        for row in rows(&outcome, "causes").iter().filter(|r| r["state"] != "suppressed") {
            let at = usize::from(row["component"] == "community");
            shown[at].push(set(holds(if at == 0 { 3 } else { 4 }), &row["stories"]));
        }
        for sets in &shown {
            let told = singled_out(stories.len(), sets);
            prop_assert!(told.is_none(), "{told:?} of {stories:?}");
        }
        for row in rows(&outcome, "linkage_evidence") {
            let n = row["stories"].as_array().map(Vec::len);
            prop_assert!(n.is_none_or(|n| n >= 3) && (row["state"] == "suppressed") == row["segments"].is_null());
        }
    }
}
