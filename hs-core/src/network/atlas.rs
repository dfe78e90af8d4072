//! An assessment looked up by position: ids, who holds whom among places, how many persons.

use std::collections::HashMap;

use crate::assessment::Assessment;
use crate::{Error, Result};

/// Ids, places and persons of an assessment, indexed once.
///
/// **Persons.** A place has its own row, else the sum over the first declared partition whose groups all have one. A group has its own row.
/// Groups may overlap, so they are summed over one partition alone.
#[derive(Debug)]
pub struct Atlas<'a> {
    pub(super) assessment: &'a Assessment,
    threats: HashMap<&'a str, u32>,
    places: HashMap<&'a str, u32>,
    groups: HashMap<&'a str, u32>,
    pub(super) parent: Vec<Option<u32>>,
    pub(super) children: Vec<Vec<u32>>,
    /// Groups of each partition.
    pub(super) partitions: Vec<Vec<u32>>,
    /// Persons by place and group.
    rows: HashMap<(u32, Option<u32>), f64>,
}

/// What had to be assumed to give a share of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumed {
    /// Persons are not known, so the groups of the partition count as equally large.
    EqualParts,
    /// The groups may overlap: the share is that of the largest, the least that is certain.
    LeastCertain,
}

impl<'a> Atlas<'a> {
    /// Indexes an assessment.
    ///
    /// # Errors
    /// When an id that a place, partition or population names is not there.
    pub fn new(assessment: &'a Assessment) -> Result<Self> {
        let threats = index(assessment.threats.iter().map(|t| t.id.as_str()));
        let places = index(assessment.places.iter().map(|p| p.id.as_str()));
        let groups = index(assessment.groups.iter().map(|g| g.id.as_str()));
        let mut atlas = Atlas {
            assessment,
            threats,
            places,
            groups,
            parent: Vec::with_capacity(assessment.places.len()),
            children: vec![Vec::new(); assessment.places.len()],
            partitions: Vec::with_capacity(assessment.partitions.len()),
            rows: HashMap::with_capacity(assessment.populations.len()),
        };
        for (child, place) in (0_u32..).zip(&assessment.places) {
            let parent = place.parent.as_deref().map(|id| atlas.place(id)).transpose()?;
            atlas.parent.push(parent);
            if let Some(children) = parent.and_then(|p| atlas.children.get_mut(p as usize)) {
                children.push(child);
            }
        }
        for partition in &assessment.partitions {
            let members = partition.groups.iter().map(|id| atlas.group(id)).collect::<Result<Vec<u32>>>()?;
            atlas.partitions.push(members);
        }
        for row in &assessment.populations {
            let key = (atlas.place(&row.place)?, row.group.as_deref().map(|id| atlas.group(id)).transpose()?);
            atlas.rows.insert(key, row.persons.get());
        }
        Ok(atlas)
    }

