//! Numbers of a life table: survivors and person-years from death rates, and sums from each age on.
// Every slice is as long as the ages; the caller checks that once.
#![allow(clippy::indexing_slicing)]

/// Survivors, person-years and probabilities of dying of a stationary population.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeTable {
    /// Probability of dying in the interval; 1 in the last, which is open.
    pub dying: Vec<f64>,
    /// Survivors at its beginning.
    pub survivors: Vec<f64>,
    /// Person-years lived in it.
    pub person_years: Vec<f64>,
    /// Intervals in which the death rate would kill more than all.
    pub capped: Vec<usize>,
}

/// A life table from death rates: `q = n m / (1 + (n - a) m)`, at most 1; `L = n l' + a (l - l')`; `L = l / m` in the open interval.
///
/// `widths` are of all intervals but the last, `before_death` the years lived in the interval by those who die in it.
pub fn from_rates(widths: &[f64], rates: &[f64], before_death: &[f64], radix: f64) -> LifeTable {
    let last = rates.len().saturating_sub(1);
    let mut table = LifeTable { dying: vec![], survivors: vec![], person_years: vec![], capped: vec![] };
    let mut alive = radix;
    for (x, &m) in rates.iter().enumerate() {
        table.survivors.push(alive);
        if x == last {
            table.dying.push(1.0);
            table.person_years.push(if alive > 0.0 { alive / m } else { 0.0 });
            break;
        }
        let (n, a) = (widths[x], before_death[x]);
        let q = n * m / (1.0 + (n - a) * m);
        if q > 1.0 {
            table.capped.push(x);
        }
        let q = q.min(1.0);
        let next = alive * (1.0 - q);
        table.dying.push(q);
        table.person_years.push(n * next + a * (alive - next));
        alive = next;
    }
    table
}

/// Sum of a column from each place to the end; once something is missing (NaN), everything before it is.
pub fn from_here_on(column: &[f64]) -> Vec<f64> {
    let mut sums: Vec<f64> = column
        .iter()
        .rev()
        .scan(0.0, |sum, x| {
            *sum += x;
            Some(*sum)
        })
        .collect();
    sums.reverse();
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_three_intervals() {
        // m 0.1, n 1, a 0.5: q = 0.1/1.05; then open at m 0.2: L = l/0.2
        let table = from_rates(&[1.0], &[0.1, 0.2], &[0.5], 1000.0);
        let left = 1000.0 * (1.0 - 0.1 / 1.05);
        assert!((table.survivors[1] - left).abs() < 1e-9);
        assert!((table.person_years[0] - (left + 0.5 * (1000.0 - left))).abs() < 1e-9);
        assert!((table.person_years[1] - left / 0.2).abs() < 1e-9);
        // deaths over person-years give the rates back
        assert!(((1000.0 - left) / table.person_years[0] - 0.1).abs() < 1e-12);
        let deadly = from_rates(&[5.0], &[3.0, 1.0], &[2.5], 1.0);
        assert_eq!((deadly.dying[0], deadly.survivors[1], deadly.person_years[1]), (1.0, 0.0, 0.0));
        assert_eq!(deadly.capped, [0]);
    }

    #[test]
    fn sums_run_from_the_end() {
        assert_eq!(from_here_on(&[1.0, 2.0, 4.0]), [7.0, 6.0, 4.0]);
        let gap = from_here_on(&[1.0, f64::NAN, 4.0]);
        assert!(gap[0].is_nan() && gap[1].is_nan());
        assert_eq!(gap[2], 4.0);
    }
}
