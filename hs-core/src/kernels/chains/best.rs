//! The single best path that begins as told and leaves by none of some links.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::{Tick, cancelled, filled};
use super::region::{Part, Region};
use super::{Key, Path};
use crate::Result;

/// Links looked at between two looks at the tick.
const LINKS: u64 = 1 << 16;
const NONE: u32 = u32::MAX;

/// The best way found to a node.
#[derive(Debug, Clone, Copy)]
struct Label {
    key: Key,
    node: u32,
    /// Place of the link it came by; of a start, the last part of what is shared.
    by: u32,
    /// The node it came from, or its place in the layer before; `NONE` for a start.
    before: u32,
}

/// A node to go on from.
#[derive(Debug, PartialEq)]
struct Open {
    key: Key,
    node: u32,
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.order(&other.key).then(other.node.cmp(&self.node))
    }
}

/// Searches of one region, one after the other, on the same arrays.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    region: &'a Region<'a>,
    labels: Vec<Label>,
    /// Search in which a label was given.
    given: Vec<u32>,
    /// Search in which a node is not to be entered: it stands on what is shared, or is settled.
    closed: Vec<u32>,
    /// Places in the layer that is made.
    places: Vec<u32>,
    search: u32,
    work: u64,
}

type Tail = Option<(Key, Vec<u32>)>;

impl<'a> Finder<'a> {
    pub(super) fn new(region: &'a Region<'a>) -> Result<Self> {
        let n = region.links.nodes();
        let empty = Label { key: Key::START, node: NONE, by: NONE, before: NONE };
        let (labels, places) = (filled(n, empty)?, filled(n, NONE)?);
        Ok(Finder { region, labels, given: filled(n, 0)?, closed: filled(n, 0)?, places, search: 0, work: 0 })
    }

    /// The best path that begins with `shared` (a source, then links) and does not go on by a link of `barred`; with nothing shared, the best from
    /// a source that is not barred.
    pub(super) fn best(&mut self, shared: &[u32], barred: &[u32], tick: Tick<'_>) -> Result<Option<Path>> {
        if !tick(self.work / LINKS) {
            return Err(cancelled());
        }
        self.search += 1;
        let region = self.region;
        let start = |source: u32| Label { key: Key::START, node: source, by: source, before: NONE };
        let Some((&source, links)) = shared.split_first() else {
            let open = |source: &&u32| region.parts[**source as usize] == Part::Source && !barred.contains(source);
            let starts = region.sources.iter().filter(open).map(|&source| start(source)).collect();
            return Ok(self.tail(starts, &[], tick)?.map(|(key, parts)| Path { key, parts }));
        };
        let mut here = start(source);
        self.closed[source as usize] = self.search;
        for &at in links {
            let link = &region.links.all()[at as usize];
            here = Label { key: here.key.with(link), node: link.to, by: at, before: NONE };
            self.closed[link.to as usize] = self.search;
        }
        let tail = self.tail(vec![here], barred, tick)?;
        // the tail begins with the part it started from, which is the last of what is shared
        Ok(tail.map(|(key, tail)| Path { key, parts: [shared, tail.get(1..).unwrap_or_default()].concat() }))
    }

    fn tail(&mut self, starts: Vec<Label>, barred: &[u32], tick: Tick<'_>) -> Result<Tail> {
        if self.region.most != u32::MAX {
            self.in_layers(starts, barred, tick)
        } else if self.region.ranked.is_some() {
            self.in_order(&starts, barred, tick)
        } else {
            self.by_size(&starts, barred, tick)
        }
    }

    /// Shows every label that one more link gives.
    fn spread(&mut self, from: Label, barred: &[u32], tick: Tick<'_>, mut enter: impl FnMut(&mut Self, Label)) -> Result<()> {
        let region = self.region;
        for (at, link) in region.out(from.node as usize) {
            self.work += 1;
            if self.work.is_multiple_of(LINKS) && !tick(self.work / LINKS) {
                return Err(cancelled());
            }
            let key = from.key.with(link);
            let far = u64::from(key.hops) + u64::from(region.back[link.to as usize]) > u64::from(region.most);
            let shut = from.before == NONE && barred.contains(&(at as u32));
            if !far && !shut && self.closed[link.to as usize] != self.search {
                enter(self, Label { key, node: link.to, by: at as u32, before: from.node });
            }
        }
        Ok(())
    }

