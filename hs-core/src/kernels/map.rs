//! One step of a network: every node's next state from the states of its sources.
// Sources and rows come from a checked `Csr`; `Map::check` fixes the lengths of all other slices once.
#![allow(clippy::indexing_slicing)]

use crate::{Error, Result};

use super::pulls::Product;
use super::{Csr, transfer};

/// How a node joins what comes in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Formula {
    /// `[1-(1-b)·Π(1-w x)]·Π(1-|w| x)`, the first product over weights above 0, the second over those below.
    NoisyOr,
    /// `b + Σ w x`.
    Sum,
    /// `x_j + K_j (b + Σ w x - x_j)`, K the map's pace: towards where the sum rests, each node at its own pace.
    Relaxed,
    /// `f(b + own·c(x_j) + Σ w c(x))`.
    Transfer {
        /// The function `f`.
        shape: Shape,
        /// Its steepness λ, where it has one.
        steepness: f64,
        /// Whether the node's own state enters.
        own: bool,
        /// Whether states enter as `c(x) = 2x-1`, else as they are.
        centred: bool,
    },
}

/// A transfer function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `1/(1+e^{-λz})`.
    Sigmoid,
    /// `tanh(λz)`.
    Tanh,
    /// 1 above 0, else 0.
    Step,
    /// -1, 0 or 1.
    Sign,
    /// `z` kept within [0, 1].
    Clamp,
}

impl Shape {
    /// `f(z)`.
    pub fn at(self, steepness: f64, z: f64) -> f64 {
        match self {
            Shape::Sigmoid => transfer::sigmoid(steepness * z),
            Shape::Tanh => transfer::tanh(steepness * z),
            Shape::Step => f64::from(u8::from(z > 0.0)),
            Shape::Sign if z == 0.0 => 0.0,
            Shape::Sign => z.signum(),
            Shape::Clamp => z.clamp(0.0, 1.0),
        }
    }

    /// `f'(z)`; the jumps of a step count as flat, the ends of a clamp as inside.
    pub fn slope(self, steepness: f64, z: f64) -> f64 {
        match self {
            Shape::Sigmoid => {
                let f = self.at(steepness, z);
                steepness * f * (1.0 - f)
            }
            Shape::Tanh => {
                let f = self.at(steepness, z);
                steepness * (1.0 - f * f)
            }
            Shape::Step | Shape::Sign => 0.0,
            Shape::Clamp => 1.0,
        }
    }

    /// The greatest `|f'|` within `z ± width`.
    pub fn steepest(self, steepness: f64, z: f64, width: f64) -> f64 {
        match self {
            // Both are steepest at 0 and fall away from it on either side.
            Shape::Sigmoid | Shape::Tanh => self.slope(steepness, (z.abs() - width).max(0.0)),
            Shape::Step | Shape::Sign if z.abs() <= width => f64::INFINITY,
            Shape::Step | Shape::Sign => 0.0,
            Shape::Clamp => 1.0,
        }
    }

    /// The `z` with `f(z) = y`, where there is one.
    pub fn inverse(self, steepness: f64, y: f64) -> Option<f64> {
        let z = match self {
            Shape::Sigmoid => (y / (1.0 - y)).ln() / steepness,
            Shape::Tanh => y.atanh() / steepness,
            Shape::Step | Shape::Sign | Shape::Clamp => return None,
        };
        z.is_finite().then_some(z)
    }
}

/// The equations of all nodes: `x_j = clip(offset_j + F_j(x; b_j))`.
#[derive(Debug, Clone)]
pub struct Map<'a> {
    /// Incoming edges.
    pub csr: &'a Csr,
    /// How a node joins them.
    pub formula: Formula,
    /// `b`, inside the formula; empty: 0.
    pub base: Vec<f64>,
    /// Added outside the formula; empty: 0.
    pub offset: Vec<f64>,
    /// Pace K of `Relaxed`, above 0 and at most 1; empty: 1.
    pub pace: Vec<f64>,
    /// Lower and upper end that states are kept within; none: they run free.
    pub bounds: Option<(f64, f64)>,
}

/// The states a step reads: the last few, in a ring.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// Slots of one state each.
    pub ring: &'a [f64],
    /// Nodes in a slot.
    pub nodes: usize,
    /// Number of slots.
    pub slots: usize,
    /// Slot of the present state.
    pub now: usize,
}

impl<'a> Past<'a> {
    /// One state that stands for all times.
    pub fn still(state: &'a [f64]) -> Past<'a> {
        Past { ring: state, nodes: state.len(), slots: 1, now: 0 }
    }

    /// The state `lag` steps ago.
    pub fn ago(&self, lag: usize) -> &'a [f64] {
        let slot = if lag <= self.now { self.now - lag } else { self.now + self.slots - lag };
        &self.ring[slot * self.nodes..(slot + 1) * self.nodes]
    }
}

