//! What Table III of the handbook and the databank's cases warn of: prompts to look, not predictions.

use serde::Serialize;

use super::HarmRegister;
use super::judgements::Verdicts;
use super::pathways::{NO_EVIDENCE, members};
use super::rows::{Harm, HarmClaim};
use crate::Result;
use crate::analyses::responses::ExternalitiesResult;
use crate::assessment::{Assessment, Basis, Intervention, Outcome as Security};
use crate::examples;
use crate::framework::Component;
use crate::framework::externalities::{ClaimOutcome, EXTERNALITIES};
use crate::framework::words::words;
use crate::tables::Note;

words!(
    /// Where a prompt comes from.
    PromptSource {
        /// Table III of the handbook.
        TableIii = "table-iii",
        /// A case of the databank.
        Databank = "databank",
    }
);

words!(
    /// Whether this assessment has taken a prompt up.
    TakenUp {
        /// A worsening in that component is declared.
        Declared = "declared",
        /// A worsening in that component was computed.
        Found = "found",
        /// Neither.
        Open = "open",
    }
);

/// A warning to be looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prompt {
    /// Id of the intervention or package that it is put to.
    pub intervention: String,
    /// Where it comes from.
    pub source: PromptSource,
    /// Claim of Table III, or case and intervention of the databank.
    pub id: String,
    /// Component of the intervention it speaks of.
    pub from: Component,
    /// Component that gets worse.
    pub to: Component,
    /// Always "worse".
    pub outcome: &'static str,
    /// What may happen, or was seen to.
    pub text: String,
    /// Where it stands.
    pub locator: Option<String>,
    /// Threats of this assessment in that component.
    pub threats: Vec<String>,
    /// Whether it is taken up here.
    pub taken_up: TakenUp,
    /// What the warning rests on.
    pub basis: Option<String>,
    /// Id of its source.
    pub reference: String,
    /// What people decided about it.
    pub verdicts: Verdicts,
}

/// A worsening that a case of the databank declares.
struct Precedent {
    id: String,
    component: Component,
    to: Component,
    text: String,
    locator: Option<String>,
    basis: Option<Basis>,
    reference: String,
}

/// The prompts of every entry: Table III first, then the databank.
pub(super) fn list(
    settings: &HarmRegister,
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    harms: &[Harm],
    claims: &[HarmClaim],
    notes: &mut Vec<Note>,
) -> Result<Vec<Prompt>> {
    let precedents = if settings.databank { precedents(assessment)? } else { Vec::new() };
    let mut prompts = Vec::new();
    for entry in &effects.interventions {
        let members = members(assessment, entry);
        let mut components: Vec<Component> = Vec::new();
        for component in members.iter().flat_map(|i| std::iter::once(i.component).chain(i.also.iter().copied())) {
            if !components.contains(&component) {
                components.push(component);
            }
        }
        let taken_up = |to: Component| {
            let declared = claims.iter().any(|c| c.intervention == entry.id && c.component == Some(to))
                || members.iter().any(|i| declares(assessment, i, to));
            match declared {
                true => TakenUp::Declared,
                false if harms.iter().any(|h| h.intervention == entry.id && h.component == Some(to)) => TakenUp::Found,
                false => TakenUp::Open,
            }
        };
        for claim in EXTERNALITIES.iter().filter(|c| c.outcome == ClaimOutcome::Worse && components.contains(&c.component)) {
            prompts.push(Prompt {
                intervention: entry.id.clone(),
                source: PromptSource::TableIii,
                id: claim.id.to_owned(),
                from: claim.component,
                to: claim.target,
                outcome: "worse",
                text: format!("{}: {}", claim.intervention, claim.description),
                locator: Some(claim.locator.to_owned()),
                threats: threats(assessment, claim.target),
                taken_up: taken_up(claim.target),
                basis: Some(claim.basis.to_owned()),
                reference: "handbook-2009".to_owned(),
                verdicts: Verdicts::default(),
            });
        }
        for precedent in precedents.iter().filter(|p| components.contains(&p.component)) {
            prompts.push(Prompt {
                intervention: entry.id.clone(),
                source: PromptSource::Databank,
                id: precedent.id.clone(),
                from: precedent.component,
                to: precedent.to,
                outcome: "worse",
                text: precedent.text.clone(),
                locator: precedent.locator.clone(),
                threats: threats(assessment, precedent.to),
                taken_up: taken_up(precedent.to),
                basis: precedent.basis.map(|b| b.word().to_owned()),
                reference: precedent.reference.clone(),
                verdicts: Verdicts::default(),
            });
        }
    }
    if !prompts.is_empty() {
        let message = "prompts say what Table III warns of and what other cases declared for interventions of the same component: questions to ask, \
                       not predictions, and no figure rests on them";
        notes.push(Note::new("prompts", message, Vec::<String>::new()));
    }
    Ok(prompts)
}

/// Whether an intervention declares a worsening in a component, with or without a number.
fn declares(assessment: &Assessment, intervention: &Intervention, to: Component) -> bool {
    let of = |id: &str| assessment.threats.iter().find(|t| t.id == id).map(|t| t.component);
    let externalities = intervention.externalities.iter().filter(|e| e.outcome == Security::Worse);
    let mut stated = externalities.map(|e| e.component.or_else(|| e.threat.as_deref().and_then(of)));
    let mut effects = intervention.effects.iter().filter(|e| e.outcome == Some(Security::Worse)).map(|e| of(&e.threat));
    stated.any(|c| c == Some(to)) || effects.any(|c| c == Some(to))
}

fn threats(assessment: &Assessment, component: Component) -> Vec<String> {
    assessment.threats.iter().filter(|t| t.component == component).map(|t| t.id.clone()).collect()
}

/// The worsenings that the eight cases declare, but for this assessment's own.
fn precedents(assessment: &Assessment) -> Result<Vec<Precedent>> {
    let mut found = Vec::new();
    for name in examples::names() {
        if *name == assessment.id {
            continue;
        }
        let case = examples::load(name)?;
        if case.id == assessment.id {
            continue;
        }
        for intervention in &case.interventions {
            for externality in intervention.externalities.iter().filter(|e| e.outcome == Security::Worse) {
                let threat = externality.threat.as_deref().and_then(|id| case.threats.iter().find(|t| t.id == id));
                let Some(to) = externality.component.or(threat.map(|t| t.component)) else { continue };
                let said = externality.evidence.as_deref().or(externality.provenance.note.as_deref()).unwrap_or(NO_EVIDENCE);
                let text = match threat {
                    Some(threat) => format!("{} ({}): {said}", threat.name, intervention.name),
                    None => format!("{} security ({}): {said}", to.word(), intervention.name),
                };
                found.push(Precedent {
                    id: format!("{}/{}", case.id, intervention.id),
                    component: intervention.component,
                    to,
                    text,
                    locator: externality.provenance.locator.clone(),
                    basis: externality.provenance.basis,
                    reference: externality.provenance.source.clone().unwrap_or_else(|| case.id.clone()),
                });
            }
        }
    }
    Ok(found)
}
