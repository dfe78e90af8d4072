//! Which threats lie upstream of most harm: the degree of cause.

use super::{Basis, Sheet, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("root-causes", "Which threats are root causes");
    let outcome = match basis.result("root_causes") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No linkage carries a number, so no threat can be ranked as a cause.".into());
    };
    let rows = sheet.sorted(|r| {
        let rank = sheet.number(r, "rank");
        (rank.is_none(), std::cmp::Reverse(falling(rank)), sheet.text(r, "node"))
    });
    let name = |row: usize| basis.names.threat(&sheet.text(row, "node").unwrap_or_default()).to_owned();
    let strongest = sheet.sorted(|r| falling(sheet.number(r, "relation")));
    let mut finding = Phrase::new();
    if let (Some(first), Some(cause)) = (rows.first(), strongest.first()) {
        finding = finding.quoted(&name(*first)).plain(" is the threat most entangled with the others");
        finding = match sheet.number(*cause, "relation") {
            Some(relation) if relation > 0.0 && cause == first => finding.plain(", and it gives more than it receives: a root cause."),
            Some(relation) if relation > 0.0 => {
                finding.plain("; ").quoted(&name(*cause)).plain(" is the strongest net cause, giving more than it receives.")
            }
            _ => finding.plain("; no threat gives more than it receives."),
        };
    }
    let mut part = Part::new(id, heading, finding);
    part.text(
        "Degree of cause: what a threat gives to the others and what it receives from them, along every path of linkages. Prominence is \
         the sum of the two, and ranks the threats; the relation is given less received: above zero a net cause, below zero a net effect.",
    );
    let mut grid = Grid::new(
        "Degree of cause of each threat, by rank of prominence",
        &["Threat", "Rank#", "Gives#", "Receives#", "Prominence#", "Relation#", "Role"],
    );
    for row in rows {
        let role = match sheet.number(row, "relation") {
            None => Cell::Missing("undefined"),
            Some(r) if r > 0.0 => Cell::Mark(Tone::Worse, "net cause".into()),
            Some(r) if r < 0.0 => Cell::Mark(Tone::Quiet, "net effect".into()),
            Some(_) => Cell::Mark(Tone::Quiet, "neither".into()),
        };
        grid.push(vec![
            Cell::name(&name(row)),
            rank(sheet.number(row, "rank")),
            Cell::number(sheet.number(row, "given")),
            Cell::number(sheet.number(row, "received")),
            Cell::number(sheet.number(row, "prominence")),
            Cell::number(sheet.number(row, "relation")),
            role,
        ]);
    }
    part.table(grid);
    part
}

/// Ties share a rank such as 1.5.
fn rank(rank: Option<f64>) -> Cell {
    rank.map_or(Cell::Missing("undefined"), |r| Cell::Number(if r.fract() == 0.0 { format!("{r:.0}") } else { format!("{r:.1}") }))
}
