//! Tables.

use comrak::nodes::{NodeValue, TableAlignment};

use super::attributes;
use super::writer::{MarkdownNode, PageWriter};
use crate::parse::layout::{Container, LayoutPart};

impl PageWriter<'_> {
    pub(super) fn table(&mut self, node: MarkdownNode<'_>, alignments: &[TableAlignment]) {
        self.tables += 1;
        let label = self
            .heading
            .and_then(|index| self.body.headings.get(index as usize))
            .map_or_else(String::new, |heading| format!(": {}", heading.text));
        let html = &mut self.body.html;
        html.push("<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        html.push_text(self.permissions.words.get("table"));
        if self.tables > 1 {
            html.push(&format!(" {}", self.tables));
        }
        html.push_text(&label);
        html.push("\"><table>\n");
        let mut in_body = false;
        self.body.layout.push(LayoutPart::Open(Container::Table));
        for row in node.children().filter(|row| !attributes::is_below_table(row)) {
            let header = matches!(row.data().value, NodeValue::TableRow(true));
            if header {
                self.body.html.push("<thead>");
            } else if !in_body {
                in_body = true;
                self.body.html.push("<tbody>\n");
            }
            self.table_row(row, alignments, header);
            if header {
                self.body.html.push("</thead>");
            }
        }
        self.body.layout.push(LayoutPart::Close);
        self.body.html.push(if in_body { "</tbody></table></div>\n" } else { "</table></div>\n" });
    }

    fn table_row(&mut self, row: MarkdownNode<'_>, alignments: &[TableAlignment], header: bool) {
        self.body.html.push("<tr>");
        self.body.layout.push(LayoutPart::Open(Container::Row { is_header: header }));
        for (index, cell) in row.children().enumerate() {
            // An empty header cell names nothing, so it is no header to a screen reader.
            let is_header = header && cell.first_child().is_some();
            let class = match alignments.get(index) {
                Some(TableAlignment::Right) => " class=\"right\"",
                Some(TableAlignment::Center) => " class=\"center\"",
                _ => "",
            };
            let (open, close) =
                if is_header { ("<th scope=\"col\"", "</th>") } else { ("<td", "</td>") };
            for part in [open, class, ">"] {
                self.body.html.push(part);
            }
            self.leaf(cell);
            self.body.html.push(close);
        }
        self.body.layout.push(LayoutPart::Close);
        self.body.html.push("</tr>\n");
    }
}
