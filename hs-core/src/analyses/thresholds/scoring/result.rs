//! What a score found, as a value.

use serde_json::json;

use super::cells::Cell;
use super::estimates::estimate;
use super::suppression::suppress;
use super::tallies::{Configuration, Key, Tallies};
use super::{MissingPolicy, Score, tables};
use crate::Result;
use crate::kernels::survey::Plan;
use crate::kernels::{Tick, never};
use crate::tables::{Note, Outcome};

/// What [`Score`] found: every measure of every group and margin, with its doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreResult {
    /// The settings.
    pub settings: Score,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    /// Weightings x cut-offs.
    pub(crate) configurations: Vec<Configuration>,
    /// Crossed groups in order, then the margins, most columns first.
    pub(crate) cells: Vec<Cell>,
    /// By indicator: rows where it is missing, and their share of the weight.
    pub(crate) missing: Vec<(u64, Option<f64>)>,
    /// About the sample and its design.
    pub(crate) sample: SampleFacts,
    /// Cells of the published tables that suppression blanked.
    pub(crate) suppressed_cells: u64,
}

/// About the sample and its design.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct SampleFacts {
    pub rows: u64,
    pub used: u64,
    pub excluded: u64,
    /// Of the weight of the domain.
    pub excluded_share: Option<f64>,
    pub outside: u64,
    pub strata: u64,
    pub psus: u64,
    pub degrees_of_freedom: u64,
    /// Not even the counts of all rows may leave.
    pub hidden: bool,
}

crate::tables::arrow_tables!(ScoreResult);

impl ScoreResult {
    /// Every measure that may leave, from what the rows amount to.
    pub(crate) fn new(score: &Score, tallies: &Tallies) -> Result<Self> {
        Self::with_tick(score, tallies, &never)
    }

    /// As [`ScoreResult::new`], looking at a tick.
    pub(crate) fn with_tick(score: &Score, tallies: &Tallies, tick: Tick<'_>) -> Result<Self> {
        let mut result = Self::unsuppressed(score, tallies)?;
        suppress(&mut result, tallies, tick)?;
        Ok(result)
    }

