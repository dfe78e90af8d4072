//! Runs of distress (DebtRank) and of alternating renewal on a domino network.

use super::network::unweighted;
use super::result::PropagationResult;
use super::run::Ran;
use super::starts::{refuse_negative, starts};
use super::{AlternatingRenewal, DebtRank, DebtRankVariant, Keep, Model, PerNode, Propagation, RenewalMethod, Values};
use crate::kernels::fixpoint::End;
use crate::kernels::renewal::{Counts, Renewal, Simulation};
use crate::kernels::{Tick, debt_rank, filled, no_memory};
use crate::network::DominoNetwork;
use crate::tables::Note;
use crate::{Error, Result, shown};

/// Runs a model of distress or renewal.
pub(super) fn run(network: &DominoNetwork, propagation: &Propagation, tick: Tick<'_>) -> Result<PropagationResult> {
    propagation.model.check()?;
    refuse_negative(network, propagation.model.word())?;
    let mut notes: Vec<Note> = network.notes().to_vec();
    notes.extend(unweighted(network));
    match &propagation.model {
        Model::DebtRank(model) => distress(network, propagation, model, notes, tick),
        Model::AlternatingRenewal(model) => renewal(network, propagation, model, notes, tick),
        other => Err(Error::internal(format!("`{}` is no model of distress or renewal", other.word()))),
    }
}

/// States that a run is shown, kept where they are asked for.
struct Kept(Option<Vec<f64>>);

impl Kept {
    fn new(keep: Keep) -> Kept {
        Kept((keep == Keep::Trajectory).then(Vec::new))
    }

    fn see(&mut self, state: &[f64]) -> Result<()> {
        if let Some(kept) = &mut self.0 {
            kept.try_reserve(state.len()).map_err(|_| no_memory(state.len(), size_of::<f64>()))?;
            kept.extend_from_slice(state);
        }
        Ok(())
    }
}

fn distress(
    network: &DominoNetwork,
    propagation: &Propagation,
    model: &DebtRank,
    mut notes: Vec<Note>,
    tick: Tick<'_>,
) -> Result<PropagationResult> {
    let (start, held) = levels(network, propagation)?;
    let worth = match &model.value {
        Some(value) => given(network, value, "value", "default-value", "count for nothing in `value`", &mut notes)?,
        None => {
            let message = "`value` weighs every node alike, 1 over their number: no worth was given";
            notes.push(Note::new("equal-value", message, Vec::<String>::new()));
            filled(network.len(), 1.0 / network.len().max(1) as f64)?
        }
    };
    let linear = model.variant == DebtRankVariant::Linear;
    let past_one = network.csr().weights().iter().filter(|w| **w > 1.0).count();
    if past_one > 0 {
        let message = format!("{past_one} weights are past 1 and act as they are; Battiston et al. cap them at 1 beforehand");
        notes.push(Note::new("weight-past-one", message, Vec::<String>::new()));
    }
    let settings = debt_rank::DebtRank {
        csr: network.csr(),
        start: &start,
        held: &held,
        linear,
        max_steps: propagation.max_steps,
        tolerance: propagation.tolerance,
    };
    let mut kept = Kept::new(propagation.keep);
    let ran = settings.run(&mut |_, state| kept.see(state), tick)?;
    let lost: f64 = ran.state.iter().zip(&start).zip(&worth).map(|((h, from), v)| (h - from) * v).sum();
    let end = if ran.settled { End::Converged } else { End::StepLimit };
    let ran = Ran { state: ran.state, trajectory: kept.0, end, steps: ran.steps, error_bound: Some(ran.error_bound), shown: None };
    let mut result = propagation.lift(network, ran, notes);
    result.value = Some(lost);
    Ok(result)
}

/// Distress at step 0, shocks added, and the nodes that keep it.
fn levels(network: &DominoNetwork, propagation: &Propagation) -> Result<(Vec<f64>, Vec<bool>)> {
    let refused = |message: String| Err(Error::argument(message));
    if propagation.base.is_some() {
        return refused("`base` has no meaning in `debt-rank`: distress starts where `start` or `shocks` put it".into());
    }
    let some = |values: &Option<Values>| values.as_ref().is_some_and(|v| !v.is_empty());
    if propagation.start.is_none() && (network.is_expanded() || !(some(&propagation.shocks) || some(&propagation.clamp))) {
        return refused("`debt-rank` starts from given states, found no `start`: give the distress, 0 to 1, of each node at step 0".into());
    }
    let name = |j: usize| network.node(j).map(|node| shown(&node.name)).unwrap_or_default();
    let resolved = |what: &str, values: &Option<Values>| match values {
        Some(values) => values.resolve(what, network),
        None => filled(network.len(), None),
    };
    let mut levels = filled(network.len(), 0.0)?;
    let mut held = filled(if some(&propagation.clamp) { network.len() } else { 0 }, false)?;
    let (start, shocks) = (resolved("start", &propagation.start)?, resolved("shocks", &propagation.shocks)?);
    for (j, (level, (start, shock))) in levels.iter_mut().zip(start.into_iter().zip(shocks)).enumerate() {
        let (start, shock) = (start.unwrap_or(0.0), shock.unwrap_or(0.0));
        if !(0.0..=1.0).contains(&start) {
            return refused(format!("`start` of `{}` is {start}, wanted 0 to 1: its distress at step 0", name(j)));
        }
        if shock < 0.0 && start == 0.0 {
            return refused(format!(
                "`shocks` of `{}` is {shock}, but the node starts without distress: an improvement in `debt-rank` is less of a start or a clamp",
                name(j)
            ));
        }
        *level = (start + shock).clamp(0.0, 1.0);
    }
    let clamp = resolved("clamp", &propagation.clamp)?.into_iter();
    for ((j, clamp), (held, level)) in clamp.enumerate().zip(held.iter_mut().zip(&mut levels)) {
        if let Some(clamp) = clamp {
            if !(0.0..=1.0).contains(&clamp) {
                return refused(format!("`clamp` of `{}` is {clamp}, wanted 0 to 1: the distress it keeps", name(j)));
            }
            (*held, *level) = (true, clamp);
        }
    }
    Ok((levels, held))
}

