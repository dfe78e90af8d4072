//! The values an index is made from: units by indicators.

use std::collections::HashMap;

use crate::tables::{Key, Note, Rows};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// The greatest magnitude of a value: differences and sums stay finite.
const GREATEST: f64 = 1e300;

/// Values of indicators for units (places, groups, periods), missing ones apart from zero.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorTable {
    units: Vec<String>,
    indicators: Vec<String>,
    /// One vector an indicator; NaN is missing.
    columns: Vec<Vec<f64>>,
    /// What reading assumed.
    notes: Vec<Note>,
}

impl IndicatorTable {
    /// A table from values row by row, a row for each unit; NaN is missing.
    ///
    /// # Errors
    /// `Argument`, with every problem: no unit, no indicator, another count of values, a name that is empty or stands twice, a value that is
    /// infinite or past 1e300.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::thresholds::IndicatorTable;
    ///
    /// let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    /// let table = IndicatorTable::new(names(&["A", "B"]), names(&["wells", "clinics"]), &[1.0, f64::NAN, 3.0, 2.0])?;
    /// assert_eq!(table.column("clinics").unwrap()[1], 2.0);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn new(units: Vec<String>, indicators: Vec<String>, values: &[f64]) -> Result<Self> {
        let wide = indicators.len();
        if units.len().checked_mul(wide) != Some(values.len()) {
            let found = format!("{} values", values.len());
            let wanted = format!("{} units x {wide} indicators", units.len());
            return Err(Error::with_problems(ErrorKind::Argument, vec![Problem::new(ProblemKind::Column, "/values", found, wanted)]));
        }
        let columns = (0..wide).map(|j| values.iter().skip(j).step_by(wide).copied().collect()).collect();
        Self::from_columns(units, indicators, columns)
    }

    /// A table from values column by column, a column for each indicator; NaN is missing.
    ///
    /// # Errors
    /// As [`IndicatorTable::new`].
    pub fn from_columns(units: Vec<String>, indicators: Vec<String>, columns: Vec<Vec<f64>>) -> Result<Self> {
        let mut problems = Vec::new();
        for (pointer, what, names) in [("/units", "unit", &units), ("/indicators", "indicator", &indicators)] {
            if names.is_empty() {
                problems.push(Problem::new(ProblemKind::EmptyList, pointer, format!("no {what}"), format!("at least one {what}")));
            }
            let mut first: HashMap<&str, usize> = HashMap::new();
            for (at, name) in names.iter().enumerate() {
                let place = format!("{pointer}/{at}");
                if name.is_empty() {
                    problems.push(Problem::new(ProblemKind::BadText, &place, "an empty name", format!("a name for each {what}")));
                } else if let Some(before) = first.insert(name, at) {
                    let found = format!("the {what} `{}` for the second time (first at {before})", shown(name));
                    let problem = Problem::new(ProblemKind::Duplicate, &place, found, format!("each {what} once"));
                    let several = what == "unit";
                    problems.push(if several { problem.mend("name units by place and period, or keep one period") } else { problem });
                }
            }
        }
        if columns.len() != indicators.len() {
            let found = format!("{} columns", columns.len());
            problems.push(Problem::new(ProblemKind::Column, "/values", found, format!("{} columns", indicators.len())));
        }
        for (name, column) in indicators.iter().zip(&columns) {
            if column.len() != units.len() {
                let found = format!("{} values of `{}`", column.len(), shown(name));
                problems.push(Problem::new(ProblemKind::Column, "/values", found, format!("{} values", units.len())));
            }
            let infinite = column.iter().filter(|x| x.abs() > GREATEST).count();
            if infinite > 0 {
                let found = format!("{infinite} values of `{}` that are infinite or past {GREATEST:e}", shown(name));
                let problem = Problem::new(ProblemKind::OutOfBounds, "/values", found, "finite numbers, or missing");
                problems.push(problem.mend("leave out what is not known"));
            }
        }
        if problems.is_empty() {
            Ok(IndicatorTable { units, indicators, columns, notes: Vec::new() })
        } else {
            Err(Error::with_problems(ErrorKind::Argument, problems))
        }
    }

    /// A table from the columns of some data: `unit` holds the names of the units, the other columns of numbers are the indicators.
    ///
    /// Without `unit` the one column of text, if there is one, names the units (noted); otherwise they are called by their place, from 0.
    /// `indicators` picks columns and their order.
    ///
    /// # Errors
    /// As [`IndicatorTable::new`]; and where a column is not there, names lack for some unit, or there are several columns of text.
    pub fn from_rows(rows: impl IntoIterator<Item = Result<Rows>>, unit: Option<&str>, indicators: Option<&[String]>) -> Result<Self> {
        Self::read(rows, unit, |_| indicators.map(<[String]>::to_vec))
    }

    /// As [`IndicatorTable::from_rows`], with the indicators picked among the names of the columns; none picks all.
    pub(super) fn read(
        rows: impl IntoIterator<Item = Result<Rows>>,
        unit: Option<&str>,
        pick: impl Fn(&[&str]) -> Option<Vec<String>>,
    ) -> Result<Self> {
        let mut notes = Vec::new();
        let mut named: Option<String> = unit.map(str::to_owned);
        let mut wanted: Option<Vec<String>> = None;
        let (mut units, mut columns) = (Vec::new(), Vec::new());
        for batch in rows {
            let batch = batch?;
            if wanted.is_none() {
                let found = batch.columns();
                let picked = pick(&found);
                if named.is_none() {
                    named = only_text(&batch, picked.as_deref())?;
                    if let Some(name) = &named {
                        let said = format!("units are called by the column `{}`, the one of text", shown(name));
                        notes.push(Note::new("units-from-column", said, [name]));
                    }
                }
                let unit = |name: &str| named.as_ref().is_some_and(|unit| unit == name);
                if let Some(picked) = &picked {
                    let used = |name: &&&str| !unit(name) && !picked.iter().any(|known| known == **name);
                    let unused: Vec<String> = found.iter().filter(used).map(|name| (*name).to_owned()).collect();
                    if !unused.is_empty() {
                        notes.push(Note::counted("unused-column", "column", "were not asked for", unused));
                    }
                }
                let all = || found.iter().filter(|name| !unit(name)).map(|name| (*name).to_owned()).collect();
                let names = picked.unwrap_or_else(all);
                columns = vec![Vec::new(); names.len()];
                wanted = Some(names);
            }
            for (name, column) in wanted.iter().flatten().zip(&mut columns) {
                column.extend_from_slice(&batch.numbers(name)?);
            }
            match &named {
                Some(name) => names(&batch, name, &mut units)?,
                None => units.extend((units.len()..units.len() + batch.len()).map(|at| at.to_string())),
            }
        }
        let mut table = Self::from_columns(units, wanted.unwrap_or_default(), columns)?;
        table.notes = notes;
        Ok(table)
    }

    /// What reading assumed.
    pub(super) fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Names of the units, in order.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// Names of the indicators, in order.
    pub fn indicators(&self) -> &[String] {
        &self.indicators
    }

    /// Values of an indicator, NaN where missing.
    pub fn column(&self, indicator: &str) -> Option<&[f64]> {
        let at = self.indicators.iter().position(|name| name == indicator)?;
        self.columns.get(at).map(Vec::as_slice)
    }

    pub(super) fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }
}

