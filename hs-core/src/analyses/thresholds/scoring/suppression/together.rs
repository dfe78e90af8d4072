//! Which deprivations go together, and how many anyone has: what may be shown of them in one group, beside its other figures.
//!
//! By closed rules: how far a pair that is not shown may lie, from headcounts, from pairs that share an indicator with it, and from sums of
//! squares of the share of deprivations, which a distribution tells outright and the standard error of M0 of the insecure.

use std::collections::BTreeSet;

use super::Veil;
use super::rules::Rules;
use crate::Result;
use crate::analyses::thresholds::scoring::cells::{Cell, Pair};
use crate::analyses::thresholds::scoring::result::ScoreResult;
use crate::analyses::thresholds::scoring::sample::{SLACK, share_of};
use crate::analyses::thresholds::scoring::tallies::{Configuration, PatternTally, Tallies};
use crate::kernels::{Tick, cancelled};

/// Indicators up to which it is looked at which patterns have a value of the share of deprivations.
const MOST_INDICATORS: usize = 12;

/// What of one group may not leave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Apart {
    /// By unordered pair of indicators: hidden, and whether for its own small counts.
    pub pairs: Vec<(usize, usize, bool)>,
    /// Weightings whose distribution is not shown.
    pub bare: BTreeSet<usize>,
}

/// Counts of some rows of a group: all, the insecure, the others.
struct Part {
    n: f64,
    deprived: Vec<f64>,
    /// By pair.
    both: Vec<f64>,
}

/// Between which counts something lies, for all that is told.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    least: f64,
    most: f64,
}

impl Range {
    fn within(self, other: Range) -> Range {
        Range { least: self.least.max(other.least), most: self.most.min(other.most) }
    }

    fn width(self) -> f64 {
        self.most - self.least
    }
}

impl Part {
    fn new(patterns: &[PatternTally], pairs: &[(usize, usize)], indicators: usize, of: &dyn Fn(u64) -> bool) -> Part {
        let mut part = Part { n: 0.0, deprived: vec![0.0; indicators], both: vec![0.0; pairs.len()] };
        for p in patterns.iter().filter(|p| of(p.pattern)) {
            let rows = p.rows as f64;
            part.n += rows;
            part.deprived.iter_mut().enumerate().filter(|(j, _)| p.pattern >> j & 1 == 1).for_each(|(_, sum)| *sum += rows);
            let both = part.both.iter_mut().zip(pairs).filter(|(_, (first, second))| p.pattern >> first & p.pattern >> second & 1 == 1);
            both.for_each(|(sum, _)| *sum += rows);
        }
        part
    }

    fn of(&self, j: usize) -> f64 {
        self.deprived.get(j).copied().unwrap_or_default()
    }

    /// Fréchet's bounds.
    fn range(&self, (first, second): (usize, usize)) -> Range {
        let (a, b) = (self.of(first), self.of(second));
        Range { least: (a + b - self.n).max(0.0), most: a.min(b) }
    }
}

/// One group.
struct Group<'a> {
    cell: usize,
    rules: &'a Rules,
    veil: &'a Veil,
    configurations: &'a [Configuration],
    min_n: f64,
    pairs: Vec<(usize, usize)>,
    all: Part,
    /// The insecure and the others, by configuration whose H is shown.
    parts: Vec<(&'a Configuration, Part, Part)>,
}

impl<'a> Group<'a> {
    fn new(
        cell: usize,
        patterns: &'a [PatternTally],
        rules: &'a Rules,
        veil: &'a Veil,
        configurations: &'a [Configuration],
        min_n: u64,
    ) -> Self {
        let indicators = rules.layout.indicators;
        let pairs: Vec<(usize, usize)> =
            (0..indicators).flat_map(|first| (first + 1..indicators).map(move |second| (first, second))).collect();
        let part = |of: &dyn Fn(u64) -> bool| Part::new(patterns, &pairs, indicators, of);
        let shown = configurations.iter().enumerate().filter(|(c, _)| !veil.is_hidden(rules.layout.h(cell, *c)));
        let parts = shown
            .map(|(_, configuration)| {
                let insecure = |p: u64| rules.is_insecure(p, configuration);
                (configuration, part(&insecure), part(&|p| !insecure(p)))
            })
            .collect();
        let all = part(&|_| true);
        Group { cell, rules, veil, configurations, min_n: min_n as f64, pairs, all, parts }
    }

