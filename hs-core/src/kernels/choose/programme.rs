//! Linear programmes with whole columns, solved by branch and bound in portions of nodes, with a proven bound at every stop.
// every index below is of a column that `Programme::checked` has looked at
#![allow(clippy::indexing_slicing)]

use microlp::{ComparisonOp, Error as Failure, OptimizationDirection, Problem, SolveOptions, SolveOutcome, TerminationReason, Variable};

use crate::kernels::{Tick, cancelled};
use crate::{Error, Result};

/// Nodes between two looks at the tick.
const PORTION: u64 = 16;
/// Of a row's scale: rounding that breaks no row.
const NOTHING: f64 = 1e-9;

/// A column: what one unit of it gains, between which ends, and whether it takes whole numbers only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Gain of one unit.
    pub gain: f64,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Whether only whole values count.
    pub whole: bool,
}

/// Which side of its limit a row keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// No more than the limit.
    AtMost,
    /// No less than the limit.
    AtLeast,
}

/// Σ coefficient · column against a limit; no column stands twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Columns and their coefficients.
    pub terms: Vec<(usize, f64)>,
    /// Which side.
    pub sense: Sense,
    /// The limit.
    pub limit: f64,
}

impl Row {
    /// Σ coefficient · column <= limit.
    pub fn at_most(terms: Vec<(usize, f64)>, limit: f64) -> Row {
        Row { terms, sense: Sense::AtMost, limit }
    }

    /// Σ coefficient · column >= limit.
    pub fn at_least(terms: Vec<(usize, f64)>, limit: f64) -> Row {
        Row { terms, sense: Sense::AtLeast, limit }
    }

    /// Σ coefficient · column.
    pub fn of(&self, values: &[f64]) -> f64 {
        self.terms.iter().map(|&(column, k)| k * values.get(column).copied().unwrap_or(0.0)).sum()
    }

    fn scale(&self) -> f64 {
        self.terms.iter().map(|(_, k)| k.abs()).fold(0.0, f64::max)
    }

    fn slack(&self, sum: f64) -> f64 {
        match self.sense {
            Sense::AtMost => self.limit - sum,
            Sense::AtLeast => sum - self.limit,
        }
    }

    /// Whether values keep the row, to rounding.
    pub fn holds(&self, values: &[f64]) -> bool {
        self.slack(self.of(values)) >= -NOTHING * self.scale().max(self.limit.abs())
    }

    /// Whether the row leaves no room in the direction of its sense, to a share of its scale.
    pub fn binds(&self, values: &[f64], share: f64) -> bool {
        self.slack(self.of(values)) <= share * self.scale().max(self.limit.abs())
    }

    /// Whether some values between the ends keep the row.
    pub fn possible(&self, low: &[f64], high: &[f64]) -> bool {
        let end = |column: usize, up: bool| if up { high.get(column) } else { low.get(column) }.copied().unwrap_or(0.0);
        let best: f64 = self.terms.iter().map(|&(column, k)| k * end(column, (k > 0.0) == (self.sense == Sense::AtLeast))).sum();
        self.slack(best) >= -NOTHING * self.scale().max(self.limit.abs())
    }
}

/// Columns and rows; the greatest gain is sought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Programme {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Most nodes of branch and bound.
    pub nodes: u64,
}

/// The best values found.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// By column; whole columns are whole.
    pub values: Vec<f64>,
    /// Their gain.
    pub gain: f64,
    /// No values gain more than this.
    pub bound: f64,
    /// Whether the search was done.
    pub proven: bool,
    /// Nodes looked at.
    pub nodes: u64,
}

/// How a programme ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Values that keep every row.
    Solved(Solved),
    /// No values keep every row.
    Infeasible,
    /// The nodes ran out, or the solver gave up, before any values were found.
    Open,
}

impl Programme {
    /// Adds a column and gives its place.
    pub fn column(&mut self, gain: f64, low: f64, high: f64, whole: bool) -> usize {
        self.columns.push(Column { gain, low, high, whole });
        self.columns.len() - 1
    }

