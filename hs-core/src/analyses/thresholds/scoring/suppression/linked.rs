//! How the counts behind a score hang together: margins, complements, k's, weightings, and indicators through M0.

use std::collections::HashMap;

use super::rules::{Nesting, Rules};
use crate::analyses::thresholds::scoring::cells::Cell;
use crate::analyses::thresholds::scoring::tallies::{Configuration, PatternTally, Tallies};
use crate::kernels::intervals::Equations;
use crate::kernels::suppression::{ALWAYS, Cells, NEVER};
use crate::{Error, Result};

/// Rows of one cell, by what is said of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    /// Rows that count.
    pub n: u64,
    /// Deprived in a vital indicator.
    pub union: u64,
    /// Deprived, by indicator.
    pub deprived: Vec<u64>,
    /// Deprived in the first two indicators.
    pub pair: u64,
    /// Insecure, by configuration.
    pub insecure: Vec<u64>,
    /// Insecure and deprived, by configuration, then indicator.
    pub censored: Vec<Vec<u64>>,
}

impl Counts {
    pub(super) fn new(patterns: &[PatternTally], configurations: &[Configuration], rules: &Rules, indicators: usize) -> Self {
        let none = vec![0; indicators];
        let mut counts = Counts {
            n: 0,
            union: 0,
            deprived: none.clone(),
            pair: 0,
            insecure: vec![0; configurations.len()],
            censored: vec![none; configurations.len()],
        };
        for p in patterns {
            counts.n += p.rows;
            counts.union += if p.pattern & rules.vital != 0 { p.rows } else { 0 };
            counts.pair += if p.pattern & 3 == 3 { p.rows } else { 0 };
            add(&mut counts.deprived, p);
            for (at, configuration) in configurations.iter().enumerate() {
                if rules.is_insecure(p.pattern, configuration) {
                    counts.insecure.iter_mut().skip(at).take(1).for_each(|rows| *rows += p.rows);
                    counts.censored.iter_mut().skip(at).take(1).for_each(|rows| add(rows, p));
                }
            }
        }
        counts
    }

    /// Of all cells, from those of the crossed groups.
    pub(super) fn of_cells(cells: &[Cell], tallies: &Tallies, rules: &Rules, indicators: usize) -> Vec<Counts> {
        let groups: Vec<Counts> =
            tallies.cells.iter().map(|g| Counts::new(&g.patterns, &tallies.configurations, rules, indicators)).collect();
        let empty = Counts::new(&[], &tallies.configurations, rules, indicators);
        let of = |cell: &Cell| {
            let mut sum = empty.clone();
            cell.members.iter().filter_map(|at| groups.get(*at as usize)).for_each(|group| sum.add(group));
            sum
        };
        cells.iter().map(of).collect()
    }

    fn add(&mut self, other: &Counts) {
        let both = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        self.n += other.n;
        self.union += other.union;
        self.pair += other.pair;
        both(&mut self.deprived, &other.deprived);
        both(&mut self.insecure, &other.insecure);
        self.censored.iter_mut().zip(&other.censored).for_each(|(a, b)| both(a, b));
    }

    /// Of two indicators that both weigh, H tells how many have both: their four counts are as its own.
    fn is_a_small_pair(&self, configuration: Option<&Configuration>, min_n: u64) -> bool {
        let ([first, second], Some(configuration)) = (self.deprived.as_slice(), configuration) else { return false };
        let neither = (self.n + self.pair).saturating_sub(first + second);
        let four = [self.pair, first.saturating_sub(self.pair), second.saturating_sub(self.pair), neither];
        configuration.weights.iter().all(|weight| *weight > 0.0) && four.iter().any(|rows| *rows < min_n)
    }

    fn intensity(&self, at: usize, weights: &[f64]) -> f64 {
        self.censored.get(at).map_or(0.0, |rows| rows.iter().zip(weights).map(|(r, w)| *r as f64 * w).sum())
    }
}

