//! What is done about it, and what that does beyond its target.

mod bearings;
pub(crate) mod capacity_use;
mod draws;
mod externalities;
mod externality_aggregates;
mod externality_cells;
mod externality_result;
mod externality_tables;
mod harm_register;
mod options;
mod packages;
mod patterns;
mod people;
mod pillar_balance;
mod pillar_gaps;
mod policy_coherence;
mod portfolio;
mod question_findings;
mod reached;
mod seven_questions;
mod shocks;
mod spread;
mod synergies;
mod synergy_result;
mod synergy_terms;
mod weights;

pub use bearings::{Bearing, BearingKind};
pub use capacity_use::{CapacityPrompt, CapacityRow, CapacityState};
pub use externalities::{Externalities, Horizons, Ranges};
pub use externality_result::{CellEffect, Claim, ExternalitiesResult, HorizonWord, InterventionEffects};
pub use harm_register::{
    Assessed, AssessedState, DividerOrConnector, Harm, HarmClaim, HarmRegister, HarmRegisterResult, Pathway, Prompt, PromptSource,
    Unmatched, Verdicts,
};
pub use people::{Crossing, Joint, Link, PeopleAccumulator, PeopleMoved, PeopleMovedResult};
pub use pillar_balance::{BalanceRow, PillarBalance, PillarBalanceResult, Stage};
pub use pillar_gaps::{Behind, Gap, PillarGaps, PillarGapsResult, PillarStrength, Strength};
pub use policy_coherence::{
    Conflict, DualRole, Duplicate, PolicyCoherence, PolicyCoherenceResult, Substitution, SubstitutionFlag, Tension,
};
pub use portfolio::{
    ActorLimit, BindingRow, CellRow, Chosen, DoNoHarm, FrontPoint, GroupRow, HarmCounted, HarmRule, HarmSettings, Levels, LevelsWord,
    MissingCost, Objective, PersonsCounted, Portfolio, PortfolioResult, PortfolioStatus, VerificationRow,
};
pub use question_findings::QuestionFinding;
pub use seven_questions::{AnswerState, QuestionRow, SevenQuestions, SevenQuestionsResult};
pub use spread::{Divider, Spread};
pub use synergies::Synergies;
pub use synergy_result::{Kind as SynergyKind, SynergiesResult, SynergyRow};
