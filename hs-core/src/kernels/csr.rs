//! A weighted directed network as compressed sparse rows of incoming edges.
// Every position is checked in `from_edges`, the only way in; rows are cut from offsets made there.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;
use std::sync::Arc;

use crate::{Error, ErrorKind, Result};

use super::sliced::{Kept, Sliced};
use super::{copied, filled};

/// Most nodes of one network.
pub const MOST_NODES: usize = u32::MAX as usize - 1;
/// Most edges of one network.
pub const MOST_EDGES: usize = u32::MAX as usize - 1;
/// Longest lag of an edge, in steps.
pub const MOST_LAG: u32 = 1000;

/// Incoming edges, row by row: row `j` holds every edge `i -> j`.
///
/// Within a row edges are ordered by source, so that the order in which a caller lists edges changes no result. Parallel edges are
/// kept apart, each as it was given: in a sum they add, in a noisy-or each is a chance of its own. Self-loops are allowed. A weight may
/// be any finite number; a model that needs a share refuses others itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    pattern: Arc<Pattern>,
    weights: Arc<Vec<f64>>,
    kept: Arc<Kept>,
}

/// Where edges are, shared by all weightings of one network.
#[derive(Debug, PartialEq)]
struct Pattern {
    offsets: Vec<u32>,
    sources: Vec<u32>,
    /// Empty when every lag is 0.
    lags: Vec<u32>,
    longest_lag: u32,
}

/// Rows that are filled edge by edge once their lengths are known.
pub(crate) struct Filling {
    /// Where the next edge of row `j` goes, at `j + 1`: once all are there, the row's end.
    next: Vec<u32>,
    sources: Vec<u32>,
    weights: Vec<f64>,
    lags: Vec<u32>,
}

impl Filling {
    /// Makes room for rows of these lengths.
    ///
    /// # Errors
    /// `Limit` for too many edges, `Memory`.
    pub(crate) fn new(lengths: Vec<u32>, lagged: bool) -> Result<Self> {
        let mut next = lengths;
        let mut sum = 0_u64;
        for length in &mut next {
            let start = sum;
            sum += u64::from(*length);
            *length = start.min(u64::from(u32::MAX)) as u32;
        }
        if sum > MOST_EDGES as u64 {
            return Err(Error::new(ErrorKind::Limit, format!("found {sum} edges, wanted at most {MOST_EDGES}")));
        }
        let edges = sum as usize;
        next.try_reserve_exact(1).map_err(|_| super::no_memory(next.len() + 1, 4))?;
        next.insert(0, 0);
        Ok(Filling { next, sources: filled(edges, 0)?, weights: filled(edges, 0.0)?, lags: filled(if lagged { edges } else { 0 }, 0)? })
    }

    /// Adds an edge; there must be no more of a row than were counted.
    pub(crate) fn put(&mut self, source: u32, target: u32, weight: f64, lag: u32) {
        let next = &mut self.next[target as usize + 1];
        let place = *next as usize;
        *next += 1;
        self.sources[place] = source;
        self.weights[place] = weight;
        if !self.lags.is_empty() {
            self.lags[place] = lag;
        }
    }

    /// The rows, each by source; edges of one source stay in the order they came in.
    ///
    /// # Errors
    /// `Internal` where rows were not filled as counted.
    pub(crate) fn finish(self) -> Result<Csr> {
        let Filling { next: offsets, mut sources, mut weights, mut lags } = self;
        if offsets.last().is_some_and(|end| *end as usize != sources.len()) {
            return Err(Error::internal("rows were not filled as counted"));
        }
        let mut order: Vec<(u32, u32, f64, u32)> = Vec::new();
        for ends in offsets.windows(2) {
            let row = ends[0] as usize..ends[1] as usize;
            if sources[row.clone()].is_sorted() {
                continue;
            }
            order.clear();
            order.extend(row.clone().map(|e| (sources[e], (e - row.start) as u32, weights[e], lags.get(e).copied().unwrap_or(0))));
            order.sort_unstable_by_key(|(source, turn, ..)| (*source, *turn));
            for (e, (source, _, weight, lag)) in row.zip(&order) {
                sources[e] = *source;
                weights[e] = *weight;
                if !lags.is_empty() {
                    lags[e] = *lag;
                }
            }
        }
        let longest_lag = lags.iter().copied().max().unwrap_or(0);
        if longest_lag == 0 {
            lags = Vec::new();
        }
        Ok(Csr { pattern: Arc::new(Pattern { offsets, sources, lags, longest_lag }), weights: Arc::new(weights), kept: Arc::default() })
    }
}

