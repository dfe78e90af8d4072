//! Simple cycles up to a length, each once, with sign, product and lag.
//!
//! Every cycle is found from its lowest node. For each such start two searches in breadth say which nodes lie on a short enough way from it and back
//! to it; on those alone a search in depth runs, cut where the way back is too long. A search that comes back empty-handed raises a bar at the node: how
//! far it is, at least, from the start while the present path stands. When a node leaves the path after a find, the bars before it fall again. So no
//! dead end is tried twice for nothing and the time between two cycles is polynomial (after Johnson 1975; Peng and others 2019). The search keeps its own stack and can stop anywhere.
// Positions come from checked `Links`; slots and cursors are made here.
#![allow(clippy::indexing_slicing)]

use rayon::prelude::*;

use super::components::strong;
use super::links::Links;
use super::{Tick, cancelled, filled};
use crate::Result;

/// Walks as flat lists: nodes one after the other, and where each walk ends.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Walks {
    nodes: Vec<u32>,
    ends: Vec<usize>,
    gains: Vec<f64>,
    dampens: Vec<bool>,
    lags: Vec<u64>,
}

/// One walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walk<'a> {
    /// Its nodes in order; of a cycle each once, from the lowest.
    pub nodes: &'a [u32],
    /// Product of the sizes; NaN where one is unknown.
    pub gain: f64,
    /// Whether an odd number of links turn the sign.
    pub dampens: bool,
    /// Sum of the lags.
    pub lag: u64,
}

impl Walks {
    /// Number of walks.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The walk at a place below [`Walks::len`].
    pub fn get(&self, at: usize) -> Walk<'_> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        Walk { nodes: &self.nodes[start..self.ends[at]], gain: self.gains[at], dampens: self.dampens[at], lag: self.lags[at] }
    }

    pub(super) fn push(&mut self, nodes: impl Iterator<Item = u32>, gain: f64, dampens: bool, lag: u64) {
        self.nodes.extend(nodes);
        self.ends.push(self.nodes.len());
        self.gains.push(gain);
        self.dampens.push(dampens);
        self.lags.push(lag);
    }

    fn append(&mut self, other: &Walks, most: usize) {
        let count = other.len().min(most);
        let Some(&end) = count.checked_sub(1).and_then(|last| other.ends.get(last)) else { return };
        let before = self.nodes.len();
        self.nodes.extend_from_slice(&other.nodes[..end]);
        self.ends.extend(other.ends[..count].iter().map(|end| end + before));
        self.gains.extend_from_slice(&other.gains[..count]);
        self.dampens.extend_from_slice(&other.dampens[..count]);
        self.lags.extend_from_slice(&other.lags[..count]);
    }

    /// Places of the walks by gain, the greatest first and the unknown last; then by their nodes, then as they are.
    pub fn by_gain(&self) -> Vec<u32> {
        // gains are not below 0, so their bits are in order; turned about, NaN is past the end
        let key = |gain: f64| if gain.is_nan() { u64::MAX } else { !gain.to_bits() - 1 };
        let mut order: Vec<(u64, u32)> = self.gains.iter().map(|gain| key(*gain)).zip(0..).collect();
        order.par_sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| self.get(a.1 as usize).nodes.cmp(self.get(b.1 as usize).nodes)).then(a.1.cmp(&b.1))
        });
        order.into_iter().map(|(_, at)| at).collect()
    }
}

/// Searches at work side by side; what comes out does not depend on it.
const SEARCHES: usize = 8;
/// Links looked at by a search between two looks at the tick.
const STEPS: usize = 1 << 16;

