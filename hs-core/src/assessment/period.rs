//! Periods: a year, month, day or ISO week that exists, or `start/end` of one form.

/// Why a text is no period; none if it is one.
pub(super) fn fault(text: &str) -> Option<String> {
    let Some((start, end)) = text.split_once('/') else {
        return moment(text).err();
    };
    match (moment(start), moment(end)) {
        (Err(reason), _) | (_, Err(reason)) => Some(reason),
        (Ok(first), Ok(last)) if first != last => Some("start and end differ in form".into()),
        // one form: the order of the texts is that of the dates
        _ if start > end => Some("start is after end".into()),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Year,
    Month,
    Day,
    Week,
}

fn moment(text: &str) -> Result<Form, String> {
    let form = || "it has none of the forms 2008, 2008-06, 2008-06-15, 2008-W23, start/end".to_owned();
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, width: usize| -> Option<u32> {
        (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let first = parts.first().copied().unwrap_or_default();
    let year = digits(first, 4).ok_or_else(form)?;
    let kind = match parts.as_slice() {
        [_] => Form::Year,
        [_, week] if week.starts_with('W') => {
            let week = digits(week.get(1..).unwrap_or_default(), 2).ok_or_else(form)?;
            let weeks = weeks(year);
            if week == 0 || week > weeks {
                return Err(format!("week {week} does not exist: {year:04} has weeks 1 to {weeks}"));
            }
            Form::Week
        }
        [_, month] | [_, month, _] => {
            let month = digits(month, 2).ok_or_else(form)?;
            if month == 0 || month > 12 {
                return Err(format!("month {month} does not exist"));
            }
            match parts.get(2) {
                None => Form::Month,
                Some(day) => {
                    let day = digits(day, 2).ok_or_else(form)?;
                    let days = days(year, month);
                    if day == 0 || day > days {
                        return Err(format!("day {day} does not exist: {year:04}-{month:02} has {days} days"));
                    }
                    Form::Day
                }
            }
        }
        _ => return Err(form()),
    };
    if year == 0 { Err("years run from 0001 to 9999".into()) } else { Ok(kind) }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// ISO 8601: a year has 53 weeks if it ends on a Thursday, or the year before ended on a Wednesday.
fn weeks(year: u32) -> u32 {
    let weekday = |year: u32| (year + year / 4 - year / 100 + year / 400) % 7;
    if weekday(year) == 4 || (year > 0 && weekday(year - 1) == 3) { 53 } else { 52 }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn periods_that_exist() {
        for good in [
            "0001",
            "9999",
            "2008",
            "2008-06",
            "2008-12",
            "2008-06-15",
            "2008-02-29",
            "2000-02-29",
            "2008-W01",
            "2008-W52",
            "2009-W53",
            "2020-W53",
            "2007/2008",
            "2008/2008",
            "2008-01/2008-02",
            "2008-01-31/2008-02-01",
            "2008-W23/2009-W01",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn periods_that_do_not() {
        for bad in [
            "",
            "/",
            "0000",
            "0000-01",
            "208",
            "20080",
            "2008-",
            "2008-6",
            "2008-00",
            "2008-13",
            "2008-06-00",
            "2008-06-31",
            "2009-02-29",
            "1900-02-29",
            "2008-W00",
            "2008-W53",
            "2021-W53",
            "2008-W1",
            "2008-w23",
            "2008W23",
            "2008-06-15-1",
            "2009/2008",
            "2008/2008-06",
            "2008/",
            "/2008",
            "2007/2008/2009",
            "2008-06-15/2008-06-14",
            " 2008",
            "２００８",
            "2008-W23-1",
            "+208",
            "2008-Q1",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn long_years_of_a_cycle() {
        // 71 of the 400 years of the Gregorian cycle have 53 weeks
        assert_eq!((2000..2400).filter(|year| super::weeks(*year) == 53).count(), 71);
    }
}
