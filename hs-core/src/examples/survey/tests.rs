//! The survey against the truth that its model implies, by an estimator of the test's own.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::model::{self, CHANCES, Class, STRATA, missing};
use super::*;
use crate::ErrorKind;

/// One household as the scheme sees it.
struct Household {
    stratum: String,
    psu: i64,
    weight: f64,
    size: f64,
    sex: String,
    group: String,
    /// Missing where the answer is.
    deprived: [Option<bool>; 10],
}

fn households(table: &Table) -> Vec<Household> {
    let text = |name: &str| -> Vec<String> { table.text(name).unwrap().into_iter().map(|cell| cell.unwrap().to_owned()).collect() };
    let at = |name: &str| table.columns().iter().position(|column| *column == name).unwrap();
    let cell = |row: usize, column: usize| table.cell(row, column);
    let (stratum, sex, group, water, shelter) = (text("stratum"), text("sex"), text("group"), text("water"), text("shelter"));
    let weight = table.number("wt").unwrap();
    let columns = ["psu", "size", "food_score", "clinic_minutes", "children_out_of_school", "livestock_lost", "violence", "moved"].map(at);
    let [psu, size, food, clinic, school, livestock, violence, moved] = columns;
    let (neighbours, authorities) = (at("trust_neighbours"), at("trust_authorities"));
    let household = |row: usize| {
        let number = |column| cell(row, column).as_f64();
        let deprived = [
            number(food).map(|score| score < 28.0),
            Some(["river", "unprotected well"].contains(&water[row].as_str())),
            number(clinic).map(|minutes| minutes > 60.0),
            number(school).filter(|code| *code != 98.0).map(|children| children > 0.0),
            number(livestock).map(|share| share > 0.5),
            Some(!["mud and thatch", "brick and sheet metal"].contains(&shelter[row].as_str())),
            cell(row, violence).as_bool(),
            cell(row, moved).as_bool(),
            number(neighbours).map(|trust| trust < 3.0),
            number(authorities).map(|trust| trust < 2.0),
        ];
        Household {
            stratum: stratum[row].clone(),
            psu: cell(row, psu).as_i64().unwrap(),
            weight: weight[row].unwrap(),
            size: number(size).unwrap(),
            sex: sex[row].clone(),
            group: group[row].clone(),
            deprived,
        }
    };
    (0..table.rows()).map(household).collect()
}

/// Weighted share of deprivations; none with a missing answer.
fn share(household: &Household) -> Option<f64> {
    let weights = [6.0, 12.0, 12.0, 18.0, 18.0, 18.0, 12.0, 12.0, 6.0, 6.0];
    household.deprived.iter().zip(weights).map(|(deprived, weight)| deprived.map(|yes| if yes { 1.0 / weight } else { 0.0 })).sum()
}

/// A share of persons and its standard error: a ratio of totals, linearised, by villages within strata.
fn ratio(households: &[Household], of: impl Fn(&Household) -> Option<f64>) -> (f64, f64) {
    let weight = |household: &Household| household.weight * household.size;
    let all: f64 = households.iter().filter(|h| of(h).is_some()).map(weight).sum();
    let estimate = households.iter().filter_map(|h| Some(weight(h) * of(h)?)).sum::<f64>() / all;
    let mut totals: BTreeMap<&str, BTreeMap<i64, f64>> = BTreeMap::new();
    for household in households {
        let residual = of(household).map_or(0.0, |value| weight(household) * (value - estimate) / all);
        *totals.entry(&household.stratum).or_default().entry(household.psu).or_default() += residual;
    }
    let variance = |psus: &BTreeMap<i64, f64>| {
        let count = psus.len() as f64;
        let mean = psus.values().sum::<f64>() / count;
        count / (count - 1.0) * psus.values().map(|total| (total - mean).powi(2)).sum::<f64>()
    };
    (estimate, totals.values().map(variance).sum::<f64>().sqrt())
}

fn insecure(household: &Household) -> Option<f64> {
    share(household).map(|c| if c >= 1.0 / 3.0 - 1e-9 { 1.0 } else { 0.0 })
}

fn censored(household: &Household) -> Option<f64> {
    share(household).map(|c| if c >= 1.0 / 3.0 - 1e-9 { c } else { 0.0 })
}

/// A figure of the truth.
fn truth(over: &str, value: &str, unit: &str, column: &str) -> f64 {
    let groups = survey_truth("ituri").unwrap().groups.to_json();
    let row =
        groups.as_array().unwrap().iter().find(|row| row["over"] == over && row["unit"] == unit && (over.is_empty() || row[over] == value));
    row.unwrap()[column].as_f64().unwrap()
}

