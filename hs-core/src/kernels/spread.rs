//! How a number that is not sure spreads over its range, as a quantile function: from an even number between 0 and 1 to a value.
//!
//! Quantiles rather than acceptance and rejection, so that the same even number gives a higher value under a higher range (common random
//! numbers) and so that quasi-random points keep their order.
// Tables have the sizes they are made with; cells are searched within them.
#![allow(clippy::indexing_slicing)]

use super::quantiles;

/// Cells of the range, denser towards both ends.
const CELLS: usize = 64;
/// Cells of even shares, from which quantiles are read without a search.
const EVEN: usize = 128;
/// So many of those at either end are too steep, and are searched.
const STEEP: usize = 4;
/// Nodes and weights of three-point Gauss-Legendre on [0, 1].
const GAUSS: [(f64, f64); 3] = [(0.112_701_665_379_258_31, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.887_298_334_620_741_7, 5.0 / 18.0)];

/// How a number spreads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Not at all.
    Point(f64),
    /// Evenly.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A straight rise to the mode and a straight fall from it.
    Triangular {
        /// Lower end.
        low: f64,
        /// The likeliest value.
        mode: f64,
        /// Upper end.
        high: f64,
    },
    /// A beta on [low, low + width]; both shapes 1 or above.
    Beta {
        /// Lower end.
        low: f64,
        /// Upper end less lower end.
        width: f64,
        /// First shape.
        a: f64,
        /// Second shape.
        b: f64,
    },
}

impl Spread {
    /// Evenly over a range; a range without width is the value.
    pub fn uniform(low: f64, value: f64, high: f64) -> Spread {
        if high > low { Spread::Uniform { low, high } } else { Spread::Point(value) }
    }

    /// Triangular with its mode at the value.
    pub fn triangular(low: f64, value: f64, high: f64) -> Spread {
        if high > low { Spread::Triangular { low, mode: value, high } } else { Spread::Point(value) }
    }

    /// PERT: a beta with its mode at the value and the mean `(low + 4 value + high)/6`.
    pub fn pert(low: f64, value: f64, high: f64) -> Spread {
        let width = high - low;
        if width <= 0.0 {
            return Spread::Point(value);
        }
        let mode = ((value - low) / width).clamp(0.0, 1.0);
        Spread::Beta { low, width, a: 1.0 + 4.0 * mode, b: 5.0 - 4.0 * mode }
    }

    /// A beta with its mean at the value and a standard deviation of a sixth of the range, less where one of its shapes would fall below 1;
    /// a value at an end of its range leaves a mean no room and stands as it is.
    pub fn beta(low: f64, value: f64, high: f64) -> Spread {
        let width = high - low;
        let mean = (value - low) / width;
        if width <= 0.0 || mean <= 0.0 || mean >= 1.0 {
            return Spread::Point(value);
        }
        // variance μ(1-μ)/(a+b+1)
        let sum = (36.0 * mean * (1.0 - mean) - 1.0).max(1.0 / mean.min(1.0 - mean));
        Spread::Beta { low, width, a: mean * sum, b: (1.0 - mean) * sum }
    }

    /// Lower and upper end.
    pub fn ends(&self) -> (f64, f64) {
        match *self {
            Spread::Point(value) => (value, value),
            Spread::Uniform { low, high } | Spread::Triangular { low, high, .. } => (low, high),
            Spread::Beta { low, width, .. } => (low, low + width),
        }
    }

    /// The value below which that share lies, to twelve digits; slower than [`Quantiles`].
    pub fn quantile(&self, share: f64) -> f64 {
        match *self {
            Spread::Point(value) => value,
            Spread::Uniform { low, high } => low + (high - low) * share,
            Spread::Triangular { low, mode, high } => triangular(low, mode, high, share),
            Spread::Beta { low, width, a, b } => low + width * quantiles::beta(share, a, b).unwrap_or(if share <= 0.0 { 0.0 } else { 1.0 }),
        }
    }
}

fn triangular(low: f64, mode: f64, high: f64, share: f64) -> f64 {
    let (width, left) = (high - low, mode - low);
    let x = if share * width < left { low + (share * width * left).sqrt() } else { high - ((1.0 - share) * width * (high - mode)).sqrt() };
    x.clamp(low, high)
}

/// One cell of a table: a cubic from the share within it to the value.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    steep: bool,
    from: f64,
    per: f64,
    value: f64,
    terms: [f64; 3],
}

