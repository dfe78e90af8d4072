//! Laws of scores, changes, robustness and survey means, from data to tables.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::thresholds::scoring::{Robustness, Score, ScoreChange, SurveyMean};
use hs_core::settings_from_json;
use hs_core::tables::{Outcome, Rows, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One household: district, stratum, village, weight, food (missing at times), whether water is bad, whether in the domain.
type Household = (i64, i64, i64, f64, Option<f64>, bool, bool);

fn households(most: usize) -> impl Strategy<Value = Vec<Household>> {
    let food = proptest::option::weighted(0.85, (0..8_u8).prop_map(|f| f64::from(f) * 10.0));
    let any = proptest::collection::vec((0..3_i64, 0..2_i64, 0..3_i64, 0.5..4.0, food, any::<bool>(), any::<bool>()), 6..most);
    // a score of nobody, and an indicator that nobody answered, are errors: the first is in the domain and answers
    any.prop_map(|mut households| {
        households[0].4 = households[0].4.or(Some(40.0));
        households[0].6 = true;
        households
    })
}

fn rows(households: &[Household], weight: impl Fn(&Household) -> f64) -> Rows {
    let h = households;
    let table = Table::builder()
        .integer("district", h.iter().map(|h| Some(h.0)))
        .integer("stratum", h.iter().map(|h| Some(h.1)))
        .integer("village", h.iter().map(|h| Some(h.2)))
        .number("wt", h.iter().map(|h| Some(weight(h))))
        .number("food", h.iter().map(|h| h.4))
        .boolean("water", h.iter().map(|h| Some(h.5)))
        .boolean("in", h.iter().map(|h| Some(h.6)));
    Rows::from(&table.build().unwrap())
}

fn settings(more: Value) -> Value {
    let scheme = json!({
        "indicators": [{"name": "food", "below": 28, "weight": 0.6}, {"name": "water", "among": [true], "weight": 0.4}], "cutoff": 0.5
    });
    let mut all = json!({"scheme": scheme, "by": ["district"], "weight": "wt", "strata": "stratum", "cluster": "village", "min_n": 0});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn score(rows: &Rows, more: Value) -> Outcome {
    let score = settings_from_json::<Score>(&settings(more).to_string()).unwrap();
    score.run([Ok(rows.clone())], &|_| true).unwrap().outcome().unwrap()
}

fn numbers(outcome: &Outcome, table: &str, column: &str) -> Vec<Option<f64>> {
    outcome.table(table).unwrap().number(column).unwrap()
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9,
        (a, b) => a == b,
    }
}

/// The total's row of a table of margins.
fn total(outcome: &Outcome, table: &str, column: &str) -> Option<f64> {
    let over = outcome.table(table).unwrap().text("over").unwrap();
    let at = over.iter().position(|o| *o == Some("")).unwrap();
    numbers(outcome, table, column)[at]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_domain_is_the_others_weighing_nothing(h in households(40)) {
        let domain = score(&rows(&h, |h| h.3), json!({"domain": "in"}));
        let weightless = score(&rows(&h, |h| if h.6 { h.3 } else { 0.0 }), json!({}));
        // on 0 and 1 an interval rests on the number of rows, to which those that weigh nothing belong
        let inside = total(&domain, "margins", "H").is_some_and(|share| share > 0.0 && share < 1.0);
        let interval = if inside { &["H_lower", "H_upper"][..] } else { &[] };
        for &column in ["H", "H_se", "A", "A_se", "M0", "M0_se", "contribution_se", "share"].iter().chain(interval) {
            prop_assert!(near(total(&domain, "margins", column), total(&weightless, "margins", column)), "{column}");
        }
        prop_assert_eq!(&domain.facts["psus"], &weightless.facts["psus"]);
    }

    #[test]
    fn missing_is_neither_zero_nor_plenty(h in households(40)) {
        let as_food = |fill: f64| h.iter().map(|h| (h.0, h.1, h.2, h.3, h.4.or(Some(fill)), h.5, h.6)).collect::<Vec<_>>();
        let of = |h: &[Household], more: Value| total(&score(&rows(h, |h| h.3), more), "margins", "M0").unwrap();
        let bounded = score(&rows(&h, |h| h.3), json!({"by": [], "bounds": true}));
        let bound = |column: &str| numbers(&bounded, "bounds", column)[0].unwrap();
        // the bounds are what filling in gives
        let plain = |h: &[Household]| of(h, json!({}));
        let [plenty, nothing] = [plain(&as_food(70.0)), plain(&as_food(0.0))];
        prop_assert!((bound("M0_lower") - plenty).abs() < 1e-9 && (bound("M0_upper") - nothing).abs() < 1e-9);
        // excluding them is scoring the others
        let others: Vec<Household> = h.iter().copied().filter(|h| h.4.is_some()).collect();
        prop_assert!((plain(&h) - plain(&others)).abs() < 1e-9);
    }

    #[test]
    fn who_is_better_off_never_raises_m0(h in households(30), who in 0..30_usize) {
        prop_assume!(who < h.len() && h[who].4.is_some());
        let mut better = h.clone();
        better[who].4 = better[who].4.map(|food| food + 30.0);
        better[who].5 = false;
        let of = |h: &[Household]| total(&score(&rows(h, |h| h.3), json!({})), "margins", "M0").unwrap();
        prop_assert!(of(&better) <= of(&h) + 1e-12);
    }

    #[test]
    fn no_change_is_zero_and_splits_sum(first in households(40), second in households(40)) {
        let change = |one: &[Household], two: &[Household], samples: &str| {
            let settings = json!({"score": settings(json!({})), "samples": samples});
            let change = settings_from_json::<ScoreChange>(&settings.to_string()).unwrap();
            change.run([Ok(rows(one, |h| h.3))], [Ok(rows(two, |h| h.3))], &|_| true).unwrap().outcome().unwrap()
        };
        let same = change(&first, &first, "overlapping");
        for column in ["change", "change_se"] {
            for found in numbers(&same, "change", column).into_iter().chain(numbers(&same, "margins", column)).flatten() {
                prop_assert!(found.abs() < 1e-7, "{column} {found}");
            }
        }
        let other = change(&first, &second, "independent");
        for table in ["decomposition", "decomposition_margins"] {
            let [whole, one, two] = ["change", "incidence", "intensity"].map(|c| numbers(&other, table, c));
            for ((whole, one), two) in whole.iter().zip(one).zip(two) {
                if let (Some(one), Some(two)) = (one, two) {
                    prop_assert!((whole.unwrap() - one - two).abs() < 1e-12);
                }
            }
        }
        let whole = total(&other, "decomposition_margins", "change").unwrap();
        let indicators: f64 = numbers(&other, "indicator_margins", "change").into_iter().map(Option::unwrap).sum();
        prop_assert!((whole - indicators).abs() < 1e-12, "{whole} {indicators}");
        let [within, shift] = ["within", "shift"].map(|c| numbers(&other, "group_shifts", c).into_iter().flatten().sum::<f64>());
        prop_assert!((whole - within - shift).abs() < 1e-12, "{whole} {within} {shift}");
        // samples that share their PSUs are no less sure than they say: the covariance is at most the geometric mean of the variances
        let shared = change(&first, &second, "overlapping");
        let firsts = score(&rows(&first, |h| h.3), json!({}));
        let seconds = score(&rows(&second, |h| h.3), json!({}));
        let of = |outcome: &Outcome| total(outcome, "margins", "H_se").unwrap_or_default();
        let errors = numbers(&shared, "margins", "change_se");
        if let Some(Some(error)) = errors.first() {
            prop_assert!(*error <= of(&firsts) + of(&seconds) + 1e-9);
            prop_assert!(*error >= (of(&firsts) - of(&seconds)).abs() - 1e-9);
        }
    }

    #[test]
    fn pairs_differ_as_a_contrast_of_rows_does(h in households(40), clusters: bool) {
        let more = if clusters { json!({}) } else { json!({"cluster": null}) };
        let settings = json!({"score": settings(more)});
        let robustness = settings_from_json::<Robustness>(&settings.to_string()).unwrap();
        let outcome = robustness.run([Ok(rows(&h, |h| h.3))], &|_| true).unwrap().outcome().unwrap();
        let pairs = outcome.table("pairs").unwrap();
        let (names, others) = (pairs.text("first").unwrap(), pairs.text("second").unwrap());
        for (row, (one, two)) in names.iter().zip(others).enumerate().filter(|(row, _)| pairs.text("measure").unwrap()[*row] == Some("H")) {
            let district = |name: &str| name.strip_prefix("district=").unwrap().parse::<i64>().unwrap();
            let (one, two) = (district(one.unwrap()), district(two.unwrap()));
            let (difference, error) = contrast(&h, one, two, clusters);
            prop_assert!(near(pairs.number("difference").unwrap()[row], Some(difference)));
            let found = pairs.number("difference_se").unwrap()[row];
            prop_assert!(found.is_none_or(|found| (found - error).abs() < 1e-7), "{found:?} {error}");
        }
    }

    #[test]
    fn a_mean_takes_batches_and_domains_as_they_come(h in households(40), cut in 0..40_usize) {
        let all = rows(&h, |h| h.3);
        let of = |data: Vec<hs_core::Result<Rows>>, more: Value| {
            let mut settings = json!({"column": "food", "weight": "wt", "strata": "stratum", "cluster": "village", "by": ["district"]});
            settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            settings_from_json::<SurveyMean>(&settings.to_string()).unwrap().run(data, &|_| true).unwrap().outcome().unwrap()
        };
        let whole = of(vec![Ok(all.clone())], json!({}));
        let cut = cut.min(h.len());
        let parts = of(vec![Ok(all.slice(0, cut)), Ok(all.slice(cut, h.len()))], json!({}));
        prop_assert_eq!(whole.to_json().to_string(), parts.to_json().to_string());
        let domain = of(vec![Ok(all)], json!({"by": [], "domain": "in"}));
        let others = of(vec![Ok(rows(&h, |h| if h.6 { h.3 } else { 0.0 }))], json!({"by": []}));
        for column in ["estimate", "standard_error", "lower"] {
            let [one, two] = [&domain, &others].map(|o| numbers(o, "survey_mean", column)[0]);
            prop_assert!(near(one, two), "{column}: {one:?} {two:?}");
        }
    }

    #[test]
    fn a_proportion_is_a_headcount(h in households(40), clusters: bool) {
        let full: Vec<Household> = h.iter().copied().map(|mut h| { h.4 = Some(50.0); h }).collect();
        let data = rows(&full, |h| h.3);
        let more = if clusters { json!({}) } else { json!({"cluster": null}) };
        let score = score(&data, more.clone());
        let mut settings = json!({"column": "water", "kind": "proportion", "weight": "wt", "strata": "stratum", "cluster": "village", "by": ["district"]});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mean = settings_from_json::<SurveyMean>(&settings.to_string()).unwrap().run([Ok(data)], &|_| true).unwrap().outcome().unwrap();
        let dimensions = score.table("dimensions").unwrap();
        for (theirs, mine) in [("headcount", "estimate"), ("headcount_se", "standard_error"), ("headcount_lower", "lower"), ("headcount_upper", "upper")] {
            let headcounts = dimensions.number(theirs).unwrap();
            for (group, found) in numbers(&mean, "survey_mean", mine).into_iter().enumerate() {
                let wanted = headcounts[2 * group + 1];
                let tolerance = if mine == "estimate" { 1e-12 } else { 1e-7 };
                prop_assert!(found.zip(wanted).is_none_or(|(a, b)| (a - b).abs() < tolerance) && found.is_some() == wanted.is_some(), "{mine}: {found:?} {wanted:?}");
            }
        }
    }
}

/// H of one district less that of another, and its standard error, by the influence of every row.
fn contrast(h: &[Household], one: i64, two: i64, clusters: bool) -> (f64, f64) {
    use std::collections::BTreeMap;
    let counts = |h: &Household| h.4.is_some();
    let poor = |h: &Household| f64::from(u8::from(h.4.unwrap() < 28.0));
    let of = |district: i64| {
        let own = || h.iter().filter(|h| h.0 == district && counts(h));
        let weight: f64 = own().map(|h| h.3).sum();
        (own().map(|h| h.3 * poor(h)).sum::<f64>() / weight, weight)
    };
    let ((h1, w1), (h2, w2)) = (of(one), of(two));
    let mut strata: BTreeMap<i64, BTreeMap<usize, f64>> = BTreeMap::new();
    for (at, row) in h.iter().enumerate() {
        let psu = if clusters { row.2 as usize } else { at };
        let z = match row.0 {
            _ if !counts(row) => 0.0,
            district if district == one => row.3 * (poor(row) - h1) / w1,
            district if district == two => -row.3 * (poor(row) - h2) / w2,
            _ => 0.0,
        };
        *strata.entry(row.1).or_default().entry(psu).or_default() += z;
    }
    let all = strata.values().flatten().count() as f64;
    let grand = strata.values().flatten().map(|p| p.1).sum::<f64>() / all;
    let variance: f64 = strata
        .values()
        .map(|psus| {
            let n = psus.len() as f64;
            let mean = if n > 1.0 { psus.values().sum::<f64>() / n } else { grand };
            psus.values().map(|z| (z - mean).powi(2)).sum::<f64>() * if n > 1.0 { n / (n - 1.0) } else { 1.0 }
        })
        .sum();
    (h1 - h2, variance.sqrt())
}

#[test]
fn what_a_round_suppresses_the_change_suppresses() {
    // 60 households of one district and 12 of another: the small one, and its complement with the total, may not be told
    let round = |shift: usize| -> Vec<Household> {
        (0..72_usize)
            .map(|i| {
                (
                    i64::from(i >= 60),
                    0,
                    (i % 9) as i64,
                    1.0,
                    Some(if (i + shift).is_multiple_of(3) { 10.0 } else { 50.0 }),
                    i % 2 == 0,
                    true,
                )
            })
            .collect()
    };
    let settings = json!({"score": settings(json!({"min_n": 25})), "samples": "overlapping"});
    let change = settings_from_json::<ScoreChange>(&settings.to_string()).unwrap();
    let data = |shift: usize| [Ok(rows(&round(shift), |h| h.3))];
    let outcome = change.run(data(0), data(1), &|_| true).unwrap().outcome().unwrap();
    let table = outcome.table("change").unwrap();
    let at = table.columns().iter().position(|c| *c == "suppressed").unwrap();
    let small: Vec<usize> = (0..table.rows()).filter(|row| table.cell(*row, 0) == json!(1)).collect();
    assert_eq!(small.len(), 3);
    for row in small {
        assert_eq!(table.cell(row, at), json!(true));
        for column in ["first", "second", "change", "change_se", "change_lower", "change_upper"] {
            assert_eq!(table.number(column).unwrap()[row], None, "{column}");
        }
    }
    assert!(outcome.facts["suppressed_cells"].as_u64().unwrap() > 0);
    assert!(outcome.notes.iter().all(|note| !matches!(note.code, "one-round-only" | "no-split")));
}
