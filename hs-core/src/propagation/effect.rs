//! What a shock moves, away from what was observed.

use std::borrow::Cow;
use std::sync::Arc;

use super::anchoring::{Equations, Stability, Treatment};
use super::compile::Names;
use super::given::GivenStates;
use super::run::{Inputs, Ran, run_map, within_one};
use super::{AnchorSettings, Model, Status};
use crate::kernels::bound::Shown;
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::map::{Forcing, Formula, Map};
use crate::kernels::{Csr, Tick, copied};
use crate::network::{DominoNetwork, NodeStore};
use crate::tables::{Note, Table};
use crate::{Error, Result};

/// A network at rest where it was observed, ready to be moved.
///
/// Nodes are told by position; x° below is what was observed, made whole for nodes without a severity.
///
/// # Method
/// NoisyOr: `1-b_j = (1 - x°_j/Π_dampens)/Π_feeds`. Linear: `b = x° - Wᵀx°`. FuzzyCognitiveMap: a bias `f⁻¹(x°_j) - z_j`. Where x° is 0 (NoisyOr, Linear) or as asked,
/// the residual form `clip(x° + F(x) - F(x°))`. Weights into a node whose feeds explain more than κ of it are scaled down first.
#[derive(Debug)]
pub struct Anchored {
    equations: Equations,
    settings: AnchorSettings,
    names: NodeNames,
    notes: Vec<Note>,
    /// The run without a shock, at rest and at the horizons, as every effect is told from it.
    rest: Option<Ran>,
    periods: Option<Vec<Vec<f64>>>,
    /// Instead of equations, where the model starts from given states.
    given: Option<Box<GivenStates>>,
}

/// What a shock moves: state with it less state without, node by node.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Δ at rest; none where undefined, with a note.
    pub rest: Option<Vec<f64>>,
    /// Δ at the short, medium and long horizon; none where undefined, with a note.
    pub horizons: [Option<Vec<f64>>; 3],
    /// No Δ at rest is further off than this; none where no bound is known.
    pub error_bound: Option<f64>,
    /// How the run to rest ended; none where it was not made.
    pub status: Option<Status>,
    /// Steps to rest.
    pub iterations: u64,
    /// Why something is undefined.
    pub notes: Vec<Note>,
}

/// When an effect is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Where it settles.
    pub(crate) rest: bool,
    /// At the horizons.
    pub(crate) periods: bool,
}

impl Anchored {
    /// Anchors rows on severities (none: not observed).
    ///
    /// # Errors
    /// `Argument` for a severity outside [0, 1], a weight the model refuses, a setting outside its domain; `Diverging` for a Linear model with a spectral
    /// radius of 1 or more; `Memory`, `Cancelled`.
    pub fn on_rows(
        csr: &Csr,
        observed: &[Option<f64>],
        names: &[String],
        model: &Model,
        settings: &AnchorSettings,
        tick: Tick<'_>,
    ) -> Result<Anchored> {
        let names = NodeNames::Listed(names.to_vec());
        within_one("severity", observed.iter().copied(), &|j| names.name(j))?;
        let severities: Vec<f64> = observed.iter().map(|s| s.unwrap_or(f64::NAN)).collect();
        Anchored::solved(csr, &severities, names, (model, 0.0), settings, tick)?.with_rest(tick)
    }

    /// Solved, but for the runs that effects are told from; a severity is NaN where there is none.
    pub(super) fn solved(
        csr: &Csr,
        severities: &[f64],
        names: NodeNames,
        model: (&Model, f64),
        settings: &AnchorSettings,
        tick: Tick<'_>,
    ) -> Result<Anchored> {
        let equations = Equations::new(csr, severities, model, settings, &|j| names.name(j), tick)?;
        let notes = notes_of(&equations, settings, &|j| names.name(j));
        Ok(Anchored { equations, settings: settings.clone(), names, notes, rest: None, periods: None, given: None })
    }

