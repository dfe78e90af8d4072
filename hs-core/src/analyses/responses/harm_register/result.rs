//! The harm register: rows, and the tables made of them.

use serde::Serialize;
use serde_json::json;

use super::rows::{Harm, HarmClaim};
use super::{Assessed, AssessedState, DividerOrConnector, HarmRegister, Pathway, Prompt, Unmatched, Verdicts};
use crate::Result;
use crate::framework::Component;
use crate::tables::{Note, Outcome, Table};

/// What [`HarmRegister`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HarmRegisterResult {
    /// The settings it ran with.
    pub settings: HarmRegister,
    /// Cells that may get worse, by intervention and horizon, from the worst.
    pub harms: Vec<Harm>,
    /// What was assessed, one row an intervention or package.
    pub assessed: Vec<Assessed>,
    /// Ways by which harms come about.
    pub pathways: Vec<Pathway>,
    /// What Table III and the databank warn of.
    pub prompts: Vec<Prompt>,
    /// What divides and what connects.
    pub dividers: Vec<DividerOrConnector>,
    /// Judgements about harms that name none found.
    pub unmatched: Vec<Unmatched>,
    /// Worsenings declared without a number.
    pub claims: Vec<HarmClaim>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(HarmRegisterResult);

fn integer(count: usize) -> Option<i64> {
    i64::try_from(count).ok()
}

fn status(verdicts: &Verdicts) -> &'static str {
    if verdicts.is_decided() { "decided" } else { "open" }
}

impl HarmRegisterResult {
    fn harms_table(&self) -> Result<Table> {
        let rows = &self.harms;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("component", rows.iter().map(|r| r.component.map(Component::word)))
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("horizon", rows.iter().map(|r| Some(r.horizon.word())))
            .number("change", rows.iter().map(|r| r.change))
            .number("lower", rows.iter().map(|r| r.lower))
            .number("upper", rows.iter().map(|r| r.upper))
            .number("probability", rows.iter().map(|r| r.probability))
            .number("probability_lower", rows.iter().map(|r| r.probability_lower))
            .number("probability_upper", rows.iter().map(|r| r.probability_upper))
            .number("persons", rows.iter().map(|r| r.persons))
            .number("persons_exposed", rows.iter().map(|r| r.persons_exposed))
            .boolean("crosses", rows.iter().map(|r| r.crosses))
            .text("divider", rows.iter().map(|r| r.divider.as_ref()))
            .number("divider_probability", rows.iter().map(|r| r.divider_probability))
            .text("route", rows.iter().map(|r| Some(r.route.join(", "))))
            .text("reversibility", rows.iter().map(|r| r.verdicts.reversibility.as_ref()))
            .text("mitigation", rows.iter().map(|r| r.verdicts.mitigation.as_ref()))
            .text("decision", rows.iter().map(|r| r.verdicts.decision.as_ref()))
            .text("reason", rows.iter().map(|r| r.verdicts.reason.as_ref()))
            .text("by", rows.iter().map(|r| r.verdicts.by.as_ref()))
            .text("date", rows.iter().map(|r| r.verdicts.date.as_ref()))
            .text("status", rows.iter().map(|r| Some(status(&r.verdicts))))
            .list("earlier", rows.iter().map(|r| Some(r.verdicts.earlier.clone())))
            .text("severity_judged", rows.iter().map(|r| r.verdicts.severity.as_ref()))
            .number("severity", rows.iter().map(|r| r.severity))
            .number("net", rows.iter().map(|r| r.net))
            .text("mitigation_by", rows.iter().map(|r| r.verdicts.mitigation_by.as_ref()))
            .text("mitigation_date", rows.iter().map(|r| r.verdicts.mitigation_date.as_ref()))
            .list("decision_evidence", rows.iter().map(|r| Some(r.verdicts.evidence.clone())))
            .build()
    }

    fn assessed_table(&self) -> Result<Table> {
        let rows = &self.assessed;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("state", rows.iter().map(|r| Some(r.state.word())))
            .text("why", rows.iter().map(|r| Some(&r.why)))
            .integer("harms", rows.iter().map(|r| integer(r.harms)))
            .integer("open", rows.iter().map(|r| integer(r.open)))
            .integer("cells", rows.iter().map(|r| integer(r.cells)))
            .integer("numbers", rows.iter().map(|r| integer(r.numbers)))
            .integer("claims", rows.iter().map(|r| integer(r.claims)))
            .integer("prompts", rows.iter().map(|r| integer(r.prompts)))
            .build()
    }

    fn pathways_table(&self) -> Result<Table> {
        let rows = &self.pathways;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .integer("rank", rows.iter().map(|r| integer(r.rank)))
            .list("nodes", rows.iter().map(|r| Some(r.nodes.clone())))
            .list("links", rows.iter().map(|r| Some(r.links.clone())))
            .text("sign", rows.iter().map(|r| Some(r.sign)))
            .number("gain", rows.iter().map(|r| Some(r.gain)))
            .integer("lag", rows.iter().map(|r| i64::try_from(r.lag).ok()))
            .list("evidence", rows.iter().map(|r| Some(r.evidence.clone())))
            .text("basis", rows.iter().map(|r| Some(&r.basis)))
            .text("starts_from", rows.iter().map(|r| Some(r.starts_from)))
            .number("struck_by", rows.iter().map(|r| Some(r.struck_by)))
            .list("statements", rows.iter().map(|r| Some(r.statements.clone())))
            .list("sources", rows.iter().map(|r| Some(r.sources.clone())))
            .build()
    }