/// The first `limit` cycles of at most `max_length` links, by their lowest node, and whether there are more.
///
/// # Errors
/// `Cancelled`; `Memory`.
pub fn cycles(links: &Links, max_length: usize, limit: usize, tick: Tick<'_>) -> Result<(Walks, bool)> {
    let nodes = links.nodes();
    let all = links.all();
    let ends = |link: usize| Some(all[link].to);
    let components = strong(nodes, |j| links.row(j), ends, |j| links.out(j).iter().any(|l| l.to as usize == j))?;
    let mut component = filled(nodes, u32::MAX)?;
    for (number, members) in components.iter().enumerate() {
        members.iter().for_each(|&j| component[j as usize] = number as u32);
    }
    let starts: Vec<u32> = (0..nodes as u32).filter(|&j| component[j as usize] != u32::MAX).collect();
    let share = (starts.len() / (SEARCHES * 16)).clamp(1, 64);
    let mut found = Walks::default();
    let mut searches = Vec::with_capacity(SEARCHES);
    for _ in 0..SEARCHES.min(starts.len()) {
        searches.push(Search::new(links, &component, max_length)?);
    }
    let mut ticks = 0u64;
    for block in starts.chunks(share * SEARCHES) {
        // one more than is wanted tells whether there are more
        let wanted = limit - found.len() + 1;
        for (search, starts) in searches.iter_mut().zip(block.chunks(share)) {
            search.begin(starts);
        }
        loop {
            if !tick(ticks) {
                return Err(cancelled());
            }
            ticks += 1;
            // those before a search may already have found all that is wanted
            let mut before = 0;
            for search in &mut searches {
                search.wanted = wanted.saturating_sub(before);
                before += search.found.len();
            }
            if searches.iter().all(Search::is_done) {
                break;
            }
            searches.par_iter_mut().for_each(Search::advance);
        }
        for search in &mut searches {
            let room = (limit + 1).saturating_sub(found.len());
            found.append(&search.found, room);
            search.clear();
        }
        if found.len() > limit {
            let mut first = Walks::default();
            first.append(&found, limit);
            return Ok((first, true));
        }
    }
    Ok((found, false))
}

/// A link within the nodes near a start.
#[derive(Debug, Clone, Copy)]
struct Step {
    to: u32,
    /// Links from its end back to the start, at least.
    back: u32,
    lag: u32,
    dampens: bool,
    size: f64,
}

/// A node on the path.
#[derive(Debug, Clone, Copy)]
struct Frame {
    slot: u32,
    /// The next link to try.
    next: usize,
    /// Whether some way led from here back to the start.
    found: bool,
    gain: f64,
    lag: u64,
    dampens: bool,
}

const FAR: u32 = u32::MAX;

/// Cycles from some starts, one after the other.
struct Search<'a> {
    links: &'a Links,
    component: &'a [u32],
    /// Longest cycle.
    most: u32,
    starts: &'a [u32],
    /// Whether the present start's search is under way.
    running: bool,
    wanted: usize,
    found: Walks,
    /// Slot of each node near the start; `FAR` elsewhere.
    slots: Vec<u32>,
    /// By slot: node, links from the start, links back to it.
    near: Vec<u32>,
    ahead: Vec<u32>,
    back: Vec<u32>,
    /// By slot: links back to the start while the path stands, at least.
    bar: Vec<u32>,
    on_path: Vec<bool>,
    rows: Vec<usize>,
    steps: Vec<Step>,
    /// Slots before each slot, for lowering bars.
    rows_before: Vec<usize>,
    before: Vec<u32>,
    path: Vec<Frame>,
    lower: Vec<u32>,
    /// Whether some bar was raised since the start.
    raised: bool,
}

impl<'a> Search<'a> {
    fn new(links: &'a Links, component: &'a [u32], max_length: usize) -> Result<Self> {
        // no cycle is longer than the nodes there are
        let most = max_length.min(links.nodes()) as u32;
        Ok(Search {
            links,
            component,
            most,
            starts: &[],
            running: false,
            wanted: 0,
            found: Walks::default(),
            slots: filled(links.nodes(), FAR)?,
            near: Vec::new(),
            ahead: Vec::new(),
            back: Vec::new(),
            bar: Vec::new(),
            on_path: Vec::new(),
            rows: Vec::new(),
            steps: Vec::new(),
            rows_before: Vec::new(),
            before: Vec::new(),
            path: Vec::new(),
            lower: Vec::new(),
            raised: false,
        })
    }

