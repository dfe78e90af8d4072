//! In which phase is each threat, and which phase does an area take?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::area_phase::asked;
use super::areas::areas;
use super::cells::{Admitted, Evidence, Origins, Scope, Seen};
use super::observations::{Observations, interval};
use super::phase_rules::{BOUNDS, of_severity, of_value, rising};
use super::phases_result::{ObservedPhase, PhaseCell, PhasesResult};
use crate::assessment::{ConditionKind, Indicator, span};
use crate::framework::Component;
use crate::network::{Atlas, Expansion, Key};
use crate::tables::Note;
use crate::{Assessment, Result};

/// In which phase is each threat, and which phase does an area take?
///
/// A cell's phase says how bad a threat is for those it affects; an area's phase says how bad it is for at least a fifth of its people. The
/// two differ: a threat that destroys one person in ten leaves the area in phase 1. Whatever is unknown leaves the phase undefined, with
/// `phase_low` and `phase_high` around it.
///
/// # Method
/// Phase p of a cell: bound p-1 <= severity < bound p, inclusive to 1e-9. In an area, the people of a group whom the threat affects (prevalence x
/// persons) are in the phase of the group's severity, all others in phase 1; the area takes the worst phase p with at least `share` of its
/// people in p or worse. An indicator with phase bounds gives each of its observations a phase.
///
/// # Complexity
/// Linear in conditions and observations.
///
/// # References
/// IPC Global Partners, *Integrated Food Security Phase Classification Technical Manual Version 3.1*, 2021; UNTFHS, *Human Security in Theory
/// and Practice*, 2009.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Phases {
    /// Severities at which phases 2 to 5 begin.
    pub bounds: [f64; 4],
    /// Share of people in a phase or worse from which the area takes it; above 0, to 1.
    pub share: f64,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// Id of a partition: one row a group of it, which takes the condition of the whole population where it has none of its own. Where
    /// absent, one row a cell as stated.
    pub groups: Option<String>,
    /// One row a threat and place for the whole population, from its groups where it has no condition of its own.
    pub whole_population: bool,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Components of the threats; all where absent.
    pub components: Option<Vec<Component>>,
    /// Which kind of condition is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
    /// Whether observations of indicators fill what no condition states.
    pub observations: Observations,
    /// Ids of indicators that are shares of persons affected: with `observations`, they fill prevalence.
    pub prevalence_from: Vec<String>,
}

impl Default for Phases {
    fn default() -> Self {
        Phases {
            bounds: BOUNDS,
            share: 0.2,
            places: None,
            groups: None,
            whole_population: false,
            period: None,
            components: None,
            kinds: Expansion::default().kinds,
            observations: Observations::None,
            prevalence_from: Vec::new(),
        }
    }
}

impl Phases {
    /// The phase of every cell, area and observation.
    ///
    /// # Errors
    /// Bounds that do not rise above 0, to 1; a share that is not above 0, to 1; an id of a setting that is not there; a partition together with
    /// `whole_population`; observations asked for in a way that contradicts itself.
    pub fn run(&self, assessment: &Assessment) -> Result<PhasesResult> {
        rising(&self.bounds)?;
        asked(self.share)?;
        let atlas = Atlas::new(assessment)?;
        let evidence = Evidence::new(&atlas, &self.admitted())?;
        let scope = self.scope();
        let keys = scope.keys(&atlas, &evidence)?;
        let (mut conditions, mut observations) = (vec![false; assessment.conditions.len()], vec![false; assessment.observations.len()]);
        let mut origins = Origins::default();
        let mut cells = Vec::with_capacity(keys.len());
        for key in keys {
            let seen = match key {
                (threat, place, Some(group)) if self.groups.is_some() => evidence.group(threat, place, group),
                (threat, place, None) if self.whole_population => evidence.whole(threat, place),
                key => evidence.own(key),
            };
            let Some(cell) = self.cell(&atlas, key, &seen) else { continue };
            origins.look(&cell.name(), &seen);
            seen.mark(&mut conditions, &mut observations);
            cells.push(cell);
        }
        let areas = areas(self, &atlas, &evidence, &scope, |seen| seen.mark(&mut conditions, &mut observations))?;
        let observed = self.observed(&atlas, &scope, &observations)?;
        let mut notes = notes(&cells);
        notes.extend(origins.notes());
        let undefined = areas.iter().filter(|a| a.phase.is_none()).map(|a| format!("{}/{}", a.threat, a.place)).collect::<Vec<_>>();
        if !undefined.is_empty() {
            notes.push(Note::counted("area-undefined", "area", "have no phase: see `reason`", undefined));
        }
        notes.extend(evidence.unused_notes(&atlas, &conditions, &observations, &scope));
        Ok(PhasesResult { settings: self.clone(), cells, areas, observed, notes })
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope {
            places: self.places.as_deref(),
            groups: self.groups.as_deref(),
            whole_population: self.whole_population,
            components: self.components.as_deref(),
        }
    }

