//! The part of the navigation that a page shows: the site's sections, and a window on the page's own.
//!
//! A page never holds the whole tree: a section with hundreds of pages shows those around the current one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::memo::keep;
use crate::resolve::{Page, PageId, Section, Site};
use crate::theme::Shared;

use super::Subject;
use super::frame::state;
use super::view::{Navigation, NavigationItem, NavigationSection};

/// How many pages of the section that is open are shown.
const WINDOW: usize = 16;
/// How many pages navigation shows in all before the sections that are not open show their names alone.
const EVERYTHING: usize = 48;

/// A part of the navigation, shared by the pages that show it.
#[derive(PartialEq, Eq)]
pub(crate) struct Part(pub(crate) Shared);

/// The parts of a site's navigation by section and, in large sections, by window.
pub(crate) struct Parts(BTreeMap<String, Arc<Part>>);

impl Parts {
    /// The part that a page shows.
    pub(crate) fn of(&self, site: &Site, id: PageId) -> Arc<Part> {
        let page = site.page(id);
        let window = site.sections.get(&page.folder).map_or(0, |section| window_of(section, id));
        Arc::clone(&self.0[&key(&page.folder, window)])
    }

    /// The part that pages without a place in the tree show.
    pub(crate) fn top(&self) -> Arc<Part> {
        Arc::clone(&self.0[&key("", 0)])
    }
}

/// Builds every part that some page shows.
pub(crate) fn parts(subject: Subject<'_>, held: &mut BTreeMap<String, Option<Arc<Part>>>) -> Parts {
    let site = subject.site;
    let mut parts = BTreeMap::new();
    for (folder, section) in &site.sections {
        for window in 0..windows(section) {
            let name = key(folder, window);
            let navigation = navigation(subject, folder, window);
            let part = keep(held.entry(name.clone()).or_default(), Part(Shared::new(&navigation)));
            parts.insert(name, part);
        }
    }
    held.retain(|name, _| parts.contains_key(name));
    Parts(parts)
}

fn key(folder: &str, window: usize) -> String {
    format!("{folder}#{window}")
}

/// Half a window is the step from one to the next, so that every page has neighbors on both sides.
fn windows(section: &Section) -> usize {
    if section.pages.len() <= WINDOW { 1 } else { section.pages.len().div_ceil(WINDOW / 2) }
}

fn window_of(section: &Section, id: PageId) -> usize {
    if windows(section) == 1 {
        return 0;
    }
    section.pages.iter().position(|page| *page == id).map_or(0, |place| place / (WINDOW / 2))
}

/// The sections at the top and the one that is open. A small site shows all its pages; a large one those of the
/// open section, and the others by name.
fn navigation(subject: Subject<'_>, open: &str, window: usize) -> Navigation {
    let site = subject.site;
    let shown: Vec<(&str, &Section)> = in_order(site)
        .into_iter()
        .filter(|(folder, _)| *folder == open || depth(folder) == 1)
        .filter(|(folder, section)| {
            !section.pages.is_empty() || (*folder == open && !open.is_empty())
        })
        .collect();
    let is_small =
        shown.iter().map(|(_, section)| section.pages.len()).sum::<usize>() <= EVERYTHING;
    let sections = shown.into_iter().map(|(folder, section)| {
        let pages = match (is_small, folder == open) {
            (true, _) => &section.pages[..],
            (false, true) => window_at(section, window),
            (false, false) => &[],
        };
        group(subject, section, pages)
    });
    Navigation { sections: sections.collect() }
}

/// The sections of the site, each before those in it.
fn in_order(site: &Site) -> Vec<(&str, &Section)> {
    fn add<'s>(site: &'s Site, folder: &'s str, found: &mut Vec<(&'s str, &'s Section)>) {
        let Some(section) = site.sections.get(folder) else { return };
        found.push((folder, section));
        for inner in &section.sections {
            add(site, inner, found);
        }
    }
    let mut found = Vec::new();
    add(site, "", &mut found);
    found
}

fn depth(folder: &str) -> usize {
    if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 }
}

/// The pages around the middle of a window.
fn window_at(section: &Section, window: usize) -> &[PageId] {
    let end = section.pages.len();
    let middle = window * (WINDOW / 2) + WINDOW / 4;
    let start = middle.saturating_sub(WINDOW / 2).min(end.saturating_sub(WINDOW));
    &section.pages[start..end.min(start + WINDOW)]
}

fn group(subject: Subject<'_>, section: &Section, pages: &[PageId]) -> NavigationSection {
    NavigationSection {
        title: section.title.to_string(),
        path: Some(section.address.encoded()),
        items: pages.iter().map(|id| item(subject, *id, subject.site.page(*id))).collect(),
        more: if pages.is_empty() { 0 } else { section.pages.len() - pages.len() },
    }
}

fn item(subject: Subject<'_>, id: PageId, page: &Page) -> NavigationItem {
    let freshness = &subject.report.pages[id.0 as usize].freshness;
    NavigationItem {
        title: page.nav_title.to_string(),
        path: page.address.encoded(),
        due: freshness.due.map(|due| due.to_string()),
        state: state(freshness.state),
    }
}
