//! Ranked pages into the hits that are shown, in order.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::filter::state_name;
use super::ranked::{Alert, Kind, Page, Ranked, rounded};
use crate::files::FilePath;
use crate::search::excerpt::{Marks, Segments, excerpt, marked};
use crate::search::index::Index;
use crate::search::model::is_suspect;
use crate::search::pack::unpack;

/// What a query came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many there are, shown or not.
    pub total: usize,
    /// Whether no page has all words.
    pub relaxed: bool,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// What it leads to.
    pub kind: Kind,
    /// The page's file.
    pub path: FilePath,
    /// The address from the site root, with the section's anchor.
    pub url: String,
    /// The name shown: the alert's, the section's heading or the page's title.
    pub title: Segments,
    /// Where it stands, outermost first.
    pub breadcrumb: String,
    /// The line that matched.
    pub excerpt: Segments,
    /// The alert's severity.
    pub severity: Option<String>,
    /// The owner's identifier.
    pub owner: Option<String>,
    /// When the page's review is due: a date, `never-reviewed`, `evergreen` or nothing.
    pub review: Option<String>,
    /// The first day on which it is due soon.
    pub due_soon_from: Option<String>,
    /// The state of that review on the day of the query, as `guidepost freshness` names it; nothing if none is owed.
    pub state: &'static str,
    /// Whether a watched file changed since the last review.
    pub suspect: bool,
    /// Whether the page is deprecated.
    pub deprecated: bool,
}

/// What a query asks for besides its words.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) today: Date,
    pub(super) limit: usize,
}

/// A hit before its text is read.
struct Choice {
    page: u32,
    kind: Kind,
    /// The section's ordinal, or the alert's.
    ordinal: u32,
    deprecated: bool,
    scores: (i64, i64),
}

pub(super) fn hits(index: &Index, ranked: &Ranked, kind: Option<Kind>, asked: Asked) -> Answer {
    let Asked { today, limit } = asked;
    let mut alerts = match kind {
        None | Some(Kind::Alert) => alerts(index, ranked),
        _ => Vec::new(),
    };
    let mut pages =
        if kind == Some(Kind::Alert) { Vec::new() } else { pages(index, ranked, kind, &alerts) };
    let total = alerts.len() + pages.len();
    alerts.truncate(limit.div_ceil(2).max(limit.saturating_sub(pages.len())));
    pages.truncate(limit - alerts.len());
    let mut choices = alerts;
    choices.append(&mut pages);
    choices.sort_by_key(|choice| choice.deprecated);
    let mut hits: Vec<Hit> = Vec::new();
    for choice in &choices {
        let review = index.page(choice.page).facts.review;
        let state = state_name(review, today);
        let hit = Hit { state, ..read(index, choice, &ranked.marks) };
        if hit.kind == Kind::Alert || hits.iter().all(|shown| shown.url != hit.url) {
            hits.push(hit);
        }
    }
    Answer { total: total + hits.len() - choices.len(), hits, relaxed: ranked.relaxed }
}

fn alerts(index: &Index, ranked: &Ranked) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (number, page) in &ranked.pages {
        let is_meant = |alert: &Alert| alert.named || ranked.is_meant(alert.words);
        for (ordinal, alert) in page.alerts.iter().filter(|(_, alert)| is_meant(alert)) {
            choices.push(Choice {
                page: *number,
                kind: Kind::Alert,
                ordinal: *ordinal,
                deprecated: index.page(*number).facts.deprecated,
                scores: (rounded(alert.score), rounded(page.score)),
            });
        }
    }
    sort(&mut choices);
    choices
}

fn pages(index: &Index, ranked: &Ranked, kind: Option<Kind>, alerts: &[Choice]) -> Vec<Choice> {
    let whole_page = alerts.iter().filter(|alert| alert.ordinal & 1 == 0).map(|alert| alert.page);
    let shown: BTreeSet<u32> = whole_page.collect();
    let mut choices = Vec::new();
    for (number, page) in &ranked.pages {
        let Some((ordinal, kind)) = section(page, ranked, kind) else { continue };
        if ordinal == 0 && shown.contains(number) {
            continue;
        }
        choices.push(Choice {
            page: *number,
            kind,
            ordinal,
            deprecated: index.page(*number).facts.deprecated,
            scores: (rounded(page.score), 0),
        });
    }
    sort(&mut choices);
    choices
}

