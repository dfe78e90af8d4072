//! Interventions, actors, responsibilities, priorities.

use std::collections::BTreeSet;

use super::{Findings, counted};
use crate::assessment::{Assessment, Intervention, Outcome, Role};

pub(super) fn check(assessment: &Assessment, findings: &mut Findings) {
    if assessment.interventions.is_empty() {
        findings.whole("No intervention is named.", "Name what is done or planned, to see what it does beyond its target.");
    }
    for intervention in &assessment.interventions {
        one(assessment, intervention, findings);
        responsibilities(assessment, intervention, findings);
    }
    actors(assessment, findings);
    if assessment.priorities.is_empty() && !assessment.perceptions.is_empty() {
        let advice = "Add what policies put first, to compare it with what people say.";
        findings.whole("What policies and programmes put first is missing: there is no priority.", advice);
    }
}

fn one(assessment: &Assessment, intervention: &Intervention, findings: &mut Findings) {
    let (id, name) = (intervention.id.as_str(), &intervention.name);
    if intervention.effects.is_empty() {
        let finding = format!("What “{name}” does to its own target is not said.");
        findings.add("intervention", id, finding, "Add an effect: the threat, and by how much it changes.");
    }
    if intervention.externalities.is_empty() {
        let finding = format!("No effect of “{name}” beyond its target is declared.");
        findings.add("intervention", id, finding, "Ask who else is better or worse off: not declared does not mean none.");
    } else if !intervention.externalities.iter().any(|externality| externality.outcome == Outcome::Worse) {
        let finding = format!("Only good side effects of “{name}” are declared.");
        findings.add("intervention", id, finding, "Ask whom it could harm, and how that would be noticed.");
    }
    let claims = intervention.externalities.iter().filter(|externality| externality.change.is_none()).count();
    if claims > 0 {
        let them = counted(claims, "declared externality has", "declared externalities have");
        let finding = format!("Of “{name}”, {them} no number: a claim is listed, but not followed through the network.");
        findings.add("intervention", id, finding, "Give a change, with a range where it is a judgement.");
    }
    if intervention.horizon.is_none() {
        let finding = format!("When “{name}” is to act is not said.");
        findings.add("intervention", id, finding, "Give its horizon: short, medium or long.");
    }
    if intervention.pillar.is_none() {
        let finding = format!("Whether “{name}” protects people or empowers them is not said.");
        findings.add("intervention", id, finding, "Give its pillar: protection, empowerment or both.");
    }
    // what it requires may exclude it in turn
    for other in assessment.interventions.iter().filter(|other| intervention.requires.contains(&other.id)) {
        if other.excludes.contains(&intervention.id) {
            let finding = format!("“{name}” requires “{}”, which excludes it: neither can be chosen so.", other.name);
            findings.add("intervention", id, finding, "Take one of the two out.");
        }
    }
}

fn responsibilities(assessment: &Assessment, intervention: &Intervention, findings: &mut Findings) {
    let (id, name) = (intervention.id.as_str(), &intervention.name);
    let roles = |role: Role| {
        let actors = assessment.responsibilities.iter().filter(|one| one.intervention == id && one.role == role);
        actors.map(|one| one.actor.as_str()).collect::<BTreeSet<_>>()
    };
    if intervention.actors.is_empty() && !assessment.responsibilities.iter().any(|one| one.intervention == id) {
        findings.add("intervention", id, format!("Nobody is named who carries out “{name}”."), "Name its actors.");
        return;
    }
    if assessment.responsibilities.is_empty() {
        return;
    }
    if roles(Role::Responsible).is_empty() {
        findings.add("intervention", id, format!("Nobody is responsible for doing “{name}”."), "Name an actor with the role responsible.");
    }
    match roles(Role::Accountable).len() {
        0 => findings.add("intervention", id, format!("Nobody answers for “{name}”."), "Name one actor with the role accountable."),
        1 => {}
        n => {
            findings.add("intervention", id, format!("{n} actors answer for “{name}”."), "Settle on one: where several answer, none does.")
        }
    }
}

fn actors(assessment: &Assessment, findings: &mut Findings) {
    for actor in &assessment.actors {
        let acts = assessment.interventions.iter().any(|intervention| intervention.actors.contains(&actor.id))
            || assessment.responsibilities.iter().any(|one| one.actor == actor.id);
        let (protects, threatens) = (!actor.protects_from.is_empty(), !actor.threatens.is_empty());
        if !acts && !protects && !threatens {
            let finding = format!("{} is named, but neither acts, protects nor threatens.", actor.name);
            findings.add("actor", &actor.id, finding, "Say what part it has.");
        }
        if threatens && (protects || acts) {
            let part = if protects { "also protects from threats" } else { "also takes part in a response" };
            let finding = format!("{} is a source of threat and {part}.", actor.name);
            findings.add("actor", &actor.id, finding, "Ask who watches over it, and whether people can turn to somebody else.");
        }
    }
}
