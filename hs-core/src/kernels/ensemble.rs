//! Many runs of one map side by side, each with its own weights: eight draws a lane, each of which stops by itself.
// Lengths are checked in `Ensemble::run`; sources and rows come from a checked `Csr`.
#![allow(clippy::indexing_slicing, clippy::needless_range_loop)] // loops over lanes read several of them at one place

use std::ops::Range;

use rayon::prelude::*;

use super::fixpoint::End;
use super::map::{Formula, Map, Shape};
use super::{Tick, cancelled, filled, no_memory};
use crate::{Error, Result};

/// Draws that run side by side.
pub const WIDTH: usize = 8;
/// Lanes that stand idle before they are filled again: filling takes a pass over the weights whatever the number of lanes.
const FILL: usize = 4;
/// States larger than this count as diverging.
const HUGE: f64 = 1e150;
/// Visits of edges, lane by lane, between two looks at the tick.
const VISITS: usize = 1 << 24;

type Lane = [f64; WIDTH];

/// A map, where it starts and when it stops; what varies from draw to draw is the weights of some edges.
#[derive(Debug, Clone, Copy)]
pub struct Ensemble<'a> {
    /// The map with the weights that do not vary.
    pub map: &'a Map<'a>,
    /// State at step 0.
    pub start: &'a [f64],
    /// State before step 0.
    pub before: &'a [f64],
    /// Added to each state after the map; empty: nothing.
    pub shock: &'a [f64],
    /// Whether the shock acts in the first step only.
    pub pulse: bool,
    /// Nodes that keep their state; empty: none.
    pub held: &'a [bool],
    /// Steps at the most.
    pub max_steps: u64,
    /// Greatest change at which to stop.
    pub tolerance: f64,
    /// Places of the edges that vary, in the order of [`Csr::weights`](super::Csr::weights).
    pub varying: &'a [u32],
}

/// Weights by draw: that of varying edge k in draw d stands at `k * stride + d`.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// The weights.
    pub values: &'a [f64],
    /// From one edge to the next; draws at the least.
    pub stride: usize,
    /// Number of draws.
    pub draws: usize,
}

/// How one draw ended, and after how many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub end: End,
    /// Steps made.
    pub steps: u64,
}

