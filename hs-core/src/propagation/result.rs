//! What a run gives: the last state, how it ended, how far off it can be.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::json;

use super::Propagation;
use super::effect::{AnchoredColumns, NodeNames};
use crate::Result;
use crate::kernels::fixpoint::End;
use crate::network::NodeStore;
use crate::tables::{Array, Note, Outcome, Table};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The greatest change of a node was within tolerance.
    Converged,
    /// The states repeat.
    Cycle,
    /// The steps ran out.
    NotConverged,
    /// States grew without end.
    Diverging,
}

impl Status {
    /// The word in results.
    pub fn word(self) -> &'static str {
        match self {
            Status::Converged => "converged",
            Status::Cycle => "cycle",
            Status::NotConverged => "not-converged",
            Status::Diverging => "diverging",
        }
    }
}

impl From<End> for Status {
    fn from(end: End) -> Self {
        match end {
            End::Converged => Status::Converged,
            End::Cycle(_) => Status::Cycle,
            End::StepLimit => Status::NotConverged,
            End::Diverging => Status::Diverging,
        }
    }
}

/// A node of a result, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeLabel {
    /// Name of the node.
    pub node: String,
    /// Id of its threat.
    pub threat: String,
    /// Id of its place.
    pub place: Option<String>,
    /// Id of its group.
    pub group: Option<String>,
}

/// The nodes of a result, each told when it is asked for.
#[derive(Debug, Clone)]
pub struct NodeLabels(pub(super) Arc<NodeStore>);

impl NodeLabels {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// The nodes, in the order of the states.
    pub fn iter(&self) -> impl Iterator<Item = NodeLabel> + '_ {
        self.0.labels().map(|label| NodeLabel {
            threat: label.threat().to_owned(),
            place: label.place.map(str::to_owned),
            group: label.group.map(str::to_owned),
            node: label.name.into_owned(),
        })
    }
}

impl PartialEq for NodeLabels {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.len() == other.len() && self.0.labels().eq(other.0.labels()))
    }
}

impl Serialize for NodeLabels {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Where a run went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropagationResult {
    /// The settings it ran with.
    pub settings: Propagation,
    /// The nodes, in the order of `state`.
    pub nodes: NodeLabels,
    /// The last state; in a cycle, one state of it.
    pub state: Vec<f64>,
    /// Every state from the start on, row by row, where asked for.
    pub trajectory: Option<Vec<f64>>,
    /// How the run ended.
    pub status: Status,
    /// Steps after which the states repeat, in a cycle.
    pub period: Option<u64>,
    /// Steps made.
    pub iterations: u64,
    /// No node of `state` is further than this from the fixed point it is settling on; none where no bound is known.
    pub error_bound: Option<f64>,
    /// Spectral radius of the weights as used (Linear), or of the derivatives at the baseline (anchored).
    pub spectral_radius: Option<f64>,
    /// What weights were divided by, where `normalise` was asked for.
    pub scale: Option<f64>,
    /// The state that nothing moves away from by itself; none on bare arrays.
    pub baseline: Option<Vec<f64>>,
    /// How each node was anchored, on a network from an assessment; as a table through [`PropagationResult::anchoring_table`].
    #[serde(skip)]
    pub(crate) anchoring: Option<AnchoredColumns>,
    /// Standard error of each state, where runs were drawn.
    pub standard_error: Option<Vec<f64>>,
    /// Mean number of nodes that are on at the end, where runs were drawn or a model has on and off.
    pub size: Option<f64>,
    /// Standard error of `size`; none where it is undefined, with a note.
    pub size_standard_error: Option<f64>,
    /// Runs made, where a model is run more than once.
    pub runs: Option<u32>,
    /// What was lost by distress, `Σ (h_T - h_0) v` (DebtRank).
    pub value: Option<f64>,
    /// Whether there is a single state at rest; none where it was not asked or could not be told.
    pub unique: Option<bool>,
    /// Factor by which a step brings any two states nearer, at least; below 1 there is a single state at rest.
    pub contraction: Option<f64>,
    /// No two states at rest are further apart at any node; none where it was not needed or not asked.
    pub spread: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(PropagationResult);

impl PropagationResult {
    pub(super) fn certified(&mut self, found: super::certify::Certificate) {
        (self.unique, self.contraction, self.spread) = (found.unique, found.contraction, found.spread);
    }

    /// The main table: node, threat, place, group, state; and standard_error under models that are run more than once.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let table = Table::builder()
            .text("node", self.nodes.0.labels().map(|label| Some(label.name)))
            .text("threat", self.nodes.0.labels().map(|label| Some(label.threat().to_owned())))
            .text("place", self.nodes.0.labels().map(|label| label.place))
            .text("group", self.nodes.0.labels().map(|label| label.group))
            .number("state", self.state.iter().copied().map(Some));
        match (&self.standard_error, self.runs) {
            (Some(errors), _) => table.number("standard_error", errors.iter().copied().map(Some)),
            (None, Some(_)) => table.number("standard_error", self.state.iter().map(|_| None)),
            (None, None) => table,
        }
        .build()
    }

    /// How each node was anchored: node, baseline, treatment, base, feeds_factor, dampening_factor; none on bare arrays.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn anchoring_table(&self) -> Result<Option<Table>> {
        let columns = self.anchoring.as_ref().zip(self.baseline.as_ref());
        columns.map(|(columns, baseline)| columns.table(&NodeNames::Network(Arc::clone(&self.nodes.0)), baseline)).transpose()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("propagate", &self.settings)?;
        for (name, fact) in [
            ("status", json!(self.status)),
            ("period", json!(self.period)),
            ("iterations", json!(self.iterations)),
            ("error_bound", json!(self.error_bound)),
            ("spectral_radius", json!(self.spectral_radius)),
            ("scale", json!(self.scale)),
            ("unique", json!(self.unique)),
            ("contraction", json!(self.contraction)),
            ("spread", json!(self.spread)),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        if let Some(runs) = self.runs {
            outcome.facts.insert("runs".into(), json!(runs));
            outcome.facts.insert("size".into(), json!(self.size));
            outcome.facts.insert("size_standard_error".into(), json!(self.size_standard_error));
        }
        if let Some(value) = self.value {
            outcome.facts.insert("value".into(), json!(value));
        }
        let nodes = self.state.len();
        outcome.arrays.push(("state", Array { shape: vec![nodes], data: self.state.clone() }));
        if let Some(errors) = &self.standard_error {
            outcome.arrays.push(("standard_error", Array { shape: vec![nodes], data: errors.clone() }));
        }
        if let Some(trajectory) = &self.trajectory {
            let rows = trajectory.len().checked_div(nodes).unwrap_or(0);
            outcome.arrays.push(("trajectory", Array { shape: vec![rows, nodes], data: trajectory.clone() }));
        }
        if let Some(baseline) = &self.baseline {
            outcome.arrays.push(("baseline", Array { shape: vec![nodes], data: baseline.clone() }));
        }
        outcome.tables.push(("states", self.table()?));
        if let Some(anchoring) = self.anchoring_table()? {
            outcome.tables.push(("anchoring", anchoring));
        }
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
