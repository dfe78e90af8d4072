//! What is done about it, and what that does beyond its target.

mod pillar_gaps;

pub use pillar_gaps::{Gap, PillarGaps, PillarGapsResult, PillarStrength, Strength};
