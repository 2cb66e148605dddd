//! Attribute lists of Python-Markdown, Pandoc, Hugo and kramdown, and the targets of `MyST`: `{#id}`, `{ #id .class }`,
//! `{: #id }`, `{ width=300 }`, `(id)=`. Only ids matter here; the rest is for other tools, and no reader is shown it.

use comrak::nodes::NodeValue;

use super::writer::{MarkdownNode, PageWriter};
use crate::dialect::Dialect;
use crate::parse::blocks::class;

/// What an attribute list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The id, if the list names one that an author may give.
    pub(super) id: Option<String>,
}

/// Reads text that is an attribute list and nothing else, braces included.
pub(super) fn attributes(text: &str) -> Option<Attributes> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    // Docusaurus takes the id out of a comment of MDX too: `{/* #id */}`.
    let comment = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/"));
    let inner = comment.map_or(inner, str::trim);
    if comment.is_some() && !inner.starts_with('#') {
        return None;
    }
    let (inner, marked) = inner.strip_prefix(':').map_or((inner, false), |inner| (inner, true));
    let mut attributes = Attributes::default();
    let mut rest = inner.trim();
    if rest.is_empty() || rest.contains(['{', '}', '<', '>']) {
        return None;
    }
    while !rest.is_empty() {
        let (item, after) = item(rest)?;
        rest = after.trim_start();
        if let Some(id) = item.strip_prefix('#') {
            let is_id = !id.is_empty() && !id.contains(['"', '\'', '#']);
            let may_be_given = !id.starts_with(crate::parse::RESERVED);
            attributes.id = attributes.id.or(Some(id.to_owned()).filter(|_| is_id && may_be_given));
            if !is_id || !may_be_given {
                return None;
            }
        } else if let Some(class) = item.strip_prefix('.') {
            if !is_name(class) {
                return None;
            }
        } else if !(item.split_once('=').is_some_and(|(key, _)| is_name(key))
            || (marked && is_name(item)))
        {
            return None;
        }
    }
    Some(attributes)
}

/// The first item of a list and what follows: up to a blank outside of quotes.
fn item(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(open) if open == letter => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter.is_whitespace() => return Some(text.split_at(at)),
            _ => {}
        }
    }
    quote.is_none().then_some((text, ""))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_' || letter == '-')
        && text.chars().all(|letter| letter.is_alphanumeric() || "_-:".contains(letter))
}

/// The attribute list at the end of a text, with where it begins.
fn at_end(text: &str) -> Option<(usize, Attributes)> {
    let text = text.trim_end();
    let start = text.ends_with('}').then(|| text.rfind('{'))??;
    Some((start, attributes(&text[start..])?))
}

/// The attribute list at the beginning of a text, with where it ends.
fn at_start(text: &str) -> Option<(usize, Attributes)> {
    let end = text.starts_with('{').then(|| text.find('}'))?? + 1;
    Some((end, attributes(&text[..end])?))
}

/// The length of the attribute list that follows a link, image, code or emphasis without a blank, else nothing.
pub(super) fn behind_span(text: MarkdownNode<'_>, literal: &str) -> usize {
    let follows = text.previous_sibling().is_some_and(|before| {
        matches!(
            before.data().value,
            NodeValue::Link(_)
                | NodeValue::Image(_)
                | NodeValue::Code(_)
                | NodeValue::Emph
                | NodeValue::Strong
        )
    });
    if follows { at_start(literal).map_or(0, |(end, _)| end) } else { 0 }
}

/// The length of the attribute list that follows an icon without a blank, else nothing.
pub(super) fn behind_icon(rest: &str) -> usize {
    at_start(rest).map_or(0, |(end, _)| end)
}

/// The anchor that a heading asks for, at its own end or in the line below.
pub(super) fn heading_anchor(heading: MarkdownNode<'_>) -> Option<String> {
    let own = heading.last_child().and_then(|last| match &last.data().value {
        NodeValue::Text(text) => at_end(text)?.1.id,
        _ => None,
    });
    own.or_else(|| below(heading)?.id)
}

/// What gives a heading an id behind its text: an attribute list, or where a list cannot say it an empty link.
pub(super) fn written_id(id: &str) -> NodeValue {
    let list = format!(" {{#{id}}}");
    match at_end(&list) {
        Some((_, read)) if read.id.as_deref() == Some(id) => NodeValue::Text(list.into()),
        _ => {
            let id = id.replace('&', "&amp;").replace('"', "&quot;");
            NodeValue::HtmlInline(format!("<a id=\"{id}\"></a>"))
        }
    }
}

