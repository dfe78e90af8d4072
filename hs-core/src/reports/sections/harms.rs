//! Whom an intervention may harm: the register a programme must answer, the ways by which harm comes about, prompts, dividers and connectors.

use std::collections::BTreeSet;

use super::externalities::horizon_word;
use super::{Basis, Names, Sheet, doubt, fact, falling};
use crate::assessment::LinkEffect;
use crate::reports::charts::{Branch, tree};
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

/// Interventions that get a harm tree, and harmed cells of each.
const MOST_TREES: usize = 4;
const MOST_CELLS: usize = 8;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("harms", "Whom the interventions may harm");
    let outcome = match basis.result("harm_register") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let sheet = Sheet::of(outcome, "harms").filter(|s| s.rows() > 0);
    let worst = sheet.as_ref().map(worst).unwrap_or_default();
    let mut part = Part::new(id, heading, finding(basis, outcome, sheet.as_ref(), &worst));
    if let Some(sheet) = &sheet {
        part.text(
            "Each row is a threat in one place that an intervention makes more severe, declared or found through the linkages; what it makes \
             better elsewhere does not take the row away. Persons are those whom the threat affects today and those who live there: who may be \
             harmed, not a count of victims. A graver phase is a bound of the severity scale crossed upward. A divider treats parts of one \
             population unlike. Each harm asks for a decision: go on, change, or stop. Decisions stand beside the figures and change none.",
        );
        part.table(register(basis, sheet, &worst));
    }
    part.table(assessed(basis, outcome));
    pathways(basis, outcome, sheet.as_ref(), &worst, &mut part);
    part.table(claims(basis, outcome));
    part.table(unmatched(outcome));
    part.table(sides(basis, outcome, "divider", "Dividers: where groups of one place fare differently"));
    part.table(sides(basis, outcome, "connector", "Connectors: what groups of one place share"));
    part.table(prompts(basis, outcome));
    part
}

/// One row a harmed cell: the horizon at which it gets worse most. The gravest first.
fn worst(sheet: &Sheet<'_>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut rows = sheet.sorted(|r| falling(sheet.number(r, "change")));
    rows.retain(|r| seen.insert(key(sheet, *r)));
    rows
}

type Key = (Option<String>, Option<String>, Option<String>, Option<String>);

fn key(sheet: &Sheet<'_>, row: usize) -> Key {
    (sheet.text(row, "intervention"), sheet.text(row, "threat"), sheet.text(row, "place"), sheet.text(row, "group"))
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, sheet: Option<&Sheet<'_>>, worst: &[usize]) -> Phrase {
    let (Some(sheet), Some(first)) = (sheet, worst.first()) else {
        return "No harm was found with the effects and linkages recorded; that is not proof that there is none.".into();
    };
    let (place, group) = (sheet.text(*first, "place"), sheet.text(*first, "group"));
    let mut finding = Phrase::from("The gravest harm found: ")
        .quoted(basis.names.intervention(&sheet.text(*first, "intervention").unwrap_or_default()))
        .plain(" may worsen ")
        .then(basis.names.cell(&sheet.text(*first, "threat").unwrap_or_default(), place.as_deref(), group.as_deref()));
    if let Some(change) = sheet.number(*first, "change") {
        finding = finding.plain(" by ").number(change);
    }
    match (fact(outcome, "harms"), fact(outcome, "open")) {
        (Some(harms), Some(open)) if open == harms => finding.plain("; no harm of the register has a decision yet."),
        (Some(_), Some(0.0)) => finding.plain("; every harm of the register has a decision."),
        (Some(harms), Some(open)) => finding.plain("; of ").whole(harms).plain(" entries, ").whole(open).plain(" still lack a decision."),
        _ => finding.plain("."),
    }
}

