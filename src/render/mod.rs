//! Turns the joined site and its report into the files of the published site.
//!
//! Templates see [`view`]s only, never the site itself. What a page's view depends on is gathered first, small and
//! comparable, so that only pages whose inputs changed are rendered again. Never reads the disk or the clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::agents::AgentGraph;
use crate::check::alerts::{Alert, Claims};
use crate::check::{PageReport, Report};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Last, Memo, both, keep, parallel};
use crate::resolve::{Address, AlertClaim, Followed, Page, PageId, Shape, Site};
use crate::theme::{Shared, Theme};

pub(crate) use api::json;

use page::PageInput;
use redirect::{Redirect, RedirectInput};

mod alerts;
mod answer;
mod api;
mod body;
pub mod code;
mod dashboards;
mod frame;
pub mod graph;
mod made;
mod navigation;
mod page;
mod pages;
pub mod plot;
mod redirect;
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
    facts: Option<Arc<Facts>>,
    common: Option<Arc<Common>>,
    entities: Last<(Arc<Shape>, Arc<Claimed>), HashMap<String, Entity>>,
    navigation: navigation::Held,
    parts: Last<(Arc<Facts>, Arc<Common>), navigation::Parts>,
    made: Last<made::Key, made::Made>,
    plan: Last<(Arc<Facts>, Arc<made::Made>), Plan>,
    pages: Memo<FilePath, PageInput, Rendered>,
    redirects: Memo<FilePath, RedirectInput, Rendered>,
    order: Option<Arc<Order>>,
    alerts: Last<Arc<Claimed>, BTreeMap<PageId, Vec<String>>>,
    last: Option<Held>,
    forgets: bool,
}

impl Cache {
    /// For a program that renders once.
    pub fn forgetful() -> Cache {
        Cache {
            facts: None,
            common: None,
            entities: Last::forgetful(),
            navigation: navigation::Held::default(),
            parts: Last::forgetful(),
            made: Last::forgetful(),
            plan: Last::forgetful(),
            pages: Memo::forgetful(),
            redirects: Memo::forgetful(),
            order: None,
            alerts: Last::forgetful(),
            last: None,
            forgets: true,
        }
    }
}

/// What pages were rendered of last.
struct Held {
    facts: Arc<Facts>,
    common: Arc<Common>,
    plan: Arc<Plan>,
    pages: Vec<Arc<Page>>,
}

/// Which page is rendered to which file, in the order of paths.
type Order = Vec<(FilePath, PageId)>;

/// Who claims which alert.
type Claimed = BTreeMap<String, Vec<AlertClaim>>;

/// All that rendering depends on but for the prose and links of pages and the bytes of assets.
///
/// Documents may be asked for whatever [`Shape`] covers: front matter, titles, and headings but for their places.
#[derive(PartialEq, Eq)]
pub(crate) struct Facts {
    shape: Arc<Shape>,
    theme: Arc<Theme>,
    claimed: Arc<Claimed>,
    reports: Vec<Arc<PageReport>>,
    agents: Arc<AgentGraph>,
    claims: Arc<Claims>,
    alerts: Arc<Vec<Alert>>,
    history_unknown: Option<String>,
    today: Date,
}

