//! How much does each threat feed each other, by all paths together?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{Normalised, Scaling, combined, dense, total};
use crate::Result;
use crate::kernels::radius::{Values, magnitudes};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::Normalise;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Array, Note, Outcome, Table};

/// Nodes up to which pairs are also listed as a table.
const MOST_LISTED: usize = 300;

/// How much does each threat feed each other, by all paths together?
///
/// Direct influence alone misses what travels over several steps. Total effects add up every path, each a product of its weights. The sum is finite only
/// once weights are divided by something, on which tools do not agree: the divisor is a setting and is reported. Rows are "from", columns "to". Lags do not matter
/// to totals; a link without a number counts for nothing.
///
/// # Method
/// `T = X (I-X)^{-1}` with `X = damping · W / s`; s is taken on magnitudes. s = 0 gives T = 0. On signed maps, `gross` also splits paths by their sign:
/// from `[[W⁺, W⁻], [W⁻, W⁺]]`, on the weights as given, where `ρ(|W|) < 1`.
///
/// # Complexity
/// Cubic in the nodes, to 2,000.
///
/// # References
/// Gabus and Fontela 1972, World problems, an invitation to further thought within the framework of DEMATEL.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TotalEffects {
    /// What weights are divided by.
    pub normalise: Normalise,
    /// The radius that the spectral divisor leaves.
    pub alpha: f64,
    /// Multiplies every normalised weight; 1 leaves them.
    pub damping: f64,
    /// Whether to add up paths of either sign apart, on signed maps.
    pub gross: bool,
}

impl Default for TotalEffects {
    fn default() -> Self {
        TotalEffects { normalise: Normalise::MaxRowColumn, alpha: 0.9, damping: 1.0, gross: true }
    }
}

/// Total effects, row by row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TotalEffectsResult {
    /// The settings it ran with.
    pub settings: TotalEffects,
    /// Names of rows and columns.
    pub nodes: Vec<String>,
    /// T: row = from, column = to.
    pub matrix: Vec<f64>,
    /// X, in the same form.
    pub direct: Vec<f64>,
    /// Spectral radius of the magnitudes of X.
    pub spectral_radius: f64,
    /// The divisor s.
    pub scale: f64,
    /// Sums over paths with an even number of dampening links, on the weights as given; none on unsigned maps and where undefined.
    pub gross_positive: Option<Vec<f64>>,
    /// Sums over paths with an odd number of dampening links, as magnitudes.
    pub gross_negative: Option<Vec<f64>>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl TotalEffects {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Diverging` where the radius of X is 1 or more, with a loop responsible; `Limit` past 2,000 nodes; `Argument` for a setting outside its domain.
    pub fn run(&self, network: &DominoNetwork) -> Result<TotalEffectsResult> {
        self.run_with(network, &never)
    }

    /// As [`TotalEffects::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`TotalEffects::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<TotalEffectsResult> {
        let nodes = names(network);
        let n = nodes.len();
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let scaling = Scaling { normalise: self.normalise, alpha: self.alpha, damping: self.damping };
        let name = |j: usize| nodes.get(j).cloned().unwrap_or_default();
        let x = Normalised::new(network.csr(), scaling, &name, tick)?;
        notes.extend(nothing_to_divide(&x));
        let direct = dense(&x.csr, false)?;
        let matrix = if x.scale == 0.0 { direct.clone() } else { total(n, &direct, tick)? };
        let (mut gross_positive, mut gross_negative) = (None, None);
        if self.gross && network.csr().is_signed() {
            let w = combined(network.csr())?;
            let sizes: Vec<f64> = w.weights().iter().map(|w| w.abs()).collect();
            let radius = magnitudes(&Values { csr: &w, edges: &sizes, own: &[], held: &[] }, tick)?;
            if radius.upper < 1.0 - 1e-9 {
                // The two blocks of the double matrix: their sum runs on |W|, their difference on W.
                let (sum, difference) = (total(n, &dense(&w, true)?, tick)?, total(n, &dense(&w, false)?, tick)?);
                let half = |sign: f64| sum.iter().zip(&difference).map(|(s, d)| 0.5 * (s + sign * d)).collect();
                (gross_positive, gross_negative) = (Some(half(1.0)), Some(half(-1.0)));
            } else {
                let message =
                    format!("gross path sums are undefined: the radius of the magnitudes is {:.6}, wanted below 1", radius.value());
                notes.push(Note::new("undefined-gross", message, Vec::<String>::new()));
            }
        }
        if n > MOST_LISTED {
            let message = format!("pairs are listed to {MOST_LISTED} nodes; the array holds them all");
            notes.push(Note::new("not-listed", message, Vec::<String>::new()));
        }
        Ok(TotalEffectsResult {
            settings: *self,
            nodes,
            matrix,
            direct,
            spectral_radius: x.radius,
            scale: x.scale,
            gross_positive,
            gross_negative,
            notes,
        })
    }
}

pub(super) fn nothing_to_divide(x: &Normalised) -> Option<Note> {
    let message = "nothing to divide by: no weight, or no loop where the spectral radius divides; total effects are 0";
    (x.scale == 0.0 && x.csr.nodes() > 0).then(|| Note::new("zero-scale", message, Vec::<String>::new()))
}

crate::tables::arrow_tables!(TotalEffectsResult);

impl TotalEffectsResult {
    /// Pairs with an effect: from, to, direct, total. Empty past 300 nodes.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let n = self.nodes.len();
        let listed = if n > MOST_LISTED { 0 } else { n * n };
        let name = |index: usize| self.nodes.get(index);
        let pairs: Vec<(usize, f64, f64)> = (0..listed)
            .zip(self.direct.iter().zip(&self.matrix))
            .map(|(at, (direct, total))| (at, *direct, *total))
            .filter(|(_, direct, total)| *direct != 0.0 || *total != 0.0)
            .collect();
        Table::builder()
            .text("from", pairs.iter().map(|(at, ..)| name(at / n.max(1))))
            .text("to", pairs.iter().map(|(at, ..)| name(at % n.max(1))))
            .number("direct", pairs.iter().map(|(_, direct, _)| Some(*direct)))
            .number("total", pairs.iter().map(|(.., total)| Some(*total)))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("total_effects", &self.settings)?;
        outcome.facts.insert("spectral_radius".into(), json!(self.spectral_radius));
        outcome.facts.insert("scale".into(), json!(self.scale));
        outcome.facts.insert("nodes".into(), json!(self.nodes));
        let n = self.nodes.len();
        let arrays = [
            ("matrix", Some(&self.matrix)),
            ("gross_positive", self.gross_positive.as_ref()),
            ("gross_negative", self.gross_negative.as_ref()),
        ];
        for (name, data) in arrays {
            if let Some(data) = data {
                outcome.arrays.push((name, Array { shape: vec![n, n], data: data.clone() }));
            }
        }
        outcome.tables.push(("effects", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
