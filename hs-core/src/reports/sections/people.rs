//! How many people cross the threshold, up and down: two figures, never one.

use super::{Basis, Sheet, doubt, falling, larger};
use crate::reports::charts::{Estimate, Moved, Sides, people};
use crate::reports::document::{Cell, Grid, Part, Phrase};
use crate::reports::lettering::clipped;
use crate::tables::Outcome;

/// Interventions that get a picture; the tables hold all.
const MOST_PICTURES: usize = 4;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("people", "How many people are lifted, and how many are pushed down");
    let outcome = match basis.result("people") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    if let Some(sheet) = Sheet::of(outcome, "people").filter(asked) {
        return surveyed(basis, outcome, &sheet, Part::new(id, heading, Phrase::new()));
    }
    match Sheet::of(outcome, "prevalence").filter(|s| s.rows() > 0) {
        Some(sheet) => prevalence(basis, &sheet, Part::new(id, heading, Phrase::new())),
        None => Part::new(id, heading, "No number of persons can be told: nobody's prevalence is known where an intervention acts.".into()),
    }
}

/// Whether a survey stands behind the rows: without one they name whom they would speak of, and hold no figure.
fn asked(sheet: &Sheet<'_>) -> bool {
    (0..sheet.rows()).any(|r| {
        sheet.flag(r, "suppressed") == Some(true) || ["lifted", "pushed", "n", "below_before"].iter().any(|c| sheet.number(r, c).is_some())
    })
}

