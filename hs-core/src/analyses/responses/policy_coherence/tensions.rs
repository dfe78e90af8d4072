//! What is gained at one horizon and lost at another.

use serde::Serialize;

use crate::analyses::responses::{CellEffect, ExternalitiesResult};
use crate::framework::Component;

/// An intervention under which one cell gets better at one horizon and worse at another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tension {
    /// Id of the intervention.
    pub intervention: String,
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: Option<String>,
    /// Id of the group.
    pub group: Option<String>,
    /// When it is better.
    pub better_at: &'static str,
    /// Severity points then, negative.
    pub better: f64,
    /// When it is worse.
    pub worse_at: &'static str,
    /// Severity points then, positive.
    pub worse: f64,
    /// "gain-then-harm" or "harm-then-gain".
    pub kind: &'static str,
    /// Component of the threat.
    pub component: Option<Component>,
    /// Persons affected by the threat here.
    pub persons: Option<f64>,
}

/// Tensions by intervention and cell: the earliest horizon where one side stands alone, and the first later one where the other has come.
pub(super) fn list(effects: &ExternalitiesResult, tolerance: f64) -> Vec<Tension> {
    let mut rows = Vec::new();
    for entry in &effects.interventions {
        let mut cells: Vec<&CellEffect> = entry.cells.iter().collect();
        cells.sort_by_key(|c| (c.position, c.horizon));
        for over_time in cells.chunk_by(|a, b| a.position == b.position) {
            let sides: Vec<(&'static str, Option<f64>, Option<f64>)> = over_time
                .iter()
                .filter_map(|c| {
                    let (rises, falls) = (c.rises()?, c.falls()?);
                    let least = tolerance.max(c.error.unwrap_or_default());
                    Some((c.horizon.word(), (falls < -least).then_some(falls), (rises > least).then_some(rises)))
                })
                .collect();
            let Some((kind, (better_at, better), (worse_at, worse))) = turn(&sides) else { continue };
            let Some(node) = over_time.first().and_then(|c| effects.nodes.get(c.position)) else { continue };
            rows.push(Tension {
                intervention: entry.id.clone(),
                threat: node.threat.to_string(),
                place: node.place.as_ref().map(ToString::to_string),
                group: node.group.as_ref().map(ToString::to_string),
                better_at,
                better,
                worse_at,
                worse,
                kind,
                component: node.component,
                persons: node.prevalence.zip(node.persons).map(|(share, persons)| share * persons),
            });
        }
    }
    rows
}

type Side = (&'static str, f64);

/// Where one side stands alone first, and where the other comes after.
fn turn(sides: &[(&'static str, Option<f64>, Option<f64>)]) -> Option<(&'static str, Side, Side)> {
    for (at, (first, better, worse)) in sides.iter().enumerate() {
        let mut later = sides.iter().skip(at + 1);
        match (better, worse) {
            (Some(better), None) => {
                let found = later.find_map(|(then, _, worse)| Some((*then, (*worse)?)));
                if let Some(harm) = found {
                    return Some(("gain-then-harm", (first, *better), harm));
                }
            }
            (None, Some(worse)) => {
                let found = later.find_map(|(then, better, _)| Some((*then, (*better)?)));
                if let Some(gain) = found {
                    return Some(("harm-then-gain", gain, (first, *worse)));
                }
            }
            _ => {}
        }
    }
    None
}
