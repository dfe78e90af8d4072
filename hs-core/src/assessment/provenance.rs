//! Where a statement comes from: fields that every object may carry.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::document::{Node, serialize_entries};
use super::schema;
use super::words::Basis;

/// A user's own fields, kept as they are: order, nulls and every digit of a number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(pub Vec<(String, Node)>);

impl Extra {
    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_entries(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Node::deserialize(deserializer)? {
            Node::Object(entries) => Ok(Extra(entries)),
            _ => Err(serde::de::Error::custom("wanted an object of the user's own")),
        }
    }
}

impl JsonSchema for Extra {
    fn schema_name() -> Cow<'static, str> {
        "Extra".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "description": "The user's own fields, kept as they are.", "additionalProperties": true})
    }
}

/// Fields that every object of an assessment may carry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Id of a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::SourceRef>")]
    pub source: Option<String>,
    /// Page or line in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub locator: Option<String>,
    /// What the statement rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Lines>")]
    pub note: Option<String>,
    /// The user's own fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Extra>,
}
