//! A strategy, policy or programme.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{NonNegative, Range, Share};
use super::provenance::Provenance;
use super::schema;
use super::words::{Measure, Outcome};
use crate::framework::{Component, Horizon, Pillar};

/// A strategy, policy or programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intervention {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// Name.
    #[schemars(with = "schema::Line")]
    pub name: String,
    /// Protection, empowerment or both; not said where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<Pillar>,
    /// Short, medium or long term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Horizon>,
    /// The component it targets.
    pub component: Component,
    /// Other components it targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Component>>")]
    pub also: Vec<Component>,
    /// Cost, in one currency for the assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<NonNegative>,
    /// Ids of the actors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::ActorRef>>")]
    pub actors: Vec<String>,
    /// What it does to its target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Effect>>")]
    pub effects: Vec<Effect>,
    /// What it is declared to do outside its target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Externality>>")]
    pub externalities: Vec<Externality>,
    /// Ids of interventions it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::InterventionRef>>")]
    pub requires: Vec<String>,
    /// Ids of interventions it cannot stand beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::InterventionRef>>")]
    pub excludes: Vec<String>,
    /// Ids of interventions it strengthens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::InterventionRef>>")]
    pub reinforces: Vec<String>,
    /// Ids of capacities it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::CapacityRef>>")]
    pub needs_capacities: Vec<String>,
    /// When it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub period: Option<String>,
    /// What kinds of measure it holds that call for a closer look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<Measure>>")]
    pub measures: Vec<Measure>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A direct effect on the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// Id of the threat.
    #[schemars(with = "schema::ThreatRef")]
    pub threat: String,
    /// Id of the place; everywhere where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group; everyone where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// `better` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Severity points, 0 to 1.
    pub change: Share,
    /// Lower and upper end of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// How likely, 0 to 1; certain where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Share>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// A declared effect outside the target; a claim where it has no number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Externality {
    /// Id of the threat; exactly one of threat and component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ThreatRef>")]
    pub threat: Option<String>,
    /// The component, when no single threat is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
    /// Id of the place; everywhere where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::PlaceRef>")]
    pub place: Option<String>,
    /// Id of the group; everyone where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::GroupRef>")]
    pub group: Option<String>,
    /// What happens to people's security.
    pub outcome: Outcome,
    /// Severity points, 0 to 1; a claim where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Share>,
    /// Lower and upper end of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    /// How likely, 0 to 1; certain where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Share>,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Lines>")]
    pub evidence: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
