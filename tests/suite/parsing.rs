//! Parsing never panics, and every place that it names lies in the file: where a link's range points, the link
//! stands.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use guidepost::files::{Bytes, FilePath};
use guidepost::parse::html::{Html, Slot};
use guidepost::parse::{Document, Input, Link, LinkKind, ParseOptions, parse};
use proptest::prelude::*;
use proptest::string::string_regex;

use crate::support::corpus_pages;

fn parsed(bytes: &[u8], unsafe_html: bool) -> Document {
    parse(&Input {
        path: FilePath::new("content/page.md").expect("the path lies inside the site"),
        bytes: Bytes::from(bytes.to_vec()),
        options: Arc::new(ParseOptions { unsafe_html, ..ParseOptions::default() }),
    })
}

/// Every range that a document names, with what it belongs to.
fn places(document: &Document) -> Vec<(&'static str, &Range<usize>)> {
    let mut places = Vec::new();
    places.extend(document.heading_ranges.iter().map(|range| ("heading", range)));
    places.extend(document.links.iter().map(|link| ("link", &link.range)));
    places.extend(document.code_blocks.iter().map(|block| ("code block", &block.range)));
    places.extend(document.code_spans.iter().map(|span| ("code span", &span.range)));
    places.extend(document.tokens.iter().map(|token| ("token", &token.range)));
    places.extend(
        document.suppressions.iter().map(|suppression| ("suppression", &suppression.range)),
    );
    places
        .extend(document.diagnostics.iter().map(|diagnostic| ("diagnostic", &diagnostic.at.range)));
    places
}

/// Names the first thing in a document that does not fit the file it was read from.
fn misfit(document: &Document, bytes: &[u8]) -> Option<String> {
    // What is not UTF-8 is read with replacement characters, so places are those of another text.
    let text = std::str::from_utf8(bytes).ok();
    for (what, range) in places(document) {
        if text.is_some_and(|text| text.get(range.clone()).is_none()) {
            return Some(format!("the {what} at {range:?} does not slice the file"));
        }
    }
    for block in &document.code_blocks {
        if block.line_starts.iter().any(|start| *start as usize > bytes.len()) {
            return Some(format!(
                "a line of code begins outside the file: {:?}",
                block.line_starts
            ));
        }
    }
    misused_slot(document)
}

/// Each link, code block and code span has one slot in the rendered text, in order.
fn misused_slot(document: &Document) -> Option<String> {
    let (mut links, mut blocks, mut spans) = (Vec::new(), Vec::new(), Vec::new());
    for slot in document.title.iter().flat_map(Html::slots).chain(document.body.slots()) {
        match slot {
            Slot::Link(index) | Slot::Address(index) | Slot::Wikilink(index) => links.push(index),
            Slot::CodeBlock(index) => blocks.push(index),
            Slot::CodeSpan(index) => spans.push(index),
            Slot::Token(_) => {}
        }
    }
    let all = |count: usize| (0..count as u32).collect::<Vec<_>>();
    if links != all(document.links.len()) {
        return Some(format!("{} links, slots {links:?}", document.links.len()));
    }
    if blocks != all(document.code_blocks.len()) {
        return Some(format!("{} code blocks, slots {blocks:?}", document.code_blocks.len()));
    }
    (spans != all(document.code_spans.len()))
        .then(|| format!("{} code spans, slots {spans:?}", document.code_spans.len()))
}

