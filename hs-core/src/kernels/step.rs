//! One step of every node, block by block: sums over incoming edges, then the transfer, forcing and the greatest change while they are near.
// Sources and rows come from a checked `Csr`; `settle` and `Map::check` fix the lengths of all other slices once.
#![allow(clippy::indexing_slicing)]

use pulp::Arch;
use rayon::prelude::*;

use crate::Result;

use super::map::{Forcing, Formula, Map, Past};
use super::sliced::{LANES, PLACES, Sliced, Weight, Weights};
use super::{Tick, cancelled, transfer};

/// Rows that one thread takes at a time: fixed, so that threads change no result.
const BLOCK: usize = 128;
/// Edges about between two looks at the tick.
const SECTION: usize = 1 << 21;
/// Edges from which on threads pay.
const PARALLEL: usize = 1 << 17;

impl Map<'_> {
    /// One step of all nodes into `next`; gives the greatest change, infinite where a state is no longer finite.
    ///
    /// Every sum runs over the edges of its row in their order, whichever way the rows are laid out.
    ///
    /// # Errors
    /// `Cancelled` when the tick says so.
    pub fn step(&self, past: &Past<'_>, forcing: &Forcing<'_>, next: &mut [f64], step: u64, tick: Tick<'_>) -> Result<f64> {
        let both = self.formula == Formula::NoisyOr && self.csr.is_signed();
        let layout = if past.slots == 1 { self.csr.sliced(!both) } else { None };
        let (rows, ranges) = layout.map_or((BLOCK, 1), |sliced| (sliced.window, sliced.ranges));
        let edges = self.csr.edges();
        let threads = edges >= PARALLEL;
        let section = (SECTION * self.csr.nodes() / edges.max(1)).div_ceil(rows).max(1) * rows;
        let mut change = 0u64;
        for range in 0..ranges {
            for (s, section_part) in next.chunks_mut(section).enumerate() {
                if !tick(step) {
                    return Err(cancelled());
                }
                let first = s * section;
                let block = |(b, part): (usize, &mut [f64])| {
                    let first = first + b * rows;
                    Arch::new().dispatch(Block { map: self, past, forcing, layout, range, last: range + 1 == ranges, first, part })
                };
                let moved = if threads {
                    section_part.par_chunks_mut(rows).enumerate().map(block).reduce(|| 0, u64::max)
                } else {
                    section_part.chunks_mut(rows).enumerate().map(block).fold(0, u64::max)
                };
                change = change.max(moved);
            }
        }
        // Magnitudes keep their order as whole numbers, with infinity and what is no number at the top.
        let change = f64::from_bits(change);
        Ok(if change.is_finite() { change } else { f64::INFINITY })
    }
}

/// One block of rows in one step.
struct Block<'a, 'p> {
    map: &'a Map<'a>,
    past: &'a Past<'a>,
    forcing: &'a Forcing<'a>,
    layout: Option<&'a Sliced>,
    range: usize,
    last: bool,
    first: usize,
    part: &'p mut [f64],
}

impl pulp::NullaryFnOnce for Block<'_, '_> {
    type Output = u64;

    #[inline(always)]
    fn call(self) -> u64 {
        match self.map.formula {
            Formula::Sum | Formula::Relaxed => self.join([0.0], |[sum], w, x| [sum + w * x]),
            Formula::Transfer { centred: false, .. } => self.join([0.0], |[sum], w, x| [sum + w * x]),
            Formula::Transfer { centred: true, .. } => self.join([0.0], |[sum], w, x| [sum + w * (2.0 * x - 1.0)]),
            Formula::NoisyOr if self.map.csr.is_signed() => self.join([1.0, 1.0], |[feeds, dampens], w, x| {
                // The one that the sign is not for is multiplied by 1.
                [feeds * (1.0 - if w > 0.0 { w } else { 0.0 } * x), dampens * (1.0 + if w < 0.0 { w } else { 0.0 } * x)]
            }),
            Formula::NoisyOr => self.join([1.0], |[feeds], w, x| [feeds * (1.0 - w * x)]),
        }
    }
}

impl Block<'_, '_> {
    #[inline(always)]
    fn join<const PARTS: usize>(self, begin: [f64; PARTS], join: impl Fn([f64; PARTS], f64, f64) -> [f64; PARTS] + Copy) -> u64 {
        let present = self.past.ago(0);
        let Some(sliced) = self.layout else {
            let mut sums = begin.map(|begin| [begin; BLOCK]);
            self.begin(present, &mut sums);
            if self.past.slots == 1 {
                self.rows(&mut sums, join, |edges| {
                    let (weights, sources) = (&self.map.csr.weights()[edges.clone()], &self.map.csr.sources()[edges]);
                    weights.iter().zip(sources).map(|(w, i)| (*w, present[*i as usize]))
                });
            } else {
                self.rows(&mut sums, join, |edges| {
                    let csr = self.map.csr;
                    let pairs = csr.weights()[edges.clone()].iter().zip(&csr.sources()[edges.clone()]);
                    pairs.zip(&csr.lags()[edges]).map(|((w, i), lag)| (*w, self.past.ago(*lag as usize)[*i as usize]))
                });
            }
            return self.end(present, &mut sums);
        };
        let mut sums = begin.map(|begin| [begin; PLACES]);
        self.begin(present, &mut sums);
        let window = self.first / sliced.window;
        match sliced.weights() {
            Weights::Double(weights) => self.slices(sliced, weights, window, present, &mut sums, join),
            Weights::Single(weights) => self.slices(sliced, weights, window, present, &mut sums, join),
        }
        self.end(present, &mut sums)
    }

