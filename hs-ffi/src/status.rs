//! What a function of the C interface returns.

use hs_core::ErrorKind;

/// What became of a call. The list is closed and append-only: a number keeps its meaning for ever.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum hs_status {
    /// Success; the outputs are written.
    HS_OK = 0,
    /// The text itself is broken: not UTF-8, not JSON, not CSV, nested too deeply.
    HS_SYNTAX = 1,
    /// A document breaks a rule of the format; hs_error_problems lists every one.
    HS_DOCUMENT = 2,
    /// The input is larger than a limit the caller can raise.
    HS_LIMIT = 3,
    /// Reading or writing a file failed.
    HS_FILE = 4,
    /// A setting or argument is out of its domain, or a pointer that must not be NULL is.
    HS_ARGUMENT = 5,
    /// An id, name or analysis that was asked for does not exist.
    HS_NOT_FOUND = 6,
    /// The model or format has no meaning for this input.
    HS_UNSUPPORTED = 7,
    /// The system has no finite answer; the message names a loop responsible.
    HS_DIVERGING = 8,
    /// What was asked for is undefined for this input; the message says why.
    HS_UNDEFINED = 9,
    /// An export of a restricted assessment lacks its acknowledgement.
    HS_SENSITIVITY = 10,
    /// The caller asked to stop.
    HS_CANCELLED = 11,
    /// Memory that the stated sizes ask for is not to be had.
    HS_MEMORY = 12,
    /// A handle is none, stale, freed before, invented, or of another type.
    HS_HANDLE = 13,
    /// A fault of this library.
    HS_INTERNAL = 14,
}

use hs_status::*;

impl hs_status {
    /// Every status, in order.
    pub(crate) const ALL: [hs_status; 15] = [
        HS_OK,
        HS_SYNTAX,
        HS_DOCUMENT,
        HS_LIMIT,
        HS_FILE,
        HS_ARGUMENT,
        HS_NOT_FOUND,
        HS_UNSUPPORTED,
        HS_DIVERGING,
        HS_UNDEFINED,
        HS_SENSITIVITY,
        HS_CANCELLED,
        HS_MEMORY,
        HS_HANDLE,
        HS_INTERNAL,
    ];

    /// The status of a kind of error. A kind this file does not know yet counts as a fault; a test walks all kinds.
    pub(crate) fn of(kind: ErrorKind) -> hs_status {
        match kind {
            ErrorKind::Syntax => HS_SYNTAX,
            ErrorKind::Document => HS_DOCUMENT,
            ErrorKind::Limit => HS_LIMIT,
            ErrorKind::File => HS_FILE,
            ErrorKind::Argument => HS_ARGUMENT,
            ErrorKind::NotFound => HS_NOT_FOUND,
            ErrorKind::Unsupported => HS_UNSUPPORTED,
            ErrorKind::Diverging => HS_DIVERGING,
            ErrorKind::Undefined => HS_UNDEFINED,
            ErrorKind::Sensitivity => HS_SENSITIVITY,
            ErrorKind::Cancelled => HS_CANCELLED,
            ErrorKind::Memory => HS_MEMORY,
            ErrorKind::Handle => HS_HANDLE,
            _ => HS_INTERNAL,
        }
    }

    /// The status as a word in kebab-case, with a closing zero byte.
    pub(crate) fn word(self) -> &'static std::ffi::CStr {
        match self {
            HS_OK => c"ok",
            HS_SYNTAX => c"syntax",
            HS_DOCUMENT => c"document",
            HS_LIMIT => c"limit",
            HS_FILE => c"file",
            HS_ARGUMENT => c"argument",
            HS_NOT_FOUND => c"not-found",
            HS_UNSUPPORTED => c"unsupported",
            HS_DIVERGING => c"diverging",
            HS_UNDEFINED => c"undefined",
            HS_SENSITIVITY => c"sensitivity",
            HS_CANCELLED => c"cancelled",
            HS_MEMORY => c"memory",
            HS_HANDLE => c"handle",
            HS_INTERNAL => c"internal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_error_has_exactly_one_status() {
        let statuses: Vec<i32> = ErrorKind::ALL.iter().map(|kind| hs_status::of(*kind) as i32).collect();
        assert_eq!(statuses, (1..=ErrorKind::ALL.len() as i32).collect::<Vec<_>>(), "one status a kind, in the order of the kinds");
        assert_eq!(hs_status::ALL.len(), ErrorKind::ALL.len() + 1);
    }

    #[test]
    fn the_word_of_a_status_is_the_word_of_its_kind() {
        for kind in ErrorKind::ALL {
            let word = serde_json::to_value(kind).unwrap();
            assert_eq!(word, hs_status::of(kind).word().to_str().unwrap());
        }
    }
}
