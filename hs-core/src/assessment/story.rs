//! What people tell, coded: never their words, never their names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::provenance::Provenance;
use super::schema;

/// A segment of a story with the codes one coder gave it. There is no field for the words themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Story {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// The story: a code, never a name.
    #[schemars(with = "schema::Id")]
    pub story: String,
    /// Which part of the story; the whole story where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub segment: Option<String>,
    /// Who coded: a role or code, never a name. Two coders of one segment are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub coder: Option<String>,
    /// Which stakeholder tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub stakeholder: Option<String>,
    /// Id of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Period told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub period: Option<String>,
    /// Ids of the threats it tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ThreatRef>>")]
    pub threats: Vec<String>,
    /// Ids of the linkages it tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::LinkageRef>>")]
    pub linkages: Vec<String>,
    /// Ids of the capacities it tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::CapacityRef>>")]
    pub capacities: Vec<String>,
    /// Ids of the actors it tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ActorRef>>")]
    pub actors: Vec<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
