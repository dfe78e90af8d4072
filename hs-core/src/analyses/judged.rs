//! What people decided about something: the latest judgement, and those before it.

use crate::Assessment;
use crate::assessment::Judgement;
use crate::assessment::span;

/// The judgement that stands, and those it took the place of.
#[derive(Debug, Clone)]
pub(crate) struct Judged<'a> {
    /// The latest by date; without a date it counts as the earliest, and of the same date the later row stands.
    pub(crate) latest: &'a Judgement,
    /// The others, latest first.
    pub(crate) earlier: Vec<&'a Judgement>,
}

/// The judgements on one subject that are admitted, the latest first; none where nobody judged. An answer without a word is none.
pub(crate) fn judged<'a>(assessment: &'a Assessment, kind: &str, id: &str, admit: impl Fn(&Judgement) -> bool) -> Option<Judged<'a>> {
    let mut found: Vec<(usize, &Judgement)> = assessment
        .judgements
        .iter()
        .enumerate()
        .filter(|(_, j)| j.subject.kind == kind && j.subject.id == id && !j.answer.trim().is_empty() && admit(j))
        .collect();
    found.sort_by(|(a, first), (b, second)| (when(second), b).cmp(&(when(first), a)));
    let mut found = found.into_iter().map(|(_, judgement)| judgement);
    Some(Judged { latest: found.next()?, earlier: found.collect() })
}

/// Later dates compare greater; none is the earliest.
pub(crate) fn when(judgement: &Judgement) -> Option<(i64, i64)> {
    judgement.date.as_deref().and_then(span).map(|(first, last)| (last, first))
}

impl Judged<'_> {
    /// The earlier answers in words, for example `change (programme lead, 2008-05)`.
    pub(crate) fn before(&self) -> Vec<String> {
        let said = |judgement: &&Judgement| {
            let from: Vec<&str> = [judgement.by.as_deref(), judgement.date.as_deref()].into_iter().flatten().collect();
            if from.is_empty() { judgement.answer.clone() } else { format!("{} ({})", judgement.answer, from.join(", ")) }
        };
        self.earlier.iter().map(said).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_latest_stands_and_the_others_are_listed() {
        let of = |answer: &str, date: Option<&str>| {
            let by = date.map(|_| "programme lead");
            json!({"subject": {"kind": "harm", "id": "a/b"}, "question": "decision", "answer": answer, "date": date, "by": by})
        };
        let document = json!({"schema": "human-security/1", "id": "t", "title": "T", "judgements": [
            of("stop", None), of("change", Some("2008-05")), of("go", Some("2008-06")), of("no", Some("2008-04-01/2008-05-31")), of(" ", Some("2009"))
        ]});
        let assessment: Assessment = serde_json::from_str(&document.to_string()).unwrap();
        let found = judged(&assessment, "harm", "a/b", |j| j.question == "decision").unwrap();
        assert_eq!(found.latest.answer, "go");
        assert_eq!(found.before(), ["change (programme lead, 2008-05)", "no (programme lead, 2008-04-01/2008-05-31)", "stop"]);
        assert!(judged(&assessment, "harm", "a/b", |j| j.question == "severity").is_none());
        assert!(judged(&assessment, "harm", "a/c", |_| true).is_none());
    }
}
