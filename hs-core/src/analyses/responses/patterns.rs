//! Where shocks add up, draws need no runs: what each pattern of shocks moves is found once, and draws are sums of it.

use std::sync::Arc;

use super::draws::{Draws, Plan, Rows, SIDES};
use super::externality_result::HorizonWord;
use super::options::{Memory, reads};
use super::shocks::KINDS;
use crate::Result;
use crate::kernels::{Tick, cancelled};
use crate::propagation::{Anchored, Superposition};

/// Shocks that always go together: one effect where it is never cut, or one side of one cell where it may be.
struct Pattern {
    worse: bool,
    /// Node and number, for a coefficient of 1.
    shock: Vec<(usize, f64)>,
    /// By draw.
    coefficients: Vec<f64>,
    least: f64,
    most: f64,
    mean: f64,
}

/// Draws as sums of what patterns move, at one horizon.
pub(super) struct Sums {
    patterns: Arc<Vec<Pattern>>,
    /// What each pattern moves, by node.
    moved: Vec<Vec<f64>>,
    /// Draws in which a state would have left its bounds: run in full, worse, better and net by node.
    full: Vec<(usize, [Option<Vec<f64>>; SIDES])>,
}

/// Sums at each horizon, with the bound of the solver's error.
type ByHorizon = Vec<(Sums, Option<f64>)>;

impl Sums {
    /// One for each horizon, with the bound of the solver's error; none where shocks do not add up.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(super) fn of(
        anchored: &Anchored,
        plan: &Plan<'_>,
        draws: &Draws,
        words: &[HorizonWord],
        tick: Tick<'_>,
    ) -> Result<Option<ByHorizon>> {
        // a few courses are as quickly run
        if draws.count < 8 {
            return Ok(None);
        }
        let Some(superposition) = anchored.superposition(reads(words), tick)? else { return Ok(None) };
        let patterns = patterns(plan, draws);
        if patterns.len() > draws.count {
            return Ok(None);
        }
        let shocks: Vec<Vec<(usize, f64)>> = patterns.iter().map(|p| p.shock.clone()).collect();
        let Some(moved) = superposition.respond(&shocks, tick)? else { return Ok(None) };
        let mut error = Some(0.0);
        for (pattern, moved) in patterns.iter().zip(&moved) {
            let most = pattern.least.abs().max(pattern.most.abs());
            error = error.zip(moved.error).map(|(sum, error)| sum + most * error);
        }
        let patterns = Arc::new(patterns);
        let mut sums = Vec::with_capacity(words.len());
        for word in words {
            let of = |moved: &crate::propagation::Moved| {
                let [short, medium, long] = &moved.horizons;
                match word {
                    HorizonWord::Short => short.clone(),
                    HorizonWord::Medium => medium.clone(),
                    HorizonWord::Long => long.clone(),
                    HorizonWord::Rest => moved.rest.clone(),
                }
            };
            // undefined at this horizon: runs tell it so
            let Some(moved) = moved.iter().map(of).collect::<Option<Vec<_>>>() else { return Ok(None) };
            let error = if *word == HorizonWord::Rest { error } else { Some(0.0) };
            sums.push((Sums { patterns: Arc::clone(&patterns), moved, full: Vec::new() }, error));
        }
        let mut bad = vec![false; draws.count];
        for (sums, _) in &sums {
            sums.leaving(&superposition, draws, &mut bad, tick)?;
        }
        let bad: Vec<usize> = bad.iter().enumerate().filter(|(_, bad)| **bad).map(|(draw, _)| draw).collect();
        if 2 * bad.len() > draws.count {
            return Ok(None);
        }
        let mut memory = Memory::default();
        for (done, draw) in bad.into_iter().enumerate() {
            if !tick(done as u64) {
                return Err(cancelled());
            }
            let Some(scenario) = plan.scenarios.get(draw) else { continue };
            let responses = memory.respond(anchored, &plan.dense(scenario, anchored), words, tick)?;
            for ((sums, _), response) in sums.iter_mut().zip(responses) {
                if [&response.worse, &response.better, &response.net].iter().any(|reading| reading.delta.is_none()) {
                    return Ok(None);
                }
                sums.full.push((draw, [response.worse.delta, response.better.delta, response.net.delta]));
            }
        }
        Ok(Some(sums))
    }

    /// How many draws were run in full.
    pub(super) fn full(&self) -> usize {
        self.full.len()
    }

    /// Marks the draws in which some state leaves its bounds.
    fn leaving(&self, superposition: &Superposition<'_>, draws: &Draws, bad: &mut [bool], tick: Tick<'_>) -> Result<()> {
        let nodes = self.moved.first().map_or(0, Vec::len);
        let mut rows = Rows::default();
        for cell in 0..nodes {
            if cell % 1024 == 0 && !tick(cell as u64) {
                return Err(cancelled());
            }
            let Some([worse, better, net]) = self.reach(cell) else { continue };
            let all = [worse, better, net].iter().fold([0.0f64, 0.0f64], |[low, high], [a, b]| [low.min(*a), high.max(*b)]);
            let struck = draws.struck_at(cell);
            let [low, high] = all;
            // before the shock acts a struck cell stands where the others have moved it, at most the size of its shock away
            let spare = struck.map_or(0.0, |_| self.own(cell));
            if superposition.clear(cell, low - spare, high + spare) {
                continue;
            }
            for side in &mut rows.sides {
                side.clear();
                side.resize(draws.count, 0.0);
            }
            self.fill(cell, &mut rows);
            let [worse, better, net] = &rows.sides;
            for (draw, bad) in bad.iter_mut().enumerate() {
                let shock = |kinds: std::ops::Range<usize>| -> f64 {
                    struck.map_or(0.0, |k| kinds.map(|kind| draws.realised(k, kind).get(draw).copied().unwrap_or(0.0)).sum())
                };
                let (up, down) = (shock(0..2), shock(2..KINDS));
                for (row, own) in [(worse, up), (better, down), (net, up + down)] {
                    let moved = row.get(draw).copied().unwrap_or(0.0);
                    let before = moved - own;
                    *bad |= !superposition.clear(cell, moved.min(before), moved.max(before));
                }
            }
        }
        Ok(())
    }

    /// The most that shocks on a cell itself can come to.
    fn own(&self, cell: usize) -> f64 {
        let on = |p: &Pattern| p.shock.iter().filter(|(node, _)| *node == cell).map(|(_, d)| d.abs()).sum::<f64>();
        self.patterns.iter().map(|p| on(p) * p.least.abs().max(p.most.abs())).sum()
    }

    /// Least and most of worse, better and net over all draws that are sums; none where some draws are not.
    pub(super) fn reach(&self, cell: usize) -> Option<[[f64; 2]; SIDES]> {
        if !self.full.is_empty() {
            return None;
        }
        let mut sides = [[0.0; 2]; SIDES];
        for (pattern, moved) in self.patterns.iter().zip(&self.moved) {
            let moved = moved.get(cell).copied().unwrap_or(0.0);
            let (a, b) = (moved * pattern.least, moved * pattern.most);
            let [worse, better, net] = &mut sides;
            let side = if pattern.worse { worse } else { better };
            for [least, most] in [side, net] {
                *least += a.min(b);
                *most += a.max(b);
            }
        }
        Some(sides)
    }

    /// Means over the draws of worse, better and net; none where some draws are no sums.
    pub(super) fn mean(&self, cell: usize) -> Option<[f64; SIDES]> {
        if !self.full.is_empty() {
            return None;
        }
        let (mut worse, mut better) = (0.0, 0.0);
        for (pattern, moved) in self.patterns.iter().zip(&self.moved) {
            let side = if pattern.worse { &mut worse } else { &mut better };
            *side += moved.get(cell).copied().unwrap_or(0.0) * pattern.mean;
        }
        Some([worse, better, worse + better])
    }

    /// Fills rows made to the number of draws.
    pub(super) fn fill(&self, cell: usize, rows: &mut Rows) {
        let [worse, better, net] = &mut rows.sides;
        let [worse_still, better_still, net_still] = &mut rows.still;
        for (pattern, moved) in self.patterns.iter().zip(&self.moved) {
            let moved = moved.get(cell).copied().unwrap_or(0.0);
            if moved == 0.0 {
                continue;
            }
            let (row, still) = if pattern.worse { (&mut *worse, &mut *worse_still) } else { (&mut *better, &mut *better_still) };
            row.iter_mut().zip(&pattern.coefficients).for_each(|(x, c)| *x += moved * c);
            *still = false;
        }
        for (draw, sides) in &self.full {
            for ((row, still), side) in [(&mut *worse, &mut *worse_still), (&mut *better, &mut *better_still)].into_iter().zip(sides) {
                let moved = side.as_ref().and_then(|side| side.get(cell)).copied().unwrap_or(0.0);
                row.get_mut(*draw).into_iter().for_each(|slot| *slot = moved);
                *still &= moved == 0.0;
            }
        }
        net.iter_mut().zip(worse.iter().zip(better.iter())).for_each(|(net, (a, b))| *net = a + b);
        *net_still = *worse_still && *better_still;
        for (draw, [.., side]) in &self.full {
            let moved = side.as_ref().and_then(|side| side.get(cell)).copied().unwrap_or(0.0);
            net.get_mut(*draw).into_iter().for_each(|slot| *slot = moved);
            *net_still &= moved == 0.0;
        }
    }
}

