//! Propagation on 100,000 nodes and 1,000,000 edges, against a plain gather of the same edges in the same run.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hs_core::kernels::Csr;
use hs_core::kernels::fixpoint::{Run, settle};
use hs_core::kernels::map::{Forcing, Formula, Map, Shape};
use hs_core::kernels::never;

const NODES: usize = 100_000;
const EDGES: usize = 1_000_000;
/// Steps of one measured run: time over edges and steps is the figure to compare.
const STEPS: u64 = 10;

/// A fixed sequence of scattered numbers in [0, 1).
fn scattered(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    })
}

fn network(lowest: f64) -> Csr {
    let node = |seed| scattered(seed).take(EDGES).map(|u| (u * NODES as f64) as u32).collect::<Vec<u32>>();
    let weight: Vec<f64> = scattered(3).take(EDGES).map(|u| 0.2 * (lowest + (1.0 - lowest) * u)).collect();
    Csr::from_edges(NODES, &node(1), &node(2), &weight, &[]).unwrap_or_else(|e| unreachable!("{e}"))
}

fn steps(map: &Map<'_>, start: &[f64]) -> f64 {
    let forcing = Forcing::default();
    let run = Run { start, before: None, forcing, pulse: false, without_lags: true, max_steps: STEPS, tolerance: None };
    settle(map, &run, &mut |_, _| Ok(()), &never).map_or(f64::NAN, |settled| settled.change)
}

/// What memory allows: every weight times the state of its source, added up.
fn gather(csr: &Csr, state: &[f64]) -> f64 {
    let edges = csr.weights().iter().zip(csr.sources());
    edges.map(|(w, i)| w * state.get(*i as usize).copied().unwrap_or_default()).sum()
}

fn propagation(c: &mut Criterion) {
    let start: Vec<f64> = scattered(4).take(NODES).collect();
    let signed = network(-1.0);
    let sigmoid = Formula::Transfer { shape: Shape::Sigmoid, steepness: 1.0, own: true, centred: false };
    let map = |csr, formula, bounds| Map { csr, formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds };
    let cognitive = map(&signed, sigmoid, None);
    let chances = map(&signed, Formula::NoisyOr, Some((0.0, 1.0)));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|e| unreachable!("{e}"));
    let mut group = c.benchmark_group("100k nodes, 1M edges");
    group.sample_size(10).throughput(Throughput::Elements(EDGES as u64 * STEPS));
    group.bench_function("gather", |b| b.iter(|| (0..STEPS).map(|_| gather(black_box(&signed), &start)).sum::<f64>()));
    for (name, map) in [("fuzzy cognitive map", &cognitive), ("noisy-or", &chances)] {
        group.bench_function(format!("{name}, one thread"), |b| one.install(|| b.iter(|| steps(black_box(map), &start))));
        group.bench_function(format!("{name}, all threads"), |b| b.iter(|| steps(black_box(map), &start)));
    }
    group.finish();
}

criterion_group!(benches, propagation);
criterion_main!(benches);