/// A number of each node; those that are not named get 0, with a note.
fn given(
    network: &DominoNetwork,
    values: &PerNode,
    what: &str,
    code: &'static str,
    message: &str,
    notes: &mut Vec<Note>,
) -> Result<Vec<f64>> {
    let resolved = values.resolve(what, network)?;
    let missing = network.nodes().iter().zip(&resolved).filter(|(_, value)| value.is_none());
    let missing: Vec<String> = missing.map(|(node, _)| node.name.to_string()).collect();
    if !missing.is_empty() {
        notes.push(Note::counted(code, "node", message, missing));
    }
    Ok(resolved.into_iter().map(Option::unwrap_or_default).collect())
}

fn renewal(
    network: &DominoNetwork,
    propagation: &Propagation,
    model: &AlternatingRenewal,
    mut notes: Vec<Note>,
    tick: Tick<'_>,
) -> Result<PropagationResult> {
    let starts = starts(network, propagation)?;
    let held: Vec<bool> = starts.held.iter().map(Option::is_some).collect();
    let mut hazards = |what: &str, rates: &PerNode| -> Result<Vec<f64>> {
        let message = format!("have no rate `{what}` and take 0");
        let mut rates = given(network, rates, what, "default-rate", &message, &mut notes)?;
        rates.iter_mut().for_each(|rate| *rate *= model.step);
        Ok(rates)
    };
    let internal = hazards("internal", &model.internal)?;
    let external = hazards("external", &model.external)?;
    let recovery = hazards("recovery", &model.recovery)?;
    let kernel = Renewal::new(network.csr(), &internal, &external, &recovery, &held)?;
    if model.method == RenewalMethod::MeanField {
        let mut kept = Kept::new(propagation.keep);
        let ran = kernel.mean_field(&starts.chance, propagation.max_steps, propagation.tolerance, &mut |_, state| kept.see(state), tick)?;
        if model.periods != AlternatingRenewal::default().periods {
            let message = "the mean field steps until it rests, `max_steps` at the most: `periods` is of a simulation alone";
            notes.push(Note::new("periods-not-used", message, Vec::<String>::new()));
        }
        let end = match (ran.period, ran.settled) {
            (Some(period), _) => End::Cycle(period),
            (None, true) => End::Converged,
            (None, false) => End::StepLimit,
        };
        let size = ran.state.iter().sum();
        let ran = Ran { state: ran.state, trajectory: kept.0, end, steps: ran.steps, error_bound: ran.error_bound, shown: None };
        let mut result = propagation.lift(network, ran, notes);
        result.size = Some(size);
        return Ok(result);
    }
    let simulation = Simulation {
        start: &starts.chance,
        runs: model.runs,
        seed: model.seed,
        periods: model.periods,
        keep: propagation.keep == Keep::Trajectory,
    };
    let counts = kernel.simulate(&simulation, tick)?;
    if counts.moving > 0 {
        let message = format!("nodes go on turning on and off: states are those after {} steps", model.periods);
        notes.push(Note::new("goes-on", message, Vec::<String>::new()));
    }
    Ok(simulated(network, propagation, model, &counts, notes))
}

/// Shares, standard errors and sizes from what was counted.
fn simulated(
    network: &DominoNetwork,
    propagation: &Propagation,
    model: &AlternatingRenewal,
    counts: &Counts,
    mut notes: Vec<Note>,
) -> PropagationResult {
    let runs = f64::from(model.runs);
    let state: Vec<f64> = counts.on.iter().map(|on| *on as f64 / runs).collect();
    let trajectory = counts.path.as_ref().map(|path| path.iter().map(|on| f64::from(*on) / runs).collect());
    let size = counts.size as f64 / runs;
    let (mut errors, mut size_error) = (None, None);
    if model.runs > 1 {
        errors = Some(state.iter().map(|p| (p * (1.0 - p) / (runs - 1.0)).sqrt()).collect());
        // Whole numbers throughout: runs times the sum of squares less the square of the sum.
        let spread = u128::from(model.runs).saturating_mul(counts.squares).saturating_sub(counts.size.saturating_mul(counts.size));
        size_error = Some((spread as f64 / (runs * runs * (runs - 1.0))).sqrt());
    } else {
        notes.push(Note::new("undefined-standard-error", "one run has no standard error", Vec::<String>::new()));
    }
    let end = if counts.moving > 0 { End::StepLimit } else { End::Converged };
    let ran = Ran { state, trajectory, end, steps: model.periods, error_bound: None, shown: None };
    let mut result = propagation.lift(network, ran, notes);
    result.standard_error = errors;
    result.size = Some(size);
    result.size_standard_error = size_error;
    result.runs = Some(model.runs);
    result
}
