//! Folders that hold pages: their own page, their order, their children.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::Address;
use super::placed::{PageId, PlacedPage};
use crate::config::Config;
use crate::files::FilePath;

/// A folder that holds pages, at any depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its own page's title, else its name in words.
    pub title: Arc<str>,
    /// Where its page, its own or a listing, is published.
    pub address: Address,
    /// Its own page.
    pub page: Option<PageId>,
    /// The pages directly in it, without its own, in reading order.
    pub pages: Vec<PageId>,
    /// The folders directly in it, in reading order.
    pub sections: Vec<String>,
    /// How many published pages there are in it at any depth.
    pub total: usize,
}

impl Section {
    /// Whether a folder holds its own page and nothing else, as where each page has a folder for its pictures.
    pub fn is_one_page(&self) -> bool {
        self.page.is_some() && self.pages.is_empty() && self.sections.is_empty()
    }
}

/// Whether a file's name makes it its folder's own page, if no better name stands beside it.
pub(super) fn is_section_file(path: &FilePath) -> bool {
    rank(path.name()).is_some()
        && !FilePath::new(path.folder()).is_some_and(|folder| folder.is_hidden())
}

fn rank(name: &str) -> Option<usize> {
    let stem = name.split('.').next().unwrap_or(name);
    ["index", "_index", "README"].iter().position(|known| *known == stem)
}

/// Each folder's own page file: `index`, `_index` or `README`, the first of these that exists.
pub(super) fn section_files<'p>(
    paths: impl Iterator<Item = &'p FilePath>,
) -> BTreeMap<String, FilePath> {
    let mut best: BTreeMap<String, FilePath> = BTreeMap::new();
    for path in paths {
        let Some(new) = rank(path.name()) else { continue };
        let held = best.get(path.folder()).and_then(|held| rank(held.name()));
        if held.is_none_or(|held| new < held) {
            best.insert(path.folder().to_owned(), path.clone());
        }
    }
    best
}

/// A path without its page ending, if it has one.
pub(crate) fn stem<'p>(config: &Config, path: &'p str) -> &'p str {
    let stem = config.extensions.iter().find_map(|extension| path.strip_suffix(extension.as_str()));
    // `restart.html.md` is how some tools spell the page `restart`.
    stem.map_or(path, |stem| stem.strip_suffix(".html").unwrap_or(stem))
}

/// A file or folder name as words: `disaster-recovery` becomes "Disaster recovery", `ContentGen` stays.
pub(super) fn words(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let spaced = spaced.trim();
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// Every folder that holds a page at any depth, the root included.
pub(super) fn sections(config: &Config, pages: &[PlacedPage]) -> BTreeMap<String, Section> {
    let mut sections: BTreeMap<String, Section> = BTreeMap::new();
    sections.insert(String::new(), empty(config, ""));
    for (index, page) in pages.iter().enumerate() {
        let id = PageId(index as u32);
        ensure(config, &mut sections, &page.folder);
        let mut folder = page.folder.as_str();
        loop {
            if let Some(section) = sections.get_mut(folder) {
                section.total += 1;
            }
            if folder.is_empty() {
                break;
            }
            folder = parent(folder);
        }
        let Some(section) = sections.get_mut(&page.folder) else { continue };
        if page.is_section {
            section.page = Some(id);
            section.title = Arc::clone(&page.nav_title);
            section.address = page.address.clone();
        } else if !page.deprecated {
            section.pages.push(id);
        }
    }
    adopt_namesakes(config, pages, &mut sections);
    order(pages, &mut sections);
    sections
}

/// A page `x.md` beside a folder `x/` that has no page of its own is that folder's: wikis have them so.
fn adopt_namesakes(
    config: &Config,
    pages: &[PlacedPage],
    sections: &mut BTreeMap<String, Section>,
) {
    for (index, page) in pages.iter().enumerate() {
        let id = PageId(index as u32);
        let stem = stem(config, page.path.as_str());
        let Some(section) = sections.get_mut(stem).filter(|section| section.page.is_none()) else {
            continue;
        };
        if page.is_section || page.address.file() != section.address.file() {
            continue;
        }
        section.page = Some(id);
        section.title = Arc::clone(&page.nav_title);
        if let Some(above) = sections.get_mut(&page.folder) {
            above.pages.retain(|other| *other != id);
        }
    }
}

fn empty(config: &Config, folder: &str) -> Section {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let title = if folder.is_empty() { config.title.clone() } else { words(name) };
    Section {
        title: title.into(),
        address: Address::of_section(folder, config.address_style),
        page: None,
        pages: Vec::new(),
        sections: Vec::new(),
        total: 0,
    }
}

fn parent(folder: &str) -> &str {
    folder.rfind('/').map_or("", |end| &folder[..end])
}

/// Adds a folder and those above it.
fn ensure(config: &Config, sections: &mut BTreeMap<String, Section>, folder: &str) {
    if sections.contains_key(folder) {
        return;
    }
    sections.insert(folder.to_owned(), empty(config, folder));
    ensure(config, sections, parent(folder));
    if let Some(above) = sections.get_mut(parent(folder)) {
        above.sections.push(folder.to_owned());
    }
}

/// Light pages first, then by name without regard to case, then by file.
fn order(pages: &[PlacedPage], sections: &mut BTreeMap<String, Section>) {
    let weight = |page: &PlacedPage| page.document.meta.weight.unwrap_or(0);
    let section_keys: BTreeMap<String, (i64, String)> = sections
        .iter()
        .map(|(folder, section)| {
            let own = section.page.map(|id| &pages[id.0 as usize]);
            (folder.clone(), (own.map_or(0, weight), section.title.to_lowercase()))
        })
        .collect();
    for section in sections.values_mut() {
        section.pages.sort_by_cached_key(|id| {
            let page = &pages[id.0 as usize];
            (weight(page), page.nav_title.to_lowercase(), *id)
        });
        section
            .sections
            .sort_by_cached_key(|folder| (section_keys.get(folder).cloned(), folder.clone()));
    }
}
