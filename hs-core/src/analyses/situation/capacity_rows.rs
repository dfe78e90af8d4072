//! What capacities there are, how ready strategies are, what is used, and how people cope.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::hiding::observed;
use super::sighted::Sight;
use crate::analyses::judged::judged;
use crate::analyses::responses::{CapacityRow, CapacityState};
use crate::analyses::thresholds::capacities::{CellId, at_work};
use crate::assessment::{CapacityKind, Capital, Infrastructure, MarketEffect, Origin, Resource, ResourceKind};
use crate::framework::{Component, Pillar};
use crate::network::Atlas;
use crate::{Assessment, Result};

/// A capacity on record, or needed and missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inventory {
    /// Its id.
    pub capacity: String,
    /// The component it serves.
    pub component: Component,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Id of the group; everyone's where none.
    pub group: Option<String>,
    /// Protection, empowerment or both.
    pub pillar: Option<Pillar>,
    /// How much of it there is; none where it is on no record here.
    pub level: Option<f64>,
    /// What kind.
    pub kind: Option<CapacityKind>,
    /// Which capital of a livelihood.
    pub capital: Option<Capital>,
    /// Which part of the infrastructure of protection.
    pub function: Option<Infrastructure>,
    /// Id of the actor who holds it.
    pub holder: Option<String>,
    /// `present`, `missing`, `neglected`; none where recorded at level 0 and needed by nobody.
    pub state: Option<&'static str>,
    /// Ids of the strategies that need it.
    pub needed_by: Vec<String>,
    /// Why it is missing or neglected.
    pub why: Option<String>,
}

/// Everything but harmful coping, in the order of the assessment, then what is missing.
pub(super) fn inventory(assessment: &Assessment, rows: &[CapacityRow]) -> Vec<Inventory> {
    let strengths = rows.iter().filter(|r| r.kind != Some(CapacityKind::HarmfulCoping));
    let row = |r: &CapacityRow| {
        let record = assessment.capacities.iter().find(|c| c.id == r.capacity);
        Inventory {
            capacity: r.capacity.clone(),
            component: r.component,
            place: r.place.clone(),
            group: r.group.clone(),
            pillar: r.pillar,
            level: r.level,
            kind: r.kind,
            capital: record.and_then(|c| c.capital),
            function: record.and_then(|c| c.function),
            holder: record.and_then(|c| c.holder.clone()),
            state: r.state.map(CapacityState::word),
            needed_by: r.needed_by.clone(),
            why: r.why.clone(),
        }
    };
    strengths.map(row).collect()
}

/// A way of coping that harms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coping {
    /// Its id.
    pub capacity: String,
    /// The component it stands in.
    pub component: Component,
    /// Id of the place.
    pub place: Option<String>,
    /// Id of the group.
    pub group: Option<String>,
    /// How much of it there is.
    pub level: f64,
    /// `stress`, `crisis`, `emergency`, or `not-said`.
    pub class: &'static str,
    /// Ids of the threats it answers.
    pub against: Vec<String>,
    /// Ids of the strategies that name it among what they need: to be looked at again.
    pub needed_by: Vec<String>,
}

/// Harmful coping, its class as judged (subject `capacity`, question `coping-class`).
pub(super) fn coping(assessment: &Assessment) -> Vec<Coping> {
    let harmful = assessment.capacities.iter().filter(|c| c.kind == Some(CapacityKind::HarmfulCoping));
    let class = |id: &str| {
        let said = judged(assessment, "capacity", id, |j| j.question == "coping-class");
        match said.map(|s| s.latest.answer.trim().to_lowercase()).as_deref() {
            Some("stress") => "stress",
            Some("crisis") => "crisis",
            Some("emergency") => "emergency",
            _ => "not-said",
        }
    };
    let names =
        |id: &String| assessment.interventions.iter().filter(|i| i.needs_capacities.contains(id)).map(|i| i.id.clone()).collect::<Vec<_>>();
    harmful
        .map(|c| Coping {
            capacity: c.id.clone(),
            component: c.component,
            place: c.place.clone(),
            group: c.group.clone(),
            level: c.level.get(),
            class: class(&c.id),
            against: c.against.clone(),
            needed_by: names(&c.id),
        })
        .collect()
}

/// A coping index, coded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CopingScore {
    /// Id of the indicator.
    pub indicator: String,
    /// `rcsi` or `lcs`.
    pub index: &'static str,
    /// Id of the place.
    pub place: String,
    /// Id of the group.
    pub group: Option<String>,
    /// The period.
    pub period: String,
    /// The value; none where suppressed.
    pub value: Option<f64>,
    /// `none`, `stress`, `crisis` or `emergency`; none where the value is no category.
    pub class: Option<&'static str>,
    /// Sample size.
    pub n: Option<u64>,
    /// `value` or `suppressed`.
    pub state: &'static str,
}

