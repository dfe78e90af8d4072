//! Rows of people's data: Arrow columns as they came, read in place.

use std::borrow::Cow;

use arrow_array::RecordBatch;
use rustc_hash::FxHashMap;

use super::Table;
use super::cells::{Cells, Column, Refused};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// A batch of rows of somebody's data. Columns are read where they lie; nothing of them is kept.
///
/// Null and NaN are both missing. Whole numbers and floats of any width, decimals, yes and no, text and dictionaries of these can be read.
#[derive(Debug, Clone)]
pub struct Rows {
    batch: RecordBatch,
}

/// A value of a column that groups, strata or PSUs are made of; missing is a value of its own.
///
/// Whole numbers are the same key in whatever type they come (`3` in a column of integers, `3.0` in one of floats, a code of a
/// dictionary of either), so that a column does not change its groups when a reader turned it into floats. Whole numbers past 64 signed
/// bits are their digits as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    Missing,
    Boolean(bool),
    Integer(i64),
    Text(String),
}

/// A column as keys: which of `keys` each row has. Keys are in the order in which they first appear.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keys {
    pub keys: Vec<Key>,
    pub codes: Vec<u32>,
}

impl From<RecordBatch> for Rows {
    fn from(batch: RecordBatch) -> Self {
        Rows { batch }
    }
}

impl From<&Table> for Rows {
    fn from(table: &Table) -> Self {
        Rows { batch: table.batch().clone() }
    }
}

impl Rows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Names of the columns, in order.
    pub fn columns(&self) -> Vec<&str> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// Some rows in a row; nothing is copied.
    #[must_use]
    pub fn slice(&self, from: usize, length: usize) -> Rows {
        let from = from.min(self.len());
        Rows { batch: self.batch.slice(from, length.min(self.len() - from)) }
    }

    /// The column of that name, or what is wrong with it.
    pub(crate) fn find(&self, name: &str) -> Result<Column<'_>, Box<Problem>> {
        let mut places = self.batch.schema_ref().fields().iter().enumerate().filter(|(_, field)| field.name() == name);
        let Some((place, _)) = places.next() else {
            let wanted = "the name of a column of the data";
            let mut missing = problem(name, "no column of that name", wanted);
            missing.mend = nearest(name, self.columns()).map(|near| format!("did you mean `{}`?", shown(near)));
            return Err(Box::new(missing));
        };
        if places.next().is_some() {
            return Err(Box::new(problem(name, "two columns of that name", "each name once").mend("rename one of them")));
        }
        let array = self.batch.columns().get(place).ok_or_else(|| Box::new(problem(name, "no such column", "a column")))?;
        Column::read(array.as_ref()).map_err(|refused| {
            Box::new(match refused {
                Refused::Type => {
                    let found = format!("a column of type {}", array.data_type().to_string().chars().take(60).collect::<String>());
                    problem(name, &found, "numbers, yes and no, text, or a dictionary of these").mend("cast the column")
                }
                Refused::Broken => problem(name, "an Arrow column that breaks Arrow's rules", "offsets and codes in bounds, text in UTF-8"),
            })
        })
    }

    /// The column of that name.
    ///
    /// # Errors
    /// Where there is none (with the nearest name), or more than one, or one of a type that cannot be read.
    pub(crate) fn column(&self, name: &str) -> Result<Column<'_>> {
        self.find(name).map_err(|problem| refusal(*problem))
    }

    /// A column as numbers, NaN for missing; yes and no are 1 and 0. Columns of 64-bit floats without nulls are lent, not copied.
    ///
    /// # Errors
    /// Where there is no such column, or it does not hold numbers.
    pub fn numbers(&self, name: &str) -> Result<Cow<'_, [f64]>> {
        let column = self.column(name)?;
        match column {
            Column { cells: Cells::Float64(numbers), valid: None, .. } => Ok(numbers),
            column if column.is_number() => Ok((0..column.len()).map(|i| column.number(i)).collect()),
            _ => Err(refusal(problem(name, "text", "numbers"))),
        }
    }

    /// A column as keys of groups, strata or PSUs.
    ///
    /// # Errors
    /// Where there is no such column, or it holds floats that are not whole.
    pub(crate) fn keys(&self, name: &str) -> Result<Keys> {
        let column = self.column(name)?;
        let mut known: FxHashMap<Key, u32> = FxHashMap::default();
        let mut found = Keys { keys: Vec::new(), codes: Vec::with_capacity(column.len()) };
        let mut broken = 0usize;
        for i in 0..column.len() {
            let Some(key) = column.key(i) else {
                broken += 1;
                continue;
            };
            let code = match known.get(&key) {
                Some(code) => *code,
                None => {
                    let code = u32::try_from(found.keys.len()).map_err(|_| Error::new(ErrorKind::Limit, "more than 2^32 keys"))?;
                    found.keys.push(key.clone());
                    known.insert(key, code);
                    code
                }
            };
            found.codes.push(code);
        }
        if broken > 0 {
            return Err(refusal(not_whole(name, broken)));
        }
        Ok(found)
    }
}

impl Column<'_> {
    /// The key at a position; none where it is a float that is not whole.
    pub(crate) fn key(&self, position: usize) -> Option<Key> {
        if self.is_null(position) {
            return Some(Key::Missing);
        }
        match &self.cells {
            Cells::Boolean(bits) => Some(Key::Boolean(bits.at(position))),
            Cells::Text(texts) => Some(Key::Text(texts.at(position).to_owned())),
            Cells::Codes(codes, values) => values.key(codes.code(position)),
            Cells::Nothing(_) => Some(Key::Missing),
            Cells::Float32(_) | Cells::Float64(_) => whole(self.cells.number(position)),
            Cells::UInt64(numbers) => numbers.get(position).map(|x| large(*x)),
            cells => cells.whole(position).map(Key::Integer),
        }
    }
}

/// The key of a float; none where it is not whole or past what floats count one by one.
pub(crate) fn whole(number: f64) -> Option<Key> {
    if number.is_nan() {
        return Some(Key::Missing);
    }
    // 2^63 is the first float that 64 signed bits do not hold
    (number.fract() == 0.0 && number.abs() < 9_223_372_036_854_775_808.0).then_some(Key::Integer(number as i64))
}

/// The key of a whole number without a sign.
pub(crate) fn large(number: u64) -> Key {
    i64::try_from(number).map_or_else(|_| Key::Text(number.to_string()), Key::Integer)
}

/// A problem with a column of the data; it never holds a value of a row.
pub(crate) fn problem(column: &str, found: &str, wanted: &str) -> Problem {
    let pointer = format!("/{}", shown(column).replace('~', "~0").replace('/', "~1"));
    let mut problem = Problem::new(ProblemKind::Column, pointer, found, wanted);
    problem.field = Some(shown(column));
    problem
}

/// Floats where keys are wanted.
pub(crate) fn not_whole(column: &str, rows: usize) -> Problem {
    let found = format!("{rows} {} that {} not whole", if rows == 1 { "number" } else { "numbers" }, if rows == 1 { "is" } else { "are" });
    problem(column, &found, "categories: whole numbers, text, or yes and no").mend("cut the column into classes")
}

/// The error of one problem with a column: not found where there is none of its name.
pub(crate) fn refusal(problem: Problem) -> Error {
    let kind = if problem.found.starts_with("no column") { ErrorKind::NotFound } else { ErrorKind::Argument };
    Error::with_problems(kind, vec![problem])
}

#[cfg(test)]
mod tests;
