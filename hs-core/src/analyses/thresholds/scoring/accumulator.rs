//! Scoring a stream of rows in constant memory.

use super::intake::Intake;
use super::plain::Plain;
use super::tallies::Tallies;
use super::{Score, ScoreResult};
use crate::kernels::{Tick, cancelled, never};
use crate::tables::Rows;
use crate::{Error, ErrorKind, Result};

/// Rows of people's data, scored as they come.
#[derive(Debug, Clone)]
pub struct ScoreAccumulator {
    score: Score,
    state: Plain,
    rows: u64,
}

impl ScoreAccumulator {
    /// An accumulator that has seen nothing.
    ///
    /// # Errors
    /// Those of [`Score::check`].
    pub fn new(score: Score) -> Result<Self> {
        score.check()?;
        Ok(ScoreAccumulator { state: Plain::new(score.clone()), score, rows: 0 })
    }

    /// Takes in a batch; a batch that is refused leaves the accumulator as it was.
    ///
    /// # Errors
    /// With every problem of the batch's columns: one that is missing or of the wrong type, weights that are missing, negative or infinite.
    pub fn update(&mut self, rows: &Rows) -> Result<()> {
        self.update_with(rows, &never)
    }

    /// As [`ScoreAccumulator::update`], looking at a tick, which is given the number of rows read of this batch.
    ///
    /// # Errors
    /// Also where the tick asks to stop; the accumulator is then as it was.
    pub fn update_with(&mut self, rows: &Rows, tick: Tick<'_>) -> Result<()> {
        let intake = Intake::find(&self.score, rows)?;
        intake.check_rows(&self.score)?;
        if !tick(0) {
            return Err(cancelled());
        }
        self.state.update(&intake);
        self.rows += rows.len() as u64;
        Ok(())
    }

    /// Rows taken in so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The settings.
    pub fn settings(&self) -> &Score {
        &self.score
    }

    /// What the rows amount to.
    pub(crate) fn tallies(&self) -> Result<Tallies> {
        if self.rows == 0 {
            return Err(Error::new(ErrorKind::Undefined, "found no rows, wanted at least one: a score of nobody is undefined"));
        }
        Ok(self.state.tallies())
    }

    /// Every measure of the rows taken in.
    ///
    /// # Errors
    /// Where there are no rows, where weights sum to 0, or where the survey design cannot be.
    pub fn finish(&self) -> Result<ScoreResult> {
        ScoreResult::new(&self.score, &self.tallies()?)
    }
}

impl Score {
    /// Scores a stream of batches; the tick is given the rows read so far.
    ///
    /// # Errors
    /// Those of the settings, of any batch, and of the design; [`ErrorKind::Cancelled`] where the tick asks to stop.
    pub fn run(&self, data: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<ScoreResult> {
        self.accumulate(data, tick)?.finish()
    }

    /// The accumulator of a stream of batches.
    pub(crate) fn accumulate(&self, data: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<ScoreAccumulator> {
        let mut accumulator = ScoreAccumulator::new(self.clone())?;
        for batch in data {
            let before = accumulator.rows();
            accumulator.update_with(&batch?, &|rows| tick(before + rows))?;
        }
        Ok(accumulator)
    }
}

#[cfg(test)]
mod tests;
