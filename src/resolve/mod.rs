//! All pages together become a [`Site`]: every address known, every link followed.
//!
//! Sequential where pages meet, parallel where each looks at the others; never cached, never rendered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::files::FilePath;
use crate::memo::parallel;
use crate::parse::Document;
use crate::parse::template_section::SectionNames;

pub use address::Address;
pub use alerts::{AlertClaim, Claimed};
pub use links::{Followed, Target};
pub use sections::Section;

pub mod address;
mod alerts;
mod links;
mod sections;

/// A page by its place in [`Site::pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// All pages, joined.
#[derive(Debug)]
pub struct Site {
    /// What site.toml says.
    pub config: Arc<Config>,
    /// The published pages, in the order of their files.
    pub pages: Vec<Page>,
    /// Files that are published as they are, below the content folder.
    pub assets: Vec<FilePath>,
    /// Folders that hold pages, by their path below the content folder; the root is the empty path.
    pub sections: BTreeMap<String, Section>,
    /// Who claims an alert, by the alert's name.
    pub alerts: BTreeMap<String, Vec<AlertClaim>>,
    /// The page of each agent.
    pub agents: BTreeMap<String, PageId>,
    /// Former addresses, each with the page that it leads to now.
    pub redirects: BTreeMap<Address, PageId>,
    /// What is wrong between pages.
    pub diagnostics: Vec<Diagnostic>,
}

/// A page with what the other pages know of it.
#[derive(Debug)]
pub struct Page {
    /// What its own text says.
    pub document: Arc<Document>,
    /// Its file below the content folder.
    pub path: FilePath,
    /// Where it is published.
    pub address: Address,
    /// The folder that it stands in, below the content folder.
    pub folder: String,
    /// Whether it is its folder's own page.
    pub is_section: bool,
    /// For `<title>`, lists and search.
    pub title: Arc<str>,
    /// For navigation.
    pub nav_title: Arc<str>,
    /// Whether its status is "Deprecated".
    pub deprecated: bool,
    /// The name of the template that it follows.
    pub template: Option<String>,
    /// Where each of its links leads, in the order of the document's.
    pub links: Vec<Followed>,
    /// Where `superseded_by` leads.
    pub superseded_by: Option<PageId>,
    /// The references to it, in the order of the pages that refer.
    pub linked_from: Vec<Reference>,
}

/// A place in another page that refers to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A link of the text, by its index.
    Link(PageId, u32),
    /// A key of the front matter.
    FrontMatter(PageId, &'static str),
}

impl Site {
    /// The page of an id.
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// Every page with its id.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &Page)> {
        self.pages.iter().enumerate().map(|(index, page)| (PageId(index as u32), page))
    }

    /// The page that an agent's name, or else a page's file name, stands for.
    pub fn agent(&self, name: &str) -> Option<PageId> {
        self.agents.get(name).copied()
    }
}

impl Page {
    /// The first bytes of the page's file, for findings on the page as a whole.
    pub fn location(&self) -> Location {
        Location::file(&self.document.path)
    }
}

/// What a build reads besides the pages' text.
pub struct Sources {
    /// The documents of all page files, published or not, in the order of their files.
    pub documents: Vec<Arc<Document>>,
    /// Every other file below the content folder, published or not.
    pub others: Vec<FilePath>,
    /// Whether `draft: true` pages are published.
    pub drafts: bool,
}

/// Joins the documents of a site.
pub fn resolve(config: &Arc<Config>, sources: &Sources) -> Site {
    let mut diagnostics = Vec::new();
    let (placed, unpublished) = place(config, sources);
    let mut pages = publish(config, placed, &mut diagnostics);
    name_pages(&mut pages);
    let assets: Vec<FilePath> =
        sources.others.iter().filter(|path| !path.is_hidden()).cloned().collect();
    let sections = sections::sections(config, &pages);
    let index = links::Index::new(config, &pages, &assets, &sections, sources, unpublished);
    let followed = parallel(&pages, |page| index.follow(page));
    let superseded: Vec<_> = pages.iter().map(|page| index.follow_superseded(page)).collect();
    drop(index);
    for (page, (links, found)) in pages.iter_mut().zip(followed) {
        page.links = links;
        diagnostics.extend(found);
    }
    for (page, (target, found)) in pages.iter_mut().zip(superseded) {
        page.superseded_by = target;
        diagnostics.extend(found);
    }
    let agents = agents(&pages);
    refer(&mut pages, &agents);
    let redirects = redirects(config, &pages, &mut diagnostics);
    let alerts = alerts::alerts(config, &pages, &mut diagnostics);
    Site {
        config: Arc::clone(config),
        pages,
        assets,
        sections,
        alerts,
        agents,
        redirects,
        diagnostics,
    }
}

