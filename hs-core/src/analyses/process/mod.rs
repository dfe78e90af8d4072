//! Questions about how it is done: who acts, who takes part, and what the framework asks on the way.
//!
//! | file | question |
//! |---|---|
//! | `programme_stages.rs` | which of the five stages is reached, on what evidence? |
//! | `representativeness.rs` | does a committee look like the people it speaks for? |
//! | `local_ownership.rs` | how far do those concerned own the programme? |
//! | `principles.rs` | what is done towards each of the five principles, and what is missing? |
//! | `phase_gates.rs` | which tasks of the three phases are done, and which phase may be left? |
//! | `relevance.rs` | is it the right thing, against what people put first? |
//! | `allocation.rs` | who carries which burden and gains what |
//! | `committee_test.rs` | how often a draw by lot would look as a committee does |
//! | `local.rs` | who counts as local |
//! | `rubric.rs` | the anchors of local ownership |
//! | `said.rs` | what people said was done, and on what evidence |
//! | `shows.rs` | what the assessment itself shows towards a task |

mod allocation;
mod committee_test;
mod local;
mod local_ownership;
mod phase_gates;
mod principles;
mod programme_stages;
mod relevance;
mod representativeness;
mod rubric;
mod said;
mod shows;

pub use allocation::{Allocation, TaskRow};
pub use committee_test::Fit;
pub use local_ownership::{Ownership, OwnershipRating, OwnershipResult, OwnershipRow};
pub use phase_gates::{Gate, PhaseGates, PhaseGatesResult, PhaseTask};
pub use principles::{PrincipleAction, PrincipleProfile, Principles, PrinciplesResult};
pub use programme_stages::{ProgrammeStages, ProgrammeStagesResult, StageRow, StageState, Transition};
pub use relevance::{Aim, Relevance, RelevanceResult, RelevanceRow, RelevanceState, Unaddressed};
pub use representativeness::{CommitteeRow, Representativeness, RepresentativenessResult, SeatRow, SeatState};
pub use rubric::{OWNERSHIP, OwnershipDimension};
pub use said::{Answered, TaskState};
pub use shows::{Check, Shown, ShownFinding};