    /// With the runs that effects are told from.
    pub(super) fn with_rest(mut self, tick: Tick<'_>) -> Result<Anchored> {
        if self.is_defined() {
            self.rest = Some(self.to_rest(&[], &[], tick)?);
            if self.equations.horizons_undefined.is_none() {
                self.periods = Some(self.over_periods(&[], &[], tick)?);
            }
        }
        Ok(self)
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.equations.baseline.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.equations.baseline.is_empty()
    }

    /// x°: severities as observed, made whole where there were none. Without meaning where [`Anchored::stability`] says that they do not settle.
    pub fn baseline(&self) -> &[f64] {
        &self.equations.baseline
    }

    /// The exogenous part b solved for, in the order of the nodes.
    pub fn base(&self) -> &[f64] {
        &self.equations.base
    }

    /// How the equation of a node was made.
    pub fn treatment(&self, node: usize) -> Option<Treatment> {
        self.equations.treatment.get(node).copied()
    }

    /// Factors on the feeds and on the dampening of a node; 1 where they stand as given.
    pub fn factors(&self, node: usize) -> Option<(f64, f64)> {
        (node < self.len()).then(|| self.equations.factors(node))
    }

    /// The weights as used, after scaling.
    pub fn rows(&self) -> &Csr {
        &self.equations.csr
    }