fn register(basis: &Basis<'_>, sheet: &Sheet<'_>, worst: &[usize]) -> Grid {
    let mut grid = Grid::new(
        "Register of harms, the gravest first, each at the horizon where it is gravest",
        &[
            "Intervention",
            "Worsens",
            "Where and who",
            "Change",
            "How well known",
            "Horizon",
            "Chance of harm",
            "Graver phase",
            "Affected today#",
            "Living there#",
            "Divider",
            "Decision",
        ],
    );
    for &row in worst {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            sheet.number(row, "change").map_or(Cell::Missing("undefined"), |c| Cell::change(Some(c))),
            doubt::change(sheet.number(row, "change"), sheet.number(row, "lower"), sheet.number(row, "upper")),
            horizons(sheet, row),
            doubt::chance(sheet.number(row, "probability"), sheet.number(row, "probability_lower"), sheet.number(row, "probability_upper")),
            match sheet.flag(row, "crosses") {
                Some(true) => Cell::Mark(Tone::Worse, "crossed".into()),
                Some(false) => Cell::plain("not crossed"),
                None => Cell::Missing("not known"),
            },
            Cell::whole(sheet.number(row, "persons")),
            Cell::whole(sheet.number(row, "persons_exposed")),
            match (sheet.text(row, "divider"), sheet.number(row, "divider_probability")) {
                (Some(kind), Some(chance)) => Cell::Text(Phrase::new().plain(spelled(&kind)).plain(", chance ").number(chance)),
                (Some(kind), None) => Cell::plain(&spelled(&kind)),
                (None, _) => Cell::Missing("none found"),
            },
            decision(sheet, row),
        ]);
    }
    grid
}

/// The horizon of the row, and whether the same cell gets worse at others.
fn horizons(sheet: &Sheet<'_>, row: usize) -> Cell {
    let Some(own) = sheet.text(row, "horizon") else { return Cell::Missing("not said") };
    let of = key(sheet, row);
    let others = (0..sheet.rows()).any(|r| r != row && key(sheet, r) == of);
    Cell::Text(Phrase::new().plain(horizon_word(&own)).plain(if others { ", and others" } else { "" }))
}

/// What people decided, by which role and when; what they have not said stands as not assessed.
fn decision(sheet: &Sheet<'_>, row: usize) -> Cell {
    let said = |column: &str| sheet.text(row, column);
    if ["decision", "reversibility", "mitigation"].iter().all(|c| said(c).is_none()) {
        return Cell::Missing("open; reversibility and mitigation not assessed");
    }
    let mut first = match said("decision") {
        Some(decision) => Phrase::from("Decision: ").name(&decision),
        None => "Decision: open".into(),
    };
    let role: Vec<String> = [said("by"), said("date")].into_iter().flatten().collect();
    if !role.is_empty() {
        first = first.plain(" (").names(role.iter().map(String::as_str), 2).plain(")");
    }
    if let Some(reason) = said("reason") {
        first = first.plain(": ").remark(&reason);
    }
    let mut lines = vec![first];
    for (column, word) in [("reversibility", "Reversible: "), ("mitigation", "Mitigation: "), ("severity_judged", "Severity, as judged: ")]
    {
        match said(column) {
            Some(text) => lines.push(Phrase::from(word).remark(&text)),
            None if column == "severity_judged" => {}
            None => lines.push(Phrase::from(word).plain("not assessed")),
        }
    }
    Cell::Lines(lines)
}

/// What was assessed and what was not: an empty form is never a low harm.
fn assessed(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("What was assessed, intervention by intervention", &["Intervention", "State", "Why"]);
    let Some(sheet) = Sheet::of(outcome, "assessed") else { return grid };
    for row in 0..sheet.rows() {
        let state = sheet.text(row, "state").unwrap_or_else(|| "not assessed".into());
        let tone = if state == "not assessed" { Tone::Warning } else { Tone::Quiet };
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::Mark(tone, spelled(&state)),
            sheet.text(row, "why").map_or(Cell::Missing("not said"), |w| Cell::Text(Phrase::new().remark(&w))),
        ]);
    }
    grid
}

