//! Scoring a stream of rows in memory that does not grow with them.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::finish;
use super::intake::{Intake, Sort, sort};
use super::marks::{Sayings, sayings};
use super::plan::Plan;
use super::shard::Shard;
use super::tallies::Tallies;
use super::{Score, ScoreResult};
use crate::kernels::{Tick, cancelled, never};
use crate::tables::{Rows, column_problem};
use crate::{Error, ErrorKind, Result};

/// Rows that a thread takes at a time.
const PORTION: usize = 1 << 14;
/// Fewer rows are not worth a second thread.
const WORTH_SHARING: usize = 1 << 15;
/// Batches from this many rows on can be stopped in the middle; smaller ones are done in a few hundredths of a second.
const LONG: usize = if cfg!(test) { 1 << 16 } else { 1 << 19 };
/// Rows between two looks at the tick, for each thread.
const ROUND: usize = if cfg!(test) { 1 << 13 } else { 1 << 17 };

/// Rows of people's data, scored as they come: what is held grows with groups, deprivation patterns and PSUs, not with rows.
///
/// Batches can come in any order and size, from any number of accumulators that are merged in any tree: every figure has the same bits,
/// because sums are exact. The bytes of an accumulator hold what small groups amount to and count as microdata.
///
/// # Method
/// A row's deprivations are a pattern of bits. A histogram of rows, weights and squared weights over group and pattern holds every
/// measure for every cut-off and weighting at once; with clusters, sums by PSU and group stand beside it.
///
/// # Examples
/// ```
/// use hs_core::analyses::thresholds::scoring::{Score, ScoreAccumulator};
/// use hs_core::tables::{Rows, Table};
///
/// let score: Score = hs_core::settings_from_json(r#"{"min_n": 0, "scheme": {"cutoff": 0.5, "indicators": [
///     {"name": "food", "below": 28}, {"name": "water", "among": ["river"]}]}}"#)?;
/// let first = Table::builder().number("food", [Some(20.0), Some(40.0)]).text("water", [Some("river"), Some("tap")]).build()?;
/// let second = Table::builder().number("food", [Some(35.0), None]).text("water", [Some("tap"), Some("tap")]).build()?;
/// let mut one = ScoreAccumulator::new(score.clone())?;
/// one.update(&Rows::from(&first))?;
/// let mut other = ScoreAccumulator::new(score)?;
/// other.update(&Rows::from(&second))?;
/// one.merge(&other)?;
/// let result = one.finish()?.outcome()?;
/// // three rows have both indicators; one of them is insecure
/// assert_eq!(result.table("groups").and_then(|table| table.number("H")), Some(vec![Some(1.0 / 3.0)]));
/// # Ok::<(), hs_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ScoreAccumulator {
    pub(super) plan: Plan,
    /// One a thread that has worked so far; together they are the sum.
    pub(super) shards: Vec<Shard>,
    /// What the cells of each column of keys are, as seen so far.
    pub(super) sorts: Vec<Sort>,
}

impl ScoreAccumulator {
    /// An accumulator that has seen nothing.
    ///
    /// # Errors
    /// Those of [`Score::check`].
    pub fn new(score: Score) -> Result<Self> {
        score.check()?;
        let keys = score.by.len() + usize::from(score.strata.is_some()) + usize::from(score.cluster.is_some());
        Ok(ScoreAccumulator { plan: Plan::new(score), shards: Vec::new(), sorts: vec![Sort::Nothing; keys] })
    }

    /// Takes in a batch; a batch that is refused leaves the accumulator as it was.
    ///
    /// # Errors
    /// With every problem of the batch's columns: one that is missing or of the wrong type, weights that are missing, negative or
    /// infinite. Messages count rows and never quote a value.
    pub fn update(&mut self, rows: &Rows) -> Result<()> {
        self.update_with(rows, &never)
    }

    /// As [`ScoreAccumulator::update`], looking at a tick, which is given the number of rows of this batch that are done.
    ///
    /// # Errors
    /// Also where the tick asks to stop; the accumulator is then as it was.
    pub fn update_with(&mut self, rows: &Rows, tick: Tick<'_>) -> Result<()> {
        let score = &self.plan.score;
        let intake = Intake::find(score, rows)?;
        let sorts = self.sorts_with(&intake)?;
        if !tick(0) {
            return Err(cancelled());
        }
        intake.check_rows(score)?;
        let sayings: Vec<Sayings> = self.plan.rules.iter().zip(&intake.indicators).map(|(rule, column)| sayings(rule, column)).collect();
        let threads = if intake.rows < WORTH_SHARING { 1 } else { rayon::current_num_threads().max(1) };
        if intake.rows < LONG {
            while self.shards.len() < threads {
                self.shards.push(Shard::new(&self.plan));
            }
            let shards = self.shards.get_mut(..threads).unwrap_or_default();
            shards.iter_mut().for_each(|shard| shard.begin(&intake));
            share(&self.plan, &intake, &sayings, shards, 0..intake.rows);
        } else {
            let mut fresh = vec![Shard::new(&self.plan); threads];
            fresh.iter_mut().for_each(|shard| shard.begin(&intake));
            let mut from = 0;
            while from < intake.rows {
                let to = intake.rows.min(from + ROUND * threads);
                share(&self.plan, &intake, &sayings, &mut fresh, from..to);
                if !tick(to as u64) {
                    return Err(cancelled());
                }
                from = to;
            }
            if self.shards.is_empty() {
                self.shards = fresh;
            } else {
                self.absorb(&fresh);
            }
        }
        self.sorts = sorts;
        if intake.rows < LONG {
            tick(intake.rows as u64);
        }
        Ok(())
    }

