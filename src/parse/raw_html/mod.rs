//! Raw HTML of a page becomes HTML that is safe to publish, in pieces.
//!
//! What passes is GitHub's published allow-list. Any other tag comes out as a piece of its own, to be shown as the
//! text that the author typed: never dropped, never able to swallow the page. A tag left open is closed at the end
//! of its container, an end tag that ends nothing is dropped, and so is an attribute or address that does not
//! pass. Comments are reported, not written. Nothing here knows other pages, so addresses come out as pieces too.

use std::collections::BTreeSet;
use std::ops::Range;

use attribute::write_attribute;
use balance::Ended;
use output::Output;
use reference::{EntityReferences, decode, escape};
use scan::{HtmlTag, Lexeme};

pub use balance::{Around, Balance};
pub use heading::{RawHeading, RawInline, headings};
pub use output::{HtmlPiece, LinkRole, Raw};

mod allowed;
mod attribute;
mod balance;
mod heading;
mod output;
mod reference;
mod scan;

/// Turns raw HTML into pieces, handed to `sink` in order.
pub fn sanitize(raw: Raw<'_>, balance: &mut Balance, sink: &mut impl FnMut(HtmlPiece<'_>)) {
    let mut output = Output::new(raw, sink);
    for lexeme in scan::scan(raw.text) {
        match lexeme {
            Lexeme::Text(range) => {
                escape(&mut output.html, &raw.text[range], EntityReferences::Kept);
            }
            Lexeme::Verbatim(range) => {
                escape(&mut output.html, &raw.text[range], EntityReferences::Escaped);
            }
            Lexeme::Comment(range) => {
                let comment = HtmlPiece::Comment {
                    text: &raw.text[range.clone()],
                    range: output.in_file(&range),
                };
                output.send(comment);
            }
            Lexeme::Declaration(range) => {
                let word = raw.text[range.clone()].trim_start_matches('<');
                let name_end =
                    word.find(|end: char| end.is_whitespace() || end == '>').unwrap_or(word.len());
                output.reject(range, word[..name_end].to_ascii_lowercase());
            }
            Lexeme::Tag(tag) if tag.closing => end_tag(tag, balance, &mut output),
            Lexeme::Tag(tag) => start_tag(&tag, balance, &mut output),
        }
    }
    output.flush();
}

fn start_tag<Sink: FnMut(HtmlPiece<'_>)>(
    tag: &HtmlTag,
    balance: &mut Balance,
    output: &mut Output<'_, Sink>,
) {
    let fits = |name: &&'static str| balance.make_room_for_tag(name, &mut output.html);
    let Some(name) = allowed::element(&tag.name).filter(fits) else {
        return output.reject(tag.range.clone(), tag.name.clone());
    };
    output.html.push('<');
    output.html.push_str(name);
    let mut seen = BTreeSet::new();
    for attribute in &tag.attributes {
        let is_first = |_: &_| seen.insert(attribute.name.as_str());
        if let Some(holds) = allowed::attribute(name, &attribute.name).filter(is_first) {
            write_attribute(attribute, holds, output);
        }
    }
    output.html.push('>');
    if allowed::is_void(name) {
        return;
    }
    balance.opened(name);
    // HTML ignores the slash, but who writes `<a name="x"/>` means an empty element, not one around the rest.
    if tag.self_closing {
        balance.end(name, &mut output.html);
    }
}

fn end_tag<Sink: FnMut(HtmlPiece<'_>)>(
    tag: HtmlTag,
    balance: &mut Balance,
    output: &mut Output<'_, Sink>,
) {
    match allowed::element(&tag.name).map(|name| balance.end(name, &mut output.html)) {
        Some(Ended::Closed | Ended::Stray) => {}
        Some(Ended::Shown) | None => output.reject(tag.range, tag.name),
    }
}

/// A part of raw HTML that is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HtmlMark {
    /// A comment.
    Comment,
    /// A start tag, whether it passes or not.
    Tag {
        /// The name in lower case.
        name: String,
        /// Its attributes by their names in lower case; empty where there is no value.
        attributes: Vec<(String, String)>,
    },
}

