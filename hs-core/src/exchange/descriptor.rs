//! `datapackage.json`: what stands in it, read strictly and written so that other tools understand the tables.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::assemble::Faults;
use super::data_package::TableFormat;
use crate::assessment::Node;
use crate::tables::{Column, Kind, Layout, Part, Resource};
use crate::{Problem, ProblemKind, nearest, shown};

/// Name of the file that describes the package.
pub(super) const DESCRIPTOR: &str = "datapackage.json";

/// Properties that the Data Package standard gives a package; they say nothing about the assessment and are passed over.
const OF_PACKAGE: [&str; 13] = [
    "$schema",
    "contributors",
    "created",
    "description",
    "homepage",
    "image",
    "keywords",
    "licenses",
    "name",
    "profile",
    "resources",
    "sources",
    "version",
];
/// The same of a resource.
const OF_RESOURCE: [&str; 18] = [
    "$schema",
    "bytes",
    "description",
    "dialect",
    "encoding",
    "format",
    "hash",
    "homepage",
    "licenses",
    "mediatype",
    "name",
    "path",
    "profile",
    "schema",
    "sources",
    "title",
    "type",
    "data",
];

/// One resource as the descriptor declares it.
#[derive(Debug, PartialEq)]
pub(super) struct Declared {
    /// Position in the layout.
    pub(super) resource: usize,
    /// Relative path inside the folder, with `/` between its parts.
    pub(super) path: String,
    pub(super) format: TableFormat,
    /// Cells that mean missing; the empty one where the package says nothing.
    pub(super) missing: HashSet<String>,
}

/// What the descriptor says.
#[derive(Debug, Default)]
pub(super) struct Declaration {
    pub(super) root: Vec<(String, Node)>,
    pub(super) resources: Vec<Declared>,
    /// A resource in a format that is not read yet.
    pub(super) unsupported: bool,
}

pub(super) fn read(descriptor: Node, layout: &Layout, faults: &mut Faults) -> Declaration {
    let mut declaration = Declaration::default();
    let Node::Object(entries) = descriptor else {
        faults.push(Problem::new(ProblemKind::WrongType, "", "no object", "an object that describes a data package"));
        return declaration;
    };
    let mut seen = HashSet::new();
    for (key, value) in &entries {
        let pointer = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        if !seen.insert(key.clone()) {
            faults.push(Problem::new(ProblemKind::DuplicateKey, pointer, format!("`{}` a second time", shown(key)), "each key once"));
        } else if key != "extra" {
            duplicates(value, &pointer, faults);
        }
    }
    let mut seen_resources = false;
    for (key, value) in entries {
        match key.as_str() {
            "resources" if !seen_resources => {
                seen_resources = true;
                resources(&value, layout, &mut declaration, faults);
            }
            key if OF_PACKAGE.contains(&key) => {}
            key if layout.root.iter().any(|c| c.field == key) => {
                if !declaration.root.iter().any(|(known, _)| known == key) {
                    declaration.root.push((key.into(), value));
                }
            }
            key => {
                let problem =
                    Problem::new(ProblemKind::UnknownField, format!("/{key}"), format!("`{}`", shown(key)), "a property of a data package");
                let hint = match layout.resource(key) {
                    Some(_) => Some(format!("put the rows of `{key}` in a file and list it under `resources`")),
                    None => suggestion(key, layout.root.iter().map(|c| c.field.as_str()).chain(OF_PACKAGE)),
                };
                faults.push(with(problem, hint));
            }
        }
    }
    if !seen_resources {
        faults.push(Problem::new(ProblemKind::MissingField, "", "no `resources`", "`resources`, a list of the package's tables"));
    }
    declaration
}

fn with(problem: Problem, mend: Option<String>) -> Problem {
    match mend {
        Some(mend) => problem.mend(mend),
        None => problem,
    }
}

fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean `{near}`?"))
}

