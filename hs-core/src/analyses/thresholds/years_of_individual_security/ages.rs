//! What is known by age: deaths and insecurity.

use serde::{Deserialize, Serialize};

use crate::tables::Rows;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// Deaths and insecurity by age. Every column is as long as `age`; NaN is missing where a column may lack values.
///
/// Mortality comes as `death_rate`, or as `deaths` and `population`, or as `survivors` and `person_years` of a life table that is made
/// already. Insecurity comes as `insecure`, the share of people below the threshold in *any* domain, or as the share below it in each of
/// several domains (`domains`): these bound the union and do not tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgeTable {
    /// First age of each interval, rising; the last interval is open.
    pub age: Vec<f64>,
    /// Deaths per person-year.
    pub death_rate: Option<Vec<f64>>,
    /// Deaths.
    pub deaths: Option<Vec<f64>>,
    /// Person-years those deaths are out of: the population at mid-year.
    pub population: Option<Vec<f64>>,
    /// Survivors at the first age of the interval.
    pub survivors: Option<Vec<f64>>,
    /// Person-years lived in the interval.
    pub person_years: Option<Vec<f64>>,
    /// Years lived in the interval by those who die in it; by convention where missing.
    pub before_death: Option<Vec<f64>>,
    /// Share of people who are below the threshold in any domain.
    pub insecure: Option<Vec<f64>>,
    /// Persons in the sample behind that share (effective, where the design is complex).
    pub n: Option<Vec<f64>>,
    /// Standard error of that share; goes before `n`.
    pub standard_error: Option<Vec<f64>>,
    /// Share below the threshold in each domain, by name.
    pub domains: Vec<(String, Vec<f64>)>,
}

/// Most persons, deaths or person-years of an interval: products of them stay finite.
const MOST: f64 = 1e15;

/// A column that has a meaning of its own.
struct Known {
    name: &'static str,
    column: fn(&mut AgeTable) -> &mut Option<Vec<f64>>,
    /// Whether a value may be missing.
    gaps: bool,
    good: fn(f64) -> bool,
    wanted: &'static str,
}

const KNOWN: [Known; 9] = [
    Known {
        name: "death_rate",
        column: |t| &mut t.death_rate,
        gaps: false,
        good: |x| (0.0..=1e6).contains(&x),
        wanted: "rates from 0 to 1e6",
    },
    Known { name: "deaths", column: |t| &mut t.deaths, gaps: false, good: |x| (0.0..=MOST).contains(&x), wanted: "counts from 0 to 1e15" },
    Known {
        name: "population",
        column: |t| &mut t.population,
        gaps: false,
        good: |x| x > 0.0 && x <= MOST,
        wanted: "numbers above 0, to 1e15",
    },
    Known {
        name: "survivors",
        column: |t| &mut t.survivors,
        gaps: false,
        good: |x| x > 0.0 && x <= MOST,
        wanted: "numbers above 0, to 1e15",
    },
    Known {
        name: "person_years",
        column: |t| &mut t.person_years,
        gaps: false,
        good: |x| x > 0.0 && x <= MOST,
        wanted: "numbers above 0, to 1e15",
    },
    Known { name: "before_death", column: |t| &mut t.before_death, gaps: true, good: |x| x >= 0.0, wanted: "years of 0 or more" },
    Known { name: "insecure", column: |t| &mut t.insecure, gaps: true, good: |x| (0.0..=1.0).contains(&x), wanted: "shares from 0 to 1" },
    Known { name: "n", column: |t| &mut t.n, gaps: true, good: |x| x > 0.0 && x <= MOST, wanted: "counts above 0, to 1e15" },
    Known {
        name: "standard_error",
        column: |t| &mut t.standard_error,
        gaps: true,
        good: |x| (0.0..=1.0).contains(&x),
        wanted: "numbers from 0 to 1",
    },
];

impl AgeTable {
    /// Reads the columns `age`, `death_rate`, `deaths`, `population`, `survivors`, `person_years`, `before_death`, `insecure`, `n` and
    /// `standard_error`, those that are there, and the columns named as domains. Gives the names of the columns it did not read, too.
    ///
    /// # Errors
    /// Where `age` or a domain is not there, or a column does not hold numbers.
    pub fn from_rows(rows: impl IntoIterator<Item = Result<Rows>>, domains: &[String]) -> Result<(Self, Vec<String>)> {
        let mut table = AgeTable { domains: domains.iter().map(|name| (name.clone(), Vec::new())).collect(), ..AgeTable::default() };
        let mut unread = Vec::new();
        for batch in rows {
            let batch = batch?;
            table.age.extend_from_slice(&batch.numbers("age")?);
            let columns = batch.columns();
            for known in KNOWN.iter().filter(|known| columns.contains(&known.name)) {
                (known.column)(&mut table).get_or_insert_default().extend_from_slice(&batch.numbers(known.name)?);
            }
            for (name, column) in &mut table.domains {
                column.extend_from_slice(&batch.numbers(name)?);
            }
            let read = |name: &str| name == "age" || KNOWN.iter().any(|known| known.name == name) || domains.iter().any(|d| d == name);
            unread = columns.into_iter().filter(|name| !read(name)).map(str::to_owned).collect();
        }
        Ok((table, unread))
    }

