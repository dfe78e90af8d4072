//! 1,000 draws of a fuzzy cognitive map over the ranges of its edges, 200 nodes and 2,000 edges; and its sensitivity, 20 parameters.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hs_core::analyses::doubt::{Sensitivity, Simulate};
use hs_core::kernels::Csr;
use hs_core::kernels::counter::Counter;
use hs_core::kernels::ensemble::{Drawn, Ensemble};
use hs_core::kernels::map::{Formula, Map, Shape};
use hs_core::kernels::never;
use hs_core::kernels::spread::{Quantiles, Spread};
use hs_core::network::{DominoNetwork, EdgeList};
use hs_core::propagation::{FuzzyCognitiveMap, Values};

const NODES: usize = 200;
const EDGES: usize = 2000;
const DRAWS: usize = 1000;

/// The map of `benches/compare/ensemble.py`: weights, and ranges of up to 0.2 to either side.
fn edges(nodes: usize, edges: usize) -> EdgeList {
    let column = |parameter| (0..edges as u64).map(move |e| Counter::new(11, parameter).uniform(e));
    let position = |parameter| column(parameter).map(|u| (u * nodes as f64) as u32).collect::<Vec<u32>>();
    let weight: Vec<f64> = column(3).map(|u| 2.0 * u - 1.0).collect();
    let low = weight.iter().zip(column(4)).map(|(w, u)| Some((w - 0.2 * u).max(-1.0))).collect();
    let high = weight.iter().zip(column(5)).map(|(w, u)| Some((w + 0.2 * u).min(1.0))).collect();
    EdgeList {
        source: position(1),
        target: position(2),
        weight: weight.into(),
        low: Some(low),
        high: Some(high),
        nodes: Some(nodes),
        ..EdgeList::default()
    }
}

fn start(nodes: usize) -> Option<Values> {
    Some(Values::List(vec![Some(0.5); nodes]))
}

fn ensemble(c: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|e| unreachable!("{e}"));
    let list = edges(NODES, EDGES);
    let ends = |list: &Option<Vec<Option<f64>>>| list.iter().flatten().map(|x| x.unwrap_or_default()).collect::<Vec<f64>>();
    let (low, high) = (ends(&list.low), ends(&list.high));
    let network = DominoNetwork::from_edges(list).unwrap_or_else(|e| unreachable!("{e}"));
    let csr: &Csr = network.csr();
    let formula = Formula::Transfer { shape: Shape::Sigmoid, steepness: 1.0, own: true, centred: false };
    let map = Map { csr, formula, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
    let (begin, varying) = (vec![0.5; NODES], (0..EDGES as u32).collect::<Vec<u32>>());
    let sides = Ensemble {
        map: &map,
        start: &begin,
        before: &begin,
        shock: &[],
        pulse: false,
        held: &[],
        max_steps: 1000,
        tolerance: 1e-5,
        varying: &varying,
    };
    let stride = DRAWS + 8;
    let mut values = vec![0.0; EDGES * stride];
    let draw = |values: &mut [f64]| {
        let mut quantiles = Quantiles::new();
        for (e, row) in values.chunks_mut(stride).enumerate() {
            let (low, high) = (low.get(e).copied().unwrap_or_default(), high.get(e).copied().unwrap_or_default());
            quantiles.turn(Spread::pert(low, 0.4 * low + 0.6 * high, high));
            let numbers = Counter::new(0, e as u64);
            for (d, x) in row.iter_mut().take(DRAWS).enumerate() {
                *x = quantiles.at(numbers.uniform(d as u64));
            }
        }
    };
    let mut states = vec![0.0; DRAWS * NODES];
    let mut group = c.benchmark_group("1,000 draws, 200 nodes, 2,000 edges");
    group.sample_size(20);
    group.bench_function("PERT draws, one thread", |b| b.iter(|| draw(black_box(&mut values))));
    let drawn = Drawn { values: &values, stride, draws: DRAWS };
    group.bench_function("runs, one thread", |b| {
        one.install(|| b.iter(|| sides.run(black_box(&drawn), &mut states, &never).map(|ended| ended.len()).unwrap_or_default()));
    });
    let simulate = Simulate { model: FuzzyCognitiveMap::default().into(), start: start(NODES), tolerance: 1e-5, ..Simulate::default() };
    let whole = || simulate.run(black_box(&network)).map(|result| result.nodes.len()).unwrap_or_default();
    group.bench_function("simulate, one thread", |b| one.install(|| b.iter(whole)));
    group.bench_function("simulate, all threads", |b| b.iter(whole));
    group.finish();

    let small = DominoNetwork::from_edges(edges(10, 20)).unwrap_or_else(|e| unreachable!("{e}"));
    let sensitivity = Sensitivity {
        model: FuzzyCognitiveMap::default().into(),
        outcome: Some("9".into()),
        start: start(10),
        tolerance: 1e-5,
        ..Sensitivity::default()
    };
    let mut group = c.benchmark_group("Sobol, 20 parameters, 22,528 runs");
    group.sample_size(20);
    let judged = || sensitivity.run(black_box(&small)).map(|result| result.runs).unwrap_or_default();
    group.bench_function("one thread", |b| one.install(|| b.iter(judged)));
    group.bench_function("all threads", |b| b.iter(judged));
    group.finish();
}

criterion_group!(benches, ensemble);
criterion_main!(benches);
