//! Harm to the group looked at: what interventions declare, and what the handbook's Table III warns of.

use serde::Serialize;

use crate::Assessment;
use crate::assessment::Outcome as Side;
use crate::framework::externalities::{ClaimOutcome, EXTERNALITIES};

/// One warning.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Harm {
    /// Id of the intervention.
    pub intervention: String,
    /// Id of the group, where one is named.
    pub group: Option<String>,
    /// Id of the threat, where one is named.
    pub threat: Option<String>,
    /// The component it falls on.
    pub component: Option<&'static str>,
    /// `worse`.
    pub outcome: &'static str,
    /// `declared` or `table-iii`.
    pub source: &'static str,
    /// Where it stands.
    pub locator: Option<String>,
    /// What is said.
    pub description: Option<String>,
}

/// Words of Table III that speak of women.
const WOMEN: &str = "women";

/// What is declared for a group that `looked_at` admits; of women also what Table III says of interventions of that component.
pub(super) fn harms(assessment: &Assessment, dimension: &str, word: &str, looked_at: impl Fn(&str) -> bool) -> Vec<Harm> {
    let component_of = |threat: &str| assessment.threats.iter().find(|t| t.id == threat).map(|t| t.component.word());
    let mut found = Vec::new();
    for intervention in &assessment.interventions {
        for effect in intervention.effects.iter().filter(|e| e.outcome == Some(Side::Worse)) {
            let Some(group) = effect.group.as_deref().filter(|g| looked_at(g)) else { continue };
            found.push(Harm {
                intervention: intervention.id.clone(),
                group: Some(group.to_owned()),
                threat: Some(effect.threat.clone()),
                component: component_of(&effect.threat),
                outcome: "worse",
                source: "declared",
                locator: effect.provenance.locator.clone(),
                description: effect.provenance.note.clone(),
            });
        }
        for externality in intervention.externalities.iter().filter(|e| e.outcome == Side::Worse) {
            let Some(group) = externality.group.as_deref().filter(|g| looked_at(g)) else { continue };
            found.push(Harm {
                intervention: intervention.id.clone(),
                group: Some(group.to_owned()),
                threat: externality.threat.clone(),
                component: externality.component.map(|c| c.word()).or_else(|| externality.threat.as_deref().and_then(component_of)),
                outcome: "worse",
                source: "declared",
                locator: externality.provenance.locator.clone(),
                description: externality.evidence.clone(),
            });
        }
        if dimension == "gender" && matches!(word, "female" | "women" | "woman" | "girls" | "f") {
            let own = |component| intervention.component == component || intervention.also.contains(&component);
            let warns = EXTERNALITIES.iter().filter(|c| c.outcome == ClaimOutcome::Worse && c.description.contains(WOMEN));
            found.extend(warns.filter(|claim| own(claim.component)).map(|claim| Harm {
                intervention: intervention.id.clone(),
                group: None,
                threat: None,
                component: Some(claim.target.word()),
                outcome: "worse",
                source: "table-iii",
                locator: Some(format!("{} {}", claim.id, claim.locator)),
                description: Some(claim.description.to_owned()),
            }));
        }
    }
    found
}
