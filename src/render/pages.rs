//! The pages that no content file stands for: listings, home, 404, redirects, alerts and reports.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::parse::front_matter::FrontMatter;
use crate::resolve::{Address, PageId, Section, Site};
use crate::theme::Shared;
use crate::value::{Node, Value};

use super::frame::{day, made, plain};
use super::page::{owner, page_row, severity};
use super::view::{
    AlertChoice, AlertChoicePage, AlertRow, AlertsPage, HomeGroup, HomePage, NotFoundPage, PageRow,
    PageView, RedirectPage, Report, SearchPage, SectionRow, SiteView, State,
};
use super::{Common, Subject, navigation, reports};

/// Renders every page besides those of content files into `files`; what failed is returned.
pub(crate) fn others(
    subject: Subject<'_>,
    common: &Common,
    parts: &navigation::Parts,
    files: &mut Files,
) -> Vec<Diagnostic> {
    let top = parts.top();
    let mut press =
        Press { common, navigation: &top.0, files, redirects: Vec::new(), failed: Vec::new() };
    home(subject, &mut press);
    listings(subject, &mut press);
    redirects(subject, &mut press);
    alerts(subject, &mut press);
    reports(subject, &mut press);
    let config = &subject.site.config;
    let search = made(config, "search");
    press.page(
        "search.html",
        &search,
        &SearchPage { frame: plain(config, &search, "Search", &[]) },
    );
    let mut frame = plain(config, &Address::of_file("404.html"), "Page not found", &[]);
    frame.root = base_path(config.base_url.as_deref());
    press.page("404.html", &Address::of_file("404.html"), &NotFoundPage { frame });
    press.redirects();
    press.failed
}

/// The reports on the site and the page of each owner.
fn reports(subject: Subject<'_>, press: &mut Press<'_>) {
    let soon = soon_days(subject.site.config.freshness.due_soon);
    if let Some((address, view)) = reports::freshness(subject, soon) {
        press.page("freshness.html", &address, &view);
    }
    if let Some((address, view)) = reports::coverage(subject) {
        press.page("coverage.html", &address, &view);
    }
    for (address, view) in reports::owners(subject, alert_rows) {
        press.page("owner.html", &address, &view);
    }
}

/// The path part of the base address: `/`, `/repo/`.
pub(crate) fn base_path(base_url: Option<&str>) -> String {
    let after_host =
        base_url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    after_host.map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"))
}

/// Where rendered pages go.
struct Press<'a> {
    common: &'a Common,
    navigation: &'a Shared,
    files: &'a mut Files,
    redirects: Vec<(Address, RedirectPage)>,
    failed: Vec<Diagnostic>,
}

impl Press<'_> {
    /// Renders the redirects together: a site may have as many of them as pages.
    fn redirects(&mut self) {
        let shared = [("navigation", self.navigation), ("site", &self.common.site)];
        let theme = &self.common.theme;
        let rendered = crate::memo::parallel(&self.redirects, |(_, view)| {
            theme.render("redirect.html", view, &shared)
        });
        for ((address, _), html) in self.redirects.iter().zip(rendered) {
            match html {
                Ok(html) => self.files.insert(address.file(), html.into_bytes()),
                Err(diagnostic) => self.failed.push(diagnostic),
            }
        }
    }

    fn page(&mut self, template: &str, address: &Address, view: &impl serde::Serialize) {
        let shared = [("navigation", self.navigation), ("site", &self.common.site)];
        match self.common.theme.render(template, view, &shared) {
            Ok(html) => self.files.insert(address.file(), html.into_bytes()),
            Err(diagnostic) => self.failed.push(diagnostic),
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
    if !site.alerts.is_empty() {
        reports.push(report("Alerts", "alerts"));
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
        alerts: (!site.alerts.is_empty()).then(|| made(config, "alerts").encoded()),
        reports,
        owners: config.owners.keys().filter_map(|key| owner(config, Some(key), None)).collect(),
        report_missing: config
            .repository
            .as_ref()
            .map(|repository| format!("{repository}/issues/new?title=Missing%20runbook%3A%20")),
        soon_days: soon_days(config.freshness.due_soon),
        pages: site.pages.len(),
        runbooks: subject.report.pages.iter().filter(|page| page.freshness.owes()).count(),
        noindex: !config.public,
    }
}

/// An interval as whole days, a month counted as thirty.
fn soon_days(interval: crate::calendar::Interval) -> u32 {
    u32::try_from(interval.months * 30 + interval.days).unwrap_or_default()
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
        let parents: Vec<(&str, &Address)> = site
            .sections
            .iter()
            .filter(|(parent, _)| !parent.is_empty() && folder.starts_with(&format!("{parent}/")))
            .map(|(_, parent)| (&*parent.title, &parent.address))
            .collect();
        let mut heading = String::new();
        crate::parse::html::escape(&mut heading, &section.title);
        let view = PageView {
            frame: plain(&site.config, &section.address, &section.title, &parents),
            heading,
            sections,
            pages,
            ..PageView::default()
        };
        press.page("page.html", &section.address, &view);
    }
}

