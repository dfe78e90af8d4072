//! An assessment: documents in and out, tables, analyses.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use hs_core::analyses::domino::Intersections;
use hs_core::analyses::thresholds::{Criticality, Phases};
use hs_core::exchange::{self, Root};
use hs_core::reports::{Report, ReportSettings};
use hs_core::{Assessment, DominoNetwork, Expansion, Limits, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::{frames, run, run_free, run_long, values, wrong_type};
use crate::network::PyNetwork;
use crate::outcome::PyOutcome;
use crate::questions;
use crate::table::PyTable;

/// A situation as it was read; it never changes.
#[pyclass(name = "Assessment", module = "human_security._core", frozen)]
pub(crate) struct PyAssessment {
    pub(crate) assessment: Arc<Assessment>,
}

impl PyAssessment {
    pub(crate) fn new(assessment: Assessment) -> Self {
        PyAssessment { assessment: Arc::new(assessment) }
    }

    fn free<T: Send + 'static>(&self, py: Python<'_>, work: impl FnOnce(&Assessment) -> Result<T> + Send + 'static) -> PyResult<T> {
        let assessment = Arc::clone(&self.assessment);
        run_free(py, move || work(&assessment))
    }
}

/// The reader's limits, those given in place of the defaults.
pub(crate) fn reader_limits(given: Option<BTreeMap<String, usize>>) -> Result<Limits> {
    let mut limits = Limits::default();
    for (name, most) in given.unwrap_or_default() {
        match name.as_str() {
            "bytes" => limits.bytes = most,
            "objects" => limits.objects = most,
            "text" => limits.text = most,
            _ => return Err(hs_core::Error::not_found("limit", &name, ["bytes", "objects", "text"])),
        }
    }
    Ok(limits)
}

#[pymethods]
impl PyAssessment {
    /// Reads JSON text as bytes.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, text: Vec<u8>) -> PyResult<Self> {
        run_free(py, move || Assessment::from_slice(&text, &Limits::default())).map(Self::new)
    }

    /// Reads a file or a data package folder.
    #[staticmethod]
    #[pyo3(signature = (path, limits=None))]
    fn load(py: Python<'_>, path: PathBuf, limits: Option<BTreeMap<String, usize>>) -> PyResult<Self> {
        run_free(py, move || exchange::load(&path, &reader_limits(limits)?)).map(Self::new)
    }

    /// Reads a document of plain Python values.
    #[staticmethod]
    #[pyo3(signature = (document, limits=None))]
    fn from_dict(py: Python<'_>, document: &Bound<'_, PyAny>, limits: Option<BTreeMap<String, usize>>) -> PyResult<Self> {
        let limits = run(py, || reader_limits(limits))?;
        let document = values::to_document(document, &limits)?;
        run_free(py, move || Assessment::from_document(document, &limits)).map(Self::new)
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = self.free(py, Assessment::to_document)?;
        values::from_document(py, &document)
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.free(py, Assessment::to_json)
    }

    /// Builds an assessment from frames; `root` holds what stands beside them, as far as it was given.
    #[staticmethod]
    fn from_tables(root: &Bound<'_, PyDict>, tables: &Bound<'_, PyDict>) -> PyResult<Self> {
        let limits = Limits::default();
        let text = |name: &str| root.get_item(name)?.map(|value| text(&value, name)).transpose();
        let extra = root.get_item("extra")?.map(|extra| values::to_document(&extra, &limits)).transpose()?;
        let Root { id, title, .. } = Root::default();
        let root = Root {
            id: text("id")?.unwrap_or(id),
            title: text("title")?.unwrap_or(title),
            language: text("language")?,
            sensitivity: text("sensitivity")?,
            extra,
        };
        let mut batches = Vec::new();
        for (name, table) in tables.iter() {
            let name: String = name.extract()?;
            let frame = frames::frame(&table, &name)?;
            batches.push((name, frame));
        }
        run_free(tables.py(), move || exchange::from_tables(root, batches, &limits)).map(Self::new)
    }

    /// Saves as a JSON file or a data package, by what the path names.
    #[pyo3(signature = (path, acknowledgement=None))]
    fn save(&self, py: Python<'_>, path: PathBuf, acknowledgement: Option<&str>) -> PyResult<()> {
        run(py, || exchange::save(&self.assessment, &path, acknowledgement))
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<PyTable> {
        let name = name.to_owned();
        Ok(PyTable::new(&self.free(py, move |assessment| assessment.table(&name))?))
    }

    #[getter]
    fn table_names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let tables = self.free(py, hs_core::tables::entity_tables)?;
        Ok(tables.into_iter().map(|(name, _)| name).collect())
    }

    fn check(&self, py: Python<'_>) -> PyResult<PyOutcome> {
        self.free(py, |assessment| assessment.check()?.outcome()).map(PyOutcome::new)
    }

    fn network(&self, given: &Bound<'_, PyDict>) -> PyResult<PyNetwork> {
        let settings: Expansion = values::settings(given)?;
        let network = self.free(given.py(), move |assessment| DominoNetwork::expand(assessment, &settings))?;
        Ok(PyNetwork { network: Arc::new(network) })
    }

    fn criticality(&self, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        let settings: Criticality = values::settings(given)?;
        self.free(given.py(), move |assessment| settings.run(assessment)?.outcome()).map(PyOutcome::new)
    }

    fn phases(&self, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        let settings: Phases = values::settings(given)?;
        self.free(given.py(), move |assessment| settings.run(assessment)?.outcome()).map(PyOutcome::new)
    }

    /// An analysis of its interventions by name, with its settings.
    fn ask(&self, name: &str, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        questions::ask(&self.assessment, name, given)
    }

    /// Persons moved by interventions, from rows of a survey.
    #[pyo3(signature = (given, data=None, progress=None))]
    fn people(
        &self,
        given: &Bound<'_, PyDict>,
        data: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyOutcome> {
        questions::people(&self.assessment, given, data, progress)
    }

    fn intersections(&self, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        let settings: Intersections = values::settings(given)?;
        let result = run_long(given.py(), |tick| settings.run_with(&self.assessment, tick))?;
        Ok(PyOutcome::later(move || result.outcome()))
    }

    /// Writes the report as one page.
    fn report(&self, given: &Bound<'_, PyDict>, path: PathBuf) -> PyResult<()> {
        let settings: ReportSettings = values::settings(given)?;
        let report = self.free(given.py(), move |assessment| Report::new(assessment, &settings))?;
        run(given.py(), || report.write(&path))
    }

    /// The report as text.
    fn text_report(&self, given: &Bound<'_, PyDict>) -> PyResult<String> {
        let settings: ReportSettings = values::settings(given)?;
        self.free(given.py(), move |assessment| Ok(Report::new(assessment, &settings)?.text()))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.assessment == other.assessment
    }

    #[getter]
    fn id(&self) -> &str {
        &self.assessment.id
    }

    #[getter]
    fn title(&self) -> &str {
        &self.assessment.title
    }

    #[getter]
    fn sensitivity(&self) -> Option<&'static str> {
        self.assessment.sensitivity.map(hs_core::assessment::Sensitivity::word)
    }
}

