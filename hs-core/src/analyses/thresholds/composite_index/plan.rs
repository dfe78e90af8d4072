//! An index laid out for computing: nodes below the ones they are part of, weights, and what each unit gets.

use super::words::{WeightNoise, WeightRule};
use super::{Aggregate, CompositeIndex, MissingParts, Penalty, Weighting};
use crate::kernels::index::{Mean, NoMean};
use crate::kernels::sampling::Draw;
use crate::kernels::weighing::{NoWeights, entropy_weights, first_component};
use crate::{Error, ErrorKind, Result};

/// The nodes of an index, each after its parts; the last is the index itself.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) nodes: Vec<PlanNode>,
    /// Column of the data for each indicator of the tree, in the tree's order.
    pub(super) leaves: Vec<usize>,
    /// Names of those indicators.
    pub(super) names: Vec<String>,
    /// Indicators of the data that the tree does not hold.
    pub(super) unused: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct PlanNode {
    pub(super) name: String,
    pub(super) parts: Vec<Slot>,
    pub(super) aggregate: Aggregate,
    /// Whether the settings name an aggregation for this very node.
    pub(super) named: bool,
    /// Weights the settings give.
    pub(super) given: Option<Vec<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Leaf(usize),
    Node(usize),
}

/// How one evaluation differs from the settings.
pub(super) struct Choice {
    pub(super) means: Vec<Mean>,
    pub(super) left_out: Option<usize>,
    pub(super) noise: Option<(u64, u32, WeightNoise)>,
}

/// What every node comes to.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// Weight of each part, by node; 0 for one that was left out.
    pub(super) weights: Vec<Vec<f64>>,
    /// Value of every unit, by node; NaN where undefined.
    pub(super) values: Vec<Vec<f64>>,
    /// Weight of what is there, of 1, by node.
    pub(super) coverage: Vec<Vec<f64>>,
    /// Why a value is undefined: unit, node, reason.
    pub(super) undefined: Vec<(usize, usize, NoMean)>,
    /// Nodes weighed by principal components: explained share, whether loadings differ in sign, units used.
    pub(super) components: Vec<(usize, f64, bool, usize)>,
}

/// First parameter of the random numbers that disturb weights; those before it choose.
pub(super) const WEIGHTS: u32 = 16;

impl CompositeIndex {
    pub(super) fn mean(&self, aggregate: Aggregate) -> Mean {
        match aggregate {
            Aggregate::Arithmetic => Mean::Arithmetic,
            Aggregate::Geometric => Mean::Geometric,
            Aggregate::Harmonic => Mean::Harmonic,
            Aggregate::MazziottaPareto => Mean::MeanVariance { plus: self.penalty == Penalty::Plus },
            Aggregate::ReversedGeometric => Mean::Reversed { low: self.scale.0, high: self.scale.1 },
        }
    }
}

impl Plan {
    pub(super) fn root(&self) -> &str {
        self.nodes.last().map_or("index", |node| &node.name)
    }

    pub(super) fn part_name(&self, slot: Slot) -> &str {
        match slot {
            Slot::Leaf(leaf) => self.names.get(leaf).map_or("", String::as_str),
            Slot::Node(node) => self.nodes.get(node).map_or("", |node| &node.name),
        }
    }

    /// Weighs and aggregates every node, from the leaves up.
    pub(super) fn make(&self, settings: &CompositeIndex, columns: &[Vec<f64>], choice: &Choice) -> Result<Made> {
        let units = columns.first().map_or(0, Vec::len);
        let mut made = Made { weights: vec![], values: vec![], coverage: vec![], undefined: vec![], components: vec![] };
        let mut parameter = WEIGHTS;
        for (at, (node, mean)) in self.nodes.iter().zip(&choice.means).enumerate() {
            let open = |slot: &Slot| match slot {
                Slot::Leaf(leaf) => choice.left_out != Some(*leaf),
                Slot::Node(below) => made.weights.get(*below).is_some_and(|weights| weights.iter().any(|w| *w > 0.0)),
            };
            let used: Vec<bool> = node.parts.iter().map(open).collect();
            let parts: Vec<&[f64]> = node.parts.iter().filter_map(|slot| part(*slot, columns, &made.values)).collect();
            let mut weights = self.base(settings, at, node, &used, &parts, &mut made.components)?;
            if let Some((seed, draw, noise)) = choice.noise {
                disturb(&mut weights, seed, draw, parameter, noise);
            }
            parameter = parameter.saturating_add(node.parts.len() as u32);
            let covers: Vec<Option<&[f64]>> = node
                .parts
                .iter()
                .map(|slot| match slot {
                    Slot::Leaf(_) => None,
                    Slot::Node(below) => made.coverage.get(*below).map(Vec::as_slice),
                })
                .collect();
            let (mut values, mut coverage) = (Vec::with_capacity(units), Vec::with_capacity(units));
            let (mut x, mut w) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
            for unit in 0..units {
                x.clear();
                w.clear();
                let (mut there, mut covered) = (0.0, 0.0);
                let mut lacks = false;
                for ((part, cover), &weight) in parts.iter().zip(&covers).zip(&weights).filter(|(_, weight)| **weight > 0.0) {
                    let value = part.get(unit).copied().unwrap_or(f64::NAN);
                    covered += weight * cover.map_or(f64::from(u8::from(!value.is_nan())), |c| c.get(unit).copied().unwrap_or(0.0));
                    if value.is_nan() {
                        lacks = true;
                    } else {
                        there += weight;
                        x.push(value);
                        w.push(weight);
                    }
                }
                coverage.push(covered.min(1.0));
                let found = match settings.missing {
                    _ if x.is_empty() => Err(NoMean::Missing),
                    MissingParts::Undefined if lacks => Err(NoMean::Missing),
                    MissingParts::Available if there < settings.least_share - 1e-9 => Err(NoMean::TooLittle),
                    _ => {
                        if lacks {
                            w.iter_mut().for_each(|w| *w /= there);
                        }
                        mean.of(&x, &w)
                    }
                };
                values.push(found.unwrap_or_else(|reason| {
                    made.undefined.push((unit, at, reason));
                    f64::NAN
                }));
            }
            made.weights.push(weights);
            made.values.push(values);
            made.coverage.push(coverage);
        }
        Ok(made)
    }

