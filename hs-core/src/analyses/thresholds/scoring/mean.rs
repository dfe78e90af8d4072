//! What is the mean (total, ratio, proportion) of a column in the population, by group, and how sure are we?

use serde::{Deserialize, Serialize};

use super::estimates::{ratio, share_interval};
use super::intake::Intake;
use super::mean_sums::{Compensated, Group, Layout, MeanSums, Sums};
use super::sample::lonely;
use super::tables::{key_column, refuse_names, whole};
use super::tallies::Key;
use super::{LonelyPsu, Score};
use crate::kernels::quantiles::t_interval;
use crate::kernels::{Tick, cancelled};
use crate::tables::{Needed, Note, Outcome, Rows, Sort, Table};
use crate::{Error, ErrorKind, Result};

/// Rows taken in between two looks at the tick.
const STRETCH: usize = 1 << 16;

/// Names of columns that are taken.
const TAKEN: &[&str] =
    &["n", "population", "estimate", "standard_error", "lower", "upper", "degrees_of_freedom", "design_effect", "suppressed"];

/// What is the mean of a column in the population, by group, and how sure are we?
///
/// A row whose value is missing stays in the design and weighs nothing; it is counted, never taken for zero.
///
/// # Method
/// Taylor linearisation: mean and proportion Σvy/Σv, ratio Σvy/Σvx, total Σvy; scores v(y - R x)/Σvx (v y of a total) summed by PSU and
/// compared within strata, times (1 - f) n/(n - 1). Intervals by t on PSUs - strata; those of a proportion on its logit, on 0 or 1 by
/// Clopper-Pearson on the effective sample size.
///
/// # Complexity
/// Linear in rows; memory in groups x PSUs.
///
/// # References
/// Binder, *On the variances of asymptotically normal estimators from complex surveys*, International Statistical Review 51, 1983; Korn &
/// Graubard, Survey Methodology 24, 1998.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyMean {
    /// Column of the values.
    pub column: String,
    /// What is estimated.
    #[serde(default)]
    pub kind: MeanKind,
    /// Of a ratio: column of the denominator.
    #[serde(default)]
    pub denominator: Option<String>,
    /// Column of survey weights; every row weighs 1 where absent.
    #[serde(default)]
    pub weight: Option<String>,
    /// Column of strata.
    #[serde(default)]
    pub strata: Option<String>,
    /// Column of primary sampling units, nested in strata; every row is its own where absent.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Column of the finite population: PSUs in the stratum's population where above 1, else the sampling fraction.
    #[serde(default)]
    pub fpc: Option<String>,
    /// Columns to split by.
    #[serde(default)]
    pub by: Vec<String>,
    /// Column of yes and no: rows that are not in the domain weigh nothing, their PSUs stay.
    #[serde(default)]
    pub domain: Option<String>,
    /// What a stratum with one PSU adds to the variance.
    #[serde(default)]
    pub lonely_psu: LonelyPsu,
    /// Level of the intervals.
    #[serde(default = "ninety_five")]
    pub level: f64,
    /// Least sample count of a published group; 0, the default, publishes all.
    #[serde(default)]
    pub min_n: u32,
}

/// What is estimated of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeanKind {
    /// Σvy/Σv
    #[default]
    Mean,
    /// Σvy
    Total,
    /// Σvy/Σvx
    Ratio,
    /// A mean of yes and no, or 0 and 1, with the interval of a share.
    Proportion,
}

/// What [`SurveyMean`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyMeanResult {
    /// The settings.
    pub settings: SurveyMean,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    rows: Vec<MeanRow>,
    counts: [u64; 4],
    design: [u64; 3],
}

#[derive(Debug, Clone, PartialEq, Default)]
struct MeanRow {
    key: Vec<Key>,
    n: u64,
    population: f64,
    estimate: Option<f64>,
    standard_error: Option<f64>,
    interval: Option<(f64, f64)>,
    design_effect: Option<f64>,
    suppressed: bool,
}

fn ninety_five() -> f64 {
    0.95
}

impl SurveyMean {
    /// The mean of a column, every setting at its default.
    pub fn new(column: impl Into<String>) -> Self {
        SurveyMean {
            column: column.into(),
            kind: MeanKind::Mean,
            denominator: None,
            weight: None,
            strata: None,
            cluster: None,
            fpc: None,
            by: Vec::new(),
            domain: None,
            lonely_psu: LonelyPsu::Adjust,
            level: ninety_five(),
            min_n: 0,
        }
    }

