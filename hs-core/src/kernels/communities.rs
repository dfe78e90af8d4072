//! Communities of an undirected weighted graph by modularity: moves, refinement, aggregation (Leiden: Traag, Waltman and van Eck 2019).
//!
//! In refinement a node joins a part drawn with chances in proportion to what each gains, where the paper has an exponential of it: so equal seeds give equal bytes
//! everywhere. Nodes without edges stay apart and draw nothing. Communities that come out are connected.
// Positions are checked in `Graph::new`; the others are made here.
#![allow(clippy::indexing_slicing)]

use super::sampling::Draw;
use super::{Tick, cancelled, copied, filled};
use crate::{Error, Result};

/// An undirected graph: each edge stands in the rows of both its ends.
#[derive(Debug)]
pub struct Graph {
    offsets: Vec<usize>,
    ends: Vec<u32>,
    weights: Vec<f64>,
    /// Weight of each node's edge to itself, which counts twice in its degree.
    own: Vec<f64>,
    degrees: Vec<f64>,
    /// Sum of all degrees.
    total: f64,
}

impl Graph {
    /// From edges with weights above 0; edges between the same two nodes add up, in whatever order and direction they come.
    ///
    /// # Errors
    /// `Internal` for a position past the nodes or a weight that is not above 0 and finite; `Memory`.
    pub fn new(nodes: usize, mut edges: Vec<(u32, u32, f64)>) -> Result<Graph> {
        let fits = |e: &(u32, u32, f64)| (e.0 as usize) < nodes && (e.1 as usize) < nodes && e.2 > 0.0 && e.2.is_finite();
        if !edges.iter().all(fits) {
            return Err(Error::internal("an edge does not fit the graph"));
        }
        edges.iter_mut().for_each(|e| (e.0, e.1) = (e.0.min(e.1), e.0.max(e.1)));
        edges.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        edges.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        let mut own = filled(nodes, 0.0)?;
        let mut offsets = filled(nodes + 1, 0usize)?;
        for &(a, b, w) in &edges {
            if a == b {
                own[a as usize] = w;
            } else {
                offsets[a as usize + 1] += 1;
                offsets[b as usize + 1] += 1;
            }
        }
        (0..nodes).for_each(|j| offsets[j + 1] += offsets[j]);
        let mut next = copied(&offsets)?;
        let (mut ends, mut weights) = (filled(offsets[nodes], 0u32)?, filled(offsets[nodes], 0.0)?);
        for &(a, b, w) in edges.iter().filter(|(a, b, _)| a != b) {
            for (from, to) in [(a, b), (b, a)] {
                let place = &mut next[from as usize];
                (ends[*place], weights[*place]) = (to, w);
                *place += 1;
            }
        }
        Ok(Graph::finish(offsets, ends, weights, own))
    }

    fn finish(offsets: Vec<usize>, ends: Vec<u32>, weights: Vec<f64>, own: Vec<f64>) -> Graph {
        let degree = |j: usize| weights[offsets[j]..offsets[j + 1]].iter().sum::<f64>() + 2.0 * own[j];
        let degrees: Vec<f64> = (0..own.len()).map(degree).collect();
        let total = degrees.iter().sum();
        Graph { offsets, ends, weights, own, degrees, total }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.own.len()
    }

    /// Sum of all degrees: twice the sum of the weights.
    pub fn total(&self) -> f64 {
        self.total
    }

    fn neighbours(&self, j: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.offsets[j]..self.offsets[j + 1];
        self.ends[row.clone()].iter().map(|&end| end as usize).zip(self.weights[row].iter().copied())
    }

