//! `llms-full.txt`: the copies of pages in one text, for readers that take a whole site at once, as far as it may be large.
//!
//! Whole pages, those that are needed most first; what does not fit is left to `llms.txt`. Not part of that format, but a habit
//! of those who read it.

use std::sync::Arc;

use crate::files::Bytes;
use crate::hidden::removed;
use crate::memo::Kept;
use crate::resolve::PageId;
use crate::text::single_spaced;

use super::context::Context;
use super::linked::LinkedText;
use super::skill::choose::by_need;

/// Where it is published.
pub(super) const PATH: &str = "llms-full.txt";

/// What stands between two pages.
const BORDER: &str = "\n\n---\n\n";

/// The text of a page with links that lead on from the root of the site.
pub(super) fn text(context: &Context, copy: &LinkedText) -> String {
    let base = context.site().config.base_url.as_deref().unwrap_or_default();
    let text = copy.fill(|to, suffix| format!("{base}{}{suffix}", to.encoded()));
    removed(text.trim()).into_owned()
}

/// All that it is made of.
pub(super) type FullInput = (Kept<Context>, Vec<(PageId, Arc<String>)>);

/// The pages that fit into what site.toml allows.
pub(super) fn full((context, texts): &FullInput) -> Bytes {
    let site = context.site();
    let most = site.config.llms_full.unwrap_or_default();
    let is_shown = |id: &PageId| {
        let meta = &site.page(*id).document.meta;
        !meta.hidden_from_search && !meta.draft
    };
    let shown = texts.iter().map(|(id, _)| *id).filter(is_shown);
    let order = by_need(site, &context.input.alerts, shown);
    let head = |inside: usize| {
        format!(
            "# {}\n\n> Operational runbooks in full, those that are needed most first: {inside} of {}. llms.txt lists all.\n",
            single_spaced(&site.config.title),
            order.len()
        )
    };
    let mut left = most.saturating_sub(head(order.len()).len() + 1);
    let mut inside: Vec<&str> = Vec::new();
    for id in &order {
        let index = texts.binary_search_by_key(id, |(id, _)| *id);
        let Ok(text) = index.map(|index| texts[index].1.as_str()) else { continue };
        if text.len() + BORDER.len() <= left {
            left -= text.len() + BORDER.len();
            inside.push(text);
        }
    }
    let mut out = removed(&head(inside.len())).into_owned();
    for text in inside {
        out.push_str(BORDER);
        out.push_str(text);
    }
    out.push('\n');
    Bytes::new(out.into_bytes())
}
