//! What phases found: cells, areas and observations with their phases, as tables.

use serde::Serialize;

use super::cells::Figures;
use super::observations::Observations;
use super::phase_rules::{PHASES, label};
use super::phases::Phases;
use crate::Result;
use crate::framework::Component;
use crate::tables::{Note, Outcome, Table};

/// One cell with its phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhaseCell {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for the whole population.
    pub group: Option<String>,
    /// Period of the severity, else of the prevalence.
    pub period: Option<String>,
    /// Severity, prevalence and persons.
    pub figures: Figures,
    /// Phase of the severity, 1 to 5; none where it is unknown.
    pub phase: Option<u8>,
    /// Phase at the lower end of the severity's range.
    pub phase_low: Option<u8>,
    /// Phase at the upper end.
    pub phase_high: Option<u8>,
    /// Why there is no phase.
    pub reason: Option<&'static str>,
    /// Share of the cell's persons that the numbers rest on.
    pub coverage: Option<f64>,
    /// Whether the severity is of a `condition` or an `observation`.
    pub severity_from: Option<&'static str>,
    /// Whether the prevalence is of a `condition` or an `observation`.
    pub prevalence_from: Option<&'static str>,
}

impl PhaseCell {
    /// The cell as notes name it: `threat/place` or `threat/place/group`.
    pub fn name(&self) -> String {
        let group = self.group.as_ref().map(|g| format!("/{g}")).unwrap_or_default();
        format!("{}/{}{group}", self.threat, self.place)
    }
}

/// One threat in one place, over all its people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaCell {
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: String,
    /// Id of the partition whose groups it rests on; none for the condition of the whole population.
    pub partition: Option<String>,
    /// Latest period behind it.
    pub period: Option<String>,
    /// The phase it takes; none where it is undefined.
    pub phase: Option<u8>,
    /// Share of people in that phase or worse.
    pub share_at_or_above: Option<f64>,
    /// Shares of people in phases 1 to 5; none where any is unknown.
    pub shares: Option<[f64; 5]>,
    /// The phase with every range at its better end, and whoever is unknown not affected.
    pub phase_low: Option<u8>,
    /// The phase with every range at its worse end, and whoever is unknown in phase 5.
    pub phase_high: Option<u8>,
    /// Share of the area's persons whose severity and prevalence are known; none where persons are unknown.
    pub coverage: Option<f64>,
    /// Why there is no phase.
    pub reason: Option<&'static str>,
}

/// One observation with the phase of its indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObservedPhase {
    /// Id of the indicator.
    pub indicator: String,
    /// Id of the threat it measures.
    pub threat: Option<String>,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for the whole population.
    pub group: Option<String>,
    /// Period.
    pub period: String,
    /// The value, in the unit of the indicator.
    pub value: f64,
    /// Its phase, 1 to 5.
    pub phase: u8,
    /// Phase at the better end of the 95 % interval; none without a standard error.
    pub phase_low: Option<u8>,
    /// Phase at the worse end.
    pub phase_high: Option<u8>,
    /// Whether the value is strictly beyond the indicator's threshold, on its worse side; none without a threshold.
    pub beyond_threshold: Option<bool>,
    /// Whether it stands in for a condition.
    pub used: bool,
}

/// What [`Phases`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhasesResult {
    /// The settings.
    pub settings: Phases,
    /// The cells, by place, threat and group in the order of the assessment.
    pub cells: Vec<PhaseCell>,
    /// The areas, by place and threat in the order of the assessment.
    pub areas: Vec<AreaCell>,
    /// The observations, in the order of the assessment.
    pub observed: Vec<ObservedPhase>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(PhasesResult);

fn whole(phase: Option<u8>) -> Option<i64> {
    phase.map(i64::from)
}

