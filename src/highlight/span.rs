//! A coloured piece of code, and what its colour means.

use std::ops::Range;

/// A piece of code in one colour. Whatever no span covers is plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the block's text, on character boundaries.
    pub range: Range<u32>,
    /// What the piece is.
    pub kind: SpanKind,
}

/// What a span is, few enough that a theme can give each a colour that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// A word of the language itself; in a diff the place of a change.
    Keyword,
    /// Quoted text; in a diff a line that was added.
    String,
    /// Text that the machine ignores; in a diff a line that was taken away.
    Comment,
    /// What a value belongs to: an option, a key, an attribute.
    Flag,
    /// A number, a truth value, nothing.
    Number,
    /// A name that stands for a value.
    Variable,
}

impl SpanKind {
    /// What opens a piece of this kind: an element of one letter and a class of one, without quotes, since a page of
    /// commands is full of them.
    pub fn opening(self) -> &'static str {
        match self {
            SpanKind::Keyword => "<b class=k>",
            SpanKind::String => "<b class=s>",
            SpanKind::Comment => "<b class=c>",
            SpanKind::Flag => "<b class=f>",
            SpanKind::Number => "<b class=n>",
            SpanKind::Variable => "<b class=v>",
        }
    }
}

/// Each span as `letter of its class:text`.
#[cfg(test)]
pub(crate) fn shown(text: &str, spans: &[Span]) -> Vec<String> {
    let shown = spans.iter().map(|span| {
        let range = span.range.start as usize..span.range.end as usize;
        let letter = span.kind.opening().trim_start_matches("<b class=").trim_end_matches('>');
        format!("{letter}:{}", &text[range])
    });
    shown.collect()
}
