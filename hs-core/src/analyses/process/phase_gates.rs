//! Which tasks of the three phases are done, on what evidence, and which phase may be left?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::said::{Answered, Reader, TaskState, strays};
use super::shows::{Check, ShownFinding, Shows};
use crate::framework::phases::{PHASES, PhaseFacts};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// Which tasks of the three phases are done, on what evidence, and which phase may be left?
///
/// People judge a task, and only evidence makes it done; a claim without evidence is a state of its own. What the assessment itself shows
/// stands beside the judgement and never over it.
///
/// # Method
/// Judgements have the subject kind `phase`, the id `1/3` (phase and task) and the question `status`; the latest date stands. A gate passes
/// when every task of its phase is done with evidence, or does not apply for a stated reason.
///
/// # Complexity
/// Linear in the assessment.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhaseGates {}

/// A task of a phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhaseTask {
    /// The phase, 1 to 3.
    pub phase: u8,
    /// The task, from 1.
    pub number: usize,
    /// What is to be done.
    pub task: &'static str,
    /// How far it is done, as people judged it.
    pub status: TaskState,
    /// The judgement.
    pub said: Answered,
    /// What the assessment shows towards it.
    pub computed: ShownFinding,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// A phase's gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// The phase, 1 to 3.
    pub phase: u8,
    /// Its name.
    pub name: &'static str,
    /// How many tasks it has.
    pub tasks: usize,
    /// Tasks done with evidence.
    pub done: usize,
    /// Tasks that do not apply.
    pub not_applicable: usize,
    /// Tasks said to be done without evidence.
    pub claimed: usize,
    /// Tasks nobody spoke of.
    pub not_said: usize,
    /// Every task that keeps the gate shut, with its state.
    pub open: Vec<String>,
    /// Whether every task is done with evidence or does not apply.
    pub passes: bool,
}

/// What [`PhaseGates`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhaseGatesResult {
    /// The settings.
    pub settings: PhaseGates,
    /// The fourteen tasks.
    pub tasks: Vec<PhaseTask>,
    /// The three gates.
    pub gates: Vec<Gate>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// What the assessment can show towards each task.
pub(super) const CHECKS: [(u8, usize, Check); 14] = [
    (1, 1, Check::PeopleHeard),
    (1, 2, Check::WideSpectrum),
    (1, 3, Check::PrioritiesWithPeople),
    (1, 4, Check::Causes),
    (1, 5, Check::AcrossComponents),
    (1, 6, Check::BothPillars),
    (1, 7, Check::AllHorizons),
    (1, 8, Check::Allocation),
    (2, 1, Check::LocalPartners),
    (2, 2, Check::CapacityBuilt),
    (2, 3, Check::Monitored),
    (3, 1, Check::RightThing),
    (3, 2, Check::EasesWithoutHarm),
    (3, 3, Check::LessonsActedOn),
];

fn gate(facts: &PhaseFacts, tasks: &[PhaseTask]) -> Gate {
    let own: Vec<&PhaseTask> = tasks.iter().filter(|t| t.phase == facts.number).collect();
    let count = |state: TaskState| own.iter().filter(|t| t.status == state).count();
    let shut = |t: &&&PhaseTask| !matches!(t.status, TaskState::Done | TaskState::NotApplicable);
    let open: Vec<String> = own.iter().filter(shut).map(|t| format!("{}/{} {}: {}", t.phase, t.number, t.task, t.status)).collect();
    Gate {
        phase: facts.number,
        name: facts.name,
        tasks: own.len(),
        done: count(TaskState::Done),
        not_applicable: count(TaskState::NotApplicable),
        claimed: count(TaskState::Claimed),
        not_said: count(TaskState::NotSaid),
        passes: open.is_empty(),
        open,
    }
}

impl PhaseGates {
    /// Reads the judgements and what the assessment shows.
    ///
    /// # Errors
    /// None today; the signature is that of every analysis.
    pub fn run(&self, assessment: &Assessment) -> Result<PhaseGatesResult> {
        let (shows, mut reader, mut notes) = (Shows::new(assessment), Reader::default(), Vec::new());
        let mut tasks = Vec::new();
        for facts in &PHASES {
            for (number, task) in (1..).zip(facts.tasks) {
                let (status, said) = reader.task(assessment, "phase", &format!("{}/{number}", facts.number));
                let Some((_, _, check)) = CHECKS.iter().find(|(p, n, _)| *p == facts.number && *n == number) else { continue };
                let computed = shows.of(*check);
                tasks.push(PhaseTask { phase: facts.number, number, task, status, said, computed, locator: facts.tasks_locator });
            }
        }
        let gates: Vec<Gate> = PHASES.iter().map(|facts| gate(facts, &tasks)).collect();
        let known = |id: &str, question: &str| question == "status" && tasks.iter().any(|t| format!("{}/{}", t.phase, t.number) == id);
        strays(assessment, "phase", &known, &mut notes);
        reader.notes(&mut notes);
        Ok(PhaseGatesResult { settings: self.clone(), tasks, gates, notes })
    }
}

crate::tables::arrow_tables!(PhaseGatesResult);

impl PhaseGatesResult {
    fn tasks_table(&self) -> Result<Table> {
        let rows = || self.tasks.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .integer("phase", rows().map(|t| Some(i64::from(t.phase))))
            .integer("number", rows().map(|t| whole(t.number)))
            .text("task", rows().map(|t| Some(t.task)))
            .text("status", rows().map(|t| Some(t.status.word())))
            .integer("evidence", rows().map(|t| whole(t.said.evidence)))
            .text("computed", rows().map(|t| Some(t.computed.shown.word())))
            .text("computed_finding", rows().map(|t| Some(t.computed.words.as_str())))
            .text("missing", rows().map(|t| t.computed.missing.as_deref()))
            .text("by", rows().map(|t| t.said.by.as_deref()))
            .text("date", rows().map(|t| t.said.date.as_deref()))
            .text("reason", rows().map(|t| t.said.reason.as_deref()))
            .list("earlier", rows().map(|t| Some(t.said.earlier.clone())))
            .text("locator", rows().map(|t| Some(t.locator)))
            .build()
    }

    fn gates_table(&self) -> Result<Table> {
        let rows = || self.gates.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .integer("phase", rows().map(|g| Some(i64::from(g.phase))))
            .text("name", rows().map(|g| Some(g.name)))
            .integer("tasks", rows().map(|g| whole(g.tasks)))
            .integer("done", rows().map(|g| whole(g.done)))
            .list("open", rows().map(|g| Some(g.open.clone())))
            .boolean("passes", rows().map(|g| Some(g.passes)))
            .integer("not_applicable", rows().map(|g| whole(g.not_applicable)))
            .integer("claimed", rows().map(|g| whole(g.claimed)))
            .integer("not_said", rows().map(|g| whole(g.not_said)))
            .build()
    }

    /// Settings, facts, tables (`phase_gates`, `gates`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("phase_gates", &self.settings)?;
        let passed: Vec<u8> = self.gates.iter().filter(|g| g.passes).map(|g| g.phase).collect();
        outcome.facts.insert("passed".into(), json!(passed));
        outcome.tables = vec![("phase_gates", self.tasks_table()?), ("gates", self.gates_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
