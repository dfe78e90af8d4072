//! Dated series of conditions and observations, one kind each, with what may not be shown.

use std::collections::{BTreeMap, BTreeSet};

use super::chronic_and_sudden::ChronicAndSudden;
use super::hiding::{Shown, hidden};
use crate::assessment::{ConditionKind, Direction, Indicator, span};
use crate::kernels::never;
use crate::kernels::shocks::median;
use crate::network::{Atlas, weighted_mean};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// One period of a series.
pub(super) struct Point {
    pub(super) period: String,
    pub(super) span: (i64, i64),
    pub(super) value: f64,
    pub(super) hidden: bool,
}

/// One series, in order of time.
pub(super) struct Series {
    pub(super) threat: Option<String>,
    pub(super) indicator: Option<String>,
    pub(super) place: String,
    pub(super) group: Option<String>,
    pub(super) kind: ConditionKind,
    pub(super) points: Vec<Point>,
    pub(super) worse_below: bool,
    /// From least to most, of an indicator that has both; 1 of a severity.
    pub(super) width: Option<f64>,
    threshold: Option<f64>,
}

impl Series {
    /// Whether a value is on the bad side of the bar.
    pub(super) fn high(&self, value: f64, cut: f64) -> Option<bool> {
        match (&self.indicator, self.threshold) {
            (None, _) => Some(value >= cut - 1e-9),
            (Some(_), Some(bar)) => Some(if self.worse_below { value < bar } else { value > bar }),
            (Some(_), None) => None,
        }
    }

    /// Values with the difference between the median of their season and that of all taken out; a season the baseline lacks stays.
    pub(super) fn without_seasons(&self, values: &[f64], base: &[bool], shown: &[usize]) -> Vec<f64> {
        let season = |at: usize| shown.get(at).and_then(|at| self.points.get(*at)).and_then(|p| p.period.get(5..)).unwrap_or_default();
        let of_base: Vec<f64> = values.iter().zip(base).filter(|(_, b)| **b).map(|(v, _)| *v).collect();
        let Some(all) = median(&of_base) else { return values.to_vec() };
        let mut seasons: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (at, (value, _)) in values.iter().zip(base).enumerate().filter(|(_, (_, b))| **b) {
            seasons.entry(season(at)).or_default().push(*value);
        }
        let shift =
            |at: usize| seasons.get(season(at)).filter(|own| own.len() > 1).and_then(|own| median(own)).map_or(0.0, |own| own - all);
        values.iter().enumerate().map(|(at, value)| value - shift(at)).collect()
    }
}

/// A place and a group.
type Spot<'a> = (&'a str, Option<&'a str>);
/// Values with their weights, by when they hold, with the period as written.
type Dated<'a> = BTreeMap<(i64, i64), Stated<'a>>;
/// A period as written, values with their weights.
type Stated<'a> = (&'a str, Vec<(f64, f64)>);
/// A period as written, values with their weights, the least sample size.
type Observed<'a> = (&'a str, Vec<(f64, f64)>, Option<u64>);
/// What stands of one indicator in one place and group, by when it holds.
type Spots<'a> = BTreeMap<(i64, i64), BTreeMap<Spot<'a>, Observed<'a>>>;

/// Every series, conditions first, in the order of threats, places and groups of the assessment.
pub(super) fn series(settings: &ChronicAndSudden, assessment: &Assessment) -> Result<(Vec<Series>, Vec<Note>)> {
    let mut notes = Vec::new();
    let mut found = of_conditions(settings, assessment, &mut notes);
    found.extend(of_observations(settings, assessment, &mut notes)?);
    let places: BTreeMap<&str, usize> = assessment.places.iter().enumerate().map(|(at, p)| (p.id.as_str(), at)).collect();
    let groups: BTreeMap<&str, usize> = assessment.groups.iter().enumerate().map(|(at, g)| (g.id.as_str(), at)).collect();
    let threats: BTreeMap<&str, usize> = assessment.threats.iter().enumerate().map(|(at, t)| (t.id.as_str(), at)).collect();
    let indicators: BTreeMap<&str, usize> = assessment.indicators.iter().enumerate().map(|(at, i)| (i.id.as_str(), at)).collect();
    found.sort_by_key(|s| {
        (
            s.indicator.as_deref().map(|i| indicators.get(i).copied()),
            s.threat.as_deref().map(|t| threats.get(t).copied()),
            places.get(s.place.as_str()).copied(),
            s.group.as_deref().map(|g| groups.get(g).copied()),
        )
    });
    Ok((found, notes))
}

