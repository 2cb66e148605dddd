//! The joined site as search sees it: what the index takes from each page, and nothing of the pages it leaves out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::index::{Index, index};
use super::model::{IndexedPage, SearchAlert, SearchSection};
use super::segment::borders;
use super::segment::{Segment, segment};
use crate::check::{self, PageReport, Report};
use crate::files::FilePath;
use crate::freshness::Schedule;
use crate::hidden::removed;
use crate::memo::{Memo, Mode};
use crate::parse::Document;
use crate::parse::template_section::Guidance;
use crate::resolve::{Page, PageId, PlacedPage, Site};

/// All that a page's part of the index depends on.
#[derive(PartialEq, Eq)]
struct SearchInput {
    document: Arc<Document>,
    placed: Arc<PlacedPage>,
    language: String,
    breadcrumb: String,
    owner: Option<String>,
    review: Schedule,
    alerts: Vec<SearchAlert>,
}

/// What was indexed last time, by the path of a segment's first page.
#[derive(Default)]
pub struct Cache {
    pages: Memo<FilePath, Vec<SearchInput>, Segment>,
    reports: Memo<(), Vec<IndexedPage>, Segment>,
}

/// Indexes every page that may be found, in the order of their files; `search: false` and drafts stay out.
pub fn index_site(site: &Site, report: &Report, mode: Mode, cache: &mut Cache) -> Index {
    let alerts = alerts_by_page(site);
    let shown: Vec<(PageId, &Page)> =
        site.ids().filter(|(_, page)| !page.document.meta.hidden_from_search).collect();
    let borders = borders(shown.iter().map(|(_, page)| &page.document.path));
    let mut groups: Vec<&[(PageId, &Page)]> = Vec::new();
    let mut rest = &shown[..];
    for border in borders.into_iter().rev() {
        let (before, group) = rest.split_at(border);
        groups.push(group);
        rest = before;
    }
    groups.push(rest);
    groups.reverse();
    groups.retain(|group| !group.is_empty());
    let read = |group: &&[(PageId, &Page)]| {
        let inputs = group.iter().map(|(id, page)| {
            let alerts = alerts.get(id).cloned().unwrap_or_default();
            input(site, page, &report.pages[id.0 as usize], alerts)
        });
        (group[0].1.document.path.clone(), inputs.collect())
    };
    let mut segments = cache
        .pages
        .map(mode, &groups, read, |inputs: &Vec<SearchInput>| segment(inputs, search_page));
    let reports = reports(site, report);
    if !reports.is_empty() {
        segments.push(
            cache.reports.one(mode, reports, |pages| segment(pages, IndexedPage::clone)).shared(),
        );
    }
    index(segments, &site.config.synonyms)
}

/// Guidepost's own pages that have something to say, behind all others: each is found by its title, which counts as a name of
/// it over and over, so that it comes before a page that writes about the same thing.
fn reports(site: &Site, report: &Report) -> Vec<IndexedPage> {
    let words = &site.config.words;
    let page = |name: &'static str| {
        let address = site.generated(name);
        let title = words.get(name).to_owned();
        let all = if name == "alerts" { words.get("all-alerts").to_owned() } else { String::new() };
        let soon = words.interval(site.config.freshness.due_soon);
        IndexedPage {
            path: address.file(),
            url: address.encoded(),
            language: site.config.language.clone(),
            breadcrumb: String::new(),
            owner: None,
            tags: Vec::new(),
            status: None,
            review: Schedule::NotOwed,
            agent: None,
            alerts: Vec::new(),
            error_signatures: [&title, &title, &title, &all]
                .map(|name| (name.clone(), None))
                .into(),
            deprecated: false,
            sections: vec![SearchSection {
                heading: title.clone(),
                text: words.fill(&format!("{name}-lede"), &[("interval", soon.as_str())]),
                ..SearchSection::default()
            }],
            title,
        }
    };
    check::reports::reports(&site.structure, report).into_iter().map(page).collect()
}

fn alerts_by_page(site: &Site) -> BTreeMap<PageId, Vec<SearchAlert>> {
    let mut by_page: BTreeMap<PageId, Vec<SearchAlert>> = BTreeMap::new();
    for (name, claims) in site.alerts.iter() {
        for claim in claims {
            by_page.entry(claim.page).or_default().push(SearchAlert {
                name: name.clone(),
                anchor: claim.anchor.clone(),
                severity: claim.severity.clone(),
                condition: claim.condition.clone(),
            });
        }
    }
    by_page
}

fn input(site: &Site, page: &Page, report: &PageReport, alerts: Vec<SearchAlert>) -> SearchInput {
    SearchInput {
        document: Arc::clone(&page.document),
        placed: Arc::clone(&page.placed),
        language: language(site, page),
        breadcrumb: breadcrumb(site, page),
        owner: report.owner.clone(),
        review: report.freshness.schedule,
        alerts,
    }
}

