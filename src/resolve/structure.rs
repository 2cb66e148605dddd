//! What the outlines of a site's pages alone decide: every place, name and address, and what links may name.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::address::Address;
use super::anchor_index::{AnchorIndex, FEW};
use super::anchors::Anchors;
use super::placed::{PageId, PlacedPage};
use super::sections::{self, Section};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::files::FilePath;

/// A page file that is not published.
pub(super) struct Unpublished {
    pub(super) path: FilePath,
    pub(super) draft: bool,
}

/// What a path below the content folder names.
#[derive(Clone)]
pub(super) enum PathEntry {
    Page(PageId),
    Section(String),
    Asset(FilePath),
    Draft,
    Hidden,
}

/// Everything about a site that the outlines of its pages alone decide: every place, name and address.
pub struct Structure {
    /// What site.toml says.
    pub config: Arc<Config>,
    /// Where each page stands, in the order of their files.
    pub pages: Vec<Arc<PlacedPage>>,
    /// Files that are published as they are, below the content folder.
    pub assets: Vec<FilePath>,
    /// Folders that hold pages, by their path below the content folder; the root is the empty path.
    pub sections: BTreeMap<String, Section>,
    /// The page of each agent.
    pub agents: BTreeMap<String, PageId>,
    /// Former addresses, each with the page that it leads to now.
    pub redirects: BTreeMap<Address, PageId>,
    /// Where the pages stand that Guidepost makes, by their names.
    pub(super) generated: BTreeMap<&'static str, Address>,
    /// What is wrong between pages, besides what each page holds itself.
    pub diagnostics: Vec<Diagnostic>,
    /// The place of each page among all documents.
    pub(super) published: Vec<usize>,
    pub(super) lookup: PathLookup,
}

/// By what links may name what there is.
#[derive(Default)]
pub(super) struct PathLookup {
    /// Files, and pages without their ending, below the content folder.
    pub(super) entries: HashMap<String, PathEntry>,
    /// Everything else; made for the first link that needs it.
    otherwise: OnceLock<Otherwise>,
}

/// What links go by that name no path.
pub(super) struct Otherwise {
    /// The paths of entries in lower case, each with its true path.
    pub(super) lower: HashMap<String, String>,
    /// Pages by file name without ending and folder, in lower case.
    pub(super) names: HashMap<String, Vec<PageId>>,
    /// Pages by title in lower case.
    pub(super) titles: HashMap<String, PageId>,
    /// Published addresses without trailing slash.
    pub(super) addresses: HashMap<String, PathEntry>,
    /// Assets by file name in lower case; nothing where several have it.
    pub(super) assets: HashMap<String, Option<FilePath>>,
    /// Pages by the anchors that authors gave by hand, the first of each.
    pub(super) targets: HashMap<String, PageId>,
    /// The anchors of each page with many; made for the first link that names one of them.
    anchors: Vec<OnceLock<AnchorIndex>>,
}

impl Otherwise {
    fn new(index: &Structure) -> Otherwise {
        let pages = index.pages.len();
        let mut names: HashMap<String, Vec<PageId>> = HashMap::with_capacity(pages);
        let mut addresses = HashMap::with_capacity(pages);
        let mut titles = HashMap::with_capacity(pages);
        for (folder, section) in &index.sections {
            let address = section.address.as_str().trim_end_matches('/').to_owned();
            addresses.insert(address, PathEntry::Section(folder.clone()));
        }
        for (address, id) in &index.redirects {
            let address = address.as_str().trim_end_matches('/').to_owned();
            addresses.insert(address, PathEntry::Page(*id));
        }
        for (place, page) in index.pages.iter().enumerate() {
            let id = PageId(place as u32);
            let stem = sections::stem(&index.config, page.path.as_str());
            let name = stem.rsplit('/').next().unwrap_or(stem).to_lowercase();
            names.entry(name).or_default().push(id);
            titles.entry(page.title.to_lowercase()).or_insert(id);
            let address = page.address.as_str().trim_end_matches('/').to_owned();
            addresses.insert(address, PathEntry::Page(id));
        }
        for (address, id) in &index.redirects {
            let address = address.as_str().trim_end_matches('/').to_owned();
            addresses.entry(address).or_insert(PathEntry::Page(*id));
        }
        let mut assets: HashMap<String, Option<FilePath>> = HashMap::new();
        for asset in &index.assets {
            assets
                .entry(asset.name().to_lowercase())
                .and_modify(|held| *held = None)
                .or_insert_with(|| Some(asset.clone()));
        }
        let mut targets = HashMap::new();
        for (id, page) in index.ids() {
            for anchor in &page.document.html_anchors {
                targets.entry(anchor.clone()).or_insert(id);
            }
        }
        let lower = lower(&index.lookup.entries);
        let anchors = index.pages.iter().map(|_| OnceLock::new()).collect();
        Otherwise { lower, names, titles, addresses, assets, targets, anchors }
    }
}

