//! Distress that each node passes on: once (Battiston et al. 2012), or for as long as it grows (Bardoscia et al. 2015).
// Sources and rows come from a checked `Csr`; `check` fixes the lengths of all other slices once.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use crate::{Error, Result};

use super::{Csr, Tick, cancelled, copied, filled, no_memory};

/// What a run is told.
#[derive(Debug, Clone, Copy)]
pub struct DebtRank<'a> {
    /// Incoming edges, none below 0.
    pub csr: &'a Csr,
    /// Distress at step 0, 0 to 1.
    pub start: &'a [f64],
    /// Nodes that keep it; empty: none.
    pub held: &'a [bool],
    /// Whether increments are passed on until they vanish, else each node passes its distress on once.
    pub linear: bool,
    /// Steps at the most.
    pub max_steps: u64,
    /// Greatest increment still under way at which to stop (linear).
    pub tolerance: f64,
}

/// Where distress ended.
#[derive(Debug, Clone)]
pub struct Distressed {
    /// The last state.
    pub state: Vec<f64>,
    /// Steps made.
    pub steps: u64,
    /// Whether nothing is under way any more (linear: within tolerance).
    pub settled: bool,
    /// No node is further than this from where it would end, rounding aside.
    pub error_bound: f64,
}

impl DebtRank<'_> {
    /// Runs; `see` is shown every state, the start included.
    ///
    /// # Errors
    /// `Argument` for a length that does not fit, `Memory`, `Cancelled`, and what `see` gives.
    pub fn run(&self, see: &mut dyn FnMut(u64, &[f64]) -> Result<()>, tick: Tick<'_>) -> Result<Distressed> {
        let nodes = self.csr.nodes();
        for (name, length, optional) in [("start", self.start.len(), false), ("clamp", self.held.len(), true)] {
            if length != nodes && !(optional && length == 0) {
                return Err(Error::argument(format!("`{name}` has {length} values, wanted {nodes}")));
            }
        }
        if self.linear { self.by_increments(see, tick) } else { self.once(see, tick) }
    }

    fn is_held(&self, j: usize) -> bool {
        !self.held.is_empty() && self.held[j]
    }

    /// Each node passes on once, in the step after it first became distressed; every edge is walked once.
    fn once(&self, see: &mut dyn FnMut(u64, &[f64]) -> Result<()>, tick: Tick<'_>) -> Result<Distressed> {
        let outgoing = Outgoing::new(self.csr)?;
        let nodes = self.csr.nodes();
        let mut state = copied(self.start)?;
        // What a node passes on is its distress when it first became distressed.
        let mut passed = filled(nodes, 0.0)?;
        let mut cursor = filled(nodes, 0u32)?;
        // Nodes that have edges due at a step, as lists threaded through `next`, one for each lag that may still be awaited.
        let slots = self.csr.longest_lag() as usize + 2;
        let mut heads = filled(slots, NOBODY)?;
        let mut next = filled(nodes, NOBODY)?;
        let (mut fresh, mut waiting) = (Vec::new(), 0usize);
        fresh.try_reserve_exact(nodes).map_err(|_| no_memory(nodes, 4))?;
        let mut touched = filled(nodes, false)?;
        let mut list: Vec<u32> = Vec::new();
        list.try_reserve_exact(nodes).map_err(|_| no_memory(nodes, 4))?;
        fresh.extend((0..nodes as u32).filter(|&j| state[j as usize] > 0.0));
        see(0, &state)?;
        let mut step = 0u64;
        let mut walked = 0usize;
        loop {
            for &i in &fresh {
                let i = i as usize;
                passed[i] = state[i];
                cursor[i] = outgoing.offsets[i] as u32;
                waiting += usize::from(outgoing.wait(i, cursor[i], step, &mut heads, &mut next));
            }
            fresh.clear();
            if waiting == 0 || step == self.max_steps {
                break;
            }
            step += 1;
            let slot = (step % slots as u64) as usize;
            let mut i = std::mem::replace(&mut heads[slot], NOBODY);
            while i != NOBODY {
                let (node, after) = (i as usize, next[i as usize]);
                let lag = outgoing.lag(cursor[node] as usize);
                let end = outgoing.offsets[node + 1];
                let mut edge = cursor[node] as usize;
                while edge < end && outgoing.lag(edge) == lag {
                    let j = outgoing.targets[edge] as usize;
                    if !self.is_held(j) && outgoing.weights[edge] > 0.0 {
                        if !touched[j] {
                            touched[j] = true;
                            list.push(j as u32);
                            if state[j] == 0.0 {
                                fresh.push(j as u32);
                            }
                        }
                        state[j] += outgoing.weights[edge] * passed[node];
                    }
                    edge += 1;
                    walked += 1;
                    if walked.is_multiple_of(1 << 20) && !tick(step) {
                        return Err(cancelled());
                    }
                }
                cursor[node] = edge as u32;
                waiting -= 1;
                // Due steps count from when it became distressed: what is left of its lag lies ahead of this step.
                waiting += usize::from(outgoing.wait(node, cursor[node], step.wrapping_sub(u64::from(lag) + 1), &mut heads, &mut next));
                i = after;
            }
            for &j in &list {
                state[j as usize] = state[j as usize].min(1.0);
                touched[j as usize] = false;
            }
            list.clear();
            // A weight so small that nothing arrived is no distress.
            fresh.retain(|&j| state[j as usize] > 0.0);
            if !tick(step) {
                return Err(cancelled());
            }
            see(step, &state)?;
        }
        let settled = waiting == 0;
        let error_bound = if settled { 0.0 } else { self.room(&state) };
        Ok(Distressed { state, steps: step, settled, error_bound })
    }

    /// Every increment travels on: `h(t+1) = min(1, h(t) + Σ w (h(t-L) - h(t-L-1)))`, 0 before the start.
    fn by_increments(&self, see: &mut dyn FnMut(u64, &[f64]) -> Result<()>, tick: Tick<'_>) -> Result<Distressed> {
        let nodes = self.csr.nodes();
        let slots = self.csr.longest_lag() as usize + 1;
        let length = nodes.checked_mul(slots).ok_or_else(|| no_memory(usize::MAX, 8))?;
        let mut state = copied(self.start)?;
        let mut ring = filled(length, 0.0)?;
        ring[..nodes].copy_from_slice(self.start);
        let mut fresh = filled(nodes, 0.0)?;
        // Greatest increment of each step that some lag still awaits.
        let mut greatest = filled(slots, 0.0f64)?;
        greatest[0] = self.start.iter().copied().fold(0.0, f64::max);
        let (mut now, mut step) = (0usize, 0u64);
        see(0, &state)?;
        let under_way = |greatest: &[f64]| greatest.iter().copied().fold(0.0, f64::max);
        while under_way(&greatest) > self.tolerance && step < self.max_steps {
            step += 1;
            greatest[(now + 1) % slots] = self.increments(&ring, slots, now, &state, &mut fresh, step, tick)?;
            now = (now + 1) % slots;
            ring[now * nodes..(now + 1) * nodes].copy_from_slice(&fresh);
            for (h, increment) in state.iter_mut().zip(&fresh) {
                // An increment that closes the gap closes it to the last bit.
                *h = if *increment >= 1.0 - *h { 1.0 } else { *h + increment };
            }
            see(step, &state)?;
        }
        let settled = under_way(&greatest) <= self.tolerance;
        let error_bound = self.still_to_come(&ring, nodes, &state);
        Ok(Distressed { state, steps: step, settled, error_bound })
    }

    /// Increments of one step into `fresh`; gives the greatest.
    #[allow(clippy::too_many_arguments)] // the parts of one step
    fn increments(
        &self,
        ring: &[f64],
        slots: usize,
        now: usize,
        state: &[f64],
        fresh: &mut [f64],
        step: u64,
        tick: Tick<'_>,
    ) -> Result<f64> {
        let nodes = state.len();
        let one = |j: usize| {
            if self.is_held(j) || state[j] >= 1.0 {
                return 0.0;
            }
            let arrived: f64 = self
                .csr
                .incoming(j)
                .map(|(i, w, lag)| w * ring[(now + slots - lag as usize) % slots * nodes + i])
                .fold(0.0, |sum, part| sum + part);
            arrived.min(1.0 - state[j])
        };
        let block = |first: usize, part: &mut [f64]| {
            let mut most = 0.0f64;
            for (k, increment) in part.iter_mut().enumerate() {
                *increment = one(first + k);
                most = most.max(*increment);
            }
            most
        };
        let threads = self.csr.edges() >= PARALLEL;
        let mut most = 0.0f64;
        for (s, section) in fresh.chunks_mut(SECTION).enumerate() {
            if !tick(step) {
                return Err(cancelled());
            }
            let first = s * SECTION;
            let part = if threads {
                section.par_chunks_mut(BLOCK).enumerate().map(|(b, part)| block(first + b * BLOCK, part)).reduce(|| 0.0, f64::max)
            } else {
                block(first, section)
            };
            most = most.max(part);
        }
        Ok(most)
    }

    /// What increments under way can still add: nodes take in at most c times what all of them have to give, c the greatest sum of
    /// incoming weights, so that below 1 the rest is at most c P / (1 - c); and never more than the room up to 1.
    fn still_to_come(&self, ring: &[f64], nodes: usize, state: &[f64]) -> f64 {
        if ring.iter().all(|increment| *increment == 0.0) {
            return 0.0;
        }
        let pending = (0..nodes).map(|j| ring.iter().skip(j).step_by(nodes).sum::<f64>()).fold(0.0, f64::max);
        let into = |j: usize| if self.is_held(j) { 0.0 } else { self.csr.incoming(j).map(|(_, w, _)| w).sum::<f64>() };
        let most = (0..nodes).map(into).fold(0.0, f64::max);
        let room = self.room(state);
        if most < 1.0 { room.min(most * pending / (1.0 - most)) } else { room }
    }

    /// The greatest distance to 1 of a node that something can reach.
    fn room(&self, state: &[f64]) -> f64 {
        let reachable = (0..state.len()).filter(|&j| !self.is_held(j) && !self.csr.row(j).is_empty());
        reachable.map(|j| 1.0 - state[j]).fold(0.0, f64::max)
    }
}

