//! How can people take part here, at what risk, and are they answered?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::approach_rules::{APPROACH_RULES, APPROACHES, FACTORS, SAFEGUARDS, gathers};
use super::feedback_log::{FeedbackLog, FeedbackRow, ThemeRow};
use super::process_log::{ProcessRow, process};
use super::said::{Answered, Reader, strays};
use crate::assessment::{ItemTopic, Sensitivity};
use crate::kernels::quantiles::normal;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// How can people take part here, at what risk, and are they answered?
///
/// Approaches are shortlisted by rules with reasons and no score. Danger goes first: where taking part is judged dangerous nothing in person is
/// suitable, however well it would fit. What was not rated is not taken for favourable: it is listed as unrated.
///
/// # Method
/// Judgements have the subject kind `participation`: a factor with the question `rating` (`favourable`, `difficult`, `prohibitive`), or `safety` with the
/// question `risk` (`low`, `some`, `high`). Closed-loop share = answered / received with Wilson's interval; days to close by the middles of the periods.
///
/// # Complexity
/// Rules times approaches; linear in feedback and meetings.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II; Wilson, JASA 22, 1927; Hundepool et al., *Statistical Disclosure Control*, 2012.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Participation {
    /// Ids of the interventions feedback and meetings are about; all where absent.
    pub interventions: Option<Vec<String>>,
    /// The period feedback was received and meetings held in; all where absent.
    pub period: Option<String>,
    /// Fewest pieces of feedback of a cell that is shown; 0 shows all.
    pub min_n: usize,
    /// Level of the intervals, inside 0 to 1.
    pub level: f64,
}

impl Default for Participation {
    fn default() -> Self {
        Participation { interventions: None, period: None, min_n: 3, level: 0.9 }
    }
}

/// An approach with what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApproachRow {
    /// The approach.
    pub approach: &'static str,
    /// What it is.
    pub what: &'static str,
    /// `yes`, `with-safeguards`, `no` or `not-said`.
    pub suitable: &'static str,
    /// Why not, or why only with safeguards.
    pub reasons: Vec<String>,
    /// What makes it possible.
    pub safeguards: Vec<String>,
    /// How much people decide: `informed`, `consulted`, `decided-together`.
    pub depth: &'static str,
    /// Factors nobody rated, and `safety` where nobody judged the risk.
    pub unrated: Vec<&'static str>,
    /// Ids of the rules that hold.
    pub rules: Vec<&'static str>,
}

/// A factor as it was rated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactorRow {
    /// The factor.
    pub factor: &'static str,
    /// What it is.
    pub what: &'static str,
    /// The rating.
    pub said: Answered,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// Whether to go ahead in person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskRow {
    /// `go`, `go-with-safeguards`, `no-go` or `not-said`.
    pub go: &'static str,
    /// The judged risk.
    pub said: Answered,
    /// Why.
    pub because: String,
    /// What it asks for.
    pub safeguards: Vec<String>,
}

/// What [`Participation`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParticipationResult {
    /// The settings.
    pub settings: Participation,
    /// By approach.
    pub approaches: Vec<ApproachRow>,
    /// By factor.
    pub factors: Vec<FactorRow>,
    /// The risk of taking part.
    pub risk: RiskRow,
    /// Feedback: all, by place, by place and group.
    pub feedback: Vec<FeedbackRow>,
    /// Feedback by theme.
    pub themes: Vec<ThemeRow>,
    /// Meetings by kind.
    pub process: Vec<ProcessRow>,
    /// Items on trust, legitimacy, relation and cohesion, with their answers: process beside outcomes.
    pub relation_items: usize,
    /// Answers to them.
    pub relation_answers: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Participation {
    /// Reads ratings, feedback and meetings.
    ///
    /// # Errors
    /// `NotFound` for an intervention that is not there; `Argument` for a level or period that is none.
    pub fn run(&self, assessment: &Assessment) -> Result<ParticipationResult> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        let z =
            normal(self.level).ok_or_else(|| Error::argument(format!("`level`: found {}, wanted a number inside 0 to 1", self.level)))?;
        let (mut reader, mut notes) = (Reader::default(), Vec::new());
        let factors: Vec<FactorRow> = FACTORS
            .iter()
            .map(|(factor, what, locator)| {
                let said = reader.answer(assessment, "participation", factor, "rating", &["favourable", "difficult", "prohibitive"]);
                FactorRow { factor, what, said, locator }
            })
            .collect();
        let said = reader.answer(assessment, "participation", "safety", "risk", &["low", "some", "high"]);
        let risk = risk(assessment, said, &factors);
        let approaches = approaches(&factors, &risk);
        let log = FeedbackLog { settings: self, z }.read(assessment, &mut notes)?;
        let process = process(assessment, self, &mut notes)?;
        let known = |id: &str, question: &str| {
            (id == "safety" && question == "risk") || (question == "rating" && FACTORS.iter().any(|(factor, ..)| *factor == id))
        };
        strays(assessment, "participation", &known, &mut notes);
        reader.notes(&mut notes);
        let relation = [ItemTopic::Trust, ItemTopic::Legitimacy, ItemTopic::Relation, ItemTopic::Cohesion];
        let items: Vec<&str> =
            assessment.items.iter().filter(|i| i.about.is_some_and(|a| relation.contains(&a))).map(|i| i.id.as_str()).collect();
        Ok(ParticipationResult {
            settings: self.clone(),
            approaches,
            factors,
            risk,
            feedback: log.0,
            themes: log.1,
            process,
            relation_answers: assessment.answers.iter().filter(|a| items.contains(&a.item.as_str())).count(),
            relation_items: items.len(),
            notes,
        })
    }
}

