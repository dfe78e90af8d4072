//! How an assessment lies flat: every array a resource, every resource its columns, all read from the JSON Schema.
//!
//! Nothing of the format is written down a second time here: names, order, words, bounds and descriptions come from the
//! entities. Only the four rules of flattening are this file's own: a range is two columns, a part with named fields is one
//! column a field, a map of codes is one column a code, and a list of objects is a resource of its own.

use serde_json::Value;

use crate::{Error, Result};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Integer,
    TextList,
    NumberList,
    Json,
}

/// Which part of its field a column carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Low,
    High,
    /// One named field of a nested object, or one code.
    Member(String),
    /// Stands for all columns `FIELD.NAME` of a map; replaced by them once the names are known.
    AnyMember,
    /// The id of the row that this row belongs to.
    Owner,
}

/// One column of a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// Name in files and tables.
    pub(crate) name: String,
    /// Field of the entity.
    pub(crate) field: String,
    pub(crate) part: Part,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) description: String,
    /// The closed list of words, where there is one.
    pub(crate) words: Vec<String>,
    /// Bounds and patterns, by their JSON Schema keyword.
    pub(crate) constraints: Vec<(&'static str, Value)>,
    /// The resource whose ids the column holds, one a cell.
    pub(crate) refers_to: Option<&'static str>,
}

/// One array of the assessment, or a nested list of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resource {
    pub(crate) name: String,
    /// The resource whose rows hold these rows.
    pub(crate) owner: Option<String>,
    pub(crate) description: String,
    pub(crate) columns: Vec<Column>,
}

impl Resource {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name && c.part != Part::AnyMember)
    }

    /// The column of a header, which may be one of a map of codes.
    pub(crate) fn resolve(&self, name: &str) -> Option<Column> {
        if let Some(column) = self.column(name) {
            return Some(column.clone());
        }
        let (field, member) = name.split_once('.')?;
        self.columns.iter().find(|c| c.part == Part::AnyMember && c.field == field).map(|c| c.of_member(member))
    }

    /// Column names as they may be suggested to a user.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|c| c.name.as_str())
    }

    /// The column that carries a field, or a part of it.
    pub(crate) fn column_of(&self, field: &str, part: Option<&str>) -> Option<String> {
        let of_field = || self.columns.iter().filter(|c| c.field == field && c.part != Part::Owner);
        let exact = of_field().find(|c| match (&c.part, part) {
            (Part::Whole, _) => true,
            (Part::Low, Some("0")) | (Part::High, Some("1")) => true,
            (Part::Member(member), Some(part)) => member == part,
            (Part::AnyMember, Some(_)) => true,
            _ => false,
        });
        let column = exact.or_else(|| of_field().next())?;
        match (&column.part, part) {
            (Part::AnyMember, Some(member)) => Some(column.of_member(member).name),
            _ => Some(column.name.clone()),
        }
    }
}

impl Column {
    pub(crate) fn of_member(&self, member: &str) -> Column {
        Column { name: format!("{}.{member}", self.field), part: Part::Member(member.into()), ..self.clone() }
    }
}

/// Every resource, in the order of the format; a nested one follows its owner.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) resources: Vec<Resource>,
    /// Fields of the document that are no array: they stand beside the resources.
    pub(crate) root: Vec<Column>,
}

impl Layout {
    /// The layout of this version's format.
    pub(crate) fn new() -> Result<Layout> {
        let schema = crate::assessment::schema();
        Reader { schema: &schema }
            .layout()
            .ok_or_else(|| Error::internal("the JSON Schema of an assessment has a shape no table can follow"))
    }

    pub(crate) fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|r| r.name == name)
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.resources.iter().position(|r| r.name == name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().map(|r| r.name.as_str())
    }
}

/// The resource whose ids a column of that name holds.
fn target(column: &str) -> Option<&'static str> {
    Some(match column {
        "threat" | "from" | "to" => "threats",
        "place" | "parent" | "neighbour" => "places",
        "group" => "groups",
        "source" => "sources",
        "actor" => "actors",
        "intervention" => "interventions",
        "indicator" => "indicators",
        _ => return None,
    })
}

fn singular(plural: &str) -> &str {
    match plural {
        "externalities" => "externality",
        _ => plural.strip_suffix('s').unwrap_or(plural),
    }
}

/// Walks the JSON Schema; `None` anywhere means a shape that this file does not know.
struct Reader<'a> {
    schema: &'a Value,
}

impl<'a> Reader<'a> {
    fn layout(&self) -> Option<Layout> {
        let mut layout = Layout { resources: Vec::new(), root: Vec::new() };
        let required = required(self.schema);
        for (name, field) in self.schema.get("properties")?.as_object()? {
            match self.items(field) {
                Some(items) => self.resource(name, description(field), items, &mut layout.resources)?,
                None => self.columns(name, field, required.contains(&name.as_str()), &mut layout.root)?,
            }
        }
        Some(layout)
    }

