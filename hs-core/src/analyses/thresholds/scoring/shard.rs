//! What one thread has summed: blocks of rows go in, shards are added up.
#![allow(clippy::indexing_slicing)] // blocks have one length and numbers are those of the shard's own tables

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::intake::Intake;
use super::interner::Interner;
use super::marks::{Sayings, mark_all};
use super::plan::{ALL_DEPRIVED, COMPLETE, LACKING, NONE_DEPRIVED, Plan};
use crate::kernels::exact::Exact;
use crate::kernels::histogram::{Block, Histogram, Split};
use crate::kernels::lanes::{Bits, Lanes};
use crate::kernels::pairs::{Pairs, halves, pair};
use crate::kernels::window::Window;
use crate::tables::{Cells, RowColumn as Column};

/// Rows in a block: what is known of them stays in the nearest cache.
pub(super) const BLOCK: usize = 1024;
/// How often a shard looks for better windows.
const MOST_TURNS: u32 = 8;

/// Sums of gaps, by cell and configuration.
pub(super) type Gaps = HashMap<(u32, u32), Vec<Exact>, FxBuildHasher>;

/// What some rows amount to.
#[derive(Debug, Clone, Default)]
pub(super) struct Shard {
    pub by: Vec<Interner>,
    /// Groups: of one column its values; of more, pairs of what was crossed before and the next.
    pub crossed: Vec<Pairs>,
    pub strata: Interner,
    pub clusters: Interner,
    /// With strata and without clusters: pairs of stratum and group, the cells of the histogram, which else are groups.
    pub cells: Pairs,
    /// Pairs of stratum and cluster.
    pub psus: Pairs,
    /// Pairs of PSU and group, the cells of the lanes.
    pub parts: Pairs,
    /// Least and greatest finite population that a stratum was given.
    pub fpc: Vec<[f64; 2]>,
    pub sums: Option<Sums>,
    pub gaps: Gaps,
    pub rows: u64,
    pub outside: u64,
    pub weightless: u64,
    turns: u32,
    scratch: Scratch,
}

/// The sums proper.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub histogram: Histogram,
    pub lanes: Lanes,
}

#[derive(Debug, Clone, Default)]
struct Scratch {
    deprived: Vec<u64>,
    missing: Vec<u64>,
    weights: Vec<f64>,
    squares: Vec<f64>,
    numbers: Vec<f64>,
    groups: Vec<u32>,
    other: Vec<u32>,
    strata: Vec<u32>,
    psus: Vec<u32>,
    parts: Vec<u32>,
    lines: Vec<u32>,
    patterns: Vec<u64>,
    words: [Vec<i64>; 4],
    spilled: [Vec<u32>; 2],
    /// 1 where a row is outside the domain, and where it counts.
    outside: Vec<u8>,
    counts: Vec<u8>,
}

impl Shard {
    pub(super) fn new(plan: &Plan) -> Shard {
        let by = plan.score.by.len();
        Shard { by: vec![Interner::default(); by], crossed: vec![Pairs::default(); by.saturating_sub(1)], ..Shard::default() }
    }

    /// Prepares for the rows of another batch.
    pub(super) fn begin(&mut self, intake: &Intake<'_>) {
        self.by.iter_mut().zip(&intake.by).for_each(|(interner, column)| interner.begin(column));
        intake.strata.iter().for_each(|column| self.strata.begin(column));
        intake.cluster.iter().for_each(|column| self.clusters.begin(column));
    }

    /// Takes in some rows of the batch, block by block.
    pub(super) fn take(&mut self, plan: &Plan, intake: &Intake<'_>, sayings: &[Sayings], rows: std::ops::Range<usize>) {
        let mut from = rows.start;
        let mut scratch = std::mem::take(&mut self.scratch);
        while from < rows.end {
            let length = BLOCK.min(rows.end - from);
            self.block(plan, intake, sayings, from, length, &mut scratch);
            from += length;
        }
        self.scratch = scratch;
    }