/// Interventions in the order of the table; none is all of them together.
fn interventions(sheet: &Sheet<'_>) -> Vec<Option<String>> {
    let mut ids = Vec::new();
    for row in 0..sheet.rows() {
        let id = sheet.text(row, "intervention");
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn named(basis: &Basis<'_>, id: Option<&str>) -> String {
    id.map_or("All interventions together".to_owned(), |id| basis.names.intervention(id).to_owned())
}

fn rows_of(sheet: &Sheet<'_>, id: &Option<String>) -> Vec<usize> {
    (0..sheet.rows()).filter(|r| sheet.text(*r, "intervention") == *id).collect()
}

/// A column or the first of several names.
fn first_number(sheet: &Sheet<'_>, row: usize, columns: [&str; 2]) -> Option<f64> {
    columns.iter().find_map(|c| sheet.number(row, c))
}

/// Who a row speaks of, as words of a picture.
fn who(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> String {
    let place = sheet.text(row, "place").map(|p| clipped(basis.names.place(&p), 80));
    let group = sheet.text(row, "group").map(|g| clipped(basis.names.group(&g), 80));
    match (place, group) {
        (Some(place), Some(group)) => format!("{group}, {place}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "Everyone".into(),
    }
}

fn surveyed(basis: &Basis<'_>, outcome: &Outcome, sheet: &Sheet<'_>, mut part: Part) -> Part {
    let side = |row: usize, side: &str| Estimate {
        value: sheet.number(row, side),
        lower: sheet.number(row, &format!("{side}_lower")),
        upper: sheet.number(row, &format!("{side}_upper")),
    };
    let suppressed = |row: usize| sheet.flag(row, "suppressed") == Some(true);
    let most = (0..sheet.rows()).filter(|r| !suppressed(*r)).fold(None, |best: Option<(usize, f64)>, r| {
        let lifted = sheet.number(r, "lifted").unwrap_or(0.0);
        if best.is_some_and(|(_, b)| b >= lifted) { best } else { Some((r, lifted)) }
    });
    part.finding = match most.filter(|(_, lifted)| *lifted > 0.0) {
        None if (0..sheet.rows()).any(|r| sheet.number(r, "lifted").is_some()) => {
            "By the survey, no intervention lifts anyone above the threshold, as far as figures are shown.".into()
        }
        None => "How many the interventions lift cannot be told from this survey; the table gives what is known.".into(),
        Some((row, lifted)) => {
            let phrase = Phrase::new()
                .quoted(&named(basis, sheet.text(row, "intervention").as_deref()))
                .plain(" lifts most people above the threshold in one row of the table: ")
                .whole(lifted)
                .plain(" (")
                .name(&who(basis, sheet, row))
                .plain(")");
            match sheet.number(row, "pushed") {
                Some(pushed) if pushed > 0.0 => phrase.plain("; in the same row it pushes ").whole(pushed).plain(" below."),
                Some(_) => phrase.plain("; in the same row it pushes nobody below."),
                None => phrase.plain("."),
            }
        }
    };
    part.text(
        "The survey's people are scored, the change that an intervention brings is carried to what the survey measures, and everyone is scored again. \
         Lifted and pushed are two groups of people and are never set off against each other. Who exactly crosses is not known: at random is the \
         answer, nearest the threshold the most favourable one, farthest the least.",
    );
    const SIDES: Sides = Sides { lifted: "lifted", pushed: "pushed below", line: "the threshold" };
    let mut grid = Grid::new(
        "Persons lifted above the threshold and pushed below it, by place and group, with intervals",
        &["Intervention", "Who", "Lifted", "Pushed below", "Lifted: nearest, farthest", "Pushed: nearest, farthest", "Coverage#"],
    );
    for (at, id) in interventions(sheet).iter().enumerate() {
        let rows = rows_of(sheet, id);
        let name = named(basis, id.as_deref());
        if at < MOST_PICTURES {
            let moved: Vec<Moved> = rows
                .iter()
                .filter(|r| !suppressed(**r))
                .map(|r| Moved { label: who(basis, sheet, *r), lifted: side(*r, "lifted"), pushed: side(*r, "pushed") })
                .collect();
            part.picture_of(people(&format!("Persons lifted and pushed: {name}"), &SIDES, &moved), &name);
        }
        for row in rows {
            let hidden = suppressed(row);
            let figure = |column: &str| {
                let of = side(row, column);
                if hidden && of.value.is_none() {
                    Cell::Missing("suppressed: too few asked")
                } else {
                    doubt::persons(of.value, of.lower, of.upper)
                }
            };
            let range = |column: &str| {
                let ends = [format!("{column}_nearest"), format!("{column}_farthest")].map(|c| sheet.number(row, &c));
                match ends {
                    [Some(nearest), Some(farthest)] => Cell::Text(Phrase::new().whole(nearest).plain(", ").whole(farthest)),
                    _ => Cell::Missing("not told"),
                }
            };
            grid.push(vec![
                Cell::name(&name),
                Cell::name(&who(basis, sheet, row)),
                figure("lifted"),
                figure("pushed"),
                range("lifted"),
                range("pushed"),
                Cell::number(sheet.number(row, "coverage")),
            ]);
        }
    }
    part.table(grid);
    part.table(indicators(basis, outcome));
    part.table(unmoved(basis, outcome));
    part
}

fn indicators(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Which indicator moved them: share deprived before and after",
        &["Intervention", "Indicator", "Measures", "Who", "Before", "After", "Lifted", "Pushed below"],
    );
    let Some(sheet) = Sheet::of(outcome, "indicators") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            Cell::name(&named(basis, sheet.text(row, "intervention").as_deref())),
            sheet.text(row, "indicator").map_or(Cell::Missing("not said"), |i| Cell::name(&i)),
            sheet.text(row, "threat").map_or(Cell::Missing("not said"), |t| Cell::name(basis.names.threat(&t))),
            Cell::name(&who(basis, &sheet, row)),
            Cell::share(sheet.number(row, "before")),
            Cell::share(sheet.number(row, "after")),
            doubt::persons(sheet.number(row, "lifted"), sheet.number(row, "lifted_lower"), sheet.number(row, "lifted_upper")),
            doubt::persons(sheet.number(row, "pushed"), sheet.number(row, "pushed_lower"), sheet.number(row, "pushed_upper")),
        ]);
    }
    grid
}

fn unmoved(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Indicators that could not be moved, and why", &["Indicator", "Who", "Why"]);
    let Some(sheet) = Sheet::of(outcome, "unmoved") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet
                .text(row, "indicator")
                .or_else(|| sheet.text(row, "threat"))
                .map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.threat(&i))),
            Cell::name(&who(basis, &sheet, row)),
            sheet.text(row, "reason").map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t))),
        ]);
    }
    grid
}

