//! Models that start from given states and spread: thresholds, cascades, distress, alternating renewal.
//!
//! None of them is anchored on what was observed, so none has an exogenous part. States are on or off (in DebtRank levels of distress), and an
//! improvement is a removed seed, that is a negative shock on a node that starts, or a clamp at 0.

use serde::{Deserialize, Serialize};

use super::PerNode;

/// A node turns on for good when enough of what feeds it is on.
///
/// # Method
/// `Σ_on w_ij / Σ w_ij >= θ_j` (rule `normalised`) or `Σ_on w_ij >= θ_j` (rule `kempe`, where the weights into a node sum to 1 at the most). Where nothing
/// comes in, nothing turns on. Weights are 0 or above.
///
/// # References
/// Granovetter 1978, Threshold Models of Collective Behavior. Kempe, Kleinberg and Tardos 2003, Maximizing the Spread of Influence through a Social Network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearThreshold {
    /// Thresholds θ, 0 to 1; a node without one draws it evenly from 0 to 1, anew in every run.
    pub threshold: Option<PerNode>,
    /// Runs, where something is drawn.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// What is held against the threshold.
    pub rule: ThresholdRule,
}

impl Default for LinearThreshold {
    fn default() -> Self {
        LinearThreshold { threshold: None, runs: 1000, seed: 0, rule: ThresholdRule::default() }
    }
}

/// What a linear threshold is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThresholdRule {
    /// The share of the incoming weight that is on.
    #[default]
    Normalised,
    /// The incoming weight that is on, as it is.
    Kempe,
}

/// A node turns on for good when the share of its in-neighbours that is on reaches its threshold.
///
/// Weights do not count, parallel edges count each.
///
/// # References
/// Watts 2002, A simple model of global cascades on random networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watts {
    /// Thresholds, 0 to 1; a node without one draws it evenly from 0 to 1, anew in every run.
    pub threshold: Option<PerNode>,
    /// Runs, where something is drawn.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for Watts {
    fn default() -> Self {
        Watts { threshold: None, runs: 1000, seed: 0 }
    }
}

/// Each node that turns on tries each it feeds once, with the weight as the chance.
///
/// Weights lie within 0 and 1; parallel edges are a try each.
///
/// # References
/// Kempe, Kleinberg and Tardos 2003, Maximizing the Spread of Influence through a Social Network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndependentCascade {
    /// Runs.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for IndependentCascade {
    fn default() -> Self {
        IndependentCascade { runs: 1000, seed: 0 }
    }
}

/// Distress that passes along exposures: `h_j(t) = min(1, h_j(t-1) + Σ w_ij Δh_i(t-1))`.
///
/// # References
/// Battiston et al. 2012, DebtRank: Too Central to Fail? Bardoscia et al. 2015, DebtRank: A Microscopic Foundation for Shock Propagation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DebtRank {
    /// Whether a node passes its distress on once, or every increment of it.
    pub variant: DebtRankVariant,
    /// What each node is worth in the fact `value`; equal shares of 1 where absent.
    pub value: Option<PerNode>,
}

/// Who passes distress on, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DebtRankVariant {
    /// A node passes its distress on once, when it first is in distress.
    #[default]
    Original,
    /// A node passes every increment on.
    Linear,
}

/// Threats that begin and end: off to on by themselves or through what is on, on to off by recovery.
///
/// # Method
/// Off to on in a step: `1-(1-p_internal)·Π_{on i}(1-p_external)^{w_ij}`; on to off: `p_recovery`; `p = 1-e^{-λΔt}`. Weights are 0 or above.
///
/// # References
/// Szymanski et al. 2015, Failure dynamics of the global risk network. Lin et al. 2017, Risk dynamics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlternatingRenewal {
    /// Rate λ at which a node turns on by itself, per unit of time.
    pub internal: PerNode,
    /// Rate at which a node turns on through one that is on, per unit of time; that of the node that receives.
    pub external: PerNode,
    /// Rate at which a node turns off, per unit of time.
    pub recovery: PerNode,
    /// Length Δt of a step.
    pub step: f64,
    /// Whether runs are simulated, or chances followed as if nodes were independent.
    pub method: RenewalMethod,
    /// Runs, where they are simulated.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Steps of a run.
    pub periods: u64,
}

impl Default for AlternatingRenewal {
    fn default() -> Self {
        let none = || PerNode::All(0.0);
        AlternatingRenewal {
            internal: none(),
            external: none(),
            recovery: none(),
            step: 1.0,
            method: RenewalMethod::default(),
            runs: 1000,
            seed: 0,
            periods: 100,
        }
    }
}

/// How an alternating renewal is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RenewalMethod {
    /// Runs with drawn events.
    #[default]
    Simulated,
    /// Chances, as if nodes were independent.
    MeanField,
}