fn drawn(n: usize, seed: u64) -> Vec<Household> {
    households(&survey("ituri", n, seed).unwrap().table)
}

#[test]
fn the_same_bytes_for_the_same_size_and_seed() {
    let digest = |n, seed| {
        let text = survey("ituri", n, seed).unwrap().table.to_json().to_string();
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(digest(60, 0), "576b07e82ffeaf7d");
    assert_eq!(digest(777, u64::MAX), "a7f1801c04f2b570");
    assert_ne!(digest(60, 1), digest(60, 0));
}

#[test]
fn sizes_are_kept_and_every_stratum_has_two_villages() {
    for n in [60, 61, 99, 100, 1_234, 2_000] {
        let households = drawn(n, 3);
        assert_eq!(households.len(), n);
        let mut villages: BTreeMap<&str, BTreeMap<i64, usize>> = BTreeMap::new();
        for household in &households {
            *villages.entry(&household.stratum).or_default().entry(household.psu).or_default() += 1;
        }
        assert_eq!(villages.len(), 10, "{n}");
        assert!(villages.values().all(|psus| psus.len() >= 2 && psus.values().all(|visited| *visited >= 2)), "{n}");
    }
    for n in [0, 1, 59, 10_000_001, usize::MAX] {
        assert_eq!(survey("ituri", n, 0).unwrap_err().kind, ErrorKind::Argument);
    }
    assert!(survey("itury", 100, 0).unwrap_err().message.contains("`ituri`"));
    assert!(survey_truth("x").is_err() && survey_scheme("x").is_err() && survey_score("x").is_err());
}

#[test]
fn every_chance_is_one() {
    let sums_to_one = |chances: &[f64]| (chances.iter().sum::<f64>() - 1.0).abs() < 1e-12 && chances.iter().all(|c| *c > 0.0);
    for flags in 0..32 {
        let [town, large, struck, female, frail] = [1, 2, 4, 8, 16].map(|bit| flags & bit != 0);
        assert!(sums_to_one(&model::groups(town, struck)) && sums_to_one(&model::ages(female)) && sums_to_one(&model::sizes(female)));
        for group in 0..3 {
            let class = Class { town, large, struck, group, female, frail };
            for chance in CHANCES.iter().map(|chance| chance.of(&class)).chain([model::frail(&class), missing::complete(group)]) {
                assert!((0.01..=0.99).contains(&chance), "{class:?} {chance}");
            }
        }
    }
    for stratum in &STRATA {
        let mean = stratum.large() * model::LARGE + (1.0 - stratum.large()) * model::SMALL;
        assert_eq!(stratum.households, stratum.villages * mean, "{}", stratum.district);
    }
    assert_eq!(STRATA.iter().map(|stratum| stratum.per_hundred()).sum::<usize>(), 100);
}

#[test]
fn the_scheme_reads_the_columns_and_names_threats_of_the_case() {
    let table = survey("ituri", 60, 0).unwrap().table;
    for column in survey_score("ituri").unwrap().columns() {
        assert!(table.columns().contains(&column.name.as_str()), "{column:?}");
    }
    let case = crate::examples::load("ituri").unwrap();
    for indicator in survey_scheme("ituri").unwrap().indicators {
        let threat = case.threats.iter().find(|threat| Some(&threat.id) == indicator.threat.as_ref());
        let threat = threat.unwrap_or_else(|| panic!("{}", indicator.name));
        let component = indicator.component.unwrap();
        assert!(component == threat.component || indicator.threat.is_some(), "{}", indicator.name);
    }
    for id in model::GROUPS {
        assert!(case.groups.iter().any(|group| group.id == id), "{id}");
    }
}

#[test]
fn a_large_sample_comes_near_the_truth() {
    let households = drawn(60_000, 11);
    let near = |estimate: (f64, f64), truth: f64, what: &str| {
        let distance = (estimate.0 - truth) / estimate.1;
        assert!(distance.abs() < 4.0, "{what}: {} for {truth}, {distance} standard errors", estimate.0);
    };
    near(ratio(&households, insecure), truth("", "", "persons", "H_complete"), "H of the complete");
    near(ratio(&households, censored), truth("", "", "persons", "M0_complete"), "M0 of the complete");
    for group in model::GROUPS {
        // within a group what is missing is missing completely at random
        let only = |h: &Household| insecure(h).filter(|_| h.group == group);
        near(ratio(&households, only), truth("group", group, "persons", "H"), group);
    }
    let dimensions = survey_truth("ituri").unwrap().dimensions.to_json();
    for (bit, chance) in CHANCES.iter().enumerate() {
        let row = dimensions.as_array().unwrap().iter().find(|row| row["over"] == "" && row["indicator"] == chance.name);
        let uncensored = row.unwrap()["headcount"].as_f64().unwrap();
        let estimate = ratio(&households, |h| h.deprived[bit].map(f64::from));
        if chance.name != "violence" {
            near(estimate, uncensored, chance.name);
        }
        let answered = ratio(&households, |h| Some(f64::from(h.deprived[bit].is_none())));
        let expected = match chance.name {
            "food_score" => missing::FOOD_SCORE,
            "clinic_minutes" => missing::CLINIC_MINUTES,
            "children_out_of_school" => missing::CHILDREN_OUT_OF_SCHOOL,
            "violence" => continue,
            _ => 0.0,
        };
        assert!((answered.0 - expected).abs() <= 5.0 * answered.1, "{}", chance.name);
    }
    let all: f64 = households.iter().map(|h| h.weight).sum();
    assert!((all / 800_000.0 - 1.0).abs() < 0.02, "{all}");
    let women = ratio(&households, |h| Some(f64::from(h.sex == "female")));
    near(women, truth("sex", "female", "persons", "share"), "women");
    // who leaves the weights out is misled: towns are sampled more densely
    let unweighted = households.iter().filter(|h| h.deprived[1] == Some(true)).count() as f64 / households.len() as f64;
    let weighted = ratio(&households, |h| h.deprived[1].map(f64::from));
    assert!((unweighted - weighted.0).abs() > 4.0 * weighted.1);
}

#[test]
fn excluding_is_biased_where_answers_are_not_missing_completely_at_random() {
    let (all, complete) = (truth("", "", "persons", "H"), truth("", "", "persons", "H_complete"));
    assert!(all - complete > 0.01, "{all} {complete}");
    for group in model::GROUPS {
        assert!((truth("group", group, "persons", "H") - truth("group", group, "persons", "H_complete")).abs() < 1e-12);
    }
}

#[test]
fn intervals_cover_as_often_as_they_say() {
    let (overall, settled) = (truth("", "", "persons", "H_complete"), truth("group", model::GROUPS[0], "persons", "H"));
    let samples = 120;
    let mut covered = [0, 0];
    let mut effect = 0.0;
    for seed in 0..samples {
        let households = drawn(2_000, seed);
        let (estimate, error) = ratio(&households, insecure);
        covered[0] += usize::from((estimate - overall).abs() <= 1.987 * error);
        let used = households.iter().filter(|h| insecure(h).is_some()).count() as f64;
        effect += error.powi(2) / (estimate * (1.0 - estimate) / used) / samples as f64;
        let (estimate, error) = ratio(&households, |h| insecure(h).filter(|_| h.group == model::GROUPS[0]));
        covered[1] += usize::from((estimate - settled).abs() <= 1.987 * error);
    }
    // 95 % of 120 are 114; four standard errors of that count are 9.5
    assert!(covered.iter().all(|count| (105..=120).contains(count)), "{covered:?}");
    assert!((3.0..7.0).contains(&effect), "design effect {effect}");
}

#[test]
fn the_page_shows_this_truth() {
    let truth = survey_truth("ituri").unwrap();
    let percent = |value: &serde_json::Value| format!("{:.2}", value.as_f64().unwrap() * 100.0);
    let who = |row: &serde_json::Value| {
        let of = ["district", "sex", "group"].iter().find_map(|name| row[name].as_str());
        of.unwrap_or("everyone").to_owned()
    };
    let mut text = String::new();
    for row in truth.groups.to_json().as_array().unwrap().iter().filter(|row| row["unit"] == "persons") {
        let figures: Vec<String> =
            ["share", "H", "A", "M0", "union", "complete", "H_complete", "M0_complete"].iter().map(|name| percent(&row[name])).collect();
        text.push_str(&format!("| {} | {} |\n", who(row), figures.join(" | ")));
    }
    let dimensions = truth.dimensions.to_json();
    for row in dimensions.as_array().unwrap().iter().filter(|row| row["unit"] == "persons" && row["over"] == "") {
        let figures: Vec<String> =
            ["weight", "headcount", "censored_headcount", "contribution"].iter().map(|name| percent(&row[name])).collect();
        let (indicator, component) = (row["indicator"].as_str().unwrap(), row["component"].as_str().unwrap());
        text.push_str(&format!("| `{indicator}` | {component} | {} |\n", figures.join(" | ")));
    }
    let page = include_str!("../../../../docs/reference/ituri_survey.md");
    let lost: Vec<&str> = text.lines().filter(|line| !page.contains(line)).collect();
    assert!(lost.is_empty(), "the page lacks\n{}", lost.join("\n"));
    let table = survey("ituri", 60, 0).unwrap().table;
    assert!(table.columns().iter().all(|column| page.contains(&format!("| `{column}` |"))));
}
