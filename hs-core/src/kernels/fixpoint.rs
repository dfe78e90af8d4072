//! Synchronous steps of a map until they settle, repeat, diverge or run out.
// Lengths are checked in `settle` before the first step.
#![allow(clippy::indexing_slicing)]

use crate::{Error, Result};

use super::map::{Forcing, Map, Past};
use super::{Tick, copied, filled, no_memory};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The greatest change was within tolerance.
    Converged,
    /// The states repeat with this period.
    Cycle(u64),
    /// The steps ran out.
    StepLimit,
    /// A state left the finite numbers.
    Diverging,
}

/// What a run starts from, is subject to and stops at.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// State at step 0.
    pub start: &'a [f64],
    /// State before step 0; none: as at step 0.
    pub before: Option<&'a [f64]>,
    /// Shock, held nodes, halved steps.
    pub forcing: Forcing<'a>,
    /// Whether the shock acts in the first step only.
    pub pulse: bool,
    /// Whether edges act without their lags.
    pub without_lags: bool,
    /// Steps at the most.
    pub max_steps: u64,
    /// Greatest change at which to stop; none: run every step.
    pub tolerance: Option<f64>,
}

/// Where a run ended.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The last state.
    pub state: Vec<f64>,
    /// How it ended.
    pub end: End,
    /// Steps made.
    pub steps: u64,
    /// Greatest change in the last step.
    pub change: f64,
}

/// States larger than this count as diverging, well before sums of them overflow.
const HUGE: f64 = 1e150;

/// Runs a map; `see` is shown every state, the start included.
///
/// A run with lags has settled when as many steps as the longest lag, and one more, stayed within tolerance: until then something may
/// still be under way. A repetition is told by comparing the whole window of states that lags reach with one kept from an earlier step
/// (at powers of two, after Brent); it must agree to 1e-12 and a millionth of the change per step, so that a slowly damped swing does not pass
/// for a cycle.
///
/// # Errors
/// `Argument` for a length that does not fit, `Memory`, `Cancelled`, and what `see` gives.
pub fn settle(map: &Map<'_>, run: &Run<'_>, see: &mut dyn FnMut(u64, &[f64]) -> Result<()>, tick: Tick<'_>) -> Result<Settled> {
    let nodes = map.csr.nodes();
    check(map, run)?;
    let lag = if run.without_lags { 0 } else { map.csr.longest_lag() as usize };
    let slots = lag + 1;
    let length = nodes.checked_mul(slots).ok_or_else(|| no_memory(usize::MAX, 8))?;
    let mut ring = filled(length, 0.0)?;
    for slot in ring.chunks_mut(nodes.max(1)) {
        slot.copy_from_slice(run.before.unwrap_or(run.start));
    }
    ring[..nodes].copy_from_slice(run.start);
    let mut next = filled(nodes, 0.0)?;
    let mut kept: Vec<f64> = copied(&ring)?;
    let (mut kept_at, mut kept_slot, mut keep_next) = (0u64, 0usize, 1u64);
    let mut now = 0;
    let mut quiet = 0;
    let mut change = 0.0;
    see(0, run.start)?;
    for step in 1..=run.max_steps {
        let mut forcing = run.forcing;
        if run.pulse && step > 1 {
            forcing.shock = &[];
        }
        let past = Past { ring: &ring, nodes, slots, now };
        change = map.step(&past, &forcing, &mut next, step, tick)?;
        let diverges = change > HUGE;
        if diverges && next.iter().any(|x| !x.is_finite()) {
            // The last finite state is the one to show.
            return Ok(Settled { state: last(ring, nodes, now), end: End::Diverging, steps: step - 1, change });
        }
        if slots == 1 {
            std::mem::swap(&mut ring, &mut next);
        } else {
            now = (now + 1) % slots;
            ring[now * nodes..(now + 1) * nodes].copy_from_slice(&next);
        }
        let present = &ring[now * nodes..(now + 1) * nodes];
        see(step, present)?;
        if diverges {
            return Ok(Settled { state: last(ring, nodes, now), end: End::Diverging, steps: step, change });
        }
        let Some(tolerance) = run.tolerance else { continue };
        quiet = if change <= tolerance { quiet + 1 } else { 0 };
        if quiet > lag {
            return Ok(Settled { state: last(ring, nodes, now), end: End::Converged, steps: step, change });
        }
        if change > tolerance {
            let within = tolerance.min(1e-12).min(1e-6 * change);
            let same = |ago: usize| {
                let here = Past { ring: &ring, nodes, slots, now }.ago(ago);
                let there = Past { ring: &kept, nodes, slots, now: kept_slot }.ago(ago);
                here.iter().zip(there).all(|(a, b)| (a - b).abs() <= within * a.abs().max(1.0))
            };
            // A period counts from a window made by steps alone, the shock of a pulse behind it.
            if kept_at > u64::from(run.pulse) && (0..slots).all(same) {
                return Ok(Settled { state: last(ring, nodes, now), end: End::Cycle(step - kept_at), steps: step, change });
            }
        }
        if step == keep_next {
            kept.copy_from_slice(&ring);
            (kept_at, kept_slot) = (step, now);
            keep_next = keep_next.saturating_mul(2);
        }
    }
    Ok(Settled { state: last(ring, nodes, now), end: End::StepLimit, steps: run.max_steps, change })
}

/// The present state, without a copy where the ring is no more than that.
fn last(ring: Vec<f64>, nodes: usize, now: usize) -> Vec<f64> {
    if ring.len() == nodes { ring } else { ring[now * nodes..(now + 1) * nodes].to_vec() }
}

fn check(map: &Map<'_>, run: &Run<'_>) -> Result<()> {
    map.check()?;
    let nodes = map.csr.nodes();
    let lengths = [
        ("start", run.start.len(), false),
        ("before", run.before.map_or(nodes, <[f64]>::len), false),
        ("shocks", run.forcing.shock.len(), true),
        ("clamp", run.forcing.held.len(), true),
    ];
    for (name, length, optional) in lengths {
        if length != nodes && !(optional && length == 0) {
            return Err(Error::argument(format!("`{name}` has {length} values, wanted {nodes}")));
        }
    }
    if run.tolerance.is_some_and(|t| !t.is_finite() || t < 0.0) {
        return Err(Error::argument("`tolerance` must be a finite number, 0 or above"));
    }
    Ok(())
}
