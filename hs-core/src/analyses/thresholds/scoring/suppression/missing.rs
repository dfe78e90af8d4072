//! What may be told of answers that are missing: how many by group, the share of rows without any, and bounds over all that they may be.

use std::collections::BTreeMap;

use crate::analyses::thresholds::scoring::result::ScoreResult;
use crate::analyses::thresholds::scoring::sample::{reaches, share_of};
use crate::analyses::thresholds::scoring::tallies::{Configuration, GroupTally, PatternTally, Tallies};
use crate::tables::Note;

/// Marks what is withheld, before any cell is blanked.
pub(super) fn withhold(result: &mut ScoreResult, tallies: &Tallies, min_n: u64) {
    bounds(result, tallies, min_n);
    counts(result, min_n);
}

/// Missing answers of an indicator are shown for all groups of a margin or for none, so that none is left by subtraction: where each
/// has none of them, or enough. Of the whole they are shown always.
fn counts(result: &mut ScoreResult, min_n: u64) {
    let is_small = |rows: u64| rows > 0 && rows < min_n;
    let mut levels: BTreeMap<Vec<bool>, (Vec<bool>, bool)> = BTreeMap::new();
    for cell in result.cells.iter().filter(|cell| cell.held.contains(&true)) {
        let level = levels.entry(cell.held.clone()).or_insert_with(|| (vec![false; cell.missing.len()], false));
        level.0.iter_mut().zip(&cell.missing).for_each(|(small, rows)| *small |= is_small(*rows));
        // rows that miss any answer are at least those that miss the one most often missed
        level.1 |= is_small(cell.missing.iter().copied().max().unwrap_or_default());
    }
    if !levels.values().any(|(missing, coverage)| *coverage || missing.contains(&true)) {
        return;
    }
    for cell in &mut result.cells {
        let Some((missing, coverage)) = levels.get(&cell.held) else { continue };
        cell.missing_hidden.clone_from(missing);
        if *coverage {
            cell.coverage = None;
        }
    }
    let message =
        format!("missing answers and coverage are not shown by groups of which some has fewer than {min_n} rows with a missing answer");
    result.notes.push(Note::new("missing-withheld", message, Vec::<String>::new()));
}

/// Bounds whose own count is small, or what it leaves, or its difference to the insecure rows or to the other bound.
fn bounds(result: &mut ScoreResult, tallies: &Tallies, min_n: u64) {
    for cell in result.cells.iter_mut().filter(|cell| cell.is_group()) {
        let Some(own) = cell.members.first().and_then(|at| tallies.cells.get(*at as usize)) else { continue };
        for (measures, configuration) in cell.measures.iter_mut().zip(&tallies.configurations) {
            measures.bounds_hidden = measures.bounds.is_some() && are_small(own, configuration, min_n);
        }
    }
}

fn are_small(group: &GroupTally, configuration: &Configuration, min_n: u64) -> bool {
    let of = |patterns: &[PatternTally]| {
        let insecure = patterns.iter().filter(|p| reaches(share_of(p.pattern, &configuration.weights), configuration.cutoff));
        (patterns.iter().map(|p| p.rows).sum::<u64>(), insecure.map(|p| p.rows).sum::<u64>())
    };
    let found = [of(&group.patterns), of(&group.none_deprived), of(&group.all_deprived)];
    let apart = |a: u64, b: u64| a != b && a.abs_diff(b) < min_n;
    found.iter().any(|(n, insecure)| *insecure < min_n || n.saturating_sub(*insecure) < min_n)
        || found.iter().any(|(n, insecure)| {
            found.iter().any(|(m, other)| apart(*insecure, *other) || apart(n.saturating_sub(*insecure), m.saturating_sub(*other)))
        })
}
