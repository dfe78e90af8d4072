//! Settings of a score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Deprivation, DeprivationScheme, Value};
use crate::tables::{Needed, Sort};

/// Who is below the bar, in how many ways, where, in which group, and how sure are we?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The deprivation scheme.
    pub scheme: DeprivationScheme,
    /// Columns to split by; their margins are made too.
    #[serde(default)]
    pub by: Vec<String>,
    /// Column of survey weights; every row weighs 1 where absent.
    #[serde(default)]
    pub weight: Option<String>,
    /// Column of household sizes: persons = weight x size; the unit is rows where absent.
    #[serde(default)]
    pub size: Option<String>,
    /// Column of strata.
    #[serde(default)]
    pub strata: Option<String>,
    /// Column of primary sampling units, nested in strata; every row is its own where absent.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Column of the finite population: PSUs in the stratum's population where above 1, else the sampling fraction.
    #[serde(default)]
    pub fpc: Option<String>,
    /// What a stratum with one PSU adds to the variance.
    #[serde(default)]
    pub lonely_psu: LonelyPsu,
    /// Column of yes and no: rows that are not in the domain weigh nothing, their PSUs stay.
    #[serde(default)]
    pub domain: Option<String>,
    /// Least sample count of a published cell, its numerator and its complement; 0 turns suppression off.
    #[serde(default = "twenty_five")]
    pub min_n: u32,
    /// Several k in place of the scheme's.
    #[serde(default)]
    pub cutoffs: Option<Vec<f64>>,
    /// Several weightings in place of the scheme's, by name: weight of each indicator, by its name.
    #[serde(default)]
    pub weightings: Option<BTreeMap<String, BTreeMap<String, f64>>>,
    /// Adds bounds: all that is missing deprived, none of it deprived.
    #[serde(default)]
    pub bounds: bool,
    /// Whether M1 and M2 are computed where every indicator is cardinal.
    #[serde(default = "yes")]
    pub gaps: bool,
    /// Level of the intervals.
    #[serde(default = "ninety_five")]
    pub level: f64,
}

/// What a stratum with a single PSU adds to the variance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LonelyPsu {
    /// Its distance from the grand mean.
    #[default]
    Adjust,
    /// Nothing: it was taken with certainty.
    Certainty,
    /// Refused.
    Error,
}

impl Score {
    /// A score of that scheme with the defaults: every row weighs 1 and is its own sampling unit.
    pub fn new(scheme: DeprivationScheme) -> Self {
        Score {
            scheme,
            by: Vec::new(),
            weight: None,
            size: None,
            strata: None,
            cluster: None,
            fpc: None,
            lonely_psu: LonelyPsu::default(),
            domain: None,
            min_n: twenty_five(),
            cutoffs: None,
            weightings: None,
            bounds: false,
            gaps: yes(),
            level: ninety_five(),
        }
    }

    /// The columns that this score reads, each once, with what their cells are.
    pub fn columns(&self) -> Vec<Needed> {
        let mut needed = Vec::new();
        for indicator in &self.scheme.indicators {
            Needed::add(&mut needed, indicator.column.as_ref().unwrap_or(&indicator.name), indicator.sort());
        }
        let numbers = [&self.weight, &self.size, &self.fpc].into_iter().flatten();
        numbers.for_each(|name| Needed::add(&mut needed, name, Sort::Number));
        self.domain.iter().for_each(|name| Needed::add(&mut needed, name, Sort::Boolean));
        let words = self.by.iter().chain(&self.strata).chain(&self.cluster);
        words.for_each(|name| Needed::add(&mut needed, name, Sort::Text));
        needed
    }
}

impl Deprivation {
    /// What the cells of its column are, by the values that its rule names.
    fn sort(&self) -> Sort {
        let named = self.among.iter().chain(&self.not_among).flatten();
        let sorts = named.map(|value| match value {
            Value::Number(_) => Sort::Number,
            Value::Boolean(_) => Sort::Boolean,
            Value::Text(_) => Sort::Text,
        });
        // a rule that names words and numbers can only be read as words
        if self.below.is_some() || self.above.is_some() { Sort::Number } else { sorts.max().unwrap_or(Sort::Text) }
    }
}

fn twenty_five() -> u32 {
    25
}

fn yes() -> bool {
    true
}

fn ninety_five() -> f64 {
    0.95
}
