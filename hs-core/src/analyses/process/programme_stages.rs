//! Which of the five stages of participatory implementation is reached, on what evidence, and is the work shared fairly?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::allocation::{Allocation, TaskRow, allocation, task_rows};
use super::said::{Answered, Reader, pieces, strays, word};
use super::shows::count;
use crate::analyses::judged::when;
use crate::assessment::{MeetingKind, Origin, Role, span};
use crate::framework::stages::{STAGES, StageFacts};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Which of the five stages of participatory implementation is reached, on what evidence, and is the work shared fairly?
///
/// A stage is done only with evidence, and only after those before it: what somebody says without evidence is a claim, and what is done
/// before its turn stands as such. Burden and benefit of a task are shown side by side and never set off against each other.
///
/// # Method
/// Judgements have the subject kind `stage`, the id `2` (the programme) or `INTERVENTION/2`, and the question `status` (`not-started`,
/// `under-way`, `done`) or `ask-1` and so on (`yes`, `no`, `partly`). Evidence = pieces listed with the judgement, its source, and records of
/// the assessment of the kind that the stage leaves behind.
///
/// # Complexity
/// Interventions times judgements and records.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II B.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProgrammeStages {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// The period of which it is asked what is overdue; nothing is overdue where absent.
    pub as_of: Option<String>,
    /// Burden or benefit differ when they differ by more than this, 0 to 1.
    pub margin: f64,
}

impl Default for ProgrammeStages {
    fn default() -> Self {
        ProgrammeStages { interventions: None, as_of: None, margin: 0.25 }
    }
}

crate::framework::words::words!(
    /// How far a stage is reached.
    StageState {
        /// Done, with evidence, after those before it.
        Done = "done",
        /// Said to be done, and no evidence given.
        Claimed = "claimed-without-evidence",
        /// Done with evidence, but a stage before it is not.
        OutOfOrder = "out-of-order",
        /// Begun.
        UnderWay = "under-way",
        /// Not begun.
        NotStarted = "not-started",
        /// Nobody said.
        NotSaid = "not-said",
    }
);

/// A stage of the programme or of one intervention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageRow {
    /// 1 to 5.
    pub stage: u8,
    /// The intervention; the programme as a whole where absent.
    pub intervention: Option<String>,
    /// Its name.
    pub name: &'static str,
    /// The judgement that stands.
    pub said: Answered,
    /// Whether the judgement is one on the whole programme.
    pub of_programme: bool,
    /// Records of the assessment that the stage leaves behind.
    pub records: usize,
    /// The same in words.
    pub computed: String,
    /// What the stage asks, answered yes.
    pub asks_met: usize,
    /// What the stage asks.
    pub asks: usize,
    /// What is wanting for it to be done.
    pub wanting: Vec<String>,
    /// How far it is reached.
    pub state: StageState,
    /// Whether its intervention was to end before the period asked of, and it is not done.
    pub overdue: Option<bool>,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// A change of a stage's status that somebody judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transition {
    /// The intervention; the programme where absent.
    pub intervention: Option<String>,
    /// 1 to 5.
    pub stage: u8,
    /// The status before; none at first.
    pub from: Option<String>,
    /// The status after.
    pub to: String,
    /// When.
    pub date: Option<String>,
    /// Who said so: a role.
    pub by: Option<String>,
    /// Whether it follows the order and has its evidence.
    pub allowed: bool,
    /// Why it does not, or what it is.
    pub why: &'static str,
}

/// What [`ProgrammeStages`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgrammeStagesResult {
    /// The settings.
    pub settings: ProgrammeStages,
    /// By intervention and stage; the programme as a whole first.
    pub stages: Vec<StageRow>,
    /// Who does what, at what burden and benefit.
    pub tasks: Vec<TaskRow>,
    /// Burden and benefit of each actor in each intervention, and who is better placed.
    pub allocation: Vec<Allocation>,
    /// Changes of status in order.
    pub transitions: Vec<Transition>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

const STATUS: [&str; 3] = ["not-started", "under-way", "done"];

