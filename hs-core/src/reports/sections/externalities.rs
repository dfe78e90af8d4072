//! What each intervention does beyond its target: the square of components, each intervention, other places, claims, warnings.

use std::collections::BTreeSet;

use super::{Basis, Sheet, doubt, falling};
use crate::framework::{Component, externalities};
use crate::reports::charts::{Chart, Found, SquareRow, square as square_picture};
use crate::reports::document::{Block, Cell, Grid, Layer, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

/// Rows that one intervention takes; the result has all.
const MOST_EFFECTS: usize = 12;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("externalities", "What the interventions do beyond their target");
    let outcome = match basis.result("externalities") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(effects) = Sheet::of(outcome, "effects").filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No intervention with an effect that can be followed is recorded.".into());
    };
    let mut part = Part::new(id, heading, finding(basis, &effects));
    part.text(
        "Every change is in severity points from 0 to 1, measured against what is observed today, and speaks of people: better means that \
         a threat becomes milder, worse that it becomes more severe. Better and worse stand side by side and are never set off against \
         each other.",
    );
    if let Some(sheet) = Sheet::of(outcome, "components") {
        part.text(
            "In the square, handbook is what Table III of the handbook holds possible for such interventions; declared is what this assessment \
             says of its own; network is what the linkages add to that. No claim is not zero: nobody has said anything. A row marked (none \
             here) has no intervention of that kind in this assessment.",
        );
        part.chart(picture(&sheet));
        part.blocks.push(Block::Key(KEY.into()));
        part.table(square(&sheet));
    }
    part.table(overview(basis, outcome));
    part.table(match Sheet::of(outcome, "spill_overs") {
        Some(sheet) => spill_overs(basis, &sheet),
        None => elsewhere(basis, outcome),
    });
    each(basis, &effects, &mut part);
    part.table(claims(basis, outcome));
    part.table(cuts(basis, outcome));
    part.table(warnings(basis));
    part
}

/// What the letters of the narrow columns mean.
const KEY: &str = "H: handbook; D: declared; N: network; b: better; w: worse; 0: no effect found; ?: not assessed; no cl.: no claim.";

/// The strongest effect either way beyond the target.
fn finding(basis: &Basis<'_>, effects: &Sheet<'_>) -> Phrase {
    let shown = basis.rows(effects);
    let beyond = |better: bool| {
        let shown = shown.iter().copied();
        shown
            .filter(|r| effects.text(*r, "route").as_deref() != Some("direct"))
            .filter_map(|r| Some((r, effects.number(r, "change")?)))
            .filter(|(_, change)| if better { *change < 0.0 } else { *change > 0.0 })
            .fold(
                None,
                |best: Option<(usize, f64)>, (r, c)| if best.is_some_and(|(_, b)| b.abs() >= c.abs()) { best } else { Some((r, c)) },
            )
    };
    let said = |(row, change): (usize, f64), verb: &str| {
        let (place, group) = (effects.text(row, "place"), effects.text(row, "group"));
        Phrase::new()
            .quoted(basis.names.intervention(&effects.text(row, "intervention").unwrap_or_default()))
            .plain(format!(" {verb} "))
            .then(basis.names.cell(&effects.text(row, "threat").unwrap_or_default(), place.as_deref(), group.as_deref()))
            .plain(" by ")
            .number(change.abs())
    };
    match (beyond(true), beyond(false)) {
        (Some(better), Some(worse)) => Phrase::from("Beyond the targets, the largest relief: ")
            .then(said(better, "eases"))
            .plain("; the largest harm: ")
            .then(said(worse, "worsens"))
            .plain("."),
        (Some(better), None) => {
            Phrase::from("Beyond the targets, only relief was found, the largest: ").then(said(better, "eases")).plain(".")
        }
        (None, Some(worse)) => {
            Phrase::from("Beyond the targets, only harm was found, the largest: ").then(said(worse, "worsens")).plain(".")
        }
        (None, None) => "No effect beyond the targets was found with the linkages and externalities recorded.".into(),
    }
}

/// 7 x 7: rows are what an intervention is meant for, columns where the effect falls.
fn square(sheet: &Sheet<'_>) -> Grid {
    let mut headings = vec!["Meant for"];
    headings.extend(Component::ALL.iter().map(|c| c.word()));
    let mut grid = Grid::new("From the component an intervention is meant for to the component affected", &headings);
    grid.matrix = true;
    for from in Component::ALL {
        let assessed = (0..sheet.rows())
            .any(|r| sheet.text(r, "from").as_deref() == Some(from.word()) && sheet.text(r, "declared").as_deref() != Some("not assessed"));
        let mut head = vec![Phrase::from(from.word())];
        if !assessed {
            head.push("(none here)".into());
        }
        let mut row = vec![Cell::Lines(head)];
        for to in Component::ALL {
            let at = (0..sheet.rows())
                .find(|r| sheet.text(*r, "from").as_deref() == Some(from.word()) && sheet.text(*r, "to").as_deref() == Some(to.word()));
            row.push(at.map_or(Cell::Missing("not assessed"), |at| layers(sheet, at)));
        }
        grid.push(row);
    }
    grid
}

