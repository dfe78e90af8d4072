//! A weighted directed network as compressed sparse rows of incoming edges.
// Every position is checked in `from_edges`, the only way in; rows are cut from offsets made there.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;

use crate::{Error, ErrorKind, Result};

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
    offsets: Vec<usize>,
    sources: Vec<u32>,
    weights: Vec<f64>,
    /// Empty when every lag is 0.
    lags: Vec<u32>,
    longest_lag: u32,
}

impl Csr {
    /// Compiles lists of edges; an empty `lag` stands for all zero.
    ///
    /// # Errors
    /// `Argument` for lists of different length, a position outside the nodes, a weight that is NaN or infinite, a lag over 1000;
    /// `Limit` for too many nodes or edges; `Memory` where the arrays cannot be had.
    pub fn from_edges(nodes: usize, source: &[u32], target: &[u32], weight: &[f64], lag: &[u32]) -> Result<Csr> {
        check(nodes, source, target, weight, lag)?;
        let edges = source.len();
        // Two stable counting sorts: by source, then by target.
        let mut offsets = filled(nodes + 1, 0usize)?;
        for &i in source {
            offsets[i as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut order = filled(edges, 0u32)?;
        for (edge, &i) in source.iter().enumerate() {
            order[offsets[i as usize]] = edge as u32;
            offsets[i as usize] += 1;
        }
        offsets.fill(0);
        for &j in target {
            offsets[j as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut next = copied(&offsets)?;
        let longest_lag = lag.iter().copied().max().unwrap_or(0);
        let mut sources = filled(edges, 0u32)?;
        let mut weights = filled(edges, 0.0)?;
        let mut lags = filled(if longest_lag > 0 { edges } else { 0 }, 0u32)?;
        for &edge in &order {
            let edge = edge as usize;
            let place = &mut next[target[edge] as usize];
            sources[*place] = source[edge];
            weights[*place] = weight[edge];
            if longest_lag > 0 {
                lags[*place] = lag[edge];
            }
            *place += 1;
        }
        Ok(Csr { offsets, sources, weights, lags, longest_lag })
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of edges.
    pub fn edges(&self) -> usize {
        self.sources.len()
    }

    /// Where the incoming edges of node `j` stand in [`Csr::sources`], [`Csr::weights`] and [`Csr::lag`]; empty past the last node.
    pub fn row(&self, j: usize) -> Range<usize> {
        match (self.offsets.get(j), self.offsets.get(j.wrapping_add(1))) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }

    /// Starts of the rows, and the number of edges at the end.
    pub fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// Source of every edge.
    pub fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// Signed weight of every edge.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Lag of the edge at that place, in steps.
    pub fn lag(&self, edge: usize) -> u32 {
        self.lags.get(edge).copied().unwrap_or(0)
    }

    /// Lags of every edge; empty when all are 0.
    pub fn lags(&self) -> &[u32] {
        &self.lags
    }

    /// The longest lag.
    pub fn longest_lag(&self) -> u32 {
        self.longest_lag
    }

    /// Whether some weight is below 0.
    pub fn is_signed(&self) -> bool {
        self.weights.iter().any(|w| *w < 0.0)
    }

    /// The edges into `j`: source, weight, lag.
    pub fn incoming(&self, j: usize) -> impl Iterator<Item = (usize, f64, u32)> + '_ {
        self.row(j).map(|edge| (self.sources[edge] as usize, self.weights[edge], self.lag(edge)))
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
        Ok(Csr {
            offsets: copied(&self.offsets)?,
            sources: copied(&self.sources)?,
            weights,
            lags: copied(&self.lags)?,
            longest_lag: self.longest_lag,
        })
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

fn accumulate(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
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
