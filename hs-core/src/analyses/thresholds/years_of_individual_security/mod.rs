//! How many years can people expect to live above every threshold?

mod ages;
mod result;

use serde::{Deserialize, Serialize};

pub use ages::AgeTable;
pub use result::{AgeSecurity, YearsOfIndividualSecurityResult};

use crate::kernels::life_table::{LifeTable, from_here_on, from_rates};
use crate::kernels::quantiles::student;
use crate::tables::{Note, Rows};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result};

/// How many years can people expect to live above every threshold?
///
/// Years of individual security: the expected years of life outside *generalised poverty*, which is to be below the threshold in any
/// domain of well-being. A period measure: it says what a life would be under today's death rates and today's insecurity at each age, not what
/// anybody's will be. Where only each domain's share is known, who is below in several is not, so the answer is a pair of bounds.
///
/// # Method
/// Sullivan's: `Y_x = Σ_{y >= x} L_y (1 - π_y) / l_x`, with `Var = Σ L_y² Var(π_y) / l_x²`, `Var(π) = π (1 - π) / n` or the squared standard
/// error given. Bounds: `max_d π_d <= π <= min(1, Σ_d π_d)`.
///
/// # Complexity
/// Linear in ages x domains.
///
/// # References
/// King & Murray 2001, Rethinking Human Security. Sullivan 1971, A single index of mortality and morbidity. Mathers 1991, Health
/// expectancies in Australia 1981 and 1988. Preston, Heuveline & Guillot 2001, Demography.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct YearsOfIndividualSecurity {
    /// Columns that hold the share below the threshold in one domain, where the data come as columns.
    pub domains: Vec<String>,
    /// How long those live who die before their fifth birthday, where the data do not say.
    pub infants: InfantDeaths,
    /// Survivors at the first age, where the table is made here.
    pub radix: f64,
    /// Level of the intervals.
    pub level: f64,
}

impl Default for YearsOfIndividualSecurity {
    fn default() -> Self {
        YearsOfIndividualSecurity { domains: Vec::new(), infants: InfantDeaths::Keyfitz, radix: 100_000.0, level: 0.95 }
    }
}

/// Years lived by those who die in the intervals 0 to 1 and 1 to 5; in all others half the interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InfantDeaths {
    /// 0.07 + 1.7 m in the first year, at most 0.5; 1.5 from 1 to 5 (Keyfitz 1970).
    #[default]
    Keyfitz,
    /// 0.1 in the first year; 1.6 from 1 to 5 (Chiang 1984).
    Chiang,
    /// Coale and Demeny's for women, as Preston, Heuveline and Guillot (2001) adapt them: 0.053 + 2.8 m, at most 0.35; 1.522 - 1.518 m.
    CoaleDemenyWomen,
    /// The same for men: 0.045 + 2.684 m, at most 0.33; 1.651 - 2.816 m.
    CoaleDemenyMen,
    /// Half the interval.
    Half,
}

impl InfantDeaths {
    /// In the first year and from 1 to 5, at that death rate of infants.
    fn years(self, infants: f64) -> (f64, f64) {
        let high = infants >= 0.107;
        match self {
            InfantDeaths::Keyfitz => ((0.07 + 1.7 * infants).min(0.5), 1.5),
            InfantDeaths::Chiang => (0.1, 1.6),
            InfantDeaths::CoaleDemenyWomen if high => (0.35, 1.361),
            InfantDeaths::CoaleDemenyWomen => (0.053 + 2.8 * infants, 1.522 - 1.518 * infants),
            InfantDeaths::CoaleDemenyMen if high => (0.33, 1.352),
            InfantDeaths::CoaleDemenyMen => (0.045 + 2.684 * infants, 1.651 - 2.816 * infants),
            InfantDeaths::Half => (0.5, 2.0),
        }
    }
}

