//! Due dates and coverage for programs: `reviews.ics`, `metrics.prom`, `api/freshness.json`, `api/coverage.json`.
//!
//! Dates, never states: whoever reads these files knows what day it is. Only `api/freshness.json` and the metrics
//! name the day of the build.

use icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;
use serde::Serialize;

use crate::check::PageReport;
use crate::files::{FilePath, Files};
use crate::resolve::{PageId, PlacedPage};

use super::inputs::Overview;
use super::json::{json, url};

/// Every file of this kind.
pub(crate) fn reviews(overview: &Overview) -> Files {
    let mut files = Files::default();
    let mut add = |path: &str, text: String| {
        files.insert(FilePath::new(path).expect("a plain relative path"), text.into_bytes());
    };
    // A calendar holds at least one event (RFC 5545, 3.6), so there is none where nothing is due.
    if is_anything_due(overview) {
        add("reviews.ics", calendar(overview));
    }
    add("metrics.prom", metrics(overview));
    add("api/freshness.json", freshness(overview));
    add("api/coverage.json", coverage(overview));
    files
}

/// Whether a page has a due date, so that there is a calendar.
pub(crate) fn is_anything_due(overview: &Overview) -> bool {
    overview.report.pages.iter().any(|report| report.freshness.due().is_some())
}

/// Every due date as an all-day event (RFC 5545).
///
/// The stamp of an event is the day of the last review, so that the file changes only when a date does.
fn calendar(overview: &Overview) -> String {
    let config = &overview.site.config;
    let host = config.base_url.as_deref().and_then(host).unwrap_or("guidepost");
    let frame = Calendar::new()
        .name(&config.words.fill("reviews-due-of", &[("site", &config.title)]))
        .done()
        .to_string();
    // The crate signs with its own name, and offers no way to change it.
    let signed = "PRODID:-//Guidepost//Review dates//EN";
    let frame = frame.replacen("PRODID:ICALENDAR-RS", signed, 1);
    let end = frame.rfind("END:VCALENDAR").unwrap_or(frame.len());
    // Each event is written as soon as it is made: a large site has thousands.
    let mut text = frame[..end].to_owned();
    for (_, page, report) in owing(overview) {
        let Some(due) = report.freshness.due() else { continue };
        let last = report.freshness.last.as_ref().map_or(due, |last| last.on);
        let mut event = Event::new();
        event
            .uid(&format!("{}@{host}", page.path))
            .add_property("DTSTAMP", format!("{}T000000Z", compact(last)))
            .append_property(
                Property::new("DTSTART", compact(due)).add_parameter("VALUE", "DATE").done(),
            )
            .add_property("TRANSP", "TRANSPARENT")
            .summary(&config.words.fill("review-due-of", &[("page", &page.nav_title)]));
        if let Some(owner) = &report.owner {
            event.description(&format!("{}: {owner}", config.words.get("owner")));
        }
        if config.base_url.is_some() {
            event.add_property("URL", url(&overview.site, page));
        }
        event.fmt_write(&mut text).expect("writing to a text never fails");
    }
    text + &frame[end..]
}

fn compact(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn host(base_url: &str) -> Option<&str> {
    let (_, rest) = base_url.split_once("://")?;
    rest.split(['/', ':', '?']).next().filter(|host| !host.is_empty())
}

/// What an alert on old runbooks needs, as `OpenMetrics` text.
fn metrics(overview: &Overview) -> String {
    let mut text = String::new();
    let mut family = |name: &str, unit: &str, help: &str, samples: &[(String, i64)]| {
        text.push_str(&format!("# TYPE {name} gauge\n"));
        if !unit.is_empty() {
            text.push_str(&format!("# UNIT {name} {unit}\n"));
        }
        text.push_str(&format!("# HELP {name} {help}\n"));
        for (labels, value) in samples {
            text.push_str(&format!("{name}{labels} {value}\n"));
        }
    };
    let due: Vec<(String, i64)> = owing(overview)
        .into_iter()
        .filter_map(|(_, page, report)| {
            let overdue = report.freshness.due()?.tomorrow().ok()?;
            Some((labels(page, report), seconds(overdue)))
        })
        .collect();
    let one = |value: usize| [(String::new(), i64::try_from(value).unwrap_or(i64::MAX))];
    let pages = &overview.report.pages;
    let unowned = pages.iter().filter(|report| report.owner.is_none()).count();
    let never =
        owing(overview).iter().filter(|(_, _, report)| report.freshness.last.is_none()).count();
    let uncovered = overview.report.alerts.iter().filter(|alert| alert.lacks_runbook()).count();
    family(
        "guidepost_review_due_timestamp_seconds",
        "seconds",
        "When the review of a page becomes overdue: midnight UTC after its due day.",
        &due,
    );
    family(
        "guidepost_build_timestamp_seconds",
        "seconds",
        "The day of the build.",
        &[(String::new(), seconds(overview.today))],
    );
    family("guidepost_pages", "", "Published pages.", &one(pages.len()));
    family(
        "guidepost_pages_without_review",
        "",
        "Pages that owe a review and have none.",
        &one(never),
    );
    family("guidepost_pages_without_owner", "", "Pages that nobody owns.", &one(unowned));
    family(
        "guidepost_alerts_without_runbook",
        "",
        "Alert rules that no page answers.",
        &one(uncovered),
    );
    text.push_str("# EOF\n");
    text
}

fn labels(page: &PlacedPage, report: &PageReport) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let owner = report.owner.as_deref().unwrap_or_default();
    format!("{{page=\"{}\",owner=\"{}\"}}", quoted(&page.address.encoded()), quoted(owner))
}