    fn prompts_table(&self) -> Result<Table> {
        let rows = &self.prompts;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("source", rows.iter().map(|r| Some(r.source.word())))
            .text("id", rows.iter().map(|r| Some(&r.id)))
            .text("from", rows.iter().map(|r| Some(r.from.word())))
            .text("to", rows.iter().map(|r| Some(r.to.word())))
            .text("outcome", rows.iter().map(|r| Some(r.outcome)))
            .text("text", rows.iter().map(|r| Some(&r.text)))
            .text("locator", rows.iter().map(|r| r.locator.as_ref()))
            .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
            .text("taken_up", rows.iter().map(|r| Some(r.taken_up.word())))
            .text("basis", rows.iter().map(|r| r.basis.as_ref()))
            .text("reference", rows.iter().map(|r| Some(&r.reference)))
            .text("standing", rows.iter().map(|_| Some("prompt, not a prediction")))
            .text("mitigation", rows.iter().map(|r| r.verdicts.mitigation.as_ref()))
            .text("decision", rows.iter().map(|r| r.verdicts.decision.as_ref()))
            .text("reason", rows.iter().map(|r| r.verdicts.reason.as_ref()))
            .text("by", rows.iter().map(|r| r.verdicts.by.as_ref()))
            .text("date", rows.iter().map(|r| r.verdicts.date.as_ref()))
            .text("status", rows.iter().map(|r| Some(status(&r.verdicts))))
            .build()
    }

    fn dividers_table(&self) -> Result<Table> {
        let rows = &self.dividers;
        Table::builder()
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("threat", rows.iter().map(|r| r.threat.as_ref()))
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .list("groups", rows.iter().map(|r| Some(r.groups.clone())))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
            .text("side", rows.iter().map(|r| Some(r.side)))
            .list("horizons", rows.iter().map(|r| Some(r.horizons.clone())))
            .list("fares_best", rows.iter().map(|r| Some(r.fares_best.clone())))
            .list("fares_worst", rows.iter().map(|r| Some(r.fares_worst.clone())))
            .number("gap", rows.iter().map(|r| r.gap))
            .text("capacity", rows.iter().map(|r| r.capacity.as_ref()))
            .number("probability", rows.iter().map(|r| r.probability))
            .text("read_from", rows.iter().map(|r| Some(&r.read_from)))
            .build()
    }

    fn unmatched_table(&self) -> Result<Table> {
        let rows = &self.unmatched;
        Table::builder()
            .text("subject", rows.iter().map(|r| Some(&r.subject)))
            .text("question", rows.iter().map(|r| Some(&r.question)))
            .text("answer", rows.iter().map(|r| Some(&r.answer)))
            .text("why", rows.iter().map(|r| Some(&r.why)))
            .text("reason", rows.iter().map(|r| r.reason.as_ref()))
            .text("by", rows.iter().map(|r| r.by.as_ref()))
            .text("date", rows.iter().map(|r| r.date.as_ref()))
            .build()
    }

    fn claims_table(&self) -> Result<Table> {
        let rows = &self.claims;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("threat", rows.iter().map(|r| r.threat.as_ref()))
            .text("component", rows.iter().map(|r| r.component.map(Component::word)))
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("evidence", rows.iter().map(|r| Some(r.evidence.as_deref().unwrap_or(super::pathways::NO_EVIDENCE))))
            .text("basis", rows.iter().map(|r| r.basis.map(|b| b.word())))
            .text("source", rows.iter().map(|r| r.source.as_ref()))
            .text("locator", rows.iter().map(|r| r.locator.as_ref()))
            .text("reversibility", rows.iter().map(|r| r.verdicts.reversibility.as_ref()))
            .text("mitigation", rows.iter().map(|r| r.verdicts.mitigation.as_ref()))
            .text("decision", rows.iter().map(|r| r.verdicts.decision.as_ref()))
            .text("reason", rows.iter().map(|r| r.verdicts.reason.as_ref()))
            .text("by", rows.iter().map(|r| r.verdicts.by.as_ref()))
            .text("date", rows.iter().map(|r| r.verdicts.date.as_ref()))
            .text("status", rows.iter().map(|r| Some(status(&r.verdicts))))
            .list("earlier", rows.iter().map(|r| Some(r.verdicts.earlier.clone())))
            .build()
    }

    /// Settings, facts, tables (`harms`, `assessed`, `pathways`, `prompts`, `dividers_connectors`, `unmatched`, `claims`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("harm_register", &self.settings)?;
        outcome.facts.insert("model".into(), json!(self.settings.externalities.model.word()));
        outcome.facts.insert("harms".into(), json!(self.harms.len()));
        outcome.facts.insert("open".into(), json!(self.harms.iter().filter(|h| !h.verdicts.is_decided()).count()));
        for state in AssessedState::ALL {
            let count = self.assessed.iter().filter(|a| a.state == *state).count();
            outcome.facts.insert(state.word().replace(' ', "_"), json!(count));
        }
        outcome.tables = vec![
            ("harms", self.harms_table()?),
            ("assessed", self.assessed_table()?),
            ("pathways", self.pathways_table()?),
            ("prompts", self.prompts_table()?),
            ("dividers_connectors", self.dividers_table()?),
            ("unmatched", self.unmatched_table()?),
            ("claims", self.claims_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
