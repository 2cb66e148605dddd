//! Follows the links of a page: to pages, sections, assets and anchors, with regard to case.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::address::Address;
use super::anchors::MOST_SUGGESTIONS;
use super::placed::{PageId, PlacedPage};
use super::sections;
use super::structure::{PathEntry, Structure};
use crate::diagnostic::{Diagnostic, Location, links, nearest};
use crate::dialect::Dialect;
use crate::files::{FilePath, OUTSIDE, normalized, reached, reached_from_root};
use crate::hidden::removed;
use crate::parse::{Document, Included, Link, LinkKind};
use crate::text::{is_script, scheme};

/// Where a link leads, with what was typed behind the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Where it leads.
    pub target: Target,
    /// The query and fragment as typed: `?q=1#top`.
    pub suffix: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A published page.
    Page(PageId),
    /// Anything else that is published: a listing, an asset.
    Address(Address),
    /// Another site, as typed.
    External,
    /// An address that must not be followed, such as `javascript:`.
    Refused,
    /// Nothing that is published.
    Broken,
}

/// Everything that was found out about one link.
struct FoundEntry {
    entry: PathEntry,
    wrong_case: Option<String>,
}

/// With how many pages of its folder the name of one that is not there is compared.
const MOST_NEIGHBORS: usize = 1_000;

impl Structure {
    /// Follows every link of a page.
    pub(super) fn follow(
        &self,
        page: &PlacedPage,
        document: &Document,
    ) -> (Vec<Followed>, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let follow = |link: &Link| match document.file_at(link.range.start) {
            None => self.follow_link(page, page, link, &mut found),
            Some(file) => self.follow_link(page, &self.standing_for(page, file), link, &mut found),
        };
        let followed = document.links.iter().map(follow).collect();
        for spaced in &document.spaced {
            let file = document.file_at(spaced.range.start);
            let from = file.map(|file| self.standing_for(page, file));
            let (path, _) = split_suffix(&spaced.address);
            let leads = || self.look_up(from.as_ref().unwrap_or(page), spaced.kind, path).is_ok();
            // In prose, only what is there is certain to be meant.
            if spaced.kind == LinkKind::Image || leads() {
                let at = Location::new(&page.document.path, spaced.range.clone());
                found.push(links::spaced_address(at, &spaced.address));
            }
        }
        (followed, found)
    }

    /// Follows `superseded_by`.
    pub(super) fn follow_superseded(&self, page: &PlacedPage) -> (Option<PageId>, Vec<Diagnostic>) {
        let Some(typed) = &page.document.meta.superseded_by else { return (None, Vec::new()) };
        let mut found = Vec::new();
        let link = Link {
            kind: LinkKind::FrontMatter,
            address: typed.value.clone(),
            range: typed.range.clone(),
            whole: typed.range.start as u32..typed.range.end as u32,
            text: String::new(),
            sentence: Arc::default(),
            heading: None,
        };
        let followed = self.follow_link(page, page, &link, &mut found);
        let target = match followed.target {
            Target::Page(id) => Some(id),
            _ => None,
        };
        (target, found)
    }

    /// From where the links of a file are followed that a page takes in: from the file, as far as it has a place.
    fn standing_for(&self, page: &PlacedPage, file: &Included) -> PlacedPage {
        if let Some(place) = self.page_of(&file.path) {
            return PlacedPage::clone(self.page(place));
        }
        let path = file.path.under(&self.config.content).unwrap_or_else(|| file.path.clone());
        let folder = path.folder().to_owned();
        let stem = sections::stem(&self.config, path.as_str());
        let address = Address::of_page(stem, self.config.address_style);
        PlacedPage { path, address, folder, ..page.clone() }
    }

    /// Follows a link of a page that was typed in the file of `from`, which mostly is the page's own. Pages leave out
    /// of addresses what nobody sees, which is reported by itself, so what leads nowhere with it is followed without.
    fn follow_link(
        &self,
        page: &PlacedPage,
        from: &PlacedPage,
        link: &Link,
        found: &mut Vec<Diagnostic>,
    ) -> Followed {
        let before = found.len();
        let followed = self.follow_typed(page, from, link, found);
        match removed(&link.address) {
            Cow::Owned(address) if found.len() > before => {
                found.truncate(before);
                self.follow_typed(page, from, &Link { address, ..link.clone() }, found)
            }
            _ => followed,
        }
    }

