//! Roles of `MyST`, `` {ref}`target` ``: a word in braces that says what the code behind it is.

use comrak::nodes::NodeValue;

use super::writer::{MarkdownNode, PageWriter};
use crate::dialect::Dialect;
use crate::parse::LinkKind;
use crate::parse::blocks::block::UnreadMarkup;

/// What a role makes of its text.
enum TextRole {
    /// A link to a target by its name.
    Target,
    /// A link to a page or file.
    Page,
    /// Text in an element, or plain.
    Text(&'static str, &'static str),
    /// Code.
    Code,
    /// A formula.
    Formula,
    /// A picture of a theme.
    Icon,
}

fn role(name: &str) -> Option<TextRole> {
    Some(match name {
        "ref" | "any" | "std:ref" => TextRole::Target,
        "doc" | "std:doc" | "download" => TextRole::Page,
        "kbd" => TextRole::Text("<kbd>", "</kbd>"),
        "sub" | "subscript" => TextRole::Text("<sub>", "</sub>"),
        "sup" | "superscript" => TextRole::Text("<sup>", "</sup>"),
        "strong" => TextRole::Text("<strong>", "</strong>"),
        "emphasis" | "dfn" => TextRole::Text("<em>", "</em>"),
        "term" | "numref" | "eq" | "abbr" | "guilabel" | "menuselection" | "title" | "pep"
        | "rfc" | "token" => TextRole::Text("", ""),
        "math" => TextRole::Formula,
        "octicon" | "fas" | "fab" | "far" | "material-regular" | "material-outlined" => {
            TextRole::Icon
        }
        name if name.starts_with("bdg") => TextRole::Text("", ""),
        "code" | "literal" | "file" | "command" | "program" | "envvar" | "option" | "samp"
        | "makevar" | "mimetype" | "class" | "func" | "meth" | "mod" | "attr" | "data" | "exc"
        | "obj" | "const" => TextRole::Code,
        name if name.contains(':') => TextRole::Code,
        _ => return None,
    })
}

/// The role that stands at the end of a text.
fn at_end(text: &str) -> Option<&str> {
    let (_, name) = text.strip_suffix('}')?.rsplit_once('{')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:+".contains(&byte));
    is_name.then_some(name)
}

/// What a page or target is called by its address: `../ops/drain-node.md` is "drain node".
pub(super) fn name_of(address: &str) -> String {
    let name = address.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(address);
    let name = name.strip_suffix(".md").unwrap_or(name);
    name.replace(['-', '_'], " ")
}

impl PageWriter<'_> {
    /// The role at the end of a text, if it stands directly before code and is one that is read.
    pub(super) fn role_before<'t>(&self, node: MarkdownNode<'_>, text: &'t str) -> Option<&'t str> {
        if !self.permissions.dialects.contains(&Dialect::Myst) {
            return None;
        }
        let is_before_code =
            node.next_sibling().is_some_and(|next| matches!(next.data().value, NodeValue::Code(_)));
        at_end(text).filter(|name| is_before_code && role(name).is_some())
    }

    /// Code, or what the role before it makes of it.
    pub(super) fn code(&mut self, node: MarkdownNode<'_>, literal: &str) {
        let position = node.data().sourcepos;
        let before =
            node.previous_sibling().filter(|_| self.permissions.dialects.contains(&Dialect::Myst));
        let name = before.and_then(|before| match &before.data().value {
            NodeValue::Text(text) => at_end(text).map(str::to_owned),
            _ => None,
        });
        let Some(name) = name else { return self.code_span(position, literal) };
        let titled = literal.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        let (title, target) = match titled {
            Some((title, target)) => (title.trim(), target),
            None => ("", literal),
        };
        match role(&name) {
            Some(kind @ (TextRole::Target | TextRole::Page)) => {
                let is_target =
                    matches!(kind, TextRole::Target) && !target.contains(['#', '/', '.']);
                let address = if is_target { format!("#{target}") } else { target.to_owned() };
                let text = if title.is_empty() { name_of(&address) } else { title.to_owned() };
                if self.leaf.inside_link > 0 {
                    return self.words(position, &text);
                }
                self.balance.leave_link(self.body.html.markup());
                let whole = self.source.range(position);
                self.push_link(LinkKind::Markdown, address, whole);
                let index = self.body.links.len() - 1;
                self.open_link(index, "");
                self.words(position, &text);
                self.close_container();
                self.close_link(index);
            }
            Some(TextRole::Text(open, close)) => {
                self.body.html.push(open);
                let shown = if title.is_empty() { literal } else { title };
                self.words(position, &shown.replace("-->", "→"));
                self.body.html.push(close);
            }
            Some(TextRole::Formula) => self.formula(position, &format!("${literal}$")),
            Some(TextRole::Icon) => {}
            Some(TextRole::Code) => {
                let shown = if title.is_empty() { literal } else { title };
                self.code_span(position, shown.trim_start_matches(['~', '!']));
            }
            None => {
                self.code_span(position, literal);
                let unread = "`{role}`";
                if self.body.unread.iter().all(|other| other.name != unread) {
                    let range = self.source.range(position);
                    self.body.unread.push(UnreadMarkup { name: unread, range, dialects: &[] });
                }
            }
        }
    }
}
