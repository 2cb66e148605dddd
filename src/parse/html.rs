//! Rendered text with a slot wherever other pages, the site or today matter.
//!
//! A page is rendered once, from its own text. Filling the slots is concatenation.

use crate::text::{escape, escape_breakable};

/// Rendered text with slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html {
    text: String,
    slots: Vec<(usize, Slot)>,
}

/// What is decided later, by index into the document's own lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The attributes of the link's element: address and class.
    Link(u32),
    /// A whole wikilink: a link, or the brackets as typed where no page has the name.
    Wikilink(u32),
    /// The escaped address of a link alone.
    Address(u32),
    /// A whole code block.
    CodeBlock(u32),
    /// A whole `<code>` element, linked or not.
    CodeSpan(u32),
    /// A `<...>` token in prose.
    Token(u32),
}

impl Html {
    /// Nothing yet, with room for this many bytes of markup.
    pub fn with_capacity(capacity: usize) -> Html {
        Html { text: String::with_capacity(capacity), slots: Vec::new() }
    }

    /// Appends markup.
    pub fn push(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// The markup so far, to append more to.
    pub fn markup(&mut self) -> &mut String {
        &mut self.text
    }

    /// Appends plain text, escaped for element content and double-quoted attributes.
    pub fn push_text(&mut self, plain: &str) {
        escape(&mut self.text, plain);
    }

    /// Appends the plain text of prose, in which names and addresses that may be wider than a column can break.
    pub fn push_prose(&mut self, plain: &str) {
        const FITS_A_COLUMN: usize = 24;
        if plain.len() <= FITS_A_COLUMN {
            return self.push_text(plain);
        }
        for word in plain.split_inclusive(char::is_whitespace) {
            if word.len() <= FITS_A_COLUMN {
                escape(&mut self.text, word);
            } else {
                escape_breakable(&mut self.text, word);
            }
        }
    }

    /// Leaves a slot here.
    pub fn slot(&mut self, slot: Slot) {
        self.slots.push((self.text.len(), slot));
    }

    /// Appends another text with its slots.
    pub fn append(&mut self, other: Html) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.slots.extend(other.slots.into_iter().map(|(at, slot)| (before + at, slot)));
    }

    /// The same without the room that was left for more. Copied, since allocators keep large blocks that only shrink
    /// as large as they were.
    pub fn compact(&self) -> Html {
        Html { text: self.text.as_str().to_owned(), slots: self.slots.clone() }
    }

    /// The slots in order.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        self.slots.iter().map(|(_, slot)| *slot)
    }

    /// The markup with every slot filled, in order, by `fill`; the slots take about as many bytes as `room`.
    pub fn fill(&self, capacity: usize, mut fill: impl FnMut(Slot, &mut String)) -> String {
        let mut out = String::with_capacity(self.text.len() + capacity);
        let mut done = 0;
        for (at, slot) in &self.slots {
            out.push_str(&self.text[done..*at]);
            fill(*slot, &mut out);
            done = *at;
        }
        out.push_str(&self.text[done..]);
        out
    }
}
