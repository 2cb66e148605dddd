//! The lines of a page as the Markdown parser shall read them, each with where it stands in the file.

use std::borrow::Cow;

/// One line, without its end.
#[derive(Clone, Debug)]
pub(crate) struct Line<'t> {
    /// What the parser shall read.
    pub(crate) text: Cow<'t, str>,
    /// Where the line begins in the file.
    pub(crate) start: usize,
    /// How many bytes stand before what the author typed, less those of his that were left out.
    pub(crate) inserted: isize,
    /// How many files take in each other where it stands; 0 in the page itself.
    pub(crate) depth: u8,
}

impl<'t> Line<'t> {
    /// Another line in place of this one, in which the rest from byte `kept` of this one begins at byte `place`.
    pub(crate) fn rewritten(&self, text: String, place: usize, kept: usize) -> Line<'t> {
        let inserted = self.inserted + place.cast_signed() - kept.cast_signed();
        Line { text: Cow::Owned(text), inserted, ..*self }
    }

    /// An empty line where this one stands.
    pub(crate) fn blank(&self) -> Line<'t> {
        Line { text: Cow::Borrowed(""), inserted: 0, ..*self }
    }
}

/// The lines of `text`, which stands at byte `start` of its file.
pub(crate) fn lines(text: &str, start: usize) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[from..]);
        let end = end.map_or(text.len(), |length| from + length);
        let next = if text[end..].starts_with("\r\n") { end + 2 } else { text.len().min(end + 1) };
        let line = Cow::Borrowed(&text[from..end]);
        found.push(Line { text: line, start: start + from, inserted: 0, depth: 0 });
        from = next;
    }
    found
}

/// Where each line of a text but the first begins.
pub(crate) fn starts_of_lines(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    ends.filter(|end| bytes[*end] == b'\n' || bytes.get(end + 1) != Some(&b'\n')).map(|end| end + 1)
}

/// The lines as one text.
pub(crate) fn joined(lines: &[Line<'_>]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for line in lines {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// How many columns of blank stand before a text; a tab reaches to the next multiple of four.
pub(crate) fn indentation(text: &str) -> usize {
    let mut columns = 0;
    for byte in text.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// Takes up to `columns` columns of blank off a text: how many bytes they are, and how many columns of a tab are left.
pub(crate) fn without_columns(text: &str, columns: usize) -> (usize, usize) {
    let mut taken = 0;
    for (at, byte) in text.bytes().enumerate() {
        if taken >= columns {
            return (at, taken - columns);
        }
        match byte {
            b' ' => taken += 1,
            b'\t' => taken += 4 - taken % 4,
            _ => return (at, 0),
        }
    }
    (text.len(), taken.saturating_sub(columns))
}

#[cfg(test)]
mod tests {
    use super::{indentation, joined, lines, starts_of_lines, without_columns};

    #[test]
    fn lines_know_where_they_stand() {
        let found = lines("a\r\nbé\n\nc", 10);
        let places: Vec<_> = found.iter().map(|line| (&*line.text, line.start)).collect();
        assert_eq!(places, [("a", 10), ("bé", 13), ("", 17), ("c", 18)]);
        assert_eq!(joined(&found), "a\nbé\n\nc\n");
        assert_eq!(starts_of_lines("a\r\nb\rc\n\nd\n").collect::<Vec<_>>(), [3, 5, 7, 8, 10]);
    }

    #[test]
    fn a_tab_reaches_to_the_next_multiple_of_four() {
        assert_eq!((indentation("\t x"), indentation("  \tx"), indentation("x")), (5, 4, 0));
        assert_eq!(without_columns("\tx", 4), (1, 0));
        assert_eq!(without_columns("\tx", 2), (1, 2));
        assert_eq!(without_columns("  x", 4), (2, 0));
        assert_eq!(without_columns("     x", 4), (4, 0));
    }
}
