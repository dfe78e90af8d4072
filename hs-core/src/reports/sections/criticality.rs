//! Where threats are critical, and where they are pervasive: two axes, side by side.

use super::{Basis, Sheet, fact, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

const CLASSES: [&str; 4] = ["critical-and-pervasive", "critical", "pervasive", "below-both"];

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("criticality", "Which threats are critical, and which are pervasive");
    let outcome = match basis.result("criticality") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No condition is recorded, so no threat can be called critical or pervasive.".into());
    };
    let class = |row: usize| sheet.text(row, "class");
    let rank = |row: usize| class(row).and_then(|c| CLASSES.iter().position(|k| *k == c)).unwrap_or(CLASSES.len());
    let rows = sheet.sorted(|r| (rank(r), falling(sheet.number(r, "severity")), falling(sheet.number(r, "prevalence"))));
    let cell = |row: usize| {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        basis.names.cell(&sheet.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref())
    };
    let mut part = Part::new(id, heading, finding(outcome, &rows, rank, cell));
    let cut = |name: &str| outcome.settings.get(name).and_then(serde_json::Value::as_f64);
    let mut explained =
        Phrase::from("Severity says how bad a threat is for those it affects; prevalence, what share of people it affects. ");
    if let (Some(severity), Some(prevalence)) = (cut("severity"), cut("prevalence")) {
        explained = explained
            .plain("A threat is called critical from a severity of ")
            .number(severity)
            .plain(" and pervasive from a prevalence of ")
            .number(prevalence)
            .plain("; the two are never multiplied into one score.");
    }
    part.text(explained);
    let mut grid = Grid::new(
        "Severity and prevalence of each threat, the gravest first",
        &["Threat", "Where and who", "Period", "Severity", "Prevalence", "Persons#", "Class"],
    );
    for row in rows {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            sheet.text(row, "period").map_or(Cell::Missing("not said"), |p| Cell::name(&p)),
            Cell::share(sheet.number(row, "severity")),
            Cell::share(sheet.number(row, "prevalence")),
            Cell::whole(sheet.number(row, "persons")),
            match (class(row), sheet.text(row, "reason")) {
                (Some(class), _) => Cell::Mark(tone(&class), spelled(&class)),
                (None, Some(reason)) => Cell::Text(Phrase::from("undefined: ").plain(spelled(&reason))),
                (None, None) => Cell::Missing("undefined"),
            },
        ]);
    }
    part.table(grid);
    part.table(persons(outcome));
    part
}

/// Persons by class: bounds, because one person may meet several threats.
fn persons(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Persons in cells of each class, between two bounds, because one person may meet several threats",
        &["Class", "Level of the places", "At least#", "At most#"],
    );
    let Some(sheet) = Sheet::of(outcome, "persons") else { return grid };
    for row in 0..sheet.rows() {
        let class = sheet.text(row, "class").unwrap_or_default();
        grid.push(vec![
            Cell::Mark(tone(&class), spelled(&class)),
            sheet.text(row, "level").map_or(Cell::Missing("not said"), |l| Cell::plain(&l)),
            Cell::whole(sheet.number(row, "persons_lower")),
            Cell::whole(sheet.number(row, "persons_upper")),
        ]);
    }
    grid
}

fn finding(outcome: &Outcome, rows: &[usize], rank: impl Fn(usize) -> usize, cell: impl Fn(usize) -> Phrase) -> Phrase {
    let of = |wanted: usize| rows.iter().copied().filter(|r| rank(*r) == wanted).collect::<Vec<_>>();
    let listed = |rows: &[usize]| {
        let mut phrase = Phrase::new();
        for (i, row) in rows.iter().take(3).enumerate() {
            phrase = if i > 0 { phrase.plain("; ") } else { phrase }.then(cell(*row));
        }
        if rows.len() > 3 { phrase.plain("; and others in the table") } else { phrase }
    };
    let (both, critical, pervasive) = (of(0), of(1), of(2));
    if !both.is_empty() {
        let counted = match fact(outcome, "critical_and_pervasive") {
            Some(count) => Phrase::from("Both critical and pervasive (").whole(count).plain(" by threat, place and group): "),
            None => Phrase::from("Both critical and pervasive: "),
        };
        counted.then(listed(&both)).plain(".")
    } else if !critical.is_empty() {
        Phrase::from("No threat is both critical and pervasive; critical: ").then(listed(&critical)).plain(".")
    } else if !pervasive.is_empty() {
        Phrase::from("No threat is known to be critical; pervasive: ").then(listed(&pervasive)).plain(".")
    } else {
        "No threat is known to be critical or pervasive by the cuts below.".into()
    }
}

fn tone(class: &str) -> Tone {
    match class {
        "critical-and-pervasive" => Tone::Worse,
        "critical" | "pervasive" => Tone::Warning,
        _ => Tone::Quiet,
    }
}
