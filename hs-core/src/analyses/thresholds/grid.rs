//! Numbers in rows and columns, as arrays bring them: missing as NaN.

use crate::{Error, ErrorKind, Problem, ProblemKind, Result};

/// A table of numbers in row-major order, read where it lies; NaN is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid<'a> {
    data: &'a [f64],
    rows: usize,
    columns: usize,
}

impl<'a> Grid<'a> {
    /// Rows and columns over numbers, last axis fastest.
    ///
    /// # Errors
    /// When there are not rows x columns numbers, or rows without a column.
    pub fn new(data: &'a [f64], rows: usize, columns: usize) -> Result<Self> {
        if rows > 0 && columns == 0 {
            return Err(Error::argument(format!("found {rows} rows without a column, wanted at least one column")));
        }
        if rows.checked_mul(columns) != Some(data.len()) {
            return Err(Error::argument(format!("found {} numbers, wanted as many as {rows} rows of {columns} columns hold", data.len())));
        }
        Ok(Grid { data, rows, columns })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [f64]> + use<'a> {
        let (data, columns) = (self.data, self.columns);
        (0..self.rows).map(move |row| data.get(row * columns..(row + 1) * columns).unwrap_or_default())
    }

    /// Refuses every number outside its bounds; missing ones pass.
    pub(super) fn within(&self, low: f64, high: f64, wanted: &str, mend: Option<&str>) -> Result<()> {
        let wrong = self.iter().enumerate().flat_map(|(row, cells)| cells.iter().enumerate().map(move |(at, x)| (row, at, *x)));
        let problems: Vec<Problem> = wrong
            .filter(|(_, _, x)| x.is_infinite() || *x < low || *x > high)
            .map(|(row, column, x)| {
                let problem = Problem::new(ProblemKind::OutOfBounds, format!("/{row}/{column}"), said(x), wanted);
                mend.into_iter().fold(problem, Problem::mend)
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, problems)) }
    }
}

/// Refuses every number of a list that is below 0 or not finite; missing ones pass.
pub(super) fn counts(name: &str, rows: usize, numbers: &[f64]) -> Result<()> {
    if numbers.len() != rows {
        return Err(Error::argument(format!("`{name}`: found {} numbers, wanted one for each of {rows} rows", numbers.len())));
    }
    let wrong = numbers.iter().enumerate().filter(|(_, x)| x.is_infinite() || **x < 0.0);
    let problems: Vec<Problem> = wrong
        .map(|(row, x)| Problem::new(ProblemKind::OutOfBounds, format!("/{name}/{row}"), said(*x), "a finite number of 0 or more"))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, problems)) }
}

/// Names for the columns, where given, are as many.
pub(super) fn named(names: Option<&[String]>, columns: usize) -> Result<()> {
    match names {
        Some(names) if names.len() != columns => {
            Err(Error::argument(format!("`names`: found {} names, wanted one for each of {columns} columns", names.len())))
        }
        _ => Ok(()),
    }
}

/// The column's name, else its position.
pub(super) fn name_of(names: Option<&[String]>, column: usize) -> String {
    names.and_then(|names| names.get(column)).cloned().unwrap_or_else(|| column.to_string())
}

fn said(x: f64) -> String {
    if x.is_infinite() { if x > 0.0 { "infinity".into() } else { "minus infinity".into() } } else { x.to_string() }
}
