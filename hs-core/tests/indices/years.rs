//! Years of individual security.

use hs_core::analyses::thresholds::{AgeTable, YearsOfIndividualSecurity, YearsOfIndividualSecurityResult};
use hs_core::tables::{Rows, Table};
use hs_core::{ErrorKind, settings_from_json};
use proptest::prelude::*;

use super::cases::{cases, compare, numbers};

#[test]
fn every_case_is_met() {
    let cases = cases("years_of_individual_security");
    assert!(cases.len() >= 2);
    for (name, case) in cases {
        let mut builder = Table::builder();
        for (column, values) in case["inputs"]["columns"].as_object().unwrap() {
            builder = builder.number(column, numbers(values).into_iter().map(Some));
        }
        let settings: YearsOfIndividualSecurity = settings_from_json(&case["inputs"]["settings"].to_string()).unwrap();
        let result = settings.run_rows([Ok(Rows::from(&builder.build().unwrap()))]).unwrap().outcome().unwrap();
        for (column, wanted) in case["expected"]["columns"].as_object().unwrap() {
            let tolerance = case["tolerances"][column].as_f64().or(case["tolerance"].as_f64()).unwrap();
            compare(&name, column, &result.table("ages").unwrap().number(column).unwrap(), &numbers(wanted), tolerance);
        }
    }
}

fn ages(insecure: Vec<f64>) -> AgeTable {
    AgeTable {
        age: vec![0.0, 1.0, 5.0, 20.0, 60.0],
        death_rate: Some(vec![0.05, 0.01, 0.002, 0.005, 0.06]),
        insecure: Some(insecure),
        n: Some(vec![200.0, 300.0, 400.0, 500.0, 100.0]),
        ..AgeTable::default()
    }
}

fn run(ages: &AgeTable) -> YearsOfIndividualSecurityResult {
    YearsOfIndividualSecurity::default().run(ages).unwrap()
}

proptest! {
    #[test]
    fn more_insecurity_never_adds_years(p in prop::collection::vec(0.0..0.9f64, 5), more in prop::collection::vec(0.0..0.1f64, 5)) {
        let worse: Vec<f64> = p.iter().zip(&more).map(|(p, m)| p + m).collect();
        let (here, there) = (run(&ages(p)), run(&ages(worse)));
        for (a, b) in here.ages.iter().zip(&there.ages) {
            prop_assert!(b.years.unwrap() <= a.years.unwrap() + 1e-12);
            prop_assert!(a.lower.unwrap() <= a.years.unwrap() && a.years.unwrap() <= a.upper.unwrap());
            prop_assert!(a.years.unwrap() <= a.life_expectancy + 1e-12);
        }
    }

    #[test]
    fn the_same_share_at_every_age_is_that_share_of_life(p in 0.0..1.0f64) {
        for age in run(&ages(vec![p; 5])).ages {
            prop_assert!((age.years.unwrap() - (1.0 - p) * age.life_expectancy).abs() < 1e-9);
        }
    }

    #[test]
    fn the_union_lies_within_the_bounds_of_its_domains(both in prop::collection::vec((0.0..0.5f64, 0.0..0.5f64, 0.0..1.0f64), 5)) {
        let (a, b): (Vec<f64>, Vec<f64>) = both.iter().map(|(a, b, _)| (*a, *b)).unzip();
        let union: Vec<f64> = both.iter().map(|(a, b, t)| a.max(*b) + t * (a + b - a.max(*b))).collect();
        let table = AgeTable { domains: vec![("food".into(), a), ("health".into(), b)], ..ages(union) };
        for age in run(&table).ages {
            let (low, years, high) = (age.years_at_least.unwrap(), age.years.unwrap(), age.years_at_most.unwrap());
            prop_assert!(low <= years + 1e-9 && years <= high + 1e-9, "{low} {years} {high}");
        }
    }

    #[test]
    fn radix_does_not_matter(p in 0.0..1.0f64, radix in 1.0..1e7f64) {
        let table = ages(vec![p, 0.1, 0.2, 0.3, 0.4]);
        let other = YearsOfIndividualSecurity { radix, ..YearsOfIndividualSecurity::default() }.run(&table).unwrap();
        let (a, b) = (run(&table).ages[0].clone(), other.ages[0].clone());
        prop_assert!((a.years.unwrap() - b.years.unwrap()).abs() < 1e-9 && (a.standard_error.unwrap() - b.standard_error.unwrap()).abs() < 1e-9);
    }
}

fn odd(low: f64, high: f64) -> impl Strategy<Value = f64> {
    prop_oneof![6 => low..high, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(f64::NAN), 1 => Just(1e15), 1 => Just(f64::INFINITY), 1 => Just(-1.0)]
}

fn column(low: f64, high: f64, length: usize) -> impl Strategy<Value = Option<Vec<f64>>> {
    prop::option::weighted(0.6, prop::collection::vec(prop_oneof![9 => low..high, 1 => odd(low, high)], length))
}

