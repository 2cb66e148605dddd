//! Findings as text, one file a format. Nothing here writes to a terminal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{Diagnostic, Finding, Location};
use crate::files::{FilePath, Files, content_hash};
use crate::text::encoding::decoded;

pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod rdjson;
pub mod sarif;
pub mod short;

/// A file as its repository knows it; `prefix` is the site folder inside the repository, with a trailing slash.
fn in_repository(prefix: &str, path: &FilePath) -> String {
    let whole = format!("{prefix}{path}");
    // Alert rules may lie beside the site folder, and hosts know no `..`.
    FilePath::beside(&whole).map_or(whole, |path| path.to_string())
}

/// Names findings so that one is known again when lines before it come or go: by file, rule and message, and by its
/// number among those that are alike.
#[derive(Default)]
struct Identities(BTreeMap<String, usize>);

impl Identities {
    /// The name of the next finding, in hexadecimal digits.
    fn next(&mut self, finding: &Finding) -> String {
        let Diagnostic { at, rule, message, .. } = &*finding.diagnostic;
        let alike = format!("{}\0{}\0{message}", at.path, rule.name());
        let number = self.0.entry(alike.clone()).or_default();
        *number += 1;
        content_hash(format!("{alike}\0{number}").as_bytes())
    }
}

/// A place as people count: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counted by line feeds.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Finds the positions of one finding after the other. Those of a file in their order cost one pass over it.
pub struct Positions<'f> {
    files: &'f Files,
    path: Option<FilePath>,
    text: Cow<'f, str>,
    /// How far the text has been counted, and where that is.
    counted: (usize, Position),
}

/// Where a text begins.
const FIRST: Position = Position { line: 1, column: 1 };

impl<'f> Positions<'f> {
    /// The positions in these files.
    pub fn new(files: &'f Files) -> Positions<'f> {
        Positions { files, path: None, text: Cow::Borrowed(""), counted: (0, FIRST) }
    }

    /// Where a finding begins and ends; the end is behind the last character. Line 1, column 1 where the file is unknown.
    pub fn of(&mut self, at: &Location) -> (Position, Position) {
        self.open(&at.path);
        let start = floor(&self.text, at.range.start);
        let end = floor(&self.text, at.range.end).max(start);
        if start < self.counted.0 {
            self.counted = (0, FIRST);
        }
        let first = position(&self.text, self.counted, start);
        self.counted = (start, first);
        (first, position(&self.text, self.counted, end))
    }

    /// The columns at which a finding begins and ends, counted in bytes from 1.
    fn byte_columns(&mut self, at: &Location) -> (usize, usize) {
        self.open(&at.path);
        let column = |offset: usize| {
            let offset = floor(&self.text, offset);
            offset - self.text[..offset].rfind('\n').map_or(0, |end| end + 1) + 1
        };
        (column(at.range.start), column(at.range.end.max(at.range.start)))
    }

    /// Turns to the text of a file as findings count it; empty for a file that was not read.
    fn open(&mut self, path: &FilePath) {
        if self.path.as_ref() != Some(path) {
            let bytes = self.files.get(path);
            self.text = bytes.map_or("".into(), |bytes| decoded(bytes));
            self.path = Some(path.clone());
            self.counted = (0, FIRST);
        }
    }

    /// The line in which a finding begins, its number, and the part of it that the finding is about, if there is one.
    fn line(&mut self, at: &Location) -> (&str, usize, Option<Range<usize>>) {
        let (first, _) = self.of(at);
        let start = self.counted.0;
        let line_start = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        let rest = &self.text[start..];
        let line_end = start + rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = &self.text[line_start..line_end];
        let end = floor(&self.text, at.range.end).max(start) - line_start;
        let part = start - line_start..end.min(line.trim_end_matches('\n').len());
        (line, first.line, (!self.text.is_empty()).then_some(part))
    }
}

/// The position of an offset, counted from one at or before it.
fn position(text: &str, (from, at): (usize, Position), offset: usize) -> Position {
    let between = &text[from..offset];
    let lines = between.matches('\n').count();
    let line = between.rfind('\n').map_or(between, |end| &between[end + 1..]);
    let before = if lines == 0 { at.column } else { 1 };
    // No editor counts the mark that some put before the first line.
    let line = if from == 0 { line.trim_start_matches('\u{feff}') } else { line };
    Position { line: at.line + lines, column: before + line.chars().count() }
}

/// The offset, or the nearest character boundary before it.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::{Location, Position, Positions};
    use crate::files::{FilePath, Files};

    /// The position of a byte, counted from the start of the file.
    fn counted(text: &str, offset: usize) -> Position {
        let before = &text[..offset];
        let line = before.rsplit('\n').next().unwrap_or_default();
        let line = if before.contains('\n') { line } else { line.trim_start_matches('\u{feff}') };
        Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }

    #[test]
    fn positions_are_the_same_in_any_order_of_findings_and_files() {
        let texts = ["\u{feff}a\né b\r\n\n\tü", "", "x\n", "\u{feff}"];
        let path = |index: usize| FilePath::new(&format!("{index}.md")).unwrap();
        let mut files = Files::default();
        for (index, text) in texts.iter().enumerate() {
            files.insert(path(index), text.as_bytes().to_vec());
        }
        let places = texts.iter().enumerate().flat_map(|(index, text)| {
            let bytes = (0..=text.len()).filter(|byte| text.is_char_boundary(*byte));
            bytes.map(move |byte| (index, byte))
        });
        let places: Vec<(usize, usize)> = places.collect();
        let mut positions = Positions::new(&files);
        for (index, start) in &places {
            for (other, end) in &places {
                let (text, end) = (texts[*index], if index == other { *end } else { *start });
                let at = Location::new(&path(*index), *start..end);
                let expected = (counted(text, *start), counted(text, end.max(*start)));
                assert_eq!(positions.of(&at), expected, "{text:?} {start}..{end}");
                let at = Location::new(&path(*other), 0..0);
                assert_eq!(positions.of(&at).0, counted(texts[*other], 0));
            }
        }
    }
}
