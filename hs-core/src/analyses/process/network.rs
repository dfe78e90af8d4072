//! Ties between actors: those that are stated, and those inferred from work on the same intervention.

use std::collections::{BTreeMap, BTreeSet};

use crate::Assessment;
use crate::assessment::{Actor, Role, TieKind};

/// What binds a pair of actors; the first stands first in the assessment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bond {
    /// Kinds of stated ties.
    pub(super) kinds: BTreeSet<&'static str>,
    /// The greatest stated strength.
    pub(super) strength: Option<f64>,
    /// Ids of interventions both work on.
    pub(super) interventions: Vec<String>,
}

/// Actors who work on an intervention: named by it, or with a role in it; `informed` alone is no work.
pub(super) fn workers<'a>(assessment: &'a Assessment, intervention: &str) -> Vec<&'a Actor> {
    let named = assessment.interventions.iter().filter(|i| i.id == intervention).flat_map(|i| &i.actors);
    let roles = assessment.responsibilities.iter().filter(|r| r.intervention == intervention && r.role != Role::Informed);
    let ids: BTreeSet<&String> = named.chain(roles.map(|r| &r.actor)).collect();
    assessment.actors.iter().filter(|a| ids.contains(&a.id)).collect()
}

/// Whether anybody in the plan is this actor: named by an intervention, or with any role.
pub(super) fn in_plan(assessment: &Assessment, actor: &str) -> bool {
    assessment.interventions.iter().any(|i| i.actors.iter().any(|a| a == actor))
        || assessment.responsibilities.iter().any(|r| r.actor == actor)
}

/// Bonds by pairs of positions in the assessment.
pub(super) fn bonds(assessment: &Assessment, inferred: bool) -> BTreeMap<(usize, usize), Bond> {
    let at: BTreeMap<&str, usize> = assessment.actors.iter().enumerate().map(|(at, a)| (a.id.as_str(), at)).collect();
    let mut bonds: BTreeMap<(usize, usize), Bond> = BTreeMap::new();
    for tie in &assessment.ties {
        let (Some(&from), Some(&to)) = (at.get(tie.from.as_str()), at.get(tie.to.as_str())) else { continue };
        if from == to {
            continue;
        }
        let bond = bonds.entry((from.min(to), from.max(to))).or_default();
        bond.kinds.insert(tie.kind.word());
        let strength = tie.strength.map(|s| s.get());
        bond.strength = bond.strength.into_iter().chain(strength).reduce(f64::max);
    }
    for intervention in assessment.interventions.iter().filter(|_| inferred) {
        let own: Vec<usize> = workers(assessment, &intervention.id).iter().filter_map(|a| at.get(a.id.as_str())).copied().collect();
        for (index, first) in own.iter().enumerate() {
            for second in own.iter().skip(index + 1) {
                bonds.entry((*first.min(second), *first.max(second))).or_default().interventions.push(intervention.id.clone());
            }
        }
    }
    bonds
}

/// Whether actors say by a tie that they coordinate: coordinates, partners, or one directs, funds, reports to or shares data with the other.
pub(super) fn coordinate(assessment: &Assessment, first: &str, second: &str) -> bool {
    let both = |a: &str, b: &str| (a == first && b == second) || (a == second && b == first);
    assessment.ties.iter().any(|t| matches!(t.kind, TieKind::Coordinates | TieKind::Partners) && both(&t.from, &t.to))
}

/// Words joined for a sentence.
pub(super) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
