//! How closely cells that are not published can be known from those that are: equations with unknowns, solved one by one, then by
//! linear programming around one cell.
// every index below comes from `Equations`, which is checked once when it is made
#![allow(clippy::indexing_slicing)]

use microlp::{ComparisonOp, OptimizationDirection, Problem};
use rustc_hash::{FxHashMap, FxHashSet};

/// Cells, what they truly are, and what holds between them.
#[derive(Debug)]
pub struct Equations {
    /// True value of each cell.
    pub values: Vec<f64>,
    /// What everyone knows a cell to be at least.
    pub least: Vec<f64>,
    /// Σ coefficient · cell = 0.
    pub rows: Vec<Vec<(u32, f64)>>,
    /// By cell: the rows it stands in.
    of: Vec<Vec<u32>>,
}

/// A solution other than the truth: what moves, and by how much.
pub(super) type Point = Vec<(u32, f64)>;

/// How many cells of one row are looked at where not all can be.
const FEW: usize = 8;

/// Rounding that counts as nothing, of a count.
pub(super) const NOTHING: f64 = 1e-6;

impl Equations {
    /// The equations; `None` where lengths differ, a row names a cell that is not there or a number is not finite.
    pub fn new(values: Vec<f64>, least: Vec<f64>, rows: Vec<Vec<(u32, f64)>>) -> Option<Equations> {
        let mut of = vec![Vec::new(); values.len()];
        for (at, row) in rows.iter().enumerate() {
            for &(cell, coefficient) in row {
                if !coefficient.is_finite() {
                    return None;
                }
                of.get_mut(cell as usize)?.push(u32::try_from(at).ok()?);
            }
        }
        let finite = values.iter().chain(&least).all(|x| x.is_finite());
        (finite && values.len() == least.len()).then_some(Equations { values, least, rows, of })
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows a cell stands in.
    pub(super) fn rows_of(&self, cell: u32) -> &[u32] {
        &self.of[cell as usize]
    }

    /// Cells that are open for anyone who solves equations with one unknown, over and over.
    pub(super) fn solved(&self, unknown: &[bool]) -> Vec<bool> {
        let mut known: Vec<bool> = unknown.iter().map(|u| !u).collect();
        let mut left: Vec<usize> = self.rows.iter().map(|row| row.iter().filter(|(c, _)| !known[*c as usize]).count()).collect();
        let mut ready: Vec<usize> = (0..left.len()).filter(|r| left[*r] == 1).collect();
        while let Some(row) = ready.pop() {
            let Some(cell) = self.rows[row].iter().map(|(c, _)| *c).find(|c| !known[*c as usize]) else { continue };
            known[cell as usize] = true;
            for &other in self.rows_of(cell) {
                left[other as usize] -= 1;
                if left[other as usize] == 1 {
                    ready.push(other as usize);
                }
            }
        }
        known
    }

    /// The solution that moves a cell farthest up (or down), to `reach`, with only the nearest `most` unknown cells moving.
    ///
    /// Whatever moves here can move for an attacker too, so its range is never overstated; it is exact where all that hangs together has
    /// fewer cells than `most`. `None` where the solver gives up.
    pub(super) fn farthest(&self, cell: u32, up: bool, reach: f64, known: &[bool], most: usize) -> Option<Point> {
        self.toward(&[(cell, if up { 1.0 } else { -1.0 })], reach, known, most)
    }

    /// As [`Equations::farthest`], of several cells at once, each up or down by its sign, around the first.
    pub(super) fn toward(&self, aims: &[(u32, f64)], reach: f64, known: &[bool], most: usize) -> Option<Point> {
        let (near, rows) = self.around(aims.first()?.0, known, most);
        let aim: FxHashMap<u32, f64> = aims.iter().copied().collect();
        let moving: FxHashSet<u32> = near.iter().copied().collect();
        let mut stands_in: FxHashMap<u32, u32> = FxHashMap::default();
        let terms = |row: u32| self.rows[row as usize].iter().filter(|(c, _)| moving.contains(c));
        for &row in &rows {
            terms(row).for_each(|(c, _)| *stands_in.entry(*c).or_default() += 1);
        }
        // a cell of one row alone is what the others leave: the row becomes an inequality
        let mut left: FxHashMap<u32, (u32, f64)> = FxHashMap::default();
        let mut is_left: FxHashSet<u32> = FxHashSet::default();
        for &row in &rows {
            if let Some(&(c, k)) = terms(row).find(|(c, _)| !aim.contains_key(c) && stands_in.get(c) == Some(&1)) {
                left.insert(row, (c, k));
                is_left.insert(c);
            }
        }
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut variable = FxHashMap::default();
        for &other in near.iter().filter(|c| !is_left.contains(c)) {
            // what moves is the distance from the truth; free variables start there, where every row holds
            let gain = aim.get(&other).copied().unwrap_or_default();
            variable.insert(other, problem.add_var(gain, (f64::NEG_INFINITY, f64::INFINITY)));
        }
        let room = |c: u32| (self.values[c as usize] - self.least[c as usize]).max(0.0);
        for (&other, &var) in near.iter().filter_map(|c| variable.get_key_value(c)) {
            let is_aim = aim.contains_key(&other);
            let low = if is_aim { room(other).min(reach) } else { room(other) };
            problem.add_constraint([(var, 1.0)].as_slice(), ComparisonOp::Ge, -low);
            if is_aim {
                problem.add_constraint([(var, 1.0)].as_slice(), ComparisonOp::Le, reach);
            }
        }
        for &row in &rows {
            let sum: Vec<_> = terms(row).filter_map(|(c, k)| variable.get(c).map(|v| (*v, *k))).collect();
            match left.get(&row) {
                None => problem.add_constraint(sum.as_slice(), ComparisonOp::Eq, 0.0),
                // Σ + k c = 0 and c >= -room
                Some(&(c, k)) if k > 0.0 => problem.add_constraint(sum.as_slice(), ComparisonOp::Le, k * room(c)),
                Some(&(c, k)) => problem.add_constraint(sum.as_slice(), ComparisonOp::Ge, k * room(c)),
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let mut moved: FxHashMap<u32, f64> = near.iter().filter_map(|c| variable.get(c).map(|v| (*c, solution.var_value(*v)))).collect();
        for (row, (c, k)) in rows.iter().filter_map(|row| left.get_key_value(row)) {
            let sum: f64 = terms(*row).filter(|(other, _)| other != c).filter_map(|(other, k)| moved.get(other).map(|d| k * d)).sum();
            moved.insert(*c, -sum / k);
        }
        let point: Point = near.iter().filter_map(|c| moved.get(c).map(|d| (*c, *d))).filter(|(_, d)| d.abs() > NOTHING).collect();
        self.holds(&point).then_some(point)
    }

    /// Whether a solution keeps every equation and bound, to rounding: the solver's word alone is not taken.
    fn holds(&self, point: &Point) -> bool {
        let moved: FxHashMap<u32, f64> = point.iter().copied().collect();
        let bounds = point.iter().all(|&(c, d)| self.values[c as usize] + d >= self.least[c as usize] - 1e-4);
        let mut rows: Vec<u32> = point.iter().flat_map(|(c, _)| self.rows_of(*c)).copied().collect();
        rows.sort_unstable();
        rows.dedup();
        bounds
            && rows.iter().all(|row| {
                let sum: f64 = self.rows[*row as usize].iter().filter_map(|(c, k)| moved.get(c).map(|d| d * k)).sum();
                sum.abs() <= 1e-4
            })
    }

    /// The unknown cells that hang together with one, and every row that one of them stands in: all where they are no more than `most`,
    /// else the nearest, of each row the largest few.
    fn around(&self, cell: u32, known: &[bool], most: usize) -> (Vec<u32>, Vec<u32>) {
        let (near, rows) = self.spread(cell, known, most + 1, usize::MAX);
        if near.len() <= most { (near, rows) } else { self.spread(cell, known, most, FEW) }
    }

    fn spread(&self, cell: u32, known: &[bool], most: usize, few: usize) -> (Vec<u32>, Vec<u32>) {
        let mut near = vec![cell];
        let mut seen: FxHashSet<u32> = [cell].into_iter().collect();
        let mut rows: Vec<u32> = Vec::new();
        let mut met: FxHashSet<u32> = FxHashSet::default();
        let mut at = 0;
        while at < near.len() {
            for &row in self.rows_of(near[at]) {
                if !met.insert(row) {
                    continue;
                }
                rows.push(row);
                let mut others: Vec<u32> = self.rows[row as usize].iter().map(|(c, _)| *c).filter(|c| !known[*c as usize]).collect();
                if others.len() > few {
                    others.sort_by(|a, b| self.values[*b as usize].total_cmp(&self.values[*a as usize]).then(a.cmp(b)));
                    others.truncate(few);
                }
                for other in others {
                    if near.len() < most && seen.insert(other) {
                        near.push(other);
                    }
                }
            }
            at += 1;
        }
        (near, rows)
    }
}
