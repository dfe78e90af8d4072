//! What menaces survival, livelihood or dignity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::provenance::Provenance;
use super::schema;
use super::words::{Freedom, VitalCore};
use crate::framework::Component;

/// A threat; belongs to one component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Threat {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// The component it belongs to.
    pub component: Component,
    /// Other components it touches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Component>>")]
    pub also: Vec<Component>,
    /// What it endangers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<VitalCore>>")]
    pub core: Vec<VitalCore>,
    /// Which freedoms it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Freedom>>")]
    pub freedoms: Vec<Freedom>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
