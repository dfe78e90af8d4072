//! How people take part: the five stages, who sits on committees, whether feedback is answered, and whose programme it is.

use super::{Basis, Sheet, fact, falling, shown};
use crate::reports::charts::{Axis, Dots, Figure, dots};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

const DRAWN: usize = 24;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("participation", "How people take part");
    let a = basis.assessment;
    let judged = a.judgements.iter().any(|j| ["stage", "participation", "ownership"].contains(&j.subject.kind.as_str()));
    let recorded = !(a.meetings.is_empty() && a.committees.is_empty() && a.feedback.is_empty() && a.resources.is_empty()) || judged;
    let stages = basis.result("programme_stages").ok().and_then(Sheet::main).filter(|s| s.rows() > 0);
    let shares = basis.result("representativeness").ok().and_then(Sheet::main).filter(|s| s.rows() > 0);
    let owned =
        basis.result("local_ownership").ok().and_then(Sheet::main).filter(|s| (0..s.rows()).any(|r| s.number(r, "rating").is_some()));
    let taken = basis.result("participation").ok();
    let asked =
        basis.findings.iter().any(|f| ["programme_stages", "representativeness", "local_ownership", "participation"].contains(&f.analysis));
    if !recorded || !asked {
        let reason = if asked {
            Phrase::from("No stage, meeting, committee, feedback or rating of local ownership is recorded.")
        } else {
            basis.not_asked()
        };
        return Part::nothing(id, heading, reason);
    }
    let mut part = Part::new(id, heading, finding(basis, taken, stages.as_ref(), shares.as_ref()));
    let mut folded = Vec::new();
    if let Some(sheet) = &stages {
        part.text("A stage counts as done only with its evidence and after those before it; what is said to be done without evidence is said to be claimed.");
        let [first, rest] = progress(basis, sheet);
        part.table(first);
        folded.push(rest);
    }
    if let Some(outcome) = taken {
        part.table(feedback(basis, outcome));
        folded.extend([risk(outcome), approaches(outcome), factors(outcome), process(outcome)]);
    }
    if let Some(sheet) = &shares {
        part.chart(seats(basis, sheet));
        if let Ok(outcome) = basis.result("representativeness") {
            part.table(whole_committees(basis, outcome));
        }
        folded.push(committees(basis, sheet));
    }
    if let Some(sheet) = &owned {
        part.chart(ratings(sheet));
        part.table(ownership(sheet));
    }
    if let Ok(outcome) = basis.result("programme_stages") {
        folded.push(tasks(basis, outcome));
    }
    part.fold("Which approaches suit, what stands in the way, meetings and tasks", folded);
    part
}

fn finding(basis: &Basis<'_>, taken: Option<&Outcome>, stages: Option<&Sheet<'_>>, shares: Option<&Sheet<'_>>) -> Phrase {
    let mut parts: Vec<Phrase> = Vec::new();
    if let Some(s) = stages
        && let Some(row) = (0..s.rows()).find(|r| s.text(*r, "state").as_deref() == Some("claimed-without-evidence"))
    {
        let mut phrase = Phrase::from("the stage ").plain(stage(s, row)).plain(" is claimed without evidence");
        if let Some(id) = s.text(row, "intervention") {
            phrase = phrase.plain(" for ").quoted(basis.names.intervention(&id));
        }
        parts.push(phrase);
    }
    if let Some(share) = taken.and_then(|o| fact(o, "closed_share")) {
        parts.push(Phrase::from("of the feedback received, this share was answered and closed: ").number(share));
    }
    if let Some(s) = shares
        && let Some(row) = (0..s.rows()).find(|r| s.number(*r, "members") == Some(0.0) || s.text(*r, "state").as_deref() == Some("absent"))
        && let Some(group) = s.text(row, "group")
    {
        let mut phrase = Phrase::new().name(basis.names.group(&group)).plain(" have no seat");
        if let Some(committee) = s.text(row, "committee") {
            phrase = phrase.plain(" on ").quoted(&spelled(&committee));
        }
        parts.push(phrase);
    }
    if parts.is_empty() {
        return "What is recorded of stages, seats and feedback stands below.".into();
    }
    let mut phrase = Phrase::new();
    for (i, part) in parts.into_iter().enumerate() {
        phrase = if i > 0 { phrase.plain("; ") } else { phrase }.then(part);
    }
    super::sentence(phrase.plain("."))
}

fn stage(sheet: &Sheet<'_>, row: usize) -> String {
    let name = sheet.text(row, "name");
    let number = sheet.number(row, "stage").map(|n| format!("{n:.0}")).or_else(|| sheet.text(row, "stage"));
    match (number, name) {
        (Some(number), Some(name)) => format!("{number}, {}", spelled(&name)),
        (Some(one), None) | (None, Some(one)) => spelled(&one),
        (None, None) => "not named".into(),
    }
}

