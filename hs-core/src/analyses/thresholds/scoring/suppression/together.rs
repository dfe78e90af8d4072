//! Which deprivations go together, and how many anyone has: what may be shown of them in one group, beside its other figures.
//!
//! Here the unknowns are the rows of every pattern of deprivations, since these two tables and H, M0 and the headcounts are sums of them.

use std::collections::BTreeSet;

use super::Veil;
use super::rules::Rules;
use crate::analyses::thresholds::scoring::cells::{Cell, CountShare, Pair};
use crate::analyses::thresholds::scoring::result::ScoreResult;
use crate::analyses::thresholds::scoring::sample::{SLACK, share_of};
use crate::analyses::thresholds::scoring::tallies::{Configuration, PatternTally, Tallies};
use crate::kernels::Tick;
use crate::kernels::intervals::Equations;
use crate::kernels::suppression::{ALWAYS, Cells, Effort, NEVER};
use crate::{Error, Result};

/// Patterns that are taken to be possible, at most: fewer than there are only make an attacker look stronger.
const MOST_PATTERNS: usize = 128;
/// Linear programmes for the pairs of a group: where they are not enough, none of its pairs is shown.
const FOR_PAIRS: u64 = 120;
/// And for a distribution, which is not shown where they are not enough.
const FOR_COUNTS: u64 = 16;

/// What of one group may not leave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Apart {
    /// By unordered pair of indicators: hidden, and whether for its own small counts.
    pub pairs: Vec<(usize, usize, bool)>,
    /// By row of its distribution: hidden, and whether for its own small counts.
    pub counts: Vec<Option<bool>>,
    /// Weightings whose distribution is not shown at all.
    pub bare: BTreeSet<usize>,
    /// How many these are.
    pub withheld: usize,
    /// Units of the linked tables that must be hidden too.
    pub beside: Vec<usize>,
}

/// The four counts of two indicators: both, either alone, neither.
fn fourfold(patterns: &[PatternTally], first: usize, second: usize) -> [u64; 4] {
    let mut four = [0; 4];
    for p in patterns {
        let at = (p.pattern >> first & 1) * 2 + (p.pattern >> second & 1);
        four.iter_mut().skip(at as usize).take(1).for_each(|rows| *rows += p.rows);
    }
    four
}

/// One group's counts over patterns.
struct Group<'a> {
    cell: usize,
    patterns: &'a [PatternTally],
    possible: Vec<u64>,
    rules: &'a Rules,
    veil: &'a Veil,
    configurations: &'a [Configuration],
    indicators: usize,
    min_n: u64,
}

/// Cells and equations of one group.
#[derive(Default)]
struct Table {
    values: Vec<f64>,
    units: Vec<u32>,
    guarded: Vec<bool>,
    rows: Vec<Vec<(u32, f64)>>,
    loss: Vec<f64>,
    primary: Vec<bool>,
    follows: Vec<(u32, u32)>,
    /// The unit of the linked tables that a unit stands for.
    stands_for: Vec<Option<usize>>,
}

impl Table {
    fn unit(&mut self, loss: f64, primary: bool, stands_for: Option<usize>) -> u32 {
        self.loss.push(loss);
        self.primary.push(primary);
        self.stands_for.push(stands_for);
        self.loss.len() as u32 - 1
    }

    fn cell(&mut self, value: f64, unit: u32, guarded: bool) -> u32 {
        self.values.push(value);
        self.units.push(unit);
        self.guarded.push(guarded);
        self.values.len() as u32 - 1
    }

    fn solve(self, min_n: u64, most_programmes: u64, tick: Tick<'_>) -> Result<(Vec<bool>, bool)> {
        let least = vec![0.0; self.values.len()];
        let equations = Equations::new(self.values, least, self.rows);
        let cells = equations.and_then(|e| Cells::new(e, self.units, self.guarded, self.loss, &self.follows));
        let cells = cells.ok_or_else(|| Error::internal("the counts of a group do not fit together"))?;
        let effort = Effort { width: min_n as f64, most_cells: 4 * MOST_PATTERNS, most_programmes };
        let hidden = cells.suppress(&self.primary, &effort, tick)?;
        Ok((hidden.units, !hidden.exhausted && hidden.open.is_empty()))
    }
}

