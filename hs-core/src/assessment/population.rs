//! How many people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::NonNegative;
use super::provenance::Provenance;
use super::schema;

/// Persons of a place, or of a group in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Population {
    /// Id of the place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Id of the group; the whole population where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// How many.
    pub persons: NonNegative,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
