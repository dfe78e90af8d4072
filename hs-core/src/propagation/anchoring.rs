//! Anchoring: the exogenous part solved so that what was observed is a fixed point.
//!
//! Conditions are observed with the linkages already at work, so a model that starts from them and lets the same linkages act again would
//! count them twice. Here b is solved such that F(x°) = x°, and only movement away from x° is ever reported.

use super::compile::{Compiled, Names, compile, diverging, diverging_steps};
use super::{AnchorSettings, Model};
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::map::{Forcing, Formula, Map};
use crate::kernels::radius::{Radius, Values, signed};
use crate::kernels::{Csr, Tick};
use crate::{Error, ErrorKind, Result};

/// Severities of a fuzzy cognitive map are kept this far from 0 and 1, where a transfer has no inverse.
const SQUEEZE: f64 = 1e-3;
/// Change at which unobserved nodes have settled.
const SETTLED: f64 = 1e-13;
/// Steps they are given, plain and halved.
const SETTLE_STEPS: u64 = 20_000;

/// How the equation of a node was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// The exogenous part was solved for.
    Anchored,
    /// No severity was observed: the node keeps its own equation with b = 0, or is anchored at 0.001 in a fuzzy cognitive map.
    Unobserved,
    /// `x° + F(x) - F(x°)` with the weights as they are.
    Residual,
}

impl Treatment {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Treatment::Anchored => "anchored",
            Treatment::Unobserved => "unobserved",
            Treatment::Residual => "residual",
        }
    }
}

/// Whether a state once moved finds rest again.
#[derive(Debug, Clone, PartialEq)]
pub enum Stability {
    /// Plain steps come to rest.
    Stable,
    /// Plain steps may not, steps half the way do.
    Halved,
    /// Neither does, or it cannot be told: effects are undefined, with this reason.
    Unstable(String),
}

/// Equations with x° as their fixed point.
#[derive(Debug, Clone)]
pub(crate) struct Equations {
    pub(crate) csr: Csr,
    pub(crate) formula: Formula,
    pub(crate) bounds: Option<(f64, f64)>,
    pub(crate) base: Vec<f64>,
    pub(crate) offset: Vec<f64>,
    /// Pace of each node, where the model has one.
    pub(crate) pace: Vec<f64>,
    pub(crate) baseline: Vec<f64>,
    pub(crate) treatment: Vec<Treatment>,
    /// By how much feeds were scaled; 1 where they were not.
    pub(crate) feeds_factor: Vec<f64>,
    /// By how much dampening was scaled; 1 where it was not.
    pub(crate) dampens_factor: Vec<f64>,
    /// Nodes moved to within [0.001, 0.999].
    pub(crate) squeezed: Vec<usize>,
    /// Nodes at x° = 1 on which dampening does not act.
    pub(crate) undamped: Vec<usize>,
    pub(crate) scale: Option<f64>,
    pub(crate) radius: Option<Radius>,
    pub(crate) stability: Stability,
    /// Whether nodes without a severity have a place to start from.
    pub(crate) settled: bool,
    /// Why effects at horizons are undefined, if they are.
    pub(crate) horizons_undefined: Option<String>,
}

