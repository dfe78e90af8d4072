//! How fast a signed network with lags amplifies: two-sided bounds on its spectral radius, and the loop responsible.
// Positions come from a checked `Csr`; other slices are checked in `magnitudes`.
#![allow(clippy::indexing_slicing)]

use std::cell::Cell;

use rayon::prelude::*;

use crate::{Error, ErrorKind, Result};

use super::components::{Components, strong};
use super::{Csr, Tick, cancelled, dense, filled};

/// The matrix whose radius is asked for: a value for each edge of a network, and one for each node by itself.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The network; its weights do not count here, its lags do.
    pub csr: &'a Csr,
    /// Value of each edge.
    pub edges: &'a [f64],
    /// Value of each node by itself, without lag; empty: 0.
    pub own: &'a [f64],
    /// Nodes that keep their state: nothing comes in; empty: none.
    pub held: &'a [bool],
}

/// Bounds on a spectral radius.
#[derive(Debug, Clone, PartialEq)]
pub struct Radius {
    /// At least this.
    pub lower: f64,
    /// At most this.
    pub upper: f64,
    /// A loop of the component that amplifies most, in the direction of its edges; empty where there is no loop.
    pub cycle: Vec<u32>,
}

impl Radius {
    /// The middle of the bounds.
    pub fn value(&self) -> f64 {
        0.5 * (self.lower + self.upper)
    }
}

/// Largest companion matrix that is multiplied out.
pub const MOST_COMPANION: usize = 600;
/// Steps at first that keep only a little of the vector before.
const MIXING: usize = 40;
/// Relative distance of the bounds at which to stop.
const TIGHT: f64 = 1e-13;

impl Values<'_> {
    fn is_held(&self, j: usize) -> bool {
        !self.held.is_empty() && self.held[j]
    }

    fn own_at(&self, j: usize) -> f64 {
        if self.own.is_empty() { 0.0 } else { self.own[j] }
    }

    fn check(&self) -> Result<()> {
        let nodes = self.csr.nodes();
        let fits = self.edges.len() == self.csr.edges()
            && (self.own.is_empty() || self.own.len() == nodes)
            && (self.held.is_empty() || self.held.len() == nodes);
        if fits { Ok(()) } else { Err(Error::internal("values of a radius do not fit the network")) }
    }
}

/// Bounds on the radius of the magnitudes.
///
/// # Method
/// Within each strongly connected component, power steps `v ← v + |A|v`; for every positive v,
/// `min (|A|v)_j/v_j <= ρ <= max (|A|v)_j/v_j` (Collatz, Wielandt). The identity added makes the steps settle on rings as well. A component of one node has
/// its own loop for a radius. Large rings settle slowly; up to 600 nodes the steps are then squared.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn magnitudes(values: &Values<'_>, tick: Tick<'_>) -> Result<Radius> {
    magnitudes_until(values, 0.0, tick)
}

/// As [`magnitudes`], but the bounds are not tightened any further once the upper one of a component is below `enough`.
///
/// # Errors
/// As [`magnitudes`].
pub fn magnitudes_until(values: &Values<'_>, enough: f64, tick: Tick<'_>) -> Result<Radius> {
    values.check()?;
    let components = components(values, tick)?;
    let mut worst = Radius { lower: 0.0, upper: 0.0, cycle: Vec::new() };
    let mut local = filled(values.csr.nodes(), u32::MAX)?;
    for members in components.iter() {
        let found = component(values, members, &mut local, enough, tick)?;
        let upper = worst.upper.max(found.upper);
        if found.lower > worst.lower || worst.cycle.is_empty() {
            worst.cycle = found.cycle;
        }
        worst.lower = worst.lower.max(found.lower);
        worst.upper = upper;
    }
    Ok(worst)
}

