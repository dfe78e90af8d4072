//! Cheap random numbers by counter: each depends on seed, parameter and draw alone, so threads, order and what else is drawn change none.

/// An odd number without a pattern: the golden ratio in 64 bits.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads every bit of a number over all 64: two rounds of multiply and shift (Stafford's thirteenth, as in SplitMix64).
#[inline(always)]
fn spread(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The numbers of one parameter: a stream that is entered at any draw.
///
/// # Method
/// SplitMix64 (Steele, Lea and Flood 2014) entered at `draw`, from a start that is itself spread out of seed and parameter.
///
/// # Examples
/// ```
/// use hs_core::kernels::counter::Counter;
/// let numbers = Counter::new(7, 3);
/// assert_eq!(numbers.uniform(100), Counter::new(7, 3).uniform(100));
/// assert_ne!(numbers.bits(100), Counter::new(7, 4).bits(100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    start: u64,
}

impl Counter {
    /// The stream of a parameter.
    #[inline]
    pub fn new(seed: u64, parameter: u64) -> Self {
        let seed = spread(seed.wrapping_add(GOLDEN));
        Counter { start: spread(seed ^ spread(parameter.wrapping_mul(GOLDEN).wrapping_add(!seed))) }
    }

    /// 64 random bits.
    #[inline(always)]
    pub fn bits(self, draw: u64) -> u64 {
        spread(self.start.wrapping_add(draw.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// A number drawn evenly from 0 to 1, neither included.
    #[inline(always)]
    pub fn uniform(self, draw: u64) -> f64 {
        ((self.bits(draw) >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    /// Mean, variance and lag-one correlation of evenly drawn numbers, in standard errors.
    fn oddities(numbers: &[f64]) -> [f64; 3] {
        let n = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        let variance = numbers.iter().map(|u| (u - 0.5) * (u - 0.5)).sum::<f64>() / n;
        let pairs = numbers.iter().zip(&numbers[1..]).map(|(a, b)| (a - 0.5) * (b - 0.5)).sum::<f64>() / n;
        [(mean - 0.5) * (12.0 * n).sqrt(), (variance - 1.0 / 12.0) * (180.0 * n).sqrt(), pairs * 12.0 * n.sqrt()]
    }

    #[test]
    fn numbers_are_even_along_draws_parameters_and_seeds() {
        const MANY: u64 = 20_000;
        let along: [Vec<f64>; 3] = [
            (0..MANY).map(|d| Counter::new(1, 2).uniform(d)).collect(),
            (0..MANY).map(|p| Counter::new(1, p).uniform(5)).collect(),
            (0..MANY).map(|s| Counter::new(s, 2).uniform(5)).collect(),
        ];
        for numbers in &along {
            assert!(numbers.iter().all(|u| *u > 0.0 && *u < 1.0));
            assert!(oddities(numbers).iter().all(|z| z.abs() < 4.0), "{:?}", oddities(numbers));
        }
    }

    #[test]
    fn each_of_seed_parameter_and_draw_counts() {
        let bits = |seed, parameter, draw| Counter::new(seed, parameter).bits(draw);
        for other in [bits(2, 1, 1), bits(1, 2, 1), bits(1, 1, 2), bits(0, 0, 0)] {
            assert_ne!(bits(1, 1, 1), other);
        }
        assert_eq!(bits(1, 1, 1), bits(1, 1, 1));
    }
}
