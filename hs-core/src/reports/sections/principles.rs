//! The five principles as a profile without a total, and the three phases as gates.

use super::{Basis, Sheet, shown};
use crate::reports::charts::{Profile, profile};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

/// What people said of actions.
const STATES: [&str; 6] = ["done", "partly", "open", "not said", "claimed without evidence", "not applicable"];
const COLUMNS: [&str; 6] = ["done", "partly", "open", "not_said", "claimed", "not_applicable"];
/// What the assessment itself shows of actions, as far as it can be read off it.
const SHOWN: [&str; 3] = ["shown", "shown in part", "not shown"];
const COMPUTED: [&str; 3] = ["computed_yes", "computed_partly", "computed_no"];

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("principles", "The five principles and the three phases");
    let judged = basis.assessment.judgements.iter().any(|j| ["principle", "phase"].contains(&j.subject.kind.as_str()));
    let (held, gated) = (basis.result("principles"), basis.result("phase_gates"));
    let principles = held.as_ref().ok().and_then(|o| Sheet::of(o, "profile")).filter(|s| s.rows() > 0);
    let gates = gated.as_ref().ok().and_then(|o| Sheet::of(o, "gates")).filter(|s| s.rows() > 0);
    if principles.is_none() && gates.is_none() {
        return Part::nothing(id, heading, held.err().unwrap_or_else(|| "Nothing is said on the principles or the phases.".into()));
    }
    let shows =
        |s: &Sheet<'_>| (0..s.rows()).any(|r| ["computed_yes", "computed_partly"].iter().any(|c| s.number(r, c).is_some_and(|n| n > 0.0)));
    if !judged && !principles.as_ref().is_some_and(shows) {
        let reason = "Nobody has said which actions of the five principles, or which tasks of the three phases, are done.";
        return Part::nothing(id, heading, reason);
    }
    let mut part = Part::new(id, heading, finding(judged, principles.as_ref(), gates.as_ref()));
    let mut folded = Vec::new();
    if let (Some(sheet), Ok(outcome)) = (&principles, &held) {
        part.text(
            "Each principle asks for actions, in how people work and in how they analyse. A dot is an action. There is no total: a principle that is kept does not \
             make up for one that is not.",
        );
        if judged {
            part.chart(drawn(sheet, "The five principles: what was said of each action", &STATES, &COLUMNS));
        } else {
            part.text("Nobody has said yet which actions are done. What follows is what the assessment itself shows of them, as far as that can be read off it.");
            part.chart(drawn(sheet, "The five principles: what the assessment shows of each action", &SHOWN, &COMPUTED));
        }
        part.table(counts(sheet, judged));
        folded.push(actions(outcome));
    }
    if let (Some(sheet), Ok(outcome), true) = (&gates, &gated, judged) {
        part.text("A phase passes its gate only when each of its tasks is done, or does not apply, with evidence.");
        part.table(gate(sheet));
        folded.push(tasks(outcome));
    }
    part.fold("Action by action and task by task, with what is missing", folded);
    part
}

fn finding(judged: bool, principles: Option<&Sheet<'_>>, gates: Option<&Sheet<'_>>) -> Phrase {
    let mut phrase = Phrase::new();
    if let Some(s) = principles {
        let bare: Vec<String> = (0..s.rows())
            .filter(|r| s.number(*r, "with_evidence") == Some(0.0) && s.number(*r, "done") == Some(0.0))
            .filter_map(|r| s.text(r, "principle"))
            .map(|p| spelled(&p))
            .collect();
        phrase = match bare.as_slice() {
            _ if !judged => phrase.plain("Nobody has said which actions of the five principles are done"),
            [] => phrase.plain("Every principle has some action that is done or has evidence"),
            names => phrase.plain("No action is done and none has evidence under: ").names(names.iter().map(String::as_str), 5),
        };
    }
    if let Some(s) = gates.filter(|_| judged) {
        let open: Vec<String> = (0..s.rows()).filter(|r| s.flag(*r, "passes") == Some(false)).filter_map(|r| phase(s, r)).collect();
        phrase = if phrase == Phrase::new() { phrase } else { phrase.plain("; ") };
        phrase = match open.as_slice() {
            [] => phrase.plain("every phase passes its gate"),
            names => phrase.plain("phases that do not pass their gate: ").names(names.iter().map(String::as_str), 3),
        };
    }
    super::sentence(phrase.plain("."))
}