/// Bounds on the radius with signs and, if `lagged`, with lags: that of the magnitudes where it is below 1 or nothing is negative, else, for each
/// component concerned, that of its companion matrix.
///
/// # Errors
/// `Undefined` where a companion matrix would be larger than 600 rows: undecided is refused. `Memory`, `Cancelled`.
pub fn signed(values: &Values<'_>, lagged: bool, tick: Tick<'_>) -> Result<Radius> {
    let whole = magnitudes(values, tick)?;
    let negative = values.edges.iter().chain(values.own).any(|v| *v < 0.0);
    if whole.upper < 1.0 || !negative {
        return Ok(whole);
    }
    let mut worst = Radius { lower: 0.0, upper: 0.0, cycle: Vec::new() };
    let mut local = filled(values.csr.nodes(), u32::MAX)?;
    for members in components(values, tick)?.iter() {
        let mut found = component(values, members, &mut local, 0.0, tick)?;
        if found.upper >= 1.0 {
            let (lower, upper) = companion(values, members, lagged, &mut local, tick)?;
            found.lower = lower;
            found.upper = upper.min(found.upper);
        }
        if found.lower > worst.lower || worst.cycle.is_empty() {
            worst.cycle = found.cycle;
        }
        worst.lower = worst.lower.max(found.lower);
        worst.upper = worst.upper.max(found.upper);
    }
    Ok(worst)
}

/// Strongly connected components that hold a loop, along incoming edges that are not 0.
fn components(values: &Values<'_>, tick: Tick<'_>) -> Result<Components> {
    let csr = values.csr;
    let (seen, stopped) = (Cell::new(0u64), Cell::new(false));
    let row = |j: usize| {
        let row = if stopped.get() || values.is_held(j) { 0..0 } else { csr.row(j) };
        seen.set(seen.get() + 1 + row.len() as u64);
        if seen.get() > 1 << 17 {
            seen.set(0);
            // Once stopped no edge is seen any more, and the search is soon over.
            stopped.set(stopped.get() || !tick(0));
        }
        row
    };
    let end = |edge: usize| (values.edges[edge] != 0.0).then(|| csr.sources()[edge]);
    let looped = |j: usize| !values.is_held(j) && (values.own_at(j) != 0.0 || row(j).any(|edge| end(edge) == Some(j as u32)));
    let found = strong(csr.nodes(), row, end, looped)?;
    if stopped.get() { Err(cancelled()) } else { Ok(found) }
}

/// From so many nodes on a component is read where it lies: a copy of its edges is too much to hold.
const COPIED: usize = 1 << 12;
/// Rows that one thread takes at a time.
const ROWS: usize = 4096;

/// A component as a matrix: rows of (source, magnitude), positions within it.
enum Matrix<'a> {
    Copied(Block),
    /// The network itself, the members, and where each node stands among them.
    Whole(&'a Values<'a>, &'a [u32], &'a [u32]),
}

impl Matrix<'_> {
    fn each(&self, k: usize, mut see: impl FnMut(usize, f64)) {
        match self {
            Matrix::Copied(block) => block.row(k).for_each(|(i, value)| see(i, value)),
            Matrix::Whole(values, members, local) => {
                let j = members[k] as usize;
                let own = values.own_at(j);
                if own != 0.0 {
                    see(k, own.abs());
                }
                let row = values.csr.row(j);
                for (i, value) in values.csr.sources()[row.clone()].iter().zip(&values.edges[row]) {
                    let i = local[*i as usize];
                    if i != u32::MAX && *value != 0.0 {
                        see(i as usize, value.abs());
                    }
                }
            }
        }
    }

    fn longest(&self) -> usize {
        match self {
            Matrix::Copied(block) => block.longest,
            Matrix::Whole(values, members, _) => members.iter().map(|j| values.csr.row(*j as usize).len() + 1).max().unwrap_or(0),
        }
    }

    fn entries(&self) -> usize {
        match self {
            Matrix::Copied(block) => block.values.len(),
            Matrix::Whole(values, ..) => values.csr.edges(),
        }
    }

    /// `y = |A| v`, and the least and greatest ratio of the two.
    fn ratios(&self, v: &[f64], y: &mut [f64], longest: usize) -> (f64, f64) {
        let part = |first: usize, y: &mut [f64]| {
            let (mut low, mut high) = (f64::INFINITY, 0.0f64);
            for (k, y) in y.iter_mut().enumerate() {
                let k = first + k;
                let mut sum = 0.0;
                self.each(k, |i, a| sum += a * v[i]);
                *y = sum;
                let ratio = if v[k] > 1e-290 { sum / v[k] } else { f64::NAN };
                if ratio.is_nan() {
                    return (0.0, f64::INFINITY);
                }
                low = low.min(ratio);
                high = high.max(ratio);
            }
            (low, high)
        };
        let both = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
        let (low, high) = if v.len() < COPIED {
            part(0, y)
        } else {
            y.par_chunks_mut(ROWS).enumerate().map(|(b, y)| part(b * ROWS, y)).reduce(|| (f64::INFINITY, 0.0), both)
        };
        // What rounding of the sums and the quotient can have moved.
        let slack = f64::EPSILON * (longest as f64 + 2.0);
        (low * (1.0 - slack), high * (1.0 + slack))
    }
}

