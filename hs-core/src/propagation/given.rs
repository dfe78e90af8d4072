//! Effects under models that start from given states: what was observed is the chance of starting on (distress: the level it starts at).

use super::effect::{Effect, Reads};
use super::{AnchorSettings, Keep, Model, Propagation, Status, Values};
use crate::Result;
use crate::kernels::{Tick, copied};
use crate::network::DominoNetwork;

/// A network whose nodes start from what was observed, and where that leads without a shock.
///
/// A worsening raises the chance of starting on, an improvement lowers it: it removes that share of the seeds. Runs with and without use the
/// same random numbers, so that a node whose chance is not moved starts in the same runs.
#[derive(Debug)]
pub(super) struct GivenStates {
    network: DominoNetwork,
    model: Model,
    settings: AnchorSettings,
    start: Vec<f64>,
    without: Reached,
}

/// Where a run leads: at rest, and after each horizon.
#[derive(Debug)]
struct Reached {
    status: Status,
    steps: u64,
    rest: Vec<f64>,
    horizons: Option<[Vec<f64>; 3]>,
}

impl GivenStates {
    /// Runs without a shock.
    ///
    /// # Errors
    /// `Argument` for links the model refuses, dampening ones among them; `Memory`, `Cancelled`.
    pub(super) fn new(
        network: &DominoNetwork,
        start: Vec<f64>,
        model: &Model,
        settings: &AnchorSettings,
        tick: Tick<'_>,
    ) -> Result<GivenStates> {
        settings.check()?;
        let network = network.redrawn(copied(network.csr().weights())?, Some(copied(&start)?))?;
        let without = reached(&network, model, settings, &start, true, tick)?;
        Ok(GivenStates { network, model: model.clone(), settings: settings.clone(), start, without })
    }

    /// State with a shock on the start less state without.
    pub(super) fn effect(&self, shock: &[f64], clamp: &[Option<f64>], reads: Reads, tick: Tick<'_>) -> Result<Effect> {
        let shocks = shock.iter().copied().chain(std::iter::repeat(0.0));
        let clamps = clamp.iter().copied().chain(std::iter::repeat(None));
        let moved: Vec<f64> =
            self.start.iter().zip(shocks).zip(clamps).map(|((x, d), clamp)| clamp.unwrap_or((x + d).clamp(0.0, 1.0))).collect();
        let with = reached(&self.network, &self.model, &self.settings, &moved, reads.periods, tick)?;
        let less = |with: &[f64], without: &[f64]| with.iter().zip(without).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let mut horizons = [None, None, None];
        if let (Some(with), Some(without)) = (&with.horizons, &self.without.horizons) {
            for (slot, (with, without)) in horizons.iter_mut().zip(with.iter().zip(without)) {
                *slot = Some(less(with, without));
            }
        }
        Ok(Effect {
            rest: reads.rest.then(|| less(&with.rest, &self.without.rest)),
            horizons,
            // means over runs have a standard error, and no bound
            error_bound: None,
            status: Some(with.status),
            iterations: with.steps,
            notes: Vec::new(),
        })
    }
}

fn reached(
    network: &DominoNetwork,
    model: &Model,
    settings: &AnchorSettings,
    start: &[f64],
    periods: bool,
    tick: Tick<'_>,
) -> Result<Reached> {
    let run = Propagation {
        model: model.clone(),
        start: Some(Values::from(start)),
        max_steps: settings.max_steps,
        tolerance: settings.tolerance,
        keep: if periods { Keep::Trajectory } else { Keep::State },
        certify: Some(false),
        ..Propagation::default()
    }
    .run_with(network, tick)?;
    let nodes = network.len();
    let after = |steps: u64| {
        let trajectory = run.trajectory.as_deref().unwrap_or_default();
        // a run that ended earlier stays where it ended
        let at = usize::try_from(steps).unwrap_or(usize::MAX).checked_mul(nodes);
        let state = at.and_then(|at| trajectory.get(at..at.checked_add(nodes)?));
        state.unwrap_or(&run.state).to_vec()
    };
    let horizons = periods.then(|| settings.horizons.map(after));
    Ok(Reached { status: run.status, steps: run.iterations, rest: run.state, horizons })
}
