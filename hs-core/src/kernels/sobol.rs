//! How much of a figure's variance each input explains: quasi-random points, Sobol indices with bootstrap intervals, screening by steps.
// Lengths are checked where blocks are made; columns are cut from arrays made here.
#![allow(clippy::indexing_slicing, clippy::needless_range_loop)] // loops over lanes read several of them at one place

use rayon::prelude::*;

use super::counter::Counter;
use super::ranks::quantile;
use super::{Tick, cancelled, filled};
use crate::Result;

/// Points a quasi-random sequence has.
pub const MOST_POINTS: usize = 1 << 16;
/// Dimensions a quasi-random sequence has.
pub const MOST_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;
/// Replicates of the bootstrap that go side by side.
const WIDTH: usize = 8;

/// Points of the unit cube that fill it evenly: Sobol's sequence, scrambled by seed after Owen; random points beyond its dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    seed: u64,
    quasi: bool,
}

impl Points {
    /// Points of so many dimensions.
    pub fn new(seed: u64, dimensions: usize) -> Self {
        Points { seed, quasi: dimensions <= MOST_DIMENSIONS }
    }

    /// Whether they are quasi-random.
    pub fn quasi(self) -> bool {
        self.quasi
    }

    /// One coordinate of one point, between 0 and 1, neither included; points are numbered below [`MOST_POINTS`].
    pub fn at(self, point: usize, dimension: usize) -> f64 {
        if !self.quasi {
            return Counter::new(self.seed, dimension as u64).uniform(point as u64);
        }
        let scramble = (self.seed ^ (self.seed >> 32)) as u32;
        let (point, dimension) = (point % MOST_POINTS, dimension % MOST_DIMENSIONS);
        // The middle of the cell that 24 bits tell.
        f64::from(sobol_burley::sample(point as u32, dimension as u32, scramble)) + 0.5 / f64::from(1 << 24)
    }
}

/// Saltelli's design: n base points A, n others B, then A with each column in turn from B, and, for second-order indices, B with each from A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// Base points.
    pub base: usize,
    /// Inputs.
    pub inputs: usize,
    /// Whether second-order indices are wanted.
    pub second: bool,
}

impl Design {
    /// Blocks of base points.
    pub fn blocks(self) -> usize {
        2 + self.inputs * if self.second { 2 } else { 1 }
    }

    /// Rows in all; none past what can be counted.
    pub fn rows(self) -> Option<usize> {
        self.base.checked_mul(self.blocks())
    }

    /// The dimension of the points that an input takes in a row.
    pub fn dimension(self, row: usize, input: usize) -> usize {
        let block = row / self.base.max(1);
        let from_b = match block {
            0 => false,
            1 => true,
            block if block < 2 + self.inputs => block - 2 == input,
            block => block - 2 - self.inputs != input,
        };
        if from_b { self.inputs + input } else { input }
    }

    /// The base point of a row.
    pub fn point(self, row: usize) -> usize {
        row % self.base.max(1)
    }
}

/// An estimate with the ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// Sobol indices of every input.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// Share of the variance explained by an input alone.
    pub first: Vec<Interval>,
    /// Share in which an input has any part.
    pub total: Vec<Interval>,
    /// Share explained by two inputs together beyond each alone, pair by pair (0 and 1, 0 and 2, ...); empty where not asked for.
    pub second: Vec<Interval>,
}

/// Mean and variance over A and B, base points that count, and the indices where the variance is above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Mean of the figure.
    pub mean: f64,
    /// Variance of the figure.
    pub variance: f64,
    /// Base points of which every row has a figure.
    pub used: usize,
    /// None where nothing varies, or fewer than two base points count.
    pub indices: Option<Indices>,
}