impl Csr {
    /// Compiles lists of edges; an empty `lag` stands for all zero.
    ///
    /// # Errors
    /// `Argument` for lists of different length, a position outside the nodes, a weight that is NaN or infinite, a lag over 1000;
    /// `Limit` for too many nodes or edges; `Memory` where the arrays cannot be had.
    pub fn from_edges(nodes: usize, source: &[u32], target: &[u32], weight: &[f64], lag: &[u32]) -> Result<Csr> {
        check(nodes, source, target, weight, lag)?;
        let mut lengths = filled(nodes, 0_u32)?;
        for &j in target {
            lengths[j as usize] += 1;
        }
        let lagged = lag.iter().any(|lag| *lag > 0);
        let mut rows = Filling::new(lengths, lagged)?;
        for (edge, (&i, &j)) in source.iter().zip(target).enumerate() {
            rows.put(i, j, weight[edge], if lagged { lag[edge] } else { 0 });
        }
        rows.finish()
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.pattern.offsets.len() - 1
    }

    /// Number of edges.
    pub fn edges(&self) -> usize {
        self.pattern.sources.len()
    }

    /// Where the incoming edges of node `j` stand in [`Csr::sources`], [`Csr::weights`] and [`Csr::lag`]; empty past the last node.
    pub fn row(&self, j: usize) -> Range<usize> {
        match (self.pattern.offsets.get(j), self.pattern.offsets.get(j.wrapping_add(1))) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// Starts of the rows, and the number of edges at the end.
    pub fn offsets(&self) -> &[u32] {
        &self.pattern.offsets
    }

    /// Source of every edge.
    pub fn sources(&self) -> &[u32] {
        &self.pattern.sources
    }

    /// Signed weight of every edge.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Lag of the edge at that place, in steps.
    pub fn lag(&self, edge: usize) -> u32 {
        self.pattern.lags.get(edge).copied().unwrap_or(0)
    }

    /// Lags of every edge; empty when all are 0.
    pub fn lags(&self) -> &[u32] {
        &self.pattern.lags
    }

    /// The longest lag.
    pub fn longest_lag(&self) -> u32 {
        self.pattern.longest_lag
    }

    /// Whether some weight is below 0.
    pub fn is_signed(&self) -> bool {
        *self.kept.signed.get_or_init(|| self.weights.iter().any(|w| *w < 0.0))
    }

    /// The layout that steps without lags run on, made when first asked for; none where the rows serve as well. `cut` allows ranges of sources.
    pub(super) fn sliced(&self, cut: bool) -> Option<&Sliced> {
        let kept = if cut { &self.kept.cut } else { &self.kept.whole };
        kept.get_or_init(|| Sliced::new(self, cut)).as_ref()
    }

    /// The edges into `j`: source, weight, lag.
    pub fn incoming(&self, j: usize) -> impl Iterator<Item = (usize, f64, u32)> + '_ {
        self.row(j).map(|edge| (self.pattern.sources[edge] as usize, self.weights[edge], self.lag(edge)))
    }

    /// The same network with other weights, in the order of [`Csr::weights`].
    ///
    /// # Errors
    /// `Argument` when there are not as many weights as edges, or one is not finite.
    pub fn with_weights(&self, weights: Vec<f64>) -> Result<Csr> {
        if weights.len() != self.edges() {
            return Err(Error::argument(format!("found {} weights for {} edges", weights.len(), self.edges())));
        }
        if let Some(bad) = weights.iter().find(|w| !w.is_finite()) {
            return Err(Error::argument(format!("found the weight {bad}, wanted finite numbers")));
        }
        Ok(Csr { pattern: Arc::clone(&self.pattern), weights: Arc::new(weights), kept: Arc::default() })
    }