/// Observations of indicators whose codes name `coping` as `rcsi` or `lcs`.
pub(super) fn scores(assessment: &Assessment, atlas: &Atlas<'_>, min_n: u64) -> Result<Vec<CopingScore>> {
    let mut found = Vec::new();
    for indicator in &assessment.indicators {
        let index = match indicator.codes.get("coping").map(|c| c.trim().to_lowercase()).as_deref() {
            Some("rcsi") => "rcsi",
            Some("lcs" | "lcsi") => "lcs",
            _ => continue,
        };
        for (o, hidden) in observed(atlas, indicator, min_n)? {
            let value = o.value.get();
            found.push(CopingScore {
                indicator: indicator.id.clone(),
                index,
                place: o.place.clone(),
                group: o.group.clone(),
                period: o.period.clone(),
                value: (!hidden).then_some(value),
                class: (!hidden).then(|| class(index, value)).flatten(),
                n: o.n.filter(|_| !hidden),
                state: if hidden { "suppressed" } else { "value" },
            });
        }
    }
    Ok(found)
}

fn class(index: &str, value: f64) -> Option<&'static str> {
    if index == "rcsi" {
        return Some(if value < 4.0 {
            "none"
        } else if value < 19.0 {
            "stress"
        } else {
            "crisis"
        });
    }
    let words = [(1.0, "none"), (2.0, "stress"), (3.0, "crisis"), (4.0, "emergency")];
    words.into_iter().find(|(code, _)| *code == value).map(|(_, word)| word)
}

/// How ready a strategy is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Readiness {
    /// Id of the intervention.
    pub intervention: String,
    /// Ids of what it needs.
    pub needed: Vec<String>,
    /// Those that are there.
    pub present: Vec<String>,
    /// Those that are not, or not where it acts, or are harmful coping.
    pub missing: Vec<String>,
    /// The least level of what it needs; none where it says no need, or a need is on no record.
    pub readiness: Option<f64>,
    /// The mean level of what is on record.
    pub mean_level: Option<f64>,
    /// Present / needed; none where it says no need.
    pub share: Option<f64>,
    /// `ready`, `gaps` or `not-said`.
    pub state: &'static str,
}

/// By intervention, in the order of the assessment.
pub(super) fn readiness(assessment: &Assessment, rows: &[CapacityRow]) -> Vec<Readiness> {
    let of = |intervention: &crate::assessment::Intervention| {
        let mut needed = intervention.needs_capacities.clone();
        needed.dedup();
        let lacks = |id: &String| {
            let mut own = rows.iter().filter(|r| r.capacity == *id && r.needed_by.contains(&intervention.id)).peekable();
            own.peek().is_none() || own.any(|r| r.state != Some(CapacityState::Present))
        };
        let (missing, present): (Vec<String>, Vec<String>) = needed.iter().cloned().partition(lacks);
        // there, but elsewhere or harmful: 0 here; on no record: unknown
        let level = |id: &String| {
            let record = assessment.capacities.iter().find(|c| c.id == *id)?;
            Some(if missing.contains(id) { 0.0 } else { record.level.get() })
        };
        let levels: Vec<Option<f64>> = needed.iter().map(level).collect();
        let mut known: Vec<f64> = levels.iter().flatten().copied().collect();
        known.sort_by(f64::total_cmp);
        Readiness {
            intervention: intervention.id.clone(),
            readiness: levels.iter().copied().collect::<Option<Vec<f64>>>().and_then(|all| all.into_iter().reduce(f64::min)),
            mean_level: (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64),
            share: (!needed.is_empty()).then(|| present.len() as f64 / needed.len() as f64),
            state: match (needed.is_empty(), missing.is_empty()) {
                (true, _) => "not-said",
                (false, true) => "ready",
                (false, false) => "gaps",
            },
            needed,
            present,
            missing,
        }
    };
    assessment.interventions.iter().map(of).collect()
}

/// What is missing, and what building it would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unlocks {
    /// Its place in the order in which most strategies become ready soonest, by the greedy rule.
    pub step: usize,
    /// Id of the capacity.
    pub capacity: String,
    /// Ids of the strategies that need it.
    pub needed_by: Vec<String>,
    /// Ids of those that lack nothing else once those before it are there.
    pub completes: Vec<String>,
}

/// At each step the capacity that makes most strategies ready, of equals the one most need, then by id.
pub(super) fn unlocks(readiness: &[Readiness]) -> Vec<Unlocks> {
    let mut lacking: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in readiness.iter().filter(|r| !r.missing.is_empty()) {
        lacking.insert(&row.intervention, row.missing.iter().map(String::as_str).collect());
    }
    let mut found = Vec::new();
    loop {
        let left: BTreeSet<&str> = lacking.values().flatten().copied().collect();
        let needs = |c: &str| lacking.values().filter(|set| set.contains(c)).count();
        let alone = |c: &str| lacking.values().filter(|set| set.len() == 1 && set.contains(c)).count();
        let best = left.iter().copied().max_by(|a, b| (alone(a), needs(a)).cmp(&(alone(b), needs(b))).then(b.cmp(a)));
        let Some(capacity) = best else { return found };
        let completes = lacking.iter().filter(|(_, set)| set.len() == 1 && set.contains(capacity)).map(|(i, _)| (*i).to_owned()).collect();
        let wants = readiness.iter().filter(|r| r.missing.iter().any(|m| m == capacity));
        found.push(Unlocks {
            step: found.len() + 1,
            capacity: capacity.to_owned(),
            needed_by: wants.map(|r| r.intervention.clone()).collect(),
            completes,
        });
        lacking.values_mut().for_each(|set| {
            set.remove(capacity);
        });
    }
}

