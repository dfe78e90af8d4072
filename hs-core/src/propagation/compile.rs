//! From a model and rows to a map of the kernels.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{DynamicInoperability, FuzzyCognitiveMap, Model, Normalise, PerNode, Rule, Transfer, Values};
use crate::kernels::map::{Formula, Map, Shape};
use crate::kernels::radius::{Radius, Values as RadiusValues, magnitudes, signed};
use crate::kernels::{Csr, Tick, filled, linear};
use crate::network::DominoNetwork;
use crate::{Error, ErrorKind, Result, shown};

/// Rows and formula that a model runs on.
#[derive(Debug)]
pub(crate) struct Compiled<'a> {
    pub(crate) csr: Cow<'a, Csr>,
    pub(crate) formula: Formula,
    /// Pace of each node, where the model has one; else empty.
    pub(crate) pace: Vec<f64>,
    pub(crate) bounds: Option<(f64, f64)>,
    /// What weights were divided by.
    pub(crate) scale: Option<f64>,
}

impl Model {
    /// The model with what it holds by name put in the order of a network's nodes.
    pub(crate) fn on_nodes(&self, network: &DominoNetwork) -> Result<Cow<'_, Model>> {
        Ok(match self {
            Model::DynamicInoperability(dynamic) if matches!(dynamic.resilience, PerNode::Each(_)) => {
                let each = dynamic.resilience.resolve("resilience", network)?;
                let resilience = PerNode::Each(Values::List(each));
                Cow::Owned(DynamicInoperability { resilience, ..*dynamic }.into())
            }
            _ => Cow::Borrowed(self),
        })
    }
}

/// Names nodes in messages.
pub(crate) type Names<'a> = &'a dyn Fn(usize) -> String;

pub(crate) fn compile<'a>(csr: &'a Csr, model: &Model, assessed: bool, names: Names<'_>, tick: Tick<'_>) -> Result<Compiled<'a>> {
    model.check()?;
    let plain = |formula, bounds| Compiled { csr: Cow::Borrowed(csr), formula, pace: Vec::new(), bounds, scale: None };
    Ok(match model {
        Model::NoisyOr(_) => {
            refuse_past_one(csr, names)?;
            plain(Formula::NoisyOr, Some((0.0, 1.0)))
        }
        Model::FuzzyCognitiveMap(map) => plain(transfer(map), assessed.then_some((0.0, 1.0))),
        Model::Linear(linear) => {
            let bounds = linear.cap.or(assessed.then_some(1.0)).map(|cap| (0.0, cap));
            let mut compiled = plain(Formula::Sum, bounds);
            if let Some(normalise) = linear.normalise {
                let scale = normalise.scale(csr, 0.9, tick)?;
                if scale > 0.0 {
                    compiled.csr = Cow::Owned(csr.divided(scale)?);
                    compiled.scale = Some(scale);
                }
            }
            compiled
        }
        Model::DynamicInoperability(dynamic) => {
            let mut compiled = plain(Formula::Relaxed, Some((0.0, dynamic.cap)));
            compiled.pace = paces(&dynamic.resilience, csr.nodes(), names)?;
            compiled
        }
        Model::LinearThreshold(_) | Model::Watts(_) | Model::IndependentCascade(_) | Model::DebtRank(_) | Model::AlternatingRenewal(_) => {
            return Err(Error::internal(format!("`{}` is no map", model.word())));
        }
    })
}

/// The resilience of every node, 1 where none is given; empty where all are 1.
fn paces(resilience: &PerNode, nodes: usize, names: Names<'_>) -> Result<Vec<f64>> {
    let values = match resilience {
        PerNode::All(1.0) => return Ok(Vec::new()),
        PerNode::All(all) => return filled(nodes, *all),
        PerNode::Each(values) => values,
    };
    let mut paces = filled(nodes, 1.0)?;
    let mut put = |at: usize, value: f64| match paces.get_mut(at) {
        Some(pace) => {
            *pace = value;
            Ok(())
        }
        None => Err(Error::argument(format!("`resilience` has position {at}, wanted below {nodes}"))),
    };
    match values {
        Values::List(list) if list.len() != nodes => {
            return Err(Error::argument(format!("`resilience` has {} values, wanted {nodes}, one for each node", list.len())));
        }
        Values::List(list) => list.iter().enumerate().try_for_each(|(at, value)| value.map_or(Ok(()), |value| put(at, value)))?,
        Values::Positions(pairs) => {
            pairs.iter().try_for_each(|(at, value)| put(usize::try_from(*at).unwrap_or(usize::MAX), *value))?;
        }
        Values::Named(map) => {
            let positions: HashMap<String, usize> = (0..nodes).map(|j| (names(j), j)).collect();
            for (name, value) in map {
                let unknown = || Error::new(ErrorKind::NotFound, format!("`resilience` names `{}`, which is no node", shown(name)));
                put(*positions.get(name).ok_or_else(unknown)?, *value)?;
            }
        }
    }
    Ok(paces)
}

