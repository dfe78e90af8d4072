//! Where interventions and policies pull against each other, repeat each other, or stand in for the state.

use super::externalities::horizon_word;
use super::{Basis, Sheet, fact, falling};
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, Tone, spelled};
use crate::reports::lettering::decimal;
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("policy-coherence", "Where policies pull against each other");
    let outcome = match basis.result("policy_coherence") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let mut part = Part::new(id, heading, finding(basis, outcome));
    part.table(conflicts(basis, outcome));
    part.table(tensions(basis, outcome));
    part.table(duplicates(basis, outcome));
    part.table(substitution(basis, outcome));
    roles(basis, outcome, &mut part);
    part
}

fn finding(basis: &Basis<'_>, outcome: &Outcome) -> Phrase {
    let worst = Sheet::of(outcome, "conflicts").and_then(|s| {
        let row = *s.sorted(|r| falling(s.number(r, "worse").map(f64::abs))).first()?;
        let (place, group) = (s.text(row, "place"), s.text(row, "group"));
        let name = |column: &str| s.text(row, column).unwrap_or_default();
        Some(
            Phrase::new()
                .quoted(basis.names.intervention(&name("better_by")))
                .plain(" eases and ")
                .quoted(basis.names.intervention(&name("worse_by")))
                .plain(" worsens ")
                .then(basis.names.cell(&name("threat"), place.as_deref(), group.as_deref())),
        )
    });
    let tensions = fact(outcome, "tensions").unwrap_or(0.0) > 0.0;
    match (worst, tensions) {
        (Some(phrase), true) => phrase.plain(": the strongest pull apart; some effects also turn from good to harm over time."),
        (Some(phrase), false) => phrase.plain(": the strongest pull apart."),
        (None, true) => "No two interventions pull one threat apart, but some effects turn from good to harm over time.".into(),
        (None, false) => "No two interventions were found to pull one threat in opposite directions.".into(),
    }
}

fn name(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize, column: &str) -> Cell {
    sheet.text(row, column).map_or(Cell::Missing("not said"), |id| Cell::name(basis.names.intervention(&id)))
}

fn place(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    basis.names.where_cell(sheet.text(row, "place").as_deref(), sheet.text(row, "group").as_deref())
}

fn threat(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    sheet.text(row, "threat").map_or(Cell::Missing("not said"), |id| Cell::name(basis.names.threat(&id)))
}

fn side(sheet: &Sheet<'_>, row: usize, column: &str, tone: Tone) -> Cell {
    match sheet.number(row, column) {
        None => Cell::Missing("without a number"),
        Some(x) => Cell::Mark(tone, format!("{column} by {}", decimal(x.abs()))),
    }
}

fn when(sheet: &Sheet<'_>, row: usize, column: &str) -> String {
    sheet.text(row, column).map_or("not said".into(), |h| horizon_word(&h))
}

/// One row a pair and cell: the horizon at which the harm is largest.
fn conflicts(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Conflicts: one threat pushed in opposite directions, each at the horizon where the harm is largest; the two are not set off against each other",
        &["Eased by", "Worsened by", "Threat", "Where and who", "Better", "Worse", "Horizon", "Persons#"],
    );
    let Some(sheet) = Sheet::of(outcome, "conflicts") else { return grid };
    let mut seen = std::collections::BTreeSet::new();
    for row in sheet.sorted(|r| falling(sheet.number(r, "worse").map(f64::abs))) {
        if !seen.insert(["better_by", "worse_by", "threat", "place", "group"].map(|c| sheet.text(row, c))) {
            continue;
        }
        grid.push(vec![
            name(basis, &sheet, row, "better_by"),
            name(basis, &sheet, row, "worse_by"),
            threat(basis, &sheet, row),
            place(basis, &sheet, row),
            side(&sheet, row, "better", Tone::Better),
            side(&sheet, row, "worse", Tone::Worse),
            Cell::plain(&when(&sheet, row, "horizon")),
            Cell::whole(sheet.number(row, "persons")),
        ]);
    }
    grid
}