    /// Solves the programme, at best from a start (columns left out are completed).
    ///
    /// # Complexity
    /// One linear programme a node; nodes may double with every whole column.
    ///
    /// # Errors
    /// `Argument` for a row that names no column or a number that is not finite; `Cancelled`.
    pub fn solve(&self, effort: Effort, start: Option<&[(usize, f64)]>, tick: Tick<'_>) -> Result<Answer> {
        self.check()?;
        if self.columns.iter().any(|c| c.low > c.high) {
            return Ok(Answer::Infeasible);
        }
        let scale = self.columns.iter().map(|c| c.gain.abs()).fold(0.0, f64::max);
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let variables: Vec<Variable> = self.columns.iter().map(|column| added(&mut problem, column, scale)).collect();
        for row in &self.rows {
            let size = row.scale();
            if size == 0.0 {
                if row.slack(0.0) < -NOTHING * row.limit.abs() {
                    return Ok(Answer::Infeasible);
                }
                continue;
            }
            let terms: Vec<(Variable, f64)> =
                row.terms.iter().filter(|(_, k)| k.abs() > 1e-12 * size).map(|&(column, k)| (variables[column], k / size)).collect();
            let sense = match row.sense {
                Sense::AtMost => ComparisonOp::Le,
                Sense::AtLeast => ComparisonOp::Ge,
            };
            problem.add_constraint(terms, sense, row.limit / size);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(PORTION.min(effort.nodes.max(1)));
        options.warm_start = start.map(|start| start.iter().map(|&(column, value)| (variables[column], value)).collect());
        if !tick(0) {
            return Err(cancelled());
        }
        let mut outcome = match problem.solve_with(options) {
            Ok(outcome) => outcome,
            Err(failure) => return Ok(failed(&failure)),
        };
        loop {
            let nodes = outcome.stats().nodes_solved;
            if outcome.termination_reason() == TerminationReason::ProvenOptimal || nodes >= effort.nodes {
                return Ok(self.answer(&outcome, &variables, scale));
            }
            if !tick(nodes) {
                return Err(cancelled());
            }
            outcome = match outcome.resume() {
                Ok(outcome) => outcome,
                Err(failure) => return Ok(failed(&failure)),
            };
            if outcome.stats().nodes_solved == nodes && outcome.termination_reason() != TerminationReason::ProvenOptimal {
                // no node more was solved: nothing would change
                return Ok(self.answer(&outcome, &variables, scale));
            }
        }
    }

    fn answer(&self, outcome: &SolveOutcome, variables: &[Variable], scale: f64) -> Answer {
        let Some(solution) = outcome.solution() else { return Answer::Open };
        let value = |(variable, column): (&Variable, &Column)| {
            let value = solution.var_value(*variable);
            if column.whole { value.round() } else { value.clamp(column.low, column.high) }
        };
        let values: Vec<f64> = variables.iter().zip(&self.columns).map(value).collect();
        let gain = values.iter().zip(&self.columns).map(|(value, column)| value * column.gain).sum();
        let proven = outcome.termination_reason() == TerminationReason::ProvenOptimal;
        let best = outcome.stats().best_bound.map_or(f64::INFINITY, |bound| bound * scale);
        let bound = if proven { best.min(solution.objective() * scale).max(gain) } else { best.max(gain) };
        Answer::Solved(Solved { values, gain, bound, proven, nodes: outcome.stats().nodes_solved })
    }

    fn check(&self) -> Result<()> {
        let finite = self.columns.iter().all(|c| c.gain.is_finite() && c.low.is_finite() && c.high.is_finite());
        let rows = self
            .rows
            .iter()
            .all(|row| row.limit.is_finite() && row.terms.iter().all(|(column, k)| *column < self.columns.len() && k.is_finite()));
        if finite && rows {
            return Ok(());
        }
        Err(Error::argument("a programme holds a number that is not finite, or a row names a column that is not there"))
    }
}

fn added(problem: &mut Problem, column: &Column, scale: f64) -> Variable {
    let gain = column.gain / scale;
    if column.whole && column.low < column.high && column.low >= 0.0 && column.high <= 1.0 {
        return problem.add_binary_var(gain);
    }
    if column.whole && column.low < column.high {
        return problem.add_integer_var(gain, (column.low.ceil() as i32, column.high.floor() as i32));
    }
    problem.add_var(gain, (column.low, column.high))
}

fn failed(failure: &Failure) -> Answer {
    match failure {
        Failure::Infeasible => Answer::Infeasible,
        _ => Answer::Open,
    }
}
