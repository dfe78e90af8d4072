//! Cells that many tables share: whom and where a row is about, and in what state it stands.

use super::{Basis, Sheet};
use crate::reports::document::{Cell, Phrase, Tone, spelled};

/// The threat of a row.
pub(super) fn threat(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    sheet.text(row, "threat").map_or(Cell::Missing("not said"), |t| Cell::name(basis.names.threat(&t)))
}

/// Place and group of a row.
pub(super) fn whereabouts(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    basis.names.where_cell(sheet.text(row, "place").as_deref(), sheet.text(row, "group").as_deref())
}

/// Threat, place and group of a row, as they stand in a sentence.
pub(super) fn cell(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Phrase {
    let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
    basis.names.cell(&sheet.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref())
}

/// The state of a row as a mark.
pub(super) fn state(sheet: &Sheet<'_>, row: usize) -> Cell {
    match sheet.text(row, "state").as_deref() {
        None => Cell::Missing("not said"),
        Some("value" | "ok") => Cell::Mark(Tone::Quiet, "shown".into()),
        Some(word @ ("done" | "yes" | "clear" | "use" | "used" | "ready" | "present" | "recovered")) => {
            Cell::Mark(Tone::Quiet, spelled(word))
        }
        Some("suppressed") => Cell::Mark(Tone::Quiet, "suppressed: too few".into()),
        Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
    }
}

/// A number, or the word that stands in its place.
pub(super) fn or(value: Option<f64>, missing: &'static str) -> Cell {
    value.map_or(Cell::Missing(missing), |v| Cell::number(Some(v)))
}

/// A count, or that it is not shown.
pub(super) fn whole(value: Option<f64>) -> Cell {
    value.map_or(Cell::Missing("not shown"), |v| Cell::whole(Some(v)))
}

/// Words of a closed list, in a row.
pub(super) fn word(sheet: &Sheet<'_>, row: usize, column: &str) -> Cell {
    sheet.text(row, column).map_or(Cell::Missing("not said"), |w| Cell::plain(&spelled(&w)))
}

/// A remark of the result or of the file.
pub(super) fn remark(sheet: &Sheet<'_>, row: usize, column: &str) -> Cell {
    sheet.text(row, column).filter(|t| !t.is_empty()).map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t)))
}

/// The names behind the ids of a list.
pub(super) fn named(ids: &[String], name: impl Fn(&str) -> String, missing: &'static str) -> Cell {
    if ids.is_empty() {
        return Cell::Missing(missing);
    }
    let names: Vec<String> = ids.iter().map(|id| name(id)).collect();
    Cell::Text(Phrase::new().names(names.iter().map(String::as_str), 4))
}

/// Words of a list in a row, spelled for reading.
pub(super) fn words(sheet: &Sheet<'_>, row: usize, column: &str, missing: &'static str) -> Cell {
    let words: Vec<String> = sheet.list(row, column).iter().map(|w| spelled(w)).collect();
    if words.is_empty() { Cell::Missing(missing) } else { Cell::Text(Phrase::new().names(words.iter().map(String::as_str), 6)) }
}

/// Sentences of a list, one below the other.
pub(super) fn lines(sheet: &Sheet<'_>, row: usize, column: &str, missing: &'static str) -> Cell {
    let lines: Vec<Phrase> = sheet.list(row, column).iter().map(|t| Phrase::new().remark(t)).collect();
    if lines.is_empty() { Cell::Missing(missing) } else { Cell::Lines(lines) }
}