/// The comments and start tags of a text, each with its place.
pub fn marks(text: &str) -> Vec<(Range<usize>, HtmlMark)> {
    let mark = |lexeme| match lexeme {
        Lexeme::Comment(range) => Some((range, HtmlMark::Comment)),
        Lexeme::Tag(HtmlTag { range, name, closing: false, attributes, .. }) => {
            let value = |value: Option<Range<usize>>| {
                value.map_or_else(String::new, |value| decode(&text[value]).into_owned())
            };
            let attributes =
                attributes.into_iter().map(|found| (found.name, value(found.value))).collect();
            Some((range, HtmlMark::Tag { name, attributes }))
        }
        _ => None,
    };
    scan::scan(text).into_iter().filter_map(mark).collect()
}

/// Whether a tag begins an element that stands in no paragraph.
pub fn begins_block(tag: &str) -> bool {
    let name = tag.trim_start_matches('<');
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
    balance::is_block(&name[..end].to_ascii_lowercase())
}

/// Whether raw HTML shows words, or holds what may be folded around those that follow.
pub fn has_words(html: &str) -> bool {
    scan::scan(html).iter().any(|lexeme| match lexeme {
        Lexeme::Text(range) | Lexeme::Verbatim(range) => !html[range.clone()].trim().is_empty(),
        Lexeme::Comment(_) => false,
        Lexeme::Declaration(_) => true,
        Lexeme::Tag(tag) => {
            let shows_no_words =
                ["a", "br", "div", "hr", "img", "p", "picture", "source", "span", "sub", "sup"];
            !shows_no_words.contains(&tag.name.as_str())
        }
    })
}

