//! Turns the joined site and its report into the files of the published site.
//!
//! Templates see [`view`]s only, never the site itself. What a page's view depends on is gathered first, small and
//! comparable, so that only pages whose inputs changed are rendered again. Never reads the disk or the clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::Report;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Memo, keep, parallel};
use crate::resolve::{Address, PageId, Site};
use crate::theme::{Shared, Theme};

pub(crate) use api::json;

use page::PageInput;

mod alerts;
mod api;
mod body;
mod dashboards;
pub mod deep_link;
mod frame;
pub mod graph;
mod made;
mod navigation;
mod page;
mod pages;
pub mod plot;
mod reports;
mod reviews;
pub mod view;

/// All that rendering depends on.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The joined pages.
    pub site: &'a Site,
    /// What is said of them.
    pub report: &'a Report,
    /// Templates and their assets.
    pub theme: &'a Arc<Theme>,
    /// The source files, for assets and each page's Markdown.
    pub files: &'a Files,
    /// The day of the build.
    pub today: Date,
}

/// What rendering remembers between builds.
#[derive(Default)]
pub struct Cache {
    pages: Memo<FilePath, PageInput, Rendered>,
    common: Option<Arc<Common>>,
    navigation: navigation::Held,
    made: made::Held,
}

impl Cache {
    /// For a program that renders once.
    pub fn forgetful() -> Cache {
        Cache { pages: Memo::forgetful(), made: made::Held::Forgetful, ..Cache::default() }
    }
}

/// A page as published, or what kept its template from making it.
struct Rendered(Result<Bytes, Diagnostic>);

/// What all pages share: pages whose common part is the same value need not compare it.
#[derive(PartialEq, Eq)]
pub(crate) struct Common {
    pub(crate) config: Arc<Config>,
    pub(crate) theme: Arc<Theme>,
    pub(crate) site: Shared,
    pub(crate) entities: BTreeMap<String, Entity>,
    /// Owners that have a page of their own, by name.
    pub(crate) home: Address,
}

/// What inline code that is a known name leads to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) address: Address,
    pub(crate) anchor: Option<String>,
}

/// Renders every file of the site, and says which templates failed.
///
/// Each file goes to `publish` as soon as it is ready, in no order and from many threads; what it answers is returned.
pub fn render<T: Send>(
    subject: Subject<'_>,
    cache: &mut Cache,
    publish: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> (Vec<T>, Vec<Diagnostic>) {
    let common = keep(&mut cache.common, common(subject));
    let parts = navigation::parts(subject, &common, &mut cache.navigation);
    let made = made::made(subject, &common, &parts, &mut cache.made);
    let mut diagnostics = made.diagnostics.clone();
    let (pages, ready) = plan(subject, &made.files);
    let mut published = parallel(&ready, |(path, bytes)| publish(path, bytes));
    let gathering = page::Gathering::new(subject, &common, &parts);
    let rendered = cache.pages.map_then(
        &pages,
        |_, _| false,
        |(_, id)| gathering.input(*id),
        |input| Rendered(page::render(input)),
        |(path, _), rendered| match &rendered.0 {
            Ok(bytes) => Ok(publish(path, bytes)),
            Err(diagnostic) => Err(diagnostic.clone()),
        },
    );
    for page in rendered {
        match page {
            Ok(page) => published.push(page),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    diagnostics.dedup();
    (published, diagnostics)
}

/// Files that are there already.
type Ready = Vec<(FilePath, Bytes)>;

/// Which page is rendered to which file, and the files that are there already. Where several claim one path, assets
/// come before pages and files that Guidepost makes before both.
fn plan(subject: Subject<'_>, made: &Files) -> (Vec<(FilePath, PageId)>, Ready) {
    enum Piece<'a> {
        Page(PageId),
        File(&'a Bytes),
    }
    let site = subject.site;
    let mut pieces: BTreeMap<FilePath, Piece<'_>> = BTreeMap::new();
    for (id, page) in site.ids() {
        pieces.insert(page.address.file(), Piece::Page(id));
        if let Some(bytes) = subject.files.get(&page.document.path) {
            pieces.insert(frame::source_address(&page.address).file(), Piece::File(bytes));
        }
    }
    for asset in site.assets.iter() {
        let source = FilePath::new(&format!("{}/{asset}", site.config.content));
        if let Some(bytes) = source.and_then(|source| subject.files.get(&source)) {
            pieces.insert(asset.clone(), Piece::File(bytes));
        }
    }
    for (path, bytes) in subject.theme.assets().iter().chain(made.iter()) {
        pieces.insert(path.clone(), Piece::File(bytes));
    }
    let (mut pages, mut ready) = (Vec::new(), Vec::new());
    for (path, piece) in pieces {
        match piece {
            Piece::Page(id) => pages.push((path, id)),
            Piece::File(bytes) => ready.push((path, Arc::clone(bytes))),
        }
    }
    (pages, ready)
}

fn common(subject: Subject<'_>) -> Common {
    let site = subject.site;
    Common {
        config: Arc::clone(&site.config),
        theme: Arc::clone(subject.theme),
        site: Shared::new(&pages::site_view(subject)),
        entities: entities(site),
        home: home(site),
    }
}

/// The address of the home page.
fn home(site: &Site) -> Address {
    Address::of_section("", site.config.address_style)
}

/// Agents and alerts that one page alone answers.
fn entities(site: &Site) -> BTreeMap<String, Entity> {
    let mut entities = BTreeMap::new();
    for (name, id) in site.agents.iter() {
        entities
            .insert(name.clone(), Entity { address: site.page(*id).address.clone(), anchor: None });
    }
    for (name, claims) in site.alerts.iter() {
        if let [claim] = &claims[..] {
            let address = site.page(claim.page).address.clone();
            entities.insert(name.clone(), Entity { address, anchor: claim.anchor.clone() });
        }
    }
    entities
}