impl YearsOfIndividualSecurity {
    /// Runs on what is known by age.
    ///
    /// # Errors
    /// `Argument`, with every problem: columns of another length, ages out of order, numbers out of bounds, mortality told in no way or in
    /// several, nothing that tells insecurity.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::thresholds::{AgeTable, YearsOfIndividualSecurity};
    ///
    /// let ages = AgeTable {
    ///     age: vec![0.0, 50.0],
    ///     survivors: Some(vec![100.0, 80.0]),
    ///     person_years: Some(vec![4500.0, 1600.0]),
    ///     insecure: Some(vec![0.4, 0.5]),
    ///     ..AgeTable::default()
    /// };
    /// let years = YearsOfIndividualSecurity::default().run(&ages)?;
    /// // (4500 · 0.6 + 1600 · 0.5) / 100 of 61 years
    /// assert_eq!(years.ages[0].life_expectancy, 61.0);
    /// assert_eq!(years.ages[0].years, Some(35.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, ages: &AgeTable) -> Result<YearsOfIndividualSecurityResult> {
        self.check()?;
        ages.check()?;
        let mut notes = Vec::new();
        let (table, rates, before_death) = self.table(ages, &mut notes);
        let shares = Shares::new(ages, &mut notes);
        let z = student(self.level, f64::INFINITY).ok_or_else(|| Error::internal("no quantile of the normal distribution"))?;
        let lived = from_here_on(&table.person_years);
        let secure = |share: &[f64]| {
            let years: Vec<f64> = table.person_years.iter().zip(share).map(|(years, p)| years * (1.0 - p)).collect();
            from_here_on(&years)
        };
        let (union, least, most) = (secure(&shares.union), secure(&shares.most), secure(&shares.least));
        let squares: Vec<f64> = table.person_years.iter().zip(&shares.variance).map(|(years, v)| years * years * v).collect();
        let variance = from_here_on(&squares);
        let at = |column: &[f64], x: usize| column.get(x).copied().unwrap_or(f64::NAN);
        let ages = ages.age.iter().enumerate().map(|(x, &age)| {
            let survivors = at(&table.survivors, x);
            // nobody is left of whom to speak
            let each = |sum: f64| Some(sum / survivors).filter(|years| years.is_finite());
            let life_expectancy = each(at(&lived, x)).unwrap_or(0.0);
            let years = each(at(&union, x));
            let standard_error = each(at(&variance, x).sqrt()).filter(|_| years.is_some());
            let interval = years.zip(standard_error).map(|(y, se)| ((y - z * se).max(0.0), (y + z * se).min(life_expectancy)));
            let next = ages.age.get(x + 1).copied();
            AgeSecurity {
                age,
                width: next.map(|next| next - age),
                death_rate: at(&rates, x),
                before_death: next.map(|_| at(&before_death, x)),
                dying: at(&table.dying, x),
                survivors,
                person_years: at(&table.person_years, x),
                life_expectancy,
                insecure: Some(at(&shares.union, x)).filter(|p| !p.is_nan()),
                insecure_lower: shares.bounded.then(|| at(&shares.least, x)),
                insecure_upper: shares.bounded.then(|| at(&shares.most, x)),
                years,
                standard_error,
                lower: interval.map(|(low, _)| low),
                upper: interval.map(|(_, high)| high),
                share: years.map(|years| years / life_expectancy).filter(|share| share.is_finite()),
                years_at_least: shares.bounded.then(|| each(at(&least, x))).flatten(),
                years_at_most: shares.bounded.then(|| each(at(&most, x))).flatten(),
            }
        });
        Ok(YearsOfIndividualSecurityResult { settings: self.clone(), ages: ages.collect(), notes })
    }

    /// Runs on columns of any data: see [`AgeTable::from_rows`].
    ///
    /// # Errors
    /// As [`AgeTable::from_rows`] and [`YearsOfIndividualSecurity::run`].
    pub fn run_rows(&self, rows: impl IntoIterator<Item = Result<Rows>>) -> Result<YearsOfIndividualSecurityResult> {
        let (ages, unread) = AgeTable::from_rows(rows, &self.domains)?;
        let mut result = self.run(&ages)?;
        if !unread.is_empty() {
            result.notes.push(Note::counted(
                "unused-column",
                "column",
                "were not read: they are neither known nor named as domains",
                unread,
            ));
        }
        Ok(result)
    }

    fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if !(self.radix > 0.0 && self.radix <= 1e15) {
            problems.push(Problem::new(ProblemKind::OutOfBounds, "/radix", format!("{}", self.radix), "a number above 0, to 1e15"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            problems.push(Problem::new(ProblemKind::OutOfBounds, "/level", format!("{}", self.level), "a number between 0 and 1"));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, problems)) }
    }

    /// The life table, with its death rates and the years lived by those who die.
    fn table(&self, ages: &AgeTable, notes: &mut Vec<Note>) -> (LifeTable, Vec<f64>, Vec<f64>) {
        let widths = ages.widths();
        let names = |places: &[usize]| places.iter().filter_map(|x| ages.age.get(*x)).map(|age| age.to_string()).collect::<Vec<_>>();
        if let (Some(survivors), Some(person_years)) = (&ages.survivors, &ages.person_years) {
            let next = survivors.iter().skip(1).copied().chain([0.0]);
            let dead: Vec<f64> = survivors.iter().zip(next).map(|(l, next)| l - next).collect();
            let table = LifeTable {
                dying: dead.iter().zip(survivors).map(|(d, l)| d / l).collect(),
                survivors: survivors.clone(),
                person_years: person_years.clone(),
                capped: vec![],
            };
            let rates = dead.iter().zip(person_years).map(|(d, years)| d / years).collect();
            // L = n l' + a d, solved for a
            let lived = person_years.iter().zip(survivors.iter().skip(1)).zip(&widths).zip(&dead);
            let before =
                lived.map(|(((years, next), n), d)| if *d > 0.0 { ((years - n * next) / d).clamp(0.0, *n) } else { n / 2.0 }).collect();
            return (table, rates, before);
        }
        let rates = ages.rates().unwrap_or_default();
        let infants = self.infants.years(rates.first().copied().unwrap_or_default());
        let mut odd = Vec::new();
        let intervals = ages.age.iter().zip(&widths).enumerate();
        let before: Vec<f64> = intervals
            .map(|(x, (age, width))| {
                if let Some(given) = ages.before_death.as_ref().and_then(|a| a.get(x)).filter(|a| !a.is_nan()) {
                    return *given;
                }
                match (*age, *width) {
                    (0.0, 1.0) => infants.0,
                    (1.0, 4.0) if ages.age.first() == Some(&0.0) => infants.1,
                    (from, width) => {
                        if from < 5.0 && self.infants != InfantDeaths::Half && (from == 0.0 || from + width > 5.0) {
                            odd.push(x);
                        }
                        width / 2.0
                    }
                }
            })
            .collect();
        let table = from_rates(&widths, &rates, &before, self.radix);
        if !odd.is_empty() {
            let message = "are not the first year or the four after it: those who die in them are taken to live half";
            notes.push(Note::counted("half-interval", "early interval", message, names(&odd)));
        }
        if !table.capped.is_empty() {
            let message = "have a death rate that would kill more than all: everyone dies in them";
            notes.push(Note::counted("all-die", "interval", message, names(&table.capped)));
        }
        (table, rates, before)
    }
}

