//! Which measures call for a closer look, and why?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::said::{Answered, Reader};
use super::screen_roots::{Oversight, RootCoverage, coverage, oversight};
use super::screen_rules::{RULES, ScreenRule, Test};
use crate::assessment::{Intervention, Measure, Outcome as Direction};
use crate::framework::{Component, Horizon};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Which measures call for a closer look, and why?
///
/// Rules on measures of disarmament, security-sector reform, policing, military means, counter-extremism and suppression of crime, and on conflict
/// sensitivity everywhere. They judge measures and how they are arranged, never people: no group is a threat. What is not said is not assessed, never clear.
///
/// # Method
/// Rules are data. `raised` where a rule's condition holds, `clear` where it does not and, if asked for, evidence says so, `not-assessed` where what it asks is not
/// said. Answers are judgements of the subject kind `intervention`: `consultation`, `oversight`, `rights-review`, `root-causes`.
///
/// # Complexity
/// Interventions times rules.
///
/// # References
/// Civil Society Network for Human Security, *The Human Security Approach in Conflict Prevention and Peacebuilding*, 2013; UNTFHS, *Human Security in Theory and
/// Practice*, 2009, Table III; Anderson, *Do No Harm*, 1999.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screens {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Whether an answer clears a measure only with evidence.
    pub evidence: bool,
}

impl Default for Screens {
    fn default() -> Self {
        Screens { interventions: None, evidence: true }
    }
}

crate::framework::words::words!(
    /// What a rule says of a measure.
    Flag {
        /// Its condition holds.
        Raised = "raised",
        /// It does not.
        Clear = "clear",
        /// What it asks is not said, or said without evidence.
        NotAssessed = "not-assessed",
    }
);

/// A rule on a measure of an intervention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScreenRow {
    /// The rule.
    pub rule: &'static str,
    /// The intervention.
    pub intervention: String,
    /// The measure; none for rules on every strategy.
    pub measure: Option<Measure>,
    /// What the rule says.
    pub flag: Flag,
    /// What was found.
    pub why: String,
    /// What is wanting for it to be assessed or cleared.
    pub wanting: Option<String>,
    /// Why there is such a rule.
    pub reason: &'static str,
    /// What would mend it.
    pub mend: &'static str,
    /// Lines that give the reason.
    pub locator: &'static str,
}

/// How an intervention and its context act on each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interaction {
    /// The intervention.
    pub intervention: String,
    /// `on-context` or `from-context`.
    pub direction: &'static str,
    /// The threat, component or capacity.
    pub subject: String,
    /// `better`, `worse`, `feeds-its-target`, `dampens-its-target` or `capacity-missing`.
    pub effect: &'static str,
    /// The place, where named.
    pub place: Option<String>,
    /// The group, where named.
    pub group: Option<String>,
}

/// What [`Screens`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScreensResult {
    /// The settings.
    pub settings: Screens,
    /// By rule, intervention and measure.
    pub rows: Vec<ScreenRow>,
    /// By component: strategies by horizon, and whether its root causes are worked on.
    pub roots: Vec<RootCoverage>,
    /// Measures of force with who carries them out and who oversees them.
    pub oversight: Vec<Oversight>,
    /// Both ways.
    pub interactions: Vec<Interaction>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Answers on one intervention.
pub(super) struct Answers {
    pub(super) consultation: Answered,
    pub(super) oversight: Answered,
    rights: Answered,
    roots: Answered,
}

impl Answers {
    fn read(reader: &mut Reader, assessment: &Assessment, id: &str) -> Answers {
        let mut ask = |question: &str, words: &[&str]| reader.answer(assessment, "intervention", id, question, words);
        Answers {
            consultation: ask("consultation", &["none", "informed", "consulted", "decided-together"]),
            oversight: ask("oversight", &["none", "partly", "yes"]),
            rights: ask("rights-review", &["yes", "no"]),
            roots: ask("root-causes", &["yes", "no"]),
        }
    }
}

type Found = (Flag, String, Option<String>);

