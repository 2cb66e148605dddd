//! What a page's review keys, git and today say of its age: a [`Freshness`].
//!
//! The schedule never depends on today, so that scripts can work out the state again when the page is read:
//! [`Schedule::state`] is the whole rule. Decides no levels and writes no prose.

use jiff::civil::Date;

use crate::config::{DateIsReview, FreshnessPolicy};
use crate::diagnostic::{Diagnostic, Location, freshness as mistakes};
use crate::files::FilePath;
use crate::freshness::{Due, Schedule, State};
use crate::glob::Globs;
use crate::history::{History, Reviewed};
use crate::parse::front_matter::{FrontMatter, ReviewKeys, ReviewKind, Spanned};

/// Judges the age of one page as of `today`.
pub fn freshness(
    page: &FreshnessFacts<'_>,
    policy: &FreshnessPolicy,
    history: &History,
    today: Date,
) -> Freshness {
    let review = &page.meta.review;
    let owes = page.owes();
    let last = last_review(review, today).or_else(|| dated(page, policy, today));
    let suspect_because =
        watched_changes(page.meta, last.as_ref().map(|last| last.on), history, page.path);
    let schedule = match (owes, review.evergreen, due(review, last.as_ref(), policy)) {
        (false, _, _) => Schedule::NotOwed,
        (true, true, _) => Schedule::Evergreen,
        (true, false, None) => Schedule::NeverReviewed,
        (true, false, Some(due)) => {
            Schedule::Due(Due::new(due, policy.due_soon, !suspect_because.is_empty()))
        }
    };
    let recorded = last.as_ref().is_some_and(|last| last.basis != Basis::Date);
    Freshness {
        state: schedule.state(today),
        schedule,
        reviewed: history.reviewed(page.path).filter(|_| recorded),
        watches_unknown: history.unknown().is_some() && !page.meta.watches.is_empty(),
        suspect_because,
        last,
    }
}

/// What is wrong with a page's review dates, worst first.
pub fn findings(page: &FreshnessFacts<'_>, freshness: &Freshness, today: Date) -> Vec<Diagnostic> {
    let mut found = date_findings(page, today);
    if freshness.state == State::None || page.meta.broken {
        return found;
    }
    let place = Location::new(page.path, review_place(page.meta));
    if let (false, Some(last)) = (freshness.suspect_because.is_empty(), &freshness.last) {
        let at = page.meta.watches.first().map_or(place.range.clone(), |watch| watch.range.clone());
        let at = Location::new(page.path, at);
        found.push(mistakes::watched_file_changed(at, last.on, &freshness.suspect_because));
    }
    match (freshness.state, freshness.due()) {
        (State::NeverReviewed, _) => found.push(mistakes::never_reviewed(place)),
        (State::Overdue, Some(due)) => found.push(mistakes::review_overdue(place, due)),
        (State::DueSoon, Some(due)) => found.push(mistakes::review_due_soon(place, due)),
        _ if freshness.date_only() == Some(true) => found.push(mistakes::review_date_only(place)),
        _ => {}
    }
    found
}

/// What the judgement needs of a page.
#[derive(Clone, Copy, Debug)]
pub struct FreshnessFacts<'a> {
    /// The file, relative to the site folder.
    pub path: &'a FilePath,
    /// Its front matter.
    pub meta: &'a FrontMatter,
    /// Whether it follows a template.
    pub follows_template: bool,
    /// Whether `[freshness] applies_to` names it.
    pub listed: bool,
    /// Whether it is deprecated: nobody reviews a tombstone.
    pub deprecated: bool,
}

impl FreshnessFacts<'_> {
    fn owes(&self) -> bool {
        let review = &self.meta.review;
        let carries_key = review.last_reviewed_on.is_some()
            || review.review_in.is_some()
            || review.review_by.is_some()
            || review.evergreen
            || !review.reviews.is_empty();
        !self.deprecated && (self.follows_template || self.listed || carries_key)
    }
}

/// How fresh a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The state as of the day that was asked about.
    pub state: State,
    /// When the next review is due.
    pub schedule: Schedule,
    /// The newest review, or the date that stands in for one.
    pub last: Option<LastReview>,
    /// Watched files with a commit newer than the last review.
    pub suspect_because: Vec<(String, Date)>,
    /// The page watches files, but git cannot say whether they changed.
    pub watches_unknown: bool,
    /// How the last review was made; `None` where git does not say.
    pub reviewed: Option<Reviewed>,
}

impl Freshness {
    /// Whether the page owes reviews, so that a state is shown.
    pub fn owes(&self) -> bool {
        self.state != State::None
    }

    /// Whether the last review changed nothing but review keys; `None` where git does not say.
    pub fn date_only(&self) -> Option<bool> {
        self.reviewed.map(|reviewed| reviewed.date_only)
    }