    /// Follows a link as it was typed.
    fn follow_typed(
        &self,
        page: &PlacedPage,
        from: &PlacedPage,
        link: &Link,
        found: &mut Vec<Diagnostic>,
    ) -> Followed {
        if let Some(away) = leads_away(page, link, found) {
            return away;
        }
        let (path, suffix) = split_suffix(&link.address);
        let looked_up = if let Some(id) = self.page_of_target(from, link, path, suffix) {
            Ok(FoundEntry { entry: PathEntry::Page(id), wrong_case: None })
        } else if path.is_empty() {
            // What is taken in may lead to a part of its file that is not.
            let is_here =
                || self.anchors(page, &[]).check(link.kind, &mut suffix.to_owned()).is_none();
            let stays = from.document.path == page.document.path || is_here();
            let id = self.own_id(if stays { page } else { from });
            Ok(FoundEntry { entry: PathEntry::Page(id), wrong_case: None })
        } else {
            let found = self.look_up(from, link.kind, path);
            found.or_else(|wrong| self.look_up_shown(page, from, link, path).ok_or(wrong))
        };
        let at = Location::new(&page.document.path, link.range.clone());
        let lookup = match looked_up {
            Ok(lookup) => lookup,
            Err(diagnosis) => {
                let wrong = diagnosis.diagnostic(at, path);
                // Double brackets may mean something else, and stay as typed.
                let may_be_text = matches!(link.kind, LinkKind::Wikilink | LinkKind::Embed);
                found.push(if may_be_text { wrong.mild() } else { wrong });
                return Followed { target: Target::Broken, suffix: suffix.to_owned() };
            }
        };
        if let Some(right) = &lookup.wrong_case {
            found.push(links::wrong_case(at.clone(), path, right));
        }
        let mut suffix = suffix.to_owned();
        let target = match lookup.entry {
            PathEntry::Page(id) => {
                let dialects = self.config.dialects.as_deref().unwrap_or_default();
                let anchors = self.anchors(&self.pages[id.0 as usize], dialects);
                if let Some(broken) = anchors.check(link.kind, &mut suffix) {
                    let similar =
                        (found.len() < MOST_SUGGESTIONS).then(|| broken.similar(&anchors));
                    let is_here = self.own_id(page) == id;
                    let wrong = broken.diagnostic(at, is_here, &anchors, similar.flatten());
                    // `[[#name]]` may be anything.
                    if link.kind == LinkKind::Wikilink && path.is_empty() {
                        found.push(wrong.mild());
                        return Followed { target: Target::Broken, suffix };
                    }
                    found.push(wrong);
                }
                Target::Page(id)
            }
            PathEntry::Section(folder) => {
                found.extend(anchor_of_list(&suffix).map(|name| links::list_anchor(at, &name)));
                Target::Address(self.sections[&folder].address.clone())
            }
            PathEntry::Asset(path) => Target::Address(Address::of_file(path.as_str())),
            PathEntry::Draft | PathEntry::Hidden => Target::Broken,
        };
        Followed { target, suffix }
    }

    /// What a link of a file that is taken in leads to from the page that shows it, as most tools follow it, or from where
    /// the file lies, beside the content folder.
    fn look_up_shown(
        &self,
        page: &PlacedPage,
        from: &PlacedPage,
        link: &Link,
        path: &str,
    ) -> Option<FoundEntry> {
        if from.path == page.path {
            return None;
        }
        let from_page = self.look_up(page, link.kind, path);
        from_page.ok().or_else(|| {
            let whole = FilePath::new(&format!("{}/{path}", from.folder))?;
            let inside = whole.under(&self.config.content)?;
            self.look_up(page, link.kind, &format!("/{inside}")).ok()
        })
    }

    fn reads(&self, dialect: Dialect) -> bool {
        self.config.dialects.as_deref().unwrap_or_default().contains(&dialect)
    }

    /// The page of a target of `MyST`, `(name)=`, which links name from everywhere in the site by `#name` alone.
    fn page_of_target(
        &self,
        from: &PlacedPage,
        link: &Link,
        path: &str,
        suffix: &str,
    ) -> Option<PageId> {
        let name = suffix.strip_prefix('#').filter(|_| path.is_empty())?;
        let is_here = || self.anchors(from, &[]).check(link.kind, &mut suffix.to_owned()).is_none();
        if !self.reads(Dialect::Myst) || is_here() {
            return None;
        }
        let name = percent_decode_str(name).decode_utf8_lossy();
        self.otherwise().targets.get(name.as_ref()).copied()
    }

    fn own_id(&self, page: &PlacedPage) -> PageId {
        let at = self.pages.binary_search_by(|other| other.document.path.cmp(&page.document.path));
        PageId(at.expect("the page is one of the site's, which are in the order of their files")
            as u32)
    }

