//! Links with sign, size and lag as rows of what goes out and what comes in: parallel ones kept apart, sizes that are unknown kept unknown.
// Positions are checked in `Links::new`, the only way in.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;

use super::filled;
use crate::{Error, Result};

/// One link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Its magnitude; NaN where it has no number.
    pub size: f64,
    /// Whether it turns the sign.
    pub dampens: bool,
    /// Steps until it acts.
    pub lag: u32,
}

/// Links by the node they start from, in an order that does not depend on how they were listed.
#[derive(Debug)]
pub struct Links {
    links: Vec<Link>,
    out: Vec<usize>,
    into: Vec<usize>,
    /// Places of the links into each node.
    entering: Vec<u32>,
}

impl Links {
    /// Sorts links by start, end, lag, sign and size.
    ///
    /// # Errors
    /// `Internal` for a position past the nodes; `Memory`.
    pub fn new(nodes: usize, mut links: Vec<Link>) -> Result<Links> {
        if links.iter().any(|l| l.from as usize >= nodes || l.to as usize >= nodes) || u32::try_from(links.len()).is_err() {
            return Err(Error::internal("a link leads out of the network"));
        }
        let key = |l: &Link| (l.from, l.to, l.lag, l.dampens);
        links.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then(a.size.total_cmp(&b.size)));
        let (mut out, mut into) = (filled(nodes + 1, 0usize)?, filled(nodes + 1, 0usize)?);
        for link in &links {
            out[link.from as usize + 1] += 1;
            into[link.to as usize + 1] += 1;
        }
        for j in 0..nodes {
            out[j + 1] += out[j];
            into[j + 1] += into[j];
        }
        let mut entering = filled(links.len(), 0u32)?;
        // filled from the back, the ends of the rows become their starts
        let mut next = super::copied(&into)?;
        for (at, link) in links.iter().enumerate() {
            let place = &mut next[link.to as usize];
            entering[*place] = at as u32;
            *place += 1;
        }
        Ok(Links { links, out, into, entering })
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.out.len() - 1
    }

    /// Every link, by start.
    pub fn all(&self) -> &[Link] {
        &self.links
    }

    /// Places of the links out of a node.
    pub fn row(&self, node: usize) -> Range<usize> {
        self.out[node]..self.out[node + 1]
    }

    /// The links out of a node.
    pub fn out(&self, node: usize) -> &[Link] {
        &self.links[self.row(node)]
    }

    /// Places of the links into a node.
    pub fn into(&self, node: usize) -> &[u32] {
        &self.entering[self.into[node]..self.into[node + 1]]
    }

    /// Nodes that links into a node start from.
    pub fn before(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        self.into(node).iter().map(|&at| self.links[at as usize].from as usize)
    }
}
