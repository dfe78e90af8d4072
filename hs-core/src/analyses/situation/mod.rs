//! Questions about the situation by level and by group: who is below the bar, where, and what stands against it.
//!
//! | file | question |
//! |---|---|
//! | `gender_gaps` | where women and men, girls and boys face different threats |

mod gender_gaps;
mod gender_harms;
mod gender_tables;
mod hiding;
mod sighted;

pub use gender_gaps::{Gap, GapRow, GapSide, GenderGaps, GenderGapsResult, IntersectionRow, MissingRow};
pub use gender_harms::Harm as GroupHarm;

/// Refuses a level that is no probability between 0 and 1.
fn level(level: f64) -> crate::Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(crate::Error::argument(format!("`level`: found {level}, wanted a number between 0 and 1")))
}
