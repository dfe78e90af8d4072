//! What perceptions beside indicators hold, and their tables.

use serde::Serialize;
use serde_json::json;

use super::perceptions::PerceptionsResult;
use crate::Result;
use crate::framework::Component;
use crate::tables::{Outcome, Table, TableBuilder};

/// One threat in one place and group: two numbers side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerceptionGap {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Option<Component>,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for all respondents of the place.
    pub group: Option<String>,
    /// Mean rating, 0 to 1.
    pub perceived: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Severity that was measured.
    pub indicator: Option<f64>,
    /// `indicator`, `expert`, `observation` or `whole-population`.
    pub indicator_from: Option<&'static str>,
    /// `ratings`, or `condition` where somebody else's survey says it.
    pub perceived_from: Option<&'static str>,
    /// Perceived less indicator.
    pub gap: Option<f64>,
    /// Rank by people among the threats that have both, 1 the first.
    pub rank_perceived: Option<f64>,
    /// Rank by the indicator among the same.
    pub rank_indicator: Option<f64>,
    /// Rank by the indicator less rank by people: positive where people put it higher.
    pub rank_gap: Option<f64>,
    /// Respondents who speak of it; none where suppressed.
    pub n: Option<usize>,
    /// Chance of ratings as far about the indicator.
    pub p_value: Option<f64>,
    /// Whether that is exact.
    pub p_value_exact: Option<bool>,
    /// `value`, `thin`, `suppressed`, `no-indicator`, `no-perception`.
    pub state: &'static str,
}

impl PerceptionGap {
    /// As notes name it.
    pub fn name(&self) -> String {
        let group = self.group.as_ref().map(|g| format!("/{g}")).unwrap_or_default();
        format!("{}/{}{group}", self.threat, self.place)
    }
}

/// Agreement of perceptions with indicators over the threats of one place and group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerceptionAgreement {
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for all respondents of the place.
    pub group: Option<String>,
    /// Threats with both sides.
    pub n_threats: usize,
    /// Spearman's correlation of the two orders.
    pub spearman: Option<f64>,
    /// Its two-sided chance.
    pub spearman_p_value: Option<f64>,
    /// Kendall's tau-b of the two orders.
    pub kendall: Option<f64>,
    /// Its two-sided chance.
    pub p_value: Option<f64>,
    /// Whether that is exact.
    pub exact: Option<bool>,
    /// Weighted kappa over severity phases.
    pub kappa: Option<f64>,
    /// Mean of perceived less indicator.
    pub bias: Option<f64>,
    /// Its interval.
    pub bias_interval: Option<(f64, f64)>,
    /// Lower limit of agreement.
    pub limit_lower: Option<f64>,
    /// Upper limit of agreement.
    pub limit_upper: Option<f64>,
    /// `value`, `thin`, `suppressed`, `undefined`.
    pub state: &'static str,
}

/// A cell where the two sides part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlindSpot {
    /// `people-see-more`, `people-see-less`, `not-measured`, `not-voiced`.
    pub kind: &'static str,
    /// The cell.
    pub cell: PerceptionGap,
}

impl BlindSpot {
    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self.kind {
            "people-see-more" => "ask what people see that the indicator does not count, and for whom",
            "people-see-less" => "ask whether it has become usual, is not spoken of, or is measured elsewhere than people live",
            "not-measured" => "find or make an indicator: people name it and nothing measures it",
            _ => "ask people: it is measured and nobody was asked, or nobody says it",
        }
    }
}

fn cell_columns(table: TableBuilder, rows: &[&PerceptionGap]) -> TableBuilder {
    table
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .text("component", rows.iter().map(|r| r.component.map(Component::word)))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_deref()))
        .number("perceived", rows.iter().map(|r| r.perceived))
        .number("perceived_lower", rows.iter().map(|r| r.interval.map(|e| e.0)))
        .number("perceived_upper", rows.iter().map(|r| r.interval.map(|e| e.1)))
        .number("indicator", rows.iter().map(|r| r.indicator))
        .number("gap", rows.iter().map(|r| r.gap))
        .number("rank_perceived", rows.iter().map(|r| r.rank_perceived))
        .number("rank_indicator", rows.iter().map(|r| r.rank_indicator))
        .number("rank_gap", rows.iter().map(|r| r.rank_gap))
        .integer("n", rows.iter().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
        .number("p_value", rows.iter().map(|r| r.p_value))
        .text("state", rows.iter().map(|r| Some(r.state)))
}

crate::tables::arrow_tables!(PerceptionsResult);

impl PerceptionsResult {
    /// threat, component, place, group, perceived, perceived_lower, perceived_upper, indicator, gap, rank_perceived, rank_indicator, rank_gap, n, p_value, state,
    /// p_value_exact, perceived_from, indicator_from.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows: Vec<&PerceptionGap> = self.rows.iter().collect();
        cell_columns(Table::builder(), &rows)
            .boolean("p_value_exact", rows.iter().map(|r| r.p_value_exact))
            .text("perceived_from", rows.iter().map(|r| r.perceived_from))
            .text("indicator_from", rows.iter().map(|r| r.indicator_from))
            .build()
    }

    /// place, group, n_threats, spearman, kendall, p_value, kappa, bias, limit_lower, limit_upper, spearman_p_value, exact, bias_lower, bias_upper, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn agreement_table(&self) -> Result<Table> {
        let rows = &self.agreement;
        Table::builder()
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .text("group", rows.iter().map(|r| r.group.as_deref()))
            .integer("n_threats", rows.iter().map(|r| i64::try_from(r.n_threats).ok()))
            .number("spearman", rows.iter().map(|r| r.spearman))
            .number("kendall", rows.iter().map(|r| r.kendall))
            .number("p_value", rows.iter().map(|r| r.p_value))
            .number("kappa", rows.iter().map(|r| r.kappa))
            .number("bias", rows.iter().map(|r| r.bias))
            .number("limit_lower", rows.iter().map(|r| r.limit_lower))
            .number("limit_upper", rows.iter().map(|r| r.limit_upper))
            .number("spearman_p_value", rows.iter().map(|r| r.spearman_p_value))
            .boolean("exact", rows.iter().map(|r| r.exact))
            .number("bias_lower", rows.iter().map(|r| r.bias_interval.map(|e| e.0)))
            .number("bias_upper", rows.iter().map(|r| r.bias_interval.map(|e| e.1)))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// kind, then the columns of the cell, then advice.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn blind_spots_table(&self) -> Result<Table> {
        let rows: Vec<&PerceptionGap> = self.blind_spots.iter().map(|b| &b.cell).collect();
        let table = Table::builder().text("kind", self.blind_spots.iter().map(|b| Some(b.kind)));
        cell_columns(table, &rows).text("advice", self.blind_spots.iter().map(|b| Some(b.advice()))).build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("perception_gaps", &self.settings)?;
        outcome.facts.insert("blind_spots".into(), json!(self.blind_spots.len()));
        outcome.facts.insert("suppressed".into(), json!(self.rows.iter().filter(|r| r.state == "suppressed").count()));
        outcome.tables =
            vec![("perception_gaps", self.table()?), ("agreement", self.agreement_table()?), ("blind_spots", self.blind_spots_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
