//! Runs on a domino network: from names to positions, and back to ids.

use std::borrow::Cow;
use std::sync::Arc;

use super::certify::{self, Certificate};
use super::effect::{Anchored, NodeNames};
use super::result::{NodeLabels, PropagationResult, Status};
use super::run::{Inputs, Ran, run_bare, solve_bare, within_one};
use super::settings::check_stop;
use super::{AnchorSettings, Keep, Method, Model, Propagation, Stability, Values, cascade, dynamics};
use crate::kernels::fixpoint::End;
use crate::kernels::{Tick, copied, filled, never};
use crate::network::DominoNetwork;
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

impl DominoNetwork {
    /// Lets severity travel by a model, from what was observed.
    ///
    /// On bare arrays a run needs a start, a base or a shock; give them through [`Propagation`].
    ///
    /// # Errors
    /// As [`Propagation::run`].
    pub fn propagate<M: Into<Model> + Clone>(&self, model: &M) -> Result<PropagationResult> {
        Propagation { model: model.clone().into(), ..Propagation::default() }.run(self)
    }
}

/// A radius shown to be below this is not told more closely for a draw.
const BELOW_ONE: f64 = 0.999;

/// A note on links that carry nothing.
pub(crate) fn unweighted(network: &DominoNetwork) -> Option<Note> {
    let (count, numbered) = (network.edge_count(), network.csr().edges());
    (numbered < count).then(|| {
        let message = format!("{} of {count} links have no number and carry nothing", count - numbered);
        Note::new("unweighted-link", message, Vec::<String>::new())
    })
}

pub(crate) fn names(network: &DominoNetwork) -> Vec<String> {
    network.store().labels().map(|label| label.name.into_owned()).collect()
}

impl Anchored {
    /// Anchors a network from an assessment on its severities.
    ///
    /// # Errors
    /// As [`Anchored::on_rows`].
    pub fn new(network: &DominoNetwork, model: &Model, settings: &AnchorSettings) -> Result<Anchored> {
        Anchored::with_tick(network, model, settings, &never)
    }

    /// As [`Anchored::new`], looking at a tick.
    ///
    /// # Errors
    /// As [`Anchored::on_rows`].
    pub fn with_tick(network: &DominoNetwork, model: &Model, settings: &AnchorSettings, tick: Tick<'_>) -> Result<Anchored> {
        model.wanted_anchored()?;
        Anchored::or_given(network, model, settings, tick)
    }

    /// As [`Anchored::with_tick`]; a model that starts from given states starts from what was observed.
    pub(crate) fn or_given(network: &DominoNetwork, model: &Model, settings: &AnchorSettings, tick: Tick<'_>) -> Result<Anchored> {
        Anchored::to_radius(network, model, settings, 0.0, tick)
    }

    /// As [`Anchored::or_given`] of one draw of many: that the radius is below 1 is looked at, and not how large it is.
    pub(crate) fn of_draw(network: &DominoNetwork, model: &Model, settings: &AnchorSettings, tick: Tick<'_>) -> Result<Anchored> {
        Anchored::to_radius(network, model, settings, BELOW_ONE, tick)
    }

    fn to_radius(network: &DominoNetwork, model: &Model, settings: &AnchorSettings, enough: f64, tick: Tick<'_>) -> Result<Anchored> {
        if !model.anchors() {
            let start = severities(network)?.iter().map(|s| if s.is_nan() { 0.0 } else { *s }).collect();
            return Anchored::from_states(network, start, model, settings, tick);
        }
        let model = model.on_nodes(network)?;
        let names = NodeNames::Network(Arc::clone(network.store()));
        Anchored::solved(network.csr(), &severities(network)?, names, (&model, enough), settings, tick)?.with_rest(tick)
    }
}

/// Severities in the order of the nodes, NaN where there is none.
fn severities(network: &DominoNetwork) -> Result<Cow<'_, [f64]>> {
    match network.severities() {
        [] => filled(network.len(), f64::NAN).map(Cow::Owned),
        severities => Ok(Cow::Borrowed(severities)),
    }
}

