//! Without rows of people: the prevalence of conditions moves by the same rule.

use super::draws::{Runs, interval};
use super::result::{ALL_OR_NOBODY, Moved, People, PeopleMovedResult, Unmoved, chosen};
use super::{PeopleMoved, places};
use crate::kernels::Tick;
use crate::network::ThreatNode;
use crate::{Assessment, Result};

/// What becomes of the prevalence of one condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prevalence {
    pub choice: String,
    pub threat: String,
    pub place: Option<String>,
    pub group: Option<String>,
    pub before: f64,
    pub severity: f64,
    pub persons: Option<f64>,
    /// What follows is none where it is undefined.
    pub after: Option<f64>,
    pub severity_after: Option<f64>,
    pub after_interval: Option<(f64, f64)>,
    /// Persons no longer affected, and persons newly so.
    pub better: Option<f64>,
    pub better_interval: Option<(f64, f64)>,
    pub worse: Option<f64>,
    pub worse_interval: Option<(f64, f64)>,
}

/// Prevalence after; severity after.
fn after(settings: &PeopleMoved, p: f64, x0: f64, delta: f64, slope: f64) -> (f64, f64) {
    let x1 = if delta == 0.0 { x0 } else { (x0 + delta).clamp(0.0, 1.0) };
    let moved = if p > 0.0 && p < 1.0 { settings.link.after(p, x0, x1, slope) } else { p };
    (moved, x1)
}

impl PeopleMovedResult {
    pub(super) fn without_rows(settings: &PeopleMoved, assessment: &Assessment, tick: Tick<'_>) -> Result<Self> {
        let (options, choices) = chosen(settings, assessment, tick)?;
        let nodes: Vec<(usize, ThreatNode)> = options.network().nodes().enumerate().filter(|(_, node)| node.prevalence.is_some()).collect();
        let moving: Vec<&(usize, ThreatNode)> = nodes.iter().filter(|(_, node)| node.observed).collect();
        let positions: Vec<usize> = moving.iter().map(|(at, _)| *at).collect();
        let runs = Runs::new(&options, choices, positions, settings, tick)?;
        let width = runs.choices.len().saturating_mul(moving.len());
        let shares: Vec<f64> = moving.iter().map(|(_, node)| node.prevalence.unwrap_or_default()).collect();
        let drawn = runs.every(width, moving.len(), tick, &|_, drawn, out| {
            for (delta, out) in drawn.deltas.iter().zip(out.chunks_mut(moving.len().max(1))) {
                let Some(delta) = delta else { continue };
                for (((p, x0), delta), out) in shares.iter().zip(&drawn.baseline).zip(delta).zip(out) {
                    *out = after(settings, *p, *x0, *delta, drawn.slope).0;
                }
            }
            Ok(())
        })?;
        let mut prevalence = Vec::with_capacity(width);
        let mut undefined_draws = 0;
        for (at, choice) in runs.choices.iter().enumerate() {
            for (place, ((_, node), p)) in moving.iter().zip(&shares).enumerate() {
                let mut row = Prevalence::new(&choice.name, node, *p, runs.baseline.get(place).copied().unwrap_or(f64::NAN));
                let values = || drawn.chunks(width.max(1)).map(|draw| draw.get(at * moving.len() + place).copied().unwrap_or(f64::NAN));
                if runs.is_defined(at) {
                    row.point(settings, runs.courses.get(at).map(Vec::as_slice).unwrap_or_default(), place);
                    let (found, missing) = interval(values(), settings.level);
                    row.after_interval = found;
                    undefined_draws = undefined_draws.max(missing);
                    if let Some(persons) = node.persons {
                        let part = |sign: f64| {
                            interval(
                                values()
                                    .map(move |after| if after.is_nan() { after } else { persons * (sign * (after - p)).max(0.0) + 0.0 }),
                                settings.level,
                            )
                            .0
                        };
                        (row.better_interval, row.worse_interval) = (part(-1.0), part(1.0));
                    }
                }
                prevalence.push(row);
            }
        }
        let cells = cells(&nodes);
        let unmoved = nodes.iter().filter_map(|(_, node)| unmoved(node)).collect();
        let moved = runs.choices.iter().map(|_| vec![Moved::default(); cells.len()]).collect();
        let mut result = PeopleMovedResult {
            settings: settings.clone(),
            notes: options.notes(),
            choices: runs.choices.iter().map(|choice| choice.name.clone()).collect(),
            cells,
            moved,
            unmoved,
            prevalence,
            rows: None,
            exact: runs.exact.iter().all(|exact| *exact),
            undefined_draws,
            suppressed: 0,
        };
        let message = "without rows of people nobody is said to be lifted or pushed: the prevalence of a threat is not being below the \
                       threshold; see the table `prevalence`";
        result.note("no-microdata", message, Vec::new());
        result.say(&runs);
        Ok(result)
    }
}

impl Prevalence {
    fn new(choice: &str, node: &ThreatNode, p: f64, severity: f64) -> Self {
        Prevalence {
            choice: choice.to_owned(),
            threat: node.threat.to_string(),
            place: node.place.as_deref().map(str::to_owned),
            group: node.group.as_deref().map(str::to_owned),
            before: p,
            severity,
            persons: node.persons,
            after: None,
            severity_after: None,
            after_interval: None,
            better: None,
            better_interval: None,
            worse: None,
            worse_interval: None,
        }
    }

    /// The expectation over the courses.
    fn point(&mut self, settings: &PeopleMoved, courses: &[super::draws::Course], at: usize) {
        let (mut share, mut severity, mut better, mut worse) = (0.0, 0.0, 0.0, 0.0);
        for course in courses {
            let delta = course.delta.as_ref().and_then(|delta| delta.get(at)).copied().unwrap_or(f64::NAN);
            let (after, x1) = after(settings, self.before, self.severity, delta, settings.slope);
            share += course.weight * (after - self.before);
            severity += course.weight * (x1 - self.severity);
            better += course.weight * (self.before - after).max(0.0);
            worse += course.weight * (after - self.before).max(0.0);
        }
        self.after = Some(self.before + share);
        self.severity_after = Some(self.severity + severity);
        self.better = self.persons.map(|persons| persons * better);
        self.worse = self.persons.map(|persons| persons * worse);
    }
}

fn unmoved(node: &ThreatNode) -> Option<Unmoved> {
    let reason = match node.prevalence {
        _ if !node.observed => places::NO_CONDITION,
        Some(p) if p <= 0.0 || p >= 1.0 => ALL_OR_NOBODY,
        _ => return None,
    };
    Some(Unmoved {
        indicator: None,
        threat: Some(node.threat.to_string()),
        place: node.place.as_deref().map(str::to_owned),
        group: node.group.as_deref().map(str::to_owned),
        reason,
    })
}

/// The places and groups that conditions speak of.
fn cells(nodes: &[(usize, ThreatNode)]) -> Vec<People> {
    let mut cells: Vec<People> = Vec::new();
    for (_, node) in nodes {
        let shown = [node.place.as_deref().map(str::to_owned), node.group.as_deref().map(str::to_owned)];
        if !cells.iter().any(|cell| cell.shown == shown) {
            let in_place = shown.first().cloned().flatten();
            cells.push(People { over: "place,group".into(), shown, in_place, population: node.persons, ..People::default() });
        }
    }
    cells
}
