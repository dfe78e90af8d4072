//! Domino networks and what runs on the caller's own buffers.

use std::ffi::c_char;

use hs_core::network::EdgeList;
use hs_core::{DominoNetwork, Error, Result};

use super::types::{hs_assessment, hs_error, hs_network, hs_result};
use crate::boundary::{Handle, copy, copy_or_none, cross, free, make, name, put, read_settings, required, slice};
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
    make(out, error, || DominoNetwork::expand(&*assessment.open()?, &read_settings(settings, length)?))
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
    make(out, error, || DominoNetwork::from_edges(edge_list(None, nodes, edges, source, target, weight, lag)?))
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
        let names = slice(names, nodes, "names")?;
        let names = names.iter().map(|text| Ok(name(*text, "names")?.to_owned())).collect::<Result<_>>()?;
        DominoNetwork::from_edges(edge_list(Some(names), nodes, edges, source, target, weight, lag)?)
    })
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
        let nodes = network.nodes().iter().map(|node| node.name.as_ref());
        put(out, network.position(wanted).ok_or_else(|| Error::not_found("node", wanted, nodes))?);
        Ok(())
    })
}

/// The network as tables: nodes, edges, and edges on which the statements of an assessment disagree.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hs_network_tables(network: hs_network, out: *mut hs_result, error: *mut hs_error) -> hs_status {
    make(out, error, || network.open()?.outcome())
}

/// Frees a network.
#[unsafe(no_mangle)]
pub extern "C" fn hs_network_free(network: hs_network) -> hs_status {
    free(network)
}
