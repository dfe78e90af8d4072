//! The arrays of an assessment as tables, in the same columns as a data package.

use super::Table;
use super::layout::{Column, Kind, Layout, Part, Resource};
use crate::assessment::{Assessment, Node};
use crate::{Error, ErrorKind, Result};

impl Assessment {
    /// One array as a table: `places`, `threats`, ..., and the nested `neighbours`, `effects` and `externalities`.
    ///
    /// The columns are those of a data package and are always all there, also for an array without rows, with one
    /// exception: `codes.NAME` appears for each code that some place carries, in the order of the names. A range is two
    /// columns, a list is a list column, `extra` is text in JSON; what is missing is null.
    ///
    /// # Errors
    /// No array of that name, with the nearest one.
    pub fn table(&self, name: &str) -> Result<Table> {
        let layout = Layout::new()?;
        let resource = layout.resource(name).ok_or_else(|| Error::not_found("table", name, layout.names()))?;
        entity_table(&self.to_document()?, resource)
    }
}

/// Every array of an assessment as a table, by name, in the order of the format.
///
/// # Errors
/// None that an assessment can bring about.
pub fn entity_tables(assessment: &Assessment) -> Result<Vec<(String, Table)>> {
    let layout = Layout::new()?;
    let document = assessment.to_document()?;
    layout.resources.iter().map(|resource| Ok((resource.name.clone(), entity_table(&document, resource)?))).collect()
}

/// One row of a resource: the object, and the id of the row it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    owner: Option<&'a Node>,
    object: &'a Node,
}

impl<'a> Row<'a> {
    /// The value of one column; `None` where it is missing.
    pub(crate) fn cell(&self, column: &Column) -> Option<&'a Node> {
        let field = || self.object.get(&column.field).filter(|v| !v.is_null());
        match &column.part {
            Part::Owner => self.owner,
            Part::Whole => field(),
            Part::Low => field()?.items()?.first(),
            Part::High => field()?.items()?.get(1),
            Part::Member(member) => field()?.get(member),
            Part::AnyMember => None,
        }
    }
}

/// The rows of a resource, in the order of the document.
pub(crate) fn rows<'a>(document: &'a Node, resource: &Resource) -> Vec<Row<'a>> {
    let objects = |value: Option<&'a Node>| value.and_then(Node::items).into_iter().flatten();
    match &resource.owner {
        None => objects(document.get(&resource.name)).map(|object| Row { owner: None, object }).collect(),
        Some(owner) => objects(document.get(owner))
            .flat_map(|parent| {
                let owner = parent.get("id");
                objects(parent.get(&resource.name)).map(move |object| Row { owner, object })
            })
            .collect(),
    }
}

