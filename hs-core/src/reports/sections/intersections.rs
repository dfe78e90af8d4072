//! Where threats, vulnerabilities and capacities meet: where an act reaches far and somebody is there to act.

use super::{Basis, Sheet, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase};

/// Cells that the table shows; the result has all.
const MOST_SHOWN: usize = 12;
/// Capacities named in one cell; the result has all.
const MOST_NAMED: usize = 2;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("intersections", "Where an act would reach far");
    let outcome = match basis.result("intersections") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No condition is recorded, so no threat can be placed.".into());
    };
    let cell = |row: usize| {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        basis.names.cell(&sheet.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref())
    };
    let rows = sheet.sorted(|r| (falling(sheet.number(r, "leverage")), falling(sheet.number(r, "reach")), r));
    let furthest = sheet.sorted(|r| falling(sheet.number(r, "reach")));
    let mut finding = Phrase::new();
    if let Some(first) = rows.first().filter(|r| sheet.number(**r, "leverage").is_some_and(|l| l > 0.0)) {
        finding =
            finding.plain("Most leverage lies on ").then(cell(*first)).plain(": much follows from it, and there is capacity to build on. ");
    } else {
        finding = finding.plain("No threat has both: something that follows from it, and capacity on record. ");
    }
    if let Some(far) = furthest.first().filter(|r| rows.first() != Some(r) && sheet.number(**r, "reach").is_some_and(|x| x > 0.0)) {
        finding = finding.plain("The furthest reach, whatever the capacity, is that of ").then(cell(*far)).plain(".");
    }
    let mut part = Part::new(id, heading, finding);
    part.text(
        "Reach is what one point of severity here adds elsewhere, as a mean over all cells with persons as weights. Leverage is reach times the capacity \
         present. It says where to look first for strategies, not what to do: a threat with little leverage may still be the worst.",
    );
    let caption = if rows.len() > MOST_SHOWN {
        Phrase::from("The ").whole(MOST_SHOWN as f64).plain(" cells of greatest leverage; the result has every one")
    } else {
        "Cells by leverage".into()
    };
    let mut grid =
        Grid::new(caption, &["Threat", "Where and who", "Severity", "Prevalence", "Capacity", "Reach#", "Leverage#", "Builds on"]);
    for row in rows.into_iter().take(MOST_SHOWN) {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        let capacities = sheet.list(row, "capacities");
        grid.push(vec![
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            Cell::share(sheet.number(row, "severity")),
            Cell::share(sheet.number(row, "prevalence")),
            sheet.number(row, "capacity").map_or(Cell::Missing("not on record"), |c| Cell::share(Some(c))),
            Cell::number(sheet.number(row, "reach")),
            sheet.number(row, "leverage").map_or(Cell::Missing("undefined"), |l| Cell::number(Some(l))),
            if capacities.is_empty() {
                Cell::Missing("nothing recorded")
            } else {
                Cell::Text(Phrase::new().names(capacities.iter().map(|c| basis.names.capacity(c)), MOST_NAMED))
            },
        ]);
    }
    part.table(grid);
    part
}
