//! Figures against a direct formula over rows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::cells::Cell;
use super::result::ScoreResult;
use super::tallies::*;
use super::{Deprivation, DeprivationScheme, LonelyPsu, MissingPolicy, Score};

/// One row of a survey.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub group: (u8, u8),
    pub stratum: u8,
    pub psu: u8,
    pub weight: f64,
    /// None: excluded, or outside the domain.
    pub pattern: Option<u64>,
    pub gap: f64,
}

fn key(value: u8) -> Key {
    Key::Integer(i64::from(value))
}

fn shares(pattern: u64, configuration: &Configuration) -> (f64, f64) {
    let share: f64 = configuration.weights.iter().enumerate().filter(|(j, _)| pattern >> j & 1 == 1).map(|(_, w)| w).sum();
    (share, f64::from(u8::from(share >= configuration.cutoff - 1e-9)))
}

/// What rows amount to, the plain way.
pub(super) fn tally(rows: &[Row], configurations: Vec<Configuration>, clusters: bool, fpc: Option<f64>) -> Tallies {
    let indicators = configurations[0].weights.len();
    let groups: Vec<(u8, u8)> = rows.iter().map(|r| r.group).collect::<BTreeSet<_>>().into_iter().collect();
    let at = |row: &Row| groups.binary_search(&row.group).unwrap();
    let patterns = |rows: &[&Row]| {
        let mut found: BTreeMap<u64, PatternTally> = BTreeMap::new();
        for row in rows {
            let Some(pattern) = row.pattern else { continue };
            let own = found.entry(pattern).or_insert(PatternTally { pattern, ..Default::default() });
            own.rows += 1;
            own.weight += row.weight;
            own.squares += row.weight * row.weight;
        }
        found.into_values().collect::<Vec<_>>()
    };
    let gap = |row: &Row, c: &Configuration| row.pattern.map_or(0.0, |p| shares(p, c).1 * row.gap);
    let mut cells = Vec::new();
    for group in 0..groups.len() {
        let own: Vec<&Row> = rows.iter().filter(|r| at(r) == group).collect();
        let gaps = configurations
            .iter()
            .map(|c| own.iter().fold([0.0, 0.0], |[a, b], r| [a + r.weight * gap(r, c), b + r.weight * gap(r, c).powi(2)]));
        cells.push(GroupTally {
            rows: own.len() as u64,
            weight: own.iter().map(|r| r.weight).sum(),
            complete: own.iter().filter(|r| r.pattern.is_some()).map(|r| r.weight).sum(),
            missing: vec![0; indicators],
            patterns: patterns(&own),
            gaps: gaps.collect(),
            none_deprived: patterns(&own),
            all_deprived: patterns(&own),
        });
    }
    let strata: BTreeSet<u8> = rows.iter().map(|r| r.stratum).collect();
    let of_stratum = |stratum: u8| rows.iter().filter(move |r| r.stratum == stratum);
    let design = if clusters {
        Design::Clusters(
            strata
                .iter()
                .map(|stratum| {
                    let psus: BTreeSet<u8> = of_stratum(*stratum).map(|r| r.psu).collect();
                    let psus = psus.into_iter().map(|psu| {
                        let mut cells: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
                        for row in of_stratum(*stratum).filter(|r| r.psu == psu) {
                            let Some(pattern) = row.pattern else { continue };
                            let hit = |j: usize| f64::from(u8::from(pattern >> j & 1 == 1));
                            let mut own = vec![1.0];
                            own.extend((0..indicators).map(hit));
                            for c in &configurations {
                                let (share, poor) = shares(pattern, c);
                                own.extend([poor, poor * share]);
                                own.extend((0..indicators).map(|j| poor * hit(j)));
                                own.extend([gap(row, c), gap(row, c).powi(2)]);
                            }
                            own.push(hit(0)); // the first indicator is vital
                            let sums = cells.entry(at(row) as u32).or_insert_with(|| vec![0.0; own.len()]);
                            sums.iter_mut().zip(own).for_each(|(s, o)| *s += row.weight * o);
                        }
                        Psu { key: key(psu), cells: cells.into_iter().collect() }
                    });
                    ClusterStratum { key: key(*stratum), fpc, psus: psus.collect() }
                })
                .collect(),
        )
    } else {
        Design::Rows(
            strata
                .iter()
                .map(|stratum| {
                    let (mut cells, mut gaps) = (Vec::new(), Vec::new());
                    for group in 0..groups.len() {
                        let own: Vec<&Row> = of_stratum(*stratum).filter(|r| at(r) == group).collect();
                        cells.extend(patterns(&own).into_iter().map(|p| (group as u32, p)));
                        let moments = configurations.iter().map(|c| {
                            own.iter().fold([0.0; 6], |m, r| {
                                let (one, v) = (gap(r, c), if r.pattern.is_some() { r.weight } else { 0.0 });
                                let two = one * one;
                                let add = [v * v * one, v * v * one * one, v * v * two, v * v * two * two, v * one, v * two];
                                std::array::from_fn(|i| m[i] + add[i])
                            })
                        });
                        gaps.push((group as u32, moments.collect()));
                    }
                    RowStratum { key: key(*stratum), rows: of_stratum(*stratum).count() as u64, fpc, cells, gaps }
                })
                .collect(),
        )
    };
    Tallies {
        configurations,
        groups: groups.iter().map(|g| vec![key(g.0), key(g.1)]).collect(),
        cells,
        design,
        rows: rows.len() as u64,
        outside: 0,
        missing: vec![0; indicators],
        missing_weight: vec![0.0; indicators],
        weightless: 0,
    }
}

