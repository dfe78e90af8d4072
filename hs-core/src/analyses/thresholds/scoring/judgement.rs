//! Whether one cell says deprived, missing or neither, and by how much: one row at a time.

use super::{Deprivation, Value};
use crate::tables::{Cells, RowColumn as Column};

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    pub deprived: bool,
    pub missing: bool,
    /// Share of the cut-off by which it falls short (or of the way to the maximum by which it exceeds); 0 where not deprived or not defined.
    pub gap: f64,
}

const MISSING: Said = Said { deprived: false, missing: true, gap: 0.0 };

impl Deprivation {
    /// What the cell at a position of its column says.
    pub(super) fn judge(&self, column: &Column<'_>, position: usize) -> Said {
        if column.is_null(position) {
            return MISSING;
        }
        let (column, position) = match &column.cells {
            Cells::Codes(codes, values) => (values.as_ref(), codes.code(position)),
            _ => (column, position),
        };
        let (number, text) = match &column.cells {
            Cells::Text(texts) => (f64::NAN, Some(texts.at(position))),
            cells => (cells.number(position), None),
        };
        if text.is_none() && number.is_nan() || self.missing_codes.iter().any(|code| is(code, number, text)) {
            return MISSING;
        }
        let deprived = match (self.below, self.above, &self.among, &self.not_among) {
            (Some(bar), ..) => number < bar,
            (_, Some(bar), ..) => number > bar,
            (_, _, Some(values), _) => values.iter().any(|value| is(value, number, text)),
            (_, _, _, Some(values)) => !values.iter().any(|value| is(value, number, text)),
            _ => false,
        };
        Said { deprived, missing: false, gap: if deprived { self.gap(number) } else { 0.0 } }
    }

    pub(super) fn gap(&self, number: f64) -> f64 {
        match (self.below, self.above, self.maximum) {
            (Some(bar), _, _) => ((bar - number) / bar).clamp(0.0, 1.0),
            (_, Some(bar), Some(maximum)) => ((number - bar) / (maximum - bar)).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }
}

/// Whether a cell has that value; yes and no are also 1 and 0.
fn is(value: &Value, number: f64, text: Option<&str>) -> bool {
    match (value, text) {
        (Value::Text(value), Some(text)) => value == text,
        (Value::Number(value), None) => *value == number,
        (Value::Boolean(value), None) => number == f64::from(u8::from(*value)),
        _ => false,
    }
}
