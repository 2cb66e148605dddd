//! The pages that report on the site: freshness, coverage and one page an owner, and the pipeline of agents.
//!
//! Builds views; which of them are published, and where, is decided by [`super::pages`].

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::check::PageReport;
use crate::check::conformance::{Schema, SectionReport, SectionState};
use crate::check::freshness::{Basis, Freshness as Judged};
use crate::freshness::State;
use crate::memo::parallel;
use crate::resolve::{Address, PlacedPage};
use crate::words::Words;

use super::alerts;
use super::frame::{day, due_day, plain};
use super::graph::{self, GraphNode};
use super::inputs::Overview;
use super::owner::{owner, owner_name};
use super::plot::{DuePage, plot};
use super::reviews::owing;
use super::rows::{every, page_row, view_status};
use super::view::{
    CellState, CoverageCell, CoverageColumn, CoverageGroup, CoverageMatrix, CoveragePage,
    CoverageRow, FreshnessPage, FreshnessRow, OwnerPage, OwnerRow, OwnersPage, PageRow, RecentRow,
    StateCounts, StatusKind,
};

/// The freshness report.
pub(crate) fn freshness(overview: &Overview, address: &Address) -> FreshnessPage {
    let config = &overview.site.config;
    let owing = owing(overview);
    let mut rows: Vec<(&Judged, FreshnessRow)> = owing
        .iter()
        .map(|(_, page, report)| {
            (&report.freshness, freshness_row(overview, page, report, address))
        })
        .collect();
    rows.sort_by(|a, b| (urgency(a.0), &a.1.title).cmp(&(urgency(b.0), &b.1.title)));
    let names: Vec<String> = owing
        .iter()
        .map(|(_, _, report)| owner_name(config, report.owner.as_deref()).unwrap_or_default())
        .collect();
    let due: Vec<DuePage<'_>> = owing
        .iter()
        .zip(&names)
        .map(|((_, page, report), owner)| DuePage {
            title: &page.nav_title,
            owner,
            date: report.freshness.due(),
            soon: report.freshness.schedule.due().map(|due| due.soon),
            state: report.freshness.state,
            draft: is_draft(page),
        })
        .collect();
    let counts = counts(owing.iter().map(|(_, _, report)| report.freshness.state));
    let owed = owing.len() - counts.evergreen;
    let caveat = overview.report.history_unknown.as_ref();
    FreshnessPage {
        frame: plain(config, address, config.words.get("freshness"), &[]),
        counts,
        in_date_percent: percent(counts.fresh + counts.soon + counts.suspect, owed),
        plot: plot(&config.words, &due, config.freshness.due_soon, overview.today),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        caveat: caveat
            .filter(|_| owing.iter().any(|(_, _, report)| report.freshness.watches_unknown))
            .map(|reason| config.words.fill("watched-unknown", &[("reason", reason.as_str())])),
        calendar_url: super::reviews::is_anything_due(overview)
            .then(|| address.link_to(&Address::of_file("reviews.ics"))),
        built: day(config, overview.today),
    }
}

fn is_draft(page: &PlacedPage) -> bool {
    let status = page.document.meta.status.as_ref();
    status.is_some_and(|status| view_status(&status.value).kind == StatusKind::Draft)
}

/// Which sections of their templates the pages have filled in.
pub(crate) fn coverage(overview: &Overview, address: &Address) -> CoveragePage {
    let config = &overview.site.config;
    let mut by_template: BTreeMap<&str, Vec<(&PlacedPage, &PageReport)>> = BTreeMap::new();
    for (page, report) in overview.site.pages.iter().zip(&overview.report.pages) {
        if let Some(template) = page.template.as_deref().filter(|_| report.conformance.is_some()) {
            by_template.entry(template).or_default().push((page, report));
        }
    }
    let matrix =
        |(template, pages): (&str, Vec<_>)| matrix(&config.words, template, &pages, address);
    CoveragePage {
        frame: plain(config, address, config.words.get("coverage-title"), &[]),
        matrices: by_template.into_iter().filter_map(matrix).collect(),
    }
}

