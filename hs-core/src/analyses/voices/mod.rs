//! Questions about what people themselves say, and how far they agree.
//!
//! | file | question |
//! |---|---|
//! | `agreement.rs` | how far do people agree on what comes first? |
//! | `compare_ratings.rs` | do two ratings of the same things agree? |
//! | `consensus.rs`, `consensus_tables.rs` | which order do people agree on, and who sees it otherwise? |
//! | `mismatch.rs`, `mismatch_rows.rs` | do policies put first what people put first? |
//! | `perceptions.rs`, `perception_rows.rs` | where do people see more, or less, than the indicators show? |
//! | `krippendorff_alpha.rs` | how far do several coders agree beyond chance? |
//! | `stories.rs`, `stories_tables.rs` | what do people's stories tell of, and how far do their coders agree? |
//! | `problem_definitions.rs` | do stakeholders see the same problem? |
//! | `pool_linkages.rs` | what do several maps say together of each link? |
//! | `compare_maps.rs` | where do maps agree, and which links are disputed? |
//! | `order.rs` | in which order people of a place put threats |
//! | `ratings.rs` | what respondents say of threats, row by row |
//! | `reliability.rs`, `reliability_scores.rs` | how well does a scale measure one thing, and what does it say? |
//! | `small_cells.rs` | which cells of respondents are too small to be shown |
//! | `statements.rs` | who says what: the statements of networks and assessments |

mod agreement;
mod compare_maps;
mod compare_ratings;
mod consensus;
mod consensus_tables;
mod krippendorff_alpha;
mod mismatch;
mod mismatch_rows;
pub(crate) mod order;
mod perception_rows;
mod perceptions;
mod pool_linkages;
mod problem_definitions;
mod ratings;
mod reliability;
mod reliability_scores;
pub(crate) mod small_cells;
mod statements;
mod stories;
mod stories_tables;
#[cfg(test)]
mod tests;

pub use agreement::{Agreement, AgreementResult, AgreementRow, AgreementTest, MeanRank, RatingValues};
pub use compare_maps::{CompareMaps, CompareMapsResult, DisputedLink, MapPair, MapsBy};
pub use compare_ratings::{CompareRatings, CompareRatingsResult, KappaWeights};
pub use consensus::{Consensus, ConsensusResult, ConsensusRow, Dissent, Minority};
pub use krippendorff_alpha::{CodedUnit, CoderRow, KrippendorffAlpha, KrippendorffAlphaResult, MeasurementLevel};
pub use mismatch::{Mismatch, MismatchResult, NeedMeasure};
pub use mismatch_rows::{MismatchRow, Origins, PolicyComponent, TauRow};
pub use perception_rows::{BlindSpot, PerceptionAgreement, PerceptionGap};
pub use perceptions::{Perceptions, PerceptionsResult};
pub use pool_linkages::{Disputed, Estimator, PoolLinkages, PoolLinkagesResult, PooledLink, PoolingMethod};
pub use problem_definitions::{Factor, ProblemDefinitions, ProblemDefinitionsResult};
pub use ratings::{MissingRatings, RatersBy};
pub use reliability::{ItemRow, Reliability, ReliabilityResult, ScaleRow};
pub use reliability_scores::ScaleScore;
pub use stories::{CauseRow, CodeRow, CodingAgreement, LinkageEvidence, Stories, StoriesResult, Uncoded};
