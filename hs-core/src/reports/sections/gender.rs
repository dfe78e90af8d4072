//! Gaps between women and men, where they cross with age and status, and what was never told apart.

use super::{Basis, Sheet, falling, interval, shown};
use crate::reports::charts::{Axis, Dots, Figure, dots};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::reports::lettering::clipped;
use crate::tables::Outcome;

const DRAWN: usize = 20;
/// Missing disaggregations that stand open on the page.
const FIRST: usize = 5;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("gender-gaps", "Women and men");
    let outcome = match basis.result("gender_gaps") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let known = |s: &Sheet<'_>| {
        (0..s.rows()).any(|r| s.number(r, "severity_difference").is_some() || s.number(r, "prevalence_difference").is_some())
    };
    let gaps = Sheet::of(outcome, "gaps").filter(known);
    let missing = Sheet::of(outcome, "missing").filter(|s| s.rows() > 0);
    if gaps.is_none() && missing.is_none() {
        return Part::nothing(id, heading, "No threat has figures for women and men, and none is asked for.");
    }
    let mut part = Part::new(id, heading, finding(basis, gaps.as_ref()));
    if let Some(sheet) = &gaps {
        part.text(
            "Severity for the one and for the other stands on one line; a bar is an interval where persons were sampled. Figures of few people are not shown, and \
             with them whatever would tell them by subtraction.",
        );
        part.chart(picture(basis, sheet));
    }
    let [first, rest] = wanting(basis, missing.as_ref());
    part.table(first);
    let mut folded = Vec::new();
    if let Some(sheet) = &gaps {
        folded.push(table(basis, sheet));
    }
    folded.extend([intersections(basis, outcome), harms(basis, outcome), rest]);
    part.fold("Every gap; gender crossed with age and status; what interventions may do to whom", folded);
    part
}

fn finding(basis: &Basis<'_>, gaps: Option<&Sheet<'_>>) -> Phrase {
    let Some(sheet) = gaps else {
        return "No threat has figures for women and men apart: gaps between them cannot be seen.".into();
    };
    let row = sheet
        .sorted(|r| falling(sheet.number(r, "severity_difference").map(f64::abs)))
        .into_iter()
        .find(|r| sheet.number(*r, "severity_difference").is_some_and(|d| d != 0.0));
    let Some(row) = row else { return "No gap in severity between the two is known.".into() };
    let mut phrase = Phrase::from("The widest gap in severity is on ").then(shown::cell(basis, sheet, row));
    if let (Some(first), Some(second)) = (sheet.number(row, "severity_first"), sheet.number(row, "severity_second")) {
        let who = |column: &str, other: &str| sheet.text(row, column).map_or_else(|| other.to_owned(), |w| spelled(&w));
        phrase = phrase
            .plain(": ")
            .name(&who("first", "the first"))
            .plain(" ")
            .number(first)
            .plain(", ")
            .name(&who("second", "the second"))
            .plain(" ")
            .number(second);
    }
    phrase.plain(".")
}

fn picture(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Option<crate::reports::charts::Chart> {
    let rows = sheet.sorted(|r| falling(sheet.number(r, "severity_difference").map(f64::abs)));
    let drawn: Vec<Dots> = rows
        .into_iter()
        .filter(|r| sheet.number(*r, "severity_first").is_some() && sheet.number(*r, "severity_second").is_some())
        .take(DRAWN)
        .map(|r| {
            let figure = |column: &str| sheet.number(r, column).map(|at| Figure { at, range: None });
            let mut place = sheet.text(r, "place").map(|p| format!(", {}", basis.names.place(&p))).unwrap_or_default();
            if let Some(within) = sheet.text(r, "within") {
                place.push_str(&format!(" ({})", spelled(&within)));
            }
            Dots {
                under: String::new(),
                label: format!("{}{place}", basis.names.threat(&sheet.text(r, "threat").unwrap_or_default())),
                first: figure("severity_first"),
                second: figure("severity_second"),
                word: match sheet.text(r, "state").as_deref() {
                    None | Some("value") => String::new(),
                    Some(word) => spelled(word),
                },
            }
        })
        .collect();
    let words = match (sheet.text(0, "first").as_deref(), sheet.text(0, "second").as_deref()) {
        (Some("female"), Some("male")) => ["women", "men"],
        (Some("male"), Some("female")) => ["men", "women"],
        _ => ["the first", "the second"],
    };
    dots("Gaps", "Severity for the one and the other", words, &Axis::share("not severe", "gravest"), &drawn)
}

fn table(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Gaps by threat and place: the first less the second",
        &["Threat", "Where", "First and second", "Severity", "Prevalence", "Severity ratio", "State"],
    );
    for row in sheet.sorted(|r| falling(sheet.number(r, "severity_difference").map(f64::abs))) {
        let pair: Vec<String> = ["first", "second"].iter().filter_map(|c| sheet.text(row, c)).map(|w| spelled(&w)).collect();
        grid.push(vec![
            shown::threat(basis, sheet, row),
            match sheet.text(row, "within") {
                Some(within) => Cell::Text(
                    Phrase::new()
                        .name(basis.names.place(&sheet.text(row, "place").unwrap_or_default()))
                        .plain(" (")
                        .name(&spelled(&within))
                        .plain(")"),
                ),
                None => shown::whereabouts(basis, sheet, row),
            },
            Cell::Text(Phrase::new().names(pair.iter().map(String::as_str), 2)),
            interval(sheet, row, "severity_difference"),
            interval(sheet, row, "prevalence_difference"),
            interval(sheet, row, "severity_ratio"),
            shown::state(sheet, row),
        ]);
    }
    grid
}

