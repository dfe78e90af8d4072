//! Thresholds on places: phases, sectors, indices, life tables, from the caller's own numbers.

use hs_core::analyses::thresholds::{
    AreaPhase, CompositeIndex, Grid, IndicatorTable, IntersectoralSeverity, PeopleInNeed, YearsOfIndividualSecurity,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::numbers::{self, Numbers, Table};
use crate::crossing::people::Data;
use crate::crossing::{run_free, run_watched, values};
use crate::outcome::PyOutcome;

/// The phase of each area.
#[pyfunction]
pub(crate) fn area_phase(given: &Bound<'_, PyDict>, shares: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: AreaPhase = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(shares, "shares")?;
    run_free(given.py(), move || settings.run(&Grid::new(&data, rows, columns)?)?.outcome()).map(PyOutcome::new)
}

/// The severity of each area over its sectors.
#[pyfunction]
pub(crate) fn intersectoral_severity(given: &Bound<'_, PyDict>, sectors: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: IntersectoralSeverity = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(sectors, "sectors")?;
    run_free(given.py(), move || settings.run(&Grid::new(&data, rows, columns)?)?.outcome()).map(PyOutcome::new)
}

/// People in need over all sectors together.
#[pyfunction]
#[pyo3(signature = (given, sectors, population=None, previous=None))]
pub(crate) fn people_in_need(
    given: &Bound<'_, PyDict>,
    sectors: &Bound<'_, PyAny>,
    population: Option<&Bound<'_, PyAny>>,
    previous: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyOutcome> {
    let settings: PeopleInNeed = values::settings(given)?;
    let Table { data, rows, columns } = numbers::table(sectors, "sectors")?;
    let list = |value: Option<&Bound<'_, PyAny>>, name| value.map(|value| numbers::numbers(value, name).map(Numbers::or_nan)).transpose();
    let (population, previous) = (list(population, "population")?, list(previous, "previous")?);
    run_free(given.py(), move || settings.run(&Grid::new(&data, rows, columns)?, population.as_deref(), previous.as_deref())?.outcome())
        .map(PyOutcome::new)
}

/// Many indicators as one number a place, from columns or from an array of two axes.
#[pyfunction]
#[pyo3(signature = (given, data, names=None, units=None, progress=None))]
pub(crate) fn composite_index(
    given: &Bound<'_, PyDict>,
    data: &Bound<'_, PyAny>,
    names: Option<&Bound<'_, PyAny>>,
    units: Option<&Bound<'_, PyAny>>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<PyOutcome> {
    let py = given.py();
    let settings: CompositeIndex = values::settings(given)?;
    if numbers::is_table(data)? {
        let Table { data, rows, columns } = numbers::table(data, "data")?;
        let called = |given: Option<&Bound<'_, PyAny>>, place, count: usize| match given {
            Some(given) => numbers::texts(given, place),
            None => Ok((0..count).map(|at| at.to_string()).collect()),
        };
        let (units, names) = (called(units, "units", rows)?, called(names, "names", columns)?);
        let outcome = run_watched(py, progress, move |watch| {
            settings.run_with(&IndicatorTable::new(units, names, &data)?, &|_| watch.goes_on())?.outcome()
        })?;
        return Ok(PyOutcome::new(outcome));
    }
    if names.is_some() || units.is_some() {
        return Err(crate::crossing::refused(py, "`names` and `units`: found columns that have their names, wanted an array of two axes"));
    }
    let data = Data::open(data, None)?;
    let notes = data.notes();
    let outcome = data.over(py, progress, move |rows, tick| settings.run_rows(rows, tick)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}

/// Years of individual security from columns by age.
#[pyfunction]
pub(crate) fn years_of_individual_security(given: &Bound<'_, PyDict>, ages: &Bound<'_, PyAny>) -> PyResult<PyOutcome> {
    let settings: YearsOfIndividualSecurity = values::settings(given)?;
    let data = Data::open(ages, None)?;
    let notes = data.notes();
    let outcome = data.over(given.py(), None, move |rows, _| settings.run_rows(rows)?.outcome())?;
    Ok(PyOutcome::with_notes(outcome, notes))
}
