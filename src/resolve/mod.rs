//! All pages together become a [`Site`]: every address known, every link followed.
//!
//! Sequential where pages meet, parallel where each looks at the others; never rendered. What follows from the
//! outlines of pages alone, which prose is no part of, is made once for many builds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location};
use crate::files::FilePath;
use crate::memo::{Last, Memo, both, parallel};
use crate::parse::template_section::SectionNames;
use crate::parse::{Document, Heading};

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

/// Says of two sites whether they differ in prose, links and claims alone: then they have the same value here.
///
/// Everything else of a site, the pages but for their documents' text included, is equal where this is.
#[derive(Debug)]
pub struct Shape(());

impl PartialEq for Shape {
    fn eq(&self, other: &Shape) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Shape {}

/// All pages, joined.
#[derive(Debug)]
pub struct Site {
    /// What site.toml says.
    pub config: Arc<Config>,
    /// The same value as long as only prose, links and claims change.
    pub shape: Arc<Shape>,
    /// The published pages, in the order of their files; a page that nothing changed for is the same value as before.
    pub pages: Vec<Arc<Page>>,
    /// Files that are published as they are, below the content folder.
    pub assets: Arc<Vec<FilePath>>,
    /// Folders that hold pages, by their path below the content folder; the root is the empty path.
    pub sections: Arc<BTreeMap<String, Section>>,
    /// Who claims an alert, by the alert's name.
    pub alerts: Arc<BTreeMap<String, Vec<AlertClaim>>>,
    /// The page of each agent.
    pub agents: Arc<BTreeMap<String, PageId>>,
    /// Former addresses, each with the page that it leads to now.
    pub redirects: Arc<BTreeMap<Address, PageId>>,
    /// What is wrong between pages, besides what each page holds itself.
    pub diagnostics: Arc<Vec<Diagnostic>>,
}

/// A page with what the other pages know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub links: Arc<[Followed]>,
    /// Where `superseded_by` leads.
    pub superseded_by: Option<PageId>,
    /// The references to it, in the order of the pages that refer.
    pub linked_from: Vec<Reference>,
    /// What is wrong with its links and claims.
    pub diagnostics: Arc<[Diagnostic]>,
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
        self.pages.iter().enumerate().map(|(index, page)| (PageId(index as u32), &**page))
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

/// What joining remembers between builds.
#[derive(Default)]
pub struct Cache {
    plan: Last<Outlines, links::Index>,
    own: Memo<FilePath, OwnInput, Own>,
    alerts: Last<Vec<Arc<Own>>, BTreeMap<String, Vec<AlertClaim>>>,
    last: Option<(Arc<links::Index>, Vec<Arc<Page>>)>,
    forgets: bool,
}

impl Cache {
    /// For a program that joins once.
    pub fn forgetful() -> Cache {
        Cache {
            plan: Last::forgetful(),
            own: Memo::forgetful(),
            alerts: Last::forgetful(),
            last: None,
            forgets: true,
        }
    }
}

/// All that the places and names of pages depend on: of documents only what [`Outline`] compares.
#[derive(PartialEq, Eq)]
struct Outlines {
    config: Arc<Config>,
    documents: Vec<Outline>,
    others: Vec<FilePath>,
    drafts: bool,
}

/// What other pages can see of a page.
struct Outline(Arc<Document>);

impl PartialEq for Outline {
    fn eq(&self, other: &Outline) -> bool {
        let (one, other) = (&self.0, &other.0);
        Arc::ptr_eq(one, other)
            || (one.path == other.path
                && one.meta == other.meta
                && seen(&one.headings).eq(seen(&other.headings))
                && one.html_anchors == other.html_anchors
                && one.made_anchors == other.made_anchors
                && first_line(one) == first_line(other))
    }
}

impl Eq for Outline {}

/// The line that lists of alerts take a page's first sentence from: the one piece of prose that others show.
fn first_line(document: &Document) -> Option<&str> {
    let lines = document.sections.iter().flat_map(|section| section.text.lines());
    lines.map(str::trim).find(|line| !line.is_empty())
}

/// What others see of headings; where they stand in the file does not matter.
fn seen(headings: &[Heading]) -> impl Iterator<Item = (u8, &str, Option<&str>, &str)> {
    headings
        .iter()
        .map(|heading| (heading.level, &*heading.text, heading.number.as_deref(), &*heading.anchor))
}

/// All that a page's own links and claims depend on.
#[derive(PartialEq, Eq)]
struct OwnInput {
    id: PageId,
    document: Arc<Document>,
    index: Arc<links::Index>,
}

/// Where a page's links lead and what it claims.
struct Own {
    links: Arc<[Followed]>,
    superseded_by: Option<PageId>,
    claims: Vec<(String, AlertClaim)>,
    diagnostics: Arc<[Diagnostic]>,
}

impl PartialEq for Own {
    /// Only claims are compared: what all pages claim together is made of them.
    fn eq(&self, other: &Own) -> bool {
        self.claims == other.claims
    }
}

impl Eq for Own {}

/// Joins the documents of a site.
pub fn resolve(config: &Arc<Config>, sources: Sources, cache: &mut Cache) -> Site {
    let Sources { documents, others, drafts } = sources;
    let config = Arc::clone(config);
    let outlines = documents.iter().map(|document| Outline(Arc::clone(document))).collect();
    let outlines = Outlines { config: Arc::clone(&config), documents: outlines, others, drafts };
    let index = cache.plan.made(outlines, plan);
    let published: Vec<(PageId, Arc<Document>)> = index
        .published
        .iter()
        .enumerate()
        .map(|(id, place)| (PageId(id as u32), Arc::clone(&documents[*place])))
        .collect();
    let input = |(id, document): &(PageId, Arc<Document>)| {
        let (document, index) = (Arc::clone(document), Arc::clone(&index));
        (document.path.clone(), OwnInput { id: *id, document, index })
    };
    let own = cache.own.map(&published, input, own);
    let Cache { alerts, last, forgets, .. } = cache;
    let (pages, alerts) = both(
        || join(&index, published, &own, last, *forgets),
        || alerts.made(own.clone(), |own| alerts::alerts(own.iter().map(|own| &own.claims[..]))),
    );
    Site {
        config,
        shape: Arc::clone(&index.shape),
        pages,
        assets: Arc::clone(&index.assets),
        sections: Arc::clone(&index.sections),
        alerts,
        agents: Arc::clone(&index.agents),
        redirects: Arc::clone(&index.redirects),
        diagnostics: Arc::clone(&index.diagnostics),
    }
}

/// Places, names and addresses: everything that outlines alone decide.
fn plan(outlines: &Outlines) -> links::Index {
    let config = &outlines.config;
    let mut diagnostics = Vec::new();
    let (placed, unpublished) = place(outlines);
    let (mut pages, published) = publish(config, placed, &mut diagnostics);
    name_pages(&mut pages);
    let assets = outlines.others.iter().filter(|path| !path.is_hidden()).cloned();
    let assets = unobstructing(config, &pages, assets.collect(), &mut diagnostics);
    let sections = sections::sections(config, &pages);
    let agents = agents(&pages);
    let redirects = redirects(config, &pages, &mut diagnostics);
    let found = links::Places { published, pages, assets, sections, agents, redirects };
    links::Index::new(config, found, &outlines.others, unpublished, diagnostics)
}

/// Follows a page's links and reads its claims.
fn own(input: &OwnInput) -> Own {
    let index = &input.index;
    let page = &index.pages[input.id.0 as usize];
    let page = Page { document: Arc::clone(&input.document), ..page.clone() };
    let (links, mut diagnostics) = index.follow(&page);
    let (superseded_by, found) = index.follow_superseded(&page);
    diagnostics.extend(found);
    let claims = alerts::claims(&index.config, input.id, &page, &mut diagnostics);
    Own { links: links.into(), superseded_by, claims, diagnostics: diagnostics.into() }
}

/// The pages with their links and the references to them. What is as it was keeps its pointer.
fn join(
    index: &Arc<links::Index>,
    published: Vec<(PageId, Arc<Document>)>,
    own: &[Arc<Own>],
    held: &mut Option<(Arc<links::Index>, Vec<Arc<Page>>)>,
    forgets: bool,
) -> Vec<Arc<Page>> {
    let last = held.take();
    let last = last.as_ref().filter(|(last, _)| Arc::ptr_eq(last, index));
    let before = last.map_or(&[][..], |(_, pages)| &pages[..]);
    let same_links =
        |page: &Page, own: &Own| Arc::ptr_eq(&page.links, &own.links) || page.links == own.links;
    // The index decides how many pages there are: with the same index there is one for each of the last.
    let all_same =
        last.is_some() && before.iter().zip(own).all(|(page, own)| same_links(page, own));
    let references = (!all_same).then(|| references(index, own));
    let mut references = references.into_iter().flatten();
    let mut pages = Vec::with_capacity(published.len());
    for (place, ((_, document), own)) in published.into_iter().zip(own).enumerate() {
        let before = before.get(place);
        let linked_from = references.next();
        if let Some(before) = before.filter(|page| {
            Arc::ptr_eq(&page.document, &document)
                && Arc::ptr_eq(&page.diagnostics, &own.diagnostics)
                && same_links(page, own)
                && linked_from.as_ref().is_none_or(|references| *references == page.linked_from)
        }) {
            pages.push(Arc::clone(before));
            continue;
        }
        let links = before.filter(|page| same_links(page, own)).map(|page| &page.links);
        let linked_from =
            linked_from.or_else(|| before.map(|page| page.linked_from.clone())).unwrap_or_default();
        pages.push(Arc::new(Page {
            document,
            links: Arc::clone(links.unwrap_or(&own.links)),
            superseded_by: own.superseded_by,
            linked_from,
            diagnostics: Arc::clone(&own.diagnostics),
            ..index.pages[place].clone()
        }));
    }
    *held = (!forgets).then(|| (Arc::clone(index), pages.clone()));
    pages
}

/// A document with its place below the content folder, and what follows from that alone.
struct Placed {
    document: Arc<Document>,
    path: FilePath,
    /// Where it is published unless it is its folder's own page.
    address: Address,
    title: Arc<str>,
    template: Option<String>,
}

/// Separates pages that are published, each with its place among all documents, from those that are not.
fn place(outlines: &Outlines) -> (Vec<(usize, Placed)>, Vec<links::Unpublished>) {
    let found = parallel(&outlines.documents, |Outline(document)| {
        let path = document.path.under(&outlines.config.content)?;
        let draft = document.meta.draft && !outlines.drafts;
        if path.is_hidden() && !sections::is_section_file(&path) {
            Some(Err(links::Unpublished { path, draft: false }))
        } else if draft {
            Some(Err(links::Unpublished { path, draft }))
        } else {
            Some(Ok(placed(&outlines.config, document, path)))
        }
    });
    let mut published = Vec::with_capacity(found.len());
    let mut unpublished = Vec::new();
    for (place, found) in found.into_iter().enumerate() {
        match found {
            Some(Ok(page)) => published.push((place, page)),
            Some(Err(page)) => unpublished.push(page),
            None => {}
        }
    }
    (published, unpublished)
}

fn placed(config: &Config, document: &Arc<Document>, path: FilePath) -> Placed {
    let stem = sections::stem(config, path.as_str());
    Placed {
        address: Address::of_page(stem, config.address_style),
        title: title(document, stem).into(),
        template: template_of(config, document, &path),
        document: Arc::clone(document),
        path,
    }
}

/// Gives each page its address; of two pages at one address the first stays. With each its place among all documents.
fn publish(
    config: &Config,
    placed: Vec<(usize, Placed)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Page>, Vec<usize>) {
    let section_files = sections::section_files(placed.iter().map(|(_, page)| &page.path));
    let mut taken: HashMap<Address, FilePath> = HashMap::with_capacity(placed.len());
    let mut pages = Vec::with_capacity(placed.len());
    let mut published = Vec::with_capacity(placed.len());
    let (no_links, no_diagnostics) = (Arc::from([]), Arc::from([]));
    for (place, Placed { document, path, address, title, template }) in placed {
        let is_section = section_files.get(path.folder()) == Some(&path);
        let address = if is_section {
            Address::of_section(path.folder(), config.address_style)
        } else {
            address
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
        published.push(place);
        let status = document.meta.status.as_ref();
        pages.push(Page {
            folder: path.folder().to_owned(),
            is_section,
            nav_title: Arc::clone(&title),
            title,
            deprecated: status
                .is_some_and(|status| status.value.eq_ignore_ascii_case("deprecated")),
            template,
            document,
            path,
            address,
            links: Arc::clone(&no_links),
            superseded_by: None,
            linked_from: Vec::new(),
            diagnostics: Arc::clone(&no_diagnostics),
        });
    }
    (pages, published)
}

/// The assets without those that stand where a page needs a folder: `restore` beside `restore.md`, which is published
/// as `restore/index.html`.
fn unobstructing(
    config: &Config,
    pages: &[Page],
    assets: Vec<FilePath>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FilePath> {
    let mut taken: Vec<(&str, &FilePath)> = Vec::new();
    if !assets.is_empty() {
        taken.extend(pages.iter().map(|page| (page.address.as_str(), &page.document.path)));
        taken.sort_unstable();
    }
    let mut is_free = |asset: &FilePath| {
        let folder = format!("{asset}/");
        let place = taken.partition_point(|(address, _)| *address < folder.as_str());
        let Some((_, page)) = taken.get(place).filter(|(address, _)| address.starts_with(&folder))
        else {
            return true;
        };
        let path = FilePath::new(&format!("{}/{asset}", config.content));
        let at = Location::file(path.as_ref().unwrap_or(asset));
        diagnostics.push(crate::diagnostic::links::duplicate_address(at, asset.as_str(), page));
        false
    };
    assets.into_iter().filter(|asset| is_free(asset)).collect()
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

/// Who refers to each page: each page once, by its first link, else by its front matter.
fn references(index: &links::Index, own: &[Arc<Own>]) -> Vec<Vec<Reference>> {
    let mut found: Vec<Vec<Reference>> = vec![Vec::new(); own.len()];
    let mut seen = Vec::new();
    for (place, (page, own)) in index.pages.iter().zip(own).enumerate() {
        let from = PageId(place as u32);
        seen.clear();
        seen.push(from);
        let mut add = |to: PageId, reference: Reference| {
            if !seen.contains(&to) {
                seen.push(to);
                found[to.0 as usize].push(reference);
            }
        };
        for (link, followed) in own.links.iter().enumerate() {
            if let Target::Page(to) = followed.target {
                add(to, Reference::Link(from, link as u32));
            }
        }
        if let Some(to) = own.superseded_by {
            add(to, Reference::FrontMatter(from, "superseded_by"));
        }
        let meta = &page.document.meta;
        for (key, names) in [("upstream", &meta.upstream), ("downstream", &meta.downstream)] {
            for to in names.iter().filter_map(|name| index.agents.get(&name.value)) {
                add(*to, Reference::FrontMatter(from, key));
            }
        }
    }
    found
}

/// The redirects that `aliases` ask for, relative to the page's folder or, with a leading slash, to the root.
fn redirects(
    config: &Config,
    pages: &[Page],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<Address, PageId> {
    let mut redirects: BTreeMap<Address, PageId> = BTreeMap::new();
    if pages.iter().all(|page| page.document.meta.aliases.is_empty()) {
        return redirects;
    }
    let published: BTreeMap<&Address, &FilePath> =
        pages.iter().map(|page| (&page.address, &page.document.path)).collect();
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
