//! The sections of a report, one file each: every one turns results into sentences and tables, and computes nothing.

mod agreement;
mod balance;
mod causes;
mod coherence;
mod criticality;
mod doubt;
mod externalities;
mod gaps;
mod gender;
mod harms;
mod hotspots;
mod intersections;
mod knowledge;
mod loops;
mod matrix;
mod mismatch;
mod network;
mod participation;
mod people;
mod perceptions;
mod phases;
mod plan;
mod portfolio;
mod principles;
mod questions;
mod record;
mod screens;
mod shown;
mod situation;
mod stakeholders;
mod stories;
mod synergies;
mod trust;
mod vital;

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{Block, Cell, Part, Phrase, Piece};
use super::picture::Picture;
use super::{Finding, Section};
use crate::assessment::Assessment;
use crate::tables::{Outcome, Table};

/// What the sections are made from.
pub(super) struct Basis<'a> {
    pub assessment: &'a Assessment,
    pub findings: &'a [Finding],
    pub picture: Option<&'a Picture>,
    pub names: Names<'a>,
    /// The one horizon that is asked for.
    pub horizon: Option<&'static str>,
}

impl<'a> Basis<'a> {
    /// Rows at the horizon asked for; all where none is, or the table does not hold it.
    fn rows(&self, sheet: &Sheet<'_>) -> Vec<usize> {
        let at = |r: &usize| sheet.text(*r, "horizon").as_deref() == self.horizon;
        let rows: Vec<usize> = if self.horizon.is_some() { (0..sheet.rows()).filter(at).collect() } else { Vec::new() };
        if rows.is_empty() { (0..sheet.rows()).collect() } else { rows }
    }

    /// The result of an analysis, or the sentence that says why there is none.
    fn result(&self, analysis: &str) -> Result<&'a Outcome, Phrase> {
        match self.findings.iter().find(|f| f.analysis == analysis) {
            Some(Finding { result: Ok(outcome), .. }) => Ok(outcome),
            Some(Finding { result: Err(error), .. }) => {
                Err(Phrase::new().plain("This is undefined for the assessment as it stands: ").remark(&error.message).plain("."))
            }
            None if analysis == "portfolio" => Err("No budget was given, so no set of interventions was chosen.".into()),
            None if analysis == "people" => {
                Err("This was not asked for: it needs a scheme of deprivations, and a survey where there is one.".into())
            }
            None => Err(self.not_asked()),
        }
    }

    fn not_asked(&self) -> Phrase {
        "This analysis was not asked for.".into()
    }
}

/// One section, by its name.
pub(super) fn part(section: Section, basis: &Basis<'_>) -> Part {
    match section {
        Section::Situation => situation::part(basis),
        Section::Knowledge => knowledge::part(basis),
        Section::Criticality => criticality::part(basis),
        Section::Phases => phases::part(basis),
        Section::Matrix => matrix::part(basis),
        Section::VitalCore => vital::part(basis),
        Section::GenderGaps => gender::part(basis),
        Section::Perceptions => perceptions::part(basis),
        Section::Agreement => agreement::part(basis),
        Section::Mismatch => mismatch::part(basis),
        Section::Trust => trust::part(basis),
        Section::Stories => stories::part(basis),
        Section::Network => network::part(basis),
        Section::RootCauses => causes::part(basis),
        Section::Loops => loops::part(basis),
        Section::Intersections => intersections::part(basis),
        Section::Capacities => hotspots::part(basis),
        Section::Externalities => externalities::part(basis),
        Section::Harms => harms::part(basis),
        Section::People => people::part(basis),
        Section::Synergies => synergies::part(basis),
        Section::SevenQuestions => questions::part(basis),
        Section::PillarGaps => gaps::part(basis),
        Section::PillarBalance => balance::part(basis),
        Section::Portfolio => portfolio::part(basis),
        Section::PolicyCoherence => coherence::part(basis),
        Section::ActionPlan => plan::part(basis),
        Section::Stakeholders => stakeholders::part(basis),
        Section::Participation => participation::part(basis),
        Section::Principles => principles::part(basis),
        Section::Screens => screens::part(basis),
        Section::Notes => record::notes(basis),
        Section::Sources => record::sources(basis),
        Section::Settings => record::settings(basis),
    }
}

