//! What cushions a shock, and how long it takes to come back: two figures, each by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::chronic_and_sudden::{ChronicAndSudden, CourseRow, Recovery};
use crate::analyses::thresholds::Combined;
use crate::analyses::thresholds::capacities::CellId;
use crate::analyses::thresholds::capacities::share_reached;
use crate::assessment::CapacityKind;
use crate::framework::Component;
use crate::kernels::shocks::median;
use crate::network::Atlas;
use crate::{Assessment, Result};

/// One place and group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resilience {
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for everyone.
    pub group: Option<String>,
    /// Mean over components of 1 - Π(1 - level); none where nothing is on record.
    pub buffer: Option<f64>,
    /// Components with anything on record.
    pub buffer_components: Vec<&'static str>,
    /// Median periods from peak to recovery, of the shocks that are over; none where there is none.
    pub recovery: Option<f64>,
    /// How many series were struck.
    pub shocks: usize,
    /// How many of them came back.
    pub recovered: usize,
    /// `recovery-time`, `buffer`, `both` or `none`: what this row rests on.
    pub method: &'static str,
}

/// Every place and group with capacities of its own or a series that can be read.
pub(super) fn resilience(assessment: &Assessment, atlas: &Atlas<'_>, shocks: &ChronicAndSudden) -> Result<Vec<Resilience>> {
    let found = shocks.run(assessment)?;
    let mut spots: BTreeSet<(u32, Option<u32>)> = BTreeSet::new();
    let mut struck: BTreeMap<(u32, Option<u32>), Vec<&CourseRow>> = BTreeMap::new();
    for row in found.rows.iter().filter(|r| r.recovered.is_some()) {
        let group = row.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        struck.entry((atlas.place(&row.place)?, group)).or_default().push(row);
    }
    spots.extend(struck.keys());
    let strengths = || assessment.capacities.iter().filter(|c| c.kind != Some(CapacityKind::HarmfulCoping));
    for capacity in strengths() {
        if let Some(place) = capacity.place.as_deref() {
            let place = atlas.place(place)?;
            spots.insert((place, None));
            if let Some(group) = capacity.group.as_deref() {
                spots.insert((place, Some(atlas.group(group)?)));
            }
        }
    }
    let mut rows = Vec::new();
    for (place, group) in spots {
        let Some(at) = assessment.places.get(place as usize) else { continue };
        let own = group.and_then(|g| assessment.groups.get(g as usize)).map(|g| g.id.as_str());
        let mut levels = Vec::new();
        for &component in Component::ALL {
            let cell = CellId { threat: "", component, place: &at.id, group: own };
            let mut of = Vec::new();
            for capacity in strengths().filter(|c| c.component == component && c.place.as_deref().is_none_or(|p| p == at.id)) {
                if let Some((share, _)) = share_reached(atlas, &cell, capacity.group.as_deref())? {
                    of.push(share.map(|s| s * capacity.level.get()));
                }
            }
            levels.extend(Combined::Product.level(&of).map(|level| (component.word(), level)));
        }
        let series = struck.get(&(place, group)).map(Vec::as_slice).unwrap_or_default();
        let hit: Vec<_> = series.iter().filter(|r| r.shock.is_some()).collect();
        let times: Vec<f64> = hit.iter().filter_map(|r| r.recovery.map(|p| p as f64)).collect();
        let buffer = (!levels.is_empty()).then(|| levels.iter().map(|(_, level)| level).sum::<f64>() / levels.len() as f64);
        let recovery = median(&times);
        rows.push(Resilience {
            place: at.id.clone(),
            group: own.map(str::to_owned),
            buffer,
            buffer_components: levels.iter().map(|(word, _)| *word).collect(),
            recovery,
            shocks: hit.len(),
            recovered: hit.iter().filter(|r| r.recovered == Some(Recovery::Recovered)).count(),
            method: match (buffer.is_some(), hit.is_empty()) {
                (true, false) => "both",
                (true, true) => "buffer",
                (false, false) => "recovery-time",
                (false, true) => "none",
            },
        });
    }
    Ok(rows)
}
