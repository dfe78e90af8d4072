//! What must hold of any index.

use hs_core::analyses::thresholds::{CompositeIndex, IndicatorTable};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{names, run, settings, table, values};

fn rows(units: std::ops::Range<usize>, wide: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(1.0..100.0f64, wide), units)
}

fn ways() -> impl Strategy<Value = Value> {
    let normalise = prop_oneof![Just(json!("min-max")), Just(json!("z-score")), Just(json!("rank")), Just(Value::Null)];
    let aggregate = prop_oneof![Just("arithmetic"), Just("geometric"), Just("harmonic"), Just("mazziotta-pareto")];
    (normalise, aggregate).prop_map(
        |(normalise, aggregate)| json!({"normalise": normalise, "aggregate": aggregate, "range": [1, 2], "centre": 100, "spread": 10}),
    )
}

fn close(a: &[Option<f64>], b: &[Option<f64>], slack: f64) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= slack * (1.0 + b.abs()),
            (a, b) => a == b,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_of_units_and_names_do_not_matter(rows in rows(2..12, 3), way in ways()) {
        let here = run(way.clone(), &rows);
        let turned: Vec<Vec<f64>> = rows.iter().rev().cloned().collect();
        let mut there = values(&run(way.clone(), &turned));
        there.reverse();
        prop_assert!(close(&values(&here), &there, 1e-12));
        let renamed = IndicatorTable::new(names("village", rows.len()), names("y", 3), &rows.concat()).unwrap();
        prop_assert_eq!(values(&settings(way).run(&renamed).unwrap()), values(&here));
    }

    #[test]
    fn min_max_does_not_see_scale_or_origin(rows in rows(2..12, 3), scale in 0.01..50.0f64, shift in -100.0..100.0f64) {
        let moved: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| scale * x + shift).collect()).collect();
        for way in ["min-max", "z-score", "rank"] {
            let of = |rows: &[Vec<f64>]| values(&run(json!({"normalise": way}), rows));
            prop_assert!(close(&of(&rows), &of(&moved), 1e-8));
        }
    }

    #[test]
    fn turning_an_indicator_and_saying_so_changes_nothing(rows in rows(2..12, 2)) {
        let turned: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[0], -row[1]]).collect();
        for way in ["min-max", "z-score", "rank"] {
            let said = run(json!({"normalise": way, "indicators": {"x1": {"better": "lower"}}}), &turned);
            let plain = run(json!({"normalise": way}), &rows);
            prop_assert!(close(&values(&said), &values(&plain), 1e-9));
        }
    }

    #[test]
    fn weights_count_up_to_scale(rows in rows(2..8, 3), w in prop::collection::vec(0.1..5.0f64, 3), scale in 0.1..10.0f64) {
        let scaled: Vec<f64> = w.iter().map(|w| scale * w).collect();
        let of = |w: &[f64]| values(&run(json!({"weights": w, "renormalise": true}), &rows));
        prop_assert!(close(&of(&w), &of(&scaled), 1e-12));
    }

    #[test]
    fn who_is_better_in_all_ranks_no_lower(rows in rows(2..12, 3), way in ways(), gain in prop::collection::vec(0.0..5.0f64, 3)) {
        let mut rows = rows;
        let best = rows[0].iter().zip(&gain).map(|(x, g)| x + g).collect();
        rows.push(best);
        let result = run(json!({"normalise": way["normalise"], "range": [1, 2], "centre": 100, "spread": 10}), &rows);
        let rank = |i: usize| result.units[i].rank;
        if let (Some(first), Some(last)) = (rank(0), rank(rows.len() - 1)) {
            prop_assert!(last <= first);
        }
    }

    #[test]
    fn means_lie_between_their_parts_and_in_order(rows in rows(1..8, 4)) {
        let of = |aggregate: &str| values(&run(json!({"normalise": null, "aggregate": aggregate, "scale": [0, 100]}), &rows));
        let (a, g, h) = (of("arithmetic"), of("geometric"), of("harmonic"));
        let r = of("reversed-geometric");
        for (i, row) in rows.iter().enumerate() {
            let (least, most) = (row.iter().copied().fold(f64::MAX, f64::min), row.iter().copied().fold(f64::MIN, f64::max));
            let (a, g, h, r) = (a[i].unwrap(), g[i].unwrap(), h[i].unwrap(), r[i].unwrap());
            let slack = 1e-9;
            prop_assert!(least - slack <= h && h <= g + slack && g <= a + slack && a <= r + slack && r <= most + slack, "{h} {g} {a} {r}");
        }
    }

    #[test]
    fn parts_alike_come_to_themselves(x in 1.0..10.0f64) {
        for aggregate in ["arithmetic", "geometric", "harmonic", "mazziotta-pareto", "reversed-geometric"] {
            let value = run(json!({"normalise": null, "aggregate": aggregate}), &[vec![x, x, x]]).units[0].value.unwrap();
            prop_assert!((value - x).abs() < 1e-9 * x, "{aggregate}: {value}");
        }
    }

    #[test]
    fn a_tree_of_one_level_is_no_tree(rows in rows(2..8, 3), way in ways()) {
        let mut treed = way.clone();
        treed["tree"] = json!({"top": ["x0", "x1", "x2"]});
        prop_assert_eq!(values(&run(way, &rows)), values(&run(treed, &rows)));
    }

    #[test]
    fn missing_is_never_zero(rows in rows(3..8, 3)) {
        let mut rows = rows;
        rows[0][1] = f64::NAN;
        let strict = run(json!({}), &rows);
        prop_assert_eq!(strict.units[0].value, None);
        prop_assert!(strict.units[1..].iter().all(|u| u.coverage == 1.0));
        let there = run(json!({"missing": "available"}), &rows);
        let alone: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[0], row[2]]).collect();
        let without = run(json!({}), &alone);
        let (a, b) = (there.units[0].value.unwrap(), without.units[0].value.unwrap());
        prop_assert!((a - b).abs() < 1e-12, "{a} {b}");
        prop_assert!((there.units[0].coverage - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn draws_do_not_touch_the_point_and_hold_their_bounds(rows in rows(2..8, 3), seed in 0..1000u64) {
        let point = run(json!({}), &rows);
        let drawn = run(json!({"draws": 40, "seed": seed}), &rows);
        prop_assert_eq!(values(&point), values(&drawn));
        for unit in &drawn.units {
            let (low, middle, high) = (unit.rank_lower.unwrap(), unit.rank_median.unwrap(), unit.rank_upper.unwrap());
            prop_assert!(1.0 <= low && low <= middle && middle <= high && high <= rows.len() as f64);
        }
        prop_assert!(point.units.iter().all(|unit| unit.rank_lower.is_none() && unit.draws.is_none()));
    }
}

/// Values as people have them: missing, zero, negative, huge, tiny, the same.
fn odd_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..10.0f64,
        1 => Just(f64::NAN),
        1 => Just(0.0),
        1 => Just(5.0),
        1 => -10.0..0.0f64,
        1 => prop_oneof![Just(1e300), Just(-1e300), Just(1e-300), Just(f64::MIN_POSITIVE)],
    ]
}

