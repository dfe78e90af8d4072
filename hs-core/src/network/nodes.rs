//! Nodes by column: names are made when asked for, numbers stand once, and what no node has is not stored.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::FusedIterator;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::domino::ThreatNode;
use super::doubts::Ranged;
use super::expand::Place;
use super::ground::Ground;
use crate::framework::{Component, Level};
use crate::{Error, ErrorKind, Result};

/// The nodes of a network. Numbers are NaN where missing (kept inside: they leave as `None`); a column that no node has is empty.
#[derive(Debug)]
pub(crate) struct NodeStore {
    pub(super) count: usize,
    pub(super) naming: Naming,
    pub(super) severity: Vec<f64>,
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    pub(super) prevalence: Vec<f64>,
    /// Where places are folded; else persons are those of the ground.
    pub(super) persons: Vec<f64>,
    /// Share of persons behind a severity; empty where it is 1 for every node that has one.
    pub(super) coverage: Vec<f64>,
    /// What severities owe to conditions that have a range.
    pub(super) ranged: Ranged,
}

/// Where names come from.
#[derive(Debug)]
pub(super) enum Naming {
    /// Positions as text.
    Positions,
    /// As given, and positions in their order.
    Given { names: Vec<String>, order: Vec<u32> },
    /// Threat, place and group of an assessment.
    Cells(Box<Cells>),
}

/// Which threat, place and slot of the group axis each node is; ids stand once.
#[derive(Debug)]
pub(super) struct Cells {
    threats: Vec<Arc<str>>,
    components: Vec<Component>,
    places: Vec<Arc<str>>,
    ground: Arc<Ground>,
    /// Positions of the groups of the axis.
    groups: Vec<u32>,
    /// The place each place is in, and its level.
    above: Vec<(Option<u32>, Level)>,
    /// Groups by slot; empty for the whole population.
    axis: Vec<Arc<str>>,
    folded: bool,
    /// Where the nodes of each place begin, and their number at the end; one place where they are folded.
    starts: Vec<u32>,
    /// Threat times slots plus slot, ascending within a place.
    keys: Vec<u32>,
    index: OnceLock<Index>,
}

#[derive(Debug)]
struct Index {
    threats: HashMap<Arc<str>, u32>,
    places: HashMap<Arc<str>, u32>,
    axis: HashMap<Arc<str>, u32>,
}

fn index(ids: &[Arc<str>]) -> HashMap<Arc<str>, u32> {
    let mut map = HashMap::with_capacity(ids.len());
    for (position, id) in (0_u32..).zip(ids) {
        map.entry(Arc::clone(id)).or_insert(position);
    }
    map
}

/// Ids that cells are told by.
pub(super) struct Ids {
    pub(super) threats: Vec<Arc<str>>,
    pub(super) components: Vec<Component>,
    pub(super) places: Vec<Arc<str>>,
    pub(super) ground: Arc<Ground>,
    pub(super) groups: Vec<u32>,
    pub(super) above: Vec<(Option<u32>, Level)>,
    pub(super) axis: Vec<Arc<str>>,
    pub(super) folded: bool,
}

