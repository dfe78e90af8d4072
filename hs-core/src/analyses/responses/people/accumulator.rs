//! Taking in rows of people, and what they amount to by place, group and sampling unit.

use super::PeopleMoved;
use super::result::PeopleMovedResult;
use crate::analyses::thresholds::scoring::tallies::Tallies;
use crate::analyses::thresholds::scoring::{Score, ScoreAccumulator};
use crate::kernels::{Tick, never};
use crate::tables::Rows;
use crate::{Assessment, Error, Result};

/// Batches from this many rows on can be stopped in the middle.
const LONG: usize = 1 << 19;

/// Rows of people's data, taken in as they come; what is held grows with places, groups, patterns and sampling units, not with rows.
///
/// Batches can come in any order and size; every figure has the same bits.
#[derive(Debug, Clone)]
pub struct PeopleAccumulator {
    settings: PeopleMoved,
    /// Patterns by place and group, and the design.
    score: ScoreAccumulator,
    /// Patterns by place, group and sampling unit, where the design has clusters.
    units: Option<ScoreAccumulator>,
}

/// What the rows amount to.
pub(super) struct Taken {
    pub score: Score,
    pub tallies: Tallies,
    /// By place, group, stratum and sampling unit, and the columns of its groups.
    pub units: Option<(Tallies, Vec<String>)>,
}

impl PeopleAccumulator {
    /// An accumulator that has seen nothing.
    ///
    /// # Errors
    /// `Argument` for a setting out of its domain or without a `score`.
    pub fn new(settings: PeopleMoved) -> Result<Self> {
        settings.check()?;
        let Some(score) = settings.scored() else {
            return Err(Error::argument("no `score`: wanted a scheme and its columns to read rows with"));
        };
        let units = match score.cluster.is_some() {
            true => Some(ScoreAccumulator::new(by_unit(&score))?),
            false => None,
        };
        Ok(PeopleAccumulator { settings, score: ScoreAccumulator::new(score)?, units })
    }

    /// Takes in a batch; a batch that is refused leaves the accumulator as it was.
    ///
    /// # Errors
    /// With every problem of the batch's columns; messages count rows and never quote a value.
    pub fn update(&mut self, rows: &Rows) -> Result<()> {
        self.update_with(rows, &never)
    }

    /// As [`PeopleAccumulator::update`], looking at a tick, which is given the number of rows of this batch that are done.
    ///
    /// # Errors
    /// Also where the tick asks to stop; the accumulator is then as it was.
    pub fn update_with(&mut self, rows: &Rows, tick: Tick<'_>) -> Result<()> {
        let Some(units) = &mut self.units else { return self.score.update_with(rows, tick) };
        if rows.len() < LONG {
            // whatever is wrong with the rows is found by the first; the second reads the same columns and cannot be stopped half way
            self.score.update_with(rows, tick)?;
            return units.update_with(rows, &never);
        }
        let mut with = units.clone();
        with.update_with(rows, tick)?;
        self.score.update_with(rows, tick)?;
        *units = with;
        Ok(())
    }

    /// Adds what another accumulator of the same settings has taken in.
    ///
    /// # Errors
    /// Where the settings differ.
    pub fn merge(&mut self, other: &PeopleAccumulator) -> Result<()> {
        if self.settings != other.settings {
            return Err(Error::argument("found accumulators of different settings, wanted the same in both"));
        }
        self.score.merge(&other.score)?;
        match (&mut self.units, &other.units) {
            (Some(own), Some(other)) => own.merge(other),
            _ => Ok(()),
        }
    }

    /// Rows taken in so far.
    pub fn rows(&self) -> u64 {
        self.score.rows()
    }

    /// The settings.
    pub fn settings(&self) -> &PeopleMoved {
        &self.settings
    }

    /// Who is moved by the interventions of an assessment.
    ///
    /// # Errors
    /// As [`PeopleMoved::run_on`].
    pub fn finish(&self, assessment: &Assessment) -> Result<PeopleMovedResult> {
        self.finish_with(assessment, &never)
    }

    /// As [`PeopleAccumulator::finish`]; `tick` is told how many draws are done and answers whether to go on.
    ///
    /// # Errors
    /// As [`PeopleMoved::run_on`].
    pub fn finish_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<PeopleMovedResult> {
        PeopleMovedResult::on_rows(&self.settings, assessment, &self.taken()?, tick)
    }

    pub(super) fn taken(&self) -> Result<Taken> {
        let units = match &self.units {
            Some(units) => Some((units.tallies()?, units.settings().by.clone())),
            None => None,
        };
        Ok(Taken { score: self.score.settings().clone(), tallies: self.score.tallies()?, units })
    }
}

/// The score that splits by sampling unit too; nothing of it is shown.
fn by_unit(score: &Score) -> Score {
    let mut by = score.by.clone();
    for name in score.strata.iter().chain(&score.cluster) {
        if !by.contains(name) {
            by.push(name.clone());
        }
    }
    Score { by, strata: None, cluster: None, fpc: None, ..score.clone() }
}

impl PeopleMoved {
    /// Runs without rows of people: the prevalence of conditions moves, and nobody is said to cross.
    ///
    /// # Errors
    /// `NotFound` for an intervention, partition or place that does not exist; `Argument` for a setting out of its domain, or where there
    /// is a `score`, which wants rows.
    pub fn run(&self, assessment: &Assessment) -> Result<PeopleMovedResult> {
        self.run_with(assessment, &never)
    }

    /// As [`PeopleMoved::run`]; `tick` is told how many draws are done and answers whether to go on.
    ///
    /// # Errors
    /// As [`PeopleMoved::run`], and `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<PeopleMovedResult> {
        self.check()?;
        if self.score.is_some() {
            return Err(Error::argument("found a `score` and no rows, wanted rows of people's data, or settings without `score`"));
        }
        PeopleMovedResult::without_rows(self, assessment, tick)
    }

    /// Runs on a stream of batches of rows.
    ///
    /// # Errors
    /// Those of the settings, of any batch and of the survey design; `NotFound` for an intervention, partition or place that does not
    /// exist; `Diverging` where the model has no finite answer; `Cancelled`.
    pub fn run_on(
        &self,
        assessment: &Assessment,
        data: impl IntoIterator<Item = Result<Rows>>,
        tick: Tick<'_>,
    ) -> Result<PeopleMovedResult> {
        let mut accumulator = PeopleAccumulator::new(self.clone())?;
        for batch in data {
            let before = accumulator.rows();
            accumulator.update_with(&batch?, &|rows| tick(before + rows))?;
        }
        accumulator.finish_with(assessment, tick)
    }
}