/// Nobody, where a node is wanted.
const NOBODY: u32 = u32::MAX;
/// Rows that one thread takes at a time: fixed, so that threads change no result.
const BLOCK: usize = 4096;
/// Rows between two looks at the tick.
const SECTION: usize = 64 * BLOCK;
/// Edges from which on threads pay.
const PARALLEL: usize = 1 << 17;

/// Edges by source; within one source the shortest lag first, then by target.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) offsets: Vec<usize>,
    pub(super) targets: Vec<u32>,
    pub(super) weights: Vec<f64>,
    /// Empty when every lag is 0.
    pub(super) lags: Vec<u32>,
}

impl Outgoing {
    pub(super) fn new(csr: &Csr) -> Result<Outgoing> {
        let (nodes, edges) = (csr.nodes(), csr.edges());
        let mut offsets = filled(nodes + 1, 0usize)?;
        for &i in csr.sources() {
            offsets[i as usize + 1] += 1;
        }
        for i in 0..nodes {
            offsets[i + 1] += offsets[i];
        }
        let mut place = copied(&offsets)?;
        let mut targets = filled(edges, 0u32)?;
        let mut weights = filled(edges, 0.0)?;
        let mut lags = filled(csr.lags().len(), 0u32)?;
        for j in 0..nodes {
            for (i, w, lag) in csr.incoming(j) {
                targets[place[i]] = j as u32;
                weights[place[i]] = w;
                if !lags.is_empty() {
                    lags[place[i]] = lag;
                }
                place[i] += 1;
            }
        }
        if !lags.is_empty() {
            let mut row: Vec<(u32, u32, f64)> = Vec::new();
            for i in 0..nodes {
                let edges = offsets[i]..offsets[i + 1];
                row.clear();
                row.try_reserve(edges.len()).map_err(|_| no_memory(edges.len(), 16))?;
                row.extend(edges.clone().map(|e| (lags[e], targets[e], weights[e])));
                row.sort_by_key(|(lag, ..)| *lag);
                for (e, (lag, target, weight)) in edges.zip(&row) {
                    (lags[e], targets[e], weights[e]) = (*lag, *target, *weight);
                }
            }
        }
        Ok(Outgoing { offsets, targets, weights, lags })
    }

