//! A weighted histogram over lines and patterns of bits: rows, exact sums of weights and of their squares.
//!
//! While lines x patterns stay few, a slot is found by its address; after that by hashing.
#![allow(clippy::indexing_slicing)] // slots are made before they are written

use rustc_hash::FxHashMap;

use super::exact::Exact;
use super::pairs::{Pairs, halves, pair};
use super::window::{CARRY_AFTER, FULL, Limbs, Window};

/// Most slots found by address: 20 MB.
const MOST_DENSE: usize = 1 << 19;

/// One line and pattern.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    rows: u64,
    weight: Limbs,
    square: Limbs,
}

/// A block of rows, ready to be added: a line and a pattern each, and the limbs of weight and square.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// Line of each row.
    pub lines: &'a [u32],
    /// Pattern of each row.
    pub patterns: &'a [u64],
    /// Weights.
    pub weights: Split<'a>,
    /// Their squares.
    pub squares: Split<'a>,
}

/// Limbs of the terms of a block.
#[derive(Debug, Clone, Copy)]
pub struct Split<'a> {
    /// High words.
    pub high: &'a [i64],
    /// Low words.
    pub low: &'a [i64],
    /// Rows whose term did not fit.
    pub spilled: &'a [u32],
    /// The terms of all rows.
    pub terms: &'a [f64],
    /// Sum of the high words.
    pub total: i64,
}

/// What one line and pattern amount to.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The line.
    pub line: u32,
    /// The pattern.
    pub pattern: u64,
    /// Rows.
    pub rows: u64,
    /// Sum of weights.
    pub weight: Exact,
    /// Sum of squares.
    pub square: Exact,
}

#[derive(Debug, Clone)]
enum Index {
    Dense,
    Hashed { patterns: Pairs, slots: Pairs },
}

/// The histogram.
#[derive(Debug, Clone)]
pub struct Histogram {
    /// Bits of a pattern.
    bits: u32,
    slots: Vec<Slot>,
    index: Index,
    /// Of weights, and of squares.
    windows: [Window; 2],
    /// What did not fit the windows, by slot.
    spilled: FxHashMap<u32, [Exact; 2]>,
    totals: [i64; 2],
    /// Rows since low words were carried.
    since: u64,
}

impl Histogram {
    /// An empty histogram of patterns of that many bits.
    pub fn new(bits: u32, windows: [Window; 2]) -> Self {
        let index = if bits > 18 { hashed() } else { Index::Dense };
        Histogram { bits, slots: Vec::new(), index, windows, spilled: FxHashMap::default(), totals: [0, 0], since: 0 }
    }

    /// Where the windows of weights and squares stand.
    pub fn windows(&self) -> [Window; 2] {
        self.windows
    }

    /// Adds a block of rows.
    pub fn add(&mut self, block: &Block<'_>) {
        let rows = block.lines.len();
        self.make_room(rows as u64, [block.weights.total, block.squares.total]);
        if matches!(self.index, Index::Dense) {
            let lines = block.lines.iter().fold(0, |most, line| most.max(*line)) as usize + 1;
            self.reserve(lines);
        }
        let terms = block.weights.high.iter().zip(block.weights.low).zip(block.squares.high.iter().zip(block.squares.low));
        let places = block.lines.iter().zip(block.patterns);
        match &mut self.index {
            Index::Dense => {
                let bits = self.bits;
                for ((line, pattern), ((high, low), (high2, low2))) in places.zip(terms) {
                    let slot = &mut self.slots[((*line as usize) << bits) | *pattern as usize];
                    slot.rows += 1;
                    slot.weight.high += high;
                    slot.weight.low += low;
                    slot.square.high += high2;
                    slot.square.low += low2;
                }
            }
            Index::Hashed { patterns, slots } => {
                for ((line, pattern), ((high, low), (high2, low2))) in places.zip(terms) {
                    let at = slots.number(pair(*line, patterns.number(*pattern))) as usize;
                    if at == self.slots.len() {
                        self.slots.push(Slot::default());
                    }
                    let slot = &mut self.slots[at];
                    slot.rows += 1;
                    slot.weight.high += high;
                    slot.weight.low += low;
                    slot.square.high += high2;
                    slot.square.low += low2;
                }
            }
        }
        for (which, split) in [block.weights, block.squares].iter().enumerate() {
            for row in split.spilled {
                let row = *row as usize;
                let at = self.slot(block.lines[row], block.patterns[row]);
                self.spilled.entry(at as u32).or_default()[which].add(split.terms[row]);
            }
        }
    }

    /// Adds an entry.
    pub fn add_entry(&mut self, entry: &Entry) {
        let at = self.slot(entry.line, entry.pattern);
        self.slots[at].rows += entry.rows;
        for (which, sum) in [&entry.weight, &entry.square].into_iter().enumerate() {
            match self.windows[which].take(sum) {
                Some(limbs) => self.add_limbs(at, which, limbs),
                None => self.spilled.entry(at as u32).or_default()[which].merge(sum),
            }
        }
    }

    fn add_limbs(&mut self, at: usize, which: usize, limbs: Limbs) {
        self.make_room(1, if which == 0 { [limbs.high, 0] } else { [0, limbs.high] });
        let slot = &mut self.slots[at];
        let sum = if which == 0 { &mut slot.weight } else { &mut slot.square };
        sum.high += limbs.high;
        sum.low += limbs.low;
    }

