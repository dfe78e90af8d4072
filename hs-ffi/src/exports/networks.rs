//! Domino networks and what runs on the caller's own buffers.

use std::ffi::{c_char, c_void};

use hs_core::network::EdgeList;
use hs_core::propagation::{Propagation, Status, Values};
use hs_core::{DominoNetwork, Error, Result};

use super::types::{hs_assessment, hs_error, hs_network, hs_propagation, hs_result, hs_run_status, hs_tick};
use crate::boundary::{Handle, copy, copy_or_none, cross, fill, free, make, name, names, put, read_settings, required};
use crate::status::hs_status;

/// Builds the domino network of an assessment: one node a threat, place and group, one edge a linkage between two of them.
///
/// settings: Expansion (places, groups, period, components, fold_places, unweighted, adjacency, kinds, interventions).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_expand(
    assessment: hs_assessment,
    settings: *const c_char,
    length: usize,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let assessment = assessment.open()?;
        Ok(DominoNetwork::expand(&assessment, &read_settings(settings, length)?)?.into())
    })
}

/// Builds a network from arrays of one entry an edge: positions of its ends, below nodes, and its signed finite weight, positive
/// where the source makes the target worse. The arrays are copied; names are the positions as text.
///
/// lag may be NULL: every edge acts in the same step. Arrays of no edges may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_from_edges(
    nodes: usize,
    edges: usize,
    source: *const u32,
    target: *const u32,
    weight: *const f64,
    lag: *const u32,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(DominoNetwork::from_edges(edge_list(None, nodes, edges, source, target, weight, lag)?)?.into()))
}

/// Builds a network as hs_network_from_edges does, with a name for each node: nodes texts that end with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_from_named_edges(
    nodes: usize,
    names: *const *const c_char,
    edges: usize,
    source: *const u32,
    target: *const u32,
    weight: *const f64,
    lag: *const u32,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let names = self::names(names, nodes, "names")?;
        Ok(DominoNetwork::from_edges(edge_list(Some(names), nodes, edges, source, target, weight, lag)?)?.into())
    })
}

/// Builds a network as hs_network_from_edges does, of links that may lack a number and may carry a range.
///
/// A weight of NAN is a link without a number; dampens (1 or 0 an edge) says its sign, that of others their weight. low and high are the
/// ends of each signed weight, NAN where it has none; both or neither. node_names, lag, low, high and dampens may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_from_links(
    nodes: usize,
    node_names: *const *const c_char,
    edges: usize,
    source: *const u32,
    target: *const u32,
    weight: *const f64,
    lag: *const u32,
    low: *const f64,
    high: *const f64,
    dampens: *const u8,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let names = if node_names.is_null() { None } else { Some(self::names(node_names, nodes, "node_names")?) };
        let mut list = edge_list(names, nodes, edges, source, target, weight, lag)?;
        let ends = |ends: Option<Vec<f64>>| ends.map(|ends| known(&ends));
        let weights: Vec<f64> = copy(weight, edges, "weight")?;
        list.weight = if weights.iter().any(|weight| weight.is_nan()) { known(&weights).into() } else { weights.into() };
        list.low = ends(copy_or_none(low, edges, "low")?);
        list.high = ends(copy_or_none(high, edges, "high")?);
        list.dampens = copy_or_none(dampens, edges, "dampens")?.map(|signs| signs.iter().map(|sign| *sign != 0).collect());
        Ok(DominoNetwork::from_edges(list)?.into())
    })
}

/// Numbers, none for NaN.
fn known(numbers: &[f64]) -> Vec<Option<f64>> {
    numbers.iter().map(|number| (!number.is_nan()).then_some(*number)).collect()
}

unsafe fn edge_list(
    names: Option<Vec<String>>,
    nodes: usize,
    edges: usize,
    source: *const u32,
    target: *const u32,
    weight: *const f64,
    lag: *const u32,
) -> Result<EdgeList> {
    Ok(EdgeList {
        source: copy(source, edges, "source")?,
        target: copy(target, edges, "target")?,
        weight: copy(weight, edges, "weight")?.into(),
        lag: copy_or_none(lag, edges, "lag")?,
        nodes: Some(nodes),
        names,
        ..EdgeList::default()
    })
}

