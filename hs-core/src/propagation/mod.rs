//! How severity travels along the domino network: models, runs, and anchoring on what was observed.
//!
//! | file | what it answers |
//! |---|---|
//! | `model.rs` | the models, as one tagged enum |
//! | `settings.rs` | what a run is told |
//! | `compile.rs` | a model and rows as a map of the kernels |
//! | `run.rs` | a run on rows and plain lists |
//! | `anchoring.rs` | the exogenous part solved so that what was observed is a fixed point |
//! | `effect.rs` | what a shock moves, away from what was observed |
//! | `network.rs` | runs on a domino network, names in and ids out |
//! | `result.rs` | what a run gives |

mod anchoring;
pub(crate) mod compile;
mod effect;
#[cfg(test)]
mod laws;
mod model;
pub(crate) mod network;
mod result;
mod run;
mod settings;
#[cfg(test)]
mod tests;

pub use anchoring::{Stability, Treatment};
pub use effect::{Anchored, Effect};
pub use model::{FuzzyCognitiveMap, Linear, Model, NoisyOr, Normalise, Rule, Transfer};
pub use result::{NodeLabel, PropagationResult, Status};
pub use settings::{AnchorSettings, Keep, Propagation, Values};
