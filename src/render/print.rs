//! A section, what an owner owns, or the whole site as one document for paper.
//!
//! Each page begins a sheet of its own, below a line that every sheet repeats. The anchors of a page get its number in
//! front, since two pages may have the same.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Bytes;
use crate::memo::Kept;
use crate::procedure::answer::is_same_name;
use crate::resolve::{Address, Page, PageId, Structure};
use crate::text::{breakable_html, escaped};
use crate::theme::Shared;

use super::alerts;
use super::body::{self, Href, href};
use super::frame::{due_day, plain};
use super::inputs::Overview;
use super::owner::owner;
use super::rows::page_row;
use super::shown::ShownSite;
use super::view::{AlertRow, LinkView, PrintPage, PrintedPage};

/// From how many pages a document is too long to be read by anybody; its sections have documents of their own.
const MOST_PAGES: usize = 250;

/// How many folders deep a section has a document of its own; what lies deeper is in that of the one above. Otherwise
/// each page would be in as many documents as folders are around it.
const DEEPEST: usize = 8;

/// A document, before its pages are written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Booklet {
    pub(crate) address: Address,
    title: String,
    pub(crate) pages: Vec<PageId>,
}

/// Every document of a site.
pub(crate) fn booklets(overview: &Overview) -> Vec<Arc<Booklet>> {
    let site = &overview.site;
    let mut found = Vec::new();
    let mut add = |name: &str, title: &str, pages: Vec<PageId>| {
        if (1..=MOST_PAGES).contains(&pages.len()) {
            let address = Address::of_generated(name, site.config.address_style);
            found.push(Arc::new(Booklet { address, title: title.to_owned(), pages }));
        }
    };
    let own = site.sections.iter().filter(|(folder, _)| printed_with(folder) == folder.as_str());
    for (folder, section) in own {
        let title = if folder.is_empty() { site.config.title.as_str() } else { &*section.title };
        add(&name_of(folder), title, pages_in(site, folder));
    }
    for (key, known) in &site.config.owners {
        let is_own = |id: &PageId| overview.report.pages[id.0 as usize].owner.as_ref() == Some(key);
        let pages = pages_in(site, "").into_iter().filter(is_own).collect();
        let name = format!("owners/{}", crate::resolve::address::clean(key));
        add(&name_of(&name), known.name.as_deref().unwrap_or(key), pages);
    }
    found
}

fn name_of(folder: &str) -> String {
    if folder.is_empty() { "print".to_owned() } else { format!("{folder}/print") }
}

/// The folder whose document has the pages of a folder.
fn printed_with(folder: &str) -> &str {
    let end = folder.match_indices('/').nth(DEEPEST - 1).map_or(folder.len(), |(at, _)| at);
    &folder[..end]
}

/// Where the document of a folder is, seen from `address`; nothing where it is too long to be made.
pub(crate) fn of_folder(overview: &Overview, folder: &str, address: &Address) -> Option<String> {
    let folder = printed_with(folder);
    let count = pages_in(&overview.site, folder).len();
    let to = Address::of_generated(&name_of(folder), overview.site.config.address_style);
    (1..=MOST_PAGES).contains(&count).then(|| address.link_to(&to))
}

/// Where the document of an owner is, seen from its page.
pub(crate) fn of_owner(overview: &Overview, key: &str, address: &Address) -> Option<String> {
    let reports = overview.report.pages.iter();
    let count = reports.filter(|report| report.owner.as_deref() == Some(key)).count();
    let name = format!("owners/{}", crate::resolve::address::clean(key));
    let to = Address::of_generated(&name_of(&name), overview.site.config.address_style);
    (1..=MOST_PAGES).contains(&count).then(|| address.link_to(&to))
}

/// The pages of a folder in reading order: its own, those directly in it, then those of its sections.
fn pages_in(site: &Structure, folder: &str) -> Vec<PageId> {
    let Some(section) = site.sections.get(folder) else { return Vec::new() };
    let mut pages: Vec<PageId> = section.page.into_iter().chain(section.pages.clone()).collect();
    for inner in &section.sections {
        pages.extend(pages_in(site, inner));
        if pages.len() > MOST_PAGES {
            break;
        }
    }
    pages
}

/// All that a document depends on. Equal inputs make equal documents.
#[derive(PartialEq, Eq)]
pub(crate) struct PrintInput {
    pub(crate) booklet: Arc<Booklet>,
    pub(crate) shown: Kept<ShownSite>,
    /// Its pages, with their text.
    pub(crate) pages: Vec<Arc<Page>>,
}

/// The document as published, or what kept its template from making it.
pub(crate) fn render(input: &PrintInput) -> Result<Bytes, Diagnostic> {
    let PrintInput { booklet, shown, pages } = input;
    let ShownSite { overview, common, .. } = &**shown;
    let config = &overview.site.config;
    let says_something =
        |(id, page): &(&PageId, &Arc<Page>)| !overview.site.page(**id).is_section || has_text(page);
    let printed_pages = booklet.pages.iter().zip(pages).filter(says_something);
    let pages: Vec<PrintedPage> = (1..)
        .zip(printed_pages)
        .map(|(number, (id, page))| printed(input, number, *id, page))
        .collect();
    let mut frame = plain(config, &booklet.address, &booklet.title, &[]);
    frame.noindex = true;
    let count = config.words.count("page-count", pages.len(), &[]);
    let view = PrintPage { frame, title: booklet.title.clone(), count, pages };
    let capacity = view.pages.iter().map(|page| page.body.len() + 2048).sum();
    let navigation = Shared::new(&"");
    let shared = [("navigation", &navigation), ("site", &common.site)];
    Ok(common.theme.render_page("print.html", &view, &shared, capacity)?.into())
}

