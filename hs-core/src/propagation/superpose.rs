//! Where shocks add up: a linear model as long as neither its floor nor its ceiling is met.

use rayon::prelude::*;

use super::anchoring::Stability;
use super::effect::{Anchored, Reads};
use super::result::Status;
use crate::Result;
use crate::kernels::blocked::{Block, Until, WIDTH, advance};
use crate::kernels::bound::Shown;
use crate::kernels::linear::shown_below_one;
use crate::kernels::map::Formula;
use crate::kernels::{Tick, filled};

/// By how much rounding may seem to pass a floor or ceiling.
const SLACK: f64 = 1e-9;

/// Shocks of an anchored linear model, taken eight at a time.
#[derive(Debug)]
pub(crate) struct Superposition<'a> {
    anchored: &'a Anchored,
    reads: Reads,
    shown: Option<Shown>,
    bounds: (f64, f64),
}

/// What one shock moves, floor and ceiling left out; none where effects are undefined.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) rest: Option<Vec<f64>>,
    pub(crate) horizons: [Option<Vec<f64>>; 3],
    /// Bound of the error at rest; none where none is known.
    pub(crate) error: Option<f64>,
}

impl Anchored {
    /// Shocks that add up, where they do as long as no state leaves the bounds; none where they may not.
    ///
    /// # Method
    /// Wanted are the sum as the formula, a baseline that no bound holds, and - where links dampen - effects at rest alone with a radius of
    /// magnitudes shown to be below 1: then a state within the bounds that solves the equations without them is the only one with them too.
    /// Without dampening what one-sided shocks move only grows from step to step, so that a state within the bounds at rest is within them at
    /// every step.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn superposition(&self, reads: Reads, tick: Tick<'_>) -> Result<Option<Superposition<'_>>> {
        let made = self.equations();
        if made.formula != Formula::Sum || made.stability != Stability::Stable {
            return Ok(None);
        }
        if reads.rest && self.rest_run().is_none_or(|ran| Status::from(ran.end) != Status::Converged) {
            return Ok(None);
        }
        let bounds = made.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let map = made.map();
        for (j, x) in made.baseline.iter().enumerate() {
            let offset = made.offset.get(j).copied().unwrap_or(0.0);
            if (map.formula_still(j, &made.baseline) + offset - x).abs() > SLACK {
                return Ok(None);
            }
        }
        let shown = shown_below_one(&made.csr, &[], tick)?;
        let dampens = made.csr.weights().iter().any(|w| *w < 0.0);
        if dampens && (reads.periods || shown.is_none()) {
            return Ok(None);
        }
        Ok(Some(Superposition { anchored: self, reads, shown, bounds }))
    }
}

impl Superposition<'_> {
    /// What each sparse shock moves; none where one does not settle.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn respond(&self, shocks: &[Vec<(usize, f64)>], tick: Tick<'_>) -> Result<Option<Vec<Moved>>> {
        let made = self.anchored.equations();
        let settings = self.anchored.settings();
        let listed: Vec<&[(usize, f64)]> = shocks.iter().map(Vec::as_slice).collect();
        let blocks = |lags: bool| listed.chunks(WIDTH).map(|eight| Block::new(&made.csr, eight, lags)).collect::<Result<Vec<Block>>>();
        let column = |blocks: &[Block], shock: usize| -> Result<Vec<f64>> {
            let mut column = filled(self.anchored.len(), 0.0)?;
            if let Some(block) = blocks.get(shock / WIDTH) {
                column.iter_mut().enumerate().for_each(|(j, x)| *x = block.at(j).get(shock % WIDTH).copied().unwrap_or(0.0));
            }
            Ok(column)
        };
        let columns = |blocks: &[Block]| (0..shocks.len()).into_par_iter().map(|k| column(blocks, k)).collect::<Result<Vec<_>>>();
        let mut moved: Vec<Moved> = shocks.iter().map(|_| Moved { rest: None, horizons: [None, None, None], error: Some(0.0) }).collect();
        if self.reads.rest {
            let mut at_rest = blocks(false)?;
            advance(&made.csr, &mut at_rest, Until::Rest { tolerance: settings.tolerance, max_steps: settings.max_steps }, tick)?;
            if at_rest.iter().any(|block| block.change > settings.tolerance || !block.change.is_finite()) {
                return Ok(None);
            }
            for ((k, moved), column) in moved.iter_mut().enumerate().zip(columns(&at_rest)?) {
                moved.rest = Some(column);
                moved.error = self.shown.zip(at_rest.get(k / WIDTH)).and_then(|(shown, block)| shown.error(block.change));
            }
        }
        if self.reads.periods && self.anchored.has_periods() {
            let mut on_the_way = blocks(true)?;
            for (at, steps) in settings.horizons.into_iter().enumerate() {
                advance(&made.csr, &mut on_the_way, Until::Steps(steps), tick)?;
                for (moved, column) in moved.iter_mut().zip(columns(&on_the_way)?) {
                    moved.horizons.get_mut(at).into_iter().for_each(|slot| *slot = Some(column.clone()));
                }
            }
        }
        Ok(Some(moved))
    }

    /// Whether a node that moves by `least` to `most` stays within the bounds.
    pub(crate) fn clear(&self, node: usize, least: f64, most: f64) -> bool {
        let start = self.anchored.baseline().get(node).copied().unwrap_or(0.0);
        start + least >= self.bounds.0 - SLACK && start + most <= self.bounds.1 + SLACK
    }
}