    /// `Σ_c (within_c / total - resolution · (degrees_c / total)²)`, where `within_c` counts each edge in c twice; none where nothing is linked.
    pub fn modularity(&self, community: &[u32], resolution: f64) -> Option<f64> {
        let count = community.iter().max().map_or(0, |&most| most as usize + 1);
        let (mut within, mut degrees) = (vec![0.0; count], vec![0.0; count]);
        for j in 0..self.nodes() {
            let own = community[j] as usize;
            degrees[own] += self.degrees[j];
            within[own] += 2.0 * self.own[j];
            within[own] += self.neighbours(j).filter(|(i, _)| community[*i] == community[j]).map(|(_, w)| w).sum::<f64>();
        }
        let part = |(within, degree): (f64, f64)| within / self.total - resolution * (degree / self.total) * (degree / self.total);
        (self.total > 0.0).then(|| within.into_iter().zip(degrees).map(part).sum())
    }
}

/// Gains nearer to each other than this share of all weights are alike.
const ALIKE: f64 = 1e-13;
/// Nodes between two looks at the tick.
const NODES: u64 = 1 << 14;

/// Weights from one node to the communities around it.
#[derive(Debug)]
struct Around {
    weights: Vec<f64>,
    seen: Vec<bool>,
    communities: Vec<u32>,
}

impl Around {
    fn new(nodes: usize) -> Result<Around> {
        Ok(Around { weights: filled(nodes, 0.0)?, seen: filled(nodes, false)?, communities: Vec::new() })
    }

    fn add(&mut self, community: u32, weight: f64) {
        if !self.seen[community as usize] {
            self.seen[community as usize] = true;
            self.communities.push(community);
        }
        self.weights[community as usize] += weight;
    }

    fn clear(&mut self) {
        for community in self.communities.drain(..) {
            self.weights[community as usize] = 0.0;
            self.seen[community as usize] = false;
        }
    }
}

struct Work<'a> {
    resolution: f64,
    draw: Draw,
    looked: u64,
    tick: Tick<'a>,
}

