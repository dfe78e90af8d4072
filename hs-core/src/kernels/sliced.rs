//! Incoming edges laid out for the processor: eight rows of like length side by side, and sources in ranges that stay near.
//!
//! Rows of a network differ in length, and each end of a row costs a processor a wrong guess; states are read from all over. Here rows are sorted by
//! length within a window and taken eight at a time, an edge of each in turn, and where rows are long enough the sources are cut into ranges that
//! a cache holds, one range after the other. Within a row edges keep their order, so every sum is the same to the last bit as one made
//! row by row.
// Positions come from a checked `Csr`; slots are written below the length of a window.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;
use std::sync::OnceLock;

use super::Csr;

/// Rows side by side.
pub(super) const LANES: usize = 8;
/// Rows of a window at the most.
pub(super) const MOST_ROWS: usize = 1024;
/// Places of a window's sums: a power of two, with room for lanes without a row.
pub(super) const PLACES: usize = 2 * MOST_ROWS;
/// Edges of a window about.
const EDGES: usize = 1 << 14;
/// Sources of a range at the most: their states fill half of a usual second-level cache.
const NEAR: usize = 1 << 16;
/// Edges from which on a layout of its own pays.
const FEWEST: usize = 1 << 15;
/// Edges up to which a copy of the weights is made; beyond, only where half as many bytes hold them.
const MOST: usize = 1 << 23;

/// Weights as they are, or in half the bytes where that changes none of them.
#[derive(Debug)]
pub(super) enum Weights {
    /// Eight bytes each.
    Double(Vec<[f64; LANES]>),
    /// Four bytes each, none changed by it.
    Single(Vec<[f32; LANES]>),
}

/// A weight as it is kept.
pub(super) trait Weight: Copy + Sync {
    /// The number it stands for.
    fn number(self) -> f64;
}

impl Weight for f64 {
    #[inline(always)]
    fn number(self) -> f64 {
        self
    }
}

impl Weight for f32 {
    #[inline(always)]
    fn number(self) -> f64 {
        f64::from(self)
    }
}

/// The layout.
#[derive(Debug)]
pub(super) struct Sliced {
    /// Rows of a window.
    pub(super) window: usize,
    /// Number of windows.
    windows: usize,
    /// Ranges that sources are cut into.
    pub(super) ranges: usize,
    /// First group of each range and window.
    groups: Vec<u32>,
    /// Rows of each group, counted from the start of its window; the length of the window for none.
    slots: Vec<[u16; LANES]>,
    /// First step of each group.
    steps: Vec<u32>,
    /// Sources of each step.
    sources: Vec<[u32; LANES]>,
    weights: Weights,
    /// First of `long` of each range and window.
    alone: Vec<u32>,
    /// Rows far longer than those beside them, which go by themselves: row within its window, and their edges in the network.
    long: Vec<(u16, u32, u32)>,
}

/// Groups of one range and window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups<'a, W> {
    slots: &'a [[u16; LANES]],
    steps: &'a [u32],
    sources: &'a [[u32; LANES]],
    weights: &'a [[W; LANES]],
    long: &'a [(u16, u32, u32)],
    csr: &'a Csr,
}

impl<W: Weight> Groups<'_, W> {
    /// Adds every edge to the sum of its row, of as many parts as `join` needs.
    #[inline(always)]
    pub(super) fn add<const PARTS: usize>(
        &self,
        sums: &mut [[f64; PLACES]; PARTS],
        state: &[f64],
        join: impl Fn([f64; PARTS], f64, f64) -> [f64; PARTS],
    ) {
        for (slots, steps) in self.slots.iter().zip(self.steps.windows(2)) {
            let place = |lane: usize| slots[lane] as usize % PLACES;
            let mut lanes: [[f64; PARTS]; LANES] = std::array::from_fn(|lane| std::array::from_fn(|part| sums[part][place(lane)]));
            let steps = steps[0] as usize..steps[1] as usize;
            for (sources, weights) in self.sources[steps.clone()].iter().zip(&self.weights[steps]) {
                for lane in 0..LANES {
                    lanes[lane] = join(lanes[lane], weights[lane].number(), state[sources[lane] as usize]);
                }
            }
            for (lane, found) in lanes.iter().enumerate() {
                for part in 0..PARTS {
                    sums[part][place(lane)] = found[part];
                }
            }
        }
        for &(row, begin, end) in self.long {
            let place = row as usize % PLACES;
            let edges = begin as usize..end as usize;
            let mut sum: [f64; PARTS] = std::array::from_fn(|part| sums[part][place]);
            for (i, w) in self.csr.sources()[edges.clone()].iter().zip(&self.csr.weights()[edges]) {
                sum = join(sum, *w, state[*i as usize]);
            }
            for part in 0..PARTS {
                sums[part][place] = sum[part];
            }
        }
    }
}

