//! Texts that a spreadsheet would take for a formula, made harmless in CSV without loss.
//!
//! A spreadsheet runs what stands at the start of a cell with `=`, `+`, `-` or `@`. Where such a text would start a cell an
//! apostrophe is put before it, and the reader takes exactly that apostrophe away. A cell starts at the start of the text; and,
//! where a spreadsheet splits at semicolons (as in most of Europe and Latin America) and so ignores our quotes, behind each
//! semicolon, tab and line end as well.
//!
//! A text that looks guarded already (`'=1`) gets one more apostrophe, and the empty text is a lone apostrophe, as an empty cell
//! means missing: so every text has one spelling, and an apostrophe before anything else (`'tis`) is just an apostrophe.

use std::borrow::Cow;

/// The text as it stands in a CSV cell.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    let places: Vec<usize> = starts(text).filter(|at| dangerous(text, *at)).collect();
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len() + places.len());
    let mut done = 0;
    for place in places {
        guarded.push_str(text.get(done..place).unwrap_or_default());
        guarded.push('\'');
        done = place;
    }
    guarded.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(guarded)
}

/// The text of a CSV cell.
pub(crate) fn unguard(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut done = 0;
    for place in starts(cell).filter(|at| cell.get(*at..).is_some_and(|rest| rest.starts_with('\'')) && dangerous(cell, *at)) {
        text.push_str(cell.get(done..place).unwrap_or_default());
        done = place + 1;
    }
    text.push_str(cell.get(done..).unwrap_or_default());
    Cow::Owned(text)
}

/// Where a spreadsheet may see a cell start.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices([';', '\t', '\r', '\n']).map(|(at, _)| at + 1))
}

/// Whether a formula starts there, behind any apostrophes and blanks.
fn dangerous(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default().trim_start_matches('\'');
    if at == 0 && (rest.is_empty() || rest.starts_with(['\t', '\r', '\n'])) {
        return true;
    }
    rest.trim_start_matches(blank).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Blanks that programs trim or do not show; never one at which a cell starts.
fn blank(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n')) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_other_texts_left_alone() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("  =1", "'  =1"),
            ("'=1", "''=1"),
            ("", "'"),
            ("'", "''"),
            ("a;=1", "a;'=1"),
            ("a\n- b", "a\n'- b"),
            ("'tis so", "'tis so"),
            ("a = b - c", "a = b - c"),
            ("a;b", "a;b"),
        ] {
            assert_eq!(guard(text), cell, "guarding {text:?}");
            assert_eq!(unguard(cell), text, "reading {cell:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_survives_and_starts_no_formula(text in "['=+@; \t\r\na\u{a0}＝-]{0,12}") {
            let cell = guard(&text);
            prop_assert_eq!(unguard(&cell), text.as_str());
            for part in cell.split([';', '\t', '\r', '\n']) {
                prop_assert!(!part.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{:?}", cell);
            }
            prop_assert!(!cell.starts_with(['\t', '\r', '\n']));
        }
    }
}
