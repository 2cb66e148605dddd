//! The pages that no content file stands for: listings, home, 404, redirects, alerts and reports.

use crate::check::{self, PageReport};
use crate::freshness::State;
use crate::resolve::{Address, Page, PageId, PlacedPage, Section, Structure};

use super::alerts::{self, AtAddress};
use super::frame::{self, day, plain};
use super::inputs::Overview;
use super::owner::{has_on_call, owner};
use super::redirect::Redirect;
use super::renderer::{Generated, PageRenderer};
use super::rows::{listing, page_row};
use super::view::{
    AttentionRow, HomeGroup, HomePage, NotFoundPage, PageView, ReportLink, SearchPage, SiteView,
};
use super::{dashboards, reports, reviews};

/// The pages that list what the site has, and which pages lead on.
pub(crate) fn lists(
    overview: &Overview,
    home_page: Option<&Page>,
    mut renderer: PageRenderer<'_>,
) -> Generated {
    home(overview, home_page, &mut renderer);
    alerts(overview, &mut renderer);
    listings(overview, &mut renderer);
    redirects(overview, &mut renderer);
    if let Some((address, view)) = dashboards::dashboards(overview) {
        renderer.page_if_free("dashboards.html", &address, &view);
    }
    renderer.generated
}

/// The pages of owners, the search page, and the one for whatever is not there.
pub(crate) fn owners(overview: &Overview, mut renderer: PageRenderer<'_>) -> Generated {
    renderer.pages("owner.html", &reports::owners(overview));
    if let Some((address, view)) = reports::owner_list(overview) {
        renderer.page_if_free("owners.html", &address, &view);
    }
    for_readers(overview, &mut renderer);
    renderer.generated
}

/// The reports on the site.
pub(crate) fn reports(overview: &Overview, mut renderer: PageRenderer<'_>) -> Generated {
    if let Some((address, view)) = reports::freshness(overview) {
        renderer.page("freshness.html", &address, &view);
    }
    if let Some((address, view)) = reports::coverage(overview) {
        renderer.page("coverage.html", &address, &view);
    }
    renderer.generated
}

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
    renderer.page_from("404.html", &lost, &frame.root.clone(), &NotFoundPage { frame });
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
    let reports =
        check::reports::reports(config, &overview.report).into_iter().map(report).collect();
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
            print_url: super::print::of_folder(overview, folder, &section.address),
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

/// How many pages of a section the home page shows.
const HOME_PAGES: usize = 12;
/// How many reviews the home page shows.
const HOME_RECENT: usize = 6;
/// How many alerts the home page shows.
const HOME_ALERTS: usize = 8;

fn home(overview: &Overview, own: Option<&Page>, renderer: &mut PageRenderer<'_>) {
    let site = &overview.site;
    let address = frame::home(site);
    let root = &site.sections[""];
    let mut groups: Vec<HomeGroup> = Vec::new();
    for folder in std::iter::once("").chain(root.sections.iter().map(String::as_str)) {
        let Some(section) = site.sections.get(folder) else { continue };
        if !folder.is_empty() && is_one_page(section) {
            continue;
        }
        let ids = pages_below(site, folder, section);
        if ids.is_empty() {
            continue;
        }
        let shown = &ids[..ids.len().min(HOME_PAGES)];
        groups.push(HomeGroup {
            title: section.title.to_string(),
            url: (!folder.is_empty()).then(|| address.link_to(&section.address)),
            pages: shown
                .iter()
                .map(|id| page_row(overview, *id, site.page(*id), &address))
                .collect(),
            more: ids.len() - shown.len(),
        });
    }
    let alerts = alerts::ranked(overview);
    let changed = alerts::changed_last(overview, &alerts);
    let alerts_changed = changed.is_some();
    let shown = changed.unwrap_or_else(|| alerts.iter().collect());
    let answered = shown.into_iter().map(|entry| entry.row(overview, &address));
    let view = HomePage {
        frame: plain(&site.config, &address, &site.config.title, &[]),
        body: root
            .page
            .zip(own)
            .map(|(id, page)| super::body::body_of(overview, renderer.common, id, page)),
        alerts: answered.filter(|row| row.url.is_some()).take(HOME_ALERTS).collect(),
        alerts_changed,
        graph: reports::pipeline(overview, &address),
        graph_last: reports::is_large(overview),
        groups,
        attention: alerts::attention(overview, &address)
            .into_iter()
            .chain(stale(overview, &address))
            .collect(),
        recent: reports::recent(overview, &address, HOME_RECENT),
        print_url: super::print::of_folder(overview, "", &address),
        built: day(&site.config, overview.today),
    };
    renderer.page("home.html", &address, &view);
}

/// The pages that want a review soonest, as the home page lists them.
fn stale(overview: &Overview, address: &Address) -> Vec<AttentionRow> {
    let is_stale = |report: &PageReport| {
        matches!(report.freshness.state, State::Overdue | State::Suspect | State::DueSoon)
    };
    let mut stale: Vec<(PageId, &PlacedPage, &PageReport)> = reviews::owing(overview);
    stale.retain(|(_, _, report)| is_stale(report));
    stale.sort_by_key(|(_, _, report)| report.freshness.due());
    let row = |(id, page, _)| {
        let row = page_row(overview, id, page, address);
        AttentionRow {
            title: row.title,
            url: row.url,
            due: row.due,
            state: row.state,
            warning: None,
            note: row.owner,
        }
    };
    stale.into_iter().take(HOME_PAGES).map(row).collect()
}

/// The pages of a section and of the sections in it, in reading order; at the root those directly in it, and the folders
/// that are one page.
fn pages_below(site: &Structure, folder: &str, section: &Section) -> Vec<PageId> {
    let mut ids = section.pages.clone();
    for inner in &section.sections {
        if let Some(section) = site.sections.get(inner)
            && (!folder.is_empty() || is_one_page(section))
        {
            ids.extend(section.page);
            ids.extend(pages_below(site, inner, section));
        }
    }
    ids
}

/// Whether a folder holds its own page and nothing else, as where each page has a folder for its pictures.
fn is_one_page(section: &Section) -> bool {
    section.page.is_some() && section.pages.is_empty() && section.sections.is_empty()
}

/// The alert index and each alert's own address, but where a runbook stands there itself.
fn alerts(overview: &Overview, renderer: &mut PageRenderer<'_>) {
    if let Some((address, view)) = alerts::index(overview) {
        renderer.page_if_free("alerts.html", &address, &view);
    }
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
