//! What programs read: `api/*.json`, `robots.txt`, `sitemap.xml`, `feed.xml`.
//!
//! Due dates, never baked states; nothing here depends on the day of the build.

use atom_syndication::{Entry, Feed, FixedDateTime, Link, Person, Text};
use serde::Serialize;

use crate::files::{FilePath, Files};
use crate::resolve::{PageId, PlacedPage, Structure};
use crate::text::escape;

use super::inputs::Overview;
use super::json::{json_list, url};

/// One row of `api/pages.json`; the first four keys are those of GOV.UK's technical documentation template.
#[derive(Serialize)]
struct ApiPage<'a> {
    title: &'a str,
    url: String,
    review_by: Option<String>,
    due_soon_from: Option<String>,
    owner_slack: Option<&'a str>,
    file: &'a str,
    agent: Option<&'a str>,
    owner: Option<&'a str>,
    status: Option<&'a str>,
    summary: Option<&'a str>,
    tags: Vec<&'a str>,
    last_reviewed_on: Option<String>,
    alerts: &'a [String],
    source: String,
}

/// Every file for programs, but for those of reviews.
pub(crate) fn api(overview: &Overview) -> Files {
    let site = &overview.site;
    let mut files = Files::default();
    add(&mut files, "api/pages.json", pages(overview));
    add(&mut files, "api/alerts.json", overview.report.claims.to_json());
    for (path, text) in super::alert_names::alert_names(&overview.report.claims) {
        add(&mut files, &path, text);
    }
    add(&mut files, "api/dashboards.json", super::dashboards::for_programs(overview));
    add(&mut files, ".nojekyll", String::new());
    let allow = if site.config.public { "Allow: /" } else { "Disallow: /" };
    let mut robots = format!("User-agent: *\n{allow}\n");
    if let Some(base) = &site.config.base_url {
        robots.push_str(&format!("Sitemap: {base}sitemap.xml\n"));
        add(&mut files, "sitemap.xml", sitemap(site, base));
        add(&mut files, "feed.xml", feed(overview, base));
    }
    add(&mut files, "robots.txt", robots);
    files
}

fn add(files: &mut Files, path: &str, text: String) {
    files.insert(FilePath::new(path).expect("a plain relative path"), text.into_bytes());
}

fn pages(overview: &Overview) -> String {
    let site = &overview.site;
    let alerts = super::alerts::by_page(&overview.alerts);
    let alerts_of = |id| alerts.get(&id).map_or(&[][..], Vec::as_slice);
    json_list(site.ids().map(|(id, page)| page_row(overview, id, page, alerts_of(id))))
}

fn page_row<'a>(
    overview: &'a Overview,
    id: PageId,
    page: &'a PlacedPage,
    alerts: &'a [String],
) -> ApiPage<'a> {
    let meta = &page.document.meta;
    let report = &overview.report.pages[id.0 as usize];
    let text = |value: &'a Option<crate::value::read::Spanned<String>>| {
        value.as_ref().map(|text| text.value.as_str())
    };
    let base = overview.site.config.base_url.as_deref().unwrap_or_default();
    ApiPage {
        title: &page.title,
        url: url(&overview.site, page),
        review_by: report.freshness.due().map(|due| due.to_string()),
        due_soon_from: report.freshness.schedule.due().map(|due| due.soon.to_string()),
        owner_slack: text(&meta.review.owner_slack),
        file: page.document.path.as_str(),
        agent: text(&meta.agent),
        owner: report.owner.as_deref(),
        status: text(&meta.status),
        summary: text(&meta.summary),
        tags: meta.tags.iter().map(|tag| tag.value.as_str()).collect(),
        last_reviewed_on: report.freshness.last.as_ref().map(|last| last.on.to_string()),
        alerts,
        source: format!("{base}{}", page.address.markdown().encoded()),
    }
}

/// Every page's address, as sitemaps.org defines it.
fn sitemap(site: &Structure, base: &str) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in &site.pages {
        xml.push_str("<url><loc>");
        escape(&mut xml, &xml_text(&format!("{base}{}", page.address.encoded())));
        xml.push_str("</loc></url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// How many entries the feed holds.
const FEED_ENTRIES: usize = 50;

/// The pages reviewed or dated last, as Atom (RFC 4287).
fn feed(overview: &Overview, base: &str) -> String {
    let site = &overview.site;
    let mut dated: Vec<(jiff::civil::Date, &PlacedPage)> = site
        .pages
        .iter()
        .zip(&overview.report.pages)
        .filter_map(|(page, report)| {
            let reviewed = report.freshness.last.as_ref().map(|last| last.on);
            let date = reviewed.max(page.document.meta.date.as_ref().map(|date| date.value))?;
            Some((date, &**page))
        })
        .collect();
    dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.address.cmp(&b.1.address)));
    dated.truncate(FEED_ENTRIES);
    let updated = dated.first().map_or_else(FixedDateTime::default, |(date, _)| moment(*date));
    let entries = dated.iter().map(|(date, page)| entry(*date, page, base)).collect();
    let (title, base) = (xml_text(&site.config.title), &*xml_text(base));
    let feed = Feed {
        title: Text::plain(title.clone()),
        id: base.to_owned(),
        updated,
        authors: vec![Person { name: title, ..Person::default() }],
        links: vec![link("self", &format!("{base}feed.xml")), link("alternate", base)],
        entries,
        ..Feed::default()
    };
    format!("{}\n", feed.to_string())
}

fn entry(date: jiff::civil::Date, page: &PlacedPage, base: &str) -> Entry {
    let url = xml_text(&format!("{base}{}", page.address.encoded()));
    Entry {
        title: Text::plain(xml_text(&page.title)),
        id: url.clone(),
        updated: moment(date),
        links: vec![link("alternate", &url)],
        summary: page
            .document
            .meta
            .summary
            .as_ref()
            .map(|summary| Text::plain(xml_text(&summary.value))),
        ..Entry::default()
    }
}

/// A text without the characters that XML has no way to write, escaped or not.
fn xml_text(text: &str) -> String {
    let is_allowed = |letter: &char| match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        letter => *letter >= ' ',
    };
    text.chars().filter(is_allowed).collect()
}

fn link(rel: &str, href: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), ..Link::default() }
}

/// Midnight UTC at the beginning of a day.
fn moment(date: jiff::civil::Date) -> FixedDateTime {
    format!("{date}T00:00:00Z").parse().unwrap_or_default()
}
