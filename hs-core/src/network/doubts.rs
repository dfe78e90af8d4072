//! What the numbers of a network owe to those that a user gave with a range: one linkage stands behind many edges, one condition behind many nodes.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::beliefs::Belief;
use super::connect::Told;
use super::domino::DominoNetwork;
use super::edges::EdgeStore;
use crate::assessment::Condition;
use crate::{Error, Result};

/// Where a number was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// The weight of an edge of bare arrays, by its index.
    Edge,
    /// The weight of a linkage, by its position in the assessment.
    Linkage,
    /// The severity of a condition, by its position in the assessment.
    Condition,
}

/// A number that was given with a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StatedNumber {
    pub(crate) origin: Origin,
    /// Where it stands among those of its origin.
    pub(crate) position: u32,
    /// The linkage's id, the ends of the edge, or threat and place of the condition.
    pub(crate) label: String,
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// How a network hangs on the numbers that were given with a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Doubts {
    pub(crate) stated: Vec<StatedNumber>,
    /// Place in the rows, index in `stated`, and by how much the weight moves with it; sorted by place.
    pub(crate) weights: Vec<(u32, u32, f64)>,
    /// Node, index in `stated`, and by how much its severity moves with it.
    pub(crate) severities: Vec<(u32, u32, f64)>,
}

/// Conditions with a range, and the nodes whose severity they enter.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranged {
    conditions: Vec<StatedNumber>,
    index: HashMap<u32, u32>,
    /// Node, index in `conditions`, share.
    hangs: Vec<(u32, u32, f64)>,
}

impl Ranged {
    /// Takes down what the severity of a node rests on.
    pub(super) fn add(&mut self, node: u32, belief: &Belief<'_>, conditions: &[Condition]) {
        for (&position, &share) in belief.conditions.iter().zip(&belief.shares) {
            let Some(condition) = conditions.get(position as usize) else { continue };
            let (Some(severity), Some(range)) = (condition.severity, condition.severity_range) else { continue };
            let next = self.conditions.len() as u32;
            let index = *self.index.entry(position).or_insert(next);
            if index == next {
                let group = condition.group.as_ref().map(|group| format!("/{group}")).unwrap_or_default();
                self.conditions.push(StatedNumber {
                    origin: Origin::Condition,
                    position,
                    label: format!("{}/{}{group}", condition.threat, condition.place),
                    value: severity.get(),
                    low: range.low(),
                    high: range.high(),
                });
            }
            self.hangs.push((node, index, share));
        }
    }
}

/// Ends and lag of an edge with a number, and what it owes to each linkage.
type Owing = (u32, u32, u32, Vec<(u32, f64)>);

fn owing(told: &Told<'_>) -> Option<Owing> {
    told.pooled.weight?;
    let most = told.kept.iter().map(|s| s.confidence).fold(0.0, f64::max);
    let weight = |confidence: f64| if most == 0.0 { 1.0 } else { confidence / most };
    let total: f64 = told.kept.iter().map(|s| weight(s.confidence)).sum();
    let sign = if told.pooled.dampens { -1.0 } else { 1.0 };
    let parts = told.kept.iter().map(|s| (s.linkage, sign * s.factor * weight(s.confidence) / total)).collect();
    Some((told.to, told.from, told.lag, parts))
}

