//! Which capacities stand against a threat in a cell.

use serde::{Deserialize, Serialize};

use crate::assessment::{Capacity, CapacityKind};
use crate::framework::Component;
use crate::network::{Assumed, Atlas};
use crate::{Assessment, Result};

/// How several capacities combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Combined {
    /// 1 - Π(1 - level): each covers part of what the others leave.
    #[default]
    Product,
    /// The greatest level.
    Max,
}

/// A cell, by id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellId<'a> {
    pub(crate) threat: &'a str,
    pub(crate) component: Component,
    pub(crate) place: &'a str,
    pub(crate) group: Option<&'a str>,
}

/// What share of a cell's persons something bound to a group reaches: all of them where it is bound to none or to that very group, none
/// where it is bound to another, the group's share where the cell is the whole population (unknown: no number).
pub(crate) fn share_reached(atlas: &Atlas<'_>, cell: &CellId<'_>, group: Option<&str>) -> Result<Option<(Option<f64>, Option<Assumed>)>> {
    Ok(match (group, cell.group) {
        (None, _) => Some((Some(1.0), None)),
        (Some(bound), Some(own)) => (bound == own).then_some((Some(1.0), None)),
        (Some(bound), None) => Some(atlas.share(atlas.place(cell.place)?, &[atlas.group(bound)?])),
    })
}

/// Whether a capacity is at work on a cell at all, groups left aside. Harmful coping is a signal of stress and never is.
fn serves(capacity: &Capacity, cell: &CellId<'_>) -> bool {
    let here = capacity.place.as_deref().is_none_or(|place| place == cell.place);
    let against =
        if capacity.against.is_empty() { capacity.component == cell.component } else { capacity.against.iter().any(|t| t == cell.threat) };
    here && against && capacity.kind != Some(CapacityKind::HarmfulCoping)
}

/// A capacity at work on a cell.
pub(crate) struct AtWork<'a> {
    pub(crate) capacity: &'a Capacity,
    /// Its level as far as it reaches the cell's persons; none where that share is unknown.
    pub(crate) level: Option<f64>,
    pub(crate) assumed: Option<Assumed>,
}

/// The capacities at work on a cell, in the order of the assessment.
pub(crate) fn at_work<'a>(assessment: &'a Assessment, atlas: &Atlas<'_>, cell: &CellId<'_>) -> Result<Vec<AtWork<'a>>> {
    let mut found = Vec::new();
    for capacity in assessment.capacities.iter().filter(|c| serves(c, cell)) {
        if let Some((share, assumed)) = share_reached(atlas, cell, capacity.group.as_deref())? {
            found.push(AtWork { capacity, level: share.map(|s| s * capacity.level.get()), assumed });
        }
    }
    Ok(found)
}

impl Combined {
    /// Several levels as one; none where there is none or one is unknown.
    pub(crate) fn level(self, levels: &[Option<f64>]) -> Option<f64> {
        let mut levels: Vec<f64> = levels.iter().copied().collect::<Option<_>>()?;
        // an order of its own, so that the order of the rows cannot move the last bit
        levels.sort_unstable_by(f64::total_cmp);
        let strongest = levels.last().copied()?;
        Some(match self {
            Combined::Product => 1.0 - levels.iter().map(|level| 1.0 - level).product::<f64>(),
            Combined::Max => strongest,
        })
    }
}