    fn block(&mut self, plan: &Plan, intake: &Intake<'_>, sayings: &[Sayings], from: usize, length: usize, s: &mut Scratch) {
        self.rows += length as u64;
        s.reset(length);
        mark_all(&plan.rules, &intake.indicators, sayings, from, &mut s.deprived, &mut s.missing);
        weigh(intake, from, s);
        self.number_groups(intake, from, s);
        self.number_design(intake, from, s);
        if intake.domain.is_some() {
            (0..length).filter(|i| !intake.inside(from + i)).for_each(|i| s.leave(i));
        }
        self.weightless += s.weights.iter().filter(|v| **v == 0.0).count() as u64;
        let outside = s.outside.iter().map(|outside| u64::from(*outside)).sum::<u64>();
        self.outside += outside;
        self.weightless -= outside;
        s.place(plan);
        self.add(plan, intake, from, s);
    }

    fn number_groups(&mut self, intake: &Intake<'_>, from: usize, s: &mut Scratch) {
        for (at, (interner, column)) in self.by.iter_mut().zip(&intake.by).enumerate() {
            if at == 0 {
                interner.fill(column, from, &mut s.groups);
                continue;
            }
            interner.fill(column, from, &mut s.other);
            pair_up(&mut self.crossed[at - 1], &mut s.groups, &s.other);
        }
    }

    /// Numbers of strata and PSUs; the cells of the histogram.
    fn number_design(&mut self, intake: &Intake<'_>, from: usize, s: &mut Scratch) {
        s.lines.copy_from_slice(&s.groups);
        if let Some(column) = &intake.strata {
            self.strata.fill(column, from, &mut s.strata);
        }
        if let Some(column) = &intake.cluster {
            s.psus.copy_from_slice(&s.strata);
            self.clusters.fill(column, from, &mut s.other);
            pair_up(&mut self.psus, &mut s.psus, &s.other);
        } else if intake.strata.is_some() {
            s.lines.copy_from_slice(&s.strata);
            pair_up(&mut self.cells, &mut s.lines, &s.groups);
        }
        if let Some(column) = &intake.fpc {
            for (i, stratum) in s.strata.iter().enumerate() {
                let given = column.number(from + i);
                self.see_fpc(*stratum as usize, [given, given]);
            }
        }
    }

    pub(super) fn see_fpc(&mut self, stratum: usize, given: [f64; 2]) {
        if stratum >= self.fpc.len() {
            self.fpc.resize(stratum + 1, [f64::INFINITY, 0.0]);
        }
        let [least, most] = &mut self.fpc[stratum];
        *least = least.min(given[0]);
        *most = most.max(given[1]);
    }

    fn add(&mut self, plan: &Plan, intake: &Intake<'_>, from: usize, s: &mut Scratch) {
        for (square, weight) in s.squares.iter_mut().zip(&s.weights) {
            *square = weight * weight;
        }
        let sums = self.sums.get_or_insert_with(|| {
            let windows = s.windows();
            Sums { histogram: Histogram::new(plan.indicators() as u32, windows), lanes: Lanes::new(plan.lanes(), windows[0]) }
        });
        let mut totals = s.split(sums.histogram.windows());
        let misfits = s.spilled[0].len().max(s.spilled[1].len());
        if misfits > BLOCK / 4 && self.turns < MOST_TURNS {
            self.turns += 1;
            let windows = s.windows();
            sums.histogram.turn(windows);
            sums.lanes.turn(windows[0]);
            totals = s.split(windows);
        }
        sums.histogram.add(&s.block(totals));
        if plan.kinds > NONE_DEPRIVED {
            add_lacking(&mut sums.histogram, plan, s, totals);
        }
        if intake.cluster.is_some() {
            add_lanes(sums, &mut self.parts, plan, s, totals[0]);
        }
        if plan.gaps {
            self.add_gaps(plan, intake, from, s);
        }
    }