    /// Adds what was summed elsewhere.
    fn add_slot(
        &mut self,
        line: u32,
        pattern: u64,
        rows: u64,
        weight: (Limbs, Window, Option<&Exact>),
        square: (Limbs, Window, Option<&Exact>),
    ) {
        let at = self.slot(line, pattern);
        self.slots[at].rows += rows;
        for (which, (limbs, window, spilled)) in [weight, square].into_iter().enumerate() {
            match self.windows[which].convert(limbs, window) {
                Some(limbs) => self.add_limbs(at, which, limbs),
                None => self.spilled.entry(at as u32).or_default()[which].merge(&window.exact(limbs, None)),
            }
            if let Some(spilled) = spilled {
                self.spilled.entry(at as u32).or_default()[which].merge(spilled);
            }
        }
    }

    /// Adds another histogram, whose lines are those of `lines` here.
    pub fn merge(&mut self, other: &Histogram, lines: &[u32]) {
        other.each(&mut |line, pattern, at| {
            let mut slot = other.slots[at];
            slot.weight.carry();
            slot.square.carry();
            let [weight, square] = match other.spilled.get(&(at as u32)) {
                Some([weight, square]) => [Some(weight), Some(square)],
                None => [None, None],
            };
            let [first, second] = other.windows;
            self.add_slot(lines[line as usize], pattern, slot.rows, (slot.weight, first, weight), (slot.square, second, square));
        });
    }

    /// Moves to other windows.
    pub fn turn(&mut self, windows: [Window; 2]) {
        if windows == self.windows {
            return;
        }
        let lines = self.lines();
        let old = std::mem::replace(self, Histogram::new(self.bits, windows));
        self.merge(&old, &(0..lines).collect::<Vec<_>>());
    }

    /// Everything that is not empty, in no order that means anything.
    pub fn entries(&self, see: &mut dyn FnMut(Entry)) {
        self.each(&mut |line, pattern, at| {
            let slot = self.slots[at];
            let spilled = self.spilled.get(&(at as u32));
            let weight = self.windows[0].exact(slot.weight, spilled.map(|s| &s[0]));
            let square = self.windows[1].exact(slot.square, spilled.map(|s| &s[1]));
            see(Entry { line, pattern, rows: slot.rows, weight, square });
        });
    }

    /// How many lines there may be entries of.
    fn lines(&self) -> u32 {
        match &self.index {
            Index::Dense => (self.slots.len() >> self.bits) as u32,
            Index::Hashed { slots, .. } => slots.words().iter().map(|word| halves(*word).0 + 1).max().unwrap_or(0),
        }
    }

    fn each(&self, see: &mut dyn FnMut(u32, u64, usize)) {
        for (at, slot) in self.slots.iter().enumerate() {
            if slot.rows == 0 {
                continue;
            }
            let (line, pattern) = match &self.index {
                Index::Dense => ((at >> self.bits) as u32, (at & ((1 << self.bits) - 1)) as u64),
                Index::Hashed { patterns, slots } => {
                    let (line, pattern) = halves(slots.words()[at]);
                    (line, patterns.words()[pattern as usize])
                }
            };
            see(line, pattern, at);
        }
    }

    /// The slot of a line and pattern, made where there is none.
    fn slot(&mut self, line: u32, pattern: u64) -> usize {
        if matches!(self.index, Index::Dense) {
            self.reserve(line as usize + 1);
        }
        match &mut self.index {
            Index::Dense => ((line as usize) << self.bits) | pattern as usize,
            Index::Hashed { patterns, slots } => {
                let at = slots.number(pair(line, patterns.number(pattern))) as usize;
                if at == self.slots.len() {
                    self.slots.push(Slot::default());
                }
                at
            }
        }
    }

    /// Makes the slots of that many lines, or goes over to hashing where they would be too many.
    fn reserve(&mut self, lines: usize) {
        let wanted = lines.saturating_mul(1 << self.bits);
        if wanted <= self.slots.len() {
            return;
        }
        if wanted <= MOST_DENSE {
            self.slots.resize(wanted, Slot::default());
            return;
        }
        let mut found = Vec::new();
        self.each(&mut |line, pattern, at| found.push((line, pattern, at)));
        let old = std::mem::take(&mut self.slots);
        let old_spilled = std::mem::take(&mut self.spilled);
        self.index = hashed();
        for (line, pattern, at) in found {
            let to = self.slot(line, pattern);
            self.slots[to] = old[at];
            if let Some(spilled) = old_spilled.get(&(at as u32)) {
                self.spilled.insert(to as u32, spilled.clone());
            }
        }
    }

    /// Sees to it that the words of no slot can run over with the next rows.
    fn make_room(&mut self, rows: u64, totals: [i64; 2]) {
        self.since += rows;
        if self.since > CARRY_AFTER {
            for slot in &mut self.slots {
                slot.weight.carry();
                slot.square.carry();
            }
            // a carry adds at most the rows to the high words
            self.totals = self.totals.map(|total| total + self.since as i64);
            self.since = rows;
        }
        for (which, more) in totals.into_iter().enumerate() {
            if self.totals[which] + more > FULL {
                for (at, slot) in self.slots.iter_mut().enumerate() {
                    let limbs = std::mem::take(if which == 0 { &mut slot.weight } else { &mut slot.square });
                    if limbs != Limbs::default() {
                        let spilled = &mut self.spilled.entry(at as u32).or_default()[which];
                        *spilled = self.windows[which].exact(limbs, Some(spilled));
                    }
                }
                self.totals[which] = 0;
            }
            self.totals[which] += more;
        }
    }
}

fn hashed() -> Index {
    Index::Hashed { patterns: Pairs::default(), slots: Pairs::default() }
}
