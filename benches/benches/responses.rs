//! Externalities of interventions under Linear: what draws over effects and over linkages cost, beside one full run.
//!
//! `src/bin/responses.rs` does the whole task once, with the naive loop as the ratio.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hs_benches::responses::responses;
use hs_core::analyses::responses::Externalities;
use hs_core::network::{DominoNetwork, Expansion};
use hs_core::propagation::{AnchorSettings, Anchored, Linear};

fn externalities(c: &mut Criterion) {
    let fail = |error: hs_core::Error| -> ! { unreachable!("{error}") };
    let plain = responses(32, 10, false).unwrap_or_else(|e| fail(e));
    let ranged = responses(32, 10, true).unwrap_or_else(|e| fail(e));
    let settings = Externalities { model: Linear::default().into(), ..Externalities::default() };
    let run = |assessment, draws| Externalities { draws, ..settings.clone() }.run(assessment).unwrap_or_else(|e| fail(e));
    let mut group = c.benchmark_group("10 interventions, 10,000 nodes, 100,000 edges");
    group.sample_size(10);
    group.bench_function("1,000 draws of effects", |b| b.iter(|| run(black_box(&plain), 1000)));
    group.bench_function("20 draws of linkages too", |b| b.iter(|| run(black_box(&ranged), 20)));
    let network = DominoNetwork::expand(&plain, &Expansion::default()).unwrap_or_else(|e| fail(e));
    let anchored = Anchored::new(&network, &settings.model, &AnchorSettings::default()).unwrap_or_else(|e| fail(e));
    let mut shock = vec![0.0; network.len()];
    shock[100] = -0.1;
    let one = || anchored.effect(black_box(&shock), &[], &hs_core::kernels::never).unwrap_or_else(|e| fail(e));
    group.bench_function("one run", |b| b.iter(one));
    group.finish();
}

criterion_group!(benches, externalities);
criterion_main!(benches);
