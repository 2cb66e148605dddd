//! The writer that goes through a page's tree once.

use crate::words::Words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use comrak::Anchorizer;
use comrak::nodes::{AstNode, NodeValue};

use super::super::blocks::block::{ForeignBlock, UnreadMarkup};
use super::super::document::{
    CodeBlock, CodeSpan, Heading, Link, PageToken, Passage, SectionText, SpacedLink, Suppression,
};
use super::super::html::Html;
use super::super::layout::LayoutPart;
use super::super::raw_html;
use super::super::source::Source;
use crate::dialect::Dialect;

/// What the body of a page holds.
#[derive(Default)]
pub(crate) struct PageBody {
    pub(crate) html: Html,
    /// The first heading's content, where a first-level heading opens the body; it is not part of `html`.
    pub(crate) title: Option<Html>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) heading_ranges: Vec<Range<usize>>,
    pub(crate) html_anchors: Vec<String>,
    pub(crate) made_anchors: Vec<String>,
    pub(crate) links: Vec<Link>,
    pub(crate) spaced: Vec<SpacedLink>,
    pub(crate) code_blocks: Vec<CodeBlock>,
    pub(crate) code_spans: Vec<CodeSpan>,
    pub(crate) tokens: Vec<PageToken>,
    pub(crate) passages: Vec<Passage>,
    pub(crate) sections: Vec<SectionText>,
    pub(crate) suppressions: Vec<Suppression>,
    pub(crate) comments: Vec<Range<u32>>,
    pub(crate) layout: Vec<LayoutPart>,
    pub(crate) raw_tags: Vec<(String, Range<usize>)>,
    /// Markup of other tools that is shown as typed, each kind once.
    pub(crate) unread: Vec<UnreadMarkup>,
}

/// What a page may do besides what all pages may.
#[derive(Clone, Copy)]
pub(crate) struct Permissions<'a> {
    /// Raw HTML passes as it is.
    pub(crate) unsafe_html: bool,
    /// The title that stands for the ERB title tag, in files that are ERB templates.
    pub(crate) erb_title: Option<&'a str>,
    /// The tools whose blocks are read beside GitHub's.
    pub(crate) dialects: &'a [Dialect],
    /// The words that are written into it.
    pub(crate) words: &'a Words,
}

pub(super) type MarkdownNode<'a> = &'a AstNode<'a>;

/// The references of each footnote that are links, by its name: the parser's numbers of them.
pub(super) type FootnoteReferences = BTreeMap<String, Vec<u32>>;

/// The block of text that is being written.
#[derive(Default)]
pub(super) struct Leaf {
    /// Its plain text so far.
    pub(super) plain: String,
    /// Links in it, each with where it begins in `plain`.
    pub(super) links: Vec<(usize, usize)>,
    /// How many links or headings enclose what is being written.
    pub(super) inside_link: u32,
    /// Where in the file the search for the next piece of text begins.
    pub(super) cursor: usize,
}

pub(super) struct PageWriter<'w> {
    pub(super) source: &'w Source<'w>,
    pub(super) permissions: Permissions<'w>,
    pub(super) body: PageBody,
    /// The blocks of other tools, by the numbers in their headings.
    pub(super) blocks: Vec<ForeignBlock>,
    pub(super) tab_sets: usize,
    pub(super) anchorizer: Anchorizer,
    /// The anchors that headings ask for, each with whether one has it; no other heading gets them.
    pub(super) explicit: BTreeMap<String, bool>,
    /// The headings so far by their anchors.
    pub(super) by_anchor: BTreeMap<String, Vec<u32>>,
    /// The ids of raw HTML so far.
    pub(super) html_ids: BTreeSet<String>,
    pub(super) balance: raw_html::Balance,
    /// The references to footnotes that are links.
    pub(super) references: FootnoteReferences,
    pub(super) heading: Option<u32>,
    pub(super) checklists: usize,
    pub(super) tables: usize,
    /// How many nodes enclose the one that is being written.
    pub(super) depth: usize,
    pub(super) leaf: Leaf,
    /// Room for the plain text of the next leaf.
    pub(super) spare: String,
}

/// Whether a block of raw HTML stands among some words: it would end a paragraph, and its own end open another.
pub(super) fn holds_block(words: MarkdownNode<'_>) -> bool {
    words.descendants().any(|inner| match &inner.data().value {
        NodeValue::HtmlInline(raw) => raw_html::begins_block(raw),
        _ => false,
    })
}
