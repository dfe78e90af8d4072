//! Independent cascades and linear thresholds on 100,000 nodes and 1,000,000 edges: time of a run, by chance of an edge.
//!
//! `benches/compare/cascades.py` runs the same works beside the peers.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hs_core::kernels::cascade::{Independent, Plan, Shares, Tally, Thresholds};
use hs_core::kernels::{Csr, never};

const NODES: usize = 100_000;
const EDGES: usize = 1_000_000;
const RUNS: u32 = 200;
const SEEDS: usize = 10;

/// A fixed sequence of scattered positions.
fn scattered(seed: u64) -> impl Iterator<Item = u32> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 / (1u64 << 53) as f64 * NODES as f64) as u32
    })
}

fn network(weight: impl Fn(u32) -> f64) -> Csr {
    let source: Vec<u32> = scattered(1).take(EDGES).collect();
    let target: Vec<u32> = scattered(2).take(EDGES).collect();
    let mut degrees = vec![0u32; NODES];
    for &j in &target {
        if let Some(degree) = degrees.get_mut(j as usize) {
            *degree += 1;
        }
    }
    let weights: Vec<f64> = target.iter().map(|&j| weight(degrees.get(j as usize).copied().unwrap_or(1))).collect();
    Csr::from_edges(NODES, &source, &target, &weights, &[]).unwrap_or_else(|e| unreachable!("{e}"))
}

fn cascades(c: &mut Criterion) {
    let chance: Vec<f64> = (0..NODES).map(|i| f64::from(u8::from(i < SEEDS))).collect();
    let plan = Plan { chance: &chance, held_off: &[], runs: RUNS, seed: 1, max_steps: 1000, keep_steps: false };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|e| unreachable!("{e}"));
    let size = |tally: hs_core::Result<Tally>| tally.map_or(f64::NAN, |tally| tally.size());
    let mut group = c.benchmark_group("100k nodes, 1M edges, a run");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(RUNS)));
    for p in [0.02, 0.05, 0.08, 0.1, 0.12, 0.5] {
        let model = Independent::new(&network(|_| p), &never).unwrap_or_else(|e| unreachable!("{e}"));
        group.bench_function(format!("independent cascade, p = {p}, one thread"), |b| {
            one.install(|| b.iter(|| size(model.run(black_box(&plan), &never))))
        });
    }
    for share in [0.6, 0.9] {
        let csr = network(|degree| share / f64::from(degree));
        let model = Thresholds::new(&csr, Shares::AsGiven, &[], &never).unwrap_or_else(|e| unreachable!("{e}"));
        group.bench_function(format!("linear threshold, incoming weight {share}, one thread"), |b| {
            one.install(|| b.iter(|| size(model.run(black_box(&plan), &never))))
        });
        group.bench_function(format!("linear threshold, incoming weight {share}, all threads"), |b| {
            b.iter(|| size(model.run(black_box(&plan), &never)))
        });
    }
    group.finish();
}

criterion_group!(benches, cascades);
criterion_main!(benches);
