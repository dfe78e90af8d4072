//! The fast form of an exact sum: two words of fixed point, split from a block of floats at once.
//!
//! A window is a place on the number line: terms are whole numbers of its quantum, below its bound. What does not fit goes to an
//! [`Exact`], so where the window stands changes the time and never the sum.
#![allow(clippy::indexing_slicing)] // blocks have one length, checked where they are cut

use super::exact::{Exact, parts, scale};

/// Bits of the low word; the high word counts units of 2^LOW quanta.
const LOW: u32 = 40;
/// Largest term, in units of the high word.
const BOUND: f64 = (1u64 << 36) as f64;
/// Adding it rounds a float below 2^51 to a whole number, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// What the total of the high words may reach before they are emptied.
pub const FULL: i64 = 1 << 61;
/// Terms until the low words must be carried: each is at most 2^39 in magnitude.
pub const CARRY_AFTER: u64 = 1 << 22;

/// Where a window stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Exponent of the unit of the high word.
    unit: i32,
}

/// One sum in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limbs {
    /// In units of the window.
    pub high: i64,
    /// In quanta; any sign until carried.
    pub low: i64,
}

impl Window {
    /// A window for terms of about that size: 16 times as large still fit, and all bits of one 2^-20 as large.
    pub fn around(term: f64) -> Window {
        let (_, place) = parts(term);
        Window::at(place as i32 - 1074 + 53 + 3 - 36)
    }

    /// A window for terms of which a sum is known: every partial sum fits.
    pub fn below(sum: &Exact) -> Window {
        let (first, digits) = sum.canonical();
        let top = (32 * (first + digits.len())) as i32 - digits.last().map_or(0, |digit| digit.leading_zeros() as i32);
        Window::at(top - 1074 - 50)
    }

    fn at(unit: i32) -> Window {
        Window { unit: unit.clamp(-900, 900) }
    }

    /// Place of the quantum above 2^-1074.
    fn place(self) -> i32 {
        self.unit - LOW as i32 + 1074
    }

    /// Splits terms that are finite and 0 or more. The positions of those that do not fit are added to `spilled`, and their limbs are 0.
    /// Returns the sum of the high words.
    pub fn split(self, terms: &[f64], high: &mut [i64], low: &mut [i64], spilled: &mut Vec<u32>) -> i64 {
        pulp::Arch::new().dispatch(Splitting { window: self, terms, high, low, spilled })
    }

    #[inline(always)]
    fn split_here(self, terms: &[f64], high: &mut [i64], low: &mut [i64], spilled: &mut Vec<u32>) -> i64 {
        let inverse = f64::from_bits(((1023 - self.unit) as u64) << 52);
        let mut bad = 0u64;
        let mut total = 0i64;
        for ((term, high), low) in terms.iter().zip(high.iter_mut()).zip(low.iter_mut()) {
            let (h, l, misfit) = limbs(*term, inverse);
            (*high, *low) = (h, l);
            bad |= misfit;
            total = total.wrapping_add(h);
        }
        if bad != 0 {
            total = 0;
            for (i, term) in terms.iter().enumerate() {
                if limbs(*term, inverse).2 != 0 {
                    (high[i], low[i]) = (0, 0);
                    spilled.push(i as u32);
                }
                total += high[i];
            }
        }
        total
    }

    /// The sum that limbs stand for, with what was spilled.
    pub fn exact(self, limbs: Limbs, spilled: Option<&Exact>) -> Exact {
        let mut sum = spilled.cloned().unwrap_or_default();
        sum.add_at(units(limbs), self.place() as usize);
        sum
    }

    /// The float nearest to the sum.
    pub fn value(self, limbs: Limbs, spilled: Option<&Exact>) -> f64 {
        match spilled {
            Some(_) => self.exact(limbs, spilled).value(),
            // a cast rounds once; the window is far from the range where scaling would
            None => scale(units(limbs) as f64, self.unit - LOW as i32),
        }
    }

    /// High words of another window as those of this one, rounded up.
    pub fn heights(self, total: i64, from: Window) -> i64 {
        let shift = from.unit - self.unit;
        if shift <= 0 {
            return (total >> shift.unsigned_abs().min(63)) + 1;
        }
        if i64::from(total.leading_zeros()) > i64::from(shift) + 1 { total << shift } else { FULL }
    }

    /// Limbs of another window in this one, where they fit.
    pub fn convert(self, limbs: Limbs, from: Window) -> Option<Limbs> {
        let units = units(limbs);
        let shift = from.unit - self.unit;
        let moved = if shift >= 0 {
            (units.leading_zeros() > shift as u32 + 1).then(|| units << shift)?
        } else {
            (units == 0 || units.trailing_zeros() >= shift.unsigned_abs()).then(|| units.checked_shr(shift.unsigned_abs()).unwrap_or(0))?
        };
        of_units(moved)
    }

