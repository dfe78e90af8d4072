//! The domino network: arrays in, analyses out.

use std::sync::Arc;

use hs_core::analyses::domino::{RootCauses, TotalEffects};
use hs_core::network::{DominoNetwork, EdgeList, Weights};
use hs_core::propagation::{Propagation, Values};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::crossing::numbers::{Numbers, numbers, positions, texts, whole};
use crate::crossing::{run, run_long, values, wrong_type};
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
    #[pyo3(signature = (source, target, weight, names=None, nodes=None, lag=None, low=None, high=None))]
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
            ..EdgeList::default()
        };
        let network = run(py, || DominoNetwork::from_edges(list))?;
        Ok(PyNetwork { network: Arc::new(network) })
    }

    fn __len__(&self) -> usize {
        self.network.len()
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

    /// Runs a model. `given` holds the settings as they are, the four node values apart: they may be arrays.
    #[pyo3(signature = (given, start=None, shocks=None, clamp=None, base=None))]
    fn propagate(
        &self,
        given: &Bound<'_, PyDict>,
        start: Option<&Bound<'_, PyAny>>,
        shocks: Option<&Bound<'_, PyAny>>,
        clamp: Option<&Bound<'_, PyAny>>,
        base: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyOutcome> {
        let py = given.py();
        let mut settings: Propagation = values::settings(given)?;
        let network = &*self.network;
        settings.start = node_values(start, "start", network)?;
        settings.shocks = node_values(shocks, "shocks", network)?;
        settings.clamp = node_values(clamp, "clamp", network)?;
        settings.base = node_values(base, "base", network)?;
        let work = (network.len() + network.edge_count()) as u64;
        let outcome = if work.saturating_mul(settings.max_steps) < SHORT {
            run(py, || settings.run(network)?.outcome())
        } else {
            run_long(py, |tick| settings.run_with(network, tick)?.outcome())
        };
        Ok(PyOutcome::new(outcome?))
    }

    fn total_effects(&self, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        let settings: TotalEffects = values::settings(given)?;
        run_long(given.py(), |tick| settings.run_with(&self.network, tick)?.outcome()).map(PyOutcome::new)
    }

    fn root_causes(&self, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
        let settings: RootCauses = values::settings(given)?;
        run_long(given.py(), |tick| settings.run_with(&self.network, tick)?.outcome()).map(PyOutcome::new)
    }
}

/// Edges times steps below which a run ends before anybody could press Ctrl-C: not worth a thread.
const SHORT: u64 = 1_000_000;

/// Numbers for nodes: an array over all of them, or a mapping from names or positions.
fn node_values(given: Option<&Bound<'_, PyAny>>, what: &str, network: &DominoNetwork) -> PyResult<Option<Values>> {
    let Some(given) = given else { return Ok(None) };
    if !values::is_a(given, "Mapping")? {
        return Ok(Some(Values::List(numbers(given, what)?.optional())));
    }
    let mut named = Vec::new();
    let mut placed = Vec::new();
    for item in given.call_method0("items")?.try_iter()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
        let number: f64 = value.extract().map_err(|_| {
            let found = values::type_name(&value);
            wrong_type(given.py(), format!("`{what}`: found `{found}`, wanted a number for each node"))
        })?;
        match key.cast::<PyString>() {
            Ok(name) => named.push((name.to_str()?.to_owned(), number)),
            Err(_) => placed.push((whole(&key, what)? as u64, number)),
        }
    }
    if placed.is_empty() {
        return Ok(Some(Values::Named(named.into_iter().collect())));
    }
    for (name, number) in named {
        let found = network.find(&name).map_err(|error| crate::crossing::raised(given.py(), &error))?;
        placed.extend(found.into_iter().map(|position| (position as u64, number)));
    }
    Ok(Some(Values::Positions(placed)))
}
