//! Places, groups, populations, and whether people's own voice is heard.

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, counted};
use crate::assessment::{Assessment, Place};

/// How far the groups of a partition may be from the whole population, as a share of it.
const APART: f64 = 0.01;

pub(super) fn check(assessment: &Assessment, findings: &mut Findings) {
    if assessment.places.is_empty() {
        findings.whole("No place is named.", "Name one place at least: conditions and people live in places.");
    }
    populations(assessment, findings);
    groups(assessment, findings);
    if assessment.perceptions.is_empty() {
        let advice = "Ask those concerned to rate or rank the threats: without it nothing shows whether policies meet what people fear.";
        findings.whole("What people themselves say of the threats is missing: there is no perception.", advice);
    }
}

fn populations(assessment: &Assessment, findings: &mut Findings) {
    let mut persons: BTreeMap<(&str, Option<&str>), f64> = BTreeMap::new();
    for population in &assessment.populations {
        persons.insert((population.place.as_str(), population.group.as_deref()), population.persons.get());
    }
    let used: BTreeSet<&str> = assessment.conditions.iter().map(|condition| condition.place.as_str()).collect();
    for place in &assessment.places {
        let whole = persons.get(&(place.id.as_str(), None)).copied();
        if whole.is_none() {
            let finding = if used.contains(place.id.as_str()) {
                format!("Conditions are given for {}, but not how many people live there.", place.name)
            } else {
                format!("How many people live in {} is not said.", place.name)
            };
            findings.add("place", &place.id, finding, "Add its population: without it harm cannot be counted in persons.");
        }
        for partition in &assessment.partitions {
            let known: Vec<f64> =
                partition.groups.iter().filter_map(|group| persons.get(&(place.id.as_str(), Some(group.as_str()))).copied()).collect();
            parts(place, &partition.id, partition.groups.len(), &known, whole, findings);
        }
    }
}

/// Groups that together are everyone, in one place.
fn parts(place: &Place, partition: &str, groups: usize, known: &[f64], whole: Option<f64>, findings: &mut Findings) {
    if known.is_empty() {
        return;
    }
    if known.len() < groups {
        let finding = format!(
            "Of the {groups} groups of “{partition}”, {} a population in {}.",
            if known.len() == 1 { "one has".to_owned() } else { format!("{} have", known.len()) },
            place.name
        );
        findings.add("place", &place.id, finding, "Add the others: a partition counts only when each part is known.");
        return;
    }
    let sum: f64 = known.iter().sum();
    if let Some(whole) = whole.filter(|whole| (sum - whole).abs() > APART * whole.max(sum)) {
        let finding = format!("In {}, the groups of “{partition}” add up to {sum} persons, the whole population is {whole}.", place.name);
        findings.add("place", &place.id, finding, "Check both figures: the groups of a partition together are everyone.");
    }
}

fn groups(assessment: &Assessment, findings: &mut Findings) {
    for partition in assessment.partitions.iter().filter(|partition| partition.groups.is_empty()) {
        findings.add("partition", &partition.id, "It names no group.", "Name its groups, or leave it out.");
    }
    for group in &assessment.groups {
        let id = Some(group.id.as_str());
        let counted_in = assessment.populations.iter().filter(|population| population.group.as_deref() == id).count();
        let spoken_of = assessment.conditions.iter().any(|condition| condition.group.as_deref() == id)
            || assessment.capacities.iter().any(|capacity| capacity.group.as_deref() == id)
            || assessment.observations.iter().any(|observation| observation.group.as_deref() == id)
            || assessment.perceptions.iter().any(|perception| perception.group.as_deref() == id);
        match (counted_in, spoken_of) {
            (0, false) => {
                let finding =
                    format!("There is no data on “{}”: no population, condition, capacity, observation or perception.", group.name);
                findings.add(
                    "group",
                    &group.id,
                    finding,
                    "Add what is known of them, or say in a note that nothing is: who is not counted is overlooked.",
                );
            }
            (0, true) => {
                let finding = format!("How many people “{}” are is not said anywhere.", group.name);
                findings.add("group", &group.id, finding, "Add their population in each place.");
            }
            (places, false) => {
                let finding = format!(
                    "“{}” are counted in {}, but nothing is said of how they live.",
                    group.name,
                    counted(places, "place", "places")
                );
                findings.add("group", &group.id, finding, "Add a condition, capacity, observation or perception of theirs.");
            }
            _ => {}
        }
    }
}
