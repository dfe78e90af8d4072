//! Edges, as they were given or told again by the rules they were made by.

use std::sync::OnceLock;

use super::connect::{Rules, Scratch, Told};
use super::nodes::{Cells, NodeStore};

/// One edge: `from` feeds (or dampens) `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Position of the node it starts from.
    pub from: u32,
    /// Position of the node it reaches.
    pub to: u32,
    /// Signed weight, positive feeds; none for a link without a number.
    pub weight: Option<f64>,
    /// Whether it dampens: the sign, also of a link without a number.
    pub dampens: bool,
    /// Periods until it acts.
    pub lag: u32,
    /// Lower end of the signed weight, if it has a range.
    pub low: Option<f64>,
    /// Upper end of the signed weight, if it has a range.
    pub high: Option<f64>,
}

/// One statement behind an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Position in [`DominoNetwork::linkage_ids`](super::DominoNetwork::linkage_ids).
    pub linkage: u32,
    /// What its weight is multiplied by: reach over places times the share of persons.
    pub factor: f64,
}

/// Where the edges of a network are.
#[derive(Debug)]
pub(super) enum EdgeStore {
    /// Arrays of the user, in their order.
    Given(Columns),
    /// Those of an assessment: the rows hold their weights, all else is told again by the rules, by start, end and lag.
    Told {
        rules: Box<Rules>,
        count: usize,
        /// Number of edges before those of each node, counted when an edge is first asked for by index.
        starts: OnceLock<Vec<u32>>,
    },
}

/// Edges by column. `weight` is NaN for a link without a number (kept inside: it leaves as `None`); `lag`, `low` and `high` are empty
/// where no edge has any.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    pub(super) weight: Vec<f64>,
    pub(super) lag: Vec<u32>,
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    /// Sorted indices of links without a number that dampen.
    pub(super) dampening: Vec<u32>,
}

impl Columns {
    fn edge(&self, index: usize) -> Option<Edge> {
        let weight = self.weight.get(index).copied().filter(|w| !w.is_nan());
        Some(Edge {
            from: *self.from.get(index)?,
            to: *self.to.get(index)?,
            weight,
            dampens: match weight {
                Some(weight) => weight < 0.0,
                None => u32::try_from(index).is_ok_and(|i| self.dampening.binary_search(&i).is_ok()),
            },
            lag: self.lag.get(index).copied().unwrap_or(0),
            low: self.low.get(index).copied().filter(|w| !w.is_nan()),
            high: self.high.get(index).copied().filter(|w| !w.is_nan()),
        })
    }
}

impl Edge {
    fn told(told: &Told<'_>) -> Edge {
        let range = told.pooled.range;
        Edge {
            from: told.from,
            to: told.to,
            weight: told.pooled.weight,
            dampens: told.pooled.dampens,
            lag: told.lag,
            low: range.map(|r| r.0),
            high: range.map(|r| r.1),
        }
    }
}

fn evidence(told: &Told<'_>) -> Vec<Contribution> {
    told.kept.iter().map(|s| Contribution { linkage: s.linkage, factor: s.factor }).collect()
}

