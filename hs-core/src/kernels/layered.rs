//! Layered drawing of a directed graph, left to right: sizes and edges in, positions and routes out.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981, "Methods for visual understanding of hierarchical system
//! structures"): cycles are opened by the greedy order of Eades, Lin and Smyth (1993), layers are longest paths, long edges are
//! cut into one bend a layer, crossings are reduced by barycentres and exchanges of neighbours, and heights are the least-squares
//! ones that keep the order and the gaps (pool adjacent violators). Every bend has a slot of its own, so no edge runs under a box.
#![allow(clippy::indexing_slicing)] // positions are made in this file, after `layered` has checked the edges once

/// Gaps, in the unit of the sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spacing {
    /// Between two columns, at the least.
    pub column: f64,
    /// Between two boxes of a column.
    pub row: f64,
    /// Between two edges side by side.
    pub edge: f64,
    /// Between two unconnected parts.
    pub part: f64,
    /// Parts stand in rows up to this extent.
    pub extent: f64,
    /// The rows run across the flow (along heights) instead of along it.
    pub across: bool,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Left, top, width and height of each box; a box grows where many edges end on it.
    pub boxes: Vec<[f64; 4]>,
    /// Points of each edge from its source to its target: curves between columns and straight runs across them take turns,
    /// so the number of points is even; an edge from a box to itself has four, the corners of one curve.
    pub routes: Vec<Vec<[f64; 2]>>,
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
}

/// Draws boxes of the given sizes (width, height) and edges (source, target).
///
/// `None` where an edge names a box that is not there, or a size is not a positive number.
///
/// # Complexity
/// With s = edges x layers they cross, about 24 sweeps of s log s, and exchanges quadratic in the degree.
pub fn layered(sizes: &[[f64; 2]], edges: &[[usize; 2]], spacing: &Spacing) -> Option<Drawing> {
    let sound = sizes.iter().flatten().all(|x| x.is_finite() && *x > 0.0);
    if !sound || edges.iter().flatten().any(|end| *end >= sizes.len()) {
        return None;
    }
    let mut drawing = Drawing { boxes: vec![[0.0; 4]; sizes.len()], routes: vec![Vec::new(); edges.len()], width: 0.0, height: 0.0 };
    let parts = parts(sizes.len(), edges);
    let drawn: Vec<Drawing> = parts
        .iter()
        .map(|(nodes, lines)| {
            let part_sizes: Vec<[f64; 2]> = nodes.iter().map(|v| sizes[*v]).collect();
            let place = |v: usize| nodes.binary_search(&v).unwrap_or(0);
            let part_edges: Vec<[usize; 2]> = lines.iter().map(|e| [place(edges[*e][0]), place(edges[*e][1])]).collect();
            Part::new(&part_sizes, &part_edges, spacing).draw()
        })
        .collect();
    // along a row, and from row to row
    let (along, aside) = if spacing.across { (1, 0) } else { (0, 1) };
    let limit = drawn.iter().map(|d| [d.width, d.height][along]).fold(spacing.extent, f64::max);
    let (mut at, mut depth, mut linked) = ([0.0_f64; 2], 0.0_f64, false);
    for ((nodes, lines), part) in parts.iter().zip(&drawn) {
        let size = [part.width, part.height];
        // boxes without an edge start a row of their own, after all that is linked
        let first_alone = std::mem::replace(&mut linked, !lines.is_empty()) && lines.is_empty();
        if at[along] > 0.0 && (first_alone || at[along] + size[along] > limit) {
            at[along] = 0.0;
            at[aside] += depth + spacing.part;
            depth = 0.0;
        }
        for (v, [x, y, w, h]) in nodes.iter().zip(&part.boxes) {
            drawing.boxes[*v] = [x + at[0], y + at[1], *w, *h];
        }
        for (e, route) in lines.iter().zip(&part.routes) {
            drawing.routes[*e] = route.iter().map(|[x, y]| [x + at[0], y + at[1]]).collect();
        }
        drawing.width = drawing.width.max(at[0] + size[0]);
        drawing.height = drawing.height.max(at[1] + size[1]);
        depth = depth.max(size[aside]);
        at[along] += size[along] + spacing.part;
    }
    Some(drawing)
}

