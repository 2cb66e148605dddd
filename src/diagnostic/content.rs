//! Mistakes in the text of one page.

use super::{Diagnostic, Location, Rule};

/// A tag outside the allow-list, shown as text.
pub(crate) fn raw_html(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::RawHtml, format!("the tag `<{name}>` is shown as text"))
        .help("write it as inline code, or set `unsafe_html = true` in site.toml if all authors are trusted")
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
