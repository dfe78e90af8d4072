//! One error type: what kind, what was found and wanted, where, and how to mend it.

use serde::Serialize;

/// Result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure this is. Each kind has exactly one C status and one Python exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text itself is broken: not UTF-8, not JSON, not CSV, nested too deeply.
    Syntax,
    /// A document breaks a rule of the format; `problems` lists every one.
    Document,
    /// The input is larger than a limit the caller can raise.
    Limit,
    /// Reading or writing a file failed.
    File,
    /// A setting or argument is out of its domain.
    Argument,
    /// An id, name or analysis that was asked for does not exist.
    NotFound,
    /// The model or format has no meaning for this input.
    Unsupported,
    /// The system has no finite answer (spectral radius at 1 or more); the message names a loop responsible.
    Diverging,
    /// What was asked for is undefined for this input, with the reason.
    Undefined,
    /// An export of a restricted assessment lacks its acknowledgement.
    Sensitivity,
    /// The caller asked to stop.
    Cancelled,
    /// Memory that the stated sizes ask for is not to be had.
    Memory,
    /// A handle that is stale, freed twice or invented, or of another type (C only).
    Handle,
    /// A fault of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the C statuses (which start at 1).
    pub const ALL: [ErrorKind; 14] = [
        ErrorKind::Syntax,
        ErrorKind::Document,
        ErrorKind::Limit,
        ErrorKind::File,
        ErrorKind::Argument,
        ErrorKind::NotFound,
        ErrorKind::Unsupported,
        ErrorKind::Diverging,
        ErrorKind::Undefined,
        ErrorKind::Sensitivity,
        ErrorKind::Cancelled,
        ErrorKind::Memory,
        ErrorKind::Handle,
        ErrorKind::Internal,
    ];
}

/// Which rule a [`Problem`] breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// The text is not well formed.
    Syntax,
    /// The bytes are not UTF-8.
    Encoding,
    /// Nested deeper than allowed.
    Nesting,
    /// Over one of the reader's limits.
    Limit,
    /// Not a schema this version reads.
    Schema,
    /// A field the format does not have.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// The same key twice in one object.
    DuplicateKey,
    /// A value of another JSON type than wanted.
    WrongType,
    /// A word that is not in its list.
    UnknownWord,
    /// A number outside its bounds, or not finite.
    OutOfBounds,
    /// A range out of order, or that does not hold its value, or without a value.
    BadRange,
    /// An id that does not match the pattern.
    BadId,
    /// A period that is not one.
    BadPeriod,
    /// A text with control characters, empty where it may not be, or too long.
    BadText,
    /// The same id or key fields twice.
    Duplicate,
    /// A reference to an id that is not there.
    Unresolved,
    /// Two statements that exclude each other, or none where one is needed.
    Conflict,
    /// A ring where there may be none.
    Cycle,
    /// An empty list where absence and emptiness would differ.
    EmptyList,
    /// A parent on a lower level than its child.
    Level,
    /// A path, link or resource that is not allowed or not supported.
    Resource,
    /// A column of a table that does not fit.
    Column,
}

/// One thing that is wrong, where it is, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The rule that is broken.
    pub kind: ProblemKind,
    /// JSON pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// What was found, in lower case; never a row of microdata.
    pub found: String,
    /// What was wanted.
    pub wanted: String,
    /// How to mend it, for example the nearest known word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// Line of the text (from 1), where the text itself is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column of the text or, in a table, none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Resource of a data package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Row of the resource, from 1, header not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column name of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Problem {
    /// A problem at a JSON pointer.
    pub fn new(kind: ProblemKind, pointer: impl Into<String>, found: impl Into<String>, wanted: impl Into<String>) -> Self {
        Problem {
            kind,
            pointer: pointer.into(),
            found: found.into(),
            wanted: wanted.into(),
            mend: None,
            line: None,
            column: None,
            resource: None,
            row: None,
            field: None,
        }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Adds line and column of the text, both from 1.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The place in words: resource, row and column, else pointer, else line and column.
    pub fn place(&self) -> String {
        let mut place = String::new();
        if let Some(resource) = &self.resource {
            place.push_str(resource);
            if let Some(row) = self.row {
                place.push_str(&format!(" row {row}"));
            }
            if let Some(field) = &self.field {
                place.push_str(&format!(" column `{field}`"));
            }
            return place;
        }
        if !self.pointer.is_empty() {
            place.push_str(&self.pointer);
        }
        if let Some(line) = self.line {
            if !place.is_empty() {
                place.push_str(", ");
            }
            place.push_str(&format!("line {line}"));
            if let Some(column) = self.column {
                place.push_str(&format!(" column {column}"));
            }
        }
        if place.is_empty() {
            place.push_str("the document");
        }
        place
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: found {}, wanted {}", self.place(), self.found, self.wanted)?;
        if let Some(mend) = &self.mend {
            write!(f, "; {mend}")?;
        }
        Ok(())
    }
}

/// The error of this crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Error {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// One line in lower case: what was found and wanted, ids in backticks.
    pub message: String,
    /// Every problem found, in document order, to 100.
    pub problems: Vec<Problem>,
    /// How many problems there are in all (more than `problems` holds, past 100).
    pub total: usize,
}

impl Error {
    /// How many problems one error carries at the most.
    pub const MOST_PROBLEMS: usize = 100;

    /// An error without a list of problems.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), problems: Vec::new(), total: 0 }
    }

    /// An error that carries problems, which are in document order; past 100 they are counted only.
    pub fn with_problems(kind: ErrorKind, mut problems: Vec<Problem>) -> Self {
        let total = problems.len();
        problems.truncate(Self::MOST_PROBLEMS);
        let message = match total {
            1 => problems.first().map(ToString::to_string).unwrap_or_default(),
            _ => format!("{total} problems, the first: {}", problems.first().map(ToString::to_string).unwrap_or_default()),
        };
        Error { kind, message, problems, total }
    }

    /// A setting or argument out of its domain.
    pub fn argument(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Argument, message)
    }

    /// A fault of this library.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal, message)
    }

    /// An id that does not exist, with the nearest known one.
    pub fn not_found<'a>(what: &str, id: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let hint = nearest(id, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Error::new(ErrorKind::NotFound, format!("no {what} `{}`{hint}", shown(id)))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if self.total > 1 {
            for problem in &self.problems {
                write!(f, "\n  {problem}")?;
            }
            if self.total > self.problems.len() {
                write!(f, "\n  and {} more", self.total - self.problems.len())?;
            }
        }
        Ok(())
    }
}

/// The known word nearest to `word`, if one is near enough to be a likely slip.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A user's text as it may stand in a message: cut to 80 characters, control characters escaped.
pub fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(80).flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] }).collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}
