//! Markdown becomes HTML with slots, and the lists of what a page holds.
//!
//! The parser's tree is bound to its arena and cannot cross threads, so it lives and dies in [`markdown`]: it is
//! walked once, block by block. Nothing here knows other pages; what depends on them becomes a [`Slot`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use comrak::nodes::NodeValue;
use comrak::{Anchorizer, Arena};

use super::blocks;
use super::document::{CodeBlock, Heading, Passage, SectionText};
use super::fence::fence;
use super::html::{Html, Slot};
use super::layout::{Container, LayoutPart, warns};
use super::lines::{Line, joined, lines};
use super::raw_html;
use super::source::Source;
use crate::dialect::Dialect;
use crate::hidden::removed;
use crate::shell::shell_block;
use crate::text::single_spaced;

mod attributes;
mod brackets;
mod contents;
mod footnotes;
mod foreign;
mod icons;
mod inline;
mod levels;
mod list;
mod math;
mod options;
mod raw_headings;
mod rewritten;
mod roles;
mod sentence;
mod spaced;
mod table;
mod writer;

use options::options;
use sentence::sentence_around;
use writer::{Leaf, MarkdownNode, PageWriter, holds_block};

pub(super) use attributes::block_id;
pub(super) use icons::without as without_icons;
pub(super) use writer::{PageBody, Permissions};

/// Renders the body of `source`, or these lines in its place, and lists what it holds.
pub(crate) fn markdown(
    source: &Source<'_>,
    permissions: Permissions<'_>,
    expanded: Option<Vec<Line<'_>>>,
) -> PageBody {
    let arena = Arena::new();
    let typed = if expanded.is_none() { source.markdown() } else { Cow::Borrowed("") };
    let mut found = blocks::block::Rewritten::default();
    let may_hold_blocks = || blocks::may_hold_blocks(&typed, permissions.dialects);
    let rewritten = (expanded.is_some() || may_hold_blocks()).then(|| {
        let lines = expanded.unwrap_or_else(|| lines(&typed, source.body));
        found = blocks::rewrite(lines, permissions.dialects);
        (source.rewritten(&found.lines), joined(&found.lines))
    });
    let depths: Vec<u8> = found.lines.iter().map(|line| line.depth).collect();
    let (blocks, unread) = (found.blocks, found.unread);
    let (source, text) = match &rewritten {
        Some((source, text)) => (source, Cow::Borrowed(text.as_str())),
        None => (source, Cow::Borrowed(&*typed)),
    };
    let is_azure = permissions.dialects.contains(&Dialect::Azure);
    let text = if is_azure { brackets::without_sizes(text) } else { text };
    let without_brackets = brackets::masked(&text);
    let text = without_brackets.as_deref().unwrap_or(&text);
    let without_formulas = math::masked(text);
    let text = without_formulas.as_deref().unwrap_or(text);
    let root = comrak::parse_document(&arena, text, &options(text, permissions.dialects));
    // Most pages have nothing to mask, and each of these goes through every text of the page.
    if without_brackets.is_some() {
        brackets::unmask(root);
    }
    if without_formulas.is_some() {
        math::unmask(root);
    }
    if permissions.dialects.contains(&Dialect::MkDocs) {
        icons::leave_out(root);
    }
    let may_ask = raw_headings::read(&arena, root, text, permissions) || text.contains('{');
    levels::lower(root, &depths);
    let has_footnotes = text.contains("[^");
    let references = if has_footnotes { footnotes::settle(root) } else { BTreeMap::new() };
    let mut writer = PageWriter {
        source,
        permissions,
        body: PageBody {
            html: Html::with_capacity(text.len() * 3 / 2),
            unread,
            ..PageBody::default()
        },
        blocks,
        tab_sets: 0,
        anchorizer: Anchorizer::new(),
        html_ids: BTreeSet::new(),
        explicit: if may_ask { explicit_anchors(root) } else { BTreeMap::new() },
        by_anchor: BTreeMap::new(),
        balance: raw_html::Balance::default(),
        references,
        heading: None,
        checklists: 0,
        tables: 0,
        depth: 0,
        leaf: Leaf::default(),
        spare: String::new(),
    };
    writer.body.sections.push(SectionText { heading: None, text: String::new() });
    writer.document(root);
    writer.body
}

