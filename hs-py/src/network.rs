//! The domino network: arrays in, analyses out.

use std::sync::Arc;

use hs_core::network::{DominoNetwork, EdgeList, Weights};
use pyo3::prelude::*;

use crate::crossing::numbers::{Numbers, numbers, positions, texts, whole};
use crate::crossing::run;
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
}
