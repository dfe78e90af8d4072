//! Runs of linear thresholds, Watts's thresholds and independent cascades on a domino network.

use super::network::unweighted;
use super::result::PropagationResult;
use super::run::Ran;
use super::starts::{Starts, refuse_negative, refuse_weights, starts};
use super::{Keep, Model, PerNode, Propagation, ThresholdRule};
use crate::kernels::Tick;
use crate::kernels::cascade::{Independent, Plan, Shares, Tally, Thresholds};
use crate::kernels::filled;
use crate::kernels::fixpoint::End;
use crate::network::DominoNetwork;
use crate::tables::Note;
use crate::{Error, Result, shown};

/// Runs a model of thresholds or cascades.
///
/// # Errors
/// `Argument`: a weight below 0, or past 1 in an independent cascade; weights into a node that sum past 1 under the rule `kempe`; what
/// [`starts`] refuses. `Memory`, `Cancelled`.
pub(super) fn run(network: &DominoNetwork, propagation: &Propagation, tick: Tick<'_>) -> Result<PropagationResult> {
    propagation.model.check()?;
    let starts = starts(network, propagation)?;
    let held_off = match starts.held.is_empty() {
        true => Vec::new(),
        false => starts.held.iter().map(|held| *held == Some(false)).collect(),
    };
    let plan = |drawn: bool, runs: u32, seed: u64| Plan {
        chance: &starts.chance,
        held_off: &held_off,
        runs: if drawn || starts.drawn() { runs } else { 1 },
        seed,
        max_steps: propagation.max_steps,
        keep_steps: propagation.keep == Keep::Trajectory,
    };
    let thresholds = |given: &Option<PerNode>, shares, runs, seed| -> Result<(Tally, bool)> {
        let given = given.as_ref().map(|given| given.resolve("threshold", network)).transpose()?.unwrap_or_default();
        let model = Thresholds::new(network.csr(), shares, &given, tick)?;
        Ok((model.run(&plan(model.is_drawn(), runs, seed), tick)?, model.is_drawn()))
    };
    let (tally, drawn) = match &propagation.model {
        Model::LinearThreshold(model) => {
            refuse_negative(network, propagation.model.word())?;
            let shares = match model.rule {
                ThresholdRule::Normalised => Shares::Normalised,
                ThresholdRule::Kempe => Shares::AsGiven,
            };
            if shares == Shares::AsGiven {
                refuse_past_one(network)?;
            }
            thresholds(&model.threshold, shares, model.runs, model.seed)?
        }
        Model::Watts(model) => {
            refuse_negative(network, propagation.model.word())?;
            thresholds(&model.threshold, Shares::Equal, model.runs, model.seed)?
        }
        Model::IndependentCascade(model) => {
            refuse_negative(network, propagation.model.word())?;
            refuse_weights(network, |w| w > 1.0, "wanted 0 to 1: in `independent-cascade` a weight is a chance")?;
            let cascade = Independent::new(network.csr(), tick)?;
            (cascade.run(&plan(cascade.is_drawn(), model.runs, model.seed), tick)?, cascade.is_drawn())
        }
        other => return Err(Error::internal(format!("`{}` is no cascade", other.word()))),
    };
    lift(network, propagation, &tally, drawn || starts.drawn())
}

impl Starts {
    /// Whether some node may or may not start.
    fn drawn(&self) -> bool {
        self.chance.iter().any(|chance| *chance > 0.0 && *chance < 1.0)
    }
}

/// From counts to a result by id.
fn lift(network: &DominoNetwork, propagation: &Propagation, tally: &Tally, drawn: bool) -> Result<PropagationResult> {
    let mut notes: Vec<Note> = network.notes().to_vec();
    notes.extend(unweighted(network));
    let nodes = network.len();
    let mut state = filled(nodes, 0.0)?;
    let mut errors = filled(nodes, 0.0)?;
    for (j, (state, error)) in state.iter_mut().zip(&mut errors).enumerate() {
        let (share, error_of_share) = tally.share(j);
        *state = share;
        *error = error_of_share.unwrap_or(0.0);
    }
    let none = Vec::<String>::new;
    if !drawn {
        notes.push(Note::new("deterministic", "nothing is left to chance: one run stands for all", none()));
    } else if tally.runs == 1 {
        notes.push(Note::new("undefined-standard-error", "standard errors are undefined: one run tells nothing of their scatter", none()));
    }
    let end = if tally.ended { End::Converged } else { End::StepLimit };
    let ran = Ran { state, trajectory: tally.shares_by_step()?, end, steps: tally.steps, error_bound: None, shown: None };
    let mut result = propagation.lift(network, ran, notes);
    result.runs = Some(tally.runs);
    result.size = Some(tally.size());
    let defined = !drawn || tally.runs > 1;
    result.standard_error = defined.then_some(errors);
    result.size_standard_error = defined.then(|| tally.size_error().unwrap_or(0.0));
    Ok(result)
}

/// Refuses weights into a node that sum past 1, naming the node.
fn refuse_past_one(network: &DominoNetwork) -> Result<()> {
    let csr = network.csr();
    for j in 0..csr.nodes() {
        let sum: f64 = csr.incoming(j).map(|(_, weight, _)| weight).sum();
        if sum > 1.0 + 1e-9 {
            let name = network.node(j).map(|node| shown(&node.name)).unwrap_or_default();
            let wanted = "wanted 1 at the most under the rule `kempe`; `normalised` divides them by their sum";
            return Err(Error::argument(format!("weights into `{name}` sum to {sum}, {wanted}")));
        }
    }
    Ok(())
}