/// The language that a page is written in: its own, or that of the site.
fn language(site: &Site, page: &Page) -> String {
    let own = page.document.meta.lang.as_ref();
    own.map_or_else(|| site.config.language.clone(), |language| language.value.clone())
}

/// The sections above a page, outermost first.
fn breadcrumb(site: &Site, page: &Page) -> String {
    let mut folders: Vec<&str> = Vec::new();
    let mut folder = page.folder.as_str();
    while !folder.is_empty() {
        folders.push(folder);
        folder = folder.rfind('/').map_or("", |end| &folder[..end]);
    }
    let titles =
        folders.into_iter().rev().filter(|folder| !(page.is_section && *folder == page.folder));
    let titles = titles.filter_map(|folder| Some(&*site.sections.get(folder)?.title));
    titles.collect::<Vec<_>>().join(" › ")
}

/// What search knows of a page, without what readers would not see.
fn search_page(input: &SearchInput) -> IndexedPage {
    let meta = &input.document.meta;
    let signatures = meta.error_signatures.iter().map(|found| (&found.text, &found.section));
    let questions = meta.asks.iter().map(|asked| (&asked.text, &asked.section));
    let seen = |text: &str| removed(text).into_owned();
    IndexedPage {
        path: input.document.path.clone(),
        url: input.placed.address.encoded(),
        title: seen(&input.placed.title),
        language: input.language.clone(),
        breadcrumb: seen(&input.breadcrumb),
        owner: input.owner.clone(),
        tags: meta.tags.iter().map(|tag| seen(&tag.value)).collect(),
        status: meta.status.as_ref().map(|status| status.value.clone()),
        review: input.review,
        agent: meta.agent.as_ref().map(|agent| seen(&agent.value)),
        alerts: input.alerts.iter().map(seen_alert).collect(),
        error_signatures: signatures
            .chain(questions)
            .map(|(text, section)| {
                let section = section.as_ref().map(|section| section.value.clone());
                (seen(&text.value), section)
            })
            .collect(),
        deprecated: input.placed.deprecated,
        sections: sections(&input.document, &input.placed.guidance),
    }
}

fn seen_alert(alert: &SearchAlert) -> SearchAlert {
    let seen = |text: &String| removed(text).into_owned();
    SearchAlert {
        name: seen(&alert.name),
        anchor: alert.anchor.clone(),
        severity: alert.severity.as_ref().map(seen),
        condition: alert.condition.as_ref().map(seen),
    }
}

/// The text of a page by heading, with the code that stands under each. What is still the template's is nobody's.
fn sections(document: &Document, guidance: &Guidance) -> Vec<SearchSection> {
    let mut unwritten = unwritten(document, guidance);
    let mut code: BTreeMap<Option<u32>, String> = BTreeMap::new();
    for block in &document.code_blocks {
        let text = code.entry(block.heading).or_default();
        text.push_str(&removed(block.text.trim_end()));
        text.push('\n');
    }
    document
        .sections
        .iter()
        .enumerate()
        .map(|(index, section)| {
            let text = match unwritten.remove(&(index as u32)) {
                Some(ranges) => without(&section.text, &ranges),
                None => section.text.clone(),
            };
            let heading = section.heading.and_then(|index| document.headings.get(index as usize));
            SearchSection {
                anchor: heading.map(|heading| heading.anchor.clone()),
                heading: heading
                    .map_or_else(String::new, |heading| removed(&heading.full_text()).into_owned()),
                text: removed(&text).into_owned(),
                code: code.remove(&section.heading).unwrap_or_default(),
            }
        })
        .collect()
}

/// The paragraphs and list items that are word for word the template's, by the index of their section.
fn unwritten(document: &Document, guidance: &Guidance) -> BTreeMap<u32, Vec<Range<usize>>> {
    let mut unwritten: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
    if *guidance == Guidance::default() {
        return unwritten;
    }
    let agent_names = document.meta.agent_names();
    for passage in document.passages.iter().filter(|passage| !passage.is_cell) {
        if guidance.is_unchanged(document.passage_text(passage), &agent_names) {
            let text = passage.text.start as usize..passage.text.end as usize;
            unwritten.entry(passage.section).or_default().push(text);
        }
    }
    unwritten
}

/// A text without some of it, and without the lines that are empty then; the ranges are in order.
fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges.iter().filter(|range| range.start <= range.end) {
        left.push_str(&text[done.min(range.start)..range.start]);
        done = done.max(range.end);
    }
    left.push_str(&text[done..]);
    left.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
