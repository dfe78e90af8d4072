//! What criticality found: cells, persons by class, tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::criticality::Criticality;
use super::observations::Observations;
use crate::framework::{Component, Level};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

crate::framework::words::words!(
    /// What a cell is.
    Class {
        /// Severe, and for many.
        CriticalAndPervasive = "critical-and-pervasive",
        /// Severe, for few.
        Critical = "critical",
        /// For many, less severe.
        Pervasive = "pervasive",
        /// Neither.
        BelowBoth = "below-both",
    }
);

/// One cell with its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalCell {
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
    /// Its class; none unless severity and prevalence are known.
    pub class: Option<Class>,
    /// Class at the lower ends of the ranges.
    pub class_low: Option<Class>,
    /// Class at the upper ends of the ranges.
    pub class_high: Option<Class>,
    /// Why there is no class.
    pub reason: Option<&'static str>,
    /// Share of the cell's persons that the numbers rest on.
    pub coverage: Option<f64>,
    /// The risk score, where asked for and capacity is known.
    pub risk: Option<f64>,
    /// Whether the severity is of a `condition` or an `observation`.
    pub severity_from: Option<&'static str>,
    /// Whether the prevalence is of a `condition` or an `observation`.
    pub prevalence_from: Option<&'static str>,
    /// Positions of the conditions behind it, in the assessment.
    #[serde(skip)]
    pub conditions: Vec<u32>,
    /// Positions of the observations behind it, in the assessment.
    #[serde(skip)]
    pub observations: Vec<u32>,
}

impl CriticalCell {
    /// The cell as notes name it: `threat/place` or `threat/place/group`.
    pub fn name(&self) -> String {
        let group = self.group.as_ref().map(|g| format!("/{g}")).unwrap_or_default();
        format!("{}/{}{group}", self.threat, self.place)
    }
}

/// Persons of one class on one level of places. Groups and threats overlap, so these are bounds and no sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonsBounds {
    /// The class.
    pub class: Class,
    /// Level of the places.
    pub level: Level,
    /// How many places.
    pub places: usize,
    /// At least so many persons; unknown where no cell of the class has its persons.
    pub lower: Option<f64>,
    /// At most so many persons; unknown where any cell of the class lacks its persons.
    pub upper: Option<f64>,
    /// Cells of the class whose persons are unknown.
    pub cells_without_persons: usize,
}

/// What [`Criticality`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalityResult {
    /// The settings.
    pub settings: Criticality,
    /// The cells, by place, threat and group in the order of the assessment.
    pub cells: Vec<CriticalCell>,
    /// Persons by class and level.
    pub persons: Vec<PersonsBounds>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Bounds on the persons of each class and level: summed over one partition and over disjoint places of one level, never otherwise.