fn tensions(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Tensions over time: good at one horizon, harm at another",
        &["Intervention", "Threat", "Where and who", "Better", "When", "Worse", "When it harms"],
    );
    let Some(sheet) = Sheet::of(outcome, "tensions") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "worse").map(f64::abs))) {
        grid.push(vec![
            name(basis, &sheet, row, "intervention"),
            threat(basis, &sheet, row),
            place(basis, &sheet, row),
            side(&sheet, row, "better", Tone::Better),
            Cell::plain(&when(&sheet, row, "better_at")),
            side(&sheet, row, "worse", Tone::Worse),
            Cell::plain(&when(&sheet, row, "worse_at")),
        ]);
    }
    grid
}

fn duplicates(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Duplicates: strategies that work on much the same cells", &["First", "Second", "Overlap", "Who", "Threats"]);
    let Some(sheet) = Sheet::of(outcome, "duplicates") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "overlap"))) {
        let threats = sheet.list(row, "threats");
        grid.push(vec![
            name(basis, &sheet, row, "first"),
            name(basis, &sheet, row, "second"),
            Cell::share(sheet.number(row, "overlap")),
            sheet.text(row, "kind").map_or(Cell::Missing("not said"), |k| Cell::plain(&spelled(&k))),
            if threats.is_empty() {
                Cell::Missing("not said")
            } else {
                Cell::Text(Phrase::new().names(threats.iter().map(|t| basis.names.threat(t)), 4))
            },
        ]);
    }
    grid
}

fn substitution(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Standing in for the state: Table III warns that people stop holding their state to account",
        &["Intervention", "Component", "Provided by", "Finding", "Why"],
    );
    let Some(sheet) = Sheet::of(outcome, "substitution") else { return grid };
    for row in 0..sheet.rows() {
        let providers = sheet.list(row, "providers");
        let flag = sheet.text(row, "flag").unwrap_or_default();
        let (tone, word) = match flag.as_str() {
            "substitution" => (Tone::Worse, "stands in for the state".to_owned()),
            "possible" => (Tone::Warning, "may stand in for the state".to_owned()),
            other => (Tone::Quiet, spelled(other)),
        };
        grid.push(vec![
            name(basis, &sheet, row, "intervention"),
            sheet.text(row, "component").map_or(Cell::Missing("not said"), |c| Cell::plain(&c)),
            if providers.is_empty() {
                Cell::Missing("nobody named")
            } else {
                Cell::Text(Phrase::new().names(providers.iter().map(|p| basis.names.of_kind("actor", p)), 4))
            },
            Cell::Mark(tone, word),
            sheet.text(row, "why").map_or(Cell::Missing("not said"), |w| Cell::Text(Phrase::new().remark(&w))),
        ]);
    }
    grid
}

/// Who protects people from a threat beside who is a source of it, threat by threat.
fn roles(basis: &Basis<'_>, outcome: &Outcome, part: &mut Part) {
    let Some(sheet) = Sheet::of(outcome, "dual_roles").filter(|s| s.rows() > 0) else { return };
    let mut threats: Vec<String> = Vec::new();
    for id in (0..sheet.rows()).filter_map(|r| sheet.text(r, "threat")) {
        if !threats.contains(&id) {
            threats.push(id);
        }
    }
    let mut grid = Grid::new(
        "Two roles side by side: who provides security against a threat, and who is a source of it; neither cancels the other",
        &["Threat", "Provides security", "Is a source"],
    );
    for id in &threats {
        let actors = |role: &str| {
            let lines: Vec<Phrase> = (0..sheet.rows())
                .filter(|r| sheet.text(*r, "threat").as_ref() == Some(id) && sheet.text(*r, "role").as_deref() == Some(role))
                .map(|r| {
                    let mut line = Phrase::new().name(basis.names.of_kind("actor", &sheet.text(r, "actor").unwrap_or_default()));
                    let places = sheet.list(r, "place");
                    if !places.is_empty() {
                        line = line.plain(" in ").names(places.iter().map(|p| basis.names.place(p)), 4);
                    }
                    match sheet.text(r, "dual").as_deref() {
                        Some("same-threat") => line.plain(" (both at once)"),
                        Some("same-actor") => line.plain(" (both, of different threats)"),
                        _ => line,
                    }
                })
                .collect();
            if lines.is_empty() { Cell::Missing("nobody recorded") } else { Cell::Lines(lines) }
        };
        grid.push(vec![Cell::name(basis.names.threat(id)), actors("provider"), actors("source")]);
    }
    part.blocks.push(Block::Heading("The state and others: provider and source".into()));
    part.table(grid);
}