/// A document with its place below the content folder.
struct Placed {
    document: Arc<Document>,
    path: FilePath,
    stem: String,
}

/// Separates pages that are published from those that are not.
fn place(config: &Config, sources: &Sources) -> (Vec<Placed>, Vec<links::Unpublished>) {
    let mut placed = Vec::new();
    let mut unpublished = Vec::new();
    for document in &sources.documents {
        let Some(path) = document.path.under(&config.content) else { continue };
        if path.is_hidden() && !sections::is_section_file(&path) {
            unpublished.push(links::Unpublished { path, draft: false });
        } else if document.meta.draft && !sources.drafts {
            unpublished.push(links::Unpublished { path, draft: true });
        } else {
            let stem = sections::stem(config, path.as_str()).to_owned();
            placed.push(Placed { document: Arc::clone(document), path, stem });
        }
    }
    (placed, unpublished)
}

/// Gives each page its address; of two pages at one address the first stays.
fn publish(config: &Config, placed: Vec<Placed>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Page> {
    let section_files = sections::section_files(placed.iter().map(|page| &page.path));
    let mut taken: BTreeMap<Address, FilePath> = BTreeMap::new();
    let mut pages = Vec::with_capacity(placed.len());
    for Placed { document, path, stem } in placed {
        let is_section = section_files.get(path.folder()) == Some(&path);
        let address = if is_section {
            Address::of_section(path.folder(), config.address_style)
        } else {
            Address::of_page(&stem, config.address_style)
        };
        if let Some(first) = taken.get(&address) {
            let at = Location::file(&document.path);
            diagnostics.push(crate::diagnostic::links::duplicate_address(
                at,
                address.as_str(),
                first,
            ));
            continue;
        }
        taken.insert(address.clone(), document.path.clone());
        let title: Arc<str> = title(&document, &stem).into();
        let status = document.meta.status.as_ref();
        pages.push(Page {
            folder: path.folder().to_owned(),
            is_section,
            nav_title: Arc::clone(&title),
            title,
            deprecated: status
                .is_some_and(|status| status.value.eq_ignore_ascii_case("deprecated")),
            template: template_of(config, &document, &path),
            document,
            path,
            address,
            links: Vec::new(),
            superseded_by: None,
            linked_from: Vec::new(),
        });
    }
    pages
}

/// Front matter, else the first first-level heading, else the file's name.
fn title(document: &Document, stem: &str) -> String {
    if let Some(title) = document.meta.title.as_ref().filter(|title| !title.value.trim().is_empty())
    {
        return title.value.trim().to_owned();
    }
    let heading = document.headings.iter().find(|heading| heading.level == 1);
    if let Some(heading) = heading.filter(|heading| !heading.text.is_empty()) {
        return heading.full_text();
    }
    let name = stem.rsplit('/').next().unwrap_or(stem);
    let is_section_name = matches!(name, "index" | "_index" | "README");
    let name = if is_section_name { stem.rsplit('/').nth(1).unwrap_or(name) } else { name };
    sections::words(name)
}

fn template_of(config: &Config, document: &Document, path: &FilePath) -> Option<String> {
    if let Some(name) = &document.meta.template {
        return config.templates.contains_key(&name.value).then(|| name.value.clone());
    }
    let matching =
        config.templates.iter().find(|(_, template)| template.applies_to.matches(path.as_str()));
    matching.filter(|_| !sections::is_section_file(path)).map(|(name, _)| name.clone())
}

/// The section names of the template that a page follows.
pub(crate) fn section_names(config: &Config, page: &Page) -> Option<SectionNames> {
    let sections = &config.templates.get(page.template.as_ref()?)?.sections;
    Some(SectionNames {
        alerts: sections.get("alerts").cloned(),
        dashboards: sections.get("dashboards").cloned(),
        escalation: sections.get("escalation").cloned(),
    })
}

/// `nav_title`, else `agent`, else the title without a suffix that most titles share.
fn name_pages(pages: &mut [Page]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages.iter() {
        if let Some(suffix) = suffix(&page.title) {
            *counts.entry(suffix.to_owned()).or_default() += 1;
        }
    }
    let shared = counts
        .into_iter()
        .find(|(_, count)| *count > 2 && *count * 2 > pages.len())
        .map(|(suffix, _)| suffix);
    for page in pages {
        let meta = &page.document.meta;
        let name = meta.nav_title.as_ref().or(meta.agent.as_ref()).map(|name| name.value.as_str());
        let without_suffix = shared.as_deref().and_then(|shared| page.title.strip_suffix(shared));
        page.nav_title = name.or(without_suffix).unwrap_or(&page.title).trim().into();
    }
}

/// What follows the last dash or bar of a title, with it.
fn suffix(title: &str) -> Option<&str> {
    let at = [" – ", " — ", " - ", " | "].iter().filter_map(|mark| title.rfind(mark)).max()?;
    Some(&title[at..])
}

fn agents(pages: &[Page]) -> BTreeMap<String, PageId> {
    let mut agents = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        if let Some(agent) = &page.document.meta.agent {
            agents.entry(agent.value.clone()).or_insert(PageId(index as u32));
        }
    }
    agents
}

