//! GEXF 1.3, for Gephi. Its weights say how thick a line is, so magnitudes stand there and the signed weight beside them.

use std::fmt::Write;

use super::xml::escaped;
use super::{View, effect};
use crate::Result;

/// Attributes of edges: name and type.
const EDGE_KEYS: [(&str, &str); 6] =
    [("signed_weight", "double"), ("effect", "string"), ("lag", "integer"), ("low", "double"), ("high", "double"), ("linkages", "string")];

pub(super) fn write(view: &View<'_>) -> Result<String> {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n  <graph defaultedgetype=\"directed\">\n",
    );
    let attributes = view.attributes();
    out.push_str("    <attributes class=\"node\">\n");
    for (index, (name, attribute)) in attributes.iter().enumerate() {
        let kind = if matches!(attribute, super::Attribute::Numbers(_)) { "double" } else { "string" };
        let _ = writeln!(out, "      <attribute id=\"{index}\" title=\"{name}\" type=\"{kind}\"/>");
    }
    out.push_str("    </attributes>\n    <attributes class=\"edge\">\n");
    for (index, (name, kind)) in EDGE_KEYS.iter().enumerate() {
        let _ = writeln!(out, "      <attribute id=\"{index}\" title=\"{name}\" type=\"{kind}\"/>");
    }
    out.push_str("    </attributes>\n    <nodes>\n");
    for (position, name) in view.names().into_iter().enumerate() {
        let _ = write!(out, "      <node id=\"{position}\" label=\"{}\"", escaped(name));
        let values = attributes.iter().enumerate().filter_map(|(index, (_, attribute))| {
            let value = attribute.number(position).map(|v| v.to_string()).or_else(|| attribute.text(position).map(escaped))?;
            Some(format!("<attvalue for=\"{index}\" value=\"{value}\"/>"))
        });
        close(&mut out, "node", values);
    }
    out.push_str("    </nodes>\n    <edges>\n");
    for (index, edge, linkages) in view.edges() {
        let _ = write!(out, "      <edge id=\"{index}\" source=\"{}\" target=\"{}\"", edge.from, edge.to);
        if let Some(weight) = edge.weight {
            let _ = write!(out, " weight=\"{}\"", weight.abs());
        }
        let linkages = (!linkages.is_empty()).then(|| escaped(&linkages.join(" ")));
        let number = |value: Option<f64>| value.map(|v| v.to_string());
        let values = [
            number(edge.weight),
            Some(effect(&edge).to_owned()),
            (edge.lag > 0).then(|| edge.lag.to_string()),
            number(edge.low),
            number(edge.high),
            linkages,
        ];
        let values = values.into_iter().enumerate();
        close(&mut out, "edge", values.filter_map(|(at, value)| Some(format!("<attvalue for=\"{at}\" value=\"{}\"/>", value?))));
    }
    out.push_str("    </edges>\n  </graph>\n</gexf>\n");
    Ok(out)
}

/// Ends an element that was begun, its values inside.
fn close(out: &mut String, element: &str, values: impl Iterator<Item = String>) {
    let values: String = values.collect();
    if values.is_empty() {
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, "><attvalues>{values}</attvalues></{element}>");
    }
}
