//! Choosing where gains do not add up: every candidate is judged as a whole; local search, then branch and bound where a bound holds.
// option numbers and states come from `Search` itself
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use super::programme::Row;
use crate::Result;
use crate::kernels::{Tick, cancelled};

/// What a candidate is worth, and by how much it is beyond what is allowed (0: allowed).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The value; greater is better.
    pub value: f64,
    /// What is too much; 0 where it is allowed.
    pub excess: f64,
}

impl Judged {
    fn beats(&self, other: &Judged, margin: f64) -> bool {
        if self.excess != other.excess { self.excess < other.excess } else { self.value > other.value + margin }
    }
}

/// Options, each with the values it may take (rising, 0 first), under rows whose columns are: chosen or not by option, then the value by
/// option.
#[derive(Debug, Clone)]
pub struct Search {
    /// By option, the values it may take.
    pub states: Vec<Vec<f64>>,
    /// Rows on whether an option is chosen (column `option`) and on its value (column `options + option`).
    pub rows: Vec<Row>,
    /// Most candidates judged.
    pub most: u64,
}

/// The best candidate found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// By option, its value; none where no allowed candidate was found.
    pub best: Option<(Vec<f64>, f64)>,
    /// No allowed candidate is worth more; infinite where none holds.
    pub bound: f64,
    /// Whether every candidate was looked at or ruled out.
    pub complete: bool,
    /// Candidates judged.
    pub judged: u64,
}

/// Judges a candidate by its values.
pub(crate) type Judge<'a> = &'a mut dyn FnMut(&[f64]) -> Result<Judged>;
/// An upper bound of what is worth a candidate whose values are all at most these; infinite where none holds.
pub(crate) type Ceiling<'a> = &'a mut dyn FnMut(&[f64]) -> Result<f64>;

struct Walk<'s, 'a> {
    search: &'s Search,
    judge: Judge<'a>,
    ceiling: Ceiling<'a>,
    known: BTreeMap<Vec<u64>, Judged>,
    best: Option<(Vec<f64>, Judged)>,
    judged: u64,
    open: f64,
    complete: bool,
    /// No candidate is worth more: where one is worth this much, the search is done.
    top: f64,
    tick: Tick<'a>,
}

impl Search {
    fn columns(&self, values: &[f64]) -> Vec<f64> {
        let chosen = values.iter().map(|v| if *v > 0.0 { 1.0 } else { 0.0 });
        chosen.chain(values.iter().copied()).collect()
    }

    /// Whether the values keep every row.
    pub fn keeps(&self, values: &[f64]) -> bool {
        let columns = self.columns(values);
        self.rows.iter().all(|row| row.holds(&columns))
    }

    /// Best allowed candidate: from each start by the best single change or exchange while it gains, then every candidate in a fixed order
    /// that no row, and no ceiling, rules out.
    ///
    /// # Errors
    /// Those of the judge; `Cancelled`.
    pub fn run<'a>(&self, starts: &[Vec<f64>], judge: Judge<'a>, ceiling: Ceiling<'a>, tick: Tick<'a>) -> Result<Found> {
        let mut walk = Walk {
            search: self,
            judge,
            ceiling,
            known: BTreeMap::new(),
            best: None,
            judged: 0,
            open: f64::NEG_INFINITY,
            complete: true,
            top: f64::INFINITY,
            tick,
        };
        let highest: Vec<f64> = self.states.iter().map(|states| states.last().copied().unwrap_or(0.0)).collect();
        walk.top = (walk.ceiling)(&highest)?;
        let none = vec![0.0; self.states.len()];
        for start in starts.iter().chain([&none]) {
            let done = walk.best.as_ref().is_some_and(|(_, b)| b.excess <= 0.0 && b.value >= walk.top - Walk::margin(walk.top));
            if !done && start.len() == self.states.len() && self.keeps(start) {
                walk.climb(start.clone())?;
            }
        }
        let mut values = none;
        walk.branch(0, &mut values)?;
        let best = walk.best.filter(|(_, judged)| judged.excess <= 0.0).map(|(values, judged)| (values, judged.value));
        let value = best.as_ref().map_or(f64::NEG_INFINITY, |(_, value)| *value);
        Ok(Found { best, bound: walk.open.max(value), complete: walk.complete, judged: walk.judged })
    }
}

impl Walk<'_, '_> {
    fn margin(value: f64) -> f64 {
        1e-9 * value.abs()
    }

