//! A world expanded and propagated under each deterministic model, at 1, 5 and 15 million edges: time by stage, memory by edge and node.
//!
//! `cargo run --release -p hs-benches --bin world` runs every size and model, each in a process of its own, so that one leaves nothing to the
//! next; `world SIZE MODEL` (a size in millions of edges) runs one, `hold` only expands; `world calls` measures a call on two nodes.
//!
//! Beside the steps stand what memory allows in the same run: a triad (a = b + s c over three arrays as long as the edges, 24 bytes an edge)
//! and a gather (every weight times the state of its source, added up row by row: 12 bytes an edge, no transfer, nothing written).

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use hs_benches::memory;
use hs_benches::world::{DISTRICTS, world};
use hs_core::kernels::fixpoint::{Run, settle};
use hs_core::kernels::map::{Forcing, Formula, Map, Shape};
use hs_core::kernels::{Csr, never};
use hs_core::network::EdgeList;
use hs_core::propagation::{DynamicInoperability, FuzzyCognitiveMap, Linear, Model, NoisyOr, Propagation, Values};
use hs_core::{DominoNetwork, Expansion};

const MODELS: [&str; 5] = ["hold", "noisy-or", "linear", "fuzzy-cognitive-map", "dynamic-inoperability"];
const STEPS: u64 = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [size, model] = arguments.as_slice() {
        let millions = size.parse().unwrap_or(1.0);
        if let Err(error) = one(millions, model) {
            println!("{model}: {error}");
        }
        return;
    }
    if arguments.iter().any(|word| word == "calls") {
        if let Err(error) = calls() {
            println!("{error}");
        }
        return;
    }
    let sizes = if arguments.is_empty() { vec!["1".to_owned(), "5".into(), "15".into()] } else { arguments };
    println!(
        "{:>9} {:>10} {:<22} {:>8} {:>8} {:>6} {:>8} {:>7} {:>7} {:>7}  {:>9} {:>9} {:>9}",
        "nodes", "edges", "model", "expand s", "run s", "steps", "ns/e/st", "step ns", "gather", "triad", "held B/e", "peak B/e", "allowed"
    );
    for size in &sizes {
        for model in MODELS {
            let program = std::env::current_exe().unwrap_or_else(|_| "world".into());
            if let Err(error) = Command::new(program).args([size, model]).status() {
                println!("{size} {model}: {error}");
            }
        }
    }
}

fn one(millions: f64, model: &str) -> hs_core::Result<()> {
    let assessment = world((DISTRICTS as f64 * millions / 15.0) as usize)?;
    let before = memory::held().unwrap_or(0);
    memory::forget_peak();
    let clock = Instant::now();
    let network = DominoNetwork::expand(&assessment, &Expansion::default())?;
    let expanding = clock.elapsed().as_secs_f64();
    let held = memory::held().unwrap_or(0).saturating_sub(before);
    let formula = match model {
        "linear" => Formula::Sum,
        "fuzzy-cognitive-map" => Formula::Transfer { shape: Shape::Sigmoid, steepness: 1.0, own: true, centred: false },
        "dynamic-inoperability" => Formula::Relaxed,
        _ => Formula::NoisyOr,
    };
    let chosen: Option<Model> = match model {
        "noisy-or" => Some(NoisyOr {}.into()),
        "linear" => Some(Linear::default().into()),
        "fuzzy-cognitive-map" => Some(FuzzyCognitiveMap::default().into()),
        "dynamic-inoperability" => Some(Model::DynamicInoperability(DynamicInoperability::default())),
        _ => None,
    };
    let clock = Instant::now();
    let mut steps = 0;
    if let Some(model) = chosen {
        let shocks = Some([("t0", 0.1)].into());
        let run = Propagation { model, shocks, ..Propagation::default() }.run(&network)?;
        steps = black_box(run.iterations);
    }
    let running = clock.elapsed().as_secs_f64();
    let peak = memory::peak().unwrap_or(0).saturating_sub(before);
    let (nodes, edges) = (network.len(), network.csr().edges());
    let each = |seconds: f64, times: f64| 1e9 * seconds / (edges as f64 * times);
    let allowed = 20 * edges as u64 + 64 * nodes as u64;
    println!(
        "{nodes:>9} {edges:>10} {model:<22} {expanding:>8.2} {running:>8.2} {steps:>6} {:>8.2} {:>7.2} {:>7.2} {:>7.2}  {:>9.1} {:>9.1} {:>9.1}",
        each(running, steps.max(1) as f64),
        each(stepping(network.csr(), formula), STEPS as f64),
        each(gathering(network.csr()), 5.0),
        each(triad(edges), 5.0),
        held as f64 / edges as f64,
        peak as f64 / edges as f64,
        allowed as f64 / edges as f64,
    );
    Ok(())
}

/// What one call on two nodes and one edge costs, by model.
fn calls() -> hs_core::Result<()> {
    let edges = EdgeList { source: vec![0], target: vec![1], weight: vec![0.5].into(), ..EdgeList::default() };
    let network = DominoNetwork::from_edges(edges)?;
    let models: [Model; 3] = [NoisyOr {}.into(), Linear::default().into(), FuzzyCognitiveMap::default().into()];
    for model in models {
        let start = Some(Values::Positions(vec![(0, 0.8)]));
        let settings = Propagation { model, start, base: Some(Values::Positions(vec![(0, 0.2)])), ..Propagation::default() };
        const TURNS: u32 = 100_000;
        let clock = Instant::now();
        let mut steps = 0;
        for _ in 0..TURNS {
            steps = black_box(settings.run(black_box(&network))?).iterations;
        }
        println!(
            "{:<22} {:>8.2} us a call of {steps} steps",
            settings.model.word(),
            1e6 * clock.elapsed().as_secs_f64() / f64::from(TURNS)
        );
    }
    Ok(())
}

/// Seconds of steps alone.
fn stepping(csr: &Csr, formula: Formula) -> f64 {
    let map = Map { csr, formula, base: vec![0.1; csr.nodes()], offset: Vec::new(), pace: Vec::new(), bounds: Some((0.0, 1.0)) };
    let start = vec![0.3; csr.nodes()];
    let run = Run {
        start: &start,
        before: None,
        forcing: Forcing::default(),
        pulse: false,
        without_lags: true,
        max_steps: STEPS,
        tolerance: None,
    };
    let clock = Instant::now();
    black_box(settle(&map, &run, &mut |_, _| Ok(()), &never).map_or(f64::NAN, |settled| settled.change));
    clock.elapsed().as_secs_f64()
}

/// Seconds of five gathers.
fn gathering(csr: &Csr) -> f64 {
    let state = vec![0.3; csr.nodes()];
    let clock = Instant::now();
    for _ in 0..5 {
        let mut total = 0.0;
        for j in 0..csr.nodes() {
            let row = csr.row(j);
            let (weights, sources) = (csr.weights().get(row.clone()), csr.sources().get(row));
            let edges = weights.unwrap_or_default().iter().zip(sources.unwrap_or_default());
            total += edges.map(|(w, i)| w * state.get(*i as usize).copied().unwrap_or(0.0)).sum::<f64>();
        }
        black_box(total);
    }
    clock.elapsed().as_secs_f64()
}

/// Seconds of five triads.
fn triad(length: usize) -> f64 {
    let (mut a, b, c) = (vec![0.0; length], vec![1.0; length], vec![2.0; length]);
    let clock = Instant::now();
    for turn in 0..5 {
        let s = black_box(f64::from(turn));
        for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
            *a = b + s * c;
        }
        black_box(&a);
    }
    clock.elapsed().as_secs_f64()
}