    /// The equations, as the kernels run them.
    pub(crate) fn map(&self) -> Map<'_> {
        self.equations.map()
    }

    /// Whether a state once moved comes to rest again.
    pub fn stability(&self) -> &Stability {
        &self.equations.stability
    }

    /// A network whose model starts from given states: x° is what was observed, 0 where nothing was.
    pub(super) fn from_states(
        network: &DominoNetwork,
        start: Vec<f64>,
        model: &Model,
        settings: &AnchorSettings,
        tick: Tick<'_>,
    ) -> Result<Anchored> {
        let given = Box::new(GivenStates::new(network, copied(&start)?, model, settings, tick)?);
        let equations = Equations::none(network.csr(), start)?;
        let message =
            "the model starts from given states: what was observed is the chance that a cell starts on, and an effect moves that chance";
        Ok(Anchored {
            equations,
            settings: settings.clone(),
            names: NodeNames::Network(Arc::clone(network.store())),
            notes: vec![Note::new("given-states", message, Vec::<String>::new())],
            rest: None,
            periods: None,
            given: Some(given),
        })
    }

    pub(super) fn equations(&self) -> &Equations {
        &self.equations
    }

    pub(super) fn settings(&self) -> &AnchorSettings {
        &self.settings
    }

    /// The run without a shock, at rest.
    pub(super) fn rest_run(&self) -> Option<&Ran> {
        self.rest.as_ref()
    }

    /// Whether effects at horizons are defined.
    pub(super) fn has_periods(&self) -> bool {
        self.periods.is_some()
    }

    /// Whether effects are defined at all.
    pub fn is_defined(&self) -> bool {
        self.given.is_some() || !matches!(self.equations.stability, Stability::Unstable(_))
    }

    /// Bounds on the spectral radius of the lag-free derivatives at x°, clips left out.
    pub fn radius(&self) -> Option<(f64, f64)> {
        self.equations.radius.as_ref().map(|r| (r.lower, r.upper))
    }

    /// What was scaled, assumed or cannot be told.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The effect of a shock on severities (empty: none), some nodes clamped (empty: none).
    ///
    /// No shock and no clamp give exactly 0.
    ///
    /// # Errors
    /// `Argument` for lists of another length, shocks that are not finite, clamps outside [0, 1]; `Memory`, `Cancelled`.
    pub fn effect(&self, shock: &[f64], clamp: &[Option<f64>], tick: Tick<'_>) -> Result<Effect> {
        self.effect_read(shock, clamp, Reads { rest: true, periods: true }, tick)
    }

    /// As [`Anchored::effect`], run to where it is read alone.
    pub(crate) fn effect_read(&self, shock: &[f64], clamp: &[Option<f64>], reads: Reads, tick: Tick<'_>) -> Result<Effect> {
        self.check(shock, clamp)?;
        if let Some(given) = &self.given {
            return given.effect(shock, clamp, reads, tick);
        }
        let mut effect =
            Effect { rest: None, horizons: [None, None, None], error_bound: None, status: None, iterations: 0, notes: Vec::new() };
        let undefined = |message: &str| Note::new("undefined-effect", message, Vec::<String>::new());
        if let Stability::Unstable(reason) = &self.equations.stability {
            effect.notes.push(undefined(&format!("effects are undefined: {reason}")));
            return Ok(effect);
        }
        if let Some(without) = self.rest.as_ref().filter(|_| reads.rest) {
            let with = self.to_rest(shock, clamp, tick)?;
            effect.status = Some(with.end.into());
            effect.iterations = with.steps;
            let failed = [(&with, "with"), (without, "without")].into_iter().find(|(ran, _)| Status::from(ran.end) != Status::Converged);
            match failed {
                None => {
                    effect.rest = Some(difference(&with.state, &without.state));
                    effect.error_bound = with.error_bound.zip(without.error_bound).map(|(a, b)| a + b);
                }
                Some((ran, which)) => effect.notes.push(undefined(&format!(
                    "the effect at rest is undefined: the run {which} the shock ended as {} after {} steps",
                    Status::from(ran.end).word(),
                    ran.steps
                ))),
            }
        }
        if !reads.periods {
            return Ok(effect);
        }
        match (&self.periods, &self.equations.horizons_undefined) {
            (Some(without), _) => {
                let with = self.over_periods(shock, clamp, tick)?;
                for ((horizon, with), without) in effect.horizons.iter_mut().zip(&with).zip(without) {
                    *horizon = Some(difference(with, without));
                }
            }
            (None, Some(reason)) => effect.notes.push(undefined(&format!("effects at horizons are undefined: {reason}"))),
            (None, None) => {}
        }
        Ok(effect)
    }

    fn check(&self, shock: &[f64], clamp: &[Option<f64>]) -> Result<()> {
        for (what, length) in [("shocks", shock.len()), ("clamp", clamp.len())] {
            if length != 0 && length != self.len() {
                return Err(Error::argument(format!("`{what}` has {length} values, wanted {}", self.len())));
            }
        }
        if let Some(bad) = shock.iter().find(|d| !d.is_finite()) {
            return Err(Error::argument(format!("a shock is {bad}, wanted a finite number")));
        }
        within_one("clamp", clamp.iter().copied(), &|j| self.names.name(j))
    }

    /// Lags do not move where a run comes to rest, so it goes there without them.
    fn to_rest(&self, shock: &[f64], clamp: &[Option<f64>], tick: Tick<'_>) -> Result<Ran> {
        let (start, held) = self.clamped(clamp);
        let forcing = Forcing { shock, held: &held, halved: self.equations.stability == Stability::Halved };
        let map = self.equations.map();
        let run = Run {
            start: &start,
            before: None,
            forcing,
            pulse: false,
            without_lags: true,
            max_steps: self.settings.max_steps,
            tolerance: Some(self.settings.tolerance),
        };
        let settled = settle(&map, &run, &mut |_, _| Ok(()), tick)?;
        let error_bound = crate::kernels::bound::error_bound(&map, &Forcing { halved: false, ..forcing }, &settled.state, tick)?;
        Ok(Ran { state: settled.state, trajectory: None, end: settled.end, steps: settled.steps, error_bound, shown: None })
    }

    fn over_periods(&self, shock: &[f64], clamp: &[Option<f64>], tick: Tick<'_>) -> Result<Vec<Vec<f64>>> {
        let (start, held) = self.clamped(clamp);
        let [_, _, long] = self.settings.horizons;
        let run = Run {
            start: &start,
            before: Some(&self.equations.baseline),
            forcing: Forcing { shock, held: &held, halved: false },
            pulse: false,
            without_lags: false,
            max_steps: long,
            tolerance: None,
        };
        let mut seen = Vec::with_capacity(3);
        let mut see = |step: u64, state: &[f64]| {
            // Two horizons may be the same period.
            seen.extend(self.settings.horizons.iter().filter(|h| **h == step).map(|_| state.to_vec()));
            Ok(())
        };
        settle(&self.equations.map(), &run, &mut see, tick)?;
        Ok(seen)
    }

    fn clamped(&self, clamp: &[Option<f64>]) -> (Vec<f64>, Vec<bool>) {
        let mut start = self.equations.baseline.clone();
        for (x, clamped) in start.iter_mut().zip(clamp) {
            *x = clamped.unwrap_or(*x);
        }
        (start, clamp.iter().map(Option::is_some).collect())
    }

    /// A run through the lags from a given start, for a trajectory.
    pub(super) fn run(&mut self, start: Option<&[f64]>, inputs: &Inputs<'_>, tick: Tick<'_>) -> Result<Ran> {
        let halved = self.equations.stability == Stability::Halved;
        self.equations.with_map(|map, baseline| run_map(map, &Inputs { start: start.unwrap_or(baseline), ..*inputs }, halved, None, tick))
    }

    /// The baseline, and how each node was anchored.
    pub(super) fn into_columns(self) -> (Vec<f64>, AnchoredColumns) {
        let Equations { baseline, treatment, base, feeds_factor, dampens_factor, .. } = self.equations;
        (baseline, AnchoredColumns { treatment, base, feeds_factor, dampens_factor })
    }

    /// Whether a run could have come to rest elsewhere.
    pub(super) fn certify(
        &mut self,
        inputs: &Inputs<'_>,
        asked: (Option<bool>, Option<Shown>),
        tick: Tick<'_>,
    ) -> Result<super::certify::Certificate> {
        self.equations.with_map(|map, _| super::certify::certify(map, inputs, asked, tick))
    }

    /// The baseline as a run of no steps: what stands where nothing is moved, whether or not it would return.
    pub(super) fn unmoved(&self) -> Option<Ran> {
        let state = self.equations.baseline.clone();
        let ran = Ran { trajectory: Some(state.clone()), state, end: End::Converged, steps: 0, error_bound: None, shown: None };
        self.equations.settled.then_some(ran)
    }

    pub(super) fn scale(&self) -> Option<f64> {
        self.equations.scale
    }

    /// How each node was anchored: node, baseline, treatment, base, feeds_factor, dampening_factor.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let made = &self.equations;
        let columns = AnchoredColumns {
            treatment: made.treatment.clone(),
            base: made.base.clone(),
            feeds_factor: made.feeds_factor.clone(),
            dampens_factor: made.dampens_factor.clone(),
        };
        columns.table(&self.names, &made.baseline)
    }
}