/// A question whose answer raises or clears.
fn by_answer(said: &Answered, question: &str, raises: &[&str], evidence: bool) -> Found {
    match said.answer.as_deref() {
        None => {
            (Flag::NotAssessed, format!("nobody said anything of {question}"), Some(format!("a judgement on {question}, with evidence")))
        }
        Some(answer) if raises.contains(&answer) => (Flag::Raised, format!("{question}: {answer}"), None),
        Some(answer) if evidence && said.evidence == 0 => {
            (Flag::NotAssessed, format!("{question}: {answer}, without evidence"), Some(format!("evidence for {question}")))
        }
        Some(answer) => (Flag::Clear, format!("{question}: {answer}"), None),
    }
}

impl Screens {
    /// Asks every rule of every measure.
    ///
    /// # Errors
    /// `NotFound` for an intervention that is not there.
    pub fn run(&self, assessment: &Assessment) -> Result<ScreensResult> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        let asked: Vec<&Intervention> =
            assessment.interventions.iter().filter(|i| self.interventions.as_ref().is_none_or(|ids| ids.contains(&i.id))).collect();
        let (mut reader, mut notes) = (Reader::default(), Vec::new());
        let (mut rows, mut watched) = (Vec::new(), Vec::new());
        for intervention in &asked {
            let answers = Answers::read(&mut reader, assessment, &intervention.id);
            for rule in &RULES {
                let own = intervention.measures.iter().filter(|m| rule.measures.contains(m)).copied().map(Some);
                let measures: Vec<Option<Measure>> = if rule.measures.is_empty() { vec![None] } else { own.collect() };
                for measure in measures {
                    let (flag, why, wanting) = self.ask(assessment, intervention, rule, &answers);
                    rows.push(ScreenRow {
                        rule: rule.id,
                        intervention: intervention.id.clone(),
                        measure,
                        flag,
                        why,
                        wanting,
                        reason: rule.reason,
                        mend: rule.mend,
                        locator: rule.locator,
                    });
                }
            }
            watched.extend(oversight(assessment, intervention, &answers));
        }
        let silent: Vec<&str> = asked.iter().filter(|i| i.measures.is_empty()).map(|i| i.id.as_str()).collect();
        if !silent.is_empty() {
            let message = "strategies say nothing of `measures`: only the rules on every strategy were asked of them";
            notes.push(Note::new("measures-not-said", message, silent));
        }
        reader.notes(&mut notes);
        let interactions = asked.iter().flat_map(|i| interactions(assessment, i)).collect();
        Ok(ScreensResult { settings: self.clone(), rows, roots: coverage(assessment, &asked), oversight: watched, interactions, notes })
    }

    fn ask(&self, assessment: &Assessment, intervention: &Intervention, rule: &ScreenRule, answers: &Answers) -> Found {
        let clear = |why: &str| (Flag::Clear, why.to_owned(), None);
        let raised = |why: String| (Flag::Raised, why, None);
        let low = ["none", "informed"];
        match rule.test {
            Test::ShortWithoutConsultation => {
                let (flag, why, wanting) = by_answer(&answers.consultation, "consultation", &low, self.evidence);
                match (intervention.horizon, flag) {
                    (Some(Horizon::Short), _) => (flag, format!("for the short term; {why}"), wanting),
                    (Some(horizon), _) => clear(&format!("for the {horizon} term")),
                    (None, Flag::Clear) => (flag, why, wanting),
                    (None, _) => (Flag::NotAssessed, format!("its horizon is not said; {why}"), Some("its horizon".to_owned())),
                }
            }
            Test::WithoutConsultation => by_answer(&answers.consultation, "consultation", &low, self.evidence),
            Test::InteractionDeclared => match intervention.externalities.len() {
                0 => raised("no externality is declared, for better or worse".to_owned()),
                n => {
                    let worse = intervention.externalities.iter().filter(|e| e.outcome == Direction::Worse).count();
                    clear(&format!("{n} declared, {worse} of them worse"))
                }
            },
            Test::TensionDeclared => tension(assessment, intervention),
            Test::RightsReview => by_answer(&answers.rights, "rights-review", &["no"], self.evidence),
            Test::CurbsLiberties => raised("the measure curbs liberties or civic space".to_owned()),
            Test::RootCauses => by_answer(&answers.roots, "root-causes", &["no"], self.evidence),
            Test::WithMilitary if intervention.measures.contains(&Measure::Military) => {
                raised("it holds a military measure too".to_owned())
            }
            Test::WithMilitary => clear("it holds no military measure"),
            Test::SuppressionAlone => suppression(assessment, intervention),
            Test::Oversight => by_answer(&answers.oversight, "oversight", &["none", "partly"], self.evidence),
            Test::CivilianWork => {
                let civil = [Component::Economic, Component::Food, Component::Health, Component::Environmental];
                let touched: Vec<&str> =
                    [intervention.component].iter().chain(&intervention.also).filter(|c| civil.contains(c)).map(|c| c.word()).collect();
                if touched.is_empty() {
                    clear("it targets no civilian component")
                } else {
                    raised(format!("it targets {} security", touched.join(", ")))
                }
            }
            Test::DualRole => {
                let dual = super::screen_roots::dual(assessment, intervention);
                let named = super::screen_roots::carriers(assessment, intervention).len();
                match (dual.is_empty(), named) {
                    (false, _) => raised(format!("{} also named as a source of a threat", dual.join(", "))),
                    (true, 0) => (Flag::NotAssessed, "no actor is named".to_owned(), Some("the actors that carry it out".to_owned())),
                    (true, n) => clear(&format!("none of {n} named as a source of a threat")),
                }
            }
            Test::Complaints => {
                match assessment.feedback.iter().filter(|f| f.intervention.as_deref() == Some(intervention.id.as_str())).count() {
                    0 => (
                        Flag::NotAssessed,
                        "no feedback is recorded: nobody complained, or nobody could".to_owned(),
                        Some("a safe way to complain, and what came by it".to_owned()),
                    ),
                    _ => clear("feedback on it is recorded"),
                }
            }
        }
    }
}