impl Facts {
    fn new(subject: Subject<'_>) -> Facts {
        let Subject { site, report, theme, today, .. } = subject;
        Facts {
            shape: Arc::clone(&site.shape),
            theme: Arc::clone(theme),
            claimed: Arc::clone(&site.alerts),
            reports: report.pages.clone(),
            agents: Arc::clone(&report.agents),
            claims: Arc::clone(&report.claims),
            alerts: Arc::clone(&report.alerts),
            history_unknown: report.history_unknown.clone(),
            today,
        }
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
    pub(crate) entities: Arc<HashMap<String, Entity>>,
    /// The site folder inside the repository, with a trailing `/` or empty.
    pub(crate) in_repository: String,
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
    let site = subject.site;
    let facts = keep(&mut cache.facts, Facts::new(subject));
    let names = (Arc::clone(&site.shape), Arc::clone(&site.alerts));
    let Cache { entities: held, alerts, .. } = &mut *cache;
    let (entities, alerts) = both(
        || held.made(names, |_| entities(site)),
        || alerts.made(Arc::clone(&site.alerts), |_| alerts::by_page(subject)),
    );
    let common = keep(&mut cache.common, common(subject, entities));
    let held = &mut cache.navigation;
    let shown = (Arc::clone(&facts), Arc::clone(&common));
    let parts = cache.parts.made(shown, |_| navigation::parts(subject, &common, held));
    let key = made::key(subject, &facts, &common, &parts);
    let made = cache.made.made(key, |_| made::make(subject, &common, &parts));
    let planned = (Arc::clone(&facts), Arc::clone(&made));
    let order = &mut cache.order;
    let plan = cache.plan.made(planned, |_| plan(subject, &made, order));
    let stands = standing(subject, &facts, &plan.order, cache.last.as_ref());
    let gathering = page::Gathering::new(subject, &common, &parts, &alerts);
    let Cache { pages, redirects, last, .. } = &mut *cache;
    let hand_on = |path: &FilePath, rendered: &Rendered| match &rendered.0 {
        Ok(bytes) => Ok(publish(path, bytes)),
        Err(diagnostic) => Err(diagnostic.clone()),
    };
    // Beside each other, since most redirects lie in one folder, where threads wait for one another.
    let (mut rendered, (redirected, mut published)) = both(
        || {
            pages.map_then(
                &plan.order,
                |_, (_, id)| stands.get(id.0 as usize).is_some_and(|stands| *stands),
                |(_, id)| gathering.input(*id),
                |input| Rendered(page::render(input)),
                |(path, _), rendered| hand_on(path, &rendered),
            )
        },
        || {
            both(
                || lead_on(&plan, &common, last.as_ref(), redirects, hand_on),
                || parallel(&plan.ready, |(path, source)| publish(path, source.bytes(subject))),
            )
        },
    );
    rendered.extend(redirected);
    if cache.forgets {
        *cache = Cache::forgetful();
    } else {
        cache.last = Some(Held { facts, common, plan, pages: site.pages.clone() });
    }
    let mut diagnostics = made.diagnostics.clone();
    for page in rendered {
        match page {
            Ok(page) => published.push(page),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    diagnostics.dedup();
    (published, diagnostics)
}

/// Renders the pages that lead on, and hands each to `then`.
fn lead_on<T: Send>(
    plan: &Arc<Plan>,
    common: &Arc<Common>,
    last: Option<&Held>,
    redirects: &mut Memo<FilePath, RedirectInput, Rendered>,
    then: impl Fn(&FilePath, &Rendered) -> T + Sync,
) -> Vec<T> {
    let same = |last: &Held| Arc::ptr_eq(&last.plan, plan) && Arc::ptr_eq(&last.common, common);
    let stand = last.is_some_and(same);
    redirects.map_then(
        &plan.redirects,
        |_, _| stand,
        |(path, redirect)| {
            let (redirect, common) = (Arc::clone(redirect), Arc::clone(common));
            (path.clone(), RedirectInput { redirect, common })
        },
        |input| Rendered(redirect::render(input)),
        |(path, _), rendered| then(path, &rendered),
    )
}

/// For each page whether it is sure to look as it did last time: neither it nor a page that refers to it has changed.
fn standing(
    subject: Subject<'_>,
    facts: &Arc<Facts>,
    order: &Arc<Order>,
    last: Option<&Held>,
) -> Vec<bool> {
    let same =
        |last: &&Held| Arc::ptr_eq(&last.facts, facts) && Arc::ptr_eq(&last.plan.order, order);
    let Some(Held { pages: before, .. }) = last.filter(same) else { return Vec::new() };
    let pages = &subject.site.pages;
    let mut stands: Vec<bool> =
        pages.iter().zip(before).map(|(page, before)| Arc::ptr_eq(page, before)).collect();
    // What a page shows of those that refer to it is their text around the link, so that a change may show where the
    // links lead, and nowhere else. Where references have come or gone, the page itself is another value.
    let changed = pages.iter().zip(&stands).filter(|(_, stands)| !**stands);
    let shown: Vec<PageId> =
        changed.flat_map(|(page, _)| page.links.iter().filter_map(Followed::page)).collect();
    for to in shown {
        stands[to.0 as usize] = false;
    }
    stands
}

/// Which page is rendered to which file, which pages lead on, and the files that need no rendering, each in the order
/// of paths.
struct Plan {
    order: Arc<Order>,
    redirects: Vec<(FilePath, Arc<Redirect>)>,
    ready: Vec<(FilePath, Ready)>,
}

/// Where the content of a file that is there already comes from.
enum Ready {
    /// A source file.
    Source(FilePath),
    /// What the theme has or Guidepost has made.
    Bytes(Bytes),
}

impl Ready {
    fn bytes<'a>(&'a self, subject: Subject<'a>) -> &'a Bytes {
        match self {
            Ready::Source(path) => {
                subject.files.get(path).expect("sources are planned by what is there")
            }
            Ready::Bytes(bytes) => bytes,
        }
    }
}

/// Plans the files of a site. Where several claim one path, assets come before pages and files that Guidepost makes
/// before both.
fn plan(subject: Subject<'_>, made: &made::Made, order: &mut Option<Arc<Order>>) -> Plan {
    enum Piece {
        Page(PageId),
        Redirect(Arc<Redirect>),
        File(Ready),
    }
    let site = subject.site;
    let ids: Vec<(PageId, &Page)> = site.ids().collect();
    let own = parallel(&ids, |(id, page)| {
        let path = &page.document.path;
        let source = subject.files.get(path).map(|_| {
            let place = frame::source_address(&page.address).file();
            (place, Piece::File(Ready::Source(path.clone())))
        });
        ((page.address.file(), Piece::Page(*id)), source)
    });
    let (pages, sources): (Vec<_>, Vec<_>) = own.into_iter().unzip();
    let mut pieces: Vec<(FilePath, Piece)> = pages;
    pieces.extend(sources.into_iter().flatten());
    for asset in site.assets.iter() {
        let source = FilePath::new(&format!("{}/{asset}", site.config.content));
        if let Some(source) = source.filter(|source| subject.files.get(source).is_some()) {
            pieces.push((asset.clone(), Piece::File(Ready::Source(source))));
        }
    }
    let files = subject.theme.assets().iter().chain(made.files.iter());
    pieces.extend(
        files.map(|(path, bytes)| (path.clone(), Piece::File(Ready::Bytes(Arc::clone(bytes))))),
    );
    let redirects = made.redirects.iter();
    pieces.extend(redirects.map(|lead| (lead.address.file(), Piece::Redirect(Arc::clone(lead)))));
    // Sorting keeps the order of equals, so that the last of them is the one that comes before the others.
    pieces.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (mut pages, mut redirects, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    let mut pieces = pieces.into_iter().peekable();
    // Files that the path at hand begins with: it must not make a folder of one.
    let mut above: Vec<FilePath> = Vec::new();
    while let Some((path, piece)) = pieces.next() {
        while above.pop_if(|above| !path.as_str().starts_with(above.as_str())).is_some() {}
        let is_below = |above: &FilePath| path.as_str()[above.as_str().len()..].starts_with('/');
        if above.iter().any(is_below) {
            continue;
        }
        if pieces.peek().is_some_and(|(next, _)| next.as_str().starts_with(path.as_str())) {
            above.push(path.clone());
        }
        match piece {
            _ if pieces.peek().is_some_and(|(next, _)| *next == path) => {}
            Piece::Page(id) => pages.push((path, id)),
            Piece::Redirect(lead) => redirects.push((path, lead)),
            Piece::File(file) => ready.push((path, file)),
        }
    }
    Plan { order: keep(order, pages), redirects, ready }
}

fn common(subject: Subject<'_>, entities: Arc<HashMap<String, Entity>>) -> Common {
    let site = subject.site;
    Common {
        config: Arc::clone(&site.config),
        theme: Arc::clone(subject.theme),
        site: Shared::new(&pages::site_view(subject)),
        entities,
        in_repository: subject.report.in_repository.clone(),
    }
}

/// The address of the home page.
fn home(site: &Site) -> Address {
    Address::of_section("", site.config.address_style)
}

/// Agents and alerts that one page alone answers.
fn entities(site: &Site) -> HashMap<String, Entity> {
    let mut entities = HashMap::new();
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
