//! Questions about ratings, answers and shares on the caller's own numbers: the last axis is fastest, NaN is missing.

use std::ffi::c_char;

use hs_core::analyses::situation::Inequality;
use hs_core::analyses::voices::{Agreement, CompareRatings, Consensus, KrippendorffAlpha, Reliability};

use super::types::{hs_error, hs_result};
use crate::boundary::{grid, make, names, numbers_or_none, read_settings};
use crate::status::hs_status;

/// How far do raters agree on the order of items? ratings holds items numbers for each of raters.
///
/// settings: Agreement. Gives the facts w, chi_squared and p_value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_agreement_of_ratings(
    ratings: *const f64,
    raters: usize,
    items: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let ratings = grid(ratings, raters, items, "ratings")?;
        read_settings::<Agreement>(settings, length)?.run_ratings(ratings, raters, items)?.outcome()
    })
}

/// Which order would raters agree on, and who sees it otherwise? ratings holds items numbers for each of raters.
///
/// settings: Consensus.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_consensus_of_ratings(
    ratings: *const f64,
    raters: usize,
    items: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let ratings = grid(ratings, raters, items, "ratings")?;
        read_settings::<Consensus>(settings, length)?.run_ratings(ratings, raters, items)?.outcome()
    })
}

/// Do two ratings of the same things agree? first and second hold a number for each of count things.
///
/// settings: CompareRatings. Gives facts, among them spearman, kendall, kappa, bias, limit_lower and limit_upper.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_compare_ratings(
    first: *const f64,
    second: *const f64,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let (first, second) = (grid(first, count, 1, "first")?, grid(second, count, 1, "second")?);
        read_settings::<CompareRatings>(settings, length)?.run(first, second)?.outcome()
    })
}

/// Do the items of a scale measure one thing? answers holds items numbers for each of respondents, all scored in one direction.
///
/// settings: Reliability. Gives facts, among them alpha and omega.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_reliability_of_items(
    answers: *const f64,
    respondents: usize,
    items: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let answers = grid(answers, respondents, items, "answers")?;
        read_settings::<Reliability>(settings, length)?.run_items(answers, respondents, items)?.outcome()
    })
}

/// How far do coders agree on what units are? codes holds units numbers for each of coders.
///
/// settings: KrippendorffAlpha. Gives facts, among them alpha, lower and upper.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_krippendorff_alpha(
    codes: *const f64,
    coders: usize,
    units: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let codes = grid(codes, coders, units, "codes")?;
        read_settings::<KrippendorffAlpha>(settings, length)?.run(codes, coders, units)?.outcome()
    })
}

/// How unequal are values, within groups and between them? values holds count numbers; weights (a number each) and groups (texts that end with a zero
/// byte) may each be NULL.
///
/// settings: Inequality. Gives facts, among them theil, theil_within, theil_between and gini.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_inequality(
    values: *const f64,
    weights: *const f64,
    groups: *const *const c_char,
    count: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let values = grid(values, count, 1, "values")?;
        let weights = numbers_or_none(weights, count, "weights")?;
        let groups = if groups.is_null() { None } else { Some(names(groups, count, "groups")?) };
        read_settings::<Inequality>(settings, length)?.run(values, weights, groups.as_deref())?.outcome()
    })
}
