//! Finds the headings that a block of raw HTML holds by themselves, inside of no other element of it.

use std::collections::HashMap;
use std::ops::Range;

use super::balance::is_block;
use super::scan::{HtmlTag, Lexeme, scan};
use super::{allowed, reference};

/// A heading of raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawHeading {
    /// 1 to 6.
    pub level: u8,
    /// Its `id`, decoded.
    pub id: Option<String>,
    /// What stands between its tags: text and tags in their order.
    pub content: Vec<RawInline>,
    /// The bytes from the start tag to the end of the end tag.
    pub range: Range<usize>,
}

/// A part of a heading's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawInline {
    /// Text, decoded, with the bytes that were typed.
    Text(String, Range<usize>),
    /// A tag as typed.
    Tag(Range<usize>),
}

/// The headings of a block, in order. One without words, without an end, or with a block in it is none.
pub fn headings(html: &str) -> Vec<RawHeading> {
    let mut found = Vec::new();
    let mut around: Vec<&str> = Vec::new();
    // How many elements of a name are open: an end tag that ends none is not looked for in all of them.
    let mut open: HashMap<&str, usize> = HashMap::new();
    let lexemes = scan(html);
    let mut at = 0;
    while let Some(lexeme) = lexemes.get(at) {
        at += 1;
        let Lexeme::Tag(tag) = lexeme else { continue };
        if tag.closing {
            while open.get(tag.name.as_str()).is_some_and(|count| *count > 0) {
                let Some(ended) = around.pop() else { break };
                open.entry(ended).and_modify(|count| *count -= 1);
                if ended == tag.name {
                    break;
                }
            }
        } else if around.is_empty()
            && let Some((heading, parts)) = heading(html, tag, &lexemes[at..])
        {
            found.push(heading);
            at += parts;
        } else if !allowed::is_void(&tag.name) && !tag.self_closing && tag.name != "p" {
            // A heading ends a paragraph, with or without its end tag.
            around.push(&tag.name);
            *open.entry(&tag.name).or_default() += 1;
        }
    }
    found
}

/// The heading that a tag begins, and how many of the parts behind the tag are its own.
fn heading(html: &str, start: &HtmlTag, behind: &[Lexeme]) -> Option<(RawHeading, usize)> {
    let level = match start.name.strip_prefix('h')?.as_bytes() {
        [digit @ b'1'..=b'6'] => digit - b'0',
        _ => return None,
    };
    let mut content = Vec::new();
    let mut has_words = false;
    for (at, lexeme) in behind.iter().enumerate() {
        match lexeme {
            Lexeme::Text(range) => {
                let text = reference::decode(&html[range.clone()]);
                has_words |= !text.trim().is_empty();
                content.push(RawInline::Text(text.into_owned(), range.clone()));
            }
            Lexeme::Tag(tag) if tag.closing && tag.name == start.name => {
                let id = start.attributes.iter().find(|attribute| attribute.name == "id");
                let id = id.and_then(|id| id.value.clone());
                let id = id.map(|value| reference::decode(&html[value]).into_owned());
                let range = start.range.start..tag.range.end;
                return has_words.then_some((RawHeading { level, id, content, range }, at + 1));
            }
            Lexeme::Tag(tag) if !is_block(&tag.name) => {
                content.push(RawInline::Tag(tag.range.clone()));
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{RawInline, headings};

    /// Each heading as `level#id:content`, tags in brackets.
    fn check(html: &str, expected: &[&str]) {
        let shown = headings(html).into_iter().map(|heading| {
            let content = heading.content.iter().map(|part| match part {
                RawInline::Text(text, _) => text.clone(),
                RawInline::Tag(range) => format!("[{}]", &html[range.clone()]),
            });
            let content: String = content.collect();
            format!("{}#{}:{content}", heading.level, heading.id.unwrap_or_default())
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{html}");
    }

    #[test]
    fn headings_stand_alone_and_hold_words() {
        check("<h1>A &amp; b</h1>", &["1#:A & b"]);
        check(
            "<H2 id=x align=center>\n  A <B>b</B><br>\n</H2>\n",
            &["2#x:\n  A [<B>]b[</B>][<br>]\n"],
        );
        check("<p>a\n<h3>A</h3><p>b</p><h3>B</h3>", &["3#:A", "3#:B"]);
        check("<div><h3>A</h3></div><h4>B</h4>", &["4#:B"]);
        check("<img src=a><h3>A</h3>", &["3#:A"]);
        check("<b><i></b></i></u><h3>A</h3>", &["3#:A"]);
        for none in [
            "<h1></h1>",
            "<h1><img src=a></h1>",
            "<h1>A",
            "<h1><div>A</div></h1>",
            "<h7>A</h7>",
            "<hr>A</hr>",
            "<details><summary>a</summary><h3>A</h3>",
            "<h1><!-- a --></h1>",
            "<b><i></b><u></i><h3>A</h3>",
        ] {
            check(none, &[]);
        }
    }
}
