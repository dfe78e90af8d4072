//! Places averaged away: conditions and linkages by the persons they rest on.

use std::collections::HashMap;

use super::beliefs::{Belief, Beliefs, shares_within};
use super::expand::Frame;
use super::ground::Assumed;
use super::moves::{Link, Moves, Reached, Remarks};
use super::pooling::weighted_mean;

/// How much each place of the frame weighs when places are folded.
///
/// Places may hold each other, so only the topmost of a set count: a place under another of the set is already in it.
#[derive(Debug)]
pub(super) struct Fold {
    topmost: Vec<u32>,
    /// Everyone in the topmost places, where known: the whole population, then each group of the axis.
    everyone: Vec<(Option<u32>, Option<f64>)>,
}

/// A node of the folded axis, or of one place.
pub(super) struct Folded<'a> {
    pub(super) persons: Option<f64>,
    pub(super) severity: Option<Belief<'a>>,
    pub(super) prevalence: Option<Belief<'a>>,
}

impl Fold {
    pub(super) fn new(frame: &Frame) -> Self {
        let all = u32::try_from(frame.places.len()).unwrap_or(u32::MAX);
        let held: Vec<u32> = (0..all).filter(|&p| frame.holds_place(p)).collect();
        let topmost = frame.ground.topmost(&held);
        let groups = std::iter::once(None).chain(frame.axis.iter().copied().map(Some));
        let everyone = groups.map(|group| (group, total(frame, &topmost, group))).collect();
        Fold { topmost, everyone }
    }

    /// Persons in the topmost places, of a group of the axis or of everyone.
    fn everyone(&self, group: Option<u32>) -> Option<f64> {
        self.everyone.iter().find(|(of, _)| *of == group).and_then(|(_, persons)| *persons)
    }

