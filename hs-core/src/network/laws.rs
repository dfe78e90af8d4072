//! Laws of the expansion, on random small assessments.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::Assessment;

const THREATS: usize = 4;
const PLACES: usize = 5;
const GROUPS: [&str; 3] = ["women", "men", "old"];

/// One number in hundredths, or none.
fn share() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 3 => (0..=100_u32).prop_map(|n| Some(f64::from(n) / 100.0))]
}

fn group() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![2 => Just(None), 3 => (0..GROUPS.len()).prop_map(Some)]
}

fn conditions() -> impl Strategy<Value = Vec<Value>> {
    let one = (0..THREATS, 0..PLACES, group(), share(), 0..3_usize).prop_map(|(threat, place, group, severity, period)| {
        let mut row = json!({"threat": format!("t{threat}"), "place": format!("p{place}"), "prevalence": 0.3});
        if let Some(group) = group {
            row["group"] = json!(GROUPS[group]);
        }
        if let Some(severity) = severity {
            row["severity"] = json!(severity);
        }
        if period > 0 {
            row["period"] = json!(format!("200{period}"));
        }
        row
    });
    prop::collection::vec(one, 0..8).prop_map(|rows| {
        let key = |row: &Value| (row["threat"].to_string(), row["place"].to_string(), row["group"].to_string(), row["period"].to_string());
        rows.into_iter().map(|row| (key(&row), row)).collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

/// From, to, feeds, weight, lag, reach, group, group reached, confidence.
type Drawn = (usize, usize, bool, Option<f64>, u32, &'static str, Option<usize>, Option<usize>, Option<f64>);

fn linkages() -> impl Strategy<Value = Vec<Value>> {
    let reach = prop::sample::select(vec!["same", "up", "down", "neighbours"]);
    let one = (0..THREATS, 0..THREATS, any::<bool>(), share(), 0..2_u32, reach, group(), group(), share());
    prop::collection::vec(one, 0..10).prop_map(|links| {
        let row = |(id, (from, to, feeds, weight, lag, reach, group, to_group, confidence)): (usize, Drawn)| {
            let mut row = json!({"id": format!("l{id}"), "from": format!("t{from}"), "to": format!("t{to}"), "lag": lag, "reach": reach,
                                 "effect": if feeds { "feeds" } else { "dampens" }});
            let mut set = |field: &str, value: Option<Value>| value.into_iter().for_each(|v| row[field] = v);
            set("weight", weight.map(|w| json!(w)));
            set("confidence", confidence.map(|c| json!(c)));
            set("groups", group.map(|g| json!([GROUPS[g]])));
            set("to_groups", to_group.map(|g| json!([GROUPS[g]])));
            row
        };
        links.into_iter().enumerate().map(row).collect()
    })
}

fn document() -> impl Strategy<Value = Value> {
    let persons = prop::collection::vec(prop::option::of(0..500_u32), PLACES * 2);
    let borders = prop::collection::vec((0..PLACES, 0..PLACES, 0..4_u32), 0..6);
    (conditions(), linkages(), persons, borders, prop::collection::vec(any::<bool>(), PLACES)).prop_map(
        |(conditions, linkages, persons, borders, nested)| {
            let place = |p: usize| {
                let lists: BTreeMap<usize, u32> = borders.iter().filter(|(a, b, _)| *a == p && a != b).map(|(_, b, w)| (*b, *w)).collect();
                let neighbours: Vec<Value> = lists.iter().map(|(b, w)| json!({"place": format!("p{b}"), "weight": w})).collect();
                let mut row = json!({"id": format!("p{p}"), "name": "P", "level": if p == 0 { "national" } else { "district" }, "neighbours": neighbours});
                if p > 0 && nested[p] {
                    row["parent"] = json!(format!("p{}", p / 2));
                }
                row
            };
            let count = |i: usize, group: Option<&str>| {
                let mut row = json!({"place": format!("p{}", i % PLACES), "persons": persons[i]?});
                group.into_iter().for_each(|g| row["group"] = json!(g));
                Some(row)
            };
            let populations: Vec<Value> =
                (0..PLACES).filter_map(|i| count(i, None)).chain((PLACES..2 * PLACES).filter_map(|i| count(i, Some("women")))).collect();
            json!({
                "schema": "human-security/1", "id": "t", "title": "T",
                "places": (0..PLACES).map(place).collect::<Vec<_>>(),
                "groups": GROUPS.map(|g| json!({"id": g, "name": "G"})),
                "partitions": [{"id": "gender", "groups": ["women", "men"]}],
                "populations": populations,
                "threats": (0..THREATS).map(|t| json!({"id": format!("t{t}"), "name": "T", "component": "food"})).collect::<Vec<_>>(),
                "conditions": conditions, "linkages": linkages
            })
        },
    )
}

fn settings() -> impl Strategy<Value = Expansion> {
    (any::<bool>(), any::<bool>(), prop::option::of(Just(0.5))).prop_map(|(by_group, fold_places, unweighted)| Expansion {
        groups: by_group.then(|| "gender".to_owned()),
        fold_places,
        unweighted,
        ..Default::default()
    })
}

fn expand(document: &Value, settings: &Expansion) -> DominoNetwork {
    let assessment: Assessment = serde_json::from_str(&document.to_string()).unwrap();
    DominoNetwork::expand(&assessment, settings).unwrap()
}

/// Whether it dampens, weight with range, linkages behind it.
type EdgeFacts = (bool, Vec<Option<f64>>, Vec<String>);
type Facts = (BTreeMap<String, Vec<Option<f64>>>, BTreeMap<String, EdgeFacts>);

/// What a network says, by name.
fn facts(network: &DominoNetwork) -> Facts {
    let nodes = network.nodes().map(|n| (n.name.to_string(), vec![n.severity, n.prevalence, n.persons, n.coverage]));
    let name = |p: u32| network.name(p as usize).unwrap();
    let edges = network.edges().enumerate().map(|(i, e)| {
        let mut linkages: Vec<String> = network.linkages_of(i).map(str::to_owned).collect();
        linkages.sort();
        (format!("{} > {} {}", name(e.from), name(e.to), e.lag), (e.dampens, vec![e.weight, e.low, e.high], linkages))
    });
    (nodes.collect(), edges.collect())
}

fn close(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    a.iter().zip(b).all(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12 * (1.0 + a.abs()),
        _ => a == b,
    })
}

fn same(a: &Facts, b: &Facts) -> bool {
    let nodes = a.0.len() == b.0.len() && a.0.iter().zip(&b.0).all(|(a, b)| a.0 == b.0 && close(a.1, b.1));
    let edge = |a: &EdgeFacts, b: &EdgeFacts| a.0 == b.0 && a.2 == b.2 && close(&a.1, &b.1);
    nodes && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| a.0 == b.0 && edge(a.1, b.1))
}

/// Every id with `r` before it and its digit turned round, so that the order of the ids turns round too.
fn renamed(text: &str) -> String {
    let turn = |c: char| c.to_digit(10).map_or(c, |d| char::from_digit(9 - d, 10).unwrap_or(c));
    format!("r{}", text.chars().map(turn).collect::<String>())
}

fn rename(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| rename(value, key)),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, key)),
        Value::String(text) => {
            let ids = ["id", "threat", "place", "group", "from", "to", "parent", "groups", "to_groups", "places"];
            if ids.contains(&key) {
                *text = renamed(text);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_rows_does_not_matter(document in document(), settings in settings(), turn in 0..5_usize) {
        let mut shuffled = document.clone();
        for array in ["places", "groups", "populations", "threats", "conditions", "linkages"] {
            let rows = shuffled[array].as_array_mut().unwrap();
            rows.reverse();
            let by = turn % rows.len().max(1);
            rows.rotate_left(by);
        }
        prop_assert!(same(&facts(&expand(&document, &settings)), &facts(&expand(&shuffled, &settings))));
    }

    #[test]
    fn other_ids_change_nothing_but_names(document in document(), settings in settings()) {
        let mut other = document.clone();
        rename(&mut other, "");
        let other_settings = Expansion { groups: settings.groups.as_deref().map(renamed), ..settings.clone() };
        let (a, b) = (expand(&document, &settings), expand(&other, &other_settings));
        prop_assert_eq!(a.len(), b.len());
        for (a, b) in a.nodes().zip(b.nodes()) {
            let name: Vec<String> = a.name.split('/').map(|id| if id == "*" { id.into() } else { renamed(id) }).collect();
            prop_assert_eq!((name.join("/"), a.severity, a.coverage, a.persons), (b.name.to_string(), b.severity, b.coverage, b.persons));
        }
        prop_assert_eq!(a.edges().collect::<Vec<_>>(), b.edges().collect::<Vec<_>>());
        prop_assert_eq!(a.disputes(), b.disputes());
    }

    #[test]
    fn an_isolated_threat_changes_nothing_else(document in document(), settings in settings(), place in 0..PLACES) {
        let mut more = document.clone();
        more["threats"].as_array_mut().unwrap().push(json!({"id": "alone", "name": "Alone", "component": "food"}));
        more["conditions"].as_array_mut().unwrap().push(json!({"threat": "alone", "place": format!("p{place}"), "severity": 0.4}));
        let (mut nodes, edges) = facts(&expand(&more, &settings));
        nodes.retain(|name, _| !name.starts_with("alone"));
        prop_assert!(same(&facts(&expand(&document, &settings)), &(nodes, edges)));
    }

    #[test]
    fn missing_stays_missing(document in document(), settings in settings()) {
        let network = expand(&document, &settings);
        let stated = |threat: &str| document["conditions"].as_array().unwrap().iter().any(|c| c["threat"] == threat && !c["severity"].is_null());
        for node in network.nodes() {
            prop_assert_eq!(node.observed, node.severity.is_some());
            prop_assert!(node.severity.is_none() || stated(&node.threat));
            prop_assert!(node.severity.is_none_or(|s| (0.0..=1.0).contains(&s)) && node.coverage.is_none_or(|c| (0.0..=1.0).contains(&c)));
        }
        let numbered = |id: &str| document["linkages"].as_array().unwrap().iter().any(|l| l["id"] == id && !l["weight"].is_null());
        let mut count = 0;
        for (index, edge) in network.edges().enumerate() {
            let weight = edge.weight;
            prop_assert!(weight.is_none() || settings.unweighted.is_some() || network.linkages_of(index).any(numbered));
            prop_assert!(weight.is_none_or(|w| w.abs() <= 1.0 && (w == 0.0 || (w < 0.0) == edge.dampens)));
            prop_assert!(network.linkages_of(index).count() > 0);
            count += usize::from(weight.is_some());
        }
        prop_assert_eq!(network.csr().edges(), count);
    }
}
