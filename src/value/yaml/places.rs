//! Where in the file a value stands: the parser's marks are characters of the text, and not always of the value.

use std::ops::Range;

use saphyr_parser::{ScanError, Span};

use super::super::SyntaxError;
use super::wording::wording;

/// Converts the parser's marks, which count characters of the text, to bytes of the file.
pub(super) struct MarkPlaces<'a> {
    text: &'a str,
    offset: usize,
    /// The byte at which each character begins, unless each is one byte long.
    characters: Option<Vec<usize>>,
}

impl<'a> MarkPlaces<'a> {
    pub(super) fn new(text: &'a str, offset: usize) -> MarkPlaces<'a> {
        let characters =
            (!text.is_ascii()).then(|| text.char_indices().map(|(byte, _)| byte).collect());
        MarkPlaces { text, offset, characters }
    }

    /// The byte of the file at which a character of the text begins.
    pub(super) fn byte(&self, character: usize) -> usize {
        let byte = match &self.characters {
            None => character.min(self.text.len()),
            Some(characters) => characters.get(character).copied().unwrap_or(self.text.len()),
        };
        self.offset + byte
    }

    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        &self.text[range.start - self.offset..range.end - self.offset]
    }

    /// The place behind tag and anchor, where the value itself begins.
    pub(super) fn after_properties(&self, start: usize) -> usize {
        let mut rest = &self.text[start - self.offset..];
        while rest.starts_with(['!', '&']) {
            rest = rest.trim_start_matches(|character: char| !character.is_whitespace());
            rest = rest.trim_start();
            while rest.starts_with('#') {
                rest = rest.trim_start_matches(|character| character != '\n').trim_start();
            }
        }
        self.offset + self.text.len() - rest.len()
    }

    /// The `|` or `>` that introduces a block scalar; the parser's mark is at its first line.
    pub(super) fn block_header(&self, start: usize) -> usize {
        let before = self.text[..start - self.offset].trim_end();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = &before[line_start..];
        let header = line.match_indices(['|', '>']).map(|(at, _)| at).find(|at| {
            let rest = line[at + 1..]
                .trim_start_matches(|found: char| found.is_ascii_digit() || "+-".contains(found));
            rest.is_empty() || rest.trim_start().is_empty() || rest.trim_start().starts_with('#')
        });
        header.map_or(start, |at| self.offset + line_start + at)
    }

    /// The first `-` of a list that is a key's value; without indentation the parser's mark is behind it.
    pub(super) fn own_dash(&self, start: usize) -> usize {
        let before = &self.text[..start - self.offset];
        let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
        let blanks = line.len() - line.trim_start().len();
        match line[blanks..].strip_prefix('-').map(str::trim_start) {
            Some(rest) if rest.is_empty() || rest.starts_with('#') => start - line.len() + blanks,
            _ => start,
        }
    }

    /// The place behind the colon that follows a key.
    pub(super) fn after_colon(&self, key_end: usize) -> usize {
        let rest = &self.text[key_end - self.offset..];
        let blanks = rest.len() - rest.trim_start().len();
        if rest[blanks..].starts_with(':') { key_end + blanks + 1 } else { key_end }
    }

    /// The bracket that stands at a place, and the one that closes it.
    pub(super) fn bracket(&self, at: usize) -> Option<(char, char)> {
        match self.text.as_bytes().get(at - self.offset)? {
            b'[' => Some(('[', ']')),
            b'{' => Some(('{', '}')),
            _ => None,
        }
    }

    /// Whether the line of `to` is a later one than that of `from`, and indented no more.
    pub(super) fn leaves_block(&self, from: usize, to: usize) -> bool {
        let line_start =
            |at: usize| self.text[..at - self.offset].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = |start: usize| {
            let line = self.text[start..].split('\n').next().unwrap_or_default();
            line.len() - line.trim_start().len()
        };
        let (from, to) = (line_start(from), line_start(to));
        from < to && indent(to) <= indent(from)
    }

    pub(super) fn scan_error(&self, error: &ScanError) -> SyntaxError {
        let start = self.byte(error.marker().index());
        let rest = &self.text[start - self.offset..];
        let length =
            rest.chars().next().filter(|first| !first.is_control()).map_or(0, char::len_utf8);
        let line = self.text[..start - self.offset].rsplit('\n').next().unwrap_or_default();
        let message = match error.info() {
            "mapping values are not allowed in this context" if !line.contains(": ") => {
                "this line is indented unlike the key above".to_string()
            }
            info => wording(info),
        };
        SyntaxError { range: start..start + length, message }
    }
}

/// How long the quoted scalar is that a text begins with; the parser's mark lies behind a following comment.
pub(super) fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.first().copied();
    let mut at = 1;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        match bytes[at] {
            b'\\' if quote == Some(b'"') => at += 2,
            b'\'' if quote == Some(b'\'') && next == quote => at += 2,
            byte if Some(byte) == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
