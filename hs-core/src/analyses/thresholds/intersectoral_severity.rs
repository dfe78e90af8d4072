//! How severe is a situation over all sectors together? (preliminary, after the JIAF)

use serde::{Deserialize, Serialize};

use super::grid::{Grid, name_of, named};
use super::phase_rules::SLACK;
use crate::Result;
use crate::tables::{Array, Note, Outcome, Table};

/// Sectors that must be in a phase or worse.
const ENOUGH: usize = 4;
/// Sectors that must be in phase 5 itself, for phase 5.
const IN_FIVE: usize = 2;

/// How severe is a situation over all sectors together? Preliminary: what people decide after review stands beside it, never under it.
///
/// Fewer than four known sectors cannot show more than phase 1: such rows are flagged `insufficient`, and `lower` and `upper` say what
/// the missing sectors leave open. Severities between phases (2.5) count by what they reach; they are not rounded.
///
/// # Method
/// 5 if at least 2 sectors are in 5 and at least 4 in 4 or worse; else the highest p of 4, 3, 2 with at least 4 sectors in p or worse;
/// else 1. Inclusive to 1e-9. `lower` takes every missing sector at its best, `upper` at its worst; a table of fewer than four columns
/// lacks the rest of the four.
///
/// # Complexity
/// Linear in numbers.
///
/// # Examples
/// ```
/// use hs_core::analyses::thresholds::{Grid, IntersectoralSeverity};
/// let sectors = [3.0, 3.0, 2.5, 4.0, 3.0, f64::NAN];
/// let result = IntersectoralSeverity::default().run(&Grid::new(&sectors, 1, 6)?)?;
/// assert_eq!((result.rows[0].severity, result.rows[0].upper), (Some(3), 3));
/// # Ok::<(), hs_core::Error>(())
/// ```
///
/// # References
/// Inter-Agency Standing Committee, *Joint and Intersectoral Analysis Framework 2.0: Technical Manual*, 2024 (by a public transcription).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntersectoralSeverity {
    /// Names of the sectors, one a column; their positions where absent.
    pub names: Option<Vec<String>>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntersectoralRow {
    /// Phase 1 to 5, by the sectors that are known; none where none is.
    pub severity: Option<u8>,
    /// Sectors known.
    pub sectors: usize,
    /// Whether fewer than four sectors are known.
    pub insufficient: bool,
    /// The phase if every missing sector were in phase 1.
    pub lower: u8,
    /// The phase if every missing sector were in phase 5.
    pub upper: u8,
    /// Names of the sectors in that phase or worse.
    pub in_phase_or_worse: Vec<String>,
    /// What a reviewer should look at.
    pub flags: Vec<&'static str>,
}

/// What [`IntersectoralSeverity`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntersectoralSeverityResult {
    /// The settings.
    pub settings: IntersectoralSeverity,
    /// One a row of the input.
    pub rows: Vec<IntersectoralRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// The phase of a row in which `reach(p)` sectors are in p or worse.
fn phase(reach: impl Fn(u8) -> usize) -> u8 {
    if reach(5) >= IN_FIVE && reach(4) >= ENOUGH {
        return 5;
    }
    [4, 3, 2].into_iter().find(|p| reach(*p) >= ENOUGH).unwrap_or(1)
}

impl IntersectoralSeverity {
    /// The phase of each area; a row holds the severities of its sectors, 1 to 5.
    ///
    /// # Errors
    /// A severity outside 0 to 5 (every one is listed); other than one name a column.
    pub fn run(&self, sectors: &Grid<'_>) -> Result<IntersectoralSeverityResult> {
        named(self.names.as_deref(), sectors.columns())?;
        // means of indicators fall below 1 in published sector severities
        sectors.within(0.0, 5.0, "a severity from 0 to 5", None)?;
        let rows: Vec<IntersectoralRow> = sectors.iter().map(|sectors| self.row(sectors)).collect();
        let notes = notes(sectors, &rows);
        Ok(IntersectoralSeverityResult { settings: self.clone(), rows, notes })
    }