impl Work<'_> {
    /// The nodes that have edges, shuffled.
    fn order(&mut self, graph: &Graph) -> Vec<u32> {
        let mut order: Vec<u32> = (0..graph.nodes() as u32).filter(|&j| graph.degrees[j as usize] > 0.0).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, self.draw.below(last + 1));
        }
        order
    }

    fn look(&mut self) -> Result<()> {
        self.looked += 1;
        if self.looked.is_multiple_of(NODES) && !(self.tick)(self.looked / NODES) { Err(cancelled()) } else { Ok(()) }
    }

    /// Moves nodes to where they gain most until none gains; whether any moved. Communities are named by numbers below the number of nodes.
    fn settle(&mut self, graph: &Graph, community: &mut [u32]) -> Result<bool> {
        let n = graph.nodes();
        let mut degrees = filled(n, 0.0)?;
        let mut members = filled(n, 0u32)?;
        for j in 0..n {
            degrees[community[j] as usize] += graph.degrees[j];
            members[community[j] as usize] += 1;
        }
        let mut free: Vec<u32> = (0..n as u32).rev().filter(|&c| members[c as usize] == 0).collect();
        let mut queue: std::collections::VecDeque<u32> = self.order(graph).into();
        let mut waiting = filled(n, true)?;
        let mut around = Around::new(n)?;
        let alike = ALIKE * graph.total;
        let mut moved = false;
        while let Some(j) = queue.pop_front() {
            self.look()?;
            let j = j as usize;
            waiting[j] = false;
            let own = community[j];
            graph.neighbours(j).for_each(|(i, w)| around.add(community[i], w));
            degrees[own as usize] -= graph.degrees[j];
            members[own as usize] -= 1;
            let gain = |c: u32, around: &Around| {
                around.weights[c as usize] - self.resolution * graph.degrees[j] * (degrees[c as usize] / graph.total)
            };
            let stay = if members[own as usize] == 0 { 0.0 } else { gain(own, &around) };
            let mut best = (own, stay);
            // alone is always open
            if members[own as usize] > 0
                && best.1 < -alike
                && let Some(&empty) = free.last()
            {
                best = (empty, 0.0);
            }
            for &c in around.communities.iter().filter(|&&c| c != own) {
                let gain = gain(c, &around);
                if gain > best.1 + alike {
                    best = (c, gain);
                }
            }
            around.clear();
            let (to, _) = best;
            if to != own {
                moved = true;
                if members[own as usize] == 0 {
                    free.push(own);
                }
                // only the open one has no member
                if members[to as usize] == 0 {
                    free.pop();
                }
                community[j] = to;
                for (i, _) in graph.neighbours(j) {
                    if community[i] != to && !waiting[i] {
                        waiting[i] = true;
                        queue.push_back(i as u32);
                    }
                }
            }
            degrees[to as usize] += graph.degrees[j];
            members[to as usize] += 1;
        }
        Ok(moved)
    }

    /// Splits communities into parts that hold together: from single nodes, those well linked within their community join what they gain most from.
    fn refine(&mut self, graph: &Graph, community: &[u32]) -> Result<Vec<u32>> {
        let n = graph.nodes();
        let mut whole = filled(n, 0.0)?;
        for j in 0..n {
            whole[community[j] as usize] += graph.degrees[j];
        }
        let inside = |j: usize| graph.neighbours(j).filter(|(i, _)| community[*i] == community[j]).map(|(_, w)| w).sum::<f64>();
        let mut part: Vec<u32> = (0..n as u32).collect();
        let mut degrees = copied(&graph.degrees)?;
        // weight from each part to the rest of its community
        let mut outward: Vec<f64> = (0..n).map(inside).collect();
        let mut alone = filled(n, true)?;
        let mut choices: Vec<(u32, f64)> = Vec::new();
        let mut around = Around::new(n)?;
        let alike = ALIKE * graph.total;
        let resolution = self.resolution;
        let held = |degree: f64, outward: f64, whole: f64| outward + alike >= resolution * degree * ((whole - degree) / graph.total);
        for j in self.order(graph) {
            self.look()?;
            let j = j as usize;
            let all = whole[community[j] as usize];
            if !alone[j] || !held(graph.degrees[j], outward[j], all) {
                continue;
            }
            graph.neighbours(j).filter(|(i, _)| community[*i] == community[j]).for_each(|(i, w)| around.add(part[i], w));
            choices.clear();
            let mut sum = 0.0;
            for &c in &around.communities {
                let at = c as usize;
                if c == part[j] || !held(degrees[at], outward[at], all) {
                    continue;
                }
                let gain = around.weights[at] - resolution * graph.degrees[j] * (degrees[at] / graph.total);
                if gain > alike {
                    sum += gain;
                    choices.push((c, sum));
                }
            }
            let point = if choices.len() > 1 { self.draw.uniform() * sum } else { 0.0 };
            let chosen = choices.iter().find(|(_, sum)| point < *sum).or(choices.last());
            let best = chosen.map_or(part[j], |(c, _)| *c);
            let (to, from) = (best as usize, part[j] as usize);
            if to != from {
                outward[to] += outward[from] - 2.0 * around.weights[to];
                degrees[to] += graph.degrees[j];
                degrees[from] = 0.0;
                outward[from] = 0.0;
                part[j] = best;
                // the part that was joined is a node's own no longer
                alone[to] = false;
                alone[j] = false;
            }
            around.clear();
        }
        Ok(part)
    }
}

/// Numbers from 0 in the order of first use; how many there are.
fn renumber(labels: &mut [u32]) -> Result<usize> {
    let mut names = filled(labels.iter().max().map_or(0, |&most| most as usize + 1), u32::MAX)?;
    let mut count = 0;
    for label in labels {
        let name = &mut names[*label as usize];
        if *name == u32::MAX {
            *name = count;
            count += 1;
        }
        *label = *name;
    }
    Ok(count as usize)
}

