//! What kind of map is this, and which node plays which part in it?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::combined;
use crate::Result;
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Note, Outcome, Table};

/// What kind of map is this, and which node plays which part in it?
///
/// Counts on the map as drawn: what goes in and out of each node in magnitudes, who only sends and who only receives, how dense the map is and how many
/// outcomes it sees for each driver. A link without a number is a link (it decides the kind and the density) that adds nothing to a degree. A weight of 0
/// is no link. Links of several lags between two nodes are one connection.
///
/// # Method
/// in_degree `Σ_i |a_ij|`, out_degree `Σ_k |a_jk|`, centrality their sum. Density `C / (n(n-1))` over C connections, `C / n²` on a map where some node
/// feeds itself. Complexity: receivers over transmitters.
///
/// # Complexity
/// Linear in nodes and edges.
///
/// # References
/// Özesmi and Özesmi 2004, Ecological models based on people's knowledge: a multi-step fuzzy cognitive mapping approach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Indices {}

/// The part a node plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Sends and receives nothing.
    Transmitter,
    /// Receives and sends nothing.
    Receiver,
    /// Sends and receives.
    Ordinary,
    /// Neither.
    Isolated,
}

impl Kind {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Transmitter => "transmitter",
            Kind::Receiver => "receiver",
            Kind::Ordinary => "ordinary",
            Kind::Isolated => "isolated",
        }
    }
}

/// Degrees of one node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Degrees {
    /// Name of the node.
    pub node: String,
    /// What comes in, in magnitudes.
    pub in_degree: f64,
    /// What goes out, in magnitudes.
    pub out_degree: f64,
    /// Both together.
    pub centrality: f64,
    /// The part it plays.
    pub kind: Kind,
}

/// Indices of a map and its nodes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicesResult {
    /// The settings it ran with.
    pub settings: Indices,
    /// One for each node, in the order of the network.
    pub nodes: Vec<Degrees>,
    /// Share of the connections there could be; none below two nodes.
    pub density: Option<f64>,
    /// Receivers for each transmitter; none without a transmitter.
    pub complexity: Option<f64>,
    /// Ordered pairs of nodes with a link.
    pub connections: usize,
    /// Edges of the network, links without a number and parallel ones included.
    pub edges: usize,
    /// Nodes that only send.
    pub transmitters: usize,
    /// Nodes that only receive.
    pub receivers: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Indices {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Memory`.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::{Indices, Kind};
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![0.5, -0.75].into(), ..EdgeList::default() };
    /// let indices = Indices {}.run(&DominoNetwork::from_edges(edges)?)?;
    /// assert_eq!((indices.nodes[1].centrality, indices.nodes[2].kind), (1.25, Kind::Receiver));
    /// assert_eq!((indices.density, indices.complexity), (Some(2.0 / 6.0), Some(1.0)));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<IndicesResult> {
        self.run_with(network, &never)
    }

    /// As [`Indices::run`]; too short to look at the tick.
    ///
    /// # Errors
    /// As [`Indices::run`].
    pub fn run_with(&self, network: &DominoNetwork, _tick: Tick<'_>) -> Result<IndicesResult> {
        let n = network.len();
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let csr = combined(network.csr())?;
        let (mut into, mut out) = (vec![0.0; n], vec![0.0; n]);
        for (j, into) in into.iter_mut().enumerate() {
            for (i, w, _) in csr.incoming(j) {
                *into += w.abs();
                if let Some(out) = out.get_mut(i) {
                    *out += w.abs();
                }
            }
        }
        let (mut sends, mut receives) = (vec![false; n], vec![false; n]);
        let mut pairs: Vec<u64> = Vec::with_capacity(network.edge_count());
        let mut on_itself = false;
        for edge in network.edges().filter(|edge| edge.weight != Some(0.0)) {
            for (list, at) in [(&mut sends, edge.from), (&mut receives, edge.to)] {
                if let Some(flag) = list.get_mut(at as usize) {
                    *flag = true;
                }
            }
            on_itself |= edge.from == edge.to;
            pairs.push((u64::from(edge.from) << 32) | u64::from(edge.to));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let kinds: Vec<Kind> = sends.iter().zip(&receives).map(kind).collect();
        let of_kind = |kind: Kind| kinds.iter().filter(|k| **k == kind).count();
        let (transmitters, receivers) = (of_kind(Kind::Transmitter), of_kind(Kind::Receiver));
        let possible = n as f64 * if on_itself { n as f64 } else { n as f64 - 1.0 };
        if on_itself {
            let message = "some node feeds itself: density is the share of n² connections, not of n(n-1)";
            notes.push(Note::new::<String>("density-with-self-loops", message, []));
        }
        let density = (possible > 0.0).then(|| pairs.len() as f64 / possible);
        if density.is_none() {
            notes.push(Note::new::<String>("undefined-density", "density is undefined: fewer than two nodes", []));
        }
        let complexity = (transmitters > 0).then(|| receivers as f64 / transmitters as f64);
        if complexity.is_none() {
            notes.push(Note::new::<String>("undefined-complexity", "complexity is undefined: no node only sends", []));
        }
        let degrees = names(network).into_iter().zip(into.into_iter().zip(out)).zip(&kinds);
        let nodes = degrees.map(|((node, (in_degree, out_degree)), kind)| {
            let centrality = in_degree + out_degree;
            Degrees { node, in_degree, out_degree, centrality, kind: *kind }
        });
        Ok(IndicesResult {
            settings: *self,
            nodes: nodes.collect(),
            density,
            complexity,
            connections: pairs.len(),
            edges: network.edge_count(),
            transmitters,
            receivers,
            notes,
        })
    }
}

fn kind((sends, receives): (&bool, &bool)) -> Kind {
    match (sends, receives) {
        (true, false) => Kind::Transmitter,
        (false, true) => Kind::Receiver,
        (true, true) => Kind::Ordinary,
        (false, false) => Kind::Isolated,
    }
}

crate::tables::arrow_tables!(IndicesResult);

impl IndicesResult {
    /// node, in_degree, out_degree, centrality, kind.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let column = |value: fn(&Degrees) -> f64| self.nodes.iter().map(move |n| Some(value(n)));
        Table::builder()
            .text("node", self.nodes.iter().map(|n| Some(&n.node)))
            .number("in_degree", column(|n| n.in_degree))
            .number("out_degree", column(|n| n.out_degree))
            .number("centrality", column(|n| n.centrality))
            .text("kind", self.nodes.iter().map(|n| Some(n.kind.word())))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("indices", &self.settings)?;
        outcome.facts.insert("density".into(), json!(self.density));
        outcome.facts.insert("complexity".into(), json!(self.complexity));
        outcome.facts.insert("nodes".into(), json!(self.nodes.len()));
        outcome.facts.insert("edges".into(), json!(self.edges));
        outcome.facts.insert("connections".into(), json!(self.connections));
        outcome.facts.insert("transmitters".into(), json!(self.transmitters));
        outcome.facts.insert("receivers".into(), json!(self.receivers));
        outcome.tables.push(("indices", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