/// One page for each owner in `[owners]`.
pub(crate) fn owners(overview: &Overview) -> Vec<(Address, OwnerPage)> {
    let site = &overview.site;
    let keys: Vec<&String> = site.config.owners.keys().collect();
    let alerts = alerts::ranked(overview);
    let pages = parallel(&keys, |key| {
        let address = Address::of_owner(key, site.config.address_style);
        let card = owner(&site.config, Some(key), None)?;
        let mut own: Vec<(State, PageRow)> = site
            .ids()
            .filter(|(id, _)| overview.report.pages[id.0 as usize].owner.as_ref() == Some(*key))
            .map(|(id, page)| {
                let report = &overview.report.pages[id.0 as usize];
                (report.freshness.state, page_row(overview, id, page, &address))
            })
            .collect();
        own.sort_by(|a, b| (a.0, &a.1.title).cmp(&(b.0, &b.1.title)));
        let own_alerts: Vec<&alerts::AlertEntry<'_>> =
            alerts.iter().filter(|entry| entry.is_answered_by(overview, key)).collect();
        let listed = &own_alerts[..own_alerts.len().min(MOST_ROWS_OF_OWNER)];
        let (reviews, more_reviews) = due_reviews(overview, key, &address);
        let view = OwnerPage {
            frame: plain(&site.config, &address, &card.name, &[]),
            alerts_url: filtered(overview, "alerts", &card.name, &address),
            report_url: filtered(overview, "freshness", &card.name, &address),
            more_alerts: own_alerts.len() - listed.len(),
            reviews,
            more_reviews,
            pages: own.into_iter().map(|(_, row)| row).collect(),
            print_url: super::booklet::of_owner(overview, key, &address),
            owner: card,
            alerts: listed.iter().map(|entry| entry.row(overview, &address)).collect(),
        };
        Some((address, view))
    });
    pages.into_iter().flatten().collect()
}

/// The list of all owners.
pub(crate) fn owner_list(overview: &Overview, address: &Address) -> OwnersPage {
    let config = &overview.site.config;
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for owner in overview.report.pages.iter().filter_map(|report| report.owner.as_deref()) {
        *pages.entry(owner).or_default() += 1;
    }
    let row = |key: &String| {
        let count = pages.get(key.as_str()).copied().unwrap_or_default();
        let count = config.words.count("page-count", count, &[]);
        Some(OwnerRow { owner: owner(config, Some(key), None)?, count })
    };
    OwnersPage {
        frame: plain(config, address, config.words.get("owners"), &[]),
        owners: config.owners.keys().filter_map(row).collect(),
    }
}

/// How many reviews and how many alerts an owner's page lists.
const MOST_ROWS_OF_OWNER: usize = 50;

/// The reviews that an owner owes, the most urgent first, and how many more there are.
fn due_reviews(overview: &Overview, key: &str, address: &Address) -> (Vec<FreshnessRow>, usize) {
    let mut owed: Vec<(&PlacedPage, &PageReport)> = owing(overview)
        .into_iter()
        .filter(|(_, _, report)| report.owner.as_deref() == Some(key))
        .filter(|(_, _, report)| report.freshness.state != State::Evergreen)
        .map(|(_, page, report)| (page, report))
        .collect();
    owed.sort_by_key(|(page, report)| (urgency(&report.freshness), &*page.nav_title));
    let more = owed.len().saturating_sub(MOST_ROWS_OF_OWNER);
    owed.truncate(MOST_ROWS_OF_OWNER);
    let row = |(page, report)| freshness_row(overview, page, report, address);
    (owed.into_iter().map(row).collect(), more)
}

/// A report, filtered by an owner's name.
fn filtered(overview: &Overview, report: &str, name: &str, address: &Address) -> String {
    let report = address.link_to(overview.site.generated(report));
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("{report}?q={name}")
}

