//! Which norms, institutions, processes and services protect people from what is critical or pervasive, and which are not there?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hiding::observed;
use super::sighted::{Sight, sight};
use super::vital_core::keep_back;
use crate::analyses::thresholds::capacities::{AtWork, CellId, at_work};
use crate::analyses::thresholds::{Class, Combined, Criticality, Observations};
use crate::assessment::{CapacityKind, Infrastructure};
use crate::framework::{Component, Level};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// Which norms, institutions, processes and services protect people from what is critical or pervasive, and which are not there?
///
/// Every cell that is critical or pervasive is looked at for the four parts of an infrastructure of protection. A part nobody recorded is a
/// gap on record, not proof that there is none: `not-recorded` and `absent` (recorded at level 0) are told apart.
///
/// # Method
/// Level of a part = 1 - Π(1 - level) over the capacities at work on the cell with that function; a service whose function is not said counts
/// as a service, and the row says so. Harmful coping is no part of it. Maturity is the number of parts in place, from 0 to 4, shown with the
/// levels.
///
/// # Complexity
/// Cells times capacities.
///
/// # Errors
/// As [`Criticality::run`].
///
/// # References
/// Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*, 2009.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityInfrastructure {
    /// Which cells are critical or pervasive.
    pub criticality: Criticality,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
}

impl Default for SecurityInfrastructure {
    fn default() -> Self {
        let criticality = Criticality { observations: Observations::Fill, ..Criticality::default() };
        SecurityInfrastructure { criticality, min_n: 25 }
    }
}

/// One part on one cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartInPlace {
    /// Its level; none where nothing is on record, or a share of persons is unknown.
    pub level: Option<f64>,
    /// Ids of the capacities behind it.
    pub capacities: Vec<String>,
    /// `in-place`, `absent`, `not-recorded` or `unknown`.
    pub state: &'static str,
}

/// One critical or pervasive cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InfrastructureRow {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// Id of the place.
    pub place: String,
    /// Level of the place.
    pub level: Option<Level>,
    /// Id of the group.
    pub group: Option<String>,
    /// Its class.
    pub class: Option<Class>,
    /// Severity.
    pub severity: Option<f64>,
    /// Persons affected.
    pub persons: Option<f64>,
    /// Norms, institutions, processes, services.
    pub parts: [PartInPlace; 4],
    /// Ids of the actors who protect from it here.
    pub actors: Vec<String>,
    /// Ids of those among them who are also a source of it.
    pub dual: Vec<String>,
    /// `stated`, or `kind` where a service counts by its kind; none where nothing is on record.
    pub basis: Option<&'static str>,
}

/// One part by component and level of places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverageRow {
    /// The component.
    pub component: Component,
    /// Level of the places.
    pub level: Level,
    /// The part.
    pub function: Infrastructure,
    /// Critical or pervasive cells.
    pub cells: usize,
    /// Those where it is in place.
    pub in_place: usize,
    /// Those where it is recorded at level 0.
    pub absent: usize,
    /// Those where nothing is on record.
    pub not_recorded: usize,
}

/// How far people have to go.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccessRow {
    /// Id of the indicator.
    pub indicator: String,
    /// Id of the threat it names.
    pub threat: Option<String>,
    /// What it leads to, as its code `access` says.
    pub to: String,
    /// Id of the place.
    pub place: String,
    /// Id of the group.
    pub group: Option<String>,
    /// The period.
    pub period: String,
    /// The value; none where suppressed.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Option<String>,
    /// Whether it is beyond the threshold.
    pub beyond: Option<bool>,
    /// Sample size.
    pub n: Option<u64>,
    /// `value` or `suppressed`.
    pub state: &'static str,
}

/// What [`SecurityInfrastructure`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecurityInfrastructureResult {
    /// The settings.
    pub settings: SecurityInfrastructure,
    /// The cells, by place, threat and group.
    pub rows: Vec<InfrastructureRow>,
    /// By component, level and part.
    pub coverage: Vec<CoverageRow>,
    /// Distances and times people told of.
    pub access: Vec<AccessRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// A part of the infrastructure that a capacity is, and whether its kind alone says so.
fn part(found: &AtWork<'_>) -> Option<(Infrastructure, bool)> {
    let by_kind = (found.capacity.kind == Some(CapacityKind::Service)).then_some((Infrastructure::Service, true));
    found.capacity.function.map(|function| (function, false)).or(by_kind)
}

