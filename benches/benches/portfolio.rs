//! A choice among 60 interventions on 500 cells under a linear model, with do no harm cell by cell: proven or with its gap.
#![allow(missing_docs)] // criterion's macros make undocumented functions

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use hs_core::Assessment;
use hs_core::analyses::responses::Portfolio;
use hs_core::propagation::{Linear, Model};
use serde_json::{Value, json};

const INTERVENTIONS: usize = 60;
const PLACES: usize = 50;
const THREATS: usize = 10;

/// Invented: ten threats in a ring of feeds, in fifty places, and interventions that each move three cells and harm a fourth now and then.
fn assessment() -> Assessment {
    let mut state = 5_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let components = ["economic", "food", "health", "environmental", "personal", "community", "political"];
    let threat = |t: usize| format!("t{t}");
    let place = |p: usize| format!("p{p}");
    let conditions: Vec<Value> = (0..PLACES * THREATS)
        .map(|c| json!({"threat": threat(c % THREATS), "place": place(c / THREATS), "severity": 0.3 + 0.6 * next(), "prevalence": 0.1 + 0.5 * next()}))
        .collect();
    let interventions: Vec<Value> = (0..INTERVENTIONS)
        .map(|i| {
            let mut cell = || (threat((next() * THREATS as f64) as usize), place((next() * PLACES as f64) as usize), next());
            let effects: Vec<Value> =
                (0..3).map(|_| cell()).map(|(t, p, x)| json!({"threat": t, "place": p, "change": 0.02 + 0.15 * x})).collect();
            let (t, p, x) = cell();
            let worse = json!([{"threat": t, "place": p, "outcome": "worse", "change": 0.05 * x, "likelihood": 0.5}]);
            let (_, _, cost) = cell();
            let mut one = json!({"id": format!("i{i}"), "name": format!("I {i}"), "component": "food", "cost": 1.0 + 9.0 * cost,
                "pillar": if i % 2 == 0 { "protection" } else { "empowerment" }, "effects": effects});
            if i % 3 == 0 {
                one["externalities"] = worse;
            }
            one
        })
        .collect();
    let document = json!({
        "schema": "human-security/1", "id": "bench", "title": "Bench",
        "places": (0..PLACES).map(|p| json!({"id": place(p), "name": place(p), "level": "district"})).collect::<Vec<_>>(),
        "populations": (0..PLACES).map(|p| json!({"place": place(p), "persons": 500 + 37 * p})).collect::<Vec<_>>(),
        "threats": (0..THREATS).map(|t| json!({"id": threat(t), "name": threat(t), "component": components[t % 7]})).collect::<Vec<_>>(),
        "conditions": conditions,
        "linkages": (0..THREATS).map(|t| json!({"id": format!("l{t}"), "from": threat(t), "to": threat((t + 1) % THREATS), "effect": "feeds", "weight": 0.25})).collect::<Vec<_>>(),
        "interventions": interventions
    });
    Assessment::from_json(&document.to_string()).unwrap_or_else(|e| unreachable!("{e}"))
}

fn portfolio(c: &mut Criterion) {
    let assessment = assessment();
    let mut group = c.benchmark_group("60 interventions, 500 cells");
    group.sample_size(10);
    for (name, front, robustness_draws) in [("choice alone", 0, 0), ("with front and 100 draws", 8, 100)] {
        let settings = Portfolio {
            budget: Some(100.0),
            min_share: [(hs_core::framework::Pillar::Empowerment, 0.4)].into(),
            model: Model::Linear(Linear::default()),
            front,
            robustness_draws,
            ..Portfolio::default()
        };
        group.bench_function(name, |b| {
            b.iter(|| settings.run(black_box(&assessment)).map_or(f64::NAN, |found| found.gap.unwrap_or(f64::NAN)))
        });
    }
    group.finish();
}

criterion_group!(benches, portfolio);
criterion_main!(benches);
