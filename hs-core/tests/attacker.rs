//! An attacker who holds every published table of a score, knows the scheme, and takes all weights to be equal: what can be worked out?
//!
//! It shares no code with the suppression: it reads tables, writes down what must hold between the counts behind them, and bounds each
//! hidden count by two linear programmes over everything.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::collections::{BTreeMap, BTreeSet};

use hs_core::analyses::thresholds::scoring::{Deprivation, DeprivationScheme, MissingPolicy, Score};
use hs_core::kernels::never;
use hs_core::tables::{Outcome, Rows, Table};
use microlp::{ComparisonOp, OptimizationDirection, Problem};
use serde_json::{Value, json};

const LEAST: f64 = 25.0;
const BY: [&str; 2] = ["district", "sex"];

/// Numbers of a stream that is the same everywhere.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ self.0 >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }
}

/// A survey drawn by a seed, and how it is scored.
struct Survey {
    rows: Vec<([usize; 2], Vec<bool>)>,
    weights: Vec<f64>,
    cutoffs: Vec<f64>,
}

impl Survey {
    fn draw(seed: u64) -> Survey {
        let mut stream = Stream(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
        let indicators = 2 + stream.below(3);
        let groups = [1 + stream.below(3), 1 + stream.below(2)];
        let n = 30 + stream.below(500);
        let tilt = [1.0 + 2.0 * stream.next(), 1.0 + stream.next()];
        let chances: Vec<f64> = (0..indicators).map(|_| 0.05 + 0.8 * stream.next()).collect();
        let raw: Vec<f64> = (0..indicators).map(|_| 1.0 + stream.below(3) as f64).collect();
        let total: f64 = raw.iter().sum();
        let mut row = || {
            let group = [0, 1].map(|at| (stream.next().powf(tilt[at]) * groups[at] as f64) as usize);
            let lift = 1.0 - 0.2 * group[0] as f64;
            (group, chances.iter().map(|c| stream.next() < c * lift).collect())
        };
        let rows = (0..n).map(|_| row()).collect();
        let cutoffs = [vec![0.34], vec![0.5], vec![0.3, 0.6]][stream.below(3)].clone();
        Survey { rows, weights: raw.iter().map(|w| w / total).collect(), cutoffs }
    }

    fn score(&self, min_n: u32) -> Outcome {
        let number = |j: usize| self.rows.iter().map(move |r| Some(f64::from(u8::from(!r.1[j]))));
        let mut table = Table::builder();
        for (at, name) in BY.iter().enumerate() {
            table = table.text(name, self.rows.iter().map(|r| Some(format!("{name}{}", r.0[at]))));
        }
        for j in 0..self.weights.len() {
            table = table.number(&format!("i{j}"), number(j));
        }
        let indicators = self.weights.iter().enumerate().map(|(j, w)| Deprivation {
            name: format!("i{j}"),
            below: Some(1.0),
            weight: Some(*w),
            ..Default::default()
        });
        let scheme = DeprivationScheme {
            indicators: indicators.collect(),
            cutoff: self.cutoffs[0],
            missing: MissingPolicy::Exclude,
            components: None,
        };
        let score: Score = serde_json::from_value(json!({"scheme": scheme, "by": BY, "cutoffs": self.cutoffs, "min_n": min_n})).unwrap();
        score.run([Ok(Rows::from(&table.build().unwrap()))], &never).unwrap().outcome().unwrap()
    }
}

/// One cell of the tables: counts as far as they are shown. A missing key is a column summed over.
#[derive(Debug, Clone, Default)]
struct Seen {
    n: Option<f64>,
    deprived: Vec<Option<f64>>,
    insecure: Vec<Option<f64>>,
    intensity: Vec<Option<f64>>,
    censored: Vec<Vec<Option<f64>>>,
}

type Key = [Option<String>; 2];

/// Counts from shares: exact, since weights are equal.
fn read(outcome: &Outcome, configurations: usize, indicators: usize) -> BTreeMap<Key, Seen> {
    let mut seen: BTreeMap<Key, Seen> = BTreeMap::new();
    let key = |row: &Value| BY.map(|name| row[name].as_str().map(str::to_owned));
    for name in ["groups", "margins"] {
        let rows = outcome.table(name).unwrap().to_json();
        for (at, row) in rows.as_array().unwrap().iter().enumerate() {
            let cell = seen.entry(key(row)).or_default();
            cell.n = row["n"].as_f64();
            let count = |share: &str| Some(row[share].as_f64()? * row["n"].as_f64()?);
            assert_eq!(cell.insecure.len(), at % configurations);
            cell.insecure.push(count("H").map(f64::round));
            cell.intensity.push(count("M0"));
            assert_eq!(row["H"].is_null(), row["M0"].is_null());
        }
    }
    for name in ["dimensions", "dimension_margins"] {
        let rows = outcome.table(name).unwrap().to_json();
        for row in rows.as_array().unwrap() {
            let cell = seen.get_mut(&key(row)).unwrap();
            let n = cell.n;
            let count = |share: &str| Some((row[share].as_f64()? * n?).round());
            if cell.deprived.len() < indicators {
                cell.deprived.push(count("headcount"));
            }
            if cell.censored.last().is_none_or(|c| c.len() == indicators) {
                cell.censored.push(Vec::new());
            }
            cell.censored.last_mut().unwrap().push(count("censored_headcount"));
        }
    }
    seen
}

/// What a lazy office would do: hide small counts and nothing else.
fn primary_alone(all: &BTreeMap<Key, Seen>) -> BTreeMap<Key, Seen> {
    let mut shown = all.clone();
    for cell in shown.values_mut() {
        let n = cell.n.unwrap();
        let small = |count: Option<f64>| n < LEAST || count.is_none_or(|c| c < LEAST || n - c < LEAST);
        for count in &mut cell.deprived {
            *count = count.filter(|c| !small(Some(*c)));
        }
        for at in 0..cell.insecure.len() {
            let hide = small(cell.insecure[at]);
            for count in &mut cell.censored[at] {
                *count = count.filter(|c| !hide && *c >= LEAST);
            }
            if hide {
                (cell.insecure[at], cell.intensity[at]) = (None, None);
            }
        }
        cell.n = cell.n.filter(|n| *n >= LEAST);
    }
    shown
}

/// Which count of which cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Count {
    N,
    Deprived(usize),
    Insecure(usize),
    Censored(usize, usize),
}

