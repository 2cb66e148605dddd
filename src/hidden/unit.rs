//! A text as the characters that count, however they are typed.

/// A character as it counts, and where it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// The character.
    pub(super) letter: char,
    /// Where it is typed.
    pub(super) start: usize,
    /// Where that ends.
    pub(super) end: usize,
}

/// The characters of a text; `spelled` tells of those that are typed as something else.
pub(super) fn units(text: &str, spelled: impl Fn(usize) -> Option<(usize, char)>) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let found = if matches!(letter, '&' | '\\') { spelled(at) } else { None };
        let (length, letter) = found.unwrap_or((letter.len_utf8(), letter));
        units.push(Unit { letter, start: at, end: at + length });
        at += length;
    }
    units
}