/// Quantiles of one spread after another, in one piece of memory.
///
/// # Method
/// The density of a beta on fixed points (denser towards both ends), added up by three-point Gauss-Legendre; between the points the quantile is
/// the cubic with the right values and slopes, where that is steep a power. From there a second table on even shares. No quantile of shapes to
/// 5 (those of PERT) is further off than [`Quantiles::ERROR`] of the width, and none between the shares 0.01 and 0.99 than a fifth of that.
#[derive(Debug, Clone)]
pub struct Quantiles {
    /// Logarithms of x and 1-x at the points of a cell, then at its lower end: `CELLS` of each, and one more end.
    log_x: Vec<f64>,
    log_rest: Vec<f64>,
    ends: Vec<f64>,
    density: Vec<f64>,
    shares: Vec<f64>,
    cells: Vec<Cell>,
    even: Vec<[f64; 4]>,
    spread: Spread,
}

impl Default for Quantiles {
    fn default() -> Self {
        Quantiles::new()
    }
}

impl Quantiles {
    /// Greatest error of a quantile, as a share of the width.
    pub const ERROR: f64 = 1e-4;

    /// Tables without a spread yet.
    pub fn new() -> Self {
        let end = |cell: usize| {
            let half = 0.5 * std::f64::consts::PI * cell as f64 / CELLS as f64;
            (half.sin().powi(2), half.cos().powi(2))
        };
        let ends: Vec<f64> = (0..=CELLS).map(|cell| end(cell).0).collect();
        let mut points = Vec::with_capacity(4 * CELLS + 1);
        for (at, _) in GAUSS {
            points.extend((0..CELLS).map(|cell| {
                let ((x, rest), (next, next_rest)) = (end(cell), end(cell + 1));
                (x + at * (next - x), rest + at * (next_rest - rest))
            }));
        }
        points.extend((0..=CELLS).map(end));
        // the logarithm of 0 would turn a power of 0 into no number
        let log = |x: f64| x.max(1e-300).ln();
        Quantiles {
            log_x: points.iter().map(|p| log(p.0)).collect(),
            log_rest: points.iter().map(|p| log(p.1)).collect(),
            density: vec![0.0; points.len()],
            shares: vec![0.0; CELLS + 1],
            cells: vec![Cell::default(); CELLS],
            even: vec![[0.0; 4]; EVEN],
            ends,
            spread: Spread::Point(0.0),
        }
    }

    /// Turns to another spread.
    pub fn turn(&mut self, spread: Spread) {
        let shapes = |spread: &Spread| match *spread {
            Spread::Beta { a, b, .. } => Some((a, b)),
            _ => None,
        };
        let (old, new) = (shapes(&self.spread), shapes(&spread));
        self.spread = spread;
        if let Some((a, b)) = new
            && old != new
        {
            pulp::Arch::new().dispatch(Tabling { tables: self, a, b });
        }
    }

    /// The value below which that share lies.
    #[inline]
    pub fn at(&self, share: f64) -> f64 {
        match self.spread {
            Spread::Point(value) => value,
            Spread::Uniform { low, high } => low + (high - low) * share,
            Spread::Triangular { low, mode, high } => triangular(low, mode, high, share),
            Spread::Beta { low, width, .. } => low + width * self.unit(share),
        }
    }

    #[inline]
    fn unit(&self, share: f64) -> f64 {
        let scaled = share * EVEN as f64;
        let at = scaled as usize;
        if !(STEEP..EVEN - STEEP).contains(&at) {
            return self.searched(share);
        }
        let t = scaled - at as f64;
        let [value, first, second, third] = self.even[at];
        value + t * (first + t * (second + t * third))
    }

    #[inline(never)]
    fn searched(&self, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        let at = self.shares.partition_point(|s| *s <= share).clamp(1, CELLS) - 1;
        let cell = &self.cells[at];
        if cell.steep {
            return self.steep(at, share);
        }
        let t = (share - cell.from) * cell.per;
        let [first, second, third] = cell.terms;
        // rounding may leave a cell by a hair
        (cell.value + t * (first + t * (second + t * third))).clamp(self.ends[at], self.ends[at + 1])
    }

