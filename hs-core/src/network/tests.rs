//! Hand-expanded assessments: every reach, a partition's axis, folding, pooling; and laws.

use serde_json::{Value, json};

use super::*;
use crate::Assessment;
use crate::framework::Component;

/// Two countries; `N` holds the districts `A` (300 persons) and `B` (100), which border each other and `S`.
fn country(conditions: Value, linkages: Value) -> Value {
    json!({
        "schema": "human-security/1", "id": "t", "title": "T",
        "sources": [{"id": "s1", "title": "One"}, {"id": "s2", "title": "Two"}],
        "places": [
            {"id": "N", "name": "N", "level": "national"},
            {"id": "A", "name": "A", "level": "district", "parent": "N", "neighbours": [{"place": "B", "weight": 1.0}, {"place": "S", "weight": 3.0}]},
            {"id": "B", "name": "B", "level": "district", "parent": "N", "neighbours": [{"place": "A", "weight": 2.0}, {"place": "S", "weight": 1.0}]},
            {"id": "S", "name": "S", "level": "national"}
        ],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}, {"id": "old", "name": "Old"}],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "populations": [
            {"place": "N", "persons": 400}, {"place": "A", "persons": 300}, {"place": "B", "persons": 100},
            {"place": "A", "group": "women", "persons": 180}, {"place": "A", "group": "men", "persons": 120},
            {"place": "A", "group": "old", "persons": 30}
        ],
        "threats": [
            {"id": "war", "name": "War", "component": "personal"},
            {"id": "flight", "name": "Flight", "component": "community"},
            {"id": "hunger", "name": "Hunger", "component": "food"}
        ],
        "conditions": conditions, "linkages": linkages
    })
}

fn read(document: &Value) -> Assessment {
    serde_json::from_str(&document.to_string()).unwrap()
}

fn expand(document: &Value, settings: &Expansion) -> DominoNetwork {
    DominoNetwork::expand(&read(document), settings).unwrap()
}

fn names(network: &DominoNetwork) -> Vec<String> {
    network.nodes().map(|n| n.name.to_string()).collect()
}

/// Edges as `from > to`, with weight and lag, sorted.
fn edges(network: &DominoNetwork) -> Vec<(String, Option<f64>, u32)> {
    let name = |p: u32| network.name(p as usize).unwrap().into_owned();
    let mut edges: Vec<_> = network.edges().map(|e| (format!("{} > {}", name(e.from), name(e.to)), e.weight, e.lag)).collect();
    edges.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.cmp(&b.2)));
    edges
}

fn weights(network: &DominoNetwork) -> Vec<(String, f64)> {
    edges(network).into_iter().map(|(name, weight, _)| (name, (weight.unwrap() * 1e12).round() / 1e12)).collect()
}

fn codes(network: &DominoNetwork) -> Vec<&'static str> {
    network.notes().iter().map(|n| n.code).collect()
}

fn listed(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
    pairs.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect()
}

fn link(reach: &str) -> Value {
    json!([{"id": "l", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.8, "reach": reach}])
}

fn war_everywhere() -> Value {
    json!([{"threat": "war", "place": "N", "severity": 0.5}, {"threat": "war", "place": "A", "severity": 0.6},
           {"threat": "war", "place": "B", "severity": 0.2}])
}

