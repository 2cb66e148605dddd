//! The files of one page.

use std::borrow::Cow;
use std::sync::Arc;

use crate::files::{Bytes, FilePath};
use crate::hidden::removed;
use crate::memo::Kept;
use crate::parse::{Input, parse};
use crate::resolve::{Address, Page, PageId};

use super::context::Context;
use super::copy::{CopyForm, copy};
use super::skill::{self, Skill};
use super::{facts, full, library, linked, procedures};

/// All that the files of one page depend on.
#[derive(PartialEq, Eq)]
pub(super) struct PageFilesInput {
    pub(super) id: PageId,
    pub(super) page: Arc<Page>,
    pub(super) bytes: Bytes,
    pub(super) context: Kept<Context>,
}

/// The files of one page.
pub(super) struct PageOutput {
    pub(super) files: Vec<(FilePath, Bytes)>,
    /// What its sections say to do, each as JSON.
    pub(super) procedures: Arc<Vec<String>>,
    /// What the list of all pages says of it.
    pub(super) row: Arc<String>,
    /// Its text for the text of all pages, if there is to be one.
    pub(super) full: Option<Arc<String>>,
    /// Its skill, if it is one.
    pub(super) skill: Option<Skill>,
}

/// Writes them, without what readers would not see.
pub(super) fn page_output(input: &PageFilesInput) -> PageOutput {
    let (page, text) = whole_page(input);
    let facts = facts::facts(&input.context, input.id, &page);
    let copy = copy(&input.context, &facts, &text, &CopyForm::Page);
    let main = input.page.address.markdown();
    let places = [Some(main.clone()), input.page.address.markdown_beside()];
    let mut files = Vec::new();
    for address in places.into_iter().flatten() {
        if let Some(path) = input.context.free(&address) {
            // Wherever a copy stands, what is in it is there too.
            let own = |to: &Address| if *to == main { address.clone() } else { to.clone() };
            let text = copy.fill(|to, suffix| linked::relative(&address, &own(to), suffix));
            files.push((path, removed(&text).into_owned().into_bytes().into()));
        }
    }
    if input.context.site().config.publish_sources
        && let Some(path) = input.context.free(&source_address(&input.page.address))
    {
        let bytes = match std::str::from_utf8(&input.bytes).map(removed) {
            Ok(Cow::Owned(text)) => text.into_bytes().into(),
            _ => Arc::clone(&input.bytes),
        };
        files.push((path, bytes));
    }
    let has_full = input.context.site().config.llms_full.is_some();
    let full = has_full.then(|| Arc::new(full::text(&input.context, &copy)));
    let skill = skill::skill(&input.context, &facts, &input.bytes, &text);
    let whole = input.page.document.text(&input.bytes);
    let facts = facts::facts(&input.context, input.id, &input.page);
    let procedures = procedures::page_procedures(&input.context, &facts, &whole);
    let row = Arc::new(library::row(&facts));
    PageOutput { files, procedures: Arc::new(procedures), row, full, skill }
}

/// Its Markdown copy alone, as it stands at the page's own address.
pub(super) fn main_copy(input: &PageFilesInput) -> String {
    let (page, text) = whole_page(input);
    let facts = facts::facts(&input.context, input.id, &page);
    let copy = copy(&input.context, &facts, &text, &CopyForm::Page);
    let address = input.page.address.markdown();
    let text = copy.fill(|to, suffix| linked::relative(&address, to, suffix));
    removed(&text).into_owned()
}

/// The page with everything that it takes in, and its text.
fn whole_page(input: &PageFilesInput) -> (Cow<'_, Page>, Cow<'_, str>) {
    match expanded(input) {
        Some((page, text)) => (Cow::Owned(page), Cow::Owned(text)),
        None => (Cow::Borrowed(&*input.page), crate::parse::text(&input.bytes)),
    }
}

/// A page that takes in other files, as if its text held theirs: the page with places in that text, and the text.
fn expanded(input: &PageFilesInput) -> Option<(Page, String)> {
    let whole = input.page.document.expanded.as_deref()?;
    let read = |text: &str| {
        parse(&Input {
            path: input.page.document.path.clone(),
            bytes: Bytes::new(text.as_bytes().to_vec()),
            options: Arc::clone(&input.context.reading),
        })
    };
    let original = &input.page.document;
    // What is taken in stands below the heading that it is taken in at.
    let first = read(whole);
    let mut text = String::with_capacity(whole.len() + 64);
    let mut done = 0;
    for (heading, range) in original.headings.iter().zip(&first.heading_ranges) {
        let typed = whole[range.start..].bytes().take_while(|byte| *byte == b'#').count();
        if range.start >= done && typed > 0 && typed < usize::from(heading.level) {
            text.push_str(&whole[done..range.start]);
            text.push_str(&"#".repeat(usize::from(heading.level) - typed));
            done = range.start;
        }
    }
    text.push_str(&whole[done..]);
    let mut document = if done == 0 { first } else { read(&text) };
    let is_same = document.links.len() == original.links.len()
        && document.headings.len() == original.headings.len();
    document.outline = Arc::clone(&original.outline);
    let page = Page { document: Arc::new(document), ..(*input.page).clone() };
    is_same.then_some((page, text))
}

/// Where the author's own text of a page is published, if it is: beside the page, as plain text.
pub(crate) fn source_address(page: &Address) -> Address {
    let copy = page.markdown();
    let path = copy.as_str();
    Address::of_file(&[path.strip_suffix(".md").unwrap_or(path), ".txt"].concat())
}
