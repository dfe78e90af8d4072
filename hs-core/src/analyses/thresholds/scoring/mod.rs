//! Who is below the bar, in how many ways, where, in which group, and how sure are we? (Alkire-Foster)

mod accumulator;
mod bytes;
pub(crate) mod cells;
mod change;
mod change_tables;
mod estimates;
mod finish;
mod intake;
mod interner;
mod judgement;
mod marks;
mod mean;
mod mean_sums;
#[cfg(test)]
mod plain;
mod plan;
mod result;
mod robustness;
mod robustness_curve;
mod robustness_tables;
pub(crate) mod sample;
mod scheme;
mod scheme_check;
mod settings;
mod shard;
mod suppression;
mod tables;
pub(crate) mod tallies;
#[cfg(test)]
mod tests;

pub use accumulator::ScoreAccumulator;
pub use change::{Samples, ScoreChange, ScoreChangeResult};
pub use mean::{MeanKind, SurveyMean, SurveyMeanResult};
pub use result::ScoreResult;
pub use robustness::{Robustness, RobustnessResult};
pub use scheme::{Deprivation, DeprivationScheme, MissingPolicy, Value};
pub use settings::{LonelyPsu, Score};
