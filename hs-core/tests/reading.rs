//! Laws of reading and writing, over generated texts and assessments.
// helpers of tests fail as the tests do
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use hs_core::assessment::{Extra, Limits, Node, parse};
use hs_core::{Assessment, ErrorKind};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A value of the user's own.
fn own() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::Boolean),
        any::<i64>().prop_map(Node::Integer),
        (i64::MAX as u64 + 1..=u64::MAX).prop_map(Node::Unsigned),
        any::<f64>()
            .prop_filter("finite", |x| x.is_finite() && !(x.fract() == 0.0 && x.is_sign_negative() && *x == 0.0))
            .prop_map(Node::Number),
        "-?[1-9][0-9]{20,40}|[1-9]\\.[0-9]{1,3}0|[1-9]E[1-9]".prop_map(Node::Exact),
        any::<String>().prop_map(Node::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(|entries| Node::Object(entries.into_iter().collect())),
        ]
    })
}

fn extra() -> impl Strategy<Value = Extra> {
    prop::collection::btree_map(any::<String>(), own(), 0..4).prop_map(|entries| Extra(entries.into_iter().collect()))
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0f64, Just(5e-324)]
}

/// A number with a range that holds it, or without.
fn ranged(value: &'static str, range: &'static str) -> impl Strategy<Value = Value> {
    (share(), share(), share(), any::<bool>()).prop_map(move |(a, b, c, bare)| {
        let mut sorted = [a, b, c];
        sorted.sort_by(f64::total_cmp);
        if bare { json!({value: sorted[1]}) } else { json!({value: sorted[1], range: [sorted[0], sorted[2]]}) }
    })
}

fn joined(mut first: Value, second: Value) -> Value {
    if let (Some(first), Value::Object(second)) = (first.as_object_mut(), second) {
        first.extend(second);
    }
    first
}

prop_compose! {
    fn assessment()(
        title in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\u{9f}]{0,20}",
        places in 1usize..5,
        threats in 1usize..5,
        parents in prop::collection::vec(any::<prop::sample::Index>(), 5),
        conditions in prop::collection::vec((0usize..5, 0usize..5, ranged("severity", "severity_range"), prop::option::of(0u16..9999)), 0..8),
        linkages in prop::collection::vec((0usize..5, 0usize..5, ranged("weight", "range"), 0u32..=1000, any::<bool>()), 0..8),
        effects in prop::collection::vec((0usize..5, ranged("change", "range"), prop::option::of(share())), 0..4),
        persons in prop::collection::vec(prop_oneof![0.0..1e12f64, (0u32..).prop_map(f64::from)], 5),
        own in prop::option::of(extra()),
        whose in prop::option::of(extra()),
    ) -> Assessment {
        let mut seen = std::collections::BTreeSet::new();
        let document = json!({
            "schema": "human-security/1", "id": "generated", "title": title,
            "places": (0..places).map(|i| {
                let mut place = json!({"id": format!("p{i}"), "name": "P", "level": "district"});
                if i > 0 { place["parent"] = json!(format!("p{}", parents[i].index(i))); }
                place
            }).collect::<Vec<_>>(),
            "threats": (0..threats).map(|i| json!({"id": format!("t{i}"), "name": "T", "component": "food"})).collect::<Vec<_>>(),
            "populations": (0..places).map(|i| json!({"place": format!("p{i}"), "persons": persons[i]})).collect::<Vec<_>>(),
            "conditions": conditions.into_iter().filter_map(|(threat, place, value, year)| {
                let (threat, place) = (threat % threats, place % places);
                seen.insert((threat, place, year)).then(|| {
                    let period = year.map(|year| format!("{:04}", year + 1));
                    joined(json!({"threat": format!("t{threat}"), "place": format!("p{place}"), "period": period}), value)
                })
            }).collect::<Vec<_>>(),
            "linkages": linkages.into_iter().enumerate().map(|(i, (from, to, value, lag, up))| {
                let linkage = json!({"id": format!("l{i}"), "from": format!("t{}", from % threats), "to": format!("t{}", to % threats),
                    "effect": if up { "feeds" } else { "dampens" }, "lag": lag, "reach": if up { json!("up") } else { Value::Null }});
                joined(linkage, value)
            }).collect::<Vec<_>>(),
            "interventions": [{"id": "i", "name": "I", "component": "economic", "effects": effects.into_iter().map(|(threat, value, likelihood)| {
                joined(json!({"threat": format!("t{}", threat % threats), "likelihood": likelihood}), value)
            }).collect::<Vec<_>>()}],
        });
        let mut assessment = Assessment::from_document(Node::from(document), &Limits::default()).unwrap();
        assessment.extra = own;
        assessment.threats[0].provenance.extra = whose;
        assessment
    }
}

