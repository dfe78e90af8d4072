//! A run on rows and plain lists, whatever network they come from.

use std::borrow::Cow;

use super::Model;
use super::certify::wanted_solvable;
use super::compile::{Compiled, Names, compile, refuse_diverging};
use crate::kernels::bound::{self, Shown, error_bound, error_shown};
use crate::kernels::fixpoint::{End, Run, settle};
use crate::kernels::map::{Forcing, Formula, Map};
use crate::kernels::radius::Radius;
use crate::kernels::{Csr, Tick, linear};
use crate::{Error, ErrorKind, Result, shown};

/// Passes that a large network is given to show that its steps bring states nearer.
pub(super) const QUICK: u64 = 2;

/// What a run on rows is subject to; empty slices stand for nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) start: &'a [f64],
    pub(crate) shocks: &'a [f64],
    pub(crate) clamp: &'a [Option<f64>],
    pub(crate) pulse: bool,
    pub(crate) max_steps: u64,
    pub(crate) tolerance: f64,
    pub(crate) keep_trajectory: bool,
}

/// Where a run on rows went.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) state: Vec<f64>,
    pub(crate) trajectory: Option<Vec<f64>>,
    pub(crate) end: End,
    pub(crate) steps: u64,
    pub(crate) error_bound: Option<f64>,
    /// What was shown of the steps on the way, if it was.
    pub(crate) shown: Option<Shown>,
}

/// Runs a map that is ready; `known` is what was shown of its steps before, if it was.
pub(crate) fn run_map(map: &Map<'_>, inputs: &Inputs<'_>, halved: bool, known: Option<Shown>, tick: Tick<'_>) -> Result<Ran> {
    let held: Vec<bool> = if inputs.clamp.is_empty() { Vec::new() } else { inputs.clamp.iter().map(Option::is_some).collect() };
    let mut start = Cow::Borrowed(inputs.start);
    if inputs.clamp.iter().any(Option::is_some) {
        let held = start.to_mut().iter_mut().zip(inputs.clamp);
        held.for_each(|(x, clamped)| *x = clamped.unwrap_or(*x));
    }
    let forcing = Forcing { shock: inputs.shocks, held: &held, halved };
    let run = Run {
        start: &start,
        before: Some(inputs.start),
        forcing,
        pulse: inputs.pulse,
        without_lags: halved,
        max_steps: inputs.max_steps,
        tolerance: Some(inputs.tolerance),
    };
    let mut trajectory = inputs.keep_trajectory.then(Vec::new);
    let mut see = |_: u64, state: &[f64]| {
        if let Some(kept) = &mut trajectory {
            let no_memory = |_| Error::new(ErrorKind::Memory, "no memory for the trajectory");
            kept.try_reserve(state.len()).map_err(no_memory)?;
            kept.extend_from_slice(state);
        }
        Ok(())
    };
    let settled = settle(map, &run, &mut see, tick)?;
    let mut shown = known;
    let bound = match settled.end {
        End::Converged | End::StepLimit => {
            let resting = Forcing { shock: if inputs.pulse { &[] } else { inputs.shocks }, held: &held, halved: false };
            if shown.is_none() && map.csr.edges() >= bound::LARGE {
                shown = bound::contraction(map, &held, QUICK, tick)?;
            }
            let quick = shown.map(|shown| error_shown(map, &shown, &resting, &settled.state, tick)).transpose()?.flatten();
            match quick {
                Some(bound) => Some(bound),
                None => error_bound(map, &resting, &settled.state, tick)?,
            }
        }
        End::Cycle(_) | End::Diverging => None,
    };
    Ok(Ran { state: settled.state, trajectory, end: settled.end, steps: settled.steps, error_bound: bound, shown })
}

/// A bare run: no anchoring; `base` is the exogenous part, empty for none.
pub(crate) fn run_bare(
    csr: &Csr,
    model: &Model,
    base: Vec<f64>,
    assessed: bool,
    inputs: &Inputs<'_>,
    names: Names<'_>,
    tick: Tick<'_>,
) -> Result<(Ran, Option<Radius>, Option<f64>)> {
    let compiled = compile(csr, model, assessed, names, tick)?;
    if matches!(model, Model::NoisyOr(_)) || assessed {
        within_one("start", inputs.start.iter().copied().map(Some), names)?;
        within_one("clamp", inputs.clamp.iter().copied(), names)?;
    }
    if matches!(model, Model::NoisyOr(_)) {
        within_one("base", base.iter().copied().map(Some), names)?;
    }
    let held: Vec<bool> = inputs.clamp.iter().map(Option::is_some).collect();
    // where a few passes over a large network show that sums stay finite, its loops are not looked at one by one
    let quick = compiled.formula == Formula::Sum && compiled.csr.edges() >= bound::LARGE;
    let shown = if quick { linear::shown_below_one(&compiled.csr, &held, tick)? } else { None };
    let radius = match shown {
        Some(_) => None,
        None => refuse_diverging(&compiled, &held, names, tick)?,
    };
    let Compiled { csr, formula, pace, bounds, scale } = compiled;
    let map = Map { csr: &csr, formula, base, offset: Vec::new(), pace, bounds };
    Ok((run_map(&map, inputs, false, shown, tick)?, radius, scale))
}

/// A bare run of a linear model straight to rest, as [`run_bare`]; the start does not matter.
pub(crate) fn solve_bare(
    csr: &Csr,
    model: &Model,
    base: Vec<f64>,
    assessed: bool,
    inputs: &Inputs<'_>,
    names: Names<'_>,
    tick: Tick<'_>,
) -> Result<(Ran, Option<Radius>, Option<f64>)> {
    let compiled = compile(csr, model, assessed, names, tick)?;
    wanted_solvable(model, compiled.bounds, inputs)?;
    let held: Vec<bool> = inputs.clamp.iter().map(Option::is_some).collect();
    let shown = linear::shown_below_one(&compiled.csr, &held, tick)?;
    let radius = match shown {
        Some(_) => None,
        None => refuse_diverging(&compiled, &held, names, tick)?,
    };
    let Compiled { csr, formula, pace, bounds, scale } = compiled;
    let map = Map { csr: &csr, formula, base, offset: Vec::new(), pace, bounds };
    map.check()?;
    let shocks: &[f64] = if inputs.pulse { &[] } else { inputs.shocks };
    let forcing = Forcing { shock: shocks, held: &held, halved: false };
    let start = (0..csr.nodes()).map(|j| inputs.clamp.get(j).copied().flatten().unwrap_or(0.0)).collect();
    let solved = linear::by_directions(&map, &forcing, start, inputs.tolerance, inputs.max_steps, tick)?;
    let Some(settled) = solved else {
        // Steps come to the same rest, if slower.
        return Ok((run_map(&map, inputs, false, shown, tick)?, radius, scale));
    };
    let error_bound = match &shown {
        Some(shown) => error_shown(&map, shown, &forcing, &settled.state, tick)?,
        None => error_bound(&map, &forcing, &settled.state, tick)?,
    };
    let ran = Ran { state: settled.state, trajectory: None, end: settled.end, steps: settled.steps, error_bound, shown };
    Ok((ran, radius, scale))
}

/// Refuses what is no share.
pub(crate) fn within_one(what: &str, values: impl Iterator<Item = Option<f64>>, names: Names<'_>) -> Result<()> {
    for (j, value) in values.enumerate() {
        if let Some(value) = value.filter(|v| !(0.0..=1.0).contains(v)) {
            return Err(Error::argument(format!("`{what}` of `{}` is {value}, wanted 0 to 1", shown(&names(j)))));
        }
    }
    Ok(())
}
