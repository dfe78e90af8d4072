//! Sobol indices as results tell them, and what both analyses of variance share.

use serde::Serialize;

use crate::kernels::sobol::{Explained, Interval, MOST_POINTS};
use crate::tables::{Array, Note, Table};
use crate::{Error, Result};

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate; it may fall below 0 by chance and is never cut.
    pub value: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl From<Interval> for Estimate {
    fn from(Interval { value, lower, upper }: Interval) -> Self {
        Estimate { value, lower, upper }
    }
}

impl Estimate {
    /// Whether the interval lies above 0.
    pub fn distinguishable(&self) -> bool {
        self.lower > 0.0
    }
}

/// What share of the variance an input explains; none where nothing varies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// The input.
    pub parameter: String,
    /// Alone.
    pub first: Option<Estimate>,
    /// With all others.
    pub total: Option<Estimate>,
}

pub(super) fn check(n: usize, level: f64, resamples: u32) -> Result<()> {
    if !(2..=MOST_POINTS).contains(&n) {
        return Err(Error::argument(format!("`n` is {n}, wanted 2 to {MOST_POINTS} base points, a power of two")));
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::argument(format!("`level` is {level}, wanted between 0 and 1")));
    }
    if resamples == 0 {
        return Err(Error::argument("`resamples` is 0, wanted at least 1 replicate of the bootstrap"));
    }
    Ok(())
}

pub(super) fn notes(n: usize, quasi: bool, inputs: usize, explained: &Explained, names: &[String]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, message: String, subjects: Vec<String>| notes.push(Note::new(code, message, subjects));
    if !n.is_power_of_two() && quasi {
        note("not-a-power-of-two", format!("{n} base points do not fill the cube evenly; {} would", n.next_power_of_two()), Vec::new());
    }
    if !quasi {
        let message = format!("points are random, not quasi-random: {inputs} inputs take two dimensions each, and the sequence has 256");
        note("random-points", message, Vec::new());
    }
    match &explained.indices {
        None => {
            let reason =
                if explained.used < 2 { "fewer than two base points have a figure in every row" } else { "the figure does not vary" };
            note("undefined-indices", format!("indices are undefined: {reason}"), Vec::new());
        }
        Some(indices) => {
            let near: Vec<String> =
                indices.first.iter().zip(names).filter(|(first, _)| first.lower <= 0.0).map(|(_, name)| name.clone()).collect();
            if !near.is_empty() {
                let message = format!("{} of {inputs} first indices are not distinguishable from zero", near.len());
                note("not-distinguishable", message, near);
            }
        }
    }
    notes
}

pub(super) fn shares(names: &[String], explained: &Explained) -> Vec<Share> {
    let of = |list: fn(&crate::kernels::sobol::Indices) -> &Vec<Interval>, i: usize| {
        explained.indices.as_ref().and_then(|indices| list(indices).get(i)).copied().map(Estimate::from)
    };
    let share = |(i, name): (usize, &String)| Share { parameter: name.clone(), first: of(|x| &x.first, i), total: of(|x| &x.total, i) };
    names.iter().enumerate().map(share).collect()
}

/// The arrays `first` and `total`, and with second-order indices the square `second` (its diagonal and lower half NaN).
pub(super) fn arrays(shares: &[Share], second: Option<&[Estimate]>) -> Vec<(&'static str, Array)> {
    let inputs = shares.len();
    let list = |of: fn(&Share) -> Option<Estimate>| {
        let data = shares.iter().map(|s| of(s).map_or(f64::NAN, |e| e.value)).collect();
        Array { shape: vec![inputs], data }
    };
    let mut arrays = vec![("first", list(|s| s.first)), ("total", list(|s| s.total))];
    if let Some(second) = second {
        let mut data = vec![f64::NAN; inputs * inputs];
        let pairs = (0..inputs).flat_map(|i| (i + 1..inputs).map(move |j| i * inputs + j));
        for (at, estimate) in pairs.zip(second) {
            data.get_mut(at).into_iter().for_each(|slot| *slot = estimate.value);
        }
        arrays.push(("second", Array { shape: vec![inputs, inputs], data }));
    }
    arrays
}

pub(super) fn table(shares: &[Share]) -> Result<Table> {
    let of = |which: fn(&Share) -> Option<Estimate>, end: fn(Estimate) -> f64| shares.iter().map(move |s| which(s).map(end));
    let told = |which: fn(&Share) -> Option<Estimate>| shares.iter().map(move |s| which(s).map(|e| e.distinguishable()));
    Table::builder()
        .text("parameter", shares.iter().map(|s| Some(&s.parameter)))
        .number("first", of(|s| s.first, |e| e.value))
        .number("first_lower", of(|s| s.first, |e| e.lower))
        .number("first_upper", of(|s| s.first, |e| e.upper))
        .number("total", of(|s| s.total, |e| e.value))
        .number("total_lower", of(|s| s.total, |e| e.lower))
        .number("total_upper", of(|s| s.total, |e| e.upper))
        .boolean("distinguishable", told(|s| s.first))
        .boolean("total_distinguishable", told(|s| s.total))
        .build()
}

/// The second-order indices: first, second, value, lower, upper, distinguishable.
pub(super) fn pairs_table(names: &[String], second: &[Estimate]) -> Result<Table> {
    let pairs = || names.iter().enumerate().flat_map(|(i, a)| names.iter().skip(i + 1).map(move |b| (a, b)));
    Table::builder()
        .text("parameter", pairs().map(|(a, _)| Some(a)))
        .text("with", pairs().map(|(_, b)| Some(b)))
        .number("second", second.iter().map(|e| Some(e.value)))
        .number("second_lower", second.iter().map(|e| Some(e.lower)))
        .number("second_upper", second.iter().map(|e| Some(e.upper)))
        .boolean("distinguishable", second.iter().map(|e| Some(e.distinguishable())))
        .build()
}
