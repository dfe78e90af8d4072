//! Are the roots worked on, over which horizon, and who watches those who use force?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::screens::Answers;
use crate::assessment::{Intervention, LinkEffect, Measure, Outcome as Direction, Role};
use crate::framework::{Component, Horizon};
use crate::tables::Table;
use crate::{Assessment, Result};

/// Fewest pieces of feedback whose number is shown.
const FEW: usize = 3;

/// A component: its strategies by horizon, and its root causes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RootCoverage {
    /// The component.
    pub component: Component,
    /// Strategies of the short, medium and long term, and of none that is said.
    pub strategies: [usize; 4],
    /// Strategies of short-term suppression among them.
    pub suppression: usize,
    /// Threats that feed the component's threats, over any number of links, and that nothing feeds; where there are none, those that feed it directly from
    /// other components.
    pub roots: Vec<String>,
    /// Roots that a strategy improves.
    pub covered: Vec<String>,
    /// Roots that a strategy of the short, medium or long term, or of none said, improves.
    pub covered_by: [usize; 4],
    /// What is open, in words.
    pub state: &'static str,
}

/// A measure of force: who carries it out and who watches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Oversight {
    /// The intervention.
    pub intervention: String,
    /// The measure.
    pub measure: Measure,
    /// Actors that carry it out.
    pub actors: Vec<String>,
    /// Those of them also named as a source of a threat.
    pub dual_role: Vec<String>,
    /// Judged oversight: `none`, `partly`, `yes` or `not-said`.
    pub oversight: String,
    /// Pieces of evidence for it.
    pub evidence: usize,
    /// Judged consultation, or `not-said`.
    pub consultation: String,
    /// Pieces of feedback on it; none where there are 1 or 2, for a count so small can point at who complained.
    pub feedback: Option<usize>,
    /// Those answered, where that many are shown.
    pub answered: Option<usize>,
    /// `in-place`, `claimed-without-evidence`, `gap` or `not-said`.
    pub state: &'static str,
}

/// Position of a horizon in counts; the last is for none that is said.
fn at(horizon: Option<Horizon>) -> usize {
    match horizon {
        Some(Horizon::Short) => 0,
        Some(Horizon::Medium) => 1,
        Some(Horizon::Long) => 2,
        None => 3,
    }
}

/// Threats upstream of a component that nothing feeds.
fn roots<'a>(assessment: &'a Assessment, component: Component) -> BTreeSet<&'a str> {
    let mut feeding: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for l in assessment.linkages.iter().filter(|l| l.effect == LinkEffect::Feeds && l.from != l.to) {
        feeding.entry(&l.to).or_default().insert(&l.from);
    }
    let own: BTreeSet<&str> = assessment.threats.iter().filter(|t| t.component == component).map(|t| t.id.as_str()).collect();
    let mut seen: BTreeSet<&'a str> = BTreeSet::new();
    let mut next: Vec<&'a str> = own.iter().copied().collect();
    let mut found = BTreeSet::new();
    while let Some(threat) = next.pop() {
        for from in feeding.get(threat).into_iter().flatten().copied() {
            if seen.insert(from) {
                next.push(from);
                if !feeding.contains_key(from) {
                    found.insert(from);
                }
            }
        }
    }
    if found.is_empty() {
        found = own.iter().filter_map(|t| feeding.get(t)).flatten().copied().filter(|t| !own.contains(t)).collect();
    }
    found
}

/// By component that has a threat or a strategy.
pub(super) fn coverage(assessment: &Assessment, asked: &[&Intervention]) -> Vec<RootCoverage> {
    let targets = |i: &Intervention, c: Component| i.component == c || i.also.contains(&c);
    let mut out = Vec::new();
    for &component in Component::ALL {
        let own: Vec<&&Intervention> = asked.iter().filter(|i| targets(i, component)).collect();
        if own.is_empty() && !assessment.threats.iter().any(|t| t.component == component) {
            continue;
        }
        let mut strategies = [0; 4];
        own.iter().for_each(|i| strategies.get_mut(at(i.horizon)).into_iter().for_each(|n| *n += 1));
        let roots = roots(assessment, component);
        let mut by: [BTreeSet<&str>; 4] = Default::default();
        for i in asked {
            let improved = i.effects.iter().filter(|e| e.outcome != Some(Direction::Worse)).map(|e| e.threat.as_str());
            let improved: Vec<&str> = improved.filter_map(|t| roots.get(t).copied()).collect();
            by.get_mut(at(i.horizon)).into_iter().for_each(|set| set.extend(&improved));
        }
        let covered: BTreeSet<&str> = by.iter().flatten().copied().collect();
        let state = match (roots.len(), covered.len()) {
            (0, _) => "roots-not-known",
            (_, 0) => "roots-open",
            (all, some) if some < all => "roots-in-part",
            _ => "roots-worked-on",
        };
        out.push(RootCoverage {
            component,
            strategies,
            suppression: own
                .iter()
                .filter(|i| i.horizon == Some(Horizon::Short) && i.measures.contains(&Measure::CrimeSuppression))
                .count(),
            covered: covered.iter().map(|t| (*t).to_owned()).collect(),
            roots: roots.into_iter().map(str::to_owned).collect(),
            covered_by: by.map(|set| set.len()),
            state,
        });
    }
    out
}

