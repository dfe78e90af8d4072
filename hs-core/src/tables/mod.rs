//! Arrow at the edge: named tables of plain columns, and what an analysis returns.

mod entities;
#[allow(dead_code)] // the rest serves data packages, which follow
mod layout;
mod outcome;
mod table;

pub use entities::entity_tables;
pub use outcome::{Array, Note, Outcome};
pub use table::{Table, TableBuilder};

#[allow(unused_imports)]
pub(crate) use entities::{columns, json, rows};
#[allow(unused_imports)]
pub(crate) use layout::{Column, Kind, Layout, Part, Resource};