    /// Everything that is wrong, at once.
    pub(super) fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let mut refuse = |kind, column: &str, found: String, wanted: &str| {
            problems.push(Problem::new(kind, format!("/{}", shown(column).replace('~', "~0").replace('/', "~1")), found, wanted));
        };
        let ages = self.age.len();
        if ages == 0 {
            refuse(ProblemKind::EmptyList, "age", "no age".into(), "at least one age");
        }
        let rising = self.age.iter().zip(self.age.iter().skip(1)).all(|(before, after)| before < after);
        if !rising || self.age.iter().any(|x| !(x.is_finite() && *x >= 0.0)) {
            refuse(
                ProblemKind::OutOfBounds,
                "age",
                "ages out of order, missing or below 0".into(),
                "first ages of intervals, each above the last",
            );
        }
        let mut copy = self.clone();
        for known in &KNOWN {
            let Some(column) = (known.column)(&mut copy).take() else { continue };
            examine(known.name, &column, ages, known.gaps, known.good, known.wanted, &mut refuse);
        }
        for (at, (name, column)) in self.domains.iter().enumerate() {
            examine(name, column, ages, true, |x| (0.0..=1.0).contains(&x), "shares from 0 to 1", &mut refuse);
            if self.domains.iter().take(at).any(|(before, _)| before == name) {
                refuse(ProblemKind::Duplicate, name, "the same domain twice".into(), "each domain once");
            }
        }
        let whole = |first: &Option<Vec<f64>>, second: &Option<Vec<f64>>| first.is_some() && second.is_some();
        let ways = [self.death_rate.is_some(), whole(&self.deaths, &self.population), whole(&self.survivors, &self.person_years)];
        match ways.iter().filter(|way| **way).count() {
            0 => refuse(
                ProblemKind::MissingField,
                "death_rate",
                "nothing that tells mortality".into(),
                "`death_rate`, or `deaths` and `population`, or `survivors` and `person_years`",
            ),
            1 => {}
            _ => refuse(ProblemKind::Conflict, "death_rate", "mortality told in several ways".into(), "one of them"),
        }
        for (one, other, named) in [(&self.deaths, &self.population, "deaths"), (&self.survivors, &self.person_years, "survivors")] {
            // population alone may stand for something else; half a pair is most likely a slip
            if one.is_some() != other.is_some() && !ways.contains(&true) {
                refuse(ProblemKind::MissingField, named, format!("half of the pair of `{named}`"), "both columns, or neither");
            }
        }
        if self.insecure.is_none() && self.domains.is_empty() {
            refuse(ProblemKind::MissingField, "insecure", "nothing that tells insecurity".into(), "`insecure`, or `domains`");
        }
        if let Some(rates) = self.rates().filter(|rates| rates.len() == ages) {
            if rates.last().is_some_and(|last| *last < 1e-9) {
                let found = format!("a death rate below 1e-9 in the last of {} intervals", rates.len());
                refuse(ProblemKind::OutOfBounds, "death_rate", found, "a rate above 0: nobody lives for ever");
            }
            if self.death_rate.is_none() && rates.iter().any(|rate| *rate > 1e6) {
                refuse(ProblemKind::OutOfBounds, "deaths", "more than 1e6 deaths per person-year".into(), "rates from 0 to 1e6");
            }
        }
        if let (Some(l), Some(years)) = (&self.survivors, &self.person_years) {
            let closed = l.iter().zip(l.iter().skip(1)).zip(years).zip(self.widths());
            // published tables are rounded
            let slack = 1e-3;
            let good = |(((l, next), years), n): (((&f64, &f64), &f64), f64)| {
                next <= l && *years >= n * next * (1.0 - slack) && *years <= n * l * (1.0 + slack)
            };
            let bad = closed.filter(|interval| !good(*interval)).count();
            if bad > 0 && rising {
                let found = format!("{bad} intervals whose person-years are not between those of their survivors at both ends");
                refuse(ProblemKind::OutOfBounds, "person_years", found, "a life table: survivors that fall, L between n l' and n l");
            }
        }
        if let Some(before) = &self.before_death {
            let bad = before.iter().zip(self.widths()).filter(|(a, n)| **a > *n).count();
            if bad > 0 {
                let found = format!("{bad} intervals that are shorter than the years lived in them before death");
                refuse(ProblemKind::OutOfBounds, "before_death", found, "at most the width of the interval");
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, problems)) }
    }

    /// Widths of the intervals that are not open.
    pub(super) fn widths(&self) -> Vec<f64> {
        self.age.iter().zip(self.age.iter().skip(1)).map(|(from, to)| to - from).collect()
    }

    /// Death rates, given or from deaths and population.
    pub(super) fn rates(&self) -> Option<Vec<f64>> {
        let counted = || Some(self.deaths.as_ref()?.iter().zip(self.population.as_ref()?).map(|(d, n)| d / n).collect());
        self.death_rate.clone().or_else(counted)
    }
}

fn examine(
    name: &str,
    column: &[f64],
    ages: usize,
    gaps: bool,
    good: fn(f64) -> bool,
    wanted: &str,
    refuse: &mut impl FnMut(ProblemKind, &str, String, &str),
) {
    if column.len() != ages {
        refuse(ProblemKind::Column, name, format!("{} values", column.len()), &format!("{ages}, one for each age"));
    }
    let missing = column.iter().filter(|x| x.is_nan()).count();
    if missing > 0 && !gaps {
        refuse(ProblemKind::Column, name, format!("{missing} missing values"), "a value for each age");
    }
    let bad = column.iter().filter(|x| x.is_infinite() || !x.is_nan() && !good(**x)).count();
    if bad > 0 {
        refuse(ProblemKind::OutOfBounds, name, format!("{bad} values out of bounds"), wanted);
    }
}