/// Without a survey: how the prevalence of each threat moves with its severity.
fn prevalence(basis: &Basis<'_>, sheet: &Sheet<'_>, mut part: Part) -> Part {
    let better = |r: usize| first_number(sheet, r, ["persons_better", "lifted"]);
    let worse = |r: usize| first_number(sheet, r, ["persons_worse", "pushed"]);
    let largest = |of: &dyn Fn(usize) -> Option<f64>| {
        (0..sheet.rows())
            .filter_map(|r| Some((r, of(r)?)))
            .filter(|(_, n)| *n >= 0.5)
            .fold(None, |best: Option<(usize, f64)>, next| if best.is_some_and(|b| b.1 >= next.1) { best } else { Some(next) })
    };
    let told = |(row, persons): (usize, f64), verb: &str| {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        Phrase::new()
            .quoted(&named(basis, sheet.text(row, "intervention").as_deref()))
            .plain(format!(" {verb} "))
            .whole(persons)
            .plain(" persons by ")
            .then(basis.names.cell(&sheet.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref()))
    };
    part.finding = match (largest(&better), largest(&worse)) {
        (Some(up), Some(down)) => told(up, "may free").plain("; ").then(told(down, "may add")).plain(" to those affected."),
        (Some(up), None) => told(up, "may free").plain("; no threat was found to affect more people than today."),
        (None, Some(down)) => told(down, "may add").plain(" to those affected; nobody was found to be freed."),
        (None, None) => {
            "No change in the number of people affected can be told: prevalence or persons are not known where the interventions act."
                .into()
        }
    };
    part.text(
        "No survey stands behind this: the share of people that a threat affects is moved with its severity. It counts people affected by one threat, \
         not people who cross a threshold of many deprivations, so numbers of different threats must not be added. Freed and newly affected are two \
         groups of people and are never set off against each other.",
    );
    const SIDES: Sides = Sides { lifted: "freed", pushed: "newly affected", line: "the number affected today" };
    let mut grid = Grid::new(
        "Persons affected by each threat, freed and newly affected",
        &["Intervention", "Threat", "Where and who", "Share before", "Share after", "Freed", "Newly affected"],
    );
    for (at, id) in interventions(sheet).iter().enumerate() {
        let mut rows = rows_of(sheet, id);
        rows.sort_by_key(|r| falling(larger(better(*r), worse(*r))));
        let name = named(basis, id.as_deref());
        let estimate = |r: usize, of: [&str; 2]| {
            let end = |end: &str| of.iter().find_map(|c| sheet.number(r, &format!("{c}_{end}")));
            Estimate { value: first_number(sheet, r, of), lower: end("lower"), upper: end("upper") }
        };
        let moves = |r: &usize| better(*r).is_some_and(|n| n >= 0.5) || worse(*r).is_some_and(|n| n >= 0.5);
        if at < MOST_PICTURES {
            let moved: Vec<Moved> = rows
                .iter()
                .filter(|r| moves(r))
                .map(|r| Moved {
                    label: format!(
                        "{}, {}",
                        clipped(basis.names.threat(&sheet.text(*r, "threat").unwrap_or_default()), 80),
                        who(basis, sheet, *r)
                    ),
                    lifted: estimate(*r, ["persons_better", "lifted"]),
                    pushed: estimate(*r, ["persons_worse", "pushed"]),
                })
                .collect();
            part.picture_of(people(&format!("Persons freed and newly affected: {name}"), &SIDES, &moved), &name);
        }
        for row in rows {
            let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
            let figure = |of: [&str; 2]| {
                let e = estimate(row, of);
                doubt::persons(e.value, e.lower, e.upper)
            };
            grid.push(vec![
                Cell::name(&name),
                Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
                basis.names.where_cell(place.as_deref(), group.as_deref()),
                Cell::share(sheet.number(row, "before")),
                Cell::share(sheet.number(row, "after")),
                figure(["persons_better", "lifted"]),
                figure(["persons_worse", "pushed"]),
            ]);
        }
    }
    part.table(grid);
    part
}