impl DominoNetwork {
    /// What its numbers owe to those that were given with a range.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub(crate) fn doubts(&self) -> Result<Doubts> {
        let mut doubts = Doubts::default();
        match &*self.edges {
            EdgeStore::Given(_) => {
                let name = |node: u32| self.name(node as usize).unwrap_or_default().into_owned();
                let mut order = Vec::new();
                for (index, edge) in (0_u32..).zip(self.edges()) {
                    let Some(value) = edge.weight else { continue };
                    order.push((edge.to, edge.from, index, doubts.stated.len() as u32, edge.low.zip(edge.high)));
                    if let (Some(low), Some(high)) = (edge.low, edge.high) {
                        let label = format!("{} -> {}", name(edge.from), name(edge.to));
                        doubts.stated.push(StatedNumber { origin: Origin::Edge, position: index, label, value, low, high });
                    }
                }
                order.sort_unstable_by_key(|(to, from, index, ..)| (*to, *from, *index));
                let ranged = (0_u32..).zip(order).filter(|(_, row)| row.4.is_some());
                doubts.weights = ranged.map(|(place, row)| (place, row.3, 1.0)).collect();
            }
            EdgeStore::Told { rules, .. } => {
                let mut index = HashMap::new();
                let mut links: Vec<_> = rules.moves.links.iter().filter(|l| l.weight.is_some() && l.range.is_some()).collect();
                links.sort_unstable_by_key(|link| link.linkage);
                for link in links {
                    let (Some(value), Some((low, high))) = (link.weight, link.range) else { continue };
                    index.insert(link.linkage, doubts.stated.len() as u32);
                    let label = self.linkages.get(link.linkage as usize).map(ToString::to_string).unwrap_or_default();
                    doubts.stated.push(StatedNumber { origin: Origin::Linkage, position: link.linkage, label, value, low, high });
                }
                let mut edges: Vec<(u32, Owing)> = Vec::new();
                for (at, owed) in (0_u32..).zip(self.edges.owing(&self.nodes, owing)) {
                    edges.extend(owed.map(|owed| (at, owed)));
                }
                edges.sort_unstable_by_key(|(at, (to, from, lag, _))| (*to, *from, *lag, *at));
                for (place, (_, (.., parts))) in (0_u32..).zip(edges) {
                    doubts.weights.extend(parts.iter().filter_map(|(linkage, by)| Some((place, *index.get(linkage)?, *by))));
                }
            }
        }
        let rows = self.csr.edges() as u32;
        if doubts.weights.iter().any(|(place, ..)| *place >= rows) {
            return Err(Error::internal("an edge with a range is not among the rows"));
        }
        let first = doubts.stated.len() as u32;
        doubts.stated.extend(self.nodes.ranged.conditions.iter().cloned());
        doubts.severities = self.nodes.ranged.hangs.iter().map(|(node, index, share)| (*node, first + index, *share)).collect();
        // A linkage that no edge of this network rests on moves nothing.
        let mut moves = vec![false; doubts.stated.len()];
        for (_, index, by) in doubts.weights.iter().chain(&doubts.severities) {
            moves.get_mut(*index as usize).into_iter().for_each(|moves| *moves |= *by != 0.0);
        }
        let mut kept = 0;
        let mut renamed = Vec::with_capacity(moves.len());
        for moves in &moves {
            renamed.push(kept);
            kept += u32::from(*moves);
        }
        for list in [&mut doubts.weights, &mut doubts.severities] {
            list.retain(|(_, _, by)| *by != 0.0);
            list.iter_mut().for_each(|(_, index, _)| *index = renamed.get(*index as usize).copied().unwrap_or(0));
        }
        let mut flags = moves.into_iter();
        doubts.stated.retain(|_| flags.next().unwrap_or(false));
        Ok(doubts)
    }

    /// The same network with other weights, in the order of its rows, and other severities (NaN for none) where some are given; it has no notes.
    ///
    /// # Errors
    /// As [`Csr::with_weights`](crate::kernels::Csr::with_weights).
    pub(crate) fn redrawn(&self, weights: Vec<f64>, severities: Option<Vec<f64>>) -> Result<DominoNetwork> {
        Ok(DominoNetwork {
            nodes: self.nodes.clone(),
            edges: self.edges.clone(),
            drawn: severities,
            csr: self.csr.with_weights(weights)?,
            linkages: Vec::new(),
            disputes: Vec::new(),
            notes: Vec::new(),
            settings: self.settings.clone(),
            origin: self.origin.clone(),
            graph: OnceLock::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{EdgeList, Expansion};

    #[test]
    fn a_linkage_moves_every_edge_and_a_condition_every_node_that_rests_on_it() {
        let assessment = crate::Assessment::from_json(
            r#"{"schema": "human-security/1", "id": "a", "title": "A",
            "places": [{"id": "A", "name": "A", "level": "local"}, {"id": "B", "name": "B", "level": "local"}],
            "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
            "partitions": [{"id": "gender", "groups": ["women", "men"]}],
            "populations": [{"place": "A", "group": "women", "persons": 30}, {"place": "A", "group": "men", "persons": 10}],
            "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "hunger", "name": "Hunger", "component": "food"}],
            "conditions": [{"threat": "war", "place": "A", "group": "women", "severity": 0.6, "severity_range": [0.4, 0.8]},
                           {"threat": "war", "place": "A", "group": "men", "severity": 0.2},
                           {"threat": "war", "place": "B", "severity": 0.5, "severity_range": [0.5, 0.7]}],
            "linkages": [{"id": "l", "from": "war", "to": "hunger", "effect": "dampens", "weight": 0.5, "range": [0.2, 0.6], "confidence": 0.5},
                         {"id": "m", "from": "war", "to": "hunger", "effect": "dampens", "weight": 0.8},
                         {"id": "n", "from": "hunger", "to": "war", "effect": "feeds", "weight": 0.8, "range": [0.2, 0.9], "reach": "up"}]}"#,
        )
        .unwrap();
        let network = DominoNetwork::expand(&assessment, &Expansion::default()).unwrap();
        let doubts = network.doubts().unwrap();
        // no place has a parent, so the third linkage moves nothing
        let labels: Vec<&str> = doubts.stated.iter().map(|s| s.label.as_str()).collect();
        assert_eq!(labels, ["l", "war/A/women", "war/B"]);
        assert_eq!(doubts.weights.len(), 2);
        assert!(doubts.weights.iter().all(|(_, index, by)| *index == 0 && (by + 1.0 / 3.0).abs() < 1e-15));
        let at = |name: &str| network.position(name).unwrap() as u32;
        assert_eq!(doubts.severities.len(), 2);
        assert!(doubts.severities.iter().any(|(node, index, by)| *node == at("war/A") && *index == 1 && (by - 0.75).abs() < 1e-15));
        assert!(doubts.severities.contains(&(at("war/B"), 2, 1.0)));
        let by_group = Expansion { groups: Some("gender".into()), ..Default::default() };
        let network = DominoNetwork::expand(&assessment, &by_group).unwrap();
        let shared: Vec<_> = network.doubts().unwrap().severities.into_iter().filter(|(_, index, by)| *index == 2 && *by == 1.0).collect();
        assert_eq!(shared.len(), 2, "one condition stands behind both groups of B");
    }

    #[test]
    fn edges_of_arrays_are_found_in_the_rows() {
        let list = EdgeList {
            source: vec![2, 0, 1, 0],
            target: vec![1, 1, 0, 1],
            weight: vec![Some(0.3), Some(0.1), None, Some(0.2)].into(),
            low: Some(vec![Some(0.2), None, None, Some(0.2)]),
            high: Some(vec![Some(0.4), None, None, Some(0.6)]),
            ..EdgeList::default()
        };
        let network = DominoNetwork::from_edges(list).unwrap();
        let doubts = network.doubts().unwrap();
        assert_eq!(doubts.weights, [(1, 1, 1.0), (2, 0, 1.0)]);
        for (place, index, _) in &doubts.weights {
            assert_eq!(network.csr().weights()[*place as usize], doubts.stated[*index as usize].value);
        }
        assert_eq!(doubts.stated[0].label, "2 -> 1");
        let other = network.redrawn(vec![0.0; 3], None).unwrap();
        assert_eq!((other.csr().weights(), other.severity(0)), (&[0.0; 3][..], None));
    }
}
