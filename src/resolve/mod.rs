//! All pages together become a [`Site`]: every address known, every link followed.
//!
//! Sequential where pages meet, parallel where each looks at the others; never rendered. What follows from the
//! outlines of pages alone, which prose is no part of, is made once for many builds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, links as mistakes};
use crate::files::{FilePath, reached, reached_from_root};
use crate::memo::{Kept, Memo, Mode, Single, both, parallel};
use crate::parse::template_section::Guidance;
use crate::parse::{Document, Outline};

pub use address::Address;
pub use alerts::{AlertClaim, ClaimedBy, ClaimsByAlert};
pub use links::{Followed, Target};
pub(crate) use placed::section_names;
pub use placed::{PageId, PlacedPage};
pub use sections::Section;
pub(crate) use sections::stem;
pub use site::{Page, Reference, Site};
pub use structure::Structure;

use alerts::{AllClaims, PageClaims};
use successors::successors;
use taken::Taken;

pub mod address;
mod alerts;
mod anchor_index;
mod anchors;
mod generated;
mod govuk;
mod links;
mod mkdocs;
mod placed;
mod sections;
mod site;
mod structure;
mod successors;
mod taken;

/// What a build reads besides the pages' text.
pub struct PageSources {
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
    structure: Single<Outlines, Structure>,
    outgoing: Memo<FilePath, OutgoingInput, Outgoing>,
    references: Single<ReferencesInput, Vec<Arc<Vec<Reference>>>>,
    pages: Memo<FilePath, Page, Page>,
    alerts: Single<AllClaims, ClaimsByAlert>,
}

/// All that the places and names of pages depend on.
#[derive(PartialEq, Eq)]
struct Outlines {
    config: Arc<Config>,
    documents: Vec<Arc<Outline>>,
    others: Vec<FilePath>,
    /// What pages embed of the files whose names keep them unpublished.
    embedded: BTreeSet<FilePath>,
    /// What of each template is still to be replaced, by the template's name.
    guidance: BTreeMap<String, Arc<Guidance>>,
    drafts: bool,
}

/// All that a page's own links and claims depend on.
#[derive(PartialEq, Eq)]
struct OutgoingInput {
    id: PageId,
    document: Arc<Document>,
    structure: Kept<Structure>,
}

/// Where a page's links lead and what it claims.
struct Outgoing {
    links: Arc<Vec<Followed>>,
    superseded_by: Option<PageId>,
    includes: Arc<Vec<PageId>>,
    claims: Arc<PageClaims>,
    diagnostics: Arc<Vec<Diagnostic>>,
}

/// All that the references to pages depend on: the site, and for each page where its links and `superseded_by` lead.
type ReferencesInput = (Kept<Structure>, Vec<LeadsTo>);

/// Where a page leads: its links, its `superseded_by`, and the pages whose text it takes in.
type LeadsTo = (Arc<Vec<Followed>>, Option<PageId>, Arc<Vec<PageId>>);

impl Outgoing {
    fn leads_to(&self) -> LeadsTo {
        (Arc::clone(&self.links), self.superseded_by, Arc::clone(&self.includes))
    }
}

