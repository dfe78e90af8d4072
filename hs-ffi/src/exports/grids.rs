//! Questions on the caller's own numbers, in rows and columns: the last axis is fastest, NaN is missing.

use std::ffi::c_char;

use hs_core::analyses::thresholds::{AreaPhase, Grid, IntersectoralSeverity, PeopleInNeed};

use super::types::{hs_error, hs_result};
use crate::boundary::{grid, make, numbers_or_none, read_settings};
use crate::status::hs_status;

/// Which phase does an area take, from the shares of its people in phases 1 to 5? shares holds five numbers for each area, from 0 to 1.
///
/// settings: AreaPhase. Gives the array phases, NaN where a phase is undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_area_phase(
    shares: *const f64,
    areas: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let shares = Grid::new(grid(shares, areas, 5, "shares")?, areas, 5)?;
        read_settings::<AreaPhase>(settings, length)?.run(&shares)?.outcome()
    })
}

/// How severe is it over all sectors together? sectors holds columns severities for each of rows places, from 0 to 5.
///
/// settings: IntersectoralSeverity. Gives the array severity, NaN where it is undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_intersectoral_severity(
    sectors: *const f64,
    rows: usize,
    columns: usize,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let sectors = Grid::new(grid(sectors, rows, columns, "sectors")?, rows, columns)?;
        read_settings::<IntersectoralSeverity>(settings, length)?.run(&sectors)?.outcome()
    })
}

/// How many people are in need over all sectors together? sectors holds the people in need of columns sectors for each of rows places.
///
/// population and previous hold a number for each place: its people, and the joint figure of the round before; each may be NULL.
/// settings: PeopleInNeed. Gives the array joint, NaN where it is undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_people_in_need(
    sectors: *const f64,
    rows: usize,
    columns: usize,
    population: *const f64,
    previous: *const f64,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let sectors = Grid::new(grid(sectors, rows, columns, "sectors")?, rows, columns)?;
        let population = numbers_or_none(population, rows, "population")?;
        let previous = numbers_or_none(previous, rows, "previous")?;
        read_settings::<PeopleInNeed>(settings, length)?.run(&sectors, population, previous)?.outcome()
    })
}
