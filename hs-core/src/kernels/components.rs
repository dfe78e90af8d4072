//! Strongly connected components: sets of nodes that all reach each other.
// Positions are those of the rows the caller gives, each below `nodes`.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;

use super::filled;
use crate::Result;

/// Components that hold a loop, each with its members in ascending order.
#[derive(Debug)]
pub(crate) struct Components {
    members: Vec<u32>,
    ends: Vec<usize>,
}

impl Components {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.ends.iter().scan(0, |start, &end| {
            let part = &self.members[*start..end];
            *start = end;
            Some(part)
        })
    }
}

/// Tarjan's algorithm without recursion, in time linear in nodes and edges.
///
/// `row` gives the edges of a node, `end` the node at the other end of an edge (none: the edge does not count), `looped` whether a node alone has a
/// loop.
pub(crate) fn strong(
    nodes: usize,
    row: impl Fn(usize) -> Range<usize>,
    end: impl Fn(usize) -> Option<u32>,
    looped: impl Fn(usize) -> bool,
) -> Result<Components> {
    let mut order = filled(nodes, 0u32)?; // 0: not seen
    let mut low = filled(nodes, 0u32)?;
    let mut on_stack = filled(nodes, false)?;
    let mut stack: Vec<u32> = Vec::new();
    let mut calls: Vec<(u32, usize)> = Vec::new();
    let mut found = Components { members: Vec::new(), ends: Vec::new() };
    let mut seen = 0u32;
    for root in 0..nodes {
        if order[root] != 0 {
            continue;
        }
        calls.push((root as u32, row(root).start));
        while let Some(&mut (node, ref mut edge)) = calls.last_mut() {
            let j = node as usize;
            if order[j] == 0 {
                seen += 1;
                order[j] = seen;
                low[j] = seen;
                on_stack[j] = true;
                stack.push(node);
            }
            let last = row(j).end;
            let mut deeper = None;
            while *edge < last {
                if let Some(i) = end(*edge).map(|i| i as usize) {
                    if order[i] == 0 {
                        deeper = Some(i);
                        break;
                    }
                    if on_stack[i] {
                        low[j] = low[j].min(order[i]);
                    }
                }
                *edge += 1;
            }
            if let Some(i) = deeper {
                *edge += 1;
                calls.push((i as u32, row(i).start));
                continue;
            }
            calls.pop();
            if let Some(&(parent, _)) = calls.last() {
                low[parent as usize] = low[parent as usize].min(low[j]);
            }
            if low[j] == order[j] {
                let start = found.members.len();
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    found.members.push(member);
                    if member == node {
                        break;
                    }
                }
                if found.members.len() == start + 1 && !looped(j) {
                    found.members.truncate(start);
                } else {
                    found.members[start..].sort_unstable();
                    found.ends.push(found.members.len());
                }
            }
        }
    }
    Ok(found)
}
