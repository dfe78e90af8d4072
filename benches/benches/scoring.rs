//! Alkire-Foster over ten million rows of ten float indicators in 50 groups, weighted, 5 % missing: time a row, against a memory triad in
//! the same run, and memory beyond the input.
//!
//! `HS_ROWS` sets another number of rows.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array, RecordBatch};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hs_core::analyses::thresholds::scoring::{Score, ScoreAccumulator};
use hs_core::tables::Rows;
use rayon::ThreadPool;
use serde_json::json;

const INDICATORS: usize = 10;
const GROUPS: usize = 50;
/// PSUs of a group; each is in one of ten strata of its group.
const PSUS: usize = 200;

/// Scattered numbers in [0, 1): splitmix64 of a place.
fn scattered(seed: u64, place: u64) -> f64 {
    let mut z = (seed << 40).wrapping_add(place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Rows in the order in which a survey lies: PSU after PSU; or scattered.
fn rows(count: usize, in_order: bool) -> Rows {
    let places = GROUPS * PSUS;
    let psu = |i: usize| {
        if in_order { i * places / count } else { (scattered(90, i as u64) * places as f64) as usize }
    };
    let mut columns: Vec<(String, ArrayRef)> = Vec::new();
    for j in 0..INDICATORS {
        let cell = |i: usize| {
            let x = scattered(j as u64, i as u64);
            if x < 0.05 { f64::NAN } else { (x - 0.05) / 0.95 }
        };
        columns.push((format!("x{j}"), Arc::new(Float64Array::from_iter_values((0..count).map(cell)))));
    }
    let weight = |i: usize| 0.5 + 4.0 * scattered(70, i as u64);
    columns.push(("weight".into(), Arc::new(Float64Array::from_iter_values((0..count).map(weight)))));
    columns.push(("district".into(), Arc::new(Int32Array::from_iter_values((0..count).map(|i| (psu(i) / PSUS) as i32)))));
    columns.push(("stratum".into(), Arc::new(Int32Array::from_iter_values((0..count).map(|i| (psu(i) / (PSUS / 10)) as i32)))));
    columns.push(("psu".into(), Arc::new(Int32Array::from_iter_values((0..count).map(|i| psu(i) as i32)))));
    RecordBatch::try_from_iter(columns).unwrap_or_else(|e| unreachable!("{e}")).into()
}

fn score(design: bool, gaps: bool) -> Score {
    let indicators: Vec<_> = (0..INDICATORS).map(|j| json!({"name": format!("x{j}"), "below": 0.2 + 0.02 * j as f64})).collect();
    let mut settings =
        json!({"scheme": {"indicators": indicators, "cutoff": 1.0 / 3.0}, "by": ["district"], "weight": "weight", "gaps": gaps});
    if design {
        settings["strata"] = json!("stratum");
        settings["cluster"] = json!("psu");
    }
    serde_json::from_value(settings).unwrap_or_else(|e| unreachable!("{e}"))
}

/// From rows to sums; a finished result is made of these in a time that does not depend on rows.
fn sum(score: &Score, rows: &Rows) -> ScoreAccumulator {
    let mut accumulator = ScoreAccumulator::new(score.clone()).unwrap_or_else(|e| unreachable!("{e}"));
    accumulator.update(rows).unwrap_or_else(|e| unreachable!("{e}"));
    accumulator
}

/// The most memory this process has held, in bytes, where the system says so.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Time that all threads of this process have spent on a processor, in nanoseconds, where the system says so: other work on the machine
/// does not count.
fn busy() -> Option<u64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let of = |task: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    Some(tasks.filter_map(of).sum())
}

fn scoring(c: &mut Criterion) {
    let count = std::env::var("HS_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(10_000_000usize);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|e| unreachable!("{e}"));
    let (one, two): (ThreadPool, ThreadPool) = (pool(1), pool(2));
    let all = rows(count, true);
    let before = peak();
    one.install(|| black_box(sum(&score(true, false), &all)));
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("memory beyond the input, with strata and PSUs: {:.1} MB", (after - before) as f64 / 1e6);
    }
    let bytes = (count * (INDICATORS * 8 + 8 + 4)) as u64;
    let mut group = c.benchmark_group("score");
    group.sample_size(10).throughput(Throughput::Bytes(bytes));
    let words = count * INDICATORS / 3;
    let (b, d) = (vec![1.0f64; words], vec![2.0f64; words]);
    let mut a = vec![0.0f64; words];
    group.throughput(Throughput::Bytes((words * 24) as u64));
    group.bench_function("memory triad", |bencher| {
        bencher.iter(|| {
            a.iter_mut().zip(&b).zip(&d).for_each(|((a, b), d)| *a = b + 3.0 * d);
            black_box(&mut a);
        });
    });
    drop((a, b, d));
    group.throughput(Throughput::Elements(count as u64));
    let mut measure = |name: &str, pool: &ThreadPool, score: Score, rows: &Rows| {
        let before = busy();
        pool.install(|| (0..3).for_each(|_| drop(black_box(sum(&score, rows)))));
        if let (Some(before), Some(after)) = (before, busy()) {
            println!("{name}: {:.1} ns a row on a processor", (after - before) as f64 / 3.0 / rows.len() as f64);
        }
        group.bench_function(name, |bencher| pool.install(|| bencher.iter(|| sum(&score, black_box(rows)))));
    };
    measure("points, one thread", &one, score(false, false), &all);
    measure("points, two threads", &two, score(false, false), &all);
    measure("strata and PSUs, one thread", &one, score(true, false), &all);
    measure("with gaps, one thread", &one, score(false, true), &all);
    drop(all);
    let scattered = rows(count, false);
    measure("points, one thread, scattered", &one, score(false, false), &scattered);
    measure("strata and PSUs, one thread, scattered", &one, score(true, false), &scattered);
    let tenth = scattered.slice(0, count / 10);
    group.throughput(Throughput::Elements(count as u64 / 10));
    group.bench_function("points, one thread, scattered, a tenth of the rows", |b| {
        one.install(|| b.iter(|| sum(&score(false, false), black_box(&tenth))))
    });
    group.finish();
}

criterion_group!(benches, scoring);
criterion_main!(benches);
