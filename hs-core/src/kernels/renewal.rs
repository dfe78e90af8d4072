//! Nodes that turn on and off: by themselves, through what is on, and back. Simulated, or followed as chances.
//!
//! All rates are hazards of one step, `λΔt`. A node that is off turns on with `1 - e^{-(a + b Σ_{on i} w)}`, one that is on turns off with `1 - e^{-r}`. An
//! edge of lag L is read L steps late; before step 0 nothing was on.
// Sources and rows come from a checked `Csr`; `Renewal::new` fixes the lengths of all other slices once.
#![allow(clippy::indexing_slicing)]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use rayon::prelude::*;

use crate::{Error, Result};

use super::counter::Counter;
use super::debt_rank::Outgoing;
use super::{Csr, Tick, cancelled, copied, filled, no_memory};

/// Hazards of one step, with the edges both ways.
#[derive(Debug)]
pub struct Renewal<'a> {
    csr: &'a Csr,
    outgoing: Outgoing,
    /// Weights of the outgoing edges in whole units, so that what is added can be taken away without a trace.
    units: Vec<i64>,
    unit: f64,
    lags: Vec<u32>,
    internal: &'a [f64],
    external: &'a [f64],
    recovery: &'a [f64],
    held: &'a [bool],
}

/// Runs that are simulated.
#[derive(Debug, Clone, Copy)]
pub struct Simulation<'a> {
    /// Chance that each node is on at step 0.
    pub start: &'a [f64],
    /// Number of runs.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Steps of each run.
    pub periods: u64,
    /// Whether to count every step, else the last alone.
    pub keep: bool,
}

/// What was counted over runs: whole numbers, so that no order of adding changes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Runs in which each node was on at the end.
    pub on: Vec<u64>,
    /// The same at every step, the start included, row by row.
    pub path: Option<Vec<u32>>,
    /// Sum over runs of the number of nodes on at the end.
    pub size: u128,
    /// Sum of its squares.
    pub squares: u128,
    /// Runs in which something could still move at the end.
    pub moving: u64,
}

/// Shown every step: its number, who is on, and who moved to what.
type See<'a> = dyn FnMut(u64, &[bool], &[(u32, bool)]) -> Result<()> + 'a;

/// Whole units that weights are counted in: the greatest sum of weights into a node takes 61 bits.
pub(super) fn unit_of(csr: &Csr) -> Result<f64> {
    let most = (0..csr.nodes()).map(|j| csr.incoming(j).map(|(_, w, _)| w.abs()).sum::<f64>()).fold(0.0, f64::max);
    if !most.is_finite() {
        return Err(Error::argument("the weights into one node add up to more than the largest number"));
    }
    Ok(2f64.powi((most.max(1e-280).log2().ceil() as i32) - 61))
}

/// A weight in units.
pub(super) fn in_units(weight: f64, unit: f64) -> i64 {
    (weight / unit).round() as i64
}

