//! Which cells may not be shown, so that no small one can be worked out from its margins: groups of every partition, groups within wider
//! groups, and places within places are one set.

use std::collections::BTreeMap;

use super::chronic_series::too_small;
use crate::assessment::{Group, Indicator, Observation};
use crate::kernels::intervals::Equations;
use crate::kernels::suppression::{ALWAYS, Cells, Effort, NEVER};
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::{Error, Result};

/// A cell that might be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) place: u32,
    pub(super) group: Option<u32>,
    /// Its sample size, where known.
    pub(super) n: Option<u64>,
    /// Whether it may not be shown whatever else is.
    pub(super) small: bool,
    /// Whether it stands in other tables and not in this one: hiding it here would protect nobody.
    pub(super) elsewhere: bool,
}

/// The dimensions of a group, in one order: gender, age, status, tags.
pub(super) fn traits(group: &Group) -> Vec<(String, String)> {
    let low = |text: &str| text.trim().to_lowercase();
    let named = [("gender", &group.gender), ("age", &group.age), ("status", &group.status)];
    let mut traits: Vec<(String, String)> =
        named.into_iter().filter_map(|(name, word)| word.as_deref().map(|w| (name.to_owned(), low(w)))).collect();
    let mut tags: Vec<String> = group.tags.iter().map(|tag| low(tag)).collect();
    tags.sort();
    traits.extend(tags.into_iter().map(|tag| ("tag".to_owned(), tag)));
    traits
}

/// The observations of an indicator with whether each is to be hidden: of each period the small ones, and those that would give them away.
pub(super) fn observed<'a>(atlas: &Atlas<'a>, indicator: &Indicator, min_n: u64) -> Result<Vec<(&'a Observation, bool)>> {
    let mut periods: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in atlas.assessment().observations.iter().filter(|o| o.indicator == indicator.id) {
        periods.entry(&o.period).or_default().push(o);
    }
    let mut found = Vec::new();
    for now in periods.into_values() {
        let shown = now.iter().map(|o| {
            let group = o.group.as_deref().map(|id| atlas.group(id)).transpose()?;
            let small = o.n.is_some_and(|n| too_small(indicator, &[(o.value.get(), 1.0)], n, min_n));
            Ok(Shown { place: atlas.place(&o.place)?, group, n: o.n, small, elsewhere: false })
        });
        let shown: Vec<Shown> = shown.collect::<Result<_>>()?;
        let hides = hidden(atlas, &shown, &[], min_n, &never)?;
        found.extend(now.into_iter().zip(hides));
    }
    Ok(found)
}

/// A parent and the parts that make it up, by place and group.
type Margin = ((u32, Option<u32>), Vec<(u32, Option<u32>)>);

/// Every margin that anyone could add up.
pub(super) fn margins(atlas: &Atlas<'_>, places: &[u32]) -> Result<Vec<Margin>> {
    let assessment = atlas.assessment();
    let mut margins: Vec<Margin> = Vec::new();
    let of: Vec<Vec<(String, String)>> = assessment.groups.iter().map(traits).collect();
    for partition in &assessment.partitions {
        let members = atlas.partition(&partition.id)?;
        for &place in places {
            margins.push(((place, None), members.iter().map(|&g| (place, Some(g))).collect()));
        }
        for (wide, has) in (0_u32..).zip(&of).filter(|(_, has)| !has.is_empty()) {
            let inside = |g: &&u32| **g != wide && of.get(**g as usize).is_some_and(|t| has.iter().all(|one| t.contains(one)));
            let inner: Vec<u32> = members.iter().filter(inside).copied().collect();
            if !inner.is_empty() && !members.contains(&wide) {
                for &place in places {
                    margins.push(((place, Some(wide)), inner.iter().map(|&g| (place, Some(g))).collect()));
                }
            }
        }
    }
    let mut groups: Vec<Option<u32>> = vec![None];
    groups.extend((0_u32..).zip(&assessment.groups).map(|(g, _)| Some(g)));
    for &place in places {
        let id = assessment.places.get(place as usize).map(|p| p.id.as_str());
        let children: Vec<u32> =
            (0_u32..).zip(&assessment.places).filter(|(_, p)| id.is_some() && p.parent.as_deref() == id).map(|(at, _)| at).collect();
        if !children.is_empty() {
            margins.extend(groups.iter().map(|g| ((place, *g), children.iter().map(|&child| (child, *g)).collect::<Vec<_>>())));
        }
    }
    Ok(margins)
}

/// Which cells of one question (one threat, or one indicator and period) are hidden, in the order of `shown`.
///
/// # Errors
/// `Cancelled`; a group or place that is not there.
pub(super) fn hidden(atlas: &Atlas<'_>, shown: &[Shown], extra: &[Margin], min_n: u64, tick: Tick<'_>) -> Result<Vec<bool>> {
    let small: Vec<bool> = shown.iter().map(|s| s.small && !s.elsewhere).collect();
    if min_n == 0 || !small.contains(&true) {
        return Ok(small);
    }
    let mut places: Vec<u32> = shown.iter().map(|s| s.place).collect();
    places.sort_unstable();
    places.dedup();
    let at = |key: &(u32, Option<u32>)| shown.iter().position(|s| (s.place, s.group) == *key);
    // a size nobody gave is modelled as a large one: it protects little, so nothing is left to luck
    let size = |s: &Shown| s.n.map_or(100.0 * min_n as f64, |n| n as f64);
    let mut values: Vec<f64> = shown.iter().map(size).collect();
    let unit = |(unit, s): (u32, &Shown)| match (s.elsewhere, s.small) {
        (false, _) => unit,
        (true, false) => ALWAYS,
        (true, true) => NEVER,
    };
    let mut units: Vec<u32> = (0_u32..).zip(shown).map(unit).collect();
    let mut rows = Vec::new();
    let mut all = margins(atlas, &places)?;
    all.extend(extra.iter().cloned());
    for (parent, parts) in &all {
        let Some(parent) = at(parent) else { continue };
        let known: Vec<usize> = parts.iter().filter_map(at).collect();
        if known.is_empty() {
            continue;
        }
        let mut row = vec![(index(parent)?, 1.0)];
        let mut rest = values.get(parent).copied().unwrap_or(0.0);
        for part in &known {
            row.push((index(*part)?, -1.0));
            rest -= values.get(*part).copied().unwrap_or(0.0);
        }
        // parts without a figure are unknown to everyone; sizes that do not add up differ by what everyone can see
        row.push((index(values.len())?, -1.0));
        values.push(rest);
        units.push(if known.len() < parts.len() { NEVER } else { ALWAYS });
        rows.push(row);
    }
    let least: Vec<f64> = values.iter().map(|v| v.min(0.0)).collect();
    let mut guarded = small.clone();
    guarded.resize(values.len(), false);
    let loss: Vec<f64> = shown.iter().map(|s| 1.0 + size(s)).collect();
    let fault = || Error::internal("equations of cells do not fit together");
    let equations = Equations::new(values, least, rows).ok_or_else(fault)?;
    let cells = Cells::new(equations, units, guarded, loss, &[]).ok_or_else(fault)?;
    let effort = Effort { width: min_n as f64, most_cells: 400, most_programmes: 4000 };
    let found = cells.suppress(&small, &effort, tick)?;
    // where nothing is promised everything is kept back
    if found.exhausted || !found.open.is_empty() { Ok(shown.iter().map(|s| !s.elsewhere).collect()) } else { Ok(found.units) }
}

fn index(at: usize) -> Result<u32> {
    u32::try_from(at).map_err(|_| Error::internal("more cells than can be counted"))
}