/// Texts that are almost JSON.
fn nearly_json() -> impl Strategy<Value = String> {
    let valid = own().prop_map(|node| serde_json::to_string(&node).unwrap());
    (valid, prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}\",:\\\\0-9eE.+\\-truefalsn u\\x00\\n]"), 0..3)).prop_map(
        |(text, edits)| {
            let mut characters: Vec<char> = text.chars().collect();
            for (place, edit) in edits {
                let place = place.index(characters.len() + 1);
                characters.splice(place..place, edit.chars());
            }
            characters.into_iter().collect()
        },
    )
}

proptest! {
    #[test]
    fn load_save_load_is_equal_and_byte_stable(assessment in assessment()) {
        let text = assessment.to_json().unwrap();
        let again = Assessment::from_json(&text).unwrap();
        prop_assert_eq!(&again, &assessment);
        prop_assert_eq!(again.to_json().unwrap(), text);
        prop_assert!(assessment.validate().is_ok());
        prop_assert!(assessment.check().is_ok());
    }

    #[test]
    fn the_parser_takes_what_serde_json_takes(text in nearly_json()) {
        let theirs = serde_json::from_str::<Node>(&text);
        match parse(text.as_bytes(), &Limits::default()) {
            Ok(ours) => {
                // theirs refuses numbers past the range of a double; ours keeps them for the check to refuse
                prop_assert!(theirs.is_ok() || text.contains(['e', 'E']), "{text}");
                let spelt = serde_json::to_string(&ours).unwrap();
                prop_assert_eq!(parse(spelt.as_bytes(), &Limits::default()).unwrap(), ours);
            }
            Err(error) => {
                prop_assert_eq!(error.kind, ErrorKind::Syntax);
                prop_assert!(theirs.is_err(), "{text}: {error}");
                prop_assert!(error.problems[0].line.is_some() && error.problems[0].column.is_some());
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Assessment::from_slice(&bytes, &Limits::default());
    }

    #[test]
    fn a_damaged_document_is_refused_in_order_or_read(place in any::<prop::sample::Index>(), value in own(), seed in any::<u64>()) {
        let base = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/documents/base.json")).unwrap();
        let mut document = parse(&base, &Limits::default()).unwrap();
        damage(&mut document, place, &value, seed);
        match Assessment::from_document(document, &Limits::default()) {
            Ok(assessment) => prop_assert!(Assessment::from_json(&assessment.to_json().unwrap()).is_ok()),
            Err(error) => {
                prop_assert!(error.total >= 1 && error.problems.len() == error.total.min(100));
                prop_assert!(error.kind != ErrorKind::Internal, "{error}");
            }
        }
    }
}

/// Puts a value in the place of some node.
fn damage(node: &mut Node, place: prop::sample::Index, value: &Node, seed: u64) {
    let children = match &*node {
        Node::List(items) => items.len(),
        Node::Object(entries) => entries.len(),
        _ => 0,
    };
    let stay = seed.is_multiple_of(5) || children == 0;
    match node {
        Node::List(items) if !stay => damage(&mut items[place.index(children)], place, value, seed / 5),
        Node::Object(entries) if !stay => damage(&mut entries[place.index(children)].1, place, value, seed / 5),
        node => *node = value.clone(),
    }
}

/// Run by `too_little_memory_is_an_error` in a process that may have little: a text that is short for the tree it makes.
#[test]
fn greedy() {
    if std::env::var_os("HS_TEST_GREEDY").is_none() {
        return;
    }
    let text = format!(r#"{{"extra": {{"x": [0{}]}}}}"#, ",0".repeat(12 << 20));
    match parse(text.as_bytes(), &Limits::default()) {
        Err(error) if error.kind == ErrorKind::Memory => println!("refused at {}", error.problems[0].pointer),
        other => println!("read: {}", other.is_ok()),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_is_an_error() {
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 400000 && exec \"$0\" --exact greedy --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .env("HS_TEST_GREEDY", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("refused at /extra/x"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