impl PhasesResult {
    /// The cells: threat, place, group, period, severity, prevalence, persons, phase, coverage; label, component, reason, persons_exposed, the
    /// ends of the ranges, phase_low, phase_high; where observations fill also severity_from and prevalence_from.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let cells = &self.cells;
        let number = |read: fn(&Figures) -> Option<f64>| cells.iter().map(move |c| read(&c.figures));
        let mut table = Table::builder()
            .text("threat", cells.iter().map(|c| Some(&c.threat)))
            .text("place", cells.iter().map(|c| Some(&c.place)))
            .text("group", cells.iter().map(|c| c.group.as_ref()))
            .text("period", cells.iter().map(|c| c.period.as_ref()))
            .number("severity", number(|f| f.severity))
            .number("prevalence", number(|f| f.prevalence))
            .number("persons", number(|f| f.persons))
            .integer("phase", cells.iter().map(|c| whole(c.phase)))
            .number("coverage", cells.iter().map(|c| c.coverage))
            .text("label", cells.iter().map(|c| c.phase.map(label)))
            .text("component", cells.iter().map(|c| Some(c.component.word())))
            .text("reason", cells.iter().map(|c| c.reason))
            .number("persons_exposed", number(|f| f.persons_exposed))
            .number("severity_low", number(|f| f.severity_range.map(|r| r.0)))
            .number("severity_high", number(|f| f.severity_range.map(|r| r.1)))
            .number("prevalence_low", number(|f| f.prevalence_range.map(|r| r.0)))
            .number("prevalence_high", number(|f| f.prevalence_range.map(|r| r.1)))
            .number("persons_low", number(|f| f.persons_range.map(|r| r.0)))
            .number("persons_high", number(|f| f.persons_range.map(|r| r.1)))
            .integer("phase_low", cells.iter().map(|c| whole(c.phase_low)))
            .integer("phase_high", cells.iter().map(|c| whole(c.phase_high)));
        if self.settings.observations == Observations::Fill {
            table = table
                .text("severity_from", cells.iter().map(|c| c.severity_from))
                .text("prevalence_from", cells.iter().map(|c| c.prevalence_from));
        }
        table.build()
    }

    /// The areas: threat, place, partition, period, phase, label, share_at_or_above, share_1 to share_5, phase_low, phase_high, coverage, reason.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn areas_table(&self) -> Result<Table> {
        let areas = &self.areas;
        let mut table = Table::builder()
            .text("threat", areas.iter().map(|a| Some(&a.threat)))
            .text("place", areas.iter().map(|a| Some(&a.place)))
            .text("partition", areas.iter().map(|a| a.partition.as_ref()))
            .text("period", areas.iter().map(|a| a.period.as_ref()))
            .integer("phase", areas.iter().map(|a| whole(a.phase)))
            .text("label", areas.iter().map(|a| a.phase.map(label)))
            .number("share_at_or_above", areas.iter().map(|a| a.share_at_or_above));
        for (at, name) in ["share_1", "share_2", "share_3", "share_4", "share_5"].into_iter().enumerate() {
            table = table.number(name, areas.iter().map(move |a| a.shares.and_then(|s| s.get(at).copied())));
        }
        table
            .integer("phase_low", areas.iter().map(|a| whole(a.phase_low)))
            .integer("phase_high", areas.iter().map(|a| whole(a.phase_high)))
            .number("coverage", areas.iter().map(|a| a.coverage))
            .text("reason", areas.iter().map(|a| a.reason))
            .build()
    }

    /// The observations: indicator, threat, place, group, period, value, phase, label, phase_low, phase_high, beyond_threshold, used.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn observations_table(&self) -> Result<Table> {
        let rows = &self.observed;
        Table::builder()
            .text("indicator", rows.iter().map(|r| Some(&r.indicator)))
            .text("threat", rows.iter().map(|r| r.threat.as_ref()))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("period", rows.iter().map(|r| Some(&r.period)))
            .number("value", rows.iter().map(|r| Some(r.value)))
            .integer("phase", rows.iter().map(|r| Some(i64::from(r.phase))))
            .text("label", rows.iter().map(|r| Some(label(r.phase))))
            .integer("phase_low", rows.iter().map(|r| whole(r.phase_low)))
            .integer("phase_high", rows.iter().map(|r| whole(r.phase_high)))
            .boolean("beyond_threshold", rows.iter().map(|r| r.beyond_threshold))
            .boolean("used", rows.iter().map(|r| Some(r.used)))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("phases", &self.settings)?;
        for phase in 1..=PHASES {
            let count = self.cells.iter().filter(|c| c.phase == Some(phase)).count();
            outcome.facts.insert(format!("phase_{phase}"), count.into());
        }
        outcome.facts.insert("undefined".into(), self.cells.iter().filter(|c| c.phase.is_none()).count().into());
        outcome.facts.insert("areas_undefined".into(), self.areas.iter().filter(|a| a.phase.is_none()).count().into());
        outcome.tables = vec![("phases", self.table()?), ("areas", self.areas_table()?), ("observations", self.observations_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
