//! What the eight embedded cases show once they are a network: the chains the handbook tells, and weights that fit the conditions.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use hs_core::{DominoNetwork, Expansion, examples};

fn network(name: &str, partition: bool) -> DominoNetwork {
    let assessment = examples::load(name).unwrap();
    let groups = partition.then(|| assessment.partitions[0].id.clone());
    DominoNetwork::expand(&assessment, &Expansion { groups, ..Expansion::default() }).unwrap()
}

/// Names of the nodes that can be reached along feeding links.
fn reached(network: &DominoNetwork, from: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![network.position(from).unwrap()];
    while let Some(at) = open.pop() {
        for edge in network.edges().filter(|e| e.from as usize == at && e.weight.is_some_and(|w| w > 0.0)) {
            if seen.insert(network.nodes()[edge.to as usize].name.to_string()) {
                open.push(edge.to as usize);
            }
        }
    }
    seen
}

#[test]
fn every_case_expands_on_both_axes_with_every_node_observed() {
    for name in examples::names() {
        for partition in [false, true] {
            let network = network(name, partition);
            assert!(network.edge_count() > 0, "{name}");
            assert!(network.nodes().iter().all(|n| n.observed), "{name}");
            assert!(network.edges().all(|e| e.weight.is_some() && e.low.is_some() && e.high.is_some()), "{name}");
        }
    }
}

#[test]
fn loss_of_income_reaches_renewed_conflict_in_shan() {
    let reached = reached(&network("shan", false), "income-drop/shan");
    for threat in ["food-insecurity", "basic-needs", "resistance", "tension", "renewed-conflict"] {
        assert!(reached.contains(&format!("{threat}/shan")), "{threat}");
    }
}

#[test]
fn poverty_at_home_reaches_trafficking_across_the_border_in_moldova() {
    let network = network("moldova", false);
    assert!(reached(&network, "extreme-poverty/rural-towns").contains("trafficking/destination-countries"));
    let nodes = network.nodes();
    let crossing = network.edges().filter(|e| nodes[e.from as usize].place != nodes[e.to as usize].place);
    let across: BTreeSet<String> = crossing.map(|e| nodes[e.to as usize].name.to_string()).collect();
    for threat in ["emigration", "women-migration", "trafficking"] {
        assert!(across.contains(&format!("{threat}/destination-countries")), "{threat}");
    }
}

#[test]
fn protective_factors_dampen_in_quispicanchis_and_liberia() {
    for (name, dampening) in [("quispicanchis", 6), ("liberia", 1)] {
        let network = network(name, false);
        assert_eq!(network.edges().filter(|e| e.weight.is_some_and(|w| w < 0.0)).count(), dampening, "{name}");
    }
}

/// Anchoring scales the links into a node that claim more than nine tenths of what was seen there; none of the cases needs it.
#[test]
fn links_explain_no_more_than_was_seen() {
    for name in examples::names() {
        let network = network(name, false);
        let nodes = network.nodes();
        for (position, node) in nodes.iter().enumerate() {
            let severity = node.severity.unwrap();
            let (mut spared, mut kept) = (1.0, 1.0);
            for edge in network.edges().filter(|e| e.to as usize == position) {
                let push = edge.weight.unwrap() * nodes[edge.from as usize].severity.unwrap();
                if push > 0.0 { spared *= 1.0 - push } else { kept *= 1.0 + push }
            }
            assert!(1.0 - spared <= 0.9 * severity, "{name}: {} is explained by {}", node.name, 1.0 - spared);
            assert!(1.0 - kept <= 0.9 * (1.0 - severity), "{name}: {}", node.name);
        }
    }
}
