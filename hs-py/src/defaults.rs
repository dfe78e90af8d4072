//! What the core's settings are where nothing is given, so that Python's signatures show them without a copy.

use hs_core::analyses::domino::{RootCauses, TotalEffects};
use hs_core::analyses::responses::{Externalities, PillarGaps};
use hs_core::analyses::thresholds::Criticality;
use hs_core::propagation::{FuzzyCognitiveMap, Linear, Model, NoisyOr, Propagation};
use hs_core::reports::ReportSettings;
use hs_core::{Error, Expansion};
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::crossing::{raised, values};

fn written<T: Default + Serialize>() -> Value {
    serde_json::to_value(T::default()).unwrap_or_default()
}

type Written = fn() -> Value;

const KNOWN: &[(&str, Written)] = &[
    ("criticality", written::<Criticality>),
    ("externalities", written::<Externalities>),
    ("network", written::<Expansion>),
    ("pillar-gaps", written::<PillarGaps>),
    ("propagate", written::<Propagation>),
    ("report", written::<ReportSettings>),
    ("root-causes", written::<RootCauses>),
    ("total-effects", written::<TotalEffects>),
    ("noisy-or", written::<NoisyOr>),
    ("linear", written::<Linear>),
    ("fuzzy-cognitive-map", written::<FuzzyCognitiveMap>),
];

/// The default settings of an analysis or model.
#[pyfunction]
pub(crate) fn defaults<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    match KNOWN.iter().find(|(known, _)| *known == name) {
        Some((_, written)) => values::to_python(py, &written()),
        None => Err(raised(py, &Error::not_found("analysis", name, KNOWN.iter().map(|(known, _)| *known)))),
    }
}

/// Reads the settings of a model of that name, and says whether every parameter lies in its domain.
#[pyfunction]
pub(crate) fn check_model(py: Python<'_>, name: &str, given: &Bound<'_, PyAny>) -> PyResult<()> {
    let model: Model = match name {
        "noisy-or" => values::settings::<NoisyOr>(given)?.into(),
        "linear" => values::settings::<Linear>(given)?.into(),
        "fuzzy-cognitive-map" => values::settings::<FuzzyCognitiveMap>(given)?.into(),
        _ => return Err(raised(py, &Error::not_found("model", name, ["noisy-or", "linear", "fuzzy-cognitive-map"]))),
    };
    model.check().map_err(|error| raised(py, &error))
}
