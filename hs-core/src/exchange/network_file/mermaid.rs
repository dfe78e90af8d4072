//! Mermaid, for pictures in Markdown: what dampens is dotted.

use std::fmt::Write;

use super::{View, short};
use crate::Result;

pub(super) fn write(view: &View<'_>) -> Result<String> {
    let mut out = String::from("flowchart LR\n");
    for (position, name) in view.names().into_iter().enumerate() {
        let _ = writeln!(out, "  n{position}[\"{}\"]", escaped(name));
    }
    for (_, edge, _) in view.edges() {
        let arrow = if edge.dampens { "-.->" } else { "-->" };
        let _ = writeln!(out, "  n{} {arrow}|\"{}\"| n{}", edge.from, escaped(&short(&edge)), edge.to);
    }
    Ok(out)
}

/// Everything that Mermaid or the page around it could take for syntax, by number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '|' | ';' | '[' | ']' | '{' | '}' | '(' | ')' | '%' | '*' | '_' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    // a number and a stop at its start would begin a list
    if out.is_empty() { " ".into() } else { out }
}
