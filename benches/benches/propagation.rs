//! Propagation on 100,000 nodes and 1,000,000 edges, against what memory allows in the same run: a triad, a stream of all edges, and a gather of the
//! states they read.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hs_core::kernels::fixpoint::{Run, settle};
use hs_core::kernels::map::{Forcing, Formula, Map, Shape};
use hs_core::kernels::{Csr, linear, never};

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

fn network(nodes: usize, edges: usize, lowest: f64, scale: f64) -> Csr {
    let node = |seed| scattered(seed).take(edges).map(|u| (u * nodes as f64) as u32).collect::<Vec<u32>>();
    let weight: Vec<f64> = scattered(3).take(edges).map(|u| scale * (lowest + (1.0 - lowest) * u)).collect();
    Csr::from_edges(nodes, &node(1), &node(2), &weight, &[]).unwrap_or_else(|e| unreachable!("{e}"))
}

fn steps(map: &Map<'_>, start: &[f64], max_steps: u64, tolerance: Option<f64>) -> f64 {
    let forcing = Forcing::default();
    let run = Run { start, before: None, forcing, pulse: false, without_lags: true, max_steps, tolerance };
    settle(map, &run, &mut |_, _| Ok(()), &never).map_or(f64::NAN, |settled| settled.change)
}

/// Every weight times the state of its source, added up eight side by side.
fn gather(csr: &Csr, read: impl Fn(u32) -> f64) -> f64 {
    let (weights, _) = csr.weights().as_chunks::<8>();
    let (sources, _) = csr.sources().as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (weights, sources) in weights.iter().zip(sources) {
        for ((sum, w), i) in sums.iter_mut().zip(weights).zip(sources) {
            *sum += w * read(*i);
        }
    }
    sums.iter().sum()
}

const fn map(csr: &Csr, formula: Formula, bounds: Option<(f64, f64)>) -> Map<'_> {
    Map { csr, formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds }
}

const SIGMOID: Formula = Formula::Transfer { shape: Shape::Sigmoid, steepness: 1.0, own: true, centred: false };

fn propagation(c: &mut Criterion) {
    let start: Vec<f64> = scattered(4).take(NODES).collect();
    let signed = network(NODES, EDGES, -1.0, 0.2);
    let feeds = network(NODES, EDGES, 0.0, 0.2);
    let cognitive = map(&signed, SIGMOID, None);
    let chances = map(&signed, Formula::NoisyOr, Some((0.0, 1.0)));
    let fed = map(&feeds, Formula::NoisyOr, Some((0.0, 1.0)));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|e| unreachable!("{e}"));
    let mut group = c.benchmark_group("100k nodes, 1M edges");
    group.sample_size(10).throughput(Throughput::Elements(EDGES as u64 * STEPS));
    let (b, x) = (start.clone(), signed.weights().to_vec());
    let mut a = vec![0.0; x.len()];
    group.bench_function("triad of as many numbers", |bench| {
        bench.iter(|| {
            for _ in 0..STEPS {
                for ((a, x), b) in a.iter_mut().zip(&x).zip(b.iter().cycle()) {
                    *a = b + 0.5 * x;
                }
                black_box(&mut a);
            }
        });
    });
    group.bench_function("stream of edges", |b| b.iter(|| (0..STEPS).map(|_| gather(black_box(&signed), f64::from)).sum::<f64>()));
    let read = |i: u32| start.get(i as usize).copied().unwrap_or_default();
    group.bench_function("gather", |b| b.iter(|| (0..STEPS).map(|_| gather(black_box(&signed), read)).sum::<f64>()));
    for (name, map) in [("fuzzy cognitive map", &cognitive), ("noisy-or, signed", &chances), ("noisy-or, feeds", &fed)] {
        let run = |threads: &str, b: &mut criterion::Bencher<'_>| match threads {
            "one thread" => one.install(|| b.iter(|| steps(black_box(map), &start, STEPS, None))),
            _ => b.iter(|| steps(black_box(map), &start, STEPS, None)),
        };
        for threads in ["one thread", "all threads"] {
            group.bench_function(format!("{name}, {threads}"), |b| run(threads, b));
        }
    }
    group.finish();
}

fn to_rest(c: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|e| unreachable!("{e}"));
    let mut group = c.benchmark_group("to rest");
    group.sample_size(10);
    let dense = network(30, 900, -1.0, 0.5);
    let start: Vec<f64> = scattered(5).take(30).collect();
    group.bench_function("fuzzy cognitive map, 30 dense nodes to 1e-5", |b| {
        b.iter(|| steps(&map(black_box(&dense), SIGMOID, None), &start, 1000, Some(1e-5)));
    });
    let wide = network(NODES, EDGES, -1.0, 0.2);
    let start: Vec<f64> = scattered(4).take(NODES).collect();
    group.bench_function("fuzzy cognitive map, 100k nodes to 1e-5, laid out anew", |b| {
        let anew = || wide.with_weights(wide.weights().to_vec()).unwrap_or_else(|e| unreachable!("{e}"));
        one.install(|| b.iter_with_setup(anew, |csr| steps(&map(&csr, SIGMOID, None), &start, 1000, Some(1e-5))));
    });
    let shares = network(NODES, EDGES, 0.0, 0.15);
    group.bench_function("linear, 100k nodes to 1e-8, solved and bounded", |b| {
        one.install(|| b.iter(|| linear::solve(black_box(&shares), &start, None, 1e-8, 1000, &never).is_ok()));
    });
    group.bench_function("linear, 100k nodes to 1e-8, plain steps alone", |b| {
        let stepped = Map { base: start.clone(), ..map(&shares, Formula::Sum, None) };
        one.install(|| b.iter(|| steps(black_box(&stepped), &start, 1000, Some(1e-8))));
    });
    group.finish();
}

criterion_group!(benches, propagation, to_rest);
criterion_main!(benches);
