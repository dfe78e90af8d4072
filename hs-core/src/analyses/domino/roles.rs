//! Which threats drive the system, and which depend on it?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{combined, turned};
use crate::kernels::passes::shares_of_power;
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, Result};

/// Which threats drive the system, and which depend on it?
///
/// MICMAC: each node's share of all that is given (driving) and of all that is received (dependence), directly and over walks of `power` links. The
/// indirect view shows drivers that no single link betrays. A map with signs is read on magnitudes, for a strong hold is a strong hold; a note says so.
/// Where no walk of that length exists (a map without loops soon has none) the indirect shares are undefined, not 0.
///
/// # Method
/// driving = row sums of `|A|^k` over their total, dependence = column sums over the same total; k = 1 for the direct shares, `power` for the indirect.
/// A share is high from the cut on (ties to nine digits are high): `mean` cuts at 1/n; `half` at half the n links of weight 1 that a node could have, as a
/// share n/2 over the sum of all weights.
///
/// # Complexity
/// Linear in the edges for each power; no power of A is formed.
///
/// # References
/// Duperrin and Godet 1973, Méthode de hiérarchisation des éléments d'un système. Godet 1994, From anticipation to action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Roles {
    /// Links of the walks that make the indirect shares.
    pub power: u32,
    /// Where low shares end and high ones begin.
    pub cut: Cut,
}

impl Default for Roles {
    fn default() -> Self {
        Roles { power: 2, cut: Cut::Mean }
    }
}

/// Where low shares end and high ones begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// The mean share, 1/n.
    #[default]
    Mean,
    /// n/2 on sums of weights: half the links of weight 1 that a node could have.
    Half,
}

/// One of the four quadrants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Drives much, depends little.
    Driver,
    /// Drives much and depends much: what is done to it comes back.
    Linkage,
    /// Drives little, depends much.
    Dependent,
    /// Drives little, depends little.
    Autonomous,
}

impl Role {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Role::Driver => "driver",
            Role::Linkage => "linkage",
            Role::Dependent => "dependent",
            Role::Autonomous => "autonomous",
        }
    }
}

/// What a node drives and depends on, as shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shares {
    /// Its part of all that is given.
    pub driving: f64,
    /// Its part of all that is received.
    pub dependence: f64,
    /// The quadrant.
    pub role: Role,
}

/// A node's place in the system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeRole {
    /// Name of the node.
    pub node: String,
    /// By its own links; none where the map has none.
    pub direct: Option<Shares>,
    /// By walks of `power` links; none where there are none.
    pub indirect: Option<Shares>,
}

/// Nodes and their roles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RolesResult {
    /// The settings it ran with.
    pub settings: Roles,
    /// One for each node, in the order of the network.
    pub nodes: Vec<NodeRole>,
    /// The share from which on driving and dependence are high; none where nothing is shared out.
    pub cut_share: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Highest power that may be asked for.
const MOST_LINKS: u32 = 10_000;

impl Roles {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument` for a power outside 1 to 10,000.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::{Role, Roles};
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 0, 1], target: vec![1, 2, 2], weight: vec![1.0; 3].into(), ..EdgeList::default() };
    /// let nodes = Roles::default().run(&DominoNetwork::from_edges(edges)?)?.nodes;
    /// assert_eq!(nodes[0].direct.map(|s| s.role), Some(Role::Driver));
    /// // the only walk of two links runs from 0 to 2
    /// assert_eq!(nodes[2].indirect.map(|s| s.dependence), Some(1.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<RolesResult> {
        self.run_with(network, &never)
    }

    /// As [`Roles::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Roles::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<RolesResult> {
        if !(1..=MOST_LINKS).contains(&self.power) {
            return Err(Error::argument(format!("`power` is {}, wanted 1 to {MOST_LINKS}", self.power)));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let into = combined(network.csr())?;
        if into.is_signed() {
            notes.push(Note::new::<String>("magnitudes", "roles are read on magnitudes: links that dampen count like links that feed", []));
        }
        let out = turned(&into)?;
        let n = into.nodes();
        let cut_share = self.cut_share(n, into.weights());
        let shares = |power: u32| -> Result<Option<Vec<Shares>>> {
            let (Some(driving), Some(dependence)) = (shares_of_power(&out, power, tick)?, shares_of_power(&into, power, tick)?) else {
                return Ok(None);
            };
            let cut = cut_share.unwrap_or(f64::INFINITY);
            Ok(Some(driving.into_iter().zip(dependence).map(|(driving, dependence)| quadrant(driving, dependence, cut)).collect()))
        };
        let (direct, indirect) = (shares(1)?, shares(self.power)?);
        if n > 0 && direct.is_none() {
            notes.push(Note::new::<String>("undefined-shares", "shares are undefined: no link carries a weight", []));
        } else if n > 0 && indirect.is_none() {
            let message = format!("indirect shares are undefined: no walk of {} links exists; try a smaller `power`", self.power);
            notes.push(Note::new::<String>("undefined-indirect", message, []));
        }
        let most = into.weights().iter().fold(0.0f64, |most, w| most.max(w.abs()));
        if self.cut == Cut::Half && most > 1.0 {
            let message = format!("the cut takes a weight of 1 for a full link, and the greatest weight is {most}");
            notes.push(Note::new::<String>("cut-scale", message, []));
        }
        let at = |list: &Option<Vec<Shares>>, j: usize| list.as_ref().and_then(|list| list.get(j).copied());
        let nodes = names(network).into_iter().enumerate();
        let nodes = nodes.map(|(j, node)| NodeRole { node, direct: at(&direct, j), indirect: at(&indirect, j) }).collect();
        Ok(RolesResult { settings: *self, nodes, cut_share: direct.and(cut_share), notes })
    }

    fn cut_share(&self, nodes: usize, weights: &[f64]) -> Option<f64> {
        let share = match self.cut {
            Cut::Mean => 1.0 / nodes as f64,
            Cut::Half => {
                // halved before they are added: their sum stays a number
                let half: f64 = weights.iter().map(|w| 0.5 * w.abs()).sum();
                0.25 * nodes as f64 / half
            }
        };
        share.is_finite().then_some(share)
    }
}

fn quadrant(driving: f64, dependence: f64, cut: f64) -> Shares {
    let high = |share: f64| share >= cut - 1e-9 * cut;
    let role = match (high(driving), high(dependence)) {
        (true, false) => Role::Driver,
        (true, true) => Role::Linkage,
        (false, true) => Role::Dependent,
        (false, false) => Role::Autonomous,
    };
    Shares { driving, dependence, role }
}

crate::tables::arrow_tables!(RolesResult);

impl RolesResult {
    /// node, driving, dependence, driving_indirect, dependence_indirect, role, role_indirect.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let direct = |value: fn(Shares) -> f64| self.nodes.iter().map(move |n| n.direct.map(value));
        let indirect = |value: fn(Shares) -> f64| self.nodes.iter().map(move |n| n.indirect.map(value));
        Table::builder()
            .text("node", self.nodes.iter().map(|n| Some(&n.node)))
            .number("driving", direct(|s| s.driving))
            .number("dependence", direct(|s| s.dependence))
            .number("driving_indirect", indirect(|s| s.driving))
            .number("dependence_indirect", indirect(|s| s.dependence))
            .text("role", self.nodes.iter().map(|n| n.direct.map(|s| s.role.word())))
            .text("role_indirect", self.nodes.iter().map(|n| n.indirect.map(|s| s.role.word())))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("roles", &self.settings)?;
        outcome.facts.insert("cut_share".into(), json!(self.cut_share));
        outcome.tables.push(("roles", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