    fn row(&self, sectors: &[f64]) -> IntersectoralRow {
        let reaches = |s: &f64, p: u8| *s >= f64::from(p) - SLACK;
        let reach = |p: u8| sectors.iter().filter(|s| reaches(s, p)).count();
        let known = sectors.iter().filter(|s| !s.is_nan()).count();
        // a table of fewer than four sectors lacks the rest
        let missing = sectors.len().max(ENOUGH) - known;
        let severity = phase(reach);
        let insufficient = known < ENOUGH;
        let flags =
            [("insufficient", insufficient), ("sector-in-5", reach(5) > 0), ("more-than-four-in-4", severity == 4 && reach(4) > ENOUGH)];
        let there = sectors.iter().enumerate().filter(|(_, s)| if severity == 1 { !s.is_nan() } else { reaches(s, severity) });
        IntersectoralRow {
            severity: (known > 0).then_some(severity),
            sectors: known,
            insufficient,
            lower: severity,
            upper: phase(|p| reach(p) + missing),
            in_phase_or_worse: there.map(|(at, _)| name_of(self.names.as_deref(), at)).collect(),
            flags: flags.into_iter().filter(|(_, up)| *up).map(|(flag, _)| flag).collect(),
        }
    }
}

fn notes(sectors: &Grid<'_>, rows: &[IntersectoralRow]) -> Vec<Note> {
    let of = |wanted: &dyn Fn(usize, &IntersectoralRow) -> bool| -> Vec<String> {
        rows.iter().enumerate().filter(|(at, row)| wanted(*at, row)).map(|(at, _)| at.to_string()).collect()
    };
    let below: Vec<bool> = sectors.iter().map(|row| row.iter().any(|s| *s < 1.0 - SLACK)).collect();
    let mut notes = vec![Note::new(
        "preliminary",
        "the phases are preliminary and support the JIAF without its endorsement: people decide, and a final phase is kept beside this one",
        Vec::<String>::new(),
    )];
    let found = [
        ("no-sector", "have no phase: no sector is known", of(&|_, r| r.severity.is_none())),
        (
            "insufficient",
            "have fewer than 4 known sectors: their phase cannot pass 1, see `upper` for what is left open",
            of(&|_, r| r.severity.is_some() && r.insufficient),
        ),
        ("open", "have missing sectors that could raise their phase", of(&|_, r| !r.insufficient && r.upper > r.lower)),
        ("below-scale", "have a sector below 1, which counts as phase 1", of(&|at, _| below.get(at).copied().unwrap_or(false))),
    ];
    let counted = found.into_iter().filter(|(_, _, subjects)| !subjects.is_empty());
    notes.extend(counted.map(|(code, message, subjects)| Note::counted(code, "row", message, subjects)));
    notes
}

crate::tables::arrow_tables!(IntersectoralSeverityResult);

impl IntersectoralSeverityResult {
    /// One row an area: row (from 0), severity, sectors, insufficient, lower, upper, in_phase_or_worse, flags.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .integer("row", (0..).take(rows.len()).map(Some))
            .integer("severity", rows.iter().map(|r| r.severity.map(i64::from)))
            .integer("sectors", rows.iter().map(|r| i64::try_from(r.sectors).ok()))
            .boolean("insufficient", rows.iter().map(|r| Some(r.insufficient)))
            .integer("lower", rows.iter().map(|r| Some(i64::from(r.lower))))
            .integer("upper", rows.iter().map(|r| Some(i64::from(r.upper))))
            .list("in_phase_or_worse", rows.iter().map(|r| Some(r.in_phase_or_worse.clone())))
            .list("flags", rows.iter().map(|r| Some(r.flags.clone())))
            .build()
    }

    /// The result as the bindings and reports carry it; the array `severity` holds NaN where no sector is known.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("intersectoral_severity", &self.settings)?;
        outcome.facts.insert("rows".into(), self.rows.len().into());
        outcome.facts.insert("insufficient".into(), self.rows.iter().filter(|r| r.insufficient).count().into());
        let data = self.rows.iter().map(|r| r.severity.map_or(f64::NAN, f64::from)).collect();
        outcome.arrays = vec![("severity", Array { shape: vec![self.rows.len()], data })];
        outcome.tables = vec![("intersectoral_severity", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
