//! How far a settled state can be from the fixed point it settles on.
// Scratch is made to the size of the network.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use crate::Result;

use super::map::{Forcing, Formula, Map};
use super::pulls::Pulls;
use super::{Csr, Tick, cancelled, filled};

/// From so many edges on a looser bound is had for fewer passes.
pub const LARGE: usize = 1 << 17;

/// Visits of edges that a bound of a smaller map may take, so that radii near 1 have one too.
const VISITS: usize = 1 << 23;

/// Rows that one thread takes at a time.
const BLOCK: usize = 1024;
/// Edges about between two looks at the tick.
const SECTION: usize = 1 << 20;

/// Fills `out` row by row; gives the greatest of what `row` gives.
pub(super) fn each_row(
    csr: &Csr,
    out: &mut [f64],
    row: impl Fn(usize, &mut f64) -> f64 + Sync,
    tick: Tick<'_>,
    progress: u64,
) -> Result<f64> {
    let section = (SECTION * csr.nodes() / csr.edges().max(1)).div_ceil(BLOCK).max(1) * BLOCK;
    let mut greatest = f64::NEG_INFINITY;
    for (s, part) in out.chunks_mut(section).enumerate() {
        if !tick(progress) {
            return Err(cancelled());
        }
        let first = s * section;
        let block = |(b, part): (usize, &mut [f64])| {
            let first = first + b * BLOCK;
            part.iter_mut().enumerate().fold(f64::NEG_INFINITY, |most, (k, x)| most.max(row(first + k, x)))
        };
        let found = if csr.edges() >= LARGE {
            part.par_chunks_mut(BLOCK).enumerate().map(block).reduce(|| f64::NEG_INFINITY, f64::max)
        } else {
            part.chunks_mut(BLOCK).enumerate().map(block).fold(f64::NEG_INFINITY, f64::max)
        };
        greatest = greatest.max(found);
    }
    Ok(greatest)
}

/// A positive v with `v - Lv >= s`, for a matrix L of magnitudes.
pub(super) struct Certificate {
    /// The greatest of v.
    pub(super) greatest: f64,
    /// The margin s.
    pub(super) margin: f64,
}

/// Looks for a certificate along `v <- 1 + Lv`; `pull(j, v)` is row j of `Lv`. None where passes run out or v grows without end.
pub(super) fn certificate(
    csr: &Csr,
    v: &mut Vec<f64>,
    next: &mut Vec<f64>,
    pull: impl Fn(usize, &[f64]) -> f64 + Sync,
    tick: Tick<'_>,
) -> Result<Option<Certificate>> {
    // Passes over the edges at the most, and how near the series must be to its end.
    let often = (VISITS / csr.edges().max(1)).clamp(400, 1 << 16);
    let (passes, enough) = if csr.edges() < LARGE { (often, 0.5) } else { (24, 0.02) };
    v.fill(1.0);
    for pass in 0..passes {
        let lacking = {
            let v = &*v;
            let row = |j: usize, next: &mut f64| {
                let pulled = pull(j, v);
                *next = 1.0 + pulled;
                // What is no number must not pass for small.
                if pulled < 1e12 { pulled - v[j] } else { f64::INFINITY }
            };
            each_row(csr, next, row, tick, pass as u64)?
        };
        let margin = -lacking;
        // 1 where the series has ended.
        if margin >= enough || csr.nodes() == 0 {
            let greatest = v.iter().copied().fold(0.0, f64::max);
            return Ok(Some(Certificate { greatest, margin: margin.min(1.0) }));
        }
        if lacking == f64::INFINITY {
            return Ok(None);
        }
        std::mem::swap(v, next);
    }
    Ok(None)
}

/// What shows that steps bring states nearer, or how far they are from doing so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// At most how much of a weighted greatest difference a step leaves; the radius of the derivatives is at most this.
    pub upper: f64,
    /// No error is larger than a residual times this; infinite where `upper` is not below 1.
    spread: f64,
}

impl Shown {
    /// Of a v with `v - Lv >= margin`.
    pub(super) fn of(found: &Certificate) -> Shown {
        // (Lv)_j / v_j <= 1 - s / v_j, and a little for rounding.
        let upper = (1.0 - found.margin / found.greatest.max(1.0)) * (1.0 + 1e-12);
        Shown { upper, spread: found.greatest / found.margin }
    }

    /// The greatest error that a residual leaves; none where steps are not shown to bring states nearer.
    pub fn error(&self, residual: f64) -> Option<f64> {
        Some(residual * self.spread * (1.0 + 1e-9)).filter(|error| error.is_finite())
    }
}

/// The error of a state at rest from what was shown of the steps that led there; none where it was not shown that they bring states nearer.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn error_shown(map: &Map<'_>, shown: &Shown, forcing: &Forcing<'_>, state: &[f64], tick: Tick<'_>) -> Result<Option<f64>> {
    if !shown.spread.is_finite() {
        return Ok(None);
    }
    let residual = residual(map, forcing, state, &mut filled(state.len(), 0.0)?, tick)?;
    Ok(shown.error(residual))
}

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
    let csr = map.csr;
    let nodes = csr.nodes();
    let mut next = filled(nodes, 0.0)?;
    let residual = residual(map, forcing, state, &mut next, tick)?;
    if !residual.is_finite() {
        return Ok(None);
    }
    let held = |j: usize| !forcing.held.is_empty() && forcing.held[j];
    let mut v = filled(nodes, 1.0)?;
    let mut pulls = Pulls::new(map)?;
    let mut width = (16.0 * residual).max(1e-6);
    for _ in 0..4 {
        pulls.about(map, state, width, tick)?;
        let pull = |j: usize, v: &[f64]| if held(j) { 0.0 } else { pulls.pull(map, state, j, v) };
        let Some(found) = certificate(csr, &mut v, &mut next, pull, tick)? else { return Ok(None) };
        let bound = residual * (found.greatest / found.margin) * (1.0 + 1e-9);
        if bound <= width || matches!(map.formula, Formula::Sum | Formula::Relaxed) {
            return Ok(Some(bound));
        }
        width = 4.0 * bound;
    }
    Ok(None)
}

