//! A model of propagation, read and checked once: every run then takes it as it is.

use std::hash::{DefaultHasher, Hash, Hasher};

use hs_core::Error;
use hs_core::propagation::{
    AlternatingRenewal, DebtRank, DynamicInoperability, FuzzyCognitiveMap, IndependentCascade, Linear, LinearThreshold, Model, NoisyOr,
    Watts,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::{raised, values};

/// The words of the models, in the order of the page that lists them.
const KNOWN: &[&str] = &[
    "noisy-or",
    "linear",
    "fuzzy-cognitive-map",
    "dynamic-inoperability",
    "linear-threshold",
    "watts",
    "independent-cascade",
    "debt-rank",
    "alternating-renewal",
];

/// A model with its parameters.
#[pyclass(name = "Model", module = "human_security._core", frozen)]
pub(crate) struct PyModel {
    pub(crate) model: Model,
}

#[pymethods]
impl PyModel {
    /// Reads the settings of a model of that name, and says whether every parameter lies in its domain.
    #[new]
    fn new(name: &str, given: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = given.py();
        let model: Model = match name {
            "noisy-or" => values::settings::<NoisyOr>(given)?.into(),
            "linear" => values::settings::<Linear>(given)?.into(),
            "fuzzy-cognitive-map" => values::settings::<FuzzyCognitiveMap>(given)?.into(),
            "dynamic-inoperability" => values::settings::<DynamicInoperability>(given)?.into(),
            "linear-threshold" => values::settings::<LinearThreshold>(given)?.into(),
            "watts" => values::settings::<Watts>(given)?.into(),
            "independent-cascade" => values::settings::<IndependentCascade>(given)?.into(),
            "debt-rank" => values::settings::<DebtRank>(given)?.into(),
            "alternating-renewal" => values::settings::<AlternatingRenewal>(given)?.into(),
            _ => return Err(raised(py, &Error::not_found("model", name, KNOWN.iter().copied()))),
        };
        model.check().map_err(|error| raised(py, &error))?;
        Ok(PyModel { model })
    }

    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::to_python(py, &self.json())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.model == other.model
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.json().to_string().hash(&mut hasher);
        hasher.finish()
    }
}

impl PyModel {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::to_value(&self.model).unwrap_or_default()
    }
}
