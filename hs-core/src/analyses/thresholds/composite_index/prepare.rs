//! From values as they came to values on one scale: treatment, then normalisation.

use super::plan::Plan;
use super::{CompositeIndex, Deviation, IndicatorRule, IndicatorTable, Normalisation, Treatment};
use crate::assessment::Direction;
use crate::kernels::index::{moments, ranks, ranks_from_the_top, winsorise};

/// The indicators of the tree, treated and normalised.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// After treatment, in the units of the data or their logarithm.
    pub(super) treated: Vec<Vec<f64>>,
    /// After normalisation; NaN is missing.
    pub(super) columns: Vec<Vec<f64>>,
    /// What was done to each indicator.
    pub(super) done: Vec<Done>,
}

/// What was done to an indicator.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Done {
    /// Points that were winsorised.
    pub(super) winsorised: usize,
    /// Whether the logarithm was taken, and what was added before.
    pub(super) log: Option<f64>,
    /// Whether the limit of points did not do, so that the indicator stayed as it was.
    pub(super) gave_up: bool,
    /// Whether it has no spread, so that min-max and z-scores are undefined.
    pub(super) flat: bool,
    /// Values past a goalpost or target that were taken to stand on it.
    pub(super) clipped: usize,
    /// Values without a ratio to the target: 0 or below where lower is better.
    pub(super) no_ratio: usize,
}

impl CompositeIndex {
    pub(super) fn rule(&self, indicator: &str) -> IndicatorRule {
        self.indicators.get(indicator).copied().unwrap_or_default()
    }
}

/// What is added before a logarithm: nothing where all values are above 0.
pub(super) fn shift(column: &[f64]) -> f64 {
    let found = moments(column);
    if found.least > 0.0 { 0.0 } else { 0.01 * (found.greatest - found.least) - found.least }
}

pub(super) fn prepare(
    settings: &CompositeIndex,
    plan: &Plan,
    data: &IndicatorTable,
    treatment: Treatment,
    normalise: Option<Normalisation>,
) -> Prepared {
    let mut prepared = Prepared { treated: vec![], columns: vec![], done: vec![] };
    for (name, &column) in plan.names.iter().zip(&plan.leaves) {
        let rule = settings.rule(name);
        let mut column = data.columns().get(column).cloned().unwrap_or_default();
        let mut done = treat(settings, &mut column, rule.treatment.unwrap_or(treatment));
        let normalised = match normalise {
            None => column.clone(),
            Some(how) => bring(settings, &column, rule, how, &mut done),
        };
        prepared.treated.push(column);
        prepared.columns.push(normalised);
        prepared.done.push(done);
    }
    prepared
}

fn treat(settings: &CompositeIndex, column: &mut [f64], treatment: Treatment) -> Done {
    let mut done = Done::default();
    let mut log = treatment == Treatment::Log;
    if matches!(treatment, Treatment::Winsorise | Treatment::WinsoriseOrLog) {
        match winsorise(column, settings.skewness, settings.kurtosis, settings.limit as usize) {
            Some(points) => done.winsorised = points,
            None if treatment == Treatment::WinsoriseOrLog => log = true,
            None => done.gave_up = true,
        }
    }
    if log {
        let added = shift(column);
        // a constant of 0 or below has no logarithm and no spread either: it stays
        if column.iter().all(|x| x.is_nan() || x + added > 0.0) {
            column.iter_mut().for_each(|x| *x = (*x + added).ln());
            done.log = Some(added);
        }
    }
    done
}

fn bring(settings: &CompositeIndex, column: &[f64], rule: IndicatorRule, how: Normalisation, done: &mut Done) -> Vec<f64> {
    let lower = rule.better == Some(Direction::Lower);
    let found = moments(column);
    match how {
        Normalisation::MinMax => {
            let in_units = |x: f64| done.log.map_or(x, |added| (x + added).ln());
            let (low, high) = rule.goalposts.map_or((found.least, found.greatest), |(low, high)| (in_units(low), in_units(high)));
            let width = high - low;
            if width.is_nan() || width <= 0.0 {
                done.flat = true;
                return vec![f64::NAN; column.len()];
            }
            let clip = settings.clip && rule.goalposts.is_some();
            if clip {
                done.clipped = column.iter().filter(|x| **x < low || **x > high).count();
            }
            let (worst, best) = settings.range;
            let scaled = column.iter().map(|&x| {
                let share = (x - low) / width;
                let share = if clip { share.clamp(0.0, 1.0) } else { share };
                let share = if lower { 1.0 - share } else { share };
                (1.0 - share) * worst + share * best
            });
            scaled.collect()
        }
        Normalisation::ZScore => {
            let n = found.count as f64;
            let deviation = match settings.deviation {
                Deviation::Population => found.deviation,
                Deviation::Sample => found.deviation * (n / (n - 1.0)).sqrt(),
            };
            if deviation.is_nan() || deviation <= 0.0 || found.greatest <= found.least {
                done.flat = true;
                return vec![f64::NAN; column.len()];
            }
            let sign = if lower { -1.0 } else { 1.0 };
            column.iter().map(|x| settings.centre + sign * settings.spread * (x - found.mean) / deviation).collect()
        }
        Normalisation::Rank => {
            if lower {
                ranks_from_the_top(column)
            } else {
                ranks(column)
            }
        }
        Normalisation::DistanceToTarget => {
            // every indicator has a target here: the plan refuses one without
            let target = rule.target.unwrap_or(f64::NAN);
            let ratio = |x: f64| match lower {
                false => x / target,
                true if x > 0.0 => target / x,
                true => f64::NAN,
            };
            let ratios: Vec<f64> = column.iter().map(|&x| ratio(x)).collect();
            done.no_ratio = ratios.iter().zip(column).filter(|(r, x)| r.is_nan() && !x.is_nan()).count();
            if !settings.cap_at_target {
                return ratios;
            }
            done.clipped = ratios.iter().filter(|r| **r > 1.0).count();
            // f64::min would turn a missing value into 1
            ratios.into_iter().map(|r| if r > 1.0 { 1.0 } else { r }).collect()
        }
    }
}