pub(super) fn score(indicators: usize) -> Score {
    let scheme = DeprivationScheme {
        indicators: (0..indicators)
            .map(|j| Deprivation { name: format!("i{j}"), below: Some(1.0), vital: j == 0, ..Default::default() })
            .collect(),
        cutoff: 0.5,
        missing: MissingPolicy::Exclude,
        components: None,
    };
    serde_json::from_value(serde_json::json!({"scheme": scheme, "by": ["a", "b"], "min_n": 0})).unwrap()
}

pub(super) fn configurations() -> Vec<Configuration> {
    let even = vec![1.0 / 3.0; 3];
    let odd = vec![0.5, 0.25, 0.25];
    vec![
        Configuration { weighting: "even".into(), weights: even.clone(), cutoff: 1.0 / 3.0 },
        Configuration { weighting: "even".into(), weights: even, cutoff: 0.5 },
        Configuration { weighting: "odd".into(), weights: odd, cutoff: 0.75 },
    ]
}

/// The variance of a ratio by the textbook: every row's influence, summed by PSU.
fn direct(
    rows: &[Row],
    numerator: impl Fn(&Row) -> f64,
    denominator: impl Fn(&Row) -> f64,
    clusters: bool,
    fpc: Option<f64>,
) -> Option<(f64, f64)> {
    let sum = |f: &dyn Fn(&Row) -> f64| rows.iter().filter(|r| r.pattern.is_some()).map(|r| r.weight * f(r)).sum::<f64>();
    let (top, bottom) = (sum(&numerator), sum(&denominator));
    if bottom <= 0.0 {
        return None;
    }
    let value = top / bottom;
    let mut scores: BTreeMap<u8, BTreeMap<usize, f64>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let psu = if clusters { usize::from(row.psu) } else { at };
        let z = if row.pattern.is_some() { row.weight * (numerator(row) - value * denominator(row)) / bottom } else { 0.0 };
        *scores.entry(row.stratum).or_default().entry(psu).or_default() += z;
    }
    let mut variance = 0.0;
    for psus in scores.values() {
        let n = psus.len() as f64;
        let f = fpc.map_or(0.0, |f| if f > 1.0 { n / f } else { f });
        if n < 2.0 {
            variance += (1.0 - f) * psus.values().map(|z| z * z).sum::<f64>();
            continue;
        }
        let mean = psus.values().sum::<f64>() / n;
        variance += (1.0 - f) * n / (n - 1.0) * psus.values().map(|z| (z - mean).powi(2)).sum::<f64>();
    }
    Some((value, variance.sqrt()))
}

