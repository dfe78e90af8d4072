//! By which pathways does one threat reach another?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::canonical::Canonical;
use crate::kernels::chains::{Question, chains};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result, shown};

/// By which pathways does one threat reach another?
///
/// The k simple pathways (no node twice) that carry most, from the strongest, with sign and lag. Ends are named by node, or by threat: then a chain may start at any node of
/// the one threat and end at any of the other, and between them meets neither again. A chain over a link without a number has no gain; such chains come after all others.
/// Parallel links make chains of their own; a weight of 0 is no link.
///
/// With weights to 1 the best k are found for any length. Where weights pass 1 and there are loops, a detour can pay, and only a search of all chains to a length gives the
/// best: to `max_length`, else to 8 links, which a note says. That search tries `limit` links at the most; past it the chains found need not be the best, and
/// `truncated` says so.
///
/// # Method
/// gain `Π |w|`, product `Π w`, lag `Σ L`. Ties: fewer links first, then by the names of the nodes.
///
/// # Complexity
/// With weights to 1: for each chain, one search of the network for each of its links.
///
/// # References
/// Yen 1971, Finding the k shortest loopless paths in a network. Lawler 1972, A procedure for computing the k best solutions to discrete optimization problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chains {
    /// Node or threat where chains start.
    pub source: String,
    /// Node or threat where chains end.
    pub target: String,
    /// How many chains.
    pub k: usize,
    /// Links of the longest chain; any length where absent.
    pub max_length: Option<usize>,
    /// Links tried at the most where weights pass 1.
    pub limit: usize,
}

impl Default for Chains {
    fn default() -> Self {
        Chains { source: String::new(), target: String::new(), k: 5, max_length: None, limit: 10_000_000 }
    }
}

/// A pathway.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chain {
    /// Names of its nodes, from the source to the target.
    pub nodes: Vec<String>,
    /// Number of its links.
    pub length: usize,
    /// Whether more of the source means less of the target.
    pub dampens: bool,
    /// Product of the magnitudes; none where a link has no number.
    pub gain: Option<f64>,
    /// Product of the weights with their signs.
    pub product: Option<f64>,
    /// Periods until it acts.
    pub lag: u64,
}

impl Chain {
    /// "feeds" or "dampens".
    pub fn sign(&self) -> &'static str {
        if self.dampens { "dampens" } else { "feeds" }
    }
}