/// Leaves out sections that have nothing to show; each that was asked of an analysis is a line in the notes.
pub(super) fn leave_out(parts: &mut Vec<Part>, basis: &Basis<'_>) {
    let (kept, left): (Vec<Part>, Vec<Part>) = std::mem::take(parts).into_iter().partition(|p| !p.empty);
    *parts = kept;
    let asked = |part: &&Part| part.finding != basis.not_asked();
    let lines: Vec<Phrase> =
        left.iter().filter(asked).map(|p| Phrase::new().plain(format!("{}. ", p.heading)).then(p.finding.clone())).collect();
    if let Some(notes) = parts.iter_mut().find(|p| p.id == "notes").filter(|_| !lines.is_empty()) {
        notes.blocks.insert(0, Block::List(lines));
        notes.blocks.insert(0, Block::Heading("What the assessment holds nothing on".into()));
    }
}

/// Names of everything that has an id.
pub(super) struct Names<'a> {
    threats: BTreeMap<&'a str, &'a str>,
    places: BTreeMap<&'a str, &'a str>,
    groups: BTreeMap<&'a str, &'a str>,
    interventions: BTreeMap<&'a str, &'a str>,
    actors: BTreeMap<&'a str, &'a str>,
    capacities: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        Names {
            threats: assessment.threats.iter().map(|t| (t.id.as_str(), t.name.as_str())).collect(),
            places: assessment.places.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect(),
            groups: assessment.groups.iter().map(|g| (g.id.as_str(), g.name.as_str())).collect(),
            interventions: assessment.interventions.iter().map(|i| (i.id.as_str(), i.name.as_str())).collect(),
            actors: assessment.actors.iter().map(|x| (x.id.as_str(), x.name.as_str())).collect(),
            capacities: assessment.capacities.iter().map(|c| (c.id.as_str(), c.id.replace(['-', '_'], " "))).collect(),
        }
    }

    pub(super) fn threat<'b>(&'b self, id: &'b str) -> &'b str {
        self.threats.get(id).copied().unwrap_or(id)
    }

    pub(super) fn place<'b>(&'b self, id: &'b str) -> &'b str {
        self.places.get(id).copied().unwrap_or(id)
    }

    pub(super) fn group<'b>(&'b self, id: &'b str) -> &'b str {
        self.groups.get(id).copied().unwrap_or(id)
    }

    pub(super) fn intervention<'b>(&'b self, id: &'b str) -> &'b str {
        self.interventions.get(id).copied().unwrap_or(id)
    }

    pub(super) fn capacity<'b>(&'b self, id: &'b str) -> &'b str {
        self.capacities.get(id).map_or(id, String::as_str)
    }

    /// The name of what `check` speaks of, by the word it uses for its kind.
    pub(super) fn of_kind<'b>(&'b self, kind: &str, id: &'b str) -> &'b str {
        match kind {
            "threat" => self.threat(id),
            "place" => self.place(id),
            "group" => self.group(id),
            "intervention" => self.intervention(id),
            "actor" => self.actors.get(id).copied().unwrap_or(id),
            "capacity" => self.capacity(id),
            _ => id,
        }
    }

    /// The name of an actor, a group or a place; what is none of these, such as a stakeholder's word, stands as it is.
    fn who<'b>(&'b self, id: &'b str) -> &'b str {
        [&self.actors, &self.groups, &self.places].iter().find_map(|names| names.get(id).copied()).unwrap_or(id)
    }

    /// The name of anything that has an id.
    fn any<'b>(&'b self, id: &'b str) -> &'b str {
        let named = [&self.interventions, &self.threats].iter().find_map(|names| names.get(id).copied());
        named.or_else(|| self.capacities.get(id).map(String::as_str)).unwrap_or_else(|| self.who(id))
    }

    /// Place and group together: "Ituri (women)"; everyone is not said.
    fn where_cell(&self, place: Option<&str>, group: Option<&str>) -> Cell {
        let phrase = match place {
            Some(place) => Phrase::new().name(self.place(place)),
            None => "everywhere".into(),
        };
        Cell::Text(match group {
            Some(group) => phrase.plain(" (").name(self.group(group)).plain(")"),
            None => phrase,
        })
    }

    /// “Armed violence” in Ituri (women).
    fn cell(&self, threat: &str, place: Option<&str>, group: Option<&str>) -> Phrase {
        let mut phrase = Phrase::new().quoted(self.threat(threat));
        if let Some(place) = place {
            phrase = phrase.plain(" in ").name(self.place(place));
        }
        if let Some(group) = group {
            phrase = phrase.plain(" (").name(self.group(group)).plain(")");
        }
        phrase
    }
}

