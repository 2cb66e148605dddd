//! Lists, and lists of tasks that are ticked off.

use comrak::nodes::{ListType, NodeList, NodeValue};

use super::writer::{MarkdownNode, PageWriter};
use crate::parse::layout::{Container, LayoutPart};

impl PageWriter<'_> {
    pub(super) fn list(&mut self, node: MarkdownNode<'_>, list: NodeList) {
        if self.is_contents_marker(node) {
            return;
        }
        let items = || node.children();
        let is_checklist = items().next().is_some()
            && items().all(|item| matches!(item.data().value, NodeValue::TaskItem(_)))
            && node
                .parent()
                .is_some_and(|parent| matches!(parent.data().value, NodeValue::Document));
        let ordered = list.list_type == ListType::Ordered;
        let first = ordered.then_some(list.start as u32);
        self.within(Container::List { first }, |writer| {
            if is_checklist {
                writer.checklist(node);
            } else {
                writer.plain_list(node, first);
            }
        });
    }

    fn plain_list(&mut self, node: MarkdownNode<'_>, first: Option<u32>) {
        let ordered = first.is_some();
        self.body.html.push(if ordered { "<ol" } else { "<ul" });
        if ordered
            && node.descendants().any(|inner| matches!(inner.data().value, NodeValue::CodeBlock(_)))
        {
            self.body.html.push(" class=\"steps\"");
        }
        if let Some(first) = first.filter(|first| *first != 1) {
            self.body.html.push(&format!(" start=\"{first}\""));
        }
        self.body.html.push(">\n");
        for item in node.children() {
            self.list_item(item);
        }
        self.body.html.push(if ordered { "</ol>\n" } else { "</ul>\n" });
    }

    fn list_item(&mut self, item: MarkdownNode<'_>) {
        let task = match &item.data().value {
            // In a vault `[/]` is begun and `[-]` given up.
            NodeValue::TaskItem(task) => Some(matches!(task.symbol, Some('x' | 'X' | '-'))),
            _ => None,
        };
        self.open_container();
        self.body.layout.push(LayoutPart::Open(Container::Item { is_task: task.is_some() }));
        match task {
            None => {
                self.body.html.push("<li>");
                self.blocks(item);
            }
            Some(done) => {
                self.body.html.push("<li class=\"task\">");
                self.task(item, done);
            }
        }
        self.body.layout.push(LayoutPart::Close);
        self.close_container();
        self.body.html.push("</li>\n");
    }

    /// A tick box with the item's first paragraph as its label, then what else the item holds.
    fn task(&mut self, item: MarkdownNode<'_>, done: bool) {
        self.body.html.push("<label><input type=\"checkbox\"");
        self.body.html.push(if done { " checked><span>" } else { "><span>" });
        let mut rest = item.children().peekable();
        let label = rest.next_if(|first| matches!(first.data().value, NodeValue::Paragraph));
        if let Some(paragraph) = label {
            self.leaf(paragraph);
        }
        self.body.html.push("</span></label>");
        for block in rest {
            self.block(block);
        }
    }

    /// A list of tasks at the top of the page: ticks are counted, remembered and exported by script.
    fn checklist(&mut self, node: MarkdownNode<'_>) {
        self.checklists += 1;
        self.body.made_anchors.push(format!("gp:checklist-{}", self.checklists));
        let words = self.permissions.words;
        let count = node.children().count();
        let label = self
            .heading
            .and_then(|index| self.body.headings.get(index as usize))
            .map_or_else(|| words.get("checklist").to_owned(), |heading| heading.text.clone());
        let html = &mut self.body.html;
        html.push(&format!(
            "<section class=\"checks\" id=\"gp:checklist-{}\" aria-label=\"",
            self.checklists
        ));
        html.push_text(&words.count("checklist-steps", count, &[("title", &label)]));
        html.push("\"><div class=\"checks-head\"><b>");
        html.push_text(&label);
        html.push("</b><output class=\"js-only\">");
        let done = [("done", "0"), ("count", &count.to_string())];
        html.push_text(&words.fill("steps-done", &done));
        html.push(
            "</output><button class=\"btn js-only\" type=\"button\" data-log><span aria-live=\"polite\">",
        );
        html.push_text(words.get("copy-log"));
        html.push("</span></button><button class=\"btn js-only\" type=\"button\" data-reset>");
        html.push_text(words.get("reset"));
        html.push("</button></div><ul class=\"checks-list\">\n");
        for item in node.children() {
            self.list_item(item);
        }
        self.body.html.push("</ul></section>\n");
    }
}
