//! What each cell of the network weighs, and what a change of its severity is worth.

use std::collections::BTreeMap;

use super::settings::{Objective, PersonsCounted};
use super::{Horizons, Portfolio};
use crate::analyses::responses::options::Options;
use crate::analyses::responses::{HorizonWord, Link};
use crate::network::ThreatNode;
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

/// Rounding of a cut.
const NOTHING: f64 = 1e-9;

/// One cell.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) node: ThreatNode,
    /// Severity it starts from.
    pub(super) severity: f64,
    /// What a severity point weighs in the objective; none where its persons are unknown.
    pub(super) weight: Option<f64>,
    /// Population and prevalence, where the prevalence can move.
    pub(super) moved: Option<(f64, f64)>,
    /// Severity below which it counts as lifted, where it is critical or pervasive and can be lifted.
    pub(super) lifted_below: Option<f64>,
}

/// The cells, their groups, and how they are weighed.
#[derive(Debug)]
pub(super) struct Weighing {
    pub(super) objective: Objective,
    pub(super) link: Link,
    pub(super) slope: f64,
    pub(super) cells: Vec<Cell>,
    /// Group (or place): its name, its cells, and the sum of their weights.
    pub(super) groups: Vec<(String, Vec<usize>, f64)>,
    /// Horizon the gain is read at, and those harm is looked for at; the first is the gain's.
    pub(super) words: Vec<HorizonWord>,
    pub(super) notes: Vec<Note>,
}

impl Weighing {
    pub(super) fn new(settings: &Portfolio, options: &Options<'_>) -> Result<Self> {
        let mut notes = Vec::new();
        let mut without = Vec::new();
        let mut unmoved = Vec::new();
        let mut cells = Vec::with_capacity(options.network().len());
        for (node, &severity) in options.network().nodes().zip(options.baseline()) {
            let weight = match settings.persons {
                PersonsCounted::Exposed => node.persons,
                PersonsCounted::Affected => node.persons.zip(node.prevalence).map(|(n, p)| n * p),
            };
            if weight.is_none() {
                without.push(node.name.to_string());
            }
            let inner = |p: &f64| *p > 0.0 && *p < 1.0;
            let moved = node.persons.zip(node.prevalence.filter(inner)).filter(|_| node.observed && node.severity.is_some());
            if moved.is_none() {
                unmoved.push(node.name.to_string());
            }
            cells.push(Cell { node, severity, weight, moved, lifted_below: None });
        }
        let mut weighing = Weighing {
            objective: settings.objective,
            link: settings.link,
            slope: settings.slope,
            cells,
            groups: Vec::new(),
            words: words(settings.horizon),
            notes: Vec::new(),
        };
        weighing.lifts(settings);
        weighing.group(settings);
        match settings.objective {
            Objective::SeverityPersons | Objective::WorstOff if !without.is_empty() => {
                let message = "have no number of persons and are left out of the objective (missing is not zero)";
                notes.push(Note::counted("persons-unknown", "cell", message, without));
            }
            Objective::Persons if !unmoved.is_empty() => {
                let message = "have no condition, no persons, or a prevalence of 0 or 1: nobody is counted as lifted or pushed there";
                notes.push(Note::counted("prevalence-unmoved", "cell", message, unmoved));
            }
            _ => {}
        }
        if settings.objective == Objective::Persons {
            let message =
                "without microdata persons move with the prevalence of each condition; who meets several threats counts once a threat";
            notes.push(Note::new::<String>("persons-by-prevalence", message, []));
        }
        weighing.notes = notes;
        weighing.counted(settings)?;
        Ok(weighing)
    }

    fn counted(&self, settings: &Portfolio) -> Result<()> {
        let none =
            |what: &str| Err(Error::new(ErrorKind::Undefined, format!("the objective `{}` is undefined: {what}", settings.objective)));
        match settings.objective {
            Objective::SeverityPersons if self.cells.iter().all(|c| c.weight.is_none()) => none("no cell has a number of persons"),
            Objective::Persons if self.cells.iter().all(|c| c.moved.is_none()) => {
                none("no cell has a severity, persons and a prevalence between 0 and 1")
            }
            Objective::CellsLifted if self.cells.iter().all(|c| c.lifted_below.is_none()) => none("no cell is critical or pervasive"),
            Objective::WorstOff if self.groups.is_empty() => none("no group or place has a cell with a number of persons"),
            _ => Ok(()),
        }
    }

