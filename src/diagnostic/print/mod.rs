//! Findings as text, one file a format. Nothing here writes to a terminal.

use crate::files::{FilePath, Files};

use super::Location;

pub mod github;
pub mod human;
pub mod json;
pub mod short;

/// A place as people count: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Where a finding begins and ends; the end is behind the last character. Line 1, column 1 where the file is unknown.
pub fn positions(files: &Files, at: &Location) -> (Position, Position) {
    let text = text_of(files, &at.path);
    (position(&text, at.range.start), position(&text, at.range.end.max(at.range.start)))
}

/// The text of a file as findings count it; empty for a file that was not read.
pub(super) fn text_of<'f>(files: &'f Files, path: &FilePath) -> std::borrow::Cow<'f, str> {
    files.get(path).map_or_else(|| "".into(), |bytes| String::from_utf8_lossy(bytes))
}

fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..floor(text, offset)).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Position {
        line: before.matches('\n').count() + 1,
        // No editor counts the mark that some put before the first line.
        column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
    }
}

/// The offset, or the nearest character boundary before it.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
