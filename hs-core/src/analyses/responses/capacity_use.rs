//! Which capacities strategies need, which are there, and which nobody uses.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::Assessment;
use crate::assessment::{Capacity, CapacityKind, Intervention, Outcome as Side};
use crate::framework::{Component, Pillar, strategies};
use crate::tables::Table;

crate::framework::words::words!(
    /// How a capacity stands to the strategies.
    CapacityState {
        /// There, and a strategy names it or works on what it stands against.
        Present = "present",
        /// Needed, and not there, or not where it is needed.
        Missing = "missing",
        /// There, and no strategy uses it.
        Neglected = "neglected",
        /// A signal of stress, never counted as strength.
        HarmfulCoping = "harmful-coping",
    }
);

/// One capacity, at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityRow {
    /// Its id.
    pub capacity: String,
    /// The component it serves; of one that is on no record, that of the strategy which needs it.
    pub component: Component,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Ids of the strategies that name it among the capacities they need.
    pub needed_by: Vec<String>,
    /// How it stands; none where it is recorded at level 0 and nobody needs it.
    pub state: Option<CapacityState>,
    /// How much of it there is; none where it is not on record here.
    pub level: Option<f64>,
    /// Protection, empowerment or both; none where it is not on record.
    pub pillar: Option<Pillar>,
    /// What kind, where said.
    pub kind: Option<CapacityKind>,
    /// Id of the group whose it is; everyone's where none.
    pub group: Option<String>,
    /// Ids of the strategies that work on a threat it stands against, in its place, without naming it.
    pub beside: Vec<String>,
    /// Why it is missing or neglected.
    pub why: Option<String>,
}

impl CapacityRow {
    /// Whether it is a strength of the community itself: of empowerment, there, and no harmful coping.
    pub(super) fn is_of_the_community(&self) -> bool {
        let side = matches!(self.pillar, Some(Pillar::Empowerment | Pillar::Both));
        side && matches!(self.state, Some(CapacityState::Present | CapacityState::Neglected))
    }
}

/// A capacity of the handbook's Table II, as a prompt: something to look for, not something known to be there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityPrompt {
    /// The component.
    pub component: Component,
    /// Id in the framework.
    pub id: &'static str,
    /// What it is.
    pub capacity: &'static str,
    /// Lines of the handbook.
    pub locator: &'static str,
    /// Ids of the capacities of the component that are on record, harmful coping left out.
    pub on_record: Vec<String>,
    /// Ids of the interventions that target the component.
    pub interventions: Vec<String>,
}

/// Which place holds which.
struct Ground<'a> {
    parents: BTreeMap<&'a str, &'a str>,
}

impl<'a> Ground<'a> {
    fn new(assessment: &'a Assessment) -> Self {
        let parents = assessment.places.iter().filter_map(|p| Some((p.id.as_str(), p.parent.as_deref()?))).collect();
        Ground { parents }
    }

    fn holds(&self, outer: &str, inner: &str) -> bool {
        // bounded by the number of places, should a hand-made assessment hold a cycle
        std::iter::successors(Some(inner), |place| self.parents.get(place).copied())
            .take(self.parents.len() + 1)
            .any(|place| place == outer)
    }

    /// Whether a capacity is at hand where a strategy acts: in that place, in one that holds it, or in one that lies in it.
    fn meets(&self, capacity: Option<&str>, acting: Option<&str>) -> bool {
        capacity.zip(acting).is_none_or(|(here, there)| self.holds(here, there) || self.holds(there, here))
    }
}

/// Where a strategy sets out to improve which threat: place by place, everywhere where none.
fn acts<'a>(assessment: &'a Assessment, intervention: &'a Intervention) -> BTreeSet<(&'a str, Option<&'a str>)> {
    let mut acts = BTreeSet::new();
    for effect in intervention.effects.iter().filter(|e| e.outcome != Some(Side::Worse) && e.change.get() > 0.0) {
        let threat = effect.threat.as_str();
        let stated = assessment.conditions.iter().filter(|c| c.threat == threat).map(|c| (threat, Some(c.place.as_str())));
        match effect.place.as_deref() {
            Some(place) => acts.extend([(threat, Some(place))]),
            None if assessment.conditions.iter().any(|c| c.threat == threat) => acts.extend(stated),
            None => acts.extend([(threat, None)]),
        }
    }
    acts
}

/// Every capacity on record, in the order of the assessment, then what strategies need elsewhere or in vain.
pub(crate) fn capacities(assessment: &Assessment, interventions: &[&Intervention]) -> Vec<CapacityRow> {
    let ground = Ground::new(assessment);
    let component_of = |threat: &str| assessment.threats.iter().find(|t| t.id == threat).map(|t| t.component);
    let acting: Vec<_> = interventions.iter().map(|intervention| (*intervention, acts(assessment, intervention))).collect();
    let mut rows: Vec<CapacityRow> = assessment
        .capacities
        .iter()
        .map(|capacity| {
            let against = |threat: &str| match capacity.against.as_slice() {
                [] => component_of(threat) == Some(capacity.component),
                list => list.iter().any(|t| t == threat),
            };
            let needed_by = ids(interventions.iter().filter(|i| i.needs_capacities.contains(&capacity.id)));
            let works = |acts: &BTreeSet<(&str, Option<&str>)>| {
                acts.iter().any(|(threat, place)| against(threat) && ground.meets(capacity.place.as_deref(), *place))
            };
            let beside = acting.iter().filter(|(i, acts)| !needed_by.contains(&i.id) && works(acts)).map(|(i, _)| i.id.clone()).collect();
            row(capacity, needed_by, beside)
        })
        .collect();
    let mut wanting: Vec<CapacityRow> = Vec::new();
    for (intervention, acts) in &acting {
        for id in &intervention.needs_capacities {
            let Some(capacity) = assessment.capacities.iter().find(|c| c.id == *id) else {
                let why = "needed, and on no record".to_owned();
                want(&mut wanting, id, intervention, None, None, why);
                continue;
            };
            if capacity.level.get() == 0.0 || capacity.kind == Some(CapacityKind::HarmfulCoping) {
                continue;
            }
            let places: BTreeSet<Option<&str>> = acts.iter().map(|(_, place)| *place).collect();
            for place in places.into_iter().filter(|place| !ground.meets(capacity.place.as_deref(), *place)) {
                let why = format!("needed here, and on record in `{}` alone", capacity.place.as_deref().unwrap_or_default());
                want(&mut wanting, id, intervention, Some(capacity), place, why);
            }
        }
    }
    rows.extend(wanting);
    rows
}