fn any_table() -> impl Strategy<Value = AgeTable> {
    (1..5usize).prop_flat_map(|length| {
        let columns = (column(0.0, 3.0, length), column(0.0, 1.0, length), column(1.0, 500.0, length), column(0.0, 0.2, length));
        let pairs =
            (column(0.0, 90.0, length), column(10.0, 900.0, length), prop::option::weighted(0.2, Just(())), column(0.0, 2.0, length));
        (columns, pairs, column(0.0, 1.0, length), column(0.0, 1.0, length)).prop_map(
            move |((death_rate, insecure, n, standard_error), (deaths, population, table, before_death), a, b)| AgeTable {
                age: [0.0, 1.0, 5.0, 30.0].into_iter().take(length).collect(),
                death_rate: death_rate.filter(|_| table.is_none() && population.is_none()),
                deaths,
                population,
                survivors: table.map(|()| [10.0, 9.0, 9.0, 5.0].into_iter().take(length).collect()),
                person_years: table.map(|()| [9.5, 36.0, 160.0, 100.0].into_iter().take(length).collect()),
                before_death,
                insecure,
                n,
                standard_error,
                domains: [("a", a), ("b", b)].into_iter().filter_map(|(name, c)| Some((name.to_owned(), c?))).collect(),
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn whatever_comes_is_refused_or_answered_in_finite_numbers(table in any_table()) {
        let Ok(result) = YearsOfIndividualSecurity::default().run(&table) else { return Ok(()) };
        for age in &result.ages {
            let known = [Some(age.survivors), Some(age.person_years), Some(age.life_expectancy), age.years, age.standard_error, age.lower, age.share];
            prop_assert!(known.into_iter().flatten().all(|x| x.is_finite() && x >= 0.0), "{age:?}");
            prop_assert!(age.years.is_none_or(|years| years <= age.life_expectancy * (1.0 + 1e-9)), "{age:?}");
            if let (Some(low), Some(high)) = (age.years_at_least, age.years_at_most) {
                prop_assert!(low <= high + 1e-9 * high);
            }
        }
        result.outcome().unwrap();
    }
}

#[test]
fn deaths_over_person_years_give_the_rates_back() {
    for age in run(&ages(vec![0.1; 5])).ages {
        let deaths = age.survivors * age.dying;
        assert!((deaths / age.person_years - age.death_rate).abs() < 1e-12, "{age:?}");
    }
}

#[test]
fn a_gap_leaves_the_years_above_it() {
    let result = run(&ages(vec![0.1, 0.1, f64::NAN, 0.2, 0.2]));
    let years: Vec<bool> = result.ages.iter().map(|age| age.years.is_some()).collect();
    assert_eq!(years, [false, false, false, true, true]);
    assert!(result.notes.iter().any(|note| note.code == "insecurity-unknown" && note.subjects == ["5"]));
    let mut table = ages(vec![0.1; 5]);
    table.n.as_mut().unwrap()[3] = f64::NAN;
    let result = run(&table);
    assert!(result.ages[3].standard_error.is_none() && result.ages[3].years.is_some() && result.ages[4].standard_error.is_some());
}

#[test]
fn a_missing_domain_may_hold_everyone() {
    let table = AgeTable {
        insecure: None,
        n: None,
        domains: vec![("food".into(), vec![0.2; 5]), ("health".into(), vec![0.1, f64::NAN, 0.1, 0.1, 0.1])],
        ..ages(vec![])
    };
    let result = run(&table);
    assert_eq!((result.ages[1].insecure_lower, result.ages[1].insecure_upper), (Some(0.2), Some(1.0)));
    assert!(result.ages[0].years.is_none());
    assert!(result.notes.iter().any(|note| note.code == "union-unknown") && result.notes.iter().any(|note| note.code == "domain-missing"));
}

#[test]
fn every_slip_is_told_at_once() {
    let table = AgeTable {
        age: vec![0.0, 5.0, 5.0],
        death_rate: Some(vec![0.1, f64::NAN, 0.0]),
        survivors: Some(vec![1.0]),
        person_years: Some(vec![1.0]),
        insecure: Some(vec![0.2, 1.2, f64::INFINITY]),
        domains: vec![("a".into(), vec![0.1; 3]), ("a".into(), vec![0.1; 2])],
        ..AgeTable::default()
    };
    let error = YearsOfIndividualSecurity::default().run(&table).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Argument);
    let found: Vec<&str> = error.problems.iter().map(|p| p.pointer.as_str()).collect();
    for pointer in ["/age", "/death_rate", "/survivors", "/person_years", "/insecure", "/a"] {
        assert!(found.contains(&pointer), "{pointer}: {found:?}");
    }
    let empty = YearsOfIndividualSecurity::default().run(&AgeTable::default()).unwrap_err();
    assert_eq!(empty.problems.len(), 3);
    assert!(
        YearsOfIndividualSecurity { level: 1.0, radix: -1.0, ..Default::default() }.run(&ages(vec![0.1; 5])).unwrap_err().problems.len()
            == 2
    );
}

#[test]
fn a_rate_that_kills_more_than_all_ends_the_table() {
    let mut table = ages(vec![0.1; 5]);
    table.death_rate.as_mut().unwrap()[2] = 9.0;
    let result = run(&table);
    assert!(result.notes.iter().any(|note| note.code == "all-die"));
    assert_eq!((result.ages[3].survivors, result.ages[3].life_expectancy, result.ages[3].years), (0.0, 0.0, None));
    assert!(result.ages[0].years.is_some());
}
