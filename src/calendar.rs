//! Days and intervals as people write them in front matter and site.toml.
//!
//! Knows no clock: today is always an argument.

use jiff::civil::Date;

/// A length of time in calendar units: "6 weeks", "3 months", "1 year".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Whole months; a year counts as twelve.
    pub months: i32,
    /// Whole days; a week counts as seven.
    pub days: i32,
}

impl Interval {
    /// Reads "6 weeks", "1 month", "6 month", "90 days", "14d" or "1 year"; `None` where it is none of these.
    pub fn parse(text: &str) -> Option<Interval> {
        let text = text.trim();
        let split = text.find(|letter: char| !letter.is_ascii_digit())?;
        let count: i32 = text[..split].parse().ok().filter(|count| *count <= 36_500)?;
        let unit = text[split..].trim().to_ascii_lowercase();
        match unit.strip_suffix('s').unwrap_or(&unit) {
            "d" | "day" => Some(Interval { months: 0, days: count }),
            "w" | "week" => Some(Interval { months: 0, days: count.checked_mul(7)? }),
            "m" | "month" => Some(Interval { months: count, days: 0 }),
            "y" | "year" => Some(Interval { months: count.checked_mul(12)?, days: 0 }),
            _ => None,
        }
    }

    /// The day this long after `date`: months first, clamped to the month's last day, then days.
    ///
    /// `None` past the end of the calendar (year 9999).
    pub fn after(self, date: Date) -> Option<Date> {
        date.checked_add(jiff::Span::new().try_months(self.months).ok()?)
            .ok()?
            .checked_add(jiff::Span::new().try_days(self.days).ok()?)
            .ok()
    }

    /// The first day from which this long reaches `date`; the first of the calendar where none is early enough.
    pub fn first_reaching(self, date: Date) -> Date {
        let back = || {
            let months = jiff::Span::new().try_months(self.months).ok()?;
            let days = jiff::Span::new().try_days(self.days).ok()?;
            date.checked_sub(days).ok()?.checked_sub(months).ok()
        };
        let Some(mut day) = back() else { return Date::MIN };
        // A month before 31 March is 28 February, from where a month reaches 28 March only.
        while self.after(day).is_some_and(|reached| reached < date) {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        day
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |count: i32| if count == 1 { "" } else { "s" };
        match (self.months, self.days) {
            (0, days) => write!(out, "{days} day{}", plural(days)),
            (months, 0) if months % 12 == 0 => {
                write!(out, "{} year{}", months / 12, plural(months / 12))
            }
            (months, 0) => write!(out, "{months} month{}", plural(months)),
            (months, days) => {
                write!(out, "{months} month{} and {days} day{}", plural(months), plural(days))
            }
        }
    }
}

/// Reads a day written exactly as `YYYY-MM-DD`; `None` where the form is another or the day does not exist.
pub fn parse_date(text: &str) -> Option<Date> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok())?
    };
    if text.len() != 10 || text.as_bytes()[4] != b'-' || text.as_bytes()[7] != b'-' {
        return None;
    }
    Date::new(digits(0..4)?, digits(5..7)? as i8, digits(8..10)? as i8).ok()
}

/// Reads a day, or the day of a time as other generators write it: `2026-02-09T10:00:00Z`, `2026-02-09 10:00`.
pub fn parse_day(text: &str) -> Option<Date> {
    let (day, time) = text.split_at_checked(10)?;
    let is_time = |time: &str| {
        let clock = time.as_bytes();
        clock.len() >= 5
            && clock[2] == b':'
            && [0, 1, 3, 4].iter().all(|place| clock[*place].is_ascii_digit())
    };
    let is_more = time.strip_prefix(['T', 't', ' ']).is_some_and(is_time);
    parse_date(day).filter(|_| time.is_empty() || is_more)
}

/// A day as readers see it: "9 February 2026".
pub fn long_date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// How many days lie between two days: negative if `to` is the earlier one.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::{Interval, long_date, parse_date, parse_day};

    fn check(date: &str, interval: &str, expected: &str) {
        let date = parse_date(date).expect("the test names a day");
        let interval = Interval::parse(interval).expect("the test names an interval");
        assert_eq!(interval.after(date).expect("in the calendar").to_string(), expected);
    }

    #[test]
    fn intervals_follow_the_calendar() {
        check("2026-01-01", "6 weeks", "2026-02-12");
        check("2026-01-31", "1 month", "2026-02-28");
        check("2024-01-31", "1 month", "2024-02-29");
        check("2024-02-29", "1 year", "2025-02-28");
        check("2026-03-15", "6 month", "2026-09-15");
        check("2026-03-15", "14d", "2026-03-29");
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for text in ["", "soon", "6", "weeks", "six weeks", "-1 day", "99999999999 days"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_one_form_only() {
        assert_eq!(parse_date("2026-02-09").map(long_date).as_deref(), Some("9 February 2026"));
        for text in [
            "2025-04-8", "YYYY-MM-DD", "2025-02-29", "2025-13-01", "20250401", "2025-04-0é",
            "２０２５-04-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_stands_for_its_day_as_typed() {
        for (text, expected) in [
            ("2026-02-09", true),
            ("2026-02-09T10:00:00Z", true),
            ("2026-02-09T23:30:00+02:00", true),
            ("2026-02-09 10:00", true),
            ("2026-02-09T", false),
            ("2026-02-09 soon", false),
            ("2026-02-30T10:00:00Z", false),
            ("2026-02-0", false),
        ] {
            let day = parse_date("2026-02-09").filter(|_| expected);
            assert_eq!(parse_day(text), day, "{text}");
        }
    }
}
