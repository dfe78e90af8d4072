//! One run: a frontier of nodes that have just turned on, step by step.
//!
//! Nothing is cleared between runs: a mark of a node counts only if it bears the stamp of the run, so that a run costs what it touches.

use super::keyed::Key;
use super::shared::{Pause, over_runs};
use super::tally::Tally;
use crate::kernels::{Csr, Tick, filled, no_memory};
use crate::{Error, Result};

/// What runs are subject to.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// Chance of each node to be on at the start, 0 to 1.
    pub chance: &'a [f64],
    /// Nodes that never turn on; empty: none.
    pub held_off: &'a [bool],
    /// Runs, 1 to 2³² - 2.
    pub runs: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Steps of a run at the most.
    pub max_steps: u64,
    /// Whether to count when nodes turn on.
    pub keep_steps: bool,
}

impl Plan<'_> {
    pub(super) fn check(&self, nodes: usize) -> Result<()> {
        if self.chance.len() != nodes || !(self.held_off.is_empty() || self.held_off.len() == nodes) {
            let (chance, held) = (self.chance.len(), self.held_off.len());
            return Err(Error::argument(format!("found {chance} chances and {held} held nodes, wanted {nodes}")));
        }
        if self.runs == 0 || self.runs == u32::MAX {
            return Err(Error::argument(format!("found {} runs, wanted 1 to {}", self.runs, u32::MAX - 1)));
        }
        match self.chance.iter().find(|chance| !(0.0..=1.0).contains(*chance)) {
            Some(bad) => Err(Error::argument(format!("found the chance {bad}, wanted 0 to 1"))),
            None => Ok(()),
        }
    }

    pub(super) fn held_off(&self, node: usize) -> bool {
        !self.held_off.is_empty() && self.held_off[node]
    }
}

/// What numbers are drawn for.
const START: u64 = 1;
const CARRY: u64 = 2;

/// How edges carry and nodes turn on.
pub(super) trait Rule: Sync {
    /// What is remembered of a node.
    type Mark: Copy + Send;

    /// Marks before the first run, nodes that never turn on marked as such.
    fn marks(&self, plan: &Plan<'_>) -> Result<Vec<Self::Mark>>;
    /// Target of an edge.
    fn target(&self, edge: usize) -> u32;
    /// Lags of edges, empty when all are 0, and the longest.
    fn lags(&self) -> (&[u32], u32);
    /// Nodes that turn on at step 1 whatever comes in.
    fn eager(&self) -> &[u32];
    /// Turns a node on by itself; whether it was off.
    fn begin(&self, mark: &mut Self::Mark, stamp: u32) -> bool;
    /// Gives every edge that carries out of a node that has turned on; how many were looked at.
    fn carry(&self, node: u32, key: Key, hit: &mut impl FnMut(usize)) -> usize;
    /// What an edge carries arrives; whether it turns its target on.
    fn arrive(&self, edge: usize, target: u32, mark: &mut Self::Mark, key: Key, stamp: u32) -> bool;
    /// Runs in which a node was on.
    fn count(mark: &Self::Mark) -> u32;
}

/// Edges looked at between two looks at the tick.
const PATIENCE: usize = 1 << 15;

struct Workspace<M> {
    marks: Vec<M>,
    /// Nodes in the order in which they turned on in this run.
    queue: Vec<u32>,
    /// Edges under way, by the step of their arrival; none where every lag is 0.
    ring: Vec<Vec<u32>>,
    tally: Tally,
    looked: usize,
}

/// An empty list with room for all nodes.
fn room(nodes: usize) -> Result<Vec<u32>> {
    let mut list = Vec::new();
    list.try_reserve_exact(nodes).map_err(|_| no_memory(nodes, size_of::<u32>()))?;
    Ok(list)
}

/// Runs a rule as planned.
pub(super) fn spread<R: Rule>(rule: &R, plan: &Plan<'_>, tick: Tick<'_>) -> Result<Tally> {
    let nodes = plan.chance.len();
    let mut sure = Vec::new();
    let mut unsure = Vec::new();
    for (node, chance) in plan.chance.iter().enumerate() {
        let refused = sure.try_reserve(1).is_err() || unsure.try_reserve(1).is_err();
        if refused {
            return Err(no_memory(nodes, size_of::<(u32, f64)>()));
        }
        if *chance >= 1.0 {
            sure.push(node as u32);
        } else if *chance > 0.0 {
            unsure.push((node as u32, *chance));
        }
    }
    let (lags, longest) = rule.lags();
    let slots = if lags.is_empty() { 0 } else { longest as usize + 1 };
    let make = || {
        Ok(Workspace {
            marks: rule.marks(plan)?,
            queue: room(nodes)?,
            ring: vec![Vec::new(); slots],
            tally: Tally::new(nodes, plan.runs, plan.keep_steps)?,
            looked: 0,
        })
    };
    let one = |work: &mut Workspace<R::Mark>, run: u32, pause: &Pause<'_>| {
        let stamp = run + 1;
        let start = Key::new(plan.seed, START, run);
        let key = Key::new(plan.seed, CARRY, run);
        work.queue.clear();
        let drawn = unsure.iter().filter(|(node, chance)| start.happens(*node, *chance)).map(|(node, _)| *node);
        for node in sure.iter().copied().chain(drawn) {
            if rule.begin(&mut work.marks[node as usize], stamp) {
                work.queue.push(node);
            }
        }
        if slots == 0 { at_once(rule, plan, work, key, stamp, pause) } else { with_lags(rule, plan, work, key, stamp, pause) }
    };
    let workspaces = over_runs(plan.runs, &make, &one, tick)?;
    let mut tally = Tally::new(nodes, plan.runs, plan.keep_steps)?;
    tally.on = filled(nodes, 0)?;
    for work in workspaces {
        tally.on.iter_mut().zip(&work.marks).for_each(|(on, mark)| *on += R::count(mark));
        tally.merge(&work.tally)?;
    }
    Ok(tally)
}