fn risk(assessment: &Assessment, said: Answered, factors: &[FactorRow]) -> RiskRow {
    let hazard = factors.iter().find(|f| f.factor == "hazard").and_then(|f| f.said.answer.as_deref());
    let (go, because) = match (said.answer.as_deref(), hazard) {
        (Some("high"), _) => ("no-go", "the risk of taking part is judged high".to_owned()),
        (_, Some("prohibitive")) => ("no-go", "hazards are rated prohibitive".to_owned()),
        (Some("some"), _) => ("go-with-safeguards", "some risk of taking part is judged".to_owned()),
        (Some(_), Some("difficult")) => ("go-with-safeguards", "the risk is judged low, hazards are rated difficult".to_owned()),
        (Some(_), _) => ("go", "the risk of taking part is judged low".to_owned()),
        (None, _) => ("not-said", "nobody judged the risk of taking part: judge it before asking people to come".to_owned()),
    };
    let mut safeguards: Vec<String> = Vec::new();
    if go != "go" && go != "not-said" {
        safeguards.extend(SAFEGUARDS.iter().map(|(_, words)| (*words).to_owned()));
    }
    if matches!(assessment.sensitivity, Some(Sensitivity::Restricted | Sensitivity::Strict)) {
        safeguards.push("the assessment is marked sensitive: share no place or group so small that people can be known by it".to_owned());
    }
    RiskRow { go, said, because, safeguards }
}

