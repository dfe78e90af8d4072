//! Questions about the domino network itself.
//!
//! | file | question |
//! |---|---|
//! | `total_effects.rs` | how much does each threat feed each other, by all paths together? |
//! | `root_causes.rs` | which threats lie upstream of most harm? |

mod normalised;
mod root_causes;
#[cfg(test)]
mod tests;
mod total_effects;

pub use root_causes::{Cause, RootCauses, RootCausesResult};
pub use total_effects::{TotalEffects, TotalEffectsResult};
