//! A table of named columns: an Arrow record batch with a builder that cannot misalign.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder};
use arrow_array::{Array as _, ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{DataType, Field, Schema};
use serde_json::{Map, Value, json};

use crate::{Error, Result};

/// A table; missing values are null.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// Starts a table.
    pub fn builder() -> TableBuilder {
        TableBuilder::default()
    }

    /// The Arrow form.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Names of the columns, in order.
    pub fn columns(&self) -> Vec<&str> {
        self.batch.schema_ref().fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>()
    }

    /// A text column, if it is one.
    pub fn text(&self, column: &str) -> Option<Vec<Option<&str>>> {
        let array = self.batch.column_by_name(column)?.as_any().downcast_ref::<StringArray>()?;
        Some(array.iter().collect())
    }

    /// A number column, if it is one.
    pub fn number(&self, column: &str) -> Option<Vec<Option<f64>>> {
        let array = self.batch.column_by_name(column)?.as_any().downcast_ref::<Float64Array>()?;
        Some(array.iter().collect())
    }

    /// One cell as JSON; null where missing or out of reach.
    pub fn cell(&self, row: usize, column: usize) -> Value {
        if row >= self.batch.num_rows() || column >= self.batch.num_columns() {
            return Value::Null;
        }
        value(self.batch.column(column), row)
    }

    /// The rows as a JSON list of objects.
    pub fn to_json(&self) -> Value {
        let schema = self.batch.schema();
        (0..self.rows())
            .map(|row| {
                let cells: Map<String, Value> = schema
                    .fields()
                    .iter()
                    .zip(self.batch.columns())
                    .map(|(field, column)| (field.name().clone(), value(column, row)))
                    .collect();
                Value::Object(cells)
            })
            .collect()
    }
}

fn value(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    let any = column.as_any();
    if let Some(a) = any.downcast_ref::<StringArray>() {
        json!(a.value(row))
    } else if let Some(a) = any.downcast_ref::<Float64Array>() {
        json!(a.value(row))
    } else if let Some(a) = any.downcast_ref::<Int64Array>() {
        json!(a.value(row))
    } else if let Some(a) = any.downcast_ref::<BooleanArray>() {
        json!(a.value(row))
    } else if let Some(a) = any.downcast_ref::<ListArray>() {
        let inner = a.value(row);
        (0..inner.len()).map(|i| value(&inner, i)).collect()
    } else {
        Value::Null
    }
}

/// Collects columns; [`TableBuilder::build`] refuses columns of different length.
#[derive(Debug, Default)]
pub struct TableBuilder {
    columns: Vec<(Field, ArrayRef)>,
}

impl TableBuilder {
    fn add(mut self, name: &str, kind: DataType, array: ArrayRef) -> Self {
        self.columns.push((Field::new(name, kind, true), array));
        self
    }

    /// A column of text.
    #[must_use]
    pub fn text<S: AsRef<str>>(self, name: &str, values: impl IntoIterator<Item = Option<S>>) -> Self {
        self.add(name, DataType::Utf8, Arc::new(values.into_iter().collect::<StringArray>()))
    }

    /// A column of numbers; a number that is not finite becomes missing.
    #[must_use]
    pub fn number(self, name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let array: Float64Array = values.into_iter().map(|v| v.filter(|x| x.is_finite())).collect();
        self.add(name, DataType::Float64, Arc::new(array))
    }

    /// A column of whole numbers.
    #[must_use]
    pub fn integer(self, name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.add(name, DataType::Int64, Arc::new(values.into_iter().collect::<Int64Array>()))
    }

    /// A column of yes and no.
    #[must_use]
    pub fn boolean(self, name: &str, values: impl IntoIterator<Item = Option<bool>>) -> Self {
        self.add(name, DataType::Boolean, Arc::new(values.into_iter().collect::<BooleanArray>()))
    }

    /// A column of lists of text.
    #[must_use]
    pub fn list<S: AsRef<str>>(self, name: &str, values: impl IntoIterator<Item = Option<Vec<S>>>) -> Self {
        let mut builder = ListBuilder::new(StringBuilder::new());
        for list in values {
            if let Some(items) = &list {
                for item in items {
                    builder.values().append_value(item.as_ref());
                }
            }
            builder.append(list.is_some());
        }
        let array = builder.finish();
        let kind = array.data_type().clone();
        self.add(name, kind, Arc::new(array))
    }

    /// A column of lists of numbers.
    #[must_use]
    pub fn number_list(self, name: &str, values: impl IntoIterator<Item = Option<Vec<f64>>>) -> Self {
        let mut builder = ListBuilder::new(Float64Builder::new());
        for list in values {
            for item in list.iter().flatten() {
                builder.values().append_option(item.is_finite().then_some(*item));
            }
            builder.append(list.is_some());
        }
        let array = builder.finish();
        let kind = array.data_type().clone();
        self.add(name, kind, Arc::new(array))
    }

    /// The table.
    ///
    /// # Errors
    /// When the columns differ in length, which is a fault of the caller.
    pub fn build(self) -> Result<Table> {
        let rows = self.columns.first().map_or(0, |(_, a)| a.len());
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = self.columns.into_iter().unzip();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
            .map_err(|e| Error::internal(e.to_string()))?;
        Ok(Table { batch })
    }
}
