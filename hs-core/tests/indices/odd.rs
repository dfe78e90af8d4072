//! Odd inputs: a typed error with every problem, or a stated answer.

use hs_core::analyses::thresholds::{CompositeIndex, IndicatorTable};
use hs_core::tables::{Rows, Table};
use hs_core::{ErrorKind, settings_from_json};
use serde_json::{Value, json};

use super::{names, noted, run, settings, table, values};

fn refused(json: Value, rows: &[Vec<f64>]) -> Vec<String> {
    let error = settings(json).run(&table(rows)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Argument, "{error}");
    error.problems.iter().map(|problem| problem.pointer.clone()).collect()
}

fn three() -> Vec<Vec<f64>> {
    vec![vec![1.0, 10.0], vec![2.0, 40.0], vec![3.0, 20.0]]
}

#[test]
fn tables_that_are_none() {
    let problems = |units: &[&str], indicators: &[&str], values: &[f64]| {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        IndicatorTable::new(owned(units), owned(indicators), values).unwrap_err().problems.len()
    };
    assert_eq!(problems(&[], &[], &[]), 2);
    assert_eq!(problems(&["a", "b"], &["x"], &[1.0]), 1);
    assert_eq!(problems(&["a", "a", ""], &["x", "x"], &[1.0, f64::INFINITY, 2.0, f64::NEG_INFINITY, 0.0, 0.0]), 4);
}

#[test]
fn one_unit_has_no_min_max_and_says_so() {
    let one = run(json!({}), &[vec![1.0, 2.0]]);
    assert_eq!(values(&one), [None]);
    assert!(noted(&one, "constant-indicator") && noted(&one, "missing-part"));
    assert_eq!(run(json!({"normalise": "rank"}), &[vec![1.0, 2.0]]).units[0].rank, Some(1.0));
    assert_eq!(values(&run(json!({"normalise": null}), &[vec![1.0, 2.0]])), [Some(1.5)]);
}

#[test]
fn a_constant_and_an_empty_column() {
    let rows: Vec<Vec<f64>> = three().into_iter().map(|row| vec![row[0], 7.0, f64::NAN]).collect();
    let strict = run(json!({}), &rows);
    assert_eq!(values(&strict), [None; 3]);
    assert!(noted(&strict, "constant-indicator") && noted(&strict, "empty-indicator"));
    let lenient = run(json!({"missing": "available", "least_share": 0.3}), &rows);
    assert_eq!(values(&lenient), [Some(0.0), Some(0.5), Some(1.0)]);
    assert!((lenient.units[0].coverage - 1.0 / 3.0).abs() < 1e-12);
    let choosy = run(json!({"missing": "available"}), &rows);
    assert_eq!(values(&choosy), [None; 3]);
    assert!(noted(&choosy, "too-little-there"));
}

#[test]
fn zeros_have_no_geometric_mean_and_the_note_offers_a_range() {
    let zero = run(json!({"aggregate": "geometric"}), &three());
    assert_eq!(zero.units[0].value, None);
    let note = zero.notes.iter().find(|note| note.code == "not-positive").unwrap();
    assert!(note.message.contains("[1, 100]"));
    assert!(values(&run(json!({"aggregate": "geometric", "range": [1, 100]}), &three())).iter().all(Option::is_some));
    let off = run(json!({"aggregate": "reversed-geometric", "normalise": null}), &three());
    assert!(noted(&off, "off-scale"));
    assert!(noted(&run(json!({"aggregate": "mazziotta-pareto", "normalise": "z-score"}), &three()), "mean-not-positive"));
}

#[test]
fn ties_share_their_ranks() {
    let rows = vec![vec![1.0], vec![3.0], vec![3.0], vec![2.0]];
    let ranks: Vec<f64> = run(json!({}), &rows).units.iter().map(|u| u.rank.unwrap()).collect();
    assert_eq!(ranks, [4.0, 1.5, 1.5, 3.0]);
}