/// A node for each part, parts numbered from 0.
fn aggregate(graph: &Graph, part: &[u32], count: usize) -> Result<Graph> {
    let mut starts = filled(count + 1, 0usize)?;
    part.iter().for_each(|&p| starts[p as usize + 1] += 1);
    (0..count).for_each(|p| starts[p + 1] += starts[p]);
    let mut next = copied(&starts)?;
    let mut members = filled(part.len(), 0u32)?;
    for (j, &p) in part.iter().enumerate() {
        members[next[p as usize]] = j as u32;
        next[p as usize] += 1;
    }
    let (mut offsets, mut ends, mut weights) = (vec![0], Vec::new(), Vec::new());
    let mut own = filled(count, 0.0)?;
    let mut around = Around::new(count)?;
    for p in 0..count {
        for &j in &members[starts[p]..starts[p + 1]] {
            own[p] += graph.own[j as usize];
            graph.neighbours(j as usize).for_each(|(i, w)| around.add(part[i], w));
        }
        around.communities.sort_unstable();
        for &c in &around.communities {
            let weight = around.weights[c as usize];
            if c as usize == p {
                // met from both ends
                own[p] += 0.5 * weight;
            } else {
                ends.push(c);
                weights.push(weight);
            }
        }
        around.clear();
        offsets.push(ends.len());
    }
    Ok(Graph::finish(offsets, ends, weights, own))
}

/// Communities that fall apart are taken apart: that never lowers modularity.
fn split(graph: &Graph, community: &mut [u32]) -> Result<usize> {
    let mut parts = filled(graph.nodes(), u32::MAX)?;
    let mut count = 0;
    let mut stack = Vec::new();
    for j in 0..graph.nodes() {
        if parts[j] != u32::MAX {
            continue;
        }
        parts[j] = count;
        stack.push(j);
        while let Some(j) = stack.pop() {
            for (i, _) in graph.neighbours(j) {
                if parts[i] == u32::MAX && community[i] == community[j] {
                    parts[i] = count;
                    stack.push(i);
                }
            }
        }
        count += 1;
    }
    community.copy_from_slice(&parts);
    Ok(count as usize)
}

/// Communities by one order of the nodes, numbered from 0 in the order of their first node.
///
/// # Errors
/// `Cancelled`; `Memory`.
pub fn communities(graph: &Graph, resolution: f64, seed: u64, run: u32, tick: Tick<'_>) -> Result<Vec<u32>> {
    let mut work = Work { resolution, draw: Draw::new(seed, run, 0), looked: 0, tick };
    let mut community: Vec<u32> = (0..graph.nodes() as u32).collect();
    if graph.total <= 0.0 {
        return Ok(community);
    }
    let mut reached = f64::NEG_INFINITY;
    // each round starts from the communities of the one before, until it gains nothing
    loop {
        if !tick(work.looked / NODES) {
            return Err(cancelled());
        }
        let mut level: Option<Graph> = None;
        let mut node: Vec<u32> = (0..graph.nodes() as u32).collect();
        let mut here = community.clone();
        loop {
            let now = level.as_ref().unwrap_or(graph);
            work.settle(now, &mut here)?;
            node.iter().zip(&mut community).for_each(|(&at, c)| *c = here[at as usize]);
            let mut part = work.refine(now, &here)?;
            let count = renumber(&mut part)?;
            if count == now.nodes() {
                break;
            }
            let mut above = filled(count, 0u32)?;
            part.iter().zip(&here).for_each(|(&p, &c)| above[p as usize] = c);
            renumber(&mut above)?;
            let next = aggregate(now, &part, count)?;
            node.iter_mut().for_each(|at| *at = part[*at as usize]);
            level = Some(next);
            here = above;
        }
        split(graph, &mut community)?;
        let quality = graph.modularity(&community, resolution).unwrap_or(0.0);
        if quality <= reached + 1e-12 {
            break;
        }
        reached = quality;
    }
    renumber(&mut community)?;
    Ok(community)
}

