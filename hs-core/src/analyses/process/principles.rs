//! What is done towards each of the five principles, on what evidence, and what is missing?

use serde::{Deserialize, Serialize};

use super::said::{Answered, Reader, TaskState, strays};
use super::shows::{Check, Shown, ShownFinding, Shows};
use crate::framework::principles::PRINCIPLES;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// What is done towards each of the five principles, on what evidence, and what is missing?
///
/// A profile with pointers to what is missing, and no total: one principle does not make up for another, and a good part of one does not
/// make up for a missing one. Only evidence makes an action done.
///
/// # Method
/// Judgements have the subject kind `principle`, the id `people-centred/approach/2` (principle, list, number) and the question `status`;
/// the latest date stands. What the assessment itself shows stands beside the judgement, never over it.
///
/// # Complexity
/// Linear in the assessment.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, sections 2.1 and 2.2 A.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Principles {}

/// An action that a principle asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrincipleAction {
    /// The principle.
    pub principle: &'static str,
    /// `approach` or `analysis`.
    pub list: &'static str,
    /// Number in the list, from 1.
    pub number: usize,
    /// What it asks.
    pub action: &'static str,
    /// How far it is done, as people judged it.
    pub status: TaskState,
    /// The judgement.
    pub said: Answered,
    /// What the assessment shows towards it.
    pub computed: ShownFinding,
    /// What would make it done, or show it; none where nothing is missing.
    pub missing: Option<String>,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// What stands of one principle: counts, no score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrincipleProfile {
    /// The principle.
    pub principle: &'static str,
    /// Actions it asks for.
    pub actions: usize,
    /// By state, in the order of [`TaskState::ALL`].
    pub states: Vec<usize>,
    /// Actions judged with evidence, whatever the answer.
    pub with_evidence: usize,
    /// Actions that the assessment shows, shows in part, does not show.
    pub shown: [usize; 3],
}

/// What [`Principles`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrinciplesResult {
    /// The settings.
    pub settings: Principles,
    /// Every action of the five principles.
    pub actions: Vec<PrincipleAction>,
    /// By principle.
    pub profile: Vec<PrincipleProfile>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// What the assessment can show towards each action, in the order of the framework's lists: approach, then analysis.
pub(super) const CHECKS: [(&str, &[Check], &[Check]); 5] = [
    (
        "people-centred",
        &[Check::PeopleHeard, Check::NeedsByPeople, Check::PrioritiesWithPeople],
        &[Check::PeopleHeard, Check::DegreeOfCause, Check::EmpowermentOnCapacities, Check::Resilience],
    ),
    (
        "multi-sectoral",
        &[Check::SectorsMet, Check::Coordination, Check::Externalities],
        &[Check::AcrossCommunities, Check::AcrossComponents, Check::PoliciesCompared],
    ),
    (
        "comprehensive",
        &[Check::SevenComponents, Check::WideSpectrum, Check::SectorsConsidered, Check::SeveralActors],
        &[Check::AcrossCommunities, Check::AcrossComponents, Check::PoliciesCompared],
    ),
    (
        "context-specific",
        &[Check::InDepth, Check::Freedoms, Check::RestsOnCapacities, Check::Levels],
        &[Check::LocalInformation, Check::PerceptionsBesideIndicators, Check::PoliciesCompared, Check::Infrastructure],
    ),
    (
        "prevention-oriented",
        &[Check::Causes, Check::BothPillars],
        &[Check::CausesAndGaps, Check::PreventionBesideResponse, Check::LocalAssets],
    ),
];

/// What would make an action done, or show it.
fn missing(id: &str, status: TaskState, computed: &ShownFinding) -> Option<String> {
    let judged = match status {
        TaskState::Done | TaskState::NotApplicable => None,
        TaskState::Claimed => Some(format!("evidence for the judgement on `{id}`")),
        TaskState::NotSaid => Some(format!("a judgement on `{id}`, with evidence")),
        TaskState::Partly | TaskState::Open => Some("what is not done yet".to_owned()),
    };
    let parts: Vec<String> = judged.into_iter().chain(computed.missing.clone()).collect();
    (!parts.is_empty()).then(|| parts.join("; in the assessment: "))
}