/// Markdown out of the parts that parsers stumble over.
fn arbitrary_markdown() -> impl Strategy<Value = String> {
    let part = |pattern: &str| string_regex(pattern).expect("the pattern is one");
    let parts = prop_oneof![
        part(
            "(# |## 2\\.1 |### |- |  - |1\\. |> |> > |    |\t|- \\[ \\] |: |\\| a \\| b \\|\n\\|---\\|---\\|\n\\| )"
        ),
        part("(\n|\n\n|\r\n|\n\n---\n\n|\n===\n)"),
        part(
            r#"(\[t\]\(a\.md\)|!\[t\]\(a b\.png "t"\)|\[\[p#h\|t\]\]|<https://x\.org>|https://x\.org|\[t\]|\[t\]: a\.md\n)"#
        ),
        part(
            "(```bash \\{danger\\}\n|```\n|~~~|`|``|`<region>`|<region>|<AGENT_NAME>|<b>|</b>|<td>|<table>|</div>|<div>)"
        ),
        part(
            "(<a href=\"a\\.md\">|<img src=b\\.png>|<!-- guidepost: allow raw-html until 2027-01-01 -->|<!--|-->)"
        ),
        part(
            "(\\*\\*|\\*|_|~~|\\[\\^1\\]|\\[\\^1\\]: |&amp;|\\\\|\\{#id\\}|\\{\\{< ref \"a\\.md\" >\\}\\}|<%= title %>|---\n|title: x\n|\\+\\+\\+\n)"
        ),
        part("(word|é|\u{a0}|\u{1f4a5}|\\||\\]|\\(|\\)|\"|\u{feff}| )"),
    ];
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat())
}

/// The address of the only link in a page, checked against the bytes that its range points at.
fn check_link(text: &str, address: &str, pointed_at: &str) {
    let document = parsed(text.as_bytes(), false);
    let found: Vec<_> = document
        .links
        .iter()
        .map(|link| (link.address.as_str(), &text[link.range.clone()]))
        .collect();
    assert_eq!(found, [(address, pointed_at)], "in {text:?}");
}

#[test]
fn a_link_is_pointed_at_wherever_markdown_can_put_it() {
    let places = [
        "LINK",
        "> LINK",
        "> > - LINK",
        "- a\n\n  LINK",
        "10. a\n    - b\n\n      LINK",
        "# LINK",
        "**a *LINK***",
        "| a | b |\n|---|---|\n| \u{e9}\\| | LINK |",
        "a[^1]\n\n[^1]: LINK",
        "- [ ] LINK",
        "> [!NOTE]\n> LINK",
        "term\n: LINK",
        "\u{1f4a5} a\r\nLINK\r\n",
        "---\ntitle: \u{e9}\n---\n\nLINK",
        "\tcode\n\nLINK",
        "<div>\n\n> LINK\n\n</div>",
        "`a.md` LINK",
    ];
    let links = [
        ("[t](a.md)", "a.md", "a.md"),
        ("[a.md](a.md)", "a.md", "a.md"),
        ("![t](a.png \"a.png\")", "a.png", "a.png"),
        ("[t](<a b.md>)", "a b.md", "a b.md"),
        ("[`x` **y**](a.md#z)", "a.md#z", "a.md#z"),
        ("<a title='a.md' href='a.md'>t</a>", "a.md", "a.md"),
    ];
    for place in places {
        for (link, address, pointed_at) in links {
            check_link(&place.replace("LINK", link), address, pointed_at);
        }
    }
}

/// So many links of raw HTML. Addresses of one length leave nothing but their places to tell them apart.
fn raw_links(count: usize, link: &str, between: &str) -> String {
    let links = (0..count).map(|at| link.replace("ADDRESS", &format!("{at:02}.md")));
    links.collect::<Vec<_>>().join(between)
}

/// Each link of raw HTML is pointed at, each at a place of its own.
fn check_raw_links(page: &str) {
    let document = parsed(page.as_bytes(), false);
    let is_raw = |link: &&Link| matches!(link.kind, LinkKind::HtmlLink | LinkKind::HtmlSource);
    let mut places = BTreeSet::new();
    for link in document.links.iter().filter(is_raw) {
        assert_eq!(&page[link.range.clone()], link.address, "{:?} in {page:?}", link.range);
        places.insert(link.range.start);
    }
    let links = ["href=", "src='", "srcset="].map(|sign| page.matches(sign).count());
    assert_eq!(places.len(), links.iter().sum::<usize>(), "{page:?}");
}