/// The columns of a resource with `codes.NAME` written out for the names that the rows carry.
pub(crate) fn columns(resource: &Resource, rows: &[Row<'_>]) -> Vec<Column> {
    let mut columns = Vec::with_capacity(resource.columns.len());
    for column in &resource.columns {
        if column.part != Part::AnyMember {
            columns.push(column.clone());
            continue;
        }
        let members: std::collections::BTreeSet<&str> = rows
            .iter()
            .filter_map(|row| row.object.get(&column.field)?.entries())
            .flat_map(|codes| codes.iter().map(|(name, _)| name.as_str()))
            .collect();
        columns.extend(members.into_iter().map(|member| column.of_member(member)));
    }
    columns
}

/// A resource of a document as a table.
pub(crate) fn entity_table(document: &Node, resource: &Resource) -> Result<Table> {
    let rows = rows(document, resource);
    let mut builder = Table::builder();
    for column in columns(resource, &rows) {
        let cells = rows.iter().map(|row| row.cell(&column));
        let name = column.name.as_str();
        builder = match column.kind {
            Kind::Text => builder.text(name, cells.map(|c| c?.text())),
            Kind::Number => builder.number(name, cells.map(|c| c?.number())),
            Kind::Integer => builder.integer(name, cells.map(|c| c.map(|c| whole(c, name)).transpose()).collect::<Result<Vec<_>>>()?),
            Kind::TextList => builder.list(name, cells.map(|c| Some(items(c?, Node::text)))),
            Kind::NumberList => builder.number_list(name, cells.map(|c| Some(items(c?, Node::number)))),
            Kind::Json => builder.text(name, cells.map(|c| c.map(json).transpose()).collect::<Result<Vec<_>>>()?),
        };
    }
    builder.build()
}

fn items<'a, T>(list: &'a Node, of: fn(&'a Node) -> Option<T>) -> Vec<T> {
    list.items().into_iter().flatten().filter_map(of).collect()
}

fn whole(cell: &Node, column: &str) -> Result<i64> {
    match cell {
        Node::Integer(value) => Ok(*value),
        _ => Err(Error::new(ErrorKind::Unsupported, format!("`{column}` holds a whole number past {}, the most a table can", i64::MAX))),
    }
}

/// A tree as JSON text on one line.
pub(crate) fn json(node: &Node) -> Result<String> {
    serde_json::to_string(node).map_err(|e| Error::argument(format!("a value under `extra` cannot be written: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn assessment() -> Assessment {
        serde_json::from_value(json!({
            "schema": "human-security/1", "id": "x", "title": "X",
            "places": [
                {"id": "a", "name": "A", "level": "district", "neighbours": [{"place": "b", "weight": 0.5}, {"place": "c"}], "codes": {"pcode": "1"}},
                {"id": "b", "name": "B", "level": "district", "codes": {"iso": "BB", "pcode": "2"}},
                {"id": "c", "name": "C", "level": "national", "extra": {"k": [1, null]}}
            ],
            "threats": [{"id": "t", "name": "T", "component": "food", "also": ["health"]}],
            "conditions": [{"threat": "t", "place": "a", "severity": 0.5, "severity_range": [0.25, 0.75]}],
            "interventions": [
                {"id": "i", "name": "I", "component": "food"},
                {"id": "j", "name": "J", "component": "food", "effects": [{"threat": "t", "change": 0.5}]}
            ],
            "indicators": [{"id": "s", "name": "S", "component": "food", "phases": [4, 3, 2, 1]}]
        }))
        .unwrap()
    }

    #[test]
    fn columns_are_flat_and_missing_is_null() {
        let conditions = assessment().table("conditions").unwrap().to_json();
        assert_eq!(conditions[0]["severity_low"], 0.25);
        assert_eq!(conditions[0]["severity_high"], 0.75);
        assert_eq!(conditions[0]["prevalence"], Value::Null);
        let places = assessment().table("places").unwrap();
        assert_eq!(places.columns()[..6], ["id", "name", "level", "parent", "codes.iso", "codes.pcode"]);
        assert_eq!(places.text("codes.iso").unwrap(), [None, Some("BB"), None]);
        assert_eq!(places.text("extra").unwrap()[2], Some("{\"k\":[1,null]}"));
    }

    #[test]
    fn nested_parts_are_tables_that_name_their_owner() {
        let neighbours = assessment().table("neighbours").unwrap().to_json();
        assert_eq!(neighbours, json!([{"place": "a", "neighbour": "b", "weight": 0.5}, {"place": "a", "neighbour": "c", "weight": null}]));
        assert_eq!(assessment().table("effects").unwrap().text("intervention").unwrap(), [Some("j")]);
    }

    #[test]
    fn lists_are_list_columns() {
        assert_eq!(assessment().table("threats").unwrap().to_json()[0]["also"], json!(["health"]));
        assert_eq!(assessment().table("indicators").unwrap().to_json()[0]["phases"], json!([4.0, 3.0, 2.0, 1.0]));
    }

    #[test]
    fn an_array_without_rows_still_has_its_columns_and_an_unknown_one_the_nearest() {
        let table = assessment().table("judgements").unwrap();
        assert_eq!(table.rows(), 0);
        assert_eq!(table.columns()[0], "subject.kind");
        assert!(assessment().table("threat").unwrap_err().message.contains("did you mean `threats`"));
        assert_eq!(entity_tables(&assessment()).unwrap().len(), 28);
    }
}
