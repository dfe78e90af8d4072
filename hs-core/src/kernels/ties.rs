//! Undirected ties between few nodes: who lies between others, who holds the whole together, and how tight the middle is.
#![allow(clippy::indexing_slicing)] // neighbours are checked once, in `Ties::new`

use std::collections::VecDeque;

/// Undirected ties without loops and doubles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    near: Vec<Vec<usize>>,
}

/// The middle of a network and how well it fits the pattern of a middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Middle {
    /// Whether a node is in the core.
    pub core: Vec<bool>,
    /// Correlation of ties with the pattern in which all pairs with a core node are tied, and no others.
    pub fit: f64,
}

impl Ties {
    /// From pairs; loops, doubles and pairs outside the nodes are passed over.
    pub fn new(nodes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut near = vec![Vec::new(); nodes];
        for (a, b) in pairs.into_iter().filter(|(a, b)| a != b && *a < nodes && *b < nodes) {
            near[a].push(b);
            near[b].push(a);
        }
        for list in &mut near {
            list.sort_unstable();
            list.dedup();
        }
        Ties { near }
    }

    /// Nodes.
    pub fn len(&self) -> usize {
        self.near.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.near.is_empty()
    }

    /// Ties of a node.
    pub fn degree(&self, node: usize) -> usize {
        self.near.get(node).map_or(0, Vec::len)
    }

    /// Ties over all pairs; none below two nodes.
    pub fn density(&self) -> Option<f64> {
        let n = self.len() as f64;
        (self.len() > 1).then(|| self.near.iter().map(Vec::len).sum::<usize>() as f64 / (n * (n - 1.0)))
    }

    /// Shortest paths of others that lead through each node, a pair's paths in equal parts, every pair counted once (Brandes 2001).
    pub fn betweenness(&self) -> Vec<f64> {
        let n = self.len();
        let mut between = vec![0.0; n];
        for start in 0..n {
            let (mut order, mut queue) = (Vec::new(), VecDeque::from([start]));
            let (mut far, mut paths) = (vec![usize::MAX; n], vec![0.0; n]);
            (far[start], paths[start]) = (0, 1.0);
            while let Some(node) = queue.pop_front() {
                order.push(node);
                for &next in &self.near[node] {
                    if far[next] == usize::MAX {
                        far[next] = far[node] + 1;
                        queue.push_back(next);
                    }
                    if far[next] == far[node] + 1 {
                        paths[next] += paths[node];
                    }
                }
            }
            let mut share = vec![0.0; n];
            for &node in order.iter().rev() {
                for &before in self.near[node].iter().filter(|b| far[**b] != usize::MAX && far[**b] + 1 == far[node]) {
                    share[before] += paths[before] / paths[node] * (1.0 + share[node]);
                }
                if node != start {
                    // each pair is met from both ends
                    between[node] += share[node] / 2.0;
                }
            }
        }
        between
    }

    /// Number of the connected part of each node, from 0 in the order of their first nodes.
    pub fn parts(&self) -> Vec<usize> {
        let mut part = vec![usize::MAX; self.len()];
        let mut many = 0;
        for start in 0..self.len() {
            if part[start] == usize::MAX {
                self.fill(start, many, &mut part);
                many += 1;
            }
        }
        part
    }

    fn fill(&self, start: usize, mark: usize, part: &mut [usize]) {
        let mut stack = vec![start];
        part[start] = mark;
        while let Some(node) = stack.pop() {
            for &next in &self.near[node] {
                if part[next] == usize::MAX {
                    part[next] = mark;
                    stack.push(next);
                }
            }
        }
    }

    /// Whether a node's neighbours would fall apart without it.
    pub fn cuts(&self) -> Vec<bool> {
        let cut = |node: usize| {
            let mut part = vec![usize::MAX; self.len()];
            part[node] = usize::MAX - 1;
            let mut parts = 0;
            for &start in &self.near[node] {
                if part[start] == usize::MAX {
                    self.fill(start, parts, &mut part);
                    parts += 1;
                }
            }
            parts > 1
        };
        (0..self.len()).map(cut).collect()
    }

