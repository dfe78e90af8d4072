//! The published schema in the form the reader walks.

use std::sync::LazyLock;

use serde_json::Value;

use super::schema::{ID, LINE, LINES, PERIOD, REFERS_TO, schema};
use crate::{Error, Result};

/// What may stand at a place of the document.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Object(Vec<Field>),
    /// Names of the user's choice, each with a value of one shape.
    Named(Box<Shape>),
    /// The user's own: anything.
    Own,
    List {
        item: Box<Shape>,
        least: usize,
        most: usize,
    },
    Text(Rule),
    Constant(String),
    Words(Vec<String>),
    Number {
        minimum: Option<f64>,
        maximum: Option<f64>,
        above: Option<f64>,
    },
    Whole {
        minimum: i64,
        maximum: u64,
    },
}

/// What a text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Id,
    Line,
    Lines,
    Period,
    /// The id of an item of that array.
    RefersTo(Array),
}

/// An array whose items others name by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Array {
    Sources,
    Places,
    Groups,
    Threats,
    Capacities,
    Interventions,
    Actors,
    Indicators,
    Linkages,
    Items,
}

impl Array {
    pub(super) const ALL: [Array; 10] = [
        Array::Sources,
        Array::Places,
        Array::Groups,
        Array::Threats,
        Array::Capacities,
        Array::Interventions,
        Array::Actors,
        Array::Indicators,
        Array::Linkages,
        Array::Items,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Array::Sources => "sources",
            Array::Places => "places",
            Array::Groups => "groups",
            Array::Threats => "threats",
            Array::Capacities => "capacities",
            Array::Interventions => "interventions",
            Array::Actors => "actors",
            Array::Indicators => "indicators",
            Array::Linkages => "linkages",
            Array::Items => "items",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) nullable: bool,
}

/// The shape of a whole document.
pub(super) fn document() -> Result<&'static Shape> {
    static DOCUMENT: LazyLock<Option<Shape>> = LazyLock::new(|| {
        let schema = schema();
        compile(&schema, &schema).map(|(shape, _)| shape)
    });
    DOCUMENT.as_ref().ok_or_else(|| Error::internal("the schema holds a rule that the reader does not know"))
}

/// The shape of a part of the schema, and whether it may be null; none for a rule that is not known here.
fn compile(part: &Value, root: &Value) -> Option<(Shape, bool)> {
    if let Some(name) = part.get("$ref").and_then(Value::as_str) {
        return compile(root.pointer(name.strip_prefix('#')?)?, root);
    }
    if let Some([one, null]) = part.get("anyOf").and_then(Value::as_array).map(Vec::as_slice) {
        return (null.get("type")? == "null").then_some((compile(one, root)?.0, true));
    }
    if let Some(words) = part.get("oneOf").and_then(Value::as_array) {
        let words = words.iter().map(|word| Some(word.get("const")?.as_str()?.to_owned())).collect::<Option<_>>()?;
        return Some((Shape::Words(words), false));
    }
    let (kind, nullable) = match part.get("type")? {
        Value::String(kind) => (kind.as_str(), false),
        Value::Array(kinds) => (kinds.first()?.as_str()?, kinds.iter().any(|kind| kind == "null")),
        _ => return None,
    };
    let limit = |name: &str| part.get(name).and_then(Value::as_f64);
    let count = |name: &str| part.get(name).and_then(Value::as_u64).map(|n| n as usize);
    let shape = match kind {
        "object" => object(part, root)?,
        "array" => {
            let item = match part.get("prefixItems").and_then(Value::as_array) {
                Some(items) => items.first()?,
                None => part.get("items")?,
            };
            let item = Box::new(compile(item, root)?.0);
            Shape::List { item, least: count("minItems").unwrap_or(0), most: count("maxItems").unwrap_or(usize::MAX) }
        }
        "string" => match (part.get("const"), part.get(REFERS_TO), part.get("pattern").and_then(Value::as_str)) {
            (Some(name), ..) => Shape::Constant(name.as_str()?.to_owned()),
            (_, Some(array), _) => Shape::Text(Rule::RefersTo(Array::ALL.into_iter().find(|known| array == known.name())?)),
            (_, _, Some(ID)) => Shape::Text(Rule::Id),
            (_, _, Some(LINE)) => Shape::Text(Rule::Line),
            (_, _, Some(LINES)) => Shape::Text(Rule::Lines),
            (_, _, Some(PERIOD)) => Shape::Text(Rule::Period),
            _ => return None,
        },
        "number" => Shape::Number { minimum: limit("minimum"), maximum: limit("maximum"), above: limit("exclusiveMinimum") },
        "integer" => Shape::Whole {
            minimum: part.get("minimum").and_then(Value::as_i64).unwrap_or(i64::MIN),
            maximum: part.get("maximum").and_then(Value::as_u64).unwrap_or(u64::MAX),
        },
        _ => return None,
    };
    Some((shape, nullable))
}

fn object(part: &Value, root: &Value) -> Option<Shape> {
    let Some(properties) = part.get("properties").and_then(Value::as_object) else {
        return match part.get("additionalProperties")? {
            Value::Bool(true) => Some(Shape::Own),
            named => Some(Shape::Named(Box::new(compile(named, root)?.0))),
        };
    };
    let required: Vec<&str> = part.get("required").and_then(Value::as_array)?.iter().filter_map(Value::as_str).collect();
    let fields = properties
        .iter()
        .map(|(name, part)| {
            let (shape, nullable) = compile(part, root)?;
            Some(Field { name: name.clone(), shape, required: required.contains(&name.as_str()), nullable })
        })
        .collect::<Option<_>>()?;
    Some(Shape::Object(fields))
}
