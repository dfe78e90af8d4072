//! A map on its way in: nodes by name, links with what was said of them, and everything that is wrong with them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::network::{DominoNetwork, EdgeList};
use crate::tables::Note;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// The greatest lag that a network takes.
const MOST_LAG: f64 = 1000.0;

/// Where in a file something stands.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// Line and column, from 1.
    Text(u64, u64),
    /// JSON pointer.
    Pointer(String),
}

impl Place {
    pub(super) fn problem(&self, kind: ProblemKind, found: impl Into<String>, wanted: impl Into<String>) -> Problem {
        match self {
            Place::Text(line, column) => Problem::new(kind, "", found, wanted).at(*line, *column),
            Place::Pointer(pointer) => Problem::new(kind, pointer.as_str(), found, wanted),
        }
    }
}

/// What a file says of a link.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) weight: Option<f64>,
    /// The sign, where it is said in a word.
    pub(super) dampens: Option<bool>,
    pub(super) lag: f64,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    /// Whether it holds in both directions.
    pub(super) mutual: bool,
}

/// A map as read so far.
#[derive(Debug, Default)]
pub(super) struct Map {
    names: Vec<String>,
    positions: FxHashMap<String, u32>,
    links: Vec<Link>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: Vec<Note>,
    /// What a network has no place for, with how often it stands there.
    passed_over: BTreeMap<String, usize>,
    mutual: usize,
}

impl Map {
    /// Adds a node under the key that links use, with the name it gets.
    pub(super) fn node(&mut self, key: &str, name: &str, place: &Place) {
        if name.is_empty() {
            self.problems.push(place.problem(ProblemKind::BadText, "a node without a name", "a name"));
            return;
        }
        if self.positions.contains_key(key) {
            let found = format!("the node `{}` twice", shown(key));
            self.problems.push(place.problem(ProblemKind::Duplicate, found, "one name a node").mend("rename one, or give ids"));
            return;
        }
        let position = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.positions.insert(key.to_owned(), position);
        self.names.push(name.to_owned());
    }

    /// Position of the node of a key.
    pub(super) fn position(&self, key: &str) -> Option<u32> {
        self.positions.get(key).copied()
    }

    /// Position of the node of a key; where there is none, one is made of it.
    pub(super) fn position_or_new(&mut self, key: &str, place: &Place) -> u32 {
        if self.position(key).is_none() {
            self.node(key, key, place);
        }
        self.position(key).unwrap_or_default()
    }

    /// Position of the node of a key, a problem where there is none.
    pub(super) fn end(&mut self, key: &str, what: &str, place: &Place) -> Option<u32> {
        let found = self.position(key);
        if found.is_none() {
            let near = nearest(key, self.positions.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            let problem = place.problem(ProblemKind::Unresolved, format!("{what} `{}`", shown(key)), "a node of the file");
            self.problems.push(match near {
                Some(near) => problem.mend(near),
                None => problem,
            });
        }
        found
    }

    /// Adds a link, if what is said of it fits together.
    pub(super) fn link(&mut self, mut link: Link, place: &Place) {
        let mut refuse = |kind, found: String, wanted: &str| self.problems.push(place.problem(kind, found, wanted));
        let numbers = [("weight", link.weight), ("low", link.low), ("high", link.high)];
        for (what, value) in numbers {
            if let Some(value) = value.filter(|v| !v.is_finite()) {
                return refuse(ProblemKind::OutOfBounds, format!("`{what}` {value}"), "a finite number");
            }
        }
        if !(0.0..=MOST_LAG).contains(&link.lag) || link.lag.fract() != 0.0 {
            return refuse(ProblemKind::OutOfBounds, format!("`lag` {}", link.lag), "a whole number of periods from 0 to 1000");
        }
        match (link.weight, link.low, link.high) {
            (_, None, None) => {}
            (Some(weight), Some(low), Some(high)) if low <= weight && weight <= high => {}
            (weight, low, high) => {
                let say = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |v| v.to_string());
                let found = format!("weight {} with `low` {} and `high` {}", say(weight), say(low), say(high));
                return refuse(ProblemKind::BadRange, found, "both ends, and the weight between them");
            }
        }
        if let (Some(weight), Some(dampens)) = (link.weight, link.dampens)
            && weight != 0.0
            && dampens != (weight < 0.0)
        {
            // sheets hold a magnitude beside the sign as often as a signed number
            if weight < 0.0 || link.low.is_some() {
                return refuse(
                    ProblemKind::Conflict,
                    format!("weight {weight} on a link that {}", if dampens { "dampens" } else { "feeds" }),
                    "one sign",
                );
            }
            link.weight = Some(-weight);
        }
        self.mutual += usize::from(link.mutual);
        self.links.push(link);
    }

    /// Counts something that a network has no place for.
    pub(super) fn pass_over(&mut self, what: String) {
        *self.passed_over.entry(what).or_default() += 1;
    }

    /// The network, with notes on everything that was not taken up.
    pub(super) fn network(mut self) -> Result<DominoNetwork> {
        if !self.problems.is_empty() {
            return Err(Error::with_problems(ErrorKind::Document, self.problems));
        }
        if self.mutual > 0 {
            let message = format!("{} links without a direction are read as one link each way", self.mutual);
            self.notes.push(Note::new::<String>("mutual-links", message, []));
        }
        for (what, count) in &self.passed_over {
            let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            self.notes.push(Note::new::<String>("passed-over", format!("{what} stands in the file {times} and is not taken up"), []));
        }
        let mut list = EdgeList { names: Some(self.names), ..EdgeList::default() };
        let (mut weight, mut dampens, mut lag, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for link in &self.links {
            let ways = [Some((link.from, link.to)), (link.mutual && link.from != link.to).then_some((link.to, link.from))];
            for (from, to) in ways.into_iter().flatten() {
                list.source.push(from);
                list.target.push(to);
                weight.push(link.weight);
                dampens.push(link.weight.map_or(link.dampens == Some(true), |w| w < 0.0));
                lag.push(link.lag as u32);
                low.push(link.low);
                high.push(link.high);
            }
        }
        list.weight =
            if weight.iter().all(Option::is_some) { weight.into_iter().flatten().collect::<Vec<f64>>().into() } else { weight.into() };
        list.dampens = Some(dampens);
        list.lag = Some(lag);
        (list.low, list.high) = (Some(low), Some(high));
        Ok(DominoNetwork::from_edges(list)?.with_notes(self.notes))
    }
}

/// The sign that a word says: whether it dampens.
pub(super) fn sign(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "+" | "positive" | "feeds" | "increases" | "same" | "s" | "reinforces" => Some(false),
        "-" | "−" | "–" | "negative" | "dampens" | "decreases" | "opposite" | "o" => Some(true),
        _ => None,
    }
}
