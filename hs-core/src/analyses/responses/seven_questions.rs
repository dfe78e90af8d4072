//! Which of the handbook's seven questions on protection and empowerment are answered, and what would answer the others?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bearings::{Bearings, Singles, Ways};
use super::capacity_use::{self, CapacityPrompt, CapacityRow, CapacityState};
use super::externality_result::HorizonWord;
use super::options::{Options, Scene};
use super::pillar_gaps::PillarGaps;
use super::question_findings::{Evidence, QuestionFinding};
use super::synergies::LEAST;
use super::weights::uncounted;
use crate::analyses::judged::judged;
use crate::analyses::thresholds::Criticality;
use crate::framework::questions::{QUESTIONS, QuestionFacts};
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, Model};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Which of the handbook's seven questions on protection and empowerment are answered, and what would answer the others?
///
/// A question is answered by people: a judgement with evidence. What is computed stands beside it and never answers by itself; a question
/// with findings alone, or with a judgement without evidence, is answered in part.
///
/// # Method
/// Judgements have the subject kind `question` and the id `1` to `7`; the latest date stands, earlier ones are listed. Findings are read from what is
/// stated (`requires`, `reinforces`, `excludes`, `needs_capacities`), from pillar gaps, and from the expected effects of each strategy at rest.
///
/// # Complexity
/// That of the externalities of every intervention, and pairs of interventions times the cells they aim at.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 D.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SevenQuestions {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// How severity travels.
    pub model: Model,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Which threats are severe and which widespread.
    pub criticality: Criticality,
    /// Severity points under which an effect is too small to speak of.
    pub least: f64,
    /// Draws, where uncertain effects cannot be enumerated.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
}

impl Default for SevenQuestions {
    fn default() -> Self {
        SevenQuestions {
            interventions: None,
            model: Model::default(),
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            criticality: Criticality::default(),
            least: LEAST,
            draws: 1000,
            seed: 0,
            anchoring: AnchorSettings::default(),
        }
    }
}

crate::framework::words::words!(
    /// How far a question is answered.
    AnswerState {
        /// Somebody answered it, with evidence.
        Answered = "answered",
        /// Answered without evidence, or only by what is computed.
        Partly = "partly",
        /// Neither answered nor computed towards.
        Open = "open",
    }
);

/// One of the seven questions with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionRow {
    /// The question, from the framework.
    pub facts: QuestionFacts,
    /// How far it is answered.
    pub state: AnswerState,
    /// The answer that stands.
    pub answer: Option<String>,
    /// Why, where said.
    pub reason: Option<String>,
    /// Who answered: a role.
    pub by: Option<String>,
    /// When.
    pub date: Option<String>,
    /// On what evidence.
    pub evidence: Vec<String>,
    /// Answers that a later one took the place of.
    pub earlier: Vec<String>,
    /// What is computed towards it.
    pub findings: Vec<QuestionFinding>,
    /// What would answer it; none where it is answered.
    pub wanting: Option<String>,
}

