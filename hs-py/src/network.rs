//! The domino network: arrays in, analyses out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use hs_core::exchange::{self, NetworkFormat, ReadNetwork};
use hs_core::network::{DominoNetwork, EdgeList, Weights};
use hs_core::propagation::{AnchorSettings, Keep, Model, Propagation, Values};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use serde_json::json;

use crate::assessment::reader_limits;
use crate::crossing::numbers::{Numbers, numbers, positions, signs, texts, whole};
use crate::crossing::{run, run_free, run_long, values, wrong_type};
use crate::domino;
use crate::model::PyModel;
use crate::outcome::PyOutcome;
use crate::table::PyTable;

/// A network that never changes after it is built.
#[pyclass(name = "Network", module = "human_security._core", frozen)]
pub(crate) struct PyNetwork {
    pub(crate) network: Arc<DominoNetwork>,
}

#[pymethods]
impl PyNetwork {
    #[staticmethod]
    #[pyo3(signature = (source, target, weight, names=None, nodes=None, lag=None, low=None, high=None, dampens=None))]
    #[allow(clippy::too_many_arguments, reason = "one argument a column, as the Python signature has them")]
    fn from_edges(
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        weight: &Bound<'_, PyAny>,
        names: Option<&Bound<'_, PyAny>>,
        nodes: Option<&Bound<'_, PyAny>>,
        lag: Option<&Bound<'_, PyAny>>,
        low: Option<&Bound<'_, PyAny>>,
        high: Option<&Bound<'_, PyAny>>,
        dampens: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let ends = |value: Option<&Bound<'_, PyAny>>, place: &str| value.map(|v| numbers(v, place)).transpose();
        let list = EdgeList {
            source: positions(source, "source")?,
            target: positions(target, "target")?,
            weight: match numbers(weight, "weight")? {
                Numbers::All(all) => Weights::All(all),
                Numbers::Some(some) => Weights::Some(some),
            },
            names: names.map(|names| texts(names, "names")).transpose()?,
            nodes: nodes.map(|nodes| whole(nodes, "nodes")).transpose()?,
            lag: lag.map(|lag| positions(lag, "lag")).transpose()?,
            low: ends(low, "low")?.map(Numbers::optional),
            high: ends(high, "high")?.map(Numbers::optional),
            dampens: dampens.map(|dampens| signs(dampens, "dampens")).transpose()?,
        };
        let network = run(py, || DominoNetwork::from_edges(list))?;
        Ok(PyNetwork { network: Arc::new(network) })
    }

    fn __len__(&self) -> usize {
        self.network.len()
    }

    /// Positions that the edges start from and reach.
    fn ends(&self) -> (Vec<u32>, Vec<u32>) {
        self.network.edges().map(|edge| (edge.from, edge.to)).unzip()
    }

    #[getter]
    fn is_expanded(&self) -> bool {
        self.network.is_expanded()
    }

    /// What the network says of itself: settings, nodes, edges, notes.
    fn outcome(&self, py: Python<'_>) -> PyResult<PyOutcome> {
        Ok(PyOutcome::new(run(py, || self.network.outcome())?))
    }

    fn nodes(&self, py: Python<'_>) -> PyResult<PyTable> {
        Ok(PyTable::new(&run(py, || self.network.nodes_table())?))
    }

    fn edges(&self, py: Python<'_>) -> PyResult<PyTable> {
        Ok(PyTable::new(&run(py, || self.network.edges_table())?))
    }