    /// Sums of gaps: row by row, for those who are insecure.
    fn add_gaps(&mut self, plan: &Plan, intake: &Intake<'_>, from: usize, s: &Scratch) {
        for i in 0..s.weights.len() {
            if s.deprived[i] == 0 || s.counts[i] == 0 {
                continue;
            }
            let pattern = s.deprived[i];
            for weighting in &plan.weightings {
                let level = weighting.level(pattern);
                if level == 0 {
                    continue;
                }
                let [m1, m2] = gaps(plan, intake, &weighting.weights, pattern, from + i);
                let (v, squares) = (s.weights[i], s.squares[i]);
                let terms = [v * m1, v * m2, squares * m1, squares * (m1 * m1), squares * m2, squares * (m2 * m2)];
                let cell = match intake.cluster {
                    Some(_) => self.parts.number(pair(s.psus[i], s.groups[i])),
                    None => s.lines[i] / plan.kinds,
                };
                for (_, configuration) in weighting.cutoffs.iter().take(level) {
                    let sums = self.gaps.entry((cell, *configuration as u32)).or_insert_with(|| vec![Exact::default(); plan.gap_sums()]);
                    sums.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
                }
            }
        }
    }

    /// Stratum and group of a cell of the histogram.
    pub(super) fn cell(&self, plan: &Plan, cell: u32) -> (u32, u32) {
        let paired = plan.score.strata.is_some() && plan.score.cluster.is_none();
        if paired { halves(self.cells.words()[cell as usize]) } else { (0, cell) }
    }

    /// The numbers that a group has in its columns.
    pub(super) fn group(&self, group: u32) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(self.by.len());
        let mut left = group;
        for crossed in self.crossed.iter().rev() {
            let (before, own) = halves(crossed.words()[left as usize]);
            numbers.push(own);
            left = before;
        }
        if !self.by.is_empty() {
            numbers.push(left);
        }
        numbers.reverse();
        numbers
    }

    /// The group of those numbers in its columns.
    pub(super) fn group_of(&mut self, numbers: &[u32]) -> u32 {
        let Some((first, rest)) = numbers.split_first() else { return 0 };
        rest.iter().zip(&mut self.crossed).fold(*first, |before, (own, crossed)| crossed.number(pair(before, *own)))
    }

    /// How many groups there are.
    pub(super) fn groups(&self) -> u32 {
        match (self.crossed.last(), self.by.first()) {
            (Some(crossed), _) => crossed.words().len() as u32,
            (None, Some(only)) => only.keys().len() as u32,
            (None, None) => 1,
        }
    }

    /// Adds what another shard has summed.
    pub(super) fn merge(&mut self, plan: &Plan, other: &Shard) {
        self.rows += other.rows;
        self.outside += other.outside;
        self.weightless += other.weightless;
        let Some(sums) = &other.sums else { return };
        let numbered = |own: &mut Interner, other: &Interner| other.keys().iter().map(|key| own.number(key.clone())).collect::<Vec<u32>>();
        let by: Vec<Vec<u32>> = self.by.iter_mut().zip(&other.by).map(|(own, other)| numbered(own, other)).collect();
        let mut strata = numbered(&mut self.strata, &other.strata);
        let clusters = numbered(&mut self.clusters, &other.clusters);
        if plan.score.strata.is_none() {
            strata = vec![0];
        }
        let groups: Vec<u32> = (0..other.groups())
            .map(|group| {
                let numbers: Vec<u32> = other.group(group).iter().zip(&by).map(|(number, by)| by[*number as usize]).collect();
                self.group_of(&numbers)
            })
            .collect();
        for (stratum, given) in other.fpc.iter().enumerate() {
            if given[1] > 0.0 {
                self.see_fpc(strata[stratum] as usize, *given);
            }
        }
        let renumber = |own: &mut Pairs, other: &Pairs, first: &[u32], second: &[u32]| {
            let of = |word: &u64| {
                let (a, b) = halves(*word);
                own.number(pair(first[a as usize], second[b as usize]))
            };
            other.words().iter().map(of).collect::<Vec<u32>>()
        };
        let psus = renumber(&mut self.psus, &other.psus, &strata, &clusters);
        let parts = renumber(&mut self.parts, &other.parts, &psus, &groups);
        let paired = plan.score.strata.is_some() && plan.score.cluster.is_none();
        let cells = if paired { renumber(&mut self.cells, &other.cells, &strata, &groups) } else { groups };
        let lines: Vec<u32> = cells.iter().flat_map(|cell| (0..plan.kinds).map(move |kind| cell * plan.kinds + kind)).collect();
        let windows = sums.histogram.windows();
        let own = self.sums.get_or_insert_with(|| Sums {
            histogram: Histogram::new(plan.indicators() as u32, windows),
            lanes: Lanes::new(plan.lanes(), windows[0]),
        });
        own.histogram.merge(&sums.histogram, &lines);
        let sets = plan.sets();
        own.lanes.reserve(self.parts.words().len() * if sums.lanes.is_empty() { 0 } else { sets });
        own.lanes.merge(&sums.lanes, |set| parts[set / sets] as usize * sets + set % sets);
        let gap_cells = if plan.score.cluster.is_some() { &parts } else { &cells };
        for ((cell, configuration), sums) in &other.gaps {
            let own = self.gaps.entry((gap_cells[*cell as usize], *configuration)).or_insert_with(|| vec![Exact::default(); sums.len()]);
            own.iter_mut().zip(sums).for_each(|(own, other)| own.merge(other));
        }
    }
}

