//! What is believed: the entities of `human-security/1`, one file an entity.

mod actor;
mod capacity;
pub mod check;
mod condition;
pub mod document;
mod found;
mod group;
mod indicator;
mod intervention;
mod judgement;
mod linkage;
mod number;
mod parse;
mod period;
mod place;
mod population;
mod process;
mod provenance;
mod read;
mod rules;
mod scale;
mod schema;
pub(crate) mod sensitivity;
mod shape;
mod source;
mod span;
mod story;
mod threat;
mod voice;
mod walk;
mod words;

use schemars::JsonSchema;
use serde::Serialize;

pub use actor::{Actor, Responsibility, Tie};
pub use capacity::Capacity;
pub use check::{CheckResult, Finding};
pub use condition::Condition;
pub use document::{Limits, Node};
pub use group::{Group, Partition};
pub use indicator::{Indicator, Observation};
pub use intervention::{Effect, Externality, Intervention};
pub use judgement::{Judgement, Subject};
pub use linkage::Linkage;
pub use number::{Finite, NonNegative, Range, Rank, Share};
pub use parse::parse;
pub(crate) use parse::parse_own;
pub use place::{Neighbour, Place};
pub use population::Population;
pub use process::{Committee, Feedback, Meeting, Resource};
pub use provenance::{Extra, Provenance};
pub use scale::{Answer, Item};
pub use schema::schema;
pub use source::Source;
pub(crate) use span::span;
pub use story::Story;
pub use threat::Threat;
pub use voice::{Perception, Priority};
pub use words::{
    ActorKind, Basis, CapacityKind, Capital, ConditionKind, Direction, FeedbackKind, FeedbackOutcome, Freedom, Infrastructure, ItemAspect,
    ItemTopic, LinkEffect, MarketEffect, Measure, MeetingKind, Origin, Outcome, PolicyOrigin, Reach, ResourceKind, Role, Sensitivity,
    Strength, TieKind, VitalCore,
};

/// The schema this version reads and writes.
pub const SCHEMA: &str = "human-security/1";

/// A situation, seen through the human-security framework.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Assessment {
    /// Always `human-security/1`.
    #[schemars(with = "schema::Name")]
    pub schema: String,
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Title.
    #[schemars(with = "schema::Lines")]
    pub title: String,
    /// Language of the texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub language: Option<String>,
    /// How freely it may leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// Sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub sources: Vec<Source>,
    /// Places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub places: Vec<Place>,
    /// Groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub groups: Vec<Group>,
    /// Partitions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub partitions: Vec<Partition>,
    /// Populations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub populations: Vec<Population>,
    /// Threats.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub threats: Vec<Threat>,
    /// Conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub conditions: Vec<Condition>,
    /// Capacities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub capacities: Vec<Capacity>,
    /// Linkages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub linkages: Vec<Linkage>,
    /// Interventions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub interventions: Vec<Intervention>,
    /// Actors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub actors: Vec<Actor>,
    /// Responsibilities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub responsibilities: Vec<Responsibility>,
    /// Indicators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub indicators: Vec<Indicator>,
    /// Observations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub observations: Vec<Observation>,
    /// Perceptions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub perceptions: Vec<Perception>,
    /// Priorities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub priorities: Vec<Priority>,
    /// Ties between actors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub ties: Vec<Tie>,
    /// Items of scales.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub items: Vec<Item>,
    /// Answers to items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub answers: Vec<Answer>,
    /// Coded segments of stories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub stories: Vec<Story>,
    /// Seats of committees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub committees: Vec<Committee>,
    /// Meetings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub meetings: Vec<Meeting>,
    /// Feedback of people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub feedback: Vec<Feedback>,
    /// Resources that interventions use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub resources: Vec<Resource>,
    /// Judgements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub judgements: Vec<Judgement>,
    /// The user's own fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Extra>,
}
