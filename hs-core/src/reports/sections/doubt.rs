//! How well a figure is known, in a few plain words read off its interval.

use crate::reports::document::{Cell, Phrase, Tone};
use crate::reports::lettering::decimal;

/// Below this a number is printed as nothing.
const NOTHING: f64 = 0.0005;

/// Up to this part of the figure the interval is narrow; up to the figure itself it is of its size.
const NARROW: f64 = 0.25;

/// What an interval says of its figure. The words are few and fixed; the guide to reports defines them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Well,
    Roughly,
    Little,
    MayBeNothing,
    DirectionUnknown,
    /// Both ends are the figure: nobody gave a range.
    NoRange,
}

impl Known {
    pub(super) fn of(value: f64, lower: f64, upper: f64) -> Self {
        let width = upper - lower;
        match (lower < -NOTHING, upper > NOTHING) {
            _ if width.abs() < 1e-9 => Known::NoRange,
            (true, true) => Known::DirectionUnknown,
            (true, false) if upper > -NOTHING => Known::MayBeNothing,
            (false, _) if lower < NOTHING => Known::MayBeNothing,
            _ if width <= NARROW * value.abs() => Known::Well,
            _ if width <= value.abs() => Known::Roughly,
            _ => Known::Little,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Known::Well => "well known",
            Known::Roughly => "roughly known",
            Known::Little => "little known",
            Known::MayBeNothing => "may be nothing",
            Known::DirectionUnknown => "direction unknown",
            Known::NoRange => "no range given",
        }
    }
}

/// A change of severity with its interval in words: "roughly known: worse by 0.02 to 0.09".
pub(super) fn change(value: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Cell {
    let (Some(value), Some(lower), Some(upper)) = (value, lower, upper) else { return Cell::Missing("no interval") };
    let known = Known::of(value, lower, upper);
    let by = |x: f64| {
        if x.abs() < NOTHING {
            "nothing".to_owned()
        } else {
            format!("{} by {}", if x > 0.0 { "worse" } else { "better" }, decimal(x.abs()))
        }
    };
    // the nearer to nothing is said first
    let (near, far) = if upper <= NOTHING && lower < -NOTHING { (upper, lower) } else { (lower, upper) };
    let text = match known {
        Known::NoRange => known.word().to_owned(),
        Known::MayBeNothing => format!("may be nothing, or {}", by(if near.abs() > far.abs() { near } else { far })),
        Known::DirectionUnknown => format!("direction unknown: from {} to {}", by(lower), by(upper)),
        _ => format!("{}: between {} and {}", known.word(), decimal(near.abs()), decimal(far.abs())),
    };
    match known {
        Known::DirectionUnknown | Known::MayBeNothing => Cell::Mark(Tone::Warning, text),
        _ => Cell::plain(&text),
    }
}

/// A chance from 0 to 1 with its interval.
pub(super) fn chance(value: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Cell {
    match (value, lower, upper) {
        (None, ..) => Cell::Missing("not estimated"),
        (Some(value), Some(lower), Some(upper)) if lower < upper => {
            Cell::Text(Phrase::new().number(value).plain(" (").number(lower).plain(" to ").number(upper).plain(")"))
        }
        (Some(value), ..) => Cell::Text(Phrase::new().number(value)),
    }
}

/// Persons with their interval.
pub(super) fn persons(value: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Cell {
    match (value, lower, upper) {
        (None, Some(lower), Some(upper)) if lower < upper => Cell::Text(Phrase::new().whole(lower).plain(" to ").whole(upper)),
        (None, Some(lower), Some(_)) => Cell::Text(Phrase::new().whole(lower)),
        (None, ..) => Cell::Missing("not known"),
        (Some(value), Some(lower), Some(upper)) if lower < upper => {
            Cell::Text(Phrase::new().whole(value).plain(" (").whole(lower).plain(" to ").whole(upper).plain(")"))
        }
        (Some(value), ..) => Cell::Text(Phrase::new().whole(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_width_and_the_sides() {
        let word = |value, lower, upper| Known::of(value, lower, upper).word();
        assert_eq!(word(0.10, 0.09, 0.11), "well known");
        assert_eq!(word(0.05, 0.02, 0.07), "roughly known");
        assert_eq!(word(0.05, 0.02, 0.09), "little known");
        assert_eq!(word(0.05, 0.0, 0.1), "may be nothing");
        assert_eq!(word(-0.05, -0.1, 0.0), "may be nothing");
        assert_eq!(word(0.01, -0.02, 0.09), "direction unknown");
        assert_eq!(word(0.01, 0.01, 0.01), "no range given");
        assert_eq!(word(0.0, 0.0, 0.0), "no range given");
    }

    #[test]
    fn intervals_are_said_from_the_near_end() {
        let said = |value, lower, upper| change(Some(value), Some(lower), Some(upper)).text();
        assert_eq!(said(-0.05, -0.09, -0.02), "little known: between 0.020 and 0.090");
        assert_eq!(said(-0.05, -0.1, 0.0), "may be nothing, or better by 0.10");
        assert_eq!(said(0.01, -0.02, 0.09), "direction unknown: from better by 0.020 to worse by 0.090");
        assert_eq!(change(Some(0.1), None, None).text(), "no interval");
    }
}
