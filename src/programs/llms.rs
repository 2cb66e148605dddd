//! `llms.txt`, the site in brief for language models, as llmstxt.org has it: a title, a summary, and lists of links.
//!
//! Alerts come first, since they are what somebody arrives with. A large site is split by folder, and a long list into
//! parts, so that no reader has to take all of it. Addresses are absolute where the site knows its own, because the text
//! is read away from there. Nothing in it is hidden from people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::files::Bytes;
use crate::hidden::{in_address, removed};
use crate::resolve::{Address, PageId, PlacedPage, Section};
use crate::text::single_spaced;

use super::context::Context;
use super::linked::destination;
use super::procedures;

/// The most links that one file holds before it is split.
const MOST: usize = 500;

/// Every file, each with its path; the schemas of the facts that they speak of among them.
pub(super) fn llms(context: &Context) -> Vec<(String, Bytes)> {
    let site = context.site();
    let title = single_spaced(&site.config.title);
    let mut lists = LlmsLists {
        context,
        title: &title,
        text: head(context, &title, ""),
        files: Vec::new(),
        elsewhere: Vec::new(),
    };
    let is_split = site.pages.len() > MOST;
    let alerts = alerts(context);
    let many = alerts.len() > MOST;
    lists.add("_alerts", "Alerts", &alerts, many);
    // Readers know a list by its title.
    let mut titles: BTreeMap<&str, usize> = BTreeMap::from([("Alerts", 1), ("Lists", 1)]);
    for section in site.sections.values() {
        *titles.entry(&section.title).or_default() += 1;
    }
    for (folder, section) in &site.sections {
        let name = if folder.is_empty() { "_root" } else { folder };
        let title = match titles.get(&*section.title) {
            Some(1) | None => single_spaced(&section.title).into_owned(),
            Some(_) => single_spaced(&format!("{} ({folder}/)", section.title)).into_owned(),
        };
        lists.add(name, &title, &pages(context, section), is_split);
    }
    let LlmsLists { mut text, mut files, elsewhere, .. } = lists;
    if !elsewhere.is_empty() {
        text.push_str(&format!("\n## Lists\n\n{}", elsewhere.concat()));
    }
    files.push(("llms.txt".to_owned(), text));
    let seen = |text: String| Arc::new(removed(&text).into_owned().into_bytes());
    let schemas = [
        ("api/procedures.schema.json", procedures::SCHEMA),
        ("api/alerts.schema.json", include_str!("alerts.schema.json")),
    ];
    let schemas = schemas.map(|(path, schema)| (path.to_owned(), schema.to_owned()));
    files.into_iter().chain(schemas).map(|(path, text)| (path, seen(text))).collect()
}

/// A link of a list.
struct ListedLink<'a> {
    title: Cow<'a, str>,
    path: Cow<'a, str>,
    suffix: String,
    notes: Option<Cow<'a, str>>,
}

/// The lists as they are made.
struct LlmsLists<'a> {
    context: &'a Context,
    title: &'a str,
    /// `llms.txt` itself.
    text: String,
    files: Vec<(String, String)>,
    /// Links to the files of lists that stand elsewhere.
    elsewhere: Vec<String>,
}

impl LlmsLists<'_> {
    /// Adds a list: where all others stand, or in files of its own.
    fn add(&mut self, name: &str, title: &str, rows: &[ListedLink<'_>], is_apart: bool) {
        if rows.is_empty() {
            return;
        }
        if !is_apart {
            let rows: Vec<String> = rows.iter().map(|row| entry(self.context, row, "")).collect();
            self.text.push_str(&format!("\n## {title}\n\n{}", rows.concat()));
            return;
        }
        for (place, part) in rows.chunks(MOST).enumerate() {
            let (of_path, of_title) = match place {
                0 => (String::new(), String::new()),
                place => (format!(".{}", place + 1), format!(", part {}", place + 1)),
            };
            let path = format!("llms/{name}{of_path}.txt");
            let title = format!("{title}{of_title}");
            let up = "../".repeat(path.matches('/').count());
            let rows: Vec<String> = part.iter().map(|row| entry(self.context, row, &up)).collect();
            let head = head(self.context, &format!("{}: {title}", self.title), &up);
            self.files.push((path.clone(), format!("{head}\n## {title}\n\n{}", rows.concat())));
            let row = ListedLink {
                title: title.into(),
                path: path.into(),
                suffix: String::new(),
                notes: Some(format!("{} links", part.len()).into()),
            };
            self.elsewhere.push(entry(self.context, &row, ""));
        }
    }
}

/// What leads from a file that stands `up` to another: where the site knows its own address, the whole of that.
fn root<'a>(context: &'a Context, up: &'a str) -> &'a str {
    context.site().config.base_url.as_deref().unwrap_or(up)
}

fn head(context: &Context, title: &str, up: &str) -> String {
    let root = root(context, up);
    format!(
        "# {title}\n\n> Operational runbooks. Each link is a page's Markdown copy, with owner, escalation and alerts at its \
         head.\n\nA command's class is read, change, destroy or unknown; ask a person before running one that is not \
         read. What each section says to do is also there as JSON: {root}api/procedures.json lists the files, \
         {root}api/procedures.schema.json describes them.\n"
    )
}

/// `- [title](address): notes`, in a file that stands `up`.
fn entry(context: &Context, row: &ListedLink<'_>, up: &str) -> String {
    // Readers of this format end a title at its first bracket, escaped or not.
    let title = single_spaced(&row.title).replace('[', "(").replace(']', ")");
    let address = Address::of_file(&row.path).encoded();
    let address = format!("{}{address}{}", root(context, up), row.suffix);
    let mut line = format!("- [{title}]({})", destination(&address));
    let notes = row.notes.as_deref().map(single_spaced);
    if let Some(notes) = notes.filter(|notes| !notes.is_empty()) {
        line.push_str(&format!(": {notes}"));
    }
    line.push('\n');
    line
}

fn alerts(context: &Context) -> Vec<ListedLink<'_>> {
    let site = context.site();
    let claims = context.input.alerts.iter();
    let rows = claims.flat_map(|(name, claims)| {
        claims.iter().map(move |claim| {
            let page: &PlacedPage = site.page(claim.page);
            let anchor = claim.anchor.as_ref();
            ListedLink {
                title: name.into(),
                path: page.address.markdown().as_str().to_owned().into(),
                suffix: anchor
                    .map_or_else(String::new, |anchor| format!("#{}", in_address(anchor))),
                notes: Some((&*page.title).into()),
            }
        })
    });
    rows.collect()
}

fn pages<'a>(context: &'a Context, section: &Section) -> Vec<ListedLink<'a>> {
    let site = context.site();
    let own = section.page.into_iter().chain(section.pages.iter().copied());
    let row = |id: PageId| {
        let page: &'a PlacedPage = site.page(id);
        let summary = page.document.meta.summary.as_ref();
        ListedLink {
            title: (&*page.title).into(),
            path: page.address.markdown().as_str().to_owned().into(),
            suffix: String::new(),
            notes: summary.map(|summary| summary.value.as_str().into()),
        }
    };
    own.map(row).collect()
}