/// A run in which whatever is carried arrives in the next step.
fn at_once<R: Rule>(rule: &R, plan: &Plan<'_>, work: &mut Workspace<R::Mark>, key: Key, stamp: u32, pause: &Pause<'_>) -> Result<()> {
    let Workspace { marks, queue, tally, looked, .. } = work;
    let (mut first, mut step) = (0, 0);
    tally.turn_on(0, queue, marks.len())?;
    while first < queue.len() || (step == 0 && !rule.eager().is_empty()) {
        if step == plan.max_steps {
            tally.count(queue.len(), step, false);
            return Ok(());
        }
        step += 1;
        let last = queue.len();
        for at in first..last {
            let node = queue[at];
            *looked += rule.carry(node, key, &mut |edge| {
                let target = rule.target(edge);
                if rule.arrive(edge, target, &mut marks[target as usize], key, stamp) {
                    queue.push(target);
                }
            });
            if *looked > PATIENCE {
                *looked = 0;
                pause.check()?;
            }
        }
        if step == 1 {
            queue.extend(rule.eager().iter().filter(|&&node| rule.begin(&mut marks[node as usize], stamp)));
        }
        tally.turn_on(step, &queue[last..], marks.len())?;
        first = last;
    }
    tally.count(queue.len(), step, true);
    Ok(())
}

/// A run in which what is carried along an edge of lag L arrives L steps later.
fn with_lags<R: Rule>(rule: &R, plan: &Plan<'_>, work: &mut Workspace<R::Mark>, key: Key, stamp: u32, pause: &Pause<'_>) -> Result<()> {
    let Workspace { marks, queue, ring, tally, looked } = work;
    let (lags, _) = rule.lags();
    // a run that was cut short leaves edges under way
    ring.iter_mut().for_each(Vec::clear);
    let slots = ring.len();
    let (mut first, mut step, mut under_way) = (0, 0u64, 0usize);
    tally.turn_on(0, queue, marks.len())?;
    loop {
        // what turned on at this step sets out
        let slot = (step % slots as u64) as usize;
        let mut refused = false;
        let fresh = first < queue.len();
        for &node in &queue[first..] {
            *looked += rule.carry(node, key, &mut |edge| {
                let bucket = &mut ring[(slot + 1 + lags[edge] as usize) % slots];
                refused |= bucket.try_reserve(1).is_err();
                if !refused {
                    bucket.push(edge as u32);
                    under_way += 1;
                }
            });
            if *looked > PATIENCE {
                *looked = 0;
                pause.check()?;
            }
        }
        if refused {
            return Err(no_memory(under_way, 4));
        }
        first = queue.len();
        let awaited = fresh || under_way > 0 || (step == 0 && !rule.eager().is_empty());
        if !awaited || step == plan.max_steps {
            tally.count(queue.len(), step, !awaited);
            return Ok(());
        }
        step += 1;
        let mut arriving = std::mem::take(&mut ring[(step % slots as u64) as usize]);
        under_way -= arriving.len();
        *looked += arriving.len();
        for &edge in &arriving {
            let target = rule.target(edge as usize);
            if rule.arrive(edge as usize, target, &mut marks[target as usize], key, stamp) {
                queue.push(target);
            }
        }
        arriving.clear();
        ring[(step % slots as u64) as usize] = arriving;
        if step == 1 {
            queue.extend(rule.eager().iter().filter(|&&node| rule.begin(&mut marks[node as usize], stamp)));
        }
        tally.turn_on(step, &queue[first..], marks.len())?;
    }
}

/// Refuses a weight that is not within the bounds.
pub(super) fn refuse_weights(csr: &Csr, most: f64) -> Result<()> {
    match csr.weights().iter().find(|w| !(0.0..=most).contains(*w)) {
        Some(bad) => Err(Error::argument(format!("found the weight {bad}, wanted 0 to {most}"))),
        None => Ok(()),
    }
}
