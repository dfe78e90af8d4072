//! Which set of interventions to choose within a budget: the choice, what binds it, what other budgets buy, how sure it is.

use serde_json::Value;

use super::{Basis, Sheet, doubt, fact, falling, larger};
use crate::reports::charts::{FrontPoint, front};
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("portfolio", "Which set of interventions to choose");
    let outcome = match basis.result("portfolio") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::of(outcome, "portfolio").filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No intervention could be considered for a set.".into());
    };
    let mut part = Part::new(id, heading, finding(basis, outcome, &sheet));
    part.table(chosen(basis, &sheet));
    if (0..sheet.rows()).all(|r| sheet.text(r, "refused").is_some()) {
        return part;
    }
    part.text(said(outcome));
    binding(outcome, &mut part);
    fronts(basis, outcome, &mut part);
    part.table(cells(basis, outcome));
    part.table(checked(outcome));
    part
}

/// What was looked at again after the choice, on the whole network.
fn checked(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("The choice looked at again on the whole network", &["Check", "Holds", "Value#", "Limit#", "In words"]);
    let Some(sheet) = Sheet::of(outcome, "verification") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            Cell::plain(&spelled(&sheet.text(row, "check").unwrap_or_default())),
            match sheet.flag(row, "holds") {
                Some(true) => Cell::plain("holds"),
                Some(false) => Cell::Mark(Tone::Worse, "does not hold".into()),
                None => Cell::Missing("no limit"),
            },
            sheet.number(row, "value").map_or(Cell::Missing("no number"), |v| Cell::number(Some(v))),
            sheet.number(row, "limit").map_or(Cell::Missing("none"), |v| Cell::number(Some(v))),
            sheet.text(row, "words").map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t))),
        ]);
    }
    grid
}

fn word(outcome: &Outcome, name: &str) -> Option<String> {
    outcome.facts.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn is_chosen(sheet: &Sheet<'_>, row: usize) -> bool {
    sheet.flag(row, "chosen").unwrap_or_else(|| sheet.number(row, "chosen").is_some_and(|c| c > 0.0))
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, sheet: &Sheet<'_>) -> Phrase {
    let ids: Vec<String> = (0..sheet.rows()).filter(|r| is_chosen(sheet, *r)).filter_map(|r| sheet.text(r, "intervention")).collect();
    if sheet.rows() > 0 && (0..sheet.rows()).all(|r| sheet.text(r, "refused").is_some()) {
        return "No set can be chosen: every intervention is refused, for the reason in the table.".into();
    }
    let phrase = if ids.is_empty() {
        Phrase::from("Within what is allowed, no intervention is chosen")
    } else {
        Phrase::from("The set chosen: ").names(ids.iter().map(|i| basis.names.intervention(i)), 6)
    };
    match (word(outcome, "status").as_deref(), fact(outcome, "objective"), fact(outcome, "bound")) {
        (Some("optimal"), ..) => phrase.plain("; no other set within the rules does better."),
        (Some(_), Some(value), Some(bound)) => phrase
            .plain("; that no other set does better is not proven: this one reaches ")
            .number(value)
            .plain(", and none can reach more than ")
            .number(bound)
            .plain("."),
        (Some(_), ..) => phrase.plain("; that no other set does better is not proven."),
        (None, ..) => phrase.plain("."),
    }
}

/// What is made as large as possible, in words.
fn aim(objective: &str) -> String {
    match objective {
        "severity-persons" => "the severity points by which each threat becomes milder, times the persons who live there".into(),
        "persons" => "the persons lifted above the threshold".into(),
        "cells-lifted" => "the number of threats, place by place, brought below critical and pervasive".into(),
        "worst-off" => "the gain of the group that gains least".into(),
        other => spelled(other),
    }
}

fn said(outcome: &Outcome) -> Phrase {
    let mut phrase = Phrase::from("The set is chosen whole: what is good alone need not be good together. ");
    if let Some(objective) = outcome.settings.get("objective").and_then(Value::as_str) {
        phrase = phrase.plain(format!("What is made as large as possible: {}. ", aim(objective)));
    }
    if let Some(value) = fact(outcome, "objective") {
        phrase = phrase.plain("It reaches ").number(value).plain(". ");
    }
    if let Some(bound) = fact(outcome, "bound") {
        phrase = phrase.plain("No set within the rules can reach more than ").number(bound).plain(". ");
    }
    if let Some(budget) = outcome.settings.get("budget").and_then(Value::as_f64) {
        phrase = phrase.plain("The budget is ").whole(budget).plain(". ");
    }
    phrase
}

fn chosen(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Interventions considered; how often each is chosen when the uncertain numbers vary",
        &["Intervention", "Chosen", "Level#", "Cost#", "How often chosen", "Refused because"],
    );
    for row in sheet.sorted(|r| !is_chosen(sheet, r)) {
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            if is_chosen(sheet, row) { Cell::plain("chosen") } else { Cell::Mark(Tone::Quiet, "not chosen".into()) },
            Cell::number(sheet.number(row, "level")),
            Cell::whole(sheet.number(row, "cost")),
            sheet.number(row, "chosen_share").map_or(Cell::Missing("not asked"), Cell::Share),
            sheet.text(row, "refused").map_or(Cell::Missing("not refused"), |t| Cell::Text(Phrase::new().remark(&spelled(&t)))),
        ]);
    }
    grid
}