    /// Which cells are critical or pervasive, and from where on they would be below both cuts.
    fn lifts(&mut self, settings: &Portfolio) {
        let (link, slope) = (self.link, self.slope);
        for cell in &mut self.cells {
            let Some(severity) = cell.node.severity else { continue };
            let critical = severity >= settings.severity - NOTHING;
            let pervasive = cell.node.prevalence.is_some_and(|p| p >= settings.prevalence - NOTHING);
            let below = match (critical, pervasive, cell.node.prevalence) {
                (false, false, _) => continue,
                (true, false, _) => Some(settings.severity),
                (_, _, Some(p)) => {
                    // the greatest severity at which the prevalence is below its cut, by halving
                    let (mut low, mut high) = (0.0, severity);
                    let at = |x: f64| moved(link, slope, p, severity, x);
                    if p >= 1.0 || at(low) >= settings.prevalence - NOTHING {
                        continue;
                    }
                    for _ in 0..60 {
                        let middle = 0.5 * (low + high);
                        if at(middle) < settings.prevalence - NOTHING { low = middle } else { high = middle }
                    }
                    Some(if critical { low.min(settings.severity) } else { low })
                }
                (_, true, None) => None,
            };
            cell.lifted_below = below.filter(|below| *below > NOTHING);
        }
    }

    fn group(&mut self, settings: &Portfolio) {
        let mut by: BTreeMap<String, (Vec<usize>, f64)> = BTreeMap::new();
        for (position, cell) in self.cells.iter().enumerate() {
            let key = if settings.groups.is_some() { &cell.node.group } else { &cell.node.place };
            let (Some(key), Some(weight)) = (key, cell.weight) else { continue };
            if weight > 0.0 {
                let entry = by.entry(key.to_string()).or_default();
                entry.0.push(position);
                entry.1 += weight;
            }
        }
        self.groups = by.into_iter().map(|(name, (cells, weight))| (name, cells, weight)).collect();
    }

    /// What the cell's people gain where its severity falls by `fall`, under an objective that adds cells up.
    pub(super) fn gain(&self, cell: &Cell, fall: f64) -> f64 {
        match self.objective {
            Objective::SeverityPersons | Objective::WorstOff => cell.weight.unwrap_or(0.0) * fall.max(0.0),
            Objective::Persons => self.lifted(cell, fall),
            Objective::CellsLifted => f64::from(u8::from(cell.lifted_below.is_some_and(|below| cell.severity - fall < below - NOTHING))),
        }
    }

    /// Persons lifted where severity falls by `fall` > 0.
    pub(super) fn lifted(&self, cell: &Cell, fall: f64) -> f64 {
        let Some((persons, prevalence)) = cell.moved.filter(|_| fall > 0.0) else { return 0.0 };
        (persons * (prevalence - moved(self.link, self.slope, prevalence, cell.severity, cell.severity - fall))).max(0.0)
    }

    /// Persons pushed below where severity rises by `rise` > 0.
    pub(super) fn pushed(&self, cell: &Cell, rise: f64) -> f64 {
        let Some((persons, prevalence)) = cell.moved.filter(|_| rise > 0.0) else { return 0.0 };
        (persons * (moved(self.link, self.slope, prevalence, cell.severity, cell.severity + rise) - prevalence)).max(0.0)
    }
}

fn words(horizon: Horizons) -> Vec<HorizonWord> {
    match horizon {
        Horizons::Short => vec![HorizonWord::Short],
        Horizons::Medium => vec![HorizonWord::Medium],
        Horizons::Long => vec![HorizonWord::Long],
        Horizons::Rest => vec![HorizonWord::Rest],
        Horizons::All => vec![HorizonWord::Rest, HorizonWord::Short, HorizonWord::Medium, HorizonWord::Long],
    }
}

/// The prevalence where severity moves from `before` to `after`; one of 0 or 1 does not move.
fn moved(link: Link, slope: f64, prevalence: f64, before: f64, after: f64) -> f64 {
    if prevalence <= 0.0 || prevalence >= 1.0 { prevalence } else { link.after(prevalence, before, after, slope) }
}
