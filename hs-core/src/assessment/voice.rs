//! What people say, what policies say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{NonNegative, Rank, Share};
use super::provenance::Provenance;
use super::schema;
use super::words::PolicyOrigin;
use crate::framework::Level;

/// What a respondent or stakeholder says of a threat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Perception {
    /// A pseudonym, never a name.
    #[schemars(with = "schema::Id")]
    pub respondent: String,
    /// Which stakeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub stakeholder: Option<String>,
    /// Id of the place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Id of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub period: Option<String>,
    /// Id of the threat.
    #[schemars(with = "schema::ThreatRef")]
    pub threat: String,
    /// Rating, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Share>,
    /// Rank, above 0; ties may share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// What a policy or programme puts first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Priority {
    /// Which policy.
    #[schemars(with = "schema::Line")]
    pub policy: String,
    /// Its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Id of the place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Id of the threat.
    #[schemars(with = "schema::ThreatRef")]
    pub threat: String,
    /// Rank, above 0; ties may share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
    /// Budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<NonNegative>,
    /// Whether the policy is domestic or international; by its level where absent: national and below are domestic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<PolicyOrigin>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
