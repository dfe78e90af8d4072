//! Small dense matrices, row by row: factorisation, products, the radius of any square matrix.
// Every matrix is checked to be n x n where it enters.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use crate::{Error, Result};

use super::{Tick, cancelled, copied, filled};

/// Columns of a right-hand side that are solved together: they stay in the cache.
const COLUMNS: usize = 64;

/// Rows past which threads are worth waking.
const PARALLEL: usize = 128;

/// A factorisation `PA = LU`.
#[derive(Debug, Clone)]
pub struct Lu {
    n: usize,
    factors: Vec<f64>,
    rows: Vec<usize>,
}

fn square(n: usize, a: &[f64]) -> Result<()> {
    if n.checked_mul(n) == Some(a.len()) {
        return Ok(());
    }
    Err(Error::argument(format!("a matrix of {n} rows needs {n} x {n} values, found {}", a.len())))
}

impl Lu {
    /// Factorises with partial pivoting; none where the matrix is singular.
    ///
    /// # Errors
    /// `Argument` for a matrix that is not square, `Memory`, `Cancelled`.
    pub fn new(n: usize, a: &[f64], tick: Tick<'_>) -> Result<Option<Lu>> {
        square(n, a)?;
        let mut f = copied(a)?;
        let mut rows: Vec<usize> = (0..n).collect();
        for k in 0..n {
            if !tick(k as u64) {
                return Err(cancelled());
            }
            let pivot = (k..n).max_by(|&i, &j| f[i * n + k].abs().total_cmp(&f[j * n + k].abs()).then(j.cmp(&i))).unwrap_or(k);
            if f[pivot * n + k] == 0.0 || !f[pivot * n + k].is_finite() {
                return Ok(None);
            }
            if pivot != k {
                rows.swap(pivot, k);
                for c in 0..n {
                    f.swap(pivot * n + c, k * n + c);
                }
            }
            let (above, below) = f.split_at_mut((k + 1) * n);
            let top = &above[k * n..];
            let eliminate = |row: &mut [f64]| {
                let factor = row[k] / top[k];
                row[k] = factor;
                if factor != 0.0 {
                    row[k + 1..].iter_mut().zip(&top[k + 1..]).for_each(|(x, t)| *x -= factor * t);
                }
            };
            if n - k > 256 {
                below.par_chunks_mut(n).with_min_len(32).for_each(eliminate);
            } else {
                below.chunks_mut(n.max(1)).for_each(eliminate);
            }
        }
        Ok(Some(Lu { n, factors: f, rows }))
    }

    /// `A^{-1} B` for a matrix of as many rows, `columns` wide.
    ///
    /// # Errors
    /// `Argument` for a right-hand side of another size, `Memory`, `Cancelled`.
    pub fn solve(&self, b: &[f64], columns: usize, tick: Tick<'_>) -> Result<Vec<f64>> {
        let n = self.n;
        if n.checked_mul(columns) != Some(b.len()) {
            return Err(Error::argument(format!("a right-hand side of {n} rows and {columns} columns, found {} values", b.len())));
        }
        let mut x = filled(b.len(), 0.0)?;
        let parts: Vec<usize> = (0..columns).step_by(COLUMNS).collect();
        // A few blocks at a time, so that the tick is looked at between them.
        for group in parts.chunks(4) {
            if !tick(group.first().copied().unwrap_or(0) as u64) {
                return Err(cancelled());
            }
            let solve = |&first: &usize| self.block(b, columns, first);
            let solved: Vec<Vec<f64>> =
                if n > PARALLEL { group.par_iter().map(solve).collect() } else { group.iter().map(solve).collect() };
            for (&first, block) in group.iter().zip(&solved) {
                let width = COLUMNS.min(columns - first);
                for i in 0..n {
                    x[i * columns + first..i * columns + first + width].copy_from_slice(&block[i * width..(i + 1) * width]);
                }
            }
        }
        Ok(x)
    }

    fn block(&self, b: &[f64], columns: usize, first: usize) -> Vec<f64> {
        let n = self.n;
        let width = COLUMNS.min(columns - first);
        let mut x = vec![0.0; n * width];
        for i in 0..n {
            let (done, rest) = x.split_at_mut(i * width);
            let row = &mut rest[..width];
            let from = self.rows[i] * columns + first;
            row.copy_from_slice(&b[from..from + width]);
            for k in 0..i {
                subtract(row, self.factors[i * n + k], &done[k * width..(k + 1) * width]);
            }
        }
        for i in (0..n).rev() {
            let (head, done) = x.split_at_mut((i + 1) * width);
            let row = &mut head[i * width..];
            for k in i + 1..n {
                subtract(row, self.factors[i * n + k], &done[(k - i - 1) * width..(k - i) * width]);
            }
            let pivot = self.factors[i * n + i];
            row.iter_mut().for_each(|x| *x /= pivot);
        }
        x
    }
}

