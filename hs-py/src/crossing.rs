//! The only crossing between Python and the core: values, errors, the lock, interrupts, panics.

pub(crate) mod arrow;
pub(crate) mod frames;
pub(crate) mod numbers;
pub(crate) mod people;
pub(crate) mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hs_core::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyType;

/// How long the caller sleeps between two looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(20);
/// How long a worker that was told to stop is waited for.
const GRACE: Duration = Duration::from_millis(40);

/// The word of a kind, as `human_security.errors.BY_KIND` knows it.
pub(crate) fn word(kind: ErrorKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::from("internal"),
    }
}

/// Turns an error of the core into the Python exception of its kind.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    match exception(py, error) {
        Ok(raised) | Err(raised) => raised,
    }
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let classes = py.import("human_security.errors")?.getattr("BY_KIND")?;
    let class = classes.get_item(word(error.kind))?.cast_into::<PyType>()?;
    let problems = serde_json::to_value(&error.problems).unwrap_or_default();
    let arguments = (error.to_string(), values::to_python(py, &problems)?, error.total);
    Ok(PyErr::from_value(class.call1(arguments)?))
}

/// A refused argument of the binding's own making: a value that cannot cross at all.
pub(crate) fn refused(py: Python<'_>, message: impl Into<String>) -> PyErr {
    raised(py, &Error::argument(message))
}

/// A value of a type that has no meaning here; in Python also a `TypeError`.
pub(crate) fn wrong_type(py: Python<'_>, message: impl Into<String>) -> PyErr {
    let built = (|| {
        let class = py.import("human_security.errors")?.getattr("ArgumentTypeError")?.cast_into::<PyType>()?;
        Ok(PyErr::from_value(class.call1((message.into(),))?))
    })();
    match built {
        Ok(error) | Err(error) => error,
    }
}

fn guarded<T>(work: impl FnOnce() -> hs_core::Result<T>) -> hs_core::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Error::internal(format!("a fault of this library: {}", said.unwrap_or_else(|| String::from("a panic without a message")))))
    })
}

/// Short work: the lock is released, a panic becomes an `InternalError`.
pub(crate) fn run<T: Send>(py: Python<'_>, work: impl FnOnce() -> hs_core::Result<T> + Send) -> PyResult<T> {
    py.detach(|| guarded(work)).map_err(|error| raised(py, &error))
}

/// Work that may take long and cannot be told to stop: it owns what it needs, runs on a thread of its own, and is left to itself on Ctrl-C.
pub(crate) fn run_free<T: Send + 'static>(py: Python<'_>, work: impl FnOnce() -> hs_core::Result<T> + Send + 'static) -> PyResult<T> {
    let (sender, mut receiver) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || sender.send(guarded(work)));
    loop {
        let receiver = &mut receiver;
        match py.detach(move || receiver.recv_timeout(LOOK)) {
            Ok(outcome) => return outcome.map_err(|error| raised(py, &error)),
            Err(RecvTimeoutError::Disconnected) => return Err(raised(py, &Error::internal("the worker ended without an answer"))),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
        }
    }
}

/// Conversions of many values look for Ctrl-C now and then.
pub(crate) fn look(py: Python<'_>, count: usize) -> PyResult<()> {
    if count.is_multiple_of(1 << 12) { py.check_signals() } else { Ok(()) }
}

/// Long work on a thread of its own. The caller looks for Ctrl-C every 20 ms; `work` is handed a tick that says false once it is to stop.
pub(crate) fn run_long<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&(dyn Fn(u64) -> bool + Sync)) -> hs_core::Result<T> + Send,
) -> PyResult<T> {
    let stop = AtomicBool::new(false);
    let tick = |_: u64| !stop.load(Ordering::Relaxed);
    let (sender, mut receiver) = std::sync::mpsc::sync_channel(1);
    let tick = &tick;
    std::thread::scope(|scope| {
        scope.spawn(move || sender.send(guarded(|| work(tick))));
        let mut interrupt = None;
        let outcome = loop {
            let receiver = &mut receiver;
            match py.detach(move || receiver.recv_timeout(LOOK)) {
                Ok(outcome) => break outcome,
                Err(RecvTimeoutError::Disconnected) => break Err(Error::internal("the worker ended without an answer")),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if interrupt.is_none() {
                interrupt = py.check_signals().err();
                stop.store(interrupt.is_some(), Ordering::Relaxed);
            }
        };
        match interrupt {
            Some(interrupt) => Err(interrupt),
            None => outcome.map_err(|error| raised(py, &error)),
        }
    })
}

/// What a worker and the caller who waits for it share.
#[derive(Default)]
pub(crate) struct Watch {
    stop: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    raised: Mutex<Option<PyErr>>,
}

impl Watch {
    /// Says how far the work is; false once it is to stop.
    pub(crate) fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, rows: u64) {
        self.done.fetch_add(rows, Ordering::Relaxed);
    }

    /// How much more there is, where that is known.
    pub(crate) fn of(&self, total: Option<u64>) {
        self.total.fetch_add(total.unwrap_or(0), Ordering::Relaxed);
    }

    /// Keeps an exception of the caller's own code until the caller can raise it.
    pub(crate) fn keep(&self, error: PyErr) -> Error {
        *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        Error::new(ErrorKind::Cancelled, "the data raised an exception")
    }

    fn kept(&self) -> Option<PyErr> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Looks for Ctrl-C, and tells `progress` how many of how many are done.
    fn look(&self, py: Python<'_>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        py.check_signals()?;
        let Some(progress) = progress else { return Ok(()) };
        let done = self.done.load(Ordering::Relaxed);
        let total = Some(self.total.load(Ordering::Relaxed)).filter(|total| *total > 0 && *total >= done);
        progress.call1((done, total)).map(drop)
    }
}

/// Short work that reads somebody's data: on the caller's thread, with the lock released.
pub(crate) fn run_here<T: Send>(py: Python<'_>, work: impl FnOnce(&Arc<Watch>) -> hs_core::Result<T> + Send) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let outcome = py.detach(|| guarded(|| work(&watch)));
    outcome.map_err(|error| watch.kept().unwrap_or_else(|| raised(py, &error)))
}

/// Long work on a thread of its own, which owns what it needs: on Ctrl-C it is told to stop and left to itself, for it may be waiting
/// for somebody else's code.
pub(crate) fn run_watched<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Arc<Watch>) -> hs_core::Result<T> + Send + 'static,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (sender, mut receiver) = std::sync::mpsc::sync_channel(1);
    let own = Arc::clone(&watch);
    std::thread::spawn(move || sender.send(guarded(|| work(&own))));
    loop {
        let waiting = &mut receiver;
        match py.detach(move || waiting.recv_timeout(LOOK)) {
            Ok(outcome) => return outcome.map_err(|error| watch.kept().unwrap_or_else(|| raised(py, &error))),
            Err(RecvTimeoutError::Disconnected) => return Err(raised(py, &Error::internal("the worker ended without an answer"))),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(interrupt) = watch.look(py, progress) {
            watch.stop.store(true, Ordering::Relaxed);
            // Most often it stops at once, and lets go of what it read.
            let waiting = &mut receiver;
            let _ = py.detach(move || waiting.recv_timeout(GRACE));
            return Err(interrupt);
        }
    }
}
