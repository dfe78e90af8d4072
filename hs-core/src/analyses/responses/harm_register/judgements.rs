//! What people decided about a harm, beside what is computed and never over it.

use serde::Serialize;

use super::prompts::Prompt;
use super::rows::{Harm, HarmClaim};
use crate::analyses::judged::when;
use crate::analyses::responses::ExternalitiesResult;
use crate::assessment::{Assessment, Judgement};
use crate::tables::Note;
use crate::{nearest, shown};

/// The words a decision may be.
const DECISIONS: [&str; 3] = ["go", "change", "stop"];

/// What people decided about a harm; the latest of each question.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Verdicts {
    /// Whether the harm can be undone.
    pub reversibility: Option<String>,
    /// What is done about it.
    pub mitigation: Option<String>,
    /// The role that answers for the mitigation.
    pub mitigation_by: Option<String>,
    /// Until when, or since when, as given.
    pub mitigation_date: Option<String>,
    /// "go", "change" or "stop", or another word as given.
    pub decision: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The role that decided.
    pub by: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Severity as people reviewed it, in their words.
    pub severity: Option<String>,
    /// Answers that were given before, of any of these questions.
    pub earlier: Vec<String>,
    /// Evidence named with the decision.
    pub evidence: Vec<String>,
    /// What stands for each question, as a sentence.
    #[serde(skip)]
    said: (Option<String>, Option<String>, Option<String>, Option<String>),
}

impl Verdicts {
    /// Whether there is a decision of go, change or stop.
    pub fn is_decided(&self) -> bool {
        self.decision.as_deref().is_some_and(known)
    }
}

fn known(decision: &str) -> bool {
    DECISIONS.iter().any(|word| decision.trim().eq_ignore_ascii_case(word))
}

/// A judgement about a harm that names none found here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unmatched {
    /// What it is about, as given.
    pub subject: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Its reason.
    pub reason: Option<String>,
    /// The role that judged.
    pub by: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Why it names no harm.
    pub why: String,
}

/// What a judgement is about: INTERVENTION/THREAT, then a place, then a group.
struct Subject<'a> {
    intervention: &'a str,
    threat: &'a str,
    place: Option<&'a str>,
    group: Option<&'a str>,
}

impl<'a> Subject<'a> {
    fn read(id: &'a str) -> Option<Self> {
        let mut parts = id.split('/');
        let (intervention, threat, place, group) = (parts.next()?, parts.next()?, parts.next(), parts.next());
        parts.next().is_none().then_some(Subject { intervention, threat, place, group })
    }

    /// How much it says: more is more exact.
    fn exactness(&self) -> usize {
        usize::from(self.place.is_some()) + usize::from(self.group.is_some())
    }

    fn means(&self, intervention: &str, threat: &str, place: Option<&str>, group: Option<&str>) -> bool {
        self.intervention == intervention
            && self.threat == threat
            && self.place.is_none_or(|named| place == Some(named))
            && self.group.is_none_or(|named| group == Some(named))
    }
}

