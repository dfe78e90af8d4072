//! What a run is told: the model, where it starts, what pushes it, when it stops.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Model;
use crate::kernels::filled;
use crate::network::DominoNetwork;
use crate::{Error, Result, shown};

/// How severity travels from a start, under shocks and clamps.
///
/// On a network from an assessment the run starts from what was observed, with the exogenous part solved so that nothing moves of itself
/// (see [`Anchored`](super::Anchored)); a `base` given here takes its place. On bare arrays the start is 0 where none is given, and a run needs a start, a
/// base or a shock.
///
/// # Method
/// `x(t+1)` reads `x(t-L)` along an edge of lag L; before step 0 stands the start. Clamped nodes hold. A shock d gives `x = clip(clip(F(x)) + d)`,
/// without clips in Linear without a cap and FuzzyCognitiveMap on bare arrays; states of NoisyOr are chances and always kept within 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Propagation {
    /// The model.
    pub model: Model,
    /// State at step 0; nodes not named: as observed, 0 on bare arrays.
    pub start: Option<Values>,
    /// Added to the severity of nodes.
    pub shocks: Option<Values>,
    /// Nodes that hold a given state from step 0 on.
    pub clamp: Option<Values>,
    /// Exogenous part b of the model: a share in NoisyOr, an addend in Linear, a bias inside the transfer in FuzzyCognitiveMap.
    pub base: Option<Values>,
    /// Whether shocks act in the first step only, else as long as the run.
    pub pulse: bool,
    /// Steps at the most.
    pub max_steps: u64,
    /// Greatest change of a node at which the run has settled.
    pub tolerance: f64,
    /// What to keep beside the last state.
    pub keep: Keep,
    /// How a run from an assessment is anchored.
    pub anchoring: AnchorSettings,
    /// How a linear model without a cap comes to rest.
    pub method: Method,
    /// Whether to look for other states at rest than the one found; absent: on networks to 32,768 edges, beyond by a quick look alone.
    pub certify: Option<bool>,
}

impl Default for Propagation {
    fn default() -> Self {
        Propagation {
            model: Model::default(),
            start: None,
            shocks: None,
            clamp: None,
            base: None,
            pulse: false,
            max_steps: 1000,
            tolerance: 1e-9,
            keep: Keep::State,
            anchoring: AnchorSettings::default(),
            method: Method::Steps,
            certify: None,
        }
    }
}

/// How a run comes to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By synchronous steps from the start.
    #[default]
    Steps,
    /// By solving for the state at rest, whatever the start: Linear without a cap alone. Its iterations are no periods.
    Solve,
}

/// What a run keeps beside the last state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Nothing.
    #[default]
    State,
    /// Every state, the start included.
    Trajectory,
}

/// How what starts from an assessment is anchored on observed conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnchorSettings {
    /// Largest share κ of an observed severity that its feeds may explain, between 0 and 1.
    pub over_explained: f64,
    /// Whether every observed node takes the residual form `x° + F(x) - F(x°)` with its weights as they are.
    pub residual: bool,
    /// Periods at which effects are read: short, medium, long.
    pub horizons: [u64; 3],
    /// Greatest change at which an effect has come to rest.
    pub tolerance: f64,
    /// Steps to rest at the most.
    pub max_steps: u64,
}

impl Default for AnchorSettings {
    fn default() -> Self {
        AnchorSettings { over_explained: 0.9, residual: false, horizons: [1, 4, 12], tolerance: 1e-12, max_steps: 10_000 }
    }
}

impl AnchorSettings {
    /// Whether every setting lies in its domain.
    ///
    /// # Errors
    /// `Argument` otherwise.
    pub fn check(&self) -> Result<()> {
        if !(self.over_explained > 0.0 && self.over_explained < 1.0) {
            return Err(Error::argument(format!("`over_explained` is {}, wanted above 0 and below 1", self.over_explained)));
        }
        let [short, medium, long] = self.horizons;
        if !(0 < short && short <= medium && medium <= long && long <= 100_000) {
            return Err(Error::argument(format!(
                "`horizons` are {:?}, wanted three periods from 1 to 100000, none before the last",
                self.horizons
            )));
        }
        check_stop(self.tolerance, self.max_steps)
    }
}

pub(crate) fn check_stop(tolerance: f64, max_steps: u64) -> Result<()> {
    if !(tolerance.is_finite() && tolerance >= 0.0) {
        return Err(Error::argument(format!("`tolerance` is {tolerance}, wanted a finite number, 0 or above")));
    }
    if max_steps == 0 {
        return Err(Error::argument("`max_steps` is 0, wanted at least 1"));
    }
    Ok(())
}

/// Numbers for nodes: a list over all of them (null: none), pairs of position and number, or by name.
///
/// On a network from an assessment a name may also be a threat's id, for all its nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// One for each node, in order; none where a node has none.
    List(Vec<Option<f64>>),
    /// Position and number.
    Positions(Vec<(u64, f64)>),
    /// Name and number.
    Named(BTreeMap<String, f64>),
}