    fn begin(&mut self, starts: &'a [u32]) {
        self.starts = starts;
    }

    fn clear(&mut self) {
        self.found = Walks::default();
        self.starts = &[];
        if self.running {
            self.leave();
        }
    }

    fn is_done(&self) -> bool {
        self.starts.is_empty() || self.found.len() >= self.wanted
    }

    fn advance(&mut self) {
        let mut left = STEPS;
        while !self.is_done() && left > 0 {
            if !self.running {
                let Some(&start) = self.starts.first() else { return };
                left = left.saturating_sub(self.enter(start));
                self.running = true;
                continue;
            }
            if self.walk(&mut left) {
                self.leave();
                self.starts = &self.starts[1..];
            }
        }
    }

    fn slot(&mut self, node: usize) -> usize {
        if self.slots[node] == FAR {
            self.slots[node] = self.near.len() as u32;
            self.near.push(node as u32);
            self.ahead.push(FAR);
            self.back.push(FAR);
        }
        self.slots[node] as usize
    }

    /// Finds the nodes near a start and the links among them; gives the work it took.
    fn enter(&mut self, start: u32) -> usize {
        let (links, own) = (self.links, self.component[start as usize]);
        let component = self.component;
        let belongs = |j: usize| j >= start as usize && component[j] == own;
        let most = self.most;
        let mut work = 1;
        // ahead to half the length, and back as far: a node further on both ways is on no cycle short enough
        let half = most.div_ceil(2);
        self.slot(start as usize);
        self.ahead[0] = 0;
        let mut queue = 0;
        while queue < self.near.len() {
            let ahead = self.ahead[queue];
            if ahead == half {
                break;
            }
            for link in links.out(self.near[queue] as usize) {
                work += 1;
                let to = link.to as usize;
                if belongs(to) && self.slots[to] == FAR {
                    let slot = self.slot(to);
                    self.ahead[slot] = ahead + 1;
                }
            }
            queue += 1;
        }
        self.back[0] = 0;
        let mut reached: Vec<u32> = vec![0];
        queue = 0;
        while queue < reached.len() {
            let slot = reached[queue] as usize;
            let back = self.back[slot];
            queue += 1;
            if back + 1 >= most {
                continue;
            }
            for from in links.before(self.near[slot] as usize) {
                work += 1;
                if !belongs(from) || (back >= most - half && self.slots[from] == FAR) {
                    continue;
                }
                let slot = self.slot(from);
                if self.back[slot] == FAR {
                    self.back[slot] = back + 1;
                    reached.push(slot as u32);
                }
            }
        }
        // what only the way back has met is now met from the front
        let mut front: Vec<u32> = (0..self.near.len() as u32).filter(|&slot| self.ahead[slot as usize] == half).collect();
        queue = 0;
        while queue < front.len() {
            let slot = front[queue] as usize;
            let ahead = self.ahead[slot];
            queue += 1;
            for link in links.out(self.near[slot] as usize) {
                work += 1;
                let to = self.slots[link.to as usize];
                if to != FAR && self.ahead[to as usize] == FAR && self.fits(ahead + 1, to as usize) {
                    self.ahead[to as usize] = ahead + 1;
                    front.push(to);
                }
            }
        }
        work + self.rows_of_near()
    }

    /// Whether a node reached by so many links can lie on a cycle.
    fn fits(&self, ahead: u32, slot: usize) -> bool {
        self.back[slot] != FAR && u64::from(ahead) + u64::from(self.back[slot]) <= u64::from(self.most)
    }

