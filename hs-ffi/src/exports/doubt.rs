//! How sure is it, and on what does it hang? Ensembles over ranges, and which inputs matter.

use std::ffi::{c_char, c_void};

use hs_core::analyses::doubt::{Sensitivity, Simulate, Sobol};

use super::types::{hs_error, hs_function, hs_network, hs_result};
use crate::boundary::{Function, Handle, make, read_required, read_settings};
use crate::status::hs_status;

/// How far may severities and their ranks lie apart, given the ranges of what a network was told? Gives the array states where kept.
///
/// settings: Simulate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_simulate(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Simulate>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// On which of the numbers it was given does an outcome of the network hang most?
///
/// settings: Sensitivity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_sensitivity(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Sensitivity>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// Which inputs of the caller's function matter most? It is asked at points within the bounds, up to 1024 at a time.
///
/// settings: Sobol, in which bounds are wanted. context is handed to function and may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_sobol(
    function: hs_function,
    context: *mut c_void,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let function = Function::new(function, context)?;
        let sobol: Sobol = read_required(settings, length)?;
        let figures = function.figures(&sobol.points()?.data, sobol.bounds.len())?;
        sobol.estimate(&figures)?.outcome()
    })
}
