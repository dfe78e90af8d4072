//! Frames in: anything that speaks Arrow, or a mapping of columns, as record batches.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, NullArray, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{Field, Schema};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::values::{Plain, plain, to_json, type_name};
use super::{arrow, raised, refused, wrong_type};

/// A frame as batches.
pub(crate) fn frame(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<RecordBatch>> {
    let py = value.py();
    let keys = match arrow::batches_in(value) {
        Ok(Some(batches)) => return Ok(batches),
        Ok(None) => keys(value, name)?,
        // pandas speaks Arrow only where pyarrow is installed; its columns can be read without.
        Err(error) if error.is_instance_of::<PyImportError>(py) => value.getattr("columns")?,
        Err(error) => return Err(error),
    };
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for key in keys.try_iter()? {
        let key = key?;
        let Ok(column) = key.cast::<PyString>() else {
            return Err(wrong_type(py, format!("`{name}`: found a column named by `{}`, wanted text", type_name(&key))));
        };
        let place = format!("`{name}` column `{}`", hs_core::shown(column.to_str()?));
        let array = column_in(&value.get_item(&key)?, &place)?;
        if let Some(first) = columns.first()
            && first.len() != array.len()
        {
            return Err(refused(py, format!("{place}: found {} values, wanted {} as the first column has", array.len(), first.len())));
        }
        fields.push(Field::new(column.to_str()?, array.data_type().clone(), true));
        columns.push(array);
    }
    let rows = columns.first().map_or(0, |column| column.len());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map(|batch| vec![batch])
        .map_err(|e| raised(py, &hs_core::Error::internal(e.to_string())))
}

fn keys<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    if value.is_instance_of::<PyString>() || !value.hasattr("keys")? {
        let wanted = "a data frame, anything that speaks Arrow, or a mapping of columns";
        return Err(wrong_type(value.py(), format!("`{name}`: found `{}`, wanted {wanted}", type_name(value))));
    }
    value.call_method0("keys")
}

/// What the values of one column are, taken together.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Unknown,
    Boolean,
    Integer,
    Number,
    Text,
    TextList,
    NumberList,
    Object,
}

fn column_in(value: &Bound<'_, PyAny>, place: &str) -> PyResult<ArrayRef> {
    let py = value.py();
    let own = if value.hasattr("tolist")? { value.call_method0("tolist")? } else { value.clone() };
    if own.is_instance_of::<PyString>() {
        return Err(wrong_type(py, format!("{place}: found one text, wanted a sequence of values")));
    }
    let items: Vec<Bound<'_, PyAny>> = own
        .try_iter()
        .map_err(|_| wrong_type(py, format!("{place}: found `{}`, wanted a sequence of values", type_name(value))))?
        .collect::<PyResult<_>>()?;
    let mut cells = Vec::with_capacity(items.len());
    let mut kind = Kind::Unknown;
    for (row, item) in items.iter().enumerate() {
        super::look(py, row)?;
        let at = format!("{place} row {}", row + 1);
        let cell = if matches!(type_name(item).as_str(), "NAType" | "NaTType") { Plain::Null } else { plain(item, &at)? };
        let own = match &cell {
            Plain::Null => kind,
            Plain::Boolean(_) => Kind::Boolean,
            Plain::Integer(_) => Kind::Integer,
            Plain::Number(_) | Plain::Unsigned(_) | Plain::Digits(_) => Kind::Number,
            Plain::Text(_) => Kind::Text,
            Plain::Object(_) => Kind::Object,
            Plain::List(list) => match list.first() {
                Some(first) if !first.is_instance_of::<PyString>() => Kind::NumberList,
                _ => Kind::TextList,
            },
        };
        kind = match (kind, own) {
            (Kind::Unknown, own) => own,
            (kind, own) if kind == own => kind,
            (Kind::Integer, Kind::Number) | (Kind::Number, Kind::Integer) => Kind::Number,
            // What pandas writes for a missing text.
            (Kind::Text | Kind::TextList | Kind::Boolean | Kind::Object, Kind::Number) if missing(&cell) => kind,
            (Kind::Number, own) if cells.iter().all(missing) => own,
            _ => return Err(wrong_type(py, format!("{at}: found a value of type `{}` among others", type_name(item)))),
        };
        cells.push(cell);
    }
    array_of(kind, cells, place)
}

fn missing(cell: &Plain<'_>) -> bool {
    matches!(cell, Plain::Null) || matches!(cell, Plain::Number(number) if number.is_nan())
}

fn array_of(kind: Kind, cells: Vec<Plain<'_>>, place: &str) -> PyResult<ArrayRef> {
    Ok(match kind {
        Kind::Unknown => Arc::new(NullArray::new(cells.len())),
        Kind::Boolean => {
            Arc::new(cells.iter().map(|c| if let Plain::Boolean(yes) = c { Some(*yes) } else { None }).collect::<BooleanArray>())
        }
        Kind::Integer => {
            Arc::new(cells.iter().map(|c| if let Plain::Integer(whole) = c { Some(*whole) } else { None }).collect::<Int64Array>())
        }
        Kind::Number => Arc::new(cells.iter().map(number).collect::<Float64Array>()),
        Kind::Text => {
            Arc::new(cells.iter().map(|c| if let Plain::Text(text) = c { Some(text.as_str()) } else { None }).collect::<StringArray>())
        }
        Kind::Object => {
            let texts = cells.into_iter().map(|cell| match cell {
                Plain::Object(fields) => {
                    let fields = fields.iter().map(|(key, field)| Ok((key.clone(), to_json(field, place)?)));
                    Ok(Some(serde_json::Value::Object(fields.collect::<PyResult<_>>()?).to_string()))
                }
                _ => Ok(None),
            });
            Arc::new(texts.collect::<PyResult<StringArray>>()?)
        }
        Kind::TextList => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for cell in &cells {
                if let Plain::List(items) = cell {
                    for item in items {
                        let text = item.cast::<PyString>().ok().and_then(|text| text.to_str().ok());
                        let wrong = || wrong_type(item.py(), format!("{place}: found a list with `{}`, wanted text", type_name(item)));
                        lists.values().append_value(text.ok_or_else(wrong)?);
                    }
                }
                lists.append(matches!(cell, Plain::List(_)));
            }
            Arc::new(lists.finish())
        }
        Kind::NumberList => {
            let mut lists = ListBuilder::new(Float64Builder::new());
            for cell in &cells {
                if let Plain::List(items) = cell {
                    for item in items {
                        let wrong = |_| wrong_type(item.py(), format!("{place}: found a list with `{}`, wanted numbers", type_name(item)));
                        lists.values().append_value(item.extract::<f64>().map_err(wrong)?);
                    }
                }
                lists.append(matches!(cell, Plain::List(_)));
            }
            Arc::new(lists.finish())
        }
    })
}

fn number(cell: &Plain<'_>) -> Option<f64> {
    match cell {
        Plain::Integer(whole) => Some(*whole as f64),
        Plain::Unsigned(whole) => Some(*whole as f64),
        Plain::Number(number) => Some(*number),
        Plain::Digits(digits) => digits.parse().ok(),
        _ => None,
    }
}
