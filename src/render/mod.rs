//! Turns the joined site and its report into the files of the published site.
//!
//! Templates see [`view`]s only, never the site itself. What a page's view depends on is gathered first, small and
//! comparable, so that only pages whose inputs changed are rendered again. Never reads the disk or the clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::Report;
use crate::diagnostic::Diagnostic;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Kept, Memo, Mode, Single, Steps, both, parallel};
use crate::resolve::{ClaimsByAlert, PageId, Site, Structure};
use crate::theme::{Shared, Theme};

pub(crate) use json::json;

use booklet::Booklet;
use generated::GeneratedInputs;
use inputs::{Common, Entities, Entity, Overview};
use page::{PageInput, PageSource};
use plan::{OutputPlan, Ready, plan};
use print::PrintInput;
use redirect::{Redirect, RedirectInput};
use renderer::Generated;
use shown::ShownSite;

mod alert_names;
mod alerts;
mod api;
mod body;
mod booklet;
pub mod code;
mod dashboards;
mod frame;
mod generated;
pub mod graph;
mod home;
mod inputs;
mod json;
mod language;
mod navigation;
mod owner;
mod page;
mod pages;
mod pipeline;
mod plan;
pub mod plot;
mod print;
mod redirect;
mod renderer;
mod reports;
mod reviews;
mod rows;
mod rules;
mod shown;
pub mod view;

/// All that rendering depends on.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The joined pages.
    pub site: &'a Site,
    /// What is said of them.
    pub report: &'a Kept<Report>,
    /// Templates and their assets.
    pub theme: &'a Arc<Theme>,
    /// The source files, for assets.
    pub files: &'a Files,
    /// The day of the build.
    pub today: Date,
}

/// What rendering remembers between builds.
#[derive(Default)]
pub struct Cache {
    overview: Single<Overview, Overview>,
    common: Single<Common, Common>,
    entities: Single<(Kept<Structure>, Kept<ClaimsByAlert>), Entities>,
    alerts: Single<Kept<ClaimsByAlert>, BTreeMap<PageId, Vec<String>>>,
    navigation: navigation::Cache,
    generated: Single<GeneratedInputs, Generated>,
    plan: Single<(Kept<Overview>, Kept<Generated>), OutputPlan>,
    shown: Single<ShownSite, ShownSite>,
    sources: Memo<FilePath, PageSource, PageInput>,
    pages: Memo<FilePath, Arc<PageInput>, Rendered>,
    redirects: Memo<FilePath, RedirectInput, Rendered>,
    booklets: Memo<FilePath, PrintInput, Rendered>,
}

/// A page as published, or what kept its template from making it.
struct Rendered(Result<Bytes, Diagnostic>);