/// Edges of a component by themselves.
struct Block {
    offsets: Vec<usize>,
    sources: Vec<u32>,
    values: Vec<f64>,
    longest: usize,
}

impl Block {
    fn new(values: &Values<'_>, members: &[u32], local: &mut [u32]) -> Block {
        for (k, &j) in members.iter().enumerate() {
            local[j as usize] = k as u32;
        }
        let mut block = Block { offsets: vec![0], sources: Vec::new(), values: Vec::new(), longest: 0 };
        for (k, &j) in members.iter().enumerate() {
            let j = j as usize;
            let own = values.own_at(j);
            if own != 0.0 {
                block.sources.push(k as u32);
                block.values.push(own.abs());
            }
            for edge in values.csr.row(j) {
                let i = local[values.csr.sources()[edge] as usize];
                if i != u32::MAX && values.edges[edge] != 0.0 {
                    block.sources.push(i);
                    block.values.push(values.edges[edge].abs());
                }
            }
            let start = block.offsets[k];
            block.longest = block.longest.max(block.sources.len() - start);
            block.offsets.push(block.sources.len());
        }
        for &j in members {
            local[j as usize] = u32::MAX;
        }
        block
    }

    fn row(&self, k: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.offsets[k]..self.offsets[k + 1];
        row.map(|e| (self.sources[e] as usize, self.values[e]))
    }
}

fn component(values: &Values<'_>, members: &[u32], local: &mut [u32], enough: f64, tick: Tick<'_>) -> Result<Radius> {
    let n = members.len();
    if n >= COPIED {
        for (k, &j) in members.iter().enumerate() {
            local[j as usize] = k as u32;
        }
        let found = settled(&Matrix::Whole(values, members, local), members, enough, tick);
        for &j in members {
            local[j as usize] = u32::MAX;
        }
        return found;
    }
    let block = Block::new(values, members, local);
    if let [alone] = members {
        let loop_value = block.values.iter().sum();
        return Ok(Radius { lower: loop_value, upper: loop_value, cycle: vec![*alone] });
    }
    settled(&Matrix::Copied(block), members, enough, tick)
}

fn settled(block: &Matrix<'_>, members: &[u32], enough: f64, tick: Tick<'_>) -> Result<Radius> {
    let n = members.len();
    let longest = block.longest();
    let (mut v, mut y) = (filled(n, 1.0)?, filled(n, 0.0)?);
    let (mut lower, mut upper) = (0.0f64, f64::INFINITY);
    let most = (400_000_000 / block.entries().max(1)).clamp(50, 3000);
    for step in 0..most {
        if !tick(step as u64) {
            return Err(cancelled());
        }
        let (low, high) = block.ratios(&v, &mut y, longest);
        lower = lower.max(low);
        upper = upper.min(high);
        if upper < enough || upper - lower <= TIGHT * upper + f64::EPSILON * upper * (longest as f64 + 2.0) * 2.0 {
            break;
        }
        let greatest = v.iter().zip(&y).map(|(v, y)| v + y).fold(0.0, f64::max);
        // A little of the identity serves networks that mix well; rings need more of it.
        let kept = if step < MIXING { 0.1 * upper.min(1.0) } else { 1.0 };
        v.iter_mut().zip(&y).for_each(|(v, y)| *v = (kept * *v + *y) / greatest);
    }
    if upper >= enough
        && upper - lower > 1e-9 * upper
        && n <= MOST_COMPANION
        && let Some(better) = by_squaring(block, n, tick)?
    {
        let (low, high) = block.ratios(&better, &mut y, longest);
        lower = lower.max(low);
        upper = upper.min(high);
        v = better;
    }
    Ok(Radius { lower: lower.min(upper), upper, cycle: strongest_loop(block, &v, members) })
}