#[test]
fn reach_same_stays_and_closes_forward() {
    let links = json!([{"id": "l", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.8},
                       {"id": "m", "from": "flight", "to": "hunger", "effect": "dampens", "weight": 0.4, "places": ["B"]}]);
    let network = expand(&country(war_everywhere(), links), &Expansion::default());
    // by place, then threat, in the order of the assessment; hunger stands only where a linkage reaches it
    assert_eq!(names(&network), ["war/N", "flight/N", "war/A", "flight/A", "war/B", "flight/B", "hunger/B"]);
    let expected = [("flight/B > hunger/B", -0.4), ("war/A > flight/A", 0.8), ("war/B > flight/B", 0.8), ("war/N > flight/N", 0.8)];
    assert_eq!(weights(&network), listed(&expected));
    let flight = network.node(network.position("flight/A").unwrap()).unwrap();
    assert!(!flight.observed && flight.severity.is_none() && flight.persons == Some(300.0));
    assert_eq!(network.positions_of("war"), [0, 2, 4]);
    assert_eq!(network.linkages_of(0).collect::<Vec<_>>(), ["l"]);
    assert_eq!(network.csr().edges(), 4);
    assert!(codes(&network).contains(&"unobserved-node"));
}

#[test]
fn reach_up_weighs_each_child_by_its_persons() {
    let network = expand(&country(war_everywhere(), link("up")), &Expansion::default());
    // 0.8 x 300/400 and 0.8 x 100/400; N and S have no parent
    assert_eq!(weights(&network), listed(&[("war/A > flight/N", 0.6), ("war/B > flight/N", 0.2)]));
    let mut unknown = country(war_everywhere(), link("up"));
    unknown["populations"] = json!([{"place": "A", "persons": 300}]);
    let network = expand(&unknown, &Expansion::default());
    assert_eq!(weights(&network), listed(&[("war/A > flight/N", 0.4), ("war/B > flight/N", 0.4)]));
    assert!(codes(&network).contains(&"equal-children"));
    // a place's persons may be its partition's sum: 180 + 120 = 300
    unknown["populations"] = json!([{"place": "B", "persons": 100}, {"place": "A", "group": "women", "persons": 180},
                                    {"place": "A", "group": "men", "persons": 120}]);
    assert_eq!(weights(&expand(&unknown, &Expansion::default())), listed(&[("war/A > flight/N", 0.6), ("war/B > flight/N", 0.2)]));
}

#[test]
fn reach_down_is_whole_and_neighbours_are_standardised_by_receiver() {
    let network = expand(&country(war_everywhere(), link("down")), &Expansion::default());
    assert_eq!(weights(&network), listed(&[("war/N > flight/A", 0.8), ("war/N > flight/B", 0.8)]));
    let network = expand(&country(war_everywhere(), link("neighbours")), &Expansion::default());
    // S is listed by A with 3 and by B with 1; A and B by one place each
    let expected = [("war/A > flight/B", 0.8), ("war/A > flight/S", 0.6), ("war/B > flight/A", 0.8), ("war/B > flight/S", 0.2)];
    assert_eq!(weights(&network), listed(&expected));
    // places filtered away still count in the standard
    let settings = Expansion { places: Some(vec!["B".into(), "S".into()]), ..Default::default() };
    let network = expand(&country(war_everywhere(), link("neighbours")), &settings);
    assert_eq!(weights(&network), listed(&[("war/B > flight/S", 0.2)]));
    assert!(codes(&network).contains(&"linkage-out-of-scope"));
    let settings = Expansion { adjacency: Adjacency::Raw, ..Default::default() };
    let refused = DominoNetwork::expand(&read(&country(war_everywhere(), link("neighbours"))), &settings).unwrap_err();
    assert!(refused.message.contains("found 3 from `A` to `S`"), "{}", refused.message);
}

