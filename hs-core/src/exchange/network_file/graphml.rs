//! GraphML. The id of a node is its name, as networkx has it; a name that XML cannot hold stands beside it as a JSON text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use roxmltree::{Document, ParsingOptions};

use super::map::{Link, Map, Place, sign};
use super::xml::{escaped, holds};
use super::{Attribute, ReadNetwork, View, effect};
use crate::assessment::Limits;
use crate::tables::Note;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// Holds the exact name of a node where its id cannot.
const NAME: &str = "name_json";
/// Attributes of links: name and type.
const EDGE_KEYS: [(&str, &str); 6] =
    [("weight", "double"), ("effect", "string"), ("lag", "int"), ("low", "double"), ("high", "double"), ("linkages", "string")];

pub(super) fn write(view: &View<'_>) -> Result<String> {
    let names = view.names();
    let attributes = view.attributes();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    let mut key = |name: &str, of: &str, kind: &str| {
        let _ = writeln!(out, "  <key id=\"{of}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    };
    let unheld = names.iter().any(|name| !holds(name));
    if unheld {
        key(NAME, "node", "string");
    }
    for (name, attribute) in &attributes {
        key(name, "node", if matches!(attribute, Attribute::Numbers(_)) { "double" } else { "string" });
    }
    for (name, kind) in EDGE_KEYS {
        key(name, "edge", kind);
    }
    out.push_str("  <graph id=\"domino\" edgedefault=\"directed\">\n");
    let ids = ids(&names);
    for (position, name) in names.iter().enumerate() {
        let _ = write!(out, "    <node id=\"{}\">", ids.get(position).map(String::as_str).unwrap_or_default());
        if !holds(name) {
            let exact: String = serde_json::to_string(name).map_err(|fault| Error::internal(fault.to_string()))?;
            // JSON leaves U+007F and noncharacters as they are
            let exact: String =
                exact.chars().map(|c| if holds(c.encode_utf8(&mut [0; 4])) { c.to_string() } else { by_number(c) }).collect();
            let _ = write!(out, "<data key=\"node_{NAME}\">{}</data>", escaped(&exact));
        }
        for (key, attribute) in &attributes {
            let value = attribute.number(position).map(|v| v.to_string()).or_else(|| attribute.text(position).map(escaped));
            if let Some(value) = value {
                let _ = write!(out, "<data key=\"node_{key}\">{value}</data>");
            }
        }
        out.push_str("</node>\n");
    }
    for (index, edge, linkages) in view.edges() {
        let id = |position: u32| ids.get(position as usize).map(String::as_str).unwrap_or_default();
        let _ = write!(out, "    <edge id=\"e{index}\" source=\"{}\" target=\"{}\">", id(edge.from), id(edge.to));
        let number = |value: Option<f64>| value.map(|v| v.to_string());
        let values = [
            number(edge.weight),
            edge.weight.is_none().then(|| effect(&edge).to_owned()),
            (edge.lag > 0).then(|| edge.lag.to_string()),
            number(edge.low),
            number(edge.high),
            (!linkages.is_empty()).then(|| escaped(&linkages.join(" "))),
        ];
        for ((key, _), value) in EDGE_KEYS.iter().zip(values) {
            if let Some(value) = value {
                let _ = write!(out, "<data key=\"edge_{key}\">{value}</data>");
            }
        }
        out.push_str("</edge>\n");
    }
    out.push_str("  </graph>\n</graphml>\n");
    Ok(out)
}

/// A character as a JSON escape.
fn by_number(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Ids of the nodes, escaped: their names, else a free number.
fn ids(names: &[&str]) -> Vec<String> {
    let taken: BTreeSet<&str> = names.iter().copied().collect();
    let mut next = 0usize;
    let mut free = || loop {
        let id = format!("n{next}");
        next += 1;
        if !taken.contains(id.as_str()) {
            return id;
        }
    };
    names.iter().map(|name| if holds(name) { escaped(name) } else { free() }).collect()
}

/// An attribute that the file declares.
struct Declared<'a> {
    name: &'a str,
    default: Option<&'a str>,
}

pub(super) fn read(bytes: &[u8], settings: &ReadNetwork, limits: &Limits) -> Result<Map> {
    let document = parsed(bytes, limits)?;
    let place = |node: roxmltree::Node<'_, '_>| {
        let at = document.text_pos_at(node.range().start);
        Place::Text(at.row.into(), at.col.into())
    };
    let root = document.root_element();
    let named = |node: &roxmltree::Node<'_, '_>, name: &str| node.is_element() && node.tag_name().name() == name;
    let mut graphs = root.children().filter(|child| named(child, "graph"));
    let graph = graphs.next().filter(|_| root.tag_name().name() == "graphml");
    let Some(graph) = graph else {
        let found = format!("the element `{}`", shown(root.tag_name().name()));
        let problem = place(root).problem(ProblemKind::Syntax, found, "`graphml` with a `graph`");
        return Err(Error::with_problems(ErrorKind::Document, vec![problem]));
    };
    let mut map = Map::default();
    for more in graphs {
        map.pass_over(format!("a further graph, `{}`,", shown(more.attribute("id").unwrap_or_default())));
    }
    let keys = keys(root);
    let of = |kind: &str| -> BTreeMap<&str, &Declared<'_>> {
        keys.iter().filter(|((of, _), _)| *of == kind || *of == "all").map(|((_, id), key)| (*id, key)).collect()
    };
    let (node_keys, edge_keys) = (of("node"), of("edge"));
    let nodes: Vec<_> = graph.descendants().filter(|node| named(node, "node")).collect();
    let stated: Vec<BTreeMap<&str, &str>> = nodes.iter().map(|node| data(*node, &node_keys)).collect();
    let label = label(&stated);
    if let Some(label) = label {
        map.notes.push(Note::new::<String>("names-from", format!("names of nodes are read from their attribute `{label}`"), []));
    }
    for (node, stated) in nodes.iter().zip(&stated) {
        let here = place(*node);
        let Some(id) = node.attribute("id") else {
            map.problems.push(here.problem(ProblemKind::MissingField, "a node without `id`", "an id"));
            continue;
        };
        let exact = stated.get(NAME).and_then(|json| serde_json::from_str::<String>(json).ok());
        let name = exact.as_deref().or_else(|| label.and_then(|label| stated.get(label).copied())).unwrap_or(id);
        map.node(id, name, &here);
        for key in stated.keys().filter(|key| **key != NAME && Some(**key) != label) {
            map.pass_over(format!("the attribute `{}` of a node", shown(key)));
        }
    }
    let directed = graph.attribute("edgedefault") != Some("undirected");
    let weight_key = settings.weight.as_deref().unwrap_or("weight");
    for edge in graph.descendants().filter(|node| named(node, "edge")) {
        let here = place(edge);
        let mut end = |what: &str| {
            let key = edge.attribute(what);
            if key.is_none() {
                map.problems.push(here.problem(ProblemKind::MissingField, format!("an edge without `{what}`"), "the id of a node"));
            }
            map.end(key?, what, &here)
        };
        let (from, to) = (end("source"), end("target"));
        let stated = data(edge, &edge_keys);
        let mut number = |key: &str| -> Option<f64> {
            let text = stated.get(key).map(|text| text.trim()).filter(|text| !text.is_empty())?;
            let value = text.parse::<f64>().ok();
            if value.is_none() {
                map.problems.push(here.problem(ProblemKind::WrongType, format!("`{key}` `{}`", shown(text)), "a number"));
            }
            value
        };
        let (weight, lag, low, high) = (number(weight_key), number("lag"), number("low"), number("high"));
        let (Some(from), Some(to)) = (from, to) else { continue };
        let mutual = !edge.attribute("directed").map_or(directed, |directed| directed == "true");
        let dampens = stated.get("effect").and_then(|word| sign(word));
        map.link(Link { from, to, weight, dampens, lag: lag.unwrap_or(0.0), low, high, mutual }, &here);
        let taken = [weight_key, "lag", "low", "high", "effect"];
        for key in stated.keys().filter(|key| !taken.contains(key)) {
            map.pass_over(format!("the attribute `{}` of an edge", shown(key)));
        }
    }
    for hyperedge in graph.descendants().filter(|node| named(node, "hyperedge")) {
        let problem = place(hyperedge).problem(ProblemKind::Resource, "a hyperedge", "edges between two nodes");
        map.problems.push(problem);
    }
    Ok(map)
}

fn parsed<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>> {
    let refuse = |kind, problem| Err(Error::with_problems(kind, vec![problem]));
    if bytes.len() > limits.bytes {
        let found = format!("{} bytes", bytes.len());
        return refuse(ErrorKind::Limit, Problem::new(ProblemKind::Limit, "", found, format!("at most {} bytes", limits.bytes)));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        let problem = Problem::new(ProblemKind::Encoding, "", "bytes that are no UTF-8", "UTF-8 text").mend("save the file as UTF-8");
        return refuse(ErrorKind::Syntax, problem);
    };
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: u32::try_from(limits.objects).unwrap_or(u32::MAX), ..ParsingOptions::default() };
    match Document::parse_with_options(text, options) {
        Ok(document) => Ok(document),
        Err(roxmltree::Error::DtdDetected) => {
            let problem = Problem::new(ProblemKind::Syntax, "", "a document type declaration", "none").mend("take the DOCTYPE out");
            refuse(ErrorKind::Syntax, problem)
        }
        Err(roxmltree::Error::NodesLimitReached) => {
            let problem = Problem::new(ProblemKind::Limit, "", "more elements than the limit", format!("at most {}", limits.objects));
            refuse(ErrorKind::Limit, problem)
        }
        Err(fault) => {
            let at = fault.pos();
            let problem = Problem::new(ProblemKind::Syntax, "", fault.to_string(), "well-formed XML").at(at.row.into(), at.col.into());
            refuse(ErrorKind::Syntax, problem)
        }
    }
}