/// Shares of insecure people by age, and what is known of their doubt; NaN is missing.
struct Shares {
    union: Vec<f64>,
    variance: Vec<f64>,
    least: Vec<f64>,
    most: Vec<f64>,
    /// Whether several domains bound the union.
    bounded: bool,
}

impl Shares {
    fn new(ages: &AgeTable, notes: &mut Vec<Note>) -> Shares {
        let count = ages.age.len();
        let nothing = || vec![f64::NAN; count];
        let only = match ages.domains.as_slice() {
            [(_, one)] => Some(one.clone()),
            _ => None,
        };
        let union = ages.insecure.clone().or(only).unwrap_or_else(nothing);
        let places = |test: &dyn Fn(usize) -> bool| -> Vec<String> {
            ages.age.iter().enumerate().filter(|(x, _)| test(*x)).map(|(_, age)| age.to_string()).collect()
        };
        let mut counted = |code, message: &str, subjects: Vec<String>| {
            if !subjects.is_empty() {
                notes.push(Note::counted(code, "age", message, subjects));
            }
        };
        let at = |column: &[f64], x: usize| column.get(x).copied().unwrap_or(f64::NAN);
        let bounded = ages.domains.len() > 1;
        let (mut least, mut most) = (nothing(), nothing());
        if bounded {
            for (x, (least, most)) in least.iter_mut().zip(&mut most).enumerate() {
                let known = || ages.domains.iter().map(|(_, column)| at(column, x)).filter(|p| !p.is_nan());
                *least = known().fold(0.0, f64::max);
                // a domain that is not known may hold everyone
                *most = if known().count() == ages.domains.len() { known().sum::<f64>().min(1.0) } else { 1.0 };
            }
            let gap = |x: usize| ages.domains.iter().any(|(_, column)| at(column, x).is_nan());
            counted("domain-missing", "lack a domain, which may hold everyone: the upper bound there is 1", places(&gap));
        }
        let told = ages.insecure.is_some() || !bounded;
        if told {
            let missing = |x: usize| at(&union, x).is_nan();
            counted(
                "insecurity-unknown",
                "have no share of insecure people: years from any age up to there are undefined",
                places(&missing),
            );
            let outside = |x: usize| bounded && (at(&union, x) < at(&least, x) - 1e-9 || at(&union, x) > at(&most, x) + 1e-9);
            counted(
                "outside-bounds",
                "have a union outside the bounds of their domains: these do not come from the same people",
                places(&outside),
            );
        }
        let errors = ages.standard_error.as_deref().unwrap_or_default();
        let samples = ages.n.as_deref().unwrap_or_default();
        let variance: Vec<f64> = union
            .iter()
            .enumerate()
            .map(|(x, p)| if at(errors, x).is_nan() { p * (1.0 - p) / at(samples, x) } else { at(errors, x).powi(2) })
            .collect();
        if told && (ages.n.is_some() || ages.standard_error.is_some()) {
            let silent = |x: usize| at(&variance, x).is_nan() && !at(&union, x).is_nan();
            counted(
                "sample-unknown",
                "have neither a sample count nor a standard error: intervals up to there are undefined",
                places(&silent),
            );
            let edge = |x: usize| at(&variance, x) == 0.0;
            counted("no-variance", "have a share of 0 or 1 and so no sampling variance: the interval is too narrow", places(&edge));
        }
        if !told {
            let said = "only each domain's share is known, not who is below in several: years are bounded, not told".to_owned();
            notes.push(Note::new("union-unknown", said, ages.domains.iter().map(|(name, _)| name.clone())));
        }
        Shares { union, variance, least, most, bounded }
    }
}