impl<'a> Renewal<'a> {
    /// # Errors
    /// `Argument` for a length that does not fit or a hazard that is negative or not finite; `Memory`.
    pub fn new(csr: &'a Csr, internal: &'a [f64], external: &'a [f64], recovery: &'a [f64], held: &'a [bool]) -> Result<Renewal<'a>> {
        let nodes = csr.nodes();
        for (name, hazards) in [("internal", internal), ("external", external), ("recovery", recovery)] {
            if hazards.len() != nodes {
                return Err(Error::argument(format!("`{name}` has {} values, wanted {nodes}", hazards.len())));
            }
            if let Some(bad) = hazards.iter().find(|h| !(h.is_finite() && **h >= 0.0)) {
                return Err(Error::argument(format!("`{name}` has the hazard {bad}, wanted finite numbers, 0 or above")));
            }
        }
        if !held.is_empty() && held.len() != nodes {
            return Err(Error::argument(format!("`clamp` has {} values, wanted {nodes}", held.len())));
        }
        let outgoing = Outgoing::new(csr)?;
        let unit = unit_of(csr)?;
        let mut units = filled(csr.edges(), 0i64)?;
        for (units, weight) in units.iter_mut().zip(&outgoing.weights) {
            *units = in_units(*weight, unit);
        }
        let mut lags: Vec<u32> = if outgoing.lags.is_empty() { vec![0] } else { copied(&outgoing.lags)? };
        lags.sort_unstable();
        lags.dedup();
        Ok(Renewal { csr, outgoing, units, unit, lags, internal, external, recovery, held })
    }

    fn is_held(&self, j: usize) -> bool {
        !self.held.is_empty() && self.held[j]
    }

    /// Chance that a node moves in a step.
    fn chance(&self, j: usize, on: bool, pressure: i64) -> f64 {
        if self.is_held(j) {
            0.0
        } else if on {
            -(-self.recovery[j]).exp_m1()
        } else {
            -(-(self.internal[j] + self.external[j] * (pressure as f64 * self.unit))).exp_m1()
        }
    }

    /// Makes the runs, on all threads; the numbers depend on seed, run, step and node alone.
    ///
    /// # Errors
    /// `Argument` for starts that do not fit; `Memory`, `Cancelled`.
    pub fn simulate(&self, simulation: &Simulation<'_>, tick: Tick<'_>) -> Result<Counts> {
        let nodes = self.csr.nodes();
        if simulation.start.len() != nodes {
            return Err(Error::argument(format!("`start` has {} values, wanted {nodes}", simulation.start.len())));
        }
        let rows = match (simulation.keep, usize::try_from(simulation.periods).ok().and_then(|p| p.checked_add(1))) {
            (false, _) => 0,
            (true, Some(rows)) => rows.checked_mul(nodes).ok_or_else(|| no_memory(usize::MAX, 4))?,
            (true, None) => return Err(no_memory(usize::MAX, 4)),
        };
        let (next, stop) = (AtomicU32::new(0), AtomicBool::new(false));
        let pool = if (simulation.runs as usize) < 2 { 0 } else { rayon::current_num_threads().min(simulation.runs as usize) };
        let mut parts: Vec<Option<Result<Counts>>> = Vec::new();
        parts.resize_with(pool, || None);
        // The caller's thread works too, and is the one that looks at the tick.
        let mine = rayon::in_place_scope(|scope| {
            for part in &mut parts {
                let (next, stop) = (&next, &stop);
                scope.spawn(move |_| *part = Some(self.worker(simulation, rows, next, stop, &|| true)));
            }
            let look = || tick(u64::from(next.load(Ordering::Relaxed)));
            self.worker(simulation, rows, &next, &stop, &look)
        });
        let mut counts = mine?;
        for part in parts.into_iter().flatten() {
            counts.add(&part?);
        }
        // The last runs of the other threads end after the caller's own.
        if tick(u64::from(simulation.runs)) { Ok(counts) } else { Err(cancelled()) }
    }

    /// Takes runs until none is left.
    fn worker(
        &self,
        simulation: &Simulation<'_>,
        rows: usize,
        next: &AtomicU32,
        stop: &AtomicBool,
        look: &dyn Fn() -> bool,
    ) -> Result<Counts> {
        let nodes = self.csr.nodes();
        let path = if simulation.keep { Some(filled(rows, 0u32)?) } else { None };
        let mut counts = Counts { on: filled(nodes, 0u64)?, path, size: 0, squares: 0, moving: 0 };
        let mut scratch = Scratch::new(self)?;
        loop {
            let run = next.fetch_add(1, Ordering::Relaxed);
            if run >= simulation.runs {
                return Ok(counts);
            }
            let mut count = |step: u64, on: &[bool], _: &[(u32, bool)]| {
                if let Some(path) = &mut counts.path {
                    let row = &mut path[step as usize * nodes..(step as usize + 1) * nodes];
                    row.iter_mut().zip(on).for_each(|(count, on)| *count += u32::from(*on));
                }
                if stop.load(Ordering::Relaxed) || !look() {
                    stop.store(true, Ordering::Relaxed);
                    return Err(cancelled());
                }
                Ok(())
            };
            let moving = self.run(simulation, run, &mut scratch, &mut count)?;
            counts.moving += u64::from(moving);
            let mut size = 0u128;
            for (count, on) in counts.on.iter_mut().zip(&scratch.on) {
                *count += u64::from(*on);
                size += u128::from(*on);
            }
            counts.size += size;
            counts.squares += size * size;
        }
    }

    /// One run; `see` is shown every state with the nodes that moved. Whether something could still move at the end.
    pub(super) fn run(&self, simulation: &Simulation<'_>, run: u32, scratch: &mut Scratch, see: &mut See<'_>) -> Result<bool> {
        scratch.clear();
        let slots = scratch.moved.len() as u64;
        let (numbers, nodes) = (Counter::new(simulation.seed, u64::from(run)), scratch.on.len() as u64);
        let uniform = |step: u64, j: usize| numbers.uniform(step.wrapping_mul(nodes).wrapping_add(j as u64));
        for (j, chance) in simulation.start.iter().enumerate() {
            let on = *chance >= 1.0 || (*chance > 0.0 && uniform(0, j) < *chance);
            if on {
                scratch.on[j] = true;
                scratch.chance[j] = self.chance(j, true, 0);
                scratch.push(0, (j as u32, true))?;
            }
        }
        see(0, &scratch.on, &scratch.moved[0])?;
        let (mut moving, mut last_moved) = (true, 0u64);
        for step in 1..=simulation.periods {
            for &lag in &self.lags {
                if let Some(then) = (step - 1).checked_sub(u64::from(lag)) {
                    self.press((then % slots) as usize, lag, scratch);
                }
            }
            let slot = (step % slots) as usize;
            scratch.moved[slot].clear();
            moving = false;
            for j in 0..scratch.on.len() {
                let chance = scratch.chance[j];
                moving |= chance > 0.0;
                if chance > 0.0 && uniform(step, j) < chance {
                    scratch.push(slot, (j as u32, !scratch.on[j]))?;
                }
            }
            for k in 0..scratch.moved[slot].len() {
                let (j, on) = scratch.moved[slot][k];
                let j = j as usize;
                scratch.on[j] = on;
                scratch.chance[j] = self.chance(j, on, scratch.pressure[j]);
            }
            see(step, &scratch.on, &scratch.moved[slot])?;
            if !scratch.moved[slot].is_empty() {
                last_moved = step;
            }
            // What moved may still be on its way along a lag.
            moving |= step - last_moved <= u64::from(self.csr.longest_lag());
            if !moving {
                for step in step + 1..=simulation.periods {
                    see(step, &scratch.on, &[])?;
                }
                break;
            }
        }
        Ok(moving)
    }

    /// What moved at a step weighs on what it feeds along edges of one lag.
    fn press(&self, slot: usize, lag: u32, scratch: &mut Scratch) {
        for k in 0..scratch.moved[slot].len() {
            let (i, on) = scratch.moved[slot][k];
            let mut edges = self.outgoing.offsets[i as usize]..self.outgoing.offsets[i as usize + 1];
            if !self.outgoing.lags.is_empty() {
                let row = &self.outgoing.lags[edges.clone()];
                let first = edges.start;
                edges = first + row.partition_point(|l| *l < lag)..first + row.partition_point(|l| *l <= lag);
            }
            for edge in edges {
                let j = self.outgoing.targets[edge] as usize;
                scratch.pressure[j] += if on { self.units[edge] } else { -self.units[edge] };
                if !scratch.on[j] {
                    scratch.chance[j] = self.chance(j, false, scratch.pressure[j]);
                }
            }
        }
    }

    /// Chances step by step, as if nodes were independent; before step 0 nothing was on.
    ///
    /// # Errors
    /// `Argument` for starts that do not fit; `Memory`, `Cancelled`, and what `see` gives.
    pub fn mean_field(
        &self,
        start: &[f64],
        max_steps: u64,
        tolerance: f64,
        see: &mut dyn FnMut(u64, &[f64]) -> Result<()>,
        tick: Tick<'_>,
    ) -> Result<MeanField> {
        let nodes = self.csr.nodes();
        if start.len() != nodes {
            return Err(Error::argument(format!("`start` has {} values, wanted {nodes}", start.len())));
        }
        let mut passing = filled(self.csr.edges(), 0.0)?;
        for j in 0..nodes {
            for edge in self.csr.row(j) {
                passing[edge] = -(-self.external[j] * self.csr.weights()[edge]).exp_m1();
            }
        }
        let slots = self.csr.longest_lag() as usize + 1;
        let length = nodes.checked_mul(slots).ok_or_else(|| no_memory(usize::MAX, 8))?;
        let mut ring = filled(length, 0.0)?;
        ring[..nodes].copy_from_slice(start);
        let mut next = filled(nodes, 0.0)?;
        let mut kept = copied(&ring)?;
        let (mut kept_at, mut kept_slot, mut keep_next) = (0u64, 0usize, 1u64);
        let (mut now, mut quiet, mut step) = (0usize, 0usize, 0u64);
        let mut end = None;
        see(0, start)?;
        while end.is_none() && step < max_steps {
            step += 1;
            let past = |lag: usize| {
                let slot = (now + slots - lag) % slots;
                &ring[slot * nodes..(slot + 1) * nodes]
            };
            let change = self.follow(&passing, &past, &mut next, step, tick)?;
            now = (now + 1) % slots;
            ring[now * nodes..(now + 1) * nodes].copy_from_slice(&next);
            see(step, &next)?;
            quiet = if change <= tolerance { quiet + 1 } else { 0 };
            if quiet >= slots {
                end = Some(None);
            } else if change > tolerance && kept_at > 0 {
                let within = tolerance.min(1e-12).min(1e-6 * change);
                let same = (0..slots).all(|ago| {
                    let at = |ring: &[f64], slot: usize, j: usize| ring[(slot + slots - ago) % slots * nodes + j];
                    (0..nodes).all(|j| (at(&ring, now, j) - at(&kept, kept_slot, j)).abs() <= within)
                });
                if same {
                    end = Some(Some(step - kept_at));
                }
            }
            if step == keep_next {
                kept.copy_from_slice(&ring);
                (kept_at, kept_slot) = (step, now);
                keep_next = keep_next.saturating_mul(2);
            }
        }
        let state = ring[now * nodes..(now + 1) * nodes].to_vec();
        let error_bound = match end {
            Some(Some(_)) => None,
            Some(None) | None => self.error_bound(&passing, &state, tick)?,
        };
        Ok(MeanField { state, steps: step, settled: end == Some(None), period: end.flatten(), error_bound })
    }

    /// One step of the chances into `next`; gives the greatest change.
    fn follow<'b>(
        &self,
        passing: &[f64],
        past: &(dyn Fn(usize) -> &'b [f64] + Sync),
        next: &mut [f64],
        step: u64,
        tick: Tick<'_>,
    ) -> Result<f64> {
        let present = past(0);
        let lagged = self.csr.longest_lag() > 0;
        let block = |first: usize, part: &mut [f64]| {
            let mut change = 0.0f64;
            for (k, x) in part.iter_mut().enumerate() {
                let j = first + k;
                *x = if self.is_held(j) {
                    present[j]
                } else {
                    let spared = self.csr.row(j).fold(1.0, |spared, edge| {
                        let source = if lagged { past(self.csr.lag(edge) as usize) } else { present };
                        spared * (1.0 - passing[edge] * source[self.csr.sources()[edge] as usize])
                    });
                    self.renewed(j, present[j], spared)
                };
                change = change.max((*x - present[j]).abs());
            }
            change
        };
        let threads = self.csr.edges() >= PARALLEL;
        let mut change = 0.0f64;
        for (s, section) in next.chunks_mut(SECTION).enumerate() {
            if !tick(step) {
                return Err(cancelled());
            }
            let first = s * SECTION;
            let part = if threads {
                section.par_chunks_mut(BLOCK).enumerate().map(|(b, part)| block(first + b * BLOCK, part)).reduce(|| 0.0, f64::max)
            } else {
                block(first, section)
            };
            change = change.max(part);
        }
        Ok(change)
    }

    /// The chance after a step, from the chance before and that of being spared by all that feeds.
    fn renewed(&self, j: usize, x: f64, spared: f64) -> f64 {
        x * (-self.recovery[j]).exp() + (1.0 - x) * (1.0 - (-self.internal[j]).exp() * spared)
    }

    /// As `bound::error_bound`: a box about the state that the map, lags aside, sends into itself. None where none is found.
    fn error_bound(&self, passing: &[f64], state: &[f64], tick: Tick<'_>) -> Result<Option<f64>> {
        let nodes = state.len();
        let sources = self.csr.sources();
        let mut residual = 0.0f64;
        for j in (0..nodes).filter(|&j| !self.is_held(j)) {
            let row = self.csr.row(j);
            let terms = row.len() as f64 + 8.0;
            let spared = row.fold(1.0, |spared, edge| spared * (1.0 - passing[edge] * state[sources[edge] as usize]));
            residual = residual.max((self.renewed(j, state[j], spared) - state[j]).abs() + f64::EPSILON * terms);
        }
        let mut edges = filled(self.csr.edges(), 0.0)?;
        let (mut own, mut v, mut next) = (filled(nodes, 0.0)?, filled(nodes, 1.0)?, filled(nodes, 1.0)?);
        for width in [1e-6, 1e-3, 1.0] {
            if 4.0 * residual > width {
                continue;
            }
            self.steepest(passing, state, width, &mut edges, &mut own);
            v.fill(1.0);
            for pass in 0..400u64 {
                if !tick(pass) {
                    return Err(cancelled());
                }
                let mut missing = f64::INFINITY;
                for j in 0..nodes {
                    let pulled = if self.is_held(j) {
                        0.0
                    } else {
                        self.csr.row(j).fold(own[j] * v[j], |sum, e| sum + edges[e] * v[sources[e] as usize])
                    };
                    missing = missing.min(v[j] - pulled);
                    next[j] = 1.0 + pulled;
                }
                if missing >= 0.5 {
                    let bound = residual * v.iter().copied().fold(0.0, f64::max) / missing * (1.0 + 1e-9);
                    if bound <= width {
                        return Ok(Some(bound));
                    }
                    break;
                }
                if next.iter().any(|x| *x > 1e12) {
                    break;
                }
                std::mem::swap(&mut v, &mut next);
            }
        }
        Ok(None)
    }

    /// Bounds on the magnitudes of the derivatives within `state ± width`, inside 0 to 1.
    fn steepest(&self, passing: &[f64], state: &[f64], width: f64, edges: &mut [f64], own: &mut [f64]) {
        let sources = self.csr.sources();
        for j in 0..state.len() {
            let row = self.csr.row(j);
            let alone = (-self.internal[j]).exp();
            let factor = |edge: usize, side: f64| 1.0 - passing[edge] * (state[sources[edge] as usize] + side * width).clamp(0.0, 1.0);
            let most: f64 = row.clone().map(|edge| factor(edge, -1.0)).product();
            let least: f64 = row.clone().map(|edge| factor(edge, 1.0)).product();
            let stays = (-self.recovery[j]).exp();
            own[j] = (stays - 1.0 + alone * least).abs().max((stays - 1.0 + alone * most).abs());
            let off = (1.0 - state[j] + width).min(1.0) * alone;
            for edge in row {
                let one = factor(edge, -1.0);
                let others = if one > 1e-9 { (most / one).min(1.0) } else { 1.0 };
                edges[edge] = off * passing[edge] * others;
            }
        }
    }
}

/// Where chances ended.
#[derive(Debug, Clone)]
pub struct MeanField {
    /// The last state.
    pub state: Vec<f64>,
    /// Steps made.
    pub steps: u64,
    /// Whether it came to rest.
    pub settled: bool,
    /// Steps after which states repeat, where they do.
    pub period: Option<u64>,
    /// No node is further than this from the fixed point; none where no bound is known.
    pub error_bound: Option<f64>,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.on.iter_mut().zip(&other.on).for_each(|(a, b)| *a += b);
        if let (Some(path), Some(other)) = (&mut self.path, &other.path) {
            path.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        }
        self.size += other.size;
        self.squares += other.squares;
        self.moving += other.moving;
    }
}