    /// The assessment.
    pub fn assessment(&self) -> &'a Assessment {
        self.assessment
    }

    /// Position of a threat in the assessment.
    ///
    /// # Errors
    /// When there is none of that id, with the nearest.
    pub fn threat(&self, id: &str) -> Result<u32> {
        self.threats.get(id).copied().ok_or_else(|| Error::not_found("threat", id, self.assessment.threats.iter().map(|t| t.id.as_str())))
    }

    /// Position of a place in the assessment.
    ///
    /// # Errors
    /// When there is none of that id, with the nearest.
    pub fn place(&self, id: &str) -> Result<u32> {
        self.places.get(id).copied().ok_or_else(|| Error::not_found("place", id, self.assessment.places.iter().map(|p| p.id.as_str())))
    }

    /// Position of a group in the assessment.
    ///
    /// # Errors
    /// When there is none of that id, with the nearest.
    pub fn group(&self, id: &str) -> Result<u32> {
        self.groups.get(id).copied().ok_or_else(|| Error::not_found("group", id, self.assessment.groups.iter().map(|g| g.id.as_str())))
    }

    /// Groups of a partition, by position.
    ///
    /// # Errors
    /// When there is none of that id, with the nearest, or when it has no group.
    pub fn partition(&self, id: &str) -> Result<&[u32]> {
        let known = || self.assessment.partitions.iter().map(|p| p.id.as_str());
        let at = known().position(|p| p == id).ok_or_else(|| Error::not_found("partition", id, known()))?;
        let members = self.partitions.get(at).map(Vec::as_slice).unwrap_or_default();
        if members.is_empty() { Err(Error::argument(format!("partition `{id}` has no group, wanted at least one"))) } else { Ok(members) }
    }

    /// Persons of a place, or of a group in it, where known.
    pub fn persons(&self, place: u32, group: Option<u32>) -> Option<f64> {
        let own = self.rows.get(&(place, group)).copied();
        if own.is_some() || group.is_some() {
            return own;
        }
        self.partitions.iter().filter(|members| !members.is_empty()).find_map(|members| self.sum(place, members))
    }

    /// Sum over groups that do not overlap; none where any is unknown.
    fn sum(&self, place: u32, members: &[u32]) -> Option<f64> {
        members.iter().map(|&g| self.rows.get(&(place, Some(g))).copied()).sum()
    }

    /// Share of a place's persons who belong to any of the groups, with what had to be assumed; none where it cannot be told.
    ///
    /// All of a partition are everyone. Groups of one partition are summed; of groups that may overlap the largest alone is certain.
    /// Where persons are unknown the groups of a partition count as equally large.
    pub fn share(&self, place: u32, groups: &[u32]) -> (Option<f64>, Option<Assumed>) {
        let mut asked = groups.to_vec();
        asked.sort_unstable();
        asked.dedup();
        let holding = || self.partitions.iter().filter(|members| asked.iter().all(|g| members.contains(g)));
        if holding().any(|members| members.len() == asked.len()) {
            return (Some(1.0), None);
        }
        let everyone = self.persons(place, None).filter(|n| *n > 0.0);
        if holding().next().is_some() || asked.len() == 1 {
            let own = self.sum(place, &asked);
            // without a row of the place, only a partition that holds the groups tells who everyone is
            if let Some(share) = own.zip(everyone).map(|(n, all)| (n / all).min(1.0)) {
                return (Some(share), None);
            }
        } else {
            let largest = asked.iter().filter_map(|&g| self.rows.get(&(place, Some(g))).copied()).reduce(f64::max);
            if let Some(share) = largest.zip(everyone).map(|(n, all)| (n / all).min(1.0)) {
                return (Some(share), Some(Assumed::LeastCertain));
            }
        }
        match holding().next() {
            Some(members) => (Some(asked.len() as f64 / members.len() as f64), Some(Assumed::EqualParts)),
            None => (None, None),
        }
    }

    /// Share of each of the groups among them all, equal where any is unknown (the second value says so).
    pub(super) fn split(&self, place: u32, groups: &[u32]) -> (Vec<f64>, bool) {
        let persons: Option<Vec<f64>> = groups.iter().map(|&g| self.rows.get(&(place, Some(g))).copied()).collect();
        match persons {
            Some(persons) if persons.iter().sum::<f64>() > 0.0 => {
                let total: f64 = persons.iter().sum();
                (persons.into_iter().map(|n| n / total).collect(), false)
            }
            _ => (vec![1.0 / groups.len().max(1) as f64; groups.len()], groups.len() > 1),
        }
    }

    /// Share of each place among all the children of its parent, equal where any is unknown (the second value says so).
    pub(super) fn shares_of_children(&self) -> Vec<(f64, bool)> {
        let mut shares = vec![(1.0, false); self.parent.len()];
        for children in self.children.iter().filter(|children| !children.is_empty()) {
            let persons: Option<Vec<f64>> = children.iter().map(|&child| self.persons(child, None)).collect();
            let total: Option<f64> = persons.as_ref().map(|persons| persons.iter().sum());
            for (index, &child) in children.iter().enumerate() {
                let own = persons.as_ref().and_then(|persons| persons.get(index)).zip(total.filter(|t| *t > 0.0));
                if let Some(share) = shares.get_mut(child as usize) {
                    *share = own.map_or((1.0 / children.len() as f64, children.len() > 1), |(own, total)| (own / total, false));
                }
            }
        }
        shares
    }

    /// The places of a sorted set that no other of the set holds.
    pub fn topmost(&self, places: &[u32]) -> Vec<u32> {
        let parent = |place: u32| self.parent.get(place as usize).copied().flatten();
        let above = |place: u32| {
            // bounded by the number of places, should a hand-made assessment hold a cycle
            std::iter::successors(parent(place), |p| parent(*p)).take(self.parent.len()).any(|p| places.binary_search(&p).is_ok())
        };
        places.iter().copied().filter(|&place| !above(place)).collect()
    }

    /// Whether some declared partition holds all of the groups, so that they do not overlap.
    pub fn in_one_partition(&self, groups: &[u32]) -> bool {
        self.partitions.iter().any(|members| groups.iter().all(|g| members.contains(g)))
    }

    /// Bounds on how many different persons are meant by counts that may overlap: at least the largest, at most the sum, never more than
    /// there are.
    pub fn bounds(counts: &[f64], everyone: Option<f64>) -> Option<(f64, f64)> {
        let largest = counts.iter().copied().reduce(f64::max)?;
        let sum: f64 = counts.iter().sum();
        Some((largest, everyone.map_or(sum, |n| sum.min(n)).max(largest)))
    }
}

fn index<'a>(ids: impl Iterator<Item = &'a str>) -> HashMap<&'a str, u32> {
    let mut map = HashMap::new();
    for (position, id) in (0_u32..).zip(ids) {
        map.entry(id).or_insert(position);
    }
    map
}
