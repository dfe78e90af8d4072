//! What people themselves say: known values, laws, and what may not be told.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::Assessment;
use hs_core::analyses::voices::{Agreement, AgreementTest, RatingValues};
use serde_json::{Value, json};

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
    // NAG Library, g08daf, example: W 0.828, chi-squared 22.349 of 9 degrees of freedom, p 0.008
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
