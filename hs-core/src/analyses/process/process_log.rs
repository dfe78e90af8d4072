//! What meetings were held, who took part, and what became of their decisions: the process as a result of its own.

use std::collections::BTreeSet;

use serde::Serialize;

use super::feedback_log::{asked, within};
use super::participation::Participation;
use crate::assessment::{Meeting, MeetingKind};
use crate::tables::{Note, Table};
use crate::{Assessment, Result};

/// Meetings of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcessRow {
    /// The kind.
    pub kind: MeetingKind,
    /// Meetings.
    pub meetings: usize,
    /// Participants of those that count them; none where none does.
    pub participants: Option<u64>,
    /// Groups that took part in any.
    pub groups: Vec<String>,
    /// Decisions of those that count them; none where none does.
    pub decisions: Option<u64>,
    /// Decisions carried out, where both are known.
    pub carried_out: Option<u64>,
    /// Carried out / decisions, of meetings where both are known.
    pub share: Option<f64>,
    /// Meetings that count their participants.
    pub with_participants: usize,
    /// Actors that took part in any.
    pub actors: Vec<String>,
}

/// One row a kind; kinds without a meeting have none, not nobody.
pub(super) fn process(assessment: &Assessment, settings: &Participation, notes: &mut Vec<Note>) -> Result<Vec<ProcessRow>> {
    let period = asked(settings.period.as_deref())?;
    let about = |m: &&Meeting| {
        let own = settings.interventions.as_ref().is_none_or(|ids| m.intervention.as_ref().is_none_or(|id| ids.contains(id)));
        own && within(m.date.as_deref(), period)
    };
    let meetings: Vec<&Meeting> = assessment.meetings.iter().filter(about).collect();
    if meetings.is_empty() {
        notes.push(Note::new("no-meetings", "no meeting is recorded: what was talked over with people is not known", Vec::<String>::new()));
    }
    let more: Vec<&str> = meetings
        .iter()
        .filter(|m| m.decisions.zip(m.carried_out).is_some_and(|(decided, done)| done > decided))
        .map(|m| m.id.as_str())
        .collect();
    if !more.is_empty() {
        let message = "meetings have more decisions carried out than taken: they are left out of the share";
        notes.push(Note::new("more-carried-out", message, more));
    }
    Ok(MeetingKind::ALL.iter().map(|kind| row(*kind, &meetings)).collect())
}

fn row(kind: MeetingKind, meetings: &[&Meeting]) -> ProcessRow {
    let own = || meetings.iter().filter(|m| m.kind == kind);
    let sum = |pick: fn(&Meeting) -> Option<u64>| {
        own().filter_map(|m| pick(m)).fold(None, |sum: Option<u64>, n| Some(sum.unwrap_or(0).saturating_add(n)))
    };
    let both = || own().filter_map(|m| m.decisions.zip(m.carried_out)).filter(|(decided, done)| done <= decided);
    let decided = both().fold(0_u64, |sum, (n, _)| sum.saturating_add(n));
    let done = both().fold(0_u64, |sum, (_, n)| sum.saturating_add(n));
    let groups: BTreeSet<&str> = own().flat_map(|m| m.groups.iter().map(String::as_str)).collect();
    let actors: BTreeSet<&str> = own().flat_map(|m| m.actors.iter().map(String::as_str)).collect();
    ProcessRow {
        kind,
        meetings: own().count(),
        participants: sum(|m| m.participants),
        groups: groups.into_iter().map(str::to_owned).collect(),
        decisions: sum(|m| m.decisions),
        carried_out: both().next().map(|_| done),
        share: (decided > 0).then(|| done as f64 / decided as f64),
        with_participants: own().filter(|m| m.participants.is_some()).count(),
        actors: actors.into_iter().map(str::to_owned).collect(),
    }
}

impl ProcessRow {
    pub(super) fn table(rows: &[ProcessRow]) -> Result<Table> {
        let whole = |n: usize| i64::try_from(n).ok();
        let long = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .integer("meetings", rows.iter().map(|r| whole(r.meetings)))
            .integer("participants", rows.iter().map(|r| long(r.participants)))
            .list("groups", rows.iter().map(|r| Some(r.groups.clone())))
            .integer("decisions", rows.iter().map(|r| long(r.decisions)))
            .integer("carried_out", rows.iter().map(|r| long(r.carried_out)))
            .number("share", rows.iter().map(|r| r.share))
            .integer("meetings_with_participants", rows.iter().map(|r| whole(r.with_participants)))
            .list("actors", rows.iter().map(|r| Some(r.actors.clone())))
            .build()
    }
}