fn ids<'a>(interventions: impl Iterator<Item = &'a &'a Intervention>) -> Vec<String> {
    interventions.map(|i| i.id.clone()).collect()
}

fn row(capacity: &Capacity, needed_by: Vec<String>, beside: Vec<String>) -> CapacityRow {
    let level = capacity.level.get();
    let (state, why) = if capacity.kind == Some(CapacityKind::HarmfulCoping) {
        (Some(CapacityState::HarmfulCoping), None)
    } else if level == 0.0 && needed_by.is_empty() {
        (None, Some("recorded at level 0, and no strategy needs it"))
    } else if level == 0.0 {
        (Some(CapacityState::Missing), Some("needed, and recorded at level 0"))
    } else if needed_by.is_empty() && beside.is_empty() {
        (Some(CapacityState::Neglected), Some("no strategy names it or works on what it stands against, here"))
    } else {
        (Some(CapacityState::Present), None)
    };
    CapacityRow {
        capacity: capacity.id.clone(),
        component: capacity.component,
        place: capacity.place.clone(),
        needed_by,
        state,
        level: Some(level),
        pillar: Some(capacity.pillar),
        kind: capacity.kind,
        group: capacity.group.clone(),
        beside,
        why: why.map(str::to_owned),
    }
}

/// Adds what is missing, or one more strategy that needs it there.
fn want(
    wanting: &mut Vec<CapacityRow>,
    id: &str,
    intervention: &Intervention,
    capacity: Option<&Capacity>,
    place: Option<&str>,
    why: String,
) {
    if let Some(known) = wanting.iter_mut().find(|row| row.capacity == id && row.place.as_deref() == place) {
        known.needed_by.push(intervention.id.clone());
        return;
    }
    wanting.push(CapacityRow {
        capacity: id.to_owned(),
        component: capacity.map_or(intervention.component, |c| c.component),
        place: place.map(str::to_owned),
        needed_by: vec![intervention.id.clone()],
        state: Some(CapacityState::Missing),
        level: None,
        pillar: capacity.map(|c| c.pillar),
        kind: capacity.and_then(|c| c.kind),
        group: capacity.and_then(|c| c.group.clone()),
        beside: Vec::new(),
        why: Some(why),
    });
}

/// What the handbook's Table II would look for in each component that a strategy targets.
pub(super) fn prompts(assessment: &Assessment, interventions: &[&Intervention]) -> Vec<CapacityPrompt> {
    let strength = |c: &&Capacity| c.kind != Some(CapacityKind::HarmfulCoping) && c.level.get() > 0.0;
    let prompt = |facts: &strategies::CapacityFacts| {
        let targets = |i: &&&Intervention| i.component == facts.component || i.also.contains(&facts.component);
        let own = |c: &&Capacity| c.component == facts.component;
        CapacityPrompt {
            component: facts.component,
            id: facts.id,
            capacity: facts.capacity,
            locator: facts.locator,
            on_record: assessment.capacities.iter().filter(own).filter(strength).map(|c| c.id.clone()).collect(),
            interventions: ids(interventions.iter().filter(targets)),
        }
    };
    strategies::CAPACITIES.iter().map(prompt).filter(|p| !p.interventions.is_empty()).collect()
}

/// One row a capacity and place.
pub(super) fn table(rows: &[CapacityRow]) -> crate::Result<Table> {
    Table::builder()
        .text("capacity", rows.iter().map(|r| Some(&r.capacity)))
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| r.place.as_ref()))
        .list("needed_by", rows.iter().map(|r| Some(r.needed_by.clone())))
        .text("state", rows.iter().map(|r| r.state.map(CapacityState::word)))
        .number("level", rows.iter().map(|r| r.level))
        .text("pillar", rows.iter().map(|r| r.pillar.map(Pillar::word)))
        .text("kind", rows.iter().map(|r| r.kind.map(CapacityKind::word)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .list("beside", rows.iter().map(|r| Some(r.beside.clone())))
        .text("why", rows.iter().map(|r| r.why.as_ref()))
        .build()
}

/// One row a prompt.
pub(super) fn prompt_table(rows: &[CapacityPrompt]) -> crate::Result<Table> {
    Table::builder()
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("id", rows.iter().map(|r| Some(r.id)))
        .text("capacity", rows.iter().map(|r| Some(r.capacity)))
        .list("on_record", rows.iter().map(|r| Some(r.on_record.clone())))
        .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
        .text("locator", rows.iter().map(|r| Some(r.locator)))
        .build()
}
