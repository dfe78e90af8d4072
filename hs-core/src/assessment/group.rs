//! A part of the population.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::provenance::Provenance;
use super::schema;

/// A part of the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// Gender, in short free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub gender: Option<String>,
    /// Age group, in short free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub age: Option<String>,
    /// Socio-economic status, in short free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub status: Option<String>,
    /// Further dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::Line>>")]
    pub tags: Vec<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Groups that do not overlap and together are everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Partition {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Ids of the groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "schema::Selection<schema::GroupRef>")]
    pub groups: Vec<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
