//! How far do several coders agree beyond chance?

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kernels::krippendorff::{Alpha, Coded, Difference};
use crate::kernels::{Tick, never};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result};

crate::framework::words::words!(
    /// What the numbers that coders give mean.
    MeasurementLevel {
        /// Names: equal or not.
        Nominal = "nominal",
        /// An order.
        Ordinal = "ordinal",
        /// Distances.
        Interval = "interval",
        /// Distances from a true zero; no value is below 0.
        Ratio = "ratio",
    }
);

impl MeasurementLevel {
    pub(super) fn difference(self) -> Difference<'static> {
        match self {
            MeasurementLevel::Nominal => Difference::Nominal,
            MeasurementLevel::Ordinal => Difference::Ordinal,
            MeasurementLevel::Interval => Difference::Interval,
            MeasurementLevel::Ratio => Difference::Ratio,
        }
    }
}

/// How far do several coders agree beyond chance?
///
/// 1: they never differ. 0: as much as values handed out by chance. Below 0: they differ more than chance has it. Gaps are no values: a unit counts
/// where two coders or more gave one. Where every value is the same nothing could have differed, and alpha is undefined.
///
/// # Method
/// `1 - D_o/D_e`, `D_o = Σ_u Σ δ²(i, j)/(m_u - 1)/n`, `D_e = Σ n_c n_k δ²(c, k)/(n(n - 1))`. Interval: percentiles of alpha over draws of units with replacement.
///
/// # Complexity
/// Values, and draws times values; at the ratio level also draws times distinct values squared.
///
/// # References
/// Krippendorff, *Computing Krippendorff's Alpha-Reliability*, 2011. Zapf et al., *BMC Medical Research Methodology* 16:93, 2016 (the interval).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KrippendorffAlpha {
    /// What the numbers mean.
    pub level: MeasurementLevel,
    /// Draws of units for the interval; 0 gives none.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Share of draws between lower and upper.
    pub confidence: f64,
}

impl Default for KrippendorffAlpha {
    fn default() -> Self {
        KrippendorffAlpha { level: MeasurementLevel::Nominal, draws: 1000, seed: 0, confidence: 0.95 }
    }
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodedUnit {
    /// Its position, from 0.
    pub unit: usize,
    /// Coders who gave a value.
    pub coders: usize,
    /// Its part of the observed disagreement; none where it cannot be paired.
    pub disagreement: Option<f64>,
}

/// One coder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoderRow {
    /// Position, from 0.
    pub coder: usize,
    /// Units with a value.
    pub units: usize,
    /// Alpha of the others.
    pub alpha_without: Option<f64>,
}

/// What [`KrippendorffAlpha`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KrippendorffAlphaResult {
    /// The settings.
    pub settings: KrippendorffAlpha,
    /// Alpha; none where it is undefined.
    pub alpha: Option<f64>,
    /// Lower end.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// Observed disagreement; none where nothing can be paired.
    pub observed: Option<f64>,
    /// Disagreement by chance.
    pub expected: Option<f64>,
    /// Units of two values or more.
    pub paired: usize,
    /// Coders.
    pub coders: usize,
    /// By unit.
    pub units: Vec<CodedUnit>,
    /// By coder.
    pub by_coder: Vec<CoderRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

fn unit_values(values: &[f64], coders: usize, units: usize, unit: usize, without: Option<usize>) -> Vec<f64> {
    let of = (0..coders).filter(|coder| Some(*coder) != without);
    of.filter_map(|coder| values.get(coder * units + unit)).copied().filter(|v| !v.is_nan()).collect()
}

fn coded(values: &[f64], coders: usize, units: usize, without: Option<usize>) -> Coded {
    let found: Vec<Vec<f64>> = (0..units).map(|unit| unit_values(values, coders, units, unit, without)).collect();
    Coded::new(found.iter().map(Vec::as_slice))
}

impl KrippendorffAlpha {
    /// Alpha of `coders` rows of `units` values each, row by row; NaN is missing.
    ///
    /// # Errors
    /// Other than coders x units values; an infinite value, or one below 0 at the ratio level (every one is listed); a confidence that is no share.
    pub fn run(&self, values: &[f64], coders: usize, units: usize) -> Result<KrippendorffAlphaResult> {
        self.run_with(values, coders, units, &never)
    }

