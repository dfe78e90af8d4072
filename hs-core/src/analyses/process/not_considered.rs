//! What the plan touches, and nobody in it speaks for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use super::network::in_plan;
use super::stakeholders::Stakeholders;
use crate::assessment::{Actor, Intervention, MeetingKind};
use crate::framework::Component;
use crate::framework::externalities::EXTERNALITIES;
use crate::network::{DominoNetwork, Expansion};
use crate::tables::Note;
use crate::{Assessment, Result};

/// What is touched, and nobody in the plan speaks for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotConsidered {
    /// `actor`, `sector`, `group` or `place`.
    pub what: &'static str,
    /// Id, or the component of a sector.
    pub id: String,
    /// What touches it, for example `micro-credit (externality)`.
    pub touched_by: Vec<String>,
    /// Why it stands here.
    pub why: String,
    /// Threats through which it is touched.
    pub threats: Vec<String>,
    /// What it rests on: `effect`, `externality`, `network`, `story`, `table-iii`; the surest first.
    pub routes: Vec<&'static str>,
}

/// How surely something is touched; the first is the surest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Route {
    Effect,
    Externality,
    Network,
    Story,
    TableThree,
}

impl Route {
    fn word(self) -> &'static str {
        match self {
            Route::Effect => "effect",
            Route::Externality => "externality",
            Route::Network => "network",
            Route::Story => "story",
            Route::TableThree => "table-iii",
        }
    }
}

#[derive(Default)]
struct Touched {
    by: BTreeSet<(Route, String)>,
    threats: BTreeSet<String>,
}

impl Touched {
    fn add(&mut self, route: Route, by: &str, threat: Option<&str>) {
        self.by.insert((route, by.to_owned()));
        self.threats.extend(threat.map(str::to_owned));
    }
}

/// Everything touched, by kind and id.
#[derive(Default)]
struct Touch<'a> {
    threats: BTreeMap<&'a str, Touched>,
    sectors: BTreeMap<Component, Touched>,
    groups: BTreeMap<String, Touched>,
    places: BTreeMap<String, Touched>,
}

/// What one intervention does somewhere.
struct Aim<'a> {
    threat: Option<&'a str>,
    place: Option<&'a str>,
    group: Option<&'a str>,
    route: Route,
}

fn aims(intervention: &Intervention) -> Vec<Aim<'_>> {
    let effects = intervention.effects.iter().map(|e| Aim {
        threat: Some(&e.threat),
        place: e.place.as_deref(),
        group: e.group.as_deref(),
        route: Route::Effect,
    });
    let externalities = intervention.externalities.iter().map(|e| Aim {
        threat: e.threat.as_deref(),
        place: e.place.as_deref(),
        group: e.group.as_deref(),
        route: Route::Externality,
    });
    effects.chain(externalities).collect()
}