    /// Both, either alone, neither.
    fn is_small(&self, at: usize, (first, second): (usize, usize)) -> bool {
        let both = self.all.both.get(at).copied().unwrap_or_default();
        let (a, b) = (self.all.of(first), self.all.of(second));
        [both, a - both, b - both, self.all.n - a - b + both].iter().any(|rows| *rows < self.min_n)
    }

    fn has_hidden_headcount(&self, (first, second): (usize, usize)) -> bool {
        [first, second].iter().any(|j| self.veil.is_hidden(self.rules.layout.headcount(self.cell, *j)))
    }

    /// Whether H, the union, a headcount or a censored one of the group is hidden.
    fn lacks_a_figure(&self) -> bool {
        let layout = self.rules.layout;
        let first = layout.headcount(self.cell, 0);
        let hidden = |mut units: std::ops::Range<usize>| units.any(|unit| self.veil.is_hidden(unit));
        let configurations = 0..self.configurations.len();
        hidden(first..first + layout.indicators)
            || self.rules.vital != 0 && self.veil.is_hidden(layout.union(self.cell))
            || configurations.clone().any(|c| self.veil.is_hidden(layout.h(self.cell, c)))
            || configurations.into_iter().any(|c| (0..layout.indicators).any(|j| self.veil.is_hidden(layout.censored(self.cell, c, j))))
    }

    /// Whether each pair is hidden, and whether for its own small counts.
    fn hide_pairs(&self) -> Vec<(bool, bool)> {
        let few = self.rules.layout.indicators <= 3 && self.lacks_a_figure();
        let mut hidden: Vec<(bool, bool)> = self
            .pairs
            .iter()
            .enumerate()
            .map(|(at, pair)| {
                let small = self.is_small(at, *pair);
                // with few indicators, pairs give the rest away
                (small || few || self.has_hidden_headcount(*pair), small)
            })
            .collect();
        let mut order: Vec<usize> = (0..self.pairs.len()).collect();
        let size = |at: usize| self.all.both.get(at).copied().unwrap_or_default();
        order.sort_by(|a, b| size(*a).total_cmp(&size(*b)).then(a.cmp(b)));
        for next in order {
            let is_hidden = hidden.get(next).is_some_and(|(hidden, _)| *hidden);
            if is_hidden {
                continue;
            }
            if self.are_wide(&self.ranges(&hidden), &hidden) {
                break;
            }
            hidden.iter_mut().skip(next).take(1).for_each(|pair| pair.0 = true);
        }
        hidden
    }

    /// Whether every hidden pair, of shown headcounts, may lie anywhere in an interval that is wide enough. Where a headcount is hidden
    /// the linked tables leave it at least as wide, and the pair with it.
    fn are_wide(&self, ranges: &[Range], hidden: &[(bool, bool)]) -> bool {
        let open =
            self.pairs.iter().zip(ranges).zip(hidden).filter(|((pair, _), (hidden, _))| *hidden && !self.has_hidden_headcount(**pair));
        open.into_iter().all(|((_, range), _)| range.width() >= self.min_n - 1e-6)
    }

