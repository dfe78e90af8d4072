//! The columns of one batch that a score reads, found and checked: what is wrong is gathered, counted, and never quoted.

use super::{Deprivation, Score, Value};
use crate::tables::{Cells, RowColumn as Column, Rows, column_problem, not_whole};
use crate::{Error, ErrorKind, Problem};

/// The columns of a batch.
pub(super) struct Intake<'a> {
    pub indicators: Vec<Column<'a>>,
    pub by: Vec<Column<'a>>,
    pub weight: Option<Column<'a>>,
    pub size: Option<Column<'a>>,
    pub strata: Option<Column<'a>>,
    pub cluster: Option<Column<'a>>,
    pub fpc: Option<Column<'a>>,
    pub domain: Option<Column<'a>>,
    pub rows: usize,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Number,
    Boolean,
    Text,
    /// Nulls without a type.
    Nothing,
}

impl Sort {
    pub(super) fn words(self) -> &'static str {
        match self {
            Sort::Number => "numbers",
            Sort::Boolean => "yes and no",
            Sort::Text => "text",
            Sort::Nothing => "nothing",
        }
    }
}

pub(super) fn sort(cells: &Cells<'_>) -> Sort {
    match cells {
        Cells::Boolean(_) => Sort::Boolean,
        Cells::Text(_) => Sort::Text,
        Cells::Codes(_, values) => sort(&values.cells),
        Cells::Nothing(_) => Sort::Nothing,
        _ => Sort::Number,
    }
}

impl<'a> Intake<'a> {
    /// Finds the columns and checks what can be checked without looking at the rows.
    pub(super) fn find(score: &Score, rows: &'a Rows) -> Result<Self, Error> {
        let mut finder = Finder { rows, found: Vec::new() };
        let indicators = score.scheme.indicators.iter().map(|i| finder.indicator(i)).collect();
        let by = score.by.iter().map(|name| finder.keys(name)).collect();
        let mut number = |name: &Option<String>, what: &str| name.as_ref().map(|name| finder.number(name, what));
        let weight = number(&score.weight, "survey weights");
        let size = number(&score.size, "sizes of households");
        let fpc = number(&score.fpc, "a finite population");
        let strata = score.strata.as_ref().map(|name| finder.keys(name));
        let cluster = score.cluster.as_ref().map(|name| finder.keys(name));
        let domain = score.domain.as_ref().map(|name| finder.flags(name));
        let found = finder.found;
        let intake = Intake { indicators, by, weight, size, strata, cluster, fpc, domain, rows: rows.len() };
        refuse(found).map(|()| intake)
    }

    /// Looks at every row for what may not be: one problem for each column and fault, with the number of rows.
    pub(super) fn check_rows(&self, score: &Score) -> Result<(), Error> {
        let mut found = Vec::new();
        for (column, name) in [(&self.weight, &score.weight), (&self.size, &score.size)] {
            if let (Some(column), Some(name)) = (column, name) {
                amounts(column, name, &mut found);
            }
        }
        if found.is_empty() && self.weight.is_some() && self.size.is_some() {
            let large = (0..self.rows).filter(|i| !squares(self.weight(*i))).count();
            if large > 0 {
                let name = score.size.as_deref().unwrap_or_default();
                found.push(column_problem(name, &format!("{large} products with the weight that are too large"), "smaller numbers"));
            }
        }
        for (column, name) in [(&self.strata, &score.strata), (&self.cluster, &score.cluster), (&self.fpc, &score.fpc)] {
            if let (Some(column), Some(name)) = (column, name) {
                let nulls = lacking(column);
                if nulls > 0 {
                    let wanted = "a value in every row: the design has to know each";
                    found.push(
                        column_problem(name, &format!("{} missing", counted(nulls, "value", "values")), wanted)
                            .mend("leave those rows out"),
                    );
                }
            }
        }
        if let (Some(column), Some(name)) = (&self.fpc, &score.fpc) {
            let bad = (0..self.rows).filter(|i| column.number(*i) <= 0.0 || column.number(*i).is_infinite()).count();
            if bad > 0 {
                let wanted = "PSUs in the population (above 1) or a sampling fraction (above 0, to 1)";
                found.push(column_problem(name, &format!("{} that cannot be", counted(bad, "value", "values")), wanted));
            }
        }
        if let (Some(column), Some(name)) = (&self.domain, &score.domain) {
            let nulls = lacking(column);
            let other = (0..self.rows).filter(|i| !missing(column, *i) && !matches!(column.number(*i), 0.0 | 1.0)).count();
            if nulls > 0 {
                let wanted = "yes or no in every row";
                found.push(column_problem(name, &format!("{} missing", counted(nulls, "value", "values")), wanted).mend("fill them"));
            }
            if other > 0 {
                found.push(column_problem(name, &format!("{} other than 0 and 1", counted(other, "number", "numbers")), "yes or no"));
            }
        }
        let keys =
            self.by.iter().zip(&score.by).chain(self.strata.iter().zip(&score.strata)).chain(self.cluster.iter().zip(&score.cluster));
        for (column, name) in keys {
            if matches!(column.cells, Cells::Float32(_) | Cells::Float64(_) | Cells::Codes(..)) {
                let broken = (0..self.rows).filter(|i| column.key(*i).is_none()).count();
                if broken > 0 {
                    found.push(not_whole(name, broken));
                }
            }
        }
        refuse(found)
    }