fn redirects(subject: Subject<'_>, press: &mut Press<'_>) {
    let site = subject.site;
    for (address, id) in &site.redirects {
        let page = site.page(*id);
        redirect(subject, press, address, &page.address, None, &page.title);
    }
}

fn redirect(
    subject: Subject<'_>,
    press: &mut Press<'_>,
    address: &Address,
    to: &Address,
    anchor: Option<&str>,
    title: &str,
) {
    let fragment = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
    let view = RedirectPage {
        frame: plain(&subject.site.config, address, title, &[]),
        target_url: format!("{}{fragment}", address.link_to(to)),
        target: title.to_owned(),
    };
    press.redirects.push((address.clone(), view));
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
    let alerts = alert_rows(subject, &address);
    let mut attention: Vec<PageRow> = site
        .ids()
        .map(|(id, page)| page_row(subject, id, page, &address))
        .filter(|row| matches!(row.state, State::Over | State::Suspect | State::Soon))
        .collect();
    attention.sort_by(|a, b| {
        a.due.as_ref().map(|due| &due.iso).cmp(&b.due.as_ref().map(|due| &due.iso))
    });
    let view = HomePage {
        frame: plain(&site.config, &address, &site.config.title, &[]),
        body: root.page.map(|id| super::page::body_of(subject, press.common, id)),
        alerts: alerts.into_iter().take(HOME_ALERTS).collect(),
        graph: reports::pipeline(subject, &address),
        groups,
        attention: attention.into_iter().take(HOME_PAGES).map(attention_row).collect(),
        recent: reports::recent(subject, &address, HOME_RECENT),
        built: day(subject.today),
    };
    press.page("home.html", &address, &view);
}

fn attention_row(row: PageRow) -> super::view::AttentionRow {
    super::view::AttentionRow {
        title: row.title,
        url: row.url,
        due: row.due,
        state: row.state,
        warning: None,
        note: row.owner,
    }
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

/// Every alert, the most urgent first, seen from `address`.
fn alert_rows(subject: Subject<'_>, address: &Address) -> Vec<AlertRow> {
    let site = subject.site;
    let mut rows = Vec::new();
    for (name, claims) in &site.alerts {
        for claim in claims {
            rows.push(alert_row(subject, name, claim, address));
        }
    }
    rows.sort_by_key(|row: &AlertRow| row.severity.as_ref().map_or(4, |severity| severity.level));
    rows
}

fn alert_row(
    subject: Subject<'_>,
    name: &str,
    claim: &crate::resolve::AlertClaim,
    address: &Address,
) -> AlertRow {
    let page = subject.site.page(claim.page);
    let report = &subject.report.pages[claim.page.0 as usize];
    let heading = page
        .document
        .headings
        .iter()
        .find(|heading| Some(&heading.anchor) == claim.anchor.as_ref());
    let fragment = claim.anchor.as_ref().map_or_else(String::new, |anchor| format!("#{anchor}"));
    AlertRow {
        name: name.to_owned(),
        severity: claim.severity.as_deref().map(severity),
        condition: claim.condition.clone(),
        channel: claim.channel.clone(),
        url: Some(format!("{}{fragment}", address.link_to(&page.address))),
        target: heading.map_or_else(|| page.title.to_string(), crate::parse::Heading::full_text),
        page: Some(page.nav_title.to_string()),
        owner: owner(&subject.site.config, report.owner.as_deref(), None).map(|owner| owner.name),
        source: None,
        report_url: None,
    }
}

/// The alert index and each alert's own address.
fn alerts(subject: Subject<'_>, press: &mut Press<'_>) {
    let site = subject.site;
    if site.alerts.is_empty() {
        return;
    }
    let config = &site.config;
    let index = made(config, "alerts");
    let rows = alert_rows(subject, &index);
    let mut severities = Vec::new();
    for row in &rows {
        if let Some(severity) =
            row.severity.as_ref().filter(|severity| !severities.contains(*severity))
        {
            severities.push(severity.clone());
        }
    }
    let view = AlertsPage {
        frame: plain(config, &index, "Alerts", &[]),
        alerts: rows,
        severities,
        without_runbook: 0,
    };
    press.page("alerts.html", &index, &view);
    for (name, claims) in &site.alerts {
        let address = made(config, &format!("alerts/{name}"));
        if let [claim] = &claims[..] {
            let to = site.page(claim.page);
            redirect(subject, press, &address, &to.address, claim.anchor.as_deref(), name);
            continue;
        }
        let choices = claims
            .iter()
            .map(|claim| {
                let freshness = &subject.report.pages[claim.page.0 as usize].freshness;
                AlertChoice {
                    alert: alert_row(subject, name, claim, &address),
                    due: freshness.due.map(day),
                    state: super::frame::state(freshness.state),
                }
            })
            .collect();
        let frame = plain(config, &address, name, &[("Alerts", &index)]);
        press.page(
            "alert-choice.html",
            &address,
            &AlertChoicePage { frame, name: name.clone(), choices },
        );
    }
}