/// Indices of a figure, given row by row in the order of the design (NaN: none there).
///
/// # Method
/// With figures less their mean over A and B: first `Σ B (AB_i - A) / (n V)` (Saltelli et al. 2010), total `Σ (A - AB_i)² / (2 n V)` (Jansen 1999), second
/// `Σ (BA_i AB_j - A B) / (n V)` less both first; V over A and B together. Intervals: base points drawn again with replacement, the mean and V anew in
/// each replicate; quantiles of type 7 over the replicates. A base point with a row without a figure is left out whole.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn explain(design: Design, figures: &[f64], seed: u64, replicates: u32, level: f64, tick: Tick<'_>) -> Result<Explained> {
    let Design { base, inputs, second } = design;
    let at = |block: usize, point: usize| figures[block * base + point];
    let whole: Vec<usize> = (0..base).filter(|&point| (0..design.blocks()).all(|block| at(block, point).is_finite())).collect();
    let n = whole.len();
    let halves = whole.iter().flat_map(|&point| [at(0, point), at(1, point)]);
    let mean = halves.clone().sum::<f64>() / (2 * n).max(1) as f64;
    let variance = halves.clone().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (2 * n).max(1) as f64;
    let size = halves.fold(0.0f64, |size, x| size.max(x.abs()));
    let none = Explained { mean, variance, used: n, indices: None };
    // Rounding alone is no variance.
    if n < 2 || variance.sqrt() <= 1e-13 * size {
        return Ok(none);
    }
    let pairs: Vec<(usize, usize)> =
        if second { (0..inputs).flat_map(|i| (i + 1..inputs).map(move |j| (i, j))).collect() } else { Vec::new() };
    // Everything is a function of plain means of columns: A + B, A² + B², then for each input and pair its terms.
    let columns = 2 + 3 * inputs + pairs.len() + usize::from(second);
    let mut terms = filled(columns * n, 0.0)?;
    for (k, &point) in whole.iter().enumerate() {
        let (a, b) = (at(0, point) - mean, at(1, point) - mean);
        let mut put = |column: usize, term: f64| terms[column * n + k] = term;
        put(0, 0.5 * (a + b));
        put(1, 0.5 * (a * a + b * b));
        for i in 0..inputs {
            let mixed = at(2 + i, point) - mean;
            put(2 + i, b * (mixed - a));
            put(2 + inputs + i, mixed - a);
            put(2 + 2 * inputs + i, 0.5 * (a - mixed) * (a - mixed));
        }
        if second {
            put(2 + 3 * inputs, a * b);
            for (p, &(i, j)) in pairs.iter().enumerate() {
                put(3 + 3 * inputs + p, (at(2 + inputs + i, point) - mean) * (at(2 + j, point) - mean));
            }
        }
    }
    let count = 2 * inputs + pairs.len();
    // Indices from the means of the columns.
    let indices = |means: &dyn Fn(usize) -> f64, out: &mut dyn FnMut(usize, f64)| {
        let shift = means(0);
        let variance = means(1) - shift * shift;
        let first = |i: usize| (means(2 + i) - shift * means(2 + inputs + i)) / variance;
        for i in 0..inputs {
            out(i, first(i));
            out(inputs + i, means(2 + 2 * inputs + i) / variance);
        }
        for (p, &(i, j)) in pairs.iter().enumerate() {
            out(2 * inputs + p, (means(3 + 3 * inputs + p) - means(2 + 3 * inputs)) / variance - first(i) - first(j));
        }
    };
    let mut values = vec![0.0; count];
    indices(&|column| terms[column * n..(column + 1) * n].iter().sum::<f64>() / n as f64, &mut |at, x| values[at] = x);
    let lanes = (replicates as usize).div_ceil(WIDTH);
    let mut drawn = filled(lanes * WIDTH * count, 0.0)?;
    // A few replicates a thread between two looks at the tick.
    let wave = (1usize << 24).div_ceil(columns * n).max(2 * rayon::current_num_threads());
    for (at, wave_drawn) in drawn.chunks_mut(wave * WIDTH * count).enumerate() {
        if !tick((at * wave * WIDTH) as u64) {
            return Err(cancelled());
        }
        wave_drawn.par_chunks_mut(WIDTH * count).enumerate().for_each(|(k, out)| {
            let first = (at * wave + k) * WIDTH;
            let mut times = vec![[0.0f64; WIDTH]; n];
            for lane in 0..WIDTH {
                let numbers = Counter::new(seed, (1 << 40) + (first + lane) as u64);
                for draw in 0..n as u64 {
                    // The high word of a product is even below n.
                    let point = ((u128::from(numbers.bits(draw)) * n as u128) >> 64) as usize;
                    times[point][lane] += 1.0;
                }
            }
            let mut means = vec![[0.0f64; WIDTH]; columns];
            pulp::Arch::new().dispatch(|| weigh(&terms, &times, &mut means));
            for lane in 0..WIDTH {
                indices(&|column| means[column][lane] / n as f64, &mut |at, x| out[lane * count + at] = x);
            }
        });
    }
    let tail = 0.5 * (1.0 - level);
    let mut column = Vec::with_capacity(replicates as usize);
    let mut interval = |at: usize| {
        column.clear();
        // A replicate may draw one point alone, and then has no variance.
        column.extend(drawn.chunks(count).take(replicates as usize).map(|r| r[at]).filter(|x| x.is_finite()));
        let value = values[at];
        let mut end = |share| quantile(&mut column, share).unwrap_or(value);
        Interval { value, lower: end(tail), upper: end(1.0 - tail) }
    };
    let all: Vec<Interval> = (0..count).map(&mut interval).collect();
    let (first, rest) = all.split_at(inputs);
    let (total, second) = rest.split_at(inputs);
    Ok(Explained { indices: Some(Indices { first: first.to_vec(), total: total.to_vec(), second: second.to_vec() }), ..none })
}

