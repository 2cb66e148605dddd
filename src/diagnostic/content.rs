//! Mistakes in the text of one page.

use super::{Diagnostic, Location, Rule};
use crate::dialect::Dialect;

/// A tag outside the allow-list, shown as text.
pub(crate) fn raw_html(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::RawHtml, format!("the tag `<{name}>` is shown as text"))
        .help("write it as inline code, or set `unsafe_html = true` in site.toml if all authors are trusted")
}

/// Markup of another tool, shown as typed; `dialects` would read it.
pub(crate) fn foreign_markup(at: Location, name: &str, dialects: &[Dialect]) -> Diagnostic {
    let found = Diagnostic::new(
        at,
        Rule::ForeignMarkup,
        format!("{name} is not read here and is shown as typed"),
    );
    match dialects.first() {
        Some(dialect) => found.help(format!(
            "if the folder is written for that tool, set `dialects = [\"{}\"]` under `[markdown]` in site.toml",
            dialect.name()
        )),
        None => found.help("only the tool that it was written for knows what stands there; write it out"),
    }
}

/// A file that takes in itself, by itself or by another.
pub(crate) fn included_in_itself(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BrokenLink, format!("`{typed}` is taken in by itself"))
        .help("take in a section of it that does not ask for this one, or write a link")
}

/// More than a page takes in.
pub(crate) fn too_much_included(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::BrokenLink,
        format!("`{typed}` is not taken in: the page takes in too much already"),
    )
    .help("a page takes in at most 1000 files, 16 of them in each other")
}

/// A heading whose anchor got a number because another has the same text.
pub(crate) fn duplicate_anchor(at: Location, text: &str, anchor: &str) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::DuplicateAnchor,
        format!("an earlier heading is `{text}` too, so this one's anchor is `#{anchor}`"),
    )
    .help("give it an anchor of its own: `## Heading {#anchor}`")
}
