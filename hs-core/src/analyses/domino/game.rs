//! The level of some nodes as a game among the sources upstream of them.

use super::normalised::turned;
use crate::kernels::bound::error_bound;
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::linear::{Answer, solve};
use crate::kernels::map::{Forcing, Formula, Map};
use crate::kernels::shapley::{Shares, exact, sampled};
use crate::kernels::{Csr, Tick};
use crate::propagation::Treatment;
use crate::propagation::compile::{Names, diverging};
use crate::{Error, ErrorKind, Result};

/// Where the states of a fuzzy cognitive map stand with nothing at work, as anchoring keeps them off 0.
const FLOOR: f64 = 1e-3;
/// Visits of nodes and edges between two looks at the tick: within the time a user waits.
const VISITS: usize = 1 << 23;
/// Steps that a run is reckoned to take.
const STEPS: usize = 64;
/// Coalitions or orders valued side by side, at the most.
const BLOCK: usize = 64;

/// Exogenous part of each node: inside the formula and outside of it, at work and not.
pub(super) struct Exogenous {
    on: Vec<(f64, f64)>,
    off: Vec<(f64, f64)>,
}

impl Exogenous {
    /// As given: 0 where it is not at work.
    pub(super) fn given(base: Vec<f64>) -> Exogenous {
        Exogenous { off: vec![(0.0, 0.0); base.len()], on: base.into_iter().map(|b| (b, 0.0)).collect() }
    }

    /// As anchoring solved for. Without it a fuzzy cognitive map rests at its floor, any other model at 0.
    pub(super) fn anchored(map: &Map<'_>, treatment: &dyn Fn(usize) -> Option<Treatment>) -> Exogenous {
        let at = |list: &[f64], j: usize| list.get(j).copied().unwrap_or_default();
        let nodes = map.csr.nodes();
        let on = (0..nodes).map(|j| (at(&map.base, j), at(&map.offset, j))).collect();
        let mut off = vec![(0.0, 0.0); nodes];
        if let Formula::Transfer { shape, steepness, .. } = map.formula {
            let residual = |j: usize| treatment(j) == Some(Treatment::Residual) || shape.inverse(steepness, 0.5).is_none();
            let floor: Vec<f64> = (0..nodes).map(|j| if residual(j) { 0.0 } else { FLOOR }).collect();
            let bare = Map { csr: map.csr, formula: map.formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
            for (j, off) in off.iter_mut().enumerate() {
                *off = match shape.inverse(steepness, FLOOR).filter(|_| !residual(j)) {
                    Some(z) => (z - bare.argument_still(j, &floor), 0.0),
                    None => (0.0, at(&floor, j) - bare.formula_still(j, &floor)),
                };
            }
        }
        Exogenous { on, off }
    }
}

/// The part of a network upstream of some nodes, and who may be at work in it.
pub(super) struct Game {
    /// Positions in the whole network of the nodes that differ when at work.
    pub(super) players: Vec<usize>,
    /// The same in the part.
    seats: Vec<usize>,
    /// Positions in the whole network of the part.
    upstream: Vec<usize>,
    csr: Csr,
    formula: Formula,
    bounds: Option<(f64, f64)>,
    exogenous: Exogenous,
    /// Share of each node in the level.
    weights: Vec<f64>,
    halved: bool,
    /// Whether more at work never lowers a state, so that a run may go on from where the last one rested.
    rises: bool,
    tolerance: f64,
    max_steps: u64,
}

/// What the game came to.
pub(super) struct Found {
    pub(super) values: Vec<f64>,
    pub(super) standard_errors: Vec<f64>,
    pub(super) level: f64,
    pub(super) baseline: f64,
    pub(super) error_bound: Option<f64>,
    /// Whether no state lies outside the bounds of the map.
    pub(super) within_bounds: bool,
}

impl Game {
    /// The game of the mean of `targets` by `weights`.
    pub(super) fn new(
        map: &Map<'_>,
        exogenous: Exogenous,
        targets: &[usize],
        weights: &[f64],
        halved: bool,
        (tolerance, max_steps): (f64, u64),
        tick: Tick<'_>,
    ) -> Result<Game> {
        let upstream = upstream(map.csr, targets);
        let mut seat_of = vec![None; map.csr.nodes()];
        for (seat, node) in upstream.iter().enumerate() {
            if let Some(place) = seat_of.get_mut(*node) {
                *place = Some(seat as u32);
            }
        }
        let (mut source, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::new());
        for (seat, node) in upstream.iter().enumerate() {
            if seat & 0xffff == 0 && !tick(seat as u64) {
                return Err(crate::kernels::cancelled());
            }
            for (i, w, _) in map.csr.incoming(*node) {
                if let Some(from) = seat_of.get(i).copied().flatten() {
                    source.push(from);
                    target.push(seat as u32);
                    weight.push(w);
                }
            }
        }
        let csr = Csr::from_edges(upstream.len(), &source, &target, &weight, &[])?;
        let part = |list: &[(f64, f64)]| upstream.iter().map(|j| list.get(*j).copied().unwrap_or_default()).collect::<Vec<_>>();
        let exogenous = Exogenous { on: part(&exogenous.on), off: part(&exogenous.off) };
        let pairs = || exogenous.on.iter().zip(&exogenous.off);
        let seats: Vec<usize> = pairs().enumerate().filter(|(_, (on, off))| on != off).map(|(seat, _)| seat).collect();
        let rises = !halved && !csr.is_signed() && pairs().all(|(on, off)| on.0 >= off.0 && on.1 >= off.1);
        // rounding of large numbers is no unrest
        let greatest = exogenous.on.iter().map(|(inside, outside)| inside.abs().max(outside.abs())).fold(0.0, f64::max);
        let mut share = vec![0.0; upstream.len()];
        for (target, weight) in targets.iter().zip(weights) {
            let seat = seat_of.get(*target).copied().flatten().map(|s| s as usize);
            if let Some(share) = seat.and_then(|seat| share.get_mut(seat)) {
                *share += weight;
            }
        }
        Ok(Game {
            players: seats.iter().filter_map(|seat| upstream.get(*seat).copied()).collect(),
            seats,
            upstream,
            csr,
            formula: map.formula,
            bounds: map.bounds,
            exogenous,
            weights: share,
            halved,
            rises,
            tolerance: tolerance * greatest.max(1.0),
            max_steps,
        })
    }

