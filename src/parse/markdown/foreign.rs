//! Writes the blocks of other tools: callouts, details and tabs, which the text's rewriting left as marked quotes.

use comrak::nodes::{CalloutFold, NodeCallout, NodeValue};

use super::math;
use super::writer::{MarkdownNode, PageWriter, holds_block};
use crate::parse::blocks::block::{BlockKind, MARK, UnreadMarkup};
use crate::parse::blocks::class;
use crate::parse::fence::fence;
use crate::parse::layout::{Container, warns};
use crate::parse::source::find_from;
use crate::text::single_spaced;

/// The number of the block that a quote stands for, with the heading that says so.
fn block_of(quote: MarkdownNode<'_>) -> Option<(usize, MarkdownNode<'_>)> {
    let heading = quote.first_child()?;
    matches!(quote.data().value, NodeValue::BlockQuote)
        .then(|| block_of_heading(heading))?
        .map(|number| (number, heading))
}

/// The number of the block that a heading names.
pub(super) fn block_of_heading(heading: MarkdownNode<'_>) -> Option<usize> {
    if !matches!(heading.data().value, NodeValue::Heading(_)) {
        return None;
    }
    match &heading.first_child()?.data().value {
        NodeValue::Text(text) => text.strip_prefix(MARK)?.split_once(MARK)?.0.parse().ok(),
        _ => None,
    }
}

/// What stands round the title of a callout, which raw HTML may have given a block.
fn title_element(class: &str, holds_block: bool) -> (String, &'static str) {
    let (name, close) = if holds_block { ("div", "</div>\n") } else { ("p", "</p>\n") };
    (format!("<{name} class=\"callout-title\"><i class=\"icon i-{class}\"></i>"), close)
}