    /// The columns that it reads, each once, with what their cells are.
    pub fn columns(&self) -> Vec<Needed> {
        let mut needed = Vec::new();
        let values = if self.kind == MeanKind::Proportion { Sort::Boolean } else { Sort::Number };
        Needed::add(&mut needed, &self.column, values);
        for name in [&self.denominator, &self.weight, &self.fpc].into_iter().flatten() {
            Needed::add(&mut needed, name, Sort::Number);
        }
        self.domain.iter().for_each(|name| Needed::add(&mut needed, name, Sort::Boolean));
        self.by.iter().chain(&self.strata).chain(&self.cluster).for_each(|name| Needed::add(&mut needed, name, Sort::Text));
        needed
    }

    /// Whether the settings make sense; data is not looked at.
    ///
    /// # Errors
    /// A ratio without a denominator or a denominator without a ratio; a level outside 0 to 1; a column to split by that is named twice
    /// or like a column of the result.
    pub fn check(&self) -> Result<()> {
        match (self.kind, &self.denominator) {
            (MeanKind::Ratio, None) => return Err(Error::argument("`denominator`: found none, wanted the column that a ratio divides by")),
            (MeanKind::Ratio, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(Error::argument("`denominator`: found a column, wanted none unless `kind` is `ratio`")),
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a level between 0 and 1", self.level)));
        }
        for (at, name) in self.by.iter().enumerate() {
            if self.by.iter().take(at).any(|other| other == name) {
                return Err(Error::argument(format!("`by`: found `{}` twice, wanted each column once", crate::shown(name))));
            }
        }
        refuse_names(&self.by, TAKEN)
    }

    /// Estimates from a stream of batches; the tick is given the rows read so far.
    ///
    /// # Errors
    /// Those of [`SurveyMean::check`]; a column that is missing or of the wrong type; weights that are missing, negative or infinite; a
    /// finite population smaller than its sample; no rows; [`ErrorKind::Cancelled`] where the tick asks to stop.
    pub fn run(&self, data: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<SurveyMeanResult> {
        self.check()?;
        let design = self.design();
        let mut sums = MeanSums::new(self.by.len());
        for batch in data {
            let batch = batch?;
            Intake::find(&design, &batch)?.check_rows(&design)?;
            let mut from = 0;
            while from < batch.len() || from == 0 {
                if !tick(sums.rows) {
                    return Err(cancelled());
                }
                let stretch = batch.slice(from, STRETCH);
                sums.update(self, &Intake::find(&design, &stretch)?, &stretch)?;
                from += STRETCH;
            }
        }
        if sums.rows == 0 {
            return Err(Error::new(ErrorKind::Undefined, "found no rows, wanted at least one: a mean of nobody is undefined"));
        }
        self.finish(&sums)
    }

    /// The design alone, as the columns of a score are found.
    fn design(&self) -> Score {
        Score {
            scheme: super::DeprivationScheme {
                indicators: Vec::new(),
                cutoff: 1.0,
                missing: super::MissingPolicy::Exclude,
                components: None,
            },
            by: self.by.clone(),
            weight: self.weight.clone(),
            size: None,
            strata: self.strata.clone(),
            cluster: self.cluster.clone(),
            fpc: self.fpc.clone(),
            lonely_psu: self.lonely_psu,
            domain: self.domain.clone(),
            min_n: self.min_n,
            cutoffs: None,
            weightings: None,
            bounds: false,
            gaps: false,
            level: self.level,
        }
    }

    pub(super) fn is_total(&self) -> bool {
        self.kind == MeanKind::Total
    }

    /// Values that cannot be: counted, never quoted.
    pub(super) fn check_values(&self, y: &[f64], x: Option<&[f64]>) -> Result<()> {
        let wrong = |values: &[f64]| values.iter().filter(|v| v.is_infinite()).count();
        let refuse = |name: &str, count: usize, wanted: &str| {
            Err(Error::argument(format!("column `{}`: found {count} values out of place, wanted {wanted}", crate::shown(name))))
        };
        match wrong(y) {
            0 => {}
            count => return refuse(&self.column, count, "finite numbers"),
        }
        if let (Some(name), Some(x)) = (&self.denominator, x) {
            match wrong(x) {
                0 => {}
                count => return refuse(name, count, "finite numbers"),
            }
        }
        let other = y.iter().filter(|v| !v.is_nan() && **v != 0.0 && **v != 1.0).count();
        if self.kind == MeanKind::Proportion && other > 0 {
            return refuse(&self.column, other, "yes and no, or 0 and 1, of a proportion");
        }
        Ok(())
    }

    fn finish(&self, sums: &MeanSums) -> Result<SurveyMeanResult> {
        let nobody = Sums::default();
        let layout = sums.design(lonely(self.lonely_psu), self.level)?;
        let groups = sums.groups(&nobody);
        let mut rows: Vec<MeanRow> = groups.iter().map(|group| self.row(sums, &layout, group)).collect();
        self.suppress(&mut rows);
        let used: u64 = groups.iter().map(|g| g.sums.rows).sum();
        let plan = &layout.plan;
        Ok(SurveyMeanResult {
            settings: self.clone(),
            notes: self.notes(sums, &layout, &rows),
            rows,
            counts: [sums.rows, used, sums.missing, sums.outside],
            design: [plan.strata(), plan.psus(), plan.degrees_of_freedom()],
        })
    }

    /// Blanks groups of fewer than `min_n` rows, proportions whose numerator or complement is that small (were all weights equal), and as
    /// many of the smallest other groups as it takes: the rows of all groups together are a fact, so that what is hidden must leave an
    /// interval of `min_n` to each.
    fn suppress(&self, rows: &mut [MeanRow]) {
        let least = u64::from(self.min_n);
        let small = |row: &MeanRow| {
            let hit = row.estimate.map(|p| (p * row.n as f64).round() as u64).filter(|_| self.kind == MeanKind::Proportion);
            (row.n < least, hit.is_some_and(|hit| hit < least || row.n.saturating_sub(hit) < least))
        };
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|at| rows.get(*at).map(|row| row.n));
        let (mut hidden, mut together) = (0, 0);
        for at in order {
            let Some(row) = rows.get_mut(at) else { continue };
            let (few, unlike) = small(row);
            if few || (hidden > 0 && (hidden < 2 || together < least + hidden)) {
                (hidden, together) = (hidden + 1, together + row.n);
                *row = MeanRow { key: std::mem::take(&mut row.key), suppressed: true, ..MeanRow::default() };
            } else if unlike {
                *row = MeanRow {
                    key: std::mem::take(&mut row.key),
                    n: row.n,
                    population: row.population,
                    suppressed: true,
                    ..MeanRow::default()
                };
            }
        }
    }

    fn row(&self, sums: &MeanSums, layout: &Layout, group: &Group<'_>) -> MeanRow {
        let n = group.sums.rows;
        let population = group.sums.weight();
        let mut row = MeanRow { key: group.key.clone(), n, population, ..MeanRow::default() };
        let [_, x, y] = group.sums.first.map(Compensated::value);
        // the ratio of the sums, which is the estimate less the centre
        let (about, total) = if self.is_total() { (0.0, 1.0) } else { (ratio_signed(y, x).unwrap_or_default(), x) };
        let estimate = if self.is_total() { (n > 0).then_some(y) } else { ratio_signed(y, x).map(|about| about + sums.centre()) };
        row.estimate = estimate.filter(|e| e.is_finite());
        let (Some(estimate), true) = (row.estimate, layout.plan.has_variance()) else { return row };
        let variance = layout.variance(sums, group, about, total);
        let error = variance.max(0.0).sqrt();
        if !error.is_finite() {
            return row;
        }
        row.standard_error = Some(error);
        let kish = ratio(population * population, group.sums.kish.value()).unwrap_or_default();
        row.interval = match self.kind {
            MeanKind::Proportion => layout.t.and_then(|t| share_interval(estimate, error, n as f64, kish, self.level, t)),
            _ => layout.t.map(|t| t_interval(estimate, error, t)),
        };
        row.design_effect = self.simple_variance(group.sums, about, total).and_then(|simple| ratio(variance, simple));
        row
    }

    /// The variance that as many rows would give as a simple random sample with replacement.
    fn simple_variance(&self, sums: &Sums, about: f64, total: f64) -> Option<f64> {
        if sums.rows < 2 {
            return None;
        }
        let [xx, xy, yy] = sums.second.map(Compensated::value);
        let (weight, n) = (sums.weight(), sums.rows as f64);
        let about = if self.is_total() { ratio(1.0, weight)? * sums.first[2].value() } else { about };
        let squares = yy - 2.0 * about * xy + about * about * xx;
        // Σv(y - Rx)²/Σv over n - 1, brought to the scale of the estimate
        let spread = ratio(squares.max(0.0), weight)? / (n - 1.0);
        let scale = if self.is_total() { weight } else { weight / total };
        Some(spread * scale * scale)
    }

    fn notes(&self, sums: &MeanSums, layout: &Layout, rows: &[MeanRow]) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut note = |code, message: String, subjects: Vec<String>| notes.push(Note::new(code, message, subjects));
        let names = |keep: &dyn Fn(&MeanRow) -> bool| -> Vec<String> { rows.iter().filter(|r| keep(r)).map(|r| self.name(r)).collect() };
        if sums.missing > 0 {
            note("missing-values", format!("{} rows without a value stay in the design with weight zero", sums.missing), Vec::new());
        }
        for (at, column) in self.by.iter().enumerate() {
            if rows.iter().any(|row| row.key.get(at) == Some(&Key::Missing)) {
                let message = format!("rows without a value of `{column}` are a group of their own, whose name is null");
                note("missing-group", message, vec![column.clone()]);
            }
        }
        let undefined = names(&|row| row.estimate.is_none() && !row.suppressed);
        if !undefined.is_empty() {
            note("empty-group", "nothing there to divide by, so the estimate is undefined".into(), undefined);
        }
        let suppressed = names(&|row| row.suppressed);
        if !suppressed.is_empty() {
            let message =
                format!("fewer than {} rows, in the group or behind its figure, or needed to keep such from being worked out", self.min_n);
            note("suppressed", message, suppressed);
        }
        let small = names(&|row| row.n > 0 && row.n < 25 && !row.suppressed);
        if !small.is_empty() {
            let message = "rests on fewer than 25 rows: set `min_n` before it leaves your hands";
            note("small-group", message.into(), small);
        }
        let plan = &layout.plan;
        if !plan.has_variance() {
            note("one-psu", "there is a single PSU, so standard errors are undefined".into(), Vec::new());
        } else if plan.degrees_of_freedom() == 0 {
            note("no-degrees-of-freedom", "there are as many strata as PSUs, so intervals are undefined".into(), Vec::new());
        }
        if plan.lonely_strata() > 0 && plan.has_variance() {
            let what = match self.lonely_psu {
                LonelyPsu::Certainty => "they add nothing to the variance",
                _ => "they are held against the mean of all PSUs",
            };
            note("lonely-psu", format!("{} strata have a single PSU: {what}", plan.lonely_strata()), Vec::new());
        }
        notes
    }