impl Cells {
    /// Keeps sorted cells.
    pub(super) fn new(ids: Ids, cells: &[Place]) -> Result<Self> {
        let Ids { threats, components, places, ground, groups, above, axis, folded } = ids;
        let slots = axis.len().max(1);
        let limit = |what: &str, found: usize| Error::new(ErrorKind::Limit, format!("found {found} {what}, wanted at most {}", u32::MAX));
        u32::try_from(threats.len() * slots).map_err(|_| limit("threats times groups", threats.len() * slots))?;
        u32::try_from(cells.len()).map_err(|_| limit("nodes", cells.len()))?;
        let slots = slots as u32;
        let held = if folded { 1 } else { places.len() };
        let mut starts = vec![0_u32; held + 1];
        for (place, _, _) in cells {
            starts.get_mut(*place as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let keys = cells.iter().map(|(_, threat, slot)| threat * slots + slot).collect();
        Ok(Cells { threats, components, places, ground, groups, above, axis, folded, starts, keys, index: OnceLock::new() })
    }

    fn slots(&self) -> u32 {
        self.axis.len().max(1) as u32
    }

    /// Place, threat and slot of a node; `near` is a place at or before it.
    pub(super) fn cell(&self, position: usize, near: u32) -> Place {
        let ends = |place: u32| self.starts.get(place as usize + 1).map_or(usize::MAX, |end| *end as usize);
        let mut place = near;
        if ends(place) <= position {
            place += 1;
            if ends(place) <= position {
                place = self.starts.partition_point(|start| *start as usize <= position).saturating_sub(1) as u32;
            }
        }
        let key = self.keys.get(position).copied().unwrap_or(0);
        (place, key / self.slots(), key % self.slots())
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Cells in a range of positions.
    pub(super) fn iter(&self, positions: Range<usize>) -> impl Iterator<Item = Place> + '_ {
        let mut near = 0;
        positions.map(move |position| {
            let cell = self.cell(position, near);
            near = cell.0;
            cell
        })
    }

    /// Position of a cell.
    pub(super) fn position(&self, (place, threat, slot): Place) -> Option<u32> {
        let start = *self.starts.get(place as usize)?;
        let end = *self.starts.get(place as usize + 1)?;
        let keys = self.keys.get(start as usize..end as usize)?;
        keys.binary_search(&(threat * self.slots() + slot)).ok().map(|at| start + at as u32)
    }

    /// Positions of a threat's nodes, ascending.
    fn of_threat(&self, threat: u32) -> Vec<usize> {
        let (first, end) = (threat * self.slots(), (threat + 1) * self.slots());
        let mut found = Vec::new();
        for (start, stop) in self.starts.iter().zip(self.starts.iter().skip(1)) {
            let keys = self.keys.get(*start as usize..*stop as usize).unwrap_or_default();
            let (a, b) = (keys.partition_point(|key| *key < first), keys.partition_point(|key| *key < end));
            found.extend((a..b).map(|at| *start as usize + at));
        }
        found
    }

    /// Id of the place on a level that holds a place, that place itself where it stands there.
    fn place_on(&self, place: &str, level: Level) -> Option<&str> {
        let mut at = *self.index().places.get(place)?;
        // bounded by the number of places, should a hand-made assessment hold a cycle
        for _ in 0..=self.above.len() {
            let (parent, own) = self.above.get(at as usize)?;
            if *own == level {
                return self.places.get(at as usize).map(|id| &**id);
            }
            at = (*parent)?;
        }
        None
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index { threats: index(&self.threats), places: index(&self.places), axis: index(&self.axis) })
    }

    fn named(&self, name: &str) -> Option<usize> {
        let index = self.index();
        let at = |place: &str, threat: &str, group: Option<&str>| {
            let place = if self.folded { 0 } else { *index.places.get(place)? };
            let slot = group.map_or(Some(0), |group| index.axis.get(group).copied())?;
            self.position((place, *index.threats.get(threat)?, slot))
        };
        let found = match (self.folded, self.axis.is_empty()) {
            (true, true) => at("", name, None),
            (true, false) => cuts(name).filter_map(|(threat, rest)| at("", threat, Some(rest.strip_prefix("*/")?))).min(),
            (false, true) => cuts(name).filter_map(|(threat, place)| at(place, threat, None)).min(),
            (false, false) => {
                let all = cuts(name).flat_map(|(threat, rest)| cuts(rest).map(move |(place, group)| (threat, place, group)));
                all.filter_map(|(threat, place, group)| at(place, threat, Some(group))).min()
            }
        };
        found.map(|position| position as usize)
    }
}

/// Every way to cut a name at a slash, for ids may hold one.
fn cuts(name: &str) -> impl Iterator<Item = (&str, &str)> {
    name.match_indices('/').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)))
}

/// How a node is told: its name and the ids it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label<'a> {
    pub(crate) name: Cow<'a, str>,
    /// None on bare arrays, where the name stands for it.
    threat: Option<&'a str>,
    pub(crate) place: Option<&'a str>,
    pub(crate) group: Option<&'a str>,
}

