//! How bad, for how many, against which bar.

pub(crate) mod capacities;
mod criticality;

pub use capacities::Combined;
pub use criticality::{Class, CriticalCell, Criticality, CriticalityResult, PersonsBounds, RiskScore};