fn duplicates(node: &Node, pointer: &str, faults: &mut Faults) {
    match node {
        Node::Object(entries) => {
            let mut seen = HashSet::new();
            for (key, value) in entries {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                if !seen.insert(key) {
                    faults.push(Problem::new(
                        ProblemKind::DuplicateKey,
                        &pointer,
                        format!("`{}` a second time", shown(key)),
                        "each key once",
                    ));
                }
                duplicates(value, &pointer, faults);
            }
        }
        Node::List(items) => items.iter().enumerate().for_each(|(at, item)| duplicates(item, &format!("{pointer}/{at}"), faults)),
        _ => {}
    }
}

fn resources(list: &Node, layout: &Layout, declaration: &mut Declaration, faults: &mut Faults) {
    let Some(items) = list.items() else {
        faults.push(Problem::new(ProblemKind::WrongType, "/resources", "no list", "a list of resources"));
        return;
    };
    for (position, item) in items.iter().enumerate() {
        let before = faults.total;
        let pointer = format!("/resources/{position}");
        let declared = resource(item, &pointer, layout, declaration, faults);
        match declared {
            Some(declared) if declaration.resources.iter().any(|d| d.resource == declared.resource) => {
                let name = item.get("name").and_then(Node::text).unwrap_or_default();
                let problem = Problem::new(
                    ProblemKind::Duplicate,
                    format!("{pointer}/name"),
                    format!("`{name}` a second time"),
                    "each resource once",
                );
                faults.add(problem.mend("put all its rows in one file"), name, None, None);
            }
            Some(declared) if declaration.resources.iter().any(|d| d.path == declared.path) => {
                let name = item.get("name").and_then(Node::text).unwrap_or_default();
                let found = format!("`{}` for a second resource", shown(&declared.path));
                faults.add(
                    Problem::new(ProblemKind::Duplicate, format!("{pointer}/path"), found, "a file of its own for each resource"),
                    name,
                    None,
                    None,
                );
            }
            Some(declared) => declaration.resources.push(declared),
            // what cannot be read may hold anything that others refer to
            None => faults.lost |= faults.total > before,
        }
    }
}