impl Ensemble<'_> {
    /// Runs every draw; `states` takes the last state of each, draw by draw.
    ///
    /// A draw that diverges leaves a state that has no meaning. Each draw does what it would do alone (as [`settle`](super::fixpoint::settle)
    /// does it, but for the last bits of transfer functions), so that threads and neighbours change nothing.
    ///
    /// # Complexity
    /// Linear in edges, steps and draws; memory for `WIDTH` weights an edge and a thread.
    ///
    /// # Errors
    /// `Argument` for a length that does not fit; `Memory`, `Cancelled`.
    pub fn run(&self, drawn: &Drawn<'_>, states: &mut [f64], tick: Tick<'_>) -> Result<Vec<Ended>> {
        self.check(drawn, states.len())?;
        let mut ended = filled(drawn.draws, Ended { end: End::StepLimit, steps: 0 })?;
        let nodes = self.map.csr.nodes();
        if drawn.draws == 0 || nodes == 0 {
            // Nothing moves where nothing is.
            ended.fill(Ended { end: End::Converged, steps: 1 });
            return Ok(ended);
        }
        let parts = rayon::current_num_threads().clamp(1, drawn.draws.div_ceil(WIDTH));
        let each = drawn.draws.div_ceil(parts);
        let mut runners = Vec::with_capacity(parts);
        for (part, (states, ended)) in states.chunks_mut(each * nodes).zip(ended.chunks_mut(each)).enumerate() {
            let draws = part * each..(part * each + ended.len());
            runners.push(Runner::new(self, draws, states, ended)?);
        }
        let budget = (VISITS / (WIDTH * (self.map.csr.edges() + nodes))).max(1);
        loop {
            let done: u64 = runners.iter().map(|runner| runner.finished).sum();
            if !tick(done) {
                return Err(cancelled());
            }
            if done == drawn.draws as u64 {
                break;
            }
            if let [runner] = runners.as_mut_slice() {
                runner.advance(self, drawn, budget);
            } else {
                runners.par_iter_mut().for_each(|runner| runner.advance(self, drawn, budget));
            }
        }
        drop(runners);
        Ok(ended)
    }

    fn check(&self, drawn: &Drawn<'_>, states: usize) -> Result<()> {
        self.map.check()?;
        let (nodes, edges) = (self.map.csr.nodes(), self.map.csr.edges());
        for (name, length, optional) in [
            ("start", self.start.len(), false),
            ("before", self.before.len(), false),
            ("shocks", self.shock.len(), true),
            ("clamp", self.held.len(), true),
        ] {
            if length != nodes && !(optional && length == 0) {
                return Err(Error::argument(format!("`{name}` has {length} values, wanted {nodes}")));
            }
        }
        if self.varying.iter().any(|&e| e as usize >= edges) {
            return Err(Error::argument(format!("a varying edge lies outside the {edges} edges")));
        }
        let wanted = self.varying.len().checked_sub(1).map_or(Some(0), |last| last.checked_mul(drawn.stride)?.checked_add(drawn.draws));
        if drawn.stride < drawn.draws || wanted.is_none_or(|wanted| drawn.values.len() < wanted) {
            return Err(Error::argument("fewer weights were drawn than there are varying edges times draws"));
        }
        if drawn.draws.checked_mul(nodes) != Some(states) {
            return Err(Error::argument(format!("room for {states} states, wanted {} draws of {nodes}", drawn.draws)));
        }
        if !(self.tolerance.is_finite() && self.tolerance >= 0.0) {
            return Err(Error::argument("`tolerance` must be a finite number, 0 or above"));
        }
        Ok(())
    }
}

/// What is known of the draw in one lane.
#[derive(Debug, Clone, Copy, Default)]
struct Under {
    draw: Option<usize>,
    steps: u64,
    quiet: u64,
    kept_at: u64,
    kept_slot: usize,
    keep_next: u64,
}

/// One thread's lanes, its share of the draws and the room for what they come to.
struct Runner<'o> {
    weights: Vec<Lane>,
    ring: Vec<Lane>,
    next: Vec<Lane>,
    kept: Vec<Lane>,
    slots: usize,
    now: usize,
    lanes: [Under; WIDTH],
    queue: Range<usize>,
    first: usize,
    finished: u64,
    states: &'o mut [f64],
    ended: &'o mut [Ended],
}

impl<'o> Runner<'o> {
    fn new(ensemble: &Ensemble<'_>, draws: Range<usize>, states: &'o mut [f64], ended: &'o mut [Ended]) -> Result<Self> {
        let csr = ensemble.map.csr;
        let nodes = csr.nodes();
        let slots = csr.longest_lag() as usize + 1;
        let room = nodes.checked_mul(slots).ok_or_else(|| no_memory(usize::MAX, size_of::<Lane>()))?;
        let mut weights = filled(csr.edges(), [0.0; WIDTH])?;
        for (lanes, weight) in weights.iter_mut().zip(csr.weights()) {
            *lanes = [*weight; WIDTH];
        }
        Ok(Runner {
            weights,
            ring: filled(room, [0.0; WIDTH])?,
            next: filled(nodes, [0.0; WIDTH])?,
            kept: filled(room, [0.0; WIDTH])?,
            slots,
            now: 0,
            lanes: [Under::default(); WIDTH],
            first: draws.start,
            queue: draws,
            finished: 0,
            states,
            ended,
        })
    }