impl SecurityInfrastructure {
    /// Looks for the four parts on every critical or pervasive cell.
    ///
    /// # Errors
    /// As [`Criticality::run`].
    pub fn run(&self, assessment: &Assessment) -> Result<SecurityInfrastructureResult> {
        let atlas = Atlas::new(assessment)?;
        let (sights, mut notes) = sight(assessment, &self.criticality)?;
        let kept_back = keep_back(&atlas, &sights, self.min_n)?;
        let above = |s: &Sight| {
            let (severity, prevalence) = (s.cell.severity, s.cell.prevalence);
            let reaches = |number: Option<f64>, cut: f64| number.is_some_and(|n| n >= cut - 1e-9);
            reaches(severity, self.criticality.severity) || reaches(prevalence, self.criticality.prevalence)
        };
        let mut rows = Vec::new();
        for sight in sights.iter().zip(&kept_back).filter(|(s, hidden)| !**hidden && above(s)).map(|(s, _)| s) {
            rows.push(row(assessment, &atlas, sight)?);
        }
        let hidden = kept_back.iter().filter(|h| **h).count();
        if hidden > 0 {
            let message = format!("{hidden} cells rest on too few people asked, or would tell of such, and are left out");
            notes.push(Note::new("suppressed", message, Vec::<String>::new()));
        }
        if rows.iter().any(|r| r.parts.iter().any(|p| p.state == "not-recorded")) {
            let message = "what nobody recorded is listed as a gap of the record: it may be there";
            notes.push(Note::new("not-recorded", message, Vec::<String>::new()));
        }
        if rows.iter().any(|r| r.basis == Some("kind")) {
            let message = "services whose function is not said count as services by their kind";
            notes.push(Note::new("function-by-kind", message, Vec::<String>::new()));
        }
        let coverage = coverage(&rows);
        let access = access(assessment, &atlas, self.min_n)?;
        Ok(SecurityInfrastructureResult { settings: self.clone(), rows, coverage, access, notes })
    }
}

fn row(assessment: &Assessment, atlas: &Atlas<'_>, sight: &Sight) -> Result<InfrastructureRow> {
    let cell = &sight.cell;
    let id = CellId { threat: &cell.threat, component: cell.component, place: &cell.place, group: cell.group.as_deref() };
    let found = at_work(assessment, atlas, &id)?;
    let mut by_kind = false;
    let mut of = |wanted: Infrastructure| {
        let own: Vec<&AtWork<'_>> = found.iter().filter(|f| part(f).is_some_and(|(function, _)| function == wanted)).collect();
        by_kind |= own.iter().any(|f| part(f).is_some_and(|(_, by_kind)| by_kind));
        let level = Combined::Product.level(&own.iter().map(|f| f.level).collect::<Vec<_>>());
        PartInPlace {
            level,
            capacities: own.iter().map(|f| f.capacity.id.clone()).collect(),
            state: match level {
                _ if own.is_empty() => "not-recorded",
                None => "unknown",
                Some(level) if level > 0.0 => "in-place",
                Some(_) => "absent",
            },
        }
    };
    let parts = [Infrastructure::Norm, Infrastructure::Institution, Infrastructure::Process, Infrastructure::Service].map(&mut of);
    let here = |places: &[String]| places.is_empty() || places.contains(&cell.place);
    let protects = || assessment.actors.iter().filter(|a| here(&a.places) && a.protects_from.contains(&cell.threat));
    let some = parts.iter().any(|p| !p.capacities.is_empty());
    Ok(InfrastructureRow {
        threat: cell.threat.clone(),
        component: cell.component,
        place: cell.place.clone(),
        level: assessment.places.iter().find(|p| p.id == cell.place).map(|p| p.level),
        group: cell.group.clone(),
        class: cell.class,
        severity: cell.severity,
        persons: cell.persons,
        parts,
        actors: protects().map(|a| a.id.clone()).collect(),
        dual: protects().filter(|a| a.threatens.contains(&cell.threat)).map(|a| a.id.clone()).collect(),
        basis: some.then_some(if by_kind { "kind" } else { "stated" }),
    })
}

fn coverage(rows: &[InfrastructureRow]) -> Vec<CoverageRow> {
    let mut found = Vec::new();
    for &component in Component::ALL {
        for &level in Level::ALL {
            let own: Vec<&InfrastructureRow> = rows.iter().filter(|r| r.component == component && r.level == Some(level)).collect();
            if own.is_empty() {
                continue;
            }
            for (at, &function) in Infrastructure::ALL.iter().enumerate() {
                let count = |state: &str| own.iter().filter(|r| r.parts.get(at).is_some_and(|p| p.state == state)).count();
                found.push(CoverageRow {
                    component,
                    level,
                    function,
                    cells: own.len(),
                    in_place: count("in-place"),
                    absent: count("absent"),
                    not_recorded: count("not-recorded"),
                });
            }
        }
    }
    found
}

