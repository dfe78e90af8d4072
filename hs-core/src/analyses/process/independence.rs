//! Is anyone's independence at risk, and do those who act get in each other's way?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::independence_rules::{RULES, Rule, check};
use super::network::coordinate;
use super::not_considered::within;
use crate::assessment::{Actor, Role};
use crate::framework::Component;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Is anyone's independence at risk, and do those who act get in each other's way?
///
/// Cooperation, not integration: rules look at ties for who commands, funds and hears from civil society, and at mandates, committees and roles for turf and layers. A
/// flag is a question to those concerned, never a verdict on them. What nobody wrote down is `not-assessed`, never `clear`.
///
/// # Method
/// Each rule is data: what it looks for, why, where the seed says so, how to mend it. Overlap: shared over all of (component or threat, at a place) of two actors.
///
/// # Complexity
/// Ties and pairs of actors times rules.
///
/// # References
/// Civil society position paper, 2013, section 2 and recommendation 6. UNTFHS, *Human Security in Theory and Practice*, 2009, lines 396-402.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Independence {
    /// Overlap of mandates from which two actors without a tie are flagged.
    pub overlap: f64,
    /// Committees on one intervention from which layers are flagged.
    pub layers: usize,
}

impl Default for Independence {
    fn default() -> Self {
        Independence { overlap: 0.5, layers: 3 }
    }
}

/// One finding of one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndependenceRow {
    /// Id of the rule.
    pub rule: &'static str,
    /// Id of the actor whose independence or work is concerned; none where the rule found nothing.
    pub actor: Option<String>,
    /// Id of the other, or of the intervention.
    pub other: Option<String>,
    /// The tie or work it rests on.
    pub tie: Option<String>,
    /// `raised`, `clear` or `not-assessed`.
    pub flag: &'static str,
    /// What was found.
    pub why: String,
    /// Where the seed speaks of it.
    pub locator: &'static str,
    /// How to mend it.
    pub mend: &'static str,
    /// `stated` or `inferred`.
    pub basis: Option<&'static str>,
}

/// Two actors who have the same field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverlapRow {
    /// Id of an actor.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Components of both.
    pub components: Vec<Component>,
    /// Threats both protect from.
    pub threats: Vec<String>,
    /// Shared over all.
    pub overlap: f64,
    /// Whether a tie says that they coordinate or are partners.
    pub tied: bool,
}

/// Layers over one intervention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerRow {
    /// Id of the intervention.
    pub intervention: String,
    /// Committees on it.
    pub committees: Vec<String>,
    /// Actors accountable for it.
    pub accountable: usize,
    /// Whether there are too many.
    pub flag: bool,
}

/// What [`Independence`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndependenceResult {
    /// The settings.
    pub settings: Independence,
    /// By rule.
    pub rows: Vec<IndependenceRow>,
    /// By pair of actors.
    pub overlaps: Vec<OverlapRow>,
    /// By intervention.
    pub layers: Vec<LayerRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Independence {
    /// Runs the analysis.
    ///
    /// # Errors
    /// An overlap that is no share, or no layer.
    pub fn run(&self, assessment: &Assessment) -> Result<IndependenceResult> {
        if !(self.overlap > 0.0 && self.overlap <= 1.0) {
            return Err(Error::argument(format!("`overlap`: found {}, wanted a number above 0, at most 1", self.overlap)));
        }
        if self.layers == 0 {
            return Err(Error::argument("`layers`: found 0, wanted 1 or more"));
        }
        let overlaps = overlaps(assessment);
        let layers = self.layered(assessment);
        let mut rows = Vec::new();
        for rule in &RULES {
            let found = check(rule.id, assessment, self, &overlaps, &layers);
            let quiet = |flag, why: &str| row(rule, None, None, None, flag, why.to_owned(), None);
            match found {
                None => rows.push(quiet("not-assessed", rule.wanting)),
                Some(found) if found.is_empty() => rows.push(quiet("clear", "nothing of the kind is written down")),
                Some(found) => {
                    rows.extend(found.into_iter().map(|f| row(rule, Some(f.actor), Some(f.other), f.tie, "raised", f.why, Some(f.basis))))
                }
            }
        }
        let mut notes = Vec::new();
        if assessment.actors.is_empty() {
            notes.push(Note::new("no-actors", "there is no actor: no rule can be looked at", Vec::<String>::new()));
        }
        let open: Vec<&str> = rows.iter().filter(|r| r.flag == "not-assessed").map(|r| r.rule).collect();
        if !open.is_empty() {
            notes.push(Note::new("not-assessed", "these rules lack what they look at; they are not clear", open));
        }
        Ok(IndependenceResult { settings: self.clone(), rows, overlaps, layers, notes })
    }

    fn layered(&self, assessment: &Assessment) -> Vec<LayerRow> {
        let row = |intervention: &crate::assessment::Intervention| {
            let own = |c: &&crate::assessment::Committee| c.intervention.as_ref().is_none_or(|i| *i == intervention.id);
            let committees: BTreeSet<String> = assessment.committees.iter().filter(own).map(|c| c.committee.clone()).collect();
            let accountable =
                assessment.responsibilities.iter().filter(|r| r.intervention == intervention.id && r.role == Role::Accountable);
            let accountable = accountable.map(|r| r.actor.as_str()).collect::<BTreeSet<_>>().len();
            let flag = committees.len() >= self.layers;
            LayerRow { intervention: intervention.id.clone(), committees: committees.into_iter().collect(), accountable, flag }
        };
        assessment.interventions.iter().map(row).filter(|r| !r.committees.is_empty() || r.accountable > 0).collect()
    }
}

