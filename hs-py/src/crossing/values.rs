//! Plain values: JSON out to Python, Python settings in to JSON.

use hs_core::assessment::Node;
use hs_core::assessment::document::MOST_DEPTH;
use hs_core::{Error, ErrorKind, Limits};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyModule, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use super::wrong_type;

/// Nested no deeper than this; a list that holds itself ends here.
const DEPTH: usize = 200;

/// A JSON value as plain Python.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(yes) => PyBool::new(py, *yes).to_owned().into_any(),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => whole.into_pyobject(py)?.into_any(),
            (None, Some(whole)) => whole.into_pyobject(py)?.into_any(),
            (None, None) => number.as_f64().into_pyobject(py)?.into_any(),
        },
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (key, field) in fields {
                dict.set_item(key, to_python(py, field)?)?;
            }
            dict.into_any()
        }
    })
}

/// What a Python value is, before anybody asks what it means.
pub(crate) enum Plain<'py> {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    /// A whole number past 64 bits, by its digits.
    Digits(String),
    Number(f64),
    Text(String),
    List(Vec<Bound<'py, PyAny>>),
    Object(Vec<(String, Bound<'py, PyAny>)>),
}

/// Reads one Python value: None, bool, int, float, str, a mapping with text keys, a sequence, or a NumPy scalar or array.
pub(crate) fn plain<'py>(value: &Bound<'py, PyAny>, place: &str) -> PyResult<Plain<'py>> {
    let py = value.py();
    if value.is_none() {
        return Ok(Plain::Null);
    }
    if let Ok(yes) = value.cast::<PyBool>() {
        return Ok(Plain::Boolean(yes.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return match text.to_str() {
            Ok(text) => Ok(Plain::Text(text.to_owned())),
            Err(_) => Err(wrong_type(py, format!("{place}: found text with a lone surrogate, wanted text that is Unicode"))),
        };
    }
    if value.is_instance_of::<PyInt>() {
        if let Ok(whole) = value.extract::<i64>() {
            return Ok(Plain::Integer(whole));
        }
        if let Ok(whole) = value.extract::<u64>() {
            return Ok(Plain::Unsigned(whole));
        }
        return Ok(Plain::Digits(value.call_method0("__repr__")?.extract()?));
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Plain::Number(value.extract()?));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        return fields(dict.iter(), place);
    }
    if let Ok(list) = value.cast::<PyList>() {
        return Ok(Plain::List(list.iter().collect()));
    }
    if let Ok(list) = value.cast::<PyTuple>() {
        return Ok(Plain::List(list.iter().collect()));
    }
    // What JSON numbers past 64 bits were read as.
    if type_name(value) == "Decimal" {
        let digits: String = value.str()?.extract()?;
        let number = digits.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        return Ok(if number { Plain::Digits(digits) } else { Plain::Number(f64::NAN) });
    }
    // NumPy scalars and arrays say themselves what they are in plain Python.
    if value.hasattr("dtype")? && value.hasattr("tolist")? {
        let own = value.call_method0("tolist")?;
        if !own.hasattr("dtype")? {
            return plain(&own, place);
        }
    }
    if is_a(value, "Mapping")? {
        let items = value.call_method0("items")?.try_iter()?.map(|item| item?.extract()).collect::<PyResult<Vec<_>>>()?;
        return fields(items.into_iter(), place);
    }
    if is_a(value, "Sequence")? && !value.is_instance_of::<PyBytes>() {
        return Ok(Plain::List(value.try_iter()?.collect::<PyResult<_>>()?));
    }
    if let Ok(whole) = value.call_method0("__index__") {
        return plain(&whole, place);
    }
    let wanted = "None, bool, int, float, str, a list or a dict";
    Err(wrong_type(py, format!("{place}: found a value of type `{}`, wanted {wanted}", type_name(value))))
}

/// A document of plain Python values as the reader's tree: nothing is rounded, and meaning is left to the reader.
pub(crate) fn to_document(value: &Bound<'_, PyAny>, limits: &Limits) -> PyResult<Node> {
    let mut left = limits.objects;
    node(value, "", 1, &mut left)
}

fn node(value: &Bound<'_, PyAny>, pointer: &str, depth: usize, left: &mut usize) -> PyResult<Node> {
    let place = if pointer.is_empty() { "the document" } else { pointer };
    super::look(value.py(), *left)?;
    Ok(match plain(value, place)? {
        Plain::Null => Node::Null,
        Plain::Boolean(yes) => Node::Boolean(yes),
        Plain::Integer(whole) => Node::Integer(whole),
        Plain::Unsigned(whole) => Node::Unsigned(whole),
        Plain::Digits(digits) => Node::Exact(digits),
        Plain::Number(number) => Node::Number(number),
        Plain::Text(text) => Node::Text(text),
        // What nests too deeply, and so a list that holds itself, is cut where the reader refuses it.
        Plain::List(_) | Plain::Object(_) if depth > MOST_DEPTH => Node::List(Vec::new()),
        Plain::List(items) => {
            let items = items.iter().enumerate().map(|(at, item)| node(item, &format!("{pointer}/{at}"), depth + 1, left));
            Node::List(items.collect::<PyResult<_>>()?)
        }
        Plain::Object(fields) => {
            *left = left.checked_sub(1).ok_or_else(|| {
                super::raised(value.py(), &Error::new(ErrorKind::Limit, "the document holds more objects than the limit"))
            })?;
            let fields = fields.into_iter().map(|(key, field)| {
                let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let field = node(&field, &inner, depth + 1, left)?;
                Ok((key, field))
            });
            Node::Object(fields.collect::<PyResult<_>>()?)
        }
    })
}

/// A tree of the core as plain Python.
pub(crate) fn from_document<'py>(py: Python<'py>, node: &Node) -> PyResult<Bound<'py, PyAny>> {
    Ok(match node {
        Node::Null => py.None().into_bound(py),
        Node::Boolean(yes) => PyBool::new(py, *yes).to_owned().into_any(),
        Node::Integer(whole) => whole.into_pyobject(py)?.into_any(),
        Node::Unsigned(whole) => whole.into_pyobject(py)?.into_any(),
        Node::Number(number) => number.into_pyobject(py)?.into_any(),
        Node::Exact(digits) => {
            let whole = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            let made = if whole {
                py.get_type::<PyInt>().call1((digits.as_str(),))
            } else {
                py.import("decimal")?.call_method1("Decimal", (digits.as_str(),))
            };
            made?
        }
        Node::Text(text) => PyString::new(py, text).into_any(),
        Node::List(items) => {
            let items = items.iter().map(|item| from_document(py, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Node::Object(fields) => {
            let dict = PyDict::new(py);
            for (key, field) in fields {
                dict.set_item(key, from_document(py, field)?)?;
            }
            dict.into_any()
        }
    })
}

/// The name of a value's type, for messages.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| String::from("object"), |name| name.to_string())
}

fn fields<'py>(items: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>, place: &str) -> PyResult<Plain<'py>> {
    let fields = items.map(|(key, field)| match key.cast::<PyString>() {
        Ok(key) => Ok((key.to_str()?.to_owned(), field)),
        Err(_) => Err(wrong_type(key.py(), format!("{place}: found a key of type `{}`, wanted text", type_name(&key)))),
    });
    Ok(Plain::Object(fields.collect::<PyResult<_>>()?))
}

/// Whether a value is what a class of `collections.abc` names. A plain cast would lose a Ctrl-C that comes during the question.
pub(crate) fn is_a(value: &Bound<'_, PyAny>, class: &str) -> PyResult<bool> {
    static CLASSES: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let py = value.py();
    let classes = CLASSES.get_or_try_init(py, || Ok::<_, PyErr>(py.import("collections.abc")?.unbind()))?;
    value.is_instance(&classes.bind(py).getattr(class)?)
}

/// Python settings as the settings of an analysis: what was not given keeps the core's default.
pub(crate) fn settings<T: serde::de::DeserializeOwned>(given: &Bound<'_, PyAny>) -> PyResult<T> {
    let text = to_json(given, "")?.to_string();
    hs_core::settings_from_json(&text).map_err(|mut error| {
        // Lines and columns are those of the text made here, which nobody has seen.
        for problem in &mut error.problems {
            (problem.line, problem.column) = (None, None);
        }
        let error = if error.problems.is_empty() { error } else { Error::with_problems(error.kind, error.problems) };
        super::raised(given.py(), &error)
    })
}

/// Python settings as JSON; a number that is not finite has no JSON and is refused.
pub(crate) fn to_json(value: &Bound<'_, PyAny>, place: &str) -> PyResult<Value> {
    json(value, place, 0)
}

fn json(value: &Bound<'_, PyAny>, place: &str, depth: usize) -> PyResult<Value> {
    let py = value.py();
    if depth > DEPTH {
        return Err(super::refused(py, format!("{place}: nested too deeply")));
    }
    Ok(match plain(value, place)? {
        Plain::Null => Value::Null,
        Plain::Boolean(yes) => Value::Bool(yes),
        Plain::Integer(whole) => Value::from(whole),
        Plain::Unsigned(whole) => Value::from(whole),
        Plain::Digits(digits) => {
            return Err(super::refused(py, format!("{place}: found a whole number of {} digits, wanted one of 64 bits", digits.len())));
        }
        Plain::Number(number) => match Number::from_f64(number) {
            Some(number) => Value::Number(number),
            None => return Err(super::refused(py, format!("{place}: found {}, wanted a finite number", shown(number)))),
        },
        Plain::Text(text) => Value::String(text),
        Plain::List(items) => {
            let items = items.iter().enumerate().map(|(at, item)| json(item, &format!("{place}[{at}]"), depth + 1));
            Value::Array(items.collect::<PyResult<_>>()?)
        }
        Plain::Object(fields) => {
            let mut object = Map::new();
            for (key, field) in fields {
                let inner = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                object.insert(key, json(&field, &inner, depth + 1)?);
            }
            Value::Object(object)
        }
    })
}

fn shown(number: f64) -> &'static str {
    if number.is_nan() { "a number that is not a number (NaN)" } else { "an infinite number" }
}
