//! What every analysis returns to a binding: settings, facts, arrays, tables and notes, all by name.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Table;

/// Subjects that a note names at the most.
const MOST_SUBJECTS: usize = 1000;

/// Something that was dropped, defaulted or assumed: nothing is silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A short word in kebab-case that names what happened, for example `unweighted-linkage`.
    pub code: &'static str,
    /// One sentence in plain words.
    pub message: String,
    /// Ids concerned.
    pub subjects: Vec<String>,
}

impl Note {
    /// A note about some ids.
    pub fn new<S: Into<String>>(code: &'static str, message: impl Into<String>, subjects: impl IntoIterator<Item = S>) -> Self {
        Note { code, message: message.into(), subjects: subjects.into_iter().map(Into::into).collect() }
    }

    /// A note about `count` ids of which the first thousand are named; past that the message says so.
    pub fn some<S: Into<String>>(
        code: &'static str,
        message: impl Into<String>,
        count: usize,
        subjects: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut message = message.into();
        if count > MOST_SUBJECTS {
            message.push_str(&format!(" ({MOST_SUBJECTS} of {count} are named)"));
        }
        Note::new(code, message, subjects.into_iter().take(MOST_SUBJECTS))
    }

    /// A note that counts its subjects: `what` is one of them, `message` begins with a verb for many.
    pub fn counted(code: &'static str, what: &str, message: &str, subjects: Vec<String>) -> Self {
        Note::counted_some(code, what, message, subjects.len(), subjects)
    }

    /// As [`Note::counted`] and [`Note::some`]: `count` ids, of which the first thousand are named.
    pub fn counted_some<S: Into<String>>(
        code: &'static str,
        what: &str,
        message: &str,
        count: usize,
        subjects: impl IntoIterator<Item = S>,
    ) -> Self {
        let said = match (count, message.split_once(' ')) {
            (1, Some((verb, rest))) => match verb {
                "have" => format!("1 {what} has {rest}"),
                "are" => format!("1 {what} is {rest}"),
                "were" => format!("1 {what} was {rest}"),
                "reach" => format!("1 {what} reaches {rest}"),
                verb => format!("1 {what} {verb}s {rest}"),
            },
            (count, _) => format!("{count} {what}s {message}"),
        };
        Note::some(code, said, count, subjects)
    }
}

/// A dense array in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// The numbers, last axis fastest.
    pub data: Vec<f64>,
}

/// The plain form of a result that crosses to Python, C and JSON: the same names everywhere.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Name of the analysis, as in `root_causes`.
    pub analysis: &'static str,
    /// The settings it ran with, defaults written out.
    pub settings: Value,
    /// Single facts: status, iterations, spectral_radius; an undefined one is null and has a note.
    pub facts: Map<String, Value>,
    /// Dense arrays, by name.
    pub arrays: Vec<(&'static str, Array)>,
    /// Tables, by name; the first is the main one.
    pub tables: Vec<(&'static str, Table)>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Outcome {
    /// An outcome with settings and nothing else yet.
    ///
    /// # Errors
    /// When the settings do not serialise, which is a fault of this library.
    pub fn new(analysis: &'static str, settings: &impl Serialize) -> crate::Result<Self> {
        let settings =
            serde_json::to_value(settings).map_err(|e| crate::Error::internal(format!("settings of {analysis} do not serialise: {e}")))?;
        Ok(Outcome { analysis, settings, facts: Map::new(), arrays: Vec::new(), tables: Vec::new(), notes: Vec::new() })
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|(n, _)| *n == name).map(|(_, t)| t)
    }

    /// Everything as JSON: `analysis`, `settings`, the facts, each array as nested lists, each table as a list of rows, `notes`.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("analysis".into(), json!(self.analysis));
        object.insert("settings".into(), self.settings.clone());
        for (name, fact) in &self.facts {
            object.insert(name.clone(), fact.clone());
        }
        for (name, array) in &self.arrays {
            object.insert((*name).into(), nested(&array.shape, &array.data));
        }
        let tables: Map<String, Value> = self.tables.iter().map(|(n, t)| ((*n).into(), t.to_json())).collect();
        object.insert("tables".into(), Value::Object(tables));
        object.insert("notes".into(), json!(self.notes));
        Value::Object(object)
    }
}

fn nested(shape: &[usize], data: &[f64]) -> Value {
    match shape {
        [] => Value::Null,
        [_] => json!(data),
        [_, rest @ ..] => {
            let step: usize = rest.iter().product();
            Value::Array(data.chunks(step.max(1)).map(|part| nested(rest, part)).collect())
        }
    }
}

/// Gives a result `tables()`: its Arrow tables by name, as its outcome holds them.
macro_rules! arrow_tables {
    ($result:ty) => {
        impl $result {
            /// The Arrow tables, by name; the first is the main one.
            ///
            /// They are those of `outcome()`, which fails only by a fault of this library; then there is none here.
            pub fn tables(&self) -> Vec<(&'static str, arrow_array::RecordBatch)> {
                let tables = self.outcome().map(|outcome| outcome.tables).unwrap_or_default();
                tables.into_iter().map(|(name, table)| (name, table.batch().clone())).collect()
            }
        }
    };
}
pub(crate) use arrow_tables;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_notes_agree_in_number() {
        let of = |message, count| Note::counted("code", "cell", message, vec!["a".into(); count]).message;
        assert_eq!(of("have no severity", 1), "1 cell has no severity");
        assert_eq!(of("have no severity", 2), "2 cells have no severity");
        assert_eq!(of("reach nobody", 1), "1 cell reaches nobody");
        assert_eq!(of("take the mean", 1), "1 cell takes the mean");
    }
}