fn value(seen: &Seen, count: Count) -> Option<f64> {
    match count {
        Count::N => seen.n,
        Count::Deprived(j) => seen.deprived[j],
        Count::Insecure(c) => seen.insecure[c],
        Count::Censored(c, j) => seen.censored[c][j],
    }
}

/// Every count of a cell that can be hidden, with its narrowest interval.
fn attack(survey: &Survey, shown: &BTreeMap<Key, Seen>) -> Vec<(Key, Count, f64, f64)> {
    let indicators = survey.weights.len();
    let mut counts = vec![Count::N];
    counts.extend((0..indicators).map(Count::Deprived));
    for c in 0..survey.cutoffs.len() {
        counts.push(Count::Insecure(c));
        counts.extend((0..indicators).map(|j| Count::Censored(c, j)));
    }
    let keys: Vec<&Key> = shown.keys().collect();
    let place = |cell: usize, count: Count| cell * counts.len() + counts.iter().position(|c| *c == count).unwrap();
    /// Σ k x <=, = or >= a constant.
    type Relation = (Vec<(usize, f64)>, ComparisonOp, f64);
    let mut rows: Vec<Relation> = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let seen = &shown[*key];
        let x = |count| place(at, count);
        let mut orders: Vec<Vec<(usize, f64)>> = Vec::new();
        let mut most = |less: Vec<(usize, f64)>| orders.push(less);
        for j in 0..indicators {
            most(vec![(x(Count::Deprived(j)), 1.0), (x(Count::N), -1.0)]);
        }
        for c in 0..survey.cutoffs.len() {
            most(vec![(x(Count::Insecure(c)), 1.0), (x(Count::N), -1.0)]);
            for j in 0..indicators {
                let (both, one, other) = (x(Count::Censored(c, j)), x(Count::Insecure(c)), x(Count::Deprived(j)));
                most(vec![(both, 1.0), (one, -1.0)]);
                most(vec![(both, 1.0), (other, -1.0)]);
                most(vec![(one, 1.0), (other, 1.0), (both, -1.0), (x(Count::N), -1.0)]);
                if c > 0 {
                    most(vec![(both, 1.0), (x(Count::Censored(c - 1, j)), -1.0)]);
                }
            }
            if c > 0 {
                most(vec![(x(Count::Insecure(c)), 1.0), (x(Count::Insecure(c - 1)), -1.0)]);
            }
            let weighted = |sign: f64| (0..indicators).map(move |j| (j, sign * survey.weights[j]));
            // whoever is insecure has at least k
            let mut row: Vec<(usize, f64)> = weighted(-1.0).map(|(j, w)| (x(Count::Censored(c, j)), w)).collect();
            row.push((x(Count::Insecure(c)), survey.cutoffs[c] - 1e-9));
            rows.push((row, ComparisonOp::Le, 1e-7));
            if let Some(m0) = seen.intensity[c] {
                let row = weighted(1.0).map(|(j, w)| (x(Count::Censored(c, j)), w)).collect();
                rows.push((row, ComparisonOp::Eq, m0));
            }
        }
        rows.extend(orders.into_iter().map(|less| (less, ComparisonOp::Le, 0.0)));
        // a margin is the sum of the cells that hold one column more
        for column in 0..2 {
            let parts: Vec<usize> = (0..keys.len())
                .filter(|p| {
                    let other = keys[*p];
                    key[column].is_none() && other[column].is_some() && key[1 - column] == other[1 - column]
                })
                .collect();
            if !parts.is_empty() {
                for count in &counts {
                    let mut row: Vec<(usize, f64)> = parts.iter().map(|p| (place(*p, *count), 1.0)).collect();
                    row.push((x(*count), -1.0));
                    rows.push((row, ComparisonOp::Eq, 0.0));
                }
            }
        }
    }
    let solve = |cell: usize, aim: Count, direction| {
        let mut problem = Problem::new(direction);
        let mut variables = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            for count in &counts {
                let own = if (at, *count) == (cell, aim) { 1.0 } else { 0.0 };
                let bounds = match value(&shown[*key], *count) {
                    Some(known) => (known, known),
                    None => (if *count == Count::N { 1.0 } else { 0.0 }, 1e5),
                };
                variables.push(problem.add_var(own, bounds));
            }
        }
        for (row, relation, constant) in &rows {
            let terms: Vec<_> = row.iter().map(|(x, k)| (variables[*x], *k)).collect();
            // shares were rounded to a float each
            match relation {
                ComparisonOp::Eq if *constant != 0.0 => {
                    problem.add_constraint(terms.as_slice(), ComparisonOp::Le, constant + 1e-7);
                    problem.add_constraint(terms.as_slice(), ComparisonOp::Ge, constant - 1e-7);
                }
                _ => problem.add_constraint(terms.as_slice(), *relation, *constant),
            }
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    };
    let mut found = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        for count in &counts {
            if value(&shown[*key], *count).is_none() {
                let ends = [OptimizationDirection::Minimize, OptimizationDirection::Maximize].map(|d| solve(at, *count, d));
                found.push(((*key).clone(), *count, ends[0], ends[1]));
            }
        }
    }
    found
}

