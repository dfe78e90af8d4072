//! The handbook's matrix: components by level and kind of people, with capacities; and what comes first by need and by what can be done.

use std::collections::BTreeSet;

use super::{Basis, Sheet, falling, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, State, Tile, Tone, spelled};
use crate::reports::lettering::clipped;
use crate::tables::Outcome;

const COMPONENTS: [&str; 7] = ["economic", "food", "health", "environmental", "personal", "community", "political"];
const LEVELS: [&str; 3] = ["national", "district", "local"];
/// Rows of the list of priorities that stand open on the page.
const FIRST: usize = 10;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("matrix", "The matrix: components, levels and people");
    let outcome = match basis.result("matrix") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let known = |s: &Sheet<'_>| (0..s.rows()).any(|r| s.number(r, "severity").is_some() || s.number(r, "prevalence").is_some());
    let Some(sheet) = Sheet::of(outcome, "roll_up").filter(known) else {
        return Part::nothing(id, heading, "No condition is recorded, so no cell of the matrix holds a figure.");
    };
    let mut part = Part::new(id, heading, finding(basis, outcome, &sheet));
    part.text(
        "Each cell says how bad things are for those affected (severity, the first figure and the shade) and what share of people is affected (prevalence, the \
         second), from 0 to 1. “In part” (a dotted frame) means that some of the places have no figure. A dashed frame is thin: little evidence. Hatched is suppressed: too few people to show without telling on them. Empty means that \
         nobody recorded anything, which is not the same as nothing being wrong.",
    );
    let mut bare: Vec<&str> = Vec::new();
    for level in levels(&sheet) {
        match table(basis, outcome, &sheet, &level) {
            Some(grid) => part.table(grid),
            None => bare.extend(LEVELS.iter().filter(|l| **l == level)),
        }
    }
    bare.extend(LEVELS.iter().filter(|l| !levels(&sheet).iter().any(|x| x == *l)));
    if !bare.is_empty() {
        part.text(Phrase::from("Nothing is recorded at this level: ").plain(bare.join(", ")).plain("."));
    }
    let [first, rest] = priorities(basis, outcome);
    part.table(first);
    part.fold("The rest of the list, and what dropped out", [rest]);
    part.fold(
        "The matrix place by place, with persons, evidence and where it comes from",
        [places(basis, outcome), capacities(basis, outcome)],
    );
    part.fold("How unequal it is between and within places", [differences(basis, outcome), inequality(outcome)]);
    part
}

/// Levels in the handbook's order, any further ones after them.
fn levels(sheet: &Sheet<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for level in (0..sheet.rows()).filter_map(|r| sheet.text(r, "level")) {
        if !found.contains(&level) {
            found.push(level);
        }
    }
    found.sort_by_key(|l| LEVELS.iter().position(|k| k == l).unwrap_or(LEVELS.len()));
    found
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, sheet: &Sheet<'_>) -> Phrase {
    let gravest = (0..sheet.rows())
        .filter(|r| sheet.number(*r, "severity").is_some() && State::of(&state(sheet, *r)) != State::Suppressed)
        .min_by_key(|r| falling(sheet.number(*r, "severity")));
    let mut phrase = match gravest {
        Some(row) => {
            let mut phrase = Phrase::from("The gravest cell of the matrix is ").plain(sheet.text(row, "component").unwrap_or_default());
            if let Some(level) = sheet.text(row, "level") {
                phrase = phrase.plain(format!(" security at {} level", spelled(&level)));
            }
            if let Some(who) = whom(sheet, row) {
                phrase = phrase.plain(", among ").quoted(&who);
            }
            phrase = phrase.plain(" (severity ").number(sheet.number(row, "severity").unwrap_or_default());
            if let Some(prevalence) = sheet.number(row, "prevalence") {
                phrase = phrase.plain(", prevalence ").number(prevalence);
            }
            phrase.plain(")")
        }
        None => Phrase::from("No severity is known in any cell of the matrix"),
    };
    if let Some(list) = Sheet::of(outcome, "priorities").filter(|s| s.rows() > 0) {
        if let Some(row) = list.sorted(|r| falling(list.number(r, "rank_need").map(|x| -x))).first() {
            phrase = phrase.plain("; by need, ").then(shown::cell(basis, &list, *row)).plain(" comes first");
        }
        if (0..list.rows()).any(|r| list.flag(r, "dropped") == Some(true)) {
            phrase = phrase.plain("; needs that drop out for want of what can be done stay in the list");
        }
    }
    phrase.plain(".")
}

fn state(sheet: &Sheet<'_>, row: usize) -> String {
    let known = sheet.number(row, "severity").is_some() || sheet.number(row, "prevalence").is_some();
    sheet.text(row, "state").unwrap_or_else(|| if known { "value" } else { "empty" }.into())
}

/// The kind of people of a row; none for everyone.
fn whom(sheet: &Sheet<'_>, row: usize) -> Option<String> {
    sheet.text(row, "value").filter(|v| v != "all" && sheet.text(row, "dimension").as_deref() != Some("all"))
}