impl Principles {
    /// Reads the judgements and what the assessment shows.
    ///
    /// # Errors
    /// None today; the signature is that of every analysis.
    pub fn run(&self, assessment: &Assessment) -> Result<PrinciplesResult> {
        let (shows, mut reader, mut notes) = (Shows::new(assessment), Reader::default(), Vec::new());
        let mut actions: Vec<PrincipleAction> = Vec::new();
        for (facts, (_, approach, analysis)) in PRINCIPLES.iter().zip(CHECKS) {
            for (list, asked, checks) in [("approach", facts.approach, approach), ("analysis", facts.analysis, analysis)] {
                for ((number, action), check) in (1..).zip(asked).zip(checks) {
                    let id = format!("{}/{list}/{number}", facts.id);
                    let (status, said) = reader.task(assessment, "principle", &id);
                    let computed = shows.of(*check);
                    let missing = missing(&id, status, &computed);
                    actions.push(PrincipleAction {
                        principle: facts.id,
                        list,
                        number,
                        action,
                        status,
                        said,
                        computed,
                        missing,
                        locator: facts.locator,
                    });
                }
            }
        }
        let profile = PRINCIPLES.iter().map(|facts| profile(facts.id, &actions)).collect();
        let known = |id: &str, question: &str| {
            question == "status" && actions.iter().any(|a| format!("{}/{}/{}", a.principle, a.list, a.number) == id)
        };
        strays(assessment, "principle", &known, &mut notes);
        reader.notes(&mut notes);
        let message = "multi-sectoral and comprehensive share one list for the analysis in the handbook; it is asked of each";
        notes.push(Note::new("shared-list", message, ["multi-sectoral", "comprehensive"]));
        Ok(PrinciplesResult { settings: self.clone(), actions, profile, notes })
    }
}

fn profile(principle: &'static str, actions: &[PrincipleAction]) -> PrincipleProfile {
    let own = || actions.iter().filter(|a| a.principle == principle);
    let shown = |wanted: Shown| own().filter(|a| a.computed.shown == wanted).count();
    PrincipleProfile {
        principle,
        actions: own().count(),
        states: TaskState::ALL.iter().map(|s| own().filter(|a| a.status == *s).count()).collect(),
        with_evidence: own().filter(|a| a.said.evidence > 0).count(),
        shown: [shown(Shown::Yes), shown(Shown::Partly), shown(Shown::No)],
    }
}

crate::tables::arrow_tables!(PrinciplesResult);

impl PrinciplesResult {
    fn actions_table(&self) -> Result<Table> {
        let rows = || self.actions.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("principle", rows().map(|a| Some(a.principle)))
            .text("list", rows().map(|a| Some(a.list)))
            .integer("number", rows().map(|a| whole(a.number)))
            .text("action", rows().map(|a| Some(a.action)))
            .text("status", rows().map(|a| Some(a.status.word())))
            .integer("evidence", rows().map(|a| whole(a.said.evidence)))
            .text("computed", rows().map(|a| Some(a.computed.shown.word())))
            .text("computed_finding", rows().map(|a| Some(a.computed.words.as_str())))
            .text("missing", rows().map(|a| a.missing.as_deref()))
            .text("by", rows().map(|a| a.said.by.as_deref()))
            .text("date", rows().map(|a| a.said.date.as_deref()))
            .text("reason", rows().map(|a| a.said.reason.as_deref()))
            .list("earlier", rows().map(|a| Some(a.said.earlier.clone())))
            .text("locator", rows().map(|a| Some(a.locator)))
            .build()
    }

    fn profile_table(&self) -> Result<Table> {
        let rows = || self.profile.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        let state = |p: &PrincipleProfile, wanted: TaskState| {
            TaskState::ALL.iter().zip(&p.states).find(|(s, _)| **s == wanted).and_then(|(_, n)| whole(*n))
        };
        Table::builder()
            .text("principle", rows().map(|p| Some(p.principle)))
            .integer("done", rows().map(|p| state(p, TaskState::Done)))
            .integer("partly", rows().map(|p| state(p, TaskState::Partly)))
            .integer("open", rows().map(|p| state(p, TaskState::Open)))
            .integer("not_said", rows().map(|p| state(p, TaskState::NotSaid)))
            .integer("with_evidence", rows().map(|p| whole(p.with_evidence)))
            .integer("claimed", rows().map(|p| state(p, TaskState::Claimed)))
            .integer("not_applicable", rows().map(|p| state(p, TaskState::NotApplicable)))
            .integer("actions", rows().map(|p| whole(p.actions)))
            .integer("computed_yes", rows().map(|p| whole(p.shown[0])))
            .integer("computed_partly", rows().map(|p| whole(p.shown[1])))
            .integer("computed_no", rows().map(|p| whole(p.shown[2])))
            .build()
    }

    /// Settings, tables (`principles`, `profile`) and notes; there is no total.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("principles", &self.settings)?;
        outcome.tables = vec![("principles", self.actions_table()?), ("profile", self.profile_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
