//! Every analysis of a network that takes settings and nothing else, by its name.

use std::sync::Arc;

use hs_core::analyses::domino::{
    Attribution, Blocks, Chains, Clusters, ImpactDiffusion, Indices, Influence, Loops, RenewalRates, Roles, RootCauses, TotalEffects,
};
use hs_core::analyses::doubt::{Sensitivity, Simulate};
use hs_core::{DominoNetwork, Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::crossing::{raised, run, run_long, values};
use crate::outcome::PyOutcome;

/// Nodes and edges up to which a question that looks at each a few times is answered on the caller's thread.
const SMALL: usize = 4096;
/// Nodes up to which dense algebra is done on the caller's thread.
const DENSE: usize = 96;

/// Runs where it stands what ends before anybody could press Ctrl-C, and on a thread that can be stopped what may take longer.
fn worked<T: Send>(py: Python<'_>, short: bool, work: impl FnOnce(&(dyn Fn(u64) -> bool + Sync)) -> Result<T> + Send) -> PyResult<T> {
    if short { run(py, || work(&|_| true)) } else { run_long(py, work) }
}

macro_rules! analyses {
    ($($name:literal => $settings:ty, $short:expr;)*) => {
        const KNOWN: &[&str] = &[$($name),*];

        pub(crate) fn analyse(network: &Arc<DominoNetwork>, name: &str, given: &Bound<'_, PyDict>) -> PyResult<PyOutcome> {
            let py = given.py();
            match name {
                $($name => {
                    let settings: $settings = values::settings(given)?;
                    let short: fn(&DominoNetwork) -> bool = $short;
                    let result = worked(py, short(network), |tick| settings.run_with(network, tick))?;
                    Ok(PyOutcome::later(move || result.outcome()))
                })*
                _ => Err(raised(py, &Error::not_found("analysis", name, KNOWN.iter().copied()))),
            }
        }
    };
}

fn dense(network: &DominoNetwork) -> bool {
    network.len() <= DENSE && network.edge_count() <= SMALL
}

fn small(network: &DominoNetwork) -> bool {
    network.len() + network.edge_count() <= SMALL
}

fn never(_: &DominoNetwork) -> bool {
    false
}

analyses! {
    "attribution" => Attribution, never;
    "blocks" => Blocks, dense;
    "chains" => Chains, never;
    "clusters" => Clusters, never;
    "impact_diffusion" => ImpactDiffusion, never;
    "indices" => Indices, small;
    "influence" => Influence, small;
    "loops" => Loops, never;
    "renewal_rates" => RenewalRates, never;
    "roles" => Roles, small;
    "root_causes" => RootCauses, dense;
    "sensitivity" => Sensitivity, never;
    "simulate" => Simulate, never;
    "total_effects" => TotalEffects, dense;
}
