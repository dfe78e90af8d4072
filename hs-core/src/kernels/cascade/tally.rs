//! What is counted over runs: whole numbers, so that no order of adding changes them.

use crate::Result;
use crate::kernels::{filled, no_memory};

/// Counts over runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Runs made.
    pub runs: u32,
    /// Runs in which each node was on at the end; empty while runs are still being made.
    pub on: Vec<u32>,
    /// Sum of the numbers of nodes on at the end.
    pub sizes: u128,
    /// Sum of their squares.
    pub squares: u128,
    /// Steps of the longest run.
    pub steps: u64,
    /// Whether every run came to its end within the steps it was given.
    pub ended: bool,
    /// Runs in which each node turned on at each step, row by row from the start on, where asked for.
    pub turned_on: Option<Vec<u32>>,
}

impl Tally {
    pub(super) fn new(nodes: usize, runs: u32, keep_steps: bool) -> Result<Tally> {
        let turned_on = if keep_steps { Some(filled(nodes, 0)?) } else { None };
        Ok(Tally { runs, on: Vec::new(), sizes: 0, squares: 0, steps: 0, ended: true, turned_on })
    }

    /// Counts a run.
    pub(super) fn count(&mut self, size: usize, steps: u64, ended: bool) {
        self.sizes += size as u128;
        self.squares += (size as u128).pow(2);
        self.steps = self.steps.max(steps);
        self.ended &= ended;
    }

    /// Counts nodes that turned on at a step, `width` of them in all.
    pub(super) fn turn_on(&mut self, step: u64, nodes: &[u32], width: usize) -> Result<()> {
        if let Some(counts) = &mut self.turned_on {
            let row = usize::try_from(step).unwrap_or(usize::MAX).saturating_mul(width);
            let length = row.saturating_add(width);
            if counts.len() < length {
                counts.try_reserve(length - counts.len()).map_err(|_| no_memory(length, 4))?;
                counts.resize(length, 0);
            }
            for &node in nodes {
                counts[row + node as usize] += 1;
            }
        }
        Ok(())
    }

    /// Adds the counts of other runs.
    pub(super) fn merge(&mut self, other: &Tally) -> Result<()> {
        self.sizes += other.sizes;
        self.squares += other.squares;
        self.steps = self.steps.max(other.steps);
        self.ended &= other.ended;
        if let (Some(mine), Some(theirs)) = (&mut self.turned_on, &other.turned_on) {
            if mine.len() < theirs.len() {
                mine.try_reserve(theirs.len() - mine.len()).map_err(|_| no_memory(theirs.len(), 4))?;
                mine.resize(theirs.len(), 0);
            }
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        Ok(())
    }

    /// Mean number of nodes on at the end.
    pub fn size(&self) -> f64 {
        self.sizes as f64 / f64::from(self.runs)
    }

    /// Standard error of [`Tally::size`]; none from a single run.
    pub fn size_error(&self) -> Option<f64> {
        let runs = u128::from(self.runs);
        // exact: sizes and runs are below 2³²
        let scatter = runs * self.squares - self.sizes * self.sizes;
        (runs > 1).then(|| (scatter as f64 / (runs as f64 * runs as f64 * (runs - 1) as f64)).sqrt())
    }

    /// Share of runs in which a node was on at the end, and its standard error; no error from a single run.
    pub fn share(&self, node: usize) -> (f64, Option<f64>) {
        let (on, runs) = (f64::from(self.on[node]), f64::from(self.runs));
        let share = on / runs;
        (share, (self.runs > 1).then(|| (share * ((runs - on) / runs) / (runs - 1.0)).sqrt()))
    }

    /// Share of runs in which each node was on at each step, row by row, where steps were kept.
    ///
    /// # Errors
    /// `Memory`.
    pub fn shares_by_step(&self) -> Result<Option<Vec<f64>>> {
        let Some(counts) = &self.turned_on else { return Ok(None) };
        let width = self.on.len();
        // the last steps of the longest run may have turned nothing on
        let rows = usize::try_from(self.steps).unwrap_or(usize::MAX).saturating_add(1);
        let length = rows.checked_mul(width).ok_or_else(|| no_memory(usize::MAX, 8))?;
        let mut shares = filled(length, 0.0)?;
        let mut on = filled(width, 0u32)?;
        let runs = f64::from(self.runs);
        for (row, shares) in shares.chunks_mut(width.max(1)).enumerate() {
            if let Some(counts) = counts.get(row * width..(row + 1) * width) {
                on.iter_mut().zip(counts).for_each(|(on, count)| *on += count);
            }
            shares.iter_mut().zip(&on).for_each(|(share, on)| *share = f64::from(*on) / runs);
        }
        Ok(Some(shares))
    }
}