    fn look_up(
        &self,
        page: &PlacedPage,
        kind: LinkKind,
        typed: &str,
    ) -> Result<FoundEntry, Diagnosis> {
        let decoded = percent_decode_str(typed).decode_utf8_lossy();
        if (kind.is_name() || kind == LinkKind::Shortcode)
            && let Some(lookup) = self.by_name(&decoded)
        {
            return Ok(lookup);
        }
        if let Some(entry) = self.entry_below_address(page, &decoded) {
            return published(self.with_page(entry));
        }
        let reached = reached(&self.config.content, &page.folder, &decoded);
        let path = reached.as_deref().unwrap_or_default();
        if let Some(entry) = self
            .exact(path)
            .filter(|entry| !(path.starts_with(OUTSIDE) && matches!(entry, PathEntry::Hidden)))
        {
            return published(self.with_page(entry));
        }
        if let Some(entry) = self.spelled_otherwise(page, kind, typed, &decoded) {
            return published(entry);
        }
        if reached.is_none() || path.starts_with(OUTSIDE) {
            let beside = self.beside_address(page, &decoded);
            return beside.map_or(Err(Diagnosis::Outside), |entry| published(entry.clone()));
        }
        let published_path = address_path(&decoded);
        if let Some(entry) =
            published_path.and_then(|address| self.otherwise().addresses.get(&address))
        {
            return published(entry.clone());
        }
        if let Some(right) = self.wrong_case(path) {
            let entry = self.with_page(&self.lookup.entries[&right]);
            let right = typed_form(page, typed, &right);
            return published(entry).map(|lookup| FoundEntry { wrong_case: Some(right), ..lookup });
        }
        if let Some(entry) = self.beside_address(page, &decoded) {
            return published(entry.clone());
        }
        // What is hidden is read where a page embeds it, so that it is there; what is linked may be.
        if !kind.embeds() && path.split('/').any(|part| part.starts_with('.')) {
            return Err(Diagnosis::Hidden);
        }
        Err(self.missing(page, &decoded, path))
    }

    /// What an address names that is spelled as other tools have it: a file of their static folders, one counted from
    /// the top of the repository, one whose own name is percent-encoded.
    fn spelled_otherwise(
        &self,
        page: &PlacedPage,
        kind: LinkKind,
        typed: &str,
        decoded: &str,
    ) -> Option<PathEntry> {
        let shown = |path: &str| {
            let entry = self.exact(path).filter(|entry| !matches!(entry, PathEntry::Hidden))?;
            Some(self.with_page(entry))
        };
        let literal = || reached(&self.config.content, &page.folder, typed);
        if let Some(entry) = literal().filter(|_| typed.contains('%')).and_then(|path| shown(&path))
        {
            return Some(entry);
        }
        if (kind == LinkKind::Embed || (kind.embeds() && self.reads(Dialect::Obsidian)))
            && let Some(asset) = self.asset_by_name(decoded)
        {
            return Some(asset);
        }
        let from_root = reached_from_root(&self.config.content, decoded);
        if let Some(entry) = from_root.iter().find_map(|path| shown(path)) {
            return Some(entry);
        }
        let path = decoded.strip_prefix('/')?.trim_end_matches('/');
        let address = |path: &str| {
            let entry = self.otherwise().addresses.get(path).map(|entry| self.with_page(entry));
            entry.or_else(|| shown(path))
        };
        if self.reads(Dialect::Docusaurus) {
            // The pages of `docs/` stand below `/docs/` there.
            let folder = self.config.content.rsplit('/').next().unwrap_or_default();
            let below = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            if let Some(entry) = below.and_then(address) {
                return Some(entry);
            }
        }
        if self.reads(Dialect::Hugo) {
            // Each language has a folder, which is no part of the address of the first.
            let language = page.folder.split('/').next().unwrap_or_default();
            let is_language = matches!(language.len(), 2 | 5)
                && language.bytes().take(2).all(|byte| byte.is_ascii_lowercase());
            if is_language && let Some(entry) = address(&format!("{language}/{path}")) {
                return Some(entry);
            }
        }
        if self.reads(Dialect::Wiki) {
            let mut parts = path.splitn(4, '/').skip(2);
            if matches!(parts.next(), Some("wiki" | "wikis")) {
                return self.by_name(parts.next()?).map(|found| found.entry);
            }
        }
        None
    }

