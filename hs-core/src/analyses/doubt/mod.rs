//! How sure the answers are.
//!
//! | file | question |
//! |---|---|
//! | `simulate.rs` | how far can severities and ranks lie, given the ranges of what was stated? |
//! | `sensitivity.rs` | which of the stated ranges matter most for an outcome? |
//! | `sobol.rs` | which inputs of any function matter most? |
//! | `parameters.rs` | what is not sure, and how it spreads over its range |
//! | `runs.rs` | one run for every draw |

mod estimates;
mod parameters;
mod runs;
mod sensitivity;
mod simulate;
mod sobol;
#[cfg(test)]
mod tests;

pub use estimates::{Estimate, Share};
pub use parameters::Distribution;
pub(crate) use parameters::{Evens, Parameters, Random};
pub use sensitivity::{Over, Screened, Sensitivity, SensitivityMethod, SensitivityResult};
pub use simulate::{KeepDraws, Simulate, SimulateResult, Simulated};
pub use sobol::{Sobol, SobolResult};