fn patterns(plan: &Plan<'_>, draws: &Draws) -> Vec<Pattern> {
    let mut shocks: Vec<Vec<(usize, f64)>> = vec![Vec::new(); plan.strikes.len()];
    let mut patterns = Vec::new();
    for (k, (cell, hits)) in plan.reached.cells.iter().zip(&plan.reached.hits).enumerate() {
        for (side, worse) in [(0, true), (1, false)] {
            if draws.cut(k, side) {
                let rows = draws.realised(k, 2 * side).iter().zip(draws.realised(k, 2 * side + 1));
                patterns.push(Pattern::new(
                    worse,
                    vec![(*cell, 1.0)],
                    rows.map(|(direct, declared)| direct + declared).collect(),
                    &draws.weights,
                ));
                continue;
            }
            for (index, share) in hits {
                if let (Some(strike), Some(shock)) = (plan.strikes.get(*index).filter(|s| s.worse == worse), shocks.get_mut(*index)) {
                    shock.push((*cell, strike.sign() * share));
                }
            }
        }
    }
    for ((strike, shock), index) in plan.strikes.iter().zip(shocks).zip(0..) {
        if !shock.is_empty() {
            let coefficients = plan.scenarios.iter().map(|s| s.changes.get(index).copied().unwrap_or(0.0)).collect();
            patterns.push(Pattern::new(strike.worse, shock, coefficients, &draws.weights));
        }
    }
    patterns
}

impl Pattern {
    fn new(worse: bool, shock: Vec<(usize, f64)>, coefficients: Vec<f64>, weights: &[f64]) -> Pattern {
        let mean = match weights {
            [] => coefficients.iter().sum::<f64>() / coefficients.len().max(1) as f64,
            weights => coefficients.iter().zip(weights).map(|(c, w)| c * w).sum(),
        };
        let (least, most) = coefficients.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (x.min(a), x.max(b)));
        Pattern { worse, shock, coefficients, least, most, mean }
    }
}