fn text(value: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    let found = values::type_name(value);
    value.extract().map_err(|_| wrong_type(value.py(), format!("`{name}`: found `{found}`, wanted text")))
}

/// Writes an empty data package with its columns explained.
#[pyfunction]
pub(crate) fn template(py: Python<'_>, folder: PathBuf) -> PyResult<()> {
    run(py, || exchange::template(&folder))
}

/// Names of the embedded examples.
#[pyfunction]
pub(crate) fn example_names() -> Vec<&'static str> {
    hs_core::examples::names().to_vec()
}

/// One of the embedded examples.
#[pyfunction]
pub(crate) fn example(py: Python<'_>, name: &str) -> PyResult<PyAssessment> {
    run(py, || hs_core::examples::load(name)).map(PyAssessment::new)
}

/// Names of the surveys to practise on.
#[pyfunction]
pub(crate) fn survey_names() -> Vec<&'static str> {
    hs_core::examples::survey_names().to_vec()
}

/// Rows of a synthetic survey.
#[pyfunction]
pub(crate) fn survey(py: Python<'_>, name: &str, n: usize, seed: u64) -> PyResult<PyTable> {
    let name = name.to_owned();
    let survey = run_free(py, move || hs_core::examples::survey(&name, n, seed))?;
    Ok(PyTable::new(&survey.table))
}

/// How a survey asks to be scored.
#[pyfunction]
pub(crate) fn survey_score<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let score = run(py, || hs_core::examples::survey_score(name))?;
    values::to_python(py, &serde_json::to_value(&score).unwrap_or_default())
}

/// The measures of the population behind a survey: of groups, and of their dimensions.
#[pyfunction]
pub(crate) fn survey_truth(py: Python<'_>, name: &str) -> PyResult<(PyTable, PyTable)> {
    let truth = run(py, || hs_core::examples::survey_truth(name))?;
    Ok((PyTable::new(&truth.groups), PyTable::new(&truth.dimensions)))
}

/// The JSON Schema of the format.
#[pyfunction]
pub(crate) fn schema(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    values::to_python(py, &hs_core::assessment::schema())
}

/// The handbook's fixed parts, as tables by name.
#[pyfunction]
pub(crate) fn framework(py: Python<'_>) -> PyResult<Vec<(&'static str, PyTable)>> {
    let tables = run(py, hs_core::framework::tables)?;
    Ok(tables.into_iter().map(|(name, table)| (name, PyTable::new(&table))).collect())
}