    /// Runs a model, from the arguments as they were given: settings that are what they should be never become a document.
    #[pyo3(signature = (model, start, shocks, clamp, base, max_steps, tolerance, keep, pulse, anchoring, method=None, certify=None))]
    #[allow(clippy::too_many_arguments, reason = "one argument a setting, as the Python signature has them")]
    fn propagate(
        &self,
        model: &Bound<'_, PyAny>,
        start: &Bound<'_, PyAny>,
        shocks: &Bound<'_, PyAny>,
        clamp: &Bound<'_, PyAny>,
        base: &Bound<'_, PyAny>,
        max_steps: &Bound<'_, PyAny>,
        tolerance: &Bound<'_, PyAny>,
        keep: &Bound<'_, PyAny>,
        pulse: &Bound<'_, PyAny>,
        anchoring: &Bound<'_, PyAny>,
        method: Option<&Bound<'_, PyAny>>,
        certify: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyOutcome> {
        let py = model.py();
        let plain = Plain { model, max_steps, tolerance, keep, pulse, anchoring, method, certify };
        let mut settings = match plain.read() {
            Some(settings) => settings,
            None => plain.refuse_or_read()?,
        };
        let network = &*self.network;
        settings.start = node_values(start, "start", network)?;
        settings.shocks = node_values(shocks, "shocks", network)?;
        settings.clamp = node_values(clamp, "clamp", network)?;
        settings.base = node_values(base, "base", network)?;
        let work = (network.len() + network.edge_count()) as u64;
        let result = if work.saturating_mul(steps(&settings)) < SHORT {
            run(py, || settings.run(network))
        } else {
            run_long(py, |tick| settings.run_with(network, tick))
        };
        Ok(PyOutcome::of_run(result?))
    }

    /// The network as a picture: boxes, arrows, SVG; None where there is no node.
    fn picture<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let network = Arc::clone(&self.network);
        let picture = run_free(py, move || hs_core::reports::network_picture(&network))?;
        values::to_python(py, &serde_json::to_value(picture).unwrap_or_default())
    }

    /// Writes the network in the format that the path's ending names.
    #[pyo3(signature = (path, acknowledgement=None))]
    fn write(&self, py: Python<'_>, path: PathBuf, acknowledgement: Option<String>) -> PyResult<()> {
        let network = Arc::clone(&self.network);
        run_free(py, move || exchange::write_network(&network, &path, acknowledgement.as_deref()))
    }

    /// The network as text of a format.
    fn text(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        let format = run(py, || hs_core::settings_from_json::<ReadNetwork>(&json!({ "format": format }).to_string()))?.format;
        let network = Arc::clone(&self.network);
        run_free(py, move || exchange::network_text(&network, format.unwrap_or(NetworkFormat::Json)))
    }

    /// An analysis by its name, with its settings.
    fn analyse(&self, name: &str, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        domino::analyse(&self.network, name, given)
    }
}

/// Reads a network from a file.
#[pyfunction]
#[pyo3(signature = (given, path, limits=None))]
pub(crate) fn read_network(given: &Bound<'_, PyDict>, path: PathBuf, limits: Option<BTreeMap<String, usize>>) -> PyResult<PyNetwork> {
    let settings: ReadNetwork = values::settings(given)?;
    let network = run_free(given.py(), move || settings.run(&path, &reader_limits(limits)?))?;
    Ok(PyNetwork { network: Arc::new(network) })
}

/// Settings of a run beside the numbers of nodes.
struct Plain<'a, 'py> {
    model: &'a Bound<'py, PyAny>,
    max_steps: &'a Bound<'py, PyAny>,
    tolerance: &'a Bound<'py, PyAny>,
    keep: &'a Bound<'py, PyAny>,
    pulse: &'a Bound<'py, PyAny>,
    anchoring: &'a Bound<'py, PyAny>,
    method: Option<&'a Bound<'py, PyAny>>,
    certify: Option<&'a Bound<'py, PyAny>>,
}

