//! The inline half of the Markdown writer: text, links, code, raw HTML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{NodeValue, Sourcepos};
use memchr::memmem;

use super::attributes;
use super::math;
use super::writer::{Node, Writer};
use crate::dialect::Dialect;
use crate::parse::html::Slot;
use crate::parse::raw_html::{self, LinkRole, Piece, Raw};
use crate::parse::source::{find_from, shortcode_target, with_title};
use crate::parse::{CodeSpan, Link, LinkKind, Suppression, Token, TokenPlace};
use crate::token::{placeholder, placeholders};

impl Writer<'_> {
    pub(super) fn inline(&mut self, node: Node<'_>) {
        self.descend(node, Self::write_inline);
    }

    fn write_inline(&mut self, node: Node<'_>) {
        let data = node.data();
        match &data.value {
            NodeValue::Text(text) => {
                self.text(data.sourcepos, &text[attributes::behind_span(node, text)..]);
            }
            NodeValue::SoftBreak => {
                self.leaf.plain.push(' ');
                self.body.html.push("\n");
            }
            NodeValue::LineBreak => {
                self.leaf.plain.push(' ');
                self.body.html.push("<br>\n");
            }
            NodeValue::Code(code) => self.code_span(data.sourcepos, &code.literal),
            NodeValue::HtmlInline(raw) => {
                self.raw_html(raw, self.source.range(data.sourcepos).start);
            }
            NodeValue::ShortCode(emoji) => self.emoji(data.sourcepos, &emoji.code, &emoji.emoji),
            NodeValue::Emph => self.wrapped("<em>", "</em>", node),
            NodeValue::Strong => self.wrapped("<strong>", "</strong>", node),
            NodeValue::Strikethrough => self.wrapped("<del>", "</del>", node),
            NodeValue::Link(link) => self.link(node, &link.url, &link.title),
            NodeValue::Image(image) => self.image(node, &image.url, &image.title),
            NodeValue::WikiLink(wikilink) => self.wikilink(node, &wikilink.url),
            NodeValue::FootnoteReference(reference) => {
                self.footnote_reference(&reference.name, reference.ix, reference.ref_num);
            }
            _ => self.inlines(node),
        }
    }

    fn inlines(&mut self, node: Node<'_>) {
        for child in node.children() {
            self.inline(child);
        }
    }

    fn wrapped(&mut self, open: &str, close: &str, node: Node<'_>) {
        self.body.html.push(open);
        self.balance.open_container();
        self.inlines(node);
        self.close_container();
        self.body.html.push(close);
    }

    /// Plain text and the formulas in it.
    fn text(&mut self, place: Sourcepos, text: &str) {
        if memchr::memchr(4, text.as_bytes()).is_none() {
            return self.words(place, text);
        }
        for piece in math::pieces(text) {
            match piece {
                math::Piece::Text(text) => self.words(place, text),
                math::Piece::Formula(typed) => self.formula(place, &typed),
            }
        }
    }

    fn formula(&mut self, place: Sourcepos, typed: &str) {
        let (latex, displayed) = math::formula(typed);
        let Some(html) = math::mathml(latex, displayed) else {
            self.name_formula(place, typed);
            return self.words(place, typed);
        };
        self.leaf.plain.push_str(latex.trim());
        self.body.html.push(&html);
    }

    /// An emoji by its name. In a word, as in `arn:aws:kms:key:1`, colons only separate.
    fn emoji(&mut self, place: Sourcepos, code: &str, emoji: &str) {
        let range = self.source.range(place);
        let text = self.source.text;
        let is_typed = text.get(range.clone()).is_some_and(|typed| typed.trim_matches(':') == code);
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let in_word = [before, after]
            .into_iter()
            .flatten()
            .any(|letter| letter.is_alphanumeric() || letter == ':');
        if is_typed && in_word {
            self.words(place, &format!(":{code}:"));
        } else {
            self.leaf.plain.push_str(emoji);
            self.body.html.push_text(emoji);
        }
    }

    /// Plain text, with a slot for each `<...>` token in it.
    fn words(&mut self, place: Sourcepos, text: &str) {
        let text = match self.permissions.erb_title {
            Some(title) => with_title(text, title),
            None => text.into(),
        };
        self.leaf.plain.push_str(&text);
        if memchr::memchr(b'{', text.as_bytes()).is_some() {
            self.name_unread(&text, place);
        }
        if self.permissions.dialects.contains(&Dialect::MkDocs) {
            self.name_icon(&text, place);
        }
        let mut done = 0;
        for token in placeholders(&text) {
            self.body.html.push_text(&text[done..token.start]);
            let place = self.source.range(place);
            self.token(&text[token.clone()], place, TokenPlace::Prose);
            self.body.html.slot(Slot::Token(self.body.tokens.len() as u32 - 1));
            done = token.end;
        }
        self.body.html.push_text(&text[done..]);
    }

    /// Remembers a token whose text stands somewhere in `near`, behind the token before it.
    fn token(&mut self, text: &str, near: Range<usize>, place: TokenPlace) {
        let from = near.start.max(self.leaf.cursor);
        let range = find_from(self.source.text, text, from)
            .filter(|found| found.end <= near.end.max(from + text.len()) + 4)
            .unwrap_or(near);
        self.leaf.cursor = self.leaf.cursor.max(range.end);
        self.body.tokens.push(Token { text: text.to_owned(), range, place, heading: self.heading });
    }

    fn code_span(&mut self, place: Sourcepos, literal: &str) {
        self.leaf.plain.push_str(literal);
        let range = self.source.range(place);
        for token in placeholders(literal) {
            self.token(&literal[token], range.clone(), TokenPlace::CodeSpan);
        }
        self.body.html.slot(Slot::CodeSpan(self.body.code_spans.len() as u32));
        self.body.code_spans.push(CodeSpan {
            text: literal.to_owned(),
            range,
            heading: self.heading,
            inside_link: self.leaf.inside_link > 0,
        });
    }

    fn link(&mut self, node: Node<'_>, address: &str, title: &str) {
        let whole = self.source.range(node.data().sourcepos);
        let shortcode = self.source.text.get(whole.clone()).and_then(|typed| {
            let start = memmem::find(typed.as_bytes(), b"]({{")? + 2;
            let end = typed[start..].find("}}")? + start + 2;
            shortcode_target(&typed[start..end])
        });
        match shortcode {
            Some(target) => self.push_link(LinkKind::Shortcode, target.to_owned(), whole),
            None => self.push_link(LinkKind::Markdown, address.to_owned(), whole),
        }
        let index = self.body.links.len() - 1;
        self.open_link(index, title);
        self.inlines(node);
        self.close_container();
        self.close_link(index);
    }

    fn wikilink(&mut self, node: Node<'_>, address: &str) {
        let whole = self.source.range(node.data().sourcepos);
        self.push_link(LinkKind::Wikilink, address.to_owned(), whole);
        let index = self.body.links.len() - 1;
        self.leaf.links.push((index, self.leaf.plain.len()));
        let text = plain_text(node, self.permissions.erb_title);
        self.leaf.plain.push_str(&text);
        text.trim().clone_into(&mut self.body.links[index].text);
        self.body.html.slot(Slot::Wikilink(index as u32));
    }

    fn open_link(&mut self, index: usize, title: &str) {
        self.leaf.links.push((index, self.leaf.plain.len()));
        self.leaf.inside_link += 1;
        self.body.html.push("<a");
        self.body.html.slot(Slot::Link(index as u32));
        if !title.is_empty() {
            self.body.html.push(" title=\"");
            self.body.html.push_text(title);
            self.body.html.push("\"");
        }
        self.body.html.push(">");
        self.balance.open_container();
    }

    fn close_link(&mut self, index: usize) {
        self.leaf.inside_link -= 1;
        self.body.html.push("</a>");
        let opened = self.leaf.links.iter().rev().find(|(link, _)| *link == index);
        let start = opened.map_or(self.leaf.plain.len(), |(_, at)| *at);
        self.body.links[index].text = self.leaf.plain[start..].trim().to_owned();
    }

    fn image(&mut self, node: Node<'_>, address: &str, title: &str) {
        let whole = self.source.range(node.data().sourcepos);
        let alternative = plain_text(node, self.permissions.erb_title);
        self.push_link(LinkKind::Image, address.to_owned(), whole);
        let index = self.body.links.len() - 1;
        self.leaf.links.push((index, self.leaf.plain.len()));
        self.leaf.plain.push_str(&alternative);
        self.body.links[index].text.clone_from(&alternative);
        let html = &mut self.body.html;
        html.push("<img");
        html.slot(Slot::Link(index as u32));
        html.push(" alt=\"");
        html.push_text(&alternative);
        if !title.is_empty() {
            html.push("\" title=\"");
            html.push_text(title);
        }
        html.push("\" loading=\"lazy\">");
    }

    /// Adds a link whose finding points at its address, where that can be told from the text.
    fn push_link(&mut self, kind: LinkKind, address: String, whole: Range<usize>) {
        let typed = self.source.text.get(whole.clone()).unwrap_or_default();
        let range = match memmem::rfind(typed.as_bytes(), address.as_bytes()) {
            Some(at) if !address.is_empty() => whole.start + at..whole.start + at + address.len(),
            _ => whole.clone(),
        };
        self.body.links.push(Link {
            kind,
            address,
            range,
            whole: whole.start as u32..whole.end as u32,
            text: String::new(),
            sentence: Arc::default(),
            heading: self.heading,
        });
    }

    /// The number of a note, and which of the references to it this is.
    fn footnote_reference(&mut self, name: &str, number: u32, index: u32) {
        let html = &mut self.body.html;
        html.push("<sup class=\"footnote\"><a href=\"#gp:fn-");
        html.push_text(name);
        html.push("\" id=\"gp:fnref-");
        html.push_text(name);
        if index > 1 {
            html.push(&format!("-{index}"));
        }
        html.push("\" aria-label=\"");
        let number = number.to_string();
        html.push_text(&self.permissions.words.fill("footnote", &[("number", &number)]));
        html.push(&format!("\">{number}</a></sup>"));
    }

    /// Raw HTML by the allow-list; `at` is where it begins in the file.
    pub(super) fn raw_html(&mut self, text: &str, at: usize) {
        if self.permissions.unsafe_html {
            self.body.comments.extend(comments(text, at));
            self.body.html.push(text);
            return;
        }
        let raw = Raw { text, source: self.source.text, at };
        let mut balance = std::mem::take(&mut self.balance);
        raw_html::sanitize(raw, &mut balance, &mut |piece| self.raw_piece(piece));
        self.balance = balance;
    }

    fn raw_piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Html(html) => {
                self.body.html.push(html);
                push_text_of(&mut self.leaf.plain, html);
            }
            Piece::Link { role, address, range } => self.raw_link(role, address, range),
            Piece::Anchor { name, .. } => self.body.html_anchors.push(name),
            Piece::Comment { text, range } => {
                self.body.comments.push(range.start as u32..range.end as u32);
                self.suppression(text, range);
            }
            Piece::Rejected { text, name, range } => self.rejected_tag(text, name, range),
        }
    }

    fn raw_link(&mut self, role: LinkRole, address: String, range: Range<usize>) {
        let index = self.body.links.len();
        let kind = match role {
            LinkRole::Href | LinkRole::Reference => LinkKind::HtmlLink,
            LinkRole::Src | LinkRole::ImageCandidate => LinkKind::HtmlSource,
        };
        let slot = match role {
            LinkRole::Href | LinkRole::Src => Slot::Link(index as u32),
            LinkRole::ImageCandidate | LinkRole::Reference => Slot::Address(index as u32),
        };
        self.push_link(kind, address, range.clone());
        self.body.links[index].range = range;
        self.leaf.links.push((index, self.leaf.plain.len()));
        self.body.html.slot(slot);
    }

    fn rejected_tag(&mut self, text: &str, name: String, range: Range<usize>) {
        self.leaf.plain.push_str(text);
        self.body.raw_tags.push((name, range.clone()));
        if placeholder(text).is_none() {
            self.body.html.push_text(text);
            return;
        }
        self.leaf.cursor = self.leaf.cursor.max(range.end);
        self.body.html.slot(Slot::Token(self.body.tokens.len() as u32));
        let token =
            Token { text: text.to_owned(), range, place: TokenPlace::Prose, heading: self.heading };
        self.body.tokens.push(token);
    }

    fn suppression(&mut self, comment: &str, range: Range<usize>) {
        let words = comment.trim_start_matches("<!--").trim_end_matches("-->").trim();
        let Some(words) = words.strip_prefix("guidepost:") else { return };
        let words: Vec<&str> = words.split_whitespace().collect();
        let (rule, until) = match words[..] {
            ["allow", rule] => (rule, None),
            ["allow", rule, "until", date] => (rule, Some(date.to_owned())),
            _ => ("", None),
        };
        self.body.suppressions.push(Suppression { rule: rule.to_owned(), until, range });
    }
}