impl EdgeStore {
    pub(super) fn told(rules: Rules, count: usize) -> Self {
        EdgeStore::Told { rules: Box::new(rules), count, starts: OnceLock::new() }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            EdgeStore::Given(columns) => columns.from.len(),
            EdgeStore::Told { count, .. } => *count,
        }
    }

    pub(super) fn iter<'a>(&'a self, nodes: &'a NodeStore) -> Edges<'a> {
        Edges(match (self, nodes.cells()) {
            (EdgeStore::Told { rules, count, .. }, Some(cells)) => Order::Told(Box::new(Telling::new(rules, cells, *count, Edge::told))),
            (EdgeStore::Given(columns), _) => Order::Given(columns, 0),
            (EdgeStore::Told { .. }, None) => Order::None,
        })
    }

    pub(super) fn edge(&self, nodes: &NodeStore, index: usize) -> Option<Edge> {
        match self {
            EdgeStore::Given(columns) => columns.edge(index),
            EdgeStore::Told { .. } => self.again(nodes, index, Edge::told),
        }
    }

    pub(super) fn contributions(&self, nodes: &NodeStore, index: usize) -> Vec<Contribution> {
        self.again(nodes, index, evidence).unwrap_or_default()
    }

    /// The statements behind each edge, in the order of the edges.
    pub(super) fn evidence<'a>(&'a self, nodes: &'a NodeStore) -> impl Iterator<Item = Vec<Contribution>> + 'a {
        let told = match (self, nodes.cells()) {
            (EdgeStore::Told { rules, count, .. }, Some(cells)) => Some(Telling::new(rules, cells, *count, evidence)),
            _ => None,
        };
        let none = if told.is_none() { self.len() } else { 0 };
        told.into_iter().flatten().chain(std::iter::repeat_n(Vec::new(), none))
    }

    /// What `tell` says of each edge of an assessment, in their order.
    pub(super) fn owing<'a, T>(&'a self, nodes: &'a NodeStore, tell: fn(&Told<'_>) -> T) -> impl Iterator<Item = T> + 'a
    where
        T: 'a,
    {
        let told = match (self, nodes.cells()) {
            (EdgeStore::Told { rules, count, .. }, Some(cells)) => Some(Telling::new(rules, cells, *count, tell)),
            _ => None,
        };
        told.into_iter().flatten()
    }

    fn again<T>(&self, nodes: &NodeStore, index: usize, tell: fn(&Told<'_>) -> T) -> Option<T> {
        let (EdgeStore::Told { rules, starts, .. }, Some(cells)) = (self, nodes.cells()) else { return None };
        let starts = starts.get_or_init(|| {
            let mut scratch = Scratch::default();
            let mut starts = Vec::with_capacity(cells.len() + 1);
            let mut sum = 0_u32;
            starts.push(0);
            for (from, cell) in (0_u32..).zip(cells.iter(0..cells.len())) {
                rules.edges_from(cells, from, cell, &mut scratch, |_| sum += 1);
                starts.push(sum);
            }
            starts
        });
        let from = starts.partition_point(|start| *start as usize <= index).checked_sub(1)?;
        let mut within = index - *starts.get(from)? as usize;
        let cell = cells.iter(from..from + 1).next()?;
        let mut found = None;
        rules.edges_from(cells, from as u32, cell, &mut Scratch::default(), |told| {
            if within == 0 && found.is_none() {
                found = Some(tell(told));
            }
            within = within.saturating_sub(1);
        });
        found
    }
}

/// Edges told node by node.
struct Telling<'a, T> {
    rules: &'a Rules,
    cells: &'a Cells,
    tell: fn(&Told<'_>) -> T,
    left: usize,
    node: usize,
    near: u32,
    scratch: Scratch,
    /// Of the present node, last first.
    waiting: Vec<T>,
}

impl<'a, T> Telling<'a, T> {
    fn new(rules: &'a Rules, cells: &'a Cells, count: usize, tell: fn(&Told<'_>) -> T) -> Self {
        Telling { rules, cells, tell, left: count, node: 0, near: 0, scratch: Scratch::default(), waiting: Vec::new() }
    }
}

impl<T> Iterator for Telling<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        while self.waiting.is_empty() {
            if self.node >= self.cells.len() {
                return None;
            }
            let cell = self.cells.cell(self.node, self.near);
            self.near = cell.0;
            let (waiting, tell) = (&mut self.waiting, self.tell);
            self.rules.edges_from(self.cells, self.node as u32, cell, &mut self.scratch, |told| waiting.push(tell(told)));
            self.waiting.reverse();
            self.node += 1;
        }
        self.left = self.left.saturating_sub(1);
        self.waiting.pop()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The edges of a network, by index.
pub struct Edges<'a>(Order<'a>);

enum Order<'a> {
    Given(&'a Columns, usize),
    Told(Box<Telling<'a, Edge>>),
    None,
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        match &mut self.0 {
            Order::Given(columns, next) => {
                let edge = columns.edge(*next)?;
                *next += 1;
                Some(edge)
            }
            Order::Told(telling) => telling.next(),
            Order::None => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Order::Given(columns, next) => columns.from.len() - *next,
            Order::Told(telling) => telling.left,
            Order::None => 0,
        };
        (left, Some(left))
    }
}

impl ExactSizeIterator for Edges<'_> {}

impl std::fmt::Debug for Edges<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edges").field("left", &self.len()).finish()
    }
}