/// What one run needs, made once a thread.
#[derive(Debug)]
pub(super) struct Scratch {
    on: Vec<bool>,
    pressure: Vec<i64>,
    chance: Vec<f64>,
    /// Chances of nodes that are off under no pressure.
    quiet: Vec<f64>,
    /// Who moved and to what, for as many steps as lags reach back.
    moved: Vec<Vec<(u32, bool)>>,
}

impl Scratch {
    pub(super) fn new(renewal: &Renewal<'_>) -> Result<Scratch> {
        let nodes = renewal.csr.nodes();
        let mut quiet = filled(nodes, 0.0)?;
        quiet.iter_mut().enumerate().for_each(|(j, chance)| *chance = renewal.chance(j, false, 0));
        let moved = filled(renewal.csr.longest_lag() as usize + 2, Vec::new())?;
        Ok(Scratch { on: filled(nodes, false)?, pressure: filled(nodes, 0i64)?, chance: copied(&quiet)?, quiet, moved })
    }

    fn clear(&mut self) {
        self.on.fill(false);
        self.pressure.fill(0);
        self.chance.copy_from_slice(&self.quiet);
        self.moved.iter_mut().for_each(Vec::clear);
    }

    fn push(&mut self, slot: usize, moved: (u32, bool)) -> Result<()> {
        self.moved[slot].try_reserve(1).map_err(|_| no_memory(1, 8))?;
        self.moved[slot].push(moved);
        Ok(())
    }
}

