//! Which cells of an assessment are asked about, and what is believed of each: conditions first, then, if asked for, observations.

use std::collections::BTreeSet;

use serde::Serialize;

use super::observations::{Measured, Observations, Part};
use crate::assessment::ConditionKind;
use crate::framework::Component;
use crate::network::{Atlas, Belief, Beliefs, Cell, Choice, Key, Origin};
use crate::tables::Note;
use crate::{Error, Result};

/// Which cells are asked about.
pub(super) struct Scope<'s> {
    pub(super) places: Option<&'s [String]>,
    pub(super) groups: Option<&'s str>,
    pub(super) whole_population: bool,
    pub(super) components: Option<&'s [Component]>,
}

/// What may be believed.
pub(super) struct Admitted<'s> {
    pub(super) period: Option<&'s str>,
    pub(super) kinds: &'s [ConditionKind],
    pub(super) observations: Observations,
    pub(super) prevalence_from: &'s [String],
    /// Severities at which phases 2 to 5 begin.
    pub(super) bounds: [f64; 4],
}

/// What is believed of a cell, and which of it was observed.
#[derive(Default)]
pub(super) struct Seen<'a> {
    pub(super) cell: Cell<'a>,
    /// Severity, prevalence: whether it was read from observations.
    pub(super) observed: (bool, bool),
    pub(super) observations: Vec<u32>,
}

/// The numbers of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How bad for those affected.
    pub severity: Option<f64>,
    /// Its range.
    pub severity_range: Option<(f64, f64)>,
    /// Share of persons affected.
    pub prevalence: Option<f64>,
    /// Its range.
    pub prevalence_range: Option<(f64, f64)>,
    /// Persons affected: prevalence x persons of the cell; none where either is unknown.
    pub persons: Option<f64>,
    /// Their range.
    pub persons_range: Option<(f64, f64)>,
    /// Persons of the cell, where the prevalence is missing: how many may be affected.
    pub persons_exposed: Option<f64>,
}

impl Seen<'_> {
    /// Persons = prevalence x persons of the cell; without a prevalence everyone of it is exposed.
    pub(super) fn figures(&self, everyone: Option<f64>) -> Figures {
        let (severity, prevalence) = (self.cell.severity.as_ref(), self.cell.prevalence.as_ref());
        let prevalence_range = prevalence.and_then(|b| b.range);
        Figures {
            severity: severity.map(|b| b.value),
            severity_range: severity.and_then(|b| b.range),
            prevalence: prevalence.map(|b| b.value),
            prevalence_range,
            persons: prevalence.zip(everyone).map(|(p, n)| p.value * n),
            persons_range: prevalence_range.zip(everyone).map(|((low, high), n)| (low * n, high * n)),
            persons_exposed: everyone.filter(|_| prevalence.is_none()),
        }
    }

    /// Whether anything is known of the cell.
    pub(super) fn says(&self) -> bool {
        self.cell.severity.is_some() || self.cell.prevalence.is_some()
    }

    /// Both ends of the severity: its range, else the value twice.
    pub(super) fn severity_ends(&self) -> Option<(f64, f64)> {
        self.cell.severity.as_ref().map(|b| b.range.unwrap_or((b.value, b.value)))
    }

    /// Both ends of the prevalence: its range, else the value twice.
    pub(super) fn prevalence_ends(&self) -> Option<(f64, f64)> {
        self.cell.prevalence.as_ref().map(|b| b.range.unwrap_or((b.value, b.value)))
    }

    /// Flags the conditions and observations behind it.
    pub(super) fn mark(&self, conditions: &mut [bool], observations: &mut [bool]) {
        self.cell.conditions().for_each(|c| conditions.get_mut(c as usize).into_iter().for_each(|flag| *flag = true));
        self.observations.iter().for_each(|o| observations.get_mut(*o as usize).into_iter().for_each(|flag| *flag = true));
    }

    /// `condition` or `observation`, for severity and prevalence.
    pub(super) fn origins(&self) -> (Option<&'static str>, Option<&'static str>) {
        let word = |observed: bool| if observed { "observation" } else { "condition" };
        let severity = self.cell.severity.as_ref().map(|_| word(self.observed.0));
        (severity, self.cell.prevalence.as_ref().map(|_| word(self.observed.1)))
    }
}