fn wanting(basis: &Basis<'_>, sheet: Option<&Sheet<'_>>) -> [Grid; 2] {
    let headings = ["Threat", "Where", "What is not told apart", "What would help"];
    let mut grids = [Grid::new("What was never told apart", &headings), Grid::new("Further figures that were not told apart", &headings)];
    let Some(sheet) = sheet else { return grids };
    // all that is wanted of one threat in one place stands in one row
    let mut cells: Vec<(Option<String>, Option<String>, Vec<usize>)> = Vec::new();
    for row in 0..sheet.rows() {
        let (threat, place) = (sheet.text(row, "threat"), sheet.text(row, "place"));
        match cells.iter_mut().find(|(t, p, _)| *t == threat && *p == place) {
            Some((.., rows)) => rows.push(row),
            None => cells.push((threat, place, vec![row])),
        }
    }
    for (i, (.., rows)) in cells.into_iter().enumerate() {
        let Some(row) = rows.first().copied() else { continue };
        let wanted: Vec<String> = rows.iter().flat_map(|r| sheet.list(*r, "wanted")).map(|w| spelled(&w)).collect();
        let mut advice: Vec<String> = rows.iter().filter_map(|r| sheet.text(*r, "advice")).collect();
        advice.dedup();
        let cells = vec![
            shown::threat(basis, sheet, row),
            shown::whereabouts(basis, sheet, row),
            if wanted.is_empty() { Cell::Missing("not said") } else { Cell::Mark(Tone::Warning, clipped(&wanted.join("; "), 160)) },
            Cell::Lines(advice.iter().map(|a| Phrase::new().remark(a)).collect()),
        ];
        if let Some(grid) = grids.get_mut(usize::from(i >= FIRST)) {
            grid.push(cells);
        }
    }
    grids
}

fn intersections(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Where gender, age and status cross",
        &["Threat", "Where", "Gender", "Age", "Status", "Severity#", "Prevalence#", "Asked#", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "intersections") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "severity"))) {
        let tag = |column: &str| sheet.text(row, column).map_or(Cell::Missing("all"), |w| Cell::name(&spelled(&w)));
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::whereabouts(basis, &sheet, row),
            tag("gender"),
            tag("age"),
            tag("status"),
            Cell::number(sheet.number(row, "severity")),
            Cell::number(sheet.number(row, "prevalence")),
            sheet.number(row, "n").map_or(Cell::Missing("not said"), |n| Cell::whole(Some(n))),
            shown::state(&sheet, row),
        ]);
    }
    grid
}

fn harms(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "What interventions may do to one and not to the other",
        &["Intervention", "To whom", "On what", "Outcome", "Who says so"],
    );
    let Some(sheet) = Sheet::of(outcome, "harms") else { return grid };
    for row in 0..sheet.rows() {
        let on = match (sheet.text(row, "threat"), sheet.text(row, "component")) {
            (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
            (None, Some(component)) => Cell::plain(&spelled(&component)),
            _ => Cell::Missing("not said"),
        };
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            sheet.text(row, "group").map_or(Cell::plain("everyone"), |g| Cell::name(basis.names.group(&g))),
            on,
            shown::remark(&sheet, row, "outcome"),
            match sheet.text(row, "source").as_deref() {
                Some("declared") => Cell::plain("the assessment"),
                Some("table-iii") => Cell::plain("the handbook's Table III, for any such intervention"),
                Some(word) => Cell::plain(&spelled(word)),
                None => Cell::Missing("not said"),
            },
        ]);
    }
    grid
}
