//! What a network holds, and how it is read.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use petgraph::graph::{DiGraph, NodeIndex};

use super::edges::{Contribution, Edge, EdgeStore, Edges};
use super::expansion::Expansion;
use super::nodes::{NodeStore, Nodes};
use crate::assessment::Sensitivity;
use crate::assessment::sensitivity::allow_export;
use crate::framework::{Component, Level};
use crate::kernels::Csr;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result, nearest, shown};

/// A node: a threat, at a place, for a group.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatNode {
    /// Its name: `threat/place`, `threat/place/group`, `threat` alone where places are folded (`threat/*/group` by group), or as given
    /// on bare arrays.
    pub name: Arc<str>,
    /// Id of the threat; on bare arrays the name.
    pub threat: Arc<str>,
    /// Id of the place; none on bare arrays and where places are folded.
    pub place: Option<Arc<str>>,
    /// Id of the group; none for the whole population.
    pub group: Option<Arc<str>>,
    /// Component of the threat; none on bare arrays.
    pub component: Option<Component>,
    /// Severity as observed, 0 to 1.
    pub severity: Option<f64>,
    /// Lower and upper end of the severity, where a condition gives a range.
    pub severity_range: Option<(f64, f64)>,
    /// Share of persons affected, 0 to 1.
    pub prevalence: Option<f64>,
    /// Whether there is a severity to start from.
    pub observed: bool,
    /// Persons of the place and group, where known.
    pub persons: Option<f64>,
    /// Share of those persons that the severity rests on; none where unobserved or where persons are unknown.
    pub coverage: Option<f64>,
}

/// An edge on whose sign the statements disagree.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    /// Position of the node it starts from.
    pub from: u32,
    /// Position of the node it reaches.
    pub to: u32,
    /// Periods until it acts.
    pub lag: u32,
    /// Whether the side that was kept dampens.
    pub dampens: bool,
    /// Sum of confidence of those who say that it feeds.
    pub feeds_confidence: f64,
    /// Sum of confidence of those who say that it dampens.
    pub dampens_confidence: f64,
    /// Positions in [`DominoNetwork::linkage_ids`] of those who say that it feeds.
    pub feeds: Vec<u32>,
    /// Positions in [`DominoNetwork::linkage_ids`] of those who say that it dampens.
    pub dampening: Vec<u32>,
}

/// Threats and linkages as a directed, signed network with lags.
///
/// Positions (0 to `len() - 1`) are stable for the life of the network and serve kernels and buffers; results speak in names and ids.
/// Nodes stand by place, threat and group in the order of the assessment, or as given on bare arrays.
#[derive(Debug)]
pub struct DominoNetwork {
    pub(super) nodes: Arc<NodeStore>,
    pub(super) edges: Arc<EdgeStore>,
    /// Severities that stand for those of the nodes; none as a rule.
    pub(super) drawn: Option<Vec<f64>>,
    pub(super) csr: Csr,
    pub(super) linkages: Vec<Arc<str>>,
    pub(super) disputes: Vec<Dispute>,
    pub(super) notes: Vec<Note>,
    pub(super) settings: Option<Expansion>,
    /// Id and class of the assessment it was made from.
    pub(super) origin: Option<(String, Option<Sensitivity>)>,
    pub(super) graph: OnceLock<DiGraph<ThreatNode, Edge>>,
}

crate::tables::arrow_tables!(DominoNetwork);

impl DominoNetwork {
    pub(super) fn assemble(
        nodes: NodeStore,
        edges: EdgeStore,
        csr: Csr,
        linkages: Vec<Arc<str>>,
        disputes: Vec<Dispute>,
        notes: Vec<Note>,
        settings: Option<Expansion>,
    ) -> Self {
        let (nodes, edges) = (Arc::new(nodes), Arc::new(edges));
        DominoNetwork { nodes, edges, drawn: None, csr, linkages, disputes, notes, settings, origin: None, graph: OnceLock::new() }
    }

    /// Whether a file of this network may be written, as [`crate::Assessment::allow_export`] of the assessment it was made from.
    ///
    /// # Errors
    /// `Sensitivity` where its class asks for an acknowledgement and none, or that of another class, is given.
    pub fn allow_export(&self, acknowledgement: Option<&str>) -> Result<()> {
        self.origin.as_ref().map_or(Ok(()), |(id, class)| allow_export(id, *class, acknowledgement))
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 0
    }