#[test]
fn the_whole_axis_takes_its_own_condition_else_the_mean_over_groups() {
    let conditions = json!([
        {"threat": "war", "place": "A", "severity": 0.5}, {"threat": "war", "place": "A", "group": "women", "severity": 0.9},
        {"threat": "hunger", "place": "A", "group": "women", "severity": 0.8, "severity_range": [0.7, 0.9]},
        {"threat": "hunger", "place": "A", "group": "men", "severity": 0.3},
        {"threat": "flight", "place": "A", "group": "women", "severity": 0.4}
    ]);
    let network = expand(&country(conditions, json!([])), &Expansion::default());
    let node = |name: &str| network.node(network.position(name).unwrap()).unwrap();
    assert_eq!((node("war/A").severity, node("war/A").coverage), (Some(0.5), Some(1.0)));
    // (0.8 x 180 + 0.3 x 120) / 300
    let hunger = node("hunger/A");
    assert!((hunger.severity.unwrap() - 0.6).abs() < 1e-12);
    assert!((hunger.severity_range.unwrap().0 - 0.54).abs() < 1e-12);
    assert_eq!(hunger.coverage, Some(1.0));
    assert_eq!((node("flight/A").severity, node("flight/A").coverage), (Some(0.4), Some(0.6)));
    let unused = network.notes().iter().find(|n| n.code == "condition-not-used").unwrap();
    assert_eq!(unused.subjects, ["war/A/women expert"]);
}

#[test]
fn on_a_partition_a_group_takes_the_whole_where_it_has_none() {
    let conditions = json!([
        {"threat": "war", "place": "A", "severity": 0.5}, {"threat": "war", "place": "A", "group": "women", "severity": 0.9},
        {"threat": "hunger", "place": "A", "group": "men", "severity": 0.3},
        {"threat": "hunger", "place": "A", "group": "old", "severity": 0.3}
    ]);
    let links = json!([
        {"id": "all", "from": "war", "to": "hunger", "effect": "feeds", "weight": 0.5},
        {"id": "own", "from": "hunger", "to": "war", "effect": "feeds", "weight": 0.2, "groups": ["men"]},
        {"id": "cross", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.4, "groups": ["men"], "to_groups": ["women"]},
        {"id": "hits", "from": "hunger", "to": "flight", "effect": "feeds", "weight": 0.5, "to_groups": ["women"], "lag": 2}
    ]);
    let settings = Expansion { groups: Some("gender".into()), ..Default::default() };
    let network = expand(&country(conditions, links), &settings);
    assert_eq!(names(&network), ["war/A/women", "war/A/men", "flight/A/women", "hunger/A/women", "hunger/A/men"]);
    let severity = |name: &str| network.node(network.position(name).unwrap()).unwrap().severity;
    assert_eq!((severity("war/A/women"), severity("war/A/men"), severity("hunger/A/women")), (Some(0.9), Some(0.5), None));
    let expected = [
        ("hunger/A/men > flight/A/women", 0.2), // 0.5 x 120/300
        ("hunger/A/men > war/A/men", 0.2),
        ("hunger/A/women > flight/A/women", 0.3), // 0.5 x 180/300
        ("war/A/men > flight/A/women", 0.4),
        ("war/A/men > hunger/A/men", 0.5),
        ("war/A/women > hunger/A/women", 0.5),
    ];
    assert_eq!(weights(&network), listed(&expected));
    for code in ["inherited-condition", "condition-not-used", "unobserved-node"] {
        assert!(codes(&network).contains(&code), "{code}");
    }
}

#[test]
fn on_the_whole_axis_links_bound_to_groups_count_by_the_share_they_reach() {
    let links = |groups: Value, to_groups: Value| json!([{"id": "l", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.5, "groups": groups, "to_groups": to_groups}]);
    let war = |place: &str| json!([{"threat": "war", "place": place, "severity": 0.5}]);
    let one = |groups: Value, to_groups: Value| edges(&expand(&country(war("A"), links(groups, to_groups)), &Expansion::default()))[0].1;
    assert_eq!(one(json!(["women"]), json!([])), Some(0.3));
    assert_eq!(one(json!(["women"]), json!(["men"])), Some(0.2));
    assert_eq!(one(json!(["women", "men"]), json!([])), Some(0.5));
    // old and women may overlap: the larger alone is certain
    assert_eq!(one(json!(["women", "old"]), json!([])), Some(0.3));
    let network = expand(&country(war("B"), links(json!(["women"]), json!([]))), &Expansion::default());
    assert_eq!(edges(&network)[0].1, Some(0.25));
    assert!(codes(&network).contains(&"equal-share"));
    let network = expand(&country(war("B"), links(json!(["old"]), json!([]))), &Expansion::default());
    assert_eq!(edges(&network)[0].1, None);
    assert!(codes(&network).contains(&"unknown-share"));
}