    /// So many steps, or until every draw has ended.
    fn advance(&mut self, ensemble: &Ensemble<'_>, drawn: &Drawn<'_>, steps: usize) {
        for _ in 0..steps {
            let idle = self.lanes.iter().filter(|lane| lane.draw.is_none()).count();
            if idle == WIDTH && self.queue.is_empty() {
                return;
            }
            if idle >= FILL && !self.queue.is_empty() {
                self.fill(ensemble, drawn);
            }
            let changes = self.step(ensemble);
            for lane in 0..WIDTH {
                if self.lanes[lane].draw.is_some() {
                    self.judge(ensemble, lane, changes[lane]);
                }
            }
        }
    }

    /// Puts waiting draws into idle lanes.
    fn fill(&mut self, ensemble: &Ensemble<'_>, drawn: &Drawn<'_>) {
        let mut fresh = [(0usize, 0usize); WIDTH];
        let mut count = 0;
        for lane in 0..WIDTH {
            if self.lanes[lane].draw.is_none()
                && let Some(draw) = self.queue.next()
            {
                self.lanes[lane] = Under { draw: Some(draw), keep_next: 1, ..Under::default() };
                fresh[count] = (lane, draw);
                count += 1;
            }
        }
        let fresh = &fresh[..count];
        for (k, &edge) in ensemble.varying.iter().enumerate() {
            let row = &drawn.values[k * drawn.stride..k * drawn.stride + drawn.draws];
            let lanes = &mut self.weights[edge as usize];
            for &(lane, draw) in fresh {
                lanes[lane] = row[draw];
            }
        }
        let nodes = ensemble.start.len();
        for (slot, states) in self.ring.chunks_mut(nodes).enumerate() {
            let from = if slot == self.now { ensemble.start } else { ensemble.before };
            for (lanes, x) in states.iter_mut().zip(from) {
                for &(lane, _) in fresh {
                    lanes[lane] = *x;
                }
            }
        }
    }

    fn step(&mut self, ensemble: &Ensemble<'_>) -> Lane {
        // A pulse acts on lanes in their first step only.
        let acts = self.lanes.map(|lane| if !ensemble.pulse || lane.steps == 0 { 1.0 } else { 0.0 });
        let step = Step {
            map: ensemble.map,
            shock: ensemble.shock,
            held: ensemble.held,
            acts,
            weights: &self.weights,
            ring: &self.ring,
            slots: self.slots,
            now: self.now,
            next: &mut self.next,
        };
        let changes = pulp::Arch::new().dispatch(step);
        if self.slots == 1 {
            std::mem::swap(&mut self.ring, &mut self.next);
        } else {
            self.now = (self.now + 1) % self.slots;
            let nodes = self.next.len();
            self.ring[self.now * nodes..(self.now + 1) * nodes].copy_from_slice(&self.next);
        }
        changes
    }

    /// Whether a lane has come to an end, as [`settle`](super::fixpoint::settle) tells it.
    fn judge(&mut self, ensemble: &Ensemble<'_>, lane: usize, change: f64) {
        let mut under = self.lanes[lane];
        under.steps += 1;
        under.quiet = if change <= ensemble.tolerance { under.quiet + 1 } else { 0 };
        let end = if change > HUGE || change.is_nan() {
            Some(End::Diverging)
        } else if under.quiet >= self.slots as u64 {
            Some(End::Converged)
        } else if change > ensemble.tolerance
            && under.kept_at > u64::from(ensemble.pulse)
            && self.repeats(lane, &under, ensemble.tolerance, change)
        {
            Some(End::Cycle(under.steps - under.kept_at))
        } else if under.steps >= ensemble.max_steps {
            Some(End::StepLimit)
        } else {
            None
        };
        if end.is_none() && under.steps == under.keep_next {
            for (kept, state) in self.kept.iter_mut().zip(&self.ring) {
                kept[lane] = state[lane];
            }
            (under.kept_at, under.kept_slot) = (under.steps, self.now);
            under.keep_next = under.keep_next.saturating_mul(2);
        }
        if let (Some(end), Some(draw)) = (end, under.draw) {
            let nodes = self.next.len();
            let at = draw - self.first;
            self.ended[at] = Ended { end, steps: under.steps };
            let present = &self.ring[self.now * nodes..(self.now + 1) * nodes];
            for (state, lanes) in self.states[at * nodes..(at + 1) * nodes].iter_mut().zip(present) {
                *state = lanes[lane];
            }
            under.draw = None;
            self.finished += 1;
        }
        self.lanes[lane] = under;
    }

