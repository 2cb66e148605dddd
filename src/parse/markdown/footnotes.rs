//! Footnotes: of several definitions of a name the first is it, as on GitHub, and each leads back to what refers to it.
//!
//! The parser puts one definition of each name behind the text, the last, and leaves the others where they are, as
//! definitions still. It counts references that are never written, such as those of a definition that nothing refers
//! to. Both are put right here before anything is written.

use std::collections::HashMap;

use comrak::nodes::{NodeFootnoteDefinition, NodeValue};

use super::writer::{FootnoteReferences, MarkdownNode, PageWriter};
use crate::parse::layout::Container;

/// Puts the definitions right, and lists the references that will be written as links.
pub(super) fn settle<'a>(root: MarkdownNode<'a>) -> FootnoteReferences {
    let definitions: Vec<MarkdownNode<'a>> = root
        .descendants()
        .filter(|node| matches!(node.data().value, NodeValue::FootnoteDefinition(_)))
        .collect();
    let (placed, left): (Vec<MarkdownNode<'a>>, Vec<MarkdownNode<'a>>) =
        definitions.into_iter().partition(|node| definition(node).total_references > 0);
    let by_name: HashMap<String, MarkdownNode<'a>> =
        placed.iter().map(|node| (folded(&definition(node).name), *node)).collect();
    let is_definition =
        |node: MarkdownNode<'a>| matches!(node.data().value, NodeValue::FootnoteDefinition(_));
    let is_nested = |node: MarkdownNode<'a>| node.ancestors().skip(1).any(is_definition);
    let last_left: HashMap<String, MarkdownNode<'a>> = left
        .iter()
        .filter(|node| !is_nested(node))
        .map(|node| (folded(&definition(node).name), *node))
        .collect();
    let position = |node: MarkdownNode<'a>| node.data().sourcepos.start;
    for node in left {
        let name = folded(&definition(node).name);
        let same = by_name.get(&name);
        let is_inside =
            |placed: MarkdownNode<'a>| node.ancestors().any(|above| above.same_node(placed));
        let first = same.filter(|placed| position(node) < position(placed) && !is_inside(placed));
        if let Some(placed) = first {
            let (first, last): (Vec<MarkdownNode<'a>>, Vec<MarkdownNode<'a>>) =
                (node.children().collect(), placed.children().collect());
            for block in first {
                placed.append(block);
            }
            // What was taken for it stood behind all others.
            let behind = last_left.get(&name).copied().unwrap_or(node);
            for block in last {
                behind.append(block);
            }
            let position = node.data().sourcepos;
            node.data_mut().sourcepos = placed.data().sourcepos;
            placed.data_mut().sourcepos = position;
        }
        // Nothing that an author wrote is lost: what defines nothing is text.
        for block in node.children().collect::<Vec<_>>() {
            node.insert_before(block);
        }
        node.detach();
    }
    references(root)
}

fn definition(node: MarkdownNode<'_>) -> NodeFootnoteDefinition {
    match &node.data().value {
        NodeValue::FootnoteDefinition(definition) => definition.clone(),
        _ => NodeFootnoteDefinition::default(),
    }
}

/// A name as the parser compares it.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The references outside of images, which are text, and of links, which hold no link.
fn references(root: MarkdownNode<'_>) -> FootnoteReferences {
    let mut found = FootnoteReferences::new();
    let mut open: Vec<MarkdownNode<'_>> = vec![root];
    while let Some(node) = open.pop() {
        match &node.data().value {
            NodeValue::Image(_) | NodeValue::Link(_) | NodeValue::WikiLink(_) => {}
            NodeValue::FootnoteReference(reference) => {
                found.entry(reference.name.clone()).or_default().push(reference.ref_num);
            }
            _ => open.extend(node.children()),
        }
    }
    for numbers in found.values_mut() {
        numbers.sort_unstable();
        numbers.dedup();
    }
    found
}

/// The end of the id of a reference: no name of another footnote makes the same of it.
fn of_reference(name: &str, number: u32) -> String {
    if number > 1 { format!("fnref{number}-{name}") } else { format!("fnref-{name}") }
}

impl PageWriter<'_> {
    /// A footnote, and the ways back to the text.
    pub(super) fn footnote(&mut self, node: MarkdownNode<'_>, name: &str) {
        self.body.made_anchors.push(format!("gp:fn-{name}"));
        let html = &mut self.body.html;
        html.push("<li id=\"gp:fn-");
        html.push_text(name);
        html.push("\">");
        self.within(Container::Note, |writer| writer.container("", "", node));
        let html = &mut self.body.html;
        for number in self.references.get(name).map(Vec::as_slice).unwrap_or_default() {
            html.push("<a class=\"footnote-back\" href=\"#gp:");
            html.push_text(&of_reference(name, *number));
            html.push("\" aria-label=\"");
            html.push_text(self.permissions.words.get("back-to-text"));
            html.push("\">↩</a>");
        }
        html.push("</li>\n");
    }

    /// The number of a note, and which of the references to it this is.
    pub(super) fn footnote_reference(&mut self, name: &str, number: u32, index: u32) {
        let is_link = self.references.get(name).is_some_and(|known| known.contains(&index));
        let html = &mut self.body.html;
        html.push("<sup class=\"footnote\">");
        if is_link {
            html.push("<a href=\"#gp:fn-");
            html.push_text(name);
            html.push("\" id=\"gp:");
            html.push_text(&of_reference(name, index));
            html.push("\" aria-label=\"");
            let number = number.to_string();
            html.push_text(&self.permissions.words.fill("footnote", &[("number", &number)]));
            html.push("\">");
        }
        html.push(&number.to_string());
        html.push(if is_link { "</a></sup>" } else { "</sup>" });
    }
}
