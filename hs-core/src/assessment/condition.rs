//! How bad a threat is, for one place, group and period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{Range, Share};
use super::provenance::Provenance;
use super::schema;
use super::words::ConditionKind;

/// How bad a threat is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// Id of the threat.
    #[schemars(with = "schema::ThreatRef")]
    pub threat: String,
    /// Id of the place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Id of the group; the whole population where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Year, month, day, week or `start/end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub period: Option<String>,
    /// How critical: mean intensity among those affected, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Share>,
    /// How pervasive: share of persons affected, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevalence: Option<Share>,
    /// Lower and upper end of the severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_range: Option<Range>,
    /// Lower and upper end of the prevalence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevalence_range: Option<Range>,
    /// Where it comes from; `expert` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConditionKind>,
    /// How sure, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Share>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
