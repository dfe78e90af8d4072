//! The handbook's seven questions on protection and empowerment: a gate that lists what is not answered and what would answer it.

use super::{Basis, Sheet};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("seven-questions", "The seven questions on protection and empowerment");
    let outcome = match basis.result("seven_questions") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::of(outcome, "questions").filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No question was asked.".into());
    };
    let number = |r: usize| sheet.number(r, "number").map_or_else(|| sheet.text(r, "number").unwrap_or_default(), |n| format!("{n:.0}"));
    let open: Vec<String> = (0..sheet.rows()).filter(|r| sheet.text(*r, "state").as_deref() != Some("answered")).map(number).collect();
    let finding = match open.as_slice() {
        [] => "Every one of the seven questions is answered.".into(),
        [one] => Phrase::from("One question waits for a full answer: number ").plain(one.clone()).plain("."),
        [rest @ .., last] => Phrase::from("These questions wait for a full answer: ").plain(format!("{} and {last}.", rest.join(", "))),
    };
    let mut part = Part::new(id, heading, finding);
    part.text(
        "What is computed stands beside what people answered, and does not stand in for it: a question is answered when somebody has answered it.",
    );
    let mut grid = Grid::new("The seven questions", &["Question", "State", "People's answer", "What was computed", "What would answer it"]);
    for row in 0..sheet.rows() {
        let said = |column: &str| sheet.list(row, column);
        let lines = |texts: Vec<String>, missing: &'static str| match texts.as_slice() {
            [] => Cell::Missing(missing),
            texts => Cell::Lines(texts.iter().map(|t| Phrase::new().remark(t)).collect()),
        };
        let mut head = Phrase::new().plain(number(row)).plain(". ").remark(&sheet.text(row, "question").unwrap_or_default());
        if let Some(pillar) = sheet.text(row, "pillar") {
            head = head.plain(format!(" ({})", spelled(&pillar)));
        }
        let mut answer: Vec<Phrase> = said("answer").iter().map(|t| Phrase::new().remark(t)).collect();
        let by: Vec<String> = ["by", "date"].iter().filter_map(|c| sheet.text(row, c)).collect();
        if let (Some(last), false) = (answer.last_mut(), by.is_empty()) {
            *last = last.clone().plain(" (").names(by.iter().map(String::as_str), 2).plain(")");
        }
        let state = sheet.text(row, "state").unwrap_or_else(|| "open".into());
        grid.push(vec![
            Cell::Text(head),
            Cell::Mark(if state == "answered" { Tone::Quiet } else { Tone::Warning }, spelled(&state)),
            if answer.is_empty() { Cell::Missing("not answered") } else { Cell::Lines(answer) },
            lines([said("computed"), said("finding")].into_iter().find(|t| !t.is_empty()).unwrap_or_default(), "nothing computed"),
            lines(said("wanting"), "nothing more"),
        ]);
    }
    part.table(grid);
    part.table(capacities(basis, outcome));
    part
}

fn capacities(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Capacities: needed by strategies, present, neglected",
        &["Capacity", "Component", "Where", "State", "Level", "Needed by"],
    );
    let Some(sheet) = Sheet::of(outcome, "capacities") else { return grid };
    let order = ["missing", "neglected", "harmful-coping", "present"];
    let rows = sheet.sorted(|r| sheet.text(r, "state").and_then(|s| order.iter().position(|o| *o == s)).unwrap_or(order.len()));
    for row in rows {
        let state = sheet.text(row, "state").unwrap_or_default();
        let (tone, word) = match state.as_str() {
            "missing" => (Tone::Worse, "missing".to_owned()),
            "neglected" => (Tone::Warning, "neglected: no strategy uses it".to_owned()),
            "harmful-coping" => (Tone::Warning, "coping that harms".to_owned()),
            other => (Tone::Quiet, spelled(other)),
        };
        let needed = sheet.list(row, "needed_by");
        grid.push(vec![
            sheet.text(row, "capacity").map_or(Cell::Missing("not said"), |c| Cell::name(basis.names.capacity(&c))),
            sheet.text(row, "component").map_or(Cell::Missing("not said"), |c| Cell::plain(&c)),
            sheet.text(row, "place").map_or(Cell::plain("everywhere"), |p| Cell::name(basis.names.place(&p))),
            Cell::Mark(tone, word),
            Cell::share(sheet.number(row, "level")),
            if needed.is_empty() {
                Cell::Missing("nobody")
            } else {
                Cell::Text(Phrase::new().names(needed.iter().map(|i| basis.names.intervention(i)), 4))
            },
        ]);
    }
    grid
}