/// Bounds on how fast the steps of a model that adds up amplify, nodes that are held cut out; refused at 1 or more, naming a loop.
///
/// Relaxed steps have the matrix `1-K+KW`: where the magnitudes of W stay below 1, so do theirs; else, with signs, the steps themselves are asked.
///
/// # Errors
/// `Diverging`, `Undefined` where signs and lags leave it undecided, `Memory`, `Cancelled`.
pub(crate) fn refuse_diverging(compiled: &Compiled<'_>, held: &[bool], names: Names<'_>, tick: Tick<'_>) -> Result<Option<Radius>> {
    let csr: &Csr = &compiled.csr;
    let radius = match compiled.formula {
        Formula::Sum => linear::radius(csr, held, tick)?,
        Formula::Relaxed => {
            let sizes: Vec<f64> = csr.weights().iter().map(|w| w.abs()).collect();
            let whole = magnitudes(&RadiusValues { csr, edges: &sizes, own: &[], held }, tick)?;
            if whole.upper < 1.0 || !csr.is_signed() {
                whole
            } else {
                let (mut edges, mut own) = (filled(csr.edges(), 0.0)?, filled(csr.nodes(), 0.0)?);
                let pace = compiled.pace.clone();
                let map = Map { csr, formula: Formula::Relaxed, base: Vec::new(), offset: Vec::new(), pace, bounds: None };
                map.derivatives(&filled(csr.nodes(), 0.0)?, 0.0, &mut edges, &mut own);
                Radius { cycle: whole.cycle, ..signed(&RadiusValues { csr, edges: &edges, own: &own, held }, true, tick)? }
            }
        }
        Formula::NoisyOr | Formula::Transfer { .. } => return Ok(None),
    };
    if radius.upper >= 1.0 {
        return Err(match compiled.formula {
            Formula::Relaxed => diverging_steps(&radius, names),
            _ => diverging(&radius, names, compiled.scale.is_some()),
        });
    }
    Ok(Some(radius))
}

fn transfer(map: &FuzzyCognitiveMap) -> Formula {
    let shape = match map.transfer {
        Transfer::Sigmoid => Shape::Sigmoid,
        Transfer::Tanh => Shape::Tanh,
        Transfer::Bivalent => Shape::Step,
        Transfer::Trivalent => Shape::Sign,
        Transfer::Clamp => Shape::Clamp,
    };
    let (own, centred) = match map.rule {
        Rule::Kosko => (false, false),
        Rule::ModifiedKosko => (true, false),
        Rule::Rescaled => (true, true),
    };
    Formula::Transfer { shape, steepness: map.steepness, own, centred }
}

fn refuse_past_one(csr: &Csr, names: Names<'_>) -> Result<()> {
    for j in 0..csr.nodes() {
        if let Some((i, w, _)) = csr.incoming(j).find(|(_, w, _)| w.abs() > 1.0) {
            let (from, to) = (names(i), names(j));
            return Err(Error::argument(format!(
                "weight of `{}` -> `{}` is {w}, wanted -1 to 1: in noisy-or a weight is a chance",
                shown(&from),
                shown(&to)
            )));
        }
    }
    Ok(())
}

impl Normalise {
    /// What this divides by, on magnitudes, the spectral radius over `alpha`; 0 where there is nothing to divide.
    ///
    /// # Errors
    /// `Undefined` where the spectral radius cannot be told to nine digits; `Memory`, `Cancelled`.
    pub fn scale(self, csr: &Csr, alpha: f64, tick: Tick<'_>) -> Result<f64> {
        let mut rows = vec![0.0f64; csr.nodes()];
        let mut greatest_column = 0.0f64;
        // An incoming row holds what node j receives: a column of the matrix from x to.
        for j in 0..csr.nodes() {
            let mut column = 0.0;
            for (i, w, _) in csr.incoming(j) {
                column += w.abs();
                if let Some(row) = rows.get_mut(i) {
                    *row += w.abs();
                }
            }
            greatest_column = greatest_column.max(column);
        }
        let greatest_row = rows.into_iter().fold(0.0, f64::max);
        match self {
            Normalise::MaxRowColumn => Ok(greatest_row.max(greatest_column)),
            Normalise::MaxRow => Ok(greatest_row),
            Normalise::Spectral => {
                let edges: Vec<f64> = csr.weights().iter().map(|w| w.abs()).collect();
                let radius = magnitudes(&RadiusValues { csr, edges: &edges, own: &[], held: &[] }, tick)?;
                if radius.upper - radius.lower > 1e-9 * radius.upper {
                    let message = format!("the spectral radius lies between {} and {}: too wide to divide by", radius.lower, radius.upper);
                    return Err(Error::new(ErrorKind::Undefined, message));
                }
                Ok(radius.value() / alpha)
            }
        }
    }
}

/// A loop in words: `` `a` -> `b` -> `a` ``.
pub(crate) fn loop_in_words(cycle: &[u32], names: Names<'_>) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = cycle.iter().take(MOST).map(|&node| format!("`{}`", shown(&names(node as usize)))).collect();
    if cycle.len() > MOST {
        words.push(format!("({} more)", cycle.len() - MOST));
    }
    words.extend(words.first().cloned());
    words.join(" -> ")
}

/// The error for a linear system without a finite answer; `divided` says whether its weights were normalised already.
pub(crate) fn diverging(radius: &Radius, names: Names<'_>, divided: bool) -> Error {
    refused(radius, names, if divided { "weights were divided already" } else { "`normalise` divides the weights" })
}

/// The same for relaxed steps, which nothing divides.
pub(crate) fn diverging_steps(radius: &Radius, names: Names<'_>) -> Error {
    refused(radius, names, "smaller weights would come to rest")
}

fn refused(radius: &Radius, names: Names<'_>, mend: &str) -> Error {
    let size = if radius.lower >= 1.0 - 1e-9 {
        format!("the spectral radius is {:.6}, wanted below 1", radius.lower)
    } else {
        format!("the spectral radius could only be told to lie between {:.6} and {:.6}, wanted below 1", radius.lower, radius.upper)
    };
    Error::new(ErrorKind::Diverging, format!("{size}; the loop {} is responsible; {mend}", loop_in_words(&radius.cycle, names)))
}
