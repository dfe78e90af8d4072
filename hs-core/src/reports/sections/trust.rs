//! Trust, legitimacy and relations: scores of answers by group, and whether the scales hold together.

use super::{Basis, Sheet, bounded, falling, interval, shown};
use crate::reports::charts::{Axis, Dots, Figure, dots};
use crate::reports::document::{Cell, Grid, Part, Phrase, spelled};
use crate::tables::Outcome;

/// Scores in one picture.
const DRAWN: usize = 30;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("trust", "Trust, legitimacy and relations");
    let outcome = match basis.result("reliability") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let known = |s: &Sheet<'_>| (0..s.rows()).any(|r| s.number(r, "score").is_some());
    let Some(sheet) = Sheet::of(outcome, "scores").filter(known) else {
        return Part::nothing(id, heading, "No answers to questions on trust, legitimacy or relations are recorded that may be shown.");
    };
    let about = |r: usize| ["about", "scale"].iter().find_map(|c| sheet.text(r, c)).unwrap_or_default();
    let mut rows = sheet.sorted(|r| falling(sheet.number(r, "score").map(|x| -x)));
    let mut part = Part::new(id, heading, finding(basis, &sheet, &rows));
    part.text("Scores go from 0 to 1, the better the higher, and are those of the people asked. Too few respondents are not shown; few are said to be thin.");
    rows.sort_by_key(|r| about(*r));
    let drawn: Vec<Dots> = rows
        .iter()
        .filter(|r| sheet.number(**r, "score").is_some())
        .take(DRAWN)
        .map(|r| Dots {
            under: sentence(&spelled(&about(*r))),
            label: subject(basis, &sheet, *r).text(),
            first: sheet
                .number(*r, "score")
                .map(|at| Figure { at, range: sheet.number(*r, "lower").zip(sheet.number(*r, "upper")).filter(|(a, b)| a < b) }),
            second: None,
            word: match sheet.number(*r, "n") {
                Some(n) if sheet.text(*r, "state").as_deref() == Some("thin") => format!("thin: {n:.0} asked"),
                Some(n) => format!("{n:.0} asked"),
                None => String::new(),
            },
        })
        .collect();
    part.chart(dots(
        "Scores of trust and legitimacy",
        "Scores by subject, place and group",
        ["score", ""],
        &Axis::share("none", "full"),
        &drawn,
    ));
    part.fold("All scores, and whether the scales hold together", [scores(basis, &sheet, &rows), scales(outcome)]);
    part
}

fn finding(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Phrase {
    let Some((row, score)) = rows.iter().find_map(|r| sheet.number(*r, "score").map(|s| (*r, s))) else {
        return "No score may be shown.".into();
    };
    let about = ["about", "scale"].iter().find_map(|c| sheet.text(row, c)).unwrap_or_default();
    let phrase = Phrase::from("The lowest score is that of ").plain(spelled(&about)).plain(" for ").then(subject(basis, sheet, row));
    phrase.plain(": ").number(score).plain(if sheet.text(row, "state").as_deref() == Some("thin") {
        " of 1, from few answers."
    } else {
        " of 1."
    })
}

/// Actor and aspect, place and group of a score.
fn subject(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Phrase {
    let mut phrase = match sheet.text(row, "actor") {
        Some(actor) => Phrase::new().name(basis.names.of_kind("actor", &actor)),
        None => Phrase::from("no actor named"),
    };
    if let Some(aspect) = sheet.text(row, "aspect") {
        phrase = phrase.plain(format!(", {}", spelled(&aspect)));
    }
    if let Some(place) = sheet.text(row, "place") {
        phrase = phrase.plain(", ").name(basis.names.place(&place));
    }
    if let Some(group) = sheet.text(row, "group") {
        phrase = phrase.plain(" (").name(basis.names.group(&group)).plain(")");
    }
    phrase
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn scores(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Grid {
    let mut grid =
        Grid::new("Scores by subject, place and group", &["About", "Scale", "Actor", "Where and who", "Score", "Asked#", "State"]);
    for row in rows {
        let row = *row;
        let about = match (sheet.text(row, "about"), sheet.text(row, "aspect")) {
            (Some(about), Some(aspect)) => Cell::plain(&format!("{}: {}", spelled(&about), spelled(&aspect))),
            _ => shown::word(sheet, row, "about"),
        };
        grid.push(vec![
            about,
            sheet.text(row, "scale").map_or(Cell::Missing("not said"), |s| Cell::name(&s)),
            sheet.text(row, "actor").map_or(Cell::Missing("no actor"), |x| Cell::name(basis.names.of_kind("actor", &x))),
            shown::whereabouts(basis, sheet, row),
            bounded(sheet, row, "score", "lower", "upper"),
            shown::whole(sheet.number(row, "n")),
            shown::state(sheet, row),
        ]);
    }
    grid
}

fn scales(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Do the questions of a scale hold together? (alpha and omega: the nearer to 1, the more)",
        &["Scale", "About", "Questions#", "Respondents#", "Alpha", "Omega#", "State"],
    );
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "scale").map_or(Cell::Missing("not said"), |s| Cell::name(&s)),
            shown::word(&sheet, row, "about"),
            Cell::whole(sheet.number(row, "items")),
            shown::whole(sheet.number(row, "respondents")),
            interval(&sheet, row, "alpha"),
            shown::or(sheet.number(row, "omega"), "undefined"),
            shown::state(&sheet, row),
        ]);
    }
    grid
}