/// From how many agents a drawing is large.
const LARGE: usize = 12;

/// Whether the drawing of the agents is so large that it pushes everything else off the screen.
pub(crate) fn is_large(overview: &Overview) -> bool {
    overview.report.agents.agents().count() > LARGE
}

/// The agents and what flows between them, as SVG for a page at `address`.
pub(crate) fn pipeline(overview: &Overview, address: &Address) -> Option<String> {
    let agents = &overview.report.agents;
    let names: Vec<&str> = agents.agents().collect();
    let place = |name: &str| names.binary_search(&name).ok();
    let edges: Vec<(usize, usize)> =
        agents.edges().filter_map(|(from, to)| Some((place(from)?, place(to)?))).collect();
    let nodes: Vec<GraphNode> = names.iter().map(|name| node(overview, name, address)).collect();
    // Agents that nothing connects are in the lists below the drawing.
    let kept: Vec<usize> = (0..nodes.len())
        .filter(|at| edges.iter().any(|(from, to)| from == at || to == at))
        .collect();
    let new = |old: usize| kept.binary_search(&old).unwrap_or_default();
    let edges: Vec<(usize, usize)> =
        edges.iter().map(|(from, to)| (new(*from), new(*to))).collect();
    let nodes: Vec<GraphNode> = kept.iter().map(|at| nodes[*at].clone()).collect();
    graph::graph(&overview.site.config.words, &nodes, &edges)
}

/// What happened to pages last, the newest first.
pub(crate) fn recent(overview: &Overview, address: &Address, most: usize) -> Vec<RecentRow> {
    let config = &overview.site.config;
    let mut found: Vec<(Date, &PlacedPage, &PageReport)> = overview
        .site
        .pages
        .iter()
        .zip(&overview.report.pages)
        .filter_map(|(page, report)| {
            let last = report.freshness.last.as_ref().filter(|last| last.basis != Basis::Date)?;
            Some((last.on, &**page, &**report))
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.address.cmp(&b.1.address)));
    let row = |(on, page, report): (Date, &PlacedPage, &PageReport)| {
        let last = report.freshness.last.as_ref();
        let words = &config.words;
        let what = match last.and_then(|last| last.by.as_ref()) {
            Some(by) => words.fill("reviewed-last-by", &[("name", by)]),
            None => words.get("reviewed-last").to_owned(),
        };
        let how = last
            .and_then(|last| last.how)
            .map(|how| [words.get("comma"), words.get(&format!("how-{}", how.name()))].concat());
        RecentRow {
            title: page.nav_title.to_string(),
            url: address.link_to(&page.address),
            on: day(config, on),
            what: what + &how.unwrap_or_default(),
        }
    };
    found.into_iter().take(most).map(row).collect()
}

fn node(overview: &Overview, agent: &str, address: &Address) -> GraphNode {
    let Some(id) = overview.site.agent(agent) else {
        return GraphNode { title: agent.to_owned(), ..GraphNode::default() };
    };
    let (page, report) = (overview.site.page(id), &overview.report.pages[id.0 as usize]);
    GraphNode {
        title: page.nav_title.to_string(),
        owner: owner_name(&overview.site.config, report.owner.as_deref()).unwrap_or_default(),
        url: Some(address.link_to(&page.address)),
        due: due_day(&overview.site.config, &report.freshness),
        state: report.freshness.state,
        current: page.address == *address,
    }
}

/// The order of lists: the most urgent state first, and in it the earliest date.
fn urgency(freshness: &Judged) -> (State, Option<Date>) {
    (freshness.state, freshness.due())
}

fn counts(states: impl Iterator<Item = State>) -> StateCounts {
    let mut counts = StateCounts::default();
    for state in states {
        match state {
            State::Overdue => counts.over += 1,
            State::DueSoon => counts.soon += 1,
            State::Fresh => counts.fresh += 1,
            State::NeverReviewed => counts.never += 1,
            State::Suspect => counts.suspect += 1,
            State::Evergreen => counts.evergreen += 1,
            State::None => {}
        }
    }
    counts
}