#[test]
fn places_fold_by_persons_and_keep_the_share_they_rest_on() {
    let conditions = json!([{"threat": "war", "place": "A", "severity": 0.6}, {"threat": "war", "place": "B", "severity": 0.2},
                            {"threat": "flight", "place": "A", "severity": 0.4}]);
    let links = json!([
        {"id": "same", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.8},
        {"id": "bound", "from": "war", "to": "hunger", "effect": "feeds", "weight": 0.8, "places": ["B"]},
        {"id": "cross", "from": "war", "to": "war", "effect": "feeds", "weight": 0.4, "reach": "neighbours", "places": ["A"]}
    ]);
    let settings = Expansion { fold_places: true, places: Some(vec!["A".into(), "B".into()]), ..Default::default() };
    let network = expand(&country(conditions, links), &settings);
    assert_eq!(names(&network), ["war", "flight", "hunger"]);
    let war = network.node(0).unwrap();
    // (0.6 x 300 + 0.2 x 100) / 400
    assert!((war.severity.unwrap() - 0.5).abs() < 1e-12);
    assert_eq!((war.coverage, war.persons), (Some(1.0), Some(400.0)));
    assert_eq!((network.node(1).unwrap().severity, network.node(1).unwrap().coverage), (Some(0.4), Some(0.75)));
    // bound to B: a quarter of everyone; A reaches B across the border: a quarter of everyone
    assert_eq!(weights(&network), listed(&[("war > flight", 0.8), ("war > hunger", 0.2), ("war > war", 0.1)]));
}

#[test]
fn folding_counts_only_the_topmost_of_nested_places() {
    let settings = Expansion { fold_places: true, ..Default::default() };
    let mut document = country(war_everywhere(), link("same"));
    document["populations"] = json!([{"place": "N", "persons": 400}, {"place": "A", "persons": 300}, {"place": "S", "persons": 100}]);
    let network = expand(&document, &settings);
    let war = network.node(0).unwrap();
    assert_eq!((war.severity, war.coverage, war.persons), (Some(0.5), Some(0.8), Some(500.0)));
    assert_eq!(weights(&network), listed(&[("war > flight", 0.8)]));
    // B has no persons of its own: half of N, as one of two children
    let network = expand(
        &{
            document["linkages"] = link("down");
            document.clone()
        },
        &settings,
    );
    assert_eq!(network.edges().len(), 1);
    // A holds 300 of 500; B, unknown, one of two topmost, one of two children
    assert!((network.edge(0).unwrap().weight.unwrap() - 0.8 * (0.6 + 0.25)).abs() < 1e-12);
}

