//! Exact sums of a weight under many bits at once: a set of lanes takes the weight of a row in every lane whose bit is set.
#![allow(clippy::indexing_slicing)] // sets are made before they are written

use rustc_hash::FxHashMap;

use super::exact::Exact;
use super::window::{CARRY_AFTER, FULL, Limbs, Window};

/// Lanes that are added together.
const STEP: usize = 4;

/// Every pattern of four bits as masks of four words.
const MASKS: [[i64; STEP]; 16] = masks();

const fn masks() -> [[i64; STEP]; 16] {
    let mut masks = [[0; STEP]; 16];
    let mut pattern = 0;
    while pattern < 16 {
        let mut lane = 0;
        while lane < STEP {
            masks[pattern][lane] = -((pattern >> lane & 1) as i64);
            lane += 1;
        }
        pattern += 1;
    }
    masks
}

/// Bits of lanes: as many as fit a word, or two.
pub trait Bits: Copy {
    /// Takes the lowest four off.
    fn step(&mut self) -> usize;
}

impl Bits for u64 {
    #[inline(always)]
    fn step(&mut self) -> usize {
        let lowest = (*self & 15) as usize;
        *self >>= STEP;
        lowest
    }
}

impl Bits for u128 {
    #[inline(always)]
    fn step(&mut self) -> usize {
        let lowest = (*self & 15) as usize;
        *self >>= STEP;
        lowest
    }
}

/// High and low words of four lanes.
type Words = [[i64; STEP]; 2];

/// Sets of lanes.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// Steps of four lanes in a set.
    steps: usize,
    lanes: usize,
    words: Vec<Words>,
    window: Window,
    spilled: FxHashMap<(u32, u32), Exact>,
    total: i64,
    since: u64,
}

impl Lanes {
    /// No sets yet, of that many lanes each.
    pub fn new(lanes: usize, window: Window) -> Self {
        Lanes { steps: lanes.div_ceil(STEP), lanes, words: Vec::new(), window, spilled: FxHashMap::default(), total: 0, since: 0 }
    }

    /// Lanes of a set.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Whether there are no sets.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Makes sets up to that many.
    pub fn reserve(&mut self, sets: usize) {
        if sets * self.steps > self.words.len() {
            self.words.resize(sets * self.steps, Words::default());
        }
    }

    /// Sees to it that no word can run over with that many more rows, of which that is the sum of the high words.
    pub fn make_room(&mut self, rows: u64, total: i64) {
        self.since += rows;
        if self.since > CARRY_AFTER {
            for [high, low] in &mut self.words {
                for (high, low) in high.iter_mut().zip(low) {
                    let mut limbs = Limbs { high: *high, low: *low };
                    limbs.carry();
                    (*high, *low) = (limbs.high, limbs.low);
                }
            }
            self.total += self.since as i64;
            self.since = rows;
        }
        if self.total + total > FULL {
            for at in 0..self.words.len() {
                for lane in 0..STEP {
                    let limbs = self.limbs(at, lane);
                    self.words[at][0][lane] = 0;
                    self.words[at][1][lane] = 0;
                    if limbs != Limbs::default() {
                        let key = ((at / self.steps) as u32, (at % self.steps * STEP + lane) as u32);
                        self.spilled.entry(key).or_default().merge(&self.window.exact(limbs, None));
                    }
                }
            }
            self.total = 0;
        }
        self.total += total;
    }

    /// Adds a term to the lanes of a set whose bits are set.
    #[inline(always)]
    pub fn add<B: Bits>(&mut self, set: usize, mut bits: B, high: i64, low: i64) {
        let from = set * self.steps;
        for words in &mut self.words[from..from + self.steps] {
            let mask = MASKS[bits.step()];
            let [highs, lows] = *words;
            *words = [
                [highs[0] + (high & mask[0]), highs[1] + (high & mask[1]), highs[2] + (high & mask[2]), highs[3] + (high & mask[3])],
                [lows[0] + (low & mask[0]), lows[1] + (low & mask[1]), lows[2] + (low & mask[2]), lows[3] + (low & mask[3])],
            ];
        }
    }

