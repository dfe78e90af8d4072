//! Questions about how it is done: who acts, who takes part, and what the framework asks on the way.
//!
//! | file | question |
//! |---|---|
//! | `phase_gates.rs` | which tasks of the three phases are done, and which phase may be left? |
//! | `principles.rs` | what is done towards each of the five principles, and what is missing? |
//! | `local.rs` | who counts as local |
//! | `said.rs` | what people said was done, and on what evidence |
//! | `shows.rs` | what the assessment itself shows towards a task |

mod local;
mod phase_gates;
mod principles;
mod said;
mod shows;

pub use phase_gates::{Gate, PhaseGates, PhaseGatesResult, PhaseTask};
pub use principles::{PrincipleAction, PrincipleProfile, Principles, PrinciplesResult};
pub use said::{Answered, TaskState};
pub use shows::{Check, Shown, ShownFinding};
