//! Direct influence as a matrix, divided so that the sum over all paths is finite.

use std::borrow::Cow;

use crate::kernels::dense::Lu;
use crate::kernels::radius::{Values, magnitudes};
use crate::kernels::{Csr, Tick, filled};
use crate::propagation::Normalise;
use crate::propagation::compile::loop_in_words;
use crate::{Error, ErrorKind, Result};

/// Largest network whose paths are summed pair by pair.
pub(super) const MOST_DENSE: usize = 2000;

/// `X = damping · W / s`, edges of all lags between two nodes added up.
#[derive(Debug)]
pub(super) struct Normalised {
    /// Rows of what comes in, one edge a pair.
    pub(super) csr: Csr,
    /// The divisor s; 0 where nothing is to be divided.
    pub(super) scale: f64,
    /// Radius of the magnitudes of X.
    pub(super) radius: f64,
}

/// Settings that say what W is divided by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scaling {
    pub(super) normalise: Normalise,
    pub(super) alpha: f64,
    pub(super) damping: f64,
}

impl Scaling {
    fn check(&self) -> Result<()> {
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return Err(Error::argument(format!("`alpha` is {}, wanted above 0 and below 1", self.alpha)));
        }
        if !(self.damping > 0.0 && self.damping <= 1.0) {
            return Err(Error::argument(format!("`damping` is {}, wanted above 0, at most 1", self.damping)));
        }
        Ok(())
    }
}

/// One edge for each pair of nodes: what runs between them added up over lags and parallel edges.
pub(super) fn combined(csr: &Csr) -> Result<Cow<'_, Csr>> {
    let parallel = (0..csr.nodes()).any(|j| {
        let sources = csr.sources().get(csr.row(j)).unwrap_or_default();
        sources.windows(2).any(|pair| pair.first() == pair.last())
    });
    if !parallel {
        return Ok(Cow::Borrowed(csr));
    }
    let (mut source, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::<f64>::new());
    for j in 0..csr.nodes() {
        for (i, w, _) in csr.incoming(j) {
            match (source.last(), target.last(), weight.last_mut()) {
                (Some(&a), Some(&b), Some(sum)) if a == i as u32 && b == j as u32 => *sum += w,
                _ => {
                    source.push(i as u32);
                    target.push(j as u32);
                    weight.push(w);
                }
            }
        }
    }
    Csr::from_edges(csr.nodes(), &source, &target, &weight, &[]).map(Cow::Owned)
}

/// Every edge turned about: rows of what goes out.
pub(super) fn turned(csr: &Csr) -> Result<Csr> {
    let mut ends = filled(csr.edges(), 0u32)?;
    for j in 0..csr.nodes() {
        if let Some(row) = ends.get_mut(csr.row(j)) {
            row.fill(j as u32);
        }
    }
    Csr::from_edges(csr.nodes(), &ends, csr.sources(), csr.weights(), csr.lags())
}

impl Normalised {
    /// # Errors
    /// `Argument` for a setting outside its domain; `Diverging` where the radius of X is 1 or more, with a loop responsible.
    pub(super) fn new(csr: &Csr, scaling: Scaling, names: &dyn Fn(usize) -> String, tick: Tick<'_>) -> Result<Normalised> {
        scaling.check()?;
        let combined = combined(csr)?;
        let scale = scaling.normalise.scale(&combined, scaling.alpha, tick)?;
        if scale == 0.0 {
            let zero = combined.with_weights(vec![0.0; combined.edges()])?;
            return Ok(Normalised { csr: zero, scale, radius: 0.0 });
        }
        let csr = combined.divided(scale / scaling.damping)?;
        let sizes: Vec<f64> = csr.weights().iter().map(|w| w.abs()).collect();
        let radius = magnitudes(&Values { csr: &csr, edges: &sizes, own: &[], held: &[] }, tick)?;
        if radius.upper >= 1.0 - 1e-9 {
            let message = format!(
                "the spectral radius of the normalised matrix is {:.9}, wanted below 1: the loop {} passes on as much as it takes in; `damping` below 1 weakens it",
                radius.value(),
                loop_in_words(&radius.cycle, names)
            );
            return Err(Error::new(ErrorKind::Diverging, message));
        }
        Ok(Normalised { csr, scale, radius: radius.value() })
    }
}

/// A square matrix by rows, row = from, column = to.
pub(super) fn dense(csr: &Csr, magnitudes: bool) -> Result<Vec<f64>> {
    let n = csr.nodes();
    if n > MOST_DENSE {
        return Err(Error::new(ErrorKind::Limit, format!("found {n} nodes, wanted at most {MOST_DENSE} for effects pair by pair")));
    }
    let mut matrix = vec![0.0; n * n];
    for j in 0..n {
        for (i, w, _) in csr.incoming(j) {
            if let Some(entry) = matrix.get_mut(i * n + j) {
                *entry += if magnitudes { w.abs() } else { w };
            }
        }
    }
    Ok(matrix)
}

/// `T = (I-X)^{-1} X = X (I-X)^{-1}`: the sum over paths of every length.
pub(super) fn total(n: usize, x: &[f64], tick: Tick<'_>) -> Result<Vec<f64>> {
    let mut rest: Vec<f64> = x.iter().map(|x| -x).collect();
    rest.iter_mut().step_by(n + 1).for_each(|d| *d += 1.0);
    let lu = Lu::new(n, &rest, tick)?.ok_or_else(|| Error::new(ErrorKind::Diverging, "the sum over all paths is singular"))?;
    lu.solve(x, n, tick)
}