/// Attributes declared, by what they are for and their id.
fn keys<'a>(root: roxmltree::Node<'a, '_>) -> BTreeMap<(&'a str, &'a str), Declared<'a>> {
    let declared = root.children().filter(|child| child.is_element() && child.tag_name().name() == "key");
    let key = declared.filter_map(|key| {
        let id = key.attribute("id")?;
        let name = key.attribute("attr.name").unwrap_or(id);
        let default = key.children().find(|child| child.is_element() && child.tag_name().name() == "default");
        Some(((key.attribute("for").unwrap_or("all"), id), Declared { name, default: default.and_then(|d| d.text()) }))
    });
    key.collect()
}

/// What is stated of a node or edge, by the names of the attributes; defaults where nothing is.
fn data<'a>(element: roxmltree::Node<'a, '_>, keys: &BTreeMap<&'a str, &Declared<'a>>) -> BTreeMap<&'a str, &'a str> {
    let mut found: BTreeMap<&str, &str> = keys.values().filter_map(|key| Some((key.name, key.default?))).collect();
    for child in element.children().filter(|child| child.is_element() && child.tag_name().name() == "data") {
        let Some(key) = child.attribute("key") else { continue };
        let name = keys.get(key).map_or(key, |declared| declared.name);
        found.insert(name, child.text().unwrap_or_default());
    }
    found
}

/// The attribute that holds the names of nodes: `name`, else `label`, where every node has one of its own.
fn label<'a>(stated: &[BTreeMap<&'a str, &'a str>]) -> Option<&'static str> {
    ["name", "label"].into_iter().find(|key| {
        let names: BTreeSet<&str> = stated.iter().filter_map(|stated| stated.get(key).copied()).filter(|name| !name.is_empty()).collect();
        !stated.is_empty() && names.len() == stated.len()
    })
}
