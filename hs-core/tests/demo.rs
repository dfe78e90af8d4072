//! The invented situation: it loads, says that it is invented, and has something of everything the format knows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::collections::{BTreeMap, BTreeSet};

use hs_core::Assessment;
use hs_core::examples;

fn demo() -> Assessment {
    examples::load("demo").unwrap()
}

#[test]
fn it_stands_apart_from_the_eight_and_says_that_it_is_invented() {
    assert_eq!(examples::names().len(), 8);
    assert!(!examples::names().contains(&"demo"));
    let document = demo();
    assert_eq!(document.id, "demo");
    assert!(document.title.to_lowercase().contains("invented"));
    assert!(document.sources.iter().all(|s| s.title.to_lowercase().contains("invented")));
}

#[test]
fn it_has_something_of_everything() {
    let a = demo();
    let value: serde_json::Value = serde_json::from_str(examples::text("demo").unwrap()).unwrap();
    let words = |array: &str, field: &str| -> BTreeSet<String> {
        value[array].as_array().unwrap().iter().filter_map(|row| row[field].as_str().map(str::to_string)).collect()
    };
    let counts: BTreeMap<&str, usize> = [
        ("groups", a.groups.len()),
        ("actors", a.actors.len()),
        ("interventions", a.interventions.len()),
        ("perceptions", words("perceptions", "respondent").len()),
        ("answers", words("answers", "respondent").len()),
        ("coders", words("stories", "coder").len()),
    ]
    .into();
    let wanted = [("groups", 8), ("actors", 12), ("interventions", 9), ("perceptions", 40), ("answers", 40), ("coders", 2)];
    assert_eq!(counts, wanted.into());
    assert_eq!(words("places", "level").len(), 3);
    assert_eq!(words("threats", "component").len(), 7);
    assert_eq!(words("conditions", "kind").len(), 3);
    assert_eq!(words("actors", "kind").len(), 7);
    for (array, rows) in [
        ("ties", a.ties.len()),
        ("items", a.items.len()),
        ("stories", a.stories.len()),
        ("committees", a.committees.len()),
        ("meetings", a.meetings.len()),
        ("feedback", a.feedback.len()),
        ("resources", a.resources.len()),
        ("judgements", a.judgements.len()),
    ] {
        assert!(rows > 0, "{array}");
    }
}

#[test]
fn respondents_are_codes_and_saving_changes_nothing() {
    let a = demo();
    let codes = a.perceptions.iter().map(|p| &p.respondent).chain(a.answers.iter().map(|p| &p.respondent));
    assert!(codes.into_iter().all(|code| code.chars().any(|c| c.is_ascii_digit())));
    assert_eq!(a, Assessment::from_json(&a.to_json().unwrap()).unwrap());
}