    /// Linear: what one unit of each exogenous part adds to the level, times that part.
    pub(super) fn solve(&self, names: Names<'_>, divided: bool, tick: Tick<'_>) -> Result<Found> {
        let turned = turned(&self.csr)?;
        let name = |seat: usize| self.upstream.get(seat).map(|j| names(*j)).unwrap_or_default();
        let answer = |csr: &Csr, right: &[f64]| match solve(csr, right, None, 1e-13, 100_000, tick)? {
            Answer::Settled(settled, bound) if settled.end != End::Diverging => Ok((settled.state, bound)),
            Answer::Settled(..) => Err(Error::new(ErrorKind::Undefined, "the level does not settle")),
            Answer::Refused(radius) => Err(diverging(&radius, &name, divided)),
        };
        let (reach, bound) = answer(&turned, &self.weights)?;
        let base: Vec<f64> = self.exogenous.on.iter().map(|(inside, outside)| inside + outside).collect();
        let at = |list: &[f64], seat: &usize| list.get(*seat).copied().unwrap_or_default();
        let values: Vec<f64> = self.seats.iter().map(|seat| at(&reach, seat) * at(&base, seat)).collect();
        let within_bounds = match self.bounds {
            None => true,
            Some((low, high)) => answer(&self.csr, &base)?.0.iter().all(|x| *x >= low - 1e-9 && *x <= high + 1e-9),
        };
        let level = values.iter().sum();
        let gross: f64 = base.iter().map(|b| b.abs()).sum();
        let standard_errors = vec![0.0; values.len()];
        Ok(Found { values, standard_errors, level, baseline: 0.0, error_bound: bound.map(|b| b * gross), within_bounds })
    }

    /// Shapley values over all coalitions.
    pub(super) fn exact(&self, tick: Tick<'_>) -> Result<Found> {
        let value = |mask: u32, tick: Tick<'_>| {
            let mut state = vec![0.0; self.csr.nodes()];
            let at_work = |player: usize| mask >> player & 1 == 1;
            self.rest(&self.map(at_work), &mut state, tick)?;
            Ok(self.level(&state))
        };
        let shares = exact(self.seats.len(), self.block(1), &value, tick)?;
        self.lift(shares, tick)
    }