impl<'a> Touch<'a> {
    fn of(assessment: &'a Assessment, settings: &Stakeholders, notes: &mut Vec<Note>) -> Result<Self> {
        let mut touch = Touch::default();
        let components: BTreeMap<&str, (&'a str, Component)> =
            assessment.threats.iter().map(|t| (t.id.as_str(), (t.id.as_str(), t.component))).collect();
        for intervention in &assessment.interventions {
            let by = intervention.id.as_str();
            for aim in aims(intervention) {
                if let Some((threat, component)) = aim.threat.and_then(|t| components.get(t)) {
                    touch.threats.entry(*threat).or_default().add(aim.route, by, Some(threat));
                    touch.sectors.entry(*component).or_default().add(aim.route, by, Some(threat));
                }
                if let Some(group) = aim.group {
                    touch.groups.entry(group.to_owned()).or_default().add(aim.route, by, aim.threat);
                }
                if let Some(place) = aim.place {
                    touch.places.entry(place.to_owned()).or_default().add(aim.route, by, aim.threat);
                }
            }
            for externality in &intervention.externalities {
                if let Some(component) = externality.component {
                    touch.sectors.entry(component).or_default().add(Route::Externality, by, None);
                }
            }
            for component in std::iter::once(intervention.component).chain(intervention.also.iter().copied()) {
                touch.sectors.entry(component).or_default().add(Route::Effect, by, None);
                // broad claims name all seven at once, and so tell nothing of any one
                for claim in EXTERNALITIES.iter().filter(|c| settings.claims && c.component == component && !c.broad) {
                    let by = format!("{} ({})", intervention.id, claim.id);
                    touch.sectors.entry(claim.target).or_default().add(Route::TableThree, &by, None);
                }
            }
        }
        if settings.network && !assessment.interventions.is_empty() && !assessment.linkages.is_empty() {
            touch.follow(assessment, &components, notes)?;
        }
        Ok(touch)
    }

    /// Follows linkages over threats and places, from what each intervention aims at.
    fn follow(
        &mut self,
        assessment: &'a Assessment,
        components: &BTreeMap<&str, (&'a str, Component)>,
        notes: &mut Vec<Note>,
    ) -> Result<()> {
        let ids = assessment.interventions.iter().map(|i| i.id.clone()).collect();
        let network = DominoNetwork::expand(assessment, &Expansion { interventions: Some(ids), ..Expansion::default() })?;
        let nodes: Vec<_> = network.nodes().iter().collect();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for edge in network.edges() {
            if let Some(list) = next.get_mut(edge.from as usize) {
                list.push(edge.to as usize);
            }
        }
        for intervention in &assessment.interventions {
            let aims = aims(intervention);
            let aimed = |threat: &str, place: Option<&str>| {
                aims.iter().any(|a| a.threat == Some(threat) && (a.place.is_none() || place.is_none() || a.place == place))
            };
            let starts: Vec<usize> =
                nodes.iter().enumerate().filter(|(_, n)| aimed(&n.threat, n.place.as_deref())).map(|(at, _)| at).collect();
            let mut seen: BTreeSet<usize> = starts.iter().copied().collect();
            let mut queue: VecDeque<usize> = starts.into();
            let mut reached: BTreeSet<&str> = BTreeSet::new();
            while let Some(at) = queue.pop_front() {
                for &to in next.get(at).into_iter().flatten() {
                    if !seen.insert(to) {
                        continue;
                    }
                    queue.push_back(to);
                    let Some(node) = nodes.get(to) else { continue };
                    if let Some((threat, component)) = components.get(&*node.threat) {
                        reached.insert(threat);
                        self.threats.entry(*threat).or_default().add(Route::Network, &intervention.id, Some(threat));
                        self.sectors.entry(*component).or_default().add(Route::Network, &intervention.id, Some(threat));
                    }
                    if let Some(place) = &node.place {
                        self.places.entry(place.to_string()).or_default().add(Route::Network, &intervention.id, Some(&node.threat));
                    }
                }
            }
            // the network is of the whole population: groups are those that linkages on the way name
            for linkage in assessment.linkages.iter().filter(|l| reached.contains(l.to.as_str())) {
                for group in linkage.groups.iter().chain(&linkage.to_groups) {
                    self.groups.entry(group.clone()).or_default().add(Route::Network, &intervention.id, Some(&linkage.to));
                }
            }
        }
        if network.is_empty() {
            notes.push(Note::new("no-network", "linkages make no network here: they carry nothing on", Vec::<String>::new()));
        }
        Ok(())
    }
}

/// Whether a meeting gives people a voice: to be told or trained is none.
fn heard(kind: MeetingKind) -> bool {
    matches!(kind, MeetingKind::Consultation | MeetingKind::Dialogue | MeetingKind::Committee | MeetingKind::Review)
}

/// Whether one place is the other, or holds it.
pub(super) fn within(assessment: &Assessment, inner: &str, outer: &str) -> bool {
    let mut at = Some(inner);
    // bounded by the number of places, should a hand-made assessment hold a ring
    for _ in 0..=assessment.places.len() {
        match at {
            Some(here) if here == outer => return true,
            Some(here) => at = assessment.places.iter().find(|p| p.id == here).and_then(|p| p.parent.as_deref()),
            None => return false,
        }
    }
    false
}

pub(super) fn not_considered(assessment: &Assessment, settings: &Stakeholders, notes: &mut Vec<Note>) -> Result<Vec<NotConsidered>> {
    let touch = Touch::of(assessment, settings, notes)?;
    let plan: Vec<&Actor> = assessment.actors.iter().filter(|a| in_plan(assessment, &a.id)).collect();
    let mut rows = actors(assessment, &touch, &plan);
    for (component, touched) in &touch.sectors {
        if !speaks_for_sector(assessment, &plan, *component) {
            let why = format!("nobody in the plan has a mandate for {component} security, protects from a threat to it or works on it");
            rows.push(row("sector", component.word(), touched, why));
        }
    }
    for group in assessment.groups.iter().filter(|g| !speaks_for_group(assessment, &g.id)) {
        if let Some(touched) = touch.groups.get(&group.id) {
            let why = "no seat of a committee is held by the group, and no consultation, dialogue, committee or review names it";
            rows.push(row("group", &group.id, touched, why.to_owned()));
        }
    }
    for place in assessment.places.iter().filter(|p| !speaks_for_place(assessment, &plan, &p.id)) {
        if let Some(touched) = touch.places.get(&place.id) {
            let why = "no actor of the plan acts there, in a place that holds it or in one it holds, and no committee or meeting is of it";
            rows.push(row("place", &place.id, touched, why.to_owned()));
        }
    }
    if assessment.interventions.is_empty() {
        notes.push(Note::new("no-interventions", "there is no intervention: nothing is touched", Vec::<String>::new()));
    } else if plan.is_empty() {
        let message = "the plan names nobody: no responsibility, and no actor of an intervention; whatever is touched is not spoken for";
        notes.push(Note::new("nobody-in-plan", message, Vec::<String>::new()));
    }
    Ok(rows)
}

fn row(what: &'static str, id: &str, touched: &Touched, why: String) -> NotConsidered {
    let mut routes: Vec<&'static str> = touched.by.iter().map(|(route, _)| route.word()).collect();
    routes.dedup();
    NotConsidered {
        what,
        id: id.to_owned(),
        touched_by: touched.by.iter().map(|(route, by)| format!("{by} ({})", route.word())).collect(),
        why,
        threats: touched.threats.iter().cloned().collect(),
        routes,
    }
}

/// Actors outside the plan that protect from, or are a source of, what is touched, or that stories tell of.
fn actors(assessment: &Assessment, touch: &Touch<'_>, plan: &[&Actor]) -> Vec<NotConsidered> {
    let mut rows = Vec::new();
    for actor in assessment.actors.iter().filter(|a| plan.iter().all(|p| p.id != a.id)) {
        let mut all = Touched::default();
        let mut ways: BTreeSet<String> = BTreeSet::new();
        for (way, threats) in [("protects from", &actor.protects_from), ("is a source of", &actor.threatens)] {
            for (threat, touched) in threats.iter().filter_map(|t| touch.threats.get(t.as_str()).map(|touched| (t, touched))) {
                all.by.extend(touched.by.iter().cloned());
                all.threats.insert(threat.clone());
                ways.insert(format!("{way} {threat}"));
            }
        }
        for component in &actor.mandates {
            // a claim of Table III is a prompt; it does not make an actor touched
            let surer = touch.sectors.get(component).into_iter().flat_map(|t| &t.by).filter(|(route, _)| *route < Route::Story);
            let by: Vec<_> = surer.cloned().collect();
            if !by.is_empty() {
                ways.insert(format!("has a mandate for {component} security"));
                all.by.extend(by);
            }
        }
        for story in assessment.stories.iter().filter(|s| s.actors.contains(&actor.id)) {
            ways.insert("is told of in stories".to_owned());
            all.add(Route::Story, &story.story, None);
        }
        if !all.by.is_empty() {
            let ways: Vec<String> = ways.into_iter().collect();
            let why = format!("{}, and has no role in the plan", super::network::listed(&ways));
            rows.push(row("actor", &actor.id, &all, why));
        }
    }
    rows
}

fn speaks_for_sector(assessment: &Assessment, plan: &[&Actor], component: Component) -> bool {
    let threat = |id: &String| assessment.threats.iter().any(|t| t.id == *id && t.component == component);
    let works = |actor: &Actor| {
        let own = |i: &&Intervention| i.component == component || i.also.contains(&component);
        assessment.interventions.iter().filter(own).any(|i| super::network::workers(assessment, &i.id).iter().any(|a| a.id == actor.id))
    };
    plan.iter().any(|a| a.mandates.contains(&component) || a.protects_from.iter().any(threat) || works(a))
}

fn speaks_for_group(assessment: &Assessment, group: &str) -> bool {
    let seat = assessment.committees.iter().any(|c| c.group.as_deref() == Some(group) && c.members > 0);
    seat || assessment.meetings.iter().any(|m| heard(m.kind) && m.groups.iter().any(|g| g == group))
}

fn speaks_for_place(assessment: &Assessment, plan: &[&Actor], place: &str) -> bool {
    let of = |other: &str| within(assessment, place, other) || within(assessment, other, place);
    let acts = |actor: &&Actor| actor.places.is_empty() || actor.places.iter().any(|p| of(p));
    let seat = assessment.committees.iter().any(|c| c.members > 0 && c.place.as_deref().is_some_and(of));
    let met = assessment.meetings.iter().any(|m| heard(m.kind) && m.place.as_deref().is_some_and(of));
    plan.iter().any(acts) || seat || met
}
