//! The anchors of a page: whether it has the one that a link names, in the spelling of any tool, and which is nearest.

use percent_encoding::percent_decode_str;

use super::govuk;
use super::mkdocs;
use super::placed::PlacedPage;
use crate::diagnostic::{Diagnostic, Location, links, nearest};
use crate::dialect::Dialect;
use crate::parse::LinkKind;

/// The anchors of a page.
pub(super) struct Anchors<'p> {
    pub(super) page: &'p PlacedPage,
    pub(super) dialects: &'p [Dialect],
}

/// How many findings of a page name what is nearest to a broken anchor. Looking for it takes a comparison with every
/// heading, and a page with more was made by a program or moved.
pub(super) const MOST_SUGGESTIONS: usize = 256;

/// An anchor that a page does not have.
pub(super) struct BrokenAnchor {
    anchor: String,
}

impl Anchors<'_> {
    /// Checks the fragment of a link; a wikilink's may be a heading's text and is replaced by its anchor.
    pub(super) fn check(&self, kind: LinkKind, suffix: &mut String) -> Option<BrokenAnchor> {
        let at = suffix.find('#')?;
        let anchor = percent_decode_str(&suffix[at + 1..]).decode_utf8_lossy().into_owned();
        if anchor.is_empty() || anchor == "top" || self.has(&anchor) {
            return None;
        }
        let document = &self.page.document;
        if kind.is_name() || kind == LinkKind::Shortcode {
            let wanted = anchor.trim().to_lowercase();
            let heading = document.headings.iter().find(|heading| {
                heading.full_text().to_lowercase() == wanted
                    || heading.text.to_lowercase() == wanted
            });
            if let Some(heading) = heading {
                suffix.replace_range(at + 1.., &heading.anchor);
                return None;
            }
        }
        if let Some(heading) = document.headings.iter().find(|heading| {
            is_confluence(&anchor, &heading.full_text())
                || (self.dialects.contains(&Dialect::Azure)
                    && is_azure(&anchor, &heading.full_text()))
        }) {
            suffix.replace_range(at + 1.., &heading.anchor);
            return None;
        }
        // Where the page is written for it, an anchor that GitHub does not have is the one that MkDocs has.
        if self.dialects.contains(&Dialect::MkDocs)
            && let Some(place) = mkdocs::heading_of(&document.headings, &anchor)
        {
            suffix.replace_range(at + 1.., &document.headings[place].anchor);
            return None;
        }
        if self.page.path.name().ends_with(".html.md.erb")
            && let Some(place) = govuk::heading_of(&document.headings, &anchor)
        {
            suffix.replace_range(at + 1.., &document.headings[place].anchor);
            return None;
        }
        Some(BrokenAnchor { anchor })
    }

    fn has(&self, anchor: &str) -> bool {
        let document = &self.page.document;
        document.headings.iter().any(|heading| heading.anchor == anchor)
            || document.html_anchors.iter().any(|known| known == anchor)
            || document.made_anchors.iter().any(|known| known == anchor)
    }
}

impl BrokenAnchor {
    /// The nearest anchor that there is.
    pub(super) fn similar<'a>(&self, anchors: &Anchors<'a>) -> Option<&'a str> {
        let document = &anchors.page.document;
        let known = document.headings.iter().map(|heading| heading.anchor.as_str());
        nearest(&self.anchor, known.chain(document.html_anchors.iter().map(String::as_str)))
    }

    pub(super) fn diagnostic(
        &self,
        at: Location,
        same_page: bool,
        anchors: &Anchors<'_>,
        similar: Option<&str>,
    ) -> Diagnostic {
        let path = &anchors.page.document.path;
        links::broken_anchor(at, &self.anchor, (!same_page).then_some(path), similar)
    }
}

/// Whether an anchor is that of a heading in Confluence, which exports keep in links: `PageTitle-HeadingText`, without
/// blanks.
fn is_confluence(anchor: &str, heading: &str) -> bool {
    let heading: String = heading.chars().filter(|letter| !letter.is_whitespace()).collect();
    let title = anchor.strip_suffix(&heading).filter(|_| heading.len() > 1);
    let title = title.and_then(|title| title.strip_suffix('-'));
    title.is_some_and(|title| {
        title.starts_with(|first: char| first.is_uppercase() || first.is_numeric())
            && !title.contains(char::is_whitespace)
    })
}

/// Whether an anchor is that of a heading in a wiki of Azure `DevOps`: in lower case, with dashes for blanks, and with
/// all its signs.
fn is_azure(anchor: &str, heading: &str) -> bool {
    anchor.to_lowercase() == heading.to_lowercase().replace(' ', "-")
}
