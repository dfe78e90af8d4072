//! How severity travels along the domino network: models, runs, and anchoring on what was observed.
//!
//! | file | what it answers |
//! |---|---|
//! | `model.rs` | the models, as one tagged enum |
//! | `contagion.rs` | the settings of models that start from given states |
//! | `settings.rs` | what a run is told |
//! | `compile.rs` | a model and rows as a map of the kernels |
//! | `certify.rs` | whether there could be another state at rest |
//! | `run.rs` | a run on rows and plain lists |
//! | `anchoring.rs` | the exogenous part solved so that what was observed is a fixed point |
//! | `effect.rs` | what a shock moves, away from what was observed |
//! | `superpose.rs` | where shocks of a linear model add up |
//! | `given.rs` | effects under models that start from given states |
//! | `ensemble.rs` | one run over many draws of its numbers |
//! | `starts.rs` | the chance that a node is on at the start |
//! | `cascade.rs` | runs of thresholds and cascades |
//! | `dynamics.rs` | runs of distress and of alternating renewal |
//! | `network.rs` | runs on a domino network, names in and ids out |
//! | `result.rs` | what a run gives |

mod anchoring;
mod cascade;
#[cfg(test)]
mod cascade_tests;
mod certify;
pub(crate) mod compile;
mod contagion;
mod dynamics;
#[cfg(test)]
mod dynamics_laws;
mod effect;
pub(crate) mod ensemble;
mod given;
#[cfg(test)]
mod guarantees_tests;
#[cfg(test)]
mod laws;
mod model;
pub(crate) mod network;
mod result;
mod run;
mod settings;
mod starts;
mod superpose;
#[cfg(test)]
mod tests;

pub use anchoring::{Stability, Treatment};
pub use contagion::{
    AlternatingRenewal, DebtRank, DebtRankVariant, IndependentCascade, LinearThreshold, RenewalMethod, ThresholdRule, Watts,
};
pub(crate) use effect::Reads;
pub use effect::{Anchored, Effect};
pub use model::{DynamicInoperability, FuzzyCognitiveMap, Linear, Model, NoisyOr, Normalise, Rule, Transfer};
pub use result::{NodeLabel, NodeLabels, PropagationResult, Status};
pub(crate) use run::within_one;
pub(crate) use settings::check_stop;
pub use settings::{AnchorSettings, Keep, Method, PerNode, Propagation, Values};
pub(crate) use starts::refuse_negative;
pub(crate) use superpose::{Moved, Superposition};