impl Plain<'_, '_> {
    /// The settings, where each is of the type it should be; none where the reader of settings must say what is wrong.
    fn read(&self) -> Option<Propagation> {
        let model = if self.model.is_none() { Model::default() } else { self.model.cast::<PyModel>().ok()?.get().model.clone() };
        let max_steps = self.max_steps.cast_exact::<PyInt>().ok()?.extract().ok()?;
        let tolerance = self.tolerance.cast_exact::<PyFloat>().ok()?.extract().ok().filter(|number: &f64| number.is_finite())?;
        let keep = if self.keep.is_none() {
            Keep::default()
        } else {
            match self.keep.cast::<PyString>().ok()?.to_str().ok()? {
                "state" => Keep::State,
                "trajectory" => Keep::Trajectory,
                _ => return None,
            }
        };
        let pulse = self.pulse.cast::<PyBool>().ok()?.is_true();
        let anchoring = self.anchoring.is_none().then(AnchorSettings::default)?;
        if self.method.is_some() || self.certify.is_some() {
            return None;
        }
        Some(Propagation {
            model,
            start: None,
            shocks: None,
            clamp: None,
            base: None,
            pulse,
            max_steps,
            tolerance,
            keep,
            anchoring,
            ..Propagation::default()
        })
    }

    fn refuse_or_read(&self) -> PyResult<Propagation> {
        let given = PyDict::new(self.model.py());
        match self.model.cast::<PyModel>() {
            Ok(model) => given.set_item("model", model.get().to_dict(self.model.py())?)?,
            Err(_) => set(&given, "model", self.model)?,
        }
        set(&given, "max_steps", self.max_steps)?;
        set(&given, "tolerance", self.tolerance)?;
        set(&given, "keep", self.keep)?;
        set(&given, "pulse", self.pulse)?;
        set(&given, "anchoring", self.anchoring)?;
        for (name, value) in [("method", self.method), ("certify", self.certify)] {
            if let Some(value) = value {
                given.set_item(name, value)?;
            }
        }
        values::settings(&given)
    }
}

/// None stands for not given.
fn set(given: &Bound<'_, PyDict>, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_none() { Ok(()) } else { given.set_item(name, value) }
}

/// How often a run may look at every edge, at the most.
fn steps(settings: &Propagation) -> u64 {
    match &settings.model {
        Model::LinearThreshold(model) => u64::from(model.runs),
        Model::Watts(model) => u64::from(model.runs),
        Model::IndependentCascade(model) => u64::from(model.runs),
        Model::AlternatingRenewal(model) => u64::from(model.runs).saturating_mul(model.periods),
        _ => settings.max_steps,
    }
}

/// Edges times steps below which a run ends before anybody could press Ctrl-C: not worth a thread.
const SHORT: u64 = 4_000_000;

/// Numbers for nodes: an array over all of them, or a mapping from names or positions.
pub(crate) fn node_values(given: &Bound<'_, PyAny>, what: &str, network: &DominoNetwork) -> PyResult<Option<Values>> {
    if given.is_none() {
        return Ok(None);
    }
    if let Ok(dict) = given.cast::<PyDict>() {
        return keyed(given.py(), dict.iter().map(Ok), what, network).map(Some);
    }
    if !values::is_a(given, "Mapping")? {
        return Ok(Some(Values::List(numbers(given, what)?.optional())));
    }
    let items = given.call_method0("items")?;
    keyed(given.py(), items.try_iter()?.map(|item| item?.extract()), what, network).map(Some)
}

type Item<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

fn keyed<'py>(py: Python<'py>, items: impl Iterator<Item = PyResult<Item<'py>>>, what: &str, network: &DominoNetwork) -> PyResult<Values> {
    let mut named = Vec::new();
    let mut placed = Vec::new();
    for item in items {
        let (key, value) = item?;
        let number: f64 = value.extract().map_err(|_| {
            let found = values::type_name(&value);
            wrong_type(py, format!("`{what}`: found `{found}`, wanted a number for each node"))
        })?;
        match key.cast::<PyString>() {
            Ok(name) => named.push((name.to_str()?.to_owned(), number)),
            Err(_) => placed.push((whole(&key, what)? as u64, number)),
        }
    }
    if placed.is_empty() {
        return Ok(Values::Named(named.into_iter().collect()));
    }
    for (name, number) in named {
        let found = network.find(&name).map_err(|error| crate::crossing::raised(py, &error))?;
        placed.extend(found.into_iter().map(|position| (position as u64, number)));
    }
    Ok(Values::Positions(placed))
}
