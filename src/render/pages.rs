//! The pages that no content file stands for: listings, home, 404, redirects, alerts and reports.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::PageReport;
use crate::diagnostic::Diagnostic;
use crate::files::FilePath;
use crate::freshness::State;
use crate::memo::parallel;
use crate::parse::front_matter::FrontMatter;
use crate::resolve::{Address, Page, PageId, PlacedPage, Section, Structure};
use crate::theme::Shared;
use crate::value::{Node, Value};

use super::alerts::{self, AtAddress};
use super::frame::{day, made, plain};
use super::generated::Generated;
use super::page::{owner, page_row};
use super::redirect::Redirect;
use super::view::{
    AttentionRow, HomeGroup, HomePage, NotFoundPage, PageRow, PageView, Report, SearchPage,
    SectionRow, SiteView,
};
use super::{Common, Overview, dashboards, navigation, reports};

/// The pages that list what the site has, and which pages lead on.
pub(crate) fn lists(
    overview: &Overview,
    home_page: Option<&Page>,
    mut press: Press<'_>,
) -> Generated {
    home(overview, home_page, &mut press);
    alerts(overview, &mut press);
    listings(overview, &mut press);
    redirects(overview, &mut press);
    if let Some((address, view)) = dashboards::dashboards(overview) {
        press.page_if_free("dashboards.html", &address, &view);
    }
    press.generated
}

/// The pages of owners, the search page, and the one for whatever is not there.
pub(crate) fn owners(overview: &Overview, mut press: Press<'_>) -> Generated {
    press.pages("owner.html", &reports::owners(overview));
    for_readers(overview, &mut press);
    press.generated
}

/// The reports on the site.
pub(crate) fn reports(overview: &Overview, mut press: Press<'_>) -> Generated {
    if let Some((address, view)) = reports::freshness(overview) {
        press.page("freshness.html", &address, &view);
    }
    if let Some((address, view)) = reports::coverage(overview) {
        press.page("coverage.html", &address, &view);
    }
    press.generated
}

/// The search page, and the one for whatever is not there.
fn for_readers(overview: &Overview, press: &mut Press<'_>) {
    let config = &overview.site.config;
    let search = made(config, "search");
    press.page(
        "search.html",
        &search,
        &SearchPage { frame: plain(config, &search, "Search", &[]) },
    );
    let lost = Address::of_file("404.html");
    let mut frame = plain(config, &lost, "Page not found", &[]);
    config.base_path().clone_into(&mut frame.root);
    press.page_from("404.html", &lost, &frame.root.clone(), &NotFoundPage { frame });
}

/// Renders pages, and keeps them.
pub(crate) struct Press<'a> {
    common: &'a Common,
    navigation: &'a navigation::Part,
    /// Where pages of content stand.
    taken: &'a BTreeSet<FilePath>,
    generated: Generated,
}

impl<'a> Press<'a> {
    pub(crate) fn new(
        common: &'a Common,
        navigation: &'a navigation::Part,
        taken: &'a BTreeSet<FilePath>,
    ) -> Press<'a> {
        Press { common, navigation, taken, generated: Generated::default() }
    }

    /// Renders a page unless something of the site's own stands at its address.
    fn page_if_free(&mut self, template: &str, address: &Address, view: &impl Serialize) {
        if self.is_free(address) {
            self.page(template, address, view);
        }
    }

    /// Whether neither a page of content nor one that was made is published at an address.
    fn is_free(&self, address: &Address) -> bool {
        let file = address.file();
        !self.taken.contains(&file) && self.generated.files.get(&file).is_none()
    }

    /// Renders many pages of a kind together.
    fn pages(&mut self, template: &str, pages: &[(Address, impl Serialize + Sync)]) {
        let press = &*self;
        let rendered = parallel(pages, |(address, view)| {
            (address.file(), press.print(template, address, &address.root(), view))
        });
        self.keep(rendered);
    }

    fn page(&mut self, template: &str, address: &Address, view: &impl Serialize) {
        self.page_from(template, address, &address.root(), view);
    }

    /// Renders a page from which `root` leads to the root of the site.
    fn page_from(&mut self, template: &str, address: &Address, root: &str, view: &impl Serialize) {
        let rendered = self.print(template, address, root, view);
        self.keep([(address.file(), rendered)]);
    }

    fn print(
        &self,
        template: &str,
        address: &Address,
        root: &str,
        view: &impl Serialize,
    ) -> Result<String, Diagnostic> {
        let common = self.common;
        let navigation = self.navigation.on(root, &address.encoded(), common)?;
        let navigation = Shared::new(&navigation);
        let shared = [("navigation", &navigation), ("site", &common.site)];
        common.theme.render(template, view, &shared)
    }

    fn keep(&mut self, rendered: impl IntoIterator<Item = (FilePath, Result<String, Diagnostic>)>) {
        for (file, html) in rendered {
            match html {
                Ok(html) => self.generated.files.insert(file, html.into_bytes()),
                Err(diagnostic) => self.generated.diagnostics.push(diagnostic),
            }
        }
    }
}

