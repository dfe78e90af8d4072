//! Which loops keep a situation going, and which hold it back?

use std::sync::Arc;

use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

use super::canonical::Canonical;
use crate::kernels::cycles::{Walks, cycles};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Which loops keep a situation going, and which hold it back?
///
/// Every simple loop (no node twice) up to a length, with its sign, its gain and how long it takes to come round. With an even number of dampening links a loop
/// reinforces: a change comes back as more of the same; with an odd number it balances. A link without a number counts: the loop is listed, its sign is known, its gain is
/// not. Parallel links (of different lags, say) make loops of their own. A node that feeds itself is a loop of length 1; a weight of 0 is no link.
///
/// Loops multiply with the map: the length is bounded, and so is their number. Past `limit` the search ends and says so; the loops kept are then those met first, by
/// the name of their first node, and not the strongest.
///
/// # Method
/// gain `Π |w|`, lag `Σ L`, sign by the number of links that dampen. Listed by gain from the greatest, unknown gains last, then by their nodes; a loop starts at the node
/// whose name comes first (whole numbers by size, then texts).
///
/// # Complexity
/// Polynomial between two loops; memory for those that are kept.
///
/// # References
/// Johnson 1975, Finding all the elementary circuits of a directed graph. Peng and others 2019, Towards bridging theory and practice: hop-constrained s-t simple path
/// enumeration. Meadows 2008, Thinking in systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Loops {
    /// Links of the longest loop.
    pub max_length: usize,
    /// Loops at the most.
    pub limit: usize,
}

impl Default for Loops {
    fn default() -> Self {
        Loops { max_length: 6, limit: 1_000_000 }
    }
}

/// A loop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Loop<'a> {
    /// Names of its nodes, each once, in the direction of its links.
    pub nodes: Vec<&'a str>,
    /// Number of its links.
    pub length: usize,
    /// Whether a change comes back with its sign turned: the loop balances.
    pub balancing: bool,
    /// Product of the magnitudes; none where a link has no number.
    pub gain: Option<f64>,
    /// Periods to come round.
    pub lag: u64,
}

impl Loop<'_> {
    /// "reinforcing" or "balancing".
    pub fn sign(&self) -> &'static str {
        if self.balancing { "balancing" } else { "reinforcing" }
    }
}

/// The loops of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoopsResult {
    /// The settings it ran with.
    pub settings: Loops,
    #[serde(serialize_with = "listed", rename = "loops")]
    found: Found,
    /// Whether there are more loops than `limit`.
    pub truncated: bool,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Loops as they were found, and the order in which they are told.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    names: Vec<Arc<str>>,
    walks: Walks,
    order: Vec<u32>,
}

impl Found {
    fn at(&self, place: u32) -> Loop<'_> {
        let walk = self.walks.get(place as usize);
        let nodes: Vec<&str> = walk.nodes.iter().filter_map(|&j| self.names.get(j as usize).map(|name| &**name)).collect();
        Loop { length: nodes.len(), nodes, balancing: walk.dampens, gain: (!walk.gain.is_nan()).then_some(walk.gain), lag: walk.lag }
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = Loop<'_>> {
        self.order.iter().map(|&place| self.at(place))
    }
}

fn listed<S: Serializer>(found: &Found, to: S) -> std::result::Result<S::Ok, S::Error> {
    let mut list = to.serialize_seq(Some(found.order.len()))?;
    for one in found.iter() {
        list.serialize_element(&one)?;
    }
    list.end()
}

impl Loops {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument` for a length of 0; `Diverging` where a gain passes the largest number.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Loops;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 0], weight: vec![0.5, -0.5].into(), ..EdgeList::default() };
    /// let found = Loops::default().run(&DominoNetwork::from_edges(edges)?)?;
    /// let first = found.loops().next().unwrap();
    /// assert_eq!((first.nodes.as_slice(), first.sign(), first.gain), (["0", "1"].as_slice(), "balancing", Some(0.25)));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<LoopsResult> {
        self.run_with(network, &never)
    }

    /// As [`Loops::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Loops::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<LoopsResult> {
        if self.max_length == 0 {
            return Err(Error::argument("`max_length` is 0, wanted at least 1: a node that feeds itself is a loop of length 1"));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        let nodes = Canonical::new(network)?;
        let links = nodes.links(network, &mut notes)?;
        // positions of loops are counted in 32 bits
        let limit = self.limit.min(u32::MAX as usize - 1);
        let (walks, truncated) = cycles(&links, self.max_length, limit, tick)?;
        if truncated {
            let message = format!(
                "there are more than {limit} loops of up to {} links: those met first are listed, by the name of their first node, not the strongest; a smaller `max_length` or a greater `limit` gives all",
                self.max_length
            );
            notes.push(Note::new::<String>("truncated", message, []));
        }
        let order = walks.by_gain();
        if let Some(&first) = order.first()
            && walks.get(first as usize).gain == f64::INFINITY
        {
            return Err(Error::new(ErrorKind::Diverging, "the gain of a loop passes the largest number; smaller weights keep it finite"));
        }
        Ok(LoopsResult { settings: *self, found: Found { names: nodes.names, walks, order }, truncated, notes })
    }
}

crate::tables::arrow_tables!(LoopsResult);

impl LoopsResult {
    /// The loops, by gain from the greatest.
    pub fn loops(&self) -> impl ExactSizeIterator<Item = Loop<'_>> {
        self.found.iter()
    }

    /// Number of loops listed.
    pub fn count(&self) -> usize {
        self.found.order.len()
    }

    /// nodes (list), length, sign, gain, lag.
    ///
    /// # Errors
    /// `Limit` when the names would pass what Arrow's 32-bit offsets hold.
    pub fn table(&self) -> Result<Table> {
        let found = &self.found;
        let walks = || found.order.iter().map(|&place| found.walks.get(place as usize));
        let sizes: Vec<u64> = found.names.iter().map(|name| name.len() as u64).collect();
        let (mut bytes, mut cells) = (0u64, 0u64);
        for walk in walks() {
            cells += walk.nodes.len() as u64;
            bytes += walk.nodes.iter().filter_map(|&j| sizes.get(j as usize)).sum::<u64>();
        }
        if bytes.max(cells) > i32::MAX as u64 {
            let message = format!(
                "found {cells} nodes with {bytes} bytes of names in one column, wanted at most {}; a smaller `limit` fits",
                i32::MAX
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Table::builder()
            .list("nodes", found.iter().map(|l| Some(l.nodes)))
            .integer("length", walks().map(|w| i64::try_from(w.nodes.len()).ok()))
            .text("sign", walks().map(|w| Some(if w.dampens { "balancing" } else { "reinforcing" })))
            .number("gain", walks().map(|w| Some(w.gain)))
            .integer("lag", walks().map(|w| i64::try_from(w.lag).ok()))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// As [`LoopsResult::table`].
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("loops", &self.settings)?;
        let balancing = self.found.order.iter().filter(|&&place| self.found.walks.get(place as usize).dampens).count();
        outcome.facts.insert("count".into(), json!(self.count()));
        outcome.facts.insert("truncated".into(), json!(self.truncated));
        outcome.facts.insert("reinforcing".into(), json!(self.count() - balancing));
        outcome.facts.insert("balancing".into(), json!(balancing));
        outcome.tables.push(("loops", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
