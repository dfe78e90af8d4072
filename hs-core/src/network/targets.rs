//! Which nodes an effect means, and what share of each it reaches.

use super::atlas::Atlas;
use super::domino::DominoNetwork;
use super::expand::Frame;
use super::folding::Fold;
use super::ground::Assumed;
use crate::framework::Component;
use crate::{Error, ErrorKind, Result};

/// What an effect or externality speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Aim<'a> {
    /// Id of the threat.
    pub threat: Option<&'a str>,
    /// The component, where no threat is named: every threat whose component it is, each in full.
    pub component: Option<Component>,
    /// Id of the place; every node of the threat where absent.
    pub place: Option<&'a str>,
    /// Id of the group; everyone where absent.
    pub group: Option<&'a str>,
}

/// A node that is meant, and the share of its persons who are reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Position of the node.
    pub position: usize,
    /// Share of its persons who are reached, by which an effect counts; none where it cannot be told.
    pub share: Option<f64>,
    /// What had to be assumed to give the share.
    pub assumed: Option<Assumed>,
}

impl DominoNetwork {
    /// The nodes that an effect means, ascending, with the share of persons it reaches in each.
    ///
    /// On the whole axis, and for a group outside the partition, a group counts by its share of persons; on a partition's axis its own
    /// node is meant in full. Where places are folded a place counts by its share of persons. A place or threat that was filtered away
    /// gives no target.
    ///
    /// # Errors
    /// An id that is not there; a network that is not expanded from an assessment.
    pub fn targets(&self, atlas: &Atlas<'_>, aim: Aim<'_>) -> Result<Vec<Target>> {
        let Some(settings) = self.settings() else {
            return Err(Error::new(ErrorKind::Unsupported, "found a network of bare arrays, wanted one expanded from an assessment"));
        };
        let frame = Frame::new(atlas, settings)?;
        let threats: Vec<&str> = match aim.threat {
            Some(id) => {
                atlas.threat(id)?;
                vec![id]
            }
            None => atlas.assessment().threats.iter().filter(|t| Some(t.component) == aim.component).map(|t| t.id.as_str()).collect(),
        };
        let place = aim.place.map(|id| atlas.place(id)).transpose()?;
        let group = aim.group.map(|id| atlas.group(id)).transpose()?;
        if place.is_some_and(|p| !frame.holds_place(p)) {
            return Ok(Vec::new());
        }
        let own_slot = group.and_then(|g| frame.slot_of(g)).is_some();
        let fold = settings.fold_places.then(|| Fold::new(&frame));
        let mut targets = Vec::new();
        for threat in threats {
            for position in self.positions_at(threat, aim.place.filter(|_| fold.is_none()), atlas, &frame) {
                let Some(node) = self.node(position) else { continue };
                if own_slot && node.group.as_deref() != aim.group {
                    continue;
                }
                let slot_group = node.group.as_deref().map(|id| atlas.group(id)).transpose()?;
                let by_share = group.filter(|_| !own_slot);
                let (share, assumed) = match &fold {
                    Some(fold) => fold.share(&frame, place, slot_group, by_share),
                    None => match (by_share, node.place.as_deref()) {
                        (Some(group), Some(at)) => atlas.share(atlas.place(at)?, &[group]),
                        _ => (Some(1.0), None),
                    },
                };
                targets.push(Target { position, share, assumed });
            }
        }
        targets.sort_unstable_by_key(|t| t.position);
        Ok(targets)
    }

    /// Positions of a threat's nodes, at a place or everywhere.
    fn positions_at(&self, threat: &str, place: Option<&str>, atlas: &Atlas<'_>, frame: &Frame) -> Vec<usize> {
        let Some(place) = place else { return self.positions_of(threat) };
        if frame.axis.is_empty() {
            return self.position(&format!("{threat}/{place}")).into_iter().collect();
        }
        let groups = &atlas.assessment().groups;
        let ids = frame.axis.iter().filter_map(|&g| groups.get(g as usize)).map(|g| &g.id);
        ids.filter_map(|group| self.position(&format!("{threat}/{place}/{group}"))).collect()
    }
}