    /// Towards an end the share is all but a power of the distance from it.
    #[cold]
    fn steep(&self, at: usize, share: f64) -> f64 {
        let Spread::Beta { a, b, .. } = self.spread else { return 0.0 };
        let upper = 2 * at >= CELLS;
        let (near, far, shape) = if upper { (at + 1, at, b) } else { (at, at + 1, a) };
        let beyond = |x: f64| if upper { 1.0 - x } else { x };
        let (x, share_there) = (beyond(self.ends[far]), beyond(self.shares[far]));
        if share_there <= 0.0 {
            return self.ends[far];
        }
        let (less, less_share) = (beyond(self.ends[near]), beyond(self.shares[near]));
        let power = if less_share > 0.0 && less > 0.0 { (x / less).ln() / (share_there / less_share).ln() } else { 1.0 / shape };
        beyond(x * (beyond(share) / share_there).powf(power)).clamp(self.ends[at], self.ends[at + 1])
    }

    #[inline(always)]
    fn tabulate(&mut self, a: f64, b: f64) {
        let (less_a, less_b) = (a - 1.0, b - 1.0);
        // scaled by the height at the mode, so that no density runs out of numbers
        let mode = if less_a + less_b > 0.0 { less_a / (less_a + less_b) } else { 0.5 };
        let height = |power: f64, x: f64| if power > 0.0 { power * x.ln() } else { 0.0 };
        let top = height(less_a, mode) + height(less_b, 1.0 - mode);
        for ((density, log_x), log_rest) in self.density.iter_mut().zip(&self.log_x).zip(&self.log_rest) {
            *density = super::ensemble::exp(less_a * log_x + less_b * log_rest - top);
        }
        let (inner, at_ends) = self.density.split_at(3 * CELLS);
        let mut sum = 0.0;
        for cell in 0..CELLS {
            self.shares[cell] = sum;
            let mean = GAUSS[0].1 * inner[cell] + GAUSS[1].1 * inner[CELLS + cell] + GAUSS[2].1 * inner[2 * CELLS + cell];
            sum += mean * (self.ends[cell + 1] - self.ends[cell]);
        }
        self.shares[CELLS] = sum;
        let scale = 1.0 / sum;
        for share in &mut self.shares {
            *share *= scale;
        }
        self.shares[CELLS] = 1.0;
        for (at, cell) in self.cells.iter_mut().enumerate() {
            let (mass, width) = (self.shares[at + 1] - self.shares[at], self.ends[at + 1] - self.ends[at]);
            // slopes of the quantile at both ends, for a share within the cell from 0 to 1
            let (first, last) = (mass / (at_ends[at] * scale), mass / (at_ends[at + 1] * scale));
            *cell = Cell {
                // a cubic bends too little for what is steeper; no number counts as steep
                steep: !(first < 1.5 * width && last < 1.5 * width),
                from: self.shares[at],
                per: if mass > 0.0 { 1.0 / mass } else { 0.0 },
                value: self.ends[at],
                terms: [first, 3.0 * width - 2.0 * first - last, first + last - 2.0 * width],
            };
        }
        let mut cell = 0;
        let mut last = (0.0, 0.0);
        for at in STEEP..=EVEN - STEEP {
            let share = at as f64 / EVEN as f64;
            while cell + 1 < CELLS && self.shares[cell + 1] <= share {
                cell += 1;
            }
            let Cell { from, per, value, terms: [first, second, third], .. } = self.cells[cell];
            let t = (share - from) * per;
            // value and slope over a cell of even shares
            let here = (
                value + t * (first + t * (second + t * third)),
                (first + t * (2.0 * second + t * 3.0 * third)) * per * (1.0 / EVEN as f64),
            );
            if at > STEEP {
                let rise = here.0 - last.0;
                self.even[at - 1] = [last.0, last.1, 3.0 * rise - 2.0 * last.1 - here.1, last.1 + here.1 - 2.0 * rise];
            }
            last = here;
        }
    }
}

struct Tabling<'a> {
    tables: &'a mut Quantiles,
    a: f64,
    b: f64,
}

impl pulp::NullaryFnOnce for Tabling<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.tables.tabulate(self.a, self.b);
    }
}

