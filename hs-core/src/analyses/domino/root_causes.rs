//! Which threats lie upstream of most harm?

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{MOST_DENSE, Normalised, Scaling, dense, total, turned};
use super::total_effects::nothing_to_divide;
use crate::kernels::linear::{Answer, solve};
use crate::kernels::ranks::from_greatest_by_size;
use crate::kernels::{Csr, Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::Normalise;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Which threats lie upstream of most harm?
///
/// For each threat: what it gives to all others by every path (D), what it receives (R), how much it is involved (D+R) and whether it is a net cause
/// (D-R above 0) or a net effect. The divisor of the weights changes the ranks, so it is a setting and is reported. On a network from an assessment places are not summed:
/// threats are ranked by the mean influence of one threat's nodes on another's. On signed maps dampening enters with its sign, so that a
/// prominence can be small because much cancels: the split columns show both sides.
///
/// # Method
/// `T = X (I-X)^{-1}`, `X = damping · W / s`; D = row sums, R = column sums. Expanded: `A_ij = Σ signed weights from i's nodes to j's / number of j's
/// nodes`, lags added, the diagonal kept. s and the refusal are taken on magnitudes; T, D, R are signed. Rank 1 is the greatest prominence, ties averaged.
///
/// # Complexity
/// Cubic in the threats to 2,000; beyond, linear in the edges for each pass, without the split columns.
///
/// # References
/// Gabus and Fontela 1972, World problems, an invitation to further thought within the framework of DEMATEL.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RootCauses {
    /// What weights are divided by.
    pub normalise: Normalise,
    /// The radius that the spectral divisor leaves.
    pub alpha: f64,
    /// Multiplies every normalised weight; 1 leaves them.
    pub damping: f64,
}

impl Default for RootCauses {
    fn default() -> Self {
        RootCauses { normalise: Normalise::MaxRowColumn, alpha: 0.9, damping: 1.0 }
    }
}

/// A threat (a node, on bare arrays) as cause and effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// Id of the threat; on bare arrays name of the node.
    pub node: String,
    /// D: what it gives.
    pub given: f64,
    /// R: what it receives.
    pub received: f64,
    /// D + R.
    pub prominence: f64,
    /// D - R: above 0 a net cause.
    pub relation: f64,
    /// Place by prominence, 1 the greatest, ties averaged.
    pub rank: f64,
    /// Given and received split by the sign of each total effect, the negative ones as they are (0 or below); none on maps without signs.
    pub split: Option<Split>,
}

/// What is given and received, by sign.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Split {
    /// Sum of the effects above 0 that are given.
    pub given_positive: f64,
    /// Sum of those below 0.
    pub given_negative: f64,
    /// Sum of the effects above 0 that are received.
    pub received_positive: f64,
    /// Sum of those below 0.
    pub received_negative: f64,
}