/// The section that a page's hit leads to; none if commands are asked for and no code has all words.
fn section(page: &Page, ranked: &Ranked, kind: Option<Kind>) -> Option<(u32, Kind)> {
    let has_all = |words: u32| words != 0 && (words | ranked.common) & ranked.known == ranked.known;
    let mut best = (kind != Some(Kind::Command)).then_some((0, Kind::Section));
    if best.is_some() && ranked.is_meant(page.title.words) {
        return best;
    }
    let mut best_score = -1;
    for (ordinal, section) in &page.sections {
        let is_command = kind != Some(Kind::Section) && has_all(section.code);
        if kind == Some(Kind::Command) && !is_command || rounded(section.score) <= best_score {
            continue;
        }
        let is_command = is_command && (kind.is_some() || !has_all(section.text));
        best = Some((*ordinal, if is_command { Kind::Command } else { Kind::Section }));
        best_score = rounded(section.score);
    }
    best
}

/// Deprecated pages last, then the best first; equals in the order of pages.
fn sort(choices: &mut [Choice]) {
    choices.sort_by_key(|choice| {
        (choice.deprecated, Reverse(choice.scores), choice.page, choice.ordinal)
    });
}

/// One of a page's alerts as a hit, without a query.
pub(in crate::search) fn alert_hit(index: &Index, page: u32, number: u32) -> Hit {
    let choice =
        Choice { page, kind: Kind::Alert, ordinal: number << 1, deprecated: false, scores: (0, 0) };
    read(index, &choice, &Marks::new())
}

/// Reads what a hit shows from the page's published excerpts.
fn read(index: &Index, choice: &Choice, marks: &Marks) -> Hit {
    let page = index.page(choice.page);
    let is_alert = choice.kind == Kind::Alert;
    let section = if is_alert { 0 } else { choice.ordinal };
    let number = page.excerpts.partition_point(|excerpt| excerpt.first <= section) - 1;
    let bytes = unpack(&page.excerpts[number].bytes);
    let value: Value = serde_json::from_slice(&bytes).expect("excerpts are written as JSON");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let row = if is_alert {
        &value["a"][(choice.ordinal >> 1) as usize]
    } else {
        &value["s"][(section - page.excerpts[number].first) as usize]
    };
    let anchor = row[usize::from(is_alert)].as_str();
    let page_url = value["u"].as_str().unwrap_or_default();
    let name = row[usize::from(!is_alert)].as_str().filter(|name| !name.is_empty());
    let page_title = value["t"].as_str().unwrap_or_default();
    let outside = value["c"].as_str().unwrap_or_default();
    let separator = if outside.is_empty() { "" } else { " › " };
    Hit {
        kind: choice.kind,
        path: page.path.clone(),
        url: anchor.map_or_else(|| page_url.to_owned(), |anchor| format!("{page_url}#{anchor}")),
        title: marked(name.unwrap_or(page_title), marks),
        breadcrumb: if name.is_some() {
            format!("{outside}{separator}{page_title}")
        } else {
            outside.to_owned()
        },
        excerpt: lines(&value, row, choice.kind, marks),
        severity: is_alert.then(|| text(&row[2])).flatten(),
        owner: text(&value["o"]),
        review: text(&value["r"]),
        due_soon_from: text(&value["d"]),
        state: "",
        suspect: is_suspect(page.facts.review),
        deprecated: choice.deprecated,
    }
}

/// The line that matched: an alert's condition, or the best of the section's.
fn lines(value: &Value, row: &Value, kind: Kind, marks: &Marks) -> Segments {
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match kind {
        Kind::Alert if row[3].is_string() => marked(&of(&row[3]), marks),
        Kind::Alert => {
            let sections = value["s"].as_array().into_iter().flatten();
            let answers = |section: &&Value| row[1].is_null() || section[0] == row[1];
            let text =
                sections.clone().find(answers).map_or_else(String::new, |section| of(&section[2]));
            excerpt(text.lines(), marks)
        }
        Kind::Section => excerpt(of(&row[2]).lines().chain(of(&row[3]).lines()), marks),
        Kind::Command => excerpt(of(&row[3]).lines(), marks),
    }
}