fn percent(part: usize, whole: usize) -> u8 {
    (part * 100).checked_div(whole).map_or(100, |percent| percent as u8)
}

fn freshness_row(
    overview: &Overview,
    page: &PlacedPage,
    report: &PageReport,
    address: &Address,
) -> FreshnessRow {
    let config = &overview.site.config;
    let judged = &report.freshness;
    let last = judged.last.as_ref();
    let status = page.document.meta.status.as_ref();
    FreshnessRow {
        title: page.nav_title.to_string(),
        url: address.link_to(&page.address),
        status: status.map(|status| view_status(&status.value)),
        state: judged.state,
        due: due_day(config, judged),
        reviewed: last.map(|last| day(config, last.on)),
        note: review_note(&config.words, judged),
        every: every(config, &page.document, judged),
        owner: owner_name(config, report.owner.as_deref()),
    }
}

/// What is to be said of how a page was reviewed last.
fn review_note(words: &Words, judged: &Judged) -> Option<String> {
    if judged.last.as_ref().map(|last| last.basis) == Some(Basis::Date) {
        return Some(words.get("dated-note").to_owned());
    }
    let dates = match judged.dated_in_bulk() {
        Some(together) => {
            let count = together.to_string();
            Some(words.fill("dated-in-bulk", &[("count", count.as_str())]))
        }
        None => (judged.date_only() == Some(true)).then(|| words.get("date-only").to_owned()),
    };
    let by_author = judged.reviewed.and_then(|reviewed| reviewed.by_author) == Some(true);
    let by_author = by_author.then(|| words.get("reviewed-by-author").to_owned());
    let notes: Vec<String> = dates.into_iter().chain(by_author).collect();
    (!notes.is_empty()).then(|| notes.join(" · "))
}

/// How many rows a matrix shows before it is folded to the pages with the most left to do.
const MOST_ROWS: usize = 250;

fn matrix(
    words: &Words,
    template: &str,
    pages: &[(&PlacedPage, &PageReport)],
    address: &Address,
) -> Option<CoverageMatrix> {
    let schema = pages.first()?.1.schema.as_ref()?;
    let groups = groups(schema);
    let firsts: Vec<bool> =
        groups.iter().flat_map(|group| (0..group.columns.len()).map(|at| at == 0)).collect();
    let mut rows: Vec<CoverageRow> = pages
        .iter()
        .filter_map(|(page, report)| row(words, page, report, &firsts, address))
        .collect();
    let done =
        |cell: &CoverageCell| matches!(cell.state, CellState::Complete | CellState::NotApplicable);
    let percents: Vec<u8> = (0..firsts.len())
        .map(|column| {
            percent(rows.iter().filter(|row| done(&row.cells[column])).count(), rows.len())
        })
        .collect();
    let all = rows.iter().flat_map(|row| &row.cells).filter(|cell| done(cell)).count();
    let (total, count) = (rows.len(), rows.len() * firsts.len());
    if total > MOST_ROWS {
        rows.sort_by_key(|row| row.percent);
        rows.truncate(MOST_ROWS);
    }
    Some(CoverageMatrix {
        more: total - rows.len(),
        template: template.to_owned(),
        percent: percent(all, count),
        has_parts: groups.iter().flat_map(|group| &group.columns).any(|it| !it.label.is_empty()),
        groups,
        rows,
        percents,
    })
}