/// How deep blocks and markup stand in each other before what is inside is written as plain text. The writer follows
/// the tree by calling itself, and nobody means a hundred quotes in each other.
const DEEPEST: usize = 100;

/// The elements of headings; the page's one first-level heading stands outside of the body.
const HEADING_TAGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];

impl PageWriter<'_> {
    fn document(&mut self, root: MarkdownNode<'_>) {
        let mut blocks = root.children().peekable();
        while let Some(target) = blocks.next_if(|block| attributes::target(block).is_some()) {
            self.unseen_paragraph(target);
        }
        self.open_container();
        if let Some(title) = title_of(blocks.peek().copied()) {
            // Banners and badges above the title stand below it.
            while let Some(above) = blocks.next_if(|block| !block.same_node(title)) {
                self.block(above);
            }
            blocks.next();
            let body = std::mem::take(&mut self.body.html);
            self.heading_content(title);
            self.body.title = Some(std::mem::replace(&mut self.body.html, body));
        }
        let mut footnotes = false;
        while let Some(block) = blocks.next() {
            if let Some(end) = contents::end_of_contents(block) {
                while blocks.next_if(|block| !block.same_node(end)).is_some() {}
                blocks.next();
                continue;
            }
            if !footnotes && matches!(block.data().value, NodeValue::FootnoteDefinition(_)) {
                footnotes = true;
                self.close_container();
                self.body.html.push("<section class=\"footnotes\" aria-label=\"");
                self.body.html.push_text(self.permissions.words.get("footnotes"));
                self.body.html.push("\"><ol>\n");
                self.open_container();
            }
            self.block(block);
        }
        self.close_container();
        if footnotes {
            self.body.html.push("</ol></section>\n");
        }
    }

    /// Writes a node by `write`, or as plain text where it stands too deep.
    fn descend<'a>(
        &mut self,
        node: MarkdownNode<'a>,
        write: impl FnOnce(&mut Self, MarkdownNode<'a>),
    ) {
        if self.depth == DEEPEST {
            let plain = inline::plain_text(node, self.permissions.erb_title);
            self.leaf.plain.push_str(&plain);
            self.body.html.push_text(&plain);
            return;
        }
        self.depth += 1;
        write(self, node);
        self.depth -= 1;
    }

    pub(super) fn block(&mut self, node: MarkdownNode<'_>) {
        self.descend(node, Self::write_block);
    }

    fn write_block(&mut self, node: MarkdownNode<'_>) {
        let data = node.data();
        let markup = self.body.html.markup();
        match data.value {
            NodeValue::HtmlBlock(_) => {}
            NodeValue::Heading(_) => self.balance.make_room_for_heading(markup),
            _ => self.balance.make_room_for_block(markup),
        }
        self.leave_link(node);
        match &data.value {
            NodeValue::Paragraph => self.paragraph(node),
            NodeValue::Heading(_) => self.heading(node),
            NodeValue::CodeBlock(_) => self.code_block(node),
            NodeValue::HtmlBlock(block) => self.html_block(node, &block.literal),
            NodeValue::ThematicBreak if self.parts_a_card(node) => {}
            NodeValue::ThematicBreak => self.body.html.push("<hr>\n"),
            NodeValue::BlockQuote => self.quote(node),
            NodeValue::List(list) => self.list(node, *list),
            NodeValue::Table(table) => self.table(node, &table.alignments),
            NodeValue::Alert(alert) => {
                let class = alert.alert_type.css_class(comrak::options::AlertStyleType::Semantic);
                let default = self.permissions.words.get(class);
                let title = alert.title.as_deref().unwrap_or(default);
                self.callout(node, class, title);
            }
            NodeValue::Callout(callout) => self.vault_callout(node, callout),
            NodeValue::MultilineComment(_) => self.unseen_comment(node),
            NodeValue::DescriptionList => self.container("<dl>\n", "</dl>\n", node),
            NodeValue::DescriptionTerm => self.container("<dt>", "</dt>\n", node),
            NodeValue::DescriptionDetails => self.container("<dd>", "</dd>\n", node),
            NodeValue::FootnoteDefinition(footnote) => self.footnote(node, &footnote.name),
            _ => self.blocks(node),
        }
    }

    /// Whether a rule only parts the name of a card of `MkDocs` Material from its text: a card is an item of a list.
    fn parts_a_card(&self, rule: MarkdownNode<'_>) -> bool {
        self.permissions.dialects.contains(&Dialect::MkDocs)
            && rule.parent().is_some_and(|item| matches!(item.data().value, NodeValue::Item(_)))
            && rule.previous_sibling().is_some_and(|name| name.previous_sibling().is_none())
    }

    /// Ends a raw link around a node that holds a link: browsers would end it there, and whatever is open in it.
    pub(super) fn leave_link(&mut self, node: MarkdownNode<'_>) {
        let is_link = |inner: MarkdownNode<'_>| match &inner.data().value {
            NodeValue::Link(_)
            | NodeValue::WikiLink(_)
            | NodeValue::FootnoteReference(_)
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::Heading(_) => true,
            NodeValue::HtmlInline(raw) => raw_html::may_hold_link(raw),
            NodeValue::HtmlBlock(block) => raw_html::may_hold_link(&block.literal),
            _ => false,
        };
        if self.balance.is_in_link() && node.descendants().any(is_link) {
            self.balance.leave_link(self.body.html.markup());
        }
    }

    pub(super) fn blocks(&mut self, node: MarkdownNode<'_>) {
        self.blocks_from(node.first_child());
    }

    /// Writes a block and those that follow it in the same container.
    fn blocks_from(&mut self, first: Option<MarkdownNode<'_>>) {
        let mut next = first;
        while let Some(child) = next {
            let end = contents::end_of_contents(child);
            if end.is_none() {
                self.block(child);
            }
            next = end.unwrap_or(child).next_sibling();
        }
    }

    fn container(&mut self, open: &str, close: &str, node: MarkdownNode<'_>) {
        self.open_container();
        self.body.html.push(open);
        self.blocks(node);
        self.close_container();
        self.body.html.push(close);
    }

    /// Notes that what `write` writes stands inside of a container.
    pub(super) fn within(&mut self, container: Container, write: impl FnOnce(&mut Self)) {
        self.body.layout.push(LayoutPart::Open(container));
        write(self);
        self.body.layout.push(LayoutPart::Close);
    }

    pub(super) fn open_container(&mut self) {
        self.balance.open_container();
    }

    pub(super) fn close_container(&mut self) {
        self.balance.close_container(self.body.html.markup());
    }

    /// Writes the inline content of a block and remembers it as a passage.
    pub(super) fn leaf(&mut self, node: MarkdownNode<'_>) {
        let (range, text) = self.text_of(node);
        if !text.is_empty() {
            let section = self.body.sections.len() as u32 - 1;
            let is_cell = matches!(node.data().value, NodeValue::TableCell);
            let place = range.start as u32..range.end as u32;
            self.body.layout.push(LayoutPart::Passage(self.body.passages.len() as u32));
            self.body.passages.push(Passage { section, text, place, is_cell });
        }
    }

    /// Writes the inline content of a block: its place in the file, and that of its text in the current section.
    fn text_of(&mut self, node: MarkdownNode<'_>) -> (Range<usize>, Range<u32>) {
        let range = self.source.range(node.data().sourcepos);
        let plain = std::mem::take(&mut self.spare);
        let inside_link = self.leaf.inside_link;
        let leaf = Leaf { plain, links: Vec::new(), inside_link, cursor: range.start };
        let outer = std::mem::replace(&mut self.leaf, leaf);
        self.balance.open_container();
        for child in node.children() {
            self.inline(child);
        }
        self.close_container();
        let mut leaf = std::mem::replace(&mut self.leaf, outer);
        for (link, at) in &leaf.links {
            self.body.links[*link].sentence = sentence_around(&leaf.plain, *at);
        }
        let text = self.section_text(&single_spaced(&leaf.plain));
        leaf.plain.clear();
        self.spare = leaf.plain;
        (range, text)
    }

    /// Appends a line to the text of the current section; its place there.
    fn section_text(&mut self, text: &str) -> Range<u32> {
        let Some(section) = self.body.sections.last_mut() else { return 0..0 };
        if !section.text.is_empty() && !text.is_empty() {
            section.text.push('\n');
        }
        let start = section.text.len();
        section.text.push_str(text);
        start as u32..section.text.len() as u32
    }

    fn paragraph(&mut self, node: MarkdownNode<'_>) {
        if self.is_contents_marker(node) || self.unseen_paragraph(node) {
            return;
        }
        let callout = self.take_first_line(node);
        self.take_last_line(node);
        if let Some(class) = callout {
            return self.paragraph_callout(node, class);
        }
        if self.take_block_id(node) {
            return;
        }
        if is_tight(node) {
            self.leaf(node);
            if node.next_sibling().is_some() {
                self.body.html.push("\n");
            }
        } else {
            self.paragraph_element(node);
        }
    }

    /// The words of a paragraph as an element of their own.
    fn paragraph_element(&mut self, node: MarkdownNode<'_>) {
        let (open, close) = if holds_block(node) {
            ("<div class=\"text\">", "</div>\n")
        } else {
            ("<p>", "</p>\n")
        };
        self.body.html.push(open);
        self.leaf(node);
        self.body.html.push(close);
    }

    fn heading(&mut self, node: MarkdownNode<'_>) {
        let NodeValue::Heading(heading) = node.data().value else { return };
        let tag = HEADING_TAGS[usize::from(heading.level.clamp(2, 6)) - 2];
        let outer = std::mem::take(&mut self.body.html);
        self.heading_content(node);
        let content = std::mem::replace(&mut self.body.html, outer);
        let Some(heading) = self.body.headings.last() else { return };
        let html = &mut self.body.html;
        html.push("<");
        html.push(tag);
        html.push(" id=\"");
        html.push_text(&heading.anchor);
        html.push("\">");
        if let Some(number) = &heading.number {
            let is_main = tag == HEADING_TAGS[0];
            html.push(if is_main {
                "<span class=\"number\">"
            } else {
                "<span class=\"number thin\">"
            });
            html.push(number);
            html.push("</span> ");
        }
        html.append(content);
        html.push("<a class=\"anchor\" href=\"#");
        html.push_text(&heading.anchor);
        html.push("\" aria-label=\"");
        let words = self.permissions.words;
        html.push_text(&match &heading.number {
            Some(number) => words.fill("link-to-section", &[("number", number)]),
            None => words.fill("link-to", &[("title", &heading.text)]),
        });
        html.push("\">#</a></");
        html.push(tag);
        html.push(">\n");
    }

    /// The anchor of the next heading: the one that it asks for, else one of its text, numbered where that is taken.
    fn anchor(&mut self, explicit: Option<&str>, text: &str) -> String {
        if let Some(anchor) = explicit
            && !self.html_ids.contains(anchor)
            && let Some(taken @ false) = self.explicit.get_mut(anchor)
        {
            *taken = true;
            return anchor.to_owned();
        }
        let text = &*removed(explicit.unwrap_or(text));
        loop {
            let anchor = self.anchorizer.anchorize(text);
            if !self.explicit.contains_key(&anchor) && !self.html_ids.contains(&anchor) {
                return anchor;
            }
        }
    }

    /// Whether an earlier heading has the same text and this anchor, or the one that it would have without its count.
    fn is_repeated(&self, anchor: &str, text: &str) -> bool {
        let counted = anchor.rsplit_once('-').filter(|(_, count)| count.parse::<u32>().is_ok());
        let anchors = std::iter::once(anchor).chain(counted.map(|(first, _)| first));
        let mut earlier = anchors.filter_map(|anchor| self.by_anchor.get(anchor)).flatten();
        earlier.any(|index| self.body.headings[*index as usize].full_text() == text)
    }

    /// Writes the inline content of a heading, without its number, and adds it to the page's headings.
    fn heading_content(&mut self, node: MarkdownNode<'_>) {
        let NodeValue::Heading(heading) = node.data().value else { return };
        let explicit = attributes::take_heading_anchor(node);
        let full = inline::plain_text(node, self.permissions.erb_title);
        let number = inline::take_number(node);
        let anchor = self.anchor(explicit.as_deref(), &inline::anchor_text(node, &full));
        let repeated = self.is_repeated(&anchor, &full);
        let text = match &number {
            Some(number) => full[number.len()..].trim_start_matches('.').trim().to_owned(),
            None => full,
        };
        let range = self.source.range(node.data().sourcepos);
        let index = self.body.headings.len() as u32;
        self.by_anchor.entry(anchor.clone()).or_default().push(index);
        self.body.headings.push(Heading { level: heading.level, text, number, anchor, repeated });
        self.body.heading_ranges.push(range.clone());
        self.heading = Some(index);
        self.body.layout.push(LayoutPart::Heading(index));
        self.body.sections.push(SectionText { heading: Some(index), text: String::new() });
        self.leaf = Leaf { inside_link: 1, cursor: range.start, ..Leaf::default() };
        self.balance.open_container_in(raw_html::Around::Heading);
        for child in node.children() {
            self.inline(child);
        }
        self.close_container();
        let leaf = std::mem::take(&mut self.leaf);
        for (link, at) in &leaf.links {
            self.body.links[*link].sentence = sentence_around(&leaf.plain, *at);
        }
    }

    fn code_block(&mut self, node: MarkdownNode<'_>) {
        let position = node.data().sourcepos;
        let NodeValue::CodeBlock(block) = &node.data().value else { return };
        let fence = fence(&block.info);
        if fence.language == "math" && self.formula_block(&block.literal) {
            return;
        }
        let first_line = position.start.line + usize::from(block.fenced);
        let line_starts = self.source.starts_of(&block.literal, first_line);
        self.body.html.slot(Slot::CodeBlock(self.body.code_blocks.len() as u32));
        self.body.layout.push(LayoutPart::Code(self.body.code_blocks.len() as u32));
        let shell = shell_block(&fence.language, &block.literal).map(Box::new);
        self.body.code_blocks.push(CodeBlock {
            shell,
            language: fence.language,
            title: fence.title,
            declared: fence.declared,
            text: block.literal.clone(),
            range: self.source.range(position),
            line_starts,
            heading: self.heading,
        });
    }

    fn html_block(&mut self, node: MarkdownNode<'_>, literal: &str) {
        let position = node.data().sourcepos;
        let outer = std::mem::take(&mut self.leaf);
        self.leaf.cursor = self.source.range(position).start;
        self.raw_html(literal, position);
        let leaf = std::mem::replace(&mut self.leaf, outer);
        for (link, at) in &leaf.links {
            self.body.links[*link].sentence = sentence_around(&leaf.plain, *at);
        }
        self.section_text(leaf.plain.trim());
    }

    fn callout(&mut self, node: MarkdownNode<'_>, class: &str, title: &str) {
        self.open_callout(class, title);
        self.within(Container::Callout { warns: warns(class) }, |writer| {
            writer.container("", "</aside>\n", node);
        });
    }
}

