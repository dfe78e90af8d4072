//! Python package `human_security`: conversion and ownership only; no default, rule or formula lives here.

mod accumulator;
mod assessment;
mod crossing;
mod defaults;
mod domino;
mod doubt;
mod model;
mod network;
mod outcome;
mod places;
mod questions;
mod ratings;
mod scoring;
mod table;
mod voices;

use pyo3::prelude::*;

/// The compiled core of `human_security`; use the package, not this module.
#[pymodule]
mod _core {
    use super::*;

    #[pymodule_export]
    use crate::accumulator::PyAccumulator;
    #[pymodule_export]
    use crate::assessment::{
        PyAssessment, example, example_names, framework, schema, survey, survey_names, survey_score, survey_truth, template,
    };
    #[pymodule_export]
    use crate::crossing::people::column_addresses;
    #[pymodule_export]
    use crate::defaults::defaults;
    #[pymodule_export]
    use crate::doubt::{sobol_estimate, sobol_points};
    #[pymodule_export]
    use crate::model::PyModel;
    #[pymodule_export]
    use crate::network::{PyNetwork, read_network};
    #[pymodule_export]
    use crate::outcome::PyOutcome;
    #[pymodule_export]
    use crate::places::{area_phase, composite_index, intersectoral_severity, people_in_need, years_of_individual_security};
    #[pymodule_export]
    use crate::ratings::{agreement, compare_ratings, consensus, inequality, krippendorff_alpha, reliability};
    #[pymodule_export]
    use crate::scoring::{PyScheme, robustness, score, score_change, score_columns, survey_mean};
    #[pymodule_export]
    use crate::table::PyTable;
    #[pymodule_export]
    use crate::voices::{compare_maps, expert_root_causes, pool_linkages};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// The word of every kind of error the core knows.
    #[pyfunction]
    fn error_kinds() -> Vec<String> {
        hs_core::ErrorKind::ALL.into_iter().map(crate::crossing::word).collect()
    }

    /// Panics inside the crossing: for the test that such a fault becomes an exception.
    #[pyfunction]
    #[allow(clippy::panic, reason = "the fault that is tested")]
    fn fault(py: Python<'_>, way: &str) -> PyResult<()> {
        match way {
            "short" => crate::crossing::run(py, || panic!("planted")),
            "long" => crate::crossing::run_long(py, |_| panic!("planted")),
            _ => crate::crossing::run_free(py, || panic!("planted")),
        }
    }
}
