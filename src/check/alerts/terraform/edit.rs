//! Links written into `.tf` files, where the description of an alert stands or would stand.

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body};

use super::super::edit::{TextEdit, line_break, line_end, line_start};
use super::resource::{ResourceKind, kind_of, kind_of_module};

/// Writes a link to the runbook into the description of the alert whose name stands at a place.
pub(in super::super) fn with_link(
    text: &str,
    at: usize,
    url: &str,
) -> Result<TextEdit, &'static str> {
    let body = hcl_edit::parser::parse_body(text).map_err(|_| "the file is a template")?;
    let (kind, body) = alert(&body, at).ok_or("no resource of the file makes the alert")?;
    let key = kind.described_by().ok_or("its link stands in a nested attribute")?;
    let link = if key.contains("runbook") { url.to_owned() } else { format!("[Runbook]({url})") };
    if let Some(description) = body.get_attribute(key) {
        return appended(text, description, &link);
    }
    let name = body.get_attribute(kind.name).ok_or("it has no name to put a link beside")?;
    beside(text, name, key, &link)
}

/// The body of the alert that holds a place, and how it is read.
fn alert(body: &Body, at: usize) -> Option<(&'static ResourceKind, &Body)> {
    let holds = |block: &&Block| block.span().is_some_and(|span| span.contains(&at));
    let block = body.blocks().find(holds)?;
    let kind = match (block.ident.as_str(), block.labels.first()) {
        ("resource", Some(label)) => kind_of(label.as_str())?,
        ("module", _) => kind_of_module(),
        _ => return None,
    };
    let Some(each) = kind.each else { return Some((kind, &block.body)) };
    let nested = block.body.blocks().filter(|nested| nested.has_ident(each)).find(holds)?;
    Some((kind, &nested.body))
}

fn appended(text: &str, description: &Attribute, link: &str) -> Result<TextEdit, &'static str> {
    const COMPUTED: &str = "its description is computed";
    let range = description.value.span().ok_or(COMPUTED)?;
    let typed = text.get(range.clone()).ok_or(COMPUTED)?;
    match &description.value {
        Expression::String(_) | Expression::StringTemplate(_) if typed.ends_with('"') => {
            let blank = if typed.len() > 2 { " " } else { "" };
            Ok(TextEdit::insert(range.end - 1, format!("{blank}{link}")))
        }
        Expression::HeredocTemplate(_) => {
            let last = typed.trim_end().rfind('\n').ok_or(COMPUTED)?;
            let end = line_end(text, line_start(text, range.start + last));
            Ok(TextEdit::insert(end, format!(" {link}")))
        }
        _ => Err(COMPUTED),
    }
}

/// A line below the name's, aligned as that is.
fn beside(text: &str, name: &Attribute, key: &str, link: &str) -> Result<TextEdit, &'static str> {
    let range = name.span().ok_or("it has no name to put a link beside")?;
    let start = line_start(text, range.start);
    let before = &text[start..range.start];
    if !before.trim().is_empty() {
        return Err("the resource stands on one line");
    }
    let typed = &text[range.clone()];
    let aligned = typed.find('=').unwrap_or(0).saturating_sub(1);
    let blanks = " ".repeat(aligned.saturating_sub(key.len()));
    let added = format!("{}{before}{key}{blanks} = \"{link}\"", line_break(text));
    Ok(TextEdit::insert(line_end(text, range.end), added))
}