/// The same as a picture, to be taken in at a glance.
fn picture(sheet: &Sheet<'_>) -> Option<Chart> {
    let columns: Vec<&str> = Component::ALL.iter().map(|c| c.word()).collect();
    let rows: Vec<SquareRow> = Component::ALL
        .iter()
        .map(|from| {
            let of = |to: &Component| {
                let row = (0..sheet.rows())
                    .find(|r| sheet.text(*r, "from").as_deref() == Some(from.word()) && sheet.text(*r, "to").as_deref() == Some(to.word()));
                ["handbook", "declared", "network"]
                    .map(|layer| row.and_then(|r| sheet.text(r, layer)).map_or(Found::NotAssessed, |w| Found::of(&w)))
            };
            let cells: Vec<[Found; 3]> = Component::ALL.iter().map(of).collect();
            let here = cells.iter().any(|[_, declared, _]| *declared != Found::NotAssessed);
            SquareRow { label: from.word().to_owned(), here, cells }
        })
        .collect();
    square_picture("From the component an intervention is meant for to the component affected", &columns, &rows)
}

fn layers(sheet: &Sheet<'_>, row: usize) -> Cell {
    let said = |column: &str| sheet.text(row, column).unwrap_or_else(|| "not assessed".into());
    let all = [("handbook", 'H', said("handbook")), ("declared", 'D', said("declared")), ("network", 'N', said("network"))];
    let mut layers: Vec<Layer> = Vec::new();
    // where no intervention is meant for the component there is nothing to declare or to follow: the row says so once
    let open = all[1].2 != "not assessed";
    for (label, letter, word) in all.iter().filter(|(_, letter, _)| open || *letter == 'H') {
        let (tone, word, short) = match word.as_str() {
            "better" => (Tone::Better, "better".to_owned(), "b"),
            "worse" => (Tone::Worse, "worse".to_owned(), "w"),
            "both" => (Tone::Warning, "better, worse".to_owned(), "b w"),
            "no effect found" => (Tone::Quiet, "no effect found".to_owned(), "0"),
            // said once for the cell
            "no claim" => continue,
            other => (Tone::Quiet, spelled(other), "?"),
        };
        layers.push(Layer { label, tone, word, short: format!("{letter} {short}") });
    }
    if all[0].2 == "no claim" && matches!(all[1].2.as_str(), "no claim" | "not assessed") {
        layers.insert(0, Layer { label: "", tone: Tone::Quiet, word: "no claim".into(), short: "no cl.".into() });
    }
    Cell::Layers(layers)
}

/// Each intervention by component: means of the result, better and worse apart.
fn overview(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut headings = vec!["Intervention"];
    headings.extend(Component::ALL.iter().map(|c| c.word()));
    let mut grid = Grid::new(
        "Each intervention by component affected: mean change over its cells, weighted by persons where all are known, at the last horizon read; no cell: no threat of that component is in the network",
        &headings,
    );
    grid.matrix = true;
    let Some(sheet) = Sheet::of(outcome, "by_component") else { return grid };
    for intervention in interventions(&sheet) {
        let mut row = vec![Cell::name(basis.names.intervention(&intervention))];
        for component in Component::ALL {
            let at = (0..sheet.rows()).rev().find(|r| {
                sheet.text(*r, "intervention").as_ref() == Some(&intervention)
                    && sheet.text(*r, "component").as_deref() == Some(component.word())
            });
            row.push(at.map_or(Cell::Missing("no cell"), |at| sides(&sheet, at)));
        }
        grid.push(row);
    }
    grid
}

/// Better and worse of one row, each with its own number.
fn sides(sheet: &Sheet<'_>, row: usize) -> Cell {
    let side = |column: &'static str, tone: Tone, letter: char| {
        let number = sheet.number(row, column)?;
        (number != 0.0).then(|| {
            let text = crate::reports::lettering::decimal(number.abs());
            let short = format!("{letter} {}", text.replace("under 0", "<"));
            Layer { label: "", tone, word: format!("{column} {text}"), short }
        })
    };
    if sheet.number(row, "better").is_none() && sheet.number(row, "worse").is_none() {
        return Cell::Missing("undef.");
    }
    let found: Vec<Layer> = [side("better", Tone::Better, 'b'), side("worse", Tone::Worse, 'w')].into_iter().flatten().collect();
    if found.is_empty() {
        return Cell::Layers(vec![Layer { label: "", tone: Tone::Quiet, word: "no effect".into(), short: "0".into() }]);
    }
    Cell::Layers(found)
}

