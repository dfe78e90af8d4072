//! Where need is high and capacity low: two axes, never one number.

use std::collections::BTreeMap;

use serde::Serialize;

use super::capacity_profile::{CapacityProfile, Need};
use super::sighted::Sight;
use crate::analyses::thresholds::Combined;
use crate::analyses::thresholds::capacities::{CellId, at_work};
use crate::framework::Component;
use crate::kernels::contrast::Doubt;
use crate::kernels::counter::Counter;
use crate::kernels::spread::Spread;
use crate::kernels::standing::dominance_ranks;
use crate::kernels::tails::tails;
use crate::kernels::{Tick, cancelled, quantiles};
use crate::network::Atlas;
use crate::{Assessment, Result};

crate::framework::words::words!(
    /// Where a place and group stands on the two axes.
    Quadrant {
        /// Need high, capacity low.
        HotSpot = "hot-spot",
        /// Need high, capacity high.
        Pressed = "pressed",
        /// Need low, capacity low.
        Fragile = "fragile",
        /// Need low, capacity high.
        Steady = "steady",
        /// Nothing is recorded on capacity.
        CapacityNotAssessed = "capacity-not-assessed",
    }
);

/// One component in one place and group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HotSpot {
    /// The component.
    pub component: Component,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for everyone.
    pub group: Option<String>,
    /// Need, by the threat that stands highest.
    pub need: f64,
    /// Capacity recorded against that threat here; none where nothing is.
    pub capacity: Option<f64>,
    /// Persons affected by that threat.
    pub persons: Option<f64>,
    /// Where it stands on the two axes.
    pub quadrant: Quadrant,
    /// 1 + how many others have at least the need and at most the capacity; none without capacity.
    pub rank: Option<u32>,
    /// Its lower end over draws.
    pub rank_lower: Option<f64>,
    /// Its upper end over draws.
    pub rank_upper: Option<f64>,
    /// The threat that stands highest.
    pub threat: String,
    /// Its prevalence.
    pub prevalence: Option<f64>,
    /// Its severity.
    pub severity: Option<f64>,
    /// Least sample size behind it.
    pub n: Option<u64>,
}

/// The hot spots, those of highest rank first; what has no capacity on record comes last, by need.
pub(super) fn hot_spots(
    settings: &CapacityProfile,
    assessment: &Assessment,
    atlas: &Atlas<'_>,
    sights: &[&Sight],
    tick: Tick<'_>,
) -> Result<Vec<HotSpot>> {
    let mut worst: BTreeMap<(Component, u32, Option<u32>), (f64, &Sight)> = BTreeMap::new();
    for sight in sights {
        let Some(need) = need(settings.need, sight) else { continue };
        let group = sight.cell.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        let key = (sight.cell.component, atlas.place(&sight.cell.place)?, group);
        let slot = worst.entry(key).or_insert((need, sight));
        if need > slot.0 {
            *slot = (need, sight);
        }
    }
    let mut spots = Vec::with_capacity(worst.len());
    let mut doubts = Vec::new();
    for ((component, _, _), (need, sight)) in worst {
        let cell = &sight.cell;
        let id = CellId { threat: &cell.threat, component: cell.component, place: &cell.place, group: cell.group.as_deref() };
        let levels: Vec<Option<f64>> = at_work(assessment, atlas, &id)?.into_iter().map(|found| found.level).collect();
        let capacity = Combined::Product.level(&levels);
        let high = need >= settings.need_cut - 1e-9;
        let quadrant = match capacity.map(|c| c >= settings.capacity_cut - 1e-9) {
            None => Quadrant::CapacityNotAssessed,
            Some(false) if high => Quadrant::HotSpot,
            Some(true) if high => Quadrant::Pressed,
            Some(false) => Quadrant::Fragile,
            Some(true) => Quadrant::Steady,
        };
        if capacity.is_some() {
            doubts.push((spots.len(), sight));
        }
        spots.push(HotSpot {
            component,
            place: cell.place.clone(),
            group: cell.group.clone(),
            need,
            capacity,
            persons: cell.persons,
            quadrant,
            rank: None,
            rank_lower: None,
            rank_upper: None,
            threat: cell.threat.clone(),
            prevalence: cell.prevalence,
            severity: cell.severity,
            n: sight.n,
        });
    }
    rank(settings, assessment, &mut spots, &doubts, tick)?;
    spots.sort_by(|a, b| (a.rank.is_none(), a.rank).cmp(&(b.rank.is_none(), b.rank)).then(b.need.total_cmp(&a.need)));
    Ok(spots)
}

