//! Where a linkage leads from a cell, and with what share of its weight.

use std::collections::BTreeSet;

use super::atlas::Atlas;
use super::connect::Connected;
use super::expand::{Frame, Place};
use super::expansion::{Adjacency, Expansion};
use super::folding::Fold;
use super::from_edges::MOST_LAG;
use super::ground::Assumed;
use super::pooling::Statement;
use crate::assessment::{Assessment, LinkEffect, Linkage, Reach};
use crate::tables::Note;
use crate::{Error, Result};

/// A linkage by position.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) linkage: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) dampens: bool,
    pub(super) weight: Option<f64>,
    pub(super) range: Option<(f64, f64)>,
    pub(super) confidence: f64,
    pub(super) lag: u32,
    pub(super) reach: Reach,
    /// Sorted; none for everywhere.
    places: Option<Vec<u32>>,
    groups: Vec<u32>,
    to_groups: Vec<u32>,
}

/// A cell that a linkage reaches, and the factor on its weight; none where a share of persons cannot be told.
pub(super) struct Reached {
    pub(super) cell: Place,
    pub(super) factor: Option<f64>,
}

/// All linkages whose ends are in the frame, by the threat they start from, and how places lead to places.
#[derive(Debug)]
pub(super) struct Moves {
    pub(super) links: Vec<Link>,
    /// Where the links from each threat begin, in `links`.
    starts: Vec<usize>,
    /// Weighted neighbours of each place.
    neighbours: Vec<Vec<(u32, f64)>>,
    /// Share of each place among its parent's children, and whether it was assumed.
    up: Vec<(f64, bool)>,
    fold: Option<Fold>,
    /// Linkages that lead out of the frame's threats.
    out_of_frame: Vec<u32>,
}

impl Moves {
    pub(super) fn new(atlas: &Atlas<'_>, settings: &Expansion, frame: &Frame, fold: Option<Fold>) -> Result<Self> {
        let assessment = atlas.assessment();
        let mut links = Vec::with_capacity(assessment.linkages.len());
        let mut out_of_frame = Vec::new();
        for (position, linkage) in (0_u32..).zip(&assessment.linkages) {
            let link = Link::new(atlas, settings, position, linkage)?;
            if frame.holds_threat(link.from) && frame.holds_threat(link.to) { links.push(link) } else { out_of_frame.push(position) }
        }
        links.sort_by_key(|link| (link.from, link.linkage));
        let threats = u32::try_from(assessment.threats.len()).unwrap_or(u32::MAX);
        let starts = (0..=threats).map(|threat| links.partition_point(|link| link.from < threat)).collect();
        let up = atlas.shares_of_children();
        Ok(Moves { links, starts, neighbours: adjacency(atlas, settings)?, up, fold, out_of_frame })
    }

    pub(super) fn fold(&self) -> Option<&Fold> {
        self.fold.as_ref()
    }

    /// Links that start from a threat.
    pub(super) fn from(&self, threat: u32) -> &[Link] {
        let at = |t: usize| self.starts.get(t).copied().unwrap_or(self.links.len());
        self.links.get(at(threat as usize)..at(threat as usize + 1)).unwrap_or_default()
    }

    /// Adds the cells that a link reaches from a cell.
    pub(super) fn reach(&self, frame: &Frame, link: &Link, cell: Place, reached: &mut Vec<Reached>, remarks: &mut Remarks) {
        let (place, _, slot) = cell;
        if let Some(fold) = &self.fold {
            return fold.reach(frame, self, link, slot, reached, remarks);
        }
        if !link.starts_at(place) {
            return;
        }
        remarks.started(link);
        self.onward(frame, link, place, remarks, |frame, to, factor, remarks| {
            link.slots(frame, place, to, slot, remarks, |to_slot, share| {
                let factor = share.map(|share| share * factor);
                if factor != Some(0.0) {
                    reached.push(Reached { cell: (to, link.to, to_slot), factor });
                }
            });
        });
        if !reached.is_empty() {
            remarks.arrived(link);
        }
    }

