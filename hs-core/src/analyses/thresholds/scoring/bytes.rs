//! An accumulator as bytes, for another process or for later: the same bytes for the same sums, whatever way they were made.
//!
//! A magic word, a version, a checksum, then the settings as JSON and every sum in full. What small groups amount to stands in them, so
//! they are microdata. Docs: `docs/decisions/0006-exact-sums.md`.
#![allow(clippy::indexing_slicing)] // numbers are those of the shard's own tables; what is read is checked first

use sha2::{Digest, Sha256};

use super::ScoreAccumulator;
use super::intake::Sort;
use super::interner::Interner;
use super::plan::Plan;
use super::shard::{Shard, Sums};
use super::tallies::Key;
use crate::kernels::exact::{Exact, MOST_DIGITS};
use crate::kernels::histogram::{Entry, Histogram};
use crate::kernels::lanes::Lanes;
use crate::kernels::pairs::{halves, pair};
use crate::kernels::window::Window;
use crate::{Error, ErrorKind, Result};

const MAGIC: &[u8; 8] = b"hs-score";
const VERSION: u8 = 1;
/// Magic, version, checksum.
const HEAD: usize = 8 + 1 + 32;

impl ScoreAccumulator {
    /// Everything taken in, as bytes. They hold what small groups amount to: treat them as microdata.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut writer = Writer(Vec::new());
        let settings = serde_json::to_string(&self.plan.score).map_err(|e| Error::internal(format!("settings do not serialise: {e}")))?;
        writer.text(&settings);
        writer.0.extend(self.sorts.iter().map(|sort| sort.code()));
        writer.shard(&self.plan, &self.whole());
        let mut bytes = Vec::with_capacity(HEAD + writer.0.len());
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&Sha256::digest(&writer.0));
        bytes.extend(writer.0);
        Ok(bytes)
    }

    /// The accumulator of such bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Syntax`] where the bytes are not those of an accumulator or were damaged, [`ErrorKind::Unsupported`] where a later
    /// version wrote them, [`ErrorKind::Memory`] where what they ask for is not to be had.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let broken = |found: &str| Error::new(ErrorKind::Syntax, format!("found {found}, wanted the bytes of a score accumulator"));
        let (Some(magic), Some(version), Some(sum), Some(body)) = (bytes.get(..8), bytes.get(8), bytes.get(9..HEAD), bytes.get(HEAD..))
        else {
            return Err(broken("too few bytes"));
        };
        if magic != MAGIC {
            return Err(broken("other bytes"));
        }
        if *version != VERSION {
            let message = format!("found version {version} of the bytes of a score accumulator, wanted {VERSION}: update this library");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        if Sha256::digest(body).as_slice() != sum {
            return Err(broken("bytes that were damaged: the checksum differs"));
        }
        let mut reader = Reader(body);
        let settings = reader.text()?;
        let mut accumulator = ScoreAccumulator::new(crate::settings_from_json(&settings)?)?;
        for sort in &mut accumulator.sorts {
            *sort = Sort::of_code(reader.byte()?).ok_or_else(unsound)?;
        }
        let shard = reader.shard(&accumulator.plan)?;
        if !reader.0.is_empty() {
            return Err(broken("bytes past the end"));
        }
        accumulator.shards.push(shard);
        Ok(accumulator)
    }
}

/// The checksum holds, but what the bytes say cannot be.
fn unsound() -> Error {
    Error::new(ErrorKind::Syntax, "found bytes that contradict themselves, wanted the bytes of a score accumulator")
}

impl Sort {
    fn code(self) -> u8 {
        match self {
            Sort::Nothing => 0,
            Sort::Number => 1,
            Sort::Boolean => 2,
            Sort::Text => 3,
        }
    }

    fn of_code(code: u8) -> Option<Sort> {
        [Sort::Nothing, Sort::Number, Sort::Boolean, Sort::Text].get(usize::from(code)).copied()
    }
}

struct Writer(Vec<u8>);