    fn admitted(&self) -> Admitted<'_> {
        Admitted {
            period: self.period.as_deref(),
            kinds: &self.kinds,
            observations: self.observations,
            prevalence_from: &self.prevalence_from,
            bounds: self.bounds,
        }
    }

    fn cell(&self, atlas: &Atlas<'_>, (threat, place, group): Key, seen: &Seen<'_>) -> Option<PhaseCell> {
        let assessment = atlas.assessment();
        let (threat, at) = (assessment.threats.get(threat as usize)?, assessment.places.get(place as usize)?);
        let figures = seen.figures(atlas.persons(place, group));
        if figures.severity.is_none() && figures.prevalence.is_none() {
            return None;
        }
        let phase = |severity: f64| of_severity(severity, &self.bounds);
        let ends = seen.severity_ends();
        let (severity_from, prevalence_from) = seen.origins();
        Some(PhaseCell {
            threat: threat.id.clone(),
            component: threat.component,
            place: at.id.clone(),
            group: group.and_then(|g| assessment.groups.get(g as usize)).map(|g| g.id.clone()),
            period: seen.cell.period().map(str::to_owned),
            phase: figures.severity.map(phase),
            phase_low: ends.map(|(low, _)| phase(low)),
            phase_high: ends.map(|(_, high)| phase(high)),
            reason: if figures.severity.is_none() { Some("severity unknown") } else { None },
            coverage: seen.cell.coverage(),
            severity_from,
            prevalence_from,
            figures,
        })
    }

    /// Every observation of the places, threats and period asked for whose indicator has phase bounds, in the order of the assessment.
    fn observed(&self, atlas: &Atlas<'_>, scope: &Scope<'_>, used: &[bool]) -> Result<Vec<ObservedPhase>> {
        let assessment = atlas.assessment();
        let asked = self.period.as_deref().and_then(span);
        let indicators: BTreeMap<&str, &Indicator> = assessment.indicators.iter().map(|i| (i.id.as_str(), i)).collect();
        let mut found = Vec::new();
        for (observation, used) in assessment.observations.iter().zip(used) {
            let Some(indicator) = indicators.get(observation.indicator.as_str()).copied() else { continue };
            let Some(bounds) = indicator.phases.map(|bounds| bounds.map(|b| b.get())) else { continue };
            let place = atlas.place(&observation.place)?;
            let inside = |(first, last): (i64, i64)| span(&observation.period).is_some_and(|(a, b)| a >= first && b <= last);
            let of_threat = match &indicator.threat {
                Some(threat) => scope.asks(atlas, atlas.threat(threat)?, place),
                None => scope.asks_of(atlas, indicator.component, place),
            };
            if !of_threat || !asked.is_none_or(inside) {
                continue;
            }
            let value = observation.value.get();
            let ends = interval(indicator, observation).map(|(low, high)| (of_value(low, &bounds), of_value(high, &bounds)));
            found.push(ObservedPhase {
                indicator: indicator.id.clone(),
                threat: indicator.threat.clone(),
                place: observation.place.clone(),
                group: observation.group.clone(),
                period: observation.period.clone(),
                value,
                phase: of_value(value, &bounds),
                phase_low: ends.map(|(a, b)| a.min(b)),
                phase_high: ends.map(|(a, b)| a.max(b)),
                beyond_threshold: indicator.is_beyond_threshold(value),
                used: *used,
            });
        }
        Ok(found)
    }
}

fn notes(cells: &[PhaseCell]) -> Vec<Note> {
    let of = |wanted: fn(&PhaseCell) -> bool| cells.iter().filter(|c| wanted(c)).map(PhaseCell::name).collect::<Vec<_>>();
    [
        ("severity-unknown", "have no severity: their phase is undefined", of(|c| c.phase.is_none())),
        ("prevalence-unknown", "have no prevalence: their persons are undefined", of(|c| c.figures.prevalence.is_none())),
        (
            "persons-unknown",
            "are of a place or group whose persons are unknown",
            of(|c| c.figures.persons.is_none() && c.figures.persons_exposed.is_none()),
        ),
        ("phase-5", "are in phase 5 by severity alone: famine is not established by it", of(|c| c.phase == Some(5))),
    ]
    .into_iter()
    .filter(|(_, _, cells)| !cells.is_empty())
    .map(|(code, message, cells)| Note::counted(code, "cell", message, cells))
    .collect()
}
