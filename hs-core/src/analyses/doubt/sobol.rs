//! Which inputs of a function matter most?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::estimates::{Estimate, Share, arrays, check, notes, pairs_table, shares, table};
use crate::kernels::sobol::{Design, Points, explain};
use crate::kernels::{Tick, filled, never, no_memory};
use crate::tables::{Array, Note, Outcome};
use crate::{Error, Result};

/// Which inputs of a function matter most?
///
/// Inputs vary evenly and independently within their bounds. The function is whatever maps points to figures: [`Sobol::points`] gives the rows,
/// [`Sobol::estimate`] takes the figures, so that it may run anywhere. Estimates of small indices fall below 0 by chance; they are left so, and
/// said not to be distinguishable from zero where their interval reaches it.
///
/// # Method
/// Variance of the expectation given one input over the whole variance (first; Saltelli et al. 2010), expectation of the variance given all
/// others (total; Jansen 1999), and what pairs explain beyond each alone (second); quasi-random points scrambled by seed; bootstrap intervals.
///
/// # Complexity
/// `n (d + 2)` figures, `n (2d + 2)` with second-order indices.
///
/// # References
/// Sobol 1993, Sensitivity estimates for nonlinear mathematical models. Saltelli et al. 2010, Variance based sensitivity analysis of model output.
/// Jansen 1999, Analysis of variance designs for model output. Burley 2020, Practical hash-based Owen scrambling.
///
/// # Examples
/// ```
/// use hs_core::analyses::doubt::Sobol;
/// let sobol = Sobol { bounds: vec![(0.0, 1.0), (0.0, 2.0)], n: 256, ..Sobol::default() };
/// let result = sobol.run(|x| x[0] + x[1])?;
/// // variances 1/12 and 4/12
/// assert!((result.shares[1].first.unwrap().value - 0.8).abs() < 0.02);
/// # Ok::<(), hs_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sobol {
    /// Lower and upper end of each input.
    pub bounds: Vec<(f64, f64)>,
    /// Names of the inputs; `x1`, `x2` and so on where absent.
    pub names: Option<Vec<String>>,
    /// Base points, a power of two to 65536.
    pub n: u32,
    /// Seed of the points and of the bootstrap.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Replicates of the bootstrap.
    pub resamples: u32,
    /// Whether pairs of inputs are told too.
    pub second_order: bool,
}

impl Default for Sobol {
    fn default() -> Self {
        Sobol { bounds: Vec::new(), names: None, n: 1024, seed: 0, level: 0.9, resamples: 500, second_order: false }
    }
}

/// What share of a function's variance each input explains.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SobolResult {
    /// The settings it ran with.
    pub settings: Sobol,
    /// One for each input.
    pub shares: Vec<Share>,
    /// What pairs explain beyond each alone, pair by pair (first and second, first and third, ...), where asked for; empty where nothing varies.
    pub second: Option<Vec<Estimate>>,
    /// Variance of the figures.
    pub variance: f64,
    /// Mean of the figures.
    pub mean: f64,
    /// Figures that were taken.
    pub runs: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(SobolResult);

impl Sobol {
    /// The points at which the function is wanted: rows of one number an input.
    ///
    /// # Errors
    /// `Argument` for a setting outside its domain; `Memory`.
    pub fn points(&self) -> Result<Array> {
        let design = self.design()?;
        let points = Points::new(self.seed, 2 * design.inputs);
        let rows = design.rows().ok_or_else(|| no_memory(usize::MAX, 8))?;
        let mut data = filled(rows.checked_mul(design.inputs).ok_or_else(|| no_memory(usize::MAX, 8))?, 0.0)?;
        for (row, values) in data.chunks_mut(design.inputs).enumerate() {
            for (input, (value, (low, high))) in values.iter_mut().zip(&self.bounds).enumerate() {
                let share = points.at(design.point(row), design.dimension(row, input));
                // ends far apart could overflow as a difference
                *value = low * (1.0 - share) + high * share;
            }
        }
        Ok(Array { shape: vec![rows, design.inputs], data })
    }