/// The spread whose central interval of that probability is [low, high], of the same kind and about the same value as `over` makes it.
///
/// # Method
/// With the value at share m of the support, `(value - low)/(high - low) = (m - q₁(m))/(q₂(m) - q₁(m))` for the quantiles q₁ and q₂ of the
/// support [0, 1]; m by halving, then the width.
///
/// None where there is no such spread: a beta cannot have its mean at the end of a central interval.
pub fn fitted(low: f64, value: f64, high: f64, probability: f64, over: fn(f64, f64, f64) -> Spread) -> Option<Spread> {
    let width = high - low;
    if width <= 0.0 {
        return Some(Spread::Point(value));
    }
    let tail = 0.5 * (1.0 - probability);
    let wanted = (value - low) / width;
    let quantiles_at = |m: f64| {
        let unit = over(0.0, m, 1.0);
        (unit.quantile(tail), unit.quantile(1.0 - tail))
    };
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..48 {
        let m = 0.5 * (below + above);
        let (first, last) = quantiles_at(m);
        if last > first && (m - first) < wanted * (last - first) { below = m } else { above = m }
    }
    let m = 0.5 * (below + above);
    let (first, last) = quantiles_at(m);
    if last <= first || ((m - first) / (last - first) - wanted).abs() > 1e-9 {
        return None;
    }
    let support = width / (last - first);
    Some(over(value - m * support, value, value + (1.0 - m) * support))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_keep_their_error_at_every_shape() {
        let mut tables = Quantiles::new();
        let (mut worst, mut middle) = (0.0f64, 0.0f64);
        for (a, b) in
            [(1.0, 5.0), (1.04, 4.96), (1.2, 4.8), (2.0, 4.0), (2.6, 3.4), (3.0, 3.0), (4.9, 1.1), (5.0, 1.0), (1.0, 1.0), (4.0, 4.0)]
        {
            tables.turn(Spread::Beta { low: 0.0, width: 1.0, a, b });
            for k in 1..2000 {
                let share = f64::from(k) / 2000.0;
                let share = if k % 7 == 0 { share.powi(4) } else { share };
                let error = (tables.at(share) - quantiles::beta(share, a, b).unwrap()).abs();
                worst = worst.max(error);
                if (0.01..=0.99).contains(&share) {
                    middle = middle.max(error);
                }
            }
            assert!(worst < Quantiles::ERROR && middle < 0.2 * Quantiles::ERROR, "{a} {b}: {worst:e} {middle:e}");
        }
    }

    #[test]
    fn ends_and_points() {
        let mut tables = Quantiles::new();
        tables.turn(Spread::pert(0.2, 0.2, 0.7));
        assert_eq!((tables.at(0.0), tables.at(1.0)), (0.2, 0.7));
        tables.turn(Spread::pert(0.4, 0.4, 0.4));
        assert_eq!(tables.at(0.3), 0.4);
        tables.turn(Spread::triangular(0.0, 0.25, 1.0));
        assert_eq!((tables.at(0.0), tables.at(0.25), tables.at(1.0)), (0.0, 0.25, 1.0));
        tables.turn(Spread::uniform(-1.0, 0.0, 3.0));
        assert_eq!(tables.at(0.75), 2.0);
        assert_eq!(Spread::beta(0.0, 0.0, 1.0), Spread::Point(0.0));
        // mean 1/2, standard deviation 1/6: a = b = 4; mean 0.1: a = 1, b = 9
        assert_eq!(Spread::beta(0.0, 0.5, 1.0), Spread::Beta { low: 0.0, width: 1.0, a: 4.0, b: 4.0 });
        assert!(matches!(Spread::beta(0.0, 0.1, 1.0), Spread::Beta { a, b, .. } if (a - 1.0).abs() < 1e-12 && (b - 9.0).abs() < 1e-12));
    }

    #[test]
    fn central_intervals_are_met() {
        for (over, values) in [
            (Spread::pert as fn(f64, f64, f64) -> Spread, [0.25, 0.3, 0.6]),
            (Spread::triangular, [0.3, 0.5, 0.75]),
            (Spread::beta, [0.43, 0.5, 0.55]),
        ] {
            for value in values {
                let spread = fitted(0.25, value, 0.75, 0.9, over).unwrap();
                let (low, high) = (spread.quantile(0.05), spread.quantile(0.95));
                assert!((low - 0.25).abs() < 1e-9 && (high - 0.75).abs() < 1e-9, "{value}: {low} {high} {spread:?}");
            }
        }
        // even: the interval of 0.8 is 0.8 of the width
        let even = fitted(0.1, 0.3, 0.9, 0.8, Spread::uniform).unwrap();
        let (low, high) = even.ends();
        assert!((high - low - 1.0).abs() < 1e-9);
        assert!(fitted(0.1, 0.1, 0.9, 0.9, Spread::pert).is_some());
        assert_eq!(fitted(0.1, 0.1, 0.9, 0.9, Spread::beta), None);
    }
}