impl Scratch {
    fn reset(&mut self, length: usize) {
        for words in [&mut self.deprived, &mut self.missing] {
            words.clear();
            words.resize(length, 0);
        }
        self.patterns.resize(length, 0);
        self.outside.clear();
        self.outside.resize(length, 0);
        self.counts.resize(length, 0);
        for floats in [&mut self.weights, &mut self.squares, &mut self.numbers] {
            floats.resize(length, 0.0);
        }
        for numbers in [&mut self.groups, &mut self.other, &mut self.strata, &mut self.psus, &mut self.parts, &mut self.lines] {
            numbers.resize(length, 0);
        }
        self.words.iter_mut().for_each(|words| words.resize(length, 0));
    }

    /// A row outside the domain misses nothing, is deprived of nothing, and weighs nothing.
    fn leave(&mut self, i: usize) {
        self.outside[i] = 1;
        self.weights[i] = 0.0;
        self.missing[i] = 0;
        self.deprived[i] = 0;
    }

    /// Lines and patterns of the rows, from their cells: complete rows by what they are deprived of, others by what they miss.
    fn place(&mut self, plan: &Plan) {
        pulp::Arch::new().dispatch(Placing {
            kinds: plan.kinds,
            lines: &mut self.lines,
            patterns: &mut self.patterns,
            deprived: &self.deprived,
            missing: &self.missing,
        });
        for (line, outside) in self.lines.iter_mut().zip(&self.outside) {
            *line += (LACKING - COMPLETE) * u32::from(*outside);
        }
        if plan.score.cluster.is_none() && !plan.gaps {
            return;
        }
        let lenient = u8::from(plan.lenient);
        for ((counts, missing), outside) in self.counts.iter_mut().zip(&self.missing).zip(&self.outside) {
            *counts = (u8::from(*missing == 0) | lenient) & (outside ^ 1);
        }
    }

    /// Windows for the weights of this block and their squares.
    fn windows(&self) -> [Window; 2] {
        let most = self.weights.iter().fold(0.0f64, |most, weight| if *weight > most { *weight } else { most });
        let most = if most > 0.0 { most } else { 1.0 };
        [Window::around(most), Window::around(most * most)]
    }

