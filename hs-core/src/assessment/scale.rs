//! Scales of several items, and what respondents answer: trust, legitimacy, how the state and people stand to each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::{Finite, NonNegative};
use super::provenance::Provenance;
use super::schema;
use super::words::{Direction, ItemAspect, ItemTopic};
use crate::framework::Component;

/// One question of a scale, answered by a number within bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Its id.
    #[schemars(with = "schema::Id")]
    pub id: String,
    /// The scale it belongs to; items of one scale are meant to measure one thing.
    #[schemars(with = "schema::Line")]
    pub scale: String,
    /// What is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Lines>")]
    pub text: Option<String>,
    /// What the scale is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<ItemTopic>,
    /// Which source of legitimacy it asks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aspect: Option<ItemAspect>,
    /// Id of the actor it asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::ActorRef>")]
    pub actor: Option<String>,
    /// The component it asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
    /// Least answer.
    pub minimum: Finite,
    /// Greatest answer.
    pub maximum: Finite,
    /// Which answers mean more of what the scale measures; `higher` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// What a respondent answers to an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// A pseudonym, never a name.
    #[schemars(with = "schema::Id")]
    pub respondent: String,
    /// Id of the item.
    #[schemars(with = "schema::ItemRef")]
    pub item: String,
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
    /// The answer, within the bounds of the item.
    pub value: Finite,
    /// Survey weight; 1 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<NonNegative>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
