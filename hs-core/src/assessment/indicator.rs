//! What is measured.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{Finite, NonNegative};
use super::provenance::Provenance;
use super::schema;
use super::words::Direction;
use crate::framework::Component;

/// A measured quantity with a direction, a unit and thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Indicator {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// Id of the threat it measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ThreatRef>")]
    pub threat: Option<String>,
    /// Its component.
    pub component: Component,
    /// Unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub unit: Option<String>,
    /// Which direction is good; `higher` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
    /// The bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Finite>,
    /// Four phase bounds, from better to worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phases: Option<[Finite; 4]>,
    /// Weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<NonNegative>,
    /// Least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Finite>,
    /// Greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Finite>,
    /// Ids of the actors that report it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ActorRef>>")]
    pub agencies: Vec<String>,
    /// Its codes in other systems, by their name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Option<BTreeMap<String, schema::Line>>")]
    pub codes: BTreeMap<String, String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl Indicator {
    /// Whether a value is strictly beyond the threshold, on its worse side; none without a threshold.
    pub fn is_beyond_threshold(&self, value: f64) -> Option<bool> {
        let threshold = self.threshold?.get();
        Some(if self.better == Some(Direction::Lower) { value > threshold } else { value < threshold })
    }
}

/// A value of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// Id of the indicator.
    #[schemars(with = "schema::IndicatorRef")]
    pub indicator: String,
    /// Id of the place.
    #[schemars(with = "schema::PlaceRef")]
    pub place: String,
    /// Id of the group; the whole population where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// Period.
    #[schemars(with = "schema::Period")]
    pub period: String,
    /// The value, in the unit of the indicator.
    pub value: Finite,
    /// Standard error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_error: Option<NonNegative>,
    /// Sample size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
