//! Which bits of which rows: columns of numbers against a test, a column at a time, so that the processor takes several rows at once.
#![allow(clippy::indexing_slicing)] // slices are cut to one length

use pulp::{Arch, NullaryFnOnce};

/// What sets the bit of a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Strictly below.
    Below(f64),
    /// Strictly above.
    Above(f64),
    /// Equal to one of these.
    Among(Vec<f64>),
    /// Equal to none of these.
    NotAmong(Vec<f64>),
}

impl Test {
    /// Whether a number passes; NaN passes none but the last.
    pub fn passes(&self, number: f64) -> bool {
        match self {
            Test::Below(bar) => number < *bar,
            Test::Above(bar) => number > *bar,
            Test::Among(values) => values.contains(&number),
            Test::NotAmong(values) => !values.contains(&number),
        }
    }
}

/// A float of any width.
pub trait Float: Copy {
    /// The same number in 64 bits.
    fn wide(self) -> f64;
}

impl Float for f64 {
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}

impl Float for f32 {
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

/// A whole number of any width.
pub trait Whole: Copy + PartialOrd {
    /// The least and the greatest.
    const ENDS: [i128; 2];
    /// The number, which lies between the ends.
    fn narrow(number: i128) -> Self;
}

macro_rules! whole {
    ($($kind:ty),+) => {
        $(impl Whole for $kind {
            const ENDS: [i128; 2] = [<$kind>::MIN as i128, <$kind>::MAX as i128];
            #[inline(always)]
            fn narrow(number: i128) -> Self {
                number as $kind
            }
        })+
    };
}
whole!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Sets a bit in `passed` where a float passes, and in `missing` where it is NaN.
pub fn floats<T: Float>(numbers: &[T], test: &Test, bit: u64, passed: &mut [u64], missing: &mut [u64]) {
    let arch = Arch::new();
    match test {
        Test::Below(bar) => arch.dispatch(|| each_float(numbers, |x| x < *bar, bit, passed, missing)),
        Test::Above(bar) => arch.dispatch(|| each_float(numbers, |x| x > *bar, bit, passed, missing)),
        Test::Among(values) => arch.dispatch(|| each_float(numbers, |x| values.contains(&x), bit, passed, missing)),
        Test::NotAmong(values) => {
            arch.dispatch(|| each_float(numbers, |x| !x.is_nan() & values.iter().all(|v| *v != x), bit, passed, missing));
        }
    }
}

#[inline(always)]
fn each_float<T: Float>(numbers: &[T], passes: impl Fn(f64) -> bool, bit: u64, passed: &mut [u64], missing: &mut [u64]) {
    for ((x, p), m) in numbers.iter().zip(passed).zip(missing) {
        let x = x.wide();
        *p |= if passes(x) { bit } else { 0 };
        *m |= if x.is_nan() { bit } else { 0 };
    }
}

/// A column of floats that pass below a bar (or above it), and its bit.
#[derive(Debug, Clone, Copy)]
pub struct Barred<'a> {
    /// The floats.
    pub numbers: &'a [f64],
    /// The bar.
    pub bar: f64,
    /// The bit.
    pub bit: u64,
}

/// Columns taken at once: their memory is fetched side by side, and the words of bits are touched once.
pub const AT_ONCE: usize = 5;

/// As [`floats`] for up to [`AT_ONCE`] columns, all below their bars or all above them.
pub fn barred(columns: &[Barred<'_>], below: bool, passed: &mut [u64], missing: &mut [u64]) {
    match columns {
        [a, b, c, d, e] => Several { columns: [*a, *b, *c, *d, *e], below, passed, missing }.go(),
        [a, b, c, d] => Several { columns: [*a, *b, *c, *d], below, passed, missing }.go(),
        [a, b, c] => Several { columns: [*a, *b, *c], below, passed, missing }.go(),
        [a, b] => Several { columns: [*a, *b], below, passed, missing }.go(),
        columns => columns.iter().for_each(|a| Several { columns: [*a], below, passed: &mut *passed, missing: &mut *missing }.go()),
    }
}

struct Several<'a, const N: usize> {
    columns: [Barred<'a>; N],
    below: bool,
    passed: &'a mut [u64],
    missing: &'a mut [u64],
}

impl<const N: usize> Several<'_, N> {
    fn go(self) {
        Arch::new().dispatch(self);
    }

    #[inline(always)]
    fn each(self, passes: impl Fn(f64, f64) -> bool) {
        let Several { columns, passed, missing, .. } = self;
        let rows = columns.iter().fold(passed.len().min(missing.len()), |rows, column| rows.min(column.numbers.len()));
        let numbers = columns.map(|column| &column.numbers[..rows]);
        let (passed, missing) = (&mut passed[..rows], &mut missing[..rows]);
        for i in 0..rows {
            let (mut p, mut m) = (passed[i], missing[i]);
            for k in 0..N {
                let x = numbers[k][i];
                p |= if passes(x, columns[k].bar) { columns[k].bit } else { 0 };
                m |= if x.is_nan() { columns[k].bit } else { 0 };
            }
            (passed[i], missing[i]) = (p, m);
        }
    }
}

impl<const N: usize> NullaryFnOnce for Several<'_, N> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        if self.below { self.each(|x, bar| x < bar) } else { self.each(|x, bar| x > bar) }
    }
}

