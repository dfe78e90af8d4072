//! Somebody's data as the core reads it: batch after batch, under the eyes of whoever waits.

use std::path::PathBuf;
use std::sync::Arc;

use hs_core::tables::{Needed, Note, Rows};
use hs_core::{Error, ErrorKind, Result, exchange};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{Fault, People, Source};
use crate::crossing::{Watch, run_here, run_watched, wrong_type};

/// Somebody's data: rows in memory or on their way, or a file of them.
pub(crate) enum Data {
    People(People),
    File(PathBuf, Vec<Needed>),
}

impl Data {
    /// Opens what was given, for these columns alone; a path is opened when it is read.
    pub(crate) fn open(value: &Bound<'_, PyAny>, needed: Option<&[Needed]>) -> PyResult<Self> {
        if value.is_instance_of::<PyString>() || value.hasattr("__fspath__")? {
            let path = value.extract()?;
            return match needed {
                Some(needed) => Ok(Data::File(path, needed.to_vec())),
                None => Err(wrong_type(value.py(), "`data`: found a path, wanted a data frame or a mapping of columns")),
            };
        }
        let names = needed.map(|needed| needed.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        People::open(value, names.as_deref()).map(Data::People)
    }

    /// Whether it is so little, and at hand, that a thread of its own is not worth its while.
    fn is_small(&self) -> bool {
        const SMALL: u64 = 1 << 13;
        matches!(self, Data::People(People { source: Source::Columns(_), rows: Some(rows), .. }) if *rows <= SMALL)
    }

    /// The rows, batch by batch, as the core reads them; it ends where the watch says stop.
    fn rows(self, watch: &Arc<Watch>) -> Result<impl Iterator<Item = Result<Rows>> + use<>> {
        let mut source: Box<dyn Iterator<Item = Result<Rows>>> = match self {
            Data::File(path, needed) => {
                let rows = exchange::open_rows(path, &needed)?;
                watch.of(rows.total());
                Box::new(rows)
            }
            Data::People(mut people) => {
                watch.of(people.rows);
                let watch = Arc::clone(watch);
                Box::new(std::iter::from_fn(move || match people.next() {
                    Ok(batch) => batch.map(|batch| Ok(Rows::from(batch))),
                    Err(Fault::Core(error)) => Some(Err(error)),
                    Err(Fault::Python(error)) => Some(Err(watch.keep(error))),
                }))
            }
        };
        let watch = Arc::clone(watch);
        let mut ended = false;
        let mut given = 0;
        Ok(std::iter::from_fn(move || {
            if ended {
                return None;
            }
            // The batch before this one is done with.
            watch.add(std::mem::take(&mut given));
            if !watch.goes_on() {
                ended = true;
                return Some(Err(Error::new(ErrorKind::Cancelled, "stopped")));
            }
            let batch = source.next();
            ended = !matches!(batch, Some(Ok(_)));
            given = batch.as_ref().and_then(|batch| batch.as_ref().ok()).map_or(0, |rows| rows.len() as u64);
            batch
        }))
    }

    /// Runs work over the rows, on a thread of its own unless they are few; `progress` is told how far it is.
    pub(crate) fn over<T: Send + 'static>(
        self,
        py: Python<'_>,
        progress: Option<&Bound<'_, PyAny>>,
        work: impl FnOnce(&mut dyn Iterator<Item = Result<Rows>>, &dyn Fn(u64) -> bool) -> Result<T> + Send + 'static,
    ) -> PyResult<T> {
        let small = self.is_small();
        let work = move |watch: &Arc<Watch>| {
            let mut rows = self.rows(watch)?;
            work(&mut rows, &|_| watch.goes_on())
        };
        if small { run_here(py, work) } else { run_watched(py, progress, work) }
    }

    /// The same over two sets of rows.
    pub(crate) fn over_both<T: Send + 'static>(
        first: Data,
        second: Data,
        py: Python<'_>,
        progress: Option<&Bound<'_, PyAny>>,
        work: impl FnOnce(&mut dyn Iterator<Item = Result<Rows>>, &mut dyn Iterator<Item = Result<Rows>>, &dyn Fn(u64) -> bool) -> Result<T>
        + Send
        + 'static,
    ) -> PyResult<T> {
        run_watched(py, progress, move |watch| {
            let mut first = first.rows(watch)?;
            let mut second = second.rows(watch)?;
            work(&mut first, &mut second, &|_| watch.goes_on())
        })
    }

    /// What a result should say of how the data came in.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let Data::People(people) = self else { return Vec::new() };
        if people.copied.is_empty() {
            return Vec::new();
        }
        let message = "were copied: their values do not lie one after the other in memory";
        vec![Note::counted("copied-column", "column", message, people.copied.clone())]
    }
}
