//! A scorer that any thread may feed: what the core accumulates, behind a lock.

use std::sync::{Mutex, MutexGuard};

use hs_core::analyses::thresholds::scoring::{Score, ScoreAccumulator};
use hs_core::tables::{Outcome, Rows};
use hs_core::{Error, Result};

/// Rows taken in so far, under one set of settings.
pub(crate) struct Scorer {
    score: Score,
    sums: Mutex<ScoreAccumulator>,
}

impl From<ScoreAccumulator> for Scorer {
    fn from(sums: ScoreAccumulator) -> Self {
        Scorer { score: sums.settings().clone(), sums: Mutex::new(sums) }
    }
}

impl Scorer {
    fn lock(&self) -> Result<MutexGuard<'_, ScoreAccumulator>> {
        self.sums.lock().map_err(|_| Error::internal("a fault of this library broke this scorer: free it and begin anew"))
    }

    /// Takes all rows in, or none of them where one batch is refused or the tick asks to stop.
    ///
    /// They are summed apart first, so the scorer is not locked while the caller's stream is asked for more: it may use the scorer, and
    /// other threads may feed it at the same time. That sums are exact makes the order of it all invisible.
    pub(crate) fn update(&self, rows: impl Iterator<Item = Result<Rows>>, tick: impl Fn(u64) -> bool) -> Result<()> {
        let mut fresh = ScoreAccumulator::new(self.score.clone())?;
        for batch in rows {
            let before = fresh.rows();
            fresh.update_with(&batch?, &|rows| tick(before + rows))?;
        }
        self.lock()?.merge(&fresh)
    }

    /// Takes in all that another has taken in, which stays as it is. The two are never locked together, so merges may cross.
    pub(crate) fn merge(&self, other: &Scorer) -> Result<()> {
        if std::ptr::eq(self, other) {
            return Err(Error::argument("found the same scorer twice, wanted another one to merge: its rows would count double"));
        }
        let other = other.lock()?.clone();
        self.lock()?.merge(&other)
    }

    /// What the rows so far amount to.
    pub(crate) fn finish(&self) -> Result<Outcome> {
        let sums = self.lock()?.clone();
        sums.finish()?.outcome()
    }

    /// All of it as bytes.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        self.lock()?.to_bytes()
    }

    /// The scorer of such bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Ok(ScoreAccumulator::from_bytes(bytes)?.into())
    }
}