    /// Adds a term that did not fit the window.
    pub fn spill(&mut self, set: usize, bits: u128, term: f64) {
        for lane in (0..self.lanes).filter(|lane| bits >> lane & 1 == 1) {
            self.spilled.entry((set as u32, lane as u32)).or_default().add(term);
        }
    }

    /// Adds a sum to one lane.
    pub fn add_sum(&mut self, set: usize, lane: usize, sum: &Exact) {
        self.reserve(set + 1);
        match self.window.take(sum) {
            Some(limbs) => {
                self.make_room(1, limbs.high);
                self.add_limbs(set, lane, limbs);
            }
            None => self.spilled.entry((set as u32, lane as u32)).or_default().merge(sum),
        }
    }

    /// Adds other lanes, whose sets are those of `sets` here.
    pub fn merge(&mut self, other: &Lanes, sets: impl Fn(usize) -> usize) {
        self.make_room(2, self.window.heights(other.total, other.window));
        for (at, [high, low]) in other.words.iter().enumerate() {
            let set = sets(at / other.steps);
            for lane in 0..STEP {
                let mut limbs = Limbs { high: high[lane], low: low[lane] };
                if limbs == Limbs::default() {
                    continue;
                }
                limbs.carry();
                let lane = at % other.steps * STEP + lane;
                match self.window.convert(limbs, other.window) {
                    Some(limbs) => {
                        self.reserve(set + 1);
                        self.add_limbs(set, lane, limbs);
                    }
                    None => self.spilled.entry((set as u32, lane as u32)).or_default().merge(&other.window.exact(limbs, None)),
                }
            }
        }
        for ((set, lane), sum) in &other.spilled {
            let set = sets(*set as usize);
            self.reserve(set + 1);
            self.spilled.entry((set as u32, *lane)).or_default().merge(sum);
        }
    }

    /// Moves to another window.
    pub fn turn(&mut self, window: Window) {
        if window != self.window {
            let old = std::mem::replace(self, Lanes::new(self.lanes, window));
            self.reserve(old.words.len() / old.steps);
            self.merge(&old, |set| set);
        }
    }

    /// One sum.
    pub fn exact(&self, set: usize, lane: usize) -> Exact {
        let limbs = self.limbs(set * self.steps + lane / STEP, lane % STEP);
        self.window.exact(limbs, self.spilled.get(&(set as u32, lane as u32)))
    }

    /// The floats nearest to the sums of some sets together, lane by lane: added before they are rounded.
    pub fn values(&self, sets: std::ops::Range<usize>) -> Vec<f64> {
        let value = |lane: usize| {
            let spilled = || sets.clone().any(|set| self.spilled.contains_key(&(set as u32, lane as u32)));
            if self.spilled.is_empty() || !spilled() {
                let sum = sets.clone().fold(Limbs::default(), |sum, set| {
                    let mut one = self.limbs(set * self.steps + lane / STEP, lane % STEP);
                    one.carry();
                    Limbs { high: sum.high + one.high, low: sum.low + one.low }
                });
                self.window.value(sum, None)
            } else {
                let mut sum = Exact::default();
                sets.clone().for_each(|set| sum.merge(&self.exact(set, lane)));
                sum.value()
            }
        };
        (0..self.lanes).map(value).collect()
    }

    fn add_limbs(&mut self, set: usize, lane: usize, limbs: Limbs) {
        let [high, low] = &mut self.words[set * self.steps + lane / STEP];
        high[lane % STEP] += limbs.high;
        low[lane % STEP] += limbs.low;
    }

    fn limbs(&self, at: usize, lane: usize) -> Limbs {
        self.words.get(at).map_or(Limbs::default(), |[high, low]| Limbs { high: high[lane], low: low[lane] })
    }
}
