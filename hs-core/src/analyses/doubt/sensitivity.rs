//! Which of the stated ranges matter most for an outcome?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::estimates::{Share, arrays, check, shares, table};
use super::parameters::{Distribution, Evens, Parameters};
use super::runs::Runs;
use crate::kernels::counter::Counter;
use crate::kernels::ranks::quantile;
use crate::kernels::sobol::{Design, Points, Walked, Walks, explain};
use crate::kernels::{Tick, filled, never, no_memory};
use crate::network::DominoNetwork;
use crate::propagation::{AnchorSettings, Keep, Model, Propagation, Values};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Which of the stated ranges matter most for an outcome?
///
/// Parameters are the linkages and conditions (edges, on bare arrays) that were given with a range, each drawn once as the user gave it. The outcome is the
/// state of one node, or the mean (or sum) over the nodes of a threat, or over all nodes. `sobol` tells which share of its variance each parameter
/// explains; `morris` screens many parameters with few runs. Runs that come to no rest leave their base point (or step) out, counted.
///
/// # Method
/// Sobol: as [`Sobol`](super::Sobol), with even numbers turned into values by the quantiles of the distribution. Morris: elementary effects over the
/// whole range of shares, along walks through a grid of `levels`: their mean (mu), the mean of their magnitudes (mu_star), their standard deviation (sigma).
/// Models with runs of their own use the same random numbers in every run.
///
/// # Complexity
/// `n (d + 2)` runs, or `trajectories (d + 1)`.
///
/// # References
/// Saltelli et al. 2010, Variance based sensitivity analysis of model output. Jansen 1999, Analysis of variance designs for model output. Morris 1991,
/// Factorial sampling plans for preliminary computational experiments. Campolongo et al. 2007, An effective screening design for sensitivity analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sensitivity {
    /// The model.
    pub model: Model,
    /// Name of a node, or id of a threat; all nodes where absent.
    pub outcome: Option<String>,
    /// How several nodes make one figure.
    pub over: Over,
    /// How parameters are judged.
    pub method: SensitivityMethod,
    /// Base points of `sobol`, a power of two to 65536.
    pub n: u32,
    /// Walks of `morris`.
    pub trajectories: u32,
    /// Levels of the grid of `morris`, an even number.
    pub levels: u32,
    /// Seed of the points and of the bootstrap.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
    /// Replicates of the bootstrap.
    pub resamples: u32,
    /// How a number spreads over its range.
    pub distribution: Distribution,
    /// The probability of which ranges are the central interval; absent: ranges are the whole support.
    pub interval: Option<f64>,
    /// Largest share of base points or walks that may be left out.
    pub most_excluded: f64,
    /// As in [`Propagation`].
    pub start: Option<Values>,
    /// As in [`Propagation`].
    pub shocks: Option<Values>,
    /// As in [`Propagation`].
    pub clamp: Option<Values>,
    /// As in [`Propagation`].
    pub base: Option<Values>,
    /// As in [`Propagation`].
    pub pulse: bool,
    /// As in [`Propagation`].
    pub max_steps: u64,
    /// As in [`Propagation`].
    pub tolerance: f64,
    /// As in [`Propagation`].
    pub anchoring: AnchorSettings,
}

impl Default for Sensitivity {
    fn default() -> Self {
        let Propagation { model, start, shocks, clamp, base, pulse, max_steps, tolerance, anchoring, .. } = Propagation::default();
        Sensitivity {
            model,
            outcome: None,
            over: Over::Mean,
            method: SensitivityMethod::Sobol,
            n: 1024,
            trajectories: 20,
            levels: 4,
            seed: 0,
            level: 0.9,
            resamples: 500,
            distribution: Distribution::Pert,
            interval: None,
            most_excluded: 0.05,
            start,
            shocks,
            clamp,
            base,
            pulse,
            max_steps,
            tolerance,
            anchoring,
        }
    }
}

/// How several nodes make one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

/// How parameters are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SensitivityMethod {
    /// Shares of the variance.
    #[default]
    Sobol,
    /// Screening by steps along walks.
    Morris,
}

/// What steps of one parameter do; none where undefined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Screened {
    /// The parameter.
    pub parameter: String,
    /// Mean effect, with its sign.
    pub mu: Option<f64>,
    /// Mean magnitude of the effects.
    pub mu_star: Option<f64>,
    /// Lower end of its interval.
    pub mu_star_lower: Option<f64>,
    /// Upper end of its interval.
    pub mu_star_upper: Option<f64>,
    /// Standard deviation of the effects: large where the parameter interacts or bends.
    pub sigma: Option<f64>,
}