    /// The nodes, by position; each is made when it is asked for.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes::new(&self.nodes)
    }

    /// The node at a position.
    pub fn node(&self, position: usize) -> Option<ThreatNode> {
        self.nodes().get(position)
    }

    /// The name of the node at a position, as in `threat/place`.
    pub fn name(&self, position: usize) -> Option<Cow<'_, str>> {
        self.nodes.name(position)
    }

    /// The severities, NaN for none; empty where no node has one. Those that were drawn stand for those that were observed.
    pub(crate) fn severities(&self) -> &[f64] {
        self.drawn.as_deref().unwrap_or_else(|| self.nodes.severities())
    }

    /// The severity observed at a position; none where there is none.
    pub fn severity(&self, position: usize) -> Option<f64> {
        match &self.drawn {
            Some(drawn) => drawn.get(position).copied().filter(|severity| !severity.is_nan()),
            None => self.nodes.severity(position),
        }
    }

    /// Id of the place on a level that holds a place of the assessment, that place itself where it stands there; none where nothing does, and on bare arrays.
    pub fn place_on(&self, place: &str, level: Level) -> Option<&str> {
        self.nodes.place_on(place, level)
    }

    /// What nodes are, to be held by results that outlive the network.
    pub(crate) fn store(&self) -> &Arc<NodeStore> {
        &self.nodes
    }

    /// Number of edges, links without a number included.
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The edges, by index: as given on bare arrays, else by start, end and lag.
    ///
    /// # Complexity
    /// Linear in the edges. Those of an assessment are told again by the rules that made them, for only their weights are held.
    pub fn edges(&self) -> Edges<'_> {
        self.edges.iter(&self.nodes)
    }

    /// The edge at an index.
    ///
    /// # Complexity
    /// On a network from an assessment the first call counts the edges of every node; after that it is logarithmic in the nodes.
    pub fn edge(&self, index: usize) -> Option<Edge> {
        self.edges.edge(&self.nodes, index)
    }

    /// The statements behind an edge; none on bare arrays.
    ///
    /// # Complexity
    /// As [`DominoNetwork::edge`].
    pub fn contributions(&self, edge: usize) -> impl Iterator<Item = Contribution> + '_ {
        self.edges.contributions(&self.nodes, edge).into_iter()
    }

    /// Ids of the linkages behind an edge: its evidence.
    ///
    /// # Complexity
    /// As [`DominoNetwork::edge`].
    pub fn linkages_of(&self, edge: usize) -> impl Iterator<Item = &str> + '_ {
        self.contributions(edge).filter_map(|c| self.linkages.get(c.linkage as usize)).map(|id| &**id)
    }

    /// The edges that have a number, as compressed sparse rows for the kernels.
    pub fn csr(&self) -> &Csr {
        &self.csr
    }

    /// Ids of the linkages, in the order of the assessment; empty on bare arrays.
    pub fn linkage_ids(&self) -> &[Arc<str>] {
        &self.linkages
    }

    /// Edges on whose sign the statements disagree.
    pub fn disputes(&self) -> &[Dispute] {
        &self.disputes
    }

    /// What was dropped, defaulted or assumed.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Puts what was noted before it was built first.
    pub(crate) fn with_notes(mut self, mut notes: Vec<Note>) -> Self {
        notes.append(&mut self.notes);
        self.notes = notes;
        self
    }

    /// The settings it was expanded with; none on bare arrays.
    pub fn settings(&self) -> Option<&Expansion> {
        self.settings.as_ref()
    }

    /// Whether it comes from an assessment.
    pub fn is_expanded(&self) -> bool {
        self.settings.is_some()
    }

    /// Position of the node of that name.
    ///
    /// # Complexity
    /// Logarithmic in the nodes; the first call indexes the ids.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.nodes.position(name)
    }

    /// Positions of the node of that name, else of every node of the threat of that id; ascending, empty if there is none.
    pub fn positions_of(&self, name_or_threat: &str) -> Vec<usize> {
        self.position(name_or_threat).map_or_else(|| self.nodes.positions_of_threat(name_or_threat), |position| vec![position])
    }

    /// As [`DominoNetwork::positions_of`].
    ///
    /// # Errors
    /// When there is none, with the nearest known name.
    pub fn find(&self, name_or_threat: &str) -> Result<Vec<usize>> {
        let found = self.positions_of(name_or_threat);
        if !found.is_empty() {
            return Ok(found);
        }
        let known = self.nodes.known();
        let hint = nearest(name_or_threat, known.iter().map(|name| &**name)).map(|near| format!("; did you mean `{near}`?"));
        let message = format!("no node or threat `{}`{}", shown(name_or_threat), hint.unwrap_or_default());
        Err(Error::new(ErrorKind::NotFound, message))
    }

    /// The network as a petgraph graph, node and edge indices as here; made on the first call.
    pub fn graph(&self) -> &DiGraph<ThreatNode, Edge> {
        self.graph.get_or_init(|| {
            let mut graph = DiGraph::with_capacity(self.nodes.len(), self.edges.len());
            for node in self.nodes() {
                graph.add_node(node);
            }
            for edge in self.edges() {
                graph.add_edge(NodeIndex::new(edge.from as usize), NodeIndex::new(edge.to as usize), edge);
            }
            graph
        })
    }

    /// Nodes: node, threat, place, group, severity, observed, component, prevalence, persons, coverage.
    ///
    /// # Errors
    /// When a text column would pass what Arrow's 32-bit offsets hold.
    pub fn nodes_table(&self) -> Result<Table> {
        let nodes = &self.nodes;
        let all = || 0..nodes.len();
        bounded(nodes.labels().map(|label| label.name.len()))?;
        Table::builder()
            .text("node", nodes.labels().map(|label| Some(label.name)))
            .text("threat", nodes.labels().map(|label| Some(label.threat().to_owned())))
            .text("place", nodes.labels().map(|label| label.place))
            .text("group", nodes.labels().map(|label| label.group))
            .number("severity", all().map(|i| nodes.severity(i)))
            .boolean("observed", all().map(|i| Some(nodes.severity(i).is_some())))
            .text("component", all().map(|i| nodes.component(i).map(Component::word)))
            .number("prevalence", all().map(|i| nodes.prevalence(i)))
            .number("persons", all().map(|i| nodes.persons(i)))
            .number("coverage", all().map(|i| nodes.coverage(i)))
            .build()
    }

    /// Edges: from, to (names), weight (null = no number), lag, low, high, effect, linkages.
    ///
    /// # Errors
    /// When a text column would pass what Arrow's 32-bit offsets hold.
    pub fn edges_table(&self) -> Result<Table> {
        let name = |position: u32| self.name(position as usize);
        let ids = |evidence: Vec<Contribution>| evidence.into_iter().filter_map(|c| self.linkages.get(c.linkage as usize));
        bounded(self.edges().map(|e| name(e.from).map_or(0, |n| n.len())))?;
        bounded(self.edges().map(|e| name(e.to).map_or(0, |n| n.len())))?;
        bounded(self.edges.evidence(&self.nodes).map(|evidence| ids(evidence).map(|id| id.len()).sum()))?;
        Table::builder()
            .text("from", self.edges().map(|e| name(e.from)))
            .text("to", self.edges().map(|e| name(e.to)))
            .number("weight", self.edges().map(|e| e.weight))
            .integer("lag", self.edges().map(|e| Some(i64::from(e.lag))))
            .number("low", self.edges().map(|e| e.low))
            .number("high", self.edges().map(|e| e.high))
            .text("effect", self.edges().map(|e| Some(if e.dampens { "dampens" } else { "feeds" })))
            .list("linkages", self.edges.evidence(&self.nodes).map(|evidence| Some(ids(evidence).collect::<Vec<_>>())))
            .build()
    }

    /// Disputed edges: from, to, lag, kept, feeds_confidence, dampens_confidence, feeds, dampens (lists of linkage ids).
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn disputed_table(&self) -> Result<Table> {
        let name = |position: u32| self.name(position as usize);
        let ids = |list: &[u32]| Some(list.iter().filter_map(|&l| self.linkages.get(l as usize)).collect::<Vec<_>>());
        let rows = &self.disputes;
        Table::builder()
            .text("from", rows.iter().map(|d| name(d.from)))
            .text("to", rows.iter().map(|d| name(d.to)))
            .integer("lag", rows.iter().map(|d| Some(i64::from(d.lag))))
            .text("kept", rows.iter().map(|d| Some(if d.dampens { "dampens" } else { "feeds" })))
            .number("feeds_confidence", rows.iter().map(|d| Some(d.feeds_confidence)))
            .number("dampens_confidence", rows.iter().map(|d| Some(d.dampens_confidence)))
            .list("feeds", rows.iter().map(|d| ids(&d.feeds)))
            .list("dampens", rows.iter().map(|d| ids(&d.dampening)))
            .build()
    }

    /// The network as tables (nodes, edges, disputed) with its notes, as the bindings carry it.
    ///
    /// # Errors
    /// As [`DominoNetwork::nodes_table`].
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("network", &self.settings)?;
        outcome.facts.insert("expanded".into(), self.is_expanded().into());
        outcome.tables = vec![("nodes", self.nodes_table()?), ("edges", self.edges_table()?), ("disputed", self.disputed_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

/// Arrow text columns count their bytes in 32 bits.
fn bounded(lengths: impl Iterator<Item = usize>) -> Result<()> {
    let bytes: u64 = lengths.map(|l| l as u64).sum();
    if bytes <= i32::MAX as u64 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Limit, format!("found {bytes} bytes of names in one column, wanted at most {}", i32::MAX)))
}
