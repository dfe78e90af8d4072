//! Structure of a network: loops up to six links on 200 nodes and 2,000 links, chains, roles and total effects on 2,000 nodes, clusters on 10,000.
//!
//! `compare/loops.py` makes the same network and runs the peers on it.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hs_core::analyses::domino::{Chains, Clusters, Influence, Loops, Roles, TotalEffects};
use hs_core::network::{DominoNetwork, EdgeList};

/// Scattered numbers below 2^31: a linear congruential sequence.
fn scattered() -> impl FnMut(u64) -> u64 {
    let mut state = 1u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// So many different links between so many nodes, none from a node to itself, weights of 0.01 to 1.00, every fourth of which dampens.
fn network(nodes: u64, links: usize) -> DominoNetwork {
    let mut random = scattered();
    let mut seen = std::collections::HashSet::new();
    let mut list = EdgeList { nodes: Some(nodes as usize), ..EdgeList::default() };
    let mut weights = Vec::new();
    while seen.len() < links {
        let (from, to) = (random(nodes), random(nodes));
        if from != to && seen.insert((from, to)) {
            let size = (1 + random(100)) as f64 / 100.0;
            weights.push(if random(4) == 0 { -size } else { size });
            list.source.push(from as u32);
            list.target.push(to as u32);
        }
    }
    list.weight = weights.into();
    DominoNetwork::from_edges(list).unwrap_or_else(|e| unreachable!("{e}"))
}

fn structure(c: &mut Criterion) {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|e| unreachable!("{e}"));
    let (one, two) = (pool(1), pool(2));
    let small = network(200, 2000);
    let loops = |network: &DominoNetwork| Loops::default().run(network).unwrap_or_else(|e| unreachable!("{e}"));
    let found = loops(&small);
    println!("{} loops of up to 6 links", found.count());
    let mut group = c.benchmark_group("200 nodes, 2,000 links");
    group.sample_size(10).throughput(Throughput::Elements(found.count() as u64));
    group.bench_function("loops to 6, one thread", |b| b.iter(|| one.install(|| loops(black_box(&small)).count())));
    group.bench_function("loops to 6, two threads", |b| b.iter(|| two.install(|| loops(black_box(&small)).count())));
    group.bench_function("table of the loops", |b| b.iter(|| black_box(&found).table().map(|table| table.rows())));
    let chains = Chains { source: "0".into(), target: "1".into(), k: 20, ..Chains::default() };
    group.throughput(Throughput::Elements(20));
    group.bench_function("20 chains", |b| b.iter(|| chains.run(black_box(&small)).map(|found| found.chains.len())));
    group.finish();

    let middle = network(2000, 20_000);
    let mut group = c.benchmark_group("2,000 nodes, 20,000 links");
    group.sample_size(10);
    group.bench_function("total effects", |b| {
        b.iter(|| TotalEffects { gross: false, ..Default::default() }.run(black_box(&middle)).map(|t| t.scale))
    });
    group.bench_function("roles", |b| b.iter(|| Roles::default().run(black_box(&middle)).map(|r| r.nodes.len())));
    group.bench_function("influence of order 10", |b| {
        b.iter(|| Influence { order: 10, ..Default::default() }.run(black_box(&middle)).map(|r| r.nodes.len()));
    });
    group.finish();

    let large = network(10_000, 100_000);
    let mut group = c.benchmark_group("10,000 nodes, 100,000 links");
    group.sample_size(10);
    group.bench_function("clusters, one run", |b| {
        b.iter(|| Clusters { runs: 1, ..Default::default() }.run(black_box(&large)).map(|r| r.clusters))
    });
    group.bench_function("loops to 4", |b| {
        b.iter(|| Loops { max_length: 4, ..Default::default() }.run(black_box(&large)).map(|r| r.count()))
    });
    group.finish();
}

criterion_group!(benches, structure);
criterion_main!(benches);
