//! How bad, for how many, against which bar.

pub(crate) mod capacities;
mod criticality;
mod criticality_result;
pub mod scoring;

pub use capacities::Combined;
pub use criticality::{Criticality, RiskScore};
pub use criticality_result::{Class, CriticalCell, CriticalityResult, PersonsBounds};
