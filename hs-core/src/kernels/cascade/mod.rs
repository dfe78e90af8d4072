//! Runs in which nodes turn on for good, many at a time, counted in whole numbers.
//!
//! | file | what it answers |
//! |---|---|
//! | `keyed.rs` | a random number for a seed, run and item |
//! | `shared.rs` | runs shared among threads, stopped when asked |
//! | `outgoing.rs` | edges by source |
//! | `spread.rs` | one run: frontier, lags, steps |
//! | `independent.rs` | each edge carries once, with its chance |
//! | `threshold.rs` | a node turns on when enough has arrived |
//! | `tally.rs` | what is counted over runs |
// Positions come from a checked `Csr`; other lengths are checked in `Plan::check` before the first run.
#![allow(clippy::indexing_slicing)]

mod independent;
mod keyed;
mod outgoing;
mod shared;
mod spread;
mod tally;
#[cfg(test)]
mod tests;
mod threshold;

pub use independent::Independent;
pub use keyed::{Key, Stream};
pub use shared::{Pause, over_runs};
pub use spread::Plan;
pub use tally::Tally;
pub use threshold::{Shares, Thresholds};
