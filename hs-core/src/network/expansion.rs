//! A network from an assessment: what is asked for.

use serde::{Deserialize, Serialize};

use crate::assessment::ConditionKind;
use crate::framework::Component;

/// Over which places, groups and period an assessment becomes a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expansion {
    /// Ids of the places that may hold nodes; all where absent.
    pub places: Option<Vec<String>>,
    /// Id of the partition that the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Components whose threats may be nodes; all where absent.
    pub components: Option<Vec<Component>>,
    /// Whether places are averaged away, with persons as weights.
    pub fold_places: bool,
    /// What a link with neither weight nor strength is worth, 0 to 1; where absent it takes no part in propagation.
    pub unweighted: Option<f64>,
    /// How adjacency weights are read.
    pub adjacency: Adjacency,
    /// Which kind of condition is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
    /// Interventions whose effects and externalities add the cells they name; none where absent.
    pub interventions: Option<Vec<String>>,
}

impl Default for Expansion {
    fn default() -> Self {
        Expansion {
            places: None,
            groups: None,
            period: None,
            components: None,
            fold_places: false,
            unweighted: None,
            adjacency: Adjacency::Standardised,
            kinds: vec![ConditionKind::Indicator, ConditionKind::Expert, ConditionKind::Perception],
            interventions: None,
        }
    }
}

/// How adjacency weights are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adjacency {
    /// Those that reach one place sum to 1 over all places that list it.
    #[default]
    Standardised,
    /// As they stand; a weight past 1 is refused.
    Raw,
}