/// What one intervention uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourceRow {
    /// Id of the intervention.
    pub intervention: String,
    /// `all`, or one kind.
    pub kind: &'static str,
    /// How many entries.
    pub resources: usize,
    /// How many of them have a value.
    pub with_value: usize,
    /// Sum of the known values; none where there is none.
    pub value: Option<f64>,
    /// Share of the known value that is local; none where no value is known, or they sum to 0.
    pub local_share: Option<f64>,
    /// Share of the entries that are local.
    pub local_entries: f64,
    /// Ids of those that take the place of what local people sell.
    pub displaces: Vec<String>,
    /// Ids of those bought from local people.
    pub supports: Vec<String>,
    /// How many do not say what they do to the local market.
    pub market_not_said: usize,
}

/// By intervention, then by kind; interventions without an entry have no row.
pub(super) fn resources(assessment: &Assessment) -> Vec<ResourceRow> {
    let mut rows = Vec::new();
    for intervention in &assessment.interventions {
        let own: Vec<&Resource> = assessment.resources.iter().filter(|r| r.intervention == intervention.id).collect();
        let kinds = ResourceKind::ALL.iter().map(|kind| (kind.word(), own.iter().copied().filter(|r| r.kind == *kind).collect::<Vec<_>>()));
        for (kind, some) in [("all", own.clone())].into_iter().chain(kinds).filter(|(_, some)| !some.is_empty()) {
            rows.push(used(&intervention.id, kind, &some));
        }
    }
    rows
}

fn used(intervention: &str, kind: &'static str, some: &[&Resource]) -> ResourceRow {
    let sum = |local: bool| {
        let mut values: Vec<f64> =
            some.iter().filter(|r| !local || r.origin == Origin::Local).filter_map(|r| r.value.map(|v| v.get())).collect();
        values.sort_by(f64::total_cmp);
        values.iter().sum::<f64>()
    };
    let with_value = some.iter().filter(|r| r.value.is_some()).count();
    let value = (with_value > 0).then(|| sum(false));
    let ids = |effect: MarketEffect| some.iter().filter(|r| r.market == Some(effect)).map(|r| r.id.clone()).collect();
    ResourceRow {
        intervention: intervention.to_owned(),
        kind,
        resources: some.len(),
        with_value,
        value,
        local_share: value.filter(|v| *v > 0.0).map(|v| sum(true) / v),
        local_entries: some.iter().filter(|r| r.origin == Origin::Local).count() as f64 / some.len().max(1) as f64,
        displaces: ids(MarketEffect::Displaces),
        supports: ids(MarketEffect::Supports),
        market_not_said: some.iter().filter(|r| r.market.is_none()).count(),
    }
}

/// A capacity against a need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crosswalk {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// Id of the place.
    pub place: String,
    /// Id of the group.
    pub group: Option<String>,
    /// Severity of the cell.
    pub severity: Option<f64>,
    /// Prevalence of the cell.
    pub prevalence: Option<f64>,
    /// Ids of the capacities recorded against it here.
    pub capacities: Vec<String>,
    /// `met` where something above level 0 is there, `recorded-absent` where all is at level 0, `nothing-on-record`.
    pub state: &'static str,
}

/// One row a cell.
pub(super) fn crosswalk(assessment: &Assessment, atlas: &Atlas<'_>, seen: &[&Sight]) -> Result<Vec<Crosswalk>> {
    let row = |sight: &&Sight| {
        let cell = &sight.cell;
        let id = CellId { threat: &cell.threat, component: cell.component, place: &cell.place, group: cell.group.as_deref() };
        let found = at_work(assessment, atlas, &id)?;
        let there = found.iter().any(|at| at.capacity.level.get() > 0.0);
        Ok(Crosswalk {
            threat: cell.threat.clone(),
            component: cell.component,
            place: cell.place.clone(),
            group: cell.group.clone(),
            severity: cell.severity,
            prevalence: cell.prevalence,
            state: match (found.is_empty(), there) {
                (true, _) => "nothing-on-record",
                (false, true) => "met",
                (false, false) => "recorded-absent",
            },
            capacities: found.into_iter().map(|at| at.capacity.id.clone()).collect(),
        })
    };
    seen.iter().map(row).collect()
}
