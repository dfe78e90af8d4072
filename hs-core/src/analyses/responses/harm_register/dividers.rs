//! What divides the people of a place, and what connects them: over which threats and responses groups fare alike or differently.

use std::collections::BTreeMap;

use serde::Serialize;

use super::HarmRegister;
use super::rows::NOTHING;
use crate::Result;
use crate::analyses::responses::{CellEffect, Divider, ExternalitiesResult};
use crate::assessment::{Assessment, CapacityKind};
use crate::framework::{Component, Pillar};
use crate::network::{Atlas, Beliefs, Choice};
use crate::tables::Note;

/// Something that divides or connects the people of a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DividerOrConnector {
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Id of the threat; none of a capacity.
    pub threat: Option<String>,
    /// "opposite", "unequal-harm", "unequal-benefit", "baseline-gap"; "capacity", "shared-benefit", "shared-threat".
    pub kind: &'static str,
    /// Ids of the groups it is read over.
    pub groups: Vec<String>,
    /// Ids of the interventions under which it was found; empty where it stands before any.
    pub interventions: Vec<String>,
    /// "divider" or "connector".
    pub side: &'static str,
    /// Horizons at which it was found.
    pub horizons: Vec<&'static str>,
    /// Groups that fare best of these.
    pub fares_best: Vec<String>,
    /// Groups that fare worst of these.
    pub fares_worst: Vec<String>,
    /// Greatest difference between two groups, in severity points.
    pub gap: Option<f64>,
    /// Greatest probability of the divider over these interventions and horizons; none where no draws were made.
    pub probability: Option<f64>,
    /// Id of the capacity.
    pub capacity: Option<String>,
    /// What it is read from, in a sentence.
    pub read_from: String,
}

/// What groups of one place show on one threat.
struct Spread {
    groups: Vec<String>,
    values: Vec<f64>,
}

