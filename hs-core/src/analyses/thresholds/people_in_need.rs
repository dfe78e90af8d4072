//! How many people are in need over all sectors together? (joint, after the JIAF)

use serde::{Deserialize, Serialize};

use super::grid::{Grid, counts, name_of, named};
use super::phase_rules::SLACK;
use crate::network::Atlas;
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Error, Result};

/// How many people are in need over all sectors together? The largest sector's count, never the sum.
///
/// One person may be in need in every sector, so sectors are never added. What is certain stands beside the joint figure as `lower` and
/// `upper`. A missing sector is never nobody: it is flagged, and leaves `upper` at the whole population, or open without one.
///
/// # Method
/// Joint = max n_c over the known sectors; bounds [max n_c, min(N, Σ n_c)]. Rows are summed only where `disjoint` says that nobody stands
/// in two of them. Flags, with n1 >= n2 >= n3 the largest sectors and a tolerance of 1e-9: `sector-missing`, `sector-zero`;
/// `first-second`: (n1 - n2) / n1 >= 0.3; `first-third`: (n1 - n3) / n1 >= 0.5; `above-share`: joint / N > 0.9; `above-population`: joint > N;
/// `change`: |joint - previous| / previous >= 1.
///
/// # Complexity
/// Linear in numbers.
///
/// # Examples
/// ```
/// use hs_core::analyses::thresholds::{Grid, PeopleInNeed};
/// let result = PeopleInNeed::default().run(&Grid::new(&[400.0, 250.0, 300.0], 1, 3)?, Some(&[900.0]), None)?;
/// assert_eq!((result.rows[0].joint, result.rows[0].upper), (Some(400.0), Some(900.0)));
/// # Ok::<(), hs_core::Error>(())
/// ```
///
/// # References
/// Inter-Agency Standing Committee, *Joint and Intersectoral Analysis Framework 2.0: Technical Manual*, 2024 (by a public transcription).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleInNeed {
    /// Names of the sectors, one a column; their positions where absent.
    pub names: Option<Vec<String>>,
    /// Nobody stands in two rows, so that the rows may be summed: other places of one level, or groups of one partition.
    pub disjoint: bool,
    /// Gap between the largest and the second largest sector, as a share of the largest, from which a row is flagged.
    pub first_second: f64,
    /// The same for the largest and the third largest.
    pub first_third: f64,
    /// Share of the population in need above which a row is flagged.
    pub population_share: f64,
    /// Change against `previous`, as a share of it, from which a row is flagged.
    pub change: f64,
}

