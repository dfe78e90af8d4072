//! Whether policies put first what people put first, and whether interventions are about it.

use super::agreement::step;
use super::{Basis, Sheet, falling, shown};
use crate::reports::charts::{Axis, Dots, Figure, dots};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

/// Rows of one picture, and pictures: each is a policy in a place.
const DRAWN: usize = 14;
const PICTURES: usize = 3;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("mismatch", "People's priorities against those of policies");
    let (ranked, relevance) = (basis.result("mismatch"), basis.result("relevance"));
    let sheet = ranked.as_ref().ok().and_then(|o| Sheet::main(o)).filter(|s| (0..s.rows()).any(|r| s.number(r, "people_rank").is_some()));
    let aims = relevance
        .as_ref()
        .ok()
        .and_then(|o| Sheet::main(o))
        .filter(|s| (0..s.rows()).any(|r| s.text(r, "state").is_some_and(|w| w != "unknown")));
    if sheet.is_none() && aims.is_none() {
        return Part::nothing(
            id,
            heading,
            ranked.err().unwrap_or_else(|| "People's own priorities are not recorded beside those of a policy.".into()),
        );
    }
    let mut part = Part::new(id, heading, finding(basis, sheet.as_ref(), aims.as_ref()));
    part.text(
        "Ranks begin at 1 for what comes first. The people's rank and the policy's stand on one line: the longer it is, the farther apart they are. A policy that \
         gives a threat no rank is said to be silent on it.",
    );
    let mut tables = Vec::new();
    if let (Some(sheet), Ok(outcome)) = (&sheet, &ranked) {
        pictures(basis, sheet, &mut part);
        part.table(correlation(basis, outcome));
        tables.extend([ranks(basis, sheet), components(outcome), origins(basis, outcome)]);
    }
    if let (Some(sheet), Ok(outcome)) = (&aims, &relevance) {
        part.table(right_thing(basis, sheet));
        tables.push(unaddressed(basis, outcome));
    }
    part.fold("Every threat by policy and place; budgets; what no intervention is about", tables);
    part
}

fn finding(basis: &Basis<'_>, sheet: Option<&Sheet<'_>>, aims: Option<&Sheet<'_>>) -> Phrase {
    let widest = sheet.and_then(|s| {
        let row = s.sorted(|r| falling(s.number(r, "difference").map(f64::abs))).first().copied()?;
        Some((s, row, s.number(row, "people_rank")?, s.number(row, "policy_rank")?)).filter(|(.., a, b)| a != b)
    });
    if let Some((s, row, people, policy)) = widest {
        let mut phrase = Phrase::from("People and policies part most on ").then(shown::cell(basis, s, row));
        phrase = phrase.plain(": rank ").plain(step(people)).plain(" among people, rank ").plain(step(policy));
        return match s.text(row, "policy") {
            Some(name) => phrase.plain(" in ").quoted(basis.names.who(&name)).plain("."),
            None => phrase.plain(" in policy."),
        };
    }
    if sheet.is_some() {
        return "No threat is ranked differently by people and by a policy.".into();
    }
    let off = aims.and_then(|s| {
        (0..s.rows()).find(|r| s.text(*r, "state").as_deref() == Some("off-priority")).and_then(|r| s.text(r, "intervention"))
    });
    match off {
        Some(id) => Phrase::new().quoted(basis.names.intervention(&id)).plain(" is about none of what people put first."),
        None => "Every intervention whose aim could be compared is about something people put first, in whole or in part.".into(),
    }
}

fn pictures(basis: &Basis<'_>, sheet: &Sheet<'_>, part: &mut Part) {
    let mut pairs: Vec<(Option<String>, Option<String>)> = Vec::new();
    for row in 0..sheet.rows() {
        let pair = (sheet.text(row, "policy"), sheet.text(row, "place"));
        let both = sheet.number(row, "people_rank").is_some() && sheet.number(row, "policy_rank").is_some();
        if both && !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    let count = pairs.len();
    for (policy, place) in pairs.into_iter().take(PICTURES) {
        let mut rows: Vec<usize> =
            (0..sheet.rows()).filter(|r| sheet.text(*r, "policy") == policy && sheet.text(*r, "place") == place).collect();
        rows.sort_by_key(|r| falling(sheet.number(*r, "people_rank").map(|x| -x)));
        let last =
            rows.iter().flat_map(|r| [sheet.number(*r, "people_rank"), sheet.number(*r, "policy_rank")]).flatten().fold(1.0, f64::max);
        rows.truncate(DRAWN);
        let figure = |r: usize, column: &str| sheet.number(r, column).map(|at| Figure { at, range: None });
        let dotted: Vec<Dots> = rows
            .iter()
            .map(|r| Dots {
                under: String::new(),
                label: basis.names.threat(&sheet.text(*r, "threat").unwrap_or_default()).to_owned(),
                first: figure(*r, "people_rank"),
                second: figure(*r, "policy_rank"),
                word: match sheet.text(*r, "direction").as_deref() {
                    Some("people-higher") => "people put it higher".into(),
                    Some("policy-higher") => "the policy puts it higher".into(),
                    Some("policy-silent") => "the policy is silent".into(),
                    Some("people-silent") => "people do not name it".into(),
                    Some(word) => spelled(word),
                    None => String::new(),
                },
            })
            .collect();
        let policy = policy.map_or_else(|| "Policies".to_owned(), |p| basis.names.who(&p).to_owned());
        let title = match place {
            Some(place) => format!("{policy}, {}", basis.names.place(&place)),
            None => policy,
        };
        let axis = Axis::steps(1, last as u32, "first", "last");
        let chart = dots("Paired ranks", &title, ["people's rank", "the policy's rank"], &axis, &dotted);
        part.picture_of(chart, &title);
    }
    if count > PICTURES {
        part.text("Further policies and places stand in the table.");
    }
}

fn correlation(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "How far each policy's order is that of the people (tau: 1 the same, −1 the reverse)",
        &["Policy", "Where", "Tau", "Threats#", "Chance alone#"],
    );
    let Some(sheet) = Sheet::of(outcome, "tau") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "policy").map_or(Cell::plain("all policies"), |p| Cell::name(basis.names.who(&p))),
            sheet.text(row, "place").map_or(Cell::plain("all places"), |p| Cell::name(basis.names.place(&p))),
            super::interval(&sheet, row, "tau"),
            Cell::whole(sheet.number(row, "n")),
            shown::or(sheet.number(row, "p_value"), "not tested"),
        ]);
    }
    grid
}