#[test]
fn parallel_statements_are_pooled_and_signs_disputed() {
    let links = json!([
        {"id": "a", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.8, "confidence": 0.5, "range": [0.6, 0.9]},
        {"id": "b", "from": "war", "to": "flight", "effect": "feeds", "strength": "weak"},
        {"id": "c", "from": "war", "to": "flight", "effect": "dampens", "weight": 0.9, "confidence": 0.9},
        {"id": "d", "from": "war", "to": "flight", "effect": "feeds"},
        {"id": "e", "from": "war", "to": "flight", "effect": "dampens", "weight": 0.9, "lag": 1},
        {"id": "f", "from": "war", "to": "hunger", "effect": "dampens"}
    ]);
    let network = expand(&country(json!([{"threat": "war", "place": "A", "severity": 0.5}]), links.clone()), &Expansion::default());
    // (0.8 x 0.5 + 0.3 x 1) / 1.5; its range (0.6 x 0.5 + 0.3) / 1.5 to (0.9 x 0.5 + 0.3) / 1.5
    let expected = [("war/A > flight/A".to_owned(), 0), ("war/A > flight/A".to_owned(), 1), ("war/A > hunger/A".to_owned(), 0)];
    assert_eq!(edges(&network).into_iter().map(|(name, _, lag)| (name, lag)).collect::<Vec<_>>(), expected);
    let pooled = network.edge(0).unwrap();
    assert!((pooled.weight.unwrap() - 0.7 / 1.5).abs() < 1e-12);
    assert!((pooled.low.unwrap() - 0.4).abs() < 1e-12 && (pooled.high.unwrap() - 0.5).abs() < 1e-12);
    assert_eq!(network.edge(1).unwrap().weight, Some(-0.9));
    assert!(network.edge(2).unwrap().weight.is_none() && network.edge(2).unwrap().dampens);
    assert_eq!(network.csr().edges(), 2);
    let disputed = network.disputed_table().unwrap();
    assert_eq!(disputed.to_json()[0]["feeds"], json!(["a", "b"]));
    assert_eq!(disputed.to_json()[0]["dampens"], json!(["c"]));
    assert_eq!(disputed.to_json()[0]["kept"], "feeds");
    for code in ["unweighted-linkage", "strength-word", "pooled-linkage", "passed-over", "disputed-linkage"] {
        assert!(codes(&network).contains(&code), "{code}");
    }
    let settings = Expansion { unweighted: Some(0.5), ..Default::default() };
    let network = expand(&country(json!([{"threat": "war", "place": "A", "severity": 0.5}]), links), &settings);
    assert_eq!((network.csr().edges(), network.edge(2).unwrap().weight), (3, Some(-0.5)));
}

#[test]
fn interventions_add_the_cells_they_name() {
    let mut document = country(war_everywhere(), json!([{"id": "l", "from": "hunger", "to": "flight", "effect": "feeds", "weight": 0.3}]));
    document["interventions"] = json!([{"id": "aid", "name": "Aid", "component": "food",
        "effects": [{"threat": "hunger", "place": "S", "change": 0.2}, {"threat": "flight", "change": 0.1}],
        "externalities": [{"component": "personal", "place": "S", "outcome": "worse"}]}]);
    let settings = Expansion { interventions: Some(vec!["aid".into()]), ..Default::default() };
    let network = expand(&document, &settings);
    assert_eq!(names(&network), ["war/N", "war/A", "war/B", "war/S", "flight/S", "hunger/S"]);
    let settings = Expansion { interventions: Some(vec!["aids".into()]), ..Default::default() };
    assert!(DominoNetwork::expand(&read(&document), &settings).unwrap_err().message.contains("did you mean `aid`"));
}

#[test]
fn filters_and_their_refusals() {
    let document = country(war_everywhere(), link("same"));
    let settings = Expansion { components: Some(vec![Component::Personal]), places: Some(vec!["A".into()]), ..Default::default() };
    assert_eq!(names(&expand(&document, &settings)), ["war/A"]);
    let refused = |settings: Expansion| DominoNetwork::expand(&read(&document), &settings).unwrap_err().message;
    assert!(refused(Expansion { places: Some(vec!["Z".into()]), ..Default::default() }).contains("no place `Z`"));
    assert!(refused(Expansion { places: Some(vec![]), ..Default::default() }).contains("empty list"));
    assert!(refused(Expansion { groups: Some("gendre".into()), ..Default::default() }).contains("did you mean `gender`"));
    assert!(refused(Expansion { unweighted: Some(1.5), ..Default::default() }).contains("from 0 to 1"));
    assert!(refused(Expansion { period: Some("soon".into()), ..Default::default() }).contains("`period`"));
}