fn interventions(sheet: &Sheet<'_>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in (0..sheet.rows()).filter_map(|r| sheet.text(r, "intervention")) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What an intervention does in a place to which it states no effect, with the place it comes from.
fn spill_overs(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Spill-over: places that an intervention reaches without stating an effect there, and from where (mean change over the place's cells)",
        &["Intervention", "Reaches", "From", "Border crossed", "Horizon", "Better", "Worse"],
    );
    let moved = |row: usize, column: &str, tone: Tone| match sheet.number(row, column) {
        None => Cell::Missing("undefined"),
        Some(x) if x.abs() < 1e-9 => Cell::Missing("none found"),
        Some(x) => Cell::Mark(tone, format!("{column} by {}", crate::reports::lettering::decimal(x.abs()))),
    };
    let still = |row: usize| ["better", "worse"].iter().all(|c| sheet.number(row, c).is_some_and(|x| x.abs() < 1e-9));
    // what arrives cannot be told apart by where it came from: one row, with all the places it may come from
    let mut rows: Vec<(usize, Vec<usize>)> = Vec::new();
    for row in basis.rows(sheet).into_iter().filter(|r| !still(*r)) {
        let of = |r: usize| ["intervention", "to", "horizon"].map(|c| sheet.text(r, c));
        match rows.iter_mut().find(|(first, _)| of(*first) == of(row)) {
            Some((_, same)) => same.push(row),
            None => rows.push((row, vec![row])),
        }
    }
    for (row, same) in rows {
        let from: Vec<String> = same.iter().filter_map(|r| sheet.text(*r, "from")).collect();
        let borders: BTreeSet<Option<bool>> = same.iter().map(|r| sheet.flag(*r, "border")).collect();
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            sheet.text(row, "to").map_or(Cell::Missing("not said"), |p| Cell::name(basis.names.place(&p))),
            if from.is_empty() {
                Cell::Missing("not said")
            } else {
                Cell::Text(Phrase::new().names(from.iter().map(|p| basis.names.place(p)), 4))
            },
            match borders.into_iter().collect::<Vec<_>>().as_slice() {
                [Some(true)] => Cell::plain("yes"),
                [Some(false)] => Cell::plain("no"),
                [None] | [] => Cell::Missing("not known"),
                _ => Cell::plain("from some of them"),
            },
            horizon_cell(sheet, row),
            moved(row, "better", Tone::Better),
            moved(row, "worse", Tone::Worse),
        ]);
    }
    grid
}

/// Places that an intervention does not aim at and yet moves.
fn elsewhere(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Spill-over: places that an intervention reaches without stating an effect there (mean change over the place's cells)",
        &["Intervention", "Place", "Horizon", "Better", "Worse"],
    );
    let Some(sheet) = Sheet::of(outcome, "by_place") else { return grid };
    for row in basis.rows(&sheet) {
        let moved = ["cells_better", "cells_worse"].iter().any(|c| sheet.number(row, c).is_some_and(|n| n > 0.0));
        let (Some(place), Some(false), true) = (sheet.text(row, "place"), sheet.flag(row, "stated"), moved) else { continue };
        let side = |column: &str, cells: &str, tone: Tone| match sheet.number(row, column) {
            None => Cell::Missing("undefined"),
            Some(_) if sheet.number(row, cells).is_none_or(|n| n == 0.0) => Cell::Missing("none found"),
            Some(number) => Cell::Mark(tone, format!("{column} by {}", crate::reports::lettering::decimal(number.abs()))),
        };
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::name(basis.names.place(&place)),
            horizon_cell(&sheet, row),
            side("better", "cells_better", Tone::Better),
            side("worse", "cells_worse", Tone::Worse),
        ]);
    }
    grid
}

