//! The tables of the matrix.

use serde_json::json;

use super::matrix::MatrixResult;
use crate::Result;
use crate::analyses::thresholds::Class;
use crate::framework::{Component, Level, Pillar};
use crate::tables::{Outcome, Table};

crate::tables::arrow_tables!(MatrixResult);

fn whole(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn size(n: Option<u64>) -> Option<i64> {
    n.and_then(|n| i64::try_from(n).ok())
}

impl MatrixResult {
    fn cells(&self) -> Result<Table> {
        let rows = || self.cells.iter();
        let basis = |at: usize| rows().map(move |r| r.bases.and_then(|b| b.get(at).copied()));
        Table::builder()
            .text("component", rows().map(|r| Some(r.component.word())))
            .text("level", rows().map(|r| Some(r.level.word())))
            .text("place", rows().map(|r| Some(&r.place)))
            .text("dimension", rows().map(|r| Some(&r.dimension)))
            .text("value", rows().map(|r| r.value.as_ref()))
            .number("severity", rows().map(|r| r.severity))
            .number("prevalence", rows().map(|r| r.prevalence))
            .number("persons", rows().map(|r| r.persons))
            .number("capacity", rows().map(|r| r.capacity))
            .integer("evidence", rows().map(|r| whole(r.evidence)))
            .text("state", rows().map(|r| Some(r.state)))
            .number("coverage", rows().map(|r| r.coverage))
            .number("persons_low", rows().map(|r| r.persons_low))
            .number("persons_high", rows().map(|r| r.persons_high))
            .integer("n", rows().map(|r| size(r.n)))
            .list("kinds", rows().map(|r| Some(r.kinds.clone())))
            .number("stated", basis(0))
            .number("inferred", basis(1))
            .number("measured", basis(2))
            .number("unsaid", basis(3))
            .list("threats", rows().map(|r| Some(r.threats.clone())))
            .text("worst", rows().map(|r| r.worst.as_ref()))
            .list("groups", rows().map(|r| Some(r.groups.clone())))
            .integer("kept_back", rows().map(|r| whole(r.kept_back)))
            .number("population", rows().map(|r| r.population))
            .build()
    }

    fn threat_cells(&self) -> Result<Table> {
        let rows = || self.threats.iter();
        Table::builder()
            .text("threat", rows().map(|r| Some(&r.threat)))
            .text("component", rows().map(|r| Some(r.component.word())))
            .text("level", rows().map(|r| Some(r.level.word())))
            .text("place", rows().map(|r| Some(&r.place)))
            .text("dimension", rows().map(|r| Some(&r.dimension)))
            .text("value", rows().map(|r| r.value.as_ref()))
            .text("group", rows().map(|r| r.group.as_ref()))
            .number("severity", rows().map(|r| r.severity))
            .number("prevalence", rows().map(|r| r.prevalence))
            .number("persons", rows().map(|r| r.persons))
            .integer("evidence", rows().map(|r| whole(r.evidence)))
            .text("kind", rows().map(|r| r.kind))
            .text("state", rows().map(|r| Some(r.state)))
            .number("coverage", rows().map(|r| r.coverage))
            .integer("n", rows().map(|r| size(r.n)))
            .build()
    }

    fn roll_up_table(&self) -> Result<Table> {
        let rows = || self.roll_up.iter();
        Table::builder()
            .text("component", rows().map(|r| Some(r.component.word())))
            .text("level", rows().map(|r| Some(r.level.word())))
            .text("dimension", rows().map(|r| Some(&r.dimension)))
            .text("value", rows().map(|r| r.value.as_ref()))
            .number("severity", rows().map(|r| r.severity))
            .number("prevalence", rows().map(|r| r.prevalence))
            .number("coverage", rows().map(|r| r.coverage))
            .integer("places", rows().map(|r| whole(r.places)))
            .integer("of", rows().map(|r| whole(r.of)))
            .number("persons_low", rows().map(|r| r.persons_low))
            .number("persons_high", rows().map(|r| r.persons_high))
            .text("state", rows().map(|r| Some(r.state)))
            .build()
    }

    fn capacities_table(&self) -> Result<Table> {
        let rows = || self.capacities.iter();
        Table::builder()
            .text("component", rows().map(|r| Some(r.component.word())))
            .text("level", rows().map(|r| r.level.map(Level::word)))
            .text("place", rows().map(|r| r.place.as_ref()))
            .text("pillar", rows().map(|r| Some(Pillar::word(r.pillar))))
            .number("capacity", rows().map(|r| r.capacity))
            .integer("count", rows().map(|r| whole(r.count)))
            .integer("harmful_coping", rows().map(|r| whole(r.harmful_coping)))
            .list("ids", rows().map(|r| Some(r.ids.clone())))
            .build()
    }

    fn differences_table(&self) -> Result<Table> {
        let rows = || self.differences.iter();
        Table::builder()
            .text("component", rows().map(|r| Some(Component::word(r.component))))
            .text("threat", rows().map(|r| Some(&r.threat)))
            .text("across", rows().map(|r| Some(r.across)))
            .text("place", rows().map(|r| r.place.as_ref()))
            .text("dimension", rows().map(|r| r.dimension.as_ref()))
            .text("first", rows().map(|r| Some(&r.first)))
            .text("second", rows().map(|r| Some(&r.second)))
            .text("measure", rows().map(|r| Some(r.measure)))
            .number("difference", rows().map(|r| Some(r.difference)))
            .number("difference_lower", rows().map(|r| r.difference_ends.map(|e| e.0)))
            .number("difference_upper", rows().map(|r| r.difference_ends.map(|e| e.1)))
            .number("ratio", rows().map(|r| r.ratio))
            .number("ratio_lower", rows().map(|r| r.ratio_ends.map(|e| e.0)))
            .number("ratio_upper", rows().map(|r| r.ratio_ends.map(|e| e.1)))
            .integer("n", rows().map(|r| size(r.n)))
            .build()
    }

    fn inequality_table(&self) -> Result<Table> {
        let rows = || self.inequality.iter();
        let theil = |at: usize| rows().map(move |r| r.theil.and_then(|t| t.get(at).copied()));
        let gini = |at: usize| rows().map(move |r| r.gini.and_then(|g| g.get(at).copied()));
        Table::builder()
            .text("component", rows().map(|r| Some(r.component.word())))
            .text("measure", rows().map(|r| Some(r.measure)))
            .number("theil", theil(0))
            .number("theil_within", theil(1))
            .number("theil_between", theil(2))
            .number("gini", gini(0))
            .number("gini_within", gini(1))
            .number("gini_between", gini(2))
            .number("gini_overlap", gini(3))
            .integer("units", rows().map(|r| whole(r.units)))
            .number("coverage", rows().map(|r| r.coverage))
            .integer("places", rows().map(|r| whole(r.places)))
            .build()
    }

    fn priorities_table(&self) -> Result<Table> {
        let rows = || self.priorities.iter();
        Table::builder()
            .number("rank_need", rows().map(|r| Some(r.rank_need)))
            .text("threat", rows().map(|r| Some(&r.threat)))
            .text("place", rows().map(|r| Some(&r.place)))
            .text("group", rows().map(|r| r.group.as_ref()))
            .number("need", rows().map(|r| r.need))
            .text("class", rows().map(|r| r.class.map(Class::word)))
            .text("feasibility", rows().map(|r| Some(r.feasibility)))
            .number("rank_feasible", rows().map(|r| r.rank_feasible))
            .boolean("dropped", rows().map(|r| Some(r.dropped)))
            .text("why", rows().map(|r| Some(&r.why)))
            .number("severity", rows().map(|r| r.severity))
            .number("prevalence", rows().map(|r| r.prevalence))
            .number("persons", rows().map(|r| r.persons))
            .list("interventions", rows().map(|r| Some(r.interventions.clone())))
            .build()
    }

    /// Settings, facts, tables (`matrix`, `cells`, `roll_up`, `capacities`, `differences`, `inequality`, `priorities`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("matrix", &self.settings)?;
        let states = ["value", "thin", "suppressed", "empty", "not-applicable"];
        let counts: serde_json::Map<String, serde_json::Value> =
            states.iter().map(|s| ((*s).to_owned(), json!(self.cells.iter().filter(|c| c.state == *s).count()))).collect();
        outcome.facts.insert("states".into(), json!(counts));
        outcome.facts.insert("suppressed".into(), json!(self.suppressed));
        outcome.facts.insert("dropped".into(), json!(self.priorities.iter().filter(|p| p.dropped).count()));
        outcome.tables = vec![
            ("matrix", self.cells()?),
            ("cells", self.threat_cells()?),
            ("roll_up", self.roll_up_table()?),
            ("capacities", self.capacities_table()?),
            ("differences", self.differences_table()?),
            ("inequality", self.inequality_table()?),
            ("priorities", self.priorities_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
