//! How severity travels: the models, as one tagged enum that crosses languages as JSON.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

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
}

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
        }
    }

    /// Whether every parameter lies in its domain.
    ///
    /// # Errors
    /// `Argument`: a cap that is not positive and finite, a steepness that is not.
    pub fn check(&self) -> Result<()> {
        let (name, value) = match self {
            Model::Linear(Linear { cap: Some(cap), .. }) => ("cap", *cap),
            Model::FuzzyCognitiveMap(map) => ("steepness", map.steepness),
            Model::NoisyOr(_) | Model::Linear(_) => return Ok(()),
        };
        if value.is_finite() && value > 0.0 {
            Ok(())
        } else {
            Err(Error::argument(format!("`{name}` is {value}, wanted a finite number above 0")))
        }
    }
}

impl From<NoisyOr> for Model {
    fn from(model: NoisyOr) -> Self {
        Model::NoisyOr(model)
    }
}

impl From<Linear> for Model {
    fn from(model: Linear) -> Self {
        Model::Linear(model)
    }
}

impl From<FuzzyCognitiveMap> for Model {
    fn from(model: FuzzyCognitiveMap) -> Self {
        Model::FuzzyCognitiveMap(model)
    }
}

impl From<&Model> for Model {
    fn from(model: &Model) -> Self {
        model.clone()
    }
}

impl From<&NoisyOr> for Model {
    fn from(model: &NoisyOr) -> Self {
        Model::NoisyOr(*model)
    }
}

impl From<&Linear> for Model {
    fn from(model: &Linear) -> Self {
        Model::Linear(*model)
    }
}

impl From<&FuzzyCognitiveMap> for Model {
    fn from(model: &FuzzyCognitiveMap) -> Self {
        Model::FuzzyCognitiveMap(*model)
    }
}
