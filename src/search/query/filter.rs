//! Filters into the pages that they admit, as of a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Kind;
use crate::calendar::days_between;
use crate::search::analyze::fold;
use crate::search::index::Index;
use crate::search::page::Facts;
use crate::search::{Review, Settings};

/// Which hits are asked for, if `kind:` says so.
pub(super) fn kind(filters: &[(String, String)]) -> Option<Kind> {
    let value =
        filters.iter().rev().find(|(name, _)| name == "kind").map(|(_, value)| value.as_str());
    match value {
        Some("alert") => Some(Kind::Alert),
        Some("section") => Some(Kind::Section),
        Some("command") => Some(Kind::Command),
        _ => None,
    }
}

/// The pages that pass every filter.
pub(super) fn admitted(index: &Index, filters: &[(String, String)], today: Date) -> BTreeSet<u32> {
    let passes = |facts: &Facts| {
        filters.iter().all(|(name, value)| admits(facts, name, value, index.settings, today))
    };
    let pages = index.pages().enumerate();
    pages.filter(|(_, page)| passes(&page.facts)).map(|(number, _)| number as u32).collect()
}

fn admits(facts: &Facts, name: &str, value: &str, settings: Settings, today: Date) -> bool {
    let is = |text: &String| fold(text) == value;
    match name {
        "owner" => facts.owner.iter().any(is),
        "tag" => facts.tags.iter().any(is),
        "status" => facts.status.iter().any(is),
        "is" if value == "deprecated" => facts.deprecated,
        "is" if value == "suspect" => facts.suspect,
        "is" => state(facts.review, settings, today) == value,
        _ => true,
    }
}

/// The state of a page's review on a day; nothing if it owes none.
pub(super) fn state(review: Review, settings: Settings, today: Date) -> &'static str {
    match review {
        Review::NotOwed => "",
        Review::Never => "never",
        Review::Evergreen => "evergreen",
        Review::Due(due) if due < today => "overdue",
        Review::Due(due) if i64::from(days_between(today, due)) <= i64::from(settings.due_soon) => {
            "soon"
        }
        Review::Due(_) => "fresh",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::state;
    use crate::search::{Review, Settings};

    fn check(day: i8, expected: &str) {
        let review = Review::Due(date(2025, 10, 13));
        assert_eq!(state(review, Settings::default(), date(2025, 10, day)), expected);
    }

    #[test]
    fn a_review_is_overdue_from_the_day_after_it_was_due() {
        check(13, "soon");
        check(14, "overdue");
        assert_eq!(
            state(Review::Due(date(2025, 10, 13)), Settings::default(), date(2025, 9, 28)),
            "fresh"
        );
        assert_eq!(
            state(Review::Due(date(2025, 10, 13)), Settings::default(), date(2025, 9, 29)),
            "soon"
        );
    }
}
