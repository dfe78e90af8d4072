//! Which condition feeds an analysis where several stand for one cell, and what was not used.

use super::atlas::Atlas;
use super::pooling::weighted_mean;
use crate::Result;
use crate::assessment::{Condition, ConditionKind, Range, span};
use crate::tables::Note;

/// Which conditions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Which kind is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
}

impl Default for Choice {
    fn default() -> Self {
        Choice { period: None, kinds: vec![ConditionKind::Indicator, ConditionKind::Expert, ConditionKind::Perception] }
    }
}

/// Where a number of a cell comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A condition of the cell itself.
    Stated,
    /// The persons-weighted mean over the groups of a partition that have one.
    Groups,
    /// The condition of the whole population stands for the group.
    WholePopulation,
}

/// A severity or prevalence, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief<'a> {
    /// The number, 0 to 1.
    pub value: f64,
    /// Lower and upper end, where any condition behind it gives a range.
    pub range: Option<(f64, f64)>,
    /// Period of the latest condition behind it.
    pub period: Option<&'a str>,
    /// Kind of the conditions behind it (of the first, where groups differ).
    pub kind: ConditionKind,
    /// Positions of the conditions behind it.
    pub conditions: Vec<u32>,
    /// What each of those counts for in the number, together 1; empty where it does not come from conditions.
    pub shares: Vec<f64>,
    /// Share of the cell's persons it rests on; none where persons are unknown.
    pub coverage: Option<f64>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether persons were unknown, so that groups counted as equally large.
    pub equal_parts: bool,
}

/// What is believed of one cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell<'a> {
    /// How critical; none where nobody says.
    pub severity: Option<Belief<'a>>,
    /// How pervasive; none where nobody says.
    pub prevalence: Option<Belief<'a>>,
}

impl<'a> Cell<'a> {
    /// Period of the severity, else of the prevalence.
    pub fn period(&self) -> Option<&'a str> {
        self.severity.as_ref().or(self.prevalence.as_ref()).and_then(|b| b.period)
    }

    /// Share of persons that both rest on, else that of the one there is.
    pub fn coverage(&self) -> Option<f64> {
        match (&self.severity, &self.prevalence) {
            (Some(s), Some(p)) => s.coverage.zip(p.coverage).map(|(s, p)| s.min(p)),
            (s, p) => s.as_ref().or(p.as_ref()).and_then(|b| b.coverage),
        }
    }

    /// Positions of the conditions behind it.
    pub fn conditions(&self) -> impl Iterator<Item = u32> + '_ {
        self.severity.iter().chain(&self.prevalence).flat_map(|b| b.conditions.iter().copied())
    }
}

/// Position of a threat, place and group; no group is the whole population.
pub type Key = (u32, u32, Option<u32>);

/// The conditions of an assessment by cell, and the rule that chooses among them.
///
/// The rule, for severity and for prevalence each: among the conditions of the cell that state it and are of a kind asked for, those of
/// the period asked for (a period within it counts, the latest such), else of the latest (none counts as the earliest); among those the
/// first kind in the order of preference; of that kind the mean by confidence (1 where it is not said). Kinds are never averaged with
/// each other.
#[derive(Debug)]
pub struct Beliefs<'a> {
    atlas: &'a Atlas<'a>,
    choice: Choice,
    asked: Option<(i64, i64)>,
    /// Cells with the positions of their conditions, sorted.
    rows: Vec<(Key, u32)>,
}

impl<'a> Beliefs<'a> {
    /// Indexes the conditions of an assessment.
    ///
    /// # Errors
    /// When a condition names an id that is not there, or the period asked for is none.
    pub fn new(atlas: &'a Atlas<'a>, choice: Choice) -> Result<Self> {
        let asked = match choice.period.as_deref() {
            None => None,
            Some(text) => Some(span(text).ok_or_else(|| {
                let found = crate::shown(text);
                crate::Error::argument(format!("`period`: found `{found}`, wanted a year, month, day, week or start/end"))
            })?),
        };
        let mut rows = Vec::with_capacity(atlas.assessment().conditions.len());
        for (position, condition) in (0_u32..).zip(&atlas.assessment().conditions) {
            let group = condition.group.as_deref().map(|id| atlas.group(id)).transpose()?;
            rows.push(((atlas.threat(&condition.threat)?, atlas.place(&condition.place)?, group), position));
        }
        rows.sort_unstable();
        Ok(Beliefs { atlas, choice, asked, rows })
    }