/// Threats as causes and effects.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RootCausesResult {
    /// The settings it ran with.
    pub settings: RootCauses,
    /// One for each threat, in the order of the network.
    pub causes: Vec<Cause>,
    /// The divisor s.
    pub scale: f64,
    /// Spectral radius of the magnitudes of X.
    pub spectral_radius: f64,
    /// Whether some link dampens.
    pub signed: bool,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl RootCauses {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Diverging` where the radius of X is 1 or more, with a loop responsible; `Argument` for a setting outside its domain.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::RootCauses;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![1.0, 0.5].into(), ..EdgeList::default() };
    /// let causes = RootCauses::default().run(&DominoNetwork::from_edges(edges)?)?.causes;
    /// // 0 reaches 1 with 1 and 2 with 0.5
    /// assert_eq!((causes[0].given, causes[0].relation, causes[1].rank), (1.5, 1.5, 1.5));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<RootCausesResult> {
        self.run_with(network, &never)
    }

    /// As [`RootCauses::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`RootCauses::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<RootCausesResult> {
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let (labels, folded);
        let csr = if network.is_expanded() {
            (labels, folded) = by_threat(network)?;
            &folded
        } else {
            labels = names(network);
            network.csr()
        };
        let scaling = Scaling { normalise: self.normalise, alpha: self.alpha, damping: self.damping };
        let name = |j: usize| labels.get(j).cloned().unwrap_or_default();
        let x = Normalised::new(csr, scaling, &name, tick)?;
        notes.extend(nothing_to_divide(&x));
        let signed = csr.is_signed();
        let (given, received, splits) = if csr.nodes() <= MOST_DENSE {
            let (given, received, splits) = pairwise(&x, tick)?;
            (given, received, signed.then_some(splits))
        } else {
            if signed {
                let message = format!("effects are split by sign to {MOST_DENSE} threats; those columns are empty");
                notes.push(Note::new("undefined-split", message, Vec::<String>::new()));
            }
            let (given, received) = by_passes(&x.csr, tick)?;
            (given, received, None)
        };
        let prominence: Vec<f64> = given.iter().zip(&received).map(|(d, r)| d + r).collect();
        let ranks = from_greatest_by_size(&prominence);
        let mut splits = splits.map(Vec::into_iter);
        let rows = labels.into_iter().zip(given.iter().zip(&received)).zip(prominence.iter().zip(ranks));
        let causes = rows.map(|((node, (given, received)), (prominence, rank))| Cause {
            node,
            given: *given,
            received: *received,
            prominence: *prominence,
            relation: given - received,
            rank,
            split: splits.as_mut().and_then(Iterator::next),
        });
        Ok(RootCausesResult { settings: *self, causes: causes.collect(), scale: x.scale, spectral_radius: x.radius, signed, notes })
    }
}

/// Threats and their mean influence on each other.
pub(super) fn by_threat(network: &DominoNetwork) -> Result<(Vec<String>, Csr)> {
    let mut threats: Vec<String> = Vec::new();
    let mut counts: Vec<f64> = Vec::new();
    let mut positions: HashMap<Arc<str>, u32> = HashMap::new();
    let mut threat_of: Vec<u32> = Vec::with_capacity(network.len());
    for node in network.nodes() {
        let position = *positions.entry(Arc::clone(&node.threat)).or_insert_with(|| {
            threats.push(node.threat.to_string());
            counts.push(0.0);
            threats.len() as u32 - 1
        });
        if let Some(count) = counts.get_mut(position as usize) {
            *count += 1.0;
        }
        threat_of.push(position);
    }
    let (mut source, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::new());
    for (j, &to) in threat_of.iter().enumerate() {
        let count = counts.get(to as usize).copied().unwrap_or(1.0);
        for (i, w, _) in network.csr().incoming(j) {
            source.push(threat_of.get(i).copied().unwrap_or_default());
            target.push(to);
            weight.push(w / count);
        }
    }
    let parallel = Csr::from_edges(threats.len(), &source, &target, &weight, &[])?;
    Ok((threats, super::normalised::combined(&parallel)?.into_owned()))
}

/// D, R and the split, from the whole matrix.
pub(super) fn pairwise(x: &Normalised, tick: Tick<'_>) -> Result<(Vec<f64>, Vec<f64>, Vec<Split>)> {
    let n = x.csr.nodes();
    let direct = dense(&x.csr, false)?;
    let matrix = if x.scale == 0.0 { direct } else { total(n, &direct, tick)? };
    let none = Split { given_positive: 0.0, given_negative: 0.0, received_positive: 0.0, received_negative: 0.0 };
    let (mut given, mut received, mut splits) = (vec![0.0; n], vec![0.0; n], vec![none; n]);
    for ((row, given), i) in matrix.chunks(n.max(1)).zip(&mut given).zip(0..) {
        let (mut positive, mut negative) = (0.0, 0.0);
        for ((effect, received), to) in row.iter().zip(&mut received).zip(&mut splits) {
            *given += effect;
            *received += effect;
            if *effect > 0.0 {
                positive += effect;
                to.received_positive += effect;
            } else {
                negative += effect;
                to.received_negative += effect;
            }
        }
        if let Some(split) = splits.get_mut(i) {
            (split.given_positive, split.given_negative) = (positive, negative);
        }
    }
    Ok((given, received, splits))
}

/// D and R alone: `R = Xᵀ(1 + R)`, and D the same on the edges turned about.
pub(super) fn by_passes(x: &Csr, tick: Tick<'_>) -> Result<(Vec<f64>, Vec<f64>)> {
    let n = x.nodes();
    let turned = turned(x)?;
    let sums = |csr: &Csr| {
        let first: Vec<f64> = (0..n).map(|j| csr.incoming(j).map(|(_, w, _)| w).sum()).collect();
        match solve(csr, &first, None, 1e-13, 100_000, tick)? {
            Answer::Settled(settled, Some(_)) => Ok(settled.state),
            Answer::Settled(..) | Answer::Refused(_) => Err(Error::new(ErrorKind::Undefined, "the sums over all paths did not settle")),
        }
    };
    Ok((sums(&turned)?, sums(x)?))
}

crate::tables::arrow_tables!(RootCausesResult);

impl RootCausesResult {
    /// node, given, received, prominence, relation, rank; on signed maps also given_positive, given_negative, received_positive,
    /// received_negative.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let column = |value: fn(&Cause) -> f64| self.causes.iter().map(move |c| Some(value(c)));
        let mut table = Table::builder()
            .text("node", self.causes.iter().map(|c| Some(&c.node)))
            .number("given", column(|c| c.given))
            .number("received", column(|c| c.received))
            .number("prominence", column(|c| c.prominence))
            .number("relation", column(|c| c.relation))
            .number("rank", column(|c| c.rank));
        if self.signed {
            let split = |value: fn(&Split) -> f64| self.causes.iter().map(move |c| c.split.as_ref().map(value));
            table = table
                .number("given_positive", split(|s| s.given_positive))
                .number("given_negative", split(|s| s.given_negative))
                .number("received_positive", split(|s| s.received_positive))
                .number("received_negative", split(|s| s.received_negative));
        }
        table.build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("root_causes", &self.settings)?;
        outcome.facts.insert("scale".into(), json!(self.scale));
        outcome.facts.insert("spectral_radius".into(), json!(self.spectral_radius));
        outcome.facts.insert("signed".into(), json!(self.signed));
        outcome.tables.push(("root_causes", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