/// One level: components down, kinds of people across, capacities last; none where nothing at all is recorded.
fn table(basis: &Basis<'_>, outcome: &Outcome, sheet: &Sheet<'_>, level: &str) -> Option<Grid> {
    let rows: Vec<usize> = (0..sheet.rows()).filter(|r| sheet.text(*r, "level").as_deref() == Some(level)).collect();
    let says = |r: &usize| !matches!(State::of(&state(sheet, *r)), State::Empty | State::NotApplicable);
    if !rows.iter().any(says) {
        return None;
    }
    let mut dimensions: Vec<String> = Vec::new();
    for dimension in rows.iter().filter_map(|r| sheet.text(*r, "dimension")) {
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
    }
    dimensions.sort_by_key(|d| ["all", "gender", "age", "status"].iter().position(|k| k == d).unwrap_or(4));
    let strengths = Sheet::of(outcome, "capacities");
    let with: BTreeSet<String> = strengths
        .iter()
        .flat_map(|s| (0..s.rows()).filter(|r| s.text(*r, "level").as_deref() == Some(level)).filter_map(|r| s.text(r, "component")))
        .collect();
    let mut headings = vec!["Component".to_owned()];
    headings.extend(dimensions.iter().map(|d| match d.as_str() {
        "all" => "Everyone".into(),
        "gender" => "By gender".into(),
        "age" => "By age".into(),
        "status" => "By status".into(),
        other => format!("By {}", spelled(other)),
    }));
    headings.push("Capacities".into());
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let caption = format!("{} level: severity and prevalence by component and kind of people", super::capital(level));
    let mut grid = Grid::new(caption.as_str(), &headings);
    grid.steady = true;
    let mut components: Vec<String> = COMPONENTS.map(str::to_owned).into();
    components.extend(
        rows.iter().filter_map(|r| sheet.text(*r, "component")).filter(|c| !COMPONENTS.contains(&c.as_str())).collect::<BTreeSet<_>>(),
    );
    for component in components {
        let of = |r: &&usize| sheet.text(**r, "component").as_deref() == Some(component.as_str());
        let mut row = vec![Cell::plain(&component)];
        for dimension in &dimensions {
            let tiles: Vec<Tile> = rows
                .iter()
                .filter(of)
                .filter(|r| sheet.text(**r, "dimension").as_ref() == Some(dimension))
                .map(|r| tile(sheet, *r, dimension))
                .collect();
            row.push(folded(tiles));
        }
        row.push(match strengths.as_ref().filter(|_| with.contains(&component)) {
            Some(s) => strength(basis, s, level, &component),
            None => Cell::Missing("none recorded"),
        });
        grid.push(row);
    }
    Some(grid)
}

fn tile(sheet: &Sheet<'_>, row: usize, dimension: &str) -> Tile {
    let label = match whom(sheet, row) {
        Some(value) if dimension != "all" => Phrase::new().name(&spelled(&value)),
        _ => Phrase::new(),
    };
    Tile {
        label,
        state: State::of(&state(sheet, row)),
        severity: sheet.number(row, "severity"),
        prevalence: sheet.number(row, "prevalence"),
    }
}

/// The tiles of one cell; those that are all empty, or all not applicable, are said once.
fn folded(tiles: Vec<Tile>) -> Cell {
    let first = tiles.first().map(|t| t.state);
    match first {
        None => Cell::Missing("empty"),
        Some(state @ (State::Empty | State::NotApplicable)) if tiles.iter().all(|t| t.state == state) => {
            Cell::Tiles(vec![Tile { label: Phrase::new(), state, severity: None, prevalence: None }])
        }
        Some(_) => Cell::Tiles(tiles),
    }
}

/// Counts of capacities by pillar; coping that harms apart.
fn strength(basis: &Basis<'_>, sheet: &Sheet<'_>, level: &str, component: &str) -> Cell {
    let rows = (0..sheet.rows())
        .filter(|r| sheet.text(*r, "level").as_deref() == Some(level) && sheet.text(*r, "component").as_deref() == Some(component));
    let mut lines: Vec<Phrase> = Vec::new();
    for row in rows {
        let pillar = sheet.text(row, "pillar").map_or_else(|| "pillar not said".into(), |p| spelled(&p));
        let value = sheet.number(row, "capacity");
        if let Some(count) = sheet.number(row, "count").filter(|c| *c > 0.0) {
            let mut line = Phrase::new().plain(format!("{pillar}: ")).whole(count);
            if let Some(value) = value {
                line = line.plain(" (level ").number(value).plain(")");
            }
            if let Some(place) = sheet.text(row, "place") {
                line = line.plain(", ").name(basis.names.place(&place));
            }
            lines.push(line);
        }
        if let Some(harmful) = sheet.number(row, "harmful_coping").filter(|c| *c > 0.0) {
            lines.push(Phrase::from("coping that harms: ").whole(harmful));
        }
    }
    lines.dedup();
    if lines.is_empty() { Cell::Missing("none recorded") } else { Cell::Lines(lines) }
}

