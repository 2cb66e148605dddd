//! A section, what an owner owns, or the whole site as one document for paper.
//!
//! Each page begins a sheet of its own, below a line that every sheet repeats. The anchors of a page get its number in
//! front, since two pages may have the same.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Bytes;
use crate::memo::Kept;
use crate::procedure::answer::is_same_name;
use crate::resolve::{Page, PageId};
use crate::text::{breakable_html, escaped};
use crate::theme::Shared;

use super::alerts;
use super::body::{self, Href, href};
use super::booklet::Booklet;
use super::frame::{due_day, plain};
use super::owner::owner;
use super::rows::page_row;
use super::shown::ShownSite;
use super::view::{AlertRow, LinkView, PrintPage, PrintedPage};

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
        let mut is_quoted = false;
        for mark in memchr::memchr2_iter(b' ', b'"', &bytes[start..from]) {
            let space = start + mark;
            is_quoted ^= bytes[space] == b'"';
            // What a value holds is no attribute.
            if is_quoted {
                continue;
            }
            let attribute = &html[space..];
            let anchor = ANCHORS.into_iter().find(|name| attribute.starts_with(name));
            if let Some(anchor) = anchor {
                let value = space + anchor.len();
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
        let value = "<p align=\"&lt;a name=\" id=\"x\"><b title=\" id=\">b</b>";
        let expected = "<p align=\"&lt;a name=\" id=\"p1-x\"><b title=\" id=\">b</b>";
        assert_eq!(renamed(value, "p1-"), expected);
        let arrow = "<path d=\"M0 0\" marker-end=\"url(#end)\"/>";
        let expected = "<path d=\"M0 0\" marker-end=\"url(#p1-end)\"/>";
        assert_eq!(renamed(arrow, "p1-"), expected);
    }
}
