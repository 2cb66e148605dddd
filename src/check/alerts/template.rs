//! Rule files that are templates of Helm, Jinja or ERB, read as far as they are rules.
//!
//! Each action becomes filler of the same length, so that places stay right, and a hole where a value is read. Lines
//! that hold nothing but actions are left out, and so is what stands between an `else` and its end.

use std::ops::Range;

use super::prometheus::action_name;
use crate::value::{Node, Value};

/// Fills three bytes of an action; private letters that no rule file types.
const FILLER_3: char = '\u{e0a7}';

/// Fills two bytes of an action.
const FILLER_2: char = '\u{7fc}';

/// How actions begin and end.
const ACTIONS: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("{#", "#}")];

/// The text with filler for actions; `None` if there is no action in it.
pub(super) fn filled(text: &str) -> Option<String> {
    let actions = actions(text);
    if actions.is_empty() || text.contains([FILLER_2, FILLER_3]) {
        return None;
    }
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for part in blank(text, &actions) {
        let TemplatePart { range, is_blank } = part;
        filled.push_str(&text[at..range.start]);
        if is_blank {
            let typed = &text[range.clone()];
            filled.extend(typed.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        } else {
            fill(&mut filled, range.len());
        }
        at = range.end;
    }
    filled.push_str(&text[at..]);
    Some(filled)
}

/// A document with the actions of the source in braces again, where its texts hold filler.
pub(super) fn with_actions(node: &Node, source: &str) -> Node {
    let value = match &node.value {
        Value::String(text) => Value::String(restored(text, &node.range, source)),
        Value::List(items) => {
            Value::List(items.iter().map(|item| with_actions(item, source)).collect())
        }
        Value::Map(entries) => {
            let mut entries = entries.clone();
            for entry in &mut entries {
                entry.key = restored(&entry.key, &entry.key_range, source);
                entry.value = with_actions(&entry.value, source);
            }
            Value::Map(entries)
        }
        other => other.clone(),
    };
    Node { value, range: node.range.clone(), tag: node.tag.clone() }
}

/// A text whose filler is the actions again that are typed in its range, in their order.
fn restored(text: &str, range: &Range<usize>, source: &str) -> String {
    if !text.contains([FILLER_2, FILLER_3]) {
        return text.to_string();
    }
    let typed = source.get(range.clone()).unwrap_or_default();
    let mut actions = actions(typed).into_iter();
    let mut restored = String::new();
    let mut inside_filler = false;
    for letter in text.chars() {
        let is_filler = matches!(letter, FILLER_2 | FILLER_3);
        if is_filler && !inside_filler {
            let action = actions.next().map(|range| &typed[range]).unwrap_or_default();
            let inside = action.get(2..action.len().saturating_sub(2)).unwrap_or_default();
            restored.extend(["{{", &action_name(inside), "}}"]);
        }
        if !is_filler {
            restored.push(letter);
        }
        inside_filler = is_filler;
    }
    restored
}

fn fill(text: &mut String, mut length: usize) {
    while !length.is_multiple_of(3) && length >= 2 {
        text.push(FILLER_2);
        length -= 2;
    }
    text.extend(std::iter::repeat_n(FILLER_3, length / 3));
}

/// Where each action stands.
fn actions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = ACTIONS
        .iter()
        .filter_map(|(begin, end)| Some((at + text[at..].find(begin)?, *end)))
        .min_by_key(|(start, _)| *start)
    {
        let Some(length) = text[start + 2..].find(end) else { break };
        let end = start + 2 + length + end.len();
        found.push(start..end);
        at = end;
    }
    found
}

/// A part of a text that is filled or left out.
struct TemplatePart {
    range: Range<usize>,
    is_blank: bool,
}

/// The parts of a text that are replaced, in order and without overlap.
fn blank(text: &str, actions: &[Range<usize>]) -> Vec<TemplatePart> {
    let mut parts: Vec<TemplatePart> = Vec::new();
    // How many blocks are open inside of an `else` that is left out.
    let mut left_out: Option<(usize, usize)> = None;
    for action in actions {
        let word = first_word(&text[action.clone()]);
        let (opens, closes) = (opens(word), matches!(word, "end" | "endif" | "endfor"));
        match &mut left_out {
            Some((_, depth)) if opens => *depth += 1,
            Some((_, depth)) if closes && *depth > 0 => *depth -= 1,
            Some((start, _)) if closes => {
                let start = *start;
                parts.push(TemplatePart { range: start..action.end, is_blank: true });
                left_out = None;
            }
            Some(_) => {}
            None if matches!(word, "else" | "elif" | "elsif") => left_out = Some((action.start, 0)),
            None => {
                let is_blank = stands_alone(text, action);
                parts.push(TemplatePart { range: action.clone(), is_blank });
            }
        }
    }
    if let Some((start, _)) = left_out {
        parts.push(TemplatePart { range: start..text.len(), is_blank: true });
    }
    parts
}

fn first_word(action: &str) -> &str {
    let inside = action.get(2..).unwrap_or_default();
    let inside = inside.trim_start_matches(['-', '+', '~']).trim_start();
    let end = inside.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(inside.len());
    &inside[..end]
}

fn opens(word: &str) -> bool {
    matches!(word, "if" | "range" | "with" | "for" | "define" | "block" | "unless")
}

/// Whether a line holds nothing but actions, so that none of them is a value.
fn stands_alone(text: &str, action: &Range<usize>) -> bool {
    let line_start = text[..action.start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[action.end..].find('\n').map_or(text.len(), |end| action.end + end);
    let (before, after) = (&text[line_start..action.start], &text[action.end..line_end]);
    let is_rest = |part: &str| {
        let actions = actions(part);
        let mut rest = part.to_string();
        for action in actions.into_iter().rev() {
            rest.replace_range(action, "");
        }
        rest.trim().is_empty()
    };
    is_rest(before) && is_rest(after)
}