    /// None where the candidates are used up.
    fn look(&mut self, values: &[f64]) -> Result<Option<Judged>> {
        let key: Vec<u64> = values.iter().map(|v| v.to_bits()).collect();
        if let Some(known) = self.known.get(&key) {
            return Ok(Some(*known));
        }
        if self.judged >= self.search.most {
            return Ok(None);
        }
        if !(self.tick)(self.judged) {
            return Err(cancelled());
        }
        self.judged += 1;
        let judged = (self.judge)(values)?;
        self.known.insert(key, judged);
        if self.best.as_ref().is_none_or(|(_, best)| judged.beats(best, Self::margin(best.value))) {
            self.best = Some((values.to_vec(), judged));
        }
        Ok(Some(judged))
    }

    /// The best single change or exchange, while it gains; half of the candidates at most.
    fn climb(&mut self, mut here: Vec<f64>) -> Result<()> {
        let Some(mut value) = self.look(&here)? else { return Ok(()) };
        loop {
            if value.excess <= 0.0 && value.value >= self.top - Self::margin(self.top) {
                return Ok(());
            }
            let mut next: Option<(Vec<f64>, Judged)> = None;
            for candidate in self.around(&here) {
                if self.judged * 2 > self.search.most {
                    return Ok(());
                }
                let Some(judged) = self.look(&candidate)? else { return Ok(()) };
                let over = next.as_ref().map_or(value, |(_, judged)| *judged);
                if judged.beats(&over, Self::margin(over.value)) {
                    next = Some((candidate, judged));
                }
            }
            let Some((candidate, judged)) = next else { return Ok(()) };
            (here, value) = (candidate, judged);
        }
    }

    fn around(&self, here: &[f64]) -> Vec<Vec<f64>> {
        let mut all = Vec::new();
        let mut add = |candidate: Vec<f64>| {
            if self.search.keeps(&candidate) {
                all.push(candidate);
            }
        };
        for (option, states) in self.search.states.iter().enumerate() {
            for &state in states.iter().filter(|s| **s != here[option]) {
                let mut candidate = here.to_vec();
                candidate[option] = state;
                add(candidate);
            }
        }
        for out in (0..here.len()).filter(|o| here[*o] > 0.0) {
            for into in (0..here.len()).filter(|o| here[*o] == 0.0) {
                for &state in self.search.states[into].iter().filter(|s| **s > 0.0) {
                    let mut candidate = here.to_vec();
                    candidate[out] = 0.0;
                    candidate[into] = state;
                    add(candidate);
                }
            }
        }
        all
    }

    /// Every candidate that begins with the values decided so far.
    fn branch(&mut self, depth: usize, values: &mut Vec<f64>) -> Result<()> {
        let options = values.len();
        let mut high = values.clone();
        for (value, states) in high.iter_mut().zip(&self.search.states).skip(depth) {
            *value = states.last().copied().unwrap_or(0.0);
        }
        let low = self.search.columns(values);
        let most = self.search.columns(&high);
        if !self.search.rows.iter().all(|row| row.possible(&low, &most)) {
            return Ok(());
        }
        if depth == options {
            if self.look(values)?.is_none() {
                self.leave_open(&high)?;
            }
            return Ok(());
        }
        let best = self.best.as_ref().filter(|(_, judged)| judged.excess <= 0.0).map(|(_, judged)| judged.value);
        if self.judged >= self.search.most {
            return self.leave_open(&high);
        }
        if let Some(best) = best {
            // a ceiling costs as much as a candidate
            self.judged += 1;
            let ceiling = (self.ceiling)(&high)?;
            if ceiling <= best + Self::margin(best) {
                self.open = self.open.max(ceiling.min(best));
                return Ok(());
            }
        }
        for state in self.search.states[depth].clone().into_iter().rev() {
            values[depth] = state;
            self.branch(depth + 1, values)?;
        }
        values[depth] = 0.0;
        Ok(())
    }

    fn leave_open(&mut self, high: &[f64]) -> Result<()> {
        let best = self.best.as_ref().filter(|(_, judged)| judged.excess <= 0.0).map_or(f64::NEG_INFINITY, |(_, judged)| judged.value);
        if self.open < f64::INFINITY {
            let ceiling = (self.ceiling)(high)?;
            self.open = self.open.max(ceiling);
            self.complete &= ceiling <= best + Self::margin(best);
        } else {
            self.complete = false;
        }
        Ok(())
    }
}