fn resource(item: &Node, pointer: &str, layout: &Layout, declaration: &mut Declaration, faults: &mut Faults) -> Option<Declared> {
    let Some(entries) = item.entries() else {
        faults.push(Problem::new(ProblemKind::WrongType, pointer, "no object", "a resource: an object with `name` and `path`"));
        return None;
    };
    let Some(name) = item.get("name").and_then(Node::text) else {
        faults.push(Problem::new(
            ProblemKind::MissingField,
            pointer,
            "no `name`",
            "the `name` of the resource, one of the format's arrays",
        ));
        return None;
    };
    let Some(position) = layout.position(name) else {
        let problem = Problem::new(
            ProblemKind::UnknownField,
            format!("{pointer}/name"),
            format!("resource `{}`", shown(name)),
            "one of the format's arrays",
        );
        faults.push(with(problem, suggestion(name, layout.names())));
        return None;
    };
    let mut refuse = |kind: ProblemKind, key: &str, found: String, wanted: &str, mend: Option<String>| {
        let problem = Problem::new(kind, format!("{pointer}/{key}"), found, wanted);
        faults.add(with(problem, mend), name, None, None);
    };
    for (key, _) in entries.iter().filter(|(key, _)| !OF_RESOURCE.contains(&key.as_str())) {
        refuse(ProblemKind::UnknownField, key, format!("`{}`", shown(key)), "a property of a resource", suggestion(key, OF_RESOURCE));
    }
    let text = |key: &str| item.get(key).and_then(Node::text);
    let path = match item.get("path") {
        Some(Node::Text(path)) => path.as_str(),
        Some(Node::List(paths)) => match paths.as_slice() {
            [Node::Text(path)] => path.as_str(),
            _ => {
                refuse(
                    ProblemKind::Resource,
                    "path",
                    format!("{} paths", paths.len()),
                    "one file for the resource",
                    Some("join the files to one".into()),
                );
                return None;
            }
        },
        None if item.get("data").is_some() => {
            declaration.unsupported = true;
            let mend = format!("put the rows in `{name}.csv` and give its name as `path`");
            refuse(ProblemKind::Resource, "data", "rows in the descriptor".into(), "a `path` to a CSV file", Some(mend));
            return None;
        }
        _ => {
            refuse(ProblemKind::MissingField, "path", "no `path`".into(), "the relative path of a CSV file", None);
            return None;
        }
    };
    if let Some(wrong) = outside(path) {
        refuse(
            ProblemKind::Resource,
            "path",
            format!("`{}`, {wrong}", shown(path)),
            "a relative path inside the folder",
            Some(format!("put the file beside {DESCRIPTOR}")),
        );
        return None;
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let format = text("format").map_or(ending, str::to_lowercase);
    let as_csv = || Some(format!("write the table as CSV, for example from pandas with `to_csv(\"{name}.csv\", index=False)`"));
    let format = match format.as_str() {
        "csv" => TableFormat::Csv,
        "parquet" if cfg!(feature = "parquet") => TableFormat::Parquet,
        "parquet" => {
            declaration.unsupported = true;
            let wanted = "a CSV file: this build of hs-core is without its feature `parquet`";
            refuse(ProblemKind::Resource, "path", "a Parquet file".into(), wanted, as_csv());
            return None;
        }
        other => {
            declaration.unsupported = true;
            refuse(ProblemKind::Resource, "path", format!("format `{}`", shown(other)), "a CSV or Parquet file", as_csv());
            return None;
        }
    };
    if format == TableFormat::Parquet {
        // encoding, dialect and words for missing are of text files
        return Some(Declared { resource: position, path: path.into(), format, missing: HashSet::new() });
    }
    if let Some(encoding) = text("encoding").filter(|e| !matches!(e.to_lowercase().as_str(), "utf-8" | "utf8" | "utf-8-sig")) {
        refuse(ProblemKind::Encoding, "encoding", format!("`{}`", shown(encoding)), "UTF-8", Some("save the file as UTF-8".into()));
        return None;
    }
    if let Some(found) = item.get("dialect").and_then(other_dialect) {
        let mend = Some("write the file with commas, double quotes and one header line, and leave `dialect` out".into());
        refuse(ProblemKind::Resource, "dialect", found, "plain CSV", mend);
        return None;
    }
    let missing = item.get("schema").and_then(|s| s.get("missingValues")).and_then(Node::items);
    let missing = missing.map(|words| words.iter().filter_map(Node::text).map(String::from).collect());
    Some(Declared { resource: position, path: path.into(), format, missing: missing.unwrap_or_else(|| HashSet::from([String::new()])) })
}

/// A part of a CSV dialect that would change how the bytes are read.
fn other_dialect(dialect: &Node) -> Option<String> {
    let plain = |key: &str, value: &Node| match (key, value) {
        ("delimiter", Node::Text(text)) => text == ",",
        ("quoteChar", Node::Text(text)) => text == "\"",
        ("lineTerminator", Node::Text(text)) => text == "\n" || text == "\r\n",
        ("doubleQuote" | "header", Node::Boolean(yes)) => *yes,
        ("skipInitialSpace", Node::Boolean(yes)) => !*yes,
        ("headerRows", Node::List(rows)) => rows.as_slice() == [Node::Integer(1)],
        ("csvddfVersion" | "caseSensitiveHeader" | "$schema", _) => true,
        _ => false,
    };
    let Some(entries) = dialect.entries() else { return Some("a dialect that is no object".into()) };
    entries.iter().find(|(key, value)| !plain(key, value)).map(|(key, _)| format!("dialect property `{}`", shown(key)))
}

/// Why a path may lead out of the folder, if it may.
fn outside(path: &str) -> Option<&'static str> {
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c)));
    if path.is_empty() {
        Some("an empty path")
    } else if path.chars().any(char::is_control) {
        Some("a path with a control character")
    } else if scheme {
        Some("an address or a drive")
    } else if path.starts_with('/') {
        Some("an absolute path")
    } else if path.contains('\\') {
        Some("a path with a backslash")
    } else if path.split('/').any(|part| part == "..") {
        Some("a path through `..`")
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some("a path with an empty part")
    } else {
        None
    }
}

