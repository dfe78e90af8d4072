//! Years of individual security, by age.

use serde::Serialize;
use serde_json::json;

use super::YearsOfIndividualSecurity;
use crate::Result;
use crate::tables::{Array, Note, Outcome, Table, arrow_tables};

/// One interval of age.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgeSecurity {
    /// Its first age.
    pub age: f64,
    /// Its width; none where open.
    pub width: Option<f64>,
    /// Deaths per person-year.
    pub death_rate: f64,
    /// Years lived in it by those who die in it.
    pub before_death: Option<f64>,
    /// Probability of dying in it.
    pub dying: f64,
    /// Survivors at its first age.
    pub survivors: f64,
    /// Person-years lived in it.
    pub person_years: f64,
    /// Years of life expected at its first age; 0 where nobody reaches it.
    pub life_expectancy: f64,
    /// Share of people below the threshold in any domain.
    pub insecure: Option<f64>,
    /// The greatest share of a domain, where several are known.
    pub insecure_lower: Option<f64>,
    /// The sum of the shares of all domains, at most 1.
    pub insecure_upper: Option<f64>,
    /// Years of individual security expected at its first age.
    pub years: Option<f64>,
    /// Standard error of these, from the sample of insecurity alone.
    pub standard_error: Option<f64>,
    /// Lower end of their interval.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
    /// Years of security of all years expected.
    pub share: Option<f64>,
    /// The fewest years the domains allow.
    pub years_at_least: Option<f64>,
    /// The most.
    pub years_at_most: Option<f64>,
}

/// Years of individual security.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YearsOfIndividualSecurityResult {
    /// The settings it ran with.
    pub settings: YearsOfIndividualSecurity,
    /// One for each interval, by age.
    pub ages: Vec<AgeSecurity>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl YearsOfIndividualSecurityResult {
    /// The plain form that crosses to other languages. The facts are those of the first age.
    ///
    /// # Errors
    /// A fault of this library alone.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("years_of_individual_security", &self.settings)?;
        let first = self.ages.first();
        let facts = [
            ("life_expectancy", first.map(|a| a.life_expectancy)),
            ("years", first.and_then(|a| a.years)),
            ("standard_error", first.and_then(|a| a.standard_error)),
            ("lower", first.and_then(|a| a.lower)),
            ("upper", first.and_then(|a| a.upper)),
            ("share", first.and_then(|a| a.share)),
            ("years_at_least", first.and_then(|a| a.years_at_least)),
            ("years_at_most", first.and_then(|a| a.years_at_most)),
        ];
        outcome.facts.extend(facts.map(|(name, value)| (name.to_owned(), json!(value))));
        let column = |of: fn(&AgeSecurity) -> Option<f64>| self.ages.iter().map(of).collect::<Vec<_>>();
        let table = Table::builder()
            .number("age", column(|a| Some(a.age)))
            .number("width", column(|a| a.width))
            .number("death_rate", column(|a| Some(a.death_rate)))
            .number("before_death", column(|a| a.before_death))
            .number("dying", column(|a| Some(a.dying)))
            .number("survivors", column(|a| Some(a.survivors)))
            .number("person_years", column(|a| Some(a.person_years)))
            .number("life_expectancy", column(|a| Some(a.life_expectancy)))
            .number("insecure", column(|a| a.insecure))
            .number("insecure_lower", column(|a| a.insecure_lower))
            .number("insecure_upper", column(|a| a.insecure_upper))
            .number("years", column(|a| a.years))
            .number("years_se", column(|a| a.standard_error))
            .number("years_lower", column(|a| a.lower))
            .number("years_upper", column(|a| a.upper))
            .number("share", column(|a| a.share))
            .number("years_at_least", column(|a| a.years_at_least))
            .number("years_at_most", column(|a| a.years_at_most));
        outcome.tables.push(("ages", table.build()?));
        let years = column(|a| a.years).into_iter().map(|y| y.unwrap_or(f64::NAN)).collect::<Vec<_>>();
        outcome.arrays.push(("years_by_age", Array { shape: vec![years.len()], data: years }));
        outcome.notes.clone_from(&self.notes);
        Ok(outcome)
    }
}

arrow_tables!(YearsOfIndividualSecurityResult);
