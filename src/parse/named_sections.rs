//! The sections that front matter names: one that the page does not have is reported, and nothing leads to it.

use std::collections::BTreeSet;

use super::front_matter::FrontMatter;
use crate::diagnostic::{Diagnostic, Location, links, nearest};
use crate::files::FilePath;
use crate::token::placeholders;
use crate::value::read::Spanned;

/// How many findings name the section that may be meant: looking for it takes a comparison with all.
const MOST_SUGGESTIONS: usize = 256;

/// Takes out the sections of error signatures and questions that are none of the anchors of the page.
pub(super) fn known_sections<'a>(
    meta: &mut FrontMatter,
    path: &FilePath,
    anchors: impl Iterator<Item = &'a String>,
) -> Vec<Diagnostic> {
    let signatures = meta.error_signatures.iter_mut().map(|signature| &mut signature.section);
    let questions = meta.asks.iter_mut().map(|question| &mut question.section);
    let mut named = signatures.chain(questions).filter(|section| section.is_some()).peekable();
    let mut found = Vec::new();
    if named.peek().is_none() {
        return found;
    }
    let anchors: BTreeSet<&str> = anchors.map(String::as_str).collect();
    let is_none = |section: &mut Spanned<String>| !anchors.contains(section.value.as_str());
    for section in named {
        let Some(Spanned { value, range }) = section.take_if(is_none) else { continue };
        // What a template leaves to be filled in is reported as that.
        if placeholders(&value).next().is_some() {
            continue;
        }
        let is_looked_for = found.len() < MOST_SUGGESTIONS;
        let similar = nearest(&value, anchors.iter().copied().filter(|_| is_looked_for));
        found.push(links::broken_anchor(Location::new(path, range), &value, None, similar));
    }
    found
}
