//! Screens of measures that touch arms, security forces and freedoms: they judge measures, never people.

use super::{Basis, Sheet, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("screens", "Measures that ask for a second look");
    let outcome = match basis.result("screens") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let flag = |s: &Sheet<'_>, r: usize| s.text(r, "flag").unwrap_or_else(|| "not-assessed".into());
    let Some(sheet) = Sheet::main(outcome).filter(|s| (0..s.rows()).any(|r| s.text(r, "intervention").is_some())) else {
        return Part::nothing(id, heading, "No intervention is said to disarm, police, reform forces or restrict liberties.");
    };
    let order = ["raised", "not-assessed", "clear"];
    // measures of force and limits on freedoms come before rules on every strategy
    let rows = sheet.sorted(|r| {
        let measure = usize::from(sheet.text(r, "measure").is_none());
        (order.iter().position(|o| *o == flag(&sheet, r)).unwrap_or(order.len()), measure)
    });
    let raised: Vec<usize> = rows.iter().copied().filter(|r| flag(&sheet, *r) == "raised").collect();
    let finding = match raised.first() {
        Some(row) => {
            let mut phrase = Phrase::from("A screen is raised on ")
                .quoted(basis.names.intervention(&sheet.text(*row, "intervention").unwrap_or_default()));
            if let Some(why) = sheet.text(*row, "why") {
                phrase = phrase.plain(": ").remark(why.trim_end_matches('.'));
            }
            phrase.plain(if raised.len() > 1 { "; others stand below." } else { "." })
        }
        None => "No screen is raised; what could not be assessed is listed.".into(),
    };
    let mut part = Part::new(id, heading, finding);
    part.text("The rules look at measures and at what stands around them, such as oversight and other roads. No group of people is called a threat by any of them.");
    let headings = ["Intervention", "Measure", "Screen", "Flag", "Why", "What would answer it"];
    let mut grids =
        [Grid::new("Screens raised or not assessed for want of an answer", &headings), Grid::new("Screens that are clear", &headings)];
    for row in rows {
        let word = flag(&sheet, row);
        let cells = vec![
            sheet.text(row, "intervention").map_or(Cell::plain("the programme"), |i| Cell::name(basis.names.intervention(&i))),
            sheet.text(row, "measure").map_or(Cell::Missing("any strategy"), |m| Cell::plain(&spelled(&m))),
            shown::word(&sheet, row, "rule"),
            Cell::Mark(if word == "raised" { Tone::Warning } else { Tone::Quiet }, spelled(&word)),
            shown::remark(&sheet, row, "why"),
            sheet.text(row, "wanting").map_or(Cell::Missing("nothing more"), |t| Cell::Text(Phrase::new().remark(&t))),
        ];
        if let Some(grid) = grids.get_mut(usize::from(word == "clear")) {
            grid.push(cells);
        }
    }
    let [open, clear] = grids;
    part.table(open);
    part.fold("Screens that are clear, root causes by horizon, oversight", [clear, roots(basis, outcome), oversight(basis, outcome)]);
    part
}

fn roots(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Are root causes met? Interventions by component and horizon, and the root causes they meet",
        &["Component", "Short term#", "Medium term#", "Long term#", "Horizon not said#", "Root causes", "Met", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "root_coverage") else { return grid };
    for row in 0..sheet.rows() {
        let count = |column: &str| match sheet.number(row, column) {
            Some(0.0) => Cell::Missing("nothing"),
            n => Cell::whole(n),
        };
        let threats = |column: &str| shown::named(&sheet.list(row, column), |t| basis.names.threat(t).to_owned(), "none");
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            count("short"),
            count("medium"),
            count("long"),
            count("not_said"),
            threats("roots"),
            threats("covered"),
            shown::word(&sheet, row, "state"),
        ]);
    }
    grid
}

fn oversight(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Oversight of measures",
        &["Intervention", "Measure", "Oversight", "Consultation", "Who acts", "Provider and source at once", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "oversight") else { return grid };
    for row in 0..sheet.rows() {
        let actors = |column: &str, none: &'static str| shown::named(&sheet.list(row, column), |x| basis.names.who(x).to_owned(), none);
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            shown::word(&sheet, row, "measure"),
            shown::word(&sheet, row, "oversight"),
            shown::word(&sheet, row, "consultation"),
            actors("actors", "not said"),
            actors("dual_role", "nobody"),
            shown::word(&sheet, row, "state"),
        ]);
    }
    grid
}
