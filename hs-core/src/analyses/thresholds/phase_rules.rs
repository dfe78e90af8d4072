//! The rules of phases: which phase a severity is in, and which an area takes.

/// Slack of an inclusive comparison: 1e-9 of the scale, so that what stands exactly on a bound counts.
pub(super) const SLACK: f64 = 1e-9;

/// Phases run from 1 to 5.
pub(super) const PHASES: u8 = 5;

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

/// The worst phase whose share of people in it or worse reaches `share`, with that share; cumulated from phase 5 downward, so that what
/// the lower phases sum to has no part in it. Phase 1 takes whatever no worse phase does.
pub(super) fn of_area(shares: &[f64; 5], share: f64) -> (u8, f64) {
    let mut at_or_above = 0.0;
    for (phase, own) in (1..=PHASES).zip(shares).rev() {
        at_or_above += own;
        if phase == 1 || at_or_above >= share - SLACK {
            return (phase, at_or_above);
        }
    }
    (1, at_or_above)
}