    /// Every cell that a condition states, with the positions of its conditions; by threat, place and group.
    pub fn cells(&self) -> impl Iterator<Item = (Key, impl Iterator<Item = u32> + '_)> + '_ {
        self.rows.chunk_by(|a, b| a.0 == b.0).filter_map(|rows| rows.first().map(|(key, _)| (*key, rows.iter().map(|(_, c)| *c))))
    }

    /// Places where any condition speaks of a threat, ascending.
    pub(super) fn places_of(&self, threat: u32) -> Vec<u32> {
        let start = self.rows.partition_point(|((t, _, _), _)| *t < threat);
        let mut places: Vec<u32> =
            self.rows.iter().skip(start).take_while(|((t, _, _), _)| *t == threat).map(|((_, p, _), _)| *p).collect();
        places.dedup();
        places
    }

    /// What is stated of a cell itself.
    pub fn stated(&self, key: Key) -> Cell<'a> {
        Cell { severity: self.choose(key, severity), prevalence: self.choose(key, prevalence) }
    }

    /// What is believed of the whole population: its own condition, else the persons-weighted mean over the groups of the first declared
    /// partition that have one.
    pub fn whole(&self, threat: u32, place: u32) -> Cell<'a> {
        let of = |read| self.choose((threat, place, None), read).or_else(|| self.over_groups(threat, place, read));
        Cell { severity: of(severity), prevalence: of(prevalence) }
    }

    /// What is believed of a group: its own condition, else that of the whole population.
    pub fn group(&self, threat: u32, place: u32, group: u32) -> Cell<'a> {
        let whole = |read| self.choose((threat, place, None), read).map(|belief| Belief { origin: Origin::WholePopulation, ..belief });
        let of = |read| self.choose((threat, place, Some(group)), read).or_else(|| whole(read));
        Cell { severity: of(severity), prevalence: of(prevalence) }
    }

    fn candidates(&self, key: Key) -> impl Iterator<Item = (u32, &'a Condition)> + '_ {
        let start = self.rows.partition_point(|(k, _)| *k < key);
        let rows = self.rows.iter().skip(start).take_while(move |(k, _)| *k == key);
        rows.filter_map(|(_, position)| self.atlas.assessment().conditions.get(*position as usize).map(|c| (*position, c)))
    }

    fn choose(&self, key: Key, read: Read) -> Option<Belief<'a>> {
        let mut chosen: Vec<(u32, &Condition)> =
            self.candidates(key).filter(|(_, c)| read(c).is_some() && self.choice.kinds.contains(&kind_of(c))).collect();
        if let Some((first, last)) = self.asked {
            let exact = |c: &Condition| c.period.as_deref().and_then(span) == Some((first, last));
            let within = |c: &Condition| c.period.as_deref().and_then(span).is_some_and(|(a, b)| a >= first && b <= last);
            let any_exact = chosen.iter().any(|(_, c)| exact(c));
            chosen.retain(|(_, c)| if any_exact { exact(c) } else { within(c) });
        }
        let latest = chosen.iter().map(|(_, c)| when(c)).max()?;
        chosen.retain(|(_, c)| when(c) == latest);
        let kind = *self.choice.kinds.iter().find(|kind| chosen.iter().any(|(_, c)| kind_of(c) == **kind))?;
        chosen.retain(|(_, c)| kind_of(c) == kind);
        let mean = |end: fn((f64, Option<Range>)) -> f64| {
            let stated = chosen.iter().filter_map(|(_, c)| read(c).map(|v| (end(v), c.confidence.map_or(1.0, |s| s.get()))));
            weighted_mean(&mut stated.collect::<Vec<_>>())
        };
        let ranged = chosen.iter().any(|(_, c)| read(c).is_some_and(|(_, range)| range.is_some()));
        let low = mean(|(value, range)| range.map_or(value, Range::low));
        let high = mean(|(value, range)| range.map_or(value, Range::high));
        Some(Belief {
            value: mean(|(value, _)| value)?,
            range: low.zip(high).filter(|_| ranged),
            period: chosen.first().and_then(|(_, c)| c.period.as_deref()),
            kind,
            conditions: chosen.iter().map(|(position, _)| *position).collect(),
            shares: shares(chosen.iter().map(|(_, c)| c.confidence.map_or(1.0, |s| s.get()))),
            coverage: Some(1.0),
            origin: Origin::Stated,
            equal_parts: false,
        })
    }

    fn over_groups(&self, threat: u32, place: u32, read: Read) -> Option<Belief<'a>> {
        over_partition(self.atlas, place, |group| self.choose((threat, place, Some(group)), read))
    }

    /// Notes on the conditions of `cells` that `used` leaves out, by reason; `used` holds one flag a condition.
    pub fn unused_notes(&self, used: &[bool], in_scope: impl Fn(u32, u32) -> bool) -> Vec<Note> {
        let (mut other_period, mut set_aside) = (Vec::new(), Vec::new());
        for ((threat, place, _), position) in &self.rows {
            if used.get(*position as usize).copied().unwrap_or(false) || !in_scope(*threat, *place) {
                continue;
            }
            let Some(condition) = self.atlas.assessment().conditions.get(*position as usize) else { continue };
            let span = condition.period.as_deref().and_then(span);
            let outside = |(first, last): (i64, i64)| !span.is_some_and(|(a, b)| a >= first && b <= last);
            let list = if self.asked.is_some_and(outside) { &mut other_period } else { &mut set_aside };
            list.push(label(condition));
        }
        let mut notes = Vec::new();
        if !other_period.is_empty() {
            let message = "are not of the period asked for: not used";
            notes.push(Note::counted("condition-of-other-period", "condition", message, other_period));
        }
        if !set_aside.is_empty() {
            let message = "were not used: a later period, a preferred kind or a condition of the population asked for stands for the cell";
            notes.push(Note::counted("condition-not-used", "condition", message, set_aside));
        }
        notes
    }
}

