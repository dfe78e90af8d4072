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
    let rows = sheet.sorted(|r| order.iter().position(|o| *o == flag(&sheet, r)).unwrap_or(order.len()));
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
            shown::word(&sheet, row, "measure"),
            shown::word(&sheet, row, "rule"),
            Cell::Mark(if word == "raised" { Tone::Warning } else { Tone::Quiet }, spelled(&word)),
            shown::remark(&sheet, row, "why"),
            shown::lines(&sheet, row, "wanting", "nothing more"),
        ];
        if let Some(grid) = grids.get_mut(usize::from(word == "clear")) {
            grid.push(cells);
        }
    }
    let [open, clear] = grids;
    part.table(open);
    part.fold("Screens that are clear, root causes by horizon, oversight", [clear, roots(outcome), oversight(basis, outcome)]);
    part
}

fn roots(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Are root causes met, by component and horizon?",
        &["Component", "Short term", "Medium term", "Long term", "Root causes met"],
    );
    let Some(sheet) = Sheet::of(outcome, "root_coverage") else { return grid };
    for row in 0..sheet.rows() {
        let count = |column: &str| match sheet.number(row, column) {
            Some(0.0) => Cell::Missing("nothing"),
            Some(n) => Cell::whole(Some(n)),
            None => shown::words(&sheet, row, column, "nothing"),
        };
        let covered = ["covered", "root_causes_covered", "root_causes"];
        let flag = covered.iter().find_map(|c| sheet.flag(row, c));
        let number = covered.iter().find_map(|c| sheet.number(row, c));
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            count("short"),
            count("medium"),
            count("long"),
            match (flag, number) {
                (Some(true), _) => Cell::plain("yes"),
                (Some(false), _) => Cell::Mark(Tone::Warning, "no".into()),
                (None, Some(n)) => Cell::number(Some(n)),
                (None, None) => Cell::Missing("not known"),
            },
        ]);
    }
    grid
}

fn oversight(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Oversight of measures", &["Intervention", "Oversight", "Review of rights", "Consultation"]);
    let Some(sheet) = Sheet::of(outcome, "oversight") else { return grid };
    for row in 0..sheet.rows() {
        let review = ["rights_review", "rights-review"].into_iter().find(|c| sheet.columns.contains(c)).unwrap_or("rights_review");
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            shown::word(&sheet, row, "oversight"),
            shown::word(&sheet, row, review),
            shown::word(&sheet, row, "consultation"),
        ]);
    }
    grid
}
