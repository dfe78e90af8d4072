//! What people and institutions can do: strengths nobody uses, coping that harms, where need is high and capacity low.

use super::{Basis, Sheet, falling, shown};
use crate::reports::charts::{Spot, scatter};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

/// Spots that the picture letters.
const DRAWN: usize = 40;
/// Rows of a list that stand open on the page.
const FIRST: usize = 8;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("capacities", "Capacities, and where need is greatest");
    let (profile, built) = (basis.result("capacity_profile"), basis.result("security_infrastructure"));
    let outcome = match &profile {
        Ok(outcome) => *outcome,
        Err(reason) => return Part::nothing(id, heading, reason.clone()),
    };
    let some = |name: &str| Sheet::of(outcome, name).filter(|s| s.rows() > 0);
    if ["inventory", "harmful_coping", "readiness", "resources"].iter().all(|t| some(t).is_none()) {
        return Part::nothing(id, heading, "No capacity is recorded.");
    }
    let spots = some("hot_spots");
    let rows = spots.as_ref().map(|s| s.sorted(|r| falling(s.number(r, "rank").map(|x| -x)))).unwrap_or_default();
    let mut part = Part::new(id, heading, finding(basis, outcome, spots.as_ref(), &rows));
    let mut folded = Vec::new();
    if let Some(sheet) = &spots {
        part.text(
            "Need runs upward, capacity to the right: what stands at the top left needs most and has least to meet it with. The two are never made one number. Ranks \
             are given with the range they take when figures move within what was said of them.",
        );
        let cut = |name: &str| outcome.settings.get(name).and_then(serde_json::Value::as_f64);
        let cuts = cut("capacity_cut").zip(cut("need_cut")).map(|(across, upward)| [across, upward]);
        part.chart(picture(sheet, &rows, cuts));
        let [first, rest] = spot_tables(basis, sheet, &rows);
        part.table(first);
        folded.push(rest);
    }
    part.table(neglected(basis, outcome));
    part.table(harmful(basis, outcome));
    folded.extend([readiness(basis, outcome), inventory(basis, outcome), resources(basis, outcome), resilience(basis, outcome)]);
    if let Ok(outcome) = built {
        folded.push(infrastructure(basis, outcome));
    }
    part.fold("Inventory, readiness of each strategy, resources, resilience and the infrastructure of protection", folded);
    part
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, spots: Option<&Sheet<'_>>, rows: &[usize]) -> Phrase {
    let top = spots.and_then(|s| rows.iter().copied().find(|r| hot(s, *r)).map(|r| (s, r)));
    let mut phrase = match top {
        Some((s, row)) => {
            let mut phrase =
                Phrase::from("Need is high and capacity low for ").plain(s.text(row, "component").unwrap_or_default()).plain(" security");
            if let Some(place) = s.text(row, "place") {
                phrase = phrase.plain(" in ").name(basis.names.place(&place));
            }
            if let Some(group) = s.text(row, "group") {
                phrase = phrase.plain(" (").name(basis.names.group(&group)).plain(")");
            }
            phrase
        }
        None => Phrase::from("No place is known where need is high and capacity low"),
    };
    if let Some(first) = Sheet::of(outcome, "neglected").filter(|s| s.rows() > 0).and_then(|s| s.text(0, "capacity")) {
        phrase = phrase.plain("; a strength that no strategy uses: ").quoted(basis.names.capacity(&first));
    }
    phrase.plain(".")
}

/// High need and low capacity, by the quadrant's word.
fn hot(sheet: &Sheet<'_>, row: usize) -> bool {
    sheet.text(row, "quadrant").is_some_and(|q| q.contains("high-need") && q.contains("low-capacity") || q == "hot-spot" || q == "hot")
}

fn picture(sheet: &Sheet<'_>, rows: &[usize], cuts: Option<[f64; 2]>) -> Option<crate::reports::charts::Chart> {
    let spots: Vec<Spot> = rows
        .iter()
        .enumerate()
        .take(DRAWN)
        .filter_map(|(i, r)| {
            Some(Spot { mark: letter(i), across: sheet.number(*r, "capacity")?, upward: sheet.number(*r, "need")?, hot: hot(sheet, *r) })
        })
        .collect();
    scatter("Need against capacity", "Need against capacity", ["Capacity", "Need"], cuts, "Filled: high need, low capacity.", &spots)
}

/// A, B, .. Z, AA, AB, ..
fn letter(at: usize) -> String {
    let one = |i: usize| char::from(b'A' + (i % 26) as u8);
    if at < 26 { one(at).to_string() } else { format!("{}{}", one(at / 26 - 1), one(at)) }
}