fn add(rows: &mut [u64], p: &PatternTally) {
    for (j, sum) in rows.iter_mut().enumerate() {
        *sum += (p.pattern >> j & 1) * p.rows;
    }
}

/// Which unit of a cell is which: the sample itself, the union, headcounts, H with all that goes with it, censored headcounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub indicators: usize,
    pub configurations: usize,
    /// Whether all configurations are shown or hidden as one.
    pub as_one: bool,
}

impl Layout {
    pub(super) fn stride(self) -> usize {
        2 + self.indicators + self.configurations * (1 + self.indicators)
    }
    pub(super) fn n(self, cell: usize) -> usize {
        cell * self.stride()
    }
    pub(super) fn union(self, cell: usize) -> usize {
        self.n(cell) + 1
    }
    pub(super) fn headcount(self, cell: usize, j: usize) -> usize {
        self.n(cell) + 2 + j
    }
    pub(super) fn h(self, cell: usize, at: usize) -> usize {
        self.n(cell) + 2 + self.indicators + if self.as_one { 0 } else { at }
    }
    pub(super) fn censored(self, cell: usize, at: usize, j: usize) -> usize {
        self.n(cell) + 2 + self.indicators + self.configurations + if self.as_one { 0 } else { at * self.indicators } + j
    }
}

/// The cells of a score as numbers, with what may not be shown.
pub(super) struct Linked {
    pub cells: Cells,
    pub primary: Vec<bool>,
}

/// Builds cells and equations.
struct Builder<'a> {
    layout: Layout,
    values: Vec<f64>,
    least: Vec<f64>,
    units: Vec<u32>,
    guarded: Vec<bool>,
    rows: Vec<Vec<(u32, f64)>>,
    configurations: &'a [Configuration],
    rules: &'a Rules,
    least_n: f64,
    min_n: u64,
}

/// Positions of the published counts of one table cell.
struct Places {
    n: u32,
    union: Option<u32>,
    deprived: Vec<u32>,
    insecure: Vec<u32>,
    other: Vec<u32>,
    intensity: Vec<u32>,
    censored: Vec<Vec<u32>>,
    between: Vec<u32>,
}

