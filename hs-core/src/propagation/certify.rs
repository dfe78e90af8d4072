//! Could a run have come to rest anywhere else?

use super::Model;
use super::compile::{Compiled, Names, compile};
use super::run::{Inputs, QUICK};
use crate::kernels::bound::Shown;
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::map::{Forcing, Formula, Map, Shape};
use crate::kernels::{Csr, Tick, bound, filled};
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

/// Edges up to which runs are certified unasked.
const SMALL: usize = 1 << 15;
/// Both ends agree when they are no further apart.
const AGREE: f64 = 1e-6;
/// Steps from either end at the most.
const STEPS: u64 = 1000;

/// Whether the state at rest is the only one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Certificate {
    /// Whether there is one state at rest; none where it was not asked or could not be told.
    pub(crate) unique: Option<bool>,
    /// By how much a step brings any two states nearer, at least, in a weighted greatest difference; a single state at rest where it is below 1.
    pub(crate) contraction: Option<f64>,
    /// No two states at rest are further apart at any node; none where this was not needed or the states have no ends.
    pub(crate) spread: Option<f64>,
}

/// Looks whether a map has a single state at rest under what lasts of a forcing.
///
/// Where steps bring states nearer by a factor below 1 it has. Else the map is run from both ends at once: a lower state that takes the least of what feeds and
/// the most of what dampens, and an upper one the other way about. Every state at rest stays between the two.
///
/// `known` is what the run has shown of its steps already.
pub(crate) fn certify(
    map: &Map<'_>,
    inputs: &Inputs<'_>,
    (asked, known): (Option<bool>, Option<Shown>),
    tick: Tick<'_>,
) -> Result<Certificate> {
    let ask = asked.unwrap_or(map.csr.edges() <= SMALL);
    if asked == Some(false) {
        return Ok(Certificate::default());
    }
    let held: Vec<bool> = inputs.clamp.iter().map(Option::is_some).collect();
    let shown = match known {
        Some(known) if !ask || known.upper < 1.0 => Some(known),
        _ => bound::contraction(map, &held, if ask { 30 } else { QUICK }, tick)?,
    };
    let contraction = shown.map(|shown| shown.upper);
    let mut found = Certificate { contraction, unique: contraction.filter(|c| *c < 1.0).map(|_| true), spread: None };
    if map.formula == Formula::Sum && map.bounds.is_none() {
        // A radius below 1 was wanted before the run.
        found.unique = Some(true);
    }
    if found.unique.is_none() && ask {
        both_ends(map, inputs, &held, &mut found, tick)?;
    }
    Ok(found)
}

/// The least and the greatest value that the map gives, shocks aside; none where it has no ends.
fn ends(map: &Map<'_>) -> Option<(f64, f64)> {
    if map.bounds.is_some() {
        return map.bounds;
    }
    match map.formula {
        Formula::NoisyOr => Some((0.0, 1.0)),
        Formula::Transfer { shape: Shape::Sigmoid | Shape::Step | Shape::Clamp, .. } => Some((0.0, 1.0)),
        Formula::Transfer { shape: Shape::Tanh | Shape::Sign, .. } => Some((-1.0, 1.0)),
        Formula::Sum | Formula::Relaxed => None,
    }
}