fn of_conditions(settings: &ChronicAndSudden, assessment: &Assessment, notes: &mut Vec<Note>) -> Vec<Series> {
    let mut cells: BTreeMap<(&str, Spot<'_>), BTreeMap<ConditionKind, Dated<'_>>> = BTreeMap::new();
    let mut undated = Vec::new();
    for condition in &assessment.conditions {
        let kind = condition.kind.unwrap_or(ConditionKind::Expert);
        let Some(severity) = condition.severity.filter(|_| settings.kinds.contains(&kind)) else { continue };
        let Some((period, span)) = condition.period.as_deref().and_then(|p| span(p).map(|s| (p, s))) else {
            undated.push(format!("{}/{}", condition.threat, condition.place));
            continue;
        };
        let spot = (condition.place.as_str(), condition.group.as_deref());
        let points = cells.entry((&condition.threat, spot)).or_default().entry(kind).or_default();
        let weight = condition.confidence.map_or(1.0, |c| c.get());
        points.entry(span).or_insert_with(|| (period, Vec::new())).1.push((severity.get(), weight));
    }
    if !undated.is_empty() {
        notes.push(Note::counted("undated", "condition", "have no period and stand in no series", undated));
    }
    let mut found = Vec::new();
    let mut other = 0;
    for ((threat, (place, group)), mut kinds) in cells {
        let Some(kind) = settings.kinds.iter().copied().find(|k| kinds.contains_key(k)) else { continue };
        other += kinds.len() - 1;
        let points = kinds.remove(&kind).unwrap_or_default();
        let point = |(span, (period, mut rows)): ((i64, i64), Stated<'_>)| {
            let value = weighted_mean(&mut rows).or_else(|| median(&rows.iter().map(|r| r.0).collect::<Vec<_>>()))?;
            Some(Point { period: period.to_owned(), span, value, hidden: false })
        };
        found.push(Series {
            threat: Some(threat.to_owned()),
            indicator: None,
            place: place.to_owned(),
            group: group.map(str::to_owned),
            kind,
            points: points.into_iter().filter_map(point).collect(),
            worse_below: false,
            width: Some(1.0),
            threshold: None,
        });
    }
    if other > 0 {
        let message = format!("{other} series of another kind beside those shown were not used: a series is of one kind, never mixed");
        notes.push(Note::new("kind-not-used", message, Vec::<String>::new()));
    }
    found
}

fn of_observations(settings: &ChronicAndSudden, assessment: &Assessment, notes: &mut Vec<Note>) -> Result<Vec<Series>> {
    if !settings.kinds.contains(&ConditionKind::Indicator) {
        return Ok(Vec::new());
    }
    let atlas = Atlas::new(assessment)?;
    let mut found = Vec::new();
    let mut kept_back = 0;
    let own_ids: BTreeSet<&str> = assessment.indicators.iter().map(|i| i.id.as_str()).collect();
    if let Some(stray) = assessment.observations.iter().find(|o| !own_ids.contains(o.indicator.as_str())) {
        return Err(Error::not_found("indicator", &stray.indicator, own_ids.iter().copied()));
    }
    for indicator in &assessment.indicators {
        let mut periods: Spots<'_> = BTreeMap::new();
        for observation in assessment.observations.iter().filter(|o| o.indicator == indicator.id) {
            let Some(span) = span(&observation.period) else { continue };
            let spot = (observation.place.as_str(), observation.group.as_deref());
            let cell = periods.entry(span).or_default().entry(spot).or_insert_with(|| (&observation.period, Vec::new(), observation.n));
            cell.1.push((observation.value.get(), 1.0));
            cell.2 = cell.2.into_iter().chain(observation.n).min();
        }
        let mut cells: BTreeMap<Spot<'_>, Vec<Point>> = BTreeMap::new();
        for (span, spots) in periods {
            let shown = spots.iter().map(|((place, group), (_, rows, n))| {
                let group = group.map(|id| atlas.group(id)).transpose()?;
                let small = n.is_some_and(|n| too_small(indicator, rows, n, settings.min_n));
                Ok(Shown { place: atlas.place(place)?, group, n: *n, small, elsewhere: false })
            });
            let shown: Vec<Shown> = shown.collect::<Result<_>>()?;
            let flags = hidden(&atlas, &shown, &[], settings.min_n, &never)?;
            for ((spot, (period, mut rows, _)), hidden) in spots.into_iter().zip(flags) {
                kept_back += usize::from(hidden);
                let Some(value) = weighted_mean(&mut rows) else { continue };
                cells.entry(spot).or_default().push(Point { period: period.to_owned(), span, value, hidden });
            }
        }
        found.extend(cells.into_iter().map(|((place, group), points)| Series {
            threat: indicator.threat.clone(),
            indicator: Some(indicator.id.clone()),
            place: place.to_owned(),
            group: group.map(str::to_owned),
            kind: ConditionKind::Indicator,
            points,
            worse_below: indicator.better != Some(Direction::Lower),
            width: indicator.minimum.zip(indicator.maximum).map(|(a, b)| b.get() - a.get()),
            threshold: indicator.threshold.map(|t| t.get()),
        }));
    }
    let free: Vec<String> =
        found.iter().filter(|s| s.width.is_none()).filter_map(|s| s.indicator.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    if !free.is_empty() {
        let message = "have no minimum and maximum: the least size of a shock is taken in their own unit";
        notes.push(Note::counted("no-bounds", "indicator", message, free));
    }
    if kept_back > 0 {
        let message = format!(
            "{kept_back} observations rest on fewer than {} people asked, or would tell of such, and are suppressed; series go on without them",
            settings.min_n
        );
        notes.push(Note::new("suppressed", message, Vec::<String>::new()));
    }
    Ok(found)
}

/// Whether a sample is too small, or either side of a share counted in it is; a share is an indicator from 0 to 1 or 0 to 100 percent.
pub(super) fn too_small(indicator: &Indicator, rows: &[(f64, f64)], n: u64, min_n: u64) -> bool {
    if min_n == 0 {
        return false;
    }
    let ends = indicator.minimum.zip(indicator.maximum).map(|(a, b)| (a.get(), b.get()));
    let percent = matches!(indicator.unit.as_deref().map(str::trim), Some("%" | "percent" | "share"));
    let side = |share: f64| {
        let persons = share * n as f64;
        persons > 1e-9 && persons < min_n as f64 - 1e-9
    };
    let share = ends.filter(|(low, high)| percent && *low == 0.0 && *high > 0.0).map(|(_, high)| high);
    let small = share.is_some_and(|most| rows.iter().any(|(value, _)| side(value / most) || side(1.0 - value / most)));
    n < min_n || small
}
