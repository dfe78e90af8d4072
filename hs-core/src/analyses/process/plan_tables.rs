//! The tables of an action plan.

use serde_json::json;

use super::action_plan::ActionPlanResult;
use crate::Result;
use crate::analyses::responses::Tension;
use crate::framework::{Horizon, Pillar};
use crate::tables::{Outcome, Table};

crate::tables::arrow_tables!(ActionPlanResult);

fn whole(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

impl ActionPlanResult {
    fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .integer("stage", rows.iter().map(|r| r.stage.map(i64::from)))
            .list("responsible", rows.iter().map(|r| Some(r.responsible.clone())))
            .list("accountable", rows.iter().map(|r| Some(r.accountable.clone())))
            .list("consulted", rows.iter().map(|r| Some(r.consulted.clone())))
            .list("informed", rows.iter().map(|r| Some(r.informed.clone())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .list("named", rows.iter().map(|r| Some(r.named.clone())))
            .list("local", rows.iter().map(|r| Some(r.local.clone())))
            .list("tasks", rows.iter().map(|r| Some(r.tasks.clone())))
            .build()
    }

    fn findings_table(&self) -> Result<Table> {
        let rows = &self.findings;
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("subject", rows.iter().map(|r| Some(&r.subject)))
            .text("message", rows.iter().map(|r| Some(&r.message)))
            .text("advice", rows.iter().map(|r| Some(r.advice)))
            .build()
    }

    fn load_table(&self) -> Result<Table> {
        let rows = &self.load;
        Table::builder()
            .text("actor", rows.iter().map(|r| Some(&r.actor)))
            .integer("responsible", rows.iter().map(|r| whole(r.responsible)))
            .integer("accountable", rows.iter().map(|r| whole(r.accountable)))
            .integer("consulted", rows.iter().map(|r| whole(r.consulted)))
            .integer("informed", rows.iter().map(|r| whole(r.informed)))
            .number("burden", rows.iter().map(|r| r.burden))
            .number("benefit", rows.iter().map(|r| r.benefit))
            .boolean("overload", rows.iter().map(|r| Some(r.overload)))
            .integer("load", rows.iter().map(|r| whole(r.load)))
            .integer("burdens_missing", rows.iter().map(|r| whole(r.burdens_missing)))
            .build()
    }

    fn timeline_table(&self) -> Result<Table> {
        let rows = &self.timeline;
        Table::builder()
            .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
            .text("pillar", rows.iter().map(|r| r.pillar.map(Pillar::word)))
            .text("horizon", rows.iter().map(|r| r.horizon.map(Horizon::word)))
            .text("start", rows.iter().map(|r| r.start.as_ref()))
            .text("end", rows.iter().map(|r| r.end.as_ref()))
            .integer("stage", rows.iter().map(|r| r.stage.map(i64::from)))
            .text("status", rows.iter().map(|r| r.status.as_ref()))
            .build()
    }

    fn horizons_table(&self) -> Result<Table> {
        let rows = &self.horizons;
        Table::builder()
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .text("horizon", rows.iter().map(|r| r.horizon.map(Horizon::word)))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
            .boolean("gap", rows.iter().map(|r| Some(r.gap)))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    fn pooling_table(&self) -> Result<Table> {
        let rows = &self.pooling;
        Table::builder()
            .text("first", rows.iter().map(|r| Some(&r.first)))
            .text("second", rows.iter().map(|r| Some(&r.second)))
            .list("shared_actors", rows.iter().map(|r| Some(r.shared_actors.clone())))
            .list("shared_threats", rows.iter().map(|r| Some(r.shared_threats.clone())))
            .list("shared_places", rows.iter().map(|r| Some(r.shared_places.clone())))
            .list("shared_groups", rows.iter().map(|r| Some(r.shared_groups.clone())))
            .list("shared_capacities", rows.iter().map(|r| Some(r.shared_capacities.clone())))
            .number("overlap", rows.iter().map(|r| Some(r.overlap)))
            .boolean("same_people", rows.iter().map(|r| Some(r.same_people)))
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .boolean("coordinated", rows.iter().map(|r| Some(r.coordinated)))
            .text("people", rows.iter().map(|r| Some(r.people)))
            .list("shared_resources", rows.iter().map(|r| Some(r.shared_resources.clone())))
            .number("cost", rows.iter().map(|r| r.cost))
            .build()
    }

    /// Settings, facts (`interventions`, `complete`, `orphans`, `overloads`), tables (`action_plan`, `findings`, `load`, `timeline`, `horizons`, `tensions`,
    /// `pooling`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("action_plan", &self.settings)?;
        let mut own: Vec<&str> = self.rows.iter().map(|r| r.intervention.as_str()).collect();
        own.dedup();
        let complete = |id: &&&str| self.rows.iter().filter(|r| r.intervention == **id).all(|r| r.state == "complete");
        outcome.facts.insert("interventions".into(), json!(own.len()));
        outcome.facts.insert("complete".into(), json!(own.iter().filter(complete).count()));
        outcome.facts.insert("orphans".into(), json!(self.rows.iter().filter(|r| r.state == "orphan").count()));
        outcome.facts.insert("overloads".into(), json!(self.load.iter().filter(|l| l.overload).count()));
        outcome.tables = vec![
            ("action_plan", self.table()?),
            ("findings", self.findings_table()?),
            ("load", self.load_table()?),
            ("timeline", self.timeline_table()?),
            ("horizons", self.horizons_table()?),
            ("tensions", Tension::table(&self.tensions)?),
            ("pooling", self.pooling_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