/// The first-level heading that opens a page, above which nothing has words.
fn title_of(first: Option<MarkdownNode<'_>>) -> Option<MarkdownNode<'_>> {
    let above = |block: &MarkdownNode<'_>| match &block.data().value {
        NodeValue::HtmlBlock(html) => !raw_html::has_words(&html.literal),
        NodeValue::Paragraph => !inline::has_words(block),
        _ => false,
    };
    let mut blocks = first?.following_siblings();
    let title = blocks.find(|block| !above(block) || contents::end_of_contents(block).is_some())?;
    let is_title = matches!(title.data().value, NodeValue::Heading(heading) if heading.level == 1);
    is_title.then_some(title)
}

/// The anchors that the headings of a page ask for, none of them taken yet.
fn explicit_anchors(root: MarkdownNode<'_>) -> BTreeMap<String, bool> {
    let headings =
        root.descendants().filter(|node| matches!(node.data().value, NodeValue::Heading(_)));
    let headings = headings.filter(|heading| foreign::block_of_heading(heading).is_none());
    headings.filter_map(attributes::heading_anchor).map(|anchor| (anchor, false)).collect()
}

/// Whether a paragraph stands in a tight list and so gets no element of its own.
fn is_tight(node: MarkdownNode<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    match &parent.data().value {
        NodeValue::Item(_) | NodeValue::TaskItem(_) => parent
            .parent()
            .is_some_and(|list| matches!(list.data().value, NodeValue::List(list) if list.tight)),
        NodeValue::DescriptionTerm => true,
        NodeValue::DescriptionDetails => parent.parent().is_some_and(
            |item| matches!(item.data().value, NodeValue::DescriptionItem(item) if item.tight),
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::options::{all_options, options};

    #[test]
    fn of_a_long_row_of_links_each_keeps_the_part_around_it() {
        let row = "[link](a.md) ".repeat(2_000);
        let page = crate::parse::tests_support::document(&format!("First. {row}"));
        let longest = page.links.iter().map(|link| link.sentence.len()).max();
        assert!(longest.is_some_and(|longest| longest < 900), "{longest:?}");
        let sentence = |at: usize| page.links[at].sentence.to_string();
        assert!(sentence(0).starts_with("link link") && sentence(0).ends_with("link…"));
        assert!(sentence(1_000).starts_with("…link") && sentence(1_000).ends_with("link…"));
        assert!(sentence(1_999).starts_with("…link") && sentence(1_999).ends_with("link"));
    }

    #[test]
    fn an_anchor_by_hand_wins_and_no_two_headings_have_one() {
        for (text, anchors) in [
            ("## A {#b}\n## B\n## B\n", ["b", "b-1", "b-2"]),
            ("## B\n## A {#b}\n## B 1\n", ["b-1", "b", "b-1-1"]),
            ("## A {#b}\n## C {#b}\n## B\n", ["b", "b-1", "b-2"]),
            ("## A {#B}\n## B\n> ## C {#b-1}\n", ["B", "b", "b-1"]),
            ("## B\n## B\n## A {#b-1}\n", ["b", "b-2", "b-1"]),
        ] {
            let page = crate::parse::tests_support::document(text);
            let found = page.headings.iter().map(|heading| heading.anchor.as_str());
            assert_eq!(found.collect::<Vec<_>>(), anchors, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_not_looked_for_is_not_there(
            text in r"([a-z]{1,3}|[ \t\n\r>]|\n\n|[:~] |- |1\. |\[\^a\]:? ?|\[x\]|@|://|www\.|https?|mailto:|[*_`|<\\]|é){0,24}"
        ) {
            let html = |mut options: comrak::Options| {
                options.render.sourcepos = true;
                comrak::markdown_to_html(&text, &options)
            };
            prop_assert_eq!(html(options(&text, &[])), html(all_options(&[])));
        }
    }
}