/// A table read by row and column name; a column that is not there is missing everywhere.
pub(super) struct Sheet<'a> {
    table: &'a Table,
    columns: Vec<&'a str>,
}

impl<'a> Sheet<'a> {
    fn of(outcome: &'a Outcome, name: &str) -> Option<Self> {
        outcome.table(name).map(Self::new)
    }

    fn main(outcome: &'a Outcome) -> Option<Self> {
        outcome.tables.first().map(|(_, table)| Self::new(table))
    }

    fn new(table: &'a Table) -> Self {
        Sheet { table, columns: table.columns() }
    }

    fn rows(&self) -> usize {
        self.table.rows()
    }

    fn value(&self, row: usize, column: &str) -> Value {
        self.columns.iter().position(|c| *c == column).map_or(Value::Null, |at| self.table.cell(row, at))
    }

    fn text(&self, row: usize, column: &str) -> Option<String> {
        match self.value(row, column) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.value(row, column).as_f64()
    }

    fn flag(&self, row: usize, column: &str) -> Option<bool> {
        self.value(row, column).as_bool()
    }

    fn list(&self, row: usize, column: &str) -> Vec<String> {
        match self.value(row, column) {
            Value::Array(items) => items.iter().filter_map(|i| i.as_str().map(str::to_owned)).collect(),
            Value::String(text) => vec![text],
            _ => Vec::new(),
        }
    }

    /// Rows in the order of a key.
    fn sorted<K: Ord>(&self, key: impl Fn(usize) -> K) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.rows()).collect();
        rows.sort_by_key(|r| key(*r));
        rows
    }
}

/// A figure with its interval, from columns that end in `_lower` and `_upper`.
fn interval(sheet: &Sheet<'_>, row: usize, column: &str) -> Cell {
    bounded(sheet, row, column, &format!("{column}_lower"), &format!("{column}_upper"))
}

/// A figure with its interval, by the names of the columns.
fn bounded(sheet: &Sheet<'_>, row: usize, column: &str, lower: &str, upper: &str) -> Cell {
    match [column, lower, upper].map(|c| sheet.number(row, c)) {
        [None, ..] => Cell::Missing("not known"),
        [Some(value), Some(low), Some(high)] if low < high => {
            Cell::Text(Phrase::new().number(value).plain(" (").number(low).plain(" to ").number(high).plain(")"))
        }
        [Some(value), ..] => Cell::Text(Phrase::new().number(value)),
    }
}

/// A word with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A sentence that begins with a capital where it begins with our own words.
fn sentence(mut phrase: Phrase) -> Phrase {
    if let Some(Piece::Plain(first)) = phrase.0.iter_mut().find(|p| !matches!(p, Piece::Plain(t) if t.is_empty())) {
        *first = capital(first);
    }
    phrase
}

/// A fact of a result that is a number.
fn fact(outcome: &Outcome, name: &str) -> Option<f64> {
    outcome.facts.get(name).and_then(Value::as_f64)
}

/// Orders numbers from the largest down, missing ones last.
pub(super) fn falling(number: Option<f64>) -> (bool, std::cmp::Reverse<Ordered>) {
    (number.is_none(), std::cmp::Reverse(Ordered(number.unwrap_or(0.0))))
}

/// The larger of two numbers; a missing one does not count.
fn larger(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).max_by(f64::total_cmp)
}

/// A finite number with a total order.
#[derive(PartialEq)]
pub(super) struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