    /// Calls `arrive` with each place in the frame that a link leads to from a place.
    pub(super) fn onward(
        &self,
        frame: &Frame,
        link: &Link,
        place: u32,
        remarks: &mut Remarks,
        mut arrive: impl FnMut(&Frame, u32, f64, &mut Remarks),
    ) {
        let at = place as usize;
        let mut visit = |to: u32, factor: f64, remarks: &mut Remarks| {
            if frame.holds_place(to) { arrive(frame, to, factor, remarks) } else { remarks.beyond(link) }
        };
        match link.reach {
            Reach::Same => visit(place, 1.0, remarks),
            Reach::Up => {
                if let Some(parent) = frame.ground.parent.get(at).copied().flatten() {
                    let (share, assumed) = self.up.get(at).copied().unwrap_or((1.0, false));
                    if assumed {
                        remarks.equal_children.insert(parent);
                    }
                    visit(parent, share, remarks);
                }
            }
            Reach::Down => frame.ground.children.get(at).into_iter().flatten().for_each(|&child| visit(child, 1.0, remarks)),
            Reach::Neighbours => {
                self.neighbours.get(at).into_iter().flatten().for_each(|&(to, weight)| visit(to, weight, remarks));
            }
        }
    }
}

/// Weighted neighbours of each place: those that reach one place sum to 1 over all that list it, or stand as they are.
fn adjacency(atlas: &Atlas<'_>, settings: &Expansion) -> Result<Vec<Vec<(u32, f64)>>> {
    let places = &atlas.assessment().places;
    let mut lists = Vec::with_capacity(places.len());
    let mut incoming = vec![0.0; places.len()];
    for place in places {
        let mut list = Vec::with_capacity(place.neighbours.len());
        for neighbour in &place.neighbours {
            let to = atlas.place(&neighbour.place)?;
            let weight = neighbour.weight.map_or(1.0, |w| w.get());
            if settings.adjacency == Adjacency::Raw && weight > 1.0 {
                return Err(Error::argument(format!(
                    "`adjacency`: raw weights were asked for and found {weight} from `{}` to `{}`, wanted at most 1",
                    place.id, neighbour.place
                )));
            }
            if let Some(sum) = incoming.get_mut(to as usize) {
                *sum += weight;
            }
            list.push((to, weight));
        }
        lists.push(list);
    }
    if settings.adjacency == Adjacency::Standardised {
        for (to, weight) in lists.iter_mut().flatten() {
            let sum = incoming.get(*to as usize).copied().unwrap_or(0.0);
            *weight = if sum > 0.0 { *weight / sum } else { 0.0 };
        }
    }
    Ok(lists)
}

impl Link {
    fn new(atlas: &Atlas<'_>, settings: &Expansion, position: u32, linkage: &Linkage) -> Result<Self> {
        let mut places = linkage.places.iter().map(|id| atlas.place(id)).collect::<Result<Vec<u32>>>()?;
        places.sort_unstable();
        let lag = linkage.lag.unwrap_or(0);
        if lag > MOST_LAG {
            return Err(Error::argument(format!("linkage `{}`: found lag {lag}, wanted at most {MOST_LAG}", linkage.id)));
        }
        let groups = |ids: &[String]| {
            let mut groups = ids.iter().map(|id| atlas.group(id)).collect::<Result<Vec<u32>>>()?;
            groups.sort_unstable();
            groups.dedup();
            Ok::<_, Error>(groups)
        };
        let stated = linkage.weight.map(|w| w.get()).or(linkage.strength.map(|s| s.value()));
        Ok(Link {
            linkage: position,
            from: atlas.threat(&linkage.from)?,
            to: atlas.threat(&linkage.to)?,
            dampens: linkage.effect == LinkEffect::Dampens,
            weight: stated.or(settings.unweighted),
            range: linkage.range.filter(|_| stated.is_some()).map(|r| (r.low(), r.high())),
            confidence: linkage.confidence.map_or(1.0, |c| c.get()),
            lag,
            reach: linkage.reach.unwrap_or(Reach::Same),
            places: (!places.is_empty()).then_some(places),
            groups: groups(&linkage.groups)?,
            to_groups: groups(&linkage.to_groups)?,
        })
    }

    pub(super) fn starts_at(&self, place: u32) -> bool {
        self.places.as_ref().is_none_or(|places| places.binary_search(&place).is_ok())
    }

