//! DOT, for Graphviz: what feeds is drawn through, what dampens is dashed and ends on a bar.

use std::fmt::Write;

use super::{View, short};
use crate::Result;

pub(super) fn write(view: &View<'_>) -> Result<String> {
    let names = view.names();
    let mut out = String::from("digraph domino {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
    for name in &names {
        let _ = writeln!(out, "  {};", quoted(name));
    }
    for (_, edge, _) in view.edges() {
        let name = |position: u32| quoted(names.get(position as usize).copied().unwrap_or_default());
        let style = if edge.dampens { ", style=dashed, arrowhead=tee" } else { "" };
        // `weight` of Graphviz is a wish about length, so the number has a name of its own
        let weight = edge.weight.map(|w| format!(", link_weight={}", quoted(&w.to_string()))).unwrap_or_default();
        let lag = if edge.lag > 0 { format!(", lag={}", edge.lag) } else { String::new() };
        let _ = writeln!(out, "  {} -> {} [label={}{weight}{lag}{style}];", name(edge.from), name(edge.to), quoted(&short(&edge)));
    }
    out.push_str("}\n");
    Ok(out)
}

/// A quoted id. A backslash would begin an escape in labels; a zero byte ends the text for Graphviz.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
