//! Nominal 90 % intervals cover 88 to 92 % of the time, under a clustered stratified design, by simulation.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::thresholds::scoring::{Score, SurveyMean};
use hs_core::settings_from_json;
use hs_core::tables::{Rows, Table};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use serde_json::json;

const STRATA: usize = 6;
/// PSUs in the population of a stratum, and those drawn.
const VILLAGES: [usize; 2] = [300, 10];
/// Households of a village, and those drawn.
const HOUSEHOLDS: [usize; 2] = [30, 6];

/// A population: of each stratum and village, of each household its standing (deprived below 0) and a skewed income.
struct Population {
    villages: Vec<Vec<Vec<(f64, f64)>>>,
    deprived: f64,
    income: f64,
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

/// `bar`: how far the mean standing lies above the bar.
fn population(bar: f64, seed: u64) -> Population {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut villages = Vec::new();
    let (mut deprived, mut income, mut count) = (0.0, 0.0, 0.0);
    for stratum in 0..STRATA {
        let level = bar + 0.15 * (stratum as f64 - 2.5);
        let stratum: Vec<Vec<(f64, f64)>> = (0..VILLAGES[0])
            .map(|_| {
                let village = level + 0.4 * normal(&mut random);
                let household = |random: &mut ChaCha8Rng| {
                    let standing = village + normal(random);
                    (standing, (0.5 * standing + 0.3 * normal(random)).exp())
                };
                (0..HOUSEHOLDS[0]).map(|_| household(&mut random)).collect()
            })
            .collect();
        for (standing, own) in stratum.iter().flatten() {
            deprived += f64::from(u8::from(*standing < 0.0));
            income += own;
            count += 1.0;
        }
        villages.push(stratum);
    }
    Population { villages, deprived: deprived / count, income: income / count }
}

/// Some of a list, drawn without replacement.
fn drawn(random: &mut ChaCha8Rng, of: usize, wanted: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..of).collect();
    (0..wanted).for_each(|at| all.swap(at, random.random_range(at..of)));
    all.truncate(wanted);
    all
}

/// Villages within strata, with unequal sampling: the strata's weights differ.
fn sample(population: &Population, seed: u64) -> Rows {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let [mut stratum, mut village] = [Vec::new(), Vec::new()];
    let [mut weight, mut standing, mut income] = [Vec::new(), Vec::new(), Vec::new()];
    for (at, villages) in population.villages.iter().enumerate() {
        let wanted = VILLAGES[1] + at % 3 * 4;
        for place in drawn(&mut random, villages.len(), wanted) {
            for household in drawn(&mut random, HOUSEHOLDS[0], HOUSEHOLDS[1]) {
                stratum.push(Some(at as i64));
                village.push(Some(place as i64));
                weight.push(Some((villages.len() * HOUSEHOLDS[0]) as f64 / (wanted * HOUSEHOLDS[1]) as f64));
                standing.push(Some(villages[place][household].0));
                income.push(Some(villages[place][household].1));
            }
        }
    }
    let table = Table::builder().integer("stratum", stratum).integer("village", village);
    let table = table.number("weight", weight).number("standing", standing).number("income", income);
    Rows::from(&table.build().unwrap())
}

/// Share of samples whose 90 % interval holds the truth: of H, and of the mean income.
fn coverage(bar: f64, draws: u64) -> (f64, [f64; 2]) {
    let population = population(bar, 7);
    let design = json!({"weight": "weight", "strata": "stratum", "cluster": "village", "level": 0.9, "min_n": 0});
    let with = |more: serde_json::Value| {
        let mut settings = design.as_object().unwrap().clone();
        settings.extend(more.as_object().unwrap().clone());
        serde_json::Value::Object(settings).to_string()
    };
    let scheme = json!({"scheme": {"indicators": [{"name": "standing", "below": 0}], "cutoff": 1.0}, "gaps": false});
    let score = settings_from_json::<Score>(&with(scheme)).unwrap();
    let mean = settings_from_json::<SurveyMean>(&with(json!({"column": "income"}))).unwrap();
    let hits: Vec<[bool; 2]> = (0..draws)
        .into_par_iter()
        .map(|draw| {
            let rows = sample(&population, 1_000 + draw);
            let h = score.run([Ok(rows.clone())], &|_| true).unwrap().outcome().unwrap();
            let m = mean.run([Ok(rows)], &|_| true).unwrap().outcome().unwrap();
            let inside = |table: &Table, lower: &str, upper: &str, truth: f64| {
                let of = |name: &str| table.number(name).unwrap()[0].unwrap();
                of(lower) <= truth && truth <= of(upper)
            };
            [
                inside(h.table("groups").unwrap(), "H_lower", "H_upper", population.deprived),
                inside(m.table("survey_mean").unwrap(), "lower", "upper", population.income),
            ]
        })
        .collect();
    let share = |at: usize| hits.iter().filter(|hit| hit[at]).count() as f64 / draws as f64;
    (population.deprived, [share(0), share(1)])
}

/// How many samples are drawn: more of them outside a debug build.
fn draws() -> u64 {
    if cfg!(debug_assertions) { 700 } else { 20_000 }
}

#[test]
fn ninety_percent_intervals_cover_ninety_percent() {
    for (bar, near) in [(0.6, 0.3), (1.8, 0.05)] {
        let (truth, covered) = coverage(bar, draws());
        println!("H = {truth:.4}: covered {covered:?}");
        assert!((truth - near).abs() < 0.03, "the population has H = {truth}");
        for share in covered {
            assert!((0.88..=0.92).contains(&share), "H = {truth}: covered {covered:?}");
        }
    }
}
