//! Random numbers by key: a number depends on seed, purpose, run and item alone, and costs a few instructions.

/// 2⁶⁴ over the golden ratio, odd: successive multiples are spread evenly.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64: every bit of the input changes every bit of the output with a chance near one half.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The numbers of one run for one purpose.
#[derive(Debug, Clone, Copy)]
pub struct Key(u64);

impl Key {
    /// Keyed by seed, purpose (what the numbers are for) and run.
    pub fn new(seed: u64, purpose: u64, run: u32) -> Self {
        let seeded = mix(mix(seed.wrapping_add(GOLDEN)) ^ purpose.wrapping_mul(GOLDEN));
        Key(mix(seeded.wrapping_add(GOLDEN.wrapping_mul(u64::from(run) + 1))))
    }

    /// 64 bits for one item: output `item` of SplitMix64 seeded with the key.
    #[inline(always)]
    pub fn bits(self, item: u32) -> u64 {
        mix(self.0.wrapping_add(GOLDEN.wrapping_mul(u64::from(item) + 1)))
    }

    /// A sequence of numbers for one item.
    #[inline(always)]
    pub fn stream(self, item: u32) -> Stream {
        Stream { state: self.bits(item), first: true }
    }

    /// Whether an event of that chance happens to an item.
    pub fn happens(self, item: u32, chance: f64) -> bool {
        uniform(self.bits(item)) < chance
    }
}

/// A sequence of numbers: SplitMix64 from a scattered start, the start being the first of them.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    state: u64,
    first: bool,
}

impl Stream {
    /// The next 64 bits.
    #[inline(always)]
    pub fn bits(&mut self) -> u64 {
        if std::mem::take(&mut self.first) {
            return self.state;
        }
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// The next number between 0 and 1, both left out.
    #[inline(always)]
    pub fn uniform(&mut self) -> f64 {
        uniform(self.bits())
    }
}

/// The middle of one of 2⁵² equal cells of (0, 1).
#[inline(always)]
fn uniform(bits: u64) -> f64 {
    // 52 bits and a half are 53: exact
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pearson's statistic of counts in equal cells, as deviations of a normal.
    fn deviation(counts: &[u32]) -> f64 {
        let cells = counts.len() as f64;
        let expected = counts.iter().map(|c| f64::from(*c)).sum::<f64>() / cells;
        let statistic: f64 = counts.iter().map(|c| (f64::from(*c) - expected).powi(2) / expected).sum();
        (statistic - (cells - 1.0)) / (2.0 * (cells - 1.0)).sqrt()
    }

    #[test]
    fn a_number_depends_on_seed_purpose_run_and_item_alone() {
        let number = |seed, purpose, run, item| Key::new(seed, purpose, run).bits(item);
        assert_eq!(number(1, 2, 3, 4), number(1, 2, 3, 4));
        for other in [number(2, 2, 3, 4), number(1, 3, 3, 4), number(1, 2, 4, 4), number(1, 2, 3, 5), number(2, 1, 3, 4)] {
            assert_ne!(number(1, 2, 3, 4), other);
        }
    }

    #[test]
    fn numbers_are_even_along_every_part_of_the_key() {
        type Along = fn(u32) -> u64;
        let along: [Along; 4] = [
            |k| Key::new(0, 1, 0).bits(k),
            |k| Key::new(0, 1, k).bits(0),
            |k| Key::new(u64::from(k), 1, 0).bits(0),
            |k| {
                let mut stream = Key::new(0, 1, k / 8).stream(k / 8 % 3);
                (0..=k % 8).fold(0, |_, _| stream.bits())
            },
        ];
        for (which, number) in along.iter().enumerate() {
            for shift in [0, 20, 40, 56] {
                let mut single = [0u32; 256];
                let mut pairs = vec![0u32; 1 << 12];
                let mut last = 0;
                for k in 0..60_000 {
                    let bits = (number(k) >> shift & 255) as usize;
                    single[bits] += 1;
                    pairs[(last & 63) << 6 | bits & 63] += 1;
                    last = bits;
                }
                assert!(deviation(&single).abs() < 4.5, "{which} {shift}: {}", deviation(&single));
                assert!(deviation(&pairs).abs() < 4.5, "{which} {shift}, pairs: {}", deviation(&pairs));
            }
        }
    }

    #[test]
    fn chances_are_kept_and_their_ends_exact() {
        let key = Key::new(9, 9, 9);
        let share = |chance| (0..100_000).filter(|item| key.happens(*item, chance)).count() as f64 / 1e5;
        assert_eq!((share(0.0), share(1.0)), (0.0, 1.0));
        assert!((share(0.3) - 0.3).abs() < 4.5 * (0.21f64 / 1e5).sqrt());
        assert!(uniform(0) > 0.0 && uniform(u64::MAX) < 1.0);
    }
}
