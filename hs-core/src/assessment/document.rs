//! A document as it was written: keeps duplicate keys, tells whole numbers from others, loses no digit.

use serde::de::value::{Error as ValueError, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

/// How deep a document may nest; the root is 1.
pub const MOST_DEPTH: usize = 64;

/// How much a reader takes in; everything past a limit is refused, never cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text; 256 MiB by default.
    pub bytes: usize,
    /// JSON objects of the document; 10 million by default.
    pub objects: usize,
    /// Bytes of one text, key or number; 64 KiB by default.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 256 << 20, objects: 10_000_000, text: 64 << 10 }
    }
}

/// One value of a document.
///
/// Nothing is merged or rounded: an object is a list of its entries in the order written, so that a key that stands
/// twice is seen, `1` and `1.0` differ, and a number that neither 64-bit form holds is kept by its digits.
/// A tree built by hand may not nest past [`MOST_DEPTH`] by much: dropping it recurses.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number written without fraction or exponent.
    Integer(i64),
    /// As [`Node::Integer`], past its range.
    Unsigned(u64),
    /// A number written with fraction or exponent.
    Number(f64),
    /// A number by its own digits, where none of the other forms would be written back alike.
    Exact(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object: its entries in order, duplicates included.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The value of a key; of its first entry, where it stands twice.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The entries, if this is an object.
    pub fn entries(&self) -> Option<&[(String, Node)]> {
        match self {
            Node::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match self {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number nearest to what is written, if this is a number and that is finite.
    pub fn number(&self) -> Option<f64> {
        match self {
            Node::Integer(value) => Some(*value as f64),
            Node::Unsigned(value) => Some(*value as f64),
            Node::Number(value) => Some(*value),
            Node::Exact(digits) => digits.parse().ok(),
            _ => None,
        }
        .filter(|x| x.is_finite())
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Node::Null)
    }
}

impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Boolean(value),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(value), _, _) => Node::Integer(value),
                (_, Some(value), _) => Node::Unsigned(value),
                (_, _, Some(value)) => Node::Number(value),
                _ => Node::Exact(number.to_string()),
            },
            Value::String(text) => Node::Text(text),
            Value::Array(items) => Node::List(items.into_iter().map(Node::from).collect()),
            Value::Object(entries) => Node::Object(entries.into_iter().map(|(k, v)| (k, Node::from(v))).collect()),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Boolean(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Unsigned(value) => serializer.serialize_u64(*value),
            // serde_json would write null
            Node::Number(value) if !value.is_finite() => Err(S::Error::custom("a number that is not finite cannot be written")),
            Node::Number(value) => serializer.serialize_f64(*value),
            Node::Exact(digits) => match RawValue::from_string(digits.clone()) {
                Ok(raw) if digits.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => raw.serialize(serializer),
                _ => Err(S::Error::custom("digits that are no number cannot be written")),
            },
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Node::Object(entries) => serialize_entries(entries, serializer),
        }
    }
}

pub(super) fn serialize_entries<S: Serializer>(entries: &[(String, Node)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// From any self-describing format; duplicates are kept where the format shows them.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }
            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Null)
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
                Node::deserialize(deserializer)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Boolean(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Integer(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(i64::try_from(value).map_or(Node::Unsigned(value), Node::Integer))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node::Number(value))
            }
            // how exact digits travel through serde's buffers: see `deserialize_any` below
            fn visit_byte_buf<E: serde::de::Error>(self, digits: Vec<u8>) -> Result<Node, E> {
                String::from_utf8(digits).map(Node::Exact).map_err(|_| E::custom("bytes are no value of a document"))
            }
            fn visit_bytes<E: serde::de::Error>(self, digits: &[u8]) -> Result<Node, E> {
                self.visit_byte_buf(digits.to_vec())
            }
            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.into()))
            }
            fn visit_string<E>(self, text: String) -> Result<Node, E> {
                Ok(Node::Text(text))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Node::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Node::Object(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for Node {
    type Deserializer = Node;
    fn into_deserializer(self) -> Node {
        self
    }
}

/// A checked tree becomes an entity by the entity's own derive.
impl<'de> Deserializer<'de> for Node {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Boolean(value) => visitor.visit_bool(value),
            Node::Integer(value) => visitor.visit_i64(value),
            Node::Unsigned(value) => visitor.visit_u64(value),
            Node::Number(value) => visitor.visit_f64(value),
            // no JSON value is bytes, and serde buffers bytes unchanged
            Node::Exact(digits) => visitor.visit_byte_buf(digits.into_bytes()),
            Node::Text(text) => visitor.visit_string(text),
            Node::List(items) => {
                let mut list = SeqDeserializer::new(items.into_iter());
                let value = visitor.visit_seq(&mut list)?;
                list.end()?;
                Ok(value)
            }
            Node::Object(entries) => {
                let mut map = MapDeserializer::new(entries.into_iter());
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.number() {
            Some(value) => visitor.visit_f64(value),
            None => Err(serde::de::Error::custom("not a finite number")),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match &self {
            Node::Exact(digits) => match digits.parse() {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => Err(serde::de::Error::custom("not a whole number")),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Node::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Node::Text(text) => visitor.visit_enum(text.into_deserializer()),
            _ => Err(serde::de::Error::custom("not a word")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u128 f32 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
