//! What a comparison of policies with people holds, and its tables.

use serde::Serialize;
use serde_json::json;

use super::mismatch::MismatchResult;
use crate::Result;
use crate::assessment::PolicyOrigin;
use crate::framework::Component;
use crate::tables::{Outcome, Table};

/// Ranks up to which a threat that a policy does not name is listed among the largest differences.
const FIRST: f64 = 3.0;

/// One threat in one policy and place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MismatchRow {
    /// The policy.
    pub policy: String,
    /// Id of the place.
    pub place: String,
    /// Id of the threat.
    pub threat: String,
    /// Rank in people's order, 1 the first.
    pub people_rank: Option<f64>,
    /// Rank with the policy, 1 the first.
    pub policy_rank: Option<f64>,
    /// Policy's less people's: positive where people put it higher.
    pub difference: Option<f64>,
    /// `people-higher`, `policy-higher`, `same`, `policy-silent`, `people-silent`, `not-ranked`, `suppressed`.
    pub direction: &'static str,
    /// Component of the threat.
    pub component: Option<Component>,
    /// Whether the policy is domestic or international.
    pub origin: Option<PolicyOrigin>,
    /// What the policy gives it.
    pub budget: Option<f64>,
    /// Share of the policy's known budgets in the place.
    pub budget_share: Option<f64>,
    /// Share of the known need of the place.
    pub need_share: Option<f64>,
}

/// Agreement of one policy with the people of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TauRow {
    /// The policy.
    pub policy: String,
    /// Id of the place.
    pub place: String,
    /// Kendall's tau-b.
    pub tau: Option<f64>,
    /// Its interval over respondents drawn anew.
    pub interval: Option<(f64, f64)>,
    /// Threats that both rank.
    pub n: usize,
    /// Two-sided chance of a tau as far from 0.
    pub p_value: Option<f64>,
    /// Whether that is exact.
    pub exact: Option<bool>,
    /// Spearman's correlation over the same threats.
    pub spearman: Option<f64>,
    /// Respondents; none where suppressed.
    pub respondents: Option<usize>,
    /// `place`, or `places-within` where nobody speaks of the place itself.
    pub people_from: &'static str,
    /// Whether the policy is domestic or international.
    pub origin: Option<PolicyOrigin>,
    /// `rank` or `budget`: what the policy's order rests on.
    pub rank_basis: Option<&'static str>,
    /// Mean distance of ranks over the threats both rank.
    pub rank_distance: Option<f64>,
    /// `value`, `thin`, `suppressed`, `no-voices`, `undefined`.
    pub state: &'static str,
}

/// One component in one policy and place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyComponent {
    /// The policy.
    pub policy: String,
    /// The component.
    pub component: Component,
    /// Share of the policy's known budgets.
    pub budget_share: Option<f64>,
    /// Share of the known need.
    pub need_share: Option<f64>,
    /// Budget's less need's.
    pub difference: Option<f64>,
    /// Id of the place.
    pub place: String,
    /// Threats of it that either side names.
    pub threats: usize,
    /// Best rank with people.
    pub best_people_rank: Option<f64>,
    /// Best rank with the policy.
    pub best_policy_rank: Option<f64>,
    /// Mean difference of ranks.
    pub rank_difference: Option<f64>,
    /// Mean distance of ranks.
    pub rank_distance: Option<f64>,
}

/// Policies of one origin together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origins {
    /// `domestic`, `international`, or `domestic-and-international` for the two beside each other.
    pub origin: &'static str,
    /// Id of the place.
    pub place: String,
    /// The policies.
    pub policies: Vec<String>,
    /// Kendall's tau-b with people's order.
    pub tau: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Threats that both rank.
    pub n: usize,
    /// Two-sided chance.
    pub p_value: Option<f64>,
    /// Known budgets together.
    pub budget: Option<f64>,
    /// As in [`TauRow`].
    pub state: &'static str,
}

fn rows_table(rows: &[&MismatchRow]) -> Result<Table> {
    Table::builder()
        .text("policy", rows.iter().map(|r| Some(&r.policy)))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .number("people_rank", rows.iter().map(|r| r.people_rank))
        .number("policy_rank", rows.iter().map(|r| r.policy_rank))
        .number("difference", rows.iter().map(|r| r.difference))
        .text("direction", rows.iter().map(|r| Some(r.direction)))
        .text("component", rows.iter().map(|r| r.component.map(Component::word)))
        .text("origin", rows.iter().map(|r| r.origin.map(PolicyOrigin::word)))
        .number("budget", rows.iter().map(|r| r.budget))
        .number("budget_share", rows.iter().map(|r| r.budget_share))
        .number("need_share", rows.iter().map(|r| r.need_share))
        .build()
}

