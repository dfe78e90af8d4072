//! One run for every draw: side by side where the model allows it, else each on a network of its own.

use rayon::prelude::*;

use super::parameters::{Evens, Parameters};
use crate::kernels::ensemble::{Drawn, Ensemble};
use crate::kernels::spread::Quantiles;
use crate::kernels::{Tick, cancelled, filled, never, no_memory};
use crate::network::{DominoNetwork, DoubtOrigin};
use crate::propagation::ensemble::SideBySide;
use crate::propagation::{Model, Propagation, Status};
use crate::{ErrorKind, Result};

/// Drawn numbers held at one time.
const HELD: usize = 1 << 22;
/// Draws of one batch at the most.
const BATCH: usize = 1024;
/// Parameters whose numbers one thread draws at a time.
const BLOCK: usize = 32;
/// Edges up to which whole draws go to threads; larger networks use threads within a draw.
const SMALL: usize = 1 << 15;

/// How one draw went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Went {
    /// It ran and ended so.
    Ended(Status),
    /// It has no answer: loops that grow, or a baseline that nothing returns to.
    Undefined,
}

impl Went {
    pub(super) fn word(self) -> &'static str {
        match self {
            Went::Ended(status) => status.word(),
            Went::Undefined => "undefined",
        }
    }
}

/// A run, ready to be made with drawn numbers.
pub(super) struct Runs<'a> {
    network: &'a DominoNetwork,
    propagation: &'a Propagation,
    parameters: &'a Parameters,
    pub(super) side_by_side: Option<SideBySide>,
    /// Whether each draw has random numbers of its own beside those of its parameters.
    pub(super) own_seeds: bool,
}

impl<'a> Runs<'a> {
    /// The settings must have passed a run of the point.
    ///
    /// # Errors
    /// As [`Propagation::run`].
    pub(super) fn new(
        network: &'a DominoNetwork,
        propagation: &'a Propagation,
        parameters: &'a Parameters,
        tick: Tick<'_>,
    ) -> Result<Self> {
        let mut most: Vec<f64> = network.csr().weights().iter().map(|w| w.abs()).collect();
        let edges_alone = parameters.stated().iter().all(|s| s.origin == DoubtOrigin::Edge);
        for (place, index, _) in &parameters.doubts.weights {
            if let Some(most) = most.get_mut(*place as usize) {
                *most = parameters.most(*index as usize);
            }
        }
        let side_by_side = if edges_alone { propagation.side_by_side(network, most, tick)? } else { None };
        Ok(Runs { network, propagation, parameters, side_by_side, own_seeds: true })
    }

    /// How many draws to make at a time.
    pub(super) fn batch(&self) -> usize {
        let states = HELD / self.network.len().max(1);
        (HELD / self.parameters.len().max(1)).min(4 * states).clamp(8, BATCH) / 8 * 8
    }

    /// Whether a draw that ended so has a state to count.
    pub(super) fn counts(&self, went: Went) -> bool {
        match went {
            Went::Ended(Status::Converged) => true,
            // It runs for so many periods and is not meant to come to rest.
            Went::Ended(Status::NotConverged) => matches!(self.propagation.model, Model::AlternatingRenewal(_)),
            Went::Ended(Status::Cycle | Status::Diverging) | Went::Undefined => false,
        }
    }

    /// Makes the draws from `first` on, as many as `states` has room for.
    ///
    /// # Errors
    /// As [`Propagation::run`]; what has no answer in one draw is told of that draw.
    pub(super) fn make(&self, evens: &dyn Evens, first: usize, states: &mut [f64], tick: Tick<'_>) -> Result<Vec<Went>> {
        let nodes = self.network.len();
        let draws = states.len().checked_div(nodes).unwrap_or(0);
        // A stride of a power of two would put every edge of a draw into the same lines of the cache.
        let stride = draws.next_multiple_of(8) + 8;
        let count = self.parameters.len();
        let mut values = filled(count.checked_mul(stride).ok_or_else(|| no_memory(usize::MAX, 8))?, 0.0)?;
        values.par_chunks_mut(BLOCK * stride).enumerate().for_each(|(block, rows)| {
            let mut quantiles = Quantiles::new();
            for (k, row) in rows.chunks_mut(stride).enumerate() {
                let row = row.get_mut(..draws).unwrap_or_default();
                let parameter = block * BLOCK + k;
                evens.fill(parameter, first, row);
                self.parameters.spread(parameter, &mut quantiles, row);
            }
        });
        match &self.side_by_side {
            Some(shared) => self.together(shared, &Drawn { values: &values, stride, draws }, states, tick),
            None => self.apart(&values, stride, first, states, tick),
        }
    }

    fn together(&self, shared: &SideBySide, drawn: &Drawn<'_>, states: &mut [f64], tick: Tick<'_>) -> Result<Vec<Went>> {
        let mut places = filled(self.parameters.len(), 0u32)?;
        for (place, index, _) in &self.parameters.doubts.weights {
            places.get_mut(*index as usize).into_iter().for_each(|slot| *slot = *place);
        }
        let map = shared.map(self.network.csr());
        let ensemble = Ensemble {
            map: &map,
            start: &shared.start,
            before: &shared.before,
            shock: &shared.shock,
            pulse: self.propagation.pulse,
            held: &shared.held,
            max_steps: self.propagation.max_steps,
            tolerance: self.propagation.tolerance,
            varying: &places,
        };
        Ok(ensemble.run(drawn, states, tick)?.into_iter().map(|ended| Went::Ended(ended.end.into())).collect())
    }

    fn apart(&self, values: &[f64], stride: usize, first: usize, states: &mut [f64], tick: Tick<'_>) -> Result<Vec<Went>> {
        let nodes = self.network.len().max(1);
        let one = |draw: usize, state: &mut [f64], tick: Tick<'_>| -> Result<Went> {
            let drawn = |index: u32| values.get(index as usize * stride + draw).copied().unwrap_or(0.0);
            let network = self.parameters.redrawn(self.network, &drawn)?;
            let of_draw = (first + draw) as u64;
            let propagation = if self.own_seeds { self.propagation.of_draw(of_draw) } else { std::borrow::Cow::Borrowed(self.propagation) };
            match propagation.run_with(&network, tick) {
                Ok(run) => {
                    state.copy_from_slice(&run.state);
                    Ok(Went::Ended(run.status))
                }
                Err(error) if matches!(error.kind, ErrorKind::Diverging | ErrorKind::Undefined) => Ok(Went::Undefined),
                Err(error) => Err(error),
            }
        };
        let mut went = Vec::with_capacity(states.len() / nodes);
        if self.network.csr().edges() > SMALL {
            for (draw, state) in states.chunks_mut(nodes).enumerate() {
                went.push(one(draw, state, tick)?);
            }
            return Ok(went);
        }
        // A few draws a thread between two looks at the tick.
        let wave = 2 * rayon::current_num_threads();
        for (at, wave_states) in states.chunks_mut(wave * nodes).enumerate() {
            if !tick((first + at * wave) as u64) {
                return Err(cancelled());
            }
            let made: Vec<Result<Went>> =
                wave_states.par_chunks_mut(nodes).enumerate().map(|(k, state)| one(at * wave + k, state, &never)).collect();
            for one in made {
                went.push(one?);
            }
        }
        Ok(went)
    }
}
