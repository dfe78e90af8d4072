//! Components, threats, linkages, capacities, indicators.

use std::collections::BTreeSet;

use super::Findings;
use crate::assessment::{Assessment, CapacityKind, Reach};
use crate::framework::Component;

pub(super) fn check(assessment: &Assessment, findings: &mut Findings) {
    components(assessment, findings);
    threats(assessment, findings);
    linkages(assessment, findings);
    indicators(assessment, findings);
}

fn components(assessment: &Assessment, findings: &mut Findings) {
    for component in Component::ALL {
        if assessment.threats.iter().any(|threat| threat.component == *component) {
            continue;
        }
        let touching = assessment.threats.iter().filter(|threat| threat.also.contains(component)).count();
        let finding = match touching {
            0 => format!("No threat is named under {component} security."),
            1 => format!("No threat belongs to {component} security; one of another component touches it."),
            n => format!("No threat belongs to {component} security; {n} of other components touch it."),
        };
        findings.add("component", component.word(), finding, "Ask whether people face none there or whether nobody looked.");
    }
}

fn threats(assessment: &Assessment, findings: &mut Findings) {
    let with_condition: BTreeSet<&str> = assessment.conditions.iter().map(|condition| condition.threat.as_str()).collect();
    let with_severity: BTreeSet<&str> =
        assessment.conditions.iter().filter(|condition| condition.severity.is_some()).map(|condition| condition.threat.as_str()).collect();
    let linked: BTreeSet<&str> = assessment.linkages.iter().flat_map(|linkage| [linkage.from.as_str(), linkage.to.as_str()]).collect();
    for threat in &assessment.threats {
        let id = threat.id.as_str();
        if !with_condition.contains(id) {
            let finding = format!("Nothing says how bad “{}” is, in any place.", threat.name);
            findings.add("threat", id, finding, "Add a condition: its severity, or the share of people affected, in one place at least.");
        } else if !with_severity.contains(id) {
            let finding = format!("How widespread “{}” is stands there, how severe it is does not.", threat.name);
            findings.add("threat", id, finding, "Add a severity to one of its conditions.");
        }
        if !assessment.linkages.is_empty() && !linked.contains(id) {
            let finding = format!("“{}” neither feeds nor dampens another threat, and none feeds or dampens it.", threat.name);
            findings.add("threat", id, finding, "Ask what leads to it and what follows from it: no domino effect reaches it so far.");
        }
    }
    if assessment.linkages.is_empty() && assessment.threats.len() > 1 {
        findings
            .whole("No link between threats is named.", "Say which threat feeds which: without links there is no domino effect to follow.");
    }
    for capacity in assessment.capacities.iter().filter(|capacity| capacity.kind == Some(CapacityKind::HarmfulCoping)) {
        let finding = "People cope in a way that harms them: it is counted as a signal of stress, never as strength.";
        findings.add("capacity", &capacity.id, finding, "Ask what would let people stop it.");
    }
}

fn linkages(assessment: &Assessment, findings: &mut Findings) {
    let beside: BTreeSet<&str> =
        assessment.places.iter().filter(|place| !place.neighbours.is_empty()).map(|place| place.id.as_str()).collect();
    let within: BTreeSet<&str> = assessment.places.iter().filter(|place| place.parent.is_some()).map(|place| place.id.as_str()).collect();
    let above: BTreeSet<&str> = assessment.places.iter().filter_map(|place| place.parent.as_deref()).collect();
    for linkage in &assessment.linkages {
        let (id, way) = (linkage.id.as_str(), format!("“{}” {} “{}”", linkage.from, linkage.effect, linkage.to));
        if linkage.weight.is_none() && linkage.strength.is_none() {
            let finding = format!("That {way} has no number.");
            let advice = "Give a weight or a strength in words: without one the link counts in chains and loops, but passes nothing on.";
            findings.add("linkage", id, finding, advice);
        }
        let (reaching, whom) = match linkage.reach {
            Some(Reach::Neighbours) => (&beside, "has neighbours"),
            Some(Reach::Up) => (&within, "lies in another place"),
            Some(Reach::Down) => (&above, "holds another place"),
            Some(Reach::Same) | None => continue,
        };
        let starts = |place: &&str| linkage.places.is_empty() || linkage.places.iter().any(|start| start == place);
        if !reaching.iter().any(starts) {
            let finding = format!("That {way} should reach other places, but no place it starts from {whom}.");
            findings.add("linkage", id, finding, "Name neighbours or parents of those places, or change its reach.");
        }
    }
}

fn indicators(assessment: &Assessment, findings: &mut Findings) {
    let observed: BTreeSet<&str> = assessment.observations.iter().map(|observation| observation.indicator.as_str()).collect();
    for indicator in &assessment.indicators {
        if !observed.contains(indicator.id.as_str()) {
            findings.add(
                "indicator",
                &indicator.id,
                format!("“{}” has no observation.", indicator.name),
                "Add values, or leave the indicator out.",
            );
        }
        if indicator.threshold.is_none() && indicator.phases.is_none() {
            let finding = format!("“{}” has no threshold: nobody can be said to stand above or below it.", indicator.name);
            findings.add("indicator", &indicator.id, finding, "Give a threshold or four phase bounds.");
        }
    }
}