impl Scope<'_> {
    pub(super) fn asks(&self, atlas: &Atlas<'_>, threat: u32, place: u32) -> bool {
        let assessment = atlas.assessment();
        let threat = assessment.threats.get(threat as usize).is_some_and(|t| self.components.is_none_or(|c| c.contains(&t.component)));
        let place = assessment.places.get(place as usize).is_some_and(|p| self.places.is_none_or(|ids| ids.contains(&p.id)));
        threat && place
    }

    /// The same where an indicator names no threat, by its component.
    pub(super) fn asks_of(&self, atlas: &Atlas<'_>, component: Component, place: u32) -> bool {
        let place = atlas.assessment().places.get(place as usize);
        self.components.is_none_or(|c| c.contains(&component)) && place.is_some_and(|p| self.places.is_none_or(|ids| ids.contains(&p.id)))
    }

    /// The cells asked about, by place, threat and group.
    pub(super) fn keys(&self, atlas: &Atlas<'_>, evidence: &Evidence<'_>) -> Result<Vec<Key>> {
        self.places.iter().copied().flatten().try_for_each(|id| atlas.place(id).map(|_| ()))?;
        let axis = self.groups.map(|id| atlas.partition(id)).transpose()?;
        if axis.is_some() && self.whole_population {
            return Err(Error::argument("found both `groups` and `whole_population`, wanted one of them"));
        }
        let mut keys: Vec<Key> = Vec::new();
        for (threat, place, group) in evidence.cells().filter(|(t, p, _)| self.asks(atlas, *t, *p)) {
            match (axis, group) {
                (None, _) => keys.push((threat, place, group.filter(|_| !self.whole_population))),
                (Some(axis), None) => keys.extend(axis.iter().map(|&g| (threat, place, Some(g)))),
                (Some(axis), Some(g)) if axis.contains(&g) => keys.push((threat, place, group)),
                (Some(_), Some(_)) => {}
            }
        }
        keys.sort_unstable_by_key(|(threat, place, group)| (*place, *threat, *group));
        keys.dedup();
        Ok(keys)
    }
}

/// Conditions, and observations where they are admitted.
pub(super) struct Evidence<'a> {
    pub(super) beliefs: Beliefs<'a>,
    measured: Option<Measured<'a>>,
}

impl<'a> Evidence<'a> {
    /// # Errors
    /// When an id is not there, the period is none, or observations are asked for in a way that contradicts itself.
    pub(super) fn new(atlas: &'a Atlas<'a>, admitted: &Admitted<'_>) -> Result<Self> {
        let choice = Choice { period: admitted.period.map(str::to_owned), kinds: admitted.kinds.to_vec() };
        let beliefs = Beliefs::new(atlas, choice)?;
        let fills = admitted.observations == Observations::Fill;
        if fills && !admitted.kinds.contains(&ConditionKind::Indicator) {
            return Err(Error::argument("`observations`: found `fill` and no kind `indicator` in `kinds`, wanted both or neither"));
        }
        if !fills && !admitted.prevalence_from.is_empty() {
            return Err(Error::argument("`prevalence_from`: found indicators without `observations` of `fill`, wanted both or neither"));
        }
        let measured = fills.then(|| Measured::new(atlas, admitted.bounds, admitted.period, admitted.prevalence_from)).transpose()?;
        Ok(Evidence { beliefs, measured })
    }