/// The effects of each intervention: direct, declared, propagated.
fn each(basis: &Basis<'_>, effects: &Sheet<'_>, part: &mut Part) {
    let mut headed = false;
    let shown = basis.rows(effects);
    let one = one_horizon(effects, &shown);
    let read = one.as_ref().map(|h| {
        format!(
            " Effects are read {}.",
            if h == "once settled" { "once the network has settled".to_owned() } else { format!("at the {h}") }
        )
    });
    let one = one.is_some();
    for intervention in interventions(effects) {
        let mut rows: Vec<usize> = shown
            .iter()
            .copied()
            .filter(|r| effects.text(*r, "intervention").as_ref() == Some(&intervention))
            .filter(|r| effects.text(*r, "outcome").as_deref() != Some("none"))
            .collect();
        rows.sort_by_key(|r| {
            let route = effects.text(*r, "route");
            let order = ["direct", "declared", "propagated"].iter().position(|w| Some(*w) == route.as_deref());
            (order, falling(effects.number(*r, "change").map(f64::abs)))
        });
        if !std::mem::replace(&mut headed, true) {
            part.blocks.push(Block::Heading("Intervention by intervention".into()));
            part.text(
                Phrase::from(
                    "Direct is what an intervention does to its own target; declared, what it is said to do outside it; propagated, what \
                     the linkages make of both. Persons are those affected by the threat today, where their number is known.",
                )
                .plain(read.clone().unwrap_or_default()),
            );
        }
        if rows.is_empty() {
            part.text(Phrase::new().name(basis.names.intervention(&intervention)).plain(": no effect with a number was found."));
            continue;
        }
        let mut grid = Grid::new(
            Phrase::new().name(basis.names.intervention(&intervention)),
            if one {
                &["Threat", "Where and who", "Route", "Change", "How well known", "Persons#"]
            } else {
                &["Threat", "Where and who", "Route", "Change", "How well known", "Persons#", "Horizon"]
            },
        );
        grid.most = MOST_EFFECTS;
        for row in rows {
            let (place, group) = (effects.text(row, "place"), effects.text(row, "group"));
            let mut cells = vec![
                Cell::name(basis.names.threat(&effects.text(row, "threat").unwrap_or_default())),
                basis.names.where_cell(place.as_deref(), group.as_deref()),
                effects.text(row, "route").map_or(Cell::Missing("not said"), |r| Cell::plain(&spelled(&r))),
                effects.number(row, "change").map_or(Cell::Missing("undefined"), |c| Cell::change(Some(c))),
                doubt::change(effects.number(row, "change"), effects.number(row, "lower"), effects.number(row, "upper")),
                Cell::whole(effects.number(row, "persons")),
            ];
            if !one {
                cells.push(horizon_cell(effects, row));
            }
            grid.push(cells);
        }
        part.table(grid);
    }
}

/// When the effects were read, where they were read once.
fn one_horizon(sheet: &Sheet<'_>, rows: &[usize]) -> Option<String> {
    let horizons: BTreeSet<String> = rows.iter().copied().filter_map(|r| sheet.text(r, "horizon")).collect();
    (horizons.len() == 1).then(|| horizons.into_iter().next().map(|h| horizon_word(&h))).flatten()
}

pub(super) fn horizon_cell(sheet: &Sheet<'_>, row: usize) -> Cell {
    sheet.text(row, "horizon").map_or(Cell::Missing("not said"), |h| Cell::plain(&horizon_word(&h)))
}

pub(super) fn horizon_word(word: &str) -> String {
    if word == "rest" { "once settled".into() } else { format!("{word} term") }
}

/// What is declared without a number: listed, not followed.
fn claims(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Claims: declared effects without a number, listed and not followed through the network",
        &["Intervention", "People are", "Concerning", "Where and who", "Evidence"],
    );
    let Some(sheet) = Sheet::of(outcome, "claims") else { return grid };
    for row in 0..sheet.rows() {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        let concerning = match (sheet.text(row, "threat"), sheet.text(row, "component")) {
            (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
            (None, Some(component)) => Cell::plain(&format!("{component} security")),
            (None, None) => Cell::Missing("not said"),
        };
        let worse = sheet.text(row, "outcome").as_deref() == Some("worse");
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            if worse { Cell::Mark(Tone::Worse, "worse off".into()) } else { Cell::Mark(Tone::Better, "better off".into()) },
            concerning,
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            sheet.text(row, "evidence").map_or(Cell::Missing("none given"), |e| Cell::Text(Phrase::new().remark(&e))),
        ]);
    }
    grid
}

/// Effects that would push a severity past 0 or 1.
fn cuts(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Effects that were cut, because a severity cannot leave its scale",
        &["Intervention", "Threat", "Where and who", "Asked#", "Realised#"],
    );
    let Some(sheet) = Sheet::of(outcome, "cuts") else { return grid };
    for row in 0..sheet.rows() {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            Cell::number(sheet.number(row, "asked")),
            Cell::number(sheet.number(row, "realised")),
        ]);
    }
    grid
}

/// What Table III warns of for the components that interventions here are meant for.
fn warnings(basis: &Basis<'_>) -> Grid {
    let mut grid = Grid::new(
        "What Table III of the handbook warns of for interventions of these kinds: possible, not foretold",
        &["Meant for", "Example", "May harm", "How"],
    );
    let meant: BTreeSet<Component> = basis.assessment.interventions.iter().map(|i| i.component).collect();
    for claim in externalities::EXTERNALITIES {
        if meant.contains(&claim.component) && claim.outcome == externalities::ClaimOutcome::Worse {
            grid.push(vec![
                Cell::plain(claim.component.word()),
                Cell::plain(claim.intervention),
                Cell::plain(claim.target.word()),
                Cell::plain(claim.description),
            ]);
        }
    }
    grid
}
