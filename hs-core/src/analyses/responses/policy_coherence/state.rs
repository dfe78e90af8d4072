//! Whether the state is replaced where it should act, and where it is provider and source of one threat at once.

use serde::Serialize;

use crate::analyses::responses::ExternalitiesResult;
use crate::assessment::{Actor, ActorKind, Assessment, Intervention, Role};
use crate::framework::Component;
use crate::framework::externalities::{EXTERNALITIES, ExternalityClaim};
use crate::framework::words::words;

/// The claims of Table III that warn of a state replaced, in its order.
const WARNINGS: [&str; 3] = ["X07", "X13", "X26"];

words!(
    /// Whether an intervention stands in for the state.
    SubstitutionFlag {
        /// A state actor has the protecting role, and others alone deliver.
        Substitution = "substitution",
        /// Others alone deliver, and no state actor is recorded in the protecting role: the duty rests on Table III.
        Possible = "possible",
        /// A state actor takes part.
        StateTakesPart = "state takes part",
        /// Nobody is named who delivers it.
        NoActorNamed = "no actor named",
    }
);

/// An intervention on a component where Table III warns that the state may be replaced.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Substitution {
    /// Id of the intervention.
    pub intervention: String,
    /// The component.
    pub component: Component,
    /// Whether any state actor is recorded as protecting from a threat of this component.
    pub state_actor_present: bool,
    /// Ids of those who deliver it.
    pub providers: Vec<String>,
    /// What is flagged.
    pub flag: SubstitutionFlag,
    /// Why, in a sentence.
    pub why: String,
    /// Where the warning stands.
    pub locator: &'static str,
    /// Id of the claim of Table III.
    pub claim: &'static str,
    /// Ids of the state actors with the protecting role.
    pub state_actors: Vec<String>,
}

/// One role of an actor in one threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DualRole {
    /// Id of the actor.
    pub actor: String,
    /// Id of the threat.
    pub threat: String,
    /// "provider" of protection or "source" of the threat.
    pub role: &'static str,
    /// Ids of the places where it acts; empty: everywhere.
    pub places: Vec<String>,
    /// Id of the source.
    pub source: Option<String>,
    /// Page or line.
    pub locator: Option<String>,
    /// Ids of the interventions delivered through it.
    pub interventions: Vec<String>,
    /// What kind of actor.
    pub kind: ActorKind,
    /// "same-threat" where the actor is both for this threat, "same-actor" where it is both for different threats, "same-threat-other-actor"
    /// where one protects and another menaces, else "single".
    pub dual: &'static str,
    /// What it rests on.
    pub basis: Option<&'static str>,
}

/// The actors who deliver an intervention: those it names, and those responsible or accountable for it.
pub(super) fn providers<'a>(assessment: &'a Assessment, intervention: &str) -> Vec<&'a Actor> {
    let named = assessment.interventions.iter().filter(|i| i.id == intervention).flat_map(|i| &i.actors);
    let answering = assessment
        .responsibilities
        .iter()
        .filter(|r| r.intervention == intervention && matches!(r.role, Role::Responsible | Role::Accountable));
    let mut found: Vec<&Actor> = Vec::new();
    for id in named.chain(answering.map(|r| &r.actor)) {
        if found.iter().all(|a| a.id != *id) {
            found.extend(assessment.actors.iter().find(|a| a.id == *id));
        }
    }
    found
}

fn asked<'a>(assessment: &'a Assessment, effects: &'a ExternalitiesResult) -> impl Iterator<Item = &'a Intervention> {
    effects.interventions.iter().filter_map(|e| assessment.interventions.iter().find(|i| i.id == e.id))
}

/// Interventions on components where Table III warns that the state may be replaced.
pub(super) fn substitution(assessment: &Assessment, effects: &ExternalitiesResult) -> Vec<Substitution> {
    let mut rows = Vec::new();
    for intervention in asked(assessment, effects) {
        let components = std::iter::once(intervention.component).chain(intervention.also.iter().copied());
        let mut seen = Vec::new();
        for component in components {
            let warning = EXTERNALITIES.iter().find(|c| c.component == component && WARNINGS.contains(&c.id));
            let Some(claim) = warning.filter(|_| !seen.contains(&component)) else { continue };
            seen.push(component);
            rows.push(row(assessment, intervention, component, claim));
        }
    }
    rows
}