    fn repeats(&self, lane: usize, under: &Under, tolerance: f64, change: f64) -> bool {
        let within = tolerance.min(1e-12).min(1e-6 * change);
        let nodes = self.next.len();
        (0..self.slots).all(|ago| {
            let slot = |now: usize| (now + self.slots - ago) % self.slots * nodes;
            let here = &self.ring[slot(self.now)..slot(self.now) + nodes];
            let there = &self.kept[slot(under.kept_slot)..slot(under.kept_slot) + nodes];
            here.iter().zip(there).all(|(a, b)| (a[lane] - b[lane]).abs() <= within * a[lane].abs().max(1.0))
        })
    }
}

/// One step of all lanes.
struct Step<'a> {
    map: &'a Map<'a>,
    shock: &'a [f64],
    held: &'a [bool],
    acts: Lane,
    weights: &'a [Lane],
    ring: &'a [Lane],
    slots: usize,
    now: usize,
    next: &'a mut [Lane],
}

impl pulp::NullaryFnOnce for Step<'_> {
    type Output = Lane;

    // Everything below is inlined here, where the processor's own instructions are allowed; closures would not be.
    #[inline(always)]
    fn call(self) -> Lane {
        match self.map.formula {
            Formula::NoisyOr => self.each(NoisyOr),
            Formula::Sum => self.each(Sums { press: Plain, own: false, centred: false }),
            Formula::Relaxed => {
                let pace = &self.map.pace;
                self.each(Sums { press: Paced { pace }, own: false, centred: false })
            }
            Formula::Transfer { shape, steepness, own, centred } => match shape {
                Shape::Sigmoid => self.each(Sums { press: Sigmoid { steepness }, own, centred }),
                Shape::Tanh => self.each(Sums { press: Tanh { steepness }, own, centred }),
                Shape::Step | Shape::Sign | Shape::Clamp => self.each(Sums { press: Other { shape, steepness }, own, centred }),
            },
        }
    }
}

/// How a node joins what comes in.
trait Join {
    fn at(&self, j: usize, base: f64, own: &Lane, incoming: &Incoming<'_>) -> Lane;
}

/// What becomes of a weighted sum.
trait Press {
    fn at(&self, j: usize, own: &Lane, sum: Lane) -> Lane;
}

struct Plain;

impl Press for Plain {
    #[inline(always)]
    fn at(&self, _: usize, _: &Lane, sum: Lane) -> Lane {
        sum
    }
}

struct Paced<'a> {
    pace: &'a [f64],
}

impl Press for Paced<'_> {
    #[inline(always)]
    fn at(&self, j: usize, own: &Lane, mut sum: Lane) -> Lane {
        let pace = if self.pace.is_empty() { 1.0 } else { self.pace[j] };
        for l in 0..WIDTH {
            sum[l] = own[l] + pace * (sum[l] - own[l]);
        }
        sum
    }
}

struct Sigmoid {
    steepness: f64,
}

impl Press for Sigmoid {
    #[inline(always)]
    fn at(&self, _: usize, _: &Lane, mut sum: Lane) -> Lane {
        for l in 0..WIDTH {
            sum[l] = 1.0 / (1.0 + exp(-self.steepness * sum[l]));
        }
        sum
    }
}

struct Tanh {
    steepness: f64,
}

impl Press for Tanh {
    #[inline(always)]
    fn at(&self, _: usize, _: &Lane, mut sum: Lane) -> Lane {
        for l in 0..WIDTH {
            sum[l] = 1.0 - 2.0 / (1.0 + exp(2.0 * self.steepness * sum[l]));
        }
        sum
    }
}