fn any_settings() -> impl Strategy<Value = Value> {
    let normalise = prop::sample::select(vec![json!("min-max"), json!("z-score"), json!("rank"), json!("distance-to-target"), Value::Null]);
    let aggregate = prop::sample::select(vec!["arithmetic", "geometric", "harmonic", "mazziotta-pareto", "reversed-geometric"]);
    let treatment = prop::sample::select(vec!["none", "winsorise", "log", "winsorise-or-log"]);
    let weights = prop::sample::select(vec!["equal", "pca", "entropy"]);
    let missing = prop::sample::select(vec!["undefined", "available"]);
    let varied = prop::sample::select(vec![json!([]), json!(["min-max", "rank"]), json!(["z-score"])]);
    (normalise, aggregate, treatment, weights, missing, varied, 0..20u32, any::<bool>()).prop_map(
        |(normalise, aggregate, treatment, weights, missing, varied, draws, lower)| {
            let rule = json!({"better": if lower { "lower" } else { "higher" }, "target": 4.0});
            json!({
                "normalise": normalise, "treatment": treatment, "weights": weights, "missing": missing, "draws": draws, "least_share": 0.2,
                "tree": {"top": {"a": ["x0", "x1"], "b": ["x2", {"c": ["x3"]}]}}, "aggregate": {"a": aggregate, "top": aggregate},
                "indicators": {"x0": rule, "x1": {"target": 2.0}, "x2": {"target": 2.0}, "x3": {"target": 1.0}},
                "vary": {"normalise": varied, "aggregate": ["harmonic", "arithmetic"]}, "keep": ["steps", "draws"]
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_comes_is_refused_or_answered_in_finite_numbers(
        rows in prop::collection::vec(prop::collection::vec(odd_value(), 4), 1..9),
        given in any_settings(),
    ) {
        let Ok(result) = settings(given).run(&table(&rows)) else { return Ok(()) };
        let count = result.units.iter().filter(|u| u.value.is_some()).count() as f64;
        let ranks: f64 = result.units.iter().filter_map(|u| u.rank).sum();
        prop_assert_eq!(ranks, count * (count + 1.0) / 2.0);
        for unit in &result.units {
            prop_assert_eq!(unit.value.is_some(), unit.rank.is_some());
            prop_assert!((0.0..=1.0).contains(&unit.coverage));
            prop_assert!(unit.value.is_none_or(f64::is_finite));
        }
        prop_assert!(count == rows.len() as f64 || !result.notes.is_empty());
        prop_assert!((result.indicators.iter().map(|i| i.weight).sum::<f64>() - 1.0).abs() < 1e-9);
        result.outcome().unwrap();
    }
}

fn skewed() -> Vec<Vec<f64>> {
    (0..30)
        .map(|i| vec![f64::from(i * i % 17) + 1.0, f64::from(i * 7 % 13) + 2.0, (f64::from(i) / 3.0).exp(), f64::from(i % 5) + 1.0])
        .collect()
}

fn everything() -> CompositeIndex {
    settings(json!({
        "draws": 600, "seed": 11, "keep": ["draws", "steps"], "range": [1, 100],
        "tree": {"top": {"a": ["x0", "x1"], "b": ["x2", "x3"]}},
        "vary": {"normalise": ["min-max", "rank"], "aggregate": ["arithmetic", "geometric", "harmonic"], "treatment": ["none", "winsorise", "log"],
                 "weights": {"dirichlet": 20}, "leave_one_out": true}
    }))
}

#[test]
fn threads_do_not_change_a_byte() {
    let rows = skewed();
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let outcome = pool.install(|| everything().run(&table(&rows)).unwrap().outcome().unwrap());
        outcome.to_json().to_string()
    };
    let one = bytes(1);
    assert_eq!(one, bytes(2));
    assert_eq!(one, bytes(5));
}

#[test]
fn every_choice_of_every_draw_can_be_taken_up_again() {
    let rows = skewed();
    let result = everything().run(&table(&rows)).unwrap();
    let drawn = result.draws.as_ref().unwrap();
    assert_eq!((drawn.choices.len(), drawn.ranks.len()), (600, 600 * 30));
    for draw in [0usize, 1, 7, 99, 599] {
        let choice = &drawn.choices[draw];
        let mine = drawn.weights.iter().filter(|w| w.draw as usize == draw && w.weight > 0.0);
        let weights: serde_json::Map<String, Value> = mine.map(|w| (w.part.clone(), json!(w.weight))).collect();
        let part =
            |names: [&str; 2]| -> Vec<String> { names.iter().filter(|n| weights.contains_key(**n)).map(|n| (*n).to_owned()).collect() };
        let again = settings(json!({
            "range": [1, 100], "treatment": choice.treatment, "normalise": choice.normalise, "aggregate": choice.aggregate,
            "tree": {"top": {"a": part(["x0", "x1"]), "b": part(["x2", "x3"])}}, "weights": weights, "renormalise": true
        }));
        let ranks: Vec<f64> = again.run(&table(&rows)).unwrap().units.iter().map(|u| u.rank.unwrap()).collect();
        assert_eq!(ranks, drawn.ranks[draw * 30..(draw + 1) * 30], "draw {draw}");
        assert_eq!(choice.left_out.is_some(), weights.len() < 6);
    }
    // each option is drawn about as often as the others
    let share = |test: &dyn Fn(&hs_core::analyses::thresholds::DrawChoices) -> bool| {
        drawn.choices.iter().filter(|c| test(c)).count() as f64 / 600.0
    };
    assert!((share(&|c| c.left_out.is_none()) - 0.2).abs() < 0.06);
    assert!((share(&|c| c.normalise.unwrap().word() == "rank") - 0.5).abs() < 0.08);
    assert!((share(&|c| c.treatment.word() == "log") - 1.0 / 3.0).abs() < 0.08);
}

#[test]
fn disturbed_weights_keep_their_mean_and_their_range() {
    let rows: Vec<Vec<f64>> = (0..6).map(|i| vec![f64::from(i), f64::from(i * i), 1.0 / (1.0 + f64::from(i))]).collect();
    for noise in [json!({"dirichlet": 30}), json!({"relative": 0.5})] {
        let result = run(
            json!({"draws": 2000, "keep": "draws", "weights": [0.2, 0.3, 0.5], "vary": {"weights": noise, "leave_one_out": false}}),
            &rows,
        );
        for (part, wanted) in [("x0", 0.2), ("x1", 0.3), ("x2", 0.5)] {
            let found: Vec<f64> = result.draws.as_ref().unwrap().weights.iter().filter(|w| w.part == part).map(|w| w.weight).collect();
            let mean = found.iter().sum::<f64>() / found.len() as f64;
            assert!((mean - wanted).abs() < 0.01, "{noise} {part} {mean}");
            // Beta(30 · 0.5, 30 · 0.5): deviation 0.0898; evenly from half to one and a half before scaling: about the same
            let deviation = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / found.len() as f64).sqrt();
            if noise["dirichlet"].is_number() {
                assert!((deviation - (wanted * (1.0 - wanted) / 31.0).sqrt()).abs() < 0.005, "{part} {deviation}");
            } else {
                assert!(found.iter().all(|x| *x > wanted / 3.0 && *x < wanted * 3.0));
            }
        }
    }
}

#[test]
fn a_stop_is_heard_between_draws() {
    let error = everything().run_with(&table(&skewed()), &|_| false).unwrap_err();
    assert_eq!(error.kind, hs_core::ErrorKind::Cancelled);
}
