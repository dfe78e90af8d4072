//! The rules of phases: which phase a severity is in, and which an area takes.

use crate::{Error, Result};

/// Slack of an inclusive comparison: 1e-9 of the scale, so that what stands exactly on a bound counts.
pub(super) const SLACK: f64 = 1e-9;

/// Phases run from 1 to 5.
pub(super) const PHASES: u8 = 5;

/// Severities at which phases 2 to 5 begin, where nothing else is said.
pub(super) const BOUNDS: [f64; 4] = [0.2, 0.4, 0.6, 0.8];

/// Refuses bounds of severity that do not rise above 0, to 1.
pub(super) fn rising(bounds: &[f64; 4]) -> Result<()> {
    let rise = bounds.iter().try_fold(0.0, |before, bound| (*bound > before && *bound <= 1.0).then_some(*bound));
    match rise {
        Some(_) => Ok(()),
        None => Err(Error::argument(format!("`bounds`: found {bounds:?}, wanted four numbers that rise above 0, to 1"))),
    }
}

/// What a phase is called. The fifth needs evidence of famine that shares and severities do not hold.
pub(super) fn label(phase: u8) -> &'static str {
    match phase {
        0 | 1 => "minimal",
        2 => "stressed",
        3 => "crisis",
        4 => "emergency",
        _ => "famine not established",
    }
}

/// Phase p: bound p-1 <= severity < bound p.
pub(super) fn of_severity(severity: f64, bounds: &[f64; 4]) -> u8 {
    // bounds rise, so the bounds reached come first
    bounds.iter().fold(1, |phase, bound| phase + u8::from(severity >= bound - SLACK))
}

/// The phase of an observed value whose bounds run from better to worse: at a bound it is past it.
pub(super) fn of_value(value: f64, bounds: &[f64; 4]) -> u8 {
    let [first, .., last] = *bounds;
    let (way, slack) = (if last < first { -1.0 } else { 1.0 }, SLACK * (last - first).abs());
    bounds.iter().fold(1, |phase, bound| phase + u8::from(way * (value - bound) >= -slack))
}

/// Shares of people in each phase, cumulated from phase 5 downward: in phase 1 or worse, in 2 or worse, and so on. What the lower phases
/// sum to has no part in it.
pub(super) fn at_or_above(shares: &[f64; 5]) -> [f64; 5] {
    let [first, second, third, fourth, fifth] = *shares;
    let (from_fourth, from_third) = (fifth + fourth, fifth + fourth + third);
    [from_third + second + first, from_third + second, from_third, from_fourth, fifth]
}

/// The worst phase whose share of people in it or worse reaches `share`, with that share. Phase 1 takes whatever no worse phase does.
pub(super) fn of_area(at_or_above: &[f64; 5], share: f64) -> (u8, f64) {
    let reached = (2..=PHASES).zip(at_or_above.iter().skip(1)).rev().find(|(_, reached)| **reached >= share - SLACK);
    let [all, ..] = at_or_above;
    reached.map_or((1, *all), |(phase, reached)| (phase, *reached))
}