/// The strongest pathways.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainsResult {
    /// The settings it ran with.
    pub settings: Chains,
    /// From the strongest.
    pub chains: Vec<Chain>,
    /// Whether the search ended at `limit`.
    pub truncated: bool,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Chains {
    /// Runs on a network.
    ///
    /// # Errors
    /// `NotFound` for an end that is no node and no threat; `Argument` where both ends share a node or a setting is 0; `Diverging` where a gain passes the largest
    /// number.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Chains;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1, 0], target: vec![1, 2, 2], weight: vec![0.5, -0.5, 0.125].into(), ..EdgeList::default() };
    /// let chains = Chains { source: "0".into(), target: "2".into(), ..Chains::default() };
    /// let found = chains.run(&DominoNetwork::from_edges(edges)?)?.chains;
    /// assert_eq!((found[0].nodes.join(" "), found[0].sign(), found[0].gain), ("0 1 2".into(), "dampens", Some(0.25)));
    /// assert_eq!((found[1].length, found[1].product), (1, Some(0.125)));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<ChainsResult> {
        self.run_with(network, &never)
    }

    /// As [`Chains::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Chains::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<ChainsResult> {
        for (setting, value) in [("k", Some(self.k)), ("max_length", self.max_length), ("limit", Some(self.limit))] {
            if value == Some(0) {
                return Err(Error::argument(format!("`{setting}` is 0, wanted at least 1")));
            }
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        let nodes = Canonical::new(network)?;
        let (sources, targets) = (self.end("source", &self.source, network, &nodes)?, self.end("target", &self.target, network, &nodes)?);
        let name = |at: u32| nodes.names.get(at as usize).map(|name| name.to_string()).unwrap_or_default();
        if let Some(&both) = sources.iter().find(|at| targets.binary_search(at).is_ok()) {
            let message = format!(
                "`source` and `target` share the node `{}`, wanted two ends; ways from a node back to itself are loops",
                shown(&name(both))
            );
            return Err(Error::argument(message));
        }
        let links = nodes.links(network, &mut notes)?;
        let question =
            Question { links: &links, sources: &sources, targets: &targets, k: self.k, most: self.max_length, limit: self.limit };
        let found = chains(&question, tick)?;
        let list = (0..found.walks.len()).map(|at| found.walks.get(at)).map(|walk| {
            let gain = (!walk.gain.is_nan()).then_some(walk.gain);
            Chain {
                nodes: walk.nodes.iter().map(|&at| name(at)).collect(),
                length: walk.nodes.len().saturating_sub(1),
                dampens: walk.dampens,
                gain,
                product: gain.map(|gain| if walk.dampens { -gain } else { gain }),
                lag: walk.lag,
            }
        });
        let list: Vec<Chain> = list.collect();
        if list.iter().any(|chain| chain.gain == Some(f64::INFINITY)) {
            return Err(Error::new(ErrorKind::Diverging, "the gain of a chain passes the largest number; smaller weights keep it finite"));
        }
        notes.extend(self.remarks(list.is_empty(), found.truncated, found.bounded));
        Ok(ChainsResult { settings: self.clone(), chains: list, truncated: found.truncated, notes })
    }

    /// Places of the nodes of an end, ascending.
    fn end(&self, what: &str, name: &str, network: &DominoNetwork, nodes: &Canonical) -> Result<Vec<u32>> {
        if name.is_empty() {
            return Err(Error::argument(format!("`{what}` is empty, wanted the name of a node or the id of a threat")));
        }
        let found = network.find(name)?;
        let mut places: Vec<u32> = found.into_iter().filter_map(|at| nodes.place.get(at).copied()).collect();
        places.sort_unstable();
        Ok(places)
    }

    fn remarks(&self, none: bool, truncated: bool, bounded: Option<usize>) -> Vec<Note> {
        let mut notes = Vec::new();
        if none && !truncated {
            let length = self.max_length.map(|most| format!(" of up to {most} links")).unwrap_or_default();
            let message = format!("no chain{length} leads from `{}` to `{}`", shown(&self.source), shown(&self.target));
            notes.push(Note::new::<String>("no-chain", message, []));
        }
        if let Some(most) = bounded {
            let message =
                format!("weights pass 1 and there are loops: chains of up to {most} links were searched; `max_length` sets another length");
            notes.push(Note::new::<String>("bounded-length", message, []));
        }
        if truncated {
            let message = format!(
                "the search ended after {} links tried: the chains listed need not be the strongest; a smaller `max_length` or a greater `limit` finds them",
                self.limit
            );
            notes.push(Note::new::<String>("truncated", message, []));
        }
        notes
    }
}

crate::tables::arrow_tables!(ChainsResult);

impl ChainsResult {
    /// nodes (list), length, sign, gain, lag, product.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let chains = &self.chains;
        Table::builder()
            .list("nodes", chains.iter().map(|c| Some(c.nodes.iter().collect())))
            .integer("length", chains.iter().map(|c| i64::try_from(c.length).ok()))
            .text("sign", chains.iter().map(|c| Some(c.sign())))
            .number("gain", chains.iter().map(|c| c.gain))
            .integer("lag", chains.iter().map(|c| i64::try_from(c.lag).ok()))
            .number("product", chains.iter().map(|c| c.product))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("chains", &self.settings)?;
        outcome.facts.insert("count".into(), json!(self.chains.len()));
        outcome.facts.insert("truncated".into(), json!(self.truncated));
        outcome.tables.push(("chains", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