    /// The one asset of a name.
    fn asset_by_name(&self, name: &str) -> Option<PathEntry> {
        let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        self.otherwise().assets.get(&name)?.clone().map(PathEntry::Asset)
    }

    /// What a browser reaches that follows a link from where the page is published, often a folder `page/`: authors who copy an address
    /// out of the published site write links so. Files come first, since they are what other tools follow.
    fn beside_address(&self, page: &PlacedPage, decoded: &str) -> Option<&PathEntry> {
        let folder = page.address.folder().trim_end_matches('/');
        if decoded.starts_with('/') {
            return None;
        }
        let path = below_content(folder, decoded)?;
        self.otherwise().addresses.get(path.trim_end_matches('/'))
    }

    /// What a link of an ERB page leads to from the page's address: the tools that such pages are written for give
    /// each a folder of its own name and follow links from there.
    fn entry_below_address(&self, page: &PlacedPage, decoded: &str) -> Option<&PathEntry> {
        let stem = page.path.as_str().strip_suffix(".html.md.erb")?;
        if below_content(&page.folder, decoded).is_some_and(|path| self.exact(&path).is_some()) {
            return None;
        }
        below_content(stem, decoded).and_then(|path| self.exact(&path))
    }

    /// A path as typed: a file, a page without its ending or with `.html`, or a folder.
    fn exact(&self, path: &str) -> Option<&PathEntry> {
        let without_html =
            || path.strip_suffix(".html").and_then(|stem| self.lookup.entries.get(stem));
        let with_html = || {
            let folder = path.strip_suffix("index.html")?;
            self.lookup
                .entries
                .get(folder.strip_suffix('/').or(Some(folder).filter(|_| folder.is_empty()))?)
        };
        // Beside each page its Markdown is published, as `NAME.md` whatever its own file is called.
        let markdown = || {
            let page = path.strip_suffix(".md").and_then(|stem| self.lookup.entries.get(stem));
            page.filter(|entry| matches!(entry, PathEntry::Page(_)))
        };
        let entry = self.lookup.entries.get(path).or_else(without_html).or_else(with_html);
        entry.or_else(markdown)
    }

    /// A section's own page in the section's place.
    fn with_page(&self, entry: &PathEntry) -> PathEntry {
        match entry {
            PathEntry::Section(folder) => match self.sections[folder].page {
                Some(id) => PathEntry::Page(id),
                None => entry.clone(),
            },
            entry => entry.clone(),
        }
    }

    fn wrong_case(&self, path: &str) -> Option<String> {
        let lower = path.to_lowercase();
        let right = self.otherwise().lower.get(&lower);
        right.or_else(|| self.otherwise().lower.get(lower.strip_suffix(".html")?)).cloned()
    }

    /// A page by its path from the root, its file name, or its title, without regard to case.
    fn by_name(&self, name: &str) -> Option<FoundEntry> {
        let name = name.trim().trim_start_matches('/').trim_end_matches('/');
        if let Some(entry @ (PathEntry::Page(_) | PathEntry::Section(_))) =
            self.lookup.entries.get(name)
        {
            return Some(FoundEntry { entry: self.with_page(entry), wrong_case: None });
        }
        let lower = sections::stem(&self.config, name).to_lowercase();
        let by_file = self
            .otherwise()
            .names
            .get(&lower)
            .filter(|pages| pages.len() == 1)
            .map(|pages| pages[0]);
        let by_title = || self.otherwise().titles.get(&name.to_lowercase()).copied();
        // A wiki writes the blanks of a name as dashes.
        let dashed = || {
            let pages = self.otherwise().names.get(&lower.replace(' ', "-"))?;
            (pages.len() == 1).then(|| pages[0])
        };
        let page = by_file.or_else(by_title).or_else(dashed).map(PathEntry::Page);
        let entry = page.or_else(|| self.asset_by_name(name).filter(|_| name.contains('.')))?;
        Some(FoundEntry { entry, wrong_case: None })
    }

