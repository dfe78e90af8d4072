//! What observations of indicators say of a cell's severity and prevalence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::phase_rules::of_value;
use crate::assessment::{ConditionKind, Direction, Indicator, Observation, span};
use crate::network::{Atlas, Belief, Key, Origin, over_partition, weighted_mean};
use crate::{Assessment, Error, Result};

/// How many standard errors an observed value may be off: a 95 % interval.
const STANDARD_ERRORS: f64 = 1.959_963_984_540_054;

/// A number, with its lower and upper end where it has them.
type Ranged = (f64, Option<(f64, f64)>);

/// Whether observations of indicators stand in where no condition does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observations {
    /// They do not: conditions alone are believed.
    #[default]
    None,
    /// They fill what no condition of the cell states, and every use is noted.
    Fill,
}

/// Which number of a cell an indicator speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Severity,
    Prevalence,
}

/// The observations of an assessment by cell, and the rule that reads numbers from them.
///
/// Severity: the value's place among the four phase bounds of its indicator becomes the same place among the four bounds of severity, in
/// straight lines between them; before the first and past the last bound towards the indicator's own minimum and maximum, and where it
/// has none the middle of the phase. Prevalence: only of indicators named as shares of persons affected, from their better end to their
/// worse. Several sources of one indicator count alike, several indicators by their weight.
pub(super) struct Measured<'a> {
    atlas: &'a Atlas<'a>,
    bounds: [f64; 4],
    asked: Option<(i64, i64)>,
    /// Cells and parts with the positions of their observations, sorted.
    rows: Vec<(Key, Part, u32)>,
    indicators: BTreeMap<&'a str, &'a Indicator>,
}

impl<'a> Measured<'a> {
    /// Indexes the observations that speak of a threat.
    ///
    /// # Errors
    /// When an observation or a name of `prevalence_from` is of an indicator that is not there, or such a named one is no share.
    pub(super) fn new(atlas: &'a Atlas<'a>, bounds: [f64; 4], period: Option<&str>, prevalence_from: &[String]) -> Result<Self> {
        let assessment = atlas.assessment();
        let indicators: BTreeMap<&str, &Indicator> = assessment.indicators.iter().map(|i| (i.id.as_str(), i)).collect();
        let known = |id: &str| indicators.get(id).copied().ok_or_else(|| Error::not_found("indicator", id, indicators.keys().copied()));
        for id in prevalence_from {
            let indicator = known(id)?;
            if indicator.threat.is_none() || indicator.minimum.is_none() || indicator.maximum.is_none() {
                let wanted = "wanted one that names its threat, its minimum (nobody) and its maximum (everybody)";
                return Err(Error::argument(format!("`prevalence_from`: found the indicator `{id}`, {wanted}")));
            }
        }
        let mut rows = Vec::new();
        for (position, observation) in (0_u32..).zip(&assessment.observations) {
            let indicator = known(&observation.indicator)?;
            let Some(threat) = &indicator.threat else { continue };
            let part = if prevalence_from.contains(&indicator.id) { Part::Prevalence } else { Part::Severity };
            if part == Part::Severity && indicator.phases.is_none() {
                continue;
            }
            let group = observation.group.as_deref().map(|id| atlas.group(id)).transpose()?;
            rows.push(((atlas.threat(threat)?, atlas.place(&observation.place)?, group), part, position));
        }
        rows.sort_unstable();
        Ok(Measured { atlas, bounds, asked: period.and_then(span), rows, indicators })
    }

