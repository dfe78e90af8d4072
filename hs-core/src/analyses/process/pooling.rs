//! What pairs of interventions share: actors, means and people.

use std::collections::BTreeSet;

use serde::Serialize;

use super::network::workers;
use super::not_considered::within;
use crate::Assessment;
use crate::assessment::Intervention;

/// What two interventions share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pool {
    /// Id of an intervention.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Actors who work on both.
    pub shared_actors: Vec<String>,
    /// Threats both act on.
    pub shared_threats: Vec<String>,
    /// Places both act in: of two that hold each other, the smaller.
    pub shared_places: Vec<String>,
    /// Groups both serve.
    pub shared_groups: Vec<String>,
    /// Capacities both need.
    pub shared_capacities: Vec<String>,
    /// Shared over all of these together.
    pub overlap: f64,
    /// Whether both serve the same people for certain: one area, and the same group or everyone there.
    pub same_people: bool,
    /// `people-and-means`, `people`, `means` or `theme`.
    pub kind: &'static str,
    /// Whether an actor works on both.
    pub coordinated: bool,
    /// `same`, `possible` (groups that may overlap), `apart` or `not-said`.
    pub people: &'static str,
    /// Kinds of resource both use.
    pub shared_resources: Vec<&'static str>,
    /// Costs of both, where both are known.
    pub cost: Option<f64>,
}

/// Places and groups an intervention serves; `None` is everywhere, or everyone.
fn served(intervention: &Intervention) -> Vec<(Option<&str>, Option<&str>)> {
    let mut cells: Vec<_> = intervention.effects.iter().map(|e| (e.place.as_deref(), e.group.as_deref())).collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The area two places have in common; the outer `None` where they have none.
fn common<'a>(assessment: &Assessment, first: Option<&'a str>, second: Option<&'a str>) -> Option<Option<&'a str>> {
    match (first, second) {
        (None, other) | (other, None) => Some(other),
        (Some(a), Some(b)) if within(assessment, a, b) => Some(Some(a)),
        (Some(a), Some(b)) if within(assessment, b, a) => Some(Some(b)),
        _ => None,
    }
}

/// Whether two groups are the same people (`Some(true)`), may share some (`Some(false)`), or share nobody.
fn groups(assessment: &Assessment, first: Option<&str>, second: Option<&str>) -> Option<bool> {
    match (first, second) {
        (None, _) | (_, None) => Some(true),
        (Some(a), Some(b)) if a == b => Some(true),
        (Some(a), Some(b)) => {
            let parted = assessment.partitions.iter().any(|p| p.groups.iter().any(|g| g == a) && p.groups.iter().any(|g| g == b));
            (!parted).then_some(false)
        }
    }
}

fn both<T: Ord + Clone>(first: &BTreeSet<T>, second: &BTreeSet<T>) -> Vec<T> {
    first.intersection(second).cloned().collect()
}

/// Pairs that share anything.
pub(super) fn pooling(assessment: &Assessment, asked: &[&Intervention]) -> Vec<Pool> {
    let mut rows = Vec::new();
    for (at, first) in asked.iter().enumerate() {
        rows.extend(asked.iter().skip(at + 1).filter_map(|second| pair(assessment, first, second)));
    }
    rows
}

fn pair(assessment: &Assessment, first: &Intervention, second: &Intervention) -> Option<Pool> {
    let actors = |i: &Intervention| -> BTreeSet<String> { workers(assessment, &i.id).iter().map(|a| a.id.clone()).collect() };
    let threats = |i: &Intervention| -> BTreeSet<String> { i.effects.iter().map(|e| e.threat.clone()).collect() };
    let named = |i: &Intervention| -> BTreeSet<String> { i.effects.iter().filter_map(|e| e.group.clone()).collect() };
    let needs = |i: &Intervention| -> BTreeSet<String> { i.needs_capacities.iter().cloned().collect() };
    let means = |i: &Intervention| -> BTreeSet<&'static str> {
        assessment.resources.iter().filter(|r| r.intervention == i.id).map(|r| r.kind.word()).collect()
    };
    let (mine, theirs) = (served(first), served(second));
    let mut places: BTreeSet<String> = BTreeSet::new();
    let mut people = if mine.is_empty() || theirs.is_empty() { "not-said" } else { "apart" };
    let mut everywhere = false;
    for (place, group) in &mine {
        for (other_place, other_group) in &theirs {
            let Some(area) = common(assessment, *place, *other_place) else { continue };
            places.extend(area.map(str::to_owned));
            everywhere |= area.is_none();
            people = match groups(assessment, *group, *other_group) {
                Some(true) => "same",
                Some(false) if people != "same" => "possible",
                _ => people,
            };
        }
    }
    if everywhere {
        places.extend(
            assessment.places.iter().filter(|p| assessment.places.iter().all(|c| c.parent.as_ref() != Some(&p.id))).map(|p| p.id.clone()),
        );
    }
    let sets =
        [(actors(first), actors(second)), (threats(first), threats(second)), (named(first), named(second)), (needs(first), needs(second))];
    let counted = |(a, b): &(BTreeSet<String>, BTreeSet<String>)| (a.intersection(b).count(), a.union(b).count());
    let areas =
        |cells: &[(Option<&str>, Option<&str>)]| -> BTreeSet<String> { cells.iter().filter_map(|(p, _)| *p).map(str::to_owned).collect() };
    let all_places = areas(&mine).union(&areas(&theirs)).cloned().chain(places.iter().cloned()).collect::<BTreeSet<_>>().len();
    let (shared, all) = sets.iter().map(counted).fold((places.len(), all_places), |(s, a), (more, union)| (s + more, a + union));
    let [shared_actors, shared_threats, shared_groups, shared_capacities] = sets.map(|(a, b)| both(&a, &b));
    let shared_resources = both(&means(first), &means(second));
    let same_people = people == "same";
    let pooled = !shared_actors.is_empty() || !shared_capacities.is_empty() || !shared_resources.is_empty();
    let kind = match (same_people, pooled) {
        (true, true) => "people-and-means",
        (true, false) => "people",
        (false, true) => "means",
        // to be in one place alone is nothing to pool
        (false, false) if !shared_threats.is_empty() || people == "possible" => "theme",
        (false, false) => return None,
    };
    Some(Pool {
        first: first.id.clone(),
        second: second.id.clone(),
        coordinated: !shared_actors.is_empty(),
        shared_actors,
        shared_threats,
        shared_places: places.into_iter().collect(),
        shared_groups,
        shared_capacities,
        overlap: if all == 0 { 0.0 } else { shared as f64 / all as f64 },
        same_people,
        kind,
        people,
        shared_resources,
        cost: first.cost.zip(second.cost).map(|(a, b)| a.get() + b.get()),
    })
}