fn subtract(row: &mut [f64], factor: f64, other: &[f64]) {
    if factor != 0.0 {
        row.iter_mut().zip(other).for_each(|(x, o)| *x -= factor * o);
    }
}

/// `A A`.
fn squared(n: usize, a: &[f64]) -> Result<Vec<f64>> {
    let mut c = filled(a.len(), 0.0)?;
    let product = |(i, row): (usize, &mut [f64])| {
        for k in 0..n {
            subtract(row, -a[i * n + k], &a[k * n..(k + 1) * n]);
        }
    };
    if n > PARALLEL {
        c.par_chunks_mut(n).enumerate().for_each(product);
    } else {
        c.chunks_mut(n.max(1)).enumerate().for_each(product);
    }
    Ok(c)
}

/// `A^(2^squarings)` of a matrix without negative entries, up to a positive factor.
///
/// # Errors
/// `Argument` for a matrix that is not square, `Memory`, `Cancelled`.
pub fn power_of_two(n: usize, a: Vec<f64>, squarings: u32, tick: Tick<'_>) -> Result<Vec<f64>> {
    square(n, &a)?;
    let mut power = a;
    for k in 0..squarings {
        if !tick(u64::from(k)) {
            return Err(cancelled());
        }
        let greatest = power.iter().copied().fold(0.0, f64::max);
        power.iter_mut().for_each(|x| *x /= greatest);
        power = squared(n, &power)?;
    }
    Ok(power)
}

/// Bounds on the spectral radius of a square matrix, of any signs.
///
/// # Method
/// With m = 2^k: `|tr A^m / n|^{1/m} <= ρ <= ‖A^m‖^{1/m}` (Gelfand), by repeated squaring, each square scaled to norm 1. With
/// k = 26 the norm has lost its say and the upper end is ρ itself but for rounding; the lower end only ever proves that ρ is not below it.
///
/// # Errors
/// `Argument` for a matrix that is not square, `Memory`, `Cancelled`.
pub fn radius(n: usize, a: &[f64], tick: Tick<'_>) -> Result<(f64, f64)> {
    square(n, a)?;
    let mut power = copied(a)?;
    let (mut lower, mut upper) = (0.0f64, f64::INFINITY);
    // ln of what has been scaled out, for the power at hand.
    let mut scale = 0.0f64;
    for k in 0..=26 {
        if !tick(k) {
            return Err(cancelled());
        }
        let m = 2f64.powi(k as i32);
        let norm = power.chunks(n.max(1)).map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max);
        if !norm.is_finite() {
            return Ok((lower, f64::INFINITY));
        }
        if norm < 1e-200 {
            return Ok((0.0, upper.min(((norm.max(f64::MIN_POSITIVE).ln() + scale) / m).exp())));
        }
        upper = upper.min(((norm.ln() + scale) / m).exp());
        let trace: f64 = (0..n).map(|i| power[i * n + i]).sum();
        // Past a few dozen squarings rounding, not the matrix, would speak through a small trace.
        if trace.abs() > 1e-6 * norm {
            lower = lower.max((((trace.abs() / n as f64).ln() + scale) / m).exp());
        }
        power.iter_mut().for_each(|x| *x /= norm);
        scale = 2.0 * (scale + norm.ln());
        if k < 26 {
            power = squared(n, &power)?;
        }
    }
    Ok((lower.min(upper), upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn solves_with_pivoting() {
        let a = [0.0, 2.0, 1.0, 1.0, -1.0, 0.0, 3.0, 0.0, 1.0];
        let lu = Lu::new(3, &a, &never).unwrap().unwrap();
        let inverse = lu.solve(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], 3, &never).unwrap();
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| a[i * 3 + k] * inverse[k * 3 + j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        assert!(Lu::new(2, &[1.0, 2.0, 2.0, 4.0], &never).unwrap().is_none());
        assert!(Lu::new(2, &[1.0], &never).is_err());
    }

    #[test]
    fn radius_of_known_matrices() {
        // rotation by 30 degrees times 0.8; a nilpotent block; a companion matrix of roots 0.5 and -1.5
        let (s, c) = (0.4, 0.8 * 0.75f64.sqrt());
        for (n, a, rho) in
            [(2, vec![c, -s, s, c], 0.8), (2, vec![0.0, 5.0, 0.0, 0.0], 0.0), (2, vec![-1.0, 0.75, 1.0, 0.0], 1.5), (1, vec![-0.25], 0.25)]
        {
            let (lower, upper) = radius(n, &a, &never).unwrap();
            assert!(lower <= rho + 1e-9 && upper >= rho - 1e-9, "{lower} {rho} {upper}");
            assert!(upper - rho < 1e-6, "{upper} {rho}");
        }
    }
}
