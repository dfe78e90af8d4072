//! A node turns on when what has arrived reaches its threshold.
//!
//! Shares and thresholds are whole numbers of 2⁻⁶⁰: sums are exact, so that neither order nor lags nor names decide a tie.

use super::keyed::Key;
use super::outgoing::{Outgoing, poll};
use super::spread::{Plan, Rule, refuse_weights, spread};
use super::tally::Tally;
use crate::kernels::{Csr, Tick, filled};
use crate::{Error, Result};

/// What an edge carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Its weight over all the weight that comes into its target.
    Normalised,
    /// Its weight, all that comes in summing to 1 at the most.
    AsGiven,
    /// The same as every other edge into its target, whatever the weights.
    Equal,
}

/// A threshold model, ready to run.
#[derive(Debug, Clone)]
pub struct Thresholds {
    edges: Outgoing<u64>,
    /// What each node needs, `DRAWN` where it is drawn; empty: all are drawn.
    needs: Vec<u64>,
    /// Nodes with something coming in that need nothing.
    eager: Vec<u32>,
    drawn: bool,
}

const ONE: f64 = (1u64 << 60) as f64;
/// More than ever arrives.
const NEVER: u64 = u64::MAX >> 1;
const DRAWN: u64 = u64::MAX;
/// A threshold is met where this little is missing.
const TOLERANCE: f64 = 1e-9;

impl Thresholds {
    /// From rows and thresholds (none: drawn evenly from 0 to 1 in every run; an empty list: all drawn).
    ///
    /// # Errors
    /// `Argument` for a weight below 0, weights as given that sum past 1, a threshold outside 0 to 1, a list of another length;
    /// `Memory`, `Cancelled`.
    pub fn new(csr: &Csr, shares: Shares, thresholds: &[Option<f64>], tick: Tick<'_>) -> Result<Self> {
        let nodes = csr.nodes();
        if shares != Shares::Equal {
            refuse_weights(csr, f64::MAX)?;
        }
        if !(thresholds.is_empty() || thresholds.len() == nodes) {
            return Err(Error::argument(format!("found {} thresholds, wanted {nodes}", thresholds.len())));
        }
        if let Some(bad) = thresholds.iter().flatten().find(|t| !(0.0..=1.0).contains(*t)) {
            return Err(Error::argument(format!("found the threshold {bad}, wanted 0 to 1")));
        }
        let mut wholes = filled(nodes, Whole { greatest: 1.0, sum: 1.0 })?;
        let mut comes_in = filled(nodes, false)?;
        for j in 0..nodes {
            poll(j, tick)?;
            let row = &csr.weights()[csr.row(j)];
            comes_in[j] = row.iter().any(|w| shares == Shares::Equal || *w > 0.0);
            match shares {
                Shares::Equal => wholes[j].sum = row.len() as f64,
                Shares::Normalised => wholes[j] = Whole::of(row),
                Shares::AsGiven => {
                    let sum: f64 = row.iter().sum();
                    if sum > 1.0 + TOLERANCE {
                        return Err(Error::argument(format!("weights into node {j} sum to {sum}, wanted 1 at the most")));
                    }
                }
            }
        }
        let value = |j: usize, edge: usize| {
            let weight = if shares == Shares::Equal { 1.0 } else { csr.weights()[edge] };
            (weight > 0.0).then(|| wholes[j].share(weight))
        };
        let edges = Outgoing::new(csr, value, tick)?;
        let mut needs = filled(thresholds.len(), DRAWN)?;
        let mut eager = Vec::new();
        for (j, (need, threshold)) in needs.iter_mut().zip(thresholds).enumerate() {
            if let Some(threshold) = threshold {
                *need = ((threshold - TOLERANCE).max(0.0) * ONE) as u64;
                if *need == 0 && comes_in[j] {
                    eager.push(j as u32);
                }
            }
        }
        let drawn = comes_in.iter().enumerate().any(|(j, comes)| *comes && needs.get(j).is_none_or(|need| *need == DRAWN));
        Ok(Thresholds { edges, needs, eager, drawn })
    }

    /// Whether some threshold is drawn.
    pub fn is_drawn(&self) -> bool {
        self.drawn
    }

    /// Runs as planned.
    ///
    /// # Errors
    /// `Argument` for lists of another length, a chance outside 0 to 1, no runs; `Memory`, `Cancelled`.
    pub fn run(&self, plan: &Plan<'_>, tick: Tick<'_>) -> Result<Tally> {
        plan.check(self.edges.nodes())?;
        spread(self, plan, tick)
    }
}

/// All that comes into a node; weights are divided by the greatest first, so that no sum overflows.
#[derive(Debug, Clone, Copy)]
struct Whole {
    greatest: f64,
    sum: f64,
}

impl Whole {
    fn of(weights: &[f64]) -> Whole {
        let greatest = weights.iter().copied().fold(0.0, f64::max);
        Whole { greatest, sum: weights.iter().map(|w| w / greatest).sum() }
    }

    fn share(self, weight: f64) -> u64 {
        (weight / self.greatest / self.sum * ONE).round() as u64
    }
}

/// What a node still needs in the run of that stamp, and the number of runs in which it was on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    stamp: u32,
    on: u32,
    left: u64,
}

impl Rule for Thresholds {
    type Mark = Mark;

    fn marks(&self, plan: &Plan<'_>) -> Result<Vec<Mark>> {
        let mut marks = filled(self.edges.nodes(), Mark { stamp: 0, on: 0, left: NEVER })?;
        for (_, mark) in marks.iter_mut().enumerate().filter(|(node, _)| plan.held_off(*node)) {
            // stamps rise from run to run: this one is never passed, and what is left is never reached
            mark.stamp = u32::MAX;
        }
        Ok(marks)
    }

    #[inline(always)]
    fn target(&self, edge: usize) -> u32 {
        self.edges.edges[edge].target
    }

    fn lags(&self) -> (&[u32], u32) {
        (&self.edges.lags, self.edges.longest_lag)
    }

    fn eager(&self) -> &[u32] {
        &self.eager
    }

    fn begin(&self, mark: &mut Mark, stamp: u32) -> bool {
        let off = mark.stamp < stamp || (mark.stamp == stamp && mark.left < NEVER);
        if off {
            *mark = Mark { stamp, on: mark.on + 1, left: NEVER };
        }
        off
    }

    #[inline(always)]
    fn carry(&self, node: u32, _: Key, hit: &mut impl FnMut(usize)) -> usize {
        let row = self.edges.offsets[node as usize] as usize..self.edges.offsets[node as usize + 1] as usize;
        let looked = row.len() + 1;
        row.for_each(hit);
        looked
    }

    #[inline(always)]
    fn arrive(&self, edge: usize, target: u32, mark: &mut Mark, key: Key, stamp: u32) -> bool {
        if mark.stamp < stamp {
            mark.stamp = stamp;
            // an even whole number from 1 to 2⁶⁰: a share s reaches it with chance s
            let drawn = || (key.bits(target) >> 4) + 1;
            mark.left = if self.needs.is_empty() {
                drawn()
            } else {
                match self.needs[target as usize] {
                    DRAWN => drawn(),
                    need => need,
                }
            };
        }
        let share = self.edges.edges[edge].value;
        if mark.left > share {
            // one that is on, or held off, needs nothing any more
            mark.left -= if mark.left < NEVER { share } else { 0 };
            return false;
        }
        mark.left = NEVER;
        mark.on += 1;
        true
    }

    fn count(mark: &Mark) -> u32 {
        mark.on
    }
}
