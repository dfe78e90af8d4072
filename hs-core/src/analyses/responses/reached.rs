//! How many different persons interventions reach, when places hold each other, groups overlap and threats meet the same people.

use std::collections::BTreeMap;

use crate::analyses::thresholds::capacities::{CellId, share_reached};
use crate::analyses::thresholds::{CriticalCell, of_threat};
use crate::assessment::{Intervention, Outcome as Side};
use crate::network::Atlas;
use crate::{Assessment, Result};

/// The cells an intervention improves directly, with the share of their persons it reaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    hits: Vec<Hit>,
}

#[derive(Debug, Clone)]
struct Hit {
    cell: usize,
    place: u32,
    /// Whom of the cell: everyone of it where none.
    part: Option<u32>,
    /// Persons reached and affected; none where they cannot be told.
    persons: Option<f64>,
}

/// Bounds on the different persons reached.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Persons {
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) cells: usize,
    pub(super) cells_without: usize,
}

/// Where persons are counted: cells, the ground they stand on, and which place holds which.
pub(super) struct Counter<'a> {
    atlas: &'a Atlas<'a>,
    cells: &'a [CriticalCell],
    by_threat: BTreeMap<&'a str, Vec<usize>>,
    parents: Vec<Option<u32>>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(assessment: &'a Assessment, atlas: &'a Atlas<'a>, cells: &'a [CriticalCell]) -> Result<Self> {
        let mut by_threat: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, cell) in cells.iter().enumerate() {
            by_threat.entry(&cell.threat).or_default().push(index);
        }
        let parents = assessment.places.iter().map(|p| p.parent.as_deref().map(|id| atlas.place(id)).transpose()).collect::<Result<_>>()?;
        Ok(Counter { atlas, cells, by_threat, parents })
    }

    /// What an intervention improves directly; an effect of 0, or one that never happens, reaches nobody.
    pub(super) fn reach(&self, intervention: &Intervention) -> Result<Reach> {
        let mut hits = Vec::new();
        for effect in &intervention.effects {
            let moves = effect.change.get() > 0.0 && effect.likelihood.is_none_or(|l| l.get() > 0.0);
            if effect.outcome == Some(Side::Worse) || !moves {
                continue;
            }
            for &index in self.by_threat.get(effect.threat.as_str()).into_iter().flatten() {
                let Some(cell) = self.cells.get(index) else { continue };
                if effect.place.as_deref().is_some_and(|place| place != cell.place) {
                    continue;
                }
                let id = CellId { threat: &cell.threat, component: cell.component, place: &cell.place, group: cell.group.as_deref() };
                let Some((share, _)) = share_reached(self.atlas, &id, effect.group.as_deref())? else { continue };
                let part = effect.group.as_deref().or(cell.group.as_deref()).map(|g| self.atlas.group(g)).transpose()?;
                let persons = share.zip(cell.persons).map(|(share, persons)| share * persons);
                hits.push(Hit { cell: index, place: self.atlas.place(&cell.place)?, part, persons });
            }
        }
        Ok(Reach { hits })
    }

    /// Different persons reached by several interventions together; nobody where there is no intervention.
    pub(super) fn persons(&self, reaches: &[&Reach]) -> Persons {
        if reaches.is_empty() {
            return Persons { low: Some(0.0), high: Some(0.0), ..Persons::default() };
        }
        let mut places: BTreeMap<u32, Place<'_>> = BTreeMap::new();
        let mut cells: BTreeMap<usize, bool> = BTreeMap::new();
        for hit in reaches.iter().flat_map(|reach| &reach.hits) {
            let Some(cell) = self.cells.get(hit.cell) else { continue };
            *cells.entry(hit.cell).or_default() |= hit.persons.is_none();
            let place = places.entry(hit.place).or_default();
            match hit.persons {
                Some(persons) => {
                    let counts = place.threats.entry(&cell.threat).or_default();
                    // a group's own cell tells more than its share of the whole population's
                    let own = cell.group.is_some() || hit.part.is_none();
                    let count = counts.entry(hit.part).or_insert((own, persons));
                    if own && !count.0 {
                        *count = (own, persons);
                    }
                }
                None => place.open = true,
            }
        }
        let (cells, cells_without) = (cells.len(), cells.values().filter(|open| **open).count());
        let (low, high) = self.joined(&places);
        Persons { low, high, cells, cells_without }
    }

    /// Bounds over places that may hold each other: of a place and what lies in it at least the larger, at most both, never more than live there.
    fn joined(&self, places: &BTreeMap<u32, Place<'_>>) -> (Option<f64>, Option<f64>) {
        let known = places.values().any(|place| !place.threats.is_empty());
        if !known {
            return (None, None);
        }
        let parent = |place: u32| self.parents.get(place as usize).copied().flatten();
        // bounded by the number of places, should a hand-made assessment hold a cycle
        let above = |place: u32| std::iter::successors(parent(place), |p| parent(*p)).take(self.parents.len());
        let mut order: Vec<u32> = places.keys().copied().collect();
        order.sort_by_key(|place| std::cmp::Reverse(above(*place).count()));
        let mut inside: BTreeMap<Option<u32>, (f64, Option<f64>)> = BTreeMap::new();
        for id in order {
            let Some(place) = places.get(&id) else { continue };
            let everyone = self.atlas.persons(id, None);
            let (own_low, own_high) = place.bounds(self.atlas, everyone);
            let (in_low, in_high) = inside.remove(&Some(id)).unwrap_or((0.0, Some(0.0)));
            let low = own_low.max(in_low);
            let sum = own_high.zip(in_high).map(|(own, inner)| own + inner);
            let high = match (sum, everyone) {
                (Some(sum), Some(all)) => Some(sum.min(all)),
                (sum, all) => sum.or(all),
            };
            let holder = inside.entry(above(id).find(|p| places.contains_key(p))).or_insert((0.0, Some(0.0)));
            holder.0 += low;
            holder.1 = holder.1.zip(high).map(|(sum, high)| sum + high.max(low));
        }
        inside.remove(&None).map_or((None, None), |(low, high)| (Some(low), high))
    }
}

/// What is reached in one place.
#[derive(Default)]
struct Place<'a> {
    /// Persons by threat and group, and whether the group's own cell tells them.
    threats: BTreeMap<&'a str, BTreeMap<Option<u32>, (bool, f64)>>,
    /// Whether some of it cannot be told.
    open: bool,
}

impl Place<'_> {
    /// Over threats, which may meet the same people: at least the largest, at most the sum.
    fn bounds(&self, atlas: &Atlas<'_>, everyone: Option<f64>) -> (f64, Option<f64>) {
        let (mut low, mut sum) = (0.0_f64, 0.0);
        for counts in self.threats.values() {
            let counts: Vec<(Option<u32>, f64)> = counts.iter().map(|(group, (_, persons))| (*group, *persons)).collect();
            let (least, most) = of_threat(&counts, atlas, everyone).unwrap_or_default();
            low = low.max(least);
            sum += most;
        }
        (low, (!self.open).then_some(sum))
    }
}
