//! The pieces that raw HTML becomes, each with its place in the file.

use std::ops::Range;

/// Raw HTML as the Markdown parser cut it out of a file.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// The HTML, without the quote marks or indentation of the Markdown around its lines.
    pub text: &'a str,
    /// The whole file.
    pub source: &'a str,
    /// Where each line of `text` begins in it and in `source`; the first of them at 0.
    pub lines: &'a [(usize, usize)],
}

/// A part of the result. In order, the pieces make up the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HtmlPiece<'a> {
    /// Finished HTML.
    Html(&'a str),
    /// An address that the site may know better.
    Link {
        /// What is to be written in its place.
        role: LinkRole,
        /// The address with its character references decoded.
        address: String,
        /// The address in the file, without quotes.
        range: Range<usize>,
    },
    /// A name that `#name` leads to. The whole attribute is to be written, unless another element has that id.
    Anchor {
        /// What the attribute is called, `id` or `name`.
        attribute: &'a str,
        /// The name, decoded.
        name: String,
        /// The name in the file, without quotes.
        range: Range<usize>,
    },
    /// A tag that does not pass, to be shown as text: a slot of a template, a parameter or foreign HTML.
    Rejected {
        /// The tag as typed.
        text: &'a str,
        /// Its name in lower case, without `/`.
        name: String,
        /// The tag in the file.
        range: Range<usize>,
    },
    /// A comment, with its delimiters. Nothing is to be written.
    Comment {
        /// The comment as typed.
        text: &'a str,
        /// The comment in the file.
        range: Range<usize>,
    },
}

/// What is to be written in place of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRole {
    /// The whole attribute, ` href="…"`.
    Href,
    /// The whole attribute, ` src="…"`.
    Src,
    /// The escaped address alone: one of `srcset`, whose quotes and commas are in the HTML already.
    ImageCandidate,
    /// The escaped address alone: of `cite` or `longdesc`, whose quotes are in the HTML already.
    Reference,
}

/// How many bars of a cell of a table the place of what stands behind them is told over.
const MOST_BACKSLASHES: usize = 256;

/// Collects finished HTML between the other pieces.
pub(super) struct Output<'a, Sink: FnMut(HtmlPiece<'_>)> {
    pub(super) raw: Raw<'a>,
    pub(super) html: String,
    sink: &'a mut Sink,
}

impl<'a, Sink: FnMut(HtmlPiece<'_>)> Output<'a, Sink> {
    pub(super) fn new(raw: Raw<'a>, sink: &'a mut Sink) -> Output<'a, Sink> {
        Output { raw, html: String::new(), sink }
    }

    pub(super) fn flush(&mut self) {
        if !self.html.is_empty() {
            (self.sink)(HtmlPiece::Html(&self.html));
            self.html.clear();
        }
    }

    pub(super) fn send(&mut self, piece: HtmlPiece<'_>) {
        self.flush();
        (self.sink)(piece);
    }

    pub(super) fn reject(&mut self, range: Range<usize>, name: String) {
        let place = self.in_file(&range);
        self.send(HtmlPiece::Rejected { text: &self.raw.text[range], name, range: place });
    }

    /// A range of the raw text as one of the file.
    pub(super) fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        let (text, source) = (self.raw.text, self.raw.source);
        let lines = self.raw.lines;
        let line_of =
            |offset: usize| lines.partition_point(|(start, _)| *start <= offset).max(1) - 1;
        let at = |offset: usize| {
            let (start, in_file) = lines[line_of(offset)];
            in_file + offset - start
        };
        let start = source.floor_char_boundary(at(range.start));
        // The end is looked up from the last byte inside, so that it stays on its line.
        let end = if range.is_empty() { start } else { at(range.end - 1) + 1 };
        let found = start..source.ceil_char_boundary(end).max(start);
        let typed = &text[range.clone()];
        if source.get(found.clone()) == Some(typed)
            || line_of(range.start) != line_of(range.end.saturating_sub(1))
        {
            return found;
        }
        // A cell of a table loses the backslashes before its bars.
        let behind = source.floor_char_boundary(found.end + MOST_BACKSLASHES);
        let moved = source.get(start..behind).and_then(|near| near.find(typed));
        moved.map_or(found, |at| start + at..start + at + typed.len())
    }
}