    pub(super) fn lag(&self, edge: usize) -> u32 {
        self.lags.get(edge).copied().unwrap_or(0)
    }

    /// Puts a node on the list of the step at which its edge at `cursor` is due; false where it has none left.
    fn wait(&self, node: usize, cursor: u32, since: u64, heads: &mut [u32], next: &mut [u32]) -> bool {
        if cursor as usize >= self.offsets[node + 1] {
            return false;
        }
        let due = since.wrapping_add(1 + u64::from(self.lag(cursor as usize)));
        let slot = (due % heads.len() as u64) as usize;
        next[node] = std::mem::replace(&mut heads[slot], node as u32);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    fn run(nodes: usize, edges: &[(u32, u32, f64, u32)], start: &[f64], held: &[bool], linear: bool) -> (Vec<Vec<f64>>, Distressed) {
        let column = |f: fn(&(u32, u32, f64, u32)) -> u32| edges.iter().map(f).collect::<Vec<u32>>();
        let weights: Vec<f64> = edges.iter().map(|e| e.2).collect();
        let csr = Csr::from_edges(nodes, &column(|e| e.0), &column(|e| e.1), &weights, &column(|e| e.3)).unwrap();
        let mut seen = Vec::new();
        let mut see = |_: u64, state: &[f64]| {
            seen.push(state.to_vec());
            Ok(())
        };
        let ran = DebtRank { csr: &csr, start, held, linear, max_steps: 1000, tolerance: 1e-12 }.run(&mut see, &never).unwrap();
        (seen, ran)
    }

    fn near(found: &[f64], wanted: &[f64]) {
        assert!(found.len() == wanted.len() && found.iter().zip(wanted).all(|(f, w)| (f - w).abs() < 1e-12), "{found:?} {wanted:?}");
    }

    #[test]
    fn each_passes_on_once_and_the_other_variant_until_nothing_is_left() {
        // a ring of two with 0.5, and 1 -> 2 with 0.4
        let edges = [(0, 1, 0.5, 0), (1, 0, 0.5, 0), (1, 2, 0.4, 0)];
        let (seen, once) = run(3, &edges, &[0.4, 0.0, 0.0], &[], false);
        near(&seen[1], &[0.4, 0.2, 0.0]);
        near(&seen[2], &[0.5, 0.2, 0.08]);
        // node 0 was distressed from the start and has passed on already
        near(&once.state, &[0.5, 0.2, 0.08]);
        assert!(once.settled && once.error_bound == 0.0);
        let (_, linear) = run(3, &edges, &[0.4, 0.0, 0.0], &[], true);
        // 0.4 / (1 - 0.25), half of it, and 0.4 of that
        near(&linear.state, &[0.4 / 0.75, 0.2 / 0.75, 0.08 / 0.75]);
        assert!(linear.settled && linear.error_bound < 1e-11);
        let off: Vec<f64> = linear.state.iter().zip([0.4 / 0.75, 0.2 / 0.75, 0.08 / 0.75]).map(|(a, b)| (a - b).abs()).collect();
        assert!(off.iter().all(|d| *d <= linear.error_bound + 1e-15));
    }

    #[test]
    fn what_a_node_passes_on_is_its_distress_when_it_first_became_distressed() {
        // 0 reaches 1 at once and over 2; 1 passes on 0.1 of the first arrival alone
        let edges = [(0, 1, 0.1, 0), (0, 2, 1.0, 0), (2, 1, 0.5, 0), (1, 3, 1.0, 0)];
        let (_, once) = run(4, &edges, &[1.0, 0.0, 0.0, 0.0], &[], false);
        near(&once.state, &[1.0, 0.6, 1.0, 0.1]);
        let (_, linear) = run(4, &edges, &[1.0, 0.0, 0.0, 0.0], &[], true);
        near(&linear.state, &[1.0, 0.6, 1.0, 0.6]);
    }

    #[test]
    fn distress_stops_at_one_and_a_closed_ring_fills() {
        let edges = [(0, 1, 1.0, 0), (1, 0, 1.0, 0)];
        let (_, linear) = run(2, &edges, &[0.3, 0.0], &[], true);
        assert!(linear.settled && linear.state == [1.0, 1.0], "{linear:?}");
        let (_, once) = run(2, &edges, &[0.3, 0.9], &[], false);
        near(&once.state, &[1.0, 1.0]);
    }

    #[test]
    fn lags_move_what_arrives_and_not_how_much() {
        let edges = [(0, 1, 0.5, 2), (0, 2, 0.5, 0), (1, 2, 0.5, 1), (0, 2, 0.1, 2)];
        let (seen, once) = run(3, &edges, &[0.8, 0.0, 0.0], &[], false);
        near(&seen[1], &[0.8, 0.0, 0.4]);
        near(&seen[2], &[0.8, 0.0, 0.4]);
        near(&seen[3], &[0.8, 0.4, 0.48]);
        near(&seen[4], &[0.8, 0.4, 0.48]);
        near(&seen[5], &[0.8, 0.4, 0.68]);
        assert_eq!(once.steps, 5);
        let (lagged, linear) = run(3, &edges, &[0.8, 0.0, 0.0], &[], true);
        near(&lagged[3], &[0.8, 0.4, 0.48]);
        near(&linear.state, &once.state);
        let at_once: Vec<_> = edges.iter().map(|(i, j, w, _)| (*i, *j, *w, 0)).collect();
        near(&run(3, &at_once, &[0.8, 0.0, 0.0], &[], true).1.state, &linear.state);
    }

    #[test]
    fn held_nodes_keep_what_they_have_and_pass_it_on() {
        let edges = [(0, 1, 0.5, 0), (1, 2, 0.5, 0)];
        for linear in [false, true] {
            near(&run(3, &edges, &[0.8, 0.0, 0.0], &[false, true, false], linear).1.state, &[0.8, 0.0, 0.0]);
            near(&run(3, &edges, &[0.8, 0.2, 0.0], &[false, true, false], linear).1.state, &[0.8, 0.2, 0.1]);
        }
    }

    #[test]
    fn a_run_out_of_steps_says_so_and_its_bound_holds() {
        let csr = Csr::from_edges(2, &[0, 1], &[1, 0], &[0.9, 0.9], &[]).unwrap();
        let start = [0.05, 0.0];
        let settings = DebtRank { csr: &csr, start: &start, held: &[], linear: true, max_steps: 5, tolerance: 1e-12 };
        let ran = settings.run(&mut |_, _| Ok(()), &never).unwrap();
        let wanted = 0.05 / (1.0 - 0.81);
        assert!(!ran.settled && ran.steps == 5 && wanted - ran.state[0] <= ran.error_bound);
        let stopped = settings.run(&mut |_, _| Ok(()), &|_| false).unwrap_err();
        assert_eq!(stopped.kind, crate::ErrorKind::Cancelled);
        let short = DebtRank { start: &[0.1], ..settings };
        assert!(short.run(&mut |_, _| Ok(()), &never).is_err());
    }
}
