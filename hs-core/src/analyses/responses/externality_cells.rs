//! Which cells an effect reaches, for what share of their persons, and what had to be assumed to tell.

use std::collections::BTreeMap;

use crate::network::{Aim, Atlas, DominoNetwork};
use crate::tables::Note;
use crate::{Assessment, Result};

/// The cells of a network, to be found by what an effect names.
pub(super) struct Cells<'a> {
    atlas: Atlas<'a>,
    network: &'a DominoNetwork,
    /// Assumptions made on the way: code to the effects concerned.
    assumed: BTreeMap<&'static str, Vec<String>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(assessment: &'a Assessment, network: &'a DominoNetwork) -> Result<Self> {
        Ok(Cells { atlas: Atlas::new(assessment)?, network, assumed: BTreeMap::new() })
    }

    /// Positions an effect reaches, each with the share of its persons; a share that cannot be told counts in full, so that no harm is lost.
    pub(super) fn of(&mut self, label: &str, aim: Aim<'_>) -> Result<Vec<(usize, f64)>> {
        let targets = self.network.targets(&self.atlas, aim)?;
        for target in &targets {
            let off_axis = aim.group.is_some()
                && self.network.node(target.position).is_some_and(|n| n.group.as_deref().is_some_and(|g| Some(g) != aim.group));
            if off_axis {
                self.assume("group-off-axis", label);
            }
            match (target.share, target.assumed) {
                (None, _) => self.assume("share-unknown", label),
                (Some(_), Some(_)) => self.assume("equal-parts", label),
                (Some(_), None) => {}
            }
        }
        Ok(targets.into_iter().map(|t| (t.position, t.share.unwrap_or(1.0))).collect())
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
