//! The survey to practise on, scored: near its truth where answers are missing completely at random, and off it where they are not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use hs_core::analyses::thresholds::scoring::Score;
use hs_core::tables::Rows;
use hs_core::{examples, kernels};
use serde_json::Value;

fn groups(score: &Score, n: usize, seed: u64) -> Vec<Value> {
    let table = examples::survey("ituri", n, seed).unwrap().table;
    let outcome = score.run(std::iter::once(Ok(Rows::from(&table))), &kernels::never).unwrap().outcome().unwrap();
    let table = outcome.tables.iter().find(|(name, _)| *name == "groups").unwrap().1.to_json();
    table.as_array().unwrap().clone()
}

fn truth(over: &str, value: &str, column: &str) -> f64 {
    let groups = examples::survey_truth("ituri").unwrap().groups.to_json();
    let of = |row: &&Value| row["over"] == over && row["unit"] == "persons" && (over.is_empty() || row[over] == value);
    groups.as_array().unwrap().iter().find(of).unwrap()[column].as_f64().unwrap()
}

fn number(row: &Value, column: &str) -> f64 {
    row[column].as_f64().unwrap_or_else(|| panic!("{column} of {row}"))
}

#[test]
fn what_excluding_tends_to_is_inside_the_interval_and_the_truth_is_not() {
    let score = examples::survey_score("ituri").unwrap();
    let all = &groups(&score, 40_000, 1)[0];
    for measure in ["H", "M0"] {
        let tends = truth("", "", &format!("{measure}_complete"));
        let distance = (number(all, measure) - tends) / number(all, &format!("{measure}_se"));
        assert!(distance.abs() < 3.5, "{measure} {distance}");
        assert!(truth("", "", measure) > number(all, &format!("{measure}_upper")), "{measure}");
    }
    assert!((number(all, "coverage") - truth("", "", "complete")).abs() < 0.01);
    let population = number(all, "population") / number(all, "coverage");
    assert!((population / truth("", "", "population") - 1.0).abs() < 0.05, "{population}");
    let by_group = Score { by: vec!["group".into()], ..score.clone() };
    for row in groups(&by_group, 40_000, 1) {
        let distance = (number(&row, "H") - truth("group", row["group"].as_str().unwrap(), "H")) / number(&row, "H_se");
        assert!(distance.abs() < 3.5, "{row}");
    }
}

#[test]
fn intervals_of_the_score_cover_as_often_as_they_say() {
    let score = examples::survey_score("ituri").unwrap();
    let tends = ["H", "A", "M0"].map(|measure| (measure, truth("", "", &format!("{measure}_complete"))));
    let mut covered = [0; 3];
    let samples = 100;
    for seed in 0..samples {
        let all = &groups(&score, 2_000, 1_000 + seed)[0];
        for (count, (measure, value)) in covered.iter_mut().zip(tends) {
            let inside = number(all, &format!("{measure}_lower")) <= value && value <= number(all, &format!("{measure}_upper"));
            *count += usize::from(inside);
        }
    }
    // 95 of 100, and three standard errors of that count
    assert!(covered.iter().all(|count| (88..=100).contains(count)), "{covered:?}");
}