/// Sums of columns, each row as many times as each lane says.
#[inline(always)]
fn weigh(terms: &[f64], times: &[[f64; WIDTH]], sums: &mut [[f64; WIDTH]]) {
    for (column, sum) in terms.chunks_exact(times.len()).zip(sums) {
        let mut lanes = [0.0; WIDTH];
        for (term, times) in column.iter().zip(times) {
            for l in 0..WIDTH {
                lanes[l] += term * times[l];
            }
        }
        *sum = lanes;
    }
}

/// Morris's design: walks through a grid, one input a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walks {
    /// Number of walks.
    pub walks: usize,
    /// Inputs.
    pub inputs: usize,
    /// Levels of the grid, an even number.
    pub levels: usize,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// Where each walk starts, when each input steps, and which way.
#[derive(Debug, Clone)]
pub struct Walked {
    /// For each walk and input: the level before its step, and after.
    steps: Vec<(u32, u32)>,
    /// For each walk and input: at which step of the walk it moves.
    order: Vec<u32>,
    walks: Walks,
}

impl Walks {
    /// Runs of the function in all; none past what can be counted.
    pub fn rows(self) -> Option<usize> {
        self.inputs.checked_add(1)?.checked_mul(self.walks)
    }

    /// Draws the walks.
    ///
    /// # Errors
    /// `Memory`.
    pub fn draw(self) -> Result<Walked> {
        let (inputs, half) = (self.inputs, self.levels / 2);
        let room = self.walks.checked_mul(inputs).ok_or_else(|| super::no_memory(usize::MAX, 8))?;
        let mut steps = filled(room, (0, 0))?;
        let mut order = filled(room, 0u32)?;
        for walk in 0..self.walks {
            let numbers = Counter::new(self.seed, (2 << 40) + walk as u64);
            let below = |draw: usize, options: usize| ((u128::from(numbers.bits(draw as u64)) * options as u128) >> 64) as usize;
            let (steps, order) = (&mut steps[walk * inputs..(walk + 1) * inputs], &mut order[walk * inputs..(walk + 1) * inputs]);
            for (i, (step, order)) in steps.iter_mut().zip(order.iter_mut()).enumerate() {
                // Half the levels up from the lower half, or down from the upper: every level is as likely.
                let low = below(2 * i, half) as u32;
                let (from, to) = (low, low + half as u32);
                *step = if below(2 * i + 1, 2) == 0 { (from, to) } else { (to, from) };
                *order = i as u32;
            }
            for i in (1..inputs).rev() {
                order.swap(i, below(2 * inputs + i, i + 1));
            }
        }
        Ok(Walked { steps, order, walks: self })
    }
}

impl Walked {
    /// An input in a row, as a share between 0 and 1: the middle of its level.
    pub fn share(&self, row: usize, input: usize) -> f64 {
        let Walks { inputs, levels, .. } = self.walks;
        let (walk, step) = (row / (inputs + 1), row % (inputs + 1));
        let at = walk * inputs + input;
        let (before, after) = self.steps[at];
        let level = if (self.order[at] as usize) < step { after } else { before };
        (f64::from(level) + 0.5) / levels as f64
    }

