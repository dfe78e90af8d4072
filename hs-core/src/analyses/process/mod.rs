//! Questions about how it is done: who acts, who takes part, and what the framework asks on the way.
//!
//! | file | question |
//! |---|---|
//! | `participation.rs` | how can people take part, at what risk, and are they answered? |
//! | `programme_stages.rs` | which of the five stages is reached, on what evidence? |
//! | `representativeness.rs` | does a committee look like the people it speaks for? |
//! | `local_ownership.rs` | how far do those concerned own the programme? |
//! | `principles.rs` | what is done towards each of the five principles, and what is missing? |
//! | `phase_gates.rs` | which tasks of the three phases are done, and which phase may be left? |
//! | `relevance.rs` | is it the right thing, against what people put first? |
//! | `screens.rs` | which measures call for a closer look? |
//! | `allocation.rs` | who carries which burden and gains what |
//! | `approach_rules.rs`, `screen_rules.rs` | the rules, as data |
//! | `committee_test.rs` | how often a draw by lot would look as a committee does |
//! | `feedback_log.rs`, `process_log.rs` | feedback and meetings, counted |
//! | `local.rs` | who counts as local |
//! | `rubric.rs` | the anchors of local ownership |
//! | `said.rs` | what people said was done, and on what evidence |
//! | `screen_roots.rs` | are roots worked on, and who watches those who use force |
//! | `shows.rs` | what the assessment itself shows towards a task |

mod allocation;
mod approach_rules;
mod committee_test;
mod feedback_log;
mod local;
mod local_ownership;
mod participation;
mod phase_gates;
mod principles;
mod process_log;
mod programme_stages;
mod relevance;
mod representativeness;
mod rubric;
mod said;
mod screen_roots;
mod screen_rules;
mod screens;
mod shows;

pub use allocation::{Allocation, TaskRow};
pub use committee_test::Fit;
pub use feedback_log::{FeedbackRow, ThemeRow};
pub use local_ownership::{Ownership, OwnershipRating, OwnershipResult, OwnershipRow};
pub use participation::{ApproachRow, FactorRow, Participation, ParticipationResult, RiskRow};
pub use phase_gates::{Gate, PhaseGates, PhaseGatesResult, PhaseTask};
pub use principles::{PrincipleAction, PrincipleProfile, Principles, PrinciplesResult};
pub use process_log::ProcessRow;
pub use programme_stages::{ProgrammeStages, ProgrammeStagesResult, StageRow, StageState, Transition};
pub use relevance::{Aim, Relevance, RelevanceResult, RelevanceRow, RelevanceState, Unaddressed};
pub use representativeness::{CommitteeRow, Representativeness, RepresentativenessResult, SeatRow, SeatState};
pub use rubric::{OWNERSHIP, OwnershipDimension};
pub use said::{Answered, TaskState};
pub use screen_roots::{Oversight, RootCoverage};
pub use screens::{Flag, Interaction, ScreenRow, Screens, ScreensResult};
pub use shows::{Check, Shown, ShownFinding};