/// Which ranges matter most.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SensitivityResult {
    /// The settings it ran with.
    pub settings: Sensitivity,
    /// One for each parameter, by `sobol`.
    pub shares: Vec<Share>,
    /// One for each parameter, by `morris`.
    pub screened: Vec<Screened>,
    /// Value and range of each parameter.
    pub ranges: Vec<(f64, f64, f64)>,
    /// Nodes of the outcome.
    pub nodes: usize,
    /// Variance of the outcome over the base points; of `morris` over all runs.
    pub variance: Option<f64>,
    /// Mean of the outcome, likewise.
    pub mean: Option<f64>,
    /// Runs that were made.
    pub runs: usize,
    /// Runs that came to no rest.
    pub failed: usize,
    /// Base points (steps, by `morris`) that were left out for them.
    pub excluded: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(SensitivityResult);

struct Saltelli {
    design: Design,
    points: Points,
}

impl Evens for Saltelli {
    fn fill(&self, parameter: usize, first: usize, row: &mut [f64]) {
        for (x, run) in row.iter_mut().zip(first..) {
            *x = self.points.at(self.design.point(run), self.design.dimension(run, parameter));
        }
    }
}

impl Evens for Walked {
    fn fill(&self, parameter: usize, first: usize, row: &mut [f64]) {
        for (x, run) in row.iter_mut().zip(first..) {
            *x = self.share(run, parameter);
        }
    }
}

/// The outcome of every run (NaN where it came to no rest).
fn figures(
    runs: &Runs<'_>,
    evens: &dyn Evens,
    rows: usize,
    nodes: usize,
    figure: &dyn Fn(&[f64]) -> f64,
    tick: Tick<'_>,
) -> Result<Vec<f64>> {
    let mut figures = filled(rows, f64::NAN)?;
    let batch = runs.batch();
    let mut states = filled(batch.min(rows) * nodes, 0.0)?;
    for (at, figures) in figures.chunks_mut(batch).enumerate() {
        let states = states.get_mut(..figures.len() * nodes).unwrap_or_default();
        let went = runs.make(evens, at * batch, states, tick)?;
        for ((slot, state), went) in figures.iter_mut().zip(states.chunks(nodes.max(1))).zip(went) {
            if runs.counts(went) {
                *slot = figure(state);
            }
        }
    }
    Ok(figures)
}