/// Midnight UTC at the beginning of a day, in seconds since 1970.
fn seconds(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    i64::from(crate::calendar::days_between(epoch, date)) * 86_400
}

/// `api/freshness.json`.
#[derive(Serialize)]
struct FreshnessFile<'a> {
    built: String,
    git_unknown: Option<&'a str>,
    pages: Vec<ApiFreshness<'a>>,
}

#[derive(Serialize)]
struct ApiFreshness<'a> {
    title: &'a str,
    url: String,
    file: &'a str,
    owner: Option<&'a str>,
    review_by: Option<String>,
    due_soon_from: Option<String>,
    last_reviewed_on: Option<String>,
    dated: Option<String>,
    reviewed_by: Option<&'a str>,
    how: Option<&'static str>,
    date_only: Option<bool>,
    dated_together: Option<usize>,
    reviewed_by_author: Option<bool>,
    evergreen: bool,
    changed: Vec<Changed<'a>>,
}

/// A watched file that changed after the last review.
#[derive(Serialize)]
struct Changed<'a> {
    file: &'a str,
    on: String,
}

fn freshness(overview: &Overview) -> String {
    let pages = owing(overview)
        .into_iter()
        .map(|(_, page, report)| freshness_row(overview, page, report))
        .collect();
    json(&FreshnessFile {
        built: overview.today.to_string(),
        git_unknown: overview.report.history_unknown.as_deref(),
        pages,
    })
}

fn freshness_row<'a>(
    overview: &Overview,
    page: &'a PlacedPage,
    report: &'a PageReport,
) -> ApiFreshness<'a> {
    let judged = &report.freshness;
    let last = judged.last.as_ref();
    let day = |stands_in: bool| {
        let is_date = |basis| matches!(basis, crate::check::freshness::Basis::Date);
        last.filter(|last| is_date(last.basis) == stands_in).map(|last| last.on.to_string())
    };
    let changed =
        judged.suspect_because.iter().map(|(file, on)| Changed { file, on: on.to_string() });
    ApiFreshness {
        title: &page.title,
        url: url(&overview.site, page),
        file: page.document.path.as_str(),
        owner: report.owner.as_deref(),
        review_by: judged.due().map(|due| due.to_string()),
        due_soon_from: judged.schedule.due().map(|due| due.soon.to_string()),
        last_reviewed_on: day(false),
        dated: day(true),
        reviewed_by: last.and_then(|last| last.by.as_deref()),
        how: last.and_then(|last| last.how).map(crate::parse::front_matter::ReviewKind::name),
        date_only: judged.date_only(),
        dated_together: judged.reviewed.map(|reviewed| reviewed.together),
        reviewed_by_author: judged.reviewed.and_then(|reviewed| reviewed.by_author),
        evergreen: page.document.meta.review.evergreen,
        changed: changed.collect(),
    }
}

/// A row of `api/coverage.json`.
#[derive(Serialize)]
struct ApiCoverage<'a> {
    title: &'a str,
    url: String,
    file: &'a str,
    template: &'a str,
    status: Option<&'a str>,
    percent: u8,
    sections: Vec<CoverageSection<'a>>,
}

#[derive(Serialize)]
struct CoverageSection<'a> {
    title: &'a str,
    number: Option<&'a str>,
    state: &'static str,
    placeholders: usize,
    guidance: usize,
}

fn coverage(overview: &Overview) -> String {
    let rows: Vec<ApiCoverage<'_>> = overview
        .site
        .pages
        .iter()
        .zip(&overview.report.pages)
        .filter_map(|(page, report)| {
            let conformance = report.conformance.as_ref()?;
            let leaves = conformance.sections.iter().filter(|section| section.leaf);
            Some(ApiCoverage {
                title: &page.title,
                url: url(&overview.site, page),
                file: page.document.path.as_str(),
                template: page.template.as_deref()?,
                status: page.document.meta.status.as_ref().map(|status| status.value.as_str()),
                percent: conformance.percent,
                sections: leaves
                    .map(|section| CoverageSection {
                        title: &section.name,
                        number: section.number.as_deref(),
                        state: section.state.name(),
                        placeholders: section.placeholders,
                        guidance: section.guidance,
                    })
                    .collect(),
            })
        })
        .collect();
    json(&rows)
}

/// The pages that owe reviews.
pub(crate) fn owing(overview: &Overview) -> Vec<(PageId, &PlacedPage, &PageReport)> {
    let pages = overview.site.ids().zip(&overview.report.pages);
    pages
        .filter(|(_, report)| report.freshness.owes())
        .map(|((id, page), report)| (id, page, &**report))
        .collect()
}
