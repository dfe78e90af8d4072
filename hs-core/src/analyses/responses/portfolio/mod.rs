//! Which set of interventions does the most good within the means, and harms nobody?

mod binding;
mod cells;
mod front;
mod ground;
mod judge;
mod linear;
mod result;
mod robustness;
mod rules;
mod settings;
mod solve;
mod tables;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use result::{BindingRow, CellRow, Chosen, FrontPoint, GroupRow, PortfolioResult, PortfolioStatus, VerificationRow};
pub use settings::{ActorLimit, DoNoHarm, HarmCounted, HarmRule, HarmSettings, Levels, LevelsWord, MissingCost, Objective, PersonsCounted};

use super::Link;
use super::externalities::Horizons;
use crate::framework::{Horizon, Pillar};
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, Model};
use crate::{Assessment, Result};

/// Which set of interventions does the most good within the means, and harms nobody?
///
/// Every answer is run through the whole network again before it is given, and the objective reported is the one found there. Worsenings
/// are a constraint, never subtracted from what improves. An intervention without a cost is left out of a choice that counts money, and
/// listed; a cell whose persons are unknown is left out of the objective, and listed.
///
/// # Method
/// Linear: a 0/1 programme (levels where cost is divisible) of expected effects, solved by branch and bound; an answer that the network
/// does not bear out is cut off and the programme solved again, so that value and bound meet, or the gap is stated. Other models: search
/// from the programme's answer, every candidate run through the network; a bound only where every link feeds.
///
/// # Complexity
/// Branch and bound may double with every intervention; `nodes`, `evaluations` and `rounds` end it with a stated gap.
///
/// # References
/// Anderson (1999), *Do No Harm*. Clopper & Pearson (1934). Wolsey (1998), *Integer Programming*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Portfolio {
    /// Ids of the interventions to choose from; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Most that may be spent; without limit where absent.
    pub budget: Option<f64>,
    /// What is to be as large as possible.
    pub objective: Objective,
    /// What counts as harm and must not be done: yes (cell by cell), no, or a rule.
    pub do_no_harm: DoNoHarm,
    /// Least share of what is spent, by pillar.
    pub min_share: BTreeMap<Pillar, f64>,
    /// Greatest share of what is spent, by pillar.
    pub max_share: BTreeMap<Pillar, f64>,
    /// Least share of what is spent, by horizon of the interventions.
    pub min_horizon_share: BTreeMap<Horizon, f64>,
    /// Greatest share of what is spent, by horizon of the interventions.
    pub max_horizon_share: BTreeMap<Horizon, f64>,
    /// What actors can carry, by id.
    pub actors: BTreeMap<String, ActorLimit>,
    /// What every other actor can carry.
    pub each_actor: Option<ActorLimit>,
    /// Most interventions in all.
    pub most: Option<u32>,
    /// Ids of interventions that must be chosen, in full.
    pub fixed: Vec<String>,
    /// Ids of interventions that must not be chosen.
    pub forbidden: Vec<String>,
    /// Interventions that may be funded in part: effects in proportion.
    pub levels: BTreeMap<String, Levels>,
    /// What becomes of an intervention without a cost where money counts.
    pub missing_cost: MissingCost,
    /// When effects are read; `all` reads the gain at rest and looks for harm at every horizon.
    pub horizon: Horizons,
    /// Which persons weigh a cell: all who live there, or those affected.
    pub persons: PersonsCounted,
    /// How a changed severity moves prevalence.
    pub link: Link,
    /// η: how strongly.
    pub slope: f64,
    /// Most persons that may be pushed below the threshold.
    pub pushed: Option<f64>,
    /// Severity from which a cell is critical.
    pub severity: f64,
    /// Prevalence from which a cell is pervasive.
    pub prevalence: f64,
    /// Budgets looked at for the front; 0 for none.
    pub front: u32,
    /// Draws in which the choice is made again; 0 for none.
    pub robustness_draws: u32,
    /// Most nodes of branch and bound, each time the programme is solved.
    pub nodes: u64,
    /// Most candidates judged by full propagation.
    pub evaluations: u64,
    /// Most times the programme is solved again after an answer was not borne out.
    pub rounds: u32,
    /// How severity travels.
    pub model: Model,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Draws, where uncertain effects cannot be enumerated, and of each look at a probability of harm.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Confidence of the upper bound of a probability of harm.
    pub level: f64,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
}

impl Default for Portfolio {
    fn default() -> Self {
        Portfolio {
            interventions: None,
            budget: None,
            objective: Objective::SeverityPersons,
            do_no_harm: DoNoHarm::Asked(true),
            min_share: BTreeMap::new(),
            max_share: BTreeMap::new(),
            min_horizon_share: BTreeMap::new(),
            max_horizon_share: BTreeMap::new(),
            actors: BTreeMap::new(),
            each_actor: None,
            most: None,
            fixed: Vec::new(),
            forbidden: Vec::new(),
            levels: BTreeMap::new(),
            missing_cost: MissingCost::Refuse,
            horizon: Horizons::Rest,
            persons: PersonsCounted::Exposed,
            link: Link::Logit,
            slope: 1.0,
            pushed: None,
            severity: 0.5,
            prevalence: 0.2,
            front: 8,
            robustness_draws: 100,
            nodes: 2000,
            evaluations: 2000,
            rounds: 60,
            model: Model::default(),
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            draws: 1000,
            seed: 0,
            level: 0.9,
            anchoring: AnchorSettings::default(),
        }
    }
}

impl Portfolio {
    /// Chooses.
    ///
    /// # Errors
    /// `NotFound` for an id that does not exist; `Argument` for a setting out of its domain, and where no set keeps every constraint
    /// (`problems` says which conflict and how to mend each); `Undefined` where effects are, or no cell counts; `Diverging` and
    /// `Unsupported` as of the model.
    pub fn run(&self, assessment: &Assessment) -> Result<PortfolioResult> {
        self.run_with(assessment, &never)
    }

    /// Chooses; `tick` is told how far the work is and answers whether to go on.
    ///
    /// # Errors
    /// As [`Portfolio::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<PortfolioResult> {
        solve::run(self, assessment, tick)
    }
}
