//! How far a page can be trusted: one state with its names, and the one rule that finds it.
//!
//! A [`Schedule`] says all that is known of a page's review apart from today. Everything that is published carries
//! its days, so that whoever reads it later, a script among them, only compares dates. Days are in UTC.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::calendar::Interval;

/// When the next review of a page is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Schedule {
    /// The page owes no review.
    #[default]
    NotOwed,
    /// The page is exempt.
    Evergreen,
    /// A review is owed, and there has been none to count from.
    NeverReviewed,
    /// A review is due.
    Due(Due),
}

/// The days on which the state of a page changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day on which the page is not overdue.
    pub on: Date,
    /// The first day on which it is due soon.
    pub soon: Date,
    /// Whether something that the page watches has changed since its last review.
    pub suspect: bool,
}

impl Due {
    /// A review due on a day, `due_soon` being how long before it readers are told.
    pub fn new(on: Date, due_soon: Interval, suspect: bool) -> Due {
        Due { on, soon: due_soon.first_reaching(on), suspect }
    }
}

impl Schedule {
    /// The state on a day: overdue from the day after the due day.
    pub fn state(self, today: Date) -> State {
        match self {
            Schedule::NotOwed => State::None,
            Schedule::Evergreen => State::Evergreen,
            Schedule::NeverReviewed => State::NeverReviewed,
            Schedule::Due(due) if due.on < today => State::Overdue,
            Schedule::Due(due) if due.suspect => State::Suspect,
            Schedule::Due(due) if due.soon <= today => State::DueSoon,
            Schedule::Due(_) => State::Fresh,
        }
    }

    /// The days of a review that is due.
    pub fn due(self) -> Option<Due> {
        match self {
            Schedule::Due(due) => Some(due),
            Schedule::NotOwed | Schedule::Evergreen | Schedule::NeverReviewed => None,
        }
    }
}

/// The state of a page on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The due date has passed.
    Overdue,
    /// A watched file changed after the last review.
    Suspect,
    /// No review, no date.
    NeverReviewed,
    /// The due date is near.
    DueSoon,
    /// Reviewed, and not due for a while.
    Fresh,
    /// Exempt from reviews.
    Evergreen,
    /// The page owes no review.
    #[default]
    None,
}

impl State {
    /// Every state that is shown, the most urgent first.
    pub const SHOWN: [State; 6] = [
        State::Overdue,
        State::Suspect,
        State::NeverReviewed,
        State::DueSoon,
        State::Fresh,
        State::Evergreen,
    ];

    /// The name for programs, as in JSON and in the filter `is:`.
    pub fn name(self) -> &'static str {
        match self {
            State::Overdue => "overdue",
            State::Suspect => "suspect",
            State::NeverReviewed => "never-reviewed",
            State::DueSoon => "due-soon",
            State::Fresh => "fresh",
            State::Evergreen => "evergreen",
            State::None => "none",
        }
    }

    /// The name in templates, style sheets and drawings.
    pub fn class(self) -> &'static str {
        match self {
            State::Overdue => "over",
            State::Suspect => "suspect",
            State::NeverReviewed => "never",
            State::DueSoon => "soon",
            State::Fresh => "fresh",
            State::Evergreen => "evergreen",
            State::None => "none",
        }
    }

    /// The words that readers see.
    pub fn label(self) -> &'static str {
        match self {
            State::Overdue => "Overdue",
            State::Suspect => "Suspect",
            State::NeverReviewed => "Never reviewed",
            State::DueSoon => "Due soon",
            State::Fresh => "Fresh",
            State::Evergreen => "Evergreen",
            State::None => "",
        }
    }

    /// Whether readers are told of the state wherever the page is named.
    pub fn is_told(self) -> bool {
        self < State::Fresh
    }

    /// Whether the page owes a review, now or later.
    pub fn owes(self) -> bool {
        self <= State::Fresh
    }
}

/// As templates name it.
impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.class())
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, Schedule, State};
    use crate::calendar::{Interval, parse_date};
    use jiff::civil::Date;

    fn day(text: &str) -> Date {
        parse_date(text).expect("the test names a day")
    }

    /// The state of a page due on a day, `due_soon` before which readers are told.
    fn check(due: &str, due_soon: &str, today: &str, expected: State) {
        let due_soon = Interval::parse(due_soon).expect("the test names an interval");
        let schedule = Schedule::Due(Due::new(day(due), due_soon, false));
        assert_eq!(schedule.state(day(today)), expected, "{due}, {due_soon} on {today}");
    }

    #[test]
    fn a_page_is_overdue_from_the_day_after_its_due_day() {
        check("2025-10-13", "14 days", "2025-10-13", State::DueSoon);
        check("2025-10-13", "14 days", "2025-10-14", State::Overdue);
        check("2025-10-13", "0 days", "2025-10-12", State::Fresh);
        check("2025-10-13", "0 days", "2025-10-13", State::DueSoon);
    }

    #[test]
    fn months_before_the_due_day_are_those_of_the_calendar() {
        check("2026-03-01", "1 month", "2026-01-31", State::Fresh);
        check("2026-03-01", "1 month", "2026-02-01", State::DueSoon);
        check("2026-03-31", "1 month", "2026-02-28", State::Fresh);
        check("2026-03-31", "1 month", "2026-03-01", State::DueSoon);
        check("2024-02-29", "1 year", "2023-02-28", State::Fresh);
        check("2024-02-29", "1 year", "2023-03-01", State::DueSoon);
    }

    #[test]
    fn a_page_at_either_end_of_the_calendar_has_a_state() {
        check("0000-01-01", "36500 years", "0000-01-01", State::DueSoon);
        check("9999-12-31", "14 days", "9999-12-31", State::DueSoon);
        check("9999-12-31", "14 days", "9999-12-16", State::Fresh);
    }

    #[test]
    fn being_due_soon_agrees_with_counting_from_today() {
        for due_soon in ["14 days", "1 month", "5 months", "6 weeks", "1 year"] {
            let due_soon = Interval::parse(due_soon).expect("an interval");
            let (due, mut today) = (day("2024-03-31"), day("2023-01-01"));
            while today <= due {
                let reached = due_soon.after(today).is_none_or(|reached| due <= reached);
                let state = Schedule::Due(Due::new(due, due_soon, false)).state(today);
                assert_eq!(state == State::DueSoon, reached, "{due_soon} on {today}");
                today = today.tomorrow().expect("not the last day");
            }
        }
    }
}
