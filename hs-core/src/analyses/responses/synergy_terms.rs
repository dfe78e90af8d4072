//! Effects of sets of interventions, component by component: the terms that synergies are made of.

use std::collections::BTreeMap;

use super::externality_result::{CellEffect, HorizonWord};
use super::options::Options;
use super::weights::Weighted;
use crate::Result;
use crate::framework::Component;
use crate::kernels::{Tick, cancelled};

/// Means over the cells of one component at one horizon, in severity points; none where undefined in any of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Term {
    pub(super) better: Option<f64>,
    pub(super) worse: Option<f64>,
    pub(super) net: Option<f64>,
    /// No mean is further off by the solver than this, as far as bounds are known.
    pub(super) error: f64,
}

impl Term {
    pub(super) const ZERO: Term = Term { better: Some(0.0), worse: Some(0.0), net: Some(0.0), error: 0.0 };

    /// This term plus `sign` times another.
    pub(super) fn plus(self, sign: f64, other: Term) -> Term {
        let join = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + sign * b);
        Term {
            better: join(self.better, other.better),
            worse: join(self.worse, other.worse),
            net: join(self.net, other.net),
            error: self.error + other.error,
        }
    }
}

/// Sets of options on one network, each run once.
pub(super) struct Terms<'o, 'a> {
    options: &'o Options<'a>,
    components: Vec<(Component, Weighted)>,
    words: Vec<HorizonWord>,
    draws: u32,
    seed: u64,
    /// By set, and whether its courses were drawn though they could be enumerated.
    known: BTreeMap<(Vec<usize>, bool), Vec<Term>>,
    /// Cells that each option can move, in any course.
    moves: Vec<Vec<bool>>,
    /// Whether any set was drawn.
    pub(super) drawn: bool,
}

/// What is downstream of the cells an option acts on, these included.
fn downstream(options: &Options<'_>) -> Vec<Vec<bool>> {
    let rows = options.anchored().rows();
    let nodes = rows.nodes();
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for to in 0..nodes {
        for (from, _, _) in rows.incoming(to) {
            onward.get_mut(from).into_iter().for_each(|targets| targets.push(to));
        }
    }
    let of = |option| {
        let mut moved = vec![false; nodes];
        let mut open: Vec<usize> = options.strikes(option).iter().flat_map(|s| s.cells.iter().map(|(cell, _)| *cell)).collect();
        while let Some(cell) = open.pop() {
            if let Some(seen) = moved.get_mut(cell).filter(|seen| !**seen) {
                *seen = true;
                open.extend(onward.get(cell).into_iter().flatten());
            }
        }
        moved
    };
    (0..options.interventions().len()).map(of).collect()
}

impl<'o, 'a> Terms<'o, 'a> {
    pub(super) fn new(options: &'o Options<'a>, words: Vec<HorizonWord>, draws: u32, seed: u64) -> Self {
        let nodes: Vec<_> = options.network().nodes().collect();
        let components = Weighted::by_component(&nodes);
        Terms { options, components, words, draws, seed, known: BTreeMap::new(), moves: downstream(options), drawn: false }
    }

    pub(super) fn components(&self) -> impl Iterator<Item = Component> + '_ {
        self.components.iter().map(|(component, _)| *component)
    }

    pub(super) fn words(&self) -> &[HorizonWord] {
        &self.words
    }

    /// Whether the courses of a set can be enumerated.
    pub(super) fn exact(&self, set: &[usize]) -> bool {
        self.options.courses(set, 1, self.seed).exact
    }

    /// Whether the cells that two sets can move are apart, so that neither can touch what the other does.
    pub(super) fn apart(&self, first: &[usize], second: &[usize]) -> bool {
        let moved = |set: &[usize], cell: usize| set.iter().any(|o| self.moves.get(*o).is_some_and(|m| m.get(cell) == Some(&true)));
        (0..self.options.network().len()).all(|cell| !(moved(first, cell) && moved(second, cell)))
    }

    /// Terms by horizon and component. Every term of one synergy comes from the same courses: enumerated all, or drawn all.
    pub(super) fn of(&mut self, set: &[usize], exact: bool, tick: Tick<'_>) -> Result<Vec<Term>> {
        if set.is_empty() {
            return Ok(vec![Term::ZERO; self.words.len() * self.components.len()]);
        }
        // what is certain needs no draws
        let courses = self.options.courses(set, 1, self.seed);
        let forced = !exact && courses.exact && courses.scenarios.len() > 1;
        let key = (set.to_vec(), forced);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        self.drawn |= !exact;
        let terms = self.means(&self.effects(set, forced, tick)?);
        self.known.insert(key, terms.clone());
        Ok(terms)
    }

    fn effects(&self, set: &[usize], forced: bool, tick: Tick<'_>) -> Result<Vec<CellEffect>> {
        if !forced {
            return Ok(self.options.expected(set, &self.words, self.draws, self.seed, tick)?.cells);
        }
        let nodes = self.options.network().len();
        let mut rows: Vec<Vec<CellEffect>> =
            self.words.iter().map(|word| (0..nodes).map(|position| CellEffect::still(position, *word)).collect()).collect();
        for draw in 0..self.draws {
            if !tick(u64::from(draw)) {
                return Err(cancelled());
            }
            let course = self.options.course(set, draw, self.seed);
            let (shocks, _) = self.options.shocks(set, &course);
            let responses = self.options.respond(&shocks, &self.words, tick)?;
            for (row, response) in rows.iter_mut().zip(&responses) {
                row.iter_mut().for_each(|cell| cell.add(1.0 / f64::from(self.draws), &shocks, response));
            }
        }
        Ok(rows.into_iter().flatten().collect())
    }

    fn means(&self, cells: &[CellEffect]) -> Vec<Term> {
        let nodes = self.options.network().len();
        let mut terms = Vec::with_capacity(self.words.len() * self.components.len());
        for row in cells.chunks(nodes.max(1)) {
            for (_, weighted) in &self.components {
                let mean = |number: fn(&CellEffect) -> Option<f64>| weighted.mean(|cell| row.get(cell).and_then(number));
                let error = weighted.positions().filter_map(|cell| row.get(cell).and_then(|c| c.error)).fold(0.0, f64::max);
                terms.push(Term { better: mean(|c| c.better), worse: mean(|c| c.worse), net: mean(|c| c.net), error });
            }
        }
        terms
    }
}