    /// Adds what another accumulator of the same settings has taken in.
    ///
    /// # Errors
    /// Where the settings differ.
    pub fn merge(&mut self, other: &ScoreAccumulator) -> Result<()> {
        if self.plan.score != other.plan.score {
            let message = "found accumulators of different settings, wanted the same scheme and settings in both";
            return Err(Error::argument(message));
        }
        let mut sorts = Vec::new();
        let mut found = Vec::new();
        for ((own, other), name) in self.sorts.iter().zip(&other.sorts).zip(self.key_columns()) {
            sorts.push(joined(*own, *other, name, &mut found));
        }
        if !found.is_empty() {
            return Err(Error::with_problems(ErrorKind::Argument, found));
        }
        self.absorb(&other.shards);
        self.sorts = sorts;
        Ok(())
    }

    /// Rows taken in so far.
    pub fn rows(&self) -> u64 {
        self.shards.iter().map(|shard| shard.rows).sum()
    }

    /// The settings.
    pub fn settings(&self) -> &Score {
        &self.plan.score
    }

    /// Every measure of the rows taken in.
    ///
    /// # Errors
    /// Where there are no rows, where a column has no value at all, where weights sum to 0, or where the survey design cannot be.
    pub fn finish(&self) -> Result<ScoreResult> {
        ScoreResult::new(&self.plan.score, &self.tallies()?)
    }

    /// What the rows amount to.
    pub(crate) fn tallies(&self) -> Result<Tallies> {
        finish::tallies(&self.plan, &self.whole())
    }

    /// All shards in one.
    pub(super) fn whole(&self) -> Shard {
        match self.shards.split_first() {
            None => Shard::new(&self.plan),
            Some((first, rest)) => {
                let mut whole = first.clone();
                rest.iter().for_each(|shard| whole.merge(&self.plan, shard));
                whole
            }
        }
    }

    fn absorb(&mut self, shards: &[Shard]) {
        if self.shards.is_empty() {
            self.shards.push(Shard::new(&self.plan));
        }
        for own in self.shards.iter_mut().take(1) {
            shards.iter().for_each(|shard| own.merge(&self.plan, shard));
        }
    }

    fn key_columns(&self) -> impl Iterator<Item = &str> {
        let score = &self.plan.score;
        score.by.iter().chain(&score.strata).chain(&score.cluster).map(String::as_str)
    }

    /// A column of keys keeps its sort from batch to batch: 1 and "1" would be two groups.
    fn sorts_with(&self, intake: &Intake<'_>) -> Result<Vec<Sort>> {
        let columns = intake.by.iter().chain(&intake.strata).chain(&intake.cluster);
        let mut found = Vec::new();
        let mut sorts = Vec::new();
        for ((own, column), name) in self.sorts.iter().zip(columns).zip(self.key_columns()) {
            let new = if column.nulls == column.len() { Sort::Nothing } else { sort(&column.cells) };
            sorts.push(joined(*own, new, name, &mut found));
        }
        if found.is_empty() { Ok(sorts) } else { Err(Error::with_problems(ErrorKind::Argument, found)) }
    }
}

fn joined(own: Sort, new: Sort, name: &str, found: &mut Vec<crate::Problem>) -> Sort {
    match (own, new) {
        (Sort::Nothing, new) => new,
        (own, new) if own == new || new == Sort::Nothing => own,
        (own, new) => {
            let said = format!("{} here and {} before", new.words(), own.words());
            found.push(column_problem(name, &said, "one type in all batches").mend("cast the column"));
            own
        }
    }
}

/// Shares some rows out among shards, a portion at a time to whoever is free.
fn share(plan: &Plan, intake: &Intake<'_>, sayings: &[Sayings], shards: &mut [Shard], rows: std::ops::Range<usize>) {
    if let [only] = shards {
        only.take(plan, intake, sayings, rows);
        return;
    }
    let next = AtomicUsize::new(rows.start);
    shards.par_iter_mut().with_max_len(1).for_each(|shard| {
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            if from >= rows.end {
                return;
            }
            shard.take(plan, intake, sayings, from..rows.end.min(from + PORTION));
        }
    });
}

impl Score {
    /// Scores a stream of batches; the tick is given the rows read so far.
    ///
    /// # Errors
    /// Those of the settings, of any batch, and of the design; [`ErrorKind::Cancelled`] where the tick asks to stop.
    pub fn run(&self, data: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<ScoreResult> {
        let accumulator = self.accumulate(data, tick)?;
        let rows = accumulator.rows();
        ScoreResult::with_tick(self, &accumulator.tallies()?, &|_| tick(rows))
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
