//! Which cells an effect reaches, and for what share of their persons.

use std::collections::BTreeMap;

use crate::Assessment;
use crate::Result;
use crate::framework::Component;
use crate::network::{Atlas, DominoNetwork, ThreatNode};
use crate::tables::Note;

/// What an effect is stated on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// One threat.
    Threat(&'a str),
    /// Every threat whose `component` it is, each in full.
    Component(Component),
}

/// The cells of a network, to be found by threat, place and group.
pub(super) struct Cells<'a> {
    atlas: Atlas<'a>,
    network: &'a DominoNetwork,
    /// Ids of the groups of the axis; empty for the whole population.
    axis: Vec<&'a str>,
    /// Assumptions made on the way: code to the effects concerned.
    assumed: BTreeMap<&'static str, Vec<String>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(assessment: &'a Assessment, network: &'a DominoNetwork, partition: Option<&str>) -> Result<Self> {
        let axis =
            assessment.partitions.iter().filter(|p| Some(p.id.as_str()) == partition).flat_map(|p| p.groups.iter().map(String::as_str));
        Ok(Cells { atlas: Atlas::new(assessment)?, network, axis: axis.collect(), assumed: BTreeMap::new() })
    }

    /// Positions an effect reaches, each with the share of its persons.
    ///
    /// On the whole-population axis, and where the group is none of the axis, an effect on a group counts by the group's share of the place's
    /// persons; a share that is not known counts in full, so that no harm is lost.
    pub(super) fn of(&mut self, label: &str, target: Target<'_>, place: Option<&str>, group: Option<&str>) -> Result<Vec<(usize, f64)>> {
        let network = self.network;
        let mut reached = Vec::new();
        for (position, node) in network.nodes().iter().enumerate() {
            let meant = match target {
                Target::Threat(id) => &*node.threat == id,
                Target::Component(component) => node.component == Some(component),
            };
            if !meant {
                continue;
            }
            if place.is_some() && place != node.place.as_deref() {
                continue;
            }
            let share = match (group, node.group.as_deref()) {
                (None, _) => 1.0,
                (Some(asked), Some(own)) if asked == own => 1.0,
                (Some(asked), Some(_)) if self.axis.contains(&asked) => continue,
                (Some(asked), _) => self.share_of_group(label, node, asked)?,
            };
            reached.push((position, share));
        }
        Ok(reached)
    }

    fn share_of_group(&mut self, label: &str, node: &ThreatNode, group: &str) -> Result<f64> {
        let group = self.atlas.group(group)?;
        let place = node.place.as_deref().map(|id| self.atlas.place(id)).transpose()?;
        let (share, assumed) = place.map_or((None, None), |place| self.atlas.share(place, &[group]));
        if node.group.is_some() {
            self.assume("group-off-axis", label);
        }
        match (share, assumed) {
            (None, _) => self.assume("share-unknown", label),
            (Some(_), Some(_)) => self.assume("equal-parts", label),
            (Some(_), None) => {}
        }
        Ok(share.unwrap_or(1.0))
    }

    fn assume(&mut self, code: &'static str, label: &str) {
        let labels = self.assumed.entry(code).or_default();
        if labels.last().is_none_or(|last| last != label) {
            labels.push(label.to_owned());
        }
    }

    /// What was assumed.
    pub(super) fn notes(self) -> Vec<Note> {
        let sentence = |code| match code {
            "group-off-axis" => {
                "an effect on a group that is none of the group axis is spread over the axis by the group's share of persons"
            }
            "equal-parts" => "persons of some groups are not known, so the groups of their partition count as equally large",
            _ => "the share of persons an effect reaches is not known, so it counts in full",
        };
        self.assumed.into_iter().map(|(code, labels)| Note::new(code, sentence(code), labels)).collect()
    }
}