    /// Indices from the figures at [`Sobol::points`], row by row.
    ///
    /// # Errors
    /// `Argument` for a setting outside its domain, figures that are not as many as rows, a figure that is not finite.
    pub fn estimate(&self, figures: &[f64]) -> Result<SobolResult> {
        self.estimate_with(figures, &never)
    }

    /// As [`Sobol::estimate`], looking at a tick.
    ///
    /// # Errors
    /// As [`Sobol::estimate`], and `Cancelled`.
    pub fn estimate_with(&self, figures: &[f64], tick: Tick<'_>) -> Result<SobolResult> {
        let design = self.design()?;
        if design.rows() != Some(figures.len()) {
            let wanted = design.rows().unwrap_or(usize::MAX);
            return Err(Error::argument(format!("found {} figures, wanted {wanted}: one for each row of points", figures.len())));
        }
        if let Some((row, bad)) = figures.iter().enumerate().find(|(_, f)| !f.is_finite()) {
            return Err(Error::argument(format!("the figure of row {row} is {bad}, wanted finite numbers")));
        }
        let explained = explain(design, figures, self.seed, self.resamples, self.level, tick)?;
        let names = self.input_names();
        let quasi = Points::new(self.seed, 2 * design.inputs).quasi();
        let second = explained.indices.as_ref().filter(|_| self.second_order);
        Ok(SobolResult {
            settings: self.clone(),
            shares: shares(&names, &explained),
            second: self.second_order.then(|| second.map(|x| x.second.iter().copied().map(Estimate::from).collect()).unwrap_or_default()),
            variance: explained.variance,
            mean: explained.mean,
            runs: figures.len(),
            notes: notes(design.base, quasi, design.inputs, &explained, &names),
        })
    }

    /// Runs a function at every point.
    ///
    /// # Errors
    /// As [`Sobol::points`] and [`Sobol::estimate`].
    pub fn run(&self, function: impl Fn(&[f64]) -> f64) -> Result<SobolResult> {
        let points = self.points()?;
        let figures: Vec<f64> = points.data.chunks(self.bounds.len().max(1)).map(function).collect();
        self.estimate(&figures)
    }

    fn input_names(&self) -> Vec<String> {
        self.names.clone().unwrap_or_else(|| (1..=self.bounds.len()).map(|i| format!("x{i}")).collect())
    }

    fn design(&self) -> Result<Design> {
        check(self.n as usize, self.level, self.resamples)?;
        if self.bounds.is_empty() {
            return Err(Error::argument("`bounds` is empty, wanted the lower and upper end of each input"));
        }
        if let Some((input, (low, high))) =
            self.bounds.iter().enumerate().find(|(_, (low, high))| !(low.is_finite() && high.is_finite() && low < high))
        {
            return Err(Error::argument(format!("`bounds` of input {input} are {low} and {high}, wanted finite numbers, the lower first")));
        }
        if let Some(names) = self.names.as_ref().filter(|names| names.len() != self.bounds.len()) {
            return Err(Error::argument(format!("found {} `names`, wanted {}, as many as `bounds`", names.len(), self.bounds.len())));
        }
        Ok(Design { base: self.n as usize, inputs: self.bounds.len(), second: self.second_order })
    }
}

impl SobolResult {
    /// Everything by name, as the bindings carry it: table `indices` (and `pairs`), arrays `first` and `total` (and `second`), facts variance, mean, runs.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("sobol", &self.settings)?;
        outcome.facts.insert("variance".into(), json!(self.variance));
        outcome.facts.insert("mean".into(), json!(self.mean));
        outcome.facts.insert("runs".into(), json!(self.runs));
        outcome.arrays = arrays(&self.shares, self.second.as_deref());
        outcome.tables.push(("indices", table(&self.shares)?));
        if let Some(second) = self.second.as_ref().filter(|second| !second.is_empty()) {
            outcome.tables.push(("pairs", pairs_table(&self.settings.input_names(), second)?));
        }
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
