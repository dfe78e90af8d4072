//! How much does each threat push the others, directly and at second hand?

use serde::{Deserialize, Serialize};

use super::normalised::{combined, turned};
use crate::kernels::passes::damped_sums;
use crate::kernels::ranks::from_greatest_by_size;
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// How much does each threat push the others, directly and at second hand?
///
/// The cross-impact score of Weitz and others: what a node does to all others, and half of what those do in turn. Weights are taken as they are,
/// with their signs and on any scale (-3 to 3, say), so that a push that dampens counts against one that feeds. What comes back to the node itself
/// counts too. Lags do not matter; links of several lags between two nodes add up.
///
/// # Method
/// `I_i = Σ_j a_ij + d Σ_j a_ij Σ_k a_jk + d² ...` to `order` links: `Σ_{k=1..order} d^{k-1} (A^k 1)_i`.
///
/// # Complexity
/// One pass over the edges for each order; no power of A is formed.
///
/// # References
/// Weitz, Carlsen, Nilsson and Skånberg 2018, Towards systemic and contextual priority setting for implementing the 2030 Agenda.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Influence {
    /// Links of the longest walk that counts: 1 for direct influence alone.
    pub order: u32,
    /// What each further link multiplies by, 0 to 1.
    pub damping: f64,
}

impl Default for Influence {
    fn default() -> Self {
        Influence { order: 2, damping: 0.5 }
    }
}

/// Influence of one node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Push {
    /// Name of the node.
    pub node: String,
    /// Sum of its own links.
    pub direct: f64,
    /// Influence to the order asked for.
    pub total: f64,
    /// Place by total, 1 the greatest, ties averaged.
    pub rank: f64,
}

/// Nodes by their influence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InfluenceResult {
    /// The settings it ran with.
    pub settings: Influence,
    /// One for each node, in the order of the network.
    pub nodes: Vec<Push>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Longest walk that may be asked for.
const MOST_LINKS: u32 = 10_000;

impl Influence {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument` for a setting outside its domain; `Diverging` where walks of that order pass the largest number.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Influence;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![2.0, -1.0].into(), ..EdgeList::default() };
    /// let nodes = Influence::default().run(&DominoNetwork::from_edges(edges)?)?.nodes;
    /// // 2 by itself, and half of 2 · -1 by what 1 does
    /// assert_eq!((nodes[0].direct, nodes[0].total), (2.0, 1.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<InfluenceResult> {
        self.run_with(network, &never)
    }

    /// As [`Influence::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Influence::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<InfluenceResult> {
        if !(1..=MOST_LINKS).contains(&self.order) {
            return Err(Error::argument(format!("`order` is {}, wanted 1 to {MOST_LINKS}", self.order)));
        }
        if !(0.0..=1.0).contains(&self.damping) {
            return Err(Error::argument(format!("`damping` is {}, wanted 0 to 1", self.damping)));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let (direct, total) = damped_sums(&turned(&*combined(network.csr())?)?, self.order, self.damping, tick)?;
        if let Some((j, _)) = total.iter().zip(&direct).enumerate().find(|(_, (t, d))| !t.is_finite() || !d.is_finite()) {
            let name = network.node(j).map(|node| node.name.to_string()).unwrap_or_default();
            let message = format!(
                "the influence of `{}` to order {} passes the largest number; a lower `order`, or `damping` below {}, keeps it finite",
                crate::shown(&name),
                self.order,
                self.damping
            );
            return Err(Error::new(ErrorKind::Diverging, message));
        }
        let ranks = from_greatest_by_size(&total);
        let rows = names(network).into_iter().zip(direct).zip(total.into_iter().zip(ranks));
        let nodes = rows.map(|((node, direct), (total, rank))| Push { node, direct, total, rank }).collect();
        Ok(InfluenceResult { settings: *self, nodes, notes })
    }
}

crate::tables::arrow_tables!(InfluenceResult);

impl InfluenceResult {
    /// node, direct, total, rank.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let column = |value: fn(&Push) -> f64| self.nodes.iter().map(move |n| Some(value(n)));
        Table::builder()
            .text("node", self.nodes.iter().map(|n| Some(&n.node)))
            .number("direct", column(|n| n.direct))
            .number("total", column(|n| n.total))
            .number("rank", column(|n| n.rank))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("influence", &self.settings)?;
        outcome.tables.push(("influence", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
