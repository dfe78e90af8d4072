//! Anchoring: the exogenous part solved so that what was observed is a fixed point.
//!
//! Conditions are observed with the linkages already at work, so a model that starts from them and lets the same linkages act again would
//! count them twice. Here b is solved such that F(x°) = x°, and only movement away from x° is ever reported.

use std::mem::{replace, take};

use super::compile::{Compiled, Names, compile, diverging, diverging_steps};
use super::{AnchorSettings, Model};
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::map::{Forcing, Formula, Map};
use crate::kernels::radius::{Radius, Values, magnitudes_until, signed};
use crate::kernels::{Csr, Tick, copied, filled};
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
    /// Weights as used; those of the network itself where none was scaled.
    pub(crate) csr: Csr,
    /// Weights before scaling.
    given: Csr,
    pub(crate) formula: Formula,
    pub(crate) bounds: Option<(f64, f64)>,
    pub(crate) base: Vec<f64>,
    /// Added outside the formula; empty where nothing is.
    pub(crate) offset: Vec<f64>,
    /// Pace of each node, where the model has one.
    pub(crate) pace: Vec<f64>,
    pub(crate) baseline: Vec<f64>,
    pub(crate) treatment: Vec<Treatment>,
    /// By how much feeds were scaled; 1 where they were not, empty where none were.
    pub(crate) feeds_factor: Vec<f64>,
    /// By how much dampening was scaled; 1 where it was not, empty where none was.
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

    /// Uses the map without a copy of its columns.
    pub(crate) fn with_map<T>(&mut self, see: impl FnOnce(&Map<'_>, &[f64]) -> T) -> T {
        let (base, offset, pace) = (take(&mut self.base), take(&mut self.offset), take(&mut self.pace));
        let map = Map { csr: &self.csr, formula: self.formula, base, offset, pace, bounds: self.bounds };
        let seen = see(&map, &self.baseline);
        let Map { base, offset, pace, .. } = map;
        (self.base, self.offset, self.pace) = (base, offset, pace);
        seen
    }

    /// No equations: rows and a baseline of a model that starts from given states.
    pub(super) fn none(csr: &Csr, baseline: Vec<f64>) -> Result<Equations> {
        Ok(Equations {
            csr: csr.clone(),
            given: csr.clone(),
            formula: Formula::NoisyOr,
            bounds: None,
            base: filled(baseline.len(), 0.0)?,
            offset: Vec::new(),
            pace: Vec::new(),
            treatment: filled(baseline.len(), Treatment::Unobserved)?,
            baseline,
            feeds_factor: Vec::new(),
            dampens_factor: Vec::new(),
            squeezed: Vec::new(),
            undamped: Vec::new(),
            scale: None,
            radius: None,
            stability: Stability::Unstable("the model starts from given states".into()),
            settled: true,
            horizons_undefined: None,
        })
    }

    /// Solves b for every node, lags aside; the radius is told no more closely than to be below `enough`.
    pub(crate) fn new(
        csr: &Csr,
        observed: &[f64],
        (model, enough): (&Model, f64),
        settings: &AnchorSettings,
        names: Names<'_>,
        tick: Tick<'_>,
    ) -> Result<Equations> {
        settings.check()?;
        model.wanted_anchored()?;
        if observed.len() != csr.nodes() {
            return Err(Error::argument(format!("found {} severities for {} nodes", observed.len(), csr.nodes())));
        }
        super::run::within_one("severity", observed.iter().map(|s| (!s.is_nan()).then_some(*s)), names)?;
        let Compiled { csr, formula, pace, bounds, scale } = compile(csr, model, true, names, tick)?;
        let csr = csr.into_owned();
        let nodes = csr.nodes();
        let mut made = Equations {
            formula,
            bounds,
            pace,
            base: filled(nodes, 0.0)?,
            offset: Vec::new(),
            baseline: Vec::new(),
            treatment: filled(nodes, Treatment::Anchored)?,
            feeds_factor: Vec::new(),
            dampens_factor: Vec::new(),
            squeezed: Vec::new(),
            undamped: Vec::new(),
            scale,
            radius: None,
            stability: Stability::Stable,
            settled: true,
            horizons_undefined: None,
            given: csr.clone(),
            csr,
        };
        let invertible = match formula {
            Formula::Transfer { shape, steepness, .. } => Some(shape.inverse(steepness, 0.5).is_some()),
            Formula::NoisyOr | Formula::Sum | Formula::Relaxed => None,
        };
        for (treatment, severity) in made.treatment.iter_mut().zip(observed) {
            *treatment = match severity {
                severity if severity.is_nan() => Treatment::Unobserved,
                _ if settings.residual || invertible == Some(false) => Treatment::Residual,
                severity if invertible.is_none() && *severity == 0.0 => Treatment::Residual,
                _ => Treatment::Anchored,
            };
        }
        match invertible {
            Some(inverts) => made.anchor_transfer(observed, inverts)?,
            None => {
                made.settle_unobserved(observed, tick)?;
                if made.stability == Stability::Stable {
                    made.scale_over_explained(settings.over_explained)?;
                    made.solve_base()?;
                }
            }
        }
        if made.stability == Stability::Stable {
            made.test_stability((model, enough), names, tick)?;
        }
        Ok(made)
    }

    /// Nodes without a severity start where synchronous steps from 0 settle, the observed held.
    fn settle_unobserved(&mut self, observed: &[f64], tick: Tick<'_>) -> Result<()> {
        self.baseline = copied(observed)?;
        if observed.iter().all(|s| !s.is_nan()) {
            return Ok(());
        }
        self.baseline.iter_mut().filter(|s| s.is_nan()).for_each(|s| *s = 0.0);
        let held: Vec<bool> = observed.iter().map(|s| !s.is_nan()).collect();
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
        let nodes = self.baseline.len();
        let (mut feeds, mut dampens) = (Vec::new(), Vec::new());
        for (j, treatment) in self.treatment.iter().enumerate() {
            if *treatment != Treatment::Anchored {
                continue;
            }
            let at = |x: &[f64], j: usize| x.get(j).copied().unwrap_or(0.0);
            let severity = at(&self.baseline, j);
            feeds.clear();
            dampens.clear();
            for (i, w, _) in self.csr.incoming(j) {
                let pull = w.abs() * at(&self.baseline, i);
                if pull > 0.0 {
                    if w > 0.0 { feeds.push(pull) } else { dampens.push(pull) }
                }
            }
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
            for (factors, factor) in [(&mut self.feeds_factor, feeds_factor), (&mut self.dampens_factor, dampens_factor)] {
                if factor != 1.0 && factors.is_empty() {
                    *factors = filled(nodes, 1.0)?;
                }
                factors.get_mut(j).into_iter().for_each(|slot| *slot = factor);
            }
        }
        if !self.feeds_factor.is_empty() || !self.dampens_factor.is_empty() {
            let room = filled(self.csr.edges(), 0.0)?;
            self.csr = self.scaled(room)?;
        }
        Ok(())
    }

    /// The weights as given times the factors, in room that is there.
    fn scaled(&self, mut room: Vec<f64>) -> Result<Csr> {
        for j in 0..self.baseline.len() {
            let (feeds, dampens) = self.factors(j);
            let row = self.given.row(j);
            let given = self.given.weights().get(row.clone()).unwrap_or_default();
            for (weight, w) in room.get_mut(row).unwrap_or_default().iter_mut().zip(given) {
                *weight = w * if *w >= 0.0 { feeds } else { dampens };
            }
        }
        self.given.with_weights(room)
    }

    /// Factors on the feeds and on the dampening of a node.
    pub(crate) fn factors(&self, j: usize) -> (f64, f64) {
        let at = |factors: &[f64]| factors.get(j).copied().unwrap_or(1.0);
        (at(&self.feeds_factor), at(&self.dampens_factor))
    }

    /// b of NoisyOr and Linear, or the residual form.
    fn solve_base(&mut self) -> Result<()> {
        self.offset = filled(self.baseline.len(), 0.0)?;
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
        self.forget_no_offset();
        Ok(())
    }

    fn forget_no_offset(&mut self) {
        if self.offset.iter().all(|x| *x == 0.0) {
            self.offset = Vec::new();
        }
    }

    /// The bias of a fuzzy cognitive map, or the residual form for transfers without an inverse and where it is asked for.
    fn anchor_transfer(&mut self, observed: &[f64], inverts: bool) -> Result<()> {
        self.baseline = copied(observed)?;
        self.baseline.iter_mut().filter(|s| s.is_nan()).for_each(|s| *s = SQUEEZE);
        self.offset = filled(observed.len(), 0.0)?;
        for (j, (x, treatment)) in self.baseline.iter_mut().zip(&self.treatment).enumerate() {
            let squeezed = x.clamp(SQUEEZE, 1.0 - SQUEEZE);
            if *treatment == Treatment::Anchored && squeezed != *x {
                self.squeezed.push(j);
                *x = squeezed;
            }
        }
        let Formula::Transfer { shape, steepness, .. } = self.formula else { return Ok(()) };
        let map = Map { csr: &self.csr, formula: self.formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
        let nodes = self.treatment.iter().zip(&self.baseline).zip(self.base.iter_mut().zip(&mut self.offset));
        for (j, ((treatment, &severity), (base, offset))) in nodes.enumerate() {
            let residual = *treatment == Treatment::Residual || !inverts;
            match shape.inverse(steepness, severity) {
                Some(z) if !residual => *base = z - map.argument_still(j, &self.baseline),
                _ => *offset = severity - map.formula_still(j, &self.baseline),
            }
        }
        self.forget_no_offset();
        Ok(())
    }

    /// Radius of the lag-free derivatives at x°, clips left out, and with lags for the horizons.
    fn test_stability(&mut self, model: (&Model, f64), names: Names<'_>, tick: Tick<'_>) -> Result<()> {
        // Derivatives stand where scaled weights stood, for both together are too much to hold; the weights are had again from the factors.
        let scaled = !self.feeds_factor.is_empty() || !self.dampens_factor.is_empty();
        let mut own = filled(self.csr.nodes(), 0.0)?;
        let mut edges = if scaled { replace(&mut self.csr, self.given.clone()).into_weights()? } else { copied(self.csr.weights())? };
        self.with_map(|map, baseline| {
            let mut row: Vec<f64> = Vec::new();
            for (j, own) in own.iter_mut().enumerate() {
                let Some(edges) = edges.get_mut(map.csr.row(j)) else { continue };
                row.clear();
                row.extend_from_slice(edges);
                *own = map.derivatives_of(j, &row, baseline, 0.0, edges);
            }
        });
        let tested = self.test_derivatives(model, &mut edges, &mut own, names, tick);
        if scaled {
            self.csr = self.scaled(edges)?;
        }
        tested
    }

    /// As [`Equations::test_stability`], of these derivatives; they are spent.
    fn test_derivatives(
        &mut self,
        (model, enough): (&Model, f64),
        edges: &mut [f64],
        own: &mut [f64],
        names: Names<'_>,
        tick: Tick<'_>,
    ) -> Result<()> {
        let values = Values { csr: &self.csr, edges, own, held: &[] };
        let lagged = self.csr.longest_lag() > 0;
        // Magnitudes below 1 settle it for every sign and lag.
        let whole = magnitudes_until(&values, enough, tick)?;
        let over_periods = (lagged && whole.upper >= 1.0).then(|| decided(signed(&values, true, tick)));
        let at_rest = if whole.upper < 1.0 { Ok(whole) } else { decided(signed(&values, false, tick))? };
        let mut rest = match at_rest {
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
                    edges.copy_from_slice(self.csr.weights());
                    if !self.feeds_factor.is_empty() || !self.dampens_factor.is_empty() {
                        edges.copy_from_slice(self.scaled(copied(edges)?)?.weights());
                    }
                    rest.cycle = signed(&Values { csr: &self.csr, edges, own: &[], held: &[] }, false, tick)?.cycle;
                    return Err(diverging_steps(&rest, names));
                }
                return Err(diverging(&rest, names, self.scale.is_some()));
            }
            edges.iter_mut().for_each(|v| *v *= 0.5);
            own.iter_mut().for_each(|v| *v = 0.5 + 0.5 * *v);
            let negative = edges.iter().any(|v| *v < 0.0);
            let halves = Values { csr: &self.csr, edges, own, held: &[] };
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
        self.horizons_undefined = match over_periods {
            None => (rest.upper >= 1.0)
                .then(|| format!("unstable over periods: the spectral radius at what was observed is {:.6}", rest.value())),
            Some(found) => match found? {
                Ok(radius) if radius.upper < 1.0 => None,
                Ok(radius) => Some(format!("unstable over periods: the spectral radius with lags is {:.6}", radius.value())),
                Err(reason) => Some(reason),
            },
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
