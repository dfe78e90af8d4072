//! Scorers: rows taken in bit by bit, merged, carried elsewhere, and finished as often as one likes.

use std::ffi::{c_char, c_void};

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use hs_core::analyses::thresholds::scoring::ScoreAccumulator;

use super::scoring::score;
use super::types::{hs_bytes, hs_error, hs_result, hs_scorer, hs_tick};
use crate::boundary::{Handle, consume, cross, free, make, put, required, slice};
use crate::scorer::Scorer;
use crate::status::hs_status;

/// A scorer that has taken no rows in yet.
///
/// scheme: a DeprivationScheme, or the whole settings of a score (Score: scheme, by, weight, strata, ...).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_new(scheme: *const c_char, length: usize, out: *mut hs_scorer, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(Scorer::from(ScoreAccumulator::new(score(scheme, length, "scheme")?)?).into()))
}

/// Takes in all rows of a stream, or none of them where the call fails. The order of rows, batches and calls changes no bit of the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_update(scorer: hs_scorer, rows: *mut FFI_ArrowArrayStream, error: *mut hs_error) -> hs_status {
    consume([rows], error, |[rows]| {
        let scorer = scorer.open()?;
        scorer.update(rows?, scorer.tick())
    })
}

/// Takes in all that another scorer of the same settings has taken in; the other stays as it is. A scorer is not merged into itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_merge(into: hs_scorer, other: hs_scorer, error: *mut hs_error) -> hs_status {
    cross(error, || {
        let other = other.open()?;
        into.open()?.merge(&other)
    })
}

/// The score of all rows so far, as hs_score gives it. The scorer can take in more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_finish(scorer: hs_scorer, out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || scorer.open()?.finish())
}

/// A scorer as bytes, to be kept or carried to another machine: settings and sums. They tell of single rows and count as microdata.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_bytes(scorer: hs_scorer, out: *mut hs_bytes, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(scorer.open()?.to_bytes()?.into()))
}

/// The scorer that hs_scorer_bytes was asked about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_from_bytes(data: *const u8, length: usize, out: *mut hs_scorer, error: *mut hs_error) -> hs_status {
    make(out, error, || Ok(Scorer::from_bytes(slice(data, length, "data")?)?.into()))
}

/// The same scorer under a second handle, whose hs_scorer_update looks at tick on its way (NULL for none); each handle is freed.
///
/// tick and context must stay good until that handle is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_scorer_watched(
    scorer: hs_scorer,
    tick: hs_tick,
    context: *mut c_void,
    out: *mut hs_scorer,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(scorer.open()?.watched_by(tick, context)))
}

/// Frees a scorer.
#[unsafe(no_mangle)]
pub extern "C" fn hs_scorer_free(scorer: hs_scorer) -> hs_status {
    free(scorer)
}

/// The bytes; they live until hs_bytes_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_bytes_data(bytes: hs_bytes, data: *mut *const u8, length: *mut usize) -> hs_status {
    cross(std::ptr::null_mut(), || {
        required(data, "data")?;
        required(length, "length")?;
        let bytes = bytes.open()?;
        put(data, bytes.as_ptr());
        put(length, bytes.len());
        Ok(())
    })
}

/// Frees bytes.
#[unsafe(no_mangle)]
pub extern "C" fn hs_bytes_free(bytes: hs_bytes) -> hs_status {
    free(bytes)
}
