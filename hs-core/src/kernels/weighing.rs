//! Weights that columns give themselves: by dispersion and by principal components. NaN stands for missing.
// Columns are of one length, which is taken from the first.
#![allow(clippy::indexing_slicing)]

use super::index::moments;

/// Why columns give no weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWeights {
    /// Fewer than two rows have all columns.
    TooFewRows,
    /// This column has no spread, or no value.
    Constant(usize),
    /// This column has values below 0.
    Negative(usize),
    /// No column tells rows apart.
    NoDispersion,
    /// Two components explain as much as each other, so that none is the first.
    NoFirstComponent,
}

/// Weights by Shannon's entropy: `(1 - e_j) / Σ (1 - e)`, `e_j = -Σ p ln p / ln n`, `p = x / Σ x`, over the rows that have the column.
pub fn entropy_weights(columns: &[&[f64]]) -> Result<Vec<f64>, NoWeights> {
    let mut told = Vec::with_capacity(columns.len());
    for (j, column) in columns.iter().enumerate() {
        let there = || column.iter().copied().filter(|x| !x.is_nan());
        let (count, total) = (there().count(), there().sum::<f64>());
        if there().any(|x| x < 0.0) {
            return Err(NoWeights::Negative(j));
        }
        if count < 2 {
            return Err(NoWeights::TooFewRows);
        }
        if total <= 0.0 {
            return Err(NoWeights::Constant(j));
        }
        let entropy = -there().filter(|x| *x > 0.0).map(|x| x / total * (x / total).ln()).sum::<f64>() / (count as f64).ln();
        told.push((1.0 - entropy).max(0.0));
    }
    let total: f64 = told.iter().sum();
    if total <= 1e-12 {
        return Err(NoWeights::NoDispersion);
    }
    told.iter_mut().for_each(|w| *w /= total);
    Ok(told)
}

/// The first principal component of the correlations of columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Squared loadings, which sum to 1.
    pub weights: Vec<f64>,
    /// Share of the variance it explains.
    pub explained: f64,
    /// Whether loadings differ in sign.
    pub mixed: bool,
    /// How many rows have all columns.
    pub rows: usize,
}

/// The first principal component, over the rows that have all columns.
pub fn first_component(columns: &[&[f64]]) -> Result<Component, NoWeights> {
    let m = columns.len();
    let length = columns.first().map_or(0, |c| c.len());
    let rows: Vec<usize> = (0..length).filter(|&i| columns.iter().all(|c| !c[i].is_nan())).collect();
    if m == 1 {
        return Ok(Component { weights: vec![1.0], explained: 1.0, mixed: false, rows: rows.len() });
    }
    if rows.len() < 2 {
        return Err(NoWeights::TooFewRows);
    }
    let mut standard: Vec<Vec<f64>> = Vec::with_capacity(m);
    for (j, column) in columns.iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|&i| column[i]).collect();
        let found = moments(&values);
        let deviation = found.deviation;
        if deviation.is_nan() || deviation <= 1e-12 * found.mean.abs() {
            return Err(NoWeights::Constant(j));
        }
        standard.push(values.iter().map(|x| (x - found.mean) / deviation).collect());
    }
    let mut correlations = vec![0.0; m * m];
    for i in 0..m {
        for j in 0..m {
            let product: f64 = standard[i].iter().zip(&standard[j]).map(|(a, b)| a * b).sum();
            correlations[i * m + j] = if i == j { 1.0 } else { product / rows.len() as f64 };
        }
    }
    let (values, vectors) = eigen(m, correlations);
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    if values[order[0]] - values[order[1]] <= 1e-9 * m as f64 {
        return Err(NoWeights::NoFirstComponent);
    }
    let loadings: Vec<f64> = (0..m).map(|i| vectors[i * m + order[0]]).collect();
    let norm: f64 = loadings.iter().map(|x| x * x).sum();
    let mixed = loadings.iter().any(|&x| x > 1e-9) && loadings.iter().any(|&x| x < -1e-9);
    Ok(Component {
        weights: loadings.iter().map(|x| x * x / norm).collect(),
        explained: values[order[0]] / m as f64,
        mixed,
        rows: rows.len(),
    })
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as columns, by Jacobi's rotations.
fn eigen(m: usize, mut a: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; m * m];
    (0..m).for_each(|i| vectors[i * m + i] = 1.0);
    // quadratic convergence: some six sweeps do; sixty end any run
    for _ in 0..60 {
        let off: f64 = (0..m).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * m + j].powi(2)).sum();
        if off <= 1e-30 {
            break;
        }
        for p in 0..m {
            for q in p + 1..m {
                if a[p * m + q].abs() < 1e-300 {
                    continue;
                }
                let theta = (a[q * m + q] - a[p * m + p]) / (2.0 * a[p * m + q]);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for k in 0..m {
                    let (x, y) = (a[k * m + p], a[k * m + q]);
                    a[k * m + p] = c * x - s * y;
                    a[k * m + q] = s * x + c * y;
                }
                for k in 0..m {
                    let (x, y) = (a[p * m + k], a[q * m + k]);
                    a[p * m + k] = c * x - s * y;
                    a[q * m + k] = s * x + c * y;
                    let (x, y) = (vectors[k * m + p], vectors[k * m + q]);
                    vectors[k * m + p] = c * x - s * y;
                    vectors[k * m + q] = s * x + c * y;
                }
            }
        }
    }
    ((0..m).map(|i| a[i * m + i]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12 * b.abs().max(1.0), "{a} {b}");
    }

    #[test]
    fn entropy_of_two_columns() {
        // (1, 1) tells nothing; (1, 3): e = -(¼ ln ¼ + ¾ ln ¾)/ln 2
        assert_eq!(entropy_weights(&[&[1.0, 1.0], &[1.0, 3.0]]).unwrap(), [0.0, 1.0]);
        assert_eq!(entropy_weights(&[&[1.0, 1.0]]), Err(NoWeights::NoDispersion));
        assert_eq!(entropy_weights(&[&[1.0, -1.0]]), Err(NoWeights::Negative(0)));
    }

    #[test]
    fn first_component_of_three_columns() {
        // correlations 1, r, r: of equal correlation all loadings are the same, and λ = 1 + 2 r
        let a = [1.0, -1.0, 1.0, -1.0, 0.0];
        let found = first_component(&[&a, &a.map(|x| 2.0 * x + 1.0), &a.map(|x| 3.0 - x)]).unwrap();
        found.weights.iter().for_each(|w| close(*w, 1.0 / 3.0));
        close(found.explained, 1.0);
        assert!(found.mixed);
        assert_eq!(first_component(&[&[1.0, -1.0, 1.0, -1.0], &[1.0, 1.0, -1.0, -1.0]]), Err(NoWeights::NoFirstComponent));
        assert_eq!(first_component(&[&[1.0, 2.0], &[0.1, 0.1]]), Err(NoWeights::Constant(1)));
    }

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        // 2, -1, 0 tridiagonal: 2 - √2, 2, 2 + √2
        let (mut values, vectors) = eigen(3, vec![2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0]);
        let last = values.iter().position(|&x| x > 3.0).unwrap();
        close((vectors[last] / vectors[3 + last]).abs(), 0.5f64.sqrt());
        values.sort_by(f64::total_cmp);
        values.iter().zip([2.0 - 2f64.sqrt(), 2.0, 2.0 + 2f64.sqrt()]).for_each(|(a, b)| close(*a, b));
    }
}
