//! How severity travels: the models, as one tagged enum that crosses languages as JSON.

use serde::{Deserialize, Serialize};

use super::PerNode;
use super::contagion::{AlternatingRenewal, DebtRank, IndependentCascade, LinearThreshold, Watts};
use crate::{Error, ErrorKind, Result};

/// A model of propagation; in JSON the field `model` names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Model {
    /// Independent causes, each with its chance; the default.
    NoisyOr(NoisyOr),
    /// Shares that add up: Leontief, inoperability, Katz.
    Linear(Linear),
    /// A weighted sum pressed through a transfer function.
    FuzzyCognitiveMap(FuzzyCognitiveMap),
    /// Inoperability that follows its equilibrium with resilience.
    DynamicInoperability(DynamicInoperability),
    /// On for good when enough of what feeds a node is on.
    LinearThreshold(LinearThreshold),
    /// On for good when enough in-neighbours are on.
    Watts(Watts),
    /// Each that turns on tries each it feeds once.
    IndependentCascade(IndependentCascade),
    /// Distress along exposures.
    DebtRank(DebtRank),
    /// On and off again, by rates.
    AlternatingRenewal(AlternatingRenewal),
}

/// Most runs of one model.
const MOST_RUNS: u32 = 1_000_000_000;

impl Default for Model {
    fn default() -> Self {
        Model::NoisyOr(NoisyOr {})
    }
}

/// Independent causes: a feeding weight reads as the chance that the source, at its worst, brings the target about by itself.
///
/// Negative weights dampen. Weights must lie in [-1, 1].
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoisyOr {}

/// Shares that add up: `x = b + Wᵀx`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Linear {
    /// Divides the weights first, so that a spectral radius of 1 or more need not be refused; absent: weights stand.
    pub normalise: Option<Normalise>,
    /// Ceiling held inside the map at every step, with 0 as the floor; absent: 1 from an assessment, none on bare arrays.
    pub cap: Option<f64>,
}

/// A weighted sum pressed through a transfer function.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FuzzyCognitiveMap {
    /// What goes into the transfer function.
    pub rule: Rule,
    /// The transfer function.
    pub transfer: Transfer,
    /// Steepness λ of sigmoid and tanh; above 0.
    pub steepness: f64,
}

impl Default for FuzzyCognitiveMap {
    fn default() -> Self {
        FuzzyCognitiveMap { rule: Rule::ModifiedKosko, transfer: Transfer::Sigmoid, steepness: 1.0 }
    }
}

/// Inoperability that moves towards `A q + c` at each node's own pace: `q' = q + K(A q + c - q)`, capped.
///
/// # References
/// Lian and Haimes 2006, Managing the Risk of Terrorism to Interdependent Infrastructure Systems through the Dynamic Inoperability Input-Output Model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DynamicInoperability {
    /// Resilience K of nodes, above 0 and at most 1; 1 where a node has none.
    pub resilience: PerNode,
    /// Ceiling held inside the map at every step, with 0 as the floor.
    pub cap: f64,
}

impl Default for DynamicInoperability {
    fn default() -> Self {
        DynamicInoperability { resilience: PerNode::All(1.0), cap: 1.0 }
    }
}

/// What goes into the transfer function of a fuzzy cognitive map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `Wᵀx`.
    Kosko,
    /// `x + Wᵀx`.
    #[default]
    ModifiedKosko,
    /// `(2x-1) + Wᵀ(2x-1)`.
    Rescaled,
}

/// Transfer function of a fuzzy cognitive map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transfer {
    /// `1/(1+e^{-λz})`.
    #[default]
    Sigmoid,
    /// `tanh(λz)`.
    Tanh,
    /// 1 above 0, else 0.
    Bivalent,
    /// The sign: -1, 0 or 1.
    Trivalent,
    /// `z` kept within [0, 1].
    Clamp,
}

/// What weights are divided by, always taken on their magnitudes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalise {
    /// The greatest of all row sums and column sums.
    #[default]
    MaxRowColumn,
    /// The greatest row sum.
    MaxRow,
    /// The spectral radius over α = 0.9.
    Spectral,
}

