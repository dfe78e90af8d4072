//! The rules of single fields, as JSON Schema: the reader checks by the very schema it publishes.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{Assessment, SCHEMA};

/// Where the schema of `human-security/1` says which array holds the ids that a field names.
pub(super) const REFERS_TO: &str = "x-refers-to";
/// An id.
pub(super) const ID: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$";
/// One line: no control character (C0, DEL, C1).
pub(super) const LINE: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
/// As a line, with line ends and tabs.
pub(super) const LINES: &str = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";
/// The form of a period; that its dates exist is checked beyond the schema.
pub(super) const PERIOD: &str = "^([0-9]{4}(/[0-9]{4})?|[0-9]{4}-[0-9]{2}(/[0-9]{4}-[0-9]{2})?\
    |[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?|[0-9]{4}-W[0-9]{2}(/[0-9]{4}-W[0-9]{2})?)$";

/// The JSON Schema (draft 2020-12) of `human-security/1`, generated from the types of this crate.
///
/// It states every rule of a single field: names, types, bounds, patterns, closed words; and which fields of one object need or
/// exclude each other. Rules that compare values or reach further (uniqueness, references, ranges that hold their value, and so
/// on) are the reader's alone, and so are keys that stand twice and the difference between `1` and `1.0`, which JSON Schema does
/// not see.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = Value::from(generator.into_root_schema_for::<Assessment>());
    close(&mut schema);
    let Value::Object(mut body) = schema else { return schema };
    body.shift_remove("$schema");
    let mut root = Map::new();
    root.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    root.insert("$id".into(), "human-security-1.schema.json".into());
    root.insert("title".into(), SCHEMA.into());
    body.shift_remove("title");
    root.append(&mut body);
    let mut schema = Value::Object(root);
    for (name, rules) in within_objects() {
        if let Some(Value::Object(object)) = schema.pointer_mut(&format!("/$defs/{name}")) {
            object.insert("allOf".into(), rules);
        }
    }
    schema
}

/// What the fields of one object ask of each other, by the name of its type.
fn within_objects() -> [(&'static str, Value); 4] {
    // a null is as absent
    let given = |field: &str| json!({"required": [field], "properties": {(field): {"not": {"type": "null"}}}});
    let no_range_without = |range: &str, value: Value| json!({"if": given(range), "then": value});
    [
        (
            "Condition",
            json!([
                {"anyOf": [given("severity"), given("prevalence")]},
                no_range_without("severity_range", given("severity")),
                no_range_without("prevalence_range", given("prevalence")),
            ]),
        ),
        (
            "Linkage",
            json!([
                {"not": {"allOf": [given("weight"), given("strength")]}},
                no_range_without("range", json!({"anyOf": [given("weight"), given("strength")]})),
            ]),
        ),
        ("Externality", json!([{"oneOf": [given("threat"), given("component")]}, no_range_without("range", given("change"))])),
        ("Perception", json!([{"anyOf": [given("rating"), given("rank")]}])),
    ]
}

/// No object takes fields it does not name, unless it says so itself.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".into(), false.into());
            }
            // an absent field stays absent: no default is filled in
            object.shift_remove("default");
            object.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// A type that stands for a rule of the schema only.
macro_rules! rule {
    ($($(#[$doc:meta])* $name:ident: $schema:tt;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name;
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

rule! {
    /// The name of the schema.
    Name: {"type": "string", "const": SCHEMA};
    /// An id, unique within its array.
    Id: {"type": "string", "pattern": ID};
    /// Text on one line.
    Line: {"type": "string", "pattern": LINE};
    /// Text with line ends and tabs.
    Lines: {"type": "string", "pattern": LINES};
    /// A period.
    Period: {"type": "string", "pattern": PERIOD};
    /// Periods a linkage takes.
    Lag: {"type": "integer", "minimum": 0, "maximum": 1000};
    /// A participatory stage.
    Stage: {"type": "integer", "minimum": 1, "maximum": 5};
    /// The id of an actor.
    ActorRef: {"type": "string", "pattern": ID, REFERS_TO: "actors"};
    /// The id of a capacity.
    CapacityRef: {"type": "string", "pattern": ID, REFERS_TO: "capacities"};
    /// The id of a group.
    GroupRef: {"type": "string", "pattern": ID, REFERS_TO: "groups"};
    /// The id of an indicator.
    IndicatorRef: {"type": "string", "pattern": ID, REFERS_TO: "indicators"};
    /// The id of an intervention.
    InterventionRef: {"type": "string", "pattern": ID, REFERS_TO: "interventions"};
    /// The id of an item.
    ItemRef: {"type": "string", "pattern": ID, REFERS_TO: "items"};
    /// The id of a linkage.
    LinkageRef: {"type": "string", "pattern": ID, REFERS_TO: "linkages"};
    /// The id of a place.
    PlaceRef: {"type": "string", "pattern": ID, REFERS_TO: "places"};
    /// The id of a source.
    SourceRef: {"type": "string", "pattern": ID, REFERS_TO: "sources"};
    /// The id of a threat.
    ThreatRef: {"type": "string", "pattern": ID, REFERS_TO: "threats"};
}

/// A list that is absent or names something: an empty one could mean nowhere or everywhere.
pub(super) struct Selection<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Selection<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Selection{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "array", "minItems": 1, "items": generator.subschema_for::<T>()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/human-security-1.schema.json");

    /// Run with `HS_WRITE=1` to write it anew.
    #[test]
    fn the_committed_schema_is_current() {
        let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
        if std::env::var_os("HS_WRITE").is_some() {
            std::fs::write(COMMITTED, &text).unwrap();
        }
        let committed = std::fs::read_to_string(COMMITTED).unwrap();
        assert!(committed == text, "docs/reference/human-security-1.schema.json is out of date: run this test with HS_WRITE=1");
    }

    #[test]
    fn every_object_is_closed_but_those_of_the_user() {
        fn walk(part: &Value) {
            if let Some(object) = part.as_object() {
                if object.contains_key("properties") && object.get("type").is_some_and(|kind| kind == "object") {
                    assert_eq!(object.get("additionalProperties"), Some(&Value::Bool(false)));
                }
                object.values().for_each(walk);
            } else if let Some(items) = part.as_array() {
                items.iter().for_each(walk);
            }
        }
        walk(&schema());
    }

    #[test]
    fn the_reader_knows_every_rule_of_the_schema() {
        assert!(super::super::shape::document().is_ok());
    }
}