fn ranks(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "People's rank and the policy's, the farthest apart first",
        &["Threat", "Where", "Policy", "People's rank#", "Policy's rank#", "Difference#", "Direction"],
    );
    for row in sheet.sorted(|r| falling(sheet.number(r, "difference").map(f64::abs))) {
        let rank =
            |column: &str, missing: &'static str| sheet.number(row, column).map_or(Cell::Missing(missing), |v| Cell::Number(step(v)));
        grid.push(vec![
            shown::threat(basis, sheet, row),
            sheet.text(row, "place").map_or(Cell::plain("all places"), |p| Cell::name(basis.names.place(&p))),
            sheet.text(row, "policy").map_or(Cell::Missing("not said"), |p| Cell::name(basis.names.who(&p))),
            rank("people_rank", "not ranked"),
            rank("policy_rank", "silent"),
            rank("difference", "not known"),
            shown::word(sheet, row, "direction"),
        ]);
    }
    grid
}

fn components(outcome: &Outcome) -> Grid {
    let mut grid =
        Grid::new("Budget beside need, by component", &["Component", "Policy", "Share of the budget#", "Share of need#", "Difference#"]);
    let Some(sheet) = Sheet::of(outcome, "components") else { return grid };
    for row in (0..sheet.rows()).filter(|r| sheet.number(*r, "budget_share").is_some() || sheet.number(*r, "need_share").is_some()) {
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            shown::remark(&sheet, row, "policy"),
            Cell::number(sheet.number(row, "budget_share")),
            Cell::number(sheet.number(row, "need_share")),
            Cell::number(sheet.number(row, "difference")),
        ]);
    }
    grid
}

fn origins(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Domestic and international policies", &["Origin", "Where", "Policies", "Tau", "Threats#"]);
    let Some(sheet) = Sheet::of(outcome, "origins") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "origin"),
            sheet.text(row, "place").map_or(Cell::plain("all places"), |p| Cell::name(basis.names.place(&p))),
            shown::named(&sheet.list(row, "policies"), |p| basis.names.who(p).to_owned(), "none"),
            super::interval(&sheet, row, "tau"),
            Cell::whole(sheet.number(row, "n")),
        ]);
    }
    grid
}

fn right_thing(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Is each intervention about what people put first?",
        &[
            "Intervention",
            "Answer",
            "Best rank it addresses#",
            "Share of people's first three#",
            "Why",
            "Makes worse, or calls for a closer look",
        ],
    );
    let order = ["off-priority", "partly", "right-thing", "unknown"];
    for row in sheet.sorted(|r| sheet.text(r, "state").and_then(|s| order.iter().position(|o| *o == s)).unwrap_or(order.len())) {
        let state = sheet.text(row, "state").unwrap_or_else(|| "unknown".into());
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            match state.as_str() {
                "off-priority" => Cell::Mark(Tone::Warning, "off what people put first".into()),
                "right-thing" => Cell::plain("the right thing"),
                other => Cell::Mark(Tone::Quiet, spelled(other)),
            },
            sheet.number(row, "people_rank").map_or(Cell::Missing("none"), |v| Cell::Number(step(v))),
            Cell::number(sheet.number(row, "share")),
            shown::remark(sheet, row, "why"),
            closer_look(basis, sheet, row),
        ]);
    }
    grid
}

/// What people put first and it makes worse, and the rules it raises: the right aim clears neither.
fn closer_look(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    let worsens = sheet.list(row, "worsens");
    let worse = worsens.iter().map(|t| Phrase::from("makes worse: ").name(basis.names.threat(t)));
    let raised = sheet.list(row, "screens");
    let lines: Vec<Phrase> = worse.chain(raised.iter().map(|rule| spelled(rule).as_str().into())).collect();
    if lines.is_empty() { Cell::plain("nothing found") } else { Cell::Lines(lines) }
}

fn unaddressed(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("What people put first and no intervention is about", &["Threat", "Where", "People's rank#", "Why"]);
    let Some(sheet) = Sheet::of(outcome, "unaddressed") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::whereabouts(basis, &sheet, row),
            sheet.number(row, "people_rank").map_or(Cell::Missing("not ranked"), |v| Cell::Number(step(v))),
            shown::remark(&sheet, row, "why"),
        ]);
    }
    grid
}