    /// The greatest k for which a node is in a part where everyone has k ties (Seidman 1983).
    pub fn coreness(&self) -> Vec<usize> {
        let mut left: Vec<usize> = self.near.iter().map(Vec::len).collect();
        let mut found = vec![0; self.len()];
        let mut gone = vec![false; self.len()];
        let mut level = 0;
        for _ in 0..self.len() {
            let Some(node) = (0..self.len()).filter(|v| !gone[*v]).min_by_key(|v| left[*v]) else { break };
            level = level.max(left[node]);
            (found[node], gone[node]) = (level, true);
            for &next in &self.near[node] {
                left[next] = left[next].saturating_sub(1);
            }
        }
        found
    }

    /// The core that fits best (Borgatti and Everett 1999), of all cores that take everyone with at least so many ties; the smaller of equals.
    ///
    /// None where all have equally many ties: nothing tells a core then. Nodes of equal degree are never parted, so names decide nothing.
    pub fn middle(&self) -> Option<Middle> {
        let n = self.len();
        let mut degrees: Vec<usize> = self.near.iter().map(Vec::len).collect();
        degrees.sort_unstable();
        degrees.dedup();
        // from the smallest core to the largest
        let cuts = degrees.iter().skip(1).rev();
        let pairs = (n * n.saturating_sub(1)) as f64 / 2.0;
        let ties = self.near.iter().map(Vec::len).sum::<usize>() as f64 / 2.0;
        let mut best: Option<Middle> = None;
        for &least in cuts {
            let core: Vec<bool> = self.near.iter().map(|near| near.len() >= least).collect();
            let many = core.iter().filter(|c| **c).count() as f64;
            let outside = n as f64 - many;
            let pattern = pairs - outside * (outside - 1.0) / 2.0;
            let missed =
                (0..n).filter(|v| !core[*v]).map(|v| self.near[v].iter().filter(|w| !core[**w]).count()).sum::<usize>() as f64 / 2.0;
            let hits = ties - missed;
            let spread = ties * (pairs - ties) * pattern * (pairs - pattern);
            if spread <= 0.0 {
                continue;
            }
            let fit = (hits * pairs - ties * pattern) / spread.sqrt();
            if best.as_ref().is_none_or(|b| fit > b.fit + 1e-12) {
                best = Some(Middle { core, fit });
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn krackhardt_kite() {
        // Krackhardt 1990: Andre, Beverly, Carol, Diane, Ed, Fernando, Garth, Heather, Ike, Jane
        let pairs = [
            (0, 1),
            (0, 2),
            (0, 3),
            (0, 5),
            (1, 3),
            (1, 4),
            (1, 6),
            (2, 3),
            (2, 5),
            (3, 4),
            (3, 5),
            (3, 6),
            (4, 6),
            (5, 6),
            (5, 7),
            (6, 7),
            (7, 8),
            (8, 9),
        ];
        let kite = Ties::new(10, pairs);
        let between: Vec<f64> = kite.betweenness().iter().map(|b| (b / 36.0 * 1000.0).round() / 1000.0).collect();
        assert_eq!(between, [0.023, 0.023, 0.0, 0.102, 0.0, 0.231, 0.231, 0.389, 0.222, 0.0]);
        assert_eq!(kite.cuts(), [false, false, false, false, false, false, false, true, true, false]);
    }

    #[test]
    fn star_and_ideal_core_fit_perfectly() {
        let star = Ties::new(6, (1..6).map(|leaf| (0, leaf)));
        let middle = star.middle().unwrap();
        assert!((middle.fit - 1.0).abs() < 1e-12);
        assert_eq!(middle.core, [true, false, false, false, false, false]);
        let ideal = Ties::new(7, (0..3).flat_map(|a| (a + 1..7).map(move |b| (a, b))));
        let middle = ideal.middle().unwrap();
        assert!((middle.fit - 1.0).abs() < 1e-12);
        assert_eq!(middle.core, [true, true, true, false, false, false, false]);
    }

    #[test]
    fn nothing_tells_a_core_in_a_ring() {
        assert_eq!(Ties::new(4, [(0, 1), (1, 2), (2, 3), (3, 0)]).middle(), None);
        assert_eq!(Ties::new(0, []).middle(), None);
        assert_eq!(Ties::new(3, []).middle(), None);
    }

    #[test]
    fn coreness_of_a_clique_with_a_tail() {
        let ties = Ties::new(6, [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4)]);
        assert_eq!(ties.coreness(), [2, 2, 2, 1, 1, 0]);
        assert_eq!(ties.parts(), [0, 0, 0, 0, 0, 1]);
        assert_eq!(ties.density(), Some(1.0 / 3.0));
    }
}
