//! Rows of people's data: Arrow columns as they came, read in place.

use arrow_array::RecordBatch;

use super::Table;

/// A batch of rows of somebody's data. Columns are read where they lie; nothing of them is kept.
#[derive(Debug, Clone)]
pub struct Rows {
    batch: RecordBatch,
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
}