/// The stages of the programme as a whole, and those of each intervention; where the first are not there, the others stand open.
fn progress(basis: &Basis<'_>, sheet: &Sheet<'_>) -> [Grid; 2] {
    let headings = ["Stage", "Intervention", "State", "Evidence#", "What is wanting"];
    let mut grids =
        [Grid::new("The five stages of a programme", &headings), Grid::new("The five stages, intervention by intervention", &headings)];
    let whole = (0..sheet.rows()).any(|r| sheet.text(r, "intervention").is_none());
    for row in 0..sheet.rows() {
        let Some(grid) = grids.get_mut(usize::from(whole && sheet.text(row, "intervention").is_some())) else { continue };
        grid.push(vec![
            Cell::Text(Phrase::new().remark(&stage(sheet, row))),
            sheet.text(row, "intervention").map_or(Cell::plain("the programme"), |i| Cell::name(basis.names.intervention(&i))),
            progress_state(sheet, row),
            Cell::whole(sheet.number(row, "evidence")),
            shown::lines(sheet, row, "wanting", "nothing more"),
        ]);
    }
    grids
}

fn progress_state(sheet: &Sheet<'_>, row: usize) -> Cell {
    match ["state", "status"].iter().find_map(|c| sheet.text(row, c)).as_deref() {
        None => Cell::Missing("not said"),
        Some("done") => Cell::plain("done"),
        Some(word @ ("under-way" | "not-started" | "not-said" | "not-applicable")) => Cell::Mark(Tone::Quiet, spelled(word)),
        Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
    }
}

fn feedback(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Feedback: received, answered, acted on",
        &["Where and who", "Received#", "Answered#", "Acted on#", "Closed share", "Median days#", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "feedback") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::whereabouts(basis, &sheet, row),
            shown::whole(sheet.number(row, "received")),
            shown::whole(sheet.number(row, "answered")),
            shown::whole(sheet.number(row, "acted")),
            super::bounded(&sheet, row, "closed_share", "lower", "upper"),
            shown::or(sheet.number(row, "median_days"), "none answered"),
            shown::state(&sheet, row),
        ]);
    }
    grid
}

fn approaches(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Which approaches to taking part suit the place", &["Approach", "Suits", "Reasons", "Safeguards"]);
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "approach"),
            match sheet.text(row, "suitable").as_deref() {
                Some("yes") => Cell::plain("yes"),
                Some("no") => Cell::Mark(Tone::Warning, "no".into()),
                Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
                None => Cell::Missing("not assessed"),
            },
            shown::lines(&sheet, row, "reasons", "none given"),
            shown::lines(&sheet, row, "safeguards", "none"),
        ]);
    }
    grid
}

/// May people be asked to take part at all?
fn risk(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Is it safe for people to take part?", &["Go", "Risk", "Because", "Safeguards"]);
    let Some(sheet) = Sheet::of(outcome, "risk") else { return grid };
    for row in 0..sheet.rows() {
        let go = sheet.text(row, "go").unwrap_or_else(|| "not-assessed".into());
        grid.push(vec![
            Cell::Mark(if go == "go" { Tone::Quiet } else { Tone::Warning }, spelled(&go)),
            shown::word(&sheet, row, "risk"),
            shown::remark(&sheet, row, "because"),
            shown::lines(&sheet, row, "safeguards", "none"),
        ]);
    }
    grid
}

fn factors(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("What stands in the way of taking part", &["Factor", "Rating", "Said by", "Date"]);
    let Some(sheet) = Sheet::of(outcome, "factors") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "factor"),
            match sheet.text(row, "rating").as_deref() {
                Some("favourable") => Cell::Mark(Tone::Quiet, "favourable".into()),
                Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
                None => Cell::Missing("not rated"),
            },
            shown::remark(&sheet, row, "by"),
            shown::remark(&sheet, row, "date"),
        ]);
    }
    grid
}

fn process(outcome: &Outcome) -> Grid {
    let mut grid =
        Grid::new("Meetings by kind", &["Kind", "Meetings#", "Participants#", "Decisions#", "Carried out#", "Share carried out#"]);
    let Some(sheet) = Sheet::of(outcome, "process") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "kind"),
            Cell::whole(sheet.number(row, "meetings")),
            Cell::whole(sheet.number(row, "participants")),
            Cell::whole(sheet.number(row, "decisions")),
            Cell::whole(sheet.number(row, "carried_out")),
            Cell::number(sheet.number(row, "share")),
        ]);
    }
    grid
}