/// Renders every file of the site, and says which templates failed.
///
/// Each file goes to `publish` as soon as it is ready, in no order and from many threads; what it answers is returned.
pub fn render<T: Send>(
    subject: Subject<'_>,
    mode: Mode,
    cache: &mut Cache,
    publish: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> (Vec<T>, Vec<Diagnostic>) {
    let Subject { site, report, theme, files, today } = subject;
    let (structure, alerts) = (site.structure.clone(), site.alerts.clone());
    let overview = Overview {
        site: structure.clone(),
        alerts: alerts.clone(),
        report: report.clone(),
        theme: Arc::clone(theme),
        today,
    };
    let overview = cache.overview.keep(mode, overview);
    let entities = cache.entities.one(mode, (structure, alerts.clone()), entities);
    let alerts = cache.alerts.one(mode, alerts, alerts::by_page);
    let common = cache.common.keep(mode, common(&overview, entities.shared()));
    let parts = navigation::parts(&overview, &common, mode, &mut cache.navigation);
    let home = site.sections[""].page.map(|id| Arc::clone(&site.pages[id.0 as usize]));
    let (navigation, seen) = (parts.top(), overview.clone());
    let inputs = GeneratedInputs { overview: seen, common: common.clone(), navigation, home };
    let generated = cache.generated.one(mode, inputs, generated::generate);
    let plan = cache.plan.one(mode, (overview.clone(), generated.clone()), plan);
    let shown = ShownSite { overview, common: common.clone(), parts, alerts };
    let shown = cache.shown.keep(mode, shown);
    let hand_on = |path: &FilePath, rendered: &Rendered| match &rendered.0 {
        Ok(bytes) => Ok(publish(path, bytes)),
        Err(diagnostic) => Err(diagnostic.clone()),
    };
    let Cache { sources, pages, redirects, booklets, .. } = cache;
    // Beside each other, since most redirects lie in one folder, where threads wait for one another.
    let (mut rendered, (redirected, (printed, mut published))) = both(
        || {
            let source = |(path, id): &(FilePath, PageId)| {
                (path.clone(), PageSource::new(site, &shown, *id))
            };
            let steps = Steps { gather: page::input, make: rendered_page };
            pages.map_gathered(sources, mode, &plan.pages, source, &steps, |(path, _), rendered| {
                hand_on(path, &rendered)
            })
        },
        || {
            both(
                || render_redirects(&plan.redirects, &common, mode, redirects, hand_on),
                || {
                    let printed =
                        render_booklets(site, &plan.booklets, &shown, mode, booklets, hand_on);
                    let ready =
                        |(path, source): &(FilePath, Ready)| publish(path, source.bytes(files));
                    (printed, parallel(&plan.ready, ready))
                },
            )
        },
    );
    rendered.extend(redirected);
    rendered.extend(printed);
    let mut diagnostics = generated.diagnostics.clone();
    for page in rendered {
        match page {
            Ok(page) => published.push(page),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    diagnostics.dedup();
    (published, diagnostics)
}

/// Renders the pages that lead on from former addresses and those of alerts, and hands each to `then`.
fn render_redirects<T: Send>(
    planned: &[(FilePath, Arc<Redirect>)],
    common: &Kept<Common>,
    mode: Mode,
    memo: &mut Memo<FilePath, RedirectInput, Rendered>,
    then: impl Fn(&FilePath, &Rendered) -> T + Sync,
) -> Vec<T> {
    let input = |(path, redirect): &(FilePath, Arc<Redirect>)| {
        let (redirect, common) = (Arc::clone(redirect), common.clone());
        (path.clone(), RedirectInput { redirect, common })
    };
    let rendered = |input: &_| Rendered(redirect::render(input));
    memo.map_then(mode, planned, input, rendered, |(path, _), rendered| then(path, &rendered))
}

/// Renders the documents for paper, and hands each to `then`.
fn render_booklets<T: Send>(
    site: &Site,
    planned: &[(FilePath, Arc<Booklet>)],
    shown: &Kept<ShownSite>,
    mode: Mode,
    memo: &mut Memo<FilePath, PrintInput, Rendered>,
    then: impl Fn(&FilePath, &Rendered) -> T + Sync,
) -> Vec<T> {
    let input = |(path, booklet): &(FilePath, Arc<Booklet>)| {
        let pages = booklet.pages.iter().map(|id| Arc::clone(&site.pages[id.0 as usize])).collect();
        let (booklet, shown) = (Arc::clone(booklet), shown.clone());
        (path.clone(), PrintInput { booklet, shown, pages })
    };
    let rendered = |input: &_| Rendered(print::render(input));
    memo.map_then(mode, planned, input, rendered, |(path, _), rendered| then(path, &rendered))
}

fn rendered_page(input: &Arc<PageInput>) -> Rendered {
    Rendered(page::render(input))
}

fn common(overview: &Overview, entities: Arc<Entities>) -> Common {
    Common {
        config: Arc::clone(&overview.site.config),
        theme: Arc::clone(&overview.theme),
        site: Shared::new(&pages::site_view(overview)),
        entities,
        in_repository: overview.report.in_repository.clone(),
    }
}

/// Agents and alerts that one page alone answers.
fn entities((site, alerts): &(Kept<Structure>, Kept<ClaimsByAlert>)) -> Entities {
    let mut entities = HashMap::new();
    for (name, id) in &site.agents {
        entities
            .insert(name.clone(), Entity { address: site.page(*id).address.clone(), anchor: None });
    }
    for (name, claims) in alerts.iter() {
        if let [claim] = &claims[..] {
            let address = site.page(claim.page).address.clone();
            entities.insert(name.clone(), Entity { address, anchor: claim.anchor.clone() });
        }
    }
    entities
}