#[test]
fn every_link_of_raw_html_is_pointed_at_wherever_it_stands() {
    let places = [
        "LINKS",
        "text LINKS text",
        "# A LINKS",
        "<div>LINKS</div>",
        "<div>\n\nLINKS\n\n</div>",
        "<p><a href='00.md'>x</a>\n<div>LINKS</div>",
        "<h2>LINKS</h2>",
        "<h1 align=center>\n  LINKS\n</h1>\n\ntext",
        "<p>x</p><h2>LINKS</h2>\n<p>LINKS</p><h3>x LINKS</h3>",
        "| a | b |\n|---|---|\n| \u{e9} | LINKS |",
        "| a | b |\n|---|---|\n| `x\\|y` \\| | LINKS \\| LINKS |",
        "<table><tr><td>LINKS</td><td>LINKS</td></tr></table>",
        "- LINKS\n- LINKS",
        "10. text\n\n    LINKS\n\n    - LINKS",
        "- [ ] LINKS",
        "> LINKS",
        "> > - <div>LINKS</div>",
        "> [!WARNING]\n> LINKS\n>\n> <p>LINKS</p>",
        "text[^1]\n\n[^1]: LINKS",
        "term\n: LINKS",
        "<details><summary>LINKS</summary>\n\nLINKS\n\n</details>",
        "<!-- 00.md --><p title=\"00.md\">LINKS</p>",
        "---\ntitle: 00.md\n---\n\nLINKS",
        "Look at $x$ LINKS and $$y$$ LINKS",
        "[[b]] LINKS ![[00.md]] ![p](00.md)",
    ];
    let links = [
        "<a href=\"ADDRESS\">x</a>",
        "<a href=ADDRESS>x</a> \u{e9}",
        "<img src='ADDRESS'>",
        "<img srcset=\"ADDRESS 1x\">",
        "<a title=\"00.md\" href=\"ADDRESS\"><b>00.md</b></a>",
    ];
    for (place, link) in places.iter().flat_map(|place| links.map(|link| (place, link))) {
        // What goes on on another line stands there behind the same marks.
        let before = place.find("LINKS").map_or("", |at| &place[..at]);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let is_mark = |sign: char| if sign == '>' { '>' } else { ' ' };
        let next_line = format!("\n{}", before.chars().map(is_mark).collect::<String>());
        let is_one_line = ["|", "#", "term", "<"].iter().any(|sign| place.contains(sign));
        for (count, between) in [(3, " "), (30, " "), (3, &*next_line), (30, &*next_line)] {
            let between = if is_one_line { " " } else { between };
            let page = place.replace("LINKS", &raw_links(count, link, between));
            for end in ["\n", "\r\n", "\r"] {
                check_raw_links(&format!("{page}\n").replace('\n', end));
            }
        }
    }
    let broken = raw_links(30, "  <a\n  href=\"ADDRESS\">x</a>", "\n");
    check_raw_links(&format!("<div>\n{broken}\n</div>\n"));
    check_raw_links(&format!("> <h2>\n{broken}</h2>\n\ntext").replace("\n ", "\n> "));
    check_raw_links(&format!("<h2>\n{broken}\n</h2>\n\n<h3>x {broken}</h3>\n"));
}

#[test]
fn every_page_of_real_runbooks_fits_its_document() {
    for (path, bytes) in corpus_pages() {
        let document = parsed(&bytes, false);
        assert_eq!(misfit(&document, &bytes), None, "{}", path.display());
        let text = String::from_utf8_lossy(&bytes);
        for link in document.links.iter().filter(|link| link.kind == LinkKind::Markdown) {
            let typed = &text[link.range.clone()];
            let plain = link
                .address
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._/#".contains(&byte));
            let by_reference = typed.starts_with('[') || !text.contains(&link.address);
            let fits = typed.contains(&link.address) || !plain || by_reference;
            assert!(fits, "{}: {} points at {typed:?}", path.display(), link.address);
        }
    }
}

proptest! {
    #[test]
    fn any_markdown_fits_its_document(text in arbitrary_markdown(), unsafe_html in any::<bool>()) {
        prop_assert_eq!(misfit(&parsed(text.as_bytes(), unsafe_html), text.as_bytes()), None, "{:?}", text);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(misfit(&parsed(&bytes, false), &bytes), None);
    }

    #[test]
    fn any_front_matter_is_read_without_a_panic(text in "[-+]{3}\n([a-z_]{1,8}: ?[ -~é]{0,12}\n|[ -~]{0,12}\n|- \n){0,6}([-+]{3}\n)?") {
        prop_assert_eq!(misfit(&parsed(text.as_bytes(), false), text.as_bytes()), None, "{:?}", text);
    }
}