/// Weakly connected parts, linked ones first, the largest first: positions of nodes (ascending) and of edges.
fn parts(nodes: usize, edges: &[[usize; 2]]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut root: Vec<usize> = (0..nodes).collect();
    fn find(root: &mut [usize], mut v: usize) -> usize {
        while root[v] != v {
            root[v] = root[root[v]];
            v = root[v];
        }
        v
    }
    for [a, b] in edges {
        let (a, b) = (find(&mut root, *a), find(&mut root, *b));
        root[a.max(b)] = a.min(b);
    }
    let mut parts: Vec<(Vec<usize>, Vec<usize>)> = vec![(Vec::new(), Vec::new()); nodes];
    for v in 0..nodes {
        parts[find(&mut root, v)].0.push(v);
    }
    for (e, [a, _]) in edges.iter().enumerate() {
        parts[find(&mut root, *a)].1.push(e);
    }
    parts.retain(|(nodes, _)| !nodes.is_empty());
    parts.sort_by_key(|(nodes, lines)| (lines.is_empty(), std::cmp::Reverse(nodes.len()), nodes[0]));
    parts
}

/// A stretch of an edge from one layer to the next; `tail` stands left.
#[derive(Clone, Copy)]
struct Segment {
    tail: usize,
    head: usize,
    edge: usize,
}

/// One connected part: boxes come first among the vertices, bends after them.
struct Part<'a> {
    boxes: usize,
    edges: &'a [[usize; 2]],
    spacing: &'a Spacing,
    width: Vec<f64>,
    /// How far a vertex reaches above and below its middle.
    above: Vec<f64>,
    below: Vec<f64>,
    layers: Vec<Vec<usize>>,
    segments: Vec<Segment>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// Each edge's vertices from left to right, and whether it runs from right to left.
    chains: Vec<(Vec<usize>, bool)>,
}