#[test]
fn the_condition_that_feeds_is_chosen_by_period_then_kind_then_confidence() {
    let conditions = json!([
        {"threat": "war", "place": "A", "severity": 0.1},
        {"threat": "war", "place": "A", "period": "2007", "severity": 0.2, "kind": "indicator"},
        {"threat": "war", "place": "A", "period": "2008-06", "severity": 0.9, "kind": "perception"},
        {"threat": "war", "place": "A", "period": "2008-06", "severity": 0.6, "source": "s1", "confidence": 0.5},
        {"threat": "war", "place": "A", "period": "2008-06", "severity": 0.3, "source": "s2"},
        {"threat": "war", "place": "A", "period": "2009", "prevalence": 0.3}
    ]);
    let document = country(conditions, json!([]));
    let at = |period: Option<&str>| {
        let settings = Expansion { period: period.map(Into::into), ..Default::default() };
        let network = expand(&document, &settings);
        network.node(0).map(|n| (n.severity.map(|s| (s * 1e12).round() / 1e12), n.prevalence))
    };
    // (0.6 x 0.5 + 0.3 x 1) / 1.5 = 0.4: experts before perception, never averaged with it
    assert_eq!(at(None), Some((Some(0.4), Some(0.3))));
    assert_eq!(at(Some("2007")), Some((Some(0.2), None)));
    assert_eq!(at(Some("2008")), Some((Some(0.4), None)));
    assert_eq!(at(Some("2006")), None);
    let settings = Expansion { kinds: vec![crate::assessment::ConditionKind::Perception], ..Default::default() };
    assert_eq!(expand(&document, &settings).node(0).unwrap().severity, Some(0.9));
    // a later condition of a kind that is left out hides nothing
    let settings = Expansion { kinds: vec![crate::assessment::ConditionKind::Indicator], ..Default::default() };
    assert_eq!(expand(&document, &settings).node(0).unwrap().severity, Some(0.2));
}

#[test]
fn an_effect_counts_by_the_share_of_persons_it_reaches() {
    let conditions = json!([{"threat": "war", "place": "A", "severity": 0.5}, {"threat": "war", "place": "B", "severity": 0.5},
                            {"threat": "hunger", "place": "A", "severity": 0.5}]);
    let assessment = read(&country(conditions, json!([])));
    let atlas = Atlas::new(&assessment).unwrap();
    let targets = |settings: &Expansion, aim: Aim<'_>| -> Vec<(String, Option<f64>)> {
        let network = DominoNetwork::expand(&assessment, settings).unwrap();
        let targets = network.targets(&atlas, aim).unwrap();
        targets.iter().map(|t| (network.node(t.position).unwrap().name.to_string(), t.share)).collect()
    };
    let named = |name: &str, share: f64| (name.to_owned(), Some(share));
    let war = Aim { threat: Some("war"), ..Default::default() };
    let whole = Expansion::default();
    assert_eq!(targets(&whole, war), [named("war/A", 1.0), named("war/B", 1.0)]);
    let women = Aim { group: Some("women"), place: Some("A"), ..war };
    assert_eq!(targets(&whole, women), [named("war/A", 0.6)]);
    let food = Aim { component: Some(Component::Food), ..Default::default() };
    assert_eq!(targets(&whole, food), [named("hunger/A", 1.0)]);
    let gender = Expansion { groups: Some("gender".into()), ..Default::default() };
    assert_eq!(targets(&gender, women), [named("war/A/women", 1.0)]);
    let old = Aim { group: Some("old"), ..women };
    assert_eq!(targets(&gender, old), [named("war/A/women", 0.1), named("war/A/men", 0.1)]);
    let folded = Expansion { fold_places: true, places: Some(vec!["A".into(), "B".into()]), ..Default::default() };
    assert_eq!(targets(&folded, women), [named("war", 0.75 * (180.0 / 300.0))]);
    let nowhere = Aim { place: Some("S"), ..war };
    assert!(targets(&folded, nowhere).is_empty());
}
