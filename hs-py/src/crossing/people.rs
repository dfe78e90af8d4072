//! People's data in: anything with rows, handed to the core a batch at a time and not copied where it is Arrow or float64 already.

mod columns;
mod data;
mod memory;
mod objects;

use arrow_array::RecordBatch;
use hs_core::{Error, ErrorKind, Problem, ProblemKind};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use self::columns::Columns;
pub(crate) use self::data::Data;
use super::arrow::Batches;
use super::values::{is_a, type_name};
use super::{raised, wrong_type};

const WANTED: &str = "a data frame, anything that speaks Arrow, a mapping of columns, or a path of a Parquet or CSV file";

/// What went wrong while rows were fetched: a fault the core knows, or an exception of the Python code that makes them.
pub(crate) enum Fault {
    Core(Error),
    Python(PyErr),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Core(error)
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Fault::Python(error)
    }
}

impl Fault {
    pub(crate) fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Fault::Core(error) => raised(py, &error),
            Fault::Python(error) => error,
        }
    }
}

/// Rows of somebody's data, the needed columns alone.
pub(crate) struct People {
    source: Source,
    needed: Option<Vec<String>>,
    /// Rows in all, where that is known before they are read.
    pub(crate) rows: Option<u64>,
    /// Columns whose numbers had to be copied.
    pub(crate) copied: Vec<String>,
}

enum Source {
    Arrow(Batches, Vec<usize>),
    Columns(Columns),
    /// Frames that an iterator makes, and the one being read.
    Frames(memory::Held, Option<Box<People>>),
}

/// The first part of the name of the module that a value's type comes from.
fn module(value: &Bound<'_, PyAny>) -> String {
    let module = value.get_type().module().map(|module| module.to_string()).unwrap_or_default();
    module.split('.').next().unwrap_or_default().to_owned()
}

impl People {
    /// Opens a frame, a mapping or an iterator of frames. Nothing is read yet.
    pub(crate) fn open(value: &Bound<'_, PyAny>, needed: Option<&[String]>) -> PyResult<Self> {
        let py = value.py();
        let module = module(value);
        let people = |source, rows, copied| Ok(People { source, needed: needed.map(<[String]>::to_vec), rows, copied });
        let columns = |columns: Columns| {
            let (rows, copied) = (columns.rows as u64, columns.copied.clone());
            people(Source::Columns(columns), Some(rows), copied)
        };
        if value.is_none() || value.is_instance_of::<PyString>() {
            return Err(wrong_type(py, format!("`data`: found `{}`, wanted {WANTED}", type_name(value))));
        }
        if module.starts_with("dask") {
            return Err(wrong_type(py, "`data`: found a Dask collection, which `hs.dask.score` takes"));
        }
        // Each column of polars by itself: a whole frame would put its chunks together, which copies them.
        let lazy = value.hasattr("collect_batches")?;
        if !lazy && matches!(module.as_str(), "pandas" | "polars") && value.hasattr("columns")? {
            let labels = value.getattr("columns")?.try_iter()?.collect::<PyResult<Vec<_>>>()?;
            let known: Vec<String> = labels.iter().filter_map(|label| label.extract().ok()).collect();
            return columns(Columns::new(among(py, needed, &known)?, |name| value.get_item(name))?);
        }
        if let Ok(names) = value.getattr("dtype").and_then(|dtype| dtype.getattr("names"))
            && let Ok(known) = names.extract::<Vec<String>>()
        {
            return columns(Columns::new(among(py, needed, &known)?, |name| value.get_item(name))?);
        }
        let rows = if matches!(module.as_str(), "pyarrow" | "human_security") && value.hasattr("__len__")? {
            Some(value.len()? as u64)
        } else {
            None
        };
        let narrowed = narrowed(value, &module, needed)?;
        if let Some(batches) = Batches::open(&narrowed)? {
            let schema = batches.schema();
            let known: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
            let names = among(py, needed, &known)?;
            let positions = names.iter().filter_map(|name| known.iter().position(|own| own == name)).collect();
            return people(Source::Arrow(batches, positions), rows, Vec::new());
        }
        if value.hasattr("keys")? && value.hasattr("__getitem__")? {
            let keys = value.call_method0("keys")?.try_iter()?.collect::<PyResult<Vec<_>>>()?;
            let known: Vec<String> = keys.iter().filter_map(|key| key.extract().ok()).collect();
            return columns(Columns::new(among(py, needed, &known)?, |name| value.get_item(name))?);
        }
        if is_a(&narrowed, "Iterator")? {
            return people(Source::Frames(memory::Held::new(&narrowed), None), None, Vec::new());
        }
        Err(wrong_type(py, format!("`data`: found `{}`, wanted {WANTED}", type_name(value))))
    }