    /// Links among the nodes near the start, the shortest ways back first.
    fn rows_of_near(&mut self) -> usize {
        let count = self.near.len();
        self.steps.clear();
        self.rows.clear();
        self.rows.push(0);
        self.rows_before.clear();
        self.rows_before.resize(count + 1, 0);
        for slot in 0..count {
            let ahead = self.ahead[slot];
            if ahead != FAR && self.fits(ahead, slot) {
                for link in self.links.out(self.near[slot] as usize) {
                    let to = self.slots[link.to as usize];
                    if to != FAR && self.ahead[to as usize] != FAR && self.fits(ahead + 1, to as usize) {
                        let back = self.back[to as usize];
                        self.rows_before[to as usize + 1] += 1;
                        self.steps.push(Step { to, back, lag: link.lag, dampens: link.dampens, size: link.size });
                    }
                }
            }
            let start = self.rows[slot];
            // stable: links of one distance stay in their order
            self.steps[start..].sort_by_key(|step| step.back);
            self.rows.push(self.steps.len());
        }
        for slot in 0..count {
            self.rows_before[slot + 1] += self.rows_before[slot];
        }
        self.before.clear();
        self.before.resize(self.steps.len(), 0);
        // `bar` holds where the next entry of each row goes, until it is set
        self.bar.clear();
        self.bar.extend(self.rows_before[..count].iter().map(|&start| start as u32));
        for slot in 0..count {
            for step in &self.steps[self.rows[slot]..self.rows[slot + 1]] {
                let place = &mut self.bar[step.to as usize];
                self.before[*place as usize] = slot as u32;
                *place += 1;
            }
        }
        self.bar.copy_from_slice(&self.back);
        self.on_path.clear();
        self.on_path.resize(count, false);
        self.on_path[0] = true;
        self.raised = false;
        self.path.clear();
        self.path.push(Frame { slot: 0, next: 0, found: false, gain: 1.0, lag: 0, dampens: false });
        2 * self.steps.len() + count
    }

    fn leave(&mut self) {
        self.near.iter().for_each(|&j| self.slots[j as usize] = FAR);
        self.near.clear();
        self.ahead.clear();
        self.back.clear();
        self.running = false;
    }

    /// Goes on from where it stopped; true when the start has no more cycles.
    fn walk(&mut self, left: &mut usize) -> bool {
        loop {
            let depth = self.path.len() as u32;
            let Some(frame) = self.path.last_mut() else { return true };
            if *left == 0 {
                return false;
            }
            *left -= 1;
            let slot = frame.slot as usize;
            // from here a link may lead to what is at most this far from the start
            let room = self.most - depth;
            match self.steps[frame.next..self.rows[slot + 1]].first() {
                Some(step) if step.back <= room => {
                    frame.next += 1;
                    let (gain, lag) = (frame.gain * step.size, frame.lag + u64::from(step.lag));
                    let dampens = frame.dampens ^ step.dampens;
                    if step.to == 0 {
                        frame.found = true;
                        let near = &self.near;
                        self.found.push(self.path.iter().map(|frame| near[frame.slot as usize]), gain, dampens, lag);
                        if self.found.len() >= self.wanted {
                            return false;
                        }
                    } else if !self.on_path[step.to as usize] && self.bar[step.to as usize] <= room {
                        self.on_path[step.to as usize] = true;
                        let next = self.rows[step.to as usize];
                        self.path.push(Frame { slot: step.to, next, found: false, gain, lag, dampens });
                    }
                }
                _ => {
                    let (slot, found) = (frame.slot, frame.found);
                    self.path.pop();
                    if let Some(parent) = self.path.last_mut() {
                        if found {
                            parent.found = true;
                            self.lower_bars(slot);
                        } else {
                            self.bar[slot as usize] = room + 2;
                            self.raised = true;
                        }
                    }
                    self.on_path[slot as usize] = false;
                }
            }
        }
    }

