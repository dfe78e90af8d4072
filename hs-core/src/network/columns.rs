//! Edges by column: what all of them share is stored once, what none of them has is not stored.

use super::domino::Contribution;

/// One edge: `from` feeds (or dampens) `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Position of the node it starts from.
    pub from: u32,
    /// Position of the node it reaches.
    pub to: u32,
    /// Signed weight, positive feeds; none for a link without a number.
    pub weight: Option<f64>,
    /// Whether it dampens: the sign, also of a link without a number.
    pub dampens: bool,
    /// Periods until it acts.
    pub lag: u32,
    /// Lower end of the signed weight, if it has a range.
    pub low: Option<f64>,
    /// Upper end of the signed weight, if it has a range.
    pub high: Option<f64>,
}

/// Edges by column. `weight` is NaN for a link without a number (kept inside: it leaves as `None`); the columns
/// `lag`, `low`, `high` and the evidence are empty where no edge has any.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    pub(super) weight: Vec<f64>,
    pub(super) lag: Vec<u32>,
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    /// Sorted indices of links without a number that dampen.
    pub(super) dampening: Vec<u32>,
    /// Where the evidence of each edge ends, in `linkage` and `factor`.
    pub(super) evidence_end: Vec<u32>,
    pub(super) linkage: Vec<u32>,
    pub(super) factor: Vec<f64>,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.from.len()
    }

    pub(super) fn edge(&self, index: usize) -> Option<Edge> {
        let weight = self.weight.get(index).copied().filter(|w| !w.is_nan());
        let dampens = match weight {
            Some(weight) => weight < 0.0,
            None => u32::try_from(index).is_ok_and(|i| self.dampening.binary_search(&i).is_ok()),
        };
        Some(Edge {
            from: *self.from.get(index)?,
            to: *self.to.get(index)?,
            weight,
            dampens,
            lag: self.lag.get(index).copied().unwrap_or(0),
            low: self.low.get(index).copied().filter(|w| !w.is_nan()),
            high: self.high.get(index).copied().filter(|w| !w.is_nan()),
        })
    }

    /// What an edge was made of: positions in the pool of linkage ids, with the factor each weight was multiplied by.
    pub(super) fn contributions(&self, index: usize) -> impl Iterator<Item = Contribution> + '_ {
        let end = self.evidence_end.get(index).copied().unwrap_or(0) as usize;
        let start = index.checked_sub(1).and_then(|i| self.evidence_end.get(i)).copied().unwrap_or(0) as usize;
        let linkages = self.linkage.get(start..end).unwrap_or_default();
        let factors = self.factor.get(start..end).unwrap_or_default();
        linkages.iter().zip(factors).map(|(&linkage, &factor)| Contribution { linkage, factor })
    }
}