/// Joins the documents of a site.
pub fn resolve(config: &Arc<Config>, sources: PageSources, mode: Mode, cache: &mut Cache) -> Site {
    let PageSources { documents, others, drafts } = sources;
    let outlines = documents.iter().map(|document| Arc::clone(&document.outline)).collect();
    let embedded = embedded(config, &documents, &others);
    let guidance = guidance(config, &documents);
    let config = Arc::clone(config);
    let outlines = Outlines { config, documents: outlines, others, embedded, guidance, drafts };
    let structure = cache.structure.one(mode, outlines, structure);
    let published = structure.published.iter().enumerate();
    let published: Vec<(PageId, &Arc<Document>)> =
        published.map(|(id, place)| (PageId(id as u32), &documents[*place])).collect();
    let input = |(id, document): &(PageId, &Arc<Document>)| {
        let (structure, document) = (structure.clone(), Arc::clone(document));
        (document.path.clone(), OutgoingInput { id: *id, document, structure })
    };
    let outgoing = cache.outgoing.map(mode, &published, input, outgoing);
    let Cache { references: memo, pages, alerts, .. } = cache;
    let links = outgoing.iter().map(|page| page.leads_to()).collect();
    let superseded_by: Vec<Option<PageId>> =
        outgoing.iter().map(|page| page.superseded_by).collect();
    let named = |id: PageId| (id, Arc::clone(&structure.pages[id.0 as usize]));
    let successors = successors(&structure.pages, &superseded_by).into_iter();
    let claims = AllClaims {
        claims: outgoing.iter().map(|page| Arc::clone(&page.claims)).collect(),
        successors: successors.map(|successor| successor.map(named)).collect(),
    };
    let (pages, alerts) = both(
        || {
            let linked_from = memo.one(mode, (structure.clone(), links), references);
            join(&structure, &published, &outgoing, &linked_from, mode, pages)
        },
        || alerts.one(mode, claims, alerts::alerts),
    );
    Site { structure, pages, alerts }
}

/// The files that pages embed although their names, or those of their folders, keep them unpublished: a picture in
/// `.gitbook/assets` or `_static` is part of the page.
fn embedded(
    config: &Config,
    documents: &[Arc<Document>],
    others: &[FilePath],
) -> BTreeSet<FilePath> {
    let hidden: BTreeSet<&str> =
        others.iter().filter(|path| path.is_hidden()).map(FilePath::as_str).collect();
    if hidden.is_empty() {
        return BTreeSet::new();
    }
    let mut embedded = BTreeSet::new();
    for document in documents {
        let Some(page) = document.path.under(&config.content) else { continue };
        for link in &document.links {
            let typed = link.address.split(['?', '#']).next().unwrap_or_default();
            let is_rooted = typed.starts_with(['/', '@']);
            if !link.kind.embeds() && !is_rooted && !is_attachment(typed) {
                continue;
            }
            let typed = percent_encoding::percent_decode_str(typed).decode_utf8_lossy();
            let Some(path) = reached(&config.content, page.folder(), &typed) else { continue };
            if others.binary_search_by(|other| other.as_str().cmp(&path)).is_ok() {
                let is_part = link.kind.embeds() || is_attachment(&path);
                let path = Some(path).filter(|path| is_part && hidden.contains(path.as_ref()));
                embedded.extend(path.as_deref().and_then(FilePath::new));
                continue;
            }
            let served = reached_from_root(&config.content, &typed);
            let served = served.into_iter().find(|path| hidden.contains(path.as_str()));
            embedded.extend(served.as_deref().and_then(FilePath::new));
        }
    }
    embedded
}

/// Whether a hidden file lies where a tool keeps what authors attach to their pages, to link to as well as to show.
fn is_attachment(path: &str) -> bool {
    [".gitbook/assets/", ".attachments/"]
        .iter()
        .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
}

/// Places, names and addresses: everything that outlines alone decide.
fn structure(outlines: &Outlines) -> Structure {
    let config = &outlines.config;
    let mut diagnostics = Vec::new();
    let (placed, unpublished) = published(outlines);
    let (mut pages, published) = publish(config, placed, &mut diagnostics);
    name_pages(&mut pages);
    let others = outlines
        .others
        .iter()
        .filter(|path| !path.is_hidden() || outlines.embedded.contains(*path));
    let source = |path: &FilePath| FilePath::new(&format!("{}/{path}", config.content));
    let others: Vec<(&FilePath, FilePath)> =
        others.filter_map(|path| Some((path, source(path)?))).collect();
    let mut taken = Taken::default();
    for page in &pages {
        taken.take(&page.address.file(), &page.document.path);
    }
    let assets = assets(&others, &mut taken, &mut diagnostics);
    let redirects = redirects(config, &pages, &mut taken, &mut diagnostics);
    let sections = sections::sections(config, &pages);
    diagnostics.extend(generated::replaced(config, &sections, &taken));
    diagnostics.extend(taken.judge_names());
    let generated = generated::places(config, &taken);
    let agents = agents(&pages);
    let structure = Structure {
        config: Arc::clone(config),
        pages: pages.into_iter().map(Arc::new).collect(),
        assets,
        sections,
        agents,
        redirects,
        generated,
        diagnostics,
        published,
        lookup: structure::PathLookup::default(),
    };
    structure.with_paths(&outlines.others, unpublished)
}