impl Builder<'_> {
    fn cell(&mut self, value: f64, unit: u32, guarded: bool) -> u32 {
        let at = self.values.len() as u32;
        self.values.push(value);
        self.least.push(0.0);
        self.units.push(unit);
        self.guarded.push(guarded);
        at
    }

    fn slack(&mut self, value: f64) -> u32 {
        self.cell(value.max(0.0), NEVER, false)
    }

    /// What a whole has beside its part.
    fn rest(&mut self, whole: u32, part: u32, value: u64, unit: u32, guarded: bool) -> u32 {
        let rest = self.cell(value as f64, unit, guarded);
        self.rows.push(vec![(whole, 1.0), (part, -1.0), (rest, -1.0)]);
        rest
    }

    fn table_cell(&mut self, at: usize, counts: &Counts, finest: bool) -> Places {
        let layout = self.layout;
        let n = self.cell(counts.n as f64, layout.n(at) as u32, true);
        if finest && counts.n > 0 {
            self.least.iter_mut().skip(n as usize).take(1).for_each(|least| *least = self.least_n);
        }
        let mut places = Places {
            n,
            union: None,
            deprived: Vec::new(),
            insecure: Vec::new(),
            other: Vec::new(),
            intensity: Vec::new(),
            censored: Vec::new(),
            between: Vec::new(),
        };
        for (j, &rows) in counts.deprived.iter().enumerate() {
            let unit = layout.headcount(at, j) as u32;
            let deprived = self.cell(rows as f64, unit, true);
            self.rest(n, deprived, counts.n - rows, unit, true);
            places.deprived.push(deprived);
        }
        if self.rules.vital != 0 {
            places.union = Some(self.union(at, counts, n, &places.deprived));
        }
        for (c, configuration) in self.configurations.iter().enumerate() {
            let unit = layout.h(at, c) as u32;
            let rows = counts.insecure.get(c).copied().unwrap_or_default();
            let insecure = self.cell(rows as f64, unit, true);
            let other = self.rest(n, insecure, counts.n - rows, unit, true);
            let intensity = self.cell(counts.intensity(c, &configuration.weights), unit, false);
            let censored: Vec<u32> = counts
                .censored
                .get(c)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .enumerate()
                .map(|(j, rows)| self.cell(*rows as f64, layout.censored(at, c, j) as u32, true))
                .collect();
            let mut row: Vec<(u32, f64)> = censored.iter().copied().zip(configuration.weights.iter().copied()).collect();
            row.retain(|(_, weight)| *weight != 0.0);
            row.push((intensity, -1.0));
            self.rows.push(row);
            places.insecure.push(insecure);
            places.other.push(other);
            places.intensity.push(intensity);
            places.censored.push(censored);
        }
        self.between(counts, &mut places);
        places
    }

    /// Who is deprived in a vital indicator: at least as many as in any one, at most as many as in all together.
    fn union(&mut self, at: usize, counts: &Counts, n: u32, deprived: &[u32]) -> u32 {
        let unit = self.layout.union(at) as u32;
        let union = self.cell(counts.union as f64, unit, true);
        self.rest(n, union, counts.n - counts.union, unit, true);
        let vital: Vec<(u32, u64)> = deprived
            .iter()
            .copied()
            .zip(counts.deprived.iter().copied())
            .enumerate()
            .filter(|(j, _)| self.rules.vital >> j & 1 == 1)
            .map(|(_, place)| place)
            .collect();
        if let [(only, _)] = vital.as_slice() {
            self.rows.push(vec![(union, 1.0), (*only, -1.0)]);
            return union;
        }
        let together: u64 = vital.iter().map(|(_, rows)| rows).sum();
        let over = self.slack(together.saturating_sub(counts.union) as f64);
        let mut row: Vec<(u32, f64)> = vital.iter().map(|(place, _)| (*place, 1.0)).collect();
        row.extend([(union, -1.0), (over, -1.0)]);
        self.rows.push(row);
        for (place, rows) in vital {
            let over = self.slack(counts.union.saturating_sub(rows) as f64);
            self.rows.push(vec![(union, 1.0), (place, -1.0), (over, -1.0)]);
        }
        union
    }

    /// Rows insecure under one configuration and not under another that is narrower: a count that no table shows, but two together tell.
    fn between(&mut self, counts: &Counts, places: &mut Places) {
        for nesting in &self.rules.nestings {
            let Nesting { wider, narrower, same } = *nesting;
            let count = |c: usize| counts.insecure.get(c).copied().unwrap_or_default();
            let place = |places: &Places, c: usize| places.insecure.get(c).copied();
            let (Some(wide), Some(narrow)) = (place(places, wider), place(places, narrower)) else { continue };
            let rows = count(wider).saturating_sub(count(narrower));
            let unit = if same { ALWAYS } else { NEVER };
            let between = self.cell(rows as f64, unit, !same && rows < self.min_n);
            self.rows.push(vec![(wide, 1.0), (narrow, -1.0), (between, -1.0)]);
            places.between.push(between);
        }
    }

    /// What holds within a crossed group beside sums: who is deprived and insecure is each of both; M0 is at least k H.
    fn within(&mut self, counts: &Counts, places: &Places) {
        for (c, configuration) in self.configurations.iter().enumerate() {
            let (Some(&insecure), Some(&other), Some(&intensity), Some(censored), Some(rows)) =
                (places.insecure.get(c), places.other.get(c), places.intensity.get(c), places.censored.get(c), counts.censored.get(c))
            else {
                continue;
            };
            let a = counts.insecure.get(c).copied().unwrap_or_default();
            let (least, most) = self.rules.levels(c, configuration);
            let mut row = Vec::new();
            let mut outside = 0.0;
            for (((&place, &both), (&deprived, &all)), &weight) in
                censored.iter().zip(rows).zip(places.deprived.iter().zip(&counts.deprived)).zip(&configuration.weights)
            {
                self.rest(insecure, place, a.saturating_sub(both), NEVER, false);
                let spared = self.rest(deprived, place, all.saturating_sub(both), NEVER, false);
                let rest = counts.n.saturating_sub(a).saturating_sub(all.saturating_sub(both));
                self.rest(other, spared, rest, NEVER, false);
                row.push((spared, weight));
                outside += weight * all.saturating_sub(both) as f64;
            }
            let over = self.slack(counts.intensity(c, &configuration.weights) - least * a as f64);
            self.rows.push(vec![(intensity, 1.0), (insecure, -least), (over, -1.0)]);
            let b = counts.n.saturating_sub(a) as f64;
            let under = self.slack(most * b - outside);
            row.extend([(under, 1.0), (other, -most)]);
            row.retain(|(_, weight)| *weight != 0.0);
            self.rows.push(row);
        }
        for (nesting, &between) in self.rules.nestings.iter().zip(&places.between) {
            let lists = (places.censored.get(nesting.wider), places.censored.get(nesting.narrower));
            let counted = (counts.censored.get(nesting.wider), counts.censored.get(nesting.narrower));
            let ((Some(wide), Some(narrow)), (Some(more), Some(less))) = (lists, counted) else { continue };
            let whole = self.values.get(between as usize).copied().unwrap_or_default() as u64;
            let each: Vec<(u32, u32, u64)> =
                wide.iter().zip(narrow).zip(more.iter().zip(less)).map(|((w, n), (m, l))| (*w, *n, m.saturating_sub(*l))).collect();
            for (wide, narrow, rows) in each {
                let apart = self.rest(wide, narrow, rows, NEVER, false);
                self.rest(between, apart, whole.saturating_sub(rows), NEVER, false);
            }
        }
    }
}