/// The descriptor of a package with these resources.
pub(super) fn write(document: &Node, layout: &Layout, resources: &[(&Resource, Vec<Column>)], format: TableFormat) -> Node {
    let written = |name: &str| resources.iter().any(|(r, _)| r.name == name);
    // lower case, as the standard wants a name
    let name = document.get("id").and_then(Node::text).unwrap_or_default().to_lowercase();
    let mut package: Vec<(String, Node)> =
        vec![("profile".into(), Node::Text("tabular-data-package".into())), ("name".into(), Node::Text(name))];
    let fields = layout.root.iter().filter_map(|column| Some((column.field.clone(), document.get(&column.field)?.clone())));
    package.extend(fields);
    let listed = resources.iter().map(|(resource, columns)| {
        let schema = table_schema(resource, columns, &written, format);
        match format {
            TableFormat::Csv => json!({
                "profile": "tabular-data-resource",
                "name": resource.name,
                "description": resource.description,
                "path": format.file(&resource.name),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }),
            TableFormat::Parquet => json!({
                "profile": "tabular-data-resource",
                "name": resource.name,
                "description": resource.description,
                "path": format.file(&resource.name),
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "schema": schema,
            }),
        }
    });
    package.push(("resources".into(), Node::from(listed.collect::<Value>())));
    Node::Object(package)
}

fn table_schema(resource: &Resource, columns: &[Column], written: &dyn Fn(&str) -> bool, format: TableFormat) -> Value {
    let mut schema = Map::new();
    schema.insert("fields".into(), columns.iter().map(|column| field(column, format)).collect());
    if format == TableFormat::Csv {
        schema.insert("missingValues".into(), json!([""]));
    }
    if resource.owner.is_none() && columns.iter().any(|c| c.name == "id") {
        schema.insert("primaryKey".into(), json!("id"));
    }
    let keys: Vec<Value> = columns
        .iter()
        .filter_map(|column| {
            let target = column.refers_to.filter(|target| written(target))?;
            // the standard names a table's own rows by an empty text
            let target = if target == resource.name { "" } else { target };
            Some(json!({"fields": column.name, "reference": {"resource": target, "fields": "id"}}))
        })
        .collect();
    if !keys.is_empty() {
        schema.insert("foreignKeys".into(), Value::Array(keys));
    }
    Value::Object(schema)
}

fn field(column: &Column, format: TableFormat) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::TextList | Kind::NumberList => "array",
        Kind::Json => "object",
    };
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".into(), json!(true));
    }
    if column.kind == Kind::Text && column.part == Part::Whole && !column.words.is_empty() {
        constraints.insert("enum".into(), json!(column.words));
    }
    // patterns of control characters are spelled differently from tool to tool
    let portable = |value: &Value| value.as_str().is_none_or(|pattern| !pattern.contains('\\'));
    for (key, value) in column.constraints.iter().filter(|(_, value)| portable(value)) {
        constraints.insert((*key).into(), value.clone());
    }
    let mut field = json!({"name": column.name, "type": kind, "description": explained(column, format)});
    if let (false, Some(field)) = (constraints.is_empty(), field.as_object_mut()) {
        field.insert("constraints".into(), Value::Object(constraints));
    }
    field
}

/// A column in plain words: what it means, and how its cells are written.
pub(super) fn explained(column: &Column, format: TableFormat) -> String {
    let mut text = column.description.clone();
    let mut add = |sentence: &str| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
    };
    match column.kind {
        // typed, where the file has lists of its own
        Kind::TextList | Kind::NumberList if format == TableFormat::Parquet => {}
        Kind::TextList => add(r#"A list in JSON, such as ["one", "two"]."#),
        Kind::NumberList => add("A list of numbers in JSON, such as [4, 3, 2, 1]."),
        Kind::Json => add("An object in JSON."),
        Kind::Text | Kind::Number | Kind::Integer => {}
    }
    if !column.words.is_empty() {
        add(&format!("One of: {}.", column.words.join(", ")));
    }
    text
}
