//! Each node that turns on tries each edge once.
//!
//! Which edges of a row carry is drawn by jumps from one that does to the next. With `S_m` the chance that none of the first m edges of a row carries, the
//! next one after edge k is the first m with `S_m < u S_k` for an even u: its chance is `p_m` times the chance that none between carries, which
//! is the law of independent tries. A row of which none carries, the commonest in small cascades, costs one number and one comparison.

use super::keyed::Key;
use super::outgoing::{Outgoing, poll};
use super::spread::{Plan, Rule, refuse_weights, spread};
use super::tally::Tally;
use crate::Result;
use crate::kernels::{Csr, Tick, filled, no_memory};

/// An independent cascade, ready to run.
#[derive(Debug, Clone)]
pub struct Independent {
    /// Edges by source; in a part of a row those that always carry first; values are the `S_m` of the part, 0 for an edge that always carries.
    edges: Outgoing<f64>,
    /// A part for every node, then what did not fit one part.
    parts: Vec<Part>,
    drawn: bool,
}

/// A part of a row, short enough that `S_m` stays far from the smallest numbers.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Chance that no edge carries, those that always carry left out.
    none: f64,
    first: u32,
    /// Where the edges begin that may or may not carry.
    unsure: u32,
    last: u32,
    /// The next part of the same row.
    next: u32,
}

const NO_PART: u32 = u32::MAX;
/// `S_m` below which a new part begins.
const SMALLEST: f64 = 1e-200;
/// Edges that are compared all at once.
const SHORT: usize = 32;

impl Independent {
    /// From rows whose weights are chances; edges of chance 0 are left out.
    ///
    /// # Errors
    /// `Argument` for a weight outside 0 to 1; `Memory`, `Cancelled`.
    pub fn new(csr: &Csr, tick: Tick<'_>) -> Result<Self> {
        refuse_weights(csr, 1.0)?;
        let mut edges = Outgoing::new(csr, |_, edge| Some(csr.weights()[edge]).filter(|p| *p > 0.0), tick)?;
        let nodes = edges.nodes();
        let mut parts = filled(nodes, Part { none: 1.0, first: 0, unsure: 0, last: 0, next: NO_PART })?;
        let mut drawn = false;
        for node in 0..nodes {
            poll(node, tick)?;
            let (first, last) = (edges.offsets[node], edges.offsets[node + 1]);
            let unsure = sure_first(&mut edges, first as usize, last as usize) as u32;
            drawn |= unsure < last;
            let mut part = Part { none: 1.0, first, unsure, last, next: NO_PART };
            let mut here = node;
            for m in unsure..last {
                if part.none < SMALLEST {
                    part.last = m;
                    part.next = parts.len() as u32;
                    parts[here] = part;
                    here = parts.len();
                    part = Part { none: 1.0, first: m, unsure: m, last, next: NO_PART };
                    parts.try_reserve(1).map_err(|_| no_memory(parts.len() + 1, size_of::<Part>()))?;
                    parts.push(part);
                }
                part.none *= 1.0 - edges.edges[m as usize].value;
                edges.edges[m as usize].value = part.none;
            }
            parts[here] = part;
        }
        Ok(Independent { edges, parts, drawn })
    }

    /// Whether some edge may or may not carry.
    pub fn is_drawn(&self) -> bool {
        self.drawn
    }

    /// Runs as planned.
    ///
    /// # Errors
    /// `Argument` for lists of another length, a chance outside 0 to 1, no runs; `Memory`, `Cancelled`.
    pub fn run(&self, plan: &Plan<'_>, tick: Tick<'_>) -> Result<Tally> {
        plan.check(self.edges.nodes())?;
        spread(self, plan, tick)
    }
}

/// Brings the edges of a row that always carry to its front, the order otherwise kept; where the others begin.
fn sure_first(edges: &mut Outgoing<f64>, first: usize, last: usize) -> usize {
    let row = &mut edges.edges[first..last];
    let sure = row.iter().filter(|edge| edge.value == 1.0).count();
    if sure > 0 && sure < row.len() {
        if edges.lags.is_empty() {
            row.sort_by_key(|edge| edge.value < 1.0);
        } else {
            let lags = &mut edges.lags[first..last];
            let mut both: Vec<_> = row.iter().copied().zip(lags.iter().copied()).collect();
            both.sort_by_key(|(edge, _)| edge.value < 1.0);
            for ((edge, lag), from) in row.iter_mut().zip(lags).zip(both) {
                (*edge, *lag) = from;
            }
        }
    }
    first + sure
}

/// The stamp of the last run in which a node was on, and the number of such runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    stamp: u32,
    on: u32,
}

impl Rule for Independent {
    type Mark = Mark;

    fn marks(&self, plan: &Plan<'_>) -> Result<Vec<Mark>> {
        let mut marks = filled(self.edges.nodes(), Mark { stamp: 0, on: 0 })?;
        for (_, mark) in marks.iter_mut().enumerate().filter(|(node, _)| plan.held_off(*node)) {
            // stamps rise from run to run: this one is never passed
            mark.stamp = u32::MAX;
        }
        Ok(marks)
    }

    #[inline(always)]
    fn target(&self, edge: usize) -> u32 {
        self.edges.edges[edge].target
    }

    fn lags(&self) -> (&[u32], u32) {
        (&self.edges.lags, self.edges.longest_lag)
    }

    fn eager(&self) -> &[u32] {
        &[]
    }

    #[inline(always)]
    fn begin(&self, mark: &mut Mark, stamp: u32) -> bool {
        let off = mark.stamp < stamp;
        if off {
            *mark = Mark { stamp, on: mark.on + 1 };
        }
        off
    }

    #[inline(always)]
    fn carry(&self, node: u32, key: Key, hit: &mut impl FnMut(usize)) -> usize {
        let mut part = self.parts[node as usize];
        let mut stream = key.stream(node);
        let mut looked = 1;
        loop {
            (part.first as usize..part.unsure as usize).for_each(&mut *hit);
            looked += (part.unsure - part.first) as usize;
            let mut bar = stream.uniform();
            let mut at = part.unsure as usize;
            let last = part.last as usize;
            while part.none < bar {
                let rest = &self.edges.edges[at..last];
                at += if rest.len() <= SHORT {
                    rest.iter().map(|edge| usize::from(edge.value >= bar)).sum()
                } else {
                    rest.partition_point(|edge| edge.value >= bar)
                };
                // never past the last, whose value is `none`
                hit(at);
                looked += 1;
                bar = stream.uniform() * self.edges.edges[at].value;
                at += 1;
            }
            if part.next == NO_PART {
                return looked;
            }
            part = self.parts[part.next as usize];
        }
    }

    #[inline(always)]
    fn arrive(&self, _: usize, _: u32, mark: &mut Mark, _: Key, stamp: u32) -> bool {
        self.begin(mark, stamp)
    }

    fn count(mark: &Mark) -> u32 {
        mark.on
    }
}
