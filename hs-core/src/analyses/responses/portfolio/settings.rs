//! Words and parts of the settings of a portfolio.

use serde::{Deserialize, Serialize};

use super::Portfolio;
use crate::{Error, Result};

crate::framework::words::words!(
    /// What is to be as large as possible.
    Objective {
        /// Σ persons of a cell times severity points it improves by.
        SeverityPersons = "severity-persons",
        /// Persons lifted above the threshold: prevalence as it moves with severity, times population.
        Persons = "persons",
        /// Critical or pervasive cells brought below both cuts.
        CellsLifted = "cells-lifted",
        /// The gain of the group (or the place, where there is no partition) that gains least.
        WorstOff = "worst-off",
    }
);

crate::framework::words::words!(
    /// Where harm is looked for.
    HarmRule {
        /// In every cell, on the point run.
        PerCell = "per-cell",
        /// In the mean of every group's cells (every place's, where there is no partition), on the point run.
        GroupMean = "group-mean",
        /// The chance that some cell is harmed.
        Probability = "probability",
    }
);

crate::framework::words::words!(
    /// What counts as a cell's harm.
    HarmCounted {
        /// What all effects of the set together do to the cell.
        Net = "net",
        /// The largest of what worsens, what improves and both together: an improvement in the same cell hides no harm.
        Gross = "gross",
    }
);

crate::framework::words::words!(
    /// Which persons weigh a cell.
    PersonsCounted {
        /// All who live there.
        Exposed = "exposed",
        /// Those affected: prevalence times population.
        Affected = "affected",
    }
);

crate::framework::words::words!(
    /// The word for a level that may be anything from 0 to 1.
    LevelsWord {
        /// Any level.
        Continuous = "continuous",
    }
);

/// How much of an intervention may be funded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Levels {
    /// Any level from 0 to 1 (0.01 at the least, where it is chosen).
    Any(LevelsWord),
    /// One of these levels, above 0 and at most 1.
    Steps(Vec<f64>),
}

/// What one actor can carry.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActorLimit {
    /// Most interventions it takes part in.
    pub interventions: Option<u32>,
    /// Most that the interventions it takes part in may cost together.
    pub budget: Option<f64>,
}

/// What becomes of an intervention without a cost where money counts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingCost {
    /// It is not chosen, and listed.
    #[default]
    Refuse,
    /// It counts as free, and is listed.
    Zero,
    /// It counts as costing this much, and is listed.
    Assume(f64),
}

/// Whether harm is a constraint, and which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DoNoHarm {
    /// Yes: cell by cell on the point run; or no.
    Asked(bool),
    /// By this rule.
    Rule(HarmSettings),
}

/// A rule of harm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HarmSettings {
    /// Where harm is looked for.
    pub rule: HarmRule,
    /// τ: worse by more than this many severity points is a harm.
    pub tolerance: f64,
    /// p: the greatest chance that some cell is harmed, under the rule `probability`.
    pub probability: f64,
    /// What counts as a cell's harm.
    pub harm: HarmCounted,
}

impl Default for HarmSettings {
    fn default() -> Self {
        HarmSettings { rule: HarmRule::PerCell, tolerance: 0.01, probability: 0.05, harm: HarmCounted::Net }
    }
}

impl DoNoHarm {
    /// The rule, where there is one.
    pub(super) fn rule(&self) -> Option<HarmSettings> {
        match self {
            DoNoHarm::Asked(false) => None,
            DoNoHarm::Asked(true) => Some(HarmSettings::default()),
            DoNoHarm::Rule(rule) => Some(rule.clone()),
        }
    }
}

impl Portfolio {
    /// Whether money counts.
    pub(super) fn counts_money(&self) -> bool {
        let shares = [&self.min_share, &self.max_share].iter().any(|s| !s.is_empty())
            || [&self.min_horizon_share, &self.max_horizon_share].iter().any(|s| !s.is_empty());
        let actors = self.actors.values().chain(&self.each_actor).any(|limit| limit.budget.is_some());
        self.budget.is_some() || shares || actors
    }

    pub(super) fn check(&self) -> Result<()> {
        let share = |name: &str, value: f64| {
            if (0.0..=1.0).contains(&value) {
                return Ok(());
            }
            Err(Error::argument(format!("`{name}` is {value}, wanted a number from 0 to 1")))
        };
        let amount = |name: &str, value: Option<f64>| match value {
            Some(value) if !(value >= 0.0 && value.is_finite()) => {
                Err(Error::argument(format!("`{name}` is {value}, wanted a number of 0 or more")))
            }
            _ => Ok(()),
        };
        amount("budget", self.budget)?;
        amount("pushed", self.pushed)?;
        for (name, shares) in [("min_share", &self.min_share), ("max_share", &self.max_share)] {
            shares.values().try_for_each(|value| share(name, *value))?;
        }
        for (name, shares) in [("min_horizon_share", &self.min_horizon_share), ("max_horizon_share", &self.max_horizon_share)] {
            shares.values().try_for_each(|value| share(name, *value))?;
        }
        self.actors.values().chain(&self.each_actor).try_for_each(|limit| amount("actors budget", limit.budget))?;
        if let MissingCost::Assume(cost) = self.missing_cost {
            amount("missing_cost", Some(cost))?;
        }
        for (id, levels) in &self.levels {
            let Levels::Steps(steps) = levels else { continue };
            let rising = steps.is_sorted_by(|a, b| a < b) && !steps.is_empty();
            if !rising || steps.iter().any(|s| !(*s > 0.0 && *s <= 1.0)) {
                return Err(Error::argument(format!("`levels` of `{id}` is {steps:?}, wanted rising numbers above 0 and at most 1")));
            }
        }
        for (name, value) in [("severity", self.severity), ("prevalence", self.prevalence)] {
            share(name, value)?;
        }
        if let Some(rule) = self.do_no_harm.rule() {
            share("do_no_harm tolerance", rule.tolerance)?;
            share("do_no_harm probability", rule.probability)?;
        }
        if !(self.slope > 0.0 && self.slope.is_finite()) {
            return Err(Error::argument(format!("`slope` is {}, wanted a number above 0", self.slope)));
        }
        if !(self.level > 0.5 && self.level < 1.0) {
            return Err(Error::argument(format!("`level` is {}, wanted a number between 0.5 and 1", self.level)));
        }
        for (name, value) in
            [("draws", u64::from(self.draws)), ("nodes", self.nodes), ("evaluations", self.evaluations), ("rounds", u64::from(self.rounds))]
        {
            if value == 0 {
                return Err(Error::argument(format!("`{name}` is 0, wanted at least 1")));
            }
        }
        for (name, value, most) in [("front", self.front, 1000), ("robustness_draws", self.robustness_draws, 100_000)] {
            if value > most {
                return Err(Error::argument(format!("`{name}` is {value}, wanted at most {most}")));
            }
        }
        Ok(())
    }
}
