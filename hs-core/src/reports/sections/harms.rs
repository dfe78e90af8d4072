//! Whom an intervention may harm: the register a programme must answer.

use super::externalities::horizon_cell;
use super::{Basis, Sheet, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("harms", "Whom the interventions may harm");
    let outcome = match basis.result("externalities") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::of(outcome, "harms").filter(|s| s.rows() > 0) else {
        return Part::new(
            id,
            heading,
            "No harm was found with the effects and linkages recorded; that is not proof that there is none.".into(),
        );
    };
    let rows = sheet.sorted(|r| falling(sheet.number(r, "change")));
    let mut finding = Phrase::new();
    if let Some(first) = rows.first() {
        let (place, group) = (sheet.text(*first, "place"), sheet.text(*first, "group"));
        finding = finding
            .plain("The gravest harm found: ")
            .quoted(basis.names.intervention(&sheet.text(*first, "intervention").unwrap_or_default()))
            .plain(" may worsen ")
            .then(basis.names.cell(&sheet.text(*first, "threat").unwrap_or_default(), place.as_deref(), group.as_deref()));
        if let Some(change) = sheet.number(*first, "change") {
            finding = finding.plain(" by ").number(change);
        }
        finding = finding.plain(if rows.len() > 1 { "; the register holds every harm found." } else { "; no other was found." });
    }
    let mut part = Part::new(id, heading, finding);
    part.text(
        "Each row is a threat in one place that an intervention makes more severe, declared or found through the linkages; what it makes \
         better elsewhere does not take the row away. Persons are those whom the threat affects today and those who live there: who may be \
         harmed, not a count of victims. A graver phase is a bound of the severity scale crossed upward. A divider treats parts of one \
         population unlike. Each harm asks for a decision: go on, change, or stop.",
    );
    let mut grid = Grid::new(
        "Register of harms, the gravest first",
        &[
            "Intervention",
            "Worsens",
            "Where and who",
            "Horizon",
            "Change",
            "Graver phase",
            "Probability#",
            "Affected today#",
            "Living there#",
            "Divider",
            "Decision",
        ],
    );
    for row in rows {
        let intervention = sheet.text(row, "intervention").unwrap_or_default();
        let threat = sheet.text(row, "threat").unwrap_or_default();
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.intervention(&intervention)),
            Cell::name(basis.names.threat(&threat)),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            horizon_cell(&sheet, row),
            Cell::change(sheet.number(row, "change")),
            match sheet.flag(row, "crosses") {
                Some(true) => Cell::Mark(Tone::Worse, "crossed".into()),
                Some(false) => Cell::plain("not crossed"),
                None => Cell::Missing("not known"),
            },
            sheet.number(row, "probability").map_or(Cell::Missing("not estimated"), |p| Cell::number(Some(p))),
            Cell::whole(sheet.number(row, "persons")),
            Cell::whole(sheet.number(row, "persons_exposed")),
            match (sheet.text(row, "divider"), sheet.flag(row, "divider")) {
                (Some(kind), _) => Cell::plain(&spelled(&kind)),
                (None, Some(true)) => Cell::plain("yes"),
                (None, Some(false)) => Cell::plain("no"),
                (None, None) => Cell::Missing("none found"),
            },
            decision(basis, &intervention, &threat),
        ]);
    }
    part.table(grid);
    part
}

/// What people decided about a harm, beside what is computed.
fn decision(basis: &Basis<'_>, intervention: &str, threat: &str) -> Cell {
    let subject = format!("{intervention}/{threat}");
    basis
        .assessment
        .judgements
        .iter()
        .find(|j| j.subject.kind == "harm" && j.subject.id == subject && j.question == "decision")
        .map_or(Cell::Missing("not yet decided"), |j| Cell::name(&j.answer))
}