/// Whether a page has more than a title: the pages of many sections only name them, and would be empty sheets.
fn has_text(page: &Page) -> bool {
    let document = &page.document;
    document.sections.iter().any(|section| !section.text.is_empty())
        || !document.code_blocks.is_empty()
        || !document.links.is_empty()
        || !document.meta.alerts.is_empty()
}

fn printed(input: &PrintInput, number: usize, id: PageId, page: &Page) -> PrintedPage {
    let PrintInput { booklet, shown, .. } = input;
    let ShownSite { overview, common, alerts, .. } = &**shown;
    let config = &overview.site.config;
    let report = &overview.report.pages[id.0 as usize];
    // What leads nowhere is said on the page; seen from here it might lead somewhere else.
    let followed = |link| match href(&overview.site, link) {
        Href::Broken => Href::Refused,
        href => href,
    };
    let hrefs: Vec<Href> = page.links.iter().map(followed).collect();
    let filled = body::body(&body::BodySubject {
        document: &page.document,
        address: &booklet.address,
        hrefs: &hrefs,
        common,
        schema: report.schema.as_deref(),
    });
    let review = &page.document.meta.review;
    let slack = review.owner_slack.as_ref().map(|slack| slack.value.as_str());
    let heading = filled.title.unwrap_or_else(|| escaped(&page.title));
    let prefix = format!("p{number}-");
    let owner = owner(config, report.owner.as_deref(), slack);
    let names = alerts.get(&id).map_or(&[][..], Vec::as_slice);
    PrintedPage {
        id: format!("p{number}"),
        heading: breakable_html(&heading),
        row: page_row(overview, id, overview.site.page(id), &booklet.address),
        due: due_day(config, &report.freshness),
        escalation: owner.as_ref().and_then(|owner| owner.escalation.clone()),
        alerts: names.iter().filter_map(|name| alert(input, number, id, name)).collect(),
        owner,
        parameters: filled.parameters,
        body: renamed(&filled.body, &prefix),
    }
}

/// An alert that a page of the document claims and of which there is more to say than the page's own name; what answers
/// it stands in the document too.
fn alert(input: &PrintInput, number: usize, id: PageId, name: &str) -> Option<AlertRow> {
    let overview = &input.shown.overview;
    let row = alerts::of_page(overview, id, name, &input.booklet.address)?;
    let says_more = row.severity.is_some() || row.condition.is_some() || row.channel.is_some();
    if !says_more && is_same_name(&overview.site.page(id).title, name) {
        return None;
    }
    let here = |url: &str| match url.split_once('#') {
        Some((_, anchor)) => format!("#p{number}-{anchor}"),
        None => format!("#p{number}"),
    };
    let section = row.section.map(|link| LinkView { url: here(&link.url), ..link });
    Some(AlertRow { url: row.url.as_deref().map(here), section, ..row })
}

/// The attributes that hold anchors, each with what stands before the name.
const ANCHORS: [&str; 10] = [
    " id=\"",
    " href=\"#",
    " for=\"",
    " name=\"",
    " aria-labelledby=\"",
    " aria-describedby=\"",
    // In pictures.
    " clip-path=\"url(#",
    " marker-end=\"url(#",
    " marker-mid=\"url(#",
    " marker-start=\"url(#",
];

/// The HTML with `prefix` before each anchor and each link to one. Only tags are looked at: code may hold such text.
fn renamed(html: &str, prefix: &str) -> String {
    let mut whole = String::with_capacity(html.len() + html.len() / 16);
    let mut done = 0;
    let mut from = 0;
    let bytes = html.as_bytes();
    while let Some(start) = memchr::memchr(b'<', &bytes[from..]).map(|at| from + at) {
        from = start + 1;
        // What closes an element has no attributes.
        if html[from..].starts_with('/') {
            continue;
        }
        let end = memchr::memchr(b'>', &bytes[from..]);
        from = end.map_or(html.len(), |length| from + length);
        for space in memchr::memchr_iter(b' ', &bytes[start..from]) {
            let attribute = &html[start + space..];
            let anchor = ANCHORS.into_iter().find(|name| attribute.starts_with(name));
            if let Some(anchor) = anchor {
                let value = start + space + anchor.len();
                whole.push_str(&html[done..value]);
                whole.push_str(prefix);
                done = value;
            }
        }
    }
    whole.push_str(&html[done..]);
    whole
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn anchors_get_a_prefix_and_text_stays() {
        let html =
            "<h2 class=\"a\" id=\"go\">Go<a href=\"#go\">#</a> id=\"x\"</h2><a href=\"b/#c\">d</a>";
        let expected = "<h2 class=\"a\" id=\"p1-go\">Go<a href=\"#p1-go\">#</a> id=\"x\"</h2><a href=\"b/#c\">d</a>";
        assert_eq!(renamed(html, "p1-"), expected);
        assert_eq!(renamed("a < b", "p1-"), "a < b");
        let arrow = "<path d=\"M0 0\" marker-end=\"url(#end)\"/>";
        let expected = "<path d=\"M0 0\" marker-end=\"url(#p1-end)\"/>";
        assert_eq!(renamed(arrow, "p1-"), expected);
    }
}
