//! The anchors of a page: whether it has the one that a link names, in the spelling of any tool, and which is nearest.

use percent_encoding::percent_decode_str;

use super::anchor_index::{AnchorIndex, azure, without_blanks};
use super::govuk;
use super::mkdocs;
use super::placed::PlacedPage;
use crate::diagnostic::{Diagnostic, Location, links, nearest};
use crate::dialect::Dialect;
use crate::parse::{Heading, LinkKind};

/// The anchors of a page.
pub(super) struct Anchors<'p> {
    pub(super) page: &'p PlacedPage,
    pub(super) dialects: &'p [Dialect],
    /// By their names, where there are many.
    pub(super) index: Option<&'p AnchorIndex>,
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
        if (kind.is_name() || kind == LinkKind::Shortcode)
            && let Some(place) = self.titled(&anchor.trim().to_lowercase())
        {
            suffix.replace_range(at + 1.., &document.headings[place].anchor);
            return None;
        }
        if let Some(place) = self.otherwise(&anchor) {
            suffix.replace_range(at + 1.., &document.headings[place].anchor);
            return None;
        }
        Some(BrokenAnchor { anchor })
    }

    /// The heading of a text in lower case.
    fn titled(&self, wanted: &str) -> Option<usize> {
        let is_it = |heading: &Heading| {
            heading.full_text().to_lowercase() == wanted || heading.text.to_lowercase() == wanted
        };
        match self.index {
            Some(index) => index.titled(wanted),
            None => self.page.document.headings.iter().position(is_it),
        }
    }

    /// The heading that has this anchor in another tool: in Confluence always; in others where the page is written for
    /// them, since an anchor that GitHub does not have is the one that they have.
    fn otherwise(&self, anchor: &str) -> Option<usize> {
        let headings = &self.page.document.headings;
        let confluence = match self.index {
            Some(index) => {
                let ending = index.ending(anchor);
                let titled = ending.filter(|(place, title)| {
                    without_blanks(&headings[*place]).len() > 1 && is_title(title)
                });
                titled.map(|(place, _)| place).min()
            }
            None => headings.iter().position(|heading| is_confluence(anchor, heading)),
        };
        let reads = |dialect: Dialect| self.dialects.contains(&dialect);
        let in_azure = || match self.index {
            _ if !reads(Dialect::Azure) => None,
            Some(index) => index.of_azure(headings, anchor),
            None => headings.iter().position(|heading| azure(heading) == anchor.to_lowercase()),
        };
        let mkdocs = || match self.index {
            _ if !reads(Dialect::MkDocs) => None,
            Some(index) => index.of_mkdocs(headings, anchor),
            None => mkdocs::heading_of(headings, anchor),
        };
        let is_govuk = self.page.path.name().ends_with(".html.md.erb");
        let govuk = || match self.index {
            _ if !is_govuk => None,
            Some(index) => index.of_govuk(headings, anchor),
            None => govuk::heading_of(headings, anchor),
        };
        confluence.or_else(in_azure).or_else(mkdocs).or_else(govuk)
    }

    fn has(&self, anchor: &str) -> bool {
        if let Some(index) = self.index {
            return index.has(anchor);
        }
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
fn is_confluence(anchor: &str, heading: &Heading) -> bool {
    let heading = without_blanks(heading);
    let title = anchor.strip_suffix(&heading).filter(|_| heading.len() > 1);
    title.and_then(|title| title.strip_suffix('-')).is_some_and(is_title)
}

/// Whether something is the title of a page as Confluence writes it in anchors.
fn is_title(title: &str) -> bool {
    title.starts_with(|first: char| first.is_uppercase() || first.is_numeric())
        && !title.contains(char::is_whitespace)
}
