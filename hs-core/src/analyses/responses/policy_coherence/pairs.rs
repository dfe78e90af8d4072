//! Who works against whom, and who does the same twice.

use std::collections::BTreeSet;

use serde::Serialize;

use super::PolicyCoherence;
use super::pulls::Pull;
use super::state::providers;
use crate::Result;
use crate::analyses::responses::{ExternalitiesResult, HorizonWord};
use crate::assessment::{Assessment, Priority};
use crate::framework::Component;
use crate::kernels::{Tick, cancelled};
use crate::network::ThreatNode;
use crate::tables::Note;

/// Two that push one cell in opposite directions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// Id of the one, or name of the policy.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Option<Component>,
    /// Id of the place.
    pub place: Option<String>,
    /// Id of the group.
    pub group: Option<String>,
    /// "short", "medium", "long" or "rest".
    pub horizon: &'static str,
    /// Which of them makes it better, or wants it better.
    pub better_by: String,
    /// Which of them makes it worse.
    pub worse_by: String,
    /// Severity points, negative; none of a policy, which says what it puts first and not what it does.
    pub better: Option<f64>,
    /// Severity points, positive.
    pub worse: f64,
    /// Persons affected by the threat here.
    pub persons: Option<f64>,
    /// "effects" of two interventions, or the "priority" of a policy.
    pub kind: &'static str,
    /// Rank that the policy gives the threat.
    pub rank: Option<f64>,
    /// Whether they exclude each other, so that they would not run together.
    pub excluded: bool,
}

/// Two that do the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Duplicate {
    /// Id of the one, or name of the policy.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Cells that both move the same way.
    pub shared: usize,
    /// Those over the cells that either moves.
    pub overlap: f64,
    /// "same-actors", "different-actors", "actors-not-named" or "policies".
    pub kind: &'static str,
    /// Ids of the actors of both.
    pub actors: Vec<String>,
    /// Ids of the places of the shared cells.
    pub places: Vec<String>,
    /// Ids of the threats of the shared cells.
    pub threats: Vec<String>,
}

/// Conflicts by pair, horizon and cell: interventions first, then policies.
pub(super) fn conflicts(
    settings: &PolicyCoherence,
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    pulls: &[Pull],
    notes: &mut Vec<Note>,
    tick: Tick<'_>,
) -> Result<Vec<Conflict>> {
    let excluded = |a: &str, b: &str| {
        let says = |a: &str, b: &str| assessment.interventions.iter().any(|i| i.id == a && i.excludes.iter().any(|e| e == b));
        says(a, b) || says(b, a)
    };
    let mut found: Vec<((usize, usize), Conflict)> = Vec::new();
    let mut left_out = 0_usize;
    for (at, here) in (0_u64..).zip(pulls.chunk_by(|a, b| (a.horizon, a.position) == (b.horizon, b.position))) {
        if at % 1024 == 0 && !tick(at) {
            return Err(cancelled());
        }
        for one in here {
            let Some(better) = one.better else { continue };
            for other in here.iter().filter(|o| o.entry != one.entry) {
                let (Some(worse), Some(node)) = (other.worse, effects.nodes.get(one.position)) else { continue };
                if found.len() >= settings.most_conflicts {
                    left_out += 1;
                    continue;
                }
                let id = |entry: usize| effects.interventions.get(entry).map(|e| e.id.clone()).unwrap_or_default();
                let pair = (one.entry.min(other.entry), one.entry.max(other.entry));
                let mut row = conflict(node, one.horizon, Some(better), worse);
                (row.first, row.second) = (id(pair.0), id(pair.1));
                (row.better_by, row.worse_by) = (id(one.entry), id(other.entry));
                row.excluded = excluded(&row.first, &row.second);
                found.push((pair, row));
            }
        }
    }
    found.sort_by_key(|(pair, _)| *pair);
    let mut rows: Vec<Conflict> = found.into_iter().map(|(_, row)| row).collect();
    for priority in &assessment.priorities {
        for pull in pulls {
            let (Some(worse), Some(node)) = (pull.worse, effects.nodes.get(pull.position)) else { continue };
            let Some(entry) = effects.interventions.get(pull.entry).filter(|_| concerns(assessment, priority, node)) else { continue };
            if rows.len() >= settings.most_conflicts {
                left_out += 1;
                continue;
            }
            let mut row = conflict(node, pull.horizon, None, worse);
            (row.first, row.second) = (priority.policy.clone(), entry.id.clone());
            (row.better_by, row.worse_by) = (priority.policy.clone(), entry.id.clone());
            row.kind = "priority";
            row.rank = priority.rank.map(|r| r.get());
            rows.push(row);
        }
    }
    if left_out > 0 {
        let message = format!("{left_out} conflicts are left out; `most_conflicts` or a greater `tolerance` sets how many are listed");
        notes.push(Note::new("conflicts-cut", message, Vec::<String>::new()));
    }
    Ok(rows)
}