/// The vector that 2^20 power steps lead to.
fn by_squaring(block: &Matrix<'_>, n: usize, tick: Tick<'_>) -> Result<Option<Vec<f64>>> {
    let mut a = filled(n * n, 0.0)?;
    for k in 0..n {
        block.each(k, |i, value| a[k * n + i] += value);
        a[k * n + k] += 1.0;
    }
    let power = dense::power_of_two(n, a, 20, tick)?;
    let v: Vec<f64> = power.chunks(n).map(|row| row.iter().sum()).collect();
    Ok(v.iter().all(|x| x.is_finite() && *x > 0.0).then_some(v))
}

/// Follows from each node the source that brings it most; of the loops so found, the one that amplifies most for its length.
fn strongest_loop(block: &Matrix<'_>, v: &[f64], members: &[u32]) -> Vec<u32> {
    let n = members.len();
    let strongest = |k: usize| {
        let mut best = (k, 0.0);
        block.each(k, |i, a| {
            if a * v[i] > best.1 * v[best.0] {
                best = (i, a);
            }
        });
        best
    };
    let most: Vec<u32> = (0..n).map(|k| strongest(k).0 as u32).collect();
    let mut seen = vec![0u32; n];
    let mut best: (f64, Vec<u32>) = (f64::NEG_INFINITY, Vec::new());
    for root in 0..n {
        let mut k = root;
        while seen[k] == 0 {
            seen[k] = root as u32 + 1;
            k = most[k] as usize;
        }
        if seen[k] != root as u32 + 1 {
            continue;
        }
        let (mut nodes, mut gain, start) = (Vec::new(), 0.0, k);
        loop {
            nodes.push(members[k]);
            gain += strongest(k).1.ln();
            k = most[k] as usize;
            if k == start {
                break;
            }
        }
        let mean = gain / nodes.len() as f64;
        if mean > best.0 {
            // Sources were followed backwards; a loop is told along its edges, from its first member.
            nodes.reverse();
            let first = nodes.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
            nodes.rotate_left(first);
            best = (mean, nodes);
        }
    }
    best.1
}

