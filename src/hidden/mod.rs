//! Characters that nobody sees but programs read: which of them a text has no use for, and the text without them.
//!
//! Most invisible characters are needed somewhere: joiners shape Persian and Hindi, selectors choose between a sign
//! and its picture, marks keep a number in its place within Hebrew, tag characters spell the flag of Scotland. So none
//! is judged alone: [`hidden`] looks at what stands beside it in its line. What is left has no effect that a reader
//! could see, while a shell runs it and a language model obeys it.
//!
//! Knows neither Markdown nor HTML, but characters can be spelled as references (`&#x202E;`) or escapes, which the
//! caller reads; [`html`] does so for finished pages.

use std::borrow::Cow;
use std::ops::Range;

pub use html::shown_in_html;
pub use kind::Kind;

mod context;
mod html;
mod kind;

/// A run of hidden characters, each beside the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where it stands.
    pub range: Range<usize>,
    /// Its characters.
    pub characters: String,
}

/// A character as it counts, and where it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    letter: char,
    start: usize,
    end: usize,
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

/// Where a byte of a text without some of its parts stands in the text: before a part that lies just there if
/// something `ends` there, else behind it.
pub(crate) struct Places(Vec<(usize, usize)>);

impl Places {
    /// Of a text without these parts, which are given in order.
    pub(crate) fn new(parts: &[Hidden]) -> Places {
        let mut gone = 0;
        let place = |part: &Hidden| {
            let at = part.range.start - gone;
            gone += part.range.len();
            (at, gone)
        };
        Places(parts.iter().map(place).collect())
    }

    /// Where something begins.
    pub(crate) fn start(&self, at: usize) -> usize {
        at + self.gone(self.0.partition_point(|(place, _)| *place <= at))
    }

    /// Where something ends.
    pub(crate) fn end(&self, at: usize) -> usize {
        at + self.gone(self.0.partition_point(|(place, _)| *place < at))
    }

    fn gone(&self, parts: usize) -> usize {
        parts.checked_sub(1).map_or(0, |last| self.0[last].1)
    }
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
        text[start..end].chars().any(kind::is_invisible)
    })
}

fn units(text: &str, spelled: impl Fn(usize) -> Option<(usize, char)>) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let found = if matches!(letter, '&' | '\\') { spelled(at) } else { None };
        let (length, letter) = found.unwrap_or((letter.len_utf8(), letter));
        units.push(Unit { letter, start: at, end: at + length });
        at += length;
    }
    units
}

/// The hidden characters among these, those that touch each other together.
fn runs(units: &[Unit]) -> Vec<Hidden> {
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

/// The character that a reference of HTML at the beginning of a text stands for, with its length, if it is invisible.
pub fn reference(text: &str) -> Option<(usize, char)> {
    const LONGEST: usize = 40;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.strip_prefix('&')?.get(..end.checked_sub(1)?)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) =
                number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
            char::from_u32(u32::from_str_radix(digits, radix).ok()?)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    kind::is_invisible(letter).then_some((end + 1, letter))
}

/// The references of HTML by name that stand for something invisible.
const NAMED: [(&str, char); 17] = [
    ("ApplyFunction", '\u{2061}'),
    ("InvisibleComma", '\u{2063}'),
    ("InvisibleTimes", '\u{2062}'),
    ("NegativeMediumSpace", '\u{200b}'),
    ("NegativeThickSpace", '\u{200b}'),
    ("NegativeThinSpace", '\u{200b}'),
    ("NegativeVeryThinSpace", '\u{200b}'),
    ("NoBreak", '\u{2060}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("af", '\u{2061}'),
    ("ic", '\u{2063}'),
    ("it", '\u{2062}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("shy", '\u{ad}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The character that an escape at the beginning of a quoted value of YAML, TOML or JSON stands for, with its length,
/// if it is invisible: `\u202e`, `\U000e0041`, `\x1b`.
pub fn escape(text: &str) -> Option<(usize, char)> {
    let rest = text.strip_prefix('\\')?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
        Some((digits + 2, char::from_u32(code)?))
    };
    let (length, letter) = match rest.chars().next()? {
        'x' => hex(2)?,
        'u' => surrogates(rest).or_else(|| hex(4))?,
        'U' => hex(8)?,
        _ => return None,
    };
    kind::is_invisible(letter).then_some((length, letter))
}

/// The character that two escapes of JSON spell together, `udb40\udc41`.
fn surrogates(rest: &str) -> Option<(usize, char)> {
    let code = |digits: &str| u16::from_str_radix(digits, 16).ok();
    let (first, second) =
        (code(rest.get(1..5)?)?, code(rest.get(5..)?.strip_prefix("\\u")?.get(..4)?)?);
    let letter = char::decode_utf16([first, second]).next()?.ok()?;
    (letter.len_utf16() == 2).then_some((12, letter))
}

#[cfg(test)]
mod tests;
