//! Arrow at the edge: named tables of plain columns, and what an analysis returns.

mod cells;
mod entities;
mod layout;
mod needed;
mod outcome;
mod rows;
mod table;

pub use entities::entity_tables;
pub use needed::{Needed, Sort};
pub use outcome::{Array, Note, Outcome};
pub use rows::Rows;
pub use table::{Table, TableBuilder};

pub(crate) use cells::{Cells, Column as RowColumn};
#[cfg(feature = "parquet")]
pub(crate) use entities::entity_table;
pub(crate) use entities::{columns, json, rows};
pub(crate) use layout::{Column, Kind, Layout, Part, Resource};
pub(crate) use outcome::arrow_tables;
pub(crate) use rows::{Key, not_whole, problem as column_problem};