    /// The next batch; `None` at the end.
    pub(crate) fn next(&mut self) -> std::result::Result<Option<RecordBatch>, Fault> {
        match &mut self.source {
            Source::Arrow(batches, columns) => {
                let Some(batch) = batches.next().transpose()? else { return Ok(None) };
                batch.project(columns).map(Some).map_err(|e| Fault::Core(Error::internal(e.to_string())))
            }
            Source::Columns(columns) => columns.next(),
            Source::Frames(frames, current) => loop {
                if let Some(people) = current
                    && let Some(batch) = people.next()?
                {
                    return Ok(Some(batch));
                }
                let needed = self.needed.as_deref();
                let next = Python::try_attach(|py| {
                    let Some(frames) = frames.bind(py) else { return Ok(None) };
                    frames.try_iter()?.next().transpose()?.map(|frame| People::open(&frame, needed)).transpose()
                });
                match next.unwrap_or(Ok(None))? {
                    Some(people) => {
                        self.copied.extend(people.copied.iter().filter(|name| !self.copied.contains(name)).cloned().collect::<Vec<_>>());
                        *current = Some(Box::new(people));
                    }
                    None => return Ok(None),
                }
            },
        }
    }
}

/// The needed columns, all where none are named: they must be there, each once.
fn among(py: Python<'_>, needed: Option<&[String]>, known: &[String]) -> PyResult<Vec<String>> {
    let problem = |name: &String| {
        let pointer = format!("/{}", hs_core::shown(name).replace('~', "~0").replace('/', "~1"));
        let mut problem = match known.iter().filter(|own| *own == name).count() {
            1 => return None,
            0 => Problem::new(ProblemKind::Column, pointer, "no column of that name", "the name of a column of the data"),
            _ => Problem::new(ProblemKind::Column, pointer, "two columns of that name", "each name once").mend("rename one of them"),
        };
        if problem.mend.is_none() {
            let near = hs_core::nearest(name, known.iter().map(String::as_str));
            problem.mend = near.map(|near| format!("did you mean `{}`?", hs_core::shown(near)));
        }
        problem.field = Some(hs_core::shown(name));
        Some(problem)
    };
    let names = needed.unwrap_or(known);
    let problems: Vec<Problem> = names.iter().filter_map(problem).collect();
    let kind = if problems.iter().any(|p| p.found.starts_with("no column")) { ErrorKind::NotFound } else { ErrorKind::Argument };
    if problems.is_empty() { Ok(names.to_vec()) } else { Err(raised(py, &Error::with_problems(kind, problems))) }
}

/// The value with the needed columns alone, where its library can leave the others out at no cost; else as it is.
fn narrowed<'py>(value: &Bound<'py, PyAny>, module: &str, needed: Option<&[String]>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    let names = |attribute: &str| -> PyResult<Option<Vec<String>>> {
        if !value.hasattr("select")? || !value.hasattr(attribute)? {
            return Ok(None);
        }
        let known: Vec<String> = value.getattr(attribute)?.extract()?;
        among(py, needed, &known).map(Some)
    };
    match module {
        "polars" if value.hasattr("collect_batches")? => {
            let schema = value.call_method0("collect_schema")?.call_method0("names")?.extract::<Vec<String>>()?;
            let names = among(py, needed, &schema)?;
            value.call_method1("select", (PyList::new(py, names)?,))?.call_method0("collect_batches")
        }
        "pyarrow" if value.hasattr("column_names")? => match names("column_names")? {
            Some(names) => value.call_method1("select", (PyList::new(py, names)?,)),
            None => Ok(value.clone()),
        },
        "duckdb" | "_duckdb" if !value.hasattr("__arrow_c_stream__")? && value.hasattr("to_arrow_reader")? => {
            value.call_method0("to_arrow_reader")
        }
        "duckdb" | "_duckdb" => match names("columns")? {
            Some(names) if !names.is_empty() => {
                let quoted = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
                value.call_method1("select", pyo3::types::PyTuple::new(py, quoted.collect::<Vec<_>>())?)
            }
            _ => Ok(value.clone()),
        },
        _ => Ok(value.clone()),
    }
}

/// Where the values of each needed column lie, batch by batch: for the tests that show that nothing is copied.
#[pyfunction]
pub(crate) fn column_addresses(data: &Bound<'_, PyAny>, columns: Vec<String>) -> PyResult<Vec<Vec<Option<usize>>>> {
    let mut people = People::open(data, Some(&columns))?;
    let mut addresses = Vec::new();
    while let Some(batch) = people.next().map_err(|fault| fault.raised(data.py()))? {
        let address = |array: &arrow_array::ArrayRef| {
            let data = arrow_array::Array::to_data(array);
            let width = array.data_type().primitive_width().unwrap_or(0);
            data.buffers().first().map(|buffer| buffer.as_ptr() as usize + data.offset() * width)
        };
        addresses.push(batch.columns().iter().map(address).collect());
    }
    Ok(addresses)
}