/// What [`SevenQuestions`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SevenQuestionsResult {
    /// The settings.
    pub settings: SevenQuestions,
    /// The seven questions, in the handbook's order.
    pub questions: Vec<QuestionRow>,
    /// Capacities needed against capacities present.
    pub capacities: Vec<CapacityRow>,
    /// What the handbook's Table II would look for; prompts, not findings.
    pub prompts: Vec<CapacityPrompt>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl SevenQuestions {
    /// Runs the analysis.
    ///
    /// # Errors
    /// `NotFound` for an intervention, partition or place that does not exist; `Argument` for a setting out of its domain; `Diverging`
    /// where the model has no finite answer; `Unsupported` for a model that cannot be anchored.
    pub fn run(&self, assessment: &Assessment) -> Result<SevenQuestionsResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how many runs are done and answers whether to go on.
    ///
    /// # Errors
    /// As [`SevenQuestions::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<SevenQuestionsResult> {
        if self.draws == 0 {
            return Err(Error::argument("`draws` is 0, wanted at least 1"));
        }
        if !(self.least >= 0.0 && self.least.is_finite()) {
            return Err(Error::argument(format!("`least` is {}, wanted a finite number of 0 or more", self.least)));
        }
        let options = Options::new(assessment, &self.scene(), self.interventions.as_deref(), tick)?;
        let ways = Ways { word: HorizonWord::Rest, draws: self.draws, seed: self.seed };
        let singles = Singles::new(&options, &ways, tick)?;
        let bearings = Bearings::new(assessment, &options, &singles, &[], self.least);
        let capacities = capacity_use::capacities(assessment, options.interventions());
        let gaps = PillarGaps { criticality: self.cells() }.run(assessment)?;
        let evidence = Evidence {
            assessment,
            options: &options,
            singles: &singles,
            bearings: &bearings,
            capacities: &capacities,
            cells: &gaps.cells,
            least: self.least,
        };
        let questions: Vec<QuestionRow> = QUESTIONS.iter().map(|facts| question(assessment, *facts, &evidence)).collect();
        let mut notes = options.notes();
        notes.extend(uncounted(&singles.nodes));
        notes.extend(bearings.notes());
        notes.extend(gaps.notes.into_iter().filter(|note| !notes.iter().any(|known| known.code == note.code)).collect::<Vec<_>>());
        notes.extend(self.remarks(assessment, &singles, &capacities));
        let prompts = capacity_use::prompts(assessment, options.interventions());
        Ok(SevenQuestionsResult { settings: self.clone(), questions, capacities, prompts, notes })
    }

    /// Which cells are severe or widespread: places and period are those of the network unless said otherwise.
    fn cells(&self) -> Criticality {
        let mut criticality = self.criticality.clone();
        criticality.places = criticality.places.or_else(|| self.places.clone());
        criticality.period = criticality.period.or_else(|| self.period.clone());
        criticality
    }

    fn scene(&self) -> Scene {
        Scene {
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            anchoring: self.anchoring.clone(),
        }
    }

    fn remarks(&self, assessment: &Assessment, singles: &Singles, capacities: &[CapacityRow]) -> Vec<Note> {
        let mut notes = Vec::new();
        if singles.drawn {
            let message = format!(
                "effects with ranges, or more than 12 uncertain ones: figures are means over {} draws with seed {}",
                self.draws, self.seed
            );
            notes.push(Note::new("drawn", message, Vec::<String>::new()));
        }
        let open = QUESTIONS.iter().map(|q| q.number.to_string());
        let open: Vec<String> = open.filter(|id| judged(assessment, "question", id, |_| true).is_none()).collect();
        if !open.is_empty() {
            let message =
                "nobody has answered these questions: an answer is a judgement with the subject kind `question` and the number as its id";
            notes.push(Note::new("not-answered", message, open));
        }
        let known = |id: &str| QUESTIONS.iter().any(|q| q.number.to_string() == id);
        let stray =
            assessment.judgements.iter().map(|j| &j.subject).filter(|s| s.kind == "question" && !known(&s.id)).map(|s| s.id.clone());
        let harmful = capacities.iter().filter(|r| r.state == Some(CapacityState::HarmfulCoping) && !r.needed_by.is_empty());
        let idle = capacities.iter().filter(|r| r.state.is_none()).map(|r| r.capacity.clone());
        for (code, message, subjects) in [
            ("question-not-known", "judgements answer a question that is none of the seven, 1 to 7", stray.collect::<Vec<_>>()),
            (
                "need-is-harmful-coping",
                "strategies need what is a signal of stress; it is not counted as there",
                harmful.map(|r| r.capacity.clone()).collect(),
            ),
            (
                "capacity-at-zero",
                "capacities are recorded at level 0 and needed by no strategy: neither present nor neglected",
                idle.collect(),
            ),
        ] {
            if !subjects.is_empty() {
                notes.push(Note::new(code, message, subjects));
            }
        }
        notes
    }
}