/// A number of each node: one for all, or as [`Values`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PerNode {
    /// The same for every node.
    All(f64),
    /// As given; none where a node has none.
    Each(Values),
}

impl From<f64> for PerNode {
    fn from(value: f64) -> Self {
        PerNode::All(value)
    }
}

impl From<Values> for PerNode {
    fn from(values: Values) -> Self {
        PerNode::Each(values)
    }
}

impl From<&[f64]> for PerNode {
    fn from(values: &[f64]) -> Self {
        PerNode::Each(values.into())
    }
}

impl PerNode {
    /// One for each node of a network; none for a node that is not named.
    ///
    /// # Errors
    /// As [`Values::resolve`].
    pub fn resolve(&self, what: &str, network: &DominoNetwork) -> Result<Vec<Option<f64>>> {
        match self {
            PerNode::All(value) if !value.is_finite() => Err(Error::argument(format!("`{what}` is {value}, wanted a finite number"))),
            PerNode::All(value) => filled(network.len(), Some(*value)),
            PerNode::Each(values) => values.resolve(what, network),
        }
    }

    /// Refuses a number that is not finite or not within its domain, naming where it stands.
    pub(super) fn check(&self, what: &str, wanted: &str, within: impl Fn(f64) -> bool) -> Result<()> {
        let refused = |value: f64, place: Option<String>| {
            let place = place.map(|place| format!(" of `{}`", shown(&place))).unwrap_or_default();
            Error::argument(format!("`{what}`{place} is {value}, wanted {wanted}"))
        };
        let bad = |value: f64| !(value.is_finite() && within(value));
        let found = match self {
            PerNode::All(value) => bad(*value).then_some((*value, None)),
            PerNode::Each(Values::List(list)) => {
                let given = list.iter().enumerate().filter_map(|(at, value)| value.map(|value| (at, value)));
                given.filter(|(_, value)| bad(*value)).map(|(at, value)| (value, Some(at.to_string()))).next()
            }
            PerNode::Each(Values::Positions(pairs)) => {
                pairs.iter().find(|(_, value)| bad(*value)).map(|(at, value)| (*value, Some(at.to_string())))
            }
            PerNode::Each(Values::Named(map)) => {
                map.iter().find(|(_, value)| bad(**value)).map(|(name, value)| (*value, Some(name.clone())))
            }
        };
        found.map_or(Ok(()), |(value, place)| Err(refused(value, place)))
    }
}

impl From<&[f64]> for Values {
    fn from(values: &[f64]) -> Self {
        Values::List(values.iter().copied().map(Some).collect())
    }
}

impl<const N: usize> From<[(&str, f64); N]> for Values {
    fn from(values: [(&str, f64); N]) -> Self {
        Values::Named(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl Values {
    /// Whether no node is given a number.
    pub fn is_empty(&self) -> bool {
        match self {
            Values::List(list) => list.iter().all(Option::is_none),
            Values::Positions(pairs) => pairs.is_empty(),
            Values::Named(map) => map.is_empty(),
        }
    }

    /// One for each node of a network.
    ///
    /// # Errors
    /// `Argument` for a list of another length, a position outside, a node given twice, a number that is not finite; `NotFound` for an
    /// unknown name.
    pub fn resolve(&self, what: &str, network: &DominoNetwork) -> Result<Vec<Option<f64>>> {
        let nodes = network.len();
        let mut found = vec![None; nodes];
        let mut put = |position: usize, value: f64, shown: &dyn Fn() -> String| {
            if !value.is_finite() {
                return Err(Error::argument(format!("`{what}` of `{}` is {value}, wanted a finite number", shown())));
            }
            match found.get_mut(position) {
                Some(Some(_)) => Err(Error::argument(format!("`{what}` names `{}` twice", shown()))),
                Some(empty) => {
                    *empty = Some(value);
                    Ok(())
                }
                None => Err(Error::argument(format!("`{what}` has position {position}, wanted below {nodes}"))),
            }
        };
        let name = |position: usize| network.node(position).map(|node| node.name.to_string()).unwrap_or_default();
        match self {
            Values::List(list) => {
                if list.len() != nodes {
                    return Err(Error::argument(format!("`{what}` has {} values, wanted {nodes}, one for each node", list.len())));
                }
                for (position, value) in list.iter().enumerate() {
                    if let Some(value) = value {
                        put(position, *value, &|| name(position))?;
                    }
                }
            }
            Values::Positions(pairs) => {
                for (position, value) in pairs {
                    let position = usize::try_from(*position).unwrap_or(usize::MAX);
                    put(position, *value, &|| name(position))?;
                }
            }
            Values::Named(map) => {
                for (key, value) in map {
                    for position in network.find(key)? {
                        put(position, *value, &|| name(position))?;
                    }
                }
            }
        }
        Ok(found)
    }
}