    #[inline(always)]
    fn begin<const PARTS: usize, const N: usize>(&self, present: &[f64], sums: &mut [[f64; N]; PARTS]) {
        let rows = self.part.len();
        if self.range > 0 {
            sums[0][..rows].copy_from_slice(self.part);
        } else {
            self.map.begin(self.first, present, &mut sums[0][..rows]);
        }
    }

    #[inline(always)]
    fn end<const PARTS: usize, const N: usize>(self, present: &[f64], sums: &mut [[f64; N]; PARTS]) -> u64 {
        let rows = self.part.len();
        if !self.last {
            self.part.copy_from_slice(&sums[0][..rows]);
            return 0;
        }
        let (head, rest) = sums.split_at_mut(1);
        let dampens = rest.first().map(|dampens| &dampens[..rows]);
        self.map.finish(self.first, present, self.forcing, &mut head[0][..rows], dampens, self.part)
    }

    #[inline(always)]
    fn slices<const PARTS: usize, W: Weight>(
        &self,
        sliced: &Sliced,
        weights: &[[W; LANES]],
        window: usize,
        present: &[f64],
        sums: &mut [[f64; PLACES]; PARTS],
        join: impl Fn([f64; PARTS], f64, f64) -> [f64; PARTS],
    ) {
        sliced.groups(self.map.csr, weights, self.range, window).add(sums, present, join);
    }

    /// Row after row.
    #[inline(always)]
    fn rows<const PARTS: usize, E: Iterator<Item = (f64, f64)>>(
        &self,
        sums: &mut [[f64; BLOCK]; PARTS],
        join: impl Fn([f64; PARTS], f64, f64) -> [f64; PARTS],
        edges: impl Fn(std::ops::Range<usize>) -> E,
    ) {
        for (k, ends) in self.map.csr.offsets()[self.first..=self.first + self.part.len()].windows(2).enumerate() {
            let begin: [f64; PARTS] = std::array::from_fn(|part| sums[part][k]);
            let found = edges(ends[0] as usize..ends[1] as usize).fold(begin, |sum, (w, x)| join(sum, w, x));
            for part in 0..PARTS {
                sums[part][k] = found[part];
            }
        }
    }
}

impl Map<'_> {
    /// What the sums of a block of rows begin with.
    #[inline(always)]
    fn begin(&self, first: usize, present: &[f64], sums: &mut [f64]) {
        if self.formula == Formula::NoisyOr {
            return;
        }
        if !self.base.is_empty() {
            sums.copy_from_slice(&self.base[first..first + sums.len()]);
        }
        if let Formula::Transfer { own: true, centred, .. } = self.formula {
            for (sum, x) in sums.iter_mut().zip(&present[first..]) {
                *sum += if centred { 2.0 * x - 1.0 } else { *x };
            }
        }
    }

    /// From the sums of a block of rows to its next states; gives the greatest change as a whole number.
    #[inline(always)]
    fn finish(
        &self,
        first: usize,
        present: &[f64],
        forcing: &Forcing<'_>,
        sums: &mut [f64],
        dampens: Option<&[f64]>,
        next: &mut [f64],
    ) -> u64 {
        let here = first..first + sums.len();
        let present = &present[here.clone()];
        match self.formula {
            Formula::Sum => {}
            Formula::Relaxed => {
                for (k, (z, own)) in sums.iter_mut().zip(present).enumerate() {
                    *z = own + self.pace_at(first + k) * (*z - own);
                }
            }
            Formula::Transfer { shape, steepness, .. } => transfer::apply(shape, steepness, sums),
            Formula::NoisyOr => {
                if self.base.is_empty() {
                    sums.iter_mut().for_each(|feeds| *feeds = 1.0 - *feeds);
                } else {
                    sums.iter_mut().zip(&self.base[here.clone()]).for_each(|(feeds, base)| *feeds = 1.0 - (1.0 - base) * *feeds);
                }
                if let Some(dampens) = dampens {
                    sums.iter_mut().zip(dampens).for_each(|(level, dampens)| *level *= dampens);
                }
            }
        }
        if !self.offset.is_empty() {
            sums.iter_mut().zip(&self.offset[here.clone()]).for_each(|(x, offset)| *x += offset);
        }
        if self.bounds.is_some() {
            sums.iter_mut().for_each(|x| *x = self.clip(*x));
        }
        if !forcing.shock.is_empty() {
            sums.iter_mut().zip(&forcing.shock[here.clone()]).for_each(|(x, shock)| *x = self.clip(*x + shock));
        }
        if forcing.halved {
            sums.iter_mut().zip(present).for_each(|(x, own)| *x = 0.5 * own + 0.5 * *x);
        }
        if !forcing.held.is_empty() {
            for ((x, own), held) in sums.iter_mut().zip(present).zip(&forcing.held[here]) {
                *x = if *held { *own } else { *x };
            }
        }
        next.copy_from_slice(sums);
        sums.iter().zip(present).fold(0, |most, (x, own)| most.max((x - own).abs().to_bits()))
    }
}
