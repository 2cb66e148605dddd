//! What a parsed text holds beside its prose, written anew: code, raw HTML and the addresses and titles of links.

use comrak::nodes::{AstNode, NodeValue};

/// Puts what `written` makes of a text in its place, wherever a text is not prose.
pub(super) fn rewrite<'a>(root: &'a AstNode<'a>, written: impl Fn(&str) -> String) {
    for node in root.descendants() {
        match &mut node.data_mut().value {
            NodeValue::Code(code) => code.literal = written(&code.literal),
            NodeValue::CodeBlock(block) => {
                block.literal = written(&block.literal);
                block.info = written(&block.info);
            }
            NodeValue::HtmlBlock(block) => block.literal = written(&block.literal),
            NodeValue::HtmlInline(html) => *html = written(html),
            NodeValue::Link(link) | NodeValue::Image(link) => {
                link.url = written(&link.url);
                link.title = written(&link.title);
            }
            _ => {}
        }
    }
}
