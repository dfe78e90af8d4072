//! How much each node can be pulled by the others near a state: bounds on derivatives, without a number kept for each edge.
// Sources and rows come from a checked `Csr`; states are as long as it has nodes.
#![allow(clippy::indexing_slicing)]

use crate::Result;

use super::map::{Formula, Map};
use super::{Tick, bound, filled};

/// Bounds on the magnitudes of the derivatives about a state, row by row: a factor of each edge's weight, and one for the node by itself.
pub(super) struct Pulls {
    own: Vec<f64>,
    /// What the magnitude of a weight is multiplied by; in noisy-or of a feed, with its own share of the product divided out again.
    feeds: Vec<f64>,
    /// The same of what dampens in noisy-or; else empty.
    dampens: Vec<f64>,
    width: f64,
}

impl Pulls {
    pub(super) fn new(map: &Map<'_>) -> Result<Pulls> {
        let nodes = map.csr.nodes();
        let dampens = if map.formula == Formula::NoisyOr { nodes } else { 0 };
        Ok(Pulls { own: filled(nodes, 0.0)?, feeds: filled(nodes, 0.0)?, dampens: filled(dampens, 0.0)?, width: 0.0 })
    }

    /// Bounds within `state ± width`.
    pub(super) fn about(&mut self, map: &Map<'_>, state: &[f64], width: f64, tick: Tick<'_>) -> Result<()> {
        self.width = width;
        let csr = map.csr;
        match map.formula {
            Formula::Sum => self.feeds.fill(1.0),
            Formula::Relaxed => {
                for (j, (own, feeds)) in self.own.iter_mut().zip(&mut self.feeds).enumerate() {
                    *feeds = map.pace_at(j);
                    *own = 1.0 - *feeds;
                }
            }
            Formula::Transfer { shape, steepness, own: with_own, centred } => {
                let scale = if centred { 2.0 } else { 1.0 };
                let row = |j: usize, feeds: &mut f64| {
                    let weights = &csr.weights()[csr.row(j)];
                    let spread = weights.iter().fold(f64::from(u8::from(with_own)), |sum, w| sum + w.abs());
                    *feeds = scale * shape.steepest(steepness, map.argument_still(j, state), width * scale * spread);
                    0.0
                };
                bound::each_row(csr, &mut self.feeds, row, tick, 0)?;
                if with_own {
                    self.own.copy_from_slice(&self.feeds);
                }
            }
            Formula::NoisyOr => {
                // The greatest slopes lie at the low end of every source, save for the level that dampening acts on.
                let product = |j: usize, sign: f64, shift: f64| {
                    let edges = csr.weights()[csr.row(j)].iter().zip(&csr.sources()[csr.row(j)]);
                    edges.fold(1.0, |product, (w, i)| {
                        let factor = 1.0 - (sign * w).max(0.0) * (state[*i as usize] + shift).max(0.0);
                        product * factor.max(0.0)
                    })
                };
                let damped = |j: usize, dampens: &mut f64| {
                    let level = 1.0 - (1.0 - map.base_at(j)) * product(j, 1.0, width);
                    *dampens = level * product(j, -1.0, -width);
                    0.0
                };
                bound::each_row(csr, &mut self.dampens, damped, tick, 0)?;
                let fed = |j: usize, feeds: &mut f64| {
                    *feeds = (1.0 - map.base_at(j)) * product(j, 1.0, -width) * product(j, -1.0, -width);
                    0.0
                };
                bound::each_row(csr, &mut self.feeds, fed, tick, 0)?;
            }
        }
        Ok(())
    }

    /// Row j of the matrix of bounds, times v.
    pub(super) fn pull(&self, map: &Map<'_>, state: &[f64], j: usize, v: &[f64]) -> f64 {
        let csr = map.csr;
        let edges = csr.weights()[csr.row(j)].iter().zip(&csr.sources()[csr.row(j)]);
        if map.formula != Formula::NoisyOr {
            let sum = edges.fold(0.0, |sum, (w, i)| sum + w.abs() * v[*i as usize]);
            // A row that nothing moves stays still, however steep it is.
            let pulled = |factor: f64, by: f64| if by == 0.0 { 0.0 } else { factor * by };
            return pulled(self.own[j], v[j]) + pulled(self.feeds[j], sum);
        }
        let (mut fed, mut dampened, mut whole) = (0.0, 0.0, true);
        for (w, i) in edges {
            let low = (state[*i as usize] - self.width).max(0.0);
            let rest = 1.0 - w.abs() * low;
            let share = w.abs() / rest * v[*i as usize];
            whole &= rest > 1e-9;
            if *w >= 0.0 {
                fed += share;
            } else {
                dampened += share;
            }
        }
        if whole {
            return self.feeds[j] * fed + self.dampens[j] * dampened;
        }
        self.pull_product(map, state, j, v)
    }

    /// The same where a factor is 0 or nearly so and cannot be divided out.
    fn pull_product(&self, map: &Map<'_>, state: &[f64], j: usize, v: &[f64]) -> f64 {
        let rest = 1.0 - map.base_at(j);
        let (mut feeds, mut feeds_high, mut dampens) = (Product::ONE, 1.0, Product::ONE);
        let low = |i: usize| (state[i] - self.width).max(0.0);
        for (i, w, _) in map.csr.incoming(j) {
            if w >= 0.0 {
                feeds.times(1.0 - w * low(i));
                feeds_high *= (1.0 - w * (state[i] + self.width)).max(0.0);
            } else {
                dampens.times(1.0 + w * low(i));
            }
        }
        let level = 1.0 - rest * feeds_high;
        map.csr.incoming(j).fold(0.0, |sum, (i, w, _)| {
            let slope = if w >= 0.0 {
                rest * w * feeds.without(1.0 - w * low(i)) * dampens.all()
            } else {
                w.abs() * level * dampens.without(1.0 + w * low(i))
            };
            sum + slope * v[i]
        })
    }
}

/// A product from which one factor can be taken out again, also where it is 0.
#[derive(Clone, Copy)]
pub(super) struct Product {
    product: f64,
    zeros: u32,
}

impl Product {
    pub(super) const ONE: Product = Product { product: 1.0, zeros: 0 };

    pub(super) fn times(&mut self, factor: f64) {
        if factor == 0.0 {
            self.zeros += 1;
        } else {
            self.product *= factor;
        }
    }

    pub(super) fn all(self) -> f64 {
        if self.zeros > 0 { 0.0 } else { self.product }
    }

    pub(super) fn without(self, factor: f64) -> f64 {
        match (self.zeros, factor == 0.0) {
            (0, _) => self.product / factor,
            (1, true) => self.product,
            _ => 0.0,
        }
    }
}