/// The radius of one component with its signs, each lag a chain of states that hand on.
fn companion(values: &Values<'_>, members: &[u32], lagged: bool, local: &mut [u32], tick: Tick<'_>) -> Result<(f64, f64)> {
    let csr = values.csr;
    for (k, &j) in members.iter().enumerate() {
        local[j as usize] = k as u32;
    }
    let lag = |edge: usize| if lagged { csr.lag(edge) as usize } else { 0 };
    let mut edges = Vec::new();
    let mut longest = vec![0usize; members.len()];
    for (k, &j) in members.iter().enumerate() {
        for edge in csr.row(j as usize) {
            let i = local[csr.sources()[edge] as usize];
            if i != u32::MAX && values.edges[edge] != 0.0 {
                longest[i as usize] = longest[i as usize].max(lag(edge));
                edges.push((k, i as usize, lag(edge), values.edges[edge]));
            }
        }
        edges.push((k, k, 0, values.own_at(j as usize)));
    }
    for &j in members {
        local[j as usize] = u32::MAX;
    }
    let mut first = Vec::with_capacity(members.len());
    let mut n = 0usize;
    for chain in &longest {
        first.push(n);
        n += chain + 1;
    }
    if n > MOST_COMPANION {
        let message = format!(
            "the spectral radius could not be decided: a component of {} nodes has signs and lags that need a matrix of {n} rows, wanted at most {MOST_COMPANION}",
            members.len()
        );
        return Err(Error::new(ErrorKind::Undefined, message));
    }
    let mut a = filled(n * n, 0.0)?;
    for (k, i, lag, value) in edges {
        a[first[k] * n + first[i] + lag] += value;
    }
    for (k, chain) in longest.iter().enumerate() {
        for back in 1..=*chain {
            a[(first[k] + back) * n + first[k] + back - 1] = 1.0;
        }
    }
    dense::radius(n, &a, tick)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    fn csr(nodes: usize, edges: &[(u32, u32, f64, u32)]) -> Csr {
        let column = |f: fn(&(u32, u32, f64, u32)) -> u32| edges.iter().map(f).collect::<Vec<u32>>();
        let weights: Vec<f64> = edges.iter().map(|e| e.2).collect();
        Csr::from_edges(nodes, &column(|e| e.0), &column(|e| e.1), &weights, &column(|e| e.3)).unwrap()
    }

    fn of(net: &Csr, held: &[bool], lagged: bool) -> Radius {
        signed(&Values { csr: net, edges: net.weights(), own: &[], held }, lagged, &never).unwrap()
    }

    #[test]
    fn acyclic_networks_have_none_and_loops_are_named() {
        let net = csr(4, &[(0, 1, 9.0, 0), (1, 2, 9.0, 0), (0, 3, 9.0, 0)]);
        assert_eq!(of(&net, &[], true), Radius { lower: 0.0, upper: 0.0, cycle: vec![] });
        // a weak ring of three beside a strong ring of two
        let net = csr(5, &[(0, 1, 0.5, 0), (1, 2, 0.5, 0), (2, 0, 0.5, 0), (2, 3, 1.0, 0), (3, 4, 4.0, 0), (4, 3, 1.0, 0)]);
        let found = of(&net, &[], false);
        assert!((found.value() - 2.0).abs() < 1e-12 && found.cycle == [3, 4]);
        // held, a node takes nothing in: the loop is cut
        let held = of(&net, &[false, false, false, true, false], false);
        assert!((held.value() - 0.5).abs() < 1e-12 && held.cycle == [0, 1, 2]);
        let alone = csr(1, &[(0, 0, -0.7, 0)]);
        assert!((of(&alone, &[], false).value() - 0.7).abs() < 1e-15);
    }

    #[test]
    fn large_rings_are_told_as_well() {
        let n = 200u32;
        let weight = |k: u32| if k.is_multiple_of(2) { 0.5 } else { 1.28 };
        let ring: Vec<_> = (0..n).map(|k| (k, (k + 1) % n, weight(k), 0)).collect();
        let found = of(&csr(n as usize, &ring), &[], false);
        assert!((found.value() - 0.8).abs() < 1e-6 && found.upper < 1.0, "{found:?}");
        assert_eq!(found.cycle.len(), 200);
    }

    #[test]
    fn signs_and_lags_by_the_companion() {
        // magnitudes 1.2, with signs a rotation of radius 0.6 sqrt 2
        let turn = csr(2, &[(0, 0, 0.6, 0), (1, 0, -0.6, 0), (0, 1, 0.6, 0), (1, 1, 0.6, 0)]);
        assert!((of(&turn, &[], false).upper - 0.72f64.sqrt()).abs() < 1e-6);
        // a ring of gain -8 over 1 + 2 steps in all has the radius 2
        let slow = csr(2, &[(0, 1, -4.0, 1), (1, 0, 2.0, 0)]);
        let found = of(&slow, &[], true);
        assert!(found.lower <= 2.0 + 1e-9 && (found.upper - 2.0).abs() < 1e-6, "{found:?}");
        assert!((of(&slow, &[], false).upper - 8f64.sqrt()).abs() < 1e-6);
        // undecided is refused
        let n = 700u32;
        let swing: Vec<_> = (0..n).flat_map(|k| [(k, (k + 1) % n, 0.8, 0), (k, k, -0.8, 0)]).collect();
        let wide = csr(n as usize, &swing);
        let error = signed(&Values { csr: &wide, edges: wide.weights(), own: &[], held: &[] }, true, &never).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Undefined);
    }
}
