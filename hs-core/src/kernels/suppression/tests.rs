use microlp::{ComparisonOp, OptimizationDirection, Problem};
use proptest::prelude::*;

use super::{Cells, Effort, Hidden};
use crate::kernels::intervals::Equations;
use crate::kernels::never;

const EFFORT: Effort = Effort { width: 25.0, most_cells: 200, most_programmes: 10_000 };

/// A table of counts with the sums of its rows, its columns and all: cells row by row, then rows, columns, total. Every cell is a unit.
struct TwoWay {
    values: Vec<f64>,
    rows: Vec<Vec<(u32, f64)>>,
}

fn two_way(counts: &[&[u32]]) -> TwoWay {
    let (height, width) = (counts.len(), counts[0].len());
    let mut values: Vec<f64> = counts.iter().flat_map(|row| row.iter().map(|x| f64::from(*x))).collect();
    let cell = |i: usize, j: usize| (i * width + j) as u32;
    let mut rows = Vec::new();
    for (i, own) in counts.iter().enumerate() {
        rows.push((0..width).map(|j| (cell(i, j), 1.0)).chain([((height * width + i) as u32, -1.0)]).collect::<Vec<_>>());
        values.push(own.iter().map(|x| f64::from(*x)).sum());
    }
    for j in 0..width {
        rows.push((0..height).map(|i| (cell(i, j), 1.0)).chain([((height * width + height + j) as u32, -1.0)]).collect());
        values.push(counts.iter().map(|row| f64::from(row[j])).sum());
    }
    let total = (height * width + height + width) as u32;
    rows.push((0..height).map(|i| ((height * width + i) as u32, 1.0)).chain([(total, -1.0)]).collect());
    rows.push((0..width).map(|j| ((height * width + height + j) as u32, 1.0)).chain([(total, -1.0)]).collect());
    values.push(counts.iter().flat_map(|row| row.iter()).map(|x| f64::from(*x)).sum());
    TwoWay { values, rows }
}

fn suppress(table: &TwoWay, effort: &Effort) -> Hidden {
    let cells = table.values.len();
    let interior = cells as f64;
    let primary: Vec<bool> = table.values.iter().map(|v| *v < effort.width).collect();
    // sums cost more than what they are sums of
    let loss = (0..cells).map(|c| if table.rows.iter().any(|r| r.contains(&(c as u32, -1.0))) { interior } else { 1.0 }).collect();
    let equations = Equations::new(table.values.clone(), vec![0.0; cells], table.rows.clone()).unwrap();
    let cells = Cells::new(equations, (0..cells as u32).collect(), vec![true; cells], loss, &[]).unwrap();
    cells.suppress(&primary, effort, &never).unwrap()
}

/// Interval of a cell by one linear programme over everything, which knows nothing of how the cells were chosen.
fn interval(table: &TwoWay, hidden: &[bool], cell: usize) -> (f64, f64) {
    let ends = [OptimizationDirection::Minimize, OptimizationDirection::Maximize].map(|direction| {
        let mut problem = Problem::new(direction);
        let variables: Vec<_> = (0..table.values.len())
            .map(|c| {
                let bounds = if hidden[c] { (0.0, 1e6) } else { (table.values[c], table.values[c]) };
                problem.add_var(f64::from(u8::from(c == cell)), bounds)
            })
            .collect();
        for row in &table.rows {
            let terms: Vec<_> = row.iter().map(|(c, k)| (variables[*c as usize], *k)).collect();
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, 0.0);
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    });
    (ends[0], ends[1])
}

fn least_width(table: &TwoWay, hidden: &[bool]) -> f64 {
    let widths = (0..hidden.len()).filter(|c| hidden[*c]).map(|c| {
        let (low, high) = interval(table, hidden, c);
        high - low
    });
    widths.fold(f64::INFINITY, f64::min)
}