/// The greatest `|G(x) - x|`, with all that rounding can have moved it by.
pub(super) fn residual(map: &Map<'_>, forcing: &Forcing<'_>, state: &[f64], scratch: &mut [f64], tick: Tick<'_>) -> Result<f64> {
    let csr = map.csr;
    let row = |j: usize, _: &mut f64| {
        if !forcing.held.is_empty() && forcing.held[j] {
            return 0.0;
        }
        let shock = if forcing.shock.is_empty() { 0.0 } else { forcing.shock[j] };
        let offset = if map.offset.is_empty() { 0.0 } else { map.offset[j] };
        let inner = map.clip(map.formula_still(j, state) + offset);
        let next = if forcing.shock.is_empty() { inner } else { map.clip(inner + shock) };
        let (weights, sources) = (&csr.weights()[csr.row(j)], &csr.sources()[csr.row(j)]);
        let edges = weights.iter().zip(sources);
        let size = match map.formula {
            // Sums of magnitudes, which rounding is a share of; the others are products and functions of size 1.
            Formula::Sum => edges.fold(map.base_at(j).abs(), |sum, (w, i)| sum + (w * state[*i as usize]).abs()),
            Formula::Relaxed => {
                let sum = edges.fold(map.base_at(j).abs(), |sum, (w, i)| sum + (w * state[*i as usize]).abs());
                2.0 * state[j].abs() + map.pace_at(j) * sum
            }
            Formula::NoisyOr => 1.0,
            Formula::Transfer { steepness, .. } => {
                let sum = edges.fold(1.0 + map.base_at(j).abs(), |sum, (w, i)| sum + w.abs() * (2.0 * state[*i as usize].abs() + 1.0));
                1.0 + steepness * sum
            }
        };
        let rounding = f64::EPSILON * (weights.len() as f64 + 8.0) * (size + state[j].abs() + offset.abs() + shock.abs());
        let moved = (next - state[j]).abs() + rounding;
        if moved.is_nan() { f64::INFINITY } else { moved }
    };
    Ok(each_row(csr, scratch, row, tick, 0)?.max(0.0))
}

/// At most how much of the distance between any two states a step of the map leaves, in a greatest difference weighted by a positive v:
/// `max (Lv)_j / v_j`, L the magnitudes of the derivatives anywhere. The best of so many passes `v <- v + Lv`; none where it is infinite.
///
/// Lags, clips, shocks and held nodes bring no two states apart. Below 1 there is one state at rest, and every run comes to it.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn contraction(map: &Map<'_>, held: &[bool], passes: u64, tick: Tick<'_>) -> Result<Option<Shown>> {
    let csr = map.csr;
    let (edge, own) = match map.formula {
        Formula::NoisyOr | Formula::Sum | Formula::Relaxed => (1.0, 0.0),
        Formula::Transfer { shape, steepness, own, centred } => {
            let edge = shape.steepest(steepness, 0.0, 0.0) * if centred { 2.0 } else { 1.0 };
            (edge, if own { edge } else { 0.0 })
        }
    };
    let (mut v, mut next) = (filled(csr.nodes(), 1.0)?, filled(csr.nodes(), 0.0)?);
    let mut best = Shown { upper: f64::INFINITY, spread: f64::INFINITY };
    for pass in 0..passes {
        let greatest = {
            let v = &v;
            let row = |j: usize, next: &mut f64| {
                let row = csr.row(j);
                let edges = csr.weights()[row.clone()].iter().zip(&csr.sources()[row]);
                let sum = edges.fold(0.0, |sum, (w, i)| sum + w.abs() * v[*i as usize]);
                let nothing = sum == 0.0 && own == 0.0;
                let pulled = match map.formula {
                    _ if nothing || (!held.is_empty() && held[j]) => 0.0,
                    Formula::Relaxed => (1.0 - map.pace_at(j)) * v[j] + map.pace_at(j) * sum,
                    _ => own * v[j] + edge * sum,
                };
                *next = v[j] + pulled;
                pulled / v[j]
            };
            each_row(csr, &mut next, row, tick, pass)?
        };
        let upper = greatest.max(0.0) * (1.0 + 1e-12);
        if upper < best.upper {
            let (least, most) = v.iter().fold((f64::INFINITY, 0.0f64), |(least, most), v| (least.min(*v), most.max(*v)));
            let spread = if upper < 1.0 { most / least / (1.0 - upper) } else { f64::INFINITY };
            best = Shown { upper, spread };
        }
        if best.upper < 1.0 || !greatest.is_finite() {
            break;
        }
        let scale = 1.0 / next.iter().copied().fold(1.0, f64::max);
        next.iter_mut().for_each(|x| *x = (*x * scale).max(1e-200));
        std::mem::swap(&mut v, &mut next);
    }
    Ok(Some(best).filter(|best| best.upper.is_finite()))
}
