//! The chance that a node is on at the start, for models whose nodes are on or off.

use super::{Propagation, Values};
use crate::kernels::filled;
use crate::network::DominoNetwork;
use crate::{Error, Result, shown};

/// Where a model of on and off starts.
#[derive(Debug, Clone)]
pub(super) struct Starts {
    /// Chance that each node is on at step 0; 1 or 0 where it is held.
    pub(super) chance: Vec<f64>,
    /// Nodes held on or off; empty where none is.
    pub(super) held: Vec<Option<bool>>,
}

/// What a run of on and off starts from: `start` with shocks added, then clamps.
///
/// # Errors
/// `Argument`: a `base`; nothing to start from; a start outside 0 to 1; a shock that removes a seed where there is none; a clamp that is
/// neither 0 nor 1; what [`Values::resolve`] refuses.
pub(super) fn starts(network: &DominoNetwork, propagation: &Propagation) -> Result<Starts> {
    let word = propagation.model.word();
    if propagation.base.is_some() {
        return Err(Error::argument(format!(
            "`base` has no meaning in `{word}`, whose nodes are on or off: give a `start`, `shocks` on it or a `clamp`"
        )));
    }
    let some = |values: &Option<Values>| values.as_ref().is_some_and(|v| !v.is_empty());
    if propagation.start.is_none() && (network.is_expanded() || !(some(&propagation.shocks) || some(&propagation.clamp))) {
        return Err(Error::argument(format!(
            "`{word}` starts from given states, found no `start`: give the chance, 0 to 1, that each node is on at step 0"
        )));
    }
    let name = |j: usize| network.node(j).map(|node| shown(&node.name)).unwrap_or_default();
    let mut chance = filled(network.len(), 0.0)?;
    if let Some(start) = &propagation.start {
        for (j, (chance, given)) in chance.iter_mut().zip(start.resolve("start", network)?).enumerate() {
            let given = given.unwrap_or(0.0);
            if !(0.0..=1.0).contains(&given) {
                let wanted = "wanted 0 to 1: the chance that the node is on at step 0";
                return Err(Error::argument(format!("`start` of `{}` is {given}, {wanted}", name(j))));
            }
            *chance = given;
        }
    }
    if let Some(shocks) = &propagation.shocks {
        for (j, (chance, shock)) in chance.iter_mut().zip(shocks.resolve("shocks", network)?).enumerate() {
            let shock = shock.unwrap_or(0.0);
            if shock < 0.0 && *chance == 0.0 {
                return Err(Error::argument(format!(
                    "`shocks` of `{}` is {shock}, but the node does not start on: an improvement in `{word}` is a removed seed or a clamp at 0",
                    name(j)
                )));
            }
            *chance = (*chance + shock).clamp(0.0, 1.0);
        }
    }
    let mut held = Vec::new();
    if let Some(clamp) = &propagation.clamp {
        held = filled(network.len(), None)?;
        let clamped = clamp.resolve("clamp", network)?.into_iter().enumerate();
        for ((j, given), (held, chance)) in clamped.zip(held.iter_mut().zip(&mut chance)) {
            let Some(given) = given else { continue };
            if given != 0.0 && given != 1.0 {
                return Err(Error::argument(format!(
                    "`clamp` of `{}` is {given}, wanted 0 (held off) or 1 (held on) in `{word}`",
                    name(j)
                )));
            }
            *held = Some(given == 1.0);
            *chance = given;
        }
    }
    Ok(Starts { chance, held })
}

/// Refuses a weight below 0, naming its edge.
pub(crate) fn refuse_negative(network: &DominoNetwork, word: &str) -> Result<()> {
    refuse_weights(network, |w| w < 0.0, &format!("wanted 0 or above: dampening has no meaning in `{word}`"))
}

/// Refuses the first weight that is not wanted, naming its edge.
pub(super) fn refuse_weights(network: &DominoNetwork, bad: impl Fn(f64) -> bool, wanted: &str) -> Result<()> {
    let csr = network.csr();
    let Some(edge) = csr.weights().iter().position(|w| bad(*w)) else { return Ok(()) };
    let row = csr.offsets().partition_point(|&start| start as usize <= edge).saturating_sub(1);
    let name = |j: usize| network.node(j).map(|node| shown(&node.name)).unwrap_or_default();
    let from = csr.sources().get(edge).map(|&i| name(i as usize)).unwrap_or_default();
    let weight = csr.weights().get(edge).copied().unwrap_or_default();
    Err(Error::argument(format!("weight of `{from}` -> `{}` is {weight}, {wanted}", name(row))))
}