    /// Calls `arrive` with each slot of the group axis that is reached from a slot, and the share of the weight.
    pub(super) fn slots(
        &self,
        frame: &Frame,
        from_place: u32,
        to_place: u32,
        slot: u32,
        remarks: &mut Remarks,
        mut arrive: impl FnMut(u32, Option<f64>),
    ) {
        let bound = if self.to_groups.is_empty() { &self.groups } else { &self.to_groups };
        if bound.is_empty() {
            return arrive(slot, Some(1.0));
        }
        let on_axis = |groups: &[u32]| groups.iter().all(|g| frame.slot_of(*g).is_some());
        if frame.axis.is_empty() || !on_axis(&self.groups) || !on_axis(&self.to_groups) {
            // everyone counts alike: by the share of persons who are reached
            let (share, assumed) = frame.ground.share(to_place, bound);
            remarks.share(self, share.is_none(), assumed);
            if !frame.axis.is_empty() {
                remarks.off_axis.insert(self.linkage);
            }
            return arrive(slot, share);
        }
        let Some(group) = frame.group_of(slot) else { return };
        if !self.groups.is_empty() && !self.groups.contains(&group) {
            return;
        }
        if self.to_groups.is_empty() {
            return arrive(slot, Some(1.0));
        }
        // several groups that feed one count by their share of persons among them, so that together they weigh what was stated
        let sources = if self.groups.is_empty() { &frame.axis } else { &self.groups };
        let (shares, assumed) = frame.ground.split(from_place, sources);
        if assumed {
            remarks.equal_sources.insert(self.linkage);
        }
        let share = sources.iter().zip(shares).find(|(g, _)| **g == group).map(|(_, share)| share);
        self.to_groups.iter().filter_map(|&g| frame.slot_of(g)).for_each(|to| arrive(to, share));
    }

    /// Places in the frame that it starts from.
    pub(super) fn sources<'s>(&'s self, frame: &'s Frame) -> impl Iterator<Item = u32> + 's {
        let all = u32::try_from(frame.places.len()).unwrap_or(u32::MAX);
        (0..all).filter(|&place| frame.holds_place(place) && self.starts_at(place))
    }
}

/// What is worth a note about linkages, gathered while they are followed.
#[derive(Default)]
pub(super) struct Remarks {
    /// One flag a linkage, for they are set once an edge.
    started: Vec<bool>,
    arrived: Vec<bool>,
    beyond: Vec<bool>,
    pooled: BTreeSet<u32>,
    passed_over: BTreeSet<u32>,
    unknown_share: BTreeSet<u32>,
    equal_share: BTreeSet<u32>,
    least_certain: BTreeSet<u32>,
    pub(super) off_axis: BTreeSet<u32>,
    pub(super) equal_sources: BTreeSet<u32>,
    pub(super) equal_children: BTreeSet<u32>,
    pooled_edges: usize,
}

impl Remarks {
    pub(super) fn new(linkages: usize) -> Self {
        let flags = || vec![false; linkages];
        Remarks { started: flags(), arrived: flags(), beyond: flags(), ..Remarks::default() }
    }

    pub(super) fn linkages(&self) -> usize {
        self.started.len()
    }