/// A cell of the network by its name: threat, place, group.
fn cell(names: &Names<'_>, name: &str) -> (String, String) {
    let mut ids = name.split('/');
    let threat = names.threat(ids.next().unwrap_or(name)).to_owned();
    let place = ids.next().filter(|id| *id != "*").map(|id| names.place(id).to_owned());
    let group = ids.next().map(|id| names.group(id).to_owned());
    let below = match (place, group) {
        (Some(place), Some(group)) => format!("{place} ({group})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    };
    (threat, below)
}

/// The trees, and every way in words.
fn pathways(basis: &Basis<'_>, outcome: &Outcome, harms: Option<&Sheet<'_>>, worst: &[usize], part: &mut Part) {
    let (Some(sheet), Some(harms)) = (Sheet::of(outcome, "pathways").filter(|s| s.rows() > 0), harms) else { return };
    part.blocks.push(Block::Heading("How the harms come about".into()));
    part.text(
        "A harm is either struck by the intervention itself, or comes from what it strikes along a chain of linkages. The strength of a way is the \
         product of its linkages' weights; the evidence is that of the assessment, link by link.",
    );
    let mut drawn: Vec<String> = Vec::new();
    for intervention in worst.iter().filter_map(|r| harms.text(*r, "intervention")) {
        if drawn.len() < MOST_TREES && !drawn.contains(&intervention) {
            drawn.push(intervention);
        }
    }
    for intervention in &drawn {
        let cells: Vec<Key> =
            worst.iter().map(|r| key(harms, *r)).filter(|k| k.0.as_ref() == Some(intervention)).take(MOST_CELLS).collect();
        let name = basis.names.intervention(intervention);
        let mut root = grown(basis, &sheet, name, &cells);
        let place = said_once(&mut root);
        let mut picture = tree(&format!("Harm tree of {name}"), &root);
        if let (Some(picture), Some(place)) = (&mut picture, place) {
            picture.remarks.push(Phrase::from("Everything drawn is in ").name(&place).plain("."));
        }
        part.chart(picture);
    }
    let mut grid = Grid::new(
        "Ways by which harm comes about, the strongest first for each harm",
        &["Intervention", "Way", "Strength#", "Periods#", "Rests on", "Evidence"],
    );
    let place = |k: &Key| worst.iter().position(|r| key(harms, *r) == *k).unwrap_or(usize::MAX);
    for row in sheet.sorted(|r| (place(&key(&sheet, r)), sheet.number(r, "rank").map(|n| n as u64))) {
        let mut way = Phrase::new();
        let nodes = sheet.list(row, "nodes");
        let effects = signs(basis, &sheet, row);
        for (i, node) in nodes.iter().enumerate() {
            if let Some(before) = i.checked_sub(1) {
                way = way.plain(if effects.get(before) == Some(&true) { " dampens " } else { " feeds " });
            }
            let (threat, below) = cell(&basis.names, node);
            way = way.quoted(&threat);
            if !below.is_empty() {
                way = way.plain(" in ").name(&below);
            }
        }
        let struck = match (nodes.len(), sheet.text(row, "starts_from").as_deref()) {
            (1, _) => "struck by the intervention: ",
            (_, Some("better")) => "from an improvement: ",
            _ => "from a worsening: ",
        };
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::Text(Phrase::from(struck).then(way)),
            if nodes.len() > 1 { Cell::number(sheet.number(row, "gain")) } else { Cell::Missing("itself") },
            Cell::whole(sheet.number(row, "lag")),
            sheet.text(row, "basis").map_or(Cell::Missing("not said"), |b| Cell::Text(Phrase::new().remark(&b))),
            match sheet.list(row, "evidence").as_slice() {
                [] => Cell::Missing("no evidence recorded"),
                lines => Cell::Lines(lines.iter().map(|l| Phrase::new().remark(l)).collect()),
            },
        ]);
    }
    part.table(grid);
}

