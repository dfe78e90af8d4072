//! Interventions to measure on: a honeycomb of places with ten threats each, and interventions that strike here and there. No number is drawn.

use hs_core::Assessment;
use serde_json::{Value, json};

/// Threats of a place.
pub const THREATS: usize = 10;

/// The n-th of a fixed sequence of scattered numbers in [0, 1).
fn scattered(n: usize) -> f64 {
    let mut z = (n as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 32)) >> 11) as f64 / (1u64 << 53) as f64
}

/// About 100 edges a place: 40 linkages within it, ten to its six neighbours. With `ranged`, every linkage has a range.
///
/// An intervention has two improvements with ranges and likelihoods, a third at a likelihood alone, and a declared worsening at one in two.
///
/// # Errors
/// Only by a fault of this generator.
pub fn responses(side: usize, interventions: usize, ranged: bool) -> hs_core::Result<Assessment> {
    let name = |row: usize, column: usize| format!("p{row}x{column}");
    let mut places = vec![json!({"id": "land", "name": "Land", "level": "national"})];
    let (mut conditions, mut populations) = (Vec::new(), Vec::new());
    for row in 0..side {
        for column in 0..side {
            let around = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)];
            let cells =
                around.iter().filter_map(|(down, right)| Some((row.checked_add_signed(*down)?, column.checked_add_signed(*right)?)));
            let inside = cells.filter(|(row, column)| *row < side && *column < side);
            let neighbours: Vec<Value> = inside.map(|(row, column)| json!({"place": name(row, column)})).collect();
            let id = name(row, column);
            places.push(json!({"id": id, "name": id, "level": "district", "parent": "land", "neighbours": neighbours}));
            populations.push(json!({"place": id, "persons": 1000 + 13 * row + column}));
            for threat in 0..THREATS {
                let severity = 0.3 + 0.4 * scattered((row * side + column) * THREATS + threat);
                conditions.push(json!({"threat": format!("t{threat}"), "place": id, "severity": severity}));
            }
        }
    }
    let components = ["economic", "food", "health", "environmental", "personal", "community", "political"];
    let threat = |t: usize| json!({"id": format!("t{t}"), "name": format!("Threat {t}"), "component": components[t % components.len()]});
    let mut linkages = Vec::new();
    for to in 0..THREATS {
        for step in [1, 3, 4, 7, 0] {
            let weight = 0.04 + 0.08 * scattered(900_000 + 10 * to + step);
            let id = format!("l{to}x{step}");
            let mut link = json!({"id": id, "from": format!("t{}", (to + step) % THREATS), "to": format!("t{to}"), "effect": "feeds", "weight": weight});
            if step == 0 {
                link["from"] = json!(format!("t{}", (to + 5) % THREATS));
                link["reach"] = json!("neighbours");
            }
            if ranged {
                link["range"] = json!([0.5 * weight, 1.5 * weight]);
            }
            linkages.push(link);
        }
    }
    let at = |k: usize| name((k * 7 + 3) % side, (k * 11 + 5) % side);
    let intervention = |k: usize| {
        json!({"id": format!("i{k}"), "name": format!("Intervention {k}"), "component": components[k % components.len()],
            "effects": [
                {"threat": format!("t{}", k % THREATS), "place": at(k), "change": 0.1, "range": [0.02, 0.2], "likelihood": 0.8},
                {"threat": format!("t{}", (k + 3) % THREATS), "place": at(k), "change": 0.05, "range": [0.0, 0.1], "likelihood": 0.6},
                {"threat": format!("t{}", (k + 3) % THREATS), "place": at(k + 1), "change": 0.05, "likelihood": 0.5}],
            "externalities": [{"threat": format!("t{}", (k + 5) % THREATS), "place": at(k), "outcome": "worse", "change": 0.05, "range": [0.01, 0.1], "likelihood": 0.5}]})
    };
    let document = json!({"schema": "human-security/1", "id": "responses", "title": "A generated land", "places": places,
        "threats": (0..THREATS).map(threat).collect::<Vec<_>>(), "populations": populations, "conditions": conditions, "linkages": linkages,
        "interventions": (0..interventions).map(intervention).collect::<Vec<_>>()});
    Assessment::from_json(&document.to_string())
}
