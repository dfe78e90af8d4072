//! From a model and rows to a map of the kernels.

use std::borrow::Cow;

use super::{FuzzyCognitiveMap, Model, Normalise, Rule, Transfer};
use crate::kernels::map::{Formula, Shape};
use crate::kernels::radius::{Radius, Values as RadiusValues, magnitudes};
use crate::kernels::{Csr, Tick};
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
        Model::DynamicInoperability(_) => {
            return Err(Error::new(ErrorKind::Unsupported, format!("`{}` has no map yet", model.word())));
        }
        Model::LinearThreshold(_) | Model::Watts(_) | Model::IndependentCascade(_) | Model::DebtRank(_) | Model::AlternatingRenewal(_) => {
            return Err(Error::internal(format!("`{}` is no map", model.word())));
        }
    })
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
    let mend = if divided { "weights were divided already" } else { "`normalise` divides the weights" };
    let size = if radius.lower >= 1.0 - 1e-9 {
        format!("the spectral radius is {:.6}, wanted below 1", radius.lower)
    } else {
        format!("the spectral radius could only be told to lie between {:.6} and {:.6}, wanted below 1", radius.lower, radius.upper)
    };
    Error::new(ErrorKind::Diverging, format!("{size}; the loop {} is responsible; {mend}", loop_in_words(&radius.cycle, names)))
}