/// What hiding a unit loses, of a cell that is summed over some columns.
fn loss(figures: f64, summed: usize) -> f64 {
    figures * 4_f64.powi(summed.min(20) as i32)
}

impl Linked {
    /// The counts of `shown` cells (positions in `cells`), the finest of which hold every one of `columns`.
    pub(super) fn new(
        cells: &[Cell],
        counts: &[Counts],
        configurations: &[Configuration],
        rules: &Rules,
        finest: &[bool],
        min_n: u64,
        all_used: bool,
    ) -> Result<Linked> {
        let layout = rules.layout;
        let mut builder = Builder {
            layout,
            values: Vec::new(),
            least: Vec::new(),
            units: Vec::new(),
            guarded: Vec::new(),
            rows: Vec::new(),
            configurations,
            rules,
            least_n: if all_used { 1.0 } else { 0.0 },
            min_n,
        };
        let columns = finest.iter().filter(|held| **held).count();
        let shown = |cell: &Cell| cell.held.iter().zip(finest).all(|(held, fine)| !held || *fine);
        let depth = |cell: &Cell| columns - cell.held.iter().filter(|held| **held).count();
        let mut places: Vec<Option<Places>> = Vec::with_capacity(cells.len());
        let units = cells.len() * layout.stride();
        let mut primary = vec![false; units];
        let mut losses = vec![f64::INFINITY; units];
        let mut follows = Vec::new();
        for (at, (cell, count)) in cells.iter().zip(counts).enumerate() {
            if !shown(cell) {
                places.push(None);
                continue;
            }
            let is_finest = depth(cell) == 0;
            let place = builder.table_cell(at, count, is_finest);
            if is_finest {
                builder.within(count, &place);
            }
            places.push(Some(place));
            let mut unit = |unit: usize, small: bool, figures: f64| {
                primary.iter_mut().skip(unit).take(1).for_each(|p| *p |= small);
                losses.iter_mut().skip(unit).take(1).for_each(|l| *l = loss(figures, depth(cell)));
            };
            let small = |rows: u64| rows < min_n || count.n.saturating_sub(rows) < min_n;
            let n = layout.n(at);
            unit(n, count.n < min_n, 60.0);
            if rules.vital != 0 {
                unit(layout.union(at), small(count.union), 2.0);
                follows.push((n as u32, layout.union(at) as u32));
            }
            for (j, rows) in count.deprived.iter().enumerate() {
                unit(layout.headcount(at, j), small(*rows), 2.0);
                follows.push((n as u32, layout.headcount(at, j) as u32));
            }
            for (c, (insecure, censored)) in count.insecure.iter().zip(&count.censored).enumerate() {
                let h = layout.h(at, c);
                unit(h, small(*insecure) || is_finest && count.is_a_small_pair(configurations.get(c), min_n), 6.0);
                follows.push((n as u32, h as u32));
                for (j, rows) in censored.iter().enumerate() {
                    unit(layout.censored(at, c, j), *rows < min_n, 1.0);
                    follows.push((h as u32, layout.censored(at, c, j) as u32));
                }
            }
        }
        sums(&mut builder.rows, cells, &places, finest);
        let equations = Equations::new(builder.values, builder.least, builder.rows);
        let cells = equations.and_then(|equations| Cells::new(equations, builder.units, builder.guarded, losses, &follows));
        let cells = cells.ok_or_else(|| Error::internal("the cells of a score do not fit together"))?;
        Ok(Linked { cells, primary })
    }
}

