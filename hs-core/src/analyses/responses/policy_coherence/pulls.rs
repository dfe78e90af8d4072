//! Which cells each intervention makes better or worse, beyond the tolerance.

use crate::analyses::responses::{ExternalitiesResult, HorizonWord};
use crate::tables::Note;

/// What an intervention does to one cell at one horizon, where either side is beyond the tolerance.
pub(super) struct Pull {
    /// Place of the intervention among the entries.
    pub(super) entry: usize,
    pub(super) horizon: HorizonWord,
    pub(super) position: usize,
    /// Severity points by which the cell gets better, negative; none where it does not beyond the tolerance.
    pub(super) better: Option<f64>,
    /// Severity points by which it gets worse; none where it does not beyond the tolerance.
    pub(super) worse: Option<f64>,
}

/// The pulls of all entries, by horizon, cell and entry.
pub(super) fn of(effects: &ExternalitiesResult, tolerance: f64, notes: &mut Vec<Note>) -> Vec<Pull> {
    let mut pulls = Vec::new();
    let mut undefined = Vec::new();
    for (entry, one) in effects.interventions.iter().enumerate() {
        for cell in &one.cells {
            let (Some(rises), Some(falls)) = (cell.rises(), cell.falls()) else {
                if undefined.last() != Some(&one.id) {
                    undefined.push(one.id.clone());
                }
                continue;
            };
            let least = tolerance.max(cell.error.unwrap_or_default());
            let (worse, better) = ((rises > least).then_some(rises), (falls < -least).then_some(falls));
            if worse.is_some() || better.is_some() {
                pulls.push(Pull { entry, horizon: cell.horizon, position: cell.position, better, worse });
            }
        }
    }
    if !undefined.is_empty() {
        let message = "effects that are undefined count in no pair and no tension: where there are none, coherence was not assessed";
        notes.push(Note::new("coherence-undefined", message, undefined));
    }
    let still: Vec<&str> = (0..)
        .zip(&effects.interventions)
        .filter(|(at, _)| pulls.iter().all(|p| p.entry != *at))
        .map(|(_, entry)| entry.id.as_str())
        .collect();
    if !still.is_empty() {
        let message = "no effect beyond the tolerance was computed for these, so nothing says whether they agree with others";
        notes.push(Note::new("no-effect-computed", message, still));
    }
    pulls.sort_by_key(|p| (p.horizon, p.position, p.entry));
    pulls
}
