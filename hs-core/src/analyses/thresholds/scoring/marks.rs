//! Deprivations of a block of rows as bits, an indicator at a time.

use super::plan::Rule;
use crate::kernels::patterns::{AT_ONCE, Barred, Float, Test, Whole, barred, floats, nulls, wholes};
use crate::tables::{Cells, RowColumn as Column};

/// What the values of a dictionary say, or yes and no: bit 0 deprived, bit 1 missing.
pub(super) type Sayings = Vec<u8>;

/// The sayings of a column whose values are few.
pub(super) fn sayings(rule: &Rule, column: &Column<'_>) -> Sayings {
    let said = |column: &Column<'_>, at| {
        let said = rule.indicator.judge(column, at);
        u8::from(said.deprived) | u8::from(said.missing) << 1
    };
    match &column.cells {
        Cells::Codes(_, values) => (0..values.len()).map(|at| said(values, at)).collect(),
        Cells::Boolean(_) => [0.0, 1.0]
            .map(|number| {
                let missing = rule.missing_codes.contains(&number);
                u8::from(!missing && rule.test.passes(number)) | u8::from(missing) << 1
            })
            .to_vec(),
        _ => Vec::new(),
    }
}

/// Sets the bits of all indicators for rows from `from` on.
pub(super) fn mark_all(rules: &[Rule], columns: &[Column<'_>], said: &[Sayings], from: usize, deprived: &mut [u64], missing: &mut [u64]) {
    let length = deprived.len();
    for below in [true, false] {
        let mut several: [Barred<'_>; AT_ONCE] = [Barred { numbers: &[], bar: 0.0, bit: 0 }; AT_ONCE];
        let mut count = 0;
        for (rule, column) in rules.iter().zip(columns) {
            if let Some(barred) = as_barred(rule, column, below, from, length)
                && let Some(place) = several.get_mut(count)
            {
                *place = barred;
                count += 1;
            }
            if count == AT_ONCE {
                barred(&several, below, deprived, missing);
                count = 0;
            }
        }
        barred(several.get(..count).unwrap_or_default(), below, deprived, missing);
    }
    for ((rule, column), said) in rules.iter().zip(columns).zip(said) {
        let done = [true, false].iter().any(|below| as_barred(rule, column, *below, from, length).is_some());
        match column.valid.filter(|_| done) {
            Some(valid) => nulls(|at| valid.word(from + at), rule.bit, deprived, missing),
            None if done => {}
            None => mark(rule, column, said, from, deprived, missing),
        }
    }
}

/// A column of 64-bit floats against one bar, without codes for missing.
fn as_barred<'a>(rule: &Rule, column: &'a Column<'_>, below: bool, from: usize, length: usize) -> Option<Barred<'a>> {
    let bar = match rule.test {
        Test::Below(bar) if below => bar,
        Test::Above(bar) if !below => bar,
        _ => return None,
    };
    match &column.cells {
        Cells::Float64(cells) if rule.missing_codes.is_empty() => {
            Some(Barred { numbers: cells.get(from..from + length)?, bar, bit: rule.bit })
        }
        _ => None,
    }
}

/// Sets the bits of one indicator for rows from `from` on.
fn mark(rule: &Rule, column: &Column<'_>, said: &Sayings, from: usize, deprived: &mut [u64], missing: &mut [u64]) {
    let length = deprived.len();
    let bit = rule.bit;
    let mut by_number = true;
    match &column.cells {
        Cells::Int8(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::Int16(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::Int32(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::Int64(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::UInt8(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::UInt16(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::UInt32(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::UInt64(s) => mark_wholes(rule, s, from, deprived, missing),
        Cells::Float32(s) => mark_floats(rule, s, from, deprived, missing),
        Cells::Float64(s) => mark_floats(rule, s, from, deprived, missing),
        Cells::Boolean(bits) => {
            let bits = bits.slice(from, length);
            let say = |i| said.get(usize::from(bits.at(i))).copied().unwrap_or(2);
            put(bit, deprived, missing, say);
        }
        Cells::Codes(codes, _) => match codes.as_ref() {
            Cells::Int8(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::Int16(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::Int32(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::Int64(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::UInt8(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::UInt16(codes) => put_codes(bit, codes, from, said, deprived, missing),
            Cells::UInt32(codes) => put_codes(bit, codes, from, said, deprived, missing),
            codes => put(bit, deprived, missing, |i| said.get(codes.code(from + i)).copied().unwrap_or(2)),
        },
        Cells::Text(_) | Cells::Nothing(_) => {
            by_number = false;
            put(bit, deprived, missing, |i| {
                let said = rule.indicator.judge(column, from + i);
                u8::from(said.deprived) | u8::from(said.missing) << 1
            });
        }
    }
    if let Some(valid) = column.valid.filter(|_| by_number) {
        nulls(|at| valid.word(from + at), bit, deprived, missing);
    }
}

fn put(bit: u64, deprived: &mut [u64], missing: &mut [u64], say: impl Fn(usize) -> u8) {
    for (i, (d, m)) in deprived.iter_mut().zip(missing).enumerate() {
        let said = say(i);
        *d |= if said & 1 == 1 { bit } else { 0 };
        *m |= if said & 2 == 2 { bit } else { 0 };
    }
}

fn put_codes<T: Copy + TryInto<usize>>(bit: u64, codes: &[T], from: usize, said: &Sayings, deprived: &mut [u64], missing: &mut [u64]) {
    let codes = codes.get(from..).unwrap_or_default();
    for ((code, d), m) in codes.iter().zip(deprived).zip(missing) {
        let said = (*code).try_into().ok().and_then(|code| said.get(code)).copied().unwrap_or(2);
        *d |= if said & 1 == 1 { bit } else { 0 };
        *m |= if said & 2 == 2 { bit } else { 0 };
    }
}

fn mark_wholes<T: Whole>(rule: &Rule, cells: &[T], from: usize, deprived: &mut [u64], missing: &mut [u64]) {
    let cells = cells.get(from..).and_then(|cells| cells.get(..deprived.len())).unwrap_or_default();
    wholes(cells, &rule.test, rule.bit, deprived);
    if !rule.missing_codes.is_empty() {
        let mut marked = [0u64; super::shard::BLOCK];
        let marked = marked.get_mut(..deprived.len()).unwrap_or_default();
        wholes(cells, &Test::Among(rule.missing_codes.clone()), rule.bit, marked);
        strike(marked, deprived, missing);
    }
}

fn mark_floats<T: Float>(rule: &Rule, cells: &[T], from: usize, deprived: &mut [u64], missing: &mut [u64]) {
    let cells = cells.get(from..).and_then(|cells| cells.get(..deprived.len())).unwrap_or_default();
    floats(cells, &rule.test, rule.bit, deprived, missing);
    if !rule.missing_codes.is_empty() {
        let mut marked = [0u64; super::shard::BLOCK];
        let marked = marked.get_mut(..deprived.len()).unwrap_or_default();
        floats(cells, &Test::Among(rule.missing_codes.clone()), rule.bit, marked, missing);
        strike(marked, deprived, missing);
    }
}

/// What is marked is missing, and not deprived.
fn strike(marked: &[u64], deprived: &mut [u64], missing: &mut [u64]) {
    for ((mark, d), m) in marked.iter().zip(deprived).zip(missing) {
        *d &= !mark;
        *m |= mark;
    }
}