/// Observations of indicators whose codes say `access`, for example to a clinic or a court.
fn access(assessment: &Assessment, atlas: &Atlas<'_>, min_n: u64) -> Result<Vec<AccessRow>> {
    let mut found = Vec::new();
    for indicator in &assessment.indicators {
        let Some(to) = indicator.codes.get("access") else { continue };
        for (o, hidden) in observed(atlas, indicator, min_n)? {
            found.push(AccessRow {
                indicator: indicator.id.clone(),
                threat: indicator.threat.clone(),
                to: to.clone(),
                place: o.place.clone(),
                group: o.group.clone(),
                period: o.period.clone(),
                value: (!hidden).then(|| o.value.get()),
                unit: indicator.unit.clone(),
                beyond: indicator.is_beyond_threshold(o.value.get()).filter(|_| !hidden),
                n: o.n.filter(|_| !hidden),
                state: if hidden { "suppressed" } else { "value" },
            });
        }
    }
    Ok(found)
}

crate::tables::arrow_tables!(SecurityInfrastructureResult);

impl SecurityInfrastructureResult {
    /// Settings, facts, tables (`security_infrastructure`, `coverage`, `access`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("security_infrastructure", &self.settings)?;
        let rows = &self.rows;
        let whole = |n: usize| i64::try_from(n).ok();
        let level = |at: usize| rows.iter().map(move |r| r.parts.get(at).and_then(|p| p.level));
        let gaps = |states: &'static [&'static str]| {
            rows.iter().map(move |r| {
                let parts = Infrastructure::ALL.iter().zip(&r.parts);
                Some(parts.filter(|(_, p)| states.contains(&p.state)).map(|(f, _)| f.word()).collect::<Vec<_>>())
            })
        };
        let main = Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .text("class", rows.iter().map(|r| r.class.map(Class::word)))
            .number("persons", rows.iter().map(|r| r.persons))
            .number("norms", level(0))
            .number("institutions", level(1))
            .number("processes", level(2))
            .number("services", level(3))
            .list("gap", gaps(&["not-recorded", "absent"]))
            .number("need", rows.iter().map(|r| r.severity))
            .list("actors", rows.iter().map(|r| Some(r.actors.clone())))
            .text("basis", rows.iter().map(|r| r.basis))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("level", rows.iter().map(|r| r.level.map(Level::word)))
            .list("absent", gaps(&["absent"]))
            .list("not_recorded", gaps(&["not-recorded"]))
            .integer("maturity", rows.iter().map(|r| whole(r.parts.iter().filter(|p| p.state == "in-place").count())))
            .list("capacities", rows.iter().map(|r| Some(r.parts.iter().flat_map(|p| p.capacities.clone()).collect::<Vec<_>>())))
            .list("dual_role", rows.iter().map(|r| Some(r.dual.clone())))
            .build()?;
        let rows = &self.coverage;
        let coverage = Table::builder()
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .text("level", rows.iter().map(|r| Some(r.level.word())))
            .text("function", rows.iter().map(|r| Some(r.function.word())))
            .integer("cells", rows.iter().map(|r| whole(r.cells)))
            .integer("in_place", rows.iter().map(|r| whole(r.in_place)))
            .integer("absent", rows.iter().map(|r| whole(r.absent)))
            .integer("not_recorded", rows.iter().map(|r| whole(r.not_recorded)))
            .number("share", rows.iter().map(|r| (r.cells > 0).then(|| r.in_place as f64 / r.cells as f64)))
            .build()?;
        let rows = &self.access;
        let access = Table::builder()
            .text("indicator", rows.iter().map(|r| Some(&r.indicator)))
            .text("threat", rows.iter().map(|r| r.threat.as_ref()))
            .text("to", rows.iter().map(|r| Some(&r.to)))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("period", rows.iter().map(|r| Some(&r.period)))
            .number("value", rows.iter().map(|r| r.value))
            .text("unit", rows.iter().map(|r| r.unit.as_ref()))
            .boolean("beyond", rows.iter().map(|r| r.beyond))
            .integer("n", rows.iter().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()?;
        outcome.facts.insert("cells".into(), json!(self.rows.len()));
        let whole_gap = self.rows.iter().filter(|r| r.parts.iter().all(|p| p.state != "in-place")).count();
        outcome.facts.insert("cells_without_any".into(), json!(whole_gap));
        outcome.tables = vec![("security_infrastructure", main), ("coverage", coverage), ("access", access)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