    /// Weights before noise: 0 for a part that is left out, the others summing to 1.
    fn base(
        &self,
        settings: &CompositeIndex,
        at: usize,
        node: &PlanNode,
        used: &[bool],
        parts: &[&[f64]],
        components: &mut Vec<(usize, f64, bool, usize)>,
    ) -> Result<Vec<f64>> {
        let open = || parts.iter().zip(used).filter(|(_, used)| **used).map(|(part, _)| *part).collect::<Vec<_>>();
        let spread = |few: Vec<f64>| {
            let mut few = few.into_iter();
            used.iter().map(|used| if *used { few.next().unwrap_or(0.0) } else { 0.0 }).collect::<Vec<_>>()
        };
        let mut weights = match (&node.given, &settings.weights) {
            (Some(given), _) => given.iter().zip(used).map(|(w, used)| if *used { *w } else { 0.0 }).collect(),
            (None, Weighting::Rule(WeightRule::Pca)) if used.contains(&true) => {
                let found = first_component(&open()).map_err(|why| self.no_weights(at, used, why))?;
                components.push((at, found.explained, found.mixed, found.rows));
                spread(found.weights)
            }
            (None, Weighting::Rule(WeightRule::Entropy)) if used.contains(&true) => spread(if open().len() == 1 {
                vec![1.0]
            } else {
                entropy_weights(&open()).map_err(|why| self.no_weights(at, used, why))?
            }),
            _ => used.iter().map(|used| f64::from(u8::from(*used))).collect(),
        };
        scale(&mut weights);
        Ok(weights)
    }

    fn no_weights(&self, at: usize, used: &[bool], why: NoWeights) -> Error {
        let node = self.nodes.get(at);
        let part = |j: usize| {
            let open = node.into_iter().flat_map(|node| node.parts.iter().zip(used)).filter(|(_, used)| **used).map(|(slot, _)| *slot);
            open.into_iter().nth(j).map_or("", |slot| self.part_name(slot)).to_owned()
        };
        let reason = match why {
            NoWeights::TooFewRows => "fewer than two units have all its parts".to_owned(),
            NoWeights::Constant(j) => format!("`{}` does not vary", part(j)),
            NoWeights::Negative(j) => format!("`{}` has values below 0, and entropy is of shares", part(j)),
            NoWeights::NoDispersion => "no part tells units apart".to_owned(),
            NoWeights::NoFirstComponent => "two components explain as much as each other, so that none is the first".to_owned(),
        };
        let name = node.map_or("", |node| &node.name);
        Error::new(ErrorKind::Undefined, format!("`weights`: the data give none for `{name}`: {reason}"))
    }

    /// Weight of each indicator in the index: the product of the weights above it.
    pub(super) fn effective(&self, weights: &[Vec<f64>]) -> Vec<f64> {
        let mut of_node = vec![0.0; self.nodes.len()];
        of_node.iter_mut().next_back().into_iter().for_each(|root| *root = 1.0);
        let mut of_leaf = vec![0.0; self.leaves.len()];
        for (at, (node, weights)) in self.nodes.iter().zip(weights).enumerate().rev() {
            let above = of_node.get(at).copied().unwrap_or(0.0);
            for (slot, weight) in node.parts.iter().zip(weights) {
                let place = match slot {
                    Slot::Leaf(leaf) => of_leaf.get_mut(*leaf),
                    Slot::Node(below) => of_node.get_mut(*below),
                };
                place.into_iter().for_each(|place| *place = above * weight);
            }
        }
        of_leaf
    }
}

fn part<'a>(slot: Slot, columns: &'a [Vec<f64>], values: &'a [Vec<f64>]) -> Option<&'a [f64]> {
    match slot {
        Slot::Leaf(leaf) => columns.get(leaf).map(Vec::as_slice),
        Slot::Node(node) => values.get(node).map(Vec::as_slice),
    }
}

fn scale(weights: &mut [f64]) {
    let total: f64 = weights.iter().sum();
    // given weights that sum to 1 stay as they were given
    if total > 0.0 && (total - 1.0).abs() > 1e-15 {
        weights.iter_mut().for_each(|w| *w /= total);
    }
}

fn disturb(weights: &mut [f64], seed: u64, draw: u32, first: u32, noise: WeightNoise) {
    for (parameter, weight) in (first..).zip(weights.iter_mut()).filter(|(_, weight)| **weight > 0.0) {
        let mut numbers = Draw::new(seed, draw, parameter);
        *weight = match noise {
            WeightNoise::Relative(by) => *weight * (1.0 - by + 2.0 * by * numbers.uniform()),
            // a tiny shape may underflow to 0, which would drop the part
            WeightNoise::Dirichlet(concentration) => numbers.gamma(concentration * *weight).max(f64::MIN_POSITIVE),
        };
    }
    scale(weights);
}
