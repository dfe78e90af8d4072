//! What XML can hold: texts escaped, and those it cannot hold told apart.

use std::fmt::Write;

/// Whether XML 1.0 can hold a text: no control character but tab and line ends, no noncharacter.
pub(super) fn holds(text: &str) -> bool {
    text.chars().all(allowed)
}

fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A text for attributes and elements. Tabs and line ends are written by number, as readers change them otherwise; what XML cannot hold becomes
/// a replacement character.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if allowed(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}
