//! Rows of lists, and what pages and lists say alike of a page.

use std::collections::BTreeMap;

use crate::check::alerts::says::severity_level;
use crate::check::freshness::Freshness as Judged;
use crate::config::Config;
use crate::parse::Outline;
use crate::parse::front_matter::FrontMatter;
use crate::resolve::{Address, PageId, PlacedPage, Section, Structure};
use crate::value::{Node, Value};

use super::frame::due_day;
use super::inputs::Overview;
use super::owner::owner_name;
use super::view::{PageRow, SectionRow, Severity, Status, StatusKind};

pub(crate) fn view_status(text: &str) -> Status {
    let lower = text.to_lowercase();
    let kind = match lower.as_str() {
        "draft" => StatusKind::Draft,
        "final" => StatusKind::Final,
        "deprecated" => StatusKind::Deprecated,
        _ => StatusKind::Other,
    };
    Status { text: text.to_owned(), kind }
}

/// How often a page must be reviewed, where an interval says so.
pub(crate) fn every(config: &Config, document: &Outline, judged: &Judged) -> Option<String> {
    let review = &document.meta.review;
    if review.review_by.is_some() || judged.due().is_none() {
        return None;
    }
    let interval =
        review.review_in.as_ref().map_or(config.freshness.review_in, |interval| interval.value);
    Some(config.words.interval(interval))
}

/// A severity as typed, with its place on a scale of three.
pub(crate) fn severity(text: &str) -> Severity {
    Severity { text: text.to_owned(), level: severity_level(text) }
}

/// The row of a page in a list, seen from `address`.
pub(crate) fn page_row(
    overview: &Overview,
    id: PageId,
    page: &PlacedPage,
    address: &Address,
) -> PageRow {
    let report = &overview.report.pages[id.0 as usize];
    let meta = &page.document.meta;
    PageRow {
        title: page.nav_title.to_string(),
        url: address.link_to(&page.address),
        summary: meta.summary.as_ref().map(|summary| summary.value.clone()),
        owner: owner_name(&overview.site.config, report.owner.as_deref()),
        status: meta.status.as_ref().map(|status| view_status(&status.value)),
        due: due_day(&overview.site.config, &report.freshness),
        state: report.freshness.state,
    }
}

/// The site's own front-matter keys of a page, each with its values as text.
pub(crate) fn extra(meta: &FrontMatter) -> BTreeMap<String, Vec<String>> {
    fn texts(node: &Node) -> Vec<String> {
        match &node.value {
            Value::List(items) => items.iter().flat_map(texts).collect(),
            Value::Map(entries) => entries.iter().flat_map(|entry| texts(&entry.value)).collect(),
            _ => node.scalar_text().into_iter().collect(),
        }
    }
    meta.extra.iter().map(|(key, node)| (key.clone(), texts(node))).collect()
}

/// The sections and pages directly in a folder, seen from `address`.
pub(crate) fn listing(
    overview: &Overview,
    folder: &str,
    address: &Address,
) -> (Vec<SectionRow>, Vec<PageRow>) {
    let site = &overview.site;
    let Some(section) = site.sections.get(folder) else { return (Vec::new(), Vec::new()) };
    let sections = section.sections.iter().filter_map(|inner| site.sections.get(inner));
    let sections = sections.map(|inner| section_row(site, inner, address)).collect();
    let pages =
        section.pages.iter().map(|id| page_row(overview, *id, site.page(*id), address)).collect();
    (sections, pages)
}

/// The row of a section in a list, seen from `address`.
pub(crate) fn section_row(site: &Structure, section: &Section, address: &Address) -> SectionRow {
    let summary = section.page.and_then(|id| site.page(id).document.meta.summary.as_ref());
    SectionRow {
        title: section.title.to_string(),
        url: address.link_to(&section.address),
        summary: summary.map(|summary| summary.value.clone()),
        pages: section.total,
    }
}
