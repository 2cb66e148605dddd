//! Splits raw HTML into text, comments and tags, each with its place.
//!
//! It follows the HTML standard's tokenizer, except that nothing runs on to the end of the page: a tag, quote
//! or comment without its end is text. It judges nothing: which tags pass is decided elsewhere.

use std::ops::Range;

/// One part of raw HTML; together the parts cover it without gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// Text, in which character references count.
    Text(Range<usize>),
    /// The content of `<script>` or `<style>`, in which they do not.
    Verbatim(Range<usize>),
    /// A whole comment.
    Comment(Range<usize>),
    /// `<!DOCTYPE …>`, `<![CDATA[…]]>` or `<?…?>`.
    Declaration(Range<usize>),
    /// A start or end tag.
    Tag(HtmlTag),
}

/// A start or end tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HtmlTag {
    /// The whole tag, angle brackets included.
    pub(super) range: Range<usize>,
    /// The name in lower case.
    pub(super) name: String,
    /// `</name>`.
    pub(super) closing: bool,
    /// `<name/>`.
    pub(super) self_closing: bool,
    /// In the order of the text, repeated ones included.
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// The name in lower case.
    pub(super) name: String,
    /// The value without its quotes; `None` without `=`.
    pub(super) value: Option<Range<usize>>,
}

/// So many tags without an end, and no further `<` is tried: each try reads to the end of the text.
const UNFINISHED_TAGS: usize = 100;

/// Splits `text` into its parts.
pub(super) fn scan(text: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::new();
    let mut text_start = 0;
    let mut from = 0;
    let mut unfinished = 0;
    let mut never_ended: Vec<String> = Vec::new();
    while let Some(start) = text[from..].find('<').map(|at| from + at) {
        let Some(lexeme) = markup(text, start) else {
            from = start + 1;
            unfinished += usize::from(
                text[from..].starts_with(|next: char| next.is_alphabetic() || "/!?".contains(next)),
            );
            if unfinished > UNFINISHED_TAGS {
                break;
            }
            continue;
        };
        if text_start < start {
            lexemes.push(Lexeme::Text(text_start..start));
        }
        from = lexeme.range().end;
        let verbatim = verbatim(text, &lexeme, &mut never_ended);
        lexemes.push(lexeme);
        if let Some(verbatim) = verbatim {
            from = verbatim.end;
            lexemes.push(Lexeme::Verbatim(verbatim));
        }
        text_start = from;
    }
    if text_start < text.len() {
        lexemes.push(Lexeme::Text(text_start..text.len()));
    }
    lexemes
}

impl Lexeme {
    fn range(&self) -> Range<usize> {
        match self {
            Lexeme::Text(range)
            | Lexeme::Verbatim(range)
            | Lexeme::Comment(range)
            | Lexeme::Declaration(range) => range.clone(),
            Lexeme::Tag(tag) => tag.range.clone(),
        }
    }
}

/// The comment, declaration or tag whose `<` stands at `start`, if it has an end.
fn markup(text: &str, start: usize) -> Option<Lexeme> {
    let rest = &text[start..];
    let to = |len: usize| start..start + len;
    if rest.starts_with("<!--") {
        // `<!-->` and `<!--->` are whole comments.
        let end = rest[2..].find("-->").map(|at| at + 5)?;
        return Some(Lexeme::Comment(to(end)));
    }
    for (opening, ending) in [("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")] {
        if rest.starts_with(opening) {
            return Some(Lexeme::Declaration(to(rest.find(ending)? + ending.len())));
        }
    }
    tag(text, start).map(Lexeme::Tag)
}

/// What stands between a start tag of `<script>` or `<style>` and its end tag. Where one never ends, neither does a
/// later one of its name, which `never_ended` remembers.
fn verbatim(text: &str, lexeme: &Lexeme, never_ended: &mut Vec<String>) -> Option<Range<usize>> {
    let Lexeme::Tag(HtmlTag { range, name, closing: false, .. }) = lexeme else { return None };
    if !matches!(name.as_str(), "script" | "style") || never_ended.contains(name) {
        return None;
    }
    let rest = &text.as_bytes()[range.end..];
    let ends = |window: &[u8]| {
        window.starts_with(b"</") && window[2..].eq_ignore_ascii_case(name.as_bytes())
    };
    let Some(len) = rest.windows(name.len() + 2).position(ends) else {
        never_ended.push(name.clone());
        return None;
    };
    Some(range.end..range.end + len)
}

