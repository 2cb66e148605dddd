//! Markers in whose place other tools draw a table of contents. A page has its own, so they are left out.

use comrak::nodes::NodeValue;

use super::writer::{MarkdownNode, PageWriter};

/// The markers that stand alone in a paragraph, in lower case.
const MARKERS: [&str; 10] = [
    "[[_toc_]]", "[[_tosp_]]", "[[toc]]", "[toc]", "{:toc}", "{: toc}", "{: toc }", "@[toc]",
    "${toc}", "{{< toc >}}",
];

/// How the comments begin between which other tools write the list, each with how the closing one begins.
const PAIRS: [(&str, &str); 4] = [
    ("<!-- start doctoc", "<!-- end doctoc"),
    ("<!-- toc", "<!-- tocstop"),
    ("<!-- toc", "<!-- /toc"),
    ("<!--ts-->", "<!--te-->"),
];

/// How many blocks further on the closing comment is looked for: what it closes is a list, perhaps in parts.
const FARTHEST: usize = 64;

impl PageWriter<'_> {
    /// Whether a paragraph or list is nothing but a marker.
    pub(super) fn is_contents_marker(&self, block: MarkdownNode<'_>) -> bool {
        let typed = self.source.text.get(self.source.range(block.data().sourcepos));
        let typed = typed.unwrap_or_default().trim();
        if matches!(block.data().value, NodeValue::List(_)) {
            // kramdown replaces a list of one item by the contents.
            return block.first_child().is_some_and(|item| item.next_sibling().is_none())
                && typed.lines().count() == 2
                && typed.lines().last().is_some_and(|line| {
                    line.trim().strip_prefix("{:").is_some_and(|list| {
                        list.trim_end_matches('}').split_whitespace().next() == Some("toc")
                    })
                });
        }
        let is_link = block
            .first_child()
            .is_some_and(|first| matches!(first.data().value, NodeValue::Link(_)));
        !is_link && MARKERS.iter().any(|marker| typed.eq_ignore_ascii_case(marker))
    }
}

/// The block that closes the list of contents which `block` opens, if it opens one that holds nothing else.
pub(super) fn end_of_contents(block: MarkdownNode<'_>) -> Option<MarkdownNode<'_>> {
    let comment = comment(block)?;
    let mut closing =
        PAIRS.iter().filter(|(open, _)| opens(&comment, open)).map(|(_, close)| *close).peekable();
    closing.peek()?;
    let closing: Vec<&str> = closing.collect();
    for next in block.following_siblings().skip(1).take(FARTHEST) {
        match &next.data().value {
            NodeValue::HtmlBlock(html) => {
                let text = html.literal.trim_start().to_ascii_lowercase();
                if closing.iter().any(|close| text.starts_with(close)) {
                    return Some(next);
                }
            }
            NodeValue::List(_) | NodeValue::Paragraph => {}
            _ => return None,
        }
    }
    None
}

fn comment(block: MarkdownNode<'_>) -> Option<String> {
    match &block.data().value {
        NodeValue::HtmlBlock(html) => Some(html.literal.trim().to_ascii_lowercase()),
        _ => None,
    }
}

/// Whether a comment begins so, as whole words.
fn opens(comment: &str, open: &str) -> bool {
    comment
        .strip_prefix(open)
        .is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use crate::parse::tests_support::document;

    fn shown(text: &str) -> String {
        let page = document(text);
        page.body.fill(0, |_, _| ())
    }

    #[test]
    fn a_marker_of_its_own_is_left_out() {
        for marker in [
            "[[_TOC_]]",
            "[[toc]]",
            "[TOC]",
            "[[TOC]]",
            "{:toc}",
            "* TOC\n{:toc}",
            "1. TOC\n{: toc }",
            "<!-- toc -->\n\n- [A](#a)\n  - [B](#b)\n\n<!-- tocstop -->",
            "<!-- TOC -->\n- [A](#a)\n<!-- /TOC -->",
            "<!--ts-->\n* [A](#a)\n<!--te-->",
            "<!-- START doctoc generated TOC -->\n<!-- DON'T EDIT -->\n**Contents**\n\n- [A](#a)\n\n<!-- END doctoc -->",
        ] {
            let page = document(&format!("# T\n\n{marker}\n\nText\n"));
            assert_eq!(page.links.len(), 0, "{marker}");
            assert_eq!(page.body.fill(0, |_, _| ()).trim(), "<p>Text</p>", "{marker}");
        }
    }

    #[test]
    fn what_only_looks_like_a_marker_stays() {
        assert!(shown("See [TOC] here.\n").contains("[TOC]"));
        assert_eq!(document("[TOC]\n\n[TOC]: a.md\n").links.len(), 1);
        assert!(shown("<!-- toc -->\n\n## A\n\n<!-- tocstop -->\n").contains("<h2"));
        assert!(shown("<!-- tocsin -->\n\n- a\n\n<!-- tocstop -->\n").contains("<li>"));
        assert!(shown("<!-- toc -->\n\n- never closed\n").contains("never closed"));
    }
}