    fn resource(&self, name: &str, description_of_field: String, items: &'a Value, resources: &mut Vec<Resource>) -> Option<()> {
        let own = description(items);
        let mut resource = Resource {
            name: name.into(),
            owner: None,
            description: if own.is_empty() { description_of_field } else { own },
            columns: Vec::new(),
        };
        let required = required(items);
        let mut nested = Vec::new();
        for (field_name, field) in items.get("properties")?.as_object()? {
            match self.items(field) {
                Some(inner) => self.resource(field_name, description(field), inner, &mut nested)?,
                None => self.columns(field_name, field, required.contains(&field_name.as_str()), &mut resource.columns)?,
            }
        }
        resources.push(resource);
        for mut child in nested {
            child.belongs_to(name);
            resources.push(child);
        }
        Some(())
    }

    /// The schema of the entities, if the field is a list of them.
    fn items(&self, field: &'a Value) -> Option<&'a Value> {
        let items = self.resolve(self.resolve(field).get("items")?);
        items.get("properties").is_some().then_some(items)
    }

    /// Follows a reference and steps into the one alternative that is not null.
    fn resolve(&self, mut schema: &'a Value) -> &'a Value {
        // a schema of the format is never nested deeper than this; a ring must not hang
        for _ in 0..8 {
            let referred = schema.get("$ref").and_then(Value::as_str).and_then(|r| self.schema.pointer(r.strip_prefix('#')?));
            let chosen = ["anyOf", "oneOf"].iter().find_map(|key| {
                let options = schema.get(*key)?.as_array()?;
                let mut real = options.iter().filter(|o| o.get("type") != Some(&Value::from("null")));
                real.next().filter(|_| real.next().is_none())
            });
            match referred.or(chosen) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    fn columns(&self, name: &str, field: &'a Value, required: bool, columns: &mut Vec<Column>) -> Option<()> {
        let inner = self.resolve(field);
        let base = Column {
            name: name.into(),
            field: name.into(),
            part: Part::Whole,
            kind: Kind::Text,
            required,
            description: description(field),
            words: words(inner),
            constraints: constraints(inner),
            refers_to: target(name),
        };
        if let Some(ends) = inner.get("prefixItems").and_then(Value::as_array) {
            let stem = name.strip_suffix("_range").unwrap_or(name);
            let bounds = ends.first().map(|end| constraints(self.resolve(end))).unwrap_or_default();
            for (part, end, word) in [(Part::Low, "low", "Lower end"), (Part::High, "high", "Upper end")] {
                columns.push(Column {
                    name: format!("{stem}_{end}"),
                    part,
                    kind: Kind::Number,
                    description: format!("{word}. {}", base.description),
                    constraints: bounds.clone(),
                    ..base.clone()
                });
            }
        } else if let Some(members) = inner.get("properties").and_then(Value::as_object) {
            let needed = self::required(inner);
            for (member, schema) in members {
                columns.push(Column {
                    name: format!("{name}.{member}"),
                    part: Part::Member(member.clone()),
                    kind: self.kind(self.resolve(schema))?,
                    required: required && needed.contains(&member.as_str()),
                    description: format!("{} {}", base.description, description(schema)),
                    refers_to: None,
                    ..base.clone()
                });
            }
        } else if inner.get("additionalProperties").is_some_and(|p| p.get("type").is_some()) {
            columns.push(Column { name: format!("{name}.NAME"), part: Part::AnyMember, ..base });
        } else {
            columns.push(Column { kind: self.kind(inner)?, ..base });
        }
        Some(())
    }

    fn kind(&self, schema: &'a Value) -> Option<Kind> {
        if !words(schema).is_empty() {
            return Some(Kind::Text);
        }
        Some(match type_of(schema)? {
            "string" => Kind::Text,
            "number" => Kind::Number,
            "integer" => Kind::Integer,
            "object" => Kind::Json,
            "array" => match self.kind(self.resolve(schema.get("items")?))? {
                Kind::Number | Kind::Integer => Kind::NumberList,
                _ => Kind::TextList,
            },
            _ => return None,
        })
    }
}

impl Resource {
    /// Makes it a nested resource: a first column names the owner, and a field of that same name gives way.
    fn belongs_to(&mut self, owner: &str) {
        let owner_column = singular(owner).to_string();
        for column in self.columns.iter_mut().filter(|c| c.name == owner_column) {
            column.name = singular(&self.name).to_string();
            column.refers_to = target(&column.name);
        }
        let column = Column {
            refers_to: target(&owner_column),
            description: format!("Id of the {owner_column} that this row belongs to."),
            name: owner_column,
            field: String::new(),
            part: Part::Owner,
            kind: Kind::Text,
            required: true,
            words: Vec::new(),
            constraints: Vec::new(),
        };
        self.columns.insert(0, column);
        self.owner = Some(owner.into());
    }
}

fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn description(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ")
}

fn required(schema: &Value) -> Vec<&str> {
    schema.get("required").and_then(Value::as_array).map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn words(schema: &Value) -> Vec<String> {
    let of = |value: &Value| value.as_str().map(String::from);
    if let Some(list) = schema.get("enum").and_then(Value::as_array) {
        return list.iter().filter_map(of).collect();
    }
    let options = schema.get("oneOf").and_then(Value::as_array);
    options.map(|o| o.iter().filter_map(|w| of(w.get("const")?)).collect()).unwrap_or_default()
}

fn constraints(schema: &Value) -> Vec<(&'static str, Value)> {
    let known = ["minimum", "maximum", "pattern"];
    known.into_iter().filter_map(|key| Some((key, schema.get(key)?.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(resource: &str) -> Vec<String> {
        Layout::new().unwrap().resource(resource).unwrap().names().map(String::from).collect()
    }

    #[test]
    fn every_array_is_a_resource_and_nested_lists_follow_their_owner() {
        let layout = Layout::new().unwrap();
        assert_eq!(
            layout.names().collect::<Vec<_>>(),
            [
                "sources",
                "places",
                "neighbours",
                "groups",
                "partitions",
                "populations",
                "threats",
                "conditions",
                "capacities",
                "linkages",
                "interventions",
                "effects",
                "externalities",
                "actors",
                "responsibilities",
                "indicators",
                "observations",
                "perceptions",
                "priorities",
                "ties",
                "items",
                "answers",
                "stories",
                "committees",
                "meetings",
                "feedback",
                "resources",
                "judgements"
            ]
        );
        let root: Vec<_> = layout.root.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(root, ["schema", "id", "title", "language", "sensitivity", "extra"]);
    }

    #[test]
    fn ranges_codes_and_parts_lie_flat_in_the_order_of_the_format() {
        assert_eq!(names("neighbours"), ["place", "neighbour", "weight"]);
        assert_eq!(
            names("conditions"),
            [
                "threat",
                "place",
                "group",
                "period",
                "severity",
                "prevalence",
                "severity_low",
                "severity_high",
                "prevalence_low",
                "prevalence_high",
                "kind",
                "confidence",
                "source",
                "locator",
                "basis",
                "note",
                "extra"
            ]
        );
        assert_eq!(
            names("effects"),
            [
                "intervention",
                "threat",
                "place",
                "group",
                "outcome",
                "change",
                "range_low",
                "range_high",
                "likelihood",
                "source",
                "locator",
                "basis",
                "note",
                "extra"
            ]
        );
        assert_eq!(names("places")[4], "codes.NAME");
        assert_eq!(&names("judgements")[..2], ["subject.kind", "subject.id"]);
    }

    #[test]
    fn kinds_words_and_bounds_come_from_the_schema() {
        let layout = Layout::new().unwrap();
        let kind = |resource: &str, column: &str| layout.resource(resource).unwrap().column(column).unwrap().kind;
        assert_eq!(kind("linkages", "lag"), Kind::Integer);
        assert_eq!(kind("linkages", "places"), Kind::TextList);
        assert_eq!(kind("indicators", "phases"), Kind::NumberList);
        assert_eq!(kind("perceptions", "rank"), Kind::Number);
        assert_eq!(kind("places", "extra"), Kind::Json);
        let component = layout.resource("threats").unwrap().column("component").unwrap().clone();
        assert_eq!(component.words.len(), 7);
        assert!(component.required);
        let severity = layout.resource("conditions").unwrap().column("severity_low").unwrap().clone();
        assert_eq!(severity.constraints, [("minimum", Value::from(0.0)), ("maximum", Value::from(1.0))]);
    }

    #[test]
    fn a_pointer_finds_its_column() {
        let layout = Layout::new().unwrap();
        let column = |resource: &str, field: &str, part: Option<&str>| layout.resource(resource).unwrap().column_of(field, part).unwrap();
        assert_eq!(column("conditions", "severity_range", Some("1")), "severity_high");
        assert_eq!(column("conditions", "severity_range", None), "severity_low");
        assert_eq!(column("places", "codes", Some("pcode")), "codes.pcode");
        assert_eq!(column("judgements", "subject", Some("id")), "subject.id");
        assert_eq!(column("neighbours", "place", None), "neighbour");
        assert_eq!(column("linkages", "groups", Some("3")), "groups");
    }
}