/// What all pages see of the site.
pub(crate) fn site_view(overview: &Overview) -> SiteView {
    let site = &overview.site;
    let config = &site.config;
    let report = |title: &str, name: &str| Report {
        title: title.to_owned(),
        path: made(config, name).encoded(),
    };
    let mut reports = Vec::new();
    let has_alerts = !overview.report.alerts.is_empty();
    if has_alerts {
        reports.push(report("Alerts", "alerts"));
    }
    if overview.report.pages.iter().any(|page| !page.dashboards.is_empty()) {
        reports.push(report("Dashboards", "dashboards"));
    }
    if overview.report.pages.iter().any(|page| page.freshness.owes()) {
        reports.push(report("Freshness", "freshness"));
    }
    if overview.report.pages.iter().any(|page| page.conformance.is_some()) {
        reports.push(report("Coverage", "coverage"));
    }
    SiteView {
        title: config.title.clone(),
        language: config.language.clone(),
        base_url: config.base_url.clone(),
        repository: config.repository.clone(),
        home: super::home(site).encoded(),
        search: made(config, "search").encoded(),
        alerts: has_alerts.then(|| made(config, "alerts").encoded()),
        reports,
        owners: config.owners.keys().filter_map(|key| owner(config, Some(key), None)).collect(),
        report_missing: alerts::report_missing(overview),
        due_soon: config.freshness.due_soon.to_string(),
        noindex: !config.public,
    }
}

/// The site's own front-matter keys of a page, each with its values as text.
pub(crate) fn extra(meta: &FrontMatter) -> BTreeMap<String, Vec<String>> {
    fn texts(node: &Node) -> Vec<String> {
        match &node.value {
            Value::List(items) => items.iter().flat_map(texts).collect(),
            Value::Map(entries) => entries.iter().flat_map(|entry| texts(&entry.value)).collect(),
            _ => node.scalar_text().into_iter().collect(),
        }
    }
    meta.extra.iter().map(|(key, node)| (key.clone(), texts(node))).collect()
}

/// The sections and pages directly in a folder, seen from `address`.
pub(crate) fn listing(
    overview: &Overview,
    folder: &str,
    address: &Address,
) -> (Vec<SectionRow>, Vec<PageRow>) {
    let site = &overview.site;
    let Some(section) = site.sections.get(folder) else { return (Vec::new(), Vec::new()) };
    let sections = section.sections.iter().filter_map(|inner| site.sections.get(inner));
    let sections = sections.map(|inner| section_row(site, inner, address)).collect();
    let pages =
        section.pages.iter().map(|id| page_row(overview, *id, site.page(*id), address)).collect();
    (sections, pages)
}

fn section_row(site: &Structure, section: &Section, address: &Address) -> SectionRow {
    let summary = section.page.and_then(|id| site.page(id).document.meta.summary.as_ref());
    SectionRow {
        title: section.title.to_string(),
        url: address.link_to(&section.address),
        summary: summary.map(|summary| summary.value.clone()),
        pages: section.total,
    }
}

/// A page for each folder that has none of its own; the root's is the home page.
fn listings(overview: &Overview, press: &mut Press<'_>) {
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
            ..PageView::default()
        };
        press.page_if_free("page.html", &section.address, &view);
    }
}

fn redirects(overview: &Overview, press: &mut Press<'_>) {
    let site = &overview.site;
    let former = site.redirects.iter();
    let redirects = former.map(|(address, id)| Redirect::of_page(address, site.page(*id)).into());
    press.generated.redirects.extend(redirects);
}

/// How many pages of a section the home page shows.
const HOME_PAGES: usize = 12;
/// How many reviews the home page shows.
const HOME_RECENT: usize = 6;
/// How many alerts the home page shows.
const HOME_ALERTS: usize = 8;

fn home(overview: &Overview, own: Option<&Page>, press: &mut Press<'_>) {
    let site = &overview.site;
    let address = super::home(site);
    let root = &site.sections[""];
    let mut groups: Vec<HomeGroup> = Vec::new();
    for folder in std::iter::once("").chain(root.sections.iter().map(String::as_str)) {
        let Some(section) = site.sections.get(folder) else { continue };
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
    let answered = alerts.iter().map(|entry| entry.row(overview, &address));
    let view = HomePage {
        frame: plain(&site.config, &address, &site.config.title, &[]),
        body: root
            .page
            .zip(own)
            .map(|(id, page)| super::page::body_of(overview, press.common, id, page)),
        alerts: answered.filter(|row| row.url.is_some()).take(HOME_ALERTS).collect(),
        graph: reports::pipeline(overview, &address),
        graph_last: reports::is_large(overview),
        groups,
        attention: alerts::attention(overview, &address)
            .into_iter()
            .chain(stale(overview, &address))
            .collect(),
        recent: reports::recent(overview, &address, HOME_RECENT),
        built: day(overview.today),
    };
    press.page("home.html", &address, &view);
}

/// The pages that want a review soonest, as the home page lists them.
fn stale(overview: &Overview, address: &Address) -> Vec<AttentionRow> {
    let is_stale = |report: &PageReport| {
        matches!(report.freshness.state, State::Overdue | State::Suspect | State::DueSoon)
    };
    let mut stale: Vec<(PageId, &PlacedPage, &PageReport)> = reports::owing(overview);
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

/// The pages of a section and of the sections in it, in reading order; at the root those directly in it.
fn pages_below(site: &Structure, folder: &str, section: &Section) -> Vec<PageId> {
    let mut ids = section.pages.clone();
    if !folder.is_empty() {
        for inner in &section.sections {
            if let Some(section) = site.sections.get(inner) {
                ids.extend(pages_below(site, inner, section));
            }
        }
    }
    ids
}

/// The alert index and each alert's own address, but where a runbook stands there itself.
fn alerts(overview: &Overview, press: &mut Press<'_>) {
    if let Some((address, view)) = alerts::index(overview) {
        press.page_if_free("alerts.html", &address, &view);
    }
    for (address, page) in alerts::addresses(overview) {
        match page {
            AtAddress::Redirect(redirect) if press.is_free(&address) => {
                press.generated.redirects.push(redirect.into());
            }
            AtAddress::Redirect(_) => {}
            AtAddress::Choice(view) => press.page_if_free("alert-choice.html", &address, &*view),
        }
    }
}