    /// How many pages were dated together, and nothing else of them changed, if they are too many to have been read
    /// one by one.
    pub fn dated_in_bulk(&self) -> Option<usize> {
        self.reviewed.map(|reviewed| reviewed.together).filter(|together| is_bulk(*together))
    }

    /// The last day on which the page is not overdue.
    pub fn due(&self) -> Option<Date> {
        self.schedule.due().map(|due| due.on)
    }
}

/// Whether so many pages that were dated in one commit can hardly have been read one by one.
pub fn is_bulk(together: usize) -> bool {
    together >= 5
}

/// The newest review of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastReview {
    /// Its day.
    pub on: Date,
    /// Which key says so.
    pub basis: Basis,
    /// Who did it.
    pub by: Option<String>,
    /// What was done, where the ledger says.
    pub how: Option<ReviewKind>,
    /// What was found.
    pub note: Option<String>,
}

/// Where the day of the last review comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The ledger, `reviews`.
    Ledger,
    /// `last_reviewed_on`.
    LastReviewedOn,
    /// `date`, declared to be a review by `date_is_review = true`.
    DateAsReview,
    /// `date`, because no review is recorded.
    Date,
}

/// The newest recorded review that has happened; at equal days the ledger, which says more.
fn last_review(review: &ReviewKeys, today: Date) -> Option<LastReview> {
    let newest = review
        .reviews
        .iter()
        .filter(|entry| entry.on.value <= today)
        .max_by_key(|entry| entry.on.value);
    let ledger = newest.map(|entry| LastReview {
        on: entry.on.value,
        basis: Basis::Ledger,
        by: entry.by.clone(),
        how: Some(entry.how),
        note: entry.note.clone(),
    });
    let single =
        review.last_reviewed_on.as_ref().filter(|on| on.value <= today).map(|on| LastReview {
            on: on.value,
            basis: Basis::LastReviewedOn,
            by: review.reviewed_by.as_ref().map(|by| by.value.clone()),
            how: None,
            note: None,
        });
    match (ledger, single) {
        (Some(ledger), Some(single)) => Some(if single.on > ledger.on { single } else { ledger }),
        (ledger, single) => ledger.or(single),
    }
}

fn dated(page: &FreshnessFacts<'_>, policy: &FreshnessPolicy, today: Date) -> Option<LastReview> {
    let on = page.meta.date.as_ref()?.value;
    let basis = match policy.date_is_review {
        DateIsReview::Auto => Basis::Date,
        DateIsReview::Yes => Basis::DateAsReview,
        DateIsReview::No => return None,
    };
    (on <= today).then_some(LastReview { on, basis, by: None, how: None, note: None })
}

fn due(review: &ReviewKeys, last: Option<&LastReview>, policy: &FreshnessPolicy) -> Option<Date> {
    if let Some(by) = &review.review_by {
        return Some(by.value);
    }
    let interval = review.review_in.as_ref().map_or(policy.review_in, |interval| interval.value);
    interval.after(last?.on)
}

fn watched_changes(
    meta: &FrontMatter,
    last: Option<Date>,
    history: &History,
    page: &FilePath,
) -> Vec<(String, Date)> {
    let Some(last) = last.filter(|_| !meta.watches.is_empty()) else { return Vec::new() };
    // Front matter holds none that cannot be read.
    Globs::new(meta.watches.iter().map(|watch| watch.value.as_str()))
        .map(|watched| history.changed_after(last, &watched, page))
        .unwrap_or_default()
}

fn date_findings(page: &FreshnessFacts<'_>, today: Date) -> Vec<Diagnostic> {
    let review = &page.meta.review;
    let at = |spanned: &Spanned<Date>| Location::new(page.path, spanned.range.clone());
    let days = review.last_reviewed_on.iter().chain(review.reviews.iter().map(|entry| &entry.on));
    let mut found: Vec<Diagnostic> = days
        .filter(|on| on.value > today)
        .map(|on| mistakes::review_in_future(at(on), on.value, today))
        .collect();
    if let (Some(by), Some(last)) = (&review.review_by, last_review(review, today))
        && by.value < last.on
    {
        found.push(mistakes::review_by_before_review(at(by), by.value, last.on));
    }
    found
}