/// Gives every harm, claim and prompt what was decided about it; what is left names none. A prompt is named by its id or its component.
pub(super) fn judge(
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    harms: &mut [Harm],
    claims: &mut [HarmClaim],
    prompts: &mut [Prompt],
    notes: &mut Vec<Note>,
) -> Vec<Unmatched> {
    let mut asked: Vec<(Subject<'_>, usize, &Judgement)> = Vec::new();
    let mut unmatched: Vec<(usize, Unmatched)> = Vec::new();
    // an answer without a word is none
    let answers = assessment.judgements.iter().enumerate().filter(|(_, j)| j.subject.kind == "harm" && !j.answer.trim().is_empty());
    for (at, judgement) in answers {
        match Subject::read(&judgement.subject.id) {
            _ if question(&judgement.question).is_none() => {
                let why = format!(
                    "the question `{}` is none that a harm is asked: decision, mitigation, reversibility or severity",
                    shown(&judgement.question)
                );
                unmatched.push((at, left(judgement, why)));
            }
            Some(subject) => asked.push((subject, at, judgement)),
            None => {
                let why = "wanted INTERVENTION/THREAT, then a place and a group where they are meant".to_owned();
                unmatched.push((at, left(judgement, why)));
            }
        }
    }
    // the latest last; of one day the more exact, then the later in the document
    asked.sort_by_key(|(subject, at, judgement)| (when(judgement), subject.exactness(), *at));
    let mut odd = Vec::new();
    for (subject, at, judgement) in &asked {
        let mut found = false;
        for harm in harms.iter_mut() {
            if subject.means(&harm.intervention, &harm.threat, harm.place.as_deref(), harm.group.as_deref()) {
                harm.verdicts.take(judgement);
                found = true;
            }
        }
        for claim in claims.iter_mut() {
            // a claim may speak of a component, of every place and of everyone
            let named = claim.threat.as_deref().or(claim.component.map(|c| c.word()));
            let place = subject.place.filter(|_| claim.place.is_none()).or(claim.place.as_deref());
            let group = subject.group.filter(|_| claim.group.is_none()).or(claim.group.as_deref());
            if named.is_some_and(|threat| subject.means(&claim.intervention, threat, place, group)) {
                claim.verdicts.take(judgement);
                found = true;
            }
        }
        for prompt in prompts.iter_mut() {
            let named = judgement.subject.id.strip_prefix(&prompt.intervention).and_then(|rest| rest.strip_prefix('/'));
            if named.is_some_and(|named| named == prompt.id || named == prompt.to.word()) {
                prompt.verdicts.take(judgement);
                found = true;
            }
        }
        if !found {
            unmatched.push((*at, left(judgement, why(assessment, effects, subject))));
        }
        if judgement.question == "decision" && !known(&judgement.answer) {
            odd.push(judgement.subject.id.clone());
        }
    }
    if !odd.is_empty() {
        let message = "a decision is go, change or stop; another word is shown as given and the harm stays open";
        notes.push(Note::new("decision-unknown", message, odd));
    }
    unmatched.sort_by_key(|(at, _)| *at);
    let unmatched: Vec<Unmatched> = unmatched.into_iter().map(|(_, row)| row).collect();
    if !unmatched.is_empty() {
        let message = "judgements name no harm that was found; the table `unmatched` says why";
        notes.push(Note::new("judgement-unmatched", message, unmatched.iter().map(|u| u.subject.clone())));
    }
    unmatched
}

fn question(word: &str) -> Option<&str> {
    ["decision", "mitigation", "reversibility", "severity"].into_iter().find(|known| *known == word)
}

impl Verdicts {
    /// Takes a judgement that is later than all taken before.
    fn take(&mut self, judgement: &Judgement) {
        let (slot, said) = match judgement.question.as_str() {
            "decision" => (&mut self.decision, &mut self.said.0),
            "mitigation" => (&mut self.mitigation, &mut self.said.1),
            "reversibility" => (&mut self.reversibility, &mut self.said.2),
            _ => (&mut self.severity, &mut self.said.3),
        };
        *slot = Some(judgement.answer.clone());
        self.earlier.extend(said.replace(sentence(judgement)));
        if judgement.question == "mitigation" {
            self.mitigation_by = judgement.by.clone();
            self.mitigation_date = judgement.date.clone();
        } else if judgement.question == "decision" {
            self.reason = judgement.reason.clone();
            self.by = judgement.by.clone();
            self.date = judgement.date.clone();
            self.evidence = judgement.evidence.clone();
        }
    }
}

fn sentence(judgement: &Judgement) -> String {
    let mut said = format!("{}: {}", judgement.question, judgement.answer);
    for (join, part) in [(" because: ", &judgement.reason), (", by ", &judgement.by), (", ", &judgement.date)] {
        if let Some(part) = part {
            said.push_str(join);
            said.push_str(part);
        }
    }
    said
}

fn left(judgement: &Judgement, why: String) -> Unmatched {
    Unmatched {
        subject: judgement.subject.id.clone(),
        question: judgement.question.clone(),
        answer: judgement.answer.clone(),
        reason: judgement.reason.clone(),
        by: judgement.by.clone(),
        date: judgement.date.clone(),
        why,
    }
}

/// Why a judgement names no harm found.
fn why(assessment: &Assessment, effects: &ExternalitiesResult, subject: &Subject<'_>) -> String {
    let entries = || effects.interventions.iter().map(|i| i.id.as_str());
    let known: [(&str, Option<&str>, Vec<&str>); 4] = [
        ("intervention", Some(subject.intervention), assessment.interventions.iter().map(|i| i.id.as_str()).chain(entries()).collect()),
        ("threat", Some(subject.threat), assessment.threats.iter().map(|t| t.id.as_str()).collect()),
        ("place", subject.place, assessment.places.iter().map(|p| p.id.as_str()).collect()),
        ("group", subject.group, assessment.groups.iter().map(|g| g.id.as_str()).collect()),
    ];
    for (what, id, ids) in known {
        if let Some(id) = id.filter(|id| !ids.contains(id)) {
            let hint = nearest(id, ids).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return format!("no {what} `{}` in this assessment{hint}", shown(id));
        }
    }
    let Some(entry) = effects.interventions.iter().find(|i| i.id == subject.intervention) else {
        return format!("`{}` is none of the interventions asked for", subject.intervention);
    };
    if let Some(group) = subject.group.filter(|_| effects.settings.groups.is_none()) {
        return format!("harms are read on the whole population, not for `{group}`: `groups` names a partition to read them by");
    }
    let reached: Vec<_> = entry
        .cells
        .iter()
        .filter(|cell| {
            effects.nodes.get(cell.position).is_some_and(|n| subject.means(&entry.id, &n.threat, n.place.as_deref(), n.group.as_deref()))
        })
        .collect();
    if reached.is_empty() {
        return "the network holds no such cell: no condition, linkage or effect with a number leads there".to_owned();
    }
    if reached.iter().any(|cell| cell.harm().is_none()) {
        return "the effect there is undefined: not assessed".to_owned();
    }
    let most = reached.iter().filter_map(|cell| cell.harm()).fold(0.0, f64::max);
    format!("no harm found there: the greatest worsening computed is {most:.4}, the tolerance {}", effects.settings.harm)
}