impl Propagation {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument`: on bare arrays neither start nor base nor shock, a value outside its domain, a weight the model refuses; `NotFound`: an
    /// unknown name; `Diverging`: a Linear model with a spectral radius of 1 or more; `Undefined`: movement away from a baseline that
    /// nothing returns to (without a shock, clamp or start the baseline itself is given, with a note).
    ///
    /// # Examples
    /// ```
    /// use hs_core::network::{DominoNetwork, EdgeList};
    /// use hs_core::propagation::Propagation;
    ///
    /// let edges = EdgeList { source: vec![0], target: vec![1], weight: vec![0.5].into(), ..EdgeList::default() };
    /// let network = DominoNetwork::from_edges(edges)?;
    /// let run = Propagation { shocks: Some([("0", 0.8)].into()), ..Propagation::default() }.run(&network)?;
    /// assert_eq!(run.state, [0.8, 0.4]);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<PropagationResult> {
        self.run_with(network, &never)
    }

    /// As [`Propagation::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Propagation::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<PropagationResult> {
        check_stop(self.tolerance, self.max_steps)?;
        match &self.model {
            Model::LinearThreshold(_) | Model::Watts(_) | Model::IndependentCascade(_) => return cascade::run(network, self, tick),
            Model::DebtRank(_) | Model::AlternatingRenewal(_) => return dynamics::run(network, self, tick),
            Model::NoisyOr(_) | Model::Linear(_) | Model::FuzzyCognitiveMap(_) | Model::DynamicInoperability(_) => {}
        }
        let model = self.model.on_nodes(network)?;
        let anchors = network.is_expanded() && self.base.is_none();
        let given = |values: &Option<Values>| values.as_ref().is_some_and(|v| !v.is_empty());
        if !network.is_expanded() && self.start.is_none() && self.base.is_none() && !given(&self.shocks) {
            return Err(Error::argument("a run on bare arrays needs a `start`, a `base` or `shocks`; found none"));
        }
        let listed = |what, values: &Option<Values>| values.as_ref().map(|v| v.resolve(what, network)).transpose();
        let start = listed("start", &self.start)?;
        let shocks = dense(listed("shocks", &self.shocks)?);
        let base = dense(listed("base", &self.base)?);
        let clamp = listed("clamp", &self.clamp)?.unwrap_or_default();
        let csr = network.csr();
        let name = |j: usize| network.name(j).map(Cow::into_owned).unwrap_or_default();
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let begin = |mut usual: Vec<f64>| -> Vec<f64> {
            let given = start.as_deref().unwrap_or_default();
            usual.iter_mut().zip(given).for_each(|(x, given)| *x = given.unwrap_or(*x));
            usual
        };
        let inputs = |start| Inputs {
            start,
            shocks: &shocks,
            clamp: &clamp,
            pulse: self.pulse,
            max_steps: self.max_steps,
            tolerance: self.tolerance,
            keep_trajectory: self.keep == Keep::Trajectory,
        };
        if anchors {
            if self.method == Method::Solve {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "`method` is `solve`, which no run anchored on what was observed allows: wanted `steps`, or a `base`",
                ));
            }
            let names = NodeNames::Network(Arc::clone(network.store()));
            let mut anchored = Anchored::solved(csr, &severities(network)?, names, (&model, 0.0), &self.anchoring, tick)?;
            let from = start.as_ref().map(|_| copied(anchored.baseline()).map(&begin)).transpose()?;
            within_one("start", from.iter().flatten().copied().map(Some), &name)?;
            within_one("clamp", clamp.iter().copied(), &name)?;
            notes.extend(anchored.notes().iter().cloned());
            let moves = self.start.is_some() || given(&self.shocks) || given(&self.clamp);
            let ran = match anchored.stability() {
                Stability::Stable | Stability::Halved => anchored.run(from.as_deref(), &inputs(&[]), tick)?,
                Stability::Unstable(reason) => {
                    let unmoved = anchored.unmoved().filter(|_| !moves);
                    let ran = unmoved.ok_or_else(|| Error::new(ErrorKind::Undefined, reason.clone()))?;
                    Ran { trajectory: ran.trajectory.filter(|_| self.keep == Keep::Trajectory), ..ran }
                }
            };
            let found = anchored.certify(&inputs(&[]), (self.certify, ran.shown), tick)?;
            notes.extend(certify::note(&found));
            let mut result = self.lift(network, ran, notes);
            result.certified(found);
            result.spectral_radius = anchored.radius().map(|(low, high)| 0.5 * (low + high));
            result.scale = anchored.scale();
            let (baseline, columns) = anchored.into_columns();
            result.anchoring = Some(columns);
            result.baseline = Some(baseline);
            return Ok(result);
        }
        let mut usual = filled(network.len(), 0.0)?;
        usual.iter_mut().zip(network.severities()).filter(|(_, s)| !s.is_nan()).for_each(|(x, s)| *x = *s);
        let from = begin(usual);
        let inputs = inputs(&from);
        let (ran, radius, scale) = match self.method {
            Method::Steps => run_bare(csr, &model, base.clone(), network.is_expanded(), &inputs, &name, tick)?,
            Method::Solve => solve_bare(csr, &model, base.clone(), network.is_expanded(), &inputs, &name, tick)?,
        };
        let found = match self.method {
            Method::Steps => certify::bare(csr, (&model, self.certify, ran.shown), base, network.is_expanded(), &inputs, &name, tick)?,
            Method::Solve => Certificate { unique: Some(true), ..Certificate::default() },
        };
        notes.extend(certify::note(&found));
        if let (None, Some(shown), Model::Linear(_)) = (&radius, &ran.shown, &*model) {
            let message = format!("the spectral radius was shown to be at most {:.6}, below 1, and was not told more closely", shown.upper);
            notes.push(Note::new("radius-shown", message, Vec::<String>::new()));
        }
        let mut result = self.lift(network, ran, notes);
        result.certified(found);
        result.spectral_radius = radius.map(|r| r.value());
        result.scale = scale;
        Ok(result)
    }

    /// A result with everything that a run on rows gives; what a model adds is put in after.
    pub(super) fn lift(&self, network: &DominoNetwork, ran: Ran, notes: Vec<Note>) -> PropagationResult {
        PropagationResult {
            settings: self.clone(),
            nodes: NodeLabels(Arc::clone(network.store())),
            state: ran.state,
            trajectory: ran.trajectory,
            status: Status::from(ran.end),
            period: match ran.end {
                End::Cycle(period) => Some(period),
                End::Converged | End::StepLimit | End::Diverging => None,
            },
            iterations: ran.steps,
            error_bound: ran.error_bound,
            spectral_radius: None,
            scale: None,
            baseline: None,
            anchoring: None,
            standard_error: None,
            size: None,
            size_standard_error: None,
            runs: None,
            value: None,
            unique: None,
            contraction: None,
            spread: None,
            notes,
        }
    }
}

/// Nodes without a number get 0; nothing at all stays empty.
pub(super) fn dense(values: Option<Vec<Option<f64>>>) -> Vec<f64> {
    values.unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect()
}
