//! Arrow at the edge: named tables of plain columns, and what an analysis returns.

mod outcome;
mod table;

pub use outcome::{Array, Note, Outcome};
pub use table::{Table, TableBuilder};