fn both_ends(map: &Map<'_>, inputs: &Inputs<'_>, held: &[bool], found: &mut Certificate, tick: Tick<'_>) -> Result<()> {
    let Some((low, high)) = ends(map) else { return Ok(()) };
    let csr = map.csr;
    let (n, m) = (csr.nodes(), csr.edges());
    if n == 0 || n > u32::MAX as usize / 2 || m > u32::MAX as usize / 2 {
        return Ok(());
    }
    // Node j is the lower state of j, node n + j the upper one.
    let (mut source, mut target, mut weight) = (filled(2 * m, 0u32)?, filled(2 * m, 0u32)?, filled(2 * m, 0.0)?);
    let places = source.iter_mut().zip(&mut target).zip(&mut weight);
    let edges = (0..n).flat_map(|j| csr.incoming(j).map(move |(i, w, _)| (i, j, w)));
    let doubled = edges.flat_map(|(i, j, w)| {
        let (near, far) = if w >= 0.0 { (i, n + i) } else { (n + i, i) };
        [(near, j, w), (far, n + j, w)]
    });
    for (((source, target), weight), (i, j, w)) in places.zip(doubled) {
        (*source, *target, *weight) = (i as u32, j as u32, w);
    }
    let both = Csr::from_edges(2 * n, &source, &target, &weight, &[])?;
    drop((source, target, weight));
    let twice = |values: &[f64]| [values, values].concat();
    let pair = Map {
        csr: &both,
        formula: map.formula,
        base: twice(&map.base),
        offset: twice(&map.offset),
        pace: twice(&map.pace),
        bounds: map.bounds,
    };
    let lasting: &[f64] = if inputs.pulse { &[] } else { inputs.shocks };
    let shock = twice(lasting);
    let held = [held, held].concat();
    // Offsets and shocks move the ends where nothing clips them.
    let free = map.bounds.is_none();
    let moved = |j: usize| {
        let at = |values: &[f64]| if free { values.get(j).copied().unwrap_or(0.0) } else { 0.0 };
        at(&map.offset) + at(lasting)
    };
    let clamp = |j: usize| inputs.clamp.get(j).copied().flatten();
    let lower = (0..n).map(|j| clamp(j).unwrap_or(low + moved(j)));
    let upper = (0..n).map(|j| clamp(j).unwrap_or(high + moved(j)));
    let start: Vec<f64> = lower.chain(upper).collect();
    let run = Run {
        start: &start,
        before: None,
        forcing: Forcing { shock: &shock, held: &held, halved: false },
        pulse: false,
        without_lags: true,
        max_steps: STEPS,
        tolerance: Some(inputs.tolerance.clamp(1e-12, 1e-9)),
    };
    let settled = settle(&pair, &run, &mut |_, _| Ok(()), tick)?;
    let (lower, upper) = settled.state.split_at(n);
    let spread = lower.iter().zip(upper).fold(0.0f64, |most, (low, high)| most.max(high - low));
    found.spread = Some(spread);
    found.unique = match settled.end {
        _ if spread <= AGREE => Some(true),
        // Without dampening each end rests by itself.
        End::Converged if !csr.is_signed() && spread > 1e-3 => Some(false),
        _ => None,
    };
    Ok(())
}

/// Certifies a bare run.
pub(super) fn bare(
    csr: &Csr,
    (model, asked, known): (&Model, Option<bool>, Option<Shown>),
    base: Vec<f64>,
    assessed: bool,
    inputs: &Inputs<'_>,
    names: Names<'_>,
    tick: Tick<'_>,
) -> Result<Certificate> {
    if asked == Some(false) {
        return Ok(Certificate::default());
    }
    let Compiled { csr, formula, pace, bounds, .. } = compile(csr, model, assessed, names, tick)?;
    certify(&Map { csr: &csr, formula, base, offset: Vec::new(), pace, bounds }, inputs, (asked, known), tick)
}

/// What a reader should know of it.
pub(super) fn note(found: &Certificate) -> Option<Note> {
    let message = match found {
        Certificate { unique: Some(false), spread: Some(spread), .. } => format!(
            "there is more than one state at rest, up to {spread:.3} apart: where the run rests depends on where it starts, and it is the one next to the start"
        ),
        Certificate { unique: None, spread: Some(spread), .. } => format!(
            "runs from the least and from the greatest state stay up to {spread:.3} apart: there may be other states at rest, or none but a cycle"
        ),
        _ => return None,
    };
    Some(Note::new("several-states-at-rest", message, Vec::<String>::new()))
}

/// Refuses what a solver cannot follow.
pub(super) fn wanted_solvable(model: &Model, bounds: Option<(f64, f64)>, inputs: &Inputs<'_>) -> Result<()> {
    let unsupported = |message: &str| Err(Error::new(ErrorKind::Unsupported, message));
    match model {
        Model::Linear(_) if bounds.is_some() => unsupported("`method` is `solve`, which a `cap` does not allow: wanted `steps`"),
        Model::Linear(_) if inputs.keep_trajectory => unsupported("`method` is `solve`, which makes no trajectory: wanted `steps`"),
        Model::Linear(_) => Ok(()),
        _ => unsupported("`method` is `solve`, which only a linear model allows: wanted `steps`"),
    }
}
