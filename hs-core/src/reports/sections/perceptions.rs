//! What people perceive beside what indicators say: two figures, never one.

use super::{Basis, Sheet, falling, interval, shown};
use crate::reports::charts::{Axis, Dots, Figure, dots};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone};
use crate::tables::Outcome;

/// Rows that the picture holds.
const DRAWN: usize = 24;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("perceptions", "What people perceive, beside what is measured");
    let outcome = match basis.result("perception_gaps") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let known = |s: &Sheet<'_>| (0..s.rows()).any(|r| s.number(r, "perceived").is_some());
    let Some(sheet) = Sheet::main(outcome).filter(known) else {
        return Part::nothing(id, heading, "No perception is recorded that may be shown beside an indicator.");
    };
    let rows = sheet.sorted(|r| (sheet.number(r, "perceived").is_none(), falling(sheet.number(r, "gap").map(f64::abs))));
    let mut part = Part::new(id, heading, finding(basis, &sheet, &rows));
    part.text(
        "Perceptions are what people say of their own lives; indicators are what was observed. Both go from 0 to 1, the worse the higher. They stand side by \
         side and are never averaged: where they part, both are worth asking about. Few respondents are said to be thin, very few are not shown.",
    );
    part.chart(picture(basis, &sheet, &rows));
    part.fold(
        "Every threat, place and group, with exact tests",
        [gaps(basis, &sheet, &rows), agreement(basis, outcome), blind(basis, outcome)],
    );
    part
}

fn finding(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Phrase {
    let Some((row, gap)) = rows.iter().find_map(|r| sheet.number(*r, "gap").filter(|g| g.abs() > 0.0).map(|g| (*r, g))) else {
        return "What people perceive stands beside no indicator from which it could differ.".into();
    };
    let cell = shown::cell(basis, sheet, row);
    let mut phrase = Phrase::from("Perception and indicator part most on ").then(cell);
    if let (Some(perceived), Some(indicator)) = (sheet.number(row, "perceived"), sheet.number(row, "indicator")) {
        phrase = phrase.plain(" (people say ").number(perceived).plain(", the indicator ").number(indicator).plain(")");
    }
    let more = if gap > 0.0 { ": people feel it more than it is measured" } else { ": people feel it less than it is measured" };
    phrase.plain(more).plain(if sheet.text(row, "state").as_deref() == Some("thin") { "; few were asked." } else { "." })
}

fn picture(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Option<crate::reports::charts::Chart> {
    let mut drawn: Vec<usize> = rows.iter().copied().filter(|r| sheet.number(*r, "perceived").is_some()).take(DRAWN).collect();
    let more = rows.iter().filter(|r| sheet.number(**r, "perceived").is_some()).count() > drawn.len();
    // places together, within a place the widest first
    let place = |r: usize| sheet.text(r, "place").map(|p| basis.names.place(&p).to_owned()).unwrap_or_default();
    drawn.sort_by_key(|r| place(*r));
    let figure = |r: usize, value: &str, low: &str, high: &str| {
        let at = sheet.number(r, value)?;
        Some(Figure { at, range: sheet.number(r, low).zip(sheet.number(r, high)).filter(|(a, b)| a < b) })
    };
    let dotted: Vec<Dots> = drawn
        .into_iter()
        .map(|r| {
            let threat = sheet.text(r, "threat").unwrap_or_default();
            let group = sheet.text(r, "group").map(|g| format!(" ({})", basis.names.group(&g))).unwrap_or_default();
            Dots {
                under: place(r),
                label: format!("{}{group}", basis.names.threat(&threat)),
                first: figure(r, "perceived", "perceived_lower", "perceived_upper"),
                second: figure(r, "indicator", "indicator_lower", "indicator_upper"),
                word: match sheet.number(r, "n") {
                    Some(n) if sheet.text(r, "state").as_deref() == Some("thin") => format!("thin: {n:.0} asked"),
                    _ if sheet.number(r, "indicator").is_none() => "no indicator".into(),
                    Some(n) => format!("{n:.0} asked"),
                    None => String::new(),
                },
            }
        })
        .collect();
    let axis = Axis::share("not severe", "gravest");
    let mut chart =
        dots("Perceived beside measured", "What people perceive and what indicators say", ["perceived", "indicator"], &axis, &dotted)?;
    if more {
        chart.remarks.push("The picture shows the widest gaps; the table has the rest.".into());
    }
    Some(chart)
}

fn gaps(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Grid {
    let mut grid = Grid::new(
        "Perceived and indicator, the widest gap first",
        &[
            "Threat",
            "Where and who",
            "Perceived",
            "Indicator#",
            "Gap#",
            "Rank by people#",
            "Rank by indicator#",
            "Asked#",
            "Chance alone#",
            "State",
        ],
    );
    for row in rows {
        let row = *row;
        let rank = |column: &str| sheet.number(row, column).map_or(Cell::Missing("none"), |r| Cell::Number(super::agreement::step(r)));
        grid.push(vec![
            shown::threat(basis, sheet, row),
            shown::whereabouts(basis, sheet, row),
            interval(sheet, row, "perceived"),
            Cell::number(sheet.number(row, "indicator")),
            Cell::number(sheet.number(row, "gap")),
            rank("rank_perceived"),
            rank("rank_indicator"),
            Cell::whole(sheet.number(row, "n")),
            sheet.number(row, "p_value").map_or(Cell::Missing("not tested"), |p| Cell::number(Some(p))),
            shown::state(sheet, row),
        ]);
    }
    grid
}

fn agreement(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Agreement of perceptions with indicators, by place and group",
        &[
            "Where and who",
            "Threats#",
            "Kendall's tau#",
            "Spearman's rho#",
            "Chance alone#",
            "Weighted kappa#",
            "Perceived minus indicator",
        ],
    );
    let Some(sheet) = Sheet::of(outcome, "agreement") else { return grid };
    for row in 0..sheet.rows() {
        let bias = sheet.number(row, "bias");
        grid.push(vec![
            shown::whereabouts(basis, &sheet, row),
            Cell::whole(sheet.number(row, "n_threats")),
            shown::or(sheet.number(row, "kendall"), "undefined"),
            shown::or(sheet.number(row, "spearman"), "undefined"),
            shown::or(sheet.number(row, "p_value"), "not tested"),
            shown::or(sheet.number(row, "kappa"), "undefined"),
            match (bias, sheet.number(row, "limit_lower"), sheet.number(row, "limit_upper")) {
                (Some(bias), Some(low), Some(high)) => {
                    Cell::Text(Phrase::new().number(bias).plain(" (limits ").number(low).plain(" to ").number(high).plain(")"))
                }
                (bias, ..) => shown::or(bias, "undefined"),
            },
        ]);
    }
    grid
}

/// Where one of the two sees what the other does not.
fn blind(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Blind spots: what one of the two sees and the other does not",
        &["Threat", "Where and who", "What is missed", "Perceived#", "Indicator#", "What would help"],
    );
    let Some(sheet) = Sheet::of(outcome, "blind_spots") else { return grid };
    for row in 0..sheet.rows() {
        let kind = sheet.text(row, "kind");
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::whereabouts(basis, &sheet, row),
            kind.map_or(Cell::Missing("not said"), |k| Cell::Mark(Tone::Warning, crate::reports::document::spelled(&k))),
            Cell::number(sheet.number(row, "perceived")),
            Cell::number(sheet.number(row, "indicator")),
            shown::remark(&sheet, row, "advice"),
        ]);
    }
    grid
}