/// Whether each link of a way dampens.
fn signs(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Vec<bool> {
    let dampens = |id: &str| basis.assessment.linkages.iter().any(|l| l.id == id && l.effect == LinkEffect::Dampens);
    sheet.list(row, "links").iter().map(|ids| ids.split('+').any(|id| dampens(id.trim()))).collect()
}

/// Takes the place out of the boxes where it is the same in all.
fn said_once(root: &mut Branch) -> Option<String> {
    fn of<'a>(branch: &'a Branch, found: &mut BTreeSet<&'a str>) {
        for next in &branch.follows {
            found.insert(&next.below);
            of(next, found);
        }
    }
    fn clear(branch: &mut Branch) {
        branch.below.clear();
        branch.follows.iter_mut().for_each(clear);
    }
    let mut found = BTreeSet::new();
    of(root, &mut found);
    let place = found.first().filter(|p| found.len() == 1 && !p.is_empty()).map(|p| (*p).to_owned())?;
    clear(root);
    Some(place)
}

/// The strongest way of each harmed cell, ways that begin alike as one trunk.
fn grown(basis: &Basis<'_>, sheet: &Sheet<'_>, name: &str, cells: &[Key]) -> Branch {
    let mut root = Branch { label: name.to_owned(), below: String::new(), worse: None, dampens: false, harmed: false, follows: Vec::new() };
    for of in cells {
        let mut rows: Vec<usize> = (0..sheet.rows()).filter(|r| key(sheet, *r) == *of).collect();
        rows.sort_by_key(|r| sheet.number(*r, "rank").map(|n| n as u64));
        let Some(&row) = rows.first() else { continue };
        let (nodes, signs) = (sheet.list(row, "nodes"), signs(basis, sheet, row));
        let mut worse = sheet.text(row, "starts_from").as_deref() != Some("better");
        let mut at = &mut root;
        for (i, node) in nodes.iter().enumerate() {
            let dampens = i.checked_sub(1).and_then(|before| signs.get(before)).copied().unwrap_or(false);
            worse ^= dampens;
            let (label, below) = cell(&basis.names, node);
            let same = |b: &Branch| b.label == label && b.below == below && b.worse == Some(worse) && b.dampens == dampens;
            let place = at.follows.iter().position(same).unwrap_or_else(|| {
                at.follows.push(Branch { label, below, worse: Some(worse), dampens, harmed: false, follows: Vec::new() });
                at.follows.len() - 1
            });
            let Some(next) = at.follows.get_mut(place) else { break };
            next.harmed |= i + 1 == nodes.len();
            at = next;
        }
    }
    root
}

/// Harm that is declared without a number.
fn claims(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Harm that is declared without a number: not assessed, and not followed through the network",
        &["Intervention", "Worsens", "Where and who", "Evidence", "Decision"],
    );
    let Some(sheet) = Sheet::of(outcome, "claims") else { return grid };
    for row in 0..sheet.rows() {
        let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            match (sheet.text(row, "threat"), sheet.text(row, "component")) {
                (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
                (None, Some(component)) => Cell::plain(&format!("{component} security")),
                (None, None) => Cell::Missing("not said"),
            },
            basis.names.where_cell(place.as_deref(), group.as_deref()),
            sheet.text(row, "evidence").map_or(Cell::Missing("none given"), |e| Cell::Text(Phrase::new().remark(&e))),
            decision(&sheet, row),
        ]);
    }
    grid
}

/// Decisions about harms that were not found.
fn unmatched(outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Judgements that name no harm of the register", &["About", "Question", "Answer", "Why it stands apart"]);
    let Some(sheet) = Sheet::of(outcome, "unmatched") else { return grid };
    for row in 0..sheet.rows() {
        let said = |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t)));
        grid.push(vec![said("subject"), said("question"), said("answer"), said("why")]);
    }
    grid
}