struct Other {
    shape: Shape,
    steepness: f64,
}

impl Press for Other {
    #[inline(always)]
    fn at(&self, _: usize, _: &Lane, mut sum: Lane) -> Lane {
        for l in 0..WIDTH {
            sum[l] = self.shape.at(self.steepness, sum[l]);
        }
        sum
    }
}

struct Sums<P> {
    press: P,
    own: bool,
    centred: bool,
}

impl<P: Press> Join for Sums<P> {
    #[inline(always)]
    fn at(&self, j: usize, base: f64, own: &Lane, incoming: &Incoming<'_>) -> Lane {
        let (scale, less) = if self.centred { (2.0, 1.0) } else { (1.0, 0.0) };
        let mut sum = [base; WIDTH];
        if self.own {
            for l in 0..WIDTH {
                sum[l] += scale * own[l] - less;
            }
        }
        for (e, w) in incoming.weights.iter().enumerate() {
            let x = incoming.source(e);
            for l in 0..WIDTH {
                sum[l] += w[l] * (scale * x[l] - less);
            }
        }
        self.press.at(j, own, sum)
    }
}

struct NoisyOr;

impl Join for NoisyOr {
    #[inline(always)]
    fn at(&self, _: usize, base: f64, _: &Lane, incoming: &Incoming<'_>) -> Lane {
        let (mut feeds, mut dampens) = ([1.0; WIDTH], [1.0; WIDTH]);
        for (e, w) in incoming.weights.iter().enumerate() {
            let x = incoming.source(e);
            for l in 0..WIDTH {
                // The sign of a weight may differ from draw to draw.
                feeds[l] *= 1.0 - w[l].max(0.0) * x[l];
                dampens[l] *= 1.0 + w[l].min(0.0) * x[l];
            }
        }
        for l in 0..WIDTH {
            feeds[l] = (1.0 - (1.0 - base) * feeds[l]) * dampens[l];
        }
        feeds
    }
}

impl Step<'_> {
    #[inline(always)]
    fn each(self, join: impl Join) -> Lane {
        let Step { map, shock, held, acts, weights, ring, slots, now, next } = self;
        let nodes = next.len();
        let present = &ring[now * nodes..(now + 1) * nodes];
        let offsets = map.csr.offsets();
        let (low, high) = map.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let mut changes = [0.0f64; WIDTH];
        for j in 0..nodes {
            let own = &present[j];
            if !held.is_empty() && held[j] {
                next[j] = *own;
                continue;
            }
            let row = offsets[j] as usize..offsets[j + 1] as usize;
            let base = if map.base.is_empty() { 0.0 } else { map.base[j] };
            let incoming = Incoming {
                weights: &weights[row.clone()],
                sources: &map.csr.sources()[row.clone()],
                lags: if slots > 1 { &map.csr.lags()[row] } else { &[] },
                ring,
                present,
                now,
                slots,
            };
            let mut x = join.at(j, base, own, &incoming);
            let offset = if map.offset.is_empty() { 0.0 } else { map.offset[j] };
            let push = if shock.is_empty() { 0.0 } else { shock[j] };
            for l in 0..WIDTH {
                x[l] = (x[l] + offset).max(low).min(high);
                x[l] = (x[l] + push * acts[l]).max(low).min(high);
                let moved = (x[l] - own[l]).abs();
                // Greater than any number where the state has left the numbers, for NaN would pass unseen.
                let moved = if moved < f64::INFINITY { moved } else { f64::INFINITY };
                changes[l] = if moved > changes[l] { moved } else { changes[l] };
            }
            next[j] = x;
        }
        changes
    }
}

/// What comes into a node.
struct Incoming<'a> {
    weights: &'a [Lane],
    sources: &'a [u32],
    lags: &'a [u32],
    ring: &'a [Lane],
    present: &'a [Lane],
    now: usize,
    slots: usize,
}