fn near(name: &str, found: super::cells::Figure, wanted: Option<(f64, f64)>) -> Result<(), TestCaseError> {
    match (found.value, wanted) {
        (None, None) => Ok(()),
        (Some(value), Some((wanted, error))) => {
            prop_assert!((value - wanted).abs() < 1e-12, "{name}: {value} for {wanted}");
            let se = found.standard_error.unwrap();
            // what is under 1e-7 of its terms is rounding
            prop_assert!((se - error).abs() < 1e-9 || se.max(error) < 3e-7, "{name}_se: {se} for {error}");
            Ok(())
        }
        (found, wanted) => {
            prop_assert!(false, "{name}: {found:?} for {wanted:?}");
            Ok(())
        }
    }
}

pub(super) fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..3_u8, 0..2_u8, 0..3_u8, 0..4_u8, 0.1..9.0, proptest::option::weighted(0.85, 0..8_u64), 0.0..1.0);
    let row = row.prop_map(|(a, b, stratum, psu, weight, pattern, gap)| Row { group: (a, b), stratum, psu, weight, pattern, gap });
    proptest::collection::vec(row, 2..60)
}

fn holds(cell: &Cell, row: &Row) -> bool {
    let own = [key(row.group.0), key(row.group.1)];
    cell.key.iter().zip(own).all(|(held, own)| held.as_ref().is_none_or(|held| *held == own))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_figure_and_its_error_follow_from_rows(rows in any_rows(), clusters: bool, finite: bool) {
        let fpc = finite.then_some(0.25);
        let tallies = tally(&rows, configurations(), clusters, fpc);
        let result = ScoreResult::new(&score(3), &tallies).unwrap();
        prop_assume!(result.sample.psus > 1);
        prop_assert_eq!(result.cells.iter().filter(|c| c.is_group()).count(), tallies.groups.len());
        for cell in &result.cells {
            let inside = |r: &Row| f64::from(u8::from(holds(cell, r)));
            let hit = |r: &Row, j: usize| inside(r) * f64::from(u8::from(r.pattern.unwrap_or(0) >> j & 1 == 1));
            let direct = |top: &dyn Fn(&Row) -> f64, bottom: &dyn Fn(&Row) -> f64| direct(&rows, top, bottom, clusters, fpc);
            near("union", cell.union, direct(&|r| hit(r, 0), &inside))?;
            for j in 0..3 {
                near("headcount", cell.headcounts[j], direct(&|r| hit(r, j), &inside))?;
            }
            for (c, m) in configurations().iter().zip(&cell.measures) {
                let of = |r: &Row| r.pattern.map_or((0.0, 0.0), |p| shares(p, c));
                let poor = |r: &Row| inside(r) * of(r).1;
                let count = |r: &Row| inside(r) * of(r).1 * of(r).0;
                near("H", m.h, direct(&poor, &inside))?;
                near("A", m.a, direct(&count, &poor))?;
                near("M0", m.m0, direct(&count, &inside))?;
                near("M1", m.m1, direct(&|r| poor(r) * r.gap, &inside))?;
                near("M2", m.m2, direct(&|r| poor(r) * r.gap * r.gap, &inside))?;
                near("contribution", m.contribution, direct(&count, &|r| of(r).1 * of(r).0))?;
                for j in 0..3 {
                    near("censored", m.indicators[j].censored, direct(&|r| poor(r) * hit(r, j), &inside))?;
                    near("share", m.indicators[j].contribution, direct(&|r| c.weights[j] * poor(r) * hit(r, j), &count))?;
                }
            }
        }
    }

    #[test]
    fn the_nation_is_its_groups_weighted(rows in any_rows()) {
        let result = ScoreResult::new(&score(3), &tally(&rows, configurations(), true, None)).unwrap();
        let nation = result.cells.iter().find(|c| c.key.iter().all(Option::is_none)).unwrap();
        prop_assume!(nation.population > 0.0);
        for (at, whole) in nation.measures.iter().enumerate() {
            let measures: [fn(&super::cells::Measures) -> Option<f64>; 4] = [|m| m.h.value, |m| m.m0.value, |m| m.m1.value, |m| m.m2.value];
            for of in measures {
                let groups = result.cells.iter().filter(|c| c.is_group());
                let sum: f64 = groups.map(|c| c.share.unwrap() * of(&c.measures[at]).unwrap_or(0.0)).sum();
                prop_assert!((sum - of(whole).unwrap()).abs() < 1e-12);
            }
            let parts: Vec<f64> = whole.indicators.iter().filter_map(|i| i.contribution.value).collect();
            prop_assert!(parts.is_empty() || (parts.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn doubled_weights_change_no_share(rows in any_rows(), clusters: bool) {
        let doubled: Vec<Row> = rows.iter().map(|r| Row { weight: 2.0 * r.weight, ..r.clone() }).collect();
        let of = |rows: &[Row]| ScoreResult::new(&score(3), &tally(rows, configurations(), clusters, None)).unwrap();
        for (one, two) in of(&rows).cells.iter().zip(&of(&doubled).cells) {
            prop_assert_eq!(&one.measures, &two.measures);
            prop_assert_eq!(&one.headcounts, &two.headcounts);
            prop_assert_eq!(one.share, two.share);
        }
    }
}

#[test]
fn what_is_undefined_is_null_and_says_why() {
    let row = |pattern, psu| Row { group: (0, 0), stratum: 0, psu, weight: 1.0, pattern, gap: 0.5 };
    // nobody insecure: A has no meaning
    let result = ScoreResult::new(&score(3), &tally(&[row(Some(0), 0), row(Some(0), 1)], configurations(), true, None)).unwrap();
    let found = &result.cells[0].measures[0];
    assert_eq!((found.h.value, found.a.value, found.contribution.value), (Some(0.0), None, None));
    assert!(found.h.upper.unwrap() > 0.0 && found.h.lower == Some(0.0));
    assert!(result.notes.iter().any(|n| n.code == "nobody-insecure"));
    // one PSU: no variance
    let result = ScoreResult::new(&score(3), &tally(&[row(Some(7), 0), row(Some(1), 0)], configurations(), true, None)).unwrap();
    assert_eq!(result.cells[0].measures[1].h.value, Some(0.5));
    assert_eq!(result.cells[0].measures[1].h.standard_error, None);
    assert!(result.notes.iter().any(|n| n.code == "one-psu"));
    // nobody counts
    let result = ScoreResult::new(&score(3), &tally(&[row(None, 0), row(None, 1)], configurations(), false, None)).unwrap();
    assert_eq!(result.cells[0].measures[0].h.value, None);
    assert_eq!(result.cells[0].coverage, Some(0.0));
    assert!(result.notes.iter().any(|n| n.code == "empty-group"));
    // a lonely PSU is refused where asked
    let mut strict = score(3);
    strict.lonely_psu = LonelyPsu::Error;
    let lonely = tally(&[row(Some(7), 0), row(Some(1), 0)], configurations(), true, None);
    assert!(ScoreResult::new(&strict, &lonely).unwrap_err().message.contains("single PSU"));
    // every table builds, with as many rows as there are cells and configurations
    let outcome = result.outcome().unwrap();
    assert_eq!(outcome.tables[0].0, "groups");
    assert_eq!(outcome.tables[0].1.rows(), 3);
    assert_eq!(outcome.table("margins").unwrap().rows(), 9);
    assert_eq!(outcome.table("dimensions").unwrap().rows(), 9);
}

#[test]
fn a_column_of_the_result_is_no_name_to_split_by() {
    let mut taken = score(3);
    taken.by = vec!["M0_lower".into(), "b".into()];
    let one = [Row { group: (0, 0), stratum: 0, psu: 0, weight: 1.0, pattern: Some(1), gap: 0.0 }];
    assert!(ScoreResult::new(&taken, &tally(&one, configurations(), true, None)).unwrap_err().message.contains("`M0_lower`"));
}