/// The one column of text, where there is one.
fn only_text(batch: &Rows, indicators: Option<&[String]>) -> Result<Option<String>> {
    let other = |name: &&str| indicators.is_none_or(|list| !list.iter().any(|known| known == name));
    let texts: Vec<&str> =
        batch.columns().into_iter().filter(other).filter(|name| batch.column(name).is_ok_and(|column| !column.is_number())).collect();
    match texts.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).to_owned())),
        [first, second, ..] => {
            let found = format!("text in `{}` and in `{}`", shown(first), shown(second));
            let problem = Problem::new(ProblemKind::Column, "/unit", found, "one column of names, and numbers beside it");
            Err(Error::with_problems(ErrorKind::Argument, vec![problem.mend("say which is the `unit`, and which are the `indicators`")]))
        }
    }
}

/// Adds the names in a column.
fn names(batch: &Rows, column: &str, units: &mut Vec<String>) -> Result<()> {
    let keys = batch.keys(column)?;
    for code in keys.codes {
        let name = match keys.keys.get(code as usize) {
            Some(Key::Text(name)) => name.clone(),
            Some(Key::Integer(code)) => code.to_string(),
            Some(Key::Boolean(yes)) => yes.to_string(),
            // refused as an empty name
            Some(Key::Missing) | None => String::new(),
        };
        units.push(name);
    }
    Ok(())
}