impl Sensitivity {
    /// Runs on a network.
    ///
    /// # Errors
    /// As [`Propagation::run`]; `Argument` for a setting outside its domain or a range the model cannot take; `NotFound` for an unknown outcome;
    /// `Undefined` where no number has a range.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::doubt::Sensitivity;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    /// use hs_core::propagation::Linear;
    ///
    /// // two feed a third, one with a range three times as wide
    /// let (low, high) = (Some(vec![Some(0.2), Some(0.0)]), Some(vec![Some(0.4), Some(0.6)]));
    /// let edges = EdgeList { source: vec![0, 1], target: vec![2, 2], weight: vec![0.3, 0.3].into(), low, high, ..EdgeList::default() };
    /// let network = DominoNetwork::from_edges(edges)?;
    /// let base = Some([("0", 1.0), ("1", 1.0)].into());
    /// let sensitivity = Sensitivity { model: Linear::default().into(), outcome: Some("2".into()), base, n: 256, ..Sensitivity::default() };
    /// let shares = sensitivity.run(&network)?.shares;
    /// assert!((shares[1].first.unwrap().value - 0.9).abs() < 0.02);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<SensitivityResult> {
        self.run_with(network, &never)
    }

    /// As [`Sensitivity::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Sensitivity::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<SensitivityResult> {
        self.check()?;
        let positions = match &self.outcome {
            Some(outcome) => network.find(outcome)?,
            None => (0..network.len()).collect(),
        };
        let propagation = self.propagation();
        let point = propagation.run_with(network, tick)?;
        let parameters = Parameters::new(network, self.distribution, self.interval, &self.model)?;
        if parameters.len() == 0 || positions.is_empty() {
            let reason = if positions.is_empty() { "the network has no node" } else { "no number was given with a range" };
            return Err(Error::new(ErrorKind::Undefined, format!("sensitivity is undefined: {reason}")));
        }
        let mut runs = Runs::new(network, &propagation, &parameters, tick)?;
        runs.own_seeds = false;
        let figure = |state: &[f64]| {
            let sum: f64 = positions.iter().filter_map(|&j| state.get(j)).sum();
            if self.over == Over::Mean { sum / positions.len() as f64 } else { sum }
        };
        let stated = parameters.stated();
        let names: Vec<String> = stated.iter().map(|s| s.label.clone()).collect();
        let mut notes: Vec<Note> = point.notes.clone();
        notes.extend(parameters.notes.iter().cloned());
        let mut result = SensitivityResult {
            settings: self.clone(),
            shares: Vec::new(),
            screened: Vec::new(),
            ranges: stated.iter().map(|s| (s.value, s.low, s.high)).collect(),
            nodes: positions.len(),
            variance: None,
            mean: None,
            runs: 0,
            failed: 0,
            excluded: 0,
            notes,
        };
        match self.method {
            SensitivityMethod::Sobol => self.explained(&runs, &names, network.len(), &figure, &mut result, tick)?,
            SensitivityMethod::Morris => self.screened(&runs, &names, network.len(), &figure, &mut result, tick)?,
        }
        Ok(result)
    }

    fn explained(
        &self,
        runs: &Runs<'_>,
        names: &[String],
        nodes: usize,
        figure: &dyn Fn(&[f64]) -> f64,
        result: &mut SensitivityResult,
        tick: Tick<'_>,
    ) -> Result<()> {
        let design = Design { base: self.n as usize, inputs: names.len(), second: false };
        let points = Points::new(self.seed, 2 * names.len());
        let rows = design.rows().ok_or_else(|| no_memory(usize::MAX, 8))?;
        let mut figures = figures(runs, &Saltelli { design, points }, rows, nodes, figure, tick)?;
        result.runs = rows;
        result.failed = figures.iter().filter(|f| f.is_nan()).count();
        let fails = |point: &usize| figures.iter().skip(*point).step_by(design.base).any(|f| f.is_nan());
        result.excluded = (0..design.base).filter(fails).count();
        if self.too_many(result.excluded, design.base, "base points", result) {
            figures.fill(f64::NAN);
        }
        let explained = explain(design, &figures, self.seed, self.resamples, self.level, tick)?;
        if explained.used > 0 {
            (result.variance, result.mean) = (Some(explained.variance), Some(explained.mean));
        }
        result.shares = shares(names, &explained);
        result.notes.extend(super::estimates::notes(design.base, points.quasi(), names.len(), &explained, names));
        Ok(())
    }

    fn screened(
        &self,
        runs: &Runs<'_>,
        names: &[String],
        nodes: usize,
        figure: &dyn Fn(&[f64]) -> f64,
        result: &mut SensitivityResult,
        tick: Tick<'_>,
    ) -> Result<()> {
        let walks = Walks { walks: self.trajectories as usize, inputs: names.len(), levels: self.levels as usize, seed: self.seed };
        let rows = walks.rows().ok_or_else(|| no_memory(usize::MAX, 8))?;
        let walked = walks.draw()?;
        let mut figures = figures(runs, &walked, rows, nodes, figure, tick)?;
        result.runs = rows;
        result.failed = figures.iter().filter(|f| f.is_nan()).count();
        let steps = walks.walks * names.len();
        let without: usize = (0..names.len()).map(|i| walked.effects(&figures, i).iter().filter(|e| e.is_nan()).count()).sum();
        result.excluded = without;
        if self.too_many(without, steps, "steps", result) {
            figures.fill(f64::NAN);
        }
        let known: Vec<f64> = figures.iter().copied().filter(|f| !f.is_nan()).collect();
        if !known.is_empty() {
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            result.mean = Some(mean);
            result.variance = Some(known.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / known.len() as f64);
        }
        result.screened = names.iter().enumerate().map(|(i, name)| self.effects(name, i, &walked.effects(&figures, i))).collect();
        Ok(())
    }

    fn effects(&self, name: &str, input: usize, effects: &[f64]) -> Screened {
        let known: Vec<f64> = effects.iter().copied().filter(|e| !e.is_nan()).collect();
        let n = known.len() as f64;
        let mean = |of: &dyn Fn(f64) -> f64| (!known.is_empty()).then(|| known.iter().map(|e| of(*e)).sum::<f64>() / n);
        let mu = mean(&|e| e);
        let sigma = mu.filter(|_| known.len() > 1).map(|mu| (known.iter().map(|e| (e - mu) * (e - mu)).sum::<f64>() / (n - 1.0)).sqrt());
        let numbers = Counter::new(self.seed, (3 << 40) + input as u64);
        let mut replicates: Vec<f64> = (0..u64::from(self.resamples))
            .filter(|_| !known.is_empty())
            .map(|replicate| {
                let drawn = (0..known.len() as u64).filter_map(|k| {
                    let at = numbers.uniform(replicate * known.len() as u64 + k) * n;
                    known.get(at as usize)
                });
                drawn.map(|e| e.abs()).sum::<f64>() / n
            })
            .collect();
        let tail = 0.5 * (1.0 - self.level);
        Screened {
            parameter: name.to_owned(),
            mu,
            mu_star: mean(&f64::abs),
            mu_star_lower: quantile(&mut replicates, tail),
            mu_star_upper: quantile(&mut replicates, 1.0 - tail),
            sigma,
        }
    }

    /// Notes what was left out; whether it was too much.
    fn too_many(&self, excluded: usize, all: usize, what: &str, result: &mut SensitivityResult) -> bool {
        if excluded == 0 {
            return false;
        }
        let too_many = excluded as f64 > self.most_excluded * all as f64;
        let failed = format!("{} of {} runs came to no rest", result.failed, result.runs);
        let (code, message) = if too_many {
            let most = self.most_excluded;
            (
                "undefined-figures",
                format!("figures are undefined: {failed}, so that {excluded} of {all} {what} fall away, more than the share of {most}"),
            )
        } else {
            ("runs-left-out", format!("{failed}: {excluded} of {all} {what} are left out"))
        };
        result.notes.push(Note::new(code, message, Vec::<String>::new()));
        too_many
    }

    fn check(&self) -> Result<()> {
        check(if self.method == SensitivityMethod::Sobol { self.n as usize } else { 2 }, self.level, self.resamples)?;
        if self.trajectories == 0 {
            return Err(Error::argument("`trajectories` is 0, wanted at least 1"));
        }
        if self.levels < 2 || self.levels % 2 == 1 {
            return Err(Error::argument(format!("`levels` is {}, wanted an even number of 2 or more", self.levels)));
        }
        if !(0.0..=1.0).contains(&self.most_excluded) {
            return Err(Error::argument(format!("`most_excluded` is {}, wanted a share from 0 to 1", self.most_excluded)));
        }
        Ok(())
    }

    fn propagation(&self) -> Propagation {
        Propagation {
            model: self.model.clone(),
            start: self.start.clone(),
            shocks: self.shocks.clone(),
            clamp: self.clamp.clone(),
            base: self.base.clone(),
            pulse: self.pulse,
            max_steps: self.max_steps,
            tolerance: self.tolerance,
            keep: Keep::State,
            anchoring: self.anchoring.clone(),
            certify: Some(false),
            ..Propagation::default()
        }
    }
}

