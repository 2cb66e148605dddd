//! The pages that no content file stands for: listings, 404, redirects, alerts and reports.

use serde::Serialize;

use crate::check;
use crate::freshness::State;
use crate::resolve::{Address, Page};

use super::alerts::{self, AtAddress};
use super::frame::{self, plain};
use super::inputs::Overview;
use super::owner::{has_on_call, owner};
use super::redirect::Redirect;
use super::renderer::{Generated, PageRenderer};
use super::rows::listing;
use super::view::{NotFoundPage, PageView, ReportLink, SearchPage, SiteView};
use super::{dashboards, home, reports};

/// The pages that list what the site has, and which pages lead on.
pub(crate) fn lists(
    overview: &Overview,
    home_page: Option<&Page>,
    mut renderer: PageRenderer<'_>,
) -> Generated {
    home::home(overview, home_page, &mut renderer);
    alerts(overview, &mut renderer);
    listings(overview, &mut renderer);
    redirects(overview, &mut renderer);
    report(overview, &mut renderer, "dashboards", dashboards::dashboards);
    renderer.generated
}

/// The pages of owners, the search page, and the one for whatever is not there.
pub(crate) fn owners(overview: &Overview, mut renderer: PageRenderer<'_>) -> Generated {
    renderer.pages("owner.html", &reports::owners(overview));
    report(overview, &mut renderer, "owners", reports::owner_list);
    for_readers(overview, &mut renderer);
    renderer.generated
}

/// The reports on the site.
pub(crate) fn reports(overview: &Overview, mut renderer: PageRenderer<'_>) -> Generated {
    report(overview, &mut renderer, "freshness", reports::freshness);
    report(overview, &mut renderer, "coverage", reports::coverage);
    renderer.generated
}

/// A report by its name, which its template has too, if there is something to say in it.
fn report<V: Serialize>(
    overview: &Overview,
    renderer: &mut PageRenderer<'_>,
    name: &str,
    view: fn(&Overview, &Address) -> V,
) {
    if check::reports::reports(&overview.site, &overview.report).contains(&name) {
        let address = overview.site.generated(name);
        renderer.page_if_free(&format!("{name}.html"), address, &view(overview, address));
    }
}

/// How many folders below the site's an address may be for the 404 page to find the site.
const LOST_BELOW: usize = 6;

/// The search page, and the one for whatever is not there.
fn for_readers(overview: &Overview, renderer: &mut PageRenderer<'_>) {
    let (site, config) = (&overview.site, &overview.site.config);
    let search = site.generated("search");
    renderer.page(
        "search.html",
        search,
        &SearchPage { frame: plain(config, search, config.words.get("search"), &[]) },
    );
    let lost = Address::of_file("404.html");
    let mut frame = plain(config, &lost, config.words.get("lost"), &[]);
    config.base_path().clone_into(&mut frame.root);
    let depth = if config.base_url.is_none() { LOST_BELOW } else { 0 };
    let folders = (0..depth).map(|depth| "../".repeat(depth)).collect();
    renderer.page_from("404.html", &lost, &frame.root.clone(), &NotFoundPage { frame, folders });
}

/// What all pages see of the site.
pub(crate) fn site_view(overview: &Overview) -> SiteView {
    let site = &overview.site;
    let config = &site.config;
    let report = |name: &str| ReportLink {
        title: config.words.get(name).to_owned(),
        path: site.generated(name).encoded(),
    };
    let has_alerts = !overview.report.alerts.is_empty();
    let reports = check::reports::reports(site, &overview.report).into_iter().map(report).collect();
    SiteView {
        title: config.title.clone(),
        language: config.language.clone(),
        direction: config.words.direction().to_owned(),
        base_url: config.base_url.clone(),
        repository: config.repository.clone(),
        home: frame::home(site).encoded(),
        search: site.generated("search").encoded(),
        alerts: has_alerts.then(|| site.generated("alerts").encoded()),
        reports,
        owners: config.owners.keys().filter_map(|key| owner(config, Some(key), None)).collect(),
        report_missing: alerts::report_missing(overview),
        due_soon: config.words.interval(config.freshness.due_soon),
        noindex: !config.public,
        has_on_call: has_on_call(config),
        unreviewed: is_unreviewed(overview),
    }
}

/// From how many pages on a state that all of them share tells a reader nothing of each.
const MANY: usize = 12;

/// Whether many pages owe a review and not one was ever reviewed, as in a folder that was just adopted.
fn is_unreviewed(overview: &Overview) -> bool {
    let states = overview.report.pages.iter().map(|page| page.freshness.state);
    let mut owed = states.filter(|state| !matches!(state, State::None | State::Evergreen));
    let (mut count, mut all) = (0, true);
    while let Some(state) = owed.next().filter(|_| all) {
        count += 1;
        all = state == State::NeverReviewed;
    }
    all && count >= MANY
}

/// A page for each folder that has none of its own; the root's is the home page.
fn listings(overview: &Overview, renderer: &mut PageRenderer<'_>) {
    let site = &overview.site;
    for (folder, section) in site
        .sections
        .iter()
        .filter(|(folder, section)| !folder.is_empty() && section.page.is_none())
    {
        let (sections, pages) = listing(overview, folder, &section.address);
        let parents: Vec<(&str, &Address)> = folder
            .match_indices('/')
            .filter_map(|(end, _)| site.sections.get(&folder[..end]))
            .map(|parent| (&*parent.title, &parent.address))
            .collect();
        let heading = crate::text::breakable(&section.title);
        let view = PageView {
            frame: plain(&site.config, &section.address, &section.title, &parents),
            heading,
            sections,
            pages,
            print_url: super::booklet::of_folder(overview, folder, &section.address),
            has_tools: has_on_call(&site.config),
            ..PageView::default()
        };
        renderer.page_if_free("page.html", &section.address, &view);
    }
}

fn redirects(overview: &Overview, renderer: &mut PageRenderer<'_>) {
    let site = &overview.site;
    let former = site.redirects.iter();
    let redirects = former.map(|(address, id)| Redirect::of_page(address, site.page(*id)).into());
    renderer.generated.redirects.extend(redirects);
}

/// The alert index and each alert's own address, but where a runbook stands there itself.
fn alerts(overview: &Overview, renderer: &mut PageRenderer<'_>) {
    report(overview, renderer, "alerts", alerts::index);
    for (address, page) in alerts::addresses(overview) {
        match page {
            AtAddress::Redirect(redirect) if renderer.is_free(&address) => {
                renderer.generated.redirects.push(redirect.into());
            }
            AtAddress::Redirect(_) => {}
            AtAddress::Choice(view) => renderer.page_if_free("alert-choice.html", &address, &*view),
        }
    }
}