    fn split(&mut self, windows: [Window; 2]) -> [i64; 2] {
        self.spilled.iter_mut().for_each(Vec::clear);
        let [high, low, high2, low2] = &mut self.words;
        let [first, second] = &mut self.spilled;
        let weights = windows[0].split(&self.weights, high, low, first);
        let squares = windows[1].split(&self.squares, high2, low2, second);
        [weights, squares]
    }

    fn block(&self, totals: [i64; 2]) -> Block<'_> {
        let split = |which: usize, terms| Split {
            high: &self.words[2 * which],
            low: &self.words[2 * which + 1],
            spilled: &self.spilled[which],
            terms,
            total: totals[which],
        };
        Block { lines: &self.lines, patterns: &self.patterns, weights: split(0, &self.weights), squares: split(1, &self.squares) }
    }
}

struct Placing<'a> {
    kinds: u32,
    lines: &'a mut [u32],
    patterns: &'a mut [u64],
    deprived: &'a [u64],
    missing: &'a [u64],
}

impl pulp::NullaryFnOnce for Placing<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let said = self.deprived.iter().zip(self.missing);
        for ((line, pattern), (deprived, missing)) in self.lines.iter_mut().zip(self.patterns).zip(said) {
            let lacking = u64::from(*missing != 0);
            *line = *line * self.kinds + COMPLETE + (LACKING - COMPLETE) * lacking as u32;
            *pattern = deprived ^ ((deprived ^ missing) & 0u64.wrapping_sub(lacking));
        }
    }
}

/// Replaces each number by that of its pair with another, which tends to have one.
fn pair_up(pairs: &mut Pairs, first: &mut [u32], second: &[u32]) {
    let Some(word) = first.first().zip(second.first()).map(|(first, second)| pair(*first, *second)) else { return };
    let mut last = (word, pairs.number(word));
    for (first, second) in first.iter_mut().zip(second) {
        let word = pair(*first, *second);
        if word != last.0 {
            last = (word, pairs.hinted(word, *second));
        }
        *first = last.1;
    }
}

/// Weight times size of each row of a block.
fn weigh(intake: &Intake<'_>, from: usize, s: &mut Scratch) {
    match &intake.weight {
        Some(column) => fill(column, from, &mut s.weights),
        None => s.weights.fill(1.0),
    }
    if let Some(column) = &intake.size {
        fill(column, from, &mut s.numbers);
        s.weights.iter_mut().zip(&s.numbers).for_each(|(weight, size)| *weight *= size);
    }
}

fn fill(column: &Column<'_>, from: usize, numbers: &mut [f64]) {
    match &column.cells {
        // rows were checked: none is null
        Cells::Float64(cells) => numbers.copy_from_slice(&cells[from..from + numbers.len()]),
        _ => numbers.iter_mut().enumerate().for_each(|(i, number)| *number = column.number(from + i)),
    }
}

/// Rows that miss an indicator, again: with what is missing not deprived, and deprived.
fn add_lacking(histogram: &mut Histogram, plan: &Plan, s: &Scratch, totals: [i64; 2]) {
    let rows: Vec<usize> = (0..s.weights.len()).filter(|i| s.missing[*i] != 0).collect();
    if rows.is_empty() {
        return;
    }
    let words = s.words.each_ref().map(|words| rows.iter().map(|i| words[*i]).collect::<Vec<i64>>());
    let weights: Vec<f64> = rows.iter().map(|i| s.weights[*i]).collect();
    let squares: Vec<f64> = rows.iter().map(|i| s.squares[*i]).collect();
    let spilled = s.spilled.each_ref().map(|spilled| {
        let place = |row: &u32| rows.binary_search(&(*row as usize)).ok().map(|at| at as u32);
        spilled.iter().filter_map(place).collect::<Vec<u32>>()
    });
    let [high, low, high2, low2] = &words;
    for kind in NONE_DEPRIVED..plan.kinds {
        let lines: Vec<u32> = rows.iter().map(|i| s.lines[*i] - LACKING + kind).collect();
        let lacking = |i: &usize| if kind == ALL_DEPRIVED { s.missing[*i] } else { 0 };
        let patterns: Vec<u64> = rows.iter().map(|i| s.deprived[*i] | lacking(i)).collect();
        histogram.add(&Block {
            lines: &lines,
            patterns: &patterns,
            weights: Split { high, low, spilled: &spilled[0], terms: &weights, total: totals[0] },
            squares: Split { high: high2, low: low2, spilled: &spilled[1], terms: &squares, total: totals[1] },
        });
    }
}