fn spot_tables(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> [Grid; 2] {
    let headings = ["Mark", "Component", "Where and who", "Need#", "Capacity#", "Persons#", "Quadrant", "Rank"];
    let mut grids = [
        Grid::new("Need and capacity, side by side: where need is greatest and least is there", &headings),
        Grid::new("Further places", &headings),
    ];
    for (i, row) in rows.iter().enumerate() {
        let row = *row;
        let step = super::agreement::step;
        let cells = vec![
            Cell::Text(Phrase::new().plain(letter(i))),
            shown::word(sheet, row, "component"),
            shown::whereabouts(basis, sheet, row),
            Cell::number(sheet.number(row, "need")),
            Cell::number(sheet.number(row, "capacity")),
            Cell::whole(sheet.number(row, "persons")),
            match sheet.text(row, "quadrant") {
                Some(word) => Cell::Mark(if hot(sheet, row) { Tone::Worse } else { Tone::Quiet }, spelled(&word)),
                None => Cell::Missing("not known"),
            },
            match ["rank", "rank_lower", "rank_upper"].map(|c| sheet.number(row, c)) {
                [Some(rank), Some(low), Some(high)] if low < high => {
                    Cell::plain(&format!("{} (between {} and {})", step(rank), step(low), step(high)))
                }
                [Some(rank), ..] => Cell::plain(&step(rank)),
                _ => Cell::Missing("not ranked"),
            },
        ];
        if let Some(grid) = grids.get_mut(usize::from(i >= FIRST)) {
            grid.push(cells);
        }
    }
    grids
}

fn capacity(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    sheet.text(row, "capacity").map_or(Cell::Missing("not said"), |c| Cell::name(basis.names.capacity(&c)))
}

fn holder(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Cell {
    sheet.text(row, "holder").map_or(Cell::Missing("not said"), |h| Cell::name(basis.names.who(&h)))
}

fn neglected(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Strengths that no strategy uses", &["Capacity", "Component", "Where and who", "Pillar", "Level"]);
    grid.most = FIRST;
    let Some(sheet) = Sheet::of(outcome, "neglected") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "level"))) {
        grid.push(vec![
            capacity(basis, &sheet, row),
            shown::word(&sheet, row, "component"),
            shown::whereabouts(basis, &sheet, row),
            shown::word(&sheet, row, "pillar"),
            Cell::share(sheet.number(row, "level")),
        ]);
    }
    grid
}

fn harmful(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Coping that harms: what people do to get by at a cost to themselves; never counted as capacity",
        &["Coping", "Component", "Where and who", "Level", "Kind"],
    );
    grid.most = FIRST;
    let Some(sheet) = Sheet::of(outcome, "harmful_coping") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            capacity(basis, &sheet, row),
            shown::word(&sheet, row, "component"),
            shown::whereabouts(basis, &sheet, row),
            Cell::share(sheet.number(row, "level")),
            shown::word(&sheet, row, "class"),
        ]);
    }
    grid
}

fn readiness(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Are the capacities there that each strategy needs?",
        &["Intervention", "Needed#", "Present#", "Missing", "Weakest level#", "Mean level#", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "readiness") else { return grid };
    let count = |row: usize, column: &str| {
        sheet.number(row, column).map_or_else(|| Cell::whole(Some(sheet.list(row, column).len() as f64)), |n| Cell::whole(Some(n)))
    };
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            count(row, "needed"),
            count(row, "present"),
            shown::named(&sheet.list(row, "missing"), |c| basis.names.capacity(c).to_owned(), "nothing"),
            Cell::number(sheet.number(row, "readiness")),
            Cell::number(sheet.number(row, "mean_level")),
            shown::state(&sheet, row),
        ]);
    }
    grid
}

fn inventory(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Inventory of capacities",
        &["Capacity", "Component", "Where and who", "Pillar", "Level", "Capital", "Function", "Held by", "State"],
    );
    let Some(sheet) = Sheet::of(outcome, "inventory") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            capacity(basis, &sheet, row),
            shown::word(&sheet, row, "component"),
            shown::whereabouts(basis, &sheet, row),
            shown::word(&sheet, row, "pillar"),
            Cell::share(sheet.number(row, "level")),
            shown::word(&sheet, row, "capital"),
            shown::word(&sheet, row, "function"),
            holder(basis, &sheet, row),
            shown::word(&sheet, row, "state"),
        ]);
    }
    grid
}

fn resources(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Resources of each intervention", &["Intervention", "Kind", "Local share", "Displaces local markets"]);
    let Some(sheet) = Sheet::of(outcome, "resources") else { return grid };
    for row in 0..sheet.rows() {
        let displaces = match (sheet.flag(row, "displaces"), sheet.list(row, "displaces")) {
            (Some(true), _) => Cell::Mark(Tone::Warning, "yes".into()),
            (Some(false), _) => Cell::plain("no"),
            (None, words) if words.is_empty() => Cell::Missing("not said"),
            (None, words) => Cell::Text(Phrase::new().names(words.iter().map(String::as_str), 4)),
        };
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::plain("all"), |i| Cell::name(basis.names.intervention(&i))),
            shown::word(&sheet, row, "kind"),
            Cell::share(sheet.number(row, "local_share")),
            displaces,
        ]);
    }
    grid
}

fn resilience(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "What holds and what came back: buffers, and recovery from shocks",
        &["Where and who", "Buffer#", "Shocks#", "Recovered from#", "Recovery#", "Method"],
    );
    let Some(sheet) = Sheet::of(outcome, "resilience") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::whereabouts(basis, &sheet, row),
            Cell::number(sheet.number(row, "buffer")),
            Cell::whole(sheet.number(row, "shocks")),
            Cell::whole(sheet.number(row, "recovered")),
            Cell::number(sheet.number(row, "recovery")),
            shown::word(&sheet, row, "method"),
        ]);
    }
    grid
}

fn infrastructure(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "The infrastructure of protection: norms, institutions, processes and services against each grave threat",
        &["Threat", "Where", "Norms#", "Institutions#", "Processes#", "Services#", "Missing", "Who protects"],
    );
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in 0..sheet.rows() {
        let level = |column: &str| shown::or(sheet.number(row, column), "none known");
        let actors =
            ["actors", "protecting", "actors_protecting"].iter().map(|c| sheet.list(row, c)).find(|l| !l.is_empty()).unwrap_or_default();
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::whereabouts(basis, &sheet, row),
            level("norms"),
            level("institutions"),
            level("processes"),
            level("services"),
            shown::words(&sheet, row, "gap", "nothing"),
            shown::named(&actors, |x| basis.names.of_kind("actor", x).to_owned(), "nobody named"),
        ]);
    }
    grid
}
