//! One page's text becomes a [`Document`]: everything that the page says by itself.
//!
//! Parsing knows nothing of other pages and never fails: what is wrong is reported beside the document.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location, content, values};
use crate::dialect::Dialect;
use crate::files::{Bytes, FilePath};
use crate::parameter::ParameterDeclaration;
use crate::text::encoding::{invalid_from, is_wide};
use crate::text::first_sentence;
use crate::token::placeholders;
use crate::value::read::Spanned;

use front_matter::FrontMatter;
use include::expand::{TakenIn, expand};
use include::request::may_request;
use include::with_included;
use lines::{joined, lines};
use markdown::{PageBody, Permissions};
use named_sections::known_sections;
use source::{Source, line_without_shortcodes};

pub use block_lines::BlockLines;
pub use decoded::text;
pub use document::{
    CodeBlock, CodeSpan, DeclaredSafety, Document, Heading, Link, LinkKind, Outline, PageToken,
    Passage, SectionText, Suppression, TokenPlace,
};
pub use include::IncludeLibrary;
pub use include::taken::{Included, Inclusion};
pub use options::ParseOptions;
pub(crate) use source::TITLE_TAG;

mod block_lines;
mod blocks;
mod decoded;
mod document;
mod fence;
pub mod front_matter;
pub mod html;
mod include;
pub mod layout;
mod lines;
mod markdown;
pub(crate) mod marks;
mod named_sections;
pub mod new_page;
mod options;
pub mod raw_html;
pub mod review_edit;
mod source;
pub mod template_section;
#[cfg(test)]
pub(crate) mod tests_support;

/// How the ids begin that the theme and Guidepost itself give: no author's id does, so neither takes the other's.
///
/// GitHub's anchors hold no colon; an id of raw HTML or of `{#id}` that begins so is left out.
pub(crate) const RESERVED: &str = "gp:";

/// All that parsing a page depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file, relative to the site folder.
    pub path: FilePath,
    /// What the file holds.
    pub bytes: Bytes,
    /// What is the same for all pages.
    pub options: Arc<ParseOptions>,
}

/// A page with the files that it takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPage {
    /// The page as it stands in its own file.
    pub page: Input,
    /// The files, and those that they take in.
    pub inclusions: Vec<Inclusion>,
}

/// Reads one page by itself: what it takes in stays as typed.
pub fn parse(input: &Input) -> Document {
    read(input, None)
}

/// Reads one page with what it takes in.
pub fn parse_host(host: &HostPage) -> Document {
    read(&host.page, Some(&host.inclusions))
}

fn read(input: &Input, inclusions: Option<&[Inclusion]>) -> Document {
    let text = text(&input.bytes);
    let length = text.len();
    let mut head = front_matter::read::read_front_matter(&input.path, &text, &input.options);
    if matches!(text, Cow::Owned(_))
        && let Some(found) = other_encoding(input)
    {
        head.diagnostics.insert(0, found);
    }
    leave_out_icons(&mut head.meta, &input.options);
    let title = head.meta.title.as_ref().map_or("", |title| title.value.as_str());
    let permissions = Permissions {
        unsafe_html: input.options.unsafe_html,
        erb_title: input.path.as_str().ends_with(".erb").then_some(title),
        dialects: &input.options.dialects,
        words: &input.options.words,
    };
    let takes_in = may_request(&text[head.body..]);
    let (text, included) = match inclusions {
        Some(inclusions) => with_included(text, inclusions, &input.options),
        None => (text, Vec::new()),
    };
    let expanded = inclusions.map(|inclusions| {
        let (host, included, whole) = (&input.path, &*included, &*text);
        let taken = TakenIn { host, whole, included, inclusions, permissions };
        let mut lines = lines(&text[head.body..length], head.body);
        for line in &mut lines {
            line.text = line_without_shortcodes(std::mem::take(&mut line.text));
        }
        let (lines, found) = expand(&taken, &lines);
        head.diagnostics.extend(found);
        lines
    });
    let with_theirs = expanded.as_deref().filter(|_| !included.is_empty());
    let whole = with_theirs.map(|lines| [&text[..head.body], &joined(lines)].concat().into());
    let mut body = markdown::markdown(&Source::new(&text, head.body), permissions, expanded);
    body.tokens.extend(front_matter_tokens(&text, &head.texts));
    head.diagnostics.extend(body_diagnostics(&input.path, &body, &mut head.meta));
    for file in &included {
        take_parameters(&mut head.meta, file);
    }
    // What is large is kept without room for more: a site holds all its documents at once.
    Document {
        outline: Arc::new(Outline {
            path: input.path.clone(),
            meta: head.meta,
            headings: exact(body.headings),
            html_anchors: body.html_anchors,
            made_anchors: body.made_anchors,
            opening: body.sections.iter().find_map(|section| first_sentence(&section.text)),
        }),
        heading_ranges: exact(body.heading_ranges),
        links: exact(body.links),
        spaced: body.spaced,
        code_blocks: exact(body.code_blocks),
        code_spans: exact(body.code_spans),
        tokens: body.tokens,
        passages: exact(body.passages),
        sections: body.sections.clone(),
        body: body.html.compact(),
        title: body.title,
        suppressions: body.suppressions,
        comments: body.comments,
        layout: exact(body.layout),
        diagnostics: head.diagnostics,
        takes_in,
        included,
        expanded: whole,
    }
}

