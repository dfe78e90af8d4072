//! `x = d + Wᵀx` for eight shocks side by side: one pass over the weights serves all of them.
// Lengths are made to the size of the network; sources and rows come from a checked `Csr`.
#![allow(clippy::indexing_slicing, clippy::needless_range_loop)]

use rayon::prelude::*;

use super::{Csr, Tick, cancelled, filled, no_memory};
use crate::Result;

/// Shocks that travel side by side.
pub const WIDTH: usize = 8;
/// Visits of edges, lane by lane, between two looks at the tick.
const VISITS: usize = 1 << 24;

/// One number of each of eight shocks.
pub type Lane = [f64; WIDTH];

/// Eight shocks on their way.
#[derive(Debug)]
pub struct Block {
    /// The shocks, by node.
    shocks: Vec<Lane>,
    /// Where they have come to, step by step round.
    ring: Vec<Vec<Lane>>,
    now: usize,
    /// Greatest change of the last step.
    pub change: f64,
    /// Steps made.
    pub steps: u64,
}

impl Block {
    /// Up to eight sparse shocks of node and number; none has moved yet.
    ///
    /// # Errors
    /// `Memory`.
    pub fn new(csr: &Csr, shocks: &[&[(usize, f64)]], lags: bool) -> Result<Block> {
        let nodes = csr.nodes();
        let slots = if lags { 2 + csr.longest_lag() as usize } else { 1 };
        let mut of = filled(nodes, [0.0; WIDTH])?;
        for (lane, shock) in shocks.iter().take(WIDTH).enumerate() {
            for (node, number) in shock.iter().filter(|(node, _)| *node < nodes) {
                of[*node][lane] += number;
            }
        }
        let mut ring = Vec::new();
        ring.try_reserve_exact(slots).map_err(|_| no_memory(slots, size_of::<Vec<Lane>>()))?;
        for _ in 0..slots {
            ring.push(filled(nodes, [0.0; WIDTH])?);
        }
        Ok(Block { shocks: of, ring, now: 0, change: f64::INFINITY, steps: 0 })
    }

    /// What each shock has moved a node by.
    #[inline]
    pub fn at(&self, node: usize) -> &Lane {
        &self.ring[self.now][node]
    }

    /// One sweep that reads what it has just written: lags aside it comes to the same rest in fewer sweeps than synchronous steps take, where
    /// weights are not negative or the radius of their magnitudes is below 1; the last change bounds the error as it does for steps.
    fn sweep(&mut self, csr: &Csr) {
        let (sources, weights) = (csr.sources(), csr.weights());
        let state = &mut self.ring[self.now];
        let mut greatest = [0.0f64; WIDTH];
        for j in 0..state.len() {
            let mut sum = self.shocks[j];
            let row = csr.row(j);
            for (w, i) in weights[row.clone()].iter().zip(&sources[row]) {
                let from = &state[*i as usize];
                for lane in 0..WIDTH {
                    sum[lane] += w * from[lane];
                }
            }
            for lane in 0..WIDTH {
                greatest[lane] = greatest[lane].max((sum[lane] - state[j][lane]).abs());
            }
            state[j] = sum;
        }
        self.steps += 1;
        self.change = greatest.iter().fold(0.0, |most, x| most.max(*x));
    }

    fn step(&mut self, csr: &Csr) {
        let slots = self.ring.len();
        let next = (self.now + 1) % slots;
        let mut out = std::mem::take(&mut self.ring[next]);
        let before = &self.ring[self.now];
        let (sources, weights) = (csr.sources(), csr.weights());
        let lagged = csr.longest_lag() > 0;
        let mut greatest = [0.0f64; WIDTH];
        for (j, out) in out.iter_mut().enumerate() {
            let mut sum = self.shocks[j];
            if lagged {
                for (i, w, lag) in csr.incoming(j) {
                    let from = &self.ring[(self.now + slots - lag as usize) % slots][i];
                    for lane in 0..WIDTH {
                        sum[lane] += w * from[lane];
                    }
                }
            } else {
                let row = csr.row(j);
                for (w, i) in weights[row.clone()].iter().zip(&sources[row]) {
                    let from = &before[*i as usize];
                    for lane in 0..WIDTH {
                        sum[lane] += w * from[lane];
                    }
                }
            }
            let old = &before[j];
            for lane in 0..WIDTH {
                greatest[lane] = greatest[lane].max((sum[lane] - old[lane]).abs());
            }
            *out = sum;
        }
        self.ring[next] = out;
        self.now = next;
        self.steps += 1;
        self.change = greatest.iter().fold(0.0, |most, x| most.max(*x));
    }
}