impl<'a> Part<'a> {
    fn new(sizes: &[[f64; 2]], edges: &'a [[usize; 2]], spacing: &'a Spacing) -> Self {
        let n = sizes.len();
        let rank = acyclic(n, edges);
        let forward = |[a, b]: [usize; 2]| if rank[a] <= rank[b] { [a, b] } else { [b, a] };
        let layer = layers(&rank, &edges.iter().filter(|[a, b]| a != b).map(|e| forward(*e)).collect::<Vec<_>>());
        let mut part = Part {
            boxes: n,
            edges,
            spacing,
            width: sizes.iter().map(|s| s[0]).collect(),
            above: sizes.iter().map(|s| s[1] / 2.0).collect(),
            below: sizes.iter().map(|s| s[1] / 2.0).collect(),
            layers: vec![Vec::new(); layer.iter().max().map_or(0, |l| l + 1)],
            segments: Vec::new(),
            before: vec![Vec::new(); n],
            after: vec![Vec::new(); n],
            chains: Vec::with_capacity(edges.len()),
        };
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|v| rank[*v]);
        for v in order {
            part.layers[layer[v]].push(v);
        }
        for (e, edge) in edges.iter().enumerate() {
            let [tail, head] = forward(*edge);
            let mut chain = vec![tail];
            if tail != head {
                for between in layer[tail] + 1..layer[head] {
                    chain.push(part.bend(between));
                }
                chain.push(head);
            }
            for pair in chain.windows(2) {
                let at = part.segments.len();
                part.segments.push(Segment { tail: pair[0], head: pair[1], edge: e });
                part.after[pair[0]].push(at);
                part.before[pair[1]].push(at);
            }
            part.chains.push((chain, edge[0] != tail));
        }
        part
    }

    fn bend(&mut self, layer: usize) -> usize {
        let vertex = self.width.len();
        self.width.push(0.0);
        self.above.push(0.0);
        self.below.push(0.0);
        self.before.push(Vec::new());
        self.after.push(Vec::new());
        self.layers[layer].push(vertex);
        vertex
    }

    fn draw(mut self) -> Drawing {
        self.reduce_crossings();
        let offset = self.ports();
        let y = self.heights(&offset);
        self.lay_out(&offset, &y)
    }

    fn positions(&self) -> Vec<usize> {
        let mut position = vec![0; self.width.len()];
        for layer in &self.layers {
            for (i, v) in layer.iter().enumerate() {
                position[*v] = i;
            }
        }
        position
    }

    fn reduce_crossings(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..24 {
            let rightward = round % 2 == 0;
            let count = self.layers.len();
            let walk: Vec<usize> = if rightward { (1..count).collect() } else { (0..count.saturating_sub(1)).rev().collect() };
            for l in walk {
                let position = self.positions();
                let mut keyed: Vec<(f64, usize)> = self.layers[l]
                    .iter()
                    .map(|v| {
                        let lines = if rightward { &self.before[*v] } else { &self.after[*v] };
                        let sum: usize = lines.iter().map(|s| position[self.other(*s, *v)]).sum();
                        // a vertex without neighbours on that side keeps its place, in proportion
                        let key = if lines.is_empty() { position[*v] as f64 } else { sum as f64 / lines.len() as f64 };
                        (key, *v)
                    })
                    .collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(position[a.1].cmp(&position[b.1])));
                self.layers[l] = keyed.into_iter().map(|(_, v)| v).collect();
            }
            self.exchange();
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
            if best.0 == 0 {
                break;
            }
        }
        self.layers = best.1;
    }

    fn other(&self, segment: usize, vertex: usize) -> usize {
        let Segment { tail, head, .. } = self.segments[segment];
        if tail == vertex { head } else { tail }
    }

    /// Exchanges neighbours in a layer while that saves crossings.
    fn exchange(&mut self) {
        let mut position = self.positions();
        for _ in 0..8 {
            let mut changed = false;
            for l in 0..self.layers.len() {
                for i in 1..self.layers[l].len() {
                    let (u, v) = (self.layers[l][i - 1], self.layers[l][i]);
                    let cost = |first: usize, second: usize| -> usize {
                        [(&self.before[first], &self.before[second]), (&self.after[first], &self.after[second])]
                            .iter()
                            .map(|(a, b)| {
                                a.iter()
                                    .map(|s| {
                                        let at = position[self.other(*s, first)];
                                        b.iter().filter(|t| position[self.other(**t, second)] < at).count()
                                    })
                                    .sum::<usize>()
                            })
                            .sum()
                    };
                    if cost(v, u) < cost(u, v) {
                        self.layers[l].swap(i - 1, i);
                        position[u] = i;
                        position[v] = i - 1;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    fn crossings(&self) -> usize {
        let position = self.positions();
        let mut count = 0;
        for layer in &self.layers {
            let mut pairs: Vec<(usize, usize)> =
                layer.iter().flat_map(|v| self.after[*v].iter().map(|s| (position[*v], position[self.segments[*s].head]))).collect();
            pairs.sort_unstable();
            let mut heads: Vec<usize> = Vec::with_capacity(pairs.len());
            for (_, head) in pairs {
                let at = heads.partition_point(|h| *h <= head);
                count += heads.len() - at;
                heads.insert(at, head);
            }
        }
        count
    }

    /// Where each segment ends on its two vertices, from their middles; boxes grow to hold their edges.
    fn ports(&mut self) -> Vec<[f64; 2]> {
        let position = self.positions();
        let mut offset = vec![[0.0; 2]; self.segments.len()];
        for v in 0..self.boxes {
            let most = self.before[v].len().max(self.after[v].len());
            let height = (self.above[v] * 2.0).max(self.spacing.edge * (most as f64 + 1.0));
            self.above[v] = height / 2.0;
            self.below[v] = height / 2.0;
            for (end, lines) in [(1, &self.before[v]), (0, &self.after[v])] {
                let mut lines = lines.clone();
                lines.sort_by_key(|s| (position[self.other(*s, v)], self.segments[*s].edge));
                for (i, s) in lines.iter().enumerate() {
                    offset[*s][end] = height * ((i as f64 + 1.0) / (lines.len() as f64 + 1.0) - 0.5);
                }
            }
        }
        for [a, b] in self.edges {
            if a == b {
                self.above[*a] = self.below[*a] + 2.0 * self.spacing.row;
            }
        }
        offset
    }

    /// Heights of the middles: least squares towards the neighbours, order and gaps kept.
    fn heights(&self, offset: &[[f64; 2]]) -> Vec<f64> {
        let mut y = vec![0.0; self.width.len()];
        for layer in &self.layers {
            let steps = self.steps(layer);
            for (v, step) in layer.iter().zip(&steps) {
                y[*v] = step - steps.last().unwrap_or(&0.0) / 2.0;
            }
        }
        for round in 0..40 {
            let count = self.layers.len();
            for i in 0..count {
                let l = if round % 2 == 0 { i } else { count - 1 - i };
                let layer = &self.layers[l];
                let wanted: Vec<(f64, f64)> = layer
                    .iter()
                    .map(|v| {
                        let (mut sum, mut weight) = (y[*v] * 1e-3, 1e-3);
                        for (end, lines) in [(1, &self.before[*v]), (0, &self.after[*v])] {
                            // the first rounds look one way only, so that the order of a part spreads through it
                            if round < 8 && (round % 2 == 0) != (end == 1) {
                                continue;
                            }
                            for s in lines {
                                let other = self.other(*s, *v);
                                let bends = usize::from(other >= self.boxes) + usize::from(*v >= self.boxes);
                                let pull = [1.0, 2.0, 8.0][bends];
                                sum += pull * (y[other] + offset[*s][1 - end] - offset[*s][end]);
                                weight += pull;
                            }
                        }
                        (sum / weight, weight)
                    })
                    .collect();
                let steps = self.steps(layer);
                let targets: Vec<(f64, f64)> = wanted.iter().zip(&steps).map(|((at, w), step)| (at - step, *w)).collect();
                for ((v, level), step) in layer.iter().zip(ascending(&targets)).zip(&steps) {
                    y[*v] = level + step;
                }
            }
        }
        y
    }

    /// Least distance of each middle of a layer from the first.
    fn steps(&self, layer: &[usize]) -> Vec<f64> {
        let mut steps = Vec::with_capacity(layer.len());
        let mut at = 0.0;
        for (i, v) in layer.iter().enumerate() {
            if i > 0 {
                let last = layer[i - 1];
                let gap = if last >= self.boxes && *v >= self.boxes { self.spacing.edge } else { self.spacing.row };
                at += self.below[last] + gap + self.above[*v];
            }
            steps.push(at);
        }
        steps
    }

    fn lay_out(&self, offset: &[[f64; 2]], y: &[f64]) -> Drawing {
        let highest = (0..y.len()).map(|v| y[v] - self.above[v]).fold(f64::INFINITY, f64::min);
        let mut left = Vec::with_capacity(self.layers.len());
        let mut wide = Vec::with_capacity(self.layers.len());
        let mut x = 0.0;
        for layer in &self.layers {
            let width = layer.iter().map(|v| self.width[*v]).fold(0.0, f64::max);
            let lines: usize = layer.iter().map(|v| self.after[*v].len()).sum();
            left.push(x);
            wide.push(width);
            x += width + self.spacing.column + self.spacing.edge * (lines.min(12) as f64) / 2.0;
        }
        let mut drawing = Drawing { boxes: vec![[0.0; 4]; self.boxes], ..Drawing::default() };
        let mut column = vec![0; y.len()];
        for (l, layer) in self.layers.iter().enumerate() {
            for v in layer {
                column[*v] = l;
                drawing.height = drawing.height.max(y[*v] - highest + self.below[*v]);
                if *v < self.boxes {
                    let width = self.width[*v];
                    drawing.boxes[*v] = [left[l] + (wide[l] - width) / 2.0, y[*v] - highest - self.below[*v], width, 2.0 * self.below[*v]];
                }
            }
            drawing.width = drawing.width.max(left[l] + wide[l]);
        }
        let mut place = vec![[0usize; 2]; self.edges.len()];
        for (s, segment) in self.segments.iter().enumerate() {
            // segments of an edge are made from left to right
            if segment.tail < self.boxes {
                place[segment.edge][0] = s;
            }
            if segment.head < self.boxes {
                place[segment.edge][1] = s;
            }
        }
        for (e, (chain, backward)) in self.chains.iter().enumerate() {
            let (first, last) = (chain[0], chain[chain.len() - 1]);
            let mut route = Vec::with_capacity(chain.len() * 2);
            if chain.len() == 1 {
                let [x, y, w, _] = drawing.boxes[first];
                let lift = 2.0 * self.spacing.row;
                route = vec![[x + w * 0.7, y], [x + w * 0.75, y - lift], [x + w * 0.45, y - lift], [x + w * 0.5, y]];
            } else {
                let start = y[first] - highest + offset[place[e][0]][0];
                route.push([drawing.boxes[first][0] + drawing.boxes[first][2], start]);
                for bend in &chain[1..chain.len() - 1] {
                    let l = column[*bend];
                    route.push([left[l], y[*bend] - highest]);
                    route.push([left[l] + wide[l], y[*bend] - highest]);
                }
                route.push([drawing.boxes[last][0], y[last] - highest + offset[place[e][1]][1]]);
            }
            if *backward {
                route.reverse();
            }
            drawing.routes.push(route);
        }
        drawing
    }
}

/// A rank for each node such that few edges run from a higher rank to a lower one.
fn acyclic(nodes: usize, edges: &[[usize; 2]]) -> Vec<usize> {
    let mut out: Vec<i64> = vec![0; nodes];
    let mut into: Vec<i64> = vec![0; nodes];
    let mut lines: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (e, [a, b]) in edges.iter().enumerate() {
        if a != b {
            out[*a] += 1;
            into[*b] += 1;
            lines[*a].push(e);
            lines[*b].push(e);
        }
    }
    let mut left: Vec<usize> = Vec::with_capacity(nodes);
    let mut right: Vec<usize> = Vec::new();
    let mut gone = vec![false; nodes];
    for _ in 0..nodes {
        let open = || (0..nodes).filter(|v| !gone[*v]);
        let sink = open().find(|v| out[*v] == 0 && into[*v] > 0);
        let source = open().find(|v| into[*v] == 0);
        let chosen = sink.or(source).or_else(|| open().max_by_key(|v| (out[*v] - into[*v], std::cmp::Reverse(*v))));
        let Some(v) = chosen else { break };
        gone[v] = true;
        if sink.is_some() {
            right.push(v)
        } else {
            left.push(v)
        }
        for e in &lines[v] {
            let [a, b] = edges[*e];
            if a == v { into[b] -= 1 } else { out[a] -= 1 }
        }
    }
    left.extend(right.into_iter().rev());
    let mut rank = vec![0; nodes];
    for (i, v) in left.into_iter().enumerate() {
        rank[v] = i;
    }
    rank
}

/// Longest paths from the left; nodes with more edges out than in then move right, next to what they feed.
fn layers(rank: &[usize], edges: &[[usize; 2]]) -> Vec<usize> {
    let mut layer = vec![0; rank.len()];
    let mut sorted = edges.to_vec();
    sorted.sort_by_key(|[a, b]| (rank[*a], rank[*b]));
    for [a, b] in &sorted {
        layer[*b] = layer[*b].max(layer[*a] + 1);
    }
    let mut order: Vec<usize> = (0..rank.len()).collect();
    order.sort_by_key(|v| std::cmp::Reverse(rank[*v]));
    for v in order {
        let into = edges.iter().filter(|e| e[1] == v).count();
        let ahead: Vec<usize> = edges.iter().filter(|e| e[0] == v).map(|e| layer[e[1]]).collect();
        if let (Some(nearest), true) = (ahead.iter().min(), ahead.len() > into) {
            layer[v] = nearest - 1;
        }
    }
    layer
}

/// The ascending sequence nearest to weighted targets, by pooling adjacent violators.
fn ascending(targets: &[(f64, f64)]) -> Vec<f64> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(targets.len());
    for (at, weight) in targets {
        let mut block = (*at, *weight, 1);
        while let Some(last) = blocks.last().copied() {
            if last.0 <= block.0 {
                break;
            }
            let weight = last.1 + block.1;
            block = ((last.0 * last.1 + block.0 * block.1) / weight, weight, last.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|(at, _, count)| std::iter::repeat_n(*at, *count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACING: Spacing = Spacing { column: 60.0, row: 14.0, edge: 10.0, part: 40.0, extent: 900.0, across: false };

    fn drawn(nodes: usize, edges: &[[usize; 2]]) -> Drawing {
        layered(&vec![[150.0, 40.0]; nodes], edges, &SPACING).unwrap_or_default()
    }

    fn apart(drawing: &Drawing) -> bool {
        let boxes = &drawing.boxes;
        (0..boxes.len()).all(|i| {
            (0..i).all(|j| {
                let ([ax, ay, aw, ah], [bx, by, bw, bh]) = (boxes[i], boxes[j]);
                ax + aw <= bx || bx + bw <= ax || ay + ah <= by || by + bh <= ay
            })
        })
    }

    #[test]
    fn a_chain_runs_left_to_right_on_one_line() {
        let drawing = drawn(3, &[[0, 1], [1, 2]]);
        assert!(drawing.boxes[0][0] < drawing.boxes[1][0] && drawing.boxes[1][0] < drawing.boxes[2][0]);
        assert!(drawing.routes.iter().flatten().all(|p| (p[1] - drawing.routes[0][0][1]).abs() < 1e-6));
    }

    #[test]
    fn a_ring_keeps_its_direction_at_both_ends() {
        let edges = [[0, 1], [1, 2], [2, 0]];
        let drawing = drawn(3, &edges);
        for (route, [a, b]) in drawing.routes.iter().zip(edges) {
            let on = |p: [f64; 2], v: usize| {
                let [x, y, w, h] = drawing.boxes[v];
                ((p[0] - x).abs() < 1e-9 || (p[0] - x - w).abs() < 1e-9) && p[1] >= y && p[1] <= y + h
            };
            assert!(on(route[0], a) && on(route[route.len() - 1], b));
            assert_eq!(route.len() % 2, 0);
        }
    }

    #[test]
    fn boxes_never_overlap_and_everything_is_inside() {
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        for nodes in [1, 2, 5, 17, 40] {
            let edges: Vec<[usize; 2]> = (0..nodes * 2).map(|_| [next(nodes), next(nodes)]).collect();
            let drawing = drawn(nodes, &edges);
            assert!(apart(&drawing), "{nodes} boxes overlap");
            for [x, y] in drawing.routes.iter().flatten() {
                assert!(*x >= -1e-9 && *y >= -1e-9 && *x <= drawing.width + 1e-9 && *y <= drawing.height + 1e-9);
            }
            assert_eq!(drawing, drawn(nodes, &edges));
        }
    }

    #[test]
    fn a_planar_tree_has_no_crossing() {
        let edges = [[0, 1], [0, 2], [1, 3], [1, 4], [2, 5], [2, 6]];
        let mut part = Part::new(&[[1.0, 1.0]; 7], &edges, &SPACING);
        part.reduce_crossings();
        assert_eq!(part.crossings(), 0);
    }

    #[test]
    fn edges_to_nowhere_are_refused() {
        assert!(layered(&[[1.0, 1.0]], &[[0, 1]], &SPACING).is_none());
        assert!(layered(&[[f64::NAN, 1.0]], &[], &SPACING).is_none());
        assert_eq!(layered(&[], &[], &SPACING), Some(Drawing::default()));
    }
}