fn row(assessment: &Assessment, intervention: &Intervention, component: Component, claim: &ExternalityClaim) -> Substitution {
    let of_component = |id: &String| assessment.threats.iter().any(|t| t.id == *id && t.component == component);
    let protecting: Vec<&Actor> =
        assessment.actors.iter().filter(|a| a.kind == ActorKind::State && a.protects_from.iter().any(of_component)).collect();
    let providers = providers(assessment, &intervention.id);
    let names = |actors: &[&Actor]| in_words(&actors.iter().map(|a| a.id.as_str()).collect::<Vec<_>>());
    let ids = |actors: &[&Actor]| actors.iter().map(|a| a.id.clone()).collect::<Vec<_>>();
    let state: Vec<&Actor> = providers.iter().copied().filter(|a| a.kind == ActorKind::State).collect();
    let (word, warning) = (component.word(), format!("Table III warns of {}: {}", claim.intervention, claim.description));
    let (flag, why) = if providers.is_empty() {
        let why = format!("nobody is named who delivers it, so it cannot be told whether the state is replaced. {warning}");
        (SubstitutionFlag::NoActorNamed, why)
    } else if !state.is_empty() {
        (SubstitutionFlag::StateTakesPart, format!("delivered with the state: {}", names(&state)))
    } else if !protecting.is_empty() {
        let mut threats: Vec<&str> = Vec::new();
        for id in protecting.iter().flat_map(|a| &a.protects_from).filter(|id| of_component(id)) {
            if !threats.contains(&id.as_str()) {
                threats.push(id);
            }
        }
        let why = format!(
            "the state has the protecting role ({}, against {}), and it is delivered by {} alone. {warning}",
            names(&protecting),
            in_words(&threats),
            names(&providers)
        );
        (SubstitutionFlag::Substitution, why)
    } else {
        let why = format!(
            "delivered by {} alone; no state actor is recorded as protecting from a threat to {word} security here. {warning}",
            names(&providers)
        );
        (SubstitutionFlag::Possible, why)
    };
    Substitution {
        intervention: intervention.id.clone(),
        component,
        state_actor_present: !protecting.is_empty(),
        providers: ids(&providers),
        flag,
        why,
        locator: claim.locator,
        claim: claim.id,
        state_actors: ids(&protecting),
    }
}

/// Ids in a sentence.
fn in_words(ids: &[&str]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Who protects from each threat and who is a source of it, side by side.
pub(super) fn dual_roles(assessment: &Assessment, effects: &ExternalitiesResult) -> Vec<DualRole> {
    let delivered: Vec<(&str, Vec<&Actor>)> = asked(assessment, effects).map(|i| (i.id.as_str(), providers(assessment, &i.id))).collect();
    let provides = |actor: &Actor, threat: &str| actor.kind == ActorKind::State && actor.protects_from.iter().any(|id| id == threat);
    let menaces = |actor: &Actor, threat: &str| {
        matches!(actor.kind, ActorKind::State | ActorKind::Armed) && actor.threatens.iter().any(|id| id == threat)
    };
    let mut rows = Vec::new();
    for threat in &assessment.threats {
        for (role, plays) in [("provider", &provides as &dyn Fn(&Actor, &str) -> bool), ("source", &menaces)] {
            for actor in assessment.actors.iter().filter(|a| plays(a, &threat.id)) {
                let other: &dyn Fn(&Actor, &str) -> bool = if role == "provider" { &menaces } else { &provides };
                let dual = if other(actor, &threat.id) {
                    "same-threat"
                } else if assessment.threats.iter().any(|t| other(actor, &t.id)) {
                    "same-actor"
                } else if assessment.actors.iter().any(|a| other(a, &threat.id)) {
                    "same-threat-other-actor"
                } else {
                    "single"
                };
                let through = delivered.iter().filter(|(_, actors)| actors.iter().any(|a| a.id == actor.id));
                rows.push(DualRole {
                    actor: actor.id.clone(),
                    threat: threat.id.clone(),
                    role,
                    places: actor.places.clone(),
                    source: actor.provenance.source.clone(),
                    locator: actor.provenance.locator.clone(),
                    interventions: through.map(|(id, _)| (*id).to_owned()).collect(),
                    kind: actor.kind,
                    dual,
                    basis: actor.provenance.basis.map(|b| b.word()),
                });
            }
        }
    }
    rows
}