/// What is added to and asked of a step beside the map.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forcing<'a> {
    /// Added to each state after the map; empty: nothing.
    pub shock: &'a [f64],
    /// Nodes that keep their state; empty: none.
    pub held: &'a [bool],
    /// Whether to go half the way only.
    pub halved: bool,
}

impl Map<'_> {
    /// Whether all slices fit the nodes.
    ///
    /// # Errors
    /// `Argument` where one does not.
    pub fn check(&self) -> Result<()> {
        let nodes = self.csr.nodes();
        for (name, length) in [("base", self.base.len()), ("offset", self.offset.len()), ("pace", self.pace.len())] {
            if length != 0 && length != nodes {
                return Err(Error::argument(format!("`{name}` has {length} values, wanted {nodes}")));
            }
        }
        Ok(())
    }

    pub(super) fn base_at(&self, j: usize) -> f64 {
        if self.base.is_empty() { 0.0 } else { self.base[j] }
    }

    pub(super) fn pace_at(&self, j: usize) -> f64 {
        if self.pace.is_empty() { 1.0 } else { self.pace[j] }
    }

    /// Within the bounds, if there are any.
    pub fn clip(&self, x: f64) -> f64 {
        match self.bounds {
            Some((low, high)) => x.max(low).min(high),
            None => x,
        }
    }

    /// `F_j`, neither offset nor clipped, from weights and states of the sources.
    #[inline]
    fn formula_at(&self, j: usize, own: f64, incoming: impl Iterator<Item = (f64, f64)>) -> f64 {
        let base = self.base_at(j);
        match self.formula {
            Formula::NoisyOr => {
                let (mut feeds, mut dampens) = (1.0, 1.0);
                for (w, x) in incoming {
                    if w >= 0.0 {
                        feeds *= 1.0 - w * x;
                    } else {
                        dampens *= 1.0 + w * x;
                    }
                }
                (1.0 - (1.0 - base) * feeds) * dampens
            }
            Formula::Sum => incoming.fold(base, |sum, (w, x)| sum + w * x),
            Formula::Relaxed => own + self.pace_at(j) * (incoming.fold(base, |sum, (w, x)| sum + w * x) - own),
            Formula::Transfer { shape, steepness, own: with_own, centred } => {
                let z = if centred {
                    let start = base + if with_own { 2.0 * own - 1.0 } else { 0.0 };
                    incoming.fold(start, |sum, (w, x)| sum + w * (2.0 * x - 1.0))
                } else {
                    let start = base + if with_own { own } else { 0.0 };
                    incoming.fold(start, |sum, (w, x)| sum + w * x)
                };
                shape.at(steepness, z)
            }
        }
    }

    /// Weights into `j` with the states of their sources, one state for all times.
    fn incoming_still<'b>(&'b self, j: usize, state: &'b [f64]) -> impl Iterator<Item = (f64, f64)> + 'b {
        let row = self.csr.row(j);
        let (weights, sources) = (&self.csr.weights()[row.clone()], &self.csr.sources()[row]);
        weights.iter().zip(sources).map(|(w, i)| (*w, state[*i as usize]))
    }

    /// `F_j(x)`, neither offset nor clipped, with one state for all times.
    pub fn formula_still(&self, j: usize, state: &[f64]) -> f64 {
        self.formula_at(j, state[j], self.incoming_still(j, state))
    }

    /// What goes into the transfer function at `j`, with one state for all times; the sum itself for other formulas.
    pub fn argument_still(&self, j: usize, state: &[f64]) -> f64 {
        let (centred, own) = match self.formula {
            Formula::Transfer { own, centred, .. } => (centred, own),
            Formula::NoisyOr | Formula::Sum | Formula::Relaxed => (false, false),
        };
        let enters = |x: f64| if centred { 2.0 * x - 1.0 } else { x };
        let start = self.base_at(j) + if own { enters(state[j]) } else { 0.0 };
        self.csr.incoming(j).fold(start, |sum, (i, w, _)| sum + w * enters(state[i]))
    }

    /// Derivatives of the lag-free map at `state`, clips left out: one for each edge, and one for each node by itself.
    ///
    /// With a `width` above 0: bounds on their magnitudes within `state ± width`.
    pub fn derivatives(&self, state: &[f64], width: f64, edges: &mut [f64], own: &mut [f64]) {
        for (j, own) in own.iter_mut().enumerate() {
            let row = self.csr.row(j);
            *own = self.derivatives_of(j, &self.csr.weights()[row.clone()], state, width, &mut edges[row]);
        }
    }

    /// As [`Map::derivatives`] for the edges into one node, with these weights; gives the one of the node by itself.
    pub(crate) fn derivatives_of(&self, j: usize, weights: &[f64], state: &[f64], width: f64, edges: &mut [f64]) -> f64 {
        let sources = &self.csr.sources()[self.csr.row(j)];
        let size = |w: f64| if width > 0.0 { w.abs() } else { w };
        match self.formula {
            Formula::Sum | Formula::Relaxed | Formula::Transfer { .. } => {
                let spread = weights.iter().fold(0.0, |sum, w| sum + w.abs());
                let own = if let Formula::Transfer { own: true, .. } = self.formula { state[j] } else { 0.0 };
                let argument = match self.formula {
                    Formula::Transfer { own: with_own, centred, .. } => {
                        let enters = |x: f64| if centred { 2.0 * x - 1.0 } else { x };
                        let start = self.base_at(j) + if with_own { enters(own) } else { 0.0 };
                        weights.iter().zip(sources).fold(start, |sum, (w, i)| sum + w * enters(state[*i as usize]))
                    }
                    _ => 0.0,
                };
                let (slope, own) = self.slopes(j, argument, spread, width);
                edges.iter_mut().zip(weights).for_each(|(edge, w)| *edge = if slope == 0.0 { 0.0 } else { slope * size(*w) });
                own
            }
            Formula::NoisyOr => {
                let rest = 1.0 - self.base_at(j);
                // The greatest slopes lie at the low end of every source, save for the level that dampening acts on.
                let (mut feeds, mut feeds_high, mut dampens) = (Product::ONE, 1.0, Product::ONE);
                let low = |x: f64| if width > 0.0 { (x - width).max(0.0) } else { x };
                for (w, i) in weights.iter().zip(sources) {
                    let x = state[*i as usize];
                    if *w >= 0.0 {
                        feeds.times(1.0 - w * low(x));
                        feeds_high *= (1.0 - w * (x + width)).max(0.0);
                    } else {
                        dampens.times(1.0 + w * low(x));
                    }
                }
                let level = 1.0 - rest * feeds_high;
                for ((edge, w), i) in edges.iter_mut().zip(weights).zip(sources) {
                    let low = low(state[*i as usize]);
                    *edge = if *w >= 0.0 {
                        rest * w * feeds.without(1.0 - w * low) * dampens.all()
                    } else {
                        size(w * level * dampens.without(1.0 + w * low))
                    };
                }
                0.0
            }
        }
    }

    /// Of a formula that adds up: what each weight into `j` is multiplied by in the derivatives, and the derivative of the node by itself.
    ///
    /// `argument` is what goes into the transfer function, `spread` the sum of the magnitudes of the weights.
    fn slopes(&self, j: usize, argument: f64, spread: f64, width: f64) -> (f64, f64) {
        match self.formula {
            Formula::Relaxed => (self.pace_at(j), 1.0 - self.pace_at(j)),
            Formula::Transfer { shape, steepness, own, centred } => {
                let scale = if centred { 2.0 } else { 1.0 };
                let slope = if width > 0.0 {
                    shape.steepest(steepness, argument, width * scale * (spread + f64::from(u8::from(own))))
                } else {
                    shape.slope(steepness, argument)
                };
                let slope = if slope == 0.0 { 0.0 } else { slope * scale };
                (slope, if own { slope } else { 0.0 })
            }
            Formula::Sum | Formula::NoisyOr => (1.0, 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn a_relaxed_step_goes_its_pace_of_the_way() {
        let csr = Csr::from_edges(2, &[0, 1], &[1, 0], &[0.5, 0.2], &[]).unwrap();
        let map =
            Map { csr: &csr, formula: Formula::Relaxed, base: vec![0.1, 0.0], offset: Vec::new(), pace: vec![0.5, 1.0], bounds: None };
        let start = [0.4, 0.6];
        let mut next = [0.0; 2];
        let change = map.step(&Past::still(&start), &Forcing::default(), &mut next, 1, &never).unwrap();
        // 0.4 + 0.5 (0.1 + 0.2 * 0.6 - 0.4) = 0.31; 0.5 * 0.4 = 0.2
        assert!((next[0] - 0.31).abs() < 1e-15 && (next[1] - 0.2).abs() < 1e-15 && (change - 0.4).abs() < 1e-15);
        let (mut edges, mut own) = ([0.0; 2], [0.0; 2]);
        map.derivatives(&start, 0.0, &mut edges, &mut own);
        assert_eq!((edges, own), ([0.1, 0.5], [0.5, 0.0]));
    }
}
