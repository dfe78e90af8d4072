//! Benchmarks; see `benches/benches`.