pub(super) fn persons(cells: &[CriticalCell], assessment: &Assessment, atlas: &Atlas<'_>) -> Result<Vec<PersonsBounds>> {
    type Counts<'a> = BTreeMap<&'a str, Vec<(Option<u32>, f64)>>;
    let mut classed: BTreeMap<(Class, Level), (BTreeMap<u32, Counts<'_>>, usize)> = BTreeMap::new();
    for cell in cells {
        let place = atlas.place(&cell.place)?;
        let level = assessment.places.get(place as usize).map(|p| p.level);
        let (Some(class), Some(level)) = (cell.class, level) else { continue };
        let (places, without) = classed.entry((class, level)).or_default();
        match cell.persons {
            Some(persons) => {
                let group = cell.group.as_deref().map(|id| atlas.group(id)).transpose()?;
                places.entry(place).or_default().entry(&cell.threat).or_default().push((group, persons));
            }
            None => *without += 1,
        }
    }
    let mut bounds = Vec::with_capacity(classed.len());
    for ((class, level), (places, cells_without_persons)) in classed {
        let disjoint = atlas.topmost(&places.keys().copied().collect::<Vec<_>>());
        let (mut lower, mut upper) = (0.0, 0.0);
        for place in &disjoint {
            let everyone = atlas.persons(*place, None);
            let threats = places.get(place).into_iter().flat_map(|counts| counts.values());
            let each: Vec<(f64, f64)> = threats.filter_map(|counts| of_threat(counts, atlas, everyone)).collect();
            let least = each.iter().map(|(low, _)| *low).fold(0.0, f64::max);
            let most: f64 = each.iter().map(|(_, high)| *high).sum();
            lower += least;
            upper += everyone.map_or(most, |n| most.min(n)).max(least);
        }
        // what is not known is neither nobody nor a bound
        let lower = (!places.is_empty()).then_some(lower);
        let upper = (cells_without_persons == 0).then_some(upper);
        bounds.push(PersonsBounds { class, level, places: disjoint.len(), lower, upper, cells_without_persons });
    }
    Ok(bounds)
}

/// Persons of one threat in one place: the whole population's count, else the sum over one partition, else bounds.
pub(crate) fn of_threat(counts: &[(Option<u32>, f64)], atlas: &Atlas<'_>, everyone: Option<f64>) -> Option<(f64, f64)> {
    if let Some((_, whole)) = counts.iter().find(|(group, _)| group.is_none()) {
        return Some((*whole, *whole));
    }
    let groups: Vec<u32> = counts.iter().filter_map(|(group, _)| *group).collect();
    let persons: Vec<f64> = counts.iter().map(|(_, n)| *n).collect();
    if atlas.in_one_partition(&groups) {
        let sum = persons.iter().sum();
        return Some((sum, sum));
    }
    Atlas::bounds(&persons, everyone)
}

crate::tables::arrow_tables!(CriticalityResult);

impl CriticalityResult {
    /// One row a cell: threat, place, group, period, severity, prevalence, persons, class, coverage, and what stands behind them.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let cells = &self.cells;
        let word = |class: Option<Class>| class.map(Class::word);
        let mut table = Table::builder()
            .text("threat", cells.iter().map(|c| Some(&c.threat)))
            .text("place", cells.iter().map(|c| Some(&c.place)))
            .text("group", cells.iter().map(|c| c.group.as_ref()))
            .text("period", cells.iter().map(|c| c.period.as_ref()))
            .number("severity", cells.iter().map(|c| c.severity))
            .number("prevalence", cells.iter().map(|c| c.prevalence))
            .number("persons", cells.iter().map(|c| c.persons))
            .text("class", cells.iter().map(|c| word(c.class)))
            .number("coverage", cells.iter().map(|c| c.coverage))
            .text("component", cells.iter().map(|c| Some(c.component.word())))
            .text("reason", cells.iter().map(|c| c.reason))
            .number("persons_exposed", cells.iter().map(|c| c.persons_exposed))
            .number("severity_low", cells.iter().map(|c| c.severity_range.map(|r| r.0)))
            .number("severity_high", cells.iter().map(|c| c.severity_range.map(|r| r.1)))
            .number("prevalence_low", cells.iter().map(|c| c.prevalence_range.map(|r| r.0)))
            .number("prevalence_high", cells.iter().map(|c| c.prevalence_range.map(|r| r.1)))
            .number("persons_low", cells.iter().map(|c| c.persons_range.map(|r| r.0)))
            .number("persons_high", cells.iter().map(|c| c.persons_range.map(|r| r.1)))
            .text("class_low", cells.iter().map(|c| word(c.class_low)))
            .text("class_high", cells.iter().map(|c| word(c.class_high)));
        if self.settings.observations == Observations::Fill {
            table = table
                .text("severity_from", cells.iter().map(|c| c.severity_from))
                .text("prevalence_from", cells.iter().map(|c| c.prevalence_from));
        }
        if self.settings.risk.is_some() {
            table = table.number("risk", cells.iter().map(|c| c.risk));
        }
        table.build()
    }

    /// One row a class and level: class, level, places, persons_lower, persons_upper, cells_without_persons.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn persons_table(&self) -> Result<Table> {
        let rows = &self.persons;
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("class", rows.iter().map(|r| Some(r.class.word())))
            .text("level", rows.iter().map(|r| Some(r.level.word())))
            .integer("places", rows.iter().map(|r| whole(r.places)))
            .number("persons_lower", rows.iter().map(|r| r.lower))
            .number("persons_upper", rows.iter().map(|r| r.upper))
            .integer("cells_without_persons", rows.iter().map(|r| whole(r.cells_without_persons)))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("criticality", &self.settings)?;
        for class in Class::ALL {
            let count = self.cells.iter().filter(|c| c.class == Some(*class)).count();
            outcome.facts.insert(class.word().replace('-', "_"), count.into());
        }
        outcome.facts.insert("undefined".into(), self.cells.iter().filter(|c| c.class.is_none()).count().into());
        outcome.tables = vec![("criticality", self.table()?), ("persons", self.persons_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