fn sides(basis: &Basis<'_>, outcome: &Outcome, side: &str, caption: &str) -> Grid {
    let divider = side == "divider";
    let mut grid = Grid::new(
        caption,
        if divider {
            &["Where", "Over", "Kind", "Groups", "Fare best", "Fare worst", "Under", "Read from"]
        } else {
            &["Where", "Over", "Kind", "Groups", "Under", "Read from"]
        },
    );
    let Some(sheet) = Sheet::of(outcome, "dividers_connectors") else { return grid };
    for row in (0..sheet.rows()).filter(|r| sheet.text(*r, "side").as_deref() == Some(side)) {
        let groups = |column: &str| {
            let ids = sheet.list(row, column);
            if ids.is_empty() {
                Cell::Missing("not said")
            } else {
                Cell::Text(Phrase::new().names(ids.iter().map(|g| basis.names.group(g)), 6))
            }
        };
        let mut cells = vec![
            sheet.text(row, "place").map_or(Cell::plain("everywhere"), |p| Cell::name(basis.names.place(&p))),
            match (sheet.text(row, "threat"), sheet.text(row, "capacity")) {
                (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
                (None, Some(capacity)) => Cell::name(basis.names.capacity(&capacity)),
                (None, None) => Cell::Missing("not said"),
            },
            sheet.text(row, "kind").map_or(Cell::Missing("not said"), |k| Cell::plain(&spelled(&k))),
            groups("groups"),
        ];
        if divider {
            cells.extend([groups("fares_best"), groups("fares_worst")]);
        }
        let under = sheet.list(row, "interventions");
        cells.push(if under.is_empty() {
            Cell::Missing("stands before any intervention")
        } else {
            Cell::Text(Phrase::new().names(under.iter().map(|i| basis.names.intervention(i)), 3))
        });
        cells.push(sheet.text(row, "read_from").map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t))));
        grid.push(cells);
    }
    grid
}

/// What Table III and the databank warn of: one row a warning, with all it is put to.
fn prompts(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Prompts, not predictions: what the handbook and other cases warn of for interventions of these kinds. They ask; nothing here says that it \
         will happen",
        &["Ask of", "Warning", "Harms", "Taken up here", "Source"],
    );
    grid.prompts = true;
    grid.most = 40;
    let Some(sheet) = Sheet::of(outcome, "prompts") else { return grid };
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for row in 0..sheet.rows() {
        let of = |r: usize| ["source", "id", "to", "text", "taken_up"].map(|c| sheet.text(r, c));
        let intervention = sheet.text(row, "intervention").unwrap_or_default();
        match rows.iter_mut().find(|(first, _)| of(*first) == of(row)) {
            Some((_, asked)) => asked.push(intervention),
            None => rows.push((row, vec![intervention])),
        }
    }
    // the handbook's warnings first, and those that nobody has answered before the others
    rows.sort_by_key(|(r, _)| {
        (sheet.text(*r, "source").as_deref() != Some("table-iii"), sheet.text(*r, "taken_up").as_deref() != Some("open"))
    });
    for (row, asked) in rows {
        let mut source = Phrase::new().plain(match sheet.text(row, "source").as_deref() {
            Some("table-iii") => "Table III of the handbook".to_owned(),
            Some("databank") => "a case of the databank".to_owned(),
            other => spelled(other.unwrap_or("not said")),
        });
        if let Some(locator) = sheet.text(row, "locator") {
            source = source.plain(", ").name(&locator);
        }
        grid.push(vec![
            Cell::Text(Phrase::new().names(asked.iter().map(|i| basis.names.intervention(i)), 4)),
            sheet.text(row, "text").map_or(Cell::Missing("not said"), |t| Cell::Text(Phrase::new().remark(&t))),
            sheet.text(row, "to").map_or(Cell::Missing("not said"), |c| Cell::plain(&format!("{c} security"))),
            match sheet.text(row, "taken_up").as_deref() {
                Some("open") => Cell::Mark(Tone::Warning, "open: nobody has answered".into()),
                Some("declared") => Cell::plain("declared by the assessment"),
                Some("found") => Cell::plain("found through the linkages"),
                _ => Cell::Missing("not said"),
            },
            Cell::Text(source),
        ]);
    }
    grid
}
