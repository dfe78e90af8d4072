//! What the statements rest on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Findings, Statements, counted};
use crate::assessment::{Assessment, ConditionKind};

/// Confidence below this is worth a word.
const UNSURE: f64 = 0.5;

pub(super) fn check(assessment: &Assessment, findings: &mut Findings) -> Statements {
    if assessment.sensitivity.is_none() {
        let advice = "Set its sensitivity: public, internal, restricted or strict.";
        findings.whole("How freely this assessment may be passed on is not said.", advice);
    }
    sources(assessment, findings);
    thin(assessment, findings);
    ranges(assessment, findings);
    let mut statements = Statements::default();
    for (_, provenance) in assessment.statements() {
        statements.count(provenance.basis);
    }
    shares(&statements, findings);
    statements
}

fn sources(assessment: &Assessment, findings: &mut Findings) {
    let cited: BTreeSet<&str> = assessment
        .statements()
        .map(|(_, provenance)| provenance)
        .chain(assessment.places.iter().map(|place| &place.provenance))
        .chain(assessment.groups.iter().map(|group| &group.provenance))
        .chain(assessment.partitions.iter().map(|partition| &partition.provenance))
        .chain(assessment.indicators.iter().map(|indicator| &indicator.provenance))
        .chain(assessment.judgements.iter().map(|judgement| &judgement.provenance))
        .chain(assessment.sources.iter().map(|source| &source.provenance))
        .filter_map(|provenance| provenance.source.as_deref())
        .collect();
    for source in assessment.sources.iter().filter(|source| !cited.contains(source.id.as_str())) {
        findings.add("source", &source.id, "Nothing refers to it.", "Name it where it is the source, or leave it out.");
    }
    let mut without: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, provenance) in assessment.statements() {
        let (missing, all) = without.entry(name).or_default();
        *missing += usize::from(provenance.source.is_none());
        *all += 1;
    }
    for (name, (missing, all)) in without.into_iter().filter(|(_, (missing, _))| *missing > 0) {
        let finding = match (missing, all) {
            (1, 1) => format!("The only one of the {name} names no source."),
            (missing, all) if missing == all => format!("None of the {all} {name} names a source."),
            (1, _) => format!("1 of {all} {name} names no source."),
            _ => format!("{missing} of {all} {name} name no source."),
        };
        findings.add("evidence", name, finding, "Name the source, so that others can look it up.");
    }
}

fn thin(assessment: &Assessment, findings: &mut Findings) {
    let mut kinds: BTreeMap<&str, BTreeSet<ConditionKind>> = BTreeMap::new();
    let mut unsure: BTreeMap<&str, usize> = BTreeMap::new();
    for condition in &assessment.conditions {
        kinds.entry(&condition.threat).or_default().insert(condition.kind.unwrap_or(ConditionKind::Expert));
        if condition.confidence.is_some_and(|confidence| confidence.get() < UNSURE) {
            *unsure.entry(&condition.threat).or_default() += 1;
        }
    }
    for (threat, kinds) in kinds {
        if kinds.iter().eq([&ConditionKind::Perception]) {
            let finding = "How bad it is rests on perceptions alone.";
            findings.add("threat", threat, finding, "Set a measured indicator or an expert's judgement beside them.");
        }
    }
    for (threat, count) in unsure {
        let finding = format!("{} given with a confidence below {UNSURE}.", counted(count, "condition of it is", "conditions of it are"));
        findings.add("threat", threat, finding, "Look for a second source.");
    }
    for linkage in &assessment.linkages {
        if let Some(confidence) = linkage.confidence.filter(|confidence| confidence.get() < UNSURE) {
            let finding = format!("The link is given with a confidence of {}.", confidence.get());
            findings.add("linkage", &linkage.id, finding, "Look for a second source, or ask another stakeholder.");
        }
    }
}

/// Numbers without a range look surer than they are.
fn ranges(assessment: &Assessment, findings: &mut Findings) {
    let conditions = assessment
        .conditions
        .iter()
        .flat_map(|x| [(x.severity.is_some(), x.severity_range.is_some()), (x.prevalence.is_some(), x.prevalence_range.is_some())]);
    let linkages = assessment.linkages.iter().map(|x| (x.weight.is_some() || x.strength.is_some(), x.range.is_some()));
    let effects = assessment.interventions.iter().flat_map(|x| x.effects.iter().map(|x| (true, x.range.is_some())));
    let externalities =
        assessment.interventions.iter().flat_map(|x| x.externalities.iter().map(|x| (x.change.is_some(), x.range.is_some())));
    let mut say = |subject: &'static str, bare: usize, all: usize| {
        if bare > 0 {
            let finding = match (bare, all) {
                (1, 1) => "The only number carries no range.".into(),
                (bare, all) if bare == all => format!("None of {all} numbers carries a range."),
                (1, _) => format!("Of {all} numbers, 1 carries no range."),
                _ => format!("Of {all} numbers, {bare} carry no range."),
            };
            findings.0.push(Finding {
                subject,
                id: None,
                finding,
                advice: Some("Add ranges: results then show how sure they are.".into()),
            });
        }
    };
    for (subject, numbers) in [
        ("condition", conditions.collect::<Vec<_>>()),
        ("linkage", linkages.collect()),
        ("effect", effects.collect()),
        ("externality", externalities.collect()),
    ] {
        let all = numbers.iter().filter(|(number, _)| *number).count();
        say(subject, numbers.iter().filter(|(number, range)| *number && !range).count(), all);
    }
}

fn shares(statements: &Statements, findings: &mut Findings) {
    let all = statements.statements;
    if all == 0 {
        findings.whole("Nothing is stated yet.", "Begin with places, threats and how bad they are.");
        return;
    }
    let rows = [
        ("stated", statements.stated, "are stated in their source", None),
        ("inferred", statements.inferred, "are the coder's reading", None),
        ("measured", statements.measured, "are measured", None),
        ("unsaid", statements.unsaid, "do not say what they rest on", Some("Give each its basis: stated, inferred or measured.")),
    ];
    for (word, count, what, advice) in rows {
        // shares are for reading: whole percents, but never 0 or 100 where some or not all are meant
        let percent = match (count as f64 / all as f64 * 100.0).round() {
            0.0 if count > 0 => "under 1 %".into(),
            100.0 if count < all => "over 99 %".into(),
            percent => format!("{percent} %"),
        };
        findings.0.push(Finding {
            subject: "basis",
            id: Some(word.into()),
            finding: format!("{count} of {all} statements ({percent}) {what}."),
            advice: advice.filter(|_| count > 0).map(Into::into),
        });
    }
}