/// Follows a page's links and reads its claims.
fn outgoing(input: &OutgoingInput) -> Outgoing {
    let OutgoingInput { id, document, structure } = input;
    let page = structure.page(*id);
    let (links, mut diagnostics) = structure.follow(page, document);
    let (superseded_by, found) = structure.follow_superseded(page);
    diagnostics.extend(found);
    let claims = alerts::claims(&structure.config, *id, page, document, &mut diagnostics);
    let (links, claims, diagnostics) = (links.into(), claims.into(), diagnostics.into());
    let includes = document.included.iter().filter_map(|file| structure.page_of(&file.path));
    let includes = Arc::new(includes.collect());
    Outgoing { links, superseded_by, includes, claims, diagnostics }
}

/// The pages with their links and the references to them; a page that is as it was is the same value.
fn join(
    structure: &Structure,
    published: &[(PageId, &Arc<Document>)],
    outgoing: &[Arc<Outgoing>],
    linked_from: &[Arc<Vec<Reference>>],
    mode: Mode,
    memo: &mut Memo<FilePath, Page, Page>,
) -> Vec<Arc<Page>> {
    let page = |(id, document): &(PageId, &Arc<Document>)| {
        let index = id.0 as usize;
        let outgoing = &outgoing[index];
        let page = Page {
            placed: Arc::clone(&structure.pages[index]),
            document: Arc::clone(document),
            links: Arc::clone(&outgoing.links),
            superseded_by: outgoing.superseded_by,
            linked_from: Arc::clone(&linked_from[index]),
            diagnostics: Arc::clone(&outgoing.diagnostics),
        };
        (document.path.clone(), page)
    };
    memo.map(mode, published, page, Page::clone)
}