impl Label<'_> {
    pub(crate) fn threat(&self) -> &str {
        self.threat.unwrap_or(&self.name)
    }
}

/// From this many nodes on, a name that is not there is held against the ids of threats alone.
const MOST_NAMES_COMPARED: usize = 100_000;

fn at(column: &[f64], position: usize) -> Option<f64> {
    column.get(position).copied().filter(|number| !number.is_nan())
}

/// A column, or nothing where it holds nothing.
pub(super) fn column(numbers: Vec<f64>) -> Vec<f64> {
    if numbers.iter().all(|number| number.is_nan()) { Vec::new() } else { numbers }
}

impl NodeStore {
    /// Nodes without any number.
    pub(super) fn bare(count: usize, naming: Naming) -> Self {
        let none = Vec::new;
        NodeStore {
            count,
            naming,
            severity: none(),
            low: none(),
            high: none(),
            prevalence: none(),
            persons: none(),
            coverage: none(),
            ranged: Ranged::default(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn cells(&self) -> Option<&Cells> {
        match &self.naming {
            Naming::Cells(cells) => Some(&**cells),
            Naming::Positions | Naming::Given { .. } => None,
        }
    }

    pub(crate) fn severity(&self, position: usize) -> Option<f64> {
        at(&self.severity, position)
    }

    /// Severities in the order of the nodes, NaN where missing; empty where no node has one.
    pub(super) fn severities(&self) -> &[f64] {
        &self.severity
    }

    pub(super) fn prevalence(&self, position: usize) -> Option<f64> {
        at(&self.prevalence, position)
    }

    pub(super) fn persons(&self, position: usize) -> Option<f64> {
        match self.cells() {
            Some(cells) if !cells.folded && position < self.count => {
                let (place, _, slot) = cells.cell(position, 0);
                cells.ground.persons(place, cells.groups.get(slot as usize).copied())
            }
            _ => at(&self.persons, position),
        }
    }

    pub(super) fn coverage(&self, position: usize) -> Option<f64> {
        if self.coverage.is_empty() { self.severity(position).map(|_| 1.0) } else { at(&self.coverage, position) }
    }

    fn range(&self, position: usize) -> Option<(f64, f64)> {
        at(&self.low, position).zip(at(&self.high, position))
    }

    pub(crate) fn name(&self, position: usize) -> Option<Cow<'_, str>> {
        if position >= self.count {
            return None;
        }
        match &self.naming {
            Naming::Positions => Some(position.to_string().into()),
            Naming::Given { names, .. } => names.get(position).map(|name| name.as_str().into()),
            Naming::Cells(_) => Some(self.label(position, 0)?.name),
        }
    }

    fn label(&self, position: usize, near: u32) -> Option<Label<'_>> {
        let Naming::Cells(cells) = &self.naming else {
            return Some(Label { name: self.name(position)?, threat: None, place: None, group: None });
        };
        if position >= self.count {
            return None;
        }
        let (place, threat, slot) = cells.cell(position, near);
        let threat = cells.threats.get(threat as usize).map_or("", |id| id);
        let place = if cells.folded { None } else { cells.places.get(place as usize).map(|id| &**id) };
        let group = cells.axis.get(slot as usize).map(|id| &**id);
        let name = match (place, group) {
            (Some(place), Some(group)) => format!("{threat}/{place}/{group}").into(),
            (Some(place), None) => format!("{threat}/{place}").into(),
            (None, Some(group)) => format!("{threat}/*/{group}").into(),
            (None, None) => threat.into(),
        };
        Some(Label { name, threat: Some(threat), place, group })
    }

    /// How each node is told, by position.
    pub(crate) fn labels(&self) -> impl Iterator<Item = Label<'_>> {
        let mut near = 0;
        (0..self.count).filter_map(move |position| {
            if let Naming::Cells(cells) = &self.naming {
                near = cells.cell(position, near).0;
            }
            self.label(position, near)
        })
    }

