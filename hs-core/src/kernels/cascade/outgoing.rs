//! Edges by source, with a value each.

use crate::Result;
use crate::kernels::{Csr, Tick, cancelled, copied, filled};

/// Outgoing edges: row `i` holds every edge `i -> j` that has a value, by target; parallel edges as the caller ordered them.
#[derive(Debug, Clone)]
pub(super) struct Outgoing<V: Copy> {
    pub(super) offsets: Vec<u32>,
    pub(super) edges: Vec<Edge<V>>,
    /// Empty when every lag is 0.
    pub(super) lags: Vec<u32>,
    pub(super) longest_lag: u32,
}

/// Where an edge leads and what it carries, side by side in 12 bytes: a row is one stretch of memory.
#[derive(Clone, Copy, Default)]
#[repr(C, packed(4))]
pub(super) struct Edge<V: Copy> {
    pub(super) value: V,
    pub(super) target: u32,
}

impl<V: Copy + std::fmt::Debug> std::fmt::Debug for Edge<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Edge { value, target } = *self;
        write!(f, "{target}: {value:?}")
    }
}

/// Rows looked at between two looks at the tick.
const ROWS: usize = 1 << 14;

impl<V: Copy + Default> Outgoing<V> {
    /// Turns incoming rows around; `value` tells of an edge (its target, its place in the rows) what it carries, or that it carries nothing.
    pub(super) fn new(csr: &Csr, value: impl Fn(usize, usize) -> Option<V>, tick: Tick<'_>) -> Result<Self> {
        let nodes = csr.nodes();
        let sources = csr.sources();
        let mut offsets = filled(nodes + 1, 0u32)?;
        for j in 0..nodes {
            poll(j, tick)?;
            for edge in csr.row(j) {
                offsets[sources[edge] as usize + 1] += u32::from(value(j, edge).is_some());
            }
        }
        let mut sum = 0;
        for count in &mut offsets {
            sum += *count;
            *count = sum;
        }
        let edges = sum as usize;
        let lagged = csr.longest_lag() > 0;
        let mut next = copied(&offsets)?;
        let mut placed = filled(edges, Edge::default())?;
        let mut lags = filled(if lagged { edges } else { 0 }, 0u32)?;
        for j in 0..nodes {
            poll(j, tick)?;
            for edge in csr.row(j) {
                let Some(value) = value(j, edge) else { continue };
                let place = &mut next[sources[edge] as usize];
                placed[*place as usize] = Edge { value, target: j as u32 };
                if lagged {
                    lags[*place as usize] = csr.lag(edge);
                }
                *place += 1;
            }
        }
        Ok(Outgoing { offsets, edges: placed, lags, longest_lag: csr.longest_lag() })
    }

    pub(super) fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }
}

pub(super) fn poll(row: usize, tick: Tick<'_>) -> Result<()> {
    if row.is_multiple_of(ROWS) && !tick(0) { Err(cancelled()) } else { Ok(()) }
}