/// What a finding about the age of a page points at: the key that says most about it.
fn review_place(meta: &FrontMatter) -> std::ops::Range<usize> {
    let review = &meta.review;
    let by = review.review_by.as_ref().map(|by| by.range.clone());
    by.or_else(|| {
        review.reviews.iter().max_by_key(|entry| entry.on.value).map(|entry| entry.on.range.clone())
    })
    .or_else(|| review.last_reviewed_on.as_ref().map(|on| on.range.clone()))
    .or_else(|| meta.date.as_ref().map(|date| date.range.clone()))
    .unwrap_or(0..0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{Basis, FreshnessFacts, State, findings, freshness};
    use crate::calendar::{Interval, parse_date};
    use crate::config::{Config, DateIsReview, FreshnessPolicy};
    use crate::diagnostic::Rule;
    use crate::files::FilePath;
    use crate::history::{Commits, History, Reviewed};
    use crate::parse::front_matter::{FrontMatter, LedgerEntry, ReviewKind, Spanned};

    /// A page that owes a review for its own keys alone.
    fn facts<'a>(path: &'a FilePath, meta: &'a FrontMatter) -> FreshnessFacts<'a> {
        let (follows_template, listed, deprecated) = (false, false, false);
        FreshnessFacts { path, meta, follows_template, listed, deprecated }
    }

    fn day(text: &str) -> Date {
        parse_date(text).expect("the test names a day")
    }

    fn spanned<T>(value: T) -> Spanned<T> {
        Spanned { value, range: 4..14 }
    }

    /// Front matter from lines of `key: value` with the keys that matter here.
    fn meta(text: &str) -> FrontMatter {
        let mut meta = FrontMatter::default();
        for line in text.lines() {
            let (key, value) = line.split_once(": ").expect("the test writes `key: value`");
            match key {
                "date" => meta.date = Some(spanned(day(value))),
                "last_reviewed_on" => meta.review.last_reviewed_on = Some(spanned(day(value))),
                "review_by" => meta.review.review_by = Some(spanned(day(value))),
                "review_in" => meta.review.review_in = Interval::parse(value).map(spanned),
                "evergreen" => meta.review.evergreen = value == "true",
                "watches" => meta.watches.push(spanned(value.to_owned())),
                "drill" => meta.review.reviews.push(LedgerEntry {
                    on: spanned(day(value)),
                    by: Some("dana".to_owned()),
                    how: ReviewKind::Drill,
                    note: None,
                }),
                _ => panic!("the test writes no `{key}`"),
            }
        }
        meta
    }

    /// On 20 August 2026, with a file `tf/queue.tf` changed on 1 August 2026.
    fn judge(
        text: &str,
        adjust: impl Fn(&mut FreshnessFacts<'_>, &mut FreshnessPolicy),
    ) -> (super::Freshness, Vec<Rule>) {
        let (path, meta) = (FilePath::new("content/a.md").expect("a path"), meta(text));
        let mut page = FreshnessFacts {
            path: &path,
            meta: &meta,
            follows_template: false,
            listed: false,
            deprecated: false,
        };
        let mut policy = Config::default().freshness;
        adjust(&mut page, &mut policy);
        let mut commits = Commits::default();
        commits.newest.insert("tf/queue.tf".to_owned(), day("2026-08-01"));
        let today = day("2026-08-20");
        let judged = freshness(&page, &policy, &History::Known(commits), today);
        let rules = findings(&page, &judged, today).iter().map(|finding| finding.rule).collect();
        (judged, rules)
    }

    fn check(text: &str, state: State, due: &str, rules: &[Rule]) {
        let (judged, found) = judge(text, |_, _| {});
        let judged_due = judged.due().map(|due| due.to_string()).unwrap_or_default();
        assert_eq!((judged.state, judged_due.as_str()), (state, due), "{text}");
        assert_eq!(found, rules, "{text}");
    }

    #[test]
    fn a_page_is_overdue_from_the_day_after_its_due_date() {
        check("review_by: 2026-08-20", State::DueSoon, "2026-08-20", &[Rule::ReviewDueSoon]);
        check("review_by: 2026-08-19", State::Overdue, "2026-08-19", &[Rule::ReviewOverdue]);
    }

    #[test]
    fn due_soon_begins_fourteen_days_before() {
        check("review_by: 2026-09-03", State::DueSoon, "2026-09-03", &[Rule::ReviewDueSoon]);
        check("review_by: 2026-09-04", State::Fresh, "2026-09-04", &[]);
    }

    #[test]
    fn due_follows_the_calendar_over_month_ends_and_leap_days() {
        let fresh = |text: &str, due| check(text, State::Fresh, due, &[]);
        fresh("last_reviewed_on: 2026-08-01\nreview_in: 6 weeks", "2026-09-12");
        fresh("last_reviewed_on: 2026-05-31\nreview_in: 4 months", "2026-09-30");
        fresh("last_reviewed_on: 2026-08-01\nreview_in: 6 month", "2027-02-01");
        check(
            "last_reviewed_on: 2024-02-29\nreview_in: 1 year",
            State::Overdue,
            "2025-02-28",
            &[Rule::ReviewOverdue],
        );
        fresh("last_reviewed_on: 2026-08-01", "2026-10-30");
    }

    #[test]
    fn the_newest_of_ledger_and_key_is_the_last_review() {
        let (judged, _) =
            judge("last_reviewed_on: 2026-07-01\ndrill: 2026-08-02\ndrill: 2026-03-01", |_, _| {});
        let last = judged.last.expect("a review");
        assert_eq!(
            (last.on, last.basis, last.how),
            (day("2026-08-02"), Basis::Ledger, Some(ReviewKind::Drill))
        );
        let (judged, _) = judge("last_reviewed_on: 2026-08-03\ndrill: 2026-08-02", |_, _| {});
        assert_eq!(judged.last.expect("a review").basis, Basis::LastReviewedOn);
    }

    #[test]
    fn a_review_in_the_future_is_a_finding_and_no_review() {
        check(
            "last_reviewed_on: 2099-01-01",
            State::NeverReviewed,
            "",
            &[Rule::ReviewInFuture, Rule::NeverReviewed],
        );
        check(
            "drill: 2026-08-21\ndrill: 2026-08-20",
            State::Fresh,
            "2026-11-18",
            &[Rule::ReviewInFuture],
        );
    }

    #[test]
    fn a_due_date_before_the_last_review_is_a_finding() {
        check(
            "last_reviewed_on: 2026-08-01\nreview_by: 2026-07-01",
            State::Overdue,
            "2026-07-01",
            &[Rule::BadValue, Rule::ReviewOverdue],
        );
    }

    #[test]
    fn only_pages_that_owe_a_review_have_a_state() {
        check("date: 2020-01-01", State::None, "", &[]);
        let state = |adjust: fn(&mut FreshnessFacts<'_>, &mut FreshnessPolicy)| {
            judge("date: 2026-08-01", adjust).0.state
        };
        assert_eq!(state(|page, _| page.follows_template = true), State::Fresh);
        assert_eq!(state(|page, _| page.listed = true), State::Fresh);
        let deprecated = |page: &mut FreshnessFacts<'_>, _: &mut FreshnessPolicy| {
            (page.follows_template, page.deprecated) = (true, true);
        };
        assert_eq!(state(deprecated), State::None);
    }

    #[test]
    fn without_a_review_the_date_counts_unless_the_site_says_otherwise() {
        let judged = |date_is_review| {
            judge("date: 2026-08-01", move |page, policy| {
                page.listed = true;
                policy.date_is_review = date_is_review;
            })
            .0
        };
        assert_eq!(judged(DateIsReview::Auto).last.map(|last| last.basis), Some(Basis::Date));
        assert_eq!(
            judged(DateIsReview::Yes).last.map(|last| last.basis),
            Some(Basis::DateAsReview)
        );
        assert_eq!(
            (judged(DateIsReview::No).last, judged(DateIsReview::No).state),
            (None, State::NeverReviewed)
        );
    }

    #[test]
    fn evergreen_pages_are_exempt() {
        check("evergreen: true\nlast_reviewed_on: 2020-01-01", State::Evergreen, "", &[]);
    }

    #[test]
    fn a_watched_file_that_changed_after_the_review_makes_a_page_suspect() {
        check(
            "last_reviewed_on: 2026-07-31\nwatches: tf/**",
            State::Suspect,
            "2026-10-29",
            &[Rule::WatchedFileChanged],
        );
        check("last_reviewed_on: 2026-08-01\nwatches: tf/**", State::Fresh, "2026-10-30", &[]);
        check(
            "last_reviewed_on: 2026-01-01\nwatches: tf/queue.tf",
            State::Overdue,
            "2026-04-01",
            &[Rule::WatchedFileChanged, Rule::ReviewOverdue],
        );
    }

    #[test]
    fn an_unknown_history_is_told_from_an_unchanged_file() {
        let (path, meta) = (
            FilePath::new("a.md").expect("a path"),
            meta("last_reviewed_on: 2026-08-01\nwatches: tf/**"),
        );
        let page = facts(&path, &meta);
        let unknown = History::without("there is no git");
        let judged = freshness(&page, &Config::default().freshness, &unknown, day("2026-08-20"));
        assert_eq!((judged.state, judged.watches_unknown), (State::Fresh, true));
    }

    #[test]
    fn a_review_that_moved_only_the_date_is_marked() {
        let (path, meta) =
            (FilePath::new("a.md").expect("a path"), meta("last_reviewed_on: 2026-08-01"));
        let page = facts(&path, &meta);
        let mut commits = Commits::default();
        let reviewed = Reviewed { date_only: true, together: 1, by_author: None };
        commits.reviewed.insert("a.md".to_owned(), reviewed);
        let today = day("2026-08-20");
        let judged =
            freshness(&page, &Config::default().freshness, &History::Known(commits), today);
        assert_eq!(judged.date_only(), Some(true));
        assert_eq!(findings(&page, &judged, today)[0].rule, Rule::ReviewDateOnly);
    }
}
