//! Which strategies strengthen or undercut each other, and how protection and empowerment bear on one another.

use super::{Basis, Sheet, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::reports::lettering::decimal;
use crate::tables::Outcome;

/// Below this a difference is printed as nothing.
const SLIGHT: f64 = 0.0005;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("synergies", "Which strategies strengthen or undercut each other");
    let outcome = match basis.result("synergies") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let sheet = Sheet::main(outcome);
    let kind = |sheet: &Sheet<'_>, r: usize| sheet.text(r, "kind").unwrap_or_default();
    let told: Vec<usize> = sheet
        .as_ref()
        .map(|s| {
            let mut rows: Vec<usize> = (0..s.rows()).filter(|r| kind(s, *r) != "none" && !slight(s, *r)).collect();
            rows.sort_by_key(|r| (kind(s, *r) == "undefined", falling(s.number(*r, "synergy").map(f64::abs))));
            rows
        })
        .unwrap_or_default();
    let mut part = Part::new(id, heading, finding(basis, sheet.as_ref(), &told));
    if let Some(sheet) = sheet.as_ref().filter(|_| !told.is_empty()) {
        part.text(
            "What two strategies do together, beyond what each does alone, as a mean over the cells of a component, in severity points. They strengthen \
             each other where together they do more good, or less harm, than apart. Good and harm stand apart. Pairs for which nothing to speak of \
             was found beyond the sum are left out of the table.",
        );
        let mut grid = Grid::new(
            "Pairs of strategies that do more, or less, together than apart",
            &["First", "Second", "On", "Together they", "More or less good", "More or less harm", "Other model"],
        );
        for row in &told {
            grid.push(pair(basis, sheet, *row));
        }
        part.table(grid);
    }
    part.table(bearings(basis, outcome, "protection_to_empowerment", "How protection bears on empowerment"));
    part.table(bearings(basis, outcome, "empowerment_to_protection", "How empowerment bears on protection"));
    part
}

/// A difference that would be printed as nothing; the result has it.
fn slight(sheet: &Sheet<'_>, row: usize) -> bool {
    ["better", "worse", "synergy"].iter().all(|c| sheet.number(row, c).is_some_and(|x| x.abs() < SLIGHT))
}

fn finding(basis: &Basis<'_>, sheet: Option<&Sheet<'_>>, told: &[usize]) -> Phrase {
    let Some(sheet) = sheet.filter(|s| s.rows() > 0) else {
        return "Fewer than two strategies are recorded, so none can bear on another.".into();
    };
    let first = |word: &str| told.iter().find(|r| sheet.text(**r, "kind").as_deref() == Some(word));
    let pair = |row: usize| {
        let name = |column: &str| sheet.text(row, column).unwrap_or_default();
        Phrase::new().quoted(basis.names.intervention(&name("first"))).plain(" and ").quoted(basis.names.intervention(&name("second")))
    };
    let component = |row: usize| sheet.text(row, "component").map(|c| format!(" on {c} security")).unwrap_or_default();
    match (first("amplify"), first("undercut")) {
        (Some(up), Some(down)) => pair(*up)
            .plain(format!(" strengthen each other most{}; ", component(*up)))
            .then(pair(*down))
            .plain(format!(" undercut each other most{}.", component(*down))),
        (Some(up), None) => {
            pair(*up).plain(format!(" strengthen each other most{}; no pair was found to undercut each other.", component(*up)))
        }
        (None, Some(down)) => {
            pair(*down).plain(format!(" undercut each other most{}; no pair was found to strengthen each other.", component(*down)))
        }
        (None, None) => "No pair of strategies was found to do more, or less, together than apart, by an amount to speak of.".into(),
    }
}

fn pair(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Vec<Cell> {
    let name = |column: &str| Cell::name(basis.names.intervention(&sheet.text(row, column).unwrap_or_default()));
    // severity points: below zero, people are better off together than apart
    let amount = |column: &str, less: &str, more: &str| match sheet.number(row, column) {
        None => Cell::Missing("undefined"),
        Some(x) if x.abs() < SLIGHT => Cell::Mark(Tone::Quiet, "the same".into()),
        Some(x) if x < 0.0 => Cell::Mark(Tone::Better, format!("{less} by {}", decimal(-x))),
        Some(x) => Cell::Mark(Tone::Worse, format!("{more} by {}", decimal(x))),
    };
    let together = match sheet.text(row, "kind").as_deref() {
        Some("amplify") => Cell::Mark(Tone::Better, "strengthen each other".into()),
        Some("undercut") => Cell::Mark(Tone::Worse, "undercut each other".into()),
        Some("both") => Cell::Mark(Tone::Warning, "both".into()),
        Some("undefined") => {
            sheet.text(row, "reason").map_or(Cell::Missing("undefined"), |t| Cell::Text(Phrase::from("undefined: ").remark(&t)))
        }
        Some(other) => Cell::plain(&spelled(other)),
        None => Cell::Missing("not said"),
    };
    vec![
        name("first"),
        name("second"),
        sheet.text(row, "component").map_or(Cell::Missing("not said"), |c| Cell::plain(&c)),
        together,
        amount("better", "more good", "less good"),
        amount("worse", "less harm", "more harm"),
        match sheet.flag(row, "sign_robust") {
            Some(true) => Cell::plain("agrees"),
            Some(false) => Cell::Mark(Tone::Warning, "disagrees".into()),
            None => Cell::Missing("not told"),
        },
    ]
}

fn bearings(basis: &Basis<'_>, outcome: &Outcome, table: &str, caption: &str) -> Grid {
    let mut grid = Grid::new(caption, &["From", "To", "Bearing", "In words", "Known from"]);
    let Some(sheet) = Sheet::of(outcome, table) else { return grid };
    for row in 0..sheet.rows() {
        let name = |column: &str| Cell::name(basis.names.intervention(&sheet.text(row, column).unwrap_or_default()));
        let kind = sheet.text(row, "kind").unwrap_or_default();
        let tone = match kind.as_str() {
            "excludes" | "undercuts" | "hinders" => Tone::Worse,
            "reinforces" | "amplifies" | "reaches" => Tone::Better,
            _ => Tone::Quiet,
        };
        grid.push(vec![
            name("from"),
            name("to"),
            Cell::Mark(tone, spelled(&kind)),
            sheet.text(row, "words").map_or(Cell::Missing("not said"), |w| Cell::Text(Phrase::new().remark(&w))),
            sheet.text(row, "basis").map_or(Cell::Missing("not said"), |b| Cell::plain(&spelled(&b))),
        ]);
    }
    grid
}
