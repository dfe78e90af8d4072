//! How far a settled state can be from the fixed point it settles on.
// Scratch is made to the size of the network.
#![allow(clippy::indexing_slicing)]

use crate::Result;

use super::map::{Forcing, Formula, Map};
use super::{Tick, cancelled, filled};

/// From so many edges on a looser bound is had for fewer passes.
const LARGE: usize = 1 << 17;

/// Visits of edges that a bound of a smaller map may take, so that radii near 1 have one too.
const VISITS: usize = 1 << 23;

/// A bound on the greatest distance between `state` and a fixed point of the map under that forcing; none where none is known.
///
/// # Method
/// With the residual `r = |G(x) - x|`, rounding included, and L a bound on the magnitudes of the derivatives in a box about x:
/// where `v = 1 + Lv` has a positive solution, the map sends the box of half widths `β v` into itself for `β = max r`, so that it holds a fixed point, and a single
/// one. Clipping moves no two states apart. v is approached from below by its series; `s = min (v - Lv)` makes up for what is missing. The box is widened until it holds its own bound.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn error_bound(map: &Map<'_>, forcing: &Forcing<'_>, state: &[f64], tick: Tick<'_>) -> Result<Option<f64>> {
    let nodes = map.csr.nodes();
    let held = |j: usize| !forcing.held.is_empty() && forcing.held[j];
    let shock = |j: usize| if forcing.shock.is_empty() { 0.0 } else { forcing.shock[j] };
    let mut residual = 0.0f64;
    for j in (0..nodes).filter(|&j| !held(j)) {
        let offset = if map.offset.is_empty() { 0.0 } else { map.offset[j] };
        let inner = map.clip(map.formula_still(j, state) + offset);
        let next = if forcing.shock.is_empty() { inner } else { map.clip(inner + shock(j)) };
        let size = match map.formula {
            // Sums of magnitudes, which rounding is a share of; the others are products and functions of size 1.
            Formula::Sum => map.csr.incoming(j).fold(map.base_at(j).abs(), |sum, (i, w, _)| sum + (w * state[i]).abs()),
            Formula::Relaxed => {
                let sum = map.csr.incoming(j).fold(map.base_at(j).abs(), |sum, (i, w, _)| sum + (w * state[i]).abs());
                2.0 * state[j].abs() + map.pace_at(j) * sum
            }
            Formula::NoisyOr => 1.0,
            Formula::Transfer { steepness, .. } => {
                let sum =
                    map.csr.incoming(j).fold(1.0 + map.base_at(j).abs(), |sum, (i, w, _)| sum + w.abs() * (2.0 * state[i].abs() + 1.0));
                1.0 + steepness * sum
            }
        };
        let terms = map.csr.row(j).len() as f64 + 8.0;
        let rounding = f64::EPSILON * terms * (size + state[j].abs() + offset.abs() + shock(j).abs());
        residual = residual.max((next - state[j]).abs() + rounding);
    }
    if !residual.is_finite() {
        return Ok(None);
    }
    let mut edges = filled(map.csr.edges(), 0.0)?;
    let mut own = filled(nodes, 0.0)?;
    let mut v = filled(nodes, 1.0)?;
    let mut next = filled(nodes, 0.0)?;
    // Passes over the edges at the most, and how near the series must be to its end.
    let often = (VISITS / map.csr.edges().max(1)).clamp(400, 1 << 16);
    let (passes, enough) = if map.csr.edges() < LARGE { (often, 0.5) } else { (24, 0.02) };
    let mut width = (16.0 * residual).max(1e-6);
    for _ in 0..4 {
        map.derivatives(state, width, &mut edges, &mut own);
        v.fill(1.0);
        let mut settled = None;
        for pass in 0..passes {
            if !tick(pass as u64) {
                return Err(cancelled());
            }
            let mut missing = f64::INFINITY;
            for j in 0..nodes {
                let pulled = if held(j) {
                    0.0
                } else {
                    let row = map.csr.row(j);
                    row.fold(own[j] * v[j], |sum, e| sum + edges[e] * v[map.csr.sources()[e] as usize])
                };
                missing = missing.min(v[j] - pulled);
                next[j] = 1.0 + pulled;
            }
            // 1 where the series has ended.
            if missing >= enough {
                settled = Some(v.iter().copied().fold(0.0, f64::max) / missing);
                break;
            }
            if next.iter().any(|x| *x > 1e12 || x.is_nan()) {
                break;
            }
            std::mem::swap(&mut v, &mut next);
        }
        let Some(spread) = settled else { return Ok(None) };
        let bound = residual * spread * (1.0 + 1e-9);
        if bound <= width || matches!(map.formula, Formula::Sum | Formula::Relaxed) {
            return Ok(Some(bound));
        }
        width = 4.0 * bound;
    }
    Ok(None)
}
