//! Several maps together: experts, stakeholders, contexts.

use std::sync::Arc;

use hs_core::analyses::domino::ExpertRootCauses;
use hs_core::analyses::voices::{CompareMaps, PoolLinkages};
use hs_core::{Assessment, DominoNetwork};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::assessment::PyAssessment;
use crate::crossing::{run_free, run_long, values};
use crate::network::PyNetwork;
use crate::outcome::PyOutcome;

type Maps = (Vec<Arc<DominoNetwork>>, Vec<Arc<Assessment>>);

fn held(networks: &[PyRef<'_, PyNetwork>], assessments: &[PyRef<'_, PyAssessment>]) -> Maps {
    let networks = networks.iter().map(|network| Arc::clone(&network.network)).collect();
    (networks, assessments.iter().map(|assessment| Arc::clone(&assessment.assessment)).collect())
}

/// Root causes over several experts' maps.
#[pyfunction]
pub(crate) fn expert_root_causes(given: &Bound<'_, PyDict>, networks: Vec<PyRef<'_, PyNetwork>>) -> PyResult<PyOutcome> {
    let settings: ExpertRootCauses = values::settings(given)?;
    let (networks, _) = held(&networks, &[]);
    let networks: Vec<&DominoNetwork> = networks.iter().map(AsRef::as_ref).collect();
    let result = run_long(given.py(), |tick| settings.run_with(&networks, tick))?;
    Ok(PyOutcome::later(move || result.outcome()))
}

/// What several maps say together of each link: networks, or assessments where there is no network.
#[pyfunction]
pub(crate) fn pool_linkages(
    given: &Bound<'_, PyDict>,
    networks: Vec<PyRef<'_, PyNetwork>>,
    assessments: Vec<PyRef<'_, PyAssessment>>,
) -> PyResult<PyOutcome> {
    let settings: PoolLinkages = values::settings(given)?;
    let (networks, assessments) = held(&networks, &assessments);
    let outcome = run_free(given.py(), move || {
        let result = if assessments.is_empty() {
            settings.run(&networks.iter().map(AsRef::as_ref).collect::<Vec<_>>())
        } else {
            settings.run_assessments(&assessments.iter().map(AsRef::as_ref).collect::<Vec<_>>())
        };
        result?.outcome()
    })?;
    Ok(PyOutcome::new(outcome))
}

/// Where maps agree, and which links are disputed.
#[pyfunction]
pub(crate) fn compare_maps(
    given: &Bound<'_, PyDict>,
    networks: Vec<PyRef<'_, PyNetwork>>,
    assessments: Vec<PyRef<'_, PyAssessment>>,
) -> PyResult<PyOutcome> {
    let settings: CompareMaps = values::settings(given)?;
    let (networks, assessments) = held(&networks, &assessments);
    let outcome = run_free(given.py(), move || {
        let result = if assessments.is_empty() {
            settings.run(&networks.iter().map(AsRef::as_ref).collect::<Vec<_>>())
        } else {
            settings.run_assessments(&assessments.iter().map(AsRef::as_ref).collect::<Vec<_>>())
        };
        result?.outcome()
    })?;
    Ok(PyOutcome::new(outcome))
}
