//! When a period begins and ends, so that the latest of several can be told.

/// First and last day of a period, as days of one continuous count; none where the text is no period.
pub(crate) fn span(text: &str) -> Option<(i64, i64)> {
    match text.split_once('/') {
        Some((start, end)) => Some((simple(start)?.0, simple(end)?.1)),
        None => simple(text),
    }
}

fn simple(text: &str) -> Option<(i64, i64)> {
    let number = |part: &str, width: usize, most: i64| {
        let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i64>().ok().filter(|n| digits && (1..=most).contains(n))
    };
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4, 9999)?;
    let rest: Vec<&str> = parts.collect();
    match rest.as_slice() {
        [] => Some((day(year, 1, 1), day(year + 1, 1, 1) - 1)),
        [week] if week.starts_with('W') => {
            let monday = first_monday(year) + 7 * (number(week.get(1..)?, 2, 53)? - 1);
            Some((monday, monday + 6))
        }
        [month] => {
            let month = number(month, 2, 12)?;
            let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            Some((day(year, month, 1), day(next_year, next_month, 1) - 1))
        }
        [month, date] => {
            let day = day(year, number(month, 2, 12)?, number(date, 2, 31)?);
            Some((day, day))
        }
        _ => None,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn day(year: i64, month: i64, date: i64) -> i64 {
    // years begin in March here, so that the leap day comes last
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let century = y.div_euclid(100);
    365 * y + y.div_euclid(4) - century + century.div_euclid(4) + (153 * m + 2) / 5 + date - 1 - 719_468
}

/// Monday of week 1: the week that holds 4 January.
fn first_monday(year: i64) -> i64 {
    let fourth = day(year, 1, 4);
    // 1970-01-01 was a Thursday
    fourth - (fourth + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(2000, 3, 1), 11_017);
        assert_eq!(span("2008"), Some((13_879, 14_244)));
        assert_eq!(span("2008-02"), Some((13_910, 13_938)));
        assert_eq!(span("2008-12-31"), Some((14_244, 14_244)));
        // ISO weeks: 2009-W01 begins on 2008-12-29
        assert_eq!(span("2009-W01"), Some((day(2008, 12, 29), day(2009, 1, 4))));
        assert_eq!(span("2008-01/2008-06"), Some((day(2008, 1, 1), day(2008, 6, 30))));
        for none in ["soon", "2008-13", "99999999999999999999", "2008-06-32", "2008-W54", ""] {
            assert_eq!(span(none), None, "{none}");
        }
    }
}