/// Sums by PSU and group of the rows that count.
fn add_lanes(sums: &mut Sums, parts: &mut Pairs, plan: &Plan, s: &mut Scratch, total: i64) {
    let sets = plan.sets();
    let lanes = &mut sums.lanes;
    lanes.make_room(s.weights.len() as u64, total);
    // rows that count, one after the other; the others must not make a part
    let mut count = 0;
    for (i, counts) in s.counts.iter().enumerate() {
        s.other[count] = i as u32;
        count += usize::from(*counts);
    }
    s.other.truncate(count);
    let mut last = None;
    for (part, row) in s.parts.iter_mut().zip(&s.other) {
        let (psu, group) = (s.psus[*row as usize], s.groups[*row as usize]);
        *part = match last {
            Some((before, part)) if before == (psu, group) => part,
            _ => parts.hinted(pair(psu, group), psu),
        };
        last = Some(((psu, group), *part));
    }
    lanes.reserve(parts.words().len() * sets);
    let s = &*s;
    if plan.lanes() <= u64::BITS as usize {
        let bits = |pattern: u64| 1 | pattern << 1 | u64::from(pattern & plan.vital != 0) << plan.vital_lane();
        pulp::Arch::new().dispatch(Laning { lanes, plan, s, bits });
    } else {
        pulp::Arch::new().dispatch(Laning { lanes, plan, s, bits: |pattern| plan.lane_bits(pattern) });
    }
    for row in &s.spilled[0] {
        let i = *row as usize;
        if let Ok(at) = s.other.binary_search(row) {
            let bits = plan.lane_bits(s.deprived[i]);
            let mut set = s.parts[at] as usize * sets;
            for weighting in &plan.weightings {
                lanes.spill(set + weighting.level(s.deprived[i]), bits, s.weights[i]);
                set += weighting.levels();
            }
        }
    }
}

struct Laning<'a, F> {
    lanes: &'a mut Lanes,
    plan: &'a Plan,
    s: &'a Scratch,
    bits: F,
}

impl<B: Bits, F: Fn(u64) -> B> pulp::NullaryFnOnce for Laning<'_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (sets, s) = (self.plan.sets(), self.s);
        let [high, low, ..] = &s.words;
        for (row, part) in s.other.iter().zip(&s.parts) {
            let row = *row as usize;
            let deprived = s.deprived[row];
            let mut set = *part as usize * sets;
            for weighting in &self.plan.weightings {
                self.lanes.add(set + weighting.level(deprived), (self.bits)(deprived), high[row], low[row]);
                set += weighting.levels();
            }
        }
    }
}

/// Weighted sums of the gaps of one row, and of their squares.
fn gaps(plan: &Plan, intake: &Intake<'_>, weights: &[f64], pattern: u64, row: usize) -> [f64; 2] {
    let mut sums = [0.0, 0.0];
    let mut left = pattern;
    while left != 0 {
        let j = left.trailing_zeros() as usize;
        left &= left - 1;
        let gap = plan.rules[j].indicator.gap(intake.indicators[j].number(row));
        sums[0] += weights[j] * gap;
        sums[1] += weights[j] * (gap * gap);
    }
    sums
}
