//! Sums over walks of one length: powers of a matrix times a vector, never the powers themselves.
// Positions come from a checked `Csr`; vectors have its length.
#![allow(clippy::indexing_slicing)]

use super::{Csr, Tick, cancelled, filled};
use crate::Result;

/// Rows between two looks at the tick.
const ROWS: usize = 1 << 16;

/// `y_j = Σ w_ij x_i` over the edges into j, on weights or their magnitudes. `passes` counts calls of the tick.
fn gather(csr: &Csr, magnitudes: bool, x: &[f64], y: &mut [f64], passes: &mut u64, tick: Tick<'_>) -> Result<()> {
    for (block, part) in y.chunks_mut(ROWS).enumerate() {
        if !tick(*passes) {
            return Err(cancelled());
        }
        *passes += 1;
        for (k, y) in part.iter_mut().enumerate() {
            let terms = csr.row(block * ROWS + k).map(|edge| {
                let w = csr.weights()[edge];
                (if magnitudes { w.abs() } else { w }) * x[csr.sources()[edge] as usize]
            });
            *y = terms.sum();
        }
    }
    Ok(())
}

/// `Σ_{k=1..order} damping^{k-1} A^k 1`, and `A 1` by itself, where A holds the edges out of each node as rows of `turned`.
///
/// A number past the largest comes back as it is, infinite or NaN: the caller says what that means.
///
/// # Errors
/// `Cancelled`; `Memory`.
pub fn damped_sums(turned: &Csr, order: u32, damping: f64, tick: Tick<'_>) -> Result<(Vec<f64>, Vec<f64>)> {
    let n = turned.nodes();
    let (mut now, mut next) = (filled(n, 1.0)?, filled(n, 0.0)?);
    let (mut first, mut total) = (filled(n, 0.0)?, filled(n, 0.0)?);
    let mut factor = 1.0;
    let mut passes = 0;
    for k in 1..=order {
        gather(turned, false, &now, &mut next, &mut passes, tick)?;
        std::mem::swap(&mut now, &mut next);
        if k == 1 {
            first.copy_from_slice(&now);
        }
        for (total, term) in total.iter_mut().zip(&now) {
            *total += factor * term;
        }
        factor *= damping;
        // nothing is left to travel
        if factor == 0.0 || now.iter().all(|x| *x == 0.0) {
            break;
        }
    }
    Ok((first, total))
}

/// Sums of the rows of `|A|^power` as shares of their total, where the rows of `csr` hold the entries of A's columns; none where that power is 0.
///
/// Each pass is divided by its greatest number, so that no power is too high.
///
/// # Errors
/// `Cancelled`; `Memory`.
pub fn shares_of_power(csr: &Csr, power: u32, tick: Tick<'_>) -> Result<Option<Vec<f64>>> {
    let n = csr.nodes();
    let (mut now, mut next) = (filled(n, 1.0)?, filled(n, 0.0)?);
    // a weight near the largest number must not overflow a sum
    let most = csr.weights().iter().fold(0.0f64, |most, w| most.max(w.abs()));
    if most == 0.0 {
        return Ok(None);
    }
    let scaled = csr.divided(most)?;
    let mut passes = 0;
    for _ in 0..power {
        gather(&scaled, true, &now, &mut next, &mut passes, tick)?;
        std::mem::swap(&mut now, &mut next);
        let most = now.iter().fold(0.0f64, |most, x| most.max(*x));
        if most == 0.0 {
            return Ok(None);
        }
        now.iter_mut().for_each(|x| *x /= most);
    }
    let total: f64 = now.iter().sum();
    now.iter_mut().for_each(|x| *x /= total);
    Ok(Some(now))
}

#[cfg(test)]
mod tests {
    use super::super::never;
    use super::*;

    #[test]
    fn sums_by_hand() {
        // out of 0: 2 to 1; out of 1: 3 to 2; out of 2: -1 to 0. Rows hold what goes out: the edges are turned about
        let turned = Csr::from_edges(3, &[1, 2, 0], &[0, 1, 2], &[2.0, 3.0, -1.0], &[]).unwrap();
        let (first, total) = damped_sums(&turned, 3, 0.5, &never).unwrap();
        assert_eq!(first, [2.0, 3.0, -1.0]);
        // A 1 = (2, 3, -1), A² 1 = (6, -3, -2), A³ 1 = (-6, -6, -6)
        assert_eq!(total, [2.0 + 3.0 - 1.5, 3.0 - 1.5 - 1.5, -1.0 - 1.0 - 1.5]);
    }

    #[test]
    fn powers_of_a_path_run_out() {
        let path = Csr::from_edges(3, &[0, 1], &[1, 2], &[0.5, 1e308], &[]).unwrap();
        assert_eq!(shares_of_power(&path, 2, &never).unwrap(), Some(vec![0.0, 0.0, 1.0]));
        assert_eq!(shares_of_power(&path, 3, &never).unwrap(), None);
        let ring = Csr::from_edges(2, &[0, 1], &[1, 0], &[3.0, 3.0], &[]).unwrap();
        assert_eq!(shares_of_power(&ring, 100_000, &never).unwrap(), Some(vec![0.5, 0.5]));
    }
}
