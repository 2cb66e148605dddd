//! The anchors of a page with very many, by their names: looking through all of them for each link would take time with
//! the square of the page's length.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::govuk;
use super::mkdocs;
use crate::parse::{Heading, Outline};

/// Up to how many headings and anchors a page is looked through from its top.
pub(super) const FEW: usize = 64;

/// The places of headings, by what names them.
type Places = HashMap<String, usize>;

/// By what links may name a place of a page; of several places the first.
pub(super) struct AnchorIndex {
    known: HashSet<String>,
    /// By their text in lower case, with their number and without.
    texts: Places,
    /// By their text without blanks.
    joined: Places,
    azure: OnceLock<Places>,
    mkdocs: OnceLock<Places>,
    govuk: OnceLock<Places>,
}

/// The first place of each name.
fn places(names: impl Iterator<Item = (String, usize)>) -> Places {
    let mut places = Places::new();
    for (name, place) in names {
        places.entry(name).or_insert(place);
    }
    places
}

impl AnchorIndex {
    pub(super) fn new(document: &Outline) -> AnchorIndex {
        let headings = || document.headings.iter().enumerate();
        let of_headings = document.headings.iter().map(|heading| &heading.anchor);
        let others = document.html_anchors.iter().chain(&document.made_anchors);
        let texts = headings().flat_map(|(place, heading)| {
            let both = [heading.full_text(), heading.text.clone()];
            both.map(|text| (text.to_lowercase(), place))
        });
        let joined = headings().map(|(place, heading)| (without_blanks(heading), place));
        AnchorIndex {
            known: of_headings.chain(others).cloned().collect(),
            texts: places(texts),
            joined: places(joined),
            azure: OnceLock::new(),
            mkdocs: OnceLock::new(),
            govuk: OnceLock::new(),
        }
    }

    pub(super) fn has(&self, anchor: &str) -> bool {
        self.known.contains(anchor)
    }

    /// The heading of a text in lower case.
    pub(super) fn titled(&self, text: &str) -> Option<usize> {
        self.texts.get(text).copied()
    }

    /// The headings that an anchor may end with behind a dash, each with what stands before.
    pub(super) fn ending<'a>(&self, anchor: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let dashes = anchor.match_indices('-').take(FEW);
        dashes.filter_map(|(at, _)| Some((*self.joined.get(&anchor[at + 1..])?, &anchor[..at])))
    }

    pub(super) fn of_azure(&self, headings: &[Heading], anchor: &str) -> Option<usize> {
        let anchors = || places(headings.iter().map(azure).zip(0..));
        self.azure.get_or_init(anchors).get(&anchor.to_lowercase()).copied()
    }

    pub(super) fn of_mkdocs(&self, headings: &[Heading], anchor: &str) -> Option<usize> {
        let anchors = || places(mkdocs::anchors(headings).zip(0..));
        self.mkdocs.get_or_init(anchors).get(anchor).copied()
    }

    pub(super) fn of_govuk(&self, headings: &[Heading], anchor: &str) -> Option<usize> {
        let anchors = || {
            let all = govuk::anchors(headings).zip(0..);
            places(all.flat_map(|(names, place)| names.into_iter().map(move |name| (name, place))))
        };
        self.govuk.get_or_init(anchors).get(anchor).copied()
    }
}

/// A heading's text without blanks.
pub(super) fn without_blanks(heading: &Heading) -> String {
    heading.full_text().chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The anchor of a heading in a wiki of Azure `DevOps`: in lower case, with dashes for blanks, and with all its signs.
pub(super) fn azure(heading: &Heading) -> String {
    heading.full_text().to_lowercase().replace(' ', "-")
}
