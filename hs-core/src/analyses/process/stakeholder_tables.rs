//! The tables of stakeholders.

use serde_json::json;

use super::stakeholders::StakeholdersResult;
use crate::Result;
use crate::analyses::voices::ScaleScore;
use crate::framework::Component;
use crate::tables::{Outcome, Table};

crate::tables::arrow_tables!(StakeholdersResult);

fn whole(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn words(components: &[Component]) -> Option<Vec<&'static str>> {
    Some(components.iter().map(|c| c.word()).collect())
}

impl StakeholdersResult {
    fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("actor", rows.iter().map(|r| Some(&r.actor)))
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .integer("degree", rows.iter().map(|r| whole(r.degree)))
            .integer("in", rows.iter().map(|r| whole(r.into)))
            .integer("out", rows.iter().map(|r| whole(r.out)))
            .number("betweenness", rows.iter().map(|r| r.betweenness))
            .boolean("core", rows.iter().map(|r| r.core))
            .integer("coreness", rows.iter().map(|r| whole(r.coreness)))
            .integer("component", rows.iter().map(|r| whole(r.component)))
            .boolean("isolate", rows.iter().map(|r| Some(r.isolate)))
            .number("paths", rows.iter().map(|r| Some(r.paths)))
            .boolean("cut", rows.iter().map(|r| Some(r.cut)))
            .boolean("in_plan", rows.iter().map(|r| Some(r.in_plan)))
            .list("mandates", rows.iter().map(|r| words(&r.mandates)))
            .list("alone", rows.iter().map(|r| words(&r.alone)))
            .integer("inferred", rows.iter().map(|r| whole(r.inferred)))
            .build()
    }

    fn not_considered_table(&self) -> Result<Table> {
        let rows = &self.not_considered;
        Table::builder()
            .text("what", rows.iter().map(|r| Some(r.what)))
            .text("id", rows.iter().map(|r| Some(&r.id)))
            .list("touched_by", rows.iter().map(|r| Some(r.touched_by.clone())))
            .text("why", rows.iter().map(|r| Some(&r.why)))
            .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
            .list("routes", rows.iter().map(|r| Some(r.routes.clone())))
            .build()
    }

    fn dual_roles_table(&self) -> Result<Table> {
        let rows = &self.dual_roles;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.threat)))
            .text("actor", rows.iter().map(|r| r.actor.as_ref()))
            .boolean("provider", rows.iter().map(|r| Some(r.provider)))
            .boolean("source", rows.iter().map(|r| Some(r.source)))
            .text("role", rows.iter().map(|r| Some(r.role)))
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .list("places", rows.iter().map(|r| Some(r.places.clone())))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
            .list("funded_by", rows.iter().map(|r| Some(r.funded_by.clone())))
            .text("basis", rows.iter().map(|r| r.basis))
            .build()
    }

    fn axes_table(&self) -> Result<Table> {
        let rows = &self.axes;
        Table::builder()
            .text("actor", rows.iter().map(|r| Some(&r.actor)))
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .integer("protects", rows.iter().map(|r| whole(r.protects)))
            .integer("threatens", rows.iter().map(|r| whole(r.threatens)))
            .integer("both", rows.iter().map(|r| whole(r.both)))
            .number("protects_share", rows.iter().map(|r| r.protects_share))
            .number("threatens_share", rows.iter().map(|r| r.threatens_share))
            .build()
    }

    fn ties_table(&self) -> Result<Table> {
        let rows = &self.ties;
        Table::builder()
            .text("first", rows.iter().map(|r| Some(&r.first)))
            .text("second", rows.iter().map(|r| Some(&r.second)))
            .list("kinds", rows.iter().map(|r| Some(r.kinds.clone())))
            .text("basis", rows.iter().map(|r| Some(r.basis)))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.clone())))
            .number("strength", rows.iter().map(|r| r.strength))
            .build()
    }

    /// Settings, facts (`density`, `core_fit`, `actors`, `isolates`), tables (`stakeholders`, `not_considered`, `dual_roles`, `axes`, `views`, `ties`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("stakeholders", &self.settings)?;
        outcome.facts.insert("density".into(), json!(self.density));
        outcome.facts.insert("core_fit".into(), json!(self.core_fit));
        outcome.facts.insert("actors".into(), json!(self.rows.len()));
        outcome.facts.insert("isolates".into(), json!(self.rows.iter().filter(|r| r.isolate).count()));
        outcome.tables = vec![
            ("stakeholders", self.table()?),
            ("not_considered", self.not_considered_table()?),
            ("dual_roles", self.dual_roles_table()?),
            ("axes", self.axes_table()?),
            ("views", ScaleScore::table(&self.views, false)?),
            ("ties", self.ties_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
