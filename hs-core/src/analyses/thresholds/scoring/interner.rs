//! Values of a column numbered in the order in which they first come.

use rustc_hash::FxHashMap;

use crate::kernels::pairs::Pairs;
use crate::tables::{Cells, Key, RowColumn as Column};

const NONE: u32 = u32::MAX;
/// Whole numbers below this are looked up by address.
const SMALL: usize = 1 << 16;

/// The values that a column has had so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Interner {
    keys: Vec<Key>,
    known: FxHashMap<Key, u32>,
    texts: FxHashMap<String, u32>,
    /// Numbers of small whole numbers.
    small: Vec<u32>,
    /// Other whole numbers, and their numbers here.
    large: Pairs,
    large_numbers: Vec<u32>,
    /// Of this batch: numbers of the codes of its dictionary.
    codes: Vec<u32>,
}

impl Interner {
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    pub(super) fn number(&mut self, key: Key) -> u32 {
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        let number = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.known.insert(key, number);
        number
    }

    /// Forgets the dictionary of the batch before.
    pub(super) fn begin(&mut self, column: &Column<'_>) {
        self.codes.clear();
        if let Cells::Codes(_, values) = &column.cells {
            self.codes.resize(values.len(), NONE);
        }
    }

    /// Numbers of some rows in a row.
    pub(super) fn fill(&mut self, column: &Column<'_>, from: usize, numbers: &mut [u32]) {
        match &column.cells {
            Cells::Int8(cells) => self.wholes(column, cells, from, numbers),
            Cells::Int16(cells) => self.wholes(column, cells, from, numbers),
            Cells::Int32(cells) => self.wholes(column, cells, from, numbers),
            Cells::Int64(cells) => self.wholes(column, cells, from, numbers),
            Cells::UInt8(cells) => self.wholes(column, cells, from, numbers),
            Cells::UInt16(cells) => self.wholes(column, cells, from, numbers),
            Cells::UInt32(cells) => self.wholes(column, cells, from, numbers),
            Cells::Float64(cells) => self.floats(column, cells, from, numbers),
            Cells::Codes(codes, values) => match codes.as_ref() {
                Cells::Int8(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::Int16(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::Int32(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::Int64(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::UInt8(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::UInt16(codes) => self.dictionary(column, values, codes, from, numbers),
                Cells::UInt32(codes) => self.dictionary(column, values, codes, from, numbers),
                _ => self.any(column, from, numbers),
            },
            Cells::Text(texts) => {
                let mut last: Option<(&str, u32)> = None;
                for (i, number) in numbers.iter_mut().enumerate() {
                    if column.is_null(from + i) {
                        *number = self.number(Key::Missing);
                        continue;
                    }
                    let text = texts.at(from + i);
                    *number = match last {
                        Some((before, number)) if before == text => number,
                        _ => self.text(text),
                    };
                    last = Some((text, *number));
                }
            }
            _ => self.any(column, from, numbers),
        }
    }

    fn any(&mut self, column: &Column<'_>, from: usize, numbers: &mut [u32]) {
        for (i, number) in numbers.iter_mut().enumerate() {
            *number = self.number(column.key(from + i).unwrap_or(Key::Missing));
        }
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let number = self.number(Key::Text(text.to_owned()));
        self.texts.insert(text.to_owned(), number);
        number
    }

    fn wholes<T: Copy + PartialEq + Into<i64>>(&mut self, column: &Column<'_>, cells: &[T], from: usize, numbers: &mut [u32]) {
        let cells = cells.get(from..).unwrap_or_default();
        // in the order of a survey whole blocks lie in one group or stratum
        if let (Some(first), None) = (cells.first(), column.valid)
            && alike(cells.get(..numbers.len()).unwrap_or_default(), *first)
        {
            numbers.fill(self.whole((*first).into()));
            return;
        }
        // known ones by address first; what is left, mostly nothing or all the same, one by one
        let mut unknown = column.valid.is_some();
        for (number, cell) in numbers.iter_mut().zip(cells) {
            let cell: i64 = (*cell).into();
            *number = self.small.get(cell as usize).copied().unwrap_or(NONE);
            unknown |= *number == NONE;
        }
        if !unknown {
            return;
        }
        let mut last: Option<(T, u32)> = None;
        for (i, (number, cell)) in numbers.iter_mut().zip(cells).enumerate() {
            if column.valid.is_some_and(|valid| !valid.at(from + i)) {
                *number = self.number(Key::Missing);
            } else if *number == NONE {
                *number = match last {
                    Some((before, number)) if before == *cell => number,
                    _ => self.whole((*cell).into()),
                };
                last = Some((*cell, *number));
            }
        }
    }

    #[inline]
    fn whole(&mut self, whole: i64) -> u32 {
        match usize::try_from(whole).ok().and_then(|at| self.small.get(at)) {
            Some(number) if *number != NONE => *number,
            _ => self.new_whole(whole),
        }
    }

    fn new_whole(&mut self, whole: i64) -> u32 {
        if let Ok(at) = usize::try_from(whole)
            && at < SMALL
        {
            let number = self.number(Key::Integer(whole));
            if at >= self.small.len() {
                self.small.resize((at + 1).next_power_of_two(), NONE);
            }
            if let Some(place) = self.small.get_mut(at) {
                *place = number;
            }
            return number;
        }
        let at = self.large.number(whole as u64) as usize;
        if let Some(number) = self.large_numbers.get(at) {
            return *number;
        }
        let number = self.number(Key::Integer(whole));
        self.large_numbers.push(number);
        number
    }

    fn floats(&mut self, column: &Column<'_>, cells: &[f64], from: usize, numbers: &mut [u32]) {
        let cells = cells.get(from..).unwrap_or_default();
        for (i, (number, cell)) in numbers.iter_mut().zip(cells).enumerate() {
            // rows were checked: what is not missing is whole
            *number = if cell.is_nan() || column.valid.is_some_and(|valid| !valid.at(from + i)) {
                self.number(Key::Missing)
            } else {
                self.whole(*cell as i64)
            };
        }
    }

    fn dictionary<T: Copy + Into<i64>>(&mut self, column: &Column<'_>, values: &Column<'_>, codes: &[T], from: usize, numbers: &mut [u32]) {
        let codes = codes.get(from..).unwrap_or_default();
        for (i, (number, code)) in numbers.iter_mut().zip(codes).enumerate() {
            if column.valid.is_some_and(|valid| !valid.at(from + i)) {
                *number = self.number(Key::Missing);
                continue;
            }
            let code = (*code).into() as usize;
            *number = match self.codes.get(code) {
                Some(known) if *known != NONE => *known,
                _ => {
                    let number = self.number(values.key(code).unwrap_or(Key::Missing));
                    if let Some(place) = self.codes.get_mut(code) {
                        *place = number;
                    }
                    number
                }
            };
        }
    }
}

/// Whether all cells are the same as one: several at once, without a branch for each.
fn alike<T: Copy + PartialEq>(cells: &[T], first: T) -> bool {
    cells.chunks(64).all(|some| some.iter().fold(true, |alike, cell| alike & (*cell == first)))
}