fn seats(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Option<crate::reports::charts::Chart> {
    let drawn: Vec<Dots> = (0..sheet.rows())
        .filter(|r| sheet.number(*r, "share").is_some() && sheet.number(*r, "population_share").is_some())
        .take(DRAWN)
        .map(|r| {
            let figure = |column: &str| sheet.number(r, column).map(|at| Figure { at, range: None });
            Dots {
                under: sheet.text(r, "committee").map(|c| super::capital(&spelled(&c))).unwrap_or_default(),
                label: sheet.text(r, "group").map(|g| basis.names.group(&g).to_owned()).unwrap_or_default(),
                first: figure("share"),
                second: figure("population_share"),
                word: sheet.number(r, "members").map(|n| format!("{n:.0} seats")).unwrap_or_default(),
            }
        })
        .collect();
    dots(
        "Seats beside population",
        "Seats on committees beside shares of the population",
        ["share of seats", "share of people"],
        &Axis::share("none", "all"),
        &drawn,
    )
}

/// Each committee as a whole: who is absent, and whether lot alone would give so uneven a table.
fn whole_committees(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Who has no seat, and the chance that lot alone would give so uneven a committee",
        &["Committee", "Where", "Seats#", "Without a seat", "Fewer seats than people", "Chance alone#", "Method"],
    );
    let Some(sheet) = Sheet::of(outcome, "committees") else { return grid };
    for row in 0..sheet.rows() {
        let groups = |column: &str| shown::named(&sheet.list(row, column), |g| basis.names.group(g).to_owned(), "nobody");
        grid.push(vec![
            sheet.text(row, "committee").map_or(Cell::Missing("not said"), |c| Cell::name(&super::capital(&spelled(&c)))),
            sheet.text(row, "place").map_or(Cell::plain("everywhere"), |p| Cell::name(basis.names.place(&p))),
            shown::whole(sheet.number(row, "members")),
            groups("absent"),
            groups("under"),
            shown::or(sheet.number(row, "p_value"), "not tested"),
            shown::word(&sheet, row, "method"),
        ]);
    }
    grid
}

fn committees(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Seats on committees beside shares of the population, with the chance that lot alone would give so uneven a table",
        &["Group", "Committee", "Seats#", "Share of seats#", "Share of people#", "Ratio", "Chance alone#", "State"],
    );
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "group").map_or(Cell::plain("all"), |g| Cell::name(basis.names.group(&g))),
            sheet.text(row, "committee").map_or(Cell::Missing("not said"), |c| Cell::name(&spelled(&c))),
            shown::whole(sheet.number(row, "members")),
            Cell::number(sheet.number(row, "share")),
            Cell::number(sheet.number(row, "population_share")),
            super::bounded(sheet, row, "ratio", "lower", "upper"),
            shown::or(sheet.number(row, "p_value"), "not tested"),
            shown::state(sheet, row),
        ]);
    }
    grid
}

fn ratings(sheet: &Sheet<'_>) -> Option<crate::reports::charts::Chart> {
    let drawn: Vec<Dots> = (0..sheet.rows())
        .filter(|r| sheet.number(*r, "rating").is_some())
        .map(|r| Dots {
            under: String::new(),
            label: super::capital(&spelled(&sheet.text(r, "dimension").unwrap_or_default())),
            first: sheet
                .number(r, "rating")
                .map(|at| Figure { at, range: sheet.number(r, "lowest").zip(sheet.number(r, "highest")).filter(|(a, b)| a < b) }),
            second: None,
            word: match sheet.number(r, "raters") {
                Some(1.0) => "one rater".into(),
                Some(n) => format!("{n:.0} raters"),
                None => String::new(),
            },
        })
        .collect();
    dots("Local ownership", "Local ownership, dimension by dimension", ["middle rating", ""], &Axis::steps(0, 4, "none", "full"), &drawn)
}

fn ownership(sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Local ownership: ratings from 0 to 4 with the sentence that anchors each; there is no total",
        &["Dimension", "Rating#", "From and to", "Raters#", "What the rating means", "What is computed", "Where to look"],
    );
    for row in 0..sheet.rows() {
        let number = |column: &str| sheet.number(row, column);
        grid.push(vec![
            Cell::plain(&super::capital(&spelled(&sheet.text(row, "dimension").unwrap_or_default()))),
            number("rating").map_or(Cell::Missing("not rated"), |n| Cell::Number(super::agreement::step(n))),
            match (number("lowest"), number("highest")) {
                (Some(low), Some(high)) if low < high => Cell::plain(&format!("{low:.0} to {high:.0}")),
                (Some(low), _) => Cell::plain(&format!("{low:.0}")),
                _ => Cell::Missing("not rated"),
            },
            shown::whole(number("raters")),
            shown::remark(sheet, row, "anchor"),
            shown::remark(sheet, row, "computed_finding"),
            shown::remark(sheet, row, "pointer"),
        ]);
    }
    grid
}

fn tasks(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Tasks, with their burden and benefit", &["Actor", "Task", "Burden", "Benefit", "Balance"]);
    let Some(sheet) = Sheet::of(outcome, "tasks") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "burden"))) {
        let said = |column: &str| match sheet.number(row, column) {
            Some(n) => Cell::number(Some(n)),
            None => shown::word(&sheet, row, column),
        };
        let balance = match (sheet.flag(row, "balance"), sheet.text(row, "balance")) {
            (Some(flag), _) => Cell::plain(if flag { "out of balance" } else { "in balance" }),
            (None, Some(word)) => Cell::plain(&spelled(&word)),
            (None, None) => Cell::Missing("not known"),
        };
        grid.push(vec![
            sheet.text(row, "actor").map_or(Cell::Missing("not said"), |x| Cell::name(basis.names.who(&x))),
            shown::remark(&sheet, row, "task"),
            said("burden"),
            said("benefit"),
            balance,
        ]);
    }
    grid
}
