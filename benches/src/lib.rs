//! Benchmarks; see `benches/benches` and `benches/src/bin`.

pub mod memory;
pub mod responses;
pub mod world;
