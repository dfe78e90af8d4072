//! One run over many draws of its numbers: what all draws share, and whether they can go side by side.

use std::borrow::Cow;

use super::compile::{compile, refuse_diverging};
use super::network::{dense, names};
use super::{Linear, Model, Propagation, Values};
use crate::kernels::counter::Counter;
use crate::kernels::map::{Formula, Map};
use crate::kernels::{Csr, Tick};
use crate::network::DominoNetwork;
use crate::{ErrorKind, Result};

/// Edges from which on draws go one after the other, so that a stop is heard within one of them.
const MOST_EDGES: usize = 1 << 20;

/// What a run over draws needs beside the rows.
#[derive(Debug)]
pub(crate) struct SideBySide {
    formula: Formula,
    pace: Vec<f64>,
    base: Vec<f64>,
    bounds: Option<(f64, f64)>,
    pub(crate) start: Vec<f64>,
    pub(crate) before: Vec<f64>,
    pub(crate) shock: Vec<f64>,
    pub(crate) held: Vec<bool>,
}

impl SideBySide {
    pub(crate) fn map<'a>(&self, csr: &'a Csr) -> Map<'a> {
        let (base, pace) = (self.base.clone(), self.pace.clone());
        Map { csr, formula: self.formula, base, offset: Vec::new(), pace, bounds: self.bounds }
    }
}

impl Propagation {
    /// Whether draws of weights can go side by side, with what they share. `most` holds the greatest magnitude of each weight over all draws.
    ///
    /// None where each draw must be a run of its own: anchored on what was observed, under a model that is no map, with weights divided by a
    /// figure of their own, or where loops may grow in some draw. The settings must have passed a run.
    ///
    /// # Errors
    /// As [`Propagation::run`].
    pub(crate) fn side_by_side(&self, network: &DominoNetwork, most: Vec<f64>, tick: Tick<'_>) -> Result<Option<SideBySide>> {
        let divided = matches!(self.model, Model::Linear(Linear { normalise: Some(_), .. }));
        let anchored = network.is_expanded() && self.base.is_none();
        if anchored || divided || !self.model.anchors() || network.csr().edges() > MOST_EDGES {
            return Ok(None);
        }
        let listed = |what, values: &Option<Values>| values.as_ref().map(|v| v.resolve(what, network)).transpose();
        let clamp = listed("clamp", &self.clamp)?.unwrap_or_default();
        let held: Vec<bool> = clamp.iter().map(Option::is_some).collect();
        let names = names(network);
        let name = |j: usize| names.get(j).cloned().unwrap_or_default();
        let model = self.model.on_nodes(network)?;
        let rows = network.csr().with_weights(most)?;
        let compiled = compile(&rows, &model, network.is_expanded(), &name, tick)?;
        match refuse_diverging(&compiled, &held, &name, tick) {
            Ok(_) => {}
            Err(error) if matches!(error.kind, ErrorKind::Diverging | ErrorKind::Undefined) => return Ok(None),
            Err(error) => return Err(error),
        }
        let given = listed("start", &self.start)?.unwrap_or_default();
        let usual = |j: usize| network.severity(j).unwrap_or(0.0);
        let before: Vec<f64> = (0..network.len()).map(|j| given.get(j).copied().flatten().unwrap_or_else(|| usual(j))).collect();
        let start = before.iter().enumerate().map(|(j, x)| clamp.get(j).copied().flatten().unwrap_or(*x)).collect();
        Ok(Some(SideBySide {
            formula: compiled.formula,
            bounds: compiled.bounds,
            pace: compiled.pace,
            base: dense(listed("base", &self.base)?),
            start,
            before,
            shock: dense(listed("shocks", &self.shocks)?),
            held,
        }))
    }

    /// The same settings with random numbers of their own for a draw, where the model draws any.
    pub(crate) fn of_draw(&self, draw: u64) -> Cow<'_, Propagation> {
        let mut other = self.clone();
        let seed = match &mut other.model {
            Model::LinearThreshold(model) => &mut model.seed,
            Model::Watts(model) => &mut model.seed,
            Model::IndependentCascade(model) => &mut model.seed,
            Model::AlternatingRenewal(model) => &mut model.seed,
            Model::NoisyOr(_) | Model::Linear(_) | Model::FuzzyCognitiveMap(_) | Model::DynamicInoperability(_) | Model::DebtRank(_) => {
                return Cow::Borrowed(self);
            }
        };
        *seed = Counter::new(*seed, u64::MAX).bits(draw);
        Cow::Owned(other)
    }
}
