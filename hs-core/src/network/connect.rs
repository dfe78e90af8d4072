//! What feeds what among the nodes of an assessment: the rule by which edges are made, and by which they are told again.

use std::ops::Range;

use rayon::prelude::*;

use super::domino::Dispute;
use super::expand::{Frame, Place};
use super::moves::{Link, Moves, Reached, Remarks};
use super::nodes::{Cells, NodeStore};
use super::pooling::{Pooled, Statement, pool};
use crate::kernels::{Csr, Filling, MOST_EDGES, filled};
use crate::{Error, ErrorKind, Result};

/// All that decides which edges there are. It is small beside them, so that a network keeps it and not what it tells of each edge.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) frame: Frame,
    pub(super) moves: Moves,
}

/// A statement of an edge, with the position it reaches and the lag.
type Stated = (u32, u32, Statement);

/// One edge from a node.
pub(super) struct Told<'s> {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) lag: u32,
    pub(super) pooled: Pooled,
    /// Every statement of it.
    all: &'s [Stated],
    /// Those it rests on.
    pub(super) kept: &'s [Statement],
}

impl Told<'_> {
    fn dispute(&self) -> Option<Dispute> {
        let (feeds_confidence, dampens_confidence) = self.pooled.dispute?;
        let numbered = self.pooled.weight.is_some();
        let side = |dampens| {
            let side = self.all.iter().filter(|(_, _, s)| s.dampens == dampens && s.weight.is_some() == numbered);
            side.map(|(_, _, s)| s.linkage).collect()
        };
        let (from, to, lag, dampens) = (self.from, self.to, self.lag, self.pooled.dampens);
        Some(Dispute { from, to, lag, dampens, feeds_confidence, dampens_confidence, feeds: side(false), dampening: side(true) })
    }
}

/// Room that is used again for every node.
#[derive(Default)]
pub(super) struct Scratch {
    reached: Vec<Reached>,
    statements: Vec<Stated>,
    kept: Vec<Statement>,
    pub(super) remarks: Remarks,
}

impl Rules {
    /// Calls `tell` with each edge from a node, by end and lag, parallel ones pooled.
    pub(super) fn edges_from(&self, cells: &Cells, from: u32, cell: Place, scratch: &mut Scratch, mut tell: impl FnMut(&Told<'_>)) {
        let Scratch { reached, statements, kept, remarks } = scratch;
        statements.clear();
        for link in self.moves.from(cell.1) {
            reached.clear();
            self.moves.reach(&self.frame, link, cell, reached, remarks);
            statements.extend(reached.iter().filter_map(|r| cells.position(r.cell).map(|to| (to, link.lag, statement(link, r.factor)))));
        }
        statements.sort_by_key(|(to, lag, s)| (*to, *lag, s.linkage));
        for all in statements.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some(&(to, lag, _)) = all.first() else { continue };
            kept.clear();
            kept.extend(all.iter().map(|(_, _, s)| *s));
            let pooled = pool(kept);
            remarks.pooled(all.iter().map(|(_, _, s)| s), pooled.passed_over);
            tell(&Told { from, to, lag, pooled, all, kept });
        }
    }
}

fn statement(link: &Link, factor: Option<f64>) -> Statement {
    // a share of persons that cannot be told leaves the link without a number
    let of = |magnitude: Option<f64>| magnitude.zip(factor).map(|(m, f)| m * f);
    Statement {
        dampens: link.dampens,
        weight: of(link.weight),
        range: link.range.zip(factor).map(|((low, high), f)| (low * f, high * f)),
        confidence: link.confidence,
        linkage: link.linkage,
        factor: factor.unwrap_or(f64::NAN),
    }
}

/// The edges of a network, as rows, and what there is to say of them.
pub(super) struct Connected {
    pub(super) csr: Csr,
    /// Edges, those without a number included.
    pub(super) count: usize,
    /// Edges from a node to itself.
    pub(super) loops: usize,
    pub(super) disputes: Vec<Dispute>,
}

/// Nodes whose edges are made at a time: fixed, so that threads change nothing.
const BLOCK: usize = 256;
/// Blocks that wait to be put in their place.
const WAVE: usize = 8;

/// The edges of some nodes: from, to, lag, weight.
struct Part {
    edges: Vec<(u32, u32, u32, f64)>,
    count: usize,
    loops: usize,
    disputes: Vec<Dispute>,
    remarks: Remarks,
}

fn part(rules: &Rules, cells: &Cells, nodes: Range<usize>, linkages: usize) -> Part {
    let mut scratch = Scratch { remarks: Remarks::new(linkages), ..Scratch::default() };
    let mut part = Part { edges: Vec::new(), count: 0, loops: 0, disputes: Vec::new(), remarks: Remarks::default() };
    let first = nodes.start;
    for (from, cell) in (first..).zip(cells.iter(nodes)) {
        rules.edges_from(cells, from as u32, cell, &mut scratch, |told| {
            part.count += 1;
            part.loops += usize::from(told.from == told.to);
            part.disputes.extend(told.dispute());
            if let Some(weight) = told.pooled.weight {
                part.edges.push((told.from, told.to, told.lag, weight));
            }
        });
    }
    part.remarks = scratch.remarks;
    part
}

fn waves(rules: &Rules, cells: &Cells, linkages: usize, mut take: impl FnMut(Part) -> Result<()>) -> Result<()> {
    let nodes = cells.len();
    let block = |first: usize| part(rules, cells, first..(first + BLOCK).min(nodes), linkages);
    if nodes <= BLOCK {
        return take(block(0));
    }
    for wave in (0..nodes).step_by(BLOCK * WAVE) {
        let starts: Vec<usize> = (wave..nodes.min(wave + BLOCK * WAVE)).step_by(BLOCK).collect();
        let parts: Vec<Part> = starts.into_par_iter().map(block).collect();
        parts.into_iter().try_for_each(&mut take)?;
    }
    Ok(())
}

/// Edges among the nodes. They are made twice, once to count and once to put them in their rows, so that no list of them stands beside the rows.
pub(super) fn connect(rules: &Rules, nodes: &NodeStore, remarks: &mut Remarks) -> Result<Connected> {
    let Some(cells) = nodes.cells() else { return Err(Error::internal("nodes to connect are not cells of an assessment")) };
    let (mut count, mut numbered, mut loops, mut lagged) = (0_usize, 0_usize, 0, false);
    let mut disputes = Vec::new();
    let mut lengths = filled(cells.len(), 0_u32)?;
    waves(rules, cells, remarks.linkages(), |part| {
        count += part.count;
        loops += part.loops;
        numbered += part.edges.len();
        if count > MOST_EDGES {
            return Err(Error::new(ErrorKind::Limit, format!("found more than {MOST_EDGES} edges")));
        }
        for (_, to, lag, _) in &part.edges {
            lengths.get_mut(*to as usize).into_iter().for_each(|length| *length += 1);
            lagged |= *lag > 0;
        }
        disputes.extend(part.disputes);
        remarks.merge(part.remarks);
        Ok(())
    })?;
    let mut rows = Filling::new(lengths, lagged)?;
    waves(rules, cells, 0, |part| {
        part.edges.iter().for_each(|(from, to, lag, weight)| rows.put(*from, *to, *weight, *lag));
        Ok(())
    })?;
    Ok(Connected { csr: rows.finish()?, count, loops, disputes })
}
