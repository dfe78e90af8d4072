//! Sums without rounding: every term is kept to its last bit and only the finished sum is rounded, once.
//!
//! Such a sum does not depend on the order of its terms or on how partial sums are merged.
#![allow(clippy::indexing_slicing)] // digits are reserved before they are written

/// Bits of a digit; the rest of its 64 are room for carries.
const DIGIT: usize = 32;
/// Digits that any sum of floats fits in.
pub const MOST_DIGITS: usize = 72;
/// Terms that fit before carries must be passed on: each adds less than 2^32 to a digit.
const ROOM: u32 = 1 << 30;

/// An exact sum of finite floats that are 0 or more, over the full range of a float.
///
/// A number in base 2^32 whose lowest place is the smallest positive float, 2^-1074; only the digits between the first and the last in
/// use are held.
#[derive(Debug, Clone, Default)]
pub struct Exact {
    /// Place of the first digit held.
    first: usize,
    digits: Vec<u64>,
    /// Terms since carries were passed on.
    terms: u32,
}

impl Exact {
    /// Adds a term; one that is negative, infinite or NaN counts as its magnitude's bits would and must be refused before.
    pub fn add(&mut self, term: f64) {
        let (mantissa, place) = parts(term);
        self.add_at(u128::from(mantissa), place);
    }

    /// Adds a whole number of units of 2^(place - 1074).
    pub fn add_at(&mut self, units: u128, place: usize) {
        if units == 0 {
            return;
        }
        if self.terms >= ROOM {
            self.carry();
        }
        self.terms += 1;
        let (digit, shift) = (place / DIGIT, place % DIGIT);
        self.reserve(digit, digit + 5);
        let at = digit - self.first;
        // the low 96 bits shifted span four digits, the high 32 two more
        let low = (units & ((1 << 96) - 1)) << shift;
        for k in 0..4 {
            self.digits[at + k] += (low >> (DIGIT * k)) as u64 & 0xffff_ffff;
        }
        let high = (units >> 96) << shift;
        if high > 0 {
            self.digits[at + 3] += high as u64 & 0xffff_ffff;
            self.digits[at + 4] += (high >> DIGIT) as u64;
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Exact) {
        let (first, digits) = other.canonical();
        if digits.is_empty() {
            return;
        }
        if self.terms >= ROOM {
            self.carry();
        }
        self.terms += 1;
        self.reserve(first, first + digits.len());
        for (to, from) in self.digits[first - self.first..].iter_mut().zip(digits) {
            *to += u64::from(from);
        }
    }

    /// Place of the first digit that is not 0, and the digits in base 2^32 from there to the last: the same for equal sums.
    pub fn canonical(&self) -> (usize, Vec<u32>) {
        let mut carried = self.clone();
        carried.carry();
        let mut digits: Vec<u32> = carried.digits.iter().map(|digit| *digit as u32).collect();
        digits.truncate(digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1));
        let zeros = digits.iter().position(|digit| *digit != 0).unwrap_or(0);
        digits.drain(..zeros);
        (if digits.is_empty() { 0 } else { carried.first + zeros }, digits)
    }

    /// The sum of that canonical form.
    pub fn from_canonical(first: usize, digits: &[u32]) -> Exact {
        Exact { first, digits: digits.iter().map(|digit| u64::from(*digit)).collect(), terms: 1 }
    }

    /// The float nearest to the sum, ties to even; infinite past the largest.
    pub fn value(&self) -> f64 {
        let (first, digits) = self.canonical();
        let Some(last) = digits.last() else { return 0.0 };
        let top = DIGIT * (first + digits.len()) - last.leading_zeros() as usize;
        // the 64 bits from the highest down (fewer at the very bottom); what lies below only breaks ties
        let from = top.saturating_sub(64);
        let mut bits = 0u64;
        let mut below = false;
        for (k, digit) in digits.iter().enumerate() {
            let place = DIGIT * (first + k);
            if place >= from {
                bits |= u64::from(*digit) << (place - from);
            } else if place + DIGIT <= from {
                below |= *digit != 0;
            } else {
                let cut = from - place;
                bits |= u64::from(*digit >> cut);
                below |= digit & ((1 << cut) - 1) != 0;
            }
        }
        // 64 bits round to 53 in one step when a bit below marks that something was left out
        let float = (bits | u64::from(below)) as f64;
        scale(float, from as i32 - 1074)
    }
}