/// What is said of a page whose file is not in UTF-8.
fn other_encoding(input: &Input) -> Option<Diagnostic> {
    let at = invalid_from(&input.bytes)?;
    let at = Location::new(&input.path, at..at);
    Some(if is_wide(&input.bytes) { values::wide(at) } else { values::not_utf8(at) })
}

/// Leaves the icons of `MkDocs` Material out of a page's names.
fn leave_out_icons(meta: &mut FrontMatter, options: &ParseOptions) {
    if !options.dialects.contains(&Dialect::MkDocs) {
        return;
    }
    for title in [&mut meta.title, &mut meta.nav_title].into_iter().flatten() {
        title.value = markdown::without_icons(&title.value, false).into_owned();
    }
}

/// The parameters that a file declares are those of the pages that take it in, unless they declare their own.
fn take_parameters(meta: &mut FrontMatter, file: &Included) {
    for declared in &file.meta.parameters {
        let is_known = |known: &ParameterDeclaration| known.name.value == declared.name.value;
        if !meta.parameters.iter().any(is_known) {
            let mut declared = declared.clone();
            let range = declared.name.range;
            declared.name.range = range.start + file.start..range.end + file.start;
            meta.parameters.push(declared);
        }
    }
}

/// The same values in a block that holds no more than them. Moved, since allocators keep blocks that only shrink.
fn exact<T>(mut values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(values.len());
    kept.append(&mut values);
    kept
}

fn front_matter_tokens(text: &str, values: &[Spanned<String>]) -> Vec<PageToken> {
    let mut found = Vec::new();
    for value in values {
        let Range { start: mut from, end } = value.range;
        for token in placeholders(&value.value) {
            let token = &value.value[token];
            // What is escaped in the file stands somewhere behind the token before it.
            let typed = source::find_from(&text[..end], token, from);
            let range = typed.clone().unwrap_or(from..end);
            from = typed.map_or(from, |typed| typed.end);
            let place = TokenPlace::FrontMatter;
            found.push(PageToken { text: token.to_owned(), range, place, heading: None });
        }
    }
    found
}