    fn improve(&mut self, label: Label) -> bool {
        let j = label.node as usize;
        let better = self.given[j] != self.search || label.key.order(&self.labels[j].key) == Ordering::Greater;
        if better {
            self.given[j] = self.search;
            self.labels[j] = label;
        }
        better
    }

    /// Where no loop pays: the best open node is settled next (Dijkstra).
    fn by_size(&mut self, starts: &[Label], barred: &[u32], tick: Tick<'_>) -> Result<Tail> {
        let mut open = BinaryHeap::new();
        for &label in starts {
            self.improve(label);
            self.closed[label.node as usize] = self.search;
        }
        for &label in starts {
            self.settle(label, barred, &mut open, tick)?;
        }
        while let Some(Open { node, .. }) = open.pop() {
            let j = node as usize;
            let label = self.labels[j];
            if self.region.parts[j] == Part::Target {
                return Ok(Some((label.key, self.trace(label))));
            }
            if self.closed[j] != self.search {
                self.closed[j] = self.search;
                self.settle(label, barred, &mut open, tick)?;
            }
        }
        Ok(None)
    }

    fn settle(&mut self, label: Label, barred: &[u32], open: &mut BinaryHeap<Open>, tick: Tick<'_>) -> Result<()> {
        self.spread(label, barred, tick, |finder, label| {
            if finder.improve(label) {
                open.push(Open { key: label.key, node: label.node });
            }
        })
    }

    /// Where there is no loop: nodes in an order in which every link leads on.
    fn in_order(&mut self, starts: &[Label], barred: &[u32], tick: Tick<'_>) -> Result<Tail> {
        for &label in starts {
            self.improve(label);
        }
        let region = self.region;
        let mut best: Option<Label> = None;
        for &j in region.ranked.as_deref().unwrap_or_default() {
            if self.given[j as usize] != self.search {
                continue;
            }
            let label = self.labels[j as usize];
            if region.parts[j as usize] != Part::Target {
                self.spread(label, barred, tick, |finder, label| {
                    finder.improve(label);
                })?;
            } else if best.is_none_or(|best| label.key.order(&best.key) == Ordering::Greater) {
                best = Some(label);
            }
        }
        Ok(best.map(|label| (label.key, self.trace(label))))
    }

    /// To a length: the best way to each node by one link, by two, by three and so on.
    fn in_layers(&mut self, starts: Vec<Label>, barred: &[u32], tick: Tick<'_>) -> Result<Tail> {
        let mut layers = vec![starts];
        let mut best: Option<(Key, usize, usize)> = None;
        while let Some(layer) = layers.last().filter(|layer| !layer.is_empty()) {
            let mut next: Vec<Label> = Vec::new();
            let mut places = std::mem::take(&mut self.places);
            for (place, &label) in layer.iter().enumerate() {
                if self.region.parts[label.node as usize] == Part::Target {
                    if best.is_none_or(|(key, ..)| label.key.order(&key) == Ordering::Greater) {
                        best = Some((label.key, layers.len() - 1, place));
                    }
                    continue;
                }
                self.spread(label, barred, tick, |_, label| {
                    let label = Label { before: place as u32, ..label };
                    let at = &mut places[label.node as usize];
                    match next.get_mut(*at as usize) {
                        Some(known) if label.key.order(&known.key) == Ordering::Greater => *known = label,
                        Some(_) => {}
                        None => {
                            *at = next.len() as u32;
                            next.push(label);
                        }
                    }
                })?;
            }
            next.iter().for_each(|label| places[label.node as usize] = NONE);
            self.places = places;
            layers.push(next);
        }
        let Some((key, depth, place)) = best else { return Ok(None) };
        let mut label = layers[depth][place];
        let mut parts = vec![label.by];
        for layer in layers[..depth].iter().rev() {
            label = layer[label.before as usize];
            parts.push(label.by);
        }
        parts.reverse();
        Ok(Some((key, parts)))
    }

    /// The parts of the way to a label, where each node has one.
    fn trace(&self, mut label: Label) -> Vec<u32> {
        let mut parts = vec![label.by];
        while label.before != NONE {
            label = self.labels[label.before as usize];
            parts.push(label.by);
        }
        parts.reverse();
        parts
    }
}