impl Sliced {
    /// Lays out a network, or gives none where that would not pay or memory is not to be had; `cut` allows ranges of sources.
    pub(super) fn new(csr: &Csr, cut: bool) -> Option<Sliced> {
        let (nodes, edges) = (csr.nodes(), csr.edges());
        let single = csr.weights().iter().all(|w| f64::from(*w as f32) == *w);
        if edges < FEWEST || (edges > MOST && !single) || edges > u32::MAX as usize / 2 {
            return None;
        }
        let window = (EDGES * nodes / edges).clamp(LANES, MOST_ROWS) / LANES * LANES;
        let cuts = nodes.div_ceil(NEAR);
        // Short pieces of rows cost more than near states save.
        let ranges = if cut && edges / nodes / cuts >= 4 { cuts } else { 1 };
        let windows = nodes.div_ceil(window);
        let mut made = Sliced {
            window,
            windows,
            ranges,
            groups: reserved(ranges * windows + 1)?,
            slots: reserved(ranges * (nodes / LANES + windows))?,
            steps: reserved(ranges * (nodes / LANES + windows) + 1)?,
            sources: reserved(edges / LANES + edges / 128)?,
            weights: if single {
                Weights::Single(reserved(edges / LANES + edges / 128)?)
            } else {
                Weights::Double(reserved(edges / LANES + edges / 128)?)
            },
            alone: reserved(ranges * windows + 1)?,
            long: Vec::new(),
        };
        // Where the part of each row begins that no range has taken yet.
        let mut begins = reserved(nodes)?;
        begins.extend((0..nodes).map(|j| csr.row(j).start as u32));
        let mut taken: Vec<(u32, u32)> = Vec::with_capacity(window);
        for range in 0..ranges {
            let end = ((range + 1) * nodes).div_ceil(ranges) as u32;
            for w in 0..windows {
                made.groups.push(made.slots.len() as u32);
                made.alone.push(made.long.len() as u32);
                let first = w * window;
                taken.clear();
                for (k, begin) in begins[first..(first + window).min(nodes)].iter().enumerate() {
                    let rest = &csr.sources()[*begin as usize..csr.row(first + k).end];
                    let length = if range + 1 == ranges { rest.len() } else { rest.partition_point(|i| *i < end) };
                    if length > 0 {
                        taken.push((length as u32, k as u32));
                    }
                }
                taken.sort_unstable();
                for group in taken.chunks(LANES) {
                    made.group(csr, group, &mut begins[first..])?;
                }
            }
        }
        made.groups.push(made.slots.len() as u32);
        made.alone.push(made.long.len() as u32);
        made.steps.push(made.sources.len() as u32);
        Some(made)
    }