/// Separates pages that are published, each with its place among all documents, from those that are not.
fn published(outlines: &Outlines) -> (Vec<(usize, PlacedPage)>, Vec<structure::Unpublished>) {
    let found = parallel(&outlines.documents, |document| {
        let path = document.path.under(&outlines.config.content)?;
        let draft = document.meta.draft && !outlines.drafts;
        if path.is_hidden() && !sections::is_section_file(&path) {
            Some(Err(structure::Unpublished { path, draft: false }))
        } else if draft {
            Some(Err(structure::Unpublished { path, draft }))
        } else {
            Some(Ok(placed(outlines, document, path)))
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

/// What of each template is still to be replaced.
fn guidance(config: &Config, documents: &[Arc<Document>]) -> BTreeMap<String, Arc<Guidance>> {
    let read = config.templates.iter().filter_map(|(name, template)| {
        let is_it = |document: &&Arc<Document>| document.path.as_str() == template.file.value;
        Some((name.clone(), Arc::new(Guidance::of(documents.iter().find(is_it)?))))
    });
    read.collect()
}

/// What follows from a page's outline alone; its folder's own page gets its address when all are known.
fn placed(outlines: &Outlines, document: &Arc<Outline>, path: FilePath) -> PlacedPage {
    let config = &outlines.config;
    let template = template_of(config, document, &path);
    let guidance = template.as_ref().and_then(|name| outlines.guidance.get(name));
    let stem = sections::stem(config, path.as_str());
    let title: Arc<str> = title(document, stem).into();
    let deprecated = match &document.meta.status {
        Some(status) => status.value.eq_ignore_ascii_case("deprecated"),
        None => is_called_deprecated(&title),
    };
    PlacedPage {
        address: Address::of_page(stem, config.address_style),
        folder: path.folder().to_owned(),
        is_section: false,
        nav_title: Arc::clone(&title),
        title,
        deprecated,
        guidance: guidance.map(Arc::clone).unwrap_or_default(),
        template,
        document: Arc::clone(document),
        path,
    }
}

/// Gives each page its address; of two pages at one address the first stays. With each its place among all documents.
fn publish(
    config: &Config,
    placed: Vec<(usize, PlacedPage)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<PlacedPage>, Vec<usize>) {
    let section_files = sections::section_files(placed.iter().map(|(_, page)| &page.path));
    let home = home_elsewhere(&section_files, &placed);
    // With file addresses `x.md` is published as `x.html`, where `x.html/y.md` would need a folder.
    let in_folder = |(_, page): &(usize, PlacedPage)| page.folder.contains(".html");
    let files: HashMap<String, FilePath> = if placed.iter().any(in_folder) {
        let file =
            |page: &PlacedPage| (page.address.as_str().to_owned(), page.document.path.clone());
        placed.iter().map(|(_, page)| file(page)).collect()
    } else {
        HashMap::new()
    };
    let mut taken: HashMap<Address, FilePath> = HashMap::with_capacity(placed.len());
    let mut pages = Vec::with_capacity(placed.len());
    let mut published = Vec::with_capacity(placed.len());
    for (place, mut page) in placed {
        page.is_section = section_files.get(page.path.folder()) == Some(&page.path);
        if home.as_ref() == Some(&page.path) {
            page.is_section = true;
            page.folder.clear();
        }
        if page.is_section {
            page.address = Address::of_section(&page.folder, config.address_style);
        }
        let address = page.address.as_str();
        if let Some(why) = taken::too_long(&page.address.file()) {
            diagnostics.push(mistakes::name_too_long(page.location(), &why));
            continue;
        }
        let above = || {
            let ends = address.match_indices(".html/").map(|(at, _)| &address[..at + 5]);
            ends.into_iter().find_map(|file| files.get(file))
        };
        if let Some(first) = taken.get(&page.address).or_else(above) {
            diagnostics.push(mistakes::duplicate_address(page.location(), address, first));
            continue;
        }
        taken.insert(page.address.clone(), page.document.path.clone());
        published.push(place);
        pages.push(page);
    }
    (pages, published)
}

/// The first page that another tool publishes at the root of the site, where no file there is the root's own.
fn home_elsewhere(
    section_files: &BTreeMap<String, FilePath>,
    placed: &[(usize, PlacedPage)],
) -> Option<FilePath> {
    if section_files.contains_key("") {
        return None;
    }
    let is_root = |page: &PlacedPage| {
        page.document.meta.addresses_elsewhere.iter().any(|address| address.value == "/")
    };
    placed.iter().find(|(_, page)| is_root(page)).map(|(_, page)| page.path.clone())
}

/// The files that are published as they are: those that nothing else keeps from standing at their path. Each comes with
/// its path below the site folder.
fn assets<'a>(
    others: &'a [(&FilePath, FilePath)],
    taken: &mut Taken<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FilePath> {
    let mut assets = Vec::with_capacity(others.len());
    for (path, source) in others {
        let at = Location::file(source);
        if let Some(why) = taken::too_long(path) {
            diagnostics.push(mistakes::name_too_long(at, &why));
        } else if let Some(what) = generated::belongs_to_guidepost(path) {
            diagnostics.push(mistakes::address_of_guidepost(at, path.as_str(), what));
        } else if let Some(page) = taken.in_the_way(path) {
            diagnostics.push(mistakes::duplicate_address(at, path.as_str(), page));
        } else {
            taken.take(path, source);
            assets.push((*path).clone());
        }
    }
    assets
}

/// Whether a title says itself that the page has had its day, as folders without front matter have it:
/// `DiskFull [Deprecated]`, `(deprecated) DiskFull`, `DEPRECATED: DiskFull`.
fn is_called_deprecated(title: &str) -> bool {
    const MARKS: [&str; 3] = ["[deprecated]", "(deprecated)", "deprecated:"];
    let title = title.trim().to_ascii_lowercase();
    MARKS.iter().any(|mark| title.starts_with(mark))
        || MARKS[..2].iter().any(|mark| title.ends_with(mark))
}

/// Front matter, else the first first-level heading, else the file's name.
fn title(document: &Outline, stem: &str) -> String {
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

fn template_of(config: &Config, document: &Outline, path: &FilePath) -> Option<String> {
    if let Some(name) = &document.meta.template {
        return config.templates.contains_key(&name.value).then(|| name.value.clone());
    }
    let matching =
        config.templates.iter().find(|(_, template)| template.applies_to.matches(path.as_str()));
    matching.filter(|_| !sections::is_section_file(path)).map(|(name, _)| name.clone())
}

/// `nav_title`, else `agent`, else the title without a suffix that most titles share.
fn name_pages(pages: &mut [PlacedPage]) {
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

fn agents(pages: &[PlacedPage]) -> BTreeMap<String, PageId> {
    let mut agents = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        if let Some(agent) = &page.document.meta.agent {
            agents.entry(agent.value.clone()).or_insert(PageId(index as u32));
        }
    }
    agents
}

/// What a page is said to do to another whose text it takes in.
pub(crate) const TAKES_IN: &str = "takes this in";

/// Who refers to each page: each page once, by its first link, else by its front matter.
fn references((structure, outgoing): &ReferencesInput) -> Vec<Arc<Vec<Reference>>> {
    let mut found: Vec<Vec<Reference>> = vec![Vec::new(); outgoing.len()];
    let mut seen = Vec::new();
    for (place, (page, leads_to)) in structure.pages.iter().zip(outgoing).enumerate() {
        let (links, superseded_by, includes) = leads_to;
        let from = PageId(place as u32);
        seen.clear();
        seen.push(from);
        let mut add = |to: PageId, reference: Reference| {
            if !seen.contains(&to) {
                seen.push(to);
                found[to.0 as usize].push(reference);
            }
        };
        for included in includes.iter() {
            add(*included, Reference::FrontMatter(from, TAKES_IN));
        }
        for (link, followed) in links.iter().enumerate() {
            if let Target::Page(to) = followed.target {
                add(to, Reference::Link(from, link as u32));
            }
        }
        if let Some(to) = *superseded_by {
            add(to, Reference::FrontMatter(from, "superseded_by"));
        }
        let meta = &page.document.meta;
        for (key, names) in [("upstream", &meta.upstream), ("downstream", &meta.downstream)] {
            for to in names.iter().filter_map(|name| structure.agents.get(&name.value)) {
                add(*to, Reference::FrontMatter(from, key));
            }
        }
    }
    found.into_iter().map(Arc::new).collect()
}

/// The redirects that `aliases` ask for, relative to the page's folder or, with a leading slash, to the root.
fn redirects<'a>(
    config: &Config,
    pages: &'a [PlacedPage],
    taken: &mut Taken<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<Address, PageId> {
    let mut redirects: BTreeMap<Address, PageId> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        for alias in &page.document.meta.aliases {
            let at = Location::new(&page.document.path, alias.range.clone());
            let Some(address) = alias_address(config, &page.folder, &alias.value) else {
                diagnostics.push(mistakes::bad_alias(at, &alias.value));
                continue;
            };
            if let Some(why) = taken::too_long(&address.file()) {
                diagnostics.push(mistakes::name_too_long(at, &why));
                continue;
            }
            match taken.in_the_way(&address.file()) {
                Some(first) if *first == page.document.path => {}
                Some(first) => {
                    diagnostics.push(mistakes::duplicate_address(at, address.as_str(), first));
                }
                None => {
                    taken.take(&address.file(), &page.document.path);
                    redirects.insert(address, PageId(index as u32));
                }
            }
        }
    }
    for (index, page) in pages.iter().enumerate() {
        for elsewhere in &page.document.meta.addresses_elsewhere {
            let address = alias_address(config, &page.folder, &elsewhere.value);
            let is_free = |address: &Address| {
                address.too_long().is_none() && taken.in_the_way(&address.file()).is_none()
            };
            if let Some(address) = address.filter(is_free) {
                taken.take(&address.file(), &page.document.path);
                redirects.insert(address, PageId(index as u32));
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
