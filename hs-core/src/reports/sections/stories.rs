//! What coded stories tell of, how far coders agree, and which linkages rest on stories.

use super::{Basis, Sheet, bounded, falling, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("stories", "What stories tell");
    let outcome = match basis.result("story_coding") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::nothing(id, heading, "No coded story is recorded.");
    };
    let rows = sheet.sorted(|r| (falling(sheet.number(r, "stories")), sheet.text(r, "id")));
    let kind = |r: usize| sheet.text(r, "kind").unwrap_or_default();
    let counted = |row: &&usize| sheet.number(**row, "stories").is_some();
    let finding = match rows.first().filter(counted) {
        Some(row) => {
            Phrase::from("Stories tell most of ").quoted(named(basis, &kind(*row), &sheet.text(*row, "id").unwrap_or_default())).plain(".")
        }
        None => "So few stories tell of each thing that their numbers are not shown.".into(),
    };
    let mut part = Part::new(id, heading, finding);
    part.text("Stories stand here as codes without names or wording. Where two coders read the same segment, their agreement (Krippendorff's alpha; 1 full, 0 chance) is given.");
    let mut grid = Grid::new("What stories tell of, most told first", &["What", "Kind", "Stories#", "Segments#", "Told by", "State"]);
    grid.most = 15;
    for row in rows {
        grid.push(vec![
            sheet.text(row, "id").map_or(Cell::Missing("not said"), |i| Cell::name(named(basis, &kind(row), &i))),
            Cell::plain(&spelled(&kind(row))),
            shown::whole(sheet.number(row, "stories")),
            shown::whole(sheet.number(row, "segments")),
            shown::named(&sheet.list(row, "stakeholders"), |w| basis.names.who(w).to_owned(), "not said"),
            shown::state(&sheet, row),
        ]);
    }
    part.table(grid);
    part.fold("Agreement of coders, and linkages that stories tell of", [coders(outcome), linkages(basis, outcome)]);
    part
}

fn named<'b>(basis: &'b Basis<'_>, kind: &str, id: &'b str) -> &'b str {
    if kind == "linkage" { id } else { basis.names.of_kind(kind, id) }
}

fn coders(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Agreement of coders", &["Codes", "Coders#", "Segments#", "Krippendorff's alpha"]);
    let Some(sheet) = Sheet::of(outcome, "coding_agreement") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "kind"),
            Cell::whole(sheet.number(row, "coders")),
            Cell::whole(sheet.number(row, "units")),
            bounded(&sheet, row, "alpha", "lower", "upper"),
        ]);
    }
    grid
}

fn linkages(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Linkages that stories tell of", &["Linkage", "Stories", "Segments#", "Told by"]);
    let Some(sheet) = Sheet::of(outcome, "linkage_evidence") else { return grid };
    for row in (0..sheet.rows()).filter(|r| !sheet.list(*r, "stories").is_empty()) {
        let [from, to] = ["from", "to"].map(|c| sheet.text(row, c).unwrap_or_default());
        let effect = sheet.text(row, "effect").map_or_else(|| "to".into(), |e| spelled(&e));
        grid.push(vec![
            Cell::Text(Phrase::new().name(basis.names.threat(&from)).plain(format!(" {effect} ")).name(basis.names.threat(&to))),
            Cell::Text(Phrase::new().names(sheet.list(row, "stories").iter().map(String::as_str), 4)),
            shown::whole(sheet.number(row, "segments")),
            shown::named(&sheet.list(row, "stakeholders"), |w| basis.names.who(w).to_owned(), "not said"),
        ]);
    }
    grid
}