    /// Every measure, small cells and all: for analyses that show none of them.
    pub(super) fn unsuppressed(score: &Score, tallies: &Tallies) -> Result<Self> {
        tables::refuse_taken_names(&score.by)?;
        let (cells, plan) = estimate(score, tallies)?;
        let domain: f64 = tallies.cells.iter().map(|cell| cell.weight).sum();
        let used: u64 = tallies.cells.iter().flat_map(|cell| &cell.patterns).map(|p| p.rows).sum();
        let used_weight: f64 = tallies.cells.iter().flat_map(|cell| &cell.patterns).map(|p| p.weight).sum();
        let in_domain: u64 = tallies.cells.iter().map(|cell| cell.rows).sum();
        let share = |part: f64| (domain > 0.0).then(|| (part / domain).clamp(0.0, 1.0));
        let sample = SampleFacts {
            rows: tallies.rows,
            used,
            excluded: in_domain.saturating_sub(used),
            excluded_share: share(if in_domain == used { 0.0 } else { domain - used_weight }),
            outside: tallies.outside,
            strata: plan.strata(),
            psus: plan.psus(),
            degrees_of_freedom: plan.degrees_of_freedom(),
            hidden: false,
        };
        let missing = tallies.missing.iter().zip(&tallies.missing_weight).map(|(rows, weight)| (*rows, share(*weight))).collect();
        let notes = notes(score, tallies, &cells, &sample, &plan);
        let configurations = tallies.configurations.clone();
        Ok(ScoreResult { settings: score.clone(), notes, configurations, cells, missing, sample, suppressed_cells: 0 })
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("score", &self.settings)?;
        let sample = &self.sample;
        let shown = (!sample.hidden).then_some(sample);
        let facts = [
            ("rows", json!(shown.map(|s| s.rows))),
            ("rows_used", json!(shown.map(|s| s.used))),
            ("rows_excluded", json!(shown.map(|s| s.excluded))),
            ("excluded_share", json!(shown.map(|s| s.excluded_share))),
            ("outside_domain", json!(shown.map(|s| s.outside))),
            ("unit", json!(if self.settings.size.is_some() { "persons" } else { "rows" })),
            ("strata", json!(shown.map(|s| s.strata))),
            ("psus", json!(shown.map(|s| s.psus))),
            ("degrees_of_freedom", json!(shown.map(|s| s.degrees_of_freedom))),
            ("scheme_hash", json!(self.settings.scheme.hash()?)),
            ("min_n", json!(self.settings.min_n)),
            ("level", json!(self.settings.level)),
            ("suppressed_cells", json!(self.suppressed_cells)),
        ];
        outcome.facts.extend(facts.map(|(name, value)| (name.to_owned(), value)));
        // with one weighting and cut-off the figures of everyone are facts too
        let total = self.cells.iter().find(|cell| cell.held.iter().all(|held| !held));
        if let Some([measures]) = total.map(|cell| cell.measures.as_slice()) {
            for (name, figure) in [("H", measures.h), ("A", measures.a), ("M0", measures.m0)] {
                let parts = [("", figure.value), ("_se", figure.standard_error), ("_lower", figure.lower), ("_upper", figure.upper)];
                outcome.facts.extend(parts.map(|(end, part)| (format!("{name}{end}"), json!(part))));
            }
        }
        outcome.tables = tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

fn notes(score: &Score, tallies: &Tallies, cells: &[Cell], sample: &SampleFacts, plan: &Plan) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, message: String, subjects: Vec<String>| notes.push(Note::new(code, message, subjects));
    let names = |keep: &dyn Fn(&Cell) -> bool| cells.iter().filter(|c| keep(c)).map(|c| c.name(&score.by)).collect::<Vec<_>>();
    if tallies.rows == 0 {
        note("no-rows", "there is no row, so every figure is undefined".into(), Vec::new());
    }
    if sample.excluded > 0 {
        let message = format!("{} rows with a missing indicator stay in the design with weight zero", sample.excluded);
        note("excluded-rows", message, Vec::new());
    }
    if score.scheme.missing == MissingPolicy::NotDeprived && tallies.missing.iter().any(|rows| *rows > 0) {
        let indicators = score.scheme.indicators.iter().zip(&tallies.missing).filter(|(_, rows)| **rows > 0);
        let message = "what is missing counts as not deprived, as the scheme asks".into();
        note("missing-not-deprived", message, indicators.map(|(i, _)| i.name.clone()).collect());
    }
    if tallies.weightless > 0 {
        note("weightless-rows", format!("{} rows of the domain weigh nothing", tallies.weightless), Vec::new());
    }
    for (at, column) in score.by.iter().enumerate() {
        if tallies.groups.iter().any(|group| group.get(at) == Some(&Key::Missing)) {
            note(
                "missing-group",
                format!("rows without a value of `{column}` are a group of their own, whose name is null"),
                vec![column.clone()],
            );
        }
    }
    let empty = names(&|c| c.population <= 0.0);
    if !empty.is_empty() && tallies.rows > 0 {
        note("empty-group", "no row counts there, so every figure is undefined".into(), empty);
    }
    let nobody = names(&|c| c.population > 0.0 && c.measures.iter().any(|m| m.a.value.is_none()));
    if !nobody.is_empty() {
        note("nobody-insecure", "nobody reaches the cut-off there, so A and the contributions of indicators are undefined".into(), nobody);
    }
    let other: Vec<String> = score.scheme.indicators.iter().filter(|i| !i.is_cardinal()).map(|i| i.name.clone()).collect();
    if score.gaps && !other.is_empty() {
        note("no-gaps", "M1 and M2 are undefined: these indicators have no gap to their cut-off".into(), other);
    } else if score.gaps && tallies.rows > 0 && cells.iter().all(|c| c.measures.iter().all(|m| m.m1.value.is_none())) {
        note("no-gaps", "M1 and M2 are undefined".into(), Vec::new());
    }
    if !score.scheme.indicators.iter().any(|i| i.vital) {
        note("no-vital-indicator", "no indicator is of the vital core, so the union rule is undefined".into(), Vec::new());
    }
    if tallies.rows > 0 && !plan.has_variance() {
        note("one-psu", "there is a single PSU, so standard errors are undefined".into(), Vec::new());
    } else if tallies.rows > 0 && plan.degrees_of_freedom() == 0 {
        note("no-degrees-of-freedom", "there are as many strata as PSUs, so intervals are undefined".into(), Vec::new());
    }
    if plan.lonely_strata() > 0 && plan.has_variance() {
        let what = match score.lonely_psu {
            super::LonelyPsu::Certainty => "they add nothing to the variance",
            _ => "they are held against the mean of all PSUs",
        };
        note("lonely-psu", format!("{} strata have a single PSU: {what}", plan.lonely_strata()), Vec::new());
    }
    notes
}
