//! JSON: the node-link form of networkx, out and in; blueprints of Kumu, in.

use serde_json::{Map as Object, Value, json};

use super::map::{Link, Map, Place, sign};
use super::{ReadNetwork, View, effect};
use crate::assessment::{Limits, Node, parse};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

pub(super) fn write(view: &View<'_>) -> Result<String> {
    let names = view.names();
    let attributes = view.attributes();
    let nodes: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(position, name)| {
            let mut node = Object::new();
            node.insert("id".into(), json!(name));
            for (key, attribute) in &attributes {
                let value = attribute.number(position).map(Value::from).or_else(|| attribute.text(position).map(Value::from));
                if let Some(value) = value {
                    node.insert((*key).into(), value);
                }
            }
            Value::Object(node)
        })
        .collect();
    let edges: Vec<Value> = view
        .edges()
        .map(|(index, edge, linkages)| {
            let name = |position: u32| names.get(position as usize).copied().unwrap_or_default();
            let mut link = Object::new();
            link.insert("source".into(), json!(name(edge.from)));
            link.insert("target".into(), json!(name(edge.to)));
            link.insert("key".into(), json!(index));
            link.insert("weight".into(), json!(edge.weight));
            for (key, value) in [("low", edge.low), ("high", edge.high)] {
                if let Some(value) = value {
                    link.insert(key.into(), json!(value));
                }
            }
            link.insert("lag".into(), json!(edge.lag));
            link.insert("effect".into(), json!(effect(&edge)));
            if !linkages.is_empty() {
                link.insert("linkages".into(), json!(linkages));
            }
            Value::Object(link)
        })
        .collect();
    let document = json!({ "directed": true, "multigraph": true, "graph": {}, "nodes": nodes, "edges": edges });
    let mut text = serde_json::to_string_pretty(&document).map_err(|fault| Error::internal(fault.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// How a form of JSON calls its parts.
struct Form {
    nodes: &'static str,
    edges: &'static str,
    from: &'static str,
    to: &'static str,
    /// Keys of a node that are its id, the first there is; and of its name.
    id: &'static [&'static str],
    name: &'static [&'static str],
}

const FORMS: [Form; 3] = [
    Form { nodes: "nodes", edges: "edges", from: "source", to: "target", id: &["id"], name: &["id"] },
    Form { nodes: "nodes", edges: "links", from: "source", to: "target", id: &["id"], name: &["id"] },
    Form { nodes: "elements", edges: "connections", from: "from", to: "to", id: &["id", "_id", "label"], name: &["label", "id"] },
];

pub(super) fn read(bytes: &[u8], settings: &ReadNetwork, limits: &Limits) -> Result<Map> {
    let document = parse(bytes, limits)?;
    let list = |key: &str| document.get(key).and_then(Node::items);
    let form = FORMS.iter().find(|form| list(form.nodes).is_some() && list(form.edges).is_some());
    let Some(form) = form else {
        let mend = if document.get("schema").is_some() { "an assessment is read by `load`" } else { "write it as node-link JSON" };
        let wanted = "lists `nodes` and `edges` (or `links`), or `elements` and `connections`";
        let problem = Problem::new(ProblemKind::MissingField, "", "no network", wanted).mend(mend);
        return Err(Error::with_problems(ErrorKind::Document, vec![problem]));
    };
    let mut map = Map::default();
    for (at, node) in list(form.nodes).unwrap_or_default().iter().enumerate() {
        let here = Place::Pointer(format!("/{}/{at}", form.nodes));
        once(node, &here, &mut map);
        let first = |keys: &[&str]| keys.iter().find_map(|key| node.get(key)).and_then(key_text);
        match (first(form.id), first(form.name)) {
            (Some(id), Some(name)) => map.node(&id, &name, &here),
            _ => map.problems.push(here.problem(
                ProblemKind::MissingField,
                "a node without a name",
                format!("`{}`", form.name.join("` or `")),
            )),
        }
        for (key, _) in node.entries().unwrap_or_default() {
            if !form.id.contains(&key.as_str()) && !form.name.contains(&key.as_str()) {
                map.pass_over(format!("the key `{}` of a node", shown(key)));
            }
        }
    }
    let directed = !matches!(document.get("directed"), Some(Node::Boolean(false)));
    let weight_key = settings.weight.as_deref().unwrap_or("weight");
    for (at, edge) in list(form.edges).unwrap_or_default().iter().enumerate() {
        let here = Place::Pointer(format!("/{}/{at}", form.edges));
        once(edge, &here, &mut map);
        let mut end = |what: &str| match edge.get(what).and_then(key_text) {
            Some(key) => map.end(&key, what, &here),
            None => {
                map.problems.push(here.problem(ProblemKind::MissingField, format!("an edge without `{what}`"), "the id of a node"));
                None
            }
        };
        let (from, to) = (end(form.from), end(form.to));
        let mut number = |key: &str| {
            let value = edge.get(key).filter(|value| !value.is_null())?;
            if value.number().is_none() {
                let place = Place::Pointer(format!("/{}/{at}/{}", form.edges, key.replace('~', "~0").replace('/', "~1")));
                map.problems.push(place.problem(ProblemKind::WrongType, "no number", "a finite number, or null"));
            }
            value.number()
        };
        let (weight, lag, low, high) = (number(weight_key), number("lag"), number("low"), number("high"));
        let word = |key: &str| edge.get(key).and_then(Node::text);
        let dampens = ["effect", "sign", "polarity", "type", "label"].into_iter().find_map(|key| word(key).and_then(sign));
        let mutual = match word("direction") {
            Some(direction) => matches!(direction.to_lowercase().as_str(), "mutual" | "undirected"),
            None => !directed,
        };
        let (Some(from), Some(to)) = (from, to) else { continue };
        map.link(Link { from, to, weight, dampens, lag: lag.unwrap_or(0.0), low, high, mutual }, &here);
        let taken = [form.from, form.to, weight_key, "lag", "low", "high", "effect", "sign", "polarity", "direction", "key", "id", "_id"];
        for (key, value) in edge.entries().unwrap_or_default() {
            let said = matches!(key.as_str(), "type" | "label") && value.text().and_then(sign).is_some();
            if !taken.contains(&key.as_str()) && !said {
                map.pass_over(format!("the key `{}` of an edge", shown(key)));
            }
        }
    }
    Ok(map)
}

/// A key of a node: a text, or a number by its digits.
fn key_text(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        Node::Integer(value) => Some(value.to_string()),
        Node::Unsigned(value) => Some(value.to_string()),
        Node::Number(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Each key once: of a key that stands twice nobody knows which is meant.
fn once(node: &Node, place: &Place, map: &mut Map) {
    let entries = node.entries().unwrap_or_default();
    for (at, (key, _)) in entries.iter().enumerate() {
        if entries.iter().take(at).any(|(before, _)| before == key) {
            map.problems.push(place.problem(ProblemKind::DuplicateKey, format!("`{}` twice", shown(key)), "each key once"));
        }
    }
}
