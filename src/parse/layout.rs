//! How the blocks of a page stand in each other, in the order of the text: what is a step, a row, a warning.
//!
//! The lists of a [`Document`](super::Document) say what a page holds; this says only where each piece stands, by its
//! place in those lists, so that it takes little room.

/// A piece of a page's body, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutPart {
    /// A heading, by its place in the document's.
    Heading(u32),
    /// A paragraph, cell or other block of text, by its place in the document's passages.
    Passage(u32),
    /// A block of code, by its place in the document's.
    Code(u32),
    /// What follows stands inside of this, up to the [`LayoutPart::Close`] that belongs to it.
    Open(Container),
    /// The innermost container ends.
    Close,
}

/// What other blocks stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A list; with the number of its first item where it is an ordered one.
    List {
        /// The first item's number as typed.
        first: Option<u32>,
    },
    /// An item of a list.
    Item {
        /// Whether it has a box to tick.
        is_task: bool,
    },
    /// A quote.
    Quote,
    /// A callout; the words of its title are no passage.
    Callout {
        /// Whether it warns, rather than just telling something.
        warns: bool,
    },
    /// A table.
    Table,
    /// A row of a table.
    Row {
        /// Whether it names the columns.
        is_header: bool,
    },
    /// A footnote.
    Note,
}

/// Whether a callout of this class warns.
pub(super) fn warns(class: &str) -> bool {
    matches!(class, "warning" | "caution" | "danger" | "important" | "attention" | "error")
}