/// The attributes in the line below a block.
fn below(block: MarkdownNode<'_>) -> Option<Attributes> {
    let next = block.next_sibling()?;
    let is_next_line = next.data().sourcepos.start.line == block.data().sourcepos.end.line + 1;
    if is_next_line { alone(next) } else { None }
}

/// The attributes of a paragraph that is nothing else.
fn alone(paragraph: MarkdownNode<'_>) -> Option<Attributes> {
    let text = only_text(paragraph)?;
    attributes(text.trim())
}

fn only_text(paragraph: MarkdownNode<'_>) -> Option<String> {
    let first = paragraph.first_child()?;
    if !matches!(paragraph.data().value, NodeValue::Paragraph) || first.next_sibling().is_some() {
        return None;
    }
    match &first.data().value {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Takes the anchor that a heading asks for, and its attribute list off its end.
pub(super) fn take_heading_anchor(heading: MarkdownNode<'_>) -> Option<String> {
    let anchor = heading_anchor(heading);
    if let Some(last) = heading.last_child()
        && let NodeValue::Text(text) = &mut last.data_mut().value
        && let Some((start, _)) = at_end(text)
    {
        *text = text[..start].trim_end().to_owned().into();
    }
    anchor
}

/// The name of a target, `(name)=`, that is a paragraph of its own.
pub(super) fn target(paragraph: MarkdownNode<'_>) -> Option<String> {
    let text = only_text(paragraph)?;
    let name = text.trim().strip_prefix('(')?.strip_suffix(")=")?;
    let is_target = !name.is_empty()
        && !name.starts_with(crate::parse::RESERVED)
        && !name.contains(['(', ')', '"', '<', '>', ' ']);
    is_target.then(|| name.to_owned())
}

/// Whether all cells of a table's row are empty but for an attribute list, which stands below the table.
pub(super) fn is_below_table(row: MarkdownNode<'_>) -> bool {
    let mut cells = row.children();
    let list = cells.next().and_then(|cell| {
        let first = cell.first_child().filter(|first| first.next_sibling().is_none())?;
        match &first.data().value {
            NodeValue::Text(text) => attributes(text.trim()),
            _ => None,
        }
    });
    list.is_some() && cells.all(|cell| cell.first_child().is_none())
}

/// A text in front of the id of a block of Obsidian, and the id.
pub(crate) fn block_id(text: &str) -> Option<(&str, &str)> {
    let (before, id) = text.trim_end().rsplit_once('^')?;
    let is_id = !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && (before.is_empty() || before.ends_with([' ', '\t']));
    is_id.then(|| (before.trim_end(), id))
}

impl PageWriter<'_> {
    /// Writes a paragraph that other tools do not show: an attribute list or a target. Whether it was one.
    pub(super) fn unseen_paragraph(&mut self, paragraph: MarkdownNode<'_>) -> bool {
        if let Some(name) = target(paragraph) {
            self.anchor_of_block(&name);
            return true;
        }
        let Some(attributes) = alone(paragraph) else { return false };
        let of_heading = paragraph.previous_sibling().is_some_and(|before| {
            matches!(before.data().value, NodeValue::Heading(_)) && below(before).is_some()
        });
        if let Some(id) = attributes.id.filter(|_| !of_heading) {
            self.anchor_of_block(&id);
        }
        true
    }

    /// Takes the attribute list that is the first line of a block off it, as kramdown and `MyST` have it; the class of
    /// the callout that it makes the block in Jekyll's themes.
    pub(super) fn take_first_line(&mut self, block: MarkdownNode<'_>) -> Option<&'static str> {
        let first = block.first_child()?;
        let next = first.next_sibling()?;
        let typed = match &first.data().value {
            NodeValue::Text(text) if text.starts_with('{') => text.trim().to_owned(),
            _ => return None,
        };
        let found = attributes(&typed)?;
        if !matches!(next.data().value, NodeValue::SoftBreak) {
            return None;
        }
        if let Some(id) = found.id {
            self.anchor_of_block(&id);
        }
        first.detach();
        next.detach();
        let is_jekyll = self.permissions.dialects.contains(&Dialect::Jekyll);
        let word = typed.trim_matches(['{', '}', ':', ' ']).strip_prefix('.')?;
        class(word.trim_end_matches("-title")).filter(|_| is_jekyll)
    }

    /// Takes the attribute list that is the last line of a block off it.
    pub(super) fn take_last_line(&mut self, block: MarkdownNode<'_>) {
        let Some(last) = block.last_child() else { return };
        let Some(before) = last.previous_sibling() else { return };
        let found = match &last.data().value {
            NodeValue::Text(text) => attributes(text.trim()),
            _ => None,
        };
        let Some(found) = found else { return };
        if matches!(before.data().value, NodeValue::SoftBreak) {
            if let Some(id) = found.id {
                self.anchor_of_block(&id);
            }
            before.detach();
            last.detach();
        }
    }

    /// Takes the id of a block of Obsidian, ` ^name` at its end, off it and gives it as an anchor. Whether nothing else
    /// stands there.
    pub(super) fn take_block_id(&mut self, block: MarkdownNode<'_>) -> bool {
        if !self.permissions.dialects.contains(&Dialect::Obsidian) {
            return false;
        }
        let Some(last) = block.last_child() else { return false };
        let mut data = last.data_mut();
        let NodeValue::Text(text) = &mut data.value else { return false };
        let Some((before, id)) = block_id(text) else { return false };
        self.anchor_of_block(&format!("^{id}"));
        let before = before.to_owned();
        let is_all = before.is_empty() && last.previous_sibling().is_none();
        *text = before.into();
        is_all
    }

    fn anchor_of_block(&mut self, name: &str) {
        if self.by_anchor.contains_key(name) || !self.html_ids.insert(name.to_owned()) {
            return;
        }
        let html = &mut self.body.html;
        html.push("<span id=\"");
        html.push_text(name);
        html.push("\"></span>");
        self.body.html_anchors.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::attributes;
    use crate::parse::tests_support::document;

    #[test]
    fn every_spelling_of_an_id_is_the_heading_s_anchor_and_is_not_shown() {
        for typed in [
            "## Stop {#halt}",
            "## Stop { #halt }",
            "## Stop {#halt .wide}",
            "## Stop {/* #halt */}",
            "## Stop {: #halt }",
            "## Stop {:#halt}",
            "## Stop { .wide #halt data-toc-label=\"a b\" }",
            "## Stop {: #halt .wide title='x y' }",
            "## Stop {#halt} ##",
            "Stop {#halt}\n------------",
            "Stop { #halt }\n------------",
            "## Stop\n{: #halt }",
            "## Stop\n{#halt}",
        ] {
            let page = document(&format!("{typed}\n\nText\n\n## Next\n"));
            let found: Vec<_> = page
                .headings
                .iter()
                .map(|heading| (heading.anchor.as_str(), heading.text.as_str()))
                .collect();
            assert_eq!(found, [("halt", "Stop"), ("next", "Next")], "{typed}");
            assert!(!page.body.fill(0, |_, _| ()).contains('{'), "{typed}");
        }
    }

    #[test]
    fn a_heading_with_classes_alone_keeps_the_anchor_of_its_text() {
        for typed in ["## Stop { .wide }", "## Stop {: .no_toc }", "## Stop { width=3 }"] {
            let page = document(typed);
            assert_eq!((&*page.headings[0].anchor, &*page.headings[0].text), ("stop", "Stop"));
        }
    }

    #[test]
    fn braces_that_are_no_attribute_list_are_text() {
        for typed in ["{name}", "{{ .Values }}", "{#}", "{}", "{: }", "{#gp:x}", "{1=2}", "{a b}"] {
            assert_eq!(attributes(typed), None, "{typed}");
            let page = document(&format!("## Stop {typed}\n"));
            assert_eq!(page.headings[0].text, format!("Stop {typed}"));
        }
    }

    #[test]
    fn attribute_lists_of_blocks_and_spans_are_not_shown() {
        let page = document(
            "(top)=\n## A\n\nOne\n{: .note #one }\n\n![x](x.png){ width=300 } and [y](y.md){.button} {z}\n\n\
             | a | b |\n|---|---|\n| c | d |\n{: .wide }\n\n- item\n\n{: #last }\n",
        );
        let html = page.body.fill(0, |_, _| ());
        assert_eq!(page.html_anchors, ["top", "one", "last"]);
        assert!(html.contains("{z}") && html.matches('{').count() == 1, "{html}");
        for anchor in ["top", "one", "last"] {
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{html}");
        }
    }
}