fn approaches(factors: &[FactorRow], risk: &RiskRow) -> Vec<ApproachRow> {
    let rating = |factor: &str| factors.iter().find(|f| f.factor == factor).and_then(|f| f.said.answer.as_deref());
    let mut unrated: Vec<&'static str> = factors.iter().filter(|f| f.said.answer.is_none()).map(|f| f.factor).collect();
    let none_rated = unrated.len() == factors.len() && risk.said.answer.is_none();
    if risk.said.answer.is_none() {
        unrated.push("safety");
    }
    let row = |approach: &super::approach_rules::Approach| {
        let (mut reasons, mut safeguards, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        let mut ruled_out = false;
        if approach.in_person && risk.go == "no-go" {
            ruled_out = true;
            reasons.push(format!("safety: {}", risk.because));
            rules.push("safety-first");
        } else if risk.go == "go-with-safeguards" && (approach.in_person || gathers(approach.id)) {
            reasons.push(format!("safety: {}", risk.because));
            safeguards.extend(risk.safeguards.iter().cloned());
            rules.push("safety-first");
        }
        for rule in APPROACH_RULES.iter().filter(|r| r.approaches.contains(&approach.id)) {
            let holds = matches!((rating(rule.factor), rule.rating), (Some("prohibitive"), _) | (Some("difficult"), "difficult"));
            if holds {
                reasons.push(format!("{}: {}", rule.factor, rule.reason));
                rules.push(rule.id);
                ruled_out |= rule.rules_out;
                if !rule.rules_out {
                    safeguards.push(rule.safeguard.to_owned());
                }
            }
        }
        let suitable = match (none_rated, ruled_out, reasons.is_empty()) {
            (true, ..) => "not-said",
            (_, true, _) => "no",
            (_, _, true) => "yes",
            _ => "with-safeguards",
        };
        if ruled_out {
            safeguards.clear();
        }
        ApproachRow {
            approach: approach.id,
            what: approach.what,
            suitable,
            reasons,
            safeguards,
            depth: approach.depth,
            unrated: unrated.clone(),
            rules,
        }
    };
    APPROACHES.iter().map(row).collect()
}

crate::tables::arrow_tables!(ParticipationResult);

impl ParticipationResult {
    fn approaches_table(&self) -> Result<Table> {
        let rows = || self.approaches.iter();
        Table::builder()
            .text("approach", rows().map(|r| Some(r.approach)))
            .text("suitable", rows().map(|r| Some(r.suitable)))
            .list("reasons", rows().map(|r| Some(r.reasons.clone())))
            .list("safeguards", rows().map(|r| Some(r.safeguards.clone())))
            .text("what", rows().map(|r| Some(r.what)))
            .text("depth", rows().map(|r| Some(r.depth)))
            .list("unrated", rows().map(|r| Some(r.unrated.clone())))
            .list("rules", rows().map(|r| Some(r.rules.clone())))
            .build()
    }

    fn factors_table(&self) -> Result<Table> {
        let rows = || self.factors.iter();
        Table::builder()
            .text("factor", rows().map(|r| Some(r.factor)))
            .text("rating", rows().map(|r| r.said.answer.as_deref()))
            .text("by", rows().map(|r| r.said.by.as_deref()))
            .text("date", rows().map(|r| r.said.date.as_deref()))
            .text("state", rows().map(|r| Some(if r.said.answer.is_some() { "said" } else { "not-said" })))
            .text("what", rows().map(|r| Some(r.what)))
            .text("reason", rows().map(|r| r.said.reason.as_deref()))
            .integer("evidence", rows().map(|r| i64::try_from(r.said.evidence).ok()))
            .list("earlier", rows().map(|r| Some(r.said.earlier.clone())))
            .text("locator", rows().map(|r| Some(r.locator)))
            .build()
    }

    fn risk_table(&self) -> Result<Table> {
        let risk = || [&self.risk].into_iter();
        Table::builder()
            .text("go", risk().map(|r| Some(r.go)))
            .text("risk", risk().map(|r| r.said.answer.as_deref()))
            .text("because", risk().map(|r| Some(r.because.as_str())))
            .list("safeguards", risk().map(|r| Some(r.safeguards.clone())))
            .text("by", risk().map(|r| r.said.by.as_deref()))
            .text("date", risk().map(|r| r.said.date.as_deref()))
            .integer("evidence", risk().map(|r| i64::try_from(r.said.evidence).ok()))
            .text("locator", risk().map(|_| Some("lines 461,494")))
            .build()
    }

    fn rules_table() -> Result<Table> {
        let rows = || APPROACH_RULES.iter();
        Table::builder()
            .text("rule", rows().map(|r| Some(r.id)))
            .text("factor", rows().map(|r| Some(r.factor)))
            .text("rating", rows().map(|r| Some(r.rating)))
            .list("approaches", rows().map(|r| Some(r.approaches.to_vec())))
            .boolean("rules_out", rows().map(|r| Some(r.rules_out)))
            .text("reason", rows().map(|r| Some(r.reason)))
            .text("safeguard", rows().map(|r| (!r.safeguard.is_empty()).then_some(r.safeguard)))
            .build()
    }

    /// Settings, facts, tables (`participation`, `factors`, `risk`, `feedback`, `process`, `themes`, `rules`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("participation", &self.settings)?;
        let all = self.feedback.first();
        let shown = all.filter(|r| r.state != "suppressed");
        outcome.facts.insert("go".into(), json!(self.risk.go));
        outcome.facts.insert("received".into(), json!(shown.map(|r| r.received)));
        outcome.facts.insert("answered".into(), json!(shown.map(|r| r.answered)));
        outcome.facts.insert("closed_share".into(), json!(shown.and_then(|r| r.closed_share)));
        outcome.facts.insert("closed_share_lower".into(), json!(shown.and_then(|r| r.interval.map(|i| i.0))));
        outcome.facts.insert("closed_share_upper".into(), json!(shown.and_then(|r| r.interval.map(|i| i.1))));
        outcome.facts.insert("median_days".into(), json!(shown.and_then(|r| r.median_days)));
        outcome.facts.insert("relation_items".into(), json!(self.relation_items));
        outcome.facts.insert("relation_answers".into(), json!(self.relation_answers));
        outcome.tables = vec![
            ("participation", self.approaches_table()?),
            ("factors", self.factors_table()?),
            ("risk", self.risk_table()?),
            ("feedback", FeedbackRow::table(&self.feedback)?),
            ("process", ProcessRow::table(&self.process)?),
            ("themes", ThemeRow::table(&self.themes)?),
            ("rules", Self::rules_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