    /// Where each pair may lie, for whoever knows every headcount, H, and the pairs that are shown.
    fn ranges(&self, hidden: &[(bool, bool)]) -> Vec<Range> {
        let is_hidden = |at: usize| hidden.get(at).is_none_or(|(hidden, _)| *hidden);
        let known = |at: usize| self.all.both.get(at).copied().filter(|_| !is_hidden(at)).map(|rows| Range { least: rows, most: rows });
        let mut ranges: Vec<Range> =
            (0..self.pairs.len()).zip(&self.pairs).map(|(at, pair)| known(at).unwrap_or_else(|| self.by_thirds(*pair, hidden))).collect();
        for (configuration, insecure, others) in &self.parts {
            // of the insecure: what the whole pair leaves when the others have as many, or as few, as they may
            let parts: Vec<(Range, Range)> = self
                .pairs
                .iter()
                .zip(&ranges)
                .map(|(pair, whole)| {
                    let rest = others.range(*pair);
                    (insecure.range(*pair).within(Range { least: whole.least - rest.most, most: whole.most - rest.least }), rest)
                })
                .collect();
            let own: Vec<Range> = parts.iter().map(|(own, _)| *own).collect();
            let own = self.by_squares(&own, &insecure.both, &configuration.weights);
            for ((range, own), (_, rest)) in ranges.iter_mut().zip(own).zip(&parts) {
                *range = range.within(Range { least: own.least + rest.least, most: own.most + rest.most });
            }
        }
        ranges
    }

    /// By Fréchet, and by every third indicator whose pairs with both are shown.
    fn by_thirds(&self, (first, second): (usize, usize), hidden: &[(bool, bool)]) -> Range {
        let all = &self.all;
        let shown = |a: usize, b: usize| {
            let (a, b, d) = (a.min(b), a.max(b), all.deprived.len());
            let at = a * (2 * d - a - 1) / 2 + b - a - 1;
            all.both.get(at).copied().filter(|_| hidden.get(at).is_some_and(|(hidden, _)| !hidden))
        };
        let mut range = all.range((first, second));
        for third in (0..all.deprived.len()).filter(|j| *j != first && *j != second) {
            let (Some(a), Some(b)) = (shown(first, third), shown(second, third)) else { continue };
            let with = Part { n: all.of(third), deprived: vec![a, b], both: Vec::new() }.range((0, 1));
            let without =
                Part { n: all.n - all.of(third), deprived: vec![all.of(first) - a, all.of(second) - b], both: Vec::new() }.range((0, 1));
            range = range.within(Range { least: with.least + without.least, most: with.most + without.most });
        }
        range
    }

    /// What Σ c² = Σ w_a² n_a + 2 Σ w_a w_b n_ab leaves each pair, given where all others may lie.
    fn by_squares(&self, ranges: &[Range], both: &[f64], weights: &[f64]) -> Vec<Range> {
        let weight = |(first, second): (usize, usize)| {
            let of = |j: usize| weights.get(j).copied().unwrap_or_default();
            of(first) * of(second)
        };
        let sum = |of: &dyn Fn(usize) -> f64| self.pairs.iter().enumerate().map(|(at, pair)| weight(*pair) * of(at)).sum::<f64>();
        let range = |at: usize| ranges.get(at).copied().unwrap_or(Range { least: 0.0, most: 0.0 });
        let told = sum(&|at| both.get(at).copied().unwrap_or_default());
        let (least, most) = (sum(&|at| range(at).least), sum(&|at| range(at).most));
        let narrowed = self.pairs.iter().enumerate().map(|(at, pair)| {
            let (own, w) = (range(at), weight(*pair));
            if w <= 0.0 {
                return own;
            }
            own.within(Range { least: (told - (most - w * own.most)) / w, most: (told - (least - w * own.least)) / w })
        });
        narrowed.collect()
    }

    /// Weightings whose distribution may not be shown.
    fn hide_counts(&self, cell: &Cell, hidden: &[(bool, bool)], levels: &mut Levels) -> BTreeSet<usize> {
        let mut bare = BTreeSet::new();
        let mut ranges = self.ranges(hidden);
        let lacks = self.lacks_a_figure();
        let weightings = self.configurations.chunk_by(|a, b| a.weighting == b.weighting).filter_map(|chunk| chunk.first());
        for (weighting, configuration) in weightings.enumerate() {
            let rows = || cell.counts.iter().filter(|row| row.weighting == weighting);
            if lacks || rows().any(|row| (row.rows as f64) < self.min_n) {
                bare.insert(weighting);
                continue;
            }
            if !hidden.iter().any(|(hidden, _)| *hidden) {
                continue;
            }
            let shares: Vec<(f64, f64)> = rows().map(|row| (row.deprivation_share, row.rows as f64)).collect();
            let narrowed = levels.of(weighting, configuration, &self.pairs).map(|levels| {
                let by_squares = self.by_squares(&ranges, &self.all.both, &configuration.weights);
                by_squares.into_iter().enumerate().map(|(at, range)| range.within(levels.range(at, &shares))).collect::<Vec<_>>()
            });
            match narrowed {
                Some(narrowed) if self.are_wide(&narrowed, hidden) => ranges = narrowed,
                _ => {
                    bare.insert(weighting);
                }
            }
        }
        bare
    }
}