impl Spread {
    fn low(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn high(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Greatest difference between two groups; rounding is none.
    fn gap(&self) -> f64 {
        let gap = self.high() - self.low();
        if gap > NOTHING { gap } else { 0.0 }
    }

    /// The groups that fare best, and those that fare worst; none where all fare alike.
    fn ends(&self) -> (Vec<String>, Vec<String>) {
        if self.gap() > 0.0 { (self.at(self.low()), self.at(self.high())) } else { (Vec::new(), Vec::new()) }
    }

    fn at(&self, value: f64) -> Vec<String> {
        let near = |v: &f64| (v - value).abs() <= NOTHING;
        self.groups.iter().zip(&self.values).filter(|(_, v)| near(v)).map(|(g, _)| g.clone()).collect()
    }
}

/// Dividers and connectors: first by the effects, then as they stand before any.
pub(super) fn list(
    settings: &HarmRegister,
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    notes: &mut Vec<Note>,
) -> Result<Vec<DividerOrConnector>> {
    let mut found = by_effects(effects);
    found.extend(at_baseline(settings, assessment, effects)?);
    found.extend(capacities(assessment, effects));
    if effects.settings.groups.is_none() && !assessment.partitions.is_empty() && !effects.interventions.is_empty() {
        let message = "dividers and connectors are read from conditions and capacities alone: `groups` names the partition by which effects are read too";
        notes.push(Note::new("dividers-without-groups", message, assessment.partitions.iter().map(|p| p.id.clone())));
    }
    if assessment.partitions.is_empty() {
        let message = "no partition of the population is declared, so nothing tells whether groups fare differently: not assessed";
        notes.push(Note::new("no-partition", message, Vec::<String>::new()));
    }
    Ok(found)
}

/// Effects by group: who gains, who loses, who gains together.
fn by_effects(effects: &ExternalitiesResult) -> Vec<DividerOrConnector> {
    type Key<'a> = (Option<&'a str>, &'a str);
    let mut rows: Vec<DividerOrConnector> = Vec::new();
    for entry in &effects.interventions {
        let mut places: Vec<(Key<'_>, &'static str, Vec<&CellEffect>)> = Vec::new();
        let mut at: BTreeMap<(Key<'_>, &'static str), usize> = BTreeMap::new();
        for cell in &entry.cells {
            let Some(node) = effects.nodes.get(cell.position).filter(|n| n.group.is_some()) else { continue };
            let key = ((node.place.as_deref(), &*node.threat), cell.horizon.word());
            let slot = *at.entry(key).or_insert_with(|| {
                places.push((key.0, key.1, Vec::new()));
                places.len() - 1
            });
            if let Some((_, _, cells)) = places.get_mut(slot) {
                cells.push(cell);
            }
        }
        for ((place, threat), horizon, cells) in places {
            let Some(values) = cells.iter().map(|c| c.net).collect::<Option<Vec<f64>>>().filter(|v| v.len() > 1) else { continue };
            let group = |c: &&&CellEffect| effects.nodes.get(c.position).and_then(|n| n.group.as_ref()).map(|g| g.to_string());
            let spread = Spread { groups: cells.iter().filter_map(|c| group(&c)).collect(), values };
            let drawn = cells.first().and_then(|cell| entry.spread(cell));
            let (divider, probability) = match drawn {
                Some(drawn) => {
                    (drawn.divider.filter(|_| drawn.divider_probability >= effects.settings.flag), Some(drawn.divider_probability))
                }
                None => (Divider::of(spread.values.iter().copied(), effects.settings.divider), None),
            };
            let mut kinds: Vec<(&str, Option<f64>)> = divider.map(|kind| (kind.word(), probability)).into_iter().collect();
            // no group may pay for it
            let unharmed = cells.iter().all(|c| c.harm().is_some_and(|h| h <= effects.settings.harm));
            if spread.high() < -effects.settings.harm && unharmed {
                kinds.push(("shared-benefit", None));
            }
            for kind in kinds {
                add(&mut rows, (place, threat), kind, horizon, &entry.id, &spread);
            }
        }
    }
    rows
}

fn add(
    rows: &mut Vec<DividerOrConnector>,
    (place, threat): (Option<&str>, &str),
    (kind, probability): (&'static str, Option<f64>),
    horizon: &'static str,
    intervention: &str,
    spread: &Spread,
) {
    let same = |r: &&mut DividerOrConnector| r.kind == kind && r.place.as_deref() == place && r.threat.as_deref() == Some(threat);
    let gap = spread.gap();
    let row = match rows.iter().position(|r| r.kind == kind && r.place.as_deref() == place && r.threat.as_deref() == Some(threat)) {
        Some(at) => rows.get_mut(at).filter(same),
        None => {
            rows.push(DividerOrConnector {
                place: place.map(str::to_owned),
                threat: Some(threat.to_owned()),
                kind,
                groups: spread.groups.clone(),
                interventions: Vec::new(),
                side: if kind == "shared-benefit" { "connector" } else { "divider" },
                horizons: Vec::new(),
                fares_best: Vec::new(),
                fares_worst: Vec::new(),
                gap: None,
                probability: None,
                capacity: None,
                read_from: match kind {
                    "opposite" => "the computed net change by group: some groups gain while others lose",
                    "unequal-harm" => "the computed net change by group: some groups lose more than others",
                    "unequal-benefit" => "the computed net change by group: some groups gain more than others",
                    _ => "the computed net change by group: every group gains and none loses",
                }
                .to_owned(),
            });
            rows.last_mut()
        }
    };
    let Some(row) = row else { return };
    row.probability = [row.probability, probability].into_iter().flatten().reduce(f64::max);
    if !row.interventions.iter().any(|id| id == intervention) {
        row.interventions.push(intervention.to_owned());
    }
    if !row.horizons.contains(&horizon) {
        row.horizons.push(horizon);
    }
    if row.gap.is_none_or(|known| gap > known) {
        row.gap = Some(gap);
        (row.fares_best, row.fares_worst) = spread.ends();
    }
}

/// Conditions stated of groups: what sets them apart and what they share, before anything is done.
fn at_baseline(settings: &HarmRegister, assessment: &Assessment, effects: &ExternalitiesResult) -> Result<Vec<DividerOrConnector>> {
    let asked = &effects.settings;
    let atlas = Atlas::new(assessment)?;
    let beliefs = Beliefs::new(&atlas, Choice { period: asked.period.clone(), ..Choice::default() })?;
    let mut rows = Vec::new();
    let partitions = assessment.partitions.iter().filter(|p| asked.groups.as_ref().is_none_or(|id| *id == p.id));
    for partition in partitions {
        let members = partition.groups.iter().map(|id| atlas.group(id)).collect::<Result<Vec<u32>>>()?;
        for (place_at, place) in (0..).zip(&assessment.places) {
            if asked.places.as_ref().is_some_and(|ids| !ids.contains(&place.id)) {
                continue;
            }
            for (threat_at, threat) in (0..).zip(&assessment.threats) {
                let mut spread = Spread { groups: Vec::new(), values: Vec::new() };
                for (group, id) in members.iter().zip(&partition.groups) {
                    // what is stated of everyone says nothing of a group
                    if let Some(severity) = beliefs.stated((threat_at, place_at, Some(*group))).severity {
                        spread.groups.push(id.clone());
                        spread.values.push(severity.value);
                    }
                }
                if spread.values.len() < 2 {
                    continue;
                }
                let (gap, (best, worst)) = (spread.gap(), spread.ends());
                let row = |kind, side, read_from: String| DividerOrConnector {
                    place: Some(place.id.clone()),
                    threat: Some(threat.id.clone()),
                    kind,
                    groups: spread.groups.clone(),
                    interventions: Vec::new(),
                    side,
                    horizons: Vec::new(),
                    fares_best: best.clone(),
                    fares_worst: worst.clone(),
                    gap: Some(gap),
                    probability: None,
                    capacity: None,
                    read_from,
                };
                if gap > asked.divider {
                    let said = format!(
                        "conditions of the groups of `{}`: severity {:.2} to {:.2} before any intervention",
                        partition.id,
                        spread.low(),
                        spread.high()
                    );
                    rows.push(row("baseline-gap", "divider", said));
                }
                if spread.values.len() == members.len() && spread.low() >= settings.shared - NOTHING {
                    let said =
                        format!("conditions of all groups of `{}`: each meets a severity of {:.2} or more", partition.id, settings.shared);
                    rows.push(row("shared-threat", "connector", said));
                }
            }
        }
    }
    Ok(rows)
}

/// Capacities that a community has as a whole, to build on.
fn capacities(assessment: &Assessment, effects: &ExternalitiesResult) -> Vec<DividerOrConnector> {
    let places = effects.settings.places.as_ref();
    let shared = assessment.capacities.iter().filter(|c| {
        let own = c.component == Component::Community || c.pillar != Pillar::Protection;
        let here = places.is_none_or(|ids| c.place.as_ref().is_none_or(|p| ids.contains(p)));
        own && here && c.group.is_none() && c.level.get() > 0.0 && c.kind != Some(CapacityKind::HarmfulCoping)
    });
    let row = |c: &crate::assessment::Capacity| DividerOrConnector {
        place: c.place.clone(),
        threat: None,
        kind: "capacity",
        groups: Vec::new(),
        interventions: assessment.interventions.iter().filter(|i| i.needs_capacities.contains(&c.id)).map(|i| i.id.clone()).collect(),
        side: "connector",
        horizons: Vec::new(),
        fares_best: Vec::new(),
        fares_worst: Vec::new(),
        gap: None,
        probability: None,
        capacity: Some(c.id.clone()),
        read_from: format!(
            "the capacity `{}` ({}, {}, level {:.2}), bound to no group",
            c.id,
            c.component.word(),
            c.pillar.word(),
            c.level.get()
        ),
    };
    shared.map(row).collect()
}
