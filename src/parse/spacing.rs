//! Plain text as it is shown and compared: words with single spaces between them.

use std::borrow::Cow;

/// The words of a text with single spaces between them, and none around them.
pub(crate) fn single_spaced(text: &str) -> Cow<'_, str> {
    if is_single_spaced(text) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    Cow::Owned(spaced)
}

/// Whether a text is sure to be spaced so: most lines are, and are plain ASCII.
fn is_single_spaced(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(b' '..0x80).contains(&byte) || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::single_spaced;

    #[test]
    fn words_are_kept_and_spaces_are_not() {
        for (text, expected) in [
            ("", ""),
            (" ", ""),
            ("a", "a"),
            ("a b", "a b"),
            (" a b", "a b"),
            ("a b ", "a b"),
            ("a  b", "a b"),
            ("a\n\tb", "a b"),
            ("a\u{a0}b\u{2003}c", "a b c"),
            ("é b", "é b"),
            ("a\u{b}b", "a b"),
        ] {
            assert_eq!(single_spaced(text), expected, "{text:?}");
        }
    }
}