    /// Shapley values over orders drawn at random.
    pub(super) fn sampled(&self, pairs: u32, seed: u64, tick: Tick<'_>) -> Result<Found> {
        let chain = |order: &[u32], tick: Tick<'_>| {
            let mut map = self.map(|_| false);
            let mut state = vec![0.0; self.csr.nodes()];
            let mut values = Vec::with_capacity(order.len() + 1);
            self.rest(&map, &mut state, tick)?;
            values.push(self.level(&state));
            for player in order {
                self.put(&mut map, *player as usize);
                if !self.rises {
                    state.fill(0.0);
                }
                self.rest(&map, &mut state, tick)?;
                values.push(self.level(&state));
            }
            Ok(values)
        };
        let shares = sampled(self.seats.len(), pairs, seed, self.block(2 * self.seats.len() + 2), &chain, tick)?;
        self.lift(shares, tick)
    }

    fn lift(&self, shares: Shares, tick: Tick<'_>) -> Result<Found> {
        let map = self.map(|_| true);
        let mut state = vec![0.0; self.csr.nodes()];
        self.rest(&map, &mut state, tick)?;
        let bound = error_bound(&map, &Forcing::default(), &state, tick)?;
        let Shares { values, standard_errors, none, all } = shares;
        Ok(Found { values, standard_errors, level: all, baseline: none, error_bound: bound, within_bounds: true })
    }

    /// How many tasks of so many runs each are done side by side.
    fn block(&self, runs: usize) -> usize {
        let visits = (self.csr.edges() + self.csr.nodes()).saturating_mul(runs).saturating_mul(STEPS);
        (VISITS / visits.max(1)).clamp(1, BLOCK)
    }

    fn level(&self, state: &[f64]) -> f64 {
        state.iter().zip(&self.weights).map(|(x, w)| x * w).sum()
    }

    fn map(&self, at_work: impl Fn(usize) -> bool) -> Map<'_> {
        let (base, offset) = self.exogenous.off.iter().copied().unzip();
        let mut map = Map { csr: &self.csr, formula: self.formula, base, offset, pace: Vec::new(), bounds: self.bounds };
        (0..self.seats.len()).filter(|player| at_work(*player)).for_each(|player| self.put(&mut map, player));
        map
    }

    fn put(&self, map: &mut Map<'_>, player: usize) {
        let Some(seat) = self.seats.get(player) else { return };
        let on = self.exogenous.on.get(*seat).copied().unwrap_or_default();
        if let (Some(base), Some(offset)) = (map.base.get_mut(*seat), map.offset.get_mut(*seat)) {
            (*base, *offset) = on;
        }
    }

    /// Lets the map settle from a state.
    fn rest(&self, map: &Map<'_>, state: &mut Vec<f64>, tick: Tick<'_>) -> Result<()> {
        for halved in [self.halved, true] {
            let run = Run {
                start: state,
                before: None,
                forcing: Forcing { shock: &[], held: &[], halved },
                pulse: false,
                without_lags: true,
                max_steps: self.max_steps,
                tolerance: Some(self.tolerance),
            };
            let settled = settle(map, &run, &mut |_, _| Ok(()), tick)?;
            if settled.end == End::Converged {
                *state = settled.state;
                return Ok(());
            }
        }
        let message = "the level with some of the sources does not settle, neither with plain nor with halved steps";
        Err(Error::new(ErrorKind::Undefined, message))
    }
}

/// Every node from which some of `targets` is reached, those included, ascending.
fn upstream(csr: &Csr, targets: &[usize]) -> Vec<usize> {
    let mut seen = vec![false; csr.nodes()];
    let mut waiting: Vec<usize> = targets.to_vec();
    while let Some(node) = waiting.pop() {
        let Some(flag) = seen.get_mut(node) else { continue };
        if !std::mem::replace(flag, true) {
            waiting.extend(csr.incoming(node).filter(|(i, w, _)| *w != 0.0 && !seen.get(*i).copied().unwrap_or(true)).map(|(i, ..)| i));
        }
    }
    seen.iter().enumerate().filter(|(_, s)| **s).map(|(j, _)| j).collect()
}
