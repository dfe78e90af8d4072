//! Columns of Python objects: lists, and NumPy arrays that hold them. They are looked through once, then converted a batch at a time.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, NullArray};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::memory::Held;
use crate::crossing::values::{Plain, plain, type_name};
use crate::crossing::{look, wrong_type};

const WINDOW: usize = 1 << 16;

/// A column of Python objects of one kind, some of them missing.
pub(super) struct Objects {
    items: Held,
    length: usize,
    kind: Kind,
    place: String,
}

/// What the values of a column are, taken together.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Missing,
    Boolean,
    Integer,
    Number,
    Text,
}

enum Cell<'py> {
    Missing,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(Bound<'py, PyString>),
}

impl Objects {
    /// A list, tuple or NumPy array of objects; refused where its values are not of one kind.
    pub(super) fn new(items: &Bound<'_, PyAny>, place: &str) -> PyResult<Self> {
        let length = items.len()?;
        let mut kind = Kind::Missing;
        for start in (0..length).step_by(WINDOW) {
            for (at, item) in window(items, start, start + WINDOW)?.iter().enumerate() {
                let row = start + at;
                look(items.py(), row)?;
                let own = match cell(&item, place, row)? {
                    Cell::Missing => continue,
                    Cell::Boolean(_) => Kind::Boolean,
                    Cell::Integer(_) => Kind::Integer,
                    // NaN stands for missing among anything, as pandas writes it among texts.
                    Cell::Number(number) if number.is_nan() => continue,
                    Cell::Number(_) => Kind::Number,
                    Cell::Text(_) => Kind::Text,
                };
                kind = match (kind, own) {
                    (Kind::Missing, own) => own,
                    (kind, own) if kind == own => kind,
                    (Kind::Integer, Kind::Number) | (Kind::Number, Kind::Integer) => Kind::Number,
                    (kind, _) => {
                        let message =
                            format!("{place} row {}: found a value of type `{}` among {}", row + 1, type_name(&item), kind.word());
                        return Err(wrong_type(items.py(), format!("{message}, wanted values of one type")));
                    }
                };
            }
        }
        Ok(Objects { items: Held::new(items), length, kind, place: place.to_owned() })
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Some rows.
    pub(super) fn part(&self, py: Python<'_>, start: usize, count: usize) -> PyResult<ArrayRef> {
        let stop = start.saturating_add(count).min(self.length);
        let count = stop.saturating_sub(start);
        let Some(items) = self.items.bind(py).filter(|_| self.kind != Kind::Missing) else {
            return Ok(Arc::new(NullArray::new(count)));
        };
        let items = window(&items, start, stop)?;
        let cells = items.iter().enumerate().map(|(at, item)| (start + at, item));
        let cells = cells.map(|(row, item)| cell(&item, &self.place, row).map(|cell| (row, cell)));
        let changed = |row: usize| wrong_type(py, format!("{} row {}: the column changed while it was read", self.place, row + 1));
        Ok(match self.kind {
            Kind::Boolean => {
                let mut builder = BooleanBuilder::with_capacity(count);
                for cell in cells {
                    match cell? {
                        (_, Cell::Boolean(yes)) => builder.append_value(yes),
                        (_, cell) if missing(&cell) => builder.append_null(),
                        (row, _) => return Err(changed(row)),
                    }
                }
                Arc::new(builder.finish())
            }
            Kind::Integer => {
                let mut builder = Int64Builder::with_capacity(count);
                for cell in cells {
                    match cell? {
                        (_, Cell::Integer(whole)) => builder.append_value(whole),
                        (_, cell) if missing(&cell) => builder.append_null(),
                        (row, _) => return Err(changed(row)),
                    }
                }
                Arc::new(builder.finish())
            }
            Kind::Text => {
                let mut builder = StringBuilder::with_capacity(count, 8 * count);
                for cell in cells {
                    match cell? {
                        (_, Cell::Text(text)) => builder.append_value(text.to_str()?),
                        (_, cell) if missing(&cell) => builder.append_null(),
                        (row, _) => return Err(changed(row)),
                    }
                }
                Arc::new(builder.finish())
            }
            Kind::Missing | Kind::Number => {
                let mut builder = Float64Builder::with_capacity(count);
                for cell in cells {
                    match cell? {
                        (_, Cell::Number(number)) => builder.append_value(number),
                        (_, Cell::Integer(whole)) => builder.append_value(whole as f64),
                        (_, Cell::Missing) => builder.append_null(),
                        (row, _) => return Err(changed(row)),
                    }
                }
                Arc::new(builder.finish())
            }
        })
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Missing => "missing values",
            Kind::Boolean => "yes and no",
            Kind::Integer | Kind::Number => "numbers",
            Kind::Text => "texts",
        }
    }
}

fn missing(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Missing) || matches!(cell, Cell::Number(number) if number.is_nan())
}

/// The items from `start` to before `stop`, as a list of plain objects.
fn window<'py>(items: &Bound<'py, PyAny>, start: usize, stop: usize) -> PyResult<Bound<'py, PyList>> {
    if let Ok(list) = items.cast::<PyList>() {
        return Ok(list.get_slice(start, stop));
    }
    if let Ok(tuple) = items.cast::<PyTuple>() {
        return Ok(tuple.get_slice(start, stop).to_list());
    }
    let part = items.get_item(pyo3::types::PySlice::new(items.py(), start as isize, stop as isize, 1))?;
    let list = if part.hasattr("tolist")? { part.call_method0("tolist")? } else { part };
    match list.cast_into::<PyList>() {
        Ok(list) => Ok(list),
        Err(other) => PyList::new(items.py(), other.into_inner().try_iter()?.collect::<PyResult<Vec<_>>>()?),
    }
}

fn cell<'py>(item: &Bound<'py, PyAny>, place: &str, row: usize) -> PyResult<Cell<'py>> {
    let py = item.py();
    if item.is_none() {
        return Ok(Cell::Missing);
    }
    if let Ok(text) = item.cast::<PyString>() {
        let wrong = |_| wrong_type(py, format!("{place} row {}: found text with a lone surrogate, wanted text that is Unicode", row + 1));
        text.to_str().map_err(wrong)?;
        return Ok(Cell::Text(text.clone()));
    }
    if item.is_instance_of::<PyFloat>() {
        return Ok(Cell::Number(item.extract()?));
    }
    if let Ok(yes) = item.cast::<PyBool>() {
        return Ok(Cell::Boolean(yes.is_true()));
    }
    if item.is_instance_of::<PyInt>() {
        return item.extract().map_or_else(|_| item.extract().map(Cell::Number), |whole| Ok(Cell::Integer(whole)));
    }
    if matches!(type_name(item).as_str(), "NAType" | "NaTType") {
        return Ok(Cell::Missing);
    }
    if item.hasattr("dtype")? {
        match plain(item, place)? {
            Plain::Null => return Ok(Cell::Missing),
            Plain::Boolean(yes) => return Ok(Cell::Boolean(yes)),
            Plain::Integer(whole) => return Ok(Cell::Integer(whole)),
            Plain::Unsigned(whole) => return Ok(Cell::Number(whole as f64)),
            Plain::Number(number) => return Ok(Cell::Number(number)),
            _ => {}
        }
    }
    let wanted = "numbers, texts, yes and no, or None";
    Err(wrong_type(py, format!("{place} row {}: found a value of type `{}`, wanted {wanted}", row + 1, type_name(item))))
}