/// How each node was anchored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AnchoredColumns {
    treatment: Vec<Treatment>,
    base: Vec<f64>,
    feeds_factor: Vec<f64>,
    dampens_factor: Vec<f64>,
}

impl AnchoredColumns {
    pub(super) fn table(&self, names: &NodeNames, baseline: &[f64]) -> Result<Table> {
        let nodes = || 0..baseline.len();
        let or_one = |factors: &[f64], j: usize| Some(factors.get(j).copied().unwrap_or(1.0));
        Table::builder()
            .text("node", nodes().map(|j| Some(names.name(j))))
            .number("baseline", baseline.iter().copied().map(Some))
            .text("treatment", self.treatment.iter().map(|t| Some(t.word())))
            .number("base", self.base.iter().copied().map(Some))
            .number("feeds_factor", nodes().map(|j| or_one(&self.feeds_factor, j)))
            .number("dampening_factor", nodes().map(|j| or_one(&self.dampens_factor, j)))
            .build()
    }
}

/// Names of nodes, made when they are asked for.
#[derive(Debug, Clone)]
pub(crate) enum NodeNames {
    /// As listed; positions past the list.
    Listed(Vec<String>),
    /// Those of a network.
    Network(Arc<NodeStore>),
}

impl NodeNames {
    pub(crate) fn name(&self, j: usize) -> String {
        match self {
            NodeNames::Listed(names) => names.get(j).cloned().unwrap_or_else(|| j.to_string()),
            NodeNames::Network(nodes) => nodes.name(j).map(Cow::into_owned).unwrap_or_default(),
        }
    }
}

