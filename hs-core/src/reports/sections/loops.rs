//! What feeds itself: rings of threats that keep each other going, and those that hold each other back.

use std::collections::BTreeMap;

use super::{Basis, Sheet, fact};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone};

/// Loops that the table shows; the result has all.
const MOST_SHOWN: usize = 12;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("loops", "What feeds itself");
    let outcome = match basis.result("loops") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No threat comes back to itself along the linkages that are recorded.".into());
    };
    let cells = Cells::of(basis);
    let rows = sheet.sorted(|r| (sheet.number(r, "gain").is_none(), super::falling(sheet.number(r, "gain")), r));
    let reinforcing = |row: usize| sheet.text(row, "sign").as_deref() == Some("reinforcing");
    let truncated = outcome.facts.get("truncated").and_then(serde_json::Value::as_bool) == Some(true);
    let (most, count) = (if truncated { "At least " } else { "" }, fact(outcome, "count").unwrap_or_default());
    let mut finding = match rows.iter().copied().find(|r| reinforcing(*r) && sheet.number(*r, "gain").is_some()) {
        Some(first) => {
            Phrase::from("The strongest ring that feeds itself: ").then(cells.ring(basis, &sheet.list(first, "nodes"))).plain(". ")
        }
        None => "No ring with numbers feeds itself. ".into(),
    };
    finding = finding.plain(most).whole(count).plain(if count == 1.0 { " ring in all." } else { " rings in all." });
    let mut part = Part::new(id, heading, finding);
    part.text(
        "A reinforcing ring keeps a change going: worse makes worse, and better makes better, so that it is both a danger and a place to act. A balancing \
         ring turns a change back. The gain is what of a change comes back after one round, at most; the delay is how many periods a round takes.",
    );
    let caption = if rows.len() > MOST_SHOWN {
        Phrase::from("The ").whole(MOST_SHOWN as f64).plain(" rings of greatest gain; the result has every one")
    } else {
        "Rings by gain".into()
    };
    let mut grid = Grid::new(caption, &["Ring", "Kind", "Gain#", "Delay#"]);
    for row in rows.into_iter().take(MOST_SHOWN) {
        grid.push(vec![
            Cell::Text(cells.ring(basis, &sheet.list(row, "nodes"))),
            if reinforcing(row) { Cell::Mark(Tone::Worse, "reinforcing".into()) } else { Cell::Mark(Tone::Quiet, "balancing".into()) },
            sheet.number(row, "gain").map_or(Cell::Missing("no number"), |gain| Cell::number(Some(gain))),
            Cell::whole(sheet.number(row, "lag")),
        ]);
    }
    part.table(grid);
    part
}

/// Threat, place and group of each node.
struct Cells(BTreeMap<String, (String, Option<String>, Option<String>)>);

impl Cells {
    fn of(basis: &Basis<'_>) -> Self {
        let Some(sheet) = basis.result("network").ok().and_then(|network| Sheet::of(network, "nodes")) else {
            return Cells(BTreeMap::new());
        };
        let cell = |row| Some((sheet.text(row, "node")?, (sheet.text(row, "threat")?, sheet.text(row, "place"), sheet.text(row, "group"))));
        Cells((0..sheet.rows()).filter_map(cell).collect())
    }

    /// The threats in their order and back to the first; the place once where it is one and the same.
    fn ring(&self, basis: &Basis<'_>, nodes: &[String]) -> Phrase {
        let known: Vec<_> = nodes.iter().map(|node| self.0.get(node)).collect();
        let site = |cell: &Option<&(String, Option<String>, Option<String>)>| cell.map(|(_, place, group)| (place.clone(), group.clone()));
        let one = known.first().and_then(site).filter(|first| known.iter().all(|cell| site(cell).as_ref() == Some(first)));
        let mut phrase = Phrase::new();
        for (at, (node, cell)) in nodes.iter().zip(&known).chain(nodes.iter().zip(&known).take(1)).enumerate() {
            if at > 0 {
                phrase = phrase.plain(" → ");
            }
            phrase = match cell {
                Some((threat, ..)) if one.is_some() => phrase.name(basis.names.threat(threat)),
                Some((threat, place, group)) => phrase.then(basis.names.cell(threat, place.as_deref(), group.as_deref())),
                None => phrase.name(node),
            };
        }
        match one {
            Some((Some(place), group)) => {
                phrase = phrase.plain(", in ").name(basis.names.place(&place));
                group.map_or(phrase.clone(), |group| phrase.plain(" (").name(basis.names.group(&group)).plain(")"))
            }
            _ => phrase,
        }
    }
}