impl Default for PeopleInNeed {
    fn default() -> Self {
        PeopleInNeed { names: None, disjoint: false, first_second: 0.3, first_third: 0.5, population_share: 0.9, change: 1.0 }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeedRow {
    /// People in need: the largest known sector's; none where no sector is known.
    pub joint: Option<f64>,
    /// Name of that sector (of the first, where several are largest).
    pub sector: Option<String>,
    /// At least so many.
    pub lower: Option<f64>,
    /// At most so many; none where a sector is missing and the population unknown.
    pub upper: Option<f64>,
    /// Sectors known.
    pub sectors: usize,
    /// Sum of the sectors over the population of the row, where known: past 1, people must stand in several sectors.
    pub overlap: Option<f64>,
    /// What a reviewer should look at.
    pub flags: Vec<&'static str>,
}

/// What [`PeopleInNeed`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleInNeedResult {
    /// The settings.
    pub settings: PeopleInNeed,
    /// One a row of the input.
    pub rows: Vec<NeedRow>,
    /// Sum of the joint figures; none unless the rows are disjoint and each has one.
    pub total: Option<f64>,
    /// At least so many people in all rows.
    pub total_lower: Option<f64>,
    /// At most so many people in all rows; none where a row has no such bound.
    pub total_upper: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl PeopleInNeed {
    /// The joint figure of each row of people in need by sector, with the population of each row and the joint figures of the round before,
    /// where known (NaN where not).
    ///
    /// # Errors
    /// A count below 0 or not finite (every one is listed); lists of another length than there are rows; other than one name a column; a
    /// setting below 0 or not finite.
    pub fn run(&self, sectors: &Grid<'_>, population: Option<&[f64]>, previous: Option<&[f64]>) -> Result<PeopleInNeedResult> {
        let settings = [self.first_second, self.first_third, self.population_share, self.change];
        for (name, value) in ["first_second", "first_third", "population_share", "change"].into_iter().zip(settings) {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(Error::argument(format!("`{name}`: found {value}, wanted a finite number of 0 or more")));
            }
        }
        named(self.names.as_deref(), sectors.columns())?;
        sectors.within(0.0, f64::MAX, "a finite number of people, 0 or more", None)?;
        for (name, list) in [("population", population), ("previous", previous)] {
            list.map_or(Ok(()), |list| counts(name, sectors.rows(), list))?;
        }
        let at = |list: Option<&[f64]>, row: usize| list.and_then(|list| list.get(row)).copied().filter(|x| !x.is_nan());
        let rows: Vec<NeedRow> =
            sectors.iter().enumerate().map(|(row, counts)| self.row(counts, at(population, row), at(previous, row))).collect();
        let sum = |read: fn(&NeedRow) -> Option<f64>| rows.iter().map(read).sum::<Option<f64>>().filter(|_| !rows.is_empty());
        let known = rows.iter().filter_map(|r| r.lower);
        // a row without a figure adds nobody to what is certain; rows that may overlap add up to nothing at all
        let total_lower = if self.disjoint { known.clone().reduce(|a, b| a + b) } else { known.reduce(f64::max) };
        let total = sum(|r| r.joint).filter(|_| self.disjoint);
        let total_upper = sum(|r| r.upper);
        let notes = self.notes(&rows);
        Ok(PeopleInNeedResult { settings: self.clone(), rows, total, total_lower, total_upper, notes })
    }

    fn row(&self, counts: &[f64], population: Option<f64>, previous: Option<f64>) -> NeedRow {
        let mut largest: Vec<(usize, f64)> = counts.iter().copied().enumerate().filter(|(_, n)| !n.is_nan()).collect();
        largest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let known: Vec<f64> = largest.iter().map(|(_, n)| *n).collect();
        let missing = counts.len() - known.len();
        let joint = known.first().copied();
        let bounds = Atlas::bounds(&known, population);
        let upper = match bounds {
            Some((_, upper)) if missing == 0 => Some(upper),
            Some((lower, _)) => population.map(|n| n.max(lower)),
            None => population,
        };
        let gap = |rank: usize| joint.zip(known.get(rank)).filter(|(first, _)| *first > 0.0).map(|(first, other)| (first - other) / first);
        let reached = |value: Option<f64>, cut: f64| value.is_some_and(|v| v >= cut - SLACK);
        let past = |cut: f64| joint.zip(population).is_some_and(|(joint, n)| joint > cut * n + SLACK * n);
        let change = joint.zip(previous).map(|(joint, before)| (joint - before).abs() / before).filter(|c| !c.is_nan());
        let flags = [
            ("sector-missing", missing > 0),
            ("sector-zero", known.contains(&0.0)),
            ("first-second", reached(gap(1), self.first_second)),
            ("first-third", reached(gap(2), self.first_third)),
            ("above-share", past(self.population_share)),
            ("above-population", past(1.0)),
            ("change", reached(change, self.change)),
        ];
        NeedRow {
            joint,
            sector: largest.first().map(|(at, _)| name_of(self.names.as_deref(), *at)),
            lower: bounds.map(|(lower, _)| lower),
            upper,
            sectors: known.len(),
            overlap: population.filter(|n| *n > 0.0 && !known.is_empty()).map(|n| known.iter().sum::<f64>() / n),
            flags: flags.into_iter().filter(|(_, up)| *up).map(|(flag, _)| flag).collect(),
        }
    }

    fn notes(&self, rows: &[NeedRow]) -> Vec<Note> {
        let of = |wanted: &dyn Fn(&NeedRow) -> bool| -> Vec<String> {
            rows.iter().enumerate().filter(|(_, row)| wanted(row)).map(|(at, _)| at.to_string()).collect()
        };
        let flagged = |flag: &'static str| of(&move |row| row.flags.contains(&flag));
        let mut notes: Vec<Note> = [
            ("no-sector", "have no figure: no sector is known", of(&|r| r.joint.is_none())),
            ("sector-missing", "have missing sectors: the joint figure is the largest of those known", flagged("sector-missing")),
            (
                "above-population",
                "have more people in need than people: look for another unit or another population",
                flagged("above-population"),
            ),
        ]
        .into_iter()
        .filter(|(_, _, subjects)| !subjects.is_empty())
        .map(|(code, message, subjects)| Note::counted(code, "row", message, subjects))
        .collect();
        if !self.disjoint && rows.len() > 1 {
            let message = "rows are not summed: whether a person stands in two of them is not said (`disjoint`)";
            notes.push(Note::new("not-summed", message, Vec::<String>::new()));
        }
        notes
    }
}

crate::tables::arrow_tables!(PeopleInNeedResult);

impl PeopleInNeedResult {
    /// One row a row of the input: row (from 0), joint, sector, lower, upper, sectors, overlap, flags.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .integer("row", (0..).take(rows.len()).map(Some))
            .number("joint", rows.iter().map(|r| r.joint))
            .text("sector", rows.iter().map(|r| r.sector.as_deref()))
            .number("lower", rows.iter().map(|r| r.lower))
            .number("upper", rows.iter().map(|r| r.upper))
            .integer("sectors", rows.iter().map(|r| i64::try_from(r.sectors).ok()))
            .number("overlap", rows.iter().map(|r| r.overlap))
            .list("flags", rows.iter().map(|r| Some(r.flags.clone())))
            .build()
    }

    /// The result as the bindings and reports carry it; the array `joint` holds NaN where no sector is known.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("people_in_need", &self.settings)?;
        outcome.facts.insert("rows".into(), self.rows.len().into());
        outcome.facts.insert("total".into(), self.total.into());
        outcome.facts.insert("total_lower".into(), self.total_lower.into());
        outcome.facts.insert("total_upper".into(), self.total_upper.into());
        outcome.facts.insert("flagged".into(), self.rows.iter().filter(|r| !r.flags.is_empty()).count().into());
        let data = self.rows.iter().map(|r| r.joint.unwrap_or(f64::NAN)).collect();
        outcome.arrays = vec![("joint", Array { shape: vec![self.rows.len()], data })];
        outcome.tables = vec![("people_in_need", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
