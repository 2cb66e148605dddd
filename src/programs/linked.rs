//! A text whose links into the site are filled in late: where it will stand decides how they are written.

use std::ops::Range;

use crate::hidden::in_address;
use crate::resolve::Address;

/// A text with places for links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkedText {
    text: String,
    links: Vec<(usize, Address, String)>,
}

impl LinkedText {
    /// Appends text.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Leaves a place for the address of something that the site publishes, with the query and fragment behind it.
    pub(crate) fn link(&mut self, to: &Address, suffix: &str) {
        self.links.push((self.text.len(), to.clone(), in_address(suffix).into_owned()));
    }

    /// Appends `[text](…)`; the text is Markdown.
    pub(crate) fn named_link(&mut self, text: &str, to: &Address, suffix: &str) {
        self.push("[");
        self.push(text);
        self.push("](");
        self.link(to, suffix);
        self.push(")");
    }

    /// Appends another such text.
    pub(crate) fn append(&mut self, other: &LinkedText) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        let links = other.links.iter();
        self.links.extend(links.map(|(at, to, suffix)| (before + at, to.clone(), suffix.clone())));
    }

    /// The part of it that stands in a range of [`LinkedText::text`].
    pub(crate) fn part(&self, range: Range<usize>) -> LinkedText {
        let first = self.links.partition_point(|(at, ..)| *at < range.start);
        let links = self.links[first..].iter().take_while(|(at, ..)| *at < range.end);
        let links = links.map(|(at, to, suffix)| (at - range.start, to.clone(), suffix.clone()));
        LinkedText { text: self.text[range.clone()].to_owned(), links: links.collect() }
    }

    /// The text so far, without its links.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The whole text with what `address` makes of each link.
    pub(crate) fn fill(&self, address: impl Fn(&Address, &str) -> String) -> String {
        let mut out = String::with_capacity(self.text.len() + 48 * self.links.len());
        let mut done = 0;
        for (at, to, suffix) in &self.links {
            out.push_str(&self.text[done..*at]);
            out.push_str(&destination(&address(to, suffix)));
            done = *at;
        }
        out.push_str(&self.text[done..]);
        out
    }
}

/// The link from a text at `from` to a place in the site.
pub(crate) fn relative(from: &Address, to: &Address, suffix: &str) -> String {
    if from == to && suffix.starts_with('#') {
        return suffix.to_owned();
    }
    from.link_to_place(to, suffix)
}

/// An address as the destination of a Markdown link: it can end neither the link nor a list entry of `llms.txt`.
pub(crate) fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for letter in address.chars() {
        match letter {
            ' ' | '(' | ')' | '<' | '>' | '\\' | '"' | '|' => {
                out.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A text as Markdown that shows just it: what could begin markup is escaped, line breaks are spaces.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in crate::text::single_spaced(text).chars() {
        if matches!(letter, '\\' | '[' | ']' | '<' | '*' | '`' | '|') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A text as inline code, whatever backticks it holds.
pub(crate) fn code(text: &str) -> String {
    let text = crate::text::single_spaced(text);
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// How many of a letter follow each other at most.
pub(crate) fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for letter in text.chars() {
        run = if letter == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::{code, destination, plain};

    #[test]
    fn no_text_ends_what_it_stands_in() {
        assert_eq!(destination("a (b).md#x y"), "a%20%28b%29.md#x%20y");
        assert_eq!(plain("a [b](c)\n*d*"), "a \\[b\\](c) \\*d\\*");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`b`"), "`` `b` ``");
    }
}
