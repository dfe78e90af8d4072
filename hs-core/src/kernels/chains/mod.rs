//! The best simple paths from some nodes to others, by the product of their sizes.
//!
//! | file | what it does |
//! |---|---|
//! | `region.rs` | which nodes and links can lie on a path at all |
//! | `best.rs` | the single best path, where no link may be used twice for gain |
//! | `branching.rs` | the best paths where sizes pass 1 and loops would pay |
//!
//! With sizes to 1 a loop never pays, so that the best walk is a path and the next best follow by taking the set of paths apart (Yen 1971, Lawler 1972): each
//! found path splits what is left into parts that share a beginning and leave it by another link. The same holds where no loop lies between the ends.
//! Elsewhere all paths to a length are searched, those that cannot reach the best k left out.
// Positions come from checked `Links`.
#![allow(clippy::indexing_slicing)]

mod best;
mod branching;
mod region;

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::Tick;
use super::cycles::Walks;
use super::links::{Link, Links};
use crate::Result;
use best::Finder;
use region::Region;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The network.
    pub links: &'a Links,
    /// Where paths start; no path comes back to one of these.
    pub sources: &'a [u32],
    /// Where paths end, none of them a source; no path runs through one of these.
    pub targets: &'a [u32],
    /// How many.
    pub k: usize,
    /// Links of the longest path; none: any length.
    pub most: Option<usize>,
    /// Links tried at the most where loops would pay.
    pub limit: usize,
}

/// What is found.
#[derive(Debug, Default)]
pub struct Chains {
    /// Paths from the best.
    pub walks: Walks,
    /// Whether `limit` ended the search: those found need not be the best.
    pub truncated: bool,
    /// The length to which paths were searched, where the question set none and a longer one could be.
    pub bounded: Option<usize>,
}

/// Length to which paths are searched where loops would pay and no length is given.
const USUAL: usize = 8;

/// How good a path is: fewer unknown sizes, then the greater product, then fewer links.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key {
    unknown: u32,
    gain: f64,
    hops: u32,
}

impl Key {
    const START: Key = Key { unknown: 0, gain: 1.0, hops: 0 };

    fn with(self, link: &Link) -> Key {
        let (unknown, gain) = if link.size.is_nan() { (self.unknown + 1, self.gain) } else { (self.unknown, self.gain * link.size) };
        Key { unknown, gain, hops: self.hops + 1 }
    }

    /// `Greater` is better.
    fn order(&self, other: &Key) -> Ordering {
        let unknown = other.unknown.cmp(&self.unknown);
        unknown.then(self.gain.total_cmp(&other.gain)).then(other.hops.cmp(&self.hops))
    }
}

/// A path: the node it starts from, then places of links.
#[derive(Debug, Clone, PartialEq)]
struct Path {
    key: Key,
    /// The start, then places of links.
    parts: Vec<u32>,
}

impl Eq for Path {}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.order(&other.key).then_with(|| other.parts.cmp(&self.parts))
    }
}

/// The best k paths.
///
/// # Errors
/// `Cancelled`; `Memory`.
pub fn chains(question: &Question<'_>, tick: Tick<'_>) -> Result<Chains> {
    let Some(region) = Region::new(question)? else { return Ok(Chains::default()) };
    let (mut paths, mut found) = (Vec::new(), Chains::default());
    if region.loops_pay() {
        let longest = region.nodes() - 1;
        let most = question.most.unwrap_or(USUAL).min(longest);
        found.bounded = (question.most.is_none() && most < longest).then_some(most);
        (paths, found.truncated) = branching::search(&region, question.k, most, question.limit, tick)?;
    } else {
        let mut finder = Finder::new(&region)?;
        // what is left is split at each path found: parts share a beginning and bar some ways on from its end
        let mut parts: BinaryHeap<(Path, Reverse<usize>, Vec<u32>)> = BinaryHeap::new();
        let first = finder.best(&[], &[], tick)?;
        parts.extend(first.map(|path| (path, Reverse(0), Vec::new())));
        while let Some((path, Reverse(shared), mut barred)) = parts.pop() {
            for at in shared..path.parts.len() {
                barred.push(path.parts[at]);
                let next = finder.best(&path.parts[..at], &barred, tick)?;
                parts.extend(next.map(|next| (next, Reverse(at), barred.clone())));
                barred.clear();
            }
            paths.push(path);
            if paths.len() == question.k {
                break;
            }
        }
    }
    paths.sort_by(|a, b| {
        b.key.order(&a.key).then_with(|| nodes(question.links, a).cmp(nodes(question.links, b))).then_with(|| a.parts.cmp(&b.parts))
    });
    for path in &paths {
        let links = || path.parts[1..].iter().map(|&at| &question.links.all()[at as usize]);
        let gain = if path.key.unknown > 0 { f64::NAN } else { path.key.gain };
        let (dampens, lag) = links().fold((false, 0), |(dampens, lag), link| (dampens ^ link.dampens, lag + u64::from(link.lag)));
        found.walks.push(nodes(question.links, path), gain, dampens, lag);
    }
    Ok(found)
}