/// What is wrong in the text of a page, and in what its front matter says of it.
fn body_diagnostics(path: &FilePath, body: &PageBody, meta: &mut FrontMatter) -> Vec<Diagnostic> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let of_headings = body.headings.iter().map(|heading| &heading.anchor);
    let anchors = of_headings.chain(&body.html_anchors).chain(&body.made_anchors);
    let mut diagnostics = known_sections(meta, path, anchors);
    for (name, range) in &body.raw_tags {
        if seen.insert(name) {
            diagnostics.push(content::raw_html(Location::new(path, range.clone()), name));
        }
    }
    for unread in &body.unread {
        let at = Location::new(path, unread.range.clone());
        diagnostics.push(content::foreign_markup(at, unread.name, unread.dialects));
    }
    let headings = body.headings.iter().zip(&body.heading_ranges);
    for (heading, range) in headings.filter(|(heading, _)| heading.repeated) {
        let at = Location::new(path, range.clone());
        diagnostics.push(content::duplicate_anchor(at, &heading.full_text(), &heading.anchor));
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::html::Slot;
    use super::{Document, Input, ParseOptions, parse};
    use crate::files::FilePath;

    fn document(name: &str, text: &str) -> Document {
        parse(&Input {
            path: FilePath::new(name).unwrap(),
            bytes: text.as_bytes().to_vec().into(),
            options: ParseOptions::default().into(),
        })
    }

    /// The body with links as `[address]`, code and tokens as typed.
    fn check(text: &str, expected: &str) {
        let document = document("a.md", text);
        let html = document.body.fill(0, |slot, out| match slot {
            Slot::Link(index) => {
                let link = &document.links[index as usize];
                out.push_str(&format!(" [{}|{}]", link.address, &text[link.range.clone()]));
            }
            Slot::Wikilink(index) => {
                let link = &document.links[index as usize];
                let typed = &text[link.range.clone()];
                out.push_str(&format!("<a [{}|{typed}]>{}</a>", link.address, link.text));
            }
            Slot::Address(index) => out.push_str(&document.links[index as usize].address),
            Slot::CodeBlock(index) => {
                let block = &document.code_blocks[index as usize];
                out.push_str(&format!("[{}: {}]\n", block.language, block.text.trim_end()));
            }
            Slot::CodeSpan(index) => {
                out.push_str(&format!("`{}`", document.code_spans[index as usize].text));
            }
            Slot::Token(index) => {
                let token = &document.tokens[index as usize];
                assert_eq!(&text[token.range.clone()], token.text);
                out.push_str(&format!("[{}]", token.text));
            }
        });
        assert_eq!(html.trim_end(), expected);
    }

    #[test]
    fn emoji_stand_in_headings_and_not_in_words() {
        let page = document(
            "a.md",
            "## :warning: Mind this\n\narn:aws:kms:key:1 :key:, 10:30:45, :nothing:\n",
        );
        assert_eq!(
            (&*page.headings[0].anchor, &*page.headings[0].text),
            ("warning-mind-this", "⚠️ Mind this")
        );
        assert_eq!(page.sections[1].text, "arn:aws:kms:key:1 🔑, 10:30:45, :nothing:");
    }

    #[test]
    fn headings_carry_plate_anchor_and_link() {
        check(
            "## 2.3 Rollback *now*",
            "<h2 id=\"23-rollback-now\"><span class=\"number\">2.3</span> Rollback <em>now</em><a class=\"anchor\" href=\"#23-rollback-now\" aria-label=\"Link to section 2.3\">#</a></h2>",
        );
    }

    #[test]
    fn links_point_at_their_address_in_the_file() {
        check(
            "- see [a](b.md#c \"t\") and <https://x.example/>",
            "<ul>\n<li>see <a [b.md#c|b.md#c] title=\"t\">a</a> and <a [https://x.example/|https://x.example/]>https://x.example/</a></li>\n</ul>",
        );
        check(
            "| a |\n|---|\n| [x](y.md) |",
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>\n<thead><tr><th scope=\"col\">a</th></tr>\n</thead><tbody>\n<tr><td><a [y.md|y.md]>x</a></td></tr>\n</tbody></table></div>",
        );
        check(
            "> [x][r] ![p](q.png)\n\n[r]: z.md",
            "<blockquote>\n<p><a [z.md|[x][r]]>x</a> <img [q.png|q.png] alt=\"p\" loading=\"lazy\"></p>\n</blockquote>",
        );
        check(
            "[[page#Head|text]] [a]({{< ref \"b c.md\" >}})",
            "<p><a [page#Head|page#Head]>text</a> <a [b c.md|b c.md]>a</a></p>",
        );
    }

    #[test]
    fn tokens_are_slots_in_text_and_code() {
        check(
            "a <AGENT_NAME> b <today’s date> `<x>` <b>bold</b>",
            "<p>a [<AGENT_NAME>] b [<today’s date>] `<x>` <b>bold</b></p>",
        );
    }

    #[test]
    fn task_lists_at_the_top_are_checklists() {
        check(
            "## Go\n\n- [ ] one\n- [x] two",
            "<h2 id=\"go\">Go<a class=\"anchor\" href=\"#go\" aria-label=\"Link to Go\">#</a></h2>\n<section class=\"checks\" id=\"gp:checklist-1\" aria-label=\"Go (2 steps)\"><div class=\"checks-head\"><b>Go</b><output class=\"js-only\">0 of 2 done</output><button class=\"btn js-only\" type=\"button\" data-log><span aria-live=\"polite\">Copy log</span></button><button class=\"btn js-only\" type=\"button\" data-reset>Reset</button></div><ul class=\"checks-list\">\n<li class=\"task\"><label><input type=\"checkbox\"><span>one</span></label></li>\n<li class=\"task\"><label><input type=\"checkbox\" checked><span>two</span></label></li>\n</ul></section>",
        );
    }

    #[test]
    fn the_first_heading_is_the_title_and_leaves_the_body() {
        let document = document(
            "a.html.md.erb",
            "---\ntitle: T\n---\n# <%= current_page.data.title %>\n\ntext",
        );
        assert_eq!(document.headings[0].text, "T");
        assert_eq!(document.headings[0].anchor, "t");
        assert!(document.title.is_some());
        assert_eq!(document.body.fill(0, |_, _| {}), "<p>text</p>\n");
    }

    #[test]
    fn footnotes_are_numbered_in_the_order_of_reading_and_lead_back() {
        let text = "# T\n\nStop[^a]. Go[^b], look[^c], stop again[^a].\n\n- item[^b]\n\n\
                    | x |\n|---|\n| cell[^d] |\n\n## Head[^a]\n\nEnd.\n\n\
                    [^c]: C.\n[^a]: A.\n[^b]: B.\n[^d]: D.\n";
        let html = document("a.md", text).body.fill(0, |_, _| ());
        let after = |sign: &str| -> Vec<String> {
            let rest = html.split(sign).skip(1);
            rest.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        assert_eq!(after("aria-label=\"Footnote "), ["1", "2", "3", "1", "2", "4", "1"], "{html}");
        assert_eq!(after("<li id=\"gp:fn-"), ["a", "b", "c", "d"]);
        let mut ids = after("id=\"gp:fnref-");
        let mut back = after("href=\"#gp:fnref-");
        ids.sort();
        back.sort();
        assert_eq!(ids, ["a", "b", "c", "d"]);
        assert_eq!(ids, back);
        let again = |sign: &str| -> Vec<String> {
            let mut found = [after(&format!("{sign}2-")), after(&format!("{sign}3-"))].concat();
            found.sort();
            found
        };
        assert_eq!(again("id=\"gp:fnref"), ["a", "a", "b"]);
        assert_eq!(again("href=\"#gp:fnref"), ["a", "a", "b"]);
    }

    #[test]
    fn of_definitions_of_one_footnote_the_first_is_it_and_the_others_are_text() {
        for (text, expected) in [
            ("[^1]: One.\n\n[^1]: Two.\n\n[^1]: Three.", "<p>Two.</p>\n<p>Three.</p>|<p>One.</p>"),
            ("[^1]: One.\n\n    [^1]: Two.", "|<p>One.</p>\n<p>Two.</p>"),
            (
                "[^1]: One.\n\n[^1]: Two.\n\n    [^1]: Three.",
                "<p>Two.</p>\n<p>Three.</p>|<p>One.</p>",
            ),
            ("> [^1]: One.\n\n[^1]: Two.", "<blockquote>\n<p>Two.</p>\n</blockquote>|<p>One.</p>"),
            ("[^1]: One.\n\n[^2]: Two[^1][^3].\n\n[^3]: Three.", "|<p>One.</p>"),
        ] {
            let html =
                document("a.md", &format!("Text[^1] [x[^1]](b.md) ![y[^1]](c.png).\n\n{text}\n"));
            let html = html.body.fill(0, |_, _| ());
            let (body, notes) = html.split_once("<section class=\"footnotes\"").expect("notes");
            let (left, first) = expected.split_once('|').expect("both");
            assert_eq!(
                body.split_once("</p>\n").expect("a paragraph").1.trim_end(),
                left,
                "{text}"
            );
            assert!(notes.contains(&format!("<li id=\"gp:fn-1\">{first}")), "{text} {notes}");
            assert_eq!(html.matches("id=\"gp:fn-1\"").count(), 1, "{text}");
            assert_eq!(
                html.matches("id=\"gp:fnref").count(),
                html.matches("href=\"#gp:fnref").count()
            );
        }
    }

    #[test]
    fn links_know_their_sentence() {
        let document = document("a.md", "First one. Then *see* [it](b.md) at\n3.5 once. Last.");
        assert_eq!(&*document.links[0].sentence, "Then see it at 3.5 once.");
    }
}