impl Group<'_> {
    /// Sums over patterns: a cell of that unit, whose value is what it truly is.
    fn sum(&self, table: &mut Table, unit: u32, guarded: bool, of: &dyn Fn(u64) -> f64) {
        let value: f64 = self.patterns.iter().map(|p| p.rows as f64 * of(p.pattern)).sum();
        let cell = table.cell(value, unit, guarded);
        // the patterns are the first cells, in the order of `possible`
        let mut row: Vec<(u32, f64)> =
            self.possible.iter().zip(0..).map(|(p, at)| (at, of(*p))).filter(|(_, factor)| *factor != 0.0).collect();
        row.push((cell, -1.0));
        table.rows.push(row);
    }

    /// The patterns, n, and every figure of the linked tables; what is shown there may be hidden at a price where `may_hide`.
    fn table(&self, may_hide: bool) -> Table {
        let mut table = Table::default();
        for pattern in &self.possible {
            let rows = self.patterns.binary_search_by_key(pattern, |p| p.pattern).ok().and_then(|at| self.patterns.get(at));
            table.cell(rows.map_or(0.0, |p| p.rows as f64), NEVER, false);
        }
        self.sum(&mut table, ALWAYS, false, &|_| 1.0);
        let bit = |p: u64, j: usize| (p >> j & 1) as f64;
        let layout = self.rules.layout;
        let unit = |table: &mut Table, linked: usize, loss: f64| -> (u32, bool) {
            let hidden = self.veil.is_hidden(linked);
            match (hidden, may_hide) {
                (true, _) => (NEVER, true),
                (false, true) => {
                    let known = table.stands_for.iter().position(|s| *s == Some(linked));
                    (known.map_or_else(|| table.unit(loss, false, Some(linked)), |at| at as u32), true)
                }
                (false, false) => (ALWAYS, false),
            }
        };
        for j in 0..self.indicators {
            let (unit, guarded) = unit(&mut table, layout.headcount(self.cell, j), 30.0);
            self.sum(&mut table, unit, guarded, &|p| bit(p, j));
        }
        if self.rules.vital != 0 {
            let (unit, guarded) = unit(&mut table, layout.union(self.cell), 20.0);
            self.sum(&mut table, unit, guarded, &|p| f64::from(u8::from(p & self.rules.vital != 0)));
        }
        for (c, configuration) in self.configurations.iter().enumerate() {
            let insecure = |p: u64| f64::from(u8::from(self.rules.is_insecure(p, configuration)));
            let (h, guarded) = unit(&mut table, layout.h(self.cell, c), 60.0);
            self.sum(&mut table, h, guarded, &insecure);
            self.sum(&mut table, h, false, &|p| insecure(p) * share_of(p, &configuration.weights));
            for j in 0..self.indicators {
                let (censored, guarded) = unit(&mut table, layout.censored(self.cell, c, j), 10.0);
                self.sum(&mut table, censored, guarded, &|p| insecure(p) * bit(p, j));
                if h < ALWAYS && censored < ALWAYS {
                    table.follows.push((h, censored));
                }
            }
        }
        table
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let indicators = self.indicators;
        (0..indicators).flat_map(move |first| (first + 1..indicators).map(move |second| (first, second)))
    }

    /// Pairs that may not be shown, and what must be hidden with them.
    fn hide_pairs(&self, apart: &mut Apart, tick: Tick<'_>) -> Result<()> {
        let layout = self.rules.layout;
        let is_small = |first, second| {
            let parts = [first, second].map(|j| self.veil.is_hidden(layout.headcount(self.cell, j)));
            parts.contains(&true) || fourfold(self.patterns, first, second).iter().any(|rows| *rows < self.min_n)
        };
        let small: Vec<bool> = self.pairs().map(|(first, second)| is_small(first, second)).collect();
        if !small.contains(&true) {
            return Ok(());
        }
        let mut table = self.table(true);
        let first_unit = table.loss.len();
        for ((first, second), small) in self.pairs().zip(&small) {
            let unit = table.unit(1.0, *small, None);
            self.sum(&mut table, unit, true, &|p| (p >> first & p >> second & 1) as f64);
            for j in [first, second] {
                let headcount = table.stands_for.iter().position(|s| *s == Some(layout.headcount(self.cell, j)));
                if let Some(headcount) = headcount {
                    table.follows.push((headcount as u32, unit));
                }
            }
        }
        let stands_for = table.stands_for.clone();
        let (hidden, safe) = table.solve(self.min_n, FOR_PAIRS, tick)?;
        for (((first, second), small), hidden) in self.pairs().zip(&small).zip(hidden.iter().skip(first_unit)) {
            if *hidden || !safe {
                apart.pairs.push((first, second, *small));
            }
        }
        if !safe {
            return Ok(());
        }
        apart.beside = stands_for.iter().zip(&hidden).filter(|(_, hidden)| **hidden).filter_map(|(linked, _)| *linked).collect();
        Ok(())
    }

    /// Values of the share of deprivations that may not be shown, of one weighting after the other.
    fn hide_counts(&self, counts: &[CountShare], apart: &mut Apart, tick: Tick<'_>) -> Result<()> {
        let layout = self.rules.layout;
        apart.counts = vec![None; counts.len()];
        let headcounts_shown = (0..self.indicators).all(|j| !self.veil.is_hidden(layout.headcount(self.cell, j)));
        let mut first = 0;
        let chunks = self.configurations.chunk_by(|a, b| a.weighting == b.weighting);
        for (weighting, chunk) in chunks.enumerate() {
            let configurations = first..first + chunk.len();
            first = configurations.end;
            let rows: Vec<usize> = (0..counts.len()).filter(|at| counts.get(*at).is_some_and(|c| c.weighting == weighting)).collect();
            let shown = headcounts_shown && configurations.clone().all(|c| !self.veil.is_hidden(layout.h(self.cell, c)));
            let small = |at: &usize| counts.get(*at).is_some_and(|c| c.rows < self.min_n);
            let Some(weights) = chunk.first().map(|c| c.weights.as_slice()).filter(|_| shown) else {
                apart.bare.insert(weighting);
                continue;
            };
            // with most values small, the few that are left would not be worth the work
            if 2 * rows.iter().filter(|at| small(at)).count() > rows.len() {
                apart.bare.insert(weighting);
                continue;
            }
            if !rows.iter().any(small) && apart.pairs.is_empty() && self.nothing_censored() {
                continue;
            }
            let mut table = self.table(false);
            self.distributions(&mut table, counts, apart, weighting, weights);
            let (hidden, safe) = table.solve(self.min_n, FOR_COUNTS, tick)?;
            if !safe {
                apart.bare.insert(weighting);
                continue;
            }
            for (at, hidden) in rows.iter().zip(hidden) {
                let small = small(at);
                apart.counts.iter_mut().skip(*at).take(1).for_each(|row| *row = hidden.then_some(small));
            }
        }
        apart.withheld = apart.bare.len();
        Ok(())
    }

    fn nothing_censored(&self) -> bool {
        let layout = self.rules.layout;
        (0..self.configurations.len()).all(|c| (0..self.indicators).all(|j| !self.veil.is_hidden(layout.censored(self.cell, c, j))))
    }

    /// Pairs as settled; the distributions settled before; this one; and Σ ρ c², which the standard error of M0 gives away.
    fn distributions(&self, table: &mut Table, counts: &[CountShare], apart: &Apart, weighting: usize, weights: &[f64]) {
        for (first, second) in self.pairs() {
            let hidden = apart.pairs.iter().any(|(a, b, _)| (*a, *b) == (first, second));
            let unit = if hidden { NEVER } else { ALWAYS };
            self.sum(table, unit, hidden, &|p| (p >> first & p >> second & 1) as f64);
        }
        let before = self.configurations.chunk_by(|a, b| a.weighting == b.weighting);
        let before: Vec<&[f64]> = before.take(weighting).filter_map(|c| Some(c.first()?.weights.as_slice())).collect();
        for (at, row) in counts.iter().enumerate() {
            let weights = match before.get(row.weighting) {
                _ if row.weighting == weighting => weights,
                Some(settled) if !apart.bare.contains(&row.weighting) => settled,
                _ => continue,
            };
            let unit = if row.weighting == weighting {
                table.unit(1.0, row.rows < self.min_n, None)
            } else if apart.counts.get(at) == Some(&None) {
                ALWAYS
            } else {
                NEVER
            };
            let at_level = |p: u64| f64::from(u8::from((share_of(p, weights) - row.deprivation_share).abs() <= 2.0 * SLACK));
            self.sum(table, unit, unit != ALWAYS, &at_level);
        }
        // a value that is not listed is known to be nobody's
        let levels: Vec<f64> = counts.iter().filter(|c| c.weighting == weighting).map(|c| c.deprivation_share).collect();
        for (at, pattern) in self.possible.iter().enumerate() {
            let share = share_of(*pattern, weights);
            if !levels.iter().any(|level| (level - share).abs() <= 2.0 * SLACK) {
                table.units.iter_mut().skip(at).take(1).for_each(|unit| *unit = ALWAYS);
            }
        }
        for configuration in self.configurations {
            let square = |p: u64| {
                let share = share_of(p, &configuration.weights);
                if self.rules.is_insecure(p, configuration) { share * share } else { 0.0 }
            };
            self.sum(table, ALWAYS, false, &square);
        }
    }
}

