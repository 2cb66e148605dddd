//! Which documents for paper a site has, of which pages, and where each lies.

use std::sync::Arc;

use crate::resolve::{Address, PageId, Structure};

use super::inputs::Overview;

/// From how many pages a document is too long to be read by anybody; its sections have documents of their own.
const MOST_PAGES: usize = 250;

/// How many folders deep a section has a document of its own; what lies deeper is in that of the one above. Otherwise
/// each page would be in as many documents as folders are around it.
const DEEPEST: usize = 8;

/// A document, before its pages are written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Booklet {
    pub(crate) address: Address,
    pub(crate) title: String,
    pub(crate) pages: Vec<PageId>,
}

/// Every document of a site.
pub(crate) fn booklets(overview: &Overview) -> Vec<Arc<Booklet>> {
    let site = &overview.site;
    let mut found = Vec::new();
    let mut add = |name: &str, title: &str, pages: Vec<PageId>| {
        if (1..=MOST_PAGES).contains(&pages.len()) {
            let address = Address::of_generated(name, site.config.address_style);
            found.push(Arc::new(Booklet { address, title: title.to_owned(), pages }));
        }
    };
    let own = site.sections.iter().filter(|(folder, _)| printed_with(folder) == folder.as_str());
    for (folder, section) in own {
        let title = if folder.is_empty() { site.config.title.as_str() } else { &*section.title };
        add(&name_of(folder), title, pages_in(site, folder));
    }
    for (key, known) in &site.config.owners {
        let is_own = |id: &PageId| overview.report.pages[id.0 as usize].owner.as_ref() == Some(key);
        let pages = pages_in(site, "").into_iter().filter(is_own).collect();
        let name = format!("owners/{}", crate::resolve::address::clean(key));
        add(&name_of(&name), known.name.as_deref().unwrap_or(key), pages);
    }
    found
}

fn name_of(folder: &str) -> String {
    if folder.is_empty() { "print".to_owned() } else { format!("{folder}/print") }
}

/// The folder whose document has the pages of a folder.
fn printed_with(folder: &str) -> &str {
    let end = folder.match_indices('/').nth(DEEPEST - 1).map_or(folder.len(), |(at, _)| at);
    &folder[..end]
}

/// Where the document of a folder is, seen from `address`; nothing where it is too long to be made.
pub(crate) fn of_folder(overview: &Overview, folder: &str, address: &Address) -> Option<String> {
    let folder = printed_with(folder);
    let count = pages_in(&overview.site, folder).len();
    let to = Address::of_generated(&name_of(folder), overview.site.config.address_style);
    (1..=MOST_PAGES).contains(&count).then(|| address.link_to(&to))
}

/// Where the document of an owner is, seen from its page.
pub(crate) fn of_owner(overview: &Overview, key: &str, address: &Address) -> Option<String> {
    let reports = overview.report.pages.iter();
    let count = reports.filter(|report| report.owner.as_deref() == Some(key)).count();
    let name = format!("owners/{}", crate::resolve::address::clean(key));
    let to = Address::of_generated(&name_of(&name), overview.site.config.address_style);
    (1..=MOST_PAGES).contains(&count).then(|| address.link_to(&to))
}

/// The pages of a folder in reading order: its own, those directly in it, then those of its sections.
fn pages_in(site: &Structure, folder: &str) -> Vec<PageId> {
    let Some(section) = site.sections.get(folder) else { return Vec::new() };
    let mut pages: Vec<PageId> = section.page.into_iter().chain(section.pages.clone()).collect();
    for inner in &section.sections {
        pages.extend(pages_in(site, inner));
        if pages.len() > MOST_PAGES {
            break;
        }
    }
    pages
}
