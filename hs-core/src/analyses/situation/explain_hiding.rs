//! What an explanation may not tell: the cells that the matrix keeps back, observations of small samples, counts of a handful of voices.

use std::collections::{BTreeMap, BTreeSet};

use super::chronic_series::too_small;
use super::hiding::{Shown, hidden};
use super::matrix_spots::{facets, spots};
use super::sighted::Sight;
use crate::kernels::Tick;
use crate::kernels::intervals::Equations;
use crate::kernels::suppression::{ALWAYS, Cells, Effort};
use crate::network::Atlas;
use crate::{Error, Result};

/// Fewer voices than this are not counted out where they are of one group or place.
const FEW: usize = 3;

/// Cells of one threat that the matrix keeps back, by place and group.
pub(super) fn cells(atlas: &Atlas<'_>, sights: &[Sight], min_n: u64, tick: Tick<'_>) -> Result<BTreeSet<(u32, Option<u32>)>> {
    let (columns, units) = spots(atlas, sights, &facets(atlas, None), min_n, tick)?;
    // column 0 is everyone
    let everyone = columns.iter().filter(|s| s.facet == 0 && s.hidden).map(|s| (s.place, None));
    Ok(everyone.chain(units.iter().filter(|u| u.hidden).map(|u| (u.place, u.group))).collect())
}

/// A place and a group; everyone where it is absent.
type Spot = (u32, Option<u32>);

/// Positions of the observations of a threat that are not shown: of each indicator and period the small ones, and those that would give them away.
pub(super) fn observations(atlas: &Atlas<'_>, threat: &str, min_n: u64, tick: Tick<'_>) -> Result<BTreeSet<usize>> {
    let assessment = atlas.assessment();
    let speaks: BTreeSet<&str> =
        assessment.indicators.iter().filter(|i| i.threat.as_deref() == Some(threat)).map(|i| i.id.as_str()).collect();
    let mut rounds: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, o) in assessment.observations.iter().enumerate().filter(|(_, o)| speaks.contains(o.indicator.as_str())) {
        rounds.entry((&o.indicator, &o.period)).or_default().push(at);
    }
    let mut kept = BTreeSet::new();
    for round in rounds.values() {
        // of each place and group: its smallest sample, and where its observations stand
        let mut shown: BTreeMap<Spot, (Option<u64>, bool, Vec<usize>)> = BTreeMap::new();
        for &at in round {
            let Some(o) = assessment.observations.get(at) else { continue };
            let key = (atlas.place(&o.place)?, o.group.as_deref().map(|id| atlas.group(id)).transpose()?);
            // several sources of one cell: the smallest decides
            let slot = shown.entry(key).or_insert((None, false, Vec::new()));
            slot.0 = slot.0.into_iter().chain(o.n).min();
            let indicator = assessment.indicators.iter().find(|i| i.id == o.indicator);
            slot.1 |= indicator.zip(o.n).is_some_and(|(i, n)| too_small(i, &[(o.value.get(), 1.0)], n, min_n));
            slot.2.push(at);
        }
        let set: Vec<Shown> = shown
            .iter()
            .map(|((place, group), (n, small, _))| Shown { place: *place, group: *group, n: *n, small: *small, elsewhere: false })
            .collect();
        let hides = hidden(atlas, &set, &[], min_n, tick)?;
        kept.extend(shown.values().zip(hides).filter(|(_, hidden)| *hidden).flat_map(|((_, _, at), _)| at.iter().copied()));
    }
    Ok(kept)
}

/// Somebody who spoke: where, of which group, and under which code.
pub(super) type Voice<'a> = (Option<&'a str>, Option<&'a str>, &'a str);

/// How many spoke in a place (all where none) of a group (everyone where none); none where that would count out a handful.
///
/// Counts by place and group stand in one set with their totals by place, by group and of all, for each of them can be asked for.
pub(super) fn count(
    voices: &BTreeSet<Voice<'_>>,
    place: Option<&str>,
    group: Option<&str>,
    min_n: u64,
    tick: Tick<'_>,
) -> Result<Option<usize>> {
    let mut by: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
    voices.iter().for_each(|(p, g, _)| *by.entry((*p, *g)).or_default() += 1);
    let asked = |key: &(Option<&str>, Option<&str>)| (place.is_none() || key.0 == place) && (group.is_none() || key.1 == group);
    let total: usize = by.iter().filter(|(key, _)| asked(key)).map(|(_, n)| n).sum();
    if min_n == 0 || total == 0 || !by.values().any(|n| *n < FEW) {
        return Ok(Some(total));
    }
    // everything that can be asked for: a place or all, a group or everyone
    let places: BTreeSet<Option<&str>> = by.keys().map(|k| k.0).collect();
    let groups: BTreeSet<Option<&str>> = by.keys().map(|k| k.1).collect();
    let inner: Vec<(Option<&str>, Option<&str>)> = by.keys().copied().collect();
    let mut values: Vec<f64> = by.values().map(|n| *n as f64).collect();
    let mut rows: Vec<Vec<(u32, f64)>> = Vec::new();
    let mut at_total = None;
    let all_places = places.iter().copied().map(Some).chain([None]);
    for p in all_places {
        for g in groups.iter().copied().map(Some).chain([None]) {
            if p.is_some() && g.is_some() {
                continue;
            }
            let of = |key: &(Option<&str>, Option<&str>)| p.is_none_or(|p| key.0 == p) && g.is_none_or(|g| key.1 == g);
            let parts: Vec<usize> = (0..inner.len()).filter(|at| inner.get(*at).is_some_and(of)).collect();
            let own = index(values.len())?;
            let mut row = vec![(own, 1.0)];
            for part in &parts {
                row.push((index(*part)?, -1.0));
            }
            values.push(parts.iter().filter_map(|at| values.get(*at)).sum());
            rows.push(row);
            if p == place.map(Some) && g == group.map(Some) {
                at_total = Some(own);
            }
        }
    }
    let at = match (place, group) {
        (Some(p), Some(g)) => inner.iter().position(|key| *key == (Some(p), Some(g))).map(index).transpose()?,
        _ => at_total,
    };
    // nobody can be asked for who has no place or no group: such counts are unknown to everyone
    let (count, cells) = (values.len(), inner.len());
    let askable = |at: usize| inner.get(at).is_none_or(|key| key.0.is_some() && key.1.is_some());
    let units: Vec<u32> = (0..count).map(index).collect::<Result<_>>()?;
    let mut primary: Vec<bool> = values.iter().map(|n| *n < FEW as f64).collect();
    (0..cells).filter(|at| !askable(*at)).for_each(|at| primary.get_mut(at).into_iter().for_each(|p| *p = true));
    let guarded: Vec<bool> = values.iter().map(|n| *n < FEW as f64).collect();
    let loss: Vec<f64> = values.iter().map(|n| 1.0 + n).collect();
    let fault = || Error::internal("equations of voices do not fit together");
    let equations = Equations::new(values, vec![0.0; count], rows).ok_or_else(fault)?;
    let effort = Effort { width: FEW as f64, most_cells: 400, most_programmes: 4000 };
    debug_assert!(units.iter().all(|u| *u < ALWAYS));
    let found = Cells::new(equations, units, guarded, loss, &[]).ok_or_else(fault)?.suppress(&primary, &effort, tick)?;
    let open = !found.exhausted && at.is_some_and(|at| found.units.get(at as usize) == Some(&false));
    Ok(open.then_some(total))
}

fn index(at: usize) -> Result<u32> {
    u32::try_from(at).map_err(|_| Error::internal("more cells than can be counted"))
}