/// What a stage leaves behind in the assessment, by intervention (all where none is asked for).
fn records(assessment: &Assessment, stage: u8, intervention: Option<&str>) -> (usize, String) {
    let of = |id: &Option<String>| intervention.is_none_or(|wanted| id.as_deref().is_none_or(|id| id == wanted));
    let own = |id: &str| intervention.is_none_or(|wanted| id == wanted);
    let met = |kind: MeetingKind| {
        assessment
            .meetings
            .iter()
            .filter(|m| of(&m.intervention) && (m.stage == Some(stage) || (m.stage.is_none() && m.kind == kind)))
            .count()
    };
    match stage {
        1 => {
            let n = met(MeetingKind::Presentation);
            (n, count(n, "meeting that presents it").replace("meeting that presents its", "meetings that present it"))
        }
        2 => {
            let seats: u64 = assessment.committees.iter().filter(|c| of(&c.intervention)).map(|c| c.members).sum();
            let names: std::collections::BTreeSet<&str> =
                assessment.committees.iter().filter(|c| of(&c.intervention) && c.members > 0).map(|c| c.committee.as_str()).collect();
            let seats = usize::try_from(seats).unwrap_or(usize::MAX);
            (names.len(), format!("{} with {}", count(names.len(), "committee"), count(seats, "seat")))
        }
        3 => {
            let n = assessment.responsibilities.iter().filter(|r| own(&r.intervention) && r.role == Role::Responsible).count();
            (n, format!("{} allocated", count(n, "task")))
        }
        4 => {
            let n = assessment.resources.iter().filter(|r| own(&r.intervention) && r.origin == Origin::Local).count();
            (n, count(n, "local resource"))
        }
        _ => {
            let n = met(MeetingKind::Review);
            (n, count(n, "meeting that looks back").replace("meeting that looks backs", "meetings that look back"))
        }
    }
}

/// What record a stage leaves behind, for those who have none.
fn wanted_record(stage: u8) -> &'static str {
    match stage {
        1 => "a meeting that presents the programme, or other evidence",
        2 => "a committee with its seats, or other evidence",
        3 => "who is responsible for what, or other evidence",
        4 => "a local resource, or other evidence",
        _ => "a meeting that looks back, or other evidence",
    }
}

impl ProgrammeStages {
    /// Reads the judgements and records of every stage.
    ///
    /// # Errors
    /// `NotFound` for an intervention that is not there; `Argument` for a period or margin that is none.
    pub fn run(&self, assessment: &Assessment) -> Result<ProgrammeStagesResult> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        if !(0.0..=1.0).contains(&self.margin) {
            return Err(Error::argument(format!("`margin`: found {}, wanted a number from 0 to 1", self.margin)));
        }
        let as_of = self.as_of.as_deref().map(|text| {
            span(text).ok_or_else(|| Error::argument(format!("`as_of`: found `{}`, wanted a year, month, day or week", crate::shown(text))))
        });
        let as_of = as_of.transpose()?;
        let asked = |id: &str| self.interventions.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id));
        let mut of: Vec<Option<&str>> = vec![None];
        of.extend(known().filter(|id| asked(id)).map(Some));
        let (mut reader, mut notes) = (Reader::default(), Vec::new());
        let (mut stages, mut transitions) = (Vec::new(), Vec::new());
        for intervention in of {
            let mut before_done = true;
            for facts in &STAGES {
                let mut row = stage_row(assessment, facts, intervention, before_done, &mut reader);
                row.overdue = as_of.and_then(|now| overdue(assessment, intervention, now, row.state));
                before_done &= row.state == StageState::Done;
                stages.push(row);
            }
            transitions.extend(changes(assessment, intervention));
        }
        let tasks = task_rows(assessment, &asked);
        let allocation = allocation(assessment, &asked, self.margin);
        let known_stage = |id: &str, question: &str| {
            let (owner, number) = id.rsplit_once('/').map_or((None, id), |(owner, number)| (Some(owner), number));
            let stage = STAGES.iter().find(|s| s.number.to_string() == number);
            let ask = |s: &StageFacts| (1..=s.asks.len()).any(|k| question == format!("ask-{k}"));
            owner.is_none_or(|o| known().any(|k| k == o)) && stage.is_some_and(|s| question == "status" || ask(s))
        };
        strays(assessment, "stage", &known_stage, &mut notes);
        reader.notes(&mut notes);
        if stages.iter().any(|s: &StageRow| s.of_programme && s.intervention.is_some()) {
            let message = "strategies without a judgement of their own take that of the whole programme";
            notes.push(Note::new("stage-of-programme", message, Vec::<String>::new()));
        }
        Ok(ProgrammeStagesResult { settings: self.clone(), stages, tasks, allocation, transitions, notes })
    }
}

