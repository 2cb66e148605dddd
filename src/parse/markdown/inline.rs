//! The inline half of the Markdown writer: text, links, code, raw HTML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{NodeValue, Sourcepos};
use memchr::memmem;

use super::attributes;
use super::math;
use super::roles;
use super::writer::{MarkdownNode, PageWriter};
use crate::dialect::Dialect;
use crate::parse::html::Slot;
use crate::parse::raw_html::{self, HtmlPiece, LinkRole, Raw};
use crate::parse::source::{find_from, shortcode_length, shortcode_target, with_title};
use crate::parse::{CodeSpan, Link, LinkKind, PageToken, Suppression, TokenPlace};
use crate::text::{escaped, scheme};
use crate::token::{placeholder, placeholders};

impl PageWriter<'_> {
    pub(super) fn inline(&mut self, node: MarkdownNode<'_>) {
        self.descend(node, Self::write_inline);
    }

    fn write_inline(&mut self, node: MarkdownNode<'_>) {
        self.leave_link(node);
        let data = node.data();
        match &data.value {
            NodeValue::Text(text) => {
                let end =
                    text.len() - self.role_before(node, text).map_or(0, |role| role.len() + 2);
                let start = attributes::behind_span(node, text).min(end);
                self.text(data.sourcepos, &text[start..end]);
            }
            NodeValue::SoftBreak => {
                self.leaf.plain.push(' ');
                self.body.html.push("\n");
            }
            NodeValue::LineBreak => {
                self.leaf.plain.push(' ');
                self.body.html.push("<br>\n");
            }
            NodeValue::Code(code) => self.code(node, &code.literal),
            NodeValue::HtmlInline(raw) => {
                self.raw_html(raw, data.sourcepos);
            }
            NodeValue::ShortCode(emoji) => self.emoji(data.sourcepos, &emoji.code, &emoji.emoji),
            NodeValue::Emph => self.wrapped("<em>", "</em>", node),
            NodeValue::Strong => self.wrapped("<strong>", "</strong>", node),
            NodeValue::Strikethrough => self.wrapped("<del>", "</del>", node),
            NodeValue::Highlight => self.signed("==", ("<mark>", "</mark>"), node),
            NodeValue::Insert => self.inserted(node),
            NodeValue::CommentInline(_) => self.unseen_comment(node),
            NodeValue::Link(link) => self.link(node, &link.url, &link.title),
            NodeValue::Image(image) => self.image(node, &image.url, &image.title),
            NodeValue::WikiLink(wikilink) => self.wikilink(node, &wikilink.url),
            NodeValue::FootnoteReference(reference) => {
                self.footnote_reference(&reference.name, reference.ix, reference.ref_num);
            }
            _ => self.inlines(node),
        }
    }

    fn inlines(&mut self, node: MarkdownNode<'_>) {
        for child in node.children() {
            self.inline(child);
        }
    }

    fn wrapped(&mut self, open: &str, close: &str, node: MarkdownNode<'_>) {
        self.body.html.push(open);
        self.balance.open_container();
        self.inlines(node);
        self.close_container();
        self.body.html.push(close);
    }

    /// Text between signs that mean something there only outside of words: `a==1` compares.
    fn signed(&mut self, sign: &str, (open, close): (&str, &str), node: MarkdownNode<'_>) {
        let range = self.source.range(node.data().sourcepos);
        let text = self.source.text;
        let around = [text[..range.start].chars().next_back(), text[range.end..].chars().next()];
        if around.into_iter().flatten().any(char::is_alphanumeric) {
            self.words(node.data().sourcepos, sign);
            self.inlines(node);
            self.words(node.data().sourcepos, sign);
        } else {
            self.wrapped(open, close, node);
        }
    }

    /// `++ctrl+alt+del++`, keys to press, or text that was put in.
    fn inserted(&mut self, node: MarkdownNode<'_>) {
        let text = plain_text(node, None);
        let is_key = |key: &str| !key.is_empty() && key.len() <= 16 && !key.contains(' ');
        if !text.split('+').all(is_key) || text.chars().any(char::is_uppercase) {
            return self.signed("++", ("<ins>", "</ins>"), node);
        }
        for (position, key) in text.split('+').enumerate() {
            let key = key.trim_matches('"');
            let mut letters = key.chars();
            let first =
                letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
            let key = format!("{first}{}", letters.as_str().replace('-', " "));
            if position > 0 {
                self.words(node.data().sourcepos, "+");
            }
            self.body.html.push("<kbd>");
            self.words(node.data().sourcepos, &key);
            self.body.html.push("</kbd>");
        }
    }

    /// A comment that no reader is shown.
    pub(super) fn unseen_comment(&mut self, node: MarkdownNode<'_>) {
        let range = self.source.range(node.data().sourcepos);
        self.body.comments.push(range.start as u32..range.end as u32);
    }

    /// Plain text and the formulas in it.
    fn text(&mut self, position: Sourcepos, text: &str) {
        if memchr::memchr(4, text.as_bytes()).is_none() {
            return self.words(position, text);
        }
        for piece in math::pieces(text) {
            match piece {
                math::FormulaPiece::Text(text) => self.words(position, text),
                math::FormulaPiece::Formula(typed) => self.formula(position, &typed),
            }
        }
    }

    pub(super) fn formula(&mut self, position: Sourcepos, typed: &str) {
        let (latex, displayed) = math::formula(typed);
        let Some(html) = math::mathml(latex, displayed) else {
            self.name_formula(position, typed);
            return self.words(position, typed);
        };
        self.leaf.plain.push_str(latex.trim());
        self.body.html.push(&html);
    }

    /// An emoji by its name. In a word, as in `arn:aws:kms:key:1`, colons only separate.
    fn emoji(&mut self, position: Sourcepos, code: &str, emoji: &str) {
        let range = self.source.range(position);
        let text = self.source.text;
        let is_typed = text.get(range.clone()).is_some_and(|typed| typed.trim_matches(':') == code);
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        let in_word = [before, after]
            .into_iter()
            .flatten()
            .any(|letter| letter.is_alphanumeric() || letter == ':');
        if is_typed && in_word {
            self.words(position, &format!(":{code}:"));
        } else {
            self.leaf.plain.push_str(emoji);
            self.body.html.push_text(emoji);
        }
    }

    /// Plain text, with a slot for each `<...>` token in it.
    pub(super) fn words(&mut self, position: Sourcepos, text: &str) {
        let text = match self.permissions.erb_title {
            Some(title) => with_title(text, title),
            None => text.into(),
        };
        self.leaf.plain.push_str(&text);
        if memchr::memchr(b'{', text.as_bytes()).is_some() {
            self.name_unread(&text, position);
        }
        if memchr::memchr(b'(', text.as_bytes()).is_some() && self.leaf.inside_link == 0 {
            self.name_spaced(&text, position);
        }
        let mut done = 0;
        for token in placeholders(&text) {
            self.body.html.push_prose(&text[done..token.start]);
            let position = self.source.range(position);
            self.token(&text[token.clone()], position, TokenPlace::Prose);
            self.body.html.slot(Slot::Token(self.body.tokens.len() as u32 - 1));
            done = token.end;
        }
        self.body.html.push_prose(&text[done..]);
    }

    /// Remembers a token whose text stands somewhere in `near`, behind the token before it.
    fn token(&mut self, text: &str, near: Range<usize>, place: TokenPlace) {
        let from = near.start.max(self.leaf.cursor);
        let range = find_from(self.source.text, text, from)
            .filter(|found| found.end <= near.end.max(from + text.len()) + 4)
            .unwrap_or(near);
        self.leaf.cursor = self.leaf.cursor.max(range.end);
        self.body.tokens.push(PageToken {
            text: text.to_owned(),
            range,
            place,
            heading: self.heading,
        });
    }

    pub(super) fn code_span(&mut self, position: Sourcepos, literal: &str) {
        self.leaf.plain.push_str(literal);
        let range = self.source.range(position);
        for token in placeholders(literal) {
            self.token(&literal[token], range.clone(), TokenPlace::CodeSpan);
        }
        self.body.html.slot(Slot::CodeSpan(self.body.code_spans.len() as u32));
        self.body.code_spans.push(CodeSpan {
            text: literal.to_owned(),
            range,
            heading: self.heading,
            inside_link: self.leaf.inside_link > 0 || self.balance.is_in_link(),
        });
    }

    fn link(&mut self, node: MarkdownNode<'_>, address: &str, title: &str) {
        let whole = self.source.range(node.data().sourcepos);
        if holds_link(node) {
            return self.brackets_around_links(node, whole);
        }
        let shortcode = self.source.text.get(whole.clone()).and_then(|typed| {
            let start = memmem::find(typed.as_bytes(), b"]({")? + 2;
            let length = shortcode_length(&typed[start..])?;
            let behind = typed[start + length..].split([')', ' ']).next().unwrap_or_default();
            Some(format!("{}{behind}", shortcode_target(&typed[start..start + length])?))
        });
        match shortcode {
            Some(target) => self.push_link(LinkKind::Shortcode, target, whole),
            None => self.push_link(LinkKind::Markdown, address.to_owned(), whole),
        }
        let index = self.body.links.len() - 1;
        self.open_link(index, title);
        if node.first_child().is_none() && self.permissions.dialects.contains(&Dialect::Myst) {
            // There a link without a text is called as what it leads to.
            self.words(node.data().sourcepos, &roles::name_of(address));
        }
        self.inlines(node);
        self.close_container();
        self.close_link(index);
    }

    /// What the parser takes for a link around others, as it does behind brackets that were closed before. `CommonMark`
    /// has the inner ones, and what is around them is text.
    fn brackets_around_links(&mut self, node: MarkdownNode<'_>, whole: Range<usize>) {
        let position = node.data().sourcepos;
        let end = node.last_child().map_or(whole.end, |last| {
            self.source.range(last.data().sourcepos).end.clamp(whole.start, whole.end)
        });
        let behind = self.source.text.get(end..whole.end).unwrap_or_default().to_owned();
        self.words(position, "[");
        self.inlines(node);
        self.words(position, &behind);
    }

    fn wikilink(&mut self, node: MarkdownNode<'_>, address: &str) {
        let whole = self.source.range(node.data().sourcepos);
        let text = plain_text(node, self.permissions.erb_title);
        let is_embed = self.source.text[whole.clone()].starts_with("![[");
        if is_embed && is_picture(address) {
            let alternative = if is_size(&text) || text == address { "" } else { &text };
            return self.picture(LinkKind::Embed, whole, address, (alternative, ""));
        }
        // A wiki shows a picture so, with options behind its name.
        let shows = self.permissions.dialects.contains(&Dialect::Wiki) && is_picture(&text);
        if shows && (address == text || address.contains('=')) {
            let alternative = address.strip_prefix("alt=").unwrap_or_default().to_owned();
            return self.picture(LinkKind::Embed, whole, &text, (&alternative, ""));
        }
        if scheme(address).is_some() && address.contains("://") {
            return self.link(node, address, "");
        }
        self.push_link(LinkKind::Wikilink, address.to_owned(), whole);
        let index = self.body.links.len() - 1;
        self.leaf.links.push((index, self.leaf.plain.len()));
        self.leaf.plain.push_str(&text);
        text.trim().clone_into(&mut self.body.links[index].text);
        self.body.html.slot(Slot::Wikilink(index as u32));
    }

    pub(super) fn open_link(&mut self, index: usize, title: &str) {
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
        self.balance.open_container_in(raw_html::Around::Link);
    }

    pub(super) fn close_link(&mut self, index: usize) {
        self.leaf.inside_link -= 1;
        self.body.html.push("</a>");
        let opened = self.leaf.links.iter().rev().find(|(link, _)| *link == index);
        let start = opened.map_or(self.leaf.plain.len(), |(_, at)| *at);
        self.body.links[index].text = self.leaf.plain[start..].trim().to_owned();
    }

    fn image(&mut self, node: MarkdownNode<'_>, address: &str, title: &str) {
        let whole = self.source.range(node.data().sourcepos);
        let alternative = plain_text(node, self.permissions.erb_title);
        // A vault gives the size behind a bar.
        let sized = alternative.rsplit_once('|').filter(|(_, size)| is_size(size));
        let alternative = sized
            .filter(|_| self.permissions.dialects.contains(&Dialect::Obsidian))
            .map_or(&*alternative, |(text, _)| text);
        self.picture(LinkKind::Image, whole, address, (alternative, title));
    }

    fn picture(
        &mut self,
        kind: LinkKind,
        whole: Range<usize>,
        address: &str,
        (alternative, title): (&str, &str),
    ) {
        self.push_link(kind, address.to_owned(), whole);
        let index = self.body.links.len() - 1;
        self.leaf.links.push((index, self.leaf.plain.len()));
        self.leaf.plain.push_str(alternative);
        alternative.clone_into(&mut self.body.links[index].text);
        let html = &mut self.body.html;
        html.push("<img");
        html.slot(Slot::Link(index as u32));
        html.push(" alt=\"");
        html.push_text(alternative);
        if !title.is_empty() {
            html.push("\" title=\"");
            html.push_text(title);
        }
        html.push("\" loading=\"lazy\">");
    }

    /// Adds a link whose finding points at its address, where that can be told from the text.
    pub(super) fn push_link(&mut self, kind: LinkKind, mut address: String, whole: Range<usize>) {
        let typed = self.source.text.get(whole.clone()).unwrap_or_default();
        let range = match memmem::rfind(typed.as_bytes(), address.as_bytes()) {
            Some(at) if !address.is_empty() => whole.start + at..whole.start + at + address.len(),
            _ => whole.clone(),
        };
        // No address is written with them, so none is looked up with them.
        address.retain(|letter| letter >= ' ');
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

    /// Raw HTML by the allow-list.
    pub(super) fn raw_html(&mut self, text: &str, position: Sourcepos) {
        let lines = self.source.places_of(text, position);
        if self.permissions.unsafe_html {
            self.body.comments.extend(comments(text, lines[0].1));
            self.body.html.push(text);
            return;
        }
        let raw = Raw { text, source: self.source.text, lines: &lines };
        let mut balance = std::mem::take(&mut self.balance);
        raw_html::sanitize(raw, &mut balance, &mut |piece| self.raw_piece(piece));
        self.balance = balance;
    }

    fn raw_piece(&mut self, piece: HtmlPiece<'_>) {
        match piece {
            HtmlPiece::Html(html) => {
                self.body.html.push(html);
                push_text_of(&mut self.leaf.plain, html);
            }
            HtmlPiece::Link { role, address, range } => self.raw_link(role, address, range),
            HtmlPiece::Anchor { attribute, name, .. } => self.raw_anchor(attribute, name),
            HtmlPiece::Comment { text, range } => {
                self.body.comments.push(range.start as u32..range.end as u32);
                self.suppression(text, range);
            }
            HtmlPiece::Rejected { text, name, range } => self.rejected_tag(text, name, range),
        }
    }

    /// The name of an element. Of several of one id a browser finds the first, and so it stays the only one.
    fn raw_anchor(&mut self, attribute: &str, name: String) {
        let is_id = attribute == "id";
        if is_id && (self.by_anchor.contains_key(&name) || !self.html_ids.insert(name.clone())) {
            return;
        }
        for part in [" ", attribute, "=\"", &escaped(&name), "\""] {
            self.body.html.push(part);
        }
        self.body.html_anchors.push(name);
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
        let token = PageToken {
            text: text.to_owned(),
            range,
            place: TokenPlace::Prose,
            heading: self.heading,
        };
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

/// Whether a link stands in another.
fn holds_link(link: MarkdownNode<'_>) -> bool {
    let is_link = |inner: MarkdownNode<'_>| {
        matches!(inner.data().value, NodeValue::Link(_) | NodeValue::WikiLink(_))
    };
    link.descendants().skip(1).any(is_link)
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

/// Whether an address is a picture's, by its ending.
fn is_picture(address: &str) -> bool {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp"].contains(&ending.as_str())
}

/// Whether a text is the size of a picture: `300`, `300x200`.
fn is_size(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x')
        .map_or_else(|| is_number(text), |(width, height)| is_number(width) && is_number(height))
}

/// The text of a node without markup.
pub(super) fn plain_text(node: MarkdownNode<'_>, erb_title: Option<&str>) -> String {
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

/// Whether a paragraph holds more than pictures, with or without links around them.
pub(super) fn has_words(paragraph: MarkdownNode<'_>) -> bool {
    let mut open: Vec<MarkdownNode<'_>> = paragraph.children().collect();
    while let Some(node) = open.pop() {
        match &node.data().value {
            NodeValue::Image(_) | NodeValue::SoftBreak | NodeValue::LineBreak => {}
            NodeValue::Link(_) => open.extend(node.children()),
            NodeValue::Text(text) if text.trim().is_empty() => {}
            NodeValue::HtmlInline(html) if !raw_html::has_words(html) => {}
            _ => return true,
        }
    }
    false
}

/// The text of a heading that its anchor is made of, where the rest of it is `full`: GitHub writes emoji by name.
pub(super) fn anchor_text<'f>(node: MarkdownNode<'_>, full: &'f str) -> Cow<'f, str> {
    let mut text = Cow::Borrowed(full);
    for inner in node.descendants() {
        if let NodeValue::ShortCode(emoji) = &inner.data().value {
            text = text.replacen(&emoji.emoji, &emoji.code, 1).into();
        }
    }
    text
}

/// Takes the author's number, "2.3", off the beginning of a heading.
pub(super) fn take_number(node: MarkdownNode<'_>) -> Option<String> {
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
