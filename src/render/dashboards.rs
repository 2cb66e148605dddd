//! What is shown of dashboards and other deep links: a page's buttons, the page that lists all, and its JSON.

use serde::Serialize;

use crate::check::dashboards::defaults;
use crate::config::Config;
use crate::deep_link::{DashboardLink, address, kind_title};
use crate::parse::Outline;
use crate::resolve::Address;

use super::frame::plain;
use super::inputs::Overview;
use super::json::{json, url};
use super::view::{Dashboard, DashboardFilter, DashboardGroup, DashboardsPage};

/// A page's deep links, each with the address that its console reads.
pub(crate) fn buttons(
    config: &Config,
    document: &Outline,
    links: &[DashboardLink],
) -> Vec<Dashboard> {
    let defaults = defaults(config, document);
    let button = |link: &DashboardLink| {
        let address = address(link, &defaults);
        let kind_title = kind_title(&link.kind, &defaults).to_owned();
        Dashboard {
            title: link.title.clone(),
            url: address.url,
            url_template: address.template,
            kind: family(&link.kind, &kind_title).key,
            icon: icon(&link.kind).to_owned(),
            kind_title,
            note: link.note.clone(),
        }
    };
    links.iter().map(button).collect()
}

/// The place on a scale of five icons that a kind has.
fn icon(kind: &str) -> &'static str {
    match kind {
        "cloudwatch-dashboard" | "cloudwatch-alarm" => "cw",
        "log-group" | "logs-insights" => "li",
        "xray" => "xr",
        "grafana" | "grafana-explore" => "gf",
        _ => "out",
    }
}

/// What the dashboards page filters by: kinds that lead to one console are one.
fn family(kind: &str, kind_title: &str) -> DashboardFilter {
    let (key, title) = match kind {
        "cloudwatch-dashboard" | "cloudwatch-alarm" => ("cloudwatch", "CloudWatch"),
        "log-group" | "logs-insights" => ("logs", "Logs"),
        "grafana" | "grafana-explore" => ("grafana", "Grafana"),
        kind => (kind, kind_title),
    };
    DashboardFilter { key: key.to_owned(), title: title.to_owned(), icon: icon(kind).to_owned() }
}

/// The page of all dashboards.
pub(crate) fn dashboards(overview: &Overview, address: &Address) -> DashboardsPage {
    let site = &overview.site;
    let mut kinds: Vec<DashboardFilter> = Vec::new();
    let mut groups = Vec::new();
    for (page, report) in site.pages.iter().zip(&overview.report.pages) {
        let dashboards = buttons(&site.config, &page.document, &report.dashboards);
        for (link, button) in report.dashboards.iter().zip(&dashboards) {
            let kind = family(&link.kind, &button.kind_title);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if !dashboards.is_empty() {
            groups.push(DashboardGroup {
                title: page.nav_title.to_string(),
                url: Some(address.link_to(&page.address)),
                dashboards,
            });
        }
    }
    // Plain addresses stand last: they are of no kind that a reader would look for.
    kinds.sort_by(|a, b| (a.key == "url", &a.title).cmp(&(b.key == "url", &b.title)));
    let frame = plain(&site.config, address, site.config.words.get("dashboards"), &[]);
    DashboardsPage { frame, kinds, groups }
}

/// One row of `api/dashboards.json`.
#[derive(Serialize)]
struct DashboardRow<'a> {
    title: &'a str,
    kind: &'a str,
    url: String,
    url_template: Option<String>,
    note: Option<&'a str>,
    page: &'a str,
    page_url: String,
    agent: Option<&'a str>,
    owner: Option<&'a str>,
}

/// The content of `api/dashboards.json`.
pub(crate) fn for_programs(overview: &Overview) -> String {
    let site = &overview.site;
    let mut rows = Vec::new();
    for (page, report) in site.pages.iter().zip(&overview.report.pages) {
        let buttons = buttons(&site.config, &page.document, &report.dashboards);
        for (link, button) in report.dashboards.iter().zip(buttons) {
            rows.push(DashboardRow {
                title: &link.title,
                kind: &link.kind,
                url: button.url,
                url_template: button.url_template,
                note: link.note.as_deref(),
                page: &page.title,
                page_url: url(site, page),
                agent: page.document.meta.agent.as_ref().map(|agent| agent.value.as_str()),
                owner: report.owner.as_deref(),
            });
        }
    }
    json(&rows)
}
