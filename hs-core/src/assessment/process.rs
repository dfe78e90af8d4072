//! How it is done: committees, meetings, feedback, resources; counts and codes, never names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::NonNegative;
use super::provenance::Provenance;
use super::schema;
use super::words::{FeedbackKind, FeedbackOutcome, MarketEffect, MeetingKind, Origin, ResourceKind};

/// Seats of a committee that are held by one part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Committee {
    /// Which committee.
    #[schemars(with = "schema::Line")]
    pub committee: String,
    /// How many seats.
    pub members: u64,
    /// Id of the intervention it oversees; all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::InterventionRef>")]
    pub intervention: Option<String>,
    /// Id of the place it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group the members belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Which stakeholder they speak for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub stakeholder: Option<String>,
    /// Id of the actor they speak for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ActorRef>")]
    pub actor: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A meeting with the people affected or between actors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Meeting {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// What kind.
    pub kind: MeetingKind,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub date: Option<String>,
    /// Id of the intervention it was about; all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::InterventionRef>")]
    pub intervention: Option<String>,
    /// Participatory stage, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Stage>")]
    pub stage: Option<u8>,
    /// Id of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Ids of the groups that took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::GroupRef>>")]
    pub groups: Vec<String>,
    /// Ids of the actors that took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ActorRef>>")]
    pub actors: Vec<String>,
    /// How many people took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<u64>,
    /// How many decisions were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<u64>,
    /// How many of the decisions were carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_out: Option<u64>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Something people brought forward, and what became of it; its words have no field here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Feedback {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// What kind.
    pub kind: FeedbackKind,
    /// When it came.
    #[schemars(with = "schema::Period")]
    pub received: String,
    /// Id of the intervention it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::InterventionRef>")]
    pub intervention: Option<String>,
    /// Id of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Id of the threat it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ThreatRef>")]
    pub threat: Option<String>,
    /// What it is about, as a short code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub theme: Option<String>,
    /// When it was answered; open where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub answered: Option<String>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<FeedbackOutcome>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Something an intervention uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Id of the intervention.
    #[schemars(with = "schema::InterventionRef")]
    pub intervention: String,
    /// Time, labour, knowledge, materials or money.
    pub kind: ResourceKind,
    /// Where it comes from.
    pub origin: Origin,
    /// What it is worth, in the currency of the costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<NonNegative>,
    /// Id of the actor that gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ActorRef>")]
    pub actor: Option<String>,
    /// What it does to the local market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<MarketEffect>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
