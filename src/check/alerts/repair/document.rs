//! Links written into YAML and JSON: annotations of rules, descriptions of alarms.

use super::super::edit::{TextEdit, indent, line_break, line_end};
use super::super::prometheus::is_runbook_key;
use crate::value::{Entry, Node, Value, json, yaml};

/// Writes the annotation `runbook_url` of the rule whose name stands at a place.
pub(super) fn with_annotated_link(
    text: &str,
    documents: &[Node],
    at: usize,
    url: &str,
) -> Result<TextEdit, &'static str> {
    let rule = documents.iter().find_map(|document| holder(document, at));
    let rule = rule.ok_or("the rule is wrapped up in a text")?;
    let Some(annotations) = rule.entry("annotations") else {
        let block = format!(
            "annotations:{}{}  runbook_url: {}",
            line_break(text),
            indent(text, rule.range.start),
            yaml::quote(url)
        );
        let inside =
            |key: &str| format!("{{{}: {}}}", quoted_like(key, "runbook_url"), json::quote(url));
        return added(text, rule, "annotations", &block, inside, KeyPlace::Last);
    };
    match &annotations.value.value {
        Value::Map(entries) => {
            if let Some(entry) = entries.iter().find(|entry| is_runbook_key(&entry.key)) {
                return replaced(text, &entry.value, url);
            }
            let block = format!("runbook_url: {}", yaml::quote(url));
            let inside = |_: &str| json::quote(url);
            added(text, &annotations.value, "runbook_url", &block, inside, KeyPlace::First)
        }
        Value::Null if !is_flow(text, rule) => {
            let colon = text[annotations.key_range.end..].find(':');
            let after = annotations.key_range.end + colon.ok_or(COMPUTED)? + 1;
            let indent = indent(text, rule.range.start);
            let line = format!("{}{indent}  runbook_url: {}", line_break(text), yaml::quote(url));
            Ok(TextEdit::insert(after, line))
        }
        _ => Err(COMPUTED),
    }
}

/// Writes a link into the description of the alarm whose name, given or logical, stands at a place.
pub(super) fn with_described_link(
    text: &str,
    documents: &[Node],
    at: usize,
    url: &str,
) -> Result<TextEdit, &'static str> {
    let alarm = documents.iter().find_map(|document| alarm(document, at));
    let properties = alarm.and_then(|alarm| alarm.get("Properties"));
    let properties = properties.ok_or("the alarm has no properties of its own")?;
    let link = format!("[Runbook]({url})");
    let Some(description) = properties.get("AlarmDescription") else {
        let block = format!("AlarmDescription: {}", json::quote(&link));
        let inside = |_: &str| json::quote(&link);
        return added(text, properties, "AlarmDescription", &block, inside, KeyPlace::First);
    };
    let written = match (&description.value, description.tag.as_deref()) {
        (Value::String(_), None | Some("Sub")) => description,
        (Value::List(items), Some("Sub")) => items.first().ok_or(COMPUTED)?,
        (Value::Map(entries), None) => match &entries[..] {
            [Entry { key, value, .. }] if key == "Fn::Sub" => {
                value.items().first().unwrap_or(value)
            }
            _ => return Err(COMPUTED),
        },
        _ => return Err(COMPUTED),
    };
    let said = written.as_str().ok_or(COMPUTED)?;
    let more = if said.is_empty() { link } else { format!(" {link}") };
    let typed = text.get(written.range.clone()).unwrap_or_default();
    let is_quoted = typed.len() > 1 && typed.starts_with(['"', '\'']);
    if !is_quoted && is_flow(text, properties) {
        // Unquoted, the bracket of the link would open a list.
        return Ok(TextEdit::new(written.range.clone(), json::quote(&format!("{said}{more}"))));
    }
    Ok(TextEdit::insert(written.range.end - usize::from(is_quoted), more))
}

const COMPUTED: &str = "what would hold the link is computed or shared with other rules";

/// Where a new key is put among the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyPlace {
    First,
    Last,
}

/// Adds a key to a map: `block` where each key has a line, else what `inside` makes of how the map's keys are typed.
fn added(
    text: &str,
    map: &Node,
    key: &str,
    block: &str,
    inside: impl Fn(&str) -> String,
    place: KeyPlace,
) -> Result<TextEdit, &'static str> {
    let start = map.range.start;
    if !matches!(map.value, Value::Map(_)) || map.range.is_empty() {
        return Err(COMPUTED);
    }
    if is_flow(text, map) {
        let typed = &text[start + 1..];
        let blanks = typed.len() - typed.trim_start().len();
        let first = &typed[blanks..];
        let (key, value) = (quoted_like(first, key), inside(first));
        return Ok(if first.starts_with('}') {
            TextEdit::insert(start + 1, format!("{key}: {value}"))
        } else {
            let between = &typed[..blanks];
            let between = if between.contains('\n') { between } else { " " };
            TextEdit::insert(start + 1 + blanks, format!("{key}: {value},{between}"))
        });
    }
    if text[start..].starts_with(['*', '&', '!']) {
        return Err(COMPUTED);
    }
    let (line_break, indent) = (line_break(text), indent(text, start));
    Ok(match place {
        KeyPlace::First => TextEdit::insert(start, format!("{block}{line_break}{indent}")),
        KeyPlace::Last => {
            let end = line_end(text, map.range.end);
            TextEdit::insert(end, format!("{line_break}{indent}{block}"))
        }
    })
}

/// Puts an address in the place of a text.
fn replaced(text: &str, node: &Node, url: &str) -> Result<TextEdit, &'static str> {
    let typed = text.get(node.range.clone()).unwrap_or_default();
    let quoted = match typed.as_bytes().first() {
        Some(b'"') => json::quote(url),
        Some(b'\'') => format!("'{}'", url.replace('\'', "''")),
        Some(b'*' | b'&' | b'{' | b'[') => return Err(COMPUTED),
        Some(_) => yaml::quote(url),
        None => format!(" {}", yaml::quote(url)),
    };
    Ok(TextEdit::new(node.range.clone(), quoted))
}

fn is_flow(text: &str, map: &Node) -> bool {
    text[map.range.start..].starts_with('{')
}

/// A key, in quotes if what follows in the text is.
fn quoted_like(following: &str, key: &str) -> String {
    if following.starts_with('"') { json::quote(key) } else { key.to_owned() }
}

/// What a rule's name is called, by the tools whose links are annotations.
const NAMES: &[&str] = &["alert", "title", "name"];

/// The map of which the name is at a place.
fn holder(node: &Node, at: usize) -> Option<&Node> {
    let mut found = None;
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let inside = |node: &&Node| node.range.contains(&at);
        if let Some(entry) = node.entries().iter().find(|entry| inside(&&entry.value)) {
            found = NAMES.contains(&entry.key.as_str()).then_some(node);
            open.push(&entry.value);
        }
        open.extend(node.items().iter().find(inside));
    }
    found
}

/// The innermost alarm of a template that holds a place, its logical name included.
fn alarm(node: &Node, at: usize) -> Option<&Node> {
    let mut found = None;
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let inside =
            |entry: &&Entry| entry.key_range.contains(&at) || entry.value.range.contains(&at);
        if let Some(entry) = node.entries().iter().find(inside) {
            let kind = entry.value.get("Type").and_then(Node::as_str);
            if kind.is_some_and(|kind| kind.starts_with("AWS::CloudWatch::")) {
                found = Some(&entry.value);
            }
            open.push(&entry.value);
        }
        open.extend(node.items().iter().find(|item| item.range.contains(&at)));
    }
    found
}
