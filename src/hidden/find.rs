//! Finds runs of hidden characters, and makes texts without them.

use std::borrow::Cow;
use std::ops::Range;

use super::context;
use super::kind::is_invisible;
use super::unit::{Unit, units};

/// A run of hidden characters, each beside the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where it stands.
    pub range: Range<usize>,
    /// What stands there, one character or a run of them.
    pub characters: String,
}

/// Finds the hidden characters of a plain text.
pub fn hidden(text: &str) -> Vec<Hidden> {
    if !may_hide(text) {
        return Vec::new();
    }
    runs(&units(text, |_| None))
}

/// The same where characters may be spelled: `spelled` tells, for a place where `&` or `\` stands, how many bytes
/// spell which character, if any.
pub fn hidden_spelled(text: &str, spelled: impl Fn(usize) -> Option<(usize, char)>) -> Vec<Hidden> {
    runs(&units(text, spelled))
}

/// A text without what is hidden in it.
pub fn removed(text: &str) -> Cow<'_, str> {
    let found = hidden(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without(text, found.iter().map(|found| &found.range)))
}

/// A text as part of an address: invisible characters that belong to it, as in the anchor of a heading with a picture, are
/// percent-encoded, so that nobody takes them out.
pub fn in_address(text: &str) -> Cow<'_, str> {
    if !may_hide(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_invisible(letter) {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// A text with what is hidden in it shown as code points, `U+202E`.
pub fn shown(text: &str) -> Cow<'_, str> {
    let found = hidden(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for Hidden { range, characters } in found {
        out.push_str(&text[done..range.start]);
        out.push_str(&notation(&characters));
        done = range.end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// A text without some of its parts, which are given in order.
pub(crate) fn without<'r>(text: &str, parts: impl Iterator<Item = &'r Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for part in parts {
        out.push_str(&text[done..part.start]);
        done = part.end;
    }
    out.push_str(&text[done..]);
    out
}

/// A run as code points: all of a few, of many the first, the last and how many.
pub fn notation(characters: &str) -> String {
    const FEW: usize = 3;
    let code = |letter: char| format!("U+{:04X}", u32::from(letter));
    let count = characters.chars().count();
    if count <= FEW {
        return characters.chars().map(code).collect::<Vec<_>>().join(" ");
    }
    let ends = characters.chars().next().zip(characters.chars().next_back());
    ends.map_or_else(String::new, |(first, last)| {
        format!("{} … {} ({count})", code(first), code(last))
    })
}

/// Whether a text holds a character that is invisible anywhere: quickly, since nearly none does.
pub fn may_hide(text: &str) -> bool {
    // As many bytes as a line of a processor's cache has.
    const STRIDE: usize = 64;
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r');
    bytes.chunks(STRIDE).enumerate().any(|(index, stride)| {
        // Looks at every byte, so that many are looked at at once.
        if stride.iter().fold(true, |plain, byte| plain & is_plain(byte)) {
            return false;
        }
        let start = text.ceil_char_boundary(index * STRIDE);
        let end = text.ceil_char_boundary(index * STRIDE + stride.len());
        text[start..end].chars().any(is_invisible)
    })
}

/// The hidden characters among these, those that touch each other together.
pub(super) fn runs(units: &[Unit]) -> Vec<Hidden> {
    let mut found: Vec<Hidden> = Vec::new();
    for (unit, is_hidden) in units.iter().zip(context::judged(units)) {
        match found.last_mut() {
            _ if !is_hidden => {}
            Some(last) if last.range.end == unit.start => {
                last.range.end = unit.end;
                last.characters.push(unit.letter);
            }
            _ => found
                .push(Hidden { range: unit.start..unit.end, characters: unit.letter.to_string() }),
        }
    }
    found
}