/// What holds the choice back, in the words of the result.
fn binding(outcome: &Outcome, part: &mut Part) {
    let Some(sheet) = Sheet::of(outcome, "binding") else { return };
    let items: Vec<Phrase> = (0..sheet.rows())
        .filter(|r| sheet.flag(*r, "binding") != Some(false))
        .filter_map(|r| ["words", "message", "text", "why", "constraint"].iter().find_map(|c| sheet.text(r, c)))
        .map(|words| Phrase::new().remark(&words))
        .collect();
    if items.is_empty() {
        part.text("Nothing holds the choice back: no rule would have to be loosened for a better set.");
    } else {
        part.blocks.push(Block::Heading("What holds the choice back".into()));
        part.blocks.push(Block::List(items));
    }
}

/// A, B, ... Z, then AA.
fn letters(at: usize) -> String {
    let letter = |i: usize| char::from(b'A' + u8::try_from(i % 26).unwrap_or(0));
    if at < 26 { letter(at).to_string() } else { format!("{}{}", letter(at / 26 - 1), letter(at)) }
}

fn fronts(basis: &Basis<'_>, outcome: &Outcome, part: &mut Part) {
    let Some(sheet) = Sheet::of(outcome, "front").filter(|s| s.rows() > 0) else { return };
    part.blocks.push(Block::Heading("What other budgets would buy".into()));
    let points: Vec<FrontPoint> = (0..sheet.rows())
        .filter_map(|r| {
            Some(FrontPoint {
                mark: letters(r),
                cost: sheet.number(r, "cost")?,
                benefit: sheet.number(r, "benefit")?,
                harm: sheet.number(r, "harm"),
                chosen: sheet.flag(r, "chosen") == Some(true),
            })
        })
        .collect();
    part.chart(front("Benefit and harm of sets of interventions against their cost", &points));
    let mut grid = Grid::new(
        "Sets that no other set beats in benefit, harm and cost at once",
        &["Set", "Cost#", "Benefit#", "Harm#", "Interventions"],
    );
    for row in 0..sheet.rows() {
        let ids = sheet.list(row, "interventions");
        grid.push(vec![
            Cell::Text(Phrase::new().plain(letters(row)).plain(if sheet.flag(row, "chosen") == Some(true) { " (chosen)" } else { "" })),
            Cell::whole(sheet.number(row, "cost")),
            Cell::number(sheet.number(row, "benefit")),
            match sheet.number(row, "harm") {
                Some(0.0) => Cell::plain("none found"),
                harm => Cell::number(harm),
            },
            if ids.is_empty() {
                Cell::Missing("none")
            } else {
                Cell::Text(Phrase::new().names(ids.iter().map(|i| basis.names.intervention(i)), 12))
            },
        ]);
    }
    part.table(grid);
}

/// What the chosen set does, cell by cell.
fn cells(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid =
        Grid::new("What the chosen set does, better and worse apart", &["Threat", "Where and who", "Better", "Worse", "Persons"]);
    grid.most = 24;
    let Some(sheet) = Sheet::of(outcome, "cells") else { return grid };
    let side = |row: usize, column: &str, tone: Tone| match sheet.number(row, column) {
        None => Cell::Missing("undefined"),
        Some(x) if x.abs() < 0.0005 => Cell::Missing("none found"),
        Some(x) => Cell::Mark(tone, format!("{column} by {}", crate::reports::lettering::decimal(x.abs()))),
    };
    let size = |r: usize| falling(larger(sheet.number(r, "worse").map(f64::abs), sheet.number(r, "better").map(f64::abs)));
    for row in sheet.sorted(size) {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            side(row, "better", Tone::Better),
            side(row, "worse", Tone::Worse),
            doubt::persons(sheet.number(row, "persons"), None, None),
        ]);
    }
    grid
}
