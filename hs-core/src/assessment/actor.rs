//! Who acts, and who does what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::Share;
use super::provenance::Provenance;
use super::schema;
use super::words::{ActorKind, Role, TieKind};
use crate::framework::Component;

/// Who acts; may protect and be a source of threat (the dual role of the state).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name of the body, never of a person.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// What kind.
    pub kind: ActorKind,
    /// Ids of the places where it acts; everywhere where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<schema::Selection<schema::PlaceRef>>")]
    pub places: Vec<String>,
    /// Ids of the threats it protects from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ThreatRef>>")]
    pub protects_from: Vec<String>,
    /// Ids of the threats it is a source of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ThreatRef>>")]
    pub threatens: Vec<String>,
    /// Components it has a mandate for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Component>>")]
    pub mandates: Vec<Component>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Who does what for an intervention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Responsibility {
    /// Id of the actor.
    #[schemars(with = "schema::ActorRef")]
    pub actor: String,
    /// Id of the intervention.
    #[schemars(with = "schema::InterventionRef")]
    pub intervention: String,
    /// Responsible, accountable, consulted or informed.
    pub role: Role,
    /// Participatory stage, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Stage>")]
    pub stage: Option<u8>,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub task: Option<String>,
    /// How heavy the task is for the one who does it, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burden: Option<Share>,
    /// What the one who does it gains from it, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<Share>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A tie between two actors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tie {
    /// Id of the actor it starts from.
    #[schemars(with = "schema::ActorRef")]
    pub from: String,
    /// Id of the actor it leads to.
    #[schemars(with = "schema::ActorRef")]
    pub to: String,
    /// What kind.
    pub kind: TieKind,
    /// How strong, 0 to 1; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Share>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