    pub(super) fn component(&self, position: usize) -> Option<Component> {
        let cells = self.cells().filter(|_| position < self.count)?;
        let (_, threat, _) = cells.cell(position, 0);
        cells.components.get(threat as usize).copied()
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        match &self.naming {
            Naming::Positions => name.parse().ok().filter(|p: &usize| *p < self.count && p.to_string() == name),
            Naming::Given { names, order } => {
                let of = |p: u32| names.get(p as usize).map_or("", String::as_str);
                let at = order.partition_point(|p| of(*p) < name);
                order.get(at).filter(|p| of(**p) == name).map(|p| *p as usize)
            }
            Naming::Cells(cells) => cells.named(name),
        }
    }

    /// Positions of the nodes of a threat, ascending.
    pub(super) fn positions_of_threat(&self, id: &str) -> Vec<usize> {
        let Some(cells) = self.cells() else { return Vec::new() };
        cells.index().threats.get(id).map(|threat| cells.of_threat(*threat)).unwrap_or_default()
    }

    /// Id of the place on a level that holds a place; none on bare arrays.
    pub(super) fn place_on(&self, place: &str, level: Level) -> Option<&str> {
        self.cells()?.place_on(place, level)
    }

    /// Names and threats that a text which is none of them is held against.
    pub(super) fn known(&self) -> Vec<Cow<'_, str>> {
        let threats = self.cells().into_iter().flat_map(|cells| cells.threats.iter().map(|id| Cow::Borrowed(&**id)));
        if self.count > MOST_NAMES_COMPARED { threats.collect() } else { self.labels().map(|label| label.name).chain(threats).collect() }
    }

    fn node(&self, position: usize, near: u32) -> Option<ThreatNode> {
        if position >= self.count {
            return None;
        }
        let severity = self.severity(position);
        let (threat, place, group, component) = match &self.naming {
            Naming::Cells(cells) => {
                let (place, threat, slot) = cells.cell(position, near);
                let threat_id = cells.threats.get(threat as usize).cloned();
                let place = if cells.folded { None } else { cells.places.get(place as usize).cloned() };
                (threat_id, place, cells.axis.get(slot as usize).cloned(), cells.components.get(threat as usize).copied())
            }
            Naming::Positions | Naming::Given { .. } => (None, None, None, None),
        };
        let name: Arc<str> = match &threat {
            Some(threat) if place.is_none() && group.is_none() => Arc::clone(threat),
            _ => self.label(position, near)?.name.into(),
        };
        Some(ThreatNode {
            threat: threat.unwrap_or_else(|| Arc::clone(&name)),
            name,
            place,
            group,
            component,
            severity,
            severity_range: self.range(position),
            prevalence: self.prevalence(position),
            observed: severity.is_some(),
            persons: self.persons(position),
            coverage: self.coverage(position),
        })
    }
}

/// The nodes of a network by position, each made when it is asked for.
#[derive(Debug, Clone)]
pub struct Nodes<'a> {
    store: &'a NodeStore,
    next: usize,
    end: usize,
    near: u32,
}

impl<'a> Nodes<'a> {
    pub(super) fn new(store: &'a NodeStore) -> Self {
        Nodes { store, next: 0, end: store.count, near: 0 }
    }

    /// The nodes that are left, from a fresh start.
    pub fn iter(&self) -> Nodes<'a> {
        self.clone()
    }

    /// The node at a position of the network.
    pub fn get(&self, position: usize) -> Option<ThreatNode> {
        self.store.node(position, 0)
    }
}

impl Iterator for Nodes<'_> {
    type Item = ThreatNode;

    fn next(&mut self) -> Option<ThreatNode> {
        if self.next >= self.end {
            return None;
        }
        if let Naming::Cells(cells) = &self.store.naming {
            self.near = cells.cell(self.next, self.near).0;
        }
        self.next += 1;
        self.store.node(self.next - 1, self.near)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }

    fn nth(&mut self, n: usize) -> Option<ThreatNode> {
        self.next = self.next.saturating_add(n).min(self.end);
        self.next()
    }
}

impl ExactSizeIterator for Nodes<'_> {}
impl FusedIterator for Nodes<'_> {}
