//! What the exponential of a matrix without negative entries does to a vector, and its diagonal.
// Columns are checked in `Rows::new`; vectors are made to the number of rows.
#![allow(clippy::indexing_slicing)]

use crate::{Error, Result};

use super::{Tick, cancelled, filled};

/// A square matrix by rows.
#[derive(Debug, Clone)]
pub struct Rows {
    offsets: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    /// The matrix is applied in so many equal parts, each of row sums up to 1.
    stages: u32,
}

/// Terms of the series of each part: 1/21! is below the last digit.
const TERMS: u32 = 20;
/// Greatest row sum: beyond, the exponential leaves the finite numbers.
const MOST: f64 = 700.0;

impl Rows {
    /// # Errors
    /// `Argument` for a column outside, an entry that is negative or not finite, a row sum past 700; `Memory`.
    pub fn new(n: usize, entries: &[(u32, u32, f64)]) -> Result<Rows> {
        let mut offsets = filled(n + 1, 0usize)?;
        let mut sums = filled(n, 0.0f64)?;
        for &(i, j, value) in entries {
            if i as usize >= n || j as usize >= n || !(value.is_finite() && value >= 0.0) {
                return Err(Error::argument(format!("found the entry {value} at row {i}, column {j} of a matrix of {n} rows")));
            }
            offsets[i as usize + 1] += 1;
            sums[i as usize] += value;
        }
        for i in 0..n {
            offsets[i + 1] += offsets[i];
        }
        let most = sums.iter().copied().fold(0.0, f64::max);
        if most > MOST {
            return Err(Error::argument(format!(
                "a row of the matrix sums to {most}, wanted at most {MOST}: its exponential is no number"
            )));
        }
        let mut place = offsets.clone();
        let (mut columns, mut values) = (filled(entries.len(), 0u32)?, filled(entries.len(), 0.0)?);
        for &(i, j, value) in entries {
            let at = &mut place[i as usize];
            (columns[*at], values[*at]) = (j, value);
            *at += 1;
        }
        Ok(Rows { offsets, columns, values, stages: most.ceil().max(1.0) as u32 })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries of a row.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.offsets[i]..self.offsets[i + 1];
        self.columns[row.clone()].iter().zip(&self.values[row]).map(|(j, value)| (*j as usize, *value))
    }

    /// `x ← e^M x` by the series, part by part, without one row where asked for. The terms are the same in number whatever is left out, so that what a row does
    /// not reach changes none of its digits. Nothing is subtracted, so no digit is lost.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn act(&self, without: Option<usize>, x: &mut [f64], scratch: &mut Scratch, tick: Tick<'_>) -> Result<()> {
        let share = 1.0 / f64::from(self.stages);
        for stage in 0..self.stages {
            scratch.term.copy_from_slice(x);
            for k in 1..=TERMS {
                if !tick(u64::from(stage)) {
                    return Err(cancelled());
                }
                let factor = share / f64::from(k);
                for i in 0..self.len() {
                    let sum: f64 =
                        if without == Some(i) { 0.0 } else { self.row(i).map(|(j, m)| m * scratch.term[j]).fold(0.0, |s, p| s + p) };
                    scratch.next[i] = factor * sum;
                }
                std::mem::swap(&mut scratch.term, &mut scratch.next);
                x.iter_mut().zip(&scratch.term).for_each(|(x, term)| *x += term);
            }
        }
        Ok(())
    }
}

/// Vectors that acting needs.
#[derive(Debug)]
pub struct Scratch {
    term: Vec<f64>,
    next: Vec<f64>,
}

impl Scratch {
    /// # Errors
    /// `Memory`.
    pub fn new(n: usize) -> Result<Scratch> {
        Ok(Scratch { term: filled(n, 0.0)?, next: filled(n, 0.0)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    #[test]
    fn a_swap_has_hyperbolic_functions() {
        // e^{c [[0,1],[1,0]]} = [[cosh c, sinh c], [sinh c, cosh c]]
        let c = 7.3f64;
        let rows = Rows::new(2, &[(0, 1, c), (1, 0, c)]).unwrap();
        let mut x = [1.0, 0.0];
        let mut scratch = Scratch::new(2).unwrap();
        rows.act(None, &mut x, &mut scratch, &never).unwrap();
        assert!((x[0] / c.cosh() - 1.0).abs() < 1e-13 && (x[1] / c.sinh() - 1.0).abs() < 1e-13);
        let mut x = [1.0, 1.0];
        rows.act(Some(1), &mut x, &mut scratch, &never).unwrap();
        assert!((x[0] - (1.0 + c)).abs() < 1e-13 && x[1] == 1.0);
        assert_eq!(rows.act(None, &mut x, &mut scratch, &|_| false).unwrap_err().kind, crate::ErrorKind::Cancelled);
    }

    #[test]
    fn what_has_no_exponential_is_refused() {
        for entry in [(0, 2, 1.0), (0, 1, -1.0), (0, 1, f64::NAN), (0, 1, 701.0)] {
            assert!(Rows::new(2, &[entry]).is_err());
        }
        assert!(Rows::new(0, &[]).unwrap().is_empty());
    }
}