/// Whether raw HTML may begin a link.
pub fn may_hold_link(html: &str) -> bool {
    let begins = |bytes: &[u8]| bytes[..2].eq_ignore_ascii_case(b"<a");
    html.as_bytes().windows(3).any(|bytes| begins(bytes) && !bytes[2].is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::{Balance, HtmlPiece, LinkRole, Raw, allowed, sanitize};

    /// What the pieces of one container amount to: links as attributes, rejected tags in `[]`.
    fn written(html: &str) -> String {
        let mut balance = Balance::default();
        let mut out = String::new();
        sanitize(Raw { text: html, source: html, lines: &[(0, 0)] }, &mut balance, &mut |piece| {
            match piece {
                HtmlPiece::Html(html) => out.push_str(html),
                HtmlPiece::Link { role: LinkRole::Href, address, .. } => {
                    attribute(&mut out, "href", &address);
                }
                HtmlPiece::Link { role: LinkRole::Src, address, .. } => {
                    attribute(&mut out, "src", &address);
                }
                HtmlPiece::Link { address, .. } => out.push_str(&escaped(&address)),
                HtmlPiece::Rejected { text, .. } => out.extend(["[", &escaped(text), "]"]),
                HtmlPiece::Anchor { attribute: called, name, .. } => {
                    attribute(&mut out, called, &name);
                }
                HtmlPiece::Comment { .. } => {}
            }
        });
        balance.close_container(&mut out);
        out
    }

    fn attribute(out: &mut String, name: &str, address: &str) {
        out.extend([" ", name, "=\"", &escaped(address), "\""]);
    }

    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }

    fn check(html: &str, expected: &str) {
        assert_eq!(written(html), expected, "for {html}");
    }

    /// Every piece but the HTML, with the bytes of the file that it points at.
    fn check_places(text: &str, source: &str, lines: &[(usize, usize)], expected: &[&str]) {
        let mut found = Vec::new();
        let raw = Raw { text, source, lines };
        sanitize(raw, &mut Balance::default(), &mut |piece| match piece {
            HtmlPiece::Html(_) => {}
            HtmlPiece::Link { address, range, .. } => {
                found.push(format!("link {address}: {}", &source[range]));
            }
            HtmlPiece::Anchor { name, range, .. } => {
                found.push(format!("anchor {name}: {}", &source[range]));
            }
            HtmlPiece::Rejected { name, range, .. } => {
                found.push(format!("rejected {name}: {}", &source[range]));
            }
            HtmlPiece::Comment { range, .. } => found.push(format!("comment: {}", &source[range])),
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn elements_and_attributes_of_the_list_pass() {
        check(
            r#"<details open><summary>More</summary><b title='a "b"'>x</b></details>"#,
            r#"<details open><summary>More</summary><b title="a &quot;b&quot;">x</b></details>"#,
        );
        check("<P ALIGN=center>x</P>", r#"<p align="center">x</p>"#);
        check("a<br>b<br/>c<hr />", "a<br>b<br>c<hr>");
        check("<sup aria-label=note>1</sup>", r#"<sup aria-label="note">1</sup>"#);
    }

    #[test]
    fn styles_handlers_classes_and_repeated_attributes_are_left_out() {
        check(r#"<p style="position:fixed" onclick="x()" class="y" CLASS=z>t</p>"#, "<p>t</p>");
        check("<td>", "[&lt;td&gt;]");
        check("<b lang=en lang=de LANG=fr>t</b>", r#"<b lang="en">t</b>"#);
        check("<img name=querySelector alt=x>", r#"<img alt="x">"#);
    }

    #[test]
    fn attributes_without_number_cost_no_more_than_their_text() {
        let others: Vec<String> = (0..40_000).map(|number| format!(" x{number}")).collect();
        let others = others.concat();
        let titles = " title=a".repeat(40_000);
        check(&format!("<p{others}{titles}>"), "<p title=\"a\"></p>");
    }

    #[test]
    fn other_tags_come_out_as_typed() {
        check("ssh <account-id>@<HOST>", "ssh [&lt;account-id&gt;]@[&lt;HOST&gt;]");
        check("<title>x</title>", "[&lt;title&gt;]x[&lt;/title&gt;]");
        check("<iframe src=x></iframe>", "[&lt;iframe src=x&gt;][&lt;/iframe&gt;]");
        check("<!DOCTYPE html>", "[&lt;!DOCTYPE html&gt;]");
    }

    #[test]
    fn scripts_and_styles_show_their_content_as_text() {
        check(
            "<script>if (a<b) f(\"<b>&amp;\")</script>t",
            "[&lt;script&gt;]if (a&lt;b) f(&quot;&lt;b&gt;&amp;amp;&quot;)[&lt;/script&gt;]t",
        );
    }

    #[test]
    fn what_has_no_end_is_text_and_hides_nothing() {
        check("<!-- open <b>x</b>", "&lt;!-- open <b>x</b>");
        check("<a href=\"x <b>y</b>", "&lt;a href=&quot;x <b>y</b>");
        check(
            "1 < 2 && 3 > 2 &amp; &nosuch; &#65;",
            "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp; &amp;nosuch; &#65;",
        );
    }

    #[test]
    fn tags_left_open_are_closed_and_stray_ends_dropped() {
        check("<div><b>x", "<div><b>x</b></div>");
        check("</div>x</b></br>", "x");
        check("<b><i>x</b>y</i>", "<b><i>x</i></b>y");
        check("<a name=\"x\"/>rest", r#"<a name="x"></a>rest"#);
    }

    #[test]
    fn end_tags_that_may_be_left_out_are_written() {
        check("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>");
        check("<p>a<p>b<div>c</div>", "<p>a</p><p>b</p><div>c</div>");
        check("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>");
        check(
            "<table><tr><td>a<td>b<tr><td>c<tbody><tr><th>d</table>x",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr><tbody><tr><th>d</th></tr></tbody></table>x",
        );
        check("<a href=x>a<a href=y>b", r#"<a href="x">a</a><a href="y">b</a>"#);
        check("<h2>a<h3>b</h3>", "<h2>a</h2><h3>b</h3>");
    }

    #[test]
    fn a_tag_in_an_impossible_place_is_text_and_so_is_its_end() {
        check("<td>x</td>", "[&lt;td&gt;]x[&lt;/td&gt;]");
        check("<div><li>x</li></div>", "<div>[&lt;li&gt;]x[&lt;/li&gt;]</div>");
        check("<table><table></table>", "<table>[&lt;table&gt;]</table>");
    }

    #[test]
    fn nothing_inside_a_table_cell_ends_what_is_around_the_table() {
        check(
            "<div><table><tr><td></div>x</td></tr></table>y</div>",
            "<div><table><tr><td>x</td></tr></table>y</div>",
        );
        check(
            "<table><tr><td><table><tr></td></tr></table>x</td></tr></table>",
            "<table><tr><td><table><tr></tr></table>x</td></tr></table>",
        );
    }

    #[test]
    fn an_end_tag_reaches_only_into_its_own_container() {
        let mut balance = Balance::default();
        let mut out = String::new();
        let html = |text: &str, balance: &mut Balance| {
            let mut out = String::new();
            sanitize(Raw { text, source: text, lines: &[(0, 0)] }, balance, &mut |piece| {
                if let HtmlPiece::Html(html) = piece {
                    out.push_str(html);
                }
            });
            out
        };
        out.push_str(&html("<div><p>", &mut balance));
        balance.make_room_for_block(&mut out);
        balance.open_container();
        out.push_str("<li>");
        out.push_str(&html("</div><b>x", &mut balance));
        balance.close_container(&mut out);
        out.push_str("</li>");
        out.push_str(&html("</div>", &mut balance));
        assert_eq!(out, "<div><p></p><li><b>x</b></li></div>");
    }

    #[test]
    fn a_block_of_markdown_ends_a_table_that_has_no_cell_for_it() {
        let mut balance = Balance::default();
        let mut around = |html: &str| {
            let mut out = String::new();
            let raw = Raw { text: html, source: html, lines: &[(0, 0)] };
            sanitize(raw, &mut balance, &mut |piece| {
                if let HtmlPiece::Html(html) = piece {
                    out.push_str(html);
                }
            });
            balance.make_room_for_block(&mut out);
            out
        };
        assert_eq!(around("<div><table><tr>"), "<div><table><tr></tr></table>");
        assert_eq!(around("<table><tr><td>"), "<table><tr><td>");
    }

    #[test]
    fn addresses_pass_by_protocol() {
        check("<a href=HTTPS://x.org>x</a>", r#"<a href="HTTPS://x.org">x</a>"#);
        check("<a href='mailto:a@b.org'>x</a>", r#"<a href="mailto:a@b.org">x</a>"#);
        check("<a href='a.md?x=1&amp;y=2#z:1'>x</a>", r#"<a href="a.md?x=1&amp;y=2#z:1">x</a>"#);
        check("<a href=javascript:x()>x</a>", "<a>x</a>");
        check("<a href='&#32; java&#10;script&colon;x()'>x</a>", "<a>x</a>");
        check("<img src=data:image/png;base64,x alt=''>", r#"<img alt="">"#);
        check("<img src=mailto:a@b.org>", "<img>");
        check("<q cite='ftp://x'>a</q><q cite=x>b</q>", r#"<q>a</q><q cite="x">b</q>"#);
    }

    #[test]
    fn every_address_of_a_source_set_is_a_link() {
        check(
            r#"<picture><source media="(min-width: 9px)" srcset="a.png, b.png 2x,javascript:x 3x,"></picture>"#,
            r#"<picture><source media="(min-width: 9px)" srcset="a.png, b.png 2x"></picture>"#,
        );
        check("<source srcset=''>", "<source>");
    }

    #[test]
    fn places_are_those_of_the_typed_values() {
        let text = r#"<a href=" a&amp;b.md " id='x'>é</a><img src=ü.png><HOST id=5><!-- note -->"#;
        check_places(
            text,
            &format!("é {text}"),
            &[(0, 3)],
            &[
                "link a&b.md: a&amp;b.md",
                "anchor x: x",
                "link ü.png: ü.png",
                "rejected host: <HOST id=5>",
                "comment: <!-- note -->",
            ],
        );
    }

    #[test]
    fn places_allow_for_what_markdown_puts_before_each_line() {
        let source = "> <div>\r\n>   <a\r\n> href=\"a.md\">x</a> <X\n>\t>\n";
        check_places(
            "<div>\r\n  <a\r\nhref=\"a.md\">x</a> <X\n>\n",
            source,
            &[(0, 2), (7, 11), (13, 19), (34, 42)],
            &["link a.md: a.md", "rejected x: <X\n>\t>"],
        );
    }

    /// Reads HTML as strictly as it is written here and names the first thing that is not in order.
    fn disorder(html: &str) -> Option<String> {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find(['<', '>']) {
            let tag = rest[at..].strip_prefix('<').and_then(|tag| tag.split_once('>'));
            let Some((tag, after)) = tag else { return Some(format!("bare bracket in {rest}")) };
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return Some(format!("</{name}> ends nothing"));
                }
                continue;
            }
            let name_end = tag.find(' ').unwrap_or(tag.len());
            let name = &tag[..name_end];
            let parent = open.last().copied().unwrap_or("");
            if allowed::element(name).is_none() || !may_hold(parent, name, &open) {
                return Some(format!("<{name}> in <{parent}>"));
            }
            if let Some(wrong) = wrong_attribute(name, &tag[name_end..]) {
                return Some(format!("{wrong} on {name}"));
            }
            if !allowed::is_void(name) {
                open.push(name);
            }
        }
        (!open.is_empty()).then(|| format!("left open: {open:?}"))
    }

    /// The places in which a browser would otherwise end an element by itself.
    fn may_hold(parent: &str, name: &str, open: &[&str]) -> bool {
        let blocks = ["p", "div", "ul", "table", "h1", "h2", "blockquote", "details", "hr", "dl"];
        let outer_table = open.iter().rposition(|open| *open == "table").map_or(0, |at| at + 1);
        match name {
            "li" => ["ul", "ol"].contains(&parent),
            "td" | "th" => ["table", "thead", "tbody", "tfoot", "tr"].contains(&parent),
            "tr" => ["table", "thead", "tbody", "tfoot"].contains(&parent),
            "caption" | "thead" | "tbody" | "tfoot" => parent == "table",
            "dt" | "dd" => ["dl", "div"].contains(&parent),
            "a" => {
                !open[outer_table..].contains(&"a")
                    || open[outer_table..].iter().any(|open| ["td", "th", "caption"].contains(open))
            }
            name if blocks.contains(&name) => {
                let paragraph = open.iter().rposition(|open| *open == "p");
                paragraph.is_none_or(|at| {
                    open[at..].iter().any(|open| ["td", "th", "caption"].contains(open))
                })
            }
            _ => true,
        }
    }

    fn wrong_attribute(element: &str, mut attributes: &str) -> Option<String> {
        while !attributes.is_empty() {
            let text = attributes.strip_prefix(' ')?;
            let name_end = text.find([' ', '=']).unwrap_or(text.len());
            let name = &text[..name_end];
            if allowed::attribute(element, name).is_none() {
                return Some(name.to_string());
            }
            attributes = &text[name_end..];
            if let Some(value) = attributes.strip_prefix("=\"") {
                let Some((value, after)) = value.split_once('"') else {
                    return Some(value.to_string());
                };
                if value.to_lowercase().starts_with("javascript:")
                    && ["href", "src", "cite"].contains(&name)
                {
                    return Some(value.to_string());
                }
                attributes = after;
            }
        }
        None
    }

    fn arbitrary_html() -> impl Strategy<Value = String> {
        let names = "(a|b|p|div|ul|li|dl|dt|dd|table|tbody|tr|td|h2|h3|pre|hr|br|img|ruby|rt|details|script|x|HOST)";
        let attributes = r#"( (href|src|id|onx|style|title|srcset|cite)(=("[ -!#-~é]{0,6}"|'[ -&(-~é]{0,6}'|javascript:x|&#106;avascript:x|x))?){0,2}"#;
        let tag = |pattern: &str| string_regex(pattern).expect("the pattern is one");
        let part = prop_oneof![
            6 => tag(&format!("<{names}{attributes} ?/?>")),
            4 => tag(&format!("</{names}>")),
            1 => tag("[ -~é\\n]{0,8}"),
            1 => tag(r#"(<|<!--|-->|"|'|>|/|&|&lt;|<!|<\?|</)"#),
        ];
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn whatever_comes_in_goes_out_balanced_and_allowed(html in arbitrary_html()) {
            prop_assert_eq!(disorder(&written(&html)), None, "{}", html);
        }

        #[test]
        fn any_text_at_all_goes_out_in_order(html in any::<String>()) {
            prop_assert_eq!(disorder(&written(&html)), None);
        }

        #[test]
        fn text_between_tags_survives(html in "(word|<b>|</b>|<li>|<td>|<table>|</table>|<nope>|</p>|<p>){0,20}") {
            let out = written(&html);
            prop_assert_eq!(out.matches("word").count(), html.matches("word").count());
        }

        #[test]
        fn every_place_slices_the_file(text in arbitrary_html(), source in any::<String>(), at in 0_usize..40) {
            let lines = [(0, at), (at, 3), (2 * at + 1, 2 * at)];
            sanitize(Raw { text: &text, source: &source, lines: &lines }, &mut Balance::default(), &mut |piece| {
                let (HtmlPiece::Link { range, .. } | HtmlPiece::Anchor { range, .. } | HtmlPiece::Rejected { range, .. }
                    | HtmlPiece::Comment { range, .. }) = piece else { return };
                assert!(source.get(range).is_some());
            });
        }
    }
}
