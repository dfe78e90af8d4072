//! Nodes and links in an order of their own, so that neither the order of rows nor that of nodes changes an answer.

use std::sync::Arc;

use crate::Result;
use crate::kernels::filled;
use crate::kernels::links::{Link, Links};
use crate::network::DominoNetwork;
use crate::tables::Note;

/// Nodes in the order of their names: whole numbers by size, then texts.
#[derive(Debug)]
pub(super) struct Canonical {
    /// Names in that order.
    pub(super) names: Vec<Arc<str>>,
    /// Place of each node of the network in that order.
    pub(super) place: Vec<u32>,
}

impl Canonical {
    pub(super) fn new(network: &DominoNetwork) -> Result<Canonical> {
        let key = |name: &str| (name.parse::<u64>().map_err(|_| ()), Arc::<str>::from(name));
        let mut order: Vec<_> = network.nodes().iter().map(|node| key(&node.name)).zip(0usize..).collect();
        order.sort_unstable();
        let mut place = filled(order.len(), 0u32)?;
        for ((_, at), rank) in order.iter().zip(0..) {
            if let Some(place) = place.get_mut(*at) {
                *place = rank;
            }
        }
        let names = order.into_iter().map(|((_, name), _)| name).collect();
        Ok(Canonical { names, place })
    }

    /// The links of a network between these places, links without a number included; a weight of 0 is no link.
    pub(super) fn links(&self, network: &DominoNetwork, notes: &mut Vec<Note>) -> Result<Links> {
        let (mut nothing, mut unknown) = (0, 0);
        let mut links = Vec::new();
        links.try_reserve_exact(network.edge_count()).map_err(|_| crate::kernels::no_memory(network.edge_count(), size_of::<Link>()))?;
        for edge in network.edges() {
            if edge.weight == Some(0.0) {
                nothing += 1;
                continue;
            }
            unknown += usize::from(edge.weight.is_none());
            let place = |at: u32| self.place.get(at as usize).copied().unwrap_or(u32::MAX);
            let size = edge.weight.map_or(f64::NAN, f64::abs);
            links.push(Link { from: place(edge.from), to: place(edge.to), size, dampens: edge.dampens, lag: edge.lag });
        }
        if nothing > 0 {
            notes.push(Note::new::<String>("zero-weight", format!("links of weight 0 are no links: {nothing} left out"), []));
        }
        if unknown > 0 {
            let message = format!("{unknown} links have no number: what runs over them is listed, its gain is not known");
            notes.push(Note::new::<String>("unknown-gain", message, []));
        }
        Links::new(network.len(), links)
    }
}
