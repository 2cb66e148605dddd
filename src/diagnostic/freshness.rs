//! Mistakes and notices about reviews.

use jiff::civil::Date;

use super::{Diagnostic, Location, Rule};
use crate::calendar::long_date;

/// A review is dated after today.
pub fn review_in_future(at: Location, on: Date, today: Date) -> Diagnostic {
    let message = format!("the review of `{on}` is in the future");
    Diagnostic::new(at, Rule::ReviewInFuture, message).help(format!(
        "write the day on which the page was last checked, at most today (`{today}`, UTC)"
    ))
}

/// `review_by` was left behind by a later review.
pub fn review_by_before_review(at: Location, review_by: Date, last: Date) -> Diagnostic {
    let message = format!("`review_by: {review_by}` is before the last review, `{last}`");
    Diagnostic::new(at, Rule::BadValue, message)
        .help("write the day of the next review, or replace `review_by` by `review_in`")
}

/// Files that the page watches have commits newer than its last review.
pub fn watched_file_changed(at: Location, last: Date, changed: &[(String, Date)]) -> Diagnostic {
    let first =
        changed.first().map(|(path, day)| format!("`{path}` changed on {}", long_date(*day)));
    let more = match changed.len() {
        0 | 1 => String::new(),
        2 => " and 1 more file".to_owned(),
        count => format!(" and {} more files", count - 1),
    };
    let message = format!(
        "{}{more}, after the last review of {}",
        first.unwrap_or_default(),
        long_date(last)
    );
    Diagnostic::new(at, Rule::WatchedFileChanged, message)
        .help("check that the page is still right, then run `guidepost review` on it")
}

/// The last review changed nothing but review keys.
pub fn review_date_only(at: Location) -> Diagnostic {
    let message = "the last review changed nothing but the date".to_owned();
    Diagnostic::new(at, Rule::ReviewDateOnly, message)
        .help("say what was checked: `guidepost review PAGE --how drill --note \"...\"`")
}

/// The due date has passed.
pub fn review_overdue(at: Location, due: Date) -> Diagnostic {
    let message = format!("the review was due on {}", long_date(due));
    Diagnostic::new(at, Rule::ReviewOverdue, message)
        .help("check the page, then run `guidepost review` on it")
}

/// The due date is near.
pub fn review_due_soon(at: Location, due: Date) -> Diagnostic {
    let message = format!("the review is due on {}", long_date(due));
    Diagnostic::new(at, Rule::ReviewDueSoon, message)
        .help("check the page, then run `guidepost review` on it")
}

/// The page owes a review and has none.
pub fn never_reviewed(at: Location) -> Diagnostic {
    let message = "no review of this page is recorded".to_owned();
    Diagnostic::new(at, Rule::NeverReviewed, message)
        .help("check the page, then run `guidepost review` on it; `evergreen: true` exempts it")
}
