//! Headings that are written as raw HTML become headings like any other, with an anchor and a place on the page's map:
//! wikis export their pages so, and readmes center their titles.

use comrak::Arena;
use comrak::nodes::{Ast, AstNode, LineColumn, NodeHeading, NodeHtmlBlock, NodeValue};

use super::attributes;
use super::writer::{MarkdownNode, Permissions};
use crate::parse::lines::starts_of_lines;
use crate::parse::raw_html::{self, RawHeading, RawInline};
use crate::text::single_spaced;

/// The last level of headings that is read where authors are trusted with their HTML: all others stay as they are.
const OF_TRUSTED: u8 = 1;

/// Puts headings in the place of those in the page's blocks of HTML; whether there are any.
pub(super) fn read<'a>(
    arena: &'a Arena<'a>,
    root: MarkdownNode<'a>,
    text: &str,
    permissions: Permissions<'_>,
) -> bool {
    if !text.contains("</h") && !text.contains("</H") {
        return false;
    }
    let mut found = false;
    let mut next = root.first_child();
    while let Some(block) = next {
        next = block.next_sibling();
        let NodeValue::HtmlBlock(html) = &block.data().value else { continue };
        let mut headings = raw_html::headings(&html.literal);
        headings.retain(|heading| !permissions.unsafe_html || heading.level <= OF_TRUSTED);
        if headings.is_empty() {
            continue;
        }
        found = true;
        let block_type = html.block_type;
        let make = |value, start| &*arena.alloc(AstNode::from(Ast::new(value, start)));
        let mut place = Place::of(block);
        let rest = html.literal.len()..html.literal.len();
        let ranges = headings.iter().map(|heading| heading.range.clone()).chain([rest]);
        for (at, range) in ranges.enumerate() {
            let between = &html.literal[place.byte..range.start];
            if !between.trim().is_empty() {
                let blank = between.len() - between.trim_start_matches(['\n', '\r']).len();
                let literal = between[blank..].to_owned();
                let start = place.at(&html.literal, place.byte + blank);
                let between = NodeHtmlBlock { block_type, literal };
                block.insert_before(make(NodeValue::HtmlBlock(between), start));
            }
            if let Some(heading) = headings.get(at) {
                let start = place.at(&html.literal, range.start);
                let level = NodeHeading { level: heading.level, ..NodeHeading::default() };
                let node = make(NodeValue::Heading(level), start);
                for (value, at) in inlines(heading, &html.literal) {
                    node.append(make(value, place.at(&html.literal, at)));
                }
                node.data_mut().sourcepos.end = place.at(&html.literal, range.end - 1);
                block.insert_before(node);
                place.at(&html.literal, range.end);
            }
        }
        block.detach();
    }
    found
}

/// A place in a block's text, which only moves on.
struct Place {
    byte: usize,
    line: usize,
    /// The bytes of the line up to there, counted from 1.
    column: usize,
}

impl Place {
    /// Where a block begins.
    fn of(block: MarkdownNode<'_>) -> Place {
        let start = block.data().sourcepos.start;
        Place { byte: 0, line: start.line, column: start.column }
    }

    /// Moves on to a byte of the text.
    fn at(&mut self, text: &str, byte: usize) -> LineColumn {
        let passed = &text[self.byte..byte];
        self.column += passed.len();
        for start in starts_of_lines(passed) {
            self.line += 1;
            self.column = passed.len() - start + 1;
        }
        self.byte = byte;
        LineColumn { line: self.line, column: self.column }
    }
}

/// What a heading holds, each part with the byte at which it begins.
fn inlines(heading: &RawHeading, html: &str) -> Vec<(NodeValue, usize)> {
    let mut inlines: Vec<(NodeValue, usize)> = Vec::with_capacity(heading.content.len() + 1);
    for part in &heading.content {
        inlines.push(match part {
            RawInline::Text(text, range) => {
                let spaced = single_spaced(text);
                let blank = |is_there: bool| if is_there { " " } else { "" };
                let begins = text.starts_with(char::is_whitespace) && !inlines.is_empty();
                let ends = text.ends_with(char::is_whitespace) && !spaced.is_empty();
                let text = format!("{}{spaced}{}", blank(begins), blank(ends));
                (NodeValue::Text(text.into()), range.start)
            }
            RawInline::Tag(range) => {
                (NodeValue::HtmlInline(html[range.clone()].to_owned()), range.start)
            }
        });
    }
    if let Some((NodeValue::Text(last), _)) = inlines.last_mut() {
        *last = last.trim_end().to_owned().into();
    }
    if let Some(id) = &heading.id {
        inlines.push((attributes::written_id(id), heading.range.end - 1));
    }
    inlines
}

