//! The pages that no content file stands for: listings, home, 404, redirects, alerts and reports.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::PageReport;
use crate::diagnostic::Diagnostic;
use crate::files::FilePath;
use crate::freshness::State;
use crate::memo::parallel;
use crate::parse::front_matter::FrontMatter;
use crate::resolve::{Address, Page, PageId, Section, Site};
use crate::theme::Shared;
use crate::value::{Node, Value};

use super::alerts::{self, AtAddress};
use super::frame::{day, made, plain};
use super::made::Made;
use super::page::{owner, page_row};
use super::redirect::Redirect;
use super::view::{
    AttentionRow, HomeGroup, HomePage, NotFoundPage, PageRow, PageView, Report, SearchPage,
    SectionRow, SiteView,
};
use super::{Common, Subject, dashboards, navigation, reports};

/// The pages that list what the site has, and which pages lead on.
pub(crate) fn lists(subject: Subject<'_>, mut press: Press<'_>) -> Made {
    home(subject, &mut press);
    alerts(subject, &mut press);
    listings(subject, &mut press);
    redirects(subject, &mut press);
    if let Some((address, view)) = dashboards::dashboards(subject) {
        press.page_if_free("dashboards.html", &address, &view);
    }
    press.made
}

/// The pages of owners, the search page, and the one for whatever is not there.
pub(crate) fn owners(subject: Subject<'_>, mut press: Press<'_>) -> Made {
    press.pages("owner.html", &reports::owners(subject));
    for_readers(subject, &mut press);
    press.made
}

/// The reports on the site.
pub(crate) fn reports(subject: Subject<'_>, mut press: Press<'_>) -> Made {
    if let Some((address, view)) = reports::freshness(subject) {
        press.page("freshness.html", &address, &view);
    }
    if let Some((address, view)) = reports::coverage(subject) {
        press.page("coverage.html", &address, &view);
    }
    press.made
}

/// The search page, and the one for whatever is not there.
fn for_readers(subject: Subject<'_>, press: &mut Press<'_>) {
    let config = &subject.site.config;
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
    made: Made,
}

impl<'a> Press<'a> {
    pub(crate) fn new(
        common: &'a Common,
        navigation: &'a navigation::Part,
        taken: &'a BTreeSet<FilePath>,
    ) -> Press<'a> {
        Press { common, navigation, taken, made: Made::default() }
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
        !self.taken.contains(&file) && self.made.files.get(&file).is_none()
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
                Ok(html) => self.made.files.insert(file, html.into_bytes()),
                Err(diagnostic) => self.made.diagnostics.push(diagnostic),
            }
        }
    }
}

/// What all pages see of the site.
pub(crate) fn site_view(subject: Subject<'_>) -> SiteView {
    let site = subject.site;
    let config = &site.config;
    let report = |title: &str, name: &str| Report {
        title: title.to_owned(),
        path: made(config, name).encoded(),
    };
    let mut reports = Vec::new();
    let has_alerts = !subject.report.alerts.is_empty();
    if has_alerts {
        reports.push(report("Alerts", "alerts"));
    }
    if subject.report.pages.iter().any(|page| !page.dashboards.is_empty()) {
        reports.push(report("Dashboards", "dashboards"));
    }
    if subject.report.pages.iter().any(|page| page.freshness.owes()) {
        reports.push(report("Freshness", "freshness"));
    }
    if subject.report.pages.iter().any(|page| page.conformance.is_some()) {
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
        report_missing: alerts::report_missing(subject),
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
    subject: Subject<'_>,
    folder: &str,
    address: &Address,
) -> (Vec<SectionRow>, Vec<PageRow>) {
    let site = subject.site;
    let Some(section) = site.sections.get(folder) else { return (Vec::new(), Vec::new()) };
    let sections = section.sections.iter().filter_map(|inner| site.sections.get(inner));
    let sections = sections.map(|inner| section_row(site, inner, address)).collect();
    let pages =
        section.pages.iter().map(|id| page_row(subject, *id, site.page(*id), address)).collect();
    (sections, pages)
}

fn section_row(site: &Site, section: &Section, address: &Address) -> SectionRow {
    let summary = section.page.and_then(|id| site.page(id).document.meta.summary.as_ref());
    SectionRow {
        title: section.title.to_string(),
        url: address.link_to(&section.address),
        summary: summary.map(|summary| summary.value.clone()),
        pages: section.total,
    }
}

/// A page for each folder that has none of its own; the root's is the home page.
fn listings(subject: Subject<'_>, press: &mut Press<'_>) {
    let site = subject.site;
    for (folder, section) in site
        .sections
        .iter()
        .filter(|(folder, section)| !folder.is_empty() && section.page.is_none())
    {
        let (sections, pages) = listing(subject, folder, &section.address);
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

fn redirects(subject: Subject<'_>, press: &mut Press<'_>) {
    let site = subject.site;
    let former = site.redirects.iter();
    let redirects = former.map(|(address, id)| Redirect::of_page(address, site.page(*id)).into());
    press.made.redirects.extend(redirects);
}

/// How many pages of a section the home page shows.
const HOME_PAGES: usize = 12;
/// How many reviews the home page shows.
const HOME_RECENT: usize = 6;
/// How many alerts the home page shows.
const HOME_ALERTS: usize = 8;

fn home(subject: Subject<'_>, press: &mut Press<'_>) {
    let site = subject.site;
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
                .map(|id| page_row(subject, *id, site.page(*id), &address))
                .collect(),
            more: ids.len() - shown.len(),
        });
    }
    let alerts = alerts::ranked(subject);
    let answered = alerts.iter().map(|entry| entry.row(subject, &address));
    let view = HomePage {
        frame: plain(&site.config, &address, &site.config.title, &[]),
        body: root.page.map(|id| super::page::body_of(subject, press.common, id)),
        alerts: answered.filter(|row| row.url.is_some()).take(HOME_ALERTS).collect(),
        graph: reports::pipeline(subject, &address),
        graph_last: reports::is_large(subject),
        groups,
        attention: alerts::attention(subject, &address)
            .into_iter()
            .chain(stale(subject, &address))
            .collect(),
        recent: reports::recent(subject, &address, HOME_RECENT),
        built: day(subject.today),
    };
    press.page("home.html", &address, &view);
}

/// The pages that want a review soonest, as the home page lists them.
fn stale(subject: Subject<'_>, address: &Address) -> Vec<AttentionRow> {
    let is_stale = |report: &PageReport| {
        matches!(report.freshness.state, State::Overdue | State::Suspect | State::DueSoon)
    };
    let mut stale: Vec<(PageId, &Page, &PageReport)> = reports::owing(subject);
    stale.retain(|(_, _, report)| is_stale(report));
    stale.sort_by_key(|(_, _, report)| report.freshness.due());
    let row = |(id, page, _)| {
        let row = page_row(subject, id, page, address);
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
fn pages_below(site: &Site, folder: &str, section: &Section) -> Vec<PageId> {
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
fn alerts(subject: Subject<'_>, press: &mut Press<'_>) {
    if let Some((address, view)) = alerts::index(subject) {
        press.page_if_free("alerts.html", &address, &view);
    }
    for (address, page) in alerts::addresses(subject) {
        match page {
            AtAddress::Redirect(redirect) if press.is_free(&address) => {
                press.made.redirects.push(redirect.into());
            }
            AtAddress::Redirect(_) => {}
            AtAddress::Choice(view) => press.page_if_free("alert-choice.html", &address, &*view),
        }
    }
}