/// Which patterns have which share of deprivations, by weighting; made where needed.
#[derive(Default)]
struct Levels {
    made: Vec<(usize, Level)>,
}

/// Values of the share of deprivations, with whether any pattern of that value has each pair, and whether any has it not.
struct Level {
    values: Vec<(f64, Vec<(bool, bool)>)>,
}

impl Levels {
    fn of(&mut self, weighting: usize, configuration: &Configuration, pairs: &[(usize, usize)]) -> Option<&Level> {
        if configuration.weights.len() > MOST_INDICATORS {
            return None;
        }
        if !self.made.iter().any(|(known, _)| *known == weighting) {
            self.made.push((weighting, Level::new(&configuration.weights, pairs)));
        }
        self.made.iter().find(|(known, _)| *known == weighting).map(|(_, level)| level)
    }
}

impl Level {
    fn new(weights: &[f64], pairs: &[(usize, usize)]) -> Level {
        let mut patterns: Vec<(f64, u64)> = (0..1_u64 << weights.len()).map(|p| (share_of(p, weights), p)).collect();
        patterns.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut values: Vec<(f64, Vec<(bool, bool)>)> = Vec::new();
        for (share, pattern) in patterns {
            if values.last().is_none_or(|(value, _)| share - value > SLACK) {
                values.push((share, vec![(false, false); pairs.len()]));
            }
            let Some((_, seen)) = values.last_mut() else { continue };
            for ((with, without), (first, second)) in seen.iter_mut().zip(pairs) {
                let both = pattern >> first & pattern >> second & 1 == 1;
                *with |= both;
                *without |= !both;
            }
        }
        Level { values }
    }

    /// Where a pair may lie, given how many rows have each value.
    fn range(&self, pair: usize, rows: &[(f64, f64)]) -> Range {
        let mut range = Range { least: 0.0, most: 0.0 };
        for &(share, rows) in rows {
            let known = self.values.iter().find(|(value, _)| (value - share).abs() <= 2.0 * SLACK);
            let (with, without) = known.and_then(|(_, seen)| seen.get(pair)).copied().unwrap_or((true, true));
            range.least += if without { 0.0 } else { rows };
            range.most += if with { rows } else { 0.0 };
        }
        range
    }
}

/// What may not be shown of each crossed group, in order.
pub(super) fn apart(result: &ScoreResult, tallies: &Tallies, rules: &Rules, veil: &Veil, min_n: u64, tick: Tick<'_>) -> Result<Vec<Apart>> {
    let mut levels = Levels::default();
    let mut found = Vec::new();
    for (at, cell) in result.cells.iter().enumerate().filter(|(_, cell)| cell.is_group()) {
        if !tick(at as u64) {
            return Err(cancelled());
        }
        let own = cell.members.first().and_then(|member| tallies.cells.get(*member as usize));
        let Some(own) = own.filter(|_| !veil.is_hidden(rules.layout.n(at))) else {
            found.push(Apart::default());
            continue;
        };
        let group = Group::new(at, &own.patterns, rules, veil, &tallies.configurations, min_n);
        let hidden = group.hide_pairs();
        let bare = group.hide_counts(cell, &hidden, &mut levels);
        let pairs = group.pairs.iter().zip(&hidden).filter(|(_, (hidden, _))| *hidden);
        found.push(Apart { pairs: pairs.map(|((first, second), (_, small))| (*first, *second, *small)).collect(), bare });
    }
    Ok(found)
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
    cell.counts.retain(|row| !apart.bare.contains(&row.weighting));
}
