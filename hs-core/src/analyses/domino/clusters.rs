//! Which threats belong together?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::canonical::Canonical;
use super::normalised::combined;
use crate::kernels::communities::{Graph, communities, stability};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::network::unweighted;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, Result};

/// Which threats belong together?
///
/// Communities of nodes that are linked more among themselves than their degrees would have it, whatever the direction or sign of the links: strength counts, so that a strong
/// dampening binds two threats as well. Many divisions can be nearly as good; so the search runs with several orders of the nodes, the division of greatest modularity is given,
/// and `stability` says how far the others agree with it about each node. A node without links is a cluster of its own.
///
/// # Method
/// `S = |W| + |W|ᵀ`, links of several lags added. `Q = Σ_c (S_c / S - resolution · (K_c / S)²)`, S_c the sum of S within c, K_c of its rows, S of all. Leiden: moves,
/// refinement, aggregation. Stability of a node: the mean over the other members of its cluster of the share of runs in which they stand together. Clusters are numbered
/// from 0 by size, the greatest first, then by the first of their names.
///
/// # Complexity
/// About linear in the edges, for each run.
///
/// # References
/// Traag, Waltman and van Eck 2019, From Louvain to Leiden: guaranteeing well-connected communities. Newman and Girvan 2004, Finding and evaluating community structure in networks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clusters {
    /// Seed of the orders.
    pub seed: u64,
    /// Above 1 for smaller clusters, below for greater.
    pub resolution: f64,
    /// Orders of the nodes that are tried.
    pub runs: u32,
}

impl Default for Clusters {
    fn default() -> Self {
        Clusters { seed: 0, resolution: 1.0, runs: 20 }
    }
}

/// A node in its cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Name of the node.
    pub node: String,
    /// Number of its cluster, from 0.
    pub cluster: usize,
    /// How far the runs agree that it stands with the others of its cluster, 0 to 1.
    pub stability: f64,
}

/// Nodes and their clusters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClustersResult {
    /// The settings it ran with.
    pub settings: Clusters,
    /// One for each node, in the order of the network.
    pub members: Vec<Member>,
    /// Modularity of the division; none where nothing is linked.
    pub modularity: Option<f64>,
    /// Number of clusters.
    pub clusters: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Most orders that may be asked for.
const MOST_RUNS: u32 = 10_000;

impl Clusters {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument` for a setting outside its domain.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Clusters;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 2], target: vec![1, 3], weight: vec![0.5, -0.5].into(), ..EdgeList::default() };
    /// let found = Clusters::default().run(&DominoNetwork::from_edges(edges)?)?;
    /// assert_eq!(found.members.iter().map(|m| m.cluster).collect::<Vec<_>>(), [0, 0, 1, 1]);
    /// assert_eq!((found.modularity, found.members[0].stability), (Some(0.5), 1.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<ClustersResult> {
        self.run_with(network, &never)
    }

    /// As [`Clusters::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Clusters::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<ClustersResult> {
        if !(self.resolution > 0.0 && self.resolution.is_finite()) {
            return Err(Error::argument(format!("`resolution` is {}, wanted a finite number above 0", self.resolution)));
        }
        if !(1..=MOST_RUNS).contains(&self.runs) {
            return Err(Error::argument(format!("`runs` is {}, wanted 1 to {MOST_RUNS}", self.runs)));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let places = Canonical::new(network)?.place;
        let graph = graph(network, &places)?;
        let mut runs = Vec::new();
        let mut best: Option<(f64, usize)> = None;
        for run in 0..self.runs {
            let found = communities(&graph, self.resolution, self.seed, run, tick)?;
            let quality = graph.modularity(&found, self.resolution).unwrap_or(0.0);
            if best.is_none_or(|(most, _)| quality > most + 1e-12) {
                best = Some((quality, runs.len()));
            }
            runs.push(found);
        }
        let chosen = best.and_then(|(_, at)| runs.get(at)).cloned().unwrap_or_default();
        let shares = stability(&chosen, &runs);
        let (labels, clusters) = by_size(&chosen);
        let modularity = graph.modularity(&chosen, self.resolution);
        if modularity.is_none() && !network.is_empty() {
            notes.push(Note::new::<String>("undefined-modularity", "modularity is undefined: no link carries a weight", []));
        }
        let members = network.nodes().iter().zip(&places).map(|(node, &place)| {
            let place = place as usize;
            let cluster = labels.get(place).copied().unwrap_or_default();
            Member { node: node.name.to_string(), cluster, stability: shares.get(place).copied().unwrap_or_default() }
        });
        Ok(ClustersResult { settings: *self, members: members.collect(), modularity, clusters, notes })
    }
}

/// `|W| + |W|ᵀ` between places, as shares of the greatest weight.
fn graph(network: &DominoNetwork, places: &[u32]) -> Result<Graph> {
    let csr = combined(network.csr())?;
    let most = csr.weights().iter().fold(0.0f64, |most, w| most.max(w.abs()));
    let mut edges = Vec::new();
    edges.try_reserve_exact(csr.edges()).map_err(|_| crate::kernels::no_memory(csr.edges(), 16))?;
    let place = |at: usize| places.get(at).copied().unwrap_or(u32::MAX);
    for j in 0..csr.nodes() {
        let sized = csr.incoming(j).map(|(i, w, _)| (place(i), place(j), w.abs() / most));
        edges.extend(sized.filter(|(.., size)| *size > 0.0));
    }
    Graph::new(csr.nodes(), edges)
}

/// Clusters numbered by size, the greatest first; equal ones keep their order.
fn by_size(labels: &[u32]) -> (Vec<usize>, usize) {
    let count = labels.iter().max().map_or(0, |&most| most as usize + 1);
    let mut sizes: Vec<(usize, usize)> = (0..count).map(|c| (0, c)).collect();
    for &label in labels {
        if let Some((size, _)) = sizes.get_mut(label as usize) {
            *size += 1;
        }
    }
    sizes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut names = vec![0; count];
    for (name, (_, label)) in sizes.iter().enumerate() {
        if let Some(own) = names.get_mut(*label) {
            *own = name;
        }
    }
    (labels.iter().map(|&label| names.get(label as usize).copied().unwrap_or_default()).collect(), count)
}

crate::tables::arrow_tables!(ClustersResult);

impl ClustersResult {
    /// node, cluster, stability.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        Table::builder()
            .text("node", self.members.iter().map(|m| Some(&m.node)))
            .integer("cluster", self.members.iter().map(|m| i64::try_from(m.cluster).ok()))
            .number("stability", self.members.iter().map(|m| Some(m.stability)))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("clusters", &self.settings)?;
        outcome.facts.insert("modularity".into(), json!(self.modularity));
        outcome.facts.insert("clusters".into(), json!(self.clusters));
        outcome.tables.push(("clusters", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