    /// Takes up to eight rows, the longest last, from where each begins.
    fn group(&mut self, csr: &Csr, rows: &[(u32, u32)], begins: &mut [u32]) -> Option<()> {
        // A row without company goes alone as well.
        let shortest = if rows.len() > 1 { rows.first()?.0 } else { 0 };
        let (rows, long) = rows.split_at(rows.partition_point(|row| row.0 <= 2 * shortest + 8));
        for &(length, row) in long {
            let begin = &mut begins[row as usize];
            self.long.push((row as u16, *begin, *begin + length));
            *begin += length;
        }
        let Some(length) = rows.last().map(|row| row.0 as usize) else { return Some(()) };
        self.steps.push(self.sources.len() as u32);
        let mut slots = [self.window as u16; LANES];
        let mut pieces = [(0usize, 0usize); LANES];
        for ((slot, piece), &(length, row)) in slots.iter_mut().zip(&mut pieces).zip(rows) {
            let begin = &mut begins[row as usize];
            *slot = row as u16;
            *piece = (*begin as usize, length as usize);
            *begin += length;
        }
        self.slots.push(slots);
        self.sources.try_reserve(length).ok()?;
        // A step past the end of a row has the weight 0.
        let at = |step: usize, lane: usize| {
            let (begin, length) = pieces[lane];
            (step < length).then_some(begin + step)
        };
        for step in 0..length {
            self.sources.push(std::array::from_fn(|lane| at(step, lane).map_or(0, |edge| csr.sources()[edge])));
        }
        match &mut self.weights {
            Weights::Double(weights) => {
                weights.try_reserve(length).ok()?;
                weights.extend((0..length).map(|step| std::array::from_fn(|lane| at(step, lane).map_or(0.0, |edge| csr.weights()[edge]))));
            }
            Weights::Single(weights) => {
                weights.try_reserve(length).ok()?;
                weights.extend(
                    (0..length).map(|step| std::array::from_fn(|lane| at(step, lane).map_or(0.0, |edge| csr.weights()[edge] as f32))),
                );
            }
        }
        Some(())
    }

    /// The weights.
    pub(super) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The groups of one range and window, with weights that this layout has.
    pub(super) fn groups<'a, W>(&'a self, csr: &'a Csr, weights: &'a [[W; LANES]], range: usize, window: usize) -> Groups<'a, W> {
        let at = range * self.windows + window;
        let groups: Range<usize> = self.groups[at] as usize..self.groups[at + 1] as usize;
        Groups {
            slots: &self.slots[groups.clone()],
            steps: &self.steps[groups.start..groups.end + 1],
            sources: &self.sources,
            weights,
            long: &self.long[self.alone[at] as usize..self.alone[at + 1] as usize],
            csr,
        }
    }
}

fn reserved<T>(length: usize) -> Option<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(length).ok()?;
    Some(vector)
}

/// What is made of a network once and kept with it; it does not count when networks are compared.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Sources cut into ranges.
    pub(super) cut: OnceLock<Option<Sliced>>,
    /// Sources in one range.
    pub(super) whole: OnceLock<Option<Sliced>>,
    /// Whether some weight is below 0.
    pub(super) signed: OnceLock<bool>,
}

impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_rows_to_the_last_bit() {
        // rows of 0 to 40 edges and a hub, over two ranges
        let nodes = 70_000u32;
        let (mut source, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::new());
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for j in 0..nodes {
            let length = if j == 5 { 3000 } else { next() % 20 };
            for _ in 0..length {
                source.push(next() % nodes);
                target.push(j);
                weight.push(f64::from(next()) / f64::from(1 << 23) - 1.0);
            }
        }
        let x: Vec<f64> = (0..nodes).map(|_| f64::from(next()) * 1e-7).collect();
        let exact = Csr::from_edges(nodes as usize, &source, &target, &weight, &[]).unwrap();
        let third: Vec<f64> = exact.weights().iter().map(|w| w / 3.0).collect();
        let third = exact.with_weights(third).unwrap();
        for (csr, cut, ranges, single) in [(&exact, true, 2, true), (&exact, false, 1, true), (&third, true, 2, false)] {
            let sliced = Sliced::new(csr, cut).unwrap();
            assert_eq!((sliced.ranges, matches!(sliced.weights, Weights::Single(_))), (ranges, single));
            assert!(sliced.long.len() >= ranges);
            for w in 0..sliced.windows {
                let first = w * sliced.window;
                let mut sums = [[0.25; PLACES]];
                for range in 0..ranges {
                    let join = |[sum]: [f64; 1], w: f64, x: f64| [sum + w * x];
                    match &sliced.weights {
                        Weights::Double(weights) => sliced.groups(csr, weights, range, w).add(&mut sums, &x, join),
                        Weights::Single(weights) => sliced.groups(csr, weights, range, w).add(&mut sums, &x, join),
                    }
                }
                for j in first..(first + sliced.window).min(csr.nodes()) {
                    let wanted = csr.incoming(j).fold(0.25, |sum, (i, w, _)| sum + w * x[i]);
                    assert_eq!(sums[0][j - first].to_bits(), wanted.to_bits());
                }
            }
        }
    }
}