    fn name(&self, row: &MeanRow) -> String {
        let parts: Vec<String> = self.by.iter().zip(&row.key).map(|(column, key)| format!("{column}={}", key.shown())).collect();
        if parts.is_empty() { "all".into() } else { parts.join(", ") }
    }
}

/// A ratio whose sides may be negative; none where there is nothing to divide by.
fn ratio_signed(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator != 0.0).then(|| numerator / denominator).filter(|r| r.is_finite())
}

crate::tables::arrow_tables!(SurveyMeanResult);

impl SurveyMeanResult {
    /// One row a group.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        let mut table = Table::builder();
        for (at, name) in self.settings.by.iter().enumerate() {
            table = key_column(table, name, rows.iter().filter_map(|r| r.key.get(at)), rows.iter().map(|r| r.key.get(at)));
        }
        let degrees = self.design.last().copied().and_then(whole);
        table
            .integer("n", rows.iter().map(|r| whole(r.n).filter(|_| !r.suppressed)))
            .number("population", rows.iter().map(|r| Some(r.population).filter(|_| !r.suppressed)))
            .number("estimate", rows.iter().map(|r| r.estimate))
            .number("standard_error", rows.iter().map(|r| r.standard_error))
            .number("lower", rows.iter().map(|r| r.interval.map(|i| i.0)))
            .number("upper", rows.iter().map(|r| r.interval.map(|i| i.1)))
            .integer("degrees_of_freedom", rows.iter().map(|_| degrees))
            .number("design_effect", rows.iter().map(|r| r.design_effect))
            .boolean("suppressed", rows.iter().map(|r| Some(r.suppressed)))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("survey_mean", &self.settings)?;
        let names = ["rows", "rows_used", "rows_excluded", "outside_domain", "strata", "psus", "degrees_of_freedom"];
        for (name, count) in names.into_iter().zip(self.counts.iter().chain(&self.design)) {
            // where every group is hidden, the rows of all of them are too
            let shown = self.rows.is_empty() || self.rows.iter().any(|r| !r.suppressed);
            outcome.facts.insert(name.into(), if shown { (*count).into() } else { serde_json::Value::Null });
        }
        outcome.facts.insert("level".into(), self.settings.level.into());
        outcome.facts.insert("min_n".into(), self.settings.min_n.into());
        outcome.facts.insert("suppressed_cells".into(), self.rows.iter().filter(|r| r.suppressed).count().into());
        if let ([row], true) = (self.rows.as_slice(), self.settings.by.is_empty()) {
            let figures = [
                ("estimate", row.estimate),
                ("standard_error", row.standard_error),
                ("lower", row.interval.map(|i| i.0)),
                ("upper", row.interval.map(|i| i.1)),
                ("design_effect", row.design_effect),
            ];
            outcome.facts.extend(figures.map(|(name, figure)| (name.to_owned(), figure.into())));
        }
        outcome.tables = vec![("survey_mean", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
