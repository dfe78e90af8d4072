//! What a place or group has to resist or cope.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::Share;
use super::provenance::Provenance;
use super::schema;
use super::words::{CapacityKind, Capital, Infrastructure};
use crate::framework::{Component, Pillar};

/// What a place or group has to resist or cope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// The component it serves.
    pub component: Component,
    /// Id of the place; everywhere where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group; the whole population where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Protection, empowerment or both.
    pub pillar: Pillar,
    /// How much of it there is, 0 to 1.
    pub level: Share,
    /// Ids of the threats it works against; all of the component where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ThreatRef>>")]
    pub against: Vec<String>,
    /// What kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CapacityKind>,
    /// Id of the actor who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ActorRef>")]
    pub holder: Option<String>,
    /// Which part of the infrastructure of protection it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Infrastructure>,
    /// Which capital of a livelihood it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<Capital>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