/// The tag whose `<` stands at `start`, if a letter follows and the tag has an end.
fn tag(text: &str, start: usize) -> Option<HtmlTag> {
    let bytes = text.as_bytes();
    let closing = bytes.get(start + 1) == Some(&b'/');
    let name_start = start + 1 + usize::from(closing);
    if !bytes.get(name_start)?.is_ascii_alphabetic() {
        return None;
    }
    let mut at = skip(bytes, name_start, |byte| !ends_name(byte));
    let name = text[name_start..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut self_closing = false;
    loop {
        match *bytes.get(at)? {
            b'>' => break,
            b'/' => {
                self_closing = bytes.get(at + 1) == Some(&b'>');
                at += 1;
            }
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let (attribute, end) = attribute(text, at)?;
                attributes.push(attribute);
                at = end;
            }
        }
    }
    Some(HtmlTag { range: start..at + 1, name, closing, self_closing, attributes })
}

/// The attribute that begins at `start`, with where it ends; `None` if the text ends before its value does.
fn attribute(text: &str, start: usize) -> Option<(Attribute, usize)> {
    let bytes = text.as_bytes();
    // A first `=` belongs to the name, so that the scan always moves on.
    let name_end = skip(bytes, start + 1, |byte| !ends_name(byte) && byte != b'=');
    // The first character may be longer than a byte.
    let name = text.get(start..name_end)?.to_ascii_lowercase();
    let equals = skip(bytes, name_end, |byte| byte.is_ascii_whitespace());
    if bytes.get(equals) != Some(&b'=') {
        return Some((Attribute { name, value: None }, name_end));
    }
    let value_start = skip(bytes, equals + 1, |byte| byte.is_ascii_whitespace());
    let quote = *bytes.get(value_start)?;
    if !matches!(quote, b'"' | b'\'') {
        let end = skip(bytes, value_start, |byte| !byte.is_ascii_whitespace() && byte != b'>');
        return Some((Attribute { name, value: Some(value_start..end) }, end));
    }
    let value = value_start + 1..skip(bytes, value_start + 1, |byte| byte != quote);
    let end = value.end + 1;
    (end <= bytes.len()).then_some((Attribute { name, value: Some(value) }, end))
}

fn skip(bytes: &[u8], from: usize, while_true: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| !while_true(*byte)).map_or(bytes.len(), |at| from + at)
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

#[cfg(test)]
mod tests {
    use super::{Lexeme, scan};

    /// Each part in brackets; tags as `name attribute=value`.
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = scan(text)
            .into_iter()
            .map(|lexeme| match lexeme {
                Lexeme::Text(range) => format!("[{}]", &text[range]),
                Lexeme::Verbatim(range) => format!("[verbatim {}]", &text[range]),
                Lexeme::Comment(_) => "[comment]".to_string(),
                Lexeme::Declaration(_) => "[declaration]".to_string(),
                Lexeme::Tag(tag) => {
                    let mut shown = format!("[{}{}", if tag.closing { "/" } else { "<" }, tag.name);
                    for attribute in tag.attributes {
                        let value = attribute.value.map(|range| format!("={}", &text[range]));
                        shown.extend([" ", &attribute.name, &value.unwrap_or_default()]);
                    }
                    shown + if tag.self_closing { " />]" } else { ">]" }
                }
            })
            .collect();
        assert_eq!(shown.concat(), expected);
    }

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        check(
            r#"<A Href="x" title='a "b"' id=c open>t</A >"#,
            r#"[<a href=x title=a "b" id=c open>][t][/a>]"#,
        );
        check("<a\nhref = \"x\"\n>", "[<a href=x>]");
        check("<img src=a/b.png/>", "[<img src=a/b.png/>]");
        check("<br/><hr />", "[<br />][<hr />]");
        check("<a =b>", "[<a =b>]");
        check("<a é=ü>", "[<a é=ü>]");
    }

    #[test]
    fn an_angle_bracket_inside_quotes_does_not_end_the_tag() {
        check(r#"<a title="1 > 0 <b>">x"#, "[<a title=1 > 0 <b>>][x]");
    }

    #[test]
    fn what_has_no_end_is_text() {
        check("a < b, <5 and <a href=\"x", "[a < b, <5 and <a href=\"x]");
        check("<!-- open <b>x</b>", "[<!-- open ][<b>][x][/b>]");
        check("<", "[<]");
        check("</", "[</]");
        check("<a href=", "[<a href=]");
    }

    #[test]
    fn comments_and_declarations_are_whole_parts() {
        check("<!-- a > b --><!--><!--->x", "[comment][comment][comment][x]");
        check(
            "<!DOCTYPE html><?php 1 > 0 ?><![CDATA[<b>]]>",
            "[declaration][declaration][declaration]",
        );
    }

    #[test]
    fn scripts_and_styles_hold_no_tags() {
        check("<script>a <b> c</SCRIPT>x", "[<script>][verbatim a <b> c][/script>][x]");
        check("<script>a <b>", "[<script>][a ][<b>]");
    }

    #[test]
    fn many_tags_without_an_end_take_no_time() {
        let text = "<a b=\"".repeat(100_001);
        assert_eq!(scan(&text), [Lexeme::Text(0..text.len())]);
    }
}