/// The persons-weighted mean over the groups of the first declared partition of which something is known.
pub(crate) fn over_partition<'a>(atlas: &Atlas<'_>, place: u32, known_of: impl Fn(u32) -> Option<Belief<'a>>) -> Option<Belief<'a>> {
    atlas.partitions.iter().find_map(|members| {
        let parts: Vec<(u32, Belief<'a>)> = members.iter().filter_map(|&g| known_of(g).map(|belief| (g, belief))).collect();
        let (_, latest) = parts.iter().max_by_key(|(_, b)| b.period.and_then(span).map(|(a, b)| (b, a)))?;
        let (_, first) = parts.first()?;
        let known: Option<Vec<f64>> = parts.iter().map(|(g, _)| atlas.persons(place, Some(*g))).collect();
        let known = known.filter(|persons| persons.iter().any(|n| *n > 0.0));
        let coverage = match &known {
            _ if parts.len() == members.len() => Some(1.0),
            Some(persons) => atlas.persons(place, None).map(|all| (persons.iter().sum::<f64>() / all).min(1.0)),
            None => None,
        };
        let equal_parts = known.is_none() && parts.len() > 1;
        let weights = known.unwrap_or_else(|| vec![1.0; parts.len()]);
        let mean = |end: fn(&Belief<'_>) -> f64| {
            let mut pairs: Vec<(f64, f64)> = parts.iter().zip(&weights).map(|((_, b), w)| (end(b), *w)).collect();
            weighted_mean(&mut pairs)
        };
        let ranged = parts.iter().any(|(_, b)| b.range.is_some());
        let low = mean(|b| b.range.map_or(b.value, |r| r.0));
        let high = mean(|b| b.range.map_or(b.value, |r| r.1));
        Some(Belief {
            value: mean(|b| b.value)?,
            range: low.zip(high).filter(|_| ranged),
            period: latest.period,
            kind: first.kind,
            conditions: parts.iter().flat_map(|(_, b)| b.conditions.iter().copied()).collect(),
            shares: shares_within(parts.iter().map(|(_, b)| b), &weights),
            coverage,
            origin: Origin::Groups,
            equal_parts,
        })
    })
}

/// Weights as shares of their sum, equal where all are 0.
fn shares(weights: impl ExactSizeIterator<Item = f64> + Clone) -> Vec<f64> {
    let count = weights.len();
    let most = weights.clone().fold(0.0, f64::max);
    if most == 0.0 {
        return vec![1.0 / count.max(1) as f64; count];
    }
    // shares of the greatest weight cannot overflow
    let total: f64 = weights.clone().map(|w| w / most).sum();
    weights.map(|w| w / most / total).collect()
}

/// What the conditions behind beliefs count for in their weighted mean.
pub(super) fn shares_within<'b>(beliefs: impl Iterator<Item = &'b Belief<'b>>, weights: &[f64]) -> Vec<f64> {
    let outer = shares(weights.iter().copied());
    beliefs.zip(outer).flat_map(|(belief, outer)| belief.shares.iter().map(move |inner| inner * outer)).collect()
}

type Read = fn(&Condition) -> Option<(f64, Option<Range>)>;

fn severity(condition: &Condition) -> Option<(f64, Option<Range>)> {
    condition.severity.map(|s| (s.get(), condition.severity_range))
}

fn prevalence(condition: &Condition) -> Option<(f64, Option<Range>)> {
    condition.prevalence.map(|s| (s.get(), condition.prevalence_range))
}

fn kind_of(condition: &Condition) -> ConditionKind {
    condition.kind.unwrap_or(ConditionKind::Expert)
}

/// Later periods compare greater: by the last day, then the first; none is the earliest.
fn when(condition: &Condition) -> Option<(i64, i64)> {
    condition.period.as_deref().map(|text| span(text).map_or((i64::MIN, i64::MIN), |(first, last)| (last, first)))
}

/// How a condition is named in notes: its key, for it has no id.
fn label(condition: &Condition) -> String {
    let mut label = format!("{}/{}", condition.threat, condition.place);
    if let Some(group) = &condition.group {
        label.push_str(&format!("/{group}"));
    }
    if let Some(period) = &condition.period {
        label.push_str(&format!(" {period}"));
    }
    label.push_str(&format!(" {}", kind_of(condition)));
    if let Some(source) = &condition.provenance.source {
        label.push_str(&format!(" {source}"));
    }
    label
}