/// Sets a bit in `passed` where a whole number passes; no float is made of it, so that none is rounded.
pub fn wholes<T: Whole>(numbers: &[T], test: &Test, bit: u64, passed: &mut [u64]) {
    let arch = Arch::new();
    let [least, most] = T::ENDS;
    let values = |values: &[f64]| -> Vec<T> {
        let known = |v: &&f64| v.fract() == 0.0 && (least..=most).contains(&(**v as i128)) && v.abs() < 1e19;
        values.iter().filter(known).map(|v| T::narrow(*v as i128)).collect()
    };
    let (low, high) = match test {
        Test::Below(bar) => (least, (bar.ceil() as i128).saturating_sub(1).min(most)),
        Test::Above(bar) => ((bar.floor() as i128).saturating_add(1).max(least), most),
        Test::Among(list) => {
            let list = values(list);
            return arch.dispatch(|| each_whole(numbers, |x| list.contains(&x), bit, passed));
        }
        Test::NotAmong(list) => {
            let list = values(list);
            return arch.dispatch(|| each_whole(numbers, |x| !list.contains(&x), bit, passed));
        }
    };
    if low <= high {
        let (low, high) = (T::narrow(low), T::narrow(high));
        arch.dispatch(|| each_whole(numbers, |x| (x >= low) & (x <= high), bit, passed));
    }
}

#[inline(always)]
fn each_whole<T: Whole>(numbers: &[T], passes: impl Fn(T) -> bool, bit: u64, passed: &mut [u64]) {
    for (x, p) in numbers.iter().zip(passed) {
        *p |= if passes(*x) { bit } else { 0 };
    }
}

/// Marks as missing, and as not passed, the rows whose bit in `valid` is not set; `valid` gives 64 rows from a row on.
pub fn nulls(valid: impl Fn(usize) -> u64, bit: u64, passed: &mut [u64], missing: &mut [u64]) {
    let arch = Arch::new();
    for (at, (passed, missing)) in passed.chunks_mut(64).zip(missing.chunks_mut(64)).enumerate() {
        let word = valid(at * 64);
        if word == u64::MAX {
            continue;
        }
        arch.dispatch(|| {
            for ((k, p), m) in (0u64..).zip(passed.iter_mut()).zip(missing.iter_mut()) {
                let gone = (word >> k & 1).wrapping_sub(1) & bit;
                *p &= !gone;
                *m |= gone;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_pass_as_exact_comparison_says() {
        let numbers = [i64::MIN, -2, -1, 0, 1, 2, (1 << 53) + 1, i64::MAX];
        let bars = [f64::MIN, -9.3e18, -1.5, -1.0, 0.0, 0.5, 1.0, 9_007_199_254_740_992.0, 9_223_372_036_854_775_808.0, f64::MAX];
        for bar in bars {
            for (test, wanted) in [
                (Test::Below(bar), numbers.map(|x| bar.ceil() as i128 > i128::from(x) || bar > 1e30)),
                (Test::Above(bar), numbers.map(|x| (bar.floor() as i128) < i128::from(x) || bar < -1e30)),
            ] {
                let mut passed = [0; 8];
                wholes(&numbers, &test, 4, &mut passed);
                assert_eq!(passed.map(|p| p == 4), wanted, "{test:?}");
            }
        }
        let mut passed = [0; 3];
        wholes(&[1u8, 2, 255], &Test::Among(vec![2.0, 2.5, 300.0, -1.0]), 1, &mut passed);
        assert_eq!(passed, [0, 1, 0]);
        let mut passed = [0; 2];
        wholes(&[u64::MAX, 0], &Test::Below(1e30), 1, &mut passed);
        assert_eq!(passed, [1, 1]);
    }

    #[test]
    fn several_columns_pass_as_each_does() {
        let column =
            |seed: usize| (0..37).map(|i| if (i * seed) % 11 == 3 { f64::NAN } else { ((i * seed) % 17) as f64 }).collect::<Vec<f64>>();
        let numbers: Vec<Vec<f64>> = (1..=AT_ONCE).map(column).collect();
        for count in 1..=AT_ONCE {
            for below in [true, false] {
                let columns: Vec<Barred<'_>> = numbers
                    .iter()
                    .take(count)
                    .enumerate()
                    .map(|(k, numbers)| Barred { numbers, bar: 5.0 + k as f64, bit: 1 << k })
                    .collect();
                let (mut passed, mut missing) = ([0; 37], [0; 37]);
                barred(&columns, below, &mut passed, &mut missing);
                let (mut p, mut m) = ([0; 37], [0; 37]);
                for column in &columns {
                    let test = if below { Test::Below(column.bar) } else { Test::Above(column.bar) };
                    floats(column.numbers, &test, column.bit, &mut p, &mut m);
                }
                assert_eq!((passed, missing), (p, m));
            }
        }
    }

    #[test]
    fn floats_pass_and_miss() {
        let (mut passed, mut missing) = ([0; 4], [0; 4]);
        floats(&[1.0f32, f32::NAN, 3.0, f32::INFINITY], &Test::Below(3.0), 1, &mut passed, &mut missing);
        floats(&[1.0, f64::NAN, 3.0, f64::NEG_INFINITY], &Test::NotAmong(vec![1.0]), 2, &mut passed, &mut missing);
        assert_eq!((passed, missing), ([1, 0, 2, 2], [0, 3, 0, 0]));
        nulls(|_| 0b0110, 2, &mut passed, &mut missing);
        assert_eq!((passed, missing), ([1, 0, 2, 0], [2, 3, 0, 2]));
    }
}