impl Equations {
    pub(crate) fn map(&self) -> Map<'_> {
        Map {
            csr: &self.csr,
            formula: self.formula,
            base: self.base.clone(),
            offset: self.offset.clone(),
            pace: self.pace.clone(),
            bounds: self.bounds,
        }
    }

    /// Solves b for every node, lags aside.
    pub(crate) fn new(
        csr: &Csr,
        observed: &[Option<f64>],
        model: &Model,
        settings: &AnchorSettings,
        names: Names<'_>,
        tick: Tick<'_>,
    ) -> Result<Equations> {
        settings.check()?;
        model.wanted_anchored()?;
        if observed.len() != csr.nodes() {
            return Err(Error::argument(format!("found {} severities for {} nodes", observed.len(), csr.nodes())));
        }
        super::run::within_one("severity", observed.iter().copied(), names)?;
        let Compiled { csr, formula, pace, bounds, scale } = compile(csr, model, true, names, tick)?;
        let csr = csr.into_owned();
        let nodes = csr.nodes();
        let mut made = Equations {
            formula,
            bounds,
            pace,
            base: vec![0.0; nodes],
            offset: vec![0.0; nodes],
            baseline: Vec::new(),
            treatment: vec![Treatment::Anchored; nodes],
            feeds_factor: vec![1.0; nodes],
            dampens_factor: vec![1.0; nodes],
            squeezed: Vec::new(),
            undamped: Vec::new(),
            scale,
            radius: None,
            stability: Stability::Stable,
            settled: true,
            horizons_undefined: None,
            csr,
        };
        let invertible = match formula {
            Formula::Transfer { shape, steepness, .. } => Some(shape.inverse(steepness, 0.5).is_some()),
            Formula::NoisyOr | Formula::Sum | Formula::Relaxed => None,
        };
        for (treatment, severity) in made.treatment.iter_mut().zip(observed) {
            *treatment = match severity {
                None => Treatment::Unobserved,
                Some(_) if settings.residual || invertible == Some(false) => Treatment::Residual,
                Some(severity) if invertible.is_none() && *severity == 0.0 => Treatment::Residual,
                Some(_) => Treatment::Anchored,
            };
        }
        match invertible {
            Some(inverts) => made.anchor_transfer(observed, inverts),
            None => {
                made.settle_unobserved(observed, tick)?;
                if made.stability == Stability::Stable {
                    made.scale_over_explained(settings.over_explained)?;
                    made.solve_base();
                }
            }
        }
        if made.stability == Stability::Stable {
            made.test_stability(model, names, tick)?;
        }
        Ok(made)
    }

    /// Nodes without a severity start where synchronous steps from 0 settle, the observed held.
    fn settle_unobserved(&mut self, observed: &[Option<f64>], tick: Tick<'_>) -> Result<()> {
        self.baseline = observed.iter().map(|s| s.unwrap_or(0.0)).collect();
        if observed.iter().all(Option::is_some) {
            return Ok(());
        }
        let held: Vec<bool> = observed.iter().map(Option::is_some).collect();
        let map =
            Map { csr: &self.csr, formula: self.formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: self.bounds };
        for halved in [false, true] {
            let run = Run {
                start: &self.baseline,
                before: None,
                forcing: Forcing { shock: &[], held: &held, halved },
                pulse: false,
                without_lags: true,
                max_steps: SETTLE_STEPS,
                tolerance: Some(SETTLED),
            };
            let settled = settle(&map, &run, &mut |_, _| Ok(()), tick)?;
            if settled.end == End::Converged {
                self.baseline = settled.state;
                return Ok(());
            }
        }
        self.settled = false;
        self.stability = Stability::Unstable("nodes without a severity do not settle, neither with plain nor with halved steps".into());
        Ok(())
    }

    /// Where the map claims more than was seen, weights into a node are scaled by one factor.
    fn scale_over_explained(&mut self, share: f64) -> Result<()> {
        let mut weights = self.csr.weights().to_vec();
        for (j, treatment) in self.treatment.iter().enumerate() {
            if *treatment != Treatment::Anchored {
                continue;
            }
            let at = |x: &[f64], j: usize| x.get(j).copied().unwrap_or(0.0);
            let severity = at(&self.baseline, j);
            let pulls = |sign: f64| -> Vec<f64> {
                self.csr.incoming(j).map(|(i, w, _)| (w * sign).max(0.0) * at(&self.baseline, i)).filter(|pull| *pull > 0.0).collect()
            };
            let (feeds, dampens) = (pulls(1.0), pulls(-1.0));
            let (feeds_factor, dampens_factor) = match self.formula {
                Formula::NoisyOr => {
                    let dampens_factor = factor_within(&dampens, share * (1.0 - severity));
                    let left = remaining(&dampens, dampens_factor);
                    (factor_within(&feeds, share * severity / left), dampens_factor)
                }
                _ => {
                    let explained: f64 = feeds.iter().sum();
                    (if explained > share * severity + 1e-12 { share * severity / explained } else { 1.0 }, 1.0)
                }
            };
            if severity == 1.0 && dampens_factor < 1.0 {
                self.undamped.push(j);
            }
            for (edge, w) in self.csr.row(j).zip(self.csr.incoming(j).map(|(_, w, _)| w)) {
                if let Some(weight) = weights.get_mut(edge) {
                    *weight = w * if w >= 0.0 { feeds_factor } else { dampens_factor };
                }
            }
            if let (Some(feeds), Some(dampens)) = (self.feeds_factor.get_mut(j), self.dampens_factor.get_mut(j)) {
                (*feeds, *dampens) = (feeds_factor, dampens_factor);
            }
        }
        self.csr = self.csr.with_weights(weights)?;
        Ok(())
    }

    /// b of NoisyOr and Linear, or the residual form.
    fn solve_base(&mut self) {
        let map =
            Map { csr: &self.csr, formula: self.formula, base: Vec::new(), offset: Vec::new(), pace: self.pace.clone(), bounds: None };
        let nodes = self.treatment.iter().zip(&self.baseline).zip(self.base.iter_mut().zip(&mut self.offset));
        for (j, ((treatment, &severity), (base, offset))) in nodes.enumerate() {
            match (treatment, self.formula) {
                (Treatment::Unobserved, _) => {}
                (Treatment::Residual, _) => *offset = severity - map.formula_still(j, &self.baseline),
                (Treatment::Anchored, Formula::NoisyOr) => {
                    let (mut feeds, mut dampens) = (1.0, 1.0);
                    for (i, w, _) in self.csr.incoming(j) {
                        let x = self.baseline.get(i).copied().unwrap_or(0.0);
                        if w >= 0.0 {
                            feeds *= 1.0 - w * x;
                        } else {
                            dampens *= 1.0 + w * x;
                        }
                    }
                    // At x° = 1 dampening is scaled to nothing and b is 1 whatever feeds.
                    *base = if severity >= 1.0 { 1.0 } else { (1.0 - (1.0 - severity / dampens) / feeds).clamp(0.0, 1.0) };
                }
                (Treatment::Anchored, _) => *base = severity - map.argument_still(j, &self.baseline),
            }
        }
    }

    /// The bias of a fuzzy cognitive map, or the residual form for transfers without an inverse and where it is asked for.
    fn anchor_transfer(&mut self, observed: &[Option<f64>], inverts: bool) {
        self.baseline = observed.iter().map(|s| s.unwrap_or(SQUEEZE)).collect();
        for (j, (x, treatment)) in self.baseline.iter_mut().zip(&self.treatment).enumerate() {
            let squeezed = x.clamp(SQUEEZE, 1.0 - SQUEEZE);
            if *treatment == Treatment::Anchored && squeezed != *x {
                self.squeezed.push(j);
                *x = squeezed;
            }
        }
        let Formula::Transfer { shape, steepness, .. } = self.formula else { return };
        let map = Map { csr: &self.csr, formula: self.formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
        let nodes = self.treatment.iter().zip(&self.baseline).zip(self.base.iter_mut().zip(&mut self.offset));
        for (j, ((treatment, &severity), (base, offset))) in nodes.enumerate() {
            let residual = *treatment == Treatment::Residual || !inverts;
            match shape.inverse(steepness, severity) {
                Some(z) if !residual => *base = z - map.argument_still(j, &self.baseline),
                _ => *offset = severity - map.formula_still(j, &self.baseline),
            }
        }
    }

    /// Radius of the lag-free derivatives at x°, clips left out, and with lags for the horizons.
    fn test_stability(&mut self, model: &Model, names: Names<'_>, tick: Tick<'_>) -> Result<()> {
        let mut edges = vec![0.0; self.csr.edges()];
        let mut own = vec![0.0; self.csr.nodes()];
        self.map().derivatives(&self.baseline, 0.0, &mut edges, &mut own);
        let values = Values { csr: &self.csr, edges: &edges, own: &own, held: &[] };
        let mut rest = match decided(signed(&values, false, tick))? {
            Ok(radius) => radius,
            Err(reason) => {
                self.stability = Stability::Unstable(format!("unstable baseline: {reason}"));
                return Ok(());
            }
        };
        if rest.upper >= 1.0 {
            if matches!(model, Model::Linear(_) | Model::DynamicInoperability(_)) {
                if self.formula == Formula::Relaxed {
                    // The loop among the weights, not the share of itself that a node keeps from step to step.
                    rest.cycle = signed(&Values { csr: &self.csr, edges: self.csr.weights(), own: &[], held: &[] }, false, tick)?.cycle;
                    return Err(diverging_steps(&rest, names));
                }
                return Err(diverging(&rest, names, self.scale.is_some()));
            }
            let half_edges: Vec<f64> = edges.iter().map(|v| 0.5 * v).collect();
            let half_own: Vec<f64> = own.iter().map(|v| 0.5 + 0.5 * v).collect();
            let halves = Values { csr: &self.csr, edges: &half_edges, own: &half_own, held: &[] };
            let negative = edges.iter().any(|v| *v < 0.0);
            let settles = negative && decided(signed(&halves, false, tick))?.is_ok_and(|radius| radius.upper < 1.0);
            self.stability = if settles {
                Stability::Halved
            } else {
                let cycle = super::compile::loop_in_words(&rest.cycle, names);
                Stability::Unstable(format!(
                    "unstable baseline: the spectral radius at what was observed is {:.6}, wanted below 1; the loop {cycle} is responsible",
                    rest.value()
                ))
            };
        }
        let lagged = self.csr.longest_lag() > 0;
        self.horizons_undefined = if !lagged {
            (rest.upper >= 1.0).then(|| format!("unstable over periods: the spectral radius at what was observed is {:.6}", rest.value()))
        } else {
            match decided(signed(&values, true, tick))? {
                Ok(radius) if radius.upper < 1.0 => None,
                Ok(radius) => Some(format!("unstable over periods: the spectral radius with lags is {:.6}", radius.value())),
                Err(reason) => Some(reason),
            }
        };
        self.radius = Some(rest);
        Ok(())
    }
}

/// An undecided radius is a reason, not a failure.
fn decided(radius: Result<Radius>) -> Result<std::result::Result<Radius, String>> {
    match radius {
        Ok(radius) => Ok(Ok(radius)),
        Err(error) if error.kind == ErrorKind::Undefined => Ok(Err(error.message)),
        Err(error) => Err(error),
    }
}

/// `Π (1 - factor·pull)`.
fn remaining(pulls: &[f64], factor: f64) -> f64 {
    pulls.iter().map(|pull| 1.0 - factor * pull).product()
}

/// The greatest factor up to 1 with `1 - Π (1 - factor·pull) <= most`.
fn factor_within(pulls: &[f64], most: f64) -> f64 {
    // Rounding alone is not a claim of more than was seen.
    if 1.0 - remaining(pulls, 1.0) <= most + 1e-12 {
        return 1.0;
    }
    if most <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    // 200 halvings end at neighbouring numbers; the lower one keeps the promise.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if 1.0 - remaining(pulls, middle) <= most {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