/// Every cell is the sum of those that hold one column more.
fn sums(rows: &mut Vec<Vec<(u32, f64)>>, cells: &[Cell], places: &[Option<Places>], finest: &[bool]) {
    type Sorted<'a> = HashMap<(Vec<bool>, Vec<Option<&'a super::super::tallies::Key>>), Vec<usize>>;
    let parent = |cell: &Cell, column: usize| {
        let mut held = cell.held.clone();
        held.iter_mut().skip(column).take(1).for_each(|h| *h = false);
        held
    };
    for column in (0..finest.len()).filter(|c| finest.get(*c) == Some(&true)) {
        let mut children: Sorted<'_> = HashMap::new();
        for (at, cell) in cells.iter().enumerate() {
            if places.get(at).is_some_and(Option::is_some) && cell.held.get(column) == Some(&true) {
                let held = parent(cell, column);
                let key = cell.key.iter().zip(&held).map(|(key, held)| key.as_ref().filter(|_| *held)).collect();
                children.entry((held, key)).or_default().push(at);
            }
        }
        for (at, cell) in cells.iter().enumerate() {
            let key = (cell.held.clone(), cell.key.iter().map(Option::as_ref).collect());
            let (Some(Some(whole)), Some(parts)) = (places.get(at), children.get(&key)) else { continue };
            let parts: Vec<&Places> = parts.iter().filter_map(|p| places.get(*p)?.as_ref()).collect();
            let mut sum = |whole: u32, of: &dyn Fn(&Places) -> Option<u32>| {
                let mut row: Vec<(u32, f64)> = parts.iter().filter_map(|part| of(part)).map(|part| (part, 1.0)).collect();
                row.push((whole, -1.0));
                rows.push(row);
            };
            sum(whole.n, &|p| Some(p.n));
            if let Some(union) = whole.union {
                sum(union, &|p| p.union);
            }
            for (j, deprived) in whole.deprived.iter().enumerate() {
                sum(*deprived, &|p| p.deprived.get(j).copied());
            }
            for (c, insecure) in whole.insecure.iter().enumerate() {
                sum(*insecure, &|p| p.insecure.get(c).copied());
            }
            for (c, intensity) in whole.intensity.iter().enumerate() {
                sum(*intensity, &|p| p.intensity.get(c).copied());
            }
            for (c, censored) in whole.censored.iter().enumerate() {
                for (j, place) in censored.iter().enumerate() {
                    sum(*place, &|p| p.censored.get(c)?.get(j).copied());
                }
            }
        }
    }
}