#[test]
fn one_small_cell_takes_three_others_with_it() {
    let table = two_way(&[&[7, 60, 80], &[50, 70, 90], &[40, 100, 120]]);
    let alone: Vec<bool> = table.values.iter().map(|v| *v < 25.0).collect();
    assert_eq!(interval(&table, &alone, 0), (7.0, 7.0), "alone it is the difference of what is shown");
    let hidden = suppress(&table, &EFFORT);
    assert!(!hidden.exhausted && hidden.open.is_empty());
    // a rectangle: the corner, its row, its column, and the cell across
    let found: Vec<usize> = (0..hidden.units.len()).filter(|u| hidden.units[*u]).collect();
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(hidden.units[0] && least_width(&table, &hidden.units) >= 25.0 - 1e-6);
}

#[test]
fn nothing_is_hidden_where_all_is_large() {
    let hidden = suppress(&two_way(&[&[30, 60], &[25, 700]]), &EFFORT);
    assert!(hidden.units.iter().all(|h| !h) && hidden.programmes == 0);
}

#[test]
fn a_table_that_is_small_as_a_whole_is_hidden_as_a_whole() {
    let hidden = suppress(&two_way(&[&[3, 4], &[5, 6]]), &EFFORT);
    assert!(hidden.units.iter().all(|h| *h));
}

#[test]
fn work_that_runs_out_is_said() {
    let table = two_way(&[&[7, 60, 80], &[50, 70, 90], &[40, 100, 120]]);
    assert!(suppress(&table, &Effort { most_programmes: 0, ..EFFORT }).exhausted);
}

#[test]
fn a_caller_can_stop_it() {
    let table = two_way(&[&[7, 60, 80], &[50, 70, 90], &[40, 100, 120]]);
    let cells = table.values.len();
    let primary: Vec<bool> = table.values.iter().map(|v| *v < 25.0).collect();
    let equations = Equations::new(table.values, vec![0.0; cells], table.rows).unwrap();
    let cells = Cells::new(equations, (0..cells as u32).collect(), vec![true; cells], vec![1.0; cells], &[]).unwrap();
    let stopped = cells.suppress(&primary, &EFFORT, &|_| false).unwrap_err();
    assert_eq!(stopped.kind, crate::ErrorKind::Cancelled);
}

#[test]
fn what_does_not_fit_is_no_table() {
    assert!(Equations::new(vec![1.0], vec![0.0], vec![vec![(1, 1.0)]]).is_none());
    assert!(Equations::new(vec![f64::NAN], vec![0.0], vec![]).is_none());
    let equations = || Equations::new(vec![1.0], vec![0.0], vec![]).unwrap();
    assert!(Cells::new(equations(), vec![1], vec![true], vec![1.0], &[]).is_none());
    assert!(Cells::new(equations(), vec![0], vec![], vec![1.0], &[]).is_none());
    assert!(Cells::new(equations(), vec![0], vec![true], vec![1.0], &[(0, 1)]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_hidden_cell_is_wide_by_a_programme_over_everything(
        counts in (2usize..5, 2usize..5).prop_flat_map(|(h, w)| {
            prop::collection::vec(prop::collection::vec(prop_oneof![0u32..25, 25u32..120], w), h)
        })
    ) {
        let rows: Vec<&[u32]> = counts.iter().map(Vec::as_slice).collect();
        let table = two_way(&rows);
        let hidden = suppress(&table, &EFFORT);
        prop_assert!(!hidden.exhausted && hidden.open.is_empty());
        prop_assert!(least_width(&table, &hidden.units) >= 25.0 - 1e-4);
        // a small radius of search may hide more or give up, and says so
        let local = suppress(&table, &Effort { most_cells: 6, ..EFFORT });
        prop_assert!(!local.open.is_empty() || least_width(&table, &local.units) >= 25.0 - 1e-4);
        prop_assert_eq!(&suppress(&table, &EFFORT), &hidden);
    }
}