/// For each node of `chosen`, the share of runs in which it stands with another of its community, as a mean over those; alone: the share of runs in which it is.
pub fn stability(chosen: &[u32], runs: &[Vec<u32>]) -> Vec<f64> {
    let sizes = |labels: &[u32]| {
        let mut sizes = vec![0usize; labels.len()];
        labels.iter().for_each(|&c| sizes[c as usize] += 1);
        sizes
    };
    let size = sizes(chosen);
    let mut shares = vec![0.0; chosen.len()];
    for run in runs {
        let own = sizes(run);
        let mut both: Vec<(u32, u32)> = chosen.iter().copied().zip(run.iter().copied()).collect();
        both.sort_unstable();
        let count = |pair: (u32, u32)| both.partition_point(|p| *p <= pair) - both.partition_point(|p| *p < pair);
        for (j, share) in shares.iter_mut().enumerate() {
            let (c, d) = (chosen[j], run[j]);
            *share += match size[c as usize] {
                1 => f64::from(u8::from(own[d as usize] == 1)),
                size => (count((c, d)) - 1) as f64 / (size - 1) as f64,
            };
        }
    }
    shares.iter_mut().for_each(|share| *share /= runs.len().max(1) as f64);
    shares
}

#[cfg(test)]
mod tests {
    use super::super::never;
    use super::*;

    #[test]
    fn two_triangles_by_hand() {
        let edges = vec![(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (3, 4, 1.0), (4, 5, 1.0), (5, 3, 1.0), (2, 3, 1.0)];
        let graph = Graph::new(7, edges).unwrap();
        let found = communities(&graph, 1.0, 0, 0, &never).unwrap();
        assert_eq!(found, [0, 0, 0, 1, 1, 1, 2]);
        // 2 (6/14 - (7/14)²)
        assert!((graph.modularity(&found, 1.0).unwrap() - 5.0 / 14.0).abs() < 1e-15);
        assert_eq!(communities(&graph, 0.01, 0, 0, &never).unwrap(), [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(stability(&found, &[found.clone(), vec![0, 0, 1, 1, 1, 1, 2]])[..4], [0.75, 0.75, 0.5, 1.0]);
        let empty = Graph::new(2, Vec::new()).unwrap();
        assert_eq!((communities(&empty, 1.0, 0, 0, &never).unwrap(), empty.modularity(&[0, 1], 1.0)), (vec![0, 1], None));
    }

    #[test]
    fn loops_and_double_edges_count_as_in_the_matrix() {
        // A = [[2, 3], [3, 0]]: total 8, together 1 - γ
        let graph = Graph::new(2, vec![(0, 0, 1.0), (0, 1, 1.0), (1, 0, 2.0)]).unwrap();
        assert_eq!(graph.total(), 8.0);
        assert_eq!(graph.modularity(&[0, 0], 0.25), Some(0.75));
        assert_eq!(graph.modularity(&[0, 1], 1.0), Some(2.0 / 8.0 - 25.0 / 64.0 - 9.0 / 64.0));
    }

    #[test]
    fn what_comes_out_is_connected_and_no_single_move_gains() {
        let mut state = 3u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for run in 0..30 {
            let n = 5 + random(25);
            let edges: Vec<_> = (0..2 * n).map(|_| (random(n) as u32, random(n) as u32, (1 + random(9)) as f64)).collect();
            let graph = Graph::new(n as usize, edges).unwrap();
            let found = communities(&graph, 1.0, 9, run, &never).unwrap();
            let mut apart = found.clone();
            assert_eq!(split(&graph, &mut apart).unwrap(), *found.iter().max().unwrap() as usize + 1);
            let best = graph.modularity(&found, 1.0).unwrap();
            for j in 0..n as usize {
                for c in 0..n as u32 {
                    let mut other = found.clone();
                    other[j] = c;
                    assert!(graph.modularity(&other, 1.0).unwrap() <= best + 1e-9);
                }
            }
        }
    }
}