impl Incoming<'_> {
    /// The state that an edge reads.
    #[inline(always)]
    fn source(&self, edge: usize) -> &Lane {
        let i = self.sources[edge] as usize;
        if self.slots == 1 {
            return &self.present[i];
        }
        let slot = (self.now + self.slots - self.lags[edge] as usize) % self.slots;
        &self.ring[slot * self.present.len() + i]
    }
}

/// e^x to within two units in the last place between -708 and 708, held at its value there beyond; no branch, so that lanes go together.
///
/// # Method
/// `x = k ln 2 + r`, `|r| <= ln 2 / 2`, with ln 2 in two parts; the series of e^r to the thirteenth power; 2^k by its bits.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    /// 1.5 · 2^52: adding it rounds to whole numbers and leaves them in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const HIGH: f64 = 6.931_471_803_691_238e-1;
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    // a NaN is taken for the end, where `clamp` would keep it
    #[allow(clippy::manual_clamp)]
    let x = x.max(-708.0).min(708.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * HIGH) - k * LOW;
    let mut series = 1.0 / 6_227_020_800.0;
    for term in [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        series = series * r + term;
    }
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0f64.to_bits()));
    series * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::fixpoint::{Run, settle};
    use crate::kernels::map::Forcing;
    use crate::kernels::{Csr, never};

    #[test]
    fn exp_is_within_two_units_in_the_last_place() {
        for k in -7000..7000 {
            let x = f64::from(k) * 0.1003;
            assert!((exp(x) / x.exp() - 1.0).abs() <= 2.0 * f64::EPSILON, "{x}: {} {}", exp(x), x.exp());
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(-1e9) < 1e-300 && exp(1e9).is_finite());
    }

    fn scattered(seed: u64) -> impl FnMut() -> f64 {
        let mut draw = 0;
        move || {
            draw += 1;
            crate::kernels::counter::Counter::new(seed, 0).uniform(draw)
        }
    }

    fn network(nodes: usize, edges: usize, lags: bool, size: f64) -> Csr {
        let mut u = scattered(3);
        let mut positions = || (0..edges).map(|_| (u() * nodes as f64) as u32).collect::<Vec<u32>>();
        let (source, target) = (positions(), positions());
        let weight: Vec<f64> = (0..edges).map(|_| size * (2.0 * u() - 1.0)).collect();
        let lag: Vec<u32> = if lags { (0..edges).map(|_| (u() * 3.0) as u32).collect() } else { Vec::new() };
        Csr::from_edges(nodes, &source, &target, &weight, &lag).unwrap()
    }

    #[test]
    fn every_draw_does_what_it_would_do_alone() {
        let transfer = |shape, own, centred| Formula::Transfer { shape, steepness: 1.0, own, centred };
        let formulas = [
            (Formula::NoisyOr, Some((0.0, 1.0))),
            (Formula::Sum, None),
            (Formula::Relaxed, Some((0.0, 1.0))),
            (Formula::Sum, Some((0.0, 1.0))),
            (transfer(Shape::Sigmoid, true, false), None),
            (transfer(Shape::Sigmoid, true, true), None),
            (transfer(Shape::Tanh, false, false), Some((0.0, 1.0))),
            (transfer(Shape::Sign, false, false), None),
        ];
        for lags in [false, true] {
            let csr = network(12, 30, lags, 0.4);
            let mut u = scattered(9);
            let draws = 21;
            let varying: Vec<u32> = (0..30).filter(|e| e % 3 != 0).collect();
            let stride = 24;
            let values: Vec<f64> = (0..varying.len() * stride).map(|_| 0.8 * u() - 0.4).collect();
            let start: Vec<f64> = (0..12).map(|_| u()).collect();
            let shock: Vec<f64> = (0..12).map(|_| 0.2 * u() - 0.1).collect();
            let held: Vec<bool> = (0..12).map(|j| j == 5).collect();
            for (formula, bounds) in formulas {
                for pulse in [false, true] {
                    let map = Map { csr: &csr, formula, base: vec![0.1; 12], offset: Vec::new(), pace: vec![0.5; 12], bounds };
                    let ensemble = Ensemble {
                        map: &map,
                        start: &start,
                        before: &start,
                        shock: &shock,
                        pulse,
                        held: &held,
                        max_steps: 200,
                        tolerance: 1e-9,
                        varying: &varying,
                    };
                    let mut states = vec![0.0; draws * 12];
                    let ended = ensemble.run(&Drawn { values: &values, stride, draws }, &mut states, &never).unwrap();
                    for draw in 0..draws {
                        let mut weights = csr.weights().to_vec();
                        for (k, e) in varying.iter().enumerate() {
                            weights[*e as usize] = values[k * stride + draw];
                        }
                        let alone = csr.with_weights(weights).unwrap();
                        let map = Map { csr: &alone, ..map.clone() };
                        let run = Run {
                            start: &start,
                            before: None,
                            forcing: Forcing { shock: &shock, held: &held, halved: false },
                            pulse,
                            without_lags: false,
                            max_steps: 200,
                            tolerance: Some(1e-9),
                        };
                        let settled = settle(&map, &run, &mut |_, _| Ok(()), &never).unwrap();
                        assert_eq!((ended[draw].end, ended[draw].steps), (settled.end, settled.steps), "{formula:?} {draw}");
                        let state = &states[draw * 12..(draw + 1) * 12];
                        assert!(state.iter().zip(&settled.state).all(|(a, b)| (a - b).abs() < 1e-12), "{formula:?} {draw}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_grows_diverges_alone_and_stopping_is_heard() {
        let csr = Csr::from_edges(1, &[0], &[0], &[0.5], &[]).unwrap();
        let map = Map { csr: &csr, formula: Formula::Sum, base: vec![1.0], offset: Vec::new(), pace: Vec::new(), bounds: None };
        let ensemble = Ensemble {
            map: &map,
            start: &[0.0],
            before: &[0.0],
            shock: &[],
            pulse: false,
            held: &[],
            max_steps: 5000,
            tolerance: 1e-12,
            varying: &[0],
        };
        let drawn = Drawn { values: &[0.5, 2.0, -1.0, 0.25], stride: 4, draws: 4 };
        let mut states = [0.0; 4];
        let ended = ensemble.run(&drawn, &mut states, &never).unwrap();
        let ends: Vec<End> = ended.iter().map(|e| e.end).collect();
        assert_eq!(ends, [End::Converged, End::Diverging, End::Cycle(2), End::Converged]);
        assert!((states[0] - 2.0).abs() < 1e-9 && (states[3] - 4.0 / 3.0).abs() < 1e-9);
        assert_eq!(ensemble.run(&drawn, &mut states, &|_| false).unwrap_err().kind, crate::ErrorKind::Cancelled);
        assert!(ensemble.run(&Drawn { draws: 5, ..drawn }, &mut states, &never).is_err());
    }

    #[test]
    fn threads_change_nothing() {
        let csr = network(30, 200, false, 0.5);
        let varying: Vec<u32> = (0..200).collect();
        let mut u = scattered(4);
        let values: Vec<f64> = (0..200 * 50).map(|_| u() - 0.5).collect();
        let formula = Formula::Transfer { shape: Shape::Sigmoid, steepness: 1.0, own: true, centred: false };
        let map = Map { csr: &csr, formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
        let start = vec![0.5; 30];
        let ensemble = Ensemble {
            map: &map,
            start: &start,
            before: &start,
            shock: &[],
            pulse: false,
            held: &[],
            max_steps: 100,
            tolerance: 1e-9,
            varying: &varying,
        };
        let runs = [1, 2, 3, 8].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut states = vec![0.0; 50 * 30];
            let ended = pool.install(|| ensemble.run(&Drawn { values: &values, stride: 50, draws: 50 }, &mut states, &never).unwrap());
            (states, ended)
        });
        assert!(runs.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
