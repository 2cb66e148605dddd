//! The files of one page.

use std::borrow::Cow;
use std::sync::Arc;

use crate::files::{Bytes, FilePath};
use crate::hidden::removed;
use crate::memo::Kept;
use crate::resolve::{Address, Page, PageId};

use super::context::Context;
use super::{copy, facts, linked, procedures};

/// All that the files of one page depend on.
#[derive(PartialEq, Eq)]
pub(super) struct PageInput {
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
}

/// Writes them, without what readers would not see.
pub(super) fn page_output(input: &PageInput) -> PageOutput {
    let facts = facts::facts(&input.context, input.id, &input.page);
    let text = crate::parse::text(&input.bytes);
    let copy = copy::copy(&input.context, &facts, &text);
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
    let whole = input.page.document.text(&input.bytes);
    let procedures = procedures::page_procedures(&input.context, &facts, &whole);
    PageOutput { files, procedures: Arc::new(procedures) }
}

/// Where the author's own text of a page is published, if it is: beside the page, as plain text.
pub(crate) fn source_address(page: &Address) -> Address {
    let copy = page.markdown();
    let path = copy.as_str();
    Address::of_file(&[path.strip_suffix(".md").unwrap_or(path), ".txt"].concat())
}