/// The narrowest interval of a hidden count; and the attacker must be right, or the test is no test.
fn narrowest(survey: &Survey, shown: &BTreeMap<Key, Seen>, truth: &BTreeMap<Key, Seen>) -> f64 {
    let mut least = f64::INFINITY;
    for (key, count, low, high) in attack(survey, shown) {
        let true_count = value(&truth[&key], count).unwrap();
        assert!(low - 1e-3 <= true_count && true_count <= high + 1e-3, "{key:?} {count:?}: {true_count} is not in [{low}, {high}]");
        least = least.min(high - low);
    }
    least
}

/// Differences of k, and what the table of counts leaves out, must not be small either.
fn look_at_the_rest(survey: &Survey, outcome: &Outcome, truth: &BTreeMap<Key, Seen>) {
    let seen = read(outcome, survey.cutoffs.len(), survey.weights.len());
    let subsets: BTreeSet<i64> = (0..1_u32 << survey.weights.len())
        .map(|p| {
            let share: f64 = survey.weights.iter().enumerate().filter(|(j, _)| p >> j & 1 == 1).map(|(_, w)| w).sum();
            (share * 1e9).round() as i64
        })
        .collect();
    for cell in seen.values() {
        for at in 1..survey.cutoffs.len() {
            if let (Some(wide), Some(narrow)) = (cell.insecure[at - 1], cell.insecure[at]) {
                let between = |s: &i64| *s as f64 >= survey.cutoffs[at - 1] * 1e9 - 2.0 && (*s as f64) < survey.cutoffs[at] * 1e9 - 2.0;
                let possible = subsets.iter().any(between);
                assert!(!possible || wide - narrow >= LEAST, "{} rows lie between two k's", wide - narrow);
            }
        }
    }
    let counts = outcome.table("counts").unwrap().to_json();
    let mut by_group: BTreeMap<Key, (f64, usize)> = BTreeMap::new();
    for row in counts.as_array().unwrap() {
        let key = BY.map(|name| row[name].as_str().map(str::to_owned));
        let entry = by_group.entry(key).or_default();
        match row["n"].as_f64() {
            Some(n) => {
                assert!(n >= LEAST);
                entry.0 += n;
            }
            None => entry.1 += 1,
        }
    }
    for (key, (shown, hidden)) in by_group {
        // a distribution is shown whole or not at all
        assert!(hidden == 0 && truth[&key].n.unwrap() == shown);
    }
    for row in outcome.table("codeprivation").unwrap().to_json().as_array().unwrap() {
        let key = BY.map(|name| row[name].as_str().map(str::to_owned));
        if let (Some(both), Some(n)) = (row["both"].as_f64(), truth[&key].n) {
            assert!(both * n >= LEAST - 1e-6 && row["suppressed"] == json!(false));
        }
    }
}