/// When a block has gone far enough.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// Nothing moves by more than the tolerance, or so many steps were made; lags aside.
    Rest {
        /// Greatest change.
        tolerance: f64,
        /// Steps at the most.
        max_steps: u64,
    },
    /// So many steps were made, through the lags.
    Steps(u64),
}

/// Takes blocks on until each is where it should be; threads take a block each.
///
/// # Errors
/// `Cancelled`.
pub fn advance(csr: &Csr, blocks: &mut [Block], until: Until, tick: Tick<'_>) -> Result<()> {
    let far = |block: &Block| match until {
        Until::Rest { tolerance, max_steps } => {
            block.change <= tolerance || block.steps >= max_steps || !block.change.is_finite() && block.steps > 0
        }
        Until::Steps(steps) => block.steps >= steps,
    };
    let lags = matches!(until, Until::Steps(_));
    let threads = rayon::current_num_threads().max(1);
    let budget = (VISITS / (WIDTH * (csr.edges() + csr.nodes()).max(1))).max(1);
    for wave in blocks.chunks_mut(threads) {
        loop {
            if !tick(wave.iter().map(|block| block.steps).max().unwrap_or(0)) {
                return Err(cancelled());
            }
            if wave.iter().all(&far) {
                break;
            }
            wave.par_iter_mut().for_each(|block| {
                for _ in 0..budget {
                    if far(block) {
                        break;
                    }
                    match lags {
                        true => block.step(csr),
                        false => block.sweep(csr),
                    }
                }
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn eight_at_once_come_where_each_comes_alone() {
        // a -> b -> c -> a, and b to itself
        let csr = Csr::from_edges(3, &[0, 1, 2, 1], &[1, 2, 0, 1], &[0.5, -0.4, 0.3, 0.2], &[0, 2, 0, 0]).unwrap();
        let shocks: Vec<Vec<(usize, f64)>> = (0..8).map(|k| vec![(k % 3, 0.1 * (k + 1) as f64)]).collect();
        let listed: Vec<&[(usize, f64)]> = shocks.iter().map(Vec::as_slice).collect();
        let mut blocks = vec![Block::new(&csr, &listed, false).unwrap()];
        advance(&csr, &mut blocks, Until::Rest { tolerance: 1e-15, max_steps: 1000 }, &never).unwrap();
        for (lane, shock) in shocks.iter().enumerate() {
            let x = |j: usize| blocks[0].at(j)[lane];
            for j in 0..3 {
                let d: f64 = shock.iter().filter(|(node, _)| *node == j).map(|(_, d)| d).sum();
                let sum: f64 = csr.incoming(j).map(|(i, w, _)| w * x(i)).sum();
                assert!((x(j) - d - sum).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn lags_hold_a_shock_back() {
        let csr = Csr::from_edges(2, &[0], &[1], &[0.5], &[2]).unwrap();
        let shock = [(0usize, 0.2)];
        let mut blocks = vec![Block::new(&csr, &[&shock], true).unwrap()];
        for (steps, moved) in [(1, 0.0), (3, 0.0), (4, 0.1), (9, 0.1)] {
            advance(&csr, &mut blocks, Until::Steps(steps), &never).unwrap();
            assert!((blocks[0].at(1)[0] - moved).abs() < 1e-15, "{steps}");
        }
    }

    #[test]
    fn stops_when_asked() {
        let csr = Csr::from_edges(2, &[0], &[1], &[0.5], &[]).unwrap();
        let mut blocks = vec![Block::new(&csr, &[], false).unwrap()];
        assert!(advance(&csr, &mut blocks, Until::Steps(3), &|_| false).is_err());
    }
}