    /// Change of the figure for the input's whole range of shares, walk by walk (NaN: none), from figures row by row.
    pub fn effects(&self, figures: &[f64], input: usize) -> Vec<f64> {
        let Walks { walks, inputs, .. } = self.walks;
        let effect = |walk: usize| {
            let at = walk * inputs + input;
            let row = walk * (inputs + 1) + self.order[at] as usize;
            let (before, after) = self.steps[at];
            // Steps go half the levels.
            (figures[row + 1] - figures[row]) * if after > before { 2.0 } else { -2.0 }
        };
        (0..walks).map(effect).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn points_fill_the_cube_evenly_whatever_the_seed() {
        for seed in [0, 1, u64::MAX] {
            let points = Points::new(seed, 8);
            assert!(points.quasi());
            for dimension in 0..8 {
                // one point in each of 64 cells
                let mut cells: Vec<usize> = (0..64).map(|p| (points.at(p, dimension) * 64.0) as usize).collect();
                cells.sort_unstable();
                assert_eq!(cells, (0..64).collect::<Vec<_>>());
            }
        }
        let random = Points::new(0, 300);
        assert!(!random.quasi() && random.at(3, 299) > 0.0);
    }

    #[test]
    fn rows_of_the_design_mix_columns() {
        let design = Design { base: 2, inputs: 2, second: true };
        assert_eq!(design.rows(), Some(12));
        let dimensions: Vec<[usize; 2]> = (0..12).step_by(2).map(|row| [design.dimension(row, 0), design.dimension(row, 1)]).collect();
        assert_eq!(dimensions, [[0, 1], [2, 3], [2, 1], [0, 3], [0, 3], [2, 1]]);
    }

    fn run(design: Design, seed: u64, f: impl Fn(&[f64]) -> f64) -> Explained {
        let points = Points::new(seed, 2 * design.inputs);
        let figures: Vec<f64> = (0..design.rows().unwrap())
            .map(|row| {
                let x: Vec<f64> = (0..design.inputs).map(|i| points.at(design.point(row), design.dimension(row, i))).collect();
                f(&x)
            })
            .collect();
        explain(design, &figures, seed, 200, 0.9, &never).unwrap()
    }

    #[test]
    fn a_sum_is_explained_by_the_squares_of_its_terms() {
        // variances 1/12, 4/12, 9/12 of x + 2y + 3z
        let explained = run(Design { base: 512, inputs: 3, second: true }, 5, |x| 100.0 + x[0] + 2.0 * x[1] + 3.0 * x[2]);
        let indices = explained.indices.unwrap();
        for (i, wanted) in [1.0 / 14.0, 4.0 / 14.0, 9.0 / 14.0].into_iter().enumerate() {
            assert!((indices.first[i].value - wanted).abs() < 0.01, "{:?}", indices.first);
            assert!((indices.total[i].value - wanted).abs() < 0.01, "{:?}", indices.total);
        }
        assert!(indices.second.len() == 3 && indices.second.iter().all(|s| s.value.abs() < 0.02), "{:?}", indices.second);
        assert!((explained.variance - 14.0 / 12.0).abs() < 0.01 && (explained.mean - 103.0).abs() < 0.01);
    }

    #[test]
    fn a_product_interacts_and_what_has_no_part_is_told() {
        // x y on [-1, 1]²: nothing alone, all together
        let explained = run(Design { base: 512, inputs: 3, second: true }, 1, |x| (2.0 * x[0] - 1.0) * (2.0 * x[1] - 1.0));
        let indices = explained.indices.unwrap();
        assert!(indices.first.iter().all(|s| s.lower < 0.02 && s.value.abs() < 0.05), "{:?}", indices.first);
        assert!((indices.total[0].value - 1.0).abs() < 0.05 && indices.total[2].value == 0.0);
        assert!((indices.second[0].value - 1.0).abs() < 0.1);
        let nothing = run(Design { base: 16, inputs: 2, second: false }, 1, |_| 0.1 + 0.2);
        assert_eq!((nothing.indices, nothing.used), (None, 16));
    }

    #[test]
    fn rows_without_a_figure_leave_their_base_point_out() {
        let design = Design { base: 8, inputs: 1, second: false };
        let mut figures: Vec<f64> = (0..24).map(|row| f64::from(row * row % 7)).collect();
        figures[17] = f64::NAN;
        assert_eq!(explain(design, &figures, 0, 10, 0.9, &never).unwrap().used, 7);
    }

    #[test]
    fn walks_move_one_input_a_step_and_tell_slopes() {
        let walks = Walks { walks: 10, inputs: 4, levels: 4, seed: 3 };
        let walked = walks.draw().unwrap();
        let row = |row: usize| (0..4).map(|i| walked.share(row, i)).collect::<Vec<f64>>();
        for walk in 0..10 {
            for step in 0..4 {
                let (a, b) = (row(walk * 5 + step), row(walk * 5 + step + 1));
                let moved: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).filter(|d| *d > 0.0).collect();
                assert_eq!(moved, [0.5]);
            }
        }
        let figures: Vec<f64> = (0..50).map(|r| row(r)[0] - 3.0 * row(r)[2]).collect();
        assert!(walked.effects(&figures, 0).iter().all(|e| (e - 1.0).abs() < 1e-12));
        assert!(walked.effects(&figures, 2).iter().all(|e| (e + 3.0).abs() < 1e-12));
        assert!(walked.effects(&figures, 1).iter().all(|e| *e == 0.0));
    }
}