fn difference(with: &[f64], without: &[f64]) -> Vec<f64> {
    with.iter().zip(without).map(|(a, b)| a - b).collect()
}

fn notes_of(made: &Equations, settings: &AnchorSettings, names: Names<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |code, message: String, nodes: Vec<usize>| {
        if !nodes.is_empty() {
            notes.push(Note::some(code, message, nodes.len(), nodes.iter().map(|&j| names(j))));
        }
    };
    let of = |wanted: Treatment| made.treatment.iter().enumerate().filter(|(_, t)| **t == wanted).map(|(j, _)| j).collect::<Vec<_>>();
    let scaled = |factors: &[f64]| factors.iter().enumerate().filter(|(_, f)| **f < 1.0).map(|(j, _)| j).collect::<Vec<_>>();
    let listed = |nodes: &[usize], factors: &[f64]| {
        let words: Vec<String> =
            nodes.iter().take(8).map(|&j| format!("{} x {:.3}", names(j), factors.get(j).copied().unwrap_or(1.0))).collect();
        format!("{}{}", words.join(", "), if nodes.len() > 8 { ", and more" } else { "" })
    };
    let feeds = scaled(&made.feeds_factor);
    let share = settings.over_explained;
    add(
        "over-explained",
        format!(
            "what feeds these explains more than {share} of what was seen; its weights were scaled: {}",
            listed(&feeds, &made.feeds_factor)
        ),
        feeds,
    );
    let dampens: Vec<usize> = scaled(&made.dampens_factor).into_iter().filter(|j| !made.undamped.contains(j)).collect();
    add(
        "over-dampened",
        format!("what dampens these leaves no room for what was seen; its weights were scaled: {}", listed(&dampens, &made.dampens_factor)),
        dampens,
    );
    if let Some((_, cap)) = made.bounds {
        let above = made.baseline.iter().enumerate().filter(|(_, x)| **x > cap).map(|(j, _)| j).collect();
        add("above-cap", format!("what was seen lies above the cap of {cap}: these start from the cap after one step"), above);
    }
    add("undamped", "at a severity of 1 no dampening acts".into(), made.undamped.clone());
    add("squeezed", "severities were moved to within 0.001 and 0.999, where the transfer can be inverted".into(), made.squeezed.clone());
    let unobserved = if matches!(made.formula, Formula::Transfer { .. }) {
        "no severity was observed: anchored at 0.001"
    } else {
        "no severity was observed: they start where the observed ones take them, with no exogenous part"
    };
    add("unobserved", unobserved.into(), of(Treatment::Unobserved));
    add("residual", "these move by what the model adds to what was seen, with their weights as given".into(), of(Treatment::Residual));
    match &made.stability {
        Stability::Stable => {}
        Stability::Halved => {
            notes.push(Note::new("half-steps", "plain steps do not come to rest; steps half the way do", Vec::<String>::new()));
        }
        Stability::Unstable(reason) => {
            notes.push(Note::new("unstable-baseline", format!("effects are undefined: {reason}"), Vec::<String>::new()));
        }
    }
    if let (Some(reason), true) = (&made.horizons_undefined, made.stability != Stability::Stable || made.csr.longest_lag() > 0) {
        notes.push(Note::new("undefined-horizons", format!("effects at horizons are undefined: {reason}"), Vec::<String>::new()));
    }
    notes
}