fn row(
    rule: &Rule,
    actor: Option<String>,
    other: Option<String>,
    tie: Option<String>,
    flag: &'static str,
    why: String,
    basis: Option<&'static str>,
) -> IndependenceRow {
    let why = if flag == "raised" { format!("{why}; {}", rule.reason) } else { why };
    IndependenceRow { rule: rule.id, actor, other, tie, flag, why, locator: rule.locator, mend: rule.mend, basis }
}

/// Pairs of actors that share a component or a threat where both act.
fn overlaps(assessment: &Assessment) -> Vec<OverlapRow> {
    let mut rows = Vec::new();
    for (at, first) in assessment.actors.iter().enumerate() {
        for second in assessment.actors.iter().skip(at + 1).filter(|second| meet(assessment, first, second)) {
            let components: Vec<Component> = first.mandates.iter().filter(|c| second.mandates.contains(c)).copied().collect();
            let threats: Vec<String> = first.protects_from.iter().filter(|t| second.protects_from.contains(t)).cloned().collect();
            let shared = components.len() + threats.len();
            let all = first.mandates.len() + first.protects_from.len() + second.mandates.len() + second.protects_from.len() - shared;
            if shared > 0 {
                rows.push(OverlapRow {
                    first: first.id.clone(),
                    second: second.id.clone(),
                    components,
                    threats,
                    overlap: shared as f64 / all as f64,
                    tied: coordinate(assessment, &first.id, &second.id),
                });
            }
        }
    }
    rows
}

/// Whether two actors act in one place; without places they act everywhere.
fn meet(assessment: &Assessment, first: &Actor, second: &Actor) -> bool {
    let of = |a: &String, b: &String| within(assessment, a, b) || within(assessment, b, a);
    first.places.is_empty() || second.places.is_empty() || first.places.iter().any(|a| second.places.iter().any(|b| of(a, b)))
}

crate::tables::arrow_tables!(IndependenceResult);

impl IndependenceResult {
    fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("rule", rows.iter().map(|r| Some(r.rule)))
            .text("actor", rows.iter().map(|r| r.actor.as_ref()))
            .text("other", rows.iter().map(|r| r.other.as_ref()))
            .text("tie", rows.iter().map(|r| r.tie.as_ref()))
            .text("flag", rows.iter().map(|r| Some(r.flag)))
            .text("why", rows.iter().map(|r| Some(&r.why)))
            .text("locator", rows.iter().map(|r| Some(r.locator)))
            .text("mend", rows.iter().map(|r| Some(r.mend)))
            .text("basis", rows.iter().map(|r| r.basis))
            .build()
    }

    /// Settings, facts (`raised`, `clear`, `not_assessed`), tables (`independence`, `overlap`, `layers`, `rules`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("independence", &self.settings)?;
        for (name, flag) in [("raised", "raised"), ("clear", "clear"), ("not_assessed", "not-assessed")] {
            outcome.facts.insert(name.into(), json!(self.rows.iter().filter(|r| r.flag == flag).count()));
        }
        let rows = &self.overlaps;
        let overlap = Table::builder()
            .text("first", rows.iter().map(|r| Some(&r.first)))
            .text("second", rows.iter().map(|r| Some(&r.second)))
            .list("components", rows.iter().map(|r| Some(r.components.iter().map(|c| c.word()).collect::<Vec<_>>())))
            .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
            .number("overlap", rows.iter().map(|r| Some(r.overlap)))
            .boolean("tied", rows.iter().map(|r| Some(r.tied)))
            .build()?;
        let rows = &self.layers;
        let layers = Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .list("committees", rows.iter().map(|r| Some(r.committees.clone())))
            .integer("accountable", rows.iter().map(|r| i64::try_from(r.accountable).ok()))
            .boolean("flag", rows.iter().map(|r| Some(r.flag)))
            .build()?;
        let rules = Table::builder()
            .text("rule", RULES.iter().map(|r| Some(r.id)))
            .text("question", RULES.iter().map(|r| Some(r.question)))
            .text("reason", RULES.iter().map(|r| Some(r.reason)))
            .text("locator", RULES.iter().map(|r| Some(r.locator)))
            .text("mend", RULES.iter().map(|r| Some(r.mend)))
            .build()?;
        outcome.tables = vec![("independence", self.table()?), ("overlap", overlap), ("layers", layers), ("rules", rules)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
