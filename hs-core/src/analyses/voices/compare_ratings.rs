//! Do two ratings of the same things agree?

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kernels::pairwise::{Ends, Limits, Weighing, kappa, limits};
use crate::kernels::rank_tests::{Chance, kendall_p, spearman_p};
use crate::kernels::ranks::{kendall_tau_b, spearman};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, Result};

/// Categories that kappa takes from whole numbers at the most.
const MOST_CATEGORIES: f64 = 1000.0;

crate::framework::words::words!(
    /// How much a disagreement counts in kappa.
    KappaWeights {
        /// By how many categories apart.
        Linear = "linear",
        /// By the square of it.
        Quadratic = "quadratic",
        /// Every disagreement alike.
        None = "none",
    }
);

impl KappaWeights {
    pub(super) fn weighing(self) -> Weighing {
        match self {
            KappaWeights::Linear => Weighing::Linear,
            KappaWeights::Quadratic => Weighing::Quadratic,
            KappaWeights::None => Weighing::None,
        }
    }
}

/// Do two ratings of the same things agree?
///
/// Correlations ask whether both put things in one order; kappa, whether both use the same category; the limits of agreement, how far apart they lie. Two
/// ratings may correlate fully and never agree. Pairs of which one side is missing are left out.
///
/// # Method
/// Spearman and Kendall's tau-b with exact two-sided chances for few things. Kappa `1 - Σ v o / Σ v e` over the categories of `bounds`, or whole numbers as
/// they are. Limits `mean ± 1.96 s` of first - second, intervals by t with standard errors `s/√n` and `s√(1/n + z²/(2(n-1)))`.
///
/// # Examples
/// ```
/// use hs_core::analyses::voices::CompareRatings;
/// let found = CompareRatings::default().run(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0])?;
/// assert!((found.spearman.unwrap() - 0.8).abs() < 1e-12);
/// assert_eq!(found.n, 4);
/// # Ok::<(), hs_core::Error>(())
/// ```
///
/// # References
/// Spearman 1904. Kendall 1938. Cohen 1968. Bland and Altman 1986, 1999.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareRatings {
    /// How much a disagreement counts in kappa.
    pub weights: KappaWeights,
    /// Where categories begin, rising; where absent, whole numbers are categories and other numbers have none.
    pub bounds: Option<Vec<f64>>,
    /// Standard deviations from the mean to a limit of agreement; 1.96 (to more digits) where absent.
    pub multiple: Option<f64>,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for CompareRatings {
    fn default() -> Self {
        CompareRatings { weights: KappaWeights::Linear, bounds: None, multiple: None, level: 0.95 }
    }
}

/// What [`CompareRatings`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompareRatingsResult {
    /// The settings.
    pub settings: CompareRatings,
    /// Pairs with both sides.
    pub n: usize,
    /// Pairs left out.
    pub missing: usize,
    /// Spearman's correlation.
    pub spearman: Option<f64>,
    /// Its two-sided chance.
    pub spearman_p_value: Option<f64>,
    /// Whether that is exact.
    pub spearman_exact: Option<bool>,
    /// Kendall's tau-b.
    pub kendall: Option<f64>,
    /// Its two-sided chance.
    pub kendall_p_value: Option<f64>,
    /// Whether that is exact.
    pub kendall_exact: Option<bool>,
    /// Weighted kappa.
    pub kappa: Option<f64>,
    /// Mean of first - second.
    pub bias: Option<f64>,
    /// Interval of the bias.
    pub bias_interval: Option<(f64, f64)>,
    /// Standard deviation of the differences.
    pub deviation: Option<f64>,
    /// Lower limit of agreement.
    pub limit_lower: Option<f64>,
    /// Interval of the lower limit.
    pub limit_lower_interval: Option<(f64, f64)>,
    /// Upper limit of agreement.
    pub limit_upper: Option<f64>,
    /// Interval of the upper limit.
    pub limit_upper_interval: Option<(f64, f64)>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Which category a number is in, by where categories begin.
pub(super) fn category(value: f64, bounds: &[f64]) -> usize {
    bounds.iter().filter(|b| value >= **b - 1e-9).count()
}