/// Patterns that rows of a group may have: those they have, then their neighbours, to a limit.
fn possible(patterns: &[PatternTally], indicators: usize) -> Vec<u64> {
    if indicators <= 6 {
        return (0..1 << indicators).collect();
    }
    let mut often: Vec<&PatternTally> = patterns.iter().collect();
    often.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.pattern.cmp(&b.pattern)));
    let mut possible: BTreeSet<u64> = often.iter().take(MOST_PATTERNS).map(|p| p.pattern).collect();
    for p in often {
        for j in 0..indicators {
            if possible.len() >= MOST_PATTERNS {
                return possible.into_iter().collect();
            }
            possible.insert(p.pattern ^ 1 << j);
        }
    }
    possible.into_iter().collect()
}

/// What may not be shown of each crossed group, in order.
pub(super) fn apart(result: &ScoreResult, tallies: &Tallies, rules: &Rules, veil: &Veil, min_n: u64, tick: Tick<'_>) -> Result<Vec<Apart>> {
    let indicators = rules.layout.indicators;
    let groups = result.cells.iter().enumerate().filter(|(_, cell)| cell.is_group());
    let of = |(at, cell): (usize, &Cell)| {
        let mut apart = Apart::default();
        let own = cell.members.first().and_then(|member| tallies.cells.get(*member as usize));
        let Some(own) = own.filter(|_| !veil.is_hidden(rules.layout.n(at))) else { return Ok(apart) };
        let group = Group {
            cell: at,
            patterns: &own.patterns,
            possible: possible(&own.patterns, indicators),
            rules,
            veil,
            configurations: &tallies.configurations,
            indicators,
            min_n,
        };
        group.hide_pairs(&mut apart, tick)?;
        if apart.beside.is_empty() {
            group.hide_counts(&cell.counts, &mut apart, tick)?;
        }
        Ok(apart)
    };
    groups.map(of).collect()
}

/// Blanks what may not leave; `told` is called once a figure, with whether its own counts are small.
pub(super) fn blank(cell: &mut Cell, apart: &Apart, told: &mut dyn FnMut(bool)) {
    if cell.hidden {
        return;
    }
    for &(first, second, small) in &apart.pairs {
        told(small);
        let both = |pair: &&mut Pair| (pair.first, pair.second) == (first, second) || (pair.first, pair.second) == (second, first);
        cell.pairs.iter_mut().filter(both).for_each(Pair::hide);
    }
    for (row, hidden) in cell.counts.iter_mut().zip(&apart.counts) {
        if let Some(small) = hidden {
            told(*small);
            (row.share, row.rows, row.hidden) = (None, 0, true);
        }
    }
    cell.counts.retain(|row| !apart.bare.contains(&row.weighting));
}