/// The id that holds a judgement: the intervention's own, else the programme's.
fn subject(assessment: &Assessment, intervention: Option<&str>, stage: u8, question: &str) -> (String, bool) {
    let own = intervention.map(|id| format!("{id}/{stage}"));
    let there = |id: &String| {
        assessment.judgements.iter().any(|j| j.subject.kind == "stage" && j.subject.id == *id && word(&j.question) == question)
    };
    match own.filter(there) {
        Some(own) => (own, false),
        None => (stage.to_string(), true),
    }
}

fn stage_row(assessment: &Assessment, facts: &StageFacts, intervention: Option<&str>, before_done: bool, reader: &mut Reader) -> StageRow {
    let (id, of_programme) = subject(assessment, intervention, facts.number, "status");
    let said = reader.answer(assessment, "stage", &id, "status", &STATUS);
    let (records, computed) = records(assessment, facts.number, intervention);
    let mut wanting = Vec::new();
    let mut asks_met = 0;
    for (k, ask) in (1..).zip(facts.asks) {
        let question = format!("ask-{k}");
        let (id, _) = subject(assessment, intervention, facts.number, &question);
        let answer = reader.answer(assessment, "stage", &id, &question, &["yes", "no", "partly"]);
        match answer.answer.as_deref() {
            Some("yes") => asks_met += 1,
            Some(other) => wanting.push(format!("{ask}: {other}")),
            None => wanting.push(format!("{ask}: not said")),
        }
    }
    let state = match said.answer.as_deref() {
        Some("done") if said.evidence + records == 0 => StageState::Claimed,
        Some("done") if !before_done => StageState::OutOfOrder,
        Some("done") => StageState::Done,
        Some("under-way") => StageState::UnderWay,
        Some(_) => StageState::NotStarted,
        None => StageState::NotSaid,
    };
    if said.evidence + records == 0 {
        wanting.insert(0, wanted_record(facts.number).to_owned());
    }
    if !before_done && matches!(state, StageState::OutOfOrder | StageState::UnderWay | StageState::Claimed) {
        wanting.insert(0, "the stages before it, done with evidence".to_owned());
    }
    StageRow {
        stage: facts.number,
        intervention: intervention.map(str::to_owned),
        name: facts.name,
        of_programme: of_programme && said.answer.is_some(),
        said,
        records,
        computed,
        asks_met,
        asks: facts.asks.len(),
        wanting,
        state,
        overdue: None,
        locator: facts.locator,
    }
}

/// Whether an intervention was to end before now while a stage is not done; none where its period is not known.
fn overdue(assessment: &Assessment, intervention: Option<&str>, now: (i64, i64), state: StageState) -> Option<bool> {
    let period = assessment.interventions.iter().find(|i| Some(i.id.as_str()) == intervention)?.period.as_deref();
    let (_, end) = span(period?)?;
    Some(end < now.0 && state != StageState::Done)
}

