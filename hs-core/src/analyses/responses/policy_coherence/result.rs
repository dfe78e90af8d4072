//! What coherence there is: rows, and the tables made of them.

use serde::Serialize;
use serde_json::json;

use super::{Conflict, DualRole, Duplicate, PolicyCoherence, Substitution, SubstitutionFlag, Tension};
use crate::Result;
use crate::framework::Component;
use crate::tables::{Note, Outcome, Table};

/// What [`PolicyCoherence`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyCoherenceResult {
    /// The settings it ran with.
    pub settings: PolicyCoherence,
    /// Pairs that push one cell in opposite directions.
    pub conflicts: Vec<Conflict>,
    /// Pairs that do the same.
    pub duplicates: Vec<Duplicate>,
    /// Gains at one horizon that are harms at another.
    pub tensions: Vec<Tension>,
    /// Interventions that may stand in for the state.
    pub substitution: Vec<Substitution>,
    /// Who protects from a threat and who is a source of it.
    pub dual_roles: Vec<DualRole>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Tension {
    /// One row a tension.
    pub(crate) fn table(rows: &[Tension]) -> Result<Table> {
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("better_at", rows.iter().map(|r| Some(r.better_at)))
            .number("better", rows.iter().map(|r| Some(r.better)))
            .text("worse_at", rows.iter().map(|r| Some(r.worse_at)))
            .number("worse", rows.iter().map(|r| Some(r.worse)))
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("component", rows.iter().map(|r| r.component.map(Component::word)))
            .number("persons", rows.iter().map(|r| r.persons))
            .build()
    }
}

crate::tables::arrow_tables!(PolicyCoherenceResult);

impl PolicyCoherenceResult {
    fn conflicts_table(&self) -> Result<Table> {
        let rows = &self.conflicts;
        Table::builder()
            .text("first", rows.iter().map(|r| Some(&r.first)))
            .text("second", rows.iter().map(|r| Some(&r.second)))
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("component", rows.iter().map(|r| r.component.map(Component::word)))
            .text("place", rows.iter().map(|r| r.place.as_ref()))
            .text("group", rows.iter().map(|r| r.group.as_ref()))
            .text("horizon", rows.iter().map(|r| Some(r.horizon)))
            .text("better_by", rows.iter().map(|r| Some(&r.better_by)))
            .text("worse_by", rows.iter().map(|r| Some(&r.worse_by)))
            .number("better", rows.iter().map(|r| r.better))
            .number("worse", rows.iter().map(|r| Some(r.worse)))
            .number("persons", rows.iter().map(|r| r.persons))
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .number("rank", rows.iter().map(|r| r.rank))
            .boolean("excluded", rows.iter().map(|r| Some(r.excluded)))
            .build()
    }

    fn duplicates_table(&self) -> Result<Table> {
        let rows = &self.duplicates;
        Table::builder()
            .text("first", rows.iter().map(|r| Some(&r.first)))
            .text("second", rows.iter().map(|r| Some(&r.second)))
            .integer("shared", rows.iter().map(|r| i64::try_from(r.shared).ok()))
            .number("overlap", rows.iter().map(|r| Some(r.overlap)))
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .list("actors", rows.iter().map(|r| Some(r.actors.clone())))
            .list("places", rows.iter().map(|r| Some(r.places.clone())))
            .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
            .build()
    }

    fn substitution_table(&self) -> Result<Table> {
        let rows = &self.substitution;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .boolean("state_actor_present", rows.iter().map(|r| Some(r.state_actor_present)))
            .list("providers", rows.iter().map(|r| Some(r.providers.clone())))
            .text("flag", rows.iter().map(|r| Some(r.flag.word())))
            .text("why", rows.iter().map(|r| Some(&r.why)))
            .text("locator", rows.iter().map(|r| Some(r.locator)))
            .text("claim", rows.iter().map(|r| Some(r.claim)))
            .list("state_actors", rows.iter().map(|r| Some(r.state_actors.clone())))
            .build()
    }

    fn dual_roles_table(&self) -> Result<Table> {
        let rows = &self.dual_roles;
        Table::builder()
            .text("actor", rows.iter().map(|r| Some(&r.actor)))
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("role", rows.iter().map(|r| Some(r.role)))
            .list("place", rows.iter().map(|r| (!r.places.is_empty()).then(|| r.places.clone())))
            .text("source", rows.iter().map(|r| r.source.as_ref()))
            .text("locator", rows.iter().map(|r| r.locator.as_ref()))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .text("dual", rows.iter().map(|r| Some(r.dual)))
            .text("basis", rows.iter().map(|r| r.basis))
            .build()
    }

    /// Settings, facts, tables (`conflicts`, `duplicates`, `tensions`, `substitution`, `dual_roles`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("policy_coherence", &self.settings)?;
        outcome.facts.insert("model".into(), json!(self.settings.model.word()));
        outcome.facts.insert("conflicts".into(), json!(self.conflicts.len()));
        outcome.facts.insert("duplicates".into(), json!(self.duplicates.len()));
        outcome.facts.insert("tensions".into(), json!(self.tensions.len()));
        let replaced = self.substitution.iter().filter(|s| s.flag == SubstitutionFlag::Substitution).count();
        outcome.facts.insert("substitutions".into(), json!(replaced));
        let dual = self.dual_roles.iter().filter(|d| d.dual == "same-threat" && d.role == "provider").count();
        outcome.facts.insert("dual_roles".into(), json!(dual));
        outcome.tables = vec![
            ("conflicts", self.conflicts_table()?),
            ("duplicates", self.duplicates_table()?),
            ("tensions", Tension::table(&self.tensions)?),
            ("substitution", self.substitution_table()?),
            ("dual_roles", self.dual_roles_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
