//! The bytes of a file become text, whatever they are.

use std::borrow::Cow;

/// The text of a page as [`parse`](super::parse) reads it, which is what the places in a [`Document`](super::Document) count: what is not UTF-8 is
/// replaced.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Most text is what it should be, and that is quickly seen.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Where bytes stop being UTF-8, if they do.
pub(super) fn invalid_from(bytes: &[u8]) -> Option<usize> {
    std::str::from_utf8(bytes).err().map(|error| error.valid_up_to())
}