impl CompareRatings {
    /// Compares two lists of equal length, NaN missing.
    ///
    /// # Errors
    /// `Argument` for lists of different length, infinite numbers, a level outside 0 to 1, bounds that do not rise.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<CompareRatingsResult> {
        if first.len() != second.len() {
            return Err(Error::argument(format!("found {} and {} numbers, wanted two lists of one length", first.len(), second.len())));
        }
        if let Some(at) = first.iter().zip(second).position(|(a, b)| a.is_infinite() || b.is_infinite()) {
            return Err(Error::argument(format!("row {at}: found infinity, wanted a finite number or NaN for missing")));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number between 0 and 1", self.level)));
        }
        if self.multiple.is_some_and(|m| !(m > 0.0 && m.is_finite())) {
            return Err(Error::argument("`multiple`: wanted a finite number above 0"));
        }
        let rising = |b: &Vec<f64>| !b.is_empty() && b.iter().all(|x| x.is_finite()) && b.windows(2).all(|w| matches!(w, [a, b] if a < b));
        if self.bounds.as_ref().is_some_and(|b| !rising(b)) {
            return Err(Error::argument("`bounds`: wanted finite numbers in rising order, one at least"));
        }
        let (x, y): (Vec<f64>, Vec<f64>) =
            first.iter().copied().zip(second.iter().copied()).filter(|(a, b)| !a.is_nan() && !b.is_nan()).unzip();
        let mut notes = Vec::new();
        let missing = first.len() - x.len();
        if missing > 0 {
            let message = format!("{missing} of {} pairs lack one side and were left out", first.len());
            notes.push(Note::new("incomplete-pairs", message, Vec::<String>::new()));
        }
        if x.len() < 5 {
            notes.push(Note::new("thin", format!("warning: {} pairs say little, whatever the figures", x.len()), Vec::<String>::new()));
        }
        let (kendall, spearman) = (kendall_tau_b(&x, &y), spearman(&x, &y));
        if kendall.is_none() {
            let message = "correlations are undefined: fewer than two pairs, or one side without spread";
            notes.push(Note::new("undefined-correlation", message, Vec::<String>::new()));
        }
        let (kendall_p, spearman_p): (Option<Chance>, Option<Chance>) = (kendall_p(&x, &y), spearman_p(&x, &y));
        let kappa = self.kappa(&x, &y, &mut notes);
        let differences: Vec<f64> = x.iter().zip(&y).map(|(a, b)| a - b).collect();
        let found: Option<Limits> = limits(&differences, self.multiple, self.level);
        if found.as_ref().is_none_or(|l| l.lower.is_none()) {
            notes.push(Note::new("undefined-limits", "limits of agreement are undefined below two pairs", Vec::<String>::new()));
        }
        let value = |ends: Option<Ends>| ends.map(|e| e.0);
        let interval = |ends: Option<Ends>| ends.and_then(|e| e.1);
        let bias = found.map(|l| l.bias);
        let (lower, upper) = (found.and_then(|l| l.lower), found.and_then(|l| l.upper));
        Ok(CompareRatingsResult {
            settings: self.clone(),
            n: x.len(),
            missing,
            spearman,
            spearman_p_value: spearman_p.map(|c| c.p_value),
            spearman_exact: spearman_p.map(|c| c.exact),
            kendall,
            kendall_p_value: kendall_p.map(|c| c.p_value),
            kendall_exact: kendall_p.map(|c| c.exact),
            kappa,
            bias: value(bias),
            bias_interval: interval(bias),
            deviation: found.and_then(|l| l.deviation),
            limit_lower: value(lower),
            limit_lower_interval: interval(lower),
            limit_upper: value(upper),
            limit_upper_interval: interval(upper),
            notes,
        })
    }

    fn kappa(&self, x: &[f64], y: &[f64], notes: &mut Vec<Note>) -> Option<f64> {
        let all = || x.iter().chain(y).copied();
        let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        let found = if let Some(bounds) = &self.bounds {
            let of = |v: &[f64]| v.iter().map(|x| category(*x, bounds)).collect::<Vec<_>>();
            kappa(&of(x), &of(y), bounds.len() + 1, self.weights.weighing())
        } else if all().all(|v| (v - v.round()).abs() < 1e-9) && most - least < MOST_CATEGORIES {
            let of = |v: &[f64]| v.iter().map(|x| (x - least).round() as usize).collect::<Vec<_>>();
            kappa(&of(x), &of(y), (most - least).max(0.0).round() as usize + 1, self.weights.weighing())
        } else {
            let message = "kappa is undefined: the numbers are no categories; `bounds` says where categories begin";
            notes.push(Note::new("no-categories", message, Vec::<String>::new()));
            return None;
        };
        if found.is_none() {
            let message = "kappa is undefined: no pairs, or all in one category, so that no disagreement could be expected";
            notes.push(Note::new("undefined-kappa", message, Vec::<String>::new()));
        }
        found
    }
}

crate::tables::arrow_tables!(CompareRatingsResult);

impl CompareRatingsResult {
    /// statistic, value, lower, upper, p_value, exact.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        type Row = (&'static str, Option<f64>, Option<(f64, f64)>, Option<f64>, Option<bool>);
        let rows: [Row; 6] = [
            ("spearman", self.spearman, None, self.spearman_p_value, self.spearman_exact),
            ("kendall", self.kendall, None, self.kendall_p_value, self.kendall_exact),
            ("kappa", self.kappa, None, None, None),
            ("bias", self.bias, self.bias_interval, None, None),
            ("limit_lower", self.limit_lower, self.limit_lower_interval, None, None),
            ("limit_upper", self.limit_upper, self.limit_upper_interval, None, None),
        ];
        Table::builder()
            .text("statistic", rows.iter().map(|r| Some(r.0)))
            .number("value", rows.iter().map(|r| r.1))
            .number("lower", rows.iter().map(|r| r.2.map(|e| e.0)))
            .number("upper", rows.iter().map(|r| r.2.map(|e| e.1)))
            .number("p_value", rows.iter().map(|r| r.3))
            .boolean("exact", rows.iter().map(|r| r.4))
            .build()
    }

    /// The result as the bindings and reports carry it: every number is a fact.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("compare_ratings", &self.settings)?;
        outcome.facts.insert("n".into(), json!(self.n));
        outcome.facts.insert("missing".into(), json!(self.missing));
        let numbers = [
            ("spearman", self.spearman),
            ("spearman_p_value", self.spearman_p_value),
            ("kendall", self.kendall),
            ("kendall_p_value", self.kendall_p_value),
            ("kappa", self.kappa),
            ("bias", self.bias),
            ("bias_lower", self.bias_interval.map(|e| e.0)),
            ("bias_upper", self.bias_interval.map(|e| e.1)),
            ("deviation", self.deviation),
            ("limit_lower", self.limit_lower),
            ("limit_lower_lower", self.limit_lower_interval.map(|e| e.0)),
            ("limit_lower_upper", self.limit_lower_interval.map(|e| e.1)),
            ("limit_upper", self.limit_upper),
            ("limit_upper_lower", self.limit_upper_interval.map(|e| e.0)),
            ("limit_upper_upper", self.limit_upper_interval.map(|e| e.1)),
        ];
        for (name, value) in numbers {
            outcome.facts.insert(name.into(), json!(value));
        }
        outcome.tables = vec![("compare_ratings", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