/// The template's sections without subsections, under the top section that holds them.
fn groups(schema: &Schema) -> Vec<CoverageGroup> {
    let mut groups: Vec<CoverageGroup> = Vec::new();
    for section in &schema.sections {
        if section.top {
            groups.push(CoverageGroup {
                title: section.name.clone(),
                label: section.name.clone(),
                columns: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut().filter(|_| section.leaf) {
            let label = section.number.clone().unwrap_or_default();
            group.columns.push(CoverageColumn {
                title: format!(
                    "{} {}",
                    section.number.as_deref().unwrap_or_default(),
                    section.name
                )
                .trim()
                .to_owned(),
                label: label.trim_end_matches('.').to_owned(),
            });
        }
    }
    groups.retain(|group| !group.columns.is_empty());
    for group in &mut groups {
        if group.columns.len() == 1 {
            // Its section's name says enough.
            group.label = first_words(&group.title, 12);
            continue;
        }
        for (place, column) in (1..).zip(&mut group.columns) {
            if column.label.is_empty() {
                column.label = place.to_string();
            }
        }
    }
    groups
}

/// The words at the beginning of a title that fit above one column; at least one, and none that leads on.
fn first_words(title: &str, most: usize) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in title.split_whitespace() {
        let length: usize = kept.iter().map(|kept| kept.chars().count() + 1).sum();
        if !kept.is_empty() && length + word.chars().count() > most {
            break;
        }
        kept.push(word);
    }
    while kept.len() > 1 && kept.last().is_some_and(|word| LEADS_ON.contains(word)) {
        kept.pop();
    }
    kept.join(" ")
}

const LEADS_ON: [&str; 8] = ["and", "&", "or", "of", "the", "for", "in", "to"];

fn row(
    words: &Words,
    page: &PlacedPage,
    report: &PageReport,
    firsts: &[bool],
    address: &Address,
) -> Option<CoverageRow> {
    let conformance = report.conformance.as_ref()?;
    let url = address.link_to(&page.address);
    let leaves = conformance.sections.iter().filter(|section| section.leaf);
    let cells: Vec<CoverageCell> =
        leaves.zip(firsts).map(|(section, first)| cell(words, section, &url, *first)).collect();
    Some(CoverageRow {
        title: page.nav_title.to_string(),
        url,
        status: page.document.meta.status.as_ref().map(|status| view_status(&status.value)),
        percent: conformance.percent,
        cells,
    })
}

fn cell(words: &Words, section: &SectionReport, page_url: &str, first: bool) -> CoverageCell {
    let number = section.number.as_deref().map(|number| format!("{number} ")).unwrap_or_default();
    let title = format!("{number}{}", section.name);
    let title = [("section", title.as_str())];
    let (state, count, label) = match &section.state {
        SectionState::Complete => (CellState::Complete, 0, words.fill("section-complete", &title)),
        SectionState::NotApplicable { reason: Some(reason) } => {
            let values = [title[0], ("reason", reason.as_str())];
            (CellState::NotApplicable, 0, words.fill("section-notapplicable-because", &values))
        }
        SectionState::NotApplicable { reason: None } => {
            (CellState::NotApplicable, 0, words.fill("section-notapplicable", &title))
        }
        SectionState::Placeholders => {
            let count = section.placeholders;
            (CellState::Placeholders, count, words.count("section-placeholders", count, &title))
        }
        SectionState::Guidance => {
            (CellState::Guidance, section.guidance, words.fill("section-guidance", &title))
        }
        SectionState::Missing => (CellState::Missing, 0, words.fill("section-missing", &title)),
    };
    CoverageCell {
        state,
        count,
        label,
        url: section.anchor.as_ref().map(|anchor| format!("{page_url}#{anchor}")),
        first,
    }
}

#[cfg(test)]
mod tests {
    use super::first_words;

    #[test]
    fn a_title_above_one_column_is_cut_between_words() {
        let check = |title, expected| assert_eq!(first_words(title, 12), expected);
        check("Overview and Context", "Overview");
        check("Recovery & Disaster Recovery", "Recovery");
        check("Impact", "Impact");
        check("Wiederherstellungsverfahren im Notfall", "Wiederherstellungsverfahren");
        check("", "");
    }
}
