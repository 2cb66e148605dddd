//! The home page: where somebody who was woken begins, what wants attention, and what the site has.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::PageReport;
use crate::check::alerts::LinkedRunbook;
use crate::check::alerts::says::UNRANKED;
use crate::freshness::State;
use crate::resolve::{Address, Page, PageId, PlacedPage, Section, Structure};

use super::alerts::{self, AlertEntry};
use super::frame::{self, day, plain};
use super::inputs::Overview;
use super::renderer::PageRenderer;
use super::rows::{page_row, section_row};
use super::view::{
    AlertRow, AlertSection, AttentionRow, HomeAlerts, HomeGroup, HomePage, ShownAlerts,
};
use super::{reports, reviews};

/// How many pages and sections of a section the home page shows: as many as stand together in a column.
const HOME_ROWS: usize = 8;
/// How many pages that want a review it shows.
const HOME_STALE: usize = 12;
/// How many reviews the home page shows.
const HOME_RECENT: usize = 6;

pub(super) fn home(overview: &Overview, own: Option<&Page>, renderer: &mut PageRenderer<'_>) {
    let site = &overview.site;
    let address = frame::home(site);
    let root = &site.sections[""];
    let view = HomePage {
        frame: plain(&site.config, &address, &site.config.title, &[]),
        body: root
            .page
            .zip(own)
            .map(|(id, page)| super::body::body_of(overview, renderer.common, id, page)),
        alerts: first_alerts(overview, &address),
        graph: reports::pipeline(overview, &address),
        graph_last: reports::is_large(overview),
        groups: groups(overview, &address),
        attention: alerts::attention(overview, &address)
            .into_iter()
            .chain(stale(overview, &address))
            .collect(),
        recent: reports::recent(overview, &address, HOME_RECENT),
        print_url: super::booklet::of_folder(overview, "", &address),
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
    stale.into_iter().take(HOME_STALE).map(row).collect()
}

/// The site's pages, by section; where one section holds nearly all of them, by what lies in that.
fn groups(overview: &Overview, address: &Address) -> Vec<HomeGroup> {
    let site = &overview.site;
    let root = &site.sections[""];
    let mut groups = Vec::new();
    let mut add = |folder: &str, sections: &[&String]| {
        groups.extend(group(overview, folder, sections, address));
    };
    add("", &[]);
    for folder in inner_sections(site, root) {
        let section = &site.sections[folder];
        let inner = inner_sections(site, section);
        if inner.len() > 1 && section.total * 3 > root.total * 2 {
            add(folder, &[]);
            for folder in inner {
                add(folder, &inner_sections(site, &site.sections[folder]));
            }
        } else {
            add(folder, &inner);
        }
    }
    groups
}

/// What is directly in a folder: these sections, and its pages.
fn group(
    overview: &Overview,
    folder: &str,
    sections: &[&String],
    address: &Address,
) -> Option<HomeGroup> {
    let site = &overview.site;
    let section = site.sections.get(folder)?;
    let ids = pages_in(site, section);
    let room = HOME_ROWS - ids.len().min(HOME_ROWS / 2);
    let inner = sections.iter().filter_map(|folder| site.sections.get(*folder));
    let (inner, left_out): (Vec<_>, Vec<_>) = inner.enumerate().partition(|(at, _)| *at < room);
    let shown = &ids[..ids.len().min(HOME_ROWS - inner.len())];
    let more = left_out.iter().map(|(_, section)| listed(site, section)).sum::<usize>();
    (!shown.is_empty() || !inner.is_empty()).then(|| HomeGroup {
        title: section.title.to_string(),
        url: (!folder.is_empty()).then(|| address.link_to(&section.address)),
        sections: inner.iter().map(|(_, section)| section_row(site, section, address)).collect(),
        pages: shown.iter().map(|id| page_row(overview, *id, site.page(*id), address)).collect(),
        more: more + ids.len() - shown.len(),
    })
}

/// How many pages lists show of a section and of what lies in it.
fn listed(site: &Structure, section: &Section) -> usize {
    let inner = section.sections.iter().filter_map(|folder| site.sections.get(folder));
    let inner: usize = inner.map(|inner| listed(site, inner)).sum();
    usize::from(section.page.is_some()) + section.pages.len() + inner
}

/// The pages directly in a section, and the folders in it that are one page, in reading order.
fn pages_in(site: &Structure, section: &Section) -> Vec<PageId> {
    let inner = section.sections.iter().filter_map(|folder| site.sections.get(folder));
    let alone = inner.filter(|inner| inner.is_one_page()).filter_map(|inner| inner.page);
    section.pages.iter().copied().chain(alone).collect()
}

/// The folders directly in a section that are more than one page.
fn inner_sections<'s>(site: &'s Structure, section: &'s Section) -> Vec<&'s String> {
    let is_more = |folder: &&String| {
        site.sections.get(*folder).is_some_and(|inner| !inner.is_one_page() && inner.total > 0)
    };
    section.sections.iter().filter(is_more).collect()
}

/// How many alerts the home page shows.
const HOME_ALERTS: usize = 8;

/// Where the home page begins: at the most urgent alerts, or where none has a severity at those of the pages that
/// changed last. Where git knows no page either, the alphabet says nothing: a few alerts are all shown, of many the
/// sections that answer them.
fn first_alerts(overview: &Overview, address: &Address) -> HomeAlerts {
    let entries = alerts::ranked(overview);
    let day = |entry: &AlertEntry<'_>| overview.report.pages[entry.page?.0 as usize].changed_on;
    let leads = |entry: &&AlertEntry<'_>| match entry.page {
        Some(id) => !overview.site.page(id).deprecated,
        None => matches!(entry.alert.linked, Some(LinkedRunbook::Elsewhere(_))),
    };
    let mut known: Vec<&AlertEntry<'_>> = entries.iter().filter(leads).collect();
    let shown = if known.iter().any(|entry| entry.level() < UNRANKED) {
        known.retain(|entry| entry.level() < UNRANKED);
        ShownAlerts::Urgent
    } else if known.len() <= HOME_ALERTS {
        ShownAlerts::All
    } else if known.iter().any(|entry| day(entry).is_some()) {
        known.sort_by_key(|entry| std::cmp::Reverse(day(entry)));
        ShownAlerts::Changed
    } else {
        let sections = answering_sections(overview, &known, address);
        let count = Some(overview.report.alerts.len());
        let rows = Vec::new();
        return HomeAlerts { shown: ShownAlerts::Sections, rows, sections, count };
    };
    let rows = known.iter().map(|entry| entry.row(overview, address));
    let rows: Vec<AlertRow> = rows.filter(|row| row.url.is_some()).take(HOME_ALERTS).collect();
    let all = overview.report.alerts.len();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let count = (names.len() < all).then_some(all);
    HomeAlerts { shown, rows, sections: Vec::new(), count }
}

/// The sections whose pages answer most alerts, in reading order; none where one section answers them all.
fn answering_sections(
    overview: &Overview,
    entries: &[&AlertEntry<'_>],
    address: &Address,
) -> Vec<AlertSection> {
    let site = &overview.site;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in entries.iter().filter_map(|entry| entry.page) {
        let folder = site.page(id).folder.as_str();
        let is_alone = site.sections.get(folder).is_some_and(Section::is_one_page);
        let above = || folder.rsplit_once('/').map_or("", |(above, _)| above);
        *counts.entry(if is_alone { above() } else { folder }).or_default() += 1;
    }
    counts.remove("");
    let mut sections: Vec<(&str, usize)> = counts.into_iter().collect();
    // Equals stay in the order of their folders.
    sections.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sections.truncate(HOME_ALERTS);
    sections.sort_by_key(|(folder, _)| *folder);
    if sections.len() < 2 {
        return Vec::new();
    }
    let shown = sections.into_iter().filter_map(|(folder, alerts)| {
        let section = site.sections.get(folder)?;
        let (title, url) = (section.title.to_string(), address.link_to(&section.address));
        Some(AlertSection { title, url, alerts })
    });
    shown.collect()
}