    /// Persons-weighted means over the places that have a condition, with the share of persons they rest on.
    pub(super) fn cell<'a>(&self, frame: &Frame, beliefs: &Beliefs<'a>, threat: u32, group: Option<u32>) -> Folded<'a> {
        let of = |place: u32| group.map_or_else(|| beliefs.whole(threat, place), |g| beliefs.group(threat, place, g));
        let cells: Vec<(u32, _)> = beliefs.places_of(threat).into_iter().filter(|&p| frame.holds_place(p)).map(|p| (p, of(p))).collect();
        let severities = cells.iter().filter_map(|(p, cell)| cell.severity.clone().map(|b| (*p, b))).collect();
        let prevalences = cells.iter().filter_map(|(p, cell)| cell.prevalence.clone().map(|b| (*p, b))).collect();
        Folded {
            persons: self.everyone(group),
            severity: self.mean(frame, group, severities),
            prevalence: self.mean(frame, group, prevalences),
        }
    }

    fn mean<'a>(&self, frame: &Frame, group: Option<u32>, mut parts: Vec<(u32, Belief<'a>)>) -> Option<Belief<'a>> {
        let stated: Vec<u32> = parts.iter().map(|(p, _)| *p).collect();
        let top = frame.ground.topmost(&stated);
        parts.retain(|(p, _)| top.binary_search(p).is_ok());
        let known: Option<Vec<f64>> = top.iter().map(|&p| frame.ground.persons(p, group)).collect();
        let known = known.filter(|persons| persons.iter().any(|n| *n > 0.0));
        let everyone = self.everyone(group).filter(|n| *n > 0.0);
        let covered = |persons: &Vec<f64>| -> Option<f64> {
            let covered: Option<f64> = persons.iter().zip(&parts).map(|(n, (_, b))| b.coverage.map(|c| c * n)).sum();
            covered.zip(everyone).map(|(n, all)| (n / all).min(1.0))
        };
        let full = top == self.topmost && parts.iter().all(|(_, b)| b.coverage == Some(1.0));
        let coverage = if full { Some(1.0) } else { known.as_ref().and_then(covered) };
        let equal_parts = (known.is_none() && parts.len() > 1) || parts.iter().any(|(_, b)| b.equal_parts);
        let weights = known.unwrap_or_else(|| vec![1.0; parts.len()]);
        let mean = |end: fn(&Belief<'_>) -> f64| {
            let mut pairs: Vec<(f64, f64)> = parts.iter().zip(&weights).map(|((_, b), w)| (end(b), *w)).collect();
            weighted_mean(&mut pairs)
        };
        let value = mean(|b| b.value)?;
        let low = mean(|b| b.range.map_or(b.value, |r| r.0));
        let high = mean(|b| b.range.map_or(b.value, |r| r.1));
        let ranged = parts.iter().any(|(_, b)| b.range.is_some());
        let conditions = parts.iter().flat_map(|(_, b)| b.conditions.iter().copied()).collect();
        let shares = shares_within(parts.iter().map(|(_, b)| b), &weights);
        let (_, first) = parts.into_iter().next()?;
        Some(Belief { value, range: low.zip(high).filter(|_| ranged), conditions, shares, coverage, equal_parts, ..first })
    }

    /// Adds what a link reaches from a slot of the folded axis: its weight counts by the share of persons in the places it reaches.
    pub(super) fn reach(&self, frame: &Frame, moves: &Moves, link: &Link, slot: u32, reached: &mut Vec<Reached>, remarks: &mut Remarks) {
        let mut received: HashMap<u32, HashMap<u32, Option<f64>>> = HashMap::new();
        for place in link.sources(frame) {
            remarks.started(link);
            moves.onward(frame, link, place, remarks, |frame, to, factor, remarks| {
                link.slots(frame, place, to, slot, remarks, |to_slot, share| {
                    let sum = received.entry(to_slot).or_default().entry(to).or_insert(Some(0.0));
                    *sum = sum.zip(share).map(|(sum, share)| sum + share * factor);
                });
            });
        }
        let mut slots: Vec<(u32, HashMap<u32, Option<f64>>)> = received.into_iter().collect();
        slots.sort_unstable_by_key(|(slot, _)| *slot);
        for (to_slot, places) in slots {
            let group = frame.group_of(to_slot);
            let mut held: Vec<u32> = places.keys().copied().collect();
            held.sort_unstable();
            let parts =
                frame.ground.topmost(&held).into_iter().map(|p| self.weight(frame, p, group).zip(places.get(&p).copied().flatten()));
            let factor: Option<f64> = parts.map(|part| part.map(|(weight, received)| weight * received.min(1.0))).sum();
            let factor = factor.map(|f| f.min(1.0));
            if factor != Some(0.0) {
                reached.push(Reached { cell: (0, link.to, to_slot), factor });
                remarks.arrived(link);
            }
        }
    }

    /// Share of everyone on the folded axis who is in a place and a group, each where asked for.
    pub(super) fn share(&self, frame: &Frame, place: Option<u32>, slot: Option<u32>, group: Option<u32>) -> (Option<f64>, Option<Assumed>) {
        let places = place.map_or_else(|| self.topmost.clone(), |p| vec![p]);
        if place.is_none() && group.is_none() {
            return (Some(1.0), None);
        }
        let mut assumed = None;
        let mut part = |place: u32| {
            let (share, how) = group.map_or((Some(1.0), None), |g| frame.ground.share(place, &[g]));
            assumed = assumed.or(how);
            self.weight(frame, place, slot).zip(share).map(|(weight, share)| weight * share)
        };
        let share: Option<f64> = places.into_iter().map(&mut part).sum();
        (share.map(|s| s.min(1.0)), assumed)
    }

    /// Share of everyone who lives in a place: by persons, else equal parts among the topmost places and among the children of each.
    fn weight(&self, frame: &Frame, place: u32, group: Option<u32>) -> Option<f64> {
        // all topmost places together are everyone, whatever is known of persons
        let everyone = self.everyone(group).filter(|n| *n > 0.0);
        if let Some(share) = frame.ground.persons(place, group).zip(everyone).map(|(n, all)| n / all) {
            return Some(share);
        }
        let mut share = 1.0 / self.topmost.len().max(1) as f64;
        let mut at = place;
        while self.topmost.binary_search(&at).is_err() {
            let parent = frame.ground.parent.get(at as usize).copied().flatten()?;
            share /= frame.ground.children.get(parent as usize).map_or(1, Vec::len).max(1) as f64;
            at = parent;
        }
        Some(share)
    }
}

fn total(frame: &Frame, places: &[u32], group: Option<u32>) -> Option<f64> {
    if places.is_empty() {
        return None;
    }
    places.iter().map(|&p| frame.ground.persons(p, group)).sum()
}
