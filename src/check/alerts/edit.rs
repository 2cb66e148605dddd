//! Edits of a text: what is put where, every other byte kept.

use std::ops::Range;

/// A piece of a text, and what stands there afterwards; an empty range is a place to insert at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TextEdit {
    /// Where the edit begins.
    start: usize,
    /// Where what it replaces ends.
    end: usize,
    /// What is written there.
    text: String,
}

impl TextEdit {
    pub(super) fn new(range: Range<usize>, text: impl Into<String>) -> TextEdit {
        TextEdit { start: range.start, end: range.end, text: text.into() }
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> TextEdit {
        TextEdit::new(at..at, text)
    }

    /// Whether both write to one place; two insertions at one place do.
    pub(super) fn touches(&self, other: &TextEdit) -> bool {
        self.start < other.end && other.start < self.end || self.start == other.start
    }
}

/// The text with all edits made, which are in order and touch each other nowhere.
pub(super) fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e TextEdit>) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        edited.push_str(&text[at..edit.start]);
        edited.push_str(&edit.text);
        at = edit.end;
    }
    edited.push_str(&text[at..]);
    edited
}

/// What ends the lines of a text.
pub(super) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of a place ends, without its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// As many blanks as there are characters in a line before a place.
pub(super) fn indent(text: &str, at: usize) -> String {
    " ".repeat(text[line_start(text, at)..at].chars().count())
}