/// Rows that one thread takes at a time: fixed, so that threads change no result.
const BLOCK: usize = 4096;
/// Rows between two looks at the tick.
const SECTION: usize = 64 * BLOCK;
/// Edges from which on threads pay.
const PARALLEL: usize = 1 << 17;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    fn csr(nodes: usize, edges: &[(u32, u32, f64, u32)]) -> Csr {
        let column = |f: fn(&(u32, u32, f64, u32)) -> u32| edges.iter().map(f).collect::<Vec<u32>>();
        let weights: Vec<f64> = edges.iter().map(|e| e.2).collect();
        Csr::from_edges(nodes, &column(|e| e.0), &column(|e| e.1), &weights, &column(|e| e.3)).unwrap()
    }

    fn hazard(chance: f64) -> f64 {
        -(1.0 - chance).ln()
    }

    fn simulation(start: &[f64], runs: u32, periods: u64) -> Simulation<'_> {
        Simulation { start, runs, seed: 7, periods, keep: false }
    }

    #[test]
    fn shares_agree_with_the_chain_worked_out_state_by_state() {
        // two nodes, 0 feeds 1 with weight 2
        let csr = csr(2, &[(0, 1, 2.0, 0)]);
        let (internal, external, recovery) = ([hazard(0.2), hazard(0.05)], [0.0, hazard(0.3)], [hazard(0.4), hazard(0.5)]);
        let renewal = Renewal::new(&csr, &internal, &external, &recovery, &[]).unwrap();
        let start = [0.5, 0.0];
        let runs = 20_000u32;
        let counts = renewal.simulate(&simulation(&start, runs, 6), &never).unwrap();
        // (0 on, 1 on) in the order 00, 10, 01, 11
        let mut chances = [0.5, 0.5, 0.0, 0.0];
        for _ in 0..6 {
            let mut next = [0.0; 4];
            for (state, chance) in chances.iter().enumerate() {
                let (a, b) = (state & 1 == 1, state & 2 == 2);
                let on_a = if a { 0.6 } else { 0.2 };
                let on_b = if b { 0.5 } else { 1.0 - 0.95 * if a { 0.7 * 0.7 } else { 1.0 } };
                for (to, share) in next.iter_mut().enumerate() {
                    let pa = if to & 1 == 1 { on_a } else { 1.0 - on_a };
                    let pb = if to & 2 == 2 { on_b } else { 1.0 - on_b };
                    *share += chance * pa * pb;
                }
            }
            chances = next;
        }
        for (count, p) in counts.on.iter().zip([chances[1] + chances[3], chances[2] + chances[3]]) {
            let share = *count as f64 / f64::from(runs);
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / f64::from(runs)).sqrt(), "{share} {p}");
        }
        // the size and its square are whole numbers of the same runs
        assert_eq!(counts.size, u128::from(counts.on[0] + counts.on[1]));
        let both = (counts.squares - counts.size) / 2;
        let share = both as f64 / f64::from(runs);
        assert!((share - chances[3]).abs() < 0.014 && counts.moving == u64::from(runs));
    }

    #[test]
    fn the_same_counts_on_any_number_of_threads() {
        let edges: Vec<_> = (0..600u32).map(|e| (e % 97, e * 31 % 97, 0.3 + f64::from(e % 5), e % 3)).collect();
        let csr = csr(97, &edges);
        let (rate, cure, start) = (vec![0.01; 97], vec![0.3; 97], vec![0.1; 97]);
        let renewal = Renewal::new(&csr, &rate, &rate, &cure, &[]).unwrap();
        let runs = Simulation { keep: true, ..simulation(&start, 50, 12) };
        let counts = [1, 2, 3, 8].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| renewal.simulate(&runs, &never).unwrap())
        });
        assert!(counts.windows(2).all(|pair| pair[0] == pair[1]));
        let path = counts[0].path.as_ref().unwrap();
        assert_eq!(path.len(), 13 * 97);
        assert!(path[12 * 97..].iter().zip(&counts[0].on).all(|(a, b)| u64::from(*a) == *b));
        let other = Simulation { seed: 8, ..runs };
        assert_ne!(renewal.simulate(&other, &never).unwrap(), counts[0]);
        assert_eq!(renewal.simulate(&runs, &|_| false).unwrap_err().kind, crate::ErrorKind::Cancelled);
    }

    #[test]
    fn pressure_is_taken_away_without_a_trace_and_lags_delay_it() {
        // 0 is on at first and turns off at once; 1 turns on for sure while pressed, never else
        let csr = csr(2, &[(0, 1, 0.1, 2)]);
        let (none, sure) = ([0.0, 0.0], [0.0, 1e9]);
        let renewal = Renewal::new(&csr, &none, &sure, &[1e9, 1e9], &[]).unwrap();
        let mut scratch = Scratch::new(&renewal).unwrap();
        let mut path = Vec::new();
        let mut see = |_: u64, on: &[bool], _: &[(u32, bool)]| {
            path.push(on.to_vec());
            Ok(())
        };
        let moving = renewal.run(&simulation(&[1.0, 0.0], 1, 7), 0, &mut scratch, &mut see).unwrap();
        let ones: Vec<bool> = path.iter().map(|on| on[1]).collect();
        // on at 0, off at 1: felt at 3, gone at 4
        assert_eq!(ones, [false, false, false, true, false, false, false, false]);
        assert!(!moving && scratch.pressure == [0, 0]);
    }

    #[test]
    fn held_nodes_stay_and_nothing_moves_without_rates() {
        let csr = csr(3, &[(0, 1, 1.0, 0)]);
        let none = [0.0; 3];
        let renewal = Renewal::new(&csr, &none, &[1e9; 3], &[1e9; 3], &[true, false, true]).unwrap();
        let counts = renewal.simulate(&simulation(&[1.0, 0.0, 0.0], 4, 3), &never).unwrap();
        assert_eq!(counts.on, [4, 4, 0]);
        let still = Renewal::new(&csr, &none, &none, &none, &[]).unwrap();
        let counts = still.simulate(&simulation(&[1.0, 0.0, 0.0], 4, 50), &never).unwrap();
        assert_eq!((counts.on, counts.moving), (vec![4, 0, 0], 0));
        assert!(Renewal::new(&csr, &[0.0, -1.0, 0.0], &none, &none, &[]).is_err());
        assert!(Renewal::new(&csr, &[0.0], &none, &none, &[]).is_err());
    }

    fn rest(renewal: &Renewal<'_>, start: &[f64], max_steps: u64, tolerance: f64) -> MeanField {
        renewal.mean_field(start, max_steps, tolerance, &mut |_, _| Ok(()), &never).unwrap()
    }

    #[test]
    fn the_mean_field_rests_where_turning_on_and_off_balance() {
        let csr = csr(2, &[(0, 1, 1.0, 1)]);
        let (internal, external, recovery) = ([hazard(0.1), 0.0], [0.0, hazard(0.5)], [hazard(0.3), hazard(0.2)]);
        let renewal = Renewal::new(&csr, &internal, &external, &recovery, &[]).unwrap();
        let ran = rest(&renewal, &[0.0, 0.0], 1000, 1e-13);
        // x = 0.1 / 0.4; then q = 0.5 x and x = q / (q + 0.2)
        let second = 0.125 / 0.325;
        assert!((ran.state[0] - 0.25).abs() < 1e-11 && (ran.state[1] - second).abs() < 1e-11, "{ran:?}");
        assert!(ran.settled && ran.error_bound.unwrap() < 1e-10);
        let short = rest(&renewal, &[0.0, 0.0], 20, 1e-13);
        assert!(!short.settled && (short.state[1] - second).abs() <= short.error_bound.unwrap());
        // what turns over at every step swings
        let sure = [1e9, 1e9];
        let swing = Renewal::new(&csr, &sure, &[0.0; 2], &sure, &[]).unwrap();
        let ran = rest(&swing, &[1.0, 0.0], 1000, 1e-9);
        assert_eq!((ran.period, ran.error_bound), (Some(2), None));
    }
}