/// How many nodes and edges a network has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_size(network: hs_network, nodes: *mut usize, edges: *mut usize, error: *mut hs_error) -> hs_status {
    cross(error, || {
        required(nodes, "nodes")?;
        required(edges, "edges")?;
        let network = network.open()?;
        put(nodes, network.len());
        put(edges, network.edge_count());
        Ok(())
    })
}

/// The position of a node by its name, as in "hunger/CD-IT": the index into the buffers of hs_propagate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_position(network: hs_network, name: *const c_char, out: *mut usize, error: *mut hs_error) -> hs_status {
    cross(error, || {
        required(out, "out")?;
        let network = network.open()?;
        let wanted = self::name(name, "name")?;
        let unknown = || {
            let names: Vec<_> = network.nodes().map(|node| node.name).collect();
            Error::not_found("node", wanted, names.iter().map(|name| &**name))
        };
        put(out, network.position(wanted).ok_or_else(unknown)?);
        Ok(())
    })
}

/// The network as tables: nodes, edges, and edges on which the statements of an assessment disagree.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_tables(network: hs_network, out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || network.open()?.outcome())
}

/// Lets severity travel, on the caller's own buffers: start and shocks are read and state is written, nodes numbers each, in the
/// order of the nodes.
///
/// settings: Propagation (model, clamp, base, pulse, max_steps, tolerance, keep, anchoring). start may be NULL: as observed, 0 on
/// bare arrays; shocks may be NULL: none; what a buffer gives, settings must not. info may be NULL. state may be the same buffer as
/// start or shocks. That a run does not settle is a fact in info, not a failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_propagate(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    start: *const f64,
    shocks: *const f64,
    state: *mut f64,
    nodes: usize,
    info: *mut hs_propagation,
    error: *mut hs_error,
) -> hs_status {
    cross(error, || {
        required(state, "state")?;
        let network = network.open()?;
        if nodes != network.len() {
            return Err(Error::argument(format!("found buffers of {nodes} nodes, wanted {}, as the network has", network.len())));
        }
        let mut run: Propagation = read_settings(settings, length)?;
        run.start = either("start", run.start, start, nodes)?;
        run.shocks = either("shocks", run.shocks, shocks, nodes)?;
        let result = run.run_with(&network, &network.tick())?;
        fill(state, &result.state);
        if required(info, "info").is_ok() {
            let status = match result.status {
                Status::Converged => hs_run_status::HS_RUN_CONVERGED,
                Status::Cycle => hs_run_status::HS_RUN_CYCLE,
                Status::NotConverged => hs_run_status::HS_RUN_NOT_CONVERGED,
                Status::Diverging => hs_run_status::HS_RUN_DIVERGING,
            };
            let error_bound = result.error_bound.unwrap_or(f64::INFINITY);
            put(info, hs_propagation { status, period: result.period.unwrap_or(0), iterations: result.iterations, error_bound });
        }
        Ok(())
    })
}

/// Numbers for nodes, from the settings or from the caller's buffer.
unsafe fn either(name: &str, setting: Option<Values>, buffer: *const f64, nodes: usize) -> Result<Option<Values>> {
    match (setting, copy_or_none(buffer, nodes, name)?) {
        (Some(_), Some(_)) => Err(Error::argument(format!("found `{name}` both in the settings and as a buffer, wanted one of them"))),
        (setting, buffer) => Ok(buffer.map(|numbers| Values::from(numbers.as_slice())).or(setting)),
    }
}

/// Lets severity travel and gives all of it: the states as a table, the arrays state and, where kept, trajectory.
///
/// settings: Propagation, as for hs_propagate, with start and shocks by name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_propagate_result(
    network: hs_network,
    settings: *const c_char,
    length: usize,
    out: *mut hs_result,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || {
        let network = network.open()?;
        read_settings::<Propagation>(settings, length)?.run_with(&network, &network.tick())?.outcome()
    })
}

/// The same network under a handle of its own, whose long calls look at tick on their way (NULL for none).
///
/// tick and context must stay good until that handle is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_watched(
    network: hs_network,
    tick: hs_tick,
    context: *mut c_void,
    out: *mut hs_network,
    error: *mut hs_error,
) -> hs_status {
    make(out, error, || Ok(network.open()?.watched_by(tick, context)))
}

/// Frees a network.
#[unsafe(no_mangle)]
pub extern "C" fn hs_network_free(network: hs_network) -> hs_status {
    free(network)
}