impl Exact {
    fn reserve(&mut self, from: usize, to: usize) {
        if self.digits.is_empty() {
            self.first = from;
        }
        if from < self.first {
            let missing = self.first - from;
            self.digits.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = from;
        }
        if to - self.first > self.digits.len() {
            self.digits.resize(to - self.first, 0);
        }
    }

    fn carry(&mut self) {
        let mut carry = 0u64;
        for digit in &mut self.digits {
            let all = *digit + carry;
            *digit = all & 0xffff_ffff;
            carry = all >> DIGIT;
        }
        if carry > 0 {
            self.digits.push(carry);
        }
        self.terms = 1;
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

/// Mantissa of a float as a whole number, and its place above 2^-1074.
#[inline]
pub fn parts(term: f64) -> (u64, usize) {
    let bits = term.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as usize;
    let mantissa = bits & ((1 << 52) - 1);
    if exponent == 0 { (mantissa, 0) } else { (mantissa | 1 << 52, exponent - 1) }
}

/// A float times a power of two: exact, but for floats that leave the range (a number of 64 bits never enters the subnormal one inexactly,
/// because its lowest bit is at 2^-1074 or above).
pub fn scale(float: f64, power: i32) -> f64 {
    let mut float = float;
    let mut power = power;
    while power > 1000 {
        float *= f64::from_bits((1000 + 1023) << 52);
        power -= 1000;
    }
    while power < -1000 {
        float *= f64::from_bits((1023 - 1000) << 52);
        power += 1000;
    }
    float * f64::from_bits(((power + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(terms: &[f64]) -> Exact {
        let mut sum = Exact::default();
        terms.iter().for_each(|term| sum.add(*term));
        sum
    }

    #[test]
    fn known_sums() {
        assert_eq!(sum(&[]).value(), 0.0);
        assert_eq!(sum(&[0.1; 10]).value(), 1.0);
        assert_eq!(sum(&[1e16, 1.0, 1.0]).value(), 1e16 + 2.0);
        assert_eq!(sum(&[1.0, f64::EPSILON / 2.0]).value(), 1.0);
        assert_eq!(sum(&[1.0, f64::EPSILON / 2.0, 5e-324]).value(), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[5e-324, 5e-324]).value(), 1e-323);
        assert_eq!(sum(&[f64::MIN_POSITIVE, 5e-324]).value(), f64::MIN_POSITIVE + 5e-324);
        assert_eq!(sum(&[f64::MAX]).value(), f64::MAX);
        assert_eq!(sum(&[f64::MAX, f64::MAX]).value(), f64::INFINITY);
        let mut units = Exact::default();
        units.add_at(u128::MAX, 1074);
        assert_eq!(units.value(), 2f64.powi(128));
        units.add_at(1, 1074);
        assert_eq!(units.canonical(), ((1074 + 128) / 32, vec![1 << ((1074 + 128) % 32)]));
    }

    proptest! {
        #[test]
        fn any_order_and_any_merge_give_the_same_digits(terms in prop::collection::vec(any::<f64>().prop_filter_map("finite", |x| x.is_finite().then_some(x.abs())), 0..40), cut in 0usize..40) {
            let whole = sum(&terms);
            let mut turned = terms.clone();
            turned.reverse();
            prop_assert_eq!(&whole, &sum(&turned));
            let (a, b) = terms.split_at(cut.min(terms.len()));
            let mut merged = sum(b);
            merged.merge(&sum(a));
            prop_assert_eq!(&whole, &merged);
            let (first, digits) = whole.canonical();
            prop_assert_eq!(Exact::from_canonical(first, &digits).value().to_bits(), whole.value().to_bits());
        }

        #[test]
        fn two_terms_round_as_the_processor_does(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            prop_assert_eq!(sum(&[a.abs(), b.abs()]).value(), a.abs() + b.abs());
        }

        #[test]
        fn whole_numbers_are_summed_as_such(terms in prop::collection::vec(any::<u64>(), 0..50)) {
            let wanted: u128 = terms.iter().map(|t| u128::from(*t)).sum();
            let mut sum = Exact::default();
            terms.iter().for_each(|t| sum.add_at(u128::from(*t), 1074));
            prop_assert_eq!(sum.value(), wanted as f64);
        }
    }
}
