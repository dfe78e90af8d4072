//! Which nodes and links can lie on a path from the sources to the targets.

use super::super::components::strong;
use super::super::filled;
use super::super::links::{Link, Links};
use super::Question;
use crate::Result;

const FAR: u32 = u32::MAX;

/// What a node may be on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// On none.
    None,
    Source,
    Inner,
    Target,
}

/// The nodes and links between sources and targets.
#[derive(Debug)]
pub(super) struct Region<'a> {
    pub(super) links: &'a Links,
    pub(super) sources: &'a [u32],
    /// Links of the longest path; `u32::MAX` for any.
    pub(super) most: u32,
    pub(super) parts: Vec<Part>,
    /// Links from each node to the next target, at least.
    pub(super) back: Vec<u32>,
    /// Places of nodes so that every usable link leads on; none where some loop lies between the ends.
    pub(super) ranked: Option<Vec<u32>>,
    past_one: bool,
    count: usize,
}

impl<'a> Region<'a> {
    /// None where no path is.
    pub(super) fn new(question: &Question<'a>) -> Result<Option<Region<'a>>> {
        let links = question.links;
        let n = links.nodes();
        let most = question.most.and_then(|most| u32::try_from(most).ok()).unwrap_or(FAR);
        let mut parts = filled(n, Part::Inner)?;
        question.targets.iter().for_each(|&j| parts[j as usize] = Part::Target);
        question.sources.iter().for_each(|&j| parts[j as usize] = Part::Source);
        let ahead =
            distances(n, question.sources, |j| if parts[j] == Part::Target { &[] } else { links.out(j) }, |j| parts[j] != Part::Source)?;
        let mut back = filled(n, FAR)?;
        let mut queue: Vec<u32> = question.targets.to_vec();
        queue.iter().for_each(|&j| back[j as usize] = 0);
        let mut next = 0;
        while let Some(&j) = queue.get(next) {
            next += 1;
            if parts[j as usize] == Part::Source {
                continue;
            }
            for i in links.before(j as usize) {
                if back[i] == FAR && parts[i] != Part::Target {
                    back[i] = back[j as usize] + 1;
                    queue.push(i as u32);
                }
            }
        }
        let mut count = 0;
        for j in 0..n {
            let on = ahead[j] != FAR && back[j] != FAR && u64::from(ahead[j]) + u64::from(back[j]) <= u64::from(most);
            if on { count += 1 } else { parts[j] = Part::None }
        }
        let mut region = Region { links, sources: question.sources, most, parts, back, ranked: None, past_one: false, count };
        if count == 0 {
            return Ok(None);
        }
        region.past_one = (0..n).any(|j| region.out(j).any(|(_, link)| link.size > 1.0));
        let all = links.all();
        let usable = |at: usize| region.is_usable(&all[at]).then(|| all[at].to);
        let loops = strong(n, |j| links.row(j), usable, |_| false)?;
        if loops.iter().next().is_none() {
            region.ranked = Some(region.rank()?);
        }
        Ok(Some(region))
    }

    /// Nodes that can lie on a path.
    pub(super) fn nodes(&self) -> usize {
        self.count
    }

    /// Whether going round a loop between the ends could make a walk better.
    pub(super) fn loops_pay(&self) -> bool {
        self.past_one && self.ranked.is_none()
    }

    fn is_usable(&self, link: &Link) -> bool {
        let (from, to) = (self.parts[link.from as usize], self.parts[link.to as usize]);
        matches!(from, Part::Source | Part::Inner) && matches!(to, Part::Inner | Part::Target) && link.from != link.to
    }

    /// The usable links out of a node, with their places.
    pub(super) fn out(&self, node: usize) -> impl Iterator<Item = (usize, &Link)> {
        self.links.row(node).zip(self.links.out(node)).filter(|(_, link)| self.is_usable(link))
    }

    /// Nodes in an order in which every usable link leads on.
    fn rank(&self) -> Result<Vec<u32>> {
        let n = self.links.nodes();
        let mut waits = filled(n, 0u32)?;
        for link in self.links.all().iter().filter(|link| self.is_usable(link)) {
            waits[link.to as usize] += 1;
        }
        let mut order: Vec<u32> = (0..n as u32).filter(|&j| self.parts[j as usize] != Part::None && waits[j as usize] == 0).collect();
        let mut next = 0;
        while let Some(&j) = order.get(next) {
            next += 1;
            for (_, link) in self.out(j as usize) {
                waits[link.to as usize] -= 1;
                if waits[link.to as usize] == 0 {
                    order.push(link.to);
                }
            }
        }
        Ok(order)
    }
}

/// Links from the nearest of some nodes.
fn distances<'a>(n: usize, from: &[u32], out: impl Fn(usize) -> &'a [Link], enter: impl Fn(usize) -> bool) -> Result<Vec<u32>> {
    let mut distance = filled(n, FAR)?;
    from.iter().for_each(|&j| distance[j as usize] = 0);
    let mut queue: Vec<u32> = from.to_vec();
    let mut next = 0;
    while let Some(&j) = queue.get(next) {
        next += 1;
        for link in out(j as usize) {
            let to = link.to as usize;
            if distance[to] == FAR && enter(to) {
                distance[to] = distance[j as usize] + 1;
                queue.push(link.to);
            }
        }
    }
    Ok(distance)
}
