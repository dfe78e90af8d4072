//! Runs shared among threads, stopped when asked.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::kernels::{Tick, cancelled};
use crate::{Error, Result};

/// Asked during a run whether to go on.
#[derive(Clone, Copy)]
pub struct Pause<'a> {
    stop: &'a AtomicBool,
    begun: &'a AtomicU32,
    /// Only the thread that was called may look at the tick; the others see what it saw.
    tick: Option<Tick<'a>>,
}

impl std::fmt::Debug for Pause<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pause").field("stop", self.stop).finish_non_exhaustive()
    }
}

impl Pause<'_> {
    /// Whether to go on.
    ///
    /// # Errors
    /// `Cancelled` when asked to stop.
    pub fn check(&self) -> Result<()> {
        if self.tick.is_some_and(|tick| !tick(u64::from(self.begun.load(Ordering::Relaxed)))) {
            self.stop.store(true, Ordering::Relaxed);
        }
        if self.stop.load(Ordering::Relaxed) { Err(cancelled()) } else { Ok(()) }
    }
}

/// Runs `one` for every run from 0 to `runs - 1`, on as many threads as there are, each with a workspace that `make` gives.
///
/// A workspace sees its runs in ascending order, and which runs it sees is not told: so that the outcome depends on nothing but the
/// runs, workspaces must gather what does not depend on order or grouping, such as whole numbers that add up.
///
/// # Errors
/// `Cancelled`, and what `make` and `one` give.
pub fn over_runs<W: Send>(
    runs: u32,
    make: &(dyn Fn() -> Result<W> + Sync),
    one: &(dyn Fn(&mut W, u32, &Pause<'_>) -> Result<()> + Sync),
    tick: Tick<'_>,
) -> Result<Vec<W>> {
    // Few enough that taking a block costs nothing beside it, many enough that no thread waits long for another.
    let block = (runs / 256).clamp(1, 64);
    let next = AtomicU32::new(0);
    let stop = AtomicBool::new(false);
    let working = AtomicUsize::new(0);
    let gathered: Mutex<(Vec<W>, Option<Error>)> = Mutex::new((Vec::new(), None));
    let work = |pause: &Pause<'_>| {
        working.fetch_add(1, Ordering::SeqCst);
        let mut workspace: Option<W> = None;
        let outcome = loop {
            let taken = next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |at| (at < runs).then(|| at.saturating_add(block)));
            let Ok(first) = taken else { break Ok(()) };
            let ran = pause.check().and_then(|()| {
                let workspace = match &mut workspace {
                    Some(workspace) => workspace,
                    none => none.insert(make()?),
                };
                (first..first.saturating_add(block).min(runs)).try_for_each(|run| one(workspace, run, pause))
            });
            if ran.is_err() {
                break ran;
            }
        };
        let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.0.extend(workspace);
        if let Err(error) = outcome {
            gathered.1.get_or_insert(error);
            stop.store(true, Ordering::Relaxed);
        }
        drop(gathered);
        working.fetch_sub(1, Ordering::SeqCst);
    };
    rayon::in_place_scope(|scope| {
        let others = (rayon::current_num_threads() - 1).min(runs.div_ceil(block).saturating_sub(1) as usize);
        for _ in 0..others {
            scope.spawn(|_| work(&Pause { stop: &stop, begun: &next, tick: None }));
        }
        let pause = Pause { stop: &stop, begun: &next, tick: Some(tick) };
        work(&pause);
        // The others may still be in a long run: who may look at the tick stays to look.
        while working.load(Ordering::SeqCst) > 0 {
            if pause.check().is_err() || rayon::yield_now().is_none() {
                std::thread::yield_now();
            }
        }
    });
    match gathered.into_inner().unwrap_or_else(PoisonError::into_inner) {
        (_, Some(error)) => Err(error),
        (workspaces, None) => Ok(workspaces),
    }
}
