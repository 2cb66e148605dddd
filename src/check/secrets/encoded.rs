//! Secrets in texts that stand for another: base64, as the `data` of Kubernetes and what is piped to `base64 -d`, and
//! letters with a percent sign, as in addresses that are handed on in others.

use std::ops::Range;

use super::harmless::typed_in_base64;
use super::run::LONGEST;

/// A place in a text, and what is found there.
type Found = (Range<usize>, &'static str);

/// Finds the secrets of a text that another stands for, so many times.
type Find = fn(&str, usize) -> Vec<Found>;

/// How often a text may stand for another: a key of a registry stands in a file that stands in a Secret.
const DEEPEST: usize = 2;

/// The shortest base64 that is looked into, in letters.
const LEAST: usize = 16;

/// Every stretch of a text that stands for one with a secret.
pub(super) fn encoded(text: &str, depth: usize, find: Find) -> Vec<Found> {
    if depth >= DEEPEST {
        return Vec::new();
    }
    let mut found = in_base64(text, depth, find);
    found.extend(in_percent(text, depth, find));
    found
}

fn in_base64(text: &str, depth: usize, find: Find) -> Vec<Found> {
    let bytes = text.as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_digit(byte)).count();
        let padding = bytes[at + length..].iter().take(2).take_while(|byte| **byte == b'=').count();
        let range = at..at + length + padding;
        at = range.end + usize::from(length + padding == 0);
        if length < LEAST || !begins_with_text(&text[range.start..]) {
            continue;
        }
        let inner = typed_in_base64(&text[range.clone()]);
        let secret = inner.and_then(|inner| find(&inner, depth + 1).into_iter().next());
        found.extend(secret.map(|(_, what)| (range, what)));
    }
    found
}

/// Whether the first letters of base64 stand for some that can be typed: most words and numbers do not.
fn begins_with_text(digits: &str) -> bool {
    digits.get(..LEAST).is_some_and(|start| typed_in_base64(start).is_some())
}

fn in_percent(text: &str, depth: usize, find: Find) -> Vec<Found> {
    let ends = |letter: char| letter.is_whitespace() || "\"'`<>|".contains(letter);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(percent) = text[at..].find('%').map(|offset| at + offset) {
        let start = text[at..percent].rfind(ends).map_or(at, |end| at + end);
        let start = start.max(text.floor_char_boundary(percent.saturating_sub(LONGEST)));
        let length = text[percent..].find(ends).unwrap_or(text.len() - percent);
        let end = text.floor_char_boundary(percent + length.min(LONGEST)).max(percent + 1);
        at = end;
        let (inner, places) = decoded(&text[start..end]);
        if !places.is_empty() {
            let place = |inner: usize| start + places[inner];
            let secrets = find(&inner, depth + 1).into_iter();
            found.extend(secrets.map(|(inner, what)| (place(inner.start)..place(inner.end), what)));
        }
    }
    found
}

/// What a text stands for in which letters are written with a percent sign, and where each of its bytes, and its end,
/// stand in the text; nothing if no sign that joins a name and a value is so written.
fn decoded(text: &str) -> (String, Vec<usize>) {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut inner, mut places) = (Vec::with_capacity(bytes.len()), Vec::new());
    let (mut at, mut joins) = (0, false);
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| hex(at + 1).zip(hex(at + 2))).flatten();
        let typed = code.map(|(high, low)| (high * 16 + low) as u8).filter(u8::is_ascii_graphic);
        joins |= typed.is_some_and(|byte| b":=@".contains(&byte));
        inner.push(typed.unwrap_or(bytes[at]));
        places.push(at);
        at += if typed.is_some() { 3 } else { 1 };
    }
    places.push(at);
    match String::from_utf8(inner) {
        Ok(inner) if joins => (inner, places),
        _ => (String::new(), Vec::new()),
    }
}