    /// Limbs of a sum in this window, where it fits.
    pub fn take(self, sum: &Exact) -> Option<Limbs> {
        let (first, digits) = sum.canonical();
        let mut units = 0u128;
        for (k, digit) in digits.iter().enumerate().filter(|(_, digit)| **digit != 0) {
            let shift = (32 * (first + k)) as i32 - self.place();
            let digit = u128::from(*digit);
            if shift >= 0 {
                (digit.leading_zeros() > shift as u32).then(|| units |= digit << shift)?;
            } else {
                (digit.trailing_zeros() >= shift.unsigned_abs()).then(|| units |= digit >> shift.unsigned_abs())?;
            }
        }
        of_units(units)
    }
}

impl Limbs {
    /// Passes on what the low word holds beyond its bits.
    #[inline]
    pub fn carry(&mut self) {
        self.high += self.low >> LOW;
        self.low &= (1 << LOW) - 1;
    }
}

/// Sums in these limbs are 0 or more.
fn units(limbs: Limbs) -> u128 {
    ((i128::from(limbs.high) << LOW) + i128::from(limbs.low)) as u128
}

/// Below a quarter of what a high word can hold, so that two can be added.
fn of_units(units: u128) -> Option<Limbs> {
    let high = units >> LOW;
    (high < FULL as u128).then_some(Limbs { high: high as i64, low: (units & ((1 << LOW) - 1)) as i64 })
}

struct Splitting<'a> {
    window: Window,
    terms: &'a [f64],
    high: &'a mut [i64],
    low: &'a mut [i64],
    spilled: &'a mut Vec<u32>,
}

impl pulp::NullaryFnOnce for Splitting<'_> {
    type Output = i64;

    #[inline(always)]
    fn call(self) -> i64 {
        self.window.split_here(self.terms, self.high, self.low, self.spilled)
    }
}

/// High and low word of a term, and whether (not 0) it does not fit.
#[inline(always)]
fn limbs(term: f64, inverse: f64) -> (i64, i64, u64) {
    let y = term * inverse;
    let rounded = y + ROUND;
    let rest = (y - (rounded - ROUND)) * (1u64 << LOW) as f64;
    let low = rest + ROUND;
    // a term so small that scaling it gives 0 would vanish
    let fits = (y <= BOUND) & (low - ROUND == rest) & ((y != 0.0) | (term == 0.0));
    let whole = |x: f64| x.to_bits().wrapping_sub(ROUND.to_bits()) as i64;
    (whole(rounded), whole(low), u64::from(!fits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(window: Window, terms: &[f64]) -> (Limbs, Exact) {
        let (mut high, mut low) = (vec![0; terms.len()], vec![0; terms.len()]);
        let mut spilled = Vec::new();
        window.split(terms, &mut high, &mut low, &mut spilled);
        let mut rest = Exact::default();
        spilled.iter().for_each(|i| rest.add(terms[*i as usize]));
        (Limbs { high: high.iter().sum(), low: low.iter().sum() }, rest)
    }

    #[test]
    fn usual_weights_all_fit() {
        let terms: Vec<f64> = (1..1000).map(|i| f64::from(i) * 1.234_567_891_234_567).collect();
        assert_eq!(split(Window::around(terms[500]), &terms).1, Exact::default());
        assert_eq!(split(Window::around(1.0), &[1.0; 100]).0.high, 100 << 32);
    }

    #[test]
    fn the_smallest_do_not_vanish() {
        for (around, term) in [(1e150, 5e-324), (1e-300, 1e150), (0.0, 1.0), (5e-324, 5e-324), (1.0, 1e-30)] {
            let (limbs, rest) = split(Window::around(around), &[term, 0.0]);
            assert_eq!(Window::around(around).exact(limbs, Some(&rest)).value(), term);
        }
    }

    proptest! {
        #[test]
        fn any_window_gives_the_same_sum(
            terms in prop::collection::vec(prop_oneof![0.0..1e3f64, 0.0..1e-9f64, 0.0..1e140f64, Just(1.0), 0.0..5e-320f64], 1..40),
            around in prop_oneof![Just(1.0), 1e-3..1e6f64, Just(1e-300), Just(1e140)],
        ) {
            let mut wanted = Exact::default();
            terms.iter().for_each(|t| wanted.add(*t));
            let window = Window::around(around);
            let (mut limbs, rest) = split(window, &terms);
            limbs.carry();
            prop_assert_eq!(window.exact(limbs, Some(&rest)), wanted.clone());
            prop_assert_eq!(window.value(limbs, Some(&rest)).to_bits(), wanted.value().to_bits());
            prop_assert_eq!(window.value(limbs, None).to_bits(), window.exact(limbs, None).value().to_bits());
            let other = Window::around(1.0);
            if let Some(moved) = other.convert(limbs, window) {
                prop_assert_eq!(other.exact(moved, None), window.exact(limbs, None));
            }
            let below = Window::below(&wanted);
            if let Some(taken) = below.take(&wanted) {
                prop_assert_eq!(below.exact(taken, None), wanted);
            }
        }
    }
}