/// Worsenings that are declared where tensions show.
fn tension(assessment: &Assessment, intervention: &Intervention) -> Found {
    let component = |e: &crate::assessment::Externality| {
        e.component.or_else(|| assessment.threats.iter().find(|t| Some(&t.id) == e.threat.as_ref()).map(|t| t.component))
    };
    let tense = [Component::Personal, Component::Community, Component::Political];
    let beyond = intervention.externalities.iter().filter(|e| e.outcome == Direction::Worse).filter_map(component);
    // a worsening that stands among the effects is declared as well
    let direct = intervention.effects.iter().filter(|e| e.outcome == Some(Direction::Worse));
    let direct = direct.filter_map(|e| assessment.threats.iter().find(|t| t.id == e.threat)).map(|t| t.component);
    let worse: BTreeSet<&str> = beyond.chain(direct).filter(|c| tense.contains(c)).map(Component::word).collect();
    if intervention.externalities.is_empty() && worse.is_empty() {
        return (Flag::NotAssessed, "no externality is declared".to_owned(), Some("its externalities, for better and worse".to_owned()));
    }
    if worse.is_empty() {
        return (Flag::Clear, "no worsening is declared there".to_owned(), None);
    }
    let worse: Vec<&str> = worse.into_iter().collect();
    (Flag::Raised, format!("declared to worsen {} security", worse.join(", ")), None)
}

/// Suppression for the short term with nothing beside it.
fn suppression(assessment: &Assessment, intervention: &Intervention) -> Found {
    let own: Vec<Component> = [intervention.component].into_iter().chain(intervention.also.iter().copied()).collect();
    let longer: Vec<&str> = assessment
        .interventions
        .iter()
        .filter(|i| i.id != intervention.id && matches!(i.horizon, Some(Horizon::Medium | Horizon::Long)))
        .filter(|i| !i.measures.contains(&Measure::CrimeSuppression))
        .filter(|i| own.contains(&i.component) || i.also.iter().any(|c| own.contains(c)))
        .map(|i| i.id.as_str())
        .collect();
    match (intervention.horizon, longer.is_empty()) {
        (None, _) => (Flag::NotAssessed, "its horizon is not said".to_owned(), Some("its horizon".to_owned())),
        (Some(Horizon::Short), true) => {
            (Flag::Raised, "for the short term, and no strategy of a longer term stands in its component".to_owned(), None)
        }
        (Some(Horizon::Short), false) => (Flag::Clear, format!("longer strategies stand beside it: {}", longer.join(", ")), None),
        (Some(horizon), _) => (Flag::Clear, format!("for the {horizon} term"), None),
    }
}