    /// What a row weighs: weight times size.
    pub(super) fn weight(&self, row: usize) -> f64 {
        let of = |column: &Option<Column<'_>>| column.as_ref().map_or(1.0, |column| column.number(row));
        of(&self.weight) * of(&self.size)
    }

    /// Whether a row is in the domain.
    pub(super) fn inside(&self, row: usize) -> bool {
        self.domain.as_ref().is_none_or(|column| column.number(row) == 1.0)
    }
}

/// Whether a weight and its square are finite and not negative.
fn squares(weight: f64) -> bool {
    weight >= 0.0 && (weight * weight).is_finite()
}

/// Rows without a value.
fn lacking(column: &Column<'_>) -> usize {
    let whole = !matches!(&column.cells, Cells::Float32(_) | Cells::Float64(_) | Cells::Codes(..) | Cells::Nothing(_));
    if whole { column.nulls } else { (0..column.len()).filter(|row| missing(column, *row)).count() }
}

fn missing(column: &Column<'_>, row: usize) -> bool {
    column.is_null(row)
        || matches!(&column.cells, Cells::Float32(_) | Cells::Float64(_) | Cells::Codes(..))
            && column.is_number()
            && column.number(row).is_nan()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Weights or sizes: finite, 0 or more, in every row.
fn amounts(column: &Column<'_>, name: &str, found: &mut Vec<Problem>) {
    // one quick pass where all is well
    if let (Cells::Float64(cells), None) = (&column.cells, column.valid)
        && quick(cells)
    {
        return;
    }
    let (mut nulls, mut negative, mut large) = (0usize, 0usize, 0usize);
    for i in 0..column.len() {
        let amount = column.number(i);
        nulls += usize::from(amount.is_nan());
        negative += usize::from(amount < 0.0);
        large += usize::from(amount > 0.0 && !squares(amount));
    }
    let wanted = "a finite number of 0 or more in every row";
    let faults = [
        (nulls, "missing", "leave those rows out, or give them a weight"),
        (negative, "below 0", "look at how the column was made"),
        (large, "infinite or too large", "look at how the column was made"),
    ];
    for (count, what, mend) in faults {
        if count > 0 {
            found.push(column_problem(name, &format!("{} {what}", counted(count, "value", "values")), wanted).mend(mend));
        }
    }
}

/// Whether all are 0 or more and have a finite square: several at once, without a branch.
fn quick(cells: &[f64]) -> bool {
    // the square root of the largest float
    const LARGEST: f64 = 1.3e154;
    let fine = |cells: &[f64]| cells.iter().fold(true, |fine, x| fine & (*x >= 0.0) & (*x <= LARGEST));
    cells.chunks(1 << 14).all(fine)
}

struct Finder<'a> {
    rows: &'a Rows,
    found: Vec<Problem>,
}

impl<'a> Finder<'a> {
    fn column(&mut self, name: &str) -> Column<'a> {
        self.rows.find(name).unwrap_or_else(|problem| {
            if !self.found.contains(&problem) {
                self.found.push(*problem);
            }
            Column { cells: Cells::Nothing(self.rows.len()), valid: None, nulls: self.rows.len() }
        })
    }

    fn number(&mut self, name: &str, what: &str) -> Column<'a> {
        let column = self.column(name);
        if sort(&column.cells) == Sort::Text {
            self.found.push(column_problem(name, "text", &format!("numbers: {what}")));
        }
        column
    }

    fn keys(&mut self, name: &str) -> Column<'a> {
        self.column(name)
    }

    fn flags(&mut self, name: &str) -> Column<'a> {
        let column = self.column(name);
        if sort(&column.cells) == Sort::Text {
            self.found.push(
                column_problem(name, "a column that is neither yes and no nor 0 and 1", "yes and no").mend("compare it with a value"),
            );
        }
        column
    }

    fn indicator(&mut self, indicator: &Deprivation) -> Column<'a> {
        let name = indicator.reads();
        let column = self.column(name);
        let sort = sort(&column.cells);
        if (indicator.below.is_some() || indicator.above.is_some()) && sort == Sort::Text {
            self.found.push(column_problem(name, "text", "numbers to compare with a cut-off").mend("use `among`, or cast the column"));
        }
        let named = indicator.among.iter().chain(&indicator.not_among).flatten().chain(&indicator.missing_codes);
        let strange = named.filter(|value| !fits(value, sort)).count();
        if strange > 0 {
            let what = match sort {
                Sort::Text => "text",
                Sort::Boolean => "yes and no",
                _ => "numbers",
            };
            let said = format!("a column of {what}, where the rule names {} of another type", counted(strange, "value", "values"));
            self.found.push(column_problem(name, &said, "values of the column's own type").mend("cast the column or the values"));
        }
        column
    }
}

/// Whether a cell of that sort could have a value; yes and no are also 1 and 0.
fn fits(value: &Value, sort: Sort) -> bool {
    match (value, sort) {
        (_, Sort::Nothing) => true,
        (Value::Text(_), sort) => sort == Sort::Text,
        (Value::Boolean(_), sort) => sort != Sort::Text,
        (Value::Number(number), Sort::Boolean) => matches!(*number, 0.0 | 1.0),
        (Value::Number(_), sort) => sort == Sort::Number,
    }
}

fn refuse(found: Vec<Problem>) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    let kind = if found.iter().all(|problem| problem.found.starts_with("no column")) { ErrorKind::NotFound } else { ErrorKind::Argument };
    Err(Error::with_problems(kind, found))
}
