//! Whom does an intervention lift above the threshold, and whom does it push below?

mod accumulator;
mod changes;
mod draws;
mod found;
mod places;
mod prevalence;
mod result;
mod sample;
mod settings;
mod suppression;
mod tables;
#[cfg(test)]
mod tests;

pub use accumulator::PeopleAccumulator;
pub use result::PeopleMovedResult;
pub use settings::{Crossing, Joint, Link, PeopleMoved};
