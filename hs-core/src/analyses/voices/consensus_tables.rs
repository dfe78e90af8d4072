//! The tables of a common order.

use serde_json::json;

use super::consensus::ConsensusResult;
use crate::Result;
use crate::tables::{Outcome, Table};

crate::tables::arrow_tables!(ConsensusResult);

impl ConsensusResult {
    /// threat, borda, borda_rank, kemeny_rank, mean_rank, rank_lower, rank_upper, place_first, place_last, n, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.item)))
            .number("borda", rows.iter().map(|r| r.borda))
            .number("borda_rank", rows.iter().map(|r| r.borda_rank))
            .number("kemeny_rank", rows.iter().map(|r| r.kemeny_rank))
            .number("mean_rank", rows.iter().map(|r| r.mean_rank))
            .number("rank_lower", rows.iter().map(|r| r.rank_lower))
            .number("rank_upper", rows.iter().map(|r| r.rank_upper))
            .number("place_first", rows.iter().map(|r| r.place_first))
            .number("place_last", rows.iter().map(|r| r.place_last))
            .integer("n", rows.iter().map(|r| i64::try_from(r.n).ok().filter(|_| r.state == "value")))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// kind, stakeholder, group, place, tau, n, differs_most, first, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn dissent_table(&self) -> Result<Table> {
        let rows = &self.dissent;
        let of = |kind: &'static str| rows.iter().map(move |r| Some(r.name.as_str()).filter(|_| r.kind == kind));
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("stakeholder", of("stakeholder"))
            .text("group", of("group"))
            .text("place", of("place"))
            .number("tau", rows.iter().map(|r| r.tau))
            .integer("n", rows.iter().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
            .list("differs_most", rows.iter().map(|r| Some(r.differs_most.clone())))
            .list("first", rows.iter().map(|r| Some(r.first.clone())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// threat, who, voters, consensus_rank, last.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn minority_table(&self) -> Result<Table> {
        let rows = &self.minority;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.item)))
            .list("who", rows.iter().map(|r| Some(r.who.clone())))
            .integer("voters", rows.iter().map(|r| r.voters.and_then(|n| i64::try_from(n).ok())))
            .number("consensus_rank", rows.iter().map(|r| Some(r.consensus_rank)))
            .boolean("last", rows.iter().map(|r| Some(r.last)))
            .build()
    }

    /// position, threats: one of the nearest orders.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn order_table(&self) -> Result<Table> {
        Table::builder()
            .integer("position", (1..).take(self.order.len()).map(Some))
            .list("threats", self.order.iter().map(|group| Some(group.clone())))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("consensus", &self.settings)?;
        outcome.facts.insert("kemeny_distance".into(), json!(self.kemeny_distance));
        outcome.facts.insert("kemeny_bound".into(), json!(self.kemeny_bound));
        outcome.facts.insert("exact".into(), json!(self.exact));
        outcome.facts.insert("orders".into(), json!(self.orders));
        outcome.facts.insert("voters".into(), json!(self.voters));
        outcome.tables = vec![
            ("consensus", self.table()?),
            ("dissent", self.dissent_table()?),
            ("minority", self.minority_table()?),
            ("order", self.order_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
