//! Who says what: the statements of networks and assessments, told alike.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::assessment::{LinkEffect, Reach};
use crate::network::{DominoNetwork, Statement};
use crate::tables::Note;
use crate::{Assessment, Error, Result, shown};

/// One statement: this feeds (or dampens) that.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) lag: u32,
    /// How far over places, in an assessment.
    pub(super) reach: Option<Reach>,
    pub(super) dampens: bool,
    /// Magnitude; none for a link without a number.
    pub(super) weight: Option<f64>,
    /// Ends of the magnitude.
    pub(super) range: Option<(f64, f64)>,
    pub(super) confidence: f64,
    /// Position of the map it stands on.
    pub(super) map: usize,
    /// What it is called in lists.
    pub(super) label: String,
    pub(super) stakeholder: Option<String>,
}

impl Said {
    /// As the pooling of a network takes it; `at` is its position among all.
    pub(super) fn statement(&self, at: usize) -> Statement {
        Statement {
            dampens: self.dampens,
            weight: self.weight,
            range: self.range,
            confidence: self.confidence,
            linkage: u32::try_from(at).unwrap_or(u32::MAX),
            factor: 1.0,
        }
    }
}

/// Everything that several maps say.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// Names of the maps.
    pub(super) maps: Vec<String>,
    /// What each map speaks of, linked or not.
    pub(super) nodes: Vec<BTreeSet<String>>,
    pub(super) said: Vec<Said>,
    pub(super) notes: Vec<Note>,
}

impl Statements {
    /// The edges of networks, by the names of their nodes. Every edge is one statement; its range is that of its weight.
    pub(super) fn of_networks(networks: &[&DominoNetwork], names: Option<&[String]>) -> Result<Statements> {
        let maps = named(names, networks.len(), |at| (at + 1).to_string())?;
        let mut all = Statements::default();
        for (map, (network, name)) in networks.iter().zip(&maps).enumerate() {
            let label = |position: u32| network.node(position as usize).map(|n| n.name.to_string()).unwrap_or_default();
            all.nodes.push(network.nodes().iter().map(|n| n.name.to_string()).collect());
            for edge in network.edges() {
                let turned = |w: f64| if edge.dampens { -w } else { w };
                let range = edge.low.zip(edge.high).map(|(low, high)| if edge.dampens { (-high, -low) } else { (low, high) });
                all.said.push(Said {
                    from: label(edge.from),
                    to: label(edge.to),
                    lag: edge.lag,
                    reach: None,
                    dampens: edge.dampens,
                    weight: edge.weight.map(turned),
                    range,
                    confidence: 1.0,
                    map,
                    label: name.clone(),
                    stakeholder: None,
                });
            }
        }
        all.maps = maps;
        Ok(all)
    }

    /// The linkages of assessments, by the ids of their threats.
    pub(super) fn of_assessments(assessments: &[&Assessment], names: Option<&[String]>) -> Result<Statements> {
        let distinct: HashSet<&str> = assessments.iter().map(|a| a.id.as_str()).collect();
        let usual = |at: usize| match assessments.get(at) {
            Some(assessment) if distinct.len() == assessments.len() => assessment.id.clone(),
            _ => (at + 1).to_string(),
        };
        let maps = named(names, assessments.len(), usual)?;
        let mut all = Statements::default();
        let mut bound = Vec::new();
        for (map, (assessment, name)) in assessments.iter().zip(&maps).enumerate() {
            all.nodes.push(assessment.threats.iter().map(|t| t.id.clone()).collect());
            for linkage in &assessment.linkages {
                let label = if maps.len() == 1 { linkage.id.clone() } else { format!("{name}/{}", linkage.id) };
                if !(linkage.places.is_empty() && linkage.groups.is_empty() && linkage.to_groups.is_empty()) {
                    bound.push(label.clone());
                }
                let weight = linkage.weight.map(|w| w.get()).or(linkage.strength.map(|s| s.value()));
                all.said.push(Said {
                    from: linkage.from.clone(),
                    to: linkage.to.clone(),
                    lag: linkage.lag.unwrap_or(0),
                    reach: Some(linkage.reach.unwrap_or(Reach::Same)),
                    dampens: linkage.effect == LinkEffect::Dampens,
                    weight,
                    range: linkage.range.filter(|_| weight.is_some()).map(|r| (r.low(), r.high())),
                    confidence: linkage.confidence.map_or(1.0, |c| c.get()),
                    map,
                    label,
                    stakeholder: linkage.stakeholder.clone(),
                });
            }
        }
        if !bound.is_empty() {
            let message = "are bound to places or groups, and count here as statements about the link itself";
            all.notes.push(Note::counted("bound-linkage", "linkage", message, bound));
        }
        all.maps = maps;
        Ok(all)
    }

    /// Maps by what each statement's own is called: statements without one are left out.
    pub(super) fn regrouped(self, group: impl Fn(&Statements, &Said) -> Option<String>) -> (Statements, Vec<String>) {
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let mut left_out = Vec::new();
        let keys: Vec<Option<String>> = self.said.iter().map(|said| group(&self, said)).collect();
        for key in keys.iter().flatten() {
            let next = positions.len();
            positions.entry(key.clone()).or_insert(next);
        }
        let mut made = Statements { notes: self.notes, nodes: vec![BTreeSet::new(); positions.len()], ..Statements::default() };
        made.maps = vec![String::new(); positions.len()];
        for (name, at) in &positions {
            if let Some(place) = made.maps.get_mut(*at) {
                place.clone_from(name);
            }
        }
        for (mut said, key) in self.said.into_iter().zip(keys) {
            let Some(&map) = key.as_ref().and_then(|key| positions.get(key)) else {
                left_out.push(said.label);
                continue;
            };
            if let Some(nodes) = made.nodes.get_mut(map) {
                nodes.insert(said.from.clone());
                nodes.insert(said.to.clone());
            }
            said.map = map;
            made.said.push(said);
        }
        (made, left_out)
    }
}

/// Names as given, one a map and none twice, or the usual ones.
fn named(names: Option<&[String]>, count: usize, usual: impl Fn(usize) -> String) -> Result<Vec<String>> {
    let Some(names) = names else { return Ok((0..count).map(usual).collect()) };
    if names.len() != count {
        return Err(Error::argument(format!("`names` has {} names, wanted {count}, one for each map", names.len())));
    }
    let mut seen = HashSet::new();
    match names.iter().find(|name| name.is_empty() || !seen.insert(name.as_str())) {
        Some(name) if name.is_empty() => Err(Error::argument("`names` has an empty name, wanted a name for each map")),
        Some(name) => Err(Error::argument(format!("`names` has `{}` twice, wanted a name of its own for each map", shown(name)))),
        None => Ok(names.to_vec()),
    }
}