crate::tables::arrow_tables!(MismatchResult);

impl MismatchResult {
    /// policy, place, threat, people_rank, policy_rank, difference, direction, component, origin, budget, budget_share, need_share.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        rows_table(&self.rows.iter().collect::<Vec<_>>())
    }

    /// The threats of each policy and place that differ most, farthest first, then those of people's first three that it does not name.
    pub fn largest(&self) -> Vec<&MismatchRow> {
        let mut all = Vec::new();
        for tau in &self.tau {
            let own = || self.rows.iter().filter(|r| r.policy == tau.policy && r.place == tau.place);
            let far = |r: &MismatchRow| r.difference.map_or(0.0, f64::abs);
            let mut apart: Vec<&MismatchRow> = own().filter(|r| far(r) > 0.0).collect();
            apart.sort_by(|a, b| far(b).total_cmp(&far(a)));
            all.extend(apart.into_iter().take(self.settings.most));
            let mut silent: Vec<&MismatchRow> =
                own().filter(|r| r.direction == "policy-silent" && r.people_rank.is_some_and(|p| p <= FIRST)).collect();
            silent.sort_by(|a, b| a.people_rank.unwrap_or(0.0).total_cmp(&b.people_rank.unwrap_or(0.0)));
            all.extend(silent);
        }
        all
    }

    /// policy, place, tau, tau_lower, tau_upper, n, p_value, exact, spearman, respondents, people_from, origin, rank_basis, rank_distance, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn tau_table(&self) -> Result<Table> {
        let rows = &self.tau;
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("policy", rows.iter().map(|r| Some(&r.policy)))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .number("tau", rows.iter().map(|r| r.tau))
            .number("tau_lower", rows.iter().map(|r| r.interval.map(|e| e.0)))
            .number("tau_upper", rows.iter().map(|r| r.interval.map(|e| e.1)))
            .integer("n", rows.iter().map(|r| whole(r.n)))
            .number("p_value", rows.iter().map(|r| r.p_value))
            .boolean("exact", rows.iter().map(|r| r.exact))
            .number("spearman", rows.iter().map(|r| r.spearman))
            .integer("respondents", rows.iter().map(|r| r.respondents.and_then(whole)))
            .text("people_from", rows.iter().map(|r| Some(r.people_from)))
            .text("origin", rows.iter().map(|r| r.origin.map(PolicyOrigin::word)))
            .text("rank_basis", rows.iter().map(|r| r.rank_basis))
            .number("rank_distance", rows.iter().map(|r| r.rank_distance))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// policy, component, budget_share, need_share, difference, place, threats, best_people_rank, best_policy_rank, rank_difference, rank_distance.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn components_table(&self) -> Result<Table> {
        let rows = &self.components;
        Table::builder()
            .text("policy", rows.iter().map(|r| Some(&r.policy)))
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .number("budget_share", rows.iter().map(|r| r.budget_share))
            .number("need_share", rows.iter().map(|r| r.need_share))
            .number("difference", rows.iter().map(|r| r.difference))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .integer("threats", rows.iter().map(|r| i64::try_from(r.threats).ok()))
            .number("best_people_rank", rows.iter().map(|r| r.best_people_rank))
            .number("best_policy_rank", rows.iter().map(|r| r.best_policy_rank))
            .number("rank_difference", rows.iter().map(|r| r.rank_difference))
            .number("rank_distance", rows.iter().map(|r| r.rank_distance))
            .build()
    }

    /// origin, place, policies, tau, tau_lower, tau_upper, n, p_value, budget, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn origins_table(&self) -> Result<Table> {
        let rows = &self.origins;
        Table::builder()
            .text("origin", rows.iter().map(|r| Some(r.origin)))
            .text("place", rows.iter().map(|r| Some(&r.place)))
            .list("policies", rows.iter().map(|r| Some(r.policies.clone())))
            .number("tau", rows.iter().map(|r| r.tau))
            .number("tau_lower", rows.iter().map(|r| r.interval.map(|e| e.0)))
            .number("tau_upper", rows.iter().map(|r| r.interval.map(|e| e.1)))
            .integer("n", rows.iter().map(|r| i64::try_from(r.n).ok()))
            .number("p_value", rows.iter().map(|r| r.p_value))
            .number("budget", rows.iter().map(|r| r.budget))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("mismatch", &self.settings)?;
        let policies: std::collections::BTreeSet<&str> = self.tau.iter().map(|t| t.policy.as_str()).collect();
        outcome.facts.insert("policies".into(), json!(policies.len()));
        outcome.tables = vec![
            ("mismatch", self.table()?),
            ("tau", self.tau_table()?),
            ("components", self.components_table()?),
            ("origins", self.origins_table()?),
            ("largest", rows_table(&self.largest())?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