/// How many of the surveys hid something, and the narrowest interval of all.
fn surveys(seeds: std::ops::Range<u64>) -> (usize, f64) {
    const THREADS: u64 = 4;
    let part = &|first: u64| {
        let (mut hidden, mut least) = (0, f64::INFINITY);
        for seed in seeds.clone().skip(first as usize).step_by(THREADS as usize) {
            let survey = Survey::draw(seed);
            let outcome = survey.score(25);
            let read = |outcome: &Outcome| read(outcome, survey.cutoffs.len(), survey.weights.len());
            let truth = read(&survey.score(0));
            let width = narrowest(&survey, &read(&outcome), &truth);
            assert!(width >= LEAST - 1e-3, "seed {seed}: a hidden count is known to within {width}");
            look_at_the_rest(&survey, &outcome, &truth);
            hidden += usize::from(outcome.facts["suppressed_cells"].as_u64().unwrap() > 0);
            least = least.min(width);
        }
        (hidden, least)
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || part(first))).collect();
        let parts = parts.into_iter().map(|part| part.join().unwrap());
        parts.fold((0, f64::INFINITY), |all, one| (all.0 + one.0, all.1.min(one.1)))
    })
}

#[test]
fn an_attacker_recovers_no_hidden_count() {
    let (hidden, least) = surveys(0..60);
    assert!(hidden >= 30, "{hidden} of the surveys hide something: too few to be a test");
    assert!(least >= LEAST - 1e-3);
}

/// 10,000 surveys: `cargo test --release -p hs-core --test attacker -- --ignored`.
#[test]
#[ignore = "takes an hour; the gate runs sixty"]
fn an_attacker_recovers_no_hidden_count_of_ten_thousand_surveys() {
    let least = surveys(0..10_000).1;
    assert!(least >= LEAST - 1e-3);
}

