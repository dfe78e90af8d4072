//! Which phase does an area take, from the shares of its people in each?

use serde::{Deserialize, Serialize};

use super::grid::Grid;
use super::phase_rules::{self, PHASES, SLACK, label, of_area};
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Error, Result};

/// How far a row may be from 1 before a note says so: published shares are rounded, and their sums with them.
const ROUNDED: f64 = 0.01;

/// Which phase does an area take, from the shares of its people in each?
///
/// The 20 % rule of the IPC. A row with a missing share is undefined: what is missing is never taken for nobody. Phase 5 needs more
/// evidence than shares (malnutrition and deaths), so it is labelled "famine not established".
///
/// # Method
/// The worst phase p of 2 to 5 whose share of people in p or worse is at least `share`, inclusive to 1e-9; else 1. Shares are cumulated
/// from phase 5 downward, never taken as 1 less the lower phases.
///
/// # Complexity
/// Linear in rows.
///
/// # Examples
/// ```
/// use hs_core::analyses::thresholds::{AreaPhase, Grid};
/// let shares = [0.25, 0.45, 0.25, 0.05, 0.0];
/// let result = AreaPhase::default().run(&Grid::new(&shares, 1, 5)?)?;
/// assert_eq!(result.rows[0].phase, Some(3));
/// # Ok::<(), hs_core::Error>(())
/// ```
///
/// # References
/// IPC Global Partners, *Integrated Food Security Phase Classification Technical Manual Version 3.1*, 2021.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AreaPhase {
    /// Share of people in a phase or worse from which the area takes it; above 0, to 1.
    pub share: f64,
}

impl Default for AreaPhase {
    fn default() -> Self {
        AreaPhase { share: 0.2 }
    }
}

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaPhaseRow {
    /// Its phase, 1 to 5; none where undefined.
    pub phase: Option<u8>,
    /// Share of people in that phase or worse.
    pub share_at_or_above: Option<f64>,
    /// What the five shares sum to.
    pub total: Option<f64>,
    /// Why there is no phase.
    pub reason: Option<&'static str>,
}

/// What [`AreaPhase`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaPhaseResult {
    /// The settings.
    pub settings: AreaPhase,
    /// One a row of the input.
    pub rows: Vec<AreaPhaseRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// A share that an area can be asked to reach.
pub(super) fn asked(share: f64) -> Result<()> {
    if share > 0.0 && share <= 1.0 {
        return Ok(());
    }
    Err(Error::argument(format!("`share`: found {share}, wanted a number above 0, to 1")))
}

impl AreaPhase {
    /// The phase of each area; a row holds the shares of its people in phases 1 to 5, as fractions of 1.
    ///
    /// # Errors
    /// A share of people outside 0 to 1 (every one is listed); other than five columns; a `share` that is not above 0, to 1.
    pub fn run(&self, shares: &Grid<'_>) -> Result<AreaPhaseResult> {
        asked(self.share)?;
        if shares.columns() != usize::from(PHASES) {
            return Err(Error::argument(format!("found {} columns, wanted 5: the shares of people in phases 1 to 5", shares.columns())));
        }
        // what rounding leaves above 1 passes
        shares.within(0.0, 1.0 + SLACK, "a share of people from 0 to 1", Some("divide percentages by 100"))?;
        let rows: Vec<AreaPhaseRow> = shares.iter().map(|row| self.row(row)).collect();
        let notes = notes(&rows);
        Ok(AreaPhaseResult { settings: self.clone(), rows, notes })
    }

    fn row(&self, row: &[f64]) -> AreaPhaseRow {
        let undefined = |reason, total| AreaPhaseRow { phase: None, share_at_or_above: None, total, reason: Some(reason) };
        let known = <&[f64; 5]>::try_from(row).ok().filter(|shares| shares.iter().all(|s| !s.is_nan()));
        let Some(shares) = known else { return undefined("a share is missing", None) };
        let total: f64 = shares.iter().sum();
        if total <= SLACK {
            return undefined("nobody is in any phase", Some(total));
        }
        let (phase, at_or_above) = of_area(&phase_rules::at_or_above(shares), self.share);
        AreaPhaseRow { phase: Some(phase), share_at_or_above: Some(at_or_above), total: Some(total), reason: None }
    }
}

fn notes(rows: &[AreaPhaseRow]) -> Vec<Note> {
    let of = |wanted: &dyn Fn(&AreaPhaseRow) -> bool| -> Vec<String> {
        rows.iter().enumerate().filter(|(_, row)| wanted(row)).map(|(at, _)| at.to_string()).collect()
    };
    let off = |row: &AreaPhaseRow| row.phase.is_some() && row.total.is_some_and(|t| (t - 1.0).abs() > ROUNDED + SLACK);
    [
        ("share-missing", "have no phase: a share is missing", of(&|r| r.reason.is_some() && r.total.is_none())),
        ("nobody", "have no phase: nobody is in any phase", of(&|r| r.reason.is_some() && r.total.is_some())),
        ("shares-off-one", "have shares whose sum is more than 0.01 away from 1: the phase rests on them as they stand", of(&off)),
        ("phase-5", "are in phase 5 by the shares alone: famine is not established by them", of(&|r| r.phase == Some(PHASES))),
    ]
    .into_iter()
    .filter(|(_, _, subjects)| !subjects.is_empty())
    .map(|(code, message, subjects)| Note::counted(code, "row", message, subjects))
    .collect()
}

crate::tables::arrow_tables!(AreaPhaseResult);

impl AreaPhaseResult {
    /// One row an area: row (from 0), phase, label, share_at_or_above, total, on_threshold, reason.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        let on = |r: &AreaPhaseRow| r.share_at_or_above.map(|s| (s - self.settings.share).abs() <= SLACK);
        Table::builder()
            .integer("row", (0..).take(rows.len()).map(Some))
            .integer("phase", rows.iter().map(|r| r.phase.map(i64::from)))
            .text("label", rows.iter().map(|r| r.phase.map(label)))
            .number("share_at_or_above", rows.iter().map(|r| r.share_at_or_above))
            .number("total", rows.iter().map(|r| r.total))
            .boolean("on_threshold", rows.iter().map(on))
            .text("reason", rows.iter().map(|r| r.reason))
            .build()
    }

    /// The result as the bindings and reports carry it; the array `phases` holds NaN where a phase is undefined.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("area_phase", &self.settings)?;
        outcome.facts.insert("rows".into(), self.rows.len().into());
        outcome.facts.insert("undefined".into(), self.rows.iter().filter(|r| r.phase.is_none()).count().into());
        let data = self.rows.iter().map(|r| r.phase.map_or(f64::NAN, f64::from)).collect();
        outcome.arrays = vec![("phases", Array { shape: vec![self.rows.len()], data })];
        outcome.tables = vec![("area_phase", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