    /// Why nothing was found, with the nearest thing that there is.
    fn missing(&self, page: &PlacedPage, typed: &str, path: &str) -> Diagnosis {
        let typed_name = path.rsplit('/').next().unwrap_or(path);
        let stem =
            sections::stem(&self.config, typed_name.strip_suffix(".html").unwrap_or(typed_name))
                .to_lowercase();
        let unique = self
            .otherwise()
            .names
            .get(&stem)
            .filter(|pages| pages.len() == 1)
            .map(|pages| pages[0]);
        if let Some(id) = unique {
            let right = typed_form(page, typed, self.pages[id.0 as usize].path.as_str());
            return Diagnosis::Missing { elsewhere: Some(right), similar: None };
        }
        let neighbors = self.sections.get(&page.folder).into_iter().flat_map(|section| {
            let all = section.page.iter().chain(&section.pages);
            all.map(|id| self.pages[id.0 as usize].path.name())
        });
        // Of very many only some can be compared for each link that leads nowhere; most mistakes come later in a name.
        let first = typed_name.chars().next();
        let is_one = |name: &&str| name.chars().next() == first;
        let some = neighbors.clone().nth(MOST_NEIGHBORS).is_some();
        let neighbors = neighbors.filter(|name| !some || is_one(name)).take(MOST_NEIGHBORS);
        let similar = nearest(typed_name, neighbors).map(str::to_owned);
        Diagnosis::Missing { elsewhere: None, similar }
    }
}

/// An address of another site, or one that must not be followed; `None` for an address of this site.
fn foreign(address: &str) -> Option<Target> {
    if address.starts_with("//") {
        return Some(Target::External);
    }
    let runs_or_reads = is_script(address) || scheme(address)? == "file";
    Some(if runs_or_reads { Target::Refused } else { Target::External })
}

/// The host that an address of another site names.
fn host(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

fn split_suffix(address: &str) -> (&str, &str) {
    address.split_at(address.find(['?', '#']).unwrap_or(address.len()))
}

/// A path as typed in a page of `folder`, below the content folder, which is empty itself; `None` if it leads outside.
fn below_content<'t>(folder: &str, typed: &'t str) -> Option<Cow<'t, str>> {
    if typed.starts_with('/') || folder.is_empty() {
        normalized(typed)
    } else {
        normalized(&[folder, "/", typed].concat()).map(|path| Cow::Owned(path.into_owned()))
    }
}

/// The published address that a link from the root names.
fn address_path(typed: &str) -> Option<String> {
    let path = typed.strip_prefix('/')?;
    Some(path.trim_end_matches("index.html").trim_end_matches('/').to_owned())
}

/// The right path in the form in which the wrong one was typed: relative, or from the root.
fn typed_form(page: &PlacedPage, typed: &str, right: &str) -> String {
    if typed.starts_with('/') { format!("/{right}") } else { relative_path(&page.folder, right) }
}

fn relative_path(folder: &str, right: &str) -> String {
    let from = Address::of_file(&format!("{folder}/x"));
    let from = if folder.is_empty() { Address::of_file("x") } else { from };
    percent_decode_str(&from.link_to(&Address::of_file(right))).decode_utf8_lossy().into_owned()
}

fn published(entry: PathEntry) -> Result<FoundEntry, Diagnosis> {
    match entry {
        PathEntry::Draft => Err(Diagnosis::Draft),
        PathEntry::Hidden => Err(Diagnosis::Hidden),
        entry => Ok(FoundEntry { entry, wrong_case: None }),
    }
}

/// Why a link is broken.
enum Diagnosis {
    Outside,
    Draft,
    Hidden,
    Missing { elsewhere: Option<String>, similar: Option<String> },
}

impl Diagnosis {
    fn diagnostic(self, at: Location, typed: &str) -> Diagnostic {
        match self {
            Diagnosis::Outside => links::outside_content(at, typed),
            Diagnosis::Draft => links::to_draft(at, typed),
            Diagnosis::Hidden => links::to_hidden(at, typed),
            Diagnosis::Missing { elsewhere, similar } => {
                links::broken_link(at, typed, elsewhere.as_deref(), similar.as_deref())
            }
        }
    }
}

/// The anchor that a link names in the list of a folder without a page of its own, which has no headings.
fn anchor_of_list(suffix: &str) -> Option<String> {
    let (_, anchor) = suffix.split_once('#')?;
    let anchor = percent_decode_str(anchor).decode_utf8_lossy().into_owned();
    let is_ours = anchor.is_empty() || anchor == "top" || anchor.starts_with("gp:");
    (!is_ours).then_some(anchor)
}

/// Where a link leads that leaves the site.
fn leads_away(page: &PlacedPage, link: &Link, found: &mut Vec<Diagnostic>) -> Option<Followed> {
    let target = foreign(&link.address).filter(|_| !link.kind.is_name())?;
    let at = Location::new(&page.document.path, link.range.clone());
    if target == Target::Refused {
        found.push(links::refused_scheme(at, &link.address));
    } else if link.kind.embeds() {
        found.push(links::foreign_image(at, host(&link.address)));
    }
    Some(Followed { target, suffix: String::new() })
}
