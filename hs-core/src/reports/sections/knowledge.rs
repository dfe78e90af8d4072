//! How much is known: what the statements rest on, and what is thin.

use std::collections::BTreeMap;

use super::{Basis, Sheet, fact};
use crate::reports::document::{Cell, Grid, Part, Phrase, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("knowledge", "How much is known");
    let outcome = match basis.result("check") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let mut part = Part::new(id, heading, rests_on(outcome));
    part.text(
        "Stated means that the source says so; inferred, that those who wrote the assessment judged so; measured, that somebody \
         measured it. What the table below lists is not an error: it is what to ask next.",
    );
    if let Some(sheet) = Sheet::main(outcome) {
        let shares = shares(&sheet);
        if shares != Phrase::new() {
            part.text(shares);
        }
        part.table(thin(basis, &sheet));
    }
    part
}

/// How many statements rest on what: counts of the result, as they stand.
fn rests_on(outcome: &Outcome) -> Phrase {
    let count = |name: &str| fact(outcome, name);
    let (Some(all), Some(stated), Some(inferred), Some(measured)) =
        (count("statements"), count("stated"), count("inferred"), count("measured"))
    else {
        return "What the statements of the assessment rest on is not known.".into();
    };
    let counted = |phrase: Phrase, count: f64| if count == 0.0 { phrase.plain("none") } else { phrase.whole(count) };
    let mut phrase = Phrase::from("Of ").whole(all).plain(" statements in the assessment, ");
    phrase = counted(phrase, stated).plain(" are stated by a source, ");
    phrase = counted(phrase, inferred).plain(" are inferred and ");
    phrase = counted(phrase, measured).plain(" measured");
    match count("unsaid") {
        Some(unsaid) if unsaid > 0.0 => phrase.plain("; for ").whole(unsaid).plain(" nobody says which."),
        _ => phrase.plain("."),
    }
}

/// Sentences of one advice that are written out; further subjects are named after them.
const WRITTEN_OUT: usize = 2;

/// What is thin, findings of one advice together.
fn thin(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    struct Entry {
        lines: Vec<Phrase>,
        likewise: Vec<String>,
    }
    let mut order: Vec<(String, String)> = Vec::new();
    let mut entries: BTreeMap<(String, String), Entry> = BTreeMap::new();
    for row in (0..sheet.rows()).filter(|r| !is_basis(sheet, *r)) {
        let said = |column: &str| sheet.text(row, column).unwrap_or_default();
        let key = (said("subject"), said("advice"));
        let entry = entries.entry(key.clone()).or_insert_with(|| {
            order.push(key);
            Entry { lines: Vec::new(), likewise: Vec::new() }
        });
        let (id, finding) = (said("id"), said("finding"));
        let name = basis.names.of_kind(&said("subject"), &id);
        if entry.lines.len() >= WRITTEN_OUT && !id.is_empty() {
            entry.likewise.push(name.to_owned());
            continue;
        }
        // a sentence that does not name its subject gets the name before it
        let named = id.is_empty() || finding.contains(name) || finding.contains(&id);
        let phrase = if named { Phrase::new() } else { Phrase::new().name(name).plain(": ") };
        entry.lines.push(phrase.remark(&finding));
    }
    let mut grid = Grid::new("What is thin or missing, and what would help", &["About", "What is thin", "What would help"]);
    for key in order {
        let Some(mut entry) = entries.remove(&key) else { continue };
        if !entry.likewise.is_empty() {
            entry.lines.push(Phrase::from("Likewise: ").names(entry.likewise.iter().map(String::as_str), 24).plain("."));
        }
        grid.push(vec![Cell::plain(&spelled(&key.0)), Cell::Lines(entry.lines), Cell::name(&key.1)]);
    }
    grid
}

/// Rows that count what the statements rest on stand above the table.
fn is_basis(sheet: &Sheet<'_>, row: usize) -> bool {
    sheet.text(row, "subject").as_deref() == Some("basis")
}

fn shares(sheet: &Sheet<'_>) -> Phrase {
    (0..sheet.rows())
        .filter(|r| is_basis(sheet, *r))
        .filter_map(|r| sheet.text(r, "finding"))
        .fold(Phrase::new(), |phrase, said| phrase.remark(&said).plain(" "))
}