fn nodes<'a>(links: &'a Links, path: &'a Path) -> impl Iterator<Item = u32> + 'a {
    let first = path.parts.first().copied();
    first.into_iter().chain(path.parts.iter().skip(1).map(|&at| links.all()[at as usize].to))
}

#[cfg(test)]
mod tests {
    use super::super::never;
    use super::*;

    fn random_links(state: &mut u64, n: u32, edges: usize, greatest: f64) -> Links {
        let mut random = || {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *state >> 33
        };
        let link = |_| {
            let (from, to, kind) = ((random() % u64::from(n)) as u32, (random() % u64::from(n)) as u32, random() % 8);
            let size = if kind == 0 { f64::NAN } else { greatest * (1 + random() % 16) as f64 / 16.0 };
            Link { from, to, size, dampens: kind == 1, lag: (random() % 3) as u32 }
        };
        Links::new(n as usize, (0..edges).map(link).collect()).unwrap()
    }

    /// Keys of all simple paths by trying each.
    fn by_force(question: &Question<'_>) -> Vec<Key> {
        fn from(q: &Question<'_>, path: &mut Vec<u32>, key: Key, all: &mut Vec<Key>) {
            let here = path[path.len() - 1];
            for link in q.links.out(here as usize) {
                if path.contains(&link.to) || q.sources.contains(&link.to) || q.most.is_some_and(|most| path.len() > most) {
                    continue;
                }
                if q.targets.contains(&link.to) {
                    all.push(key.with(link));
                } else {
                    path.push(link.to);
                    from(q, path, key.with(link), all);
                    path.pop();
                }
            }
        }
        let mut all = Vec::new();
        q_sources(question).for_each(|start| from(question, &mut vec![start], Key::START, &mut all));
        all.sort_by(|a, b| b.order(a));
        all
    }

    fn q_sources<'a>(question: &'a Question<'_>) -> impl Iterator<Item = u32> + 'a {
        question.sources.iter().copied()
    }

    #[test]
    fn the_best_are_those_of_all() {
        let mut state = 11u64;
        for case in 0..240 {
            let n = 4 + (case % 5) as u32;
            let greatest = if case % 2 == 0 { 1.0 } else { 3.0 };
            let links = random_links(&mut state, n, 3 * n as usize, greatest);
            let sources: &[u32] = if case % 3 == 0 { &[0, 2] } else { &[0] };
            let targets: &[u32] = if case % 7 == 0 { &[1, 3] } else { &[1] };
            for most in [None, Some(1), Some(3), Some(20)] {
                let question = Question { links: &links, sources, targets, k: 6, most, limit: 1_000_000 };
                let wanted = by_force(&question);
                let found = chains(&question, &never).unwrap();
                assert_eq!(found.walks.len(), wanted.len().min(6), "case {case} to {most:?}");
                assert!(!found.truncated && found.bounded.is_none());
                for (at, key) in wanted.iter().take(6).enumerate() {
                    let walk = found.walks.get(at);
                    let alike = if key.unknown > 0 { walk.gain.is_nan() } else { (walk.gain - key.gain).abs() <= 1e-12 * key.gain };
                    assert!(alike, "case {case} to {most:?}: {} at {at}, wanted {key:?}", walk.gain);
                    assert_eq!(walk.nodes.len(), key.hops as usize + 1);
                }
            }
        }
    }

    #[test]
    fn sizes_past_one_without_a_loop_need_no_length() {
        // a row of 40 diamonds: 2^40 paths
        let mut links = Vec::new();
        for at in 0..40u32 {
            for (to, size) in [(1, 2.0), (2, 0.5)] {
                links.push(Link { from: 3 * at, to: 3 * at + to, size, dampens: false, lag: 0 });
                links.push(Link { from: 3 * at + to, to: 3 * at + 3, size: 1.0, dampens: false, lag: 1 });
            }
        }
        let links = Links::new(121, links).unwrap();
        let question = Question { links: &links, sources: &[0], targets: &[120], k: 3, most: None, limit: 10 };
        let found = chains(&question, &never).unwrap();
        let gains: Vec<f64> = (0..3).map(|at| found.walks.get(at).gain).collect();
        assert_eq!(gains, [2f64.powi(40), 2f64.powi(38), 2f64.powi(38)]);
        assert_eq!((found.walks.get(0).lag, found.truncated, found.bounded), (40, false, None));
    }

    #[test]
    fn a_dense_map_past_one_is_bounded_and_says_so() {
        let mut state = 5u64;
        let links = random_links(&mut state, 40, 800, 3.0);
        let question = Question { links: &links, sources: &[0], targets: &[1], k: 5, most: None, limit: 40 };
        let found = chains(&question, &never).unwrap();
        assert_eq!((found.walks.len(), found.truncated, found.bounded), (5, true, Some(8)));
        let stop = |_: u64| false;
        assert_eq!(chains(&question, &stop).unwrap_err().kind, crate::ErrorKind::Cancelled);
    }
}