#[test]
fn without_complementary_suppression_the_attacker_recovers_what_is_hidden() {
    let recovered = (0..6).filter(|seed| {
        let survey = Survey::draw(*seed);
        let truth = read(&survey.score(0), survey.cutoffs.len(), survey.weights.len());
        narrowest(&survey, &primary_alone(&truth), &truth) < 1e-3
    });
    assert!(recovered.count() >= 3);
}

#[test]
fn nothing_is_hidden_where_every_count_is_large() {
    let combinations = (0..4_000).map(|i| ([i % 2, i / 2 % 2], vec![i / 4 % 2 == 0, i / 8 % 2 == 0, i / 16 % 2 == 0])).collect();
    let survey = Survey { rows: combinations, weights: vec![1.0 / 3.0; 3], cutoffs: vec![0.6] };
    let outcome = survey.score(25);
    assert_eq!(outcome.facts["suppressed_cells"], json!(0));
    assert!(!outcome.to_json().to_string().contains("\"suppressed\":true"));
}

#[test]
fn no_value_of_a_row_and_no_hidden_count_is_told() {
    // canaries: a number, a word, a weight; none may be seen again
    let canaries = ["7654321.125", "7654321", "heron-on-the-weir", "-98765.5", "98765"];
    let n = 240;
    let table = |weight: f64| {
        Table::builder()
            .text(
                "district",
                (0..n).map(|i| {
                    Some(if i < 7 {
                        "small"
                    } else if i < 90 {
                        "middle"
                    } else {
                        "large"
                    })
                }),
            )
            .number("income", (0..n).map(|i| Some(if i == 3 { 7_654_321.125 } else { f64::from(i % 5) })))
            .text(
                "water",
                (0..n).map(|i| {
                    Some(if i == 4 {
                        "heron-on-the-weir"
                    } else if i % 3 == 0 {
                        "river"
                    } else {
                        "tap"
                    })
                }),
            )
            .number("wt", (0..n).map(|i| Some(if i == 5 { weight } else { 1.0 })))
            .build()
            .unwrap()
    };
    let settings = |extra: Value| {
        let mut settings = json!({"by": ["district"], "weight": "wt", "scheme": {"cutoff": 0.5, "indicators": [
            {"name": "income", "below": 2.0}, {"name": "water", "among": ["river"]}]}});
        settings.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        serde_json::from_value::<Score>(settings).unwrap()
    };
    let run =
        |score: Score, weight: f64| score.run([Ok(Rows::from(&table(weight)))], &never).map(|r| r.outcome().unwrap().to_json().to_string());
    let mut said = vec![run(settings(json!({})), 1.0).unwrap()];
    said.push(run(settings(json!({})), -98_765.5).unwrap_err().to_string());
    for wrong in [
        json!({"weight": "water"}),
        json!({"size": "water"}),
        json!({"domain": "water"}),
        json!({"domain": "income"}),
        json!({"fpc": "water"}),
        json!({"by": ["income"]}),
        json!({"scheme": {"cutoff": 0.5, "indicators": [{"name": "water", "below": 2.0}]}}),
        json!({"scheme": {"cutoff": 0.5, "indicators": [{"name": "income", "among": ["river"]}]}}),
    ] {
        // a column that is split by is told by its values: those are names of groups
        let by_income = wrong["by"] == json!(["income"]);
        if let Err(error) = run(settings(wrong), 1.0) {
            assert!(!by_income || !error.to_string().is_empty());
            said.push(error.to_string());
        }
    }
    for text in &said {
        for canary in canaries {
            assert!(!text.contains(canary), "`{canary}` is told in {text}");
        }
    }
    // notes count what is hidden and name none of it
    let outcome = settings(json!({})).run([Ok(Rows::from(&table(1.0)))], &never).unwrap().outcome().unwrap();
    let notes: String = outcome.notes.iter().map(|n| format!("{} {}", n.message, n.subjects.join(" "))).collect();
    assert!(!notes.contains("small"), "{notes}");
    assert!(outcome.notes.iter().any(|n| n.code == "suppressed"));
}