    /// Every cell that a condition states or, where admitted, an indicator observes.
    pub(super) fn cells(&self) -> impl Iterator<Item = Key> + '_ {
        self.beliefs.cells().map(|(key, _)| key).chain(self.measured.iter().flat_map(Measured::cells))
    }

    /// The cell itself.
    pub(super) fn own(&self, key: Key) -> Seen<'a> {
        self.filled(self.beliefs.stated(key), |part| self.read(key, part))
    }

    /// A group of a partition: its own condition, else its own observation, else what is known of the whole population.
    pub(super) fn group(&self, threat: u32, place: u32, group: u32) -> Seen<'a> {
        let mut seen = self.own((threat, place, Some(group)));
        let inherited = |belief: Belief<'a>| Belief { origin: Origin::WholePopulation, ..belief };
        let whole = self.own((threat, place, None));
        let mut taken = false;
        if seen.cell.severity.is_none() {
            (seen.cell.severity, seen.observed.0) = (whole.cell.severity.map(inherited), whole.observed.0);
            taken |= whole.observed.0;
        }
        if seen.cell.prevalence.is_none() {
            (seen.cell.prevalence, seen.observed.1) = (whole.cell.prevalence.map(inherited), whole.observed.1);
            taken |= whole.observed.1;
        }
        if taken {
            seen.observations.extend(whole.observations);
        }
        seen
    }

    /// The whole population: its own condition, else its groups', else its own observation, else its groups'.
    pub(super) fn whole(&self, threat: u32, place: u32) -> Seen<'a> {
        let over_groups = |part| self.measured.as_ref().and_then(|m| m.over_groups(threat, place, part));
        self.filled(self.beliefs.whole(threat, place), |part| self.read((threat, place, None), part).or_else(|| over_groups(part)))
    }

    fn read(&self, key: Key, part: Part) -> Option<Belief<'a>> {
        self.measured.as_ref().and_then(|m| m.read(key, part))
    }

    fn filled(&self, cell: Cell<'a>, read: impl Fn(Part) -> Option<Belief<'a>>) -> Seen<'a> {
        let mut seen = Seen { cell, ..Seen::default() };
        let mut fill = |part, belief: &mut Option<Belief<'a>>| {
            let Some(mut reading) = (if belief.is_none() { read(part) } else { None }) else { return false };
            seen.observations.extend(std::mem::take(&mut reading.conditions));
            *belief = Some(reading);
            true
        };
        seen.observed = (fill(Part::Severity, &mut seen.cell.severity), fill(Part::Prevalence, &mut seen.cell.prevalence));
        seen
    }

    /// What is set aside of conditions and observations; both hold one flag each.
    pub(super) fn unused_notes(&self, atlas: &Atlas<'_>, conditions: &[bool], observations: &[bool], scope: &Scope<'_>) -> Vec<Note> {
        let mut notes = self.beliefs.unused_notes(conditions, |threat, place| scope.asks(atlas, threat, place));
        let Some(measured) = &self.measured else { return notes };
        let assessment = atlas.assessment();
        let left = measured.all().filter(|((threat, place, _), at)| {
            scope.asks(atlas, *threat, *place) && !observations.get(*at as usize).copied().unwrap_or(false)
        });
        let label = |at: u32| {
            assessment.observations.get(at as usize).map(|o| {
                let group = o.group.as_ref().map(|g| format!("/{g}")).unwrap_or_default();
                let source = o.provenance.source.as_ref().map(|s| format!(" {s}")).unwrap_or_default();
                format!("{}/{}{group} {}{source}", o.indicator, o.place, o.period)
            })
        };
        let left: Vec<String> = left.filter_map(|(_, at)| label(at)).collect();
        if !left.is_empty() {
            let message = "were not used: a condition, a later period or the population asked for stands in their place";
            notes.push(Note::counted("observation-not-used", "observation", message, left));
        }
        let read: BTreeSet<u32> = measured.all().map(|(_, at)| at).collect();
        let unread = (0_u32..).zip(&assessment.observations).filter(|(at, _)| !read.contains(at)).map(|(_, o)| o.indicator.as_str());
        let unread: BTreeSet<&str> = unread.collect();
        let unread = assessment.indicators.iter().map(|i| i.id.as_str()).filter(|id| unread.contains(id));
        let unread: Vec<String> = unread.map(str::to_owned).collect();
        if !unread.is_empty() {
            let message = "have observations that say nothing of a severity: no threat is named, or no phase bounds are";
            notes.push(Note::counted("indicator-not-read", "indicator", message, unread));
        }
        notes
    }
}

/// Cells whose numbers come from elsewhere than a condition of their own, for the notes.
#[derive(Default)]
pub(super) struct Origins {
    mixed_periods: Vec<String>,
    from_groups: Vec<String>,
    inherited: Vec<String>,
    equal_parts: Vec<String>,
    severity_observed: Vec<String>,
    prevalence_observed: Vec<String>,
    mixed: Vec<String>,
}

impl Origins {
    pub(super) fn look(&mut self, name: &str, seen: &Seen<'_>) {
        let (severity, prevalence) = (seen.cell.severity.as_ref(), seen.cell.prevalence.as_ref());
        let beliefs = || severity.into_iter().chain(prevalence);
        let mut add = |list: fn(&mut Self) -> &mut Vec<String>, when: bool| {
            if when {
                list(self).push(name.to_owned());
            }
        };
        add(|f| &mut f.mixed_periods, severity.zip(prevalence).is_some_and(|(s, p)| s.period != p.period));
        add(|f| &mut f.from_groups, beliefs().any(|b| b.origin == Origin::Groups));
        add(|f| &mut f.inherited, beliefs().any(|b| b.origin == Origin::WholePopulation));
        add(|f| &mut f.equal_parts, beliefs().any(|b| b.equal_parts));
        add(|f| &mut f.severity_observed, seen.observed.0);
        add(|f| &mut f.prevalence_observed, seen.observed.1);
        add(|f| &mut f.mixed, severity.zip(prevalence).is_some() && seen.observed.0 != seen.observed.1);
    }

    pub(super) fn notes(self) -> Vec<Note> {
        [
            (
                "mixed-periods",
                "have severity and prevalence of different periods; the period shown is that of the severity",
                self.mixed_periods,
            ),
            ("condition-from-groups", "take the persons-weighted mean over the groups that have a condition", self.from_groups),
            ("inherited-condition", "take the condition of the whole population, for their group has none", self.inherited),
            ("equal-weights", "average over groups whose persons are not all known: these count as equally large", self.equal_parts),
            ("severity-observed", "have a severity read from observations, for no condition states one", self.severity_observed),
            ("prevalence-observed", "have a prevalence read from observations, for no condition states one", self.prevalence_observed),
            ("condition-and-observation", "take one number from a condition and the other from observations", self.mixed),
        ]
        .into_iter()
        .filter(|(_, _, cells)| !cells.is_empty())
        .map(|(code, message, cells)| Note::counted(code, "cell", message, cells))
        .collect()
    }
}
