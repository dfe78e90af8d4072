//! What the report rests on: notes of every analysis, sources, settings.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Basis;
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, spelled};

/// Ids named in one note; the result holds all.
const MOST_SUBJECTS: usize = 6;

pub(super) fn notes(basis: &Basis<'_>) -> Part {
    let mut blocks = Vec::new();
    for finding in basis.findings {
        let items: Vec<Phrase> = match &finding.result {
            Err(error) => vec![Phrase::from("No result: ").remark(&error.message).plain(".")],
            Ok(outcome) => outcome
                .notes
                .iter()
                .map(|note| {
                    let said = note.message.trim_end_matches('.');
                    let phrase = Phrase::new().remark(said).plain(".");
                    if note.subjects.is_empty() {
                        phrase
                    } else {
                        phrase.plain(" It concerns ").names(note.subjects.iter().map(String::as_str), MOST_SUBJECTS).plain(".")
                    }
                })
                .collect(),
        };
        if !items.is_empty() {
            blocks.push(Block::Heading(Phrase::new().plain(title(finding.analysis))));
            blocks.push(Block::List(items));
        }
    }
    let remarks = remarks(basis);
    if !remarks.is_empty() {
        blocks.push(Block::Heading("Remarks that the assessment carries".into()));
        blocks.push(Block::List(remarks));
    }
    let finding = if blocks.is_empty() {
        "Nothing was dropped, defaulted or assumed beyond the settings below."
    } else {
        "What was dropped, defaulted or assumed on the way to these findings is listed here; nothing else was."
    };
    let mut part = Part::new("notes", "What was assumed and what was left out", finding.into());
    part.blocks = blocks;
    part
}

/// What the file remarks, each remark once with all it stands beside.
fn remarks(basis: &Basis<'_>) -> Vec<Phrase> {
    let a = basis.assessment;
    let all = (a.sources.iter().map(|s| (s.id.as_str(), &s.provenance)))
        .chain(a.places.iter().map(|p| (p.id.as_str(), &p.provenance)))
        .chain(a.groups.iter().map(|g| (g.id.as_str(), &g.provenance)))
        .chain(a.populations.iter().map(|p| (p.place.as_str(), &p.provenance)))
        .chain(a.threats.iter().map(|t| (t.id.as_str(), &t.provenance)))
        .chain(a.conditions.iter().map(|c| (c.threat.as_str(), &c.provenance)))
        .chain(a.capacities.iter().map(|c| (c.id.as_str(), &c.provenance)))
        .chain(a.linkages.iter().map(|l| (l.id.as_str(), &l.provenance)))
        .chain(a.interventions.iter().map(|i| (i.id.as_str(), &i.provenance)));
    let mut order: Vec<&str> = Vec::new();
    let mut beside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, provenance) in all {
        let Some(note) = provenance.note.as_deref() else { continue };
        let ids = beside.entry(note).or_insert_with(|| {
            order.push(note);
            Vec::new()
        });
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    order.truncate(Grid::MOST_ROWS);
    order
        .into_iter()
        .map(|note| {
            let ids = beside.get(note).map(Vec::as_slice).unwrap_or_default();
            Phrase::new().remark(note).plain(" (").names(ids.iter().copied(), MOST_SUBJECTS).plain(")")
        })
        .collect()
}

pub(super) fn sources(basis: &Basis<'_>) -> Part {
    let sources = &basis.assessment.sources;
    let finding = match sources.as_slice() {
        [] => Phrase::from("The assessment names no source."),
        [one] => Phrase::from("Everything rests on one source: ").name(&one.title).plain("."),
        many => Phrase::from("The assessment rests on ").names(many.iter().map(|s| s.title.as_str()), 3).plain("."),
    };
    let mut part = Part::new("sources", "Sources", finding);
    let mut grid = Grid::new("Sources of the assessment", &["Source", "Known as", "Where", "Licence"]);
    for source in sources {
        let said = |text: &Option<String>| text.as_deref().map_or(Cell::Missing("not said"), Cell::name);
        grid.push(vec![Cell::name(&source.title), Cell::name(&source.id), said(&source.url), said(&source.licence)]);
    }
    part.table(grid);
    part
}

pub(super) fn settings(basis: &Basis<'_>) -> Part {
    let mut part = Part::new(
        "settings",
        "How to repeat this",
        "Running the same analyses on the same assessment with these settings gives the same findings.".into(),
    );
    for finding in basis.findings {
        let Ok(outcome) = &finding.result else { continue };
        let mut rows = Vec::new();
        flatten("", &outcome.settings, &mut rows);
        let mut grid = Grid::new(Phrase::new().plain(title(finding.analysis)), &["Setting", "Value"]);
        for (name, value) in rows {
            grid.push(vec![Cell::name(&name), Cell::name(&value)]);
        }
        part.table(grid);
    }
    part
}

/// Settings as lines: the path of each, and its value as JSON writes it.
fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, inner, rows);
            }
        }
        Value::Array(items) if !items.iter().any(|i| i.is_array() || i.is_object()) => {
            let words = items.iter().map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned)).collect::<Vec<_>>();
            rows.push((path.into(), words.join(", ")));
        }
        Value::Null => rows.push((path.into(), "none".into())),
        Value::String(text) => rows.push((path.into(), text.clone())),
        other => rows.push((path.into(), other.to_string())),
    }
}

/// The name of an analysis as a heading.
fn title(analysis: &str) -> String {
    let words = spelled(analysis);
    let mut letters = words.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