/// The comments of raw HTML that begins at byte `at` of the file; one that is never closed takes all that follows.
fn comments(text: &str, at: usize) -> Vec<Range<u32>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(start) = find_from(text, "<!--", from).map(|mark| mark.start) {
        from = find_from(text, "-->", start).map_or(text.len(), |mark| mark.end);
        found.push((at + start) as u32..(at + from) as u32);
    }
    found
}

/// Appends the text of finished HTML, without its tags.
fn push_text_of(plain: &mut String, html: &str) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    plain.push_str(rest);
}

/// The text of a node without markup.
pub(super) fn plain_text(node: Node<'_>, erb_title: Option<&str>) -> String {
    let mut plain = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(text) => match erb_title {
                Some(title) => plain.push_str(&with_title(text, title)),
                None => plain.push_str(text),
            },
            NodeValue::Code(code) => plain.push_str(&code.literal),
            NodeValue::ShortCode(emoji) => plain.push_str(&emoji.emoji),
            NodeValue::SoftBreak | NodeValue::LineBreak => plain.push(' '),
            _ => {}
        }
    }
    if memchr::memchr(4, plain.as_bytes()).is_some() { math::plain(&plain) } else { plain }
}

/// The text of a heading that its anchor is made of, where the rest of it is `full`: GitHub writes emoji by name.
pub(super) fn anchor_text<'f>(node: Node<'_>, full: &'f str) -> Cow<'f, str> {
    let mut text = Cow::Borrowed(full);
    for inner in node.descendants() {
        if let NodeValue::ShortCode(emoji) = &inner.data().value {
            text = text.replacen(&emoji.emoji, &emoji.code, 1).into();
        }
    }
    text
}

/// Takes the author's number, "2.3", off the beginning of a heading.
pub(super) fn take_number(node: Node<'_>) -> Option<String> {
    let first = node.first_child()?;
    let mut data = first.data_mut();
    let NodeValue::Text(text) = &mut data.value else { return None };
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let number = text[..end].trim_end_matches('.').to_owned();
    let rest = text[end..].trim_start();
    let parts_are_numbers = number.split('.').all(|part| (1..=3).contains(&part.len()));
    if !parts_are_numbers || rest.is_empty() || rest.len() == text.len() - end {
        return None;
    }
    *text = rest.to_owned().into();
    Some(number)
}
