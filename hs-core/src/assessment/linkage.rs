//! One threat feeds or dampens another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{Range, Share};
use super::provenance::Provenance;
use super::schema;
use super::words::{LinkEffect, Reach, Strength};

/// One threat feeds or dampens another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Linkage {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Id of the threat it starts from.
    #[schemars(with = "schema::ThreatRef")]
    pub from: String,
    /// Id of the threat it reaches.
    #[schemars(with = "schema::ThreatRef")]
    pub to: String,
    /// `feeds` or `dampens`.
    pub effect: LinkEffect,
    /// Strength as a number, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Share>,
    /// Strength in words, instead of a weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Lower and upper end of the weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// Periods until it acts; 0 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Lag>")]
    pub lag: Option<u32>,
    /// How far over places; `same` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// Ids of the places it starts from; everywhere where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<schema::Selection<schema::PlaceRef>>")]
    pub places: Vec<String>,
    /// Ids of the groups it starts from; all where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<schema::Selection<schema::GroupRef>>")]
    pub groups: Vec<String>,
    /// Ids of the groups it reaches, if other groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::GroupRef>>")]
    pub to_groups: Vec<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub stakeholder: Option<String>,
    /// How sure, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Share>,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Lines>")]
    pub evidence: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
