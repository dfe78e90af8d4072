//! Types of the C interface.

/// A situation: places, groups, threats, conditions, linkages, interventions. Free with hs_assessment_free.
///
/// Handles are numbers passed by value. Id 0 is none. A handle that is stale, freed twice, invented or of another type is refused with
/// HS_HANDLE. An assessment never changes after it is made, so any number of threads may use one.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_assessment {
    /// The number; 0 is none.
    pub id: u64,
}

/// A domino network: threats, each at a place and for a group, and the linkages between them. Free with hs_network_free.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_network {
    /// The number; 0 is none.
    pub id: u64,
}

/// What an analysis found: settings, facts, arrays, tables and notes, all by name. Free with hs_result_free.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_result {
    /// The number; 0 is none.
    pub id: u64,
}

/// A text the library made, in UTF-8. Free with hs_text_free.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_text {
    /// The number; 0 is none.
    pub id: u64,
}

/// Why a call failed. Free with hs_error_free.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_error {
    /// The number; 0 is none.
    pub id: u64,
}

/// How much a reader takes in; what is past a limit is refused, never cut. Start from hs_limits_default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// JSON objects of the document.
    pub objects: usize,
    /// Bytes of one text, key or number.
    pub text: usize,
}
