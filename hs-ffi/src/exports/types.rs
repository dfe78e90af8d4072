//! Types of the C interface.

use std::ffi::{c_int, c_void};

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

/// Rows of people's data on their way to a score. Free with hs_scorer_free.
///
/// A scorer takes rows in, from any number of threads at a time; its settings never change.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_scorer {
    /// The number; 0 is none.
    pub id: u64,
}

/// Bytes the library made. Free with hs_bytes_free.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_bytes {
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

/// What a long call looks at on its way, with how far it is: 0 lets it go on, anything else stops it with HS_CANCELLED.
///
/// It is called on the thread of the call. It must return: no exception, no longjmp.
pub type hs_tick = Option<unsafe extern "C" fn(context: *mut c_void, step: u64) -> c_int>;

/// A function of the caller's at many points at a time: rows of inputs numbers each, row by row, for which it writes one finite figure a row.
/// 0 lets the call go on, anything else stops it with HS_CANCELLED.
///
/// It is called on the thread of the call. It must return: no exception, no longjmp.
pub type hs_function =
    Option<unsafe extern "C" fn(context: *mut c_void, points: *const f64, rows: usize, inputs: usize, figures: *mut f64) -> c_int>;

/// How a propagation ended.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum hs_run_status {
    /// The greatest change of a node was within tolerance.
    HS_RUN_CONVERGED = 0,
    /// The states repeat.
    HS_RUN_CYCLE = 1,
    /// The steps ran out.
    HS_RUN_NOT_CONVERGED = 2,
    /// States grew without end.
    HS_RUN_DIVERGING = 3,
}

/// How a propagation ended, and how far off its state can be.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct hs_propagation {
    /// How it ended.
    pub status: hs_run_status,
    /// Steps after which the states repeat; 0 where they do not.
    pub period: u64,
    /// Steps made.
    pub iterations: u64,
    /// No node of the state is further than this from the fixed point; infinite where no bound is known.
    pub error_bound: f64,
}
