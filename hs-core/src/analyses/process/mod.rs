//! Questions about how it is done: who acts, who takes part, and what the framework asks on the way.
//!
//! | file | question |
//! |---|---|
//! | `participation.rs` | how can people take part, at what risk, and are they answered? |
//! | `programme_stages.rs` | which of the five stages is reached, on what evidence? |
//! | `representativeness.rs` | does a committee look like the people it speaks for? |
//! | `local_ownership.rs` | how far do those concerned own the programme? |
//! | `action_plan.rs`, `plan_findings.rs`, `pooling.rs`, `plan_tables.rs` | who does what, when, and where does the plan not hold? |
//! | `stakeholders.rs`, `not_considered.rs`, `stakeholder_tables.rs` | who stands where among those who act, and who was not considered? |
//! | `independence.rs`, `independence_rules.rs` | is anyone's independence at risk, and do those who act get in each other's way? |
//! | `shared_indicators.rs` | which indicators could agencies report together? |
//! | `network.rs` | ties between actors, stated and inferred |
//! | `phase_gates.rs` | which tasks of the three phases are done, and which phase may be left? |
//! | `principles.rs` | what is done towards each of the five principles, and what is missing? |
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

mod action_plan;
mod allocation;
mod approach_rules;
mod committee_test;
mod feedback_log;
mod independence;
mod independence_rules;
mod local;
mod local_ownership;
mod network;
mod not_considered;
mod participation;
mod phase_gates;
mod plan_findings;
mod plan_tables;
mod pooling;
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
mod shared_indicators;
mod shows;
mod stakeholder_tables;
mod stakeholders;

pub use action_plan::{ActionPlan, ActionPlanResult, HorizonRow, Load, PlanRow, TimelineRow};
pub use allocation::{Allocation, TaskRow};
pub use committee_test::Fit;
pub use feedback_log::{FeedbackRow, ThemeRow};
pub use independence::{Independence, IndependenceResult, IndependenceRow, LayerRow, OverlapRow};
pub use local_ownership::{Ownership, OwnershipRating, OwnershipResult, OwnershipRow};
pub use not_considered::NotConsidered;
pub use participation::{ApproachRow, FactorRow, Participation, ParticipationResult, RiskRow};
pub use phase_gates::{Gate, PhaseGates, PhaseGatesResult, PhaseTask};
pub use plan_findings::Finding as PlanFinding;
pub use pooling::Pool;
pub use principles::{PrincipleAction, PrincipleProfile, Principles, PrinciplesResult};
pub use process_log::ProcessRow;
pub use programme_stages::{ProgrammeStages, ProgrammeStagesResult, StageRow, StageState, Transition};
pub use relevance::{Aim, Relevance, RelevanceResult, RelevanceRow, RelevanceState, Unaddressed};
pub use representativeness::{CommitteeRow, Representativeness, RepresentativenessResult, SeatRow, SeatState};
pub use rubric::{OWNERSHIP, OwnershipDimension};
pub use said::{Answered, TaskState};
pub use screen_roots::{Oversight, RootCoverage};
pub use screens::{Flag, Interaction, ScreenRow, Screens, ScreensResult};
pub use shared_indicators::{AgencyRow, SharedIndicator, SharedIndicators, SharedIndicatorsResult};
pub use shows::{Check, Shown, ShownFinding};
pub use stakeholders::{AxisRow, DualRoleRow, StakeholderRow, Stakeholders, StakeholdersResult, TieRow};