/// Positions of an interner's keys in their order, by number.
fn ranks(interner: &Interner) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..interner.keys().len() as u32).collect();
    order.sort_by_key(|number| &interner.keys()[*number as usize]);
    let mut ranks = vec![0; order.len()];
    order.iter().zip(0..).for_each(|(number, rank)| ranks[*number as usize] = rank);
    (order, ranks)
}

/// Numbers sorted by what they stand for, and their positions.
fn arranged<K: Ord>(count: usize, key: impl Fn(u32) -> K) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_cached_key(|number| key(*number));
    let mut ranks = vec![0; count];
    order.iter().zip(0..).for_each(|(number, rank)| ranks[*number as usize] = rank);
    (order, ranks)
}

impl Writer {
    /// A whole number, seven bits a byte.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn float(&mut self, float: f64) {
        self.0.extend_from_slice(&float.to_le_bytes());
    }

    fn sum(&mut self, sum: &Exact) {
        let (first, digits) = sum.canonical();
        self.number(digits.len() as u64);
        if !digits.is_empty() {
            self.number(first as u64);
            digits.iter().for_each(|digit| self.0.extend_from_slice(&digit.to_le_bytes()));
        }
    }

    fn keys(&mut self, interner: &Interner, order: &[u32]) {
        self.number(order.len() as u64);
        for number in order {
            match &interner.keys()[*number as usize] {
                Key::Missing => self.0.push(0),
                Key::Boolean(yes) => self.0.push(1 + u8::from(*yes)),
                Key::Integer(whole) => {
                    self.0.push(3);
                    self.0.extend_from_slice(&whole.to_le_bytes());
                }
                Key::Text(text) => {
                    self.0.push(4);
                    self.text(text);
                }
            }
        }
    }

    fn pairs(&mut self, words: &[u64], order: &[u32], first: &[u32], second: &[u32]) {
        self.number(order.len() as u64);
        for number in order {
            let (a, b) = halves(words[*number as usize]);
            self.number(u64::from(first[a as usize]));
            self.number(u64::from(second[b as usize]));
        }
    }

    fn shard(&mut self, plan: &Plan, shard: &Shard) {
        for count in [shard.rows, shard.outside, shard.weightless] {
            self.number(count);
        }
        let mut by = Vec::new();
        for interner in &shard.by {
            let (order, ranks) = ranks(interner);
            self.keys(interner, &order);
            by.push(ranks);
        }
        let (order, mut strata) = ranks(&shard.strata);
        self.keys(&shard.strata, &order);
        let (cluster_order, clusters) = ranks(&shard.clusters);
        self.keys(&shard.clusters, &cluster_order);
        if plan.score.strata.is_none() {
            strata = vec![0];
        }
        if plan.score.fpc.is_some() {
            let fpc = |stratum: u32| shard.fpc.get(stratum as usize).copied().unwrap_or([f64::INFINITY, 0.0]);
            let order = if plan.score.strata.is_some() { order } else { vec![0] };
            order.iter().flat_map(|stratum| fpc(*stratum)).for_each(|bound| self.float(bound));
        }
        let of_group = |group: u32| -> Vec<u32> { shard.group(group).iter().zip(&by).map(|(number, by)| by[*number as usize]).collect() };
        let (order, groups) = arranged(shard.groups() as usize, of_group);
        self.number(order.len() as u64);
        order.iter().flat_map(|group| of_group(*group)).for_each(|number| self.number(number.into()));
        let ranked = |words: &[u64], first: &[u32], second: &[u32]| {
            arranged(words.len(), |number| {
                let (a, b) = halves(words[number as usize]);
                (first[a as usize], second[b as usize])
            })
        };
        let (cell_order, mut cells) = ranked(shard.cells.words(), &strata, &groups);
        self.pairs(shard.cells.words(), &cell_order, &strata, &groups);
        let (psu_order, psus) = ranked(shard.psus.words(), &strata, &clusters);
        self.pairs(shard.psus.words(), &psu_order, &strata, &clusters);
        let (part_order, parts) = ranked(shard.parts.words(), &psus, &groups);
        self.pairs(shard.parts.words(), &part_order, &psus, &groups);
        let paired = plan.score.strata.is_some() && plan.score.cluster.is_none();
        if !paired {
            cells = groups;
        }
        self.sums(plan, shard, &cells, &part_order);
        let cells = if plan.score.cluster.is_some() { &parts } else { &cells };
        let mut gaps: Vec<_> = shard.gaps.iter().map(|((cell, c), sums)| ((cells[*cell as usize], *c), sums)).collect();
        gaps.sort_by_key(|gap| gap.0);
        self.number(gaps.len() as u64);
        for ((cell, configuration), sums) in gaps {
            self.number(cell.into());
            self.number(configuration.into());
            sums.iter().for_each(|sum| self.sum(sum));
        }
    }

    fn sums(&mut self, plan: &Plan, shard: &Shard, cells: &[u32], part_order: &[u32]) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut total = [Exact::default(), Exact::default()];
        if let Some(sums) = &shard.sums {
            sums.histogram.entries(&mut |mut entry| {
                entry.line = cells[(entry.line / plan.kinds) as usize] * plan.kinds + entry.line % plan.kinds;
                total[0].merge(&entry.weight);
                total[1].merge(&entry.square);
                entries.push(entry);
            });
        }
        entries.sort_by_key(|entry| (entry.line, entry.pattern));
        // the totals say which windows the reader should open
        total.iter().for_each(|sum| self.sum(sum));
        self.number(entries.len() as u64);
        for entry in &entries {
            self.number(entry.line.into());
            self.number(entry.pattern);
            self.number(entry.rows);
            self.sum(&entry.weight);
            self.sum(&entry.square);
        }
        let sets = plan.sets();
        if let Some(sums) = &shard.sums {
            for part in part_order {
                for set in (0..sets).map(|set| *part as usize * sets + set) {
                    (0..plan.lanes()).for_each(|lane| self.sum(&sums.lanes.exact(set, lane)));
                }
            }
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, length: usize) -> Result<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(unsound)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(unsound());
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(unsound())
    }

    /// How many items follow: each takes at least one byte, so there cannot be more than bytes.
    fn count(&mut self) -> Result<usize> {
        let count = usize::try_from(self.number()?).map_err(|_| unsound())?;
        if count > self.0.len() { Err(unsound()) } else { Ok(count) }
    }

    /// A number below a bound.
    fn below(&mut self, bound: usize) -> Result<u32> {
        let number = self.number()?;
        if number < bound as u64 { Ok(number as u32) } else { Err(unsound()) }
    }

    fn text(&mut self) -> Result<String> {
        let length = self.count()?;
        let bytes = self.take(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| unsound())
    }

    fn float(&mut self) -> Result<f64> {
        let bytes = self.take(8)?.try_into().map_err(|_| unsound())?;
        Ok(f64::from_le_bytes(bytes))
    }

    fn sum(&mut self) -> Result<Exact> {
        let length = self.count()?;
        if length == 0 {
            return Ok(Exact::default());
        }
        let first = self.below(MOST_DIGITS)? as usize;
        if first + length > MOST_DIGITS {
            return Err(unsound());
        }
        let bytes = self.take(4 * length)?;
        let digits: Vec<u32> = bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
        Ok(Exact::from_canonical(first, &digits))
    }

    fn keys(&mut self, interner: &mut Interner) -> Result<usize> {
        let count = self.count()?;
        for number in 0..count {
            let key = match self.byte()? {
                0 => Key::Missing,
                1 => Key::Boolean(false),
                2 => Key::Boolean(true),
                3 => Key::Integer(i64::from_le_bytes(self.take(8)?.try_into().map_err(|_| unsound())?)),
                4 => Key::Text(self.text()?),
                _ => return Err(unsound()),
            };
            if interner.number(key) as usize != number {
                return Err(unsound());
            }
        }
        Ok(count)
    }

    fn pairs(&mut self, pairs: &mut crate::kernels::pairs::Pairs, first: usize, second: usize) -> Result<usize> {
        let count = self.count()?;
        pairs.reserve(count)?;
        for number in 0..count {
            let word = pair(self.below(first)?, self.below(second)?);
            if pairs.number(word) as usize != number {
                return Err(unsound());
            }
        }
        Ok(count)
    }

    fn shard(&mut self, plan: &Plan) -> Result<Shard> {
        let mut shard = Shard::new(plan);
        shard.rows = self.number()?;
        shard.outside = self.number()?;
        shard.weightless = self.number()?;
        if shard.outside > shard.rows || shard.weightless > shard.rows {
            return Err(unsound());
        }
        let mut by = Vec::new();
        for interner in &mut shard.by {
            by.push(self.keys(interner)?);
        }
        let mut strata = self.keys(&mut shard.strata)?;
        let clusters = self.keys(&mut shard.clusters)?;
        if plan.score.strata.is_none() {
            strata = 1;
        }
        if plan.score.fpc.is_some() {
            for stratum in 0..strata {
                let given = [self.float()?, self.float()?];
                if given[1] > 0.0 {
                    shard.see_fpc(stratum, given);
                }
            }
        }
        let groups = self.count_from_one(shard.by.is_empty())?;
        for group in 0..groups {
            let numbers: Result<Vec<u32>> = by.iter().map(|count| self.below(*count)).collect();
            if shard.group_of(&numbers?) as usize != group {
                return Err(unsound());
            }
        }
        let cells = self.pairs(&mut shard.cells, strata, groups)?;
        let psus = self.pairs(&mut shard.psus, strata, clusters)?;
        let parts = self.pairs(&mut shard.parts, psus, groups)?;
        let paired = plan.score.strata.is_some() && plan.score.cluster.is_none();
        let cells = if paired { cells } else { groups };
        self.sums(plan, &mut shard, cells, parts)?;
        let cells = if plan.score.cluster.is_some() { parts } else { cells };
        for _ in 0..self.count()? {
            let key = (self.below(cells)?, self.below(plan.configurations.len())?);
            let sums: Result<Vec<Exact>> = (0..plan.gap_sums()).map(|_| self.sum()).collect();
            shard.gaps.insert(key, sums?);
        }
        Ok(shard)
    }

    /// Groups: one without columns to split by, which takes no bytes.
    fn count_from_one(&mut self, lone: bool) -> Result<usize> {
        match (lone, self.count()?) {
            (true, 1) => Ok(1),
            (false, count) => Ok(count),
            _ => Err(unsound()),
        }
    }

    fn sums(&mut self, plan: &Plan, shard: &mut Shard, cells: usize, parts: usize) -> Result<()> {
        let windows = [Window::below(&self.sum()?), Window::below(&self.sum()?)];
        let mut histogram = Histogram::new(plan.indicators() as u32, windows);
        let mut lanes = Lanes::new(plan.lanes(), windows[0]);
        let lines = cells.checked_mul(plan.kinds as usize).ok_or_else(unsound)?;
        let patterns = 1u128 << plan.indicators();
        let mut rows = 0u64;
        for _ in 0..self.count()? {
            let line = self.below(lines)?;
            let pattern = self.number()?;
            if u128::from(pattern) >= patterns {
                return Err(unsound());
            }
            let entry = Entry { line, pattern, rows: self.number()?, weight: self.sum()?, square: self.sum()? };
            // kinds 0 and 1 are all rows, once
            rows = rows.checked_add(if line % plan.kinds < 2 { entry.rows } else { 0 }).ok_or_else(unsound)?;
            if entry.rows == 0 || entry.rows > shard.rows {
                return Err(unsound());
            }
            histogram.add_entry(&entry);
        }
        if rows != shard.rows {
            return Err(unsound());
        }
        let sets = plan.sets();
        // a lane takes at least a byte
        if parts.checked_mul(sets * plan.lanes()).is_none_or(|lanes| lanes > self.0.len()) {
            return Err(unsound());
        }
        lanes.reserve(parts * sets);
        for set in 0..parts * sets {
            for lane in 0..plan.lanes() {
                lanes.add_sum(set, lane, &self.sum()?);
            }
        }
        if shard.rows > 0 {
            shard.sums = Some(Sums { histogram, lanes });
        } else if parts > 0 {
            return Err(unsound());
        }
        Ok(())
    }
}