/// Tells each page who refers to it: each page once, by its first link, else by its front matter.
fn refer(pages: &mut [Page], agents: &BTreeMap<String, PageId>) {
    let mut found: Vec<(PageId, Reference)> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let from = PageId(index as u32);
        let mut seen = vec![from];
        let mut add = |to: PageId, reference: Reference| {
            if !seen.contains(&to) {
                seen.push(to);
                found.push((to, reference));
            }
        };
        for (link, followed) in page.links.iter().enumerate() {
            if let Target::Page(to) = followed.target {
                add(to, Reference::Link(from, link as u32));
            }
        }
        if let Some(to) = page.superseded_by {
            add(to, Reference::FrontMatter(from, "superseded_by"));
        }
        let meta = &page.document.meta;
        for (key, names) in [("upstream", &meta.upstream), ("downstream", &meta.downstream)] {
            for to in names.iter().filter_map(|name| agents.get(&name.value)) {
                add(*to, Reference::FrontMatter(from, key));
            }
        }
    }
    for (to, reference) in found {
        pages[to.0 as usize].linked_from.push(reference);
    }
}

/// The redirects that `aliases` ask for, relative to the page's folder or, with a leading slash, to the root.
fn redirects(
    config: &Config,
    pages: &[Page],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<Address, PageId> {
    let published: BTreeMap<&Address, &FilePath> =
        pages.iter().map(|page| (&page.address, &page.document.path)).collect();
    let mut redirects: BTreeMap<Address, PageId> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        for alias in &page.document.meta.aliases {
            let at = Location::new(&page.document.path, alias.range.clone());
            let Some(address) = alias_address(config, &page.folder, &alias.value) else {
                diagnostics.push(crate::diagnostic::links::bad_alias(at, &alias.value));
                continue;
            };
            let first = published.get(&address).copied();
            let first = first
                .or_else(|| redirects.get(&address).map(|id| &pages[id.0 as usize].document.path));
            match first {
                Some(first) if *first == page.document.path => {}
                Some(first) => {
                    diagnostics.push(crate::diagnostic::links::duplicate_address(
                        at,
                        address.as_str(),
                        first,
                    ));
                }
                None => {
                    redirects.insert(address, PageId(index as u32));
                }
            }
        }
    }
    redirects
}

fn alias_address(config: &Config, folder: &str, alias: &str) -> Option<Address> {
    let alias = alias.split(['#', '?']).next().unwrap_or_default();
    let whole = match alias.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{alias}"),
    };
    let path = FilePath::new(&whole)?;
    if let Some(stem) = path.as_str().strip_suffix(".html") {
        let cleaned = stem.split('/').map(address::clean).collect::<Vec<_>>().join("/");
        return Some(Address::of_file(&format!("{cleaned}.html")));
    }
    Some(Address::of_page(sections::stem(config, path.as_str()), config.address_style))
}
