//! What people said was done, and on what evidence: the status of a task as its judgement gives it.

use serde::Serialize;

use crate::Assessment;
use crate::analyses::judged::judged;
use crate::assessment::Judgement;
use crate::tables::Note;

crate::framework::words::words!(
    /// How far a task is done, as people judged it.
    TaskState {
        /// Done, with evidence.
        Done = "done",
        /// Said to be done, or not to apply, and no evidence given.
        Claimed = "claimed-without-evidence",
        /// In part.
        Partly = "partly",
        /// Not yet.
        Open = "open",
        /// It does not apply here, with a reason or evidence.
        NotApplicable = "not-applicable",
        /// Nobody said.
        NotSaid = "not-said",
    }
);

/// A judgement that stands, read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Answered {
    /// The answer in lower case; none where nobody answered or the answer is not one of the words wanted.
    pub answer: Option<String>,
    /// Pieces of evidence: those listed, and the source where one is named.
    pub evidence: usize,
    /// Why, where said.
    pub reason: Option<String>,
    /// Who answered: a role.
    pub by: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Answers that a later one took the place of.
    pub earlier: Vec<String>,
}

/// Pieces of evidence of a judgement: those listed, and the source where one is named.
pub(super) fn pieces(judgement: &Judgement) -> usize {
    judgement.evidence.iter().filter(|e| !e.trim().is_empty()).count() + usize::from(judgement.provenance.source.is_some())
}

/// The word of an answer as it is compared.
pub(super) fn word(answer: &str) -> String {
    answer.trim().to_lowercase()
}

/// Reads judgements and keeps what could not be read for the notes.
#[derive(Default)]
pub(super) struct Reader {
    unread: Vec<String>,
}

impl Reader {
    /// The answer to `question` about a subject; one that is none of `wanted` counts as not said and is listed.
    pub(super) fn answer(&mut self, assessment: &Assessment, kind: &str, id: &str, question: &str, wanted: &[&str]) -> Answered {
        let Some(found) = judged(assessment, kind, id, |j| word(&j.question) == question) else { return Answered::default() };
        let latest = found.latest;
        let answer = Some(word(&latest.answer)).filter(|a| wanted.contains(&a.as_str()));
        if answer.is_none() {
            self.unread.push(format!("{kind}/{id}/{question}: {}", crate::shown(&latest.answer)));
        }
        Answered {
            evidence: pieces(latest),
            reason: latest.reason.clone(),
            by: latest.by.clone(),
            date: latest.date.clone(),
            earlier: found.before(),
            answer,
        }
    }

    /// How far a task is done. Only evidence makes it done; what does not apply needs a reason or evidence.
    pub(super) fn task(&mut self, assessment: &Assessment, kind: &str, id: &str) -> (TaskState, Answered) {
        let said = self.answer(assessment, kind, id, "status", &["done", "partly", "open", "not-applicable"]);
        let state = match said.answer.as_deref() {
            Some("done") if said.evidence > 0 => TaskState::Done,
            Some("not-applicable") if said.evidence > 0 || said.reason.is_some() => TaskState::NotApplicable,
            Some("done" | "not-applicable") => TaskState::Claimed,
            Some("partly") => TaskState::Partly,
            Some(_) => TaskState::Open,
            None => TaskState::NotSaid,
        };
        (state, said)
    }

    /// What could not be read.
    pub(super) fn notes(self, notes: &mut Vec<Note>) {
        if !self.unread.is_empty() {
            let message = "a judgement gives an answer that is none of the words wanted; it counts as not said";
            notes.push(Note::new("answer-not-known", message, self.unread));
        }
    }
}

/// Lists what was judged but is about nothing that is asked for: a misspelt id would be silent otherwise.
pub(super) fn strays(assessment: &Assessment, kind: &str, known: &dyn Fn(&str, &str) -> bool, notes: &mut Vec<Note>) {
    let strays: Vec<String> = assessment
        .judgements
        .iter()
        .filter(|j| j.subject.kind == kind && !known(&j.subject.id, &word(&j.question)))
        .map(|j| format!("{kind}/{}/{}", crate::shown(&j.subject.id), crate::shown(&j.question)))
        .collect();
    if !strays.is_empty() {
        let message = "judgements are about an id or a question that is not asked; they are not used";
        notes.push(Note::new("judgement-not-used", message, strays));
    }
}
