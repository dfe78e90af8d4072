//! What was assessed and what was not, and why: an empty form is never a low risk.

use serde::Serialize;

use super::pathways::members;
use super::prompts::Prompt;
use super::rows::{Harm, HarmClaim};
use crate::Assessment;
use crate::analyses::responses::{ExternalitiesResult, InterventionEffects};
use crate::framework::words::words;

words!(
    /// Whether an intervention's harm was assessed.
    AssessedState {
        /// Numbers were given and harms found.
        Assessed = "assessed",
        /// Numbers were given and no cell gets worse past the tolerance.
        NoHarmFound = "no harm found",
        /// Nothing can be said.
        NotAssessed = "not assessed",
    }
);

/// What can be said of one intervention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessed {
    /// Id of the intervention or package.
    pub intervention: String,
    /// Whether it was assessed.
    pub state: AssessedState,
    /// Why, in a sentence.
    pub why: String,
    /// Harms found: a cell at a horizon each.
    pub harms: usize,
    /// Harms that await a decision.
    pub open: usize,
    /// Cells looked at.
    pub cells: usize,
    /// Effects and externalities with a number.
    pub numbers: usize,
    /// Worsenings declared without a number.
    pub claims: usize,
    /// Prompts to look at.
    pub prompts: usize,
}

/// One row an entry, in their order.
pub(super) fn list(
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    harms: &[Harm],
    claims: &[HarmClaim],
    prompts: &[Prompt],
) -> Vec<Assessed> {
    let rows = effects.interventions.iter().map(|entry| {
        let own = harms.iter().filter(|h| h.intervention == entry.id);
        let members = members(assessment, entry);
        let numbers = members.iter().map(|i| i.effects.len() + i.externalities.iter().filter(|e| e.change.is_some()).count()).sum();
        let mut row = Assessed {
            intervention: entry.id.clone(),
            state: AssessedState::NotAssessed,
            why: String::new(),
            harms: own.clone().count(),
            open: own.filter(|h| !h.verdicts.is_decided()).count(),
            cells: effects.nodes.len(),
            numbers,
            claims: claims.iter().filter(|c| members.iter().any(|i| i.id == c.intervention)).count(),
            prompts: prompts.iter().filter(|p| p.intervention == entry.id).count(),
        };
        (row.state, row.why) = state(&row, effects, entry);
        row
    });
    rows.collect()
}

fn state(row: &Assessed, effects: &ExternalitiesResult, entry: &InterventionEffects) -> (AssessedState, String) {
    use AssessedState::{Assessed, NoHarmFound, NotAssessed};
    let claims = match row.claims {
        0 => String::new(),
        1 => "; 1 worsening is declared without a number".to_owned(),
        many => format!("; {many} worsenings are declared without a number"),
    };
    let undefined = {
        let mut words: Vec<&str> = entry.cells.iter().filter(|c| c.harm().is_none()).map(|c| c.horizon.word()).collect();
        words.dedup();
        words.sort_unstable();
        words.dedup();
        words
    };
    if row.harms > 0 {
        let more = if undefined.is_empty() { String::new() } else { format!("; undefined at {}", undefined.join(", ")) };
        let harms = if row.harms == 1 { "1 harm".to_owned() } else { format!("{} harms", row.harms) };
        return (Assessed, format!("{harms}, a cell at a horizon each{more}{claims}"));
    }
    if row.numbers == 0 {
        return (NotAssessed, format!("no effect or externality has a number{claims}"));
    }
    if entry.cells.is_empty() {
        return (NotAssessed, format!("the network has no cell{claims}"));
    }
    if !undefined.is_empty() {
        let why =
            format!("the effects are undefined at {}: the baseline is not stable, or a run did not settle{claims}", undefined.join(", "));
        return (NotAssessed, why);
    }
    let still =
        entry.cells.iter().all(|c| [c.worse_direct, c.worse_declared, c.better_direct, c.better_declared].iter().all(|d| *d == 0.0));
    if still {
        let why = if effects.nodes.iter().any(|n| n.observed) {
            "what has a number moves nothing: it reaches no cell, is 0, or meets no severity it could lower"
        } else {
            "no condition with a severity is known, so there is nothing to start from"
        };
        return (NotAssessed, format!("{why}{claims}"));
    }
    let mut horizons: Vec<&str> = Vec::new();
    for cell in &entry.cells {
        if !horizons.contains(&cell.horizon.word()) {
            horizons.push(cell.horizon.word());
        }
    }
    let drawn = entry.cells.iter().any(|cell| entry.spread(cell).is_some());
    let chance = match drawn {
        true => format!("has a chance of {} or more to get worse", effects.settings.flag),
        false => "gets worse".to_owned(),
    };
    let why = format!(
        "no cell of {} {chance} by more than {} under {} at {}{claims}",
        row.cells,
        effects.settings.harm,
        effects.settings.model.word(),
        horizons.join(", ")
    );
    (NoHarmFound, why)
}