/// Actors that carry an intervention out.
pub(super) fn carriers<'a>(assessment: &'a Assessment, intervention: &'a Intervention) -> BTreeSet<&'a str> {
    let roles = assessment.responsibilities.iter().filter(|r| r.intervention == intervention.id);
    let roles = roles.filter(|r| matches!(r.role, Role::Responsible | Role::Accountable)).map(|r| r.actor.as_str());
    intervention.actors.iter().map(String::as_str).chain(roles).collect()
}

/// Those of them that are also named as a source of a threat.
pub(super) fn dual(assessment: &Assessment, intervention: &Intervention) -> Vec<String> {
    let carriers = carriers(assessment, intervention);
    let source = |id: &&str| assessment.actors.iter().any(|a| a.id == **id && !a.threatens.is_empty());
    carriers.iter().filter(|id| source(id)).map(|id| (*id).to_owned()).collect()
}

/// One row a measure of force.
pub(super) fn oversight(assessment: &Assessment, intervention: &Intervention, answers: &Answers) -> Vec<Oversight> {
    let force = [Measure::Military, Measure::SecuritySector, Measure::Policing];
    let feedback = || assessment.feedback.iter().filter(|f| f.intervention.as_deref() == Some(intervention.id.as_str()));
    let said = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "not-said".to_owned());
    let shown = Some(feedback().count()).filter(|n| *n == 0 || *n >= FEW);
    let row = |measure: &Measure| Oversight {
        intervention: intervention.id.clone(),
        measure: *measure,
        actors: carriers(assessment, intervention).into_iter().map(str::to_owned).collect(),
        dual_role: dual(assessment, intervention),
        oversight: said(&answers.oversight.answer),
        evidence: answers.oversight.evidence,
        consultation: said(&answers.consultation.answer),
        feedback: shown,
        answered: shown.map(|_| feedback().filter(|f| f.answered.is_some()).count()),
        state: match answers.oversight.answer.as_deref() {
            Some("yes") if answers.oversight.evidence > 0 => "in-place",
            Some("yes") => "claimed-without-evidence",
            Some(_) => "gap",
            None => "not-said",
        },
    };
    intervention.measures.iter().filter(|m| force.contains(m)).map(row).collect()
}

impl RootCoverage {
    pub(super) fn table(rows: &[RootCoverage]) -> Result<Table> {
        let whole = |n: Option<&usize>| n.and_then(|n| i64::try_from(*n).ok());
        let strategies = |at: usize| rows.iter().map(move |r| whole(r.strategies.get(at)));
        let covered = |at: usize| rows.iter().map(move |r| whole(r.covered_by.get(at)));
        Table::builder()
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .integer("short", strategies(0))
            .integer("medium", strategies(1))
            .integer("long", strategies(2))
            .list("roots", rows.iter().map(|r| Some(r.roots.clone())))
            .list("covered", rows.iter().map(|r| Some(r.covered.clone())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .integer("not_said", strategies(3))
            .integer("suppression", rows.iter().map(|r| i64::try_from(r.suppression).ok()))
            .integer("covered_short", covered(0))
            .integer("covered_medium", covered(1))
            .integer("covered_long", covered(2))
            .integer("covered_not_said", covered(3))
            .number("covered_share", rows.iter().map(|r| (!r.roots.is_empty()).then(|| r.covered.len() as f64 / r.roots.len() as f64)))
            .build()
    }
}

impl Oversight {
    pub(super) fn table(rows: &[Oversight]) -> Result<Table> {
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(r.intervention.as_str())))
            .text("measure", rows.iter().map(|r| Some(r.measure.word())))
            .list("actors", rows.iter().map(|r| Some(r.actors.clone())))
            .list("dual_role", rows.iter().map(|r| Some(r.dual_role.clone())))
            .text("oversight", rows.iter().map(|r| Some(r.oversight.as_str())))
            .integer("evidence", rows.iter().map(|r| whole(r.evidence)))
            .text("consultation", rows.iter().map(|r| Some(r.consultation.as_str())))
            .integer("feedback", rows.iter().map(|r| r.feedback.and_then(whole)))
            .integer("answered", rows.iter().map(|r| r.answered.and_then(whole)))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }
}
