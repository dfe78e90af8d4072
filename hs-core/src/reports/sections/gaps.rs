//! Where protection or empowerment is missing.

use super::{Basis, Names, Sheet, fact, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};

/// Capacities, and interventions, named in one cell; the result has all.
const MOST_NAMED: usize = 2;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("pillar-gaps", "Where protection or empowerment is missing");
    let outcome = match basis.result("pillar_gaps") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No threat is known to be critical or pervasive, so no pillar is asked of any.".into());
    };
    let gap = |row: usize| sheet.text(row, "gap").filter(|g| g != "none");
    let mut wanting: Vec<usize> = (0..sheet.rows()).filter(|r| gap(*r).is_some()).collect();
    wanting.sort_by_key(|r| (gap(*r).as_deref() != Some("both"), falling(sheet.number(*r, "severity"))));
    let cell = |row: usize| {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        basis.names.cell(&sheet.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref())
    };
    let finding = match wanting.first() {
        None => "Every critical or pervasive threat meets some protection and some empowerment.".into(),
        Some(first) => {
            let what = match gap(*first).as_deref() {
                Some("both") => "Nothing recorded protects people from, or empowers them against, ".to_owned(),
                Some(pillar) => format!("No {} is recorded against ", spelled(pillar)),
                None => String::new(),
            };
            let phrase = Phrase::new().plain(what).then(cell(*first));
            match (wanting.len(), fact(outcome, "gap_both"), fact(outcome, "gap_protection"), fact(outcome, "gap_empowerment")) {
                (1, ..) => phrase.plain("; it is the only gap."),
                (_, Some(both), Some(protection), Some(empowerment)) => phrase
                    .plain(". Counted by threat, place and group, protection alone is missing in ")
                    .whole(protection)
                    .plain(", empowerment alone in ")
                    .whole(empowerment)
                    .plain(", both in ")
                    .whole(both)
                    .plain("."),
                _ => phrase.plain("; other gaps stand in the table."),
            }
        }
    };
    let mut part = Part::new(id, heading, finding);
    part.text(
        "Protection works from the top down, empowerment from the bottom up; people need both. The strength of a pillar (0 none, 1 full) \
         joins the capacities that are there and the interventions that are planned. Coping that harms is never counted as strength.",
    );
    let mut grid = Grid::new(
        "Protection and empowerment against each critical or pervasive threat",
        &["Threat", "Where and who", "Protection", "Empowerment", "Missing", "Rests on"],
    );
    let rows = sheet.sorted(|r| wanting.iter().position(|w| *w == r).unwrap_or(usize::MAX));
    for row in rows {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            Cell::share(sheet.number(row, "protection")),
            Cell::share(sheet.number(row, "empowerment")),
            match gap(row).as_deref() {
                Some("both") => Cell::Mark(Tone::Worse, "both pillars".into()),
                Some(pillar) => Cell::Mark(Tone::Warning, spelled(pillar)),
                None => Cell::Mark(Tone::Quiet, "none".into()),
            },
            rests(&basis.names, &sheet.list(row, "capacities"), &sheet.list(row, "interventions")),
        ]);
    }
    part.table(grid);
    part
}

fn rests(names: &Names<'_>, capacities: &[String], interventions: &[String]) -> Cell {
    let mut phrase = Phrase::new();
    if !capacities.is_empty() {
        phrase = phrase.plain("there now: ").names(capacities.iter().map(|c| names.capacity(c)), MOST_NAMED);
    }
    if !interventions.is_empty() {
        phrase = if capacities.is_empty() { phrase } else { phrase.plain("; ") };
        phrase = phrase.plain("planned: ").names(interventions.iter().map(|i| names.intervention(i)), MOST_NAMED);
    }
    if phrase == Phrase::new() { Cell::Missing("nothing recorded") } else { Cell::Text(phrase) }
}