#[test]
fn every_slip_is_told_at_once() {
    let found = refused(
        json!({
            "weights": {"x0": 0.5, "x1": 0.4, "y": 0.1}, "tree": {"top": {"a": ["x0", "x1"], "b": ["x7"], "c": []}},
            "aggregate": {"d": "geometric"}, "indicators": {"z": {}, "x0": {"goalposts": [3, 1]}}, "level": 1, "spread": 0, "range": [1, 1]
        }),
        &three(),
    );
    for pointer in [
        "/level",
        "/spread",
        "/range",
        "/indicators/x0/goalposts",
        "/indicators/z",
        "/tree/b",
        "/tree/c",
        "/weights/y",
        "/weights",
        "/aggregate/d",
    ] {
        assert!(found.iter().any(|at| at == pointer), "{pointer} is not among {found:?}");
    }
}

#[test]
fn trees_that_hold_something_twice_or_nothing() {
    assert_eq!(refused(json!({"tree": {"a": ["x0"], "b": ["x0"]}}), &three()), ["/tree"]);
    assert_eq!(refused(json!({"tree": {"x0": ["x0", "x1"]}}), &three()), ["/tree"]);
    assert_eq!(refused(json!({"tree": []}), &three()), ["/tree"]);
    let nearest = settings(json!({"tree": ["x0", "x11"]})).run(&table(&three())).unwrap_err();
    assert!(nearest.problems[0].mend.is_some());
    let twice = settings_from_json::<CompositeIndex>(r#"{"tree": {"a": ["x0"], "a": ["x1"]}}"#);
    assert_eq!(twice.unwrap_err().kind, ErrorKind::Argument);
    let mut deep = json!(["x0"]);
    for level in 0..80 {
        deep = json!({ format!("n{level}"): deep });
    }
    let error = settings(json!({"tree": deep})).run(&table(&three())).unwrap_err();
    assert!(error.problems.iter().any(|problem| problem.found.contains("nested past 64")), "{error}");
    assert!(noted(&run(json!({"tree": ["x1"]}), &three()), "unused-indicator"));
}

#[test]
fn weights_within_a_node_sum_to_one_or_are_scaled_on_request() {
    assert_eq!(refused(json!({"weights": [1, 1]}), &three()), ["/weights"]);
    assert_eq!(refused(json!({"weights": [1]}), &three()), ["/weights"]);
    assert_eq!(refused(json!({"weights": {"x0": 1}}), &three()), ["/weights"]);
    assert_eq!(refused(json!({"weights": {"x0": -1, "x1": 2}}), &three()), ["/weights/x0"]);
    assert_eq!(refused(json!({"weights": [0, 0], "renormalise": true}), &three()), ["/weights"]);
    assert!(values(&run(json!({"weights": [0.5, 0.5 + 5e-10]}), &three())).iter().all(Option::is_some));
    let scaled = run(json!({"weights": [3, 1], "renormalise": true}), &three());
    assert_eq!(scaled.indicators.iter().map(|i| i.weight).collect::<Vec<_>>(), [0.75, 0.25]);
}

#[test]
fn choices_that_do_not_go_together() {
    assert_eq!(refused(json!({"normalise": null, "indicators": {"x0": {"better": "lower"}}}), &three()), ["/indicators/x0/better"]);
    assert_eq!(refused(json!({"normalise": "distance-to-target"}), &three()).len(), 2);
    assert_eq!(refused(json!({"normalise": "z-score", "weights": "entropy"}), &three()), ["/weights"]);
    assert_eq!(refused(json!({"draws": 5, "vary": {"weights": null, "leave_one_out": false}}), &three()), ["/vary"]);
    assert_eq!(refused(json!({"treatment": "log", "indicators": {"x0": {"goalposts": [0, 5]}}}), &three()), ["/indicators/x0/goalposts"]);
    let negative = vec![vec![-1.0, 2.0], vec![1.0, 3.0]];
    let error = settings(json!({"normalise": null, "weights": "entropy"})).run(&table(&negative)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Undefined);
    assert!(error.message.contains("`x0`"));
    let many = settings(json!({"draws": u32::MAX})).run(&table(&three())).unwrap_err();
    assert_eq!(many.kind, ErrorKind::Limit);
}

#[test]
fn weights_from_the_data() {
    let rows: Vec<Vec<f64>> = (0..8).map(|i| vec![f64::from(i), f64::from(i) * 2.0 + 1.0, f64::from(i * 5 % 8)]).collect();
    let pca = run(json!({"weights": "pca"}), &rows);
    assert!((pca.indicators.iter().map(|i| i.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    assert!((pca.indicators[0].weight - pca.indicators[1].weight).abs() < 1e-12 && pca.indicators[0].weight > pca.indicators[2].weight);
    assert!(noted(&pca, "principal-component"));
    let entropy = run(json!({"weights": "entropy", "normalise": null}), &[vec![1.0, 1.0], vec![1.0, 3.0]]);
    assert_eq!(entropy.indicators.iter().map(|i| i.weight).collect::<Vec<_>>(), [0.0, 1.0]);
}

#[test]
fn outliers_are_treated_and_counted() {
    let rows: Vec<Vec<f64>> = (1..=20).map(|i| vec![if i == 20 { 1000.0 } else { f64::from(i) }, f64::from(i)]).collect();
    let result = run(json!({"treatment": "winsorise", "keep": "steps"}), &rows);
    let treated: Vec<_> = result.indicators.iter().map(|i| (i.treated, i.winsorised)).collect();
    assert_eq!(treated, [("winsorised", 1), ("none", 0)]);
    let step = result.steps.as_ref().unwrap().iter().find(|s| s.unit == "u19" && s.indicator == "x0").unwrap();
    assert_eq!((step.value, step.treated, step.normalised), (Some(1000.0), Some(19.0), Some(1.0)));
    assert!(noted(&run(json!({"treatment": "winsorise", "limit": 0}), &rows), "treatment-undone"));
    assert_eq!(run(json!({"treatment": "winsorise-or-log", "limit": 0}), &rows).indicators[0].treated, "log");
    let zeros = run(json!({"treatment": "log"}), &[vec![0.0], vec![1.0], vec![9.0]]);
    assert!(noted(&zeros, "shifted-logarithm"));
    assert_eq!((zeros.units[0].value, zeros.units[2].value), (Some(0.0), Some(1.0)));
}

#[test]
fn goalposts_clip_and_say_so() {
    let rules = json!({"x0": {"goalposts": [0, 2]}, "x1": {"goalposts": [0, 40], "better": "lower"}});
    let clipped = run(json!({"indicators": rules.clone()}), &three());
    assert_eq!(values(&clipped), [Some(0.625), Some(0.5), Some(0.75)]);
    assert!(noted(&clipped, "past-goalpost"));
    assert!(noted(&run(json!({"indicators": rules.clone(), "normalise": "rank"}), &three()), "goalposts-unused"));
    let free = run(json!({"indicators": rules, "clip": false}), &three());
    assert_eq!(free.units[2].value, Some(1.0));
}

#[test]
fn draws_without_weights_are_counted_not_hidden() {
    // of two parts without correlation no component is the first; one of them alone weighs all
    let rows = vec![vec![1.0, 1.0], vec![2.0, 1.0], vec![1.0, 2.0], vec![2.0, 2.0]];
    let error = settings(json!({"weights": "pca"})).run(&table(&rows)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Undefined);
    let rows = vec![vec![1.0, 1.0, 5.0], vec![2.0, 1.0, 6.0], vec![1.0, 2.0, 5.5], vec![2.0, 2.0, 8.0]];
    let result = run(json!({"weights": "pca", "draws": 200}), &rows);
    assert!(noted(&result, "draws-without-weights") && noted(&result, "undefined-in-draws"));
    assert!(result.units.iter().all(|u| u.draws.is_some_and(|d| d > 100 && d < 200)));
}

#[test]
fn columns_of_any_data() {
    let frame = Table::builder()
        .text("iso3", ["A", "B", "C"].map(Some))
        .number("wells", [Some(1.0), None, Some(3.0)])
        .integer("clinics", [4, 5, 6].map(Some))
        .build()
        .unwrap();
    let read = |settings: Value| super::settings(settings).run_rows([Ok(Rows::from(&frame))], &hs_core::kernels::never);
    let result = read(json!({})).unwrap();
    assert_eq!(result.units[2].unit, "C");
    assert_eq!(values(&result), [Some(0.0), None, Some(1.0)]);
    assert!(noted(&result, "units-from-column"));
    let picked = read(json!({"unit": "iso3", "tree": {"top": ["clinics"]}})).unwrap();
    assert_eq!(picked.name, "top");
    assert!(noted(&picked, "unused-column") && !noted(&picked, "units-from-column"));
    assert_eq!(read(json!({"columns": ["clinics", "well"]})).unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(read(json!({"tree": ["clinics", "well"]})).unwrap_err().problems[0].mend.as_deref(), None);
    let batches = read(json!({})).unwrap();
    let halves = [Ok(Rows::from(&frame).slice(0, 1)), Ok(Rows::from(&frame).slice(1, 2))];
    assert_eq!(values(&super::settings(json!({})).run_rows(halves, &hs_core::kernels::never).unwrap()), values(&batches));
    assert!(super::settings(json!({})).run_rows([], &hs_core::kernels::never).is_err());
    let two = Table::builder().text("a", [Some("x")]).text("b", [Some("y")]).number("n", [Some(1.0)]).build().unwrap();
    assert!(settings(json!({})).run_rows([Ok(Rows::from(&two))], &hs_core::kernels::never).is_err());
}

#[test]
fn settings_survive_the_journey_through_json() {
    let json = json!({
        "tree": {"top": {"a": ["x0"], "b": {"c": ["x1"]}}}, "weights": {"x0": 1.0}, "aggregate": {"a": "harmonic"}, "keep": "draws",
        "vary": {"normalise": ["rank"], "weights": {"relative": 0.1}}, "treatment": "winsorise-or-log", "normalise": null
    });
    let once = settings(json);
    let again: CompositeIndex = settings_from_json(&serde_json::to_string(&once).unwrap()).unwrap();
    assert_eq!(once, again);
    assert!(settings_from_json::<CompositeIndex>(r#"{"aggregate": "geometrc"}"#).unwrap_err().problems[0].mend.is_some());
    let plain = settings(json!({"weights": null, "aggregate": null, "tree": null, "keep": null, "treatment": null}));
    assert_eq!(plain, CompositeIndex::default());
    assert!(settings_from_json::<CompositeIndex>(r#"{"tree": 3}"#).is_err());
    assert!(settings_from_json::<CompositeIndex>(r#"{"tree": {"a": [["x0"]]}}"#).is_err());
    assert_eq!(names("u", 2), ["u0", "u1"]);
}

#[test]
fn the_outcome_has_the_names_of_the_contract() {
    let outcome = run(json!({"draws": 10, "keep": ["draws", "steps"]}), &three()).outcome().unwrap();
    assert_eq!(outcome.arrays.iter().map(|(n, _)| *n).collect::<Vec<_>>(), ["values", "ranks", "rank_lower", "rank_upper", "draw_ranks"]);
    let tables: Vec<&str> = outcome.tables.iter().map(|(n, _)| *n).collect();
    assert_eq!(tables, ["index", "nodes", "indicators", "steps", "draws", "draw_weights"]);
    let columns = outcome.table("index").unwrap().columns().iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    assert_eq!(columns, ["unit", "value", "rank", "rank_lower", "rank_median", "rank_upper", "coverage", "draws"]);
}
