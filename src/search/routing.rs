//! Whether search leads to what pages say that they answer: alerts, log lines and questions are put to the site's own search
//! in the spellings that people type, and what does not bring the claimed section first is reported.

use jiff::civil::Date;

use super::analyze::{Chunk, chunks};
use super::index::Index;
use super::query::{Hit, Lookups, query_with};
use crate::check::Report;
use crate::check::alerts::LinkedRunbook;
use crate::diagnostic::{Diagnostic, Location, search};
use crate::files::FilePath;
use crate::memo::parallel;
use crate::resolve::{Page, Site};

/// Asks the search for every alert, error signature and question, as of `today`. Pages that are hidden from search or
/// deprecated are not expected to come first.
pub fn routing(index: &Index, site: &Site, report: &Report, today: Date) -> Vec<Diagnostic> {
    let expectations = expectations(site, report);
    let typed = expectations.iter().flat_map(|expected| &expected.typed);
    let lookups = Lookups::of(index, &typed.map(String::as_str).collect::<Vec<&str>>());
    let judged = parallel(&expectations, |expected| judge(index, &lookups, expected, today));
    judged.into_iter().flatten().collect()
}

/// Something that people type, and where that should lead.
struct Expectation<'a> {
    /// In every spelling.
    typed: Vec<String>,
    /// Where it is promised.
    at: Location,
    /// The files of the pages that are right, each with the anchor of the section if one is named.
    answers: Vec<(&'a FilePath, Option<&'a str>)>,
}

fn expectations<'a>(site: &'a Site, report: &'a Report) -> Vec<Expectation<'a>> {
    let mut expectations = Vec::new();
    let is_searched = |page: &Page| !page.document.meta.hidden_from_search && !page.deprecated;
    for (name, claims) in site.alerts.iter() {
        let pages = claims.iter().map(|claim| (site.page(claim.page), claim));
        let answers: Vec<_> = pages
            .filter(|(page, _)| is_searched(page))
            .map(|(page, claim)| (&page.document.path, section(page, claim.anchor.as_deref())))
            .collect();
        if let Some(claim) = claims.first().filter(|_| !answers.is_empty()) {
            let at = claim.at.clone();
            expectations.push(Expectation { typed: spellings(name), at, answers });
        }
    }
    for page in site.pages.iter().filter(|page| is_searched(page)) {
        let meta = &page.document.meta;
        let signatures = meta.error_signatures.iter().map(|found| (&found.text, &found.section));
        let questions = meta.asks.iter().map(|asked| (&asked.text, &asked.section));
        for (text, anchor) in signatures.chain(questions) {
            let anchor = anchor.as_ref().map(|anchor| anchor.value.as_str());
            expectations.push(Expectation {
                typed: vec![text.value.clone()],
                at: Location::new(&page.document.path, text.range.clone()),
                answers: vec![(&page.document.path, section(page, anchor))],
            });
        }
    }
    expectations.extend(linked(site, report, &is_searched));
    expectations
}

/// Alerts that no page claims and whose rule links a page here.
fn linked<'a>(
    site: &'a Site,
    report: &'a Report,
    is_searched: &impl Fn(&Page) -> bool,
) -> Vec<Expectation<'a>> {
    let alerts: Vec<_> = report
        .alerts
        .iter()
        .filter(|alert| alert.claims.is_empty())
        .filter_map(|alert| match (&alert.linked, alert.rules.first()) {
            (Some(LinkedRunbook::Page { page, anchor }), Some(rule)) => Some((rule, page, anchor)),
            _ => None,
        })
        .collect();
    if alerts.is_empty() {
        return Vec::new();
    }
    let pages: std::collections::HashMap<String, &Page> = site
        .pages
        .iter()
        .filter(|page| is_searched(page))
        .map(|page| (format!("/{}", page.address.as_str()), &**page))
        .collect();
    let expected = alerts.into_iter().filter_map(|(rule, page, anchor)| {
        let page = pages.get(page)?;
        let typed = match &rule.pattern {
            Some(pattern) => spellings(&pattern.constant()),
            None => spellings(&rule.name),
        };
        let answers = vec![(&page.document.path, section(page, anchor.as_deref()))];
        Some(Expectation { typed, at: rule.at.clone(), answers })
    });
    expected.collect()
}

/// The section that a hit can lead to: only headings are found.
fn section<'a>(page: &'a Page, anchor: Option<&str>) -> Option<&'a str> {
    let headings = page.document.headings.iter().map(|heading| heading.anchor.as_str());
    let mut headings = headings.filter(|heading| Some(*heading) == anchor);
    headings.next()
}

/// An alert's name as it is pasted, and as its words are typed: `QueueStuck`, `queue stuck`.
fn spellings(name: &str) -> Vec<String> {
    let known = name.split('*').filter(|part| part.contains(char::is_alphanumeric));
    let pasted = known.collect::<Vec<&str>>().join(" ");
    let mut words: Vec<String> = Vec::new();
    chunks(&pasted, |chunk| words.extend(words_of(chunk)));
    let mut spellings = vec![pasted, words.join(" ")];
    spellings.dedup();
    spellings.retain(|typed| !typed.is_empty());
    spellings
}

fn words_of(chunk: &Chunk) -> Vec<String> {
    chunk.parts.iter().map(|part| chunk.part(part).to_owned()).collect()
}

/// What keeps one of the spellings from bringing one of the answers first.
fn judge(
    index: &Index,
    lookups: &Lookups,
    expected: &Expectation<'_>,
    today: Date,
) -> Option<Diagnostic> {
    expected.typed.iter().find_map(|typed| {
        let answer = query_with(index, lookups, typed, today, 1);
        let Some(first) = answer.hits.first() else {
            return Some(search::finds_nothing(expected.at.clone(), typed));
        };
        let is_right = |(path, anchor): &(&FilePath, Option<&str>)| {
            **path == first.path && leads_to(first, *anchor)
        };
        if expected.answers.iter().any(is_right) {
            return None;
        }
        let of_page = expected.answers.iter().find(|(path, _)| **path == first.path);
        let title: String = first.title.concat();
        Some(match of_page {
            Some((_, Some(anchor))) => {
                search::other_section_first(expected.at.clone(), typed, &title, anchor)
            }
            _ => search::other_page_first(expected.at.clone(), typed, &first.path, &title),
        })
    })
}

fn leads_to(hit: &Hit, anchor: Option<&str>) -> bool {
    let leads = hit.url.split_once('#').map(|(_, anchor)| anchor);
    anchor.is_none() || leads == anchor
}