    /// Every cell that is observed.
    pub(super) fn cells(&self) -> impl Iterator<Item = Key> + '_ {
        self.rows.iter().map(|(key, _, _)| *key)
    }

    /// Every observation that speaks of a threat and can be read, with its cell.
    pub(super) fn all(&self) -> impl Iterator<Item = (Key, u32)> + '_ {
        self.rows.iter().map(|(key, _, position)| (*key, *position))
    }

    /// What the observations of a cell say: those of the period asked for, else of the latest. Its `conditions` are positions of
    /// observations.
    pub(super) fn read(&self, key: Key, part: Part) -> Option<Belief<'a>> {
        let start = self.rows.partition_point(|(k, p, _)| (*k, *p) < (key, part));
        let cell = self.rows.iter().skip(start).take_while(|(k, p, _)| (*k, *p) == (key, part));
        let assessment: &'a Assessment = self.atlas.assessment();
        let observed = cell.filter_map(|(_, _, at)| assessment.observations.get(*at as usize).map(|o| (*at, o)));
        let mut chosen: Vec<(u32, &'a Observation)> = observed.collect();
        if let Some((first, last)) = self.asked {
            let exact = |o: &Observation| span(&o.period) == Some((first, last));
            let within = |o: &Observation| span(&o.period).is_some_and(|(a, b)| a >= first && b <= last);
            let any_exact = chosen.iter().any(|(_, o)| exact(o));
            chosen.retain(|(_, o)| if any_exact { exact(o) } else { within(o) });
        }
        let when = |o: &Observation| span(&o.period).map(|(first, last)| (last, first));
        let latest = chosen.iter().map(|(_, o)| when(o)).max()?;
        chosen.retain(|(_, o)| when(o) == latest);
        let mut sources: BTreeMap<&str, Vec<Ranged>> = BTreeMap::new();
        for (_, observation) in &chosen {
            let indicator = self.indicators.get(observation.indicator.as_str())?;
            sources.entry(&indicator.id).or_default().push(self.number(indicator, observation, part)?);
        }
        let ranged = sources.values().flatten().any(|(_, range)| range.is_some());
        let mean = |end: fn(&Ranged) -> f64| {
            let indicators = sources.iter().filter_map(|(id, numbers)| {
                let one = weighted_mean(&mut numbers.iter().map(|n| (end(n), 1.0)).collect::<Vec<_>>())?;
                Some((one, self.indicators.get(id)?.weight.map_or(1.0, |w| w.get())))
            });
            weighted_mean(&mut indicators.collect::<Vec<_>>())
        };
        let (low, high) = (mean(|(value, range)| range.map_or(*value, |r| r.0)), mean(|(value, range)| range.map_or(*value, |r| r.1)));
        Some(Belief {
            value: mean(|(value, _)| *value)?,
            range: low.zip(high).filter(|_| ranged),
            period: chosen.first().map(|(_, o)| o.period.as_str()),
            kind: ConditionKind::Indicator,
            conditions: chosen.iter().map(|(position, _)| *position).collect(),
            shares: Vec::new(),
            coverage: Some(1.0),
            origin: Origin::Stated,
            equal_parts: false,
        })
    }

    /// The persons-weighted mean over the groups of the first declared partition of which any is observed.
    pub(super) fn over_groups(&self, threat: u32, place: u32, part: Part) -> Option<Belief<'a>> {
        over_partition(self.atlas, place, |group| self.read((threat, place, Some(group)), part))
    }

    fn number(&self, indicator: &Indicator, observation: &Observation, part: Part) -> Option<Ranged> {
        let value = observation.value.get();
        let read = |value: f64| match part {
            Part::Severity => severity(indicator, value, &self.bounds),
            Part::Prevalence => share(indicator, value),
        };
        let (middle, within) = read(value)?;
        let ends = interval(indicator, observation).and_then(|(low, high)| read(low).zip(read(high)));
        // which end is worse depends on the indicator
        let ends = ends.map(|(a, b)| (a.0.min(b.0), a.0.max(b.0)));
        let range = match (within, ends) {
            (Some((low, high)), Some((least, most))) => Some((low.min(least), high.max(most))),
            (within, ends) => within.or(ends),
        };
        Some((middle, range))
    }
}

/// The 95 % interval of an observed value, inside the indicator's bounds; none without a standard error.
pub(super) fn interval(indicator: &Indicator, observation: &Observation) -> Option<(f64, f64)> {
    let value = observation.value.get();
    let off = observation.standard_error?.get() * STANDARD_ERRORS;
    let least = indicator.minimum.map_or(f64::NEG_INFINITY, |m| m.get());
    let most = indicator.maximum.map_or(f64::INFINITY, |m| m.get());
    Some(((value - off).max(least), (value + off).min(most)))
}

/// The better and the worse end of an indicator, where it has them.
fn ends(indicator: &Indicator) -> (Option<f64>, Option<f64>) {
    let (least, most) = (indicator.minimum.map(|m| m.get()), indicator.maximum.map(|m| m.get()));
    match indicator.better {
        Some(Direction::Lower) => (least, most),
        _ => (most, least),
    }
}

/// The severity at which a value stands, with the whole phase as its range where the indicator does not say how far the phase goes.
fn severity(indicator: &Indicator, value: f64, bounds: &[f64; 4]) -> Option<Ranged> {
    let of = indicator.phases?.map(|bound| bound.get());
    let phase = of_value(value, &of);
    let (better, worse) = ends(indicator);
    let [a, b, c, d] = of;
    let [first, second, third, fourth] = *bounds;
    let (from, to, low, high) = match phase {
        0 | 1 => (better, Some(a), 0.0, first),
        2 => (Some(a), Some(b), first, second),
        3 => (Some(b), Some(c), second, third),
        4 => (Some(c), Some(d), third, fourth),
        _ => (Some(d), worse, fourth, 1.0),
    };
    Some(match from.zip(to).filter(|(from, to)| from != to) {
        Some((from, to)) => {
            let along = ((value - from) / (to - from)).clamp(0.0, 1.0);
            // in this form either end is met exactly
            ((1.0 - along) * low + along * high, None)
        }
        None => (f64::midpoint(low, high), Some((low, high))),
    })
}

/// The share of persons affected that an indicator counts: 0 at its better end, 1 at its worse.
fn share(indicator: &Indicator, value: f64) -> Option<Ranged> {
    let (better, worse) = ends(indicator);
    let (better, worse) = better.zip(worse)?;
    Some((((value - better) / (worse - better)).clamp(0.0, 1.0), None))
}
