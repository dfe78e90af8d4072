//! An assessment looked up by position: ids, and the ground they stand on.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::ground::Ground;
use crate::assessment::Assessment;
use crate::{Error, Result};

/// Ids of an assessment, indexed once, with its places and persons as a [`Ground`].
#[derive(Debug)]
pub struct Atlas<'a> {
    pub(super) assessment: &'a Assessment,
    threats: HashMap<&'a str, u32>,
    places: HashMap<&'a str, u32>,
    groups: HashMap<&'a str, u32>,
    pub(super) ground: Arc<Ground>,
}

impl Deref for Atlas<'_> {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground
    }
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
        let mut atlas = Atlas { assessment, threats, places, groups, ground: Arc::default() };
        let mut ground = Ground {
            parent: Vec::with_capacity(assessment.places.len()),
            children: vec![Vec::new(); assessment.places.len()],
            partitions: Vec::with_capacity(assessment.partitions.len()),
            rows: HashMap::with_capacity(assessment.populations.len()),
        };
        for (child, place) in (0_u32..).zip(&assessment.places) {
            let parent = place.parent.as_deref().map(|id| atlas.place(id)).transpose()?;
            ground.parent.push(parent);
            if let Some(children) = parent.and_then(|p| ground.children.get_mut(p as usize)) {
                children.push(child);
            }
        }
        for partition in &assessment.partitions {
            let members = partition.groups.iter().map(|id| atlas.group(id)).collect::<Result<Vec<u32>>>()?;
            ground.partitions.push(members);
        }
        for row in &assessment.populations {
            let key = (atlas.place(&row.place)?, row.group.as_deref().map(|id| atlas.group(id)).transpose()?);
            ground.rows.insert(key, row.persons.get());
        }
        atlas.ground = Arc::new(ground);
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