fn need(of: Need, sight: &Sight) -> Option<f64> {
    match of {
        Need::Severity => sight.cell.severity,
        Need::Burden => sight.cell.severity.zip(sight.cell.prevalence).map(|(s, p)| s * p),
    }
}

fn rank(
    settings: &CapacityProfile,
    assessment: &Assessment,
    spots: &mut [HotSpot],
    doubts: &[(usize, &Sight)],
    tick: Tick<'_>,
) -> Result<()> {
    let capacities: Vec<f64> = doubts.iter().filter_map(|(at, _)| spots.get(*at).and_then(|s| s.capacity)).collect();
    let needs: Vec<f64> = doubts.iter().filter_map(|(at, _)| spots.get(*at).map(|s| s.need)).collect();
    let Some(ranks) = dominance_ranks(&needs, &capacities) else { return Ok(()) };
    for ((at, _), rank) in doubts.iter().zip(&ranks) {
        spots.get_mut(*at).into_iter().for_each(|spot| spot.rank = Some(*rank));
    }
    let ranged = |d: &Option<(f64, Doubt)>| d.is_some_and(|(_, doubt)| doubt != Doubt::None);
    if settings.draws == 0 || !doubts.iter().any(|(_, s)| ranged(&s.severity) || settings.need == Need::Burden && ranged(&s.prevalence)) {
        return Ok(());
    }
    let draws = u64::from(settings.draws);
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(settings.draws as usize); doubts.len()];
    // one stream a cell by its ids, so that the order of rows moves nothing
    let names: Vec<(u64, u64)> = doubts.iter().map(|(_, s)| (key(assessment, s, 0), key(assessment, s, 1))).collect();
    let spread = |of: &Option<(f64, Doubt)>, stream: u64| of.map(|(value, doubt)| (value, doubt, Counter::new(settings.seed, stream)));
    let streams: Vec<_> = doubts.iter().zip(&names).map(|((_, s), (a, b))| (spread(&s.severity, *a), spread(&s.prevalence, *b))).collect();
    for draw in 0..draws {
        if draw % 64 == 0 && !tick(draw) {
            return Err(cancelled());
        }
        let of =
            |stream: &Option<(f64, Doubt, Counter)>| stream.map_or(0.0, |(value, doubt, counter)| at(value, doubt, counter.uniform(draw)));
        let drawn: Vec<f64> = streams
            .iter()
            .map(|(severity, prevalence)| match settings.need {
                Need::Severity => of(severity),
                Need::Burden => of(severity) * of(prevalence),
            })
            .collect();
        for (column, rank) in columns.iter_mut().zip(dominance_ranks(&drawn, &capacities).unwrap_or_default()) {
            column.push(f64::from(rank));
        }
    }
    let tail = 0.5 * (1.0 - settings.level);
    let mut scratch = Vec::new();
    for ((at, _), mut column) in doubts.iter().zip(columns) {
        let ends = tails(&mut column, tail, &mut scratch);
        if let Some((spot, [low, high])) = spots.get_mut(*at).zip(ends) {
            (spot.rank_lower, spot.rank_upper) = (Some(low), Some(high));
        }
    }
    Ok(())
}

/// The number at that share of its spread, kept from 0 to 1.
fn at(value: f64, doubt: Doubt, share: f64) -> f64 {
    match doubt {
        Doubt::None => value,
        Doubt::Range(low, high) => Spread::pert(low, value.clamp(low, high), high).quantile(share),
        Doubt::StandardError(error) => {
            let half = quantiles::normal((2.0 * share - 1.0).abs()).unwrap_or(0.0);
            (value + error * if share < 0.5 { -half } else { half }).clamp(0.0, 1.0)
        }
    }
}

/// A stream's number from where a cell stands in the assessment.
fn key(assessment: &Assessment, sight: &Sight, part: u64) -> u64 {
    let at = |found: Option<usize>| found.map_or(0, |at| at as u64 + 1);
    let threat = at(assessment.threats.iter().position(|t| t.id == sight.cell.threat));
    let place = at(assessment.places.iter().position(|p| p.id == sight.cell.place));
    let group = at(sight.cell.group.as_ref().and_then(|g| assessment.groups.iter().position(|own| own.id == *g)));
    ((threat << 24 ^ place) << 24 ^ group) << 1 | part
}
