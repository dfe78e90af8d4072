//! Who is below the bar, in how many ways, where, in which group, and how sure are we? (Alkire-Foster)

pub(crate) mod cells;
mod estimates;
mod result;
mod sample;
mod scheme;
mod settings;
mod tables;
pub(crate) mod tallies;
#[cfg(test)]
mod tests;

pub use result::ScoreResult;
pub use scheme::{Deprivation, DeprivationScheme, MissingPolicy, Value};
pub use settings::{LonelyPsu, Score};