/// Changes of status of one intervention, in the order of their dates.
fn changes(assessment: &Assessment, intervention: Option<&str>) -> Vec<Transition> {
    let id = |stage: u8| intervention.map_or(stage.to_string(), |i| format!("{i}/{stage}"));
    let mut judgements: Vec<(u8, usize, &crate::assessment::Judgement)> = Vec::new();
    for facts in &STAGES {
        let wanted = id(facts.number);
        let own = assessment.judgements.iter().enumerate().filter(|(_, j)| {
            j.subject.kind == "stage"
                && j.subject.id == wanted
                && word(&j.question) == "status"
                && STATUS.contains(&word(&j.answer).as_str())
        });
        judgements.extend(own.map(|(at, j)| (facts.number, at, j)));
    }
    judgements.sort_by(|(a, i, first), (b, k, second)| when(first).cmp(&when(second)).then(a.cmp(b)).then(i.cmp(k)));
    let mut status: BTreeMap<u8, String> = BTreeMap::new();
    let mut out = Vec::new();
    for (stage, _, judgement) in judgements {
        let to = word(&judgement.answer);
        let from = status.get(&stage).cloned();
        let earlier_done = (1..stage).all(|s| status.get(&s).is_some_and(|w| w == "done"));
        let evidence = pieces(judgement) + records(assessment, stage, intervention).0 > 0;
        let (allowed, why) = match (from.as_deref(), to.as_str()) {
            (Some(from), to) if from == to => (true, "stays as it was"),
            (Some("done"), _) => (true, "opened again"),
            (_, "done") if !earlier_done => (false, "a stage before it is not done"),
            (_, "done") if !evidence => (false, "no evidence is given"),
            (_, "done") => (true, "done, with evidence"),
            (_, "under-way") => (true, "begun"),
            _ => (true, "not begun"),
        };
        status.insert(stage, to.clone());
        out.push(Transition {
            intervention: intervention.map(str::to_owned),
            stage,
            from,
            to,
            date: judgement.date.clone(),
            by: judgement.by.clone(),
            allowed,
            why,
        });
    }
    out
}

crate::tables::arrow_tables!(ProgrammeStagesResult);

impl ProgrammeStagesResult {
    fn stages_table(&self) -> Result<Table> {
        let rows = || self.stages.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .integer("stage", rows().map(|s| Some(i64::from(s.stage))))
            .text("intervention", rows().map(|s| s.intervention.as_deref()))
            .text("status", rows().map(|s| Some(s.said.answer.as_deref().unwrap_or("not-said"))))
            .integer("evidence", rows().map(|s| whole(s.said.evidence + s.records)))
            .integer("asks_met", rows().map(|s| whole(s.asks_met)))
            .list("wanting", rows().map(|s| Some(s.wanting.clone())))
            .text("state", rows().map(|s| Some(s.state.word())))
            .text("locator", rows().map(|s| Some(s.locator)))
            .text("name", rows().map(|s| Some(s.name)))
            .integer("asks", rows().map(|s| whole(s.asks)))
            .integer("records", rows().map(|s| whole(s.records)))
            .text("computed_finding", rows().map(|s| Some(s.computed.as_str())))
            .boolean("of_programme", rows().map(|s| Some(s.of_programme)))
            .boolean("overdue", rows().map(|s| s.overdue))
            .text("by", rows().map(|s| s.said.by.as_deref()))
            .text("date", rows().map(|s| s.said.date.as_deref()))
            .list("earlier", rows().map(|s| Some(s.said.earlier.clone())))
            .build()
    }

    fn transitions_table(&self) -> Result<Table> {
        let rows = || self.transitions.iter();
        Table::builder()
            .text("intervention", rows().map(|t| t.intervention.as_deref()))
            .integer("stage", rows().map(|t| Some(i64::from(t.stage))))
            .text("from", rows().map(|t| t.from.as_deref()))
            .text("to", rows().map(|t| Some(t.to.as_str())))
            .text("date", rows().map(|t| t.date.as_deref()))
            .text("by", rows().map(|t| t.by.as_deref()))
            .boolean("allowed", rows().map(|t| Some(t.allowed)))
            .text("why", rows().map(|t| Some(t.why)))
            .build()
    }

    /// Settings, facts, tables (`programme_stages`, `tasks`, `allocation`, `transitions`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("programme_stages", &self.settings)?;
        let done = self.stages.iter().filter(|s| s.intervention.is_none() && s.state == StageState::Done).count();
        outcome.facts.insert("programme_stages_done".into(), json!(done));
        outcome.facts.insert("overdue".into(), json!(self.stages.iter().filter(|s| s.overdue == Some(true)).count()));
        outcome.tables = vec![
            ("programme_stages", self.stages_table()?),
            ("tasks", TaskRow::table(&self.tasks)?),
            ("transitions", self.transitions_table()?),
            ("allocation", Allocation::table(&self.allocation)?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