fn phase(sheet: &Sheet<'_>, row: usize) -> Option<String> {
    if let Some(name) = sheet.text(row, "name") {
        return Some(spelled(&name));
    }
    sheet.text(row, "phase").map(|p| spelled(&p)).or_else(|| sheet.number(row, "phase").map(|n| format!("{n:.0}")))
}

fn drawn(sheet: &Sheet<'_>, title: &str, states: &[&'static str], columns: &[&str]) -> Option<crate::reports::charts::Chart> {
    let rows: Vec<Profile> = (0..sheet.rows())
        .map(|r| Profile {
            label: super::capital(&spelled(&sheet.text(r, "principle").unwrap_or_default())),
            counts: columns.iter().map(|c| sheet.number(r, c).unwrap_or(0.0)).collect(),
        })
        .collect();
    profile("Profile of the principles", title, states, &rows)
}

fn counts(sheet: &Sheet<'_>, judged: bool) -> Grid {
    let said = ["Done#", "Partly#", "Open#", "Not said#", "Claimed without evidence#", "Not applicable#"];
    let shown = ["Shown#", "Shown in part#", "Not shown#"];
    let mut headings = vec!["Principle"];
    let mut columns: Vec<&str> = Vec::new();
    if judged {
        headings.extend(said);
        columns.extend(COLUMNS);
    }
    headings.extend(shown);
    columns.extend(COMPUTED);
    let caption = "Actions of each principle: what was said of them, and what the assessment itself shows";
    let mut grid = Grid::new(if judged { caption } else { "Actions of each principle: what the assessment itself shows" }, &headings);
    for row in 0..sheet.rows() {
        let mut cells = vec![Cell::plain(&super::capital(&spelled(&sheet.text(row, "principle").unwrap_or_default())))];
        cells.extend(columns.iter().map(|c| Cell::whole(sheet.number(row, c))));
        grid.push(cells);
    }
    grid
}

fn status(sheet: &Sheet<'_>, row: usize) -> Cell {
    match sheet.text(row, "status").as_deref() {
        None | Some("not-said") => Cell::Missing("not said"),
        Some("done") => Cell::plain("done"),
        Some("not-applicable") => Cell::Mark(Tone::Quiet, "not applicable".into()),
        Some("claimed") => Cell::Mark(Tone::Warning, "claimed without evidence".into()),
        Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
    }
}

fn actions(outcome: &Outcome) -> Grid {
    let mut grid =
        Grid::new("Action by action", &["Action", "Principle", "Status", "Evidence#", "What the assessment shows", "What is missing"]);
    grid.most = 120;
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::remark(&sheet, row, "action"),
            shown::word(&sheet, row, "principle"),
            status(&sheet, row),
            Cell::whole(sheet.number(row, "evidence")),
            shown::lines(&sheet, row, computed(&sheet), "nothing computed"),
            shown::lines(&sheet, row, "missing", "nothing more"),
        ]);
    }
    grid
}

fn computed(sheet: &Sheet<'_>) -> &'static str {
    ["computed_finding", "computed"].into_iter().find(|c| sheet.columns.contains(c)).unwrap_or("computed")
}

fn gate(sheet: &Sheet<'_>) -> Grid {
    let mut grid =
        Grid::new("The three gates", &["Phase", "Gate", "Tasks#", "Done#", "Claimed without evidence#", "Not applicable#", "Not said#"]);
    for row in 0..sheet.rows() {
        let count = |column: &str| Cell::whole(sheet.number(row, column));
        grid.push(vec![
            phase(sheet, row).map_or(Cell::Missing("not said"), |p| Cell::plain(&super::capital(&p))),
            match sheet.flag(row, "passes") {
                Some(true) => Cell::plain("passes"),
                Some(false) => Cell::Mark(Tone::Warning, "does not pass".into()),
                None => Cell::Missing("not known"),
            },
            count("tasks"),
            count("done"),
            count("claimed"),
            count("not_applicable"),
            count("not_said"),
        ]);
    }
    grid
}

fn tasks(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Task by task", &["Task", "Phase", "Status", "Evidence#", "What the assessment shows", "What is missing"]);
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::remark(&sheet, row, "task"),
            phase(&sheet, row).map_or(Cell::Missing("not said"), |p| Cell::plain(&p)),
            status(&sheet, row),
            Cell::whole(sheet.number(row, "evidence")),
            shown::lines(&sheet, row, computed(&sheet), "nothing computed"),
            shown::lines(&sheet, row, "missing", "nothing more"),
        ]);
    }
    grid
}
