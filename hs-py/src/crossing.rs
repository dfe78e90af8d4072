//! The only crossing between Python and the core: values, errors, the lock, interrupts, panics.

pub(crate) mod arrow;
pub(crate) mod frames;
pub(crate) mod numbers;
pub(crate) mod people;
pub(crate) mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use hs_core::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyType;

/// How long the caller sleeps between two looks for Ctrl-C.
const LOOK: Duration = Duration::from_millis(20);

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