fn conflict(node: &ThreatNode, horizon: HorizonWord, better: Option<f64>, worse: f64) -> Conflict {
    Conflict {
        first: String::new(),
        second: String::new(),
        threat: node.threat.to_string(),
        component: node.component,
        place: node.place.as_ref().map(ToString::to_string),
        group: node.group.as_ref().map(ToString::to_string),
        horizon: horizon.word(),
        better_by: String::new(),
        worse_by: String::new(),
        better,
        worse,
        persons: node.prevalence.zip(node.persons).map(|(share, persons)| share * persons),
        kind: "effects",
        rank: None,
        excluded: false,
    }
}

/// Whether a policy puts the threat of a cell first there: at the place itself or a place that holds it.
fn concerns(assessment: &Assessment, priority: &Priority, node: &ThreatNode) -> bool {
    if *priority.threat != *node.threat {
        return false;
    }
    let Some(mut at) = node.place.as_deref() else { return true };
    // bounded by the number of places, should a hand-made assessment hold a cycle
    for _ in 0..=assessment.places.len() {
        if at == priority.place {
            return true;
        }
        match assessment.places.iter().find(|p| p.id == at).and_then(|p| p.parent.as_deref()) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

/// Pairs that move the same cells the same way, interventions first, then policies that put the same first.
pub(super) fn duplicates(
    settings: &PolicyCoherence,
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    pulls: &[Pull],
    tick: Tick<'_>,
) -> Result<Vec<Duplicate>> {
    let mut moved: Vec<BTreeSet<(usize, bool)>> = vec![BTreeSet::new(); effects.interventions.len()];
    for pull in pulls {
        let Some(cells) = moved.get_mut(pull.entry) else { continue };
        cells.extend(pull.better.map(|_| (pull.position, false)));
        cells.extend(pull.worse.map(|_| (pull.position, true)));
    }
    let mut rows = Vec::new();
    for (at, (first, cells)) in effects.interventions.iter().zip(&moved).enumerate() {
        if !tick(at as u64) {
            return Err(cancelled());
        }
        for (second, others) in effects.interventions.iter().zip(&moved).skip(at + 1) {
            let Some((shared, overlap)) = jaccard(cells, others, settings.overlap) else { continue };
            let (ours, theirs) = (providers(assessment, &first.id), providers(assessment, &second.id));
            let actors: Vec<String> = ours.iter().filter(|a| theirs.contains(a)).map(|a| a.id.clone()).collect();
            let nodes = || cells.intersection(others).filter_map(|(position, _)| effects.nodes.get(*position));
            rows.push(Duplicate {
                first: first.id.clone(),
                second: second.id.clone(),
                shared,
                overlap,
                kind: match (ours.is_empty() || theirs.is_empty(), actors.is_empty()) {
                    (true, _) => "actors-not-named",
                    (false, true) => "different-actors",
                    (false, false) => "same-actors",
                },
                actors,
                places: distinct(nodes().filter_map(|n| n.place.as_deref())),
                threats: distinct(nodes().map(|n| &*n.threat)),
            });
        }
    }
    let mut policies: Vec<(&str, BTreeSet<(&str, &str)>)> = Vec::new();
    for priority in &assessment.priorities {
        let item = (priority.place.as_str(), priority.threat.as_str());
        match policies.iter_mut().find(|(name, _)| *name == priority.policy) {
            Some((_, items)) => {
                items.insert(item);
            }
            None => policies.push((&priority.policy, BTreeSet::from([item]))),
        }
    }
    for (at, (first, items)) in policies.iter().enumerate() {
        for (second, others) in policies.iter().skip(at + 1) {
            let Some((shared, overlap)) = jaccard(items, others, settings.overlap) else { continue };
            rows.push(Duplicate {
                first: (*first).to_owned(),
                second: (*second).to_owned(),
                shared,
                overlap,
                kind: "policies",
                actors: Vec::new(),
                places: distinct(items.intersection(others).map(|(place, _)| *place)),
                threats: distinct(items.intersection(others).map(|(_, threat)| *threat)),
            });
        }
    }
    Ok(rows)
}

/// What two sets share, over what either holds, where that is enough; two empty sets share nothing.
fn jaccard<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>, least: f64) -> Option<(usize, f64)> {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len() - shared;
    let overlap = shared as f64 / all.max(1) as f64;
    (shared > 0 && overlap >= least - 1e-9).then_some((shared, overlap))
}

fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in ids {
        if !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
        }
    }
    found
}
