//! How severity travels along the domino network: models, runs, and anchoring on what was observed.

mod model;

pub use model::{FuzzyCognitiveMap, Linear, Model, NoisyOr, Normalise, Rule, Transfer};