impl Structure {
    /// The same with every path that a link may name; `others` are the files besides pages.
    pub(super) fn with_paths(
        mut self,
        others: &[FilePath],
        unpublished: Vec<Unpublished>,
    ) -> Structure {
        let config = &self.config;
        let capacity = self.pages.len() * 2 + self.assets.len();
        let mut entries: HashMap<String, PathEntry> = HashMap::with_capacity(capacity);
        for other in others.iter().filter(|path| path.is_hidden()) {
            entries.insert(other.to_string(), PathEntry::Hidden);
        }
        for page in unpublished {
            let entry = if page.draft { PathEntry::Draft } else { PathEntry::Hidden };
            entries.insert(sections::stem(config, page.path.as_str()).to_owned(), entry.clone());
            entries.insert(page.path.to_string(), entry);
        }
        for folder in self.sections.keys() {
            entries.insert(folder.clone(), PathEntry::Section(folder.clone()));
        }
        for (id, page) in self.ids() {
            let stem = sections::stem(config, page.path.as_str());
            if !entries.contains_key(stem) {
                entries.insert(stem.to_owned(), PathEntry::Page(id));
            }
            entries.insert(page.path.to_string(), PathEntry::Page(id));
        }
        for asset in &self.assets {
            entries.insert(asset.to_string(), PathEntry::Asset(asset.clone()));
        }
        self.lookup.entries = entries;
        self
    }

    /// The folder whose own page this is.
    pub fn folder_of(&self, id: PageId) -> Option<&str> {
        let page = self.page(id);
        let folder = if page.is_section {
            page.folder.as_str()
        } else {
            sections::stem(&self.config, page.path.as_str())
        };
        let (folder, section) = self.sections.get_key_value(folder)?;
        (section.page == Some(id)).then_some(folder.as_str())
    }

    pub(super) fn otherwise(&self) -> &Otherwise {
        self.lookup.otherwise.get_or_init(|| Otherwise::new(self))
    }

    /// The anchors of a page of the site.
    pub(super) fn anchors<'p>(
        &'p self,
        page: &'p PlacedPage,
        dialects: &'p [Dialect],
    ) -> Anchors<'p> {
        let document = &page.document;
        let count = document.headings.len() + document.html_anchors.len();
        let place = (count > FEW).then(|| self.page_of(&document.path)).flatten();
        let index = place.map(|PageId(place)| {
            let held = &self.otherwise().anchors[place as usize];
            held.get_or_init(|| AnchorIndex::new(document))
        });
        Anchors { page, dialects, index }
    }

    /// The page of a file.
    pub(super) fn page_of(&self, path: &FilePath) -> Option<PageId> {
        let place = self.pages.binary_search_by(|page| page.document.path.cmp(path)).ok()?;
        Some(PageId(place as u32))
    }
}

/// Paths in lower case, each with its true path; of several the first in order.
fn lower(entries: &HashMap<String, PathEntry>) -> HashMap<String, String> {
    let mut paths: Vec<&String> = entries.keys().collect();
    paths.sort_unstable();
    let mut lower = HashMap::with_capacity(paths.len());
    for path in paths {
        lower.entry(path.to_lowercase()).or_insert_with(|| path.clone());
    }
    lower
}
