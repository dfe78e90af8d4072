//! The best paths where going round a loop would pay: all simple paths to a length, those that cannot reach the best k left out.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

// Positions come from checked `Links`; hopes have a row for each number of links.
use super::super::{Tick, cancelled, filled};
use super::region::{Part, Region};
use super::{Key, Path};
use crate::Result;

/// Links looked at between two looks at the tick.
const LINKS: usize = 1 << 14;

/// The best that a walk can add: fewest unknown sizes to a target, and the greatest product, each by itself.
#[derive(Debug, Clone, Copy)]
struct Hope {
    unknown: u32,
    gain: f64,
}

const NO_HOPE: Hope = Hope { unknown: u32::MAX, gain: 0.0 };

/// Hopes of every node by the links that are left, up to `most`.
fn hopes(region: &Region<'_>, most: usize, tick: Tick<'_>) -> Result<Vec<Hope>> {
    let n = region.links.nodes();
    let mut hopes = filled(n.saturating_mul(most + 1), NO_HOPE)?;
    for (j, part) in region.parts.iter().enumerate() {
        if *part == Part::Target {
            hopes[j] = Hope { unknown: 0, gain: 1.0 };
        }
    }
    for left in 1..=most {
        if !tick(left as u64) {
            return Err(cancelled());
        }
        for j in 0..n {
            let mut hope = hopes[(left - 1) * n + j];
            for (_, link) in region.out(j) {
                let next = hopes[(left - 1) * n + link.to as usize];
                if next.unknown != u32::MAX {
                    let known = !link.size.is_nan();
                    hope.unknown = hope.unknown.min(next.unknown + u32::from(!known));
                    hope.gain = hope.gain.max(if known { next.gain * link.size } else { next.gain });
                }
            }
            hopes[left * n + j] = hope;
        }
    }
    Ok(hopes)
}

/// The best k paths of at most `most` links, and whether `limit` links were tried before all could be.
pub(super) fn search(region: &Region<'_>, k: usize, most: usize, limit: usize, tick: Tick<'_>) -> Result<(Vec<Path>, bool)> {
    let n = region.links.nodes();
    let hopes = hopes(region, most, tick)?;
    // what a beginning can become: no path that goes on from it is better
    let promise = |key: Key, node: u32| {
        let hope = hopes[most.saturating_sub(key.hops as usize) * n + node as usize];
        (hope.unknown != u32::MAX).then(|| Key { unknown: key.unknown + hope.unknown, gain: key.gain * hope.gain, hops: 0 })
    };
    // the worst of the best is on top
    let mut best: BinaryHeap<Reverse<Path>> = BinaryHeap::new();
    let mut on_path = filled(n, false)?;
    let mut tried = 0;
    // links to try, those of a node together, the most promising last
    let mut waiting: Vec<(Key, u32)> = Vec::new();
    for &source in region.sources.iter().filter(|&&source| region.parts[source as usize] == Part::Source) {
        // (node, where its links begin, key)
        let mut path: Vec<(u32, usize, Key)> = vec![(source, waiting.len(), Key::START)];
        let mut parts = vec![source];
        let expand = |node: u32, key: Key, on_path: &[bool], waiting: &mut Vec<(Key, u32)>| {
            let start = waiting.len();
            for (at, link) in region.out(node as usize) {
                if !on_path[link.to as usize] && key.hops < most as u32 {
                    waiting.extend(promise(key.with(link), link.to).map(|promise| (promise, at as u32)));
                }
            }
            waiting[start..].sort_by(|a, b| a.0.order(&b.0).then(b.1.cmp(&a.1)));
        };
        on_path[source as usize] = true;
        expand(source, Key::START, &on_path, &mut waiting);
        while let Some(&(node, begin, key)) = path.last() {
            if waiting.len() == begin {
                path.pop();
                parts.pop();
                on_path[node as usize] = false;
                continue;
            }
            let Some((promise, at)) = waiting.pop() else { break };
            if tried == limit {
                return Ok((best.into_iter().map(|Reverse(path)| path).collect(), true));
            }
            tried += 1;
            if tried.is_multiple_of(LINKS) && !tick((tried / LINKS) as u64) {
                return Err(cancelled());
            }
            let worst = best.peek().filter(|_| best.len() == k).map(|Reverse(path)| path.key);
            // equal promises may still win by fewer links: products differ by rounding, so a little is allowed
            if worst.is_some_and(|worst| Key { gain: promise.gain * (1.0 + 1e-12), ..promise }.order(&worst) == Ordering::Less) {
                // the others of this node promise less
                waiting.truncate(begin);
                continue;
            }
            let link = &region.links.all()[at as usize];
            let key = key.with(link);
            if region.parts[link.to as usize] == Part::Target {
                let mut parts = parts.clone();
                parts.push(at);
                best.push(Reverse(Path { key, parts }));
                if best.len() > k {
                    best.pop();
                }
                continue;
            }
            on_path[link.to as usize] = true;
            path.push((link.to, waiting.len(), key));
            parts.push(at);
            expand(link.to, key, &on_path, &mut waiting);
        }
    }
    Ok((best.into_iter().map(|Reverse(path)| path).collect(), false))
}
