//! Where the parts of a code block's text stand in the file.

use std::ops::Range;

use super::document::CodeBlock;

/// The lines of a block's text, each beside its place in the file.
pub struct BlockLines<'b> {
    block: &'b CodeBlock,
    /// Where each line begins in the text.
    starts: Vec<usize>,
}

impl CodeBlock {
    /// Its lines, for whoever looks up several of its parts.
    pub fn lines(&self) -> BlockLines<'_> {
        let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
        BlockLines {
            block: self,
            starts: std::iter::once(0).chain(ends.map(|end| end + 1)).collect(),
        }
    }
}

impl BlockLines<'_> {
    /// A part of the text as a place in the file, with what stands there before its lines; the whole block where that
    /// is not known.
    pub fn in_file(&self, part: &Range<usize>) -> Range<usize> {
        match (self.place(part.start), self.place(part.end)) {
            (Some(start), Some(end)) => start..end,
            _ => self.block.range.clone(),
        }
    }

    /// The first line of a part, or of what follows where it is empty, as a place in the file.
    pub fn first_line_in_file(&self, part: &Range<usize>) -> Range<usize> {
        let length = self.block.text[part.start..].lines().next().unwrap_or_default().len();
        let length = if part.is_empty() { length } else { length.min(part.len()) };
        self.in_file(&(part.start..part.start + length))
    }

    /// Where a line of the text begins in it, counted from 0.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.block.text.len())
    }

    fn place(&self, at: usize) -> Option<usize> {
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        let start = *self.block.line_starts.get(line)? as usize;
        Some(start + at - self.starts[line])
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::tests_support::document;

    #[test]
    fn parts_of_a_block_are_found_behind_what_stands_before_its_lines() {
        let page = "> - x\n>\n>   ```sh\n>   one two\n>   three\n>   ```\n";
        let document = document(page);
        let lines = document.code_blocks[0].lines();
        for (part, in_file, first) in [
            (4..7, "two", "two"),
            (4..13, "two\n>   three", "two"),
            (8..8, "", "three"),
            (8..13, "three", "three"),
        ] {
            assert_eq!(&page[lines.in_file(&part)], in_file, "{part:?}");
            assert_eq!(&page[lines.first_line_in_file(&part)], first, "{part:?}");
        }
        assert_eq!(lines.in_file(&(4..14)), document.code_blocks[0].range, "no line follows");
        assert_eq!([0, 1, 9].map(|line| lines.start(line)), [0, 8, 14]);
    }
}
