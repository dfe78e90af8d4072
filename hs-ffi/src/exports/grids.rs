//! Questions on the caller's own numbers, in rows and columns: the last axis is fastest, NaN is missing.

use std::ffi::c_char;

use hs_core::analyses::thresholds::{AreaPhase, CompositeIndex, Grid, IndicatorTable, IntersectoralSeverity, PeopleInNeed};
use hs_core::{Error, ErrorKind, Result};

use super::types::{hs_error, hs_result};
use crate::boundary::{grid, make, names, numbers_or_none, read_settings};
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

/// How do many indicators become one number a place, and how far does its rank hang on the choices made? data holds the values of columns
/// indicators for each of rows units.
///
/// units and indicators hold a name for each row and each column, texts that end with a zero byte; each may be NULL: the positions, from 0.
/// settings: CompositeIndex. Gives the array values, NaN where a value is undefined; with draws, rank_lower and rank_upper too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_composite_index(
    data: *const f64,
    rows: usize,
    columns: usize,
    units: *const *const c_char,
    indicators: *const *const c_char,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let data = grid(data, rows, columns, "data")?;
        let (units, indicators) = (called(units, rows, "units")?, called(indicators, columns, "indicators")?);
        let table = IndicatorTable::new(units, indicators, data)?;
        read_settings::<CompositeIndex>(settings, length)?.run(&table)?.outcome()
    })
}

/// The caller's names, or the positions where it gives none.
unsafe fn called(list: *const *const c_char, count: usize, what: &str) -> Result<Vec<String>> {
    if list.is_null() { positions(count) } else { names(list, count, what) }
}

fn positions(count: usize) -> Result<Vec<String>> {
    let mut names = Vec::new();
    names.try_reserve_exact(count).map_err(|_| Error::new(ErrorKind::Memory, format!("found {count} rows or columns, wanted fewer")))?;
    names.extend((0..count).map(|at| at.to_string()));
    Ok(names)
}
