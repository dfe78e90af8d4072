//! Which columns of somebody's data an analysis reads, and of which sort.

/// A column that is needed. Columns that nobody needs are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub sort: Sort,
}

/// What the cells of a column are, where a file does not say so itself, as CSV does not. A column of two sorts is read as the
/// first of them here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Numbers.
    Number,
    /// Yes and no.
    Boolean,
    /// Words.
    Text,
}

impl Needed {
    /// Adds a column, or narrows the sort of one that is there.
    pub fn add(needed: &mut Vec<Needed>, name: &str, sort: Sort) {
        match needed.iter_mut().find(|column| column.name == name) {
            Some(column) => column.sort = column.sort.min(sort),
            None => needed.push(Needed { name: name.into(), sort }),
        }
    }
}
