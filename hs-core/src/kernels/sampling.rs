//! Random numbers by counter: a number depends on seed, draw and parameter alone, so threads and order cannot change it.

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Gamma};

/// The random numbers of one parameter in one draw.
#[derive(Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The generator keyed by seed, draw and parameter.
    pub fn new(seed: u64, draw: u32, parameter: u32) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream((u64::from(draw) << 32) | u64::from(parameter));
        Draw(generator)
    }

    /// Whether an event of that chance happens.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.0.random::<f64>() < chance
    }

    /// A number drawn evenly from 0 to 1, 1 not included.
    pub fn uniform(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// A whole number below `options`, all with equal chances; 0 where there is no option.
    pub fn below(&mut self, options: usize) -> usize {
        if options < 2 { 0 } else { self.0.random_range(0..options) }
    }

    /// A gamma number of that shape and scale 1; 0 for a shape that is not above 0.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        Gamma::new(shape, 1.0).map_or(0.0, |distribution| distribution.sample(&mut self.0))
    }

    /// How many of `trials` happen, each with that chance; 0 for a chance that is none.
    pub fn binomial(&mut self, trials: u64, chance: f64) -> u64 {
        Binomial::new(trials, chance.clamp(0.0, 1.0)).map_or(0, |distribution| distribution.sample(&mut self.0))
    }

    /// A PERT number: a beta on [low, high] whose mode is `mode` and whose mean is (low + 4 mode + high)/6.
    ///
    /// A range without width, or one out of order, gives `mode`.
    pub fn pert(&mut self, low: f64, mode: f64, high: f64) -> f64 {
        let width = high - low;
        if width <= 0.0 || !width.is_finite() {
            return mode;
        }
        let alpha = 1.0 + 4.0 * (mode - low) / width;
        let beta = 1.0 + 4.0 * (high - mode) / width;
        match Beta::new(alpha, beta) {
            Ok(distribution) => low + width * distribution.sample(&mut self.0),
            Err(_) => mode,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn keyed_by_seed_draw_and_parameter() {
        let number = |seed, draw, parameter| Draw::new(seed, draw, parameter).pert(0.0, 0.5, 1.0);
        assert_eq!(number(1, 2, 3).to_bits(), number(1, 2, 3).to_bits());
        for other in [number(2, 2, 3), number(1, 3, 3), number(1, 2, 4)] {
            assert_ne!(number(1, 2, 3).to_bits(), other.to_bits());
        }
    }

    #[test]
    fn pert_mean_and_support() {
        let draws: Vec<f64> = (0..20_000).map(|d| Draw::new(7, d, 0).pert(0.1, 0.3, 0.9)).collect();
        assert!(draws.iter().all(|x| (0.1..=0.9).contains(x)));
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        // standard deviation of this PERT is 0.15: four standard errors
        assert!((mean - (0.1 + 4.0 * 0.3 + 0.9) / 6.0).abs() < 4.0 * 0.15 / (20_000f64).sqrt(), "{mean}");
        assert_eq!(Draw::new(7, 0, 0).pert(0.4, 0.4, 0.4), 0.4);
    }

    #[test]
    fn chance_is_kept() {
        let hits = (0..20_000).filter(|&d| Draw::new(3, d, 9).happens(0.3)).count() as f64 / 20_000.0;
        assert!((hits - 0.3).abs() < 0.014, "{hits}");
        assert!(!Draw::new(3, 0, 0).happens(0.0));
        assert!(Draw::new(3, 0, 0).happens(1.0));
    }
}