    /// Takes in what was gathered elsewhere.
    pub(super) fn merge(&mut self, mut other: Remarks) {
        let flags = [(&mut self.started, other.started), (&mut self.arrived, other.arrived), (&mut self.beyond, other.beyond)];
        for (mine, others) in flags {
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine |= other);
        }
        self.pooled.append(&mut other.pooled);
        self.passed_over.append(&mut other.passed_over);
        self.unknown_share.append(&mut other.unknown_share);
        self.equal_share.append(&mut other.equal_share);
        self.least_certain.append(&mut other.least_certain);
        self.off_axis.append(&mut other.off_axis);
        self.equal_sources.append(&mut other.equal_sources);
        self.equal_children.append(&mut other.equal_children);
        self.pooled_edges += other.pooled_edges;
    }

    pub(super) fn started(&mut self, link: &Link) {
        raise(&mut self.started, link.linkage);
    }

    pub(super) fn arrived(&mut self, link: &Link) {
        raise(&mut self.arrived, link.linkage);
    }

    pub(super) fn beyond(&mut self, link: &Link) {
        raise(&mut self.beyond, link.linkage);
    }

    pub(super) fn share(&mut self, link: &Link, unknown: bool, assumed: Option<Assumed>) {
        let list = match assumed {
            _ if unknown => &mut self.unknown_share,
            Some(Assumed::EqualParts) => &mut self.equal_share,
            Some(Assumed::LeastCertain) => &mut self.least_certain,
            None => return,
        };
        list.insert(link.linkage);
    }

    pub(super) fn pooled<'s>(&mut self, statements: impl ExactSizeIterator<Item = &'s Statement>, passed_over: usize) {
        if statements.len() < 2 {
            return;
        }
        self.pooled_edges += 1;
        for statement in statements {
            self.pooled.insert(statement.linkage);
            if passed_over > 0 && statement.weight.is_none() {
                self.passed_over.insert(statement.linkage);
            }
        }
    }

    /// Everything as notes, in a fixed order.
    pub(super) fn notes(&self, assessment: &Assessment, settings: &Expansion, moves: &Moves, made: &Connected) -> Vec<Note> {
        let (linkages, disputes) = (&assessment.linkages, &made.disputes);
        let ids = |set: &mut dyn Iterator<Item = u32>| -> Vec<String> {
            set.filter_map(|l| linkages.get(l as usize)).map(|l| l.id.clone()).collect()
        };
        let mut notes = Vec::new();
        let mut note = |code, subjects: Vec<String>, message: &str| {
            if !subjects.is_empty() {
                notes.push(Note::counted(code, "linkage", message, subjects));
            }
        };
        let all = || moves.links.iter().map(|l| l.linkage);
        let stated = |l: &Linkage| l.weight.is_some() || l.strength.is_some();
        let mut every: Vec<u32> = all().collect();
        every.sort_unstable();
        let numberless = ids(&mut every.iter().copied().filter(|l| linkages.get(*l as usize).is_some_and(|l| !stated(l))));
        match settings.unweighted {
            None => note(
                "unweighted-linkage",
                numberless,
                "have neither weight nor strength: they count in paths and loops and take no part in propagation",
            ),
            Some(worth) => {
                note("unweighted-linkage", numberless, &format!("have neither weight nor strength: they count as {worth}, as asked"))
            }
        }
        let words = every.iter().copied().filter(|l| linkages.get(*l as usize).is_some_and(|l| l.strength.is_some()));
        note("strength-word", ids(&mut words.into_iter()), "state a word: numbers on the scale 0.1, 0.3, 0.5, 0.7, 0.9");
        let idle = every.iter().copied().filter(|l| !raised(&self.started, *l));
        note("linkage-without-source", ids(&mut idle.into_iter()), "start from no node: they make no edge");
        let lost = every.iter().copied().filter(|l| raised(&self.started, *l) && !raised(&self.arrived, *l) && !raised(&self.beyond, *l));
        note(
            "linkage-without-target",
            ids(&mut lost.into_iter()),
            "reach nobody: no parent, child, neighbour or group there, or none with a weight",
        );
        let mut outside = moves.out_of_frame.clone();
        outside.extend(every.iter().copied().filter(|l| raised(&self.beyond, *l)));
        outside.sort_unstable();
        note(
            "linkage-out-of-scope",
            ids(&mut outside.into_iter()),
            "lead to or from places or components that were not asked for: those edges are left out",
        );
        note(
            "group-not-on-axis",
            ids(&mut self.off_axis.iter().copied()),
            "are bound to groups outside the partition: they act on each of its groups, by the share of persons they reach",
        );
        note(
            "unknown-share",
            ids(&mut self.unknown_share.iter().copied()),
            "are bound to groups whose share of persons is not known: their edges have no number",
        );
        note(
            "equal-share",
            ids(&mut self.equal_share.iter().copied()),
            "are bound to groups whose persons are not known: the groups of the partition count as equally large",
        );
        note(
            "least-share",
            ids(&mut self.least_certain.iter().copied()),
            "are bound to groups that may overlap: the largest alone is counted",
        );
        note(
            "equal-sources",
            ids(&mut self.equal_sources.iter().copied()),
            "lead from groups whose persons are not known: these count as equally large",
        );
        note(
            "pooled-linkage",
            ids(&mut self.pooled.iter().copied()),
            &format!("run parallel with the same lag: pooled by confidence, never summed, into {} edges", self.pooled_edges),
        );
        note("passed-over", ids(&mut self.passed_over.iter().copied()), "have no number and were passed over in pooling");
        let disputed: BTreeSet<u32> = disputes.iter().flat_map(|d| d.feeds.iter().chain(&d.dampening).copied()).collect();
        note(
            "disputed-linkage",
            ids(&mut disputed.into_iter()),
            &format!("disagree on the sign of {} edges: the side with more confidence is kept, listed as disputed", disputes.len()),
        );
        if !self.equal_children.is_empty() {
            let places = self.equal_children.iter().filter_map(|p| assessment.places.get(*p as usize));
            let parents: Vec<String> = places.map(|p| p.id.clone()).collect();
            let message = format!("persons of the children of {} places are not all known: they count as equally large", parents.len());
            notes.push(Note::new("equal-children", message, parents));
        }
        if made.loops > 0 {
            let loops = made.loops;
            notes.push(Note::new::<String>("self-loop", format!("{loops} edges lead from a node to itself and are kept"), []));
        }
        notes
    }
}

fn raise(flags: &mut [bool], at: u32) {
    if let Some(flag) = flags.get_mut(at as usize) {
        *flag = true;
    }
}

fn raised(flags: &[bool], at: u32) -> bool {
    flags.get(at as usize).copied().unwrap_or(false)
}
