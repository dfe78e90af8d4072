//! What is thin or missing in an assessment that is otherwise in order.

mod evidence;
mod people;
mod responses;
mod situation;

use serde::Serialize;

use super::{Assessment, Basis, Provenance};
use crate::Result;
use crate::tables::{Outcome, Table};

/// One thing that is thin, missing or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about, in one word: `component`, `threat`, `linkage`, `basis` and so on.
    pub subject: &'static str,
    /// Its id or word; none where the whole assessment is meant.
    pub id: Option<String>,
    /// What was found, as a sentence.
    pub finding: String,
    /// What to do about it; none where there is nothing to do.
    pub advice: Option<String>,
}

/// How many statements rest on what.
///
/// A statement is a population, threat, condition, capacity, linkage, intervention, effect, externality, actor, responsibility,
/// observation, perception, priority, tie, answer, story, committee, meeting, feedback or resource. Sources, places, groups, partitions, indicators and items only name things; judgements decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Statements {
    /// All of them.
    pub statements: usize,
    /// Their source says so.
    pub stated: usize,
    /// The coder's reading.
    pub inferred: usize,
    /// A measurement.
    pub measured: usize,
    /// They do not say.
    pub unsaid: usize,
}

/// What [`Assessment::check`] found; none of it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// The findings: the situation, the people, the responses, the evidence.
    pub findings: Vec<Finding>,
    /// How many statements rest on what.
    pub statements: Statements,
}

crate::tables::arrow_tables!(CheckResult);

impl CheckResult {
    /// The table `findings` (subject, id, finding, advice) and the counts of statements as facts.
    ///
    /// # Errors
    /// Only on a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("check", &serde_json::json!({}))?;
        if let serde_json::Value::Object(facts) = serde_json::json!(self.statements) {
            outcome.facts = facts;
        }
        let findings = &self.findings;
        let table = Table::builder()
            .text("subject", findings.iter().map(|row| Some(row.subject)))
            .text("id", findings.iter().map(|row| row.id.as_deref()))
            .text("finding", findings.iter().map(|row| Some(row.finding.as_str())))
            .text("advice", findings.iter().map(|row| row.advice.as_deref()))
            .build()?;
        outcome.tables.push(("findings", table));
        Ok(outcome)
    }
}

impl Assessment {
    /// What is thin or missing? Not errors: what a reader should know before trusting a result.
    ///
    /// Looks for components without threats, threats without conditions, links without numbers, interventions without declared
    /// externalities or horizon, groups without data, places without populations, actors without a part and responsibilities
    /// without a holder, and tells what share of the statements is stated, inferred, measured or does not say.
    ///
    /// # Errors
    /// None at present; the result is a `Result` as that of every analysis.
    ///
    /// # Examples
    /// ```
    /// let assessment = hs_core::Assessment::from_json(r#"{"schema": "human-security/1", "id": "a", "title": "A"}"#)?;
    /// let check = assessment.check()?;
    /// assert!(check.findings.iter().any(|row| row.subject == "component" && row.id.as_deref() == Some("food")));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn check(&self) -> Result<CheckResult> {
        let mut findings = Findings(Vec::new());
        situation::check(self, &mut findings);
        people::check(self, &mut findings);
        responses::check(self, &mut findings);
        let statements = evidence::check(self, &mut findings);
        Ok(CheckResult { findings: findings.0, statements })
    }

    /// The provenance of every statement, with the name of its array.
    fn statements(&self) -> impl Iterator<Item = (&'static str, &Provenance)> {
        fn of<'a, T>(
            name: &'static str,
            items: &'a [T],
            provenance: fn(&T) -> &Provenance,
        ) -> impl Iterator<Item = (&'static str, &'a Provenance)> {
            items.iter().map(move |item| (name, provenance(item)))
        }
        of("populations", &self.populations, |x| &x.provenance)
            .chain(of("threats", &self.threats, |x| &x.provenance))
            .chain(of("conditions", &self.conditions, |x| &x.provenance))
            .chain(of("capacities", &self.capacities, |x| &x.provenance))
            .chain(of("linkages", &self.linkages, |x| &x.provenance))
            .chain(of("interventions", &self.interventions, |x| &x.provenance))
            .chain(self.interventions.iter().flat_map(|x| of("effects", &x.effects, |x| &x.provenance)))
            .chain(self.interventions.iter().flat_map(|x| of("externalities", &x.externalities, |x| &x.provenance)))
            .chain(of("actors", &self.actors, |x| &x.provenance))
            .chain(of("responsibilities", &self.responsibilities, |x| &x.provenance))
            .chain(of("observations", &self.observations, |x| &x.provenance))
            .chain(of("perceptions", &self.perceptions, |x| &x.provenance))
            .chain(of("priorities", &self.priorities, |x| &x.provenance))
            .chain(of("ties", &self.ties, |x| &x.provenance))
            .chain(of("answers", &self.answers, |x| &x.provenance))
            .chain(of("stories", &self.stories, |x| &x.provenance))
            .chain(of("committees", &self.committees, |x| &x.provenance))
            .chain(of("meetings", &self.meetings, |x| &x.provenance))
            .chain(of("feedback", &self.feedback, |x| &x.provenance))
            .chain(of("resources", &self.resources, |x| &x.provenance))
    }
}

impl Statements {
    fn count(&mut self, basis: Option<Basis>) {
        self.statements += 1;
        *match basis {
            Some(Basis::Stated) => &mut self.stated,
            Some(Basis::Inferred) => &mut self.inferred,
            Some(Basis::Measured) => &mut self.measured,
            None => &mut self.unsaid,
        } += 1;
    }
}

/// Findings as they come.
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, subject: &'static str, id: &str, finding: impl Into<String>, advice: &str) {
        self.0.push(Finding { subject, id: Some(id.into()), finding: finding.into(), advice: Some(advice.into()) });
    }

    fn whole(&mut self, finding: impl Into<String>, advice: &str) {
        self.0.push(Finding { subject: "assessment", id: None, finding: finding.into(), advice: Some(advice.into()) });
    }
}

/// `1 place`, `2 places`.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