impl SensitivityResult {
    /// The main table: parameter, first, first_lower, first_upper, total, total_lower, total_upper, distinguishable, total_distinguishable; by `morris`
    /// parameter, mu, mu_star, mu_star_lower, mu_star_upper, sigma.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        if self.settings.method == SensitivityMethod::Sobol {
            return table(&self.shares);
        }
        let rows = &self.screened;
        Table::builder()
            .text("parameter", rows.iter().map(|s| Some(&s.parameter)))
            .number("mu", rows.iter().map(|s| s.mu))
            .number("mu_star", rows.iter().map(|s| s.mu_star))
            .number("mu_star_lower", rows.iter().map(|s| s.mu_star_lower))
            .number("mu_star_upper", rows.iter().map(|s| s.mu_star_upper))
            .number("sigma", rows.iter().map(|s| s.sigma))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("sensitivity", &self.settings)?;
        for (name, fact) in [
            ("variance", json!(self.variance)),
            ("mean", json!(self.mean)),
            ("runs", json!(self.runs)),
            ("failed", json!(self.failed)),
            ("excluded", json!(self.excluded)),
            ("parameters", json!(self.ranges.len())),
            ("nodes", json!(self.nodes)),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        if self.settings.method == SensitivityMethod::Sobol {
            outcome.arrays = arrays(&self.shares, None);
        }
        outcome.tables.push(("indices", self.table()?));
        let names = self.shares.iter().map(|s| &s.parameter).chain(self.screened.iter().map(|s| &s.parameter));
        let ranges = Table::builder()
            .text("parameter", names.map(Some))
            .number("value", self.ranges.iter().map(|r| Some(r.0)))
            .number("low", self.ranges.iter().map(|r| Some(r.1)))
            .number("high", self.ranges.iter().map(|r| Some(r.2)))
            .build()?;
        outcome.tables.push(("ranges", ranges));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
