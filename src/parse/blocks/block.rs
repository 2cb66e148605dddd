//! What a block of another tool is, and by what it ends.

use std::ops::Range;

use crate::dialect::Dialect;
use crate::parse::lines::Line;

/// What stands round a block's number in its heading: a character that no text holds.
pub(crate) const MARK: char = '\u{3}';

/// A block as the writer needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignBlock {
    pub(crate) kind: BlockKind,
    /// The class of a callout; empty for plain details.
    pub(crate) class: &'static str,
    /// Whether details are open at first, or a panel begins another set of tabs.
    pub(crate) open: bool,
    /// The title where the author typed none.
    pub(crate) title: String,
}

/// What a block is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Callout,
    Details,
    /// The panel of a tab; those that follow each other are one set.
    Tab,
    /// Code blocks that are shown as the panels of tabs.
    CodeGroup,
}

/// Markup that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnreadMarkup {
    /// What such markup is called.
    pub(crate) name: &'static str,
    /// The first line that has it.
    pub(crate) range: Range<usize>,
    /// The dialects that would read it.
    pub(crate) dialects: &'static [Dialect],
}

/// By what a block ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The first line that is indented less than its text.
    Indentation,
    /// A line of that letter alone, at least so often.
    Run(u8, usize),
    /// The closing tag of that name.
    Tag(String),
}

impl End {
    pub(super) fn tag(name: &str) -> End {
        End::Tag(name.to_owned())
    }
}

/// What a page's lines became.
#[derive(Default)]
pub(in crate::parse) struct Rewritten<'t> {
    pub(in crate::parse) lines: Vec<Line<'t>>,
    pub(in crate::parse) blocks: Vec<ForeignBlock>,
    pub(in crate::parse) unread: Vec<UnreadMarkup>,
}
