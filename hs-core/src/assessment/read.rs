//! A document becomes an assessment, or one error with everything that is wrong with it.

use serde::{Deserialize, Deserializer};

use super::document::{Limits, Node};
use super::{Assessment, SCHEMA};
use crate::{Error, ErrorKind, Result};

macro_rules! take {
    ($entries:ident, $($field:ident),+) => {
        Assessment { $($field: take(&mut $entries, stringify!($field))?),+, schema: SCHEMA.into() }
    };
}

impl Assessment {
    /// Reads a JSON text within the default limits.
    ///
    /// # Errors
    /// One error with every problem of the document: see [`Assessment::from_document`].
    ///
    /// # Examples
    /// ```
    /// use hs_core::Assessment;
    /// let text = r#"{"schema": "human-security/1", "id": "a", "title": "A", "threats": [{"id": "hunger", "name": "Hunger", "component": "fod"}]}"#;
    /// let error = Assessment::from_json(text).unwrap_err();
    /// assert_eq!(error.problems[0].pointer, "/threats/0/component");
    /// assert_eq!(error.problems[0].mend.as_deref(), Some("did you mean `food`?"));
    /// ```
    pub fn from_json(text: &str) -> Result<Assessment> {
        Self::from_slice(text.as_bytes(), &Limits::default())
    }

    /// Reads the bytes of a JSON text; a leading byte-order mark is fine.
    ///
    /// # Errors
    /// One error with every problem of the document: see [`Assessment::from_document`].
    pub fn from_slice(bytes: &[u8], limits: &Limits) -> Result<Assessment> {
        Self::from_document(super::parse::parse(bytes, limits)?, limits)
    }

    /// Checks a tree against every rule of the format and makes it an assessment.
    ///
    /// # Errors
    /// One error with every problem (the first hundred, in document order, and the count of all), each with its kind, JSON
    /// pointer, what was found and wanted and, where there is one, the mend. Its kind is `Document`; `Limit` where a limit is
    /// passed; `Syntax` where the text is broken or nests too deeply.
    pub fn from_document(mut document: Node, limits: &Limits) -> Result<Assessment> {
        super::walk::check(&document, limits)?;
        strip_null(&mut document);
        let Node::Object(mut entries) = document else {
            return Err(Error::internal("a checked document is no object"));
        };
        Ok(take!(
            entries,
            id,
            title,
            language,
            sensitivity,
            sources,
            places,
            groups,
            partitions,
            populations,
            threats,
            conditions,
            capacities,
            linkages,
            interventions,
            actors,
            responsibilities,
            indicators,
            observations,
            perceptions,
            priorities,
            ties,
            items,
            answers,
            stories,
            committees,
            meetings,
            feedback,
            resources,
            judgements,
            extra
        ))
    }

    /// The assessment as JSON text: two spaces of indent, fields in the order of the format, the same bytes for equal assessments.
    ///
    /// # Errors
    /// When a tree under `extra` that was built by hand holds a number that is not finite.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map_err(|fault| Error::new(ErrorKind::Argument, format!("the assessment cannot be written: {fault}")))
    }

    /// The assessment as a tree.
    ///
    /// # Errors
    /// As [`Assessment::to_json`].
    pub fn to_document(&self) -> Result<Node> {
        super::parse::parse(self.to_json()?.as_bytes(), &UNLIMITED)
    }

    /// Checks an assessment that was built or changed by hand against every rule of the format.
    ///
    /// # Errors
    /// As [`Assessment::from_document`].
    pub fn validate(&self) -> Result<()> {
        super::walk::check(&self.to_document()?, &Limits::default())
    }
}

/// What the library itself wrote is read whole.
const UNLIMITED: Limits = Limits { bytes: usize::MAX, objects: usize::MAX, text: usize::MAX };

/// Takes a field out of the tree, so that each part is freed as it is read.
fn take<T: for<'de> Deserialize<'de> + Default>(entries: &mut [(String, Node)], field: &str) -> Result<T> {
    let Some((_, value)) = entries.iter_mut().find(|(key, _)| key == field) else {
        return Ok(T::default());
    };
    T::deserialize(std::mem::replace(value, Node::Null))
        .map_err(|fault| Error::internal(format!("a checked document does not read at `{field}`: {fault}")))
}

/// A null field is an absent one, but `extra` is the user's own.
fn strip_null(node: &mut Node) {
    match node {
        Node::Object(entries) => {
            entries.retain(|(_, value)| !value.is_null());
            for (key, value) in entries {
                if key != "extra" {
                    strip_null(value);
                }
            }
        }
        Node::List(items) => items.iter_mut().for_each(strip_null),
        _ => {}
    }
}

/// As strict as [`Assessment::from_document`]: there is no lenient way in.
impl<'de> Deserialize<'de> for Assessment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Assessment::from_document(Node::deserialize(deserializer)?, &Limits::default()).map_err(serde::de::Error::custom)
    }
}