/// One question: what people answered, and beside it what is computed.
fn question(assessment: &Assessment, facts: QuestionFacts, evidence: &Evidence<'_, '_>) -> QuestionRow {
    let said = judged(assessment, "question", &facts.number.to_string(), |_| true);
    let latest = said.as_ref().map(|s| s.latest);
    let proofs: Vec<String> = latest.iter().flat_map(|j| &j.evidence).filter(|e| !e.trim().is_empty()).cloned().collect();
    let mut towards = evidence.towards(facts.number);
    let computed = towards.findings.iter().any(|f| f.found);
    let state = match (latest.is_some(), proofs.is_empty(), computed) {
        (true, false, _) => AnswerState::Answered,
        (true, true, _) | (false, _, true) => AnswerState::Partly,
        (false, _, false) => AnswerState::Open,
    };
    let first = match (latest.is_some(), proofs.is_empty()) {
        (true, true) => Some("evidence for the answer that was given".to_owned()),
        (false, _) => Some("an answer with its evidence: who says so, when, and from what".to_owned()),
        (true, false) => None,
    };
    let wanting = first.map(|first| {
        towards.wanting.insert(0, first);
        towards.wanting.join("; ")
    });
    QuestionRow {
        facts,
        state,
        answer: latest.map(|j| j.answer.clone()),
        reason: latest.and_then(|j| j.reason.clone()),
        by: latest.and_then(|j| j.by.clone()),
        date: latest.and_then(|j| j.date.clone()),
        evidence: proofs,
        earlier: said.map(|s| s.before()).unwrap_or_default(),
        findings: towards.findings,
        wanting,
    }
}

crate::tables::arrow_tables!(SevenQuestionsResult);

impl SevenQuestionsResult {
    fn questions_table(&self) -> Result<Table> {
        let rows = &self.questions;
        let computed = |row: &QuestionRow| {
            let words: Vec<&str> = row.findings.iter().map(|f| f.words.as_str()).collect();
            (!words.is_empty()).then(|| words.join(" "))
        };
        Table::builder()
            .integer("number", rows.iter().map(|r| Some(i64::from(r.facts.number))))
            .text("question", rows.iter().map(|r| Some(r.facts.question)))
            .text("pillar", rows.iter().map(|r| Some(r.facts.pillar.word())))
            .text("state", rows.iter().map(|r| Some(r.state.word())))
            .text("answer", rows.iter().map(|r| r.answer.as_ref()))
            .text("by", rows.iter().map(|r| r.by.as_ref()))
            .text("date", rows.iter().map(|r| r.date.as_ref()))
            .list("evidence", rows.iter().map(|r| Some(r.evidence.clone())))
            .text("computed", rows.iter().map(computed))
            .text("wanting", rows.iter().map(|r| r.wanting.as_ref()))
            .text("locator", rows.iter().map(|r| Some(r.facts.locator)))
            .text("reason", rows.iter().map(|r| r.reason.as_ref()))
            .list("earlier", rows.iter().map(|r| Some(r.earlier.clone())))
            .text("pillar_basis", rows.iter().map(|r| Some(r.facts.pillar_basis)))
            .build()
    }

    /// One row a finding: number, found, subjects, amount, words.
    fn findings_table(&self) -> Result<Table> {
        let rows = || self.questions.iter().flat_map(|q| &q.findings);
        Table::builder()
            .integer("number", rows().map(|f| Some(i64::from(f.number))))
            .boolean("found", rows().map(|f| Some(f.found)))
            .text("words", rows().map(|f| Some(&f.words)))
            .list("subjects", rows().map(|f| Some(f.subjects.clone())))
            .number("amount", rows().map(|f| f.amount))
            .build()
    }

    /// Settings, facts, tables (`questions`, `capacities`, `findings`, `prompts`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("seven_questions", &self.settings)?;
        for state in AnswerState::ALL {
            outcome.facts.insert(state.word().into(), json!(self.questions.iter().filter(|q| q.state == *state).count()));
        }
        for state in CapacityState::ALL {
            let count = self.capacities.iter().filter(|c| c.state == Some(*state)).count();
            outcome.facts.insert(format!("capacities_{}", state.word().replace('-', "_")), json!(count));
        }
        outcome.tables = vec![
            ("questions", self.questions_table()?),
            ("capacities", capacity_use::table(&self.capacities)?),
            ("findings", self.findings_table()?),
            ("prompts", capacity_use::prompt_table(&self.prompts)?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