    /// The weights by themselves, without a copy where nobody else holds them.
    pub(crate) fn into_weights(self) -> Result<Vec<f64>> {
        Arc::try_unwrap(self.weights).or_else(|shared| copied(&shared))
    }

    /// Every weight divided by a positive finite scale.
    ///
    /// # Errors
    /// `Argument` when the scale is not positive and finite or a weight overflows.
    pub fn divided(&self, scale: f64) -> Result<Csr> {
        if !(scale.is_finite() && scale > 0.0) {
            return Err(Error::argument(format!("found the scale {scale}, wanted a positive finite number")));
        }
        let mut weights = copied(&self.weights)?;
        weights.iter_mut().for_each(|w| *w /= scale);
        self.with_weights(weights)
    }
}

fn check(nodes: usize, source: &[u32], target: &[u32], weight: &[f64], lag: &[u32]) -> Result<()> {
    let edges = source.len();
    if nodes > MOST_NODES {
        return Err(Error::new(ErrorKind::Limit, format!("found {nodes} nodes, wanted at most {MOST_NODES}")));
    }
    if edges > MOST_EDGES {
        return Err(Error::new(ErrorKind::Limit, format!("found {edges} edges, wanted at most {MOST_EDGES}")));
    }
    if target.len() != edges || weight.len() != edges || !(lag.is_empty() || lag.len() == edges) {
        return Err(Error::argument(format!(
            "lists of edges differ in length: found {edges} sources, {} targets, {} weights and {} lags",
            target.len(),
            weight.len(),
            lag.len()
        )));
    }
    for (name, ends) in [("source", source), ("target", target)] {
        if let Some((edge, end)) = ends.iter().enumerate().find(|(_, end)| **end as usize >= nodes) {
            return Err(Error::argument(format!("{name} of edge {edge} is {end}, wanted a position below {nodes}")));
        }
    }
    if let Some((edge, bad)) = weight.iter().enumerate().find(|(_, w)| !w.is_finite()) {
        return Err(Error::argument(format!("weight of edge {edge} is {bad}, wanted a finite number")));
    }
    if let Some((edge, bad)) = lag.iter().enumerate().find(|(_, lag)| **lag > MOST_LAG) {
        return Err(Error::argument(format!("lag of edge {edge} is {bad}, wanted 0 to {MOST_LAG}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_incoming_edges_by_source() {
        let csr = Csr::from_edges(3, &[2, 0, 1, 0], &[1, 1, 1, 2], &[0.3, 0.1, -0.2, 0.4], &[0, 2, 0, 1]).unwrap();
        assert_eq!(csr.incoming(0).count(), 0);
        assert_eq!(csr.incoming(1).collect::<Vec<_>>(), [(0, 0.1, 2), (1, -0.2, 0), (2, 0.3, 0)]);
        assert_eq!(csr.incoming(2).collect::<Vec<_>>(), [(0, 0.4, 1)]);
        assert_eq!(csr.incoming(7).count(), 0);
        assert_eq!((csr.nodes(), csr.edges(), csr.longest_lag(), csr.is_signed()), (3, 4, 2, true));
        assert_eq!(Csr::from_edges(0, &[], &[], &[], &[]).unwrap().nodes(), 0);
    }

    #[test]
    fn bad_lists_are_typed_errors() {
        let kind = |r: Result<Csr>| r.unwrap_err().kind;
        assert_eq!(kind(Csr::from_edges(2, &[0], &[2], &[0.1], &[])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[5], &[1], &[0.1], &[])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[0], &[1], &[f64::NAN], &[])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[0], &[1], &[f64::INFINITY], &[])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[0], &[1], &[0.1], &[1001])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[0], &[1, 0], &[0.1], &[])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(2, &[0], &[1], &[0.1], &[0, 0])), ErrorKind::Argument);
        assert_eq!(kind(Csr::from_edges(usize::MAX, &[], &[], &[], &[])), ErrorKind::Limit);
        assert!(Csr::from_edges(2, &[0], &[1], &[0.1], &[1000]).is_ok());
    }
}