    /// As [`KrippendorffAlpha::run`]; `tick` is told the draw and answers whether to go on.
    ///
    /// # Errors
    /// As [`KrippendorffAlpha::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, values: &[f64], coders: usize, units: usize, tick: Tick<'_>) -> Result<KrippendorffAlphaResult> {
        self.check(values, coders, units)?;
        let difference = self.level.difference();
        let all = coded(values, coders, units, None);
        let Alpha { alpha, observed, expected } = all.alpha(difference);
        let interval = if alpha.is_some() { all.bootstrap(difference, self.draws, self.seed, self.confidence, tick)? } else { None };
        let within = all.disagreement(difference);
        let row = |unit: usize| {
            let values = unit_values(values, coders, units, unit, None);
            let disagreement = (values.len() > 1).then(|| within(&values));
            CodedUnit { unit, coders: values.len(), disagreement }
        };
        let rows: Vec<CodedUnit> = (0..units).map(row).collect();
        let coder = |coder: usize| CoderRow {
            coder,
            units: values.iter().skip(coder * units).take(units).filter(|v| !v.is_nan()).count(),
            alpha_without: (coders > 2).then(|| coded(values, coders, units, Some(coder)).alpha(difference).alpha).flatten(),
        };
        let paired = all.units();
        let mut notes = Vec::new();
        let single: Vec<String> = rows.iter().filter(|r| r.coders < 2).map(|r| r.unit.to_string()).collect();
        if !single.is_empty() {
            notes.push(Note::counted("unpaired-unit", "unit", "have fewer than two values and are passed over", single));
        }
        if alpha.is_none() {
            let why = if paired == 0 { "no unit has two values" } else { "every value is the same, so nothing could have differed" };
            notes.push(Note::new("undefined", format!("alpha is undefined: {why}"), Vec::<String>::new()));
        } else if interval.is_none() && self.draws > 0 {
            notes.push(Note::new("no-interval", "there is no interval: too few units or draws with a defined alpha", Vec::<String>::new()));
        }
        if let Some((_, undefined)) = interval.filter(|(_, undefined)| *undefined > 0.0) {
            let message = format!("in {:.1} % of the draws every value was the same; the interval is over the others", undefined * 100.0);
            notes.push(Note::new("draws-undefined", message, Vec::<String>::new()));
        }
        Ok(KrippendorffAlphaResult {
            settings: self.clone(),
            alpha,
            lower: interval.map(|(ends, _)| ends[0]),
            upper: interval.map(|(ends, _)| ends[1]),
            observed: (paired > 0).then_some(observed),
            expected: (paired > 0).then_some(expected),
            paired,
            coders,
            units: rows,
            by_coder: (0..coders).map(coder).collect(),
            notes,
        })
    }

    fn check(&self, values: &[f64], coders: usize, units: usize) -> Result<()> {
        if coders.checked_mul(units) != Some(values.len()) {
            let wanted = format!("wanted as many as {coders} coders of {units} units hold");
            return Err(Error::argument(format!("found {} values, {wanted}", values.len())));
        }
        confidence(self.confidence)?;
        let ratio = self.level == MeasurementLevel::Ratio;
        let wanted = if ratio { "a finite value of 0 or more at the ratio level" } else { "a finite value" };
        let wrong = values.iter().enumerate().filter(|(_, v)| v.is_infinite() || (ratio && **v < 0.0));
        let problems: Vec<Problem> = wrong
            .map(|(at, v)| {
                let pointer = format!("/{}/{}", at / units.max(1), at % units.max(1));
                let found = if v.is_infinite() { "an infinite value".to_owned() } else { v.to_string() };
                Problem::new(ProblemKind::OutOfBounds, pointer, found, wanted).mend("missing values are NaN")
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, problems)) }
    }
}

/// Refuses a confidence that is no share.
pub(super) fn confidence(confidence: f64) -> Result<()> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(());
    }
    Err(Error::argument(format!("`confidence`: found {confidence}, wanted a number between 0 and 1, for example 0.95")))
}

crate::tables::arrow_tables!(KrippendorffAlphaResult);

impl KrippendorffAlphaResult {
    /// Settings, facts (`alpha`, `lower`, `upper`, `observed`, `expected`, `units`, `coders`), tables (`krippendorff_alpha` by unit, `coders`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("krippendorff_alpha", &self.settings)?;
        let numbers =
            [("alpha", self.alpha), ("lower", self.lower), ("upper", self.upper), ("observed", self.observed), ("expected", self.expected)];
        outcome.facts.extend(numbers.map(|(name, number)| (name.to_owned(), json!(number))));
        outcome.facts.insert("units".into(), json!(self.paired));
        outcome.facts.insert("coders".into(), json!(self.coders));
        let whole = |n: usize| i64::try_from(n).ok();
        let units = Table::builder()
            .integer("unit", self.units.iter().map(|r| whole(r.unit)))
            .integer("coders", self.units.iter().map(|r| whole(r.coders)))
            .number("disagreement", self.units.iter().map(|r| r.disagreement))
            .build()?;
        let coders = Table::builder()
            .integer("coder", self.by_coder.iter().map(|r| whole(r.coder)))
            .integer("units", self.by_coder.iter().map(|r| whole(r.units)))
            .number("alpha_without", self.by_coder.iter().map(|r| r.alpha_without))
            .build()?;
        outcome.tables = vec![("krippendorff_alpha", units), ("coders", coders)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