impl PageWriter<'_> {
    /// A quote, or the block that it stands for.
    pub(super) fn quote(&mut self, quote: MarkdownNode<'_>) {
        let Some((number, heading)) = block_of(quote) else {
            self.within(Container::Quote, |writer| {
                writer.container("<blockquote>\n", "</blockquote>\n", quote);
            });
            return;
        };
        let Some(mut block) = self.blocks.get(number).cloned() else { return };
        // What GitHub has too is called as there, in the site's language.
        let name = block.title.to_lowercase();
        if ["note", "tip", "important", "warning", "caution"].contains(&name.as_str()) {
            self.permissions.words.get(&name).clone_into(&mut block.title);
        }
        let callout = Container::Callout { warns: warns(block.class) };
        match block.kind {
            BlockKind::Callout => {
                let class = block.class;
                self.body.html.push(&format!("<aside class=\"callout {class}\">"));
                let (open, close) = title_element(class, holds_block(heading));
                self.titled(heading, &block.title, (&open, close));
                self.rest_of(heading, callout);
                self.body.html.push("</aside>\n");
            }
            BlockKind::Details => {
                self.body.html.push("<details");
                if !block.class.is_empty() {
                    self.body.html.push(&format!(" class=\"callout {}\"", block.class));
                }
                self.body.html.push(if block.open { " open>" } else { ">" });
                self.titled(heading, &block.title, ("<summary>", "</summary>\n"));
                self.rest_of(heading, callout);
                self.body.html.push("</details>\n");
            }
            BlockKind::Tab => self.tab_set(quote, block.open),
            BlockKind::CodeGroup => self.code_group(heading),
        }
    }

    /// A paragraph that an attribute list makes a callout.
    pub(super) fn paragraph_callout(&mut self, paragraph: MarkdownNode<'_>, class: &'static str) {
        let title = self.permissions.words.get(class).to_owned();
        self.open_callout(class, &title);
        self.within(Container::Callout { warns: warns(class) }, |writer| {
            writer.paragraph_element(paragraph);
        });
        self.body.html.push("</aside>\n");
    }

    /// Begins a callout, called by plain text.
    pub(super) fn open_callout(&mut self, class: &str, title: &str) {
        let (open, close) = title_element(class, false);
        self.body.html.push(&format!("<aside class=\"callout {class}\">{open}"));
        self.body.html.push_text(title);
        self.body.html.push(close);
    }

    /// A callout of Obsidian, which folds where a sign behind its kind says so.
    pub(super) fn vault_callout(&mut self, node: MarkdownNode<'_>, callout: &NodeCallout) {
        let title = node.first_child().filter(|first| {
            matches!(first.data().value, NodeValue::CalloutTitle) && first.first_child().is_some()
        });
        let body = match node.first_child() {
            Some(first) if matches!(first.data().value, NodeValue::CalloutTitle) => {
                first.next_sibling()
            }
            first => first,
        };
        let class = class(&callout.callout_type).unwrap_or("note");
        let name = callout.default_title();
        let word = ["note", "tip", "important", "warning", "caution"]
            .into_iter()
            .find(|word| *word == name.to_lowercase());
        let default = word.map_or(name, |word| self.permissions.words.get(word).to_owned());
        let (open, title_end, close) = match callout.fold {
            CalloutFold::None => {
                let (open, close) = title_element(class, title.is_some_and(holds_block));
                (format!("<aside class=\"callout {class}\">{open}"), close, "</aside>\n")
            }
            fold => {
                let open = if fold == CalloutFold::Expanded { " open" } else { "" };
                (
                    format!("<details class=\"callout {class}\"{open}><summary>"),
                    "</summary>\n",
                    "</details>\n",
                )
            }
        };
        self.body.html.push(&open);
        match title {
            Some(title) => drop(self.text_of(title)),
            None => self.body.html.push_text(&default),
        }
        self.body.html.push(title_end);
        self.open_container();
        self.within(Container::Callout { warns: warns(class) }, |writer| writer.blocks_from(body));
        self.close_container();
        self.body.html.push(close);
    }

    /// The title that the author typed, else the default, between two pieces of markup; none if there is neither.
    fn titled(&mut self, heading: MarkdownNode<'_>, default: &str, (open, close): (&str, &str)) {
        let mut is_typed =
            heading.first_child().is_some_and(|first| first.next_sibling().is_some());
        let Some(first) = heading.first_child() else { return };
        let mut marked = String::new();
        if let NodeValue::Text(text) = &mut first.data_mut().value {
            marked = text.to_string();
            let after = marked.rfind(MARK).map_or(0, |at| at + MARK.len_utf8());
            let title = marked[after..].trim_start().to_owned();
            is_typed |= !title.is_empty();
            *text = title.into();
        }
        if !is_typed && default.is_empty() {
            return;
        }
        self.body.html.push(open);
        if is_typed {
            self.text_of(heading);
        } else {
            self.body.html.push_text(default);
        }
        self.body.html.push(close);
        // What follows still has to know the block by its mark.
        if let NodeValue::Text(text) = &mut first.data_mut().value {
            *text = marked.into();
        }
    }

    /// The blocks behind the heading that names a block.
    fn rest_of(&mut self, heading: MarkdownNode<'_>, container: Container) {
        self.open_container();
        self.within(container, |writer| writer.blocks_from(heading.next_sibling()));
        self.close_container();
    }

    /// A panel and those that follow it. They work without script: opening one of the same name closes the others.
    fn tab_set(&mut self, first: MarkdownNode<'_>, begins: bool) {
        let tab = |quote: MarkdownNode<'_>| {
            let (number, _) = block_of(quote)?;
            self.blocks
                .get(number)
                .filter(|block| block.kind == BlockKind::Tab)
                .map(|block| block.open)
        };
        let is_written =
            !begins && first.previous_sibling().is_some_and(|last| tab(last).is_some());
        if is_written {
            return;
        }
        let more = first.following_siblings().skip(1).take_while(|next| tab(next) == Some(false));
        let panels: Vec<MarkdownNode<'_>> = std::iter::once(first).chain(more).collect();
        self.open_tabs();
        for (position, quote) in panels.into_iter().enumerate() {
            let Some((number, heading)) = block_of(quote) else { continue };
            let default = self.blocks[number].title.clone();
            self.open_tab(position);
            self.titled(heading, &default, ("<summary>", "</summary>"));
            self.body.html.push("<div class=\"tab\">\n");
            self.rest_of(heading, Container::Quote);
            self.body.html.push("</div></details>\n");
        }
        self.body.html.push("</div>\n");
    }

    /// Code blocks as panels, each called by its title or language.
    fn code_group(&mut self, heading: MarkdownNode<'_>) {
        self.open_tabs();
        let blocks: Vec<MarkdownNode<'_>> = heading.following_siblings().skip(1).collect();
        let is_code =
            |block: &MarkdownNode<'_>| matches!(block.data().value, NodeValue::CodeBlock(_));
        for (position, code) in blocks.iter().copied().filter(is_code).enumerate() {
            let label = match &code.data().value {
                NodeValue::CodeBlock(block) => {
                    let fence = fence(&block.info);
                    fence.title.unwrap_or(fence.language)
                }
                _ => String::new(),
            };
            self.open_tab(position);
            self.body.html.push("<summary>");
            self.body.html.push_text(if label.is_empty() { "Code" } else { &label });
            self.body.html.push("</summary><div class=\"tab\">\n");
            self.block(code);
            self.body.html.push("</div></details>\n");
        }
        self.body.html.push("</div>\n");
        for other in blocks.into_iter().filter(|block| !is_code(block)) {
            self.block(other);
        }
    }

    fn open_tabs(&mut self) {
        self.tab_sets += 1;
        self.body.html.push("<div class=\"tabs\">\n");
    }

    fn open_tab(&mut self, position: usize) {
        let open = if position == 0 { " open" } else { "" };
        self.body.html.push(&format!("<details name=\"gp:tabs-{}\"{open}>", self.tab_sets));
    }

    /// Names the tags of template languages that a piece of text still holds.
    pub(super) fn name_unread(&mut self, text: &str, position: comrak::nodes::Sourcepos) {
        const TAGS: [(&str, &str); 3] =
            [("{{<", "`{{< shortcode >}}`"), ("{{%", "`{{< shortcode >}}`"), ("{%", "`{% tag %}`")];
        for (sign, name) in TAGS {
            let is_own = |at: &usize| sign != "{%" || !text[..*at].ends_with('{');
            let mut found = text.match_indices(sign).map(|(at, _)| at).filter(is_own);
            if found.next().is_none() {
                continue;
            }
            if self.body.unread.iter().any(|unread| unread.name == name) {
                continue;
            }
            let whole = self.source.range(position);
            let typed = self.source.text.get(whole.clone()).unwrap_or_default();
            let at = typed.match_indices(sign).map(|(at, _)| at);
            let mut at = at.filter(|at| sign != "{%" || !typed[..*at].ends_with('{'));
            let range = at.next().map_or(whole.clone(), |at| {
                let rest = &typed[at..];
                let end = rest.find('}').map_or(rest.len(), |end| end + 1);
                let end = end + rest[end..].len() - rest[end..].trim_start_matches('}').len();
                whole.start + at..whole.start + at + end
            });
            self.body.unread.push(UnreadMarkup { name, range, dialects: &[] });
        }
    }

    /// Names the first formula that cannot be drawn.
    pub(super) fn name_formula(&mut self, position: comrak::nodes::Sourcepos, typed: &str) {
        let name = "`$formula$`";
        if self.body.unread.iter().any(|unread| unread.name == name) {
            return;
        }
        let whole = self.source.range(position);
        let found = find_from(self.source.text, typed, whole.start);
        let range = found.filter(|found| found.end <= whole.end).unwrap_or(whole);
        self.body.unread.push(UnreadMarkup { name, range, dialects: &[] });
    }

    /// A block that is one formula; whether it could be drawn.
    pub(super) fn formula_block(&mut self, latex: &str) -> bool {
        let Some(html) = math::mathml(latex, true) else { return false };
        self.body.html.push("<div class=\"formula\">");
        self.body.html.push(&html);
        self.body.html.push("</div>\n");
        self.section_text(&single_spaced(latex));
        true
    }
}