/// What the intervention does to its context, and the context to it.
fn interactions(assessment: &Assessment, intervention: &Intervention) -> Vec<Interaction> {
    let row = |direction, subject: &str, effect, place: Option<&String>, group: Option<&String>| Interaction {
        intervention: intervention.id.clone(),
        direction,
        subject: subject.to_owned(),
        effect,
        place: place.cloned(),
        group: group.cloned(),
    };
    let mut out = Vec::new();
    for e in &intervention.externalities {
        let subject = e.threat.as_deref().or(e.component.map(Component::word)).unwrap_or_default();
        out.push(row("on-context", subject, e.outcome.word(), e.place.as_ref(), e.group.as_ref()));
    }
    for e in intervention.effects.iter().filter(|e| e.outcome == Some(Direction::Worse)) {
        out.push(row("on-context", &e.threat, Direction::Worse.word(), e.place.as_ref(), e.group.as_ref()));
    }
    let aims: BTreeSet<&str> = intervention.effects.iter().map(|e| e.threat.as_str()).collect();
    for l in assessment.linkages.iter().filter(|l| aims.contains(l.to.as_str()) && !aims.contains(l.from.as_str())) {
        let effect = match l.effect {
            crate::assessment::LinkEffect::Feeds => "feeds-its-target",
            crate::assessment::LinkEffect::Dampens => "dampens-its-target",
        };
        out.push(row("from-context", &l.from, effect, None, None));
    }
    for id in intervention.needs_capacities.iter().filter(|id| assessment.capacities.iter().any(|c| c.id == **id && c.level.get() <= 0.0)) {
        out.push(row("from-context", id, "capacity-missing", None, None));
    }
    out
}

crate::tables::arrow_tables!(ScreensResult);

impl ScreensResult {
    fn rows_table(&self) -> Result<Table> {
        let rows = || self.rows.iter();
        Table::builder()
            .text("rule", rows().map(|r| Some(r.rule)))
            .text("intervention", rows().map(|r| Some(r.intervention.as_str())))
            .text("measure", rows().map(|r| r.measure.map(Measure::word)))
            .text("flag", rows().map(|r| Some(r.flag.word())))
            .text("why", rows().map(|r| Some(r.why.as_str())))
            .text("wanting", rows().map(|r| r.wanting.as_deref()))
            .text("locator", rows().map(|r| Some(r.locator)))
            .text("reason", rows().map(|r| Some(r.reason)))
            .text("mend", rows().map(|r| Some(r.mend)))
            .build()
    }

    fn interactions_table(&self) -> Result<Table> {
        let rows = || self.interactions.iter();
        Table::builder()
            .text("intervention", rows().map(|r| Some(r.intervention.as_str())))
            .text("direction", rows().map(|r| Some(r.direction)))
            .text("subject", rows().map(|r| Some(r.subject.as_str())))
            .text("effect", rows().map(|r| Some(r.effect)))
            .text("place", rows().map(|r| r.place.as_deref()))
            .text("group", rows().map(|r| r.group.as_deref()))
            .build()
    }

    fn rules_table() -> Result<Table> {
        let rows = || RULES.iter();
        Table::builder()
            .text("rule", rows().map(|r| Some(r.id)))
            .list("measures", rows().map(|r| Some(r.measures.iter().map(|m| m.word()).collect())))
            .text("condition", rows().map(|r| Some(r.condition)))
            .text("reason", rows().map(|r| Some(r.reason)))
            .text("mend", rows().map(|r| Some(r.mend)))
            .text("locator", rows().map(|r| Some(r.locator)))
            .build()
    }

    /// Settings, facts, tables (`screens`, `root_coverage`, `oversight`, `interactions`, `rules`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("screens", &self.settings)?;
        for flag in Flag::ALL {
            let n = self.rows.iter().filter(|r| r.flag == *flag).count();
            outcome.facts.insert(flag.word().replace('-', "_"), json!(n));
        }
        outcome.tables = vec![
            ("screens", self.rows_table()?),
            ("root_coverage", RootCoverage::table(&self.roots)?),
            ("oversight", Oversight::table(&self.oversight)?),
            ("interactions", self.interactions_table()?),
            ("rules", Self::rules_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