#[cfg(test)]
mod tests {
    use crate::parse::html::Html;
    use crate::parse::tests_support::document;

    /// The title, the headings as `level text #anchor`, and the body, with links as their addresses.
    fn check(text: &str, title: Option<&str>, headings: &[&str], body: &str) {
        let page = document(text);
        let filled = |html: &Html| {
            html.fill(0, |slot, out| out.push_str(&format!("{slot:?}"))).trim().to_owned()
        };
        assert_eq!(page.title.as_ref().map(filled).as_deref(), title, "{text}");
        let found = page.headings.iter();
        let found = found.map(|it| format!("{} {} #{}", it.level, it.full_text(), it.anchor));
        assert_eq!(found.collect::<Vec<_>>(), headings, "{text}");
        for (heading, range) in page.headings.iter().zip(&page.heading_ranges) {
            let typed = &text[range.clone()];
            assert!(typed.contains(heading.text.split(' ').next().expect("a word")), "{typed}");
        }
        let shown = filled(&page.body);
        assert!(shown.contains(body) && !shown.contains("<h1"), "{body} is not in {shown}");
    }

    #[test]
    fn a_raw_heading_that_opens_a_page_is_its_title() {
        check(
            "<h1>Disk full</h1>\n\nA.\n",
            Some("Disk full"),
            &["1 Disk full #disk-full"],
            "<p>A.</p>",
        );
        check(
            "<h1 align=\"center\">\n  <b>Disk</b>\n  full &amp; hot\n</h1>\n<p>A</p>\n",
            Some("<b>Disk</b> full &amp; hot"),
            &["1 Disk full & hot #disk-full--hot"],
            "<p>A</p>",
        );
        check(
            "<H1 id=\"CPU-alarm\">CPU</H1>\n\n## Next\n",
            Some("CPU"),
            &["1 CPU #CPU-alarm", "2 Next #next"],
            "<h2 id=\"next\">",
        );
        check("<h1 id=\"a b\">CPU</h1>\n", Some("CPU<a id=\"a b\"></a>"), &["1 CPU #cpu"], "");
    }

    #[test]
    fn badges_and_banners_above_a_title_stand_below_it() {
        for above in [
            "<!-- lint off -->",
            "![banner](a.png)",
            "[![build](b.svg)](https://a.example) ![x](c.svg)",
            "<p align=\"center\"><img src=\"a.png\"></p>",
            "<div align=\"center\">\n\n<br>",
        ] {
            for title in ["# T", "<h1>T</h1>", "T\n="] {
                let page = document(&format!("{above}\n\n{title}\n\nA.\n"));
                assert!(page.title.is_some(), "{above} {title}");
                assert_eq!(page.headings.len(), 1, "{above} {title}");
            }
        }
        for above in [
            "A.",
            "`a`",
            "<details>",
            "<p>a</p>",
            "- a",
            "<!-- toc -->\n\n- [T](#t)\n\n<!-- tocstop -->",
        ] {
            let page = document(&format!("{above}\n\n# T\n\nA.\n"));
            assert!(page.title.is_none(), "{above}");
        }
    }

    #[test]
    fn raw_headings_below_have_anchors_and_places() {
        check(
            "# T\n\n<h2>First</h2>\n<p>a</p>\n<h3>1.2 Second</h3>\n<p><a href=\"x.md\">x</a></p>\n\n## First\n",
            Some("T"),
            &["1 T #t", "2 First #first", "3 1.2 Second #12-second", "2 First #first-1"],
            "<p>a</p>",
        );
        let text =
            "# T\n\n<h2>A</h2> <p><a href=\"x.md\">x</a>\n<h2>B</h2>\n<a href=\"y.md\">y</a>\n";
        let page = document(text);
        let typed: Vec<&str> = page.links.iter().map(|link| &text[link.range.clone()]).collect();
        assert_eq!(typed, ["x.md", "y.md"]);
        let under: Vec<_> = page.links.iter().map(|link| link.heading).collect();
        assert_eq!(under, [Some(1), Some(2)]);
    }

    #[test]
    fn headings_inside_of_other_elements_are_no_first_ones() {
        check("<div><h1>A</h1></div>\n", None, &[], "<div><h2>A</h2></div>");
        check("> <h1>A</h1>\n", None, &[], "<h2>A</h2>");
    }
}