/// What comes first by need, then by what can be done: the first rows, and the rest.
fn priorities(basis: &Basis<'_>, outcome: &Outcome) -> [Grid; 2] {
    let headings = ["What", "Where and who", "Rank by need#", "Need#", "Class", "Feasible", "Rank among the feasible"];
    let mut grids = [
        Grid::new("Needs first, feasibility second: what comes first, and what drops out on the way", &headings),
        Grid::new("Further needs", &headings),
    ];
    let Some(sheet) = Sheet::of(outcome, "priorities") else { return grids };
    let rows = sheet.sorted(|r| falling(sheet.number(r, "rank_need").map(|x| -x)));
    for (i, row) in rows.into_iter().enumerate() {
        let dropped = sheet.flag(row, "dropped") == Some(true);
        let why = sheet.text(row, "why").filter(|w| !w.is_empty());
        let cells = vec![
            shown::threat(basis, &sheet, row),
            shown::whereabouts(basis, &sheet, row),
            Cell::whole(sheet.number(row, "rank_need")),
            Cell::number(sheet.number(row, "need")),
            shown::word(&sheet, row, "class"),
            shown::word(&sheet, row, "feasibility"),
            match (dropped, why, sheet.number(row, "rank_feasible")) {
                (true, Some(why), _) => Cell::Mark(Tone::Warning, format!("dropped out: {}", clipped(&spelled(&why), 160))),
                (true, None, _) => Cell::Mark(Tone::Warning, "dropped out".into()),
                (false, _, Some(rank)) => Cell::Number(super::agreement::step(rank)),
                (false, ..) => Cell::Missing("not ranked"),
            },
        ];
        if let Some(grid) = grids.get_mut(usize::from(i >= FIRST)) {
            grid.push(cells);
        }
    }
    grids
}

fn places(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "The matrix place by place, the gravest first",
        &["Component", "Where", "For whom", "Severity#", "Prevalence#", "Persons", "Evidence#", "Kinds of source", "Worst threat", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "matrix") else { return grid };
    let says = |r: &usize| !matches!(State::of(&state(&sheet, *r)), State::Empty | State::NotApplicable);
    for row in sheet.sorted(|r| falling(sheet.number(r, "severity"))).into_iter().filter(says) {
        let [low, high] = ["persons_low", "persons_high"].map(|c| sheet.number(row, c));
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            sheet.text(row, "place").map_or(Cell::plain("everywhere"), |p| Cell::name(basis.names.place(&p))),
            whom(&sheet, row).map_or(Cell::plain("everyone"), |v| Cell::name(&spelled(&v))),
            Cell::number(sheet.number(row, "severity")),
            Cell::number(sheet.number(row, "prevalence")),
            super::doubt::persons(sheet.number(row, "persons"), low, high),
            Cell::whole(sheet.number(row, "evidence")),
            shown::words(&sheet, row, "kinds", "not said"),
            ["worst_threat", "worst"]
                .iter()
                .find_map(|c| sheet.text(row, c))
                .map_or(Cell::Missing("none"), |t| Cell::name(basis.names.threat(&t))),
            shown::state(&sheet, row),
        ]);
    }
    grid
}

fn capacities(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Capacities by component and place; coping that harms is counted apart",
        &["Component", "Where", "Pillar", "Capacities#", "Coping that harms#"],
    );
    let Some(sheet) = Sheet::of(outcome, "capacities") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            sheet.text(row, "place").map_or(Cell::plain("everywhere"), |p| Cell::name(basis.names.place(&p))),
            shown::word(&sheet, row, "pillar"),
            Cell::whole(sheet.number(row, "count")),
            Cell::whole(sheet.number(row, "harmful_coping")),
        ]);
    }
    grid
}

fn differences(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Differences within and between communities, the widest first (with intervals where persons were sampled)",
        &["What", "Measure", "First", "Second", "Difference", "Ratio"],
    );
    let Some(sheet) = Sheet::of(outcome, "differences") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "difference").map(f64::abs))) {
        let named = |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |x| Cell::name(basis.names.who(&x)));
        let what = match (sheet.text(row, "threat"), sheet.text(row, "component")) {
            (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
            (None, Some(component)) => Cell::plain(&component),
            _ => Cell::Missing("not said"),
        };
        grid.push(vec![
            what,
            shown::word(&sheet, row, "measure"),
            named("first"),
            named("second"),
            super::interval(&sheet, row, "difference"),
            super::interval(&sheet, row, "ratio"),
        ]);
    }
    grid
}

fn inequality(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Inequality by component, parted exactly into what lies between places and within them (0: all alike)",
        &["Component", "Measure", "Theil#", "Within#", "Between#", "Gini#", "Gini within#", "Gini between#"],
    );
    let Some(sheet) = Sheet::of(outcome, "inequality") else { return grid };
    for row in (0..sheet.rows()).filter(|r| sheet.number(*r, "theil").is_some() || sheet.number(*r, "gini").is_some()) {
        let number = |column: &str| shown::or(sheet.number(row, column), "undefined");
        grid.push(vec![
            shown::word(&sheet, row, "component"),
            shown::word(&sheet, row, "measure"),
            number("theil"),
            number("theil_within"),
            number("theil_between"),
            number("gini"),
            number("gini_within"),
            number("gini_between"),
        ]);
    }
    grid
}
