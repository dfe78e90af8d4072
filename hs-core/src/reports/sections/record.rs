//! What the report rests on: notes of every analysis, sources, settings.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Basis;
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, spelled};
use crate::tables::Note;

/// Ids named in one note; the result holds all.
const MOST_SUBJECTS: usize = 6;

pub(super) fn notes(basis: &Basis<'_>) -> Part {
    let mut blocks = Vec::new();
    for (analyses, items) in noted(basis) {
        blocks.push(Block::Heading(Phrase::new().plain(analyses)));
        blocks.push(Block::List(items));
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

/// Notes under the analyses that made them; one that several made stands once, under all their names.
fn noted(basis: &Basis<'_>) -> Vec<(String, Vec<Phrase>)> {
    let mut order: Vec<Phrase> = Vec::new();
    let mut makers: Vec<Vec<&str>> = Vec::new();
    for finding in basis.findings {
        let phrases = match &finding.result {
            Err(error) => vec![Phrase::from("No result: ").remark(&error.message).plain(".")],
            Ok(outcome) => outcome.notes.iter().map(note).collect(),
        };
        for phrase in phrases {
            match order.iter().position(|p| *p == phrase).and_then(|at| makers.get_mut(at)) {
                Some(made) => made.push(finding.analysis),
                None => {
                    order.push(phrase);
                    makers.push(vec![finding.analysis]);
                }
            }
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<Phrase>)> = Vec::new();
    for (phrase, made) in order.into_iter().zip(makers) {
        match groups.iter_mut().find(|(analyses, _)| *analyses == made) {
            Some((_, phrases)) => phrases.push(phrase),
            None => groups.push((made, vec![phrase])),
        }
    }
    groups.into_iter().map(|(analyses, phrases)| (title(&analyses.join(", ")), phrases)).collect()
}

fn note(note: &Note) -> Phrase {
    let said = title_case(note.message.trim_end_matches('.'));
    let phrase = Phrase::new().remark(&said).plain(".");
    if note.subjects.is_empty() {
        phrase
    } else {
        phrase.plain(" Concerned: ").names(note.subjects.iter().map(String::as_str), MOST_SUBJECTS).plain(".")
    }
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
    let mut items = Vec::new();
    for finding in basis.findings {
        let Ok(outcome) = &finding.result else { continue };
        let mut rows = Vec::new();
        flatten("", &outcome.settings, &mut rows);
        let mut phrase = Phrase::new().plain(title(finding.analysis)).plain(": ");
        for (i, (name, value)) in rows.iter().enumerate() {
            phrase = phrase.plain(if i > 0 { "; " } else { "" }).name(name).plain(" = ").remark(value);
        }
        if !rows.is_empty() {
            items.push(phrase.plain("."));
        }
    }
    part.blocks.push(Block::List(items));
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
        Value::Object(_) => {}
        Value::Null => rows.push((path.into(), "none".into())),
        Value::String(text) => rows.push((path.into(), text.clone())),
        other => rows.push((path.into(), other.to_string())),
    }
}

/// The name of an analysis as a heading.
fn title(analysis: &str) -> String {
    title_case(&spelled(analysis))
}

fn title_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
