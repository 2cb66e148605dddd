//! What the Markdown parser is asked to look for.

use comrak::Options;

use crate::dialect::Dialect;

/// All that a page may hold besides what Markdown itself has.
pub(super) fn all_options(dialects: &[Dialect]) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.alerts = true;
    let reads = |dialect| dialects.contains(&dialect);
    extension.wikilinks_title_after_pipe = !reads(Dialect::Wiki);
    extension.wikilinks_title_before_pipe = reads(Dialect::Wiki);
    extension.shortcodes = true;
    extension.ofm_callouts = reads(Dialect::Obsidian) || reads(Dialect::Hugo);
    extension.ofm_comments = reads(Dialect::Obsidian);
    extension.inline_footnotes = reads(Dialect::Obsidian);
    extension.highlight = reads(Dialect::Obsidian) || reads(Dialect::MkDocs);
    extension.insert = reads(Dialect::MkDocs);
    options.parse.relaxed_tasklist_matching = reads(Dialect::Obsidian);
    options
}

/// The same without what this text is sure not to hold, so that the parser need not look for it.
pub(super) fn options(text: &str, dialects: &[Dialect]) -> Options<'static> {
    let mut options = all_options(dialects);
    let extension = &mut options.extension;
    extension.autolink = ["@", "://", "www."].into_iter().any(|sign| text.contains(sign));
    extension.footnotes = text.contains("[^") || text.contains("^[");
    extension.description_lists = may_describe(text);
    extension.shortcodes = memchr::memchr(b':', text.as_bytes()).is_some();
    options
}

/// Whether a colon or tilde may open a line, be it in a quote or list, and so a description.
fn may_describe(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b':', b'~', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
        matches!(before, b'\n' | b'\r' | b' ' | b'\t' | b'>')
    })
}