    /// A slot leaves the path and can be used again: those before it, and before those, are no further than a link more.
    fn lower_bars(&mut self, slot: u32) {
        if !self.raised {
            return;
        }
        self.lower.push(slot);
        while let Some(slot) = self.lower.pop() {
            let bar = self.bar[slot as usize] + 1;
            for &before in &self.before[self.rows_before[slot as usize]..self.rows_before[slot as usize + 1]] {
                if self.bar[before as usize] > bar {
                    self.bar[before as usize] = bar;
                    // what stands on the path hands it on when it leaves
                    if !self.on_path[before as usize] {
                        self.lower.push(before);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::links::Link;
    use super::super::never;
    use super::*;

    fn links(nodes: usize, edges: &[(u32, u32)]) -> Links {
        let link = |&(from, to): &(u32, u32)| Link { from, to, size: 0.5, dampens: false, lag: 1 };
        Links::new(nodes, edges.iter().map(link).collect()).unwrap()
    }

    fn complete(n: u32) -> Links {
        links(n as usize, &(0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j).collect::<Vec<_>>())
    }

    /// All simple cycles by trying every path.
    fn by_force(links: &Links, most: usize) -> usize {
        fn from(links: &Links, start: usize, path: &mut Vec<usize>, most: usize) -> usize {
            let here = path[path.len() - 1];
            let mut count = 0;
            for link in links.out(here) {
                let to = link.to as usize;
                if to == start {
                    count += 1;
                } else if to > start && !path.contains(&to) && path.len() < most {
                    path.push(to);
                    count += from(links, start, path, most);
                    path.pop();
                }
            }
            count
        }
        (0..links.nodes()).map(|start| from(links, start, &mut vec![start], most)).sum()
    }

    #[test]
    fn complete_networks_have_as_many_as_known() {
        // n!/((n-k)! k) cycles of k links
        for (n, most, wanted) in [(4, 4, 6 + 8 + 6), (5, 3, 10 + 20), (6, 6, 15 + 40 + 90 + 144 + 120), (6, 1, 0)] {
            let (found, more) = cycles(&complete(n), most, 1000, &never).unwrap();
            assert_eq!((found.len(), more), (wanted, false));
        }
    }

    #[test]
    fn bars_lose_none() {
        let mut state = 7u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for case in 0..150 {
            let n = 3 + random(7) as u32;
            let edges: Vec<(u32, u32)> =
                (0..u64::from(n) * (1 + random(3))).map(|_| (random(n.into()) as u32, random(n.into()) as u32)).collect();
            let net = links(n as usize, &edges);
            for most in 1..=n as usize + 1 {
                let (found, more) = cycles(&net, most, 100_000, &never).unwrap();
                assert_eq!((found.len(), more), (by_force(&net, most), false), "case {case}, {edges:?} to {most}");
                let mut seen: Vec<&[u32]> = (0..found.len()).map(|at| found.get(at).nodes).collect();
                assert!(seen.iter().all(|nodes| nodes.iter().min() == nodes.first() && nodes.len() <= most));
                seen.sort_unstable();
            }
        }
    }

    #[test]
    fn the_budget_cuts_at_the_same_place() {
        let net = complete(7);
        let (all, more) = cycles(&net, 5, usize::MAX - 1, &never).unwrap();
        assert!(!more);
        for limit in [0, 1, 20, all.len() - 1, all.len(), all.len() + 1] {
            let (some, more) = cycles(&net, 5, limit, &never).unwrap();
            assert_eq!((some.len(), more), (limit.min(all.len()), limit < all.len()));
            assert!((0..some.len()).all(|at| some.get(at) == all.get(at)));
        }
    }

    #[test]
    fn dead_ends_are_tried_once() {
        // from 0 over 1 into a ladder of 30 rungs that leads back to 1 alone: 2^30 paths and no way back to 0
        let mut edges = vec![(0, 1), (1, 0), (1, 2), (1, 3), (62, 1), (63, 1)];
        for rung in 0..30u32 {
            let at = 2 + 2 * rung;
            edges.extend([(at, at + 2), (at, at + 3), (at + 1, at + 2), (at + 1, at + 3)]);
        }
        let (found, more) = cycles(&links(64, &edges), 1000, 50, &never).unwrap();
        assert!(found.len() == 50 && more && found.get(0).nodes == [0, 1] && found.get(1).nodes[0] == 1);
    }

    #[test]
    fn it_stops_as_asked() {
        let stop = |count: u64| count < 2;
        assert_eq!(cycles(&complete(40), 12, 1 << 40, &stop).unwrap_err().kind, crate::ErrorKind::Cancelled);
    }
}
