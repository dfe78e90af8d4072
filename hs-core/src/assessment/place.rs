//! A place on one of five levels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::NonNegative;
use super::provenance::Provenance;
use super::schema;
use crate::framework::Level;
use std::collections::BTreeMap;

/// A place; at most one parent, on the same level or a higher one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// Level.
    pub level: Level,
    /// Id of the place that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub parent: Option<String>,
    /// Places that threats cross to, in this direction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Neighbour>>")]
    pub neighbours: Vec<Neighbour>,
    /// Codes in other systems, for example `pcode`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, schema::Line>>")]
    pub codes: BTreeMap<String, String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A directed adjacency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    /// Id of the adjacent place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Weight; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<NonNegative>,
}