impl Model {
    /// The word that names the model.
    pub fn word(&self) -> &'static str {
        match self {
            Model::NoisyOr(_) => "noisy-or",
            Model::Linear(_) => "linear",
            Model::FuzzyCognitiveMap(_) => "fuzzy-cognitive-map",
            Model::DynamicInoperability(_) => "dynamic-inoperability",
            Model::LinearThreshold(_) => "linear-threshold",
            Model::Watts(_) => "watts",
            Model::IndependentCascade(_) => "independent-cascade",
            Model::DebtRank(_) => "debt-rank",
            Model::AlternatingRenewal(_) => "alternating-renewal",
        }
    }

    /// Whether the model can be anchored on what was observed; the others start from given states.
    pub fn anchors(&self) -> bool {
        match self {
            Model::NoisyOr(_) | Model::Linear(_) | Model::FuzzyCognitiveMap(_) | Model::DynamicInoperability(_) => true,
            Model::LinearThreshold(_)
            | Model::Watts(_)
            | Model::IndependentCascade(_)
            | Model::DebtRank(_)
            | Model::AlternatingRenewal(_) => false,
        }
    }

    /// Refuses a model that starts from given states where one is to be anchored.
    pub(crate) fn wanted_anchored(&self) -> Result<()> {
        if self.anchors() {
            return Ok(());
        }
        let message = format!(
            "`{}` starts from given states and has no exogenous part to anchor on what was observed, wanted `noisy-or`, `linear`, \
             `fuzzy-cognitive-map` or `dynamic-inoperability`; under this model propagate from a `start`: an improvement is a removed seed (a \
             negative shock on a node that starts) or a clamp",
            self.word()
        );
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    /// Whether every parameter lies in its domain.
    ///
    /// # Errors
    /// `Argument` for one that does not: a cap, steepness or step that is not positive and finite, no runs or periods, a threshold outside 0
    /// to 1, a resilience that is 0 or past 1, a rate or worth below 0.
    pub fn check(&self) -> Result<()> {
        match self {
            Model::NoisyOr(_) => Ok(()),
            Model::Linear(linear) => linear.cap.map_or(Ok(()), |cap| positive("cap", cap)),
            Model::FuzzyCognitiveMap(map) => positive("steepness", map.steepness),
            Model::DynamicInoperability(model) => {
                positive("cap", model.cap)?;
                model.resilience.check("resilience", "above 0 and at most 1", |k| k > 0.0 && k <= 1.0)
            }
            Model::LinearThreshold(LinearThreshold { threshold, runs, .. }) | Model::Watts(Watts { threshold, runs, .. }) => {
                some_runs(*runs)?;
                threshold.as_ref().map_or(Ok(()), |threshold| threshold.check("threshold", "0 to 1", |t| (0.0..=1.0).contains(&t)))
            }
            Model::IndependentCascade(model) => some_runs(model.runs),
            Model::DebtRank(model) => {
                model.value.as_ref().map_or(Ok(()), |value| value.check("value", "a finite number, 0 or above", |v| v >= 0.0))
            }
            Model::AlternatingRenewal(model) => {
                positive("step", model.step)?;
                some_runs(model.runs)?;
                if model.periods == 0 {
                    return Err(Error::argument("`periods` is 0, wanted at least 1"));
                }
                for (what, rates) in [("internal", &model.internal), ("external", &model.external), ("recovery", &model.recovery)] {
                    rates.check(what, "a finite rate, 0 or above", |rate| rate >= 0.0)?;
                }
                Ok(())
            }
        }
    }
}

fn positive(name: &str, value: f64) -> Result<()> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(Error::argument(format!("`{name}` is {value}, wanted a finite number above 0")))
    }
}

fn some_runs(runs: u32) -> Result<()> {
    if (1..=MOST_RUNS).contains(&runs) { Ok(()) } else { Err(Error::argument(format!("`runs` is {runs}, wanted 1 to {MOST_RUNS}"))) }
}

impl From<&Model> for Model {
    fn from(model: &Model) -> Self {
        model.clone()
    }
}

/// A settings struct is a model, by value and by reference.
macro_rules! models {
    ($($name:ident),+) => {
        $(
            impl From<$name> for Model {
                fn from(model: $name) -> Self {
                    Model::$name(model)
                }
            }

            impl From<&$name> for Model {
                fn from(model: &$name) -> Self {
                    Model::$name(model.clone())
                }
            }
        )+
    };
}

models!(NoisyOr, Linear, FuzzyCognitiveMap, DynamicInoperability, LinearThreshold, Watts, IndependentCascade, DebtRank, AlternatingRenewal);
